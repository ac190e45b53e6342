/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-hidden-bench"

#include "config.h"

#include "flash-hidden-bench.h"

gboolean
flash_hidden_bench_take (FlashMockBus *mock, const char *method, char **out_call)
{
  g_free (*out_call);
  *out_call = flash_mock_bus_take (mock, method);
  return *out_call != NULL;
}

void
flash_hidden_bench_forget_calls (void)
{
  g_autofree char *call = NULL;

  while (flash_hidden_bench_take (flash_app_test.notifications, NULL, &call) ||
         flash_hidden_bench_take (flash_app_test.session_manager, NULL, &call))
    continue;
}

void
flash_hidden_bench_wait_for_answers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      g_application_get_dbus_connection (G_APPLICATION (flash_app_test.application)),
      "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
      "org.freedesktop.Notifications", "CloseNotification", g_variant_new ("(u)", 999u), NULL,
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  flash_hidden_bench_forget_calls ();
}

void
flash_hidden_bench_activate (const char *action, GVariant *parameter)
{
  g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), action, parameter);
}

gboolean
flash_hidden_bench_is_shown (FlashAppFixture *fixture)
{
  return gtk_widget_get_visible (GTK_WIDGET (fixture->window));
}

FlashBoardEntry *
flash_hidden_bench_start (FlashAppFixture *fixture, const char *keys)
{
  FlashBoardEntry *entry;

  flash_app_open (fixture, fixture->layout_path);
  entry = flash_app_choose_board (fixture, keys);
  flash_hidden_bench_forget_calls ();
  /* Without a window manager another window may lie upon the button. */
  flash_app_activate (fixture, "win.flash");
  flash_ui_wait_until (flash_app_is_page (fixture, "job"));
  return entry;
}

void
flash_hidden_bench_hide (FlashAppFixture *fixture)
{
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_app_answer_to ("Close while the board is being flashed?", "background");
  flash_ui_wait_until (!flash_hidden_bench_is_shown (fixture));
}
