/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All bytes lie in one pool, in the order in which they came; runs say where they belong. Only at
 * the end are the runs ordered, so that adding is a copy in any order of addresses. A run grows
 * while addresses rise; what comes below the highest address so far is a run of its own, so that
 * the line of an overlap is known to the record.
 *
 * Thread: that of the reader. */
#define G_LOG_DOMAIN "flash-image-builder"

#include "config.h"

#include "flash-image-builder.h"

#include "flash-text.h"

#include <string.h>

#define ADDRESS_SPACE (G_GUINT64_CONSTANT (1) << 32)

/* Shuffled records are put in order whenever there are so many: no file of a linker gets there, and
 * one that is made to hurt takes no more memory than its bytes. */
#define MAX_LOOSE_RUNS (256 * 1024)
/* What may be left of them then: pieces that are still to be joined. */
#define MAX_ORDERED_RUNS (512 * 1024)

typedef struct {
  guint64 address;
  gsize offset; /* in the pool: also says which of two came first */
  gsize length;
  guint line; /* of its first byte */
} Run;

typedef struct {
  guint8 alternate;
  char *name; /* (owned) (nullable) */
  GArray *runs; /* (owned) (element-type Run) */
  guint64 end; /* behind the highest address so far */
  guint limit; /* number of runs at which they are put in order */
} Draft;

struct _FlashImageBuilder {
  FlashImage *image; /* (owned) */
  GByteArray *pool; /* (owned) (nullable): %NULL after the end */
  GPtrArray *drafts; /* (owned) (element-type Draft) */
  Draft *draft; /* that which is added to */
  guint n_doubts; /* errors that would be warnings if the user insisted */
  gboolean is_stopped; /* nothing more is taken */
  gboolean is_repeat_said;
  gboolean is_overlap_said;
};

/* --- making and freeing ------------------------------------------------------------------- */

static void
segment_free (gpointer data)
{
  FlashImageSegment *segment = data;

  g_bytes_unref (segment->bytes);
  g_free (segment);
}

static void
target_free (gpointer data)
{
  FlashImageTarget *target = data;

  g_ptr_array_unref (target->segments);
  g_free (target->name);
  g_free (target);
}

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  g_array_unref (draft->runs);
  g_free (draft->name);
  g_free (draft);
}

FlashImageBuilder *
flash_image_builder_new (FlashFormat format)
{
  FlashImageBuilder *self = g_new0 (FlashImageBuilder, 1);

  self->image = g_new0 (FlashImage, 1);
  g_atomic_ref_count_init (&self->image->ref_count);
  self->image->format = format;
  self->image->targets = g_ptr_array_new_with_free_func (target_free);
  self->image->families = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->image->diags = flash_diag_list_new ();
  self->image->has_address = format != FLASH_FORMAT_RAW && format != FLASH_FORMAT_DFU;
  self->pool = g_byte_array_new ();
  self->drafts = g_ptr_array_new_with_free_func (draft_free);
  flash_image_builder_begin_target (self, 0, NULL);
  return self;
}

void
flash_image_builder_free (FlashImageBuilder *self)
{
  g_clear_pointer (&self->image, flash_image_unref);
  g_clear_pointer (&self->pool, g_byte_array_unref);
  g_ptr_array_unref (self->drafts);
  g_free (self);
}

void
flash_image_builder_begin_target (FlashImageBuilder *self, guint8 alternate, const char *name)
{
  g_return_if_fail (self != NULL && self->image != NULL);

  self->draft = NULL;
  for (guint i = 0; i < self->drafts->len && self->draft == NULL; i++) {
    Draft *draft = g_ptr_array_index (self->drafts, i);

    if (draft->alternate == alternate)
      self->draft = draft;
  }
  if (self->draft == NULL) {
    self->draft = g_new0 (Draft, 1);
    self->draft->alternate = alternate;
    self->draft->runs = g_array_new (FALSE, FALSE, sizeof (Run));
    self->draft->limit = MAX_LOOSE_RUNS;
    g_ptr_array_add (self->drafts, self->draft);
  }
  if (self->draft->name == NULL)
    self->draft->name = g_strdup (name);
}

/* --- putting runs in order ---------------------------------------------------------------- */

static gint
compare_runs (gconstpointer a, gconstpointer b)
{
  const Run *x = a, *y = b;

  if (x->address != y->address)
    return x->address < y->address ? -1 : 1;
  return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static gint
compare_drafts (gconstpointer a, gconstpointer b)
{
  const Draft *x = *(const Draft *const *) a, *y = *(const Draft *const *) b;

  return (gint) x->alternate - (gint) y->alternate;
}

/* Says that @address comes twice, at the line where it came for the second time; for the error,
 * where it came with another byte than at first. */
static void
say_twice (FlashImageBuilder *self, const Draft *draft, guint64 address, gboolean is_error)
{
  g_autofree char *place = flash_text_address (address);
  const guint8 *pool = self->pool->data;
  const Run *first = NULL, *second = NULL;

  for (guint i = 0; i < draft->runs->len; i++) {
    const Run *run = &g_array_index (draft->runs, Run, i);

    if (address >= run->address && address - run->address < run->length &&
        (first == NULL || run->offset < first->offset))
      first = run;
  }
  for (guint i = 0; i < draft->runs->len && first != NULL; i++) {
    const Run *run = &g_array_index (draft->runs, Run, i);

    if (run == first || address < run->address || address - run->address >= run->length ||
        (second != NULL && run->offset > second->offset))
      continue;
    if (!is_error || pool[run->offset + (address - run->address)] !=
                         pool[first->offset + (address - first->address)])
      second = run;
  }
  if (is_error)
    flash_diag_list_add (self->image->diags, FLASH_SEVERITY_ERROR, "segments-overlap",
                         second != NULL ? second->line : 0, 0,
                         N_ ("The file gives the address {0} twice, with different bytes."), place,
                         NULL);
  else
    flash_diag_list_add (self->image->diags, FLASH_SEVERITY_INFO, "segments-repeated",
                         second != NULL ? second->line : 0, 0,
                         N_ ("The file gives the same bytes twice, at the address {0} for example; "
                             "that is harmless."),
                         place, NULL);
}

/* The piece of @run that lies below @end is there already, as @written.
 *
 * Returns: whether it is the same */
static gboolean
check_overlap (FlashImageBuilder *self, const Draft *draft, const Run *run, const guint8 *written,
               gsize length)
{
  const guint8 *bytes = self->pool->data + run->offset;
  gsize same = 0;

  if (length == 0)
    return TRUE;
  /* Once is enough, and finding the line takes its time. */
  if (memcmp (bytes, written, length) == 0) {
    if (!self->is_repeat_said)
      say_twice (self, draft, run->address, FALSE);
    self->is_repeat_said = TRUE;
    return TRUE;
  }
  while (bytes[same] == written[same])
    same++;
  if (!self->is_overlap_said)
    say_twice (self, draft, run->address + same, TRUE);
  self->is_overlap_said = TRUE;
  return FALSE;
}

/* Puts the runs from @first to @last (exclusive) one behind the other at the end of @joined.
 *
 * Returns: whether they do not contradict each other */
static gboolean
join_runs (FlashImageBuilder *self, const Draft *draft, guint first, guint last, GByteArray *joined)
{
  guint64 start = g_array_index (draft->runs, Run, first).address;
  guint start_length = joined->len;

  for (guint i = first; i < last; i++) {
    const Run *run = &g_array_index (draft->runs, Run, i);
    gsize at = (gsize) (run->address - start);
    gsize done = joined->len - start_length;
    gsize length = MIN (done - at, run->length);

    if (!check_overlap (self, draft, run, joined->data + start_length + at, length))
      return FALSE;
    g_byte_array_append (joined, self->pool->data + run->offset + length,
                         (guint) (run->length - length));
  }
  return TRUE;
}

/* Returns: behind the last run, from @first on, that touches or overlaps the one before it. */
static guint
find_joint (const Draft *draft, guint first, guint64 *out_end)
{
  guint last = first;
  guint64 end = g_array_index (draft->runs, Run, first).address;

  while (last < draft->runs->len && g_array_index (draft->runs, Run, last).address <= end) {
    const Run *run = &g_array_index (draft->runs, Run, last);

    end = MAX (end, run->address + run->length);
    last++;
  }
  *out_end = end;
  return last;
}

/* Joins what can be joined, so that fewer runs are left, in a pool that has no byte twice. The runs
 * of other targets move along. */
static void
tidy (FlashImageBuilder *self)
{
  GByteArray *joined = g_byte_array_sized_new (self->pool->len);

  for (guint d = 0; d < self->drafts->len; d++) {
    Draft *draft = g_ptr_array_index (self->drafts, d);
    g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (Run));

    g_array_sort (draft->runs, compare_runs);
    for (guint first = 0; first < draft->runs->len && !self->is_stopped;) {
      Run run = g_array_index (draft->runs, Run, first);
      guint64 end;
      guint last = find_joint (draft, first, &end);

      run.offset = joined->len;
      self->is_stopped = !join_runs (self, draft, first, last, joined);
      run.length = joined->len - run.offset;
      g_array_append_val (runs, run);
      first = last;
    }
    g_array_unref (draft->runs);
    draft->runs = g_steal_pointer (&runs);
    draft->limit = draft->runs->len + MAX (draft->runs->len, MAX_LOOSE_RUNS);
  }
  g_byte_array_unref (self->pool);
  self->pool = joined;
}

/* --- adding ------------------------------------------------------------------------------- */

static void
say_too_large (FlashImageBuilder *self, guint line)
{
  g_autofree char *bound = flash_text_size (FLASH_IMAGE_MAX_FILE);

  flash_diag_list_add (self->image->diags, FLASH_SEVERITY_ERROR, "image-too-large", line, 0,
                       N_ ("There is more in the file than any chip can hold: the bound is {0}."),
                       bound, NULL);
  self->is_stopped = TRUE;
}

static void
say_too_many (FlashImageBuilder *self, guint line)
{
  g_autofree char *bound = g_strdup_printf ("%d", FLASH_IMAGE_MAX_SEGMENTS);

  flash_diag_list_add (self->image->diags, FLASH_SEVERITY_ERROR, "image-too-large", line, 0,
                       N_ ("The contents are in too many separate pieces: the bound is {0}."),
                       bound, NULL);
  self->is_stopped = TRUE;
}

/* Whether there is place for more, after putting things in order if need be. */
static gboolean
make_room (FlashImageBuilder *self, guint64 address, gsize length, guint line)
{
  if (address > ADDRESS_SPACE || length > ADDRESS_SPACE - address) {
    g_autofree char *place = flash_text_address (address);

    flash_diag_list_add (
        self->image->diags, FLASH_SEVERITY_ERROR, "address-overflow", line, 0,
        N_ ("The data at {0} go beyond the end of the address space, which has 32 bits."), place,
        NULL);
    self->is_stopped = TRUE;
  } else if (length > FLASH_IMAGE_MAX_FILE - self->pool->len) {
    say_too_large (self, line);
  } else if (self->draft->runs->len >= self->draft->limit) {
    tidy (self);
    if (!self->is_stopped && self->draft->runs->len > MAX_ORDERED_RUNS)
      say_too_many (self, line);
  }
  return !self->is_stopped;
}

gboolean
flash_image_builder_add (FlashImageBuilder *self, guint64 address, const guint8 *bytes,
                         gsize length, guint line)
{
  Draft *draft = self->draft;
  Run *last;

  if (self->is_stopped)
    return FALSE;
  if (length == 0)
    return TRUE;
  if (!make_room (self, address, length, line))
    return FALSE;

  last = draft->runs->len > 0 ? &g_array_index (draft->runs, Run, draft->runs->len - 1) : NULL;
  if (last != NULL && address == draft->end && last->address + last->length == address &&
      last->offset + last->length == self->pool->len) {
    last->length += length;
  } else {
    Run run = { address, self->pool->len, length, line };

    g_array_append_val (draft->runs, run);
  }
  draft->end = MAX (draft->end, address + length);
  g_byte_array_append (self->pool, bytes, (guint) length);
  return TRUE;
}

void
flash_image_builder_set_entry (FlashImageBuilder *self, guint32 entry)
{
  self->image->has_entry = TRUE;
  self->image->entry = entry;
}

void
flash_image_builder_set_suffix (FlashImageBuilder *self, const FlashDfuSuffix *suffix)
{
  self->image->has_suffix = TRUE;
  self->image->suffix = *suffix;
}

void
flash_image_builder_add_family (FlashImageBuilder *self, guint32 family)
{
  g_array_append_val (self->image->families, family);
}

void
flash_image_builder_set_has_address (FlashImageBuilder *self, gboolean has_address)
{
  self->image->has_address = has_address;
}

FlashDiagList *
flash_image_builder_get_diags (FlashImageBuilder *self)
{
  return self->image->diags;
}

void
flash_image_builder_add_doubt (FlashImageBuilder *self, const FlashImageOptions *options,
                               const char *code, guint line, const char *template_text)
{
  const FlashDiag *diag = flash_diag_list_add (
      self->image->diags, options->insists ? FLASH_SEVERITY_WARNING : FLASH_SEVERITY_ERROR, code,
      line, 0, template_text, NULL);

  /* A list that is full takes none. */
  if (!options->insists && g_str_equal (flash_diag_get_code (diag), code))
    self->n_doubts++;
}

/* --- the end ------------------------------------------------------------------------------ */

/* One run needs no copy: it is a piece of the pool. */
static void
add_segments (FlashImageBuilder *self, const Draft *draft, GBytes *pool, GPtrArray *segments)
{
  for (guint first = 0; first < draft->runs->len;) {
    const Run *run = &g_array_index (draft->runs, Run, first);
    FlashImageSegment *segment = g_new0 (FlashImageSegment, 1);
    guint64 end;
    guint last = find_joint (draft, first, &end);

    segment->address = (guint32) run->address;
    if (last == first + 1) {
      segment->bytes = g_bytes_new_from_bytes (pool, run->offset, run->length);
    } else {
      GByteArray *joined = g_byte_array_sized_new ((guint) (end - run->address));

      join_runs (self, draft, first, last, joined);
      segment->bytes = g_byte_array_free_to_bytes (joined);
    }
    g_ptr_array_add (segments, segment);
    first = last;
  }
}

/* Returns: (transfer full): the target, or %NULL if it holds nothing */
static FlashImageTarget *
make_target (FlashImageBuilder *self, Draft *draft, GBytes *pool)
{
  FlashImageTarget *target;

  if (draft->runs->len == 0)
    return NULL;
  g_array_sort (draft->runs, compare_runs);
  target = g_new0 (FlashImageTarget, 1);
  target->alternate = draft->alternate;
  target->name = g_steal_pointer (&draft->name);
  target->segments = g_ptr_array_new_with_free_func (segment_free);
  add_segments (self, draft, pool, target->segments);
  return target;
}

/* What the readers cannot know before the end. */
static void
conclude (FlashImageBuilder *self)
{
  FlashDiagList *diags = self->image->diags;
  guint n_segments = 0;

  for (guint i = 0; i < self->image->targets->len; i++) {
    const FlashImageTarget *target = g_ptr_array_index (self->image->targets, i);

    n_segments += target->segments->len;
  }
  if (n_segments > FLASH_IMAGE_MAX_SEGMENTS) {
    say_too_many (self, 0);
    g_ptr_array_set_size (self->image->targets, 0);
  }
  if (n_segments == 0 && flash_diag_list_count (diags, FLASH_SEVERITY_ERROR) == self->n_doubts)
    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "image-empty", 0, 0,
                         N_ ("The file holds nothing that could be written to a chip."), NULL);
  self->image->can_insist =
      self->n_doubts > 0 && flash_diag_list_count (diags, FLASH_SEVERITY_ERROR) == self->n_doubts;
  flash_diag_list_sort (diags);
}

FlashImage *
flash_image_builder_end (FlashImageBuilder *self)
{
  g_autoptr (GBytes) pool = NULL;

  g_return_val_if_fail (self != NULL && self->image != NULL, NULL);

  /* The bytes move into @pool; the array is still looked at until the segments are made. */
  pool = g_bytes_new_with_free_func (self->pool->data, self->pool->len,
                                     (GDestroyNotify) g_byte_array_unref, self->pool);
  g_ptr_array_sort (self->drafts, compare_drafts);
  for (guint i = 0; i < self->drafts->len; i++) {
    FlashImageTarget *target = make_target (self, g_ptr_array_index (self->drafts, i), pool);

    if (target != NULL)
      g_ptr_array_add (self->image->targets, target);
  }
  self->pool = NULL;
  conclude (self);
  return g_steal_pointer (&self->image);
}
