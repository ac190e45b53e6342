/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-document"

#include "config.h"

#include "flash-layout-document-private.h"
#include "flash-layout-history.h"

struct _FlashLayoutDocument {
  GObject parent_instance;

  FlashLayoutHistory *history; /* (owned) */
  GPtrArray *entries; /* (owned) (element-type FlashLayoutEntry): ascending by number */
  GBytes *bytes; /* (owned) (nullable): the text as it is now, as soon as somebody asks */
  GBytes *saved; /* (owned) */
  gboolean is_held; /* what is told waits for flash_layout_document_release () */
  gboolean is_edited; /* meanwhile: there is something to tell */
  gboolean is_stale; /* meanwhile: and @entries are not those of the lines */
};

enum { SIGNAL_EDITED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashLayoutDocument, flash_layout_document, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
flash_layout_document_finalize (GObject *object)
{
  FlashLayoutDocument *self = FLASH_LAYOUT_DOCUMENT (object);

  g_clear_pointer (&self->history, flash_layout_history_free);
  g_ptr_array_unref (self->entries);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->saved, g_bytes_unref);

  G_OBJECT_CLASS (flash_layout_document_parent_class)->finalize (object);
}

static void
flash_layout_document_class_init (FlashLayoutDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_layout_document_finalize;

  signals[SIGNAL_EDITED] = g_signal_new ("edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_layout_document_init (FlashLayoutDocument *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
}

static GType
get_item_type (GListModel *model)
{
  return FLASH_TYPE_LAYOUT_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return FLASH_LAYOUT_DOCUMENT (model)->entries->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  FlashLayoutDocument *self = FLASH_LAYOUT_DOCUMENT (model);

  return position < self->entries->len ? g_object_ref (g_ptr_array_index (self->entries, position))
                                       : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Returns: (transfer full): the entries of the lines as they are now, brought up to date; those
 * that others must hear of are in @out_changed. */
static GPtrArray *
collect_entries (FlashLayoutDocument *self, GPtrArray *out_changed)
{
  FlashLayoutText *text = flash_layout_history_get_text (self->history);
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < text->lines->len; i++) {
    FlashLayoutTextLine *line = flash_layout_text_get_line (text, i);

    if (line->entry == NULL)
      continue;
    g_ptr_array_add (entries, g_object_ref (line->entry));
    if (flash_layout_entry_update (line->entry, line->cells, i + 1))
      g_ptr_array_add (out_changed, g_object_ref (line->entry));
  }
  return entries;
}

typedef struct {
  guint position;
  guint n_removed;
  guint n_added;
} Difference;

/* Finds what the two lists have in common at the head and at the tail. */
static Difference
compare (GPtrArray *before, GPtrArray *after)
{
  guint head = 0, tail = 0;
  guint shorter = MIN (before->len, after->len);

  while (head < shorter && before->pdata[head] == after->pdata[head])
    head++;
  while (tail < shorter - head &&
         before->pdata[before->len - tail - 1] == after->pdata[after->len - tail - 1])
    tail++;
  return (Difference){ head, before->len - head - tail, after->len - head - tail };
}

/* Brings everything up to date, then tells it. */
static void
refresh (FlashLayoutDocument *self)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) before = NULL;
  Difference difference;

  g_clear_pointer (&self->bytes, g_bytes_unref);
  if (self->is_held) {
    self->is_edited = self->is_stale = TRUE;
    return;
  }
  before = g_steal_pointer (&self->entries);
  self->entries = collect_entries (self, changed);
  difference = compare (before, self->entries);
  for (guint i = 0; i < difference.n_removed; i++) {
    FlashLayoutEntry *entry = g_ptr_array_index (before, difference.position + i);

    if (flash_layout_document_find_entry (self, entry) == G_MAXUINT &&
        flash_layout_entry_update (entry, NULL, 0))
      g_ptr_array_add (changed, g_object_ref (entry));
  }
  if (difference.n_removed > 0 || difference.n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), difference.position, difference.n_removed,
                                difference.n_added);
  for (guint i = 0; i < changed->len; i++)
    flash_layout_entry_emit_changed (g_ptr_array_index (changed, i));
  g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

/* The same where a line has become another version of itself: nothing else has moved, and in a long
 * text it would take its time to find that out. */
static void
refresh_line (FlashLayoutDocument *self, guint at)
{
  FlashLayoutTextLine *line =
      flash_layout_text_get_line (flash_layout_document_get_text (self), at);

  if (self->is_stale) {
    refresh (self);
    return;
  }
  g_clear_pointer (&self->bytes, g_bytes_unref);
  if (line->entry != NULL && flash_layout_entry_update (line->entry, line->cells, at + 1))
    flash_layout_entry_emit_changed (line->entry);
  if (self->is_held)
    self->is_edited = TRUE;
  else
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

void
flash_layout_document_hold (FlashLayoutDocument *self)
{
  g_return_if_fail (!self->is_held);

  self->is_held = TRUE;
}

void
flash_layout_document_release (FlashLayoutDocument *self)
{
  gboolean is_edited = self->is_edited;
  gboolean is_stale = self->is_stale;

  g_return_if_fail (self->is_held);

  self->is_held = self->is_edited = self->is_stale = FALSE;
  if (is_stale)
    refresh (self);
  else if (is_edited)
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

FlashLayoutDocument *
flash_layout_document_new (GBytes *text)
{
  FlashLayoutDocument *self;
  g_autoptr (GPtrArray) ignored = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (FLASH_TYPE_LAYOUT_DOCUMENT, NULL);
  self->history = flash_layout_history_new (flash_layout_text_new (text));
  self->saved = g_bytes_ref (text);
  g_ptr_array_unref (self->entries);
  self->entries = collect_entries (self, ignored);
  return self;
}

static GBytes *
get_bytes (FlashLayoutDocument *self)
{
  if (self->bytes == NULL)
    self->bytes = flash_layout_text_dup_bytes (flash_layout_document_get_text (self));
  return self->bytes;
}

GBytes *
flash_layout_document_dup_text (FlashLayoutDocument *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), NULL);

  return g_bytes_ref (get_bytes (self));
}

FlashLayoutText *
flash_layout_document_get_text (FlashLayoutDocument *self)
{
  return flash_layout_history_get_text (self->history);
}

FlashLayoutObstacle
flash_layout_document_get_obstacle (FlashLayoutDocument *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FLASH_LAYOUT_OBSTACLE_NOT_TEXT);

  return flash_layout_document_get_text (self)->obstacle;
}

/* Returns: the place of the entry of that line, or of the first one behind it. */
static guint
find_position (FlashLayoutDocument *self, guint number)
{
  guint low = 0, high = self->entries->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (flash_layout_entry_get_number (g_ptr_array_index (self->entries, middle)) < number)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

FlashLayoutEntry *
flash_layout_document_find_line (FlashLayoutDocument *self, guint number)
{
  guint position;
  FlashLayoutEntry *entry;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), NULL);

  position = find_position (self, number);
  if (position == self->entries->len)
    return NULL;
  entry = g_ptr_array_index (self->entries, position);
  return flash_layout_entry_get_number (entry) == number ? entry : NULL;
}

guint
flash_layout_document_find_entry (FlashLayoutDocument *self, FlashLayoutEntry *entry)
{
  guint position;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), G_MAXUINT);
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (entry), G_MAXUINT);

  position = find_position (self, flash_layout_entry_get_number (entry));
  if (position < self->entries->len && g_ptr_array_index (self->entries, position) == entry)
    return position;
  return G_MAXUINT;
}

gboolean
flash_layout_document_locate (FlashLayoutDocument *self, FlashLayoutEntry *entry, guint *out_at)
{
  if (flash_layout_document_find_entry (self, entry) == G_MAXUINT)
    return FALSE;
  *out_at = flash_layout_entry_get_number (entry) - 1;
  return TRUE;
}

guint
flash_layout_document_get_n_lines (FlashLayoutDocument *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), 0);

  return flash_layout_document_get_text (self)->lines->len;
}

char *
flash_layout_document_dup_line (FlashLayoutDocument *self, guint number)
{
  FlashLayoutText *text;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), NULL);
  text = flash_layout_document_get_text (self);
  g_return_val_if_fail (number >= 1 && number <= text->lines->len, NULL);

  return g_strdup (flash_layout_text_get_line (text, number - 1)->text);
}

/* A step of its own for a single change, unless the caller has one open. */
static void
open_step (FlashLayoutDocument *self, FlashLayoutEdit edit, const char *subject,
           gboolean *out_is_opened)
{
  *out_is_opened = !flash_layout_history_is_open (self->history);
  if (*out_is_opened)
    flash_layout_history_begin (self->history, edit, subject);
}

/* Returns: whether everything was taken back, because it left the same bytes. */
static gboolean
close_step (FlashLayoutDocument *self, gboolean is_opened)
{
  return is_opened && flash_layout_history_end (self->history);
}

/* Whether one line takes the place of one, and they are the same to the user, or none of them is
 * anything. */
static gboolean
is_same_line (const FlashLayoutText *text, guint at, guint n_removed, GPtrArray *lines)
{
  return n_removed == 1 && lines->len == 1 &&
         ((FlashLayoutTextLine *) g_ptr_array_index (lines, 0))->entry ==
             flash_layout_text_get_line (text, at)->entry;
}

gboolean
flash_layout_document_splice (FlashLayoutDocument *self, guint at, guint n_removed,
                              GPtrArray *lines, FlashLayoutEdit edit, const char *subject)
{
  FlashLayoutText *text = flash_layout_document_get_text (self);
  g_autoptr (GPtrArray) mended = NULL;
  gboolean is_opened, is_same;

  if (text->obstacle != FLASH_LAYOUT_OBSTACLE_NONE)
    return FALSE;
  mended = flash_layout_text_mend_ends (text, &at, &n_removed, lines);
  if (!flash_layout_text_can_splice (text, at, n_removed, mended))
    return FALSE;
  is_same = is_same_line (text, at, n_removed, mended);
  open_step (self, edit, subject, &is_opened);
  flash_layout_history_splice (self->history, at, n_removed, mended);
  if (!close_step (self, is_opened) && is_same)
    refresh_line (self, at);
  else
    refresh (self);
  return TRUE;
}

gboolean
flash_layout_document_put_line (FlashLayoutDocument *self, guint at, FlashLayoutTextLine *line,
                                FlashLayoutEdit edit, const char *subject)
{
  g_autoptr (GPtrArray) lines = flash_layout_text_line_array_new ();

  g_ptr_array_add (lines, line);
  return flash_layout_document_splice (self, at, 1, lines, edit, subject);
}

void
flash_layout_document_replace_text (FlashLayoutDocument *self, GBytes *bytes, FlashLayoutEdit edit)
{
  gboolean is_opened;

  open_step (self, edit, NULL, &is_opened);
  flash_layout_history_replace (self->history, flash_layout_text_new (bytes));
  close_step (self, is_opened);
  refresh (self);
}

void
flash_layout_document_begin (FlashLayoutDocument *self, FlashLayoutEdit edit, const char *subject)
{
  g_return_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self));

  flash_layout_history_begin (self->history, edit, subject);
}

void
flash_layout_document_end (FlashLayoutDocument *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self));

  if (flash_layout_history_end (self->history))
    refresh (self);
}

void
flash_layout_document_abandon (FlashLayoutDocument *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self));

  if (flash_layout_history_abandon (self->history))
    refresh (self);
}

FlashLayoutEdit
flash_layout_document_get_undo (FlashLayoutDocument *self, const char **out_subject)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FLASH_LAYOUT_EDIT_NONE);

  return flash_layout_history_peek_undo (self->history, out_subject);
}

FlashLayoutEdit
flash_layout_document_get_redo (FlashLayoutDocument *self, const char **out_subject)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FLASH_LAYOUT_EDIT_NONE);

  return flash_layout_history_peek_redo (self->history, out_subject);
}

gboolean
flash_layout_document_undo (FlashLayoutDocument *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);

  if (!flash_layout_history_undo (self->history))
    return FALSE;
  refresh (self);
  return TRUE;
}

gboolean
flash_layout_document_redo (FlashLayoutDocument *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);

  if (!flash_layout_history_redo (self->history))
    return FALSE;
  refresh (self);
  return TRUE;
}

gboolean
flash_layout_document_is_modified (FlashLayoutDocument *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);

  /* Mostly the sizes differ, and then nothing is put together. */
  return flash_layout_document_get_text (self)->size != g_bytes_get_size (self->saved) ||
         !g_bytes_equal (get_bytes (self), self->saved);
}

void
flash_layout_document_mark_saved (FlashLayoutDocument *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self));

  g_bytes_unref (self->saved);
  self->saved = flash_layout_document_dup_text (self);
}
