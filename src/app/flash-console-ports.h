/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial ports of this computer, and that they come and go. Thread: main; looking is done in
 * another one. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FLASH_TYPE_CONSOLE_PORTS (flash_console_ports_get_type ())
G_DECLARE_FINAL_TYPE (FlashConsolePorts, flash_console_ports, FLASH, CONSOLE_PORTS, GObject)

/**
 * flash_console_ports_new:
 * @root: (nullable) (type filename): where the file system begins
 *
 * Begins to look, and looks again whenever a device node comes or goes. FlashConsolePorts::listed
 * tells what was found, also if it is the same as before.
 *
 * Returns: (transfer full): it stops with the last reference
 */
FlashConsolePorts *flash_console_ports_new (const char *root);

/* Looks again, after a moment. */
void flash_console_ports_look (FlashConsolePorts *self);

/* Returns: (transfer none) (nullable) (element-type FlashHostSerial): the ports; %NULL before the
 * first look is over. */
GPtrArray *flash_console_ports_get_list (FlashConsolePorts *self);

G_END_DECLS
