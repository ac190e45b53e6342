/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory maps that are out there, stm32-dfuse.md section 2.5.3, and what they mean. */
#pragma once

#include "flash-memory-map.h"

#define FLASH_MAP_CASE_MAX_RUNS 8

/**
 * FlashMapCase:
 * @text: the name of an alternate setting
 * @name: what it calls the memory
 * @runs: rising; the first without sectors ends them
 */
typedef struct {
  const char *text;
  const char *name;
  FlashMemoryRun runs[FLASH_MAP_CASE_MAX_RUNS];
} FlashMapCase;

extern const FlashMapCase flash_map_cases[];
extern const guint flash_n_map_cases;
