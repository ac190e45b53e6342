/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands of the command line share: exit codes, options, boards. Thread: main. */
#pragma once

#include "flash-clock.h"
#include "flash-provider.h"

G_BEGIN_DECLS

/* Public interface: scripts rely on these. An answer that cannot be written to the standard output
 * ends with %FLASH_CLI_FAILED too; what a job has done to a board is not changed by that. */
typedef enum {
  FLASH_CLI_DONE = 0, /* done and, where asked, verified */
  FLASH_CLI_INPUT = 1, /* the input has errors, nothing was sent */
  FLASH_CLI_USAGE = 2, /* wrong usage */
  FLASH_CLI_NO_BOARD = 3, /* no such board, or no access to it */
  FLASH_CLI_FAILED = 4, /* the board or the link failed */
  FLASH_CLI_DIFFERENT = 5, /* verification found a difference */
  FLASH_CLI_STOPPED = 130, /* stopped by the user */
} FlashCliExit;

/**
 * FlashCliCommand:
 * @argc: number of arguments
 * @argv: (array length=argc): the command's name and what follows it
 *
 * Returns: the exit code
 */
typedef FlashCliExit (*FlashCliCommand) (int argc, char **argv);

/* `advice [CODE]`: a #FlashCliCommand. */
FlashCliExit flash_cli_advice (int argc, char **argv);
/* `boards`: a #FlashCliCommand. */
FlashCliExit flash_cli_boards (int argc, char **argv);
/* `check LAYOUT`: a #FlashCliCommand. */
FlashCliExit flash_cli_check (int argc, char **argv);
/* `erase --board ID`: a #FlashCliCommand. */
FlashCliExit flash_cli_erase (int argc, char **argv);
/* `flash LAYOUT|FIRMWARE --board ID`: a #FlashCliCommand. */
FlashCliExit flash_cli_flash (int argc, char **argv);
/* `image LAYOUT -o FILE`: a #FlashCliCommand. */
FlashCliExit flash_cli_image (int argc, char **argv);
/* `inspect FILE`: a #FlashCliCommand. */
FlashCliExit flash_cli_inspect (int argc, char **argv);
/* `leave --board ID`: a #FlashCliCommand. */
FlashCliExit flash_cli_leave (int argc, char **argv);
/* `options --board ID`: a #FlashCliCommand. */
FlashCliExit flash_cli_options (int argc, char **argv);
/* `read --board ID -o FILE`: a #FlashCliCommand. */
FlashCliExit flash_cli_read (int argc, char **argv);
/* `report [BUNDLE]`: a #FlashCliCommand. */
FlashCliExit flash_cli_report (int argc, char **argv);
/* `unprotect --board ID`: a #FlashCliCommand. */
FlashCliExit flash_cli_unprotect (int argc, char **argv);
/* `virtual [MODEL…]`: a #FlashCliCommand. */
FlashCliExit flash_cli_virtual (int argc, char **argv);

/**
 * flash_cli_parse:
 * @argc: as of a #FlashCliCommand
 * @argv: as of a #FlashCliCommand
 * @parameters: (nullable): what follows the options, translated, for the help
 * @summary: what the command does, translated
 * @entries: the options; %G_OPTION_REMAINING is taken by @out_arguments
 * @n_min: how few arguments it takes
 * @n_max: how many arguments it takes
 * @out_arguments: (out) (transfer full) (type filename): the arguments, never %NULL on success
 *
 * Says what is wrong on the standard error.
 *
 * Returns: whether the usage was right
 */
gboolean
flash_cli_parse (int argc, char **argv, const char *parameters, const char *summary,
                 const GOptionEntry *entries, guint n_min, guint n_max, GStrv *out_arguments);

/* Says on the standard error how to learn more about @command. */
void flash_cli_hint (const char *command);

/**
 * flash_cli_parse_sizes:
 * @options: (nullable) (array zero-terminated=1): `mmc0=8G`, `mmc1boot1=4M` and the like
 * @out_sizes: (out) (transfer full) (element-type utf8 guint64): storage to bytes
 *
 * Says what is wrong on the standard error.
 *
 * Returns: whether all of them were sizes of storages
 */
gboolean flash_cli_parse_sizes (const char *const *options, GHashTable **out_sizes);

G_END_DECLS
