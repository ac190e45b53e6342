/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-fuzz-image.h"
#include "flash-fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  flash_fuzz_image_read (data, size, FLASH_FORMAT_UF2);
  return 0;
}
