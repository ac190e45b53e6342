/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of what is particular to a kind of storage, and of the order in which all is written
 * (stm32mp-usb.md sections 3.9 to 3.14). */
#define G_LOG_DOMAIN "flash-layout-lint-storages"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-check.h"

static gboolean
is_mtd (const FlashLayoutStorage *storage)
{
  FlashLayoutIp ip = flash_layout_storage_get_ip (storage);

  return ip == FLASH_LAYOUT_IP_NOR || ip == FLASH_LAYOUT_IP_NAND || ip == FLASH_LAYOUT_IP_SPI_NAND;
}

static void
check_mtd_start (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = flash_layout_storage_get_part (storage, i)->row;

    if (!flash_layout_row_is_partition (row))
      continue;
    if (flash_layout_row_get_offset (row) > 0)
      flash_diag_list_add (
          self->diags, FLASH_SEVERITY_WARNING, "mtd-not-at-zero", flash_layout_row_get_line (row),
          FLASH_LAYOUT_COLUMN_OFFSET,
          N_ ("The first partition on {0} does not begin at 0. All partitions that "
              "U-Boot knows there must be listed, unused ones with PE."),
          storage->ip, NULL);
    return;
  }
}

static void
check_kernels (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  guint n_kernels = 0;

  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = flash_layout_storage_get_part (storage, i)->row;

    n_kernels += flash_layout_row_get_layout_type (row) == FLASH_LAYOUT_TYPE_SYSTEM;
    if (n_kernels > 1) {
      flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "several-kernels",
                           flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_TYPE,
                           N_ ("In RAM, type System means a kernel, and there are several. U-Boot "
                               "starts the one that is written last."),
                           NULL);
      return;
    }
  }
}

/* stm32mp-usb.md section 3.10 */
static void
check_boot_order (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  FlashLayoutRow *boot1 = NULL;
  FlashLayoutRow *boot2 = NULL;

  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = flash_layout_storage_get_part (storage, i)->row;

    if (!flash_layout_row_is_download (row))
      continue;
    if (flash_layout_row_get_offset_kind (row) == FLASH_LAYOUT_OFFSET_BOOT1)
      boot1 = row;
    if (flash_layout_row_get_offset_kind (row) == FLASH_LAYOUT_OFFSET_BOOT2)
      boot2 = row;
  }
  if (boot1 != NULL && boot2 != NULL &&
      flash_layout_row_get_id (boot2) > flash_layout_row_get_id (boot1))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "boot2-active",
                         flash_layout_row_get_line (boot2), FLASH_LAYOUT_COLUMN_OFFSET,
                         N_ ("boot2 is written last, so the board will boot from boot2 of {0}."),
                         storage->ip, NULL);
}

static const FlashLayoutStorage *
find_ip (FlashLayoutCheck *self, FlashLayoutIp ip)
{
  for (guint i = 0; i < self->storages->len; i++) {
    if (flash_layout_storage_get_ip (g_ptr_array_index (self->storages, i)) == ip)
      return g_ptr_array_index (self->storages, i);
  }
  return NULL;
}

static guint
get_first_line (const FlashLayoutStorage *storage)
{
  return flash_layout_row_get_line (flash_layout_storage_get_part (storage, 0)->row);
}

static void
check_mix (FlashLayoutCheck *self)
{
  const FlashLayoutStorage *nor = find_ip (self, FLASH_LAYOUT_IP_NOR);
  const FlashLayoutStorage *ram = find_ip (self, FLASH_LAYOUT_IP_RAM);

  if (nor != NULL && (find_ip (self, FLASH_LAYOUT_IP_NAND) != NULL ||
                      find_ip (self, FLASH_LAYOUT_IP_SPI_NAND) != NULL))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "mtd-mixed", get_first_line (nor),
                         FLASH_LAYOUT_COLUMN_IP,
                         N_ ("The layout has flash memories of different kinds; programs that do "
                             "not ask for the phase between partitions fail here."),
                         NULL);
  if (ram != NULL && self->storages->len > 1)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "ram-with-storage",
                         get_first_line (ram), FLASH_LAYOUT_COLUMN_IP,
                         N_ ("The layout writes storages and loads into RAM as well. U-Boot starts "
                             "what is in RAM after the last line."),
                         NULL);
}

/* The board asks by rising Id, whatever the order of lines. */
static void
check_write_order (FlashLayoutCheck *self)
{
  FlashLayoutRow *chain = NULL, *system = NULL;

  for (guint i = 0; i < self->rows->len; i++) {
    FlashLayoutRow *row = g_ptr_array_index (self->rows, i);
    FlashLayoutType type = flash_layout_row_get_layout_type (row);
    gboolean is_for_user = type == FLASH_LAYOUT_TYPE_SYSTEM || type == FLASH_LAYOUT_TYPE_FILESYSTEM;
    FlashLayoutRow **found = is_for_user ? &system : &chain;

    if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE ||
        flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_RAM || !flash_layout_row_is_download (row))
      continue;
    if (*found == NULL || flash_layout_row_get_id (row) < flash_layout_row_get_id (*found))
      *found = row;
  }
  if (chain != NULL && system != NULL &&
      flash_layout_row_get_id (chain) < flash_layout_row_get_id (system))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "boot-chain-first",
                         flash_layout_row_get_line (chain), FLASH_LAYOUT_COLUMN_ID,
                         N_ ("The boot chain has the lower Ids and is written first. If flashing "
                             "is interrupted later, the board starts a system that is not "
                             "whole."),
                         NULL);
}

void
flash_layout_check_storages (FlashLayoutCheck *self)
{
  for (guint i = 0; i < self->storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (self->storages, i);

    if (is_mtd (storage))
      check_mtd_start (self, storage);
    if (flash_layout_storage_get_ip (storage) == FLASH_LAYOUT_IP_RAM)
      check_kernels (self, storage);
    check_boot_order (self, storage);
  }
  check_mix (self);
  check_write_order (self);
}
