/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-drive-chooser"

#include "config.h"

#include "flash-drive-chooser.h"

#include "flash-card-words.h"
#include "flash-drive-list.h"

#include <glib/gi18n.h>

struct _FlashDriveChooser {
  AdwBin parent_instance;

  FlashDriveList *drives; /* (owned) */
  FlashDrive *drive; /* (owned) (nullable): the chosen one, as it was shown */
  guint64 min_size;
  gboolean is_filling; /* nobody has chosen a drive, they are being shown */

  GtkWidget *drive_group;
  GtkListBox *drive_list;
  GtkWidget *empty_box;
  GtkLabel *empty_code;
  GtkLabel *empty_label;
  GtkLabel *empty_title;
};

G_DEFINE_FINAL_TYPE (FlashDriveChooser, flash_drive_chooser, ADW_TYPE_BIN)

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_drive_toggled (GtkCheckButton *button, FlashDriveChooser *self)
{
  FlashDrive *drive = g_object_get_data (G_OBJECT (button), "drive");

  if (self->is_filling || !gtk_check_button_get_active (button))
    return;
  g_set_object (&self->drive, drive);
  g_signal_emit (self, signals[CHOSEN], 0);
}

static GtkWidget *
make_drive_row (FlashDriveChooser *self, FlashDrive *drive, GtkCheckButton *group)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *name = flash_card_words_dup_drive_name (drive);
  g_autofree char *facts = flash_card_words_dup_drive_facts (drive);
  g_autofree char *content = flash_card_words_dup_drive_content (drive);
  g_autofree char *refusal = flash_card_words_dup_refusal (drive, self->min_size);
  const char *warning = flash_drive_get_kind (drive) == FLASH_DRIVE_KIND_DISK
                            ? _ ("A disk, not a card: make sure that it is not your backup.")
                            : NULL;
  g_autofree char *text =
      g_strjoin ("\n", facts, refusal != NULL ? refusal : content, warning, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_title_lines (row, 0);
  adw_action_row_set_subtitle (row, text);
  adw_action_row_set_subtitle_lines (row, 0);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (check), group);
  g_object_set_data_full (G_OBJECT (check), "drive", g_object_ref (drive), g_object_unref);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  if (warning != NULL || refusal != NULL) {
    GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-warning-symbolic",
                                    "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

    gtk_widget_add_css_class (icon, "warning");
    adw_action_row_add_suffix (row, icon);
  }
  adw_action_row_add_prefix (row, check);
  adw_action_row_set_activatable_widget (row, check);
  /* The reason must be read, so the rest of the row stays as it is. */
  gtk_widget_set_sensitive (check, refusal == NULL);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               refusal == NULL && self->drive != NULL &&
                                   flash_drive_is_equal (self->drive, drive));
  g_signal_connect (check, "toggled", G_CALLBACK (on_drive_toggled), self);
  return GTK_WIDGET (row);
}

static void
show_empty (FlashDriveChooser *self, FlashDriveListState state)
{
  const GError *error = flash_drive_list_get_error (self->drives);
  g_autofree char *text = NULL;
  const char *code = NULL;
  const char *title = NULL;

  switch (state) {
  case FLASH_DRIVE_LIST_STARTING:
    title = _ ("Looking for cards…");
    break;
  case FLASH_DRIVE_LIST_READY:
    title = _ ("Insert a card");
    text = g_strdup (_ ("Put it into this computer or into a card reader. It must show up as a "
                        "drive that can be taken out; others are never offered."));
    break;
  case FLASH_DRIVE_LIST_NO_SERVICE:
    title = _ ("Cards cannot be looked for");
    if (error != NULL) {
      FlashCardWords words = flash_card_words_find (error);

      text = g_strdup_printf (_ ("%1$s %2$s"), words.cause, words.remedy);
      code = words.code;
    }
    break;
  }
  gtk_label_set_label (self->empty_title, title);
  gtk_label_set_label (self->empty_label, text != NULL ? text : "");
  gtk_label_set_label (self->empty_code, code != NULL ? code : "");
  gtk_widget_set_visible (GTK_WIDGET (self->empty_label), text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_code), code != NULL);
}

/* A drive that has changed must be looked at, and chosen, again. */
static void
update_drives (FlashDriveChooser *self)
{
  GListModel *model = G_LIST_MODEL (self->drives);
  FlashDriveListState state = flash_drive_list_get_state (self->drives);
  guint n_drives = g_list_model_get_n_items (model);
  g_autoptr (GtkWidget) group = NULL;
  gboolean is_chosen = FALSE;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->drive_list))) != NULL)
    gtk_list_box_remove (self->drive_list, child);
  self->is_filling = TRUE;
  group = g_object_ref_sink (gtk_check_button_new ());
  for (guint i = 0; i < n_drives; i++) {
    g_autoptr (FlashDrive) drive = g_list_model_get_item (model, i);
    GtkWidget *row = make_drive_row (self, drive, GTK_CHECK_BUTTON (group));

    gtk_list_box_append (self->drive_list, row);
    is_chosen = is_chosen || gtk_check_button_get_active (GTK_CHECK_BUTTON (
                                 adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row))));
  }
  self->is_filling = FALSE;
  if (!is_chosen)
    g_clear_object (&self->drive);
  gtk_widget_set_visible (self->drive_group, n_drives > 0);
  gtk_widget_set_visible (self->empty_box, n_drives == 0);
  if (n_drives == 0)
    show_empty (self, state);
  g_signal_emit (self, signals[CHOSEN], 0);
}

void
flash_drive_chooser_set_min_size (FlashDriveChooser *self, guint64 min_size)
{
  g_return_if_fail (FLASH_IS_DRIVE_CHOOSER (self));

  self->min_size = min_size;
  update_drives (self);
}

FlashDrive *
flash_drive_chooser_get_drive (FlashDriveChooser *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE_CHOOSER (self), NULL);

  return self->drive;
}

FlashDrive *
flash_drive_chooser_find (FlashDriveChooser *self, const char *id)
{
  g_return_val_if_fail (FLASH_IS_DRIVE_CHOOSER (self), NULL);

  return flash_drive_list_find (self->drives, id);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_drive_chooser_dispose (GObject *object)
{
  FlashDriveChooser *self = FLASH_DRIVE_CHOOSER (object);

  if (self->drives != NULL)
    g_signal_handlers_disconnect_by_data (self->drives, self);
  g_clear_object (&self->drives);
  g_clear_object (&self->drive);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_DRIVE_CHOOSER);

  G_OBJECT_CLASS (flash_drive_chooser_parent_class)->dispose (object);
}

static void
flash_drive_chooser_class_init (FlashDriveChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_drive_chooser_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-drive-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashDriveChooser, drive_group);
  gtk_widget_class_bind_template_child (widget_class, FlashDriveChooser, drive_list);
  gtk_widget_class_bind_template_child (widget_class, FlashDriveChooser, empty_box);
  gtk_widget_class_bind_template_child (widget_class, FlashDriveChooser, empty_code);
  gtk_widget_class_bind_template_child (widget_class, FlashDriveChooser, empty_label);
  gtk_widget_class_bind_template_child (widget_class, FlashDriveChooser, empty_title);
}

static void
flash_drive_chooser_init (FlashDriveChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->drives = flash_drive_list_new (NULL);
  g_signal_connect_swapped (self->drives, "changed", G_CALLBACK (update_drives), self);
  g_signal_connect_swapped (self->drives, "items-changed", G_CALLBACK (update_drives), self);
  update_drives (self);
}
