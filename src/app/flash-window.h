/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: boards beside, and one page of several: welcome, layout, firmware, job, result.
 * Its parts: flash-window.c (life), flash-window-note.c (what stands in the way of a job),
 * flash-window-open.c (files), flash-window-bundle.c (folders and archives), flash-window-edit.c
 * (the open layout), flash-window-save.c (saving, and what must not be lost), flash-window-rescue.c
 * (what a crash has left), flash-window-drop.c (drag and drop), flash-window-job.c (jobs),
 * flash-window-background.c (closing meanwhile), flash-window-notify.c (notifications),
 * flash-window-files.c (which files are and were open), flash-window-firmware.c (firmware and its
 * jobs), flash-window-actions.c (verbs). Thread: main. */
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

/* Returns: whether nothing is open, and nothing is being opened: a file can be opened here. */
gboolean flash_window_is_free (FlashWindow *self);
/* Returns: whether @file is what is open, or what is being opened. */
gboolean flash_window_has_file (FlashWindow *self, GFile *file);

/* Says that only @n_opened of @n_files were opened. */
void flash_window_tell_too_many (FlashWindow *self, guint n_opened, guint n_files);

/* Returns: whether a job has ended while the window was hidden, and nobody has looked since. */
gboolean flash_window_has_unseen_result (FlashWindow *self);
/* Returns: whether a job runs. */
gboolean flash_window_is_flashing (FlashWindow *self);
/* The job goes on to its end, and the window is not shown any more until it is presented again.
 * Without a job it stays. */
void flash_window_go_on_hidden (FlashWindow *self);
/* The job is stopped, and the window closed when it has. */
void flash_window_stop_and_close (FlashWindow *self);

/* Looks for unsaved layouts that a crash has left, and offers them. */
void flash_window_offer_rescues (FlashWindow *self);

G_END_DECLS
