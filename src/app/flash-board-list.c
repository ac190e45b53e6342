/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-board-list"

#include "config.h"

#include "flash-board-list.h"

#include "flash-sim-provider.h"

#include <gtk/gtk.h>

/* Virtual boards do not announce what they do. */
#define LOOK_MS 200

struct _FlashBoardList {
  GObject parent_instance;

  GListStore *providers; /* (owned) (element-type FlashProvider) */
  GtkFlattenListModel *boards; /* (owned) (element-type FlashBoard) */
  GPtrArray *entries; /* (owned) (element-type FlashBoardEntry) */
  guint look_id;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashBoardList, flash_board_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLASH_TYPE_BOARD_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return FLASH_BOARD_LIST (model)->entries->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  FlashBoardList *self = FLASH_BOARD_LIST (model);

  return position < self->entries->len ? g_object_ref (g_ptr_array_index (self->entries, position))
                                       : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static FlashBoardEntry *
find_entry (FlashBoardList *self, FlashProvider *provider, const char *port)
{
  for (guint i = 0; i < self->entries->len; i++) {
    FlashBoardEntry *entry = g_ptr_array_index (self->entries, i);

    if (flash_board_entry_get_provider (entry) == provider &&
        g_str_equal (flash_board_get_port (flash_board_entry_get_board (entry)), port))
      return entry;
  }
  return NULL;
}

static void on_entry_changed (FlashBoardList *self);

static void
add_entry (FlashBoardList *self, FlashProvider *provider, FlashBoard *board)
{
  FlashBoardEntry *entry = flash_board_entry_new (provider, board);

  g_signal_connect_object (entry, "changed", G_CALLBACK (on_entry_changed), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (self->entries, entry);
  g_list_model_items_changed (G_LIST_MODEL (self), self->entries->len - 1, 0, 1);
}

/* Whoever handles a change must not see the entry die under it: it is kept until the end. */
static void
remove_unwanted (FlashBoardList *self)
{
  for (guint i = self->entries->len; i-- > 0;) {
    g_autoptr (FlashBoardEntry) entry = g_object_ref (g_ptr_array_index (self->entries, i));

    if (flash_board_entry_is_wanted (entry))
      continue;
    g_signal_handlers_disconnect_by_func (entry, on_entry_changed, self);
    g_ptr_array_remove_index (self->entries, i);
    g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 0);
  }
}

static gboolean
on_look_timeout (gpointer data)
{
  FlashBoardList *self = data;
  gboolean is_restless = FALSE;

  for (guint i = 0; i < self->entries->len; i++) {
    FlashBoardEntry *entry = g_ptr_array_index (self->entries, i);

    if (!flash_board_entry_is_restless (entry))
      continue;
    is_restless = TRUE;
    flash_board_entry_look (entry);
  }
  if (!is_restless)
    self->look_id = 0;
  return is_restless;
}

static void
on_entry_changed (FlashBoardList *self)
{
  remove_unwanted (self);
  if (self->look_id == 0)
    self->look_id = g_timeout_add (LOOK_MS, on_look_timeout, self);
}

/* A board that came back is announced as one that left and one that arrived, in one change or
 * two. Looking at the whole makes that no difference. */
static void
sync_entries (FlashBoardList *self)
{
  g_autoptr (GHashTable) present = g_hash_table_new (NULL, NULL);
  guint n_boards = g_list_model_get_n_items (G_LIST_MODEL (self->boards));
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->entries->len; i++)
    g_ptr_array_add (known, g_object_ref (g_ptr_array_index (self->entries, i)));
  for (guint i = 0; i < n_boards; i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (G_LIST_MODEL (self->boards), i);
    FlashProvider *provider =
        FLASH_PROVIDER (gtk_flatten_list_model_get_model_for_item (self->boards, i));
    FlashBoardEntry *entry = find_entry (self, provider, flash_board_get_port (board));

    if (entry == NULL) {
      add_entry (self, provider, board);
    } else {
      g_hash_table_add (present, entry);
      flash_board_entry_set_board (entry, board);
    }
  }
  for (guint i = 0; i < known->len; i++)
    if (!g_hash_table_contains (present, g_ptr_array_index (known, i)))
      flash_board_entry_set_board (g_ptr_array_index (known, i), NULL);
}

static void
flash_board_list_dispose (GObject *object)
{
  FlashBoardList *self = FLASH_BOARD_LIST (object);

  g_clear_handle_id (&self->look_id, g_source_remove);
  if (self->boards != NULL)
    g_signal_handlers_disconnect_by_data (self->boards, self);
  g_clear_object (&self->boards);
  g_clear_object (&self->providers);
  g_ptr_array_set_size (self->entries, 0);

  G_OBJECT_CLASS (flash_board_list_parent_class)->dispose (object);
}

static void
flash_board_list_finalize (GObject *object)
{
  g_ptr_array_unref (FLASH_BOARD_LIST (object)->entries);

  G_OBJECT_CLASS (flash_board_list_parent_class)->finalize (object);
}

static void
flash_board_list_class_init (FlashBoardListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flash_board_list_dispose;
  object_class->finalize = flash_board_list_finalize;
}

static void
flash_board_list_init (FlashBoardList *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->providers = g_list_store_new (G_TYPE_LIST_MODEL);
  self->boards = gtk_flatten_list_model_new (g_object_ref (G_LIST_MODEL (self->providers)));
  g_signal_connect_swapped (self->boards, "items-changed", G_CALLBACK (sync_entries), self);
}

FlashBoardList *
flash_board_list_new (void)
{
  return g_object_new (FLASH_TYPE_BOARD_LIST, NULL);
}

void
flash_board_list_add_provider (FlashBoardList *self, FlashProvider *provider)
{
  g_return_if_fail (FLASH_IS_BOARD_LIST (self));
  g_return_if_fail (FLASH_IS_PROVIDER (provider));

  g_list_store_append (self->providers, provider);
}

void
flash_board_list_rescan (FlashBoardList *self)
{
  g_return_if_fail (FLASH_IS_BOARD_LIST (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->providers)); i++) {
    g_autoptr (FlashProvider) provider = g_list_model_get_item (G_LIST_MODEL (self->providers), i);

    flash_provider_rescan (provider);
  }
}

gboolean
flash_board_list_has_real_provider (FlashBoardList *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_LIST (self), FALSE);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->providers)); i++) {
    g_autoptr (GObject) provider = g_list_model_get_item (G_LIST_MODEL (self->providers), i);

    if (!FLASH_IS_SIM_PROVIDER (provider))
      return TRUE;
  }
  return FALSE;
}
