/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of the paths in the Binary column. */
#define G_LOG_DOMAIN "flash-layout-lint-files"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-check.h"
#include "flash-layout-files-private.h"
#include "flash-layout-line.h"

#include <stdlib.h>

static gboolean
is_inside (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  while (length > 0 && folder[length - 1] == '/')
    length--;
  return strncmp (path, folder, length) == 0 && path[length] == '/';
}

/* Returns: (transfer full) (nullable): @path without symbolic links, if it exists. */
static char *
dup_real_path (const char *path)
{
  char *real_path = realpath (path, NULL);
  char *copy = g_strdup (real_path);

  free (real_path);
  return copy;
}

/* Follows `..` and symbolic links as far as the file exists, else by the look of the path. */
static gboolean
is_outside (FlashLayoutCheck *self, const char *path, const char *base)
{
  g_autofree char *real_path = dup_real_path (path);
  g_autofree char *canonical_path = NULL;

  if (real_path != NULL && self->real_base != NULL)
    return !is_inside (real_path, self->real_base);
  canonical_path = g_canonicalize_filename (path, NULL);
  return !is_inside (canonical_path, base);
}

static void
add_missing (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const char *binary = flash_layout_row_get_binary (row);
  g_autofree char *forward = g_strdelimit (g_strdup (binary), "\\", '/');
  g_autofree char *name = g_path_get_basename (forward);
  const char *base = flash_layout_get_base (self->layout);
  g_autofree char *forward_path = base != NULL ? g_build_filename (base, forward, NULL) : NULL;
  g_autofree char *beside = base != NULL ? g_build_filename (base, name, NULL) : NULL;
  FlashDiag *diag = flash_diag_list_add (
      self->diags, FLASH_SEVERITY_ERROR, "file-missing", flash_layout_row_get_line (row),
      FLASH_LAYOUT_COLUMN_BINARY, N_ ("The file {0} does not exist."), binary, NULL);

  if (g_ascii_strcasecmp (binary, "none") == 0) {
    flash_diag_set_fix (diag, N_ ("Write “none”."), NULL);
    flash_diag_set_cell (diag, "none");
  } else if (!g_str_equal (forward, binary) && forward_path != NULL &&
             g_file_test (forward_path, G_FILE_TEST_IS_REGULAR)) {
    flash_diag_set_fix (diag, N_ ("Write / in place of \\: “{0}”."), forward, NULL);
    flash_diag_set_cell (diag, forward);
  } else if (beside != NULL && !g_str_equal (binary, name) &&
             g_file_test (beside, G_FILE_TEST_IS_REGULAR)) {
    flash_diag_set_fix (diag, N_ ("Write “{0}”: the file lies beside the layout."), name, NULL);
    flash_diag_set_cell (diag, name);
  } else if (!g_str_equal (forward, binary))
    flash_diag_set_fix (diag, N_ ("Write / in place of \\: “{0}”."), forward, NULL);
  else
    flash_diag_set_fix (diag,
                        N_ ("Put the layout back where it came from, beside its images, or correct "
                            "the path."),
                        NULL);
}

static void
add_unreadable (FlashLayoutCheck *self, FlashLayoutRow *row, const GError *error)
{
  const char *binary = flash_layout_row_get_binary (row);
  guint line = flash_layout_row_get_line (row);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    add_missing (self, row);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "file-is-folder", line,
                         FLASH_LAYOUT_COLUMN_BINARY, N_ ("{0} is a folder, not a file."), binary,
                         NULL);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE))
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "file-not-regular", line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("{0} is a device or a pipe, not a file with an end."), binary, NULL);
  else
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "file-unreadable", line,
                         FLASH_LAYOUT_COLUMN_BINARY, N_ ("The file {0} cannot be read: {1}."),
                         binary, error->message, NULL);
}

static gboolean
check_file (FlashLayoutCheck *self, FlashLayoutRow *row, GCancellable *cancellable, GError **error)
{
  const char *path = flash_layout_row_get_path (row);
  const char *base = flash_layout_get_base (self->layout);
  FlashLayoutFile *file = g_hash_table_lookup (self->files, path);
  FlashDiag *diag;

  if (!self->allow_outside && base != NULL && is_outside (self, path, base)) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "file-outside-folder",
                                flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_BINARY,
                                N_ ("{0} lies outside the folder of the layout, or leads out of "
                                    "it. A layout from elsewhere could send any of your files to a "
                                    "board."),
                                flash_layout_row_get_binary (row), NULL);
    flash_diag_set_fix (diag,
                        N_ ("Put the file beside the layout, or allow files outside its folder if "
                            "you trust the layout."),
                        NULL);
    return TRUE;
  }
  if (file == NULL) {
    file = flash_layout_files_look (self->known_files, path, cancellable, error);
    if (file == NULL)
      return FALSE;
    g_hash_table_insert (self->files, g_strdup (path), file);
  }
  if (file->error != NULL) {
    add_unreadable (self, row, file->error);
  } else if (file->size == 0) {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "file-empty",
                         flash_layout_row_get_line (row), FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The file {0} is empty; a board refuses an empty transfer."),
                         flash_layout_row_get_binary (row), NULL);
  }
  return TRUE;
}

/* `rootfs #2.ext4` is a name like any other; only if there is no such file it was a comment. */
static void
check_comment (FlashLayoutCheck *self, FlashLayoutRow *row)
{
  const char *binary = flash_layout_row_get_binary (row);
  const char *path = flash_layout_row_get_path (row);

  if ((*binary == '#' || strstr (binary, " #") != NULL) && !g_file_test (path, G_FILE_TEST_EXISTS))
    flash_layout_add_comment_behind (self->diags, flash_layout_row_get_line (row),
                                     FLASH_LAYOUT_COLUMN_BINARY);
}

gboolean
flash_layout_check_files (FlashLayoutCheck *self, GCancellable *cancellable, GError **error)
{
  const char *base = flash_layout_get_base (self->layout);

  if (base != NULL)
    self->real_base = dup_real_path (base);
  for (guint i = 0; i < flash_layout_get_n_rows (self->layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (self->layout, i);

    if (flash_layout_row_get_path (row) == NULL)
      continue;
    check_comment (self, row);
    /* Of a line with faults one cannot know whether its file would be sent. */
    if ((!flash_layout_row_is_valid (row) || flash_layout_check_needs_file (row)) &&
        !check_file (self, row, cancellable, error))
      return FALSE;
  }
  return TRUE;
}
