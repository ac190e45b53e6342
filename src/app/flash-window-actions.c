/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-actions"

#include "config.h"

#include "flash-window-private.h"

#include "flash-log-window.h"

static void
on_open_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_choose_layout (FLASH_WINDOW (widget));
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
on_stop_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_ask_stop (FLASH_WINDOW (widget));
}

static void
on_back_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  _flash_window_show_page (self, FLASH_PAGE_LAYOUT);
  _flash_window_check_for_board (self);
  flash_layout_page_focus (self->layout_page);
}

static void
on_show_log_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);
  GtkWidget *log;

  if (self->job_model == NULL)
    return;
  log = flash_log_window_new (GTK_WINDOW (self), flash_job_model_get_log (self->job_model));
  gtk_window_present (GTK_WINDOW (log));
}

/* Looks again at the boards, and at the files of the layout. */
static void
on_rescan_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  flash_board_list_rescan (flash_application_get_boards (self->application));
  if (self->loaded != NULL && _flash_window_is_page (self, FLASH_PAGE_LAYOUT))
    _flash_window_reload (self);
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
  flash_layout_page_show_problems (FLASH_WINDOW (widget)->layout_page);
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

void
_flash_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.open", on_open_activated },
    { "win.flash", on_flash_activated },
    { "win.flash-again", on_flash_again_activated },
    { "win.stop", on_stop_activated },
    { "win.back", on_back_activated },
    { "win.show-log", on_show_log_activated },
    { "win.rescan", on_rescan_activated },
    { "win.show-boards", on_show_boards_activated },
    { "win.show-problems", on_show_problems_activated },
    { "win.restart-board", on_restart_board_activated },
    { "win.toggle-pane", on_toggle_pane_activated },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
  /* Not an accelerator of the application: Escape belongs to popovers and fields first. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.stop", NULL);
}
