/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far the job of a step is, what it asks, and the buttons to answer or to stop it.
 *
 * Signal: `stopped`: the person has stopped it. Thread: main. */
#pragma once

#include "flash-revive-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REVIVE_PROGRESS (flash_revive_progress_get_type ())
G_DECLARE_FINAL_TYPE (FlashReviveProgress, flash_revive_progress, FLASH, REVIVE_PROGRESS, AdwBin)

/* @run: (nullable): what is shown; the box is hidden while no job runs. */
void flash_revive_progress_set_run (FlashReviveProgress *self, FlashReviveRun *run);

G_END_DECLS
