/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfuse"

#include "config.h"

#include "flash-dfuse.h"

#include "flash-bytes.h"
#include "flash-dfuse-private.h"

/* stm32-dfuse.md section 2.2 */
#define COMMAND_SET_ADDRESS 0x21
#define COMMAND_ERASE 0x41
#define ADDRESS_COMMAND_LENGTH 5
/* Section 2.3, recommended deadlines. */
#define ERASE_SMALL_MS 5000
#define ERASE_MEDIUM_MS 10000
#define ERASE_LARGE_MS 15000
#define MASS_ERASE_MIN_MS 40000
#define MASS_ERASE_MS_PER_MIB 20000
#define MASS_ERASE_MAX_MIB 64

static const FlashDfuPatience short_patience = { FLASH_DFUSE_SHORT_MS, FLASH_DFUSE_SHORT_MS };

FlashDfuse *
flash_dfuse_new (FlashTransport *transport, FlashClock *clock, FlashDescriptors *descriptors,
                 GCancellable *cancellable)
{
  FlashDfuse *self = g_new0 (FlashDfuse, 1);

  flash_dfu_quirks_find (descriptors, &self->quirks);
  flash_dfu_wire_init (&self->wire, transport, clock, descriptors->interface_number, cancellable);
  self->wire.flags = self->quirks.flags;
  /* A device that says nothing about itself may be able to. */
  self->can_upload =
      !descriptors->has_functional || (descriptors->attributes & FLASH_DFU_CAN_UPLOAD) != 0;
  self->is_single = descriptors->alternates->len <= 1;
  self->is_unit_known = self->quirks.transfer_size == descriptors->transfer_size;
  return self;
}

void
flash_dfuse_free (FlashDfuse *self)
{
  flash_dfu_wire_clear (&self->wire);
  g_free (self);
}

const FlashDfuQuirks *
flash_dfuse_get_quirks (FlashDfuse *self)
{
  return &self->quirks;
}

gsize
flash_dfuse_get_transfer_size (FlashDfuse *self)
{
  return self->quirks.transfer_size;
}

void
flash_dfuse_get_last_status (FlashDfuse *self, FlashDfuStatus *out_status)
{
  *out_status = self->wire.last;
}

/* --- States --------------------------------------------------------------------------------- */

gboolean
flash_dfuse_check (FlashDfuse *self, GError **error)
{
  return !g_cancellable_set_error_if_cancelled (self->wire.cancellable, error);
}

void
flash_dfuse_end (FlashDfuse *self, const GError *error)
{
  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  self->run_block = 0;
  if (!g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE) &&
      !g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NOT_OPEN) &&
      flash_dfu_wire_recover (&self->wire))
    self->mode = FLASH_DFUSE_MODE_IDLE;
}

gboolean
flash_dfuse_go_idle (FlashDfuse *self, GError **error)
{
  FlashDfuseMode mode = self->mode;
  g_autoptr (GError) local_error = NULL;

  self->run_block = 0;
  if (mode == FLASH_DFUSE_MODE_IDLE)
    return TRUE;
  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  if (mode != FLASH_DFUSE_MODE_UNKNOWN &&
      !flash_dfu_wire_send (&self->wire, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0, FLASH_DFU_CONTROL_MS,
                            &local_error) &&
      !flash_dfu_wire_is_refusal (local_error)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (!flash_dfu_wire_to_idle (&self->wire, error))
    return FALSE;
  self->mode = FLASH_DFUSE_MODE_IDLE;
  return TRUE;
}

gboolean
flash_dfuse_begin_download (FlashDfuse *self, GError **error)
{
  return self->mode == FLASH_DFUSE_MODE_WRITE || flash_dfuse_go_idle (self, error);
}

gboolean
flash_dfuse_to_idle (FlashDfuse *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean is_done;

  g_return_val_if_fail (self != NULL, FALSE);

  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  is_done = flash_dfuse_check (self, &local_error) && flash_dfuse_go_idle (self, &local_error);
  if (!is_done)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return is_done;
}

gboolean
flash_dfuse_select (FlashDfuse *self, guint8 alternate, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!flash_dfuse_check (self, error))
    return FALSE;
  g_debug ("select alternate %u", alternate);
  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  self->run_block = 0;
  /* A device may refuse to choose where there is no choice (USB 2.0, section 9.4.10). */
  if (!flash_transport_set_alternate (self->wire.transport, self->wire.interface_number, alternate,
                                      FLASH_DFU_CONTROL_MS, &local_error) &&
      !(self->is_single && flash_dfu_wire_is_refusal (local_error))) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return flash_dfuse_to_idle (self, error);
}

static gboolean
is_worth_repeating (const GError *error)
{
  static const FlashDfuError dfu_errors[] = {
    FLASH_DFU_ERROR_DEVICE,         FLASH_DFU_ERROR_FIRMWARE,   FLASH_DFU_ERROR_UNEXPECTED_STATE,
    FLASH_DFU_ERROR_SHORT_TRANSFER, FLASH_DFU_ERROR_BAD_ANSWER, FLASH_DFU_ERROR_UNREADABLE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (dfu_errors); i++)
    if (g_error_matches (error, FLASH_DFU_ERROR, (gint) dfu_errors[i]))
      return TRUE;
  return g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL) ||
         g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO) ||
         g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT);
}

gboolean
flash_dfuse_attempt_twice (FlashDfuse *self, FlashDfuseAttempt attempt, gconstpointer data,
                           GError **error)
{
  g_autoptr (GError) first = NULL;

  if (attempt (self, data, &first))
    return TRUE;
  /* Who has not answered twice has used up what patience there is. */
  if (self->wire.is_mute || !is_worth_repeating (first)) {
    g_propagate_error (error, g_steal_pointer (&first));
    return FALSE;
  }
  g_debug ("once more after: %s", first->message);
  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  return flash_dfuse_go_idle (self, error) && attempt (self, data, error);
}

/* --- Commands ------------------------------------------------------------------------------- */

typedef struct {
  guint8 bytes[ADDRESS_COMMAND_LENGTH];
  gsize length;
  FlashDfuPatience patience;
  const char *doing;
} Command;

static void
command_init (Command *command, guint8 code, guint32 address, const char *doing)
{
  command->bytes[0] = code;
  flash_put_le32 (command->bytes + 1, address);
  command->length = ADDRESS_COMMAND_LENGTH;
  command->patience = short_patience;
  command->doing = doing;
}

gboolean
flash_dfuse_finish_download (FlashDfuse *self, const FlashDfuPatience *patience, const char *doing,
                             GError **error)
{
  FlashDfuStatus status;

  if (!flash_dfu_wire_poll (&self->wire, patience, &status, error))
    return FALSE;
  /* dfuDNBUSY before it is not insisted on: some are done at once (section 2.3). */
  if (status.code == FLASH_DFU_STATUS_OK && status.state == FLASH_DFU_STATE_DNLOAD_IDLE) {
    self->mode = FLASH_DFUSE_MODE_WRITE;
    return TRUE;
  }
  flash_dfu_wire_set_error (&self->wire, &status, doing, error);
  return FALSE;
}

static gboolean
try_command (FlashDfuse *self, gconstpointer data, GError **error)
{
  const Command *command = data;

  self->wire.is_mute = FALSE;
  if (!flash_dfuse_check (self, error) || !flash_dfuse_begin_download (self, error))
    return FALSE;
  self->run_block = 0;
  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  if (!flash_dfu_wire_send (&self->wire, FLASH_DFU_REQUEST_DNLOAD, FLASH_DFUSE_COMMAND_BLOCK,
                            command->bytes, command->length, FLASH_DFU_CONTROL_MS, error)) {
    flash_dfu_wire_explain (&self->wire, command->doing, error);
    return FALSE;
  }
  return flash_dfuse_finish_download (self, &command->patience, command->doing, error);
}

gboolean
flash_dfuse_set_address (FlashDfuse *self, guint32 address, GError **error)
{
  Command command;

  command_init (&command, COMMAND_SET_ADDRESS, address, "after an address was set");
  return flash_dfuse_attempt_twice (self, try_command, &command, error);
}

/* The H743 never says that it has erased (section 0.3, fact 5); whether it has, the caller sees. */
static gboolean
try_erase (FlashDfuse *self, gconstpointer data, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (try_command (self, data, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY) ||
      (self->quirks.flags & FLASH_DFU_QUIRK_BUSY_FOREVER) == 0) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  g_debug ("erased, as far as one can tell: %s", local_error->message);
  self->wire.due_us = 0;
  return flash_dfu_wire_send (&self->wire, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0,
                              FLASH_DFU_CONTROL_MS, error) &&
         flash_dfuse_go_idle (self, error);
}

static guint
get_erase_ms (guint32 sector_size)
{
  if (sector_size <= 8 * 1024)
    return ERASE_SMALL_MS;
  if (sector_size <= 64 * 1024)
    return ERASE_MEDIUM_MS;
  if (sector_size <= 256 * 1024)
    return ERASE_LARGE_MS;
  /* External flashes: as long as mass erase would take. */
  return MAX (MASS_ERASE_MIN_MS, (guint) (sector_size >> 20) * MASS_ERASE_MS_PER_MIB);
}

gboolean
flash_dfuse_erase (FlashDfuse *self, guint32 address, guint32 sector_size, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  Command command;

  g_return_val_if_fail (self != NULL, FALSE);

  g_debug ("erase at 0x%08x", address);
  command_init (&command, COMMAND_ERASE, address, "after a sector was erased");
  command.patience.total_ms = get_erase_ms (sector_size);
  if ((self->quirks.flags & FLASH_DFU_QUIRK_BUSY_FOREVER) != 0)
    command.patience.total_ms = MIN (command.patience.total_ms, FLASH_DFU_FOREVER_MS);
  command.patience.status_ms = FLASH_DFU_ERASE_STATUS_MS;
  if (flash_dfuse_attempt_twice (self, try_erase, &command, &local_error))
    return TRUE;
  flash_dfuse_end (self, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Section 8.6: an L0 answers with errTARGET, or stalls. */
void
flash_dfuse_name_unknown (FlashDfuse *self, const char *command, GError *error)
{
  g_autofree char *message = NULL;

  if (!g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_TARGET) &&
      !g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL) &&
      !(g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_DEVICE) &&
        self->wire.last.code == FLASH_DFU_STATUS_ERR_STALLEDPKT))
    return;
  message = g_strdup_printf ("%s is refused: %s", command, error->message);
  g_free (error->message);
  error->domain = FLASH_DFU_ERROR;
  error->code = FLASH_DFU_ERROR_UNSUPPORTED;
  error->message = g_steal_pointer (&message);
}

gboolean
flash_dfuse_mass_erase (FlashDfuse *self, guint64 flash_size, GError **error)
{
  guint64 size_mib = MIN (flash_size >> 20, MASS_ERASE_MAX_MIB);
  guint total_ms = MAX (MASS_ERASE_MIN_MS, (guint) size_mib * MASS_ERASE_MS_PER_MIB);
  g_autoptr (GError) local_error = NULL;
  Command command;

  g_return_val_if_fail (self != NULL, FALSE);

  g_debug ("mass erase");
  command_init (&command, COMMAND_ERASE, 0, "after all was erased");
  command.length = 1;
  command.patience.total_ms = total_ms;
  command.patience.status_ms = total_ms;
  if (flash_dfuse_attempt_twice (self, try_erase, &command, &local_error))
    return TRUE;
  flash_dfuse_end (self, local_error);
  flash_dfuse_name_unknown (self, "mass erase", local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
