/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-document-test"

#include "config.h"

#include "flash-layout-document-test.h"

FlashLayoutDocument *
flash_layout_document_test_open (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return flash_layout_document_new (bytes);
}

FlashLayoutEntry *
flash_layout_document_test_get (FlashLayoutDocument *document, guint position)
{
  g_autoptr (FlashLayoutEntry) entry = g_list_model_get_item (G_LIST_MODEL (document), position);

  g_assert_nonnull (entry);
  return entry;
}

void
flash_layout_document_test_assert_text (FlashLayoutDocument *document, const char *text)
{
  g_autoptr (GBytes) bytes = flash_layout_document_dup_text (document);
  g_autofree char *copy = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (copy, ==, text);
  flash_layout_edit_script_check (document);
}

void
flash_layout_document_test_assert_edited (FlashLayoutDocument *document, const char *before,
                                          const char *after)
{
  flash_layout_document_test_assert_text (document, after);
  g_assert_true (flash_layout_document_undo (document));
  flash_layout_document_test_assert_text (document, before);
}

void
flash_layout_document_test_insert (FlashLayoutDocument *document, guint position)
{
  static const char *const cells[] = { "P", "0x12", "c", "FIP", "mmc0", "0x30000", "x", NULL };

  g_assert_nonnull (flash_layout_document_insert (document, position, cells));
}
