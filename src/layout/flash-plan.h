/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan: what will be sent to a board, step by step, known before anything is sent.
 *
 * A step is a list of extents, not a stream: writing a part, leaving holes out and comparing a
 * part are then the same code as writing all.
 *
 * Immutable and safe to hand to a worker; its files are open and are read there. */
#pragma once

#include "flash-layout.h"
#include "flash-source.h"

G_BEGIN_DECLS

/**
 * FlashPlanKind:
 * @FLASH_PLAN_BOOT: a boot stage, to be started from RAM
 * @FLASH_PLAN_LAYOUT: the layout itself, framed for the board
 * @FLASH_PLAN_PARTITION: the contents of a partition
 */
typedef enum {
  FLASH_PLAN_BOOT,
  FLASH_PLAN_LAYOUT,
  FLASH_PLAN_PARTITION,
} FlashPlanKind;

/* Returns: (transfer none): `boot`, `layout` or `partition`, as in the JSON events. */
const char *flash_plan_kind_get_name (FlashPlanKind kind);

/**
 * FlashExtent:
 * @target_offset: where it begins in the image or partition, in bytes
 * @length: how many bytes
 * @source: (transfer none): where they come from
 * @source_offset: where they begin there
 */
typedef struct {
  guint64 target_offset;
  guint64 length;
  FlashSource *source;
  guint64 source_offset;
} FlashExtent;

/**
 * FlashPlanStep:
 * @index: its place in the plan
 * @kind: what it is
 * @id: the phase in which the board asks for it
 * @name: name of the partition or stage
 * @row: (nullable): its line; %NULL for the layout itself
 * @source: its bytes
 * @extents: (element-type FlashExtent): ascending, not overlapping
 * @size: the bytes of all extents
 */
typedef struct {
  guint index;
  FlashPlanKind kind;
  guint8 id;
  char *name;
  FlashLayoutRow *row;
  FlashSource *source;
  GArray *extents;
  guint64 size;
} FlashPlanStep;

#define FLASH_TYPE_PLAN (flash_plan_get_type ())
G_DECLARE_FINAL_TYPE (FlashPlan, flash_plan, FLASH, PLAN, GObject)

/**
 * flash_plan_new_for_layout:
 * @layout: a layout without errors
 *
 * Opens every file that will be sent.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set: %G_IO_ERROR, the message begins with
 *   the file's name; %FLASH_LAYOUT_ERROR_OTHER_FLOW
 */
FlashPlan *flash_plan_new_for_layout (FlashLayout *layout, GError **error);

/**
 * flash_plan_new_with_layout:
 * @text: what to send as the layout instead, without the STM32 header
 * @has_erase: whether it has anything erased
 *
 * Returns: (transfer full): the same steps with another text; files stay open
 */
FlashPlan *flash_plan_new_with_layout (FlashPlan *self, GBytes *text, gboolean has_erase);

/* Returns: (transfer none): what it was made of. */
FlashLayout *flash_plan_get_layout (FlashPlan *self);
guint flash_plan_get_n_steps (FlashPlan *self);
/* Returns: (transfer none): the step at @index: boot stages, the layout, then partitions in the
 * order in which the board asks for them. */
const FlashPlanStep *flash_plan_get_step (FlashPlan *self, guint index);
/* Returns: (transfer none) (nullable): the step that answers phase @id. */
const FlashPlanStep *flash_plan_find_step (FlashPlan *self, FlashPlanKind kind, guint8 id);
/* Returns: the bytes of all steps. */
guint64 flash_plan_get_size (FlashPlan *self);
/* Returns: whether the job ends with a kernel in RAM (`ram0`) that the board is to start. */
gboolean flash_plan_ends_in_ram (FlashPlan *self);
/* Returns: whether anything is to be erased before it is written. */
gboolean flash_plan_has_erase (FlashPlan *self);
/* Returns: whether there is anything for U-Boot to do: a row on a storage or in RAM. Without, the
 * job ends when the boot stages run. */
gboolean flash_plan_has_partitions (FlashPlan *self);

G_END_DECLS
