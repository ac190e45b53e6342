/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-columns"

#include "config.h"

#include "flash-cli-columns.h"

#include <string.h>

/* Before each column, the first one too. */
#define GAP "  "

struct _FlashCliTable {
  GArray *widths; /* (owned) (element-type int): at least, as given */
  GPtrArray *rows; /* (owned) (element-type GStrv) */
};

/* Takes one character. What is no UTF-8 is shown as some replacement for each byte. */
static guint
take_character (const char **text)
{
  gunichar character = g_utf8_get_char_validated (*text, -1);

  if (character == (gunichar) -1 || character == (gunichar) -2) {
    (*text)++;
    return 1;
  }
  *text = g_utf8_next_char (*text);
  if (g_unichar_iszerowidth (character))
    return 0;
  return g_unichar_iswide (character) ? 2 : 1;
}

guint
flash_cli_get_width (const char *text)
{
  guint width = 0;

  g_return_val_if_fail (text != NULL, 0);

  while (*text != '\0')
    width += take_character (&text);
  return width;
}

guint
flash_cli_get_widest (const char *const *texts)
{
  guint widest = 0;

  g_return_val_if_fail (texts != NULL, 0);

  for (guint i = 0; texts[i] != NULL; i++)
    widest = MAX (widest, flash_cli_get_width (texts[i]));
  return widest;
}

char *
flash_cli_pad (const char *text, int width)
{
  int n_blanks;

  g_return_val_if_fail (text != NULL, NULL);

  n_blanks = MAX (ABS (width) - (int) flash_cli_get_width (text), 0);
  return width < 0 ? g_strdup_printf ("%*s%s", n_blanks, "", text)
                   : g_strdup_printf ("%s%*s", text, n_blanks, "");
}

char *
flash_cli_cut (const char *text, guint width)
{
  const char *end = text;

  g_return_val_if_fail (text != NULL, NULL);

  while (*end != '\0') {
    const char *next = end;
    guint taken = take_character (&next);

    if (taken > width)
      break;
    width -= taken;
    end = next;
  }
  return g_strndup (text, (gsize) (end - text));
}

FlashCliTable *
flash_cli_table_new (const int *widths)
{
  FlashCliTable *self;

  g_return_val_if_fail (widths != NULL, NULL);

  self = g_new0 (FlashCliTable, 1);
  self->widths = g_array_new (FALSE, FALSE, sizeof (int));
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint i = 0; widths[i] != 0; i++)
    g_array_append_val (self->widths, widths[i]);
  return self;
}

void
flash_cli_table_free (FlashCliTable *self)
{
  g_array_unref (self->widths);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

void
flash_cli_table_add (FlashCliTable *self, const char *first, ...)
{
  g_autoptr (GStrvBuilder) row = g_strv_builder_new ();
  va_list args;

  g_return_if_fail (self != NULL);

  va_start (args, first);
  for (const char *cell = first; cell != NULL; cell = va_arg (args, const char *))
    g_strv_builder_add (row, cell);
  va_end (args);
  g_ptr_array_add (self->rows, g_strv_builder_end (row));
}

static int
get_column_width (const FlashCliTable *self, guint column)
{
  int at_least = g_array_index (self->widths, int, column);
  int width = ABS (at_least);

  for (guint i = 0; i < self->rows->len; i++) {
    const char *const *row = g_ptr_array_index (self->rows, i);

    width = MAX (width, (int) flash_cli_get_width (row[column]));
  }
  return at_least < 0 ? -width : width;
}

char *
flash_cli_table_dup_text (const FlashCliTable *self)
{
  g_autoptr (GArray) widths = g_array_new (FALSE, FALSE, sizeof (int));
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  for (guint column = 0; column < self->widths->len; column++) {
    int width = get_column_width (self, column);

    /* Nothing stands behind the last column: no blanks do either. */
    if (column + 1 == self->widths->len && width > 0)
      width = 0;
    g_array_append_val (widths, width);
  }
  for (guint i = 0; i < self->rows->len; i++) {
    const char *const *row = g_ptr_array_index (self->rows, i);

    for (guint column = 0; column < widths->len; column++) {
      g_autofree char *cell = flash_cli_pad (row[column], g_array_index (widths, int, column));

      g_string_append_printf (text, GAP "%s", cell);
    }
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

void
flash_cli_table_print (const FlashCliTable *self)
{
  g_autofree char *text = flash_cli_table_dup_text (self);

  g_print ("%s", text);
}
