/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job that runs is said to do, and how far it is. Thread: main. */
#define G_LOG_DOMAIN "flash-job-model-words"

#include "config.h"

#include "flash-job-model-private.h"

#include "flash-mcu-words.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* What FLASH_EVENT_LOST names as awaited. */
static const char *const awaited_texts[] = {
  N_ ("the first boot stage"),
  N_ ("the next boot stage"),
  N_ ("U-Boot"),
  N_ ("U-Boot with its partitions"),
  N_ ("the boot loader"),
  N_ ("the boot loader, after the reset"),
  N_ ("the chip, which erases itself"),
};

/* Returns: (transfer full): what is waited for. */
static char *
dup_awaited (FlashJobModel *self)
{
  if (self->awaited == NULL)
    return g_strdup (_ ("Waiting for the board to answer…"));
  for (guint i = 0; i < G_N_ELEMENTS (awaited_texts); i++)
    if (g_str_equal (awaited_texts[i], self->awaited))
      /* TRANSLATORS: what is waited for, such as “U-Boot” */
      return g_strdup_printf (_ ("The board has left the bus. Waiting for %s…"),
                              _ (awaited_texts[i]));
  return g_strdup (_ ("The board has left the bus. Waiting…"));
}

static char *
dup_waiting (FlashJobModel *self, guint waited_s)
{
  g_autofree char *awaited = dup_awaited (self);

  if (waited_s == 0)
    return g_steal_pointer (&awaited);
  /* TRANSLATORS: what is waited for, then for how long already: “Waiting for U-Boot… 3 s” */
  return g_strdup_printf (_ ("%1$s %2$u s"), awaited, waited_s);
}

char *
flash_job_model_dup_status (FlashJobModel *self)
{
  const FlashSnapshot *snapshot;
  const char *name = "";

  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  snapshot = flash_job_get_snapshot (self->job);
  if (flash_job_get_mcu_job (self->job) != NULL && !flash_job_is_cancelled (self->job) &&
      snapshot->activity != FLASH_ACTIVITY_WAITING)
    return flash_mcu_words_dup_status (snapshot);
  if (snapshot->step >= 0 && flash_job_get_mcu_job (self->job) == NULL)
    name = flash_plan_get_step (flash_job_get_plan (self->job), (guint) snapshot->step)->name;
  if (flash_job_is_cancelled (self->job))
    return g_strdup (_ ("Stopping…"));
  switch (snapshot->activity) {
  case FLASH_ACTIVITY_CONNECTING:
    return g_strdup (_ ("Connecting to the board…"));
  case FLASH_ACTIVITY_SENDING:
    return g_strdup_printf (_ ("Sending %s…"), name);
  case FLASH_ACTIVITY_STORING:
    return g_strdup_printf (_ ("The board stores the end of %s…"), name);
  case FLASH_ACTIVITY_WAITING:
  case FLASH_ACTIVITY_PAUSED:
    return dup_waiting (self, snapshot->waited_ms / 1000);
  case FLASH_ACTIVITY_VERIFYING:
    return g_strdup_printf (_ ("Reading %s back…"), name);
  case FLASH_ACTIVITY_READING:
    return g_strdup (_ ("Reading what the board holds…"));
  case FLASH_ACTIVITY_ERASING:
    return g_strdup (_ ("Erasing…"));
  }
  g_return_val_if_reached (NULL);
}

char *
flash_job_model_dup_figures (FlashJobModel *self)
{
  const FlashSnapshot *snapshot;
  guint64 rate;
  guint seconds_left;
  gboolean is_moving;
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  snapshot = flash_job_get_snapshot (self->job);
  rate = flash_job_get_rate (self->job);
  g_string_append_printf (text, _ ("%u %%"), (guint) (snapshot->fraction * 100));
  /* While nothing moves, nothing can be foreseen. */
  is_moving = snapshot->activity == FLASH_ACTIVITY_SENDING ||
              snapshot->activity == FLASH_ACTIVITY_VERIFYING;
  if (rate > 0 && snapshot->activity == FLASH_ACTIVITY_SENDING) {
    g_autofree char *size = flash_text_size (rate);

    g_string_append (text, " · ");
    /* TRANSLATORS: bytes per second, such as “1.5 MiB/s” */
    g_string_append_printf (text, _ ("%s/s"), size);
  }
  if (is_moving && flash_job_get_seconds_left (self->job, &seconds_left)) {
    g_autofree char *left = flash_text_duration (seconds_left);

    g_string_append (text, " · ");
    /* TRANSLATORS: time left, such as “1:20 left” */
    g_string_append_printf (text, _ ("%s left"), left);
  }
  return g_string_free (text, FALSE);
}

/* --- why it failed -------------------------------------------------------------------------- */

static void
find_findings (FlashJobModel *self, const GError *error, FlashFindings *out_findings)
{
  const FlashFindings *findings =
      self->doctor != NULL ? flash_doctor_get_findings (self->doctor) : NULL;

  if (findings == NULL || findings->cause == NULL ||
      flash_doctor_get_symptoms (self->doctor)->moment != FLASH_MOMENT_AFTER ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    *out_findings =
        (FlashFindings){ .certainty = FLASH_CERTAINTY_NOTHING,
                         .cause = flash_advice_find (flash_job_error_get_stable_code (error)) };
  else
    *out_findings = *findings;
}

const char *
flash_job_model_find_cause (FlashJobModel *self, FlashFindings *out_findings)
{
  const GError *error;
  const FlashAdvice *cause;
  const char *known = NULL;

  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);
  g_return_val_if_fail (flash_job_get_error (self->job) != NULL, NULL);

  error = flash_job_get_error (self->job);
  find_findings (self, error, out_findings);
  cause = out_findings->cause;
  if (flash_job_get_mcu_job (self->job) != NULL)
    known = flash_mcu_words_cause (flash_job_get_mcu_result (self->job));
  /* Less is known than the advice says; unless something else was found. */
  if (known != NULL &&
      (cause == NULL || g_str_equal (cause->code, flash_job_error_get_stable_code (error))))
    return known;
  return cause != NULL ? _ (cause->cause) : NULL;
}
