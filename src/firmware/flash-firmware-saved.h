/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether what a journal has saved is still what the chip has lost. Thread: any. */
#pragma once

#include "flash-firmware-plan.h"

G_BEGIN_DECLS

/**
 * flash_firmware_saved_find_stale:
 * @plan: what is written
 * @now: (element-type GBytes): for each sector of the plan what it holds, %NULL where that is not
 *   known
 * @saved: (element-type GBytes): for each sector what flash_firmware_journal_dup_saved () has of
 *   it, %NULL if nothing, or if it has another length
 *
 * A try that was cut off leaves the chip without vectors (stm32-dfuse.md section 5.2), or it had
 * come to its end. Where the chip has some, and other neighbours than those that were saved, it was
 * written by somebody else since, or it is another board with the same port and serial number: to
 * write the saved neighbours back would destroy what it holds now.
 *
 * This is a sign, no proof: an erasure that was cut off may leave bytes that look like vectors, and
 * an earlier try with another image may have had its vectors elsewhere. So ask, and do not decide.
 *
 * Returns: the index of the first sector whose saved neighbours the chip does not lack; -1 if there
 *   is none, or if it cannot be told
 */
gint
flash_firmware_saved_find_stale (const FlashFirmwarePlan *plan, GPtrArray *now, GPtrArray *saved);

G_END_DECLS
