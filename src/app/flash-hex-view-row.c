/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-hex-view-row"

#include "config.h"

#include "flash-hex-view-row.h"

#include <glib/gi18n.h>

/* “08000000  ” */
#define ADDRESS_LETTERS 10
/* “3f ” */
#define BYTE_LETTERS 3
/* After so many bytes is one more blank. */
#define GROUP 8
#define MARK_HEIGHT 2
#define CURSOR_WIDTH 2

struct _FlashHexViewRow {
  GtkWidget parent_instance;

  char *text; /* (owned) (nullable) */
  guint n_bytes;
  guint columns;
  guint16 marked;
  guint16 selected;
  int cursor;
};

G_DEFINE_FINAL_TYPE (FlashHexViewRow, flash_hex_view_row, GTK_TYPE_WIDGET)

/* --- places --------------------------------------------------------------------------------- */

guint
flash_hex_view_row_find_digits (guint column)
{
  return ADDRESS_LETTERS + column * BYTE_LETTERS + column / GROUP;
}

guint
flash_hex_view_row_find_text (guint columns, guint column)
{
  return flash_hex_view_row_find_digits (columns - 1) + BYTE_LETTERS + 1 + column;
}

guint
flash_hex_view_row_count_letters (guint columns)
{
  return flash_hex_view_row_find_text (columns, columns);
}

guint
flash_hex_view_row_find_column (guint columns, double letter)
{
  guint first_text = flash_hex_view_row_find_text (columns, 0);
  guint column = 0;

  if (letter >= first_text - 0.5)
    return (guint) CLAMP (letter - first_text, 0, columns - 1);
  while (column + 1 < columns && letter >= flash_hex_view_row_find_digits (column + 1) - 0.5)
    column++;
  return column;
}

/* --- drawing -------------------------------------------------------------------------------- */

static GdkRGBA
get_color (GtkWidget *widget, const char *name, float alpha)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (style, name, &color))
    gtk_style_context_get_color (style, &color);
  color.alpha *= alpha;
  return color;
}

/* A byte stands in the row twice. */
static void
append_box (FlashHexViewRow *self, GtkSnapshot *snapshot, guint letter, guint n_letters,
            double letter_width, guint column)
{
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  graphene_rect_t rect =
      GRAPHENE_RECT_INIT (FLASH_HEX_VIEW_PADDING + (float) (letter * letter_width), 0,
                          (float) (n_letters * letter_width), height);

  if ((self->marked >> column & 1) != 0) {
    graphene_rect_t line = rect;
    GdkRGBA fill = get_color (GTK_WIDGET (self), "warning_bg_color", 0.3f);
    GdkRGBA edge = get_color (GTK_WIDGET (self), "warning_color", 1);

    line.origin.y = height - MARK_HEIGHT;
    line.size.height = MARK_HEIGHT;
    gtk_snapshot_append_color (snapshot, &fill, &rect);
    gtk_snapshot_append_color (snapshot, &edge, &line);
  }
  if ((self->selected >> column & 1) != 0) {
    GdkRGBA fill = get_color (GTK_WIDGET (self), "accent_bg_color", 0.3f);

    gtk_snapshot_append_color (snapshot, &fill, &rect);
  }
  if (self->cursor == (int) column) {
    GdkRGBA edge = get_color (GTK_WIDGET (self), "accent_color", 1);
    GskRoundedRect outline;

    gsk_rounded_rect_init_from_rect (&outline, &rect, 2);
    gtk_snapshot_append_border (
        snapshot, &outline,
        (const float[4]){ CURSOR_WIDTH, CURSOR_WIDTH, CURSOR_WIDTH, CURSOR_WIDTH },
        (const GdkRGBA[4]){ edge, edge, edge, edge });
  }
}

static void
flash_hex_view_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FlashHexViewRow *self = FLASH_HEX_VIEW_ROW (widget);
  g_autoptr (PangoLayout) layout = NULL;
  GdkRGBA color = get_color (widget, "", 1);
  double letter_width;
  int width;

  if (self->text == NULL)
    return;
  layout = gtk_widget_create_pango_layout (widget, self->text);
  /* A row without letters has no direction of its own. */
  pango_layout_set_auto_dir (layout, FALSE);
  pango_layout_get_size (layout, &width, NULL);
  letter_width = (double) width / PANGO_SCALE / (double) g_utf8_strlen (self->text, -1);
  for (guint i = 0; i < self->n_bytes; i++) {
    append_box (self, snapshot, flash_hex_view_row_find_digits (i), 2, letter_width, i);
    append_box (self, snapshot, flash_hex_view_row_find_text (self->columns, i), 1, letter_width,
                i);
  }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (FLASH_HEX_VIEW_PADDING, 1));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* --- what it shows -------------------------------------------------------------------------- */

static char *
dup_text (const FlashHexViewRowData *data)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%08x", data->address);
  for (guint i = 0; i < data->n_bytes; i++) {
    while (text->len < flash_hex_view_row_find_digits (i))
      g_string_append_c (text, ' ');
    g_string_append_printf (text, "%02x", data->bytes[i]);
  }
  while (text->len < flash_hex_view_row_find_text (data->columns, 0))
    g_string_append_c (text, ' ');
  for (guint i = 0; i < data->n_bytes; i++)
    g_string_append_c (text, g_ascii_isprint (data->bytes[i]) ? (char) data->bytes[i] : '.');
  return g_string_free (text, FALSE);
}

static void
update_accessible (FlashHexViewRow *self)
{
  guint n_marked = 0;

  for (guint marked = self->marked; marked != 0; marked &= marked - 1)
    n_marked++;
  if (n_marked > 0) {
    /* TRANSLATORS: an address with its bytes, then how many of them are marked */
    g_autofree char *label =
        g_strdup_printf (ngettext ("%1$s, %2$u byte differs", "%1$s, %2$u bytes differ", n_marked),
                         self->text, n_marked);

    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                    -1);
  } else {
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    self->text, -1);
  }
}

void
flash_hex_view_row_set (FlashHexViewRow *self, const FlashHexViewRowData *data)
{
  g_autofree char *text = NULL;

  g_return_if_fail (FLASH_IS_HEX_VIEW_ROW (self) && data != NULL);
  g_return_if_fail (data->columns <= FLASH_HEX_VIEW_MAX_COLUMNS && data->n_bytes <= data->columns);

  text = dup_text (data);
  if (g_strcmp0 (text, self->text) == 0 && self->marked == data->marked &&
      self->selected == data->selected && self->cursor == data->cursor)
    return;
  g_free (self->text);
  self->text = g_steal_pointer (&text);
  self->n_bytes = data->n_bytes;
  self->columns = data->columns;
  self->marked = data->marked;
  self->selected = data->selected;
  self->cursor = data->cursor;
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_hex_view_row_finalize (GObject *object)
{
  g_free (FLASH_HEX_VIEW_ROW (object)->text);

  G_OBJECT_CLASS (flash_hex_view_row_parent_class)->finalize (object);
}

static void
flash_hex_view_row_class_init (FlashHexViewRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_hex_view_row_finalize;
  widget_class->snapshot = flash_hex_view_row_snapshot;
  gtk_widget_class_set_css_name (widget_class, "hexrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
flash_hex_view_row_init (FlashHexViewRow *self)
{
  self->cursor = -1;
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
}

GtkWidget *
flash_hex_view_row_new (void)
{
  return g_object_new (FLASH_TYPE_HEX_VIEW_ROW, NULL);
}
