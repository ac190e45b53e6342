/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-table"

#include "config.h"

#include "flash-layout-table.h"

#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

struct _FlashLayoutTable {
  AdwBin parent_instance;

  GtkColumnView *view;
  GtkSingleSelection *selection; /* (owned) */
};

G_DEFINE_FINAL_TYPE (FlashLayoutTable, flash_layout_table, ADW_TYPE_BIN)

enum { SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- cells -------------------------------------------------------------------------------- */

static char *
dup_size (guint64 bytes)
{
  return bytes != FLASH_SIZE_UNKNOWN ? flash_text_size (bytes) : g_strdup ("");
}

static char *
dup_option (FlashRowItem *item)
{
  return g_strdup (
      flash_layout_row_get_cell (flash_row_item_get_row (item), FLASH_LAYOUT_COLUMN_OPTION));
}

static char *
dup_id (FlashRowItem *item)
{
  FlashLayoutRow *row = flash_row_item_get_row (item);

  if (!flash_layout_row_is_valid (row))
    return g_strdup (flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_ID));
  return g_strdup_printf ("0x%02x", flash_layout_row_get_id (row));
}

static char *
dup_name (FlashRowItem *item)
{
  return g_strdup (flash_layout_row_get_name (flash_row_item_get_row (item)));
}

static char *
dup_type (FlashRowItem *item)
{
  return g_strdup (
      flash_layout_row_get_cell (flash_row_item_get_row (item), FLASH_LAYOUT_COLUMN_TYPE));
}

static char *
dup_storage (FlashRowItem *item)
{
  return g_strdup (
      flash_layout_row_get_cell (flash_row_item_get_row (item), FLASH_LAYOUT_COLUMN_IP));
}

static char *
dup_offset (FlashRowItem *item)
{
  FlashLayoutRow *row = flash_row_item_get_row (item);

  if (!flash_layout_row_is_valid (row) ||
      flash_layout_row_get_offset_kind (row) != FLASH_LAYOUT_OFFSET_NUMBER)
    return g_strdup (flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_OFFSET));
  if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE)
    return g_strdup ("");
  return flash_text_address (flash_layout_row_get_offset (row));
}

static char *
dup_slot (FlashRowItem *item)
{
  return dup_size (flash_row_item_get_slot_size (item));
}

static char *
dup_file (FlashRowItem *item)
{
  const char *binary = flash_layout_row_get_binary (flash_row_item_get_row (item));

  return g_strdup (binary != NULL ? binary : "");
}

static char *
dup_image (FlashRowItem *item)
{
  return dup_size (flash_row_item_get_image_size (item));
}

static char *
dup_option_tooltip (FlashRowItem *item)
{
  return flash_words_dup_option (flash_row_item_get_row (item));
}

static char *
dup_storage_tooltip (FlashRowItem *item)
{
  return g_strdup (flash_words_storage (flash_row_item_get_row (item)));
}

static char *
dup_file_tooltip (FlashRowItem *item)
{
  const char *path = flash_layout_row_get_path (flash_row_item_get_row (item));

  return path != NULL ? g_filename_display_name (path) : NULL;
}

typedef struct {
  const char *title;
  guint min_chars; /* what must be read */
  guint nat_chars; /* how wide it would like to be */
  gboolean is_number;
  gboolean is_expanded;
  char *(*dup_text) (FlashRowItem *item);
  char *(*dup_tooltip) (FlashRowItem *item); /* (nullable) */
} Column;

static const Column columns[] = {
  { N_ ("Opt"), 4, 4, FALSE, FALSE, dup_option, dup_option_tooltip },
  { N_ ("Id"), 5, 5, TRUE, FALSE, dup_id, NULL },
  { N_ ("Name"), 9, 12, FALSE, TRUE, dup_name, NULL },
  { N_ ("Type"), 11, 12, FALSE, FALSE, dup_type, NULL },
  { N_ ("Storage"), 5, 8, FALSE, FALSE, dup_storage, dup_storage_tooltip },
  { N_ ("Offset"), 10, 12, TRUE, FALSE, dup_offset, NULL },
  { N_ ("Slot"), 7, 9, TRUE, FALSE, dup_slot, NULL },
  { N_ ("File"), 12, 24, FALSE, TRUE, dup_file, dup_file_tooltip },
  { N_ ("File size"), 7, 9, TRUE, FALSE, dup_image, NULL },
};

/* Made when it is asked for: to set a tooltip in advance asks the X server for the pointer, for
 * each of a thousand cells. */
static gboolean
on_query_tooltip (GtkWidget *cell, int x, int y, gboolean is_keyboard, GtkTooltip *tooltip,
                  GtkListItem *list_item)
{
  const Column *column = g_object_get_data (G_OBJECT (cell), "column");
  FlashRowItem *item = gtk_list_item_get_item (list_item);
  g_autofree char *text = item != NULL ? column->dup_tooltip (item) : NULL;

  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const Column *column = data;
  GtkWidget *cell = gtk_inscription_new (NULL);

  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), column->min_chars);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (cell), column->nat_chars);
  /* Its alignment does not turn with the direction of the text. */
  if (gtk_widget_get_direction (cell) == GTK_TEXT_DIR_RTL)
    gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), 1.0f);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  if (column->is_number)
    gtk_widget_add_css_class (cell, "numeric");
  if (column->dup_tooltip != NULL) {
    g_object_set_data (G_OBJECT (cell), "column", (gpointer) column);
    gtk_widget_set_has_tooltip (cell, TRUE);
    g_signal_connect (cell, "query-tooltip", G_CALLBACK (on_query_tooltip), list_item);
  }
  gtk_list_item_set_child (list_item, cell);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const Column *column = data;
  FlashRowItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  g_autofree char *text = column->dup_text (item);
  /* TRANSLATORS: title of a column, contents of a cell; for screen readers */
  g_autofree char *name = g_strdup_printf (_ ("%1$s: %2$s"), _ (column->title), text);

  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
on_setup_mark (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer unused)
{
  gtk_list_item_set_child (list_item, gtk_image_new ());
}

static void
on_bind_mark (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer unused)
{
  static const char *const classes[] = { "accent", "warning", "error" };
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  FlashSeverity severity = FLASH_SEVERITY_INFO;
  gboolean has_mark = flash_row_item_get_severity (gtk_list_item_get_item (list_item), &severity);
  const char *word = has_mark ? flash_words_severity (severity) : "";

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (cell, classes[i]);
  if (has_mark)
    gtk_widget_add_css_class (cell, classes[severity]);
  gtk_image_set_from_icon_name (GTK_IMAGE (cell),
                                has_mark ? flash_words_severity_icon (severity) : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
}

static void
add_columns (FlashLayoutTable *self)
{
  GtkListItemFactory *marks = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) mark_column = NULL;

  g_signal_connect (marks, "setup", G_CALLBACK (on_setup_mark), NULL);
  g_signal_connect (marks, "bind", G_CALLBACK (on_bind_mark), NULL);
  mark_column = gtk_column_view_column_new ("", marks);
  gtk_column_view_append_column (self->view, mark_column);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
    g_autoptr (GtkColumnViewColumn) column =
        gtk_column_view_column_new (_ (columns[i].title), factory);

    g_signal_connect (factory, "setup", G_CALLBACK (on_setup), (gpointer) &columns[i]);
    g_signal_connect (factory, "bind", G_CALLBACK (on_bind), (gpointer) &columns[i]);
    gtk_column_view_column_set_expand (column, columns[i].is_expanded);
    gtk_column_view_append_column (self->view, column);
  }
}

/* --- life --------------------------------------------------------------------------------- */

static void
on_selected (GObject *selection, GParamSpec *pspec, FlashLayoutTable *self)
{
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0, flash_layout_table_get_selected (self));
}

static void
flash_layout_table_dispose (GObject *object)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_LAYOUT_TABLE);

  G_OBJECT_CLASS (flash_layout_table_parent_class)->dispose (object);
}

static void
flash_layout_table_class_init (FlashLayoutTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_layout_table_dispose;

  /**
   * FlashLayoutTable::selected:
   * @item: (transfer none) (nullable): the chosen row
   */
  signals[SIGNAL_SELECTED] =
      g_signal_new ("selected", FLASH_TYPE_LAYOUT_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, FLASH_TYPE_ROW_ITEM);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-layout-table.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutTable, view);
}

static void
flash_layout_table_init (FlashLayoutTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect (self->selection, "notify::selected", G_CALLBACK (on_selected), self);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  add_columns (self);
}

void
flash_layout_table_set_items (FlashLayoutTable *self, GListModel *items)
{
  g_return_if_fail (FLASH_IS_LAYOUT_TABLE (self));

  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_single_selection_set_model (self->selection, items);
}

void
flash_layout_table_select (FlashLayoutTable *self, guint position)
{
  g_return_if_fail (FLASH_IS_LAYOUT_TABLE (self));

  gtk_single_selection_set_selected (self->selection, position);
}

FlashRowItem *
flash_layout_table_get_selected (FlashLayoutTable *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_TABLE (self), NULL);

  return gtk_single_selection_get_selected_item (self->selection);
}

void
flash_layout_table_get_row_place (FlashLayoutTable *self, guint position, double *out_y,
                                  double *out_height)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  int header_height = header != NULL ? gtk_widget_get_height (header) : 0;
  int height = gtk_widget_get_height (GTK_WIDGET (self->view)) - header_height;

  g_return_if_fail (position < n_rows);

  /* All rows are one line high. */
  *out_height = height / (double) n_rows;
  *out_y = header_height + position * *out_height;
}
