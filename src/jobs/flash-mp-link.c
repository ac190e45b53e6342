/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mp-link"

#include "config.h"

#include "flash-mp-link.h"

/* How often the port is looked at while a board is away. */
#define POLL_MS 100
#define OPEN_MS 10000
/* A new node needs a moment until udev has set its rights; services look at what is new, too. */
#define RIGHTS_MS 3000
/* ROMs and gadgets may refuse string requests at first (stm32mp-usb.md section 1.11). */
#define STRINGS_MS 10000
/* U-Boot has a serial number only if its environment holds one (section 1.4.1): to wait long for
 * it would delay the boards without at every return. */
#define SERIAL_MS 3000
/* What U-Boot and its SPL are called outside of `stm32prog` (section 1.2). */
#define PLAIN_UBOOT "USB download gadget"
/* A question to a board of which nobody knows whether it lives. */
#define PROBE_TIMEOUT_MS 1000
/* After so much silence people want to know what is going on (users-and-journeys.md section 3). */
#define TELL_AFTER_MS 5000
/* How long a board that may go on without leaving the bus gets before it is asked. */
#define MAY_STAY_AFTER_MS 1500

struct _FlashMpLink {
  FlashProvider *provider; /* (owned) */
  FlashClock *clock; /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) */
  const FlashSink *sink; /* (not owned) */
  FlashBoard *board; /* (owned): the latest that was opened */
  char *serial; /* (owned) (nullable): of the board with which the job began */
  guint device_id; /* its chip, 0 if not known */
  FlashTransport *transport; /* (owned) (nullable) */
  FlashDfuSession *session; /* (owned) (nullable) */
  FlashDescriptors *descriptors; /* (owned) (nullable) */
  FlashStm32mpProduct product;
};

FlashMpLink *
flash_mp_link_new (FlashProvider *provider, FlashBoard *board, FlashClock *clock,
                   GCancellable *cancellable, const FlashSink *sink)
{
  FlashMpLink *self = g_new0 (FlashMpLink, 1);
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);

  self->provider = g_object_ref (provider);
  self->board = g_object_ref (board);
  self->clock = g_object_ref (clock);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->sink = sink;
  if (descriptors != NULL) {
    self->serial = g_strdup (descriptors->serial);
    flash_stm32mp_parse_product (descriptors->product, &self->product);
    self->device_id = self->product.device_id;
  }
  return self;
}

static void
close_device (FlashMpLink *self)
{
  if (self->transport != NULL)
    flash_transport_close (self->transport);
  g_clear_object (&self->session);
  g_clear_object (&self->transport);
}

void
flash_mp_link_free (FlashMpLink *self)
{
  close_device (self);
  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
  flash_stm32mp_product_clear (&self->product);
  g_free (self->serial);
  g_clear_object (&self->cancellable);
  g_object_unref (self->board);
  g_object_unref (self->clock);
  g_object_unref (self->provider);
  g_free (self);
}

static guint
elapsed_ms (FlashMpLink *self, gint64 since_us)
{
  return (guint) ((flash_clock_get_time_us (self->clock) - since_us) / 1000);
}

static void
emit (FlashMpLink *self, FlashEventKind kind, guint duration_ms, const char *message)
{
  g_autoptr (FlashEvent) event = flash_event_new (kind);

  event->duration_ms = duration_ms;
  event->message = g_strdup (message);
  if (kind == FLASH_EVENT_RETURNED)
    event->stage = flash_stm32mp_stage_get_name (self->product.stage);
  self->sink->event (event, self->sink->data);
}

/* stm32mp-usb.md sections 2.3 and 7.1. U-Boot answers nothing while it writes its 8 MiB buffer or
 * erases the rest of a UBI partition. */
static void
set_timeouts (FlashMpLink *self)
{
  static const FlashDfuTimeouts boot = {
    .control_ms = 10000, .download_ms = 15000, .manifest_ms = 15000, .busy_ms = 15000
  };
  /* Its silence after the first stage is usual, and followed elsewhere. */
  static const FlashDfuTimeouts silent_rom = {
    .control_ms = 10000, .download_ms = 15000, .manifest_ms = 3000, .busy_ms = 15000
  };
  static const FlashDfuTimeouts uboot = {
    .control_ms = 30000, .download_ms = 60000, .manifest_ms = 600000, .busy_ms = 60000
  };

  gboolean is_silent = self->product.stage == FLASH_STM32MP_STAGE_ROM &&
                       self->product.family == FLASH_STM32MP_FAMILY_MP15;

  flash_dfu_session_set_timeouts (self->session, self->product.stage == FLASH_STM32MP_STAGE_UBOOT
                                                     ? &uboot
                                                 : is_silent ? &silent_rom
                                                             : &boot);
}

/* A board in limbo may give empty strings (stm32mp-usb.md section 7.3, number 6). */
static gboolean
is_nameless (FlashDescriptors *descriptors)
{
  return descriptors->product == NULL || descriptors->product[0] == '\0';
}

static gboolean
has_all_strings (FlashMpLink *self, FlashDescriptors *descriptors, guint waited_ms)
{
  if (is_nameless (descriptors))
    return FALSE;
  if (descriptors->serial == NULL && self->serial != NULL && waited_ms < SERIAL_MS)
    return FALSE;
  for (guint i = 0; i < descriptors->alternates->len; i++)
    if (((const FlashAlternate *) g_ptr_array_index (descriptors->alternates, i))->name == NULL)
      return FALSE;
  return TRUE;
}

/* Reads the descriptors of the open device, live. Strings that are missing are asked for again for
 * a while; a board that never has them all is taken as it is. */
static FlashDescriptors *
read_descriptors (FlashMpLink *self, GError **error)
{
  gint64 start_us = flash_clock_get_time_us (self->clock);

  for (;;) {
    g_autoptr (FlashDescriptors) descriptors =
        flash_descriptors_read (self->transport, PROBE_TIMEOUT_MS, error);
    guint waited_ms = elapsed_ms (self, start_us);

    if (descriptors == NULL || has_all_strings (self, descriptors, waited_ms) ||
        waited_ms >= STRINGS_MS)
      return g_steal_pointer (&descriptors);
    if (!flash_clock_wait_ms (self->clock, POLL_MS, self->cancellable, error))
      return NULL;
  }
}

/* Makes a session of the open device. */
static gboolean
identify (FlashMpLink *self, GError **error)
{
  g_autoptr (FlashDescriptors) descriptors = read_descriptors (self, error);
  g_auto (FlashStm32mpProduct) product = { 0 };

  if (descriptors == NULL)
    return FALSE;
  if (is_nameless (descriptors)) {
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BOARD_SILENT,
                         "the board does not say what it is");
    return FALSE;
  }
  if (!flash_stm32mp_parse_product (descriptors->product, &product) ||
      descriptors->alternates->len == 0) {
    g_set_error (error, FLASH_JOB_ERROR,
                 g_str_equal (descriptors->product, PLAIN_UBOOT) ? FLASH_JOB_ERROR_OTHER_BOOT_LOADER
                                                                 : FLASH_JOB_ERROR_NOT_STM32MP,
                 "the device calls itself \"%s\"", descriptors->product);
    return FALSE;
  }

  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
  self->descriptors = g_steal_pointer (&descriptors);
  flash_stm32mp_product_clear (&self->product);
  self->product = product;
  product.name = NULL;
  g_clear_object (&self->session);
  self->session = flash_dfu_session_new (self->transport, self->clock,
                                         self->descriptors->interface_number, self->cancellable);
  set_timeouts (self);
  return TRUE;
}

/* A serial number that is missing is no evidence against the board that is expected on this port,
 * as long as it is the same chip. */
static gboolean
check_identity (FlashMpLink *self, GError **error)
{
  const char *serial = self->descriptors->serial;

  if (self->serial != NULL && serial != NULL && !g_str_equal (self->serial, serial)) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD,
                 "serial number %s, expected %s", serial, self->serial);
    return FALSE;
  }
  if (self->device_id != 0 && self->device_id != self->product.device_id) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD,
                 "chip 0x%03x, expected 0x%03x", self->product.device_id, self->device_id);
    return FALSE;
  }
  if (self->serial == NULL)
    self->serial = g_strdup (serial);
  self->device_id = self->product.device_id;
  return TRUE;
}

static gboolean
open_board (FlashMpLink *self, FlashBoard *board, GError **error)
{
  g_set_object (&self->board, board);
  self->transport = flash_board_open (board, error);
  return self->transport != NULL && identify (self, error) && check_identity (self, error);
}

/* For how long the same failure can be cured by trying again: rights that udev is about to set,
 * strings that come late, a board that leaves again at once. */
static guint
get_patience_ms (const GError *error)
{
  if (g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NO_PERMISSION) ||
      g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY))
    return RIGHTS_MS;
  if (error->domain == FLASH_TRANSPORT_ERROR ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BOARD_SILENT) ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD))
    return OPEN_MS;
  return 0;
}

static void
tell_waiting (FlashMpLink *self, guint waited_ms, const FlashMpWait *wait, gboolean *told)
{
  FlashSnapshot snapshot = { .activity = FLASH_ACTIVITY_WAITING,
                             .step = -1,
                             .waited_ms = waited_ms,
                             .patience_ms = wait->patience_ms };

  self->sink->progress (&snapshot, self->sink->data);
  if (!*told && waited_ms >= TELL_AFTER_MS) {
    g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_WARNING);

    event->code = "still-waiting";
    event->duration_ms = waited_ms;
    event->message = g_strdup_printf ("still waiting for %s on port %s", wait->expected,
                                      flash_board_get_port (self->board));
    self->sink->event (event, self->sink->data);
    *told = TRUE;
  }
}

gboolean
flash_mp_link_open (FlashMpLink *self, GError **error)
{
  static const FlashMpWait wait = { .patience_ms = OPEN_MS, .expected = "the board" };
  gint64 start_us = flash_clock_get_time_us (self->clock), since_us = start_us;
  gboolean told = TRUE; /* that it has not come back would be the wrong words here */
  int code = -1;

  for (;;) {
    g_autoptr (GError) local_error = NULL;
    g_autoptr (FlashBoard) board =
        flash_provider_peek_port (self->provider, flash_board_get_port (self->board));
    guint waited_ms;

    if (board == NULL)
      g_set_error_literal (&local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE,
                           "nothing is on the port");
    else if (open_board (self, board, &local_error))
      return TRUE;

    close_device (self);
    waited_ms = elapsed_ms (self, start_us);
    since_us = local_error->code != code ? flash_clock_get_time_us (self->clock) : since_us;
    code = local_error->code;
    if (elapsed_ms (self, since_us) >= get_patience_ms (local_error) || waited_ms >= OPEN_MS) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      flash_job_error_adopt (error);
      return FALSE;
    }
    g_debug ("not yet: %s", local_error->message);
    tell_waiting (self, waited_ms, &wait, &told);
    if (!flash_clock_wait_ms (self->clock, POLL_MS, self->cancellable, error))
      return FALSE;
  }
}

/* Whether the board on the port is one that has come back, and not the one that is to leave. */
static gboolean
has_come_back (FlashMpLink *self, FlashBoard *board, guint waited_ms, const FlashMpWait *wait)
{
  return board != NULL &&
         (flash_board_get_generation (board) != flash_board_get_generation (self->board) ||
          (wait->may_stay && waited_ms >= MAY_STAY_AFTER_MS));
}

/* Opens what has come back. Returns: whether it is the board, in a stage that is not the one it
 * was told to leave; if not, @error is what to say should nothing better follow. */
static gboolean
take_back (FlashMpLink *self, FlashBoard *board, FlashStm32mpStage old_stage, GError **error)
{
  gboolean has_stayed =
      flash_board_get_generation (board) == flash_board_get_generation (self->board);

  if (!open_board (self, board, error)) {
    close_device (self);
    return FALSE;
  }
  if (has_stayed && self->product.stage == old_stage) {
    close_device (self);
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK,
                         "the board stays in the stage that it was told to leave");
    return FALSE;
  }
  return TRUE;
}

/* What a wait that was in vain means: another board, or one without rights, is more telling than
 * "it never came back". */
static gboolean
fail_wait (FlashMpLink *self, const FlashMpWait *wait, GError *last_error, GError **error)
{
  if (last_error != NULL &&
      (last_error->domain == FLASH_JOB_ERROR ||
       g_error_matches (last_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NO_PERMISSION) ||
       g_error_matches (last_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY))) {
    g_propagate_error (error, last_error);
    flash_job_error_adopt (error);
    return FALSE;
  }
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK,
               "no answer from %s on port %s within %u s%s%s", wait->expected,
               flash_board_get_port (self->board), wait->patience_ms / 1000,
               last_error != NULL ? ": " : "", last_error != NULL ? last_error->message : "");
  g_clear_error (&last_error);
  return FALSE;
}

gboolean
flash_mp_link_wait_return (FlashMpLink *self, const FlashMpWait *wait, GError **error)
{
  gint64 start_us = flash_clock_get_time_us (self->clock);
  FlashStm32mpStage old_stage = self->product.stage;
  g_autoptr (FlashBoard) left = g_object_ref (self->board);
  g_autoptr (GError) last_error = NULL;
  gboolean told = FALSE;

  close_device (self);
  emit (self, FLASH_EVENT_LOST, 0, wait->expected);

  for (;;) {
    guint waited_ms = elapsed_ms (self, start_us);
    g_autoptr (FlashBoard) board = NULL;

    if (waited_ms >= wait->patience_ms)
      return fail_wait (self, wait, g_steal_pointer (&last_error), error);
    /* Another try must compare with the board that left, not with a failed candidate. */
    g_set_object (&self->board, left);
    board = flash_provider_peek_port (self->provider, flash_board_get_port (left));
    if (has_come_back (self, board, waited_ms, wait)) {
      g_clear_error (&last_error);
      if (take_back (self, board, old_stage, &last_error)) {
        emit (self, FLASH_EVENT_RETURNED, elapsed_ms (self, start_us), NULL);
        return TRUE;
      }
      g_debug ("not yet: %s", last_error->message);
    }
    tell_waiting (self, waited_ms, wait, &told);
    if (!flash_clock_wait_ms (self->clock, POLL_MS, self->cancellable, error))
      return FALSE;
  }
}

gboolean
flash_mp_link_wait_handover (FlashMpLink *self, guint patience_ms, GError **error)
{
  const FlashMpWait wait = { .patience_ms = patience_ms, .expected = "the first boot stage" };
  gint64 start_us = flash_clock_get_time_us (self->clock);
  gboolean told = FALSE;

  for (;;) {
    g_autoptr (GError) local_error = NULL;
    guint waited_ms = elapsed_ms (self, start_us);

    if (identify (self, &local_error))
      return check_identity (self, error);
    if (g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE))
      return flash_mp_link_wait_return (self, &wait, error);
    if (waited_ms >= patience_ms && !g_cancellable_is_cancelled (self->cancellable)) {
      g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FSBL_DID_NOT_START,
                   "no answer for %u s after the first boot stage was sent: %s", waited_ms / 1000,
                   local_error->message);
      return FALSE;
    }
    tell_waiting (self, waited_ms, &wait, &told);
    if (!flash_clock_wait_ms (self->clock, POLL_MS, self->cancellable, error))
      return FALSE;
  }
}

gboolean
flash_mp_link_wait_gone (FlashMpLink *self, guint patience_ms)
{
  gint64 start_us = flash_clock_get_time_us (self->clock);

  close_device (self);
  for (;;) {
    g_autoptr (FlashBoard) board =
        flash_provider_peek_port (self->provider, flash_board_get_port (self->board));

    if (board == NULL ||
        flash_board_get_generation (board) != flash_board_get_generation (self->board))
      return TRUE;
    if (elapsed_ms (self, start_us) >= patience_ms ||
        !flash_clock_wait_ms (self->clock, POLL_MS, self->cancellable, NULL))
      return FALSE;
  }
}

gboolean
flash_mp_link_is_present (FlashMpLink *self)
{
  g_autoptr (FlashBoard) board =
      flash_provider_peek_port (self->provider, flash_board_get_port (self->board));

  return board != NULL;
}

gboolean
flash_mp_link_get_phase (FlashMpLink *self, FlashStm32mpPhase *out_phase, GError **error)
{
  g_auto (FlashStm32mpPhase) phase = { 0 };
  guint8 alternate;

  if (!flash_stm32mp_find_alternate (self->descriptors, FLASH_STM32MP_ID_VIRTUAL, &alternate)) {
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_ALTERNATE_MISSING,
                         "no alternate setting carries Id 0xf1");
    return FALSE;
  }
  if (!flash_stm32mp_get_phase (self->session, alternate, flash_mp_link_get_transfer_size (self),
                                &phase, error)) {
    flash_job_error_adopt (error);
    return FALSE;
  }
  if (!phase.is_complete && self->product.stage != FLASH_STM32MP_STAGE_ROM) {
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_LINK,
                         "the board's phase is cut short");
    return FALSE;
  }
  *out_phase = phase;
  phase.error_text = NULL;
  return TRUE;
}

FlashDfuSession *
flash_mp_link_get_session (FlashMpLink *self)
{
  return self->session;
}

FlashDescriptors *
flash_mp_link_get_descriptors (FlashMpLink *self)
{
  return self->descriptors;
}

const FlashStm32mpProduct *
flash_mp_link_get_product (FlashMpLink *self)
{
  return &self->product;
}

gsize
flash_mp_link_get_transfer_size (FlashMpLink *self)
{
  gsize size = self->descriptors->transfer_size;

  /* Every stage announces one (section 2.1); without, the smallest of them is safe. */
  if (size == 0)
    size = 1024;
  return MIN (size, FLASH_TRANSPORT_MAX_DATA);
}
