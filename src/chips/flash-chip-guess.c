/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-chip-guess"

#include "config.h"

#include "flash-chip-match-private.h"

#include "flash-dfu-defs.h"

#include <string.h>

#define KIB 1024
/* stm32-dfuse.md sections 2.1 and 2.5.3: a clone of the DSO Nano has the bytes swapped. */
#define VERSION_DFUSE 0x011a
#define VERSION_DFUSE_SWAPPED 0x1a01
/* Section 2.1: TinyUSB says so, prints maps, and speaks plain DFU all the same. */
#define VERSION_TINYUSB 0x0101
#define ST_VID 0x0483
#define ST_DFU_PID 0xdf11
#define GIGADEVICE_VID 0x28e9
#define GD32VF103_PID 0x0189
/* Section 2.5.3: the names under which the memories are known; AT32 has them in the singular, the
 * U0 calls the second one "OB Bytes". */
#define NAME_FLASH "Internal Flash"
#define NAME_OPTION "Option Byte"
#define NAME_OPTIONS "Option Bytes"
#define NAME_OB "OB Bytes"
#define NAME_OTP "OTP"
#define NAME_FEATURE "Device Feature"
#define NAME_ENGI "ENGI"
#define NAME_DATA "DATA"
#define FLASH_START 0x08000000u
#define FLASH_END 0x10000000u
/* Section 2.5.3: ROMs of the old style put two blanks behind the name, the others one, three or
 * more; transfers of the old ones have 2048 bytes. */
#define OLD_STYLE_HEAD "@Internal Flash  /"
#define OLD_STYLE_TRANSFER_SIZE 2048
#define DOUBT_PAGE_SIZE "page-size-doubtful"

#define ALL_FLAGS (FLASH_MEMORY_READABLE | FLASH_MEMORY_ERASABLE | FLASH_MEMORY_WRITABLE)

/* Section 2.5.3: GigaDevice, Artery, Geehy, WestBerry, X32. */
static const guint16 clone_vids[] = { GIGADEVICE_VID, 0x2e3c, 0x314b, 0x342d, 0x3997 };

/* Sections 2.5.3, 4.8 and 8.3: how the products of ST's ROMs begin. */
static const char *const rom_products[] = { "STM32  BOOTLOADER", "STM32 0x418 DFU Bootloader",
                                            "DFU in FS Mode", "DFU in HS Mode" };

static gboolean
is_name (const FlashMemoryMap *map, const char *start)
{
  return g_ascii_strncasecmp (map->name, start, strlen (start)) == 0;
}

static gboolean
is_clone_vid (guint16 vid)
{
  for (guint i = 0; i < G_N_ELEMENTS (clone_vids); i++)
    if (clone_vids[i] == vid)
      return TRUE;
  return FALSE;
}

static gboolean
is_st (const FlashDescriptors *descriptors)
{
  return descriptors->vid == ST_VID && descriptors->pid == ST_DFU_PID;
}

/* Only asked about devices that print a map. Where the maker is known for its ROMs, a descriptor
 * that says nothing of DfuSe is not believed (sections 2.1, 3.2). */
static gboolean
speaks_dfuse (const FlashDescriptors *descriptors)
{
  if (descriptors->bcd_dfu == VERSION_DFUSE || descriptors->bcd_dfu == VERSION_DFUSE_SWAPPED)
    return TRUE;
  if (descriptors->bcd_dfu == VERSION_TINYUSB)
    return FALSE;
  return is_st (descriptors) || is_clone_vid (descriptors->vid);
}

static void
keep_map (FlashMemoryMap **slot, guint8 *slot_alternate, FlashMemoryMap *map, guint8 alternate)
{
  g_clear_pointer (slot, flash_memory_map_unref);
  *slot = flash_memory_map_ref (map);
  *slot_alternate = alternate;
}

/* How well the map would do as the one of the flash: 0 if not at all. */
static guint
rank_flash (const FlashMemoryMap *map)
{
  static const char *const others[] = { NAME_OPTION,  NAME_OB,   NAME_OTP,
                                        NAME_FEATURE, NAME_ENGI, NAME_DATA };
  guint32 start = flash_memory_map_get_start (map);

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (is_name (map, others[i]))
      return 0;
  if (is_name (map, NAME_FLASH))
    return 3;
  return start >= FLASH_START && start < FLASH_END ? 2 : 1;
}

/* Returns: whether every alternate setting has a name. */
static gboolean
find_maps (FlashChipGuess *self, const FlashDescriptors *descriptors)
{
  gboolean has_all_names = TRUE;
  guint best = 0;

  for (guint i = 0; i < descriptors->alternates->len; i++) {
    const FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);
    g_autoptr (FlashMemoryMap) map = flash_memory_map_parse (alternate->name, NULL);

    has_all_names = has_all_names && alternate->name != NULL;
    if (map == NULL)
      continue;
    if (rank_flash (map) > best) {
      best = rank_flash (map);
      keep_map (&self->flash, &self->flash_alternate, map, alternate->number);
    }
    if (self->options == NULL && (is_name (map, NAME_OPTION) || is_name (map, NAME_OB)))
      keep_map (&self->options, &self->option_alternate, map, alternate->number);
    if (self->otp == NULL && is_name (map, NAME_OTP))
      keep_map (&self->otp, &self->otp_alternate, map, alternate->number);
  }
  return has_all_names;
}

/* Section 3.1: the serial number of the GD32VF103 says how much flash it has, in pages of 1 KiB;
 * the map of its first revision has the wrong page size. Two of the letters: section 3.2. */
static void
correct_gd32vf103 (FlashChipGuess *self, const FlashDescriptors *descriptors)
{
  static const struct {
    char letter;
    guint n_pages;
  } sizes[] = { { 'D', 256 }, { 'B', 128 }, { '8', 64 }, { '6', 32 }, { '4', 16 }, { '2', 8 } };
  const char *serial = descriptors->serial;
  FlashMemoryRun run = { FLASH_START, KIB, 0, ALL_FLAGS };

  if (descriptors->vid != GIGADEVICE_VID || descriptors->pid != GD32VF103_PID)
    return;
  if (serial != NULL && strlen (serial) == 4 && serial[0] == '3' && serial[3] == 'J')
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      if (serial[2] == sizes[i].letter)
        run.n_sectors = sizes[i].n_pages;
  if (run.n_sectors == 0) {
    self->map_doubt = DOUBT_PAGE_SIZE;
    return;
  }
  flash_memory_map_unref (self->flash);
  self->flash = flash_memory_map_new_for_runs (NAME_FLASH, &run, 1);
}

/* With ST's ids. A descriptor of 7 bytes, which has no version, and an option byte in the singular
 * are no ST ROM's (section 2.5.3); GD32 tell by their product. */
static gboolean
is_clone (const FlashChipGuess *self, const FlashDescriptors *descriptors)
{
  if (is_clone_vid (descriptors->vid))
    return TRUE;
  if (!is_st (descriptors))
    return FALSE;
  if (descriptors->product != NULL && g_str_has_prefix (descriptors->product, "GD32"))
    return TRUE;
  if (descriptors->has_functional && descriptors->bcd_dfu == FLASH_DFU_VERSION_1_0)
    return TRUE;
  return self->options != NULL && is_name (self->options, NAME_OPTION) &&
         !is_name (self->options, NAME_OPTIONS);
}

/* ST's middleware calls itself "STM32 DownLoad Firmware Update", and everybody renames it. */
static gboolean
is_rom_product (const char *product)
{
  /* Some cannot be read (section 2.5.3, F42x). */
  if (product == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (rom_products); i++)
    if (g_str_has_prefix (product, rom_products[i]))
      return TRUE;
  return FALSE;
}

/* A ROM has nothing in the flash that it would have to protect: boot loaders in flash mark their
 * own sectors by 'a'. */
static gboolean
has_closed_sectors (const FlashMemoryMap *flash)
{
  for (guint i = 0; i < flash->runs->len; i++)
    if (g_array_index (flash->runs, FlashMemoryRun, i).flags != ALL_FLAGS)
      return TRUE;
  return FALSE;
}

/* What no ROM of ST does (sections 2.5.3, 3.1, 4.8). Boot loaders made with ST's middleware take
 * over its ids, and bcdDevice 0200 with the strings of whatever example they began from. */
static gboolean
is_custom (const FlashChipGuess *self, const FlashDescriptors *descriptors)
{
  FlashChipStyle style = flash_chip_style_get_for_version (descriptors->bcd_device);
  gboolean is_old_text = g_str_has_prefix (self->flash->text, OLD_STYLE_HEAD);

  if (!is_st (descriptors) || !is_rom_product (descriptors->product))
    return TRUE;
  if (!is_name (self->flash, NAME_FLASH) || has_closed_sectors (self->flash) ||
      flash_memory_map_get_start (self->flash) != FLASH_START)
    return TRUE;
  switch (style) {
  case FLASH_CHIP_STYLE_UNKNOWN:
    return TRUE;
  case FLASH_CHIP_STYLE_OLD:
    return !is_old_text ||
           (descriptors->has_functional && descriptors->transfer_size != OLD_STYLE_TRANSFER_SIZE);
  case FLASH_CHIP_STYLE_NEW:
    return is_old_text;
  }
  g_return_val_if_reached (TRUE);
}

static void
match_rom (FlashChipGuess *self, const FlashDescriptors *descriptors, gboolean has_all_names)
{
  FlashChipEvidence evidence = {
    .style = flash_chip_style_get_for_version (descriptors->bcd_device),
    .product = descriptors->product,
    .flash = self->flash,
    .options = self->options,
    .otp = self->otp,
    .has_all_names = has_all_names,
  };
  GPtrArray *chips = flash_chip_match_rom (&evidence);
  g_autoptr (GPtrArray) of_any_style = NULL;

  g_ptr_array_unref (self->chips);
  self->chips = chips;
  self->loader = FLASH_LOADER_ROM;
  if (chips->len > 0)
    return;

  /* The ROM of that chip is of the other style, or the option bytes are missing, which only a few
   * do not have: an F4's map under bcdDevice 0200, one alternate setting on its own. */
  evidence.style = FLASH_CHIP_STYLE_UNKNOWN;
  of_any_style = flash_chip_match_rom (&evidence);
  if (of_any_style->len > 0 || (self->options == NULL && has_all_names))
    self->loader = FLASH_LOADER_CUSTOM;
}

/* Section 4.2. Where ROMs are known to print that very text, only they count. */
static void
set_doubt (FlashChipGuess *self)
{
  const FlashChip *best = flash_chip_guess_get_best (self);
  const char *text = self->flash->text;
  gboolean is_known = best != NULL && flash_chip_match_has_map (best, text);

  if (is_known && !flash_chip_match_has_sectors (best, self->flash))
    self->map_doubt = DOUBT_PAGE_SIZE;
  for (guint i = 0; i < self->chips->len && self->map_doubt == NULL; i++) {
    const FlashChip *chip = g_ptr_array_index (self->chips, i);

    if (!is_known || flash_chip_match_has_map (chip, text))
      self->map_doubt = ((const FlashChipRow *) chip)->doubt;
  }
}

/* Chips with two banks show two areas, and the one of bank 2 may come first by address. The level
 * of protection is in the one that the table names; each must be read and written by itself. */
static void
narrow_options (FlashChipGuess *self)
{
  const FlashChip *best = flash_chip_guess_get_best (self);
  FlashMemoryMap *whole = self->options;

  if (whole == NULL || best == NULL)
    return;
  for (guint i = 0; i < whole->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (whole->runs, FlashMemoryRun, i);

    if (whole->runs->len == 1 || run->address != best->option_start)
      continue;
    self->options = flash_memory_map_new_for_runs (whole->name, run, 1);
    flash_memory_map_unref (whole);
    return;
  }
}

static void
guess_chips (FlashChipGuess *self, const FlashDescriptors *descriptors, gboolean has_all_names)
{
  if (is_clone (self, descriptors)) {
    self->loader = FLASH_LOADER_CLONE;
    correct_gd32vf103 (self, descriptors);
    return;
  }
  if (is_custom (self, descriptors))
    self->loader = FLASH_LOADER_CUSTOM;
  else
    match_rom (self, descriptors, has_all_names);

  if (self->loader == FLASH_LOADER_CUSTOM) {
    g_ptr_array_unref (self->chips);
    self->chips = flash_chip_match_sectors (self->flash);
    return;
  }
  set_doubt (self);
  narrow_options (self);
  self->is_sure = self->chips->len == 1 &&
                  flash_chip_match_has_map (flash_chip_guess_get_best (self), self->flash->text);
}

void
flash_chip_guess_init (FlashChipGuess *self, FlashDescriptors *descriptors)
{
  gboolean has_all_names;

  g_return_if_fail (self != NULL);

  *self = (FlashChipGuess){ .loader = FLASH_LOADER_NONE, .chips = g_ptr_array_new () };
  if (descriptors == NULL || !speaks_dfuse (descriptors))
    return;
  has_all_names = find_maps (self, descriptors);
  if (self->flash != NULL) {
    guess_chips (self, descriptors, has_all_names);
    return;
  }
  /* Without a flash there is nothing to do by DfuSe. */
  g_clear_pointer (&self->options, flash_memory_map_unref);
  g_clear_pointer (&self->otp, flash_memory_map_unref);
}

void
flash_chip_guess_copy (FlashChipGuess *self, const FlashChipGuess *other)
{
  g_return_if_fail (self != NULL && other != NULL);

  *self = *other;
  if (self->chips != NULL)
    g_ptr_array_ref (self->chips);
  if (self->flash != NULL)
    flash_memory_map_ref (self->flash);
  if (self->options != NULL)
    flash_memory_map_ref (self->options);
  if (self->otp != NULL)
    flash_memory_map_ref (self->otp);
}

void
flash_chip_guess_clear (FlashChipGuess *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->chips, g_ptr_array_unref);
  g_clear_pointer (&self->flash, flash_memory_map_unref);
  g_clear_pointer (&self->options, flash_memory_map_unref);
  g_clear_pointer (&self->otp, flash_memory_map_unref);
}

const FlashChip *
flash_chip_guess_get_best (const FlashChipGuess *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->chips != NULL && self->chips->len > 0 ? g_ptr_array_index (self->chips, 0) : NULL;
}

/* Sections 2.5.3 and 4.8. Parts with less flash of other chips would fit too; if there are chips
 * whose ROM is known to print this very text, they are not thought of. */
const char *
flash_chip_guess_get_family (const FlashChipGuess *self)
{
  const FlashChip *best;
  gboolean is_known;

  g_return_val_if_fail (self != NULL, NULL);

  best = flash_chip_guess_get_best (self);
  if (best == NULL)
    return NULL;
  is_known = self->loader == FLASH_LOADER_ROM && flash_chip_match_has_map (best, self->flash->text);
  for (guint i = 1; i < self->chips->len; i++) {
    const FlashChip *chip = g_ptr_array_index (self->chips, i);

    if ((!is_known || flash_chip_match_has_map (chip, self->flash->text)) &&
        !g_str_equal (chip->family, best->family))
      return NULL;
  }
  return best->family;
}

char *
flash_chip_guess_dup_name (const FlashChipGuess *self)
{
  const char *family;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->is_sure)
    return g_strdup (flash_chip_guess_get_best (self)->name);
  family = flash_chip_guess_get_family (self);
  return family != NULL ? g_strdup_printf ("STM32%s", family) : NULL;
}

void
flash_chip_guess_get_traits (const FlashChipGuess *self, FlashChipTraits *out_traits)
{
  /* Nothing is known: the largest granule there is, once, and no promises (section 4.3). */
  FlashChipTraits traits = { .granule = 32, .has_ecc = TRUE, .erased = 0xff };
  const FlashChip *best;

  g_return_if_fail (self != NULL && out_traits != NULL);

  best = flash_chip_guess_get_best (self);
  if (best != NULL)
    traits = (FlashChipTraits){ 2, FALSE, best->erased, TRUE, TRUE, TRUE };
  for (guint i = 0; best != NULL && i < self->chips->len; i++) {
    const FlashChip *chip = g_ptr_array_index (self->chips, i);

    traits.granule = MAX (traits.granule, chip->granule);
    traits.has_ecc = traits.has_ecc || chip->has_ecc;
    traits.has_empty_check = traits.has_empty_check && chip->has_empty_check;
    traits.has_mass_erase = traits.has_mass_erase && chip->has_mass_erase;
    traits.leave_starts = traits.leave_starts && chip->leave_starts;
  }
  /* Those are promises of ROMs. A boot loader in the flash fills the place that the empty check
   * looks at; ST's middleware takes a mass erase and does nothing (section 2.2). */
  if (self->loader != FLASH_LOADER_ROM)
    traits.has_empty_check = traits.has_mass_erase = traits.leave_starts = FALSE;
  *out_traits = traits;
}
