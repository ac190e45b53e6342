/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-mcu-json"

#include "config.h"

#include "flash-cli-mcu-json.h"

#include "flash-board-facts.h"
#include "flash-cli-json.h"

static const char *
get_reason_name (FlashFirmwareReason reason)
{
  switch (reason) {
  case FLASH_FIRMWARE_RAM:
    return "ram";
  case FLASH_FIRMWARE_OPTION_BYTES:
    return "option-bytes";
  case FLASH_FIRMWARE_OUTSIDE:
    return "outside";
  case FLASH_FIRMWARE_READ_ONLY:
    return "read-only";
  case FLASH_FIRMWARE_OTHER_TARGET:
    return "other-target";
  }
  g_return_val_if_reached ("outside");
}

static void
add_sectors (JsonBuilder *builder, const FlashFirmwarePlan *plan)
{
  json_builder_set_member_name (builder, "sectors");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->sectors->len; i++) {
    const FlashFirmwareSector *sector = &g_array_index (plan->sectors, FlashFirmwareSector, i);

    json_builder_begin_object (builder);
    flash_cli_json_add_number (builder, "index", sector->sector.index);
    flash_cli_json_add_number (builder, "address", sector->sector.address);
    flash_cli_json_add_number (builder, "size", sector->sector.size);
    flash_cli_json_add_number (builder, "covered", sector->n_covered);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_left_out (JsonBuilder *builder, const FlashFirmwarePlan *plan)
{
  json_builder_set_member_name (builder, "left_out");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->left_out->len; i++) {
    const FlashFirmwareLeftOut *part = &g_array_index (plan->left_out, FlashFirmwareLeftOut, i);

    json_builder_begin_object (builder);
    flash_cli_json_add_number (builder, "address", part->address);
    flash_cli_json_add_number (builder, "size", part->size);
    flash_cli_json_add_text (builder, "reason", get_reason_name (part->reason));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

/* What can be known without opening the board; the job looks again. */
static void
add_firmware (JsonBuilder *builder, FlashJob *job)
{
  const FlashMcuJob *spec = flash_job_get_mcu_job (job);
  FlashBoard *board = flash_job_get_board (job);
  g_auto (FlashBoardFacts) facts = { 0 };
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  flash_board_facts_init (&facts, board);
  if (!facts.has_guess || facts.guess.flash == NULL)
    return;
  plan = flash_firmware_plan_new (spec->image, &facts.guess, flash_board_get_descriptors (board),
                                  &spec->firmware_options);
  flash_cli_json_add_number (builder, "bytes", plan->size);
  add_sectors (builder, plan);
  add_left_out (builder, plan);
  flash_cli_json_add_diags (builder, plan->diags);
}

void
flash_cli_mcu_json_plan (JsonBuilder *builder, FlashJob *job)
{
  const FlashMcuJob *spec = flash_job_get_mcu_job (job);

  flash_cli_json_add_text (builder, "verb", flash_mcu_verb_get_name (spec->verb));
  if (spec->image != NULL) {
    flash_cli_json_add_text (builder, "format", flash_format_get_name (spec->image->format));
    add_firmware (builder, job);
  }
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint step = 0; step < FLASH_MCU_N_STEPS; step++)
    if (flash_mcu_job_has_step (spec, (FlashMcuStep) step))
      json_builder_add_string_value (builder, flash_mcu_step_get_name ((FlashMcuStep) step));
  json_builder_end_array (builder);
}

void
flash_cli_mcu_json_step (JsonBuilder *builder, FlashJob *job, guint step)
{
  guint32 address = flash_job_get_snapshot (job)->address;

  flash_cli_json_add_text (builder, "step", flash_mcu_step_get_name ((FlashMcuStep) step));
  if (address != 0)
    flash_cli_json_add_number (builder, "address", address);
}

static void
add_mismatch (JsonBuilder *builder, const FlashMismatch *mismatch)
{
  if (mismatch->kind == FLASH_MISMATCH_NONE)
    return;
  json_builder_set_member_name (builder, "mismatch");
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "kind", flash_mismatch_kind_get_name (mismatch->kind));
  flash_cli_json_add_number (builder, "wrong", mismatch->n_wrong);
  flash_cli_json_add_number (builder, "compared", mismatch->n_compared);
  flash_cli_json_add_number (builder, "first", mismatch->first);
  flash_cli_json_add_number (builder, "last", mismatch->last);
  if (mismatch->kind == FLASH_MISMATCH_SHIFTED) {
    json_builder_set_member_name (builder, "shift");
    json_builder_add_int_value (builder, mismatch->shift);
  }
  json_builder_set_member_name (builder, "ranges");
  json_builder_begin_array (builder);
  for (guint i = 0; i < mismatch->n_ranges; i++) {
    json_builder_begin_object (builder);
    flash_cli_json_add_number (builder, "address", mismatch->ranges[i].address);
    flash_cli_json_add_number (builder, "size", mismatch->ranges[i].size);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_diagnosis (JsonBuilder *builder, const FlashDiagnosis *diagnosis)
{
  json_builder_set_member_name (builder, "diagnosis");
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "code", diagnosis->code);
  flash_cli_json_add_flag (builder, "certain", diagnosis->is_certain);
  flash_cli_json_add_text (builder, "next", flash_next_step_get_name (diagnosis->next));
  json_builder_end_object (builder);
}

/* The same members as for a layout where they mean the same; the rest is a chip's own. */
void
flash_cli_mcu_json_result (JsonBuilder *builder, FlashJob *job)
{
  const FlashMcuResult *result = flash_job_get_mcu_result (job);

  flash_cli_json_add_flag (builder, "all_written", result->is_written);
  flash_cli_json_add_flag (builder, "all_verified", result->is_verified);
  flash_cli_json_add_flag (builder, "started", result->is_started);
  flash_cli_json_add_text (builder, "board_state", flash_mcu_state_get_name (result->state));
  flash_cli_json_add_flag (builder, "up_to_date", result->is_up_to_date);
  flash_cli_json_add_number (builder, "sectors", result->n_sectors);
  flash_cli_json_add_number (builder, "erased", result->n_erased);
  flash_cli_json_add_number (builder, "unchanged", result->n_unchanged);
  flash_cli_json_add_number (builder, "bytes_written", result->bytes_written);
  flash_cli_json_add_number (builder, "bytes_verified", result->bytes_verified);
  flash_cli_json_add_number (builder, "bytes_kept", result->bytes_kept);
  add_mismatch (builder, &result->mismatch);
  if (result->has_diagnosis)
    add_diagnosis (builder, &result->diagnosis);
  if (result->plan != NULL)
    flash_cli_json_add_diags (builder, result->plan->diags);
}
