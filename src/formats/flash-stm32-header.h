/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header that the ROM of an STM32MP wants in front of the first stage (`.stm32` files), and
 * U-Boot in front of a FlashLayout (stm32mp-usb.md sections 4.1 to 4.5). Thread: any. */
#pragma once

#include "flash-source.h"

G_BEGIN_DECLS

/* stm32mp-usb.md section 4.1: the header of v1.0, which is also the frame of a FlashLayout. */
#define FLASH_STM32_HEADER_V1_LENGTH 256

/* stm32mp-usb.md section 4.1: values of binary_type */
#define FLASH_STM32_BINARY_UBOOT 0x00
#define FLASH_STM32_BINARY_FSBL 0x10

/**
 * FlashStm32Header:
 * @version_major: 1 (STM32MP15) or 2
 * @version_minor: of version 2: 0 (STM32MP13), 2 (STM32MP23/25), 3 (STM32MP21)
 * @header_length: bytes before the payload
 * @image_length: bytes of payload that the header announces; the file may hold fewer or more
 * @checksum: sum of the payload's bytes that the header announces
 * @entry: entry point
 * @load: load address, often not used, see flash_stm32_header_has_load ()
 * @version_number: counter against rollback
 * @flags: option flags (version 1) or extension flags (version 2), as they stand
 * @binary_type: `FLASH_STM32_BINARY_…` and others of stm32mp-usb.md section 4.1
 * @is_signed: whether the header asks for its signature to be checked
 * @has_signature: whether the signature field holds anything but zeros
 * @is_encrypted: whether the payload is encrypted (version 2 only)
 * @is_clean: whether all reserved and padding bytes are zero and the chain of extensions fits
 *   into the header; U-Boot takes a layout for bare text otherwise
 * @nonsecure_length: bytes of non-secure payload (v2.3), else 0
 */
typedef struct {
  guint8 version_major;
  guint8 version_minor;
  guint32 header_length;
  guint32 image_length;
  guint32 checksum;
  guint32 entry;
  guint32 load;
  guint32 version_number;
  guint32 flags;
  guint32 binary_type;
  gboolean is_signed;
  gboolean has_signature;
  gboolean is_encrypted;
  gboolean is_clean;
  guint32 nonsecure_length;
} FlashStm32Header;

/**
 * flash_stm32_header_read:
 * @source: any bytes
 * @out_header: (out caller-allocates): the header; untouched on failure
 *
 * Reads the header alone; whether the payload is all there and right is for
 * flash_stm32_header_verify ().
 *
 * Returns: %TRUE, or %FALSE with @error set: %FLASH_FORMAT_ERROR_UNKNOWN_FORMAT without the magic
 *   number, %FLASH_FORMAT_ERROR_TRUNCATED, %FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
 *   %FLASH_FORMAT_ERROR_BAD_RECORD if the extensions cannot be that long, or %G_IO_ERROR
 */
gboolean
flash_stm32_header_read (FlashSource *source, FlashStm32Header *out_header, GError **error);

/**
 * flash_stm32_header_verify:
 * @source: where @header was read from
 * @out_computed: (out) (optional): the sum of the payload's bytes; also set if it is not the
 *   announced one, untouched if there is no sum
 * @cancellable: (nullable): looked at between pieces
 *
 * Sums up the payload (stm32mp-usb.md section 4.5), in pieces.
 *
 * Returns: %TRUE if the sum is the announced one, or %FALSE with @error set:
 *   %FLASH_FORMAT_ERROR_BAD_CHECKSUM, %FLASH_FORMAT_ERROR_TRUNCATED if the file ends before the
 *   payload does, %G_IO_ERROR (%G_IO_ERROR_CANCELLED among them)
 */
gboolean
flash_stm32_header_verify (FlashSource *source, const FlashStm32Header *header,
                           guint32 *out_computed, GCancellable *cancellable, GError **error);

/* Returns: whether the load address is one: headers that have no use for it hold 0xFFFFFFFF or
 * the like (stm32mp-usb.md section 4.1), from where the payload would not fit below 4 GiB. */
gboolean flash_stm32_header_has_load (const FlashStm32Header *header);

/**
 * flash_stm32_header_frame_v1:
 * @payload: a FlashLayout; header and payload together stay below 4 GiB
 *
 * Puts a v1.0 header in front, as U-Boot wants it before a FlashLayout on every chip, also on
 * those whose first stage has a v2 header (stm32mp-usb.md section 3.1).
 *
 * Returns: (transfer full): header and payload
 */
GBytes *flash_stm32_header_frame_v1 (GBytes *payload);

G_END_DECLS
