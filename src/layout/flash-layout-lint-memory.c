/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of addresses in the board's memory: what is loaded into its DRAM, and for which places
 * boot stages are made (stm32mp-usb.md sections 1.6, 3.6, 3.11, 4.5 and 4.6). */
#define G_LOG_DOMAIN "flash-layout-lint-memory"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-check.h"
#include "flash-range.h"
#include "flash-text.h"

/* stm32mp-usb.md section 3.1: the window that the board announces for a layout. */
#define LAYOUT_WINDOW (256 * 1024)
/* stm32mp-usb.md section 4.6 */
#define U_BOOT_SIZE (4 * 1024 * 1024)

static gboolean
is_in_window (const FlashLayoutChip *chip, guint32 start, guint64 length)
{
  return start >= chip->ram_start && start - chip->ram_start < chip->ram_size &&
         length <= chip->ram_size - (start - chip->ram_start);
}

static void
check_first_stage_addresses (FlashLayoutCheck *self, FlashLayoutRow *row,
                             const FlashLayoutFile *file, const FlashLayoutChip *chip)
{
  const FlashStm32Header *header = &file->header;
  FlashRange payload = { header->load, header->image_length };
  gboolean has_load = flash_stm32_header_has_load (header);
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);
  g_autofree char *entry = flash_text_address (header->entry);
  g_autofree char *load = flash_text_address (header->load);
  g_autofree char *free_start = flash_text_address (chip->ram_start + chip->ram_reserved);

  /* What is too large reaches over the end, and that is said already. */
  if (!is_in_window (chip, header->entry, 1) ||
      (has_load &&
       !is_in_window (chip, header->load, payload.size > chip->max_payload ? 1 : payload.size)))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "fsbl-address", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} is made for another place in memory: it loads at {1} and starts "
                             "at {2}, outside the on-chip RAM of {3}."),
                         binary, load, entry, chip->name, NULL);
  else if (has_load && header->load < chip->ram_start + chip->ram_reserved)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fsbl-reserved-memory", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} loads at {1}, where the ROM of {2} leaves what it tells the "
                             "first stage; the memory is free from {3} on."),
                         binary, load, chip->name, free_start, NULL);
  else if (has_load && !flash_range_contains (payload, header->entry))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fsbl-entry-outside", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} starts at {1}, but nothing is loaded there: it loads at {2}. The "
                             "board would fall silent."),
                         binary, entry, load, NULL);
}

void
flash_layout_check_first_stage_memory (FlashLayoutCheck *self, FlashLayoutRow *row,
                                       const FlashLayoutFile *file)
{
  const FlashLayoutChip *chip = flash_layout_chip_find_by_header (&file->header);

  if (chip == NULL)
    return;
  if (file->header.image_length > chip->max_payload) {
    g_autofree char *size = flash_text_size (file->header.image_length);
    g_autofree char *limit = flash_text_size (chip->max_payload);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "fsbl-too-large",
                         flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} is too large for a first stage: {1}, the on-chip RAM of {2} has "
                             "room for {3}."),
                         flash_layout_row_get_binary (row), size, chip->name, limit, NULL);
  }
  check_first_stage_addresses (self, row, file, chip);
}

/* An old second stage says in its header where in the DRAM it wants to be. */
static void
check_second_stage (FlashLayoutCheck *self)
{
  FlashLayoutRow *row = flash_layout_find_row (self->layout, 0x03, TRUE);
  const FlashLayoutFile *file = row != NULL ? flash_layout_check_get_file (self, row) : NULL;
  const FlashLayoutChip *chip = self->chip;
  g_autofree char *entry = NULL;
  g_autofree char *start = NULL;

  if (file == NULL || !file->has_header || chip == NULL ||
      file->header.binary_type != FLASH_STM32_BINARY_UBOOT ||
      (file->header.entry >= chip->dram_start &&
       (!flash_stm32_header_has_load (&file->header) || file->header.load >= chip->dram_start)))
    return;
  entry = flash_text_address (file->header.entry);
  start = flash_text_address (chip->dram_start);
  flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "second-stage-address",
                       flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_BINARY,
                       N_ ("{0} starts at {1}, which is not in the DRAM of {2}; that begins at "
                           "{3}."),
                       flash_layout_row_get_binary (row), entry, chip->name, start, NULL);
}

/* Returns: (transfer full): the last byte of @range, as an address */
static char *
dup_last_byte (FlashRange range)
{
  return flash_text_address (flash_range_end (range) - 1);
}

/* Returns: whether data go there, and how many is known. */
static gboolean
get_target (FlashLayoutCheck *self, FlashLayoutRow *row, FlashRange *out_target)
{
  const FlashLayoutFile *file = flash_layout_check_get_file (self, row);
  guint64 start = flash_layout_row_get_offset (row);

  if (file == NULL || !flash_layout_row_is_download (row) || !flash_layout_row_is_partition (row) ||
      file->size > G_MAXUINT64 - start)
    return FALSE;
  *out_target = (FlashRange){ start, file->size };
  return TRUE;
}

static void
add_overlap (FlashLayoutCheck *self, FlashLayoutRow *row, FlashRange target, FlashLayoutRow *other,
             FlashRange other_target)
{
  FlashRange both = { target.start, MIN (flash_range_end (target), flash_range_end (other_target)) -
                                        target.start };
  gboolean is_last = flash_layout_row_get_id (row) > flash_layout_row_get_id (other);
  g_autofree char *line = g_strdup_printf ("%u", flash_layout_row_get_line (row));
  g_autofree char *other_line = g_strdup_printf ("%u", flash_layout_row_get_line (other));
  g_autofree char *start = flash_text_address (both.start);
  g_autofree char *end = dup_last_byte (both);
  FlashDiag *diag = flash_diag_list_add (
      self->diags, FLASH_SEVERITY_ERROR, "ram-overlap", flash_layout_row_get_line (row),
      FLASH_LAYOUT_COLUMN_OFFSET,
      N_ ("“{0}” (line {1}) and “{2}” (line {3}) both want the bytes from {4} to {5}. The board "
          "does not notice: “{6}” is loaded last and destroys the other."),
      flash_layout_row_get_name (row), line, flash_layout_row_get_name (other), other_line, start,
      end, flash_layout_row_get_name (is_last ? row : other), NULL);

  flash_diag_set_fix (diag, N_ ("Move one of them to where there is room for it."), NULL);
}

/* @end: where the RAM ends, or its addresses; 0 if not known */
static void
check_window (FlashLayoutCheck *self, FlashLayoutRow *row, FlashRange target, guint64 end)
{
  g_autofree char *start = flash_text_address (target.start);
  g_autofree char *last = dup_last_byte (target);
  g_autofree char *limit = flash_text_address (end);

  if (end == 0 || flash_range_end (target) <= end)
    return;
  flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "ram-beyond-end",
                       flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_OFFSET,
                       N_ ("“{0}” takes the bytes from {1} to {2}, but there is no RAM from {3} "
                           "on. The board does not check this and would stop answering."),
                       flash_layout_row_get_name (row), start, last, limit, NULL);
}

/* U-Boot has read the layout and left the place to which it was loaded when data come for the RAM;
 * ST's own examples load kernels there. So these are notes. */
static void
check_boot_areas (FlashLayoutCheck *self, FlashLayoutRow *row, FlashRange target)
{
  const FlashLayoutChip *chip = self->chip;
  FlashRange layout = { chip->load_address, LAYOUT_WINDOW };
  FlashRange u_boot = { chip->u_boot_start, U_BOOT_SIZE };
  guint line = flash_layout_row_get_line (row);
  const char *name = flash_layout_row_get_name (row);
  g_autofree char *load_address = flash_text_address (layout.start);
  g_autofree char *start = flash_text_address (u_boot.start);
  g_autofree char *last = dup_last_byte (u_boot);

  if (flash_range_overlaps (target, layout))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "ram-over-layout", line,
                         FLASH_LAYOUT_COLUMN_OFFSET,
                         N_ ("“{0}” goes over {1}, where U-Boot on {2} keeps this layout while it "
                             "reads it. It does no more when data are loaded."),
                         name, load_address, chip->name, NULL);
  else if (flash_range_overlaps (target, u_boot))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "ram-over-u-boot", line,
                         FLASH_LAYOUT_COLUMN_OFFSET,
                         N_ ("“{0}” goes over the bytes from {1} to {2}, to which U-Boot is loaded "
                             "on {3}. It moves to the end of the RAM before it takes data."),
                         name, start, last, chip->name, NULL);
}

/* Where U-Boot and OP-TEE are depends on the board and on how they were built. */
static void
add_unknown_areas (FlashLayoutCheck *self, FlashLayoutRow *row, FlashRange target)
{
  g_autofree char *last = dup_last_byte (target);

  flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "ram-reserved-unknown",
                       flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_OFFSET,
                       N_ ("The data for the RAM end at {0}. U-Boot and OP-TEE keep parts of it "
                           "for themselves, mostly at its end; where they begin depends on the "
                           "board. What reaches them stops the board without a word."),
                       last, NULL);
}

static void
check_ram (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  guint device_id = self->chip != NULL ? self->chip->device_id : 0;
  guint64 end = flash_layout_storage_get_geometry (storage, device_id).end;
  FlashLayoutRow *furthest = NULL;
  FlashRange furthest_target = { 0, 0 };

  if (end == 0 && self->chip != NULL)
    end = self->chip->dram_end;
  /* By rising address. What reaches furthest is what a later one may run into. */
  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = flash_layout_storage_get_part (storage, i)->row;
    FlashRange target;

    if (!get_target (self, row, &target))
      continue;
    check_window (self, row, target, end);
    if (self->chip != NULL)
      check_boot_areas (self, row, target);
    if (furthest != NULL && target.start < flash_range_end (furthest_target))
      add_overlap (self, row, target, furthest, furthest_target);
    if (furthest == NULL || flash_range_end (target) > flash_range_end (furthest_target)) {
      furthest = row;
      furthest_target = target;
    }
  }
  if (furthest != NULL)
    add_unknown_areas (self, furthest, furthest_target);
}

void
flash_layout_check_memory (FlashLayoutCheck *self)
{
  for (guint i = 0; i < self->storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (self->storages, i);

    if (flash_layout_storage_get_ip (storage) == FLASH_LAYOUT_IP_RAM)
      check_ram (self, storage);
  }
  check_second_stage (self);
}
