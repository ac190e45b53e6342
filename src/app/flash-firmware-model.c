/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-model"

#include "config.h"

#include "flash-firmware-model.h"

/* Whoever builds a file writes it more than once, in milliseconds. */
#define MONITOR_DELAY 250

struct _FlashFirmwareModel {
  GObject parent_instance;

  FlashFirmwareFile *file; /* (owned) */
  FlashImageOptions options; /* what is asked for; the file's own until it is read again */
  GCancellable *reading; /* (owned) (nullable) */
  gboolean is_loading; /* what is read is waited for */
  GError *error; /* (owned) (nullable) */
  GFileMonitor *monitor; /* (owned) (nullable) */
  guint monitor_source;

  gboolean has_guess;
  FlashChipGuess guess;
  char *chip_key; /* (owned) (nullable): for which chip the last plan was */
  FlashDescriptors *descriptors; /* (owned) (nullable) */
  FlashFirmwareWishes wishes;
  FlashFirmwarePlan *plan; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (FlashFirmwareModel, flash_firmware_model, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_REPLACED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- the plan ------------------------------------------------------------------------------- */

static gboolean
can_plan (FlashFirmwareModel *self)
{
  return self->has_guess && self->guess.flash != NULL && flash_image_is_usable (self->file->image);
}

static void
update_plan (FlashFirmwareModel *self)
{
  const FlashFirmwareOptions options = { self->wishes.leaves_out, self->wishes.rebases };

  g_clear_pointer (&self->plan, flash_firmware_plan_unref);
  if (can_plan (self))
    self->plan =
        flash_firmware_plan_new (self->file->image, &self->guess, self->descriptors, &options);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* What was agreed to for one file or chip says nothing of another one. */
static void
forget_consents (FlashFirmwareModel *self)
{
  self->wishes.leaves_out = FALSE;
  self->wishes.rebases = FALSE;
}

static gboolean
is_other_file (FlashFirmwareModel *self, const FlashFirmwareFile *file)
{
  return file->size != self->file->size || !g_str_equal (file->digest, self->file->digest);
}

/* Returns: whether @file is another one that was read as if the user had seen it, and insisted: it
 * has to be read once more then */
static gboolean
is_read_too_kindly (FlashFirmwareModel *self, const FlashFirmwareFile *file)
{
  if (file->options.insists && is_other_file (self, file))
    self->options.insists = FALSE;
  return file->options.insists && !self->options.insists;
}

static void
take_file (FlashFirmwareModel *self, FlashFirmwareFile *file)
{
  gboolean is_replaced = is_other_file (self, file);

  if (is_replaced)
    forget_consents (self);
  g_clear_error (&self->error);
  flash_firmware_file_ref (file);
  flash_firmware_file_unref (self->file);
  self->file = file;
  update_plan (self);
  if (is_replaced)
    g_signal_emit (self, signals[SIGNAL_REPLACED], 0);
}

/* --- reading -------------------------------------------------------------------------------- */

static void start_reading (FlashFirmwareModel *self);

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashFirmwareModel) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashFirmwareFile) file = flash_firmware_file_read_finish (result, &error);

  /* Something else is being read by now, or nobody wants it any more. */
  if (g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  g_clear_object (&self->reading);
  if (file != NULL && is_read_too_kindly (self, file)) {
    start_reading (self);
    return;
  }
  self->is_loading = FALSE;
  if (file == NULL) {
    g_clear_error (&self->error);
    self->error = g_steal_pointer (&error);
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  } else if (self->error != NULL || !flash_firmware_file_is_same (file, self->file)) {
    take_file (self, file);
  } else {
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  }
}

static void
stop_reading (FlashFirmwareModel *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
start_reading (FlashFirmwareModel *self)
{
  stop_reading (self);
  self->reading = g_cancellable_new ();
  flash_firmware_file_read (self->file->path, &self->options, self->reading, on_read,
                            g_object_ref (self));
}

static void
load_again (FlashFirmwareModel *self)
{
  self->is_loading = TRUE;
  start_reading (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
on_monitor_due (gpointer data)
{
  FlashFirmwareModel *self = data;

  self->monitor_source = 0;
  flash_firmware_model_look_at_disk (self);
  return G_SOURCE_REMOVE;
}

static void
on_file_changed (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                 FlashFirmwareModel *self)
{
  if (self->monitor_source == 0)
    self->monitor_source = g_timeout_add (MONITOR_DELAY, on_monitor_due, self);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
clear_board (FlashFirmwareModel *self)
{
  if (self->has_guess)
    flash_chip_guess_clear (&self->guess);
  self->has_guess = FALSE;
  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
}

static void
flash_firmware_model_dispose (GObject *object)
{
  FlashFirmwareModel *self = FLASH_FIRMWARE_MODEL (object);

  stop_reading (self);
  g_clear_handle_id (&self->monitor_source, g_source_remove);
  if (self->monitor != NULL) {
    g_signal_handlers_disconnect_by_data (self->monitor, self);
    g_file_monitor_cancel (self->monitor);
  }
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (flash_firmware_model_parent_class)->dispose (object);
}

static void
flash_firmware_model_finalize (GObject *object)
{
  FlashFirmwareModel *self = FLASH_FIRMWARE_MODEL (object);

  clear_board (self);
  g_clear_pointer (&self->plan, flash_firmware_plan_unref);
  g_clear_pointer (&self->file, flash_firmware_file_unref);
  g_clear_error (&self->error);
  g_free (self->chip_key);

  G_OBJECT_CLASS (flash_firmware_model_parent_class)->finalize (object);
}

static void
flash_firmware_model_class_init (FlashFirmwareModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flash_firmware_model_dispose;
  object_class->finalize = flash_firmware_model_finalize;

  /**
   * FlashFirmwareModel::changed:
   *
   * Something that is shown is not what it was.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLASH_TYPE_FIRMWARE_MODEL, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * FlashFirmwareModel::replaced:
   *
   * The file had become another one, and was read again; `changed` came before.
   */
  signals[SIGNAL_REPLACED] = g_signal_new ("replaced", FLASH_TYPE_FIRMWARE_MODEL, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_firmware_model_init (FlashFirmwareModel *self)
{
  self->wishes = (FlashFirmwareWishes){
    .changed = FLASH_MCU_CHANGED_AUTO,
    .shared = FLASH_MCU_SHARED_ASK,
    .verifies = TRUE,
    .starts = TRUE,
  };
}

FlashFirmwareModel *
flash_firmware_model_new (FlashFirmwareFile *file)
{
  FlashFirmwareModel *self;
  g_autoptr (GFile) watched = NULL;

  g_return_val_if_fail (file != NULL, NULL);

  self = g_object_new (FLASH_TYPE_FIRMWARE_MODEL, NULL);
  self->file = flash_firmware_file_ref (file);
  self->options = file->options;
  watched = g_file_new_for_path (file->path);
  /* Where nothing can be watched, the look before the job remains. */
  self->monitor = g_file_monitor_file (watched, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect (self->monitor, "changed", G_CALLBACK (on_file_changed), self);
  return self;
}

/* --- asking --------------------------------------------------------------------------------- */

const FlashFirmwareFile *
flash_firmware_model_get_file (FlashFirmwareModel *self)
{
  g_return_val_if_fail (FLASH_IS_FIRMWARE_MODEL (self), NULL);

  return self->file;
}

FlashFirmwarePlan *
flash_firmware_model_get_plan (FlashFirmwareModel *self)
{
  g_return_val_if_fail (FLASH_IS_FIRMWARE_MODEL (self), NULL);

  return self->plan;
}

const FlashChipGuess *
flash_firmware_model_get_guess (FlashFirmwareModel *self)
{
  g_return_val_if_fail (FLASH_IS_FIRMWARE_MODEL (self), NULL);

  return self->has_guess ? &self->guess : NULL;
}

gboolean
flash_firmware_model_is_loading (FlashFirmwareModel *self)
{
  g_return_val_if_fail (FLASH_IS_FIRMWARE_MODEL (self), FALSE);

  return self->is_loading;
}

const GError *
flash_firmware_model_get_error (FlashFirmwareModel *self)
{
  g_return_val_if_fail (FLASH_IS_FIRMWARE_MODEL (self), NULL);

  return self->error;
}

guint
flash_firmware_model_count_errors (FlashFirmwareModel *self)
{
  guint n_errors;

  g_return_val_if_fail (FLASH_IS_FIRMWARE_MODEL (self), 0);

  n_errors = flash_diag_list_count (self->file->image->diags, FLASH_SEVERITY_ERROR);
  if (self->plan != NULL)
    n_errors += flash_diag_list_count (self->plan->diags, FLASH_SEVERITY_ERROR);
  return n_errors;
}

const FlashFirmwareWishes *
flash_firmware_model_get_wishes (FlashFirmwareModel *self)
{
  g_return_val_if_fail (FLASH_IS_FIRMWARE_MODEL (self), NULL);

  return &self->wishes;
}

/* --- changing ------------------------------------------------------------------------------- */

/* What a plan depends on. */
static char *
dup_chip_key (const FlashBoardFacts *facts)
{
  const FlashChip *chip;

  if (facts == NULL || !facts->has_guess)
    return g_strdup ("");
  chip = flash_chip_guess_get_best (&facts->guess);
  return g_strdup_printf ("%u %s %s %s", facts->guess.loader, chip != NULL ? chip->id : "",
                          facts->guess.flash != NULL ? facts->guess.flash->text : "",
                          facts->guess.options != NULL ? facts->guess.options->text : "");
}

/* A board that is away for a moment is the same when it comes back; but one whose memory is not
 * known yet could be flashed, and may be any. */
static void
look_at_chip (FlashFirmwareModel *self, const FlashBoardFacts *facts)
{
  g_autofree char *key = NULL;

  if (facts == NULL || facts->kind == FLASH_BOARD_KIND_UNKNOWN)
    return;
  key = dup_chip_key (facts);
  if (g_strcmp0 (key, self->chip_key) == 0)
    return;
  g_free (self->chip_key);
  self->chip_key = g_steal_pointer (&key);
  forget_consents (self);
}

void
flash_firmware_model_set_board (FlashFirmwareModel *self, const FlashBoardFacts *facts,
                                FlashDescriptors *descriptors)
{
  gboolean has_guess;

  g_return_if_fail (FLASH_IS_FIRMWARE_MODEL (self));

  has_guess = facts != NULL && facts->has_guess;
  /* A board that comes back says the same again. */
  if (has_guess == self->has_guess && descriptors == self->descriptors)
    return;
  look_at_chip (self, facts);
  if (descriptors != NULL)
    flash_descriptors_ref (descriptors);
  clear_board (self);
  self->descriptors = descriptors;
  self->has_guess = has_guess;
  if (has_guess)
    flash_chip_guess_copy (&self->guess, &facts->guess);
  update_plan (self);
}

void
flash_firmware_model_set_wishes (FlashFirmwareModel *self, const FlashFirmwareWishes *wishes)
{
  gboolean is_other_plan;

  g_return_if_fail (FLASH_IS_FIRMWARE_MODEL (self) && wishes != NULL);

  is_other_plan =
      wishes->leaves_out != self->wishes.leaves_out || wishes->rebases != self->wishes.rebases;
  self->wishes = *wishes;
  if (is_other_plan)
    update_plan (self);
  else
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
flash_firmware_model_set_address (FlashFirmwareModel *self, guint32 address)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_MODEL (self));

  self->options.has_address = TRUE;
  self->options.address = address;
  load_again (self);
}

void
flash_firmware_model_insist (FlashFirmwareModel *self)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_MODEL (self));

  self->options.insists = TRUE;
  load_again (self);
}

/* --- the disk ------------------------------------------------------------------------------- */

void
flash_firmware_model_look_at_disk (FlashFirmwareModel *self)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_MODEL (self));

  /* What is waited for stays waited for. */
  start_reading (self);
}

static void
on_verified (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FlashFirmwareModel *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashFirmwareFile) file = flash_firmware_file_read_finish (result, &error);
  gboolean is_same;

  if (file == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (is_read_too_kindly (self, file)) {
    flash_firmware_file_read (self->file->path, &self->options, g_task_get_cancellable (task),
                              on_verified, g_object_ref (task));
    return;
  }
  is_same = flash_firmware_file_is_same (file, self->file);
  if (!is_same)
    take_file (self, file);
  g_task_return_int (task, is_same);
}

void
flash_firmware_model_verify (FlashFirmwareModel *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data)
{
  GTask *task;

  g_return_if_fail (FLASH_IS_FIRMWARE_MODEL (self));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, flash_firmware_model_verify);
  flash_firmware_file_read (self->file->path, &self->options, cancellable, on_verified, task);
}

gboolean
flash_firmware_model_verify_finish (FlashFirmwareModel *self, GAsyncResult *result,
                                    gboolean *out_is_same, GError **error)
{
  gssize is_same;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  is_same = g_task_propagate_int (G_TASK (result), error);
  if (is_same < 0)
    return FALSE;
  *out_is_same = is_same != 0;
  return TRUE;
}
