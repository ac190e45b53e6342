/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window with a small layout for an SD card, a mock of UDisks on what the program takes for the
 * system's bus, and one of the dialogs about cards. Thread: main. */
#pragma once

#include "flash-app-test.h"
#include "flash-card-image.h"
#include "flash-mock-udisks.h"

G_BEGIN_DECLS

/* The size of the smallest card that the layout fits on, and of the stick `sdb`. */
#define FLASH_CARD_BENCH_SIZE (3 * 1024 * 1024)
#define FLASH_CARD_BENCH_STICK_SIZE (6 * 1024 * 1024)

/**
 * FlashCardBench:
 * @app: the window
 * @mock: a service with one stick
 * @dialog: (nullable): the dialog, once it is shown
 */
typedef struct {
  FlashAppFixture app;
  FlashMockUdisks *mock;
  GtkWidget *dialog;
} FlashCardBench;

/* In the place of flash_app_test_init (), which it calls. */
void flash_card_bench_init (int *argc, char ***argv);

/* For g_test_add (). */
void flash_card_bench_set_up (FlashCardBench *self, gconstpointer unused);
void flash_card_bench_tear_down (FlashCardBench *self, gconstpointer unused);

/* Opens the layout, then a dialog by the action of the window. */
void flash_card_bench_open (FlashCardBench *self, const char *action);
/* The same with rows of one's own. */
void flash_card_bench_open_rows (FlashCardBench *self, const char *action, const char *rows);

/* Returns: whether that page of the dialog is shown. */
gboolean flash_card_bench_is_page (FlashCardBench *self, const char *page);
/* Waits until that page is shown. */
void flash_card_bench_wait_page (FlashCardBench *self, const char *page);
/* Returns: (transfer none) (nullable): what has that id or name in the dialog. */
GtkWidget *flash_card_bench_find (FlashCardBench *self, const char *id);
/* Returns: whether something in the dialog has exactly that text. */
gboolean flash_card_bench_says (FlashCardBench *self, const char *text);
/* Presses what has that id or name in the dialog, once it is there. */
void flash_card_bench_press (FlashCardBench *self, const char *id);
/* Returns: (transfer none) (nullable): the row of that title. */
AdwActionRow *flash_card_bench_find_row (FlashCardBench *self, const char *title);
/* Returns: (transfer none): the subtitle of the row of that title, which must exist. */
const char *flash_card_bench_get_fact (FlashCardBench *self, const char *title);

/* Presses the row of the stick, and the verb; agrees. */
void flash_card_bench_write (FlashCardBench *self);

/* Returns: (transfer full): what the engine makes of the layout. */
FlashCardImage *flash_card_bench_make_image (FlashCardBench *self, guint64 size);

G_END_DECLS
