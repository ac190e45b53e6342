/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: boards beside, and one page of several: welcome, layout, firmware, job, result.
 * Its parts: flash-window.c (life), flash-window-note.c (what stands in the way of a job),
 * flash-window-open.c (files), flash-window-bundle.c (folders and archives), flash-window-edit.c
 * (the open layout), flash-window-save.c (saving, and what must not be lost), flash-window-rescue.c
 * (what a crash has left), flash-window-drop.c (drag and drop), flash-window-job.c (jobs),
 * flash-window-firmware.c (firmware and its jobs), flash-window-actions.c (verbs). Thread: main. */
#pragma once

#include "flash-application.h"
#include "flash-editor.h"

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
 * @file: a layout, a folder or an archive with layouts in it, or firmware
 *
 * Opens it; what was open stays if that fails.
 */
void flash_window_open (FlashWindow *self, GFile *file);

/**
 * flash_window_show_editor:
 * @editor: a layout
 *
 * Shows it in the place of what is open; asks first if that has unsaved changes.
 */
void flash_window_show_editor (FlashWindow *self, FlashEditor *editor);

/* Returns: (transfer none) (nullable): the open layout, %NULL if firmware is open or nothing. */
FlashEditor *flash_window_get_editor (FlashWindow *self);

/* Looks for unsaved layouts that a crash has left, and offers them. */
void flash_window_offer_rescues (FlashWindow *self);

G_END_DECLS
