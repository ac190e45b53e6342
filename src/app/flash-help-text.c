/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-help-text"

#include "config.h"

#include "flash-help-text.h"

#include <gio/gio.h>

#define HELP_FOLDER "/io/github/flashwright/Flashwright/help"

void
flash_help_block_free (FlashHelpBlock *self)
{
  g_free (self->text);
  g_free (self);
}

/* --- blocks --------------------------------------------------------------------------------- */

typedef struct {
  GPtrArray *blocks; /* (owned) */
  FlashHelpBlock *open; /* (transfer none) (nullable): further lines belong to it */
  gboolean is_code;
} Parser;

static FlashHelpBlock *
add_block (Parser *self, FlashHelpKind kind, const char *text)
{
  FlashHelpBlock *block = g_new0 (FlashHelpBlock, 1);

  block->kind = kind;
  block->text = g_strdup (text);
  g_ptr_array_add (self->blocks, block);
  return block;
}

static void
append (FlashHelpBlock *block, const char *separator, const char *line)
{
  char *longer = g_strconcat (block->text, block->text[0] != '\0' ? separator : "", line, NULL);

  g_free (block->text);
  block->text = longer;
}

/* Returns: what follows behind “12. ”, and its number; %NULL if the line does not begin so. */
static const char *
skip_number (const char *line, guint *out_number)
{
  char *end = NULL;
  guint64 number = g_ascii_strtoull (line, &end, 10);

  if (!g_ascii_isdigit (line[0]) || end[0] != '.' || end[1] != ' ' || number > 99)
    return NULL;
  *out_number = (guint) number;
  return end + 2;
}

static void
parse_line (Parser *self, const char *line)
{
  const char *text = line;
  const char *step;
  guint number = 0;

  while (*text == ' ')
    text++;
  step = skip_number (text, &number);
  if (*text == '\0') {
    self->open = NULL;
  } else if (g_str_has_prefix (text, "# ")) {
    add_block (self, FLASH_HELP_TITLE, text + 2);
    self->open = NULL;
  } else if (g_str_has_prefix (text, "## ")) {
    add_block (self, FLASH_HELP_HEADING, text + 3);
    self->open = NULL;
  } else if (g_str_has_prefix (text, "* ")) {
    self->open = add_block (self, FLASH_HELP_POINT, text + 2);
  } else if (step != NULL) {
    self->open = add_block (self, FLASH_HELP_STEP, step);
    self->open->number = number;
  } else if (self->open != NULL) {
    append (self->open, " ", text);
  } else {
    self->open = add_block (self, FLASH_HELP_PARAGRAPH, text);
  }
}

GPtrArray *
flash_help_text_parse (const char *text)
{
  Parser self = { g_ptr_array_new_with_free_func ((GDestroyNotify) flash_help_block_free), NULL,
                  FALSE };
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (text != NULL, self.blocks);

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix (lines[i], "```")) {
      self.is_code = !self.is_code;
      self.open = self.is_code ? add_block (&self, FLASH_HELP_CODE, "") : NULL;
    } else if (self.is_code) {
      append (self.open, "\n", lines[i]);
    } else if (!g_str_has_prefix (lines[i], "<!--")) {
      parse_line (&self, lines[i]);
    }
  }
  return self.blocks;
}

/* --- what is in a line ---------------------------------------------------------------------- */

static void
append_escaped (GString *markup, const char *text, gsize length)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) length);

  g_string_append (markup, escaped);
}

/* Returns: how long “[text](address)” at @text is, 0 if there is none. */
static gsize
append_link (GString *markup, const char *text)
{
  const char *middle = strstr (text, "](");
  const char *end = middle != NULL ? strchr (middle, ')') : NULL;

  if (end == NULL || memchr (text + 1, '[', (gsize) (middle - text) - 1) != NULL)
    return 0;
  g_string_append (markup, "<a href=\"");
  append_escaped (markup, middle + 2, (gsize) (end - middle) - 2);
  g_string_append (markup, "\">");
  append_escaped (markup, text + 1, (gsize) (middle - text) - 1);
  g_string_append (markup, "</a>");
  return (gsize) (end - text) + 1;
}

/* Returns: how long “MARKtextMARK” at @text is, 0 if there is none. */
static gsize
append_marked (GString *markup, const char *text, const char *mark, const char *tag)
{
  gsize length = strlen (mark);
  const char *end = strstr (text + length, mark);

  if (end == NULL)
    return 0;
  g_string_append_printf (markup, "<%s>", tag);
  append_escaped (markup, text + length, (gsize) (end - text) - length);
  g_string_append_printf (markup, "</%s>", tag);
  return (gsize) (end - text) + length;
}

char *
flash_help_text_dup_markup (const char *text)
{
  GString *markup = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, g_string_free (markup, FALSE));

  while (*text != '\0') {
    gsize length = 0;

    if (*text == '[')
      length = append_link (markup, text);
    else if (*text == '`')
      length = append_marked (markup, text, "`", "tt");
    else if (g_str_has_prefix (text, "**"))
      length = append_marked (markup, text, "**", "b");
    if (length == 0) {
      length = (gsize) (g_utf8_next_char (text) - text);
      append_escaped (markup, text, length);
    }
    text += length;
  }
  return g_string_free (markup, FALSE);
}

/* --- pages ---------------------------------------------------------------------------------- */

const char *const *
flash_help_page_list (void)
{
  static const char *const pages[] = {
    FLASH_HELP_INDEX, "first-flash",   "flash-firmware",   "practice",
    "lost-board",     "access",        "cables-and-hubs",  "virtual-machines",
    "boot-switches",  "power",         "revive",           "layouts",
    "new-layout",     "one-partition", "first-stage",      "second-stage",
    "storage",        "cards",         "microcontrollers", "protection",
    "memory",         "files",         "verification",     "console",
    "reports",        "repair",        "command-line",     NULL,
  };

  return pages;
}

static char *
load (const char *language, const char *name)
{
  g_autofree char *path = g_strconcat (HELP_FOLDER "/", language, "/", name, ".md", NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : NULL;
}

char *
flash_help_page_dup_text (const char *name)
{
  const char *const *languages = g_get_language_names ();
  char *text = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (!g_strv_contains (flash_help_page_list (), name))
    return NULL;
  /* The last of them is “C”. */
  for (guint i = 0; text == NULL && languages[i] != NULL; i++)
    text = load (languages[i], name);
  return text;
}

char *
flash_help_page_dup_title (const char *name)
{
  g_autofree char *text = flash_help_page_dup_text (name);
  g_autoptr (GPtrArray) blocks = text != NULL ? flash_help_text_parse (text) : NULL;

  for (guint i = 0; blocks != NULL && i < blocks->len; i++) {
    FlashHelpBlock *block = g_ptr_array_index (blocks, i);

    if (block->kind == FLASH_HELP_TITLE)
      return g_steal_pointer (&block->text);
  }
  return NULL;
}

gboolean
flash_help_text_has_words (const char *text, const char *query)
{
  g_autofree char *folded = NULL;
  g_autofree char *folded_query = NULL;
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (query != NULL, FALSE);

  folded = g_utf8_casefold (text, -1);
  folded_query = g_utf8_casefold (query, -1);
  words = g_strsplit_set (folded_query, " \t", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
flash_help_page_matches (const char *name, const char *query)
{
  g_autofree char *text = flash_help_page_dup_text (name);

  return text != NULL && flash_help_text_has_words (text, query);
}
