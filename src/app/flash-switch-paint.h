/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws what is to be done with a board, in a field of fixed size that is scaled by whoever shows
 * it. Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The field, in its own units; text is 12 units high. */
#define FLASH_SWITCH_PAINT_WIDTH 320
#define FLASH_SWITCH_PAINT_HEIGHT 128

/**
 * FlashSwitchPaint:
 * @cr: where to, scaled to the units of the field
 * @widget: for fonts
 * @ink: lines and text
 * @accent: what matters
 * @is_rtl: from right to left, for what happens one after the other
 */
typedef struct {
  cairo_t *cr;
  GtkWidget *widget;
  GdkRGBA ink;
  GdkRGBA accent;
  gboolean is_rtl;
} FlashSwitchPaint;

/**
 * flash_switch_paint_switches:
 * @bits: (array length=n_switches): which boot pin each is
 * @is_known: whether @pins is known; if not, each has a question mark
 * @pins: the boot pins, BOOT0 in bit 0
 */
void flash_switch_paint_switches (const FlashSwitchPaint *self, const guint *bits, guint n_switches,
                                  gboolean is_known, guint pins);
/* The BOOT0 pin between 3.3 V and ground, with a jumper. */
void flash_switch_paint_boot0 (const FlashSwitchPaint *self, gboolean is_high);
/* A board with two USB sockets, and the cable in the right one. */
void flash_switch_paint_sockets (const FlashSwitchPaint *self);
/* Plug out, wait, plug in. */
void flash_switch_paint_power (const FlashSwitchPaint *self);

G_END_DECLS
