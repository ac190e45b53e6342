/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-memory-run"

#include "config.h"

#include "flash-memory-run.h"

#include "flash-advice.h"
#include "flash-application.h"
#include "flash-job-error.h"
#include "flash-options-dialog.h"
#include "flash-unprotect-dialog.h"

#include <glib/gi18n.h>

/* --- the board ------------------------------------------------------------------------------ */

void
flash_memory_board_set (FlashMemoryBoard *self, FlashBoardEntry *entry)
{
  const FlashBoardFacts *facts;

  g_return_if_fail (self != NULL && FLASH_IS_BOARD_ENTRY (entry));

  flash_memory_board_clear (self);
  facts = flash_board_entry_get_facts (entry);
  self->entry = g_object_ref (entry);
  self->serial = g_strdup (facts->serial);
  if (facts->has_guess && facts->guess.flash != NULL)
    self->flash = flash_memory_map_ref (facts->guess.flash);
}

void
flash_memory_board_clear (FlashMemoryBoard *self)
{
  g_clear_object (&self->entry);
  g_clear_pointer (&self->serial, g_free);
  g_clear_pointer (&self->flash, flash_memory_map_unref);
}

static gboolean
is_same_map (const FlashMemoryMap *a, const FlashMemoryMap *b)
{
  guint n_sectors;

  if (a == NULL || b == NULL)
    return a == b;
  n_sectors = flash_memory_map_get_n_sectors (a);
  if (n_sectors != flash_memory_map_get_n_sectors (b))
    return FALSE;
  for (guint i = 0; i < n_sectors; i++) {
    FlashMemorySector left, right;

    flash_memory_map_get_sector (a, i, &left);
    flash_memory_map_get_sector (b, i, &right);
    if (left.address != right.address || left.size != right.size)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_same_port (FlashBoardEntry *a, FlashBoardEntry *b)
{
  return flash_board_entry_get_provider (a) == flash_board_entry_get_provider (b) &&
         g_str_equal (flash_board_get_port (flash_board_entry_get_board (a)),
                      flash_board_get_port (flash_board_entry_get_board (b)));
}

gboolean
flash_memory_board_is_same (const FlashMemoryBoard *self, FlashBoardEntry *entry)
{
  const FlashBoardFacts *facts;

  g_return_val_if_fail (self != NULL && FLASH_IS_BOARD_ENTRY (entry), FALSE);

  facts = flash_board_entry_get_facts (entry);
  if (self->entry == NULL || !is_same_port (self->entry, entry))
    return FALSE;
  if (self->serial != NULL && facts->serial != NULL && !g_str_equal (self->serial, facts->serial))
    return FALSE;
  return is_same_map (self->flash, facts->has_guess ? facts->guess.flash : NULL);
}

/* The list lets go of a board that is pulled out of a plain port; once it is back, it has a new
 * entry there. */
static void
follow_port (FlashMemoryBoard *self, GListModel *boards)
{
  for (guint i = 0; i < g_list_model_get_n_items (boards); i++) {
    g_autoptr (FlashBoardEntry) entry = g_list_model_get_item (boards, i);

    if (flash_board_entry_is_present (entry) && is_same_port (self->entry, entry)) {
      g_set_object (&self->entry, entry);
      return;
    }
  }
}

const char *
flash_memory_board_find_obstacle (FlashMemoryBoard *self, GtkWindow *window)
{
  GtkApplication *application;

  g_return_val_if_fail (self != NULL && self->entry != NULL && GTK_IS_WINDOW (window), NULL);

  application = gtk_window_get_application (window);
  if (!flash_board_entry_is_present (self->entry))
    follow_port (self,
                 G_LIST_MODEL (flash_application_get_boards (FLASH_APPLICATION (application))));
  if (!flash_board_entry_is_present (self->entry))
    return _ ("The board is not on the bus. Plug it in again, with BOOT0 held if it does not show "
              "up.");
  if (flash_board_entry_is_taken (self->entry, NULL))
    return _ ("The board is busy. Wait until what is being done with it is over.");
  if (flash_board_entry_get_facts (self->entry)->kind != FLASH_BOARD_KIND_DFUSE)
    return _ ("The board is not in a boot loader that has addresses. Start its boot loader: hold "
              "BOOT0 and press reset.");
  if (!flash_memory_board_is_same (self, self->entry))
    return _ ("Another board stands on this port, or its flash is divided in another way now. "
              "Close this window, and open it again for the board that is there.");
  return NULL;
}

/* --- a job ---------------------------------------------------------------------------------- */

FlashJobModel *
flash_memory_run_start (GtkWindow *window, FlashBoardEntry *entry, const FlashMcuJob *job)
{
  FlashMcuJob spec;
  g_autoptr (FlashJob) running = NULL;
  FlashJobModel *model;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (entry) && job != NULL, NULL);

  spec = *job;
  spec.provider = flash_board_entry_get_provider (entry);
  spec.board = flash_board_entry_get_board (entry);
  spec.clock =
      flash_application_get_clock (FLASH_APPLICATION (gtk_window_get_application (window)));
  running = flash_job_new_for_mcu (&spec);
  model = flash_job_model_new (running, entry);
  flash_job_model_start (model);
  return model;
}

/* --- failures ------------------------------------------------------------------------------- */

/* stm32-dfuse.md section 2.8, step 3: a refused read alone proves nothing, and a protected F1 or F4
 * cannot say more. A loader in flash would acknowledge the request and do nothing. */
static gboolean
is_doubtful (const FlashMcuResult *result)
{
  return result->has_diagnosis && g_str_equal (result->diagnosis.code, "read-refused") &&
         result->diagnosis.next == FLASH_NEXT_OTHER_PORT && result->rdp == FLASH_RDP_UNKNOWN &&
         result->has_guess && result->guess.loader != FLASH_LOADER_CUSTOM;
}

/* Only what a dialog can do; to try again, its own button is there. */
static FlashMcuOffer
find_offer (const FlashMcuResult *result)
{
  FlashMcuOffer offer = flash_mcu_words_offer (result);

  if (g_strcmp0 (offer.action, "win.unprotect") == 0 ||
      g_strcmp0 (offer.action, "win.option-bytes") == 0)
    return offer;
  if (is_doubtful (result))
    return (FlashMcuOffer){ FLASH_MEMORY_OFFER_DOUBTFUL, _ ("The same on _another port…") };
  return (FlashMcuOffer){ NULL, NULL };
}

void
flash_memory_failure_init (FlashMemoryFailure *self, FlashJob *job)
{
  const GError *error;
  const char *code;
  const FlashAdvice *advice;

  g_return_if_fail (self != NULL && FLASH_IS_JOB (job));
  g_return_if_fail (flash_job_get_error (job) != NULL);

  error = flash_job_get_error (job);
  code = flash_job_error_get_stable_code (error);
  advice = flash_advice_find (code);
  *self = (FlashMemoryFailure){
    .code = g_strdup (code),
    .detail = g_strdup (error->message),
    .offer = find_offer (flash_job_get_mcu_result (job)),
  };
  if (advice != NULL)
    /* TRANSLATORS: cause and remedy */
    self->text = g_strdup_printf (_ ("%1$s %2$s"), _ (advice->cause), _ (advice->remedy));
  else
    self->text = g_strdup (error->message);
}

void
flash_memory_failure_clear (FlashMemoryFailure *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->detail, g_free);
}

void
flash_memory_run_take_offer (GtkWindow *parent, FlashBoardEntry *entry, FlashMcuOffer offer)
{
  g_return_if_fail (GTK_IS_WINDOW (parent) && FLASH_IS_BOARD_ENTRY (entry));

  if (g_strcmp0 (offer.action, "win.unprotect") == 0)
    flash_unprotect_dialog_present (parent, entry, TRUE);
  else if (g_strcmp0 (offer.action, FLASH_MEMORY_OFFER_DOUBTFUL) == 0)
    flash_unprotect_dialog_present (parent, entry, FALSE);
  else if (g_strcmp0 (offer.action, "win.option-bytes") == 0)
    flash_options_dialog_present (parent, entry);
}
