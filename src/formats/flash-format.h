/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats of firmware files, told apart by what is in them and never by their name.
 * Thread: any. */
#pragma once

#include "flash-source.h"

G_BEGIN_DECLS

/**
 * FlashFormatError:
 * @FLASH_FORMAT_ERROR_UNKNOWN_FORMAT: the file is not of the format that was asked for
 * @FLASH_FORMAT_ERROR_TRUNCATED: it ends before what it announces
 * @FLASH_FORMAT_ERROR_BAD_CHECKSUM: its contents do not match its own checksum
 * @FLASH_FORMAT_ERROR_BAD_RECORD: a field or record contradicts the format
 * @FLASH_FORMAT_ERROR_OVERLAP: two parts claim the same place
 * @FLASH_FORMAT_ERROR_TOO_LARGE: it is larger than anything that can be meant
 * @FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION: a version of the format that is not known here
 * @FLASH_FORMAT_ERROR_WRONG_MACHINE: it is made for another kind of processor
 */
typedef enum {
  FLASH_FORMAT_ERROR_UNKNOWN_FORMAT,
  FLASH_FORMAT_ERROR_TRUNCATED,
  FLASH_FORMAT_ERROR_BAD_CHECKSUM,
  FLASH_FORMAT_ERROR_BAD_RECORD,
  FLASH_FORMAT_ERROR_OVERLAP,
  FLASH_FORMAT_ERROR_TOO_LARGE,
  FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
  FLASH_FORMAT_ERROR_WRONG_MACHINE,
} FlashFormatError;

#define FLASH_FORMAT_ERROR (flash_format_error_quark ())
GQuark flash_format_error_quark (void);

/**
 * FlashFormat:
 * @FLASH_FORMAT_RAW: bytes without a frame, or none that is known
 * @FLASH_FORMAT_IHEX: Intel HEX
 * @FLASH_FORMAT_SREC: Motorola S-records
 * @FLASH_FORMAT_ELF: ELF
 * @FLASH_FORMAT_DFUSE: DfuSe container
 * @FLASH_FORMAT_DFU: bytes with a DFU 1.1 suffix
 * @FLASH_FORMAT_STM32: image with a header for the ROM of an STM32MP
 * @FLASH_FORMAT_FIP: firmware image package of TF-A
 * @FLASH_FORMAT_UF2: UF2 blocks
 * @FLASH_FORMAT_GPT: disk image with a GUID partition table
 */
typedef enum {
  FLASH_FORMAT_RAW,
  FLASH_FORMAT_IHEX,
  FLASH_FORMAT_SREC,
  FLASH_FORMAT_ELF,
  FLASH_FORMAT_DFUSE,
  FLASH_FORMAT_DFU,
  FLASH_FORMAT_STM32,
  FLASH_FORMAT_FIP,
  FLASH_FORMAT_UF2,
  FLASH_FORMAT_GPT,
} FlashFormat;

/* Returns: (transfer none): `raw`, `ihex`, … as in the JSON contract. */
const char *flash_format_get_name (FlashFormat format);

/**
 * flash_format_sniff:
 * @source: any bytes
 * @out_format: (out): the format; untouched on failure
 *
 * Looks at the beginning and at the end, never at more than a few kilobytes. What has no known
 * mark is %FLASH_FORMAT_RAW.
 *
 * Marks at the beginning come before a DFU suffix at the end, because what is made for one of these
 * formats and got a suffix as well is still that. The first line of a hexadecimal file has to look
 * like a record, no more: whether it is right is for the reader to say.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR) if @source could not be read
 */
gboolean flash_format_sniff (FlashSource *source, FlashFormat *out_format, GError **error);

/**
 * flash_format_has_dfu_suffix:
 * @source: any bytes
 * @out_has_suffix: (out): whether the last 16 bytes are a DFU 1.1 suffix (DFU 1.1, appendix B),
 *   whatever stands before; untouched on failure
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR) if @source could not be read
 */
gboolean
flash_format_has_dfu_suffix (FlashSource *source, gboolean *out_has_suffix, GError **error);

G_END_DECLS
