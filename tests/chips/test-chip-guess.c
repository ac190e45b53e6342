/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-chip-cases.h"

#define KIB 1024

static FlashDescriptors *
make_descriptors (const FlashChipCase *self)
{
  const guint8 device[] = {
    18,
    1,
    0,
    2,
    0,
    0,
    0,
    64,
    self->vid & 0xff,
    self->vid >> 8,
    self->pid & 0xff,
    self->pid >> 8,
    self->bcd_device & 0xff,
    (guint8) (self->bcd_device >> 8),
    1,
    2,
    3,
    1,
  };
  const guint8 functional[] = {
    self->bcd_dfu == FLASH_CHIP_CASE_SHORT_FUNCTIONAL ? 7 : 9,
    0x21,
    0x0b,
    0xff,
    0,
    self->transfer_size & 0xff,
    (guint8) (self->transfer_size >> 8),
    self->bcd_dfu & 0xff,
    (guint8) (self->bcd_dfu >> 8),
  };
  g_autoptr (GByteArray) configuration = g_byte_array_new ();
  g_auto (GStrv) names = g_strsplit (self->alternates != NULL ? self->alternates : "", "|", -1);
  g_autoptr (GError) error = NULL;
  FlashDescriptors *descriptors;

  for (guint i = 0; i < g_strv_length (names); i++) {
    const guint8 interface[] = { 9, 4, 0, (guint8) i, 0, 0xfe, 1, 2, (guint8) (4 + i) };

    g_byte_array_append (configuration, interface, sizeof interface);
  }
  if (self->bcd_dfu != FLASH_CHIP_CASE_NO_FUNCTIONAL)
    g_byte_array_append (configuration, functional, functional[0]);
  descriptors = flash_descriptors_parse (device, sizeof device, configuration->data,
                                         configuration->len, &error);
  g_assert_no_error (error);
  descriptors->product = g_strdup (self->product);
  descriptors->serial = g_strdup (self->serial);
  for (guint i = 0; i < g_strv_length (names); i++) {
    FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);

    if (!g_str_equal (names[i], "?"))
      alternate->name = g_strdup (names[i]);
  }
  return descriptors;
}

static char *
dup_ids (const FlashChipGuess *guess)
{
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < guess->chips->len; i++) {
    const FlashChip *chip = g_ptr_array_index (guess->chips, i);

    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", chip->id);
  }
  return g_string_free (ids, FALSE);
}

static void
check_map (const FlashMemoryMap *map, guint8 alternate, gint wanted)
{
  g_assert_cmpint (map != NULL ? alternate : -1, ==, wanted);
}

static void
check_case (const FlashChipCase *self)
{
  g_autoptr (FlashDescriptors) descriptors = make_descriptors (self);
  g_auto (FlashChipGuess) guess = { 0 };
  g_autofree char *ids = NULL;

  g_test_message ("%s", self->name);
  flash_chip_guess_init (&guess, descriptors);
  ids = dup_ids (&guess);
  g_assert_cmpint (guess.loader, ==, self->loader);
  if (self->chips != NULL)
    g_assert_cmpstr (ids, ==, self->chips);
  g_assert_cmpint (guess.is_sure, ==, self->is_sure);
  g_assert_cmpstr (guess.map_doubt, ==, self->doubt);
  check_map (guess.flash, guess.flash_alternate, self->flash_alternate);
  check_map (guess.options, guess.option_alternate, self->option_alternate);
  check_map (guess.otp, guess.otp_alternate, self->otp_alternate);
  if (guess.chips->len > 0)
    g_assert_true (flash_chip_guess_get_best (&guess) == g_ptr_array_index (guess.chips, 0));
  else
    g_assert_null (flash_chip_guess_get_best (&guess));
}

static void
test_cases (gconstpointer data)
{
  for (const FlashChipCase *self = data; self->name != NULL; self++)
    check_case (self);
}

static const struct {
  const char *serial;
  guint n_pages; /* 0: the text is believed */
} serials[] = {
  { "3CDJ", 256 }, { "3CBJ", 128 }, { "3C8J", 64 }, { "3C6J", 32 }, { "3C4J", 16 },
  { "3C2J", 8 },   { "3CXJ", 0 },   { "4CBJ", 0 },  { "3CBK", 0 },  { "3CBJJ", 0 },
  { "3CB", 0 },    { "", 0 },       { NULL, 0 },
};

static void
test_gd32vf103 (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (serials); i++) {
    FlashChipCase self = flash_chip_clone_cases[0];
    g_autoptr (FlashDescriptors) descriptors = NULL;
    g_auto (FlashChipGuess) guess = { 0 };
    FlashMemorySector sector;

    g_test_message ("%s", serials[i].serial);
    self.serial = serials[i].serial;
    descriptors = make_descriptors (&self);
    flash_chip_guess_init (&guess, descriptors);
    flash_memory_map_get_sector (guess.flash, 0, &sector);
    g_assert_cmphex (sector.address, ==, 0x08000000);
    g_assert_cmpuint (sector.size, ==, serials[i].n_pages > 0 ? KIB : 2 * KIB);
    g_assert_cmpuint (flash_memory_map_get_n_sectors (guess.flash), ==,
                      serials[i].n_pages > 0 ? serials[i].n_pages : 512);
    g_assert_cmpstr (guess.map_doubt, ==, serials[i].n_pages > 0 ? NULL : "page-size-doubtful");
  }
}

static void
test_traits (void)
{
  const struct {
    const FlashChipCase *cases;
    const char *name;
    FlashChipTraits traits;
  } table[] = {
    { flash_chip_rom_cases, "F405", { 4, FALSE, 0xff, FALSE, TRUE, TRUE } },
    { flash_chip_rom_cases, "F105", { 2, FALSE, 0xff, FALSE, TRUE, TRUE } },
    { flash_chip_rom_cases, "F042", { 2, FALSE, 0xff, TRUE, TRUE, TRUE } },
    { flash_chip_rom_cases, "L073", { 4, FALSE, 0x00, FALSE, FALSE, TRUE } },
    /* one of those that fit has no empty check */
    { flash_chip_rom_cases, "L412", { 8, TRUE, 0xff, FALSE, TRUE, TRUE } },
    { flash_chip_rom_cases, "G0B1", { 8, TRUE, 0xff, TRUE, TRUE, TRUE } },
    { flash_chip_rom_cases, "H755", { 32, TRUE, 0xff, FALSE, TRUE, FALSE } },
    { flash_chip_rom_cases, "U585", { 16, TRUE, 0xff, FALSE, FALSE, TRUE } },
    { flash_chip_rom_cases, "unknown", { 32, TRUE, 0xff, FALSE, FALSE, FALSE } },
    { flash_chip_clone_cases, "AT32", { 32, TRUE, 0xff, FALSE, FALSE, FALSE } },
    /* the F7 among them has the largest granule */
    { flash_chip_custom_cases, "CubeMX", { 16, FALSE, 0xff, FALSE, FALSE, FALSE } },
    { flash_chip_other_cases, "plain DFU", { 32, TRUE, 0xff, FALSE, FALSE, FALSE } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    const FlashChipCase *self = table[i].cases;
    g_autoptr (FlashDescriptors) descriptors = NULL;
    g_auto (FlashChipGuess) guess = { 0 };
    FlashChipTraits traits;

    while (!g_str_equal (self->name, table[i].name))
      self++;
    g_test_message ("%s", self->name);
    descriptors = make_descriptors (self);
    flash_chip_guess_init (&guess, descriptors);
    flash_chip_guess_get_traits (&guess, &traits);
    g_assert_cmpuint (traits.granule, ==, table[i].traits.granule);
    g_assert_cmpint (traits.has_ecc, ==, table[i].traits.has_ecc);
    g_assert_cmphex (traits.erased, ==, table[i].traits.erased);
    g_assert_cmpint (traits.has_empty_check, ==, table[i].traits.has_empty_check);
    g_assert_cmpint (traits.has_mass_erase, ==, table[i].traits.has_mass_erase);
    g_assert_cmpint (traits.leave_starts, ==, table[i].traits.leave_starts);
  }
}

static void
test_names (void)
{
  const struct {
    const FlashChipCase *cases;
    const char *name;
    const char *family;
    const char *full;
  } table[] = {
    /* others fit too, but these are known to print the text */
    { flash_chip_rom_cases, "F405", "F4", "STM32F4" },
    { flash_chip_rom_cases, "F401, F411, F446", "F4", "STM32F4" },
    { flash_chip_rom_cases, "G474", "G4", "STM32G4" },
    { flash_chip_rom_cases, "F105", "F1", "STM32F105/107" },
    { flash_chip_rom_cases, "H755", "H7", "STM32H742/743/745/747/750/753/755/757" },
    { flash_chip_rom_cases, "U5A5", "U5", "STM32U5" },
    /* nobody is known to print it, and it may be of either family */
    { flash_chip_rom_cases, "F401xC", NULL, NULL },
    { flash_chip_rom_cases, "unknown", NULL, NULL },
    /* a boot loader in the flash prints what it likes */
    { flash_chip_custom_cases, "mboot", NULL, NULL },
    { flash_chip_custom_cases, "external flash", NULL, NULL },
    { flash_chip_clone_cases, "AT32", NULL, NULL },
    { flash_chip_other_cases, "plain DFU", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    const FlashChipCase *self = table[i].cases;
    g_autoptr (FlashDescriptors) descriptors = NULL;
    g_auto (FlashChipGuess) guess = { 0 };
    g_autofree char *name = NULL;

    while (!g_str_equal (self->name, table[i].name))
      self++;
    g_test_message ("%s", self->name);
    descriptors = make_descriptors (self);
    flash_chip_guess_init (&guess, descriptors);
    name = flash_chip_guess_dup_name (&guess);
    g_assert_cmpstr (flash_chip_guess_get_family (&guess), ==, table[i].family);
    g_assert_cmpstr (name, ==, table[i].full);
  }
}

/* A row with a product of its own is no guess for a ROM that says something else. */
static void
test_product (void)
{
  static const struct {
    const char *product;
    gboolean has_f105;
  } products[] = { { "STM32 0x418 DFU Bootloader", TRUE },
                   { "STM32  BOOTLOADER", FALSE },
                   { NULL, TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (products); i++) {
    FlashChipCase self = flash_chip_rom_cases[0];
    g_autoptr (FlashDescriptors) descriptors = NULL;
    g_auto (FlashChipGuess) guess = { 0 };

    self.product = products[i].product;
    self.alternates = "@Internal Flash  /0x08000000/128*002Kg|@Option Bytes  /0x1FFFF800/01*016 e";
    descriptors = make_descriptors (&self);
    flash_chip_guess_init (&guess, descriptors);
    g_assert_cmpint (guess.loader, ==, FLASH_LOADER_ROM);
    g_assert_cmpint (g_ptr_array_find (guess.chips, flash_chip_find ("f105"), NULL), ==,
                     products[i].has_f105);
  }
}

/* Of two areas the one with the level of protection, though the other may lie below it. */
static void
test_two_option_areas (void)
{
  static const struct {
    const char *name;
    guint32 start;
    guint64 size;
  } table[] = {
    { "F427", 0x1fffc000, 16 },
    { "G474", 0x1fff7800, 48 },
    { "F405", 0x1fffc000, 16 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    const FlashChipCase *self = flash_chip_rom_cases;
    g_autoptr (FlashDescriptors) descriptors = NULL;
    g_auto (FlashChipGuess) guess = { 0 };

    while (!g_str_equal (self->name, table[i].name))
      self++;
    descriptors = make_descriptors (self);
    flash_chip_guess_init (&guess, descriptors);
    g_assert_cmpuint (guess.options->runs->len, ==, 1);
    g_assert_cmphex (flash_memory_map_get_start (guess.options), ==, table[i].start);
    g_assert_cmpuint (flash_memory_map_get_size (guess.options), ==, table[i].size);
    g_assert_cmpstr (guess.options->name, ==, "Option Bytes");
  }
}

static void
test_copy (void)
{
  g_autoptr (FlashDescriptors) descriptors = make_descriptors (flash_chip_rom_cases);
  g_auto (FlashChipGuess) copy = { 0 };
  g_auto (FlashChipGuess) empty = { 0 };
  g_auto (FlashChipGuess) copy_of_empty = { 0 };

  {
    g_auto (FlashChipGuess) guess = { 0 };

    flash_chip_guess_init (&guess, descriptors);
    flash_chip_guess_copy (&copy, &guess);
  }
  g_assert_cmpstr (flash_chip_guess_get_best (&copy)->id, ==, "f405");
  g_assert_cmpstr (copy.flash->text, ==, "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg");
  g_assert_cmpstr (copy.options->text, ==, "@Option Bytes  /0x1FFFC000/01*016 e");
  g_assert_cmpstr (copy.otp->text, ==, "@OTP Memory /0x1FFF7800/01*512 e,01*016 e");
  g_assert_cmpuint (copy.otp_alternate, ==, 2);

  flash_chip_guess_copy (&copy_of_empty, &empty);
  g_assert_null (copy_of_empty.flash);
  g_assert_null (flash_chip_guess_get_best (&copy_of_empty));
}

static void
test_nothing (void)
{
  g_auto (FlashChipGuess) guess = { 0 };

  flash_chip_guess_init (&guess, NULL);
  g_assert_cmpint (guess.loader, ==, FLASH_LOADER_NONE);
  g_assert_cmpuint (guess.chips->len, ==, 0);
  g_assert_null (guess.flash);
  g_assert_null (flash_chip_guess_get_family (&guess));
  g_assert_null (flash_chip_guess_dup_name (&guess));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/chip-guess/roms", flash_chip_rom_cases, test_cases);
  g_test_add_data_func ("/chip-guess/clones", flash_chip_clone_cases, test_cases);
  g_test_add_data_func ("/chip-guess/customs", flash_chip_custom_cases, test_cases);
  g_test_add_data_func ("/chip-guess/others", flash_chip_other_cases, test_cases);
  g_test_add_func ("/chip-guess/gd32vf103", test_gd32vf103);
  g_test_add_func ("/chip-guess/traits", test_traits);
  g_test_add_func ("/chip-guess/names", test_names);
  g_test_add_func ("/chip-guess/product", test_product);
  g_test_add_func ("/chip-guess/two-option-areas", test_two_option_areas);
  g_test_add_func ("/chip-guess/copy", test_copy);
  g_test_add_func ("/chip-guess/nothing", test_nothing);
  return g_test_run ();
}
