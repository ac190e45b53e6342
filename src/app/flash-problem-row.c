/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-problem-row"

#include "config.h"

#include "flash-problem-row.h"

#include "flash-cell-words.h"
#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* What a file says may be long, and hold anything. */
#define MAX_CHARS 600

struct _FlashProblemRow {
  GtkListBoxRow parent_instance;

  guint line;
  guint column;
  char *name; /* (owned) (nullable) */
  GtkLabel *code_label;
  GtkLabel *device_label;
  GtkWidget *fix_box;
  GtkButton *fix_button;
  GtkLabel *fix_effect_label;
  GtkLabel *fix_label;
  GtkImage *icon;
  GtkLabel *message_label;
  GtkLabel *place_label;
};

enum { SIGNAL_FIX, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlashProblemRow, flash_problem_row, GTK_TYPE_LIST_BOX_ROW)

static void
on_fix_clicked (GtkButton *button, FlashProblemRow *self)
{
  g_signal_emit (self, signals[SIGNAL_FIX], 0);
}

static void
flash_problem_row_dispose (GObject *object)
{
  FlashProblemRow *self = FLASH_PROBLEM_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), FLASH_TYPE_PROBLEM_ROW);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (flash_problem_row_parent_class)->dispose (object);
}

static void
flash_problem_row_class_init (FlashProblemRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_problem_row_dispose;

  signals[SIGNAL_FIX] = g_signal_new ("fix", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-problem-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, code_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, device_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, fix_box);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, fix_button);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, fix_effect_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, fix_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, icon);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, message_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemRow, place_label);
  gtk_widget_class_bind_template_callback (widget_class, on_fix_clicked);
}

static void
flash_problem_row_init (FlashProblemRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @text: (nullable): hidden without */
static void
show_text (GtkLabel *label, const char *text)
{
  g_autofree char *safe =
      text != NULL ? flash_text_sanitize (text, strlen (text), MAX_CHARS) : g_strdup ("");

  if (!g_str_equal (gtk_label_get_label (label), safe))
    gtk_label_set_label (label, safe);
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static char *
dup_place (const FlashDiag *diag)
{
  const char *word = flash_words_severity (flash_diag_get_severity (diag));
  guint column = flash_diag_get_column (diag);

  if (column < FLASH_LAYOUT_COLUMN_OPTION || column > FLASH_LAYOUT_COLUMN_BINARY)
    return g_strdup (word);
  /* TRANSLATORS: “Error · Offset”: how bad, and in which column of the table */
  return g_strdup_printf (_ ("%1$s · %2$s"), word,
                          flash_cell_words_title (flash_cell_words_from_layout (column)));
}

/* For those who hear it without the heading above it. */
static char *
dup_spoken (FlashProblemRow *self, const FlashDiag *diag)
{
  const char *word = flash_words_severity (flash_diag_get_severity (diag));
  const char *message = gtk_label_get_label (self->message_label);

  if (self->line > 0 && self->column > 0)
    /* TRANSLATORS: “Error in line 5, column 4: …” */
    return g_strdup_printf (_ ("%1$s in line %2$u, column %3$u: %4$s"), word, self->line,
                            self->column, message);
  if (self->line > 0)
    /* TRANSLATORS: “Error in line 5: …” */
    return g_strdup_printf (_ ("%1$s in line %2$u: %3$s"), word, self->line, message);
  /* TRANSLATORS: “Error: …” */
  return g_strdup_printf (_ ("%1$s: %2$s"), word, message);
}

/* Styles are costly: only if they differ. */
static void
set_severity (FlashProblemRow *self, FlashSeverity severity)
{
  static const char *const classes[] = { "accent", "warning", "error" };

  if (gtk_widget_has_css_class (GTK_WIDGET (self->icon), classes[severity]))
    return;
  gtk_image_set_from_icon_name (self->icon, flash_words_severity_icon (severity));
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), classes[i]);
    gtk_widget_remove_css_class (GTK_WIDGET (self->place_label), classes[i]);
  }
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), classes[severity]);
  gtk_widget_add_css_class (GTK_WIDGET (self->place_label), classes[severity]);
}

static void
set_fix (FlashProblemRow *self, const FlashDiag *diag, FlashLayoutFixKind kind)
{
  const char *effect = NULL;
  const char *message = gtk_label_get_label (self->message_label);
  /* TRANSLATORS: what the button “Fix” mends, for screen readers; %s is a sentence */
  g_autofree char *spoken = g_strdup_printf (_ ("Fix: %s"), message);

  if (kind == FLASH_LAYOUT_FIX_ASK)
    effect = g_str_equal (flash_diag_get_code (diag), "crlf")
                 ? _ ("This changes every line of the file.")
                 : _ ("This may change what is written to the board.");
  gtk_widget_set_visible (self->fix_box, kind != FLASH_LAYOUT_FIX_NONE);
  show_text (self->fix_effect_label, effect);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fix_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  effect != NULL ? effect : "", -1);
}

void
flash_problem_row_set (FlashProblemRow *self, const FlashDiag *diag, FlashLayoutFixKind kind,
                       const char *name)
{
  g_autofree char *message = NULL;
  g_autofree char *fix = NULL;
  g_autofree char *place = NULL;
  g_autofree char *spoken = NULL;
  g_autofree char *device_text = NULL;

  g_return_if_fail (FLASH_IS_PROBLEM_ROW (self) && diag != NULL);

  message = flash_diag_dup_message (diag, flash_words_translate);
  fix = flash_diag_dup_fix (diag, flash_words_translate);
  place = dup_place (diag);
  if (flash_diag_get_device_text (diag) != NULL)
    /* TRANSLATORS: %s is what the board itself says, word for word */
    device_text =
        g_strdup_printf (_ ("The board would say: “%s”"), flash_diag_get_device_text (diag));

  self->line = flash_diag_get_line (diag);
  self->column = flash_diag_get_column (diag);
  g_free (self->name);
  self->name = g_strdup (name);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), self->line > 0);
  set_severity (self, flash_diag_get_severity (diag));
  show_text (self->place_label, place);
  show_text (self->code_label, flash_diag_get_code (diag));
  show_text (self->message_label, message);
  show_text (self->fix_label, fix);
  show_text (self->device_label, device_text);
  set_fix (self, diag, kind);
  spoken = dup_spoken (self, diag);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  gtk_label_get_label (self->fix_label), -1);
}

GtkWidget *
flash_problem_row_new (const FlashDiag *diag)
{
  FlashProblemRow *self = g_object_new (FLASH_TYPE_PROBLEM_ROW, NULL);

  flash_problem_row_set (self, diag, FLASH_LAYOUT_FIX_NONE, NULL);
  return GTK_WIDGET (self);
}

void
flash_problem_row_set_verb (FlashProblemRow *self, const char *label)
{
  g_autofree char *spoken = NULL;

  g_return_if_fail (FLASH_IS_PROBLEM_ROW (self) && label != NULL);

  /* TRANSLATORS: a button and the problem it is about, for screen readers: “Use it anyway: …” */
  spoken = g_strdup_printf (_ ("%1$s: %2$s"), label, gtk_label_get_label (self->message_label));
  gtk_button_set_label (self->fix_button, label);
  gtk_widget_set_visible (self->fix_box, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fix_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
}

void
flash_problem_row_set_place (FlashProblemRow *self, const FlashDiag *diag)
{
  g_autofree char *place = NULL;

  g_return_if_fail (FLASH_IS_PROBLEM_ROW (self) && diag != NULL);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  if (self->line == 0)
    return;
  /* TRANSLATORS: “Error · line 12”: how bad, and in which line of the file */
  place = g_strdup_printf (_ ("%1$s · line %2$u"),
                           flash_words_severity (flash_diag_get_severity (diag)), self->line);
  show_text (self->place_label, place);
}

guint
flash_problem_row_get_line (FlashProblemRow *self)
{
  g_return_val_if_fail (FLASH_IS_PROBLEM_ROW (self), 0);

  return self->line;
}

guint
flash_problem_row_get_column (FlashProblemRow *self)
{
  g_return_val_if_fail (FLASH_IS_PROBLEM_ROW (self), 0);

  return self->column;
}

char *
flash_problem_row_dup_heading (FlashProblemRow *self)
{
  g_autofree char *safe = NULL;

  g_return_val_if_fail (FLASH_IS_PROBLEM_ROW (self), NULL);

  if (self->line == 0)
    return g_strdup (_ ("Whole file"));
  if (self->name == NULL)
    return g_strdup_printf (_ ("Line %u"), self->line);
  safe = flash_text_sanitize (self->name, strlen (self->name), MAX_CHARS);
  /* TRANSLATORS: “Line 7 · rootfs”: the line of the file, and the partition in it */
  return g_strdup_printf (_ ("Line %1$u · %2$s"), self->line, safe);
}

GtkWidget *
flash_problem_row_get_fix_button (FlashProblemRow *self)
{
  g_return_val_if_fail (FLASH_IS_PROBLEM_ROW (self), NULL);

  return GTK_WIDGET (self->fix_button);
}
