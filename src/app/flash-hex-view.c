/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-hex-view"

#include "config.h"

#include "flash-hex-view-private.h"

#include "flash-hex-view-row.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const guint column_choices[] = { 16, 8, 4 };

/* Room above and below the letters, together. */
#define ROW_ROOM 2
/* Rows that it likes to show. */
#define NATURAL_ROWS 16

enum { PROP_HADJUSTMENT = 1, PROP_VADJUSTMENT, PROP_HSCROLL_POLICY, PROP_VSCROLL_POLICY };

enum { SIGNAL_MOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashHexView, flash_hex_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

/* --- rows ----------------------------------------------------------------------------------- */

static gsize
count_rows (FlashHexView *self)
{
  return self->size / self->columns + (self->size % self->columns != 0 ? 1 : 0);
}

static double
get_scroll (FlashHexView *self)
{
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];

  return adjustment != NULL ? floor (gtk_adjustment_get_value (adjustment)) : 0;
}

gsize
_flash_hex_view_count_visible (FlashHexView *self)
{
  return (gsize) MAX (gtk_widget_get_height (GTK_WIDGET (self)) / MAX (self->row_height, 1), 1);
}

static void
fill_row (FlashHexView *self, FlashHexViewRow *row, gsize offset)
{
  const guint8 *bytes = g_bytes_get_data (self->bytes, NULL);
  const guint8 *marks = self->marks != NULL ? g_bytes_get_data (self->marks, NULL) : NULL;
  FlashHexViewRowData data = { .address = (guint32) (self->address + offset),
                               .bytes = bytes + offset,
                               .n_bytes = (guint) MIN (self->size - offset, self->columns),
                               .columns = self->columns,
                               .cursor = -1 };
  gsize first = MIN (self->cursor, self->anchor), last = MAX (self->cursor, self->anchor);

  for (guint i = 0; i < data.n_bytes; i++) {
    gsize at = offset + i;

    if (marks != NULL && (marks[at / 8] >> at % 8 & 1) != 0)
      data.marked |= (guint16) (1u << i);
    if (first != last && at >= first && at <= last)
      data.selected |= (guint16) (1u << i);
    if (at == self->cursor)
      data.cursor = (int) i;
  }
  flash_hex_view_row_set (row, &data);
}

/* The keyboard is with the view; assistive technology follows the row with the cursor. */
static void
tell_cursor (FlashHexView *self, GtkWidget *row)
{
  g_autofree char *text = NULL;

  if (row != NULL)
    gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                    GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT, row, -1);
  else
    gtk_accessible_reset_relation (GTK_ACCESSIBLE (self),
                                   GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT);
  if (self->size > 0)
    text = g_strdup_printf ("0x%08x: 0x%02x", (guint) (self->address + self->cursor),
                            ((const guint8 *) g_bytes_get_data (self->bytes, NULL))[self->cursor]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

static void
update_rows (FlashHexView *self)
{
  gsize first = (gsize) get_scroll (self) / (gsize) MAX (self->row_height, 1);
  gsize n_rows = count_rows (self);
  GtkWidget *cursor_row = NULL;

  for (guint i = 0; i < self->rows->len; i++) {
    GtkWidget *row = g_ptr_array_index (self->rows, i);
    gboolean is_there = first + i < n_rows;

    gtk_widget_set_child_visible (row, is_there);
    if (!is_there)
      continue;
    fill_row (self, FLASH_HEX_VIEW_ROW (row), (first + i) * self->columns);
    if (self->cursor / self->columns == first + i)
      cursor_row = row;
  }
  tell_cursor (self, cursor_row);
}

static void
on_scrolled (FlashHexView *self)
{
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* --- size ----------------------------------------------------------------------------------- */

static int
get_width (FlashHexView *self, guint columns)
{
  return (int) ceil (flash_hex_view_row_count_letters (columns) * self->letter_width) +
         2 * FLASH_HEX_VIEW_PADDING;
}

static void
measure_letters (FlashHexView *self)
{
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (self), "0123456789abcdef");
  int width, height;

  pango_layout_get_size (layout, &width, &height);
  self->letter_width = (double) width / PANGO_SCALE / strlen (pango_layout_get_text (layout));
  self->row_height = PANGO_PIXELS_CEIL (height) + ROW_ROOM;
}

static void
flash_hex_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  FlashHexView *self = FLASH_HEX_VIEW (widget);

  measure_letters (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = get_width (self, column_choices[G_N_ELEMENTS (column_choices) - 1]);
    *natural = get_width (self, column_choices[0]);
  } else {
    *minimum = self->row_height;
    *natural = self->row_height * NATURAL_ROWS;
  }
}

static void
choose_columns (FlashHexView *self, int width)
{
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (column_choices) && get_width (self, column_choices[i]) > width)
    i++;
  self->columns = column_choices[i];
}

static void
set_row_count (FlashHexView *self, guint count)
{
  while (self->rows->len > count) {
    gtk_widget_unparent (g_ptr_array_index (self->rows, self->rows->len - 1));
    g_ptr_array_set_size (self->rows, (gint) self->rows->len - 1);
  }
  while (self->rows->len < count) {
    GtkWidget *row = flash_hex_view_row_new ();

    gtk_widget_set_parent (row, GTK_WIDGET (self));
    g_ptr_array_add (self->rows, row);
  }
}

static void
configure (FlashHexView *self, int width, int height)
{
  GtkAdjustment *across = self->adjustments[GTK_ORIENTATION_HORIZONTAL];
  GtkAdjustment *down = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double total = (double) count_rows (self) * self->row_height;

  if (across != NULL)
    gtk_adjustment_configure (across, 0, 0, width, width * 0.1, width * 0.9, width);
  if (down != NULL)
    gtk_adjustment_configure (down, gtk_adjustment_get_value (down), 0, MAX (total, height),
                              self->row_height, height * 0.9, height);
}

static void
flash_hex_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  FlashHexView *self = FLASH_HEX_VIEW (widget);
  int y;

  measure_letters (self);
  choose_columns (self, width);
  configure (self, width, height);
  set_row_count (self, (guint) (height / self->row_height) + 2);
  update_rows (self);
  y = -(int) ((gint64) get_scroll (self) % self->row_height);
  for (guint i = 0; i < self->rows->len; i++) {
    GtkWidget *row = g_ptr_array_index (self->rows, i);
    int minimum;

    gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
    gtk_widget_size_allocate (row,
                              &(GtkAllocation){ 0, y + (int) i * self->row_height,
                                                MAX (width, minimum), self->row_height },
                              -1);
  }
}

static void
flash_hex_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget),
                                                         gtk_widget_get_height (widget)));
  GTK_WIDGET_CLASS (flash_hex_view_parent_class)->snapshot (widget, snapshot);
  gtk_snapshot_pop (snapshot);
}

/* --- places --------------------------------------------------------------------------------- */

gboolean
_flash_hex_view_pick (FlashHexView *self, double x, double y, gsize *out_offset)
{
  double at = MAX (y + get_scroll (self), 0);
  gsize row = (gsize) at / (gsize) MAX (self->row_height, 1);
  guint column;

  if (self->size == 0)
    return FALSE;
  column = flash_hex_view_row_find_column (self->columns,
                                           (x - FLASH_HEX_VIEW_PADDING) / self->letter_width);
  *out_offset = MIN (MIN (row, count_rows (self) - 1) * self->columns + column, self->size - 1);
  return TRUE;
}

gboolean
flash_hex_view_get_rect (FlashHexView *self, gsize offset, graphene_rect_t *out_rect)
{
  guint letter;
  double y;

  g_return_val_if_fail (FLASH_IS_HEX_VIEW (self) && out_rect != NULL, FALSE);

  y = (double) (offset / self->columns) * self->row_height - get_scroll (self);
  if (offset >= self->size || y < 0 ||
      y + self->row_height > gtk_widget_get_height (GTK_WIDGET (self)))
    return FALSE;
  letter = flash_hex_view_row_find_digits ((guint) (offset % self->columns));
  graphene_rect_init (out_rect, FLASH_HEX_VIEW_PADDING + (float) (letter * self->letter_width),
                      (float) y, (float) (2 * self->letter_width), (float) self->row_height);
  return TRUE;
}

static void
scroll_to_cursor (FlashHexView *self)
{
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double top = (double) (self->cursor / self->columns) * self->row_height;

  if (adjustment == NULL)
    return;
  /* It may be longer than it was when the room was given out. */
  configure (self, gtk_widget_get_width (GTK_WIDGET (self)),
             gtk_widget_get_height (GTK_WIDGET (self)));
  gtk_adjustment_clamp_page (adjustment, top, top + self->row_height);
}

void
_flash_hex_view_move (FlashHexView *self, gsize offset, gboolean extends)
{
  self->cursor = offset;
  if (!extends)
    self->anchor = offset;
  scroll_to_cursor (self);
  update_rows (self);
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}

/* --- public --------------------------------------------------------------------------------- */

void
flash_hex_view_set_bytes (FlashHexView *self, GBytes *bytes, guint32 address)
{
  g_return_if_fail (FLASH_IS_HEX_VIEW (self));

  if (bytes != NULL)
    g_bytes_ref (bytes);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->marks, g_bytes_unref);
  self->bytes = bytes;
  self->size = bytes != NULL ? g_bytes_get_size (bytes) : 0;
  self->address = address;
  if (self->adjustments[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_set_value (self->adjustments[GTK_ORIENTATION_VERTICAL], 0);
  _flash_hex_view_move (self, 0, FALSE);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
flash_hex_view_set_marks (FlashHexView *self, GBytes *marks)
{
  g_return_if_fail (FLASH_IS_HEX_VIEW (self));
  g_return_if_fail (marks == NULL || g_bytes_get_size (marks) * 8 >= self->size);

  if (marks != NULL)
    g_bytes_ref (marks);
  g_clear_pointer (&self->marks, g_bytes_unref);
  self->marks = marks;
  update_rows (self);
}

guint
flash_hex_view_get_columns (FlashHexView *self)
{
  g_return_val_if_fail (FLASH_IS_HEX_VIEW (self), 0);

  return self->columns;
}

gsize
flash_hex_view_get_cursor (FlashHexView *self)
{
  g_return_val_if_fail (FLASH_IS_HEX_VIEW (self), 0);

  return self->cursor;
}

void
flash_hex_view_select (FlashHexView *self, gsize offset, gsize length)
{
  g_return_if_fail (FLASH_IS_HEX_VIEW (self) && length > 0);

  if (offset >= self->size)
    return;
  self->anchor = offset + MIN (length, self->size - offset) - 1;
  _flash_hex_view_move (self, offset, TRUE);
}

void
flash_hex_view_get_selection (FlashHexView *self, gsize *out_offset, gsize *out_length)
{
  g_return_if_fail (FLASH_IS_HEX_VIEW (self) && out_offset != NULL && out_length != NULL);

  *out_offset = MIN (self->cursor, self->anchor);
  *out_length = self->size > 0 ? MAX (self->cursor, self->anchor) - *out_offset + 1 : 0;
}

char *
flash_hex_view_dup_hex (FlashHexView *self)
{
  static const char digits[] = "0123456789abcdef";
  gsize offset, length;
  const guint8 *bytes;
  GString *text;

  g_return_val_if_fail (FLASH_IS_HEX_VIEW (self), NULL);

  flash_hex_view_get_selection (self, &offset, &length);
  bytes = self->bytes != NULL ? g_bytes_get_data (self->bytes, NULL) : NULL;
  text = g_string_sized_new (length * 3 + 1);
  for (gsize i = offset; i < offset + length; i++) {
    if (i > offset)
      g_string_append_c (text, ' ');
    g_string_append_c (text, digits[bytes[i] >> 4]);
    g_string_append_c (text, digits[bytes[i] & 0xf]);
  }
  return g_string_free (text, FALSE);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
set_adjustment (FlashHexView *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment **place = &self->adjustments[orientation];

  if (*place != NULL)
    g_signal_handlers_disconnect_by_func (*place, on_scrolled, self);
  g_clear_object (place);
  *place = adjustment != NULL ? g_object_ref_sink (adjustment) : NULL;
  if (adjustment != NULL)
    g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (on_scrolled), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
flash_hex_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FlashHexView *self = FLASH_HEX_VIEW (object);

  if (id == PROP_HADJUSTMENT || id == PROP_VADJUSTMENT)
    set_adjustment (self,
                    id == PROP_HADJUSTMENT ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL,
                    g_value_get_object (value));
  else
    self->policies[id - PROP_HSCROLL_POLICY] = (GtkScrollablePolicy) g_value_get_enum (value);
}

static void
flash_hex_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FlashHexView *self = FLASH_HEX_VIEW (object);

  if (id == PROP_HADJUSTMENT || id == PROP_VADJUSTMENT)
    g_value_set_object (value, self->adjustments[id - PROP_HADJUSTMENT]);
  else
    g_value_set_enum (value, self->policies[id - PROP_HSCROLL_POLICY]);
}

static void
flash_hex_view_dispose (GObject *object)
{
  FlashHexView *self = FLASH_HEX_VIEW (object);

  set_row_count (self, 0);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->marks, g_bytes_unref);
  self->size = 0;

  G_OBJECT_CLASS (flash_hex_view_parent_class)->dispose (object);
}

static void
flash_hex_view_finalize (GObject *object)
{
  g_ptr_array_unref (FLASH_HEX_VIEW (object)->rows);

  G_OBJECT_CLASS (flash_hex_view_parent_class)->finalize (object);
}

static void
flash_hex_view_class_init (FlashHexViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = flash_hex_view_set_property;
  object_class->get_property = flash_hex_view_get_property;
  object_class->dispose = flash_hex_view_dispose;
  object_class->finalize = flash_hex_view_finalize;
  widget_class->measure = flash_hex_view_measure;
  widget_class->size_allocate = flash_hex_view_size_allocate;
  widget_class->snapshot = flash_hex_view_snapshot;

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  signals[SIGNAL_MOVED] = g_signal_new ("moved", FLASH_TYPE_HEX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "hexview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  _flash_hex_view_add_keys (widget_class);
}

static void
flash_hex_view_init (FlashHexView *self)
{
  self->rows = g_ptr_array_new ();
  self->columns = column_choices[0];
  self->row_height = 1;
  self->letter_width = 1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (GTK_WIDGET (self), "monospace");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Contents of the memory"), -1);
  _flash_hex_view_add_pointer (self);
}
