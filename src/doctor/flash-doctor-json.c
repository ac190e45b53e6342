/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-doctor-json"

#include "config.h"

#include "flash-doctor-json.h"

void
flash_doctor_json_add_text (JsonBuilder *builder, const char *name, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  json_builder_set_member_name (builder, name);
  if (valid != NULL)
    json_builder_add_string_value (builder, valid);
  else
    json_builder_add_null_value (builder);
}

void
flash_doctor_json_add_number (JsonBuilder *builder, const char *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

void
flash_doctor_json_add_tri (JsonBuilder *builder, const char *name, FlashTri value)
{
  json_builder_set_member_name (builder, name);
  if (value == FLASH_TRI_UNKNOWN)
    json_builder_add_null_value (builder);
  else
    json_builder_add_boolean_value (builder, value == FLASH_TRI_YES);
}

static void
add_codes (JsonBuilder *builder, const char *name, const FlashAdvice *const *advices,
           guint n_advices)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_advices; i++)
    json_builder_add_string_value (builder, advices[i]->code);
  json_builder_end_array (builder);
}

static const char *
get_moment_name (FlashMoment moment)
{
  switch (moment) {
  case FLASH_MOMENT_BEFORE:
    return "before";
  case FLASH_MOMENT_AWAY:
    return "away";
  case FLASH_MOMENT_AFTER:
    return "after";
  }
  g_return_val_if_reached (NULL);
}

void
flash_doctor_add_findings (FlashDoctor *self, JsonBuilder *builder)
{
  const FlashFindings *findings = flash_doctor_get_findings (self);
  const FlashSymptoms *symptoms = flash_doctor_get_symptoms (self);
  const FlashAdvice *cause = findings->cause;

  flash_doctor_json_add_text (builder, "moment", get_moment_name (symptoms->moment));
  flash_doctor_json_add_text (builder, "certainty", flash_certainty_get_name (findings->certainty));
  flash_doctor_json_add_text (builder, "code", cause != NULL ? cause->code : NULL);
  flash_doctor_json_add_text (builder, "cause", cause != NULL ? cause->cause : NULL);
  add_codes (builder, "candidates", findings->candidates, findings->n_candidates);
  flash_doctor_json_add_text (builder, "question",
                              findings->question != FLASH_OBSERVATION_NONE
                                  ? flash_observation_get_name (findings->question)
                                  : NULL);
  add_codes (builder, "notes", findings->notes, findings->n_notes);
  flash_doctor_json_add_text (builder, "port", flash_port_shows_get_name (symptoms->port));
  flash_doctor_json_add_text (builder, "port_id", symptoms->port_id);
  flash_doctor_json_add_text (builder, "port_product", symptoms->port_product);
  flash_doctor_json_add_text (builder, "elsewhere", symptoms->elsewhere);
  flash_doctor_json_add_number (builder, "shown_ms", flash_doctor_get_shown_ms (self));
  flash_doctor_json_add_number (builder, "waited_ms", symptoms->waited_ms);
}
