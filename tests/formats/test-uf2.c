/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-uf2.h"

#include "flash-bytes.h"
#include "flash-reader-test.h"

#define STM32F4 0x57755a57u
#define STM32H7 0x6db66082u
#define HAS_FAMILY 0x2000u
#define NOT_MAIN_FLASH 1u
#define FILE_CONTAINER 0x1000u
#define HAS_MD5 0x4000u

typedef struct {
  guint32 flags;
  guint32 address;
  guint32 size;
  guint32 number;
  guint32 total;
  guint32 family;
  guint8 fill;
} Block;

static void
append_block (GByteArray *bytes, const Block *block)
{
  guint8 data[476];
  const guint32 head[] = { 0x0a324655,  0x9e5d5157,    block->flags, block->address,
                           block->size, block->number, block->total, block->family };

  memset (data, block->fill, sizeof data);
  for (guint i = 0; i < G_N_ELEMENTS (head); i++)
    flash_reader_test_append_le32 (bytes, head[i]);
  g_byte_array_append (bytes, data, sizeof data);
  flash_reader_test_append_le32 (bytes, 0x0ab16f30);
}

static GByteArray *
make_file (const Block *blocks, guint n_blocks)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < n_blocks; i++)
    append_block (bytes, &blocks[i]);
  return bytes;
}

static FlashImage *
read_file (GByteArray *bytes)
{
  return flash_reader_test_read (flash_uf2_read, FLASH_FORMAT_UF2, bytes, NULL);
}

static void
assert_filled (const FlashImage *image, guint index, guint32 address, const char *fills, guint size)
{
  g_autoptr (GByteArray) wanted = g_byte_array_new ();

  for (guint i = 0; fills[i] != '\0'; i++) {
    g_byte_array_set_size (wanted, wanted->len + size);
    memset (wanted->data + wanted->len - size, fills[i], size);
  }
  flash_reader_test_assert_segment (image, 0, index, address, wanted->data, wanted->len);
}

/* Shuffled, one of them twice. */
static void
test_order (void)
{
  static const Block blocks[] = {
    { HAS_FAMILY | HAS_MD5, 0x08000200, 256, 2, 3, STM32F4, 'c' },
    { HAS_FAMILY, 0x08000000, 256, 0, 3, STM32F4, 'a' },
    { HAS_FAMILY, 0x08000100, 256, 1, 3, STM32F4, 'b' },
    { HAS_FAMILY, 0x08000000, 256, 0, 3, STM32F4, 'a' },
  };
  g_autoptr (FlashImage) image = read_file (make_file (blocks, 3));
  g_autoptr (FlashImage) twice = read_file (make_file (blocks, 4));

  flash_reader_test_assert_codes (image->diags, "");
  assert_filled (image, 0, 0x08000000, "abc", 256);
  g_assert_true (image->has_address);
  g_assert_cmpuint (image->families->len, ==, 1);
  g_assert_cmphex (g_array_index (image->families, guint32, 0), ==, STM32F4);
  flash_reader_test_assert_codes (twice->diags, "I segments-repeated");
  assert_filled (twice, 0, 0x08000000, "abc", 256);
}

typedef struct {
  Block blocks[4];
  guint n_blocks;
  const char *codes;
  const char *code; /* (nullable): of which the message is given */
  const char *message;
} Case;

#define MAIN(address, number, total)                                                               \
  {                                                                                                \
    0, address, 16, number, total, 0, 'x'                                                          \
  }
#define OF_FAMILY(address, number, total, family)                                                  \
  {                                                                                                \
    HAS_FAMILY, address, 16, number, total, family, 'x'                                            \
  }

static const Case cases[] = {
  { { MAIN (0x08000000, 0, 1) }, 1, "", NULL, NULL },
  { { { 0, 0x08000000, 476, 0, 1, 0, 'x' } }, 1, "", NULL, NULL },
  { { { 0, 0x08000000, 477, 0, 1, 0, 'x' } },
    1,
    "E uf2-payload-too-large",
    "uf2-payload-too-large",
    "The file is damaged: the block at 0x00000000 says that it holds 477 bytes, more than 476. Get "
    "it again." },
  { { { 0, 0x08000000, 0, 0, 1, 0, 'x' } }, 1, "E image-empty", NULL, NULL },
  { { { 0, 0xfffffff0, 16, 0, 1, 0, 'x' } }, 1, "W uf2-above-boot-loader", NULL, NULL },
  { { { 0, 0xfffffff1, 16, 0, 1, 0, 'x' } }, 1, "E address-overflow", NULL, NULL },
  { { MAIN (0x08010000, 0, 1) },
    1,
    "W uf2-above-boot-loader",
    "uf2-above-boot-loader",
    "The program begins at 0x08010000, not at 0x08000000 where the chip starts: it needs a UF2 "
    "boot "
    "loader below it. Without one the board will not start." },
  { { MAIN (0x08000010, 0, 1) }, 1, "W uf2-above-boot-loader", NULL, NULL },
  { { MAIN (0x07fffff1, 0, 1) }, 1, "", NULL, NULL },
  { { MAIN (0x07fffff0, 0, 1) }, 1, "W uf2-above-boot-loader", NULL, NULL },
  { { MAIN (0x08000000, 0, 2) },
    1,
    "E uf2-blocks-missing",
    "uf2-blocks-missing",
    "The file is cut off or damaged: of the family whose blocks begin at 0x00000000 there are 1 of "
    "2. Get it again." },
  { { MAIN (0x08000000, 0, 3), MAIN (0x08000010, 2, 3) }, 2, "E uf2-blocks-missing", NULL, NULL },
  { { MAIN (0x08000000, 0, 0xffffffff) }, 1, "E uf2-blocks-missing", NULL, NULL },
  { { MAIN (0x08000000, 1, 1) },
    1,
    "E uf2-number-wrong",
    "uf2-number-wrong",
    "The file is damaged: the block at 0x00000000 says that it is number 1 (from 0 on) of 1, which "
    "contradicts the others. Get it again." },
  { { MAIN (0x08000000, 0, 0) }, 1, "E uf2-number-wrong", NULL, NULL },
  { { MAIN (0x08000000, 0, 2), MAIN (0x08000010, 1, 3) },
    2,
    "E uf2-number-wrong",
    "uf2-number-wrong",
    "The file is damaged: the block at 0x00000200 says that it is number 1 (from 0 on) of 3, which "
    "contradicts the others. Get it again." },
  /* what is not for the flash is counted, but not taken */
  { { { NOT_MAIN_FLASH, 0x1000, 16, 0, 3, 0, 'n' },
      MAIN (0x08000000, 1, 3),
      { FILE_CONTAINER, 0x2000, 16, 2, 3, 0, 'n' } },
    3,
    "I uf2-blocks-skipped",
    "uf2-blocks-skipped",
    "2 blocks are left out: they say themselves that they are not for the flash of the chip." },
  { { { NOT_MAIN_FLASH | HAS_FAMILY, 0x08000000, 16, 0, 1, STM32F4, 'n' } },
    1,
    "I uf2-blocks-skipped, E image-empty",
    NULL,
    NULL },
  { { OF_FAMILY (0x08000000, 0, 1, STM32F4), OF_FAMILY (0x08000010, 0, 1, STM32H7) },
    2,
    "W uf2-several-families",
    "uf2-several-families",
    "The file holds programs for 2 different families of chips, one behind the other; all of them "
    "would be written. Use a file for the chip on the board." },
  { { OF_FAMILY (0x08000000, 0, 1, STM32F4), { HAS_FAMILY, 0x08000000, 16, 0, 1, STM32H7, 'y' } },
    2,
    "W uf2-several-families, E segments-overlap",
    NULL,
    NULL },
  { { OF_FAMILY (0x08000000, 0, 2, STM32F4), OF_FAMILY (0x08000010, 0, 1, STM32H7) },
    2,
    "E uf2-blocks-missing",
    NULL,
    NULL },
  { { OF_FAMILY (0x08000000, 0, 1, 0x699b62ec) },
    1,
    "W uf2-family-not-stm32",
    "uf2-family-not-stm32",
    "The file is for CH32V, which is no STM32." },
  { { OF_FAMILY (0x08000000, 0, 1, 0xe48bff56) },
    1,
    "I uf2-family-unknown",
    "uf2-family-unknown",
    "The file is for chips of family 0xe48bff56, which is not known here." },
};

static void
test_blocks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashImage) image = read_file (make_file (cases[i].blocks, cases[i].n_blocks));

    g_test_message ("case %u", i);
    flash_reader_test_assert_codes (image->diags, cases[i].codes);
    if (cases[i].code != NULL)
      flash_reader_test_assert_message (image->diags, cases[i].code, cases[i].message);
  }
}

static void
test_magics (void)
{
  static const guint magics[] = { 0, 3, 4, 7, 508, 511 };
  static const Block blocks[] = { MAIN (0x08000000, 0, 2), MAIN (0x08000010, 1, 2) };

  for (guint i = 0; i < G_N_ELEMENTS (magics); i++) {
    GByteArray *bytes = make_file (blocks, 2);
    g_autoptr (FlashImage) image = NULL;

    bytes->data[512 + magics[i]] ^= 1;
    image = read_file (bytes);
    flash_reader_test_assert_codes (image->diags, "E uf2-block-broken");
    flash_reader_test_assert_message (image->diags, "uf2-block-broken",
                                      "The file is damaged: the block at 0x00000200 does not begin "
                                      "and end as UF2 blocks do. Get it again.");
    g_assert_false (image->can_insist);
  }
}

static void
test_cut_off (void)
{
  static const Block blocks[] = { MAIN (0x08000000, 0, 2), MAIN (0x08000010, 1, 2) };

  for (guint length = 0; length < 1024; length++) {
    GByteArray *bytes = make_file (blocks, 2);
    g_autoptr (FlashImage) image = NULL;

    g_byte_array_set_size (bytes, length);
    image = read_file (bytes);
    flash_reader_test_assert_codes (image->diags, length == 0     ? "E image-empty"
                                                  : length == 512 ? "E uf2-blocks-missing"
                                                                  : "E uf2-truncated");
    if (length == 1023)
      flash_reader_test_assert_message (image->diags, "uf2-truncated",
                                        "The file is cut off: of the block at 0x00000200 there are "
                                        "511 of 512 bytes. Get it again.");
  }
}

static void
test_names (void)
{
  g_assert_cmpstr (flash_uf2_get_family_name (STM32F4), ==, "STM32F4");
  g_assert_cmpstr (flash_uf2_get_family_name (0x00ff6919), ==, "STM32L4");
  g_assert_cmpstr (flash_uf2_get_family_name (0x9af03e33), ==, "GD32VF103");
  g_assert_null (flash_uf2_get_family_name (0));
  g_assert_null (flash_uf2_get_family_name (0xffffffff));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uf2/order", test_order);
  g_test_add_func ("/uf2/blocks", test_blocks);
  g_test_add_func ("/uf2/magics", test_magics);
  g_test_add_func ("/uf2/cut-off", test_cut_off);
  g_test_add_func ("/uf2/names", test_names);
  return g_test_run ();
}
