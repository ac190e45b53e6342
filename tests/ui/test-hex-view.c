/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hex view with real keys and pointer, and what it searches with. */
#define G_LOG_DOMAIN "test-hex-view"

#include "config.h"

#include "flash-hex-view-row.h"
#include "flash-hex-view-search.h"
#include "flash-hex-view.h"
#include "flash-test-images.h"
#include "flash-ui-test.h"

#include <string.h>

#define MIB (1024 * 1024)
#define START 0x08000000u

typedef struct {
  GtkWidget *window;
  FlashHexView *view;
  GBytes *bytes;
  guint n_moved;
} Fixture;

static void
count (Fixture *self)
{
  self->n_moved++;
}

static void
set_up_size (Fixture *self, gsize size)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->window = gtk_window_new ();
  self->view = g_object_new (FLASH_TYPE_HEX_VIEW, NULL);
  g_signal_connect_swapped (self->view, "moved", G_CALLBACK (count), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  gtk_window_set_child (GTK_WINDOW (self->window), scroller);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 800, 400);
  self->bytes = flash_test_make_bytes (size, 1);
  flash_hex_view_set_bytes (self->view, self->bytes, START);
  gtk_window_present (GTK_WINDOW (self->window));
  flash_ui_settle (self->window, 30);
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  set_up_size (self, 1000);
}

static void
set_up_large (Fixture *self, gconstpointer unused)
{
  set_up_size (self, 16 * MIB);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_bytes_unref (self->bytes);
}

static guint8
get_byte (Fixture *self, gsize offset)
{
  return ((const guint8 *) g_bytes_get_data (self->bytes, NULL))[offset];
}

static gboolean
skip_without_input (Fixture *self)
{
  if (!flash_ui_has_input ()) {
    g_test_skip ("no keys and pointer here");
    return TRUE;
  }
  flash_ui_focus (self->window);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  return FALSE;
}

static void
press_until (Fixture *self, const char *keys, gsize cursor)
{
  flash_ui_press_keys (keys);
  g_test_message ("%s", keys);
  flash_ui_wait_until (flash_hex_view_get_cursor (self->view) == cursor);
}

static void
test_keys (Fixture *self, gconstpointer unused)
{
  if (skip_without_input (self))
    return;
  g_assert_cmpuint (flash_hex_view_get_columns (self->view), ==, 16);
  press_until (self, "Right", 1);
  press_until (self, "Down", 17);
  press_until (self, "End", 31);
  press_until (self, "Home", 16);
  press_until (self, "Left", 15);
  press_until (self, "Control_L+End", 999);
  press_until (self, "Up", 983);
  press_until (self, "Down", 999);
  press_until (self, "Left", 998);
  press_until (self, "Page_Down", 999);
  press_until (self, "Control_L+Home", 0);
  flash_ui_press_keys ("Page_Down");
  flash_ui_wait_until (flash_hex_view_get_cursor (self->view) >= 64);
  g_assert_cmpuint (flash_hex_view_get_cursor (self->view) % 16, ==, 0);
  press_until (self, "Page_Up", 0);
}

static void
test_edges (Fixture *self, gconstpointer unused)
{
  guint n_moved;

  if (skip_without_input (self))
    return;
  press_until (self, "Right", 1);
  press_until (self, "Left", 0);
  n_moved = self->n_moved;
  flash_ui_press_keys ("Left");
  flash_ui_wait_until (self->n_moved > n_moved);
  g_assert_cmpuint (flash_hex_view_get_cursor (self->view), ==, 0);
  flash_ui_press_keys ("Up");
  flash_ui_wait_until (self->n_moved > n_moved + 1);
  g_assert_cmpuint (flash_hex_view_get_cursor (self->view), ==, 0);
}

static void
assert_selection (Fixture *self, gsize offset, gsize length)
{
  gsize found_offset, found_length;

  flash_hex_view_get_selection (self->view, &found_offset, &found_length);
  g_assert_cmpuint (found_offset, ==, offset);
  g_assert_cmpuint (found_length, ==, length);
}

static void
on_text_read (GObject *source, GAsyncResult *result, gpointer data)
{
  char **text = data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_selection (Fixture *self, gconstpointer unused)
{
  g_autofree char *wanted = g_strdup_printf ("%02x %02x %02x", get_byte (self, 0),
                                             get_byte (self, 1), get_byte (self, 2));
  g_autofree char *copied = NULL;

  assert_selection (self, 0, 1);
  if (skip_without_input (self))
    return;
  press_until (self, "Shift_L+Right", 1);
  press_until (self, "Shift_L+Right", 2);
  assert_selection (self, 0, 3);
  flash_ui_press_keys ("Control_L+c");
  flash_ui_wait_until (gdk_content_formats_contain_gtype (
      gdk_clipboard_get_formats (gtk_widget_get_clipboard (self->window)), G_TYPE_STRING));
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (self->window), NULL, on_text_read,
                                 &copied);
  flash_ui_wait_until (copied != NULL);
  g_assert_cmpstr (copied, ==, wanted);
  press_until (self, "Right", 3);
  assert_selection (self, 3, 1);
  flash_ui_press_keys ("Control_L+a");
  flash_ui_wait_until (flash_hex_view_get_cursor (self->view) == 0);
  assert_selection (self, 0, 1000);
}

static void
point_at (Fixture *self, gsize offset)
{
  graphene_rect_t rect;

  g_assert_true (flash_hex_view_get_rect (self->view, offset, &rect));
  flash_ui_point (GTK_WIDGET (self->view), rect.origin.x + rect.size.width / 2,
                  rect.origin.y + rect.size.height / 2);
}

static void
test_pointer (Fixture *self, gconstpointer unused)
{
  if (skip_without_input (self))
    return;
  point_at (self, 37);
  flash_ui_set_button (1, TRUE);
  flash_ui_wait_until (flash_hex_view_get_cursor (self->view) == 37);
  point_at (self, 53);
  point_at (self, 52);
  flash_ui_wait_until (flash_hex_view_get_cursor (self->view) == 52);
  flash_ui_set_button (1, FALSE);
  assert_selection (self, 37, 16);
}

static void
test_select (Fixture *self, gconstpointer unused)
{
  g_autofree char *text = NULL;
  g_autofree char *wanted =
      g_strdup_printf ("%02x %02x", get_byte (self, 998), get_byte (self, 999));
  graphene_rect_t rect;

  flash_hex_view_select (self->view, 998, 20);
  assert_selection (self, 998, 2);
  g_assert_cmpuint (flash_hex_view_get_cursor (self->view), ==, 998);
  flash_ui_settle (self->window, 30);
  g_assert_true (flash_hex_view_get_rect (self->view, 998, &rect));
  g_assert_false (flash_hex_view_get_rect (self->view, 0, &rect));
  g_assert_false (flash_hex_view_get_rect (self->view, 1000, &rect));
  text = flash_hex_view_dup_hex (self->view);
  g_assert_cmpstr (text, ==, wanted);
  flash_hex_view_select (self->view, 1000, 1);
  assert_selection (self, 998, 2);
}

static void
test_nothing (Fixture *self, gconstpointer unused)
{
  g_autofree char *text = NULL;
  graphene_rect_t rect;

  flash_hex_view_set_bytes (self->view, NULL, 0);
  flash_ui_settle (self->window, 30);
  assert_selection (self, 0, 0);
  text = flash_hex_view_dup_hex (self->view);
  g_assert_cmpstr (text, ==, "");
  g_assert_false (flash_hex_view_get_rect (self->view, 0, &rect));
  if (skip_without_input (self))
    return;
  flash_ui_press_keys ("Down");
  flash_ui_press_keys ("Control_L+a");
  flash_ui_press_keys ("Control_L+c");
  flash_ui_settle (self->window, 30);
  assert_selection (self, 0, 0);
}

static guint
count_rows (Fixture *self)
{
  guint n_rows = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->view)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    n_rows++;
  return n_rows;
}

/* Only what is seen exists, wherever that is. */
static void
test_large (Fixture *self, gconstpointer unused)
{
  static const gsize places[] = { 16 * MIB - 1, 8 * MIB, 0, 12345678 };
  graphene_rect_t rect;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    flash_hex_view_select (self->view, places[i], 1);
    flash_ui_settle (self->window, 30);
    g_assert_true (flash_hex_view_get_rect (self->view, places[i], &rect));
    g_assert_cmpuint (count_rows (self), <, 60);
  }
}

static void
test_columns (Fixture *self, gconstpointer unused)
{
  static const guint wanted[] = { 16, 8, 4 };
  static const int widths[] = { 900, 400, 230 };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    gtk_window_set_default_size (GTK_WINDOW (self->window), widths[i], 400);
    flash_ui_settle (self->window, 30);
    g_assert_cmpuint (flash_hex_view_get_columns (self->view), ==, wanted[i]);
  }
}

static void
test_marks (Fixture *self, gconstpointer unused)
{
  guint8 bits[126] = { 0x05 };
  g_autoptr (GBytes) marks = g_bytes_new (bits, sizeof (bits));
  guint n_moved = self->n_moved;

  flash_hex_view_set_marks (self->view, marks);
  flash_ui_settle (self->window, 30);
  flash_hex_view_set_marks (self->view, NULL);
  flash_ui_settle (self->window, 30);
  g_assert_cmpuint (self->n_moved, ==, n_moved);
}

/* --- rows and search: no window ------------------------------------------------------------- */

static void
test_places (void)
{
  g_assert_cmpuint (flash_hex_view_row_find_digits (0), ==, 10);
  g_assert_cmpuint (flash_hex_view_row_find_digits (7), ==, 31);
  g_assert_cmpuint (flash_hex_view_row_find_digits (8), ==, 35);
  for (guint columns = 4; columns <= 16; columns *= 2)
    for (guint i = 0; i < columns; i++) {
      g_assert_cmpuint (
          flash_hex_view_row_find_column (columns, flash_hex_view_row_find_digits (i) + 1), ==, i);
      g_assert_cmpuint (
          flash_hex_view_row_find_column (columns, flash_hex_view_row_find_text (columns, i) + 0.5),
          ==, i);
    }
  g_assert_cmpuint (flash_hex_view_row_find_column (16, -5), ==, 0);
  g_assert_cmpuint (flash_hex_view_row_find_column (16, 500), ==, 15);
  g_assert_cmpuint (flash_hex_view_row_count_letters (16), ==,
                    flash_hex_view_row_find_text (16, 15) + 1);
}

static void
test_parse (void)
{
  static const struct {
    const char *text;
    const char *wanted; /* %NULL for nothing */
    gsize length;
  } cases[] = {
    { "", NULL, 0 },           { "de ad", "\xde\xad", 2 },
    { "DEAD", "\xde\xad", 2 }, { "0x00 0x01", "\0\1", 2 },
    { "00,ff", "\0\xff", 2 },  { "abc", "abc", 3 },
    { "Hello", "Hello", 5 },   { "\"dead\"", "dead", 4 },
    { "\"\"", "\"\"", 2 },     { "  ", "  ", 2 },
    { "12 3", "12 3", 4 },     { "0x", "0x", 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) found = flash_hex_view_search_parse (cases[i].text);

    g_test_message ("“%s”", cases[i].text);
    if (cases[i].wanted == NULL)
      g_assert_null (found);
    else
      g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found), cases[i].wanted,
                       cases[i].length);
  }
}

static void
test_find (void)
{
  static const struct {
    const char *wanted;
    gsize from;
    gboolean is_forward;
    gboolean is_found;
    gsize offset;
  } cases[] = {
    { "ab", 0, TRUE, TRUE, 0 },           { "ab", 1, TRUE, TRUE, 4 },
    { "ab", 5, TRUE, TRUE, 8 },           { "ab", 9, TRUE, TRUE, 0 },
    { "ab", 100, TRUE, TRUE, 0 },         { "ab", 8, FALSE, TRUE, 8 },
    { "ab", 7, FALSE, TRUE, 4 },          { "ab", 3, FALSE, TRUE, 0 },
    { "xy", 0, FALSE, TRUE, 6 },          { "zz", 0, TRUE, FALSE, 0 },
    { "zz", 9, FALSE, FALSE, 0 },         { "abxyabxyab", 3, TRUE, TRUE, 0 },
    { "abxyabxyabx", 0, TRUE, FALSE, 0 },
  };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abxyabxyab", 10);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) wanted = g_bytes_new_static (cases[i].wanted, strlen (cases[i].wanted));
    gsize offset = 77;
    gboolean is_found =
        flash_hex_view_search_find (bytes, wanted, cases[i].from, cases[i].is_forward, &offset);

    g_test_message ("%s from %" G_GSIZE_FORMAT, cases[i].wanted, cases[i].from);
    g_assert_cmpint (is_found, ==, cases[i].is_found);
    g_assert_cmpuint (offset, ==, is_found ? cases[i].offset : 77);
  }
}

#define ADD(name, set_up_function, function)                                                       \
  g_test_add ("/hex-view/" name, Fixture, NULL, set_up_function, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("keys", set_up, test_keys);
  ADD ("edges", set_up, test_edges);
  ADD ("selection", set_up, test_selection);
  ADD ("pointer", set_up, test_pointer);
  ADD ("select", set_up, test_select);
  ADD ("nothing", set_up, test_nothing);
  ADD ("large", set_up_large, test_large);
  ADD ("columns", set_up, test_columns);
  ADD ("marks", set_up, test_marks);
  g_test_add_func ("/hex-view/places", test_places);
  g_test_add_func ("/hex-view/parse", test_parse);
  g_test_add_func ("/hex-view/find", test_find);
  return g_test_run ();
}
