/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-boards"

#include "config.h"

#include "flash-revive-boards.h"

#include "flash-usb-neighbour.h"

#define PROVIDER_KEY "flash-provider"

struct _FlashReviveBoards {
  GObject parent_instance;

  FlashBoardList *list; /* (owned) */
  FlashBoardEntry *entry; /* (owned) (nullable) */
  gboolean is_chosen;
  char *serial; /* (owned) (nullable): of the board that was there last, unless others share it */
  FlashBoardKind kind; /* of that board */
  guint device_id; /* the same; 0 if not known */
  gboolean is_held; /* that board alone is meant */
  gboolean has_left; /* it was away since then */
  GHashTable *known; /* (owned) (element-type FlashBoardEntry): there all the time, so that none of
                        them has shown up */
};

G_DEFINE_FINAL_TYPE (FlashReviveBoards, flash_revive_boards, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static FlashBoardEntry *
get_item (FlashReviveBoards *self, guint index)
{
  g_autoptr (FlashBoardEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->list), index);

  /* The list keeps it. */
  return entry;
}

static gboolean
is_same_port (FlashBoardEntry *a, FlashBoardEntry *b)
{
  return flash_board_entry_get_provider (a) == flash_board_entry_get_provider (b) &&
         g_str_equal (flash_board_get_port (flash_board_entry_get_board (a)),
                      flash_board_get_port (flash_board_entry_get_board (b)));
}

/* Returns: (transfer none) (nullable): what tells that board from others of its kind. */
static const char *
get_serial (FlashBoardEntry *entry)
{
  const FlashBoardFacts *facts = flash_board_entry_get_facts (entry);

  return facts->is_serial_shared ? NULL : facts->serial;
}

static void
remember (FlashReviveBoards *self)
{
  const FlashBoardFacts *facts = flash_board_entry_get_facts (self->entry);

  g_free (self->serial);
  self->serial = g_strdup (get_serial (self->entry));
  self->kind = facts->kind;
  self->device_id = facts->device_id;
  self->has_left = FALSE;
}

/* A program that runs may have a serial number of its own; so only the same kind is compared. */
static gboolean
has_same_serial (FlashReviveBoards *self, FlashBoardEntry *entry)
{
  return self->serial != NULL && flash_board_entry_get_facts (entry)->kind == self->kind &&
         g_strcmp0 (get_serial (entry), self->serial) == 0;
}

/* U-Boot may have no serial number: as long as it is the same chip on the same port, that is no
 * evidence against it. */
static FlashReviveDoubt
compare (FlashReviveBoards *self, FlashBoardEntry *entry)
{
  const FlashBoardFacts *facts = flash_board_entry_get_facts (entry);
  gboolean was_mp = self->kind == FLASH_BOARD_KIND_STM32MP;
  gboolean is_mp = facts->kind == FLASH_BOARD_KIND_STM32MP;

  if (facts->kind == self->kind && self->device_id != 0 && facts->device_id != 0 &&
      facts->device_id != self->device_id)
    return FLASH_REVIVE_DOUBT_OTHER;
  if (has_same_serial (self, entry))
    return FLASH_REVIVE_DOUBT_NONE;
  if (was_mp != is_mp ||
      (facts->kind == self->kind && self->serial != NULL && get_serial (entry) != NULL))
    return FLASH_REVIVE_DOUBT_OTHER;
  return self->has_left && !is_mp ? FLASH_REVIVE_DOUBT_UNSURE : FLASH_REVIVE_DOUBT_NONE;
}

/* Whoever leaves may show up again. */
static void
forget_absent (FlashReviveBoards *self)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &entry, NULL))
    if (!flash_board_entry_is_present (entry))
      g_hash_table_iter_remove (&iter);
}

/* Returns: (transfer none) (nullable): who stands on the port of the board, or who shows up. */
static FlashBoardEntry *
find_present (FlashReviveBoards *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  for (guint i = 0; i < n_items; i++)
    if (flash_board_entry_is_present (get_item (self, i)) &&
        has_same_serial (self, get_item (self, i)))
      return get_item (self, i);
  for (guint i = 0; i < n_items && self->entry != NULL; i++)
    if (flash_board_entry_is_present (get_item (self, i)) &&
        is_same_port (get_item (self, i), self->entry))
      return get_item (self, i);
  for (guint i = 0; i < n_items && !self->is_chosen && !self->is_held; i++)
    if (flash_board_entry_is_present (get_item (self, i)) &&
        !g_hash_table_contains (self->known, get_item (self, i)))
      return get_item (self, i);
  return NULL;
}

static void
on_changed (FlashReviveBoards *self)
{
  gboolean is_present = flash_revive_boards_is_present (self);
  gboolean has_job = self->entry != NULL && flash_board_entry_get_job (self->entry) != NULL;
  FlashBoardEntry *found;

  forget_absent (self);
  if (!is_present && !has_job)
    self->has_left = TRUE;
  if (!has_job &&
      (!is_present || flash_revive_boards_get_doubt (self) == FLASH_REVIVE_DOUBT_OTHER)) {
    found = find_present (self);
    if (found != NULL)
      g_set_object (&self->entry, found);
  }
  if (!self->is_held && flash_revive_boards_is_present (self))
    remember (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
listen_to (FlashReviveBoards *self, guint position, guint n_items)
{
  for (guint i = position; i < position + n_items; i++)
    g_signal_connect_object (get_item (self, i), "changed", G_CALLBACK (on_changed), self,
                             G_CONNECT_SWAPPED);
}

static void
on_items_changed (FlashReviveBoards *self, guint position, guint n_removed, guint n_added)
{
  listen_to (self, position, n_added);
  on_changed (self);
}

void
flash_revive_boards_choose (FlashReviveBoards *self, FlashBoardEntry *entry)
{
  g_return_if_fail (FLASH_IS_REVIVE_BOARDS (self));
  g_return_if_fail (entry == NULL || FLASH_IS_BOARD_ENTRY (entry));

  self->is_chosen = entry != NULL;
  self->is_held = FALSE;
  g_clear_pointer (&self->serial, g_free);
  g_set_object (&self->entry, entry);
  on_changed (self);
}

void
flash_revive_boards_hold (FlashReviveBoards *self)
{
  g_return_if_fail (FLASH_IS_REVIVE_BOARDS (self));

  if (!flash_revive_boards_is_present (self))
    return;
  if (!self->is_held)
    remember (self);
  self->is_held = TRUE;
}

FlashReviveDoubt
flash_revive_boards_get_doubt (FlashReviveBoards *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_BOARDS (self), FLASH_REVIVE_DOUBT_NONE);

  return self->is_held && flash_revive_boards_is_present (self) ? compare (self, self->entry)
                                                                : FLASH_REVIVE_DOUBT_NONE;
}

gboolean
flash_revive_boards_is_right (FlashReviveBoards *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_BOARDS (self), FALSE);

  return flash_revive_boards_is_present (self) &&
         flash_revive_boards_get_doubt (self) == FLASH_REVIVE_DOUBT_NONE;
}

gboolean
flash_revive_boards_is_free (FlashReviveBoards *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_BOARDS (self), FALSE);

  return flash_revive_boards_is_right (self) &&
         !flash_board_entry_is_taken (flash_revive_boards_get_entry (self), NULL);
}

void
flash_revive_boards_accept (FlashReviveBoards *self)
{
  g_return_if_fail (FLASH_IS_REVIVE_BOARDS (self));

  if (flash_revive_boards_get_doubt (self) != FLASH_REVIVE_DOUBT_UNSURE)
    return;
  remember (self);
  on_changed (self);
}

FlashBoardEntry *
flash_revive_boards_get_entry (FlashReviveBoards *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_BOARDS (self), NULL);

  return self->entry;
}

gboolean
flash_revive_boards_is_present (FlashReviveBoards *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_BOARDS (self), FALSE);

  return self->entry != NULL && flash_board_entry_is_present (self->entry);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FlashBoard *board = data;
  FlashProvider *provider = g_object_get_data (G_OBJECT (task), PROVIDER_KEY);

  g_task_return_pointer (task, flash_provider_peek_port (provider, flash_board_get_port (board)),
                         g_object_unref);
}

void
flash_revive_boards_look (FlashReviveBoards *self, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (FLASH_IS_REVIVE_BOARDS (self) && self->entry != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_task_data (task, g_object_ref (flash_board_entry_get_board (self->entry)),
                        g_object_unref);
  g_object_set_data_full (G_OBJECT (task), PROVIDER_KEY,
                          g_object_ref (flash_board_entry_get_provider (self->entry)),
                          g_object_unref);
  g_task_run_in_thread (task, look_in_thread);
}

gboolean
flash_revive_boards_look_finish (FlashReviveBoards *self, GAsyncResult *result)
{
  g_autoptr (FlashBoard) board = g_task_propagate_pointer (G_TASK (result), NULL);
  FlashBoard *looked_at;

  g_return_val_if_fail (FLASH_IS_REVIVE_BOARDS (self), FALSE);

  looked_at = g_task_get_task_data (G_TASK (result));
  /* It stands on another port by now. */
  if (self->entry == NULL ||
      !g_str_equal (flash_board_get_port (looked_at),
                    flash_board_get_port (flash_board_entry_get_board (self->entry))))
    return FALSE;
  flash_board_entry_set_board (self->entry, board);
  return board != NULL;
}

gboolean
flash_revive_boards_has_probe (FlashReviveBoards *self)
{
  GListModel *neighbours;

  g_return_val_if_fail (FLASH_IS_REVIVE_BOARDS (self), FALSE);

  neighbours = flash_board_list_get_neighbours (self->list);
  for (guint i = 0; neighbours != NULL && i < g_list_model_get_n_items (neighbours); i++) {
    g_autoptr (FlashUsbNeighbour) neighbour = g_list_model_get_item (neighbours, i);

    if (flash_usb_neighbour_get_kind (neighbour) == FLASH_USB_NEIGHBOUR_ST_LINK)
      return TRUE;
  }
  return FALSE;
}

static void
flash_revive_boards_dispose (GObject *object)
{
  FlashReviveBoards *self = FLASH_REVIVE_BOARDS (object);

  g_clear_object (&self->entry);
  g_clear_object (&self->list);
  g_clear_pointer (&self->known, g_hash_table_unref);

  G_OBJECT_CLASS (flash_revive_boards_parent_class)->dispose (object);
}

static void
flash_revive_boards_finalize (GObject *object)
{
  g_free (FLASH_REVIVE_BOARDS (object)->serial);

  G_OBJECT_CLASS (flash_revive_boards_parent_class)->finalize (object);
}

static void
flash_revive_boards_class_init (FlashReviveBoardsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flash_revive_boards_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_revive_boards_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_revive_boards_init (FlashReviveBoards *self)
{
  self->known = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

FlashReviveBoards *
flash_revive_boards_new (FlashBoardList *list)
{
  FlashReviveBoards *self;
  GListModel *neighbours;

  g_return_val_if_fail (FLASH_IS_BOARD_LIST (list), NULL);

  self = g_object_new (FLASH_TYPE_REVIVE_BOARDS, NULL);
  self->list = g_object_ref (list);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++) {
    FlashBoardEntry *entry = get_item (self, i);

    if (flash_board_is_virtual (flash_board_entry_get_board (entry)))
      g_hash_table_add (self->known, g_object_ref (entry));
  }
  listen_to (self, 0, g_list_model_get_n_items (G_LIST_MODEL (list)));
  g_signal_connect_object (list, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  neighbours = flash_board_list_get_neighbours (list);
  if (neighbours != NULL)
    g_signal_connect_object (neighbours, "items-changed", G_CALLBACK (on_changed), self,
                             G_CONNECT_SWAPPED);
  on_changed (self);
  return self;
}
