/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-firmware"

#include "config.h"

#include "flash-window-private.h"

#include "flash-dialogs.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* Below that a control transfer is nearly all overhead, in bytes. */
#define MIN_BLOCK 64
/* What is assumed of a board that does not say how much it takes at once, in bytes. */
#define USUAL_BLOCK 2048

/* --- opening -------------------------------------------------------------------------------- */

static void
on_changed (FlashFirmwareModel *model, FlashWindow *self)
{
  _flash_window_update (self);
}

static void
on_replaced (FlashFirmwareModel *model, FlashWindow *self)
{
  g_autofree char *name = _flash_window_dup_title (self);
  g_autofree char *text =
      g_strdup_printf (_ ("“%s” was changed by another program, and has been read again."), name);

  /* A job that is about to begin says more. */
  if (!_flash_window_is_busy (self))
    _flash_window_toast (self, text);
}

void
_flash_window_drop_firmware (FlashWindow *self)
{
  if (self->firmware == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->firmware, self);
  g_clear_object (&self->firmware);
  if (self->firmware_page != NULL)
    flash_firmware_page_set_model (self->firmware_page, NULL);
}

void
_flash_window_plan_for_board (FlashWindow *self)
{
  const FlashBoardFacts *facts =
      self->entry != NULL ? flash_board_entry_get_facts (self->entry) : NULL;
  FlashDescriptors *descriptors =
      self->entry != NULL ? flash_board_get_descriptors (flash_board_entry_get_board (self->entry))
                          : NULL;

  /* What a board says while it is being flashed is none of the plan's business. */
  if (self->firmware != NULL && !_flash_window_is_busy (self))
    flash_firmware_model_set_board (self->firmware, facts, descriptors);
}

void
_flash_window_take_firmware (FlashWindow *self)
{
  g_autoptr (FlashFirmwareModel) model = g_steal_pointer (&self->next_firmware);

  _flash_window_drop_firmware (self);
  _flash_window_drop_editor (self);
  self->firmware = g_steal_pointer (&model);
  g_signal_connect (self->firmware, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (self->firmware, "replaced", G_CALLBACK (on_replaced), self);
  _flash_window_need_page (self, FLASH_PAGE_FIRMWARE);
  flash_firmware_page_set_model (self->firmware_page, self->firmware);
  _flash_window_plan_for_board (self);
  _flash_window_remember (self, flash_firmware_model_get_file (self->firmware)->path);
  _flash_window_show_document (self);
  flash_firmware_page_focus (self->firmware_page);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashFirmwareFile) file = flash_firmware_file_read_finish (result, &error);

  /* Closed meanwhile, or something else was opened. */
  if (g_task_get_cancellable (G_TASK (result)) != self->loading)
    return;
  g_clear_object (&self->loading);
  if (file == NULL) {
    g_autofree char *text = flash_words_dup_load_error (error, self->reading_name);

    _flash_window_forget_next (self);
    _flash_window_toast (self, text);
    _flash_window_update (self);
    return;
  }
  self->next_firmware = flash_firmware_model_new (file);
  if (_flash_window_may_leave (self))
    _flash_window_take_firmware (self);
  else
    _flash_window_update (self);
}

void
_flash_window_read_firmware (FlashWindow *self, const char *path)
{
  const FlashImageOptions none = { 0 };

  g_free (self->reading_name);
  self->reading_name = g_filename_display_basename (path);
  flash_firmware_file_read (path, &none, self->loading, on_read, g_object_ref (self));
  _flash_window_update (self);
}

/* --- the job -------------------------------------------------------------------------------- */

static void
start (FlashWindow *self)
{
  const FlashFirmwareWishes *wishes = flash_firmware_model_get_wishes (self->firmware);
  const FlashMcuOnce *once = &self->once;
  FlashBoardEntry *entry = self->preparing_entry;
  g_autofree char *journal =
      g_build_filename (g_get_user_state_dir (), "flashwright", "journal", NULL);
  const FlashMcuJob what = {
    .verb = FLASH_MCU_PROGRAM,
    .provider = flash_board_entry_get_provider (entry),
    .board = flash_board_entry_get_board (entry),
    .clock = flash_application_get_clock (self->application),
    .image = flash_firmware_model_get_file (self->firmware)->image,
    .firmware_options = { wishes->leaves_out, wishes->rebases },
    .changed = wishes->changed,
    .shared = once->shared != FLASH_MCU_SHARED_ASK ? once->shared : wishes->shared,
    .verifies = wishes->verifies,
    .starts = wishes->starts,
    .journal_folder = journal,
    .was_other_port_tried = once->was_other_port_tried,
    .block_size = once->block_size,
    .alternate = -1,
  };
  g_autoptr (FlashJob) job = flash_job_new_for_mcu (&what);

  _flash_window_start_job (self, job);
}

static void
on_verified (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  gboolean is_same = FALSE;
  gboolean is_read =
      flash_firmware_model_verify_finish (FLASH_FIRMWARE_MODEL (source), result, &is_same, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->preparing)
    return;
  if (!is_read) {
    g_autofree char *name = _flash_window_dup_title (self);
    g_autofree char *text = flash_words_dup_load_error (error, name);

    _flash_window_give_up_preparing (self, text);
  } else if (!is_same) {
    _flash_window_give_up_preparing (
        self, _ ("The file has changed. Look at it again before you flash it."));
  } else if (!flash_board_entry_is_present (self->preparing_entry)) {
    _flash_window_give_up_preparing (self, _ ("The board has left the bus."));
  } else {
    start (self);
  }
}

void
_flash_window_check_firmware (FlashWindow *self)
{
  gtk_label_set_label (self->prepare_label, _ ("Checking the file…"));
  flash_firmware_model_verify (self->firmware, self->preparing, on_verified, g_object_ref (self));
}

/* --- once more ------------------------------------------------------------------------------ */

/* The same again, with answers that hold for this one job. */
static void
flash_once (FlashWindow *self, const FlashMcuOnce *once)
{
  self->once = *once;
  _flash_window_flash_again (self);
  /* Nothing has begun: they must not wait for another job. */
  if (!_flash_window_is_busy (self))
    self->once = (FlashMcuOnce){ .shared = FLASH_MCU_SHARED_ASK };
}

static const FlashMcuJob *
get_last_job (FlashWindow *self)
{
  return self->firmware != NULL && self->job_model != NULL
             ? flash_job_get_mcu_job (flash_job_model_get_job (self->job_model))
             : NULL;
}

static void
on_shared_answered (FlashWindow *self, const char *answer)
{
  const FlashMcuJob *last = get_last_job (self);
  FlashMcuOnce once = { .shared = FLASH_MCU_SHARED_KEEP };

  if (last == NULL || _flash_window_is_busy (self) || g_str_equal (answer, "cancel"))
    return;
  if (g_str_equal (answer, "erase"))
    once.shared = FLASH_MCU_SHARED_ERASE;
  /* It is the job that asked which goes on. */
  once.block_size = last->block_size;
  once.was_other_port_tried = last->was_other_port_tried;
  flash_once (self, &once);
}

void
_flash_window_ask_shared (FlashWindow *self)
{
  const GError *error = flash_job_get_error (flash_job_model_get_job (self->job_model));
  const FlashAnswer answers[] = {
    { "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT },
    { "erase", _ ("_Erase it"), ADW_RESPONSE_DESTRUCTIVE },
    { "keep", _ ("_Keep it"), ADW_RESPONSE_SUGGESTED },
    { NULL, NULL, ADW_RESPONSE_DEFAULT },
  };

  if (self->firmware == NULL ||
      !g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_SECTOR_SHARED))
    return;
  _flash_window_set_question (
      self, flash_dialogs_choose (
                GTK_WINDOW (self), _ ("Keep the other data in shared sectors?"),
                _ ("Sectors that the firmware fills only in part hold something else as well. It "
                   "can be read first and written back; otherwise it is lost. Nothing has been "
                   "changed yet."),
                answers, G_CALLBACK (on_shared_answered), self));
}

/* What the board took at once in the last job. */
static gsize
get_block_size (const FlashMcuJob *last)
{
  FlashDescriptors *descriptors = flash_board_get_descriptors (last->board);

  if (last->block_size > 0)
    return last->block_size;
  return descriptors != NULL && descriptors->transfer_size > 0 ? descriptors->transfer_size
                                                               : USUAL_BLOCK;
}

void
_flash_window_flash_slower (FlashWindow *self)
{
  const FlashMcuJob *last = get_last_job (self);
  FlashMcuOnce once = { .shared = FLASH_MCU_SHARED_ASK };

  if (last == NULL)
    return;
  once.block_size = MAX (get_block_size (last) / 4, MIN_BLOCK);
  flash_once (self, &once);
}

void
_flash_window_flash_without (FlashWindow *self)
{
  FlashFirmwareWishes wishes;

  if (self->firmware == NULL || self->job_model == NULL)
    return;
  wishes = *flash_firmware_model_get_wishes (self->firmware);
  wishes.leaves_out = TRUE;
  flash_firmware_model_set_wishes (self->firmware, &wishes);
  _flash_window_flash_again (self);
}

static void
on_port_answered (FlashWindow *self, const char *answer)
{
  const FlashMcuOnce once = { .shared = FLASH_MCU_SHARED_ASK, .was_other_port_tried = TRUE };

  if (get_last_job (self) != NULL && !_flash_window_is_busy (self) && g_str_equal (answer, "tried"))
    flash_once (self, &once);
}

void
_flash_window_ask_port (FlashWindow *self)
{
  const FlashAnswer answers[] = {
    { "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT },
    { "tried", _ ("I _tried another port or a USB 2.0 hub"), ADW_RESPONSE_DEFAULT },
    { NULL, NULL, ADW_RESPONSE_DEFAULT },
  };

  if (get_last_job (self) == NULL)
    return;
  _flash_window_set_question (
      self,
      flash_dialogs_choose (
          GTK_WINDOW (self), _ ("Is it the same on another port?"),
          _ ("A board on a port that is too fast for it looks just like one whose flash is "
             "protected. Connect it to another port, or put a USB 2.0 hub in between, and flash it "
             "there. If it was refused there too, it is tried once more now; what is refused again "
             "is taken for a protection, which can be removed."),
          answers, G_CALLBACK (on_port_answered), self));
}
