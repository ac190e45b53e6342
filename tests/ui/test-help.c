/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help: every page that is named exists, every link leads somewhere, the small Markdown is
 * understood. */
#define G_LOG_DOMAIN "test-help"

#include "config.h"

#include "flash-help-advice.h"
#include "flash-app-test.h"

#define HELP_RESOURCES "/io/github/flashwright/Flashwright/help/C"
#define MIN_WORDS 150
#define MAX_WORDS 400

/* --- pages ---------------------------------------------------------------------------------- */

static gboolean
is_page (const char *name)
{
  return g_strv_contains (flash_help_page_list (), name);
}

static guint
count_words (const char *text)
{
  guint n_words = 0;

  for (const char *at = text; *at != '\0'; at++)
    n_words += !g_ascii_isspace (at[0]) && (at[1] == '\0' || g_ascii_isspace (at[1]));
  return n_words;
}

/* Returns: (transfer full): the addresses of all links of @text, in their order */
static GStrv
list_links (const char *text)
{
  g_autoptr (GStrvBuilder) links = g_strv_builder_new ();

  for (const char *at = strstr (text, "]("); at != NULL; at = strstr (at + 1, "](")) {
    const char *end = strchr (at, ')');
    g_autofree char *address = NULL;

    g_assert_nonnull (end);
    address = g_strndup (at + 2, (gsize) (end - at) - 2);
    g_strv_builder_add (links, address);
  }
  return g_strv_builder_end (links);
}

/* Returns: how many links the page has */
static guint
check_links (const char *page, const char *text)
{
  g_auto (GStrv) links = list_links (text);

  for (guint i = 0; links[i] != NULL; i++) {
    g_test_message ("%s: %s", page, links[i]);
    if (g_str_has_prefix (links[i], "help:")) {
      g_assert_true (is_page (links[i] + strlen ("help:")));
      g_assert_cmpstr (links[i] + strlen ("help:"), !=, page);
    } else {
      g_assert_true (g_str_has_prefix (links[i], "https://"));
    }
  }
  return g_strv_length (links);
}

static void
test_pages (void)
{
  const char *const *pages = flash_help_page_list ();
  g_auto (GStrv) files = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; pages[i] != NULL; i++) {
    g_autofree char *text = flash_help_page_dup_text (pages[i]);
    g_autofree char *title = flash_help_page_dup_title (pages[i]);
    g_autoptr (GPtrArray) blocks = NULL;
    guint n_words;

    g_assert_nonnull (text);
    g_assert_true (g_utf8_validate (text, -1, NULL));
    blocks = flash_help_text_parse (text);
    g_assert_cmpint (((const FlashHelpBlock *) g_ptr_array_index (blocks, 0))->kind, ==,
                     FLASH_HELP_TITLE);
    g_assert_true (g_hash_table_add (titles, g_steal_pointer (&title)));
    n_words = count_words (text);
    g_test_message ("%s: %u words", pages[i], n_words);
    g_assert_cmpuint (n_words, >=, MIN_WORDS);
    g_assert_cmpuint (n_words, <=, MAX_WORDS);
    check_links (pages[i], text);
  }
  /* Nothing lies there that cannot be reached. */
  files = g_resources_enumerate_children (HELP_RESOURCES, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (files), ==, g_strv_length ((char **) pages));
}

/* From the index every page is one link away. */
static void
test_index (void)
{
  const char *const *pages = flash_help_page_list ();
  g_autofree char *index = flash_help_page_dup_text (FLASH_HELP_INDEX);

  g_assert_cmpuint (check_links (FLASH_HELP_INDEX, index), ==, g_strv_length ((char **) pages) - 1);
  for (guint i = 0; pages[i] != NULL; i++) {
    g_autofree char *link = g_strconcat ("](help:", pages[i], ")", NULL);

    if (!g_str_equal (pages[i], FLASH_HELP_INDEX))
      g_assert_nonnull (strstr (index, link));
  }
}

/* Each advice has a page, whose texts are those of the table, and which leads to a written page. */
static void
test_advice (void)
{
  const FlashAdvice *advices;
  guint n_advices;

  advices = flash_advice_list (&n_advices);
  g_assert_cmpuint (n_advices, >, 40);
  for (guint i = 0; i < n_advices; i++) {
    g_autofree char *address = g_strconcat (FLASH_HELP_ADVICE_PREFIX, advices[i].code, NULL);
    g_autofree char *link = g_strdup_printf ("](help:%s)", advices[i].help);
    g_autofree char *mark = g_strdup_printf ("`%s`", advices[i].code);
    g_autoptr (GPtrArray) blocks = flash_help_address_load (address);
    g_auto (GStrv) steps = flash_advice_dup_steps (advices[i].remedy);
    const FlashHelpBlock *const *at;

    g_test_message ("%s: %s", advices[i].code, advices[i].help);
    g_assert_true (is_page (advices[i].help));
    g_assert_nonnull (blocks);
    g_assert_cmpuint (blocks->len, ==, 4 + g_strv_length (steps));
    at = (const FlashHelpBlock *const *) blocks->pdata;
    g_assert_cmpint (at[0]->kind, ==, FLASH_HELP_CAUSE);
    g_assert_cmpstr (at[0]->text, ==, advices[i].cause);
    g_assert_nonnull (strstr (at[1]->text, mark));
    for (guint step = 0; steps[step] != NULL; step++)
      g_assert_cmpstr (at[3 + step]->text, ==, steps[step]);
    g_assert_cmpint (at[3]->kind, ==,
                     g_strv_length (steps) > 1 ? FLASH_HELP_STEP : FLASH_HELP_PARAGRAPH);
    g_assert_nonnull (strstr (at[blocks->len - 1]->text, link));
    /* Nothing in it would be taken for marks of the page. */
    g_assert_null (strpbrk (advices[i].cause, "`[]*"));
    g_assert_null (strpbrk (advices[i].remedy, "`[]*"));
  }
}

/* Follows every link, beginning with the index: all of them lead somewhere, and every page, written
 * or made, is found so. */
static void
test_reachable (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (g_free);
  const char *const *pages = flash_help_page_list ();
  const FlashAdvice *advices;
  guint n_advices;

  g_ptr_array_add (open, g_strdup (FLASH_HELP_INDEX));
  while (open->len > 0) {
    g_autofree char *address = g_ptr_array_steal_index (open, open->len - 1);
    g_autoptr (GPtrArray) blocks = NULL;

    if (!g_hash_table_add (seen, g_strdup (address)))
      continue;
    g_test_message ("%s", address);
    blocks = flash_help_address_load (address);
    g_assert_nonnull (blocks);
    for (guint i = 0; i < blocks->len; i++) {
      const FlashHelpBlock *block = g_ptr_array_index (blocks, i);
      g_auto (GStrv) links = list_links (block->text);

      for (guint k = 0; links[k] != NULL; k++)
        if (!g_str_has_prefix (links[k], "https://"))
          g_ptr_array_add (open,
                           g_strdup (links[k] + (g_str_has_prefix (links[k], "help:") ? 5 : 0)));
    }
  }
  for (guint i = 0; pages[i] != NULL; i++)
    g_assert_true (g_hash_table_contains (seen, pages[i]));
  advices = flash_advice_list (&n_advices);
  for (guint i = 0; i < n_advices; i++) {
    g_autofree char *address = g_strconcat (FLASH_HELP_ADVICE_PREFIX, advices[i].code, NULL);

    g_assert_true (g_hash_table_contains (seen, address));
  }
}

/* The folder `xx` of the resources stands for a language with one page. */
static void
test_language (void)
{
  g_autofree char *old = g_strdup (g_getenv ("LANGUAGE"));
  g_autofree char *english = flash_help_page_dup_text ("access");
  g_autofree char *translated = NULL;
  g_autofree char *missing = NULL;
  g_autofree char *regional = NULL;
  g_autofree char *title = NULL;
  g_autoptr (GPtrArray) codes = NULL;

  g_setenv ("LANGUAGE", "xx", TRUE);
  translated = flash_help_page_dup_text ("power");
  missing = flash_help_page_dup_text ("access");
  codes = flash_help_address_load ("codes:power");
  g_setenv ("LANGUAGE", "xx_YY.UTF-8", TRUE);
  regional = flash_help_page_dup_text ("power");
  /* A language without any page, and then one with it. */
  g_setenv ("LANGUAGE", "yy:xx", TRUE);
  title = flash_help_page_dup_title ("power");
  if (old != NULL)
    g_setenv ("LANGUAGE", old, TRUE);
  else
    g_unsetenv ("LANGUAGE");

  g_assert_cmpstr (translated, ==, "# Xxxxx\n\nXxx xxxx xx xxx.\n");
  g_assert_cmpstr (missing, ==, english);
  g_assert_cmpstr (regional, ==, translated);
  g_assert_cmpstr (title, ==, "Xxxxx");
  g_assert_nonnull (
      strstr (((const FlashHelpBlock *) g_ptr_array_index (codes, 0))->text, "Xxxxx"));
  g_assert_true (flash_help_page_matches ("power", "over-current"));
}

static void
test_no_page (void)
{
  g_assert_null (flash_help_page_dup_text ("no-such-page"));
  g_assert_null (flash_help_page_dup_text ("../C/index"));
  g_assert_null (flash_help_page_dup_title ("no-such-page"));
  g_assert_false (flash_help_page_matches ("no-such-page", ""));
  g_assert_null (flash_help_address_load ("no-such-page"));
  g_assert_null (flash_help_address_load ("advice:no-such-code"));
  g_assert_null (flash_help_address_load ("codes:no-such-page"));
  /* A page to which no code belongs. */
  g_assert_null (flash_help_address_load ("codes:index"));
}

/* --- texts ---------------------------------------------------------------------------------- */

static char *
describe (const char *text)
{
  static const char *const kinds[] = { "title", "cause", "heading", "paragraph",
                                       "point", "step",  "code" };
  g_autoptr (GPtrArray) blocks = flash_help_text_parse (text);
  GString *description = g_string_new (NULL);

  for (guint i = 0; i < blocks->len; i++) {
    const FlashHelpBlock *block = g_ptr_array_index (blocks, i);

    g_string_append_printf (description, "<%s", kinds[block->kind]);
    if (block->number != 0)
      g_string_append_printf (description, " %u", block->number);
    g_string_append_printf (description, ":%s>", block->text);
  }
  return g_string_free (description, FALSE);
}

static void
test_parse (void)
{
  static const struct {
    const char *text;
    const char *expected;
  } cases[] = {
    { "", "" },
    { "\n\n", "" },
    { "# One\ntwo\nthree\n", "<title:One><paragraph:two three>" },
    { "one\n\ntwo", "<paragraph:one><paragraph:two>" },
    { "## H\n* a\n  b\n* c\n\nd", "<heading:H><point:a b><point:c><paragraph:d>" },
    { "1. a\n2. b\n   c\n", "<step 1:a><step 2:b c>" },
    { "12. a", "<step 12:a>" },
    { "100. a", "<paragraph:100. a>" },
    { "1.a", "<paragraph:1.a>" },
    { "5 V", "<paragraph:5 V>" },
    { "a\n```\n# b\n  c\n```\nd", "<paragraph:a><code:# b\n  c><paragraph:d>" },
    { "```\nopen", "<code:open>" },
    { "<!-- SPDX -->\n# One", "<title:One>" },
    { "#One", "<paragraph:#One>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *description = describe (cases[i].text);

    g_assert_cmpstr (description, ==, cases[i].expected);
  }
}

static void
test_markup (void)
{
  static const struct {
    const char *text;
    const char *expected;
  } cases[] = {
    { "a < b & c", "a &lt; b &amp; c" },
    { "**bold** and `code <x>`", "<b>bold</b> and <tt>code &lt;x&gt;</tt>" },
    { "[A & B](help:access)", "<a href=\"help:access\">A &amp; B</a>" },
    { "a [b] c", "a [b] c" },
    { "[fwupd] and [x](help:y)", "[fwupd] and <a href=\"help:y\">x</a>" },
    { "open `code", "open `code" },
    { "open **bold", "open **bold" },
    { "3 * 4", "3 * 4" },
    { "[x](help:y", "[x](help:y" },
    { "grün „“", "grün „“" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *markup = flash_help_text_dup_markup (cases[i].text);

    g_assert_cmpstr (markup, ==, cases[i].expected);
    /* A link is the label's affair, not Pango's. */
    g_assert_true (strstr (markup, "<a ") != NULL ||
                   pango_parse_markup (markup, -1, 0, NULL, NULL, NULL, NULL));
  }
}

static void
test_search (void)
{
  g_assert_true (flash_help_page_matches ("access", ""));
  g_assert_true (flash_help_page_matches ("access", "UDEV"));
  g_assert_true (flash_help_page_matches ("access", "fwupd daemon.conf"));
  g_assert_false (flash_help_page_matches ("access", "fwupd xylophone"));
  g_assert_true (flash_help_page_matches ("virtual-machines", "virtualbox"));
  g_assert_true (flash_help_advice_matches (flash_advice_find ("never-came-back"), "CAME-back"));
  g_assert_true (flash_help_advice_matches (flash_advice_find ("never-came-back"), "board left"));
  g_assert_false (flash_help_advice_matches (flash_advice_find ("never-came-back"), "xylophone"));
}

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  g_test_add_func ("/help/pages", test_pages);
  g_test_add_func ("/help/index", test_index);
  g_test_add_func ("/help/advice", test_advice);
  g_test_add_func ("/help/reachable", test_reachable);
  g_test_add_func ("/help/language", test_language);
  g_test_add_func ("/help/no-page", test_no_page);
  g_test_add_func ("/help/parse", test_parse);
  g_test_add_func ("/help/markup", test_markup);
  g_test_add_func ("/help/search", test_search);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
