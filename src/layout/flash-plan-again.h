/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beginning a job again on a board that has restarted in the middle of it: which partitions need
 * not be sent again, and the layout that tells the board so. Pure; thread: any. */
#pragma once

#include "flash-plan.h"

G_BEGIN_DECLS

/**
 * flash_plan_find_kept:
 * @written: (element-type gboolean): for each step whether the board has confirmed it
 *
 * Returns: (transfer full) (element-type gboolean): for each step whether what the board has stored
 *   of it outlives the restart and all that will be sent after it, and can be read back to prove
 *   that: whoever keeps it has to, since the card may be another one
 */
GArray *flash_plan_find_kept (FlashPlan *plan, const GArray *written);

/**
 * flash_plan_new_again:
 * @kept: (element-type gboolean): the steps that are not to be sent again
 * @is_erased: whether the board has already erased what the layout has erased
 *
 * Returns: (transfer full): the same steps, with a layout by which the board does not ask for
 * @kept, and does not erase twice
 */
FlashPlan *flash_plan_new_again (FlashPlan *plan, const GArray *kept, gboolean is_erased);

G_END_DECLS
