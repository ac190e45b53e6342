/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-gpt.h"

#include "flash-bytes.h"
#include "flash-format.h"
#include "flash-sample-images.h"

/* An image of 200 sectors, with two partitions; 34 … 166 are usable. */
#define N_SECTORS 200
#define SECTOR 512
#define PRIMARY (1 * SECTOR)
#define ENTRIES (2 * SECTOR)
#define BACKUP ((N_SECTORS - 1) * SECTOR)
#define BACKUP_ENTRIES (BACKUP - 128 * 128)

static const FlashSamplePartition partitions[] = {
  { FLASH_SAMPLE_GUID_FIP, "fip-a", 34, 49 },
  { FLASH_SAMPLE_GUID_LINUX, "rootfs", 50, 166 },
  FLASH_SAMPLE_END,
};

static GByteArray *
make_image (void)
{
  return flash_sample_gpt_new (SECTOR, N_SECTORS, partitions);
}

static FlashGpt *
read_image (GByteArray *image, FlashDiagList *diags)
{
  g_autoptr (FlashSource) source = flash_sample_source_new (image);
  g_autoptr (GError) error = NULL;
  FlashGpt *gpt = flash_gpt_read (source, diags, &error);

  g_assert_no_error (error);
  g_assert_nonnull (gpt);
  return gpt;
}

static void
assert_codes (FlashDiagList *diags, const char *expected)
{
  g_autoptr (GString) codes = g_string_new (NULL);

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++)
    g_string_append_printf (codes, "%s%s", i > 0 ? " " : "",
                            flash_diag_get_code (flash_diag_list_get (diags, i)));
  g_assert_cmpstr (codes->str, ==, expected);
}

static void
check_whole (guint sector_size)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  guint64 entries = 128 * 128 / sector_size;
  const FlashSamplePartition some[] = {
    { FLASH_SAMPLE_GUID_FIP, "fip-a", 2 + entries, 49 },
    { FLASH_SAMPLE_GUID_LINUX, "rootfs", 50, 60 },
    FLASH_SAMPLE_END,
  };
  g_autoptr (FlashGpt) gpt =
      read_image (flash_sample_gpt_new (sector_size, N_SECTORS, some), diags);
  g_autoptr (FlashGpt) again = flash_gpt_ref (gpt);
  const FlashGptPartition *rootfs = g_ptr_array_index (again->partitions, 1);
  FlashRange range;

  assert_codes (diags, "");
  g_assert_cmpuint (gpt->sector_size, ==, sector_size);
  g_assert_cmpstr (gpt->disk_guid, ==, "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
  g_assert_cmpuint (gpt->first_usable_lba, ==, 2 + entries);
  g_assert_cmpuint (gpt->last_usable_lba, ==, N_SECTORS - 2 - entries);
  g_assert_cmpuint (gpt->backup_lba, ==, N_SECTORS - 1);
  g_assert_true (gpt->has_primary);
  g_assert_true (gpt->has_backup);
  g_assert_cmpuint (gpt->partitions->len, ==, 2);
  g_assert_cmpuint (rootfs->number, ==, 2);
  g_assert_cmpstr (rootfs->type_guid, ==, FLASH_SAMPLE_GUID_LINUX);
  g_assert_cmpstr (flash_gpt_get_type_name (rootfs->type_guid), ==, "linux-filesystem");
  g_assert_cmpstr (rootfs->unique_guid, ==, "11111111-2222-3333-4444-555555555501");
  g_assert_cmpstr (rootfs->name, ==, "rootfs");
  g_assert_true (flash_gpt_get_range (gpt, rootfs, &range));
  g_assert_cmpuint (range.start, ==, 50 * sector_size);
  g_assert_cmpuint (range.size, ==, 11 * sector_size);
}

static void
test_whole (void)
{
  check_whole (512);
  check_whole (4096);
}

/* One byte of the image is changed, its checksums made right again or not. */
typedef struct {
  gsize at;
  guint8 value;
  guint64 sealed_lba; /* the header that is made right, 0: none */
  gboolean has_primary;
  gboolean has_backup;
  const char *codes;
} Change;

static const Change changes[] = {
  { 450, 0x0c, 0, TRUE, TRUE, "gpt-no-protective-mbr" },
  { 510, 0, 0, TRUE, TRUE, "gpt-no-protective-mbr" },
  { PRIMARY, 'e', 0, FALSE, TRUE, "gpt-primary-broken" }, /* mark */
  { PRIMARY + 10, 2, 1, FALSE, TRUE, "gpt-primary-broken" }, /* revision 2.0 */
  { PRIMARY + 12, 91, 1, FALSE, TRUE, "gpt-primary-broken" }, /* size of the header */
  { PRIMARY + 13, 2, 1, FALSE, TRUE, "gpt-primary-broken" }, /* 512 + 92: no room */
  { PRIMARY + 16, 0, 0, FALSE, TRUE, "gpt-primary-broken" }, /* checksum */
  { PRIMARY + 24, 2, 1, FALSE, TRUE, "gpt-primary-broken" }, /* its own place */
  { PRIMARY + 40, 167, 1, FALSE, TRUE, "gpt-primary-broken" }, /* nothing usable */
  { PRIMARY + 72, 200, 1, FALSE, TRUE, "gpt-primary-broken" }, /* entries at the end */
  { PRIMARY + 79, 0xff, 1, FALSE, TRUE, "gpt-primary-broken" }, /* entries far beyond */
  { PRIMARY + 83, 0xff, 1, FALSE, TRUE, "gpt-primary-broken" }, /* far too many entries */
  { PRIMARY + 84, 127, 1, FALSE, TRUE, "gpt-primary-broken" }, /* small entries */
  { PRIMARY + 86, 1, 1, FALSE, TRUE, "gpt-primary-broken" }, /* large entries */
  { ENTRIES + 128 * 127, 1, 0, FALSE, TRUE, "gpt-primary-broken" }, /* last entry */
  { ENTRIES + 56, 'F', 1, TRUE, TRUE, "gpt-tables-differ" }, /* name */
  { PRIMARY + 56, 0, 1, TRUE, TRUE, "gpt-tables-differ" }, /* disk */
  { BACKUP, 'e', 0, TRUE, FALSE, "gpt-backup-missing" }, /* mark */
  { BACKUP + 92 - 4, 0, 0, TRUE, FALSE, "gpt-backup-broken" }, /* checksum */
  { BACKUP_ENTRIES, 0, 0, TRUE, FALSE, "gpt-backup-broken" }, /* first entry */
  { PRIMARY + 32, 201, 1, TRUE, FALSE, "gpt-backup-missing" }, /* backup beyond the end */
  { PRIMARY + 39, 0xff, 1, TRUE, FALSE, "gpt-backup-missing" }, /* far beyond the end */
  { ENTRIES + 32, 33, 1, TRUE, TRUE, "gpt-tables-differ gpt-partition-outside-usable" },
  { ENTRIES + 40, 50, 1, TRUE, TRUE, "gpt-tables-differ gpt-partitions-overlap" },
  { ENTRIES + 40, 33, 1, TRUE, TRUE, "gpt-tables-differ gpt-partition-backwards" },
  { ENTRIES + 128 + 40, 167, 1, TRUE, TRUE, "gpt-tables-differ gpt-partition-outside-usable" },
  { ENTRIES + 128 + 31, 0, 1, TRUE, TRUE, "gpt-tables-differ gpt-partitions-same-guid" },
};

static void
test_changes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    GByteArray *image = make_image ();
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashGpt) gpt = NULL;

    image->data[changes[i].at] = changes[i].value;
    if (changes[i].sealed_lba != 0)
      flash_sample_gpt_seal (image, SECTOR, changes[i].sealed_lba);
    g_test_message ("change %u", i);
    gpt = read_image (image, diags);
    assert_codes (diags, changes[i].codes);
    g_assert_cmpint (gpt->has_primary, ==, changes[i].has_primary);
    g_assert_cmpint (gpt->has_backup, ==, changes[i].has_backup);
    g_assert_cmpuint (gpt->partitions->len, ==, 2);
  }
}

/* An image that was cut, and one that was put on a larger disk. */
static void
test_sizes (void)
{
  g_autoptr (FlashDiagList) cut_diags = flash_diag_list_new ();
  g_autoptr (FlashDiagList) grown_diags = flash_diag_list_new ();
  GByteArray *cut = make_image ();
  GByteArray *grown = make_image ();
  g_autoptr (FlashGpt) cut_gpt = NULL;
  g_autoptr (FlashGpt) grown_gpt = NULL;
  g_autofree char *message = NULL;
  gsize old = grown->len;

  g_byte_array_set_size (cut, 166 * SECTOR);
  cut_gpt = read_image (cut, cut_diags);
  assert_codes (cut_diags, "gpt-backup-missing gpt-partition-beyond-end");
  message = flash_diag_dup_message (flash_diag_list_get (cut_diags, 0), NULL);
  g_assert_cmpstr (message, ==,
                   "The backup of the partition table is missing: it belongs at 99.5 KiB, the "
                   "image ends at 83 KiB.");
  g_assert_false (cut_gpt->has_backup);

  g_byte_array_set_size (grown, (guint) old + SECTOR);
  memset (grown->data + old, 0, SECTOR);
  grown_gpt = read_image (grown, grown_diags);
  assert_codes (grown_diags, "gpt-backup-not-at-end");
  g_assert_true (grown_gpt->has_backup);
}

/* Without the primary header only the backup in the last sector is left. */
static void
test_backup_only (void)
{
  GByteArray *image = make_image ();
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashGpt) gpt = NULL;

  memset (image->data, 0, 34 * SECTOR);
  gpt = read_image (image, diags);
  assert_codes (diags, "gpt-no-protective-mbr gpt-primary-broken");
  g_assert_cmpuint (gpt->backup_lba, ==, N_SECTORS - 1);
  g_assert_cmpuint (gpt->partitions->len, ==, 2);
}

static void
test_none (void)
{
  GByteArray *image = make_image ();
  g_autoptr (FlashSource) nothing = flash_sample_source_new_static ("", 0);
  g_autoptr (FlashSource) protective = flash_sample_source_new_static (image->data, 512);
  g_autoptr (FlashSource) broken = NULL;
  FlashSource *sources[3];
  static const FlashFormatError codes[] = { FLASH_FORMAT_ERROR_UNKNOWN_FORMAT,
                                            FLASH_FORMAT_ERROR_BAD_CHECKSUM,
                                            FLASH_FORMAT_ERROR_BAD_CHECKSUM };

  image->data[ENTRIES] ^= 1;
  image->data[BACKUP_ENTRIES] ^= 1;
  broken = flash_sample_source_new (image);
  sources[0] = nothing;
  sources[1] = protective;
  sources[2] = broken;
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (GError) error = NULL;

    g_assert_null (flash_gpt_read (sources[i], diags, &error));
    g_assert_error (error, FLASH_FORMAT_ERROR, (int) codes[i]);
    assert_codes (diags, "");
  }
}

typedef struct {
  guint16 units[4];
  const char *name;
} Name;

static const Name names[] = {
  { { 'a', 0, 'b', 0 }, "a" },
  { { 0x00e9, 0x6f22, 0, 0 }, "é漢" },
  { { 0xd83d, 0xdcbe, 'x', 0 }, "💾x" },
  { { 0xd83d, 'x', 0, 0 }, "\uFFFDx" },
  { { 'x', 0xdcbe, 'y', 0 }, "x\uFFFDy" },
  { { 'x', 0xd83d, 0, 0 }, "x\uFFFD" },
  { { '\n', 0x202e, 0x1b, 'z' }, "\uFFFD\uFFFD\uFFFDz" },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GByteArray *image = make_image ();
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashGpt) gpt = NULL;

    memset (image->data + ENTRIES + 56, 0, 72);
    for (guint k = 0; k < 4; k++)
      flash_put_le16 (image->data + ENTRIES + 56 + 2 * k, names[i].units[k]);
    flash_sample_gpt_seal (image, SECTOR, 1);
    gpt = read_image (image, diags);
    g_assert_cmpstr (((FlashGptPartition *) g_ptr_array_index (gpt->partitions, 0))->name, ==,
                     names[i].name);
  }
}

/* All 36 places used: there is no zero at the end. */
static void
test_full_name (void)
{
  GByteArray *image = make_image ();
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashGpt) gpt = NULL;

  for (guint k = 0; k < 36; k++)
    flash_put_le16 (image->data + ENTRIES + 56 + 2 * k, 'n');
  flash_sample_gpt_seal (image, SECTOR, 1);
  gpt = read_image (image, diags);
  g_assert_cmpstr (((FlashGptPartition *) g_ptr_array_index (gpt->partitions, 0))->name, ==,
                   "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn");
}

typedef struct {
  guint64 first;
  guint64 last;
  gboolean is_range;
} Range;

static const Range ranges[] = {
  { 0, 0, TRUE },
  { 5, 4, FALSE },
  { 0, G_MAXUINT64 / 512 - 1, TRUE },
  { 0, G_MAXUINT64 / 512, FALSE },
  { G_MAXUINT64, G_MAXUINT64, FALSE },
  { 0, G_MAXUINT64, FALSE },
  { G_MAXUINT64 / 512, G_MAXUINT64 / 512, FALSE },
};

static void
test_ranges (void)
{
  FlashGpt gpt = { .sector_size = 512 };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
    FlashGptPartition partition = { .first_lba = ranges[i].first, .last_lba = ranges[i].last };
    FlashRange range = { 47, 11 };

    g_assert_cmpint (flash_gpt_get_range (&gpt, &partition, &range), ==, ranges[i].is_range);
    if (!ranges[i].is_range)
      g_assert_cmpuint (range.start, ==, 47);
  }
  g_assert_null (flash_gpt_get_type_name ("00000000-0000-0000-0000-000000000000"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gpt/whole", test_whole);
  g_test_add_func ("/gpt/changes", test_changes);
  g_test_add_func ("/gpt/sizes", test_sizes);
  g_test_add_func ("/gpt/backup-only", test_backup_only);
  g_test_add_func ("/gpt/none", test_none);
  g_test_add_func ("/gpt/names", test_names);
  g_test_add_func ("/gpt/full-name", test_full_name);
  g_test_add_func ("/gpt/ranges", test_ranges);
  return g_test_run ();
}
