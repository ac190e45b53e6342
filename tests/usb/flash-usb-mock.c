/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-mock"

#include "config.h"

#include "flash-usb-mock.h"

#include "flash-dfu-defs.h"
#include "flash-usb-fs.h"
#include "flash-usb-sysfs.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How long a board may be gone before the bus notices by itself. */
#define WATCH_US 2000
/* umockdev ends the program when ten events wait for a reader (net.unix.max_dgram_qlen). The kernel
 * takes 100 ms for a device (USB 2.0, section 7.1.7.3), so that readers keep pace with it. */
#define PACE_MS 20
#define NODE_MODE 0666
/* Linux, drivers/usb/core/hub.c, choose_devnum (): numbers go round, root hubs have 1. */
#define LAST_NUMBER 127

/* A port with its device. */
typedef struct {
  char *name; /* (owned) */
  FlashUsbGadget *gadget; /* (owned) */
  guint number; /* of the device that is shown, 0 if none is */
  guint64 generation;
  guint late_number; /* of a device whose departure is still to be told */
  gint64 broken_since_us; /* 0 if it is well */
  gboolean is_late;
  guint delay_ms;
  mode_t mode;
} Port;

struct _FlashUsbMock {
  UMockdevTestbed *bed; /* (owned) */
  char *root; /* (owned) */
  FlashUsbFs *fs; /* (owned) */

  GMutex lock;
  GPtrArray *ports; /* (owned) (element-type Port) */
  guint last_number;

  GThread *watcher; /* (owned) */
  GCond stopped;
  gboolean is_stopping;
  gint64 told_us; /* when the last event was sent */
};

gboolean
flash_usb_mock_is_possible (void)
{
  const char *preloaded = g_getenv ("LD_PRELOAD");

  return preloaded != NULL && strstr (preloaded, "libumockdev-preload") != NULL;
}

const char *
flash_usb_mock_get_root (FlashUsbMock *self)
{
  return self->root;
}

static Port *
find_port (FlashUsbMock *self, const char *name)
{
  for (guint i = 0; i < self->ports->len; i++) {
    Port *port = g_ptr_array_index (self->ports, i);

    if (g_str_equal (port->name, name))
      return port;
  }
  g_assert_not_reached ();
}

static gboolean
is_number_used (FlashUsbMock *self, guint number)
{
  for (guint i = 0; i < self->ports->len; i++) {
    const Port *port = g_ptr_array_index (self->ports, i);

    if (port->number == number || port->late_number == number)
      return TRUE;
  }
  return FALSE;
}

static guint
take_number (FlashUsbMock *self, const char *port)
{
  if (g_str_has_prefix (port, "usb"))
    return 1;
  do {
    self->last_number = self->last_number < LAST_NUMBER ? self->last_number + 1 : 2;
  } while (is_number_used (self, self->last_number));
  return self->last_number;
}

static void
tell (FlashUsbMock *self, Port *port, const char *action)
{
  g_autofree char *folder = flash_usb_sysfs_dup_folder (port->name);
  gint64 passed_us = g_get_monotonic_time () - self->told_us;

  if (passed_us < PACE_MS * 1000)
    g_poll (NULL, 0, PACE_MS - (int) (passed_us / 1000));
  umockdev_testbed_uevent (self->bed, folder, action);
  self->told_us = g_get_monotonic_time ();
}

/* By the time udev tells of a departure, nothing of the device can be seen any more. */
static void
depart (FlashUsbMock *self, Port *port)
{
  flash_usb_fs_remove (self->fs, port->name);
  flash_usb_sysfs_hide (self->root, port->name);
  if (port->is_late) {
    port->late_number = port->number;
  } else {
    tell (self, port, "remove");
    flash_usb_sysfs_remove (self->root, port->name);
  }
  port->number = 0;
  port->broken_since_us = 0;
}

static void
arrive (FlashUsbMock *self, Port *port, guint64 generation)
{
  guint number = take_number (self, port->name);

  if (port->late_number != 0)
    flash_usb_sysfs_remove (self->root, port->name);
  port->generation = generation;
  flash_usb_fs_add (self->fs, port->name, number, port->gadget, generation, port->mode);
  if (!flash_usb_sysfs_write (self->root, port->name, number, port->gadget, generation)) {
    flash_usb_fs_remove (self->fs, port->name);
    return;
  }
  port->number = number;
  tell (self, port, "add");
  if (port->late_number == 0)
    return;
  flash_usb_sysfs_write_event (self->root, port->name, port->late_number);
  tell (self, port, "remove");
  flash_usb_sysfs_write_event (self->root, port->name, number);
  port->late_number = 0;
}

/* Shows what has happened on the port. */
static void
refresh (FlashUsbMock *self, Port *port)
{
  gint64 now_us = g_get_monotonic_time ();
  guint64 generation;
  gboolean is_attached = flash_usb_gadget_look (port->gadget, &generation);

  if (port->number != 0 && (!is_attached || generation != port->generation)) {
    if (port->broken_since_us == 0) {
      port->broken_since_us = now_us;
      if (port->delay_ms > 0)
        flash_usb_fs_break (self->fs, port->name);
    }
    if (now_us - port->broken_since_us < (gint64) port->delay_ms * 1000)
      return;
    depart (self, port);
  }
  if (port->number == 0 && is_attached && generation != port->generation)
    arrive (self, port, generation);
}

static gpointer
watch (gpointer data)
{
  FlashUsbMock *self = data;

  g_mutex_lock (&self->lock);
  while (!self->is_stopping) {
    for (guint i = 0; i < self->ports->len; i++)
      refresh (self, g_ptr_array_index (self->ports, i));
    g_cond_wait_until (&self->stopped, &self->lock, g_get_monotonic_time () + WATCH_US);
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

void
flash_usb_mock_add (FlashUsbMock *self, const char *port, FlashUsbGadget *gadget)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Port *entry = g_new0 (Port, 1);

  entry->name = g_strdup (port);
  entry->gadget = gadget;
  entry->mode = NODE_MODE;
  g_ptr_array_add (self->ports, entry);
  refresh (self, entry);
}

void
flash_usb_mock_begin (FlashUsbMock *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  guint last_number = self->last_number;

  flash_usb_sysfs_begin (self->root, port, take_number (self, port));
  self->last_number = last_number;
}

FlashSimDevice *
flash_usb_mock_add_board (FlashUsbMock *self, const char *port, const char *id)
{
  g_autoptr (GError) error = NULL;
  FlashUsbGadget *gadget = flash_usb_gadget_new_board (id, &error);

  g_assert_no_error (error);
  flash_usb_mock_add (self, port, gadget);
  return flash_usb_gadget_get_board (gadget);
}

FlashUsbGadget *
flash_usb_mock_get_gadget (FlashUsbMock *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return find_port (self, port)->gadget;
}

FlashSimDevice *
flash_usb_mock_get_board (FlashUsbMock *self, const char *port)
{
  return flash_usb_gadget_get_board (flash_usb_mock_get_gadget (self, port));
}

/* USB 2.0, section 11.23.1: one interface with one endpoint, which tells of changes. */
static FlashUsbGadget *
make_hub (guint16 vid, guint16 pid, const char *product)
{
  static const guint8 interfaces[] = { 9, FLASH_USB_DESCRIPTOR_INTERFACE, 0,    0, 1, 9, 0, 0, 0,
                                       7, FLASH_USB_DESCRIPTOR_ENDPOINT,  0x81, 3, 1, 0, 12 };

  return flash_usb_gadget_new_device (vid, pid, interfaces, sizeof interfaces, product);
}

void
flash_usb_mock_add_hub (FlashUsbMock *self, const char *port)
{
  flash_usb_mock_add (self, port, make_hub (0x05e3, 0x0610, "USB2.1 Hub"));
}

void
flash_usb_mock_remove (FlashUsbMock *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Port *entry = find_port (self, port);

  entry->is_late = FALSE;
  if (entry->number != 0)
    depart (self, entry);
  else if (entry->late_number != 0)
    flash_usb_sysfs_remove (self->root, port);
  g_ptr_array_remove (self->ports, entry);
}

static void
set_plugged (FlashUsbMock *self, const char *name, gboolean is_plugged)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Port *port = find_port (self, name);

  flash_usb_gadget_set_plugged (port->gadget, is_plugged);
  refresh (self, port);
}

void
flash_usb_mock_unplug (FlashUsbMock *self, const char *port)
{
  set_plugged (self, port, FALSE);
}

void
flash_usb_mock_plug (FlashUsbMock *self, const char *port)
{
  set_plugged (self, port, TRUE);
}

void
flash_usb_mock_set_late (FlashUsbMock *self, const char *port, gboolean is_late)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  find_port (self, port)->is_late = is_late;
}

void
flash_usb_mock_set_slow (FlashUsbMock *self, const char *port, guint delay_ms)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  find_port (self, port)->delay_ms = delay_ms;
}

void
flash_usb_mock_set_mode (FlashUsbMock *self, const char *port, mode_t mode)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Port *entry = find_port (self, port);

  entry->mode = mode;
  if (entry->number != 0)
    flash_usb_fs_set_mode (self->fs, port, mode);
}

void
flash_usb_mock_set_driver (FlashUsbMock *self, const char *port, guint8 interface_number,
                           const char *driver)
{
  flash_usb_fs_set_driver (self->fs, port, interface_number, driver);
}

char *
flash_usb_mock_dup_driver (FlashUsbMock *self, const char *port, guint8 interface_number)
{
  return flash_usb_sysfs_dup_driver (self->root, port, interface_number);
}

char *
flash_usb_mock_dup_node (FlashUsbMock *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return flash_usb_sysfs_dup_node (port, find_port (self, port)->number);
}

guint
flash_usb_mock_count_open (FlashUsbMock *self)
{
  return flash_usb_fs_count_open (self->fs);
}

void
flash_usb_mock_drop_rights (void)
{
  const guint32 rights = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH;
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

  g_assert_cmpint (syscall (SYS_capget, &header, sets), ==, 0);
  sets[0].effective &= ~rights;
  sets[0].permitted &= ~rights;
  sets[0].inheritable &= ~rights;
  g_assert_cmpint (syscall (SYS_capset, &header, sets), ==, 0);
}

static void
port_free (gpointer data)
{
  Port *port = data;

  flash_usb_gadget_unref (port->gadget);
  g_free (port->name);
  g_free (port);
}

FlashUsbMock *
flash_usb_mock_new (void)
{
  FlashUsbMock *self = g_new0 (FlashUsbMock, 1);

  self->bed = umockdev_testbed_new ();
  self->root = umockdev_testbed_get_root_dir (self->bed);
  self->fs = flash_usb_fs_new (self->bed);
  self->ports = g_ptr_array_new_with_free_func (port_free);
  self->last_number = 1;
  g_mutex_init (&self->lock);
  g_cond_init (&self->stopped);
  flash_usb_mock_add (self, "usb1", make_hub (0x1d6b, 0x0002, "xHCI Host Controller"));
  self->watcher = g_thread_new ("usb-mock", watch, self);
  return self;
}

void
flash_usb_mock_free (FlashUsbMock *self)
{
  g_mutex_lock (&self->lock);
  self->is_stopping = TRUE;
  g_cond_signal (&self->stopped);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->watcher);

  g_clear_object (&self->bed);
  g_clear_object (&self->fs);
  g_ptr_array_unref (self->ports);
  g_cond_clear (&self->stopped);
  g_mutex_clear (&self->lock);
  g_free (self->root);
  g_free (self);
}
