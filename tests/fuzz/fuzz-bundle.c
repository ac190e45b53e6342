/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives, and lists of what is in one: a list is shorter than an archive, so that the fuzzer gets
 * to names and links without having to learn tar. It begins with a line `list`; then a line for
 * each entry, `f NAME`, `d NAME`, `s NAME TAB TARGET`, `h NAME TAB TARGET`, up to an empty line;
 * behind it the text of all layouts. Nothing is written to a disk. */
#include "config.h"

#include "flash-bundle-needs.h"
#include "flash-bundle-path.h"
#include "flash-bundle-private.h"
#include "flash-fuzz.h"

#include <string.h>

#define MARK "list\n"

/* Small enough for a fuzzer that has no time. */
static const FlashBundleLimits limits = {
  .max_entries = 500,
  .max_name = 300,
  .max_names = 20000,
  .max_depth = 4,
  .max_layouts = 8,
  .max_stream = 4 * 1024 * 1024,
  .free_stream = 1024 * 1024,
  .max_ratio = 100,
};

/* What the code that writes files relies on. */
static void
check_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  g_assert_true (g_utf8_validate (path, -1, NULL));
  g_assert_cmpuint (strlen (path), <=, limits.max_name);
  g_assert_null (strchr (path, '\\'));
  g_assert_nonnull (parts[0]);
  for (guint i = 0; parts[i] != NULL; i++) {
    g_assert_cmpstr (parts[i], !=, "");
    g_assert_cmpstr (parts[i], !=, ".");
    g_assert_cmpstr (parts[i], !=, "..");
    g_assert_cmpuint (strlen (parts[i]), <=, 255);
  }
}

static void
check_needs (FlashBundleIndex *index, const char *path, const FlashBundleEntry *entry)
{
  g_autoptr (FlashBundleNeeds) needs =
      flash_bundle_needs_new (index, &limits, path, entry, NULL, NULL);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (needs->list->len, >, 0);
  for (guint i = 0; i < needs->list->len; i++) {
    const FlashBundleNeed *need = g_ptr_array_index (needs->list, i);

    check_path (need->path);
    g_assert_cmpint (need->entry->type, ==, FLASH_BUNDLE_ENTRY_FILE);
    g_assert_true (g_hash_table_add (known, need->path));
  }
}

static void
check_diags (const FlashDiagList *diags)
{
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    g_autofree char *message = flash_diag_dup_message (flash_diag_list_get (diags, i), NULL);

    g_assert_true (g_utf8_validate (message, -1, NULL));
    g_assert_null (strchr (message, '\x1b'));
  }
}

static FlashBundleEntryType
get_type (char letter)
{
  switch (letter) {
  case 'f':
    return FLASH_BUNDLE_ENTRY_FILE;
  case 'd':
    return FLASH_BUNDLE_ENTRY_FOLDER;
  case 's':
    return FLASH_BUNDLE_ENTRY_SYMLINK;
  case 'h':
    return FLASH_BUNDLE_ENTRY_HARDLINK;
  default:
    return FLASH_BUNDLE_ENTRY_OTHER;
  }
}

static gboolean
add_line (FlashBundleIndex *index, const char *line, GBytes *text)
{
  g_auto (GStrv) cells = g_strsplit (strlen (line) > 2 ? line + 2 : "", "\t", 2);
  FlashBundleHeader header = { .type = get_type (*line), .name = cells[0] };
  FlashBundleEntry *entry = NULL;
  g_autoptr (GError) error = NULL;

  header.target = cells[0] != NULL ? cells[1] : NULL;
  header.size = header.data_size = header.type == FLASH_BUNDLE_ENTRY_FILE ? 1000 : 0;
  if (!flash_bundle_index_add (index, &header, &entry, &error)) {
    g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE);
    return FALSE;
  }
  if (entry != NULL)
    check_path (entry->path);
  if (entry != NULL && entry->type == FLASH_BUNDLE_ENTRY_FILE &&
      flash_bundle_path_is_layout (entry->path))
    entry->text = g_bytes_ref (text);
  return TRUE;
}

static void
try_list (const char *list)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashBundleIndex) index = flash_bundle_index_new (&limits, diags);
  const char *end = strstr (list, "\n\n");
  g_autofree char *head = end != NULL ? g_strndup (list, (gsize) (end - list)) : g_strdup (list);
  g_auto (GStrv) lines = g_strsplit (head, "\n", -1);
  const char *rest = end != NULL ? end + 2 : "";
  g_autoptr (GBytes) text = g_bytes_new (rest, strlen (rest));
  g_autoptr (GPtrArray) layouts = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    if (!add_line (index, lines[i], text))
      break;
  layouts = flash_bundle_index_dup_layouts (index);
  for (guint i = 0; i < MIN (layouts->len, limits.max_layouts); i++) {
    const FlashBundleEntry *named = g_ptr_array_index (layouts, i);
    const FlashBundleEntry *entry = NULL;

    if (flash_bundle_index_find (index, named->path, &entry) == FLASH_BUNDLE_FIND_FILE &&
        entry->text != NULL)
      check_needs (index, named->path, entry);
  }
  check_diags (diags);
}

static void
try_archive (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "archive");
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBundle) bundle =
      _flash_bundle_open_archive (source, "archive", &limits, NULL, NULL, NULL, &error);

  if (bundle == NULL) {
    g_assert_true (error->domain == FLASH_BUNDLE_ERROR);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return;
  }
  g_assert_cmpuint (flash_bundle_choose (bundle, 0x500, NULL), <,
                    flash_bundle_get_n_layouts (bundle));
  for (guint i = 0; i < flash_bundle_get_n_layouts (bundle); i++) {
    const char *name = flash_bundle_get_layout (bundle, i)->name;
    const FlashBundleEntry *entry = NULL;

    check_path (name);
    g_assert_cmpint (flash_bundle_index_find (bundle->index, name, &entry), ==,
                     FLASH_BUNDLE_FIND_FILE);
    check_needs (bundle->index, name, entry);
  }
  check_diags (flash_bundle_get_diags (bundle));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size >= strlen (MARK) && memcmp (data, MARK, strlen (MARK)) == 0) {
    g_autofree char *list = g_strndup ((const char *) data + strlen (MARK), size - strlen (MARK));

    try_list (list);
  } else {
    try_archive (data, size);
  }
  return 0;
}
