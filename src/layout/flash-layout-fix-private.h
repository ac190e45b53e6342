/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fixes are made; for use inside this room. Thread: that of the document. */
#pragma once

#include "flash-layout-fix.h"

G_BEGIN_DECLS

/**
 * FlashLayoutMend:
 * @line: a line without its end
 * @column: that the diagnostic is about, from 1; 0 if it is about all of the line
 * @out_before: (out): (transfer full) (nullable): a line to put in front of it; untouched if none
 *
 * Returns: (transfer full) (nullable): the line as it should be; %NULL if that is not sure
 */
typedef char *(*FlashLayoutMend) (const char *line, guint column, char **out_before);

/* Cells that something else than TABs separates. */
char *flash_layout_mend_separators (const char *line, guint column, char **out_before);
char *flash_layout_mend_blank_line (const char *line, guint column, char **out_before);
char *flash_layout_mend_indented_comment (const char *line, guint column, char **out_before);
char *flash_layout_mend_header (const char *line, guint column, char **out_before);
char *flash_layout_mend_trailing_tab (const char *line, guint column, char **out_before);
char *flash_layout_mend_comment_behind (const char *line, guint column, char **out_before);
char *flash_layout_mend_missing_binary (const char *line, guint column, char **out_before);
char *flash_layout_mend_carriage_return (const char *line, guint column, char **out_before);

/* Returns: whether what flash_layout_mend_comment_behind () takes for a comment begins a cell;
 * elsewhere a # may belong to a file's name. */
gboolean flash_layout_is_comment_a_cell (const char *line, guint column);

/**
 * FlashLayoutIds:
 *
 * The Ids of a layout, and which of them count for the order in which the board writes.
 */
typedef struct _FlashLayoutIds FlashLayoutIds;

FlashLayoutIds *flash_layout_ids_new (FlashLayoutDocument *document);
void flash_layout_ids_free (FlashLayoutIds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLayoutIds, flash_layout_ids_free)

/**
 * flash_layout_ids_find_free:
 * @line: of a partition
 * @out_keeps_order: (out): whether the board would go on writing in the same order
 *
 * Returns: the next Id that no line has; 0 if there is none, or no such line
 */
guint8 flash_layout_ids_find_free (FlashLayoutIds *self, guint line, gboolean *out_keeps_order);
/* Notes that the line has that Id from now on. */
void flash_layout_ids_take (FlashLayoutIds *self, guint line, guint8 id);

typedef enum {
  FLASH_LAYOUT_METHOD_NONE,
  FLASH_LAYOUT_METHOD_FILE, /* the file as a whole becomes plain text */
  FLASH_LAYOUT_METHOD_LINE_ENDS, /* all line ends */
  FLASH_LAYOUT_METHOD_END, /* the last line gets one */
  FLASH_LAYOUT_METHOD_LINE, /* a line is replaced */
  FLASH_LAYOUT_METHOD_CELL, /* the diagnostic says what its cell has to be */
  FLASH_LAYOUT_METHOD_OPTION, /* it says what the option has to be */
  FLASH_LAYOUT_METHOD_ID, /* the next free Id */
} FlashLayoutMethod;

/**
 * FlashLayoutRemedy:
 * @code: of a diagnostic
 * @kind: at best; it depends on the line as well
 * @method: what is done
 * @mend: (nullable): for %FLASH_LAYOUT_METHOD_LINE
 */
typedef struct {
  const char *code;
  FlashLayoutFixKind kind;
  FlashLayoutMethod method;
  FlashLayoutMend mend;
} FlashLayoutRemedy;

/* Returns: (transfer none) (nullable): what was decided for that code; %NULL if nothing was, which
 * is so for those that come from the readers of other files. */
const FlashLayoutRemedy *flash_layout_fix_find_remedy (const char *code);

G_END_DECLS
