/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closing while a board is flashed, and what is told through the desktop. */
#define G_LOG_DOMAIN "test-background"

#include "config.h"

#include "flash-app-test.h"
#include "flash-hidden-bench.h"
#include "flash-sim-provider.h"
#include "flash-window-private.h"

#include <glib/gstdio.h>

#define MIB (1024 * 1024)

/* The toolkit has told the desktop everything that it had to tell: a call that comes later is noted
 * later. */
static void
assert_no_notification (void)
{
  g_autoptr (GNotification) last = g_notification_new ("last");
  g_autofree char *call = NULL;

  g_application_send_notification (G_APPLICATION (flash_app_test.application), "last", last);
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.notifications, "Notify", &call));
  g_assert_nonnull (strstr (call, "'last'"));
}

/* Returns: (transfer none): the page of the window, whether it is shown or not. */
static const char *
get_page (FlashAppFixture *fixture)
{
  gpointer stack =
      gtk_widget_get_template_child (GTK_WIDGET (fixture->window), FLASH_TYPE_WINDOW, "stack");

  return gtk_stack_get_visible_child_name (stack);
}

/* --- in background -------------------------------------------------------------------------- */

/* The three answers, and what they mean; the proposed one loses nothing. */
static void
test_question (FlashAppFixture *fixture, gconstpointer unused)
{
  AdwMessageDialog *dialog;

  flash_hidden_bench_start (fixture, "latency=4000");
  gtk_window_close (GTK_WINDOW (fixture->window));
  dialog = ADW_MESSAGE_DIALOG (flash_app_wait_for_question ());
  g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, "background");
  g_assert_cmpstr (adw_message_dialog_get_close_response (dialog), ==, "cancel");
  g_assert_cmpint (adw_message_dialog_get_response_appearance (dialog, "stop"), ==,
                   ADW_RESPONSE_DESTRUCTIVE);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), "start Flashwright again"));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), "will need a reset"));
  flash_app_answer ("cancel");
  g_assert_true (flash_hidden_bench_is_shown (fixture) && flash_app_is_page (fixture, "job"));

  /* Once it is being stopped there is nothing left to ask. */
  flash_app_activate (fixture, "win.stop");
  flash_app_answer ("act");
  gtk_window_close (GTK_WINDOW (fixture->window));
  g_assert_null (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG));
  flash_ui_wait_until (gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application)) ==
                       NULL);
  fixture->window = NULL;
}

/* The job ends behind a window that nobody sees: it is told, and the result is there later. */
static void
test_background (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *call = NULL;
  GtkWidget *log;

  flash_hidden_bench_start (fixture, "latency=2000");
  flash_app_activate (fixture, "win.show-log");
  log = flash_ui_find_toplevel (GTK_TYPE_WINDOW);
  g_assert_true (log != GTK_WIDGET (fixture->window));
  flash_hidden_bench_hide (fixture);
  /* What belongs to the window has gone with it. */
  g_assert_null (flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_WIDGET, NULL));
  g_assert_nonnull (gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application)));
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.notifications, "Notify", &call));
  g_assert_nonnull (strstr (call, "STM32MP157CAA Rev.B: Written"));
  g_assert_nonnull (strstr (call, "layout.tsv"));
  flash_ui_wait_until (
      flash_hidden_bench_take (flash_app_test.session_manager, "Uninhibit", &call));
  g_assert_false (flash_hidden_bench_is_shown (fixture));
  g_assert_cmpstr (get_page (fixture), ==, "result");
  flash_hidden_bench_wait_for_answers ();

  /* The program is started again. */
  g_application_activate (G_APPLICATION (flash_app_test.application));
  flash_ui_wait_until (flash_app_is_page (fixture, "result"));
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  flash_ui_wait_until (
      flash_hidden_bench_take (flash_app_test.notifications, "CloseNotification", &call));
}

/* The notification brings back the window that it is about. */
static void
test_show (FlashAppFixture *fixture, gconstpointer unused)
{
  guint id = gtk_application_window_get_id (GTK_APPLICATION_WINDOW (fixture->window));
  FlashWindow *second = flash_window_new (flash_app_test.application);
  g_autofree char *call = NULL;

  gtk_window_present (GTK_WINDOW (second));
  flash_hidden_bench_start (fixture, NULL);
  flash_hidden_bench_hide (fixture);
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.notifications, "Notify", &call));
  g_assert_false (flash_hidden_bench_is_shown (fixture));
  flash_hidden_bench_activate (
      "show", g_variant_new ("(su)", flash_application_get_run (flash_app_test.application), id));
  flash_ui_wait_until (flash_app_is_page (fixture, "result"));
  /* One of an earlier run opens the program, whatever window has that number now. */
  gtk_widget_set_visible (GTK_WIDGET (fixture->window), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (second), FALSE);
  flash_hidden_bench_activate ("show", g_variant_new ("(su)", "earlier", id));
  g_assert_true (flash_hidden_bench_is_shown (fixture) &&
                 gtk_widget_get_visible (GTK_WIDGET (second)));
  gtk_window_destroy (GTK_WINDOW (second));
}

/* It is shown again while the job runs, and can be hidden again. */
static void
test_come_back (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_hidden_bench_start (fixture, "latency=4000");
  flash_hidden_bench_hide (fixture);
  g_application_activate (G_APPLICATION (flash_app_test.application));
  flash_ui_wait_until (flash_app_is_page (fixture, "job"));
  flash_hidden_bench_hide (fixture);
  g_application_activate (G_APPLICATION (flash_app_test.application));
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
}

/* A job that must know something before it goes on says so. */
static void
test_asks (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) rootfs = flash_test_make_ext4 (4 * MIB, 4 * MIB);
  g_autoptr (FlashSimDevice) device = NULL;
  g_autofree char *call = NULL;
  FlashBoardEntry *entry;

  flash_test_write_file (fixture->layout_dir, "rootfs.ext4", rootfs);
  entry = flash_hidden_bench_start (fixture, "latency=2000");
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Sending rootfs"));
  flash_hidden_bench_hide (fixture);
  device = flash_sim_provider_dup_device (
      FLASH_SIM_PROVIDER (flash_application_get_virtual_provider (flash_app_test.application)),
      flash_board_get_port (flash_board_entry_get_board (entry)));
  flash_sim_device_unplug (device);
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.notifications, "Notify", &call));
  g_assert_nonnull (strstr (call, "Waiting for your answer"));
  g_application_activate (G_APPLICATION (flash_app_test.application));
  flash_ui_wait_until (flash_app_has (fixture, "give_up_button"));
  g_signal_emit_by_name (flash_app_get (fixture, "give_up_button"), "clicked");
  flash_app_wait_for_result (fixture);
  flash_sim_device_plug (device);
}

/* --- the portal ----------------------------------------------------------------------------- */

typedef struct {
  GDBusConnection *bus;
  gboolean is_allowed;
  guint response;
  guint n_requests;
} Portal;

static void
on_request (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
            const char *method, GVariant *args, GDBusMethodInvocation *invocation, gpointer data)
{
  Portal *self = data;
  g_autoptr (GVariant) options = g_variant_get_child_value (args, 1);
  g_autofree char *name = g_strdup (sender + 1);
  g_autofree char *request = NULL;
  const char *token, *reason;
  GVariantBuilder results;

  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_assert_true (g_variant_lookup (options, "reason", "&s", &reason));
  g_assert_cmpstr (reason, ==, "A board is being flashed");
  request = g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s",
                             g_strdelimit (name, ".", '_'), token);
  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "background", g_variant_new_boolean (self->is_allowed));
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", request));
  g_dbus_connection_emit_signal (bus, NULL, request, "org.freedesktop.portal.Request", "Response",
                                 g_variant_new ("(ua{sv})", self->response, &results), NULL);
  self->n_requests++;
}

static void
portal_start (Portal *self)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_request };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (
      "<node><interface name='org.freedesktop.portal.Background'>"
      "<method name='RequestBackground'><arg type='s'/><arg type='a{sv}'/>"
      "<arg type='o' direction='out'/></method></interface></node>",
      &error);
  g_autoptr (GVariant) answer = NULL;

  g_assert_no_error (error);
  self->bus =
      g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (self->bus, "/org/freedesktop/portal/desktop",
                                     info->interfaces[0], &vtable, self, NULL, &error);
  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (
      self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", "org.freedesktop.portal.Desktop", 4u), NULL,
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
portal_stop (Portal *self)
{
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
}

static void
set_sandboxed (gboolean is_sandboxed)
{
  g_autofree char *path = g_build_filename (flash_app_test.root, ".flatpak-info", NULL);

  if (is_sandboxed)
    flash_test_write_text (flash_app_test.root, ".flatpak-info", "");
  else
    g_assert_cmpint (g_remove (path), ==, 0);
}

/* Inside of a sandbox the system is asked; if it refuses, the window comes back and says so. */
static void
test_portal (FlashAppFixture *fixture, gconstpointer unused)
{
  Portal portal = { .is_allowed = TRUE };

  portal_start (&portal);
  set_sandboxed (TRUE);
  flash_hidden_bench_start (fixture, "latency=8000");
  flash_hidden_bench_hide (fixture);
  flash_ui_wait_until (portal.n_requests == 1);
  portal.is_allowed = FALSE;
  g_application_activate (G_APPLICATION (flash_app_test.application));
  flash_ui_wait_until (flash_app_is_page (fixture, "job"));
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_app_answer_to ("Close while the board is being flashed?", "background");
  flash_ui_wait_until (portal.n_requests == 2);
  flash_ui_wait_until (flash_hidden_bench_is_shown (fixture));
  flash_ui_wait_until (
      flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL,
                            "Flashwright was not allowed to go on in the background. Leave the "
                            "window open until the board is flashed.") != NULL);
  /* The user has closed the question of the system. */
  portal.response = 1;
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_app_answer_to ("Close while the board is being flashed?", "background");
  flash_ui_wait_until (portal.n_requests == 3);
  flash_ui_wait_until (flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL,
                                             "Leave the window open until the board is flashed.") !=
                       NULL);
  g_assert_true (flash_hidden_bench_is_shown (fixture));
  portal_stop (&portal);

  /* Where there is no portal nobody ends the program. */
  flash_hidden_bench_hide (fixture);
  set_sandboxed (FALSE);
  g_application_activate (G_APPLICATION (flash_app_test.application));
  flash_ui_wait_until (flash_app_is_page (fixture, "job"));
  flash_app_activate (fixture, "win.stop");
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
}

/* --- notifications -------------------------------------------------------------------------- */

static void
test_rule (void)
{
  g_assert_true (_flash_window_wants_notice (FALSE, FALSE, 10 * G_USEC_PER_SEC));
  g_assert_false (_flash_window_wants_notice (FALSE, FALSE, 10 * G_USEC_PER_SEC - 1));
  g_assert_false (_flash_window_wants_notice (TRUE, FALSE, G_MAXINT64));
  g_assert_true (_flash_window_wants_notice (FALSE, TRUE, 0));
  g_assert_true (_flash_window_wants_notice (TRUE, TRUE, 0));
}

/* A short job, seen or not, and a long one that is seen, are not worth a word. */
static void
test_short_job (FlashAppFixture *fixture, gconstpointer unused)
{
  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take the keyboard away");
    return;
  }
  flash_hidden_bench_start (fixture, NULL);
  flash_ui_unfocus (GTK_WIDGET (fixture->window));
  flash_app_wait_for_result (fixture);
  assert_no_notification ();
}

/* Eleven seconds in which another window of the program has the keyboard. */
static void
test_long_job (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) rootfs = flash_test_make_ext4 (4 * MIB, 4 * MIB);
  g_autofree char *call = NULL;
  FlashWindow *second;
  gint64 end_us;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take the keyboard away");
    return;
  }
  flash_test_write_file (fixture->layout_dir, "rootfs.ext4", rootfs);
  flash_hidden_bench_start (fixture, "latency=8000");
  second = flash_window_new (flash_app_test.application);
  gtk_window_present (GTK_WINDOW (second));
  flash_ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (second)));
  end_us = g_get_monotonic_time () + 30 * flash_ui_get_timeout_us ();
  flash_ui_focus (GTK_WIDGET (second));
  while (!flash_app_is_page (fixture, "result") && g_get_monotonic_time () < end_us)
    flash_ui_run_for (100);
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.notifications, "Notify", &call));
  g_assert_nonnull (strstr (call, "STM32MP157CAA Rev.B: Written"));
  flash_hidden_bench_wait_for_answers ();
  flash_ui_focus (GTK_WIDGET (fixture->window));
  flash_ui_wait_until (
      flash_hidden_bench_take (flash_app_test.notifications, "CloseNotification", &call));
  gtk_window_destroy (GTK_WINDOW (second));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  g_test_add_func ("/background/rule", test_rule);
  ADD ("/background/question", test_question);
  ADD ("/background/background", test_background);
  ADD ("/background/show", test_show);
  ADD ("/background/come-back", test_come_back);
  ADD ("/background/asks", test_asks);
  ADD ("/background/portal", test_portal);
  ADD ("/background/short-job", test_short_job);
  ADD ("/background/long-job", test_long_job);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
