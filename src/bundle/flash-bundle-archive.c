/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-archive"

#include "config.h"

#include "flash-bundle-describe.h"
#include "flash-bundle-needs.h"
#include "flash-bundle-path.h"
#include "flash-bundle-private.h"

#include <string.h>

typedef struct {
  FlashBundle *bundle; /* (unowned) */
  FlashBundleReader *reader; /* (unowned) */
  guint n_texts;
  char *encrypted; /* (owned) (nullable): a layout that cannot be read */
} Search;

/* Returns: (transfer full) (nullable): what is in the file, at most @size bytes. */
static GBytes *
read_text (FlashBundleReader *reader, guint64 size, GError **error)
{
  /* Holes are zeros. */
  g_autofree guint8 *text = g_malloc0 (size + 1);
  const guint8 *bytes;
  gsize length = 1;
  guint64 offset;

  while (length > 0) {
    if (!flash_bundle_reader_read (reader, &bytes, &length, &offset, error))
      return NULL;
    if (length > 0)
      memcpy (text + offset, bytes, length);
  }
  return g_bytes_new_take (g_steal_pointer (&text), size);
}

static gboolean
is_layout_text (GBytes *text)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (text, NULL, diags);

  return flash_bundle_describe_is_layout (layout, text);
}

/* Layouts are small: their text is kept, the other files are only counted. */
static gboolean
keep_text (Search *self, FlashBundleEntry *entry, GError **error)
{
  g_autoptr (GBytes) text = NULL;

  if (entry->type != FLASH_BUNDLE_ENTRY_FILE || !flash_bundle_path_is_layout (entry->path) ||
      entry->size > FLASH_LAYOUT_MAX_SIZE)
    return TRUE;
  if (entry->is_encrypted) {
    if (self->encrypted == NULL)
      self->encrypted = flash_bundle_path_dup_safe (entry->path);
    return TRUE;
  }
  text = read_text (self->reader, entry->size, error);
  if (text == NULL)
    return FALSE;
  if (!is_layout_text (text))
    return TRUE;
  if (self->n_texts++ == self->bundle->limits.max_layouts) {
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
                 "the archive holds more than %u layouts, which is the bound",
                 self->bundle->limits.max_layouts);
    return FALSE;
  }
  entry->text = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
read_entries (Search *self, GError **error)
{
  gboolean is_end = FALSE;

  while (TRUE) {
    FlashBundleHeader header;
    FlashBundleEntry *entry = NULL;

    if (!flash_bundle_reader_next (self->reader, &header, &is_end, error))
      return FALSE;
    if (is_end)
      return TRUE;
    if (!flash_bundle_index_add (self->bundle->index, &header, &entry, error))
      return FALSE;
    if (entry != NULL && !keep_text (self, entry, error))
      return FALSE;
  }
}

/* @n_outside: (inout): how many layouts need what lies outside */
static gboolean
add_layout (FlashBundle *self, const char *path, const FlashBundleEntry *entry,
            const char *bundle_name, guint *n_outside, GCancellable *cancellable, GError **error)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (entry->text, NULL, diags);
  g_autoptr (FlashBundleNeeds) needs =
      flash_bundle_needs_new (self->index, &self->limits, path, entry, cancellable, error);
  FlashBundleLayout *item;
  g_autofree char *safe = NULL;

  if (needs == NULL)
    return FALSE;
  item = flash_bundle_describe (layout, path, bundle_name);
  item->n_missing = needs->n_missing;
  item->unpack_size = needs->size;
  g_ptr_array_add (self->layouts, item);
  if (needs->outside == NULL || (*n_outside)++ >= FLASH_BUNDLE_MAX_NOTES)
    return TRUE;
  safe = flash_bundle_path_dup_safe (path);
  flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "bundle-link-outside", 0, 0,
                       N_ ("{0}, which {1} names, is not used: it is a link that leads out of the "
                           "archive or in a circle."),
                       needs->outside, safe, NULL);
  return TRUE;
}

static gboolean
add_layouts (FlashBundle *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) entries = flash_bundle_index_dup_layouts (self->index);
  g_autofree char *bundle_name = g_filename_display_basename (self->path);
  guint n_outside = 0;

  for (guint i = 0; i < entries->len; i++) {
    const FlashBundleEntry *named = g_ptr_array_index (entries, i);
    const FlashBundleEntry *entry = NULL;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (flash_bundle_index_find (self->index, named->path, &entry) == FLASH_BUNDLE_FIND_FILE &&
        entry->text != NULL && self->layouts->len < self->limits.max_layouts &&
        !add_layout (self, named->path, entry, bundle_name, &n_outside, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

static void
set_no_layout (const Search *search, GError **error)
{
  const char *unsafe = flash_bundle_index_get_unsafe (search->bundle->index);

  if (search->encrypted != NULL)
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_ENCRYPTED,
                 "“%s” in the archive is encrypted; unpack the archive with its password first",
                 search->encrypted);
  else if (unsafe != NULL)
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_UNSAFE,
                 "there is no FlashLayout (.tsv) with a safe name in the archive; the first name "
                 "that leads elsewhere or is no text is “%s”",
                 unsafe);
  else if (flash_diag_list_find (search->bundle->diags, "bundle-nested-archive") != NULL)
    g_set_error_literal (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_NO_LAYOUT,
                         "there is no FlashLayout (.tsv) in the archive, but there are archives in "
                         "it, which are not looked into; unpack the archive first");
  else
    g_set_error_literal (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_NO_LAYOUT,
                         "there is no FlashLayout (.tsv) in the archive");
}

FlashBundle *
_flash_bundle_open_archive (FlashSource *source, const char *path, const FlashBundleLimits *limits,
                            FlashBundleProgress progress, gpointer data, GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (FlashBundle) self = _flash_bundle_new (FLASH_BUNDLE_ARCHIVE, path, limits);
  g_autoptr (FlashBundleReader) reader = NULL;
  Search search = { .bundle = self };
  gboolean is_read;

  self->source = g_object_ref (source);
  self->index = flash_bundle_index_new (&self->limits, self->diags);
  reader = flash_bundle_reader_new (source, &self->limits, progress, data, cancellable, error);
  if (reader == NULL)
    return NULL;
  search.reader = reader;
  is_read = read_entries (&search, error) && add_layouts (self, cancellable, error);
  if (is_read && self->layouts->len == 0)
    set_no_layout (&search, error);
  g_free (search.encrypted);
  return is_read && self->layouts->len > 0 ? g_steal_pointer (&self) : NULL;
}
