/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of all that boot stages complained about still counts. */
#define G_LOG_DOMAIN "flash-console-failure"

#include "config.h"

#include "flash-console.h"

#include <string.h>

static gboolean
is_named (const FlashConsoleMark *mark, const char *name)
{
  return strcmp (mark->name, name) == 0;
}

/* Returns: which of the programs prints it, in the order in which they run. */
static int
get_rank (const FlashConsoleMark *mark)
{
  static const char *const order[] = { "tf-a", "op-tee", "u-boot", "linux" };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (strcmp (order[i], mark->stage) == 0)
      return (int) i;
  return -1;
}

/**
 * Later:
 * @reached: the last of the programs that has printed anything later
 * @advanced: the last of those that have got any further
 */
typedef struct {
  int reached;
  int advanced;
} Later;

/* What is behind it is behind it: its own program went on, or one after it runs. Only a panic is
 * the end of its program, so that what this one prints then belongs to the panic, or to another
 * boot. */
static gboolean
is_refuted (const FlashConsoleMark *mark, const Later *later)
{
  int rank = get_rank (mark);

  if (later->reached > rank || (mark->is_weak && later->reached == rank))
    return TRUE;
  return later->advanced == rank && !is_named (mark, "panic");
}

/**
 * has_earlier_boot:
 * @index: a line about the reset, which TF-A prints soon after it has named the processor
 *
 * TF-A tells the reason of the reset at each start, also of one that nobody has watched.
 *
 * Returns: whether anything was read of a boot before that one
 */
static gboolean
has_earlier_boot (GPtrArray *lines, guint index, gint64 since_us)
{
  gboolean has_reset = FALSE;

  for (guint i = index; i > 0; i--) {
    const FlashConsoleLine *line = g_ptr_array_index (lines, i - 1);

    if (line->time_us < since_us)
      break;
    if (line->mark == NULL)
      continue;
    if (has_reset || get_rank (line->mark) > 0)
      return TRUE;
    has_reset = line->mark->is_reset;
  }
  return FALSE;
}

static gboolean
counts (GPtrArray *lines, guint index, gint64 since_us, const Later *later)
{
  const FlashConsoleMark *mark = ((FlashConsoleLine *) g_ptr_array_index (lines, index))->mark;

  return !is_refuted (mark, later) &&
         (!is_named (mark, "watchdog") || has_earlier_boot (lines, index, since_us));
}

static void
note (Later *later, const FlashConsoleMark *mark)
{
  later->reached = MAX (later->reached, get_rank (mark));
  if (!mark->is_weak)
    later->advanced = MAX (later->advanced, get_rank (mark));
}

const FlashConsoleMark *
flash_console_find_failure (FlashConsole *self, gint64 since_us)
{
  const FlashConsoleMark *panic = NULL;
  Later later = { -1, -1 };
  GPtrArray *lines;

  g_return_val_if_fail (FLASH_IS_CONSOLE (self), NULL);

  lines = flash_console_get_lines (self);
  for (guint i = lines->len; i > 0; i--) {
    const FlashConsoleLine *line = g_ptr_array_index (lines, i - 1);
    const FlashConsoleMark *mark = line->mark;

    if (line->time_us < since_us)
      break;
    if (mark == NULL)
      continue;
    /* What has begun before the panic has gone well. */
    if (!mark->is_failure && panic != NULL)
      break;
    if (!mark->is_failure)
      note (&later, mark);
    else if (!counts (lines, i - 1, since_us, &later))
      continue;
    else if (is_named (mark, "panic"))
      panic = panic != NULL ? panic : mark;
    /* The reset was before, and an empty slot is no reason to crash. */
    else if (panic == NULL || !(mark->is_weak || is_named (mark, "watchdog")))
      return mark;
  }
  return panic;
}
