/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One conversation in DfuSe, ST's extension of DFU, with the ROM of an STM32 or with a boot loader
 * that is written in its manner (stm32-dfuse.md section 2). The rules of address pointer and block
 * numbers are here and nowhere else, so that they hold for both:
 *
 * - one SET_ADDRESS for a contiguous run, then blocks 2, 3, 4 … of exactly the transfer size; the
 *   short tail gets a SET_ADDRESS and block 2 of its own (section 2.4);
 * - ABORT between setting the address or writing, and reading; and the other way round;
 * - two GETSTATUS for each command, of which either may take as long as the operation (2.3);
 * - a state that the device should not be in is left by the algorithm of section 2.10, and the
 *   request is made again where that is harmless.
 *
 * It never looks at a memory map, and never decides what to erase.
 *
 * Thread: worker, one thread for its whole life. Every wait ends when the cancellable does;
 * transfers never get it. */
#pragma once

#include "flash-clock.h"
#include "flash-descriptors.h"
#include "flash-dfu-quirks.h"
#include "flash-dfu-status.h"

G_BEGIN_DECLS

typedef struct _FlashDfuse FlashDfuse;

/**
 * flash_dfuse_new:
 * @transport: open, and stays so as long as this is used
 * @descriptors: what the device says; the quirks are found by them
 * @cancellable: (nullable): ends waits, not transfers
 */
FlashDfuse *flash_dfuse_new (FlashTransport *transport, FlashClock *clock,
                             FlashDescriptors *descriptors, GCancellable *cancellable);
/* Leaves the device as it is, and the transport open. */
void flash_dfuse_free (FlashDfuse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashDfuse, flash_dfuse_free)

/* Returns: (transfer none): what is known of the device's faults. */
const FlashDfuQuirks *flash_dfuse_get_quirks (FlashDfuse *self);
/* Returns: bytes of a full block: what the device says, corrected, and at most
 * %FLASH_TRANSPORT_MAX_DATA. */
gsize flash_dfuse_get_transfer_size (FlashDfuse *self);

/**
 * flash_dfuse_select:
 * @alternate: the alternate setting to talk to
 *
 * Selects, and brings the device to dfuIDLE from wherever it was (section 2.10).
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR, %FLASH_DFU_ERROR,
 *   %G_IO_ERROR_CANCELLED)
 */
gboolean flash_dfuse_select (FlashDfuse *self, guint8 alternate, GError **error);

/* Brings the device to dfuIDLE, out of errors, broken-off transfers and the H7's endless busy.
 * Returns and errors as flash_dfuse_select (). */
gboolean flash_dfuse_to_idle (FlashDfuse *self, GError **error);

/**
 * flash_dfuse_read:
 * @address: first address
 * @out: (out caller-allocates) (array length=length): undefined on failure
 * @length: any; reading on where the last call ended needs no new pointer if that one was a
 *   multiple of the transfer size. A single byte is read together with the one before it, or at
 *   the start of a call with the other one of its half word (section 2.4)
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfuse_select ();
 *   %FLASH_DFU_ERROR_PROTECTED for errVENDOR: with ST's ROM read protection, or a host that is too
 *   fast for it (section 0.3, fact 8); %FLASH_DFU_ERROR_SHORT_TRANSFER;
 *   %FLASH_DFU_ERROR_UNREADABLE if the boot loader cannot read at all)
 */
gboolean
flash_dfuse_read (FlashDfuse *self, guint32 address, guint8 *out, gsize length, GError **error);

/**
 * flash_dfuse_write:
 * @address: first address
 * @bytes: (array length=length): padded to the chip's granule by the caller
 * @length: any; as in flash_dfuse_read ()
 *
 * Writes to memory that is erased. Never repeats a block of which it is not known whether it was
 * taken: with ECC flash that would be worse than an error.
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfuse_select ();
 *   %FLASH_DFU_ERROR_TARGET for an address that the loader does not allow)
 */
gboolean flash_dfuse_write (FlashDfuse *self, guint32 address, const guint8 *bytes, gsize length,
                            GError **error);

/**
 * flash_dfuse_erase:
 * @address: of the sector
 * @sector_size: its size in bytes, for the patience (section 2.3)
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfuse_write ())
 */
gboolean flash_dfuse_erase (FlashDfuse *self, guint32 address, guint32 sector_size, GError **error);

/**
 * flash_dfuse_mass_erase:
 * @flash_size: of the whole flash in bytes, for the patience
 *
 * That it is acknowledged means nothing with ST's middleware, which does nothing (section 2.2):
 * the caller reads back.
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfuse_write ();
 *   %FLASH_DFU_ERROR_UNSUPPORTED if the loader does not know the command)
 */
gboolean flash_dfuse_mass_erase (FlashDfuse *self, guint64 flash_size, GError **error);

/**
 * FlashDfuseEnd:
 * @FLASH_DFUSE_END_AWAY: the device took it and left, or its bus failed, as it should
 * @FLASH_DFUSE_END_STAYS: it took it and still answers
 * @FLASH_DFUSE_END_SILENT: it took it, is still on the bus and does not answer
 */
typedef enum {
  FLASH_DFUSE_END_AWAY,
  FLASH_DFUSE_END_STAYS,
  FLASH_DFUSE_END_SILENT,
} FlashDfuseEnd;

/**
 * flash_dfuse_write_options:
 * @address: start of the option area, exactly
 * @bytes: (array length=length): the whole area
 * @out_end: (out): the chip resets itself (section 2.9)
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfuse_write ())
 */
gboolean flash_dfuse_write_options (FlashDfuse *self, guint32 address, const guint8 *bytes,
                                    gsize length, FlashDfuseEnd *out_end, GError **error);

/**
 * flash_dfuse_unprotect:
 * @out_end: (out): the chip erases itself and resets
 *
 * READ_UNPROTECT: everything on the chip is lost. To be called only after the user has agreed to
 * exactly that. Waits as long as the erasure may take.
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfuse_mass_erase ())
 */
gboolean flash_dfuse_unprotect (FlashDfuse *self, FlashDfuseEnd *out_end, GError **error);

/**
 * flash_dfuse_leave:
 * @address: of the vector table to start with
 * @out_end: (out): what was seen; whether the program runs cannot be seen from here
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfuse_write ())
 */
gboolean
flash_dfuse_leave (FlashDfuse *self, guint32 address, FlashDfuseEnd *out_end, GError **error);

/**
 * flash_dfuse_dup_commands:
 *
 * The command list that UPLOAD of block 0 gives (section 2.2): evidence for who answers.
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL if it did not give any
 */
GBytes *flash_dfuse_dup_commands (FlashDfuse *self);

/* Returns: bStatus and bState of the last answer to GETSTATUS, as evidence. */
void flash_dfuse_get_last_status (FlashDfuse *self, FlashDfuStatus *out_status);

G_END_DECLS
