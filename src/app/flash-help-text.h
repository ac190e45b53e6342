/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the help, which are part of the program, as texts in a small part of Markdown:
 * headings, paragraphs, lists, numbered lists, blocks of code, `code`, **bold**, links.
 * Thread: main. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLASH_HELP_INDEX "index"

/**
 * FlashHelpKind:
 * @FLASH_HELP_TITLE: the title of the page
 * @FLASH_HELP_CAUSE: the same of a page about an advice: a whole sentence
 * @FLASH_HELP_HEADING: a heading in it
 * @FLASH_HELP_PARAGRAPH: running text
 * @FLASH_HELP_POINT: a point of a list
 * @FLASH_HELP_STEP: a step of a numbered list
 * @FLASH_HELP_CODE: lines to be taken as they are
 */
typedef enum {
  FLASH_HELP_TITLE,
  FLASH_HELP_CAUSE,
  FLASH_HELP_HEADING,
  FLASH_HELP_PARAGRAPH,
  FLASH_HELP_POINT,
  FLASH_HELP_STEP,
  FLASH_HELP_CODE,
} FlashHelpKind;

/**
 * FlashHelpBlock:
 * @kind: what it is
 * @number: of a step
 * @text: with the marks of the page; of a title, and of code, as it is to be shown
 */
typedef struct {
  FlashHelpKind kind;
  guint number;
  char *text;
} FlashHelpBlock;

void flash_help_block_free (FlashHelpBlock *self);

/* Returns: (transfer full) (element-type FlashHelpBlock): what the text of a page consists of. */
GPtrArray *flash_help_text_parse (const char *text);

/* Returns: (transfer full): Pango markup of the text of a block. */
char *flash_help_text_dup_markup (const char *text);

/* Returns: (transfer none) (array zero-terminated=1): the names of all pages, in their order. */
const char *const *flash_help_page_list (void);

/* Returns: (transfer full) (nullable): the text of that page, in the language of the user if there
 * is one, else in English; %NULL if there is no such page. */
char *flash_help_page_dup_text (const char *name);

/* Returns: (transfer full) (nullable): the title of that page. */
char *flash_help_page_dup_title (const char *name);

/* Returns: whether @text has all words of @query in it, however they are capitalised. */
gboolean flash_help_text_has_words (const char *text, const char *query);

/* Returns: whether title or text of that page have all words of @query in them. */
gboolean flash_help_page_matches (const char *name, const char *query);

G_END_DECLS
