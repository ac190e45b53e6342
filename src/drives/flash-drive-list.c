/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UDisks is asked for everything at once, again whenever it announces that something has changed:
 * so the list is always one consistent state of UDisks, made by the same function that judges a
 * drive once more before it is written. Nothing here waits.
 *
 * Thread: main. */
#define G_LOG_DOMAIN "flash-drive-list"

#include "config.h"

#include "flash-drive-list.h"

#include "flash-drive-error.h"
#include "flash-drive-judge.h"
#include "flash-drive-private.h"
#include "flash-drive-udisks.h"

#include <string.h>

struct _FlashDriveList {
  GObject parent_instance;

  GDBusConnection *connection; /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned): ends calls with the list */
  GPtrArray *drives; /* (owned) (element-type FlashDrive): by path of the drive */
  FlashDriveListState state;
  GError *error; /* (owned) (nullable) */
  guint n_refused;
  guint watch_id;
  guint objects_id;
  guint properties_id;
  gboolean is_served; /* UDisks is on the bus */
  gboolean is_asking;
  gboolean is_stale; /* something changed since the question was asked */
};

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashDriveList, flash_drive_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return FLASH_TYPE_DRIVE;
}

static guint
get_n_items (GListModel *model)
{
  return FLASH_DRIVE_LIST (model)->drives->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  FlashDriveList *self = FLASH_DRIVE_LIST (model);

  return position < self->drives->len ? g_object_ref (g_ptr_array_index (self->drives, position))
                                      : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* --- what is listed ----------------------------------------------------------------------- */

/* @error: (transfer full) (nullable) */
static void
set_state (FlashDriveList *self, FlashDriveListState state, guint n_refused, GError *error)
{
  gboolean is_changed = state != self->state || n_refused != self->n_refused ||
                        g_strcmp0 (error != NULL ? error->message : NULL,
                                   self->error != NULL ? self->error->message : NULL) != 0;

  self->state = state;
  self->n_refused = n_refused;
  g_clear_error (&self->error);
  self->error = error;
  if (is_changed)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Moves the facts of offered drives to the front of a list of its own, and counts the others. */
static GPtrArray *
pick_offered (GPtrArray *all, guint *out_n_refused)
{
  GPtrArray *offered = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_drive_facts_free);
  guint n_refused = 0;

  g_ptr_array_set_free_func (all, NULL);
  for (guint i = 0; i < all->len; i++) {
    FlashDriveFacts *facts = g_ptr_array_index (all, i);
    FlashDriveVerdict verdict = flash_drive_judge (facts);

    if (verdict == FLASH_DRIVE_VERDICT_OFFERED) {
      g_ptr_array_add (offered, facts);
      continue;
    }
    n_refused++;
    g_debug ("not offered: %s %s %s, as %s", facts->device, facts->vendor, facts->model,
             flash_drive_verdict_to_text (verdict));
    flash_drive_facts_free (facts);
  }
  *out_n_refused = n_refused;
  return offered;
}

static void
replace (FlashDriveList *self, guint position, guint n_removed, FlashDrive *added)
{
  if (n_removed > 0)
    g_ptr_array_remove_index (self->drives, position);
  if (added != NULL)
    g_ptr_array_insert (self->drives, (int) position, added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, added != NULL ? 1 : 0);
}

/* Both are in the order of the drives' paths, so one walk finds every difference. */
static void
show (FlashDriveList *self, GPtrArray *offered)
{
  guint position = 0;

  g_ptr_array_set_free_func (offered, NULL);
  for (guint i = 0; i < offered->len; i++) {
    FlashDriveFacts *facts = g_ptr_array_index (offered, i);
    const FlashDriveFacts *shown = NULL;
    int order = 1;

    while (position < self->drives->len) {
      shown = flash_drive_get_facts (g_ptr_array_index (self->drives, position));
      order = strcmp (shown->drive_path, facts->drive_path);
      if (order >= 0)
        break;
      replace (self, position, 1, NULL);
    }
    if (position == self->drives->len)
      order = 1;
    if (order == 0 && flash_drive_facts_is_equal (shown, facts))
      flash_drive_facts_free (facts);
    else
      replace (self, position, order == 0 ? 1 : 0, flash_drive_new (self->connection, facts));
    position++;
  }
  while (position < self->drives->len)
    replace (self, position, 1, NULL);
}

static void
show_none (FlashDriveList *self)
{
  while (self->drives->len > 0)
    replace (self, self->drives->len - 1, 1, NULL);
}

/* --- UDisks ------------------------------------------------------------------------------- */

static void ask (FlashDriveList *self);

static void
take_answer (FlashDriveList *self, GVariant *answer)
{
  g_autoptr (GVariant) objects = g_variant_get_child_value (answer, 0);
  g_autoptr (GPtrArray) all = flash_drive_facts_gather (objects);
  g_autoptr (GPtrArray) offered = NULL;
  guint n_refused;

  offered = pick_offered (all, &n_refused);
  show (self, offered);
  set_state (self, FLASH_DRIVE_LIST_READY, n_refused, NULL);
}

static void
on_objects_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (FlashDriveList) self = NULL;

  /* The list is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  /* Whoever handles a change may let go of the list. */
  self = g_object_ref (FLASH_DRIVE_LIST (data));
  self->is_asking = FALSE;
  if (!self->is_served)
    return;
  if (self->is_stale) {
    ask (self);
  } else if (answer != NULL) {
    take_answer (self, answer);
  } else {
    show_none (self);
    set_state (self, FLASH_DRIVE_LIST_NO_SERVICE, 0,
               flash_drive_error_from_dbus (error, "cannot ask UDisks for drives"));
  }
}

/* At most one question is under way. What changes meanwhile makes its answer stale. */
static void
ask (FlashDriveList *self)
{
  if (!self->is_served)
    return;
  self->is_stale = self->is_asking;
  if (self->is_asking)
    return;
  self->is_asking = TRUE;
  g_dbus_connection_call (self->connection, FLASH_UDISKS_NAME, FLASH_UDISKS_PATH,
                          "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL,
                          G_VARIANT_TYPE ("(a{oa{sa{sv}}})"), G_DBUS_CALL_FLAGS_NONE, -1,
                          self->cancellable, on_objects_ready, self);
}

static void
on_signal (GDBusConnection *connection, const char *sender, const char *path,
           const char *interface_name, const char *signal_name, GVariant *parameters, gpointer data)
{
  ask (data);
}

static void
on_name_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  FlashDriveList *self = data;

  g_debug ("UDisks is %s", owner);
  self->is_served = TRUE;
  ask (self);
}

static void
on_name_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  g_autoptr (FlashDriveList) self = g_object_ref (FLASH_DRIVE_LIST (data));

  self->is_served = FALSE;
  show_none (self);
  set_state (self, FLASH_DRIVE_LIST_NO_SERVICE, 0,
             g_error_new_literal (FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_NO_SERVICE,
                                  "UDisks does not run on this computer"));
}

static void
follow (FlashDriveList *self)
{
  self->objects_id = g_dbus_connection_signal_subscribe (
      self->connection, FLASH_UDISKS_NAME, "org.freedesktop.DBus.ObjectManager", NULL,
      FLASH_UDISKS_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
  self->properties_id = g_dbus_connection_signal_subscribe (
      self->connection, FLASH_UDISKS_NAME, "org.freedesktop.DBus.Properties", "PropertiesChanged",
      NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
  self->watch_id = g_bus_watch_name_on_connection (self->connection, FLASH_UDISKS_NAME,
                                                   G_BUS_NAME_WATCHER_FLAGS_AUTO_START,
                                                   on_name_appeared, on_name_vanished, self, NULL);
}

static void
on_bus_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_finish (result, &error);
  GWeakRef *weak = data;
  g_autoptr (FlashDriveList) self = g_weak_ref_get (weak);

  g_weak_ref_clear (weak);
  g_free (weak);
  /* A bus that is restarted must not end the program, least of all while it writes. */
  if (connection != NULL)
    g_dbus_connection_set_exit_on_close (connection, FALSE);
  if (self == NULL)
    return;
  if (connection == NULL) {
    set_state (self, FLASH_DRIVE_LIST_NO_SERVICE, 0,
               g_error_new (FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_NO_SERVICE,
                            "cannot reach the system bus: %s", error->message));
    return;
  }
  self->connection = g_steal_pointer (&connection);
  follow (self);
}

/* --- object ------------------------------------------------------------------------------- */

static void
flash_drive_list_dispose (GObject *object)
{
  FlashDriveList *self = FLASH_DRIVE_LIST (object);

  g_cancellable_cancel (self->cancellable);
  if (self->watch_id != 0) {
    g_bus_unwatch_name (self->watch_id);
    g_dbus_connection_signal_unsubscribe (self->connection, self->objects_id);
    g_dbus_connection_signal_unsubscribe (self->connection, self->properties_id);
    self->watch_id = 0;
  }
  g_clear_object (&self->connection);
  g_ptr_array_set_size (self->drives, 0);

  G_OBJECT_CLASS (flash_drive_list_parent_class)->dispose (object);
}

static void
flash_drive_list_finalize (GObject *object)
{
  FlashDriveList *self = FLASH_DRIVE_LIST (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->drives);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (flash_drive_list_parent_class)->finalize (object);
}

static void
flash_drive_list_class_init (FlashDriveListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flash_drive_list_dispose;
  object_class->finalize = flash_drive_list_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_drive_list_init (FlashDriveList *self)
{
  self->cancellable = g_cancellable_new ();
  self->drives = g_ptr_array_new_with_free_func (g_object_unref);
}

FlashDriveList *
flash_drive_list_new (GDBusConnection *connection)
{
  FlashDriveList *self;

  g_return_val_if_fail (connection == NULL || G_IS_DBUS_CONNECTION (connection), NULL);

  self = g_object_new (FLASH_TYPE_DRIVE_LIST, NULL);
  if (connection == NULL) {
    GWeakRef *weak = g_new0 (GWeakRef, 1);

    /* Not cancelled with the list: the next list is given the same connection, and its error. */
    g_weak_ref_init (weak, self);
    g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_bus_ready, weak);
    return self;
  }
  self->connection = g_object_ref (connection);
  follow (self);
  return self;
}

FlashDriveListState
flash_drive_list_get_state (FlashDriveList *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE_LIST (self), FLASH_DRIVE_LIST_NO_SERVICE);

  return self->state;
}

const GError *
flash_drive_list_get_error (FlashDriveList *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE_LIST (self), NULL);

  return self->error;
}

guint
flash_drive_list_get_n_refused (FlashDriveList *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE_LIST (self), 0);

  return self->n_refused;
}

FlashDrive *
flash_drive_list_find (FlashDriveList *self, const char *id)
{
  g_return_val_if_fail (FLASH_IS_DRIVE_LIST (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->drives->len; i++) {
    FlashDrive *drive = g_ptr_array_index (self->drives, i);

    if (g_str_equal (flash_drive_get_id (drive), id))
      return g_object_ref (drive);
  }
  return NULL;
}
