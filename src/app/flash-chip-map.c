/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-chip-map"

#include "config.h"

#include "flash-chip-map.h"

#include "flash-chip-draw.h"
#include "flash-storage-scale.h"

#include <glib/gi18n.h>

/* Between two parts, in pixels. */
#define GAP 2
/* Nobody can tell more parts than these apart; nodes are compared in each frame. */
#define MAX_DRAWN 300

struct _FlashChipMap {
  GtkWidget parent_instance;

  FlashMemoryMap *map; /* (owned) (nullable) */
  FlashFirmwarePlan *plan; /* (owned) (nullable) */
  GArray *parts; /* (owned) (element-type FlashChipPart) */
  GArray *spans; /* (owned) (element-type FlashSpan): of the parts, as wide as the widget */
  int selected; /* -1 if none */
  int hovered; /* -1 if none */
};

G_DEFINE_FINAL_TYPE (FlashChipMap, flash_chip_map, GTK_TYPE_WIDGET)

enum { SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

static const FlashChipPart *
get_part (FlashChipMap *self, int index)
{
  return &g_array_index (self->parts, FlashChipPart, index);
}

/* --- places --------------------------------------------------------------------------------- */

static void
place (FlashChipMap *self, int width)
{
  guint n_parts = self->parts->len;
  g_autofree double *weights = g_new (double, MAX (n_parts, 1));
  g_autofree double *least = g_new (double, MAX (n_parts, 1));

  for (guint i = 0; i < n_parts; i++) {
    const FlashChipPart *part = get_part (self, (int) i);

    weights[i] = (double) part->size;
    /* Nobody reads the numbers of so many; and measuring texts takes time. */
    least[i] = n_parts <= MAX_DRAWN ? flash_chip_draw_measure_width (GTK_WIDGET (self), part) : 1;
  }
  g_array_set_size (self->spans, n_parts);
  if (n_parts > 0)
    flash_storage_scale (weights, least, n_parts, width, n_parts <= MAX_DRAWN ? GAP : 0,
                         (FlashSpan *) (gpointer) self->spans->data);
}

gboolean
flash_chip_map_get_rect (FlashChipMap *self, guint index, graphene_rect_t *out_rect)
{
  const FlashSpan *span;
  float x, width;

  g_return_val_if_fail (FLASH_IS_CHIP_MAP (self) && out_rect != NULL, FALSE);

  if (index >= self->spans->len)
    return FALSE;
  span = &g_array_index (self->spans, FlashSpan, index);
  width = (float) span->size;
  x = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
          ? (float) gtk_widget_get_width (GTK_WIDGET (self)) - (float) span->start - width
          : (float) span->start;
  *out_rect =
      GRAPHENE_RECT_INIT (x, 0, width, (float) flash_chip_draw_measure_height (GTK_WIDGET (self)));
  return TRUE;
}

static int
find_at (FlashChipMap *self, double x, double y)
{
  if (y < 0 || y >= flash_chip_draw_measure_height (GTK_WIDGET (self)))
    return -1;
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x;
  return flash_storage_scale_find ((const FlashSpan *) (gpointer) self->spans->data,
                                   self->spans->len, x);
}

static void
flash_chip_map_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = *natural =
        flash_chip_draw_measure_height (widget) + flash_chip_draw_measure_axis (widget);
    return;
  }
  /* Never more than a phone has, however many sectors there are. */
  *minimum = 100;
  *natural = 600;
}

static void
flash_chip_map_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  place (FLASH_CHIP_MAP (widget), width);
}

/* --- drawing -------------------------------------------------------------------------------- */

static FlashChipLook
get_look (FlashChipMap *self, guint index)
{
  if ((int) index == self->selected)
    return FLASH_CHIP_SELECTED;
  return (int) index == self->hovered ? FLASH_CHIP_HOVERED : FLASH_CHIP_PLAIN;
}

/* A range of @part in pixels. */
static graphene_rect_t
get_covered_rect (FlashChipMap *self, const FlashChipPart *part, const graphene_rect_t *rect,
                  guint64 start, guint64 end)
{
  double scale = rect->size.width / (double) part->size;
  float from = (float) ((double) (start - part->address) * scale);
  /* What is there can be seen. */
  float width = MAX ((float) ((double) (end - start) * scale), 1.0f);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    from = rect->size.width - from - width;
  return GRAPHENE_RECT_INIT (rect->origin.x + CLAMP (from, 0, rect->size.width - width),
                             rect->origin.y, width, rect->size.height);
}

/**
 * draw_covered:
 * @cursor: (inout): the first segment that may reach into the part
 *
 * Neighbours that are less than a pixel apart are drawn as one.
 */
static void
draw_covered (FlashChipMap *self, GtkSnapshot *snapshot, guint index, const graphene_rect_t *rect,
              guint *cursor)
{
  const FlashChipPart *part = get_part (self, (int) index);
  guint64 end = part->address + part->size;
  graphene_rect_t drawn = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  for (; *cursor < self->plan->segments->len; (*cursor)++) {
    const FlashImageSegment *segment = g_ptr_array_index (self->plan->segments, *cursor);
    guint64 segment_end = segment->address + (guint64) g_bytes_get_size (segment->bytes);
    graphene_rect_t covered;

    if (segment->address >= end)
      break;
    if (segment_end <= part->address)
      continue;
    covered = get_covered_rect (self, part, rect, MAX (segment->address, part->address),
                                MIN (segment_end, end));
    if (drawn.size.width > 0 && covered.origin.x - drawn.origin.x - drawn.size.width < 1) {
      graphene_rect_union (&drawn, &covered, &drawn);
    } else {
      if (drawn.size.width > 0)
        flash_chip_draw_covered (GTK_WIDGET (self), snapshot, &drawn, get_look (self, index));
      drawn = covered;
    }
    /* The rest of it is for the next part. */
    if (segment_end > end)
      break;
  }
  if (drawn.size.width > 0)
    flash_chip_draw_covered (GTK_WIDGET (self), snapshot, &drawn, get_look (self, index));
}

static void
flash_chip_map_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FlashChipMap *self = FLASH_CHIP_MAP (widget);
  const FlashChipPart *last;
  graphene_rect_t rect;
  guint cursor = 0;

  if (self->parts->len == 0)
    return;
  for (guint i = 0; flash_chip_map_get_rect (self, i, &rect); i++) {
    const FlashChipPart *part = get_part (self, (int) i);
    GskRoundedRect round;

    /* Of a crowd only what is chosen, and what has a pixel of its own. */
    if (self->parts->len > MAX_DRAWN && rect.size.width < 2 && (int) i != self->selected)
      continue;
    gsk_rounded_rect_init_from_rect (&round, &rect, MIN (6, rect.size.width / 3));
    gtk_snapshot_push_rounded_clip (snapshot, &round);
    flash_chip_draw_surface (widget, snapshot, part->fate, &rect, get_look (self, i));
    if (self->plan != NULL && part->n_covered > 0)
      draw_covered (self, snapshot, i, &rect, &cursor);
    gtk_snapshot_pop (snapshot);
    flash_chip_draw_edge (widget, snapshot, part->fate, &rect, get_look (self, i));
    flash_chip_draw_words (widget, snapshot, part, &rect);
  }
  last = get_part (self, (int) self->parts->len - 1);
  flash_chip_draw_axis (widget, snapshot, get_part (self, 0)->address,
                        (guint32) (last->address + last->size - 1),
                        flash_chip_draw_measure_height (widget));
}

/* --- choosing ------------------------------------------------------------------------------- */

static void
update_accessible (FlashChipMap *self)
{
  guint n_parts = self->parts->len;
  g_autofree char *label = g_strdup_printf (
      ngettext ("Map of the flash, %u part", "Map of the flash, %u parts", n_parts), n_parts);
  g_autofree char *value = self->selected >= 0
                               ? flash_chip_part_dup_text (get_part (self, self->selected), ", ")
                               : g_strdup (_ ("nothing chosen"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) n_parts,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->selected + 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, value, -1);
}

static void
set_selected (FlashChipMap *self, int index)
{
  if (index == self->selected)
    return;
  self->selected = index;
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
choose (FlashChipMap *self, int index)
{
  if (index < 0 || index >= (int) self->parts->len)
    return;
  set_selected (self, index);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0, index);
}

static void
set_hovered (FlashChipMap *self, int index)
{
  if (index == self->hovered)
    return;
  self->hovered = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, FlashChipMap *self)
{
  set_hovered (self, find_at (self, x, y));
}

static void
on_leave (GtkEventControllerMotion *motion, FlashChipMap *self)
{
  set_hovered (self, -1);
}

static void
on_pressed (GtkGestureClick *gesture, int n_presses, double x, double y, FlashChipMap *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  choose (self, find_at (self, x, y));
}

/* Parameter: how far to go; far enough to reach the ends. */
static gboolean
on_choose_key (GtkWidget *widget, GVariant *args, gpointer unused)
{
  FlashChipMap *self = FLASH_CHIP_MAP (widget);
  int step = g_variant_get_int32 (args);
  int last = (int) self->parts->len - 1;

  if (last < 0)
    return FALSE;
  if (ABS (step) == 1 && gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    step = -step;
  choose (self, self->selected < 0 && step == -1 ? last : CLAMP (self->selected + step, 0, last));
  return TRUE;
}

static gboolean
on_query_tooltip (GtkWidget *widget, int x, int y, gboolean is_keyboard, GtkTooltip *tooltip)
{
  FlashChipMap *self = FLASH_CHIP_MAP (widget);
  int index = is_keyboard ? self->selected : find_at (self, x, y);
  g_autofree char *text = NULL;
  graphene_rect_t rect;

  if (index < 0 || !flash_chip_map_get_rect (self, (guint) index, &rect))
    return FALSE;
  text = flash_chip_part_dup_text (get_part (self, index), "\n");
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip,
                            &(GdkRectangle){ (int) rect.origin.x, (int) rect.origin.y,
                                             (int) rect.size.width, (int) rect.size.height });
  return TRUE;
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_chip_map_finalize (GObject *object)
{
  FlashChipMap *self = FLASH_CHIP_MAP (object);

  g_clear_pointer (&self->map, flash_memory_map_unref);
  g_clear_pointer (&self->plan, flash_firmware_plan_unref);
  g_array_unref (self->parts);
  g_array_unref (self->spans);

  G_OBJECT_CLASS (flash_chip_map_parent_class)->finalize (object);
}

static void
add_keys (GtkWidgetClass *klass)
{
  static const struct {
    guint key;
    int step;
  } keys[] = {
    { GDK_KEY_Left, -1 },        { GDK_KEY_KP_Left, -1 },        { GDK_KEY_Right, 1 },
    { GDK_KEY_KP_Right, 1 },     { GDK_KEY_Home, G_MININT16 },   { GDK_KEY_KP_Home, G_MININT16 },
    { GDK_KEY_End, G_MAXINT16 }, { GDK_KEY_KP_End, G_MAXINT16 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (klass, keys[i].key, 0, on_choose_key, "i", keys[i].step);
}

static void
flash_chip_map_class_init (FlashChipMapClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_chip_map_finalize;
  widget_class->snapshot = flash_chip_map_snapshot;
  widget_class->measure = flash_chip_map_measure;
  widget_class->size_allocate = flash_chip_map_size_allocate;

  /**
   * FlashChipMap::selected:
   * @index: of the part
   *
   * The user has chosen a part.
   */
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", FLASH_TYPE_CHIP_MAP, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_css_name (widget_class, "chipmap");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  add_keys (widget_class);
}

static void
flash_chip_map_init (FlashChipMap *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->parts = g_array_new (FALSE, FALSE, sizeof (FlashChipPart));
  self->spans = g_array_new (FALSE, TRUE, sizeof (FlashSpan));
  self->selected = self->hovered = -1;
  g_signal_connect (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  update_accessible (self);
}

void
flash_chip_map_set (FlashChipMap *self, FlashMemoryMap *map, FlashFirmwarePlan *plan)
{
  gboolean had_selected;
  guint32 address;

  g_return_if_fail (FLASH_IS_CHIP_MAP (self));
  g_return_if_fail (map != NULL || plan == NULL);

  had_selected = self->selected >= 0;
  address = had_selected ? get_part (self, self->selected)->address : 0;
  if (map != NULL)
    flash_memory_map_ref (map);
  if (plan != NULL)
    flash_firmware_plan_ref (plan);
  g_clear_pointer (&self->map, flash_memory_map_unref);
  g_clear_pointer (&self->plan, flash_firmware_plan_unref);
  g_array_unref (self->parts);
  self->map = map;
  self->plan = plan;
  self->parts = map != NULL ? flash_chip_parts_new (map, plan)
                            : g_array_new (FALSE, FALSE, sizeof (FlashChipPart));
  self->hovered = -1;
  self->selected = had_selected ? flash_chip_parts_find (self->parts, address) : -1;
  place (self, gtk_widget_get_width (GTK_WIDGET (self)));
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const GArray *
flash_chip_map_get_parts (FlashChipMap *self)
{
  g_return_val_if_fail (FLASH_IS_CHIP_MAP (self), NULL);

  return self->parts;
}

int
flash_chip_map_get_selected (FlashChipMap *self)
{
  g_return_val_if_fail (FLASH_IS_CHIP_MAP (self), -1);

  return self->selected;
}

void
flash_chip_map_select (FlashChipMap *self, int index)
{
  g_return_if_fail (FLASH_IS_CHIP_MAP (self));
  g_return_if_fail (index < (int) self->parts->len);

  set_selected (self, MAX (index, -1));
}
