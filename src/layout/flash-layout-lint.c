/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-lint"

#include "config.h"

#include "flash-layout-lint.h"
#include "flash-layout-check.h"

/* stm32mp-usb.md sections 1.7, 3.6, 4.4, 4.6 and 6; STM32MP23 has the Id and the header of
 * STM32MP25. The RAM of STM32MP13 goes on in SRAM1 to SRAM3. STM32MP15 and STM32MP13 have
 * addresses of 32 bits, so that their DRAM can have 1 GiB. */
static const FlashLayoutChip chips[] = {
  { 0x500, "STM32MP15", "st,stm32mp15", 1, 0, FALSE, 0x2ffc0000, 256 * 1024, 247 * 1024, 0x2500,
    FLASH_LAYOUT_DRAM_START_MP1, FLASH_LAYOUT_DRAM_END_MP1, 0xc2000000, 0xc0100000 },
  { 0x501, "STM32MP13", "st,stm32mp13", 2, 0, FALSE, 0x2ffe0000, 160 * 1024, 128 * 1024 - 512, 0,
    FLASH_LAYOUT_DRAM_START_MP1, FLASH_LAYOUT_DRAM_END_MP1, 0xc2000000, 0xc0000000 },
  { 0x503, "STM32MP21", "st,stm32mp21", 2, 3, TRUE, 0x0e000000, 256 * 1024, 256 * 1024 - 0x2640,
    0x2640, FLASH_LAYOUT_DRAM_START_MP2, 0, 0x84000000, 0x84000000 },
  { 0x505, "STM32MP25", "st,stm32mp25", 2, 2, TRUE, 0x0e000000, 256 * 1024, 256 * 1024 - 0x2600,
    0x2600, FLASH_LAYOUT_DRAM_START_MP2, 0, 0x84000000, 0x84000000 },
};

const FlashLayoutChip *
flash_layout_chip_find (guint device_id)
{
  for (guint i = 0; i < G_N_ELEMENTS (chips); i++) {
    if (chips[i].device_id == device_id)
      return &chips[i];
  }
  return NULL;
}

const FlashLayoutChip *
flash_layout_chip_find_by_header (const FlashStm32Header *header)
{
  for (guint i = 0; i < G_N_ELEMENTS (chips); i++) {
    if (chips[i].version_major == header->version_major &&
        chips[i].version_minor == header->version_minor)
      return &chips[i];
  }
  return NULL;
}

const FlashLayoutFile *
flash_layout_check_get_file (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const char *path = flash_layout_row_get_path (row);
  const FlashLayoutFile *file = path != NULL ? g_hash_table_lookup (self->files, path) : NULL;

  return file != NULL && file->error == NULL && file->size > 0 ? file : NULL;
}

gboolean
flash_layout_check_needs_file (FlashLayoutRow *row)
{
  return flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE ||
         flash_layout_row_is_download (row);
}

static void
check_clear (FlashLayoutCheck *self)
{
  g_ptr_array_unref (self->rows);
  g_clear_pointer (&self->storages, g_ptr_array_unref);
  g_hash_table_unref (self->files);
  g_free (self->real_base);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashLayoutCheck, check_clear)

/* Without a board, the first stage tells for which chip the layout is. */
static void
find_chip (FlashLayoutCheck *self, guint device_id)
{
  FlashLayoutRow *row = flash_layout_find_row (self->layout, 0x01, TRUE);
  const FlashLayoutFile *file = row != NULL ? flash_layout_check_get_file (self, row) : NULL;

  self->chip = flash_layout_chip_find (device_id);
  self->is_chip_given = self->chip != NULL;
  if (self->chip == NULL && file != NULL && file->has_header)
    self->chip = flash_layout_chip_find_by_header (&file->header);
}

gboolean
flash_layout_lint (FlashLayout *layout, const FlashLayoutLintOptions *options, FlashDiagList *diags,
                   GCancellable *cancellable, GError **error)
{
  static const FlashLayoutLintOptions nothing_known;
  g_auto (FlashLayoutCheck) check = { .layout = layout, .diags = diags };

  g_return_val_if_fail (FLASH_IS_LAYOUT (layout) && diags != NULL, FALSE);

  if (options == NULL)
    options = &nothing_known;
  check.sizes = options->sizes;
  check.allow_outside = options->allow_outside;
  check.known_files = options->files;
  check.rows = g_ptr_array_new ();
  check.files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) flash_layout_file_unref);
  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    if (flash_layout_row_is_valid (flash_layout_get_row (layout, i)))
      g_ptr_array_add (check.rows, flash_layout_get_row (layout, i));
  }

  if (!options->ignores_files && !flash_layout_check_files (&check, cancellable, error))
    return FALSE;
  find_chip (&check, options->device_id);
  check.storages = flash_layout_dup_storages_for (
      layout, options->sizes, check.chip != NULL ? check.chip->device_id : options->device_id);
  flash_layout_check_flow (&check);
  flash_layout_check_fsbl (&check);
  flash_layout_check_rows (&check);
  flash_layout_check_ids (&check);
  flash_layout_check_images (&check);
  /* The rest is about U-Boot, which the other flows do not reach. */
  if (check.flow == FLASH_LAYOUT_FLOW_NORMAL || check.flow == FLASH_LAYOUT_FLOW_IN_U_BOOT) {
    flash_layout_check_second_stage (&check);
    flash_layout_check_tables (&check);
    flash_layout_check_storages (&check);
    flash_layout_check_memory (&check);
  }
  flash_layout_check_faults (&check);
  flash_diag_list_sort (diags);
  return TRUE;
}
