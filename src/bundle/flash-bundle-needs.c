/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-needs"

#include "config.h"

#include "flash-bundle-needs.h"
#include "flash-bundle-describe.h"
#include "flash-bundle-path.h"

static void
need_free (gpointer data)
{
  FlashBundleNeed *self = data;

  g_free (self->path);
  g_free (self);
}

void
flash_bundle_needs_free (FlashBundleNeeds *self)
{
  g_ptr_array_unref (self->list);
  g_free (self->outside);
  g_free (self);
}

static void
add (FlashBundleNeeds *self, const char *path, const FlashBundleEntry *entry)
{
  FlashBundleNeed *need = g_new0 (FlashBundleNeed, 1);

  need->path = g_strdup (path);
  need->entry = entry;
  self->size += MIN (entry->data_size, G_MAXUINT64 - self->size);
  g_ptr_array_add (self->list, need);
}

/* The rule is that of the layout itself, which needs an absolute path; no file is looked for,
 * because the layout is empty. */
static char *
dup_base (const char *folder)
{
  g_autofree char *absolute = g_strconcat ("/", folder, NULL);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (nothing, absolute, diags);

  return g_strdup (flash_layout_get_base (layout) + 1);
}

/**
 * find_file:
 * @relative: a Binary cell
 * @out_path: (out) (transfer full): where the layout will look for it
 */
static FlashBundleFind
find_file (FlashBundleIndex *index, const char *folder, const char *relative, gsize max_name,
           char **out_path, const FlashBundleEntry **out_entry)
{
  g_autofree char *path = NULL;
  FlashBundleFind found;

  if (flash_bundle_path_join (folder, relative, max_name, &path) != FLASH_BUNDLE_PATH_GOOD)
    return FLASH_BUNDLE_FIND_MISSING;
  found = flash_bundle_index_find (index, path, out_entry);
  if (found == FLASH_BUNDLE_FIND_FILE)
    *out_path = g_steal_pointer (&path);
  return found;
}

static void
add_row (FlashBundleNeeds *self, FlashBundleIndex *index, gsize max_name, FlashLayoutRow *row,
         const char *folder, const char *base, GHashTable *known)
{
  const char *relative = flash_layout_row_get_path (row);
  const FlashBundleEntry *entry = NULL;
  g_autofree char *path = NULL;
  FlashBundleFind found;

  found = find_file (index, folder, relative, max_name, &path, &entry);
  if (found == FLASH_BUNDLE_FIND_MISSING && !g_str_equal (folder, base))
    found = find_file (index, base, relative, max_name, &path, &entry);
  if (found == FLASH_BUNDLE_FIND_FILE) {
    if (g_hash_table_add (known, g_strdup (path)))
      add (self, path, entry);
    return;
  }
  if (self->outside == NULL &&
      (found == FLASH_BUNDLE_FIND_OUTSIDE || found == FLASH_BUNDLE_FIND_LOOP))
    self->outside = flash_bundle_path_dup_safe (relative);
  if (flash_bundle_describe_needs_file (row))
    self->n_missing++;
}

FlashBundleNeeds *
flash_bundle_needs_new (FlashBundleIndex *index, const FlashBundleLimits *limits, const char *path,
                        const FlashBundleEntry *layout_entry, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (FlashBundleNeeds) self = g_new0 (FlashBundleNeeds, 1);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  /* Without a folder, the paths of the rows are the cells. */
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (layout_entry->text, NULL, diags);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *folder = flash_bundle_path_dup_folder (path);
  g_autofree char *base = dup_base (folder);

  self->list = g_ptr_array_new_with_free_func (need_free);
  g_hash_table_add (known, g_strdup (path));
  add (self, path, layout_entry);
  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (layout, i);

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    if (flash_layout_row_get_path (row) != NULL)
      add_row (self, index, limits->max_name, row, folder, base, known);
  }
  return g_steal_pointer (&self);
}
