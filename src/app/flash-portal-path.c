/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-portal-path"

#include "config.h"

#include "flash-portal-path.h"

#include <glib/gi18n.h>
#include <string.h>

/* Returns: (transfer none) (nullable): what comes behind FOLDER/ID/ in @path. */
static const char *
skip_id (const char *path, const char *folder)
{
  const char *id, *rest;

  if (!g_str_has_prefix (path, folder) || path[strlen (folder)] != '/')
    return NULL;
  id = path + strlen (folder) + 1;
  rest = strchr (id, '/');
  return rest != NULL && rest > id && rest[1] != '\0' ? rest + 1 : NULL;
}

/* Returns: (transfer none) (nullable): what the user knows of @path: the name of a file, or of a
 * folder and what lies in it. */
static const char *
find_known_part (const char *path)
{
  g_autofree char *of_user = g_build_filename (g_get_user_runtime_dir (), "doc", NULL);
  const char *known = skip_id (path, of_user);

  /* Where newer versions of Flatpak put the same. */
  return known != NULL ? known : skip_id (path, "/run/flatpak/doc");
}

gboolean
flash_portal_path_is_lone_file (const char *path)
{
  const char *known;

  g_return_val_if_fail (path != NULL, FALSE);

  known = find_known_part (path);
  return known != NULL && strchr (known, '/') == NULL;
}

char *
flash_portal_path_dup_folder (const char *path)
{
  const char *known;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  known = find_known_part (path);
  if (known == NULL)
    return NULL;
  /* TRANSLATORS: in the place of its folder: the user has shared this file alone with the program,
   * which does not know where it lies. */
  if (strchr (known, '/') == NULL)
    return g_strdup (_ ("shared file"));
  folder = g_path_get_dirname (known);
  return g_filename_display_name (folder);
}
