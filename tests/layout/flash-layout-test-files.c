/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-test-files"

#include "config.h"

#include "flash-layout-test-files.h"
#include "flash-bytes.h"
#include "flash-test-images.h"

#include <sys/stat.h>

/* Writes @bytes with some of them replaced. */
static void
write_patched (const char *dir, const char *name, GBytes *bytes, gsize at, const void *patch,
               gsize patch_length)
{
  gsize size = g_bytes_get_size (bytes);
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
  g_autoptr (GBytes) patched = NULL;

  g_assert_cmpuint (at + patch_length, <=, size);
  memcpy (copy + at, patch, patch_length);
  patched = g_bytes_new_take (copy, size);
  flash_test_write_file (dir, name, patched);
}

static void
write_joined (const char *dir, const char *name, GBytes *bytes, const void *tail, gsize tail_length)
{
  GByteArray *joined = g_bytes_unref_to_array (g_bytes_ref (bytes));
  g_autoptr (GBytes) whole = NULL;

  g_byte_array_append (joined, tail, (guint) tail_length);
  whole = g_byte_array_free_to_bytes (joined);
  flash_test_write_file (dir, name, whole);
}

static void
write_cut (const char *dir, const char *name, GBytes *bytes, gsize length)
{
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, length);

  flash_test_write_file (dir, name, part);
}

static void
write_first_stages (const char *dir)
{
  static const struct {
    const char *name;
    FlashTestStm32 version;
    gsize payload_size;
  } good[] = {
    { "fsbl15.stm32", FLASH_TEST_STM32_V1_0, 4000 },
    { "fsbl13.stm32", FLASH_TEST_STM32_V2_0, 4000 },
    { "fsbl25.stm32", FLASH_TEST_STM32_V2_2, 4000 },
    { "fsbl21.stm32", FLASH_TEST_STM32_V2_3, 4000 },
    { "fsbl-large.stm32", FLASH_TEST_STM32_V1_0, 247 * 1024 + 1 },
  };
  static const guint8 v9[] = { 0, 0, 9, 0 };
  static const guint8 encrypted_auth[] = { 1, 0, 0, 0x80 };
  g_autoptr (GBytes) fsbl = flash_test_make_stm32 (FLASH_TEST_STM32_V1_0, 4000);
  g_autoptr (GBytes) fsbl13 = flash_test_make_stm32 (FLASH_TEST_STM32_V2_0, 4000);
  g_autoptr (GBytes) noise = flash_test_make_bytes (4000, 9);
  g_autoptr (GBytes) usb_only = g_bytes_new_static ("DFU @Device ID, and nothing else", 32);
  g_autoptr (GBytes) no_usb =
      flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, noise, 0x2ffc2500, 0x2ffc2500, 0x10);
  g_autoptr (GBytes) old =
      flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, usb_only, 0x2ffc2500, 0xffffffff, 0);
  g_autoptr (GBytes) far =
      flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, usb_only, 0xc0100000, 0xc0100000, 0x10);
  g_autoptr (GBytes) low =
      flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, usb_only, 0x2ffc24ff, 0x2ffc24ff, 0x10);
  g_autoptr (GBytes) entry =
      flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, usb_only, 0x2ffc2520, 0x2ffc2500, 0x10);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (GBytes) bytes = flash_test_make_stm32 (good[i].version, good[i].payload_size);

    flash_test_write_file (dir, good[i].name, bytes);
  }
  flash_test_write_file (dir, "fsbl-no-usb.stm32", no_usb);
  flash_test_write_file (dir, "fsbl-old.stm32", old);
  flash_test_write_file (dir, "fsbl-far.stm32", far);
  flash_test_write_file (dir, "fsbl-low.stm32", low);
  flash_test_write_file (dir, "fsbl-entry.stm32", entry);
  write_patched (dir, "fsbl-v9.stm32", fsbl, 72, v9, sizeof v9);
  write_patched (dir, "fsbl-bad-sum.stm32", fsbl, 3000, "\0\1\2\3", 4);
  write_patched (dir, "fsbl-optee.stm32", fsbl, 255, "\x20", 1);
  write_patched (dir, "fsbl-signed.stm32", fsbl13, 100, encrypted_auth, sizeof encrypted_auth);
  write_cut (dir, "fsbl-cut.stm32", fsbl, 3000);
  write_joined (dir, "fsbl-long.stm32", fsbl, "tail", 4);
}

static void
write_second_stages (const char *dir)
{
  g_autoptr (GBytes) fip = flash_test_make_fip (FLASH_TEST_FIP_USUAL, 1000);
  g_autoptr (GBytes) fip25 = flash_test_make_fip_for (FLASH_TEST_FIP_USUAL, 1000, "st,stm32mp257f");
  g_autoptr (GBytes) fip13 = flash_test_make_fip_for (FLASH_TEST_FIP_USUAL, 1000, "st,stm32mp135f");
  g_autoptr (GBytes) no_tree =
      flash_test_make_fip (FLASH_TEST_FIP_BL33 | FLASH_TEST_FIP_FW_CONFIG, 1000);
  g_autoptr (GBytes) no_bl33 = flash_test_make_fip (FLASH_TEST_FIP_FW_CONFIG, 1000);
  g_autoptr (GBytes) no_config = flash_test_make_fip (FLASH_TEST_FIP_BL33, 1000);
  g_autoptr (GBytes) large =
      flash_test_make_fip (FLASH_TEST_FIP_BL33 | FLASH_TEST_FIP_FW_CONFIG, 9 * 1024 * 1024);
  g_autoptr (GBytes) ddr = flash_test_make_fip (FLASH_TEST_FIP_DDR_FW, 1000);
  g_autoptr (GBytes) ddr_large = flash_test_make_fip (FLASH_TEST_FIP_DDR_FW, 50000);
  g_autoptr (GBytes) noise = flash_test_make_bytes (3000, 4);
  g_autoptr (GBytes) uboot =
      flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, noise, 0xc0100000, 0xc0100000, 0);
  g_autoptr (GBytes) uboot_low =
      flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, noise, 0xb0100000, 0xb0100000, 0);

  flash_test_write_file (dir, "fip.bin", fip);
  flash_test_write_file (dir, "fip25.bin", fip25);
  flash_test_write_file (dir, "fip13.bin", fip13);
  flash_test_write_file (dir, "fip-no-tree.bin", no_tree);
  flash_test_write_file (dir, "fip-no-bl33.bin", no_bl33);
  flash_test_write_file (dir, "fip-no-config.bin", no_config);
  flash_test_write_file (dir, "fip-large.bin", large);
  write_cut (dir, "fip-cut.bin", fip, 3000);
  flash_test_write_file (dir, "ddr.bin", ddr);
  flash_test_write_file (dir, "ddr-large.bin", ddr_large);
  flash_test_write_file (dir, "u-boot.stm32", uboot);
  flash_test_write_file (dir, "u-boot-low.stm32", uboot_low);
  flash_test_write_file (dir, "fip-stm32mp157f-ev1-optee.bin", fip);
}

static void
write_ubi (const char *dir)
{
  g_autofree guint8 *bytes = g_malloc0 (2 * 256 * 1024);
  g_autoptr (GBytes) image = NULL;

  for (guint i = 0; i < 2; i++) {
    memcpy (bytes + i * 256 * 1024, "UBI#\1", 5);
    flash_put_be32 (bytes + i * 256 * 1024 + 16, 4096);
    flash_put_be32 (bytes + i * 256 * 1024 + 20, 8192);
  }
  image = g_bytes_new (bytes, 2 * 256 * 1024);
  flash_test_write_file (dir, "rootfs_nand_4_256_multivolume.ubi", image);
  flash_test_write_file (dir, "rootfs_nand_2_128_multivolume.ubi", image);
}

char *
flash_layout_test_make_files (void)
{
  static const guint8 suffix[16] = { 0xff, 0xff, 0x11, 0xdf, 0x83, 0x04, 0x00, 0x01,
                                     'U',  'F',  'D',  16,   1,    2,    3,    4 };
  static const guint8 gzip[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
  static const guint8 sparse[] = { 0x3a, 0xff, 0x26, 0xed, 1, 0, 0, 0, 28, 0, 12, 0, 0, 16, 0, 0 };
  char *dir = flash_test_make_dir ();
  g_autofree char *fifo = g_build_filename (dir, "fifo", NULL);
  g_autoptr (GBytes) data = flash_test_make_bytes (3000, 5);
  g_autoptr (GBytes) disk = flash_test_make_gpt_disk (256 * 1024);
  g_autoptr (GBytes) ext4 = flash_test_make_ext4 (64 * 1024, 64 * 1024);
  g_autoptr (GBytes) ext4_large = flash_test_make_ext4 (G_GUINT64_CONSTANT (1) << 40, 4096);

  write_first_stages (dir);
  write_second_stages (dir);
  write_ubi (dir);
  flash_test_write_file (dir, "data.bin", data);
  flash_test_write_file (dir, "data #2.bin", data);
  flash_test_write_file (dir, "#3.bin", data);
  flash_test_write_file (dir, "disk.img", disk);
  flash_test_write_file (dir, "rootfs.ext4", ext4);
  flash_test_write_file (dir, "large.ext4", ext4_large);
  flash_test_write_text (dir, "empty.bin", "");
  flash_test_write_text (dir, "folder/inside", "x");
  write_patched (dir, "disk.img.gz", data, 0, gzip, sizeof gzip);
  write_patched (dir, "sparse.img", data, 0, sparse, sizeof sparse);
  write_joined (dir, "with-suffix.bin", data, suffix, sizeof suffix);
  flash_test_write_sparse (dir, "1M.bin", 1024 * 1024);
  flash_test_write_sparse (dir, "9M.bin", 9 * 1024 * 1024);
  flash_test_write_sparse (dir, "100M.bin", 100 * 1024 * 1024);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  return dir;
}
