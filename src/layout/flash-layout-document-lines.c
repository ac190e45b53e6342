/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits of lines as such, for fixes. */
#define G_LOG_DOMAIN "flash-layout-document-lines"

#include "config.h"

#include "flash-layout-document-private.h"

static gboolean
is_one_line (const char *text)
{
  return strpbrk (text, "\r\n") == NULL;
}

gboolean
flash_layout_document_replace_line (FlashLayoutDocument *self, guint number, const char *text)
{
  FlashLayoutTextLine *line;
  g_autoptr (GPtrArray) none = flash_layout_text_line_array_new ();

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);

  if (number < 1 || number > flash_layout_document_get_n_lines (self) ||
      (text != NULL && !is_one_line (text)))
    return FALSE;
  if (text == NULL)
    return flash_layout_document_splice (self, number - 1, 1, none, FLASH_LAYOUT_EDIT_FIX, NULL);
  line = flash_layout_text_get_line (flash_layout_document_get_text (self), number - 1);
  return flash_layout_document_put_line (
      self, number - 1, flash_layout_text_line_replace (line, text), FLASH_LAYOUT_EDIT_FIX, NULL);
}

gboolean
flash_layout_document_insert_line (FlashLayoutDocument *self, guint number, const char *text)
{
  g_autoptr (GPtrArray) lines = flash_layout_text_line_array_new ();

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (number < 1 || number > flash_layout_document_get_n_lines (self) + 1 || !is_one_line (text))
    return FALSE;
  g_ptr_array_add (lines, flash_layout_text_line_new (text, strlen (text), "", NULL));
  return flash_layout_document_splice (self, number - 1, 0, lines, FLASH_LAYOUT_EDIT_FIX, NULL);
}

/* Adds @line, or what its carriage returns make of it. Only the first part is the line that it was
 * to the user. */
static void
add_parts (GPtrArray *lines, FlashLayoutTextLine *line)
{
  const char *text = line->text;
  FlashLayoutEntry *entry = line->entry;
  const char *end;

  if (strchr (text, '\r') == NULL) {
    g_ptr_array_add (lines, flash_layout_text_line_with_end (line, "\n"));
    return;
  }
  do {
    end = strchrnul (text, '\r');
    g_ptr_array_add (lines, flash_layout_text_line_new (text, (gsize) (end - text), "\n", entry));
    entry = NULL;
    text = end + 1;
  } while (*end != '\0');
}

gboolean
flash_layout_document_normalize_line_ends (FlashLayoutDocument *self)
{
  FlashLayoutText *text;
  g_autoptr (GPtrArray) lines = flash_layout_text_line_array_new ();

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);

  text = flash_layout_document_get_text (self);
  for (guint i = 0; i < text->lines->len; i++)
    add_parts (lines, flash_layout_text_get_line (text, i));
  return flash_layout_document_splice (self, 0, text->lines->len, lines, FLASH_LAYOUT_EDIT_FIX,
                                       NULL);
}

gboolean
flash_layout_document_make_plain (FlashLayoutDocument *self)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) plain = NULL;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);

  bytes = flash_layout_document_dup_text (self);
  plain = flash_layout_text_dup_plain (bytes);
  if (plain == NULL || g_bytes_equal (bytes, plain))
    return FALSE;
  flash_layout_document_replace_text (self, plain, FLASH_LAYOUT_EDIT_FIX);
  return TRUE;
}
