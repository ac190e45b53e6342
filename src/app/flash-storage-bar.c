/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-bar"

#include "config.h"

#include "flash-storage-bar.h"

#include "flash-storage-part.h"
#include "flash-storage-scale.h"

#include <glib/gi18n.h>

#define GAP 3
/* Nodes are compared in each frame; nobody can tell more parts than these apart. */
#define MAX_DRAWN 200

struct _FlashStorageBar {
  GtkWidget parent_instance;

  char *ip; /* (owned) (nullable) */
  GArray *parts; /* (owned) (element-type FlashStoragePart) */
  GArray *weights; /* (owned) (element-type double) */
  GArray *min_sizes; /* (owned) (element-type double) */
  GArray *spans; /* (owned) (element-type FlashSpan) */
  int selected; /* -1 if none */
  int hovered; /* -1 if none */
};

G_DEFINE_FINAL_TYPE (FlashStorageBar, flash_storage_bar, GTK_TYPE_WIDGET)

enum { SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

static FlashStoragePart *
get_part (FlashStorageBar *self, int index)
{
  return &g_array_index (self->parts, FlashStoragePart, index);
}

/* --- what it says ------------------------------------------------------------------------- */

static void
update_accessible (FlashStorageBar *self)
{
  guint n_parts = self->parts->len;
  g_autofree char *label =
      g_strdup_printf (ngettext ("Storage %1$s, %2$u part", "Storage %1$s, %2$u parts", n_parts),
                       self->ip != NULL ? self->ip : "", n_parts);
  g_autofree char *value = self->selected >= 0
                               ? flash_storage_part_dup_text (get_part (self, self->selected))
                               : g_strdup (_ ("nothing chosen"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) n_parts,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->selected + 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, value, -1);
}

/* --- geometry ----------------------------------------------------------------------------- */

/* Where a part is, in the direction of the text. */
static graphene_rect_t
get_rect (FlashStorageBar *self, int index)
{
  const FlashSpan *span = &g_array_index (self->spans, FlashSpan, index);
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double x = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
                 ? width - span->start - span->size
                 : span->start;

  return GRAPHENE_RECT_INIT ((float) x, 0, (float) span->size, (float) height);
}

static void
flash_storage_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);
  int n_drawn = (int) MIN (self->spans->len, MAX_DRAWN);

  for (int i = 0; i < n_drawn; i++) {
    graphene_rect_t rect = get_rect (self, i);
    FlashPartLook look = i == self->selected  ? FLASH_PART_SELECTED
                         : i == self->hovered ? FLASH_PART_HOVERED
                                              : FLASH_PART_PLAIN;

    flash_storage_part_draw (get_part (self, i), widget, snapshot, &rect, look);
  }
}

static void
flash_storage_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  int char_width = flash_storage_part_get_char_width (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = *natural = flash_storage_part_measure_height (widget);
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

  g_array_set_size (self->spans, self->parts->len);
  g_array_set_size (self->min_sizes, self->parts->len);
  for (guint i = 0; i < self->parts->len; i++)
    g_array_index (self->min_sizes, double, i) =
        i < MAX_DRAWN ? flash_storage_part_measure_width (get_part (self, (int) i), widget) : 1.0;
  if (self->parts->len > 0)
    flash_storage_scale (&g_array_index (self->weights, double, 0),
                         &g_array_index (self->min_sizes, double, 0), self->parts->len, width, GAP,
                         &g_array_index (self->spans, FlashSpan, 0));
}

static int
find_at (FlashStorageBar *self, double x)
{
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x;
  return self->spans->len > 0 ? flash_storage_scale_find (
                                    &g_array_index (self->spans, FlashSpan, 0), self->spans->len, x)
                              : -1;
}

/* --- choosing ----------------------------------------------------------------------------- */

static void
set_selected (FlashStorageBar *self, int index)
{
  if (self->selected == index)
    return;
  self->selected = index;
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
choose (FlashStorageBar *self, int index)
{
  if (index < 0 || index >= (int) self->parts->len)
    return;
  set_selected (self, index);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0, get_part (self, index)->item);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, FlashStorageBar *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  choose (self, find_at (self, x));
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, FlashStorageBar *self)
{
  int index = find_at (self, x);

  if (index == self->hovered)
    return;
  self->hovered = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_leave (GtkEventControllerMotion *controller, FlashStorageBar *self)
{
  self->hovered = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_query_tooltip (GtkWidget *widget, int x, int y, gboolean is_keyboard, GtkTooltip *tooltip)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);
  int index = is_keyboard ? self->selected : find_at (self, x);
  g_autofree char *text = NULL;

  if (index < 0)
    return FALSE;
  text = flash_storage_part_dup_text (get_part (self, index));
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* Parameter: how far to go; far enough to reach the ends. */
static gboolean
on_move (GtkWidget *widget, GVariant *args, gpointer unused)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);
  int step = g_variant_get_int32 (args);
  int last = (int) self->parts->len - 1;

  if (last < 0)
    return FALSE;
  if (ABS (step) == 1 && gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    step = -step;
  choose (self, CLAMP (self->selected + step, 0, last));
  return TRUE;
}

/* --- life --------------------------------------------------------------------------------- */

static void
flash_storage_bar_finalize (GObject *object)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (object);

  g_free (self->ip);
  g_array_unref (self->parts);
  g_array_unref (self->weights);
  g_array_unref (self->min_sizes);
  g_array_unref (self->spans);

  G_OBJECT_CLASS (flash_storage_bar_parent_class)->finalize (object);
}

static void
flash_storage_bar_class_init (FlashStorageBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_storage_bar_finalize;
  widget_class->snapshot = flash_storage_bar_snapshot;
  widget_class->measure = flash_storage_bar_measure;
  widget_class->size_allocate = flash_storage_bar_size_allocate;

  /**
   * FlashStorageBar::selected:
   * @item: (transfer none): the row that was chosen
   */
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", FLASH_TYPE_STORAGE_BAR, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, FLASH_TYPE_ROW_ITEM);

  gtk_widget_class_set_css_name (widget_class, "storagebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, on_move, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, on_move, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, on_move, "i", G_MININT16);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, on_move, "i", G_MAXINT16);
}

static void
flash_storage_bar_init (FlashStorageBar *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->parts = g_array_new (FALSE, TRUE, sizeof (FlashStoragePart));
  g_array_set_clear_func (self->parts, (GDestroyNotify) flash_storage_part_clear);
  self->weights = g_array_new (FALSE, TRUE, sizeof (double));
  self->min_sizes = g_array_new (FALSE, TRUE, sizeof (double));
  self->spans = g_array_new (FALSE, TRUE, sizeof (FlashSpan));
  self->selected = self->hovered = -1;

  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

/* Boot areas lie beside the storage, not at its start: they only count as much as they hold. What
 * goes on to the end of a storage of unknown size is drawn as at least a third of the bar. */
static void
weigh (FlashStorageBar *self)
{
  double sum = 0;

  g_array_set_size (self->weights, self->parts->len);
  for (guint i = 0; i < self->parts->len; i++) {
    const FlashStoragePart *part = get_part (self, (int) i);
    double weight = part->size_bytes != FLASH_SIZE_UNKNOWN ? (double) part->size_bytes : 0;

    g_array_index (self->weights, double, i) = weight;
    sum += weight;
  }
  for (guint i = 0; i < self->parts->len; i++) {
    const FlashStoragePart *part = get_part (self, (int) i);
    guint64 image_bytes = flash_row_item_get_image_size (part->item);

    if (flash_storage_part_is_open_ended (part))
      g_array_index (self->weights, double, i) =
          MAX (MAX (image_bytes != FLASH_SIZE_UNKNOWN ? (double) image_bytes : 0, sum / 2), 1);
  }
}

void
flash_storage_bar_set_storage (FlashStorageBar *self, const FlashLayoutStorage *storage,
                               GHashTable *items)
{
  g_return_if_fail (FLASH_IS_STORAGE_BAR (self));
  g_return_if_fail (storage != NULL);

  g_free (self->ip);
  self->ip = g_strdup (storage->ip);
  self->selected = self->hovered = -1;
  g_array_set_size (self->spans, 0);
  g_array_set_size (self->parts, 0);
  for (guint i = 0; i < storage->parts->len; i++) {
    const FlashLayoutPart *from = &g_array_index (storage->parts, FlashLayoutPart, i);
    FlashStoragePart part = { NULL, from->size };

    part.item = g_hash_table_lookup (items, from->row);
    if (part.item == NULL)
      continue;
    g_object_ref (part.item);
    g_array_append_val (self->parts, part);
  }
  weigh (self);
  update_accessible (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
flash_storage_bar_select (FlashStorageBar *self, FlashRowItem *item)
{
  int found = -1;

  g_return_if_fail (FLASH_IS_STORAGE_BAR (self));

  for (guint i = 0; i < self->parts->len && item != NULL; i++)
    if (get_part (self, (int) i)->item == item)
      found = (int) i;
  set_selected (self, found);
}

guint
flash_storage_bar_get_n_parts (FlashStorageBar *self)
{
  g_return_val_if_fail (FLASH_IS_STORAGE_BAR (self), 0);

  return self->parts->len;
}
