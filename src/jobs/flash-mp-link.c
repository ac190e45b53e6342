/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mp-link"

#include "config.h"

#include "flash-mp-link.h"

/* U-Boot has a serial number only if its environment holds one (section 1.4.1): to wait long for
 * it would delay the boards without at every return. */
#define SERIAL_MS 3000
/* What U-Boot and its SPL are called outside of `stm32prog` (section 1.2). */
#define PLAIN_UBOOT "USB download gadget"

struct _FlashMpLink {
  FlashPortLink port;
  char *serial; /* (owned) (nullable): of the board with which the job began */
  guint device_id; /* its chip, 0 if not known */
  gboolean is_proved; /* what answers has the serial number that was known before it left */
  FlashDfuSession *session; /* (owned) (nullable) */
  FlashDescriptors *descriptors; /* (owned) (nullable) */
  FlashStm32mpProduct product;
  FlashStm32mpStage left_stage; /* in which it was told to leave */
};

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
has_all_strings (gpointer owner, FlashDescriptors *descriptors, guint waited_ms)
{
  FlashMpLink *self = owner;

  if (is_nameless (descriptors))
    return FALSE;
  if (descriptors->serial == NULL && self->serial != NULL && waited_ms < SERIAL_MS)
    return FALSE;
  for (guint i = 0; i < descriptors->alternates->len; i++) {
    const FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);

    if (alternate->name == NULL && !alternate->is_nameless)
      return FALSE;
  }
  return TRUE;
}

/* Makes a session of the open device. */
static gboolean
read_board (FlashMpLink *self, GError **error)
{
  g_autoptr (FlashDescriptors) descriptors =
      flash_port_link_read_descriptors (&self->port, has_all_strings, error);
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
  self->session =
      flash_dfu_session_new (self->port.transport, self->port.clock,
                             self->descriptors->interface_number, self->port.cancellable);
  set_timeouts (self);
  return TRUE;
}

/* A serial number that is missing is no evidence against the board that is expected on this port,
 * as long as it is the same chip. On another port it is the only evidence there is. */
static gboolean
check_identity (FlashMpLink *self, GError **error)
{
  const char *serial = self->descriptors->serial;
  gboolean is_known = self->serial != NULL && serial != NULL;

  self->is_proved = FALSE;
  if (is_known && !g_str_equal (self->serial, serial)) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD,
                 "serial number %s, expected %s", serial, self->serial);
    return FALSE;
  }
  if (self->device_id != 0 && self->device_id != self->product.device_id) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD,
                 "chip 0x%03x, expected 0x%03x", self->product.device_id, self->device_id);
    return FALSE;
  }
  if (!is_known && self->port.must_prove) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NOT_PROVED_SAME,
                 "serial number %s, expected %s", serial != NULL ? serial : "(none)",
                 self->serial != NULL ? self->serial : "(none)");
    return FALSE;
  }
  self->is_proved = is_known && self->device_id != 0;
  if (self->serial == NULL)
    self->serial = g_strdup (serial);
  self->device_id = self->product.device_id;
  return TRUE;
}

static gboolean
identify (gpointer owner, GError **error)
{
  return read_board (owner, error) && check_identity (owner, error);
}

static void
close_device (gpointer owner)
{
  g_clear_object (&((FlashMpLink *) owner)->session);
}

/* For how long the same failure can be cured by trying again: rights that udev is about to set,
 * strings that come late, a board that leaves again at once. */
static guint
get_patience_ms (const GError *error)
{
  if (g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NO_PERMISSION) ||
      g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY))
    return FLASH_PORT_RIGHTS_MS;
  if (error->domain == FLASH_TRANSPORT_ERROR ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BOARD_SILENT) ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD) ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NOT_PROVED_SAME))
    return FLASH_PORT_OPEN_MS;
  return 0;
}

/* Whether it is in another stage than the one it was told to leave. */
static gboolean
accept_stage (gpointer owner, gboolean has_stayed, GError **error)
{
  FlashMpLink *self = owner;

  if (!has_stayed || self->product.stage != self->left_stage)
    return TRUE;
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK,
                       "the board stays in the stage that it was told to leave");
  return FALSE;
}

static const char *
get_stage (gpointer owner)
{
  return flash_stm32mp_stage_get_name (((FlashMpLink *) owner)->product.stage);
}

static const FlashPortClass port_class = {
  .identify = identify,
  .close = close_device,
  .accept = accept_stage,
  .get_patience_ms = get_patience_ms,
  .get_stage = get_stage,
};

FlashMpLink *
flash_mp_link_new (FlashProvider *provider, FlashBoard *board, FlashClock *clock,
                   FlashJobGate *gate, GCancellable *cancellable, const FlashSink *sink)
{
  FlashMpLink *self = g_new0 (FlashMpLink, 1);
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);

  flash_port_link_init (&self->port, &port_class, self, provider, board, clock, gate, cancellable,
                        sink);
  if (descriptors != NULL) {
    self->serial = g_strdup (descriptors->serial);
    flash_stm32mp_parse_product (descriptors->product, &self->product);
    self->device_id = self->product.device_id;
  }
  return self;
}

void
flash_mp_link_free (FlashMpLink *self)
{
  flash_port_link_clear (&self->port);
  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
  flash_stm32mp_product_clear (&self->product);
  g_free (self->serial);
  g_free (self);
}

gboolean
flash_mp_link_open (FlashMpLink *self, GError **error)
{
  return flash_port_link_open (&self->port, error);
}

gboolean
flash_mp_link_wait_return (FlashMpLink *self, const FlashPortWait *wait, GError **error)
{
  self->left_stage = self->product.stage;
  return flash_port_link_wait_return (&self->port, wait, error);
}

/* What it means that a first stage never spoke. */
static gboolean
fail_handover (FlashMpLink *self, const FlashPortVigil *vigil, const GError *last_error,
               GError **error)
{
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FSBL_DID_NOT_START,
               "no answer for %u s after the first boot stage was sent: %s",
               flash_port_link_get_elapsed_ms (&self->port, vigil->start_us) / 1000,
               last_error->message);
  return FALSE;
}

gboolean
flash_mp_link_wait_handover (FlashMpLink *self, guint patience_ms, GError **error)
{
  const FlashPortWait wait = { .patience_ms = patience_ms,
                               .stage = "tf-a",
                               .expected = "the first boot stage" };
  FlashPortVigil vigil;

  flash_port_link_begin_vigil (&self->port, &vigil, &wait);
  self->port.has_left = FALSE;
  for (;;) {
    g_autoptr (GError) local_error = NULL;
    g_autoptr (GError) stop = NULL;
    gboolean is_there = read_board (self, &local_error);

    if (is_there ||
        g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE))
      flash_port_link_end_vigil (&self->port, &vigil);
    if (is_there)
      return check_identity (self, error);
    if (g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE))
      return flash_mp_link_wait_return (self, &wait, error);
    if (flash_port_link_keep_vigil (&self->port, &vigil, &stop)) {
      if (!flash_port_link_is_moved (&self->port))
        continue;
      /* It is said to be elsewhere: what is silent here is not the board any more. */
      return flash_mp_link_wait_return (self, &wait, error);
    }
    if (stop == NULL)
      return fail_handover (self, &vigil, local_error, error);
    g_propagate_error (error, g_steal_pointer (&stop));
    return FALSE;
  }
}

void
flash_mp_link_lose (FlashMpLink *self)
{
  flash_port_link_lose (&self->port, NULL, "the board");
}

FlashJobAnswer
flash_mp_link_ask (FlashMpLink *self, FlashJobQuestion question, GError **error)
{
  return flash_port_link_ask (&self->port, question, error);
}

gboolean
flash_mp_link_wait_gone (FlashMpLink *self, guint patience_ms)
{
  return flash_port_link_wait_gone (&self->port, patience_ms);
}

gboolean
flash_mp_link_falls_back (FlashMpLink *self, guint watch_ms)
{
  gint64 start_us = flash_clock_get_time_us (self->port.clock);

  do {
    g_autoptr (FlashBoard) board = flash_provider_peek_port (self->port.provider, self->port.port);
    FlashDescriptors *descriptors = board != NULL ? flash_board_get_descriptors (board) : NULL;

    if (descriptors != NULL && !is_nameless (descriptors)) {
      g_auto (FlashStm32mpProduct) product = { 0 };

      return flash_stm32mp_parse_product (descriptors->product, &product) &&
             product.stage == FLASH_STM32MP_STAGE_ROM;
    }
    if (!flash_clock_wait_ms (self->port.clock, FLASH_PORT_POLL_MS, self->port.cancellable, NULL))
      break;
  } while (flash_port_link_get_elapsed_ms (&self->port, start_us) < watch_ms);
  return FALSE;
}

gboolean
flash_mp_link_stays_away (FlashMpLink *self, guint watch_ms)
{
  gint64 start_us = flash_clock_get_time_us (self->port.clock);

  while (!flash_port_link_is_present (&self->port)) {
    if (flash_port_link_get_elapsed_ms (&self->port, start_us) >= watch_ms ||
        !flash_clock_wait_ms (self->port.clock, FLASH_PORT_POLL_MS, self->port.cancellable, NULL))
      return TRUE;
  }
  return FALSE;
}

gboolean
flash_mp_link_is_present (FlashMpLink *self)
{
  return flash_port_link_is_present (&self->port);
}

/* Whether it calls itself a ROM, by what this computer knows without asking. */
static gboolean
is_rom (FlashBoard *board)
{
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);
  g_auto (FlashStm32mpProduct) product = { 0 };

  return descriptors != NULL && descriptors->product != NULL &&
         flash_stm32mp_parse_product (descriptors->product, &product) &&
         product.stage == FLASH_STM32MP_STAGE_ROM;
}

gboolean
flash_mp_link_comes_back_in_rom (FlashMpLink *self, guint watch_ms)
{
  gint64 start_us = flash_clock_get_time_us (self->port.clock);

  for (;;) {
    g_autoptr (FlashBoard) board = flash_port_link_peek (&self->port);
    guint waited_ms = flash_port_link_get_elapsed_ms (&self->port, start_us);

    if (board != NULL && is_rom (board) &&
        flash_board_get_generation (board) != flash_board_get_generation (self->port.board))
      return TRUE;
    if (waited_ms >= watch_ms ||
        !flash_clock_wait_ms (self->port.clock, FLASH_PORT_POLL_MS, self->port.cancellable, NULL))
      return FALSE;
  }
}

gboolean
flash_mp_link_is_proved (FlashMpLink *self)
{
  return self->is_proved;
}

gboolean
flash_mp_link_can_read (FlashMpLink *self)
{
  return !self->descriptors->has_functional ||
         (self->descriptors->attributes & FLASH_DFU_CAN_UPLOAD) != 0;
}

gboolean
flash_mp_link_has_left (FlashMpLink *self)
{
  return self->port.has_left;
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
