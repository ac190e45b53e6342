/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer that may be missing: what nobody could look at is not "no". Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashTri:
 * @FLASH_TRI_UNKNOWN: nobody could look
 * @FLASH_TRI_NO: it was seen not to be so
 * @FLASH_TRI_YES: it was seen to be so
 */
typedef enum {
  FLASH_TRI_UNKNOWN,
  FLASH_TRI_NO,
  FLASH_TRI_YES,
} FlashTri;

/* Returns: %FLASH_TRI_YES or %FLASH_TRI_NO. */
static inline FlashTri
flash_tri_from_boolean (gboolean is_so)
{
  return is_so ? FLASH_TRI_YES : FLASH_TRI_NO;
}

G_END_DECLS
