/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A UDisks that tests write the script of, on a bus of its own: its drives are files in a temporary
 * folder, and while tests use it, files may be written to in place of disks. Written from the
 * documented D-Bus interface; it needs no root and no hardware.
 *
 * Thread: main. It answers while the main loop runs, so a test must not wait for an answer without
 * running it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FlashMockUdisks FlashMockUdisks;

/**
 * FlashMockUdisksHook:
 * @method: name of the method that was called, such as `Unmount`
 * @object: last part of the path of its object, such as `sdb1`
 *
 * Called before a method does anything; it may change the mock, also take the object away.
 */
typedef void (*FlashMockUdisksHook) (FlashMockUdisks *mock, const char *method, const char *object,
                                     gpointer user_data);

/* Nobody is on the bus (flash-test-bus.h) until flash_mock_udisks_start (). */
FlashMockUdisks *flash_mock_udisks_new (void);
void flash_mock_udisks_free (FlashMockUdisks *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashMockUdisks, flash_mock_udisks_free)

/* Returns: (transfer none): a connection for the program under test. */
GDBusConnection *flash_mock_udisks_get_client (FlashMockUdisks *self);

/* The service comes, with the objects it has; the service leaves, and keeps them for later. */
void flash_mock_udisks_start (FlashMockUdisks *self);
void flash_mock_udisks_stop (FlashMockUdisks *self);

/**
 * flash_mock_udisks_add:
 * @path: below `/org/freedesktop/UDisks2/`, such as `block_devices/sdb`
 * @interfaces: GVariant text of type `a{sa{sv}}` with the names of the interfaces without
 *   `org.freedesktop.UDisks2.`
 *
 * Adds an object, or replaces one with all its interfaces.
 */
void flash_mock_udisks_add (FlashMockUdisks *self, const char *path, const char *interfaces);

/* Takes an object away. */
void flash_mock_udisks_remove (FlashMockUdisks *self, const char *path);

/* Changes one property; @value is GVariant text. */
void flash_mock_udisks_set (FlashMockUdisks *self, const char *path, const char *interface_name,
                            const char *property, const char *value);

/* What files are full of at first. */
#define FLASH_MOCK_UDISKS_OLD_BYTE 0xa5

/* Makes the file that OpenDevice of a disk hands out. */
void flash_mock_udisks_make_file (FlashMockUdisks *self, const char *name, gsize size);

/* Adds a USB stick without anything on it: drives/NAME and block_devices/NAME, and its file. */
void flash_mock_udisks_add_stick (FlashMockUdisks *self, const char *name, gsize size);

/* Adds a partition with a file system, block_devices/NAMENUMBER, mounted at @mount_point unless
 * that is %NULL. */
void flash_mock_udisks_add_volume (FlashMockUdisks *self, const char *name, guint number,
                                   const char *mount_point);

/* Returns: (transfer none): the file behind a disk. */
const char *flash_mock_udisks_get_file (FlashMockUdisks *self, const char *name);

/* From the call with that number on, OpenDevice hands out @file; the first call is 1. */
void flash_mock_udisks_swap_file (FlashMockUdisks *self, guint from_call, const char *file);

/* Lets a method fail from now on; with %NULL for @error_name it works again, with an empty one it
 * never answers. */
void flash_mock_udisks_refuse (FlashMockUdisks *self, const char *method, const char *error_name,
                               const char *message);

/* Lets OpenDevice refuse O_DIRECT. */
void flash_mock_udisks_refuse_direct (FlashMockUdisks *self);

/* Lets OpenDevice answer without a file descriptor. */
void flash_mock_udisks_forget_descriptor (FlashMockUdisks *self);

/* @hook: (nullable): called for every method but GetManagedObjects */
void
flash_mock_udisks_set_hook (FlashMockUdisks *self, FlashMockUdisksHook hook, gpointer user_data);

/* Returns: (transfer none): the calls so far, such as `Unmount sdb1; OpenDevice sdb rw excl; `. */
const char *flash_mock_udisks_get_calls (FlashMockUdisks *self);

/* Returns: (transfer none): a folder that goes with the mock. */
const char *flash_mock_udisks_get_folder (FlashMockUdisks *self);

/* Runs the main loop until *@condition is not 0. The test's own time-out ends it if it never is. */
void flash_mock_udisks_wait (const gboolean *condition);

G_END_DECLS
