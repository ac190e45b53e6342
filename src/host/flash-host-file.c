/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-file"

#include "config.h"

#include "flash-host-file.h"

#include "flash-text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many as the kernel follows (Linux, include/linux/namei.h, MAXSYMLINKS). */
#define MAX_LINKS 40
#define MAX_ENTRIES 65536u
/* An attribute of sysfs has one page at most. */
#define MAX_LINE_BYTES 4096
#define MAX_LINE_CHARS 255

static char *
join (const char *root, const char *path)
{
  return g_strconcat (root != NULL ? root : "", path, NULL);
}

/* Takes the next part of a path off @rest.
 *
 * Returns: (transfer full) (nullable): the part; %NULL at the end */
static char *
take_part (GString *rest)
{
  gsize begin = strspn (rest->str, "/");
  gsize length = strcspn (rest->str + begin, "/");
  char *part = length > 0 ? g_strndup (rest->str + begin, length) : NULL;

  g_string_erase (rest, 0, (gssize) (begin + length));
  return part;
}

static void
leave_folder (GString *done)
{
  const char *slash = strrchr (done->str, '/');

  g_string_truncate (done, slash != NULL ? (gsize) (slash - done->str) : 0);
}

/* Returns: (transfer full) (nullable): where the link at @path leads; %NULL with errno EINVAL if
 * it is no link */
static char *
dup_link (const char *root, const char *path)
{
  g_autofree char *full = join (root, path);
  char target[PATH_MAX];
  ssize_t length = readlink (full, target, sizeof target);

  return length < 0 ? NULL : g_strndup (target, (gsize) length);
}

/* One step of the way: goes from @done into @part, which may be a link.
 *
 * Returns: whether there is such a part */
static gboolean
enter (const char *root, GString *done, GString *rest, const char *part, guint *n_links)
{
  g_autofree char *path = g_strconcat (done->str, "/", part, NULL);
  g_autofree char *target = dup_link (root, path);

  if (target == NULL) {
    g_string_assign (done, path);
    return errno == EINVAL;
  }
  if (++*n_links > MAX_LINKS || rest->len + strlen (target) >= PATH_MAX)
    return FALSE;
  if (target[0] == '/')
    g_string_truncate (done, 0);
  g_string_prepend_c (rest, '/');
  g_string_prepend (rest, target);
  return TRUE;
}

char *
flash_host_file_resolve (const char *root, const char *path)
{
  g_autoptr (GString) done = g_string_new (NULL);
  g_autoptr (GString) rest = g_string_new (path);
  guint n_links = 0;

  g_return_val_if_fail (path != NULL, NULL);

  for (;;) {
    g_autofree char *part = take_part (rest);

    if (part == NULL)
      return done->len > 0 ? g_strdup (done->str) : g_strdup ("/");
    if (g_str_equal (part, "."))
      continue;
    if (g_str_equal (part, ".."))
      leave_folder (done);
    else if (!enter (root, done, rest, part, &n_links))
      return NULL;
  }
}

char *
flash_host_file_dup_full (const char *root, const char *path)
{
  g_autofree char *inside = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (root == NULL)
    return g_strdup (path);
  inside = flash_host_file_resolve (root, path);
  return inside != NULL ? join (root, inside) : NULL;
}

gboolean
flash_host_file_is_there (const char *root, const char *path)
{
  g_autofree char *full = flash_host_file_dup_full (root, path);

  return full != NULL && access (full, F_OK) == 0;
}

static gboolean
is_ordinary (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && S_ISREG (status.st_mode);
}

/* Returns: (transfer full) (nullable): what is in the file, %NULL if reading fails */
static GString *
read_all (int fd, gsize max_bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < max_bytes) {
    char part[4096];
    ssize_t got = read (fd, part, MIN (sizeof part, max_bytes - text->len));

    if (got == 0)
      break;
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return NULL;
    g_string_append_len (text, part, got);
  }
  return g_steal_pointer (&text);
}

char *
flash_host_file_read (const char *root, const char *path, gsize max_bytes, gsize *out_length)
{
  g_autofree char *full = flash_host_file_dup_full (root, path);
  GString *text;
  int fd;

  if (full == NULL)
    return NULL;
  /* Whatever may be there instead of an ordinary file must not make the program wait. */
  fd = open (full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0)
    return NULL;
  text = is_ordinary (fd) ? read_all (fd, max_bytes) : NULL;
  close (fd);
  if (text == NULL)
    return NULL;
  if (out_length != NULL)
    *out_length = text->len;
  return g_string_free (text, FALSE);
}

char *
flash_host_file_dup_line (const char *root, const char *path)
{
  g_autofree char *text = flash_host_file_read (root, path, MAX_LINE_BYTES, NULL);
  gsize length;

  if (text == NULL)
    return NULL;
  length = strcspn (text, "\n");
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  return length > 0 ? flash_text_sanitize (text, length, MAX_LINE_CHARS) : NULL;
}

gboolean
flash_host_file_read_number (const char *root, const char *path, guint base, guint max,
                             guint *out_number)
{
  g_autofree char *line = flash_host_file_dup_line (root, path);
  guint64 number;

  if (line == NULL || !g_ascii_string_to_unsigned (line, base, 0, max, &number, NULL))
    return FALSE;
  *out_number = (guint) number;
  return TRUE;
}

char *
flash_host_file_dup_link_name (const char *root, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *inside = flash_host_file_resolve (root, folder);
  g_autofree char *link = inside != NULL ? g_build_filename (inside, name, NULL) : NULL;
  g_autofree char *target = link != NULL ? dup_link (root, link) : NULL;
  g_autofree char *last = target != NULL ? g_path_get_basename (target) : NULL;

  return last != NULL ? flash_text_sanitize (last, strlen (last), MAX_LINE_CHARS) : NULL;
}

char *
flash_host_file_dup_unescaped (const char *text, gsize max_chars)
{
  g_autoptr (GString) out = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  out = g_string_new (NULL);
  for (const char *at = text; *at != '\0'; at++) {
    gboolean is_escape =
        at[0] == '\\' && at[1] == 'x' && g_ascii_isxdigit (at[2]) && g_ascii_isxdigit (at[3]);

    if (!is_escape) {
      g_string_append_c (out, *at);
      continue;
    }
    g_string_append_c (out,
                       (char) (g_ascii_xdigit_value (at[2]) << 4 | g_ascii_xdigit_value (at[3])));
    at += 3;
  }
  return flash_text_sanitize (out->str, out->len, max_chars);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GStrv
flash_host_file_list (const char *root, const char *folder)
{
  g_autofree char *full = flash_host_file_dup_full (root, folder);
  g_autoptr (GDir) entries = full != NULL ? g_dir_open (full, 0, NULL) : NULL;
  GPtrArray *names = g_ptr_array_new ();
  const char *name;

  while (entries != NULL && names->len < MAX_ENTRIES && (name = g_dir_read_name (entries)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_free (names, FALSE);
}
