/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leads through reviving a board: the steps that are passed, the present one with its drawing and
 * its verb, and those that come; at the end what was achieved.
 *
 * Signal: `choose-file`: a layout or firmware is to be chosen, which whoever shows the guide does.
 * Thread: main. */
#pragma once

#include "flash-revive-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REVIVE_GUIDE (flash_revive_guide_get_type ())
G_DECLARE_FINAL_TYPE (FlashReviveGuide, flash_revive_guide, FLASH, REVIVE_GUIDE, AdwBin)

GtkWidget *flash_revive_guide_new (void);

/**
 * flash_revive_guide_set_run:
 * @run: (nullable): what is shown; %NULL lets go of it
 * @boards: (nullable) (element-type FlashBoardEntry): from which the user may choose one; %NULL if
 *   it is whichever shows up
 */
void flash_revive_guide_set_run (FlashReviveGuide *self, FlashReviveRun *run, GListModel *boards);

/* Shows the present step alone, and one button for all jobs: for somebody who was sent a file. */
void flash_revive_guide_set_reduced (FlashReviveGuide *self, gboolean is_reduced);

G_END_DECLS
