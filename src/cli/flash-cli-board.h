/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One board, as a row of a table and as members of a JSON object. Thread: main. */
#pragma once

#include "flash-doctor.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * flash_cli_board_add:
 * @builder: inside an object
 * @doctor: (nullable): has looked at @board and the way to it
 *
 * Adds what there is to say about @board.
 */
void flash_cli_board_add (JsonBuilder *builder, FlashBoard *board, FlashDoctor *doctor);

/* Prints the names of the columns. */
void flash_cli_board_print_head (void);

/* Prints @board in a line. */
void flash_cli_board_print (FlashBoard *board);

/* Prints what hinders to flash @board, if anything does: cause, remedy, code; and what @doctor
 * (nullable) has found beyond that, in a line each. */
void flash_cli_board_print_hindrances (FlashBoard *board, FlashDoctor *doctor);

G_END_DECLS
