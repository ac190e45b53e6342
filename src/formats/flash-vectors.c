/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-vectors"

#include "config.h"

#include "flash-vectors.h"

#include "flash-bytes.h"
#include "flash-ram.h"
#include "flash-text.h"

/* Program memory of the Cortex-M: flash at 0x08000000, for the secure world of some chips at
 * 0x0c000000; what is outside of the chip lies far above. */
#define FLASH_START 0x08000000u
#define FLASH_END 0x10000000u

/* From where on a base is looked for: half of that program memory, so that what is rounded down
 * stays in its own kind of memory. */
#define MAX_BASE_BITS 26
/* Boot loaders take whole pages of flash, of which hardly any is smaller than 1 KiB. */
#define MIN_BASE_BITS 10

static gboolean
holds (const FlashImageTarget *target, guint32 address)
{
  guint8 byte;

  return flash_image_target_read (target, address, &byte, 1) == 1;
}

gboolean
flash_vectors_read (const FlashImageTarget *target, guint32 address, FlashVectors *out_vectors)
{
  guint8 bytes[FLASH_VECTORS_LENGTH];
  guint32 stack, reset;

  g_return_val_if_fail (target != NULL, FALSE);
  g_return_val_if_fail (out_vectors != NULL, FALSE);

  if (address > G_MAXUINT32 - FLASH_VECTORS_LENGTH + 1 ||
      flash_image_target_read (target, address, bytes, sizeof bytes) != sizeof bytes)
    return FALSE;

  stack = flash_get_le32 (bytes);
  reset = flash_get_le32 (bytes + 4);
  *out_vectors = (FlashVectors){
    .stack = stack,
    .reset = reset,
    .is_blank = stack == reset && (stack == 0 || stack == G_MAXUINT32),
    /* A stack grows down: it may begin right behind the RAM. */
    .is_stack_in_ram = flash_ram_holds (stack) || (stack > 0 && flash_ram_holds (stack - 1)),
    .is_reset_odd = (reset & 1) != 0,
    .is_reset_inside = holds (target, reset & ~1u),
  };
  return TRUE;
}

gboolean
flash_vectors_are_sound (const FlashVectors *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return !self->is_blank && self->is_stack_in_ram && self->is_reset_odd && self->is_reset_inside;
}

gboolean
flash_vectors_guess_base (const FlashVectors *self, gsize length, guint32 *out_base)
{
  guint32 reset;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (out_base != NULL, FALSE);

  reset = self->reset & ~1u;
  if (self->is_blank || !self->is_reset_odd ||
      !((reset >= FLASH_START && reset < FLASH_END) || flash_ram_holds (reset)))
    return FALSE;
  /* The roundest address from which on the program reaches its own reset handler: a linker script
   * rarely has another. */
  for (guint bits = MAX_BASE_BITS; bits >= MIN_BASE_BITS; bits--) {
    guint32 base = reset >> bits << bits;

    if (reset - base >= FLASH_VECTORS_LENGTH && reset - base < length) {
      *out_base = base;
      return TRUE;
    }
  }
  return FALSE;
}

static void
warn (FlashDiagList *diags, const char *code, const char *text, guint32 first, guint32 second)
{
  g_autofree char *first_text = flash_text_address (first);
  g_autofree char *second_text = flash_text_address (second);

  flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, code, 0, 0, text, first_text, second_text,
                       NULL);
}

static void
warn_elsewhere (FlashDiagList *diags, guint32 base, guint32 start)
{
  warn (diags, "linked-elsewhere",
        N_ ("This looks like a program for {0}, as for a boot loader that stands below it; a chip "
            "that "
            "starts from {1} will not start it. Write the boot loader too, or link the program to "
            "{1}."),
        base, start);
}

/* @length: how many bytes the program has from @start on */
static void
complain (const FlashVectors *self, guint32 start, gsize length, FlashDiagList *diags)
{
  guint32 base;

  if (self->is_blank) {
    warn (diags, "vectors-blank",
          N_ ("The file has only erased memory at {0}, where the chip starts; it will not start "
              "this."),
          start, 0);
    return;
  }
  if (!self->is_stack_in_ram)
    warn (diags, "stack-not-in-ram",
          N_ ("At {0}, where the chip starts, the file sets the stack to {1}, which is no RAM: it "
              "is no program, or for another chip."),
          start, self->stack);
  if (!self->is_reset_odd)
    warn (diags, "reset-not-odd",
          N_ ("At {0}, where the chip starts, the file leads to {1}, which is even: it is no "
              "program, or not for a Cortex-M."),
          start, self->reset);
  if (self->is_reset_inside)
    return;
  if (flash_vectors_guess_base (self, length, &base) && base != start)
    warn_elsewhere (diags, base, start);
  else
    warn (diags, "reset-outside",
          N_ ("At {0}, where the chip starts, the file leads to {1}, where it has nothing: it is "
              "no program, or not all of it."),
          start, self->reset);
}

/* Returns: how many bytes there are from @start to the last one in the same kind of memory */
static gsize
measure (const FlashImageTarget *target, guint32 start)
{
  guint64 length = 0;

  for (guint i = 0; i < target->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);
    guint64 end = (guint64) segment->address + g_bytes_get_size (segment->bytes);

    if (end > start && end - start <= FLASH_IMAGE_REGION_SIZE)
      length = MAX (length, end - start);
  }
  return (gsize) length;
}

/* Returns: whether a program begins at the lowest place in flash that @target has */
static gboolean
find_program (const FlashImageTarget *target, guint32 *out_base)
{
  for (guint i = 0; i < target->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);
    FlashVectors vectors;

    if (segment->address < FLASH_START || segment->address >= FLASH_END)
      continue;
    if (!flash_vectors_read (target, segment->address, &vectors) ||
        !flash_vectors_are_sound (&vectors))
      return FALSE;
    *out_base = segment->address;
    return TRUE;
  }
  return FALSE;
}

void
flash_vectors_check (const FlashImage *image, guint32 start, FlashDiagList *diags)
{
  guint32 base;

  g_return_if_fail (image != NULL);
  g_return_if_fail (diags != NULL);

  if (flash_diag_list_find (image->diags, "elf-risc-v") != NULL)
    return;
  for (guint i = 0; i < image->targets->len; i++) {
    const FlashImageTarget *target = g_ptr_array_index (image->targets, i);
    FlashVectors vectors;

    if (flash_vectors_read (target, start, &vectors)) {
      complain (&vectors, start, measure (target, start), diags);
      return;
    }
  }
  for (guint i = 0; i < image->targets->len; i++) {
    if (find_program (g_ptr_array_index (image->targets, i), &base)) {
      warn_elsewhere (diags, base, start);
      return;
    }
  }
  warn (diags, "vectors-missing",
        N_ ("The file has nothing at {0}, where the chip starts; what is on the chip there stays, "
            "or is missing."),
        start, 0);
}
