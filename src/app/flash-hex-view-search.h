/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking for bytes or text among bytes. Pure; thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * flash_hex_view_search_parse:
 * @text: what was typed: pairs of hexadecimal digits, with or without blanks or `0x`, are bytes;
 *   anything else, and whatever stands in quotes, is text
 *
 * Returns: (transfer full) (nullable): what to look for; %NULL for nothing
 */
GBytes *flash_hex_view_search_parse (const char *text);

/**
 * flash_hex_view_search_find:
 * @bytes: where to look
 * @wanted: what to look for, not empty
 * @from: the first offset that counts; backwards, the last one
 * @out_offset: (out): untouched on failure
 *
 * Goes on at the other end.
 *
 * Returns: whether it is anywhere
 */
gboolean flash_hex_view_search_find (GBytes *bytes, GBytes *wanted, gsize from, gboolean is_forward,
                                     gsize *out_offset);

G_END_DECLS
