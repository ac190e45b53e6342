/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs on microcontrollers as members of JSON events. Public interface: names and meanings stay.
 * Thread: main. */
#pragma once

#include "flash-job.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Each adds members to the object that @builder is in: about the plan, about one FlashMcuStep, and
 * about the result of a job that has finished. */
void flash_cli_mcu_json_plan (JsonBuilder *builder, FlashJob *job);
void flash_cli_mcu_json_step (JsonBuilder *builder, FlashJob *job, guint step);
void flash_cli_mcu_json_result (JsonBuilder *builder, FlashJob *job);

G_END_DECLS
