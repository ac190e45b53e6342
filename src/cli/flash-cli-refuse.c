/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-refuse"

#include "config.h"

#include "flash-cli-refuse.h"

#include "flash-cli-diag.h"
#include "flash-cli-json.h"

#include <glib/gi18n.h>

static void
print_text (const FlashCliRefusal *refusal)
{
  if (refusal->diags != NULL)
    flash_cli_diag_print (refusal->diags, stderr);
  if (refusal->advice != NULL)
    g_printerr ("%s [%s]\n%s\n", _ (refusal->advice->cause), refusal->code,
                _ (refusal->advice->remedy));
  if (refusal->message != NULL) {
    g_autofree char *safe = flash_cli_dup_safe (refusal->message);

    g_printerr (_ ("In detail: %s"), safe);
    g_printerr ("\n");
  }
  g_printerr ("%s\n", _ ("Nothing was sent."));
}

/* The facts about a job that never began. */
static void
add_nothing (JsonBuilder *builder, FlashCliExit exit_code)
{
  flash_cli_json_add_text (builder, "result", "failed");
  flash_cli_json_add_flag (builder, "all_written", FALSE);
  flash_cli_json_add_flag (builder, "all_verified", FALSE);
  flash_cli_json_add_flag (builder, "started", FALSE);
  flash_cli_json_add_text (builder, "board_state", "untouched");
  flash_cli_json_add_number (builder, "exit_code", exit_code);
  json_builder_set_member_name (builder, "written");
  json_builder_begin_array (builder);
  json_builder_end_array (builder);
}

static void
print_json (const FlashCliRefusal *refusal)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "event", "finished");
  flash_cli_json_add_text (builder, "code", refusal->code);
  if (refusal->message != NULL)
    flash_cli_json_add_text (builder, "message", refusal->message);
  if (refusal->advice != NULL) {
    flash_cli_json_add_text (builder, "cause", refusal->advice->cause);
    flash_cli_json_add_text (builder, "remedy", refusal->advice->remedy);
  }
  flash_cli_json_add_number (builder, "duration_ms", 0);
  add_nothing (builder, refusal->exit_code);
  if (refusal->diags != NULL)
    flash_cli_json_add_diags (builder, refusal->diags);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

FlashCliExit
flash_cli_refuse (const FlashCliRefusal *refusal, gboolean is_json)
{
  if (is_json)
    print_json (refusal);
  else
    print_text (refusal);
  return refusal->exit_code;
}

FlashCliExit
flash_cli_refuse_code (const char *code, const char *message, FlashCliExit exit_code,
                       const FlashDiagList *diags, gboolean is_json)
{
  const FlashCliRefusal refusal = { .code = code,
                                    .advice = flash_advice_find (code),
                                    .message = message,
                                    .diags = diags,
                                    .exit_code = exit_code };

  return flash_cli_refuse (&refusal, is_json);
}

FlashCliExit
flash_cli_refuse_board (const GError *error, gboolean is_json)
{
  const char *code = "board-not-found";
  FlashCliExit exit_code = FLASH_CLI_NO_BOARD;

  if (g_error_matches (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID)) {
    code = "bad-board-id";
    exit_code = FLASH_CLI_USAGE;
  } else if (g_error_matches (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_AMBIGUOUS)) {
    code = "board-not-unique";
  } else if (g_error_matches (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE)) {
    code = "storage-unavailable";
  }
  return flash_cli_refuse_code (code, error->message, exit_code, NULL, is_json);
}
