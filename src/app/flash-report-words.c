/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-words"

#include "config.h"

#include "flash-report-words.h"

#include "flash-text.h"

#include <glib/gi18n.h>

/* What a report of this program has in it lies less deep. */
#define MAX_DEPTH 16
#define MAX_VALUE_CHARS 4000

/* --- names ---------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  const char *title; /* to be translated */
  const char *icon;
} Name;

static const Name sources[] = {
  { "job", N_ ("Job"), "media-playback-start-symbolic" },
  { "port", N_ ("USB port"), "media-removable-symbolic" },
  { "console", N_ ("Console"), "utilities-terminal-symbolic" },
  { "kernel", N_ ("Kernel"), "computer-symbolic" },
  { "advice", N_ ("Advice"), "dialog-information-symbolic" },
  { "user", N_ ("User"), "avatar-default-symbolic" },
};

static const Name sections[] = {
  { "board", N_ ("Board"), NULL },        { "findings", N_ ("Findings"), NULL },
  { "host", N_ ("This computer"), NULL }, { "job", N_ ("Job"), NULL },
  { "plan", N_ ("Plan"), NULL },          { "usb", N_ ("USB"), NULL },
  { "versions", N_ ("Versions"), NULL },
};

const char *const *
flash_report_words_list_sources (void)
{
  static const char *names[G_N_ELEMENTS (sources) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    names[i] = sources[i].name;
  return names;
}

static const Name *
find_source (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (g_strcmp0 (sources[i].name, name) == 0)
      return &sources[i];
  return NULL;
}

const char *
flash_report_words_source (const char *source)
{
  const Name *name = find_source (source);

  return name != NULL ? _ (name->title) : source;
}

const char *
flash_report_words_icon (const char *source)
{
  const Name *name = find_source (source);

  return name != NULL ? name->icon : "dialog-question-symbolic";
}

const char *
flash_report_words_section (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    if (g_str_equal (sections[i].name, name))
      return _ (sections[i].title);
  return name;
}

/* --- moments -------------------------------------------------------------------------------- */

char *
flash_report_words_dup_time (gint64 time_ms)
{
  gint64 shown_ms = MAX (time_ms, 0);

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d.%03d", shown_ms / 60000,
                          (int) (shown_ms / 1000 % 60), (int) (shown_ms % 1000));
}

char *
flash_report_words_dup_moment (const FlashReportMoment *moment)
{
  g_autofree char *time = flash_report_words_dup_time (moment->time_ms);

  return g_strdup_printf (
      "%10s  %-8s %s%s%s%s\n", time, moment->source, moment->text, moment->code != NULL ? " [" : "",
      moment->code != NULL ? moment->code : "", moment->code != NULL ? "]" : "");
}

/* --- facts ---------------------------------------------------------------------------------- */

static void append_node (GString *text, JsonNode *node, guint depth);

static void
append_line (GString *text, guint depth, const char *name, JsonNode *node)
{
  g_autofree char *safe_name = flash_text_sanitize (name, strlen (name), MAX_VALUE_CHARS);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, "    ");
  g_string_append_printf (text, "%s:", safe_name);
  if (JSON_NODE_HOLDS_VALUE (node) || JSON_NODE_HOLDS_NULL (node) || depth >= MAX_DEPTH) {
    g_string_append_c (text, ' ');
    append_node (text, depth < MAX_DEPTH ? node : NULL, depth);
    g_string_append_c (text, '\n');
  } else {
    g_string_append_c (text, '\n');
    append_node (text, node, depth + 1);
  }
}

static void
append_value (GString *text, JsonNode *node)
{
  g_autofree char *value = NULL;
  g_autofree char *safe = NULL;

  /* Without the marks that a text has in JSON: whoever reads it wants the text. */
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    value = json_node_dup_string (node);
  else
    value = json_to_string (node, FALSE);
  safe = flash_text_sanitize (value, strlen (value), MAX_VALUE_CHARS);
  g_string_append (text, safe);
}

static void
append_array (GString *text, JsonArray *array, guint depth)
{
  for (guint i = 0; i < json_array_get_length (array); i++) {
    g_autofree char *number = g_strdup_printf ("%u", i + 1);

    append_line (text, depth, number, json_array_get_element (array, i));
  }
}

static void
append_object (GString *text, JsonObject *object, guint depth)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *link = names; link != NULL; link = link->next)
    append_line (text, depth, link->data, json_object_get_member (object, link->data));
}

/* @node: (nullable): %NULL for what lies too deep */
static void
append_node (GString *text, JsonNode *node, guint depth)
{
  if (node == NULL)
    g_string_append (text, "…");
  else if (JSON_NODE_HOLDS_OBJECT (node))
    append_object (text, json_node_get_object (node), depth);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    append_array (text, json_node_get_array (node), depth);
  else if (JSON_NODE_HOLDS_NULL (node))
    /* TRANSLATORS: a fact that nobody could find out */
    g_string_append (text, _ ("not known"));
  else
    append_value (text, node);
}

char *
flash_report_words_dup_facts (JsonNode *section)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (section != NULL, g_string_free (text, FALSE));

  append_node (text, section, 0);
  return g_string_free (text, FALSE);
}

/* --- texts ---------------------------------------------------------------------------------- */

/* The toolkit lays out a line as a whole: one of megabytes would stop the window. */
char *
flash_report_words_dup_shown (const char *text)
{
  GString *shown = g_string_new (NULL);
  guint n_in_line = 0;
  guint n_chars = 0;

  g_return_val_if_fail (text != NULL, g_string_free (shown, FALSE));

  for (; *text != '\0' && n_chars < FLASH_REPORT_WORDS_MAX_CHARS; n_chars++) {
    const char *next = g_utf8_next_char (text);

    n_in_line = *text == '\n' ? 0 : n_in_line + 1;
    g_string_append_len (shown, text, next - text);
    if (n_in_line == FLASH_REPORT_WORDS_LINE_CHARS) {
      g_string_append_c (shown, '\n');
      n_in_line = 0;
    }
    text = next;
  }
  if (*text != '\0')
    g_string_append_printf (shown, "\n\n%s\n", _ ("There is more of it, which is not shown here."));
  return g_string_free (shown, FALSE);
}

char *
flash_report_words_dup_refusal (const GError *error)
{
  if (g_error_matches (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_NOT_A_REPORT))
    return g_strdup (_ ("It is no report of Flashwright."));
  if (g_error_matches (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_REFUSED))
    return g_strdup (_ ("It contains what no report has: too much, or names that lead elsewhere. "
                        "It was not opened. Do not trust whoever has sent it."));
  if (g_error_matches (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_DAMAGED))
    return g_strdup (_ ("It is damaged. Ask for it again, by another way."));
  /* TRANSLATORS: what the system said */
  return g_strdup_printf (_ ("It cannot be read. In detail: %s"), error->message);
}
