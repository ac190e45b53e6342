/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program as the desktop starts it by D-Bus: nothing is shown until something is to be, and it
 * goes when it is not needed. In a process of its own. */
#define G_LOG_DOMAIN "test-service"

#include "config.h"

#include "flash-ui-test.h"

#define OBJECT_PATH "/io/github/flashwright/Flashwright"

/* A service that nobody calls ends after ten seconds, by GLib. */
#define IDLE_US (30 * G_USEC_PER_SEC)

static const char *program;

typedef struct {
  GSubprocess *process;
  GDBusConnection *bus;
  gboolean is_over;
} Fixture;

static void
on_over (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *self = data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  self->is_over = TRUE;
}

static gboolean
has_name (Fixture *self)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "NameHasOwner", g_variant_new ("(s)", APP_ID), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  gboolean has_owner = FALSE;

  g_assert_nonnull (answer);
  g_variant_get (answer, "(b)", &has_owner);
  return has_owner;
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  self->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  self->process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--gapplication-service", NULL);
  g_assert_no_error (error);
  g_subprocess_wait_async (self->process, NULL, on_over, self);
  flash_ui_wait_until (has_name (self));
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  if (!self->is_over)
    g_subprocess_force_exit (self->process);
  flash_ui_wait_until (self->is_over);
  g_clear_object (&self->process);
  g_clear_object (&self->bus);
}

static GVariant *
call (Fixture *self, const char *interface, const char *method, GVariant *args)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer =
      g_dbus_connection_call_sync (self->bus, APP_ID, OBJECT_PATH, interface, method, args, NULL,
                                   G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  return answer;
}

/* Each window is an object on the bus. */
static gboolean
has_window (Fixture *self)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      self->bus, APP_ID, OBJECT_PATH "/window", "org.freedesktop.DBus.Introspectable", "Introspect",
      NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  const char *xml;

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(&s)", &xml);
  return strstr (xml, "<node name=") != NULL;
}

static void
activate_action (Fixture *self, const char *action)
{
  GVariantBuilder parameter;
  g_autoptr (GVariant) answer = NULL;

  g_variant_builder_init (&parameter, G_VARIANT_TYPE ("av"));
  answer = call (self, "org.freedesktop.Application", "ActivateAction",
                 g_variant_new ("(sav@a{sv})", action, &parameter,
                                g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0)));
}

static GVariant *
no_platform_data (void)
{
  return g_variant_new ("(@a{sv})", g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
}

static void
test_activate (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GVariant) answer = NULL;

  g_assert_false (has_window (fixture));
  answer = call (fixture, "org.freedesktop.Application", "Activate", no_platform_data ());
  flash_ui_wait_until (has_window (fixture));
  activate_action (fixture, "quit");
  flash_ui_wait_until (fixture->is_over);
  g_assert_true (g_subprocess_get_successful (fixture->process));
}

static void
test_open (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "none.tsv", NULL);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  const char *const uris[] = { uri, NULL };
  g_autoptr (GVariant) answer = NULL;

  answer = call (
      fixture, "org.freedesktop.Application", "Open",
      g_variant_new ("(^as@a{sv})", uris, g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0)));
  flash_ui_wait_until (has_window (fixture));
  activate_action (fixture, "quit");
  flash_ui_wait_until (fixture->is_over);
}

/* Actions that the desktop may offer show a window at once. */
static void
test_new_window (Fixture *fixture, gconstpointer action)
{
  activate_action (fixture, action);
  flash_ui_wait_until (has_window (fixture));
  activate_action (fixture, "quit");
  flash_ui_wait_until (fixture->is_over);
}

static void
test_idle (Fixture *fixture, gconstpointer unused)
{
  gint64 end_us = g_get_monotonic_time () + IDLE_US;

  while (!fixture->is_over && g_get_monotonic_time () < end_us)
    flash_ui_run_for (100);
  g_assert_true (fixture->is_over);
  g_assert_true (g_subprocess_get_successful (fixture->process));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc != 2) {
    g_printerr ("usage: %s PROGRAM\n", argv[0]);
    return 2;
  }
  program = argv[1];
  g_test_add ("/service/activate", Fixture, NULL, set_up, test_activate, tear_down);
  g_test_add ("/service/open", Fixture, NULL, set_up, test_open, tear_down);
  g_test_add ("/service/new-window", Fixture, "new-window", set_up, test_new_window, tear_down);
  g_test_add ("/service/preferences", Fixture, "preferences", set_up, test_new_window, tear_down);
  g_test_add ("/service/idle", Fixture, NULL, set_up, test_idle, tear_down);
  return g_test_run ();
}
