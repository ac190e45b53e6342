/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-compare"

#include "config.h"

#include "flash-mcu-private.h"

static gboolean
fail_plan (const FlashDiagList *diags, GError **error)
{
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);
    g_autofree char *message = NULL;

    if (flash_diag_get_severity (diag) != FLASH_SEVERITY_ERROR)
      continue;
    message = flash_diag_dup_message (diag, NULL);
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FIRMWARE_REFUSED, "%s: %s",
                 flash_diag_get_code (diag), message);
    return FALSE;
  }
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FIRMWARE_REFUSED,
                       "nothing in the file can be written");
  return FALSE;
}

gboolean
flash_mcu_make_plan (FlashMcuRun *self, GError **error)
{
  FlashMcuResult *result = self->result;

  if (!flash_image_is_usable (self->job->image))
    return fail_plan (self->job->image->diags, error);
  result->plan = flash_firmware_plan_new (self->job->image, &result->guess,
                                          flash_mcu_link_get_descriptors (self->link),
                                          &self->job->firmware_options);
  if (!flash_firmware_plan_is_usable (result->plan))
    return fail_plan (result->plan->diags, error);
  if (flash_firmware_plan_get_sector_bytes (result->plan) > FLASH_MCU_MAX_BYTES) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                 "the boot loader names sectors of %" G_GUINT64_FORMAT " bytes for it",
                 flash_firmware_plan_get_sector_bytes (result->plan));
    return FALSE;
  }
  self->traits = result->plan->traits;
  result->n_sectors = result->plan->sectors->len;
  return TRUE;
}

gboolean
flash_mcu_compare (FlashMcuRun *self, GError **error)
{
  FlashMcuResult *result = self->result;
  g_autoptr (GArray) pieces = flash_mcu_pieces_new ();

  if (!flash_mcu_make_plan (self, error))
    return FALSE;
  flash_mcu_news_expect (&self->news, FLASH_MCU_STEP_COMPARE, 1, result->plan->size);
  if (!flash_mcu_probe (self, error))
    return FALSE;
  if (!flash_mcu_can_read (self)) {
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_CANNOT_READ,
                         "nothing can be compared");
    return FALSE;
  }
  flash_mcu_news_begin (&self->news, FLASH_MCU_STEP_COMPARE);
  for (guint i = 0; i < result->plan->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (result->plan->segments, i);

    flash_mcu_pieces_add (pieces, segment->address, segment->bytes, NULL);
  }
  if (!flash_mcu_pieces_read (self, pieces, 0, error))
    return FALSE;
  if (result->mismatch.kind != FLASH_MISMATCH_NONE) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH,
                 "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                 " bytes differ, the first at 0x%08x, the last at 0x%08x",
                 result->mismatch.n_wrong, result->mismatch.n_compared, result->mismatch.first,
                 result->mismatch.last);
    return FALSE;
  }
  result->bytes_verified = result->plan->size;
  result->is_verified = TRUE;
  result->is_up_to_date = TRUE;
  result->n_unchanged = result->n_sectors;
  flash_mcu_news_tell (&self->news, FLASH_EVENT_VERIFIED, FLASH_MCU_STEP_COMPARE,
                       result->bytes_verified);
  return TRUE;
}
