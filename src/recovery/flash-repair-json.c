/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words and the list of files of a repair, as JSON. */
#define G_LOG_DOMAIN "flash-repair-json"

#include "config.h"

#include "flash-recovery.h"
#include "flash-repair-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define FORMAT "flashwright-repair"
#define VERSION 1
#define SHA256_LENGTH 64 /* digits */
#define MAX_BYTES_OF_CHARACTER 4
#define MAX_DEPTH 8 /* of brackets: a repair has three */

/* --- writing -------------------------------------------------------------------------------- */

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_number (JsonBuilder *builder, const char *name, guint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) number);
}

GBytes *
flash_repair_to_json (FlashRepair *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  char *text;

  json_builder_begin_object (builder);
  add_text (builder, "format", FORMAT);
  add_number (builder, "version", VERSION);
  add_text (builder, "case", self->case_id);
  add_text (builder, "title", self->title);
  add_text (builder, "message", self->message);
  add_text (builder, "contact", self->contact);
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->files->len; i++) {
    const FlashRepairFile *file = g_ptr_array_index (self->files, i);

    json_builder_begin_object (builder);
    add_text (builder, "name", file->name);
    add_number (builder, "size", file->size);
    add_text (builder, "sha256", file->sha256);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return g_bytes_new_take (text, strlen (text));
}

/* --- reading -------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, FlashRepairError code, const char *what)
{
  g_set_error (error, FLASH_REPAIR_ERROR, (gint) code, FLASH_REPAIR_JSON_NAME ": %s", what);
  return FALSE;
}

/* The parser of the library calls itself for each bracket. */
static gboolean
is_shallow (const char *text, gsize length)
{
  guint depth = 0;

  for (gsize i = 0; i < length; i++) {
    if (text[i] == '[' || text[i] == '{')
      depth++;
    if (depth > MAX_DEPTH)
      return FALSE;
    if ((text[i] == ']' || text[i] == '}') && depth > 0)
      depth--;
  }
  return TRUE;
}

/* Returns: (nullable): the text of that name */
static const char *
find_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static gboolean
find_number (JsonObject *object, const char *name, gint64 *out_number)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *out_number = json_node_get_int (node);
  return TRUE;
}

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == SHA256_LENGTH && strspn (text, "0123456789abcdef") == SHA256_LENGTH;
}

static gboolean
read_file (FlashRepair *self, JsonNode *node, guint64 *bytes_left, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = object != NULL ? find_text (object, "name") : NULL;
  const char *sha256 = object != NULL ? find_text (object, "sha256") : NULL;
  FlashRepairFile *file;
  gint64 size;

  if (name == NULL || sha256 == NULL || !find_number (object, "size", &size) || !is_sha256 (sha256))
    return refuse (error, FLASH_REPAIR_ERROR_DAMAGED, "a file without name, size or SHA-256");
  if (!flash_repair_is_name (name) || flash_repair_find (self, name) != NULL)
    return refuse (error, FLASH_REPAIR_ERROR_REFUSED, "a file with a name that is not allowed");
  if (size < 0 || (guint64) size > *bytes_left)
    return refuse (error, FLASH_REPAIR_ERROR_REFUSED, "its files are too large");
  *bytes_left -= (guint64) size;
  file = g_new0 (FlashRepairFile, 1);
  file->name = g_strdup (name);
  file->size = (guint64) size;
  file->sha256 = g_strdup (sha256);
  g_ptr_array_add (self->files, file);
  return TRUE;
}

static gboolean
read_files (FlashRepair *self, JsonObject *object, guint64 max_bytes, GError **error)
{
  JsonNode *node = json_object_get_member (object, "files");
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint64 bytes_left = max_bytes;

  if (array == NULL)
    return refuse (error, FLASH_REPAIR_ERROR_DAMAGED, "no list of files");
  if (json_array_get_length (array) > FLASH_REPAIR_MAX_FILES)
    return refuse (error, FLASH_REPAIR_ERROR_REFUSED, "too many files");
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_file (self, json_array_get_element (array, i), &bytes_left, error))
      return FALSE;
  return TRUE;
}

static gboolean
is_within (const char *text, gsize max_chars)
{
  return text != NULL && strlen (text) <= max_chars * MAX_BYTES_OF_CHARACTER;
}

static FlashRepair *
read_object (JsonObject *object, guint64 max_bytes, GError **error)
{
  g_autoptr (FlashRepair) self = NULL;
  const char *format = find_text (object, "format");
  const char *case_id = find_text (object, "case");
  const FlashRepairWords words = { find_text (object, "title"), find_text (object, "message"),
                                   find_text (object, "contact") };
  gint64 version = 0;

  if (g_strcmp0 (format, FORMAT) != 0) {
    refuse (error, FLASH_REPAIR_ERROR_NOT_A_REPAIR, "of another format");
    return NULL;
  }
  if (!find_number (object, "version", &version) || version != VERSION || case_id == NULL ||
      flash_recovery_case_find (case_id) == NULL) {
    refuse (error, FLASH_REPAIR_ERROR_TOO_NEW, "of a version, or about a case, that is not known");
    return NULL;
  }
  if (!is_within (words.title, FLASH_REPAIR_MAX_TITLE) || *words.title == '\0' ||
      !is_within (words.message, FLASH_REPAIR_MAX_MESSAGE) ||
      !is_within (words.contact, FLASH_REPAIR_MAX_CONTACT)) {
    refuse (error, FLASH_REPAIR_ERROR_REFUSED, "a text is missing or too long");
    return NULL;
  }
  self = flash_repair_new (case_id, &words);
  return read_files (self, object, max_bytes, error) ? g_steal_pointer (&self) : NULL;
}

FlashRepair *
flash_repair_from_json (const char *text, gsize length, guint64 max_bytes, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) fault = NULL;
  JsonNode *root;

  if (!g_utf8_validate (text, (gssize) length, NULL) || !is_shallow (text, length)) {
    refuse (error, FLASH_REPAIR_ERROR_REFUSED, "no text, or too many brackets");
    return NULL;
  }
  if (!json_parser_load_from_data (parser, text, (gssize) length, &fault)) {
    refuse (error, FLASH_REPAIR_ERROR_DAMAGED, "no JSON");
    return NULL;
  }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    refuse (error, FLASH_REPAIR_ERROR_DAMAGED, "no object");
    return NULL;
  }
  return read_object (json_node_get_object (root), max_bytes, error);
}
