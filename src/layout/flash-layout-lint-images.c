/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of images against the places they go to: size and contents. */
#define G_LOG_DOMAIN "flash-layout-lint-images"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-check.h"
#include "flash-text.h"

/* stm32mp-usb.md section 3.14, check 34: boot partitions of an eMMC have 4 MiB or more. */
#define SMALL_BOOT_PART (4 * 1024 * 1024)
/* The same, check 35: what bad blocks leave of a NAND. */
#define NAND_FILL_PERCENT 95

static gboolean
is_nand (FlashLayoutRow *row)
{
  return flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NAND ||
         flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_SPI_NAND;
}

static gboolean
is_mtd (FlashLayoutRow *row)
{
  return is_nand (row) || flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NOR;
}

/* What the image takes up: several copies begin at whole erase blocks. */
static guint64
get_needed_size (FlashLayoutRow *row, guint64 size)
{
  guint64 copies = flash_layout_row_get_copies (row);

  if (copies == 1 || !is_nand (row))
    return size;
  size = (size + FLASH_LAYOUT_NAND_UNIT - 1) / FLASH_LAYOUT_NAND_UNIT * FLASH_LAYOUT_NAND_UNIT;
  return size > G_MAXUINT64 / copies ? G_MAXUINT64 : size * copies;
}

/* What lies behind a part: the one that it would run into. */
typedef struct {
  const FlashLayoutPart *part; /* (nullable): %NULL if nothing is known to be there */
  char *line; /* (owned): of the part in question */
  char *other_line; /* (owned) */
  char *start; /* (owned): first and last byte that both would have */
  char *last; /* (owned) */
} Clash;

static void
clash_clear (Clash *self)
{
  g_free (self->line);
  g_free (self->other_line);
  g_free (self->start);
  g_free (self->last);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Clash, clash_clear)

/* @needed: bytes that are to go into the part at @index, more than it has */
static Clash
find_clash (const FlashLayoutStorage *storage, guint index, guint64 needed)
{
  const FlashLayoutPart *part = flash_layout_storage_get_part (storage, index);
  const FlashLayoutPart *next =
      index + 1 < storage->parts->len ? flash_layout_storage_get_part (storage, index + 1) : NULL;
  guint64 end = needed > G_MAXUINT64 - part->start ? G_MAXUINT64 : part->start + needed;
  Clash clash = { 0 };

  if (next == NULL || !flash_layout_row_is_partition (part->row) ||
      !flash_layout_row_is_partition (next->row))
    return clash;
  if (next->size != G_MAXUINT64)
    end = MIN (end, next->start + next->size);
  clash.part = next;
  clash.line = g_strdup_printf ("%u", flash_layout_row_get_line (part->row));
  clash.other_line = g_strdup_printf ("%u", flash_layout_row_get_line (next->row));
  clash.start = flash_text_address (next->start);
  clash.last = flash_text_address (MAX (end, next->start + 1) - 1);
  return clash;
}

static void
add_too_large (FlashLayoutCheck *self, const FlashLayoutStorage *storage, guint index,
               guint64 needed)
{
  const FlashLayoutPart *part = flash_layout_storage_get_part (storage, index);
  g_auto (Clash) clash = find_clash (storage, index, needed);
  guint line = flash_layout_row_get_line (part->row);
  const char *binary = flash_layout_row_get_binary (part->row);
  const char *name = flash_layout_row_get_name (part->row);
  g_autofree char *size = flash_text_size (needed);
  g_autofree char *slot = flash_text_size (part->size);
  FlashDiag *diag;

  if (clash.part != NULL)
    diag = flash_diag_list_add (
        self->diags, FLASH_SEVERITY_ERROR, "image-too-large", line, FLASH_LAYOUT_COLUMN_BINARY,
        N_ ("{0} needs {1}, but “{2}” (line {3}) has room for {4}: the bytes from {5} to {6} are "
            "those of “{7}” (line {8}). The board would reset without a word while it is written."),
        binary, size, name, clash.line, slot, clash.start, clash.last,
        flash_layout_row_get_name (clash.part->row), clash.other_line, NULL);
  else
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "image-too-large", line,
                                FLASH_LAYOUT_COLUMN_BINARY,
                                N_ ("{0} needs {1}, but “{2}” has room for {3}. The board would "
                                    "reset without a word while it is written."),
                                binary, size, name, slot, NULL);
  flash_diag_set_fix (diag, N_ ("Move the partitions behind it, or take a smaller image."), NULL);
}

static void
check_size (FlashLayoutCheck *self, const FlashLayoutStorage *storage, guint index,
            const FlashLayoutFile *file)
{
  const FlashLayoutPart *part = flash_layout_storage_get_part (storage, index);
  guint line = flash_layout_row_get_line (part->row);
  const char *binary = flash_layout_row_get_binary (part->row);
  guint64 needed = get_needed_size (part->row, file->size);
  g_autofree char *size = flash_text_size (needed);
  g_autofree char *slot = flash_text_size (part->size);

  /* No room at all comes of a wrong offset, which is said elsewhere; so is what is about RAM, where
   * the board has no limits. */
  if (part->size == 0 || flash_layout_row_get_ip (part->row) == FLASH_LAYOUT_IP_RAM)
    return;
  if (needed > part->size) {
    add_too_large (self, storage, index, needed);
  } else if (is_nand (part->row) && part->size != G_MAXUINT64 &&
             needed > part->size / 100 * NAND_FILL_PERCENT) {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "slot-nearly-full", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} fills “{2}” ({3}) nearly. On a NAND with bad blocks it may not "
                             "fit."),
                         binary, size, flash_layout_row_get_name (part->row), slot, NULL);
  } else if (flash_layout_row_is_boot_part (part->row) && part->size == G_MAXUINT64 &&
             needed > SMALL_BOOT_PART) {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "large-for-boot-part", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} has {1}. The boot partitions of many eMMCs have 4 MiB."), binary,
                         size, NULL);
  }
}

static void
check_filesystem (FlashLayoutCheck *self, const FlashLayoutStorage *storage, guint index,
                  const FlashLayoutFile *file)
{
  const FlashLayoutPart *part = flash_layout_storage_get_part (storage, index);
  g_autofree char *size = flash_text_size (file->content.declared_size);
  g_autofree char *slot = flash_text_size (part->size);
  g_auto (Clash) clash = find_clash (storage, index, file->content.declared_size);

  if (file->content.kind != FLASH_CONTENT_EXT || flash_layout_row_is_raw (part->row) ||
      file->content.declared_size <= part->size)
    return;
  if (clash.part != NULL)
    flash_diag_list_add (
        self->diags, FLASH_SEVERITY_ERROR, "filesystem-larger-than-slot",
        flash_layout_row_get_line (part->row), FLASH_LAYOUT_COLUMN_BINARY,
        N_ ("The file system in {0} has {1}, but “{2}” (line {3}) has room for {4}: it would take "
            "the bytes from {5} to {6} of “{7}” (line {8}). Linux would not mount it."),
        flash_layout_row_get_binary (part->row), size, flash_layout_row_get_name (part->row),
        clash.line, slot, clash.start, clash.last, flash_layout_row_get_name (clash.part->row),
        clash.other_line, NULL);
  else
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "filesystem-larger-than-slot",
                         flash_layout_row_get_line (part->row), FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The file system in {0} has {1}, but “{2}” has room for {3}. Linux "
                             "would not mount it."),
                         flash_layout_row_get_binary (part->row), size,
                         flash_layout_row_get_name (part->row), slot, NULL);
}

/* U-Boot unpacks nothing. In RAM it is the kernel's business, which can. */
static void
check_packed (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file)
{
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);
  gboolean is_plain = flash_layout_row_get_layout_type (row) == FLASH_LAYOUT_TYPE_BINARY;
  FlashDiag *diag;

  if (!flash_content_kind_is_packed (file->content.kind) ||
      flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_RAM)
    return;
  if (file->content.kind == FLASH_CONTENT_ANDROID_SPARSE) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "android-sparse-image", line,
                                FLASH_LAYOUT_COLUMN_BINARY,
                                N_ ("{0} is an Android sparse image. The board would write it as "
                                    "it is, without unpacking it."),
                                binary, NULL);
    flash_diag_set_fix (diag, N_ ("Unpack it with simg2img."), NULL);
    return;
  }
  diag = flash_diag_list_add (self->diags, is_plain ? FLASH_SEVERITY_WARNING : FLASH_SEVERITY_ERROR,
                              "compressed-image", line, FLASH_LAYOUT_COLUMN_BINARY,
                              N_ ("{0} is compressed ({1}). The board would write it as it is, "
                                  "without unpacking it."),
                              binary, flash_content_kind_get_name (file->content.kind), NULL);
  flash_diag_set_fix (diag, N_ ("Unpack the file and name the unpacked one."), NULL);
}

static void
check_disk_image (FlashLayoutCheck *self, const FlashLayoutPart *part, const FlashLayoutFile *file)
{
  guint line = flash_layout_row_get_line (part->row);
  const char *binary = flash_layout_row_get_binary (part->row);
  gboolean is_raw = flash_layout_row_is_raw (part->row);
  FlashDiag *diag;

  if (flash_layout_row_get_ip (part->row) != FLASH_LAYOUT_IP_MMC)
    return;
  if (!is_raw && file->format == FLASH_FORMAT_GPT) {
    diag =
        flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "disk-image-on-partition", line,
                             FLASH_LAYOUT_COLUMN_TYPE,
                             N_ ("{0} is the image of a whole disk with its own partition table; "
                                 "inside a partition nothing finds it."),
                             binary, NULL);
    flash_diag_set_fix (diag, N_ ("Write RawImage as type, with offset 0x0."), NULL);
  }
  if (!is_raw)
    return;
  if (file->format != FLASH_FORMAT_GPT && file->content.kind != FLASH_CONTENT_BOOT_SECTOR &&
      !flash_content_kind_is_packed (file->content.kind))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "rawimage-without-table", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} has no partition table, though it goes over all of {1}."), binary,
                         flash_layout_row_get_ip_name (part->row), NULL);
  flash_layout_check_add_findings (self, part->row, file);
  if (file->gpt != NULL && part->size != G_MAXUINT64 &&
      file->gpt->backup_lba != part->size / file->gpt->sector_size - 1)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "rawimage-other-size", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The partition table in {0} is made for a disk of another size than "
                             "{1}. Linux or “gpt repair” moves its backup to the end."),
                         binary, flash_layout_row_get_ip_name (part->row), NULL);
}

/* stm32mp-usb.md section 3.9 */
static void
check_ubi (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file)
{
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);
  gboolean is_ubi = file->content.kind == FLASH_CONTENT_UBI;
  gboolean is_system = flash_layout_row_get_layout_type (row) == FLASH_LAYOUT_TYPE_SYSTEM;
  FlashDiag *diag;

  if (is_ubi && !is_mtd (row))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "ubi-not-on-flash", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} is a UBI image, which is for raw flash and not for {1}."), binary,
                         flash_layout_row_get_ip_name (row), NULL);
  else if (is_ubi && !is_system && !flash_layout_row_is_raw (row)) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "ubi-not-system", line,
                                FLASH_LAYOUT_COLUMN_TYPE,
                                N_ ("{0} is a UBI image. With a type other than System the board "
                                    "writes its empty pages too, which wears the flash and may "
                                    "break the volume."),
                                binary, NULL);
    flash_diag_set_fix (diag, N_ ("Write System as type."), NULL);
    flash_diag_set_cell (diag, "System");
  } else if (!is_ubi && is_system && is_mtd (row))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "system-not-ubi", line,
                         FLASH_LAYOUT_COLUMN_TYPE,
                         N_ ("On raw flash the type System is for UBI images, and {0} is none: its "
                             "empty pages are left out and the rest of the partition is erased."),
                         binary, NULL);
}

/* ST's builds write page and block size in KiB into the name: `nand_4_256`. */
static void
check_ubi_geometry (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file)
{
  const char *binary = flash_layout_row_get_binary (row);
  g_autoptr (GRegex) regex = g_regex_new ("nand_(\\d{1,2})_(\\d{2,4})(?:_|\\b)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *page = NULL;
  g_autofree char *block = NULL;

  if (file->content.kind != FLASH_CONTENT_UBI || file->ubi_block_size == 0 ||
      !g_regex_match (regex, binary, 0, &match))
    return;
  page = g_match_info_fetch (match, 1);
  block = g_match_info_fetch (match, 2);
  if (g_ascii_strtoull (page, NULL, 10) * 1024 != file->ubi_page_size ||
      g_ascii_strtoull (block, NULL, 10) * 1024 != file->ubi_block_size) {
    g_autofree char *real_page = flash_text_size (file->ubi_page_size);
    g_autofree char *real_block = flash_text_size (file->ubi_block_size);

    flash_diag_list_add (
        self->diags, FLASH_SEVERITY_WARNING, "ubi-geometry", flash_layout_row_get_line (row),
        FLASH_LAYOUT_COLUMN_BINARY,
        N_ ("By its name {0} is for pages of {1} KiB and blocks of {2} KiB, but it "
            "is made for {3} and {4}."),
        binary, page, block, real_page, real_block, NULL);
  }
}

static void
check_firmware (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file)
{
  guint line = flash_layout_row_get_line (row);
  const char *binary = flash_layout_row_get_binary (row);
  gboolean is_fip_slot = flash_layout_row_get_layout_type (row) == FLASH_LAYOUT_TYPE_FIP;

  if (file->has_header && !flash_layout_row_is_raw (row)) {
    const FlashLayoutChip *chip = flash_layout_chip_find_by_header (&file->header);

    flash_layout_check_stm32_payload (self, row, file);
    if (file->header.binary_type == FLASH_STM32_BINARY_FSBL &&
        flash_layout_row_get_ip (row) != FLASH_LAYOUT_IP_RAM)
      flash_layout_check_first_stage_memory (self, row, file);
    if (self->chip != NULL && chip != NULL && chip != self->chip)
      flash_diag_list_add (
          self->diags, FLASH_SEVERITY_WARNING, "stage-for-other-chip", line,
          FLASH_LAYOUT_COLUMN_BINARY,
          N_ ("{0} is a first stage for {1}, but the first stage that is sent over "
              "USB, or the board, is {2}."),
          binary, chip->name, self->chip->name, NULL);
  }
  if (file->fip != NULL && !flash_layout_row_is_raw (row))
    flash_layout_check_add_findings (self, row, file);
  if (is_fip_slot && file->fip == NULL)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fip-slot-without-fip", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("“{0}” has the type FIP, but {1} is not a FIP."),
                         flash_layout_row_get_name (row), binary, NULL);
}

static void
check_suffix (FlashLayoutCheck *self, FlashLayoutRow *row, const FlashLayoutFile *file)
{
  FlashDiag *diag;

  if (!file->has_dfu_suffix)
    return;
  diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "dfu-suffix",
                              flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_BINARY,
                              N_ ("{0} ends in a DFU suffix, which would be sent to the board with "
                                  "the rest."),
                              flash_layout_row_get_binary (row), NULL);
  flash_diag_set_fix (diag, N_ ("Remove it with “dfu-suffix --delete”."), NULL);
}

static void
check_part (FlashLayoutCheck *self, const FlashLayoutStorage *storage, guint index)
{
  const FlashLayoutPart *part = flash_layout_storage_get_part (storage, index);
  const FlashLayoutFile *file = flash_layout_check_get_file (self, part->row);

  if (file == NULL || !flash_layout_row_is_download (part->row))
    return;
  check_size (self, storage, index, file);
  check_packed (self, part->row, file);
  check_filesystem (self, storage, index, file);
  check_disk_image (self, part, file);
  if (flash_layout_row_get_ip (part->row) != FLASH_LAYOUT_IP_RAM) {
    check_ubi (self, part->row, file);
    check_ubi_geometry (self, part->row, file);
  }
  check_firmware (self, part->row, file);
}

void
flash_layout_check_images (FlashLayoutCheck *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    FlashLayoutRow *row = g_ptr_array_index (self->rows, i);
    const FlashLayoutFile *file = flash_layout_check_get_file (self, row);

    if (file != NULL && flash_layout_check_needs_file (row))
      check_suffix (self, row, file);
  }
  /* Another program than U-Boot has its own idea of places. */
  if (self->flow == FLASH_LAYOUT_FLOW_PROGRAMMER)
    return;
  for (guint i = 0; i < self->storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (self->storages, i);

    for (guint k = 0; k < storage->parts->len; k++)
      check_part (self, storage, k);
  }
}
