/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-chooser"

#include "config.h"

#include "flash-revive-chooser.h"

#include <glib/gi18n.h>

struct _FlashReviveChooser {
  AdwBin parent_instance;

  FlashReviveRun *run; /* (owned) (nullable) */
  GListModel *boards; /* (owned) (nullable) */
  char *names; /* (owned) (nullable): what can be chosen now, in lines */
  gboolean is_filling; /* what is selected now nobody has selected */
  gboolean is_kind_chosen;

  AdwComboRow *board_row;
  AdwComboRow *kind_row;
};

G_DEFINE_FINAL_TYPE (FlashReviveChooser, flash_revive_chooser, ADW_TYPE_BIN)

enum { SIGNAL_KIND_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- the board ------------------------------------------------------------------------------ */

static void
on_board_selected (FlashReviveChooser *self)
{
  guint selected = adw_combo_row_get_selected (self->board_row);
  g_autoptr (FlashBoardEntry) entry = NULL;

  if (self->is_filling || self->run == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;
  if (selected > 0)
    entry = g_list_model_get_item (self->boards, selected - 1);
  flash_revive_boards_choose (flash_revive_run_get_boards (self->run), entry);
}

/* The first line is whichever shows up. */
static void
fill_boards (FlashReviveChooser *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr (GString) lines = g_string_new (NULL);
  FlashBoardEntry *chosen = flash_revive_boards_get_entry (flash_revive_run_get_boards (self->run));
  guint selected = 0;

  gtk_string_list_append (names, _ ("Whichever shows up"));
  for (guint i = 0; i < g_list_model_get_n_items (self->boards); i++) {
    g_autoptr (FlashBoardEntry) entry = g_list_model_get_item (self->boards, i);
    g_autofree char *title = flash_board_entry_dup_title (entry);

    gtk_string_list_append (names, title);
    g_string_append_printf (lines, "%s\n", title);
    if (entry == chosen)
      selected = i + 1;
  }
  self->is_filling = TRUE;
  /* A list that is open would be closed by another one. */
  if (g_strcmp0 (self->names, lines->str) != 0) {
    adw_combo_row_set_model (self->board_row, G_LIST_MODEL (names));
    g_free (self->names);
    self->names = g_strdup (lines->str);
  }
  adw_combo_row_set_selected (self->board_row, selected);
  self->is_filling = FALSE;
}

/* --- the kind ------------------------------------------------------------------------------- */

static void
on_kind_selected (FlashReviveChooser *self)
{
  if (self->is_filling)
    return;
  self->is_kind_chosen = TRUE;
  g_signal_emit (self, signals[SIGNAL_KIND_CHANGED], 0);
}

/* What the chip of the board makes likely, until somebody says otherwise. */
static void
guess_kind (FlashReviveChooser *self)
{
  FlashBoardEntry *entry = flash_revive_boards_get_entry (flash_revive_run_get_boards (self->run));
  const char *chip = entry != NULL ? flash_board_entry_get_facts (entry)->chip : NULL;

  if (self->is_kind_chosen || chip == NULL)
    return;
  self->is_filling = TRUE;
  adw_combo_row_set_selected (self->kind_row, flash_switch_board_guess (chip));
  self->is_filling = FALSE;
}

const FlashSwitchBoard *
flash_revive_chooser_get_kind (FlashReviveChooser *self)
{
  guint n_kinds;
  const FlashSwitchBoard *kinds = flash_switch_board_list (&n_kinds);
  guint selected;

  g_return_val_if_fail (FLASH_IS_REVIVE_CHOOSER (self), NULL);

  selected = adw_combo_row_get_selected (self->kind_row);
  return &kinds[MIN (selected, n_kinds - 1)];
}

/* -------------------------------------------------------------------------------------------- */

void
flash_revive_chooser_update (FlashReviveChooser *self, const char *drawing)
{
  gboolean has_switches = drawing != NULL && g_str_has_prefix (drawing, "switches-");

  g_return_if_fail (FLASH_IS_REVIVE_CHOOSER (self));

  if (self->boards != NULL)
    fill_boards (self);
  guess_kind (self);
  gtk_widget_set_visible (GTK_WIDGET (self->board_row), self->boards != NULL);
  /* What was done with one board says nothing of another. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->board_row),
                            !flash_revive_run_is_working (self->run) &&
                                flash_revive_run_get_model (self->run) == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->kind_row), has_switches);
  gtk_widget_set_visible (GTK_WIDGET (self), self->boards != NULL || has_switches);
}

void
flash_revive_chooser_set_run (FlashReviveChooser *self, FlashReviveRun *run, GListModel *boards)
{
  g_return_if_fail (FLASH_IS_REVIVE_CHOOSER (self));

  g_set_object (&self->run, run);
  g_set_object (&self->boards, boards);
  self->is_kind_chosen = FALSE;
}

static void
fill_kinds (FlashReviveChooser *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint n_kinds;
  const FlashSwitchBoard *kinds = flash_switch_board_list (&n_kinds);

  for (guint i = 0; i < n_kinds; i++)
    gtk_string_list_append (names, _ (kinds[i].name));
  self->is_filling = TRUE;
  adw_combo_row_set_model (self->kind_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->kind_row, flash_switch_board_guess ("STM32MP15"));
  self->is_filling = FALSE;
}

static void
flash_revive_chooser_dispose (GObject *object)
{
  FlashReviveChooser *self = FLASH_REVIVE_CHOOSER (object);

  g_clear_object (&self->run);
  g_clear_object (&self->boards);

  G_OBJECT_CLASS (flash_revive_chooser_parent_class)->dispose (object);
}

static void
flash_revive_chooser_finalize (GObject *object)
{
  g_free (FLASH_REVIVE_CHOOSER (object)->names);

  G_OBJECT_CLASS (flash_revive_chooser_parent_class)->finalize (object);
}

static void
flash_revive_chooser_class_init (FlashReviveChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_revive_chooser_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_revive_chooser_finalize;
  signals[SIGNAL_KIND_CHANGED] =
      g_signal_new ("kind-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-revive-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashReviveChooser, board_row);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveChooser, kind_row);
  gtk_widget_class_bind_template_callback (widget_class, on_board_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_selected);
}

static void
flash_revive_chooser_init (FlashReviveChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_kinds (self);
}
