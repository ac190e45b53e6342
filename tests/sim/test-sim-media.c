/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-sim-media.h"

#include <glib/gstdio.h>

#include <string.h>

static FlashSimMedia *
new_media (const char *folder, const char *keys, GError **error)
{
  g_autofree char *id = folder != NULL ? bench_make_id ("stm32mp157", folder, keys)
                                       : g_strdup_printf ("virtual:stm32mp157,%s", keys);
  g_autoptr (FlashSimConfig) config = flash_sim_config_new (id, NULL);

  return flash_sim_media_new (config, error);
}

static void
write_byte (FlashSimMedia *media, guint64 offset, guint8 value)
{
  g_assert_true (flash_sim_media_write (media, FLASH_SIM_MEDIUM_MMC0, offset, &value, 1));
}

static guint8
read_byte (FlashSimMedia *media, guint64 offset)
{
  guint8 value = 0;

  g_assert_true (flash_sim_media_read (media, FLASH_SIM_MEDIUM_MMC0, offset, &value, 1));
  return value;
}

/* Files are made when they are needed, and are there the next time. */
static void
test_kept (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *file = g_build_filename (folder, "mmc0.img", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSimMedia) media = new_media (folder, "mmc0=2M", &error);

  g_assert_no_error (error);
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  write_byte (media, 2097151, 7);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
  g_clear_pointer (&media, flash_sim_media_free);

  /* without a size the one of the file holds; a larger one makes it grow */
  media = new_media (folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flash_sim_media_get_size (media, FLASH_SIM_MEDIUM_MMC0), ==, 2097152);
  g_assert_cmpint (read_byte (media, 2097151), ==, 7);
  g_clear_pointer (&media, flash_sim_media_free);
  media = new_media (folder, "mmc0=3M", &error);
  g_assert_no_error (error);
  g_assert_cmpint (read_byte (media, 2097151), ==, 7);
  g_assert_cmpint (read_byte (media, 3145727), ==, 0);
  g_clear_pointer (&media, flash_sim_media_free);

  /* a smaller one would cut something off */
  g_assert_null (new_media (folder, "mmc0=1M", &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE);
  g_assert_nonnull (strstr (error->message, "mmc0.img holds 3145728 bytes"));
  bench_remove_folder (folder);
}

static void
test_odd_files (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *odd = g_build_filename (folder, "nor0.img", NULL);
  g_autofree char *directory = g_build_filename (folder, "nand0.img", NULL);
  g_autofree char *empty = g_build_filename (folder, "mmc1.img", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSimMedia) media = NULL;

  g_assert_true (g_file_set_contents (odd, "odd", 3, NULL));
  g_assert_null (new_media (folder, NULL, &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE);
  g_assert_nonnull (strstr (error->message, "nor0.img holds 3 bytes"));
  g_clear_error (&error);

  g_assert_cmpint (g_mkdir (directory, 0755), ==, 0);
  g_assert_null (new_media (folder, "nor0=1M", &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE);
  g_assert_nonnull (strstr (error->message, "nand0.img"));

  /* one that is not used may be anything; an empty file is as good as none */
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  media = new_media (folder, "nor0=1M,nand0=none", NULL);
  g_assert_nonnull (media);
  g_assert_cmpuint (flash_sim_media_get_size (media, FLASH_SIM_MEDIUM_MMC1), ==,
                    G_GUINT64_CONSTANT (4) << 30);
  g_clear_pointer (&media, flash_sim_media_free);
  bench_remove_folder (folder);
}

static void
test_folder (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *inside = g_build_filename (folder, "inside", NULL);
  g_autofree char *deep = g_build_filename (folder, "a", "b", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSimMedia) media = new_media (inside, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_file_test (inside, G_FILE_TEST_IS_DIR));
  /* one board at a time */
  g_assert_null (new_media (inside, NULL, &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE);
  g_assert_nonnull (strstr (error->message, "another virtual board is using it"));
  g_clear_error (&error);
  g_clear_pointer (&media, flash_sim_media_free);
  media = new_media (inside, NULL, &error);
  g_assert_no_error (error);

  g_assert_null (new_media (deep, NULL, &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE);
  g_assert_nonnull (strstr (error->message, "No such file"));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_null (new_media (file, NULL, &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE);
  g_assert_nonnull (strstr (error->message, "Not a directory"));
  g_clear_error (&error);
  /* proc takes no files, whoever asks */
  g_assert_null (new_media ("/proc/flash-sim", NULL, &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE);

  g_clear_pointer (&media, flash_sim_media_free);
  g_assert_cmpint (g_rmdir (inside), ==, 0);
  bench_remove_folder (folder);
}

static void
test_ranges (void)
{
  g_autoptr (FlashSimMedia) media = new_media (NULL, "mmc0=1M,mmc1=none", NULL);
  guint8 bytes[16] = { 0 };
  static const struct {
    guint64 offset;
    gsize length;
    gboolean is_good;
  } cases[] = {
    { 0, 16, TRUE },      { (1 << 20) - 16, 16, TRUE }, { (1 << 20) - 15, 16, FALSE },
    { 1 << 20, 0, TRUE }, { (1 << 20) + 1, 0, FALSE },  { G_MAXUINT64, 16, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FlashSimMediumId id = FLASH_SIM_MEDIUM_MMC0;

    g_assert_cmpint (flash_sim_media_write (media, id, cases[i].offset, bytes, cases[i].length), ==,
                     cases[i].is_good);
    g_assert_cmpint (flash_sim_media_read (media, id, cases[i].offset, bytes, cases[i].length), ==,
                     cases[i].is_good);
    g_assert_cmpint (flash_sim_media_erase (media, id, cases[i].offset, cases[i].length), ==,
                     cases[i].is_good);
  }
  g_assert_false (flash_sim_media_probe (media, FLASH_SIM_MEDIUM_MMC1));
  g_assert_false (flash_sim_media_write (media, FLASH_SIM_MEDIUM_MMC1, 0, bytes, 1));
  g_assert_cmpuint (flash_sim_media_get_size (media, FLASH_SIM_MEDIUM_MMC1BOOT1), ==, 0);
}

/* Random writes and erases against a plain array, on every kind of memory. */
static void
check_contents (FlashSimMedia *media, FlashSimMediumId id, guint8 erased)
{
  const gsize size = 1 << 20;
  const gsize unit = erased == 0xff ? flash_sim_media_get_erase_size (id) : 1;
  g_autofree guint8 *model = g_malloc (size);
  g_autofree guint8 *bytes = g_malloc (size);

  memset (model, erased, size);
  for (guint i = 0; i < 300; i++) {
    gsize offset = (gsize) g_test_rand_int_range (0, (int) (size / unit)) * unit;
    gsize length =
        (gsize) g_test_rand_int_range (0, (int) MIN (size - offset, 200000)) / unit * unit;
    guint what = (guint) g_test_rand_int_range (0, 4);

    memset (bytes, 0, length);
    if (what == 0) {
      g_assert_true (flash_sim_media_erase (media, id, offset, length));
      memset (model + offset, erased, length);
      continue;
    }
    if (what == 1)
      bench_fill (bytes, length, i);
    else if (what == 2)
      for (gsize j = 0; j < length; j += 20000)
        bytes[j] = (guint8) (j + i);
    g_assert_true (flash_sim_media_write (media, id, offset, bytes, length));
    memcpy (model + offset, bytes, length);
  }
  g_assert_true (flash_sim_media_read (media, id, 0, bytes, size));
  g_assert_cmpmem (bytes, size, model, size);
}

static void
test_contents (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autoptr (FlashSimMedia) in_memory = new_media (NULL, "mmc0=1M,nor0=1M,nand0=1M", NULL);
  g_autoptr (FlashSimMedia) in_files = new_media (folder, "mmc0=1M,nor0=1M,nand0=1M", NULL);

  for (guint round = 0; round < 5; round++) {
    flash_sim_media_erase (in_memory, FLASH_SIM_MEDIUM_MMC0, 0, 1 << 20);
    flash_sim_media_erase (in_files, FLASH_SIM_MEDIUM_MMC0, 0, 1 << 20);
    flash_sim_media_erase (in_memory, FLASH_SIM_MEDIUM_NOR0, 0, 1 << 20);
    flash_sim_media_forget_ram (in_memory);
    check_contents (in_memory, FLASH_SIM_MEDIUM_MMC0, 0);
    check_contents (in_files, FLASH_SIM_MEDIUM_MMC0, 0);
    check_contents (in_memory, FLASH_SIM_MEDIUM_NOR0, 0xff);
    check_contents (in_memory, FLASH_SIM_MEDIUM_RAM, 0);
  }
  g_clear_pointer (&in_files, flash_sim_media_free);
  bench_remove_folder (folder);
}

static void
test_full (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autoptr (FlashSimMedia) media = new_media (folder, "mmc0=1M", NULL);
  guint8 byte = 1;

  flash_sim_media_set_full (media, TRUE);
  g_assert_false (flash_sim_media_write (media, FLASH_SIM_MEDIUM_MMC0, 0, &byte, 1));
  g_assert_false (flash_sim_media_set_active_boot (media, 1));
  g_assert_true (flash_sim_media_write (media, FLASH_SIM_MEDIUM_RAM, 0, &byte, 1));
  flash_sim_media_set_full (media, FALSE);
  write_byte (media, 0, 1);
  g_assert_true (flash_sim_media_set_active_boot (media, 1));
  g_clear_pointer (&media, flash_sim_media_free);
  bench_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/media/kept", test_kept);
  g_test_add_func ("/sim/media/odd-files", test_odd_files);
  g_test_add_func ("/sim/media/folder", test_folder);
  g_test_add_func ("/sim/media/ranges", test_ranges);
  g_test_add_func ("/sim/media/contents", test_contents);
  g_test_add_func ("/sim/media/full", test_full);
  return g_test_run ();
}
