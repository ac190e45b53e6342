/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usbip-board"

#include "config.h"

#include "flash-usbip-board.h"

#define BUSNUM 1u
/* USB 2.0, section 9.4.6: seven bits; the first is the root hub's. */
#define FIRST_DEVNUM 2
#define LAST_DEVNUM 127

struct _FlashUsbipBoard {
  GObject parent_instance;

  FlashSimDevice *device; /* (owned) */
  FlashClock *clock; /* (owned) */
  guint number;
  guint patience_ms;
  char busid[FLASH_USBIP_BUSID_LENGTH];

  guint64 generation; /* of the last enumeration that was seen */
  guint32 devnum;
  gboolean was_present;
  FlashDescriptors *descriptors; /* (owned) (nullable): what it said last */
  FlashUsbipLink *link; /* (owned) (nullable) */
  GSource *change; /* (owned): wakes when the board returns by itself */
};

G_DEFINE_FINAL_TYPE (FlashUsbipBoard, flash_usbip_board, G_TYPE_OBJECT)

enum {
  ATTACHED,
  DETACHED,
  STAGE_CHANGED,
  RETURNED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* One number for all boards of this process: no two enumerations in a row have the same. */
static guint32
take_devnum (void)
{
  static guint32 last = LAST_DEVNUM;

  last = last < LAST_DEVNUM ? last + 1 : FIRST_DEVNUM;
  return last;
}

/* While a host has the board, the link looks after it. */
static void
arm (FlashUsbipBoard *self)
{
  gint64 change_us = FLASH_SIM_NEVER;

  if (self->link == NULL)
    change_us = flash_sim_device_get_next_change_us (self->device);
  if (change_us == FLASH_SIM_NEVER)
    g_source_set_ready_time (self->change, -1);
  else
    g_source_set_ready_time (self->change,
                             g_get_monotonic_time () +
                                 MAX (change_us - flash_clock_get_time_us (self->clock), 0));
}

/* While there is a link it is the link that looks: the board is the one it was made for.
 * Looks at the port, and says so if there is a board that was not there before. */
static void
look (FlashUsbipBoard *self)
{
  gboolean has_returned;
  FlashSimState state;

  flash_sim_device_look (self->device, &state);
  has_returned = state.is_attached && (!self->was_present || state.generation != self->generation);
  if (has_returned)
    self->devnum = take_devnum ();
  self->was_present = state.is_attached;
  self->generation = state.generation;
  if (state.descriptors != NULL) {
    g_clear_pointer (&self->descriptors, flash_descriptors_unref);
    self->descriptors = g_steal_pointer (&state.descriptors);
  }
  flash_sim_state_clear (&state);
  arm (self);
  if (has_returned)
    g_signal_emit (self, signals[RETURNED], 0);
}

static gboolean
on_change (gpointer user_data)
{
  look (FLASH_USBIP_BOARD (user_data));
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_change (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

/* Nothing but a ready time. */
static GSourceFuncs change_funcs = { NULL, NULL, dispatch_change, NULL, NULL, NULL };

/* Tells whoever has the board what just became of it. */
static void
refresh (FlashUsbipBoard *self)
{
  if (self->link != NULL)
    flash_usbip_link_refresh (self->link);
  else
    look (self);
}

/* --- The host ------------------------------------------------------------------------------- */

static void
on_link_ended (FlashUsbipEnd why, gpointer user_data)
{
  g_autoptr (FlashUsbipBoard) self = g_object_ref (FLASH_USBIP_BOARD (user_data));

  g_clear_pointer (&self->link, flash_usbip_link_free);
  flash_sim_device_release (self->device, self->generation);
  g_signal_emit (self, signals[DETACHED], 0, (guint) why);
  look (self);
}

static void
on_link_stage_changed (FlashSimStage stage, gpointer user_data)
{
  g_signal_emit (user_data, signals[STAGE_CHANGED], 0);
}

FlashUsbipStatus
flash_usbip_board_attach (FlashUsbipBoard *self, int fd, const guint8 *greeting,
                          gsize greeting_length)
{
  static const FlashUsbipLinkEvents events = { on_link_ended, on_link_stage_changed };
  FlashUsbipLinkTraits traits;

  g_return_val_if_fail (FLASH_IS_USBIP_BOARD (self), FLASH_USBIP_STATUS_REFUSED);

  refresh (self);
  switch (flash_sim_device_claim (self->device, self->generation)) {
  case FLASH_SIM_ACK:
    break;
  case FLASH_SIM_BUSY:
    return FLASH_USBIP_STATUS_BUSY;
  case FLASH_SIM_GONE:
  case FLASH_SIM_STALL:
  case FLASH_SIM_LOST:
    return FLASH_USBIP_STATUS_NO_DEVICE;
  }
  traits = (FlashUsbipLinkTraits){
    .fd = fd,
    .device = self->device,
    .clock = self->clock,
    .generation = self->generation,
    .devid = flash_usbip_board_get_devid (self),
    .patience_ms = self->patience_ms,
    .events = &events,
    .user_data = self,
  };
  self->link = flash_usbip_link_new (&traits, greeting, greeting_length);
  arm (self);
  g_signal_emit (self, signals[ATTACHED], 0);
  return FLASH_USBIP_STATUS_OK;
}

gboolean
flash_usbip_board_describe (FlashUsbipBoard *self, FlashUsbipDevice *out_device)
{
  g_return_val_if_fail (FLASH_IS_USBIP_BOARD (self), FALSE);

  refresh (self);
  if (!self->was_present || self->descriptors == NULL)
    return FALSE;
  *out_device = (FlashUsbipDevice){
    .busnum = BUSNUM,
    .devnum = self->devnum,
    .speed = flash_sim_device_get_speed (self->device),
    .vid = self->descriptors->vid,
    .pid = self->descriptors->pid,
    .bcd_device = self->descriptors->bcd_device,
    .configuration = 1,
    .n_configurations = 1,
    .n_interfaces = 1,
  };
  g_strlcpy (out_device->busid, self->busid, sizeof out_device->busid);
  g_snprintf (out_device->path, sizeof out_device->path, "/sys/devices/flashwright/usb%u/%s",
              BUSNUM, self->busid);
  return TRUE;
}

/* --- Commands ------------------------------------------------------------------------------- */

void
flash_usbip_board_unplug (FlashUsbipBoard *self)
{
  g_return_if_fail (FLASH_IS_USBIP_BOARD (self));

  flash_sim_device_unplug (self->device);
  refresh (self);
}

void
flash_usbip_board_plug (FlashUsbipBoard *self)
{
  g_return_if_fail (FLASH_IS_USBIP_BOARD (self));

  flash_sim_device_plug (self->device);
  refresh (self);
}

void
flash_usbip_board_restart (FlashUsbipBoard *self)
{
  g_return_if_fail (FLASH_IS_USBIP_BOARD (self));

  flash_sim_device_power_cycle (self->device);
  refresh (self);
}

/* --- Facts ---------------------------------------------------------------------------------- */

void
flash_usbip_board_set_patience_ms (FlashUsbipBoard *self, guint patience_ms)
{
  g_return_if_fail (FLASH_IS_USBIP_BOARD (self));

  self->patience_ms = patience_ms;
}

const char *
flash_usbip_board_get_busid (FlashUsbipBoard *self)
{
  g_return_val_if_fail (FLASH_IS_USBIP_BOARD (self), NULL);

  return self->busid;
}

guint
flash_usbip_board_get_number (FlashUsbipBoard *self)
{
  g_return_val_if_fail (FLASH_IS_USBIP_BOARD (self), 0);

  return self->number;
}

FlashSpeed
flash_usbip_board_get_speed (FlashUsbipBoard *self)
{
  g_return_val_if_fail (FLASH_IS_USBIP_BOARD (self), FLASH_SPEED_UNKNOWN);

  return flash_sim_device_get_speed (self->device);
}

FlashSimStage
flash_usbip_board_get_stage (FlashUsbipBoard *self)
{
  guint64 generation;

  g_return_val_if_fail (FLASH_IS_USBIP_BOARD (self), FLASH_SIM_STAGE_OFF);

  return flash_sim_device_get_stage (self->device, &generation);
}

gboolean
flash_usbip_board_is_attached (FlashUsbipBoard *self)
{
  g_return_val_if_fail (FLASH_IS_USBIP_BOARD (self), FALSE);

  return self->link != NULL;
}

guint32
flash_usbip_board_get_devid (FlashUsbipBoard *self)
{
  g_return_val_if_fail (FLASH_IS_USBIP_BOARD (self), 0);

  return BUSNUM << 16 | self->devnum;
}

/* --- Life ----------------------------------------------------------------------------------- */

static void
flash_usbip_board_dispose (GObject *object)
{
  FlashUsbipBoard *self = FLASH_USBIP_BOARD (object);

  if (self->link != NULL)
    flash_sim_device_release (self->device, self->generation);
  g_clear_pointer (&self->link, flash_usbip_link_free);
  if (self->change != NULL)
    g_source_destroy (self->change);
  g_clear_pointer (&self->change, g_source_unref);

  G_OBJECT_CLASS (flash_usbip_board_parent_class)->dispose (object);
}

static void
flash_usbip_board_finalize (GObject *object)
{
  FlashUsbipBoard *self = FLASH_USBIP_BOARD (object);

  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
  g_clear_object (&self->device);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (flash_usbip_board_parent_class)->finalize (object);
}

static void
flash_usbip_board_class_init (FlashUsbipBoardClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_usbip_board_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_usbip_board_finalize;

  signals[ATTACHED] =
      g_signal_new ("attached", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DETACHED] = g_signal_new ("detached", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[STAGE_CHANGED] =
      g_signal_new ("stage-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RETURNED] =
      g_signal_new ("returned", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_usbip_board_init (FlashUsbipBoard *self)
{
  self->patience_ms = FLASH_USBIP_PATIENCE_MS;
  self->change = g_source_new (&change_funcs, sizeof (GSource));
  g_source_set_callback (self->change, on_change, self, NULL);
  g_source_set_name (self->change, G_LOG_DOMAIN);
  g_source_attach (self->change, NULL);
}

FlashUsbipBoard *
flash_usbip_board_new (FlashSimDevice *device, FlashClock *clock, guint number)
{
  FlashUsbipBoard *self;

  g_return_val_if_fail (FLASH_IS_SIM_DEVICE (device), NULL);
  g_return_val_if_fail (FLASH_IS_CLOCK (clock), NULL);

  self = g_object_new (FLASH_TYPE_USBIP_BOARD, NULL);
  self->device = g_object_ref (device);
  self->clock = g_object_ref (clock);
  self->number = number;
  g_snprintf (self->busid, sizeof self->busid, "%u-%u", BUSNUM, number);
  look (self);
  return self;
}
