/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-plan"

#include "config.h"

#include "flash-firmware-plan.h"

#include "flash-firmware-complaints.h"
#include "flash-firmware-heads.h"
#include "flash-firmware-hints.h"
#include "flash-firmware-zones.h"
#include "flash-text.h"
#include "flash-vectors.h"

/* stm32-dfuse.md section 4.1: where the flash of every STM32 is; it is mirrored at 0. */
#define FLASH_START 0x08000000u
/* All that is held in memory of one chip. No microcontroller has as much flash; a map that says so
 * is one to be afraid of. */
#define MAX_SECTOR_BYTES (256u * 1024 * 1024)
/* Armv7-M Architecture Reference Manual, B3.2.5: the lowest seven bits of the address of a vector
 * table are zero. */
#define VECTORS_ALIGNMENT 128u

FlashFirmwarePlan *
flash_firmware_plan_ref (FlashFirmwarePlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_firmware_plan_unref (FlashFirmwarePlan *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  flash_memory_map_unref (self->map);
  g_array_unref (self->starts);
  g_array_unref (self->sectors);
  g_ptr_array_unref (self->segments);
  g_ptr_array_unref (self->own_segments);
  g_array_unref (self->left_out);
  flash_diag_list_unref (self->diags);
  g_free (self);
}

static void
segment_free (gpointer data)
{
  FlashImageSegment *self = data;

  g_bytes_unref (self->bytes);
  g_free (self);
}

/* Where a chip looks for its vectors: behind the sectors that a boot loader keeps for itself. */
static guint32
find_start (const FlashMemoryMap *map)
{
  for (guint i = 0; i < map->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (map->runs, FlashMemoryRun, i);

    if ((run->flags & FLASH_MEMORY_ERASABLE) != 0 && (run->flags & FLASH_MEMORY_WRITABLE) != 0)
      return run->address;
  }
  return flash_memory_map_get_start (map);
}

static FlashFirmwarePlan *
plan_new (const FlashChipGuess *guess)
{
  FlashFirmwarePlan *self = g_new0 (FlashFirmwarePlan, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->map = flash_memory_map_ref (guess->flash);
  flash_chip_guess_get_traits (guess, &self->traits);
  self->start = find_start (self->map);
  self->starts = flash_firmware_heads_list_starts (self->start, guess->chips);
  self->head = self->start;
  self->sectors = g_array_new (FALSE, TRUE, sizeof (FlashFirmwareSector));
  self->segments = g_ptr_array_new_with_free_func (segment_free);
  self->own_segments = g_ptr_array_new_with_free_func (segment_free);
  self->left_out = g_array_new (FALSE, FALSE, sizeof (FlashFirmwareLeftOut));
  self->diags = flash_diag_list_new ();
  return self;
}

/* --- what goes where ---------------------------------------------------------------------- */

static guint64
segment_end (const FlashImageSegment *self)
{
  return (guint64) self->address + g_bytes_get_size (self->bytes);
}

static void
add_segment (GPtrArray *segments, const FlashImageSegment *whole, guint32 address, gsize size)
{
  FlashImageSegment *part = g_new (FlashImageSegment, 1);

  part->address = address;
  part->bytes = g_bytes_new_from_bytes (whole->bytes, address - whole->address, size);
  g_ptr_array_add (segments, part);
}

static void
add_left_out (FlashFirmwarePlan *self, guint32 address, guint64 size, FlashFirmwareReason reason)
{
  FlashFirmwareLeftOut part = { address, size, reason };

  g_array_append_val (self->left_out, part);
}

static gboolean
is_alike (const FlashFirmwareZone *a, const FlashFirmwareZone *b)
{
  return a->is_flash == b->is_flash && (a->is_flash || a->reason == b->reason);
}

static void
split_segment (FlashFirmwarePlan *self, const GArray *zones, const FlashImageSegment *segment,
               gboolean leaves_out)
{
  guint64 end = segment_end (segment);

  for (guint64 at = segment->address; at < end;) {
    FlashFirmwareZone zone = flash_firmware_zones_find (zones, (guint32) at);
    guint64 size;

    while (zone.end < end) {
      FlashFirmwareZone next = flash_firmware_zones_find (zones, (guint32) zone.end);

      if (!is_alike (&zone, &next))
        break;
      zone.end = next.end;
    }
    size = MIN (zone.end, end) - at;
    if (zone.is_flash) {
      add_segment (self->segments, segment, (guint32) at, (gsize) size);
      self->size += size;
    } else {
      if (zone.reason == FLASH_FIRMWARE_READ_ONLY && !leaves_out)
        add_segment (self->own_segments, segment, (guint32) at, (gsize) size);
      add_left_out (self, (guint32) at, size, zone.reason);
    }
    at += size;
  }
}

/* A target for another alternate setting is for other memory, whatever its addresses say. */
static void
leave_target_out (FlashFirmwarePlan *self, const FlashImageTarget *target,
                  const FlashChipGuess *guess)
{
  gboolean is_option = (guess->options != NULL && target->alternate == guess->option_alternate) ||
                       (guess->otp != NULL && target->alternate == guess->otp_alternate);

  for (guint i = 0; i < target->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);

    add_left_out (self, segment->address, g_bytes_get_size (segment->bytes),
                  is_option ? FLASH_FIRMWARE_OPTION_BYTES : FLASH_FIRMWARE_OTHER_TARGET);
  }
}

static gint
compare_left_out (gconstpointer a, gconstpointer b)
{
  const FlashFirmwareLeftOut *first = a, *second = b;

  return first->address < second->address ? -1 : first->address > second->address;
}

/* --- sectors ------------------------------------------------------------------------------ */

static gint
compare_sectors (gconstpointer a, gconstpointer b)
{
  const FlashFirmwareSector *first = a, *second = b;

  return first->sector.index < second->sector.index ? -1
                                                    : first->sector.index > second->sector.index;
}

static void
add_sectors (FlashFirmwarePlan *self, const GPtrArray *segments, gboolean is_own)
{
  guint first = self->sectors->len;

  for (guint i = 0; i < segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (segments, i);
    guint64 end = segment_end (segment);

    for (guint64 at = segment->address; at < end;) {
      FlashFirmwareSector touched = { .is_own = is_own };
      FlashFirmwareSector *last = NULL;
      guint64 part_end;

      if (!flash_memory_map_find_sector (self->map, (guint32) at, &touched.sector))
        break;
      part_end = MIN (end, (guint64) touched.sector.address + touched.sector.size);
      if (self->sectors->len > first)
        last = &g_array_index (self->sectors, FlashFirmwareSector, self->sectors->len - 1);
      if (last == NULL || last->sector.index != touched.sector.index) {
        g_array_append_val (self->sectors, touched);
        last = &g_array_index (self->sectors, FlashFirmwareSector, self->sectors->len - 1);
      }
      last->n_covered += (guint32) (part_end - at);
      at = part_end;
    }
  }
}

/* What is written begins and ends with granules, so sectors must too. */
static void
check_sectors (FlashFirmwarePlan *self)
{
  gboolean is_aligned = TRUE;

  for (guint i = 0; i < self->sectors->len && is_aligned; i++) {
    const FlashMemorySector *sector = &g_array_index (self->sectors, FlashFirmwareSector, i).sector;

    is_aligned =
        sector->address % self->traits.granule == 0 && sector->size % self->traits.granule == 0;
  }
  if (is_aligned && flash_firmware_plan_get_sector_bytes (self) <= MAX_SECTOR_BYTES)
    return;
  flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "map-doubtful", 0, 0,
                       N_ ("The boot loader describes its flash in a way that no chip can be: "
                           "{0}. It is not safe to write by that."),
                       self->map->text, NULL);
}

/* --- making ------------------------------------------------------------------------------- */

static gboolean
has_alias (const FlashImage *image)
{
  for (guint i = 0; i < image->targets->len; i++) {
    const FlashImageTarget *target = g_ptr_array_index (image->targets, i);
    const FlashImageSegment *lowest =
        target->segments->len > 0 ? g_ptr_array_index (target->segments, 0) : NULL;

    if (lowest != NULL && lowest->address < FLASH_START)
      return TRUE;
  }
  return FALSE;
}

/* Returns: (transfer full): @image, or the same with its bytes moved to where they are meant */
static FlashImage *
rebase (FlashFirmwarePlan *self, const FlashImage *image)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *from = flash_text_address (0);
  g_autofree char *to = flash_text_address (FLASH_START);
  FlashImage *moved;

  if (!has_alias (image) || flash_memory_map_get_start (self->map) < FLASH_START)
    return flash_image_ref ((FlashImage *) image);
  moved = flash_image_rebase (image, 0, FLASH_START, &error);
  if (moved == NULL) {
    g_info ("not moved: %s", error->message);
    return flash_image_ref ((FlashImage *) image);
  }
  flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "address-rebased", 0, 0,
                       N_ ("Parts of the file are for {0}, where the flash is only mirrored; they "
                           "are written to {1}."),
                       from, to, NULL);
  return moved;
}

static void
take_image (FlashFirmwarePlan *self, const FlashImage *image, const FlashChipGuess *guess,
            gboolean leaves_out)
{
  g_autoptr (GArray) zones = flash_firmware_zones_new (guess);

  for (guint i = 0; i < image->targets->len; i++) {
    const FlashImageTarget *target = g_ptr_array_index (image->targets, i);

    if (image->format == FLASH_FORMAT_DFUSE && target->alternate != guess->flash_alternate) {
      leave_target_out (self, target, guess);
      continue;
    }
    for (guint j = 0; j < target->segments->len; j++)
      split_segment (self, zones, g_ptr_array_index (target->segments, j), leaves_out);
  }
  g_array_sort (self->left_out, compare_left_out);
  flash_firmware_complaints_add_left_out (self, leaves_out);
}

FlashFirmwarePlan *
flash_firmware_plan_new (const FlashImage *image, const FlashChipGuess *guess,
                         FlashDescriptors *descriptors, const FlashFirmwareOptions *options)
{
  const FlashFirmwareOptions none = { 0 };
  g_autoptr (FlashFirmwarePlan) self = NULL;
  g_autoptr (FlashImage) moved = NULL;

  g_return_val_if_fail (image != NULL, NULL);
  g_return_val_if_fail (guess != NULL && guess->flash != NULL, NULL);

  if (options == NULL)
    options = &none;
  self = plan_new (guess);
  if (!image->has_address) {
    flash_firmware_complaints_add_no_address (self);
    return g_steal_pointer (&self);
  }
  flash_firmware_complaints_check_address (self, image);
  moved = options->rebases ? rebase (self, image) : flash_image_ref ((FlashImage *) image);
  take_image (self, moved, guess, options->leaves_out);
  if (self->segments->len == 0) {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "nothing-to-write", 0, 0,
                         N_ ("The file has nothing for the flash of this board."), NULL);
    return g_steal_pointer (&self);
  }
  add_sectors (self, self->segments, FALSE);
  add_sectors (self, self->own_segments, TRUE);
  g_array_sort (self->sectors, compare_sectors);
  flash_firmware_heads_find (self, moved);
  check_sectors (self);
  flash_firmware_hints_add (self, moved, guess, descriptors);
  return g_steal_pointer (&self);
}

gboolean
flash_firmware_plan_is_usable (const FlashFirmwarePlan *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->segments->len > 0 && flash_diag_list_count (self->diags, FLASH_SEVERITY_ERROR) == 0;
}

gboolean
flash_firmware_plan_has_shared (const FlashFirmwarePlan *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->sectors->len; i++) {
    const FlashFirmwareSector *touched = &g_array_index (self->sectors, FlashFirmwareSector, i);

    if (!touched->is_own && touched->n_covered < touched->sector.size)
      return TRUE;
  }
  return FALSE;
}

guint64
flash_firmware_plan_get_sector_bytes (const FlashFirmwarePlan *self)
{
  guint64 size = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->sectors->len; i++)
    size += g_array_index (self->sectors, FlashFirmwareSector, i).sector.size;
  return size;
}

gboolean
flash_firmware_plan_holds_head (const FlashFirmwarePlan *self, const FlashMemorySector *sector)
{
  g_return_val_if_fail (self != NULL && sector != NULL, FALSE);

  return self->head >= sector->address && self->head - sector->address < sector->size;
}

/* --- starting ----------------------------------------------------------------------------- */

/* Returns: whether the image, or else the chip, has a byte at @address */
static gboolean
read_byte (const FlashFirmwarePlan *self, GPtrArray *held, guint32 address, guint8 *out_byte)
{
  for (guint i = 0; i < self->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (self->segments, i);

    if (address >= segment->address && address < segment_end (segment)) {
      *out_byte =
          ((const guint8 *) g_bytes_get_data (segment->bytes, NULL))[address - segment->address];
      return TRUE;
    }
  }
  for (guint i = 0; held != NULL && i < held->len; i++) {
    const FlashMemorySector *sector = &g_array_index (self->sectors, FlashFirmwareSector, i).sector;
    GBytes *bytes = g_ptr_array_index (held, i);

    if (bytes != NULL && address >= sector->address &&
        address - sector->address < g_bytes_get_size (bytes)) {
      *out_byte = ((const guint8 *) g_bytes_get_data (bytes, NULL))[address - sector->address];
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
flash_firmware_plan_can_start_at (const FlashFirmwarePlan *self, GPtrArray *held, guint32 address)
{
  guint8 bytes[FLASH_VECTORS_LENGTH], first;
  g_autoptr (GBytes) words = NULL;
  g_autoptr (FlashImage) image = NULL;
  FlashVectors vectors;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (held == NULL || held->len == self->sectors->len, FALSE);

  if (address % VECTORS_ALIGNMENT != 0)
    return FALSE;
  for (guint i = 0; i < sizeof bytes; i++)
    if (!read_byte (self, held, address + i, &bytes[i]))
      return FALSE;
  words = g_bytes_new (bytes, sizeof bytes);
  image = flash_image_new_for_bytes (address, words);
  if (!flash_vectors_read (flash_image_find_target (image, 0), address, &vectors))
    return FALSE;
  vectors.is_reset_inside = read_byte (self, held, vectors.reset & ~1u, &first);
  return flash_vectors_are_sound (&vectors);
}
