/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-folder"

#include "config.h"

#include "flash-bundle-describe.h"
#include "flash-bundle-path.h"
#include "flash-bundle-private.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Of one kind of oddity, so many are named. */
#define MAX_NOTES 5

typedef struct {
  FlashBundle *bundle; /* (unowned) */
  char *real_root; /* (owned) (type filename) */
  char *bundle_name; /* (owned) */
  GCancellable *cancellable; /* (unowned) (nullable) */
  guint n_entries;
  guint n_unreadable;
  gboolean is_deep;
} Search;

static void
search_clear (Search *self)
{
  free (self->real_root);
  g_free (self->bundle_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static void
note_unreadable (Search *self, const char *path, const char *reason)
{
  g_autofree char *safe = flash_bundle_path_dup_safe (path);

  if (self->n_unreadable++ < MAX_NOTES)
    flash_diag_list_add (self->bundle->diags, FLASH_SEVERITY_WARNING, "bundle-unreadable", 0, 0,
                         N_ ("{0} could not be looked at: {1}."), safe, reason, NULL);
}

static guint
count_missing (FlashLayout *layout)
{
  guint n_missing = 0;

  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (layout, i);
    GStatBuf info;

    if (flash_bundle_describe_needs_file (row) &&
        (g_stat (flash_layout_row_get_path (row), &info) != 0 || !S_ISREG (info.st_mode)))
      n_missing++;
  }
  return n_missing;
}

/* Returns: whether the link @path leads to a file below the folder. */
static gboolean
is_inner_link (Search *self, const char *path)
{
  char *real = realpath (path, NULL);
  gsize length = strlen (self->real_root);
  gboolean is_inner;

  is_inner = real != NULL && strncmp (real, self->real_root, length) == 0 &&
             (real[length] == '/' || g_str_equal (self->real_root, "/"));
  free (real);
  return is_inner;
}

static gboolean
add_file (Search *self, const char *path, const char *name, GError **error)
{
  FlashBundle *bundle = self->bundle;
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GError) fault = NULL;
  g_autoptr (FlashLayout) layout = flash_layout_load (path, diags, &fault);
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) text = NULL;
  FlashBundleLayout *item;
  gsize length;

  if (layout != NULL && g_file_get_contents (path, &contents, &length, &fault))
    text = g_bytes_new_take (g_steal_pointer (&contents), length);
  if (fault != NULL) {
    /* What is too large for a layout is none. */
    if (fault->domain != FLASH_LAYOUT_ERROR)
      note_unreadable (self, name, fault->message);
    return TRUE;
  }
  if (!flash_bundle_describe_is_layout (layout, text))
    return TRUE;
  if (bundle->layouts->len == bundle->limits.max_layouts) {
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
                 "the folder holds more than %u layouts, which is the bound",
                 bundle->limits.max_layouts);
    return FALSE;
  }
  item = flash_bundle_describe (layout, name, self->bundle_name);
  item->n_missing = count_missing (layout);
  g_ptr_array_add (bundle->layouts, item);
  g_ptr_array_add (bundle->paths, g_strdup (path));
  return TRUE;
}

static gboolean
search_folder (Search *self, const char *path, const char *prefix, guint depth, GError **error);

static gboolean
look_at (Search *self, const char *path, const char *name, guint depth, GError **error)
{
  GStatBuf info;
  gboolean is_layout = flash_bundle_path_is_layout (name);

  if (g_lstat (path, &info) != 0)
    return TRUE;
  if (S_ISDIR (info.st_mode) && depth == self->bundle->limits.max_depth) {
    if (!self->is_deep)
      flash_diag_list_add (self->bundle->diags, FLASH_SEVERITY_INFO, "bundle-too-deep", 0, 0,
                           N_ ("The folder is deeper than is searched for layouts; open the folder "
                               "that holds the layout."),
                           NULL);
    self->is_deep = TRUE;
    return TRUE;
  }
  if (S_ISDIR (info.st_mode))
    return search_folder (self, path, name, depth + 1, error);
  if (is_layout && S_ISLNK (info.st_mode)) {
    if (is_inner_link (self, path))
      return add_file (self, path, name, error);
    note_unreadable (self, name, "it is a link that leads out of the folder, or nowhere");
    return TRUE;
  }
  return !is_layout || !S_ISREG (info.st_mode) || add_file (self, path, name, error);
}

/* Links to folders are not followed: they lead in circles, or elsewhere. */
static gboolean
search_folder (Search *self, const char *path, const char *prefix, guint depth, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &fault);
  const char *entry;

  if (dir == NULL && depth == 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_file_error ((GFileError) fault->code),
                 "the folder cannot be looked at: %s", fault->message);
    return FALSE;
  }
  if (dir == NULL) {
    note_unreadable (self, prefix, fault->message);
    return TRUE;
  }
  while ((entry = g_dir_read_name (dir)) != NULL) {
    g_autofree char *full = g_build_filename (path, entry, NULL);
    g_autofree char *shown = g_filename_display_name (entry);
    g_autofree char *name =
        *prefix == '\0' ? g_strdup (shown) : g_strconcat (prefix, "/", shown, NULL);

    if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
    if (self->n_entries++ == self->bundle->limits.max_entries) {
      g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
                   "the folder holds more than %u files, which is the bound; open the folder with "
                   "the layout",
                   self->bundle->limits.max_entries);
      return FALSE;
    }
    /* Version control and the like. */
    if (*entry != '.' && !look_at (self, full, name, depth, error))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  FlashBundleLayout *layout;
  char *path;
} Pair;

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const Pair *one = a, *other = b;
  int order = strcmp (one->layout->name, other->layout->name);

  return order != 0 ? order : strcmp (one->path, other->path);
}

/* Folders give their entries in no order at all. */
static void
sort_layouts (FlashBundle *self)
{
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));

  for (guint i = 0; i < self->layouts->len; i++) {
    Pair pair = { g_ptr_array_index (self->layouts, i), g_ptr_array_index (self->paths, i) };

    g_array_append_val (pairs, pair);
  }
  g_array_sort (pairs, compare_pairs);
  for (guint i = 0; i < pairs->len; i++) {
    g_ptr_array_index (self->layouts, i) = g_array_index (pairs, Pair, i).layout;
    g_ptr_array_index (self->paths, i) = g_array_index (pairs, Pair, i).path;
  }
}

FlashBundle *
_flash_bundle_open_folder (const char *path, const FlashBundleLimits *limits,
                           GCancellable *cancellable, GError **error)
{
  g_autoptr (FlashBundle) self = _flash_bundle_new (FLASH_BUNDLE_FOLDER, path, limits);
  g_auto (Search) search = { .bundle = self, .cancellable = cancellable };

  search.bundle_name = g_filename_display_basename (self->path);
  search.real_root = realpath (self->path, NULL);
  if (search.real_root == NULL || !search_folder (&search, self->path, "", 0, error)) {
    if (error != NULL && *error == NULL)
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no such folder");
    return NULL;
  }
  if (self->layouts->len == 0) {
    g_set_error_literal (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_NO_LAYOUT,
                         "there is no FlashLayout (.tsv) in the folder");
    return NULL;
  }
  sort_layouts (self);
  return g_steal_pointer (&self);
}
