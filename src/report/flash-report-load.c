/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-load"

#include "config.h"

#include "flash-report-json.h"
#include "flash-report-private.h"
#include "flash-report-zip.h"

#include "flash-source.h"
#include "flash-text.h"

#include <string.h>

/* The bounds are about what is in it; the zip around that is not larger by more. */
#define MAX_FILE_BYTES (FLASH_REPORT_MAX_BYTES + 1024 * 1024)

/* Always returns %FALSE, for the caller to return. */
static gboolean
set_damaged (GError **error, const char *what)
{
  g_set_error (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_DAMAGED, "the report is damaged: %s",
               what);
  return FALSE;
}

/* --- report.json -------------------------------------------------------------------------- */

static JsonNode *
get_member (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type
             ? node
             : NULL;
}

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

static gboolean
add_moment (FlashReport *self, JsonNode *node, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *time_ms = object != NULL ? get_member (object, "time_ms", G_TYPE_INT64) : NULL;
  const char *source, *text, *code;

  if (time_ms == NULL)
    return set_damaged (error, "a moment of its time line has no time");
  source = get_string (object, "source");
  text = get_string (object, "text");
  code = get_string (object, "code");
  if (text == NULL || source == NULL || !_flash_report_is_code (source))
    return set_damaged (error, "a moment of its time line says nothing");
  if (json_object_has_member (object, "code") && (code == NULL || !_flash_report_is_code (code)))
    return set_damaged (error, "a moment of its time line has no proper code");
  flash_report_add_moment (self, json_node_get_int (time_ms), source, text, code);
  return TRUE;
}

static gboolean
add_moments (FlashReport *self, JsonNode *node, GError **error)
{
  JsonArray *moments;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return set_damaged (error, "it has no time line");
  moments = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (moments); i++)
    if (!add_moment (self, json_array_get_element (moments, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
add_sections (FlashReport *self, JsonNode *node, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *section;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return set_damaged (error, "it has no facts");
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &section)) {
    if (!_flash_report_is_code (name) ||
        !(JSON_NODE_HOLDS_OBJECT (section) || JSON_NODE_HOLDS_ARRAY (section)))
      return set_damaged (error, "a section of it is none");
    flash_report_add_section (self, name, json_node_ref (section));
  }
  return TRUE;
}

static gboolean
check_version (JsonObject *object, GError **error)
{
  JsonNode *version = get_member (object, FLASH_REPORT_MARK, G_TYPE_INT64);

  if (version == NULL || json_node_get_int (version) < 1) {
    g_set_error_literal (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_NOT_A_REPORT,
                         "this is no report of this program");
    return FALSE;
  }
  if (json_node_get_int (version) == FLASH_REPORT_VERSION)
    return TRUE;
  g_set_error (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_TOO_NEW,
               "the report is of version %" G_GINT64_FORMAT
               ", a newer program made it; this one knows version %d",
               json_node_get_int (version), FLASH_REPORT_VERSION);
  return FALSE;
}

gboolean
_flash_report_add_json (FlashReport *self, GBytes *json, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize size;
  const char *text = g_bytes_get_data (json, &size);
  JsonNode *root;
  JsonObject *object;

  if (!flash_report_json_check (text, size, error))
    return FALSE;
  if (!json_parser_load_from_data (parser, text, (gssize) size, NULL))
    return set_damaged (error, "its facts are no JSON");
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return set_damaged (error, "its facts are no object");
  object = json_node_get_object (root);
  return check_version (object, error) &&
         add_sections (self, json_object_get_member (object, "sections"), error) &&
         add_moments (self, json_object_get_member (object, "moments"), error);
}

/* --- the whole ---------------------------------------------------------------------------- */

static gboolean
add_entry (FlashReport *self, const FlashReportEntry *entry, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (entry->bytes, &size);
  g_autofree char *terminated = NULL;

  if (size > 0 && !g_utf8_validate (text, (gssize) size, NULL))
    return set_damaged (error, "a file in it is no text");
  terminated = g_strndup (size > 0 ? text : "", size);
  flash_report_add_text (self, entry->name, terminated);
  return TRUE;
}

FlashReport *
_flash_report_open (GBytes *zip, GError **error)
{
  g_autoptr (FlashReport) self = NULL;
  g_autoptr (GPtrArray) entries = flash_report_zip_unpack (zip, error);

  if (entries == NULL)
    return NULL;
  self = flash_report_new ();
  for (guint i = 0; i < entries->len; i++) {
    FlashReportEntry *entry = g_ptr_array_index (entries, i);

    if (!(i == 0 ? _flash_report_add_json (self, entry->bytes, error)
                 : add_entry (self, entry, error)))
      return NULL;
    /* The next one needs the memory. */
    g_clear_pointer (&entry->bytes, g_bytes_unref);
  }
  return g_steal_pointer (&self);
}

FlashReport *
flash_report_load (const char *path, GError **error)
{
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (GBytes) zip = NULL;
  g_autofree guint8 *bytes = NULL;
  guint64 size;

  g_return_val_if_fail (path != NULL, NULL);

  source = flash_source_new_for_file (path, error);
  if (source == NULL)
    return NULL;
  size = flash_source_get_size (source);
  if (size > MAX_FILE_BYTES) {
    g_autofree char *shown = flash_text_size (size);

    g_set_error (error, FLASH_REPORT_ERROR,
                 flash_report_is_report (path) ? FLASH_REPORT_ERROR_REFUSED
                                               : FLASH_REPORT_ERROR_NOT_A_REPORT,
                 "the file has %s, which is too much for a report", shown);
    return NULL;
  }
  bytes = g_malloc (MAX (size, 1));
  if (!flash_source_read (source, 0, bytes, (gsize) size, error))
    return NULL;
  zip = g_bytes_new_take (g_steal_pointer (&bytes), (gsize) size);
  return _flash_report_open (zip, error);
}

gboolean
flash_report_is_report (const char *path)
{
  g_autoptr (FlashSource) source = NULL;
  guint8 head[FLASH_REPORT_ZIP_HEAD];
  gsize length;

  g_return_val_if_fail (path != NULL, FALSE);

  source = flash_source_new_for_file (path, NULL);
  if (source == NULL)
    return FALSE;
  length = (gsize) MIN (flash_source_get_size (source), sizeof head);
  return flash_source_read (source, 0, head, length, NULL) &&
         flash_report_zip_is_report (head, length);
}
