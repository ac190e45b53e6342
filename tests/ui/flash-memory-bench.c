/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-memory-bench"

#include "config.h"

#include "flash-memory-bench.h"

GtkWidget *
flash_memory_bench_open (FlashAppFixture *fixture, const char *action, GType type)
{
  GtkWidget *window;

  flash_app_activate (fixture, action);
  flash_ui_wait_until (flash_ui_find_toplevel (type) != NULL);
  window = flash_ui_find_toplevel (type);
  flash_ui_settle (window, 30);
  return window;
}

gpointer
flash_memory_bench_get (GtkWidget *window, const char *id)
{
  GtkWidget *widget = flash_ui_find_named (window, id);

  if (widget == NULL)
    g_test_message ("there is no “%s” on the screen", id);
  g_assert_nonnull (widget);
  return widget;
}

gboolean
flash_memory_bench_has (GtkWidget *window, const char *id)
{
  return flash_ui_find_named (window, id) != NULL;
}

const char *
flash_memory_bench_get_text (GtkWidget *window, const char *id)
{
  return gtk_label_get_label (GTK_LABEL (flash_memory_bench_get (window, id)));
}

void
flash_memory_bench_press (GtkWidget *window, const char *id)
{
  GtkWidget *widget = flash_memory_bench_get (window, id);

  g_assert_true (gtk_widget_is_sensitive (widget));
  if (flash_ui_has_input ()) {
    flash_ui_settle (window, 30);
    flash_ui_click (widget);
  } else {
    g_signal_emit_by_name (widget, "clicked");
  }
}

void
flash_memory_bench_type (GtkWidget *window, const char *id, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (flash_memory_bench_get (window, id)), text);
}

void
flash_memory_bench_wait_for_outcome (GtkWidget *dialog)
{
  flash_ui_wait_until (flash_memory_bench_has (dialog, "heading_label"));
  flash_ui_settle (dialog, 30);
  g_test_message ("%s: %s", flash_memory_bench_get_text (dialog, "heading_label"),
                  flash_memory_bench_has (dialog, "text_label")
                      ? flash_memory_bench_get_text (dialog, "text_label")
                      : "");
}

gboolean
flash_memory_bench_says (GtkWidget *window, const char *text)
{
  return flash_ui_find_widget (window, GTK_TYPE_LABEL, text) != NULL;
}

void
flash_memory_bench_read (GtkWidget *window)
{
  flash_memory_bench_press (window, "read_button");
  flash_ui_wait_until (flash_memory_bench_has (window, "hex_view"));
  flash_ui_settle (window, 30);
}

void
flash_memory_bench_close (GtkWidget *window)
{
  gpointer alive = window;

  g_object_add_weak_pointer (G_OBJECT (window), &alive);
  gtk_window_close (GTK_WINDOW (window));
  flash_ui_wait_until (alive == NULL);
}

GBytes *
flash_memory_bench_load (FlashAppFixture *fixture, const char *model, const char *memory)
{
  g_autofree char *path = g_build_filename (fixture->storage_dir, model, memory, NULL);
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (contents, length);
}
