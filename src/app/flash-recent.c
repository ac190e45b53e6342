/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-recent"

#include "config.h"

#include "flash-recent.h"

#include <gio/gunixmounts.h>

#include <string.h>

#define PROGRAM "Flashwright"

#define CLEARED_KEY "recent-cleared"

/* So many are looked for on the disk at most: those that are gone are left out. */
#define MAX_LOOKED_AT 64

static gboolean
is_enabled (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  gboolean is_wanted = TRUE;

  if (settings != NULL)
    g_object_get (settings, "gtk-recent-files-enabled", &is_wanted, NULL);
  return is_wanted;
}

void
flash_recent_add (const char *path)
{
  g_autofree char *uri = NULL;
  /* What else there is, a folder or an archive, is told by its name alone. */
  gboolean is_layout;
  GtkRecentData data = { .app_name = (char *) PROGRAM, .app_exec = (char *) "flashwright %u" };

  g_return_if_fail (path != NULL);

  uri = g_filename_to_uri (path, NULL, NULL);
  is_layout = g_str_has_suffix (path, ".tsv");
  data.mime_type = (char *) (is_layout ? "text/tab-separated-values" : "application/octet-stream");
  if (uri != NULL && is_enabled ())
    gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static int
compare_visited (gconstpointer a, gconstpointer b)
{
  return g_date_time_compare (gtk_recent_info_get_visited ((GtkRecentInfo *) b),
                              gtk_recent_info_get_visited ((GtkRecentInfo *) a));
}

/* Returns: when the list was cleared, in microseconds since 1970. */
static gint64
get_cleared_us (void)
{
  g_autoptr (GSettings) settings = g_settings_new (APP_ID);

  return g_settings_get_int64 (settings, CLEARED_KEY);
}

/* Returns: whether this program has opened it since then. */
static gboolean
is_ours (GtkRecentInfo *info, gint64 cleared_us)
{
  const char *command;
  GDateTime *last;
  guint count;

  /* The toolkit warns where that is asked of what another program has opened. */
  if (!gtk_recent_info_has_application (info, PROGRAM) ||
      !gtk_recent_info_get_application_info (info, PROGRAM, &command, &count, &last))
    return FALSE;
  return g_date_time_to_unix (last) * G_USEC_PER_SEC + g_date_time_get_microsecond (last) >
         cleared_us;
}

/* Returns: (transfer full) (element-type filename): what this program has opened. */
static GPtrArray *
list_paths (void)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  GList *infos = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  gint64 cleared_us = get_cleared_us ();

  infos = g_list_sort (infos, compare_visited);
  for (GList *link = infos; link != NULL && paths->len < MAX_LOOKED_AT; link = link->next) {
    g_autofree char *path = NULL;

    if (!is_ours (link->data, cleared_us))
      continue;
    path = g_filename_from_uri (gtk_recent_info_get_uri (link->data), NULL, NULL);
    if (path != NULL)
      g_ptr_array_add (paths, g_steal_pointer (&path));
  }
  g_list_free_full (infos, (GDestroyNotify) gtk_recent_info_unref);
  return paths;
}

gboolean
flash_recent_is_remote (const char *type)
{
  static const char *const types[] = { "9p",   "afs",   "autofs",    "ceph",  "cifs",
                                       "coda", "davfs", "glusterfs", "ncpfs", "nfs",
                                       "nfs4", "smb3",  "smbfs" };

  g_return_val_if_fail (type != NULL, FALSE);

  /* What a program serves may come from anywhere; “fuseblk” is a disk. */
  if (g_str_has_prefix (type, "fuse."))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (type, types[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  if (!g_str_has_prefix (path, folder))
    return FALSE;
  return path[length] == '/' || path[length] == '\0' || g_str_equal (folder, "/");
}

/* Told by the names alone: to look at a network that does not answer may take for ever.
 *
 * @mounts: (element-type GUnixMountEntry): later ones lie on top of earlier ones */
static gboolean
is_on_network (const char *path, GList *mounts)
{
  GUnixMountEntry *found = NULL;
  gsize length = 0;

  for (GList *link = mounts; link != NULL; link = link->next) {
    const char *folder = g_unix_mount_get_mount_path (link->data);

    if (!is_below (path, folder) || strlen (folder) < length)
      continue;
    found = link->data;
    length = strlen (folder);
  }
  return found != NULL && flash_recent_is_remote (g_unix_mount_get_fs_type (found));
}

/* A disk that sleeps must not keep the window waiting. */
static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *paths = data;
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  GList *mounts = g_unix_mounts_get (NULL);
  guint n_found = 0;

  for (guint i = 0; i < paths->len && n_found < FLASH_RECENT_MAX; i++) {
    if (!is_on_network (paths->pdata[i], mounts) &&
        !g_file_test (paths->pdata[i], G_FILE_TEST_EXISTS))
      continue;
    g_strv_builder_add (found, paths->pdata[i]);
    n_found++;
  }
  g_list_free_full (mounts, (GDestroyNotify) g_unix_mount_free);
  g_task_return_pointer (task, g_strv_builder_end (found), (GDestroyNotify) g_strfreev);
}

void
flash_recent_list (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  GPtrArray *paths = is_enabled () ? list_paths () : g_ptr_array_new ();

  g_task_set_source_tag (task, flash_recent_list);
  g_task_set_task_data (task, paths, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, look_in_thread);
}

char **
flash_recent_list_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_recent_list), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_only_ours (GtkRecentInfo *info)
{
  gsize n_programs;
  g_auto (GStrv) programs = gtk_recent_info_get_applications (info, &n_programs);

  return n_programs == 1 && g_str_equal (programs[0], PROGRAM);
}

/* The list is not ours alone: what other programs have opened as well stays for them, and is only
 * not listed here. */
void
flash_recent_clear (void)
{
  g_autoptr (GSettings) settings = g_settings_new (APP_ID);
  GtkRecentManager *manager = gtk_recent_manager_get_default ();
  GList *infos = gtk_recent_manager_get_items (manager);

  for (GList *link = infos; link != NULL; link = link->next)
    if (is_only_ours (link->data))
      gtk_recent_manager_remove_item (manager, gtk_recent_info_get_uri (link->data), NULL);
  g_list_free_full (infos, (GDestroyNotify) gtk_recent_info_unref);
  g_settings_set_int64 (settings, CLEARED_KEY, g_get_real_time ());
}
