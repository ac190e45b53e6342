/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: boards beside, and one page of several: welcome, layout, running job, result.
 * Its parts: flash-window.c (life), flash-window-open.c (files), flash-window-drop.c (drag and
 * drop), flash-window-job.c (jobs), flash-window-actions.c (verbs). Thread: main. */
#pragma once

#include "flash-application.h"

G_BEGIN_DECLS

#define FLASH_TYPE_WINDOW (flash_window_get_type ())
G_DECLARE_FINAL_TYPE (FlashWindow, flash_window, FLASH, WINDOW, AdwApplicationWindow)

/**
 * flash_window_new:
 * @application: where boards and settings come from
 */
FlashWindow *flash_window_new (FlashApplication *application);

/**
 * flash_window_open:
 * @file: a layout, or a folder that holds exactly one
 *
 * Opens it; what was open stays if that fails.
 */
void flash_window_open (FlashWindow *self, GFile *file);

G_END_DECLS
