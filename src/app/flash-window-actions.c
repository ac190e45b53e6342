/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-actions"

#include "config.h"

#include "flash-window-private.h"

#include "flash-dialogs.h"
#include "flash-log-window.h"
#include "flash-new-dialog.h"

#include <glib/gi18n.h>

static void
on_open_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_choose_layout (FLASH_WINDOW (widget));
}

static void
on_open_folder_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_choose_folder (FLASH_WINDOW (widget));
}

static void
on_clear_recent_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_clear_recent (FLASH_WINDOW (widget));
}

static void
on_cancel_opening_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_cancel_opening (FLASH_WINDOW (widget));
}

static void
on_choose_other_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_choose_other (FLASH_WINDOW (widget));
}

static void
on_dismiss_bundle_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_dismiss_bundle (FLASH_WINDOW (widget));
}

static void
on_flash_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_flash (FLASH_WINDOW (widget));
}

static void
on_flash_again_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_flash_again (FLASH_WINDOW (widget));
}

static void
on_flash_slower_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_flash_slower (FLASH_WINDOW (widget));
}

static void
on_flash_without_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_flash_without (FLASH_WINDOW (widget));
}

static void
on_flash_elsewhere_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_ask_port (FLASH_WINDOW (widget));
}

static void
on_stop_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  if (self->watch != NULL)
    _flash_window_cancel_opening (self);
  else
    _flash_window_ask_stop (self);
}

static void
on_back_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  _flash_window_show_document (self);
  _flash_window_check_for_board (self);
  if (self->firmware != NULL)
    flash_firmware_page_focus (self->firmware_page);
  else
    flash_layout_page_focus (self->layout_page);
}

static void
on_show_log_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);
  GtkWindow *log = flash_dialogs_find (GTK_WINDOW (self), FLASH_TYPE_LOG_WINDOW);

  if (self->job_model == NULL)
    return;
  /* One of an earlier job goes on to show that. */
  if (log == NULL || flash_log_window_get_model (FLASH_LOG_WINDOW (log)) != self->job_model)
    log = GTK_WINDOW (flash_log_window_new (GTK_WINDOW (self), self->application, self->job_model));
  gtk_window_present (log);
}

/* Looks again at the boards, and at the files of the layout. */
static void
on_rescan_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  flash_board_list_rescan (flash_application_get_boards (self->application));
  if (self->firmware != NULL)
    flash_firmware_model_look_at_disk (self->firmware);
  if (self->editor == NULL)
    return;
  flash_editor_look_at_disk (self->editor);
  flash_editor_check (self->editor);
}

static void
on_show_boards_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  adw_flap_set_reveal_flap (self->flap, TRUE);
  flash_board_pane_focus (self->board_pane);
}

static void
on_show_problems_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  if (self->firmware != NULL)
    flash_firmware_page_show_problems (self->firmware_page);
  else
    flash_layout_page_show_problems (self->layout_page);
}

static void
on_restart_board_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  if (self->entry != NULL)
    flash_board_entry_restart (self->entry);
}

static void
on_toggle_pane_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwFlap *flap = FLASH_WINDOW (widget)->flap;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

/* --- the open layout ------------------------------------------------------------------------ */

static void
on_new_text (GBytes *text, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (FlashEditor) editor = NULL;

  /* Closed meanwhile. */
  if (text == NULL || self->toasts == NULL)
    return;
  editor = flash_editor_new (text, NULL, NULL);
  _flash_window_await_editor (self, editor, NULL);
}

static void
on_new_layout_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  flash_new_dialog_present (GTK_WINDOW (widget), on_new_text, g_object_ref (widget));
}

static void
on_save_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_save (FLASH_WINDOW (widget));
}

static void
on_save_as_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_save_as (FLASH_WINDOW (widget));
}

static void
on_save_again_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_save_again (FLASH_WINDOW (widget));
}

static void
on_undo_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  _flash_window_end_editing (self);
  flash_layout_document_undo (flash_editor_get_document (self->editor));
}

static void
on_redo_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  flash_layout_document_redo (flash_editor_get_document (self->editor));
}

/* Parameter: the action. A field of text takes back what was typed in it and hands the key on when
 * there is nothing left: the layout behind it must not change then. */
static gboolean
on_step_key (GtkWidget *widget, GVariant *args, gpointer unused)
{
  if (GTK_IS_EDITABLE (gtk_root_get_focus (GTK_ROOT (widget))))
    return TRUE;
  return gtk_widget_activate_action (widget, g_variant_get_string (args, NULL), NULL);
}

static void
on_keep_mine_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  if (self->editor != NULL)
    flash_editor_keep_mine (self->editor);
}

static void
on_load_other_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_load_other (FLASH_WINDOW (widget));
}

static void
on_bring_back_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_bring_back (FLASH_WINDOW (widget));
}

static void
on_restore_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_restore (FLASH_WINDOW (widget));
}

static void
on_discard_rescue_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_discard_rescue (FLASH_WINDOW (widget));
}

static void
reload (FlashWindow *self)
{
  if (self->editor == NULL || flash_editor_get_path (self->editor) == NULL)
    return;
  /* What is not read again is not put aside either. */
  if (_flash_window_open_here (self, flash_editor_get_path (self->editor)))
    g_set_object (&self->aside, self->editor);
}

/* What is thrown away can be brought back. */
static void
on_reload_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);
  g_autofree char *title = _flash_window_dup_title (self);
  g_autofree char *heading = g_strdup_printf (_ ("Read “%s” again?"), title);
  const FlashQuestion question = {
    .heading = heading,
    .body = _ ("Changes that are not saved will be put aside."),
    .keep_label = _ ("_Cancel"),
    .act_label = _ ("_Read again"),
  };

  if (self->editor != NULL && flash_editor_is_modified (self->editor))
    flash_dialogs_ask (GTK_WINDOW (self), &question, G_CALLBACK (reload), self);
  else
    on_rescan_activated (widget, name, parameter);
}

static void
on_flash_only_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  flash_layout_page_keep_only (FLASH_WINDOW (widget)->layout_page);
}

static void
on_save_image_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_save_image (FLASH_WINDOW (widget));
}

static void
on_write_card_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_write_card (FLASH_WINDOW (widget));
}

/* -------------------------------------------------------------------------------------------- */

void
_flash_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.open", on_open_activated },
    { "win.open-folder", on_open_folder_activated },
    { "win.clear-recent", on_clear_recent_activated },
    { "win.cancel-opening", on_cancel_opening_activated },
    { "win.choose-other", on_choose_other_activated },
    { "win.dismiss-bundle", on_dismiss_bundle_activated },
    { "win.flash", on_flash_activated },
    { "win.flash-again", on_flash_again_activated },
    { "win.flash-slower", on_flash_slower_activated },
    { "win.flash-without", on_flash_without_activated },
    { "win.flash-elsewhere", on_flash_elsewhere_activated },
    { "win.stop", on_stop_activated },
    { "win.back", on_back_activated },
    { "win.show-log", on_show_log_activated },
    { "win.rescan", on_rescan_activated },
    { "win.show-boards", on_show_boards_activated },
    { "win.show-problems", on_show_problems_activated },
    { "win.restart-board", on_restart_board_activated },
    { "win.toggle-pane", on_toggle_pane_activated },
    { "win.new-layout", on_new_layout_activated },
    { "win.save", on_save_activated },
    { "win.save-as", on_save_as_activated },
    { "win.save-again", on_save_again_activated },
    { "win.undo", on_undo_activated },
    { "win.redo", on_redo_activated },
    { "win.reload", on_reload_activated },
    { "win.flash-only", on_flash_only_activated },
    { "win.save-image", on_save_image_activated },
    { "win.write-card", on_write_card_activated },
    { "win.keep-mine", on_keep_mine_activated },
    { "win.load-other", on_load_other_activated },
    { "win.bring-back", on_bring_back_activated },
    { "win.restore", on_restore_activated },
    { "win.discard-rescue", on_discard_rescue_activated },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
  _flash_window_install_memory_actions (widget_class);
  _flash_window_install_revive_actions (widget_class);
  _flash_window_install_support_actions (widget_class);
  _flash_window_install_doctor_actions (widget_class);
  /* Not accelerators of the application: these belong to popovers and fields first. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.stop", NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, on_step_key, "s",
                                "win.undo");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                on_step_key, "s", "win.redo");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_y, GDK_CONTROL_MASK, on_step_key, "s",
                                "win.redo");
}
