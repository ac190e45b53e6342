/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-bar"

#include "config.h"

#include "flash-storage-bar-private.h"
#include "flash-storage-draw.h"

#include <glib/gi18n.h>

/* A byte of a large storage is never as wide as a pixel; it need not be. */
#define MAX_ZOOM 512.0

G_DEFINE_FINAL_TYPE (FlashStorageBar, flash_storage_bar, GTK_TYPE_WIDGET)

enum { SIGNAL_SELECTED, SIGNAL_MOVED, SIGNAL_ZOOMED, SIGNAL_STATUS, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- what it says ------------------------------------------------------------------------- */

static void
update_accessible_value (FlashStorageBar *self)
{
  g_autofree char *value = NULL;

  if (self->selected >= 0)
    value = flash_storage_part_dup_text (_flash_storage_bar_get_part (self, self->selected),
                                         self->map, " ");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) self->parts->len,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->selected + 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  value != NULL ? value : _ ("nothing chosen"), -1);
}

static void
update_accessible (FlashStorageBar *self)
{
  guint n_parts = self->parts->len;
  g_autofree char *label =
      g_strdup_printf (ngettext ("Storage %1$s, %2$u part", "Storage %1$s, %2$u parts", n_parts),
                       self->map != NULL ? self->map->name : "", n_parts);
  g_autofree char *description = NULL;

  if (self->map != NULL)
    description = flash_storage_map_dup_text (self->map, self->parts);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description != NULL ? description : "", -1);
  update_accessible_value (self);
}

void
_flash_storage_bar_take_status (FlashStorageBar *self, char *status)
{
  gboolean is_same = g_strcmp0 (self->status, status) == 0;

  g_free (self->status);
  self->status = status;
  if (!is_same)
    g_signal_emit (self, signals[SIGNAL_STATUS], 0);
}

/* --- room ----------------------------------------------------------------------------------- */

static void
flash_storage_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  int char_width = flash_storage_draw_get_char_width (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = *natural = _flash_storage_bar_measure_height (FLASH_STORAGE_BAR (widget));
    return;
  }
  /* Never more than a phone has, whatever the file says. */
  *minimum = 10 * char_width;
  *natural = 60 * char_width;
}

static void
flash_storage_bar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);

  /* What is held stays under the pointer, as long as nothing else moves. */
  if (self->drag.row != NULL && width == (int) gtk_adjustment_get_page_size (self->adjustment))
    return;
  _flash_storage_bar_break_off (self);
  if (_flash_storage_bar_place (self))
    update_accessible (self);
}

static void
flash_storage_bar_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);
  int font_size;

  GTK_WIDGET_CLASS (flash_storage_bar_parent_class)->css_changed (widget, change);

  /* It comes with each focus and each hover, too. */
  font_size = flash_storage_draw_measure_height (widget, 100) * 100 +
              flash_storage_draw_get_char_width (widget);
  if (font_size == self->font_size)
    return;
  self->font_size = font_size;
  self->has_min_sizes = FALSE;
  gtk_widget_queue_resize (widget);
}

/* --- choosing ----------------------------------------------------------------------------- */

/* What is chosen, for those who see too little of it. */
static void
show_status (FlashStorageBar *self)
{
  char *status = NULL;

  if (self->selected >= 0)
    status = flash_storage_part_dup_short_text (_flash_storage_bar_get_part (self, self->selected),
                                                self->map);
  _flash_storage_bar_take_status (self, status);
}

static void
set_selected (FlashStorageBar *self, int index)
{
  if (self->selected == index)
    return;
  self->selected = index;
  show_status (self);
  update_accessible_value (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
_flash_storage_bar_choose (FlashStorageBar *self, int index)
{
  if (index < 0 || index >= (int) self->parts->len)
    return;
  set_selected (self, index);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0,
                 flash_storage_part_get_line (_flash_storage_bar_get_part (self, index)));
}

void
_flash_storage_bar_emit_moved (FlashStorageBar *self, FlashLayoutRow *row, guint64 offset)
{
  g_signal_emit (self, signals[SIGNAL_MOVED], 0, flash_layout_row_get_line (row), offset);
}

static gboolean
on_query_tooltip (GtkWidget *widget, int x, int y, gboolean is_keyboard, GtkTooltip *tooltip)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);
  int index = is_keyboard ? self->selected : _flash_storage_bar_find_at (self, x, y);
  g_autofree char *text = NULL;
  graphene_rect_t rect;

  if (index < 0 || !flash_storage_bar_get_area_rect (self, (guint) index, &rect))
    return FALSE;
  text = flash_storage_part_dup_text (_flash_storage_bar_get_part (self, index), self->map, "\n");
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip,
                            &(GdkRectangle){ (int) rect.origin.x, (int) rect.origin.y,
                                             (int) rect.size.width, (int) rect.size.height });
  return TRUE;
}

/* --- zoom --------------------------------------------------------------------------------- */

void
_flash_storage_bar_zoom_at (FlashStorageBar *self, double zoom, double x)
{
  g_autoptr (GArray) before = g_array_copy (self->stops);
  double at = x + gtk_adjustment_get_value (self->adjustment);
  double carried;

  zoom = CLAMP (zoom, 1.0, MAX_ZOOM);
  /* All of it, rather than nearly all. */
  if (zoom < 1.05)
    zoom = 1.0;
  if (ABS (zoom - self->zoom) < 0.001 || self->drag.row != NULL)
    return;
  self->zoom = zoom;
  _flash_storage_bar_place (self);
  if (before->len == self->stops->len) {
    carried = flash_storage_scale_carry ((const FlashStop *) (gpointer) before->data,
                                         (const FlashStop *) (gpointer) self->stops->data,
                                         before->len, at);
    gtk_adjustment_set_value (self->adjustment, carried - x);
  }
  update_accessible (self);
  g_signal_emit (self, signals[SIGNAL_ZOOMED], 0);
}

void
flash_storage_bar_zoom_by (FlashStorageBar *self, double factor)
{
  graphene_rect_t rect, seen;
  graphene_rect_t view;
  double x;

  g_return_if_fail (FLASH_IS_STORAGE_BAR (self));

  view = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (GTK_WIDGET (self)),
                             (float) gtk_widget_get_height (GTK_WIDGET (self)));
  seen = view;
  if (self->selected >= 0 &&
      flash_storage_bar_get_area_rect (self, (guint) self->selected, &rect) &&
      !graphene_rect_intersection (&rect, &view, &seen))
    seen = view;
  x = _flash_storage_bar_mirror (self, seen.origin.x + seen.size.width / 2);
  _flash_storage_bar_zoom_at (self, self->zoom * factor, x);
}

/* --- life --------------------------------------------------------------------------------- */

static void
on_adjustment_value_changed (FlashStorageBar *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
flash_storage_bar_dispose (GObject *object)
{
  _flash_storage_bar_break_off (FLASH_STORAGE_BAR (object));

  G_OBJECT_CLASS (flash_storage_bar_parent_class)->dispose (object);
}

static void
flash_storage_bar_finalize (GObject *object)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (object);

  g_clear_pointer (&self->map, flash_layout_map_unref);
  g_clear_pointer (&self->severities, g_hash_table_unref);
  g_array_unref (self->parts);
  g_array_unref (self->stops);
  g_array_unref (self->min_sizes);
  g_object_unref (self->adjustment);
  g_free (self->status);

  G_OBJECT_CLASS (flash_storage_bar_parent_class)->finalize (object);
}

static void
flash_storage_bar_class_init (FlashStorageBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_storage_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_storage_bar_finalize;
  widget_class->snapshot = _flash_storage_bar_snapshot;
  widget_class->measure = flash_storage_bar_measure;
  widget_class->size_allocate = flash_storage_bar_size_allocate;
  widget_class->css_changed = flash_storage_bar_css_changed;

  signals[SIGNAL_SELECTED] = g_signal_new ("selected", FLASH_TYPE_STORAGE_BAR, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_MOVED] = g_signal_new ("moved", FLASH_TYPE_STORAGE_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT64);
  signals[SIGNAL_ZOOMED] = g_signal_new ("zoomed", FLASH_TYPE_STORAGE_BAR, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_STATUS] = g_signal_new ("status", FLASH_TYPE_STORAGE_BAR, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "storagebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  _flash_storage_bar_add_keys (widget_class);
}

static void
flash_storage_bar_init (FlashStorageBar *self)
{
  self->parts = g_array_new (FALSE, TRUE, sizeof (FlashStoragePart));
  self->stops = g_array_new (FALSE, TRUE, sizeof (FlashStop));
  self->min_sizes = g_array_new (FALSE, TRUE, sizeof (double));
  self->selected = self->hovered = -1;
  self->zoom = 1.0;
  self->drag.pan_from = -1;
  self->adjustment = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_signal_connect_swapped (self->adjustment, "value-changed",
                            G_CALLBACK (on_adjustment_value_changed), self);
  _flash_storage_bar_add_gestures (self);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

/* --- the map ------------------------------------------------------------------------------ */

static void
make_parts (FlashStorageBar *self)
{
  self->n_raw = 0;
  self->has_min_sizes = FALSE;
  g_array_set_size (self->stops, 0);
  g_array_set_size (self->parts, 0);
  for (guint i = 0; i < self->map->areas->len; i++) {
    FlashStoragePart part = { g_array_index (self->map->areas, FlashLayoutArea, i), FALSE,
                              FLASH_SEVERITY_INFO, FALSE };
    gpointer line = GUINT_TO_POINTER (flash_storage_part_get_line (&part));
    gpointer severity = NULL;

    if (self->severities != NULL && line != NULL)
      part.has_severity = g_hash_table_lookup_extended (self->severities, line, NULL, &severity);
    part.severity = (FlashSeverity) GPOINTER_TO_INT (severity);
    self->n_raw += part.area.kind == FLASH_LAYOUT_AREA_RAW;
    g_array_append_val (self->parts, part);
  }
}

/* What was chosen, in the new map: by its line, or as the same kind of thing at the same place. */
static int
find_again (FlashStorageBar *self, const FlashStoragePart *chosen, int index)
{
  guint line = flash_storage_part_get_line (chosen);

  for (guint i = 0; i < self->parts->len && line > 0; i++) {
    if (flash_storage_part_get_line (_flash_storage_bar_get_part (self, (int) i)) == line)
      return (int) i;
  }
  if (line == 0 && index < (int) self->parts->len &&
      _flash_storage_bar_get_part (self, index)->area.kind == chosen->area.kind)
    return index;
  return -1;
}

void
_flash_storage_bar_show (FlashStorageBar *self, FlashLayoutMap *map, const GArray *frame)
{
  int selected = self->selected;
  FlashStoragePart chosen = { 0 };
  int height = self->map != NULL ? _flash_storage_bar_measure_height (self) : -1;
  g_autoptr (FlashLayoutMap) before = NULL;

  if (selected >= 0)
    chosen = *_flash_storage_bar_get_part (self, selected);
  /* Its rows are needed until the new ones are there. */
  before = g_steal_pointer (&self->map);
  self->map = flash_layout_map_ref (map);
  self->hovered = -1;
  make_parts (self);
  self->selected = selected >= 0 ? find_again (self, &chosen, selected) : -1;
  if (frame != NULL)
    _flash_storage_bar_place_in (self, frame);
  else
    _flash_storage_bar_place (self);
  update_accessible (self);
  show_status (self);
  if (_flash_storage_bar_measure_height (self) != height)
    gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
flash_storage_bar_set_map (FlashStorageBar *self, FlashLayoutMap *map, GHashTable *severities)
{
  g_return_if_fail (FLASH_IS_STORAGE_BAR (self));
  g_return_if_fail (map != NULL);

  if (severities != NULL)
    g_hash_table_ref (severities);
  if (self->drag.row != NULL) {
    flash_layout_map_ref (map);
    g_clear_pointer (&self->drag.pending_map, flash_layout_map_unref);
    g_clear_pointer (&self->drag.pending_severities, g_hash_table_unref);
    self->drag.pending_map = map;
    self->drag.pending_severities = severities;
    return;
  }
  g_clear_pointer (&self->severities, g_hash_table_unref);
  self->severities = severities;
  _flash_storage_bar_show (self, map, NULL);
}

void
flash_storage_bar_select_line (FlashStorageBar *self, guint line)
{
  int found = -1;

  g_return_if_fail (FLASH_IS_STORAGE_BAR (self));

  for (guint i = 0; i < self->parts->len && line > 0; i++) {
    if (flash_storage_part_get_line (_flash_storage_bar_get_part (self, (int) i)) == line)
      found = (int) i;
  }
  /* What is no partition can be chosen here alone. */
  if (line == 0 && self->selected >= 0 &&
      flash_storage_part_get_line (_flash_storage_bar_get_part (self, self->selected)) == 0)
    return;
  set_selected (self, found);
  _flash_storage_bar_reveal (self, found);
}

void
flash_storage_bar_break_off (FlashStorageBar *self)
{
  g_return_if_fail (FLASH_IS_STORAGE_BAR (self));

  _flash_storage_bar_break_off (self);
}

void
flash_storage_bar_unselect (FlashStorageBar *self)
{
  g_return_if_fail (FLASH_IS_STORAGE_BAR (self));

  set_selected (self, -1);
}

/* --- asking ------------------------------------------------------------------------------- */

FlashLayoutMap *
flash_storage_bar_get_map (FlashStorageBar *self)
{
  g_return_val_if_fail (FLASH_IS_STORAGE_BAR (self), NULL);

  return self->map;
}

int
flash_storage_bar_get_selected (FlashStorageBar *self)
{
  g_return_val_if_fail (FLASH_IS_STORAGE_BAR (self), -1);

  return self->selected;
}

gboolean
flash_storage_bar_is_enlarged (FlashStorageBar *self, guint index)
{
  g_return_val_if_fail (FLASH_IS_STORAGE_BAR (self), FALSE);

  return index < self->parts->len && _flash_storage_bar_get_part (self, (int) index)->is_enlarged;
}

double
flash_storage_bar_get_zoom (FlashStorageBar *self)
{
  g_return_val_if_fail (FLASH_IS_STORAGE_BAR (self), 1.0);

  return self->zoom;
}

GtkAdjustment *
flash_storage_bar_get_adjustment (FlashStorageBar *self)
{
  g_return_val_if_fail (FLASH_IS_STORAGE_BAR (self), NULL);

  return self->adjustment;
}

const char *
flash_storage_bar_get_status (FlashStorageBar *self)
{
  g_return_val_if_fail (FLASH_IS_STORAGE_BAR (self), NULL);

  return self->status;
}
