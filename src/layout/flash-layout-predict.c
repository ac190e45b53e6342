/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the board says after it has taken the layout and left the bus to set up its storages. */
#define G_LOG_DOMAIN "flash-layout-predict"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-row-private.h"
#include "flash-layout-storage.h"

static void
fault_free (gpointer data)
{
  FlashLayoutFault *self = data;

  g_free (self->answer);
  g_free (self);
}

static void
add_fault (GPtrArray *faults, FlashLayoutFaultKind kind, FlashLayoutRow *row, FlashLayoutRow *other,
           guint64 limit, gboolean is_sure, char *answer)
{
  FlashLayoutFault *fault = g_new (FlashLayoutFault, 1);

  *fault = (FlashLayoutFault){ kind, row, other, limit, is_sure, answer };
  g_ptr_array_add (faults, fault);
}

/* Returns: (nullable): the line that brings one storage too many. */
static FlashLayoutRow *
find_surplus_row (GPtrArray *storages)
{
  const FlashLayoutStorage *storage;
  FlashLayoutRow *first = NULL;

  if (storages->len <= FLASH_LAYOUT_MAX_STORAGES)
    return NULL;
  storage = g_ptr_array_index (storages, FLASH_LAYOUT_MAX_STORAGES);
  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = flash_layout_storage_get_part (storage, i)->row;

    if (first == NULL || flash_layout_row_get_line (row) < flash_layout_row_get_line (first))
      first = row;
  }
  return first;
}

static void
check_line (GPtrArray *faults, GPtrArray *rows, guint index, FlashLayoutRow *surplus)
{
  FlashLayoutRow *row = g_ptr_array_index (rows, index);
  const char *name = flash_layout_row_get_raw_name (row);
  guint id = flash_layout_row_get_id (row);

  if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE) {
    if (flash_layout_row_is_selected (row))
      add_fault (
          faults, FLASH_LAYOUT_FAULT_SELECTED_NONE, row, NULL, 0, TRUE,
          flash_layout_format_answer ("Layout: selected none phase = 0x%x for part %s", id, name));
    return;
  }
  if (id == 0)
    add_fault (faults, FLASH_LAYOUT_FAULT_ID_ZERO, row, NULL, 0, TRUE,
               flash_layout_format_answer ("Layout: invalid phase = 0x%x for part %s", id, name));
  for (guint i = index + 1; i < rows->len; i++) {
    FlashLayoutRow *other = g_ptr_array_index (rows, i);

    if (flash_layout_row_get_id (other) != id)
      continue;
    add_fault (faults, FLASH_LAYOUT_FAULT_DUPLICATE_ID, row, other, 0, TRUE,
               flash_layout_format_answer ("Layout: duplicated phase 0x%x for part %s and %s", id,
                                           name, flash_layout_row_get_raw_name (other)));
    break;
  }
  if (row == surplus)
    add_fault (faults, FLASH_LAYOUT_FAULT_TOO_MANY_STORAGES, row, NULL, FLASH_LAYOUT_MAX_STORAGES,
               TRUE, flash_layout_format_answer ("Layout: too many device"));
}

static void
check_copies (GPtrArray *faults, FlashLayoutRow *row)
{
  FlashLayoutIp ip = flash_layout_row_get_ip (row);
  const char *name = flash_layout_row_get_raw_name (row);
  guint copies = flash_layout_row_get_copies (row);

  if (copies > 1 && ((ip != FLASH_LAYOUT_IP_NAND && ip != FLASH_LAYOUT_IP_SPI_NAND) ||
                     flash_layout_row_get_id (row) >= FLASH_LAYOUT_FIRST_USER_ID ||
                     !g_str_has_prefix (name, "fsbl")))
    add_fault (faults, FLASH_LAYOUT_FAULT_COPIES, row, NULL, copies, TRUE,
               flash_layout_format_answer ("%s (0x%x): multiple binary %u not supported", name,
                                           flash_layout_row_get_id (row), copies));
}

/* @next: (nullable): the one behind it in the board's order */
static void
check_place (GPtrArray *faults, FlashLayoutRow *row, FlashLayoutRow *next,
             const FlashLayoutGeometry *geometry)
{
  const char *name = flash_layout_row_get_raw_name (row);
  guint id = flash_layout_row_get_id (row);
  guint64 at = flash_layout_row_get_offset (row);

  if (next != NULL && at >= flash_layout_row_get_offset (next))
    add_fault (faults, FLASH_LAYOUT_FAULT_SAME_OFFSET, row, next, 0, TRUE,
               flash_layout_format_answer (
                   "%s (0x%x): same address : 0x%" G_GINT64_MODIFIER "x == %s (0x%x): "
                   "0x%" G_GINT64_MODIFIER "x",
                   name, id, at, flash_layout_row_get_raw_name (next),
                   flash_layout_row_get_id (next), flash_layout_row_get_offset (next)));
  if (next == NULL && geometry->end > 0 && at > geometry->end)
    add_fault (faults, FLASH_LAYOUT_FAULT_BEYOND_END, row, NULL, geometry->end, TRUE,
               flash_layout_format_answer ("%s (0x%x): invalid address 0x%" G_GINT64_MODIFIER "x "
                                           "(max=0x%" G_GINT64_MODIFIER "x)",
                                           name, id, at, geometry->end));
  if (at < geometry->first)
    add_fault (faults, FLASH_LAYOUT_FAULT_BELOW_FIRST, row, NULL, geometry->first,
               geometry->is_sure || at < FLASH_LAYOUT_SD_FIRST,
               flash_layout_format_answer ("%s (0x%x): invalid address 0x%" G_GINT64_MODIFIER "x "
                                           "(min=0x%" G_GINT64_MODIFIER "x)",
                                           name, id, at, geometry->first));
  if ((at & (geometry->unit - 1)) != 0)
    add_fault (faults, FLASH_LAYOUT_FAULT_MISALIGNED, row, NULL, geometry->unit,
               geometry->is_sure || at % FLASH_LAYOUT_BLOCK_SIZE != 0,
               flash_layout_format_answer ("%s (0x%x): not aligned address : "
                                           "0x%" G_GINT64_MODIFIER "x on erase size 0x%x",
                                           name, id, at, (guint) geometry->unit));
}

static void
check_storage (GPtrArray *faults, const FlashLayoutStorage *storage, guint device_id)
{
  FlashLayoutGeometry geometry = flash_layout_storage_get_geometry (storage, device_id);
  gboolean is_mmc = flash_layout_storage_get_ip (storage) == FLASH_LAYOUT_IP_MMC;

  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = flash_layout_storage_get_part (storage, i)->row;
    FlashLayoutRow *next =
        i + 1 < storage->parts->len ? flash_layout_storage_get_part (storage, i + 1)->row : NULL;

    check_copies (faults, row);
    if (flash_layout_row_is_raw (row))
      continue;
    if (!flash_layout_row_is_boot_part (row)) {
      check_place (faults, row, next, &geometry);
    } else if (!is_mmc) {
      gint part = flash_layout_row_get_offset_kind (row) == FLASH_LAYOUT_OFFSET_BOOT1 ? -1 : -2;

      add_fault (faults, FLASH_LAYOUT_FAULT_BOOT_PART, row, NULL, 0, TRUE,
                 flash_layout_format_answer ("%s (0x%x): hw partition not expected : %d",
                                             flash_layout_row_get_raw_name (row),
                                             flash_layout_row_get_id (row), part));
    }
  }
}

GPtrArray *
flash_layout_predict_faults (FlashLayout *layout, GPtrArray *storages, guint device_id)
{
  GPtrArray *faults = g_ptr_array_new_with_free_func (fault_free);
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  FlashLayoutRow *surplus = find_surplus_row (storages);

  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    if (flash_layout_row_is_valid (flash_layout_get_row (layout, i)))
      g_ptr_array_add (rows, flash_layout_get_row (layout, i));
  }
  for (guint i = 0; i < rows->len; i++)
    check_line (faults, rows, i, surplus);
  for (guint i = 0; i < storages->len; i++)
    check_storage (faults, g_ptr_array_index (storages, i), device_id);
  return faults;
}

char *
flash_layout_dup_init_error (FlashLayout *layout, GHashTable *sizes, guint device_id,
                             guint *out_line)
{
  g_autoptr (GPtrArray) storages = NULL;
  g_autoptr (GPtrArray) faults = NULL;
  const FlashLayoutFault *first;

  g_return_val_if_fail (FLASH_IS_LAYOUT (layout), NULL);

  if (!flash_layout_is_accepted (layout))
    return NULL;
  storages = flash_layout_dup_storages_for (layout, sizes, device_id);
  faults = flash_layout_predict_faults (layout, storages, device_id);
  if (faults->len == 0)
    return NULL;
  first = g_ptr_array_index (faults, 0);
  if (out_line != NULL)
    *out_line = flash_layout_row_get_line (first->row);
  return g_strdup (first->answer);
}
