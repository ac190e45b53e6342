/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-table-cell"

#include "config.h"

#include "flash-table-cell.h"

#include "flash-cell-draw.h"

#define ICON_SIZE FLASH_CELL_ICON_SIZE
/* Between the text and the border of a cell, above and below. */
#define PADDING 7
/* As style.css has it beside each cell. */
#define CELL_MARGIN 6
/* Still read by everybody; the toolkit's own dim labels are not. */
#define DIM_ALPHA 0.75f

struct _FlashTableCell {
  GtkWidget parent_instance;

  FlashCellColumn column;
  FlashCellMetrics *metrics;
  FlashCellFacts *facts;
  FlashLayoutEntry *entry; /* (owned) (nullable) */
  char *text; /* (owned) (nullable) */
  char *short_text; /* (owned) (nullable) */
  PangoLayout *layout; /* (owned) (nullable): made when it is drawn */
  GtkWidget *editing; /* (nullable): a child */
  GtkWidget *suffix; /* (nullable): a child */
};

G_DEFINE_FINAL_TYPE (FlashTableCell, flash_table_cell, GTK_TYPE_WIDGET)

typedef struct {
  guint min_chars; /* what must be read; 0 for an icon */
  guint nat_chars; /* how wide it would like to be */
  gboolean is_digits;
  gboolean is_end; /* whether it stands at the end, as sizes do */
} Shape;

static const Shape shapes[FLASH_CELL_N_COLUMNS] = {
  [FLASH_CELL_MARK] = { 0, 0, FALSE, FALSE },    [FLASH_CELL_ENABLED] = { 0, 0, FALSE, FALSE },
  [FLASH_CELL_OPTION] = { 5, 24, FALSE, FALSE }, [FLASH_CELL_ID] = { 5, 5, TRUE, FALSE },
  [FLASH_CELL_NAME] = { 10, 13, FALSE, FALSE },  [FLASH_CELL_TYPE] = { 10, 12, FALSE, FALSE },
  [FLASH_CELL_IP] = { 6, 8, FALSE, FALSE },      [FLASH_CELL_OFFSET] = { 11, 11, TRUE, FALSE },
  [FLASH_CELL_SLOT] = { 8, 9, TRUE, TRUE },      [FLASH_CELL_FILE] = { 11, 22, FALSE, FALSE },
  [FLASH_CELL_SIZE] = { 8, 9, TRUE, TRUE },
};

/* --- measures ----------------------------------------------------------------------------- */

static void
ensure_metrics (FlashTableCell *self)
{
  FlashCellMetrics *metrics = self->metrics;
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *font;

  if (metrics->is_valid)
    return;
  font = pango_context_get_metrics (context, NULL, NULL);
  metrics->char_width = PANGO_PIXELS_CEIL (pango_font_metrics_get_approximate_char_width (font));
  metrics->digit_width = PANGO_PIXELS_CEIL (pango_font_metrics_get_approximate_digit_width (font));
  metrics->line_height = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (font));
  if (metrics->line_height == 0)
    metrics->line_height = PANGO_PIXELS_CEIL (pango_font_metrics_get_ascent (font) +
                                              pango_font_metrics_get_descent (font));
  metrics->is_valid = TRUE;
  pango_font_metrics_unref (font);
}

static int
get_width (const Shape *shape, const FlashCellMetrics *metrics, guint n_chars)
{
  if (shape->min_chars == 0)
    return ICON_SIZE;
  return (int) n_chars * (shape->is_digits ? metrics->digit_width : metrics->char_width);
}

gboolean
flash_table_cell_is_at_end (FlashCellColumn column)
{
  return shapes[column].is_end;
}

int
flash_table_cell_get_table_width (const FlashCellMetrics *metrics)
{
  int width = 0;

  if (metrics->char_width == 0)
    return 0;
  for (guint i = 0; i < FLASH_CELL_N_COLUMNS; i++)
    width += get_width (&shapes[i], metrics, shapes[i].min_chars) + 2 * CELL_MARGIN;
  return width;
}

static void
flash_table_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  FlashTableCell *self = FLASH_TABLE_CELL (widget);
  const Shape *shape = &shapes[self->column];

  ensure_metrics (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = get_width (shape, self->metrics, shape->min_chars);
    *natural = get_width (shape, self->metrics, shape->nat_chars);
  } else {
    /* The same whether it is edited or not: rows must not jump. */
    *minimum = *natural = MAX (self->metrics->line_height, ICON_SIZE) + 2 * PADDING;
  }
}

static void
allocate_child (FlashTableCell *self, GtkWidget *child, int x, int width, int height)
{
  GtkRequisition minimum;
  GtkAllocation place = { .x = x, .y = 0, .width = width, .height = height };

  gtk_widget_get_preferred_size (child, &minimum, NULL);
  place.width = MAX (width, minimum.width);
  place.height = MAX (height, minimum.height);
  place.y = (height - place.height) / 2;
  gtk_widget_size_allocate (child, &place, -1);
}

static int
get_suffix_width (FlashTableCell *self)
{
  int width = 0;

  if (self->suffix != NULL)
    gtk_widget_measure (self->suffix, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  return width;
}

static void
flash_table_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  FlashTableCell *self = FLASH_TABLE_CELL (widget);
  int suffix = get_suffix_width (self);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  if (self->editing != NULL)
    allocate_child (self, self->editing, is_rtl ? MIN (suffix, width) : 0, MAX (width - suffix, 0),
                    height);
  if (self->suffix != NULL)
    allocate_child (self, self->suffix, is_rtl ? 0 : MAX (width - suffix, 0), suffix, height);
}

/* The text is bound to its font and size. */
static void
flash_table_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  FlashTableCell *self = FLASH_TABLE_CELL (widget);

  GTK_WIDGET_CLASS (flash_table_cell_parent_class)->css_changed (widget, change);
  g_clear_object (&self->layout);
}

static void
flash_table_cell_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  FlashTableCell *self = FLASH_TABLE_CELL (widget);

  GTK_WIDGET_CLASS (flash_table_cell_parent_class)->system_setting_changed (widget, setting);
  g_clear_object (&self->layout);
  self->metrics->is_valid = FALSE;
  gtk_widget_queue_resize (widget);
}

/* --- drawing ------------------------------------------------------------------------------ */

static const FlashRowFacts *
get_facts (FlashTableCell *self)
{
  return flash_cell_facts_find (self->facts, self->entry);
}

static void
ensure_layout (FlashTableCell *self)
{
  g_autoptr (PangoAttrList) attributes = NULL;

  if (self->layout != NULL)
    return;
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  /* A hostile file may bring line breaks of its own. */
  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
  attributes = pango_attr_list_new ();
  if (shapes[self->column].is_digits)
    pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (self->column == FLASH_CELL_NAME && !flash_layout_entry_is_enabled (self->entry))
    pango_attr_list_insert (attributes, pango_attr_strikethrough_new (TRUE));
  pango_layout_set_attributes (self->layout, attributes);
}

/* Where the words have no room, what stands in the file has. */
static void
fit_text (FlashTableCell *self, int width)
{
  int text_width;

  pango_layout_set_width (self->layout, -1);
  pango_layout_set_text (self->layout, self->text, -1);
  pango_layout_get_pixel_size (self->layout, &text_width, NULL);
  if (text_width > width && self->short_text != NULL) {
    pango_layout_set_text (self->layout, self->short_text, -1);
    pango_layout_get_pixel_size (self->layout, &text_width, NULL);
  }
  if (text_width > width)
    pango_layout_set_width (self->layout, MAX (width, 0) * PANGO_SCALE);
  pango_layout_set_ellipsize (self->layout, self->column == FLASH_CELL_FILE ? PANGO_ELLIPSIZE_MIDDLE
                                                                            : PANGO_ELLIPSIZE_END);
}

static void
draw_text (FlashTableCell *self, GtkSnapshot *snapshot, int width, int height)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gboolean is_dim = !flash_layout_entry_is_enabled (self->entry) ||
                    (self->column == FLASH_CELL_FILE && !flash_cell_words_has_file (self->entry));
  GdkRGBA color = flash_cell_draw_get_color (GTK_WIDGET (self), NULL);
  int suffix = get_suffix_width (self);
  int end_gap = self->column == FLASH_CELL_SLOT ? FLASH_TABLE_CELL_END_GAP : 0;
  int text_width, text_height, x, y;

  ensure_layout (self);
  fit_text (self, width - suffix - end_gap);
  pango_layout_get_pixel_size (self->layout, &text_width, &text_height);
  x = shapes[self->column].is_end != is_rtl ? width - text_width : 0;
  if (end_gap > 0)
    x += is_rtl ? end_gap : -end_gap;
  if (self->suffix != NULL)
    x = is_rtl ? width - text_width : 0;
  y = (height - text_height) / 2;
  if (is_dim)
    color.alpha *= DIM_ALPHA;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, self->layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
flash_table_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FlashTableCell *self = FLASH_TABLE_CELL (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  int icon_x = (width - ICON_SIZE) / 2;
  int icon_y = (height - ICON_SIZE) / 2;

  if (self->entry == NULL)
    return;
  if (self->editing != NULL)
    gtk_widget_snapshot_child (widget, self->editing, snapshot);
  else if (self->column == FLASH_CELL_MARK)
    flash_cell_draw_mark (widget, snapshot, get_facts (self), icon_x, icon_y);
  else if (self->column == FLASH_CELL_ENABLED)
    flash_cell_draw_check (widget, snapshot, flash_layout_entry_is_enabled (self->entry), icon_x,
                           icon_y);
  else
    draw_text (self, snapshot, width, height);
  if (self->column == FLASH_CELL_SIZE)
    flash_cell_draw_fill (widget, snapshot, get_facts (self), width, height);
  if (self->suffix != NULL)
    gtk_widget_snapshot_child (widget, self->suffix, snapshot);
}

/* --- life --------------------------------------------------------------------------------- */

/* A click on a row would otherwise give the keyboard to its first cell. */
static void
flash_table_cell_root (GtkWidget *widget)
{
  GtkWidget *frame;

  GTK_WIDGET_CLASS (flash_table_cell_parent_class)->root (widget);
  frame = gtk_widget_get_parent (widget);
  for (guint i = 0; i < 2 && frame != NULL; i++) {
    gtk_widget_set_focus_on_click (frame, FALSE);
    frame = gtk_widget_get_parent (frame);
  }
}

static void
flash_table_cell_dispose (GObject *object)
{
  FlashTableCell *self = FLASH_TABLE_CELL (object);

  g_clear_pointer (&self->editing, gtk_widget_unparent);
  g_clear_pointer (&self->suffix, gtk_widget_unparent);
  g_clear_object (&self->entry);
  g_clear_object (&self->layout);

  G_OBJECT_CLASS (flash_table_cell_parent_class)->dispose (object);
}

static void
flash_table_cell_finalize (GObject *object)
{
  FlashTableCell *self = FLASH_TABLE_CELL (object);

  g_free (self->text);
  g_free (self->short_text);

  G_OBJECT_CLASS (flash_table_cell_parent_class)->finalize (object);
}

static void
flash_table_cell_class_init (FlashTableCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_table_cell_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_table_cell_finalize;
  widget_class->measure = flash_table_cell_measure;
  widget_class->size_allocate = flash_table_cell_size_allocate;
  widget_class->snapshot = flash_table_cell_snapshot;
  widget_class->css_changed = flash_table_cell_css_changed;
  widget_class->system_setting_changed = flash_table_cell_system_setting_changed;
  widget_class->root = flash_table_cell_root;
  gtk_widget_class_set_css_name (widget_class, "tablecell");
}

static void
flash_table_cell_init (FlashTableCell *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

static GtkAccessibleRole
get_role (FlashCellColumn column)
{
  if (column == FLASH_CELL_ENABLED)
    return GTK_ACCESSIBLE_ROLE_CHECKBOX;
  return column == FLASH_CELL_MARK ? GTK_ACCESSIBLE_ROLE_IMG : GTK_ACCESSIBLE_ROLE_LABEL;
}

GtkWidget *
flash_table_cell_new (FlashCellColumn column, FlashCellMetrics *metrics, FlashCellFacts *facts)
{
  FlashTableCell *self =
      g_object_new (FLASH_TYPE_TABLE_CELL, "accessible-role", get_role (column), NULL);

  self->column = column;
  self->metrics = metrics;
  self->facts = facts;
  return GTK_WIDGET (self);
}

FlashCellColumn
flash_table_cell_get_column (FlashTableCell *self)
{
  g_return_val_if_fail (FLASH_IS_TABLE_CELL (self), FLASH_CELL_NAME);

  return self->column;
}

FlashLayoutEntry *
flash_table_cell_get_entry (FlashTableCell *self)
{
  g_return_val_if_fail (FLASH_IS_TABLE_CELL (self), NULL);

  return self->entry;
}

void
flash_table_cell_refresh (FlashTableCell *self)
{
  const FlashRowFacts *facts;
  g_autofree char *label = NULL;

  g_return_if_fail (FLASH_IS_TABLE_CELL (self));

  g_clear_object (&self->layout);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->short_text, g_free);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->entry == NULL)
    return;
  facts = get_facts (self);
  self->text = flash_cell_words_dup_text (self->column, self->entry, facts, &self->short_text);
  label = flash_cell_words_dup_label (self->column, self->entry, facts);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (self->column == FLASH_CELL_ENABLED)
    gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_CHECKED,
                                 flash_layout_entry_is_enabled (self->entry)
                                     ? GTK_ACCESSIBLE_TRISTATE_TRUE
                                     : GTK_ACCESSIBLE_TRISTATE_FALSE,
                                 -1);
}

void
flash_table_cell_set_entry (FlashTableCell *self, FlashLayoutEntry *entry)
{
  g_return_if_fail (FLASH_IS_TABLE_CELL (self));

  g_set_object (&self->entry, entry);
  flash_table_cell_refresh (self);
}

void
flash_table_cell_set_editing (FlashTableCell *self, GtkWidget *entry_widget)
{
  g_return_if_fail (FLASH_IS_TABLE_CELL (self));

  g_clear_pointer (&self->editing, gtk_widget_unparent);
  self->editing = entry_widget;
  if (entry_widget != NULL)
    gtk_widget_set_parent (entry_widget, GTK_WIDGET (self));
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

GtkWidget *
flash_table_cell_get_editing (FlashTableCell *self)
{
  g_return_val_if_fail (FLASH_IS_TABLE_CELL (self), NULL);

  return self->editing;
}

void
flash_table_cell_set_suffix (FlashTableCell *self, GtkWidget *suffix)
{
  g_return_if_fail (FLASH_IS_TABLE_CELL (self));

  if (suffix == NULL && self->suffix == NULL)
    return;
  g_clear_pointer (&self->suffix, gtk_widget_unparent);
  self->suffix = suffix;
  if (suffix != NULL)
    gtk_widget_set_parent (suffix, GTK_WIDGET (self));
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}
