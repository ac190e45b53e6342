/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The maps of a layout that is being edited: they follow the editor with the same widgets, and what
 * is moved in them is one step that can be undone. */
#define G_LOG_DOMAIN "test-storage-maps"

#include "config.h"

#include "flash-map-bench.h"
#include "flash-storage-maps.h"
#include "flash-storage-offset.h"

#define MIB G_GUINT64_CONSTANT (1048576)
#define GIB (1024 * MIB)

#define TEXT                                                                                       \
  "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"                                                     \
  "PE\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tnone\n"                                              \
  "PE\t0x10\tbootfs\tSystem\tmmc0\t0x04044400\tnone\n"                                             \
  "PE\t0x11\trootfs\tFileSystem\tmmc0\t0x20044400\tnone\n"                                         \
  "PE\t0x05\tboot\tBinary\tmmc1\tboot1\tnone\n"

typedef struct {
  GtkWidget *window;
  FlashStorageMaps *maps;
  FlashEditor *editor;
  guint line;
  guint n_selected;
} Fixture;

static void
on_selected (FlashStorageMaps *maps, guint line, Fixture *fixture)
{
  fixture->line = line;
  fixture->n_selected++;
}

static void
wait_for_check (Fixture *fixture)
{
  flash_ui_wait_until (flash_editor_is_checked (fixture->editor));
  flash_ui_settle (fixture->window, 20);
}

static void
open_text (Fixture *fixture, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  g_clear_object (&fixture->editor);
  fixture->editor = flash_editor_new (bytes, NULL, NULL);
  flash_storage_maps_set_editor (fixture->maps, fixture->editor);
  wait_for_check (fixture);
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  fixture->window = adw_window_new ();
  fixture->maps = g_object_new (FLASH_TYPE_STORAGE_MAPS, NULL);
  g_signal_connect (fixture->maps, "selected", G_CALLBACK (on_selected), fixture);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (fixture->maps));
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), scroller);
  adw_window_set_content (ADW_WINDOW (fixture->window), box);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 600);
  gtk_window_present (GTK_WINDOW (fixture->window));
  flash_ui_wait_until (gtk_widget_get_mapped (fixture->window));
  if (flash_ui_has_input ())
    flash_ui_focus (fixture->window);
  open_text (fixture, TEXT);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  gpointer window = fixture->window;
  gpointer maps = fixture->maps;

  g_object_add_weak_pointer (window, &window);
  g_object_add_weak_pointer (maps, &maps);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  flash_ui_wait_until (window == NULL && maps == NULL);
  g_clear_object (&fixture->editor);
}

/* Returns: (nullable): the view at that place. */
static FlashStorageView *
find_view (Fixture *fixture, guint index)
{
  GtkWidget *child =
      gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (fixture->maps)));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child)) {
    if (FLASH_IS_STORAGE_VIEW (child) && index-- == 0)
      return FLASH_STORAGE_VIEW (child);
  }
  return NULL;
}

/* A bench for that view, with the means to press and to drag. */
static FlashMapBench
make_bench (Fixture *fixture, guint index)
{
  FlashMapBench bench = { .window = fixture->window };

  bench.view = find_view (fixture, index);
  g_assert_nonnull (bench.view);
  bench.bar = flash_storage_view_get_bar (bench.view);
  return bench;
}

static void
assert_text (Fixture *fixture, const char *wanted)
{
  g_autoptr (GBytes) text =
      flash_layout_document_dup_text (flash_editor_get_document (fixture->editor));
  g_autofree char *got = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));

  g_assert_cmpstr (got, ==, wanted);
}

static FlashLayoutEntry *
get_entry (Fixture *fixture, guint line)
{
  return flash_layout_document_find_line (flash_editor_get_document (fixture->editor), line);
}

/* --- tests ---------------------------------------------------------------------------------- */

static void
test_views (Fixture *fixture, gconstpointer unused)
{
  static const char *const names[] = { "mmc0", "mmc1", "mmc1 boot1" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    FlashMapBench bench = make_bench (fixture, i);

    g_assert_cmpstr (flash_storage_bar_get_map (bench.bar)->name, ==, names[i]);
  }
  g_assert_null (find_view (fixture, G_N_ELEMENTS (names)));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->maps)));
  flash_storage_maps_set_editor (fixture->maps, NULL);
  g_assert_null (find_view (fixture, 0));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->maps)));
}

static void
test_selection (Fixture *fixture, gconstpointer unused)
{
  FlashMapBench sd = make_bench (fixture, 0);
  FlashMapBench boot = make_bench (fixture, 2);

  flash_storage_maps_select_line (fixture->maps, 4);
  g_assert_cmpint (flash_storage_bar_get_selected (sd.bar), ==, 3);
  flash_storage_maps_select_line (fixture->maps, 5);
  g_assert_cmpint (flash_storage_bar_get_selected (sd.bar), ==, -1);
  g_assert_cmpint (flash_storage_bar_get_selected (boot.bar), ==, 0);
  g_assert_cmpuint (fixture->n_selected, ==, 0);
  flash_map_bench_click (&sd, 2);
  g_assert_cmpuint (fixture->line, ==, 3);
  g_assert_cmpint (flash_storage_bar_get_selected (boot.bar), ==, -1);
  flash_map_bench_click (&boot, 0);
  g_assert_cmpuint (fixture->line, ==, 5);
  g_assert_cmpint (flash_storage_bar_get_selected (sd.bar), ==, -1);
  /* what is no partition is chosen here, and nothing elsewhere */
  flash_map_bench_click (&sd, 0);
  g_assert_cmpuint (fixture->line, ==, 0);
  flash_storage_maps_select_line (fixture->maps, 0);
  g_assert_cmpint (flash_storage_bar_get_selected (sd.bar), ==, 0);
  g_assert_cmpint (flash_storage_bar_get_selected (boot.bar), ==, -1);
}

/* Lines that move take the choice with them; the widgets stay, with zoom and focus. */
static void
test_edit (Fixture *fixture, gconstpointer unused)
{
  static const char *const cells[] = { "PE",   "0x20",       "new",  "FIP",
                                       "mmc0", "0x00844400", "none", NULL };
  FlashLayoutDocument *document = flash_editor_get_document (fixture->editor);
  FlashMapBench sd = make_bench (fixture, 0);

  flash_storage_maps_select_line (fixture->maps, 4);
  flash_storage_bar_zoom_by (sd.bar, 2);
  gtk_widget_grab_focus (GTK_WIDGET (sd.bar));
  g_assert_nonnull (flash_layout_document_insert (document, 0, cells));
  wait_for_check (fixture);
  g_assert_true (find_view (fixture, 0) == sd.view);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (sd.bar)));
  g_assert_cmpfloat_with_epsilon (flash_storage_bar_get_zoom (sd.bar), 2, 0.001);
  g_assert_cmpuint (flash_storage_bar_get_map (sd.bar)->areas->len, ==, 5);
  g_assert_cmpint (flash_storage_bar_get_selected (sd.bar), ==, 4);
  g_assert_true (flash_layout_document_undo (document));
  wait_for_check (fixture);
  g_assert_cmpint (flash_storage_bar_get_selected (sd.bar), ==, 3);
  /* a storage that is gone takes its view with it, the others stay */
  g_assert_true (flash_layout_document_remove (document, get_entry (fixture, 5)));
  wait_for_check (fixture);
  g_assert_true (find_view (fixture, 0) == sd.view);
  g_assert_null (find_view (fixture, 1));
}

/* One step, the right cell, and nothing else. */
static void
test_drag (Fixture *fixture, gconstpointer unused)
{
  FlashLayoutDocument *document = flash_editor_get_document (fixture->editor);
  FlashMapBench sd = make_bench (fixture, 0);
  const char *subject = NULL;
  g_autofree char *wanted = NULL;
  guint64 offset;

  flash_map_bench_hold (&sd, 3, -80);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  offset = flash_map_bench_get_start (&sd, 3);
  g_assert_cmpuint (offset, <, 0x20044400);
  flash_map_bench_release (&sd);
  wanted = g_strdup_printf ("0x%08" G_GINT64_MODIFIER "X", offset);
  g_assert_cmpstr (flash_layout_entry_get_cell (get_entry (fixture, 4), FLASH_LAYOUT_COLUMN_OFFSET),
                   ==, wanted);
  g_assert_cmpint (flash_layout_document_get_undo (document, &subject), ==,
                   FLASH_LAYOUT_EDIT_RESIZE);
  g_assert_cmpstr (subject, ==, "rootfs");
  wait_for_check (fixture);
  g_assert_cmpuint (flash_map_bench_get_start (&sd, 3), ==, offset);
  g_assert_true (flash_layout_document_undo (document));
  g_assert_false (flash_layout_document_undo (document));
  assert_text (fixture, TEXT);
  wait_for_check (fixture);
  g_assert_cmpuint (flash_map_bench_get_start (&sd, 3), ==, 0x20044400);
}

static void
test_escape (Fixture *fixture, gconstpointer unused)
{
  FlashMapBench sd = make_bench (fixture, 0);

  flash_map_bench_hold (&sd, 3, -80);
  flash_map_bench_press (&sd, "Escape");
  flash_map_bench_release (&sd);
  assert_text (fixture, TEXT);
  g_assert_cmpint (
      flash_layout_document_get_undo (flash_editor_get_document (fixture->editor), NULL), ==,
      FLASH_LAYOUT_EDIT_NONE);
}

/* Keys are quicker than checks. */
static void
test_nudges (Fixture *fixture, gconstpointer unused)
{
  FlashMapBench sd = make_bench (fixture, 0);

  flash_storage_maps_select_line (fixture->maps, 3);
  gtk_widget_grab_focus (GTK_WIDGET (sd.bar));
  for (guint i = 0; i < 3; i++)
    flash_ui_press_keys ("Alt_L+Right");
  flash_map_bench_sync (&sd);
  g_assert_cmpstr (flash_layout_entry_get_cell (get_entry (fixture, 3), FLASH_LAYOUT_COLUMN_OFFSET),
                   ==, "0x04044A00");
  wait_for_check (fixture);
  g_assert_cmpuint (flash_map_bench_get_start (&sd, 2), ==, 0x04044a00);
  g_assert_cmpint (flash_storage_bar_get_selected (sd.bar), ==, 2);
}

/* Another edit takes what is held out of the hand: its line might be another by then. */
static void
test_edit_while_held (Fixture *fixture, gconstpointer unused)
{
  FlashMapBench sd = make_bench (fixture, 0);

  flash_map_bench_hold (&sd, 3, -80);
  g_assert_true (flash_layout_document_set_cell (flash_editor_get_document (fixture->editor),
                                                 get_entry (fixture, 2), FLASH_LAYOUT_COLUMN_NAME,
                                                 "other"));
  g_assert_cmpuint (flash_map_bench_get_start (&sd, 3), ==, 0x20044400);
  flash_map_bench_release (&sd);
  wait_for_check (fixture);
  g_assert_cmpstr (flash_layout_entry_get_cell (get_entry (fixture, 4), FLASH_LAYOUT_COLUMN_OFFSET),
                   ==, "0x20044400");
}

static void
test_size (Fixture *fixture, gconstpointer unused)
{
  FlashMapBench sd = make_bench (fixture, 0);
  FlashMapBench boot = make_bench (fixture, 2);

  g_signal_emit_by_name (sd.view, "size-entered", (guint64) (8 * GIB));
  wait_for_check (fixture);
  g_assert_cmpuint (flash_editor_get_storage_size (fixture->editor, "mmc0"), ==, 8 * GIB);
  g_assert_cmpuint (flash_storage_bar_get_map (sd.bar)->size, ==, 8 * GIB);
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (sd.view), GTK_TYPE_LABEL, "8 GiB, entered"));
  g_signal_emit_by_name (boot.view, "size-entered", (guint64) (4 * MIB));
  wait_for_check (fixture);
  g_assert_cmpuint (flash_storage_bar_get_map (boot.bar)->size, ==, 4 * MIB);
  g_signal_emit_by_name (sd.view, "size-entered", (guint64) 0);
  wait_for_check (fixture);
  g_assert_cmpuint (flash_storage_bar_get_map (sd.bar)->size, ==, 0);
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (sd.view), GTK_TYPE_LABEL, "Size unknown"));
  /* what the board has said is not what was entered */
  flash_editor_set_storage_size (fixture->editor, "mmc0", 4 * GIB);
  wait_for_check (fixture);
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (sd.view), GTK_TYPE_LABEL, "4 GiB"));
}

static void
test_accessible (Fixture *fixture, gconstpointer unused)
{
  FlashMapBench sd = make_bench (fixture, 0);
  GtkAccessible *bar = GTK_ACCESSIBLE (sd.bar);

  gtk_test_accessible_assert_role (bar, GTK_ACCESSIBLE_ROLE_SLIDER);
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_LABEL, "Storage mmc0, 4 parts");
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "nothing chosen");
  gtk_test_accessible_assert_property (
      bar, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "Kept for the partition table: starts at 0x00000000, 17 KiB. Drawn larger than to scale.\n"
      "fsbl1: starts at 0x00004400, 64.2 MiB. Nothing is written into it.\n"
      "bootfs: starts at 0x04044400, 448 MiB. Nothing is written into it.\n"
      "rootfs: starts at 0x20044400, up to the end, which is not known. Nothing is written into "
      "it.");
  flash_storage_maps_select_line (fixture->maps, 3);
  gtk_test_accessible_assert_property (
      bar, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
      "bootfs: starts at 0x04044400, 448 MiB. Nothing is written into it.");
}

/* More storages than a board takes, and lines that all are wrong. */
static void
test_hostile (Fixture *fixture, gconstpointer unused)
{
  GString *text = g_string_new (NULL);
  g_autofree char *owned = NULL;

  for (guint i = 0; i < 4000; i++)
    g_string_append_printf (text, "P\t%u\tp\tFIP\t%s%u\t%u\tf\n", i % 300, i % 2 ? "mmc" : "nor",
                            i % 20 / 2, i % 7);
  owned = g_string_free (text, FALSE);
  open_text (fixture, owned);
  g_assert_nonnull (find_view (fixture, 11));
  g_assert_null (find_view (fixture, 12));
  g_assert_nonnull (
      flash_ui_find_widget (GTK_WIDGET (fixture->maps), GTK_TYPE_LABEL, "And 8 other storages"));
}

static void
test_offsets (void)
{
  static const struct {
    const char *old;
    guint64 offset;
    const char *text;
  } cases[] = {
    { "0x00004400", 0x844400, "0x00844400" },
    { "0x00004400", 0xabc00, "0x000ABC00" },
    { "0x000abc00", 0xdef00, "0x000def00" },
    { "0x000aBC00", 0xdef00, "0x000DEF00" },
    { "0x12345678", 0x100, "0x00000100" },
    { "0x4400", 0xabc00, "0xABC00" },
    { "0x0", 0x44400, "0x00044400" },
    { "0x0000000000004400", 0x44400, "0x0000000000044400" },
    { "17408", 17920, "17920" },
    { "0", 512, "0x00000200" },
    { "boot1", 512, "0x00000200" },
    { "", G_MAXUINT64, "0xFFFFFFFFFFFFFFFF" },
    { "0xzz", 512, "0x00000200" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = flash_storage_offset_format (cases[i].old, cases[i].offset);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/storage-maps/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("views", test_views);
  ADD ("selection", test_selection);
  ADD ("edit", test_edit);
  ADD ("drag", test_drag);
  ADD ("escape", test_escape);
  ADD ("nudges", test_nudges);
  ADD ("edit-while-held", test_edit_while_held);
  ADD ("size", test_size);
  ADD ("accessible", test_accessible);
  ADD ("hostile", test_hostile);
  g_test_add_func ("/storage-maps/offsets", test_offsets);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
