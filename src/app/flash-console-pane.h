/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial console of the board of a job: which port, what it prints and when, what of it is a
 * failure. The console itself belongs to the job's model, so that several panes can show it.
 * Thread: main; serial ports are looked for in a thread. */
#pragma once

#include "flash-application.h"
#include "flash-job-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_CONSOLE_PANE (flash_console_pane_get_type ())
G_DECLARE_FINAL_TYPE (FlashConsolePane, flash_console_pane, FLASH, CONSOLE_PANE, AdwBin)

/* Gives it the settings and the computer; once, before the model. */
void flash_console_pane_set_application (FlashConsolePane *self, FlashApplication *application);

/**
 * flash_console_pane_set_model:
 * @model: (nullable): the job
 *
 * Looks for serial ports. Where exactly one ST-LINK belongs to the board, its console is opened,
 * unless the settings say otherwise. The pane hides itself where there is no serial port.
 */
void flash_console_pane_set_model (FlashConsolePane *self, FlashJobModel *model);

/* @file: (nullable): where the text is written, in place of what is there; %NULL does nothing. What
 * goes wrong is said in the pane. */
void flash_console_pane_save_to (FlashConsolePane *self, GFile *file);

G_END_DECLS
