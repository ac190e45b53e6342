/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-vectors.h"

#include "flash-bytes.h"
#include "flash-reader-test.h"

#define START 0x08000000u

/* An image of @length bytes at @address that begins with these two words. */
static FlashImage *
make_image (guint32 address, guint32 stack, guint32 reset, gsize length)
{
  guint8 *bytes = g_malloc0 (MAX (length, 8));
  g_autoptr (GBytes) owned = NULL;

  flash_put_le32 (bytes, stack);
  flash_put_le32 (bytes + 4, reset);
  owned = g_bytes_new_take (bytes, length);
  return flash_image_new_for_bytes (address, owned);
}

static const FlashImageTarget *
get_target (const FlashImage *image)
{
  return g_ptr_array_index (image->targets, 0);
}

static void
test_read (void)
{
  static const struct {
    guint32 stack;
    guint32 reset;
    gboolean is_blank;
    gboolean is_stack_in_ram;
    gboolean is_reset_odd;
    gboolean is_reset_inside;
  } cases[] = {
    { 0x20020000, 0x080000c1, FALSE, TRUE, TRUE, TRUE },
    { 0x20000000, 0x080001ff, FALSE, TRUE, TRUE, TRUE },
    { 0x20000000, 0x08000201, FALSE, TRUE, TRUE, FALSE },
    { 0x1fffffff, 0x080000c0, FALSE, FALSE, FALSE, TRUE },
    { 0x20400000, 0x07fffffe, FALSE, TRUE, FALSE, FALSE },
    { 0x20400001, 0x07ffffff, FALSE, FALSE, TRUE, FALSE },
    { 0x10010000, 0x08000009, FALSE, TRUE, TRUE, TRUE },
    { 0x24080000, 0x08000009, FALSE, TRUE, TRUE, TRUE },
    { 0x30000400, 0x08000009, FALSE, TRUE, TRUE, TRUE },
    { 0x38000400, 0x08000009, FALSE, TRUE, TRUE, TRUE },
    { 0x00001000, 0x08000009, FALSE, FALSE, TRUE, TRUE },
    { 0, 0, TRUE, FALSE, FALSE, FALSE },
    { 0xffffffff, 0xffffffff, TRUE, FALSE, TRUE, FALSE },
    { 0xffffffff, 0, FALSE, FALSE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashImage) image = make_image (START, cases[i].stack, cases[i].reset, 0x200);
    FlashVectors vectors;

    g_test_message ("case %u", i);
    g_assert_true (flash_vectors_read (get_target (image), START, &vectors));
    g_assert_cmphex (vectors.stack, ==, cases[i].stack);
    g_assert_cmphex (vectors.reset, ==, cases[i].reset);
    g_assert_cmpint (vectors.is_blank, ==, cases[i].is_blank);
    g_assert_cmpint (vectors.is_stack_in_ram, ==, cases[i].is_stack_in_ram);
    g_assert_cmpint (vectors.is_reset_odd, ==, cases[i].is_reset_odd);
    g_assert_cmpint (vectors.is_reset_inside, ==, cases[i].is_reset_inside);
    g_assert_cmpint (flash_vectors_are_sound (&vectors), ==,
                     !cases[i].is_blank && cases[i].is_stack_in_ram && cases[i].is_reset_odd &&
                         cases[i].is_reset_inside);
  }
}

static void
test_read_nothing (void)
{
  g_autoptr (FlashImage) image = make_image (START, 0x20000000, 0x08000009, 12);
  g_autoptr (FlashImage) small = make_image (START, 0x20000000, 0x08000009, 7);
  g_autoptr (FlashImage) last = make_image (0xfffffff8, 0x20000000, 0x08000009, 8);
  FlashVectors vectors = { .stack = 1 };

  g_assert_false (flash_vectors_read (get_target (image), START - 1, &vectors));
  g_assert_false (flash_vectors_read (get_target (image), START + 5, &vectors));
  g_assert_false (flash_vectors_read (get_target (small), START, &vectors));
  g_assert_false (flash_vectors_read (get_target (last), 0xfffffffc, &vectors));
  g_assert_cmpuint (vectors.stack, ==, 1);
  g_assert_true (flash_vectors_read (get_target (image), START + 4, &vectors));
  g_assert_true (flash_vectors_read (get_target (last), 0xfffffff8, &vectors));
}

static void
test_guess_base (void)
{
  static const struct {
    guint32 stack;
    guint32 reset;
    gsize length;
    gboolean is_known;
    guint32 base;
  } cases[] = {
    { 0x20000000, 0x080000c1, 0x1000, TRUE, 0x08000000 },
    { 0x20000000, 0x080081c1, 0x10000, TRUE, 0x08000000 },
    { 0x20000000, 0x080081c1, 0x81c1, TRUE, 0x08000000 },
    { 0x20000000, 0x080081c1, 0x81c0, TRUE, 0x08008000 },
    { 0x20000000, 0x08008189, 0x5000, TRUE, 0x08008000 },
    { 0x20000000, 0x080101c1, 0x5000, TRUE, 0x08010000 },
    { 0x20000000, 0x08042109, 0x2110, TRUE, 0x08040000 },
    { 0x20000000, 0x08042109, 0x2108, TRUE, 0x08042000 },
    { 0x20000000, 0x08042509, 0x109, TRUE, 0x08042400 },
    { 0x20000000, 0x08042609, 0x109, FALSE, 0 },
    { 0x20000000, 0x0c000101, 0x2000, TRUE, 0x0c000000 },
    { 0x20000000, 0x20000101, 0x2000, TRUE, 0x20000000 },
    { 0x20000000, 0x24000101, 0x2000, TRUE, 0x24000000 },
    /* a handler inside of the vectors is none */
    { 0x20000000, 0x08010005, 0x5000, FALSE, 0 },
    { 0x20000000, 0x08010009, 0x5000, TRUE, 0x08010000 },
    { 0x20000000, 0x08010001, 8, FALSE, 0 },
    { 0x20000000, 0x080000c0, 0x1000, FALSE, 0 },
    { 0x20000000, 0x00000101, 0x1000, FALSE, 0 },
    { 0x20000000, 0x07ffffff, 0x1000, FALSE, 0 },
    { 0x20000000, 0x80000101, 0x1000, FALSE, 0 },
    { 0xffffffff, 0xffffffff, 0x1000, FALSE, 0 },
    { 0, 0, 0x1000, FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashImage) image = make_image (0, cases[i].stack, cases[i].reset, 8);
    FlashVectors vectors;
    guint32 base = 0;

    g_assert_true (flash_vectors_read (get_target (image), 0, &vectors));
    g_test_message ("case %u", i);
    g_assert_cmpint (flash_vectors_guess_base (&vectors, cases[i].length, &base), ==,
                     cases[i].is_known);
    g_assert_cmphex (base, ==, cases[i].base);
  }
}

static void
test_check (void)
{
  static const struct {
    guint32 address;
    guint32 stack;
    guint32 reset;
    const char *codes;
    const char *message;
  } cases[] = {
    { START, 0x20020000, 0x080000c1, "", NULL },
    { START, 0xffffffff, 0xffffffff, "W vectors-blank",
      "The file has only erased memory at 0x08000000, where the chip starts; it will not start "
      "this." },
    { START, 0, 0, "W vectors-blank", NULL },
    { START, 0x12345678, 0x080000c1, "W stack-not-in-ram",
      "At 0x08000000, where the chip starts, the file sets the stack to 0x12345678, which is no "
      "RAM: it is no program, or for another chip." },
    { START, 0x20020000, 0x080000c0, "W reset-not-odd",
      "At 0x08000000, where the chip starts, the file leads to 0x080000c0, which is even: it is no "
      "program, or not for a Cortex-M." },
    { START, 0x20020000, 0x1fff0001, "W reset-outside",
      "At 0x08000000, where the chip starts, the file leads to 0x1fff0001, where it has nothing: "
      "it "
      "is no program, or not all of it." },
    { START, 0x20020000, 0x08000200, "W reset-not-odd, W reset-outside", NULL },
    { START, 0, 0x90000000, "W stack-not-in-ram, W reset-not-odd, W reset-outside", NULL },
    { START, 0x20020000, 0x08008171, "W linked-elsewhere",
      "This looks like a program for 0x08008000, as for a boot loader that stands below it; a chip "
      "that "
      "starts from 0x08000000 will not start it. Write the boot loader too, or link the program to "
      "0x08000000." },
    { START, 0x20020000, 0x080080c1, "W linked-elsewhere", NULL },
    { START, 0x20020000, 0x080081c1, "W reset-outside", NULL },
    { 0x08008000, 0x20020000, 0x080080c1, "W linked-elsewhere",
      "This looks like a program for 0x08008000, as for a boot loader that stands below it; a chip "
      "that "
      "starts from 0x08000000 will not start it. Write the boot loader too, or link the program to "
      "0x08000000." },
    { 0x08008000, 0x20020000, 0x080000c1, "W vectors-missing",
      "The file has nothing at 0x08000000, where the chip starts; what is on the chip there stays, "
      "or is missing." },
    { 0x20000000, 0x20020000, 0x200000c1, "W vectors-missing", NULL },
    { 0x1fffc000, 0x20020000, 0x1fffc041, "W vectors-missing", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashImage) image =
        make_image (cases[i].address, cases[i].stack, cases[i].reset, 0x180);
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();

    g_test_message ("case %u", i);
    flash_vectors_check (image, START, diags);
    flash_reader_test_assert_codes (diags, cases[i].codes);
    if (cases[i].message != NULL)
      flash_reader_test_assert_message (diags, cases[i].codes + 2, cases[i].message);
  }
}

/* Vectors in one segment, the program in another; option bytes for another alternate before. */
static void
test_check_pieces (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_DFUSE);
  static const guint8 vectors[] = { 0x00, 0x00, 0x02, 0x20, 0x01, 0x00, 0x02, 0x08 };
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashDiagList) elsewhere = flash_diag_list_new ();
  g_autoptr (FlashImage) image = NULL;

  flash_image_builder_add (builder, 0x1fff7800, (const guint8 *) "opt", 3, 0);
  flash_image_builder_begin_target (builder, 1, "flash");
  flash_image_builder_add (builder, START, vectors, sizeof vectors, 0);
  flash_image_builder_add (builder, 0x08020000, (const guint8 *) "some code", 9, 0);
  image = flash_image_builder_end (builder);
  flash_vectors_check (image, START, diags);
  flash_reader_test_assert_codes (diags, "");
  flash_vectors_check (image, 0x08020000, elsewhere);
  flash_reader_test_assert_codes (elsewhere,
                                  "W stack-not-in-ram, W reset-not-odd, W reset-outside");
}

/* RISC-V has no such vectors. */
static void
test_check_risc_v (void)
{
  g_autoptr (FlashImage) image = make_image (START, 0x0040006f, 0x00000013, 0x180);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();

  flash_diag_list_add (image->diags, FLASH_SEVERITY_WARNING, "elf-risc-v", 0, 0, "RISC-V", NULL);
  flash_vectors_check (image, START, diags);
  flash_reader_test_assert_codes (diags, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vectors/read", test_read);
  g_test_add_func ("/vectors/read-nothing", test_read_nothing);
  g_test_add_func ("/vectors/guess-base", test_guess_base);
  g_test_add_func ("/vectors/check", test_check);
  g_test_add_func ("/vectors/check-pieces", test_check_pieces);
  g_test_add_func ("/vectors/check-risc-v", test_check_risc_v);
  return g_test_run ();
}
