/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-firmware-test.h"

#include "flash-bytes.h"
#include "flash-image-builder.h"

void
flash_test_chip_init_for_map (FlashTestChip *self, FlashMemoryMap *map)
{
  const FlashChipRange sram = { 0x20000000, 128 * 1024, "SRAM" };

  *self = (FlashTestChip){
    .chip = {
      .id = "test",
      .name = "STM32F4test",
      .family = "F4",
      .flash_max = 1024 * 1024,
      .granule = 4,
      .erased = 0xff,
      .option_start = 0x1fffc000,
      .option_size = 16,
      .rdp_offset = 1,
      .has_mass_erase = TRUE,
      .leave_starts = TRUE,
    },
    .guess = {
      .loader = FLASH_LOADER_ROM,
      .is_sure = TRUE,
      .option_alternate = 1,
      .otp_alternate = 2,
    },
  };
  self->chip.rams = g_array_new (FALSE, FALSE, sizeof (FlashChipRange));
  g_array_append_val (self->chip.rams, sram);
  self->chip.maps = g_ptr_array_new ();
  self->chip.boot_starts = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->guess.chips = g_ptr_array_new ();
  g_ptr_array_add (self->guess.chips, &self->chip);
  self->guess.flash = map;
  self->guess.options = flash_memory_map_parse ("@Option Bytes  /0x1FFFC000/01*016 e", NULL);
  self->guess.otp = flash_memory_map_parse ("@OTP Memory /0x1FFF7800/01*512 e,01*016 e", NULL);
  g_assert_nonnull (self->guess.flash);
  g_assert_nonnull (self->guess.options);
  g_assert_nonnull (self->guess.otp);
}

void
flash_test_chip_init (FlashTestChip *self, const char *map)
{
  flash_test_chip_init_for_map (self, flash_memory_map_parse (map, NULL));
}

void
flash_test_chip_add_boot_start (FlashTestChip *self, guint32 address)
{
  g_array_append_val (self->chip.boot_starts, address);
}

void
flash_test_chip_clear (FlashTestChip *self)
{
  g_array_unref (self->chip.boot_starts);
  flash_chip_guess_clear (&self->guess);
  g_array_unref (self->chip.rams);
  g_ptr_array_unref (self->chip.maps);
}

guint8
flash_test_part_byte (guint32 address)
{
  return (guint8) (1 + (address * 7 + (address >> 8) * 13 + (address >> 16) * 29) % 253);
}

static void
add_part (FlashImageBuilder *builder, const char *part)
{
  char *end = NULL;
  guint64 alternate = 0, address = g_ascii_strtoull (part, &end, 16), size;
  g_autofree guint8 *bytes = NULL;

  if (*end == ':') {
    alternate = address;
    address = g_ascii_strtoull (end + 1, &end, 16);
  }
  g_assert_cmpint (*end, ==, '+');
  size = g_ascii_strtoull (end + 1, &end, 16);
  g_assert_cmpint (*end, ==, '\0');
  bytes = g_malloc (size);
  for (guint64 i = 0; i < size; i++)
    bytes[i] = flash_test_part_byte ((guint32) (address + i));
  flash_image_builder_begin_target (builder, (guint8) alternate, NULL);
  g_assert_true (flash_image_builder_add (builder, address, bytes, size, 0));
}

FlashImage *
flash_test_make_image (FlashFormat format, const char *parts)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (format);
  g_auto (GStrv) list = g_strsplit (parts, " ", -1);

  flash_image_builder_set_has_address (builder, TRUE);
  for (guint i = 0; list[i] != NULL; i++)
    add_part (builder, list[i]);
  return flash_image_builder_end (builder);
}

FlashImage *
flash_test_make_program (guint32 address, gsize size, guint32 stack, guint32 reset)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_IHEX);
  g_autofree guint8 *bytes = g_malloc0 (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] = flash_test_part_byte (address + (guint32) i);
  flash_put_le32 (bytes, stack);
  flash_put_le32 (bytes + 4, reset);
  flash_image_builder_set_has_address (builder, TRUE);
  g_assert_true (flash_image_builder_add (builder, address, bytes, size, 0));
  return flash_image_builder_end (builder);
}

char *
flash_test_list_diags (const FlashDiagList *diags)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);

    g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "",
                            flash_severity_get_name (flash_diag_get_severity (diag)),
                            flash_diag_get_code (diag));
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
