/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing the file of a partition. A layout names files relative to its folder; others have to be
 * copied there first. */
#define G_LOG_DOMAIN "flash-table-files"

#include "config.h"

#include "flash-layout-table-private.h"

#include "flash-dialogs.h"
#include "flash-words.h"

#include <glib/gi18n.h>

static GtkWindow *
get_window (FlashLayoutTable *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
tell (FlashLayoutTable *self, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (get_window (self), heading, body);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- copying ------------------------------------------------------------------------------ */

typedef struct {
  FlashLayoutTable *table; /* (owned) */
  FlashLayoutEntry *entry; /* (owned) */
  GFile *from; /* (owned) */
  GFile *aside; /* (owned): where it is written first */
  GFile *to; /* (owned) */
} Copy;

static void
copy_free (Copy *copy)
{
  g_object_unref (copy->table);
  g_object_unref (copy->entry);
  g_object_unref (copy->from);
  g_object_unref (copy->aside);
  g_object_unref (copy->to);
  g_free (copy);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copy, copy_free)

static void
tell_copy_error (const Copy *copy, const GError *error)
{
  g_autofree char *path = g_file_get_path (copy->to);
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *body = NULL;

  if (copy->table->document == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    body = g_strdup_printf (_ ("The folder of the layout has another file named “%s”. Rename one "
                               "of them, then choose it again."),
                            name);
  else
    /* TRANSLATORS: the file, then what the system said */
    body = g_strdup_printf (_ ("“%1$s” cannot be written: %2$s"), name, error->message);
  tell (copy->table, _ ("The file was not copied"), body);
}

static void
on_copied (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Copy) copy = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (copy->to);
  gboolean is_done = g_file_copy_finish (copy->from, result, &error);

  _flash_layout_table_set_hint (copy->table, NULL);
  /* Renaming within a folder takes no time, and does not overwrite. */
  if (is_done)
    is_done = g_file_move (copy->aside, copy->to, G_FILE_COPY_NO_FALLBACK_FOR_MOVE, NULL, NULL,
                           NULL, &error);
  if (!is_done) {
    g_file_delete_async (copy->aside, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
    tell_copy_error (copy, error);
  } else if (copy->table->document != NULL) {
    flash_layout_document_set_binary (copy->table->document, copy->entry, name);
  }
}

static void
start_copy (Copy *copy)
{
  FlashLayoutTable *self = copy->table;
  g_autofree char *name = g_file_get_basename (copy->from);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *hint = g_strdup_printf (_ ("Copying %s…"), shown);

  if (g_file_query_exists (copy->to, NULL)) {
    g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_EXISTS, "");

    tell_copy_error (copy, error);
    copy_free (copy);
    return;
  }
  _flash_layout_table_set_hint (self, hint);
  if (self->copying == NULL)
    self->copying = g_cancellable_new ();
  g_file_copy_async (copy->from, copy->aside, G_FILE_COPY_OVERWRITE, G_PRIORITY_DEFAULT,
                     self->copying, NULL, NULL, on_copied, copy);
}

static void
on_copy_response (AdwMessageDialog *dialog, const char *response, Copy *copy)
{
  /* Closing may answer once more. */
  g_signal_handlers_disconnect_by_data (dialog, copy);
  if (g_str_equal (response, "copy"))
    start_copy (copy);
  else
    copy_free (copy);
}

static void
ask_copy (FlashLayoutTable *self, FlashLayoutEntry *entry, GFile *file, const char *folder)
{
  Copy *copy = g_new0 (Copy, 1);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *aside = g_strconcat (".", name, ".part", NULL);
  g_autofree char *body =
      g_strdup_printf (_ ("“%s” lies outside of the layout’s folder, and a layout names files only "
                          "below it: elsewhere it would not find them. Copy the file beside the "
                          "layout?"),
                       shown);
  GtkWidget *dialog =
      adw_message_dialog_new (get_window (self), _ ("Copy the file to the layout?"), body);

  copy->table = g_object_ref (self);
  copy->entry = g_object_ref (entry);
  copy->from = g_object_ref (file);
  copy->aside = g_file_new_build_filename (folder, aside, NULL);
  copy->to = g_file_new_build_filename (folder, name, NULL);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", _ ("_Cancel"), "copy",
                                    _ ("Co_py beside the layout"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "copy",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "copy");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect (dialog, "response", G_CALLBACK (on_copy_response), copy);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- using -------------------------------------------------------------------------------- */

static void
on_save_response (FlashLayoutTable *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.save-as", NULL);
}

/* A layout that was never saved has no folder that names could start from. */
static void
ask_save (FlashLayoutTable *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      get_window (self), _ ("Save the layout first"),
      _ ("A layout names files by their way from its own folder, and this one has none yet."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", _ ("_Cancel"), "save",
                                    _ ("_Save as…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response::save", G_CALLBACK (on_save_response), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
_flash_layout_table_use_file (FlashLayoutTable *self, FlashLayoutEntry *entry, GFile *file)
{
  const char *layout = flash_editor_get_path (self->editor);
  FlashLoaded *loaded = flash_editor_get_loaded (self->editor);
  const char *known_base = loaded != NULL ? flash_layout_get_base (loaded->layout) : NULL;
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *folder = NULL;
  g_autofree char *binary = NULL;

  if (layout == NULL) {
    ask_save (self);
    return;
  }
  folder = g_path_get_dirname (layout);
  if (path != NULL)
    binary = flash_layout_relative_path (folder, known_base != NULL ? known_base : folder, path);
  if (binary == NULL)
    ask_copy (self, entry, file, folder);
  else
    flash_layout_document_set_binary (self->document, entry, binary);
}

static void
on_chosen (GFile *file, gpointer data)
{
  FlashLayoutTable *self = data;
  g_autoptr (FlashLayoutEntry) entry = g_steal_pointer (&self->chooser_entry);

  if (file != NULL && entry != NULL && flash_layout_entry_get_number (entry) > 0)
    _flash_layout_table_use_file (self, entry, file);
  g_clear_object (&self->chooser);
}

void
_flash_layout_table_choose_file (FlashLayoutTable *self, FlashLayoutEntry *entry)
{
  const char *layout = flash_editor_get_path (self->editor);
  g_autofree char *folder_path = layout != NULL ? g_path_get_dirname (layout) : NULL;
  g_autoptr (GFile) folder = folder_path != NULL ? g_file_new_for_path (folder_path) : NULL;
  GtkWindow *parent = self->form != NULL ? GTK_WINDOW (self->form) : get_window (self);

  flash_layout_grid_give_up (self->grid);
  if (layout == NULL) {
    ask_save (self);
    return;
  }
  g_set_object (&self->chooser_entry, entry);
  g_clear_object (&self->chooser);
  self->chooser = flash_dialogs_choose_image (parent, folder, on_chosen, self);
}

void
_flash_layout_table_stop_files (FlashLayoutTable *self)
{
  if (self->copying != NULL)
    g_cancellable_cancel (self->copying);
  g_clear_object (&self->copying);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  g_clear_object (&self->chooser_entry);
}
