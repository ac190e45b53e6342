/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all commands need to answer in JSON. Thread: main. */
#pragma once

#include "flash-diag.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * flash_cli_json_add_text:
 * @builder: inside an object
 * @name: of the member
 * @text: any bytes, ended by zero; what is not UTF-8 is replaced
 */
void flash_cli_json_add_text (JsonBuilder *builder, const char *name, const char *text);

/**
 * flash_cli_json_add_number:
 * @builder: inside an object
 * @name: of the member
 * @number: what is above 2^63 - 1, where JSON libraries stop counting, is given as a decimal
 *   fraction
 */
void flash_cli_json_add_number (JsonBuilder *builder, const char *name, guint64 number);

/**
 * flash_cli_json_add_flag:
 * @builder: inside an object
 * @name: of the member
 * @value: true or false
 */
void flash_cli_json_add_flag (JsonBuilder *builder, const char *name, gboolean value);

/**
 * flash_cli_json_add_advice:
 * @builder: inside an object
 * @code: of an advice
 *
 * Adds the members "cause" and "remedy"; nothing if there is no such advice.
 */
void flash_cli_json_add_advice (JsonBuilder *builder, const char *code);

/**
 * flash_cli_json_add_diags:
 * @builder: inside an object
 * @diags: all of them
 *
 * Adds the member "problems", an array, empty if there are none.
 */
void flash_cli_json_add_diags (JsonBuilder *builder, const FlashDiagList *diags);

/* Writes the whole as one line to the standard output, at once, so that a program at the other
 * end of a pipe sees it. */
void flash_cli_json_print (JsonBuilder *builder);

G_END_DECLS
