/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-problem-row"

#include "config.h"

#include "flash-problem-row.h"

#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* What a file says may be long, and hold anything. */
#define MAX_CHARS 600

struct _FlashProblemRow {
  GtkListBoxRow parent_instance;

  guint line;
  GtkLabel *code_label;
  GtkLabel *device_label;
  GtkLabel *fix_label;
  GtkImage *icon;
  GtkLabel *message_label;
  GtkLabel *place_label;
};

G_DEFINE_FINAL_TYPE (FlashProblemRow, flash_problem_row, GTK_TYPE_LIST_BOX_ROW)

static void
flash_problem_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_PROBLEM_ROW);

  G_OBJECT_CLASS (flash_problem_row_parent_class)->dispose (object);
}

static void
flash_problem_row_class_init (FlashProblemRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_problem_row_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-problem-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, code_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, device_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, fix_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, icon);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, message_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, place_label);
}

static void
flash_problem_row_init (FlashProblemRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_text (GtkLabel *label, const char *text)
{
  g_autofree char *safe = flash_text_sanitize (text, strlen (text), MAX_CHARS);

  gtk_label_set_label (label, safe);
  gtk_widget_set_visible (GTK_WIDGET (label), TRUE);
}

static char *
dup_place (const FlashDiag *diag)
{
  const char *word = flash_words_severity (flash_diag_get_severity (diag));
  guint line = flash_diag_get_line (diag);
  guint column = flash_diag_get_column (diag);

  if (line > 0 && column > 0)
    /* TRANSLATORS: “Error in line 5, column 4” */
    return g_strdup_printf (_ ("%1$s in line %2$u, column %3$u"), word, line, column);
  if (line > 0)
    /* TRANSLATORS: “Error in line 5” */
    return g_strdup_printf (_ ("%1$s in line %2$u"), word, line);
  return g_strdup (word);
}

GtkWidget *
flash_problem_row_new (const FlashDiag *diag)
{
  static const char *const classes[] = { "accent", "warning", "error" };
  FlashProblemRow *self = g_object_new (FLASH_TYPE_PROBLEM_ROW, NULL);
  FlashSeverity severity = flash_diag_get_severity (diag);
  g_autofree char *message = flash_diag_dup_message (diag, flash_words_translate);
  g_autofree char *fix = flash_diag_dup_fix (diag, flash_words_translate);
  g_autofree char *place = dup_place (diag);
  const char *device_text = flash_diag_get_device_text (diag);

  self->line = flash_diag_get_line (diag);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), self->line > 0);
  gtk_image_set_from_icon_name (self->icon, flash_words_severity_icon (severity));
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), classes[severity]);
  gtk_widget_add_css_class (GTK_WIDGET (self->place_label), classes[severity]);
  gtk_label_set_label (self->place_label, place);
  gtk_label_set_label (self->code_label, flash_diag_get_code (diag));
  show_text (self->message_label, message);
  if (fix != NULL)
    show_text (self->fix_label, fix);
  if (device_text != NULL) {
    /* TRANSLATORS: %s is what the board itself says, word for word */
    g_autofree char *text = g_strdup_printf (_ ("The board would say: “%s”"), device_text);

    show_text (self->device_label, text);
  }
  return GTK_WIDGET (self);
}

guint
flash_problem_row_get_line (FlashProblemRow *self)
{
  g_return_val_if_fail (FLASH_IS_PROBLEM_ROW (self), 0);

  return self->line;
}
