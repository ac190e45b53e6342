/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-repair-make"

#include "config.h"

#include "flash-repair-make.h"

#include "flash-layout-document.h"

#define LAYOUT_NAME "FlashLayout.tsv"

/* Gives the file of a row to the repair, and names it in the copy of the layout. */
static gboolean
add_row (FlashRepair *repair, FlashLayoutDocument *document, FlashLayoutRow *row, GError **error)
{
  const char *path = flash_layout_row_get_path (row);
  FlashLayoutEntry *entry;
  const char *name;

  if (path == NULL)
    return TRUE;
  name = flash_repair_add_file (repair, path, error);
  if (name == NULL)
    return FALSE;
  entry = flash_layout_document_find_line (document, flash_layout_row_get_line (row));
  if (entry != NULL)
    flash_layout_document_set_cell (document, entry, FLASH_LAYOUT_COLUMN_BINARY, name);
  return TRUE;
}

FlashRepair *
flash_repair_make_for_layout (const char *case_id, const FlashRepairWords *words, GBytes *text,
                              const char *path, GError **error)
{
  g_autoptr (FlashRepair) self = NULL;
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayoutDocument) document = NULL;
  g_autoptr (FlashLayout) layout = NULL;
  g_autoptr (GBytes) copy = NULL;
  g_autofree char *folder = NULL;
  const char *name;

  g_return_val_if_fail (case_id != NULL && words != NULL && text != NULL, NULL);

  folder = path != NULL ? g_path_get_dirname (path) : NULL;
  layout = flash_layout_new_from_bytes (text, folder, diags);
  document = flash_layout_document_new (text);
  self = flash_repair_new (case_id, words);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (layout)); i++) {
    g_autoptr (FlashLayoutRow) row = g_list_model_get_item (G_LIST_MODEL (layout), i);

    if (!add_row (self, document, row, error))
      return NULL;
  }
  copy = flash_layout_document_dup_text (document);
  name = flash_repair_add_bytes (self, LAYOUT_NAME, copy);
  if (name == NULL) {
    g_set_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_REFUSED,
                 "more than %d files belong to it", FLASH_REPAIR_MAX_FILES);
    return NULL;
  }
  flash_repair_set_main (self, name);
  return g_steal_pointer (&self);
}
