/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-board-list"

#include "config.h"

#include "flash-board-list.h"

#include "flash-usb-provider.h"

#include <gtk/gtk.h>

/* Virtual boards do not announce what they do, and others only after a while. */
#define LOOK_MS 200

struct _FlashBoardList {
  GObject parent_instance;

  GListStore *providers; /* (owned) (element-type FlashProvider) */
  GtkFlattenListModel *boards; /* (owned) (element-type FlashBoard) */
  GPtrArray *entries; /* (owned) (element-type FlashBoardEntry) */
  GListModel *neighbours; /* (owned) (nullable) (element-type FlashUsbNeighbour) */
  char *usb_error; /* (owned) (nullable) */
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

static FlashProvider *
get_provider (FlashBoardList *self, guint board_position)
{
  return FLASH_PROVIDER (gtk_flatten_list_model_get_model_for_item (self->boards, board_position));
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

/* Returns: where the entry of a new board belongs: before that of the next board which has one. */
static guint
find_place (FlashBoardList *self, guint board_position)
{
  guint n_boards = g_list_model_get_n_items (G_LIST_MODEL (self->boards));
  guint place = self->entries->len;

  for (guint i = board_position + 1; i < n_boards && place == self->entries->len; i++) {
    g_autoptr (FlashBoard) next = g_list_model_get_item (G_LIST_MODEL (self->boards), i);
    FlashBoardEntry *entry = find_entry (self, get_provider (self, i), flash_board_get_port (next));

    if (entry != NULL)
      g_ptr_array_find (self->entries, entry, &place);
  }
  return place;
}

static void
add_entry (FlashBoardList *self, guint board_position, FlashBoard *board)
{
  FlashBoardEntry *entry = flash_board_entry_new (get_provider (self, board_position), board);
  guint place = find_place (self, board_position);

  g_signal_connect_object (entry, "changed", G_CALLBACK (on_entry_changed), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_insert (self->entries, (int) place, entry);
  g_list_model_items_changed (G_LIST_MODEL (self), place, 0, 1);
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

/* A provider's list follows after what stands on the port. Whoever is looked at anyway is not
 * sent back to what it was a moment ago. */
static void
set_listed (FlashBoardEntry *entry, FlashBoard *board)
{
  if (flash_board_entry_is_restless (entry))
    flash_board_entry_look (entry);
  else
    flash_board_entry_set_board (entry, board);
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
    FlashBoardEntry *entry =
        find_entry (self, get_provider (self, i), flash_board_get_port (board));

    if (entry == NULL) {
      add_entry (self, i, board);
    } else {
      g_hash_table_add (present, entry);
      set_listed (entry, board);
    }
  }
  for (guint i = 0; i < known->len; i++)
    if (!g_hash_table_contains (present, g_ptr_array_index (known, i)))
      set_listed (g_ptr_array_index (known, i), NULL);
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
  g_clear_object (&self->neighbours);
  g_ptr_array_set_size (self->entries, 0);

  G_OBJECT_CLASS (flash_board_list_parent_class)->dispose (object);
}

static void
flash_board_list_finalize (GObject *object)
{
  FlashBoardList *self = FLASH_BOARD_LIST (object);

  g_ptr_array_unref (self->entries);
  g_free (self->usb_error);

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

void
flash_board_list_add_usb (FlashBoardList *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashUsbProvider) provider = NULL;

  g_return_if_fail (FLASH_IS_BOARD_LIST (self));

  provider = flash_usb_provider_new (&error);
  if (provider == NULL) {
    g_info ("%s", error->message);
    flash_board_list_set_usb_error (self, error->message);
    return;
  }
  flash_usb_provider_set_curious (provider, TRUE);
  flash_board_list_add_provider (self, FLASH_PROVIDER (provider));
  flash_board_list_set_neighbours (self, flash_usb_provider_get_neighbours (provider));
}

void
flash_board_list_set_neighbours (FlashBoardList *self, GListModel *neighbours)
{
  g_return_if_fail (FLASH_IS_BOARD_LIST (self));
  g_return_if_fail (neighbours == NULL || G_IS_LIST_MODEL (neighbours));

  g_set_object (&self->neighbours, neighbours);
}

GListModel *
flash_board_list_get_neighbours (FlashBoardList *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_LIST (self), NULL);

  return self->neighbours;
}

void
flash_board_list_set_usb_error (FlashBoardList *self, const char *reason)
{
  g_return_if_fail (FLASH_IS_BOARD_LIST (self));

  g_free (self->usb_error);
  self->usb_error = g_strdup (reason);
}

const char *
flash_board_list_get_usb_error (FlashBoardList *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_LIST (self), NULL);

  return self->usb_error;
}
