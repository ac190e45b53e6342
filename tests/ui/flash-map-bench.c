/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-map-bench"

#include "config.h"

#include "flash-map-bench.h"

static void
on_selected (FlashStorageBar *bar, guint line, FlashMapBench *self)
{
  self->line = line;
  self->n_selected++;
}

static void
on_moved (FlashStorageBar *bar, guint line, guint64 offset, FlashMapBench *self)
{
  self->moved_line = line;
  self->offset = offset;
  self->n_moved++;
}

static void
on_size_entered (FlashStorageView *view, guint64 size, FlashMapBench *self)
{
  self->entered = size;
  self->n_entered++;
}

static gboolean
on_tick (GtkWidget *window, GdkFrameClock *clock, gpointer data)
{
  guint *n_ticks = data;

  *n_ticks += 1;
  gtk_widget_queue_draw (window);
  return G_SOURCE_CONTINUE;
}

/* Events of the pointer are put off to the next frame. */
void
flash_map_bench_sync (FlashMapBench *self)
{
  guint n_ticks = 0;
  guint id = gtk_widget_add_tick_callback (self->window, on_tick, &n_ticks, NULL);

  flash_ui_wait_until (n_ticks >= 3);
  gtk_widget_remove_tick_callback (self->window, id);
}

void
flash_map_bench_press (FlashMapBench *self, const char *keys)
{
  flash_ui_press_keys (keys);
  flash_map_bench_sync (self);
}

void
flash_map_bench_release (FlashMapBench *self)
{
  flash_ui_set_button (1, FALSE);
  flash_map_bench_sync (self);
}

void
flash_map_bench_set_up (FlashMapBench *self, int width)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  *self = (FlashMapBench){ 0 };
  self->window = adw_window_new ();
  self->view = g_object_new (FLASH_TYPE_STORAGE_VIEW, NULL);
  self->bar = flash_storage_view_get_bar (self->view);
  g_signal_connect (self->bar, "selected", G_CALLBACK (on_selected), self);
  g_signal_connect (self->bar, "moved", G_CALLBACK (on_moved), self);
  g_signal_connect (self->view, "size-entered", G_CALLBACK (on_size_entered), self);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->view));
  gtk_widget_set_margin_start (GTK_WIDGET (self->view), 18);
  gtk_widget_set_margin_end (GTK_WIDGET (self->view), 18);
  gtk_widget_set_margin_top (GTK_WIDGET (self->view), 18);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->view), 18);
  adw_window_set_content (ADW_WINDOW (self->window), box);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, 240);
}

void
flash_map_bench_tear_down (FlashMapBench *self)
{
  gpointer window = self->window;

  g_object_add_weak_pointer (window, &window);
  gtk_window_destroy (GTK_WINDOW (self->window));
  flash_ui_wait_until (window == NULL);
}

FlashLayoutMap *
flash_map_bench_make (const char *text, GHashTable *sizes, const guint64 *image_sizes, guint index)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, NULL, diags);
  g_autoptr (GPtrArray) maps = flash_layout_dup_maps (layout, sizes, 0, image_sizes);

  g_assert_cmpuint (index, <, maps->len);
  return flash_layout_map_ref (g_ptr_array_index (maps, index));
}

void
flash_map_bench_show (FlashMapBench *self, const char *text, guint64 size,
                      const guint64 *image_sizes, guint index)
{
  g_autoptr (GHashTable) sizes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (FlashLayoutMap) map = NULL;

  g_hash_table_insert (sizes, (gpointer) "mmc0", &size);
  g_hash_table_insert (sizes, (gpointer) "mmc1", &size);
  g_hash_table_insert (sizes, (gpointer) "nor0", &size);
  map = flash_map_bench_make (text, sizes, image_sizes, index);
  flash_storage_view_set_map (self->view, map, NULL, FALSE);
  if (!gtk_widget_get_mapped (self->window)) {
    gtk_window_present (GTK_WINDOW (self->window));
    flash_ui_wait_until (gtk_widget_get_mapped (self->window));
    if (flash_ui_has_input ())
      flash_ui_focus (self->window);
  }
  flash_ui_settle (self->window, 30);
}

graphene_rect_t
flash_map_bench_get_rect (FlashMapBench *self, guint index)
{
  graphene_rect_t rect = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  g_assert_true (flash_storage_bar_get_area_rect (self->bar, index, &rect));
  return rect;
}

void
flash_map_bench_click (FlashMapBench *self, guint index)
{
  graphene_rect_t rect = flash_map_bench_get_rect (self, index);

  flash_ui_point (GTK_WIDGET (self->bar), rect.origin.x + rect.size.width / 2,
                  rect.origin.y + rect.size.height / 2);
  flash_ui_set_button (1, TRUE);
  flash_map_bench_release (self);
}

void
flash_map_bench_hold (FlashMapBench *self, guint index, double distance)
{
  graphene_rect_t rect = flash_map_bench_get_rect (self, index);
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self->bar)) == GTK_TEXT_DIR_RTL;
  double x = rect.origin.x + (is_rtl ? rect.size.width + 1 : -1);
  double y = rect.origin.y + rect.size.height / 2;

  flash_ui_point (GTK_WIDGET (self->bar), x, y);
  flash_ui_set_button (1, TRUE);
  flash_map_bench_sync (self);
  for (guint i = 1; i <= 4; i++) {
    flash_ui_point (GTK_WIDGET (self->bar), x + distance * i / 4, y);
    flash_map_bench_sync (self);
  }
}

guint64
flash_map_bench_get_start (FlashMapBench *self, guint index)
{
  const FlashLayoutMap *map = flash_storage_bar_get_map (self->bar);

  g_assert_cmpuint (index, <, map->areas->len);
  return g_array_index (map->areas, FlashLayoutArea, index).start;
}
