/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-describe"

#include "config.h"

#include "flash-bundle-describe.h"
#include "flash-bundle-path.h"

#include <string.h>

#define CHIP_PREFIX "stm32mp"

/* With one of these words the name of a board ends and that of a variant begins: ST's builds write
 * FlashLayout_<storage>_<board>-<variant>.tsv (meta-st-stm32mp, classes/
 * flashlayout-stm32mp.bbclass), with the boot schemes and labels of its machine files as variants;
 * boot stages are named tf-a-<board>-<storage>.stm32. */
static const char *const variant_words[] = {
  "basic",  "emmc",   "examples",   "extensible", "fastboot", "m4",
  "m33",    "nand",   "nor",        "optee",      "opteemin", "programmer",
  "sample", "sdcard", "serialboot", "trusted",    "uart",     "usb",
};

const char *
flash_bundle_storage_get_name (FlashBundleStorage storage)
{
  switch (storage) {
  case FLASH_BUNDLE_STORAGE_NONE:
    return "none";
  case FLASH_BUNDLE_STORAGE_SDCARD:
    return "sdcard";
  case FLASH_BUNDLE_STORAGE_EMMC:
    return "emmc";
  case FLASH_BUNDLE_STORAGE_NAND:
    return "nand";
  case FLASH_BUNDLE_STORAGE_SPI_NAND:
    return "spi-nand";
  case FLASH_BUNDLE_STORAGE_NOR:
    return "nor";
  case FLASH_BUNDLE_STORAGE_SEVERAL:
    return "several";
  case FLASH_BUNDLE_STORAGE_RAM:
    return "ram";
  }
  g_return_val_if_reached ("none");
}

void
flash_bundle_layout_free (FlashBundleLayout *self)
{
  g_free (self->name);
  g_free (self->board);
  g_free (self->variant);
  g_free (self);
}

/* --- is it one ---------------------------------------------------------------------------- */

/* The header line is a comment to the board, but no other table begins like this. */
static gboolean
has_header_line (GBytes *text)
{
  gsize size;
  const char *bytes = g_bytes_get_data (text, &size);
  g_autofree char *copy = g_strndup (bytes != NULL ? bytes : "", size);
  g_auto (GStrv) words = NULL;
  const char *mark = strstr (copy, "#Opt");

  if (mark == NULL || (mark != copy && strchr ("\n\r\t \xbf", mark[-1]) == NULL))
    return FALSE;
  words = g_strsplit_set (mark, "\t \n", 8);
  for (guint i = 1; g_str_equal (words[0], "#Opt") && words[i] != NULL; i++)
    if (*words[i] != '\0')
      return g_ascii_strcasecmp (words[i], "Id") == 0;
  return FALSE;
}

gboolean
flash_bundle_describe_is_layout (FlashLayout *layout, GBytes *text)
{
  guint n_rows = flash_layout_get_n_rows (layout);

  for (guint i = 0; i < n_rows; i++)
    if (flash_layout_row_is_valid (flash_layout_get_row (layout, i)))
      return TRUE;
  return has_header_line (text);
}

gboolean
flash_bundle_describe_needs_file (FlashLayoutRow *row)
{
  return flash_layout_row_get_path (row) != NULL &&
         (flash_layout_row_is_download (row) ||
          flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE);
}

/* --- the board by names ------------------------------------------------------------------- */

static gboolean
is_variant_word (const char *text, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (variant_words); i++)
    if (strlen (variant_words[i]) == length &&
        g_ascii_strncasecmp (text, variant_words[i], length) == 0)
      return TRUE;
  return FALSE;
}

static gsize
get_word_length (const char *text)
{
  gsize length = 0;

  while (g_ascii_isalnum (text[length]))
    length++;
  return length;
}

/**
 * parse_board:
 * @text: one part of a path
 * @out_variant: (out) (transfer full) (nullable): what follows the board
 *
 * Returns: (transfer full) (nullable): the board: a chip with two digits at least, and what follows
 */
static char *
parse_board (const char *text, char **out_variant)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  const char *start = strstr (lower, CHIP_PREFIX);
  const char *at, *end;

  *out_variant = NULL;
  if (start == NULL)
    return NULL;
  at = start + strlen (CHIP_PREFIX);
  if (!g_ascii_isdigit (at[0]) || !g_ascii_isdigit (at[1]))
    return NULL;
  end = at + get_word_length (at);
  while ((*end == '-' || *end == '_') && g_ascii_isalnum (end[1])) {
    gsize length = get_word_length (end + 1);

    if (is_variant_word (end + 1, length)) {
      const char *rest = end + 1;

      length = strspn (rest, "abcdefghijklmnopqrstuvwxyz0123456789-_");
      *out_variant = g_strndup (rest, length);
      break;
    }
    end += 1 + length;
  }
  return g_strndup (start, (gsize) (end - start));
}

/* stm32mp-usb.md section 6 */
static guint
get_device_id (const char *board)
{
  static const struct {
    const char *digits;
    guint device_id;
  } chips[] = {
    { "15", 0x500 }, { "13", 0x501 }, { "21", 0x503 }, { "23", 0x505 }, { "25", 0x505 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (chips); i++)
    if (strncmp (board + strlen (CHIP_PREFIX), chips[i].digits, 2) == 0)
      return chips[i].device_id;
  return 0;
}

/* A name that says the board says the variant as well; else a folder may. */
static void
find_in_path (FlashBundleLayout *self, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = g_strv_length (parts); i > 0; i--) {
    const char *part = parts[i - 1];
    g_autofree char *variant = NULL;
    g_autofree char *board = parse_board (part, &variant);

    if (self->board == NULL)
      self->board = g_steal_pointer (&board);
    if (self->variant == NULL && variant == NULL && parts[i] != NULL &&
        is_variant_word (part, get_word_length (part)))
      variant = g_ascii_strdown (part, -1);
    if (self->variant == NULL)
      self->variant = g_steal_pointer (&variant);
  }
}

static void
find_in_rows (FlashBundleLayout *self, FlashLayout *layout)
{
  guint n_rows = flash_layout_get_n_rows (layout);

  for (guint i = 0; i < n_rows && self->board == NULL; i++) {
    const char *binary = flash_layout_row_get_binary (flash_layout_get_row (layout, i));
    g_autofree char *variant = NULL;

    if (binary != NULL)
      self->board = parse_board (flash_bundle_path_get_base (binary), &variant);
  }
}

static gboolean
is_special (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return strstr (lower, "sample") != NULL || strstr (lower, "extensible") != NULL;
}

/* --- the storage by rows ------------------------------------------------------------------ */

/* ST's boards have their card on mmc0 and their eMMC on mmc1; on others the name may tell. Only an
 * eMMC has boot partitions (stm32mp-usb.md section 3.10). */
static FlashBundleStorage
get_mmc_storage (FlashLayout *layout, FlashLayoutRow *row, const char *name)
{
  g_autofree char *lower = g_ascii_strdown (flash_bundle_path_get_base (name), -1);
  gboolean says_emmc = strstr (lower, "emmc") != NULL;
  gboolean says_card = strstr (lower, "sdcard") != NULL;
  guint number = flash_layout_row_get_ip_number (row);

  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    FlashLayoutRow *other = flash_layout_get_row (layout, i);

    if (flash_layout_row_get_ip (other) == FLASH_LAYOUT_IP_MMC &&
        flash_layout_row_get_ip_number (other) == number &&
        flash_layout_row_get_offset_kind (other) != FLASH_LAYOUT_OFFSET_NUMBER)
      return FLASH_BUNDLE_STORAGE_EMMC;
  }
  if (says_emmc != says_card)
    return says_emmc ? FLASH_BUNDLE_STORAGE_EMMC : FLASH_BUNDLE_STORAGE_SDCARD;
  return number == 0 ? FLASH_BUNDLE_STORAGE_SDCARD : FLASH_BUNDLE_STORAGE_EMMC;
}

static FlashBundleStorage
get_storage (FlashLayout *layout, FlashLayoutRow *row, const char *name)
{
  switch (flash_layout_row_get_ip (row)) {
  case FLASH_LAYOUT_IP_NONE:
    return FLASH_BUNDLE_STORAGE_NONE;
  case FLASH_LAYOUT_IP_MMC:
    return get_mmc_storage (layout, row, name);
  case FLASH_LAYOUT_IP_NOR:
    return FLASH_BUNDLE_STORAGE_NOR;
  case FLASH_LAYOUT_IP_NAND:
    return FLASH_BUNDLE_STORAGE_NAND;
  case FLASH_LAYOUT_IP_SPI_NAND:
    return FLASH_BUNDLE_STORAGE_SPI_NAND;
  case FLASH_LAYOUT_IP_RAM:
    return FLASH_BUNDLE_STORAGE_RAM;
  }
  g_return_val_if_reached (FLASH_BUNDLE_STORAGE_NONE);
}

static void
look_at_rows (FlashBundleLayout *self, FlashLayout *layout)
{
  const char *first_ip = NULL;

  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (layout, i);
    const char *ip = flash_layout_row_get_ip_name (row);

    if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE)
      continue;
    self->n_partitions++;
    if (first_ip == NULL) {
      self->storage = get_storage (layout, row, self->name);
      first_ip = ip;
    } else if (!g_str_equal (ip, first_ip)) {
      self->storage = FLASH_BUNDLE_STORAGE_SEVERAL;
    }
  }
}

FlashBundleLayout *
flash_bundle_describe (FlashLayout *layout, const char *name, const char *bundle_name)
{
  FlashBundleLayout *self = g_new0 (FlashBundleLayout, 1);

  self->name = g_strdup (name);
  self->is_accepted = flash_layout_is_accepted (layout);
  self->is_special = is_special (name);
  find_in_path (self, name);
  find_in_rows (self, layout);
  if (self->board == NULL)
    find_in_path (self, bundle_name);
  if (self->board != NULL)
    self->device_id = get_device_id (self->board);
  look_at_rows (self, layout);
  return self;
}
