/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-bus"

#include "config.h"

#include "flash-usb-bus.h"

#include "flash-usb-access.h"
#include "flash-usb-slot.h"
#include "flash-usb-transport.h"

struct _FlashUsbBus {
  gatomicrefcount ref_count;
  char *root; /* (owned) (nullable) */
  gint64 started_us;
  GMutex lock;
  GHashTable *slots; /* (owned) (element-type utf8 FlashUsbSlot): by port, under lock */
};

/* That this program has the board of one generation open. */
typedef struct {
  FlashUsbBus *bus; /* (owned) */
  char *port; /* (owned) */
  guint64 generation;
} Hold;

static GHashTable *
slots_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify) flash_usb_slot_free);
}

FlashUsbBus *
flash_usb_bus_new (const char *root)
{
  FlashUsbBus *self = g_new0 (FlashUsbBus, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->root = g_strdup (root);
  self->started_us = g_get_monotonic_time ();
  g_mutex_init (&self->lock);
  self->slots = slots_new ();
  return self;
}

FlashUsbBus *
flash_usb_bus_ref (FlashUsbBus *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_usb_bus_unref (FlashUsbBus *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->slots);
  g_mutex_clear (&self->lock);
  g_free (self->root);
  g_free (self);
}

void
flash_usb_bus_forget (FlashUsbBus *self)
{
  g_autoptr (GHashTable) slots = NULL;

  /* Boards that die under the lock would want it to give back the bus. */
  g_mutex_lock (&self->lock);
  slots = g_steal_pointer (&self->slots);
  self->slots = slots_new ();
  g_mutex_unlock (&self->lock);
}

/* --- Looking -------------------------------------------------------------------------------- */

typedef enum {
  LOOK_NOTHING,
  LOOK_NEW_DEVICE,
  LOOK_NEW_ACCESS,
} LookResult;

/* What is there at the start has usually been there for long. Called under the lock. */
static gboolean
is_doubtful (FlashUsbBus *self, FlashUsbSlot *slot, const FlashUsbAddress *address,
             FlashAccess access_now)
{
  return g_get_monotonic_time () - self->started_us > FLASH_USB_DOUBT_US &&
         flash_usb_slot_is_doubtful (slot, address, access_now);
}

/* Looks at a port without reading anything that may block. A port that never had anything on it is
 * not remembered. */
static LookResult
look_briefly (FlashUsbBus *self, const char *port, FlashUsbAddress *out_address,
              guint8 *out_interface, FlashAccess *out_access)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  FlashUsbSlot *slot = g_hash_table_lookup (self->slots, port);

  if (!flash_usb_record_read_address (self->root, port, out_address)) {
    /* That a file cannot be read is no proof that the device has left. */
    if (slot != NULL && !flash_usb_record_is_there (self->root, port))
      flash_usb_slot_clear (slot);
    return LOOK_NOTHING;
  }
  if (slot == NULL || !flash_usb_slot_is_at (slot, out_address))
    return LOOK_NEW_DEVICE;
  if (flash_usb_slot_get_board (slot) == NULL)
    return LOOK_NOTHING;
  *out_interface = flash_usb_record_get_interface (flash_usb_slot_get_record (slot));
  *out_access = flash_usb_access_look (self->root, port, out_address, *out_interface);
  return !is_doubtful (self, slot, out_address, *out_access) &&
                 flash_usb_slot_has_other_access (slot, *out_access)
             ? LOOK_NEW_ACCESS
             : LOOK_NOTHING;
}

static void
meet_device (FlashUsbBus *self, const char *port)
{
  g_autoptr (FlashUsbRecord) record = flash_usb_record_read (self->root, port);
  g_autoptr (GPtrArray) hubs = NULL;
  g_autofree char *detail = NULL;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;
  FlashUsbAddress address;
  FlashUsbSlot *slot;
  FlashAccess access_now;
  guint8 interface_number;

  if (record == NULL)
    return;
  hubs = flash_usb_record_read_hubs (self->root, port);
  interface_number = flash_usb_record_get_interface (record);
  access_now = flash_usb_access_look (self->root, port, &record->address, interface_number);
  detail = flash_usb_access_dup_detail (self->root, port, &record->address, interface_number,
                                        access_now);

  locker = g_mutex_locker_new (&self->lock);
  slot = g_hash_table_lookup (self->slots, port);
  if (slot == NULL) {
    slot = flash_usb_slot_new (self, port);
    g_hash_table_insert (self->slots, g_strdup (port), slot);
  }
  /* Meanwhile another thread may have met it, or even its successor. */
  if (flash_usb_slot_is_at (slot, &record->address) ||
      !flash_usb_record_read_address (self->root, port, &address) ||
      address.device != record->address.device || address.bus != record->address.bus)
    return;
  if (is_doubtful (self, slot, &address, access_now)) {
    flash_usb_slot_clear (slot);
    return;
  }
  flash_usb_slot_meet (slot, g_steal_pointer (&record), g_steal_pointer (&hubs), access_now,
                       g_steal_pointer (&detail));
}

/* Brings what is known of a port up to date. What may take long is done without the lock: some of
 * the kernel's files wait until nobody enumerates anything on the same hub; names of users may come
 * over a network. */
static void
look (FlashUsbBus *self, const char *port)
{
  g_autofree char *detail = NULL;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;
  FlashUsbAddress address;
  FlashAccess access_now;
  guint8 interface_number;
  FlashUsbSlot *slot;

  switch (look_briefly (self, port, &address, &interface_number, &access_now)) {
  case LOOK_NOTHING:
    return;
  case LOOK_NEW_DEVICE:
    meet_device (self, port);
    return;
  case LOOK_NEW_ACCESS:
    break;
  }
  detail = flash_usb_access_dup_detail (self->root, port, &address, interface_number, access_now);
  locker = g_mutex_locker_new (&self->lock);
  slot = g_hash_table_lookup (self->slots, port);
  if (slot != NULL && flash_usb_slot_is_at (slot, &address) &&
      flash_usb_slot_has_other_access (slot, access_now))
    flash_usb_slot_set_access (slot, access_now, g_steal_pointer (&detail));
}

FlashBoard *
flash_usb_bus_look (FlashUsbBus *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;
  const FlashUsbSlot *slot;

  look (self, port);
  locker = g_mutex_locker_new (&self->lock);
  slot = g_hash_table_lookup (self->slots, port);
  return slot != NULL && flash_usb_slot_get_board (slot) != NULL
             ? g_object_ref (flash_usb_slot_get_board (slot))
             : NULL;
}

/* Returns: (transfer full): the ports on which something stood. */
static char **
list_known_ports (FlashUsbBus *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  g_autofree const char **ports =
      (const char **) g_hash_table_get_keys_as_array (self->slots, NULL);

  return g_strdupv ((char **) ports);
}

void
flash_usb_bus_look_all (FlashUsbBus *self, GPtrArray **out_boards, GPtrArray **out_neighbours)
{
  g_auto (GStrv) occupied = flash_usb_record_list_ports (self->root);
  g_auto (GStrv) known = list_known_ports (self);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;

  for (guint i = 0; occupied[i] != NULL; i++)
    look (self, occupied[i]);
  for (guint i = 0; known[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) occupied, known[i]))
      look (self, known[i]);

  *out_boards = g_ptr_array_new_with_free_func (g_object_unref);
  *out_neighbours = g_ptr_array_new_with_free_func (g_object_unref);
  locker = g_mutex_locker_new (&self->lock);
  for (guint i = 0; occupied[i] != NULL; i++) {
    const FlashUsbSlot *slot = g_hash_table_lookup (self->slots, occupied[i]);

    if (slot != NULL && flash_usb_slot_get_board (slot) != NULL)
      g_ptr_array_add (*out_boards, g_object_ref (flash_usb_slot_get_board (slot)));
    if (slot != NULL && flash_usb_slot_get_neighbour (slot) != NULL)
      g_ptr_array_add (*out_neighbours, g_object_ref (flash_usb_slot_get_neighbour (slot)));
  }
}

/* --- Asking --------------------------------------------------------------------------------- */

void
flash_usb_bus_want_all (FlashUsbBus *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer slot;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    flash_usb_slot_want (slot, 0);
}

FlashBoard *
flash_usb_bus_take_wanted (FlashUsbBus *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer slot;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    if (flash_usb_slot_take_wish (slot))
      return g_object_ref (flash_usb_slot_get_board (slot));
  return NULL;
}

/* Returns: (transfer none) (nullable): the slot, if that generation still stands there. Called
 * under the lock. */
static FlashUsbSlot *
find_generation (FlashUsbBus *self, const char *port, guint64 generation)
{
  FlashUsbSlot *slot = g_hash_table_lookup (self->slots, port);
  FlashBoard *board = slot != NULL ? flash_usb_slot_get_board (slot) : NULL;

  return board != NULL && flash_board_get_generation (board) == generation ? slot : NULL;
}

void
flash_usb_bus_learn (FlashUsbBus *self, FlashBoard *board, FlashDescriptors *descriptors,
                     gboolean is_mute)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  FlashUsbSlot *slot =
      find_generation (self, flash_board_get_port (board), flash_board_get_generation (board));

  if (slot != NULL)
    flash_usb_slot_learn (slot, descriptors, is_mute);
}

/* --- Opening -------------------------------------------------------------------------------- */

static void
hold_free (Hold *hold)
{
  FlashUsbSlot *slot;

  g_mutex_lock (&hold->bus->lock);
  slot = find_generation (hold->bus, hold->port, hold->generation);
  if (slot != NULL)
    flash_usb_slot_release (slot);
  g_mutex_unlock (&hold->bus->lock);
  flash_usb_bus_unref (hold->bus);
  g_free (hold->port);
  g_free (hold);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hold, hold_free)

/* Returns: (transfer full) (nullable): %NULL if that generation has left. */
static Hold *
hold_new (FlashUsbBus *self, const char *port, guint64 generation)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  FlashUsbSlot *slot = find_generation (self, port, generation);
  Hold *hold;

  if (slot == NULL)
    return NULL;
  flash_usb_slot_hold (slot);
  hold = g_new0 (Hold, 1);
  hold->bus = flash_usb_bus_ref (self);
  hold->port = g_strdup (port);
  hold->generation = generation;
  return hold;
}

/* Whether this program has the device open beside the try that has just failed. */
static gboolean
is_open_here (FlashUsbBus *self, const char *port, guint64 generation)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  const FlashUsbSlot *slot = find_generation (self, port, generation);

  return slot != NULL && flash_usb_slot_get_n_open (slot) > 1;
}

/* Adds to an error what this computer knows about its cause. */
static void
explain (FlashUsbBus *self, const char *port, guint64 generation, const FlashUsbAddress *address,
         guint8 interface_number, GError *error)
{
  FlashAccess access_now = FLASH_ACCESS_OK;
  g_autofree char *detail = NULL;

  if (g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NO_PERMISSION))
    access_now = FLASH_ACCESS_NO_PERMISSION;
  else if (g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY))
    access_now = FLASH_ACCESS_BUSY;
  if (access_now == FLASH_ACCESS_BUSY && is_open_here (self, port, generation))
    detail = g_strdup ("this program has the device open already");
  else
    detail = flash_usb_access_dup_detail (self->root, port, address, interface_number, access_now);
  if (detail == NULL)
    return;
  g_free (error->message);
  error->message = g_steal_pointer (&detail);
}

FlashTransport *
flash_usb_bus_open (FlashUsbBus *self, const char *port, guint64 generation,
                    const FlashUsbAddress *address, const guint8 *interface_number, GError **error)
{
  g_autoptr (FlashUsbTransport) transport = NULL;
  g_autoptr (Hold) hold = NULL;
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (self != NULL && port != NULL && address != NULL, NULL);

  /* Before the claim: whoever looks meanwhile must not take us for another program. */
  if (interface_number != NULL)
    hold = hold_new (self, port, generation);
  transport = flash_usb_transport_new (address, &local_error);
  if (transport == NULL ||
      (interface_number != NULL &&
       !flash_usb_transport_claim (transport, *interface_number, &local_error))) {
    explain (self, port, generation, address, interface_number != NULL ? *interface_number : 0,
             local_error);
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (hold != NULL)
    flash_usb_transport_keep (transport, g_steal_pointer (&hold), (GDestroyNotify) hold_free);
  return FLASH_TRANSPORT (g_steal_pointer (&transport));
}
