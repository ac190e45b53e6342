/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-chip-data"

#include "config.h"

#include "flash-chip-data-private.h"

#include "flash-chips-resources.h"
#include "flash-text.h"

#define PREFIX "/io/github/flashwright/Flashwright/chips/"

GKeyFile *
flash_chip_data_load (const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (PREFIX, name, NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();

  bytes = g_resource_lookup_data (flash_chips_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                  error);
  if (bytes == NULL || !g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, error))
    return NULL;
  return g_steal_pointer (&file);
}

void
flash_chip_data_complain (FlashChipData *self, const char *key, const char *what)
{
  if (self->error == NULL)
    g_set_error (&self->error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "[%s] %s: %s",
                 self->groups[0], key, what);
}

/* Returns: (nullable): the first group that has the key. */
static const char *
find_group (FlashChipData *self, const char *key)
{
  for (guint i = 0; self->error == NULL && self->groups[i] != NULL; i++)
    if (g_key_file_has_key (self->file, self->groups[i], key, NULL))
      return self->groups[i];
  return NULL;
}

const char *
flash_chip_data_get_text (FlashChipData *self, const char *key)
{
  const char *group = find_group (self, key);
  g_autofree char *text = NULL;

  if (group == NULL)
    return NULL;
  text = g_key_file_get_string (self->file, group, key, &self->error);
  return text != NULL && text[0] != '\0' ? g_intern_string (text) : NULL;
}

gboolean
flash_chip_data_parse_number (const char *text, guint32 *out_number)
{
  guint64 number;

  if (!flash_text_parse_size (text, &number) || number > G_MAXUINT32)
    return FALSE;
  *out_number = (guint32) number;
  return TRUE;
}

guint32
flash_chip_data_get_number (FlashChipData *self, const char *key, guint32 fallback)
{
  const char *text = flash_chip_data_get_text (self, key);
  guint32 number = fallback;

  if (text != NULL && !flash_chip_data_parse_number (text, &number))
    flash_chip_data_complain (self, key, "not a number");
  return number;
}

gboolean
flash_chip_data_get_boolean (FlashChipData *self, const char *key, gboolean fallback)
{
  const char *text = flash_chip_data_get_text (self, key);

  if (text == NULL)
    return fallback;
  if (!g_str_equal (text, "true") && !g_str_equal (text, "false"))
    flash_chip_data_complain (self, key, "neither true nor false");
  return g_str_equal (text, "true");
}

GStrv
flash_chip_data_dup_list (FlashChipData *self, const char *key, const char *separator)
{
  const char *text = flash_chip_data_get_text (self, key);

  return text != NULL ? g_strsplit (text, separator, -1) : NULL;
}

static gboolean
is_known (const char *key, const char *const *known)
{
  for (guint i = 0; known[i] != NULL; i++)
    if (g_str_equal (key, known[i]) ||
        (g_str_has_suffix (known[i], "-") && g_str_has_prefix (key, known[i])))
      return TRUE;
  return FALSE;
}

void
flash_chip_data_check_keys (FlashChipData *self, const char *const *known)
{
  g_auto (GStrv) keys = g_key_file_get_keys (self->file, self->groups[0], NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!is_known (keys[i], known))
      flash_chip_data_complain (self, keys[i], "no such key");
}
