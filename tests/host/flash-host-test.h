/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A computer made of files, for tests of what this computer says. Thread: main. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A test that has a computer of its own, empty at first. */
typedef struct {
  char *root; /* (owned) */
} FlashHostTest;

/* Makes the folder of an empty computer. */
void flash_host_test_set_up (FlashHostTest *self, gconstpointer data);
/* Removes it, and all that was put there. */
void flash_host_test_tear_down (FlashHostTest *self, gconstpointer data);

/* Writes a file at @path; folders in between are made. */
void flash_host_test_write_file (FlashHostTest *self, const char *path, const char *text);

/* Makes a link at @path; folders in between are made. */
void flash_host_test_make_link (FlashHostTest *self, const char *path, const char *target);

/**
 * flash_host_test_add_controller:
 * @address: on PCI, `0000:00:14.0`
 * @driver: (nullable): its driver
 * @bus: number of its root hub
 * @speed: of its root hub, as the kernel writes it
 */
void flash_host_test_add_controller (FlashHostTest *self, const char *address, const char *driver,
                                     guint bus, const char *speed);

/**
 * flash_host_test_add_device:
 * @port: its port path; the hub must be there
 * @...: pairs of name and text of an attribute, and %NULL
 */
void flash_host_test_add_device (FlashHostTest *self, const char *port, ...) G_GNUC_NULL_TERMINATED;

/**
 * flash_host_test_add_socket:
 * @hub: `1-2` or `usb1`, which must be there
 * @number: of the port
 * @...: pairs of name and text of an attribute, and %NULL
 */
void flash_host_test_add_socket (FlashHostTest *self, const char *hub, guint number,
                                 ...) G_GNUC_NULL_TERMINATED;

/**
 * flash_host_test_note:
 * @address: number of a device on the first bus
 * @text: what udev has noted down of it, without `E:` in front of the first
 */
void flash_host_test_note (FlashHostTest *self, guint address, const char *text);

/* Adds a serial port of the USB device at @port, as cdc_acm does. */
void flash_host_test_add_terminal (FlashHostTest *self, const char *port, const char *name);

G_END_DECLS
