/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The access assistant: every state of a board and of a computer, and what becomes of it. */
#define G_LOG_DOMAIN "test-access"

#include "config.h"

#include "flash-access-bench.h"
#include "flash-access-dialog.h"
#include "flash-access-facts.h"
#include "flash-access-paths.h"
#include "flash-access-run.h"
#include "flash-help-window.h"

#include <signal.h>

#define PORT "1-4"
#define NO_RIGHT "no right to read and write /dev/bus/usb/001/004 (root:root, mode 0664)"
#define REFUSED "This account may not open boards"

static void
put_board (FlashAccess access, const char *detail)
{
  const FlashAppUsbBoard traits = { .port = PORT,
                                    .product = FLASH_APP_USB_MP157,
                                    .serial = "0042",
                                    .speed = FLASH_SPEED_HIGH,
                                    .access = access,
                                    .access_detail = detail };

  flash_app_usb_put (flash_app_test.usb, &traits);
}

static GtkWidget *
open_dialog (FlashAppFixture *fixture, FlashAccess access, const char *detail)
{
  put_board (access, detail);
  return flash_access_bench_open (fixture, PORT);
}

static void
press (GtkWidget *dialog, const char *id)
{
  g_signal_emit_by_name (flash_memory_bench_get (dialog, id), "clicked");
}

/* --- the usual way -------------------------------------------------------------------------- */

static void
test_install (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  guint n_before = flash_app_usb_count_rescans (flash_app_test.usb);
  g_autofree char *expected =
      g_strdup_printf ("pkexec %s%s install\n", bench->root, FLASH_ACCESS_PROGRAM);
  g_autofree char *calls = NULL;
  g_autofree char *rule = NULL;
  GtkWidget *dialog = open_dialog (fixture, FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);

  flash_ui_wait_until (flash_access_bench_says (dialog, REFUSED));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "STM32MP15, port " PORT);
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "detail_label"), ==,
                   "In detail: " NO_RIGHT);
  g_assert_false (flash_memory_bench_has (dialog, "rival_group"));
  g_assert_false (flash_memory_bench_has (dialog, "remove_button"));
  flash_access_bench_set_asking (bench, TRUE);
  flash_memory_bench_press (dialog, "install_button");
  flash_ui_wait_until (flash_access_bench_says (dialog, "Waiting for the administrator…"));
  g_assert_true (flash_memory_bench_has (dialog, "spinner"));
  g_assert_false (flash_memory_bench_has (dialog, "install_button"));
  flash_access_bench_set_asking (bench, FALSE);
  flash_ui_wait_until (flash_access_bench_says (dialog, "Looking at the board again…"));
  calls = flash_access_bench_dup_calls (bench);
  g_assert_cmpstr (calls, ==, expected);
  rule = flash_access_bench_dup_file (bench, FLASH_ACCESS_BENCH_RULE);
  g_assert_cmpstr (rule, ==, flash_access_get_rule ());
  /* udev does its work. */
  put_board (FLASH_ACCESS_OK, NULL);
  flash_ui_wait_until (flash_access_bench_says (dialog, "Ready"));
  g_assert_cmpuint (flash_app_usb_count_rescans (flash_app_test.usb), >, n_before);
  g_assert_false (flash_memory_bench_has (dialog, "install_button"));
  g_assert_false (flash_memory_bench_has (dialog, "retry_button"));
  g_assert_false (flash_memory_bench_has (dialog, "detail_label"));
  flash_ui_wait_until (flash_memory_bench_has (dialog, "remove_button"));
  flash_memory_bench_close (dialog);
  g_assert_true (flash_app_row_says (fixture, PORT, "Ready in ROM"));
  g_assert_null (
      flash_ui_find_named (GTK_WIDGET (flash_app_find_row (fixture, PORT)), "access_button"));
}

static void
test_remove (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  g_autofree char *calls = NULL;
  g_autofree char *rule = NULL;
  GtkWidget *dialog;

  flash_access_bench_put (bench, FLASH_ACCESS_BENCH_RULE, flash_access_get_rule ());
  flash_app_activate (fixture, "win.fix-access");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "Access to boards");
  flash_ui_wait_until (flash_access_bench_says (dialog, "The rule is installed"));
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL,
                                          "Installed as /etc/udev/rules.d/60-flashwright.rules"));
  press (dialog, "remove_button");
  flash_ui_wait_until (flash_access_bench_says (dialog, REFUSED));
  g_assert_false (flash_memory_bench_has (dialog, "remove_button"));
  calls = flash_access_bench_dup_calls (bench);
  g_assert_true (g_str_has_suffix (calls, "flashwright-access remove\n"));
  rule = flash_access_bench_dup_file (bench, FLASH_ACCESS_BENCH_RULE);
  g_assert_null (rule);
  flash_memory_bench_close (dialog);
}

/* It is there, and helps only once the plug was pulled. */
static void
test_not_applied (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog = open_dialog (fixture, FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);

  flash_ui_wait_until (flash_access_bench_says (dialog, REFUSED));
  flash_memory_bench_press (dialog, "install_button");
  flash_ui_wait_until (flash_access_bench_says (dialog, "Looking at the board again…"));
  flash_ui_wait_until (
      flash_access_bench_says (dialog, "There is a rule, but it does not work for this board yet"));
  g_assert_nonnull (strstr (flash_memory_bench_get_text (dialog, "text_label"),
                            "Unplug the board and plug it in again."));
  flash_app_usb_take (flash_app_test.usb, PORT);
  flash_ui_wait_until (flash_access_bench_says (dialog, "The board is not on the bus"));
  flash_memory_bench_close (dialog);
}

/* --- what goes wrong ------------------------------------------------------------------------ */

static void
test_refusals (FlashAppFixture *fixture, gconstpointer unused)
{
  static const struct {
    int code;
    const char *said;
    const char *expected;
  } cases[] = {
    { 126, "", "The question for the password was closed, so nothing was changed." },
    { 127, "Not authorized", "The system did not give the right of an administrator" },
    { 127, "", "The system did not give the right of an administrator" },
    { 1, "the rule was not installed: no space left\n", "the rule was not installed: no space" },
    { 1, "\033[31mred\n", "\357\277\275[31mred" },
    { 5, "", "it ended with code 5" },
  };
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog = open_dialog (fixture, FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    flash_ui_wait_until (flash_access_bench_says (dialog, REFUSED));
    flash_access_bench_set_answer (bench, cases[i].code, cases[i].said);
    flash_access_bench_set_asking (bench, TRUE);
    press (dialog, "install_button");
    flash_ui_wait_until (flash_access_bench_says (dialog, "Waiting for the administrator…"));
    flash_access_bench_set_asking (bench, FALSE);
    flash_ui_wait_until (flash_access_bench_says (dialog, REFUSED));
    g_test_message ("%s", flash_memory_bench_get_text (dialog, "text_label"));
    g_assert_nonnull (
        strstr (flash_memory_bench_get_text (dialog, "text_label"), cases[i].expected));
    g_assert_true (flash_memory_bench_has (dialog, "install_button"));
  }
  /* Looking again forgets it. */
  flash_memory_bench_press (dialog, "retry_button");
  flash_ui_wait_until (strstr (flash_memory_bench_get_text (dialog, "text_label"),
                               "Install the rule below once.") != NULL);
  flash_memory_bench_close (dialog);
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer data)
{
  g_set_object ((GAsyncResult **) data, result);
}

/* The program is not there when it is needed. */
static void
test_no_program (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_access_can_run (bench->root));
  flash_access_bench_hide_programs (bench);
  g_assert_false (flash_access_can_run (bench->root));
  flash_access_run (bench->root, "install", NULL, on_run, &result);
  flash_ui_wait_until (result != NULL);
  g_assert_false (flash_access_run_finish (result, &error));
  g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
  /* This computer has no program of that name where the tests run, or a sandbox. */
  g_assert_false (flash_access_is_sandboxed (bench->root));
}

/* From a sandbox nothing can be installed; the command is for a terminal outside. */
static void
test_sandbox (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog;

  flash_access_bench_put (bench, ".flatpak-info", "");
  g_assert_true (flash_access_is_sandboxed (bench->root));
  dialog = open_dialog (fixture, FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);
  flash_ui_wait_until (
      flash_access_bench_says (dialog, "The rules of this computer cannot be seen"));
  g_assert_false (flash_memory_bench_has (dialog, "install_button"));
  g_assert_true (flash_memory_bench_has (dialog, "command_label"));
  flash_memory_bench_close (dialog);
}

static gboolean
was_called (FlashAccessBench *bench)
{
  g_autofree char *calls = flash_access_bench_dup_calls (bench);

  return calls[0] != '\0';
}

static void
test_closed_while_asking (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog = open_dialog (fixture, FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);
  GPid pid;

  flash_ui_wait_until (flash_access_bench_says (dialog, REFUSED));
  flash_access_bench_set_asking (bench, TRUE);
  flash_memory_bench_press (dialog, "install_button");
  flash_ui_wait_until (was_called (bench));
  pid = flash_access_bench_get_pid (bench);
  flash_memory_bench_close (dialog);
  /* The question goes with the dialog. */
  flash_ui_wait_until (kill (pid, 0) != 0);
  flash_access_bench_set_asking (bench, FALSE);
}

/* --- words ---------------------------------------------------------------------------------- */

static void
test_busy (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog;

  flash_access_bench_put (bench, "proc/17/comm", "fwupd\n");
  flash_access_bench_put (bench, "proc/18/comm", "ModemManager\n");
  dialog = open_dialog (fixture, FLASH_ACCESS_BUSY, "the device is in use by fwupd (process 17)");
  flash_ui_wait_until (flash_access_bench_says (dialog, "Another program uses the board"));
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "detail_label"), ==,
                   "In detail: the device is in use by fwupd (process 17)");
  flash_ui_wait_until (flash_memory_bench_has (dialog, "rival_group"));
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "fwupd"));
  g_assert_nonnull (
      flash_ui_find_widget (dialog, GTK_TYPE_LABEL, flash_access_words_rival ("fwupd")));
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "ModemManager"));
  g_assert_false (flash_memory_bench_has (dialog, "install_button"));
  flash_access_bench_put (bench, "proc/17/comm", NULL);
  put_board (FLASH_ACCESS_OK, NULL);
  flash_ui_wait_until (flash_access_bench_says (dialog, "Ready"));
  flash_memory_bench_close (dialog);
}

/* Each service has words of its own, and whatever is unknown has some too. */
static void
test_rivals (FlashAppFixture *fixture, gconstpointer unused)
{
  static const char *const names[] = { "fwupd", "ModemManager", "brltty", "flashwright", "other" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint k = 0; k < i; k++)
      g_assert_cmpstr (flash_access_words_rival (names[i]), !=,
                       flash_access_words_rival (names[k]));
  g_assert_nonnull (strstr (flash_access_words_rival ("fwupd"), "DisabledPlugins=dfu"));
}

/* What rules and rights mean together. */
static void
test_judge (FlashAppFixture *fixture, gconstpointer unused)
{
  static const struct {
    const char *file;
    const char *text;
    FlashAccess access;
    FlashAccessState state;
    FlashAccessState state_without_board;
    const char *said;
  } cases[] = {
    { NULL, NULL, FLASH_ACCESS_NO_PERMISSION, FLASH_ACCESS_STATE_NO_RULE,
      FLASH_ACCESS_STATE_NO_RULE, "Not installed" },
    { NULL, NULL, FLASH_ACCESS_OK, FLASH_ACCESS_STATE_READY, FLASH_ACCESS_STATE_NO_RULE,
      "Not installed" },
    { NULL, NULL, FLASH_ACCESS_SILENT, FLASH_ACCESS_STATE_SILENT, FLASH_ACCESS_STATE_NO_RULE,
      "Not installed" },
    { NULL, NULL, FLASH_ACCESS_BUSY, FLASH_ACCESS_STATE_BUSY, FLASH_ACCESS_STATE_NO_RULE,
      "Not installed" },
    { FLASH_ACCESS_BENCH_RULE,
      "ATTR{idVendor}==\"0483\", ATTR{idProduct}==\"df11\", MODE=\"0600\"\n",
      FLASH_ACCESS_NO_PERMISSION, FLASH_ACCESS_STATE_OLD_RULE, FLASH_ACCESS_STATE_OLD_RULE,
      "Another version is installed as /etc/udev/rules.d/60-flashwright.rules" },
    { "etc/udev/rules.d/49-other.rules",
      "ATTR{idVendor}==\"0483\", ATTR{idProduct}==\"df11\", MODE=\"0666\"\n",
      FLASH_ACCESS_NO_PERMISSION, FLASH_ACCESS_STATE_NOT_APPLIED, FLASH_ACCESS_STATE_INSTALLED,
      "Not installed; another rule about boards is in /etc/udev/rules.d/49-other.rules" },
    { ".flatpak-info", "", FLASH_ACCESS_NO_PERMISSION, FLASH_ACCESS_STATE_UNSEEN,
      FLASH_ACCESS_STATE_UNSEEN, "Not known; Flatpak hides the rules of this computer" },
  };
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();

  g_assert_cmpint (flash_access_facts_judge (NULL, NULL), ==, FLASH_ACCESS_STATE_LOOKING);
  g_assert_false (flash_access_facts_can_remove (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FlashAccessFacts *facts;
    g_autoptr (GAsyncResult) result = NULL;
    g_autofree char *said = NULL;
    FlashBoardEntry *entry;

    if (cases[i].file != NULL)
      flash_access_bench_put (bench, cases[i].file, cases[i].text);
    put_board (cases[i].access, NULL);
    entry = flash_app_choose_port (fixture, PORT);
    flash_access_facts_look (bench->root, on_run, &result);
    flash_ui_wait_until (result != NULL);
    facts = flash_access_facts_look_finish (result);
    said = flash_access_words_dup_rules (facts);
    g_assert_cmpint (flash_access_facts_judge (facts, entry), ==, cases[i].state);
    g_assert_cmpint (flash_access_facts_judge (facts, NULL), ==, cases[i].state_without_board);
    g_assert_cmpstr (said, ==, cases[i].said);
    g_assert_cmpint (flash_access_facts_can_remove (facts), ==,
                     g_strcmp0 (cases[i].file, FLASH_ACCESS_BENCH_RULE) == 0);
    flash_access_facts_free (facts);
    if (cases[i].file != NULL)
      flash_access_bench_put (bench, cases[i].file, NULL);
  }
}

/* --- copying -------------------------------------------------------------------------------- */

static char *
dup_clipboard (GtkWidget *dialog)
{
  GdkContentProvider *content =
      gdk_clipboard_get_content (gtk_widget_get_clipboard (GTK_WIDGET (dialog)));
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (content);
  g_value_init (&value, G_TYPE_STRING);
  gdk_content_provider_get_value (content, &value, &error);
  g_assert_no_error (error);
  return g_value_dup_string (&value);
}

/* What is copied does what it promises, in a shell: a sudo of the test's own writes below its root.
 */
static void
test_command (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog = open_dialog (fixture, FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);
  g_autofree char *command = NULL;
  g_autofree char *undo = NULL;
  g_autofree char *rule = NULL;
  g_autofree char *calls = NULL;
  g_autoptr (GError) error = NULL;
  int status = -1;

  flash_ui_wait_until (flash_access_bench_says (dialog, REFUSED));
  press (dialog, "copy_button");
  command = dup_clipboard (dialog);
  press (dialog, "copy_remove_button");
  undo = dup_clipboard (dialog);
  g_assert_cmpstr (undo, ==, FLASH_ACCESS_REMOVE_COMMAND);
  g_spawn_sync (NULL, (char **) (const char *[]){ "/bin/sh", "-c", command, NULL }, NULL,
                G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  rule = flash_access_bench_dup_file (bench, FLASH_ACCESS_BENCH_RULE);
  g_assert_cmpstr (rule, ==, flash_access_get_rule ());
  calls = flash_access_bench_dup_calls (bench);
  g_assert_cmpstr (
      calls, ==,
      "sudo install -D -m 0644 /dev/stdin /etc/udev/rules.d/60-flashwright.rules\n"
      "sudo udevadm control --reload\n"
      "sudo udevadm trigger --action=change --subsystem-match=usb --attr-match=idVendor=0483\n");
  press (dialog, "help_button");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW) != NULL);
  g_assert_nonnull (flash_ui_find_widget (flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW),
                                          GTK_TYPE_LABEL, "To install the rule"));
  flash_memory_bench_close (flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW));
  flash_memory_bench_close (dialog);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/access/install", test_install);
  ADD ("/access/remove", test_remove);
  ADD ("/access/not-applied", test_not_applied);
  ADD ("/access/refusals", test_refusals);
  ADD ("/access/no-program", test_no_program);
  ADD ("/access/sandbox", test_sandbox);
  ADD ("/access/closed-while-asking", test_closed_while_asking);
  ADD ("/access/busy", test_busy);
  ADD ("/access/rivals", test_rivals);
  ADD ("/access/judge", test_judge);
  ADD ("/access/command", test_command);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
