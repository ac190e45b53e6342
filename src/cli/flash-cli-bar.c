/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-bar"

#include "config.h"

#include "flash-cli-bar.h"

#include "flash-cli-columns.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* More often than this nobody can see. */
#define REDRAW_US (G_USEC_PER_SEC / 10)
#define MAX_CELLS 40

struct _FlashCliBar {
  gboolean is_terminal;
  gboolean is_shown;
  gint64 drawn_us;
};

FlashCliBar *
flash_cli_bar_new (void)
{
  FlashCliBar *self = g_new0 (FlashCliBar, 1);

  self->is_terminal = isatty (STDOUT_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  return self;
}

void
flash_cli_bar_free (FlashCliBar *self)
{
  flash_cli_bar_hide (self);
  g_free (self);
}

static guint
get_width (void)
{
  struct winsize size;

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 80;
  return size.ws_col;
}

void
flash_cli_bar_show (FlashCliBar *self, double fraction, const char *text)
{
  gint64 now_us = g_get_monotonic_time ();
  gboolean has_blocks = g_get_charset (NULL);
  guint width, n_cells, n_full;
  g_autofree char *line = NULL;
  g_autofree char *cut = NULL;
  GString *cells;

  if (!self->is_terminal || (self->is_shown && now_us - self->drawn_us < REDRAW_US))
    return;
  width = get_width ();
  n_cells = MIN (width / 3, MAX_CELLS);
  n_full = (guint) (CLAMP (fraction, 0.0, 1.0) * n_cells);
  cells = g_string_new (NULL);
  for (guint i = 0; i < n_cells; i++)
    if (has_blocks)
      g_string_append (cells, i < n_full ? "█" : "░");
    else
      g_string_append_c (cells, i < n_full ? '#' : '-');
  line = g_strdup_printf ("%s %3d %%  %s", cells->str, (int) (fraction * 100.0), text);
  g_string_free (cells, TRUE);
  /* A full last column would wrap on some terminals. */
  cut = flash_cli_cut (line, MAX (width, 2) - 1);
  g_print ("\r\033[K%s", cut);
  fflush (stdout);
  self->is_shown = TRUE;
  self->drawn_us = now_us;
}

void
flash_cli_bar_hide (FlashCliBar *self)
{
  if (!self->is_shown)
    return;
  g_print ("\r\033[K");
  fflush (stdout);
  self->is_shown = FALSE;
}
