/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A FlashLayout while it is edited: its text, byte for byte, and what was done to it.
 *
 * Every change goes one way: it replaces whole lines by others, and both are remembered, so that
 * everything can be undone without limit and what was not touched stays as it was: comments, order,
 * alignment, line ends, byte order mark. A change of a cell replaces the bytes of this cell; where
 * the file aligns its columns by several TABs, so many TABs follow as it takes to keep the next
 * column where it was, and at least one.
 *
 * A GListModel of FlashLayoutEntry, in the order of the file: the partitions, and those switched
 * off. Other comments and empty lines are kept, but are no items.
 *
 * Thread: main, or any single one; not shared. */
#pragma once

#include "flash-diag.h"
#include "flash-layout-entry.h"
#include "flash-layout.h"

G_BEGIN_DECLS

/**
 * FlashLayoutEdit:
 *
 * What an undo step did, for the words on its button. The subject (see
 * flash_layout_document_get_undo ()) is the name of the partition, where it is about one.
 */
typedef enum {
  FLASH_LAYOUT_EDIT_NONE, /* there is nothing to undo */
  FLASH_LAYOUT_EDIT_SET_CELL,
  FLASH_LAYOUT_EDIT_SET_BINARY,
  FLASH_LAYOUT_EDIT_ADD,
  FLASH_LAYOUT_EDIT_REMOVE,
  FLASH_LAYOUT_EDIT_DUPLICATE,
  FLASH_LAYOUT_EDIT_MOVE,
  FLASH_LAYOUT_EDIT_ENABLE,
  FLASH_LAYOUT_EDIT_DISABLE,
  FLASH_LAYOUT_EDIT_ONLY,
  FLASH_LAYOUT_EDIT_RESIZE, /* the start of a partition was dragged */
  FLASH_LAYOUT_EDIT_FIX,
  FLASH_LAYOUT_EDIT_FIX_ALL,
} FlashLayoutEdit;

#define FLASH_TYPE_LAYOUT_DOCUMENT (flash_layout_document_get_type ())
G_DECLARE_FINAL_TYPE (FlashLayoutDocument, flash_layout_document, FLASH, LAYOUT_DOCUMENT, GObject)

/**
 * flash_layout_document_new:
 * @text: any bytes; those of a hostile file too
 *
 * The text counts as saved.
 */
FlashLayoutDocument *flash_layout_document_new (GBytes *text);

/* Returns: (transfer full): the text as it is now. After everything is undone these are the bytes
 * of flash_layout_document_new (), without exception. */
GBytes *flash_layout_document_dup_text (FlashLayoutDocument *self);

/**
 * FlashLayoutObstacle:
 * @FLASH_LAYOUT_OBSTACLE_NONE: it can be edited
 * @FLASH_LAYOUT_OBSTACLE_WIDE: UTF-16; flash_layout_document_make_plain () helps
 * @FLASH_LAYOUT_OBSTACLE_FRAMED: an STM32 header is in front, whose checksum would break; the same
 *   helps
 * @FLASH_LAYOUT_OBSTACLE_NUL: there is a NUL byte, what follows is out of sight; the same helps
 * @FLASH_LAYOUT_OBSTACLE_NOT_TEXT: no layout at all, or larger than one may be
 *
 * Why a text cannot be edited line by line.
 */
typedef enum {
  FLASH_LAYOUT_OBSTACLE_NONE,
  FLASH_LAYOUT_OBSTACLE_WIDE,
  FLASH_LAYOUT_OBSTACLE_FRAMED,
  FLASH_LAYOUT_OBSTACLE_NUL,
  FLASH_LAYOUT_OBSTACLE_NOT_TEXT,
} FlashLayoutObstacle;

/* With an obstacle the document has no entries and every edit but
 * flash_layout_document_make_plain () returns %FALSE. */
FlashLayoutObstacle flash_layout_document_get_obstacle (FlashLayoutDocument *self);

/* --- looking ------------------------------------------------------------------------------ */

/* Returns: (transfer none) (nullable): the entry of that line of the text, counted from 1. */
FlashLayoutEntry *flash_layout_document_find_line (FlashLayoutDocument *self, guint number);
/* Returns: its place among the entries, %G_MAXUINT if it is none of them. */
guint flash_layout_document_find_entry (FlashLayoutDocument *self, FlashLayoutEntry *entry);
/* Returns: how many lines the text has, comments and empty ones too. */
guint flash_layout_document_get_n_lines (FlashLayoutDocument *self);
/* Returns: (transfer full): a line's bytes without its end; @number from 1. */
char *flash_layout_document_dup_line (FlashLayoutDocument *self, guint number);

/* --- changing ------------------------------------------------------------------------------ */
/* Each returns whether something has changed. %FALSE is no fault of the user: the value is the old
 * one, or cannot stand in a file (see flash_layout_cell_is_writable ()).
 * The signal `edited` follows each change, undo and redo too. */

/**
 * flash_layout_cell_is_writable:
 *
 * Returns: whether @text can be written as a cell and read again: not empty, without TAB, CR, LF
 *   and NUL, valid UTF-8, not longer than 4096 bytes; no # in front of the first cell. Whether the
 *   board takes it is another matter, which the checks tell.
 */
gboolean flash_layout_cell_is_writable (FlashLayoutColumn column, const char *text);

/**
 * flash_layout_document_set_cell:
 * @text: the new cell
 *
 * A line that has other separators than TABs gets TABs at the same time. Missing cells before
 * @column are filled with `-` for the option and `none` for others.
 */
gboolean flash_layout_document_set_cell (FlashLayoutDocument *self, FlashLayoutEntry *entry,
                                         FlashLayoutColumn column, const char *text);

/**
 * flash_layout_document_set_binary:
 * @binary: (nullable): what stands in the Binary column (see flash_layout_relative_path ()); %NULL
 *   for `none`
 *
 * Chooses the file of a partition. On a storage the option follows in the same step: E goes with a
 * file, and comes back without one; `-` stays.
 */
gboolean flash_layout_document_set_binary (FlashLayoutDocument *self, FlashLayoutEntry *entry,
                                           const char *binary);

/* Switches a line on or off. Takes away or adds exactly one # at its start. */
gboolean flash_layout_document_set_enabled (FlashLayoutDocument *self, FlashLayoutEntry *entry,
                                            gboolean is_enabled);

/**
 * flash_layout_document_insert:
 * @position: before which entry; the number of entries to append behind the last one
 * @cells: (array zero-terminated=1): at most seven cells, all of them writable
 *
 * Returns: (transfer none) (nullable): the new entry
 */
FlashLayoutEntry *
flash_layout_document_insert (FlashLayoutDocument *self, guint position, const char *const *cells);

/* Takes the entry's line away. */
gboolean flash_layout_document_remove (FlashLayoutDocument *self, FlashLayoutEntry *entry);

/* Puts a copy behind @entry, with the next free Id and a name that is not taken, where it is on a
 * storage. Returns: (transfer none) (nullable): the copy. */
FlashLayoutEntry *
flash_layout_document_duplicate (FlashLayoutDocument *self, FlashLayoutEntry *entry);

/* @position: the place among the entries that it has afterwards. Comments stay where they are. */
gboolean
flash_layout_document_move (FlashLayoutDocument *self, FlashLayoutEntry *entry, guint position);

/**
 * flash_layout_document_keep_only:
 * @entries: (element-type FlashLayoutEntry): the partitions to write
 *
 * Journey J6: of all enabled partitions on storages only these are written. The others on the same
 * storages get the option `-`, which keeps them as they are; storages without one of @entries keep
 * all. Boot stages stay. One undo step.
 */
gboolean flash_layout_document_keep_only (FlashLayoutDocument *self, GPtrArray *entries);

/* For fixes: replaces a line's bytes, without its end; @text of %NULL removes the line. */
gboolean
flash_layout_document_replace_line (FlashLayoutDocument *self, guint number, const char *text);

/* For fixes: puts a line in front of the line @number, or behind the last one. */
gboolean
flash_layout_document_insert_line (FlashLayoutDocument *self, guint number, const char *text);

/* For fixes: every line ends in a line feed alone. */
gboolean flash_layout_document_normalize_line_ends (FlashLayoutDocument *self);

/* For fixes: takes a byte order mark away, makes UTF-8 of UTF-16, drops an STM32 header and NUL
 * bytes. Undone like everything else. */
gboolean flash_layout_document_make_plain (FlashLayoutDocument *self);

/* --- history ------------------------------------------------------------------------------- */

/**
 * flash_layout_document_begin:
 * @edit: what the step is called
 * @subject: (nullable): the name of the partition it is about
 *
 * Everything up to flash_layout_document_end () is one undo step. The signal `edited` still follows
 * each change. Calls nest; the outermost counts. A step in which nothing changed is none.
 */
void
flash_layout_document_begin (FlashLayoutDocument *self, FlashLayoutEdit edit, const char *subject);
void flash_layout_document_end (FlashLayoutDocument *self);
/* Takes back what was done since flash_layout_document_begin () and ends the step, for a drag that
 * is broken off. */
void flash_layout_document_abandon (FlashLayoutDocument *self);

/**
 * flash_layout_document_get_undo:
 * @out_subject: (out) (optional) (nullable) (transfer none): the partition's name
 *
 * Returns: what undo would take back, %FLASH_LAYOUT_EDIT_NONE if nothing
 */
FlashLayoutEdit
flash_layout_document_get_undo (FlashLayoutDocument *self, const char **out_subject);
FlashLayoutEdit
flash_layout_document_get_redo (FlashLayoutDocument *self, const char **out_subject);
/* Returns: whether there was something. */
gboolean flash_layout_document_undo (FlashLayoutDocument *self);
gboolean flash_layout_document_redo (FlashLayoutDocument *self);

/* Returns: whether the text differs from the one that was saved last, byte for byte. */
gboolean flash_layout_document_is_modified (FlashLayoutDocument *self);
/* The text as it is now counts as saved. */
void flash_layout_document_mark_saved (FlashLayoutDocument *self);

/* Signals:
 * `edited` ()  after each change, with entries and items-changed already up to date. */

/* --- paths ----------------------------------------------------------------------------------- */

/**
 * flash_layout_relative_path:
 * @folder: (type filename): the layout's folder
 * @base: (type filename): see flash_layout_get_base ()
 * @path: (type filename): a file, absolute
 *
 * Returns: (transfer full) (nullable): what to write into the Binary column so that @path is found,
 *   relative to @folder or @base, with / between; %NULL if it lies outside of both or cannot be
 *   written as a cell
 */
char *flash_layout_relative_path (const char *folder, const char *base, const char *path);

G_END_DECLS
