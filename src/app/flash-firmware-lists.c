/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-lists"

#include "config.h"

#include "flash-firmware-lists.h"

#include "flash-chip-part.h"
#include "flash-firmware-words.h"
#include "flash-text.h"

#include <glib/gi18n.h>

#define ADDRESS_KEY "flash-address"

struct _FlashFirmwareLists {
  AdwBin parent_instance;

  FlashImage *image; /* (owned) (nullable): what is shown */
  FlashFirmwarePlan *plan; /* (owned) (nullable): what is shown */
  GArray *parts; /* (owned) (nullable) (element-type FlashChipPart): of the plan */
  GtkWidget *left_out_box;
  GtkListBox *left_out_list;
  GtkWidget *part_box;
  GtkLabel *part_list_heading;
  GtkListBox *part_list;
  GtkWidget *sector_box;
  GtkListBox *sector_list;
};

G_DEFINE_FINAL_TYPE (FlashFirmwareLists, flash_firmware_lists, ADW_TYPE_BIN)

enum { SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- rows ----------------------------------------------------------------------------------- */

static void
clear (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

static void
add_row (GtkListBox *list, const char *title, const char *subtitle, const char *size,
         guint32 address)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *label = gtk_label_new (size);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "flash-dim");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (row), ADDRESS_KEY, GUINT_TO_POINTER (address));
  gtk_list_box_append (list, row);
}

/* What is not shown is counted. */
static void
add_rest (GtkListBox *list, guint n_rest)
{
  g_autofree char *text = NULL;
  GtkWidget *row;

  if (n_rest == 0)
    return;
  text = g_strdup_printf (ngettext ("and %u more", "and %u more", n_rest), n_rest);
  row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_append (list, row);
}

/* --- the file ------------------------------------------------------------------------------- */

/* Returns: (transfer full): what becomes of a part of the file, as far as that is known. */
static char *
dup_fate (FlashFirmwareLists *self, const FlashImageSegment *segment, gsize size)
{
  if (self->plan == NULL)
    return g_strdup ("");
  return flash_firmware_words_dup_place (self->plan, segment->address, size);
}

static void
add_segments (FlashFirmwareLists *self, GPtrArray *segments, guint *n_shown, guint *n_rest)
{
  for (guint i = 0; i < segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (segments, i);
    gsize size_bytes = g_bytes_get_size (segment->bytes);
    g_autofree char *range = NULL;
    g_autofree char *fate = NULL;
    g_autofree char *size = NULL;

    if (*n_shown >= FLASH_FIRMWARE_MAX_ROWS) {
      (*n_rest)++;
      continue;
    }
    range = flash_chip_part_dup_range (segment->address, size_bytes);
    fate = dup_fate (self, segment, size_bytes);
    size = flash_text_size (size_bytes);
    add_row (self->part_list, range, fate, size, segment->address);
    (*n_shown)++;
  }
}

static void
show_parts (FlashFirmwareLists *self)
{
  guint n_shown = 0, n_rest = 0;

  gtk_label_set_label (self->part_list_heading, self->plan != NULL
                                                    ? _ ("Parts of the file that are written")
                                                    : _ ("Parts of the file"));
  clear (self->part_list);
  if (self->plan != NULL) {
    add_segments (self, self->plan->segments, &n_shown, &n_rest);
  } else if (self->image->has_address) {
    for (guint i = 0; i < self->image->targets->len; i++) {
      const FlashImageTarget *target = g_ptr_array_index (self->image->targets, i);

      add_segments (self, target->segments, &n_shown, &n_rest);
    }
  }
  add_rest (self->part_list, n_rest);
  gtk_widget_set_visible (self->part_box, n_shown > 0);
}

static void
show_left_out (FlashFirmwareLists *self)
{
  guint n_parts = self->plan != NULL ? self->plan->left_out->len : 0;
  guint n_shown = MIN (n_parts, FLASH_FIRMWARE_MAX_ROWS);

  clear (self->left_out_list);
  for (guint i = 0; i < n_shown; i++) {
    const FlashFirmwareLeftOut *part =
        &g_array_index (self->plan->left_out, FlashFirmwareLeftOut, i);
    g_autofree char *range = flash_chip_part_dup_range (part->address, part->size);
    g_autofree char *size = flash_text_size (part->size);

    add_row (self->left_out_list, range, flash_firmware_words_reason (part->reason), size,
             part->address);
  }
  add_rest (self->left_out_list, n_parts - n_shown);
  gtk_widget_set_visible (self->left_out_box, n_parts > 0);
}

/* --- the chip ------------------------------------------------------------------------------- */

static gboolean
is_listed (const FlashChipPart *part)
{
  return part->fate == FLASH_CHIP_WRITTEN || part->fate == FLASH_CHIP_SHARED;
}

static void
show_sectors (FlashFirmwareLists *self)
{
  guint n_shown = 0, n_rest = 0;

  clear (self->sector_list);
  g_clear_pointer (&self->parts, g_array_unref);
  if (self->plan != NULL)
    self->parts = flash_chip_parts_new (self->plan->map, self->plan);
  for (guint i = 0; self->parts != NULL && i < self->parts->len; i++) {
    const FlashChipPart *part = &g_array_index (self->parts, FlashChipPart, i);
    g_autofree char *name = NULL;
    g_autofree char *range = NULL;
    g_autofree char *fate = NULL;
    g_autofree char *both = NULL;
    g_autofree char *size = NULL;

    if (!is_listed (part))
      continue;
    if (n_shown >= FLASH_FIRMWARE_MAX_ROWS) {
      n_rest++;
      continue;
    }
    name = flash_chip_part_dup_name (part);
    range = flash_chip_part_dup_range (part->address, part->size);
    fate = flash_chip_part_dup_fate (part);
    both = g_strdup_printf ("%s\n%s", fate, range);
    size = flash_chip_part_dup_size (part);
    add_row (self->sector_list, name, both, size, part->address);
    n_shown++;
  }
  add_rest (self->sector_list, n_rest);
  gtk_widget_set_visible (self->sector_box, n_shown > 0);
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, FlashFirmwareLists *self)
{
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0,
                 GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), ADDRESS_KEY)));
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_firmware_lists_dispose (GObject *object)
{
  FlashFirmwareLists *self = FLASH_FIRMWARE_LISTS (object);

  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->plan, flash_firmware_plan_unref);
  g_clear_pointer (&self->image, flash_image_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_FIRMWARE_LISTS);

  G_OBJECT_CLASS (flash_firmware_lists_parent_class)->dispose (object);
}

static void
flash_firmware_lists_class_init (FlashFirmwareListsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_firmware_lists_dispose;

  /**
   * FlashFirmwareLists::selected:
   * @address: of the first byte of what was chosen
   *
   * The user has chosen a row.
   */
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", FLASH_TYPE_FIRMWARE_LISTS, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-firmware-lists.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareLists, left_out_box);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareLists, left_out_list);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareLists, part_box);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareLists, part_list);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareLists, part_list_heading);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareLists, sector_box);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareLists, sector_list);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
flash_firmware_lists_init (FlashFirmwareLists *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
flash_firmware_lists_update (FlashFirmwareLists *self, FlashFirmwareModel *model)
{
  FlashImage *image;
  FlashFirmwarePlan *plan;

  g_return_if_fail (FLASH_IS_FIRMWARE_LISTS (self));
  g_return_if_fail (FLASH_IS_FIRMWARE_MODEL (model));

  image = flash_firmware_model_get_file (model)->image;
  plan = flash_firmware_model_get_plan (model);
  /* Rows that stay the same keep the keyboard. */
  if (image == self->image && plan == self->plan)
    return;
  flash_image_ref (image);
  g_clear_pointer (&self->image, flash_image_unref);
  self->image = image;
  if (plan != NULL)
    flash_firmware_plan_ref (plan);
  g_clear_pointer (&self->plan, flash_firmware_plan_unref);
  self->plan = plan;
  show_parts (self);
  show_left_out (self);
  show_sectors (self);
}

void
flash_firmware_lists_select (FlashFirmwareLists *self, guint32 address)
{
  GtkListBoxRow *found = NULL;
  GtkListBoxRow *row;
  int index;

  g_return_if_fail (FLASH_IS_FIRMWARE_LISTS (self));

  if (self->parts == NULL)
    return;
  index = flash_chip_parts_find (self->parts, address);
  for (int i = 0; index >= 0 && (row = gtk_list_box_get_row_at_index (self->sector_list, i)); i++)
    if (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), ADDRESS_KEY)) ==
        g_array_index (self->parts, FlashChipPart, index).address)
      found = row;
  gtk_list_box_select_row (self->sector_list, found);
}
