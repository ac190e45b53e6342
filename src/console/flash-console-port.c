/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-console-port"

#include "config.h"

#include "flash-console-port.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

struct _FlashConsolePort {
  int fd;
  gboolean has_turn; /* others that open in a thread wait until it is handed over, or closed */
  gboolean is_terminal; /* so that there is something to give back */
  struct termios old; /* what it was set to before */
};

/* Who closes a port and opens it again, or does not want it any more while it is being opened, does
 * not mean two programs that want it. */
static GMutex lock;
static GCond changed;
static guint n_closing; /* under the lock */
static gboolean is_opening; /* under the lock: somebody has the turn */

static gboolean
set_errno (GError **error, const char *path, int error_number)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (error_number), "%s: %s", name,
               g_strerror (error_number));
  return FALSE;
}

/* 115200 8N1, no flow control (stm32mp-usb.md section 1): a byte at a time, as it comes. */
static gboolean
set_up (FlashConsolePort *self)
{
  struct termios raw;

  if (tcgetattr (self->fd, &self->old) != 0)
    return FALSE;
  self->is_terminal = TRUE;
  raw = self->old;
  cfmakeraw (&raw);
  raw.c_iflag &= (tcflag_t) ~(IXOFF | IXANY | INPCK);
  raw.c_cflag &= (tcflag_t) ~(CSTOPB | PARENB | CRTSCTS);
  raw.c_cflag |= CS8 | CREAD | CLOCAL;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  return cfsetspeed (&raw, B115200) == 0 && tcsetattr (self->fd, TCSANOW, &raw) == 0 &&
         ioctl (self->fd, TIOCEXCL) == 0;
}

static gboolean
take (FlashConsolePort *self, const char *path, GError **error)
{
  struct stat info;

  self->fd = open (path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (self->fd < 0 || fstat (self->fd, &info) != 0)
    return set_errno (error, path, errno);
  if (!S_ISCHR (info.st_mode))
    return set_errno (error, path, ENOTTY);
  /* What other terminal programs look at as well; the kernel's own lock does not stop root. */
  if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
    return set_errno (error, path, errno == EWOULDBLOCK ? EBUSY : errno);
  return set_up (self) || set_errno (error, path, errno);
}

static void
end_turn (FlashConsolePort *self)
{
  if (!self->has_turn)
    return;
  g_mutex_lock (&lock);
  is_opening = FALSE;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
  self->has_turn = FALSE;
}

FlashConsolePort *
flash_console_port_open (const char *path, gboolean in_turn, GError **error)
{
  FlashConsolePort *self = g_new0 (FlashConsolePort, 1);

  g_mutex_lock (&lock);
  while (n_closing > 0 || (in_turn && is_opening))
    g_cond_wait (&changed, &lock);
  is_opening |= in_turn;
  self->has_turn = in_turn;
  g_mutex_unlock (&lock);
  if (take (self, path, error))
    return self;
  flash_console_port_close (self);
  return NULL;
}

int
flash_console_port_hand_over (FlashConsolePort *self)
{
  end_turn (self);
  return self->fd;
}

void
flash_console_port_close (FlashConsolePort *self)
{
  /* If the port is gone, there is nobody to give it back to. */
  if (self->is_terminal)
    (void) (ioctl (self->fd, TIOCNXCL) == 0 && tcsetattr (self->fd, TCSANOW, &self->old) == 0);
  if (self->fd >= 0)
    close (self->fd);
  end_turn (self);
  g_free (self);
}

static void
close_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  flash_console_port_close (data);
  g_mutex_lock (&lock);
  n_closing--;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
  g_task_return_boolean (task, TRUE);
}

void
flash_console_port_close_later (FlashConsolePort *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_mutex_lock (&lock);
  n_closing++;
  g_mutex_unlock (&lock);
  g_task_set_source_tag (task, flash_console_port_close_later);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, close_in_thread);
}
