/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-entry"

#include "config.h"

#include "flash-layout-entry-private.h"
#include "flash-layout-cells.h"
#include "flash-layout-line.h"

struct _FlashLayoutEntry {
  GObject parent_instance;

  FlashLayoutEntryCells *cells; /* (owned) (nullable) */
  guint number;
};

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlashLayoutEntry, flash_layout_entry, G_TYPE_OBJECT)

static void
flash_layout_entry_finalize (GObject *object)
{
  FlashLayoutEntry *self = FLASH_LAYOUT_ENTRY (object);

  g_clear_pointer (&self->cells, flash_layout_entry_cells_unref);

  G_OBJECT_CLASS (flash_layout_entry_parent_class)->finalize (object);
}

static void
flash_layout_entry_class_init (FlashLayoutEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_layout_entry_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_layout_entry_init (FlashLayoutEntry *self)
{
}

static void
cells_clear (gpointer data)
{
  FlashLayoutEntryCells *self = data;

  g_strfreev (self->cells);
}

FlashLayoutEntryCells *
flash_layout_entry_cells_ref (FlashLayoutEntryCells *self)
{
  return g_rc_box_acquire (self);
}

void
flash_layout_entry_cells_unref (FlashLayoutEntryCells *self)
{
  g_rc_box_release_full (self, cells_clear);
}

/* A comment counts as a partition that is switched off only if the board would take it. */
static gboolean
is_taken (const char *const *cells)
{
  FlashLayoutValues values;

  for (guint i = 0; i < FLASH_LAYOUT_BOARD_COLUMNS; i++) {
    if (cells[i] == NULL || !flash_layout_values_parse (&values, i + 1, cells[i], 0, NULL))
      return FALSE;
  }
  return TRUE;
}

static GStrv
split (const char *text, gboolean is_enabled, gboolean is_kept, gboolean *out_is_guess)
{
  g_auto (GStrv) cells = NULL;

  *out_is_guess = FALSE;
  /* A line that starts with a carriage return is empty to the board. */
  if (text[strspn (text, "\t")] != '\r')
    cells = flash_layout_split_line (text, out_is_guess);
  if (cells != NULL &&
      (is_enabled || is_kept || (!*out_is_guess && is_taken ((const char *const *) cells))))
    return g_steal_pointer (&cells);
  return is_kept ? flash_layout_split_tabs (text) : NULL;
}

FlashLayoutEntryCells *
flash_layout_entry_cells_new (const char *text, gboolean is_kept)
{
  FlashLayoutEntryCells *self;
  gboolean is_enabled, is_guess;
  g_auto (GStrv) cells = NULL;

  text += strspn (text, "\t");
  is_enabled = *text != '#';
  cells = split (is_enabled ? text : text + 1, is_enabled, is_kept, &is_guess);
  if (cells == NULL)
    return NULL;
  for (guint i = 0; cells[i] != NULL; i++) {
    g_autofree char *cell = cells[i];

    cells[i] = g_utf8_make_valid (cell, -1);
  }
  self = g_rc_box_new0 (FlashLayoutEntryCells);
  self->n_cells = g_strv_length (cells);
  self->cells = g_steal_pointer (&cells);
  self->is_enabled = is_enabled;
  self->is_guess = is_guess;
  return self;
}

FlashLayoutEntry *
flash_layout_entry_new (void)
{
  return g_object_new (FLASH_TYPE_LAYOUT_ENTRY, NULL);
}

gboolean
flash_layout_entry_update (FlashLayoutEntry *self, FlashLayoutEntryCells *cells, guint number)
{
  gboolean has_changed = self->number != number;

  self->number = number;
  if (cells == NULL || cells == self->cells)
    return has_changed;
  has_changed |=
      self->cells == NULL || self->cells->is_enabled != cells->is_enabled ||
      !g_strv_equal ((const char *const *) self->cells->cells, (const char *const *) cells->cells);
  g_clear_pointer (&self->cells, flash_layout_entry_cells_unref);
  self->cells = flash_layout_entry_cells_ref (cells);
  return has_changed;
}

void
flash_layout_entry_emit_changed (FlashLayoutEntry *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

guint
flash_layout_entry_get_number (FlashLayoutEntry *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (self), 0);

  return self->number;
}

gboolean
flash_layout_entry_is_enabled (FlashLayoutEntry *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (self), FALSE);

  return self->cells != NULL && self->cells->is_enabled;
}

const char *
flash_layout_entry_get_cell (FlashLayoutEntry *self, FlashLayoutColumn column)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (self), "");
  g_return_val_if_fail (column >= 1 && column <= FLASH_LAYOUT_COLUMNS, "");

  if (self->cells == NULL || self->cells->n_cells < (guint) column)
    return "";
  return self->cells->cells[column - 1];
}

guint
flash_layout_entry_get_n_cells (FlashLayoutEntry *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (self), 0);

  return self->cells != NULL ? self->cells->n_cells : 0;
}
