/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-findings"

#include "config.h"

#include "flash-report-findings.h"

#include "flash-advice.h"
#include "flash-help-window.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* More than a report of this program ever has. */
#define MAX_CODES 16
#define MAX_CODE_CHARS 60

struct _FlashReportFindings {
  AdwBin parent_instance;

  GtkBox *box; /* (transfer none) (nullable): what is shown */
};

G_DEFINE_FINAL_TYPE (FlashReportFindings, flash_report_findings, ADW_TYPE_BIN)

static void
flash_report_findings_class_init (FlashReportFindingsClass *klass)
{
}

static void
flash_report_findings_init (FlashReportFindings *self)
{
}

static void
add_label (FlashReportFindings *self, const char *text, const char *style)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", TRUE, NULL);

  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (self->box, label);
}

static void
on_help_clicked (GtkButton *button, const FlashAdvice *advice)
{
  flash_help_window_show (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (button))), advice->help);
}

static void
add_advice (FlashReportFindings *self, const FlashAdvice *advice)
{
  g_auto (GStrv) steps = flash_advice_dup_steps (_ (advice->remedy));
  GtkWidget *button = gtk_button_new_with_label (_ ("More in the help"));

  add_label (self, _ (advice->cause), "heading");
  for (guint i = 0; steps[i] != NULL; i++) {
    g_autofree char *step =
        steps[1] != NULL ? g_strdup_printf ("%u. %s", i + 1, steps[i]) : g_strdup (steps[i]);

    add_label (self, step, NULL);
  }
  add_label (self, advice->code, "caption");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect (button, "clicked", G_CALLBACK (on_help_clicked), (gpointer) advice);
  gtk_box_append (self->box, button);
}

/* @node: (nullable): of anything */
static void
add_code (FlashReportFindings *self, JsonNode *node)
{
  const char *code = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                         ? json_node_get_string (node)
                         : NULL;
  const FlashAdvice *advice = code != NULL ? flash_advice_find (code) : NULL;
  g_autofree char *safe = NULL;
  g_autofree char *text = NULL;

  if (advice != NULL) {
    add_advice (self, advice);
  } else if (code != NULL) {
    safe = flash_text_sanitize (code, strlen (code), MAX_CODE_CHARS);
    /* TRANSLATORS: a short word that stands for a cause */
    text = g_strdup_printf (_ ("This version does not know the code “%s”."), safe);
    add_label (self, text, NULL);
  }
}

static void
add_codes (FlashReportFindings *self, JsonObject *findings, const char *member, const char *title)
{
  JsonNode *node = json_object_get_member (findings, member);
  JsonArray *codes =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n_codes = codes != NULL ? json_array_get_length (codes) : 0;

  if (n_codes == 0)
    return;
  add_label (self, title, "title-4");
  for (guint i = 0; i < MIN (n_codes, MAX_CODES); i++)
    add_code (self, json_array_get_element (codes, i));
}

static const char *
get_heading (JsonObject *findings)
{
  JsonNode *node = json_object_get_member (findings, "certainty");
  const char *certainty = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                              ? json_node_get_string (node)
                              : NULL;

  if (g_strcmp0 (certainty, "proved") == 0)
    return _ ("The cause");
  if (g_strcmp0 (certainty, "likely") == 0)
    return _ ("The likely cause");
  return _ ("What is known");
}

void
flash_report_findings_show (FlashReportFindings *self, JsonNode *section)
{
  JsonObject *findings;
  JsonNode *code;

  g_return_if_fail (FLASH_IS_REPORT_FINDINGS (self) && section != NULL);

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "flash-findings");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  findings = JSON_NODE_HOLDS_OBJECT (section) ? json_node_get_object (section) : NULL;
  code = findings != NULL ? json_object_get_member (findings, "code") : NULL;
  if (code != NULL && json_node_get_value_type (code) == G_TYPE_STRING) {
    add_label (self, get_heading (findings), "title-4");
    add_code (self, code);
  }
  if (findings != NULL) {
    add_codes (self, findings, "candidates", _ ("It may be"));
    add_codes (self, findings, "notes", _ ("What makes it worse"));
  }
  if (gtk_widget_get_first_child (GTK_WIDGET (self->box)) == NULL)
    add_label (self, _ ("Nothing was found."), NULL);
}
