/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The windows in which boards are revived, used as people do. Thread: main. */
#pragma once

#include "flash-memory-bench.h"
#include "flash-revive-window.h"
#include "flash-sim-device.h"

G_BEGIN_DECLS

/* Opens the window. Returns: (transfer none): it, once it is shown */
GtkWidget *flash_revive_bench_open (FlashAppFixture *fixture);
/* Returns: (transfer none): the id of the present step. */
const char *flash_revive_bench_get_step (FlashReviveRun *run);
/* Looks again at all boards: what happens to virtual ones behind the window is not announced. */
void flash_revive_bench_rescan (void);
/* Waits until that step is the present one, and no job runs. */
void flash_revive_bench_wait_for (FlashReviveRun *run, const char *step);
/* Presses the button with that id in the guide of @window, wherever it is scrolled to. */
void flash_revive_bench_press (GtkWidget *window, const char *id);
/* Returns: whether a fact with that text is shown. */
gboolean flash_revive_bench_says (GtkWidget *window, const char *text);
/* Returns: (transfer full): the device behind the board of that entry. */
FlashSimDevice *flash_revive_bench_get_device (FlashBoardEntry *entry);

G_END_DECLS
