/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A D-Bus service for tests, which answers and notes every call. It runs in a thread of its own,
 * so that even blocking calls of the code under test are answered.
 *
 * GApplication warns where nobody takes its notifications, and GtkApplication looks for a session
 * manager once, at its start: make the mocks before the application is registered.
 *
 * Thread: main, except the #FlashMockReply, which the mock's thread calls. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FlashMockBus FlashMockBus;

/**
 * FlashMockReply:
 * @method: the method that was called
 * @args: (transfer none): its arguments
 *
 * Thread: the mock's.
 *
 * Returns: (transfer floating) (nullable): a tuple to answer with, %NULL for an empty one
 */
typedef GVariant *(*FlashMockReply) (const char *method, GVariant *args);

/**
 * flash_mock_bus_new:
 * @name: the bus name to own
 * @path: the object path
 * @xml: introspection data of one or more interfaces
 * @reply: what to answer
 *
 * Uses the session bus of `DBUS_SESSION_BUS_ADDRESS`, by a connection of its own. Fails the test
 * if there is none. The name is owned when this returns.
 *
 * Returns: (transfer full): a mock; free with flash_mock_bus_free ()
 */
FlashMockBus *
flash_mock_bus_new (const char *name, const char *path, const char *xml, FlashMockReply reply);

/**
 * flash_mock_bus_new_notifications:
 *
 * Returns: (transfer full): a notification server; calls are `Notify` and `CloseNotification`
 */
FlashMockBus *flash_mock_bus_new_notifications (void);

/**
 * flash_mock_bus_new_session_manager:
 *
 * Returns: (transfer full): a session manager; calls are `Inhibit` and `Uninhibit`
 */
FlashMockBus *flash_mock_bus_new_session_manager (void);

/**
 * flash_mock_bus_take:
 * @method: (nullable): drop calls of other methods; %NULL takes any
 *
 * Returns: (transfer full) (nullable): the oldest call noted, as `Method(arguments)`, or %NULL if
 *   there is none yet
 */
char *flash_mock_bus_take (FlashMockBus *self, const char *method);

/* Ends the service and forgets its calls. */
void flash_mock_bus_free (FlashMockBus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashMockBus, flash_mock_bus_free)

G_END_DECLS
