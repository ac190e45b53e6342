/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A storage bar, drawn: surfaces first, what overlaps on them, and words on top. */
#define G_LOG_DOMAIN "flash-storage-paint"

#include "config.h"

#include "flash-storage-bar-private.h"
#include "flash-storage-draw.h"

#define GRIP_WIDTH 3

static FlashPartLook
get_look (FlashStorageBar *self, int index)
{
  if (index == self->selected)
    return FLASH_PART_SELECTED;
  return index == self->hovered ? FLASH_PART_HOVERED : FLASH_PART_PLAIN;
}

/* Whether it can be told apart from its neighbours. */
static gboolean
is_apart (FlashStorageBar *self, guint index, const graphene_rect_t *rect,
          const graphene_rect_t *view)
{
  return rect->size.width >= MIN (view->size.width / FLASH_STORAGE_MAX_DRAWN, 2) ||
         (int) index == self->selected;
}

/* Parts that are too narrow to be told apart are drawn as one. */
static void
draw_parts (FlashStorageBar *self, GtkSnapshot *snapshot, const graphene_rect_t *view)
{
  float least = view->size.width / FLASH_STORAGE_MAX_DRAWN;
  graphene_rect_t crowd = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  for (guint i = 0; i < self->n_raw + self->stops->len; i++) {
    graphene_rect_t rect, seen;

    flash_storage_bar_get_area_rect (self, i, &rect);
    if (!graphene_rect_intersection (&rect, view, &seen))
      continue;
    if (is_apart (self, i, &rect, view)) {
      flash_storage_draw_part (GTK_WIDGET (self), snapshot,
                               _flash_storage_bar_get_part (self, (int) i), &rect,
                               get_look (self, (int) i));
      continue;
    }
    if (crowd.size.width > 0)
      graphene_rect_union (&crowd, &rect, &crowd);
    else
      crowd = rect;
    if (crowd.size.width >= least) {
      flash_storage_draw_crowd (GTK_WIDGET (self), snapshot, &crowd);
      crowd.size.width = 0;
    }
  }
  if (crowd.size.width > 0)
    flash_storage_draw_crowd (GTK_WIDGET (self), snapshot, &crowd);
}

static void
draw_overlaps (FlashStorageBar *self, GtkSnapshot *snapshot, const graphene_rect_t *view)
{
  graphene_rect_t rect, seen;

  for (guint i = 0; i < self->map->overlaps->len; i++) {
    if (flash_storage_bar_get_overlap_rect (self, i, &rect) &&
        graphene_rect_intersection (&rect, view, &seen))
      flash_storage_draw_overlap (GTK_WIDGET (self), snapshot, &seen);
  }
}

/* Above everything, so that they can be read. */
static void
draw_words (FlashStorageBar *self, GtkSnapshot *snapshot, const graphene_rect_t *view)
{
  for (guint i = 0; i < self->n_raw + self->stops->len; i++) {
    graphene_rect_t rect, seen;

    flash_storage_bar_get_area_rect (self, i, &rect);
    if (graphene_rect_intersection (&rect, view, &seen) && is_apart (self, i, &rect, view))
      flash_storage_draw_words (GTK_WIDGET (self), snapshot,
                                _flash_storage_bar_get_part (self, (int) i), self->map, &rect,
                                view);
  }
}

static void
draw_grip (FlashStorageBar *self, GtkSnapshot *snapshot)
{
  graphene_rect_t rect;
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  if (self->drag.row == NULL || self->selected < 0 ||
      !flash_storage_bar_get_area_rect (self, (guint) self->selected, &rect))
    return;
  rect.origin.x += is_rtl ? rect.size.width : -GRIP_WIDTH;
  rect.size.width = GRIP_WIDTH;
  flash_storage_draw_grip (GTK_WIDGET (self), snapshot, &rect);
}

void
_flash_storage_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);
  graphene_rect_t view = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                             (float) gtk_widget_get_height (widget));

  if (self->map == NULL)
    return;
  gtk_snapshot_push_clip (snapshot, &view);
  draw_parts (self, snapshot, &view);
  draw_overlaps (self, snapshot, &view);
  draw_words (self, snapshot, &view);
  draw_grip (self, snapshot);
  gtk_snapshot_pop (snapshot);
}
