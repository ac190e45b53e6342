/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-link"

#include "config.h"

#include "flash-mcu-link.h"

#include "flash-stm32mp.h"

/* Section 1.9: others wait 5 s for the boot loader; slow ones need up to 10 s (section 8.8). */
#define DETACH_MS 15000

struct _FlashMcuLink {
  FlashPortLink port;
  FlashDescriptors *known; /* (owned) (nullable): the boot loader with which the job began */
  FlashDescriptors *descriptors; /* (owned) (nullable) */
  FlashDfuDialect dialect;
  FlashDfuse *dfuse; /* (owned) (nullable) */
  FlashDfuSession *session; /* (owned) (nullable) */
};

/* A DfuSe device whose strings came only in part would pass for another one. What has no string is
 * not waited for. */
static gboolean
has_all_strings (gpointer owner, FlashDescriptors *descriptors, guint waited_ms)
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
identify (gpointer owner, GError **error)
{
  FlashMcuLink *self = owner;
  g_autoptr (FlashDescriptors) descriptors =
      flash_port_link_read_descriptors (&self->port, has_all_strings, error);
  FlashDfuDialect dialect;

  if (descriptors == NULL || !has_speech (descriptors, &dialect, error) ||
      !check_identity (self, descriptors, error))
    return FALSE;

  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
  self->descriptors = g_steal_pointer (&descriptors);
  self->dialect = dialect;
  if (dialect == FLASH_DFU_DIALECT_DFUSE) {
    self->dfuse = flash_dfuse_new (self->port.transport, self->port.clock, self->descriptors,
                                   self->port.cancellable);
    return TRUE;
  }
  self->session =
      flash_dfu_session_new (self->port.transport, self->port.clock,
                             self->descriptors->interface_number, self->port.cancellable);
  flash_dfu_session_set_device (self->session, self->descriptors);
  return TRUE;
}

/* For how long the same failure can be cured by trying again. */
static guint
get_patience_ms (const GError *error)
{
  if (g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NO_PERMISSION) ||
      g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY) ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD))
    return FLASH_PORT_RIGHTS_MS;
  return error->domain == FLASH_TRANSPORT_ERROR ? FLASH_PORT_OPEN_MS : 0;
}

static void
close_device (gpointer owner)
{
  FlashMcuLink *self = owner;

  g_clear_pointer (&self->dfuse, flash_dfuse_free);
  g_clear_object (&self->session);
}

static gboolean
accept_loader (gpointer owner, gboolean has_stayed, GError **error)
{
  if (((FlashMcuLink *) owner)->dialect != FLASH_DFU_DIALECT_RUNTIME)
    return TRUE;
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                       "the board goes on running its program");
  return FALSE;
}

static const char *
get_stage (gpointer owner)
{
  return "bootloader";
}

static const FlashPortClass port_class = {
  .identify = identify,
  .close = close_device,
  .accept = accept_loader,
  .get_patience_ms = get_patience_ms,
  .get_stage = get_stage,
};

FlashMcuLink *
flash_mcu_link_new (FlashProvider *provider, FlashBoard *board, FlashClock *clock,
                    GCancellable *cancellable, const FlashSink *sink)
{
  FlashMcuLink *self = g_new0 (FlashMcuLink, 1);
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);

  flash_port_link_init (&self->port, &port_class, self, provider, board, clock, NULL, cancellable,
                        sink);
  if (descriptors != NULL)
    self->known = flash_descriptors_ref (descriptors);
  return self;
}

void
flash_mcu_link_free (FlashMcuLink *self)
{
  flash_port_link_clear (&self->port);
  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
  g_clear_pointer (&self->known, flash_descriptors_unref);
  g_free (self);
}

gboolean
flash_mcu_link_open (FlashMcuLink *self, GError **error)
{
  return flash_port_link_open (&self->port, error);
}

gboolean
flash_mcu_link_wait_return (FlashMcuLink *self, const FlashPortWait *wait, GError **error)
{
  return flash_port_link_wait_return (&self->port, wait, error);
}

gboolean
flash_mcu_link_detach (FlashMcuLink *self, GError **error)
{
  static const FlashPortWait wait = {
    .patience_ms = DETACH_MS, .may_stay = TRUE, .stage = "bootloader", .expected = "the boot loader"
  };
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
  return self->port.has_left;
}

gboolean
flash_mcu_link_wait_gone (FlashMcuLink *self, guint patience_ms)
{
  return flash_port_link_wait_gone (&self->port, patience_ms);
}

FlashMcuSequel
flash_mcu_link_wait_sequel (FlashMcuLink *self, guint patience_ms)
{
  gint64 start_us = flash_clock_get_time_us (self->port.clock);
  guint64 generation = flash_board_get_generation (self->port.board);

  for (;;) {
    g_autoptr (FlashBoard) board = flash_port_link_peek (&self->port);
    FlashDescriptors *now = board != NULL ? flash_board_get_descriptors (board) : NULL;

    if (now != NULL && flash_board_get_generation (board) != generation)
      return now->vid == self->descriptors->vid && now->pid == self->descriptors->pid &&
                     now->protocol == self->descriptors->protocol
                 ? FLASH_MCU_SEQUEL_LOADER
                 : FLASH_MCU_SEQUEL_PROGRAM;
    if (flash_port_link_get_elapsed_ms (&self->port, start_us) >= patience_ms ||
        !flash_clock_wait_ms (self->port.clock, FLASH_PORT_POLL_MS, self->port.cancellable, NULL))
      return FLASH_MCU_SEQUEL_NOTHING;
  }
}

gboolean
flash_mcu_link_is_present (FlashMcuLink *self)
{
  return flash_port_link_is_present (&self->port);
}

void
flash_mcu_link_reset_bus (FlashMcuLink *self)
{
  g_autoptr (GError) error = NULL;

  if (self->port.transport != NULL && !flash_transport_reset (self->port.transport, &error))
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
