/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-options"

#include "config.h"

#include "flash-mcu-private.h"

/* The chip resets itself, and is back in its boot loader if BOOT0 is still held. */
#define RETURN_MS 10000

static gboolean
fail_unsupported (GError **error, const char *why)
{
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED, why);
  return FALSE;
}

static gboolean
fetch (FlashMcuRun *self, GError **error)
{
  if (self->result->guess.options == NULL)
    return fail_unsupported (error, "the boot loader shows no option bytes");
  flash_mcu_fetch_options (self);
  if (self->options != NULL)
    return TRUE;
  if (self->option_reading == FLASH_READING_REFUSED && self->result->guess.flash != NULL)
    return flash_mcu_fail_options (self, error);
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_CANNOT_READ,
                       "the option bytes cannot be read");
  return FALSE;
}

static gboolean
check_before (FlashMcuRun *self, GError **error)
{
  if (self->job->option_before == NULL || g_bytes_equal (self->job->option_before, self->options))
    return TRUE;
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_OPTIONS_CHANGED,
                       "the board has other option bytes than those that were shown");
  return FALSE;
}

/* stm32-dfuse.md section 2.9: nothing is written that is not known bit by bit, or that could never
 * be undone, or that would erase the chip without saying so. */
static gboolean
check_wanted (FlashMcuRun *self, const FlashOptionLayout *layout, GError **error)
{
  const guint8 *before = g_bytes_get_data (self->options, NULL);
  const guint8 *wanted = g_bytes_get_data (self->job->option_bytes, NULL);
  GPtrArray *fields = flash_option_layout_get_fields (layout);
  FlashRdpLevel level = flash_option_layout_get_rdp (layout, wanted);

  if (level == FLASH_RDP_FOREVER)
    return fail_unsupported (error, "read protection level 2 could never be taken back");
  if (level == FLASH_RDP_NONE && flash_option_layout_get_rdp (layout, before) == FLASH_RDP_READ)
    return fail_unsupported (error, "removing the read protection is a job of its own");
  for (guint i = 0; i < fields->len; i++) {
    const FlashOptionField *field = g_ptr_array_index (fields, i);

    if (!field->is_locked || flash_option_layout_get (layout, field, before) ==
                                 flash_option_layout_get (layout, field, wanted))
      continue;
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                 "field %s is never changed here", field->name);
    return FALSE;
  }
  return TRUE;
}

static const FlashOptionLayout *
find_layout (FlashMcuRun *self, GError **error)
{
  const FlashOptionLayout *layout = flash_mcu_find_option_layout (self, self->options);
  gsize length;
  const guint8 *wanted = g_bytes_get_data (self->job->option_bytes, &length);

  if (layout == NULL) {
    fail_unsupported (error, "the option bytes of this chip are not known for certain");
    return NULL;
  }
  if (length != g_bytes_get_size (self->options) ||
      !flash_option_layout_check (layout, wanted, length, NULL)) {
    fail_unsupported (error, "these are no option bytes of this chip");
    return NULL;
  }
  return layout;
}

/* What is compared is what the layout knows: registers have bits that live their own life. */
static gboolean
check_taken (FlashMcuRun *self, const FlashOptionLayout *layout, GError **error)
{
  const guint8 *wanted = g_bytes_get_data (self->job->option_bytes, NULL);
  GPtrArray *fields = flash_option_layout_get_fields (layout);
  gsize length;
  const guint8 *now = g_bytes_get_data (self->options, &length);

  self->result->option_bytes = g_bytes_ref (self->options);
  for (guint i = 0; i < fields->len; i++) {
    const FlashOptionField *field = g_ptr_array_index (fields, i);

    if (length == g_bytes_get_size (self->job->option_bytes) &&
        flash_option_layout_get (layout, field, now) ==
            flash_option_layout_get (layout, field, wanted))
      continue;
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_OPTIONS_NOT_TAKEN,
                 "field %s is not as it was written", field->name);
    return FALSE;
  }
  self->result->rdp = flash_option_layout_get_rdp (layout, now);
  self->result->is_verified = TRUE;
  flash_mcu_news_tell (&self->news, FLASH_EVENT_VERIFIED, FLASH_MCU_STEP_OPTIONS, length);
  return TRUE;
}

static gboolean
write_area (FlashMcuRun *self, GError **error)
{
  static const FlashPortWait wait = { .patience_ms = RETURN_MS,
                                      .stage = "bootloader",
                                      .expected = "the boot loader, after the reset",
                                      .may_stay = TRUE };
  const FlashChipGuess *guess = &self->result->guess;
  FlashDfuse *dfuse = flash_mcu_get_dfuse (self);
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (self->job->option_bytes, &length);

  if (!flash_dfuse_select (dfuse, guess->option_alternate, error))
    return FALSE;
  self->is_touched = TRUE;
  if (!flash_dfuse_write_options (dfuse, flash_memory_map_get_start (guess->options), bytes, length,
                                  &end, error))
    return FALSE;
  self->result->is_written = TRUE;
  self->result->state = FLASH_MCU_STATE_LOADER;
  flash_mcu_news_tell (&self->news, FLASH_EVENT_WRITTEN, FLASH_MCU_STEP_OPTIONS, length);
  if (end != FLASH_DFUSE_END_STAYS && !flash_mcu_wait_reset (self, &wait, error))
    return FALSE;
  flash_mcu_look (self);
  return TRUE;
}

gboolean
flash_mcu_write_options (FlashMcuRun *self, GError **error)
{
  const FlashOptionLayout *layout;

  flash_mcu_news_expect (&self->news, FLASH_MCU_STEP_OPTIONS, 1, 0);
  flash_mcu_news_begin (&self->news, FLASH_MCU_STEP_OPTIONS);
  if (!fetch (self, error) || !check_before (self, error))
    return FALSE;
  layout = find_layout (self, error);
  if (layout == NULL || !check_wanted (self, layout, error))
    return FALSE;
  if (g_bytes_equal (self->options, self->job->option_bytes))
    self->result->is_up_to_date = TRUE;
  else if (!write_area (self, error) || !fetch (self, error))
    return FALSE;
  return check_taken (self, layout, error);
}
