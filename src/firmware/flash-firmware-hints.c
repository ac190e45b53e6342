/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-hints"

#include "config.h"

#include "flash-firmware-hints.h"

#include "flash-text.h"
#include "flash-uf2.h"
#include "flash-vectors.h"

#include <string.h>

/* What UF2 calls the chips of ST begins with this, and goes on with the family. */
#define MAKER "STM32"
#define FAMILY_LENGTH 7
/* So many families or chips are named in a sentence. */
#define MAX_NAMES 4u

/* stm32-dfuse.md section 1.11, and row 20 of section 7.1: ids in a suffix that mean any. */
static gboolean
is_any (guint16 id)
{
  return id == 0xffff || id == 0x0000;
}

static void
add_suffix_hint (FlashFirmwarePlan *plan, const FlashImage *image,
                 const FlashDescriptors *descriptors)
{
  const FlashDfuSuffix *suffix = &image->suffix;
  g_autofree char *wanted = NULL;
  g_autofree char *found = NULL;

  if (!image->has_suffix || descriptors == NULL ||
      ((is_any (suffix->vendor) || suffix->vendor == descriptors->vid) &&
       (is_any (suffix->product) || suffix->product == descriptors->pid)))
    return;
  wanted = g_strdup_printf ("%04x:%04x", suffix->vendor, suffix->product);
  found = g_strdup_printf ("%04x:%04x", descriptors->vid, descriptors->pid);
  flash_diag_list_add (plan->diags, FLASH_SEVERITY_WARNING, "suffix-other-device", 0, 0,
                       N_ ("The file says that it is for devices {0}; this board is {1}. Look "
                           "whether it is the right file."),
                       wanted, found, NULL);
}

static gboolean
is_for_chips (const char *name, const GPtrArray *chips)
{
  for (guint i = 0; i < chips->len; i++) {
    const FlashChip *chip = g_ptr_array_index (chips, i);

    if (chip->family == NULL || g_str_has_prefix (name + strlen (MAKER), chip->family))
      return TRUE;
  }
  return chips->len == 0;
}

/* Returns: (nullable): what UF2 calls the @index-th family of the file, if it is one of ST's */
static const char *
get_family (const FlashImage *image, guint index)
{
  const char *name = flash_uf2_get_family_name (g_array_index (image->families, guint32, index));

  return name != NULL && g_str_has_prefix (name, MAKER) ? name : NULL;
}

static void
add_family_hint (FlashFirmwarePlan *plan, const FlashImage *image, const FlashChipGuess *guess)
{
  const char *name = get_family (image, 0);

  if (name != NULL && !is_for_chips (name, guess->chips))
    flash_diag_list_add (plan->diags, FLASH_SEVERITY_WARNING, "wrong-chip", 0, 0,
                         N_ ("The file says that it is for {0}; this board seems to have {1}. "
                             "Look whether it is the right file."),
                         name, flash_chip_guess_get_best (guess)->name, NULL);
}

/* Files for several families hold a program for each, at addresses of its own, and the image does
 * not say whose they are. All of them are right only if they have a family in common with the
 * board, or with each other where the board is not known: two names of one, such as F4 and F407. */
static gboolean
has_mixed_families (const FlashImage *image, const FlashChipGuess *guess)
{
  const char *first = get_family (image, 0);

  for (guint i = 0; i < image->families->len; i++) {
    const char *name = get_family (image, i);

    if (first == NULL || name == NULL || !is_for_chips (name, guess->chips) ||
        strncmp (name, first, FAMILY_LENGTH) != 0)
      return TRUE;
  }
  return FALSE;
}

static void
add_families_hint (FlashFirmwarePlan *plan, const FlashImage *image, const FlashChipGuess *guess)
{
  g_autoptr (GString) names = g_string_new (NULL);

  if (image->families->len == 1)
    add_family_hint (plan, image, guess);
  if (image->families->len < 2 || !has_mixed_families (image, guess))
    return;
  for (guint i = 0; i < MIN (image->families->len, MAX_NAMES); i++) {
    guint32 id = g_array_index (image->families, guint32, i);
    const char *name = flash_uf2_get_family_name (id);

    g_string_append (names, i > 0 ? ", " : "");
    if (name != NULL)
      g_string_append (names, name);
    else
      g_string_append_printf (names, "0x%08x", id);
  }
  if (image->families->len > MAX_NAMES)
    g_string_append (names, ", …");
  flash_diag_set_fix (
      flash_diag_list_add (plan->diags, FLASH_SEVERITY_ERROR, "families-mixed", 0, 0,
                           N_ ("The file holds programs for several families of chips ({0}); all "
                               "of them would be written, one into another."),
                           names->str, NULL),
      N_ ("Choose a file that is for the chip of this board only."), NULL);
}

/* A stack grows down, so it may begin right behind the RAM.
 *
 * @end: becomes where the RAM below it ends, if there is one */
static gboolean
has_stack_place (const FlashChip *chip, guint32 stack, guint64 *end)
{
  for (guint i = 0; i < chip->rams->len; i++) {
    const FlashChipRange *ram = &g_array_index (chip->rams, FlashChipRange, i);

    if (stack > ram->start && stack - ram->start <= ram->size)
      return TRUE;
    /* The one below, if any, is the one that was thought to be larger. */
    if (stack > ram->start)
      *end = MAX (*end, (guint64) ram->start + ram->size);
  }
  return chip->rams->len == 0;
}

static void
warn_of_chip (FlashFirmwarePlan *plan, const char *stack, guint64 end)
{
  g_autofree char *ram = flash_text_address (end);

  flash_diag_list_add (plan->diags, FLASH_SEVERITY_WARNING, "wrong-chip", 0, 0,
                       end > 0 ? N_ ("The program wants its stack to begin at {0}, and the RAM of "
                                     "this chip ends at {1}: it is for a chip with more or other "
                                     "RAM.")
                               : N_ ("The program wants its stack to begin at {0}, where this chip "
                                     "has no RAM: it is for another chip."),
                       stack, ram, NULL);
}

/* Which of them it is is not known, so neither is where its RAM ends. */
static void
warn_of_chips (FlashFirmwarePlan *plan, const char *stack, const GPtrArray *chips)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < MIN (chips->len, MAX_NAMES); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ((const FlashChip *) g_ptr_array_index (chips, i))->name);
  if (chips->len > MAX_NAMES)
    g_string_append (names, ", …");
  flash_diag_list_add (plan->diags, FLASH_SEVERITY_WARNING, "wrong-chip", 0, 0,
                       N_ ("The program wants its stack to begin at {0}, where none of the chips "
                           "that this board may have ({1}) has RAM: it is for another chip."),
                       stack, names->str, NULL);
}

static void
add_stack_hint (FlashFirmwarePlan *plan, const FlashImage *image, const FlashChipGuess *guess)
{
  g_autofree char *stack = NULL;
  FlashVectors vectors = { 0 };
  guint64 end = 0;

  for (guint i = 0; i < image->targets->len; i++)
    if (flash_vectors_read (g_ptr_array_index (image->targets, i), plan->head, &vectors))
      break;
  /* Other bytes may look like a stack by chance. */
  if (!flash_vectors_are_sound (&vectors) || guess->chips->len == 0)
    return;
  for (guint i = 0; i < guess->chips->len; i++)
    if (has_stack_place (g_ptr_array_index (guess->chips, i), vectors.stack, &end))
      return;
  stack = flash_text_address (vectors.stack);
  if (guess->chips->len == 1)
    warn_of_chip (plan, stack, end);
  else
    warn_of_chips (plan, stack, guess->chips);
}

static void
add_size_hint (FlashFirmwarePlan *plan)
{
  const FlashMemoryMap *map = plan->map;
  const FlashMemoryRun *last = &g_array_index (map->runs, FlashMemoryRun, map->runs->len - 1);
  guint64 end = last->address + (guint64) last->sector_size * last->n_sectors;

  for (guint i = 0; i < plan->left_out->len; i++) {
    const FlashFirmwareLeftOut *part = &g_array_index (plan->left_out, FlashFirmwareLeftOut, i);
    g_autofree char *end_text = flash_text_address (end);
    g_autofree char *file_end = flash_text_address (part->address + part->size);

    /* What goes on where the flash ends was meant for more of it. */
    if (part->address != end || part->reason != FLASH_FIRMWARE_OUTSIDE)
      continue;
    flash_diag_list_add (plan->diags, FLASH_SEVERITY_WARNING, "wrong-chip", 0, 0,
                         N_ ("The flash of this chip ends at {0}, and the file goes on to {1}: it "
                             "is for a chip with more flash."),
                         end_text, file_end, NULL);
  }
}

/* stm32-dfuse.md section 4.2, and row 29 of section 7.1. */
static const struct {
  const char *doubt;
  const char *text;
} doubts[] = {
  { "hole-possible",
    N_ ("Some chips with this boot loader have less flash than it says, with a hole in it. What is "
        "written there is lost; it is read back, so that this would be seen.") },
  { "page-size-doubtful",
    N_ ("The sectors of this chip may be larger than its boot loader says: erasing one may erase "
        "its neighbour too. Keep a copy of what is on the chip.") },
  { "upper-part-reserved",
    N_ ("The upper part of this chip's flash belongs to its second core, which runs the radio, and "
        "the boot loader does not say where that part begins. What is written there is refused or "
        "lost; it is read back, so that this would be seen. If it happens, the program has to be "
        "made smaller.") },
};

static void
add_map_hint (FlashFirmwarePlan *plan, const char *doubt)
{
  const char *text =
      N_ ("The boot loader may describe its flash wrongly, which is known of some of "
          "them. What is written is read back, so that this would be seen.");

  if (doubt == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (doubts); i++)
    if (g_str_equal (doubt, doubts[i].doubt))
      text = doubts[i].text;
  flash_diag_list_add (plan->diags, FLASH_SEVERITY_WARNING, "map-doubtful", 0, 0, text, NULL);
}

/* stm32-dfuse.md section 5.1. */
static void
add_cut_hint (FlashFirmwarePlan *plan, const FlashChipGuess *guess)
{
  const FlashChip *best = flash_chip_guess_get_best (guess);
  const char *text = N_ ("If this is interrupted, the chip does not go back to its boot loader by "
                         "itself: it is entered with BOOT0 then, and the update begun again.");

  if (plan->traits.has_empty_check && guess->loader != FLASH_LOADER_CUSTOM)
    return;
  if (guess->loader == FLASH_LOADER_CUSTOM)
    text = N_ ("If this is interrupted, the board's own boot loader stays as it is; whether it "
               "waits for another try, or has to be asked for one, is for its maker to say.");
  else if (guess->is_sure && best != NULL && best->interrupted != NULL)
    text = best->interrupted;
  flash_diag_list_add (plan->diags, FLASH_SEVERITY_INFO, "no-empty-check", 0, 0, text, NULL);
}

void
flash_firmware_hints_add (FlashFirmwarePlan *plan, const FlashImage *image,
                          const FlashChipGuess *guess, const FlashDescriptors *descriptors)
{
  g_return_if_fail (plan != NULL && image != NULL && guess != NULL);

  add_suffix_hint (plan, image, descriptors);
  add_families_hint (plan, image, guess);
  add_size_hint (plan);
  add_stack_hint (plan, image, guess);
  flash_vectors_check (image, plan->start, plan->diags);
  add_map_hint (plan, guess->map_doubt);
  add_cut_hint (plan, guess);
}
