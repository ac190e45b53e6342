/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel has said about a USB port, from /dev/kmsg where it may be read. Nothing is kept
 * open between looks, and nothing blocks. Thread: any one at a time. */
#pragma once

#include "flash-tri.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashHostLogKind:
 * @FLASH_HOST_LOG_OTHER: about the port, but nothing that is known here
 * @FLASH_HOST_LOG_NEW: a device arrives
 * @FLASH_HOST_LOG_GONE: a device left
 * @FLASH_HOST_LOG_DESCRIPTOR: it could not be read who the device is; `errno_value` says why
 * @FLASH_HOST_LOG_ADDRESS: it took no address
 * @FLASH_HOST_LOG_UNABLE: the kernel has given up on it
 * @FLASH_HOST_LOG_OVER_CURRENT: too much current
 * @FLASH_HOST_LOG_DISABLED: the hub switched the port off because of disturbance (EMI), or could
 *   not switch it on (a bad cable)
 * @FLASH_HOST_LOG_RESET: the device was reset
 */
typedef enum {
  FLASH_HOST_LOG_OTHER,
  FLASH_HOST_LOG_NEW,
  FLASH_HOST_LOG_GONE,
  FLASH_HOST_LOG_DESCRIPTOR,
  FLASH_HOST_LOG_ADDRESS,
  FLASH_HOST_LOG_UNABLE,
  FLASH_HOST_LOG_OVER_CURRENT,
  FLASH_HOST_LOG_DISABLED,
  FLASH_HOST_LOG_RESET,
} FlashHostLogKind;

/**
 * FlashHostLogLine:
 * @time_us: since the computer started
 * @port: (nullable): the port path it is about
 * @kind: what it says
 * @errno_value: as the kernel prints it, negative, e.g. -110; 0 if it prints none
 * @text: the message, made safe to show
 */
typedef struct {
  gint64 time_us;
  char *port;
  FlashHostLogKind kind;
  gint errno_value;
  char *text;
} FlashHostLogLine;

void flash_host_log_line_free (FlashHostLogLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashHostLogLine, flash_host_log_line_free)

/**
 * flash_host_log_parse:
 * @record: one record of /dev/kmsg: `6,1234,5678901234,-;usb 1-2: new high-speed USB device …`;
 *   what is behind its first line is not looked at
 *
 * Only what the kernel itself has said counts: programs may write there too, under another facility
 * (Linux, Documentation/ABI/testing/dev-kmsg). Pure.
 *
 * Returns: (transfer full) (nullable): %NULL if it is not about a USB port
 */
FlashHostLogLine *flash_host_log_parse (const char *record);

/**
 * flash_host_log_read:
 * @root: (nullable): where the file system begins
 * @port: (nullable): only lines about that port; %NULL for all of USB
 * @since_us: only lines that are newer, by the clock of flash_host_log_get_time_us (); 0 for all
 * @out_lines: (out) (transfer full) (element-type FlashHostLogLine): at most the latest 500
 *
 * Returns: whether the messages may be read; if not, @out_lines is empty
 */
gboolean
flash_host_log_read (const char *root, const char *port, gint64 since_us, GPtrArray **out_lines);

/* Returns: the time since the computer started, as the kernel's messages have it (CLOCK_BOOTTIME is
 * not it: CLOCK_MONOTONIC). The kernel's own clock is not set right while it runs: leave some
 * tenths of a second between the two. */
gint64 flash_host_log_get_time_us (void);

G_END_DECLS
