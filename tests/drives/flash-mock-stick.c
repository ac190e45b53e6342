/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives as UDisks 2.9 describes them. */
#define G_LOG_DOMAIN "flash-mock-stick"

#include "config.h"

#include "flash-mock-udisks.h"

#define ROOT "/org/freedesktop/UDisks2"

void
flash_mock_udisks_add_stick (FlashMockUdisks *self, const char *name, gsize size)
{
  g_autofree char *drive_path = g_strconcat ("drives/", name, NULL);
  g_autofree char *block_path = g_strconcat ("block_devices/", name, NULL);
  g_autofree char *drive = g_strdup_printf (
      "{'Drive': {'Vendor': <'Generic'>, 'Model': <'Stick'>, 'Serial': <'S-%s'>, 'Media': <''>,"
      " 'ConnectionBus': <'usb'>, 'Removable': <true>, 'MediaRemovable': <true>,"
      " 'Ejectable': <true>, 'CanPowerOff': <true>, 'MediaAvailable': <true>, 'Optical': <false>,"
      " 'RotationRate': <0>, 'TimeMediaDetected': <uint64 1000>, 'Size': <uint64 %" G_GSIZE_FORMAT
      ">}}",
      name, size);
  g_autofree char *block = g_strdup_printf (
      "{'Block': {'Device': <b'/dev/%s'>, 'DeviceNumber': <uint64 2064>,"
      " 'Drive': <objectpath '" ROOT "/drives/%s'>, 'Size': <uint64 %" G_GSIZE_FORMAT ">,"
      " 'ReadOnly': <false>, 'HintSystem': <false>, 'HintIgnore': <false>}}",
      name, name, size);

  flash_mock_udisks_make_file (self, name, size);
  flash_mock_udisks_add (self, drive_path, drive);
  flash_mock_udisks_add (self, block_path, block);
}

void
flash_mock_udisks_add_volume (FlashMockUdisks *self, const char *name, guint number,
                              const char *mount_point)
{
  g_autofree char *path = g_strdup_printf ("block_devices/%s%u", name, number);
  g_autofree char *mounts =
      mount_point != NULL ? g_strdup_printf ("[b'%s']", mount_point) : g_strdup ("@aay []");
  g_autofree char *text = g_strdup_printf (
      "{'Block': {'Device': <b'/dev/%s%u'>, 'Drive': <objectpath '" ROOT "/drives/%s'>,"
      " 'Size': <uint64 1048576>, 'IdUsage': <'filesystem'>, 'IdType': <'ext4'>,"
      " 'IdLabel': <'volume%u'>}, 'Partition': {'Number': <uint32 %u>, 'Offset': <uint64 %u>},"
      " 'Filesystem': {'MountPoints': <%s>}}",
      name, number, name, number, number, number << 20, mounts);

  flash_mock_udisks_add (self, path, text);
}
