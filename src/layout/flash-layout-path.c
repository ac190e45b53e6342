/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-path"

#include "config.h"

#include "flash-layout-document.h"

#include <stdlib.h>

/* Returns: (transfer none) (nullable): what is left of @path below @folder. */
static const char *
skip_folder (const char *folder, const char *path)
{
  gsize length = strlen (folder);

  if (!g_str_has_prefix (path, folder))
    return NULL;
  /* Only the root ends in a separator. */
  if (length > 0 && folder[length - 1] == '/')
    return path[length] != '\0' ? path + length : NULL;
  return path[length] == '/' && path[length + 1] != '\0' ? path + length + 1 : NULL;
}

/* Returns: (transfer full) (nullable): as a cell that is read as this path and nothing else. */
static char *
dup_cell (const char *relative)
{
  g_autofree char *stripped = g_strstrip (g_strdup (relative));

  /* Blanks around a cell are dropped, and `none` is no file. */
  if (!g_str_equal (stripped, relative))
    return NULL;
  if (g_ascii_strcasecmp (relative, "none") == 0 || *relative == '#')
    return g_strconcat ("./", relative, NULL);
  return g_strdup (relative);
}

static char *
dup_relative (const char *folder, const char *base, const char *path)
{
  const char *relative = skip_folder (folder, path);

  if (relative == NULL) {
    relative = skip_folder (base, path);
    if (relative != NULL) {
      /* The layout's folder comes first when files are looked for. */
      g_autofree char *nearer = g_build_filename (folder, relative, NULL);

      if (g_file_test (nearer, G_FILE_TEST_EXISTS))
        return NULL;
    }
  }
  return relative != NULL ? dup_cell (relative) : NULL;
}

/* Returns: (transfer full): without symbolic links, if it is there. */
static char *
dup_real (const char *path)
{
  char *real = realpath (path, NULL);

  return real != NULL ? real : g_strdup (path);
}

char *
flash_layout_relative_path (const char *folder, const char *base, const char *path)
{
  g_autofree char *full_folder = NULL;
  g_autofree char *full_base = NULL;
  g_autofree char *full_path = NULL;
  g_autofree char *cell = NULL;

  g_return_val_if_fail (folder != NULL && base != NULL && path != NULL, NULL);

  full_folder = g_canonicalize_filename (folder, NULL);
  full_base = g_canonicalize_filename (base, NULL);
  full_path = g_canonicalize_filename (path, NULL);
  cell = dup_relative (full_folder, full_base, full_path);
  if (cell == NULL) {
    /* One of them may have come by a link. */
    g_autofree char *real_folder = dup_real (full_folder);
    g_autofree char *real_base = dup_real (full_base);
    g_autofree char *real_path = dup_real (full_path);

    cell = dup_relative (real_folder, real_base, real_path);
  }
  if (cell == NULL || !flash_layout_cell_is_writable (FLASH_LAYOUT_COLUMN_BINARY, cell))
    return NULL;
  return g_steal_pointer (&cell);
}
