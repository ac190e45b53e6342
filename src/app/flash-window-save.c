/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-save"

#include "config.h"

#include "flash-window-private.h"

#include "flash-dialogs.h"
#include "flash-edit-words.h"
#include "flash-portal-path.h"

#include <glib/gi18n.h>

static gboolean
on_close_due (gpointer data)
{
  gtk_window_close (GTK_WINDOW (data));
  return G_SOURCE_REMOVE;
}

/* What may be lost is lost, by the user's will. */
static void
leave (FlashWindow *self)
{
  self->leaves_after_saving = FALSE;
  if (self->next != NULL) {
    _flash_window_take_next (self);
    return;
  }
  if (self->next_firmware != NULL) {
    _flash_window_take_firmware (self);
    return;
  }
  self->leaves = TRUE;
  /* The question, which goes with its window, is still in the middle of its answer. */
  g_idle_add_full (G_PRIORITY_DEFAULT, on_close_due, g_object_ref (self), g_object_unref);
}

/* Everything stays as it is. */
static void
stay (FlashWindow *self)
{
  self->leaves_after_saving = FALSE;
  _flash_window_forget_next (self);
  _flash_window_update (self);
}

/* --- what went wrong ------------------------------------------------------------------------ */

static void start_saving (FlashWindow *self, const char *path, gboolean overwrites_changes);

static void
on_failure_answered (FlashWindow *self, const char *answer)
{
  if (self->editor == NULL)
    return;
  if (g_str_equal (answer, "again"))
    start_saving (self, NULL, TRUE);
  else if (g_str_equal (answer, "elsewhere"))
    _flash_window_save_as (self);
  else
    stay (self);
  if (g_str_equal (answer, "other"))
    _flash_window_load_other (self);
}

static void
ask_about_change (FlashWindow *self, const char *name)
{
  const FlashAnswer answers[] = {
    { "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT },
    { "other", _ ("_Load the other one"), ADW_RESPONSE_DEFAULT },
    { "again", _ ("_Save mine"), ADW_RESPONSE_DESTRUCTIVE },
    { NULL, NULL, ADW_RESPONSE_DEFAULT },
  };
  g_autofree char *heading = g_strdup_printf (_ ("“%s” was changed by another program"), name);

  flash_dialogs_choose (GTK_WINDOW (self), heading,
                        _ ("Saving now would write over what the other program has made. Nothing "
                           "was saved yet; your changes are still here."),
                        answers, G_CALLBACK (on_failure_answered), self);
}

static void
ask_about_loss (FlashWindow *self, const char *name)
{
  const FlashAnswer answers[] = {
    { "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT },
    { "elsewhere", _ ("Save _as…"), ADW_RESPONSE_DEFAULT },
    { "again", _ ("_Save it again"), ADW_RESPONSE_SUGGESTED },
    { NULL, NULL, ADW_RESPONSE_DEFAULT },
  };
  g_autofree char *heading = g_strdup_printf (_ ("“%s” is no longer there"), name);

  flash_dialogs_choose (GTK_WINDOW (self), heading,
                        _ ("It was moved, renamed or deleted by another program. The layout is "
                           "still open here, with your changes."),
                        answers, G_CALLBACK (on_failure_answered), self);
}

static void
tell_failure (FlashWindow *self, const char *name, const GError *error)
{
  const FlashAnswer answers[] = {
    { "cancel", _ ("_Close"), ADW_RESPONSE_DEFAULT },
    { "elsewhere", _ ("Save _as…"), ADW_RESPONSE_SUGGESTED },
    { NULL, NULL, ADW_RESPONSE_DEFAULT },
  };
  g_autofree char *heading = g_strdup_printf (_ ("“%s” could not be saved"), name);
  g_autofree char *body = flash_edit_words_dup_save_error (error);

  flash_dialogs_choose (GTK_WINDOW (self), heading, body, answers, G_CALLBACK (on_failure_answered),
                        self);
}

/* What was unpacked goes when it is closed. */
static void
ask_elsewhere (FlashWindow *self)
{
  const FlashAnswer answers[] = {
    { "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT },
    { "elsewhere", _ ("Save _as…"), ADW_RESPONSE_SUGGESTED },
    { NULL, NULL, ADW_RESPONSE_DEFAULT },
  };
  g_autofree char *name = flash_editor_dup_title (self->editor);
  g_autofree char *heading = g_strdup_printf (_ ("“%s” is in an archive"), name);

  flash_dialogs_choose (GTK_WINDOW (self), heading,
                        _ ("What you see was unpacked into a temporary folder, which is removed "
                           "when the layout is closed. Save it elsewhere: the files that it names "
                           "are looked for beside it then."),
                        answers, G_CALLBACK (on_failure_answered), self);
}

/* --- saving --------------------------------------------------------------------------------- */

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  FlashEditor *editor = FLASH_EDITOR (source);
  g_autoptr (GError) error = NULL;
  gboolean is_saved = flash_editor_save_finish (editor, result, &error);
  const char *path = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_filename_display_basename (path);

  /* Closed meanwhile. */
  if (g_task_get_cancellable (G_TASK (result)) != self->saving)
    return;
  g_clear_object (&self->saving);
  if (is_saved) {
    _flash_window_remember (self, path);
    /* What was typed while it was saved is not saved. */
    if (self->leaves_after_saving && _flash_window_may_leave (self))
      leave (self);
    else if (!self->leaves_after_saving)
      _flash_window_toast (self, _ ("Saved"));
  } else if (g_error_matches (error, FLASH_LAYOUT_STORE_ERROR, FLASH_LAYOUT_STORE_ERROR_CHANGED)) {
    ask_about_change (self, name);
  } else if (g_error_matches (error, FLASH_LAYOUT_STORE_ERROR, FLASH_LAYOUT_STORE_ERROR_GONE)) {
    ask_about_loss (self, name);
  } else {
    tell_failure (self, name, error);
  }
}

static void
start_saving (FlashWindow *self, const char *path, gboolean overwrites_changes)
{
  if (self->saving != NULL)
    return;
  self->saving = g_cancellable_new ();
  flash_editor_save (self->editor, path, overwrites_changes, self->saving, on_saved,
                     g_object_ref (self));
}

void
_flash_window_save (FlashWindow *self)
{
  if (self->editor == NULL)
    return;
  _flash_window_end_editing (self);
  if (flash_editor_get_path (self->editor) == NULL)
    _flash_window_save_as (self);
  else if (flash_bundle_place_is_temporary (flash_editor_get_path (self->editor)))
    ask_elsewhere (self);
  else if (flash_editor_is_modified (self->editor))
    start_saving (self, NULL, FALSE);
}

void
_flash_window_save_again (FlashWindow *self)
{
  if (self->editor != NULL && flash_editor_get_path (self->editor) != NULL)
    start_saving (self, NULL, TRUE);
}

static void
keep_session (FlashWindow *self, gboolean keeps)
{
  GtkApplication *application = GTK_APPLICATION (self->application);

  if (keeps == self->keeps_session)
    return;
  self->keeps_session = keeps;
  if (keeps)
    self->unsaved_cookie =
        gtk_application_inhibit (application, GTK_WINDOW (self), GTK_APPLICATION_INHIBIT_LOGOUT,
                                 _ ("There are unsaved changes"));
  else if (self->unsaved_cookie != 0)
    gtk_application_uninhibit (application, self->unsaved_cookie);
}

void
_flash_window_update_unsaved (FlashWindow *self)
{
  keep_session (self, self->editor != NULL && flash_editor_is_modified (self->editor));
}

void
_flash_window_stop_saving (FlashWindow *self)
{
  keep_session (self, FALSE);
  g_clear_object (&self->saving);
  g_clear_pointer (&self->saving_path, g_free);
}

/* --- another place -------------------------------------------------------------------------- */

static void
on_replace_answered (FlashWindow *self, const char *answer)
{
  if (g_str_equal (answer, "replace") && self->editor != NULL)
    start_saving (self, self->saving_path, TRUE);
  else
    stay (self);
}

static void
ask_replace (FlashWindow *self)
{
  const FlashAnswer answers[] = {
    { "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT },
    { "replace", _ ("_Replace"), ADW_RESPONSE_DESTRUCTIVE },
    { NULL, NULL, ADW_RESPONSE_DEFAULT },
  };
  g_autofree char *name = g_filename_display_basename (self->saving_path);
  g_autofree char *heading = g_strdup_printf (_ ("Replace “%s”?"), name);

  flash_dialogs_choose (GTK_WINDOW (self), heading,
                        _ ("A file of that name exists already. What it holds will be lost."),
                        answers, G_CALLBACK (on_replace_answered), self);
}

/* Two windows with one file would overwrite each other's changes. */
static gboolean
is_elsewhere (FlashWindow *self, const char *path)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (_flash_window_find_other (self, path) == NULL)
    return FALSE;
  name = g_filename_display_basename (path);
  text = g_strdup_printf (
      _ ("“%s” is open in another window. Choose another name, or close it there first."), name);
  _flash_window_toast (self, text);
  stay (self);
  return TRUE;
}

/* What is named otherwise could not be dropped on the window any more. */
static gboolean
has_layout_name (const char *path)
{
  gsize length = strlen (path);

  return length > strlen (".tsv") &&
         g_ascii_strcasecmp (path + length - strlen (".tsv"), ".tsv") == 0;
}

void
_flash_window_save_to (FlashWindow *self, GFile *file)
{
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  gboolean is_as_named;

  if (file == NULL || self->editor == NULL) {
    stay (self);
    return;
  }
  if (path == NULL) {
    _flash_window_toast (self, _ ("A layout can only be saved on this computer."));
    stay (self);
    return;
  }
  /* What was shared alone has one name; what is written by any other is lost. */
  is_as_named = has_layout_name (path) || flash_portal_path_is_lone_file (path);
  g_free (self->saving_path);
  self->saving_path = is_as_named ? g_steal_pointer (&path) : g_strconcat (path, ".tsv", NULL);
  if (is_elsewhere (self, self->saving_path)) {
    g_clear_pointer (&self->saving_path, g_free);
    return;
  }
  if (!is_as_named && g_file_test (self->saving_path, G_FILE_TEST_EXISTS))
    ask_replace (self);
  else
    start_saving (self, self->saving_path, TRUE);
}

/* --- leaving -------------------------------------------------------------------------------- */

static void
on_leave_answered (FlashWindow *self, const char *answer)
{
  if (self->editor == NULL)
    return;
  if (g_str_equal (answer, "save")) {
    self->leaves_after_saving = TRUE;
    _flash_window_save (self);
  } else if (g_str_equal (answer, "discard")) {
    flash_editor_discard (self->editor);
    leave (self);
  } else {
    stay (self);
  }
}

static void
ask_leave (FlashWindow *self)
{
  const FlashAnswer answers[] = {
    { "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT },
    { "discard", _ ("_Discard"), ADW_RESPONSE_DESTRUCTIVE },
    { "save", _ ("_Save"), ADW_RESPONSE_SUGGESTED },
    { NULL, NULL, ADW_RESPONSE_DEFAULT },
  };
  g_autofree char *name = flash_editor_dup_title (self->editor);
  g_autofree char *heading = g_strdup_printf (_ ("Save changes to “%s”?"), name);
  GtkWindow *dialog = flash_dialogs_choose (GTK_WINDOW (self), heading,
                                            _ ("Changes that are not saved will be lost."), answers,
                                            G_CALLBACK (on_leave_answered), self);

  g_set_weak_pointer (&self->leave_question, dialog);
}

gboolean
_flash_window_may_leave (FlashWindow *self)
{
  if (self->editor == NULL || self->leaves || self->editor == self->aside)
    return TRUE;
  _flash_window_end_editing (self);
  if (!flash_editor_is_modified (self->editor))
    return TRUE;
  /* Nobody can answer behind a window that is not there. */
  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    gtk_window_present (GTK_WINDOW (self));
  if (self->leave_question != NULL)
    gtk_window_present (self->leave_question);
  else
    ask_leave (self);
  return FALSE;
}
