/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-file.h"
#include "flash-host-test.h"

#include <string.h>
#include <sys/stat.h>

static void
assert_resolves (FlashHostTest *test, const char *path, const char *expected)
{
  g_autofree char *inside = flash_host_file_resolve (test->root, path);

  g_assert_cmpstr (inside, ==, expected);
}

static void
test_resolve (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_write_file (test, "/a/b/file", "text");
  flash_host_test_make_link (test, "/relative", "a/b");
  flash_host_test_make_link (test, "/a/up", "../a/./b");
  flash_host_test_make_link (test, "/absolute", "/a/b/");
  flash_host_test_make_link (test, "/a/from/below", "/a/b");
  flash_host_test_make_link (test, "/twice", "/absolute/../up/file");

  assert_resolves (test, "/", "/");
  assert_resolves (test, "//a///b/", "/a/b");
  assert_resolves (test, "/a/b/file", "/a/b/file");
  assert_resolves (test, "/relative/file", "/a/b/file");
  assert_resolves (test, "/a/up/file", "/a/b/file");
  assert_resolves (test, "/absolute/file", "/a/b/file");
  assert_resolves (test, "/a/from/below/file", "/a/b/file");
  assert_resolves (test, "/twice", "/a/b/file");
  assert_resolves (test, "/../../a/../a/b", "/a/b");
  assert_resolves (test, "/none", NULL);
  assert_resolves (test, "/a/b/file/below", NULL);
}

/* No link leads out of the folder, and none goes on for ever. */
static void
test_hostile_links (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *long_target = g_strnfill (4000, 'x');
  g_autofree char *way = NULL;
  GString *deep = g_string_new (NULL);

  flash_host_test_write_file (test, "/etc/passwd", "inside");
  flash_host_test_make_link (test, "/out", "/etc/passwd");
  flash_host_test_make_link (test, "/up", "../../../../../../../../etc/passwd");
  flash_host_test_make_link (test, "/round", "round");
  flash_host_test_make_link (test, "/ping", "pong");
  flash_host_test_make_link (test, "/pong", "/ping");
  flash_host_test_make_link (test, "/grows", "grows/grows");
  flash_host_test_make_link (test, "/self", ".");
  flash_host_test_make_link (test, "/long", long_target);

  assert_resolves (test, "/out", "/etc/passwd");
  assert_resolves (test, "/up", "/etc/passwd");
  assert_resolves (test, "/round", NULL);
  assert_resolves (test, "/ping", NULL);
  assert_resolves (test, "/grows", NULL);
  way = g_strconcat ("/long/", long_target, NULL);
  assert_resolves (test, way, NULL);
  for (guint i = 0; i < 40; i++)
    g_string_append (deep, "/self");
  assert_resolves (test, deep->str, "/");
  g_string_append (deep, "/self");
  assert_resolves (test, deep->str, NULL);
  g_string_free (deep, TRUE);
}

static void
assert_reads (FlashHostTest *test, const char *path, gsize max, const char *expected)
{
  gsize length = 0;
  g_autofree char *text = flash_host_file_read (test->root, path, max, &length);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (length, ==, expected != NULL ? strlen (expected) : 0);
}

static void
test_read (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (test->root, "fifo", NULL);

  flash_host_test_write_file (test, "/file", "0123456789");
  flash_host_test_write_file (test, "/empty", "");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  assert_reads (test, "/file", 100, "0123456789");
  assert_reads (test, "/file", 10, "0123456789");
  assert_reads (test, "/file", 9, "012345678");
  assert_reads (test, "/empty", 10, "");
  assert_reads (test, "/none", 10, NULL);
  assert_reads (test, "/", 10, NULL);
  assert_reads (test, "/fifo", 10, NULL);
  g_assert_true (flash_host_file_is_there (test->root, "/file"));
  g_assert_true (flash_host_file_is_there (test->root, "/"));
  g_assert_false (flash_host_file_is_there (test->root, "/none"));
}

/* A file of the kernel that says nothing but that it cannot be read. */
static void
test_failed_read (void)
{
  g_autofree char *text = flash_host_file_read (NULL, "/proc/self/mem", 10, NULL);

  g_assert_null (text);
}

static void
test_line (FlashHostTest *test, gconstpointer data)
{
  static const struct {
    const char *text;
    const char *line;
  } rows[] = {
    { "one\n", "one" },
    { "one", "one" },
    { "one\ntwo\n", "one" },
    { "one \t\r\n", "one" },
    { "", NULL },
    { "\n", NULL },
    { "  \nx\n", NULL },
    { "a\tb\n", "a\xef\xbf\xbd"
                "b" },
    { " in front\n", " in front" },
  };
  g_autofree char *endless = g_strnfill (10000, 'x');
  g_autofree char *cut = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *line = NULL;

    flash_host_test_write_file (test, "/file", rows[i].text);
    line = flash_host_file_dup_line (test->root, "/file");
    g_assert_cmpstr (line, ==, rows[i].line);
  }
  flash_host_test_write_file (test, "/file", endless);
  cut = flash_host_file_dup_line (test->root, "/file");
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, 256);
  g_assert_null (flash_host_file_dup_line (test->root, "/none"));
}

static void
test_number (FlashHostTest *test, gconstpointer data)
{
  static const struct {
    const char *text;
    guint base;
    guint max;
    gint number;
  } rows[] = {
    { "0483\n", 16, 0xffff, 0x0483 },
    { "df11\n", 16, 0xffff, 0xdf11 },
    { "10000\n", 16, 0xffff, -1 },
    { "12\n", 10, 12, 12 },
    { "13\n", 10, 12, -1 },
    { "-1\n", 10, 12, -1 },
    { "1 2\n", 10, 12, -1 },
    { "\n", 10, 12, -1 },
    { "99999999999999999999\n", 10, G_MAXINT, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    guint number = 7777;
    gboolean is_number;

    flash_host_test_write_file (test, "/file", rows[i].text);
    is_number =
        flash_host_file_read_number (test->root, "/file", rows[i].base, rows[i].max, &number);
    g_assert_cmpint (is_number, ==, rows[i].number >= 0);
    g_assert_cmpuint (number, ==, rows[i].number >= 0 ? (guint) rows[i].number : 7777);
  }
}

static void
test_link_name (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *driver = NULL;
  g_autofree char *strange = NULL;

  flash_host_test_make_link (test, "/real/driver", "../../../bus/usb/drivers/cdc_acm");
  flash_host_test_make_link (test, "/real/strange", "a\033b");
  flash_host_test_make_link (test, "/folder", "/real");
  flash_host_test_write_file (test, "/real/file", "");

  driver = flash_host_file_dup_link_name (test->root, "/folder/driver");
  g_assert_cmpstr (driver, ==, "cdc_acm");
  strange = flash_host_file_dup_link_name (test->root, "/real/strange");
  g_assert_cmpstr (strange, ==,
                   "a\xef\xbf\xbd"
                   "b");
  g_assert_null (flash_host_file_dup_link_name (test->root, "/real/file"));
  g_assert_null (flash_host_file_dup_link_name (test->root, "/real/none"));
  g_assert_null (flash_host_file_dup_link_name (test->root, "/none/none"));
}

static void
test_list (FlashHostTest *test, gconstpointer data)
{
  g_auto (GStrv) names = NULL;
  g_auto (GStrv) none = flash_host_file_list (test->root, "/none");
  g_autofree char *text = NULL;

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  flash_host_test_write_file (test, "/folder/b", "");
  flash_host_test_write_file (test, "/folder/a", "");
  flash_host_test_make_link (test, "/folder/C", "nowhere");
  names = flash_host_file_list (test->root, "/folder");
  text = g_strjoinv (" ", names);
  g_assert_cmpstr (text, ==, "C a b");
}

static void
add (const char *path, void (*test) (FlashHostTest *, gconstpointer))
{
  g_test_add (path, FlashHostTest, NULL, flash_host_test_set_up, test, flash_host_test_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/host-file/resolve", test_resolve);
  add ("/host-file/hostile-links", test_hostile_links);
  add ("/host-file/read", test_read);
  g_test_add_func ("/host-file/failed-read", test_failed_read);
  add ("/host-file/line", test_line);
  add ("/host-file/number", test_number);
  add ("/host-file/link-name", test_link_name);
  add ("/host-file/list", test_list);

  return g_test_run ();
}
