/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mp-send"

#include "config.h"

#include "flash-mp-send.h"

/* How much of a file is read at once: a multiple of every transfer size. */
#define PIECE_SIZE (256 * 1024)

static gboolean
select_step (FlashMpLink *link, const FlashPlanStep *step, GError **error)
{
  guint8 alternate;

  if (!flash_stm32mp_find_alternate (flash_mp_link_get_descriptors (link), step->id, &alternate)) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_ALTERNATE_MISSING,
                 "no alternate setting carries Id 0x%02x", step->id);
    return FALSE;
  }
  return flash_dfu_session_select (flash_mp_link_get_session (link), alternate, error);
}

static gboolean
set_file_error (const FlashPlanStep *step, FlashJobError code, const char *why, GError **error)
{
  g_set_error (error, FLASH_JOB_ERROR, code, "%s: %s", flash_source_get_name (step->source), why);
  return FALSE;
}

static gboolean
read_piece (const FlashPlanStep *step, const FlashExtent *extent, guint64 at, guint8 *out,
            gsize length, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (flash_source_read (extent->source, extent->source_offset + at, out, length, &local_error))
    return TRUE;
  return set_file_error (step,
                         g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)
                             ? FLASH_JOB_ERROR_FILE_CHANGED
                             : FLASH_JOB_ERROR_FILE_UNREADABLE,
                         local_error->message, error);
}

/* Walks over the bytes of a step, block by block. */
typedef gboolean (*BlockFunc) (FlashMpLink *link, guint64 block, const guint8 *data, gsize length,
                               GError **error);

static gboolean
for_each_block (FlashMpLink *link, const FlashPlanStep *step, const FlashMpMeter *meter,
                FlashActivity activity, GCancellable *cancellable, BlockFunc func,
                guint64 *out_blocks, GError **error)
{
  gsize block_size = flash_mp_link_get_transfer_size (link);
  gsize piece_size = PIECE_SIZE / block_size * block_size;
  g_autofree guint8 *piece = g_malloc (piece_size);
  guint64 block = 0, done = 0;

  for (guint i = 0; i < step->extents->len; i++) {
    const FlashExtent *extent = &g_array_index (step->extents, FlashExtent, i);

    for (guint64 at = 0; at < extent->length; at += block_size) {
      gsize in_piece = (gsize) (at % piece_size);
      gsize length = (gsize) MIN (extent->length - at, block_size);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (in_piece == 0 && !read_piece (step, extent, at, piece,
                                        (gsize) MIN (extent->length - at, piece_size), error))
        return FALSE;
      if (!func (link, block++, piece + in_piece, length, error)) {
        g_prefix_error (error, "at byte %" G_GUINT64_FORMAT ": ", done);
        return FALSE;
      }
      done += length;
      meter->report (activity, done, meter->data);
    }
  }
  *out_blocks = block;
  return TRUE;
}

static gboolean
send_block (FlashMpLink *link, guint64 block, const guint8 *data, gsize length, GError **error)
{
  return flash_dfu_session_download (flash_mp_link_get_session (link), block, data, length, error);
}

static gboolean
send_data (FlashMpLink *link, const FlashPlanStep *step, const FlashMpMeter *meter,
           GCancellable *cancellable, FlashDfuEnd *out_end, GError **error)
{
  guint64 blocks;

  if (!select_step (link, step, error) ||
      !for_each_block (link, step, meter, FLASH_ACTIVITY_SENDING, cancellable, send_block, &blocks,
                       error))
    return FALSE;
  /* Half of an old file and half of a new one must not be finished as if it were whole. */
  if (flash_source_has_changed (step->source))
    return set_file_error (step, FLASH_JOB_ERROR_FILE_CHANGED, "it was written to in the meantime",
                           error);
  meter->report (FLASH_ACTIVITY_STORING, step->size, meter->data);
  return flash_dfu_session_finish (flash_mp_link_get_session (link), blocks, out_end, error);
}

/* Whether the board said no, and not the cable. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_DEVICE) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_FIRMWARE) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNEXPECTED_STATE);
}

/* Makes a job's error of it. What a refusal means depends on who was given what (stm32mp-usb.md
 * section 1.10). */
static void
adopt_error (FlashMpLink *link, const FlashPlanStep *step, GError **error)
{
  gboolean is_refused = is_refusal (*error);

  flash_job_error_adopt (error);
  if (!is_refused)
    return;
  if (flash_mp_link_get_product (link)->stage == FLASH_STM32MP_STAGE_UBOOT) {
    if (step->kind == FLASH_PLAN_PARTITION && (*error)->code == FLASH_JOB_ERROR_BOARD_REPORTED)
      (*error)->code = FLASH_JOB_ERROR_WRITE_FAILED;
  } else if (step->kind == FLASH_PLAN_BOOT) {
    (*error)->code = step->id == FLASH_STM32MP_ID_FSBL ? FLASH_JOB_ERROR_FSBL_REFUSED
                                                       : FLASH_JOB_ERROR_FIP_REFUSED;
  }
}

gboolean
flash_mp_send_step (FlashMpLink *link, const FlashPlanStep *step, const FlashMpMeter *meter,
                    GCancellable *cancellable, FlashDfuEnd *out_end, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean is_rom = flash_mp_link_get_product (link)->stage == FLASH_STM32MP_STAGE_ROM;

  if (send_data (link, step, meter, cancellable, out_end, &local_error)) {
    if (*out_end == FLASH_DFU_END_IDLE || is_rom)
      return TRUE;
    g_set_error (error, FLASH_JOB_ERROR,
                 step->kind == FLASH_PLAN_PARTITION && *out_end == FLASH_DFU_END_AWAY
                     ? FLASH_JOB_ERROR_LOST_AT_PARTITION_END
                     : FLASH_JOB_ERROR_NO_ANSWER,
                 "no answer after the end of %s", step->name);
    return FALSE;
  }

  adopt_error (link, step, &local_error);
  /* A board that is away or hangs would only make everybody wait again. */
  if (!g_error_matches (local_error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BOARD_GONE) &&
      !g_error_matches (local_error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_ANSWER))
    flash_dfu_session_recover (flash_mp_link_get_session (link));
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s: ", step->name);
  return FALSE;
}

void
flash_mp_break_step (FlashMpLink *link, const FlashPlanStep *step, guint64 bytes_done)
{
  const guint8 byte = 0;
  guint64 n_blocks = bytes_done / flash_mp_link_get_transfer_size (link);
  g_autoptr (GError) error = NULL;

  /* As far from the block that is due as the numbers go. */
  if (!select_step (link, step, &error) ||
      !flash_dfu_session_download (flash_mp_link_get_session (link), n_blocks + 0x8000, &byte, 1,
                                   &error)) {
    g_debug ("the transfer of %s is broken off: %s", step->name, error->message);
    flash_dfu_session_recover (flash_mp_link_get_session (link));
  }
}

static gboolean
compare_block (FlashMpLink *link, guint64 block, const guint8 *data, gsize length, GError **error)
{
  guint8 read_back[FLASH_TRANSPORT_MAX_DATA];
  gsize n_read;

  /* U-Boot prepares its answers in whole blocks: never ask for less (section 2.4). */
  if (!flash_dfu_session_upload (flash_mp_link_get_session (link), block, read_back,
                                 flash_mp_link_get_transfer_size (link), &n_read, error))
    return FALSE;
  if (n_read < length) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH,
                 "only %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes came back", n_read, length);
    return FALSE;
  }
  for (gsize i = 0; i < length; i++) {
    if (read_back[i] == data[i])
      continue;
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH,
                 "byte %" G_GSIZE_FORMAT " of the block is 0x%02x, sent was 0x%02x", i,
                 read_back[i], data[i]);
    return FALSE;
  }
  return TRUE;
}

/* Breaks off a reading: a partition is usually longer than its file. */
static void
stop_reading (FlashDfuSession *session)
{
  FlashDfuStatus status;

  if (flash_dfu_session_get_status (session, &status, NULL) &&
      status.state == FLASH_DFU_STATE_UPLOAD_IDLE)
    flash_dfu_session_abort (session, NULL);
}

gboolean
flash_mp_verify_step (FlashMpLink *link, const FlashPlanStep *step, const FlashMpMeter *meter,
                      GCancellable *cancellable, GError **error)
{
  FlashDfuSession *session = flash_mp_link_get_session (link);
  g_autoptr (GError) local_error = NULL;
  guint64 blocks;

  if (select_step (link, step, &local_error) &&
      for_each_block (link, step, meter, FLASH_ACTIVITY_VERIFYING, cancellable, compare_block,
                      &blocks, &local_error)) {
    stop_reading (session);
    return TRUE;
  }

  flash_job_error_adopt (&local_error);
  if (g_error_matches (local_error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH) ||
      g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    stop_reading (session);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s: ", step->name);
  return FALSE;
}
