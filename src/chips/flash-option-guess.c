/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-option-guess"

#include "config.h"

#include "flash-option-guess.h"

#include "flash-option-private.h"

static const char *const doubt_no_rom =
    N_ ("It is not the chip's own boot loader that shows them, so it is not certain what they "
        "are.");
static const char *const doubt_unknown = N_ ("Their layout is not known for this chip.");
static const char *const doubt_bad =
    N_ ("They are not what this chip should have: the length or the complements do not match.");
static const char *const doubt_several =
    N_ ("Several chips fit what the board says of itself. What is not the same in all of them "
        "cannot be changed.");
static const char *const doubt_mode =
    N_ ("Another option says that the write protection bits have another meaning. They cannot be "
        "changed, and it is not known what is write protected.");

/**
 * Candidates:
 * @bytes: the area
 * @length: of @bytes
 * @layouts: (element-type FlashOptionLayout): those that pass their check, each once, best first
 * @n_known: how many chips have a layout, passed or not
 * @has_blank: whether a chip fits whose layout is not known
 * @has_blank_rdp: whether one of those does not have RDP where the best layout has it
 */
typedef struct {
  const guint8 *bytes;
  gsize length;
  GPtrArray *layouts;
  guint n_known;
  gboolean has_blank;
  gboolean has_blank_rdp;
} Candidates;

static void
collect_layouts (Candidates *self, GPtrArray *chips)
{
  for (guint i = 0; i < chips->len; i++) {
    const FlashChip *chip = g_ptr_array_index (chips, i);
    const FlashOptionLayout *layout =
        chip->option_layout != NULL ? flash_option_layout_find (chip->option_layout) : NULL;

    if (layout == NULL)
      continue;
    self->n_known++;
    if (flash_option_layout_check (layout, self->bytes, self->length, NULL) &&
        !g_ptr_array_find (self->layouts, layout, NULL))
      g_ptr_array_add (self->layouts, (gpointer) layout);
  }
}

/* Chips of which less is known may be meant as well, unless their area has another length. */
static void
collect_blanks (Candidates *self, GPtrArray *chips)
{
  const FlashOptionField *rdp = ((FlashOptionLayout *) g_ptr_array_index (self->layouts, 0))->rdp;

  for (guint i = 0; i < chips->len; i++) {
    const FlashChip *chip = g_ptr_array_index (chips, i);

    if (chip->option_layout != NULL ||
        (chip->option_size != 0 && chip->option_size != self->length))
      continue;
    self->has_blank = TRUE;
    if (chip->rdp_offset != (gint) (rdp->offset + rdp->shift / 8))
      self->has_blank_rdp = TRUE;
  }
}

static gboolean
is_same_place (const FlashOptionField *a, const FlashOptionField *b)
{
  return a->offset == b->offset && a->shift == b->shift && a->width == b->width;
}

/* Returns: whether all layouts have @field, with the same meaning, and let it be changed. */
static gboolean
is_common (const Candidates *self, const FlashOptionEntry *entry)
{
  if (self->has_blank)
    return FALSE;
  for (guint i = 0; i < self->layouts->len; i++) {
    const FlashOptionField *other =
        flash_option_layout_find_field (g_ptr_array_index (self->layouts, i), entry->field.name);

    if (other == NULL || !is_same_place (&entry->field, other) || other->is_locked ||
        ((const FlashOptionEntry *) other)->words != entry->words)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_rdp_common (const Candidates *self)
{
  const FlashOptionLayout *best = g_ptr_array_index (self->layouts, 0);
  FlashRdpLevel level = flash_option_layout_get_rdp (best, self->bytes);

  for (guint i = 1; i < self->layouts->len; i++)
    if (flash_option_layout_get_rdp (g_ptr_array_index (self->layouts, i), self->bytes) != level)
      return FALSE;
  return !self->has_blank_rdp;
}

/* Returns: whether both say in the same way how sectors are write protected. How many sectors they
 * know of does not matter. */
static gboolean
is_same_protection (const FlashOptionLayout *a, const FlashOptionLayout *b)
{
  if (a->wrp != b->wrp || a->wrp_step != b->wrp_step || a->wrp_fields->len != b->wrp_fields->len)
    return FALSE;
  for (guint i = 0; i < a->wrp_fields->len; i++)
    if (!is_same_place (g_ptr_array_index (a->wrp_fields, i), g_ptr_array_index (b->wrp_fields, i)))
      return FALSE;
  return TRUE;
}

/* Returns: whether the fields of write protection are what they are called on each of the chips. */
static gboolean
has_mode (const Candidates *self)
{
  for (guint i = 0; i < self->layouts->len; i++) {
    const FlashOptionLayout *layout = g_ptr_array_index (self->layouts, i);

    if (layout->wrp != FLASH_OPTION_WRP_UNKNOWN &&
        !flash_option_layout_has_write_protection (layout, self->bytes))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_protection_common (const Candidates *self)
{
  for (guint i = 1; i < self->layouts->len; i++)
    if (!is_same_protection (g_ptr_array_index (self->layouts, 0),
                             g_ptr_array_index (self->layouts, i)))
      return FALSE;
  return !self->has_blank;
}

/* --- The layout that is left ----------------------------------------------------------------- */

static FlashOptionEntry *
copy_entry (const FlashOptionEntry *entry, gboolean is_unsure)
{
  FlashOptionEntry *copy = g_memdup2 (entry, sizeof *entry);

  copy->is_unsure = is_unsure && !entry->field.is_locked;
  copy->field.is_locked = copy->field.is_locked || is_unsure;
  return copy;
}

/* Returns: the field of @self that stands for the one of another layout. */
static const FlashOptionField *
find_copy (const FlashOptionLayout *self, const FlashOptionField *field)
{
  return flash_option_layout_find_field (self, field->name);
}

/* Only some of the chips have a field that the meaning of the write protection depends on: it is
 * shown, so that one can see why nothing is known. */
static void
add_conditions (FlashOptionLayout *self, const Candidates *candidates)
{
  for (guint i = 1; i < candidates->layouts->len; i++) {
    const FlashOptionLayout *other = g_ptr_array_index (candidates->layouts, i);

    if (other->wrp_condition == NULL || find_copy (self, other->wrp_condition) != NULL)
      continue;
    g_ptr_array_add (self->entries,
                     copy_entry ((const FlashOptionEntry *) other->wrp_condition, TRUE));
  }
}

static void
set_protection (FlashOptionLayout *self, const Candidates *candidates)
{
  self->wrp_fields = g_ptr_array_new ();
  self->wrp_condition = NULL;
  if (!is_protection_common (candidates) || !has_mode (candidates)) {
    self->wrp = FLASH_OPTION_WRP_UNKNOWN;
    return;
  }
  for (guint i = 0; i < candidates->layouts->len; i++) {
    const FlashOptionLayout *layout = g_ptr_array_index (candidates->layouts, i);

    self->wrp_sectors = MIN (self->wrp_sectors, layout->wrp_sectors);
    self->has_wrp_rest = self->has_wrp_rest && layout->has_wrp_rest;
    if (layout->wrp_condition == NULL)
      continue;
    self->wrp_condition = find_copy (self, layout->wrp_condition);
    self->wrp_value = layout->wrp_value;
  }
}

static FlashOptionLayout *
make_layout (const Candidates *candidates)
{
  const FlashOptionLayout *best = g_ptr_array_index (candidates->layouts, 0);
  FlashOptionLayout *self = g_memdup2 (best, sizeof *best);
  gboolean has_meaning = has_mode (candidates);

  self->entries = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < best->entries->len; i++) {
    const FlashOptionEntry *entry = g_ptr_array_index (best->entries, i);
    gboolean is_protection = g_ptr_array_find (best->wrp_fields, entry, NULL);

    g_ptr_array_add (self->entries, copy_entry (entry, !is_common (candidates, entry) ||
                                                           (is_protection && !has_meaning)));
  }
  add_conditions (self, candidates);
  flash_option_table_sort (self->entries);
  self->rdp = find_copy (self, best->rdp);
  self->is_rdp_unsure = !is_rdp_common (candidates);
  set_protection (self, candidates);
  for (guint i = 0; self->wrp != FLASH_OPTION_WRP_UNKNOWN && i < best->wrp_fields->len; i++)
    g_ptr_array_add (self->wrp_fields,
                     (gpointer) find_copy (self, g_ptr_array_index (best->wrp_fields, i)));
  return self;
}

static char *
dup_key (const Candidates *self)
{
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < self->layouts->len; i++)
    g_string_append_printf (key, "%s ",
                            ((FlashOptionLayout *) g_ptr_array_index (self->layouts, i))->name);
  g_string_append_printf (key, "%d %d %d", self->has_blank, is_rdp_common (self), has_mode (self));
  return g_string_free (key, FALSE);
}

/* They are kept, since a caller may hold one as long as it likes; there are no more than sets of
 * layouts for one place. */
static const FlashOptionLayout *
find_or_make (const Candidates *candidates)
{
  static GMutex lock;
  static GHashTable *kept;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&lock);
  g_autofree char *key = dup_key (candidates);
  FlashOptionLayout *layout;

  if (kept == NULL)
    kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  layout = g_hash_table_lookup (kept, key);
  if (layout == NULL) {
    layout = make_layout (candidates);
    g_hash_table_insert (kept, g_steal_pointer (&key), layout);
  }
  return layout;
}

static const FlashOptionLayout *
find_layout (Candidates *self, GPtrArray *chips, const char **out_doubt)
{
  collect_layouts (self, chips);
  if (self->layouts->len == 0) {
    *out_doubt = self->n_known > 0 ? doubt_bad : doubt_unknown;
    return NULL;
  }
  collect_blanks (self, chips);
  if (!has_mode (self))
    *out_doubt = doubt_mode;
  else if (self->layouts->len > 1 || self->has_blank)
    *out_doubt = doubt_several;
  else
    return g_ptr_array_index (self->layouts, 0);
  return find_or_make (self);
}

const FlashOptionLayout *
flash_chip_guess_find_option_layout (const FlashChipGuess *self, const guint8 *bytes, gsize length,
                                     const char **out_doubt)
{
  g_autoptr (GPtrArray) layouts = g_ptr_array_new ();
  Candidates candidates = { .bytes = bytes, .length = length, .layouts = layouts };
  const char *doubt = NULL;
  const FlashOptionLayout *layout = NULL;

  g_return_val_if_fail (self != NULL && (bytes != NULL || length == 0), NULL);

  if (self->loader != FLASH_LOADER_ROM)
    doubt = doubt_no_rom;
  else if (bytes == NULL)
    doubt = doubt_bad;
  else
    layout = find_layout (&candidates, self->chips, &doubt);
  if (out_doubt != NULL)
    *out_doubt = doubt;
  return layout;
}
