/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-console-bench"

#include "config.h"

#include "flash-console-bench.h"

#include "flash-test-images.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEVICES "sys/devices/usb1"

struct _FlashConsoleBench {
  int master;
};

static void
link_to (const char *root, const char *target, const char *name)
{
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_unlink (path);
  g_assert_cmpint (symlink (target, path), ==, 0);
}

FlashConsoleBench *
flash_console_bench_new (const char *root)
{
  return flash_console_bench_new_on (root, "1-3");
}

FlashConsoleBench *
flash_console_bench_new_on (const char *root, const char *port)
{
  FlashConsoleBench *self = g_new0 (FlashConsoleBench, 1);
  g_autofree char *folder = g_build_filename (root, DEVICES, port, NULL);
  g_autofree char *interface = g_strconcat (port, ":1.2", NULL);
  g_autofree char *number = g_build_filename (interface, "bInterfaceNumber", NULL);
  g_autofree char *target = g_build_filename ("../../../devices/usb1", port, interface, NULL);

  self->master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (self->master, >=, 0);
  g_assert_cmpint (grantpt (self->master), ==, 0);
  g_assert_cmpint (unlockpt (self->master), ==, 0);
  flash_test_write_text (folder, "idVendor", "0483\n");
  flash_test_write_text (folder, "idProduct", "374b\n");
  flash_test_write_text (folder, "devnum", "3\n");
  flash_test_write_text (root, "run/udev/data/c189:2", "E:ID_MODEL_ENC=STM32\\x20STLink\n");
  flash_test_write_text (folder, number, "02\n");
  link_to (root, target, "sys/class/tty/ttyACM0/device");
  link_to (root, ptsname (self->master), "dev/ttyACM0");
  return self;
}

void
flash_console_bench_free (FlashConsoleBench *self)
{
  close (self->master);
  g_free (self);
}

void
flash_console_bench_print (FlashConsoleBench *self, const char *text)
{
  gssize length = (gssize) strlen (text);

  g_assert_cmpint (write (self->master, text, (gsize) length), ==, length);
}

void
flash_console_bench_clear (const char *root)
{
  static const char *const folders[] = { "sys/devices", "sys/class/tty", "dev" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = g_build_filename (root, folders[i], NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      flash_test_remove_dir (path);
  }
}
