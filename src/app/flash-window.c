/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window"

#include "config.h"

#include "flash-window-private.h"

#include "flash-words.h"

#include <glib/gi18n.h>

/* The least that the settings take. */
#define MIN_WIDTH 360
#define MIN_HEIGHT 294

G_DEFINE_FINAL_TYPE (FlashWindow, flash_window, ADW_TYPE_APPLICATION_WINDOW)

void
_flash_window_show_page (FlashWindow *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
  _flash_window_update (self);
}

gboolean
_flash_window_is_page (FlashWindow *self, const char *page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), page) == 0;
}

void
_flash_window_toast (FlashWindow *self, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  /* The newest is what the user waits for. */
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_clear_weak_pointer (&self->toast);
  g_set_weak_pointer (&self->toast, adw_toast_new (markup));
  adw_toast_overlay_add_toast (self->toasts, self->toast);
}

/* --- what stands in the way of a job ------------------------------------------------------ */

typedef struct {
  gboolean blocks;
  char *text; /* (owned) (nullable): NULL if there is nothing to say */
  char *detail; /* (owned) (nullable) */
  const char *icon_name;
  const char *action_name; /* (nullable) */
  const char *action_label; /* (nullable) */
} Note;

/* Cause, then remedy, then what else is known. */
static Note
make_advice_note (const char *code, const char *known, gboolean blocks)
{
  const FlashAdvice *advice = flash_advice_find (code);
  char *detail = known != NULL ? g_strconcat (_ (advice->remedy), "\n", known, NULL)
                               : g_strdup (_ (advice->remedy));

  return (
      Note){ blocks, g_strdup (_ (advice->cause)), detail, "dialog-warning-symbolic", NULL, NULL };
}

/* What a board says or lets be seen of itself. */
static Note
find_present_note (const FlashBoardFacts *facts, FlashBoard *board)
{
  const char *access_code = flash_board_facts_get_access_code (flash_board_get_access (board));
  const char *link_code = flash_board_facts_get_link_code (facts, board);

  if (access_code != NULL) {
    g_autofree char *known = flash_words_dup_access_detail (board);

    return make_advice_note (access_code, known, TRUE);
  }
  if (facts->chip == NULL)
    return make_advice_note ("not-stm32mp", NULL, TRUE);
  if (link_code != NULL) {
    g_autofree char *known = flash_words_dup_hubs (board);

    return make_advice_note (link_code, known, FALSE);
  }
  return (Note){ FALSE, NULL, NULL, NULL, NULL, NULL };
}

static Note
find_board_note (FlashWindow *self)
{
  FlashBoard *board = flash_board_entry_get_board (self->entry);

  if (flash_board_entry_is_restarting (self->entry))
    return (Note){ TRUE, g_strdup (_ ("The board is being switched off and on.")),
                   NULL, "content-loading-symbolic",
                   NULL, NULL };
  if (flash_board_entry_get_job (self->entry) != NULL)
    return (Note){ TRUE, g_strdup (_ ("The board is busy.")),
                   NULL, "content-loading-symbolic",
                   NULL, NULL };
  if (!flash_board_entry_is_present (self->entry) && flash_board_can_power_cycle (board))
    return (Note){ TRUE,
                   g_strdup (_ ("The board is not on the bus.")),
                   NULL,
                   "dialog-warning-symbolic",
                   "win.restart-board",
                   _ ("Switch off and on") };
  if (!flash_board_entry_is_present (self->entry))
    return (Note){ TRUE, g_strdup (_ ("The board is not on the bus.")),
                   NULL, "dialog-warning-symbolic",
                   NULL, NULL };
  return find_present_note (flash_board_entry_get_facts (self->entry), board);
}

static Note
find_note (FlashWindow *self)
{
  guint n_errors = self->loaded != NULL ? flash_loaded_get_n_errors (self->loaded) : 0;

  if (self->loading != NULL)
    return (Note){ TRUE, g_strdup (_ ("The files are being checked…")),
                   NULL, "content-loading-symbolic",
                   NULL, NULL };
  if (n_errors > 0)
    return (
        Note){ TRUE,
               g_strdup_printf (ngettext ("%u error must be corrected before this can be flashed.",
                                          "%u errors must be corrected before this can be flashed.",
                                          n_errors),
                                n_errors),
               NULL,
               "dialog-error-symbolic",
               "win.show-problems",
               _ ("Show") };
  if (self->entry == NULL)
    return (Note){ TRUE,
                   g_strdup (_ ("No board is chosen.")),
                   NULL,
                   "dialog-information-symbolic",
                   "win.show-boards",
                   _ ("Choose a board") };
  return find_board_note (self);
}

static gboolean
update_note (FlashWindow *self)
{
  Note note = find_note (self);
  const FlashLayoutNote shown = { note.text, note.detail, note.icon_name, note.action_name,
                                  note.action_label };

  flash_layout_page_set_note (self->layout_page, note.text != NULL ? &shown : NULL, note.blocks);
  g_free (note.text);
  g_free (note.detail);
  return note.blocks;
}

/* --- keeping up --------------------------------------------------------------------------- */

static void
update_title (FlashWindow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *folder = NULL;

  if (self->loaded == NULL) {
    adw_window_title_set_title (self->title, "Flashwright");
    adw_window_title_set_subtitle (self->title, "");
    gtk_window_set_title (GTK_WINDOW (self), "Flashwright");
    return;
  }
  name = g_filename_display_basename (self->loaded->path);
  folder = flash_words_dup_folder (self->loaded->path);
  adw_window_title_set_title (self->title, name);
  adw_window_title_set_subtitle (self->title, folder);
  gtk_window_set_title (GTK_WINDOW (self), name);
}

void
_flash_window_update (FlashWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_busy = _flash_window_is_busy (self);
  FlashJob *job = self->job_model != NULL ? flash_job_model_get_job (self->job_model) : NULL;
  gboolean can_stop = self->preparing != NULL ||
                      (job != NULL && flash_job_is_running (job) && !flash_job_is_cancelled (job));
  gboolean is_blocked = update_note (self);
  g_autofree char *target = self->entry != NULL ? flash_board_entry_dup_title (self->entry) : NULL;

  flash_layout_page_set_target (self->layout_page, target);
  gtk_widget_action_set_enabled (widget, "win.flash",
                                 !is_blocked && _flash_window_is_page (self, FLASH_PAGE_LAYOUT));
  gtk_widget_action_set_enabled (widget, "win.flash-again",
                                 _flash_window_is_page (self, FLASH_PAGE_RESULT));
  gtk_widget_action_set_enabled (widget, "win.back",
                                 _flash_window_is_page (self, FLASH_PAGE_RESULT));
  gtk_widget_action_set_enabled (widget, "win.open", !is_busy);
  gtk_widget_action_set_enabled (widget, "win.stop", can_stop);
  gtk_widget_action_set_enabled (widget, "win.show-log", self->job_model != NULL);
  gtk_spinner_set_spinning (self->spinner, self->loading != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->loading != NULL);
  update_title (self);
}

/* --- boards ------------------------------------------------------------------------------- */

/* Not every stage of a board tells which chip it is. */
void
_flash_window_check_for_board (FlashWindow *self)
{
  guint device_id = self->entry != NULL ? flash_board_entry_get_facts (self->entry)->device_id : 0;

  if (self->loaded != NULL && device_id != 0 && device_id != self->loaded->device_id &&
      _flash_window_is_page (self, FLASH_PAGE_LAYOUT))
    _flash_window_reload (self);
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

/* --- life --------------------------------------------------------------------------------- */

static void
save_state (FlashWindow *self)
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

  if (!_flash_window_may_close (self))
    return TRUE;
  save_state (self);
  return GTK_WINDOW_CLASS (flash_window_parent_class)->close_request (window);
}

static void
flash_window_dispose (GObject *object)
{
  FlashWindow *self = FLASH_WINDOW (object);

  _flash_window_drop_job (self);
  _flash_window_stop_loading (self);
  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_func (self->entry, on_entry_changed, self);
  g_clear_weak_pointer (&self->toast);
  g_clear_object (&self->entry);
  g_clear_pointer (&self->loaded, flash_loaded_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_WINDOW);

  G_OBJECT_CLASS (flash_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, board_pane);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, drop_box);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, drop_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, drop_label);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, job_page);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, layout_page);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, prepare_label);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, recent_box);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, recent_list);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, result_page);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, title);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, FlashWindow, welcome_page);
  gtk_widget_class_bind_template_callback (widget_class, on_board_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_board_selected);
}

static void
flash_window_class_init (FlashWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = flash_window_close_request;

  g_type_ensure (FLASH_TYPE_BOARD_PANE);
  g_type_ensure (FLASH_TYPE_JOB_PAGE);
  g_type_ensure (FLASH_TYPE_LAYOUT_PAGE);
  g_type_ensure (FLASH_TYPE_RESULT_PAGE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-window.ui");
  bind_children (widget_class);
  _flash_window_install_actions (widget_class);
}

static void
flash_window_init (FlashWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  _flash_window_add_drop_target (self);
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
                                                     ? _ ("Plug in a board or drop a layout")
                                                     : _ ("Drop a layout"));
  _flash_window_update_recent (self);
  _flash_window_show_page (self, FLASH_PAGE_WELCOME);
  return self;
}
