/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-maps"

#include "config.h"

#include "flash-storage-maps.h"

#include "flash-layout-map.h"
#include "flash-storage-offset.h"
#include "flash-storage-view.h"

#include <glib/gi18n.h>

/* A file that is no layout at all can name any number of storages: what is shown of them stays
 * within reason. */
#define MAX_MAPS 12

struct _FlashStorageMaps {
  AdwBin parent_instance;

  FlashEditor *editor; /* (owned) (nullable) */
  GPtrArray *maps; /* (owned) (nullable) (element-type FlashLayoutMap) */
  GHashTable *severities; /* (owned) (nullable): of lines of the checked text */
  GHashTable *entries; /* (owned) (element-type guint FlashLayoutEntry): by those lines */
  GHashTable *entered; /* (owned) (element-type utf8): storages whose size the user has said */
  FlashLayoutEntry *selected; /* (owned) (nullable) */

  GtkBox *box; /* (not owned) */
  GtkLabel *more_label; /* (not owned) */
};

G_DEFINE_FINAL_TYPE (FlashStorageMaps, flash_storage_maps, ADW_TYPE_BIN)

enum { SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- the views ---------------------------------------------------------------------------- */

/* Returns: (nullable): the first view at or behind @widget. */
static FlashStorageView *
skip_to_view (GtkWidget *widget)
{
  while (widget != NULL && !FLASH_IS_STORAGE_VIEW (widget))
    widget = gtk_widget_get_next_sibling (widget);
  return (FlashStorageView *) widget;
}

static FlashStorageView *
get_first_view (FlashStorageMaps *self)
{
  return skip_to_view (gtk_widget_get_first_child (GTK_WIDGET (self->box)));
}

static FlashStorageView *
get_next_view (FlashStorageView *view)
{
  return skip_to_view (gtk_widget_get_next_sibling (GTK_WIDGET (view)));
}

static FlashLayoutMap *
get_view_map (FlashStorageView *view)
{
  return flash_storage_bar_get_map (flash_storage_view_get_bar (view));
}

static FlashStorageView *
find_view (FlashStorageMaps *self, const char *name)
{
  for (FlashStorageView *view = get_first_view (self); view != NULL; view = get_next_view (view)) {
    if (g_str_equal (get_view_map (view)->name, name))
      return view;
  }
  return NULL;
}

/* --- choosing ----------------------------------------------------------------------------- */

/* Returns: the line of the checked text, 0 if it is not in it. */
static guint
find_checked_line (FlashStorageMaps *self, FlashLayoutEntry *entry)
{
  GHashTableIter iter;
  gpointer line, value;

  g_hash_table_iter_init (&iter, self->entries);
  while (entry != NULL && g_hash_table_iter_next (&iter, &line, &value)) {
    if (value == entry)
      return GPOINTER_TO_UINT (line);
  }
  return 0;
}

static void
show_selected (FlashStorageMaps *self)
{
  guint line = find_checked_line (self, self->selected);

  for (FlashStorageView *view = get_first_view (self); view != NULL; view = get_next_view (view))
    flash_storage_bar_select_line (flash_storage_view_get_bar (view), line);
}

static void
on_bar_selected (FlashStorageBar *bar, guint line, FlashStorageMaps *self)
{
  FlashLayoutEntry *entry = g_hash_table_lookup (self->entries, GUINT_TO_POINTER (line));

  g_set_object (&self->selected, entry);
  for (FlashStorageView *view = get_first_view (self); view != NULL; view = get_next_view (view)) {
    if (flash_storage_view_get_bar (view) != bar)
      flash_storage_bar_unselect (flash_storage_view_get_bar (view));
  }
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0,
                 entry != NULL ? flash_layout_entry_get_number (entry) : 0);
}

/* --- editing ------------------------------------------------------------------------------ */

static void show_maps (FlashStorageMaps *self);

static void
on_bar_moved (FlashStorageBar *bar, guint line, guint64 offset, FlashStorageMaps *self)
{
  FlashLayoutEntry *entry = g_hash_table_lookup (self->entries, GUINT_TO_POINTER (line));
  FlashLayoutDocument *document = flash_editor_get_document (self->editor);
  g_autofree char *name = NULL, *text = NULL;
  gboolean has_changed = FALSE;

  if (entry != NULL && flash_layout_entry_get_number (entry) > 0) {
    name = g_strdup (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_NAME));
    text = flash_storage_offset_format (
        flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_OFFSET), offset);
    flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_RESIZE, name);
    has_changed =
        flash_layout_document_set_cell (document, entry, FLASH_LAYOUT_COLUMN_OFFSET, text);
    flash_layout_document_end (document);
  }
  /* The bar shows it already; the text is right. */
  if (!has_changed)
    show_maps (self);
}

static void
on_size_entered (FlashStorageView *view, guint64 size, FlashStorageMaps *self)
{
  const char *name = get_view_map (view)->size_name;

  if (size > 0)
    g_hash_table_add (self->entered, g_strdup (name));
  else
    g_hash_table_remove (self->entered, name);
  flash_editor_set_storage_size (self->editor, name, size);
}

/* --- following the editor ------------------------------------------------------------------- */

static FlashStorageView *
add_view (FlashStorageMaps *self)
{
  FlashStorageView *view = g_object_new (FLASH_TYPE_STORAGE_VIEW, NULL);
  FlashStorageBar *bar = flash_storage_view_get_bar (view);

  g_signal_connect_object (bar, "selected", G_CALLBACK (on_bar_selected), self, 0);
  g_signal_connect_object (bar, "moved", G_CALLBACK (on_bar_moved), self, 0);
  g_signal_connect_object (view, "size-entered", G_CALLBACK (on_size_entered), self, 0);
  return view;
}

/* Widgets stay with their storage. */
static void
show_maps (FlashStorageMaps *self)
{
  guint n_maps = self->maps != NULL ? self->maps->len : 0;
  guint n_shown = MIN (n_maps, MAX_MAPS);
  GtkWidget *last = NULL;
  FlashStorageView *view;

  for (guint i = 0; i < n_shown; i++) {
    FlashLayoutMap *map = g_ptr_array_index (self->maps, i);
    gboolean is_new;

    view = find_view (self, map->name);
    is_new = view == NULL;
    if (is_new)
      view = add_view (self);
    flash_storage_view_set_map (view, map, self->severities,
                                g_hash_table_contains (self->entered, map->size_name));
    if (is_new)
      gtk_box_insert_child_after (self->box, GTK_WIDGET (view), last);
    else
      gtk_box_reorder_child_after (self->box, GTK_WIDGET (view), last);
    last = GTK_WIDGET (view);
  }
  view = last != NULL ? get_next_view (FLASH_STORAGE_VIEW (last)) : get_first_view (self);
  while (view != NULL) {
    FlashStorageView *next = get_next_view (view);

    gtk_box_remove (self->box, GTK_WIDGET (view));
    view = next;
  }
  if (n_maps > n_shown) {
    g_autofree char *text = g_strdup_printf (
        ngettext ("And %u other storage", "And %u other storages", n_maps - n_shown),
        n_maps - n_shown);

    gtk_label_set_label (self->more_label, text);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->more_label), n_maps > n_shown);
  gtk_widget_set_visible (GTK_WIDGET (self), n_maps > 0);
  show_selected (self);
}

static GHashTable *
collect_severities (FlashDiagList *diags)
{
  GHashTable *severities = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);
    gpointer line = GUINT_TO_POINTER (flash_diag_get_line (diag));
    gpointer worst;

    if (!g_hash_table_lookup_extended (severities, line, NULL, &worst) ||
        (int) flash_diag_get_severity (diag) > GPOINTER_TO_INT (worst))
      g_hash_table_insert (severities, line, GINT_TO_POINTER (flash_diag_get_severity (diag)));
  }
  return severities;
}

static void
collect_entries (FlashStorageMaps *self)
{
  GListModel *document = G_LIST_MODEL (flash_editor_get_document (self->editor));
  guint n_entries = g_list_model_get_n_items (document);

  g_hash_table_remove_all (self->entries);
  for (guint i = 0; i < n_entries; i++) {
    FlashLayoutEntry *entry = g_list_model_get_item (document, i);

    g_hash_table_insert (self->entries, GUINT_TO_POINTER (flash_layout_entry_get_number (entry)),
                         entry);
  }
}

static void
forget (FlashStorageMaps *self)
{
  g_clear_pointer (&self->maps, g_ptr_array_unref);
  g_clear_pointer (&self->severities, g_hash_table_unref);
  g_hash_table_remove_all (self->entries);
}

/* A result of an older text would say lines that are others by now; the next one is on its way. */
static void
on_checked (FlashStorageMaps *self)
{
  FlashLoaded *loaded = flash_editor_get_loaded (self->editor);

  if (loaded == NULL || !flash_editor_is_checked (self->editor))
    return;
  forget (self);
  self->maps =
      flash_layout_dup_maps (loaded->layout, loaded->sizes, loaded->device_id,
                             loaded->image_sizes->len == flash_layout_get_n_rows (loaded->layout)
                                 ? (const guint64 *) (gpointer) loaded->image_sizes->data
                                 : NULL);
  self->severities = collect_severities (loaded->diags);
  collect_entries (self);
  show_maps (self);
}

/* What is held might be another line afterwards. */
static void
on_edited (FlashStorageMaps *self)
{
  for (FlashStorageView *view = get_first_view (self); view != NULL; view = get_next_view (view))
    flash_storage_bar_break_off (flash_storage_view_get_bar (view));
}

/* --- life --------------------------------------------------------------------------------- */

static void
flash_storage_maps_dispose (GObject *object)
{
  FlashStorageMaps *self = FLASH_STORAGE_MAPS (object);

  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  g_clear_object (&self->editor);
  g_clear_object (&self->selected);
  g_hash_table_remove_all (self->entries);

  G_OBJECT_CLASS (flash_storage_maps_parent_class)->dispose (object);
}

static void
flash_storage_maps_finalize (GObject *object)
{
  FlashStorageMaps *self = FLASH_STORAGE_MAPS (object);

  forget (self);
  g_hash_table_unref (self->entries);
  g_hash_table_unref (self->entered);

  G_OBJECT_CLASS (flash_storage_maps_parent_class)->finalize (object);
}

static void
flash_storage_maps_class_init (FlashStorageMapsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flash_storage_maps_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_storage_maps_finalize;
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", FLASH_TYPE_STORAGE_MAPS, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
flash_storage_maps_init (FlashStorageMaps *self)
{
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->entered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  self->more_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->more_label, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->more_label), "flash-dim");
  gtk_box_append (self->box, GTK_WIDGET (self->more_label));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
flash_storage_maps_set_editor (FlashStorageMaps *self, FlashEditor *editor)
{
  g_return_if_fail (FLASH_IS_STORAGE_MAPS (self));
  g_return_if_fail (editor == NULL || FLASH_IS_EDITOR (editor));

  if (self->editor == editor)
    return;
  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  g_set_object (&self->editor, editor);
  g_clear_object (&self->selected);
  g_hash_table_remove_all (self->entered);
  forget (self);
  /* Another layout begins with other maps: what was zoomed or chosen belongs to the one before. */
  show_maps (self);
  if (editor == NULL)
    return;
  g_signal_connect_swapped (editor, "checked", G_CALLBACK (on_checked), self);
  g_signal_connect_swapped (editor, "edited", G_CALLBACK (on_edited), self);
  on_checked (self);
}

void
flash_storage_maps_select_line (FlashStorageMaps *self, guint line)
{
  FlashLayoutEntry *entry = NULL;

  g_return_if_fail (FLASH_IS_STORAGE_MAPS (self));

  if (self->editor != NULL && line > 0)
    entry = flash_layout_document_find_line (flash_editor_get_document (self->editor), line);
  g_set_object (&self->selected, entry);
  show_selected (self);
}
