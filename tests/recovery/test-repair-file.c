/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repair files: made and opened again, and those that somebody made to do harm. */
#define G_LOG_DOMAIN "test-repair-file"

#include "config.h"

#include "flash-repair.h"
#include "flash-test-images.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define SIZE_PIECES (700 * 1024)

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("flash-repair-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "unit.zip", NULL);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  flash_test_remove_dir (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

static const FlashRepairWords words = { "Revive unit 7", "Hold BOOT0.\nPlug it in.",
                                        "help@example" };

static char *
make_target (Fixture *self)
{
  char *target = g_build_filename (self->folder, "target", NULL);

  g_assert_cmpint (g_mkdir (target, 0700), ==, 0);
  return target;
}

static GBytes *
make_bytes (gsize size)
{
  guint8 *bytes = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (i * 7 + i / 251);
  return g_bytes_new_take (bytes, size);
}

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* --- good ones ------------------------------------------------------------------------------ */

static void
test_round_trip (Fixture *self, gconstpointer unused)
{
  g_autoptr (FlashRepair) made = flash_repair_new ("stm32mp-blank", &words);
  g_autoptr (FlashRepair) opened = NULL;
  g_autoptr (GBytes) image = make_bytes (SIZE_PIECES);
  g_autoptr (GBytes) text = g_bytes_new_static ("#Opt\n", 5);
  g_autoptr (GError) error = NULL;
  g_autofree char *image_path = g_build_filename (self->folder, "a b/../Rootfs é.ext4", NULL);
  g_autofree char *target = make_target (self);
  g_autofree char *main_path = NULL;
  g_autofree char *copy_path = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *sub = g_build_filename (self->folder, "a b", NULL);
  gsize length;

  g_assert_cmpint (g_mkdir (sub, 0700), ==, 0);
  g_assert_true (
      g_file_set_contents (image_path, g_bytes_get_data (image, NULL), SIZE_PIECES, NULL));
  g_assert_cmpstr (flash_repair_add_bytes (made, "FlashLayout.tsv", text), ==, "FlashLayout.tsv");
  g_assert_cmpstr (flash_repair_add_file (made, image_path, &error), ==, "Rootfs___.ext4");
  g_assert_cmpstr (flash_repair_add_file (made, image_path, &error), ==, "Rootfs___.ext4");
  g_assert_cmpstr (flash_repair_add_bytes (made, "../FlashLayout.tsv", text), ==,
                   "1-.._FlashLayout.tsv");
  g_assert_cmpstr (flash_repair_add_bytes (made, "repair.json", text), ==, "1-repair.json");
  g_assert_true (flash_repair_save (made, self->path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (flash_repair_is_repair (self->path));
  opened = flash_repair_load (self->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (flash_repair_get_case (opened), ==, "stm32mp-blank");
  g_assert_cmpstr (flash_repair_get_words (opened).title, ==, words.title);
  g_assert_cmpstr (flash_repair_get_words (opened).message, ==, words.message);
  g_assert_cmpstr (flash_repair_get_words (opened).contact, ==, words.contact);
  g_assert_cmpuint (flash_repair_get_n_files (opened), ==, 4);
  g_assert_true (flash_repair_is_layout (opened));
  main_path = flash_repair_unpack (opened, self->path, target, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (main_path, "/target/FlashLayout.tsv"));
  g_assert_cmpuint (count_entries (target), ==, 4);
  copy_path = g_build_filename (target, "Rootfs___.ext4", NULL);
  g_assert_true (g_file_get_contents (copy_path, &copy, &length, NULL));
  g_assert_cmpmem (copy, length, g_bytes_get_data (image, NULL), SIZE_PIECES);
}

/* A case can do without a file. */
static void
test_no_files (Fixture *self, gconstpointer unused)
{
  g_autoptr (FlashRepair) made = flash_repair_new ("h7-power", &words);
  g_autoptr (FlashRepair) opened = NULL;
  g_autoptr (FlashRepair) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (flash_repair_is_layout (made));
  g_assert_true (flash_repair_save (made, self->path, NULL, &error));
  opened = flash_repair_load (self->path, &error);
  g_assert_no_error (error);
  again = flash_repair_ref (opened);
  g_assert_cmpuint (flash_repair_get_n_files (again), ==, 0);
  g_assert_null (flash_repair_unpack (opened, self->path, self->folder, NULL, &error));
  g_assert_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_DAMAGED);
}

/* What is said is cut and made safe before it is written, and when it is read. */
static void
test_words (Fixture *self, gconstpointer unused)
{
  g_autofree char *long_text = g_strnfill (FLASH_REPAIR_MAX_MESSAGE * 2, 'x');
  const FlashRepairWords odd = { "a\033[31mb\nc", long_text, long_text };
  g_autoptr (FlashRepair) made = flash_repair_new ("h7-power", &odd);
  FlashRepairWords got = flash_repair_get_words (made);

  g_assert_null (strchr (got.title, '\033'));
  g_assert_null (strchr (got.title, '\n'));
  g_assert_cmpint (g_utf8_strlen (got.message, -1), <=, FLASH_REPAIR_MAX_MESSAGE + 1);
  g_assert_cmpint (g_utf8_strlen (got.contact, -1), <=, FLASH_REPAIR_MAX_CONTACT + 1);
}

/* --- making that fails ---------------------------------------------------------------------- */

static void
test_too_many (Fixture *self, gconstpointer unused)
{
  g_autoptr (FlashRepair) made = flash_repair_new ("h7-power", &words);
  g_autoptr (GBytes) bytes = make_bytes (3);
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_repair_add_file (made, self->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  for (guint i = 0; i < FLASH_REPAIR_MAX_FILES; i++)
    g_assert_nonnull (flash_repair_add_bytes (made, "x", bytes));
  g_assert_null (flash_repair_add_bytes (made, "x", bytes));
  g_assert_null (flash_repair_add_file (made, "/dev/null", &error));
  g_assert_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_REFUSED);
}

static void
test_save_fails (Fixture *self, gconstpointer unused)
{
  g_autoptr (FlashRepair) made = flash_repair_new ("h7-power", &words);
  g_autoptr (GBytes) bytes = make_bytes (SIZE_PIECES);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *source = g_build_filename (self->folder, "image.bin", NULL);
  g_autofree char *nowhere = g_build_filename (self->folder, "no", "unit.zip", NULL);
  g_autofree char *sub = g_build_filename (self->folder, "full", NULL);
  guint n_entries;

  g_assert_true (g_file_set_contents (source, g_bytes_get_data (bytes, NULL), SIZE_PIECES, NULL));
  g_assert_nonnull (flash_repair_add_file (made, source, &error));
  n_entries = count_entries (self->folder);
  g_assert_false (flash_repair_save (made, nowhere, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_false (flash_repair_save (made, self->path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (count_entries (self->folder), ==, n_entries);
  /* A name that is taken by a folder. */
  g_assert_cmpint (g_mkdir (sub, 0700), ==, 0);
  g_assert_false (flash_repair_save (made, sub, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (count_entries (self->folder), ==, n_entries + 1);
  g_clear_error (&error);
  g_assert_cmpint (truncate (source, SIZE_PIECES / 2), ==, 0);
  g_assert_false (flash_repair_save (made, self->path, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (count_entries (self->folder), ==, n_entries + 1);
}

/* The disk is full, as far as this process can tell. */
static void
test_disk_full (Fixture *self, gconstpointer unused)
{
  static const rlim_t sizes[] = { 20, 300 * 1024 };
  g_autoptr (FlashRepair) made = flash_repair_new ("h7-power", &words);
  g_autofree guint8 *noise = g_malloc (SIZE_PIECES);
  g_autoptr (GBytes) bytes = NULL;
  struct rlimit usual;

  for (gsize i = 0; i < SIZE_PIECES; i++)
    noise[i] = (guint8) g_test_rand_int ();
  bytes = g_bytes_new (noise, SIZE_PIECES);
  g_assert_nonnull (flash_repair_add_bytes (made, "noise.bin", bytes));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &usual), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const struct rlimit small = { sizes[i], usual.rlim_max };
    g_autoptr (GError) error = NULL;
    gboolean is_saved;

    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
    is_saved = flash_repair_save (made, self->path, NULL, &error);
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &usual), ==, 0);
    g_assert_false (is_saved);
    g_assert_nonnull (error);
    g_assert_cmpuint (count_entries (self->folder), ==, 0);
  }
  signal (SIGXFSZ, SIG_DFL);
}

/* What is to be flashed need not be what was added first. */
static void
test_main (Fixture *self, gconstpointer unused)
{
  g_autoptr (FlashRepair) made = flash_repair_new ("stm32mp-blank", &words);
  g_autoptr (GBytes) bytes = make_bytes (3);

  flash_repair_add_bytes (made, "a.bin", bytes);
  flash_repair_add_bytes (made, "b.bin", bytes);
  flash_repair_add_bytes (made, "c.tsv", bytes);
  g_assert_false (flash_repair_is_layout (made));
  flash_repair_set_main (made, "c.tsv");
  g_assert_true (flash_repair_is_layout (made));
  g_assert_cmpstr (flash_repair_get_file (made, 0), ==, "c.tsv");
  g_assert_cmpstr (flash_repair_get_file (made, 1), ==, "a.bin");
  g_assert_cmpstr (flash_repair_get_file (made, 2), ==, "b.bin");
}

/* --- hostile ones --------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  const char *content;
} Entry;

static void
make_zip (const char *path, const Entry *entries)
{
  struct archive *archive = archive_write_new ();

  g_assert_cmpint (archive_write_set_format_zip (archive), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);
  for (; entries->name != NULL; entries++) {
    struct archive_entry *entry = archive_entry_new ();

    archive_entry_set_pathname (entry, entries->name);
    archive_entry_set_size (entry, (la_int64_t) strlen (entries->content));
    archive_entry_set_filetype (entry, AE_IFREG);
    archive_entry_set_perm (entry, 0644);
    g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
    archive_write_data (archive, entries->content, strlen (entries->content));
    archive_entry_free (entry);
  }
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);
}

#define HEAD "{\"format\":\"flashwright-repair\",\"version\":1,"
#define WORDS "\"title\":\"t\",\"message\":\"m\",\"contact\":\"c\","
#define CASE "\"case\":\"h7-power\","
#define SUM_OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define FILE_OF(name, size, sum) "{\"name\":\"" name "\",\"size\":" size ",\"sha256\":\"" sum "\"}"
#define GOOD HEAD CASE WORDS "\"files\":[" FILE_OF ("a.bin", "3", SUM_OF_ABC) "]}"

static const struct {
  const char *name;
  const char *json;
  FlashRepairError code;
} jsons[] = {
  { "no-json", "x", FLASH_REPAIR_ERROR_DAMAGED },
  { "array", "[]", FLASH_REPAIR_ERROR_DAMAGED },
  { "empty", "", FLASH_REPAIR_ERROR_DAMAGED },
  { "no-text", "{\"format\":\"\xff\"}", FLASH_REPAIR_ERROR_REFUSED },
  { "deep", "{\"format\":[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]}",
    FLASH_REPAIR_ERROR_REFUSED },
  { "other-format", "{\"format\":\"x\"}", FLASH_REPAIR_ERROR_NOT_A_REPAIR },
  { "number", "{\"format\":1}", FLASH_REPAIR_ERROR_NOT_A_REPAIR },
  { "version", "{\"format\":\"flashwright-repair\",\"version\":2," CASE WORDS "\"files\":[]}",
    FLASH_REPAIR_ERROR_TOO_NEW },
  { "case", HEAD "\"case\":\"burn-it\"," WORDS "\"files\":[]}", FLASH_REPAIR_ERROR_TOO_NEW },
  { "no-title", HEAD CASE "\"message\":\"m\",\"contact\":\"c\",\"files\":[]}",
    FLASH_REPAIR_ERROR_REFUSED },
  { "empty-title", HEAD CASE "\"title\":\"\",\"message\":\"m\",\"contact\":\"c\",\"files\":[]}",
    FLASH_REPAIR_ERROR_REFUSED },
  { "no-files", HEAD CASE WORDS "\"files\":{}}", FLASH_REPAIR_ERROR_DAMAGED },
  { "file-text", HEAD CASE WORDS "\"files\":[\"a\"]}", FLASH_REPAIR_ERROR_DAMAGED },
  { "short-sum", HEAD CASE WORDS "\"files\":[" FILE_OF ("a", "1", "00") "]}",
    FLASH_REPAIR_ERROR_DAMAGED },
  { "folder", HEAD CASE WORDS "\"files\":[" FILE_OF ("../a", "1", SUM_OF_ABC) "]}",
    FLASH_REPAIR_ERROR_REFUSED },
  { "hidden", HEAD CASE WORDS "\"files\":[" FILE_OF (".profile", "1", SUM_OF_ABC) "]}",
    FLASH_REPAIR_ERROR_REFUSED },
  { "twice",
    HEAD CASE WORDS
    "\"files\":[" FILE_OF ("a", "1", SUM_OF_ABC) "," FILE_OF ("a", "1", SUM_OF_ABC) "]}",
    FLASH_REPAIR_ERROR_REFUSED },
  { "huge", HEAD CASE WORDS "\"files\":[" FILE_OF ("a", "9223372036854775807", SUM_OF_ABC) "]}",
    FLASH_REPAIR_ERROR_REFUSED },
  { "negative", HEAD CASE WORDS "\"files\":[" FILE_OF ("a", "-1", SUM_OF_ABC) "]}",
    FLASH_REPAIR_ERROR_REFUSED },
};

static void
test_json (Fixture *self, gconstpointer unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (jsons); i++) {
    const Entry entries[] = { { "repair.json", jsons[i].json }, { NULL, NULL } };
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", jsons[i].name);
    make_zip (self->path, entries);
    g_assert_true (flash_repair_is_repair (self->path));
    g_assert_null (flash_repair_load (self->path, &error));
    g_assert_error (error, FLASH_REPAIR_ERROR, (gint) jsons[i].code);
  }
}

static void
test_large_json (Fixture *self, gconstpointer unused)
{
  g_autofree char *many = g_strnfill (FLASH_REPAIR_MAX_JSON + 1, ' ');
  const Entry large[] = { { "repair.json", many }, { NULL, NULL } };
  GString *list = g_string_new (HEAD CASE WORDS "\"files\":[");
  g_autofree char *json = NULL;
  Entry entries[] = { { "repair.json", NULL }, { NULL, NULL } };
  g_autoptr (GError) error = NULL;

  make_zip (self->path, large);
  g_assert_null (flash_repair_load (self->path, &error));
  g_assert_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_REFUSED);
  g_clear_error (&error);
  for (guint i = 0; i <= FLASH_REPAIR_MAX_FILES; i++)
    g_string_append_printf (list, "%s{\"name\":\"f%u\",\"size\":1,\"sha256\":\"" SUM_OF_ABC "\"}",
                            i > 0 ? "," : "", i);
  g_string_append (list, "]}");
  json = g_string_free (list, FALSE);
  entries[0].content = json;
  make_zip (self->path, entries);
  g_assert_null (flash_repair_load (self->path, &error));
  g_assert_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_REFUSED);
}

/* Opens what lies at the fixture's path, and tries to unpack it. */
static void
assert_unpack_fails (Fixture *self, FlashRepairError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashRepair) repair = flash_repair_load (self->path, &error);
  g_autofree char *target = make_target (self);

  g_assert_no_error (error);
  g_assert_null (flash_repair_unpack (repair, self->path, target, NULL, &error));
  g_assert_error (error, FLASH_REPAIR_ERROR, (gint) code);
  flash_test_remove_dir (target);
}

static void
test_contents (Fixture *self, gconstpointer unused)
{
  static const struct {
    Entry entries[5];
    FlashRepairError code;
  } archives[] = {
    { { { "repair.json", GOOD } }, FLASH_REPAIR_ERROR_DAMAGED },
    { { { "repair.json", GOOD }, { "a.bin", "abd" } }, FLASH_REPAIR_ERROR_DAMAGED },
    { { { "repair.json", GOOD }, { "a.bin", "ab" } }, FLASH_REPAIR_ERROR_DAMAGED },
    { { { "repair.json", GOOD }, { "a.bin", "abcd" } }, FLASH_REPAIR_ERROR_REFUSED },
    { { { "repair.json", GOOD }, { "a.bin", "abc" }, { "b.bin", "" } },
      FLASH_REPAIR_ERROR_REFUSED },
    { { { "repair.json", GOOD }, { "../a.bin", "abc" } }, FLASH_REPAIR_ERROR_REFUSED },
    { { { "repair.json", GOOD }, { "a.bin", "abc" }, { "a.bin", "abc" } },
      FLASH_REPAIR_ERROR_REFUSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (archives); i++) {
    make_zip (self->path, archives[i].entries);
    assert_unpack_fails (self, archives[i].code);
  }
}

static void
test_unpack_fails (Fixture *self, gconstpointer unused)
{
  const Entry entries[] = { { "repair.json", GOOD }, { "a.bin", "abc" }, { NULL, NULL } };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (FlashRepair) repair = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *target = make_target (self);
  g_autofree char *taken = g_build_filename (target, "a.bin", NULL);
  g_autofree char *path = NULL;

  make_zip (self->path, entries);
  repair = flash_repair_load (self->path, &error);
  g_cancellable_cancel (cancellable);
  g_assert_null (flash_repair_unpack (repair, self->path, target, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  /* Whatever stands there already, be it a link, is not written to. */
  g_unlink (taken);
  g_assert_cmpint (symlink ("/dev/null", taken), ==, 0);
  g_assert_null (flash_repair_unpack (repair, self->path, target, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_unlink (taken);
  path = flash_repair_unpack (repair, self->path, target, NULL, &error);
  g_assert_cmpstr (path, ==, taken);
  g_unlink (self->path);
  g_assert_null (flash_repair_unpack (repair, self->path, target, NULL, &error));
  g_assert_nonnull (error);
}

static void
test_cut (Fixture *self, gconstpointer unused)
{
  g_autoptr (FlashRepair) made = flash_repair_new ("loader-without-flash", &words);
  g_autoptr (GBytes) bytes = make_bytes (SIZE_PIECES);
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  g_assert_nonnull (flash_repair_add_bytes (made, "fw.hex", bytes));
  g_assert_true (flash_repair_save (made, self->path, NULL, &error));
  g_assert_cmpint (g_stat (self->path, &status), ==, 0);
  g_assert_cmpint (truncate (self->path, status.st_size / 2), ==, 0);
  assert_unpack_fails (self, FLASH_REPAIR_ERROR_DAMAGED);
  g_assert_cmpint (truncate (self->path, 120), ==, 0);
  g_assert_null (flash_repair_load (self->path, &error));
  g_assert_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_DAMAGED);
}

static void
test_no_repair (Fixture *self, gconstpointer unused)
{
  const Entry entries[] = { { "report.json", GOOD }, { "repair.json", GOOD }, { NULL, NULL } };
  g_autoptr (GError) error = NULL;

  g_assert_false (flash_repair_is_repair (self->path));
  g_assert_false (flash_repair_is_repair (self->folder));
  make_zip (self->path, entries);
  g_assert_false (flash_repair_is_repair (self->path));
  g_assert_null (flash_repair_load (self->path, &error));
  g_assert_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_NOT_A_REPAIR);
  g_assert_true (g_file_set_contents (self->path, "PK", 2, NULL));
  g_assert_false (flash_repair_is_repair (self->path));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/repair-file/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("round-trip", test_round_trip);
  ADD ("no-files", test_no_files);
  ADD ("words", test_words);
  ADD ("too-many", test_too_many);
  ADD ("save-fails", test_save_fails);
  ADD ("disk-full", test_disk_full);
  ADD ("main", test_main);
  ADD ("json", test_json);
  ADD ("large-json", test_large_json);
  ADD ("contents", test_contents);
  ADD ("unpack-fails", test_unpack_fails);
  ADD ("cut", test_cut);
  ADD ("no-repair", test_no_repair);
  return g_test_run ();
}
