/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tools for window tests, tried on a window of their own: a tool that reports success
 * without having done anything would make every test that uses it worthless. */
#define G_LOG_DOMAIN "test-ui-harness"

#include "config.h"

#include "flash-latency-probe.h"
#include "flash-mock-bus.h"
#include "flash-ui-test.h"

#include <glib/gstdio.h>

typedef struct {
  GtkWidget *window;
  GtkWidget *entry;
  GtkWidget *button;
  guint n_clicks;
} Fixture;

static void
on_clicked (GtkButton *button, Fixture *fixture)
{
  fixture->n_clicks++;
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  fixture->entry = gtk_entry_new ();
  fixture->button = gtk_button_new_with_label ("Press me");
  gtk_widget_set_name (fixture->button, "the-button");
  g_signal_connect (fixture->button, "clicked", G_CALLBACK (on_clicked), fixture);
  gtk_box_append (GTK_BOX (box), fixture->entry);
  gtk_box_append (GTK_BOX (box), fixture->button);

  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 300, 200);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  gtk_window_present (GTK_WINDOW (fixture->window));
  flash_ui_settle (fixture->window, 50);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  gpointer window = fixture->window;

  g_object_add_weak_pointer (window, &window);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  flash_ui_wait_until (window == NULL);
}

static void
test_find (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *window = fixture->window;

  g_assert_true (flash_ui_find_widget (window, GTK_TYPE_BUTTON, "Press me") == fixture->button);
  g_assert_true (flash_ui_find_widget (window, GTK_TYPE_ENTRY, NULL) == fixture->entry);
  g_assert_null (flash_ui_find_widget (window, GTK_TYPE_BUTTON, "Press"));
  g_assert_null (flash_ui_find_widget (window, GTK_TYPE_SPINNER, NULL));
  g_assert_true (flash_ui_find_named (window, "the-button") == fixture->button);
  g_assert_null (flash_ui_find_named (window, "another-button"));
  g_assert_true (flash_ui_find_toplevel (GTK_TYPE_WINDOW) == window);

  gtk_widget_set_visible (fixture->button, FALSE);
  g_assert_null (flash_ui_find_named (window, "the-button"));
}

static void
test_click (Fixture *fixture, gconstpointer unused)
{
  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take input");
    return;
  }
  flash_ui_focus (fixture->window);
  flash_ui_click (fixture->button);
  flash_ui_wait_until (fixture->n_clicks == 1);

  gtk_widget_set_sensitive (fixture->button, FALSE);
  flash_ui_click (fixture->button);
  g_assert_cmpuint (fixture->n_clicks, ==, 1);
}

static void
test_type (Fixture *fixture, gconstpointer unused)
{
  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take input");
    return;
  }
  flash_ui_focus (fixture->window);
  flash_ui_click (fixture->entry);
  flash_ui_type ("Layout_1.tsv");
  flash_ui_wait_until (
      g_str_equal (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), "Layout_1.tsv"));
  flash_ui_press_keys ("Control_L+a");
  flash_ui_press_keys ("Delete");
  flash_ui_wait_until (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ""));
  flash_ui_unfocus (fixture->window);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
  *(char **) data = g_value_dup_string (value);
  return TRUE;
}

static void
test_drag (Fixture *fixture, gconstpointer unused)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY);
  g_autoptr (GdkContentProvider) content = gdk_content_provider_new_typed (G_TYPE_STRING, "cargo");
  GtkWidget *from = gtk_label_new ("from here");
  g_autofree char *dropped = NULL;

  if (!flash_ui_has_input ()) {
    g_object_unref (source);
    g_object_unref (target);
    g_object_unref (g_object_ref_sink (from));
    g_test_skip ("there is no X server to take input");
    return;
  }
  gtk_drag_source_set_content (source, content);
  gtk_widget_add_controller (from, GTK_EVENT_CONTROLLER (source));
  gtk_box_append (GTK_BOX (gtk_window_get_child (GTK_WINDOW (fixture->window))), from);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), &dropped);
  gtk_widget_add_controller (fixture->button, GTK_EVENT_CONTROLLER (target));
  flash_ui_settle (fixture->window, 50);

  flash_ui_focus (fixture->window);
  flash_ui_drag (from, fixture->button);
  flash_ui_wait_until (dropped != NULL);
  g_assert_cmpstr (dropped, ==, "cargo");
}

static void
test_screenshot (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = g_dir_make_tmp ("flash-ui-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "window.png", NULL);
  g_autofree char *missing = g_build_filename (folder, "missing", "window.png", NULL);
  g_autoptr (GdkTexture) picture = NULL;
  g_autoptr (GError) error = NULL;

  flash_ui_screenshot (fixture->window, 2.0, path, &error);
  g_assert_no_error (error);
  picture = gdk_texture_new_from_filename (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (picture), ==, 2 * gtk_widget_get_width (fixture->window));

  g_assert_false (flash_ui_screenshot (fixture->window, 1.0, missing, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static gboolean
on_stall (gpointer data)
{
  gint64 end_us = g_get_monotonic_time () + 150 * 1000;

  while (g_get_monotonic_time () < end_us)
    continue;
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
test_latency (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashLatencyProbe) probe = flash_latency_probe_start (fixture->window, TRUE);
  g_autofree char *report = NULL;
  gboolean has_stalled = FALSE;

  flash_ui_run_for (200);
  g_assert_cmpuint (flash_latency_probe_get_count (probe, FLASH_LATENCY_LOOP), >, 0);
  g_assert_cmpuint (flash_latency_probe_get_count (probe, FLASH_LATENCY_PAINT), >, 0);
  g_assert_cmpuint (flash_latency_probe_get_count (probe, FLASH_LATENCY_FRAME), >, 0);

  g_timeout_add (10, on_stall, &has_stalled);
  flash_ui_wait_until (has_stalled);
  report = flash_latency_probe_dup_report (probe);
  g_test_message ("%s", report);
  g_assert_cmpint (flash_latency_probe_get_percentile (probe, FLASH_LATENCY_LOOP, 100), >, 140000);
}

static gboolean
take_call (FlashMockBus *mock, const char *method, char **out_call)
{
  g_free (*out_call);
  *out_call = flash_mock_bus_take (mock, method);
  return *out_call != NULL;
}

static void
test_mock_bus (void)
{
  g_autoptr (FlashMockBus) notifications = flash_mock_bus_new_notifications ();
  g_autoptr (FlashMockBus) session = flash_mock_bus_new_session_manager ();
  g_autoptr (GtkApplication) app = NULL;
  g_autoptr (GNotification) notification = g_notification_new ("Board written");
  g_autoptr (GError) error = NULL;
  g_autofree char *call = NULL;
  guint cookie;

  app = gtk_application_new ("io.github.flashwright.HarnessTest", G_APPLICATION_DEFAULT_FLAGS);
  g_application_register (G_APPLICATION (app), NULL, &error);
  g_assert_no_error (error);
  g_assert_null (flash_mock_bus_take (notifications, NULL));

  g_application_send_notification (G_APPLICATION (app), "done", notification);
  flash_ui_wait_until (take_call (notifications, "Notify", &call));
  g_assert_nonnull (strstr (call, "Board written"));

  cookie = gtk_application_inhibit (app, NULL, GTK_APPLICATION_INHIBIT_SUSPEND, "writing");
  g_assert_cmpuint (cookie, ==, 7);
  flash_ui_wait_until (take_call (session, "Inhibit", &call));
  g_assert_nonnull (strstr (call, "'writing', 4"));
  gtk_application_uninhibit (app, cookie);
  flash_ui_wait_until (take_call (session, "Uninhibit", &call));
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("/ui-harness/find", test_find);
  ADD ("/ui-harness/click", test_click);
  ADD ("/ui-harness/type", test_type);
  ADD ("/ui-harness/drag", test_drag);
  ADD ("/ui-harness/screenshot", test_screenshot);
  ADD ("/ui-harness/latency", test_latency);
  g_test_add_func ("/ui-harness/mock-bus", test_mock_bus);
  return g_test_run ();
}
