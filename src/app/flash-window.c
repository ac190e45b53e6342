/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window"

#include "config.h"

#include "flash-window-private.h"

#include "flash-announcer.h"
#include "flash-button-names.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* The least that the settings take. */
#define MIN_WIDTH 360
#define MIN_HEIGHT 294

/* How long a verb is offered in passing, in seconds. */
#define VERB_TIMEOUT 20

G_DEFINE_FINAL_TYPE (FlashWindow, flash_window, ADW_TYPE_APPLICATION_WINDOW)

void
_flash_window_show_page (FlashWindow *self, const char *page)
{
  _flash_window_need_page (self, page);
  gtk_stack_set_visible_child_name (self->stack, page);
  _flash_window_update (self);
  /* Nobody was asked while something else was shown. */
  _flash_window_update_disk (self);
}

gboolean
_flash_window_is_page (FlashWindow *self, const char *page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), page) == 0;
}

/* The newest is what the user waits for. */
static void
show_toast (FlashWindow *self, AdwToast *toast)
{
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_clear_weak_pointer (&self->toast);
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

gboolean
_flash_window_is_document (FlashWindow *self)
{
  return _flash_window_is_page (self,
                                self->firmware != NULL ? FLASH_PAGE_FIRMWARE : FLASH_PAGE_LAYOUT);
}

void
_flash_window_show_document (FlashWindow *self)
{
  _flash_window_show_page (self, self->firmware != NULL ? FLASH_PAGE_FIRMWARE : FLASH_PAGE_LAYOUT);
}

char *
_flash_window_dup_title (FlashWindow *self)
{
  if (self->firmware != NULL)
    return g_filename_display_basename (flash_firmware_model_get_file (self->firmware)->path);
  return flash_editor_dup_title (self->editor);
}

void
_flash_window_toast (FlashWindow *self, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  show_toast (self, adw_toast_new (markup));
}

void
_flash_window_toast_verb (FlashWindow *self, const char *text, const char *label,
                          const char *action)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (markup);

  adw_toast_set_button_label (toast, label);
  adw_toast_set_action_name (toast, action);
  adw_toast_set_timeout (toast, VERB_TIMEOUT);
  show_toast (self, toast);
}

/* --- keeping up --------------------------------------------------------------------------- */

/* Returns: (transfer full): where the open file is. */
static char *
dup_subtitle (FlashWindow *self)
{
  const char *path, *origin;
  g_autofree char *name = NULL;

  if (self->firmware != NULL)
    return flash_words_dup_folder (flash_firmware_model_get_file (self->firmware)->path);
  path = flash_editor_get_path (self->editor);
  origin = _flash_window_get_origin (self->editor);
  if (path == NULL || origin == NULL)
    return g_strdup (_ ("not saved yet"));
  if (!flash_bundle_place_is_temporary (path))
    return flash_words_dup_folder (path);
  name = g_filename_display_basename (origin);
  /* TRANSLATORS: the name of an archive: “in build.tar.zst” */
  return g_strdup_printf (_ ("in %s"), name);
}

static void
update_title (FlashWindow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  g_autofree char *folder = NULL;
  gboolean is_modified = self->editor != NULL && flash_editor_is_modified (self->editor);

  if (self->editor == NULL && self->firmware == NULL) {
    adw_window_title_set_title (self->title, "Flashwright");
    adw_window_title_set_subtitle (self->title, "");
    gtk_window_set_title (GTK_WINDOW (self), "Flashwright");
    return;
  }
  name = _flash_window_dup_title (self);
  folder = dup_subtitle (self);
  /* TRANSLATORS: the name of a layout with unsaved changes */
  title = is_modified ? g_strdup_printf (_ ("• %s"), name) : g_strdup (name);
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, folder);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

void
_flash_window_update (FlashWindow *self)
{
  static const char *const again[] = { "win.flash-again", "win.flash-slower", "win.flash-without",
                                       "win.flash-elsewhere" };
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_busy = _flash_window_is_busy (self);
  gboolean is_checking = _flash_window_is_checking (self);
  FlashJob *job = self->job_model != NULL ? flash_job_model_get_job (self->job_model) : NULL;
  gboolean can_stop = self->preparing != NULL || self->watch != NULL ||
                      (job != NULL && flash_job_is_running (job) && !flash_job_is_cancelled (job));
  gboolean is_blocked;
  g_autofree char *target = self->entry != NULL ? flash_board_entry_dup_title (self->entry) : NULL;

  _flash_window_update_doctor (self);
  is_blocked = _flash_window_update_note (self);
  if (self->layout_page != NULL)
    flash_layout_page_set_target (self->layout_page, target);
  if (self->firmware_page != NULL)
    flash_firmware_page_set_target (self->firmware_page, self->entry);
  gtk_widget_action_set_enabled (widget, "win.flash",
                                 !is_blocked && _flash_window_is_document (self));
  for (guint i = 0; i < G_N_ELEMENTS (again); i++)
    gtk_widget_action_set_enabled (widget, again[i],
                                   _flash_window_is_page (self, FLASH_PAGE_RESULT));
  gtk_widget_action_set_enabled (widget, "win.back",
                                 _flash_window_is_page (self, FLASH_PAGE_RESULT));
  gtk_widget_action_set_enabled (widget, "win.open", !is_busy);
  gtk_widget_action_set_enabled (widget, "win.open-folder", !is_busy);
  gtk_widget_action_set_enabled (widget, "win.new-layout", !is_busy);
  gtk_widget_action_set_enabled (widget, "win.stop", can_stop);
  gtk_widget_action_set_enabled (widget, "win.show-log", self->job_model != NULL);
  gtk_spinner_set_spinning (self->spinner, is_checking);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_checking);
  _flash_window_update_bundle (self);
  _flash_window_update_portal (self);
  _flash_window_update_editing (self);
  _flash_window_update_card (self);
  _flash_window_update_memory (self);
  _flash_window_update_revive (self);
  _flash_window_update_unsaved (self);
  update_title (self);
}

/* --- boards ------------------------------------------------------------------------------- */

/* Not every stage of a board tells which chip it is. */
void
_flash_window_check_for_board (FlashWindow *self)
{
  guint device_id = self->entry != NULL ? flash_board_entry_get_facts (self->entry)->device_id : 0;

  _flash_window_plan_for_board (self);
  if (device_id == 0 || !_flash_window_is_page (self, FLASH_PAGE_LAYOUT))
    return;
  if (self->editor != NULL)
    flash_editor_set_device_id (self->editor, device_id);
  if (self->next != NULL)
    flash_editor_set_device_id (self->next, device_id);
}

static void
on_entry_changed (FlashBoardEntry *entry, FlashWindow *self)
{
  _flash_window_check_for_board (self);
  _flash_window_update (self);
}

static void
on_board_selected (FlashBoardPane *pane, FlashWindow *self)
{
  FlashBoardEntry *entry = flash_board_pane_get_selected (pane);

  if (entry == self->entry)
    return;
  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_func (self->entry, on_entry_changed, self);
  g_set_object (&self->entry, entry);
  if (entry == NULL) {
    _flash_window_plan_for_board (self);
    _flash_window_update (self);
    return;
  }
  g_signal_connect (entry, "changed", G_CALLBACK (on_entry_changed), self);
  on_entry_changed (entry, self);
}

/* In a narrow window the pane lies over the page. It has done its work, unless the board needs to
 * be looked after. */
static void
on_board_activated (FlashBoardPane *pane, FlashWindow *self)
{
  if (adw_flap_get_folded (self->flap) && self->entry != NULL &&
      flash_board_get_access (flash_board_entry_get_board (self->entry)) == FLASH_ACCESS_OK)
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
on_folded (AdwFlap *flap, GParamSpec *pspec, FlashWindow *self)
{
  _flash_window_update_editing (self);
}

/* What was offered has been done in a window of its own, and its button was switched off meanwhile:
 * the keyboard would be nowhere. */
static void
find_keyboard (FlashWindow *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self)) &&
      gtk_window_get_focus (GTK_WINDOW (self)) == NULL &&
      _flash_window_is_page (self, FLASH_PAGE_RESULT))
    flash_result_page_focus (self->result_page);
}

static void
on_active_changed (FlashWindow *self)
{
  find_keyboard (self);
  /* Whoever comes back from another program may have built the images anew. */
  if (gtk_window_is_active (GTK_WINDOW (self)) && self->editor != NULL) {
    flash_editor_look_at_disk (self->editor);
    flash_editor_check (self->editor);
  }
  if (gtk_window_is_active (GTK_WINDOW (self)) && self->firmware != NULL)
    flash_firmware_model_look_at_disk (self->firmware);
  if (gtk_window_is_active (GTK_WINDOW (self)))
    _flash_window_withdraw_notification (self);
}

/* --- life --------------------------------------------------------------------------------- */

void
_flash_window_save_state (FlashWindow *self)
{
  GSettings *settings = flash_application_get_settings (self->application);
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (settings, "window-width", MAX (width, MIN_WIDTH));
  g_settings_set_int (settings, "window-height", MAX (height, MIN_HEIGHT));
  g_settings_set_boolean (settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
}

static gboolean
flash_window_close_request (GtkWindow *window)
{
  FlashWindow *self = FLASH_WINDOW (window);

  if (!_flash_window_may_leave_card (self) || !_flash_window_may_leave_memory (self) ||
      !_flash_window_may_leave_revive (self) || !_flash_window_may_close (self) ||
      !_flash_window_may_leave (self))
    return TRUE;
  _flash_window_save_state (self);
  return GTK_WINDOW_CLASS (flash_window_parent_class)->close_request (window);
}

static void
flash_window_dispose (GObject *object)
{
  FlashWindow *self = FLASH_WINDOW (object);

  /* It changes once more when the job is let go of. */
  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_func (self->entry, on_entry_changed, self);
  _flash_window_drop_report (self);
  _flash_window_drop_doctor (self);
  _flash_window_drop_job (self);
  _flash_window_stop_loading (self);
  _flash_window_stop_listing (self);
  _flash_window_stop_bundle (self);
  _flash_window_stop_saving (self);
  _flash_window_drop_editor (self);
  _flash_window_drop_firmware (self);
  g_clear_weak_pointer (&self->toast);
  g_clear_weak_pointer (&self->leave_question);
  g_clear_weak_pointer (&self->card_dialog);
  g_clear_object (&self->entry);
  g_clear_pointer (&self->reading_name, g_free);
  g_clear_pointer (&self->rescues, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_WINDOW);
  _flash_window_drop_pages (self);

  G_OBJECT_CLASS (flash_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, board_pane);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, bundle_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, disk_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, drop_box);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, drop_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, drop_label);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, main_menu);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, portal_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, prepare_label);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, recent_box);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, recent_list);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, redo_button);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, rescue_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, save_button);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, title);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, undo_button);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, welcome_page);
  gtk_widget_class_bind_template_callback (widget_class, on_board_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_board_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_folded);
}

static void
flash_window_class_init (FlashWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = flash_window_close_request;

  g_type_ensure (FLASH_TYPE_ANNOUNCER);
  g_type_ensure (FLASH_TYPE_BOARD_PANE);
  g_type_ensure (FLASH_TYPE_BUNDLE_BAR);
  g_type_ensure (FLASH_TYPE_NOTICE_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-window.ui");
  bind_children (widget_class);
  _flash_window_install_actions (widget_class);
}

/* The items of the menu take as long to be made as the rest of the window. */
static void
on_menu_wanted (GtkMenuButton *button, gpointer data)
{
  if (gtk_menu_button_get_menu_model (button) == NULL)
    gtk_menu_button_set_menu_model (button, FLASH_WINDOW (data)->main_menu);
}

/* A status page breaks words where there is no room for them, and to find out how narrow it can be
 * it breaks them behind every letter: that alone is a tenth of the time until the window can be
 * used. No word of the first page is wider than the least window. */
static void
break_between_words (GtkWidget *root)
{
  if (GTK_IS_LABEL (root))
    gtk_label_set_wrap_mode (GTK_LABEL (root), PANGO_WRAP_WORD);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    break_between_words (child);
}

static void
flash_window_init (FlashWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  break_between_words (GTK_WIDGET (self->welcome_page));
  gtk_menu_button_set_create_popup_func (self->menu_button, on_menu_wanted, self, NULL);
  flash_button_names_mend (GTK_WIDGET (self));
  _flash_window_add_drop_target (self);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (on_active_changed), NULL);
  g_signal_connect (self, "show", G_CALLBACK (_flash_window_come_back), NULL);
}

FlashWindow *
flash_window_new (FlashApplication *application)
{
  FlashWindow *self;
  FlashBoardList *boards;
  GSettings *settings;
  g_autoptr (GAction) verify = NULL;
  g_autoptr (GAction) show_virtual = NULL;

  g_return_val_if_fail (FLASH_IS_APPLICATION (application), NULL);

  settings = flash_application_get_settings (application);
  boards = flash_application_get_boards (application);
  self = g_object_new (FLASH_TYPE_WINDOW, "application", application, NULL);
  self->application = application;
  verify = g_settings_create_action (settings, "verify-afterwards");
  show_virtual = g_settings_create_action (settings, "show-virtual-boards");
  g_action_map_add_action (G_ACTION_MAP (self), verify);
  g_action_map_add_action (G_ACTION_MAP (self), show_virtual);
  flash_board_pane_set_model (self->board_pane, boards, settings);
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  adw_status_page_set_title (self->welcome_page, flash_board_list_get_usb_error (boards) == NULL
                                                     ? _ ("Plug in a board or drop a file")
                                                     : _ ("Drop a file"));
  _flash_window_watch_recent (self);
  _flash_window_show_page (self, FLASH_PAGE_WELCOME);
  return self;
}
