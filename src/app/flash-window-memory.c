/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done with the memories of the chosen board, each in a window of its own. */
#define G_LOG_DOMAIN "flash-window-memory"

#include "config.h"

#include "flash-window-private.h"

#include "flash-erase-dialog.h"
#include "flash-memory-window.h"
#include "flash-options-dialog.h"
#include "flash-unprotect-dialog.h"

typedef GtkWindow *(*Present) (GtkWindow *parent, FlashBoardEntry *entry);

/* The result page offers it only after a diagnosis; where the option bytes could not be read, that
 * is not certain. */
static GtkWindow *
present_unprotect (GtkWindow *parent, FlashBoardEntry *entry)
{
  FlashJob *job = flash_job_model_get_job (FLASH_WINDOW (parent)->job_model);

  return flash_unprotect_dialog_present (parent, entry,
                                         flash_job_get_mcu_result (job)->diagnosis.is_certain);
}

static const struct {
  const char *action;
  Present present;
} verbs[] = {
  { "win.memory", flash_memory_window_present },
  { "win.option-bytes", flash_options_dialog_present },
  { "win.erase", flash_erase_dialog_present },
  { "win.unprotect", present_unprotect },
};

static void
on_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].action, name) && self->entry != NULL)
      verbs[i].present (GTK_WINDOW (self), self->entry);
}

void
_flash_window_install_memory_actions (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    gtk_widget_class_install_action (widget_class, verbs[i].action, NULL, on_activated);
}

/* A diagnosis is of the board of the last job, which may no longer be the chosen one. */
static gboolean
is_diagnosed (FlashWindow *self)
{
  FlashJob *job = self->job_model != NULL ? flash_job_model_get_job (self->job_model) : NULL;
  const FlashMcuResult *result = job != NULL ? flash_job_get_mcu_result (job) : NULL;

  return result != NULL && result->has_diagnosis &&
         result->diagnosis.next == FLASH_NEXT_UNPROTECT &&
         _flash_window_is_page (self, FLASH_PAGE_RESULT) &&
         flash_job_model_get_entry (self->job_model) == self->entry;
}

void
_flash_window_update_memory (FlashWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean can_act = self->entry != NULL && !_flash_window_is_busy (self) &&
                     flash_board_entry_is_present (self->entry) &&
                     flash_board_entry_get_job (self->entry) == NULL &&
                     flash_board_entry_get_facts (self->entry)->kind == FLASH_BOARD_KIND_DFUSE;

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    gtk_widget_action_set_enabled (widget, verbs[i].action, can_act);
  gtk_widget_action_set_enabled (widget, "win.unprotect", can_act && is_diagnosed (self));
}

/* It may hang below a window that hangs below @owner. */
static gboolean
belongs_to (GtkWindow *window, GtkWindow *owner)
{
  while (window != NULL && window != owner)
    window = gtk_window_get_transient_for (window);
  return window != NULL;
}

gboolean
_flash_window_may_leave_memory (FlashWindow *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (FLASH_IS_MEMORY_FRAME (link->data) && flash_memory_frame_is_working (link->data) &&
        belongs_to (link->data, GTK_WINDOW (self))) {
      /* It asks; where it cannot be stopped, it is shown what keeps the window. */
      gtk_window_present (link->data);
      gtk_window_close (link->data);
      return FALSE;
    }
  return TRUE;
}
