/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links in an archive are followed inside of it, and never made on the disk. */
#define G_LOG_DOMAIN "test-bundle-links"

#include "config.h"

#include "flash-bundle-needs.h"
#include "flash-bundle-path.h"
#include "flash-bundle-test.h"

#include <string.h>

#define LAYOUT CARD_LAYOUT ("rootfs.ext4")
#define MANY 70

static const struct {
  const char *what;
  FlashBundleTestEntry entries[5];
  gboolean is_there;
} cases[] = {
  { "file",
    { SYMLINK_ENTRY ("d/rootfs.ext4", "rootfs-1.ext4"), FILE_ENTRY ("d/rootfs-1.ext4", "x") },
    TRUE },
  { "up", { SYMLINK_ENTRY ("d/rootfs.ext4", "../e/./r"), FILE_ENTRY ("e/r", "x") }, TRUE },
  { "hard", { FILE_ENTRY ("e/r", "x"), HARDLINK_ENTRY ("d/rootfs.ext4", "e/r") }, TRUE },
  { "hard-to-soft",
    { FILE_ENTRY ("e/r", "x"), SYMLINK_ENTRY ("e/s", "r"),
      HARDLINK_ENTRY ("d/rootfs.ext4", "e/s") },
    TRUE },
  { "by-folder",
    { SYMLINK_ENTRY ("d/rootfs.ext4", "../latest/r"), SYMLINK_ENTRY ("latest", "builds/2"),
      FILE_ENTRY ("builds/2/r", "x") },
    TRUE },
  { "two-folders",
    { SYMLINK_ENTRY ("d/rootfs.ext4", "l/m/r"), SYMLINK_ENTRY ("d/l", ".."),
      SYMLINK_ENTRY ("m", "e"), FILE_ENTRY ("e/r", "x") },
    TRUE },
  { "absolute",
    { SYMLINK_ENTRY ("d/rootfs.ext4", "/etc/passwd"), FILE_ENTRY ("etc/passwd", "x") },
    FALSE },
  { "out",
    { SYMLINK_ENTRY ("d/rootfs.ext4", "../../etc/passwd"), FILE_ENTRY ("etc/passwd", "x") },
    FALSE },
  { "out-by-folder",
    { SYMLINK_ENTRY ("d/rootfs.ext4", "l/passwd"), SYMLINK_ENTRY ("d/l", "../../etc") },
    FALSE },
  { "hard-out", { HARDLINK_ENTRY ("d/rootfs.ext4", "/etc/passwd") }, FALSE },
  { "circle",
    { SYMLINK_ENTRY ("d/rootfs.ext4", "a"), SYMLINK_ENTRY ("d/a", "rootfs.ext4") },
    FALSE },
  { "itself", { SYMLINK_ENTRY ("d/rootfs.ext4", "rootfs.ext4") }, FALSE },
  { "hard-itself", { HARDLINK_ENTRY ("d/rootfs.ext4", "d/rootfs.ext4") }, FALSE },
  { "growing",
    { SYMLINK_ENTRY ("d/rootfs.ext4", "l/l/l/x"), SYMLINK_ENTRY ("d/l", "l/l/l") },
    FALSE },
};

static void
test_targets (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases) * 2; i++) {
    guint k = i / 2;
    FlashBundleFormat format = i % 2 == 0 ? FLASH_BUNDLE_FORMAT_GZIP : FLASH_BUNDLE_FORMAT_ZIP;
    g_autofree char *dir = flash_test_make_dir ();
    FlashBundleTestEntry entries[6] = { FILE_ENTRY ("d/flash.tsv", LAYOUT) };
    g_autofree char *path = NULL;
    g_autoptr (FlashBundle) bundle = NULL;
    g_autofree char *unpacked = NULL;
    g_autofree char *layout = NULL;
    guint n_entries = 1;

    /* zip knows no hard links. */
    if (format == FLASH_BUNDLE_FORMAT_ZIP && strstr (cases[k].what, "hard") != NULL)
      continue;
    for (guint n = 0; n < 5 && cases[k].entries[n].name != NULL; n++)
      entries[n_entries++] = cases[k].entries[n];
    path = flash_bundle_test_pack (dir, format, entries, n_entries);
    bundle = flash_bundle_test_open_good (path);
    layout = flash_bundle_test_unpack (bundle, 0, dir, &unpacked);
    g_test_message ("%s", cases[k].what);
    g_assert_cmpuint (flash_bundle_get_layout (bundle, 0)->n_missing, ==, !cases[k].is_there);
    g_assert_cmpuint (flash_bundle_test_count (unpacked), ==, 1);
    if (cases[k].is_there)
      flash_bundle_test_assert_file (unpacked, "d/rootfs.ext4", "x");
    else
      g_assert_nonnull (
          flash_diag_list_find (flash_bundle_get_diags (bundle), "bundle-link-outside"));
    flash_test_remove_dir (dir);
  }
}

/* Eight links one after the other, and one more. */
static void
test_chain (void)
{
  for (guint n_links = FLASH_BUNDLE_MAX_HOPS; n_links <= FLASH_BUNDLE_MAX_HOPS + 1; n_links++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GArray) entries = g_array_new (FALSE, TRUE, sizeof (FlashBundleTestEntry));
    FlashBundleTestEntry entry = FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("0"));
    g_autofree char *path = NULL;
    g_autoptr (FlashBundle) bundle = NULL;

    g_array_append_val (entries, entry);
    for (guint i = 0; i <= n_links; i++)
      g_ptr_array_add (names, g_strdup_printf ("%u", i));
    for (guint i = 0; i < n_links; i++) {
      entry = (FlashBundleTestEntry) SYMLINK_ENTRY (g_ptr_array_index (names, i),
                                                    g_ptr_array_index (names, i + 1));
      g_array_append_val (entries, entry);
    }
    entry = (FlashBundleTestEntry) FILE_ENTRY (g_ptr_array_index (names, n_links), "x");
    g_array_append_val (entries, entry);
    path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR,
                                   &g_array_index (entries, FlashBundleTestEntry, 0), entries->len);
    bundle = flash_bundle_test_open_good (path);
    g_assert_cmpuint (flash_bundle_get_layout (bundle, 0)->n_missing, ==,
                      n_links > FLASH_BUNDLE_MAX_HOPS);
    flash_test_remove_dir (dir);
  }
}

/* The link that people use and the file that it stands for are both layouts, and both count as
 * files of their own on the disk. */
static void
test_layout_is_link (void)
{
  static const FlashBundleTestEntry entries[] = {
    SYMLINK_ENTRY ("flash.tsv", "layouts/card.tsv"),
    FILE_ENTRY ("layouts/card.tsv", CARD_LAYOUT ("x")),
    FILE_ENTRY ("x", "beside the link"),
    SYMLINK_ENTRY ("gone.tsv", "nowhere.tsv"),
    SYMLINK_ENTRY ("out.tsv", "/etc/x.tsv"),
  };
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path =
      flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_XZ, entries, G_N_ELEMENTS (entries));
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  g_autofree char *unpacked = NULL;
  g_autofree char *layout = NULL;

  g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 2);
  g_assert_cmpuint (flash_bundle_choose (bundle, 0, NULL), ==, 0);
  g_assert_cmpstr (flash_bundle_get_layout (bundle, 0)->name, ==, "flash.tsv");
  g_assert_cmpuint (flash_bundle_get_layout (bundle, 0)->n_missing, ==, 0);
  g_assert_cmpuint (flash_bundle_get_layout (bundle, 1)->n_missing, ==, 1);
  layout = flash_bundle_test_unpack (bundle, 0, dir, &unpacked);
  flash_bundle_test_assert_file (unpacked, "flash.tsv", CARD_LAYOUT ("x"));
  flash_bundle_test_assert_file (unpacked, "x", "beside the link");
  g_assert_cmpuint (flash_bundle_test_count (unpacked), ==, 2);
  flash_test_remove_dir (dir);
}

/* One file under many names is written so many times, but not without end. */
static void
test_copies (void)
{
  for (guint n_names = 64; n_names <= 65; n_names++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *folder = g_build_filename (dir, "cache", NULL);
    g_autoptr (GString) text = g_string_new (HEADER);
    FlashBundleTestEntry entries[MANY] = { FILE_ENTRY ("file", "x") };
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *path = NULL;
    g_autoptr (FlashBundle) bundle = NULL;
    g_autofree char *unpacked = NULL;
    g_autofree char *layout = NULL;
    g_autoptr (GError) error = NULL;

    for (guint i = 1; i <= n_names; i++) {
      char *name = g_strdup_printf ("link%u", i);

      g_ptr_array_add (names, name);
      entries[i] = (FlashBundleTestEntry) SYMLINK_ENTRY (name, "file");
      g_string_append_printf (text, "P\t0x%x\tp%u\tBinary\tmmc0\t0x%x\t%s\n", i + 15, i, i * 0x4400,
                              name);
    }
    entries[n_names + 1] = (FlashBundleTestEntry) FILE_ENTRY ("flash.tsv", text->str);
    path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, entries, n_names + 2);
    bundle = flash_bundle_test_open_good (path);
    g_assert_cmpuint (flash_bundle_get_layout (bundle, 0)->unpack_size, ==, n_names + text->len);
    layout = flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error);
    if (n_names == 64) {
      g_assert_no_error (error);
      flash_bundle_test_assert_file (unpacked, "link64", "x");
    } else {
      g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE);
      g_assert_cmpuint (flash_bundle_test_count (folder), ==, 0);
    }
    flash_test_remove_dir (dir);
  }
}

/* What is neither a file nor a link is not there, and never made. */
static void
test_devices (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("device")),
    DEVICE_ENTRY ("device"),
    DEVICE_ENTRY ("device.tsv"),
    FOLDER_ENTRY ("folder.tsv"),
  };
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path =
      flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, entries, G_N_ELEMENTS (entries));
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  g_autofree char *unpacked = NULL;
  g_autofree char *layout = flash_bundle_test_unpack (bundle, 0, dir, &unpacked);

  g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 1);
  g_assert_cmpuint (flash_bundle_get_layout (bundle, 0)->n_missing, ==, 1);
  g_assert_cmpuint (flash_bundle_test_count (unpacked), ==, 1);
  flash_test_remove_dir (dir);
}

/* A file where a folder must be: nothing is written through it. */
static void
test_file_for_folder (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("flash.tsv", HEADER ROW ("P", "0x10", "a", "Binary", "mmc0", "0x4400", "a")
                                 ROW ("P", "0x11", "b", "Binary", "mmc0", "0x8400", "a/b")),
    FILE_ENTRY ("a", "file"),
    FILE_ENTRY ("a/b", "file in a file"),
  };
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *folder = g_build_filename (dir, "cache", NULL);
  g_autofree char *path =
      flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, entries, G_N_ELEMENTS (entries));
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  char *unpacked = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error));
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_nonnull (strstr (error->message, "“a/b”"));
  g_assert_cmpuint (flash_bundle_test_count (folder), ==, 0);
  flash_test_remove_dir (dir);
}

#define N_ROWS 60

/* Returns: (transfer full): that name, so many times in itself. */
static char *
dup_deep (const char *name, guint n_parts)
{
  GString *path = g_string_new (name);

  for (guint i = 1; i < n_parts; i++)
    g_string_append_printf (path, "/%s", name);
  return g_string_free (path, FALSE);
}

/* Many rows, each with a path that is as deep as can be: looking for files must stay cheap, also if
 * there is a link, which could be in any of the folders. @data: how many parts */
static void
test_deep (gconstpointer data)
{
  guint n_parts = GPOINTER_TO_UINT (data);
  g_autofree char *deep = dup_deep ("a", n_parts);
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (GString) text = g_string_new (HEADER);

  for (guint i = 0; i < N_ROWS; i++)
    g_string_append_printf (text, "P\t0x%x\tp%u\tBinary\tmmc0\t0x%x\t%s%u\n", i, i, i * 0x4400,
                            deep, i);
  for (guint with_link = 0; with_link < 2; with_link++) {
    const FlashBundleTestEntry entries[] = {
      FILE_ENTRY ("d/flash.tsv", text->str),
      SYMLINK_ENTRY ("other", "elsewhere"),
    };
    g_autofree char *path =
        flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_GZIP, entries, 1 + with_link);
    g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
    guint n_lookups = flash_bundle_index_get_n_lookups (bundle->index);
    guint per_row = with_link ? FLASH_BUNDLE_MAX_PARTS : 1;

    g_assert_cmpuint (n_lookups, >, 0);
    /* Twice for each row: beside the layout and above it. */
    g_assert_cmpuint (n_lookups, <=, 2 * (N_ROWS + 1) * per_row);
    g_assert_cmpuint (flash_bundle_get_layout (bundle, 0)->n_missing, >, 0);
  }
  flash_test_remove_dir (dir);
}

/* Also a name that lies too deep is not there; one that just does not is. */
static void
test_deep_entries (void)
{
  for (guint n_parts = 63; n_parts <= 65; n_parts++) {
    g_autofree char *deep = dup_deep ("a", n_parts);
    const FlashBundleTestEntry entries[] = {
      FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("x")),
      FILE_ENTRY (deep, "x"),
    };
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, entries, 2);
    g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
    const FlashDiag *diag =
        flash_diag_list_find (flash_bundle_get_diags (bundle), "bundle-unsafe-name");

    g_assert_true ((diag != NULL) == (n_parts > FLASH_BUNDLE_MAX_PARTS));
    flash_test_remove_dir (dir);
  }
}

/* A cancel is seen at every row. */
static void
test_cancelled (void)
{
  static const FlashBundleTestEntry entries[] = { FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("x")) };
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, entries, 1);
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  const FlashBundleEntry *entry = NULL;
  g_autoptr (FlashBundleNeeds) needs = NULL;
  g_autoptr (GError) error = NULL;

  flash_bundle_index_find (bundle->index, "flash.tsv", &entry);
  g_cancellable_cancel (cancelled);
  needs = flash_bundle_needs_new (bundle->index, &bundle->limits, "flash.tsv", entry, cancelled,
                                  &error);
  g_assert_null (needs);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  flash_test_remove_dir (dir);
}

/* Many layouts that need what lies outside are not told one by one. */
static void
test_many_outside (void)
{
  FlashBundleTestEntry entries[21] = { SYMLINK_ENTRY ("rootfs.ext4", "/etc/passwd") };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = NULL;
  g_autoptr (FlashBundle) bundle = NULL;

  for (guint i = 1; i < G_N_ELEMENTS (entries); i++) {
    g_ptr_array_add (names, g_strdup_printf ("flash-%u.tsv", i));
    entries[i] = (FlashBundleTestEntry) FILE_ENTRY (g_ptr_array_index (names, i - 1), LAYOUT);
  }
  path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, entries, G_N_ELEMENTS (entries));
  bundle = flash_bundle_test_open_good (path);
  g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 20);
  g_assert_cmpuint (flash_diag_list_get_length (flash_bundle_get_diags (bundle)), ==,
                    FLASH_BUNDLE_MAX_NOTES);
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/links/targets", test_targets);
  g_test_add_func ("/bundle/links/chain", test_chain);
  g_test_add_func ("/bundle/links/layout", test_layout_is_link);
  g_test_add_func ("/bundle/links/copies", test_copies);
  g_test_add_func ("/bundle/links/devices", test_devices);
  g_test_add_func ("/bundle/links/file-for-folder", test_file_for_folder);
  g_test_add_data_func ("/bundle/links/deep", GUINT_TO_POINTER (63), test_deep);
  g_test_add_data_func ("/bundle/links/too-deep", GUINT_TO_POINTER (1900), test_deep);
  g_test_add_func ("/bundle/links/deep-entries", test_deep_entries);
  g_test_add_func ("/bundle/links/cancelled", test_cancelled);
  g_test_add_func ("/bundle/links/many-outside", test_many_outside);
  return g_test_run ();
}
