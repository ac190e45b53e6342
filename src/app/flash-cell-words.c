/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cell-words"

#include "config.h"

#include "flash-cell-words.h"

#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>
#include <string.h>

#define NO_FILE "none"
#define BOOT_STORAGE "none"

const char *
flash_cell_words_title (FlashCellColumn column)
{
  switch (column) {
  case FLASH_CELL_MARK:
    return _ ("Problems");
  case FLASH_CELL_ENABLED:
    /* TRANSLATORS: title of a column: whether a line of a layout is used */
    return C_ ("column", "On");
  case FLASH_CELL_OPTION:
    return _ ("What to do");
  case FLASH_CELL_ID:
    return _ ("Id");
  case FLASH_CELL_NAME:
    return _ ("Name");
  case FLASH_CELL_TYPE:
    return _ ("Type");
  case FLASH_CELL_IP:
    return _ ("Storage");
  case FLASH_CELL_OFFSET:
    return _ ("Offset");
  case FLASH_CELL_SLOT:
    return _ ("Slot");
  case FLASH_CELL_FILE:
    return _ ("File");
  case FLASH_CELL_SIZE:
    return _ ("File size");
  case FLASH_CELL_N_COLUMNS:
    break;
  }
  g_return_val_if_reached (NULL);
}

/* --- which column is which ---------------------------------------------------------------- */

/* Zero where the file has no such column. */
static const guint layout_columns[FLASH_CELL_N_COLUMNS] = {
  [FLASH_CELL_OPTION] = FLASH_LAYOUT_COLUMN_OPTION,
  [FLASH_CELL_ID] = FLASH_LAYOUT_COLUMN_ID,
  [FLASH_CELL_NAME] = FLASH_LAYOUT_COLUMN_NAME,
  [FLASH_CELL_TYPE] = FLASH_LAYOUT_COLUMN_TYPE,
  [FLASH_CELL_IP] = FLASH_LAYOUT_COLUMN_IP,
  [FLASH_CELL_OFFSET] = FLASH_LAYOUT_COLUMN_OFFSET,
  [FLASH_CELL_FILE] = FLASH_LAYOUT_COLUMN_BINARY,
};

gboolean
flash_cell_words_is_editable (FlashCellColumn column)
{
  return column < FLASH_CELL_N_COLUMNS && layout_columns[column] != 0;
}

FlashLayoutColumn
flash_cell_words_to_layout (FlashCellColumn column)
{
  g_return_val_if_fail (flash_cell_words_is_editable (column), FLASH_LAYOUT_COLUMN_NAME);

  return layout_columns[column];
}

FlashCellColumn
flash_cell_words_from_layout (guint column)
{
  for (guint i = 0; column > 0 && i < FLASH_CELL_N_COLUMNS; i++)
    if (layout_columns[i] == column)
      return i;
  return FLASH_CELL_NAME;
}

/* --- what a cell shows -------------------------------------------------------------------- */

static gboolean
is_boot_stage (FlashLayoutEntry *entry)
{
  return g_str_equal (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_IP), BOOT_STORAGE);
}

/* The letters may stand in any order, and repeat (stm32mp-usb.md section 3.2).
 * Returns: (nullable): what they mean, %NULL if the board does not take them. */
static const char *
get_option_words (const char *option, gboolean is_boot)
{
  gboolean is_selected = strchr (option, 'P') != NULL;
  gboolean is_empty = strchr (option, 'E') != NULL;
  gboolean is_erased = strchr (option, 'D') != NULL;

  if (g_str_equal (option, "-"))
    return is_boot ? _ ("Boot stage") : _ ("Keep as it is");
  if (!is_selected || option[strspn (option, "PED")] != '\0')
    return NULL;
  if (is_empty)
    return is_erased ? _ ("Erase, table entry") : _ ("Table entry only");
  return is_erased ? _ ("Erase, then write") : _ ("Write");
}

static char *
dup_option (FlashLayoutEntry *entry, char **out_short)
{
  const char *option = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_OPTION);
  const char *words = get_option_words (option, is_boot_stage (entry));

  if (words == NULL)
    return g_strdup (option);
  if (out_short != NULL)
    *out_short = g_strdup (option);
  /* TRANSLATORS: what is done with a partition, and the letters for it: “Write (P)” */
  return g_strdup_printf (_ ("%1$s (%2$s)"), words, option);
}

gboolean
flash_cell_words_has_file (FlashLayoutEntry *entry)
{
  const char *file = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_BINARY);

  return *file != '\0' && !g_str_equal (file, NO_FILE);
}

static char *
dup_file (FlashLayoutEntry *entry, char **out_short)
{
  const char *file = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_BINARY);

  if (!flash_cell_words_has_file (entry))
    return g_strdup (_ ("No file"));
  if (out_short != NULL && strchr (file, '/') != NULL)
    *out_short = g_path_get_basename (file);
  return g_strdup (file);
}

static char *
dup_size (guint64 bytes)
{
  return bytes != FLASH_SIZE_UNKNOWN ? flash_text_size (bytes) : g_strdup ("");
}

char *
flash_cell_words_dup_text (FlashCellColumn column, FlashLayoutEntry *entry,
                           const FlashRowFacts *facts, char **out_short)
{
  if (out_short != NULL)
    *out_short = NULL;
  switch (column) {
  case FLASH_CELL_MARK:
    if (facts == NULL || !facts->has_severity)
      return g_strdup ("");
    return g_strdup (flash_words_severity (facts->severity));
  case FLASH_CELL_ENABLED:
    return g_strdup (flash_layout_entry_is_enabled (entry) ? C_ ("line", "On")
                                                           : C_ ("line", "Off"));
  case FLASH_CELL_OPTION:
    return dup_option (entry, out_short);
  case FLASH_CELL_FILE:
    return dup_file (entry, out_short);
  case FLASH_CELL_SLOT:
    return dup_size (facts != NULL ? facts->slot_size : FLASH_SIZE_UNKNOWN);
  case FLASH_CELL_SIZE:
    return dup_size (facts != NULL ? facts->image_size : FLASH_SIZE_UNKNOWN);
  case FLASH_CELL_ID:
  case FLASH_CELL_NAME:
  case FLASH_CELL_TYPE:
  case FLASH_CELL_IP:
  case FLASH_CELL_OFFSET:
    return g_strdup (flash_layout_entry_get_cell (entry, layout_columns[column]));
  case FLASH_CELL_N_COLUMNS:
    break;
  }
  g_return_val_if_reached (NULL);
}

char *
flash_cell_words_dup_row_name (FlashLayoutEntry *entry)
{
  const char *name = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_NAME);

  if (*name != '\0')
    return g_strdup (name);
  return g_strdup_printf (_ ("line %u"), flash_layout_entry_get_number (entry));
}

char *
flash_cell_words_dup_label (FlashCellColumn column, FlashLayoutEntry *entry,
                            const FlashRowFacts *facts)
{
  g_autofree char *text = flash_cell_words_dup_text (column, entry, facts, NULL);
  g_autofree char *row = flash_cell_words_dup_row_name (entry);
  const char *shown = *text != '\0' ? text : _ ("nothing");

  if (column == FLASH_CELL_NAME && !flash_layout_entry_is_enabled (entry))
    /* TRANSLATORS: title of a column, its contents, name of the row; for screen readers */
    return g_strdup_printf (_ ("%1$s: %2$s, row %3$s, switched off"),
                            flash_cell_words_title (column), shown, row);
  /* TRANSLATORS: title of a column, its contents, name of the row; for screen readers */
  return g_strdup_printf (_ ("%1$s: %2$s, row %3$s"), flash_cell_words_title (column), shown, row);
}

/* --- what can be chosen ------------------------------------------------------------------- */

static void
add_choice (GArray *choices, const char *value, const char *words)
{
  FlashCellChoice choice = { value, words };

  g_array_append_val (choices, choice);
}

static void
add_options (GArray *choices, gboolean is_boot)
{
  static const char *const options[] = { "P", "PE", "PD", "PED", "-" };

  for (guint i = is_boot ? G_N_ELEMENTS (options) - 1 : 0; i < G_N_ELEMENTS (options); i++)
    add_choice (choices, options[i], get_option_words (options[i], is_boot));
}

/* Several copies are for first stages on NAND alone (stm32mp-usb.md section 3.14, check 20). */
static void
add_types (GArray *choices, gboolean is_nand)
{
  add_choice (choices, flash_layout_type_get_name (FLASH_LAYOUT_TYPE_BINARY), _ ("first stage"));
  if (is_nand)
    add_choice (choices, "Binary(2)", _ ("first stage, stored twice"));
  add_choice (choices, flash_layout_type_get_name (FLASH_LAYOUT_TYPE_FIP), _ ("second stage"));
  add_choice (choices, flash_layout_type_get_name (FLASH_LAYOUT_TYPE_FWU_MDATA),
              _ ("which of two copies starts"));
  add_choice (choices, flash_layout_type_get_name (FLASH_LAYOUT_TYPE_ENV),
              _ ("settings of U-Boot"));
  add_choice (choices, flash_layout_type_get_name (FLASH_LAYOUT_TYPE_SYSTEM),
              _ ("bootable file system"));
  add_choice (choices, flash_layout_type_get_name (FLASH_LAYOUT_TYPE_FILESYSTEM),
              _ ("file system"));
  add_choice (choices, flash_layout_type_get_name (FLASH_LAYOUT_TYPE_ESP), _ ("EFI system"));
  add_choice (choices, flash_layout_type_get_name (FLASH_LAYOUT_TYPE_RAW_IMAGE),
              _ ("whole storage"));
}

static void
add_storages (GArray *choices)
{
  add_choice (choices, "mmc0", _ ("usually the SD card"));
  add_choice (choices, "mmc1", _ ("usually the eMMC"));
  add_choice (choices, "nor0", _ ("serial NOR flash"));
  add_choice (choices, "nand0", _ ("parallel NAND flash"));
  add_choice (choices, "spi-nand0", _ ("serial NAND flash"));
  add_choice (choices, "ram0", _ ("memory, gone after a reset"));
  add_choice (choices, BOOT_STORAGE, _ ("started from memory, not stored"));
}

GArray *
flash_cell_words_list_choices (FlashCellColumn column, FlashLayoutEntry *entry)
{
  GArray *choices = g_array_new (FALSE, FALSE, sizeof (FlashCellChoice));
  const char *ip = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_IP);

  if (column == FLASH_CELL_OPTION)
    add_options (choices, is_boot_stage (entry));
  else if (column == FLASH_CELL_TYPE)
    add_types (choices, strstr (ip, "nand") != NULL);
  else if (column == FLASH_CELL_IP)
    add_storages (choices);
  return choices;
}

/* --- writing ------------------------------------------------------------------------------ */

static char *
dup_reason (FlashLayoutColumn column, const char *text)
{
  if (*text == '\0')
    return g_strdup (_ ("A cell cannot be empty: the board would take the next one for it. "
                        "Write something, or press Escape."));
  if (strpbrk (text, "\t\r\n") != NULL)
    return g_strdup (_ ("A cell cannot hold a tab or a line break: the board ends the cell there. "
                        "Remove it."));
  if (column == FLASH_LAYOUT_COLUMN_OPTION && *text == '#')
    return g_strdup (_ ("A line that begins with # is a comment. Switch the line off instead."));
  return g_strdup (_ ("This is too long for a cell. 4096 bytes are the most."));
}

gboolean
flash_cell_words_set (FlashLayoutDocument *document, FlashLayoutEntry *entry,
                      FlashCellColumn column, const char *text, char **out_reason)
{
  FlashLayoutColumn layout_column = flash_cell_words_to_layout (column);

  if (g_str_equal (text, flash_layout_entry_get_cell (entry, layout_column)))
    return TRUE;
  if (column == FLASH_CELL_FILE && (*text == '\0' || g_str_equal (text, NO_FILE))) {
    flash_layout_document_set_binary (document, entry, NULL);
    return TRUE;
  }
  if (!flash_layout_cell_is_writable (layout_column, text)) {
    if (out_reason != NULL)
      *out_reason = dup_reason (layout_column, text);
    return FALSE;
  }
  if (column == FLASH_CELL_FILE)
    flash_layout_document_set_binary (document, entry, text);
  else
    flash_layout_document_set_cell (document, entry, layout_column, text);
  return TRUE;
}
