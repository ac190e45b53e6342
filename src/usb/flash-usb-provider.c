/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-provider"

#include "config.h"

#include "flash-usb-provider.h"

#include "flash-usb-board.h"
#include "flash-usb-transport.h"

#include <gusb.h>

#define LOOK_SECONDS 1
/* Once more after an announcement: the kernel may still be at it. */
#define SETTLE_MS 350

struct _FlashUsbProvider {
  GObject parent_instance;

  FlashUsbBus *bus; /* (owned) */
  GPtrArray *boards; /* (owned) (element-type FlashBoard): as listed */
  GListStore *neighbours; /* (owned) (element-type FlashUsbNeighbour) */
  guint look_id;
  guint settle_id;
  gboolean is_looking;
  gboolean is_look_old; /* the one that is under way has been overtaken */
  gboolean wants_look; /* another one, after this */
  gboolean wants_all; /* all boards are to be asked after the next look */
  gboolean asks_all; /* after the one that is under way */
  gboolean is_curious;
  guint n_asking;
};

/* What a look at the ports has found. */
typedef struct {
  GPtrArray *boards; /* (owned) (element-type FlashBoard) */
  GPtrArray *neighbours; /* (owned) (element-type FlashUsbNeighbour) */
} Look;

static void list_model_iface_init (GListModelInterface *iface);
static void provider_iface_init (FlashProviderInterface *iface);
static void start_look (FlashUsbProvider *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashUsbProvider, flash_usb_provider, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                                   G_IMPLEMENT_INTERFACE (FLASH_TYPE_PROVIDER, provider_iface_init))

/* --- The list ------------------------------------------------------------------------------- */

static GType
flash_usb_provider_get_item_type (GListModel *model)
{
  return FLASH_TYPE_BOARD;
}

static guint
flash_usb_provider_get_n_items (GListModel *model)
{
  return FLASH_USB_PROVIDER (model)->boards->len;
}

static gpointer
flash_usb_provider_get_item (GListModel *model, guint position)
{
  FlashUsbProvider *self = FLASH_USB_PROVIDER (model);

  return position < self->boards->len ? g_object_ref (g_ptr_array_index (self->boards, position))
                                      : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = flash_usb_provider_get_item_type;
  iface->get_n_items = flash_usb_provider_get_n_items;
  iface->get_item = flash_usb_provider_get_item;
}

/* Returns: the position of the board on that port, or -1. */
static int
find_port (GPtrArray *boards, const char *port)
{
  for (guint i = 0; i < boards->len; i++)
    if (g_str_equal (flash_board_get_port (g_ptr_array_index (boards, i)), port))
      return (int) i;
  return -1;
}

/* Goes from the old list to the new one in the smallest steps, so that rows stay where they are.
 * Both are in the order of their ports. */
static void
take_boards (FlashUsbProvider *self, GPtrArray *boards)
{
  for (guint i = self->boards->len; i-- > 0;) {
    if (find_port (boards, flash_board_get_port (g_ptr_array_index (self->boards, i))) >= 0)
      continue;
    g_ptr_array_remove_index (self->boards, i);
    g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 0);
  }
  for (guint i = 0; i < boards->len; i++) {
    FlashBoard *board = g_ptr_array_index (boards, i);
    int position = find_port (self->boards, flash_board_get_port (board));

    if (position < 0) {
      g_ptr_array_insert (self->boards, (int) i, g_object_ref (board));
      g_list_model_items_changed (G_LIST_MODEL (self), i, 0, 1);
    } else if (g_ptr_array_index (self->boards, position) != board) {
      g_set_object (&self->boards->pdata[position], board);
      g_list_model_items_changed (G_LIST_MODEL (self), (guint) position, 1, 1);
    }
  }
}

static void
take_neighbours (FlashUsbProvider *self, GPtrArray *neighbours)
{
  GListModel *listed = G_LIST_MODEL (self->neighbours);
  guint n_listed = g_list_model_get_n_items (listed);
  gboolean is_same = n_listed == neighbours->len;

  for (guint i = 0; is_same && i < n_listed; i++) {
    g_autoptr (FlashUsbNeighbour) neighbour = g_list_model_get_item (listed, i);

    is_same = neighbour == g_ptr_array_index (neighbours, i);
  }
  if (!is_same)
    g_list_store_splice (self->neighbours, 0, n_listed, neighbours->pdata, neighbours->len);
}

/* --- Asking the boards ---------------------------------------------------------------------- */

typedef struct {
  FlashDescriptors *descriptors; /* (owned) (nullable) */
  gboolean is_mute;
} Answer;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->descriptors, flash_descriptors_unref);
  g_free (answer);
}

/* thread: one of GLib's; it gets a main context of its own, in which a transport waits */
static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Answer *answer = g_new0 (Answer, 1);

  g_main_context_push_thread_default (context);
  answer->descriptors = flash_usb_board_ask (data, &answer->is_mute);
  g_main_context_pop_thread_default (context);
  g_task_return_pointer (task, answer, answer_free);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashUsbProvider) self = data;
  FlashBoard *board = g_task_get_task_data (G_TASK (result));
  Answer *answer = g_task_propagate_pointer (G_TASK (result), NULL);

  self->n_asking--;
  flash_usb_bus_learn (self->bus, board, answer->descriptors, answer->is_mute);
  answer_free (answer);
  start_look (self);
}

static void
ask_boards (FlashUsbProvider *self)
{
  FlashBoard *board;

  while ((board = flash_usb_bus_take_wanted (self->bus)) != NULL) {
    /* The thread may be the last to let go of the task, and of what it holds: a board, which may
     * die anywhere, but never the provider. */
    g_autoptr (GTask) task = g_task_new (NULL, NULL, on_answered, g_object_ref (self));

    g_task_set_task_data (task, board, g_object_unref);
    self->n_asking++;
    g_task_run_in_thread (task, ask_in_thread);
  }
}

/* --- Looking -------------------------------------------------------------------------------- */

static void
look_free (gpointer data)
{
  Look *look = data;

  g_ptr_array_unref (look->boards);
  g_ptr_array_unref (look->neighbours);
  g_free (look);
}

/* Blocks. */
static Look *
look_new (FlashUsbBus *bus)
{
  Look *look = g_new0 (Look, 1);

  flash_usb_bus_look_all (bus, &look->boards, &look->neighbours);
  return look;
}

/* thread: one of GLib's */
static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, look_new (data), look_free);
}

static void
take_look (FlashUsbProvider *self, const Look *look)
{
  take_boards (self, look->boards);
  take_neighbours (self, look->neighbours);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashUsbProvider) self = data;
  Look *look = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_looking = FALSE;
  if (!self->is_look_old)
    take_look (self, look);
  look_free (look);
  if (self->asks_all)
    flash_usb_bus_want_all (self->bus);
  if (self->asks_all || self->is_curious)
    ask_boards (self);
  if (self->wants_look)
    start_look (self);
}

/* In a thread: the kernel may be busy with the very hub that is looked at. */
static void
start_look (FlashUsbProvider *self)
{
  g_autoptr (GTask) task = NULL;

  self->wants_look = self->is_looking;
  if (self->is_looking)
    return;
  self->is_looking = TRUE;
  self->is_look_old = FALSE;
  self->asks_all = self->wants_all;
  self->wants_all = FALSE;
  task = g_task_new (NULL, NULL, on_looked, g_object_ref (self));
  g_task_set_task_data (task, flash_usb_bus_ref (self->bus), (GDestroyNotify) flash_usb_bus_unref);
  g_task_run_in_thread (task, look_in_thread);
}

/* For those who cannot wait. */
static void
look_now (FlashUsbProvider *self)
{
  Look *look = look_new (self->bus);

  self->is_look_old = TRUE;
  take_look (self, look);
  look_free (look);
}

static gboolean
on_look (gpointer data)
{
  start_look (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_settled (gpointer data)
{
  FlashUsbProvider *self = data;

  self->settle_id = 0;
  start_look (self);
  return G_SOURCE_REMOVE;
}

static void
on_announced (FlashUsbProvider *self)
{
  start_look (self);
  if (self->settle_id == 0)
    self->settle_id = g_timeout_add (SETTLE_MS, on_settled, self);
}

/* One for the life of the process: the context and its devices hold each other, and taking it
 * apart while an announcement waits crashes (model-codebases.md section 5.3). */
static GUsbContext *
get_context (GError **error)
{
  static GUsbContext *context;

  if (context == NULL) {
    context = g_usb_context_new (error);
    if (context == NULL)
      return NULL;
    /* At once: announcements that come before it would list a device twice. */
    g_usb_context_enumerate (context);
    flash_usb_transport_set_up ();
  }
  return context;
}

/* --- The provider --------------------------------------------------------------------------- */

static void
flash_usb_provider_rescan (FlashProvider *provider)
{
  FlashUsbProvider *self = FLASH_USB_PROVIDER (provider);

  self->wants_all = TRUE;
  start_look (self);
}

static FlashBoard *
find_by_port (FlashUsbProvider *self, const char *port, GError **error)
{
  int position = find_port (self->boards, port);

  if (position >= 0)
    return g_object_ref (g_ptr_array_index (self->boards, position));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->neighbours)); i++) {
    g_autoptr (FlashUsbNeighbour) neighbour =
        g_list_model_get_item (G_LIST_MODEL (self->neighbours), i);

    if (!g_str_equal (flash_usb_neighbour_get_port (neighbour), port))
      continue;
    g_set_error (
        error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND,
        "the device on port %s, “%s”, is not in DFU mode", port,
        flash_usb_neighbour_get_name (neighbour) != NULL
            ? flash_usb_neighbour_get_name (neighbour)
            : flash_usb_neighbour_kind_get_name (flash_usb_neighbour_get_kind (neighbour)));
    return NULL;
  }
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND,
               "there is no board on USB port %s", port);
  return NULL;
}

static FlashBoard *
find_by_serial (FlashUsbProvider *self, const char *serial, GError **error)
{
  g_autoptr (FlashBoard) found = NULL;
  g_autoptr (GString) ports = g_string_new (NULL);
  guint n_found = 0;

  for (guint i = 0; i < self->boards->len; i++) {
    FlashBoard *board = g_ptr_array_index (self->boards, i);
    FlashDescriptors *descriptors = flash_board_get_descriptors (board);

    if (descriptors == NULL || g_strcmp0 (descriptors->serial, serial) != 0)
      continue;
    g_set_object (&found, board);
    g_string_append_printf (ports, "%susb:%s", n_found++ > 0 ? ", " : "",
                            flash_board_get_port (board));
  }
  if (n_found == 1)
    return g_steal_pointer (&found);
  if (n_found == 0)
    g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND,
                 "there is no board with the serial number “%s” on USB", serial);
  else
    g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_AMBIGUOUS,
                 "%u boards have the serial number “%s”: %s", n_found, serial, ports->str);
  return NULL;
}

static FlashBoard *
flash_usb_provider_find (FlashProvider *provider, const char *id, GError **error)
{
  FlashUsbProvider *self = FLASH_USB_PROVIDER (provider);

  look_now (self);
  if (g_str_has_prefix (id, "usb:"))
    return find_by_port (self, id + strlen ("usb:"), error);
  if (g_str_has_prefix (id, "serial:"))
    return find_by_serial (self, id + strlen ("serial:"), error);
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND,
               "“%s” is not a board on USB", id);
  return NULL;
}

static FlashBoard *
flash_usb_provider_peek_port (FlashProvider *provider, const char *port)
{
  return flash_usb_bus_look (FLASH_USB_PROVIDER (provider)->bus, port);
}

static void
provider_iface_init (FlashProviderInterface *iface)
{
  iface->find = flash_usb_provider_find;
  iface->peek_port = flash_usb_provider_peek_port;
  iface->rescan = flash_usb_provider_rescan;
}

static void
flash_usb_provider_finalize (GObject *object)
{
  FlashUsbProvider *self = FLASH_USB_PROVIDER (object);

  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->bus != NULL)
    flash_usb_bus_forget (self->bus);
  g_clear_pointer (&self->bus, flash_usb_bus_unref);
  g_ptr_array_unref (self->boards);
  g_clear_object (&self->neighbours);

  G_OBJECT_CLASS (flash_usb_provider_parent_class)->finalize (object);
}

static void
flash_usb_provider_class_init (FlashUsbProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_usb_provider_finalize;
}

static void
flash_usb_provider_init (FlashUsbProvider *self)
{
  self->boards = g_ptr_array_new_with_free_func (g_object_unref);
  self->neighbours = g_list_store_new (FLASH_TYPE_USB_NEIGHBOUR);
}

FlashUsbProvider *
flash_usb_provider_new (GError **error)
{
  g_autoptr (GError) local_error = NULL;
  GUsbContext *context = get_context (&local_error);
  FlashUsbProvider *self;

  if (context == NULL) {
    g_set_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO,
                 "USB cannot be used on this computer: %s", local_error->message);
    return NULL;
  }
  self = g_object_new (FLASH_TYPE_USB_PROVIDER, NULL);
  self->bus = flash_usb_bus_new (NULL);
  g_signal_connect_object (context, "device-added", G_CALLBACK (on_announced), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "device-removed", G_CALLBACK (on_announced), self,
                           G_CONNECT_SWAPPED);
  start_look (self);
  self->look_id = g_timeout_add_seconds (LOOK_SECONDS, on_look, self);
  self->settle_id = g_timeout_add (SETTLE_MS, on_settled, self);
  return self;
}

void
flash_usb_provider_set_curious (FlashUsbProvider *self, gboolean is_curious)
{
  g_return_if_fail (FLASH_IS_USB_PROVIDER (self));

  self->is_curious = is_curious;
}

GListModel *
flash_usb_provider_get_neighbours (FlashUsbProvider *self)
{
  g_return_val_if_fail (FLASH_IS_USB_PROVIDER (self), NULL);

  return G_LIST_MODEL (self->neighbours);
}

gboolean
flash_usb_provider_is_asking (FlashUsbProvider *self)
{
  g_return_val_if_fail (FLASH_IS_USB_PROVIDER (self), FALSE);

  return self->n_asking > 0 || self->is_looking;
}
