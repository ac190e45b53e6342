/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-gpt"

#include "config.h"

#include "flash-gpt.h"

#include "flash-bytes.h"
#include "flash-format.h"
#include "flash-gpt-table.h"
#include "flash-mbr.h"
#include "flash-text.h"

/* UEFI specification, table 5.6: one entry */
#define TYPE_GUID_AT 0
#define UNIQUE_GUID_AT 16
#define FIRST_LBA_AT 32
#define LAST_LBA_AT 40
#define ATTRIBUTES_AT 48
#define NAME_AT 56
#define NAME_UNITS 36

typedef struct {
  const char *guid;
  const char *name;
} Type;

/* stm32mp-usb.md section 3.8 */
static const Type types[] = {
  { "8DA63339-0007-60C0-C436-083AC8230908", "linux-reserved" },
  { "3DE21764-95DB-54BD-A5C3-4ABE786F38A8", "u-boot-env" },
  { "19D5DF83-11B0-457B-BE2C-7559C13142A5", "fip" },
  { "8A7A84A0-8387-40F6-AB41-A8B9A5A60D23", "fwu-metadata" },
  { "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "efi-system" },
  { "0FC63DAF-8483-4772-8E79-3D69D8477DE4", "linux-filesystem" },
};

static const char *const primary_texts[] = {
  [FLASH_GPT_TABLE_MISSING] = N_ ("The partition table at the start of the image is missing."),
  [FLASH_GPT_TABLE_HEADER_CRC] =
      N_ ("The partition table at the start of the image is damaged: wrong checksum of its head."),
  [FLASH_GPT_TABLE_NONSENSE] =
      N_ ("The partition table at the start of the image is damaged: impossible values."),
  [FLASH_GPT_TABLE_BEYOND_END] = N_ ("The partition table at the start of the image is cut off."),
  [FLASH_GPT_TABLE_ENTRIES_CRC] = N_ (
      "The partition table at the start of the image is damaged: wrong checksum of its entries."),
};

static const char *const backup_texts[] = {
  [FLASH_GPT_TABLE_MISSING] = N_ ("The backup of the partition table is missing."),
  [FLASH_GPT_TABLE_HEADER_CRC] =
      N_ ("The backup of the partition table is damaged: wrong checksum of its head."),
  [FLASH_GPT_TABLE_NONSENSE] =
      N_ ("The backup of the partition table is damaged: impossible values."),
  [FLASH_GPT_TABLE_BEYOND_END] = N_ ("The backup of the partition table is cut off."),
  [FLASH_GPT_TABLE_ENTRIES_CRC] =
      N_ ("The backup of the partition table is damaged: wrong checksum of its entries."),
};

FlashGpt *
flash_gpt_ref (FlashGpt *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_gpt_unref (FlashGpt *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->partitions);
  g_free (self);
}

static void
partition_free (gpointer data)
{
  FlashGptPartition *self = data;

  g_free (self->name);
  g_free (self);
}

/* Looks for the tables with both sizes of sectors. */
static gboolean
read_tables (FlashSource *source, FlashGptTable *primary, FlashGptTable *backup, GError **error)
{
  static const guint sector_sizes[] = { 512, 4096 };
  guint64 size = flash_source_get_size (source);

  for (guint i = 0; i < G_N_ELEMENTS (sector_sizes); i++) {
    guint64 n_sectors = size / sector_sizes[i];

    if (!flash_gpt_table_read (primary, source, sector_sizes[i], 1, error))
      return FALSE;
    /* Without the primary table nobody says where the other is but the rule: in the last sector. */
    if (!flash_gpt_table_read (backup, source, sector_sizes[i],
                               primary->state == FLASH_GPT_TABLE_WHOLE ? primary->alternate_lba
                                                                       : n_sectors - 1,
                               error))
      return FALSE;
    if (primary->state != FLASH_GPT_TABLE_MISSING || backup->state == FLASH_GPT_TABLE_WHOLE)
      return TRUE;
  }
  return TRUE;
}

/* Returns: %FALSE only if the file could not be read. */
static gboolean
read_protective_mbr (FlashSource *source, gboolean *out_is_there, GError **error)
{
  guint8 sector[FLASH_MBR_LENGTH] = { 0 };

  if (!flash_source_read (source, 0, sector,
                          (gsize) MIN (flash_source_get_size (source), sizeof sector), error))
    return FALSE;
  *out_is_there = flash_mbr_is_protective (sector);
  return TRUE;
}

/* g_utf16_to_utf8 () gives up at half a surrogate pair; a name with a fault is still a name. */
static char *
dup_name (const guint8 *bytes)
{
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < NAME_UNITS; i++) {
    guint16 unit = flash_get_le16 (bytes + 2 * i);
    guint16 next = i + 1 < NAME_UNITS ? flash_get_le16 (bytes + 2 * i + 2) : 0;

    if (unit == 0)
      break;
    if ((unit & 0xfc00) == 0xd800 && (next & 0xfc00) == 0xdc00) {
      g_string_append_unichar (name, 0x10000u + ((unit & 0x3ffu) << 10 | (next & 0x3ffu)));
      i++;
    } else {
      g_string_append_unichar (name, (unit & 0xf800) == 0xd800 ? 0xfffd : unit);
    }
  }
  return flash_text_sanitize (name->str, name->len, NAME_UNITS);
}

static void
add_partitions (FlashGpt *self, const FlashGptTable *table)
{
  static const guint8 no_guid[16];

  for (guint i = 0; i < table->n_entries; i++) {
    const guint8 *entry = table->entries + (gsize) i * table->entry_size;
    g_autofree char *upper = NULL;
    FlashGptPartition *partition;

    if (memcmp (entry + TYPE_GUID_AT, no_guid, sizeof no_guid) == 0)
      continue;
    partition = g_new0 (FlashGptPartition, 1);
    partition->number = i + 1;
    flash_uuid_format_mixed (entry + TYPE_GUID_AT, partition->type_guid);
    upper = g_ascii_strup (partition->type_guid, -1);
    memcpy (partition->type_guid, upper, FLASH_UUID_LENGTH);
    flash_uuid_format_mixed (entry + UNIQUE_GUID_AT, partition->unique_guid);
    partition->name = dup_name (entry + NAME_AT);
    partition->first_lba = flash_get_le64 (entry + FIRST_LBA_AT);
    partition->last_lba = flash_get_le64 (entry + LAST_LBA_AT);
    partition->attributes = flash_get_le64 (entry + ATTRIBUTES_AT);
    g_ptr_array_add (self->partitions, partition);
  }
}

static FlashGpt *
gpt_new (const FlashGptTable *primary, const FlashGptTable *backup, guint64 size)
{
  const FlashGptTable *table = primary->state == FLASH_GPT_TABLE_WHOLE ? primary : backup;
  FlashGpt *self = g_new0 (FlashGpt, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->sector_size = table->sector_size;
  memcpy (self->disk_guid, table->disk_guid, sizeof self->disk_guid);
  self->first_usable_lba = table->first_usable_lba;
  self->last_usable_lba = table->last_usable_lba;
  self->backup_lba = primary->state == FLASH_GPT_TABLE_WHOLE ? primary->alternate_lba
                                                             : size / table->sector_size - 1;
  self->has_primary = primary->state == FLASH_GPT_TABLE_WHOLE;
  self->has_backup = backup->state == FLASH_GPT_TABLE_WHOLE;
  self->partitions = g_ptr_array_new_with_free_func (partition_free);
  add_partitions (self, table);
  return self;
}

static void
check_backup (FlashGpt *self, FlashGptTableState state, guint64 n_sectors, FlashDiagList *diags)
{
  guint64 disk_size;

  if (self->has_primary && self->backup_lba >= n_sectors &&
      g_uint64_checked_mul (&disk_size, self->backup_lba, self->sector_size)) {
    g_autofree char *full = flash_text_size (disk_size);
    g_autofree char *size = flash_text_size (n_sectors * self->sector_size);

    flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "gpt-backup-missing", 0, 0,
                         N_ ("The backup of the partition table is missing: it belongs at {0}, the "
                             "image ends at {1}."),
                         full, size, NULL);
  } else if (!self->has_backup) {
    flash_diag_list_add (diags, FLASH_SEVERITY_WARNING,
                         state == FLASH_GPT_TABLE_MISSING ? "gpt-backup-missing"
                                                          : "gpt-backup-broken",
                         0, 0, backup_texts[state], NULL);
  } else if (self->backup_lba != n_sectors - 1) {
    flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "gpt-backup-not-at-end", 0, 0,
                         N_ ("The partition table is made for a smaller disk: its backup is not at "
                             "the end of the image."),
                         NULL);
  }
}

static void
check_tables (FlashGpt *self, const FlashGptTable *primary, const FlashGptTable *backup,
              guint64 n_sectors, FlashDiagList *diags)
{
  if (!self->has_primary)
    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "gpt-primary-broken", 0, 0,
                         primary_texts[primary->state], NULL);
  check_backup (self, backup->state, n_sectors, diags);
  if (self->has_primary && self->has_backup &&
      (primary->entries_crc != backup->entries_crc ||
       !g_str_equal (primary->disk_guid, backup->disk_guid)))
    flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "gpt-tables-differ", 0, 0,
                         N_ ("The partition table and its backup are not the same."), NULL);
}

/* Returns: whether the partition has a place that can be compared with others. */
static gboolean
check_partition (FlashGpt *self, const FlashGptPartition *partition, const char *number,
                 guint64 n_sectors, FlashDiagList *diags)
{
  if (partition->last_lba < partition->first_lba) {
    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "gpt-partition-backwards", 0, 0,
                         N_ ("Partition {0} ({1}) ends before it starts."), number, partition->name,
                         NULL);
    return FALSE;
  }
  if (partition->first_lba < self->first_usable_lba || partition->last_lba > self->last_usable_lba)
    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "gpt-partition-outside-usable", 0, 0,
                         N_ ("Partition {0} ({1}) lies outside the area for partitions."), number,
                         partition->name, NULL);
  else if (partition->last_lba >= n_sectors)
    flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "gpt-partition-beyond-end", 0, 0,
                         N_ ("Partition {0} ({1}) reaches beyond the end of the image."), number,
                         partition->name, NULL);
  return TRUE;
}

static gint
compare_starts (gconstpointer a, gconstpointer b)
{
  const FlashGptPartition *x = *(const FlashGptPartition *const *) a;
  const FlashGptPartition *y = *(const FlashGptPartition *const *) b;

  if (x->first_lba != y->first_lba)
    return x->first_lba < y->first_lba ? -1 : 1;
  return x->number < y->number ? -1 : x->number > y->number;
}

/* @placed: (element-type FlashGptPartition): sorted here */
static void
check_overlaps (GPtrArray *placed, FlashDiagList *diags)
{
  const FlashGptPartition *farthest = NULL;

  g_ptr_array_sort (placed, compare_starts);
  for (guint i = 0; i < placed->len; i++) {
    const FlashGptPartition *partition = g_ptr_array_index (placed, i);

    if (farthest != NULL && partition->first_lba <= farthest->last_lba) {
      g_autofree char *a = g_strdup_printf ("%u", farthest->number);
      g_autofree char *b = g_strdup_printf ("%u", partition->number);

      flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "gpt-partitions-overlap", 0, 0,
                           N_ ("Partitions {0} ({1}) and {2} ({3}) overlap."), a, farthest->name, b,
                           partition->name, NULL);
    }
    if (farthest == NULL || partition->last_lba > farthest->last_lba)
      farthest = partition;
  }
}

static void
check_partitions (FlashGpt *self, guint64 n_sectors, FlashDiagList *diags)
{
  g_autoptr (GHashTable) guids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) placed = g_ptr_array_new ();

  for (guint i = 0; i < self->partitions->len; i++) {
    FlashGptPartition *partition = g_ptr_array_index (self->partitions, i);
    g_autofree char *number = g_strdup_printf ("%u", partition->number);

    if (check_partition (self, partition, number, n_sectors, diags))
      g_ptr_array_add (placed, partition);
    if (!g_hash_table_add (guids, partition->unique_guid))
      flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "gpt-partitions-same-guid", 0, 0,
                           N_ ("Partition {0} ({1}) has the identifier of an earlier one."), number,
                           partition->name, NULL);
  }
  check_overlaps (placed, diags);
}

FlashGpt *
flash_gpt_read (FlashSource *source, FlashDiagList *diags, GError **error)
{
  g_auto (FlashGptTable) primary = { 0 };
  g_auto (FlashGptTable) backup = { 0 };
  g_autoptr (FlashGpt) self = NULL;
  gboolean is_protective;
  guint64 n_sectors;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), NULL);
  g_return_val_if_fail (diags != NULL, NULL);

  if (!read_protective_mbr (source, &is_protective, error) ||
      !read_tables (source, &primary, &backup, error))
    return NULL;
  if (primary.state != FLASH_GPT_TABLE_WHOLE && backup.state != FLASH_GPT_TABLE_WHOLE) {
    if (primary.state == FLASH_GPT_TABLE_MISSING && !is_protective)
      g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT,
                           "there is no partition table");
    else
      g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_CHECKSUM,
                           "neither the partition table nor its backup is whole");
    return NULL;
  }

  self = gpt_new (&primary, &backup, flash_source_get_size (source));
  n_sectors = flash_source_get_size (source) / self->sector_size;
  if (!is_protective)
    flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "gpt-no-protective-mbr", 0, 0,
                         N_ ("The first sector does not protect the partition table: older "
                             "programs take the disk for an empty one."),
                         NULL);
  check_tables (self, &primary, &backup, n_sectors, diags);
  check_partitions (self, n_sectors, diags);
  return g_steal_pointer (&self);
}

gboolean
flash_gpt_get_range (const FlashGpt *self, const FlashGptPartition *partition,
                     FlashRange *out_range)
{
  guint64 start, size, end;

  g_return_val_if_fail (self != NULL && partition != NULL && out_range != NULL, FALSE);

  if (partition->last_lba < partition->first_lba ||
      !g_uint64_checked_mul (&start, partition->first_lba, self->sector_size) ||
      !g_uint64_checked_add (&size, partition->last_lba - partition->first_lba, 1) ||
      !g_uint64_checked_mul (&size, size, self->sector_size) ||
      !g_uint64_checked_add (&end, start, size))
    return FALSE;
  *out_range = (FlashRange){ start, size };
  return TRUE;
}

const char *
flash_gpt_get_type_name (const char *type_guid)
{
  g_return_val_if_fail (type_guid != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].guid, type_guid))
      return types[i].name;
  return NULL;
}
