/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-diag"

#include "config.h"

#include "flash-cli-diag.h"

#include "flash-text.h"

#include <glib/gi18n.h>
#include <unistd.h>

/* A message may hold names from a file or a board: nothing of that kind is longer. */
#define MAX_MESSAGE_CHARS 2000

#define PLAIN "\033[0m"

const char *
flash_cli_translate (const char *text)
{
  return gettext (text);
}

char *
flash_cli_dup_safe (const char *text)
{
  return flash_text_sanitize (text, strlen (text), MAX_MESSAGE_CHARS);
}

gboolean
flash_cli_has_colours (FILE *stream)
{
  const char *no_color = g_getenv ("NO_COLOR");

  return isatty (fileno (stream)) && (no_color == NULL || *no_color == '\0') &&
         g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

/* Returns: a format with one place for a message. */
static const char *
get_severity_format (FlashSeverity severity)
{
  switch (severity) {
  case FLASH_SEVERITY_INFO:
    /* TRANSLATORS: %s is a message; what stands before it may be shown in colours */
    return _ ("note: %s");
  case FLASH_SEVERITY_WARNING:
    /* TRANSLATORS: %s is a message; what stands before it may be shown in colours */
    return _ ("warning: %s");
  case FLASH_SEVERITY_ERROR:
    /* TRANSLATORS: %s is a message; what stands before it may be shown in colours */
    return _ ("error: %s");
  }
  g_return_val_if_reached (NULL);
}

static const char *
get_severity_colour (FlashSeverity severity)
{
  switch (severity) {
  case FLASH_SEVERITY_INFO:
    return "\033[1;36m";
  case FLASH_SEVERITY_WARNING:
    return "\033[1;33m";
  case FLASH_SEVERITY_ERROR:
    return "\033[1;31m";
  }
  g_return_val_if_reached (PLAIN);
}

static void
append_place (GString *out, const FlashDiag *diag)
{
  guint line = flash_diag_get_line (diag), column = flash_diag_get_column (diag);

  if (line > 0 && column > 0)
    /* TRANSLATORS: a place in a file, before a message about it */
    g_string_append_printf (out, _ ("line %u, column %u: "), line, column);
  else if (line > 0)
    /* TRANSLATORS: a place in a file, before a message about it */
    g_string_append_printf (out, _ ("line %u: "), line);
}

static void
append_message (GString *out, FlashSeverity severity, const char *message, gboolean has_colours)
{
  g_auto (GStrv) pieces = g_strsplit (get_severity_format (severity), "%s", 2);

  g_return_if_fail (g_strv_length (pieces) == 2);
  g_string_append_printf (out, "%s%s%s%s%s", has_colours ? get_severity_colour (severity) : "",
                          pieces[0], has_colours ? PLAIN : "", message, pieces[1]);
}

char *
flash_cli_diag_format (const FlashDiag *diag, gboolean has_colours)
{
  g_autofree char *raw_message = flash_diag_dup_message (diag, flash_cli_translate);
  g_autofree char *raw_fix = flash_diag_dup_fix (diag, flash_cli_translate);
  g_autofree char *message = flash_cli_dup_safe (raw_message);
  GString *out = g_string_new (NULL);

  append_place (out, diag);
  append_message (out, flash_diag_get_severity (diag), message, has_colours);
  g_string_append_printf (out, " [%s]\n", flash_diag_get_code (diag));
  if (flash_diag_get_device_text (diag) != NULL) {
    g_autofree char *text = flash_cli_dup_safe (flash_diag_get_device_text (diag));

    /* TRANSLATORS: %s is what the board itself says, word for word */
    g_string_append_printf (out, _ ("    the board says: %s\n"), text);
  }
  if (raw_fix != NULL) {
    g_autofree char *fix = flash_cli_dup_safe (raw_fix);

    /* TRANSLATORS: %s is a sentence, what to do about a problem */
    g_string_append_printf (out, _ ("    fix: %s\n"), fix);
  }
  return g_string_free (out, FALSE);
}

void
flash_cli_diag_print (const FlashDiagList *diags, FILE *stream)
{
  gboolean has_colours = flash_cli_has_colours (stream);

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    g_autofree char *text = flash_cli_diag_format (flash_diag_list_get (diags, i), has_colours);

    if (stream == stdout)
      g_print ("%s", text);
    else
      g_printerr ("%s", text);
  }
}
