/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usbip-vhci"

#include "config.h"

#include "flash-usbip-vhci.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ATTACH_FILE "devices/platform/vhci_hcd.0/attach"
/* The kernel writes each attempt into its log: the longer it takes, the rarer they become. */
#define RETRY_MS 10u
#define RETRY_FRACTION 4

struct _FlashUsbipVhci {
  GObject parent_instance;

  FlashUsbipBoard *board; /* (owned) */
  char *attach_path; /* (owned) */
  guint port;
  guint wait_ms;
  gint64 started_us; /* of the attempts that are under way */
  guint retry_id; /* of the source that tries again, 0 if none does */
};

G_DEFINE_FINAL_TYPE (FlashUsbipVhci, flash_usbip_vhci, G_TYPE_OBJECT)

enum {
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

GQuark
flash_usbip_vhci_error_quark (void)
{
  return g_quark_from_static_string ("flash-usbip-vhci-error-quark");
}

/* --- One attempt ---------------------------------------------------------------------------- */

static FlashUsbipVhciError
get_code (int number)
{
  switch (number) {
  case ENOENT:
  case ENOTDIR:
  case ENODEV:
    return FLASH_USBIP_VHCI_ERROR_NO_MODULE;
  case EACCES:
  case EPERM:
  case EROFS:
    return FLASH_USBIP_VHCI_ERROR_NO_PERMISSION;
  case EINVAL:
    return FLASH_USBIP_VHCI_ERROR_NO_PORT;
  case EBUSY:
  case EAGAIN:
    return FLASH_USBIP_VHCI_ERROR_BUSY;
  default:
    return FLASH_USBIP_VHCI_ERROR_FAILED;
  }
}

/* Returns: 0, or the number of an error. */
static int
write_line (const char *path, const char *line)
{
  size_t length = strlen (line);
  int fd = open (path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  int number = 0;
  ssize_t n;

  if (fd < 0)
    return errno;
  n = write (fd, line, length);
  if (n < 0)
    number = errno;
  else if ((size_t) n != length)
    number = EIO;
  close (fd);
  return number;
}

/* The kernel takes a reference of its own to the other end of the pair; our number for it means
 * nothing to it afterwards. A board that left in this very moment takes its port with it, and
 * follows when it returns. */
static int
try_attach (FlashUsbipVhci *self)
{
  int fds[2];
  char line[64];
  int number;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    return errno;
  g_snprintf (line, sizeof line, "%u %d %u %u", self->port, fds[1],
              flash_usbip_board_get_devid (self->board),
              flash_usbip_get_speed_number (flash_usbip_board_get_speed (self->board)));
  number = write_line (self->attach_path, line);
  if (number != 0 ||
      flash_usbip_board_attach (self->board, fds[0], NULL, 0) != FLASH_USBIP_STATUS_OK)
    close (fds[0]);
  close (fds[1]);
  return number;
}

/* The hub of vhci-hcd forgets to disable a port that is disconnected (Linux 6.1, vhci_hcd.c,
 * rh_port_disconnect ()). If the next board is there before the kernel's hub thread has looked, it
 * takes that for the old one, which then never answers again. So the old one must be gone. */
static gboolean
is_occupied (FlashUsbipVhci *self)
{
  g_autofree char *controller = g_path_get_dirname (self->attach_path);
  g_autoptr (GDir) folder = g_dir_open (controller, 0, NULL);
  const char *bus;

  while (folder != NULL && (bus = g_dir_read_name (folder)) != NULL) {
    g_autofree char *device = NULL;
    g_autofree char *path = NULL;

    if (!g_str_has_prefix (bus, "usb"))
      continue;
    device = g_strdup_printf ("%s-%u", bus + strlen ("usb"), self->port + 1);
    path = g_build_filename (controller, bus, device, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return TRUE;
  }
  return FALSE;
}

/* --- Attempts ------------------------------------------------------------------------------- */

static gboolean on_retry (gpointer user_data);

/* Returns: 0 if it worked, if it is tried again, or if there is nothing to do. */
static int
attempt (FlashUsbipVhci *self)
{
  gint64 waited_ms = (g_get_monotonic_time () - self->started_us) / 1000;
  int number = 0;

  if (!flash_usbip_board_is_attached (self->board) &&
      flash_usbip_board_get_stage (self->board) != FLASH_SIM_STAGE_OFF)
    number = is_occupied (self) ? EBUSY : try_attach (self);
  if (get_code (number) != FLASH_USBIP_VHCI_ERROR_BUSY || waited_ms >= self->wait_ms)
    return number;
  self->retry_id =
      g_timeout_add (MAX (RETRY_MS, (guint) waited_ms / RETRY_FRACTION), on_retry, self);
  return 0;
}

static GError *
make_error (FlashUsbipVhci *self, int number)
{
  return g_error_new (FLASH_USBIP_VHCI_ERROR, (int) get_code (number), "port %u by way of %s: %s",
                      self->port, self->attach_path, g_strerror (number));
}

static gboolean
on_retry (gpointer user_data)
{
  g_autoptr (FlashUsbipVhci) self = g_object_ref (FLASH_USBIP_VHCI (user_data));
  int number;

  self->retry_id = 0;
  number = attempt (self);
  if (number != 0) {
    g_autoptr (GError) error = make_error (self, number);

    g_signal_emit (self, signals[FAILED], 0, error);
  }
  return G_SOURCE_REMOVE;
}

static void
start_trying (FlashUsbipVhci *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->started_us = g_get_monotonic_time ();
}

gboolean
flash_usbip_vhci_attach (FlashUsbipVhci *self, GError **error)
{
  int number;

  g_return_val_if_fail (FLASH_IS_USBIP_VHCI (self), FALSE);

  start_trying (self);
  number = attempt (self);
  if (number == 0)
    return TRUE;
  g_propagate_error (error, make_error (self, number));
  return FALSE;
}

/* Not from inside of the signal: the connection it was on is being taken down. */
static void
on_returned (FlashUsbipBoard *board, FlashUsbipVhci *self)
{
  start_trying (self);
  self->retry_id = g_timeout_add (0, on_retry, self);
}

/* --- Life ----------------------------------------------------------------------------------- */

void
flash_usbip_vhci_set_wait_ms (FlashUsbipVhci *self, guint wait_ms)
{
  g_return_if_fail (FLASH_IS_USBIP_VHCI (self));

  self->wait_ms = wait_ms;
}

guint
flash_usbip_vhci_get_port (FlashUsbipVhci *self)
{
  g_return_val_if_fail (FLASH_IS_USBIP_VHCI (self), 0);

  return self->port;
}

FlashUsbipBoard *
flash_usbip_vhci_get_board (FlashUsbipVhci *self)
{
  g_return_val_if_fail (FLASH_IS_USBIP_VHCI (self), NULL);

  return self->board;
}

static void
flash_usbip_vhci_dispose (GObject *object)
{
  FlashUsbipVhci *self = FLASH_USBIP_VHCI (object);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_object (&self->board);
  g_clear_pointer (&self->attach_path, g_free);

  G_OBJECT_CLASS (flash_usbip_vhci_parent_class)->dispose (object);
}

static void
flash_usbip_vhci_class_init (FlashUsbipVhciClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flash_usbip_vhci_dispose;

  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
flash_usbip_vhci_init (FlashUsbipVhci *self)
{
  self->wait_ms = FLASH_USBIP_VHCI_WAIT_MS;
}

FlashUsbipVhci *
flash_usbip_vhci_new (FlashUsbipBoard *board, const char *sysfs, guint port)
{
  FlashUsbipVhci *self;

  g_return_val_if_fail (FLASH_IS_USBIP_BOARD (board), NULL);
  g_return_val_if_fail (sysfs != NULL, NULL);

  self = g_object_new (FLASH_TYPE_USBIP_VHCI, NULL);
  self->board = g_object_ref (board);
  self->attach_path = g_build_filename (sysfs, ATTACH_FILE, NULL);
  self->port = port;
  g_signal_connect_object (board, "returned", G_CALLBACK (on_returned), self, 0);
  return self;
}
