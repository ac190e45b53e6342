/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a report is put together. For use inside this room and by its tests. Thread: any one at a
 * time. */
#pragma once

#include "flash-report.h"

G_BEGIN_DECLS

/* The entry with the facts, and the member of it that says what it is. */
#define FLASH_REPORT_MAIN "report.json"
#define FLASH_REPORT_MARK "flashwright-report"
#define FLASH_REPORT_VERSION 1

/* Bounds of our own: a job of an hour with a talkative console has some thousand moments. Together
 * with the bytes they keep `report.json` below %FLASH_REPORT_MAX_ENTRY_BYTES. */
#define FLASH_REPORT_MAX_MOMENTS 20000
#define FLASH_REPORT_MAX_MOMENT_BYTES (2 * 1024 * 1024)
#define FLASH_REPORT_MAX_MOMENT_CHARS 1000
/* What all texts may take together: the rest is for `report.json` and for notes about cuts. */
#define FLASH_REPORT_MAX_TEXT_BYTES (FLASH_REPORT_MAX_BYTES - FLASH_REPORT_MAX_ENTRY_BYTES - 8192)

/* Returns: whether @name is lower-case letters, digits and hyphens, at most 64 of them. */
gboolean _flash_report_is_code (const char *name);
/* Returns: whether @name can be a word of this program's own: lower-case letters, hyphens and
 * underscores. What is someone's own nearly always has more than that. */
gboolean _flash_report_is_vocabulary (const char *name);

/**
 * _flash_report_dup_name:
 * @name: a name of a file, from anywhere
 *
 * Returns: (transfer full): a name that is one on every system, and leads nowhere; @name itself if
 *   it is one already
 */
char *_flash_report_dup_name (const char *name);

/**
 * _flash_report_dup_clean:
 * @text: valid UTF-8, not necessarily terminated
 * @length: in bytes
 *
 * Returns: (transfer full): the same lines without control characters; tabs stay
 */
char *_flash_report_dup_clean (const char *text, gsize length);

/**
 * FlashReportMap:
 *
 * Returns: (transfer full): what stands there instead of @text, which is a value or a name
 */
typedef char *(*FlashReportMap) (const char *text, gpointer data);

/**
 * _flash_report_map_node:
 * @map: what becomes of each string, of each name of a member, and of each whole number, which
 *   turns into a string only if it does not stay as it is
 *
 * Numbers that JSON cannot write become null. Two members that get the same name are told apart by
 * a number.
 *
 * Returns: (transfer full): a copy
 */
JsonNode *_flash_report_map_node (JsonNode *node, FlashReportMap map, gpointer data);

/* Returns: (transfer none) (element-type FlashReportSecret): what was added as secret. */
GPtrArray *_flash_report_get_secrets (FlashReport *self);

/**
 * FlashReportSecret:
 * @kind: `user`, `host` or `serial`
 */
typedef struct {
  char *kind;
  char *text;
} FlashReportSecret;

/* Returns: (transfer full): `report.json`. */
GBytes *_flash_report_to_json (FlashReport *self);

/**
 * _flash_report_add_json:
 * @json: what stands in `report.json`, from anybody
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_REPORT_ERROR); some of it may be in @self then
 */
gboolean _flash_report_add_json (FlashReport *self, GBytes *json, GError **error);

/**
 * _flash_report_open:
 * @zip: what stands in the file, from anybody
 *
 * Like flash_report_load ().
 */
FlashReport *_flash_report_open (GBytes *zip, GError **error);

G_END_DECLS
