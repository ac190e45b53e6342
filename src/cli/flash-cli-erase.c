/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-erase"

#include "config.h"

#include "flash-cli-ask.h"
#include "flash-cli-job.h"
#include "flash-cli-mcu.h"
#include "flash-text.h"

#include <glib/gi18n.h>

typedef struct {
  char *board_id;
  gboolean is_json;
  gboolean is_everything;
  gboolean is_agreed;
  char *address;
  char *size;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->board_id);
  g_free (self->address);
  g_free (self->size);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
is_agreed (const Options *options, guint32 address, guint64 length)
{
  g_autofree char *size = flash_text_size (length);
  g_autofree char *question = NULL;

  if (options->is_agreed)
    return TRUE;
  if (options->is_everything)
    question = g_strdup (_ ("This erases the whole flash. Type “erase” to do it:"));
  else
    question = g_strdup_printf (
        _ ("This erases all sectors in %s from 0x%08x. Type “erase” to do it:"), size, address);
  return flash_cli_ask_word (question, "erase");
}

/* Sectors are erased as a whole: says which range that would be.
 *
 * Returns: whether the range is one of whole sectors, as far as that is known */
static gboolean
is_whole (FlashCliMcu *mcu, const Options *options, guint32 address, guint64 length)
{
  const FlashMemoryMap *map = mcu->facts.has_guess ? mcu->facts.guess.flash : NULL;
  FlashMemorySector first, last;

  if (options->is_everything || map == NULL ||
      !flash_memory_map_find_sector (map, address, &first) || address + length - 1 > G_MAXUINT32 ||
      !flash_memory_map_find_sector (map, (guint32) (address + length - 1), &last))
    return TRUE;
  if (first.address == address && last.address + (guint64) last.size == address + length)
    return TRUE;
  g_printerr (_ ("Sectors are erased as a whole. For all that this touches say --address 0x%08x "
                 "--size 0x%x."),
              first.address, (guint) (last.address + (guint64) last.size - first.address));
  g_printerr ("\n");
  return FALSE;
}

static FlashCliExit
erase (const Options *options, guint32 address, guint64 length)
{
  g_autofree char *journal = flash_cli_mcu_dup_journal_folder ();
  g_auto (FlashCliMcu) mcu = { 0 };
  g_autoptr (FlashJob) job = NULL;
  FlashMcuJob spec;
  FlashCliExit exit_code;

  if (!flash_cli_mcu_open (&mcu, options->board_id, options->is_json, &exit_code) ||
      !flash_cli_mcu_require (&mcu, &exit_code))
    return exit_code;
  if (!is_whole (&mcu, options, address, length))
    return FLASH_CLI_USAGE;
  if (!is_agreed (options, address, length))
    return FLASH_CLI_STOPPED;
  flash_cli_mcu_begin_job (&mcu, FLASH_MCU_ERASE, &spec);
  spec.is_everything = options->is_everything;
  spec.address = address;
  spec.length = length;
  spec.journal_folder = journal;
  job = flash_job_new_for_mcu (&spec);
  return flash_cli_job_run (job, options->is_json);
}

FlashCliExit
flash_cli_erase (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    FLASH_CLI_BOARD_OPTION (&options.board_id),
    { "all", 0, 0, G_OPTION_ARG_NONE, &options.is_everything, N_ ("The whole flash"), NULL },
    { "address", 'a', 0, G_OPTION_ARG_STRING, &options.address, N_ ("Where to begin"),
      N_ ("ADDRESS") },
    { "size", 's', 0, G_OPTION_ARG_STRING, &options.size,
      N_ ("How many bytes; sectors are erased as a whole"), N_ ("SIZE") },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &options.is_agreed, N_ ("Do not ask"), NULL },
    FLASH_CLI_JSON_OPTION (&options.is_json),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;
  guint32 address = 0;
  guint64 length = 0;

  if (!flash_cli_parse (argc, argv, NULL, _ ("Erases the flash of a microcontroller."), entries, 0,
                        0, &arguments) ||
      (options.address != NULL &&
       !flash_cli_parse_address (options.address, "--address", &address)))
    return FLASH_CLI_USAGE;
  if (options.size != NULL &&
      (!flash_text_parse_size (options.size, &length) || length == 0 || length > G_MAXUINT32)) {
    g_printerr (_ ("“%s” is no size. Write it like 0x10000 or 64K."), options.size);
    g_printerr ("\n");
    return FLASH_CLI_USAGE;
  }
  if (options.is_everything == (options.address != NULL) ||
      (options.address != NULL) != (options.size != NULL)) {
    g_printerr ("%s\n", _ ("Say either --all, or --address and --size."));
    return FLASH_CLI_USAGE;
  }
  if (!options.is_agreed && !flash_cli_can_ask ()) {
    g_printerr ("%s\n", _ ("Erasing cannot be undone: say --yes if nobody can be asked."));
    return FLASH_CLI_USAGE;
  }
  return erase (&options, address, length);
}
