/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-node"

#include "config.h"

#include "flash-host-node.h"

#include "flash-text.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel's TASK_COMM_LEN is 16. */
#define NAME_LENGTH 64
#define ACCOUNT_BUFFER 16384

void
flash_host_holder_free (FlashHostHolder *self)
{
  g_free (self->name);
  g_free (self);
}

static char *
dup_path (const char *root, const char *path)
{
  return root != NULL ? g_build_filename (root, path, NULL) : g_strdup (path);
}

static gboolean
has_open (const char *fd_folder, const char *node)
{
  g_autoptr (GDir) folder = g_dir_open (fd_folder, 0, NULL);
  const char *entry;

  if (folder == NULL)
    return FALSE;
  while ((entry = g_dir_read_name (folder)) != NULL) {
    g_autofree char *link = g_build_filename (fd_folder, entry, NULL);
    g_autofree char *target = g_file_read_link (link, NULL);

    if (g_strcmp0 (target, node) == 0)
      return TRUE;
  }
  return FALSE;
}

static char *
dup_name (const char *process_folder)
{
  g_autofree char *path = g_build_filename (process_folder, "comm", NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return g_strdup ("?");
  g_strchomp (text);
  return flash_text_sanitize (text, strlen (text), NAME_LENGTH);
}

static int
compare_holders (gconstpointer a, gconstpointer b)
{
  const FlashHostHolder *left = *(FlashHostHolder *const *) a;
  const FlashHostHolder *right = *(FlashHostHolder *const *) b;

  return (left->pid > right->pid) - (left->pid < right->pid);
}

GPtrArray *
flash_host_node_find_holders (const char *root, const char *node)
{
  GPtrArray *holders = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_host_holder_free);
  g_autofree char *proc = dup_path (root, "/proc");
  g_autoptr (GDir) folder = g_dir_open (proc, 0, NULL);
  const char *entry;

  g_return_val_if_fail (node != NULL, holders);

  while (folder != NULL && (entry = g_dir_read_name (folder)) != NULL) {
    guint64 pid;
    g_autofree char *process_folder = g_build_filename (proc, entry, NULL);
    g_autofree char *fd_folder = g_build_filename (process_folder, "fd", NULL);
    FlashHostHolder *holder;

    if (!g_ascii_string_to_unsigned (entry, 10, 1, G_MAXINT, &pid, NULL) ||
        (root == NULL && (int) pid == getpid ()) || !has_open (fd_folder, node))
      continue;
    holder = g_new0 (FlashHostHolder, 1);
    holder->pid = (int) pid;
    holder->name = dup_name (process_folder);
    g_ptr_array_add (holders, holder);
  }
  g_ptr_array_sort (holders, compare_holders);
  return holders;
}

/* Accounts are asked for by way of the reentrant calls: workers ask too. */
static char *
dup_user (uid_t uid)
{
  g_autofree char *buffer = g_malloc (ACCOUNT_BUFFER);
  struct passwd account, *found = NULL;

  if (getpwuid_r (uid, &account, buffer, ACCOUNT_BUFFER, &found) == 0 && found != NULL)
    return g_strdup (found->pw_name);
  return g_strdup_printf ("%u", uid);
}

static char *
dup_group (gid_t gid)
{
  g_autofree char *buffer = g_malloc (ACCOUNT_BUFFER);
  struct group account, *found = NULL;

  if (getgrgid_r (gid, &account, buffer, ACCOUNT_BUFFER, &found) == 0 && found != NULL)
    return g_strdup (found->gr_name);
  return g_strdup_printf ("%u", gid);
}

char *
flash_host_node_dup_rights (const char *root, const char *node)
{
  g_autofree char *path = NULL;
  g_autofree char *user = NULL;
  g_autofree char *group = NULL;
  struct stat status;

  g_return_val_if_fail (node != NULL, NULL);

  path = dup_path (root, node);
  if (stat (path, &status) != 0)
    return g_strdup (g_strerror (errno));
  user = dup_user (status.st_uid);
  group = dup_group (status.st_gid);
  return g_strdup_printf ("%s:%s, mode %04o", user, group, (unsigned) status.st_mode & 07777u);
}
