/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-name"

#include "config.h"

#include "flash-host-name.h"

#include <string.h>

/* USB 2.0, section 4.1.1: five hubs in a row at most, and a bus and a port number. */
#define MAX_PORT_LENGTH 64
#define PORT_MARK "-port"
/* USB 2.0, section 11.23.2.1: bNbrPorts is one byte. */
#define MAX_PORT_NUMBER 255
#define MAX_BUS_NUMBER 99999

gboolean
flash_host_name_is_port (const char *name)
{
  gboolean has_digit = FALSE, has_dash = FALSE;

  if (name == NULL || strlen (name) > MAX_PORT_LENGTH)
    return FALSE;
  for (const char *at = name; *at != '\0'; at++) {
    if (g_ascii_isdigit (*at)) {
      /* Ports are counted from 1; `1-0` is a hub to the kernel. */
      if (*at == '0' && !has_digit)
        return FALSE;
      has_digit = TRUE;
      continue;
    }
    if (!has_digit || (*at == '-' ? has_dash : *at != '.' || !has_dash))
      return FALSE;
    has_dash = TRUE;
    has_digit = FALSE;
  }
  return has_digit && has_dash;
}

int
flash_host_name_compare (const char *left, const char *right)
{
  for (;;) {
    char *left_end, *right_end;
    guint64 left_number = g_ascii_strtoull (left, &left_end, 10);
    guint64 right_number = g_ascii_strtoull (right, &right_end, 10);

    if (left_number != right_number)
      return left_number < right_number ? -1 : 1;
    if (*left_end == '\0' || *right_end == '\0')
      return (*left_end != '\0') - (*right_end != '\0');
    left = left_end + 1;
    right = right_end + 1;
  }
}

char *
flash_host_name_dup_hub (const char *port)
{
  const char *dot, *dash;

  g_return_val_if_fail (flash_host_name_is_port (port), NULL);

  dot = strrchr (port, '.');
  if (dot != NULL)
    return g_strndup (port, (gsize) (dot - port));
  dash = strchr (port, '-');
  return g_strdup_printf ("usb%.*s", (int) (dash - port), port);
}

char *
flash_host_name_dup_folder (const char *port)
{
  g_autofree char *hub = flash_host_name_dup_hub (port);
  const char *dot;

  g_return_val_if_fail (hub != NULL, NULL);

  dot = strrchr (port, '.');
  return g_strconcat (hub, PORT_MARK, (dot != NULL ? dot : strchr (port, '-')) + 1, NULL);
}

/* GLib alone would skip a vertical tab in front. */
static gboolean
is_number (const char *text, guint64 max)
{
  return g_ascii_isdigit (*text) && g_ascii_string_to_unsigned (text, 10, 1, max, NULL, NULL);
}

char *
flash_host_name_parse_folder (const char *folder)
{
  g_autofree char *hub = NULL;
  const char *mark, *number;

  if (folder == NULL || strlen (folder) > MAX_PORT_LENGTH)
    return NULL;
  mark = strstr (folder, PORT_MARK);
  if (mark == NULL)
    return NULL;
  number = mark + strlen (PORT_MARK);
  hub = g_strndup (folder, (gsize) (mark - folder));
  if (!is_number (number, MAX_PORT_NUMBER))
    return NULL;
  if (flash_host_name_is_port (hub))
    return g_strconcat (hub, ".", number, NULL);
  if (!g_str_has_prefix (hub, "usb") || !is_number (hub + 3, MAX_BUS_NUMBER))
    return NULL;
  return g_strconcat (hub + 3, "-", number, NULL);
}
