/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-diag.h"

static void
test_fields (void)
{
  g_autoptr (FlashDiagList) list = flash_diag_list_new ();
  FlashDiag *diag =
      flash_diag_list_add (list, FLASH_SEVERITY_ERROR, "image-too-large", 7, 6,
                           "The file is {0}, its slot holds {1}.", "2 MiB", "1 MiB", NULL);
  g_autofree char *message = flash_diag_dup_message (diag, NULL);
  g_autofree char *no_fix = flash_diag_dup_fix (diag, NULL);
  g_autofree char *fix = NULL;

  g_assert_cmpint (flash_diag_get_severity (diag), ==, FLASH_SEVERITY_ERROR);
  g_assert_cmpstr (flash_diag_get_code (diag), ==, "image-too-large");
  g_assert_cmpuint (flash_diag_get_line (diag), ==, 7);
  g_assert_cmpuint (flash_diag_get_column (diag), ==, 6);
  g_assert_cmpstr (message, ==, "The file is 2 MiB, its slot holds 1 MiB.");
  g_assert_null (no_fix);
  g_assert_null (flash_diag_get_device_text (diag));

  g_assert_null (flash_diag_get_cell (diag));
  flash_diag_set_cell (diag, "0x4400");
  flash_diag_set_cell (diag, "0x80000");
  g_assert_cmpstr (flash_diag_get_cell (diag), ==, "0x80000");
  flash_diag_set_cell (diag, "\xff");
  g_assert_null (flash_diag_get_cell (diag));
  flash_diag_set_fix (diag, "Move {0}.", "it", NULL);
  flash_diag_set_fix (diag, "Move line {0} to {1}.", "8", "0x80000", NULL);
  flash_diag_set_device_text (diag, "first");
  flash_diag_set_device_text (diag, "Layout: too many partition (%d)");
  fix = flash_diag_dup_fix (diag, NULL);
  g_assert_cmpstr (fix, ==, "Move line 8 to 0x80000.");
  g_assert_cmpstr (flash_diag_get_device_text (diag), ==, "Layout: too many partition (%d)");
}

typedef struct {
  const char *template_text;
  const char *message; /* with the values "a" and "{0}" */
} Template;

static const Template templates[] = {
  { "", "" },           { "plain", "plain" },
  { "{0}", "a" },       { "{1}{0}{1}", "{0}a{0}" }, /* values are not looked into */
  { "{2}", "{2}" }, /* there is no such value */
  { "{9}", "{9}" },     { "{", "{" },
  { "{0", "{0" },       { "{}", "{}" },
  { "{a}", "{a}" },     { "{00}", "{00}" },
  { "{{0}}", "{a}" },   { "100 % of {0} %s", "100 % of a %s" },
  { "é{0}漢", "éa漢" },
};

static void
test_templates (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (templates); i++) {
    g_autoptr (FlashDiagList) list = flash_diag_list_new ();
    FlashDiag *diag = flash_diag_list_add (list, FLASH_SEVERITY_INFO, "test", 0, 0,
                                           templates[i].template_text, "a", "{0}", NULL);
    g_autofree char *message = flash_diag_dup_message (diag, NULL);

    g_assert_cmpstr (message, ==, templates[i].message);
  }
}

static const char *
translate (const char *text)
{
  return g_str_equal (text, "{0} of {1}") ? "von {1} ist es {0}" : "Mach {0}.";
}

/* Another language may need the values in another order. */
static void
test_translate (void)
{
  g_autoptr (FlashDiagList) list = flash_diag_list_new ();
  FlashDiag *diag =
      flash_diag_list_add (list, FLASH_SEVERITY_INFO, "test", 0, 0, "{0} of {1}", "1", "2", NULL);
  g_autofree char *message = flash_diag_dup_message (diag, translate);
  g_autofree char *fix = NULL;

  flash_diag_set_fix (diag, "Do {0}.", "das", NULL);
  fix = flash_diag_dup_fix (diag, translate);
  g_assert_cmpstr (message, ==, "von 2 ist es 1");
  g_assert_cmpstr (fix, ==, "Mach das.");
}

static void
test_list (void)
{
  g_autoptr (FlashDiagList) list = flash_diag_list_new ();
  FlashDiagList *again = flash_diag_list_ref (list);

  g_assert_cmpuint (flash_diag_list_get_length (list), ==, 0);
  g_assert_null (flash_diag_list_find (list, "first"));
  flash_diag_list_sort (list);

  flash_diag_list_add (list, FLASH_SEVERITY_ERROR, "first", 1, 0, "text", NULL);
  flash_diag_list_add (list, FLASH_SEVERITY_WARNING, "second", 2, 0, "text", NULL);
  flash_diag_list_add (list, FLASH_SEVERITY_ERROR, "second", 3, 0, "text", NULL);
  g_assert_cmpuint (flash_diag_list_get_length (list), ==, 3);
  g_assert_true (flash_diag_list_find (list, "second") == flash_diag_list_get (list, 1));
  g_assert_null (flash_diag_list_find (list, "third"));
  g_assert_cmpuint (flash_diag_list_count (list, FLASH_SEVERITY_ERROR), ==, 2);
  g_assert_cmpuint (flash_diag_list_count (list, FLASH_SEVERITY_WARNING), ==, 1);
  g_assert_cmpuint (flash_diag_list_count (list, FLASH_SEVERITY_INFO), ==, 0);
  flash_diag_list_unref (again);
}

typedef struct {
  const char *code;
  guint line;
  guint column;
} Place;

/* In the order in which they are added, and in the order in which they must come out. */
static const Place added[] = {
  { "e", 2, 1 }, { "f", 2, 1 }, { "d", 2, 0 }, { "g", 10, 3 },
  { "a", 0, 0 }, { "c", 1, 9 }, { "b", 0, 0 }, { "h", 10, 4 },
};

static void
test_sort (void)
{
  g_autoptr (FlashDiagList) list = flash_diag_list_new ();
  g_autoptr (GString) codes = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (added); i++)
    flash_diag_list_add (list, FLASH_SEVERITY_INFO, added[i].code, added[i].line, added[i].column,
                         "text", NULL);
  flash_diag_list_sort (list);
  flash_diag_list_sort (list);
  for (guint i = 0; i < flash_diag_list_get_length (list); i++)
    g_string_append (codes, flash_diag_get_code (flash_diag_list_get (list, i)));
  g_assert_cmpstr (codes->str, ==, "abcdefgh");
}

/* A hostile file cannot fill the memory. */
static void
test_limit (void)
{
  g_autoptr (FlashDiagList) list = flash_diag_list_new ();
  const FlashDiag *last;
  g_autofree char *message = NULL;

  for (guint i = 0; i < FLASH_DIAG_LIST_MAX; i++)
    flash_diag_list_add (list, FLASH_SEVERITY_INFO, "one-of-many", 9, 9, "text", NULL);
  g_assert_null (flash_diag_list_find (list, "too-many-problems"));

  for (guint i = 0; i < 10; i++) {
    FlashDiag *diag = flash_diag_list_add (list, FLASH_SEVERITY_INFO, "one-more", 9, 9, "text {0}",
                                           "value", NULL);

    g_assert_cmpstr (flash_diag_get_code (diag), ==, "too-many-problems");
    flash_diag_set_fix (diag, "Start with the first.", NULL);
    flash_diag_set_device_text (diag, "text");
  }
  g_assert_cmpuint (flash_diag_list_get_length (list), ==, FLASH_DIAG_LIST_MAX + 1);
  last = flash_diag_list_get (list, FLASH_DIAG_LIST_MAX);
  g_assert_cmpint (flash_diag_get_severity (last), ==, FLASH_SEVERITY_ERROR);
  g_assert_cmpuint (flash_diag_get_line (last), ==, 0);
  message = flash_diag_dup_message (last, NULL);
  g_assert_cmpstr (message, ==, "There are more problems than can be listed.");
  /* The remedies of what is not listed are not its own. */
  g_assert_null (flash_diag_dup_fix (last, NULL));
}

static void
test_late_device_text (void)
{
  g_autoptr (FlashDiagList) list = flash_diag_list_new ();

  for (guint i = 0; i < 3; i++)
    flash_diag_list_add (list, FLASH_SEVERITY_INFO, "one-of-many", i, 0, "text", NULL);
  flash_diag_list_set_device_text (list, 1, "first");
  flash_diag_list_set_device_text (list, 1, "words");
  for (guint i = 0; i < 3; i++)
    g_assert_cmpstr (flash_diag_get_device_text (flash_diag_list_get (list, i)), ==,
                     i == 1 ? "words" : NULL);
}

static void
test_add_at (void)
{
  g_autoptr (FlashDiagList) from = flash_diag_list_new ();
  g_autoptr (FlashDiagList) to = flash_diag_list_new ();
  FlashDiag *diag =
      flash_diag_list_add (from, FLASH_SEVERITY_WARNING, "packed", 0, 0, "It is {0}.", "gz", NULL);
  FlashDiag *copy;
  g_autofree char *message = NULL;
  g_autofree char *fix = NULL;

  flash_diag_set_fix (diag, "Use {0}.", "gunzip", NULL);
  flash_diag_set_device_text (diag, "text");
  copy = flash_diag_list_add_at (to, diag, 7, 6);
  g_clear_pointer (&from, flash_diag_list_unref);
  message = flash_diag_dup_message (copy, NULL);
  fix = flash_diag_dup_fix (copy, NULL);
  g_assert_cmpint (flash_diag_get_severity (copy), ==, FLASH_SEVERITY_WARNING);
  g_assert_cmpstr (flash_diag_get_code (copy), ==, "packed");
  g_assert_cmpuint (flash_diag_get_line (copy), ==, 7);
  g_assert_cmpuint (flash_diag_get_column (copy), ==, 6);
  g_assert_cmpstr (message, ==, "It is gz.");
  g_assert_cmpstr (fix, ==, "Use gunzip.");
  g_assert_cmpstr (flash_diag_get_device_text (copy), ==, "text");
}

/* A full list into a full list: nothing grows, nothing leaks, and the last one says why. */
static void
test_add_at_limit (void)
{
  g_autoptr (FlashDiagList) from = flash_diag_list_new ();
  g_autoptr (FlashDiagList) to = flash_diag_list_new ();

  for (guint i = 0; i < FLASH_DIAG_LIST_MAX + 5; i++) {
    FlashDiag *diag =
        flash_diag_list_add (from, FLASH_SEVERITY_INFO, "one-of-many", 0, 0, "text", NULL);

    flash_diag_set_fix (diag, "Do {0}.", "it", NULL);
    flash_diag_set_device_text (diag, "text");
  }
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < flash_diag_list_get_length (from); i++)
      flash_diag_list_add_at (to, flash_diag_list_get (from, i), 1, 1);
  g_assert_cmpuint (flash_diag_list_get_length (to), ==, FLASH_DIAG_LIST_MAX + 1);
  g_assert_cmpstr (flash_diag_get_code (flash_diag_list_get (to, FLASH_DIAG_LIST_MAX)), ==,
                   "too-many-problems");
}

/* As in the JSON contract. */
static void
test_severity_names (void)
{
  g_assert_cmpstr (flash_severity_get_name (FLASH_SEVERITY_INFO), ==, "info");
  g_assert_cmpstr (flash_severity_get_name (FLASH_SEVERITY_WARNING), ==, "warning");
  g_assert_cmpstr (flash_severity_get_name (FLASH_SEVERITY_ERROR), ==, "error");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diag/fields", test_fields);
  g_test_add_func ("/diag/templates", test_templates);
  g_test_add_func ("/diag/translate", test_translate);
  g_test_add_func ("/diag/list", test_list);
  g_test_add_func ("/diag/sort", test_sort);
  g_test_add_func ("/diag/limit", test_limit);
  g_test_add_func ("/diag/late-device-text", test_late_device_text);
  g_test_add_func ("/diag/add-at", test_add_at);
  g_test_add_func ("/diag/add-at-limit", test_add_at_limit);
  g_test_add_func ("/diag/severity-names", test_severity_names);
  return g_test_run ();
}
