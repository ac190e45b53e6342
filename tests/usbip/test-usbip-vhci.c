/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The local port, with a folder in place of the kernel's sysfs: the test reads what is written
 * into the file `attach`, takes the other end of the socket pair, and plays the kernel. */
#include "config.h"

#include "flash-usbip-host.h"
#include "flash-usbip-vhci.h"

#include "flash-test-images.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  Port port;
  char *sysfs;
  char *attach_path;
  FlashUsbipVhci *vhci;
  int kernel_fd; /* the other end, as of the last attachment; -1 if there is none */
  char line[64];
  guint n_failures;
  int failure;
} Kernel;

/* Our own number for the socket means something only as long as the kernel is being told. */
static void
on_attached (FlashUsbipBoard *board, Kernel *self)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  if (!g_file_get_contents (self->attach_path, &text, NULL, NULL))
    return;
  g_strlcpy (self->line, text, sizeof self->line);
  words = g_strsplit (text, " ", -1);
  g_assert_cmpuint (g_strv_length (words), ==, 4);
  if (self->kernel_fd >= 0)
    close (self->kernel_fd);
  self->kernel_fd = dup ((int) g_ascii_strtoll (words[1], NULL, 10));
  g_assert_cmpint (self->kernel_fd, >=, 0);
}

static void
on_failed (FlashUsbipVhci *vhci, GError *error, Kernel *self)
{
  g_test_message ("%s", error->message);
  g_assert_true (error->domain == FLASH_USBIP_VHCI_ERROR);
  self->n_failures++;
  self->failure = error->code;
}

static void
kernel_init (Kernel *self, const char *id, guint port)
{
  g_autofree char *folder = NULL;

  self->sysfs = flash_test_make_dir ();
  folder = g_build_filename (self->sysfs, "devices/platform/vhci_hcd.0", NULL);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  self->attach_path = g_build_filename (folder, "attach", NULL);
  g_assert_true (g_file_set_contents (self->attach_path, "", 0, NULL));
  self->kernel_fd = -1;
  port_init (&self->port, id, 1);
  g_signal_connect (self->port.board, "attached", G_CALLBACK (on_attached), self);
  self->vhci = flash_usbip_vhci_new (self->port.board, self->sysfs, port);
  g_signal_connect (self->vhci, "failed", G_CALLBACK (on_failed), self);
}

static void
kernel_clear (Kernel *self)
{
  g_assert_finalize_object (self->vhci);
  port_clear (&self->port);
  if (self->kernel_fd >= 0)
    close (self->kernel_fd);
  flash_test_remove_dir (self->sysfs);
  g_free (self->sysfs);
  g_free (self->attach_path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Kernel, kernel_clear)

static int
steal_fd (Kernel *self)
{
  int fd = self->kernel_fd;

  self->kernel_fd = -1;
  return fd;
}

static void
attach (Kernel *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_usbip_vhci_attach (self->vhci, &error));
  g_assert_no_error (error);
}

/* Takes over the kernel's end. */
static void
take_host (Kernel *self, Host *out_host)
{
  host_init (out_host, steal_fd (self), flash_usbip_board_get_devid (self->port.board));
}

static void
test_attach (void)
{
  static const struct {
    const char *id;
    guint port;
  } cases[] = {
    { "virtual:stm32mp157", 0 },
    { "virtual:stm32mp157,speed=full", 17 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Kernel) kernel = { 0 };
    g_auto (Host) host = { 0 };
    g_auto (GStrv) words = NULL;
    g_autofree char *devid = NULL;
    guint8 device[18];

    kernel_init (&kernel, cases[i].id, cases[i].port);
    attach (&kernel);
    devid = g_strdup_printf ("%u", flash_usbip_board_get_devid (kernel.port.board));
    words = g_strsplit (kernel.line, " ", -1);
    g_assert_cmpuint (g_ascii_strtoull (words[0], NULL, 10), ==, cases[i].port);
    g_assert_cmpstr (words[2], ==, devid);
    g_assert_cmpstr (words[3], ==, i == 0 ? "3" : "2");
    g_assert_cmpuint (flash_usbip_vhci_get_port (kernel.vhci), ==, cases[i].port);
    g_assert_true (flash_usbip_vhci_get_board (kernel.vhci) == kernel.port.board);
    take_host (&kernel, &host);
    g_assert_cmpint (host_in (&host, 0x80, 6, 0x0100, device, 18), ==, 18);
    /* nothing for a board that is on its port */
    attach (&kernel);
    g_assert_cmpint (host_get_state (&host), ==, 2);
    g_assert_cmpstr (kernel.port.events->str, ==, " attached");
  }
}

/* It leaves and returns: the same port, a new device. */
static void
test_again (void)
{
  g_auto (Kernel) kernel = { 0 };
  g_auto (Host) host = { 0 };
  g_auto (Host) second = { 0 };

  kernel_init (&kernel, "virtual:stm32mp157", 5);
  attach (&kernel);
  take_host (&kernel, &host);
  g_assert_cmpint (host_get_state (&host), ==, 2);
  flash_usbip_board_restart (kernel.port.board);
  host_assert_closed (&host);
  port_await (&kernel.port, "returned attached");
  g_assert_true (g_str_has_prefix (kernel.line, "5 "));
  take_host (&kernel, &second);
  g_assert_cmpuint (second.devid, !=, host.devid);
  g_assert_cmpint (host_get_state (&second), ==, 2);
  g_assert_cmpuint (kernel.n_failures, ==, 0);
}

/* The host lets go: it is asked for again, or nothing happens. */
static void
test_host_leaves (void)
{
  g_auto (Kernel) kernel = { 0 };

  kernel_init (&kernel, "virtual:stm32mp157", 0);
  attach (&kernel);
  close (steal_fd (&kernel));
  port_await (&kernel.port, "detached:host");
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_false (flash_usbip_board_is_attached (kernel.port.board));
  attach (&kernel);
  g_assert_true (flash_usbip_board_is_attached (kernel.port.board));
}

/* Off the bus there is nothing to attach; it follows when it is plugged in. */
static void
test_absent (void)
{
  g_auto (Kernel) kernel = { 0 };

  kernel_init (&kernel, "virtual:stm32mp157", 0);
  flash_usbip_board_unplug (kernel.port.board);
  attach (&kernel);
  g_assert_cmpstr (kernel.port.events->str, ==, "");
  flash_usbip_board_plug (kernel.port.board);
  port_await (&kernel.port, "returned attached");
}

static void
refuse (Kernel *self, int expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (flash_usbip_vhci_attach (self->vhci, &error));
  g_assert_error (error, FLASH_USBIP_VHCI_ERROR, expected);
  g_assert_nonnull (strstr (error->message, "attach"));
  g_assert_false (flash_usbip_board_is_attached (self->port.board));
}

static void
test_refused (void)
{
  g_auto (Kernel) kernel = { 0 };

  kernel_init (&kernel, "virtual:stm32mp157", 0);
  g_assert_cmpint (g_unlink (kernel.attach_path), ==, 0);
  refuse (&kernel, FLASH_USBIP_VHCI_ERROR_NO_MODULE);
  g_assert_cmpint (symlink ("/dev/full", kernel.attach_path), ==, 0);
  refuse (&kernel, FLASH_USBIP_VHCI_ERROR_FAILED);
  g_assert_cmpint (g_unlink (kernel.attach_path), ==, 0);
  /* the kernel's own way of saying that a line is no good */
  g_assert_cmpint (symlink ("/proc/self/oom_score_adj", kernel.attach_path), ==, 0);
  refuse (&kernel, FLASH_USBIP_VHCI_ERROR_NO_PORT);
}

/* Nobody may write there, not even root, who may write to most files that are read-only. */
static void
test_no_permission (void)
{
  g_auto (Kernel) kernel = { 0 };

  kernel_init (&kernel, "virtual:stm32mp157", 0);
  g_assert_cmpint (g_unlink (kernel.attach_path), ==, 0);
  g_assert_cmpint (symlink ("/proc/sys/kernel/random/uuid", kernel.attach_path), ==, 0);
  refuse (&kernel, FLASH_USBIP_VHCI_ERROR_NO_PERMISSION);
}

/* A pipe that is full says "try again", as a port does that is still taken. */
static int
make_busy (Kernel *self)
{
  const guint8 waste[4096] = { 0 };
  int fd;

  g_assert_cmpint (g_unlink (self->attach_path), ==, 0);
  g_assert_cmpint (mkfifo (self->attach_path, 0600), ==, 0);
  fd = open (self->attach_path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  while (write (fd, waste, sizeof waste) > 0)
    continue;
  return fd;
}

static void
test_busy (void)
{
  g_auto (Kernel) kernel = { 0 };
  int fd;

  kernel_init (&kernel, "virtual:stm32mp157", 0);
  fd = make_busy (&kernel);
  flash_usbip_vhci_set_wait_ms (kernel.vhci, 30);
  attach (&kernel);
  while (kernel.n_failures == 0)
    host_iterate ();
  g_assert_cmpint (kernel.failure, ==, FLASH_USBIP_VHCI_ERROR_BUSY);
  g_assert_false (flash_usbip_board_is_attached (kernel.port.board));
  close (fd);
}

static void
test_free_again (void)
{
  g_auto (Kernel) kernel = { 0 };
  guint8 bytes[4096];
  int fd;

  kernel_init (&kernel, "virtual:stm32mp157", 0);
  g_signal_handlers_disconnect_by_func (kernel.port.board, on_attached, &kernel);
  fd = make_busy (&kernel);
  attach (&kernel);
  host_iterate ();
  g_assert_cmpstr (kernel.port.events->str, ==, "");
  while (read (fd, bytes, sizeof bytes) > 0)
    continue;
  port_await (&kernel.port, "attached");
  g_assert_cmpuint (kernel.n_failures, ==, 0);
  close (fd);
}

/* The kernel has not yet noticed that the board before this one has left. */
static void
test_occupied (void)
{
  g_auto (Kernel) kernel = { 0 };
  g_autofree char *folder = NULL;
  g_autofree char *other = NULL;
  g_autofree char *device = NULL;

  kernel_init (&kernel, "virtual:stm32mp157", 3);
  folder = g_path_get_dirname (kernel.attach_path);
  other = g_build_filename (folder, "usb9", "9-3", NULL);
  device = g_build_filename (folder, "usb9", "9-4", NULL);
  g_assert_cmpint (g_mkdir_with_parents (other, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (device, 0700), ==, 0);
  attach (&kernel);
  host_iterate ();
  g_assert_cmpstr (kernel.port.events->str, ==, "");
  g_assert_cmpint (g_rmdir (device), ==, 0);
  port_await (&kernel.port, "attached");
  g_assert_cmpuint (kernel.n_failures, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/usbip/vhci/attach", test_attach);
  g_test_add_func ("/usbip/vhci/again", test_again);
  g_test_add_func ("/usbip/vhci/host-leaves", test_host_leaves);
  g_test_add_func ("/usbip/vhci/absent", test_absent);
  g_test_add_func ("/usbip/vhci/refused", test_refused);
  g_test_add_func ("/usbip/vhci/no-permission", test_no_permission);
  g_test_add_func ("/usbip/vhci/busy", test_busy);
  g_test_add_func ("/usbip/vhci/free-again", test_free_again);
  g_test_add_func ("/usbip/vhci/occupied", test_occupied);
  return g_test_run ();
}
