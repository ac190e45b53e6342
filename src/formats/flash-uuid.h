/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UUIDs as text, 8-4-4-4-12. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Room for the text, with its end. */
#define FLASH_UUID_LENGTH 37

/**
 * flash_uuid_format:
 * @bytes: 16 bytes in the order in which they are to be written
 * @out_text: (out caller-allocates): room for %FLASH_UUID_LENGTH characters; lower case
 */
static inline void
flash_uuid_format (const guint8 *bytes, char *out_text)
{
  static const char digits[] = "0123456789abcdef";

  for (guint i = 0; i < 16; i++) {
    *out_text++ = digits[bytes[i] >> 4];
    *out_text++ = digits[bytes[i] & 0xf];
    if (i == 3 || i == 5 || i == 7 || i == 9)
      *out_text++ = '-';
  }
  *out_text = '\0';
}

/**
 * flash_uuid_format_mixed:
 * @bytes: 16 bytes of a GUID as partition tables hold it: the first three fields little-endian
 *   (UEFI specification, appendix A)
 * @out_text: (out caller-allocates): room for %FLASH_UUID_LENGTH characters; lower case
 */
static inline void
flash_uuid_format_mixed (const guint8 *bytes, char *out_text)
{
  static const guint8 order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
  guint8 ordered[16];

  for (guint i = 0; i < 16; i++)
    ordered[i] = bytes[order[i]];
  flash_uuid_format (ordered, out_text);
}

G_END_DECLS
