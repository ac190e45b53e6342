/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of single cells that the board takes, though they may not mean what was meant
 * (stm32mp-usb.md section 3.14). */
#define G_LOG_DOMAIN "flash-layout-lint-rows"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-check.h"
#include "flash-layout-row-private.h"
#include "flash-text.h"

/* stm32mp-usb.md section 3.8 */
#define SAFE_CHARS G_CSET_A_2_Z G_CSET_a_2_z "0123456789._-"

static gboolean
is_on_storage (FlashLayoutRow *row)
{
  return flash_layout_row_get_ip (row) != FLASH_LAYOUT_IP_NONE;
}

static void
check_number (FlashLayoutCheck *self, FlashLayoutRow *row, FlashLayoutColumn column, guint base)
{
  const char *cell = flash_layout_row_get_cell (row, column);
  guint line = flash_layout_row_get_line (row);
  gboolean overflows;
  guint64 value;

  if (g_str_has_prefix (cell, "boot"))
    return;
  flash_layout_parse_number (cell, base, &value, &overflows);
  if (overflows)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "number-overflow", line, column,
                         N_ ("{0} is too large; the board cuts it off without a word."), cell,
                         NULL);
  if ((cell[1] == 'x' || cell[1] == 'X') && cell[2] == '\0') {
    FlashDiag *diag =
        flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "number-without-digits", line,
                             column, N_ ("There is no number behind 0x. The board reads 0."), NULL);

    flash_diag_set_cell (diag, "0x0");
  }
}

/* Other programs take every Id for hexadecimal (stm32mp-usb.md section 3.2). */
static void
check_id_spelling (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const char *cell = flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_ID);
  guint64 as_hex = g_ascii_strtoull (cell, NULL, 16);
  g_autofree char *board = g_strdup_printf ("0x%02X", flash_layout_row_get_id (row));
  g_autofree char *others = g_strdup_printf ("0x%02" G_GINT64_MODIFIER "X", as_hex);
  FlashDiag *diag;

  if (as_hex == flash_layout_row_get_id (row) || as_hex == G_MAXUINT64)
    return;
  diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "id-ambiguous",
                              flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_ID,
                              N_ ("The Id {0} is {1} for the board and {2} for other programs."),
                              cell, board, others, NULL);
  flash_diag_set_fix (diag, N_ ("Write {0}."), board, NULL);
  flash_diag_set_cell (diag, board);
}

/* Returns: (transfer full): @option with each letter once, and without @dropped */
static char *
dup_option (const char *option, char dropped)
{
  GString *out = g_string_new (NULL);

  for (const char *p = option; *p != '\0'; p++) {
    if (*p != dropped && strchr (out->str, *p) == NULL)
      g_string_append_c (out, *p);
  }
  return g_string_free (out, FALSE);
}

static void
check_option (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const char *cell = flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_OPTION);

  for (const char *p = cell; *p != '\0'; p++) {
    if (strchr (p + 1, *p) != NULL) {
      g_autofree char *once = dup_option (cell, '\0');
      FlashDiag *diag = flash_diag_list_add (
          self->diags, FLASH_SEVERITY_INFO, "repeated-option", flash_layout_row_get_line (row),
          FLASH_LAYOUT_COLUMN_OPTION,
          N_ ("The option {0} says something twice, which changes nothing."), cell, NULL);

      flash_diag_set_cell (diag, once);
      return;
    }
  }
}

/* Returns: (transfer full): a name as close to @name as can be */
static char *
dup_safe_name (const char *name)
{
  GString *out = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_c (out, strchr (SAFE_CHARS, *p) != NULL ? *p : '_');
  return g_string_free (out, FALSE);
}

/* stm32mp-usb.md section 3.8: names go unquoted into a command, and into the string by which the
 * partition is found. */
static void
check_name (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const char *name = flash_layout_row_get_raw_name (row);
  gsize n_safe = strspn (name, SAFE_CHARS);
  g_autofree char *safe_name = NULL;
  FlashDiag *diag;

  if (name[n_safe] == '\0' || !is_on_storage (row))
    return;
  diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "name-unsafe",
                              flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_NAME,
                              N_ ("The name “{0}” has characters that the board stumbles over when "
                                  "it writes the partition table."),
                              flash_layout_row_get_name (row), NULL);
  flash_diag_set_fix (diag, N_ ("Use letters, digits, and . _ - only."), NULL);
  safe_name = dup_safe_name (flash_layout_row_get_name (row));
  flash_diag_set_cell (diag, safe_name);
}

static void
check_type (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const char *cell = flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_TYPE);
  guint line = flash_layout_row_get_line (row);
  FlashDiag *diag = NULL;
  gsize n_digits;

  if (!g_str_has_prefix (cell, "Binary("))
    return;
  cell += strlen ("Binary(");
  n_digits = strspn (cell, "0123456789");
  if (n_digits == 0 || cell[n_digits + 1] != '\0' || g_ascii_strtoull (cell, NULL, 10) == 0)
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "copies-odd", line,
                                FLASH_LAYOUT_COLUMN_TYPE,
                                N_ ("This is not a number of copies; the board writes one."), NULL);
  else if (flash_layout_row_get_copies (row) > 1 && self->chip != NULL && self->chip->is_mp2)
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "copies-on-mp2", line,
                                FLASH_LAYOUT_COLUMN_TYPE,
                                N_ ("U-Boot copies first stages of STM32MP15 and STM32MP13 only; "
                                    "on {0} it ends with “copy of fsbl failed”."),
                                self->chip->name, NULL);
  if (diag != NULL)
    flash_diag_set_cell (diag, "Binary");
}

/* The types by which TF-A and U-Boot find partitions (stm32mp-usb.md section 3.8). */
static void
check_type_for_name (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  static const struct {
    const char *prefix;
    FlashLayoutType type;
  } expected[] = {
    { "fip", FLASH_LAYOUT_TYPE_FIP },
    { "metadata", FLASH_LAYOUT_TYPE_FWU_MDATA },
    { "u-boot-env", FLASH_LAYOUT_TYPE_ENV },
  };

  if (flash_layout_row_get_ip (row) != FLASH_LAYOUT_IP_MMC ||
      flash_layout_row_get_layout_type (row) != FLASH_LAYOUT_TYPE_BINARY)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    const char *type = flash_layout_type_get_name (expected[i].type);
    FlashDiag *diag;

    if (!g_str_has_prefix (flash_layout_row_get_name (row), expected[i].prefix))
      continue;
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "type-for-name",
                                flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_TYPE,
                                N_ ("“{0}” has type Binary. Newer boot chains look for it by type "
                                    "{1} and would not find it."),
                                flash_layout_row_get_name (row), type, NULL);
    flash_diag_set_fix (diag, N_ ("Write {0}, unless the boot chain is an old one."), type, NULL);
    flash_diag_set_cell (diag, type);
  }
}

static void
check_ip (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  guint line = flash_layout_row_get_line (row);
  FlashDiag *diag;

  if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_RAM &&
      !g_str_equal (flash_layout_row_get_ip_name (row), "ram0")) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "ram-name", line,
                                FLASH_LAYOUT_COLUMN_IP,
                                N_ ("The board takes “{0}” for ram0, like all that begins with "
                                    "ram."),
                                flash_layout_row_get_ip_name (row), NULL);
    flash_diag_set_fix (diag, N_ ("Write ram0."), NULL);
    flash_diag_set_cell (diag, "ram0");
  }
  if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_MMC &&
      flash_layout_row_get_ip_number (row) == 0 && flash_layout_row_is_boot_part (row))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "boot-part-on-sd", line,
                         FLASH_LAYOUT_COLUMN_IP,
                         N_ ("mmc0 is usually the SD card, which has no boot partitions; the eMMC "
                             "is usually mmc1."),
                         NULL);
}

gboolean
flash_layout_check_is_offset_unclear (FlashLayoutRow *row)
{
  const char *cell = flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_OFFSET);

  return cell[0] == '0' && cell[strspn (cell, "0123456789")] == '\0' &&
         cell[strspn (cell, "0")] != '\0';
}

static void
check_offset (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const char *cell = flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_OFFSET);
  guint line = flash_layout_row_get_line (row);
  g_autofree char *address = flash_text_address (flash_layout_row_get_offset (row));
  FlashDiag *diag;

  if (flash_layout_check_is_offset_unclear (row)) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "offset-leading-zero", line,
                                FLASH_LAYOUT_COLUMN_OFFSET,
                                N_ ("{0} is decimal for the board, and octal for U-Boot before "
                                    "v2023.07."),
                                cell, NULL);
    flash_diag_set_fix (diag, N_ ("Write it with 0x, or without the zero in front."), NULL);
    flash_diag_set_cell (diag, address);
  }
  if (is_on_storage (row) && flash_layout_row_is_raw (row) &&
      flash_layout_row_get_offset (row) > 0) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "rawimage-offset", line,
                                FLASH_LAYOUT_COLUMN_OFFSET,
                                N_ ("A RawImage always begins at the start of the storage; the "
                                    "board ignores {0}, except that a partition before it ends "
                                    "there."),
                                cell, NULL);
    flash_diag_set_cell (diag, "0x0");
  }
}

static void
check_binary (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const char *binary = flash_layout_row_get_binary (row);
  const char *option = flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_OPTION);
  guint line = flash_layout_row_get_line (row);
  FlashDiag *diag;

  if (binary == NULL && flash_layout_check_needs_file (row)) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "no-file", line,
                                FLASH_LAYOUT_COLUMN_BINARY,
                                N_ ("The board will ask for “{0}”, but the line names no file."),
                                flash_layout_row_get_name (row), NULL);
    flash_diag_set_fix (diag,
                        is_on_storage (row)
                            ? N_ ("Name a file, or write PE for a partition that stays empty.")
                            : N_ ("Name a file."),
                        NULL);
    if (is_on_storage (row))
      flash_diag_set_cell (diag, flash_layout_row_is_erased (row) ? "PED" : "PE");
  } else if (binary != NULL && flash_layout_row_is_empty (row)) {
    g_autofree char *full = dup_option (option, 'E');

    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "file-not-sent", line,
                                FLASH_LAYOUT_COLUMN_BINARY,
                                N_ ("The option {0} makes an empty partition; {1} is not "
                                    "written."),
                                option, binary, NULL);
    flash_diag_set_fix (diag, N_ ("Write {0} as option, or “none” as file."), full, NULL);
    flash_diag_set_cell (diag, full);
  } else if (binary != NULL && !flash_layout_check_needs_file (row)) {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "unselected-with-file", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The option - writes nothing; {0} is not sent."), binary, NULL);
  }
  if (flash_layout_row_is_selected (row) && flash_layout_row_is_erased (row) &&
      flash_layout_row_is_raw (row) && is_on_storage (row))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "erases-everything", line,
                         FLASH_LAYOUT_COLUMN_OPTION,
                         N_ ("This line erases all of {0} before anything is written."),
                         flash_layout_row_get_ip_name (row), NULL);
}

void
flash_layout_check_rows (FlashLayoutCheck *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    FlashLayoutRow *row = g_ptr_array_index (self->rows, i);

    check_option (self, row);
    check_number (self, row, FLASH_LAYOUT_COLUMN_ID, 0);
    check_id_spelling (self, row);
    check_name (self, row);
    check_type (self, row);
    check_type_for_name (self, row);
    check_ip (self, row);
    check_number (self, row, FLASH_LAYOUT_COLUMN_OFFSET, 10);
    check_offset (self, row);
    check_binary (self, row);
  }
}

/* stm32mp-usb.md section 1.5: what Ids mean by convention. */
static void
check_id_meaning (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  guint id = flash_layout_row_get_id (row);
  guint line = flash_layout_row_get_line (row);
  g_autofree char *shown = g_strdup_printf ("0x%02X", id);
  const char *name = flash_layout_row_get_name (row);
  FlashLayoutType type = flash_layout_row_get_layout_type (row);
  gboolean is_boot_chain = g_str_has_prefix (name, "fsbl") || g_str_has_prefix (name, "fip") ||
                           g_str_has_prefix (name, "metadata") || g_str_equal (name, "ssbl");
  gboolean is_for_user = type == FLASH_LAYOUT_TYPE_SYSTEM || type == FLASH_LAYOUT_TYPE_FILESYSTEM;

  if (!is_on_storage (row)) {
    if (id < 0x01 || id > 0x03)
      flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "unknown-boot-stage", line,
                           FLASH_LAYOUT_COLUMN_ID,
                           N_ ("No board asks for a boot stage with Id {0}. There are 0x01 (first "
                               "stage), 0x02 (DDR firmware) and 0x03 (second stage)."),
                           shown, NULL);
  } else if (id >= 0x01 && id <= 0x03) {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "id-of-boot-stage", line,
                         FLASH_LAYOUT_COLUMN_ID,
                         N_ ("The Id {0} is that of a boot stage, this is a partition. Other "
                             "programs may confuse them."),
                         shown, NULL);
  } else if (id >= 0x04 && ((is_boot_chain && id >= FLASH_LAYOUT_FIRST_USER_ID) ||
                            (is_for_user && id < FLASH_LAYOUT_FIRST_USER_ID))) {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "id-unusual", line,
                         FLASH_LAYOUT_COLUMN_ID,
                         N_ ("By convention the boot chain has Ids from 0x04 to 0x0F and all other "
                             "partitions have Ids from 0x10 on."),
                         NULL);
  }
}

static void
check_earlier_ids (FlashLayoutCheck *self, guint index)
{
  FlashLayoutRow *row = g_ptr_array_index (self->rows, index);
  guint line = flash_layout_row_get_line (row);

  for (guint i = 0; i < index; i++) {
    FlashLayoutRow *other = g_ptr_array_index (self->rows, i);
    g_autofree char *other_line = NULL;

    if (is_on_storage (other) || flash_layout_row_get_id (other) != flash_layout_row_get_id (row))
      continue;
    other_line = g_strdup_printf ("%u", flash_layout_row_get_line (other));
    if (is_on_storage (row))
      flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "id-hidden-by-boot-stage", line,
                           FLASH_LAYOUT_COLUMN_ID,
                           N_ ("The boot stage in line {0} has the same Id. The board finds that "
                               "one first, and this partition is never written."),
                           other_line, NULL);
    else
      flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "duplicate-boot-stage", line,
                           FLASH_LAYOUT_COLUMN_ID,
                           N_ ("The boot stage in line {0} has the same Id; this one is not used."),
                           other_line, NULL);
    return;
  }
}

void
flash_layout_check_ids (FlashLayoutCheck *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    check_id_meaning (self, g_ptr_array_index (self->rows, i));
    check_earlier_ids (self, i);
  }
}
