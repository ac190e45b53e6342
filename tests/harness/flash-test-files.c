/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-test-files"

#include "config.h"

#include "flash-test-images.h"

#include <glib/gstdio.h>
#include <unistd.h>

char *
flash_test_make_dir (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("flashwright-test-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

void
flash_test_remove_dir (const char *dir)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL) {
    g_autofree char *path = g_build_filename (dir, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
      flash_test_remove_dir (path);
    else
      g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

static char *
make_path (const char *dir, const char *name)
{
  char *path = g_build_filename (dir, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  return path;
}

void
flash_test_write_file (const char *dir, const char *name, GBytes *bytes)
{
  g_autofree char *path = make_path (dir, name);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_file_set_contents (path, length > 0 ? data : "", (gssize) length, &error);
  g_assert_no_error (error);
}

void
flash_test_write_text (const char *dir, const char *name, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  flash_test_write_file (dir, name, bytes);
}

void
flash_test_write_sparse (const char *dir, const char *name, guint64 size)
{
  flash_test_write_text (dir, name, "");

  g_autofree char *path = make_path (dir, name);

  g_assert_cmpint (truncate (path, (off_t) size), ==, 0);
}

static const char layout_text[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                                  "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                                  "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                                  "# SD card\n"
                                  "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\ttf-a-sdcard.stm32\n"
                                  "P\t0x05\tfsbl2\tBinary\tmmc0\t0x00044400\ttf-a-sdcard.stm32\n"
                                  "P\t0x06\tmetadata1\tFWU_MDATA\tmmc0\t0x00084400\tmetadata.bin\n"
                                  "P\t0x07\tmetadata2\tFWU_MDATA\tmmc0\t0x000C4400\tmetadata.bin\n"
                                  "P\t0x08\tfip-a\tFIP\tmmc0\t0x00104400\tfip.bin\n"
                                  "PED\t0x09\tfip-b\tFIP\tmmc0\t0x00504400\tnone\n"
                                  "PED\t0x0A\tu-boot-env\tENV\tmmc0\t0x00904400\tnone\n"
                                  "P\t0x10\tbootfs\tSystem\tmmc0\t0x00984400\tbootfs.ext4\n"
                                  "P\t0x11\trootfs\tFileSystem\tmmc0\t0x04984400\trootfs.ext4\n"
                                  "# eMMC\n"
                                  "P\t0x0C\tfsbl1\tBinary\tmmc1\tboot1\ttf-a-emmc.stm32\n"
                                  "P\t0x0D\tfsbl2\tBinary\tmmc1\tboot2\ttf-a-emmc.stm32\n"
                                  "P\t0x12\tdata\tFileSystem\tmmc1\t0x00080000\tdata.ext4\n";

char *
flash_test_make_layout_dir (void)
{
  static const struct {
    const char *name;
    guint32 seed;
  } stages[] = { { "tf-a-usb.stm32", 1 }, { "tf-a-sdcard.stm32", 2 }, { "tf-a-emmc.stm32", 3 } };
  char *dir = flash_test_make_dir ();
  g_autoptr (GBytes) fsbl = flash_test_make_stm32 (FLASH_TEST_STM32_V1_0, 20000);
  g_autoptr (GBytes) fip = flash_test_make_fip (FLASH_TEST_FIP_USUAL, 16000);
  g_autoptr (GBytes) metadata = flash_test_make_bytes (120, 5);
  g_autoptr (GBytes) bootfs = flash_test_make_ext4 (64 * 1024, 64 * 1024);
  g_autoptr (GBytes) rootfs = flash_test_make_ext4 (1024 * 1024, 300 * 1024);
  g_autoptr (GBytes) data = flash_test_make_ext4 (128 * 1024, 100 * 1024);

  flash_test_write_file (dir, stages[0].name, fsbl);
  for (guint i = 1; i < G_N_ELEMENTS (stages); i++) {
    g_autoptr (GBytes) payload = flash_test_make_bytes (18000, stages[i].seed);
    g_autoptr (GBytes) stage =
        flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, payload, 0x2ffc2500, 0x2ffc2500, 0x10);

    flash_test_write_file (dir, stages[i].name, stage);
  }
  flash_test_write_file (dir, "fip.bin", fip);
  flash_test_write_file (dir, "metadata.bin", metadata);
  flash_test_write_file (dir, "bootfs.ext4", bootfs);
  flash_test_write_file (dir, "rootfs.ext4", rootfs);
  flash_test_write_file (dir, "data.ext4", data);
  flash_test_write_text (dir, "layout.tsv", layout_text);
  return dir;
}
