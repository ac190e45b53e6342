/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-app-builds"

#include "config.h"

#include "flash-app-builds.h"

#include "flash-bundle-dialog.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define PIECE_SIZE (256 * 1024)

char *
flash_app_make_build (void)
{
  static const struct {
    const char *name;
    const char *text;
  } layouts[] = {
    { FLASH_APP_BUILD_CARD, FLASH_APP_CARD_LAYOUT },
    { FLASH_APP_BUILD_EMMC, FLASH_APP_EMMC_LAYOUT },
    { "FlashLayout_emmc_stm32mp135f-dk-optee.tsv", FLASH_APP_EMMC_LAYOUT },
    { "samples/FlashLayout_sdcard_stm32mp157f-dk2-extensible.tsv", FLASH_APP_CARD_LAYOUT },
    { "FlashLayout_emmc_stm32mp157c-ev1-trusted.tsv",
      "P\t0x10\trootfs\tFileSystem\tmmc1\t0x80000\tother.ext4\n" },
  };
  char *dir = flash_test_make_dir ();
  g_autoptr (GBytes) rootfs = flash_test_make_ext4 (1024 * 1024, 300 * 1024);

  G_STATIC_ASSERT (G_N_ELEMENTS (layouts) == FLASH_APP_BUILD_N_LAYOUTS);
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    flash_test_write_text (dir, layouts[i].name, layouts[i].text);
  flash_test_write_file (dir, "rootfs.ext4", rootfs);
  flash_test_write_file (dir, "samples/rootfs.ext4", rootfs);
  flash_test_write_text (dir, "README.txt", "not a layout");
  return dir;
}

void
flash_app_add_boards (const char *dir, guint n_boards)
{
  for (guint i = 0; i < n_boards; i++) {
    g_autofree char *name =
        g_strdup_printf ("FlashLayout_emmc_stm32mp157c-own%02u-optee.tsv", i + 1);

    flash_test_write_text (dir, name, FLASH_APP_EMMC_LAYOUT);
  }
}

/* --- archives ------------------------------------------------------------------------------- */

static struct archive *
begin (const char *path)
{
  struct archive *archive = archive_write_new ();

  if (g_str_has_suffix (path, ".zip")) {
    g_assert_cmpint (archive_write_set_format_zip (archive), ==, ARCHIVE_OK);
  } else {
    if (g_str_has_suffix (path, ".zst"))
      g_assert_cmpint (archive_write_add_filter_zstd (archive), ==, ARCHIVE_OK);
    g_assert_cmpint (archive_write_set_format_gnutar (archive), ==, ARCHIVE_OK);
  }
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);
  return archive;
}

static void
end (struct archive *archive)
{
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);
}

static void
begin_file (struct archive *archive, const char *name, guint64 size)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t) size);
  g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
  archive_entry_free (entry);
}

static void
add_text (struct archive *archive, const char *name, const char *text)
{
  begin_file (archive, name, strlen (text));
  g_assert_cmpint (archive_write_data (archive, text, strlen (text)), ==,
                   (la_ssize_t) strlen (text));
}

/* @prefix: the path inside of the archive, empty or with a slash at the end */
static void
add_folder (struct archive *archive, const char *dir, const char *prefix)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (listing)) != NULL) {
    g_autofree char *path = g_build_filename (dir, name, NULL);
    g_autofree char *inside = g_strconcat (prefix, name, NULL);
    g_autofree char *inner_prefix = g_strconcat (inside, "/", NULL);
    g_autofree char *bytes = NULL;
    gsize size;

    if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
      add_folder (archive, path, inner_prefix);
      continue;
    }
    g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
    begin_file (archive, inside, size);
    g_assert_cmpint (archive_write_data (archive, bytes, size), ==, (la_ssize_t) size);
  }
}

void
flash_app_pack (const char *dir, const char *path)
{
  struct archive *archive = begin (path);

  add_folder (archive, dir, "");
  end (archive);
}

void
flash_app_pack_hostile (const char *path)
{
  struct archive *archive = begin (path);

  add_text (archive, "../evil.tsv", FLASH_APP_CARD_LAYOUT);
  end (archive);
}

void
flash_app_pack_large (const char *path, guint64 size)
{
  struct archive *archive = begin (path);
  g_autofree guint8 *zeros = g_malloc0 (PIECE_SIZE);

  add_text (archive, "layout.tsv", FLASH_APP_CARD_LAYOUT);
  begin_file (archive, "rootfs.ext4", size);
  for (guint64 done = 0; done < size; done += PIECE_SIZE)
    g_assert_cmpint (archive_write_data (archive, zeros, PIECE_SIZE), ==, PIECE_SIZE);
  end (archive);
}

char *
flash_app_dup_opened_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "flashwright", "opened", NULL);
}

guint
flash_app_count_opened (void)
{
  g_autofree char *folder = flash_app_dup_opened_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_opened = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n_opened++;
  return n_opened;
}

/* --- the window ------------------------------------------------------------------------------ */

void
flash_build_fixture_set_up (FlashBuildFixture *self, gconstpointer unused)
{
  flash_app_fixture_set_up (&self->app, NULL);
  self->build = flash_app_make_build ();
  self->dir = flash_test_make_dir ();
}

/* Whatever was unpacked is gone once its window is. */
void
flash_build_fixture_tear_down (FlashBuildFixture *self, gconstpointer unused)
{
  flash_app_fixture_tear_down (&self->app, NULL);
  flash_ui_wait_until (flash_app_count_opened () == 0);
  flash_test_remove_dir (self->build);
  flash_test_remove_dir (self->dir);
  g_free (self->build);
  g_free (self->dir);
}

GtkWidget *
flash_build_find (FlashBuildFixture *self, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (self->app.window), GTK_TYPE_LABEL, text);
}

/* Returns: (transfer none): a child of the bar, whether it is shown or not. */
static gpointer
get_bar_child (FlashBuildFixture *self, const char *id)
{
  gpointer bar = gtk_widget_get_template_child (GTK_WIDGET (self->app.window), FLASH_TYPE_WINDOW,
                                                "bundle_bar");

  return gtk_widget_get_template_child (bar, g_type_from_name ("FlashBundleBar"), id);
}

const char *
flash_build_get_bar_title (FlashBuildFixture *self)
{
  return gtk_label_get_text (get_bar_child (self, "title_label"));
}

const char *
flash_build_get_bar_detail (FlashBuildFixture *self)
{
  return gtk_label_get_text (get_bar_child (self, "detail_label"));
}

void
flash_build_start_opening (FlashBuildFixture *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  flash_window_open (self->app.window, file);
}

char *
flash_build_pack (FlashBuildFixture *self, const char *dir, const char *name)
{
  char *path = g_build_filename (self->dir, name, NULL);

  flash_app_pack (dir, path);
  return path;
}

GtkWidget *
flash_build_find_dialog (void)
{
  GtkWidget *dialog = flash_ui_find_toplevel (FLASH_TYPE_BUNDLE_DIALOG);

  return dialog != NULL && gtk_widget_get_mapped (dialog) ? dialog : NULL;
}

GtkWidget *
flash_build_wait_for_dialog (void)
{
  flash_ui_wait_until (flash_build_find_dialog () != NULL);
  return flash_build_find_dialog ();
}

/* Returns: (transfer none) (nullable): the row of the layout with that name, if it is shown. */
GtkWidget *
flash_build_find_row (GtkWidget *dialog, const char *name)
{
  GtkWidget *label = flash_ui_find_widget (dialog, GTK_TYPE_LABEL, name);

  return label != NULL ? gtk_widget_get_ancestor (label, GTK_TYPE_LIST_BOX_ROW) : NULL;
}

void
flash_build_close_dialog (void)
{
  gtk_window_close (GTK_WINDOW (flash_build_wait_for_dialog ()));
  flash_ui_wait_until (flash_build_find_dialog () == NULL);
}

const char *
flash_build_get_title (FlashBuildFixture *self)
{
  return adw_window_title_get_title (ADW_WINDOW_TITLE (flash_app_get (&self->app, "title")));
}

const char *
flash_build_get_subtitle (FlashBuildFixture *self)
{
  return adw_window_title_get_subtitle (ADW_WINDOW_TITLE (flash_app_get (&self->app, "title")));
}

const char *
flash_build_get_path (FlashBuildFixture *self)
{
  return flash_editor_get_path (flash_window_get_editor (self->app.window));
}
