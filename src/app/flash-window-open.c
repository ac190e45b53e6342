/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-open"

#include "config.h"

#include "flash-window-private.h"

#include "flash-dialogs.h"
#include "flash-portal-path.h"
#include "flash-words.h"

#include <glib/gi18n.h>

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoadedText) loaded = flash_loader_read_finish (result, &error);
  g_autoptr (FlashEditor) editor = NULL;

  /* Closed meanwhile, or something else was opened. */
  if (g_task_get_cancellable (G_TASK (result)) != self->loading)
    return;
  g_clear_object (&self->loading);
  if (loaded == NULL) {
    g_autofree char *name = g_filename_display_basename (g_task_get_task_data (G_TASK (result)));
    g_autofree char *text = flash_words_dup_load_error (error, name);

    g_clear_pointer (&self->opened, flash_bundle_opened_unref);
    /* What was to come is not coming: nothing is put aside for it. */
    _flash_window_forget_next (self);
    _flash_window_toast (self, text);
    _flash_window_update (self);
    return;
  }
  editor = flash_editor_new_loaded (loaded);
  _flash_window_await_editor (self, editor, NULL);
}

gboolean
_flash_window_begin_loading (FlashWindow *self)
{
  if (_flash_window_is_busy (self)) {
    _flash_window_toast (self, _ ("A board is being flashed. Open another file afterwards."));
    return FALSE;
  }
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  _flash_window_forget_next (self);
  _flash_window_stop_bundle (self);
  self->loading = g_cancellable_new ();
  return TRUE;
}

void
_flash_window_read_path (FlashWindow *self, const char *path)
{
  flash_loader_read (path, TRUE, self->loading, on_read, g_object_ref (self));
  _flash_window_update (self);
}

gboolean
_flash_window_open_here (FlashWindow *self, const char *path)
{
  if (!_flash_window_begin_loading (self))
    return FALSE;
  _flash_window_open_bundle (self, path);
  _flash_window_update (self);
  return TRUE;
}

void
_flash_window_open_path (FlashWindow *self, const char *path)
{
  FlashWindow *other = _flash_window_find_other (self, path);

  if (other != NULL)
    gtk_window_present (GTK_WINDOW (other));
  else
    _flash_window_open_here (self, path);
}

void
flash_window_open (FlashWindow *self, GFile *file)
{
  g_autofree char *path = NULL;

  g_return_if_fail (FLASH_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  path = g_file_get_path (file);
  if (path == NULL) {
    g_autoptr (GError) error =
        g_error_new_literal (FLASH_LOAD_ERROR, FLASH_LOAD_ERROR_NOT_LOCAL, "no local path");
    g_autofree char *name = g_file_get_parse_name (file);
    g_autofree char *text = flash_words_dup_load_error (error, name);

    _flash_window_toast (self, text);
    return;
  }
  _flash_window_open_path (self, path);
}

void
_flash_window_stop_loading (FlashWindow *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  if (self->choosing != NULL)
    g_cancellable_cancel (self->choosing);
  g_clear_object (&self->choosing);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
}

/* --- choosing ----------------------------------------------------------------------------- */

static void
on_file_chosen (GFile *file, gpointer data)
{
  FlashWindow *self = data;

  g_clear_object (&self->chooser);
  if (file != NULL)
    flash_window_open (self, file);
}

static void
on_place_chosen (GFile *file, gpointer data)
{
  FlashWindow *self = data;

  g_clear_object (&self->chooser);
  _flash_window_save_to (self, file);
}

static void
on_folder_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, NULL);
  GFile *folder = info != NULL ? G_FILE (source) : NULL;
  g_autofree char *name = NULL;

  if (self->choosing == NULL)
    return;
  g_clear_object (&self->choosing);
  if (!self->chooses_place) {
    self->chooser = (self->chooses_folder ? flash_dialogs_open_folder : flash_dialogs_open_layout) (
        GTK_WINDOW (self), folder, on_file_chosen, self);
    return;
  }
  name = flash_editor_get_path (self->editor) != NULL
             ? flash_editor_dup_title (self->editor)
             : g_strconcat (_ ("FlashLayout"), ".tsv", NULL);
  self->chooser =
      flash_dialogs_save_layout (GTK_WINDOW (self), folder, name, on_place_chosen, self);
}

/* A folder that is gone would be an error in the dialog. */
static void
choose (FlashWindow *self, GFile *folder, gboolean is_place)
{
  if (self->chooser != NULL || self->choosing != NULL)
    return;
  self->chooses_place = is_place;
  self->choosing = g_cancellable_new ();
  g_file_query_info_async (folder, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, self->choosing, on_folder_ready,
                           g_object_ref (self));
}

static GFile *
get_last_folder (FlashWindow *self)
{
  g_autofree char *uri =
      g_settings_get_string (flash_application_get_settings (self->application), "last-folder");

  return *uri != '\0' ? g_file_new_for_uri (uri) : g_file_new_for_path (g_get_home_dir ());
}

void
_flash_window_choose_layout (FlashWindow *self)
{
  g_autoptr (GFile) folder = get_last_folder (self);

  self->chooses_folder = FALSE;
  choose (self, folder, FALSE);
}

void
_flash_window_choose_folder (FlashWindow *self)
{
  g_autoptr (GFile) folder = get_last_folder (self);

  self->chooses_folder = TRUE;
  choose (self, folder, FALSE);
}

void
_flash_window_save_as (FlashWindow *self)
{
  /* Not in the folder of what was unpacked. */
  const char *path = self->editor != NULL ? _flash_window_get_origin (self->editor) : NULL;
  g_autoptr (GFile) file =
      path != NULL && !flash_portal_path_is_lone_file (path) ? g_file_new_for_path (path) : NULL;
  g_autoptr (GFile) folder = file != NULL ? g_file_get_parent (file) : get_last_folder (self);

  if (self->editor == NULL)
    return;
  _flash_window_end_editing (self);
  choose (self, folder, TRUE);
}
