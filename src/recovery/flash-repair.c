/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-repair"

#include "config.h"

#include "flash-repair.h"

#include "flash-recovery.h"
#include "flash-repair-private.h"
#include "flash-text.h"

#include <string.h>

#define MAX_NAME 80 /* bytes */
#define MAX_LINES 60

GQuark
flash_repair_error_quark (void)
{
  return g_quark_from_static_string ("flash-repair-error-quark");
}

void
flash_repair_file_free (FlashRepairFile *self)
{
  g_free (self->name);
  g_free (self->sha256);
  g_clear_object (&self->source);
  g_free (self);
}

/* --- words ---------------------------------------------------------------------------------- */

static char *
dup_line (const char *text, gsize max_chars)
{
  return flash_text_sanitize (text, strlen (text), max_chars);
}

/* Line by line, since a line end is nothing that may be shown in a line. */
static char *
dup_lines (const char *text, gsize max_chars)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", MAX_LINES);
  gsize n_left = max_chars;

  for (guint i = 0; lines[i] != NULL; i++) {
    g_autofree char *line = dup_line (lines[i], n_left);
    gsize n_chars = (gsize) g_utf8_strlen (line, -1);

    n_left -= MIN (n_left, n_chars);
    g_free (lines[i]);
    lines[i] = g_steal_pointer (&line);
  }
  return g_strjoinv ("\n", lines);
}

FlashRepair *
flash_repair_new (const char *case_id, const FlashRepairWords *words)
{
  FlashRepair *self;

  g_return_val_if_fail (case_id != NULL && flash_recovery_case_find (case_id) != NULL, NULL);
  g_return_val_if_fail (words != NULL, NULL);

  self = g_new0 (FlashRepair, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->case_id = g_strdup (case_id);
  self->title = dup_line (words->title, FLASH_REPAIR_MAX_TITLE);
  self->message = dup_lines (words->message, FLASH_REPAIR_MAX_MESSAGE);
  self->contact = dup_line (words->contact, FLASH_REPAIR_MAX_CONTACT);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_repair_file_free);
  return self;
}

FlashRepair *
flash_repair_ref (FlashRepair *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_repair_unref (FlashRepair *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->case_id);
  g_free (self->title);
  g_free (self->message);
  g_free (self->contact);
  g_ptr_array_unref (self->files);
  g_free (self);
}

const char *
flash_repair_get_case (FlashRepair *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->case_id;
}

FlashRepairWords
flash_repair_get_words (FlashRepair *self)
{
  g_return_val_if_fail (self != NULL, ((FlashRepairWords){ "", "", "" }));

  return (FlashRepairWords){ self->title, self->message, self->contact };
}

/* --- files ---------------------------------------------------------------------------------- */

guint
flash_repair_get_n_files (FlashRepair *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->files->len;
}

const char *
flash_repair_get_file (FlashRepair *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->files->len, NULL);

  return ((const FlashRepairFile *) g_ptr_array_index (self->files, index))->name;
}

gboolean
flash_repair_is_layout (FlashRepair *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->files->len > 0 && g_str_has_suffix (flash_repair_get_file (self, 0), ".tsv");
}

FlashRepairFile *
flash_repair_find (FlashRepair *self, const char *name)
{
  for (guint i = 0; i < self->files->len; i++)
    if (g_str_equal (flash_repair_get_file (self, i), name))
      return g_ptr_array_index (self->files, i);
  return NULL;
}

static gboolean
is_letter (char letter)
{
  return g_ascii_isalnum (letter) || strchr ("._+-", letter) != NULL;
}

/* No folder, no hidden file, nothing that a shell or another system reads in its own way. */
gboolean
flash_repair_is_name (const char *name)
{
  gsize length = strlen (name);

  if (length == 0 || length > MAX_NAME || !g_ascii_isalnum (*name) ||
      g_str_equal (name, FLASH_REPAIR_JSON_NAME))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!is_letter (name[i]))
      return FALSE;
  return TRUE;
}

/* Returns: (transfer full): a name that is allowed and not taken, as like @name as can be. The end
 * of a long one is what tells its kind. */
static char *
dup_free_name (FlashRepair *self, const char *name)
{
  gsize length = strlen (name);
  g_autofree char *plain = g_strdup (length > MAX_NAME - 8 ? name + length - (MAX_NAME - 8) : name);
  char *free_name;

  for (char *at = plain; *at != '\0'; at++)
    if (!is_letter (*at))
      *at = '_';
  free_name = g_strdup (plain);
  for (guint i = 1;
       !flash_repair_is_name (free_name) || flash_repair_find (self, free_name) != NULL; i++) {
    g_free (free_name);
    free_name = g_strdup_printf ("%u-%s", i, plain);
  }
  return free_name;
}

static const char *
add (FlashRepair *self, const char *name, FlashSource *source)
{
  FlashRepairFile *file = g_new0 (FlashRepairFile, 1);

  file->name = dup_free_name (self, name);
  file->size = flash_source_get_size (source);
  file->source = g_object_ref (source);
  g_ptr_array_add (self->files, file);
  return file->name;
}

const char *
flash_repair_add_bytes (FlashRepair *self, const char *name, GBytes *bytes)
{
  g_autoptr (FlashSource) source = NULL;

  g_return_val_if_fail (self != NULL && name != NULL && bytes != NULL, NULL);

  if (self->files->len >= FLASH_REPAIR_MAX_FILES)
    return NULL;
  source = flash_source_new_for_bytes (bytes, name);
  return add (self, name, source);
}

const char *
flash_repair_add_file (FlashRepair *self, const char *path, GError **error)
{
  g_autoptr (FlashSource) source = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, NULL);

  for (guint i = 0; i < self->files->len; i++) {
    const FlashRepairFile *file = g_ptr_array_index (self->files, i);

    if (file->source != NULL && g_str_equal (flash_source_get_name (file->source), path))
      return file->name;
  }
  if (self->files->len >= FLASH_REPAIR_MAX_FILES) {
    g_set_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_REFUSED,
                 "more than %d files belong to it", FLASH_REPAIR_MAX_FILES);
    return NULL;
  }
  source = flash_source_new_for_file (path, error);
  if (source == NULL)
    return NULL;
  name = g_path_get_basename (path);
  return add (self, name, source);
}

void
flash_repair_set_main (FlashRepair *self, const char *name)
{
  FlashRepairFile *file;
  guint place;

  g_return_if_fail (self != NULL && name != NULL);

  file = flash_repair_find (self, name);
  g_return_if_fail (file != NULL && g_ptr_array_find (self->files, file, &place));
  g_ptr_array_insert (self->files, 0, g_ptr_array_steal_index (self->files, place));
}
