/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-bundle-path"

#include "config.h"

#include "flash-bundle-path.h"

#include <string.h>

#define MAX_NAME 4096

static void
test_clean (void)
{
  static const struct {
    const char *raw;
    FlashBundlePathFault fault;
    const char *path;
  } cases[] = {
    { "a", FLASH_BUNDLE_PATH_GOOD, "a" },
    { "./a//b/./c", FLASH_BUNDLE_PATH_GOOD, "a/b/c" },
    { "folder/", FLASH_BUNDLE_PATH_GOOD, "folder" },
    { "..a/b..", FLASH_BUNDLE_PATH_GOOD, "..a/b.." },
    { "ü ß", FLASH_BUNDLE_PATH_GOOD, "ü ß" },
    { NULL, FLASH_BUNDLE_PATH_EMPTY, NULL },
    { "", FLASH_BUNDLE_PATH_EMPTY, NULL },
    { "./", FLASH_BUNDLE_PATH_EMPTY, NULL },
    { "/etc/passwd", FLASH_BUNDLE_PATH_ABSOLUTE, NULL },
    { "C:/Windows", FLASH_BUNDLE_PATH_ABSOLUTE, NULL },
    { "c:evil", FLASH_BUNDLE_PATH_ABSOLUTE, NULL },
    { "..", FLASH_BUNDLE_PATH_PARENT, NULL },
    { "../a", FLASH_BUNDLE_PATH_PARENT, NULL },
    { "a/../b", FLASH_BUNDLE_PATH_PARENT, NULL },
    { "a/..", FLASH_BUNDLE_PATH_PARENT, NULL },
    { "a\\b", FLASH_BUNDLE_PATH_BACKSLASH, NULL },
    { "..\\a", FLASH_BUNDLE_PATH_BACKSLASH, NULL },
    { "\\\\server\\a", FLASH_BUNDLE_PATH_BACKSLASH, NULL },
    { "a\xff", FLASH_BUNDLE_PATH_NOT_TEXT, NULL },
    { "a\xc0\xaf..", FLASH_BUNDLE_PATH_NOT_TEXT, NULL },
    { "a\nb", FLASH_BUNDLE_PATH_NOT_TEXT, NULL },
    { "a\x1b[2J", FLASH_BUNDLE_PATH_NOT_TEXT, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = NULL;

    g_assert_cmpint (flash_bundle_path_clean (cases[i].raw, MAX_NAME, &path), ==, cases[i].fault);
    g_assert_cmpstr (path, ==, cases[i].path);
  }
}

static void
test_long (void)
{
  g_autofree char *part = g_strnfill (255, 'x');
  g_autofree char *long_part = g_strnfill (256, 'x');
  g_autofree char *two = g_strconcat (part, "/", part, NULL);
  g_autofree char *path = NULL;

  g_assert_cmpint (flash_bundle_path_clean (part, MAX_NAME, &path), ==, FLASH_BUNDLE_PATH_GOOD);
  g_assert_cmpstr (path, ==, part);
  g_clear_pointer (&path, g_free);
  g_assert_cmpint (flash_bundle_path_clean (long_part, MAX_NAME, &path), ==,
                   FLASH_BUNDLE_PATH_LONG);
  g_assert_cmpint (flash_bundle_path_clean (two, 510, &path), ==, FLASH_BUNDLE_PATH_LONG);
  g_assert_cmpint (flash_bundle_path_join (part, part, 510, &path), ==, FLASH_BUNDLE_PATH_LONG);
  g_assert_cmpint (flash_bundle_path_join (part, part, 511, &path), ==, FLASH_BUNDLE_PATH_GOOD);
  g_assert_cmpstr (path, ==, two);
}

static void
test_join (void)
{
  static const struct {
    const char *folder, *relative;
    FlashBundlePathFault fault;
    const char *path;
  } cases[] = {
    { "", "a", FLASH_BUNDLE_PATH_GOOD, "a" },
    { "a/b", "c", FLASH_BUNDLE_PATH_GOOD, "a/b/c" },
    { "a/b", "../c", FLASH_BUNDLE_PATH_GOOD, "a/c" },
    { "a/b", "../../c", FLASH_BUNDLE_PATH_GOOD, "c" },
    { "a/b", "../../../c", FLASH_BUNDLE_PATH_PARENT, NULL },
    { "a/b", "c/../../../../d", FLASH_BUNDLE_PATH_PARENT, NULL },
    { "", "..", FLASH_BUNDLE_PATH_PARENT, NULL },
    { "a", "..", FLASH_BUNDLE_PATH_EMPTY, NULL },
    { "a", "/b", FLASH_BUNDLE_PATH_ABSOLUTE, NULL },
    { "a", "b\\c", FLASH_BUNDLE_PATH_BACKSLASH, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = NULL;

    g_assert_cmpint (flash_bundle_path_join (cases[i].folder, cases[i].relative, MAX_NAME, &path),
                     ==, cases[i].fault);
    g_assert_cmpstr (path, ==, cases[i].path);
  }
}

static void
test_parts (void)
{
  g_autofree char *above = flash_bundle_path_dup_folder ("a/b/c");
  g_autofree char *root = flash_bundle_path_dup_folder ("c");
  g_autofree char *safe = flash_bundle_path_dup_safe ("a\x1b\xff");
  g_autofree char *nothing = flash_bundle_path_dup_safe (NULL);

  g_assert_cmpstr (above, ==, "a/b");
  g_assert_cmpstr (root, ==, "");
  g_assert_cmpstr (flash_bundle_path_get_base ("a/b/c"), ==, "c");
  g_assert_cmpstr (flash_bundle_path_get_base ("c"), ==, "c");
  g_assert_true (flash_bundle_path_is_layout ("a/Flash.TSV"));
  g_assert_false (flash_bundle_path_is_layout ("a.tsv/.tsv"));
  g_assert_false (flash_bundle_path_is_layout ("a.tsv.gz"));
  g_assert_true (g_utf8_validate (safe, -1, NULL));
  g_assert_null (strchr (safe, '\x1b'));
  g_assert_cmpstr (nothing, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/path/clean", test_clean);
  g_test_add_func ("/bundle/path/long", test_long);
  g_test_add_func ("/bundle/path/join", test_join);
  g_test_add_func ("/bundle/path/parts", test_parts);
  return g_test_run ();
}
