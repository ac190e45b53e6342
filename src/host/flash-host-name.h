/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the kernel names USB ports. A port path is a bus and the port on each hub, `1-2.3`; as a
 * folder of its hub and in messages the same port is called `1-2-port3`, or `usb1-port2` on a root
 * hub (Linux, drivers/usb/core/port.c and usb.c). For use inside of this room. Pure functions;
 * thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: whether @name is a port path. What people type must not lead elsewhere. */
gboolean flash_host_name_is_port (const char *name);

/* Orders port paths by their numbers: `1-2` before `1-10`. */
int flash_host_name_compare (const char *left, const char *right);

/* Returns: (transfer full): the hub that has the port: `1-2` for `1-2.3`, `usb1` for `1-2`.
 * @port: a port path. */
char *flash_host_name_dup_hub (const char *port);

/* Returns: (transfer full): the kernel's name of the port: `1-2-port3` for `1-2.3`.
 * @port: a port path. */
char *flash_host_name_dup_folder (const char *port);

/* Returns: (transfer full) (nullable): the port path for `1-2-port3`; %NULL if it is none. */
char *flash_host_name_parse_folder (const char *folder);

G_END_DECLS
