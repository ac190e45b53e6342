/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-run"

#include "config.h"

#include "flash-revive-run.h"

#include "flash-loader.h"
#include "flash-revive-facts.h"
#include "flash-revive-job.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* How long a board may be away between two stages (stm32mp-usb.md section 7.1); whoever pulls the
 * plug for longer has to say again what is wanted. */
#define AWAY_US (10 * G_USEC_PER_SEC)

struct _FlashReviveRun {
  GObject parent_instance;

  FlashApplication *application; /* (owned) */
  FlashRecovery *recovery; /* (owned) */
  FlashReviveBoards *boards; /* (owned) */

  FlashReviveFile *file; /* (owned): what is to be flashed */
  GCancellable *preparing; /* (owned) (nullable): while the plan of a job is made */
  char *fault; /* (owned) (nullable): why the job could not begin */

  FlashJobModel *model; /* (owned) (nullable): the job of the present step, or the last one */
  FlashDoctor *doctor; /* (owned) (nullable): who follows it */
  FlashJob *dialog_job; /* (owned) (nullable): writing of option bytes that is done elsewhere */
  guint inhibit_cookie;
  FlashReviveOutcome outcome; /* how the job of the present step ended */
  gint64 act_until_us; /* a job that was wanted while the board was away begins until then */
  FlashTri is_protected;
  gboolean is_confirmed;
  GPtrArray *facts; /* (owned) (element-type FlashReviveFact) */
};

G_DEFINE_FINAL_TYPE (FlashReviveRun, flash_revive_run, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_PROGRESS, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
emit_changed (FlashReviveRun *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
set_fault (FlashReviveRun *self, const char *fault)
{
  g_free (self->fault);
  self->fault = g_strdup (fault);
}

static const FlashRecoveryStep *
get_step (FlashReviveRun *self)
{
  return flash_recovery_get_step (self->recovery, flash_recovery_get_position (self->recovery));
}

/* --- what is seen --------------------------------------------------------------------------- */

static void
fill_seen (FlashReviveRun *self, FlashRecoverySeen *seen)
{
  FlashBoardEntry *entry = flash_revive_boards_get_entry (self->boards);

  *seen = (FlashRecoverySeen){
    .access = FLASH_ACCESS_OK,
    .has_probe = flash_revive_boards_has_probe (self->boards),
    .has_file = flash_revive_file_is_usable (self->file),
    .file_is_layout = flash_revive_file_get_source (self->file)->text != NULL,
    .job_code = self->outcome.code,
    .is_blank = self->outcome.is_blank,
    .is_verified = self->outcome.is_verified,
    .is_protected = self->is_protected,
    .is_confirmed = self->is_confirmed,
  };
  if (flash_revive_boards_is_right (self->boards)) {
    GPtrArray *hubs = flash_board_get_hubs (flash_board_entry_get_board (entry));

    seen->facts = flash_board_entry_get_facts (entry);
    seen->access = flash_board_get_access (flash_board_entry_get_board (entry));
    seen->is_behind_hub = hubs != NULL && hubs->len > 0;
  }
}

/* What counted for one step must not count for the next. */
static void
look (FlashReviveRun *self)
{
  guint position = flash_recovery_get_position (self->recovery);
  FlashRecoverySeen seen;

  if (flash_revive_run_is_working (self))
    return;
  fill_seen (self, &seen);
  flash_recovery_see (self->recovery, &seen);
  if (position != flash_recovery_get_position (self->recovery)) {
    flash_revive_outcome_clear (&self->outcome);
    set_fault (self, NULL);
    self->is_confirmed = FALSE;
    fill_seen (self, &seen);
    flash_recovery_see (self->recovery, &seen);
  }
  self->is_confirmed = FALSE;
  if (position != flash_recovery_get_position (self->recovery))
    self->act_until_us = 0;
  emit_changed (self);
  if (g_get_monotonic_time () < self->act_until_us)
    flash_revive_run_act (self);
}

/* --- what a job achieved -------------------------------------------------------------------- */

static void
take_outcome (FlashReviveRun *self, FlashJob *job)
{
  g_autoptr (GError) error = NULL;

  flash_revive_outcome_clear (&self->outcome);
  flash_revive_outcome_init (&self->outcome, job);
  if (self->outcome.is_protected != FLASH_TRI_UNKNOWN)
    self->is_protected = self->outcome.is_protected;
  if (self->outcome.is_good && !flash_revive_facts_add (self->facts, job, &error)) {
    /* The option bytes were read, but are not in a file: that step is not done. */
    flash_revive_outcome_clear (&self->outcome);
    set_fault (self, error->message);
  }
}

static void
uninhibit (FlashReviveRun *self)
{
  if (self->inhibit_cookie != 0)
    gtk_application_uninhibit (GTK_APPLICATION (self->application), self->inhibit_cookie);
  self->inhibit_cookie = 0;
}

static void
on_finished (FlashReviveRun *self)
{
  uninhibit (self);
  take_outcome (self, flash_job_model_get_job (self->model));
  look (self);
}

static void
on_progress (FlashReviveRun *self)
{
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

/* Option bytes are written in the dialog that is there for it; its job is seen on the board. */
static void
watch_dialog (FlashReviveRun *self)
{
  FlashBoardEntry *entry = flash_revive_boards_get_entry (self->boards);
  FlashJob *job = entry != NULL ? flash_board_entry_get_job (entry) : NULL;
  const FlashMcuJob *what = job != NULL ? flash_job_get_mcu_job (job) : NULL;

  if (what != NULL && what->verb == FLASH_MCU_WRITE_OPTIONS)
    g_set_object (&self->dialog_job, job);
  if (self->dialog_job == NULL || flash_job_is_running (self->dialog_job))
    return;
  if (get_step (self)->act == FLASH_RECOVERY_ACT_OPTIONS)
    take_outcome (self, self->dialog_job);
  g_clear_object (&self->dialog_job);
}

static void
on_boards_changed (FlashReviveRun *self)
{
  watch_dialog (self);
  look (self);
}

FlashReviveFile *
flash_revive_run_get_file (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), NULL);

  return self->file;
}

const char *
flash_revive_run_get_fault (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), NULL);

  return self->fault != NULL ? self->fault : flash_revive_file_get_fault (self->file);
}

/* --- jobs ----------------------------------------------------------------------------------- */

static void
fail_to_act (FlashReviveRun *self, const char *fault)
{
  g_clear_object (&self->preparing);
  set_fault (self, fault);
  look (self);
}

static void
start (FlashReviveRun *self, FlashJob *job)
{
  FlashBoardEntry *entry = flash_revive_boards_get_entry (self->boards);

  g_clear_object (&self->doctor);
  self->doctor = flash_doctor_new (flash_application_get_root (self->application),
                                   flash_board_entry_get_provider (entry),
                                   flash_board_entry_get_board (entry));
  flash_doctor_set_plan (self->doctor, flash_job_get_plan (job));
  flash_doctor_follow (self->doctor, job);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  self->model = flash_job_model_new (job, entry);
  flash_job_model_set_doctor (self->model, self->doctor);
  g_signal_connect_object (self->model, "changed", G_CALLBACK (on_progress), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "finished", G_CALLBACK (on_finished), self,
                           G_CONNECT_SWAPPED);
  self->inhibit_cookie =
      gtk_application_inhibit (GTK_APPLICATION (self->application), NULL,
                               GTK_APPLICATION_INHIBIT_LOGOUT | GTK_APPLICATION_INHIBIT_SUSPEND,
                               _ ("A board is being revived"));
  g_clear_object (&self->preparing);
  flash_job_model_start (self->model);
  emit_changed (self);
}

static void
on_planned (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashReviveRun) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoaded) loaded = flash_loader_check_finish (result, &error);
  g_autoptr (FlashJob) job = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != self->preparing)
    return;
  if (loaded == NULL) {
    g_autofree char *name = flash_revive_file_dup_name (self->file);
    g_autofree char *text = flash_words_dup_load_error (error, name);

    fail_to_act (self, text);
  } else if (!flash_revive_boards_is_free (self->boards)) {
    fail_to_act (self, NULL);
  } else if (loaded->plan == NULL) {
    fail_to_act (self, _ ("The layout has errors for this board. Correct them in the main window "
                          "first."));
  } else {
    job = flash_revive_job_new_for_plan (loaded->plan, flash_revive_boards_get_entry (self->boards),
                                         self->application, get_step (self)->act);
    start (self, job);
    flash_doctor_set_problems (self->doctor, loaded->diags);
  }
}

/* The files are looked at again, and opened; what is sent is what they are now. */
static void
plan (FlashReviveRun *self)
{
  FlashBoardEntry *entry = flash_revive_boards_get_entry (self->boards);
  const FlashReviveSource *source = flash_revive_file_get_source (self->file);
  g_autoptr (GBytes) text = flash_revive_source_make_text (source, get_step (self)->act);
  FlashLoadRequest request = { .wants_plan = TRUE };

  if (text == NULL) {
    fail_to_act (self, _ ("The layout has no rows for this step: it must name the boot stages, and "
                          "for erasing also rows on a storage."));
    return;
  }
  request.text = text;
  request.path = source->path;
  request.device_id = flash_board_entry_get_facts (entry)->device_id;
  flash_loader_check (&request, self->preparing, on_planned, g_object_ref (self));
}

gboolean
flash_revive_run_can_act (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), FALSE);

  return flash_recovery_act_is_job (get_step (self)->act) && !flash_revive_run_is_working (self) &&
         flash_revive_boards_is_free (self->boards);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashReviveRun) self = data;
  g_autoptr (FlashJob) job = NULL;
  FlashRecoveryAct act = get_step (self)->act;

  if (g_task_get_cancellable (G_TASK (result)) != self->preparing)
    return;
  /* Between two stages it is away for a moment. */
  if (!flash_revive_boards_look_finish (self->boards, result) ||
      !flash_revive_boards_is_right (self->boards)) {
    self->act_until_us = g_get_monotonic_time () + AWAY_US;
    fail_to_act (self, NULL);
    return;
  }
  if (flash_revive_file_get_source (self->file)->text != NULL &&
      flash_revive_job_is_flashing (act)) {
    plan (self);
    return;
  }
  /* Looking takes its time: another window may have begun with the board. */
  if (!flash_revive_boards_is_free (self->boards)) {
    fail_to_act (self, NULL);
    return;
  }
  job = flash_revive_job_new_for_mcu (flash_revive_file_get_source (self->file),
                                      flash_revive_boards_get_entry (self->boards),
                                      flash_application_get_clock (self->application), act);
  if (job != NULL)
    start (self, job);
  else
    fail_to_act (self, _ ("The boot loader of this board does not show what this step needs. Start "
                          "the ROM by BOOT0 instead."));
}

void
flash_revive_run_act (FlashReviveRun *self)
{
  g_return_if_fail (FLASH_IS_REVIVE_RUN (self));

  if (!flash_revive_run_can_act (self))
    return;
  self->act_until_us = 0;
  flash_revive_boards_hold (self->boards);
  flash_revive_outcome_clear (&self->outcome);
  set_fault (self, NULL);
  self->preparing = g_cancellable_new ();
  flash_revive_boards_look (self->boards, self->preparing, on_looked, g_object_ref (self));
  emit_changed (self);
}

void
flash_revive_run_stop (FlashReviveRun *self)
{
  g_return_if_fail (FLASH_IS_REVIVE_RUN (self));

  if (self->preparing != NULL) {
    g_cancellable_cancel (self->preparing);
    g_clear_object (&self->preparing);
    look (self);
  } else if (flash_revive_run_is_working (self)) {
    flash_job_cancel (flash_job_model_get_job (self->model));
  }
}

void
flash_revive_run_confirm (FlashReviveRun *self)
{
  g_return_if_fail (FLASH_IS_REVIVE_RUN (self));

  self->is_confirmed = TRUE;
  look (self);
}

FlashRecovery *
flash_revive_run_get_recovery (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), NULL);

  return self->recovery;
}

FlashReviveBoards *
flash_revive_run_get_boards (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), NULL);

  return self->boards;
}

gboolean
flash_revive_run_is_working (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), FALSE);

  return self->preparing != NULL ||
         (self->model != NULL && flash_job_is_running (flash_job_model_get_job (self->model)));
}

FlashJobModel *
flash_revive_run_get_model (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), NULL);

  return self->model;
}

FlashDoctor *
flash_revive_run_get_doctor (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), NULL);

  return self->doctor;
}

gboolean
flash_revive_run_has_failed (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), FALSE);

  return self->outcome.code != NULL && !self->outcome.is_good;
}

GPtrArray *
flash_revive_run_get_facts (FlashReviveRun *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_RUN (self), NULL);

  return self->facts;
}

static void
flash_revive_run_dispose (GObject *object)
{
  FlashReviveRun *self = FLASH_REVIVE_RUN (object);

  if (self->preparing != NULL)
    g_cancellable_cancel (self->preparing);
  g_clear_object (&self->preparing);
  if (self->model != NULL)
    flash_job_cancel (flash_job_model_get_job (self->model));
  if (self->application != NULL)
    uninhibit (self);
  g_clear_object (&self->model);
  g_clear_object (&self->doctor);
  g_clear_object (&self->dialog_job);
  g_clear_object (&self->boards);
  g_clear_object (&self->file);
  g_clear_object (&self->application);

  G_OBJECT_CLASS (flash_revive_run_parent_class)->dispose (object);
}

static void
flash_revive_run_finalize (GObject *object)
{
  FlashReviveRun *self = FLASH_REVIVE_RUN (object);

  flash_revive_outcome_clear (&self->outcome);
  flash_recovery_free (self->recovery);
  g_ptr_array_unref (self->facts);
  g_free (self->fault);

  G_OBJECT_CLASS (flash_revive_run_parent_class)->finalize (object);
}

static void
flash_revive_run_class_init (FlashReviveRunClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flash_revive_run_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_revive_run_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_revive_run_init (FlashReviveRun *self)
{
  self->facts = flash_revive_facts_new ();
}

FlashReviveRun *
flash_revive_run_new (FlashApplication *application, const char *case_id)
{
  FlashReviveRun *self;
  FlashRecovery *recovery;

  g_return_val_if_fail (FLASH_IS_APPLICATION (application) && case_id != NULL, NULL);

  recovery = flash_recovery_new (case_id);
  g_return_val_if_fail (recovery != NULL, NULL);
  self = g_object_new (FLASH_TYPE_REVIVE_RUN, NULL);
  self->application = g_object_ref (application);
  self->recovery = recovery;
  self->boards = flash_revive_boards_new (flash_application_get_boards (application));
  self->file = flash_revive_file_new ();
  g_signal_connect_object (self->file, "changed", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->boards, "changed", G_CALLBACK (on_boards_changed), self,
                           G_CONNECT_SWAPPED);
  look (self);
  return self;
}
