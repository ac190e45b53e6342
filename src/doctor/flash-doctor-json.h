/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a doctor has to say, as members of a JSON object: for the report, and for programs that
 * read the news of a job. Thread: main. */
#pragma once

#include "flash-doctor.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * flash_doctor_add_findings:
 * @builder: inside an object
 *
 * Adds `moment`, `certainty`, `code` and `cause` (null without), `candidates`, `question` (null
 * without) and `notes` (codes), `port`, `port_id`, `port_product`, `elsewhere`, `shown_ms` and
 * `waited_ms`. All texts are English.
 */
void flash_doctor_add_findings (FlashDoctor *self, JsonBuilder *builder);

/* Adds a text member; bytes that are not UTF-8 are replaced, %NULL is null. */
void flash_doctor_json_add_text (JsonBuilder *builder, const char *name, const char *text);
/* Adds a whole number. */
void flash_doctor_json_add_number (JsonBuilder *builder, const char *name, gint64 number);
/* Adds true, false, or null for what is not known. */
void flash_doctor_json_add_tri (JsonBuilder *builder, const char *name, FlashTri value);

G_END_DECLS
