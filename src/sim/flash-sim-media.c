/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-media"

#include "config.h"

#include "flash-sim-media.h"

#include "flash-fd.h"
#include "flash-provider.h"
#include "flash-text.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The grain of holes on the file systems of Linux. */
#define PIECE 4096u
/* Below this, writing zeros over old data is cheaper than punching a hole. */
#define PUNCH_MIN 65536
#define FILE_MODE 0644
#define FOLDER_MODE 0755

typedef struct {
  int fd; /* -1 while it was not needed yet */
  guint64 size;
} Medium;

struct _FlashSimMedia {
  char *folder; /* (owned) (nullable) */
  int folder_fd; /* -1 without a folder; holds the lock */
  gboolean is_full;
  Medium media[FLASH_SIM_N_MEDIA];
  guint8 *ram; /* (nullable) mapped; no file, so that no limit on files hits it */
};

static const guint8 zeros[PUNCH_MIN];

static gboolean
is_flash (FlashSimMediumId id)
{
  return id == FLASH_SIM_MEDIUM_NOR0 || id == FLASH_SIM_MEDIUM_NAND0 ||
         id == FLASH_SIM_MEDIUM_SPI_NAND0 || id == FLASH_SIM_MEDIUM_FLASH;
}

static char *
dup_file_name (FlashSimMediumId id)
{
  const char *suffix = id >= FLASH_SIM_MEDIUM_FLASH ? ".bin" : ".img";

  return g_strconcat (flash_sim_medium_get_name (id), suffix, NULL);
}

static gboolean
refuse_folder (const char *folder, const char *reason, GError **error)
{
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE,
               "key storage: “%s”: %s", folder, reason);
  return FALSE;
}

static gboolean
open_folder (FlashSimMedia *self, GError **error)
{
  if (g_mkdir (self->folder, FOLDER_MODE) != 0 && errno != EEXIST)
    return refuse_folder (self->folder, g_strerror (errno), error);
  self->folder_fd = open (self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->folder_fd < 0 || faccessat (self->folder_fd, ".", W_OK | X_OK, 0) != 0)
    return refuse_folder (self->folder, g_strerror (errno), error);
  if (flock (self->folder_fd, LOCK_EX | LOCK_NB) != 0)
    return refuse_folder (
        self->folder,
        errno == EWOULDBLOCK ? "another virtual board is using it" : g_strerror (errno), error);
  return TRUE;
}

static gboolean
refuse_size (const char *name, guint64 size, const char *reason, GError **error)
{
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE,
               "key storage: %s holds %" G_GUINT64_FORMAT " bytes, %s", name, size, reason);
  return FALSE;
}

/* A memory that is there already keeps its size, unless the id asks for a larger one. */
static gboolean
adopt_file (FlashSimMedia *self, FlashSimMediumId id, gboolean has_size, GError **error)
{
  g_autofree char *name = dup_file_name (id);
  Medium *medium = &self->media[id];
  struct stat info;
  int fd = openat (self->folder_fd, name, O_RDWR | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0 && errno == ENOENT)
    return TRUE;
  if (fd < 0 || fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)) {
    g_autofree char *reason =
        g_strdup_printf ("%s: %s", name, fd < 0 ? g_strerror (errno) : "it is no file");

    if (fd >= 0)
      close (fd);
    return refuse_folder (self->folder, reason, error);
  }
  close (fd);

  if (info.st_size == 0)
    return TRUE;
  if (info.st_size % flash_sim_media_get_erase_size (id) != 0 && !has_size)
    return refuse_size (name, (guint64) info.st_size, "which is no size for this memory", error);
  if (has_size && (guint64) info.st_size > medium->size)
    return refuse_size (name, (guint64) info.st_size, "more than the size that is asked for",
                        error);
  if (!has_size)
    medium->size = (guint64) info.st_size;
  return TRUE;
}

FlashSimMedia *
flash_sim_media_new (const FlashSimConfig *config, GError **error)
{
  g_autoptr (FlashSimMedia) self = g_new0 (FlashSimMedia, 1);

  self->folder_fd = -1;
  for (guint i = 0; i < FLASH_SIM_N_MEDIA; i++) {
    self->media[i].fd = -1;
    self->media[i].size = config->sizes[i];
  }
  if (config->storage != NULL) {
    self->folder = g_strdup (config->storage);
    if (!open_folder (self, error))
      return NULL;
    for (guint i = 0; i < FLASH_SIM_MEDIUM_RAM; i++)
      if (self->media[i].size > 0 && !adopt_file (self, i, config->has_size[i], error))
        return NULL;
  }
  if (self->media[FLASH_SIM_MEDIUM_MMC1].size == 0) {
    self->media[FLASH_SIM_MEDIUM_MMC1BOOT1].size = 0;
    self->media[FLASH_SIM_MEDIUM_MMC1BOOT2].size = 0;
  }
  return g_steal_pointer (&self);
}

void
flash_sim_media_free (FlashSimMedia *self)
{
  flash_sim_media_forget_ram (self);
  for (guint i = 0; i < FLASH_SIM_N_MEDIA; i++)
    if (self->media[i].fd >= 0)
      close (self->media[i].fd);
  if (self->folder_fd >= 0)
    close (self->folder_fd);
  g_free (self->folder);
  g_free (self);
}

guint64
flash_sim_media_get_size (FlashSimMedia *self, FlashSimMediumId id)
{
  return self->media[id].size;
}

guint32
flash_sim_media_get_erase_size (FlashSimMediumId id)
{
  switch (id) {
  case FLASH_SIM_MEDIUM_MMC1:
    return 0x80000;
  case FLASH_SIM_MEDIUM_NOR0:
    return 0x10000;
  case FLASH_SIM_MEDIUM_NAND0:
    return 0x40000;
  case FLASH_SIM_MEDIUM_SPI_NAND0:
    return 0x20000;
  case FLASH_SIM_MEDIUM_FLASH:
    return PIECE;
  case FLASH_SIM_MEDIUM_MMC0:
  case FLASH_SIM_MEDIUM_MMC1BOOT1:
  case FLASH_SIM_MEDIUM_MMC1BOOT2:
    return 512;
  case FLASH_SIM_MEDIUM_OPTIONS:
  case FLASH_SIM_MEDIUM_OTP:
  case FLASH_SIM_MEDIUM_EEPROM:
  case FLASH_SIM_MEDIUM_RAM:
  case FLASH_SIM_N_MEDIA:
    return 1;
  }
  g_return_val_if_reached (1);
}

/* Pages that are not touched take no memory. */
static gboolean
probe_ram (FlashSimMedia *self)
{
  void *ram;

  if (self->ram != NULL)
    return TRUE;
  ram = mmap (NULL, self->media[FLASH_SIM_MEDIUM_RAM].size, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (ram == MAP_FAILED)
    return FALSE;
  self->ram = ram;
  return TRUE;
}

int
flash_sim_media_open (FlashSimMedia *self, FlashSimMediumId id, guint64 *out_length)
{
  Medium *medium = &self->media[id];
  g_autofree char *name = dup_file_name (id);
  struct stat info = { 0 };

  if (medium->fd < 0 && self->folder_fd >= 0)
    medium->fd = openat (self->folder_fd, name, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
  else if (medium->fd < 0)
    medium->fd = memfd_create (name, MFD_CLOEXEC);
  if (medium->fd >= 0 && fstat (medium->fd, &info) != 0) {
    close (medium->fd);
    medium->fd = -1;
  }
  if (medium->fd < 0)
    g_info ("%s: %s", name, g_strerror (errno));
  *out_length = (guint64) info.st_size;
  return medium->fd;
}

gboolean
flash_sim_media_probe (FlashSimMedia *self, FlashSimMediumId id)
{
  Medium *medium = &self->media[id];
  guint64 length;

  if (id == FLASH_SIM_MEDIUM_RAM)
    return probe_ram (self);
  if (medium->fd >= 0)
    return TRUE;
  if (medium->size == 0 || flash_sim_media_open (self, id, &length) < 0)
    return FALSE;
  if (length >= medium->size || ftruncate (medium->fd, (off_t) medium->size) == 0)
    return TRUE;
  g_info ("%s: %s", flash_sim_medium_get_name (id), g_strerror (errno));
  close (medium->fd);
  medium->fd = -1;
  return FALSE;
}

static gboolean
is_zero (const guint8 *bytes, gsize length)
{
  return length == 0 || (bytes[0] == 0 && memcmp (bytes, bytes + 1, length - 1) == 0);
}

/* Punching needs a file system that can; writing zeros works everywhere. */
static gboolean
clear_data (int fd, guint64 start, guint64 end)
{
  if (end - start >= PUNCH_MIN && fallocate (fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                             (off_t) start, (off_t) (end - start)) == 0)
    return TRUE;
  while (start < end) {
    gsize length = (gsize) MIN (end - start, sizeof zeros);

    if (!flash_fd_write (fd, start, zeros, length, NULL))
      return FALSE;
    start += length;
  }
  return TRUE;
}

static gboolean
clear_range (int fd, guint64 start, guint64 end)
{
  while (start < end) {
    off_t data = lseek (fd, (off_t) start, SEEK_DATA);
    off_t hole;

    if (data < 0 || (guint64) data >= end)
      return data >= 0 || errno == ENXIO || clear_data (fd, start, end);
    hole = lseek (fd, data, SEEK_HOLE);
    if (hole < 0 || (guint64) hole > end)
      hole = (off_t) end;
    if (!clear_data (fd, (guint64) data, (guint64) hole))
      return FALSE;
    start = (guint64) hole;
  }
  return TRUE;
}

/* Returns: how many bytes from @bytes on are alike: in pieces of zeros only, or in other pieces. */
static gsize
measure_run (guint64 offset, const guint8 *bytes, gsize length, gboolean *out_is_zero)
{
  gsize at = MIN (length, PIECE - (gsize) (offset % PIECE));

  *out_is_zero = is_zero (bytes, at);
  while (at < length) {
    gsize piece = MIN (length - at, PIECE);

    if (is_zero (bytes + at, piece) != *out_is_zero)
      break;
    at += piece;
  }
  return at;
}

static gboolean
write_sparse (int fd, guint64 offset, const guint8 *bytes, gsize length)
{
  while (length > 0) {
    gboolean is_hole;
    gsize run = measure_run (offset, bytes, length, &is_hole);

    if (!(is_hole ? clear_range (fd, offset, offset + run)
                  : flash_fd_write (fd, offset, bytes, run, NULL)))
      return FALSE;
    offset += run;
    bytes += run;
    length -= run;
  }
  return TRUE;
}

/* The rest of the last piece would read as zeros once the piece is no hole any more. */
static gboolean
write_flash (int fd, guint64 offset, const guint8 *bytes, gsize length)
{
  guint8 padding[PIECE];
  gsize n_padding = (gsize) ((PIECE - (offset + length) % PIECE) % PIECE);

  memset (padding, 0xff, n_padding);
  return flash_fd_write (fd, offset, bytes, length, NULL) &&
         flash_fd_write (fd, offset + length, padding, n_padding, NULL);
}

static gboolean
check_range (FlashSimMedia *self, FlashSimMediumId id, guint64 offset, guint64 length)
{
  const Medium *medium = &self->media[id];

  return offset <= medium->size && length <= medium->size - offset &&
         flash_sim_media_probe (self, id);
}

gboolean
flash_sim_media_write (FlashSimMedia *self, FlashSimMediumId id, guint64 offset,
                       const guint8 *bytes, gsize length)
{
  int fd;

  if (!check_range (self, id, offset, length))
    return FALSE;
  if (id == FLASH_SIM_MEDIUM_RAM) {
    memcpy (self->ram + offset, bytes, length);
    return TRUE;
  }
  if (self->is_full)
    return FALSE;
  fd = self->media[id].fd;
  if (is_flash (id) ? write_flash (fd, offset, bytes, length)
                    : write_sparse (fd, offset, bytes, length))
    return TRUE;
  g_info ("%s: %s", flash_sim_medium_get_name (id), g_strerror (errno));
  return FALSE;
}

static void
show_erased (int fd, guint64 offset, guint8 *bytes, gsize length)
{
  gsize at = 0;

  while (at < length) {
    off_t data = lseek (fd, (off_t) (offset + at), SEEK_DATA);
    gsize end = data < 0 ? length : (gsize) MIN ((guint64) data - offset, length);
    off_t hole;

    if (data < 0 && errno != ENXIO)
      return;
    memset (bytes + at, 0xff, end - at);
    if (end == length)
      return;
    hole = lseek (fd, data, SEEK_HOLE);
    at = hole < 0 ? length : (gsize) MIN ((guint64) hole - offset, length);
  }
}

gboolean
flash_sim_media_read (FlashSimMedia *self, FlashSimMediumId id, guint64 offset, guint8 *out_bytes,
                      gsize length)
{
  gsize at = 0;
  int fd;

  if (!check_range (self, id, offset, length))
    return FALSE;
  if (id == FLASH_SIM_MEDIUM_RAM) {
    memcpy (out_bytes, self->ram + offset, length);
    return TRUE;
  }
  fd = self->media[id].fd;
  while (at < length) {
    gssize n_read = pread (fd, out_bytes + at, length - at, (off_t) (offset + at));

    if (n_read < 0 && errno == EINTR)
      continue;
    if (n_read <= 0)
      return FALSE;
    at += (gsize) n_read;
  }
  if (is_flash (id))
    show_erased (fd, offset, out_bytes, length);
  return TRUE;
}

/* Gives whole pages back; only what is around them is written to. */
static void
erase_ram (FlashSimMedia *self, guint64 start, guint64 end)
{
  guint64 first = (start + PIECE - 1) / PIECE * PIECE;
  guint64 last = end / PIECE * PIECE;

  if (first >= last) {
    memset (self->ram + start, 0, end - start);
    return;
  }
  memset (self->ram + start, 0, first - start);
  memset (self->ram + last, 0, end - last);
  if (madvise (self->ram + first, last - first, MADV_DONTNEED) != 0)
    memset (self->ram + first, 0, last - first);
}

gboolean
flash_sim_media_erase (FlashSimMedia *self, FlashSimMediumId id, guint64 offset, guint64 length)
{
  int fd;

  if (!check_range (self, id, offset, length))
    return FALSE;
  if (id == FLASH_SIM_MEDIUM_RAM) {
    erase_ram (self, offset, offset + length);
    return TRUE;
  }
  fd = self->media[id].fd;
  if (length == 0 || fallocate (fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t) offset,
                                (off_t) length) == 0)
    return TRUE;
  return clear_range (fd, offset, offset + length);
}

void
flash_sim_media_set_full (FlashSimMedia *self, gboolean is_full)
{
  self->is_full = is_full;
}

void
flash_sim_media_forget_ram (FlashSimMedia *self)
{
  if (self->ram != NULL)
    munmap (self->ram, self->media[FLASH_SIM_MEDIUM_RAM].size);
  self->ram = NULL;
}

gboolean
flash_sim_media_set_active_boot (FlashSimMedia *self, guint boot_partition)
{
  g_autofree char *text = g_strdup_printf ("boot_ack=1 boot_partition=%u\n", boot_partition);
  gboolean is_written;
  int fd;

  if (self->is_full || self->folder_fd < 0)
    return !self->is_full;
  fd = openat (self->folder_fd, "mmc1.partconf", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
               FILE_MODE);
  if (fd < 0)
    return FALSE;
  is_written = flash_fd_write (fd, 0, (const guint8 *) text, strlen (text), NULL);
  return close (fd) == 0 && is_written;
}
