/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where two lines want the same bytes, both are named, and the bytes. */
#define G_LOG_DOMAIN "test-layout-overlaps"

#include "config.h"

#include "flash-layout-test-files.h"
#include "flash-layout-test.h"
#include "flash-test-images.h"

static char *folder;

typedef struct {
  const char *code;
  const char *text;
  const char *message;
} Case;

static const Case cases[] = {
  { "image-too-large",
    ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "1M.bin")
        ROW ("P", "0x21", "next", "Binary", "mmc0", "0x44400", "data.bin"),
    "1M.bin needs 1 MiB, but “data” (line 1) has room for 256 KiB: the bytes from 0x00044400 to "
    "0x001043ff are those of “next” (line 2). The board would reset without a word while it is "
    "written." },
  { "image-too-large", /* the neighbour is small, and what is behind it is not named */
    ROW ("P", "0x21", "next", "Binary", "mmc0", "0x44400", "data.bin")
        ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "1M.bin")
            ROW ("PE", "0x22", "third", "Binary", "mmc0", "0x54400", "none"),
    "1M.bin needs 1 MiB, but “data” (line 2) has room for 256 KiB: the bytes from 0x00044400 to "
    "0x000543ff are those of “next” (line 1). The board would reset without a word while it is "
    "written." },
  { "image-too-large", /* nothing but the end */
    ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "100M.bin"),
    "100M.bin needs 100 MiB, but “data” has room for 64.0 MiB. The board would reset without a "
    "word while it is written." },
  { "filesystem-larger-than-slot",
    ROW ("P", "0x20", "data", "FileSystem", "mmc0", "0x4400", "large.ext4")
        ROW ("P", "0x21", "next", "Binary", "mmc0", "0x44400", "data.bin"),
    "The file system in large.ext4 has 1 TiB, but “data” (line 1) has room for 256 KiB: it "
    "would take the bytes from 0x00044400 to 0x03ffb9ff of “next” (line 2). Linux would not mount "
    "it." },
  { "rawimage-with-partitions",
    ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x0", "disk.img")
        ROW ("P", "0x21", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    "The RawImage “disk” (line 1) and “data” (line 2) both have the bytes from 0x00004400 to "
    "0x0003ffff of mmc0. The board does not notice: “data” has the higher Id, is written later and "
    "wins." },
  { "rawimage-with-partitions", /* beyond the image */
    ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x0", "disk.img")
        ROW ("P", "0x21", "data", "Binary", "mmc0", "0x80000", "data.bin"),
    "The RawImage “disk” (line 1) covers all of mmc0 from its first byte on, the partition table "
    "and “data” (line 2, from 0x00080000 on) with it. What has the higher Id is written later and "
    "wins." },
  { "same-offset",
    ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x21", "next", "Binary", "mmc0", "17408", "data.bin"),
    "“next” begins where “data” (line 1) begins already: at 0x00004400 of mmc0." },
  { "duplicate-id",
    ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x20", "next", "Binary", "mmc0", "0x44400", "data.bin"),
    "The Id 0x20 is already that of “data” (line 1)." },
  { "ram-overlap",
    ROW ("P", "0x21", "kernel", "System", "ram0", "0xC4000000", "1M.bin")
        ROW ("P", "0x20", "dtb", "FileSystem", "ram0", "0xC40FF000", "data.bin"),
    "“dtb” (line 2) and “kernel” (line 1) both want the bytes from 0xc40ff000 to 0xc40ffbb7. The "
    "board does not notice: “kernel” is loaded last and destroys the other." },
};

static void
test_case (gconstpointer data)
{
  const Case *test_case = data;
  g_autoptr (GBytes) bytes = g_bytes_new_static (test_case->text, strlen (test_case->text));
  g_autoptr (GHashTable) sizes =
      flash_layout_test_make_sizes ("mmc0", G_GUINT64_CONSTANT (64) << 20, NULL);
  FlashLayoutLintOptions options = { .sizes = sizes };
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, folder, diags);
  const FlashDiag *diag;
  g_autofree char *message = NULL;

  g_assert_true (flash_layout_lint (layout, &options, diags, NULL, NULL));
  diag = flash_diag_list_find (diags, test_case->code);
  g_assert_nonnull (diag);
  message = flash_diag_dup_message (diag, NULL);
  g_assert_cmpstr (message, ==, test_case->message);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = flash_layout_test_make_files ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/layout/overlaps/%s-%u", cases[i].code, i);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  result = g_test_run ();
  flash_test_remove_dir (folder);
  g_free (folder);
  return result;
}
