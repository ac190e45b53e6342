/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A firmware file, read without keeping the main loop waiting; and what a file is at all, told by
 * its contents.
 *
 * Thread: main, except what is said of single functions. */
#pragma once

#include "flash-image.h"

G_BEGIN_DECLS

/**
 * FlashFileKind:
 * @FLASH_FILE_LAYOUT: text with columns, or what calls itself a layout
 * @FLASH_FILE_FIRMWARE: firmware for a microcontroller, or bytes that may be it
 * @FLASH_FILE_MP_IMAGE: an image for an STM32MP board: a layout has to name it
 * @FLASH_FILE_OTHER: something else, such as prose
 */
typedef enum {
  FLASH_FILE_LAYOUT,
  FLASH_FILE_FIRMWARE,
  FLASH_FILE_MP_IMAGE,
  FLASH_FILE_OTHER,
} FlashFileKind;

/**
 * flash_file_kind_find:
 * @path: (type filename): a file
 * @out_kind: (out): untouched on failure
 *
 * Looks at a few kilobytes. What is packed and no archive counts as firmware. Blocks; thread: any.
 *
 * Returns: %FALSE with @error set (%G_IO_ERROR)
 */
gboolean flash_file_kind_find (const char *path, FlashFileKind *out_kind, GError **error);

/* Returns: whether the file at @path is packed in a way in which firmware may be; an archive is
 * packed in the same way. Blocks; thread: any. */
gboolean flash_file_is_packed (const char *path);

/**
 * FlashFirmwareFile:
 * @path: (type filename): the file
 * @size: its size in bytes
 * @digest: SHA-256 of its bytes, in lower-case hexadecimal: also by what a change is noticed
 * @options: with what it was read
 * @image: what is in it
 * @has_guess: whether @guess is known: bytes without an address that begin like a program
 * @guess: where they were probably linked to
 *
 * Immutable, thread: any.
 */
typedef struct {
  gatomicrefcount ref_count;
  char *path;
  guint64 size;
  char *digest;
  FlashImageOptions options;
  FlashImage *image;
  gboolean has_guess;
  guint32 guess;
} FlashFirmwareFile;

FlashFirmwareFile *flash_firmware_file_ref (FlashFirmwareFile *self);
void flash_firmware_file_unref (FlashFirmwareFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashFirmwareFile, flash_firmware_file_unref)

/* Returns: whether both have the same bytes, read in the same way. */
gboolean
flash_firmware_file_is_same (const FlashFirmwareFile *self, const FlashFirmwareFile *other);

/**
 * flash_firmware_file_read:
 * @path: (type filename): a file
 * @options: with what to read it
 * @cancellable: (nullable): ends it early
 * @callback: called in the main thread
 *
 * Reads and takes apart in a thread.
 */
void
flash_firmware_file_read (const char *path, const FlashImageOptions *options,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);

/**
 * flash_firmware_file_read_finish:
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%G_IO_ERROR); not for faults of the
 *   file, which are diagnostics of its image
 */
FlashFirmwareFile *flash_firmware_file_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
