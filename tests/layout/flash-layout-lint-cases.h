/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts, and all that the checks have to say about each. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashLayoutLintCase:
 * @name: for the log
 * @text: the layout; %NULL ends the table
 * @size: of a text that holds NULs, else 0
 * @has_sizes: mmc0 and mmc1 are known to have 64 MiB, and mmc1's boot2 1 MiB
 * @device_id: chip of the board, 0 if not known
 * @diags: as flash_layout_test_dup_diags () has them
 */
typedef struct {
  const char *name;
  const char *text;
  gsize size;
  gboolean has_sizes;
  guint device_id;
  const char *diags;
} FlashLayoutLintCase;

/* Checks, beside the files of flash_layout_test_make_files (). */
extern const FlashLayoutLintCase flash_layout_lint_cases[];
/* The same for flows and boot stages. */
extern const FlashLayoutLintCase flash_layout_stage_cases[];
/* Addresses in memory. */
extern const FlashLayoutLintCase flash_layout_memory_cases[];

/* The parser: @diags is only a part of what it says. */
extern const FlashLayoutLintCase flash_layout_parser_cases[];

G_END_DECLS
