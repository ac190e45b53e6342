/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes on their way to an open card and back. Nothing here knows of UDisks.
 *
 * Thread: any but the main one; it waits for the card. */
#pragma once

#include "flash-drive-write.h"

G_BEGIN_DECLS

/* What is cleared at both ends of a card. A GPT takes 17 KiB there with 512-byte sectors and 24 KiB
 * with 4096-byte ones (UEFI 2.10, section 5.3: 128 entries of 128 bytes and a header); other tables
 * and signatures that begin at an end (MBR, Linux RAID 1.0, LVM, ISO 9660) lie within a MiB too. */
#define FLASH_DRIVE_END_SIZE G_GUINT64_CONSTANT (0x100000)

/**
 * FlashDriveSegment:
 * @range: where
 * @is_blank: whether zeros belong there, and not bytes of the content
 */
typedef struct {
  FlashRange range;
  gboolean is_blank;
} FlashDriveSegment;

/**
 * FlashDriveCopy:
 * @content: what to write
 * @device_size: of the card in bytes, at least that of @content
 * @cancellable: (nullable): looked at between pieces
 * @on_progress: told after each piece, in this thread
 * @progress_data: for @on_progress
 * @report: (out): kept up to date all the time
 */
typedef struct {
  const FlashDriveContent *content;
  guint64 device_size;
  GCancellable *cancellable;
  FlashDriveProgressFunc on_progress;
  gpointer progress_data;
  FlashDriveReport *report;
} FlashDriveCopy;

/**
 * flash_drive_copy_plan_body:
 *
 * Returns: (transfer full) (element-type FlashDriveSegment): what is written first: zeros over both
 *   ends, then all ranges behind the first MiB
 */
GArray *flash_drive_copy_plan_body (const FlashDriveContent *content, guint64 device_size);

/**
 * flash_drive_copy_plan_head:
 *
 * Returns: (transfer full) (element-type FlashDriveSegment): what is written last: the ranges in
 *   the first MiB
 */
GArray *flash_drive_copy_plan_head (const FlashDriveContent *content);

/**
 * flash_drive_copy_plan_verify:
 *
 * Returns: (transfer full) (element-type FlashDriveSegment): what is read back, ascending: all
 *   ranges, and what lies outside of them in the first and the last MiB
 */
GArray *flash_drive_copy_plan_verify (const FlashDriveContent *content, guint64 device_size);

/**
 * flash_drive_copy_get_size:
 * @fd: a block device, or a regular file in its place
 * @out_size: (out): its size in bytes
 */
gboolean flash_drive_copy_get_size (int fd, guint64 *out_size, GError **error);

/**
 * flash_drive_copy_write:
 * @fd: open for writing
 *
 * Writes and flushes everything.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_DRIVE_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_drive_copy_write (FlashDriveCopy *self, int fd, GError **error);

/**
 * flash_drive_copy_verify:
 * @fd: open for reading; with `O_DIRECT`, the kernel's cache is left out, else, or where the device
 *   refuses to read so, it is dropped before
 *
 * Returns: %TRUE if everything is as it was written, else %FALSE with @error set
 *   (%FLASH_DRIVE_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_drive_copy_verify (FlashDriveCopy *self, int fd, GError **error);

G_END_DECLS
