/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the cells of the table of partitions, in words: titles, contents, what can be
 * chosen, and why a text cannot stand in a cell. Thread: main. */
#pragma once

#include "flash-cell-facts.h"

G_BEGIN_DECLS

/* The columns of the table, in their order. */
typedef enum {
  FLASH_CELL_MARK, /* the worst there is to say about the line */
  FLASH_CELL_ENABLED,
  FLASH_CELL_OPTION,
  FLASH_CELL_ID,
  FLASH_CELL_NAME,
  FLASH_CELL_TYPE,
  FLASH_CELL_IP,
  FLASH_CELL_OFFSET,
  FLASH_CELL_SLOT, /* bytes up to the next partition */
  FLASH_CELL_FILE,
  FLASH_CELL_SIZE, /* bytes of the file, and how much of the slot they fill */
  FLASH_CELL_N_COLUMNS,
} FlashCellColumn;

/* Returns: (transfer none): the title of the column, for the header and for screen readers. */
const char *flash_cell_words_title (FlashCellColumn column);

/* Returns: whether the user can write something there. */
gboolean flash_cell_words_is_editable (FlashCellColumn column);

/* Returns: the column of the file that is shown there; must be editable. */
FlashLayoutColumn flash_cell_words_to_layout (FlashCellColumn column);
/* Returns: the column of the table that shows @column of the file; #FLASH_CELL_NAME if @column is
 * none, for what is about the whole line. */
FlashCellColumn flash_cell_words_from_layout (guint column);

/**
 * flash_cell_words_dup_text:
 * @facts: (nullable): what the checks found out about the line, if anything
 * @out_short: (out) (optional) (transfer full) (nullable): the same for a place where the text has
 *   no room; %NULL if it can only be cut off
 *
 * Returns: (transfer full): what is shown in the cell
 */
char *flash_cell_words_dup_text (FlashCellColumn column, FlashLayoutEntry *entry,
                                 const FlashRowFacts *facts, char **out_short);

/* Returns: (transfer full): what a screen reader says: “Offset: 0x00104400, row rootfs”. */
char *flash_cell_words_dup_label (FlashCellColumn column, FlashLayoutEntry *entry,
                                  const FlashRowFacts *facts);

/* Returns: (transfer full): the name of the line, or “line 7” if it has none. */
char *flash_cell_words_dup_row_name (FlashLayoutEntry *entry);

/* Returns: whether the cell is a file name, and there is one. */
gboolean flash_cell_words_has_file (FlashLayoutEntry *entry);

/**
 * FlashCellChoice:
 * @value: what stands in the file
 * @words: what it means
 */
typedef struct {
  const char *value;
  const char *words;
} FlashCellChoice;

/**
 * flash_cell_words_list_choices:
 * @entry: the line; what makes no sense there is left out
 *
 * Returns: (transfer full) (element-type FlashCellChoice): what is usually written there, words
 *   translated; empty if it can be anything
 */
GArray *flash_cell_words_list_choices (FlashCellColumn column, FlashLayoutEntry *entry);

/**
 * flash_cell_words_set:
 * @text: what the user wrote
 * @out_reason: (out) (optional) (transfer full): why it cannot be written, with the remedy;
 *   untouched otherwise
 *
 * Returns: whether the document holds @text in that cell now
 */
gboolean flash_cell_words_set (FlashLayoutDocument *document, FlashLayoutEntry *entry,
                               FlashCellColumn column, const char *text, char **out_reason);

G_END_DECLS
