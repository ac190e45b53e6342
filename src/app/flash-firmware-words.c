/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-words"

#include "config.h"

#include "flash-firmware-words.h"

#include "flash-chip-part.h"
#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* --- the file ------------------------------------------------------------------------------- */

static const char *
get_format_name (FlashFormat format)
{
  switch (format) {
  case FLASH_FORMAT_RAW:
    return _ ("Raw bytes");
  case FLASH_FORMAT_IHEX:
    return _ ("Intel HEX");
  case FLASH_FORMAT_SREC:
    return _ ("Motorola S-record");
  case FLASH_FORMAT_ELF:
    return _ ("ELF");
  case FLASH_FORMAT_DFUSE:
    return _ ("DfuSe");
  case FLASH_FORMAT_DFU:
    return _ ("Raw bytes with a DFU suffix");
  case FLASH_FORMAT_STM32:
    return _ ("STM32MP image");
  case FLASH_FORMAT_FIP:
    return _ ("FIP");
  case FLASH_FORMAT_UF2:
    return _ ("UF2");
  case FLASH_FORMAT_GPT:
    return _ ("Disk image");
  }
  g_return_val_if_reached ("");
}

char *
flash_firmware_words_dup_format (const FlashImage *image)
{
  const char *name = get_format_name (image->format);

  /* TRANSLATORS: a format of files: “ELF, packed by gzip” */
  if (image->packing == FLASH_CONTENT_GZIP)
    return g_strdup_printf (_ ("%s, packed by gzip"), name);
  if (image->packing == FLASH_CONTENT_XZ)
    return g_strdup_printf (_ ("%s, packed by xz"), name);
  if (image->packing == FLASH_CONTENT_ZSTD)
    return g_strdup_printf (_ ("%s, packed by zstd"), name);
  return g_strdup (name);
}

/* Returns: how many segments; @out_first, @out_last: the addresses between which they lie */
static guint
count_segments (const FlashImage *image, guint32 *out_first, guint32 *out_last)
{
  guint n_segments = 0;

  *out_first = G_MAXUINT32;
  *out_last = 0;
  for (guint i = 0; i < image->targets->len; i++) {
    const FlashImageTarget *target = g_ptr_array_index (image->targets, i);

    for (guint j = 0; j < target->segments->len; j++) {
      const FlashImageSegment *segment = g_ptr_array_index (target->segments, j);
      guint32 last = segment->address + (guint32) (g_bytes_get_size (segment->bytes) - 1);

      *out_first = MIN (*out_first, segment->address);
      *out_last = MAX (*out_last, last);
      n_segments++;
    }
  }
  return n_segments;
}

char *
flash_firmware_words_dup_contents (const FlashImage *image)
{
  guint32 first, last;
  guint n_segments = count_segments (image, &first, &last);
  g_autofree char *size = flash_text_size (flash_image_get_size (image));
  g_autofree char *range = NULL;

  if (n_segments == 0)
    return g_strdup (_ ("Nothing that could be written"));
  if (!image->has_address)
    /* TRANSLATORS: a size, such as “12 KiB” */
    return g_strdup_printf (_ ("%s without an address"), size);
  if (n_segments > 1)
    /* TRANSLATORS: a size, and in how many parts */
    return g_strdup_printf (ngettext ("%1$s in %2$u part", "%1$s in %2$u parts", n_segments), size,
                            n_segments);
  range = flash_chip_part_dup_range (first, (guint64) last - first + 1);
  /* TRANSLATORS: a size, and between which addresses */
  return g_strdup_printf (_ ("%1$s, %2$s"), size, range);
}

const char *
flash_firmware_words_reason (FlashFirmwareReason reason)
{
  switch (reason) {
  case FLASH_FIRMWARE_RAM:
    return _ ("Not written: it belongs into RAM, which only a debugger loads");
  case FLASH_FIRMWARE_OPTION_BYTES:
    return _ ("Not written: these are option bytes or one-time memory");
  case FLASH_FIRMWARE_OUTSIDE:
    return _ ("Not written: the boot loader names no memory there");
  case FLASH_FIRMWARE_READ_ONLY:
    return _ ("Not written: the boot loader keeps these sectors for itself");
  case FLASH_FIRMWARE_OTHER_TARGET:
    return _ ("Not written: it is for other memory of the board");
  }
  g_return_val_if_reached ("");
}

/* --- the plan ------------------------------------------------------------------------------- */

/* Returns: how many sectors are shared; @out_first: the first one; @out_rest: what they hold beside
 * the file, at most */
static guint
count_shared (const FlashFirmwarePlan *plan, guint *out_first, guint64 *out_rest)
{
  guint n_shared = 0;

  *out_first = 0;
  *out_rest = 0;
  for (guint i = 0; i < plan->sectors->len; i++) {
    const FlashFirmwareSector *sector = &g_array_index (plan->sectors, FlashFirmwareSector, i);

    if (sector->is_own || sector->n_covered >= sector->sector.size)
      continue;
    if (n_shared++ == 0)
      *out_first = sector->sector.index;
    *out_rest += sector->sector.size - sector->n_covered;
  }
  return n_shared;
}

static guint
count_changed (const FlashFirmwarePlan *plan)
{
  guint n_changed = 0;

  for (guint i = 0; i < plan->sectors->len; i++)
    n_changed += !g_array_index (plan->sectors, FlashFirmwareSector, i).is_own;
  return n_changed;
}

/* What the rest of one sector meets. */
static char *
dup_one_shared (FlashMcuShared shared, guint sector, const char *rest)
{
  switch (shared) {
  case FLASH_MCU_SHARED_ASK:
    return g_strdup_printf (_ ("Sector %1$u is not filled: if there is something else in the other "
                               "%2$s, you are asked before it is erased."),
                            sector, rest);
  case FLASH_MCU_SHARED_KEEP:
    return g_strdup_printf (
        _ ("Sector %1$u is not filled: what else is in the other %2$s is kept."), sector, rest);
  case FLASH_MCU_SHARED_ERASE:
    return g_strdup_printf (
        _ ("Sector %1$u is not filled: what else is in the other %2$s is lost."), sector, rest);
  }
  g_return_val_if_reached (NULL);
}

static char *
dup_many_shared (FlashMcuShared shared, guint n_shared, const char *rest)
{
  switch (shared) {
  case FLASH_MCU_SHARED_ASK:
    return g_strdup_printf (
        ngettext ("%1$u sector is not filled: if there is something else in the other %2$s, you "
                  "are asked before it is erased.",
                  "%1$u sectors are not filled: if there is something else in the other %2$s, you "
                  "are asked before it is erased.",
                  n_shared),
        n_shared, rest);
  case FLASH_MCU_SHARED_KEEP:
    return g_strdup_printf (
        ngettext ("%1$u sector is not filled: what else is in the other %2$s is kept.",
                  "%1$u sectors are not filled: what else is in the other %2$s is kept.", n_shared),
        n_shared, rest);
  case FLASH_MCU_SHARED_ERASE:
    return g_strdup_printf (
        ngettext ("%1$u sector is not filled: what else is in the other %2$s is lost.",
                  "%1$u sectors are not filled: what else is in the other %2$s is lost.", n_shared),
        n_shared, rest);
  }
  g_return_val_if_reached (NULL);
}

static char *
dup_shared (const FlashFirmwarePlan *plan, FlashMcuShared shared)
{
  guint64 rest_bytes;
  guint first;
  guint n_shared = count_shared (plan, &first, &rest_bytes);
  g_autofree char *rest = flash_text_size (rest_bytes);

  if (n_shared == 0)
    return NULL;
  return n_shared == 1 ? dup_one_shared (shared, first, rest)
                       : dup_many_shared (shared, n_shared, rest);
}

char *
flash_firmware_words_dup_summary (const FlashFirmwarePlan *plan, FlashMcuShared shared)
{
  guint n_all, n_changed;
  g_autofree char *changed = NULL;
  g_autofree char *rest = NULL;

  g_return_val_if_fail (plan != NULL, NULL);

  n_all = flash_memory_map_get_n_sectors (plan->map);
  n_changed = count_changed (plan);
  /* TRANSLATORS: how many of how many: “Erased and written: 5 of 12 sectors.” */
  changed = g_strdup_printf (ngettext ("Erased and written: %1$u of %2$u sector.",
                                       "Erased and written: %1$u of %2$u sectors.", n_all),
                             n_changed, n_all);
  rest = dup_shared (plan, shared);
  return rest != NULL ? g_strdup_printf ("%s %s", changed, rest) : g_steal_pointer (&changed);
}

char *
flash_firmware_words_dup_place (const FlashFirmwarePlan *plan, guint32 address, guint64 size)
{
  FlashMemorySector first, last;

  g_return_val_if_fail (plan != NULL && size > 0, NULL);

  if (!flash_memory_map_find_sector (plan->map, address, &first) ||
      !flash_memory_map_find_sector (plan->map, address + (guint32) (size - 1), &last))
    return g_strdup (_ ("Outside of the flash"));
  if (first.index == last.index)
    return g_strdup_printf (_ ("Written to sector %u"), first.index);
  return g_strdup_printf (_ ("Written to sectors %1$u–%2$u"), first.index, last.index);
}

char *
flash_firmware_words_dup_chip (const FlashChipGuess *guess)
{
  const FlashChip *chip = flash_chip_guess_get_best (guess);
  g_autofree char *name = flash_chip_guess_dup_name (guess);
  g_autofree char *size = NULL;

  if (guess->flash == NULL)
    return g_strdup (chip != NULL ? chip->name : _ ("Unknown chip"));
  size = flash_text_size (flash_memory_map_get_size (guess->flash));
  if (chip == NULL)
    /* TRANSLATORS: a size, such as “1 MiB” */
    return g_strdup_printf (_ ("Unknown chip, %s of flash"), size);
  if (!guess->is_sure && name == NULL)
    /* TRANSLATORS: a chip and a size */
    return g_strdup_printf (_ ("Probably %1$s, %2$s of flash"), chip->name, size);
  /* TRANSLATORS: a chip or a family and a size: “STM32F405, 1 MiB of flash” */
  if (guess->is_sure || g_str_equal (name, chip->name))
    return g_strdup_printf (_ ("%1$s, %2$s of flash"), chip->name, size);
  /* TRANSLATORS: a family, a chip and a size: “STM32F4, probably STM32F405, 1 MiB of flash” */
  return g_strdup_printf (_ ("%1$s, probably %2$s, %3$s of flash"), name, chip->name, size);
}

char *
flash_firmware_words_dup_interrupted (const FlashFirmwarePlan *plan, const FlashChipGuess *guess)
{
  const FlashDiag *diag = flash_diag_list_find (plan->diags, "no-empty-check");
  const FlashChip *chip = flash_chip_guess_get_best (guess);

  if (diag != NULL)
    return flash_diag_dup_message (diag, flash_words_translate);
  if (chip != NULL && chip->interrupted != NULL && guess->loader != FLASH_LOADER_CUSTOM)
    return g_strdup (flash_words_translate (chip->interrupted));
  return NULL;
}

/* --- problems ------------------------------------------------------------------------------- */

FlashFirmwareRemedy
flash_firmware_words_find_remedy (const FlashDiag *diag, const FlashFirmwareWishes *wishes,
                                  gboolean can_insist)
{
  const char *code = flash_diag_get_code (diag);
  static const char *const left_out[] = { "outside-flash", "option-bytes-in-file",
                                          "loader-sectors" };

  for (guint i = 0; i < G_N_ELEMENTS (left_out); i++)
    if (g_str_equal (code, left_out[i]))
      return wishes->leaves_out ? FLASH_FIRMWARE_REMEDY_NONE : FLASH_FIRMWARE_REMEDY_LEAVE_OUT;
  if (g_str_equal (code, "address-aliased"))
    return wishes->rebases ? FLASH_FIRMWARE_REMEDY_NONE : FLASH_FIRMWARE_REMEDY_REBASE;
  if (g_str_equal (code, "no-address"))
    return FLASH_FIRMWARE_REMEDY_ADDRESS;
  if (can_insist && flash_diag_get_severity (diag) == FLASH_SEVERITY_ERROR)
    return FLASH_FIRMWARE_REMEDY_INSIST;
  return FLASH_FIRMWARE_REMEDY_NONE;
}

const char *
flash_firmware_words_remedy (FlashFirmwareRemedy remedy)
{
  switch (remedy) {
  case FLASH_FIRMWARE_REMEDY_NONE:
    return "";
  case FLASH_FIRMWARE_REMEDY_LEAVE_OUT:
    return _ ("Leave these parts out");
  case FLASH_FIRMWARE_REMEDY_REBASE:
    return _ ("Move it there");
  case FLASH_FIRMWARE_REMEDY_ADDRESS:
    return _ ("Set address");
  case FLASH_FIRMWARE_REMEDY_INSIST:
    return _ ("Use it anyway");
  }
  g_return_val_if_reached ("");
}

const char *
flash_firmware_words_refusal (FlashBoardKind kind)
{
  switch (kind) {
  case FLASH_BOARD_KIND_DFUSE:
  case FLASH_BOARD_KIND_DFU:
  case FLASH_BOARD_KIND_RUNTIME:
    return NULL;
  case FLASH_BOARD_KIND_STM32MP:
    return _ (
        "This is an STM32MP board: it takes a layout, not a firmware file. Open the layout of "
        "its build, or choose a microcontroller.");
  case FLASH_BOARD_KIND_UNKNOWN:
    return _ ("This device is in no mode in which it takes firmware. Hold BOOT0 while the board "
              "starts, then connect it again.");
  }
  g_return_val_if_reached (NULL);
}

const char *
flash_firmware_words_hint (FlashBoardKind kind)
{
  switch (kind) {
  case FLASH_BOARD_KIND_DFUSE:
    return NULL;
  case FLASH_BOARD_KIND_DFU:
    return _ ("This board takes a file as it is, and puts it where it wants: it does not say what "
              "memory it has.");
  case FLASH_BOARD_KIND_RUNTIME:
    return _ (
        "The board runs its program. It is brought into its boot loader first; what memory it "
        "has is known then.");
  case FLASH_BOARD_KIND_STM32MP:
  case FLASH_BOARD_KIND_UNKNOWN:
    return flash_firmware_words_refusal (kind);
  }
  g_return_val_if_reached (NULL);
}
