/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-recovery-layout"

#include "config.h"

#include "flash-recovery-layout.h"

#include "flash-layout-document.h"

#include <string.h>

#define NO_STORAGE "none"

/* Returns: whether the board gets to see that entry, and it is on that kind of storage */
static gboolean
is_on (FlashLayoutEntry *entry, const char *prefix)
{
  return flash_layout_entry_is_enabled (entry) &&
         g_str_has_prefix (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_IP), prefix);
}

GBytes *
flash_recovery_layout_make_minimal (GBytes *text)
{
  g_autoptr (FlashLayoutDocument) document = NULL;
  guint n_left = 0;

  g_return_val_if_fail (text != NULL, NULL);

  document = flash_layout_document_new (text);
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (document)); i-- > 0;) {
    g_autoptr (FlashLayoutEntry) entry = g_list_model_get_item (G_LIST_MODEL (document), i);

    if (is_on (entry, NO_STORAGE))
      n_left++;
    else
      flash_layout_document_remove (document, entry);
  }
  return n_left > 0 ? flash_layout_document_dup_text (document) : NULL;
}

/* Returns: whether the entry was given its D now */
static gboolean
add_erase (FlashLayoutDocument *document, FlashLayoutEntry *entry)
{
  const char *option = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_OPTION);
  g_autofree char *erasing = NULL;

  if (!flash_layout_entry_is_enabled (entry) || is_on (entry, NO_STORAGE) || is_on (entry, "ram") ||
      strchr (option, 'P') == NULL || strchr (option, 'D') != NULL)
    return FALSE;
  erasing = g_strconcat (option, "D", NULL);
  return flash_layout_document_set_cell (document, entry, FLASH_LAYOUT_COLUMN_OPTION, erasing);
}

/* Whether a row of a storage is erased, be it so already. */
static gboolean
is_erasing (FlashLayoutEntry *entry)
{
  return flash_layout_entry_is_enabled (entry) &&
         strchr (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_OPTION), 'D') != NULL;
}

GBytes *
flash_recovery_layout_make_wiping (GBytes *text, guint *out_n_changed)
{
  g_autoptr (FlashLayoutDocument) document = NULL;
  guint n_changed = 0, n_erasing = 0;

  g_return_val_if_fail (text != NULL && out_n_changed != NULL, NULL);

  document = flash_layout_document_new (text);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (document)); i++) {
    g_autoptr (FlashLayoutEntry) entry = g_list_model_get_item (G_LIST_MODEL (document), i);

    n_changed += add_erase (document, entry);
    n_erasing += is_erasing (entry);
  }
  if (n_erasing == 0)
    return NULL;
  *out_n_changed = n_changed;
  return flash_layout_document_dup_text (document);
}
