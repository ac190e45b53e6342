/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of hexadecimal digits: what Intel HEX and S-records have in common. The whole file lies in
 * memory, and a record is decoded by looking up each digit once. For use by the two readers.
 * Thread: that of the reader. */
#pragma once

#include "flash-image-builder.h"

G_BEGIN_DECLS

/* Longest line that is looked at (stm32-dfuse.md section 6.8). */
#define FLASH_HEX_TEXT_MAX_LINE 1024
/* A count byte, and what it can count in either format: Intel HEX has 4 bytes more. */
#define FLASH_HEX_TEXT_MAX_RECORD (1 + 255 + 4)

/**
 * FlashHexCodes:
 * The stable codes of a format for what can be wrong with its lines.
 */
typedef struct {
  const char *bad_line;
  const char *bad_length;
  const char *bad_checksum;
  const char *line_too_long;
  const char *cut_off;
  const char *utf16;
  const char *comment;
} FlashHexCodes;

/**
 * FlashHexText:
 * @at: what is looked at next
 * @end: behind the last byte
 * @start: where the line began
 * @line: its number, from 1
 * @codes: of the format
 * @diags: where faults go
 * @record: the bytes of the record that was decoded last
 * @n_record: how many they are
 * @sum: their sum
 * @has_comment: whether a comment was seen
 * @has_failed: whether a fault was said, after which nothing can be believed
 */
typedef struct {
  const guint8 *at;
  const guint8 *end;
  const guint8 *start;
  guint line;
  const FlashHexCodes *codes;
  FlashDiagList *diags;
  guint8 record[FLASH_HEX_TEXT_MAX_RECORD];
  gsize n_record;
  guint8 sum;
  gboolean has_comment;
  gboolean has_failed;
} FlashHexText;

/**
 * flash_hex_text_init:
 * @self: (out caller-allocates): is at the first line afterwards, behind a byte order mark
 * @bytes: (array length=length): the whole file, which must stay
 * @codes: static
 * @diags: must stay
 *
 * UTF-16 is a fault.
 */
void flash_hex_text_init (FlashHexText *self, const guint8 *bytes, gsize length,
                          const FlashHexCodes *codes, FlashDiagList *diags);

/**
 * flash_hex_text_find_record:
 * @mark: what records begin with
 *
 * Goes over blanks, blank lines and comments to the next @mark, which is the next byte afterwards.
 * 0x1a, the end of a text for DOS, and zeros as padding end the file if nothing else follows.
 *
 * Returns: whether there is one; %FALSE at the end and after a fault
 */
gboolean flash_hex_text_find_record (FlashHexText *self, guint8 mark);

/**
 * flash_hex_text_decode:
 * @n_extra: how many bytes the record has beside those that its first byte counts
 *
 * Decodes the record that begins at @at, behind its mark; it must fill its line but for blanks.
 *
 * Returns: whether it is whole; what is wrong with it is said otherwise
 */
gboolean flash_hex_text_decode (FlashHexText *self, gsize n_extra);

/* Says that the byte at @place, in the line that is read, cannot be there; at the end of the file,
 * that it is cut off. */
void flash_hex_text_say_bad_line (FlashHexText *self, const guint8 *place);

/* Says that the record has a length that its kind cannot have. */
void flash_hex_text_say_bad_length (FlashHexText *self);

/* Says that the last byte of the record is not @expected. */
void flash_hex_text_say_bad_checksum (FlashHexText *self, guint8 expected);

G_END_DECLS
