/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-step-item"

#include "config.h"

#include "flash-step-item.h"

#include "flash-mcu-words.h"
#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

struct _FlashStepItem {
  GObject parent_instance;

  FlashPlan *plan; /* (owned) (nullable): of a layout */
  guint index; /* in the plan, or a FlashMcuStep */
  char *detail; /* (owned) (nullable): on a microcontroller */
  FlashStepState state;
  guint percent;
};

G_DEFINE_FINAL_TYPE (FlashStepItem, flash_step_item, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
flash_step_item_finalize (GObject *object)
{
  FlashStepItem *self = FLASH_STEP_ITEM (object);

  g_clear_object (&self->plan);
  g_free (self->detail);

  G_OBJECT_CLASS (flash_step_item_parent_class)->finalize (object);
}

static void
flash_step_item_class_init (FlashStepItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_step_item_finalize;

  /**
   * FlashStepItem::changed:
   *
   * State or percent are not what they were.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLASH_TYPE_STEP_ITEM, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_step_item_init (FlashStepItem *self)
{
}

FlashStepItem *
flash_step_item_new (FlashPlan *plan, guint index)
{
  FlashStepItem *self = g_object_new (FLASH_TYPE_STEP_ITEM, NULL);

  self->plan = g_object_ref (plan);
  self->index = index;
  return self;
}

FlashStepItem *
flash_step_item_new_for_mcu (FlashMcuStep step)
{
  FlashStepItem *self = g_object_new (FLASH_TYPE_STEP_ITEM, NULL);

  self->index = step;
  return self;
}

const FlashPlanStep *
flash_step_item_get_step (FlashStepItem *self)
{
  g_return_val_if_fail (FLASH_IS_STEP_ITEM (self), NULL);

  return self->plan != NULL ? flash_plan_get_step (self->plan, self->index) : NULL;
}

const char *
flash_step_item_get_name (FlashStepItem *self)
{
  const FlashPlanStep *step;

  g_return_val_if_fail (FLASH_IS_STEP_ITEM (self), NULL);

  step = flash_step_item_get_step (self);
  if (step == NULL)
    return flash_mcu_words_step ((FlashMcuStep) self->index);
  return step->kind == FLASH_PLAN_LAYOUT ? _ ("The layout itself") : step->name;
}

char *
flash_step_item_dup_detail (FlashStepItem *self)
{
  const FlashPlanStep *step;
  g_autofree char *size = NULL;

  g_return_val_if_fail (FLASH_IS_STEP_ITEM (self), NULL);

  step = flash_step_item_get_step (self);
  if (step == NULL)
    return g_strdup (self->detail != NULL ? self->detail : "");
  size = flash_text_size (step->size);
  /* TRANSLATORS: Id of a partition, size of its file */
  return g_strdup_printf (_ ("Id 0x%1$02x, %2$s"), step->id, size);
}

void
flash_step_item_set_detail (FlashStepItem *self, const char *detail)
{
  g_return_if_fail (FLASH_IS_STEP_ITEM (self));

  if (g_strcmp0 (detail, self->detail) == 0)
    return;
  g_free (self->detail);
  self->detail = g_strdup (detail);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

FlashStepState
flash_step_item_get_state (FlashStepItem *self)
{
  g_return_val_if_fail (FLASH_IS_STEP_ITEM (self), FLASH_STEP_WAITING);

  return self->state;
}

void
flash_step_item_set_state (FlashStepItem *self, FlashStepState state, guint percent)
{
  g_return_if_fail (FLASH_IS_STEP_ITEM (self));

  if (self->state == state && self->percent == percent)
    return;
  self->state = state;
  self->percent = percent;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

char *
flash_step_item_dup_text (FlashStepItem *self)
{
  g_return_val_if_fail (FLASH_IS_STEP_ITEM (self), NULL);

  switch (self->state) {
  case FLASH_STEP_WAITING:
    return g_strdup (C_ ("state", "Waiting"));
  case FLASH_STEP_SENDING:
    return g_strdup_printf (_ ("Sending, %u %%"), self->percent);
  case FLASH_STEP_STORING:
    return g_strdup (_ ("Sent, not confirmed yet"));
  case FLASH_STEP_WRITTEN:
    return g_strdup (flash_step_item_get_step (self)->kind == FLASH_PLAN_PARTITION
                         ? _ ("Written")
                         : _ ("Accepted"));
  case FLASH_STEP_VERIFYING:
    return g_strdup_printf (_ ("Verifying, %u %%"), self->percent);
  case FLASH_STEP_VERIFIED:
    return g_strdup (_ ("Verified"));
  case FLASH_STEP_FAILED:
    return g_strdup (_ ("Failed"));
  case FLASH_STEP_STOPPED:
    return g_strdup (_ ("Stopped"));
  case FLASH_STEP_SKIPPED:
    return g_strdup (self->plan != NULL ? _ ("Not sent") : _ ("Not done"));
  case FLASH_STEP_UNNEEDED:
    return g_strdup (_ ("Not needed"));
  case FLASH_STEP_RUNNING:
    return self->percent > 0 ? g_strdup_printf (_ ("%u %%"), self->percent)
                             : g_strdup (_ ("Running"));
  case FLASH_STEP_DONE:
    return g_strdup (_ ("Done"));
  case FLASH_STEP_HALF:
    return g_strdup (_ ("Interrupted"));
  }
  g_return_val_if_reached (NULL);
}

const char *
flash_step_item_get_icon_name (FlashStepItem *self)
{
  g_return_val_if_fail (FLASH_IS_STEP_ITEM (self), NULL);

  switch (self->state) {
  case FLASH_STEP_WAITING:
    return "content-loading-symbolic";
  case FLASH_STEP_SENDING:
  case FLASH_STEP_RUNNING:
    return "go-next-symbolic";
  case FLASH_STEP_STORING:
    return "document-save-symbolic";
  case FLASH_STEP_WRITTEN:
  case FLASH_STEP_DONE:
    return "object-select-symbolic";
  case FLASH_STEP_VERIFYING:
    return "edit-find-symbolic";
  case FLASH_STEP_VERIFIED:
    return "emblem-ok-symbolic";
  case FLASH_STEP_FAILED:
    return "dialog-error-symbolic";
  case FLASH_STEP_STOPPED:
  case FLASH_STEP_HALF:
    return "process-stop-symbolic";
  case FLASH_STEP_SKIPPED:
  case FLASH_STEP_UNNEEDED:
    return "list-remove-symbolic";
  }
  g_return_val_if_reached (NULL);
}

const char *
flash_step_item_get_css_class (FlashStepItem *self)
{
  g_return_val_if_fail (FLASH_IS_STEP_ITEM (self), "");

  switch (self->state) {
  case FLASH_STEP_WAITING:
  case FLASH_STEP_SKIPPED:
  case FLASH_STEP_UNNEEDED:
    return "flash-dim";
  case FLASH_STEP_SENDING:
  case FLASH_STEP_STORING:
  case FLASH_STEP_VERIFYING:
  case FLASH_STEP_RUNNING:
    return "accent";
  case FLASH_STEP_DONE:
  case FLASH_STEP_WRITTEN:
  case FLASH_STEP_VERIFIED:
    return "success";
  case FLASH_STEP_FAILED:
    return "error";
  case FLASH_STEP_STOPPED:
  case FLASH_STEP_HALF:
    return "warning";
  }
  g_return_val_if_reached ("");
}

char *
flash_step_item_dup_group (FlashStepItem *self)
{
  const FlashPlanStep *step;

  g_return_val_if_fail (FLASH_IS_STEP_ITEM (self), NULL);

  step = flash_step_item_get_step (self);
  if (step == NULL)
    return g_strdup ("");
  if (step->kind != FLASH_PLAN_PARTITION)
    return g_strdup (_ ("Starting the board"));
  /* TRANSLATORS: a storage, then what it usually is: “mmc0, usually the SD card” */
  return g_strdup_printf (_ ("%1$s, %2$s"), flash_layout_row_get_ip_name (step->row),
                          flash_words_storage (step->row));
}
