/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-path"

#include "config.h"

#include "flash-bundle-path.h"
#include "flash-text.h"

#include <string.h>

/* Linux, include/uapi/linux/limits.h: NAME_MAX */
#define MAX_PART 255
#define MAX_SHOWN 120

static gboolean
has_control (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/* What is wrong with a name whatever it is relative to. */
static FlashBundlePathFault
find_fault (const char *raw, gsize max_name)
{
  gsize length;

  if (raw == NULL)
    return FLASH_BUNDLE_PATH_EMPTY;
  length = strlen (raw);
  if (length == 0)
    return FLASH_BUNDLE_PATH_EMPTY;
  if (length > max_name)
    return FLASH_BUNDLE_PATH_LONG;
  if (!g_utf8_validate (raw, (gssize) length, NULL) || has_control (raw))
    return FLASH_BUNDLE_PATH_NOT_TEXT;
  if (*raw == '/' || (g_ascii_isalpha (raw[0]) && raw[1] == ':'))
    return FLASH_BUNDLE_PATH_ABSOLUTE;
  if (strchr (raw, '\\') != NULL)
    return FLASH_BUNDLE_PATH_BACKSLASH;
  return FLASH_BUNDLE_PATH_GOOD;
}

/**
 * add_parts:
 * @parts: (element-type utf8): clean parts
 * @may_climb: whether `..` takes one of them away
 */
static FlashBundlePathFault
add_parts (GPtrArray *parts, const char *relative, gboolean may_climb)
{
  g_auto (GStrv) words = g_strsplit (relative, "/", -1);

  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0' || g_str_equal (words[i], "."))
      continue;
    if (g_str_equal (words[i], "..")) {
      if (!may_climb || parts->len == 0)
        return FLASH_BUNDLE_PATH_PARENT;
      g_ptr_array_remove_index (parts, parts->len - 1);
    } else if (strlen (words[i]) > MAX_PART) {
      return FLASH_BUNDLE_PATH_LONG;
    } else if (parts->len == FLASH_BUNDLE_MAX_PARTS) {
      return FLASH_BUNDLE_PATH_DEEP;
    } else {
      g_ptr_array_add (parts, g_strdup (words[i]));
    }
  }
  return FLASH_BUNDLE_PATH_GOOD;
}

static FlashBundlePathFault
clean (const char *folder, const char *relative, gboolean may_climb, gsize max_name,
       char **out_path)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  FlashBundlePathFault fault = find_fault (relative, max_name);
  g_autofree char *path = NULL;

  *out_path = NULL;
  if (fault == FLASH_BUNDLE_PATH_GOOD)
    fault = add_parts (parts, folder, FALSE);
  if (fault == FLASH_BUNDLE_PATH_GOOD)
    fault = add_parts (parts, relative, may_climb);
  if (fault != FLASH_BUNDLE_PATH_GOOD)
    return fault;
  if (parts->len == 0)
    return FLASH_BUNDLE_PATH_EMPTY;
  g_ptr_array_add (parts, NULL);
  path = g_strjoinv ("/", (char **) parts->pdata);
  if (strlen (path) > max_name)
    return FLASH_BUNDLE_PATH_LONG;
  *out_path = g_steal_pointer (&path);
  return FLASH_BUNDLE_PATH_GOOD;
}

FlashBundlePathFault
flash_bundle_path_clean (const char *raw, gsize max_name, char **out_path)
{
  return clean ("", raw, FALSE, max_name, out_path);
}

FlashBundlePathFault
flash_bundle_path_join (const char *folder, const char *relative, gsize max_name, char **out_path)
{
  return clean (folder, relative, TRUE, max_name, out_path);
}

char *
flash_bundle_path_dup_folder (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? g_strndup (path, (gsize) (slash - path)) : g_strdup ("");
}

const char *
flash_bundle_path_get_base (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? slash + 1 : path;
}

gboolean
flash_bundle_path_is_layout (const char *path)
{
  const char *base = flash_bundle_path_get_base (path);
  gsize length = strlen (base), suffix = strlen (".tsv");

  return length > suffix && g_ascii_strcasecmp (base + length - suffix, ".tsv") == 0;
}

char *
flash_bundle_path_dup_safe (const char *raw)
{
  return raw != NULL ? flash_text_sanitize (raw, strlen (raw), MAX_SHOWN) : g_strdup ("");
}
