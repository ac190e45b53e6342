/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-row-item"

#include "config.h"

#include "flash-row-item.h"

#include "flash-layout-lint.h"

#include <gtk/gtk.h>

struct _FlashRowItem {
  GObject parent_instance;

  guint position;
  FlashLayoutRow *row; /* (owned) */
  guint64 slot_size;
  guint64 image_size;
  gboolean has_severity;
  FlashSeverity severity;
};

G_DEFINE_FINAL_TYPE (FlashRowItem, flash_row_item, G_TYPE_OBJECT)

static void
flash_row_item_finalize (GObject *object)
{
  FlashRowItem *self = FLASH_ROW_ITEM (object);

  g_object_unref (self->row);

  G_OBJECT_CLASS (flash_row_item_parent_class)->finalize (object);
}

static void
flash_row_item_class_init (FlashRowItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_row_item_finalize;
}

static void
flash_row_item_init (FlashRowItem *self)
{
  self->slot_size = FLASH_SIZE_UNKNOWN;
  self->image_size = FLASH_SIZE_UNKNOWN;
}

/* Returns: (transfer full) (element-type FlashLayoutRow FlashLayoutPart): where each row lies. */
static GHashTable *
index_parts (GPtrArray *storages)
{
  GHashTable *parts = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < storages->len; i++) {
    FlashLayoutStorage *storage = g_ptr_array_index (storages, i);

    for (guint j = 0; j < storage->parts->len; j++) {
      FlashLayoutPart *part = &g_array_index (storage->parts, FlashLayoutPart, j);

      g_hash_table_insert (parts, part->row, part);
    }
  }
  return parts;
}

/* Returns: (transfer full): line to 1 + the worst severity there. */
static GHashTable *
index_severities (const FlashDiagList *diags)
{
  GHashTable *severities = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);
    gpointer line = GUINT_TO_POINTER (flash_diag_get_line (diag));
    guint known = GPOINTER_TO_UINT (g_hash_table_lookup (severities, line));

    g_hash_table_insert (severities, line,
                         GUINT_TO_POINTER (MAX (known, flash_diag_get_severity (diag) + 1u)));
  }
  return severities;
}

GListModel *
flash_row_item_list_new (const FlashLoaded *loaded)
{
  GListStore *list = g_list_store_new (FLASH_TYPE_ROW_ITEM);
  g_autoptr (GHashTable) parts = index_parts (loaded->storages);
  g_autoptr (GHashTable) severities = index_severities (loaded->diags);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < flash_layout_get_n_rows (loaded->layout); i++) {
    FlashRowItem *item = g_object_new (FLASH_TYPE_ROW_ITEM, NULL);
    FlashLayoutPart *part;
    guint severity;

    item->position = i;
    item->row = g_object_ref (flash_layout_get_row (loaded->layout, i));
    part = g_hash_table_lookup (parts, item->row);
    if (part != NULL)
      item->slot_size = part->size;
    item->image_size = g_array_index (loaded->image_sizes, guint64, i);
    severity = GPOINTER_TO_UINT (
        g_hash_table_lookup (severities, GUINT_TO_POINTER (flash_layout_row_get_line (item->row))));
    item->has_severity = severity > 0;
    item->severity = item->has_severity ? severity - 1 : FLASH_SEVERITY_INFO;
    g_ptr_array_add (items, item);
  }
  g_list_store_splice (list, 0, 0, items->pdata, items->len);
  return G_LIST_MODEL (list);
}

GHashTable *
flash_row_item_list_index (GListModel *list)
{
  GHashTable *items = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++) {
    g_autoptr (FlashRowItem) item = g_list_model_get_item (list, i);

    g_hash_table_insert (items, item->row, item);
  }
  return items;
}

guint
flash_row_item_list_find_line (GListModel *list, guint line)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++) {
    g_autoptr (FlashRowItem) item = g_list_model_get_item (list, i);

    if (flash_layout_row_get_line (item->row) == line)
      return i;
  }
  return GTK_INVALID_LIST_POSITION;
}

guint
flash_row_item_get_position (FlashRowItem *self)
{
  g_return_val_if_fail (FLASH_IS_ROW_ITEM (self), GTK_INVALID_LIST_POSITION);

  return self->position;
}

FlashLayoutRow *
flash_row_item_get_row (FlashRowItem *self)
{
  g_return_val_if_fail (FLASH_IS_ROW_ITEM (self), NULL);

  return self->row;
}

guint64
flash_row_item_get_slot_size (FlashRowItem *self)
{
  g_return_val_if_fail (FLASH_IS_ROW_ITEM (self), FLASH_SIZE_UNKNOWN);

  return self->slot_size;
}

guint64
flash_row_item_get_image_size (FlashRowItem *self)
{
  g_return_val_if_fail (FLASH_IS_ROW_ITEM (self), FLASH_SIZE_UNKNOWN);

  return self->image_size;
}

gboolean
flash_row_item_get_severity (FlashRowItem *self, FlashSeverity *out_severity)
{
  g_return_val_if_fail (FLASH_IS_ROW_ITEM (self), FALSE);

  if (self->has_severity)
    *out_severity = self->severity;
  return self->has_severity;
}
