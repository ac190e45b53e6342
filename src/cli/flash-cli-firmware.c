/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-firmware"

#include "config.h"

#include "flash-cli-firmware.h"

#include "flash-cli-ask.h"
#include "flash-cli-diag.h"
#include "flash-cli-job.h"
#include "flash-cli-json.h"
#include "flash-cli-mcu-json.h"
#include "flash-cli-refuse.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* Less than this is no block (stm32-dfuse.md section 2.4: 64 is the smallest that was met), more
 * than this no loader takes. */
#define MIN_BLOCK 64
#define MAX_BLOCK 4096

void
flash_cli_firmware_options_clear (FlashCliFirmwareOptions *self)
{
  g_free (self->address);
  g_free (self->shared);
  g_free (self->saved);
}

gboolean
flash_cli_firmware_options_check (const FlashCliFirmwareOptions *self)
{
  static const char *const policies[] = { "keep", "erase", "ask", NULL };
  guint32 address;

  if (self->address != NULL && !flash_cli_parse_address (self->address, "--address", &address))
    return FALSE;
  if (self->shared != NULL && !g_strv_contains (policies, self->shared)) {
    g_printerr ("%s\n", _ ("--shared is one of keep, erase and ask."));
    return FALSE;
  }
  if (self->saved != NULL && !g_str_equal (self->saved, "restore") &&
      !g_str_equal (self->saved, "forget")) {
    g_printerr ("%s\n", _ ("--saved is one of restore and forget."));
    return FALSE;
  }
  if (self->changed_only && self->everything) {
    g_printerr ("%s\n", _ ("--changed-only and --all-sectors contradict each other."));
    return FALSE;
  }
  if (self->block_size != 0 && (self->block_size < MIN_BLOCK || self->block_size > MAX_BLOCK ||
                                self->block_size % MIN_BLOCK != 0)) {
    g_printerr (_ ("--block-size is a multiple of %d, at most %d."), MIN_BLOCK, MAX_BLOCK);
    g_printerr ("\n");
    return FALSE;
  }
  return TRUE;
}

gboolean
flash_cli_firmware_is_one (const char *path)
{
  g_autoptr (FlashSource) source = flash_source_new_for_file (path, NULL);
  FlashFormat format;

  if (source == NULL || !flash_format_sniff (source, &format, NULL))
    return FALSE;
  switch (format) {
  case FLASH_FORMAT_IHEX:
  case FLASH_FORMAT_SREC:
  case FLASH_FORMAT_ELF:
  case FLASH_FORMAT_DFUSE:
  case FLASH_FORMAT_DFU:
  case FLASH_FORMAT_UF2:
    return TRUE;
  case FLASH_FORMAT_RAW:
  case FLASH_FORMAT_STM32:
  case FLASH_FORMAT_FIP:
  case FLASH_FORMAT_GPT:
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

/* What the command line can do about a file that is refused. */
static void
print_hints (const FlashDiagList *diags, gboolean can_insist)
{
  if (can_insist)
    g_printerr ("%s\n", _ ("--insist uses the file all the same."));
  if (flash_diag_list_find (diags, "address-aliased") != NULL)
    g_printerr ("%s\n", _ ("--rebase moves what is at address 0 to the flash."));
  if (flash_diag_list_find (diags, "no-address") != NULL)
    g_printerr ("%s\n", _ ("--address says where it begins, usually 0x08000000."));
  if (flash_diag_list_find (diags, "outside-flash") != NULL ||
      flash_diag_list_find (diags, "option-bytes-in-file") != NULL)
    g_printerr ("%s\n", _ ("--leave-out writes the rest without them."));
}

/* Only raw bytes do not say where they belong. */
static gboolean
is_address_meant (const FlashImage *image)
{
  return image->format == FLASH_FORMAT_RAW || image->format == FLASH_FORMAT_DFU;
}

static FlashImage *
load (FlashCliMcu *mcu, const char *path, const FlashCliFirmwareOptions *options,
      FlashCliExit *out_exit)
{
  FlashImageOptions wishes = { .insists = options->insists };
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSource) source = flash_source_new_for_file (path, &error);
  g_autoptr (FlashImage) image = NULL;

  if (options->address != NULL)
    wishes.has_address = flash_cli_parse_address (options->address, "--address", &wishes.address);
  if (source != NULL)
    image = flash_image_load (source, &wishes, NULL, &error);
  if (image == NULL) {
    *out_exit = flash_cli_refuse_code ("file-unreadable", error->message, FLASH_CLI_INPUT, NULL,
                                       mcu->is_json);
    return NULL;
  }
  if (!flash_image_is_usable (image)) {
    *out_exit = flash_cli_refuse_code ("firmware-refused", NULL, FLASH_CLI_INPUT, image->diags,
                                       mcu->is_json);
    if (!mcu->is_json)
      print_hints (image->diags, image->can_insist && !options->insists);
    return NULL;
  }
  if (wishes.has_address && !is_address_meant (image)) {
    g_printerr ("%s\n", _ ("This file says itself where its bytes belong; --address is for raw "
                           "files."));
    *out_exit = FLASH_CLI_USAGE;
    return NULL;
  }
  if (!mcu->is_json)
    flash_cli_diag_print (image->diags, stderr);
  return g_steal_pointer (&image);
}

static void
print_plan (FlashCliMcu *mcu, const FlashFirmwarePlan *plan)
{
  const FlashChip *chip = flash_chip_guess_get_best (&mcu->facts.guess);
  g_autofree char *size = flash_text_size (plan->size);

  flash_cli_diag_print (plan->diags, stderr);
  g_print (_ ("%s go into %u of %u sectors of %s."), size, plan->sectors->len,
           flash_memory_map_get_n_sectors (plan->map), chip != NULL ? chip->name : plan->map->name);
  g_print ("\n");
}

/* What can be known without opening the board is said before it is opened. */
static gboolean
check_plan (FlashCliMcu *mcu, FlashImage *image, const FlashFirmwareOptions *wishes,
            FlashCliExit *out_exit)
{
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  if (!mcu->facts.has_guess || mcu->facts.guess.flash == NULL)
    return TRUE;
  plan = flash_firmware_plan_new (image, &mcu->facts.guess,
                                  flash_board_get_descriptors (mcu->board), wishes);
  if (!flash_firmware_plan_is_usable (plan)) {
    *out_exit = flash_cli_refuse_code ("firmware-refused", NULL, FLASH_CLI_INPUT, plan->diags,
                                       mcu->is_json);
    if (!mcu->is_json)
      print_hints (plan->diags, FALSE);
    return FALSE;
  }
  if (!mcu->is_json)
    print_plan (mcu, plan);
  return TRUE;
}

/* Other data in a sector that is erased: kept, unless somebody can be asked, or has decided. */
static FlashMcuShared
get_shared (FlashCliMcu *mcu, const FlashCliFirmwareOptions *options)
{
  gboolean can_ask = flash_cli_can_ask () && !mcu->is_json;

  if (options->shared == NULL)
    return can_ask ? FLASH_MCU_SHARED_ASK : FLASH_MCU_SHARED_KEEP;
  if (g_str_equal (options->shared, "erase"))
    return FLASH_MCU_SHARED_ERASE;
  return g_str_equal (options->shared, "ask") ? FLASH_MCU_SHARED_ASK : FLASH_MCU_SHARED_KEEP;
}

static FlashMcuSaved
get_saved (const FlashCliFirmwareOptions *options)
{
  if (options->saved == NULL)
    return FLASH_MCU_SAVED_ASK;
  return g_str_equal (options->saved, "restore") ? FLASH_MCU_SAVED_RESTORE : FLASH_MCU_SAVED_FORGET;
}

static FlashMcuChanged
get_changed (const FlashCliFirmwareOptions *options)
{
  if (options->everything)
    return FLASH_MCU_CHANGED_ALL;
  return options->changed_only ? FLASH_MCU_CHANGED_ONLY : FLASH_MCU_CHANGED_AUTO;
}

/* Runs the job, and again if the user had to be asked something in between. */
static FlashCliExit
run (FlashCliMcu *mcu, FlashMcuJob *spec)
{
  g_autoptr (FlashJob) job = flash_job_new_for_mcu (spec);
  g_autoptr (FlashJob) again = NULL;
  FlashCliExit exit_code = flash_cli_job_run_watched (job, mcu->is_json, mcu->doctor);
  char answer;

  if (mcu->is_json || !flash_cli_can_ask () ||
      !g_error_matches (flash_job_get_error (job), FLASH_JOB_ERROR, FLASH_JOB_ERROR_SECTOR_SHARED))
    return exit_code;
  answer =
      flash_cli_ask_letter (_ ("Keep the other data (k), erase them (e), or stop (s)?"), "kes");
  if (answer == 's')
    return FLASH_CLI_STOPPED;
  spec->shared = answer == 'k' ? FLASH_MCU_SHARED_KEEP : FLASH_MCU_SHARED_ERASE;
  again = flash_job_new_for_mcu (spec);
  return flash_cli_job_run_watched (again, FALSE, mcu->doctor);
}

FlashCliExit
flash_cli_firmware_flash (FlashCliMcu *mcu, const char *path,
                          const FlashCliFirmwareOptions *options)
{
  g_autofree char *journal = flash_cli_mcu_dup_journal_folder ();
  g_autoptr (FlashImage) image = NULL;
  FlashMcuJob spec;
  FlashCliExit exit_code = FLASH_CLI_INPUT;

  image = load (mcu, path, options, &exit_code);
  if (image == NULL)
    return exit_code;
  flash_cli_mcu_begin_job (mcu, FLASH_MCU_PROGRAM, &spec);
  spec.image = image;
  spec.firmware_options.leaves_out = options->leaves_out;
  spec.firmware_options.rebases = options->rebases;
  spec.changed = get_changed (options);
  spec.shared = get_shared (mcu, options);
  spec.saved = get_saved (options);
  spec.verifies = !options->no_verify;
  spec.starts = !options->no_start;
  spec.journal_folder = options->no_journal ? NULL : journal;
  spec.block_size = (gsize) options->block_size;
  if (!check_plan (mcu, image, &spec.firmware_options, &exit_code))
    return exit_code;
  return run (mcu, &spec);
}
