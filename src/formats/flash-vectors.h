/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first two words of a Cortex-M program: where its stack begins and where it starts. They tell
 * whether bytes are a program at all, and for which address it was linked. Thread: any. */
#pragma once

#include "flash-image.h"

G_BEGIN_DECLS

#define FLASH_VECTORS_LENGTH 8

/**
 * FlashVectors:
 * @stack: the initial stack pointer
 * @reset: the reset vector, with its lowest bit
 * @is_blank: both words are erased flash (all ones, or all zeros)
 * @is_stack_in_ram: whether @stack lies in, or at the end of, a RAM that any STM32 has
 * @is_reset_odd: whether the lowest bit is set, as it must be
 * @is_reset_inside: whether @reset leads into the image that they begin
 */
typedef struct {
  guint32 stack;
  guint32 reset;
  gboolean is_blank;
  gboolean is_stack_in_ram;
  gboolean is_reset_odd;
  gboolean is_reset_inside;
} FlashVectors;

/**
 * flash_vectors_read:
 * @target: an image
 * @address: where the vectors would be: where the chip starts from
 * @out_vectors: (out caller-allocates): untouched on failure
 *
 * Returns: whether the image has bytes for both words there
 */
gboolean
flash_vectors_read (const FlashImageTarget *target, guint32 address, FlashVectors *out_vectors);

/* Returns: whether a chip would start with these: stack in RAM, reset odd and inside. */
gboolean flash_vectors_are_sound (const FlashVectors *self);

/**
 * flash_vectors_guess_base:
 * @out_base: (out): untouched on failure
 *
 * For bytes without an address: where they were probably linked to, from the reset vector and
 * their length.
 *
 * Returns: whether the reset vector allows a guess
 */
gboolean flash_vectors_guess_base (const FlashVectors *self, gsize length, guint32 *out_base);

/**
 * flash_vectors_check:
 * @image: a usable image
 * @start: where the chip starts from, usually 0x08000000
 * @diags: takes `vectors-missing`, `vectors-blank`, `stack-not-in-ram`, `reset-not-odd`,
 *   `reset-outside`, `linked-elsewhere` (a program for another address, as for a custom boot
 *   loader; names it), all of them warnings; `no-address` does not come from here
 *
 * Says nothing of a program for RISC-V, which has no such vectors.
 */
void flash_vectors_check (const FlashImage *image, guint32 start, FlashDiagList *diags);

G_END_DECLS
