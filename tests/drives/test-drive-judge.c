/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be overwritten: every rule, from the properties of UDisks to the verdict. */
#define G_LOG_DOMAIN "test-drive-judge"

#include "config.h"

#include "flash-drive-judge.h"

#define ROOT "/org/freedesktop/UDisks2/"
#define ON_A "'Drive': <objectpath '" ROOT "drives/a'>"
#define SIZE "uint64 31914983424"

/* A stick that is offered; rows change one thing. */
#define GOOD_DRIVE                                                                                 \
  "'ConnectionBus': <'usb'>, 'Removable': <true>, 'MediaRemovable': <true>, 'Ejectable': <true>, " \
  "'MediaAvailable': <true>"
/* A drive on USB whose medium stays in it. */
#define FIXED_DRIVE "'ConnectionBus': <'usb'>, 'Removable': <true>, 'MediaAvailable': <true>"
#define GOOD_DISK "'Size': <" SIZE ">"

static GVariant *
make_objects (const char *drive, const char *disk, const char *interfaces, const char *others)
{
  g_autoptr (GError) error = NULL;
  /* Of two properties with one name, the first is found: that of the row. */
  g_autofree char *text = g_strdup_printf (
      "{objectpath '" ROOT "drives/a': {'org.freedesktop.UDisks2.Drive': @a{sv} {%s}},"
      " '" ROOT "block_devices/sda': {'org.freedesktop.UDisks2.Block': {%s, " ON_A
      ", 'Device': <b'/dev/sda'>}%s}%s}",
      drive, disk, interfaces, others);
  GVariant *objects = g_variant_parse (G_VARIANT_TYPE ("a{oa{sa{sv}}}"), text, NULL, NULL, &error);

  g_assert_no_error (error);
  return objects;
}

#define BLOCK(name, properties, interfaces)                                                        \
  ", '" ROOT "block_devices/" name "': {'org.freedesktop.UDisks2.Block': {'Device': <b'/dev/" name \
  "'>, " properties "}" interfaces "}"
#define PARTITION ", 'org.freedesktop.UDisks2.Partition': {'Offset': <uint64 1048576>}"
#define MOUNTED(path) ", 'org.freedesktop.UDisks2.Filesystem': {'MountPoints': <[b'" path "']>}"
#define SWAP(active) ", 'org.freedesktop.UDisks2.Swapspace': {'Active': <" active ">}"
#define PARTITION_MOUNTED(path) BLOCK ("sda1", ON_A, PARTITION MOUNTED (path))
#define FSTAB(path, options)                                                                       \
  "'Configuration': <[('fstab', {'dir': <b'" path "'>, 'opts': <b'" options "'>})]>"

static const struct {
  const char *name;
  FlashDriveVerdict verdict;
  const char *drive;
  const char *disk;
  const char *interfaces;
  const char *others;
} rows[] = {
  { "stick", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE, GOOD_DISK, "", "" },
  { "stick whose medium is fixed", FLASH_DRIVE_VERDICT_OFFERED,
    "'ConnectionBus': <'usb'>, 'Removable': <true>, 'MediaAvailable': <true>, 'Media': <'thumb'>",
    GOOD_DISK, "", "" },
  { "slot", FLASH_DRIVE_VERDICT_OFFERED,
    "'ConnectionBus': <'sdio'>, 'MediaRemovable': <true>, 'MediaAvailable': <true>, "
    "'Media': <'flash_sdhc'>",
    GOOD_DISK, "", "" },
  { "reader on PCI", FLASH_DRIVE_VERDICT_OFFERED,
    "'ConnectionBus': <''>, 'MediaRemovable': <true>, 'MediaAvailable': <true>", GOOD_DISK, "",
    "" },
  { "no disk", FLASH_DRIVE_VERDICT_NO_DISK, GOOD_DRIVE, GOOD_DISK,
    ", 'org.freedesktop.UDisks2.Partition': {}", "" },
  { "no node", FLASH_DRIVE_VERDICT_NO_DISK, GOOD_DRIVE, "'Device': <b''>, " GOOD_DISK, "", "" },
  { "loop", FLASH_DRIVE_VERDICT_LOOP, GOOD_DRIVE, GOOD_DISK,
    ", 'org.freedesktop.UDisks2.Loop': {'BackingFile': <b'/a'>}", "" },
  { "optical drive", FLASH_DRIVE_VERDICT_OPTICAL, GOOD_DRIVE ", 'Optical': <true>", GOOD_DISK, "",
    "" },
  { "optical medium", FLASH_DRIVE_VERDICT_OPTICAL, GOOD_DRIVE ", 'Media': <'optical_dvd_rw'>",
    GOOD_DISK, "", "" },
  { "hidden", FLASH_DRIVE_VERDICT_IGNORED, GOOD_DRIVE, GOOD_DISK ", 'HintIgnore': <true>", "", "" },
  { "system disk on SATA", FLASH_DRIVE_VERDICT_SYSTEM,
    "'ConnectionBus': <''>, 'MediaAvailable': <true>", GOOD_DISK ", 'HintSystem': <true>", "", "" },
  { "system disk on USB", FLASH_DRIVE_VERDICT_SYSTEM,
    "'ConnectionBus': <'usb'>, 'Removable': <true>, 'MediaAvailable': <true>",
    GOOD_DISK ", 'HintSystem': <true>", "", "" },
  { "removable medium on another bus, of the system", FLASH_DRIVE_VERDICT_SYSTEM,
    "'ConnectionBus': <''>, 'MediaRemovable': <true>, 'MediaAvailable': <true>",
    GOOD_DISK ", 'HintSystem': <true>", "", "" },
  { "card that is called a part of the system", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE,
    GOOD_DISK ", 'HintSystem': <true>", "", "" },
  { "fixed disk on USB", FLASH_DRIVE_VERDICT_FIXED,
    "'ConnectionBus': <'usb'>, 'MediaAvailable': <true>", GOOD_DISK, "", "" },
  { "nothing is known", FLASH_DRIVE_VERDICT_FIXED, "", GOOD_DISK, "", "" },
  { "values of other types", FLASH_DRIVE_VERDICT_FIXED,
    "'ConnectionBus': <'usb'>, 'Removable': <'true'>, 'MediaRemovable': <1>, 'Ejectable': <[true]>",
    GOOD_DISK, "", "" },
  { "hot plug on SATA", FLASH_DRIVE_VERDICT_BUS,
    "'ConnectionBus': <''>, 'Removable': <true>, 'MediaAvailable': <true>", GOOD_DISK, "", "" },
  { "disk on FireWire", FLASH_DRIVE_VERDICT_BUS,
    "'ConnectionBus': <'ieee1394'>, 'Ejectable': <true>, 'MediaAvailable': <true>", GOOD_DISK, "",
    "" },
  { "eMMC", FLASH_DRIVE_VERDICT_SOLDERED,
    "'ConnectionBus': <'sdio'>, 'Removable': <true>, 'MediaAvailable': <true>, "
    "'Media': <'flash_mmc'>",
    GOOD_DISK, "", "" },
  { "MMC in a reader", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE ", 'Media': <'flash_mmc'>",
    GOOD_DISK, "", "" },
  { "eMMC with boot partitions", FLASH_DRIVE_VERDICT_SEVERAL_DISKS,
    "'ConnectionBus': <'sdio'>, 'Removable': <true>, 'MediaAvailable': <true>", GOOD_DISK, "",
    BLOCK ("sdaboot0", ON_A, "") },
  { "hard disk", FLASH_DRIVE_VERDICT_TURNING, GOOD_DRIVE ", 'RotationRate': <5400>", GOOD_DISK, "",
    "" },
  { "medium that turns, but comes out", FLASH_DRIVE_VERDICT_OFFERED,
    GOOD_DRIVE ", 'RotationRate': <-1>", GOOD_DISK, "", "" },
  { "hard disk behind a bridge", FLASH_DRIVE_VERDICT_TURNING,
    FIXED_DRIVE ", 'Media': <''>, 'RotationRate': <-1>", GOOD_DISK, "", "" },
  { "hard disk behind a bridge that can eject", FLASH_DRIVE_VERDICT_TURNING,
    FIXED_DRIVE ", 'Ejectable': <true>, 'RotationRate': <-1>", GOOD_DISK, "", "" },
  { "fixed medium, nothing said of turning", FLASH_DRIVE_VERDICT_TURNING, FIXED_DRIVE, GOOD_DISK,
    "", "" },
  { "fixed medium that does not turn", FLASH_DRIVE_VERDICT_OFFERED,
    FIXED_DRIVE ", 'RotationRate': <0>", GOOD_DISK, "", "" },
  { "stick that is said to turn", FLASH_DRIVE_VERDICT_OFFERED,
    FIXED_DRIVE ", 'Media': <'thumb'>, 'RotationRate': <-1>", GOOD_DISK, "", "" },
  { "hard disk that calls itself a stick", FLASH_DRIVE_VERDICT_TURNING,
    FIXED_DRIVE ", 'Media': <'thumb'>, 'RotationRate': <7200>", GOOD_DISK, "", "" },
  { "empty slot", FLASH_DRIVE_VERDICT_NO_MEDIUM, GOOD_DRIVE, "'Size': <uint64 0>", "", "" },
  { "medium is going", FLASH_DRIVE_VERDICT_NO_MEDIUM,
    "'ConnectionBus': <'usb'>, 'MediaRemovable': <true>", GOOD_DISK, "", "" },
  { "size of another type", FLASH_DRIVE_VERDICT_NO_MEDIUM, GOOD_DRIVE, "'Size': <100000>", "", "" },
  { "largest", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE, "'Size': <uint64 2199023255552>", "", "" },
  { "too large", FLASH_DRIVE_VERDICT_TOO_LARGE, GOOD_DRIVE, "'Size': <uint64 2199023255553>", "",
    "" },
  { "root", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "", PARTITION_MOUNTED ("/") },
  { "boot", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    PARTITION_MOUNTED ("/boot") },
  { "efi", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    PARTITION_MOUNTED ("/boot/efi") },
  { "usr", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    PARTITION_MOUNTED ("/usr") },
  { "var", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    PARTITION_MOUNTED ("/var/lib/docker") },
  { "home", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    PARTITION_MOUNTED ("/home") },
  { "live system", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    PARTITION_MOUNTED ("/run/live/medium") },
  { "live system on the whole disk", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK,
    MOUNTED ("/cdrom"), "" },
  { "one of two places", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    PARTITION_MOUNTED ("/media/me/a', b'/srv") },
  { "medium", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE, GOOD_DISK, "",
    PARTITION_MOUNTED ("/media/me/bootfs") },
  { "medium below run", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE, GOOD_DISK, "",
    PARTITION_MOUNTED ("/run/media/me/bootfs") },
  { "root by fstab", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A ", " FSTAB ("/var/backup", "noauto"), PARTITION) },
  { "swap by fstab", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A ", " FSTAB ("none", "noauto"), PARTITION) },
  { "card by fstab, when asked for", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A ", " FSTAB ("/mnt/card", "rw,noauto"), PARTITION) },
  { "card by fstab, by anybody", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A ", " FSTAB ("/media/card", "user"), PARTITION) },
  { "card by fstab, by anybody, and by others", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE, GOOD_DISK,
    "", BLOCK ("sda1", ON_A ", " FSTAB ("/media/card", "users,rw"), PARTITION) },
  { "archive by fstab", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A ", " FSTAB ("/mnt/archive", "defaults,nofail"), PARTITION) },
  { "archive by fstab, like a word", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A ", " FSTAB ("/mnt/archive", "user_xattr,x-noauto"), PARTITION) },
  { "fstab without options", FLASH_DRIVE_VERDICT_SYSTEM_MOUNT, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A ", 'Configuration': <[('fstab', {'dir': <b'/mnt/card'>})]>", PARTITION) },
  { "swap in use", FLASH_DRIVE_VERDICT_SWAP, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A, PARTITION SWAP ("true")) },
  { "swap not in use", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A, PARTITION SWAP ("false")) },
  { "LVM", FLASH_DRIVE_VERDICT_RAID, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A ", 'IdUsage': <'raid'>, 'IdType': <'LVM2_member'>", PARTITION) },
  { "RAID", FLASH_DRIVE_VERDICT_RAID, GOOD_DRIVE,
    GOOD_DISK ", 'MDRaidMember': <objectpath '" ROOT "mdraid/x'>", "", "" },
  { "ZFS", FLASH_DRIVE_VERDICT_RAID, GOOD_DRIVE, GOOD_DISK ", 'IdType': <'zfs_member'>", "", "" },
  { "bcache", FLASH_DRIVE_VERDICT_RAID, GOOD_DRIVE, GOOD_DISK ", 'IdType': <'bcache'>", "", "" },
  { "physical volume", FLASH_DRIVE_VERDICT_RAID, GOOD_DRIVE, GOOD_DISK,
    ", 'org.freedesktop.UDisks2.PhysicalVolume': {}", "" },
  { "open crypto, told from above", FLASH_DRIVE_VERDICT_CRYPTO, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A, PARTITION)
        BLOCK ("dm_2d0", "'CryptoBackingDevice': <objectpath '" ROOT "block_devices/sda1'>", "") },
  { "open crypto, told from below", FLASH_DRIVE_VERDICT_CRYPTO, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A,
           PARTITION ", 'org.freedesktop.UDisks2.Encrypted': {'CleartextDevice': <objectpath '" ROOT
                     "block_devices/dm_2d0'>}") },
  { "crypttab", FLASH_DRIVE_VERDICT_CRYPTO, GOOD_DRIVE,
    GOOD_DISK ", 'Configuration': <[('crypttab', @a{sv} {})]>", "", "" },
  { "closed crypto", FLASH_DRIVE_VERDICT_OFFERED, GOOD_DRIVE, GOOD_DISK, "",
    BLOCK ("sda1", ON_A ", 'IdUsage': <'crypto'>",
           PARTITION ", 'org.freedesktop.UDisks2.Encrypted': {'CleartextDevice': <objectpath "
                     "'/'>}") },
};

static void
test_row (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GVariant) objects =
      make_objects (rows[i].drive, rows[i].disk, rows[i].interfaces, rows[i].others);
  g_autoptr (GPtrArray) all = flash_drive_facts_gather (objects);
  FlashDriveVerdict verdict;

  g_assert_cmpuint (all->len, ==, 1);
  verdict = flash_drive_judge (g_ptr_array_index (all, 0));
  g_assert_cmpstr (flash_drive_verdict_to_text (verdict), ==,
                   flash_drive_verdict_to_text (rows[i].verdict));
  g_assert_cmpint (verdict, ==, rows[i].verdict);
}

/* Every reason has words of its own. */
static void
test_texts (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i <= FLASH_DRIVE_VERDICT_CRYPTO; i++) {
    const char *text = flash_drive_verdict_to_text ((FlashDriveVerdict) i);

    g_assert_nonnull (text);
    g_assert_cmpint (text[0], !=, '\0');
    g_assert_true (g_hash_table_add (seen, (gpointer) text));
  }
}

static void
test_paths (void)
{
  static const struct {
    const char *path;
    gboolean is_media;
  } paths[] = {
    { "/media/me/card", TRUE },
    { "/run/media/me/card", TRUE },
    { "/mnt", TRUE },
    { "/mnt/card", TRUE },
    { "/media", FALSE },
    { "/mediathek", FALSE },
    { "/mnt2", FALSE },
    { "/run/media", FALSE },
    { "/", FALSE },
    { "", FALSE },
    { "none", FALSE },
    { "media/me", FALSE },
    { "/media/../etc/card", FALSE },
    { "/run/live/medium", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    g_assert_cmpint (flash_drive_is_media_path (paths[i].path), ==, paths[i].is_media);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/drive-judge/%s", rows[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/drive-judge/texts", test_texts);
  g_test_add_func ("/drive-judge/paths", test_paths);
  return g_test_run ();
}
