/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-log"

#include "config.h"

#include "flash-host-log.h"

#include "flash-host-file.h"
#include "flash-host-name.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KMSG "/dev/kmsg"
#define MAX_LINES 500u
/* More than the kernel's own ring holds at its largest; an endless file ends here. */
#define MAX_BYTES (64 * 1024 * 1024)
/* More than a record has (Linux, kernel/printk/internal.h, PRINTK_MESSAGE_MAX is 2048). */
#define BUFFER_SIZE 16384
#define MAX_TEXT_CHARS 300
#define MAX_NAME 64
/* Linux, include/linux/err.h */
#define MAX_ERRNO 4095

void
flash_host_log_line_free (FlashHostLogLine *self)
{
  g_free (self->port);
  g_free (self->text);
  g_free (self);
}

/* --- the head of a record ----------------------------------------------------------------- */

/* Takes a number and the character behind it. */
static gboolean
take_number (const char **at, char behind, guint64 *out_number)
{
  char *end;

  if (!g_ascii_isdigit (**at))
    return FALSE;
  *out_number = g_ascii_strtoull (*at, &end, 10);
  if (*end != behind)
    return FALSE;
  *at = end + 1;
  return TRUE;
}

/* `6,1234,5678901234,-;`: level and facility, number, time in µs, flags and maybe more. */
static const char *
take_head (const char *record, gint64 *out_time_us)
{
  const char *at = record, *text;
  guint64 priority, number, time_us;

  if (!take_number (&at, ',', &priority) || !take_number (&at, ',', &number) ||
      !take_number (&at, ',', &time_us) || time_us > G_MAXINT64)
    return NULL;
  /* The lowest three bits are the level; facility 0 is the kernel, and no program can write it. */
  if (priority >> 3 != 0)
    return NULL;
  text = at + strcspn (at, ";\n");
  if (*text != ';')
    return NULL;
  *out_time_us = (gint64) time_us;
  return text + 1;
}

/* --- which port --------------------------------------------------------------------------- */

/* Takes `1-2:1.0` apart.
 *
 * Returns: (transfer full) (nullable): the device, `1-2`, or `usb1` for the root hub's `1-0:1.0` */
static char *
parse_interface (const char *name)
{
  gsize length = strcspn (name, ":");
  g_autofree char *device = g_strndup (name, length);
  gsize bus_length = strspn (name, "0123456789");

  if (name[length] != ':' || !g_ascii_isdigit (name[length + 1]) ||
      strspn (name + length + 1, "0123456789.") != strlen (name + length + 1))
    return NULL;
  if (flash_host_name_is_port (device))
    return g_steal_pointer (&device);
  return g_str_equal (device + bus_length, "-0")
             ? g_strdup_printf ("usb%.*s", (int) bus_length, name)
             : NULL;
}

/* Older kernels let the hub speak: `hub 1-2:1.0: port 3 disabled by hub`, `… on port 3`.
 *
 * Returns: (transfer full): the kernel's name of the port, or of the hub if it names none */
static char *
find_port_of_hub (const char *hub, const char *said)
{
  const char *mark = strstr (said, "port ");

  if (mark == NULL || !g_ascii_isdigit (mark[5]))
    return g_strdup (hub);
  return g_strdup_printf ("%s-port%.*s", hub, (int) strspn (mark + 5, "0123456789"), mark + 5);
}

/* A device speaks with its driver's and its own name: `usb 1-2: …`, `usb 1-2-port3: …`, `hub
 * 1-2:1.0: …`, `cdc_acm 1-2.3:1.0: …`.
 *
 * Returns: (transfer full) (nullable): the port; @out_said: what is said about it */
static char *
find_port (const char *text, const char **out_said)
{
  gsize driver_length = strcspn (text, " ");
  const char *begin = text + driver_length + (text[driver_length] == ' ');
  const char *end = begin;
  g_autofree char *name = NULL;
  g_autofree char *device = NULL;

  /* The name of an interface has a colon itself: what ends it has a blank behind. */
  while (*end != '\0' && *end != ' ' && !(end[0] == ':' && (end[1] == ' ' || end[1] == '\0')))
    end++;
  if (driver_length == 0 || *end != ':' || end - begin > MAX_NAME)
    return NULL;
  *out_said = end + 1 + (end[1] == ' ');
  name = g_strndup (begin, (gsize) (end - begin));
  device = parse_interface (name);
  if (device != NULL && g_str_has_prefix (text, "hub ")) {
    g_free (name);
    name = find_port_of_hub (device, *out_said);
  } else if (device != NULL) {
    g_free (name);
    name = g_steal_pointer (&device);
  } else if (!g_str_has_prefix (text, "usb ")) {
    return NULL;
  }
  return flash_host_name_is_port (name) ? g_steal_pointer (&name)
                                        : flash_host_name_parse_folder (name);
}

/* --- what it says ------------------------------------------------------------------------- */

/* Linux, drivers/usb/core/hub.c and config.c, 3.9 to 6.12. Looked for at the beginning only: behind
 * `Product:` and the like stands what the device likes.
 *
 * @begin: how it begins
 * @also: (nullable): what follows later */
typedef struct {
  const char *begin;
  const char *also;
  FlashHostLogKind kind;
} Saying;

static const Saying sayings[] = {
  { "new ", " USB device number ", FLASH_HOST_LOG_NEW },
  { "USB disconnect", NULL, FLASH_HOST_LOG_GONE },
  { "device descriptor read", NULL, FLASH_HOST_LOG_DESCRIPTOR },
  { "can't read configurations", NULL, FLASH_HOST_LOG_DESCRIPTOR },
  { "unable to read config index", NULL, FLASH_HOST_LOG_DESCRIPTOR },
  { "device not accepting address", NULL, FLASH_HOST_LOG_ADDRESS },
  { "Device not responding to setup address", NULL, FLASH_HOST_LOG_ADDRESS },
  { "unable to enumerate USB device", NULL, FLASH_HOST_LOG_UNABLE },
  { "over-current condition", NULL, FLASH_HOST_LOG_OVER_CURRENT },
  { "disabled by hub (EMI?)", NULL, FLASH_HOST_LOG_DISABLED },
  { "port ", " disabled by hub (EMI?)", FLASH_HOST_LOG_DISABLED },
  { "Cannot enable", NULL, FLASH_HOST_LOG_DISABLED },
  { "cannot enable port", NULL, FLASH_HOST_LOG_DISABLED },
  { "reset ", " USB device number ", FLASH_HOST_LOG_RESET },
};

static FlashHostLogKind
find_kind (const char *said)
{
  for (guint i = 0; i < G_N_ELEMENTS (sayings); i++)
    if (g_str_has_prefix (said, sayings[i].begin) &&
        (sayings[i].also == NULL || strstr (said, sayings[i].also) != NULL))
      return sayings[i].kind;
  return FLASH_HOST_LOG_OTHER;
}

/* `…, error -110` or `…: -71` at the end. */
static gint
find_errno (const char *said)
{
  const char *mark = strrchr (said, '-');
  g_autofree char *number = mark != NULL ? g_strchomp (g_strdup (mark + 1)) : NULL;
  guint64 value;

  if (number == NULL || mark - said < 2 || mark[-1] != ' ' ||
      !g_ascii_string_to_unsigned (number, 10, 1, MAX_ERRNO, &value, NULL))
    return 0;
  return -(gint) value;
}

static gboolean
can_have_errno (FlashHostLogKind kind)
{
  return kind == FLASH_HOST_LOG_DESCRIPTOR || kind == FLASH_HOST_LOG_ADDRESS;
}

FlashHostLogLine *
flash_host_log_parse (const char *record)
{
  g_autofree char *line = NULL;
  g_autofree char *port = NULL;
  FlashHostLogLine *self;
  const char *text, *said;
  gint64 time_us;

  g_return_val_if_fail (record != NULL, NULL);

  text = take_head (record, &time_us);
  if (text == NULL)
    return NULL;
  line = g_strndup (text, strcspn (text, "\n"));
  port = find_port (line, &said);
  if (port == NULL)
    return NULL;
  self = g_new0 (FlashHostLogLine, 1);
  self->time_us = time_us;
  self->port = g_steal_pointer (&port);
  self->kind = find_kind (said);
  self->errno_value = can_have_errno (self->kind) ? find_errno (said) : 0;
  self->text = flash_host_file_dup_unescaped (line, MAX_TEXT_CHARS);
  return self;
}

/* --- reading ------------------------------------------------------------------------------ */

/* What is wanted, and what is held of it so far. */
typedef struct {
  const char *port;
  gint64 since_us;
  GPtrArray *lines;
} Search;

static void
take_record (Search *self, const char *record)
{
  g_autoptr (FlashHostLogLine) line = flash_host_log_parse (record);

  if (line == NULL || (self->since_us > 0 && line->time_us <= self->since_us) ||
      (self->port != NULL && !g_str_equal (line->port, self->port)))
    return;
  g_ptr_array_add (self->lines, g_steal_pointer (&line));
  /* Not for each line: that would move all others each time. */
  if (self->lines->len >= 2 * MAX_LINES)
    g_ptr_array_remove_range (self->lines, 0, MAX_LINES);
}

/* Takes the whole lines off @buffer. Lines with a blank in front belong to the record before, and
 * are none by themselves. */
static void
take_lines (Search *self, GString *buffer)
{
  gsize at = 0;

  for (;;) {
    char *end = memchr (buffer->str + at, '\n', buffer->len - at);

    if (end == NULL)
      break;
    *end = '\0';
    take_record (self, buffer->str + at);
    at = (gsize) (end - buffer->str) + 1;
  }
  g_string_erase (buffer, 0, (gssize) at);
  /* No record is as long as that: what comes of it will not be one either. */
  if (buffer->len >= BUFFER_SIZE)
    g_string_truncate (buffer, 0);
}

/* Each read gives one record; EPIPE says that some were overwritten before they could be read. A
 * file gives whatever it has.
 *
 * Returns: whether it may be read */
static gboolean
read_records (Search *self, int fd)
{
  g_autoptr (GString) buffer = g_string_sized_new (2 * BUFFER_SIZE);
  gsize n_bytes = 0;

  while (n_bytes < MAX_BYTES) {
    char part[BUFFER_SIZE];
    ssize_t got = read (fd, part, sizeof part);

    if (got < 0 && (errno == EINTR || errno == EPIPE)) {
      n_bytes++;
      continue;
    }
    if (got < 0 && errno != EAGAIN)
      return FALSE;
    if (got <= 0)
      break;
    n_bytes += (gsize) got;
    g_string_append_len (buffer, part, got);
    take_lines (self, buffer);
  }
  g_string_append_c (buffer, '\n');
  take_lines (self, buffer);
  return TRUE;
}

/* Pipes and the like are none. */
static gboolean
is_log (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && (S_ISCHR (status.st_mode) || S_ISREG (status.st_mode));
}

gboolean
flash_host_log_read (const char *root, const char *port, gint64 since_us, GPtrArray **out_lines)
{
  g_autofree char *full = flash_host_file_dup_full (root, KMSG);
  Search search = { port, since_us, NULL };
  gboolean can_read = FALSE;
  int fd;

  g_return_val_if_fail (out_lines != NULL, FALSE);

  search.lines = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_host_log_line_free);
  fd = full != NULL ? open (full, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY) : -1;
  if (fd >= 0) {
    can_read = is_log (fd) && read_records (&search, fd);
    close (fd);
  }
  if (search.lines->len > MAX_LINES)
    g_ptr_array_remove_range (search.lines, 0, search.lines->len - MAX_LINES);
  if (!can_read)
    g_ptr_array_set_size (search.lines, 0);
  *out_lines = search.lines;
  return can_read;
}

gint64
flash_host_log_get_time_us (void)
{
  /* GLib's is CLOCK_MONOTONIC (its documentation of g_get_monotonic_time ()). */
  return g_get_monotonic_time ();
}
