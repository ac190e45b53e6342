/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A computer for the access assistant: a root folder with the program that installs the rule, and a
 * pkexec that writes down how it was called, answers as the test wants, and does to the folder what
 * the real one would do. Thread: main. */
#pragma once

#include "flash-memory-bench.h"

G_BEGIN_DECLS

typedef struct {
  char *root; /* (type filename): where its file system begins */
  char *path; /* PATH as it was */
} FlashAccessBench;

/* The application sees that computer from now on. */
FlashAccessBench *flash_access_bench_new (void);
/* Back to the real one. */
void flash_access_bench_free (FlashAccessBench *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashAccessBench, flash_access_bench_free)

/* What pkexec ends with from now on, and prints on its standard error. */
void flash_access_bench_set_answer (FlashAccessBench *self, int exit_code, const char *said);
/* Until it is let go, pkexec asks and asks. */
void flash_access_bench_set_asking (FlashAccessBench *self, gboolean is_asking);
/* Returns: (transfer full): how pkexec and sudo were called, one call a line; empty if not. */
char *flash_access_bench_dup_calls (FlashAccessBench *self);
/* Returns: the process that asked last. */
GPid flash_access_bench_get_pid (FlashAccessBench *self);
/* There is no pkexec any more, nor any other program. */
void flash_access_bench_hide_programs (FlashAccessBench *self);
/* Writes a file below the root; %NULL removes it. */
void flash_access_bench_put (FlashAccessBench *self, const char *path, const char *text);
/* Returns: (transfer full) (nullable): what is in a file below the root. */
char *flash_access_bench_dup_file (FlashAccessBench *self, const char *path);

/* Where our rule belongs. */
#define FLASH_ACCESS_BENCH_RULE "etc/udev/rules.d/60-flashwright.rules"

/* Presses the button of the row with that board, which must have it, and waits for the dialog. */
GtkWidget *flash_access_bench_open (FlashAppFixture *fixture, const char *port);
/* Returns: whether the dialog has that heading. */
gboolean flash_access_bench_says (GtkWidget *dialog, const char *heading);

G_END_DECLS
