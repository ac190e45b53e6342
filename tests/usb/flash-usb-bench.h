/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider on a mocked bus, and waiting for what it shows. There is one for the whole program,
 * as there is one bus: libusb does not take it well if the computer changes under it.
 *
 * Thread: main. */
#pragma once

#include "flash-usb-mock.h"
#include "flash-usb-provider.h"

G_BEGIN_DECLS

/**
 * usb_bench_run:
 * @add_tests: adds the tests
 *
 * All there is to do in main (). Without umockdev-wrapper, the tests are skipped.
 */
int usb_bench_run (int argc, char **argv, void (*add_tests) (void));

FlashUsbMock *usb_bench_get_mock (void);
FlashUsbProvider *usb_bench_get_provider (void);

/* A board on a port; waits until it is listed. */
FlashBoard *usb_bench_add_board (const char *port, const char *id);
/* Any device, which the list may not show. Takes it. */
void usb_bench_add (const char *port, FlashUsbGadget *gadget);
/* Takes all devices away, and waits until the list is empty and nothing is open. */
void usb_bench_clear (void);

/* From now on open nodes are not counted: umockdev (0.17) connects to the bed also for a node that
 * the program was not allowed to open, and never lets go. */
void usb_bench_forgive_open (void);

typedef gboolean (*UsbBenchCondition) (gconstpointer data);
void usb_bench_wait (UsbBenchCondition is_true, gconstpointer data);

/* Returns: (transfer full) (nullable): the board that the list shows on that port; it shows no
 * more than one. */
FlashBoard *usb_bench_find (const char *port);
/* Waits until the list shows a board of another generation than that, and returns it. */
FlashBoard *usb_bench_wait_board (const char *port, guint64 not_generation);
void usb_bench_wait_gone (const char *port);
void usb_bench_wait_access (const char *port, FlashAccess access);
/* Has all boards asked, and waits until they were. */
void usb_bench_rescan (void);

/* Opens the board; @error is NULL if that must succeed. */
FlashTransport *usb_bench_open (FlashBoard *board, GError **error);

/* A request that every device answers, or its error, with which @code it may fail. */
void usb_bench_assert_works (FlashTransport *transport);
void usb_bench_assert_fails (FlashTransport *transport, FlashTransportError code);

G_END_DECLS
