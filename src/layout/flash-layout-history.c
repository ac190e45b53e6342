/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-history"

#include "config.h"

#include "flash-layout-history.h"

/* Taking a change back and making it again are the same: what is kept and what is there change
 * places. Changes are taken back in the opposite order, so each finds the text that it left. */
typedef struct {
  FlashLayoutText *text; /* (owned) (nullable): what was there, if the whole was replaced */
  GPtrArray *lines; /* (owned) (nullable) (element-type FlashLayoutTextLine): what was there */
  guint at;
  guint n_lines; /* that stand in the text in their place */
} Change;

typedef struct {
  FlashLayoutEdit edit;
  char *subject; /* (owned) (nullable) */
  GPtrArray *changes; /* (owned) (element-type Change) */
} Step;

struct _FlashLayoutHistory {
  FlashLayoutText *text; /* (owned) */
  GPtrArray *undo; /* (owned) (element-type Step): the last one is taken back first */
  GPtrArray *redo; /* (owned) (element-type Step): the last one is made again first */
  Step *open; /* (owned) (nullable) */
  GArray *marks; /* (owned) (element-type guint): changes in @open where each nested step began */
};

static void
change_free (gpointer data)
{
  Change *self = data;

  g_clear_pointer (&self->text, flash_layout_text_free);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_free (self);
}

static void
step_free (gpointer data)
{
  Step *self = data;

  g_free (self->subject);
  g_ptr_array_unref (self->changes);
  g_free (self);
}

FlashLayoutHistory *
flash_layout_history_new (FlashLayoutText *text)
{
  FlashLayoutHistory *self = g_new0 (FlashLayoutHistory, 1);

  self->text = text;
  self->undo = g_ptr_array_new_with_free_func (step_free);
  self->redo = g_ptr_array_new_with_free_func (step_free);
  self->marks = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

void
flash_layout_history_free (FlashLayoutHistory *self)
{
  flash_layout_text_free (self->text);
  g_ptr_array_unref (self->undo);
  g_ptr_array_unref (self->redo);
  g_clear_pointer (&self->open, step_free);
  g_array_unref (self->marks);
  g_free (self);
}

FlashLayoutText *
flash_layout_history_get_text (FlashLayoutHistory *self)
{
  return self->text;
}

static void
swap (FlashLayoutHistory *self, Change *change)
{
  GPtrArray *lines = change->lines;
  guint n_lines;

  if (lines == NULL) {
    FlashLayoutText *text = self->text;

    self->text = change->text;
    change->text = text;
    return;
  }
  n_lines = lines->len;
  change->lines = flash_layout_text_splice (self->text, change->at, change->n_lines, lines);
  change->n_lines = n_lines;
  g_ptr_array_unref (lines);
}

void
flash_layout_history_splice (FlashLayoutHistory *self, guint at, guint n_removed, GPtrArray *lines)
{
  g_autoptr (GPtrArray) removed = flash_layout_text_splice (self->text, at, n_removed, lines);
  guint n_changes = self->open->changes->len;
  guint mark = g_array_index (self->marks, guint, self->marks->len - 1);
  Change *last = n_changes > mark ? g_ptr_array_index (self->open->changes, n_changes - 1) : NULL;
  Change *change;

  /* Dragging changes the same line many times; what it was at first is enough. */
  if (last != NULL && last->lines != NULL && last->at == at && last->n_lines == n_removed &&
      n_removed == lines->len)
    return;
  change = g_new0 (Change, 1);
  change->at = at;
  change->n_lines = lines->len;
  change->lines = g_steal_pointer (&removed);
  g_ptr_array_add (self->open->changes, change);
}

void
flash_layout_history_replace (FlashLayoutHistory *self, FlashLayoutText *text)
{
  Change *change = g_new0 (Change, 1);

  change->text = self->text;
  self->text = text;
  g_ptr_array_add (self->open->changes, change);
}

void
flash_layout_history_begin (FlashLayoutHistory *self, FlashLayoutEdit edit, const char *subject)
{
  guint mark;

  if (self->open == NULL) {
    self->open = g_new0 (Step, 1);
    self->open->edit = edit;
    self->open->subject = g_strdup (subject);
    self->open->changes = g_ptr_array_new_with_free_func (change_free);
  }
  mark = self->open->changes->len;
  g_array_append_val (self->marks, mark);
}

static void
take_back (FlashLayoutHistory *self, GPtrArray *changes, guint n_left)
{
  for (guint i = changes->len; i > n_left; i--)
    swap (self, g_ptr_array_index (changes, i - 1));
}

static void
make_again (FlashLayoutHistory *self, GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    swap (self, g_ptr_array_index (changes, i));
}

/* Takes back what leaves the same bytes: a partition that was dragged to and fro is where it was.
 * The steps before and behind want to find the very lines that they left. */
static gboolean
take_back_idle (FlashLayoutHistory *self, GPtrArray *changes)
{
  const Change *first = g_ptr_array_index (changes, 0);
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;

  /* Mostly there is one change of few lines. */
  if (changes->len == 1 && first->lines != NULL &&
      !flash_layout_text_has_lines (self->text, first->at, first->n_lines, first->lines))
    return FALSE;
  after = flash_layout_text_dup_bytes (self->text);
  take_back (self, changes, 0);
  before = flash_layout_text_dup_bytes (self->text);
  if (g_bytes_equal (before, after))
    return TRUE;
  make_again (self, changes);
  return FALSE;
}

/* Returns: whether what was done was taken back. */
static gboolean
close_step (FlashLayoutHistory *self)
{
  Step *step = g_steal_pointer (&self->open);
  gboolean has_changes = step->changes->len > 0;

  if (!has_changes || take_back_idle (self, step->changes)) {
    step_free (step);
    return has_changes;
  }
  g_ptr_array_set_size (self->redo, 0);
  g_ptr_array_add (self->undo, step);
  return FALSE;
}

gboolean
flash_layout_history_end (FlashLayoutHistory *self)
{
  g_return_val_if_fail (self->marks->len > 0, FALSE);

  g_array_set_size (self->marks, self->marks->len - 1);
  return self->marks->len == 0 && close_step (self);
}

gboolean
flash_layout_history_abandon (FlashLayoutHistory *self)
{
  guint mark;
  gboolean has_changes;

  g_return_val_if_fail (self->marks->len > 0, FALSE);

  mark = g_array_index (self->marks, guint, self->marks->len - 1);
  has_changes = self->open->changes->len > mark;
  take_back (self, self->open->changes, mark);
  g_ptr_array_set_size (self->open->changes, (gint) mark);
  return flash_layout_history_end (self) || has_changes;
}

gboolean
flash_layout_history_is_open (FlashLayoutHistory *self)
{
  return self->open != NULL;
}

gboolean
flash_layout_history_undo (FlashLayoutHistory *self)
{
  Step *step;

  if (self->open != NULL || self->undo->len == 0)
    return FALSE;
  step = g_ptr_array_steal_index (self->undo, self->undo->len - 1);
  take_back (self, step->changes, 0);
  g_ptr_array_add (self->redo, step);
  return TRUE;
}

gboolean
flash_layout_history_redo (FlashLayoutHistory *self)
{
  Step *step;

  if (self->open != NULL || self->redo->len == 0)
    return FALSE;
  step = g_ptr_array_steal_index (self->redo, self->redo->len - 1);
  make_again (self, step->changes);
  g_ptr_array_add (self->undo, step);
  return TRUE;
}

static FlashLayoutEdit
peek (GPtrArray *steps, const char **out_subject)
{
  const Step *step = steps->len > 0 ? g_ptr_array_index (steps, steps->len - 1) : NULL;

  if (out_subject != NULL)
    *out_subject = step != NULL ? step->subject : NULL;
  return step != NULL ? step->edit : FLASH_LAYOUT_EDIT_NONE;
}

FlashLayoutEdit
flash_layout_history_peek_undo (FlashLayoutHistory *self, const char **out_subject)
{
  return peek (self->undo, out_subject);
}

FlashLayoutEdit
flash_layout_history_peek_redo (FlashLayoutHistory *self, const char **out_subject)
{
  return peek (self->redo, out_subject);
}
