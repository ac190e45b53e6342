/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-leave"

#include "config.h"

#include "flash-cli-job.h"
#include "flash-cli-mcu.h"

#include <glib/gi18n.h>

typedef struct {
  char *board_id;
  gboolean is_json;
  char *address;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->board_id);
  g_free (self->address);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

FlashCliExit
flash_cli_leave (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    FLASH_CLI_BOARD_OPTION (&options.board_id),
    { "address", 'a', 0, G_OPTION_ARG_STRING, &options.address,
      N_ ("Where the program's vector table is; the start of the flash without it"),
      N_ ("ADDRESS") },
    FLASH_CLI_JSON_OPTION (&options.is_json),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;
  g_auto (FlashCliMcu) mcu = { 0 };
  g_autoptr (FlashJob) job = NULL;
  guint32 address = 0;
  FlashMcuJob spec;
  FlashCliExit exit_code;

  if (!flash_cli_parse (argc, argv, NULL, _ ("Lets a microcontroller start its program."), entries,
                        0, 0, &arguments) ||
      (options.address != NULL &&
       !flash_cli_parse_address (options.address, "--address", &address)))
    return FLASH_CLI_USAGE;
  if (!flash_cli_mcu_open (&mcu, options.board_id, options.is_json, &exit_code) ||
      !flash_cli_mcu_require (&mcu, &exit_code))
    return exit_code;
  flash_cli_mcu_begin_job (&mcu, FLASH_MCU_LEAVE, &spec);
  spec.address = address;
  if (options.address == NULL && mcu.facts.has_guess && mcu.facts.guess.flash != NULL)
    spec.address = flash_memory_map_get_start (mcu.facts.guess.flash);
  job = flash_job_new_for_mcu (&spec);
  return flash_cli_job_run (job, options.is_json);
}
