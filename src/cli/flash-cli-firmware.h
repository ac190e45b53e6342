/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `flash FILE` for a microcontroller. Thread: main. */
#pragma once

#include "flash-cli-mcu.h"

G_BEGIN_DECLS

/**
 * FlashCliFirmwareOptions:
 * What the user wants otherwise, as the command line gives it.
 */
typedef struct {
  char *address;
  char *shared;
  char *saved;
  int block_size;
  gboolean changed_only;
  gboolean everything;
  gboolean leaves_out;
  gboolean rebases;
  gboolean insists;
  gboolean no_verify;
  gboolean no_start;
  gboolean no_journal;
} FlashCliFirmwareOptions;

void flash_cli_firmware_options_clear (FlashCliFirmwareOptions *self);

/* The entries for them; @self: where they go. */
#define FLASH_CLI_FIRMWARE_OPTIONS(self)                                                           \
  { "address",                                                                                     \
    'a',                                                                                           \
    0,                                                                                             \
    G_OPTION_ARG_STRING,                                                                           \
    &(self)->address,                                                                              \
    N_ ("Microcontroller: where a raw file begins, e.g. 0x08000000"),                              \
    N_ ("ADDRESS") },                                                                              \
      { "shared",                                                                                  \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_STRING,                                                                       \
        &(self)->shared,                                                                           \
        N_ ("Microcontroller: other data in a sector that is erased: keep, erase or ask"),         \
        N_ ("WHAT") },                                                                             \
      { "changed-only",                                                                            \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_NONE,                                                                         \
        &(self)->changed_only,                                                                     \
        N_ ("Microcontroller: only sectors that differ; an error where it cannot be read"),        \
        NULL },                                                                                    \
      { "all-sectors",                                                                             \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_NONE,                                                                         \
        &(self)->everything,                                                                       \
        N_ ("Microcontroller: also sectors that hold the right bytes already"),                    \
        NULL },                                                                                    \
      { "leave-out",                                                                               \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_NONE,                                                                         \
        &(self)->leaves_out,                                                                       \
        N_ ("Microcontroller: leave out what does not belong into flash"),                         \
        NULL },                                                                                    \
      { "rebase",                                                                                  \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_NONE,                                                                         \
        &(self)->rebases,                                                                          \
        N_ ("Microcontroller: data at address 0 are meant for the flash"),                         \
        NULL },                                                                                    \
      { "insist",                                                                                  \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_NONE,                                                                         \
        &(self)->insists,                                                                          \
        N_ ("Microcontroller: use a file that seems cut off or damaged all the same"),             \
        NULL },                                                                                    \
      { "no-verify",                                                                               \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_NONE,                                                                         \
        &(self)->no_verify,                                                                        \
        N_ ("Microcontroller: do not read back"),                                                  \
        NULL },                                                                                    \
      { "no-start",                                                                                \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_NONE,                                                                         \
        &(self)->no_start,                                                                         \
        N_ ("Microcontroller: stay in the boot loader"),                                           \
        NULL },                                                                                    \
  {                                                                                                \
    "block-size", 0, 0, G_OPTION_ARG_INT, &(self)->block_size,                                     \
        N_ ("Microcontroller: smaller blocks, for a doubtful link"), N_ ("BYTES")                  \
  }

/* Returns: whether the options make sense together; says on the standard error what does not. */
gboolean flash_cli_firmware_options_check (const FlashCliFirmwareOptions *self);

/**
 * flash_cli_firmware_is_one:
 * @path: (type filename): a file
 *
 * Returns: whether its contents are a format that only microcontrollers take
 */
gboolean flash_cli_firmware_is_one (const char *path);

/**
 * flash_cli_firmware_flash:
 * @path: (type filename): the file
 *
 * Returns: the exit code
 */
FlashCliExit flash_cli_firmware_flash (FlashCliMcu *mcu, const char *path,
                                       const FlashCliFirmwareOptions *options);

G_END_DECLS
