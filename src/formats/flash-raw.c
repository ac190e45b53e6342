/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-raw"

#include "config.h"

#include "flash-raw.h"

/* Fewer bytes could be text by chance; more need not be looked at. */
#define MIN_TEXT 64
#define MAX_TEXT 4096

static gboolean
is_text (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < MIN (length, MAX_TEXT); i++)
    if (!g_ascii_isprint ((char) bytes[i]) && !g_ascii_isspace ((char) bytes[i]))
      return FALSE;
  return length >= MIN_TEXT;
}

void
flash_raw_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                FlashImageBuilder *builder)
{
  if (is_text (bytes, length))
    flash_diag_set_fix (
        flash_diag_list_add (flash_image_builder_get_diags (builder), FLASH_SEVERITY_WARNING,
                             "raw-is-text", 0, 0,
                             N_ ("The file is text, not firmware; perhaps a web page was saved in "
                                 "its place."),
                             NULL),
        N_ ("Look into it, and get the firmware itself."), NULL);
  flash_image_builder_set_has_address (builder, options->has_address);
  flash_image_builder_add (builder, options->has_address ? options->address : 0, bytes, length, 0);
}
