/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-plan-again"

#include "config.h"

#include "flash-plan-again.h"

#include <string.h>

static gboolean
is_raw (FlashLayoutRow *row)
{
  return flash_layout_row_get_layout_type (row) == FLASH_LAYOUT_TYPE_RAW_IMAGE;
}

/* Whether a row lies in the part of a storage that raw images cover. */
static gboolean
is_in_user_area (FlashLayoutRow *row)
{
  return flash_layout_row_get_offset_kind (row) == FLASH_LAYOUT_OFFSET_NUMBER;
}

static gboolean
is_same_device (FlashLayoutRow *a, FlashLayoutRow *b)
{
  return flash_layout_row_get_ip (a) == flash_layout_row_get_ip (b) &&
         flash_layout_row_get_ip_number (a) == flash_layout_row_get_ip_number (b);
}

/* Whether U-Boot writes a partition table on the row's device, each time that it takes the layout:
 * on cards and eMMC, unless a row without P makes it a partial update, and if there is anything to
 * put into it (stm32mp-usb.md sections 3.3 and 3.7). */
static gboolean
gets_table (FlashLayout *layout, FlashLayoutRow *row)
{
  gboolean has_entry = FALSE;

  if (flash_layout_row_get_ip (row) != FLASH_LAYOUT_IP_MMC)
    return FALSE;
  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    FlashLayoutRow *other = flash_layout_get_row (layout, i);

    if (!is_same_device (row, other))
      continue;
    if (!flash_layout_row_is_selected (other))
      return FALSE;
    has_entry |= !is_raw (other) && is_in_user_area (other);
  }
  return has_entry;
}

/* Memory does not outlive a restart; and the partition table, which is written again, spoils a raw
 * image that has brought one of its own (section 3.7, item 3). */
static gboolean
outlives_restart (FlashPlan *plan, FlashLayoutRow *row)
{
  return flash_layout_row_get_ip (row) != FLASH_LAYOUT_IP_RAM &&
         !(is_raw (row) && gets_table (flash_plan_get_layout (plan), row));
}

static gboolean
is_kept (const GArray *kept, guint step)
{
  return g_array_index (kept, gboolean, step);
}

/* Whether a raw image and another image share a device: then neither need be what was sent when it
 * is read back at the end, and what one of them spoils by being sent again, the other mends. It
 * counts as covering all of it: on NOR and NAND the rest behind an image is erased. */
static gboolean
is_overlaid (FlashPlan *plan, const FlashPlanStep *step)
{
  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    const FlashPlanStep *other = flash_plan_get_step (plan, i);

    if (other->kind == FLASH_PLAN_PARTITION && i != step->index &&
        (is_raw (other->row) || is_raw (step->row)) && is_same_device (other->row, step->row) &&
        is_in_user_area (other->row) && is_in_user_area (step->row))
      return TRUE;
  }
  return FALSE;
}

GArray *
flash_plan_find_kept (FlashPlan *plan, const GArray *written)
{
  guint n_steps = flash_plan_get_n_steps (plan);
  GArray *kept = g_array_sized_new (FALSE, TRUE, sizeof (gboolean), n_steps);

  g_return_val_if_fail (written->len == n_steps, kept);

  g_array_set_size (kept, n_steps);
  for (guint i = 0; i < n_steps; i++) {
    const FlashPlanStep *step = flash_plan_get_step (plan, i);

    g_array_index (kept, gboolean, i) =
        step->kind == FLASH_PLAN_PARTITION && is_kept (written, i) &&
        outlives_restart (plan, step->row) && !is_overlaid (plan, step);
  }
  return kept;
}

/* Returns: (transfer none) (nullable): the option for a line of the layout; %NULL to leave it. Of a
 * row with E the board keeps the entry and leaves the content (section 3.3). What D has erased
 * holds nothing since but what this job has written there: to erase it again would only take time,
 * or, with a raw image, what the board has confirmed. */
static const char *
find_option (FlashPlan *plan, guint line, const GArray *kept, gboolean is_erased)
{
  FlashLayout *layout = flash_plan_get_layout (plan);

  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    const FlashPlanStep *step = flash_plan_get_step (plan, i);

    if (is_kept (kept, i) && flash_layout_row_get_line (step->row) == line)
      return "PE";
  }
  for (guint i = 0; is_erased && i < flash_layout_get_n_rows (layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (layout, i);

    if (flash_layout_row_get_line (row) == line && flash_layout_row_is_erased (row))
      return flash_layout_row_is_empty (row) ? "PE" : "P";
  }
  return NULL;
}

static const char *
skip_tabs (const char *at, const char *end)
{
  while (at < end && *at == '\t')
    at++;
  return at;
}

FlashPlan *
flash_plan_new_again (FlashPlan *plan, const GArray *kept, gboolean is_erased)
{
  g_autoptr (GBytes) text = flash_layout_dup_device_text (flash_plan_get_layout (plan));
  g_autoptr (GBytes) changed = NULL;
  const char *at = g_bytes_get_data (text, NULL);
  const char *end = at + g_bytes_get_size (text);
  GString *lines = g_string_new (NULL);

  for (guint line = 1; at < end; line++) {
    const char *newline = memchr (at, '\n', (gsize) (end - at));
    const char *next = newline != NULL ? newline + 1 : end;
    const char *cell = skip_tabs (at, next);
    const char *tab = cell < next ? memchr (cell, '\t', (gsize) (next - cell)) : NULL;
    const char *option = tab != NULL ? find_option (plan, line, kept, is_erased) : NULL;

    if (option != NULL) {
      g_string_append (lines, option);
      at = tab;
    }
    g_string_append_len (lines, at, next - at);
    at = next;
  }
  changed = g_string_free_to_bytes (lines);
  return flash_plan_new_with_layout (plan, changed, !is_erased && flash_plan_has_erase (plan));
}
