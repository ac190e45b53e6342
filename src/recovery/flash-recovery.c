/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-recovery"

#include "config.h"

#include "flash-recovery.h"

#include "flash-recovery-private.h"

struct _FlashRecovery {
  const FlashRecoveryCase *the_case; /* static */
  const FlashRecoveryWay *way; /* static */
  GPtrArray *nodes; /* (owned) (element-type FlashRecoveryNode): static */
  guint position;
  const char *obstacle; /* (nullable): static */
  gboolean is_job_used; /* what the job achieved has counted already */
  gboolean is_answer_used; /* what the person said has counted already */
};

gboolean
flash_recovery_act_is_end (FlashRecoveryAct act)
{
  return act == FLASH_RECOVERY_ACT_END_GOOD || act == FLASH_RECOVERY_ACT_END_PROBE ||
         act == FLASH_RECOVERY_ACT_END_OTHER;
}

gboolean
flash_recovery_act_is_job (FlashRecoveryAct act)
{
  return act >= FLASH_RECOVERY_ACT_FLASH_MINIMAL && act <= FLASH_RECOVERY_ACT_OPTIONS;
}

static const FlashRecoveryNode *
get_node (FlashRecovery *self)
{
  return g_ptr_array_index (self->nodes, self->position);
}

/* The table of a way has one end, and it is its last step. */
static void
append_path (FlashRecovery *self, const FlashRecoveryNode *path)
{
  do {
    g_ptr_array_add (self->nodes, (gpointer) path);
  } while (!flash_recovery_act_is_end ((path++)->step.act));
}

FlashRecovery *
flash_recovery_new (const char *id)
{
  const FlashRecoveryCase *the_case;
  FlashRecovery *self;

  g_return_val_if_fail (id != NULL, NULL);

  the_case = flash_recovery_case_find (id);
  if (the_case == NULL)
    return NULL;
  self = g_new0 (FlashRecovery, 1);
  self->the_case = the_case;
  self->way = flash_recovery_way_find (id);
  self->nodes = g_ptr_array_new ();
  append_path (self, self->way->path);
  return self;
}

void
flash_recovery_free (FlashRecovery *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->nodes);
  g_free (self);
}

const FlashRecoveryCase *
flash_recovery_get_case (FlashRecovery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->the_case;
}

guint
flash_recovery_get_n_steps (FlashRecovery *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->nodes->len;
}

const FlashRecoveryStep *
flash_recovery_get_step (FlashRecovery *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->nodes->len, NULL);

  return &((const FlashRecoveryNode *) g_ptr_array_index (self->nodes, index))->step;
}

guint
flash_recovery_get_position (FlashRecovery *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->position;
}

const char *
flash_recovery_get_obstacle (FlashRecovery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->obstacle;
}

gboolean
flash_recovery_is_over (FlashRecovery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return flash_recovery_act_is_end (get_node (self)->step.act);
}

/* Evidence of a step that is passed is none for the next. */
static void
drop_job (FlashRecoverySeen *seen)
{
  seen->job_code = NULL;
  seen->is_blank = FALSE;
  seen->is_verified = FALSE;
}

/* Goes one step on, by whatever of @seen allows it. Returns: whether it did */
static gboolean
go_on (FlashRecovery *self, const FlashRecoverySeen *seen)
{
  const FlashRecoveryNode *node = get_node (self);

  self->obstacle = NULL;
  if (flash_recovery_check (node->check, self->way->rom, seen, &self->obstacle)) {
    self->position++;
    return TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (node->forks); i++) {
    if (!flash_recovery_has_sign (node->forks[i].sign, seen))
      continue;
    g_ptr_array_set_size (self->nodes, (gint) self->position + 1);
    append_path (self, node->forks[i].path);
    self->position++;
    return TRUE;
  }
  return FALSE;
}

gboolean
flash_recovery_see (FlashRecovery *self, const FlashRecoverySeen *seen)
{
  FlashRecoverySeen now;
  const char *obstacle;
  guint position;

  g_return_val_if_fail (self != NULL && seen != NULL, FALSE);

  now = *seen;
  obstacle = self->obstacle;
  position = self->position;
  self->is_job_used &= seen->job_code != NULL;
  self->is_answer_used &= seen->is_confirmed;
  if (self->is_job_used)
    drop_job (&now);
  now.is_confirmed &= !self->is_answer_used;
  while (go_on (self, &now)) {
    self->is_job_used |= now.job_code != NULL;
    self->is_answer_used |= now.is_confirmed;
    drop_job (&now);
    now.is_confirmed = FALSE;
  }
  return position != self->position || obstacle != self->obstacle;
}
