/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-zones"

#include "config.h"

#include "flash-firmware-zones.h"

#include "flash-ram.h"

#define ADDRESS_END (G_GUINT64_CONSTANT (1) << 32)
/* flash_ram_holds () says what RAM any STM32 has; all of it begins and ends at multiples of this.
 */
#define RAM_STEP 0x00400000u

static void
add_zone (GArray *zones, guint32 start, guint64 size, gboolean is_flash, FlashFirmwareReason reason)
{
  FlashFirmwareZone zone = { start, MIN (start + size, ADDRESS_END), is_flash, reason };

  if (size > 0)
    g_array_append_val (zones, zone);
}

/* stm32-dfuse.md section 2.5.1: what cannot be erased cannot take new bytes either, and what can be
 * neither erased nor written is the boot loader itself. */
static void
add_flash (GArray *zones, const FlashMemoryMap *map)
{
  const FlashMemoryFlags wanted = FLASH_MEMORY_ERASABLE | FLASH_MEMORY_WRITABLE;

  for (guint i = 0; i < map->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (map->runs, FlashMemoryRun, i);

    add_zone (zones, run->address, (guint64) run->sector_size * run->n_sectors,
              (run->flags & wanted) == wanted, FLASH_FIRMWARE_READ_ONLY);
  }
}

static void
add_option_map (GArray *zones, const FlashMemoryMap *map)
{
  for (guint i = 0; map != NULL && i < map->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (map->runs, FlashMemoryRun, i);

    add_zone (zones, run->address, (guint64) run->sector_size * run->n_sectors, FALSE,
              FLASH_FIRMWARE_OPTION_BYTES);
  }
}

/* Of every chip that fits: better a part too many that is asked about than one too few. */
static void
add_chips (GArray *zones, const GPtrArray *chips)
{
  for (guint i = 0; i < chips->len; i++) {
    const FlashChip *chip = g_ptr_array_index (chips, i);

    add_zone (zones, chip->option_start, chip->option_size, FALSE, FLASH_FIRMWARE_OPTION_BYTES);
    for (guint j = 0; j < chip->rams->len; j++) {
      const FlashChipRange *ram = &g_array_index (chip->rams, FlashChipRange, j);

      add_zone (zones, ram->start, ram->size, FALSE, FLASH_FIRMWARE_RAM);
    }
  }
}

GArray *
flash_firmware_zones_new (const FlashChipGuess *guess)
{
  GArray *zones = g_array_new (FALSE, FALSE, sizeof (FlashFirmwareZone));

  g_return_val_if_fail (guess != NULL && guess->flash != NULL, zones);

  add_flash (zones, guess->flash);
  add_option_map (zones, guess->options);
  add_option_map (zones, guess->otp);
  add_chips (zones, guess->chips);
  return zones;
}

/* What no zone names: RAM that some STM32 has, or nothing. */
static FlashFirmwareZone
get_unnamed (guint32 address)
{
  FlashFirmwareZone zone = { address, (guint64) (address / RAM_STEP + 1) * RAM_STEP, FALSE,
                             FLASH_FIRMWARE_OUTSIDE };

  if (flash_ram_holds (address))
    zone.reason = FLASH_FIRMWARE_RAM;
  return zone;
}

FlashFirmwareZone
flash_firmware_zones_find (const GArray *zones, guint32 address)
{
  FlashFirmwareZone found = get_unnamed (address);

  /* Backwards, since the earlier ones count: each cuts short, or replaces, what was found. */
  for (guint i = zones->len; i-- > 0;) {
    const FlashFirmwareZone *zone = &g_array_index (zones, FlashFirmwareZone, i);

    if (zone->start > address) {
      found.end = MIN (found.end, zone->start);
    } else if (zone->end > address) {
      found.end = zone->end;
      found.is_flash = zone->is_flash;
      found.reason = zone->reason;
    }
  }
  return found;
}
