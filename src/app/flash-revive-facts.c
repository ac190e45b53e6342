/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-facts"

#include "config.h"

#include "flash-revive-facts.h"

#include "flash-fd.h"
#include "flash-text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define FOLDER_MODE 0700
#define FILE_MODE 0600
#define MAX_TRIES 100

void
flash_revive_fact_free (FlashReviveFact *self)
{
  g_free (self->title);
  g_free (self->text);
  g_free (self);
}

GPtrArray *
flash_revive_facts_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) flash_revive_fact_free);
}

static void
add (GPtrArray *facts, const char *title, const char *text)
{
  FlashReviveFact *fact = g_new0 (FlashReviveFact, 1);

  fact->title = g_strdup (title);
  fact->text = g_strdup (text);
  g_ptr_array_add (facts, fact);
}

/* --- option bytes --------------------------------------------------------------------------- */

static gboolean
fail (GError **error, const char *folder)
{
  int error_number = errno;

  g_set_error (
      error, G_IO_ERROR, g_io_error_from_errno (error_number),
      /* TRANSLATORS: a folder, then what the system says */
      _ ("The option bytes could not be saved in %1$s (%2$s). Make room there, or look who "
         "may write to it, and try again."),
      folder, g_strerror (error_number));
  return FALSE;
}

/* Returns: (transfer full): a name that tells the board and the time: `options-H7-1A2B-….bin` */
static char *
dup_name (FlashJob *job, guint number)
{
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  const char *family = result->has_guess ? flash_chip_guess_get_family (&result->guess) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *count = number > 0 ? g_strdup_printf ("-%u", number) : g_strdup ("");
  g_autofree char *port = g_strdup (flash_board_get_port (flash_job_get_board (job)));

  g_strcanon (port, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", '-');
  return g_strdup_printf ("options-%s-%s-%s%s.bin", family != NULL ? family : "STM32", port, time,
                          count);
}

/* Returns: (transfer full) (nullable) (type filename): a new file of that folder, open in @out_fd
 */
static char *
create (const char *folder, FlashJob *job, int *out_fd)
{
  for (guint i = 0; i < MAX_TRIES; i++) {
    g_autofree char *name = dup_name (job, i);
    g_autofree char *path = g_build_filename (folder, name, NULL);

    *out_fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (*out_fd >= 0)
      return g_steal_pointer (&path);
    if (errno != EEXIST)
      return NULL;
  }
  return NULL;
}

/* Returns: (transfer full) (nullable) (type filename): where they are saved */
static char *
save_options (FlashJob *job, GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "flashwright", "saved", NULL);
  g_autofree char *path = NULL;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (flash_job_get_mcu_result (job)->content, &size);
  gboolean is_done;
  int fd;

  if (g_mkdir_with_parents (folder, FOLDER_MODE) != 0) {
    fail (error, folder);
    return NULL;
  }
  path = create (folder, job, &fd);
  if (path == NULL) {
    fail (error, folder);
    return NULL;
  }
  is_done = flash_fd_write (fd, 0, bytes, size, NULL) && fsync (fd) == 0;
  if (!is_done) {
    fail (error, folder);
    g_unlink (path);
  }
  close (fd);
  flash_fd_sync_folder (folder);
  return is_done ? g_steal_pointer (&path) : NULL;
}

static gboolean
add_saved (GPtrArray *facts, FlashJob *job, GError **error)
{
  g_autofree char *path = save_options (job, error);
  g_autofree char *name = NULL;

  if (path == NULL)
    return FALSE;
  name = g_filename_display_name (path);
  add (facts, _ ("Option bytes saved"), name);
  return TRUE;
}

/* --- the rest ------------------------------------------------------------------------------- */

/* TRANSLATORS: %s is a size in these two. */
static char *
dup_verified (const FlashMcuResult *result, gboolean is_blank)
{
  g_autofree char *size = flash_text_size (result->bytes_verified);

  if (!result->is_verified)
    return g_strdup (_ ("Yes, but it was not read back"));
  return is_blank ? g_strdup_printf (_ ("Yes, %s read back and blank"), size)
                  : g_strdup_printf (_ ("Yes, %s read back and right"), size);
}

static gboolean
add_mcu (GPtrArray *facts, FlashJob *job, GError **error)
{
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  g_autofree char *text = NULL;

  switch (flash_job_get_mcu_job (job)->verb) {
  case FLASH_MCU_READ:
    return add_saved (facts, job, error);
  case FLASH_MCU_ERASE:
    text = dup_verified (result, TRUE);
    add (facts, _ ("Erased"), text);
    break;
  case FLASH_MCU_PROGRAM:
    text = dup_verified (result, FALSE);
    add (facts, _ ("Written"), text);
    break;
  case FLASH_MCU_UNPROTECT:
    add (facts, _ ("Protection"),
         result->is_verified ? _ ("Removed, the flash was read back and is blank")
                             : _ ("Removed, but the flash was not read back"));
    break;
  case FLASH_MCU_WRITE_OPTIONS:
    add (facts, _ ("Option bytes"), _ ("Written, read back, and as you set them"));
    break;
  case FLASH_MCU_COMPARE:
  case FLASH_MCU_LEAVE:
  case FLASH_MCU_DETACH:
    break;
  }
  return TRUE;
}

static void
add_layout (GPtrArray *facts, FlashJob *job)
{
  FlashPlan *plan = flash_job_get_plan (job);
  guint n_partitions = 0;
  g_autofree char *written = NULL;

  if (!flash_plan_has_partitions (plan)) {
    add (facts, _ ("Boot stages"), _ ("Sent, and the board took them"));
    return;
  }
  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++)
    n_partitions += flash_plan_get_step (plan, i)->kind == FLASH_PLAN_PARTITION;
  written = g_strdup_printf (ngettext ("%u partition, confirmed by the board",
                                       "%u partitions, confirmed by the board", n_partitions),
                             n_partitions);
  add (facts, _ ("Written"), written);
  add (facts, _ ("Verified"),
       flash_result_is_all_verified (flash_job_get_result (job), plan)
           ? _ ("Yes, everything was read back and is right")
           : _ ("No, not everything was read back"));
}

gboolean
flash_revive_facts_add (GPtrArray *facts, FlashJob *job, GError **error)
{
  g_return_val_if_fail (facts != NULL && FLASH_IS_JOB (job), FALSE);

  if (flash_job_get_mcu_job (job) != NULL)
    return add_mcu (facts, job, error);
  add_layout (facts, job);
  return TRUE;
}
