/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-view"

#include "config.h"

#include "flash-firmware-view.h"

#include "flash-chip-map.h"
#include "flash-chip-swatch.h"
#include "flash-firmware-words.h"

#include <glib/gi18n.h>

struct _FlashFirmwareView {
  AdwBin parent_instance;

  GtkLabel *chip_label;
  FlashChipMap *chip_map;
  GtkWidget *interrupted_box;
  GtkLabel *interrupted_label;
  GtkFlowBox *legend;
  GtkLabel *part_label;
  GtkLabel *plan_label;
};

G_DEFINE_FINAL_TYPE (FlashFirmwareView, flash_firmware_view, ADW_TYPE_BIN)

enum { SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- what is chosen ------------------------------------------------------------------------- */

static const FlashChipPart *
get_chosen (FlashFirmwareView *self)
{
  int index = flash_chip_map_get_selected (self->chip_map);

  return index >= 0
             ? &g_array_index (flash_chip_map_get_parts (self->chip_map), FlashChipPart, index)
             : NULL;
}

static void
show_chosen (FlashFirmwareView *self)
{
  const FlashChipPart *part = get_chosen (self);
  g_autofree char *text = part != NULL
                              ? flash_chip_part_dup_text (part, " · ")
                              : g_strdup (_ ("Choose a sector to see what happens to it."));

  gtk_label_set_label (self->part_label, text);
}

static void
on_map_selected (FlashChipMap *map, int index, FlashFirmwareView *self)
{
  show_chosen (self);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0, get_chosen (self)->address);
}

/* --- legend --------------------------------------------------------------------------------- */

static GtkWidget *
create_legend_item (FlashChipFate fate)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (flash_chip_fate_get_text (fate));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), flash_chip_swatch_new (fate));
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

/* Only what there is. */
static void
update_legend (FlashFirmwareView *self)
{
  const GArray *parts = flash_chip_map_get_parts (self->chip_map);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->legend))) != NULL)
    gtk_flow_box_remove (self->legend, child);
  for (guint fate = 0; fate < FLASH_CHIP_N_FATES; fate++) {
    if (flash_chip_parts_count (parts, fate) == 0)
      continue;
    gtk_flow_box_append (self->legend, create_legend_item (fate));
    gtk_widget_set_focusable (gtk_widget_get_last_child (GTK_WIDGET (self->legend)), FALSE);
  }
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_firmware_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_FIRMWARE_VIEW);

  G_OBJECT_CLASS (flash_firmware_view_parent_class)->dispose (object);
}

static void
flash_firmware_view_class_init (FlashFirmwareViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_firmware_view_dispose;

  /**
   * FlashFirmwareView::selected:
   * @address: of the first byte of the part
   *
   * The user has chosen a part of the map.
   */
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", FLASH_TYPE_FIRMWARE_VIEW, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  g_type_ensure (FLASH_TYPE_CHIP_MAP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-firmware-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareView, chip_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareView, chip_map);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareView, interrupted_box);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareView, interrupted_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareView, legend);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareView, part_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareView, plan_label);
  gtk_widget_class_bind_template_callback (widget_class, on_map_selected);
}

static void
flash_firmware_view_init (FlashFirmwareView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_meaning (FlashFirmwareView *self, FlashFirmwareModel *model)
{
  FlashFirmwarePlan *plan = flash_firmware_model_get_plan (model);
  const FlashFirmwareWishes *wishes = flash_firmware_model_get_wishes (model);
  gboolean has_plan = plan != NULL && plan->segments->len > 0;
  g_autofree char *summary = NULL;
  g_autofree char *interrupted = NULL;

  if (has_plan) {
    summary = flash_firmware_words_dup_summary (plan, wishes->shared);
    interrupted =
        flash_firmware_words_dup_interrupted (plan, flash_firmware_model_get_guess (model));
  }
  gtk_label_set_label (self->plan_label, has_plan ? summary : _ ("Nothing would be written."));
  gtk_label_set_label (self->interrupted_label, interrupted != NULL ? interrupted : "");
  gtk_widget_set_visible (self->interrupted_box, interrupted != NULL);
}

void
flash_firmware_view_update (FlashFirmwareView *self, FlashFirmwareModel *model)
{
  const FlashChipGuess *guess;
  FlashFirmwarePlan *plan;
  g_autofree char *chip = NULL;

  g_return_if_fail (FLASH_IS_FIRMWARE_VIEW (self));
  g_return_if_fail (FLASH_IS_FIRMWARE_MODEL (model));

  guess = flash_firmware_model_get_guess (model);
  plan = flash_firmware_model_get_plan (model);
  gtk_widget_set_visible (GTK_WIDGET (self), guess != NULL && guess->flash != NULL);
  if (guess == NULL || guess->flash == NULL) {
    flash_chip_map_set (self->chip_map, NULL, NULL);
    return;
  }
  chip = flash_firmware_words_dup_chip (guess);
  gtk_label_set_label (self->chip_label, chip);
  flash_chip_map_set (self->chip_map, guess->flash, plan);
  update_legend (self);
  show_chosen (self);
  show_meaning (self, model);
}

void
flash_firmware_view_select (FlashFirmwareView *self, guint32 address)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_VIEW (self));

  flash_chip_map_select (
      self->chip_map, flash_chip_parts_find (flash_chip_map_get_parts (self->chip_map), address));
  show_chosen (self);
}

void
flash_firmware_view_focus (FlashFirmwareView *self)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->chip_map));
}
