/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-edit-script"

#include "config.h"

#include "flash-layout-edit-script.h"
#include "flash-layout-template.h"

static const char *const values[] = {
  "P",
  "-",
  "PED",
  "p",
  "0x10",
  "0x04",
  "16",
  "name",
  "a-name-that-is-too-long-for-the-board",
  "Binary",
  "Binary(2)",
  "filesystem",
  "FileSystem",
  "mmc0",
  "nand0",
  "none",
  "boot1",
  "0x00080000",
  "64M",
  "images/größer als ;,| das.ext4",
  "",
  "two\twords",
  "#",
};

static const char *const texts[] = {
  "",
  "# a comment",
  "#Opt\tId\tName\tType\tIP\tOffset\tBinary",
  "P\t0x20\tnew\tBinary\tmmc0\t0x10000\tnone",
  "P 0x21 blanks Binary mmc0 0x20000 none",
  "-;0x22;semicolons;FIP;none;0x0;fip.bin",
  "#P\t0x23\toff\tBinary\tmmc0\t0x30000\tnone",
  "broken",
  "two\nlines",
};

static FlashLayoutEntry *
pick (FlashLayoutDocument *document, guint8 byte)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (document));
  g_autoptr (FlashLayoutEntry) entry = NULL;

  if (n > 0)
    entry = g_list_model_get_item (G_LIST_MODEL (document), byte % n);
  return entry;
}

static void
edit_rows (FlashLayoutDocument *document, const guint8 *bytes)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (document));
  FlashLayoutEntry *entry = pick (document, bytes[1]);
  g_autoptr (GBytes) text = flash_layout_document_dup_text (document);
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  g_auto (GStrv) cells = NULL;

  switch (bytes[0] % 8) {
  case 0:
    cells = flash_layout_template_dup_row (bytes[2] % FLASH_LAYOUT_TEMPLATE_N_ROWS, text, NULL, 0);
    flash_layout_document_insert (document, bytes[1] % (n + 1), (const char *const *) cells);
    break;
  case 1:
    flash_layout_document_remove (document, entry);
    break;
  case 2:
    flash_layout_document_duplicate (document, entry);
    break;
  case 3:
    flash_layout_document_move (document, entry, bytes[2] % n);
    break;
  case 4:
    g_ptr_array_add (entries, entry);
    g_ptr_array_add (entries, pick (document, bytes[2]));
    flash_layout_document_keep_only (document, entries);
    break;
  case 5:
    flash_layout_document_set_enabled (document, entry, !flash_layout_entry_is_enabled (entry));
    break;
  case 6:
    flash_layout_document_set_binary (
        document, entry, bytes[2] % 3 == 0 ? NULL : values[bytes[2] % G_N_ELEMENTS (values)]);
    break;
  default:
    flash_layout_document_set_cell (document, entry, bytes[2] % 7 + 1,
                                    values[bytes[3] % G_N_ELEMENTS (values)]);
  }
}

static void
edit_lines (FlashLayoutDocument *document, const guint8 *bytes)
{
  guint number = bytes[1] % (flash_layout_document_get_n_lines (document) + 2);
  const char *text = texts[bytes[2] % G_N_ELEMENTS (texts)];

  switch (bytes[0] / 16 % 5) {
  case 0:
    flash_layout_document_replace_line (document, number, text);
    break;
  case 1:
    flash_layout_document_replace_line (document, number, NULL);
    break;
  case 2:
    flash_layout_document_insert_line (document, number, text);
    break;
  case 3:
    if (bytes[1] % 8 == 0)
      flash_layout_document_normalize_line_ends (document);
    break;
  default:
    if (bytes[1] % 8 == 0)
      flash_layout_document_make_plain (document);
  }
}

static void
edit_once (FlashLayoutDocument *document, const guint8 *bytes)
{
  gboolean has_entries = g_list_model_get_n_items (G_LIST_MODEL (document)) > 0;

  if (has_entries && bytes[3] % 4 != 0)
    edit_rows (document, bytes);
  else
    edit_lines (document, bytes);
}

void
flash_layout_edit_script_run (FlashLayoutDocument *document, const guint8 *bytes)
{
  guint8 other[FLASH_LAYOUT_EDIT_SCRIPT_STEP];

  for (guint i = 0; i < sizeof other; i++)
    other[i] = (guint8) (bytes[sizeof other - 1 - i] * 7 + 3);
  switch (bytes[3] / 4 % 16) {
  case 0:
    flash_layout_document_undo (document);
    break;
  case 1:
    flash_layout_document_redo (document);
    break;
  case 2: /* several edits in one step, with a step inside of it */
    flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_FIX_ALL, NULL);
    edit_once (document, bytes);
    flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_FIX, "inside");
    edit_once (document, other);
    flash_layout_document_end (document);
    edit_once (document, bytes);
    flash_layout_document_end (document);
    break;
  case 3: /* one that is broken off, inside of one that is not */
    flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_RESIZE, "dragged");
    edit_once (document, other);
    flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_FIX, NULL);
    edit_once (document, bytes);
    edit_once (document, other);
    flash_layout_document_abandon (document);
    flash_layout_document_end (document);
    break;
  default:
    edit_once (document, bytes);
  }
}

/* The reader takes no more rows than this. */
#define MAX_ROWS 1000

static void
check_row (FlashLayoutDocument *document, FlashLayoutRow *row)
{
  FlashLayoutEntry *entry =
      flash_layout_document_find_line (document, flash_layout_row_get_line (row));

  g_assert_nonnull (entry);
  g_assert_true (flash_layout_entry_is_enabled (entry));
  for (guint column = 1; column <= 7; column++)
    g_assert_cmpstr (flash_layout_entry_get_cell (entry, column), ==,
                     flash_layout_row_get_cell (row, column));
}

static void
check_entries (FlashLayoutDocument *document, guint n_rows)
{
  guint n_enabled = 0, last = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (document)); i++) {
    g_autoptr (FlashLayoutEntry) entry = g_list_model_get_item (G_LIST_MODEL (document), i);
    guint number = flash_layout_entry_get_number (entry);
    g_autofree char *line = flash_layout_document_dup_line (document, number);

    g_assert_cmpuint (number, >, last);
    last = number;
    n_enabled += flash_layout_entry_is_enabled (entry);
    g_assert_true (flash_layout_entry_is_enabled (entry) == (line[strspn (line, "\t")] != '#'));
    g_assert_true (flash_layout_document_find_line (document, number) == entry);
    g_assert_cmpuint (flash_layout_document_find_entry (document, entry), ==, i);
  }
  g_assert_cmpuint (MIN (n_enabled, MAX_ROWS), ==, n_rows);
}

void
flash_layout_edit_script_check (FlashLayoutDocument *document)
{
  g_autoptr (GBytes) text = flash_layout_document_dup_text (document);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = NULL;

  if (flash_layout_document_get_obstacle (document) != FLASH_LAYOUT_OBSTACLE_NONE) {
    g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (document)), ==, 0);
    return;
  }
  layout = flash_layout_new_from_bytes (text, NULL, diags);
  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++)
    check_row (document, flash_layout_get_row (layout, i));
  check_entries (document, flash_layout_get_n_rows (layout));
}

void
flash_layout_edit_script_check_history (FlashLayoutDocument *document, GBytes *original)
{
  g_autoptr (GBytes) edited = flash_layout_document_dup_text (document);
  g_autoptr (GBytes) undone = NULL;
  g_autoptr (GBytes) redone = NULL;

  while (flash_layout_document_redo (document))
    ;
  g_clear_pointer (&edited, g_bytes_unref);
  edited = flash_layout_document_dup_text (document);
  while (flash_layout_document_undo (document))
    ;
  undone = flash_layout_document_dup_text (document);
  g_assert_cmpmem (g_bytes_get_data (undone, NULL), g_bytes_get_size (undone),
                   g_bytes_get_data (original, NULL), g_bytes_get_size (original));
  g_assert_false (flash_layout_document_is_modified (document));
  while (flash_layout_document_redo (document))
    ;
  redone = flash_layout_document_dup_text (document);
  g_assert_cmpmem (g_bytes_get_data (redone, NULL), g_bytes_get_size (redone),
                   g_bytes_get_data (edited, NULL), g_bytes_get_size (edited));
  g_assert_true (flash_layout_document_is_modified (document) == !g_bytes_equal (original, edited));
}
