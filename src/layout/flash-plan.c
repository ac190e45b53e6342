/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-plan"

#include "config.h"

#include "flash-plan.h"

#include "flash-stm32-header.h"

struct _FlashPlan {
  GObject parent_instance;

  FlashLayout *layout; /* (owned) */
  GPtrArray *steps; /* (owned) (element-type FlashPlanStep) */
  guint64 size;
  gboolean ends_in_ram;
  gboolean has_erase;
  gboolean has_partitions;
};

G_DEFINE_FINAL_TYPE (FlashPlan, flash_plan, G_TYPE_OBJECT)

const char *
flash_plan_kind_get_name (FlashPlanKind kind)
{
  switch (kind) {
  case FLASH_PLAN_BOOT:
    return "boot";
  case FLASH_PLAN_LAYOUT:
    return "layout";
  case FLASH_PLAN_PARTITION:
    return "partition";
  }
  g_return_val_if_reached (NULL);
}

static void
step_free (gpointer data)
{
  FlashPlanStep *self = data;

  g_free (self->name);
  g_clear_object (&self->row);
  g_clear_object (&self->source);
  g_array_unref (self->extents);
  g_free (self);
}

static void
flash_plan_finalize (GObject *object)
{
  FlashPlan *self = FLASH_PLAN (object);

  g_clear_object (&self->layout);
  g_ptr_array_unref (self->steps);

  G_OBJECT_CLASS (flash_plan_parent_class)->finalize (object);
}

static void
flash_plan_class_init (FlashPlanClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_plan_finalize;
}

static void
flash_plan_init (FlashPlan *self)
{
  self->steps = g_ptr_array_new_with_free_func (step_free);
}

/* Only a kernel makes U-Boot start what is in RAM (stm32mp-usb.md sections 1.4.3 and 1.4.5). */
static gboolean
is_kernel (FlashLayoutRow *row)
{
  return flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_RAM &&
         flash_layout_row_get_layout_type (row) == FLASH_LAYOUT_TYPE_SYSTEM &&
         flash_layout_row_is_download (row);
}

static void
add_step (FlashPlan *self, FlashPlanKind kind, guint8 id, const char *name, FlashLayoutRow *row,
          FlashSource *source)
{
  FlashPlanStep *step = g_new0 (FlashPlanStep, 1);
  FlashExtent whole = { 0, flash_source_get_size (source), source, 0 };

  step->index = self->steps->len;
  step->kind = kind;
  step->id = id;
  step->name = g_strdup (name);
  step->row = row != NULL ? g_object_ref (row) : NULL;
  step->source = g_object_ref (source);
  step->extents = g_array_new (FALSE, FALSE, sizeof (FlashExtent));
  step->size = whole.length;
  g_array_append_val (step->extents, whole);
  g_ptr_array_add (self->steps, step);
  self->size += step->size;
}

static gboolean
add_row (FlashPlan *self, FlashPlanKind kind, FlashLayoutRow *row, GError **error)
{
  const char *path = flash_layout_row_get_path (row);
  g_autoptr (FlashSource) source = NULL;

  if (path == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "line %u names no file",
                 flash_layout_row_get_line (row));
    return FALSE;
  }
  source = flash_source_new_for_file (path, error);
  if (source == NULL) {
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }
  /* An empty transfer is an error in DFU (stm32mp-usb.md section 2.1). */
  if (flash_source_get_size (source) == 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: the file is empty", path);
    return FALSE;
  }
  add_step (self, kind, flash_layout_row_get_id (row), flash_layout_row_get_name (row), row,
            source);
  return TRUE;
}

/* stm32mp-usb.md section 3.12: rows without storage are the boot stages, started from RAM. */
static gboolean
add_boot_stages (FlashPlan *self, GError **error)
{
  for (guint i = 0; i < flash_layout_get_n_rows (self->layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (self->layout, i);

    if (flash_layout_row_get_ip (row) != FLASH_LAYOUT_IP_NONE) {
      self->has_partitions = TRUE;
      self->ends_in_ram |= is_kernel (row);
      self->has_erase |= flash_layout_row_is_erased (row);
      continue;
    }
    if (flash_layout_row_get_binary (row) != NULL && !add_row (self, FLASH_PLAN_BOOT, row, error))
      return FALSE;
  }
  return TRUE;
}

static void
add_layout (FlashPlan *self, GBytes *text)
{
  g_autoptr (GBytes) framed = flash_stm32_header_frame_v1 (text);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (framed, "FlashLayout");

  add_step (self, FLASH_PLAN_LAYOUT, 0, "FlashLayout", NULL, source);
}

/* The board asks by rising Id, whatever the order of the lines (section 1.4.3). */
static gboolean
add_partitions (FlashPlan *self, GError **error)
{
  for (guint id = 0; id <= G_MAXUINT8; id++) {
    FlashLayoutRow *row = flash_layout_find_row (self->layout, (guint8) id, FALSE);

    if (row != NULL && flash_layout_row_is_download (row) &&
        !add_row (self, FLASH_PLAN_PARTITION, row, error))
      return FALSE;
  }
  return TRUE;
}

/* U-Boot refuses a selected row without storage; programs that run in its place want just that. A
 * single first stage is loaded by the ROM either way. */
static gboolean
check_flow (FlashPlan *self, GError **error)
{
  for (guint i = 0; self->has_partitions && i < flash_layout_get_n_rows (self->layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (self->layout, i);

    if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE &&
        flash_layout_row_is_selected (row)) {
      g_set_error (error, FLASH_LAYOUT_ERROR, FLASH_LAYOUT_ERROR_OTHER_FLOW,
                   "line %u selects a boot stage, which U-Boot refuses",
                   flash_layout_row_get_line (row));
      return FALSE;
    }
  }
  return TRUE;
}

FlashPlan *
flash_plan_new_for_layout (FlashLayout *layout, GError **error)
{
  g_autoptr (FlashPlan) self = g_object_new (FLASH_TYPE_PLAN, NULL);

  g_return_val_if_fail (FLASH_IS_LAYOUT (layout), NULL);

  self->layout = g_object_ref (layout);
  if (!add_boot_stages (self, error) || !check_flow (self, error))
    return NULL;
  if (self->has_partitions) {
    g_autoptr (GBytes) text = flash_layout_dup_device_text (layout);

    add_layout (self, text);
    if (!add_partitions (self, error))
      return NULL;
  }
  return g_steal_pointer (&self);
}

FlashPlan *
flash_plan_new_with_layout (FlashPlan *self, GBytes *text, gboolean has_erase)
{
  FlashPlan *plan;

  g_return_val_if_fail (FLASH_IS_PLAN (self) && text != NULL, NULL);

  plan = g_object_new (FLASH_TYPE_PLAN, NULL);
  plan->layout = g_object_ref (self->layout);
  plan->ends_in_ram = self->ends_in_ram;
  plan->has_erase = has_erase;
  plan->has_partitions = self->has_partitions;
  for (guint i = 0; i < self->steps->len; i++) {
    const FlashPlanStep *step = flash_plan_get_step (self, i);

    if (step->kind == FLASH_PLAN_LAYOUT)
      add_layout (plan, text);
    else
      add_step (plan, step->kind, step->id, step->name, step->row, step->source);
  }
  return plan;
}

FlashLayout *
flash_plan_get_layout (FlashPlan *self)
{
  g_return_val_if_fail (FLASH_IS_PLAN (self), NULL);

  return self->layout;
}

guint
flash_plan_get_n_steps (FlashPlan *self)
{
  g_return_val_if_fail (FLASH_IS_PLAN (self), 0);

  return self->steps->len;
}

const FlashPlanStep *
flash_plan_get_step (FlashPlan *self, guint index)
{
  g_return_val_if_fail (FLASH_IS_PLAN (self) && index < self->steps->len, NULL);

  return g_ptr_array_index (self->steps, index);
}

const FlashPlanStep *
flash_plan_find_step (FlashPlan *self, FlashPlanKind kind, guint8 id)
{
  g_return_val_if_fail (FLASH_IS_PLAN (self), NULL);

  for (guint i = 0; i < self->steps->len; i++) {
    const FlashPlanStep *step = g_ptr_array_index (self->steps, i);

    if (step->kind == kind && step->id == id)
      return step;
  }
  return NULL;
}

guint64
flash_plan_get_size (FlashPlan *self)
{
  g_return_val_if_fail (FLASH_IS_PLAN (self), 0);

  return self->size;
}

gboolean
flash_plan_ends_in_ram (FlashPlan *self)
{
  g_return_val_if_fail (FLASH_IS_PLAN (self), FALSE);

  return self->ends_in_ram;
}

gboolean
flash_plan_has_erase (FlashPlan *self)
{
  g_return_val_if_fail (FLASH_IS_PLAN (self), FALSE);

  return self->has_erase;
}

gboolean
flash_plan_has_partitions (FlashPlan *self)
{
  g_return_val_if_fail (FLASH_IS_PLAN (self), FALSE);

  return self->has_partitions;
}
