/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which archives can be read, and how they are recognised. For use inside this room. Thread: any.
 */
#pragma once

#include "flash-source.h"

G_BEGIN_DECLS

/* What a file is by its first bytes. */
typedef enum {
  FLASH_BUNDLE_FORMAT_NONE,
  FLASH_BUNDLE_FORMAT_TAR,
  FLASH_BUNDLE_FORMAT_GZIP,
  FLASH_BUNDLE_FORMAT_XZ,
  FLASH_BUNDLE_FORMAT_ZSTD,
  FLASH_BUNDLE_FORMAT_BZIP2,
  FLASH_BUNDLE_FORMAT_ZIP,
} FlashBundleFormat;

/* A file that cannot be read has none. */
FlashBundleFormat flash_bundle_format_sniff (FlashSource *source);

G_END_DECLS
