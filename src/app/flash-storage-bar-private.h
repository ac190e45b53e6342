/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the storage bar share: flash-storage-bar.c holds it,
 * flash-storage-place.c knows where things are, flash-storage-paint.c draws them,
 * flash-storage-gestures.c does what pointer, fingers and keys ask for. Thread: main. */
#pragma once

#include "flash-storage-bar.h"
#include "flash-storage-part.h"
#include "flash-storage-scale.h"

G_BEGIN_DECLS

/* Between two parts, in pixels. */
#define FLASH_STORAGE_GAP 3
/* Nodes are compared in each frame; nobody can tell more parts than these apart. */
#define FLASH_STORAGE_MAX_DRAWN 200

/**
 * FlashStorageDrag:
 * @row: (transfer none): the partition whose start is held; %NULL if none is
 * @before: (owned): the map as it was
 * @frame: (owned) (element-type FlashStop): places as they were
 * @at: where the start was, in pixels
 * @bytes_per_pixel: what a pixel means there
 * @has_moved: whether the hand has done more than to tremble
 * @pending_map: (owned) (nullable): came meanwhile
 * @pending_severities: (owned) (nullable): came with it
 * @pan_from: what was in sight when the storage itself was taken hold of; negative if it is not
 */
typedef struct {
  FlashLayoutRow *row;
  FlashLayoutMap *before;
  GArray *frame;
  double at;
  double bytes_per_pixel;
  gboolean has_moved;
  FlashLayoutMap *pending_map;
  GHashTable *pending_severities;
  double pan_from;
} FlashStorageDrag;

struct _FlashStorageBar {
  GtkWidget parent_instance;

  FlashLayoutMap *map; /* (owned) (nullable) */
  GHashTable *severities; /* (owned) (nullable) */
  GArray *parts; /* (owned) (element-type FlashStoragePart): as the areas of the map */
  guint n_raw; /* how many of them are raw images, which come first */
  GArray *stops; /* (owned) (element-type FlashStop): of the others */
  GArray *min_sizes; /* (owned) (element-type double): of the others */
  gboolean has_min_sizes; /* of this map in this font */
  int font_size; /* in some unit */
  double zoom;
  double pinch_zoom; /* when two fingers came down */
  GtkAdjustment *adjustment; /* (owned) */
  int selected; /* -1 if none */
  int hovered; /* -1 if none */
  double pointer_x; /* in the direction of the text, where the pointer was last */
  char *status; /* (owned) (nullable): what is chosen or being moved */
  FlashStorageDrag drag;
  GtkGesture *drag_gesture; /* (not owned) */
};

/* --- flash-storage-bar.c */

/* Shows @map in place of the one before; @frame: (nullable): the places to keep. */
void _flash_storage_bar_show (FlashStorageBar *self, FlashLayoutMap *map, const GArray *frame);
/* Chooses an area, as the user does. */
void _flash_storage_bar_choose (FlashStorageBar *self, int index);
/* @status: (nullable) (transfer full): what is chosen or being moved */
void _flash_storage_bar_take_status (FlashStorageBar *self, char *status);
/* Tells that the start of @row was moved to @offset. */
void _flash_storage_bar_emit_moved (FlashStorageBar *self, FlashLayoutRow *row, guint64 offset);
/* Sets the zoom; the place @x, in the direction of the text, stays under the pointer. */
void _flash_storage_bar_zoom_at (FlashStorageBar *self, double zoom, double x);

/* --- flash-storage-place.c */

FlashStoragePart *_flash_storage_bar_get_part (FlashStorageBar *self, int index);
/* Gives each part its place. Returns: whether one is enlarged that was not, or the other way. */
gboolean _flash_storage_bar_place (FlashStorageBar *self);
/* Takes the places from @frame, so that nothing but the border that is held moves. */
void _flash_storage_bar_place_in (FlashStorageBar *self, const GArray *frame);
/* Scrolls so that @index is in sight. */
void _flash_storage_bar_reveal (FlashStorageBar *self, int index);
/* Returns: a place of the widget in the direction of the text. */
double _flash_storage_bar_mirror (FlashStorageBar *self, double x);
/* Returns: the area at a place of the widget, -1 if there is none. */
int _flash_storage_bar_find_at (FlashStorageBar *self, double x, double y);
/* Returns: the partition whose start can be held at a place of the widget, -1 if there is none. */
int _flash_storage_bar_find_border (FlashStorageBar *self, double x, double y, double reach);
/* Returns: how high all is. */
int _flash_storage_bar_measure_height (FlashStorageBar *self);

/* --- flash-storage-paint.c */

void _flash_storage_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);

/* --- flash-storage-gestures.c */

/* Adds controllers and, to the class, keys. */
void _flash_storage_bar_add_gestures (FlashStorageBar *self);
void _flash_storage_bar_add_keys (GtkWidgetClass *klass);
/* Ends a drag without a change. Returns: whether there was one. */
gboolean _flash_storage_bar_break_off (FlashStorageBar *self);

G_END_DECLS
