/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of FlashDfuse, for its files. Thread: worker. */
#pragma once

#include "flash-dfu-wire.h"
#include "flash-dfuse.h"

G_BEGIN_DECLS

/* stm32-dfuse.md section 2.4: block 0 is a command, block 1 reserved, and data begins with 2. */
#define FLASH_DFUSE_COMMAND_BLOCK 0
#define FLASH_DFUSE_FIRST_BLOCK 2
/* Section 2.3: setting the address, and a block. */
#define FLASH_DFUSE_SHORT_MS 5000

/* Where the device was left, as far as that is known. */
typedef enum {
  FLASH_DFUSE_MODE_UNKNOWN,
  FLASH_DFUSE_MODE_IDLE,
  FLASH_DFUSE_MODE_WRITE, /* dfuDNLOAD-IDLE */
  FLASH_DFUSE_MODE_READ, /* dfuUPLOAD-IDLE */
} FlashDfuseMode;

struct _FlashDfuse {
  FlashDfuWire wire;
  FlashDfuQuirks quirks;
  FlashDfuseMode mode;
  gboolean can_upload;
  gboolean is_single; /* it has no other alternate setting */
  gboolean is_unit_known; /* whether it counts its blocks in the transfer size that we use */
  /* The run of blocks that can be continued; run_block is 0 if there is none. */
  guint64 run_address;
  guint run_block;
};

/* What may be tried twice. */
typedef gboolean (*FlashDfuseAttempt) (FlashDfuse *self, gconstpointer data, GError **error);

/* Looks at the cancellable before a request. */
gboolean flash_dfuse_check (FlashDfuse *self, GError **error);
/* After a failure: brings the device to dfuIDLE as well as it can, unless it is gone. */
void flash_dfuse_end (FlashDfuse *self, const GError *error);
/* Only for what does the same when it is done twice: repeats it from dfuIDLE if the failure is one
 * that may be over by then. */
gboolean flash_dfuse_attempt_twice (FlashDfuse *self, FlashDfuseAttempt attempt, gconstpointer data,
                                    GError **error);
/* ABORT out of a transfer, and a look whether that helped. */
gboolean flash_dfuse_go_idle (FlashDfuse *self, GError **error);
/* To a state in which DNLOAD is allowed. */
gboolean flash_dfuse_begin_download (FlashDfuse *self, GError **error);
/* Waits until what was sent is done and the device is ready for more. */
gboolean flash_dfuse_finish_download (FlashDfuse *self, const FlashDfuPatience *patience,
                                      const char *doing, GError **error);
/* An @error by which @command was refused as a whole becomes %FLASH_DFU_ERROR_UNSUPPORTED. */
void flash_dfuse_name_unknown (FlashDfuse *self, const char *command, GError *error);
/* SET_ADDRESS; repeated once if that may help. */
gboolean flash_dfuse_set_address (FlashDfuse *self, guint32 address, GError **error);

G_END_DECLS
