/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says for people what the board would say when it sets up its storages. */
#define G_LOG_DOMAIN "flash-layout-lint-faults"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-check.h"
#include "flash-text.h"

/* What a sentence about a fault may name. */
typedef struct {
  const char *cell; /* of the column that is wrong */
  const char *ip; /* the storage */
  const char *limit; /* as an address or a size */
  const char *line; /* the number of the line */
  const char *address; /* where its partition begins */
} Values;

static FlashDiag *
add_line_fault (FlashLayoutCheck *self, const FlashLayoutFault *fault, const Values *values)
{
  guint line = flash_layout_row_get_line (fault->row);
  FlashDiag *diag = NULL;

  switch (fault->kind) {
  case FLASH_LAYOUT_FAULT_SELECTED_NONE:
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "selected-boot-stage", line,
                                FLASH_LAYOUT_COLUMN_OPTION,
                                N_ ("A boot stage (IP “none”) must not be selected; the board "
                                    "refuses the layout."),
                                NULL);
    flash_diag_set_fix (diag, N_ ("Write - as option."), NULL);
    flash_diag_set_cell (diag, "-");
    break;
  case FLASH_LAYOUT_FAULT_ID_ZERO:
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "id-zero", line,
                                FLASH_LAYOUT_COLUMN_ID,
                                N_ ("The Id 0x00 is that of the layout itself."), NULL);
    flash_diag_set_fix (diag, N_ ("Take a free Id from 0x04 to 0xF0."), NULL);
    break;
  case FLASH_LAYOUT_FAULT_DUPLICATE_ID:
    /* Said at the second one, where it is to be mended. */
    diag = flash_diag_list_add (
        self->diags, FLASH_SEVERITY_ERROR, "duplicate-id", flash_layout_row_get_line (fault->other),
        FLASH_LAYOUT_COLUMN_ID, N_ ("The Id {0} is already that of “{1}” (line {2})."),
        values->cell, flash_layout_row_get_name (fault->row), values->line, NULL);
    flash_diag_set_fix (diag, N_ ("Take a free Id from 0x04 to 0xF0."), NULL);
    break;
  case FLASH_LAYOUT_FAULT_TOO_MANY_STORAGES:
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "too-many-storages", line,
                                FLASH_LAYOUT_COLUMN_IP,
                                N_ ("This is the sixth storage. The board takes five."), NULL);
    flash_diag_set_fix (diag, N_ ("Make two layouts of it."), NULL);
    break;
  case FLASH_LAYOUT_FAULT_COPIES:
    diag = flash_diag_list_add (
        self->diags, FLASH_SEVERITY_ERROR, "copies-unsupported", line, FLASH_LAYOUT_COLUMN_TYPE,
        N_ ("{0}: several copies are possible only for partitions on "
            "nandN or spi-nandN with a name that begins with “fsbl” and an "
            "Id below 0x10."),
        flash_layout_row_get_cell (fault->row, FLASH_LAYOUT_COLUMN_TYPE), NULL);
    flash_diag_set_fix (diag, N_ ("Write Binary, and a line for each copy."), NULL);
    break;
  case FLASH_LAYOUT_FAULT_BOOT_PART:
    diag = flash_diag_list_add (
        self->diags, FLASH_SEVERITY_ERROR, "boot-part-not-mmc", line, FLASH_LAYOUT_COLUMN_OFFSET,
        N_ ("{0} has no boot partitions; only an eMMC (mmcN) has."), values->ip, NULL);
    flash_diag_set_fix (diag, N_ ("Write an offset."), NULL);
    break;
  case FLASH_LAYOUT_FAULT_SAME_OFFSET:
  case FLASH_LAYOUT_FAULT_BEYOND_END:
  case FLASH_LAYOUT_FAULT_BELOW_FIRST:
  case FLASH_LAYOUT_FAULT_MISALIGNED:
    break;
  }
  return diag;
}

static FlashDiag *
add_place_fault (FlashLayoutCheck *self, const FlashLayoutFault *fault, const Values *values)
{
  FlashSeverity severity = fault->is_sure ? FLASH_SEVERITY_ERROR : FLASH_SEVERITY_WARNING;
  guint line = flash_layout_row_get_line (fault->row);
  FlashDiag *diag = NULL;

  switch (fault->kind) {
  case FLASH_LAYOUT_FAULT_SAME_OFFSET:
    diag = flash_diag_list_add (
        self->diags, severity, "same-offset", flash_layout_row_get_line (fault->other),
        FLASH_LAYOUT_COLUMN_OFFSET,
        N_ ("“{0}” begins where “{1}” (line {2}) begins already: at {3} of {4}."),
        flash_layout_row_get_name (fault->other), flash_layout_row_get_name (fault->row),
        values->line, values->address, values->ip, NULL);
    flash_diag_set_fix (diag, N_ ("Give each partition its own offset."), NULL);
    break;
  case FLASH_LAYOUT_FAULT_BEYOND_END:
    diag = flash_diag_list_add (self->diags, severity, "offset-beyond-end", line,
                                FLASH_LAYOUT_COLUMN_OFFSET,
                                N_ ("{0} lies behind the end of {1}; partitions end at {2} there."),
                                values->cell, values->ip, values->limit, NULL);
    break;
  case FLASH_LAYOUT_FAULT_BELOW_FIRST:
    diag = flash_diag_list_add (self->diags, severity, "offset-below-first", line,
                                FLASH_LAYOUT_COLUMN_OFFSET,
                                N_ ("{0} is too early: on {1} the first partition begins at {2} at "
                                    "the earliest."),
                                values->cell, values->ip, values->limit, NULL);
    flash_diag_set_fix (diag, N_ ("Begin at {0}."), values->limit, NULL);
    break;
  case FLASH_LAYOUT_FAULT_MISALIGNED:
    diag = flash_diag_list_add (
        self->diags, severity, "offset-misaligned", line, FLASH_LAYOUT_COLUMN_OFFSET,
        fault->is_sure ? N_ ("{0} is not a multiple of {2}, as offsets on {1} must "
                             "be.")
                       : N_ ("{0} is not a multiple of {2}, which most chips on {1} "
                             "want; the board refuses it then."),
        values->cell, values->ip, values->limit, NULL);
    flash_diag_set_fix (diag, N_ ("Take a multiple of {0}."), values->limit, NULL);
    break;
  case FLASH_LAYOUT_FAULT_SELECTED_NONE:
  case FLASH_LAYOUT_FAULT_ID_ZERO:
  case FLASH_LAYOUT_FAULT_DUPLICATE_ID:
  case FLASH_LAYOUT_FAULT_TOO_MANY_STORAGES:
  case FLASH_LAYOUT_FAULT_COPIES:
  case FLASH_LAYOUT_FAULT_BOOT_PART:
    break;
  }
  return diag;
}

/* Returns: (nullable): where the row is on its storage */
static const FlashLayoutPart *
find_part (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutStorage **out_storage)
{
  for (guint i = 0; i < self->storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (self->storages, i);

    for (guint k = 0; k < storage->parts->len; k++) {
      const FlashLayoutPart *part = flash_layout_storage_get_part (storage, k);

      if (part->row == row) {
        *out_storage = storage;
        return part;
      }
    }
  }
  return NULL;
}

/* Names the next offset that the board takes, if it lies before the next partition and what is to
 * be written still fits. Partitions before it only gain by that. */
static void
set_legal_offset (FlashLayoutCheck *self, const FlashLayoutFault *fault, FlashDiag *diag)
{
  guint device_id = self->chip != NULL ? self->chip->device_id : 0;
  const FlashLayoutStorage *storage = NULL;
  const FlashLayoutPart *part = find_part (self, fault->row, &storage);
  const FlashLayoutFile *file = flash_layout_check_get_file (self, fault->row);
  FlashLayoutGeometry geometry;
  g_autofree char *cell = NULL;
  guint64 at;

  /* From what would it be counted? That is to be decided first. */
  if (part == NULL || flash_layout_check_is_offset_unclear (fault->row))
    return;
  geometry = flash_layout_storage_get_geometry (storage, device_id);
  at = MAX (part->start, geometry.first);
  if (at > G_MAXUINT64 - geometry.unit)
    return;
  at = (at + geometry.unit - 1) / geometry.unit * geometry.unit;
  if (part->size != G_MAXUINT64) {
    guint64 room = part->size > at - part->start ? part->size - (at - part->start) : 0;
    gboolean is_empty = !flash_layout_row_is_download (fault->row);

    if (room == 0 || flash_layout_row_get_copies (fault->row) > 1 ||
        (!is_empty && (file == NULL || file->size > room)))
      return;
  }
  cell = flash_text_address (at);
  flash_diag_set_cell (diag, cell);
}

static void
add_fault (FlashLayoutCheck *self, const FlashLayoutFault *fault)
{
  gboolean is_about_place = fault->kind >= FLASH_LAYOUT_FAULT_SAME_OFFSET;
  g_autofree char *limit = fault->limit % 1024 == 0 && fault->kind == FLASH_LAYOUT_FAULT_MISALIGNED
                               ? flash_text_size (fault->limit)
                               : flash_text_address (fault->limit);
  g_autofree char *line = g_strdup_printf ("%u", flash_layout_row_get_line (fault->row));
  g_autofree char *address = flash_text_address (flash_layout_row_get_offset (fault->row));
  Values values = {
    .cell = flash_layout_row_get_cell (fault->row, is_about_place ? FLASH_LAYOUT_COLUMN_OFFSET
                                                                  : FLASH_LAYOUT_COLUMN_ID),
    .ip = flash_layout_row_get_ip_name (fault->row),
    .limit = limit,
    .line = line,
    .address = address,
  };
  FlashDiag *diag = is_about_place ? add_place_fault (self, fault, &values)
                                   : add_line_fault (self, fault, &values);

  flash_diag_set_device_text (diag, fault->answer);
  if (fault->kind == FLASH_LAYOUT_FAULT_BELOW_FIRST || fault->kind == FLASH_LAYOUT_FAULT_MISALIGNED)
    set_legal_offset (self, fault, diag);
}

void
flash_layout_check_faults (FlashLayoutCheck *self)
{
  guint device_id = self->chip != NULL ? self->chip->device_id : 0;
  g_autoptr (GPtrArray) faults = NULL;

  /* The other flows have programs with other rules. */
  if (self->flow == FLASH_LAYOUT_FLOW_PROGRAMMER)
    return;
  faults = flash_layout_predict_faults (self->layout, self->storages, device_id);
  for (guint i = 0; i < faults->len; i++)
    add_fault (self, g_ptr_array_index (faults, i));
}
