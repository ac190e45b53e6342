/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-fd"

#include "config.h"

#include "flash-fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

gboolean
flash_fd_write (int fd, guint64 offset, const guint8 *bytes, gsize length, gsize *out_written)
{
  gsize done = 0;
  gssize n = 0;

  g_return_val_if_fail (bytes != NULL || length == 0, FALSE);

  while (done < length) {
    n = pwrite (fd, bytes + done, length - done, (off_t) (offset + done));
    if (n > 0)
      done += (gsize) n;
    else if (n == 0 || errno != EINTR)
      break;
  }
  if (out_written != NULL)
    *out_written = done;
  if (done < length && n == 0)
    errno = ENOSPC;
  return done == length;
}

void
flash_fd_sync_folder (const char *folder)
{
  int fd;

  g_return_if_fail (folder != NULL);

  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;
  if (fsync (fd) != 0)
    g_info ("%s: %s", folder, g_strerror (errno));
  close (fd);
}
