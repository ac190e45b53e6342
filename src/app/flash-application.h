/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: settings, boards, and one window. Thread: main. */
#pragma once

#include "flash-board-list.h"
#include "flash-clock.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_APPLICATION (flash_application_get_type ())
G_DECLARE_FINAL_TYPE (FlashApplication, flash_application, FLASH, APPLICATION, AdwApplication)

/**
 * FlashAddBoards:
 * @boards: a list that is still empty
 *
 * Adds providers of real boards to the list of the application.
 */
typedef void (*FlashAddBoards) (FlashBoardList *boards);

/**
 * flash_application_new:
 * @add_real_boards: called once, at startup: flash_board_list_add_usb (), or whatever else brings
 *   boards to the window. Only the program itself reaches for the USB of the computer that it runs
 *   on; who builds the window without a computer of its own, as for pictures and tests, does not.
 *
 * Virtual boards follow in the list.
 */
FlashApplication *flash_application_new (FlashAddBoards add_real_boards);

/**
 * flash_application_set_root:
 * @root: (nullable) (type filename): where this computer's file system begins; %NULL is this
 * computer
 *
 * For tests that bring a computer of their own; before the first window.
 */
void flash_application_set_root (FlashApplication *self, const char *root);
/**
 * flash_application_set_virtual_boards:
 * @ids: (nullable): boards made to measure, separated by blanks, each a model with its keys, such
 * as `stm32f105,wrp=all`; as for `flashwright-cli virtual`
 *
 * They stand in the list behind the virtual boards that are always there. What cannot be made is
 * said on standard error. Before startup.
 */
void flash_application_set_virtual_boards (FlashApplication *self, const char *ids);
/* Returns: (transfer none) (nullable) (type filename): where this computer's file system begins. */
const char *flash_application_get_root (FlashApplication *self);

/* Returns: (transfer none): what tells this run of the program from others. */
const char *flash_application_get_run (FlashApplication *self);
/* Returns: (transfer none): the boards. */
FlashBoardList *flash_application_get_boards (FlashApplication *self);
/* Returns: (transfer none): the provider of virtual boards, to make one to measure. */
FlashProvider *flash_application_get_virtual_provider (FlashApplication *self);
/* Returns: (transfer none): the settings. */
GSettings *flash_application_get_settings (FlashApplication *self);
/* Returns: (transfer none): the clock by which jobs wait. */
FlashClock *flash_application_get_clock (FlashApplication *self);

G_END_DECLS
