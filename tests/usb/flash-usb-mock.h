/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A USB bus without a kernel: libusb, libgusb and whoever uses them see it in place of the real
 * one. The program must run through umockdev-wrapper. Virtual boards that leave the bus and
 * return by themselves are followed, with a new address on the same port each time.
 *
 * Thread: any, except making and freeing it: before and after everything that looks at the bus. */
#pragma once

#include "flash-usb-gadget.h"

#include <sys/types.h>

G_BEGIN_DECLS

typedef struct _FlashUsbMock FlashUsbMock;

/* Returns: whether the program runs through umockdev-wrapper. */
gboolean flash_usb_mock_is_possible (void);

/* A computer with one bus of that name, `1`, and nothing on it. */
FlashUsbMock *flash_usb_mock_new (void);
/* Everything that has one of its nodes open must be closed before. */
void flash_usb_mock_free (FlashUsbMock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashUsbMock, flash_usb_mock_free)

/* Returns: (transfer none): the folder in which its `sys` and `dev` are. */
const char *flash_usb_mock_get_root (FlashUsbMock *self);

/**
 * flash_usb_mock_add:
 * @port: e.g. `1-2.3`; on a hub, that hub must be there
 * @gadget: (transfer full): the device
 *
 * Puts a device on a port. It is there when the call returns.
 */
void flash_usb_mock_add (FlashUsbMock *self, const char *port, FlashUsbGadget *gadget);

/* Shows as little of the next device as can be seen while the kernel sets it up. It must go to that
 * port. */
void flash_usb_mock_begin (FlashUsbMock *self, const char *port);

/**
 * flash_usb_mock_add_board:
 * @id: `virtual:MODEL[,key=value…]`, which must be right
 *
 * Returns: (transfer none): the virtual board on @port
 */
FlashSimDevice *flash_usb_mock_add_board (FlashUsbMock *self, const char *port, const char *id);

/* Returns: (transfer none): what belongs on @port, and the virtual board that it is. */
FlashUsbGadget *flash_usb_mock_get_gadget (FlashUsbMock *self, const char *port);
FlashSimDevice *flash_usb_mock_get_board (FlashUsbMock *self, const char *port);

/* An external hub. */
void flash_usb_mock_add_hub (FlashUsbMock *self, const char *port);

/* Takes the device on @port away for good. */
void flash_usb_mock_remove (FlashUsbMock *self, const char *port);

/* Pulls the plug, or puts it back; the bus shows it when the call returns. */
void flash_usb_mock_unplug (FlashUsbMock *self, const char *port);
void flash_usb_mock_plug (FlashUsbMock *self, const char *port);

/* From now on a departure from @port becomes known only after the arrival that follows it
 * (virtual-usb-bench.md section 3). */
void flash_usb_mock_set_late (FlashUsbMock *self, const char *port, gboolean is_late);

/* From now on it takes so long until a departure is noticed by the hub; meanwhile transfers fail
 * as on a broken line. */
void flash_usb_mock_set_slow (FlashUsbMock *self, const char *port, guint delay_ms);

/* The mode of the node of the device on @port, now and after it has enumerated anew. */
void flash_usb_mock_set_mode (FlashUsbMock *self, const char *port, mode_t mode);

/* Puts a driver at an interface of the device that is there: `usbfs` stands for a program that
 * nobody knows, %NULL for none. */
void flash_usb_mock_set_driver (FlashUsbMock *self, const char *port, guint8 interface_number,
                                const char *driver);
/* Returns: (transfer full) (nullable): the driver at an interface. */
char *flash_usb_mock_dup_driver (FlashUsbMock *self, const char *port, guint8 interface_number);

/* Returns: (transfer full): the node of the device on @port. */
char *flash_usb_mock_dup_node (FlashUsbMock *self, const char *port);
/* Returns: how often nodes are open. */
guint flash_usb_mock_count_open (FlashUsbMock *self);

/* Gives up the right of root to open whatever it likes, for this thread and those it starts: then
 * the modes of nodes count. */
void flash_usb_mock_drop_rights (void);

G_END_DECLS
