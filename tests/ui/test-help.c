/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help: every page that is named exists, every link leads somewhere, the small Markdown is
 * understood, and the window finds and shows it. */
#define G_LOG_DOMAIN "test-help"

#include "config.h"

#include "flash-advice.h"
#include "flash-help-text.h"
#include "flash-help-window.h"
#include "flash-memory-bench.h"

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

/* Returns: how many links the page has */
static guint
check_links (const char *page, const char *text)
{
  guint n_links = 0;

  for (const char *at = strstr (text, "]("); at != NULL; at = strstr (at + 1, "](")) {
    const char *end = strchr (at, ')');
    g_autofree char *address = NULL;

    g_assert_nonnull (end);
    address = g_strndup (at + 2, (gsize) (end - at) - 2);
    g_test_message ("%s: %s", page, address);
    if (g_str_has_prefix (address, "help:")) {
      g_assert_true (is_page (address + strlen ("help:")));
      g_assert_cmpstr (address + strlen ("help:"), !=, page);
    } else {
      g_assert_true (g_str_has_prefix (address, "https://"));
    }
    n_links++;
  }
  return n_links;
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

/* Each advice names a page. */
static void
test_advice (void)
{
  const FlashAdvice *advices;
  guint n_advices;

  advices = flash_advice_list (&n_advices);
  g_assert_cmpuint (n_advices, >, 40);
  for (guint i = 0; i < n_advices; i++) {
    g_test_message ("%s: %s", advices[i].code, advices[i].help);
    g_assert_nonnull (advices[i].help);
    g_assert_true (is_page (advices[i].help));
  }
}

static void
test_no_page (void)
{
  g_assert_null (flash_help_page_dup_text ("no-such-page"));
  g_assert_null (flash_help_page_dup_text ("../C/index"));
  g_assert_null (flash_help_page_dup_title ("no-such-page"));
  g_assert_false (flash_help_page_matches ("no-such-page", ""));
}

/* --- texts ---------------------------------------------------------------------------------- */

static char *
describe (const char *text)
{
  static const char *const kinds[] = { "title", "heading", "paragraph", "point", "step", "code" };
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
}

/* --- the window ----------------------------------------------------------------------------- */

static GtkWidget *
get_window (void)
{
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW) != NULL);
  return flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW);
}

/* Returns: whether that page is shown */
static gboolean
shows (GtkWidget *window, const char *page)
{
  g_autofree char *title = flash_help_page_dup_title (page);
  GtkWidget *box = flash_ui_find_named (window, "page_box");

  return box != NULL && flash_ui_find_widget (box, GTK_TYPE_LABEL, title) != NULL;
}

/* Returns: (transfer none): the label of the page with that link */
static GtkWidget *
find_link (GtkWidget *window, const char *address)
{
  GtkWidget *box = flash_memory_bench_get (window, "page_box");

  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *label = GTK_IS_BOX (child) ? gtk_widget_get_last_child (child) : child;

    if (GTK_IS_LABEL (label) && strstr (gtk_label_get_label (GTK_LABEL (label)), address) != NULL)
      return label;
  }
  g_assert_not_reached ();
}

/* Follows a link, as a press on it would. */
static void
follow (GtkWidget *window, const char *address)
{
  gboolean is_done = FALSE;

  g_signal_emit_by_name (find_link (window, address), "activate-link", address, &is_done);
  g_assert_true (is_done);
}

static void
test_window (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;

  if (flash_ui_has_input ())
    flash_ui_press_keys ("F1");
  else
    gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.help", "s", FLASH_HELP_INDEX);
  window = get_window ();
  g_assert_true (shows (window, FLASH_HELP_INDEX));
  g_assert_false (flash_memory_bench_has (window, "back_button"));
  follow (window, "help:access");
  g_assert_true (shows (window, "access"));
  follow (window, "help:virtual-machines");
  g_assert_true (shows (window, "virtual-machines"));
  flash_memory_bench_press (window, "back_button");
  g_assert_true (shows (window, "access"));
  flash_memory_bench_press (window, "back_button");
  g_assert_true (shows (window, FLASH_HELP_INDEX));
  g_assert_false (flash_memory_bench_has (window, "back_button"));
  /* A page that another version may have had. */
  flash_help_window_show (GTK_WINDOW (fixture->window), "access");
  g_assert_true (get_window () == window);
  flash_help_window_show (GTK_WINDOW (window), "no-such-page");
  g_assert_true (shows (window, FLASH_HELP_INDEX));
  flash_memory_bench_close (window);
}

static guint
count_rows (GtkWidget *window)
{
  GtkListBox *list = flash_memory_bench_get (window, "list");
  GtkListBoxRow *row;
  guint n_rows = 0;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++)
    n_rows += gtk_widget_get_child_visible (GTK_WIDGET (row));
  return n_rows;
}

static void
test_window_search (FlashAppFixture *fixture, gconstpointer unused)
{
  guint n_pages = g_strv_length ((char **) flash_help_page_list ());
  GtkWidget *window;
  GtkListBoxRow *row;

  flash_help_window_show (GTK_WINDOW (fixture->window), "power");
  window = get_window ();
  g_assert_true (shows (window, "power"));
  g_assert_cmpuint (count_rows (window), ==, n_pages);
  flash_memory_bench_type (window, "search_entry", "dialout");
  flash_ui_wait_until (count_rows (window) == 1);
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "activate");
  g_assert_true (shows (window, "console"));
  flash_memory_bench_type (window, "search_entry", "xylophone");
  flash_ui_wait_until (count_rows (window) == 0);
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "activate");
  g_assert_true (shows (window, "console"));
  flash_memory_bench_type (window, "search_entry", "");
  flash_ui_wait_until (count_rows (window) == n_pages);
  row = gtk_list_box_get_row_at_index (flash_memory_bench_get (window, "list"), 1);
  gtk_list_box_select_row (flash_memory_bench_get (window, "list"), row);
  g_assert_true (shows (window, flash_help_page_list ()[1]));
  flash_memory_bench_close (window);
}

/* In a narrow window the page covers the list, and there is a way back to it. */
static void
test_window_narrow (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  GtkListBoxRow *row;

  flash_help_window_show (GTK_WINDOW (fixture->window), "access");
  window = get_window ();
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 600);
  flash_ui_wait_until (flash_memory_bench_has (window, "back_button"));
  flash_ui_settle (window, 60);
  g_assert_cmpint (gtk_widget_get_width (window), <=, 372);
  flash_memory_bench_press (window, "back_button");
  flash_ui_wait_until (flash_memory_bench_has (window, "search_entry") &&
                       !flash_memory_bench_has (window, "page_box"));
  g_assert_false (flash_memory_bench_has (window, "back_button"));
  row = gtk_list_box_get_row_at_index (flash_memory_bench_get (window, "list"), 3);
  /* The arrow keys pass rows by; Return and a press open one. */
  gtk_list_box_select_row (flash_memory_bench_get (window, "list"), row);
  g_assert_false (shows (window, flash_help_page_list ()[3]));
  g_signal_emit_by_name (row, "activate");
  flash_ui_wait_until (flash_memory_bench_has (window, "page_box"));
  g_assert_true (shows (window, flash_help_page_list ()[3]));
  g_signal_emit_by_name (flash_memory_bench_get (window, "list_button"), "clicked");
  flash_ui_wait_until (!flash_memory_bench_has (window, "page_box"));
  flash_memory_bench_close (window);
}

static void
test_window_code (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window, *label, *button;
  GdkContentProvider *content;
  g_auto (GValue) value = G_VALUE_INIT;

  flash_help_window_show (GTK_WINDOW (fixture->window), "console");
  window = get_window ();
  label = flash_ui_find_widget (window, GTK_TYPE_LABEL, "sudo usermod -aG dialout \"$USER\"");
  g_assert_nonnull (label);
  button = gtk_widget_get_last_child (gtk_widget_get_ancestor (label, GTK_TYPE_BOX));
  g_signal_emit_by_name (button, "clicked");
  content = gdk_clipboard_get_content (gtk_widget_get_clipboard (window));
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "sudo usermod -aG dialout \"$USER\"");
  flash_memory_bench_close (window);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  g_test_add_func ("/help/pages", test_pages);
  g_test_add_func ("/help/index", test_index);
  g_test_add_func ("/help/advice", test_advice);
  g_test_add_func ("/help/no-page", test_no_page);
  g_test_add_func ("/help/parse", test_parse);
  g_test_add_func ("/help/markup", test_markup);
  g_test_add_func ("/help/search", test_search);
  ADD ("/help/window", test_window);
  ADD ("/help/window-search", test_window_search);
  ADD ("/help/window-narrow", test_window_narrow);
  ADD ("/help/window-code", test_window_code);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
