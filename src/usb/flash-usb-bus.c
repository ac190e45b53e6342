/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-bus"

#include "config.h"

#include "flash-usb-bus.h"

#include "flash-dfu-defs.h"
#include "flash-host-node.h"
#include "flash-usb-board.h"
#include "flash-usb-transport.h"

#include <unistd.h>

/* What the kernel read at enumeration is fresh; a job that waits for this board opens it within
 * this time, and then nobody else should talk to it. */
#define FIRST_READING_US 300000
#define NOT_WANTED 0

/* A port on which a device has been seen. */
typedef struct {
  char *port; /* (owned) */
  guint64 generation; /* enumerations seen so far */
  FlashUsbRecord *record; /* (owned) (nullable): what stands there now */
  FlashDescriptors *live; /* (owned) (nullable): what it said when it was asked */
  gboolean is_mute; /* it was asked and did not answer */
  gint64 wanted_us; /* when to ask it, NOT_WANTED if not */
  guint n_open; /* how often this program has it open for a job */
  FlashBoard *board; /* (owned) (nullable): if it is one */
  FlashUsbNeighbour *neighbour; /* (owned) (nullable) */
} Slot;

struct _FlashUsbBus {
  gatomicrefcount ref_count;
  char *root; /* (owned) (nullable) */
  GMutex lock;
  GHashTable *slots; /* (owned) (element-type utf8 Slot) under lock */
};

/* That this program has the board of one generation open. */
typedef struct {
  FlashUsbBus *bus; /* (owned) */
  char *port; /* (owned) */
  guint64 generation;
} Hold;

static void
slot_clear (Slot *slot)
{
  g_clear_pointer (&slot->record, flash_usb_record_free);
  g_clear_pointer (&slot->live, flash_descriptors_unref);
  g_clear_object (&slot->board);
  g_clear_object (&slot->neighbour);
  slot->is_mute = FALSE;
  slot->wanted_us = NOT_WANTED;
  slot->n_open = 0;
}

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  slot_clear (slot);
  g_free (slot->port);
  g_free (slot);
}

FlashUsbBus *
flash_usb_bus_new (const char *root)
{
  FlashUsbBus *self = g_new0 (FlashUsbBus, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->root = g_strdup (root);
  g_mutex_init (&self->lock);
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, slot_free);
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
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, slot_free);
  g_mutex_unlock (&self->lock);
}

static gboolean
is_board (const FlashUsbRecord *record)
{
  if (record->descriptors != NULL)
    return record->descriptors->alternates->len > 0;
  /* Descriptors that cannot be read are no reason to hide what calls itself ST's boot loader. */
  return record->vid == FLASH_ST_VID && record->pid == FLASH_ST_DFU_PID;
}

static guint8
get_interface_number (const FlashUsbRecord *record)
{
  return record->descriptors != NULL ? record->descriptors->interface_number : 0;
}

/* Looks at the node's rights and at the interface's driver: both tell without opening anything. */
static FlashAccess
look_at_access (FlashUsbBus *self, const Slot *slot)
{
  const FlashUsbRecord *record = slot->record;
  g_autofree char *node =
      self->root != NULL ? g_build_filename (self->root, record->node, NULL) : NULL;
  g_autofree char *driver = NULL;

  if (access (node != NULL ? node : record->node, R_OK | W_OK) != 0)
    return FLASH_ACCESS_NO_PERMISSION;
  driver = flash_usb_record_dup_driver (self->root, record->port, record->configuration,
                                        get_interface_number (record));
  if (g_strcmp0 (driver, "usbfs") == 0)
    return FLASH_ACCESS_BUSY;
  return slot->is_mute ? FLASH_ACCESS_SILENT : FLASH_ACCESS_OK;
}

/* Names the programs that have the device open, as far as they are seen. */
static char *
describe_holders (FlashUsbBus *self, const char *node)
{
  g_autoptr (GPtrArray) holders = flash_host_node_find_holders (self->root, node);
  GString *text = g_string_new ("the device is held by ");

  for (guint i = 0; i < holders->len; i++) {
    const FlashHostHolder *holder = g_ptr_array_index (holders, i);

    g_string_append_printf (text, "%s%s (process %d)", i > 0 ? ", " : "", holder->name,
                            holder->pid);
  }
  if (holders->len == 0)
    g_string_append (text, "a program of another user");
  return g_string_free (text, FALSE);
}

/* Returns: (transfer full) (nullable): the missing right, or who has the device. */
static char *
dup_access_detail (FlashUsbBus *self, const FlashUsbAddress *address, FlashAccess access_now)
{
  g_autofree char *node = g_strdup_printf ("/dev/bus/usb/%03u/%03u", address->bus, address->device);
  g_autofree char *rights = NULL;

  switch (access_now) {
  case FLASH_ACCESS_NO_PERMISSION:
    rights = flash_host_node_dup_rights (self->root, node);
    return g_strdup_printf ("no right to read and write %s (%s) as user %s", node, rights,
                            g_get_user_name ());
  case FLASH_ACCESS_BUSY:
    return describe_holders (self, node);
  case FLASH_ACCESS_OK:
  case FLASH_ACCESS_SILENT:
    break;
  }
  return NULL;
}

static void
make_board (FlashUsbBus *self, Slot *slot, FlashAccess access_now)
{
  g_autoptr (GPtrArray) hubs = flash_usb_record_read_hubs (self->root, slot->port);
  g_autofree char *detail = dup_access_detail (self, &slot->record->address, access_now);
  const FlashUsbBoardTraits traits = {
    .record = slot->record,
    .generation = slot->generation,
    .access = access_now,
    .access_detail = detail,
    .descriptors = slot->live != NULL ? slot->live : slot->record->descriptors,
    .hubs = hubs,
  };

  g_clear_object (&slot->board);
  slot->board = flash_usb_board_new (self, &traits);
}

static void
meet_device (FlashUsbBus *self, Slot *slot)
{
  slot_clear (slot);
  slot->record = flash_usb_record_read (self->root, slot->port);
  if (slot->record == NULL)
    return;
  slot->generation++;
  if (is_board (slot->record)) {
    slot->wanted_us = g_get_monotonic_time () + FIRST_READING_US;
    make_board (self, slot, look_at_access (self, slot));
  } else {
    slot->neighbour = flash_usb_neighbour_new (slot->record);
  }
}

/* While this program works with a board, it is neither busy nor asked for anything else. */
static void
refresh_access (FlashUsbBus *self, Slot *slot)
{
  FlashAccess old_access = flash_board_get_access (slot->board), new_access;

  if (slot->n_open > 0)
    return;
  new_access = look_at_access (self, slot);
  if (new_access == old_access)
    return;
  /* Whoever had it may have left it in another stage. */
  if (new_access != FLASH_ACCESS_SILENT)
    slot->wanted_us = g_get_monotonic_time ();
  make_board (self, slot, new_access);
}

/* Brings what is known of a port up to date. Called under the lock. */
static void
look (FlashUsbBus *self, Slot *slot)
{
  FlashUsbAddress address;

  if (!flash_usb_record_read_address (self->root, slot->port, &address))
    slot_clear (slot);
  else if (slot->record == NULL || slot->record->address.device != address.device ||
           slot->record->address.bus != address.bus)
    meet_device (self, slot);
  else if (slot->board != NULL)
    refresh_access (self, slot);
}

static Slot *
get_slot (FlashUsbBus *self, const char *port)
{
  Slot *slot = g_hash_table_lookup (self->slots, port);

  if (slot == NULL) {
    slot = g_new0 (Slot, 1);
    slot->port = g_strdup (port);
    g_hash_table_insert (self->slots, slot->port, slot);
  }
  return slot;
}

FlashBoard *
flash_usb_bus_look (FlashUsbBus *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  FlashUsbAddress address;
  Slot *slot;

  /* A port that never had anything on it is not remembered. */
  if (!g_hash_table_contains (self->slots, port) &&
      !flash_usb_record_read_address (self->root, port, &address))
    return NULL;
  slot = get_slot (self, port);
  look (self, slot);
  return slot->board != NULL ? g_object_ref (slot->board) : NULL;
}

void
flash_usb_bus_look_all (FlashUsbBus *self, GPtrArray **out_boards, GPtrArray **out_neighbours)
{
  g_auto (GStrv) ports = flash_usb_record_list_ports (self->root);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; ports[i] != NULL; i++)
    get_slot (self, ports[i]);
  /* Ports that have become empty too. */
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    look (self, value);

  *out_boards = g_ptr_array_new_with_free_func (g_object_unref);
  *out_neighbours = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; ports[i] != NULL; i++) {
    const Slot *slot = get_slot (self, ports[i]);

    if (slot->board != NULL)
      g_ptr_array_add (*out_boards, g_object_ref (slot->board));
    if (slot->neighbour != NULL)
      g_ptr_array_add (*out_neighbours, g_object_ref (slot->neighbour));
  }
}

void
flash_usb_bus_want_all (FlashUsbBus *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Slot *slot = value;

    if (slot->board != NULL)
      slot->wanted_us = g_get_monotonic_time ();
  }
}

static gboolean
can_be_asked (const Slot *slot)
{
  FlashAccess access_now;

  if (slot->board == NULL || slot->n_open > 0 || slot->wanted_us == NOT_WANTED ||
      slot->wanted_us > g_get_monotonic_time ())
    return FALSE;
  access_now = flash_board_get_access (slot->board);
  return access_now == FLASH_ACCESS_OK || access_now == FLASH_ACCESS_SILENT;
}

FlashBoard *
flash_usb_bus_take_wanted (FlashUsbBus *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Slot *slot = value;

    if (!can_be_asked (slot))
      continue;
    slot->wanted_us = NOT_WANTED;
    return g_object_ref (slot->board);
  }
  return NULL;
}

static gboolean
says_the_same (const FlashDescriptors *a, const FlashDescriptors *b)
{
  if (a->bcd_device != b->bcd_device || g_strcmp0 (a->product, b->product) != 0 ||
      g_strcmp0 (a->serial, b->serial) != 0 || a->alternates->len != b->alternates->len)
    return FALSE;
  for (guint i = 0; i < a->alternates->len; i++) {
    const FlashAlternate *left = g_ptr_array_index (a->alternates, i);
    const FlashAlternate *right = g_ptr_array_index (b->alternates, i);

    if (left->number != right->number || g_strcmp0 (left->name, right->name) != 0)
      return FALSE;
  }
  return TRUE;
}

void
flash_usb_bus_learn (FlashUsbBus *self, FlashBoard *board, FlashDescriptors *descriptors)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Slot *slot = g_hash_table_lookup (self->slots, flash_board_get_port (board));
  gboolean is_news;

  if (slot == NULL || slot->board == NULL || slot->n_open > 0 ||
      slot->generation != flash_board_get_generation (board))
    return;
  is_news =
      slot->is_mute != (descriptors == NULL) ||
      (descriptors != NULL && (slot->live == NULL || !says_the_same (slot->live, descriptors)));
  if (!is_news)
    return;
  slot->is_mute = descriptors == NULL;
  if (descriptors != NULL) {
    g_clear_pointer (&slot->live, flash_descriptors_unref);
    slot->live = flash_descriptors_ref (descriptors);
  }
  make_board (self, slot, look_at_access (self, slot));
}

/* --- Opening -------------------------------------------------------------------------------- */

static void
count_open (FlashUsbBus *self, const char *port, guint64 generation, int change)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Slot *slot = g_hash_table_lookup (self->slots, port);

  if (slot == NULL || slot->board == NULL || slot->generation != generation)
    return;
  slot->n_open = (guint) ((int) slot->n_open + change);
  /* A job may have left it in another stage. */
  if (slot->n_open == 0)
    slot->wanted_us = g_get_monotonic_time ();
}

static void
hold_free (Hold *hold)
{
  count_open (hold->bus, hold->port, hold->generation, -1);
  flash_usb_bus_unref (hold->bus);
  g_free (hold->port);
  g_free (hold);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hold, hold_free)

static Hold *
hold_new (FlashUsbBus *self, const char *port, guint64 generation)
{
  Hold *hold = g_new0 (Hold, 1);

  hold->bus = flash_usb_bus_ref (self);
  hold->port = g_strdup (port);
  hold->generation = generation;
  count_open (self, port, generation, 1);
  return hold;
}

static gboolean
is_open_here (FlashUsbBus *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  const Slot *slot = g_hash_table_lookup (self->slots, port);

  return slot != NULL && slot->n_open > 0;
}

/* Adds to an error what this computer knows about its cause; @is_ours if this program has the
 * device open already. */
static void
explain (FlashUsbBus *self, const FlashUsbAddress *address, gboolean is_ours, GError *error)
{
  g_autofree char *detail = NULL;

  if (g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NO_PERMISSION))
    detail = dup_access_detail (self, address, FLASH_ACCESS_NO_PERMISSION);
  else if (g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY))
    detail = is_ours ? g_strdup ("this program has the device open already")
                     : dup_access_detail (self, address, FLASH_ACCESS_BUSY);
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
  gboolean was_open;

  g_return_val_if_fail (self != NULL && port != NULL && address != NULL, NULL);

  /* Before the claim: whoever looks meanwhile must not take us for another program. */
  was_open = is_open_here (self, port);
  if (interface_number != NULL)
    hold = hold_new (self, port, generation);
  transport = flash_usb_transport_new (address, &local_error);
  if (transport == NULL ||
      (interface_number != NULL &&
       !flash_usb_transport_claim (transport, *interface_number, &local_error))) {
    explain (self, address, was_open, local_error);
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (hold != NULL)
    flash_usb_transport_keep (transport, g_steal_pointer (&hold), (GDestroyNotify) hold_free);
  return FLASH_TRANSPORT (g_steal_pointer (&transport));
}
