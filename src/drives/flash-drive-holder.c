/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any. */
#define G_LOG_DOMAIN "flash-drive-holder"

#include "config.h"

#include "flash-drive-holder.h"

#include "flash-text.h"

#include <string.h>

/* More names help nobody. */
#define MAX_HOLDERS 5
/* The kernel's TASK_COMM_LEN is 16. */
#define NAME_LENGTH 64

static gboolean
points_below (const char *link, const char *folder)
{
  g_autofree char *target = g_file_read_link (link, NULL);
  gsize length = strlen (folder);

  return target != NULL && strncmp (target, folder, length) == 0 &&
         (target[length] == '\0' || target[length] == '/');
}

static gboolean
is_holder (const char *process, const char *mount_point)
{
  g_autofree char *working_folder = g_build_filename (process, "cwd", NULL);
  g_autofree char *fd_folder = g_build_filename (process, "fd", NULL);
  g_autoptr (GDir) folder = NULL;
  const char *entry;

  if (points_below (working_folder, mount_point))
    return TRUE;
  folder = g_dir_open (fd_folder, 0, NULL);
  while (folder != NULL && (entry = g_dir_read_name (folder)) != NULL) {
    g_autofree char *link = g_build_filename (fd_folder, entry, NULL);

    if (points_below (link, mount_point))
      return TRUE;
  }
  return FALSE;
}

static char *
describe (const char *process, const char *pid)
{
  g_autofree char *path = g_build_filename (process, "comm", NULL);
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup (pid);
  g_strchomp (text);
  name = flash_text_sanitize (text, strlen (text), NAME_LENGTH);
  return g_strdup_printf ("%s (%s)", name, pid);
}

char *
flash_drive_holder_list (const char *root, const char *mount_point)
{
  g_autofree char *proc = g_build_filename (root != NULL ? root : "/", "proc", NULL);
  g_autoptr (GDir) folder = g_dir_open (proc, 0, NULL);
  g_autoptr (GPtrArray) holders = g_ptr_array_new_with_free_func (g_free);
  const char *pid;

  g_return_val_if_fail (mount_point != NULL, NULL);

  while (folder != NULL && holders->len < MAX_HOLDERS && (pid = g_dir_read_name (folder)) != NULL) {
    g_autofree char *process = g_build_filename (proc, pid, NULL);

    if (g_ascii_isdigit (pid[0]) && is_holder (process, mount_point))
      g_ptr_array_add (holders, describe (process, pid));
  }
  if (holders->len == 0)
    return NULL;
  g_ptr_array_add (holders, NULL);
  return g_strjoinv (", ", (char **) holders->pdata);
}
