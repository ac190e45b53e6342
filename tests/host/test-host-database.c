/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-database.h"
#include "flash-host-test.h"

#include <sys/stat.h>

#define NOTES "/run/udev/data/"

/* All but @text may be %NULL. */
typedef struct {
  const char *what;
  const char *text;
  const char *name;
  const char *known_as;
  const char *serial;
} Case;

static const Case cases[] = {
  { "nothing", "", NULL, NULL, NULL },
  { "all",
    "E:ID_MODEL=A_B\nE:ID_MODEL_ENC=A\\x20\\x20B\nE:ID_MODEL_FROM_DATABASE=C D\n"
    "E:ID_SERIAL_SHORT=12\n",
    "A  B", "C D", "12" },
  { "no-last-line-feed", "E:ID_SERIAL_SHORT=12", NULL, NULL, "12" },
  { "short-name-only", "E:ID_MODEL=A_B\n", "A_B", NULL, NULL },
  { "number-for-a-name", "E:ID_MODEL=0610\nE:ID_MODEL_ENC=0610\nE:ID_MODEL_ID=0610\n", NULL, NULL,
    NULL },
  { "called-by-a-number", "E:ID_MODEL=0611\nE:ID_MODEL_ENC=0611\nE:ID_MODEL_ID=0610\n", "0611",
    NULL, NULL },
  { "empty", "E:ID_MODEL=\nE:ID_MODEL_FROM_DATABASE= \nE:ID_SERIAL_SHORT=\n", NULL, NULL, NULL },
  { "blanks-around", "E:ID_MODEL_ENC=\\x20A\\x20\n", "A", NULL, NULL },
  { "other-kinds-of-line", "S:ID_MODEL=A\nID_MODEL=A\nEID_MODEL=A\nE:XID_MODEL=A\nE:ID_MODEL\n",
    NULL, NULL, NULL },
  { "longer-keys", "E:ID_MODEL_X=A\nE:ID_SERIAL=B\nE:ID_SERIAL_SHORTER=C\n", NULL, NULL, NULL },
  { "hostile", "E:ID_MODEL_ENC=\\x1b[31m\\x0aA\\xff\nE:ID_SERIAL_SHORT=1\0332\n",
    "\xef\xbf\xbd[31m\xef\xbf\xbd"
    "A\xef\xbf\xbd",
    NULL,
    "1\xef\xbf\xbd"
    "2" },
  { "not-quite-escapes", "E:ID_MODEL_ENC=A\\x4\\x\\y41\\\n", "A\\x4\\x\\y41\\", NULL, NULL },
};

static void
test_case (FlashHostTest *test, gconstpointer data)
{
  const Case *row = data;
  g_auto (FlashHostNote) note = { 0 };

  flash_host_test_write_file (test, NOTES "c189:4", row->text);
  flash_host_note_init (&note, test->root, "1-2", 5);
  g_assert_cmpstr (note.name, ==, row->name);
  g_assert_cmpstr (note.known_as, ==, row->known_as);
  g_assert_cmpstr (note.serial, ==, row->serial);
}

/* Linux, drivers/usb/core/hub.c: the number of the node is made of bus and address. */
static void
test_numbers (FlashHostTest *test, gconstpointer data)
{
  static const struct {
    const char *device;
    guint address;
    const char *name;
  } rows[] = {
    { "usb1", 1, "c189:0" },      { "1-1", 2, "c189:1" },
    { "1-1", 128, "c189:127" },   { "usb2", 1, "c189:128" },
    { "2-1.4.3", 7, "c189:134" }, { "12-1", 3, "c189:1410" },
    { "1-1", 0, NULL },           { "1-1", 129, NULL },
    { "usb", 1, NULL },           { "0-1", 1, NULL },
    { "x-1", 1, NULL },           { "", 1, NULL },
    { "99999999999-1", 1, NULL }, { "-1", 2, NULL },
    { "usb1x", 1, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].name != NULL) {
      g_autofree char *path = g_strconcat (NOTES, rows[i].name, NULL);
      g_autofree char *text = g_strconcat ("E:ID_MODEL=", rows[i].name, "\n", NULL);

      flash_host_test_write_file (test, path, text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_auto (FlashHostNote) note = { 0 };

    flash_host_note_init (&note, test->root, rows[i].device, rows[i].address);
    g_assert_cmpstr (note.name, ==, rows[i].name);
  }
}

/* A pipe in the place of a note must not be waited for, and an endless one is cut. */
static void
test_strange_files (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (test->root, NOTES, NULL);
  g_autofree char *pipe = g_build_filename (folder, "c189:4", NULL);
  g_autofree char *filler = g_strnfill (100000, '\n');
  g_autofree char *text = g_strconcat ("E:ID_MODEL=A\n", filler, "E:ID_SERIAL_SHORT=1\n", NULL);
  g_auto (FlashHostNote) none = { 0 };
  g_auto (FlashHostNote) cut = { 0 };

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  flash_host_note_init (&none, test->root, "1-2", 5);
  g_assert_null (none.name);
  flash_host_test_write_file (test, NOTES "c189:5", text);
  flash_host_note_init (&cut, test->root, "1-2", 6);
  g_assert_cmpstr (cut.name, ==, "A");
  g_assert_null (cut.serial);
}

static void
test_steal_name (void)
{
  FlashHostNote note = { .name = g_strdup ("A"), .known_as = g_strdup ("B") };
  g_autofree char *first = flash_host_note_steal_name (&note);
  g_autofree char *second = flash_host_note_steal_name (&note);

  g_assert_cmpstr (first, ==, "A");
  g_assert_cmpstr (second, ==, "B");
  g_assert_null (flash_host_note_steal_name (&note));
}

/* systemd, src/udev/udev-builtin-usb_id.c and udev-util.c. */
static void
test_serials (void)
{
  static const struct {
    const char *noted;
    const char *told;
    gboolean is_same;
  } rows[] = {
    { "0032", "0032", TRUE }, { "0032", "0033", FALSE },
    { "0032", "32", FALSE },  { "0032", " 0032  ", TRUE },
    { "A_B", "A B", TRUE },   { "A_B", "A \t B", TRUE },
    { "A_B", "A_B", TRUE },   { "A__B", "A B", FALSE },
    { "A__B", "A//B", TRUE }, { "#+-.:=@_", "#+-.:=@_", TRUE },
    { "a", "A", FALSE },      { "_", "/", TRUE },
    { "", "", FALSE },        { "0032", "", FALSE },
    { "0032", NULL, FALSE },  { NULL, "0032", FALSE },
    { NULL, NULL, FALSE },    { "A", "  ", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const FlashHostNote note = { .serial = (char *) rows[i].noted };

    g_test_message ("%u", i);
    g_assert_cmpint (flash_host_note_has_serial (&note, rows[i].told), ==, rows[i].is_same);
  }
}

static void
add (const char *path, gconstpointer data, void (*test) (FlashHostTest *, gconstpointer))
{
  g_test_add (path, FlashHostTest, data, flash_host_test_set_up, test, flash_host_test_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/host-database/notes/", cases[i].what, NULL);

    add (path, &cases[i], test_case);
  }
  add ("/host-database/numbers", NULL, test_numbers);
  add ("/host-database/strange-files", NULL, test_strange_files);
  g_test_add_func ("/host-database/steal-name", test_steal_name);
  g_test_add_func ("/host-database/serials", test_serials);

  return g_test_run ();
}
