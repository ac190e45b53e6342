/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-drop"

#include "config.h"

#include "flash-window-private.h"

#include "flash-drop-zone.h"
#include "flash-words.h"

#include <glib/gi18n.h>

static void
show_overlay (FlashWindow *self, const char *icon_name, const char *text)
{
  gtk_image_set_from_icon_name (self->drop_icon, icon_name);
  gtk_label_set_label (self->drop_label, text);
  gtk_widget_set_visible (self->drop_box, TRUE);
}

static void
hide_overlay (FlashWindow *self)
{
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  gtk_widget_set_visible (self->drop_box, FALSE);
}

/* Returns: (transfer full): what would be done with @path. */
static char *
dup_offer (FlashBundleFound found, const char *path)
{
  g_autofree char *name = flash_drop_zone_dup_name (path);

  switch (found) {
  case FLASH_BUNDLE_FOUND_LAYOUT:
    return g_strdup_printf (_ ("Open the layout “%s”"), name);
  case FLASH_BUNDLE_FOUND_FIRMWARE:
    return g_strdup_printf (_ ("Open the firmware “%s”"), name);
  case FLASH_BUNDLE_FOUND_FOLDER:
    return g_strdup_printf (_ ("Open the build folder “%s”"), name);
  case FLASH_BUNDLE_FOUND_REPAIR:
    return g_strdup_printf (_ ("Open the repair file “%s”"), name);
  case FLASH_BUNDLE_FOUND_REPORT:
    return g_strdup_printf (_ ("Open the report “%s”"), name);
  case FLASH_BUNDLE_FOUND_ARCHIVE:
    return g_strdup_printf (_ ("Open the archive “%s”"), name);
  }
  g_return_val_if_reached (NULL);
}

/* Returns: (transfer full): why nothing can be done with it. */
static char *
dup_refusal (const GError *error, const char *path)
{
  g_autofree char *name = flash_drop_zone_dup_name (path);

  return error->domain == FLASH_BUNDLE_ERROR ? flash_bundle_words_dup_fault (error, path)
                                             : flash_words_dup_load_error (error, name);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  FlashBundleFound found = FLASH_BUNDLE_FOUND_LAYOUT;
  gboolean is_found = flash_bundle_opener_find_finish (result, &found, &error);
  const char *path = flash_bundle_opener_get_path (result);
  g_autofree char *text = NULL;

  /* It has gone again. */
  if (g_task_get_cancellable (G_TASK (result)) != self->looking)
    return;
  g_clear_object (&self->looking);
  text = is_found ? dup_offer (found, path) : dup_refusal (error, path);
  show_overlay (self, is_found ? "document-open-symbolic" : "action-unavailable-symbolic", text);
}

/* Returns: (transfer full) (nullable): the one file that hovers; %NULL if there is not exactly
 * one on this computer. */
static char *
dup_single_path (GtkDropTarget *target)
{
  const GValue *value = gtk_drop_target_get_value (target);
  g_autoptr (GSList) files = NULL;

  if (value == NULL || !G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return NULL;
  files = gdk_file_list_get_files (g_value_get_boxed (value));
  if (files == NULL || files->next != NULL)
    return NULL;
  return g_file_get_path (files->data);
}

static void
on_value_changed (GtkDropTarget *target, GParamSpec *pspec, FlashWindow *self)
{
  g_autofree char *path = NULL;

  if (gtk_drop_target_get_value (target) == NULL || _flash_window_is_busy (self))
    return;
  path = dup_single_path (target);
  if (path == NULL) {
    show_overlay (self, "action-unavailable-symbolic",
                  _ ("Only one file or folder on this computer can be opened."));
    return;
  }
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  self->looking = g_cancellable_new ();
  flash_bundle_opener_find (path, self->looking, on_found, g_object_ref (self));
}

static GdkDragAction
on_enter (GtkDropTarget *target, double x, double y, FlashWindow *self)
{
  if (_flash_window_is_busy (self))
    show_overlay (self, "action-unavailable-symbolic",
                  _ ("A board is being flashed. Open another file afterwards."));
  else
    show_overlay (self, "document-open-symbolic", _ ("Open a file"));
  /* What comes from this very program is there at once, and is not announced. */
  on_value_changed (target, NULL, self);
  return GDK_ACTION_COPY;
}

static void
on_dropped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  const char *path = flash_bundle_opener_get_path (result);
  FlashBundleFound found = FLASH_BUNDLE_FOUND_LAYOUT;
  g_autofree char *text = NULL;

  flash_bundle_opener_find_finish (result, &found, &error);
  /* Closed meanwhile. */
  if (self->toasts == NULL)
    return;
  /* What is wrong with a folder stays to be read once it is opened. */
  if (error == NULL || error->domain != FLASH_LOAD_ERROR) {
    _flash_window_open_path (self, path);
    return;
  }
  text = dup_refusal (error, path);
  _flash_window_toast (self, text);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, FlashWindow *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autofree char *path = NULL;

  hide_overlay (self);
  if (files == NULL || _flash_window_is_busy (self))
    return FALSE;
  if (files->next != NULL) {
    _flash_window_toast (self, _ ("Only one file or folder on this computer can be opened."));
    return FALSE;
  }
  path = g_file_get_path (files->data);
  if (path == NULL)
    flash_window_open (self, files->data);
  else
    flash_bundle_opener_find (path, NULL, on_dropped, g_object_ref (self));
  return TRUE;
}

void
_flash_window_add_drop_target (FlashWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect (target, "enter", G_CALLBACK (on_enter), self);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (hide_overlay), self);
  g_signal_connect (target, "notify::value", G_CALLBACK (on_value_changed), self);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
