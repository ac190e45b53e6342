/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-flash"

#include "config.h"

#include "flash-advice.h"
#include "flash-board-facts.h"
#include "flash-cli-diag.h"
#include "flash-cli-job.h"
#include "flash-cli-json.h"
#include "flash-cli-layout.h"
#include "flash-cli-world.h"
#include "flash-cli.h"

#include <glib/gi18n.h>

typedef struct {
  char *board_id;
  gboolean is_json;
  gboolean verify;
  gboolean allow_outside;
  char **size_options;
  char *wanted;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->board_id);
  g_strfreev (self->size_options);
  g_free (self->wanted);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

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

/* A job that never began ends with the same event as one that did. */
static void
print_advice (const Options *options, const char *code, const FlashAdvice *advice,
              const char *message, FlashCliExit exit_code, const FlashDiagList *diags)
{
  g_autofree char *safe = message != NULL ? flash_cli_dup_safe (message) : NULL;
  g_autoptr (JsonBuilder) builder = NULL;

  if (!options->is_json) {
    if (diags != NULL)
      flash_cli_diag_print (diags, stderr);
    if (advice != NULL)
      g_printerr ("%s [%s]\n%s\n", _ (advice->cause), code, _ (advice->remedy));
    if (safe != NULL) {
      g_printerr (_ ("In detail: %s"), safe);
      g_printerr ("\n");
    }
    g_printerr ("%s\n", _ ("Nothing was sent."));
    return;
  }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "event", "finished");
  flash_cli_json_add_text (builder, "code", code);
  if (message != NULL)
    flash_cli_json_add_text (builder, "message", message);
  if (advice != NULL) {
    flash_cli_json_add_text (builder, "cause", advice->cause);
    flash_cli_json_add_text (builder, "remedy", advice->remedy);
  }
  flash_cli_json_add_number (builder, "duration_ms", 0);
  add_nothing (builder, exit_code);
  if (diags != NULL)
    flash_cli_json_add_diags (builder, diags);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

static void
print_refusal (const Options *options, const char *code, const char *message,
               FlashCliExit exit_code, const FlashDiagList *diags)
{
  print_advice (options, code, flash_advice_find (code), message, exit_code, diags);
}

static FlashCliExit
refuse_board (const Options *options, const GError *error)
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
  print_refusal (options, code, error->message, exit_code, NULL);
  return exit_code;
}

/* What stops the bundle stops the job, once: a second time would be a second Ctrl-C to it. */
static gboolean
on_bundle_stopped (GCancellable *cancellable, gpointer data)
{
  FlashJob *job = data;

  if (!flash_job_is_cancelled (job))
    flash_job_cancel (job);
  return G_SOURCE_REMOVE;
}

static FlashCliExit
flash_plan (const Options *options, FlashPlan *plan, FlashProvider *provider, FlashBoard *board,
            FlashClock *clock, FlashCliBundle *bundle)
{
  const FlashMpJob spec = {
    .plan = plan, .provider = provider, .board = board, .clock = clock, .verify = options->verify
  };
  g_autoptr (FlashJob) job = flash_job_new (&spec);
  g_autoptr (GSource) source = NULL;
  FlashCliExit exit_code;

  if (bundle == NULL)
    return flash_cli_job_run (job, options->is_json);
  /* Low: a signal that both hear is for the job first, which then says that it stops. */
  source = g_cancellable_source_new (flash_cli_bundle_get_cancellable (bundle));
  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_callback (source, G_SOURCE_FUNC (on_bundle_stopped), job, NULL);
  g_source_attach (source, NULL);
  exit_code = flash_cli_job_run (job, options->is_json);
  g_source_destroy (source);
  return exit_code;
}

/* Says why there is nothing to be flashed. */
static FlashCliExit
refuse_layout (const Options *options, const FlashCliLayout *checked)
{
  FlashCliExit exit_code = flash_cli_layout_get_exit (checked);
  const FlashAdvice *advice = flash_cli_layout_get_advice (checked);

  if (exit_code == FLASH_CLI_STOPPED) {
    print_refusal (options, "cancelled", NULL, exit_code, NULL);
    return exit_code;
  }
  print_advice (options, advice->code, advice, NULL, exit_code, checked->diags);
  return exit_code;
}

static FlashCliExit
flash_layout (const Options *options, const char *path, GHashTable *sizes)
{
  g_auto (FlashCliWorld) world = { 0 };
  FlashProvider *provider = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBoard) board = NULL;
  g_auto (FlashBoardFacts) facts = { 0 };
  g_auto (FlashCliLayout) checked = { 0 };
  g_autoptr (FlashPlan) plan = NULL;

  flash_cli_world_init (&world);
  board = flash_cli_world_find (&world, options->board_id, &provider, &error);
  if (board == NULL) {
    g_hash_table_unref (sizes);
    return refuse_board (options, error);
  }
  flash_board_facts_init (&facts, board);
  checked.wanted = options->wanted;
  flash_cli_layout_load (path, sizes, facts.device_id, options->allow_outside, &checked);
  if (flash_cli_layout_get_exit (&checked) == FLASH_CLI_STOPPED)
    return refuse_layout (options, &checked);
  if (!options->is_json && checked.bundle != NULL)
    flash_cli_bundle_print (checked.bundle);
  if (flash_cli_layout_get_exit (&checked) != FLASH_CLI_DONE)
    return refuse_layout (options, &checked);
  if (!options->is_json)
    flash_cli_diag_print (checked.diags, stderr);
  plan = flash_plan_new_for_layout (checked.layout, &error);
  if (plan == NULL) {
    print_refusal (options, error->domain == FLASH_LAYOUT_ERROR ? "other-flow" : "file-unreadable",
                   error->message, FLASH_CLI_INPUT, NULL);
    return FLASH_CLI_INPUT;
  }
  return flash_plan (options, plan, provider, board, world.clock, checked.bundle);
}

FlashCliExit
flash_cli_flash (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    /* It may hold the path of a folder, which need not be text. */
    { "board", 'b', 0, G_OPTION_ARG_FILENAME, &options.board_id,
      N_ ("The board, as “flashwright-cli boards” names it"), N_ ("ID") },
    { "verify", 0, 0, G_OPTION_ARG_NONE, &options.verify,
      N_ ("Read everything back afterwards and compare"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.is_json, N_ ("Print one JSON event a line"), NULL },
    { "storage-size", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.size_options,
      N_ ("Size of a storage, e.g. mmc0=8G; may be given several times"), N_ ("STORAGE=SIZE") },
    { "allow-outside", 0, 0, G_OPTION_ARG_NONE, &options.allow_outside,
      N_ ("Let the layout name files outside its own folder"), NULL },
    FLASH_CLI_LAYOUT_OPTION (&options.wanted),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;
  GHashTable *sizes;

  if (!flash_cli_parse (argc, argv, _ ("LAYOUT|FOLDER|ARCHIVE"), _ ("Flashes a board."), entries, 1,
                        1, &arguments) ||
      !flash_cli_parse_sizes ((const char *const *) options.size_options, &sizes))
    return FLASH_CLI_USAGE;
  if (options.board_id == NULL) {
    g_hash_table_unref (sizes);
    g_printerr ("%s\n", _ ("Say which board with --board ID; “flashwright-cli boards” lists "
                           "them."));
    return FLASH_CLI_USAGE;
  }
  return flash_layout (&options, arguments[0], sizes);
}
