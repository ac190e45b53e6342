/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-mcu"

#include "config.h"

#include "flash-cli-mcu.h"

#include "flash-cli-job.h"
#include "flash-cli-refuse.h"
#include "flash-text.h"

#include <glib/gi18n.h>

void
flash_cli_mcu_clear (FlashCliMcu *self)
{
  g_clear_object (&self->doctor);
  flash_board_facts_clear (&self->facts);
  g_clear_object (&self->board);
  flash_cli_world_clear (&self->world);
}

/* The kernel knows the name of one alternate setting only, so a microcontroller on USB is asked for
 * the others: its memory maps are in them. */
static void
ask_board (FlashCliMcu *self, const char *id)
{
  g_autoptr (FlashBoard) board = NULL;

  flash_board_facts_init (&self->facts, self->board);
  if (flash_board_is_virtual (self->board) || self->facts.kind == FLASH_BOARD_KIND_STM32MP)
    return;
  flash_cli_world_settle (&self->world, TRUE);
  board = flash_cli_world_find (&self->world, id, &self->provider, NULL);
  if (board == NULL)
    return;
  g_set_object (&self->board, board);
  flash_board_facts_clear (&self->facts);
  flash_board_facts_init (&self->facts, self->board);
}

gboolean
flash_cli_mcu_open (FlashCliMcu *self, const char *id, gboolean is_json, FlashCliExit *out_exit)
{
  g_autoptr (GError) error = NULL;

  *self = (FlashCliMcu){ .is_json = is_json };
  if (id == NULL) {
    g_printerr ("%s\n", _ ("Say which board with --board ID; “flashwright-cli boards” lists "
                           "them."));
    *out_exit = FLASH_CLI_USAGE;
    return FALSE;
  }
  flash_cli_world_init (&self->world);
  self->board = flash_cli_world_find (&self->world, id, &self->provider, &error);
  if (self->board == NULL) {
    *out_exit = flash_cli_refuse_board (error, is_json);
    return FALSE;
  }
  ask_board (self, id);
  return TRUE;
}

gboolean
flash_cli_mcu_require (FlashCliMcu *self, FlashCliExit *out_exit)
{
  if (self->facts.kind != FLASH_BOARD_KIND_STM32MP)
    return TRUE;
  *out_exit =
      flash_cli_refuse_code ("not-a-microcontroller", NULL, FLASH_CLI_INPUT, NULL, self->is_json);
  return FALSE;
}

void
flash_cli_mcu_begin_job (FlashCliMcu *self, FlashMcuVerb verb, FlashMcuJob *out_job)
{
  *out_job = (FlashMcuJob){ .verb = verb,
                            .provider = self->provider,
                            .board = self->board,
                            .clock = self->world.clock,
                            .verifies = TRUE,
                            .alternate = -1 };
}

char *
flash_cli_mcu_dup_journal_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "flashwright", "journal", NULL);
}

static void
on_finished (FlashJob *job, GMainLoop *loop)
{
  g_main_loop_quit (loop);
}

FlashCliExit
flash_cli_mcu_read (FlashCliMcu *self, gint alternate, guint32 address, guint64 length,
                    FlashJob **out_job)
{
  FlashMcuJob spec;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  const GError *error;

  flash_cli_mcu_begin_job (self, FLASH_MCU_READ, &spec);
  spec.alternate = alternate;
  spec.address = address;
  spec.length = length;
  *out_job = flash_job_new_for_mcu (&spec);
  g_signal_connect (*out_job, "finished", G_CALLBACK (on_finished), loop);
  flash_job_start (*out_job);
  g_main_loop_run (loop);

  error = flash_job_get_error (*out_job);
  if (error == NULL)
    return FLASH_CLI_DONE;
  return flash_cli_refuse_code (flash_job_error_get_stable_code (error), error->message,
                                flash_cli_job_get_exit (*out_job), NULL, self->is_json);
}

gboolean
flash_cli_parse_address (const char *text, const char *option, guint32 *out_address)
{
  guint64 address;

  if (!flash_text_parse_size (text, &address) || address > G_MAXUINT32) {
    g_printerr (_ ("“%s” of %s is no address. Write it like 0x08000000."), text, option);
    g_printerr ("\n");
    return FALSE;
  }
  *out_address = (guint32) address;
  return TRUE;
}
