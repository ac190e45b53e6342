/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-unprotect-dialog"

#include "config.h"

#include "flash-unprotect-dialog.h"

#include "flash-mcu-words.h"
#include "flash-text.h"
#include "flash-whole-text.h"

#include <glib/gi18n.h>

struct _FlashUnprotectDialog {
  FlashMemoryFrame parent_instance;

  GtkWidget *certain_label;
  GtkWidget *defaults_row;
  GtkWidget *doubt_group;
  AdwActionRow *flash_row;
  AdwPreferencesGroup *lost_group;
  GtkCheckButton *tried_check;
};

G_DEFINE_FINAL_TYPE (FlashUnprotectDialog, flash_unprotect_dialog, FLASH_TYPE_MEMORY_FRAME)

/* stm32-dfuse.md section 4.6: BOOT_ADD0/1 of an F7 may read FFFF afterwards. As long as it may be
 * one, it is said. */
static gboolean
may_lose_boot_address (const FlashChipGuess *guess)
{
  for (guint i = 0; i < guess->chips->len; i++)
    if (g_strcmp0 (((const FlashChip *) g_ptr_array_index (guess->chips, i))->family, "F7") == 0)
      return TRUE;
  return FALSE;
}

static void
show_facts (FlashUnprotectDialog *self, const FlashBoardFacts *facts)
{
  g_autofree char *size = NULL;
  g_autofree char *title = NULL;

  if (!facts->has_guess)
    return;
  gtk_widget_set_visible (self->defaults_row, may_lose_boot_address (&facts->guess));
  if (facts->guess.flash == NULL)
    return;
  size = flash_text_size (flash_memory_map_get_size (facts->guess.flash));
  /* TRANSLATORS: a size */
  title = g_strdup_printf (_ ("The whole flash, %s"), size);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->flash_row), title);
}

static void
on_tried_toggled (FlashUnprotectDialog *self)
{
  flash_memory_frame_set_can_act (FLASH_MEMORY_FRAME (self),
                                  gtk_check_button_get_active (self->tried_check));
}

static void
flash_unprotect_dialog_act (FlashMemoryFrame *frame)
{
  const FlashMcuJob job = { .verb = FLASH_MCU_UNPROTECT };

  flash_memory_frame_run (frame, &job, _ ("Removing the protection"),
                          _ ("The chip erases itself, leaves the bus and comes back. Keep it "
                             "connected and powered; this cannot be stopped."),
                          FALSE);
}

static void
flash_unprotect_dialog_finished (FlashMemoryFrame *frame, FlashJob *job)
{
  const FlashMcuResult *result = flash_job_get_mcu_result (job);

  if (flash_job_get_error (job) != NULL) {
    flash_memory_frame_show_failure (
        frame,
        result->is_written && result->state != FLASH_MCU_STATE_UNTOUCHED
            ? _ ("The chip took the request, but could not be read back")
            : _ ("The protection was not removed"),
        job, result->state);
    return;
  }
  flash_memory_frame_show_outcome (frame, TRUE, _ ("Protection removed"),
                                   _ ("The chip can be read and written again."), NULL);
  flash_memory_frame_add_fact (frame, _ ("Erased"), _ ("Everything that was on the chip"));
  flash_memory_frame_add_fact (frame, _ ("Verified"),
                               result->is_verified ? _ ("Yes, the flash was read back and is blank")
                                                   : _ ("No"));
  flash_memory_frame_add_fact (
      frame, _ ("What to do next"),
      flash_mcu_words_next (result, flash_board_is_virtual (flash_job_get_board (job))));
}

static void
flash_unprotect_dialog_class_init (FlashUnprotectDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FlashMemoryFrameClass *frame_class = FLASH_MEMORY_FRAME_CLASS (klass);

  frame_class->act = flash_unprotect_dialog_act;
  frame_class->finished = flash_unprotect_dialog_finished;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-unprotect-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashUnprotectDialog, certain_label);
  gtk_widget_class_bind_template_child (widget_class, FlashUnprotectDialog, defaults_row);
  gtk_widget_class_bind_template_child (widget_class, FlashUnprotectDialog, doubt_group);
  gtk_widget_class_bind_template_child (widget_class, FlashUnprotectDialog, flash_row);
  gtk_widget_class_bind_template_child (widget_class, FlashUnprotectDialog, lost_group);
  gtk_widget_class_bind_template_child (widget_class, FlashUnprotectDialog, tried_check);
  gtk_widget_class_bind_template_callback (widget_class, on_tried_toggled);
}

static void
flash_unprotect_dialog_init (FlashUnprotectDialog *self)
{
  FlashMemoryFrame *frame = FLASH_MEMORY_FRAME (self);

  gtk_widget_init_template (GTK_WIDGET (self));
  flash_memory_frame_set_verb (frame, _ ("_Remove protection"), TRUE);
  /* TRANSLATORS: has to be typed before a chip is erased */
  flash_memory_frame_set_word (frame, N_ ("erase everything"));
}

GtkWindow *
flash_unprotect_dialog_present (GtkWindow *parent, FlashBoardEntry *entry, gboolean is_certain)
{
  FlashUnprotectDialog *self;
  g_autofree char *board = NULL;
  g_autofree char *title = NULL;
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (entry), NULL);

  self = g_object_new (FLASH_TYPE_UNPROTECT_DIALOG, "transient-for", parent, "application",
                       gtk_window_get_application (parent), NULL);
  flash_memory_frame_set_entry (FLASH_MEMORY_FRAME (self), entry);
  board = flash_board_entry_dup_title (entry);
  /* TRANSLATORS: a board */
  title = g_strdup_printf (_ ("What will be lost on %s, for good"), board);
  escaped = g_markup_escape_text (title, -1);
  adw_preferences_group_set_title (self->lost_group, escaped);
  flash_whole_text_wrap (GTK_WIDGET (self->lost_group));
  show_facts (self, flash_board_entry_get_facts (entry));
  gtk_widget_set_visible (self->certain_label, is_certain);
  gtk_widget_set_visible (self->doubt_group, !is_certain);
  flash_memory_frame_set_can_act (FLASH_MEMORY_FRAME (self), is_certain);
  flash_memory_frame_show_choices (FLASH_MEMORY_FRAME (self));
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
