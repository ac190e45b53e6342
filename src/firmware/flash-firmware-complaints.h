/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a file that cannot be written as it is, or not all of it. Thread: any. */
#pragma once

#include "flash-firmware-plan.h"

G_BEGIN_DECLS

/**
 * flash_firmware_complaints_add_left_out:
 * @plan: with all that is left out; takes `segment-in-ram`, `option-bytes-in-file`,
 *   `outside-flash`, `other-targets` and `loader-sectors`
 * @leaves_out: whether the user agrees
 */
void flash_firmware_complaints_add_left_out (FlashFirmwarePlan *plan, gboolean leaves_out);

/* Adds `no-address` to @plan. */
void flash_firmware_complaints_add_no_address (FlashFirmwarePlan *plan);

/**
 * flash_firmware_complaints_check_address:
 * @plan: takes `address-misaligned`
 * @image: one that has an address
 */
void flash_firmware_complaints_check_address (FlashFirmwarePlan *plan, const FlashImage *image);

G_END_DECLS
