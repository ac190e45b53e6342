/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-vm-dialog"

#include "config.h"

#include "flash-vm-dialog.h"

#include "flash-advice.h"
#include "flash-button-names.h"
#include "flash-vm-filter.h"

#include <glib/gi18n.h>

struct _FlashVmDialog {
  AdwWindow parent_instance;

  GtkLabel *kind_label;
  GtkDropDown *kind_choice;
  GtkTextView *text_view;
  AdwToastOverlay *toasts;
  GtkBox *where_box;
};

G_DEFINE_FINAL_TYPE (FlashVmDialog, flash_vm_dialog, ADW_TYPE_WINDOW)

static const FlashVmFilter *
get_filter (FlashVmDialog *self)
{
  guint n_filters;
  const FlashVmFilter *filters = flash_vm_filter_list (&n_filters);
  guint index = gtk_drop_down_get_selected (self->kind_choice);

  return index < n_filters ? &filters[index] : NULL;
}

static void
add_step (GtkBox *box, guint number, const char *text)
{
  /* TRANSLATORS: the number of a step */
  g_autofree char *digits = g_strdup_printf (_ ("%u."), number);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *mark = gtk_label_new (digits);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (mark, "numeric");
  gtk_widget_add_css_class (mark, "flash-dim");
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), mark);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (box, line);
}

static void
on_kind_selected (FlashVmDialog *self)
{
  const FlashVmFilter *filter = get_filter (self);
  g_auto (GStrv) steps = NULL;
  g_autofree char *text = NULL;
  GtkWidget *child;

  if (filter == NULL)
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->where_box))) != NULL)
    gtk_box_remove (self->where_box, child);
  steps = flash_advice_dup_steps (_ (filter->where));
  for (guint i = 0; steps[i] != NULL; i++)
    add_step (self->where_box, i + 1, steps[i]);
  text = g_strchomp (g_strdup (filter->text));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
}

static void
on_copy_clicked (FlashVmDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), get_filter (self)->text);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Filter settings copied")));
}

static void
show_kind (FlashVmDialog *self, const char *kind)
{
  guint n_filters;
  const FlashVmFilter *filters = flash_vm_filter_list (&n_filters);
  const FlashVmFilter *own = kind != NULL ? flash_vm_filter_find (kind) : NULL;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < n_filters; i++)
    gtk_string_list_append (names, filters[i].name);
  gtk_drop_down_set_model (self->kind_choice, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->kind_choice, own != NULL ? (guint) (own - filters) : 0);
  if (own != NULL)
    /* TRANSLATORS: a kind of virtual machine, such as VirtualBox */
    text = g_strdup_printf (_ ("This computer runs in %s."), own->name);
  gtk_label_set_label (self->kind_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->kind_label), text != NULL);
  on_kind_selected (self);
}

static void
flash_vm_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_VM_DIALOG);

  G_OBJECT_CLASS (flash_vm_dialog_parent_class)->dispose (object);
}

static void
flash_vm_dialog_class_init (FlashVmDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_vm_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-vm-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashVmDialog, kind_choice);
  gtk_widget_class_bind_template_child (widget_class, FlashVmDialog, kind_label);
  gtk_widget_class_bind_template_child (widget_class, FlashVmDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, FlashVmDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, FlashVmDialog, where_box);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_selected);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_vm_dialog_init (FlashVmDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
}

GtkWidget *
flash_vm_dialog_new (GtkWindow *parent, const char *kind)
{
  FlashVmDialog *self = g_object_new (FLASH_TYPE_VM_DIALOG, "transient-for", parent,
                                      "destroy-with-parent", TRUE, NULL);

  show_kind (self, kind);
  return GTK_WIDGET (self);
}
