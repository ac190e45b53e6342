/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults, and what becomes of them. */
#pragma once

#include "flash-layout-fix.h"
#include "flash-layout-test.h"

G_BEGIN_DECLS

/* Boot stages with nothing wrong about them. */
#define STAGES                                                                                     \
  ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")                          \
  ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")

#define DATA ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")

#define NONE FLASH_LAYOUT_FIX_NONE
#define SAFE FLASH_LAYOUT_FIX_SAFE
#define ASK FLASH_LAYOUT_FIX_ASK

typedef struct {
  const char *code; /* %NULL behind the last one */
  FlashLayoutFixKind kind;
  const char *before;
  gsize size; /* of @before, if it holds NULs */
  const char *after; /* (nullable): %NULL if there is no fix here */
} FlashLayoutFixCase;

extern const FlashLayoutFixCase flash_layout_fix_cases[];

G_END_DECLS
