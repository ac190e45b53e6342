/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-job"

#include "config.h"

#include "flash-revive-job.h"

#include "flash-job-error.h"
#include "flash-option-guess.h"
#include "flash-recovery-layout.h"

/* --- what is to be flashed ------------------------------------------------------------------ */

void
flash_revive_source_clear (FlashReviveSource *self)
{
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->firmware, flash_firmware_file_unref);
  g_clear_pointer (&self->path, g_free);
  self->has_errors = FALSE;
  self->has_whole_storage = FALSE;
}

gboolean
flash_revive_source_is_usable (const FlashReviveSource *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->firmware != NULL)
    return flash_image_is_usable (self->firmware->image);
  return self->text != NULL && !self->has_errors;
}

GBytes *
flash_revive_source_make_text (const FlashReviveSource *self, FlashRecoveryAct act)
{
  guint n_changed;

  g_return_val_if_fail (self != NULL && self->text != NULL, NULL);

  if (act == FLASH_RECOVERY_ACT_FLASH_MINIMAL)
    return flash_recovery_layout_make_minimal (self->text);
  if (act == FLASH_RECOVERY_ACT_FLASH_WIPING)
    return flash_recovery_layout_make_wiping (self->text, &n_changed);
  return g_bytes_ref (self->text);
}

/* --- jobs ----------------------------------------------------------------------------------- */

gboolean
flash_revive_job_is_flashing (FlashRecoveryAct act)
{
  return act == FLASH_RECOVERY_ACT_FLASH || act == FLASH_RECOVERY_ACT_FLASH_MINIMAL ||
         act == FLASH_RECOVERY_ACT_FLASH_WIPING;
}

FlashJob *
flash_revive_job_new_for_plan (FlashPlan *plan, FlashBoardEntry *entry,
                               FlashApplication *application, FlashRecoveryAct act)
{
  g_autoptr (FlashJobGate) gate = flash_job_gate_new ();
  GSettings *settings;
  FlashMpJob what;

  g_return_val_if_fail (FLASH_IS_PLAN (plan) && FLASH_IS_BOARD_ENTRY (entry), NULL);

  settings = flash_application_get_settings (application);
  what = (FlashMpJob){
    .plan = plan,
    .provider = flash_board_entry_get_provider (entry),
    .board = flash_board_entry_get_board (entry),
    .clock = flash_application_get_clock (application),
    .verify = act != FLASH_RECOVERY_ACT_FLASH_MINIMAL,
    .patience_ms = g_settings_get_uint (settings, "patience") * 1000,
    .restarts = g_settings_get_boolean (settings, "restart-by-itself"),
    .gate = gate,
  };
  return flash_job_new (&what);
}

/* Reading of the option bytes. Returns: whether the boot loader shows them */
static gboolean
fill_save (FlashMcuJob *job, const FlashBoardFacts *facts)
{
  if (!facts->has_guess || facts->guess.options == NULL)
    return FALSE;
  job->verb = FLASH_MCU_READ;
  job->alternate = facts->guess.option_alternate;
  job->address = flash_memory_map_get_start (facts->guess.options);
  return TRUE;
}

static gboolean
fill_erase (FlashMcuJob *job, const FlashBoardFacts *facts)
{
  if (!facts->has_guess || facts->guess.flash == NULL)
    return FALSE;
  job->verb = FLASH_MCU_ERASE;
  job->is_everything = TRUE;
  job->address = flash_memory_map_get_start (facts->guess.flash);
  return TRUE;
}

static gboolean
fill_program (FlashMcuJob *job, const FlashReviveSource *source)
{
  if (source->firmware == NULL)
    return FALSE;
  job->verb = FLASH_MCU_PROGRAM;
  job->image = source->firmware->image;
  job->shared = FLASH_MCU_SHARED_KEEP;
  job->saved = FLASH_MCU_SAVED_FORGET;
  job->verifies = TRUE;
  return TRUE;
}

static gboolean
fill (FlashMcuJob *job, const FlashReviveSource *source, const FlashBoardFacts *facts,
      FlashRecoveryAct act)
{
  switch (act) {
  case FLASH_RECOVERY_ACT_SAVE_OPTIONS:
    return fill_save (job, facts);
  case FLASH_RECOVERY_ACT_ERASE:
    return fill_erase (job, facts);
  case FLASH_RECOVERY_ACT_FLASH:
    return fill_program (job, source);
  case FLASH_RECOVERY_ACT_UNPROTECT:
    job->verb = FLASH_MCU_UNPROTECT;
    return TRUE;
  case FLASH_RECOVERY_ACT_SHOW:
  case FLASH_RECOVERY_ACT_CHOOSE_FILE:
  case FLASH_RECOVERY_ACT_FLASH_MINIMAL:
  case FLASH_RECOVERY_ACT_FLASH_WIPING:
  case FLASH_RECOVERY_ACT_OPTIONS:
  case FLASH_RECOVERY_ACT_END_GOOD:
  case FLASH_RECOVERY_ACT_END_PROBE:
  case FLASH_RECOVERY_ACT_END_OTHER:
    break;
  }
  return FALSE;
}

FlashJob *
flash_revive_job_new_for_mcu (const FlashReviveSource *source, FlashBoardEntry *entry,
                              FlashClock *clock, FlashRecoveryAct act)
{
  g_autofree char *journal =
      g_build_filename (g_get_user_state_dir (), "flashwright", "journal", NULL);
  FlashMcuJob job = { .alternate = -1, .journal_folder = journal, .clock = clock };

  g_return_val_if_fail (source != NULL && FLASH_IS_BOARD_ENTRY (entry), NULL);

  job.provider = flash_board_entry_get_provider (entry);
  job.board = flash_board_entry_get_board (entry);
  return fill (&job, source, flash_board_entry_get_facts (entry), act)
             ? flash_job_new_for_mcu (&job)
             : NULL;
}

/* --- how they ended ------------------------------------------------------------------------- */

static FlashTri
find_protection (const FlashMcuJob *job, const FlashMcuResult *result)
{
  FlashRdpLevel rdp = result->rdp;

  /* What was read of the option bytes says it too. */
  if (rdp == FLASH_RDP_UNKNOWN && result->has_guess && result->content != NULL &&
      result->guess.options != NULL &&
      job->address == flash_memory_map_get_start (result->guess.options)) {
    const char *doubt;
    const guint8 *bytes = g_bytes_get_data (result->content, NULL);
    const FlashOptionLayout *layout = flash_chip_guess_find_option_layout (
        &result->guess, bytes, g_bytes_get_size (result->content), &doubt);

    if (layout != NULL)
      rdp = flash_option_layout_get_rdp (layout, bytes);
  }
  if (rdp == FLASH_RDP_UNKNOWN)
    return FLASH_TRI_UNKNOWN;
  return flash_tri_from_boolean (rdp != FLASH_RDP_NONE);
}

static void
take_mcu_result (FlashReviveOutcome *self, FlashJob *job)
{
  const FlashMcuJob *what = flash_job_get_mcu_job (job);
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  gboolean is_erasing = what->verb == FLASH_MCU_ERASE || what->verb == FLASH_MCU_UNPROTECT;

  self->is_blank = is_erasing && result->is_verified;
  self->is_verified = !is_erasing && result->is_verified;
  self->is_protected = find_protection (what, result);
  if (what->verb == FLASH_MCU_UNPROTECT && self->is_good)
    self->is_protected = FLASH_TRI_NO;
}

void
flash_revive_outcome_init (FlashReviveOutcome *self, FlashJob *job)
{
  const GError *error;

  g_return_if_fail (self != NULL && FLASH_IS_JOB (job));

  error = flash_job_get_error (job);
  *self = (FlashReviveOutcome){
    .code = g_strdup (error != NULL ? flash_job_error_get_stable_code (error) : "done"),
    .is_good = error == NULL,
  };
  if (flash_job_get_mcu_job (job) != NULL)
    take_mcu_result (self, job);
  else
    self->is_verified =
        flash_job_get_result (job) != NULL &&
        flash_result_is_all_verified (flash_job_get_result (job), flash_job_get_plan (job));
}

void
flash_revive_outcome_clear (FlashReviveOutcome *self)
{
  g_clear_pointer (&self->code, g_free);
  *self = (FlashReviveOutcome){ 0 };
}
