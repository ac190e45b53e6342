/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial console of a board, 115200 8N1, read only: it is shown and recorded, never typed on.
 *
 * Signals: `line` (text, mark), for each line that is complete or has rested for a while; `closed`
 * (message), when the port is gone. Thread: main; the file descriptor never blocks. */
#pragma once

#include "flash-console-marks.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* At most so many lines are kept; older ones are dropped, and that is said. */
#define FLASH_CONSOLE_MAX_LINES 5000

#define FLASH_TYPE_CONSOLE (flash_console_get_type ())
G_DECLARE_FINAL_TYPE (FlashConsole, flash_console, FLASH, CONSOLE, GObject)

/**
 * FlashConsoleLine:
 * @time_us: monotonic, when its first byte came
 * @text: made safe to show: no control characters, valid UTF-8, at most 500 characters
 * @mark: (nullable): what it says
 */
typedef struct {
  gint64 time_us;
  char *text;
  const FlashConsoleMark *mark;
} FlashConsoleLine;

/**
 * flash_console_open:
 * @path: (type filename): a serial port, `/dev/ttyACM0`; a pseudo terminal in tests
 *
 * Opens it for reading without becoming its controlling process, sets 115200 8N1 raw without flow
 * control, and takes it for itself (TIOCEXCL, and flock as other programs do). Blocks, and so does
 * flash_console_close () then, for seconds if the board hangs: this is for programs without a
 * window.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%G_IO_ERROR; %G_IO_ERROR_BUSY if
 *   another program has it)
 */
FlashConsole *flash_console_open (const char *path, GError **error);

/**
 * flash_console_open_async:
 * @path: (type filename): as in flash_console_open ()
 * @cancellable: (nullable): who cancels gets no console, and the port is given back
 * @callback: called on the main thread
 *
 * The same without blocking; flash_console_close () will not block either, and whoever opens the
 * port again waits for it.
 */
void flash_console_open_async (const char *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
/* Returns: (transfer full) (nullable): as flash_console_open (). */
FlashConsole *flash_console_open_finish (GAsyncResult *result, GError **error);

/* Stops reading and gives the port back; what was read stays. */
void flash_console_close (FlashConsole *self);
gboolean flash_console_is_open (FlashConsole *self);
/* Returns: (transfer none) (type filename): where it reads. */
const char *flash_console_get_path (FlashConsole *self);
/* Returns: (transfer none) (element-type FlashConsoleLine): what was read, oldest first. */
GPtrArray *flash_console_get_lines (FlashConsole *self);
/* Returns: how many lines were dropped because there were too many. */
guint64 flash_console_get_n_dropped (FlashConsole *self);
/**
 * flash_console_find_failure:
 * @since_us: monotonic
 *
 * A panic is how most failures end, so what was said right before it counts instead. What its own
 * boot stage or a later one has left behind does not count, and a watchdog only if a boot was seen
 * before.
 *
 * Returns: (transfer none) (nullable): the latest failure that was recognised since @since_us
 */
const FlashConsoleMark *flash_console_find_failure (FlashConsole *self, gint64 since_us);
/* Returns: whether it has printed anything since @since_us. */
gboolean flash_console_has_spoken (FlashConsole *self, gint64 since_us);

G_END_DECLS
