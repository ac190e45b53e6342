/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-unprotect"

#include "config.h"

#include "flash-cli-ask.h"
#include "flash-cli-job.h"
#include "flash-cli-mcu.h"

#include <glib/gi18n.h>

typedef struct {
  char *board_id;
  gboolean is_json;
  gboolean is_agreed;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->board_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Users lose calibration data and keys that nobody else has: so much typing must be. */
static gboolean
is_agreed (const Options *options)
{
  if (options->is_agreed)
    return TRUE;
  return flash_cli_ask_word (
      _ ("Removing the read protection erases everything on the chip, for good: the firmware, its "
         "settings, calibration data and keys, EEPROM too where the chip has some. Option bytes go "
         "back to their defaults, which may change how the chip starts. A read that was refused "
         "can also come from a USB port that is too fast for the boot loader: try another port "
         "first.\nType “erase everything” to do it:"),
      "erase everything");
}

FlashCliExit
flash_cli_unprotect (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    FLASH_CLI_BOARD_OPTION (&options.board_id),
    { "erase-everything", 0, 0, G_OPTION_ARG_NONE, &options.is_agreed,
      N_ ("Do not ask: everything on the chip may be erased"), NULL },
    FLASH_CLI_JSON_OPTION (&options.is_json),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;
  g_autofree char *journal = flash_cli_mcu_dup_journal_folder ();
  g_auto (FlashCliMcu) mcu = { 0 };
  g_autoptr (FlashJob) job = NULL;
  FlashMcuJob spec;
  FlashCliExit exit_code;

  if (!flash_cli_parse (argc, argv, NULL,
                        _ ("Removes the read protection of a microcontroller. That erases "
                           "everything on it."),
                        entries, 0, 0, &arguments))
    return FLASH_CLI_USAGE;
  if (!options.is_agreed && !flash_cli_can_ask ()) {
    g_printerr ("%s\n", _ ("Removing the read protection erases everything on the chip: say "
                           "--erase-everything if nobody can be asked."));
    return FLASH_CLI_USAGE;
  }
  if (!flash_cli_mcu_open (&mcu, options.board_id, options.is_json, &exit_code) ||
      !flash_cli_mcu_require (&mcu, &exit_code))
    return exit_code;
  if (!is_agreed (&options))
    return FLASH_CLI_STOPPED;
  flash_cli_mcu_begin_job (&mcu, FLASH_MCU_UNPROTECT, &spec);
  spec.journal_folder = journal;
  job = flash_job_new_for_mcu (&spec);
  return flash_cli_job_run (job, options.is_json);
}
