/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A serial port that is open, and what it takes to get there. Ports of a board on USB answer only
 * after seconds if the board hangs, so this is for threads. For use inside this room. Thread:
 * any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FlashConsolePort FlashConsolePort;

/**
 * flash_console_port_open:
 * @path: (type filename): a serial port
 * @in_turn: whether to wait for others that do the same, until they have handed theirs over or
 *   closed it; not for the main thread, which they may need for that
 *
 * Waits until what is being closed is closed: it may be the same one. Blocks.
 *
 * Returns: (transfer full) (nullable): set up and taken; %NULL with @error set (%G_IO_ERROR)
 */
FlashConsolePort *flash_console_port_open (const char *path, gboolean in_turn, GError **error);

/* Says that somebody has it and keeps it. Returns: what to read, which never blocks. */
int flash_console_port_hand_over (FlashConsolePort *self);

/**
 * flash_console_port_close:
 * @self: (transfer full): an open port
 *
 * Gives it back as it was. Blocks.
 */
void flash_console_port_close (FlashConsolePort *self);

/**
 * flash_console_port_close_later:
 * @self: (transfer full): an open port
 *
 * The same in a thread.
 */
void flash_console_port_close_later (FlashConsolePort *self);

G_END_DECLS
