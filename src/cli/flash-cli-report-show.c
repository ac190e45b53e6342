/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `report BUNDLE`: what somebody has sent. Every word of it may be made up. */
#define G_LOG_DOMAIN "flash-cli-report-show"

#include "config.h"

#include "flash-cli-report.h"

#include "flash-cli-columns.h"
#include "flash-cli-diag.h"
#include "flash-cli-doctor.h"
#include "flash-cli-json.h"

#include <glib/gi18n.h>

/* Columns for where a moment was seen. */
#define SOURCE_WIDTH 7

/* Returns: (nullable): a text member of an object that anybody may have written. */
static const char *
get_text (JsonNode *node, const char *name)
{
  JsonNode *member;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  member = json_object_get_member (json_node_get_object (node), name);
  return member != NULL && JSON_NODE_HOLDS_VALUE (member) &&
                 json_node_get_value_type (member) == G_TYPE_STRING
             ? json_node_get_string (member)
             : NULL;
}

/* Returns: (nullable): an array member of such an object. */
static JsonArray *
get_array (JsonNode *node, const char *name)
{
  JsonNode *member;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  member = json_object_get_member (json_node_get_object (node), name);
  return member != NULL && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;
}

static guint
get_length (JsonNode *node, const char *name)
{
  JsonArray *array = get_array (node, name);

  return array != NULL ? json_array_get_length (array) : 0;
}

/* Codes of a newer version of this program have no words here. */
static guint
read_codes (JsonNode *node, const char *name, const FlashAdvice **out_advices, guint n_max)
{
  JsonArray *array = get_array (node, name);
  guint length = get_length (node, name), n = 0;

  for (guint i = 0; i < length && n < n_max; i++) {
    JsonNode *code = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (code) || json_node_get_value_type (code) != G_TYPE_STRING)
      continue;
    out_advices[n] = flash_advice_find (json_node_get_string (code));
    n += out_advices[n] != NULL;
  }
  return n;
}

static void
read_findings (JsonNode *node, FlashFindings *out_findings)
{
  const char *certainty = get_text (node, "certainty"), *code = get_text (node, "code"),
             *question = get_text (node, "question");

  *out_findings = (FlashFindings){ .cause = code != NULL ? flash_advice_find (code) : NULL };
  for (guint i = FLASH_CERTAINTY_NOTHING; i <= FLASH_CERTAINTY_PROVED; i++)
    if (g_strcmp0 (flash_certainty_get_name (i), certainty) == 0)
      out_findings->certainty = i;
  for (guint i = FLASH_OBSERVATION_NONE; i < FLASH_N_OBSERVATIONS; i++)
    if (g_strcmp0 (flash_observation_get_name (i), question) == 0)
      out_findings->question = i;
  out_findings->n_candidates =
      read_codes (node, "candidates", out_findings->candidates, FLASH_FINDINGS_MAX_CANDIDATES);
  out_findings->n_notes = read_codes (node, "notes", out_findings->notes, FLASH_FINDINGS_MAX_NOTES);
}

static const char *
get_certainty_words (FlashCertainty certainty)
{
  switch (certainty) {
  case FLASH_CERTAINTY_NOTHING:
    return NULL;
  case FLASH_CERTAINTY_OPEN:
    return _ ("The evidence is not enough to name one cause.");
  case FLASH_CERTAINTY_LIKELY:
    return _ ("The evidence speaks for this cause, but does not prove it.");
  case FLASH_CERTAINTY_PROVED:
    return _ ("This is proved.");
  }
  g_return_val_if_reached (NULL);
}

/* Nothing is wrong only where somebody has looked. */
static const char *
get_nothing_words (JsonNode *node)
{
  const char *port = get_text (node, "port");

  if (node == NULL)
    return _ ("The bundle is about a computer, without a board.");
  if (port == NULL || g_str_equal (port, flash_port_shows_get_name (FLASH_PORT_UNKNOWN)))
    return _ ("Nobody has looked at the port of the board.");
  return _ ("Nothing was found that would be wrong.");
}

static void
print_problems (JsonNode *layout)
{
  JsonArray *problems = get_array (layout, "problems");
  guint n_problems = get_length (layout, "problems");

  if (n_problems > 0)
    g_print ("%s\n", _ ("The layout:"));
  for (guint i = 0; i < n_problems; i++) {
    JsonNode *problem = json_array_get_element (problems, i);
    const char *message = get_text (problem, "message"), *code = get_text (problem, "code");
    g_autofree char *safe = flash_cli_dup_safe (message != NULL ? message : "");
    g_autofree char *safe_code = flash_cli_dup_safe (code != NULL ? code : "");

    g_print ("  – %s [%s]\n", safe, safe_code);
  }
}

static void
print_finding (FlashReport *report)
{
  JsonNode *node = flash_report_get_section (report, "findings"),
           *layout = flash_report_get_section (report, "layout");
  const char *code = get_text (node, "code"), *cause = get_text (node, "cause");
  FlashFindings findings;
  const char *certainty;

  read_findings (node, &findings);
  certainty = code != NULL ? get_certainty_words (findings.certainty) : NULL;
  if (code != NULL && findings.cause == NULL) {
    g_autofree char *safe = flash_cli_dup_safe (cause != NULL ? cause : code);

    g_print ("%s\n", safe);
  } else if (code == NULL && findings.n_notes == 0 && get_length (layout, "problems") == 0) {
    g_print ("%s\n", get_nothing_words (node));
  }
  flash_cli_doctor_print_findings (&findings);
  if (certainty != NULL)
    g_print ("%s\n", certainty);
  print_problems (layout);
}

static void
print_moment (const FlashReportMoment *moment)
{
  g_autofree char *text = flash_cli_dup_safe (moment->text);
  g_autofree char *source = flash_cli_pad (moment->source, SOURCE_WIDTH);

  g_print ("%10.3f  %s  %s", (double) moment->time_ms / 1000.0, source, text);
  if (moment->code != NULL)
    g_print (" [%s]", moment->code);
  g_print ("\n");
}

static void
print_report (FlashReport *report)
{
  GPtrArray *moments = flash_report_get_moments (report);

  print_finding (report);
  g_print ("\n");
  for (guint i = 0; i < moments->len; i++)
    print_moment (g_ptr_array_index (moments, i));
}

static void
add_moment (JsonBuilder *builder, const FlashReportMoment *moment)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "time_ms");
  json_builder_add_int_value (builder, moment->time_ms);
  flash_cli_json_add_text (builder, "source", moment->source);
  flash_cli_json_add_text (builder, "text", moment->text);
  if (moment->code != NULL)
    flash_cli_json_add_text (builder, "code", moment->code);
  json_builder_end_object (builder);
}

static void
print_report_json (FlashReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GPtrArray *moments = flash_report_get_moments (report);
  g_auto (GStrv) sections = flash_report_list_sections (report);

  json_builder_begin_object (builder);
  for (guint i = 0; sections[i] != NULL; i++) {
    json_builder_set_member_name (builder, sections[i]);
    json_builder_add_value (builder,
                            json_node_copy (flash_report_get_section (report, sections[i])));
  }
  json_builder_set_member_name (builder, "moments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < moments->len; i++)
    add_moment (builder, g_ptr_array_index (moments, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

static const char *
get_reason (const GError *error)
{
  if (error->domain != FLASH_REPORT_ERROR)
    return _ ("The file cannot be read.");
  switch ((FlashReportError) error->code) {
  case FLASH_REPORT_ERROR_NOT_A_REPORT:
    return _ ("The file is no support bundle of this program.");
  case FLASH_REPORT_ERROR_REFUSED:
    return _ ("The file is not opened: it is not made as a support bundle is, and may do harm.");
  case FLASH_REPORT_ERROR_DAMAGED:
    return _ ("The support bundle is damaged.");
  case FLASH_REPORT_ERROR_TOO_NEW:
    return _ ("A newer version of this program has made the support bundle.");
  }
  g_return_val_if_reached ("");
}

FlashCliExit
flash_cli_report_show (const char *path, gboolean is_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashReport) report = flash_report_load (path, &error);

  if (report == NULL) {
    g_autofree char *message = flash_cli_dup_safe (error->message);

    g_printerr ("%s\n", get_reason (error));
    g_printerr (_ ("In detail: %s"), message);
    g_printerr ("\n");
    return FLASH_CLI_INPUT;
  }
  if (is_json)
    print_report_json (report);
  else
    print_report (report);
  return FLASH_CLI_DONE;
}
