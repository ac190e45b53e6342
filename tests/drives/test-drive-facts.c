/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is gathered out of UDisks' objects, and what a drive says of itself by that. */
#define G_LOG_DOMAIN "test-drive-facts"

#include "config.h"

#include "flash-drive-private.h"
#include "flash-test-bus.h"

#include <string.h>

#define ROOT "/org/freedesktop/UDisks2/"
#define UD "org.freedesktop.UDisks2."

static GPtrArray *
gather (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) objects =
      g_variant_parse (G_VARIANT_TYPE ("a{oa{sa{sv}}}"), text, NULL, NULL, &error);

  g_assert_no_error (error);
  return flash_drive_facts_gather (objects);
}

/* A card with everything on it, in no order. */
static const char card[] =
    "{'" ROOT "block_devices/sdc5': {'" UD "Block': {'Device': <b'/dev/sdc5'>, 'Drive': "
    "<objectpath '" ROOT "drives/b'>, 'Size': <uint64 4096>, 'IdType': <'vfat'>,"
    " 'IdUsage': <'filesystem'>}, '" UD "Partition': {'Offset': <uint64 9000>,"
    " 'Name': <'not shown'>, 'Number': <uint32 5>},"
    " '" UD "Filesystem': {'MountPoints': <[b'/media/a', b'/mnt']>}},"
    " '" ROOT "drives/b': {'" UD "Drive': {'Vendor': <'Kingston'>, 'Model': <'Kingston DT\\n'>,"
    " 'Serial': <'123'>, 'ConnectionBus': <'usb'>, 'Media': <'flash_sdxc'>}},"
    " '" ROOT "block_devices/sdc2': {'" UD "Block': {'Device': <b'/dev/sdc2'>, 'Drive': "
    "<objectpath '" ROOT "drives/b'>, 'Size': <uint64 8192>}, '" UD "Partition': {'Offset': "
    "<uint64 2000>, 'IsContainer': <true>}},"
    " '" ROOT "block_devices/sdc1': {'" UD "Block': {'Device': <b'/dev/sdc1'>, 'Drive': "
    "<objectpath '" ROOT "drives/b'>, 'Size': <uint64 67108864>, 'IdType': <'ext4'>,"
    " 'IdLabel': <'bootfs'>}, '" UD "Partition': {'Offset': <uint64 512>, 'Name': <'boot'>}},"
    " '" ROOT "block_devices/sdc6': {'" UD "Block': {'Device': <b'/dev/sdc6'>, 'Drive': "
    "<objectpath '" ROOT "drives/b'>, 'Size': <uint64 10485760>}, '" UD "Partition': {'Offset': "
    "<uint64 20000>}},"
    " '" ROOT "block_devices/sdc7': {'" UD "Block': {'Device': <b'/dev/sdc7'>, 'Drive': "
    "<objectpath '" ROOT "drives/b'>, 'Size': <uint64 512>, 'IdType': <'ext4'>}, '" UD
    "Partition': {'Offset': <uint64 30000>, 'Name': <'fip-a'>}},"
    " '" ROOT "block_devices/sdc': {'" UD "Block': {'Device': <b'/dev/sdc'>, 'Drive': "
    "<objectpath '" ROOT "drives/b'>, 'Size': <uint64 100000000>, 'DeviceNumber': <uint64 2080>,"
    " 'ReadOnly': <true>}, '" UD "PartitionTable': {'Type': <'dos'>}},"
    " '" ROOT "drives/a': {'" UD "Drive': {'Model': <'X'>}},"
    " '" ROOT "block_devices/loop0': {'" UD "Block': {'Drive': <objectpath '/'>}},"
    " '" ROOT "Manager': {'" UD "Manager': {'Version': <'2.9.4'>}}}";

static void
test_gathered (void)
{
  g_autoptr (GPtrArray) all = gather (card);
  const FlashDriveFacts *facts;
  const FlashDriveVolume *volume;

  g_assert_cmpuint (all->len, ==, 2);
  facts = g_ptr_array_index (all, 0);
  g_assert_cmpstr (facts->drive_path, ==, ROOT "drives/a");
  g_assert_null (facts->block_path);
  g_assert_null (flash_drive_facts_find (all, ROOT "block_devices/sdd"));
  facts = flash_drive_facts_find (all, ROOT "block_devices/sdc");
  g_assert_true (facts == g_ptr_array_index (all, 1));
  g_assert_cmpuint (facts->n_disks, ==, 1);
  g_assert_cmpuint (facts->device_number, ==, 2080);
  g_assert_true (facts->has_table);
  /* Without the frame, in the order on the disk. */
  g_assert_cmpuint (facts->volumes->len, ==, 4);
  g_assert_cmpstr (g_ptr_array_index (facts->volume_paths, 0), ==, ROOT "block_devices/sdc1");
  volume = g_ptr_array_index (facts->volumes, 1);
  g_assert_cmpstr (volume->device, ==, "/dev/sdc5");
  g_assert_cmpuint (g_strv_length (volume->mount_points), ==, 2);
  g_assert_cmpstr (volume->mount_points[1], ==, "/mnt");
}

static FlashDrive *
make_drive (const char *text, guint index)
{
  g_autoptr (GPtrArray) all = gather (text);
  g_autoptr (GDBusConnection) connection = flash_test_bus_connect ();

  return flash_drive_new (connection, g_ptr_array_steal_index (all, index));
}

static void
test_drive (void)
{
  g_autoptr (FlashDrive) drive = make_drive (card, 1);
  g_auto (GStrv) contents = flash_drive_dup_contents (drive);
  g_autofree char *lines = g_strjoinv ("; ", contents);

  g_assert_cmpstr (flash_drive_get_name (drive), ==, "Kingston DT\xef\xbf\xbd");
  g_assert_cmpstr (flash_drive_get_device (drive), ==, "/dev/sdc");
  g_assert_cmpstr (flash_drive_get_id (drive), ==, ROOT "block_devices/sdc");
  g_assert_cmpuint (flash_drive_get_size (drive), ==, 100000000);
  g_assert_cmpint (flash_drive_get_kind (drive), ==, FLASH_DRIVE_KIND_SD_CARD);
  g_assert_true (flash_drive_is_read_only (drive));
  g_assert_true (flash_drive_has_data (drive));
  g_assert_true (flash_drive_is_mounted (drive));
  g_assert_cmpuint (flash_drive_get_n_volumes (drive), ==, 4);
  g_assert_cmpstr (flash_drive_get_volume (drive, 0)->label, ==, "bootfs");
  g_assert_true (G_IS_DBUS_CONNECTION (flash_drive_get_connection (drive)));
  g_assert_cmpstr (lines, ==,
                   "bootfs (ext4, 64 MiB); not shown (vfat, 4 KiB); sdc6 (10 MiB); "
                   "fip-a (ext4, 512 B)");
}

static void
test_kinds (void)
{
  static const struct {
    const char *drive;
    FlashDriveKind kind;
    const char *name;
  } rows[] = {
    { "'ConnectionBus': <'sdio'>", FLASH_DRIVE_KIND_SD_CARD, "" },
    { "'ConnectionBus': <'usb'>, 'Media': <'flash_sd'>, 'Model': <'Reader'>",
      FLASH_DRIVE_KIND_SD_CARD, "Reader" },
    { "'ConnectionBus': <'usb'>, 'Media': <'flash_cf'>, 'MediaRemovable': <true>,"
      " 'Vendor': <'Maker'>",
      FLASH_DRIVE_KIND_CARD, "Maker" },
    { "'ConnectionBus': <''>, 'MediaRemovable': <true>", FLASH_DRIVE_KIND_CARD, "" },
    { "'ConnectionBus': <'usb'>, 'Media': <'thumb'>, 'Vendor': <' A '>, 'Model': <'B'>",
      FLASH_DRIVE_KIND_STICK, "A  B" },
    { "'ConnectionBus': <'usb'>, 'MediaRemovable': <true>", FLASH_DRIVE_KIND_STICK, "" },
    { "'ConnectionBus': <'usb'>", FLASH_DRIVE_KIND_DISK, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text =
        g_strdup_printf ("{objectpath '" ROOT "drives/a': {'" UD "Drive': {%s}}}", rows[i].drive);
    g_autoptr (FlashDrive) drive = make_drive (text, 0);

    g_assert_cmpint (flash_drive_get_kind (drive), ==, rows[i].kind);
    g_assert_cmpstr (flash_drive_get_name (drive), ==, rows[i].name);
    g_assert_false (flash_drive_is_mounted (drive));
  }
}

/* Anything that changes makes the facts others; a few things make it another medium. */
static void
test_compared (void)
{
  static const struct {
    const char *from;
    const char *to;
    gboolean is_same_medium;
  } changes[] = {
    { "'Name': <'fip-a'>", "'Name': <'fip-b'>", TRUE },
    { "b'/media/a'", "b'/media/b'", TRUE },
    { "'ReadOnly': <true>", "'ReadOnly': <false>", TRUE },
    { "'Type': <'dos'>", "'Type': <'gpt'>", TRUE },
    { "'Serial': <'123'>", "'Serial': <'124'>", FALSE },
    { "Kingston DT", "Kingston DU", FALSE },
    { "<uint64 2080>", "<uint64 2096>", FALSE },
    { "<uint64 100000000>", "<uint64 100000512>", FALSE },
    { "'Media':", "'TimeMediaDetected': <uint64 1>, 'Media':", FALSE },
    { "block_devices/sdc'", "block_devices/sdx'", FALSE },
  };
  g_autoptr (GPtrArray) before = gather (card);

  g_assert_true (flash_drive_facts_is_equal (before->pdata[1], before->pdata[1]));
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_auto (GStrv) parts = g_strsplit (card, changes[i].from, 2);
    g_autofree char *text = g_strjoinv (changes[i].to, parts);
    g_autoptr (GPtrArray) after = gather (text);
    gboolean is_told = strstr (changes[i].from, "Type") == NULL;

    g_test_message ("%s", changes[i].to);
    g_assert_cmpint (flash_drive_facts_is_equal (before->pdata[1], after->pdata[1]), ==, !is_told);
    g_assert_cmpint (flash_drive_facts_is_same_medium (before->pdata[1], after->pdata[1]), ==,
                     changes[i].is_same_medium);
  }
}

/* Properties of other types than documented, and interfaces without any. */
static void
test_odd_types (void)
{
  g_autoptr (GPtrArray) all =
      gather ("{objectpath '" ROOT "drives/a': {'" UD "Drive': {'Vendor': <1>, 'Model': <b'x'>,"
              " 'RotationRate': <'7200'>, 'TimeMediaDetected': <1>}},"
              " '" ROOT "block_devices/sda': {'" UD "Block': {'Drive': <objectpath '" ROOT
              "drives/a'>, 'Device': <'/dev/sda'>, 'Size': <1>, 'IdUsage': <'x'>,"
              " 'Configuration': <'fstab'>, 'CryptoBackingDevice': <'x'>}, '" UD
              "Filesystem': {'MountPoints': <'/'>}, '" UD "Swapspace': {}, '" UD "Encrypted': {}},"
              " '" ROOT "block_devices/sdb': {'" UD "Block': {'Drive': <'" ROOT "drives/a'>}}}");
  const FlashDriveFacts *facts = g_ptr_array_index (all, 0);
  const FlashDriveVolume *volume = g_ptr_array_index (facts->volumes, 0);

  g_assert_cmpstr (facts->vendor, ==, "");
  g_assert_cmpstr (facts->device, ==, "");
  g_assert_cmpint (facts->rotation_rate, ==, -1);
  g_assert_cmpuint (facts->size_bytes, ==, 0);
  g_assert_cmpuint (facts->n_disks, ==, 1);
  g_assert_cmpuint (facts->configured->len, ==, 0);
  g_assert_null (volume->mount_points[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive-facts/gathered", test_gathered);
  g_test_add_func ("/drive-facts/drive", test_drive);
  g_test_add_func ("/drive-facts/kinds", test_kinds);
  g_test_add_func ("/drive-facts/compared", test_compared);
  g_test_add_func ("/drive-facts/odd-types", test_odd_types);
  return flash_test_bus_run_tests ();
}
