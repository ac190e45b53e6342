/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of the partition table that U-Boot would write (stm32mp-usb.md sections 3.8 and 3.14). */
#define G_LOG_DOMAIN "flash-layout-lint-tables"

#include "config.h"

#include "flash-layout-check.h"
#include "flash-layout-row-private.h"
#include "flash-text.h"

/* stm32mp-usb.md section 3.8: U-Boot's command line for the table, and how much of it must be
 * free for one more partition. */
#define COMMAND_SIZE 8192
#define COMMAND_RESERVE 100

static FlashLayoutRow *
get_row (const FlashLayoutStorage *storage, guint index)
{
  return flash_layout_storage_get_part (storage, index)->row;
}

static gboolean
is_typed (FlashLayoutRow *row, FlashLayoutType type)
{
  return flash_layout_row_is_partition (row) && flash_layout_row_get_layout_type (row) == type;
}

static guint
count_typed (const FlashLayoutStorage *storage, FlashLayoutType type)
{
  guint n = 0;

  for (guint i = 0; i < storage->parts->len; i++)
    n += is_typed (get_row (storage, i), type);
  return n;
}

static gboolean
is_named (FlashLayoutRow *row, const char *name)
{
  return flash_layout_row_is_partition (row) &&
         g_str_equal (flash_layout_row_get_raw_name (row), name);
}

static FlashLayoutRow *
find_named (const FlashLayoutStorage *storage, const char *name)
{
  for (guint i = 0; i < storage->parts->len; i++) {
    if (is_named (get_row (storage, i), name))
      return get_row (storage, i);
  }
  return NULL;
}

/* A board boots from it, as far as one can see. */
static gboolean
is_boot_storage (const FlashLayoutStorage *storage)
{
  for (guint i = 0; i < storage->parts->len; i++) {
    const char *name = flash_layout_row_get_name (get_row (storage, i));

    if (g_str_has_prefix (name, "fsbl") || g_str_has_prefix (name, "fip"))
      return TRUE;
  }
  return FALSE;
}

static void
check_names (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = get_row (storage, i);
    const char *name = flash_layout_row_get_raw_name (row);
    FlashDiag *diag;

    if (!flash_layout_row_is_partition (row) || g_hash_table_add (seen, (gpointer) name))
      continue;
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "duplicate-name",
                                flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_NAME,
                                N_ ("There are several partitions “{0}” on {1}; U-Boot and Linux "
                                    "find only one by name."),
                                flash_layout_row_get_name (row), storage->ip, NULL);
    flash_diag_set_fix (diag, N_ ("Give each partition its own name."), NULL);
  }
}

static void
check_several (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  FlashLayoutRow *last_rootfs = NULL;
  guint n_rootfs = 0;

  if (count_typed (storage, FLASH_LAYOUT_TYPE_SYSTEM) > 1)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "several-system-partitions", 0, 0,
                         N_ ("On {0} several partitions have the type System; U-Boot boots from "
                             "the first."),
                         storage->ip, NULL);

  /* stm32mp-usb.md section 3.8: fixed identifiers by name. */
  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = get_row (storage, i);

    if (is_named (row, "rootfs") || is_named (row, "rootfs-a")) {
      n_rootfs++;
      last_rootfs = row;
    }
  }
  if (n_rootfs > 1)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "several-rootfs",
                         flash_layout_row_get_line (last_rootfs), FLASH_LAYOUT_COLUMN_NAME,
                         N_ ("Several partitions on {0} are named rootfs or rootfs-a. Only the "
                             "first gets the identifier by which ST's kernels find their root."),
                         storage->ip, NULL);
}

/* What a board needs to boot Linux by U-Boot's usual command may be spread over its storages. */
static void
check_linux (FlashLayoutCheck *self)
{
  guint n_systems = 0, n_filesystems = 0;
  gboolean has_boot_chain = FALSE, has_rootfs = FALSE;

  for (guint i = 0; i < self->storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (self->storages, i);

    if (flash_layout_storage_get_ip (storage) == FLASH_LAYOUT_IP_RAM)
      continue;
    n_systems += count_typed (storage, FLASH_LAYOUT_TYPE_SYSTEM);
    n_filesystems += count_typed (storage, FLASH_LAYOUT_TYPE_FILESYSTEM);
    has_boot_chain |= is_boot_storage (storage);
    has_rootfs |=
        find_named (storage, "rootfs") != NULL || find_named (storage, "rootfs-a") != NULL;
  }
  if (!has_boot_chain || n_filesystems == 0)
    return;
  if (n_systems == 0)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "no-system-partition", 0, 0,
                         N_ ("No partition has the type System, so none is marked as bootable, and "
                             "U-Boot's usual boot command finds no Linux."),
                         NULL);
  if (!has_rootfs)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "no-rootfs", 0, 0,
                         N_ ("No partition is named rootfs, so none gets the identifier by which "
                             "ST's kernels find their root."),
                         NULL);
}

/* TF-A's firmware update wants both of a kind. */
static void
check_update_pairs (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  guint n_metadata = count_typed (storage, FLASH_LAYOUT_TYPE_FWU_MDATA);
  FlashLayoutRow *a = find_named (storage, "fip-a");
  FlashLayoutRow *b = find_named (storage, "fip-b");
  FlashLayoutRow *one = a != NULL ? a : b;

  if (one == NULL)
    return;
  if ((a == NULL || b == NULL) && n_metadata > 0)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "fip-pair-incomplete",
                         flash_layout_row_get_line (one), FLASH_LAYOUT_COLUMN_NAME,
                         N_ ("There is {0}, but not {1}. First stages with firmware update want "
                             "both, if only empty (PED)."),
                         a != NULL ? "fip-a" : "fip-b", a != NULL ? "fip-b" : "fip-a", NULL);
  if (n_metadata == 1 || (n_metadata == 0 && a != NULL && b != NULL))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "metadata-incomplete",
                         flash_layout_row_get_line (one), 0,
                         N_ ("With fip-a and fip-b, {0} needs two partitions of type FWU_MDATA."),
                         storage->ip, NULL);
}

/* As U-Boot does it: a partition for which there is no room in the command is left out. */
static void
check_command (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  /* ‘gpt write mmc 0 "’, and what stands around the values of a partition. */
  gsize length = strlen ("gpt write mmc 0 \"");
  static const char frame[] = "name=,start=0x,size=0x,type=;";
  static const char fixed_guid[] = ",uuid=e91c4e10-16e6-4c0e-bd0e-77becf4a3582";

  for (guint i = 0; i < storage->parts->len; i++) {
    const FlashLayoutPart *part = flash_layout_storage_get_part (storage, i);
    g_autofree char *numbers = NULL;
    FlashLayoutType type = flash_layout_row_get_layout_type (part->row);
    gsize type_length = strlen ("linux");

    if (!flash_layout_row_is_partition (part->row))
      continue;
    if (length + COMMAND_RESERVE > COMMAND_SIZE) {
      FlashDiag *diag = flash_diag_list_add (
          self->diags, FLASH_SEVERITY_ERROR, "too-many-table-lines",
          flash_layout_row_get_line (part->row), 0,
          N_ ("There are too many partitions on {0}. U-Boot leaves this one out of the partition "
              "table and then stops."),
          storage->ip, NULL);

      flash_diag_set_fix (diag, N_ ("Take shorter names or fewer partitions."), NULL);
      return;
    }
    if (type == FLASH_LAYOUT_TYPE_BINARY || type == FLASH_LAYOUT_TYPE_FIP ||
        type == FLASH_LAYOUT_TYPE_FWU_MDATA)
      type_length = 36; /* a GUID */
    else if (type == FLASH_LAYOUT_TYPE_ENV)
      type_length = strlen ("u-boot-env");
    else if (type == FLASH_LAYOUT_TYPE_ESP)
      type_length = strlen ("system");
    else if (type == FLASH_LAYOUT_TYPE_SYSTEM)
      type_length = strlen ("linux,bootable");
    numbers = g_strdup_printf ("%" G_GINT64_MODIFIER "x%" G_GINT64_MODIFIER "x", part->start,
                               part->size == G_MAXUINT64 ? G_MAXUINT32 : part->size);
    length += strlen (frame) + strlen (flash_layout_row_get_raw_name (part->row)) +
              strlen (numbers) + type_length;
    if (is_named (part->row, "rootfs") || is_named (part->row, "rootfs-a") ||
        (type == FLASH_LAYOUT_TYPE_FIP &&
         (is_named (part->row, "fip-a") || is_named (part->row, "fip-b"))))
      length += strlen (fixed_guid);
  }
}

/* One line that is not selected, and the board writes no table: all must be there already. */
static gboolean
check_partial_update (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = get_row (storage, i);

    if (flash_layout_row_is_selected (row))
      continue;
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "partial-update",
                         flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_OPTION,
                         N_ ("“{0}” on {1} is not selected. The board then writes no partition "
                             "table; all lines of {1} must match the table that is there, even in "
                             "size."),
                         flash_layout_row_get_name (row), storage->ip, NULL);
    return TRUE;
  }
  return FALSE;
}

/* @part: the first partition that @raw would lie over */
static void
add_raw_mix (FlashLayoutCheck *self, const FlashLayoutStorage *storage, FlashLayoutRow *raw,
             const FlashLayoutPart *part)
{
  const FlashLayoutFile *file = flash_layout_check_get_file (self, raw);
  guint64 end = part->size == G_MAXUINT64 ? G_MAXUINT64 : part->start + part->size;
  gboolean is_raw_last = flash_layout_row_get_id (raw) > flash_layout_row_get_id (part->row);
  FlashLayoutRow *last_row = is_raw_last ? raw : part->row;
  g_autofree char *raw_line = g_strdup_printf ("%u", flash_layout_row_get_line (raw));
  g_autofree char *line = g_strdup_printf ("%u", flash_layout_row_get_line (part->row));
  g_autofree char *start = flash_text_address (part->start);
  g_autofree char *last = NULL;

  if (file != NULL && flash_layout_row_is_download (raw))
    end = MIN (end, file->size);
  if (end == G_MAXUINT64 || end <= part->start) {
    flash_diag_list_add (
        self->diags, FLASH_SEVERITY_WARNING, "rawimage-with-partitions",
        flash_layout_row_get_line (raw), FLASH_LAYOUT_COLUMN_TYPE,
        N_ ("The RawImage “{0}” (line {1}) covers all of {2} from its first byte on, the partition "
            "table and “{3}” (line {4}, from {5} on) with it. What has the higher Id is written "
            "later and wins."),
        flash_layout_row_get_name (raw), raw_line, storage->ip,
        flash_layout_row_get_name (part->row), line, start, NULL);
    return;
  }
  last = flash_text_address (end - 1);
  flash_diag_list_add (
      self->diags, FLASH_SEVERITY_WARNING, "rawimage-with-partitions",
      flash_layout_row_get_line (raw), FLASH_LAYOUT_COLUMN_TYPE,
      N_ ("The RawImage “{0}” (line {1}) and “{2}” (line {3}) both have the bytes from {4} to {5} "
          "of {6}. The board does not notice: “{7}” has the higher Id, is written later and wins."),
      flash_layout_row_get_name (raw), raw_line, flash_layout_row_get_name (part->row), line, start,
      last, storage->ip, flash_layout_row_get_name (last_row), NULL);
}

static void
check_raw_mix (FlashLayoutCheck *self, const FlashLayoutStorage *storage)
{
  FlashLayoutRow *raw = NULL;
  const FlashLayoutPart *first = NULL;

  for (guint i = 0; i < storage->parts->len; i++) {
    const FlashLayoutPart *part = flash_layout_storage_get_part (storage, i);

    if (flash_layout_row_is_raw (part->row))
      raw = part->row;
    else if (first == NULL && flash_layout_row_is_partition (part->row))
      first = part;
  }
  if (raw != NULL && first != NULL)
    add_raw_mix (self, storage, raw, first);
}

void
flash_layout_check_tables (FlashLayoutCheck *self)
{
  for (guint i = 0; i < self->storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (self->storages, i);

    if (flash_layout_storage_get_ip (storage) != FLASH_LAYOUT_IP_RAM)
      check_raw_mix (self, storage);
    if (flash_layout_storage_get_ip (storage) != FLASH_LAYOUT_IP_MMC)
      continue;
    check_names (self, storage);
    check_several (self, storage);
    check_update_pairs (self, storage);
    if (!check_partial_update (self, storage))
      check_command (self, storage);
  }
  check_linux (self);
}
