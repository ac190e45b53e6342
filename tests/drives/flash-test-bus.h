/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bus without anybody on it, one for the whole program. Thread: main. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: (transfer full): a new connection to it; the first call starts it. */
GDBusConnection *flash_test_bus_connect (void);

/* g_test_run (), and the end of the bus. */
int flash_test_bus_run_tests (void);

/* Returns: (transfer none): where it is, for programs that are to take it for the system's. */
const char *flash_test_bus_get_address (void);

G_END_DECLS
