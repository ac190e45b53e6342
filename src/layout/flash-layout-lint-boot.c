/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For which flow a layout is made, and whether its first stage can run. */
#define G_LOG_DOMAIN "flash-layout-lint-boot"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-check.h"

static gboolean
is_stage (FlashLayoutRow *row)
{
  return flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE;
}

static guint
count_rows (FlashLayoutCheck *self, gboolean is_wanted (FlashLayoutRow *))
{
  guint n = 0;

  for (guint i = 0; i < self->rows->len; i++)
    n += is_wanted (g_ptr_array_index (self->rows, i));
  return n;
}

static gboolean
is_selected_stage (FlashLayoutRow *row)
{
  return is_stage (row) && flash_layout_row_is_selected (row);
}

static gboolean
is_in_ram (FlashLayoutRow *row)
{
  return flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_RAM;
}

/* Whether the layout has a second stage for U-Boot's flow: then P on its stages is a mistake. */
static gboolean
has_fip (FlashLayoutCheck *self)
{
  FlashLayoutRow *row = flash_layout_find_row (self->layout, 0x03, TRUE);
  const FlashLayoutFile *file;

  if (row == NULL)
    return FALSE;
  file = flash_layout_check_get_file (self, row);
  return flash_layout_row_get_layout_type (row) == FLASH_LAYOUT_TYPE_FIP ||
         g_str_has_prefix (flash_layout_row_get_name (row), "fip") ||
         (file != NULL && file->format == FLASH_FORMAT_FIP);
}

static FlashLayoutFlow
find_flow (FlashLayoutCheck *self)
{
  guint n_stages = count_rows (self, is_stage);

  if (n_stages == 0)
    return FLASH_LAYOUT_FLOW_IN_U_BOOT;
  if (count_rows (self, is_selected_stage) == n_stages && !has_fip (self))
    return FLASH_LAYOUT_FLOW_PROGRAMMER;
  if (self->storages->len == 0 && flash_layout_find_row (self->layout, 0x01, TRUE) != NULL &&
      flash_layout_find_row (self->layout, 0x03, TRUE) == NULL)
    return FLASH_LAYOUT_FLOW_STAGE_ONLY;
  return FLASH_LAYOUT_FLOW_NORMAL;
}

static void
check_stages (FlashLayoutCheck *self)
{
  if (flash_layout_find_row (self->layout, 0x01, TRUE) == NULL)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "missing-fsbl", 0, 0,
                         N_ ("There is no first stage: a line with Id 0x01 on “none”. A board that "
                             "waits in its ROM needs it."),
                         NULL);
  if (flash_layout_find_row (self->layout, 0x03, TRUE) == NULL)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "missing-second-stage", 0, 0,
                         N_ ("There is no second stage: a line with Id 0x03 on “none”. Without "
                             "U-Boot nothing can be written."),
                         NULL);
  else if (self->storages->len == 0)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "nothing-to-write", 0, 0,
                         N_ ("The layout starts U-Boot and writes nothing."), NULL);
  if (self->chip != NULL && self->chip->is_mp2 &&
      flash_layout_find_row (self->layout, 0x02, TRUE) == NULL)
    flash_diag_list_add (
        self->diags, FLASH_SEVERITY_WARNING, "missing-ddr-firmware", 0, 0,
        N_ ("There is no DDR firmware: a line with Id 0x02 on “none”. {0} asks for "
            "it unless the first stage holds it."),
        self->chip->name, NULL);
}

void
flash_layout_check_flow (FlashLayoutCheck *self)
{
  gboolean is_ram_only = count_rows (self, is_in_ram) == self->rows->len;

  /* Of a text with faults, or an empty one, one cannot know what it is for. */
  if (self->rows->len < flash_layout_get_n_rows (self->layout) || self->rows->len == 0)
    return;
  self->flow = find_flow (self);
  switch (self->flow) {
  case FLASH_LAYOUT_FLOW_NORMAL:
    check_stages (self);
    break;
  case FLASH_LAYOUT_FLOW_PROGRAMMER:
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "other-flow-prgfw", 0, 0,
                         N_ ("This layout is for a programmer that runs in the board's RAM, such "
                             "as STM32PRGFW-UTIL or OpenBootloader, and not for U-Boot: its boot "
                             "stages have the option P."),
                         NULL);
    break;
  case FLASH_LAYOUT_FLOW_STAGE_ONLY:
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "stage-only", 0, 0,
                         N_ ("This layout loads one program into the board's RAM and starts it. "
                             "Nothing is written, and the board need not come back."),
                         NULL);
    break;
  case FLASH_LAYOUT_FLOW_IN_U_BOOT:
    flash_diag_list_add (self->diags, is_ram_only ? FLASH_SEVERITY_INFO : FLASH_SEVERITY_WARNING,
                         "no-boot-stages", 0, 0,
                         N_ ("The layout has no boot stages, so the board must be in U-Boot "
                             "already."),
                         NULL);
    break;
  }
}

static void
add_header_error (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file)
{
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);

  if (file->format == FLASH_FORMAT_STM32)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "fsbl-broken-header", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The STM32 header of {0} is none that a board knows: {1}."), binary,
                         file->header_error->message, NULL);
  else
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "fsbl-without-header", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} has no STM32 header, so the board's ROM refuses it as first "
                             "stage. It must be a .stm32 file."),
                         binary, NULL);
}

void
flash_layout_check_stm32_payload (FlashLayoutCheck *self, FlashLayoutRow *row,
                                  const FlashLayoutFile *file)
{
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);
  guint64 end = (guint64) file->header.header_length + file->header.image_length;
  FlashDiag *diag = NULL;

  if (g_error_matches (file->payload_error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED))
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "stm32-truncated", line,
                                FLASH_LAYOUT_COLUMN_BINARY,
                                N_ ("{0} ends before its STM32 header says."), binary, NULL);
  else if (file->payload_error != NULL)
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "stm32-checksum", line,
                                FLASH_LAYOUT_COLUMN_BINARY, N_ ("{0} is damaged: {1}."), binary,
                                file->payload_error->message, NULL);
  else if (file->size > end && !file->has_dfu_suffix)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "stm32-trailing-bytes", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} is longer than its STM32 header says."), binary, NULL);
  if (diag != NULL)
    flash_diag_set_fix (diag, N_ ("Copy or build the file again."), NULL);
}

static void
check_chip (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file)
{
  const FlashLayoutChip *made_for = flash_layout_chip_find_by_header (&file->header);
  FlashDiag *diag;

  if (made_for == NULL || made_for == self->chip || !self->is_chip_given)
    return;
  diag = flash_diag_list_add (
      self->diags, FLASH_SEVERITY_ERROR, "fsbl-wrong-chip", flash_layout_row_get_line (row),
      FLASH_LAYOUT_COLUMN_BINARY, N_ ("{0} is a first stage for {1}, the board has {2}."),
      flash_layout_row_get_binary (row), made_for->name, self->chip->name, NULL);
  flash_diag_set_fix (diag, N_ ("Take the layout that was built for the board."), NULL);
}

static void
check_build (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file)
{
  const FlashStm32Header *header = &file->header;
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);
  FlashDiag *diag;

  /* Headers of version 1 often have no type at all (stm32mp-usb.md section 4.1). */
  if (header->binary_type != FLASH_STM32_BINARY_FSBL &&
      !(header->version_major == 1 && header->binary_type == FLASH_STM32_BINARY_UBOOT))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fsbl-binary-type", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The STM32 header of {0} says that it is something other than a first "
                             "stage."),
                         binary, NULL);
  if (header->is_signed)
    flash_diag_list_add (
        self->diags, FLASH_SEVERITY_INFO, "fsbl-signed", line, FLASH_LAYOUT_COLUMN_BINARY,
        N_ ("{0} is signed. A closed board starts it only with the right key."), binary, NULL);
  if (self->flow == FLASH_LAYOUT_FLOW_NORMAL && file->payload_error == NULL &&
      !header->is_encrypted && !file->has_usb_mark) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fsbl-without-usb", line,
                                FLASH_LAYOUT_COLUMN_BINARY,
                                N_ ("{0} does not look like a build with USB support. The board "
                                    "would fall silent after it."),
                                binary, NULL);
    flash_diag_set_fix (diag,
                        N_ ("Take the build for USB (STM32MP_USB_PROGRAMMER=1); its name mostly "
                            "has “usb”, “serial” or “programmer” in it."),
                        NULL);
  }
}

/* One build seldom serves both: that for USB does not look for a card. */
static void
check_reuse (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  for (guint i = 0; i < self->rows->len; i++) {
    FlashLayoutRow *other = g_ptr_array_index (self->rows, i);

    if (is_stage (other) || !flash_layout_row_is_download (other) ||
        g_strcmp0 (flash_layout_row_get_path (other), flash_layout_row_get_path (row)) != 0)
      continue;
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fsbl-same-as-storage",
                         flash_layout_row_get_line (other), FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} is also the first stage that is sent over USB. Mostly that build "
                             "cannot start from a storage."),
                         flash_layout_row_get_binary (other), NULL);
    return;
  }
}

void
flash_layout_check_fsbl (FlashLayoutCheck *self)
{
  FlashLayoutRow *row = flash_layout_find_row (self->layout, 0x01, TRUE);
  const FlashLayoutFile *file = row != NULL ? flash_layout_check_get_file (self, row) : NULL;

  if (row != NULL)
    check_reuse (self, row);
  if (file == NULL)
    return;
  if (!file->has_header) {
    add_header_error (self, row, file);
    return;
  }
  check_chip (self, row, file);
  flash_layout_check_stm32_payload (self, row, file);
  flash_layout_check_first_stage_memory (self, row, file);
  check_build (self, row, file);
}
