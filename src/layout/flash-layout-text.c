/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-text"

#include "config.h"

#include "flash-layout-text.h"
#include "flash-layout-reader.h"
#include "flash-source.h"
#include "flash-stm32-header.h"

static const char utf8_mark[] = "\xef\xbb\xbf";
#define MARK_LENGTH (sizeof utf8_mark - 1)

static void
line_clear (gpointer data)
{
  FlashLayoutTextLine *self = data;

  g_free (self->text);
  g_free (self->end);
  g_clear_pointer (&self->cells, flash_layout_entry_cells_unref);
  g_clear_object (&self->entry);
}

FlashLayoutTextLine *
flash_layout_text_line_ref (FlashLayoutTextLine *self)
{
  return g_rc_box_acquire (self);
}

void
flash_layout_text_line_unref (FlashLayoutTextLine *self)
{
  g_rc_box_release_full (self, line_clear);
}

static void
unref_line (gpointer data)
{
  flash_layout_text_line_unref (data);
}

GPtrArray *
flash_layout_text_line_array_new (void)
{
  return g_ptr_array_new_with_free_func (unref_line);
}

FlashLayoutTextLine *
flash_layout_text_line_new (const char *text, gsize length, const char *end,
                            FlashLayoutEntry *entry)
{
  FlashLayoutTextLine *self = g_rc_box_new0 (FlashLayoutTextLine);

  self->text = g_strndup (text, length);
  self->length = length;
  self->end = g_strdup (end);
  self->cells = flash_layout_entry_cells_new (self->text, entry != NULL);
  if (self->cells != NULL)
    self->entry = entry != NULL ? g_object_ref (entry) : flash_layout_entry_new ();
  return self;
}

FlashLayoutTextLine *
flash_layout_text_line_with_end (FlashLayoutTextLine *self, const char *end)
{
  FlashLayoutTextLine *copy = g_rc_box_new0 (FlashLayoutTextLine);

  copy->text = g_strndup (self->text, self->length);
  copy->length = self->length;
  copy->end = g_strdup (end);
  if (self->cells != NULL)
    copy->cells = flash_layout_entry_cells_ref (self->cells);
  g_set_object (&copy->entry, self->entry);
  return copy;
}

FlashLayoutTextLine *
flash_layout_text_line_replace (FlashLayoutTextLine *self, const char *text)
{
  FlashLayoutTextLine *line = flash_layout_text_line_new (text, strlen (text), self->end, NULL);

  if (line->entry != NULL && self->entry != NULL)
    g_set_object (&line->entry, self->entry);
  return line;
}

/* The board takes anything but a clean v1 header for text (stm32mp-usb.md section 3.1). */
static gboolean
find_frame (GBytes *bytes, FlashStm32Header *out_header)
{
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "layout");

  return flash_stm32_header_read (source, out_header, NULL) && out_header->version_major == 1 &&
         out_header->is_clean;
}

static FlashLayoutObstacle
find_obstacle (GBytes *bytes)
{
  gsize size, length;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  FlashStm32Header header;
  g_autofree char *wide = NULL;

  if (size > FLASH_LAYOUT_MAX_SIZE)
    return FLASH_LAYOUT_OBSTACLE_NOT_TEXT;
  if (size == 0)
    return FLASH_LAYOUT_OBSTACLE_NONE;
  if (find_frame (bytes, &header))
    return FLASH_LAYOUT_OBSTACLE_FRAMED;
  wide = flash_layout_dup_wide (data, size, &length);
  if (wide != NULL)
    return FLASH_LAYOUT_OBSTACLE_WIDE;
  if (flash_layout_is_binary (data, size))
    return FLASH_LAYOUT_OBSTACLE_NOT_TEXT;
  if (memchr (data, '\0', size) != NULL)
    return FLASH_LAYOUT_OBSTACLE_NUL;
  return FLASH_LAYOUT_OBSTACLE_NONE;
}

static void
add_line (FlashLayoutText *self, const char *text, gsize length, gboolean has_end)
{
  gsize all = length + has_end;
  g_autofree char *end = NULL;

  while (length > 0 && text[length - 1] == '\r')
    length--;
  end = g_strndup (text + length, all - length);
  g_ptr_array_add (self->lines, flash_layout_text_line_new (text, length, end, NULL));
}

static void
split (FlashLayoutText *self, const char *text, gsize size)
{
  const char *first_return = memchr (text, '\r', size);
  char line_end = '\n';

  if (first_return != NULL && first_return != text + size - 1 && memchr (text, '\n', size) == NULL)
    line_end = '\r';
  while (size > 0) {
    const char *end = memchr (text, line_end, size);
    gsize length = end != NULL ? (gsize) (end - text) : size;

    add_line (self, text, length, end != NULL);
    if (end == NULL)
      return;
    text += length + 1;
    size -= length + 1;
  }
}

FlashLayoutText *
flash_layout_text_new (GBytes *bytes)
{
  FlashLayoutText *self = g_new0 (FlashLayoutText, 1);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  self->lines = flash_layout_text_line_array_new ();
  self->obstacle = find_obstacle (bytes);
  self->size = size;
  if (self->obstacle != FLASH_LAYOUT_OBSTACLE_NONE) {
    self->raw = g_bytes_ref (bytes);
    return self;
  }
  if (size >= MARK_LENGTH && memcmp (data, utf8_mark, MARK_LENGTH) == 0) {
    self->has_mark = TRUE;
    data += MARK_LENGTH;
    size -= MARK_LENGTH;
  }
  if (size > 0)
    split (self, data, size);
  return self;
}

void
flash_layout_text_free (FlashLayoutText *self)
{
  g_clear_pointer (&self->raw, g_bytes_unref);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

GBytes *
flash_layout_text_dup_bytes (const FlashLayoutText *self)
{
  GString *bytes;

  if (self->raw != NULL)
    return g_bytes_ref (self->raw);
  bytes = g_string_sized_new (self->size);
  if (self->has_mark)
    g_string_append (bytes, utf8_mark);
  for (guint i = 0; i < self->lines->len; i++) {
    FlashLayoutTextLine *line = flash_layout_text_get_line (self, i);

    g_string_append_len (bytes, line->text, (gssize) line->length);
    g_string_append (bytes, line->end);
  }
  return g_string_free_to_bytes (bytes);
}

FlashLayoutTextLine *
flash_layout_text_get_line (const FlashLayoutText *self, guint index)
{
  return g_ptr_array_index (self->lines, index);
}

/* Returns: (transfer none): the end that most lines have. */
static const char *
find_usual_end (GPtrArray *lines)
{
  guint n_feed = 0, n_both = 0, n_return = 0;

  for (guint i = 0; i < lines->len; i++) {
    const char *end = ((const FlashLayoutTextLine *) g_ptr_array_index (lines, i))->end;

    if (*end == '\n')
      n_feed++;
    else if (g_str_has_suffix (end, "\n"))
      n_both++;
    else
      n_return += *end != '\0';
  }
  if (n_both > n_feed)
    return "\r\n";
  /* Carriage returns alone end lines only where there is not one line feed. */
  return n_return > 0 && n_feed == 0 && n_both == 0 ? "\r" : "\n";
}

/* @usual: find_usual_end () */
static gboolean
is_ended (const FlashLayoutTextLine *line, const char *usual)
{
  return g_str_has_suffix (line->end, usual[strlen (usual) - 1] == '\r' ? "\r" : "\n");
}

static void
add_with_end (GPtrArray *lines, FlashLayoutTextLine *line, const char *end)
{
  g_ptr_array_add (lines, flash_layout_text_line_with_end (line, end));
}

/* @had_end: whether the last line so far had one */
static void
add_last (GPtrArray *lines, FlashLayoutTextLine *line, gboolean had_end, const char *usual)
{
  gboolean is_comment = line->text[strspn (line->text, "\t")] == '#';
  gboolean has_end = *line->end != '\0';

  if (!has_end && (had_end || is_comment))
    add_with_end (lines, line, usual);
  else if (has_end && !had_end && !is_comment)
    add_with_end (lines, line, "");
  else
    g_ptr_array_add (lines, flash_layout_text_line_ref (line));
}

/* Whoever gives each line of the text an end means the last one too; whoever only brings them into
 * another order does not. */
static gboolean
have_ends (GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++) {
    if (*((const FlashLayoutTextLine *) g_ptr_array_index (lines, i))->end == '\0')
      return FALSE;
  }
  return TRUE;
}

/* Carriage returns in a text that has no other line left would become line ends. */
static gboolean
falls_apart (const FlashLayoutTextLine *line)
{
  return !g_str_has_suffix (line->end, "\n") &&
         (strchr (line->text, '\r') != NULL || strlen (line->end) > 1);
}

static void
mend_single (const FlashLayoutText *self, guint *at, guint *n_removed, GPtrArray *mended)
{
  FlashLayoutTextLine *line = mended->len > 0
                                  ? g_ptr_array_index (mended, 0)
                                  : flash_layout_text_get_line (self, *at == 0 ? *n_removed : 0);
  g_autoptr (FlashLayoutTextLine) kept = flash_layout_text_line_ref (line);

  if (!falls_apart (kept))
    return;
  *at = 0;
  *n_removed = self->lines->len;
  g_ptr_array_set_size (mended, 0);
  add_with_end (mended, kept, "\n");
}

/* Whether lines go and as many come, with the same ends, and the text goes on behind them: then
 * there is nothing to mend, and it is not worth looking through the text. */
static gboolean
have_old_ends (const FlashLayoutText *self, guint at, guint n_removed, GPtrArray *lines)
{
  if (n_removed != lines->len || at + n_removed >= self->lines->len)
    return FALSE;
  for (guint i = 0; i < n_removed; i++) {
    const FlashLayoutTextLine *line = g_ptr_array_index (lines, i);

    if (!g_str_equal (line->end, flash_layout_text_get_line (self, at + i)->end))
      return FALSE;
  }
  return TRUE;
}

/* flash_layout_text_mend_ends () for all other cases. */
static GPtrArray *
mend_ends (const FlashLayoutText *self, guint *at, guint *n_removed, GPtrArray *lines)
{
  GPtrArray *mended = flash_layout_text_line_array_new ();
  guint n_lines = self->lines->len;
  gboolean is_whole = *n_removed == n_lines && n_lines > 0 && lines->len > 0;
  const char *usual = find_usual_end (is_whole ? lines : self->lines);
  FlashLayoutTextLine *last = n_lines > 0 ? flash_layout_text_get_line (self, n_lines - 1) : NULL;
  gboolean has_end = last == NULL || *last->end != '\0';
  gboolean is_at_end = *at + *n_removed == n_lines;

  if (is_at_end && *n_removed == 0 && lines->len > 0 && last != NULL && !is_ended (last, usual)) {
    (*at)--;
    (*n_removed)++;
    add_with_end (mended, last, usual);
  }
  for (guint i = 0; i < lines->len; i++) {
    FlashLayoutTextLine *line = g_ptr_array_index (lines, i);

    if (is_at_end && i + 1 == lines->len)
      add_last (mended, line, has_end || (is_whole && have_ends (lines)), usual);
    else if (is_ended (line, usual))
      g_ptr_array_add (mended, flash_layout_text_line_ref (line));
    else
      add_with_end (mended, line, usual);
  }
  if (n_lines - *n_removed + mended->len == 1)
    mend_single (self, at, n_removed, mended);
  return mended;
}

GPtrArray *
flash_layout_text_mend_ends (const FlashLayoutText *self, guint *at, guint *n_removed,
                             GPtrArray *lines)
{
  GPtrArray *same;

  if (!have_old_ends (self, *at, *n_removed, lines))
    return mend_ends (self, at, n_removed, lines);
  same = flash_layout_text_line_array_new ();
  for (guint i = 0; i < lines->len; i++)
    g_ptr_array_add (same, flash_layout_text_line_ref (g_ptr_array_index (lines, i)));
  return same;
}

static gsize
measure (GPtrArray *lines, guint at, guint n_lines)
{
  gsize size = 0;

  for (guint i = at; i < at + n_lines; i++) {
    const FlashLayoutTextLine *line = g_ptr_array_index (lines, i);

    size += line->length + strlen (line->end);
  }
  return size;
}

static gboolean
is_same (const FlashLayoutTextLine *a, const FlashLayoutTextLine *b)
{
  return a->length == b->length && memcmp (a->text, b->text, a->length) == 0 &&
         g_str_equal (a->end, b->end);
}

gboolean
flash_layout_text_has_lines (const FlashLayoutText *self, guint at, guint n_lines, GPtrArray *lines)
{
  if (n_lines != lines->len)
    return FALSE;
  for (guint i = 0; i < n_lines; i++) {
    if (!is_same (flash_layout_text_get_line (self, at + i), g_ptr_array_index (lines, i)))
      return FALSE;
  }
  return TRUE;
}

gboolean
flash_layout_text_can_splice (const FlashLayoutText *self, guint at, guint n_removed,
                              GPtrArray *lines)
{
  gsize size_removed = measure (self->lines, at, n_removed);
  gsize size_added = measure (lines, 0, lines->len);

  return !flash_layout_text_has_lines (self, at, n_removed, lines) &&
         (size_added <= size_removed ||
          self->size + (size_added - size_removed) <= FLASH_LAYOUT_MAX_SIZE);
}

GPtrArray *
flash_layout_text_splice (FlashLayoutText *self, guint at, guint n_removed, GPtrArray *lines)
{
  GPtrArray *removed = flash_layout_text_line_array_new ();
  guint n_added = lines->len > n_removed ? lines->len - n_removed : 0;
  guint n_behind = self->lines->len - at - n_removed;
  guint n_before = self->lines->len;
  gpointer *slots;

  for (guint i = 0; i < n_removed; i++)
    g_ptr_array_add (removed,
                     flash_layout_text_line_ref (flash_layout_text_get_line (self, at + i)));
  if (n_added > 0)
    g_ptr_array_set_size (self->lines, (gint) (n_before + n_added));
  slots = self->lines->pdata;
  for (guint i = 0; i < n_removed; i++)
    flash_layout_text_line_unref (slots[at + i]);
  if (lines->len != n_removed)
    memmove (slots + at + lines->len, slots + at + n_removed, n_behind * sizeof *slots);
  for (guint i = 0; i < lines->len; i++)
    slots[at + i] = flash_layout_text_line_ref (g_ptr_array_index (lines, i));
  if (lines->len < n_removed) {
    /* What lies behind has moved up; the slots there must not be freed a second time. */
    memset (slots + at + lines->len + n_behind, 0, (n_removed - lines->len) * sizeof *slots);
    self->lines->len = n_before - n_removed + lines->len;
  }
  self->size += measure (lines, 0, lines->len);
  self->size -= measure (removed, 0, removed->len);
  return removed;
}

static GBytes *
drop_nul (const char *text, gsize size)
{
  GByteArray *kept = g_byte_array_sized_new ((guint) size);

  for (gsize i = 0; i < size; i++) {
    if (text[i] != '\0')
      g_byte_array_append (kept, (const guint8 *) text + i, 1);
  }
  return g_byte_array_free_to_bytes (kept);
}

GBytes *
flash_layout_text_dup_plain (GBytes *bytes)
{
  g_autoptr (GBytes) bare = g_bytes_ref (bytes);
  g_autofree char *wide = NULL;
  FlashStm32Header header;
  const char *text;
  gsize size;

  if (g_bytes_get_size (bytes) > FLASH_LAYOUT_MAX_SIZE)
    return NULL;
  if (find_frame (bytes, &header)) {
    gsize room = g_bytes_get_size (bytes) - header.header_length;

    g_bytes_unref (bare);
    bare = g_bytes_new_from_bytes (bytes, header.header_length, MIN (room, header.image_length));
  }
  text = g_bytes_get_data (bare, &size);
  if (size == 0)
    return g_steal_pointer (&bare);
  wide = flash_layout_dup_wide ((const guint8 *) text, size, &size);
  if (wide != NULL)
    text = wide;
  else if (flash_layout_is_binary ((const guint8 *) text, size))
    return NULL;
  if (size >= MARK_LENGTH && memcmp (text, utf8_mark, MARK_LENGTH) == 0) {
    text += MARK_LENGTH;
    size -= MARK_LENGTH;
  }
  return drop_nul (text, size);
}
