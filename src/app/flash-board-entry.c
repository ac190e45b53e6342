/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-board-entry"

#include "config.h"

#include "flash-board-entry.h"

#include <glib/gi18n.h>

/* A virtual board is back in a second or two; what takes longer has gone wrong. */
#define RESTART_MS 15000

struct _FlashBoardEntry {
  GObject parent_instance;

  FlashProvider *provider; /* (owned) */
  FlashBoard *board; /* (owned) */
  gboolean is_present;
  FlashBoardFacts facts; /* (owned) */
  char *name; /* (owned): the best name that it ever gave */
  FlashJob *job; /* (owned) (nullable) */
  gconstpointer owner; /* (nullable): who prepares a job; only compared, never looked into */
  gboolean is_restarting; /* until a board of another generation is there */
  guint64 restart_generation;
  guint restart_timeout_id;
  gboolean is_used_up;
  gboolean is_looking;
};

G_DEFINE_FINAL_TYPE (FlashBoardEntry, flash_board_entry, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
flash_board_entry_dispose (GObject *object)
{
  FlashBoardEntry *self = FLASH_BOARD_ENTRY (object);

  g_clear_handle_id (&self->restart_timeout_id, g_source_remove);
  g_clear_object (&self->job);
  g_clear_object (&self->board);
  g_clear_object (&self->provider);

  G_OBJECT_CLASS (flash_board_entry_parent_class)->dispose (object);
}

static void
flash_board_entry_finalize (GObject *object)
{
  FlashBoardEntry *self = FLASH_BOARD_ENTRY (object);

  flash_board_facts_clear (&self->facts);
  g_free (self->name);

  G_OBJECT_CLASS (flash_board_entry_parent_class)->finalize (object);
}

static void
flash_board_entry_class_init (FlashBoardEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flash_board_entry_dispose;
  object_class->finalize = flash_board_entry_finalize;

  /**
   * FlashBoardEntry::changed:
   *
   * Something that is shown of the board is not what it was.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLASH_TYPE_BOARD_ENTRY, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_board_entry_init (FlashBoardEntry *self)
{
  self->name = g_strdup (_ ("USB device"));
}

static void
emit_changed (FlashBoardEntry *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Whether it is where every job can begin: in its ROM, or in the boot loader of a microcontroller.
 */
static gboolean
is_fresh (FlashBoardEntry *self)
{
  return g_strcmp0 (self->facts.stage, "rom") == 0 || self->facts.kind == FLASH_BOARD_KIND_DFUSE ||
         self->facts.kind == FLASH_BOARD_KIND_DFU;
}

static void
end_restart (FlashBoardEntry *self)
{
  g_clear_handle_id (&self->restart_timeout_id, g_source_remove);
  self->is_restarting = FALSE;
}

FlashBoardEntry *
flash_board_entry_new (FlashProvider *provider, FlashBoard *board)
{
  FlashBoardEntry *self;

  g_return_val_if_fail (FLASH_IS_PROVIDER (provider), NULL);
  g_return_val_if_fail (FLASH_IS_BOARD (board), NULL);

  self = g_object_new (FLASH_TYPE_BOARD_ENTRY, NULL);
  self->provider = g_object_ref (provider);
  flash_board_entry_set_board (self, board);
  return self;
}

FlashProvider *
flash_board_entry_get_provider (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), NULL);

  return self->provider;
}

FlashBoard *
flash_board_entry_get_board (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), NULL);

  return self->board;
}

gboolean
flash_board_entry_is_present (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), FALSE);

  return self->is_present;
}

const FlashBoardFacts *
flash_board_entry_get_facts (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), NULL);

  return &self->facts;
}

const char *
flash_board_entry_get_name (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), NULL);

  return self->name;
}

char *
flash_board_entry_dup_title (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), NULL);

  if (flash_board_is_virtual (self->board))
    return g_strdup (self->name);
  /* TRANSLATORS: a board: “STM32MP15, port 1-4” */
  return g_strdup_printf (_ ("%1$s, port %2$s"), self->name, flash_board_get_port (self->board));
}

FlashJob *
flash_board_entry_get_job (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), NULL);

  return self->job;
}

void
flash_board_entry_set_board (FlashBoardEntry *self, FlashBoard *board)
{
  g_return_if_fail (FLASH_IS_BOARD_ENTRY (self));
  g_return_if_fail (board == NULL || FLASH_IS_BOARD (board));

  if (self->is_present == (board != NULL) && (board == NULL || board == self->board))
    return;
  self->is_present = board != NULL;
  if (board != NULL) {
    g_set_object (&self->board, board);
    flash_board_facts_clear (&self->facts);
    flash_board_facts_init (&self->facts, board);
    if (self->facts.name != NULL) {
      g_free (self->name);
      self->name = g_strdup (self->facts.name);
    }
    if (self->is_restarting && flash_board_get_generation (board) != self->restart_generation)
      end_restart (self);
    if (self->job == NULL && is_fresh (self))
      self->is_used_up = FALSE;
  }
  emit_changed (self);
}

void
flash_board_entry_set_job (FlashBoardEntry *self, FlashJob *job)
{
  g_return_if_fail (FLASH_IS_BOARD_ENTRY (self));
  g_return_if_fail (job == NULL || FLASH_IS_JOB (job));

  if (!g_set_object (&self->job, job))
    return;
  /* A job that ended where it began has left no trace. */
  self->is_used_up = job != NULL || !self->is_present || !is_fresh (self);
  emit_changed (self);
}

gboolean
flash_board_entry_is_taken (FlashBoardEntry *self, gconstpointer owner)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), FALSE);

  return self->job != NULL || (self->owner != NULL && self->owner != owner);
}

gboolean
flash_board_entry_claim (FlashBoardEntry *self, gconstpointer owner)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self) && owner != NULL, FALSE);

  if (flash_board_entry_is_taken (self, owner))
    return FALSE;
  self->owner = owner;
  emit_changed (self);
  return TRUE;
}

void
flash_board_entry_release (FlashBoardEntry *self, gconstpointer owner)
{
  g_return_if_fail (FLASH_IS_BOARD_ENTRY (self) && owner != NULL);

  if (self->owner != owner)
    return;
  self->owner = NULL;
  emit_changed (self);
}

gboolean
flash_board_entry_is_wanted (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), FALSE);

  return self->is_present || self->job != NULL || self->is_restarting ||
         flash_board_can_power_cycle (self->board);
}

gboolean
flash_board_entry_can_restart (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), FALSE);

  return self->job == NULL && !self->is_restarting && flash_board_can_power_cycle (self->board) &&
         !(self->is_present && is_fresh (self));
}

gboolean
flash_board_entry_is_used_up (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), FALSE);

  return self->is_used_up;
}

static gboolean
on_restart_timeout (gpointer data)
{
  FlashBoardEntry *self = data;

  self->restart_timeout_id = 0;
  end_restart (self);
  emit_changed (self);
  return G_SOURCE_REMOVE;
}

static void
restart_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (flash_board_power_cycle (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_restarted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashBoardEntry) self = data;
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    return;
  g_info ("%s stays as it is: %s", self->name, error->message);
  end_restart (self);
  emit_changed (self);
}

void
flash_board_entry_restart (FlashBoardEntry *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (FLASH_IS_BOARD_ENTRY (self));

  if (!flash_board_entry_can_restart (self))
    return;
  /* A hub takes its time. Boards are immutable, so that one may go into the thread. */
  task = g_task_new (NULL, NULL, on_restarted, g_object_ref (self));
  g_task_set_task_data (task, g_object_ref (self->board), g_object_unref);
  self->is_restarting = TRUE;
  self->restart_generation = flash_board_get_generation (self->board);
  self->restart_timeout_id = g_timeout_add (RESTART_MS, on_restart_timeout, self);
  emit_changed (self);
  g_task_run_in_thread (task, restart_in_thread);
}

gboolean
flash_board_entry_is_restarting (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), FALSE);

  return self->is_restarting;
}

gboolean
flash_board_entry_is_restless (FlashBoardEntry *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (self), FALSE);

  return self->job != NULL || self->is_restarting || self->is_used_up || !self->is_present;
}

typedef struct {
  FlashProvider *provider; /* (owned) */
  char *port; /* (owned) */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_object_unref (look->provider);
  g_free (look->port);
  g_free (look);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;

  g_task_return_pointer (task, flash_provider_peek_port (look->provider, look->port),
                         g_object_unref);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashBoardEntry) self = data;
  g_autoptr (FlashBoard) board = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_looking = FALSE;
  flash_board_entry_set_board (self, board);
}

void
flash_board_entry_look (FlashBoardEntry *self)
{
  g_autoptr (GTask) task = NULL;
  Look *look;

  g_return_if_fail (FLASH_IS_BOARD_ENTRY (self));

  if (self->is_looking)
    return;
  self->is_looking = TRUE;
  look = g_new0 (Look, 1);
  look->provider = g_object_ref (self->provider);
  look->port = g_strdup (flash_board_get_port (self->board));
  /* In a thread: whoever works with the board may hold a lock on it. */
  task = g_task_new (NULL, NULL, on_looked, g_object_ref (self));
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_in_thread);
}
