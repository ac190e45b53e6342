/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-edit"

#include "config.h"

#include "flash-window-private.h"

#include "flash-edit-words.h"

#include <glib/gi18n.h>

/* A check that is over before is not worth saying, in milliseconds. */
#define SLOW_CHECK 250

/* --- checks --------------------------------------------------------------------------------- */

gboolean
_flash_window_is_checking (FlashWindow *self)
{
  return self->loading != NULL || self->is_slow ||
         (self->firmware != NULL && flash_firmware_model_is_loading (self->firmware)) ||
         (self->next != NULL && flash_editor_get_loaded (self->next) == NULL);
}

static gboolean
on_slow (gpointer data)
{
  FlashWindow *self = data;

  self->slow_source = 0;
  self->is_slow = self->editor != NULL && !flash_editor_is_checked (self->editor);
  _flash_window_update (self);
  return G_SOURCE_REMOVE;
}

static void
watch_check (FlashWindow *self)
{
  if (flash_editor_is_checked (self->editor)) {
    g_clear_handle_id (&self->slow_source, g_source_remove);
    self->is_slow = FALSE;
  } else if (self->slow_source == 0 && !self->is_slow) {
    self->slow_source = g_timeout_add (SLOW_CHECK, on_slow, self);
  }
}

/* --- the open layout ------------------------------------------------------------------------ */

static void
on_edited (FlashEditor *editor, FlashWindow *self)
{
  watch_check (self);
  _flash_window_update (self);
}

static void
on_checked (FlashEditor *editor, FlashWindow *self)
{
  watch_check (self);
  _flash_window_update (self);
}

static void
on_saved (FlashEditor *editor, FlashWindow *self)
{
  _flash_window_update (self);
  _flash_window_update_disk (self);
}

static void
on_disk_changed (FlashEditor *editor, FlashWindow *self)
{
  _flash_window_update_disk (self);
}

static void
on_rescue_failed (FlashEditor *editor, const char *message, FlashWindow *self)
{
  g_autofree char *text = g_strdup_printf (
      /* TRANSLATORS: what the system said */
      _ ("Unsaved changes would not outlive a crash: %s. Save the layout soon."), message);

  _flash_window_toast (self, text);
}

static void
disconnect (FlashWindow *self, FlashEditor *editor)
{
  g_signal_handlers_disconnect_by_data (editor, self);
  g_clear_handle_id (&self->slow_source, g_source_remove);
  self->is_slow = FALSE;
}

static void
connect (FlashWindow *self, FlashEditor *editor)
{
  g_signal_connect (editor, "edited", G_CALLBACK (on_edited), self);
  g_signal_connect (editor, "checked", G_CALLBACK (on_checked), self);
  g_signal_connect (editor, "saved", G_CALLBACK (on_saved), self);
  g_signal_connect (editor, "disk-changed", G_CALLBACK (on_disk_changed), self);
  g_signal_connect (editor, "rescue-failed", G_CALLBACK (on_rescue_failed), self);
}

static void
forget_aside (FlashWindow *self)
{
  if (self->aside != NULL)
    flash_editor_discard (self->aside);
  g_clear_object (&self->aside);
}

void
_flash_window_take_next (FlashWindow *self)
{
  g_autoptr (FlashEditor) old = g_steal_pointer (&self->editor);
  g_autofree char *toast = g_steal_pointer (&self->next_toast);
  const char *path;

  self->editor = g_steal_pointer (&self->next);
  _flash_window_drop_firmware (self);
  if (old != NULL)
    disconnect (self, old);
  if (self->aside == self->editor)
    g_clear_object (&self->aside);
  else if (self->aside != old)
    forget_aside (self);
  /* Only what is said can be taken at its word: the way back is offered there. */
  if (toast == NULL && self->aside != NULL)
    toast = g_strdup (_ ("Your own changes were put aside."));
  connect (self, self->editor);
  _flash_window_need_page (self, FLASH_PAGE_LAYOUT);
  flash_layout_page_set_editor (self->layout_page, self->editor);
  path = _flash_window_get_origin (self->editor);
  if (path != NULL)
    _flash_window_remember (self, path);
  if (_flash_window_is_page (self, FLASH_PAGE_LAYOUT)) {
    _flash_window_update (self);
    _flash_window_update_disk (self);
  } else {
    _flash_window_show_page (self, FLASH_PAGE_LAYOUT);
    flash_layout_page_focus (self->layout_page);
  }
  if (toast != NULL && self->aside != NULL)
    _flash_window_toast_verb (self, toast, _ ("_Bring back"), "win.bring-back");
  else if (toast != NULL)
    _flash_window_toast (self, toast);
}

static void
on_next_checked (FlashEditor *next, FlashWindow *self)
{
  if (!flash_editor_is_checked (next))
    return;
  g_signal_handlers_disconnect_by_func (next, on_next_checked, self);
  if (_flash_window_may_leave (self))
    _flash_window_take_next (self);
}

void
_flash_window_forget_next (FlashWindow *self)
{
  if (self->next != NULL)
    g_signal_handlers_disconnect_by_func (self->next, on_next_checked, self);
  g_clear_object (&self->next);
  g_clear_object (&self->next_firmware);
  g_clear_pointer (&self->next_toast, g_free);
  if (self->aside == self->editor)
    g_clear_object (&self->aside);
}

void
_flash_window_await_editor (FlashWindow *self, FlashEditor *editor, const char *toast)
{
  guint device_id = self->entry != NULL ? flash_board_entry_get_facts (self->entry)->device_id : 0;

  g_object_ref (editor);
  _flash_window_adopt_bundle (self, editor);
  g_clear_object (&self->next);
  self->next = editor;
  g_free (self->next_toast);
  self->next_toast = g_strdup (toast);
  flash_editor_set_device_id (editor, device_id);
  g_signal_connect (editor, "checked", G_CALLBACK (on_next_checked), self);
  _flash_window_update (self);
  on_next_checked (editor, self);
}

void
_flash_window_drop_editor (FlashWindow *self)
{
  _flash_window_forget_next (self);
  forget_aside (self);
  if (self->editor != NULL)
    disconnect (self, self->editor);
  g_clear_object (&self->editor);
}

void
flash_window_show_editor (FlashWindow *self, FlashEditor *editor)
{
  g_return_if_fail (FLASH_IS_WINDOW (self));
  g_return_if_fail (FLASH_IS_EDITOR (editor));

  _flash_window_await_editor (self, editor, NULL);
}

FlashEditor *
flash_window_get_editor (FlashWindow *self)
{
  g_return_val_if_fail (FLASH_IS_WINDOW (self), NULL);

  return self->editor;
}

/* --- another program changed it ------------------------------------------------------------- */

static void
show_changed (FlashWindow *self, const char *name)
{
  g_autofree char *title = g_strdup_printf (_ ("“%s” was changed by another program."), name);
  const FlashNotice notice = {
    .title = title,
    .detail = _ ("What you see are your own changes. They are not saved yet."),
    .first_action = "win.load-other",
    .first_label = _ ("_Load the other one"),
    .second_action = "win.keep-mine",
    .second_label = _ ("_Keep mine"),
  };

  flash_notice_bar_set_notice (self->disk_bar, &notice);
}

static void
show_gone (FlashWindow *self, const char *name)
{
  g_autofree char *title = g_strdup_printf (_ ("“%s” is no longer there."), name);
  const FlashNotice notice = {
    .title = title,
    .detail = _ ("It was moved, renamed or deleted by another program. The layout is still open "
                 "here."),
    .first_action = "win.save-as",
    .first_label = _ ("Save _as…"),
    .second_action = "win.save-again",
    .second_label = _ ("_Save it again"),
  };

  flash_notice_bar_set_notice (self->disk_bar, &notice);
}

static void
load_quietly (FlashWindow *self, const char *name)
{
  g_autoptr (FlashEditor) other = flash_editor_new_of_other (self->editor);
  g_autofree char *text = NULL;

  if (self->next != NULL)
    return;
  text = self->was_changed
             ? g_strdup (_ ("The layout has changed. Look at it again before you flash it."))
             : g_strdup_printf (_ ("“%s” was changed by another program, and has been read again."),
                                name);
  self->was_changed = FALSE;
  _flash_window_await_editor (self, other, text);
}

void
_flash_window_update_disk (FlashWindow *self)
{
  FlashEditorDisk disk =
      self->editor != NULL ? flash_editor_get_disk (self->editor) : FLASH_EDITOR_DISK_SAME;
  g_autofree char *name = self->editor != NULL ? flash_editor_dup_title (self->editor) : NULL;

  if (disk == FLASH_EDITOR_DISK_SAME || _flash_window_is_busy (self) ||
      !_flash_window_is_page (self, FLASH_PAGE_LAYOUT))
    flash_notice_bar_set_notice (self->disk_bar, NULL);
  else if (disk == FLASH_EDITOR_DISK_GONE)
    show_gone (self, name);
  else if (flash_editor_is_modified (self->editor))
    show_changed (self, name);
  else
    load_quietly (self, name);
  _flash_window_update (self);
}

void
_flash_window_load_other (FlashWindow *self)
{
  g_autoptr (FlashEditor) other =
      self->editor != NULL ? flash_editor_new_of_other (self->editor) : NULL;

  if (other == NULL)
    return;
  g_set_object (&self->aside, self->editor);
  _flash_window_await_editor (self, other, _ ("Your own changes were put aside."));
}

void
_flash_window_bring_back (FlashWindow *self)
{
  g_autoptr (FlashEditor) aside = NULL;

  if (self->aside == NULL || _flash_window_is_busy (self))
    return;
  aside = g_object_ref (self->aside);
  flash_editor_keep_mine (aside);
  _flash_window_await_editor (self, aside, NULL);
}

/* --- undo ----------------------------------------------------------------------------------- */

void
_flash_window_end_editing (FlashWindow *self)
{
  if (self->layout_page != NULL)
    flash_layout_page_finish (self->layout_page);
}

static void
update_step (FlashWindow *self, const char *action, GtkWidget *button, gboolean is_possible,
             const char *text)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, is_possible);
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
update_steps (FlashWindow *self, gboolean can_edit)
{
  FlashLayoutDocument *document = can_edit ? flash_editor_get_document (self->editor) : NULL;
  FlashLayoutEdit edit = FLASH_LAYOUT_EDIT_NONE;
  const char *subject = NULL;
  g_autofree char *undo = NULL;
  g_autofree char *redo = NULL;

  if (document != NULL)
    edit = flash_layout_document_get_undo (document, &subject);
  undo = flash_edit_words_dup_undo (edit, subject);
  update_step (self, "win.undo", self->undo_button, edit != FLASH_LAYOUT_EDIT_NONE, undo);
  edit = FLASH_LAYOUT_EDIT_NONE;
  subject = NULL;
  if (document != NULL)
    edit = flash_layout_document_get_redo (document, &subject);
  redo = flash_edit_words_dup_redo (edit, subject);
  update_step (self, "win.redo", self->redo_button, edit != FLASH_LAYOUT_EDIT_NONE, redo);
}

/* Where there is no room for a word there is for a sign. */
static void
set_save_button (FlashWindow *self, gboolean is_narrow)
{
  GtkButton *button = GTK_BUTTON (self->save_button);

  if (is_narrow == (gtk_button_get_icon_name (button) != NULL))
    return;
  if (is_narrow)
    gtk_button_set_icon_name (button, "document-save-symbolic");
  else
    gtk_button_set_label (button, _ ("_Save"));
  gtk_button_set_use_underline (button, TRUE);
  if (is_narrow)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Save the layout"), -1);
}

void
_flash_window_update_editing (FlashWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_shown = self->editor != NULL && _flash_window_is_page (self, FLASH_PAGE_LAYOUT);
  gboolean can_edit = is_shown && !_flash_window_is_busy (self);
  gboolean is_modified = is_shown && flash_editor_is_modified (self->editor);
  gboolean is_narrow = adw_flap_get_folded (self->flap);

  update_steps (self, can_edit);
  set_save_button (self, is_narrow);
  gtk_widget_set_visible (self->undo_button, is_shown && !is_narrow);
  gtk_widget_set_visible (self->redo_button, is_shown && !is_narrow);
  gtk_widget_set_visible (self->save_button, is_modified);
  /* There is no room for both; the menu has this one as well. */
  gtk_widget_set_visible (self->open_button, !is_narrow || !is_modified);
  /* What is being typed in a cell is not known yet. */
  gtk_widget_action_set_enabled (widget, "win.save", can_edit);
  gtk_widget_action_set_enabled (widget, "win.save-as", can_edit);
  gtk_widget_action_set_enabled (
      widget, "win.reload",
      (can_edit && flash_editor_get_path (self->editor) != NULL) ||
          (self->firmware != NULL && _flash_window_is_page (self, FLASH_PAGE_FIRMWARE)));
  gtk_widget_action_set_enabled (widget, "win.flash-only", can_edit);
}
