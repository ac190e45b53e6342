/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of all readers of firmware formats ask. Thread: main. */
#pragma once

#include "flash-image-builder.h"

G_BEGIN_DECLS

/* Gives @bytes, which are freed, to @reader. @options: (nullable). Returns: (transfer full). */
FlashImage *flash_reader_test_read (FlashImageReader reader, FlashFormat format, GByteArray *bytes,
                                    const FlashImageOptions *options);

/* Returns: (transfer full): severities and codes of all diagnostics, `E elf-truncated` and the
 * like, with a comma between them. */
char *flash_reader_test_dup_codes (const FlashDiagList *diags);

#define flash_reader_test_assert_codes(diags, expected)                                            \
  G_STMT_START {                                                                                   \
    g_autofree char *codes_there = flash_reader_test_dup_codes (diags);                            \
                                                                                                   \
    g_assert_cmpstr (codes_there, ==, expected);                                                   \
  }                                                                                                \
  G_STMT_END

/* That the first diagnostic with @code says exactly @message. */
void flash_reader_test_assert_message (const FlashDiagList *diags, const char *code,
                                       const char *message);

/* That the segment at @index of the target at @target holds exactly these bytes. */
void flash_reader_test_assert_segment (const FlashImage *image, guint target, guint index,
                                       guint32 address, const void *bytes, gsize length);

/* Appends little-endian numbers. */
void flash_reader_test_append_le16 (GByteArray *array, guint value);
void flash_reader_test_append_le32 (GByteArray *array, guint32 value);

/* Appends a suffix with the right checksum (stm32-dfuse.md section 1.11). */
void flash_reader_test_append_suffix (GByteArray *array, guint vendor, guint product, guint device,
                                      guint bcd_dfu);

/* Writes the right checksum into the last four bytes. */
void flash_reader_test_seal_suffix (GByteArray *array);

G_END_DECLS
