/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain DFU devices: one file as it is, without addresses (stm32-dfuse.md sections 1.7 and 1.8).
 * Reading back comes after the end of the download, since many devices take the blocks only then;
 * so a device that restarts at the end cannot be verified, and that is said.
 *
 * Thread: worker. */
#define G_LOG_DOMAIN "flash-mcu-plain"

#include "config.h"

#include "flash-mcu-private.h"

#define GONE_MS 3000
/* How long a boot loader gets to show that it has only restarted. */
#define RESTART_MS 1500
/* As weights. */
#define BYTES_PER_S 100e3
/* More than any device that has no map will hold. */
#define MAX_READ (64u * 1024 * 1024)
/* What a device without a functional descriptor can take (section 1.2). */
#define DEFAULT_BLOCK 64

typedef struct {
  FlashMcuRun *run;
  FlashDfuSession *session;
  FlashDescriptors *descriptors;
  guint8 alternate;
  gsize block_size;
  gboolean is_away; /* it left the bus at the end of a download */
} Plain;

static gboolean
can_upload (Plain *self)
{
  return !self->descriptors->has_functional ||
         (self->descriptors->attributes & FLASH_DFU_CAN_UPLOAD) != 0;
}

static gboolean
has_alternate (Plain *self, guint8 number)
{
  for (guint i = 0; i < self->descriptors->alternates->len; i++)
    if (((const FlashAlternate *) g_ptr_array_index (self->descriptors->alternates, i))->number ==
        number)
      return TRUE;
  return FALSE;
}

/* Never another one than was asked for. */
static gboolean
choose_alternate (Plain *self, gint number, GError **error)
{
  if (number < 0)
    return TRUE;
  if (number > G_MAXUINT8 || !has_alternate (self, (guint8) number)) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_OUTSIDE_MEMORY,
                 "the device has no alternate setting %d", number);
    return FALSE;
  }
  self->alternate = (guint8) number;
  return TRUE;
}

static gboolean
init (Plain *self, FlashMcuRun *run, GError **error)
{
  FlashDfuQuirks quirks;

  *self = (Plain){ .run = run,
                   .session = flash_mcu_link_get_session (run->link),
                   .descriptors = flash_mcu_link_get_descriptors (run->link) };
  flash_dfu_quirks_find (self->descriptors, &quirks);
  self->block_size = quirks.transfer_size > 0 ? quirks.transfer_size : DEFAULT_BLOCK;
  self->block_size = MIN (self->block_size, FLASH_TRANSPORT_MAX_DATA);
  if (run->job->block_size > 0)
    self->block_size = MIN (self->block_size, run->job->block_size);
  /* Nobody may have asked: then it is the first one, whatever its number. */
  if (self->descriptors->alternates->len > 0)
    self->alternate =
        ((const FlashAlternate *) g_ptr_array_index (self->descriptors->alternates, 0))->number;
  return choose_alternate (self, run->job->alternate > 0 ? run->job->alternate : -1, error);
}

/* --- Reading -------------------------------------------------------------------------------- */

/* Reads up to @limit bytes, or to the end of what the device gives. Returns: (nullable) */
static GByteArray *
upload (Plain *self, FlashActivity activity, gsize limit, GError **error)
{
  FlashMcuRun *run = self->run;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gboolean is_over = FALSE;

  if (!flash_dfu_session_select (self->session, self->alternate, error))
    return NULL;
  for (guint64 block = 0; !is_over && bytes->len < limit; block++) {
    guint old_length = bytes->len;
    gsize length = 0;

    if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
      return NULL;
    g_byte_array_set_size (bytes, old_length + (guint) self->block_size);
    if (!flash_dfu_session_upload (self->session, block, bytes->data + old_length, self->block_size,
                                   &length, error))
      return NULL;
    g_byte_array_set_size (bytes, old_length + (guint) length);
    is_over = length < self->block_size;
    flash_mcu_news_advance (&run->news, activity, 0, length);
  }
  if (!is_over)
    flash_dfu_session_abort (self->session, NULL);
  return g_steal_pointer (&bytes);
}

static gboolean
fail_unreadable (GError **error)
{
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_CANNOT_READ,
                       "the device cannot be read, or left at the end of the download");
  return FALSE;
}

static gboolean
read_all (Plain *self, GError **error)
{
  const FlashMcuJob *job = self->run->job;
  gsize limit = job->length > 0 ? (gsize) MIN (job->length, MAX_READ) : MAX_READ;
  g_autoptr (GByteArray) bytes = NULL;

  if (!can_upload (self))
    return fail_unreadable (error);
  flash_mcu_news_expect (&self->run->news, FLASH_MCU_STEP_READ, 1, job->length);
  flash_mcu_news_begin (&self->run->news, FLASH_MCU_STEP_READ);
  bytes = upload (self, FLASH_ACTIVITY_READING, limit, error);
  if (bytes == NULL)
    return FALSE;
  if (job->length > 0 && bytes->len < job->length) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_OUTSIDE_MEMORY,
                 "the device gave %u bytes of %" G_GUINT64_FORMAT, bytes->len, job->length);
    return FALSE;
  }
  if (job->length > 0)
    g_byte_array_set_size (bytes, (guint) job->length);
  self->run->result->content = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return TRUE;
}

/* Compares with what the device gives, which may go on behind it. */
static gboolean
compare (Plain *self, GBytes *wanted, GError **error)
{
  FlashMcuResult *result = self->run->result;
  gsize length = g_bytes_get_size (wanted);
  g_autoptr (GByteArray) bytes = upload (self, FLASH_ACTIVITY_VERIFYING, length, error);
  FlashMismatchPiece piece = { .expected = wanted };
  g_autoptr (GBytes) found = NULL;

  if (bytes == NULL)
    return FALSE;
  if (bytes->len < length) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH,
                 "the device gave back %u bytes of %" G_GSIZE_FORMAT, bytes->len, length);
    return FALSE;
  }
  g_byte_array_set_size (bytes, (guint) length);
  found = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  piece.found = found;
  flash_mismatch_classify (&piece, 1, 0xff, &result->mismatch);
  if (result->mismatch.kind != FLASH_MISMATCH_NONE) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH,
                 "%" G_GUINT64_FORMAT " of %" G_GSIZE_FORMAT " bytes differ, the first at %u",
                 result->mismatch.n_wrong, length, result->mismatch.first);
    return FALSE;
  }
  result->bytes_verified = length;
  result->is_verified = TRUE;
  flash_mcu_news_tell (&self->run->news, FLASH_EVENT_VERIFIED, FLASH_MCU_STEP_VERIFY, length);
  return TRUE;
}

/* --- Writing -------------------------------------------------------------------------------- */

/* stm32-dfuse.md section 1.11: ids that mean any. */
static gboolean
is_any (guint16 id)
{
  return id == 0xffff || id == 0x0000;
}

static void
warn_of_suffix (Plain *self)
{
  const FlashImage *image = self->run->job->image;
  const FlashDfuSuffix *suffix = &image->suffix;
  g_autofree char *message = NULL;

  if (!image->has_suffix ||
      ((is_any (suffix->vendor) || suffix->vendor == self->descriptors->vid) &&
       (is_any (suffix->product) || suffix->product == self->descriptors->pid)))
    return;
  message = g_strdup_printf ("the file is for %04x:%04x, the device is %04x:%04x", suffix->vendor,
                             suffix->product, self->descriptors->vid, self->descriptors->pid);
  flash_mcu_news_warning (&self->run->news, "suffix-other-device", message);
}

/* The one block of bytes that a device without addresses can take. */
static GBytes *
find_content (Plain *self, GError **error)
{
  const FlashImage *image = self->run->job->image;
  const FlashImageTarget *target;

  if (image->format == FLASH_FORMAT_DFUSE && !self->run->job->firmware_options.leaves_out) {
    g_set_error_literal (
        error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FIRMWARE_REFUSED,
        "the file has addresses, for ST's boot loaders, and the device knows none");
    return NULL;
  }

  if (!flash_image_is_usable (image) || image->targets->len != 1) {
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FIRMWARE_REFUSED,
                         "the file has not exactly one image");
    return NULL;
  }
  target = g_ptr_array_index (image->targets, 0);
  if (target->segments->len != 1) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FIRMWARE_REFUSED,
                 "the file has %u parts at different addresses, and the device knows no addresses",
                 target->segments->len);
    return NULL;
  }
  if (target->alternate > 0 && !choose_alternate (self, target->alternate, error))
    return NULL;
  warn_of_suffix (self);
  return ((const FlashImageSegment *) g_ptr_array_index (target->segments, 0))->bytes;
}

static gboolean
download (Plain *self, GBytes *content, GError **error)
{
  FlashMcuRun *run = self->run;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (content, &length);
  guint64 block = 0;
  FlashDfuEnd end = FLASH_DFU_END_IDLE;

  if (!flash_dfu_session_select (self->session, self->alternate, error))
    return FALSE;
  run->is_touched = TRUE;
  for (gsize at = 0; at < length; block++) {
    gsize n_bytes = MIN (length - at, self->block_size);

    if (g_cancellable_set_error_if_cancelled (run->cancellable, error) ||
        !flash_dfu_session_download (self->session, block, bytes + at, n_bytes, error))
      return FALSE;
    at += n_bytes;
    run->result->bytes_written += n_bytes;
    flash_mcu_news_advance (&run->news, FLASH_ACTIVITY_SENDING, 0, n_bytes);
  }
  if (!flash_dfu_session_finish (self->session, block, &end, error))
    return FALSE;
  if (end == FLASH_DFU_END_SILENT) {
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_ANSWER,
                         "the device took the end of the data and does not answer since");
    return FALSE;
  }
  run->result->is_written = TRUE;
  run->result->state = FLASH_MCU_STATE_LOADER;
  self->is_away = end == FLASH_DFU_END_AWAY;
  flash_mcu_news_tell (&run->news, FLASH_EVENT_WRITTEN, FLASH_MCU_STEP_WRITE, length);
  return TRUE;
}

/* Sees what becomes of a device that was told to leave. */
static void
follow_departure (Plain *self)
{
  FlashMcuRun *run = self->run;

  if (flash_mcu_link_wait_gone (run->link, GONE_MS) &&
      flash_mcu_link_wait_sequel (run->link, RESTART_MS) != FLASH_MCU_SEQUEL_LOADER) {
    run->result->is_started = TRUE;
    run->result->state = FLASH_MCU_STATE_STARTED;
    flash_mcu_news_tell (&run->news, FLASH_EVENT_STARTED, FLASH_MCU_STEP_START, 0);
    return;
  }
  run->result->state = FLASH_MCU_STATE_NEEDS_RESET;
  flash_mcu_news_warning (&run->news, "needs-reset", "the device stays in DFU mode, or came back");
}

/* A reset of the bus ends the DFU mode (section 1.10). */
static gboolean
leave (Plain *self)
{
  g_autoptr (GError) error = NULL;

  flash_mcu_news_begin (&self->run->news, FLASH_MCU_STEP_START);
  if (!flash_dfu_session_detach (self->session, &error))
    g_debug ("DETACH: %s", error->message);
  flash_mcu_link_reset_bus (self->run->link);
  follow_departure (self);
  return TRUE;
}

static gboolean
program (Plain *self, GError **error)
{
  FlashMcuRun *run = self->run;
  GBytes *content = find_content (self, error);
  double seconds;

  if (content == NULL)
    return FALSE;
  seconds = (double) g_bytes_get_size (content) / BYTES_PER_S + 0.1;
  flash_mcu_news_expect (&run->news, FLASH_MCU_STEP_WRITE, seconds, g_bytes_get_size (content));
  if (run->job->verifies)
    flash_mcu_news_expect (&run->news, FLASH_MCU_STEP_VERIFY, seconds, g_bytes_get_size (content));
  flash_mcu_news_begin (&run->news, FLASH_MCU_STEP_WRITE);
  if (!download (self, content, error))
    return FALSE;
  if (self->is_away)
    follow_departure (self);
  if (run->job->verifies) {
    flash_mcu_news_begin (&run->news, FLASH_MCU_STEP_VERIFY);
    if (self->is_away || !can_upload (self))
      return fail_unreadable (error);
    if (!compare (self, content, error))
      return FALSE;
  }
  return self->is_away || !run->job->starts || leave (self);
}

static gboolean
compare_only (Plain *self, GError **error)
{
  GBytes *content = find_content (self, error);

  if (content == NULL)
    return FALSE;
  if (!can_upload (self))
    return fail_unreadable (error);
  flash_mcu_news_expect (&self->run->news, FLASH_MCU_STEP_COMPARE, 1, g_bytes_get_size (content));
  flash_mcu_news_begin (&self->run->news, FLASH_MCU_STEP_COMPARE);
  if (!compare (self, content, error))
    return FALSE;
  self->run->result->is_up_to_date = TRUE;
  return TRUE;
}

gboolean
flash_mcu_plain (FlashMcuRun *run, GError **error)
{
  Plain self;

  if (!init (&self, run, error))
    return FALSE;
  switch (run->job->verb) {
  case FLASH_MCU_PROGRAM:
    return program (&self, error);
  case FLASH_MCU_COMPARE:
    return compare_only (&self, error);
  case FLASH_MCU_READ:
    return read_all (&self, error);
  case FLASH_MCU_LEAVE:
    if (leave (&self) && run->result->is_started)
      return TRUE;
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DID_NOT_START,
                         "the device stays in DFU mode, or came back");
    return FALSE;
  case FLASH_MCU_DETACH:
    return TRUE;
  case FLASH_MCU_ERASE:
  case FLASH_MCU_WRITE_OPTIONS:
  case FLASH_MCU_UNPROTECT:
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                         "a plain DFU device knows no addresses, sectors or option bytes");
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}
