/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A storage map of a text, alone in a window. Thread: main. */
#pragma once

#include "flash-app-test.h"
#include "flash-storage-view.h"

G_BEGIN_DECLS

/**
 * FlashMapBench:
 * @window: a window
 * @view: the map in it
 * @bar: its bar
 * @line: the line that was chosen last
 * @n_selected: how often something was chosen
 * @moved_line: the line whose start was moved last
 * @offset: where to
 * @n_moved: how often
 * @entered: the size that was entered last
 * @n_entered: how often
 */
typedef struct {
  GtkWidget *window;
  FlashStorageView *view;
  FlashStorageBar *bar;
  guint line;
  guint n_selected;
  guint moved_line;
  guint64 offset;
  guint n_moved;
  guint64 entered;
  guint n_entered;
} FlashMapBench;

/* Opens the window, @width pixels wide. */
void flash_map_bench_set_up (FlashMapBench *self, int width);
/* Closes it; everything must be gone after it. */
void flash_map_bench_tear_down (FlashMapBench *self);

/**
 * flash_map_bench_make:
 * @text: a layout
 * @sizes: (nullable): as in #FlashLayoutLintOptions
 * @image_sizes: (nullable): of each row
 * @index: which of its maps
 *
 * Returns: (transfer full): the map
 */
FlashLayoutMap *
flash_map_bench_make (const char *text, GHashTable *sizes, const guint64 *image_sizes, guint index);

/* Shows a map as flash_map_bench_make () makes it; @size: of mmc0, mmc1 and nor0, 0 for unknown. */
void flash_map_bench_show (FlashMapBench *self, const char *text, guint64 size,
                           const guint64 *image_sizes, guint index);

/* Runs the main loop until what was pressed and moved has had its effect. */
void flash_map_bench_sync (FlashMapBench *self);

/* As flash_ui_press_keys (), with its effect. */
void flash_map_bench_press (FlashMapBench *self, const char *keys);

/* Lets go of the first button. */
void flash_map_bench_release (FlashMapBench *self);

/* Returns: where that area is drawn. */
graphene_rect_t flash_map_bench_get_rect (FlashMapBench *self, guint index);

/* Clicks into the middle of that area. */
void flash_map_bench_click (FlashMapBench *self, guint index);

/* Takes hold of the start of that area, and moves it by so many pixels; does not let go. */
void flash_map_bench_hold (FlashMapBench *self, guint index, double distance);

/* Returns: where that area starts, as it is drawn. */
guint64 flash_map_bench_get_start (FlashMapBench *self, guint index);

G_END_DECLS
