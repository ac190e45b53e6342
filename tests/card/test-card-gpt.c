/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table, read by the room formats, which knows nothing of libfdisk. */
#include "config.h"

#include "flash-card-gpt.h"
#include "flash-card-test.h"
#include "flash-gpt.h"

#define SIZE (32 * MIB)

static const char rows[] = ROW ("PE", "0x04", "fsbl1", "Binary", "mmc0", "0x4400", "none")
    ROW ("PE", "0x06", "metadata1", "FWU_MDATA", "mmc0", "0x10000",
         "none") ROW ("PE", "0x08", "fip-a", "FIP", "mmc0", "0x20000", "none")
        ROW ("PE", "0x09", "fip-b", "FIP", "mmc0", "0x40000", "none")
            ROW ("PE", "0x0A", "fip-a", "ENV", "mmc0", "0x60000", "none")
                ROW ("PE", "0x0B", "esp", "ESP", "mmc0", "0x80000", "none")
                    ROW ("PE", "0x10", "bootfs", "System", "mmc0", "0x100000", "none")
                        ROW ("PE", "0x11", "rootfs", "FileSystem", "mmc0", "0x200000", "none")
                            ROW ("PE", "0x12", "rootfs", "FileSystem", "mmc0", "0x300000", "none")
                                ROW ("PE", "0x13",
                                     "gr\xc3\xb6\xc3\x9f"
                                     "e",
                                     "FileSystem", "mmc0", "0x400000", "none");

typedef struct {
  const char *name;
  const char *type;
  const char *unique; /* NULL: derived */
  guint64 first_lba;
  guint64 last_lba;
  guint64 attributes;
} Entry;

#define LINUX "0FC63DAF-8483-4772-8E79-3D69D8477DE4"

/* stm32mp-usb.md section 3.8; the last one ends 35 blocks before the card does. Of a name each byte
 * is a character to U-Boot. */
static const Entry entries[] = {
  { "fsbl1", "8DA63339-0007-60C0-C436-083AC8230908", NULL, 34, 127, 0 },
  { "metadata1", "8A7A84A0-8387-40F6-AB41-A8B9A5A60D23", NULL, 128, 255, 0 },
  { "fip-a", "19D5DF83-11B0-457B-BE2C-7559C13142A5", "4fd84c93-54ef-463f-a7ef-ae25ff887087", 256,
    511, 0 },
  { "fip-b", "19D5DF83-11B0-457B-BE2C-7559C13142A5", "09c54952-d5bf-45af-acee-335303766fb3", 512,
    767, 0 },
  { "fip-a", "3DE21764-95DB-54BD-A5C3-4ABE786F38A8", NULL, 768, 1023, 0 },
  { "esp", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", NULL, 1024, 2047, 0 },
  { "bootfs", LINUX, NULL, 2048, 4095, FLASH_GPT_ATTRIBUTE_BOOTABLE },
  { "rootfs", LINUX, "e91c4e10-16e6-4c0e-bd0e-77becf4a3582", 4096, 6143, 0 },
  { "rootfs", LINUX, NULL, 6144, 8191, 0 },
  { "gr\xc3\x83\xc2\xb6\xc3\x83\xc2\x9f"
    "e",
    LINUX, NULL, 8192, 65536 - 35 - 1, 0 },
};

static FlashGpt *
read_table (FlashCardImage *image)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  GByteArray *card = flash_card_test_read (image, 1024 * 1024);
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (card);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "card");
  g_autoptr (GError) error = NULL;
  FlashGpt *gpt = flash_gpt_read (source, diags, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (flash_diag_list_get_length (diags), ==, 0);
  return gpt;
}

static void
test_table (void)
{
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashCardImage) image = flash_card_test_image (dir, rows, SIZE);
  g_autoptr (FlashGpt) gpt = read_table (image);
  g_autoptr (GHashTable) guids = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_true (gpt->has_primary && gpt->has_backup);
  g_assert_cmpuint (gpt->first_usable_lba, ==, 34);
  g_assert_cmpuint (gpt->last_usable_lba, ==, SIZE / 512 - 34);
  g_assert_cmpuint (gpt->backup_lba, ==, SIZE / 512 - 1);
  g_assert_cmpuint (gpt->partitions->len, ==, G_N_ELEMENTS (entries));
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++) {
    const FlashGptPartition *partition = g_ptr_array_index (gpt->partitions, i);

    g_assert_cmpuint (partition->number, ==, i + 1);
    /* Characters that steer a terminal do not come out of the reader as they are. */
    if (i + 1 < G_N_ELEMENTS (entries))
      g_assert_cmpstr (partition->name, ==, entries[i].name);
    g_assert_cmpstr (partition->type_guid, ==, entries[i].type);
    g_assert_cmpuint (partition->first_lba, ==, entries[i].first_lba);
    g_assert_cmpuint (partition->last_lba, ==, entries[i].last_lba);
    g_assert_cmphex (partition->attributes, ==, entries[i].attributes);
    if (entries[i].unique != NULL)
      g_assert_cmpstr (partition->unique_guid, ==, entries[i].unique);
    else
      g_assert_cmpint (partition->unique_guid[14], ==, '5');
    g_assert_true (g_hash_table_add (guids, (gpointer) partition->unique_guid));
  }
  g_assert_true (g_hash_table_add (guids, gpt->disk_guid));
  flash_test_remove_dir (dir);
}

/* U-Boot, disk/part_efi.c, set_protective_mbr (): type, first block, number of blocks; all else is
 * zero. */
static void
test_protective_mbr (void)
{
  static const guint8 wanted[66] = { [4] = 0xee, [8] = 1, 0, 0, 0, 0xff, 0xff, [64] = 0x55, 0xaa };
  static const guint8 zeros[446];
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashCardImage) image = flash_card_test_image (dir, rows, SIZE);
  guint8 mbr[512];

  g_assert_true (flash_card_image_read (image, 0, mbr, sizeof mbr, NULL));
  g_assert_cmpmem (mbr, 446, zeros, 446);
  g_assert_cmpmem (mbr + 446, 66, wanted, 66);
  flash_test_remove_dir (dir);
}

static char *
dup_disk_guid (const char *dir, const char *text, guint64 size)
{
  g_autoptr (FlashCardImage) image = flash_card_test_image (dir, text, size);
  g_autoptr (FlashGpt) gpt = read_table (image);

  return g_strdup (gpt->disk_guid);
}

/* Comments and paths are no part of what the board gets, and so of no identifier. */
static void
test_identifiers (void)
{
  static const char other[] = ROW ("PE", "0x04", "x", "Binary", "mmc0", "0x4400", "none");
  static const char with_comment[] =
      "#Opt\tId\n" ROW ("PE", "0x04", "x", "Binary", "mmc0", "0x4400", "none");
  static const char with_comments[] =
      "# other\n" ROW ("PE", "0x04", "x", "Binary", "mmc0", "0x4400", "elsewhere");
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autofree char *first = dup_disk_guid (dir, rows, SIZE);
  g_autofree char *again = dup_disk_guid (dir, rows, SIZE);
  g_autofree char *another = dup_disk_guid (dir, other, SIZE);
  g_autofree char *comment = dup_disk_guid (dir, with_comment, SIZE);
  g_autofree char *comments = dup_disk_guid (dir, with_comments, SIZE);

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, another);
  g_assert_cmpstr (comment, ==, comments);
  flash_test_remove_dir (dir);
}

static void
test_emmc (void)
{
  static const char text[] = ROW ("PE", "0x10", "rootfs", "FileSystem", "mmc2", "0x80000", "none");
  static const char text3[] = ROW ("PE", "0x10", "rootfs", "FileSystem", "mmc3", "0x80000", "none");
  g_autofree char *dir = flash_card_test_make_dir ();
  const struct {
    const char *ip;
    const char *text;
    const char *guid;
  } cards[] = { { "mmc2", text, "fd58f1c7-be0d-4338-88e9-ad8f050aeb18" }, { "mmc3", text3, NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (cards); i++) {
    g_autoptr (FlashLayout) layout = flash_card_test_load (dir, cards[i].text);
    const FlashCardOptions options = { .ip = cards[i].ip, .size = SIZE };
    g_autoptr (FlashCardImage) image = flash_card_image_new (layout, &options, NULL);
    g_autoptr (FlashGpt) gpt = read_table (image);
    const FlashGptPartition *partition = g_ptr_array_index (gpt->partitions, 0);

    /* stm32mp-usb.md section 3.6: an erase group is kept free at both ends. */
    g_assert_cmpuint (partition->first_lba, ==, 1024);
    g_assert_cmpuint (partition->last_lba, ==, SIZE / 512 - 1024 - 1);
    if (cards[i].guid != NULL)
      g_assert_cmpstr (partition->unique_guid, ==, cards[i].guid);
    else
      g_assert_cmpint (partition->unique_guid[14], ==, '5');
  }
  flash_test_remove_dir (dir);
}

/* What the caller should have seen is still an error and no damage. */
static void
test_refused (void)
{
  static const char two[] = ROW ("PE", "0x04", "a", "Binary", "mmc0", "0x4400", "none")
      ROW ("PE", "0x05", "b", "Binary", "mmc0", "0x8400", "none");
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashLayout) layout = flash_card_test_load (dir, two);
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (FlashCardGptPart));
  g_autoptr (GBytes) seed = g_bytes_new_static ("x", 1);
  FlashCardGptPart part = { flash_layout_get_row (layout, 0), 0x4400, 0x8000 };
  GBytes *front = NULL, *back = NULL;
  g_autoptr (GError) error = NULL;

  g_array_append_val (parts, part);
  part.row = flash_layout_get_row (layout, 1);
  part.start = 0x8400;
  g_array_append_val (parts, part);
  g_assert_false (flash_card_gpt_make (parts, SIZE, 0, seed, &front, &back, &error));
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_TABLE);
  g_assert_true (g_str_has_prefix (error->message, "line 2: "));
  g_assert_null (front);
  g_assert_null (back);
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card-gpt/table", test_table);
  g_test_add_func ("/card-gpt/protective-mbr", test_protective_mbr);
  g_test_add_func ("/card-gpt/identifiers", test_identifiers);
  g_test_add_func ("/card-gpt/emmc", test_emmc);
  g_test_add_func ("/card-gpt/refused", test_refused);
  return g_test_run ();
}
