/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-card"

#include "config.h"

#include "flash-window-private.h"

#include "flash-card-dialog.h"
#include "flash-image-dialog.h"

typedef GtkWindow *(*Present) (GtkWindow *parent, FlashEditor *editor);

static void
present (FlashWindow *self, Present present_dialog)
{
  if (self->editor == NULL || self->card_dialog != NULL)
    return;
  _flash_window_end_editing (self);
  g_set_weak_pointer (&self->card_dialog, present_dialog (GTK_WINDOW (self), self->editor));
}

void
_flash_window_save_image (FlashWindow *self)
{
  present (self, flash_image_dialog_present);
}

void
_flash_window_write_card (FlashWindow *self)
{
  present (self, flash_card_dialog_present);
}

/* A dialog that has nothing to ask goes with the window. */
gboolean
_flash_window_may_leave_card (FlashWindow *self)
{
  GtkWindow *dialog = self->card_dialog;

  if (dialog == NULL || !flash_card_frame_is_working (FLASH_CARD_FRAME (dialog)))
    return TRUE;
  gtk_window_close (dialog);
  return FALSE;
}

void
_flash_window_update_card (FlashWindow *self)
{
  gboolean is_enabled = self->editor != NULL && _flash_window_is_page (self, FLASH_PAGE_LAYOUT) &&
                        !_flash_window_is_busy (self);
  /* A card is the way out when a board does not come back. */
  gboolean is_way_out = self->editor != NULL && _flash_window_is_page (self, FLASH_PAGE_JOB);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.save-image", is_enabled || is_way_out);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.write-card", is_enabled);
}
