/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where STM32 chips have RAM, over all families: enough to tell a stack or a debugger's segment
 * from a program in flash. What one chip has is for its table to say. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * flash_ram_holds:
 * @address: of a byte
 *
 * Returns: whether that byte is in RAM on any STM32 (stm32-dfuse.md section 5.2, step 3): core
 *   coupled memory at 0x10000000, SRAM at 0x20000000, AXI SRAM of the H7 at 0x24000000, SRAM of
 *   its other domains, and of the secure world elsewhere, at 0x30000000 and 0x38000000
 */
static inline gboolean
flash_ram_holds (guint32 address)
{
  const guint32 starts[] = { 0x10000000, 0x20000000, 0x24000000, 0x30000000, 0x38000000 };
  const guint32 size = 4 * 1024 * 1024;

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    if (address >= starts[i] && address - starts[i] < size)
      return TRUE;
  return FALSE;
}

G_END_DECLS
