/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-note-bar"

#include "config.h"

#include "flash-note-bar.h"

#include "flash-wrap-layout.h"

struct _FlashNoteBar {
  AdwBin parent_instance;

  GtkButton *note_button;
  GtkLabel *note_detail_label;
  GtkImage *note_icon;
  GtkLabel *note_label;
};

G_DEFINE_FINAL_TYPE (FlashNoteBar, flash_note_bar, ADW_TYPE_BIN)

static void
flash_note_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_NOTE_BAR);

  G_OBJECT_CLASS (flash_note_bar_parent_class)->dispose (object);
}

static void
flash_note_bar_class_init (FlashNoteBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_note_bar_dispose;

  g_type_ensure (FLASH_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-note-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashNoteBar, note_button);
  gtk_widget_class_bind_template_child (widget_class, FlashNoteBar, note_detail_label);
  gtk_widget_class_bind_template_child (widget_class, FlashNoteBar, note_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashNoteBar, note_label);
}

static void
flash_note_bar_init (FlashNoteBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Without a label it would be called by its type, though nobody sees it. */
  gtk_button_set_label (self->note_button, "");
}

static void
show_note (FlashNoteBar *self, const FlashNote *note)
{
  const char *css_class = NULL;

  if (g_str_equal (note->icon_name, "dialog-error-symbolic"))
    css_class = "error";
  else if (g_str_equal (note->icon_name, "dialog-warning-symbolic"))
    css_class = "warning";
  gtk_label_set_label (self->note_label, note->text);
  gtk_label_set_label (self->note_detail_label, note->detail != NULL ? note->detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_detail_label), note->detail != NULL);
  gtk_image_set_from_icon_name (self->note_icon, note->icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->note_icon), (const char *[]){ css_class, NULL });
  gtk_widget_set_visible (GTK_WIDGET (self->note_button), note->action_name != NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->note_button), note->action_name);
  gtk_button_set_label (self->note_button, note->action_label != NULL ? note->action_label : "");
}

void
flash_note_bar_set_note (FlashNoteBar *self, const FlashNote *note)
{
  g_return_if_fail (FLASH_IS_NOTE_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self), note != NULL);
  if (note != NULL)
    show_note (self, note);
}
