/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-link"

#include "config.h"

#include "flash-mcu-link.h"

#include "flash-stm32mp.h"

/* How often the port is looked at while a board is away. */
#define POLL_MS 100
#define OPEN_MS 10000
/* A new node needs a moment until udev has set its rights. */
#define RIGHTS_MS 3000
/* A fast host may get some strings only at the next try (stm32-dfuse.md section 7.1, number 22). */
#define STRINGS_MS 10000
#define PROBE_TIMEOUT_MS 1000
/* After so much silence people want to know what is going on (users-and-journeys.md section 3). */
#define TELL_AFTER_MS 5000
/* How long a board that may go on without leaving the bus gets before it is asked. */
#define MAY_STAY_AFTER_MS 1500
/* Section 1.9: others wait 5 s for the boot loader; slow ones need up to 10 s (section 8.8). */
#define DETACH_MS 15000

struct _FlashMcuLink {
  FlashProvider *provider; /* (owned) */
  FlashClock *clock; /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) */
  const FlashSink *sink; /* (not owned) */
  FlashBoard *board; /* (owned): the latest that was opened */
  FlashDescriptors *known; /* (owned) (nullable): the boot loader with which the job began */
  FlashTransport *transport; /* (owned) (nullable) */
  FlashDescriptors *descriptors; /* (owned) (nullable) */
  FlashDfuDialect dialect;
  FlashDfuse *dfuse; /* (owned) (nullable) */
  FlashDfuSession *session; /* (owned) (nullable) */
  gboolean has_left; /* in the last wait for it to return */
};

FlashMcuLink *
flash_mcu_link_new (FlashProvider *provider, FlashBoard *board, FlashClock *clock,
                    GCancellable *cancellable, const FlashSink *sink)
{
  FlashMcuLink *self = g_new0 (FlashMcuLink, 1);
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);

  self->provider = g_object_ref (provider);
  self->board = g_object_ref (board);
  self->clock = g_object_ref (clock);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->sink = sink;
  if (descriptors != NULL)
    self->known = flash_descriptors_ref (descriptors);
  return self;
}

static void
close_device (FlashMcuLink *self)
{
  g_clear_pointer (&self->dfuse, flash_dfuse_free);
  g_clear_object (&self->session);
  if (self->transport != NULL)
    flash_transport_close (self->transport);
  g_clear_object (&self->transport);
}

void
flash_mcu_link_free (FlashMcuLink *self)
{
  close_device (self);
  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
  g_clear_pointer (&self->known, flash_descriptors_unref);
  g_clear_object (&self->cancellable);
  g_object_unref (self->board);
  g_object_unref (self->clock);
  g_object_unref (self->provider);
  g_free (self);
}

static guint
elapsed_ms (FlashMcuLink *self, gint64 since_us)
{
  return (guint) ((flash_clock_get_time_us (self->clock) - since_us) / 1000);
}

static void
emit (FlashMcuLink *self, FlashEventKind kind, guint duration_ms, const char *message)
{
  g_autoptr (FlashEvent) event = flash_event_new (kind);

  event->duration_ms = duration_ms;
  event->message = g_strdup (message);
  if (kind == FLASH_EVENT_RETURNED)
    event->stage = "bootloader";
  self->sink->event (event, self->sink->data);
}

/* A DfuSe device whose strings came only in part would pass for another one. What has no string is
 * not waited for. */
static gboolean
has_all_strings (FlashDescriptors *descriptors)
{
  FlashDfuQuirks quirks;

  flash_dfu_quirks_find (descriptors, &quirks);
  if (quirks.bcd_dfu != FLASH_DFU_VERSION_DFUSE ||
      descriptors->protocol == FLASH_DFU_PROTOCOL_RUNTIME)
    return TRUE;
  for (guint i = 0; i < descriptors->alternates->len; i++) {
    const FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);

    if (alternate->name == NULL && !alternate->is_nameless)
      return FALSE;
  }
  return TRUE;
}

static FlashDescriptors *
read_descriptors (FlashMcuLink *self, GError **error)
{
  gint64 start_us = flash_clock_get_time_us (self->clock);

  for (;;) {
    g_autoptr (FlashDescriptors) descriptors =
        flash_descriptors_read (self->transport, PROBE_TIMEOUT_MS, error);

    if (descriptors == NULL || has_all_strings (descriptors) ||
        elapsed_ms (self, start_us) >= STRINGS_MS)
      return g_steal_pointer (&descriptors);
    if (!flash_clock_wait_ms (self->clock, POLL_MS, self->cancellable, error))
      return NULL;
  }
}

/* The same boot loader with another serial number is another board; but there are some whose
 * serial numbers are all alike, and a program may have one of its own (section 0.3, fact 11). */
static gboolean
check_identity (FlashMcuLink *self, FlashDescriptors *descriptors, GError **error)
{
  FlashDescriptors *known = self->known;
  FlashDfuQuirks quirks;

  flash_dfu_quirks_find (descriptors, &quirks);
  if (known == NULL || known->serial == NULL || descriptors->serial == NULL ||
      (quirks.flags & FLASH_DFU_QUIRK_SERIAL_SHARED) != 0 || known->vid != descriptors->vid ||
      known->pid != descriptors->pid || known->protocol != descriptors->protocol ||
      g_str_equal (known->serial, descriptors->serial))
    return TRUE;
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD,
               "serial number %s, expected %s", descriptors->serial, known->serial);
  return FALSE;
}

static gboolean
has_speech (FlashDescriptors *descriptors, FlashDfuDialect *out_dialect, GError **error)
{
  g_auto (FlashStm32mpProduct) product = { 0 };

  *out_dialect = flash_dfu_quirks_get_dialect (descriptors);
  if (*out_dialect != FLASH_DFU_DIALECT_NONE &&
      !flash_stm32mp_parse_product (descriptors->product, &product))
    return TRUE;
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_DFU, "the device calls itself \"%s\"",
               descriptors->product != NULL ? descriptors->product : "");
  return FALSE;
}

/* Makes a conversation of the open device. */
static gboolean
identify (FlashMcuLink *self, GError **error)
{
  g_autoptr (FlashDescriptors) descriptors = read_descriptors (self, error);
  FlashDfuDialect dialect;

  if (descriptors == NULL || !has_speech (descriptors, &dialect, error) ||
      !check_identity (self, descriptors, error))
    return FALSE;

  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
  self->descriptors = g_steal_pointer (&descriptors);
  self->dialect = dialect;
  if (dialect == FLASH_DFU_DIALECT_DFUSE) {
    self->dfuse =
        flash_dfuse_new (self->transport, self->clock, self->descriptors, self->cancellable);
    return TRUE;
  }
  self->session = flash_dfu_session_new (self->transport, self->clock,
                                         self->descriptors->interface_number, self->cancellable);
  flash_dfu_session_set_device (self->session, self->descriptors);
  return TRUE;
}

static gboolean
open_board (FlashMcuLink *self, FlashBoard *board, GError **error)
{
  g_set_object (&self->board, board);
  self->transport = flash_board_open (board, error);
  if (self->transport != NULL && identify (self, error))
    return TRUE;
  close_device (self);
  return FALSE;
}

/* For how long the same failure can be cured by trying again. */
static guint
get_patience_ms (const GError *error)
{
  if (g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NO_PERMISSION) ||
      g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY) ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD))
    return RIGHTS_MS;
  return error->domain == FLASH_TRANSPORT_ERROR ? OPEN_MS : 0;
}

static void
tell_waiting (FlashMcuLink *self, guint waited_ms, const FlashMcuWait *wait, gboolean *told)
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
flash_mcu_link_open (FlashMcuLink *self, GError **error)
{
  static const FlashMcuWait wait = { .patience_ms = OPEN_MS, .expected = "the board" };
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

static gboolean
is_same_presence (FlashBoard *a, FlashBoard *b)
{
  return flash_board_get_generation (a) == flash_board_get_generation (b);
}

/* Whether what stands on the port is worth opening: it has come back, and is not the one that is to
 * leave. */
static gboolean
has_come_back (FlashBoard *board, FlashBoard *left, guint waited_ms, const FlashMcuWait *wait)
{
  return board != NULL &&
         (!is_same_presence (board, left) || (wait->may_stay && waited_ms >= MAY_STAY_AFTER_MS));
}

static gboolean
take_back (FlashMcuLink *self, FlashBoard *board, GError **error)
{
  if (!open_board (self, board, error))
    return FALSE;
  if (self->dialect != FLASH_DFU_DIALECT_RUNTIME)
    return TRUE;
  close_device (self);
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                       "the board goes on running its program");
  return FALSE;
}

/* What a wait that was in vain means: another board, or one without rights, is more telling than
 * "it never came back". */
static gboolean
fail_wait (FlashMcuLink *self, const FlashMcuWait *wait, GError *last_error, GError **error)
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
flash_mcu_link_wait_return (FlashMcuLink *self, const FlashMcuWait *wait, GError **error)
{
  gint64 start_us = flash_clock_get_time_us (self->clock);
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
    board = flash_provider_peek_port (self->provider, flash_board_get_port (left));
    if (has_come_back (board, left, waited_ms, wait)) {
      g_clear_error (&last_error);
      if (take_back (self, board, &last_error)) {
        self->has_left = !is_same_presence (board, left);
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
flash_mcu_link_detach (FlashMcuLink *self, GError **error)
{
  static const FlashMcuWait wait = { .patience_ms = DETACH_MS,
                                     .expected = "the boot loader",
                                     .may_stay = TRUE };
  g_autoptr (GError) local_error = NULL;
  gboolean is_in_dfu = FALSE;

  g_return_val_if_fail (self->dialect == FLASH_DFU_DIALECT_RUNTIME, FALSE);

  if (!flash_dfu_session_leave_runtime (self->session, &is_in_dfu, &local_error)) {
    if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    /* What has left the bus may have left it because it was told to. */
    g_debug ("DETACH: %s", local_error->message);
  }
  if (!is_in_dfu)
    return flash_mcu_link_wait_return (self, &wait, error);
  self->dialect = FLASH_DFU_DIALECT_PLAIN;
  return TRUE;
}

gboolean
flash_mcu_link_has_left (FlashMcuLink *self)
{
  return self->has_left;
}

gboolean
flash_mcu_link_wait_gone (FlashMcuLink *self, guint patience_ms)
{
  gint64 start_us = flash_clock_get_time_us (self->clock);

  close_device (self);
  for (;;) {
    g_autoptr (FlashBoard) board =
        flash_provider_peek_port (self->provider, flash_board_get_port (self->board));

    if (board == NULL || !is_same_presence (board, self->board))
      return TRUE;
    if (elapsed_ms (self, start_us) >= patience_ms ||
        !flash_clock_wait_ms (self->clock, POLL_MS, self->cancellable, NULL))
      return FALSE;
  }
}

FlashMcuSequel
flash_mcu_link_wait_sequel (FlashMcuLink *self, guint patience_ms)
{
  gint64 start_us = flash_clock_get_time_us (self->clock);

  for (;;) {
    g_autoptr (FlashBoard) board =
        flash_provider_peek_port (self->provider, flash_board_get_port (self->board));
    FlashDescriptors *now = board != NULL ? flash_board_get_descriptors (board) : NULL;

    if (now != NULL && !is_same_presence (board, self->board))
      return now->vid == self->descriptors->vid && now->pid == self->descriptors->pid &&
                     now->protocol == self->descriptors->protocol
                 ? FLASH_MCU_SEQUEL_LOADER
                 : FLASH_MCU_SEQUEL_PROGRAM;
    if (elapsed_ms (self, start_us) >= patience_ms ||
        !flash_clock_wait_ms (self->clock, POLL_MS, self->cancellable, NULL))
      return FLASH_MCU_SEQUEL_NOTHING;
  }
}

gboolean
flash_mcu_link_is_present (FlashMcuLink *self)
{
  g_autoptr (FlashBoard) board =
      flash_provider_peek_port (self->provider, flash_board_get_port (self->board));

  return board != NULL;
}

void
flash_mcu_link_reset_bus (FlashMcuLink *self)
{
  g_autoptr (GError) error = NULL;

  if (self->transport != NULL && !flash_transport_reset (self->transport, &error))
    g_debug ("reset of the bus: %s", error->message);
}

FlashDfuDialect
flash_mcu_link_get_dialect (FlashMcuLink *self)
{
  return self->dialect;
}

FlashDescriptors *
flash_mcu_link_get_descriptors (FlashMcuLink *self)
{
  return self->descriptors;
}

FlashDfuse *
flash_mcu_link_get_dfuse (FlashMcuLink *self)
{
  return self->dfuse;
}

FlashDfuSession *
flash_mcu_link_get_session (FlashMcuLink *self)
{
  return self->session;
}
