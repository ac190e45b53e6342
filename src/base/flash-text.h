/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes, addresses and durations as people write and read them. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * flash_text_size:
 * @bytes: a number of bytes
 *
 * Returns: (transfer full): the size in binary units, exact where it is a whole number of
 *   them: `512 B`, `64 MiB`, `1.5 GiB`, with one decimal otherwise
 */
char *flash_text_size (guint64 bytes);

/**
 * flash_text_address:
 * @address: an address or an offset
 *
 * Returns: (transfer full): at least eight hexadecimal digits behind `0x`
 */
char *flash_text_address (guint64 address);

/**
 * flash_text_duration:
 * @seconds: a duration
 *
 * Returns: (transfer full): `0:07`, `12:05` or `1:02:03`
 */
char *flash_text_duration (guint64 seconds);

/**
 * flash_text_parse_size:
 * @text: digits, `0x` with hexadecimal digits, or digits with K, M, G or T (binary units;
 *   `KiB` and `KB` mean the same)
 * @out_bytes: (out): the number of bytes, untouched on failure
 *
 * Returns: whether @text was a size below 2^64
 */
gboolean flash_text_parse_size (const char *text, guint64 *out_bytes);

/**
 * flash_text_sanitize:
 * @bytes: text from a device or a file, not trusted, not terminated
 * @length: its length in bytes
 * @max_chars: how many characters to keep
 *
 * Makes a line that is safe to show on a terminal and in a window.
 *
 * Returns: (transfer full): valid UTF-8; control characters are replaced by U+FFFD, what is cut
 *   off ends in an ellipsis
 */
char *flash_text_sanitize (const char *bytes, gsize length, gsize max_chars);

G_END_DECLS
