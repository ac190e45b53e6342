/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memories of a microcontroller that can be read, and which part of one of them. Pure; thread:
 * main. */
#pragma once

#include "flash-board.h"
#include "flash-chip.h"

G_BEGIN_DECLS

/* More than any chip has: what would be read into this computer's memory. */
#define FLASH_MEMORY_RANGE_MAX_SIZE (256u * 1024 * 1024)

/**
 * FlashMemoryChoice:
 * @name: what to call it
 * @alternate: its alternate setting
 * @map: its sectors
 * @is_flash: whether programs are in it
 */
typedef struct {
  char *name;
  guint8 alternate;
  FlashMemoryMap *map;
  gboolean is_flash;
} FlashMemoryChoice;

/**
 * flash_memory_choice_list:
 * @descriptors: (nullable): what the board says
 * @guess: what that allows to say
 *
 * Returns: (transfer full) (element-type FlashMemoryChoice): what can be read, the flash first
 */
GPtrArray *
flash_memory_choice_list (const FlashDescriptors *descriptors, const FlashChipGuess *guess);

/* Returns: how many bytes can be read from @address on without a hole; 0 if none. */
guint64 flash_memory_choice_measure (const FlashMemoryChoice *self, guint32 address);

/**
 * flash_memory_range_parse:
 * @start: the first address in hexadecimal digits, as it was typed
 * @size: how many bytes, as it was typed; empty for all that follow
 * @out_address: (out): untouched on failure
 * @out_length: (out): untouched on failure
 *
 * Returns: (transfer full) (nullable): what is wrong with them and what would be right, for people;
 *   %NULL if nothing is
 */
char *flash_memory_range_parse (const FlashMemoryChoice *choice, const char *start,
                                const char *size, guint32 *out_address, guint64 *out_length);

G_END_DECLS
