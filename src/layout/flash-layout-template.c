/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-template"

#include "config.h"

#include "flash-layout-template.h"
#include "flash-layout-proposal.h"

/* stm32mp-usb.md section 6; STM32MP23 has the Id of STM32MP25. */
static const FlashLayoutTemplateChip chips[] = {
  { 0x500, "STM32MP15" },
  { 0x501, "STM32MP13" },
  { 0x503, "STM32MP21" },
  { 0x505, "STM32MP25" },
};

static const char header[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary";

/* What a line is by its kind. Names of kinds that come in several begin to count with the first
 * one that is free. */
typedef struct {
  guint8 id;
  const char *name;
  const char *type;
} Kind;

static const Kind kinds[FLASH_LAYOUT_TEMPLATE_N_ROWS] = {
  [FLASH_LAYOUT_TEMPLATE_BOOT_FSBL] = { 0x01, "fsbl-boot", "Binary" },
  [FLASH_LAYOUT_TEMPLATE_BOOT_DDR] = { 0x02, "fip-ddr", "FIP" },
  [FLASH_LAYOUT_TEMPLATE_BOOT_FIP] = { 0x03, "fip-boot", "FIP" },
  [FLASH_LAYOUT_TEMPLATE_FSBL] = { FLASH_LAYOUT_FIRST_BOOT_ID, "fsbl1", "Binary" },
  [FLASH_LAYOUT_TEMPLATE_METADATA] = { FLASH_LAYOUT_FIRST_BOOT_ID, "metadata1", "FWU_MDATA" },
  [FLASH_LAYOUT_TEMPLATE_FIP] = { FLASH_LAYOUT_FIRST_BOOT_ID, "fip", "FIP" },
  [FLASH_LAYOUT_TEMPLATE_ENV] = { FLASH_LAYOUT_FIRST_BOOT_ID, "u-boot-env", "ENV" },
  [FLASH_LAYOUT_TEMPLATE_BOOTFS] = { FLASH_LAYOUT_FIRST_USER_ID, "bootfs", "System" },
  [FLASH_LAYOUT_TEMPLATE_FILESYSTEM] = { FLASH_LAYOUT_FIRST_USER_ID, "rootfs", "FileSystem" },
  [FLASH_LAYOUT_TEMPLATE_RAW_IMAGE] = { FLASH_LAYOUT_FIRST_USER_ID, "disk", "RawImage" },
};

const FlashLayoutTemplateChip *
flash_layout_template_list_chips (guint *out_n)
{
  g_return_val_if_fail (out_n != NULL, NULL);

  *out_n = G_N_ELEMENTS (chips);
  return chips;
}

/* --- a line --------------------------------------------------------------------------------- */

static gboolean
is_boot_stage (FlashLayoutTemplateRow row)
{
  return row <= FLASH_LAYOUT_TEMPLATE_BOOT_FIP;
}

/* Returns: (transfer full): the storage of the last partition. */
static char *
dup_last_ip (GPtrArray *places)
{
  for (guint i = places->len; i > 0; i--) {
    const FlashLayoutPlace *place = g_ptr_array_index (places, i - 1);

    if (place->values.ip != FLASH_LAYOUT_IP_NONE)
      return g_strdup (place->ip_name);
  }
  return g_strdup ("mmc0");
}

static char *
dup_name (GPtrArray *places, FlashLayoutTemplateRow row)
{
  const char *name = kinds[row].name;

  /* The two slots of firmware updates have names that U-Boot and TF-A look for
   * (stm32mp-usb.md section 3.8). */
  if (row == FLASH_LAYOUT_TEMPLATE_FIP && flash_layout_places_has_name (places, "fip-a"))
    name = flash_layout_places_has_name (places, "fip-b") ? "fip" : "fip-b";
  else if (row == FLASH_LAYOUT_TEMPLATE_FIP && flash_layout_places_has_name (places, "fip-b"))
    name = "fip-a";
  else if (row == FLASH_LAYOUT_TEMPLATE_FILESYSTEM &&
           (flash_layout_places_has_name (places, "rootfs") ||
            flash_layout_places_has_name (places, "rootfs-a")))
    name = "userfs";
  return flash_layout_places_dup_name (places, name);
}

/* First stages of an eMMC lie in its boot partitions (stm32mp-usb.md section 3.10). */
static char *
dup_offset (GPtrArray *places, FlashLayoutTemplateRow row, const char *ip, guint64 size)
{
  if (row == FLASH_LAYOUT_TEMPLATE_RAW_IMAGE)
    return g_strdup ("0x00000000");
  if (row == FLASH_LAYOUT_TEMPLATE_FSBL && flash_layout_places_is_emmc (places, ip)) {
    if (!flash_layout_places_has_boot_part (places, ip, FLASH_LAYOUT_OFFSET_BOOT1))
      return g_strdup ("boot1");
    if (!flash_layout_places_has_boot_part (places, ip, FLASH_LAYOUT_OFFSET_BOOT2))
      return g_strdup ("boot2");
  }
  return g_strdup_printf ("0x%08" G_GINT64_MODIFIER "X",
                          flash_layout_places_find_end (places, ip, size));
}

/* Returns: (transfer full): seven cells. */
static GStrv
make_row (GPtrArray *places, FlashLayoutTemplateRow row, const char *ip, guint64 size)
{
  GStrv cells = g_new0 (char *, FLASH_LAYOUT_COLUMNS + 1);
  guint8 id = kinds[row].id;

  if (!is_boot_stage (row))
    id = flash_layout_places_find_id (places, id);
  cells[0] = g_strdup (is_boot_stage (row) ? "-" : "PE");
  cells[1] = g_strdup_printf ("0x%02X", id);
  cells[2] = is_boot_stage (row) ? g_strdup (kinds[row].name) : dup_name (places, row);
  cells[3] = g_strdup (kinds[row].type);
  cells[4] = g_strdup (is_boot_stage (row) ? "none" : ip);
  cells[5] = is_boot_stage (row) ? g_strdup ("0x0") : dup_offset (places, row, ip, size);
  cells[6] = g_strdup ("none");
  return cells;
}

GStrv
flash_layout_template_dup_row (FlashLayoutTemplateRow row, GBytes *text, const char *ip,
                               guint64 size)
{
  g_autoptr (FlashLayoutText) lines = NULL;
  g_autoptr (GPtrArray) places = NULL;
  g_autofree char *storage = NULL;

  g_return_val_if_fail (row < FLASH_LAYOUT_TEMPLATE_N_ROWS, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  lines = flash_layout_text_new (text);
  places = flash_layout_places_new (lines);
  storage = ip != NULL ? g_strdup (ip) : dup_last_ip (places);
  return make_row (places, row, storage, size);
}

/* --- a whole layout --------------------------------------------------------------------------- */

/* A layout comes about line by line, each proposed as if the user had asked for it. */
typedef struct {
  GString *text;
  const char *line_end;
  GPtrArray *places; /* (element-type FlashLayoutPlace) */
} Builder;

static void
add_cells (Builder *self, GStrv cells)
{
  FlashLayoutEntryCells entry = { .cells = cells, .n_cells = g_strv_length (cells) };
  g_autofree char *line = g_strjoinv ("\t", cells);

  g_string_append_printf (self->text, "%s%s", line, self->line_end);
  g_ptr_array_add (self->places, flash_layout_place_new (&entry));
}

static void
add (Builder *self, FlashLayoutTemplateRow row, const char *ip)
{
  g_auto (GStrv) cells = make_row (self->places, row, ip, 0);

  add_cells (self, cells);
}

/* @cell: instead of the usual one */
static void
add_with (Builder *self, FlashLayoutTemplateRow row, const char *ip, FlashLayoutColumn column,
          const char *cell)
{
  g_auto (GStrv) cells = make_row (self->places, row, ip, 0);

  g_free (cells[column - 1]);
  cells[column - 1] = g_strdup (cell);
  add_cells (self, cells);
}

static gboolean
is_mp2 (guint device_id)
{
  return device_id == 0x503 || device_id == 0x505;
}

static const char *
get_boot_ip (FlashLayoutStorageKind storage)
{
  switch (storage) {
  case FLASH_LAYOUT_STORAGE_SD:
    return "mmc0";
  case FLASH_LAYOUT_STORAGE_EMMC:
    return "mmc1";
  case FLASH_LAYOUT_STORAGE_NOR:
    return "nor0";
  case FLASH_LAYOUT_STORAGE_NAND:
    return "nand0";
  case FLASH_LAYOUT_STORAGE_SPI_NAND:
    return "spi-nand0";
  }
  g_return_val_if_reached ("mmc0");
}

static gboolean
is_nand (FlashLayoutStorageKind storage)
{
  return storage == FLASH_LAYOUT_STORAGE_NAND || storage == FLASH_LAYOUT_STORAGE_SPI_NAND;
}

static void
add_boot_stages (Builder *self, guint device_id)
{
  add (self, FLASH_LAYOUT_TEMPLATE_BOOT_FSBL, NULL);
  if (is_mp2 (device_id))
    add (self, FLASH_LAYOUT_TEMPLATE_BOOT_DDR, NULL);
  add (self, FLASH_LAYOUT_TEMPLATE_BOOT_FIP, NULL);
}

static void
add_boot_chain (Builder *self, const FlashLayoutTemplateOptions *options, const char *ip)
{
  /* U-Boot multiplies first stages on a NAND by itself, if it knows their header
   * (stm32mp-usb.md sections 1.4.5 and 3.9); both copies lie in one partition. */
  if (options->device_id == 0x500 && is_nand (options->storage)) {
    add_with (self, FLASH_LAYOUT_TEMPLATE_FSBL, ip, FLASH_LAYOUT_COLUMN_TYPE, "Binary(2)");
  } else {
    add (self, FLASH_LAYOUT_TEMPLATE_FSBL, ip);
    add (self, FLASH_LAYOUT_TEMPLATE_FSBL, ip);
  }
  for (guint i = 0; i < 2 && (options->has_metadata || options->has_ab); i++)
    add (self, FLASH_LAYOUT_TEMPLATE_METADATA, ip);
  if (options->has_ab)
    add_with (self, FLASH_LAYOUT_TEMPLATE_FIP, ip, FLASH_LAYOUT_COLUMN_NAME, "fip-a");
  add (self, FLASH_LAYOUT_TEMPLATE_FIP, ip);
}

static void
add_file_systems (Builder *self, FlashLayoutStorageKind storage, const char *ip)
{
  if (is_nand (storage)) {
    /* One UBI for all, U-Boot's environment included; it takes the rest
     * (stm32mp-usb.md section 3.9). */
    add_with (self, FLASH_LAYOUT_TEMPLATE_BOOTFS, ip, FLASH_LAYOUT_COLUMN_NAME, "ubifs");
    return;
  }
  add (self, FLASH_LAYOUT_TEMPLATE_ENV, ip);
  if (storage == FLASH_LAYOUT_STORAGE_NOR)
    ip = "mmc0";
  add (self, FLASH_LAYOUT_TEMPLATE_BOOTFS, ip);
  add (self, FLASH_LAYOUT_TEMPLATE_FILESYSTEM, ip);
}

GBytes *
flash_layout_template_dup_text (const FlashLayoutTemplateOptions *options)
{
  g_autoptr (GPtrArray) places = NULL;
  Builder builder = { 0 };
  const char *ip;

  g_return_val_if_fail (options != NULL, NULL);

  places = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_layout_place_free);
  ip = get_boot_ip (options->storage);
  builder.text = g_string_new (NULL);
  builder.line_end = options->has_crlf ? "\r\n" : "\n";
  builder.places = places;
  g_string_append_printf (builder.text, "%s%s", header, builder.line_end);
  add_boot_stages (&builder, options->device_id);
  add_boot_chain (&builder, options, ip);
  add_file_systems (&builder, options->storage, ip);
  return g_string_free_to_bytes (builder.text);
}
