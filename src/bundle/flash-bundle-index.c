/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-index"

#include "config.h"

#include "flash-bundle-index.h"
#include "flash-bundle-marks.h"
#include "flash-bundle-path.h"
#include "flash-text.h"

#include <string.h>

struct _FlashBundleIndex {
  const FlashBundleLimits *limits; /* (unowned) */
  FlashDiagList *diags; /* (unowned) */
  GHashTable *entries; /* (owned) (element-type utf8 FlashBundleEntry): by path */
  guint n_headers;
  gsize n_name_bytes;
  char *unsafe; /* (owned) (nullable) */
  guint n_unsafe;
  guint n_twice;
  guint n_nested;
  gboolean has_symlink;
  guint n_lookups; /* atomic */
};

static void
entry_free (gpointer data)
{
  FlashBundleEntry *self = data;

  g_free (self->path);
  g_free (self->target);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self);
}

FlashBundleIndex *
flash_bundle_index_new (const FlashBundleLimits *limits, FlashDiagList *diags)
{
  FlashBundleIndex *self = g_new0 (FlashBundleIndex, 1);

  self->limits = limits;
  self->diags = diags;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  return self;
}

void
flash_bundle_index_free (FlashBundleIndex *self)
{
  g_hash_table_unref (self->entries);
  g_free (self->unsafe);
  g_free (self);
}

/* --- what is noticed ---------------------------------------------------------------------- */

static const char *
get_fault_text (FlashBundlePathFault fault)
{
  switch (fault) {
  case FLASH_BUNDLE_PATH_GOOD:
  case FLASH_BUNDLE_PATH_EMPTY:
    break;
  case FLASH_BUNDLE_PATH_ABSOLUTE:
    return N_ ("{0} is not used: a name in an archive must not begin with a slash or a drive.");
  case FLASH_BUNDLE_PATH_PARENT:
    return N_ ("{0} is not used: a name in an archive must not lead out of it.");
  case FLASH_BUNDLE_PATH_BACKSLASH:
    return N_ ("{0} is not used: a name in an archive must not hold backslashes.");
  case FLASH_BUNDLE_PATH_NOT_TEXT:
    return N_ ("{0} is not used: a name in an archive must be text in UTF-8.");
  case FLASH_BUNDLE_PATH_LONG:
    return N_ ("{0} is not used: the name is too long for a file.");
  case FLASH_BUNDLE_PATH_DEEP:
    return N_ ("{0} is not used: it lies too deep, in more than 64 folders.");
  }
  return NULL;
}

static void
note_unsafe (FlashBundleIndex *self, const char *name, FlashBundlePathFault fault)
{
  g_autofree char *safe = flash_bundle_path_dup_safe (name);
  const char *text = get_fault_text (fault);

  /* An empty name is the archive's own folder, and no harm. */
  if (text == NULL)
    return;
  if (self->n_unsafe++ < FLASH_BUNDLE_MAX_NOTES)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "bundle-unsafe-name", 0, 0, text,
                         safe, NULL);
  if (self->unsafe == NULL)
    self->unsafe = g_steal_pointer (&safe);
}

static void
note_twice (FlashBundleIndex *self, const FlashBundleEntry *entry)
{
  g_autofree char *safe = NULL;

  if (self->n_twice++ >= FLASH_BUNDLE_MAX_NOTES)
    return;
  safe = flash_bundle_path_dup_safe (entry->path);
  flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "bundle-name-twice", 0, 0,
                       N_ ("{0} is in the archive more than once; the last one counts, as with "
                           "tar."),
                       safe, NULL);
}

static gboolean
is_archive_name (const char *path)
{
  static const char *const suffixes[] = { ".tar",     ".tar.gz", ".tgz", ".tar.xz", ".txz",
                                          ".tar.zst", ".tzst",   ".zip", ".tar.bz2" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return TRUE;
  return FALSE;
}

static void
note_nested (FlashBundleIndex *self, const FlashBundleEntry *entry)
{
  g_autofree char *safe = NULL;

  if (entry->type != FLASH_BUNDLE_ENTRY_FILE || !is_archive_name (entry->path) ||
      self->n_nested++ >= FLASH_BUNDLE_MAX_NOTES)
    return;
  safe = flash_bundle_path_dup_safe (entry->path);
  flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "bundle-nested-archive", 0, 0,
                       N_ ("{0} is an archive inside the archive; layouts in it are not looked "
                           "for."),
                       safe, NULL);
}

/* --- filling ------------------------------------------------------------------------------ */

static gboolean
count (FlashBundleIndex *self, const FlashBundleHeader *header, GError **error)
{
  g_autofree char *bound = NULL;

  if (self->n_headers == self->limits->max_entries) {
    flash_bundle_marks_set_error (self->limits, error);
    return FALSE;
  }
  self->n_headers++;
  self->n_name_bytes += header->name != NULL ? strlen (header->name) : 0;
  self->n_name_bytes += header->target != NULL ? strlen (header->target) : 0;
  if (self->n_name_bytes <= self->limits->max_names)
    return TRUE;
  bound = flash_text_size (self->limits->max_names);
  g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
               "the names in the archive take more than %s, which is the bound", bound);
  return FALSE;
}

gboolean
flash_bundle_index_add (FlashBundleIndex *self, const FlashBundleHeader *header,
                        FlashBundleEntry **out_entry, GError **error)
{
  FlashBundleEntry *entry = NULL;
  FlashBundlePathFault fault;
  const char *name = header->name;
  g_autofree char *path = NULL;
  const FlashBundleEntry *old;

  if (!count (self, header, error))
    return FALSE;
  /* What could not be turned into text is none. */
  if (name == NULL)
    name = "\xff";
  fault = flash_bundle_path_clean (name, self->limits->max_name, &path);
  if (fault != FLASH_BUNDLE_PATH_GOOD) {
    note_unsafe (self, name, fault);
  } else {
    entry = g_new0 (FlashBundleEntry, 1);
    entry->type = header->type;
    entry->path = g_steal_pointer (&path);
    entry->target = g_strdup (header->target);
    entry->size = header->size;
    entry->data_size = header->data_size;
    entry->is_encrypted = header->is_encrypted;
    entry->number = self->n_headers - 1;
    self->has_symlink |= entry->type == FLASH_BUNDLE_ENTRY_SYMLINK;
    old = g_hash_table_lookup (self->entries, entry->path);
    /* That a folder is mentioned again for each file in it is usual. */
    if (old != NULL &&
        (old->type != FLASH_BUNDLE_ENTRY_FOLDER || entry->type != FLASH_BUNDLE_ENTRY_FOLDER))
      note_twice (self, entry);
    note_nested (self, entry);
    g_hash_table_replace (self->entries, entry->path, entry);
  }
  if (out_entry != NULL)
    *out_entry = entry;
  return TRUE;
}

/* --- looking up --------------------------------------------------------------------------- */

static const FlashBundleEntry *
look_up (FlashBundleIndex *self, const char *path)
{
  g_atomic_int_inc (&self->n_lookups);
  return g_hash_table_lookup (self->entries, path);
}

/* Returns: the path to which the link @entry leads, followed by @rest; %NULL if it leads out. */
static char *
dup_target (const FlashBundleIndex *self, const FlashBundleEntry *entry, const char *rest)
{
  g_autofree char *folder = NULL;
  g_autofree char *joined = NULL;
  char *path = NULL;

  /* A hard link names its target as the archive does, a symbolic link from where it is. */
  if (entry->type == FLASH_BUNDLE_ENTRY_HARDLINK) {
    flash_bundle_path_clean (entry->target, self->limits->max_name, &path);
    return path;
  }
  if (entry->target == NULL)
    return NULL;
  folder = flash_bundle_path_dup_folder (entry->path);
  joined = g_strconcat (entry->target, rest, NULL);
  flash_bundle_path_join (folder, joined, self->limits->max_name, &path);
  return path;
}

/**
 * find_link_above:
 * @out_rest: (out) (transfer none): what of @path follows the link
 *
 * Returns: (nullable): the first folder in @path that is in truth a symbolic link
 */
static const FlashBundleEntry *
find_link_above (FlashBundleIndex *self, const char *path, const char **out_rest)
{
  if (!self->has_symlink)
    return NULL;
  for (const char *slash = strchr (path, '/'); slash != NULL; slash = strchr (slash + 1, '/')) {
    g_autofree char *above = g_strndup (path, (gsize) (slash - path));
    const FlashBundleEntry *entry = look_up (self, above);

    if (entry != NULL && entry->type == FLASH_BUNDLE_ENTRY_SYMLINK) {
      *out_rest = slash;
      return entry;
    }
  }
  return NULL;
}

FlashBundleFind
flash_bundle_index_find (FlashBundleIndex *self, const char *path,
                         const FlashBundleEntry **out_entry)
{
  g_autofree char *at = g_strdup (path);

  for (guint i = 0; i <= FLASH_BUNDLE_MAX_HOPS; i++) {
    const FlashBundleEntry *entry = look_up (self, at);
    const char *rest = "";
    char *next;

    if (entry == NULL)
      entry = find_link_above (self, at, &rest);
    if (entry == NULL)
      return FLASH_BUNDLE_FIND_MISSING;
    if (entry->type == FLASH_BUNDLE_ENTRY_FILE) {
      if (out_entry != NULL)
        *out_entry = entry;
      return FLASH_BUNDLE_FIND_FILE;
    }
    if (entry->type != FLASH_BUNDLE_ENTRY_SYMLINK && entry->type != FLASH_BUNDLE_ENTRY_HARDLINK)
      return FLASH_BUNDLE_FIND_NOT_FILE;
    next = dup_target (self, entry, rest);
    if (next == NULL)
      return FLASH_BUNDLE_FIND_OUTSIDE;
    g_free (at);
    at = next;
  }
  return FLASH_BUNDLE_FIND_LOOP;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  const FlashBundleEntry *one = *(const FlashBundleEntry *const *) a;
  const FlashBundleEntry *other = *(const FlashBundleEntry *const *) b;

  return strcmp (one->path, other->path);
}

GPtrArray *
flash_bundle_index_dup_layouts (const FlashBundleIndex *self)
{
  GPtrArray *layouts = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    if (flash_bundle_path_is_layout (((FlashBundleEntry *) entry)->path))
      g_ptr_array_add (layouts, entry);
  g_ptr_array_sort (layouts, compare_paths);
  return layouts;
}

const char *
flash_bundle_index_get_unsafe (const FlashBundleIndex *self)
{
  return self->unsafe;
}

guint
flash_bundle_index_get_n_lookups (FlashBundleIndex *self)
{
  return (guint) g_atomic_int_get (&self->n_lookups);
}
