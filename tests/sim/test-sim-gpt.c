/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partition table of stm32mp-usb.md section 3.8, by its fields and by the tools that people
 * use. */
#include "config.h"

#include "flash-sim-store.h"

#include "flash-bytes.h"
#include "flash-sim-gpt.h"

#include <string.h>
#include <zlib.h>

static const char layout[] = "P\t0x04\tfsbl1\tBinary\tmmc%u\t0x80000\n"
                             "P\t0x06\tmetadata1\tFWU_MDATA\tmmc%u\t0x100000\n"
                             "P\t0x08\tfip-a\tFIP\tmmc%u\t0x180000\n"
                             "PED\t0x09\tfip-b\tFIP\tmmc%u\t0x580000\n"
                             "PED\t0x0A\tu-boot-env\tENV\tmmc%u\t0x980000\n"
                             "P\t0x0B\tesp\tESP\tmmc%u\t0xA00000\n"
                             "P\t0x10\tbootfs\tSystem\tmmc%u\t0xA80000\n"
                             "P\t0x11\trootfs\tFileSystem\tmmc%u\t0x4A80000\n"
                             "P\t0x12\trootfs\tFileSystem\tmmc%u\t0x5A80000\n";

typedef struct {
  const char *name;
  const char *type;
  const char *unique; /* NULL: any */
  guint64 start;
  guint64 attributes;
} Entry;

#define LINUX "0fc63daf-8483-4772-8e79-3d69d8477de4"

static const Entry entries[] = {
  { "fsbl1", "8da63339-0007-60c0-c436-083ac8230908", NULL, 0x80000, 0 },
  { "metadata1", "8a7a84a0-8387-40f6-ab41-a8b9a5a60d23", NULL, 0x100000, 0 },
  { "fip-a", "19d5df83-11b0-457b-be2c-7559c13142a5", "4fd84c93-54ef-463f-a7ef-ae25ff887087",
    0x180000, 0 },
  { "fip-b", "19d5df83-11b0-457b-be2c-7559c13142a5", "09c54952-d5bf-45af-acee-335303766fb3",
    0x580000, 0 },
  { "u-boot-env", "3de21764-95db-54bd-a5c3-4abe786f38a8", NULL, 0x980000, 0 },
  { "esp", "c12a7328-f81f-11d2-ba4b-00a0c93ec93b", NULL, 0xa00000, 0 },
  { "bootfs", LINUX, NULL, 0xa80000, 4 },
  { "rootfs", LINUX, "rootfs", 0x4a80000, 0 },
  { "rootfs", LINUX, NULL, 0x5a80000, 0 },
};

static const char *const rootfs_uuids[] = { "e91c4e10-16e6-4c0e-bd0e-77becf4a3582",
                                            "491f6117-415d-4f53-88c9-6e0de54deac6" };

static const struct {
  guint device;
  guint64 size;
  guint64 last; /* the reserved end of section 3.6 */
} devices[] = {
  { 0, 256 << 20, (256 << 20) - 35 * 512 },
  { 1, 256 << 20, (256 << 20) - 0x80000 },
};

static char *
dup_guid (const guint8 *at)
{
  return g_strdup_printf ("%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", flash_get_le32 (at),
                          flash_get_le16 (at + 4), flash_get_le16 (at + 6), at[8], at[9], at[10],
                          at[11], at[12], at[13], at[14], at[15]);
}

static void
check_entry (const guint8 *at, const Entry *expected, guint64 end, const char *rootfs_uuid)
{
  g_autofree char *type = dup_guid (at);
  g_autofree char *unique = dup_guid (at + 16);
  gboolean is_rootfs = g_strcmp0 (expected->unique, "rootfs") == 0;

  g_assert_cmpstr (type, ==, expected->type);
  if (expected->unique != NULL)
    g_assert_cmpstr (unique, ==, is_rootfs ? rootfs_uuid : expected->unique);
  else
    g_assert_true (g_uuid_string_is_valid (unique) && strcmp (unique, rootfs_uuid) != 0);
  g_assert_cmpuint (flash_get_le64 (at + 32) * 512, ==, expected->start);
  g_assert_cmpuint ((flash_get_le64 (at + 40) + 1) * 512, ==, end);
  g_assert_cmpuint (flash_get_le64 (at + 48), ==, expected->attributes);
  for (guint i = 0; i < 36; i++)
    g_assert_cmpint (flash_get_le16 (at + 56 + 2 * i), ==,
                     i < strlen (expected->name) ? expected->name[i] : 0);
}

static void
check_header (const guint8 *block, const guint8 *table, guint64 own, guint64 other,
              guint64 table_at, guint64 n_blocks)
{
  guint8 copy[92];

  memcpy (copy, block, sizeof copy);
  memset (copy + 16, 0, 4);
  g_assert_cmpmem (block, 8, "EFI PART", 8);
  g_assert_cmphex (flash_get_le32 (block + 8), ==, 0x00010000);
  g_assert_cmpint (flash_get_le32 (block + 12), ==, 92);
  g_assert_cmphex (flash_get_le32 (block + 16), ==, (guint32) crc32 (0, copy, sizeof copy));
  g_assert_cmpuint (flash_get_le64 (block + 24), ==, own);
  g_assert_cmpuint (flash_get_le64 (block + 32), ==, other);
  g_assert_cmpuint (flash_get_le64 (block + 40), ==, 34);
  g_assert_cmpuint (flash_get_le64 (block + 48), ==, n_blocks - 34);
  g_assert_cmpuint (flash_get_le64 (block + 72), ==, table_at);
  g_assert_cmpint (flash_get_le32 (block + 80), ==, 128);
  g_assert_cmpint (flash_get_le32 (block + 84), ==, 128);
  g_assert_cmphex (flash_get_le32 (block + 88), ==, (guint32) crc32 (0, table, 128 * 128));
}

static void
check_table (Board *board, guint i)
{
  g_autofree char *file = g_strdup_printf ("mmc%u.img", devices[i].device);
  guint64 n_blocks = devices[i].size / 512;
  g_autoptr (GByteArray) front = bench_read_file (board->folder, file, 0, 34 * 512);
  g_autoptr (GByteArray) back =
      bench_read_file (board->folder, file, devices[i].size - 33 * 512, 33 * 512);
  const guint8 *mbr = front->data + 446;

  g_assert_cmpint (mbr[0], ==, 0);
  g_assert_cmpint (mbr[4], ==, 0xee);
  g_assert_cmpuint (flash_get_le32 (mbr + 8), ==, 1);
  g_assert_cmpuint (flash_get_le32 (mbr + 12), ==, n_blocks - 1);
  g_assert_cmphex (flash_get_le16 (front->data + 510), ==, 0xaa55);
  check_header (front->data + 512, front->data + 1024, 1, n_blocks - 1, 2, n_blocks);
  check_header (back->data + 32 * 512, back->data, n_blocks - 1, 1, n_blocks - 33, n_blocks);
  g_assert_cmpmem (front->data + 1024, 128 * 128, back->data, 128 * 128);
  g_assert_cmpmem (front->data + 512 + 56, 16, back->data + 32 * 512 + 56, 16);

  for (guint j = 0; j < G_N_ELEMENTS (entries); j++)
    check_entry (front->data + 1024 + 128 * j, &entries[j],
                 j + 1 < G_N_ELEMENTS (entries) ? entries[j + 1].start : devices[i].last,
                 rootfs_uuids[devices[i].device]);
  g_assert_cmpint (front->data[1024 + 128 * G_N_ELEMENTS (entries)], ==, 0);
}

static char *
dup_layout (guint device)
{
  g_auto (GStrv) parts = g_strsplit (layout, "%u", -1);
  g_autofree char *number = g_strdup_printf ("%u", device);

  return g_strjoinv (number, parts);
}

static void
run_tool (Board *board, guint device, const char *tool, const char *argument, const char *good)
{
  g_autofree char *program = g_find_program_in_path (tool);
  g_autofree char *sbin = program == NULL ? g_strconcat ("/usr/sbin/", tool, NULL) : NULL;
  g_autofree char *file = g_strdup_printf ("%s/mmc%u.img", board->folder, device);
  char *argv[] = { program != NULL ? program : sbin, (char *) argument, file, NULL };
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  int status;

  if (!g_file_test (argv[0], G_FILE_TEST_IS_EXECUTABLE)) {
    g_test_message ("%s is not installed", tool);
    return;
  }
  g_assert_true (
      g_spawn_sync (NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL));
  bench_tell (out);
  bench_tell (err);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_assert_nonnull (strstr (out, good));
}

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (devices); i++) {
    g_auto (Board) board = { NULL };
    g_autofree char *text = dup_layout (devices[i].device);

    board_start (&board, "stm32mp157", "mmc0=256M,mmc1=256M", text);
    bench_assert_phase (board.bench, 0x04);
    check_table (&board, i);
    run_tool (&board, devices[i].device, "sgdisk", "-v", "No problems found");
    run_tool (&board, devices[i].device, "sfdisk", "--verify", "No errors detected");
  }
}

/* Disks of more than 2 TiB have no place in a protective MBR; this is the largest that is made. */
static void
test_large (void)
{
  g_auto (Board) board = { NULL };

  board_start (&board, "stm32mp257", "mmc0=2T", "P\t0x10\ta\tFileSystem\tmmc0\t0x105984400\n");
  bench_assert_phase (board.bench, 0x10);
  board_download (&board, 0x10, 5000);
  board_assert_file (&board, 0x10, "mmc0.img", G_GUINT64_CONSTANT (0x105984400), 5000);
  run_tool (&board, 0, "sgdisk", "-v", "No problems found");
}

/* What does not fit between the tables is refused; what was there stays. */
static void
test_refused (void)
{
  static const struct {
    guint64 offset;
    guint64 size;
    gboolean is_good;
  } cases[] = {
    { 34 * 512, 512, TRUE },
    { 33 * 512, 512, FALSE },
    { 34 * 512, 511, FALSE },
    { (1 << 20) - 34 * 512, 512, TRUE },
    { (1 << 20) - 34 * 512, 1024, FALSE },
    { (1 << 20) - 33 * 512, 512, FALSE },
    { 34 * 512, G_MAXUINT64, FALSE },
    { G_MAXUINT64, 512, FALSE },
  };
  g_autoptr (FlashSimConfig) config =
      flash_sim_config_new ("virtual:stm32mp157,mmc0=1M,mmc1=4M", NULL);
  g_autoptr (FlashSimMedia) media = flash_sim_media_new (config, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FlashSimPart part = { .name = "a", .offset = cases[i].offset, .size = cases[i].size };
    FlashSimGptEntry read[FLASH_SIM_GPT_ENTRIES];
    g_autoptr (GPtrArray) parts = g_ptr_array_new ();

    g_ptr_array_add (parts, &part);
    flash_sim_media_erase (media, FLASH_SIM_MEDIUM_MMC0, 0, 1 << 20);
    g_assert_cmpint (flash_sim_gpt_write (media, FLASH_SIM_MEDIUM_MMC0, 0, parts), ==,
                     cases[i].is_good);
    g_assert_cmpint (flash_sim_gpt_read (media, FLASH_SIM_MEDIUM_MMC0, read), ==, cases[i].is_good);
    if (cases[i].is_good) {
      g_assert_cmpuint (read[0].start, ==, cases[i].offset);
      g_assert_cmpuint (read[0].size, ==, cases[i].size);
      g_assert_cmpuint (read[1].size, ==, 0);
    }
  }
}

/* A table with any wrong bit is no table. */
static void
test_damaged (void)
{
  g_autoptr (FlashSimConfig) config = flash_sim_config_new ("virtual:stm32mp157,mmc0=1M", NULL);
  g_autoptr (FlashSimMedia) media = flash_sim_media_new (config, NULL);
  FlashSimPart part = { .name = "a", .offset = 34 * 512, .size = 512 };
  FlashSimGptEntry read[FLASH_SIM_GPT_ENTRIES];
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  static const guint offsets[] = { 512, 512 + 12, 512 + 16, 512 + 80, 1024, 1024 + 40, 34 * 511 };

  g_ptr_array_add (parts, &part);
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++) {
    guint8 byte;

    g_assert_true (flash_sim_gpt_write (media, FLASH_SIM_MEDIUM_MMC0, 0, parts));
    g_assert_true (flash_sim_media_read (media, FLASH_SIM_MEDIUM_MMC0, offsets[i], &byte, 1));
    byte ^= 0x10;
    g_assert_true (flash_sim_media_write (media, FLASH_SIM_MEDIUM_MMC0, offsets[i], &byte, 1));
    g_assert_false (flash_sim_gpt_read (media, FLASH_SIM_MEDIUM_MMC0, read));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/gpt/table", test_table);
  g_test_add_func ("/sim/gpt/large", test_large);
  g_test_add_func ("/sim/gpt/refused", test_refused);
  g_test_add_func ("/sim/gpt/damaged", test_damaged);
  return g_test_run ();
}
