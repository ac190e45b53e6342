/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line as letters that can be compared, whichever way they are written. For use inside this
 * room. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  FLASH_REPORT_WRITING_PLAIN,
  FLASH_REPORT_WRITING_URL, /* `%C3%A4` */
  FLASH_REPORT_WRITING_ESCAPED, /* `\u00e4`, `\n`, `\"`, `\xc3\xa4`, `\040` */
} FlashReportWriting;

#define FLASH_REPORT_N_WRITINGS 3

/**
 * FlashReportLetter:
 * @letter: in lower case
 * @start: where it is written, in bytes of the line
 * @end: behind it
 */
typedef struct {
  gunichar letter;
  guint start;
  guint end;
} FlashReportLetter;

/* Returns: @c such that upper and lower case are the same. */
gunichar flash_report_letter_fold (gunichar c);

/* Returns: whether @text has anything that only @writing reads. */
gboolean flash_report_letters_is_written (const char *text, FlashReportWriting writing);

/**
 * flash_report_letters_read:
 * @line: (array length=length): valid UTF-8
 * @letters: (element-type FlashReportLetter): emptied, and filled
 */
void flash_report_letters_read (const char *line, gsize length, FlashReportWriting writing,
                                GArray *letters);

/* Returns: the letter at @place, 0 behind the end. */
gunichar flash_report_letters_get (GArray *letters, guint place);
/* Returns: whether the letters at @place are @text, which is ASCII in lower case. */
gboolean flash_report_letters_has (GArray *letters, guint place, const char *text);
/* Returns: whether the letters before @place are @text, which is ASCII in lower case. */
gboolean flash_report_letters_has_before (GArray *letters, guint place, const char *text);
/* Returns: whether the letter at @place goes on with a word. */
gboolean flash_report_letters_is_word (GArray *letters, guint place);

G_END_DECLS
