/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a layout takes at the speed of a link, from published measurements. Pure; thread: any.
 */
#pragma once

#include "flash-plan.h"

G_BEGIN_DECLS

/**
 * flash_doctor_cost:
 * @plan: what is to be sent
 * @is_full_speed: whether the link is at full speed, else at high speed
 *
 * Returns: about how many seconds the bytes take, at least 1
 */
guint flash_doctor_cost (FlashPlan *plan, gboolean is_full_speed);

G_END_DECLS
