/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-new-dialog"

#include "config.h"

#include "flash-new-dialog.h"

#include "flash-button-names.h"
#include "flash-layout-lint.h"
#include "flash-layout-template.h"
#include "flash-loader.h"
#include "flash-text.h"

#include <glib/gi18n.h>

struct _FlashNewDialog {
  AdwWindow parent_instance;

  FlashNewDone done; /* (nullable): once it was called */
  gpointer data;
  GBytes *text; /* (owned) (nullable): what it would be now */

  AdwComboRow *chip_row;
  AdwComboRow *storage_row;
  GtkSwitch *ab_switch;
  GtkSwitch *metadata_switch;
  GtkWidget *metadata_row;
  AdwPreferencesGroup *part_group;
  GtkListBox *part_list;
};

G_DEFINE_FINAL_TYPE (FlashNewDialog, flash_new_dialog, ADW_TYPE_WINDOW)

/* --- what it will have -------------------------------------------------------------------- */

static GtkWidget *
make_part (FlashLayoutRow *row, guint64 size_bytes)
{
  GtkWidget *part = adw_action_row_new ();
  g_autofree char *subtitle = NULL;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (part), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (part), flash_layout_row_get_name (row));
  if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE)
    subtitle = g_strdup (_ ("Started from memory, not stored"));
  else
    /* TRANSLATORS: a storage and an offset on it: “mmc0 at 0x00104400” */
    subtitle = g_strdup_printf (_ ("%1$s at %2$s"), flash_layout_row_get_ip_name (row),
                                flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_OFFSET));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (part), subtitle);
  if (flash_layout_row_get_ip (row) != FLASH_LAYOUT_IP_NONE) {
    g_autofree char *size =
        size_bytes != FLASH_SIZE_UNKNOWN ? flash_text_size (size_bytes) : g_strdup (_ ("the rest"));
    GtkWidget *label = gtk_label_new (size);

    gtk_widget_add_css_class (label, "flash-dim");
    gtk_widget_add_css_class (label, "numeric");
    adw_action_row_add_suffix (ADW_ACTION_ROW (part), label);
  }
  return part;
}

static guint64
find_size (GPtrArray *storages, FlashLayoutRow *row)
{
  for (guint i = 0; i < storages->len; i++) {
    FlashLayoutStorage *storage = g_ptr_array_index (storages, i);

    for (guint j = 0; j < storage->parts->len; j++) {
      FlashLayoutPart *part = &g_array_index (storage->parts, FlashLayoutPart, j);

      if (part->row == row)
        return part->size;
    }
  }
  return FLASH_SIZE_UNKNOWN;
}

static void
show_parts (FlashNewDialog *self)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (self->text, NULL, diags);
  g_autoptr (GPtrArray) storages = flash_layout_dup_storages (layout, NULL);
  guint n_rows = flash_layout_get_n_rows (layout);
  guint n_stored = 0;
  g_autofree char *title = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->part_list))) != NULL)
    gtk_list_box_remove (self->part_list, child);
  for (guint i = 0; i < n_rows; i++) {
    FlashLayoutRow *row = flash_layout_get_row (layout, i);

    if (flash_layout_row_get_ip (row) != FLASH_LAYOUT_IP_NONE)
      n_stored++;
    gtk_list_box_append (self->part_list, make_part (row, find_size (storages, row)));
  }
  title = g_strdup_printf (ngettext ("%u partition and the stages that start it",
                                     "%u partitions and the stages that "
                                     "start them",
                                     n_stored),
                           n_stored);
  adw_preferences_group_set_title (self->part_group, title);
}

static void
update (FlashNewDialog *self)
{
  guint n_chips;
  const FlashLayoutTemplateChip *chips = flash_layout_template_list_chips (&n_chips);
  gboolean has_ab = gtk_switch_get_active (self->ab_switch);
  FlashLayoutTemplateOptions options = {
    .device_id = chips[MIN (adw_combo_row_get_selected (self->chip_row), n_chips - 1)].device_id,
    .storage = adw_combo_row_get_selected (self->storage_row),
    .has_ab = has_ab,
    .has_metadata = has_ab || gtk_switch_get_active (self->metadata_switch),
  };

  gtk_widget_set_sensitive (self->metadata_row, !has_ab);
  g_clear_pointer (&self->text, g_bytes_unref);
  self->text = flash_layout_template_dup_text (&options);
  show_parts (self);
}

/* Two copies need something that says which of them starts. */
static void
on_ab_switched (FlashNewDialog *self)
{
  if (gtk_switch_get_active (self->ab_switch))
    gtk_switch_set_active (self->metadata_switch, TRUE);
  update (self);
}

/* --- ending ------------------------------------------------------------------------------- */

static void
tell (FlashNewDialog *self, GBytes *text)
{
  FlashNewDone done = g_steal_pointer (&self->done);

  if (done != NULL)
    done (text, self->data);
}

static void
on_create_clicked (FlashNewDialog *self)
{
  tell (self, self->text);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
on_cancel_clicked (FlashNewDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
on_close_request (FlashNewDialog *self)
{
  tell (self, NULL);
  return FALSE;
}

/* --- life --------------------------------------------------------------------------------- */

static void
flash_new_dialog_dispose (GObject *object)
{
  FlashNewDialog *self = FLASH_NEW_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_NEW_DIALOG);
  g_clear_pointer (&self->text, g_bytes_unref);

  G_OBJECT_CLASS (flash_new_dialog_parent_class)->dispose (object);
}

static void
flash_new_dialog_class_init (FlashNewDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_new_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-new-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashNewDialog, chip_row);
  gtk_widget_class_bind_template_child (widget_class, FlashNewDialog, storage_row);
  gtk_widget_class_bind_template_child (widget_class, FlashNewDialog, ab_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashNewDialog, metadata_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashNewDialog, metadata_row);
  gtk_widget_class_bind_template_child (widget_class, FlashNewDialog, part_group);
  gtk_widget_class_bind_template_child (widget_class, FlashNewDialog, part_list);
  gtk_widget_class_bind_template_callback (widget_class, on_ab_switched);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_close_request);
  gtk_widget_class_bind_template_callback (widget_class, on_create_clicked);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_new_dialog_init (FlashNewDialog *self)
{
  guint n_chips;
  const FlashLayoutTemplateChip *chips = flash_layout_template_list_chips (&n_chips);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
  for (guint i = 0; i < n_chips; i++)
    gtk_string_list_append (names, chips[i].name);
  adw_combo_row_set_model (self->chip_row, G_LIST_MODEL (names));
  update (self);
}

void
flash_new_dialog_present (GtkWindow *parent, FlashNewDone done, gpointer data)
{
  FlashNewDialog *self;

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));
  g_return_if_fail (done != NULL);

  self = g_object_new (FLASH_TYPE_NEW_DIALOG, "transient-for", parent, NULL);
  self->done = done;
  self->data = data;
  gtk_window_present (GTK_WINDOW (self));
}
