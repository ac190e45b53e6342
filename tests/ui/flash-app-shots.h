/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of the window for people to look at, in every look that the desktop can give it.
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested.
 * Thread: main. */
#pragma once

#include "flash-app-test.h"

G_BEGIN_DECLS

/* Begins: call after flash_app_test_init (). */
void flash_app_shots_init (void);
/* Ends. */
void flash_app_shots_shut_down (void);

/**
 * flash_app_shots_run:
 *
 * Runs all tests, and ends everything that was begun.
 *
 * Returns: the status of the program
 */
int flash_app_shots_run (void);

/* Draws @widget into the picture @name, once it stands still. */
void flash_app_shoot (GtkWidget *widget, const char *name);

/* Gives the window that size, as near as the display lets it. */
void flash_app_resize (FlashAppFixture *self, int width, int height);

/**
 * FlashAppLook:
 * @name: what to call it in the names of pictures
 * @is_dark: light on dark
 * @is_rtl: from right to left
 * @text_scale: size of the text, 0 for its own
 */
typedef struct {
  const char *name;
  gboolean is_dark;
  gboolean is_rtl;
  double text_scale;
} FlashAppLook;

/**
 * flash_app_list_looks:
 *
 * High contrast can only be asked for from outside, and leaves no other looks.
 *
 * Returns: (transfer none): the looks that are to be tested, ended by one without a name
 */
const FlashAppLook *flash_app_list_looks (void);

/* Returns: whether everything is to be drawn as it usually is, too. */
gboolean flash_app_has_usual_look (void);

/* Sets a look, before a window is made. */
void flash_app_set_look (const FlashAppLook *look);
/* Goes back to the usual one. */
void flash_app_reset_look (void);

/**
 * flash_app_shoot_as:
 * @widget: what to draw
 * @look: (nullable): the look that is set; %NULL for the usual one
 * @name: name of the picture, without the look
 *
 * As flash_app_shoot (), with the name of the look behind @name.
 */
void flash_app_shoot_as (GtkWidget *widget, const FlashAppLook *look, const char *name);

/* The same for the window. */
void flash_app_shoot_look (FlashAppFixture *self, const FlashAppLook *look, const char *name);

/**
 * FlashAppShotsTest:
 * @name: name of the test
 * @test: makes pictures: its data is the look, %NULL for the usual one
 */
typedef struct {
  const char *name;
  GTestFixtureFunc test;
} FlashAppShotsTest;

/**
 * flash_app_shots_add:
 * @path: before the names of the tests, such as `/shots-card`
 * @fixture_size: in bytes, of what @set_up, @tear_down and the tests are called with
 * @set_up: makes it, once the look is set
 * @tear_down: ends it
 * @tests: ended by one without a name
 *
 * Adds the tests once for each look.
 */
void flash_app_shots_add (const char *path, gsize fixture_size, GTestFixtureFunc set_up,
                          GTestFixtureFunc tear_down, const FlashAppShotsTest *tests);

G_END_DECLS
