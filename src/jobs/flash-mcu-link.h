/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection to one microcontroller across its re-enumerations: it opens what stands on the
 * port, brings a running program into its boot loader, and waits for the board to return.
 * Identity is the port: vid, pid and serial number may change between program and boot loader.
 *
 * Thread: worker. Errors are of %FLASH_JOB_ERROR, or %G_IO_ERROR_CANCELLED. */
#pragma once

#include "flash-dfu-quirks.h"
#include "flash-dfu-session.h"
#include "flash-dfuse.h"
#include "flash-job-error.h"
#include "flash-port-link.h"

G_BEGIN_DECLS

typedef struct _FlashMcuLink FlashMcuLink;

/**
 * flash_mcu_link_new:
 * @board: the board as it stands on its port
 * @cancellable: (nullable): ends waits
 * @sink: hears of departures and returns; lives longer than the link
 */
FlashMcuLink *flash_mcu_link_new (FlashProvider *provider, FlashBoard *board, FlashClock *clock,
                                  GCancellable *cancellable, const FlashSink *sink);
/* Gives the device back. */
void flash_mcu_link_free (FlashMcuLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashMcuLink, flash_mcu_link_free)

/**
 * flash_mcu_link_open:
 *
 * Opens what stands on the port, and tries again for a while where that can help: rights that udev
 * is about to set, strings that come late.
 *
 * Returns: %TRUE, or %FALSE with @error set
 */
gboolean flash_mcu_link_open (FlashMcuLink *self, GError **error);

/**
 * flash_mcu_link_detach:
 *
 * Brings the open device out of its program (%FLASH_DFU_DIALECT_RUNTIME) into its boot loader, by
 * DETACH and, where it does not leave by itself, a reset of the bus (stm32-dfuse.md section 1.9),
 * and opens that.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR_NEVER_CAME_BACK,
 *   %FLASH_JOB_ERROR_UNSUPPORTED if it goes on running its program)
 */
gboolean flash_mcu_link_detach (FlashMcuLink *self, GError **error);

/**
 * flash_mcu_link_wait_return:
 *
 * Waits until the board has left and returned in a boot loader, and opens it.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR_NEVER_CAME_BACK,
 *   %FLASH_JOB_ERROR_DIFFERENT_BOARD and what opening it can give)
 */
gboolean flash_mcu_link_wait_return (FlashMcuLink *self, const FlashPortWait *wait, GError **error);

/* Returns: whether the board that the last wait has opened was off the bus in between; %FALSE if it
 * stayed, as FlashPortWait.may_stay allows it. */
gboolean flash_mcu_link_has_left (FlashMcuLink *self);

/* Gives the device back, and waits for it to leave the bus. Returns: whether it was seen to. */
gboolean flash_mcu_link_wait_gone (FlashMcuLink *self, guint patience_ms);

/**
 * FlashMcuSequel:
 * What appears on the port after a boot loader has left it.
 *
 * @FLASH_MCU_SEQUEL_NOTHING: nothing so far: most programs have no USB
 * @FLASH_MCU_SEQUEL_LOADER: the boot loader again
 * @FLASH_MCU_SEQUEL_PROGRAM: something else: the one proof that a program runs
 */
typedef enum {
  FLASH_MCU_SEQUEL_NOTHING,
  FLASH_MCU_SEQUEL_LOADER,
  FLASH_MCU_SEQUEL_PROGRAM,
} FlashMcuSequel;

/* Waits for something to appear on the port. The device must have been given back. */
FlashMcuSequel flash_mcu_link_wait_sequel (FlashMcuLink *self, guint patience_ms);

/* Returns: whether something stands on the port. */
gboolean flash_mcu_link_is_present (FlashMcuLink *self);

/* Resets the bus at the port, best effort. */
void flash_mcu_link_reset_bus (FlashMcuLink *self);

/* Returns: how the open device wants to be spoken to. */
FlashDfuDialect flash_mcu_link_get_dialect (FlashMcuLink *self);
/* Returns: (transfer none) (nullable): what the device said of itself when it was opened last. */
FlashDescriptors *flash_mcu_link_get_descriptors (FlashMcuLink *self);
/* Returns: (transfer none) (nullable): with %FLASH_DFU_DIALECT_DFUSE. */
FlashDfuse *flash_mcu_link_get_dfuse (FlashMcuLink *self);
/* Returns: (transfer none) (nullable): with the other dialects. */
FlashDfuSession *flash_mcu_link_get_session (FlashMcuLink *self);

G_END_DECLS
