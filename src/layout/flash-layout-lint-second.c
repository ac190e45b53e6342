/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of what TF-A loads: the DDR firmware and the second stage. */
#define G_LOG_DOMAIN "flash-layout-lint-second"

#include "config.h"

#include "flash-layout-check.h"
#include "flash-text.h"

/* stm32mp-usb.md section 1.3.3: TF-A's buffers. */
#define MAX_FIP_SIZE (16 * 1024 * 1024)
#define MAX_DDR_FIRMWARE_SIZE 0xa000

void
flash_layout_check_add_findings (FlashLayoutCheck *self, FlashLayoutRow *row,
                                 const FlashLayoutFile *file)
{
  for (guint i = 0; i < flash_diag_list_get_length (file->findings); i++)
    flash_diag_list_add_at (self->diags, flash_diag_list_get (file->findings, i),
                            flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_BINARY);
}

static void
check_ddr_firmware (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const FlashLayoutFile *file = flash_layout_check_get_file (self, row);
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);

  if (self->chip != NULL && !self->chip->is_mp2)
    flash_diag_list_add (
        self->diags, FLASH_SEVERITY_WARNING, "ddr-firmware-unneeded", line, FLASH_LAYOUT_COLUMN_ID,
        N_ ("{0} has no DDR firmware and never asks for this line."), self->chip->name, NULL);
  if (file == NULL)
    return;
  if (file->fip == NULL) {
    flash_diag_list_add (
        self->diags, FLASH_SEVERITY_ERROR, "ddr-firmware-not-fip", line, FLASH_LAYOUT_COLUMN_BINARY,
        N_ ("{0} is not a FIP, so the first stage refuses it as DDR firmware."), binary, NULL);
    return;
  }
  flash_layout_check_add_findings (self, row, file);
  if (file->size > MAX_DDR_FIRMWARE_SIZE) {
    g_autofree char *size = flash_text_size (file->size);
    g_autofree char *limit = flash_text_size (MAX_DDR_FIRMWARE_SIZE);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "ddr-firmware-too-large", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} has {1}; the first stage takes {2} of DDR firmware. Is it the "
                             "second stage?"),
                         binary, size, limit, NULL);
  }
  if (!flash_fip_has (file->fip, FLASH_FIP_DDR_FW))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "ddr-firmware-missing-image", line,
                         FLASH_LAYOUT_COLUMN_BINARY, N_ ("The FIP {0} holds no DDR firmware."),
                         binary, NULL);
}

/* The chip for which a board's device tree is written; 0 if it does not tell. */
static guint
find_chip_of_tree (const FlashFip *fip)
{
  static const struct {
    const char *prefix;
    guint device_id;
  } prefixes[] = {
    { "st,stm32mp15", 0x500 }, { "st,stm32mp13", 0x501 }, { "st,stm32mp21", 0x503 },
    { "st,stm32mp23", 0x505 }, { "st,stm32mp25", 0x505 },
  };

  for (guint i = 0; fip->compatible != NULL && fip->compatible[i] != NULL; i++) {
    for (guint k = 0; k < G_N_ELEMENTS (prefixes); k++) {
      if (g_str_has_prefix (fip->compatible[i], prefixes[k].prefix))
        return prefixes[k].device_id;
    }
  }
  return 0;
}

static void
check_fip (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file)
{
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);
  guint tree_chip = find_chip_of_tree (file->fip);

  flash_layout_check_add_findings (self, row, file);
  if (file->size > MAX_FIP_SIZE)
    flash_diag_list_add (
        self->diags, FLASH_SEVERITY_ERROR, "fip-too-large", line, FLASH_LAYOUT_COLUMN_BINARY,
        N_ ("{0} is larger than 16 MiB; the first stage takes no more."), binary, NULL);
  if (!flash_fip_has (file->fip, FLASH_FIP_BL33))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "fip-without-bl33", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The FIP {0} holds no U-Boot (BL33), so nothing would run after the "
                             "first stage."),
                         binary, NULL);
  if (!flash_fip_has (file->fip, FLASH_FIP_FW_CONFIG))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fip-without-fw-config", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The FIP {0} holds no FW_CONFIG, which the first stages of STM32MP "
                             "ask for."),
                         binary, NULL);
  if (self->chip != NULL && tree_chip != 0 && tree_chip != self->chip->device_id)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fip-wrong-chip", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The device tree in {0} is for {1}, the first stage or the board is "
                             "{2}."),
                         binary, flash_layout_chip_find (tree_chip)->name, self->chip->name, NULL);
}

/* The two flows of stm32mp-usb.md sections 1.8 A and B. */
static void
check_old_chain (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file,
                 const FlashLayoutFile *fsbl)
{
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);
  gboolean wants_fip = (fsbl != NULL && fsbl->has_fip_mark) ||
                       (self->chip != NULL && self->chip->device_id != 0x500);
  FlashDiag *diag;

  if (wants_fip) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "second-stage-not-fip", line,
                                FLASH_LAYOUT_COLUMN_BINARY,
                                N_ ("{0} is a second stage of the old kind, a .stm32 file. The "
                                    "first stage of this layout wants a FIP."),
                                binary, NULL);
    flash_diag_set_fix (diag,
                        N_ ("Take both stages from one build: either TF-A 2.2 with u-boot.stm32, "
                            "or a newer TF-A with a FIP."),
                        NULL);
  } else {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "old-boot-chain", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("This is a boot chain of the old kind: the second stage is a .stm32 "
                             "file and not a FIP. Only first stages up to TF-A 2.2, and some "
                             "builds of 2.4, take it."),
                         NULL);
  }
  if (file != NULL && file->has_header)
    flash_layout_check_stm32_payload (self, row, file);
}

static void
check_second_stage (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  FlashLayoutRow *fsbl_row = flash_layout_find_row (self->layout, 0x01, TRUE);
  const FlashLayoutFile *file = flash_layout_check_get_file (self, row);
  const FlashLayoutFile *fsbl =
      fsbl_row != NULL ? flash_layout_check_get_file (self, fsbl_row) : NULL;
  const char *binary = flash_layout_row_get_binary (row);

  if (file == NULL) {
    /* The name is all there is to go by. */
    if (binary != NULL && g_str_has_suffix (binary, ".stm32"))
      check_old_chain (self, row, NULL, fsbl);
    return;
  }
  if (file->fip != NULL)
    check_fip (self, row, file);
  else if (file->format == FLASH_FORMAT_STM32)
    check_old_chain (self, row, file, fsbl);
  else
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "second-stage-unknown",
                         flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} is neither a FIP nor a .stm32 file, so no first stage takes it "
                             "as second stage."),
                         binary, NULL);

  if (file->fip != NULL && fsbl != NULL && fsbl->has_usb_mark && !fsbl->has_fip_mark &&
      fsbl->header.version_major == 1)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fsbl-older-than-fip",
                         flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} is a FIP, but the first stage looks like an old one that wants a "
                             ".stm32 file as second stage."),
                         binary, NULL);
}

/* Returns: (transfer full) (nullable): the board in a file name of ST's builds, such as
 * `stm32mp157f-ev1` in `fip-stm32mp157f-ev1-optee.bin`. */
static char *
find_board_name (const char *binary)
{
  g_autoptr (GRegex) regex = g_regex_new ("stm32mp\\d{3}[a-z]?-(?:ev|dk|disco)\\d?", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (binary == NULL || !g_regex_match (regex, binary, 0, &match))
    return NULL;
  return g_match_info_fetch (match, 0);
}

static void
check_board_names (FlashLayoutCheck *self)
{
  g_autofree char *first = NULL;

  for (guint i = 0; i < self->rows->len; i++) {
    FlashLayoutRow *row = g_ptr_array_index (self->rows, i);
    g_autofree char *name = find_board_name (flash_layout_row_get_binary (row));

    if (name == NULL)
      continue;
    if (first == NULL) {
      first = g_steal_pointer (&name);
    } else if (!g_str_equal (first, name)) {
      flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "board-names-differ",
                           flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_BINARY,
                           N_ ("By its name the file is for {0}, those before it are for {1}."),
                           name, first, NULL);
      return;
    }
  }
}

void
flash_layout_check_second_stage (FlashLayoutCheck *self)
{
  FlashLayoutRow *ddr_row = flash_layout_find_row (self->layout, 0x02, TRUE);
  FlashLayoutRow *row = flash_layout_find_row (self->layout, 0x03, TRUE);

  if (ddr_row != NULL)
    check_ddr_firmware (self, ddr_row);
  if (row != NULL)
    check_second_stage (self, row);
  check_board_names (self);
}
