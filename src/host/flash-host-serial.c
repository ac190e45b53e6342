/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-serial"

#include "config.h"

#include "flash-host-serial.h"

#include "flash-host-database.h"
#include "flash-host-file.h"
#include "flash-host-name.h"

#include <string.h>
#include <unistd.h>

#define TTYS "/sys/class/tty"
#define MAX_SERIALS 256u
/* A terminal lies in an interface, or in a port of one, of its device. */
#define MAX_STEPS 4
#define ST_VID 0x0483

void
flash_host_serial_free (FlashHostSerial *self)
{
  g_free (self->path);
  g_free (self->port);
  g_free (self->name);
  g_free (self->serial);
  g_free (self);
}

/* --- the list ----------------------------------------------------------------------------- */

/* The product numbers that ST gave to its probes, V1 to V3; they lie close together (the table of
 * USB ids that comes with udev, vendor 0483). */
gboolean
flash_host_serial_is_stlink (guint16 vid, guint16 pid)
{
  return vid == ST_VID && (pid == 0x3744 || pid == 0x3748 || (pid >= 0x374a && pid <= 0x374f) ||
                           (pid >= 0x3752 && pid <= 0x3757));
}

/* What else the kernel lists are consoles, and ports that are soldered. */
static gboolean
is_usb_terminal (const char *name)
{
  const char *number = name;

  if (g_str_has_prefix (name, "ttyACM") || g_str_has_prefix (name, "ttyUSB"))
    number += strlen ("ttyACM");
  return number != name && *number != '\0' && strspn (number, G_CSET_DIGITS) == strlen (number);
}

static gboolean
read_id (const char *root, const char *device, const char *name, guint16 *out_id)
{
  g_autofree char *path = g_build_filename (device, name, NULL);
  guint number;

  if (!flash_host_file_read_number (root, path, 16, G_MAXUINT16, &number))
    return FALSE;
  *out_id = (guint16) number;
  return TRUE;
}

static guint
read_address (const char *root, const char *device)
{
  g_autofree char *path = g_build_filename (device, "devnum", NULL);
  guint address;

  return flash_host_file_read_number (root, path, 10, G_MAXUINT, &address) ? address : 0;
}

/* Goes up from the folder of a terminal to that of the USB device: its name is a port path, and it
 * has a vendor.
 *
 * Returns: (transfer full) (nullable): the folder */
static char *
find_device (const char *root, const char *terminal, guint16 *out_vid)
{
  g_autofree char *link = g_build_filename (TTYS, terminal, "device", NULL);
  g_autofree char *folder = flash_host_file_resolve (root, link);

  for (guint i = 0; folder != NULL && i < MAX_STEPS; i++) {
    g_autofree char *name = g_path_get_basename (folder);
    char *above;

    if (flash_host_name_is_port (name) && read_id (root, folder, "idVendor", out_vid))
      return g_steal_pointer (&folder);
    above = g_path_get_dirname (folder);
    g_free (folder);
    folder = above;
  }
  return NULL;
}

static gboolean
can_open (const char *root, const char *node)
{
  g_autofree char *full = flash_host_file_dup_full (root, node);

  return full != NULL && access (full, R_OK) == 0;
}

/* Returns: (transfer full) (nullable): %NULL if there is no USB device behind it */
static FlashHostSerial *
read_serial (const char *root, const char *terminal)
{
  guint16 vid, pid = 0;
  g_autofree char *device = find_device (root, terminal, &vid);
  g_auto (FlashHostNote) note = { 0 };
  FlashHostSerial *self;

  if (device == NULL)
    return NULL;
  read_id (root, device, "idProduct", &pid);
  self = g_new0 (FlashHostSerial, 1);
  self->path = g_build_filename ("/dev", terminal, NULL);
  self->port = g_path_get_basename (device);
  self->vid = vid;
  self->pid = pid;
  flash_host_note_init (&note, root, self->port, read_address (root, device));
  self->name = g_steal_pointer (&note.name);
  self->serial = g_steal_pointer (&note.serial);
  self->is_stlink = flash_host_serial_is_stlink (vid, pid);
  self->can_open = can_open (root, self->path);
  return self;
}

/* The number counts: `ttyACM2` stands before `ttyACM10`. */
static int
compare_paths (const char *left, const char *right)
{
  gsize left_length = strlen (left), right_length = strlen (right);
  int kind = strncmp (left, right, strlen ("/dev/ttyACM"));

  if (kind != 0)
    return kind;
  if (left_length != right_length)
    return left_length < right_length ? -1 : 1;
  return strcmp (left, right);
}

static int
compare_serials (gconstpointer a, gconstpointer b)
{
  const FlashHostSerial *left = *(FlashHostSerial *const *) a;
  const FlashHostSerial *right = *(FlashHostSerial *const *) b;

  if (left->is_stlink != right->is_stlink)
    return left->is_stlink ? -1 : 1;
  return compare_paths (left->path, right->path);
}

GPtrArray *
flash_host_serial_list (const char *root)
{
  GPtrArray *serials = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_host_serial_free);
  g_auto (GStrv) names = flash_host_file_list (root, TTYS);

  for (guint i = 0; names[i] != NULL && serials->len < MAX_SERIALS; i++) {
    FlashHostSerial *serial = is_usb_terminal (names[i]) ? read_serial (root, names[i]) : NULL;

    if (serial != NULL)
      g_ptr_array_add (serials, serial);
  }
  g_ptr_array_sort (serials, compare_serials);
  return serials;
}

/* --- whose it is -------------------------------------------------------------------------- */

/* Finds the one ST-LINK behind @hub. An ST-LINK may have two terminals: the first is the board's.
 *
 * Returns: (nullable): %NULL if there is none, or a second one */
static const FlashHostSerial *
find_stlink (GPtrArray *serials, const char *hub)
{
  const FlashHostSerial *found = NULL;

  for (guint i = 0; i < serials->len; i++) {
    const FlashHostSerial *serial = g_ptr_array_index (serials, i);
    g_autofree char *its_hub = NULL;

    if (!serial->is_stlink || !flash_host_name_is_port (serial->port))
      continue;
    its_hub = flash_host_name_dup_hub (serial->port);
    if (!g_str_equal (hub, its_hub))
      continue;
    if (found != NULL && !g_str_equal (found->port, serial->port))
      return NULL;
    if (found == NULL)
      found = serial;
  }
  return found;
}

const FlashHostSerial *
flash_host_serial_guess (GPtrArray *serials, const char *board_port)
{
  g_autofree char *hub = NULL;

  g_return_val_if_fail (serials != NULL, NULL);

  if (!flash_host_name_is_port (board_port))
    return NULL;
  hub = flash_host_name_dup_hub (board_port);
  /* All sockets of a computer may hang on its root hub: that they do says nothing. */
  return flash_host_name_is_port (hub) ? find_stlink (serials, hub) : NULL;
}
