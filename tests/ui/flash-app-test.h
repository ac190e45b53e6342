/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real program in the test's own process: its application, a window, a folder with a layout, a
 * virtual board whose storage is a folder, and a USB of its own. Thread: main. */
#pragma once

#include "flash-app-usb.h"
#include "flash-board-row.h"
#include "flash-mock-bus.h"
#include "flash-test-images.h"
#include "flash-ui-test.h"
#include "flash-window.h"

G_BEGIN_DECLS

/* The program: one for each test program, as for each user. */
typedef struct {
  FlashApplication *application;
  FlashMockBus *notifications;
  FlashMockBus *session_manager;
  FlashAppUsb *usb; /* with nothing on it until a test puts something there */
  char *root; /* (owned) (type filename): the computer that the program sees, with nothing in it */
  FlashAddBoards add_real_boards; /* (nullable): to be set first, for another USB than that */
} FlashAppTest;

extern FlashAppTest flash_app_test;

/* Starts GTK, the mocks and the application. Call once, first of all. */
void flash_app_test_init (int *argc, char ***argv);
/* Ends the application and the mocks. */
void flash_app_test_shut_down (void);

/**
 * FlashAppFixture:
 * @window: a window
 * @layout_dir: (type filename): folder of a layout and its files
 * @layout_path: (type filename): the layout
 * @storage_dir: (type filename): storage of the board that flash_app_choose_board () makes
 */
typedef struct {
  FlashWindow *window;
  char *layout_dir;
  char *layout_path;
  char *storage_dir;
} FlashAppFixture;

/* Opens a window, and makes the folders. */
void flash_app_fixture_set_up (FlashAppFixture *self, gconstpointer unused);
/* Closes the window, which must be gone after it, removes the folders and clears the USB. */
void flash_app_fixture_tear_down (FlashAppFixture *self, gconstpointer unused);

/* Opens the file or folder at @path, and waits until it is shown. */
void flash_app_open (FlashAppFixture *self, const char *path);

/* Returns: (transfer none) (nullable): the line of the open layout whose partition has that name.
 */
FlashLayoutEntry *flash_app_find_entry (FlashAppFixture *self, const char *name);

/* Changes a cell of the open layout; the partition must exist, and the cell be another. */
void flash_app_set_cell (FlashAppFixture *self, const char *name, FlashLayoutColumn column,
                         const char *text);
/* Does what an action of the window does; it must be possible. */
void flash_app_activate (FlashAppFixture *self, const char *action);
/* Returns: whether the open layout has something unsaved. */
gboolean flash_app_is_modified (FlashAppFixture *self);
/* Returns: (transfer full): what lies in a file of the layout's folder. */
char *flash_app_dup_file (FlashAppFixture *self, const char *name);
/* Returns: whether that text is in it. */
gboolean flash_app_file_has (FlashAppFixture *self, const char *name, const char *text);
/* Answers the question that has that heading. */
void flash_app_answer_to (const char *heading, const char *response);
/* Returns: how many unsaved layouts are kept for the time after a crash. */
guint flash_app_count_rescues (void);

/* Waits until the toolkit has written the file at @path into its list of recent ones, which it does
 * with a delay. */
void flash_app_wait_for_recent (const char *path);

/* Waits until what is said of the open layout, if there is one, is of the layout as it is now. */
void flash_app_wait_for_check (FlashAppFixture *self);

/**
 * flash_app_choose_board:
 * @keys: (nullable): further keys, such as `latency=200`
 *
 * Makes a virtual STM32MP157 with its storage in the fixture's folder, and presses its row.
 *
 * Returns: (transfer none): its entry, which lives as long as the application
 */
FlashBoardEntry *flash_app_choose_board (FlashAppFixture *self, const char *keys);

/* Returns: (transfer none) (nullable): the row of the board on that port, if it has one. */
FlashBoardRow *flash_app_find_row (FlashAppFixture *self, const char *port);

/* Returns: whether there is a row of that port with that text in it. */
gboolean flash_app_row_says (FlashAppFixture *self, const char *port, const char *text);

/* Presses the row of the board on that port, which must have one.
 *
 * Returns: (transfer none): its entry */
FlashBoardEntry *flash_app_choose_port (FlashAppFixture *self, const char *port);

/* Returns: (transfer none): the mapped widget with that id in a template, which must exist. */
GtkWidget *flash_app_get (FlashAppFixture *self, const char *id);

/* Returns: whether a widget with that id is shown. */
gboolean flash_app_has (FlashAppFixture *self, const char *id);

/* Returns: (transfer none): the text of the label with that id. */
const char *flash_app_get_text (FlashAppFixture *self, const char *id);

/* Returns: whether a label with that id is shown, whose text begins so. */
gboolean flash_app_says (FlashAppFixture *self, const char *id, const char *prefix);

/* Presses the widget with that id: with the pointer where there is one. */
void flash_app_press (FlashAppFixture *self, const char *id);

/* Returns: whether that page of the window is shown. */
gboolean flash_app_is_page (FlashAppFixture *self, const char *page);

/* Presses Flash and waits until the job runs. */
void flash_app_start (FlashAppFixture *self);

/* Waits until the job is over and its result is shown. */
void flash_app_wait_for_result (FlashAppFixture *self);

/* Returns: (transfer none): the text of one of the facts of the result, by the id of its row. */
const char *flash_app_get_fact (FlashAppFixture *self, const char *id);

/* Returns: (transfer none): the question that is asked, once it is. */
GtkWidget *flash_app_wait_for_question (void);

/**
 * flash_app_answer:
 * @response: `act` to do it, `keep` to leave things as they are, or what else is to choose
 *
 * Answers the question that is asked, and waits until it is gone.
 */
void flash_app_answer (const char *response);

/* Sets whether the next job verifies. */
void flash_app_set_verify (gboolean is_wanted);

/**
 * flash_app_assert_stored:
 * @memory: file in the folder of the board's storage
 * @offset: where to look
 * @image: file in the folder of the layout
 *
 * Fails the test unless the image lies there byte for byte.
 */
void flash_app_assert_stored (FlashAppFixture *self, const char *memory, guint64 offset,
                              const char *image);

G_END_DECLS
