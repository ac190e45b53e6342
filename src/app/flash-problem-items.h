/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which problems of a layout are shown, and by what one knows them again after the next check.
 * Thread: main. */
#pragma once

#include "flash-layout-fix.h"
#include "flash-loader.h"

G_BEGIN_DECLS

/**
 * FlashProblemItem:
 * @diag: (unowned): as long as its list lives
 * @kind: whether it can be mended
 * @name: (unowned) (nullable): of the partition it is about; as long as the layout lives
 * @key: (owned): the same for the same problem, on whatever line it is by now
 */
typedef struct {
  const FlashDiag *diag;
  FlashLayoutFixKind kind;
  const char *name;
  char *key;
} FlashProblemItem;

/* The choices of the filter, in their order. */
typedef enum {
  FLASH_PROBLEM_FILTER_ALL,
  FLASH_PROBLEM_FILTER_ERRORS,
  FLASH_PROBLEM_FILTER_WARNINGS,
  FLASH_PROBLEM_FILTER_NOTES,
  FLASH_PROBLEM_N_FILTERS,
} FlashProblemFilter;

/**
 * flash_problem_items_new:
 * @kinds: (nullable) (element-type FlashLayoutFixKind): one for each diagnostic; %NULL if none can
 *   be mended
 * @text: what to look for in messages, codes and names; everything if it is empty
 *
 * Returns: (transfer full) (element-type FlashProblemItem): what is to be shown, in the order of
 *   the file
 */
GPtrArray *flash_problem_items_new (const FlashLoaded *loaded, GArray *kinds,
                                    FlashProblemFilter filter, const char *text);

/* Returns: (transfer full): a choice of the filter with the number of its problems. */
char *flash_problem_dup_filter (FlashProblemFilter filter, const FlashDiagList *diags);

/* Returns: (transfer full): how many there are, in one line, whatever is shown of them. */
char *flash_problem_dup_summary (const FlashDiagList *diags);

G_END_DECLS
