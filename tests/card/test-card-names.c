/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File systems that cannot exchange names, or stop being able to: what was there is never lost. */
#include "config.h"

#include "flash-card-files.h"
#include "flash-test-images.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define N_FILES 3

static const char *const names[N_FILES] = { "card.img", "card.img.bmap", "card.img.sha256" };

/* What the file system answers from that exchange on, the first is 1; 0: it always works. */
static guint fails_from;
static int fails_with;
static gboolean can_nothing; /* but rename as in old times */
static guint n_exchanges, n_renames;

/* Stands in for that of the C library. */
int
renameat2 (int old_folder, const char *old_path, int new_folder, const char *new_path,
           unsigned flags)
{
  if (can_nothing) {
    errno = EINVAL;
    return -1;
  }
  if (flags == RENAME_EXCHANGE && ++n_exchanges >= fails_from && fails_from > 0) {
    errno = fails_with;
    return -1;
  }
  return (int) syscall (SYS_renameat2, old_folder, old_path, new_folder, new_path, flags);
}

int
rename (const char *old_path, const char *new_path)
{
  n_renames++;
  return (int) syscall (SYS_renameat2, AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

typedef struct {
  char *dir;
  FlashCardFile *files[N_FILES];
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  fails_from = 0;
  can_nothing = FALSE;
  n_exchanges = 0;
  self->dir = flash_test_make_dir ();
  for (guint i = 0; i < N_FILES; i++) {
    g_autofree char *path = g_build_filename (self->dir, names[i], NULL);
    g_autoptr (GError) error = NULL;

    self->files[i] = flash_card_file_new (path, &error);
    g_assert_no_error (error);
    g_assert_true (flash_card_file_write (self->files[i], 0, (const guint8 *) "new", 3, &error));
  }
}

static void
free_files (Fixture *self)
{
  for (guint i = 0; i < N_FILES; i++)
    g_clear_pointer (&self->files[i], flash_card_file_free);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  free_files (self);
  flash_test_remove_dir (self->dir);
  g_free (self->dir);
}

static char *
dup_contents (const char *path)
{
  char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, NULL);
  return contents;
}

static void
assert_contents (Fixture *self, const char *name, const char *wanted)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  g_autofree char *contents = dup_contents (path);

  g_assert_cmpstr (contents, ==, wanted);
}

static guint
count_files (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->dir, 0, NULL);
  guint n_files = 0;

  while (g_dir_read_name (dir) != NULL)
    n_files++;
  return n_files;
}

static void
write_old (Fixture *self, guint n_files)
{
  for (guint i = 0; i < n_files; i++)
    flash_test_write_text (self->dir, names[i], "old");
}

static void
make_folder (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
}

static void
publish (Fixture *self, gboolean replace, GError **error)
{
  gboolean is_done = flash_card_files_publish (self->files, N_FILES, replace, error);

  g_assert_true (is_done == (*error == NULL));
  free_files (self);
}

/* --- It can only rename -------------------------------------------------------------------- */

static void
test_replaced (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  can_nothing = GPOINTER_TO_INT (data);
  write_old (self, 2);
  publish (self, TRUE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_FILES; i++)
    assert_contents (self, names[i], "new");
  g_assert_cmpuint (count_files (self), ==, N_FILES);
}

/* The last name cannot be had: the old image and the old map come back. */
static void
test_taken_back (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  can_nothing = GPOINTER_TO_INT (data);
  write_old (self, 2);
  make_folder (self, names[2]);
  publish (self, TRUE, &error);
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_NOT_WRITABLE);
  assert_contents (self, names[0], "old");
  assert_contents (self, names[1], "old");
  g_assert_cmpuint (count_files (self), ==, N_FILES);
}

/* One that is alone takes the place of the old one at once, even where names cannot be exchanged,
 * and what was there is not kept by another name: where a single file is shared, nobody would find
 * it. */
static void
test_replaced_alone (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fails_from = 1;
  fails_with = EINVAL;
  flash_card_file_free (self->files[1]);
  flash_card_file_free (self->files[2]);
  self->files[1] = self->files[2] = NULL;
  write_old (self, 1);
  n_renames = 0;
  g_assert_true (flash_card_files_publish (self->files, 1, TRUE, &error));
  g_assert_no_error (error);
  free_files (self);
  assert_contents (self, names[0], "new");
  g_assert_cmpuint (count_files (self), ==, 1);
  /* Straight: nothing of the old one was ever called otherwise. */
  g_assert_cmpuint (n_exchanges, ==, 0);
  g_assert_cmpuint (n_renames, ==, 1);
}

/* Nor does it take the place of a folder. */
static void
test_folder_alone (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  make_folder (self, names[0]);
  g_assert_false (flash_card_files_publish (self->files, 1, TRUE, &error));
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_NOT_WRITABLE);
  free_files (self);
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
test_not_replaced (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  can_nothing = TRUE;
  flash_test_write_text (self->dir, names[1], "old");
  publish (self, FALSE, &error);
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_EXISTS);
  assert_contents (self, names[1], "old");
  g_assert_cmpuint (count_files (self), ==, 1);
}

/* --- It can exchange, but not back --------------------------------------------------------- */

/* What was there stays under the name that the error tells. */
static void
test_kept (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *start =
      g_strdup_printf ("what was called %s/%s before is now ", self->dir, names[0]);
  g_autofree char *kept = NULL;
  g_autofree char *contents = NULL;
  const char *end;

  fails_from = 2;
  fails_with = EIO;
  write_old (self, 1);
  /* Where nothing was, no exchange is needed, and a folder is met. */
  make_folder (self, names[1]);
  publish (self, TRUE, &error);
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_NOT_WRITABLE);
  g_assert_true (g_str_has_prefix (error->message, start));
  end = strchr (error->message, ';');
  g_assert_nonnull (end);
  kept =
      g_strndup (error->message + strlen (start), (gsize) (end - error->message) - strlen (start));
  contents = dup_contents (kept);
  g_assert_cmpstr (contents, ==, "old");
}

/* A folder that somebody has made is kept as well. */
static void
test_kept_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *inside = g_build_filename (names[0], "inside", NULL);
  g_autoptr (GError) error = NULL;

  fails_from = 2;
  fails_with = EIO;
  make_folder (self, names[0]);
  flash_test_write_text (self->dir, inside, "old");
  publish (self, TRUE, &error);
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_NOT_WRITABLE);
  g_assert_nonnull (strstr (error->message, "is now"));
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/card-names/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("replaced/exchange", GINT_TO_POINTER (FALSE), test_replaced);
  ADD ("replaced/plain", GINT_TO_POINTER (TRUE), test_replaced);
  ADD ("taken-back/exchange", GINT_TO_POINTER (FALSE), test_taken_back);
  ADD ("taken-back/plain", GINT_TO_POINTER (TRUE), test_taken_back);
  ADD ("replaced-alone", NULL, test_replaced_alone);
  ADD ("folder-alone", NULL, test_folder_alone);
  ADD ("not-replaced", NULL, test_not_replaced);
  ADD ("kept", NULL, test_kept);
  ADD ("kept-folder", NULL, test_kept_folder);
  return g_test_run ();
}
