/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands for microcontrollers share: the board, its facts, and jobs on it.
 * Thread: main. */
#pragma once

#include "flash-board-facts.h"
#include "flash-cli-world.h"
#include "flash-cli.h"
#include "flash-doctor.h"
#include "flash-job.h"

G_BEGIN_DECLS

/**
 * FlashCliMcu:
 * @world: where boards come from
 * @provider: (transfer none): where @board comes from
 * @board: (owned): the board
 * @facts: what it is
 * @doctor: (owned) (nullable): looks after a job that flashes
 * @is_json: whether to answer in JSON
 */
typedef struct {
  FlashCliWorld world;
  FlashProvider *provider;
  FlashBoard *board;
  FlashBoardFacts facts;
  FlashDoctor *doctor;
  gboolean is_json;
} FlashCliMcu;

void flash_cli_mcu_clear (FlashCliMcu *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashCliMcu, flash_cli_mcu_clear)

/* The options that all of these commands have. @id: a char *, of which the caller is the owner;
 * @json: a gboolean. */
#define FLASH_CLI_BOARD_OPTION(id)                                                                 \
  {                                                                                                \
    "board", 'b', 0, G_OPTION_ARG_FILENAME, id,                                                    \
        N_ ("The board, as “flashwright-cli boards” names it"), N_ ("ID")                          \
  }
#define FLASH_CLI_JSON_OPTION(json)                                                                \
  {                                                                                                \
    "json", 0, 0, G_OPTION_ARG_NONE, json, N_ ("Print one JSON event a line"), NULL                \
  }

/**
 * flash_cli_mcu_open:
 * @self: (out caller-allocates): always to be cleared
 * @id: (nullable): a board id
 * @out_exit: (out): with what to end, if it fails
 *
 * Finds the board, and says on the standard error why not.
 *
 * Returns: whether it is there
 */
gboolean
flash_cli_mcu_open (FlashCliMcu *self, const char *id, gboolean is_json, FlashCliExit *out_exit);

/**
 * flash_cli_mcu_require:
 *
 * Says that these commands are for microcontrollers if the board is an STM32MP.
 *
 * Returns: whether the board is, or may be, a microcontroller
 */
gboolean flash_cli_mcu_require (FlashCliMcu *self, FlashCliExit *out_exit);

/* Fills what every job has: verb, board, clock. */
void flash_cli_mcu_begin_job (FlashCliMcu *self, FlashMcuVerb verb, FlashMcuJob *out_job);

/* Returns: (transfer full) (type filename): where journals of interrupted updates are kept. */
char *flash_cli_mcu_dup_journal_folder (void);

/**
 * flash_cli_mcu_read:
 * @alternate: the alternate setting, or -1
 * @length: in bytes, 0 for the rest of the memory
 * @out_job: (out) (transfer full): the finished job, with its result
 *
 * Reads quietly, for commands that have to know first; failures are told.
 *
 * Returns: the exit code
 */
FlashCliExit flash_cli_mcu_read (FlashCliMcu *self, gint alternate, guint32 address, guint64 length,
                                 FlashJob **out_job);

/**
 * flash_cli_parse_address:
 * @text: `0x08000000`, or decimal
 * @option: what to call it in the complaint
 * @out_address: (out): untouched on failure
 *
 * Says what is wrong on the standard error.
 *
 * Returns: whether it is an address below 2^32
 */
gboolean flash_cli_parse_address (const char *text, const char *option, guint32 *out_address);

G_END_DECLS
