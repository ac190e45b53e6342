/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests of the window need: to wait for an effect, to find a widget, to press real keys and
 * buttons, to take a picture.
 *
 * Tests of this kind run the real window in their own process, under headless.sh. They wait for
 * effects and never for time, so they are as quick as the machine and do not flicker.
 *
 * Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * flash_ui_wait_until:
 * @condition: an expression; not looked at again once it held
 *
 * Runs the main loop until @condition holds; fails the test after flash_ui_get_timeout_us ().
 */
#define flash_ui_wait_until(condition)                                                             \
  G_STMT_START {                                                                                   \
    gint64 wait_end_us_ = g_get_monotonic_time () + flash_ui_get_timeout_us ();                    \
    guint wait_tick_ = g_timeout_add (10, flash_ui_wake, NULL);                                    \
    gboolean wait_met_ = FALSE;                                                                    \
                                                                                                   \
    while (!(wait_met_ = !!(condition)) && g_get_monotonic_time () < wait_end_us_)                 \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (wait_tick_);                                                                  \
    if (!wait_met_)                                                                                \
      g_assertion_message (G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC,                            \
                           "waited in vain for " #condition);                                      \
  }                                                                                                \
  G_STMT_END

/* A #GSourceFunc that does nothing but wake the main loop. */
gboolean flash_ui_wake (gpointer unused);

/**
 * flash_ui_get_timeout_us:
 *
 * Returns: how long to wait for an effect, in microseconds: ten seconds, times
 *   `FLASH_TEST_SLOWNESS` where a sanitizer makes everything slow
 */
gint64 flash_ui_get_timeout_us (void);

/* Returns: whether `FLASH_TEST_SLOWNESS` is set, so that limits on time mean nothing. */
gboolean flash_ui_is_slow (void);

/**
 * flash_ui_run_for:
 * @duration_ms: how long to run the main loop, in milliseconds
 *
 * For measuring over a while. To wait for an effect use flash_ui_wait_until ().
 */
void flash_ui_run_for (guint duration_ms);

/**
 * flash_ui_dup_english:
 * @shown: a text as it is shown, in English or in the language of flash-pseudo.h
 *
 * Returns: (transfer full): its English
 */
char *flash_ui_dup_english (const char *shown);

/**
 * flash_ui_equals:
 * @shown: (nullable): the same
 * @text: the English text
 *
 * Returns: whether that is shown
 */
gboolean flash_ui_equals (const char *shown, const char *text);

/**
 * flash_ui_find_widget:
 * @root: where to look; only widgets that are mapped are seen
 * @type: the type, %GTK_TYPE_WIDGET for any
 * @text: (nullable): the label, title or text that it shows; %NULL for any
 *
 * Returns: (transfer none) (nullable): the first descendant, or @root itself, that fits
 */
GtkWidget *flash_ui_find_widget (GtkWidget *root, GType type, const char *text);

/**
 * flash_ui_find_named:
 * @root: where to look; only widgets that are mapped are seen
 * @name: the widget's name or buildable id
 *
 * Returns: (transfer none) (nullable): the first descendant, or @root itself, of that name
 */
GtkWidget *flash_ui_find_named (GtkWidget *root, const char *name);

/* Returns: (transfer none) (nullable): the newest toplevel of that type. */
GtkWidget *flash_ui_find_toplevel (GType type);

/**
 * flash_ui_has_input:
 *
 * Returns: whether there is an X server with the XTEST extension, which takes keys and pointer
 *   from us; if not, call g_test_skip ()
 */
gboolean flash_ui_has_input (void);

/* There is no window manager to do it: gives the keyboard to the window of @widget, and waits
 * until it is active. */
void flash_ui_focus (GtkWidget *widget);

/* Takes the keyboard from the window of @widget, and waits until it is no longer active. */
void flash_ui_unfocus (GtkWidget *widget);

/* Moves the pointer to the middle of @widget and presses the first button. The window must be
 * where the pointer can reach it: there is no window manager, the newest one is on top. */
void flash_ui_click (GtkWidget *widget);

/* Moves the pointer to a place of @widget, in its own coordinates. */
void flash_ui_point (GtkWidget *widget, double at_x, double at_y);

/* Presses a button of the pointer, or lets it go: 1 is the first, 4 and 5 are the wheel, up and
 * down. */
void flash_ui_set_button (guint button, gboolean is_down);

/* Presses a key, or lets it go, by the name of its symbol, such as `Control_L`. */
void flash_ui_set_key (const char *key, gboolean is_down);

/* Presses the pointer on @from, drags and lets go over @to. */
void flash_ui_drag (GtkWidget *from, GtkWidget *to);

/**
 * flash_ui_press_keys:
 * @keys: names of key symbols that are held together, such as `F5` or `Control_L+o`
 */
void flash_ui_press_keys (const char *keys);

/**
 * flash_ui_type:
 * @text: ASCII text to be typed on the keyboard
 */
void flash_ui_type (const char *text);

/**
 * flash_ui_settle:
 * @widget: any widget of a window that is shown, or is about to be
 * @quiet_ms: how long nothing must have moved, in milliseconds
 *
 * Runs the main loop until @widget is drawn and stands still.
 */
void flash_ui_settle (GtkWidget *widget, guint quiet_ms);

/**
 * flash_ui_render:
 * @widget: a mapped widget: a window, a popover, any part
 * @scale: 1.0 for its own size
 *
 * Draws by the widget's own renderer.
 *
 * Returns: (transfer full) (nullable): the picture; %NULL while there is nothing to be drawn
 */
GdkTexture *flash_ui_render (GtkWidget *widget, double scale);

/**
 * flash_ui_screenshot:
 * @widget: a mapped widget: a window, a popover, any part
 * @scale: 1.0 for its own size
 * @path: (type filename): the PNG file to write
 *
 * Draws by the widget's own renderer: needs no screen grab, window manager or focus.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR_FAILED)
 */
gboolean flash_ui_screenshot (GtkWidget *widget, double scale, const char *path, GError **error);

G_END_DECLS
