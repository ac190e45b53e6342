/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A made-up ST-LINK with a serial console in a made-up computer: what a test prints comes out of a
 * pseudo terminal. Thread: main. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FlashConsoleBench FlashConsoleBench;

/**
 * flash_console_bench_new:
 * @root: (type filename): the computer, which gets an ST-LINK on port 1-3 as `/dev/ttyACM0`
 */
FlashConsoleBench *flash_console_bench_new (const char *root);
/* The same on another port, such as `1-2.4`. */
FlashConsoleBench *flash_console_bench_new_on (const char *root, const char *port);
/* Takes it away; its files stay, without anything behind them. */
void flash_console_bench_free (FlashConsoleBench *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashConsoleBench, flash_console_bench_free)

/* The board prints @text. */
void flash_console_bench_print (FlashConsoleBench *self, const char *text);

/* Takes the files out of @root again. */
void flash_console_bench_clear (const char *root);

G_END_DECLS
