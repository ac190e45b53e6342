/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-memory-range"

#include "config.h"

#include "flash-memory-range.h"

#include "flash-firmware-form.h"
#include "flash-text.h"

#include <glib/gi18n.h>

static void
choice_free (gpointer data)
{
  FlashMemoryChoice *self = data;

  g_free (self->name);
  flash_memory_map_unref (self->map);
  g_free (self);
}

static char *
dup_name (const FlashChipGuess *guess, guint8 alternate, const FlashMemoryMap *map)
{
  if (guess->flash != NULL && alternate == guess->flash_alternate)
    return g_strdup (C_ ("memory", "Flash"));
  if (guess->options != NULL && alternate == guess->option_alternate)
    return g_strdup (_ ("Option bytes"));
  if (guess->otp != NULL && alternate == guess->otp_alternate)
    return g_strdup (_ ("One-time programmable (OTP)"));
  return g_strdup (*map->name != '\0' ? map->name : _ ("Memory without a name"));
}

static gboolean
can_read (const FlashMemoryMap *map)
{
  for (guint i = 0; i < map->runs->len; i++)
    if ((g_array_index (map->runs, FlashMemoryRun, i).flags & FLASH_MEMORY_READABLE) != 0)
      return TRUE;
  return FALSE;
}

GPtrArray *
flash_memory_choice_list (const FlashDescriptors *descriptors, const FlashChipGuess *guess)
{
  GPtrArray *choices = g_ptr_array_new_with_free_func (choice_free);

  g_return_val_if_fail (guess != NULL, choices);

  for (guint i = 0; descriptors != NULL && i < descriptors->alternates->len; i++) {
    const FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);
    gboolean is_flash = guess->flash != NULL && alternate->number == guess->flash_alternate;
    g_autoptr (FlashMemoryMap) map = is_flash ? flash_memory_map_ref (guess->flash)
                                              : flash_memory_map_parse (alternate->name, NULL);
    FlashMemoryChoice *choice;

    if (map == NULL || !can_read (map))
      continue;
    choice = g_new0 (FlashMemoryChoice, 1);
    choice->name = dup_name (guess, alternate->number, map);
    choice->alternate = alternate->number;
    choice->map = g_steal_pointer (&map);
    choice->is_flash = is_flash;
    g_ptr_array_insert (choices, is_flash ? 0 : -1, choice);
  }
  return choices;
}

guint64
flash_memory_choice_measure (const FlashMemoryChoice *self, guint32 address)
{
  guint64 at = address;
  FlashMemorySector sector;

  g_return_val_if_fail (self != NULL, 0);

  while (at <= G_MAXUINT32 && flash_memory_map_find_sector (self->map, (guint32) at, &sector) &&
         (sector.flags & FLASH_MEMORY_READABLE) != 0)
    at = (guint64) sector.address + sector.size;
  return at - address;
}

static char *
dup_outside (const FlashMemoryChoice *choice, guint32 address)
{
  const GArray *runs = choice->map->runs;
  const FlashMemoryRun *last = &g_array_index (runs, FlashMemoryRun, runs->len - 1);
  g_autofree char *found = flash_text_address (address);
  g_autofree char *first = flash_text_address (flash_memory_map_get_start (choice->map));
  g_autofree char *end =
      flash_text_address (last->address + (guint64) last->sector_size * last->n_sectors - 1);

  /* TRANSLATORS: three addresses */
  return g_strdup_printf (_ ("Nothing can be read at %1$s. This memory is from %2$s to %3$s."),
                          found, first, end);
}

char *
flash_memory_range_parse (const FlashMemoryChoice *choice, const char *start, const char *size,
                          guint32 *out_address, guint64 *out_length)
{
  guint32 address;
  guint64 length, room;
  g_autofree char *room_text = NULL;

  g_return_val_if_fail (choice != NULL && start != NULL && size != NULL, NULL);
  g_return_val_if_fail (out_address != NULL && out_length != NULL, NULL);

  if (!flash_firmware_form_parse_address (start, &address))
    return g_strdup (_ ("The start is no address. Write it like 0x08000000."));
  room = flash_memory_choice_measure (choice, address);
  if (room == 0)
    return dup_outside (choice, address);
  if (*size == '\0')
    length = room;
  else if (!flash_text_parse_size (size, &length) || length == 0)
    return g_strdup (_ ("The size is no number of bytes. Write it like 0x400, 1024 or 1K."));
  if (length > room) {
    room_text = flash_text_size (room);
    /* TRANSLATORS: a size */
    return g_strdup_printf (_ ("That is too much: only %s follow in one piece."), room_text);
  }
  if (length > FLASH_MEMORY_RANGE_MAX_SIZE) {
    room_text = flash_text_size (FLASH_MEMORY_RANGE_MAX_SIZE);
    return g_strdup_printf (_ ("That is too much at once: read at most %s."), room_text);
  }
  *out_address = address;
  *out_length = length;
  return NULL;
}
