/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the job's model share: flash-job-model.c follows jobs of both kinds,
 * flash-job-model-mcu.c knows the steps on a microcontroller,
 * flash-job-model-words.c says what goes on. Thread: main. */
#pragma once

#include "flash-job-model.h"

G_BEGIN_DECLS

struct _FlashJobModel {
  GObject parent_instance;

  FlashJob *job; /* (owned) */
  FlashBoardEntry *entry; /* (owned) */
  FlashDoctor *doctor; /* (owned) (nullable) */
  FlashConsole *console; /* (owned) (nullable) */
  GListStore *steps; /* (owned) (element-type FlashStepItem) */
  GtkTextBuffer *log; /* (owned) */
  gint64 start_us;
  const char *stage; /* (nullable): static */
  const char *warning; /* (nullable): static: code of the latest warning */
  char *awaited; /* (owned) (nullable): what the board is to come back as */
  char *device_text; /* (owned) (nullable) */
  guint changed_id;

  /* On a microcontroller. */
  gint mcu_step; /* that runs, -1 if none */
  gint64 mcu_step_us; /* when it began */
  guint64 mcu_step_bytes; /* that it will move, 0 if not known */
  guint64 mcu_step_done; /* that it has moved */
};

/* Lists the steps that the job may have. */
void _flash_job_model_mcu_add_steps (FlashJobModel *self);
/* Returns: (transfer full) (nullable): the item of a FlashMcuStep; %NULL if it is not listed. */
FlashStepItem *_flash_job_model_mcu_find (FlashJobModel *self, gint step);
/* A step begins. */
void _flash_job_model_mcu_begin (FlashJobModel *self, const FlashEvent *event);
/* Shows how far the step is that runs. */
void _flash_job_model_mcu_apply (FlashJobModel *self, const FlashSnapshot *snapshot);
/* The job is over: says of each step what came of it. */
void _flash_job_model_mcu_settle (FlashJobModel *self);

G_END_DECLS
