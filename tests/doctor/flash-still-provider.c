/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-still-provider"

#include "config.h"

#include "flash-still-provider.h"

#include "flash-dfu-defs.h"
#include "flash-sim-descriptors.h"

struct _FlashStillProvider {
  GObject parent_instance;

  GMutex lock;
  GCond changed;
  gboolean holds; /* under lock */
  FlashBoard *board; /* (owned) (nullable) under lock */
};

static void list_model_iface_init (GListModelInterface *iface);
static void provider_iface_init (FlashProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashStillProvider, flash_still_provider, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                                   G_IMPLEMENT_INTERFACE (FLASH_TYPE_PROVIDER, provider_iface_init))

#define FLASH_TYPE_STILL_BOARD (flash_still_board_get_type ())
G_DECLARE_FINAL_TYPE (FlashStillBoard, flash_still_board, FLASH, STILL_BOARD, FlashBoard)

struct _FlashStillBoard {
  FlashBoard parent_instance;
};

G_DEFINE_FINAL_TYPE (FlashStillBoard, flash_still_board, FLASH_TYPE_BOARD)

static void
flash_still_board_class_init (FlashStillBoardClass *klass)
{
}

static void
flash_still_board_init (FlashStillBoard *self)
{
}

FlashBoard *
flash_still_board_new (const FlashStillTraits *traits)
{
  g_autoptr (FlashDescriptors) descriptors = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const FlashSimDescriptorTraits made = { .bcd_device = 0x0200,
                                          .product = traits->product,
                                          .serial = traits->serial,
                                          .dfu_version = 0x0110,
                                          .transfer_size = 1024,
                                          .names = names };

  g_ptr_array_add (names, (gpointer) "@FSBL /0x01/1*1Me");
  if (traits->has_descriptors) {
    FlashSimDescriptors *sim = flash_sim_descriptors_new (&made);

    descriptors = flash_sim_descriptors_describe (sim, TRUE);
    flash_sim_descriptors_free (sim);
  }
  return g_object_new (FLASH_TYPE_STILL_BOARD, "id", "usb:" FLASH_STILL_PORT, "port",
                       FLASH_STILL_PORT, "generation", traits->generation, "speed",
                       (guint) traits->speed, "access", (guint) traits->access, "access-detail",
                       traits->access == FLASH_ACCESS_NO_PERMISSION ? "no right" : NULL,
                       "descriptors", descriptors, NULL);
}

static FlashBoard *
peek_port (FlashProvider *provider, const char *port)
{
  FlashStillProvider *self = FLASH_STILL_PROVIDER (provider);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  while (self->holds)
    g_cond_wait (&self->changed, &self->lock);
  return self->board != NULL ? g_object_ref (self->board) : NULL;
}

static void
provider_iface_init (FlashProviderInterface *iface)
{
  iface->peek_port = peek_port;
}

static GType
get_item_type (GListModel *model)
{
  return FLASH_TYPE_BOARD;
}

static guint
get_n_items (GListModel *model)
{
  return FLASH_STILL_PROVIDER (model)->board != NULL ? 1 : 0;
}

static gpointer
get_item (GListModel *model, guint position)
{
  FlashStillProvider *self = FLASH_STILL_PROVIDER (model);

  return position < get_n_items (model) ? g_object_ref (self->board) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
flash_still_provider_finalize (GObject *object)
{
  FlashStillProvider *self = FLASH_STILL_PROVIDER (object);

  g_clear_object (&self->board);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (flash_still_provider_parent_class)->finalize (object);
}

static void
flash_still_provider_class_init (FlashStillProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_still_provider_finalize;
}

static void
flash_still_provider_init (FlashStillProvider *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

FlashStillProvider *
flash_still_provider_new (void)
{
  return g_object_new (FLASH_TYPE_STILL_PROVIDER, NULL);
}

void
flash_still_provider_set_board (FlashStillProvider *self, FlashBoard *board)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  g_set_object (&self->board, board);
}

void
flash_still_provider_hold (FlashStillProvider *self, gboolean holds)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  self->holds = holds;
  g_cond_signal (&self->changed);
}
