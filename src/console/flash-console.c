/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-console"

#include "config.h"

#include "flash-console.h"

#include "flash-console-port.h"
#include "flash-console-splitter.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

/* So much is read before others get their turn; at 115200 baud it takes a third of a second. */
#define PIECE_SIZE 4096
/* After drawing: a port that never stops must not stop the window. */
#define PRIORITY (G_PRIORITY_HIGH_IDLE + 30)
/* A prompt has no end; this is far longer than the gap between two bytes of a line. */
#define REST_MS 300

struct _FlashConsole {
  GObject parent_instance;

  char *path; /* (owned) (type filename) */
  FlashConsolePort *port; /* (owned) (nullable): %NULL if it is closed */
  gboolean waits; /* for the port to be closed, as for its opening */
  guint watch_id;
  guint rest_id; /* until what has no end is taken for a line */
  FlashConsoleSplitter *splitter; /* (owned) */
  GPtrArray *lines; /* (owned) (element-type FlashConsoleLine) */
  guint64 n_dropped;
};

G_DEFINE_FINAL_TYPE (FlashConsole, flash_console, G_TYPE_OBJECT)

enum { SIGNAL_LINE, SIGNAL_CLOSED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- lines -------------------------------------------------------------------------------- */

static void
free_line (gpointer data)
{
  FlashConsoleLine *line = data;

  g_free (line->text);
  g_free (line);
}

static void
on_line (const char *text, gint64 time_us, gpointer data)
{
  FlashConsole *self = data;
  FlashConsoleLine *line = g_new0 (FlashConsoleLine, 1);
  g_autofree char *kept = g_strdup (text);
  const FlashConsoleMark *mark = flash_console_mark_find (text);

  line->time_us = time_us;
  line->text = g_strdup (text);
  line->mark = mark;
  g_ptr_array_add (self->lines, line);
  if (self->lines->len > FLASH_CONSOLE_MAX_LINES) {
    g_ptr_array_remove_index (self->lines, 0);
    self->n_dropped++;
  }
  g_signal_emit (self, signals[SIGNAL_LINE], 0, kept, mark);
}

static gboolean
on_rest (gpointer data)
{
  g_autoptr (FlashConsole) self = g_object_ref (data);

  self->rest_id = 0;
  flash_console_splitter_flush (self->splitter);
  return G_SOURCE_REMOVE;
}

static void
take (FlashConsole *self, const char *bytes, gsize length)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  flash_console_splitter_add (self->splitter, bytes, length, g_get_monotonic_time ());
  /* Whoever was told of a line may have closed it. */
  if (self->port == NULL)
    flash_console_splitter_flush (self->splitter);
  else if (flash_console_splitter_has_rest (self->splitter))
    self->rest_id = g_timeout_add (REST_MS, on_rest, self);
}

/* --- the port ----------------------------------------------------------------------------- */

static void
hang_up (FlashConsole *self, const char *why)
{
  g_autofree char *name = g_filename_display_basename (self->path);
  g_autofree char *message = g_strdup_printf ("%s: %s", name, why);

  g_info ("%s", message);
  flash_console_close (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, message);
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer data)
{
  g_autoptr (FlashConsole) self = g_object_ref (data);
  char piece[PIECE_SIZE];
  gssize n = read (fd, piece, sizeof piece);

  if (n > 0)
    take (self, piece, (gsize) n);
  else if (n == 0)
    hang_up (self, "the port is gone");
  else if (errno != EAGAIN && errno != EINTR)
    hang_up (self, g_strerror (errno));
  return self->port != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static FlashConsole *
new_for_port (const char *path, FlashConsolePort *port, gboolean waits)
{
  FlashConsole *self = g_object_new (FLASH_TYPE_CONSOLE, NULL);

  self->path = g_strdup (path);
  self->port = port;
  self->waits = waits;
  self->watch_id = g_unix_fd_add_full (PRIORITY, flash_console_port_hand_over (port),
                                       G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self, NULL);
  return self;
}

FlashConsole *
flash_console_open (const char *path, GError **error)
{
  FlashConsolePort *port;

  g_return_val_if_fail (path != NULL, NULL);

  port = flash_console_port_open (path, FALSE, error);
  return port != NULL ? new_for_port (path, port, TRUE) : NULL;
}

static void
open_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  FlashConsolePort *port;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  port = flash_console_port_open (path, TRUE, &error);
  if (port != NULL)
    g_task_return_pointer (task, port, (GDestroyNotify) flash_console_port_close_later);
  else
    g_task_return_error (task, error);
}

void
flash_console_open_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (path != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, flash_console_open_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, open_in_thread);
}

FlashConsole *
flash_console_open_finish (GAsyncResult *result, GError **error)
{
  FlashConsolePort *port;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  port = g_task_propagate_pointer (G_TASK (result), error);
  return port != NULL ? new_for_port (g_task_get_task_data (G_TASK (result)), port, FALSE) : NULL;
}

void
flash_console_close (FlashConsole *self)
{
  FlashConsolePort *port;

  g_return_if_fail (FLASH_IS_CONSOLE (self));

  port = g_steal_pointer (&self->port);
  if (port == NULL)
    return;
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->waits)
    flash_console_port_close (port);
  else
    flash_console_port_close_later (port);
  flash_console_splitter_flush (self->splitter);
}

/* --- the object --------------------------------------------------------------------------- */

gboolean
flash_console_is_open (FlashConsole *self)
{
  g_return_val_if_fail (FLASH_IS_CONSOLE (self), FALSE);

  return self->port != NULL;
}

const char *
flash_console_get_path (FlashConsole *self)
{
  g_return_val_if_fail (FLASH_IS_CONSOLE (self), NULL);

  return self->path;
}

GPtrArray *
flash_console_get_lines (FlashConsole *self)
{
  g_return_val_if_fail (FLASH_IS_CONSOLE (self), NULL);

  return self->lines;
}

guint64
flash_console_get_n_dropped (FlashConsole *self)
{
  g_return_val_if_fail (FLASH_IS_CONSOLE (self), 0);

  return self->n_dropped;
}

gboolean
flash_console_has_spoken (FlashConsole *self, gint64 since_us)
{
  g_return_val_if_fail (FLASH_IS_CONSOLE (self), FALSE);

  return self->lines->len > 0 &&
         ((FlashConsoleLine *) g_ptr_array_index (self->lines, self->lines->len - 1))->time_us >=
             since_us;
}

static void
flash_console_dispose (GObject *object)
{
  flash_console_close (FLASH_CONSOLE (object));
  G_OBJECT_CLASS (flash_console_parent_class)->dispose (object);
}

static void
flash_console_finalize (GObject *object)
{
  FlashConsole *self = FLASH_CONSOLE (object);

  g_free (self->path);
  g_ptr_array_unref (self->lines);
  flash_console_splitter_free (self->splitter);
  G_OBJECT_CLASS (flash_console_parent_class)->finalize (object);
}

static void
flash_console_class_init (FlashConsoleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flash_console_dispose;
  object_class->finalize = flash_console_finalize;

  signals[SIGNAL_LINE] = g_signal_new ("line", FLASH_TYPE_CONSOLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", FLASH_TYPE_CONSOLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
flash_console_init (FlashConsole *self)
{
  self->splitter = flash_console_splitter_new (on_line, self);
  self->lines = g_ptr_array_new_with_free_func (free_line);
}
