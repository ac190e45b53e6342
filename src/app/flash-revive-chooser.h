/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which board is being revived: the one on a port, or whichever shows up; and, for its boot
 * switches, which kind of board it is.
 *
 * Signal: `kind-changed`: another kind was chosen. Thread: main. */
#pragma once

#include "flash-revive-run.h"
#include "flash-switch-board.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REVIVE_CHOOSER (flash_revive_chooser_get_type ())
G_DECLARE_FINAL_TYPE (FlashReviveChooser, flash_revive_chooser, FLASH, REVIVE_CHOOSER, AdwBin)

/* @run: (nullable): whose board; @boards: (nullable) (element-type FlashBoardEntry): from which one
 * may be chosen. */
void
flash_revive_chooser_set_run (FlashReviveChooser *self, FlashReviveRun *run, GListModel *boards);

/* Brings it up to date; @drawing: (nullable): what the present step shows. */
void flash_revive_chooser_update (FlashReviveChooser *self, const char *drawing);

/* Returns: (transfer none): the kind of board. */
const FlashSwitchBoard *flash_revive_chooser_get_kind (FlashReviveChooser *self);

G_END_DECLS
