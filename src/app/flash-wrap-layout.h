/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts two children beside each other where there is room for what they would like to have, and one
 * under the other where there is not. Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_WRAP_LAYOUT (flash_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (FlashWrapLayout, flash_wrap_layout, FLASH, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS
