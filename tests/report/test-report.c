/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports that are made, saved and opened again. */
#include "config.h"

#include "flash-report-test.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

static FlashReport *
make (void)
{
  FlashReport *report = flash_report_new ();

  flash_report_add_section (
      report, "host",
      parse ("{\"virtual\":\"kvm\",\"cores\":2,\"ratio\":0.5,\"nothing\":null,"
             "\"flatpak\":false,\"list\":[1,\"two\",{\"three\":3}]}"));
  flash_report_add_section (report, "findings", parse ("[{\"code\":\"full-speed-link\"}]"));
  flash_report_add_text (report, "layout.tsv", "#Opt\tId\r\nP\t0x1\r\n");
  flash_report_add_text (report, "größe.txt", "weiß\n");
  flash_report_add_moment (report, 2000, "port", "gone", NULL);
  flash_report_add_moment (report, 1000, "job", "started", NULL);
  flash_report_add_moment (report, 2000, "advice", "it is a virtual machine", "vm-passthrough");
  return report;
}

static void
assert_same (FlashReport *report)
{
  g_auto (GStrv) sections = flash_report_list_sections (report);
  g_auto (GStrv) texts = flash_report_list_texts (report);
  GPtrArray *moments = flash_report_get_moments (report);
  const FlashReportMoment *moment;
  g_autoptr (JsonNode) host =
      parse ("{\"virtual\":\"kvm\",\"cores\":2,\"ratio\":0.5,\"nothing\":null,\"flatpak\":false,"
             "\"list\":[1,\"two\",{\"three\":3}]}");

  g_assert_cmpstrv (sections, ((const char *const[]){ "findings", "host", NULL }));
  g_assert_cmpstrv (texts, ((const char *const[]){ "größe.txt", "layout.tsv", NULL }));
  g_assert_true (json_node_equal (flash_report_get_section (report, "host"), host));
  g_assert_null (flash_report_get_section (report, "board"));
  g_assert_cmpstr (flash_report_get_text (report, "layout.tsv"), ==, "#Opt\tId\r\nP\t0x1\r\n");
  g_assert_cmpstr (flash_report_get_text (report, "größe.txt"), ==, "weiß\n");
  g_assert_null (flash_report_get_text (report, "log.txt"));
  g_assert_cmpuint (moments->len, ==, 3);
  moment = g_ptr_array_index (moments, 0);
  g_assert_cmpint (moment->time_ms, ==, 1000);
  g_assert_cmpstr (moment->text, ==, "started");
  g_assert_null (moment->code);
  /* Of the same time, what was said first. */
  moment = g_ptr_array_index (moments, 1);
  g_assert_cmpstr (moment->source, ==, "port");
  moment = g_ptr_array_index (moments, 2);
  g_assert_cmpstr (moment->source, ==, "advice");
  g_assert_cmpstr (moment->code, ==, "vm-passthrough");
}

static void
test_round_trip (void)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autoptr (FlashReport) report = make ();
  g_autoptr (FlashReport) loaded = NULL;
  g_autoptr (GError) error = NULL;

  assert_same (report);
  g_assert_false (flash_report_is_report (path));
  g_assert_true (flash_report_save (report, path, &error));
  g_assert_no_error (error);
  g_assert_true (flash_report_is_report (path));
  loaded = flash_report_load (path, &error);
  g_assert_no_error (error);
  assert_same (loaded);
  flash_report_test_remove (path);
}

static char *
save_and_sum (FlashReport *report)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autofree char *contents = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;
  char *sum;

  g_assert_true (flash_report_save (report, path, &error));
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) contents, length);
  flash_report_test_remove (path);
  return sum;
}

/* Neither the clock, nor the place, nor the language gets into it, nor the order in which things
 * were added; and opening it does not change it. */
static void
test_same_bytes (void)
{
  g_autoptr (FlashReport) report = make ();
  g_autofree char *sum = save_and_sum (report);
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autoptr (FlashReport) loaded = NULL;
  g_autofree char *again = NULL;
  g_autofree char *elsewhere = NULL;
  g_autofree char *after = NULL;

  g_setenv ("TZ", "Asia/Tokyo", TRUE);
  tzset ();
  again = save_and_sum (report);
  g_assert_cmpstr (again, ==, sum);
  g_unsetenv ("TZ");
  tzset ();
  setlocale (LC_ALL, "");
  elsewhere = save_and_sum (report);
  setlocale (LC_ALL, "C");
  g_assert_cmpstr (elsewhere, ==, sum);

  g_assert_true (flash_report_save (report, path, NULL));
  loaded = flash_report_load (path, NULL);
  after = save_and_sum (loaded);
  g_assert_cmpstr (after, ==, sum);
  flash_report_test_remove (path);
}

static void
test_replace (void)
{
  g_autoptr (FlashReport) report = make ();
  g_autoptr (FlashReport) other = flash_report_ref (report);
  g_auto (GStrv) texts = NULL;

  flash_report_add_section (report, "host", parse ("[]"));
  flash_report_add_text (other, "layout.tsv", "new");
  g_assert_true (JSON_NODE_HOLDS_ARRAY (flash_report_get_section (report, "host")));
  g_assert_cmpstr (flash_report_get_text (report, "layout.tsv"), ==, "new");
  texts = flash_report_list_texts (report);
  g_assert_cmpuint (g_strv_length (texts), ==, 2);
}

/* --- what does not get in ----------------------------------------------------------------- */

static void
test_clean (void)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autofree char *json = NULL;
  const FlashReportMoment *moment;

  flash_report_add_section (report, "board",
                            parse ("{\"a\\u001b\":\"b\\u0007\\n\\u202ec\",\"a\\u001c\":1}"));
  flash_report_add_text (report, "log.txt", "a\x1b[31m\tb\r\nc\rd\xff\n");
  flash_report_add_moment (report, 0, "console", "one\ntwo\x1b", NULL);
  json = json_to_string (flash_report_get_section (report, "board"), FALSE);
  g_assert_cmpstr (json, ==,
                   "{\"a\xef\xbf\xbd\":\"b\xef\xbf\xbd\\n\xef\xbf\xbd"
                   "c\",\"a\xef\xbf\xbd-2\":1}");
  g_assert_cmpstr (flash_report_get_text (report, "log.txt"), ==,
                   "a\xef\xbf\xbd[31m\tb\r\nc\xef\xbf\xbd"
                   "d\xef\xbf\xbd\n");
  moment = g_ptr_array_index (flash_report_get_moments (report), 0);
  g_assert_cmpstr (moment->text, ==, "one\xef\xbf\xbdtwo\xef\xbf\xbd");
}

static void
test_names (void)
{
  static const struct {
    const char *name;
    const char *safe;
  } rows[] = {
    { "layout.tsv", "layout.tsv" },
    { "a b (c).txt", "a b (c).txt" },
    { "../../etc/passwd", "_._.._etc_passwd" },
    { "/abs", "_abs" },
    { "C:\\x", "C__x" },
    { ".hidden", "_hidden" },
    { "dot.", "dot_" },
    { "what?*\"<>|", "what______" },
    { "", "_" },
    { "..", "__" },
    { "bell\a", "bell\xef\xbf\xbd" },
  };
  g_autofree char *long_name = g_strnfill (90, 'x');
  g_autofree char *wide = g_strconcat (long_name, "ääääääääääääääääääää", NULL);
  g_autofree char *cut = _flash_report_dup_name (wide);
  g_autofree char *again = _flash_report_dup_name (cut);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *safe = _flash_report_dup_name (rows[i].name);

    g_assert_cmpstr (safe, ==, rows[i].safe);
  }
  g_assert_cmpuint (strlen (cut), <=, 100);
  g_assert_true (g_utf8_validate (cut, -1, NULL));
  g_assert_cmpstr (cut, ==, again);
}

static void
test_numbers (void)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();
  g_autofree char *json = NULL;

  json_array_add_double_element (array, 1.0 / 0.0);
  json_array_add_int_element (array, G_MININT64);
  json_array_add_boolean_element (array, TRUE);
  json_node_take_array (node, array);
  flash_report_add_section (report, "numbers", node);
  json = json_to_string (flash_report_get_section (report, "numbers"), FALSE);
  g_assert_cmpstr (json, ==, "[null,-9223372036854775808,true]");
}

/* --- bounds ------------------------------------------------------------------------------- */

static void
test_long_moment (void)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (GString) text = g_string_new ("start");
  g_autofree char *word = g_strnfill (5000, 'y');
  GPtrArray *moments = flash_report_get_moments (report);
  const FlashReportMoment *moment;

  while (text->len < 990)
    g_string_append (text, " word");
  g_string_append (text, " /home/somebody/secret");
  flash_report_add_moment (report, 0, "job", text->str, NULL);
  moment = g_ptr_array_index (moments, 0);
  /* No half words: they could be half of a name. */
  g_assert_true (g_str_has_suffix (moment->text, " word …"));
  flash_report_add_moment (report, 1, "job", moment->text, NULL);
  g_assert_cmpstr (((FlashReportMoment *) g_ptr_array_index (moments, 1))->text, ==, moment->text);
  flash_report_add_moment (report, 2, "job", word, NULL);
  g_assert_cmpstr (((FlashReportMoment *) g_ptr_array_index (moments, 2))->text, ==, " …");
}

static void
test_many_moments (void)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (FlashReport) loaded = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *moments;
  const FlashReportMoment *last;

  for (guint i = 0; i < FLASH_REPORT_MAX_MOMENTS + 100; i++)
    flash_report_add_moment (report, i, "console",
                             "\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\"
                             "\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\",
                             "never-came-back");
  moments = flash_report_get_moments (report);
  g_assert_cmpuint (moments->len, ==, FLASH_REPORT_MAX_MOMENTS);
  last = g_ptr_array_index (moments, moments->len - 1);
  g_assert_nonnull (strstr (last->text, "there was more"));
  g_assert_true (flash_report_save (report, path, &error));
  g_assert_no_error (error);
  loaded = flash_report_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flash_report_get_moments (loaded)->len, ==, FLASH_REPORT_MAX_MOMENTS);
  flash_report_test_remove (path);
}

static void
test_fat_moments (void)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autofree char *text = g_strnfill (FLASH_REPORT_MAX_MOMENT_CHARS, 'x');
  GPtrArray *moments = flash_report_get_moments (report);

  for (guint i = 0; i < 5000; i++)
    flash_report_add_moment (report, i, "job", text, NULL);
  g_assert_cmpuint (moments->len, >, 2000);
  g_assert_cmpuint (moments->len, <, 2200);
}

static void
test_large_texts (void)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (FlashReport) loaded = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < FLASH_REPORT_MAX_ENTRY_BYTES + 1000)
    g_string_append (text, "another line of the log\n");
  for (guint i = 0; i < FLASH_REPORT_MAX_ENTRIES - 1; i++) {
    g_autofree char *name = g_strdup_printf ("log-%02u.txt", i);

    /* Two of them take all the room there is. */
    flash_report_add_text (report, name, i < 3 ? text->str : "one line\n\n\n\n\n\n\n\n\n\n");
  }
  g_assert_true (g_str_has_suffix (flash_report_get_text (report, "log-00.txt"),
                                   "another line of the log\n[cut: there were 8389608 bytes]\n"));
  g_assert_cmpuint (strlen (flash_report_get_text (report, "log-00.txt")), <=,
                    FLASH_REPORT_MAX_ENTRY_BYTES);
  g_assert_true (g_str_has_prefix (flash_report_get_text (report, "log-30.txt"), "\n[cut: "));
  g_assert_true (flash_report_save (report, path, &error));
  g_assert_no_error (error);
  loaded = flash_report_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (flash_report_get_text (loaded, "log-01.txt"), ==,
                   flash_report_get_text (report, "log-01.txt"));
  flash_report_test_remove (path);
}

static void
test_large_facts (void)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (FLASH_REPORT_MAX_ENTRY_BYTES, 'x');
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, json_array_new ());
  json_array_add_string_element (json_node_get_array (node), text);
  flash_report_add_section (report, "host", node);
  g_assert_false (flash_report_save (report, path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  flash_report_test_remove (path);
}

/* --- saving that fails -------------------------------------------------------------------- */

static void
test_no_folder (void)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autofree char *below = g_build_filename (path, "report.zip", NULL);
  g_autoptr (FlashReport) report = make ();
  g_autoptr (GError) error = NULL;

  g_assert_false (flash_report_save (report, below, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_prefix (error->message, "report.zip: there is no folder"));
  flash_report_test_remove (path);
}

static void
test_no_right (void)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (FlashReport) report = make ();
  g_autoptr (GError) error = NULL;
  uid_t me = geteuid ();

  g_assert_cmpint (g_chmod (folder, 0555), ==, 0);
  /* Nothing stops the superuser. */
  if (me == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  g_assert_false (flash_report_save (report, path, &error));
  if (me == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_true (g_str_has_prefix (error->message, "report.zip: no file can be made in"));
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  flash_report_test_remove (path);
}

/* A bound on the size of files stands in for a disk that is full. What was there stays. */
static void
test_full (void)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autoptr (FlashReport) report = make ();
  g_autoptr (GError) error = NULL;
  struct rlimit old, small;
  g_autofree char *contents = NULL;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = 100;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (flash_report_save (report, path, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  signal (SIGXFSZ, SIG_DFL);
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_true (g_str_has_prefix (error->message, "report.zip: cannot write the file"));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "old");
  flash_report_test_remove (path);
}

/* A computer with the name of one of our words: codes and names of members stay what they are, and
 * the name goes everywhere else. */
static void
test_own_words (void)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (FlashReport) private = NULL;
  const FlashReportPrivacy all = { .user = TRUE, .host = TRUE, .serials = TRUE };
  JsonObject *object;
  FlashReportMoment *moment;

  flash_report_add_secret (report, "host", "virtual");
  flash_report_add_section (
      report, "host",
      parse ("{\"virtual\":\"on virtual\",\"code\":\"virtual-machine\",\"notes\":"
             "[\"virtual-machine\",\"maria@virtual\"]}"));
  flash_report_add_moment (report, 1, "advice", "virtual says [virtual-machine]",
                           "virtual-machine");
  private = flash_report_make_private (report, &all);
  object = json_node_get_object (flash_report_get_section (private, "host"));
  g_assert_cmpstr (json_object_get_string_member (object, "virtual"), ==, "on <host>");
  g_assert_cmpstr (json_object_get_string_member (object, "code"), ==, "virtual-machine");
  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (object, "notes"), 0), ==,
      "virtual-machine");
  g_assert_null (
      strstr (json_array_get_string_element (json_object_get_array_member (object, "notes"), 1),
              "virtual"));
  moment = g_ptr_array_index (flash_report_get_moments (private), 0);
  g_assert_cmpstr (moment->code, ==, "virtual-machine");
  g_assert_cmpstr (moment->text, ==, "<host> says [virtual-machine]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/round-trip", test_round_trip);
  g_test_add_func ("/report/own-words", test_own_words);
  g_test_add_func ("/report/same-bytes", test_same_bytes);
  g_test_add_func ("/report/replace", test_replace);
  g_test_add_func ("/report/clean", test_clean);
  g_test_add_func ("/report/names", test_names);
  g_test_add_func ("/report/numbers", test_numbers);
  g_test_add_func ("/report/long-moment", test_long_moment);
  g_test_add_func ("/report/many-moments", test_many_moments);
  g_test_add_func ("/report/fat-moments", test_fat_moments);
  g_test_add_func ("/report/large-texts", test_large_texts);
  g_test_add_func ("/report/large-facts", test_large_facts);
  g_test_add_func ("/report/no-folder", test_no_folder);
  g_test_add_func ("/report/no-right", test_no_right);
  g_test_add_func ("/report/full", test_full);
  return g_test_run ();
}
