/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layout in a repair file: whatever it names has to be in the archive. */
#define G_LOG_DOMAIN "test-repair-layout"

#include "config.h"

#include "flash-layout.h"
#include "flash-repair.h"
#include "flash-test-images.h"

#include <glib/gstdio.h>
#include <string.h>

#define ROW(binary) "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\t" binary "\n"

/* Packs a layout with an image, and unpacks it. Returns: (nullable): why it is not taken */
static GError *
try (const char *text, gsize length)
{
  static const FlashRepairWords words = { "title", "message", "" };
  g_autofree char *folder = flash_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "unit.zip", NULL);
  g_autofree char *target = g_build_filename (folder, "target", NULL);
  g_autoptr (FlashRepair) made = flash_repair_new ("stm32mp-blank", &words);
  g_autoptr (FlashRepair) opened = NULL;
  g_autoptr (GBytes) layout = g_bytes_new (text, length);
  g_autoptr (GBytes) image = g_bytes_new_static ("image", 5);
  g_autofree char *main_path = NULL;
  GError *error = NULL;

  g_assert_cmpint (g_mkdir (target, 0700), ==, 0);
  flash_repair_add_bytes (made, "a.bin", image);
  flash_repair_add_bytes (made, "FlashLayout.tsv", layout);
  flash_repair_set_main (made, "FlashLayout.tsv");
  g_assert_true (flash_repair_save (made, path, NULL, &error));
  opened = flash_repair_load (path, &error);
  g_assert_no_error (error);
  main_path = flash_repair_unpack (opened, path, target, NULL, &error);
  g_assert_true ((main_path == NULL) == (error != NULL));
  flash_test_remove_dir (folder);
  return error;
}

static void
test_inside (void)
{
  static const char text[] = ROW ("a.bin") "PE\t0x05\tx\tBinary\tmmc0\t0x44400\tnone\n";
  g_autoptr (GError) error = try (text, strlen (text));

  g_assert_no_error (error);
}

static void
test_outside (void)
{
  static const char *const texts[] = { ROW ("/etc/passwd"),
                                       ROW ("../a.bin"),
                                       ROW ("./a.bin"),
                                       ROW ("b.bin"),
                                       ROW ("unit.zip"),
                                       ROW ("sub/a.bin"),
                                       ROW ("a.bin") ROW ("/dev/zero"),
                                       ROW ("~/.ssh/id_rsa") };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = try (texts[i], strlen (texts[i]));

    g_test_message ("%s", texts[i]);
    g_assert_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_REFUSED);
  }
}

static void
test_large (void)
{
  g_autofree char *text = g_strnfill (FLASH_LAYOUT_MAX_SIZE + 1, '#');
  g_autoptr (GError) error = try (text, strlen (text));

  g_assert_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_REFUSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/repair-layout/inside", test_inside);
  g_test_add_func ("/repair-layout/outside", test_outside);
  g_test_add_func ("/repair-layout/large", test_large);
  return g_test_run ();
}
