/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-doctor-cost"

#include "config.h"

#include "flash-doctor-cost.h"

/* Bytes a second. users-and-journeys.md section 2: 748,660 B of a boot stage in 4.627 s at full
 * speed; the same file in 1.138 s at high speed. */
#define FULL_SPEED_RATE 53000
#define STAGE_RATE 658000
/* stm32mp-usb.md section 7.1: a big partition, to be written to a card meanwhile. At full speed
 * the link alone is the narrow part. */
#define PARTITION_RATE 1700000

guint
flash_doctor_cost (FlashPlan *plan, gboolean is_full_speed)
{
  double seconds = 0;

  g_return_val_if_fail (FLASH_IS_PLAN (plan), 0);

  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    const FlashPlanStep *step = flash_plan_get_step (plan, i);
    guint rate = is_full_speed                        ? FULL_SPEED_RATE
                 : step->kind == FLASH_PLAN_PARTITION ? PARTITION_RATE
                                                      : STAGE_RATE;

    seconds += (double) step->size / rate;
  }
  return (guint) CLAMP (seconds + 0.5, 1, G_MAXUINT / 2);
}
