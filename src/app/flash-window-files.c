/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files are open, here and in other windows, and which were opened lately. */
#define G_LOG_DOMAIN "flash-window-files"

#include "config.h"

#include "flash-window-private.h"

#include "flash-portal-path.h"
#include "flash-recent.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* --- open ----------------------------------------------------------------------------------- */

gboolean
flash_window_is_free (FlashWindow *self)
{
  g_return_val_if_fail (FLASH_IS_WINDOW (self), FALSE);

  return _flash_window_is_page (self, FLASH_PAGE_WELCOME) && self->loading == NULL &&
         self->watch == NULL && self->offered == NULL && self->next == NULL &&
         self->next_firmware == NULL;
}

/* @path: (nullable) */
static gboolean
is_path_of (const char *path, GFile *file)
{
  g_autoptr (GFile) other = path != NULL ? g_file_new_for_path (path) : NULL;

  return other != NULL && g_file_equal (file, other);
}

/* A layout is known by its own name, and by that of the folder or archive that it came with. */
static gboolean
is_of_editor (FlashEditor *editor, GFile *file)
{
  return editor != NULL && (is_path_of (_flash_window_get_origin (editor), file) ||
                            is_path_of (flash_editor_get_path (editor), file));
}

static gboolean
is_of_firmware (FlashFirmwareModel *firmware, GFile *file)
{
  return firmware != NULL && is_path_of (flash_firmware_model_get_file (firmware)->path, file);
}

gboolean
flash_window_has_file (FlashWindow *self, GFile *file)
{
  g_return_val_if_fail (FLASH_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  return is_of_editor (self->editor, file) || is_of_editor (self->next, file) ||
         is_of_firmware (self->firmware, file) || is_of_firmware (self->next_firmware, file) ||
         (self->loading != NULL && is_path_of (self->opening_path, file)) ||
         (self->saving != NULL && is_path_of (self->saving_path, file));
}

FlashWindow *
_flash_window_find_other (FlashWindow *self, const char *path)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self->application));
  g_autoptr (GFile) file = g_file_new_for_path (path);

  for (GList *link = windows; link != NULL; link = link->next)
    if (FLASH_IS_WINDOW (link->data) && link->data != self &&
        flash_window_has_file (link->data, file))
      return link->data;
  return NULL;
}

void
flash_window_tell_too_many (FlashWindow *self, guint n_opened, guint n_files)
{
  g_autofree char *text = NULL;

  g_return_if_fail (FLASH_IS_WINDOW (self));

  /* TRANSLATORS: each file gets a window: “Only the first 8 of 20 files were opened.” */
  text = g_strdup_printf (ngettext ("Only the first %1$u of %2$u file was opened.",
                                    "Only the first %1$u of %2$u files were opened.", n_files),
                          n_opened, n_files);
  _flash_window_toast (self, text);
}

/* --- lately --------------------------------------------------------------------------------- */

void
_flash_window_remember (FlashWindow *self, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *folder_uri = g_filename_to_uri (folder, NULL, NULL);

  if (folder_uri == NULL)
    return;
  /* What was shared alone lies in a folder that nobody knows of. */
  if (!flash_portal_path_is_lone_file (path))
    g_settings_set_string (flash_application_get_settings (self->application), "last-folder",
                           folder_uri);
  flash_recent_add (path);
}

static void
on_recent_activated (AdwActionRow *row, FlashWindow *self)
{
  _flash_window_open_path (self, g_object_get_data (G_OBJECT (row), "path"));
}

static GtkWidget *
create_row (FlashWindow *self, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *folder = flash_words_dup_folder (path);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), folder);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  gtk_widget_set_tooltip_text (row, path);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "path", g_strdup (path), g_free);
  g_signal_connect (row, "activated", G_CALLBACK (on_recent_activated), self);
  return row;
}

static void update_recent (FlashWindow *self);

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_auto (GStrv) paths = NULL;
  GtkListBoxRow *row;

  /* Closed meanwhile. */
  if (g_task_get_cancellable (G_TASK (result)) != self->listing)
    return;
  g_clear_object (&self->listing);
  if (self->lists_again) {
    update_recent (self);
    return;
  }
  paths = flash_recent_list_finish (result, NULL);
  while ((row = gtk_list_box_get_row_at_index (self->recent_list, 0)) != NULL)
    gtk_list_box_remove (self->recent_list, GTK_WIDGET (row));
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    gtk_list_box_append (self->recent_list, create_row (self, paths[i]));
  gtk_widget_set_visible (self->recent_box,
                          gtk_list_box_get_row_at_index (self->recent_list, 0) != NULL);
}

void
_flash_window_stop_listing (FlashWindow *self)
{
  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
}

/* One look at a time: a disk that does not answer must not be asked by more and more threads. */
static void
update_recent (FlashWindow *self)
{
  self->lists_again = self->listing != NULL;
  if (self->lists_again)
    return;
  self->listing = g_cancellable_new ();
  flash_recent_list (self->listing, on_listed, g_object_ref (self));
}

/* Nobody sees the list any more once something is open. */
static void
on_recent_changed (FlashWindow *self)
{
  if (self->toasts != NULL && _flash_window_is_page (self, FLASH_PAGE_WELCOME))
    update_recent (self);
}

void
_flash_window_watch_recent (FlashWindow *self)
{
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed",
                           G_CALLBACK (on_recent_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)),
                           "notify::gtk-recent-files-enabled", G_CALLBACK (on_recent_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (flash_application_get_settings (self->application),
                           "changed::recent-cleared", G_CALLBACK (on_recent_changed), self,
                           G_CONNECT_SWAPPED);
  update_recent (self);
}

void
_flash_window_clear_recent (FlashWindow *self)
{
  flash_recent_clear ();
  gtk_widget_set_visible (self->recent_box, FALSE);
  gtk_widget_child_focus (GTK_WIDGET (self->welcome_page), GTK_DIR_TAB_FORWARD);
}
