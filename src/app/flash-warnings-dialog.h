/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything to know before a job is started, one below the other. Thread: main. */
#pragma once

#include "flash-advice.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * flash_warnings_dialog_new:
 * @parent: the window that it belongs to, and goes with
 * @warnings: (element-type FlashAdvice): what to know, the worst first
 *
 * Returns: (transfer none): the dialog, not shown yet
 */
GtkWidget *flash_warnings_dialog_new (GtkWindow *parent, GPtrArray *warnings);

G_END_DECLS
