/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-fuzz.h"
#include "flash-stm32-header.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GBytes) framed = flash_stm32_header_frame_v1 (bytes);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "fuzz");
  g_autoptr (FlashSource) framed_source = flash_source_new_for_bytes (framed, "framed");
  FlashStm32Header header;

  if (flash_stm32_header_read (source, &header, NULL)) {
    g_assert_cmpuint (header.header_length, <=, size);
    flash_stm32_header_verify (source, &header, NULL, NULL, NULL);
    flash_stm32_header_has_load (&header);
  }

  /* What we make ourselves is always right. */
  g_assert_true (flash_stm32_header_read (framed_source, &header, NULL));
  g_assert_true (header.is_clean);
  g_assert_true (flash_stm32_header_verify (framed_source, &header, NULL, NULL, NULL));
  return 0;
}
