/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-provider"

#include "config.h"

#include "flash-sim-provider.h"

#include "flash-sim-board.h"
#include "flash-sim-config.h"
#include "flash-sim-fault.h"

/* One port with its board, which is there for as long as the provider. */
typedef struct {
  char *id; /* (owned) */
  char *first_port; /* (owned): on which it was at first */
  FlashSimDevice *device; /* (owned) */
  /* under the provider's lock: the last look at the port */
  char *port; /* (owned) */
  guint n_moves; /* that led to this port */
  guint64 version;
  FlashBoard *board; /* (owned) (nullable) */
  /* main thread: what the list shows */
  FlashBoard *listed; /* (owned) (nullable) */
} Slot;

struct _FlashSimProvider {
  GObject parent_instance;

  FlashClock *clock; /* (owned) */
  GMutex lock;
  GPtrArray *slots; /* (owned) (element-type Slot) under lock; only the main thread adds */
  guint n_ports; /* that were ever used, under lock */
};

static void list_model_iface_init (GListModelInterface *iface);
static void provider_iface_init (FlashProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashSimProvider, flash_sim_provider, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                                   G_IMPLEMENT_INTERFACE (FLASH_TYPE_PROVIDER, provider_iface_init))

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  g_clear_object (&slot->listed);
  g_clear_object (&slot->board);
  g_clear_object (&slot->device);
  g_free (slot->first_port);
  g_free (slot->port);
  g_free (slot->id);
  g_free (slot);
}

/* Called under the lock. */
static char *
take_new_port (FlashSimProvider *self)
{
  return g_strdup_printf ("virtual-%u", ++self->n_ports);
}

/* A board that has come back elsewhere takes the next port. Called under the lock. */
static void
follow_moves (FlashSimProvider *self, Slot *slot)
{
  guint n_moves = flash_sim_device_get_n_moves (slot->device);

  if (n_moves == slot->n_moves)
    return;
  slot->n_moves = n_moves;
  g_free (slot->port);
  slot->port = take_new_port (self);
}

/* Returns: (transfer full) (nullable): what stands on the port now; the same object as long as
 * nothing changed. Called under the lock. */
static FlashBoard *
look (FlashSimProvider *self, Slot *slot)
{
  FlashSimState state;

  follow_moves (self, slot);
  flash_sim_device_look (slot->device, &state);
  if (slot->board == NULL || state.version != slot->version || !state.is_attached) {
    g_clear_object (&slot->board);
    slot->version = state.version;
    if (state.is_attached)
      slot->board = flash_sim_board_new (slot->device, self->clock, slot->id, slot->port, &state);
  }
  flash_sim_state_clear (&state);
  return slot->board != NULL ? g_object_ref (slot->board) : NULL;
}

static FlashBoard *
look_locked (FlashSimProvider *self, Slot *slot)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return look (self, slot);
}

/* Called under the lock. */
static Slot *
find_slot (FlashSimProvider *self, const char *port)
{
  for (guint i = 0; i < self->slots->len; i++) {
    Slot *slot = g_ptr_array_index (self->slots, i);

    follow_moves (self, slot);
    if (g_str_equal (slot->port, port))
      return slot;
  }
  return NULL;
}

static Slot *
add_slot (FlashSimProvider *self, const char *id, GError **error)
{
  FlashSimDevice *device = flash_sim_device_new (self->clock, id, error);
  Slot *slot;

  if (device == NULL)
    return NULL;
  slot = g_new0 (Slot, 1);
  slot->id = g_strdup (id);
  slot->device = device;
  g_mutex_lock (&self->lock);
  slot->port = take_new_port (self);
  slot->first_port = g_strdup (slot->port);
  g_ptr_array_add (self->slots, slot);
  g_mutex_unlock (&self->lock);
  return slot;
}

/* Brings the list's row for the slot up to date. */
static void
refresh_slot (FlashSimProvider *self, guint index)
{
  Slot *slot = g_ptr_array_index (self->slots, index);
  g_autoptr (FlashBoard) board = look_locked (self, slot);
  gboolean was_listed = slot->listed != NULL;
  guint position = 0;

  if (board == slot->listed)
    return;
  for (guint i = 0; i < index; i++)
    if (((Slot *) g_ptr_array_index (self->slots, i))->listed != NULL)
      position++;
  g_set_object (&slot->listed, board);
  g_list_model_items_changed (G_LIST_MODEL (self), position, was_listed, board != NULL);
}

static GType
flash_sim_provider_get_item_type (GListModel *model)
{
  return FLASH_TYPE_BOARD;
}

static guint
flash_sim_provider_get_n_items (GListModel *model)
{
  FlashSimProvider *self = FLASH_SIM_PROVIDER (model);
  guint n_items = 0;

  for (guint i = 0; i < self->slots->len; i++)
    if (((Slot *) g_ptr_array_index (self->slots, i))->listed != NULL)
      n_items++;
  return n_items;
}

static gpointer
flash_sim_provider_get_item (GListModel *model, guint position)
{
  FlashSimProvider *self = FLASH_SIM_PROVIDER (model);

  for (guint i = 0; i < self->slots->len; i++) {
    Slot *slot = g_ptr_array_index (self->slots, i);

    if (slot->listed != NULL && position-- == 0)
      return g_object_ref (slot->listed);
  }
  return NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = flash_sim_provider_get_item_type;
  iface->get_n_items = flash_sim_provider_get_n_items;
  iface->get_item = flash_sim_provider_get_item;
}

static Slot *
find_or_add (FlashSimProvider *self, const char *id, GError **error)
{
  for (guint i = 0; i < self->slots->len; i++) {
    Slot *slot = g_ptr_array_index (self->slots, i);

    if (g_str_equal (slot->id, id))
      return slot;
  }
  return add_slot (self, id, error);
}

static void
flash_sim_provider_rescan (FlashProvider *provider)
{
  FlashSimProvider *self = FLASH_SIM_PROVIDER (provider);

  for (guint i = 0; i < self->slots->len; i++)
    refresh_slot (self, i);
}

static FlashBoard *
flash_sim_provider_find (FlashProvider *provider, const char *id, GError **error)
{
  FlashSimProvider *self = FLASH_SIM_PROVIDER (provider);
  Slot *slot;
  FlashBoard *board;

  if (!g_str_has_prefix (id, "virtual:")) {
    g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND,
                 "“%s” is not a virtual board", id);
    return NULL;
  }
  slot = find_or_add (self, id, error);
  if (slot == NULL)
    return NULL;
  flash_sim_provider_rescan (provider);
  board = look_locked (self, slot);
  if (board == NULL)
    g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND,
                 "the virtual board “%s” is not on the bus at the moment", id);
  return board;
}

static FlashBoard *
flash_sim_provider_peek_port (FlashProvider *provider, const char *port)
{
  FlashSimProvider *self = FLASH_SIM_PROVIDER (provider);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Slot *slot = find_slot (self, port);

  return slot != NULL ? look (self, slot) : NULL;
}

static void
provider_iface_init (FlashProviderInterface *iface)
{
  iface->find = flash_sim_provider_find;
  iface->peek_port = flash_sim_provider_peek_port;
  iface->rescan = flash_sim_provider_rescan;
}

static void
flash_sim_provider_finalize (GObject *object)
{
  FlashSimProvider *self = FLASH_SIM_PROVIDER (object);

  g_ptr_array_unref (self->slots);
  g_clear_object (&self->clock);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (flash_sim_provider_parent_class)->finalize (object);
}

static void
flash_sim_provider_class_init (FlashSimProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_sim_provider_finalize;
}

static void
flash_sim_provider_init (FlashSimProvider *self)
{
  g_mutex_init (&self->lock);
  self->slots = g_ptr_array_new_with_free_func (slot_free);
}

FlashSimProvider *
flash_sim_provider_new (FlashClock *clock)
{
  const char *const *models = flash_sim_model_list_names ();
  FlashSimProvider *self;

  g_return_val_if_fail (FLASH_IS_CLOCK (clock), NULL);

  self = g_object_new (FLASH_TYPE_SIM_PROVIDER, NULL);
  self->clock = g_object_ref (clock);
  for (guint i = 0; models[i] != NULL; i++) {
    g_autofree char *id = g_strconcat ("virtual:", models[i], NULL);

    if (flash_sim_model_find (models[i])->is_listed)
      add_slot (self, id, NULL);
  }
  flash_sim_provider_rescan (FLASH_PROVIDER (self));
  return self;
}

FlashSimDevice *
flash_sim_provider_dup_device (FlashSimProvider *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;
  Slot *slot;

  g_return_val_if_fail (FLASH_IS_SIM_PROVIDER (self), NULL);
  g_return_val_if_fail (port != NULL, NULL);

  locker = g_mutex_locker_new (&self->lock);
  slot = find_slot (self, port);
  for (guint i = 0; slot == NULL && i < self->slots->len; i++) {
    Slot *other = g_ptr_array_index (self->slots, i);

    if (g_str_equal (other->first_port, port))
      slot = other;
  }
  return slot != NULL ? g_object_ref (slot->device) : NULL;
}

gint64
flash_sim_provider_get_device_time_us (FlashSimProvider *self, const char *port)
{
  g_autoptr (FlashSimDevice) device = NULL;

  g_return_val_if_fail (FLASH_IS_SIM_PROVIDER (self), 0);
  g_return_val_if_fail (port != NULL, 0);

  device = flash_sim_provider_dup_device (self, port);
  return device != NULL ? flash_sim_device_get_used_us (device) : 0;
}

guint64
flash_sim_provider_get_n_requests (FlashSimProvider *self, const char *port)
{
  g_autoptr (FlashSimDevice) device = NULL;

  g_return_val_if_fail (FLASH_IS_SIM_PROVIDER (self), 0);
  g_return_val_if_fail (port != NULL, 0);

  device = flash_sim_provider_dup_device (self, port);
  return device != NULL ? flash_sim_device_get_n_requests (device) : 0;
}

char *
flash_sim_provider_dup_console (FlashSimProvider *self, const char *port)
{
  g_autoptr (FlashSimDevice) device = NULL;

  g_return_val_if_fail (FLASH_IS_SIM_PROVIDER (self), NULL);
  g_return_val_if_fail (port != NULL, NULL);

  device = flash_sim_provider_dup_device (self, port);
  return device != NULL ? flash_sim_device_dup_console (device) : NULL;
}

const char *const *
flash_sim_provider_list_models (void)
{
  return flash_sim_model_list_names ();
}

const char *const *
flash_sim_provider_list_keys (void)
{
  return flash_sim_config_list_keys ();
}

const char *const *
flash_sim_provider_list_faults (void)
{
  return flash_sim_fault_list ();
}
