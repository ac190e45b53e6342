/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-database"

#include "config.h"

#include "flash-host-database.h"

#include "flash-host-file.h"

#include <string.h>

/* Character devices with this number are on USB (Linux, Documentation/admin-guide/devices.txt);
 * each bus has 128 of them (drivers/usb/core/usb.h, usb_new_device ()). */
#define USB_MAJOR 189
#define DEVICES_OF_A_BUS 128
#define MAX_BUSSES 4096
/* A device has some thirty lines. */
#define MAX_BYTES 65536
#define MAX_TEXT 255

/* Returns: the number of the bus in `1-2.3` or `usb1`; 0 if it has none */
static guint
get_bus (const char *device)
{
  const char *digits = g_str_has_prefix (device, "usb") ? device + strlen ("usb") : device;
  g_autofree char *number = g_strndup (digits, strcspn (digits, "-"));
  guint64 bus;

  return g_ascii_string_to_unsigned (number, 10, 1, MAX_BUSSES, &bus, NULL) ? (guint) bus : 0;
}

/* Returns: (nullable): what is behind `E:KEY=` in one of @lines */
static const char *
find_value (const char *const *lines, const char *key)
{
  gsize length = strlen (key);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "E:") && strncmp (lines[i] + 2, key, length) == 0 &&
        lines[i][2 + length] == '=')
      return lines[i] + 2 + length + 1;
  return NULL;
}

/* @value: (nullable)
 *
 * Returns: (transfer full) (nullable): %NULL if there is nothing to show */
static char *
dup_text (const char *value)
{
  g_autofree char *text = value != NULL ? flash_host_file_dup_unescaped (value, MAX_TEXT) : NULL;

  return text != NULL && g_strstrip (text)[0] != '\0' ? g_steal_pointer (&text) : NULL;
}

/* Of a device that does not call itself anything, udev takes its number for a name (systemd,
 * src/udev/udev-builtin-usb_id.c). */
static gboolean
is_only_number (const char *const *lines, const char *name)
{
  return g_strcmp0 (name, find_value (lines, "ID_MODEL_ID")) == 0;
}

static char *
dup_name (const char *const *lines)
{
  static const char *const keys[] = { "ID_MODEL_ENC", "ID_MODEL" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    const char *name = find_value (lines, keys[i]);

    if (name != NULL && !is_only_number (lines, name))
      return dup_text (name);
  }
  return NULL;
}

void
flash_host_note_init (FlashHostNote *self, const char *root, const char *device, guint address)
{
  guint bus;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (device != NULL);

  *self = (FlashHostNote){ 0 };
  bus = get_bus (device);
  if (bus == 0 || address < 1 || address > DEVICES_OF_A_BUS)
    return;
  path = g_strdup_printf ("/run/udev/data/c%d:%u", USB_MAJOR,
                          (bus - 1) * DEVICES_OF_A_BUS + address - 1);
  text = flash_host_file_read (root, path, MAX_BYTES, NULL);
  if (text == NULL)
    return;
  lines = g_strsplit (text, "\n", -1);
  self->name = dup_name ((const char *const *) lines);
  self->known_as = dup_text (find_value ((const char *const *) lines, "ID_MODEL_FROM_DATABASE"));
  self->serial = dup_text (find_value ((const char *const *) lines, "ID_SERIAL_SHORT"));
}

void
flash_host_note_clear (FlashHostNote *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->known_as, g_free);
  g_clear_pointer (&self->serial, g_free);
}

char *
flash_host_note_steal_name (FlashHostNote *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name != NULL ? g_steal_pointer (&self->name) : g_steal_pointer (&self->known_as);
}

/* As udev does (systemd, src/udev/udev-util.c, udev_replace_chars ()). */
static gboolean
is_usual (char character)
{
  return g_ascii_isalnum (character) || (character != '\0' && strchr ("#+-.:=@_", character));
}

/* Blanks in a row become one `_`, at both ends nothing; whatever is unusual becomes one each.
 *
 * Returns: (transfer full): @serial as udev would have noted it down */
static char *
dup_noted (const char *serial)
{
  g_autofree char *stripped = g_strstrip (g_strdup (serial));
  GString *text = g_string_new (NULL);

  for (const char *at = stripped; *at != '\0'; at++) {
    if (is_usual (*at))
      g_string_append_c (text, *at);
    else if (!g_ascii_isspace (*at) || !g_ascii_isspace (at[-1]))
      g_string_append_c (text, '_');
  }
  return g_string_free (text, FALSE);
}

gboolean
flash_host_note_has_serial (const FlashHostNote *self, const char *serial)
{
  g_autofree char *noted = NULL;
  g_autofree char *own = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->serial == NULL || serial == NULL)
    return FALSE;
  noted = dup_noted (serial);
  own = dup_noted (self->serial);
  return noted[0] != '\0' && g_str_equal (noted, own);
}
