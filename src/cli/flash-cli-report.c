/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `report`: makes a support bundle, or shows one that somebody has sent. */
#define G_LOG_DOMAIN "flash-cli-report"

#include "config.h"

#include "flash-cli-report.h"

#include "flash-cli-diag.h"
#include "flash-cli-doctor.h"
#include "flash-cli-json.h"
#include "flash-cli-layout.h"
#include "flash-cli-mcu.h"
#include "flash-cli-refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

/* How long a console is listened to. */
#define LISTEN_MS 3000

typedef struct {
  char *board_id;
  char *layout;
  char *output;
  char *console;
  gboolean keeps_names;
  gboolean forces;
  gboolean is_json;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->board_id);
  g_free (self->layout);
  g_free (self->output);
  g_free (self->console);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean *is_prepared = data;

  /* A bundle without checksums says so itself. */
  flash_doctor_prepare_finish (FLASH_DOCTOR (source), result, NULL);
  *is_prepared = TRUE;
}

static gboolean
on_signal (gpointer data)
{
  g_cancellable_cancel (G_CANCELLABLE (data));
  return G_SOURCE_CONTINUE;
}

/* Makes the checksums. They take long with a large image: Ctrl-C goes on without them. */
static void
prepare (FlashDoctor *doctor, gboolean is_json)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint sources[G_N_ELEMENTS (signals)];
  gboolean is_prepared = FALSE;

  if (!flash_doctor_has_plan (doctor))
    return;
  /* What is promised about Ctrl-C holds from the moment it is promised. */
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sources[i] = g_unix_signal_add (signals[i], on_signal, cancellable);
  if (!is_json)
    g_printerr ("%s\n", _ ("Making checksums… Ctrl-C goes on without them."));
  flash_doctor_prepare_async (doctor, cancellable, on_prepared, &is_prepared);
  while (!is_prepared)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
}

static void
add_problems (FlashReport *report, const FlashDiagList *problems)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  flash_cli_json_add_diags (builder, problems);
  json_builder_end_object (builder);
  flash_report_add_section (report, "layout", json_builder_get_root (builder));
}

/* Fills a bundle, and takes out what is private: last, whatever is in it. */
static FlashReport *
make_report (FlashDoctor *doctor, const FlashDiagList *problems, const Options *options)
{
  const FlashReportPrivacy privacy = { .user = TRUE, .host = TRUE, .serials = TRUE };
  g_autoptr (FlashReport) report = flash_report_new ();

  prepare (doctor, options->is_json);
  /* A job that never began has not looked. */
  if (flash_doctor_get_symptoms (doctor)->port == FLASH_PORT_UNKNOWN)
    flash_cli_doctor_look (doctor);
  while (flash_doctor_is_looking (doctor))
    g_main_context_iteration (NULL, TRUE);
  flash_doctor_fill_report (doctor, report);
  if (problems != NULL)
    add_problems (report, problems);
  return options->keeps_names ? g_steal_pointer (&report)
                              : flash_report_make_private (report, &privacy);
}

/* What is not left out everywhere is said, before anybody sends it. */
static void
tell_kept (FlashReport *report)
{
  const FlashReportPrivacy privacy = { .user = TRUE, .host = TRUE, .serials = TRUE };
  g_auto (GStrv) names = flash_report_list_kept (report, &privacy);
  g_autofree char *list = g_strjoinv (", ", names);
  g_autofree char *safe = flash_cli_dup_safe (list);

  if (names[0] == NULL)
    return;
  /* TRANSLATORS: names */
  g_printerr (_ ("Common and very short words are left out only where it is clear that they are "
                 "names. Look whether they remain: %s"),
              safe);
  g_printerr ("\n");
}

gboolean
flash_cli_report_save (FlashDoctor *doctor, const FlashDiagList *problems, const char *path,
                       gboolean is_json)
{
  const Options options = { .is_json = is_json };
  g_autoptr (FlashReport) report = make_report (doctor, problems, &options);
  g_autofree char *name = flash_cli_dup_safe (path);
  g_autoptr (GError) error = NULL;

  if (!flash_report_save (report, path, &error)) {
    g_printerr (_ ("The support bundle cannot be written: %s"), error->message);
    g_printerr ("\n");
    return FALSE;
  }
  g_printerr (_ ("The support bundle is %s, without names and serial numbers."), name);
  g_printerr ("\n");
  tell_kept (report);
  return TRUE;
}

gboolean
flash_cli_report_check_output (const char *path, gboolean forces, gboolean is_json,
                               FlashCliExit *out_exit)
{
  const char *code = NULL, *message = NULL;
  GStatBuf info;

  /* A link is not followed: what it leads to is not what was named. */
  if (g_str_equal (path, "-")) {
    code = "output-unwritable";
    message = "a support bundle is a file, and “-” is no name of one";
  } else if (g_lstat (path, &info) != 0) {
    return TRUE;
  } else if (!S_ISREG (info.st_mode)) {
    code = "output-unwritable";
    message = "what has that name already is no ordinary file";
  } else if (!forces && !flash_report_is_report (path)) {
    code = "output-exists";
    message = "the file is no support bundle, and is not replaced";
  }
  if (code == NULL)
    return TRUE;
  *out_exit = flash_cli_refuse_code (code, message, FLASH_CLI_USAGE, NULL, is_json);
  return FALSE;
}

static void
print_names (const char *title, char *const *names)
{
  g_autofree char *list = g_strjoinv (", ", (char **) names);

  g_print ("%s %s\n", title, list);
}

static void
tell_made (FlashReport *report, const Options *options, const char *path)
{
  g_auto (GStrv) sections = flash_report_list_sections (report);
  g_auto (GStrv) texts = flash_report_list_texts (report);
  g_autofree char *name = flash_cli_dup_safe (path);

  if (options->is_json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();

    json_builder_begin_object (builder);
    flash_cli_json_add_text (builder, "file", path);
    flash_cli_json_add_flag (builder, "private", !options->keeps_names);
    flash_cli_json_add_number (builder, "moments", flash_report_get_moments (report)->len);
    json_builder_end_object (builder);
    flash_cli_json_print (builder);
    return;
  }
  g_print (_ ("Written: %s"), name);
  g_print ("\n");
  print_names (_ ("Facts:"), sections);
  print_names (_ ("Texts:"), texts);
  g_print ("%s\n", options->keeps_names
                       ? _ ("It holds the names of user and computer, and serial numbers.")
                       : _ ("The names of user and computer, and serial numbers, are taken out."));
}

static gboolean
on_listened (gpointer data)
{
  gboolean *is_over = data;

  *is_over = TRUE;
  return G_SOURCE_REMOVE;
}

/* Says what is wrong with the command: for people it is the sentence alone. */
static FlashCliExit
refuse (const char *code, const char *sentence, FlashCliExit exit_code, gboolean is_json)
{
  if (is_json)
    return flash_cli_refuse_code (code, sentence, exit_code, NULL, TRUE);
  g_printerr ("%s\n", sentence);
  return exit_code;
}

/* Why a console cannot be read, for people. */
static char *
dup_console_reason (const char *path, const GError *error)
{
  g_autofree char *name = flash_cli_dup_safe (path);
  g_autofree char *message = flash_cli_dup_safe (error->message);
  int fd = open (path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  gboolean is_other = fd >= 0 && !isatty (fd);

  if (fd >= 0)
    close (fd);
  /* TRANSLATORS: %s is the path of a file. */
  return is_other ? g_strdup_printf (_ ("%s is no serial port."), name)
                  : g_strdup_printf (_ ("The console cannot be read: %s"), message);
}

static FlashConsole *
listen (const Options *options, FlashDoctor *doctor, FlashCliExit *out_exit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashConsole) console = flash_console_open (options->console, &error);
  gboolean is_over = FALSE;

  if (console == NULL) {
    g_autofree char *reason = dup_console_reason (options->console, error);

    *out_exit = refuse ("console-unreadable", reason, FLASH_CLI_FAILED, options->is_json);
    return NULL;
  }
  flash_doctor_set_console (doctor, console);
  g_timeout_add (LISTEN_MS, on_listened, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&console);
}

/* What is known of the layout goes in as well, whether it is good or not. */
static void
add_layout (const Options *options, FlashCliMcu *board, FlashCliLayout *checked)
{
  g_autoptr (GHashTable) sizes = NULL;
  g_autoptr (FlashPlan) plan = NULL;

  if (!flash_cli_parse_sizes (NULL, &sizes))
    return;
  flash_cli_layout_load (options->layout, g_steal_pointer (&sizes), board->facts.device_id, TRUE,
                         checked);
  flash_doctor_set_problems (board->doctor, checked->diags);
  if (flash_cli_layout_is_good (checked))
    plan = flash_plan_new_for_layout (checked->layout, NULL);
  flash_doctor_set_plan (board->doctor, plan);
}

static char *
dup_output (const Options *options)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return options->output != NULL
             ? g_strdup (options->output)
             : g_date_time_format (now, "flashwright-report-%Y-%m-%d-%H%M%S.zip");
}

static FlashCliExit
save (FlashReport *report, const char *path, const Options *options)
{
  g_autoptr (GError) error = NULL;

  if (!flash_report_save (report, path, &error))
    return flash_cli_refuse_code ("output-unwritable", error->message, FLASH_CLI_FAILED, NULL,
                                  options->is_json);
  tell_made (report, options, path);
  if (!options->keeps_names)
    tell_kept (report);
  return FLASH_CLI_DONE;
}

static FlashCliExit
report_board (const Options *options, const char *path)
{
  g_auto (FlashCliMcu) board = { 0 };
  g_auto (FlashCliLayout) checked = { 0 };
  g_autoptr (FlashConsole) console = NULL;
  g_autoptr (FlashReport) report = NULL;
  FlashCliExit exit_code;

  if (!flash_cli_mcu_open (&board, options->board_id, options->is_json, &exit_code))
    return exit_code;
  board.doctor = flash_cli_doctor_new (&board.world, board.provider, board.board);
  if (options->layout != NULL)
    add_layout (options, &board, &checked);
  flash_cli_doctor_look (board.doctor);
  if (options->console != NULL) {
    console = listen (options, board.doctor, &exit_code);
    if (console == NULL)
      return exit_code;
  }
  report = make_report (board.doctor, checked.diags, options);
  return save (report, path, options);
}

static FlashCliExit
report_computer (const Options *options, const char *path)
{
  const FlashReportPrivacy privacy = { .user = TRUE, .host = TRUE, .serials = TRUE };
  g_auto (FlashCliWorld) world = { 0 };
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (FlashReport) private = NULL;

  flash_cli_world_init (&world);
  flash_doctor_fill_host_report (world.root, report);
  private = flash_report_make_private (report, &privacy);
  return save (options->keeps_names ? report : private, path, options);
}

static FlashCliExit
make (const Options *options)
{
  g_autofree char *path = dup_output (options);
  FlashCliExit exit_code;

  if (options->board_id == NULL && (options->layout != NULL || options->console != NULL))
    return refuse ("usage", _ ("--layout and --console need a board: --board ID."), FLASH_CLI_USAGE,
                   options->is_json);
  if (!flash_cli_report_check_output (path, options->forces, options->is_json, &exit_code))
    return exit_code;
  return options->board_id != NULL ? report_board (options, path) : report_computer (options, path);
}

static gboolean
is_for_making (const Options *options)
{
  return options->board_id != NULL || options->layout != NULL || options->output != NULL ||
         options->console != NULL || options->keeps_names || options->forces;
}

FlashCliExit
flash_cli_report (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    FLASH_CLI_BOARD_OPTION (&options.board_id),
    { "layout", 0, 0, G_OPTION_ARG_FILENAME, &options.layout,
      N_ ("The layout that is to be flashed"), N_ ("FILE") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("Where to write it"),
      N_ ("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options.forces, N_ ("Replace a file that is there"),
      NULL },
    { "keep-names", 0, 0, G_OPTION_ARG_NONE, &options.keeps_names,
      N_ ("Leave the names of user and computer, and serial numbers, in it"), NULL },
    { "console", 0, 0, G_OPTION_ARG_FILENAME, &options.console,
      N_ ("Listen for three seconds to the serial console of the board"), N_ ("PATH") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.is_json, N_ ("Answer in JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;

  if (!flash_cli_parse (argc, argv, _ ("[BUNDLE]"),
                        _ ("Makes a support bundle about this computer and a board, or shows one "
                           "that somebody has sent."),
                        entries, 0, 1, &arguments))
    return FLASH_CLI_USAGE;
  if (arguments[0] == NULL)
    return make (&options);
  if (is_for_making (&options))
    return refuse ("usage", _ ("A bundle that is shown goes with no other option than --json."),
                   FLASH_CLI_USAGE, options.is_json);
  return flash_cli_report_show (arguments[0], options.is_json);
}
