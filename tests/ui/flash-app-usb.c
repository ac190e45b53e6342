/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-app-usb"

#include "config.h"

#include "flash-app-usb.h"

#include "flash-dfu-defs.h"

/* --- the gate before all boards ----------------------------------------------------------- */

static GMutex gate_lock;
static GCond gate_moved;
static gboolean gate_is_shut;

static void
pass_gate (void)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&gate_lock);

  while (gate_is_shut)
    g_cond_wait (&gate_moved, &gate_lock);
}

/* --- a board ------------------------------------------------------------------------------ */

#define TEST_TYPE_BOARD (test_board_get_type ())
G_DECLARE_FINAL_TYPE (TestBoard, test_board, TEST, BOARD, FlashBoard)

struct _TestBoard {
  FlashBoard parent_instance;
};

G_DEFINE_FINAL_TYPE (TestBoard, test_board, FLASH_TYPE_BOARD)

static FlashTransport *
test_board_open (FlashBoard *board, GError **error)
{
  pass_gate ();
  g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY,
                       "the device is held by somebody (process 1)");
  return NULL;
}

static void
test_board_class_init (TestBoardClass *klass)
{
  FLASH_BOARD_CLASS (klass)->open = test_board_open;
}

static void
test_board_init (TestBoard *self)
{
}

static FlashDescriptors *
make_descriptors (const FlashAppUsbBoard *traits)
{
  static const guint8 device[] = {
    18, FLASH_USB_DESCRIPTOR_DEVICE, 0, 2, 0, 0, 0, 64, 0x83, 0x04, 0x11, 0xdf, 0, 1, 0, 1, 2, 1
  };
  static const guint8 configuration[] = { 9,
                                          FLASH_USB_DESCRIPTOR_CONFIGURATION,
                                          18,
                                          0,
                                          1,
                                          1,
                                          0,
                                          0x80,
                                          50, /* its head */
                                          9,
                                          FLASH_USB_DESCRIPTOR_INTERFACE,
                                          0,
                                          0,
                                          0,
                                          FLASH_DFU_CLASS,
                                          FLASH_DFU_SUBCLASS,
                                          FLASH_DFU_PROTOCOL_DFU,
                                          0 };
  g_autoptr (GError) error = NULL;
  FlashDescriptors *descriptors =
      flash_descriptors_parse (device, sizeof device, configuration, sizeof configuration, &error);

  g_assert_no_error (error);
  descriptors->product = g_strdup (traits->product);
  descriptors->serial = g_strdup (traits->serial);
  return descriptors;
}

static FlashBoard *
make_board (const FlashAppUsbBoard *traits, guint64 generation)
{
  g_autofree char *id = g_strconcat ("usb:", traits->port, NULL);
  g_autoptr (FlashDescriptors) descriptors =
      traits->product != NULL ? make_descriptors (traits) : NULL;

  return g_object_new (TEST_TYPE_BOARD, "id", id, "port", traits->port, "generation", generation,
                       "speed", (guint) traits->speed, "access", (guint) traits->access,
                       "access-detail", traits->access_detail, "descriptors", descriptors, "hubs",
                       traits->hubs, NULL);
}

FlashHub *
flash_app_usb_make_hub (const char *port, const char *name, FlashSpeed speed)
{
  FlashHub *hub = g_new0 (FlashHub, 1);

  hub->port = g_strdup (port);
  hub->name = g_strdup (name);
  hub->speed = speed;
  return hub;
}

/* --- the provider ------------------------------------------------------------------------- */

struct _FlashAppUsb {
  GObject parent_instance;

  GMutex lock;
  GPtrArray *present; /* (owned) (element-type FlashBoard) under lock; only main changes it */
  GPtrArray *listed; /* (owned) (element-type FlashBoard) */
  GListStore *neighbours; /* (owned) (element-type FlashUsbNeighbour) */
  guint64 generation;
  gboolean is_late;
  guint n_rescans;
};

static void list_model_init (GListModelInterface *iface);
static void provider_init (FlashProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashAppUsb, flash_app_usb, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (FLASH_TYPE_PROVIDER, provider_init))

static GType
get_item_type (GListModel *model)
{
  return FLASH_TYPE_BOARD;
}

static guint
get_n_items (GListModel *model)
{
  return FLASH_APP_USB (model)->listed->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  FlashAppUsb *self = FLASH_APP_USB (model);

  return position < self->listed->len ? g_object_ref (g_ptr_array_index (self->listed, position))
                                      : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
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

static FlashBoard *
peek_port (FlashProvider *provider, const char *port)
{
  FlashAppUsb *self = FLASH_APP_USB (provider);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  int position = find_port (self->present, port);

  return position >= 0 ? g_object_ref (g_ptr_array_index (self->present, position)) : NULL;
}

static void
rescan (FlashProvider *provider)
{
  FLASH_APP_USB (provider)->n_rescans++;
}

static void
provider_init (FlashProviderInterface *iface)
{
  iface->peek_port = peek_port;
  iface->rescan = rescan;
}

static void
flash_app_usb_finalize (GObject *object)
{
  FlashAppUsb *self = FLASH_APP_USB (object);

  g_ptr_array_unref (self->present);
  g_ptr_array_unref (self->listed);
  g_object_unref (self->neighbours);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (flash_app_usb_parent_class)->finalize (object);
}

static void
flash_app_usb_class_init (FlashAppUsbClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_app_usb_finalize;
}

static void
flash_app_usb_init (FlashAppUsb *self)
{
  g_mutex_init (&self->lock);
  self->present = g_ptr_array_new_with_free_func (g_object_unref);
  self->listed = g_ptr_array_new_with_free_func (g_object_unref);
  self->neighbours = g_list_store_new (FLASH_TYPE_USB_NEIGHBOUR);
}

FlashAppUsb *
flash_app_usb_new (void)
{
  return g_object_new (FLASH_TYPE_APP_USB, NULL);
}

/* --- what happens on the bus -------------------------------------------------------------- */

/* All at once, as if everything were new: what is listed must not depend on small steps. */
static void
announce (FlashAppUsb *self)
{
  guint n_before = self->listed->len;

  if (self->is_late)
    return;
  g_ptr_array_set_size (self->listed, 0);
  for (guint i = 0; i < self->present->len; i++)
    g_ptr_array_add (self->listed, g_object_ref (g_ptr_array_index (self->present, i)));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->listed->len);
}

static void
replace (FlashAppUsb *self, const char *port, FlashBoard *board)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  int position = find_port (self->present, port);

  if (position >= 0 && board != NULL)
    g_set_object (&self->present->pdata[position], board);
  else if (position >= 0)
    g_ptr_array_remove_index (self->present, (guint) position);
  else if (board != NULL)
    g_ptr_array_add (self->present, g_object_ref (board));
}

FlashBoard *
flash_app_usb_put (FlashAppUsb *self, const FlashAppUsbBoard *traits)
{
  g_autoptr (FlashBoard) board = make_board (traits, ++self->generation);

  replace (self, traits->port, board);
  announce (self);
  return board;
}

void
flash_app_usb_take (FlashAppUsb *self, const char *port)
{
  replace (self, port, NULL);
  announce (self);
}

void
flash_app_usb_take_all (FlashAppUsb *self)
{
  while (self->present->len > 0)
    replace (self, flash_board_get_port (g_ptr_array_index (self->present, 0)), NULL);
  announce (self);
  g_list_store_remove_all (self->neighbours);
}

void
flash_app_usb_set_late (FlashAppUsb *self, gboolean is_late)
{
  self->is_late = is_late;
  announce (self);
}

void
flash_app_usb_set_held (FlashAppUsb *self, gboolean is_held)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&gate_lock);

  gate_is_shut = is_held;
  g_cond_broadcast (&gate_moved);
}

void
flash_app_usb_add_neighbour (FlashAppUsb *self, const FlashUsbRecord *record)
{
  g_autoptr (FlashUsbNeighbour) neighbour = flash_usb_neighbour_new (record);

  g_assert_nonnull (neighbour);
  g_list_store_append (self->neighbours, neighbour);
}

GListModel *
flash_app_usb_get_neighbours (FlashAppUsb *self)
{
  return G_LIST_MODEL (self->neighbours);
}

guint
flash_app_usb_count_rescans (FlashAppUsb *self)
{
  return self->n_rescans;
}
