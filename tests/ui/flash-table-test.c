/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-table-test"

#include "config.h"

#include "flash-table-test.h"

#include "flash-table-cell.h"

#include <string.h>

#define WIDTH 980
#define NARROW_WIDTH 360
#define HEIGHT 700

/* Comments and an empty line in between: positions are not line numbers. */
const char flash_table_layout[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                                  "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                                  "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                                  "\n"
                                  "# the card\n"
                                  "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\ttf-a-sdcard.stm32\n"
                                  "P\t0x05\tfsbl2\tBinary\tmmc0\t0x00044400\ttf-a-sdcard.stm32\n"
                                  "P\t0x06\tmetadata1\tFWU_MDATA\tmmc0\t0x00084400\tmetadata.bin\n"
                                  "P\t0x08\tfip-a\tFIP\tmmc0\t0x00104400\tfip.bin\n"
                                  "PED\t0x0A\tu-boot-env\tENV\tmmc0\t0x00904400\tnone\n"
                                  "P\t0x10\tbootfs\tSystem\tmmc0\t0x00984400\tbootfs.ext4\n"
                                  "P\t0x11\trootfs\tFileSystem\tmmc0\t0x04984400\trootfs.ext4\n"
                                  "#P\t0x12\tuserfs\tFileSystem\tmmc0\t0x14984400\tnone\n";

void
flash_table_test_init (int *argc, char ***argv)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_test_init (argc, argv, NULL);
  adw_init ();
  gtk_css_provider_load_from_resource (provider, "/io/github/flashwright/Flashwright/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
on_selected (FlashLayoutTable *table, guint line, FlashTableFixture *self)
{
  self->selected_line = line;
}

static void
set_up (FlashTableFixture *self, int width)
{
  self->layout_dir = flash_test_make_layout_dir ();
  self->outside_dir = flash_test_make_dir ();
  self->window = gtk_window_new ();
  self->page = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  self->table = g_object_new (FLASH_TYPE_LAYOUT_TABLE, NULL);
  gtk_widget_set_valign (GTK_WIDGET (self->table), GTK_ALIGN_START);
  gtk_widget_set_margin_top (GTK_WIDGET (self->table), 18);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->table), 18);
  gtk_widget_set_margin_start (GTK_WIDGET (self->table), 18);
  gtk_widget_set_margin_end (GTK_WIDGET (self->table), 18);
  g_signal_connect (self->table, "selected", G_CALLBACK (on_selected), self);
  gtk_scrolled_window_set_policy (self->page, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (self->page, GTK_WIDGET (self->table));
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->page));
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, HEIGHT);
  gtk_window_present (GTK_WINDOW (self->window));
  flash_ui_wait_until (gtk_widget_get_mapped (self->window));
  if (flash_ui_has_input ())
    flash_ui_focus (self->window);
  flash_table_open (self, flash_table_layout, -1);
}

void
flash_table_fixture_set_up (FlashTableFixture *self, gconstpointer unused)
{
  set_up (self, WIDTH);
}

void
flash_table_fixture_set_up_narrow (FlashTableFixture *self, gconstpointer unused)
{
  set_up (self, NARROW_WIDTH);
  flash_ui_wait_until (flash_layout_table_is_narrow (self->table));
  flash_ui_settle (self->window, 30);
}

void
flash_table_fixture_tear_down (FlashTableFixture *self, gconstpointer unused)
{
  gpointer table = self->table;
  gpointer editor = self->editor;

  g_object_add_weak_pointer (table, &table);
  g_object_add_weak_pointer (editor, &editor);
  g_object_unref (self->editor);
  gtk_window_destroy (GTK_WINDOW (self->window));
  flash_ui_wait_until (table == NULL && editor == NULL);
  flash_test_remove_dir (self->layout_dir);
  flash_test_remove_dir (self->outside_dir);
  g_free (self->layout_dir);
  g_free (self->outside_dir);
}

void
flash_table_open (FlashTableFixture *self, const char *text, gssize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length >= 0 ? (gsize) length : strlen (text));
  g_autofree char *path = g_build_filename (self->layout_dir, "layout.tsv", NULL);

  g_clear_object (&self->editor);
  self->editor = flash_editor_new (bytes, path, NULL);
  flash_layout_table_set_editor (self->table, self->editor);
  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  flash_ui_settle (self->window, 30);
}

FlashLayoutEntry *
flash_table_get_entry (FlashTableFixture *self, guint position)
{
  g_autoptr (FlashLayoutEntry) entry =
      g_list_model_get_item (G_LIST_MODEL (flash_editor_get_document (self->editor)), position);

  g_assert_nonnull (entry);
  return entry;
}

FlashLayoutEntry *
flash_table_find_entry (FlashTableFixture *self, const char *name)
{
  GListModel *entries = G_LIST_MODEL (flash_editor_get_document (self->editor));

  for (guint i = 0; i < g_list_model_get_n_items (entries); i++) {
    FlashLayoutEntry *entry = flash_table_get_entry (self, i);

    if (g_str_equal (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_NAME), name))
      return entry;
  }
  g_test_message ("there is no partition “%s”", name);
  g_assert_not_reached ();
}

static GtkWidget *
find_cell (GtkWidget *root, FlashLayoutEntry *entry, FlashCellColumn column)
{
  if (FLASH_IS_TABLE_CELL (root) && flash_table_cell_get_entry (FLASH_TABLE_CELL (root)) == entry &&
      flash_table_cell_get_column (FLASH_TABLE_CELL (root)) == column)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_cell (child, entry, column);

    if (found != NULL)
      return found;
  }
  return NULL;
}

GtkWidget *
flash_table_get_cell (FlashTableFixture *self, const char *name, FlashCellColumn column)
{
  GtkWidget *cell =
      find_cell (GTK_WIDGET (self->table), flash_table_find_entry (self, name), column);

  g_assert_nonnull (cell);
  return cell;
}

void
flash_table_focus (FlashTableFixture *self, const char *name, FlashCellColumn column)
{
  gtk_widget_grab_focus (flash_table_get_cell (self, name, column));
  flash_ui_wait_until (flash_table_is_focused (self, name, column));
}

gboolean
flash_table_is_focused (FlashTableFixture *self, const char *name, FlashCellColumn column)
{
  return gtk_root_get_focus (GTK_ROOT (self->window)) == flash_table_get_cell (self, name, column);
}

GtkEditable *
flash_table_get_text (FlashTableFixture *self)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self->window));

  return GTK_IS_TEXT (focus) ? GTK_EDITABLE (focus) : NULL;
}

const char *
flash_table_read (FlashTableFixture *self, const char *name, FlashLayoutColumn column)
{
  return flash_layout_entry_get_cell (flash_table_find_entry (self, name), column);
}

void
flash_table_assert_undone (FlashTableFixture *self, guint n_steps, const char *text)
{
  FlashLayoutDocument *document = flash_editor_get_document (self->editor);
  g_autoptr (GBytes) wanted = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) found = NULL;
  guint n_undone = 0;

  while (flash_layout_document_undo (document))
    n_undone++;
  g_assert_cmpuint (n_undone, ==, n_steps);
  found = flash_layout_document_dup_text (document);
  g_assert_true (g_bytes_equal (found, wanted));
}
