/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-json"

#include "config.h"

#include "flash-cli-json.h"

#include "flash-advice.h"

#include <stdio.h>

void
flash_cli_json_add_text (JsonBuilder *builder, const char *name, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

void
flash_cli_json_add_number (JsonBuilder *builder, const char *name, guint64 number)
{
  json_builder_set_member_name (builder, name);
  if (number <= G_MAXINT64)
    json_builder_add_int_value (builder, (gint64) number);
  else
    json_builder_add_double_value (builder, (double) number);
}

void
flash_cli_json_add_flag (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
flash_cli_json_add_advice (JsonBuilder *builder, const char *code)
{
  const FlashAdvice *advice = flash_advice_find (code);

  if (advice == NULL)
    return;
  flash_cli_json_add_text (builder, "cause", advice->cause);
  flash_cli_json_add_text (builder, "remedy", advice->remedy);
}

static void
add_diag (JsonBuilder *builder, const FlashDiag *diag)
{
  g_autofree char *message = flash_diag_dup_message (diag, NULL);
  g_autofree char *fix = flash_diag_dup_fix (diag, NULL);

  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "severity",
                           flash_severity_get_name (flash_diag_get_severity (diag)));
  flash_cli_json_add_text (builder, "code", flash_diag_get_code (diag));
  flash_cli_json_add_text (builder, "message", message);
  if (flash_diag_get_line (diag) > 0)
    flash_cli_json_add_number (builder, "line", flash_diag_get_line (diag));
  if (flash_diag_get_column (diag) > 0)
    flash_cli_json_add_number (builder, "column", flash_diag_get_column (diag));
  if (fix != NULL)
    flash_cli_json_add_text (builder, "fix", fix);
  if (flash_diag_get_device_text (diag) != NULL)
    flash_cli_json_add_text (builder, "device_text", flash_diag_get_device_text (diag));
  json_builder_end_object (builder);
}

void
flash_cli_json_add_diags (JsonBuilder *builder, const FlashDiagList *diags)
{
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++)
    add_diag (builder, flash_diag_list_get (diags, i));
  json_builder_end_array (builder);
}

void
flash_cli_json_print (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);

  /* Not g_print (): JSON is UTF-8 whatever the locale says. */
  fputs (text, stdout);
  fputc ('\n', stdout);
  fflush (stdout);
}
