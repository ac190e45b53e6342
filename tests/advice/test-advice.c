/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-advice.h"

#include "flash-job-error.h"
#include "flash-layout-lint.h"

#include <string.h>

#define MAX_CAUSE 160
#define MAX_STEP 240
#define MAX_STEPS 5

/* The pages of the help in the program. */
static const char *const pages[] = {
  "access",           "boot-switches", "cables-and-hubs",  "cards",   "command-line",
  "console",          "files",         "first-stage",      "layouts", "lost-board",
  "microcontrollers", "power",         "protection",       "reports", "second-stage",
  "storage",          "verification",  "virtual-machines", NULL,
};

/* Stable codes are typed by people and looked up by programs: lower case, digits, hyphens, no
 * doubles. */
static void
test_codes (void)
{
  guint n;
  const FlashAdvice *advices = flash_advice_list (&n);

  g_assert_cmpuint (n, >=, 400);
  for (guint i = 0; i < n; i++) {
    g_assert_cmpuint (strspn (advices[i].code, "abcdefghijklmnopqrstuvwxyz0123456789-"), ==,
                      strlen (advices[i].code));
    if (i > 0)
      g_assert_cmpstr (advices[i - 1].code, <, advices[i].code);
    g_assert_true (flash_advice_find (advices[i].code) == &advices[i]);
  }
}

/* --- reading --------------------------------------------------------------------------------- */

/* What a technician need not read: raw codes, contractions, phrases. */
static void
check_words (const char *text)
{
  static const char *const words[] = { "libusb",    "errno",  "error code", "usbfs",    "dfuerror",
                                       "errvendor", "please", "n't",        "'re ",     "'ve ",
                                       "'ll ",      "it's ",  "that's ",    "there's ", "what's ",
                                       "let's ",    " -1",    "  ",         "todo",     "oops" };
  g_autofree char *lower = g_ascii_strdown (text, -1);

  g_assert_false (g_str_has_prefix (lower, "0x"));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (lower, words[i]) != NULL) {
      g_test_message ("“%s” has “%s”", text, words[i]);
      g_test_fail ();
    }
}

/* One sentence or several, from a capital to a full stop. */
static void
check_sentence (const char *text, glong most)
{
  gunichar first = g_utf8_get_char (text);

  check_words (text);
  g_assert_true (g_unichar_isupper (first));
  g_assert_true (g_str_has_suffix (text, "."));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, most);
}

static void
check_cause (const char *cause)
{
  check_sentence (cause, MAX_CAUSE);
  g_assert_false (g_str_has_prefix (cause, "Error"));
  /* A full stop in the middle would begin a second sentence. */
  for (const char *stop = strstr (cause, ". "); stop != NULL; stop = strstr (stop + 2, ". "))
    g_assert_false (g_ascii_isupper (stop[2]));
}

static void
check_steps (const char *remedy)
{
  g_auto (GStrv) steps = flash_advice_dup_steps (remedy);
  guint n = g_strv_length (steps);

  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, MAX_STEPS);
  for (guint i = 0; i < n; i++)
    check_sentence (steps[i], MAX_STEP);
}

static void
test_reading (void)
{
  guint n;
  const FlashAdvice *advices = flash_advice_list (&n);

  for (guint i = 0; i < n; i++) {
    g_test_message ("%s", advices[i].code);
    check_cause (advices[i].cause);
    check_steps (advices[i].remedy);
    g_assert_nonnull (advices[i].help);
    g_assert_true (g_strv_contains (pages, advices[i].help));
    g_assert_cmpint (advices[i].severity, <=, FLASH_SEVERITY_ERROR);
  }
}

/* Two codes that say the same would be one code. */
static void
test_causes_differ (void)
{
  static const char *const twins[] = { "bad-checksum",   "bad-length", "comment", "cut-off",
                                       "data-after-end", "no-end",     "utf16",   NULL };
  guint n;
  const FlashAdvice *advices = flash_advice_list (&n);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < n; i++) {
    const char *of = strchr (advices[i].code, '-');
    gboolean is_twin = of != NULL && g_strv_contains (twins, of + 1);

    g_test_message ("%s", advices[i].code);
    g_assert_true (g_hash_table_add (seen, (gpointer) advices[i].cause) || is_twin);
  }
}

/* What cannot be undone is said before it is done. */
static void
test_warnings (void)
{
  g_assert_nonnull (strstr (flash_advice_find ("read-protected")->remedy, "erases everything"));
  g_assert_nonnull (strstr (flash_advice_find ("read-refused")->remedy, "erases everything"));
  g_assert_nonnull (strstr (flash_advice_find ("rom-too-fast-host")->remedy, "erases the chip"));
  g_assert_nonnull (strstr (flash_advice_find ("read-protected")->remedy, "another computer"));
  g_assert_nonnull (strstr (flash_advice_find ("read-refused")->remedy, "Do not remove"));
  g_assert_nonnull (strstr (flash_advice_find ("h7-power-setting")->remedy, "is lost"));
  g_assert_nonnull (strstr (flash_advice_find ("option-bytes-unknown")->remedy, "for good"));
}

static void
test_severities (void)
{
  static const struct {
    const char *code;
    FlashSeverity severity;
  } rows[] = {
    { "fsbl-without-usb", FLASH_SEVERITY_WARNING },   { "map-doubtful", FLASH_SEVERITY_ERROR },
    { "modem-manager", FLASH_SEVERITY_INFO },         { "no-empty-check", FLASH_SEVERITY_INFO },
    { "nothing-to-write", FLASH_SEVERITY_ERROR },     { "packed", FLASH_SEVERITY_WARNING },
    { "restarted-from-rom", FLASH_SEVERITY_WARNING }, { "rival-program", FLASH_SEVERITY_WARNING },
    { "too-many-problems", FLASH_SEVERITY_ERROR },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_test_message ("%s", rows[i].code);
    g_assert_cmpint (flash_advice_find (rows[i].code)->severity, ==, rows[i].severity);
  }
}

/* Where the board says nothing, nobody knows. */
static void
test_doubt (void)
{
  g_assert_nonnull (strstr (flash_advice_find ("drive-verify-failed")->remedy, "may be"));
  g_assert_nonnull (strstr (flash_advice_find ("partition-table-refused")->remedy,
                            "digits, “.”, “_” and “-” only"));
  g_assert_null (strstr (flash_advice_find ("came-back-in-rom")->remedy, "boot files"));
}

/* --- steps ----------------------------------------------------------------------------------- */

static void
test_steps (void)
{
  static const struct {
    const char *remedy;
    const char *joined;
  } cases[] = {
    { "Do this.", "Do this." },
    { "Do this.\nDo that.", "Do this.|Do that." },
    { "\n  Do this.  \n\nDo that.\n", "Do this.|Do that." },
    { "", "" },
    { "\n\n", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) steps = flash_advice_dup_steps (cases[i].remedy);
    g_autofree char *joined = g_strjoinv ("|", steps);

    g_assert_cmpuint (g_strv_length (steps), >=, 1);
    g_assert_cmpstr (joined, ==, cases[i].joined);
  }
}

/* --- who else has codes ---------------------------------------------------------------------- */

static void
test_unknown (void)
{
  g_assert_null (flash_advice_find ("no-such-code"));
  g_assert_null (flash_advice_find (""));
}

static void
test_layout_codes (void)
{
  const char *const *codes = flash_layout_lint_list_codes ();

  for (guint i = 0; codes[i] != NULL; i++) {
    g_test_message ("%s", codes[i]);
    g_assert_nonnull (flash_advice_find (codes[i]));
  }
}

static void
test_job_codes (void)
{
  for (gint code = 0; code <= FLASH_JOB_ERROR_WRITTEN_ELSEWHERE; code++) {
    const char *name = flash_job_error_get_name ((FlashJobError) code);

    g_test_message ("%s", name);
    g_assert_nonnull (flash_advice_find (name));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/codes", test_codes);
  g_test_add_func ("/advice/reading", test_reading);
  g_test_add_func ("/advice/causes-differ", test_causes_differ);
  g_test_add_func ("/advice/warnings", test_warnings);
  g_test_add_func ("/advice/severities", test_severities);
  g_test_add_func ("/advice/doubt", test_doubt);
  g_test_add_func ("/advice/steps", test_steps);
  g_test_add_func ("/advice/unknown", test_unknown);
  g_test_add_func ("/advice/layout-codes", test_layout_codes);
  g_test_add_func ("/advice/job-codes", test_job_codes);
  return g_test_run ();
}
