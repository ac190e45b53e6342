/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that somebody made to hurt, or that are something else. */
#include "config.h"

#include "flash-report-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY 10000
#define GIBIBYTE (1024 * 1024 * 1024)
/* What opening may take beyond what was there before, in KiB. */
#define MEMORY_KIB (192 * 1024)

static long
get_peak_kib (void)
{
  struct rusage usage;

  g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);
  return usage.ru_maxrss;
}

/* Returns: a zip with a good report.json, and another file. */
static GByteArray *
pack_with (FlashReportTestKind kind, const char *name, const char *bytes, gsize length)
{
  GByteArray *out = g_byte_array_new ();
  FlashReportTestZip *zip = flash_report_test_zip_new (out, NULL);

  flash_report_test_zip_add (zip, FLASH_REPORT_TEST_FILE, "report.json", FLASH_REPORT_TEST_JSON,
                             strlen (FLASH_REPORT_TEST_JSON));
  flash_report_test_zip_add (zip, kind, name, bytes, length);
  flash_report_test_zip_end (zip);
  return out;
}

static FlashReport *
open_bytes (GByteArray *zip, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (zip->data, zip->len);

  return _flash_report_open (bytes, error);
}

/* The others are refused for what they are, not because all are. */
static void
test_good (void)
{
  g_autoptr (GByteArray) zip = pack_with (FLASH_REPORT_TEST_FILE, "log.txt", "all well", 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashReport) report = open_bytes (zip, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (flash_report_get_text (report, "log.txt"), ==, "all well");
}

static void
test_bomb (void)
{
  g_autoptr (GByteArray) zip =
      pack_with (FLASH_REPORT_TEST_FILE, "log.txt", NULL, (gsize) GIBIBYTE);
  long before = get_peak_kib ();

  g_assert_cmpuint (zip->len, <, 8 * 1024 * 1024);
  flash_report_test_assert_refused (zip, FLASH_REPORT_ERROR_REFUSED);
  g_assert_cmpint (get_peak_kib () - before, <, MEMORY_KIB);
}

/* Each below the bound, all together above it. */
static void
test_bombs (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  FlashReportTestZip *zip = flash_report_test_zip_new (out, NULL);

  flash_report_test_zip_add (zip, FLASH_REPORT_TEST_FILE, "report.json", FLASH_REPORT_TEST_JSON,
                             strlen (FLASH_REPORT_TEST_JSON));
  for (guint i = 0; i < 4; i++) {
    g_autofree char *name = g_strdup_printf ("log-%u", i);

    flash_report_test_zip_add (zip, FLASH_REPORT_TEST_FILE, name, NULL,
                               FLASH_REPORT_MAX_ENTRY_BYTES - 1);
  }
  flash_report_test_zip_end (zip);
  flash_report_test_assert_refused (out, FLASH_REPORT_ERROR_REFUSED);
}

static void
test_names (void)
{
  static const char *const names[] = {
    "../report.txt", "/etc/passwd", "folder/log.txt", "C:log.txt",      "a\\b", ".hidden", "..",
    "log\n.txt",     "log\xff.txt", "report.json",    "x\xe2\x80\xaey", "a|b",
  };
  g_autofree char *long_name = g_strnfill (300, 'x');
  g_autoptr (GByteArray) with_long = pack_with (FLASH_REPORT_TEST_FILE, long_name, "text", 4);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GByteArray) zip = pack_with (FLASH_REPORT_TEST_FILE, names[i], "text", 4);

    g_test_message ("row %u", i);
    flash_report_test_assert_refused (zip, FLASH_REPORT_ERROR_REFUSED);
  }
  flash_report_test_assert_refused (with_long, FLASH_REPORT_ERROR_REFUSED);
}

static void
test_kinds (void)
{
  g_autoptr (GByteArray) link = pack_with (FLASH_REPORT_TEST_LINK, "log.txt", "/etc/passwd", 11);
  g_autoptr (GByteArray) folder = pack_with (FLASH_REPORT_TEST_FOLDER, "folder/", NULL, 0);

  flash_report_test_assert_refused (link, FLASH_REPORT_ERROR_REFUSED);
  flash_report_test_assert_refused (folder, FLASH_REPORT_ERROR_REFUSED);
}

static void
test_encrypted (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  FlashReportTestZip *zip = flash_report_test_zip_new (out, "secret");

  flash_report_test_zip_add (zip, FLASH_REPORT_TEST_FILE, "report.json", FLASH_REPORT_TEST_JSON,
                             strlen (FLASH_REPORT_TEST_JSON));
  flash_report_test_zip_end (zip);
  flash_report_test_assert_refused (out, FLASH_REPORT_ERROR_REFUSED);
}

static GByteArray *
pack_many (guint n)
{
  GByteArray *out = g_byte_array_new ();
  FlashReportTestZip *zip = flash_report_test_zip_new (out, NULL);

  flash_report_test_zip_add (zip, FLASH_REPORT_TEST_FILE, "report.json", FLASH_REPORT_TEST_JSON,
                             strlen (FLASH_REPORT_TEST_JSON));
  for (guint i = 1; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);

    flash_report_test_zip_add (zip, FLASH_REPORT_TEST_FILE, name, "x", 1);
  }
  flash_report_test_zip_end (zip);
  return out;
}

static void
test_many (void)
{
  g_autoptr (GByteArray) most = pack_many (FLASH_REPORT_MAX_ENTRIES);
  g_autoptr (GByteArray) more = pack_many (FLASH_REPORT_MAX_ENTRIES + 1);
  g_autoptr (GByteArray) many = pack_many (MANY);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashReport) report = open_bytes (most, &error);

  g_assert_no_error (error);
  g_assert_nonnull (report);
  flash_report_test_assert_refused (more, FLASH_REPORT_ERROR_REFUSED);
  flash_report_test_assert_refused (many, FLASH_REPORT_ERROR_REFUSED);
}

/* Writes @value, two bytes, at @offset behind each @mark. */
static void
patch (GByteArray *zip, const char *mark, gsize offset, guint value)
{
  for (gsize i = 0; i + offset + 1 < zip->len; i++)
    if (memcmp (zip->data + i, mark, 4) == 0) {
      zip->data[i + offset] = (guint8) value;
      zip->data[i + offset + 1] = (guint8) (value >> 8);
    }
}

/* LZMA, for example, asks for as much memory as the file likes (APPNOTE.TXT section 4.4.5). */
static void
test_method (void)
{
  static const guint methods[] = { 1, 9, 12, 14, 93, 95, 98 };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
    g_autoptr (GByteArray) zip = pack_with (FLASH_REPORT_TEST_FILE, "log.txt", "text", 4);

    patch (zip, "PK\3\4", 8, methods[i]);
    patch (zip, "PK\1\2", 10, methods[i]);
    flash_report_test_assert_refused (zip, FLASH_REPORT_ERROR_REFUSED);
  }
}

static guint
find (GByteArray *zip, const char *mark, guint start)
{
  while (memcmp (zip->data + start, mark, 4) != 0)
    start++;
  return start;
}

/* The file begins with report.json, but its table of contents does not know it. */
static void
test_two_faces (void)
{
  g_autoptr (GByteArray) zip = pack_with (FLASH_REPORT_TEST_FILE, "log.txt", "text", 4);
  guint second = find (zip, "PK\3\4", 4);
  guint table = find (zip, "PK\1\2", 0);

  g_assert_cmpuint (second, <, 0x10000);
  zip->data[table + 42] = (guint8) second;
  zip->data[table + 43] = (guint8) (second >> 8);
  flash_report_test_assert_refused (zip, FLASH_REPORT_ERROR_REFUSED);
}

static void
test_cut (void)
{
  g_autoptr (GByteArray) zip = pack_with (FLASH_REPORT_TEST_FILE, "log.txt", NULL, 5000);

  for (guint length = 0; length < zip->len; length++) {
    g_autoptr (GByteArray) part = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashReport) report = NULL;

    g_byte_array_append (part, zip->data, length);
    report = open_bytes (part, &error);
    g_assert_null (report);
    g_assert_true (error->domain == FLASH_REPORT_ERROR);
    if (length > 400)
      g_assert_cmpint (error->code, ==, FLASH_REPORT_ERROR_DAMAGED);
  }
}

/* Any byte may be wrong: it is an error, or a report that can be shown. */
static void
test_flipped (void)
{
  g_autoptr (GByteArray) zip = pack_with (FLASH_REPORT_TEST_FILE, "log.txt", "some text\n", 10);
  guint n_refused = 0;

  for (guint i = 0; i < zip->len; i++)
    for (guint bit = 0; bit < 8; bit++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (FlashReport) report = NULL;

      zip->data[i] ^= (guint8) (1 << bit);
      report = open_bytes (zip, &error);
      zip->data[i] ^= (guint8) (1 << bit);
      if (report == NULL)
        g_assert_true (error->domain == FLASH_REPORT_ERROR);
      n_refused += report == NULL;
    }
  g_assert_cmpuint (n_refused, >, 100);
}

static void
test_not_a_report (void)
{
  g_autoptr (GByteArray) empty = g_byte_array_new ();
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autoptr (GByteArray) other = g_byte_array_new ();
  g_autoptr (GByteArray) json = flash_report_test_pack ("{\"report\":[\"of another program\"]}");
  FlashReportTestZip *zip = flash_report_test_zip_new (other, NULL);

  flash_report_test_zip_add (zip, FLASH_REPORT_TEST_FILE, "FlashLayout.tsv", "#Opt", 4);
  flash_report_test_zip_end (zip);
  g_byte_array_append (text, (const guint8 *) "#Opt\tId\tName\n", 13);
  flash_report_test_assert_refused (empty, FLASH_REPORT_ERROR_NOT_A_REPORT);
  flash_report_test_assert_refused (text, FLASH_REPORT_ERROR_NOT_A_REPORT);
  flash_report_test_assert_refused (other, FLASH_REPORT_ERROR_NOT_A_REPORT);
  flash_report_test_assert_refused (json, FLASH_REPORT_ERROR_NOT_A_REPORT);
}

/* --- report.json -------------------------------------------------------------------------- */

#define WITH(sections, moments)                                                                    \
  "{\"flashwright-report\":1,\"sections\":" sections ",\"moments\":" moments "}"
#define MOMENT(members) WITH ("{}", "[{" members "}]")

static const struct {
  const char *json;
  FlashReportError code;
} contents[] = {
  { "flashwright-report", FLASH_REPORT_ERROR_DAMAGED },
  { "{\"flashwright-report\"", FLASH_REPORT_ERROR_DAMAGED },
  { "[\"flashwright-report\"]", FLASH_REPORT_ERROR_DAMAGED },
  { "{\"flashwright-report\":\"1\"}", FLASH_REPORT_ERROR_NOT_A_REPORT },
  { "{\"flashwright-report\":0}", FLASH_REPORT_ERROR_NOT_A_REPORT },
  { "{\"flashwright-report\":{}}", FLASH_REPORT_ERROR_NOT_A_REPORT },
  { "{\"flashwright-report\":2}", FLASH_REPORT_ERROR_TOO_NEW },
  { "{\"flashwright-report\":1}", FLASH_REPORT_ERROR_DAMAGED },
  { "{\"flashwright-report\":1,\"sections\":{}}", FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("[]", "[]"), FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("{}", "{}"), FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("{\"Host\":{}}", "[]"), FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("{\"../x\":{}}", "[]"), FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("{\"host\":3}", "[]"), FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("{\"host\":null}", "[]"), FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("{}", "[3]"), FLASH_REPORT_ERROR_DAMAGED },
  { MOMENT (""), FLASH_REPORT_ERROR_DAMAGED },
  { MOMENT ("\"time_ms\":\"1\",\"source\":\"job\",\"text\":\"x\""), FLASH_REPORT_ERROR_DAMAGED },
  { MOMENT ("\"time_ms\":1,\"source\":\"job\""), FLASH_REPORT_ERROR_DAMAGED },
  { MOMENT ("\"time_ms\":1,\"text\":\"x\""), FLASH_REPORT_ERROR_DAMAGED },
  { MOMENT ("\"time_ms\":1,\"source\":\"A job\",\"text\":\"x\""), FLASH_REPORT_ERROR_DAMAGED },
  { MOMENT ("\"time_ms\":1,\"source\":\"job\",\"text\":\"x\",\"code\":\"\""),
    FLASH_REPORT_ERROR_DAMAGED },
  { MOMENT ("\"time_ms\":1,\"source\":\"job\",\"text\":\"x\",\"code\":3"),
    FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("{}", "[] /* \" */"), FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("{}", "[\"\xff\"]"), FLASH_REPORT_ERROR_DAMAGED },
  { WITH ("{}", "[\"\\\"]"), FLASH_REPORT_ERROR_DAMAGED },
};

static void
test_contents (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++) {
    g_autoptr (GByteArray) zip = flash_report_test_pack (contents[i].json);

    g_test_message ("row %u", i);
    flash_report_test_assert_refused (zip, contents[i].code);
  }
}

/* What a newer program adds is kept; what is out of all bounds is brought back. */
static void
test_odd (void)
{
  g_autoptr (GByteArray) zip = flash_report_test_pack (
      "{\"x\":1,\"flashwright-report\":1,\"sections\":{\"weather\":{\"a\":1e999,\"b\":\"\\u001b[\"}"
      "},"
      "\"moments\":[{\"time_ms\":9223372036854775807,\"source\":\"moon\",\"text\":\"a\\nb\","
      "\"colour\":[1]},{\"time_ms\":-9223372036854775807,\"source\":\"job\",\"text\":\"\","
      "\"code\":\"busy\"}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashReport) report = open_bytes (zip, &error);
  GPtrArray *moments;
  g_autofree char *json = NULL;

  g_assert_no_error (error);
  json = json_to_string (flash_report_get_section (report, "weather"), FALSE);
  g_assert_cmpstr (json, ==, "{\"a\":null,\"b\":\"\xef\xbf\xbd[\"}");
  moments = flash_report_get_moments (report);
  g_assert_cmpstr (((FlashReportMoment *) g_ptr_array_index (moments, 0))->code, ==, "busy");
  g_assert_cmpint (((FlashReportMoment *) g_ptr_array_index (moments, 0))->time_ms, <, 0);
  g_assert_cmpstr (((FlashReportMoment *) g_ptr_array_index (moments, 1))->text, ==,
                   "a\xef\xbf\xbd"
                   "b");
  g_assert_cmpint (((FlashReportMoment *) g_ptr_array_index (moments, 1))->time_ms, <,
                   G_MAXINT64 / 1000);
}

static GByteArray *
pack_repeated (const char *piece, guint n)
{
  g_autoptr (GString) json = g_string_new ("{\"flashwright-report\":1,\"sections\":{\"a\":[");

  for (guint i = 0; i < n; i++)
    g_string_append (json, piece);
  g_string_append (json, "]},\"moments\":[]}");
  return flash_report_test_pack (json->str);
}

static void
test_depth (void)
{
  g_autoptr (GByteArray) lists = pack_repeated ("[", 1000000);
  g_autoptr (GByteArray) objects = pack_repeated ("{\"a\":", 1000000);
  g_autoptr (GByteArray) hidden = pack_repeated ("\"\\\"[", 1000000);
  g_autoptr (GByteArray) many = pack_repeated ("[],", 2000000);
  long before = get_peak_kib ();

  flash_report_test_assert_refused (lists, FLASH_REPORT_ERROR_REFUSED);
  flash_report_test_assert_refused (objects, FLASH_REPORT_ERROR_REFUSED);
  flash_report_test_assert_refused (many, FLASH_REPORT_ERROR_REFUSED);
  flash_report_test_assert_refused (hidden, FLASH_REPORT_ERROR_DAMAGED);
  g_assert_cmpint (get_peak_kib () - before, <, MEMORY_KIB);
}

static void
test_no_text (void)
{
  g_autoptr (GByteArray) zip = pack_with (FLASH_REPORT_TEST_FILE, "log.txt", "\x80\x81", 2);
  g_autoptr (GByteArray) zeros = pack_with (FLASH_REPORT_TEST_FILE, "log.txt", NULL, 10);
  g_autoptr (GByteArray) empty = pack_with (FLASH_REPORT_TEST_FILE, "log.txt", NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashReport) report = open_bytes (empty, &error);

  flash_report_test_assert_refused (zip, FLASH_REPORT_ERROR_DAMAGED);
  flash_report_test_assert_refused (zeros, FLASH_REPORT_ERROR_DAMAGED);
  g_assert_no_error (error);
  g_assert_cmpstr (flash_report_get_text (report, "log.txt"), ==, "");
}

/* --- files -------------------------------------------------------------------------------- */

static void
assert_load_fails (const char *path, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_report_load (path, &error));
  g_assert_error (error, domain, code);
  g_assert_false (flash_report_is_report (path) && domain == G_IO_ERROR);
}

static void
test_files (void)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GByteArray) zip = flash_report_test_pack (FLASH_REPORT_TEST_JSON);

  assert_load_fails (path, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_false (flash_report_is_report (folder));
  /* A pipe would keep us waiting for ever. */
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_false (flash_report_is_report (path));
  g_assert_null (flash_report_load (path, NULL));
  g_unlink (path);

  g_assert_true (g_file_set_contents (path, "short", -1, NULL));
  g_assert_false (flash_report_is_report (path));
  assert_load_fails (path, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_NOT_A_REPORT);

  /* Sparse: nothing of it is read. */
  g_assert_cmpint (truncate (path, (off_t) 64 * GIBIBYTE), ==, 0);
  assert_load_fails (path, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_NOT_A_REPORT);
  g_assert_true (g_file_set_contents (path, (const char *) zip->data, (gssize) zip->len, NULL));
  g_assert_true (flash_report_is_report (path));
  g_assert_cmpint (truncate (path, (off_t) 64 * GIBIBYTE), ==, 0);
  assert_load_fails (path, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_REFUSED);
  flash_report_test_remove (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-hostile/good", test_good);
  g_test_add_func ("/report-hostile/bomb", test_bomb);
  g_test_add_func ("/report-hostile/bombs", test_bombs);
  g_test_add_func ("/report-hostile/names", test_names);
  g_test_add_func ("/report-hostile/kinds", test_kinds);
  g_test_add_func ("/report-hostile/encrypted", test_encrypted);
  g_test_add_func ("/report-hostile/many", test_many);
  g_test_add_func ("/report-hostile/method", test_method);
  g_test_add_func ("/report-hostile/two-faces", test_two_faces);
  g_test_add_func ("/report-hostile/cut", test_cut);
  g_test_add_func ("/report-hostile/flipped", test_flipped);
  g_test_add_func ("/report-hostile/not-a-report", test_not_a_report);
  g_test_add_func ("/report-hostile/contents", test_contents);
  g_test_add_func ("/report-hostile/odd", test_odd);
  g_test_add_func ("/report-hostile/depth", test_depth);
  g_test_add_func ("/report-hostile/no-text", test_no_text);
  g_test_add_func ("/report-hostile/files", test_files);
  return g_test_run ();
}
