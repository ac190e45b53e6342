/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-flash"

#include "config.h"

#include "flash-cli-diag.h"
#include "flash-cli-doctor.h"
#include "flash-cli-firmware.h"
#include "flash-cli-job-ask.h"
#include "flash-cli-job.h"
#include "flash-cli-layout.h"
#include "flash-cli-refuse.h"
#include "flash-cli-report.h"

#include <glib/gi18n.h>

#define MAX_PATIENCE_S 3600

typedef struct {
  char *board_id;
  gboolean is_json;
  gboolean verify;
  gboolean allow_outside;
  char **size_options;
  char *wanted;
  FlashCliFirmwareOptions firmware;
  char *report;
  gint patience_s;
  gboolean restarts;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->board_id);
  g_strfreev (self->size_options);
  g_free (self->wanted);
  g_free (self->report);
  flash_cli_firmware_options_clear (&self->firmware);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What stops the bundle stops the job, once: a second time would be a second Ctrl-C to it. */
static gboolean
on_bundle_stopped (GCancellable *cancellable, gpointer data)
{
  FlashJob *job = data;

  if (!flash_job_is_cancelled (job))
    flash_job_cancel (job);
  return G_SOURCE_REMOVE;
}

/* However it ends, a job that was refused included; while its files are there. What was done to the
 * board is not changed by it. */
static void
save_report (const Options *options, FlashCliMcu *board, const FlashDiagList *problems)
{
  if (options->report != NULL)
    flash_cli_report_save (board->doctor, problems, options->report, options->is_json);
}

static FlashCliExit
flash_plan (const Options *options, FlashPlan *plan, FlashCliMcu *board, FlashCliBundle *bundle)
{
  /* Without somebody to ask, a board that is away too long ends the job. */
  g_autoptr (FlashJobGate) gate =
      !options->is_json && flash_cli_job_ask_can () ? flash_job_gate_new () : NULL;
  const FlashMpJob spec = { .plan = plan,
                            .provider = board->provider,
                            .board = board->board,
                            .clock = board->world.clock,
                            .verify = options->verify,
                            .patience_ms = (guint) options->patience_s * 1000,
                            .restarts = options->restarts,
                            .gate = gate };
  g_autoptr (FlashJob) job = flash_job_new (&spec);
  g_autoptr (GSource) source = NULL;
  FlashCliExit exit_code;

  if (bundle == NULL)
    return flash_cli_job_run_watched (job, options->is_json, board->doctor);
  /* Low: a signal that both hear is for the job first, which then says that it stops. */
  source = g_cancellable_source_new (flash_cli_bundle_get_cancellable (bundle));
  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_callback (source, G_SOURCE_FUNC (on_bundle_stopped), job, NULL);
  g_source_attach (source, NULL);
  exit_code = flash_cli_job_run_watched (job, options->is_json, board->doctor);
  g_source_destroy (source);
  return exit_code;
}

/* Says why there is nothing to be flashed. */
static FlashCliExit
refuse_layout (const Options *options, const FlashCliLayout *checked)
{
  FlashCliRefusal refusal = { .exit_code = flash_cli_layout_get_exit (checked) };

  if (refusal.exit_code == FLASH_CLI_STOPPED)
    return flash_cli_refuse_code ("cancelled", NULL, FLASH_CLI_STOPPED, NULL, options->is_json);
  refusal.advice = flash_cli_layout_get_advice (checked);
  refusal.code = refusal.advice->code;
  refusal.diags = checked->diags;
  return flash_cli_refuse (&refusal, options->is_json);
}

static FlashCliExit
flash_checked (const Options *options, const FlashCliLayout *checked, FlashCliMcu *board)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashPlan) plan = NULL;

  if (flash_cli_layout_get_exit (checked) == FLASH_CLI_STOPPED)
    return refuse_layout (options, checked);
  if (!options->is_json && checked->bundle != NULL)
    flash_cli_bundle_print (checked->bundle);
  if (flash_cli_layout_get_exit (checked) != FLASH_CLI_DONE)
    return refuse_layout (options, checked);
  if (!options->is_json)
    flash_cli_diag_print (checked->diags, stderr);
  plan = flash_plan_new_for_layout (checked->layout, &error);
  if (plan == NULL)
    return flash_cli_refuse_code (error->domain == FLASH_LAYOUT_ERROR ? "other-flow"
                                                                      : "file-unreadable",
                                  error->message, FLASH_CLI_INPUT, NULL, options->is_json);
  return flash_plan (options, plan, board, checked->bundle);
}

static FlashCliExit
flash_layout (const Options *options, const char *path, FlashCliMcu *board, GHashTable *sizes)
{
  g_auto (FlashCliLayout) checked = { 0 };
  FlashCliExit exit_code;

  checked.wanted = options->wanted;
  flash_cli_layout_load (path, g_hash_table_ref (sizes), board->facts.device_id,
                         options->allow_outside, &checked);
  flash_doctor_set_problems (board->doctor, checked.diags);
  exit_code = flash_checked (options, &checked, board);
  save_report (options, board, checked.diags);
  return exit_code;
}

/* The board decides what a file is for; only where it says nothing, the file does. */
static gboolean
is_for_microcontroller (const FlashCliMcu *board, const char *path)
{
  switch (board->facts.kind) {
  case FLASH_BOARD_KIND_DFUSE:
  case FLASH_BOARD_KIND_DFU:
  case FLASH_BOARD_KIND_RUNTIME:
    return TRUE;
  case FLASH_BOARD_KIND_STM32MP:
    return FALSE;
  case FLASH_BOARD_KIND_UNKNOWN:
    return flash_cli_firmware_is_one (path);
  }
  g_return_val_if_reached (FALSE);
}

/* Returns: whether it is a layout: by its name, or because a board would take it as one. */
static gboolean
is_layout (const char *path)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = NULL;

  if (flash_bundle_is_bundle (path))
    return TRUE;
  if (flash_cli_firmware_is_one (path))
    return FALSE;
  if (g_str_has_suffix (path, ".tsv"))
    return TRUE;
  layout = flash_layout_load (path, diags, NULL);
  return layout != NULL && flash_layout_is_accepted (layout);
}

static FlashCliExit
flash_firmware (const Options *options, const char *path, FlashCliMcu *board)
{
  FlashCliExit exit_code;

  if (!is_for_microcontroller (board, path))
    exit_code = flash_cli_refuse_code ("firmware-for-microcontroller", NULL, FLASH_CLI_INPUT, NULL,
                                       options->is_json);
  else if (is_layout (path))
    exit_code =
        flash_cli_refuse_code ("layout-for-stm32mp", NULL, FLASH_CLI_INPUT, NULL, options->is_json);
  else
    exit_code = flash_cli_firmware_flash (board, path, &options->firmware);
  save_report (options, board, NULL);
  return exit_code;
}

static FlashCliExit
flash_board (const Options *options, const char *path, GHashTable *sizes)
{
  g_auto (FlashCliMcu) board = { 0 };
  FlashCliExit exit_code;

  if (options->report != NULL &&
      !flash_cli_report_check_output (options->report, FALSE, options->is_json, &exit_code))
    return exit_code;
  if (!flash_cli_mcu_open (&board, options->board_id, options->is_json, &exit_code)) {
    if (options->report != NULL)
      g_printerr ("%s\n", _ ("No support bundle was written: there is no board that it could be "
                             "about."));
    return exit_code;
  }
  board.doctor = flash_cli_doctor_new (&board.world, board.provider, board.board);
  if (is_for_microcontroller (&board, path) || flash_cli_firmware_is_one (path))
    return flash_firmware (options, path, &board);
  return flash_layout (options, path, &board, sizes);
}

static gboolean
check_patience (const Options *options)
{
  if (options->patience_s > 0 && options->patience_s <= MAX_PATIENCE_S)
    return TRUE;
  g_printerr (_ ("--patience is 1 to %d seconds."), MAX_PATIENCE_S);
  g_printerr ("\n");
  return FALSE;
}

FlashCliExit
flash_cli_flash (int argc, char **argv)
{
  g_auto (Options) options = { .patience_s = FLASH_MP_PATIENCE_MS / 1000 };
  const GOptionEntry entries[] = {
    /* It may hold the path of a folder, which need not be text. */
    FLASH_CLI_BOARD_OPTION (&options.board_id),
    { "verify", 0, 0, G_OPTION_ARG_NONE, &options.verify,
      N_ ("Read everything back afterwards and compare; always with a microcontroller"), NULL },
    FLASH_CLI_JSON_OPTION (&options.is_json),
    { "storage-size", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.size_options,
      N_ ("Size of a storage, e.g. mmc0=8G; may be given several times"), N_ ("STORAGE=SIZE") },
    { "allow-outside", 0, 0, G_OPTION_ARG_NONE, &options.allow_outside,
      N_ ("Let the layout name files outside its own folder"), NULL },
    { "patience", 0, 0, G_OPTION_ARG_INT, &options.patience_s,
      N_ ("How long a board may be away between two boot stages, 1 to 3600; usually 60. In a "
          "terminal it is asked then; a question that nobody answers for 15 minutes ends the job"),
      N_ ("SECONDS") },
    { "restart", 0, 0, G_OPTION_ARG_NONE, &options.restarts,
      N_ ("Begin again, once, if the board restarts into its ROM"), NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &options.report,
      N_ ("Write a support bundle about the job, however it ends, and also if it is refused; not "
          "if "
          "the board is not found"),
      N_ ("FILE") },
    FLASH_CLI_LAYOUT_OPTION (&options.wanted),
    FLASH_CLI_FIRMWARE_OPTIONS (&options.firmware),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GHashTable) sizes = NULL;

  if (!flash_cli_parse (argc, argv, _ ("LAYOUT|FOLDER|ARCHIVE|FIRMWARE"), _ ("Flashes a board."),
                        entries, 1, 1, &arguments) ||
      !flash_cli_firmware_options_check (&options.firmware) || !check_patience (&options) ||
      !flash_cli_parse_sizes ((const char *const *) options.size_options, &sizes))
    return FLASH_CLI_USAGE;
  return flash_board (&options, arguments[0], sizes);
}
