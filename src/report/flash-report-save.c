/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-save"

#include "config.h"

#include "flash-report-private.h"
#include "flash-report-zip.h"

#include <string.h>

#define FILE_MODE 0600

static JsonNode *
describe_sections (FlashReport *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_auto (GStrv) names = flash_report_list_sections (self);

  for (guint i = 0; names[i] != NULL; i++)
    json_object_set_member (object, names[i],
                            json_node_copy (flash_report_get_section (self, names[i])));
  json_node_take_object (node, object);
  return node;
}

static void
describe_moment (JsonBuilder *builder, const FlashReportMoment *moment)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "time_ms");
  json_builder_add_int_value (builder, moment->time_ms);
  json_builder_set_member_name (builder, "source");
  json_builder_add_string_value (builder, moment->source);
  json_builder_set_member_name (builder, "text");
  json_builder_add_string_value (builder, moment->text);
  if (moment->code != NULL) {
    json_builder_set_member_name (builder, "code");
    json_builder_add_string_value (builder, moment->code);
  }
  json_builder_end_object (builder);
}

GBytes *
_flash_report_to_json (FlashReport *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  GPtrArray *moments = flash_report_get_moments (self);
  gsize length;
  char *text;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, FLASH_REPORT_MARK);
  json_builder_add_int_value (builder, FLASH_REPORT_VERSION);
  json_builder_set_member_name (builder, "sections");
  json_builder_add_value (builder, describe_sections (self));
  json_builder_set_member_name (builder, "moments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < moments->len; i++)
    describe_moment (builder, g_ptr_array_index (moments, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  /* People look into it as well. */
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_indent (generator, 1);
  text = json_generator_to_data (generator, &length);
  return g_bytes_new_take (text, length);
}

static GBytes *
pack (FlashReport *self, GError **error)
{
  g_autoptr (GPtrArray) entries = flash_report_entries_new ();
  g_autoptr (GBytes) json = _flash_report_to_json (self);
  g_auto (GStrv) names = flash_report_list_texts (self);

  if (g_bytes_get_size (json) > FLASH_REPORT_MAX_ENTRY_BYTES) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 "the facts of the report take %" G_GSIZE_FORMAT " bytes, at most %d are allowed",
                 g_bytes_get_size (json), FLASH_REPORT_MAX_ENTRY_BYTES);
    return NULL;
  }
  flash_report_entries_add (entries, FLASH_REPORT_MAIN, g_steal_pointer (&json));
  for (guint i = 0; names[i] != NULL; i++) {
    const char *text = flash_report_get_text (self, names[i]);

    flash_report_entries_add (entries, names[i], g_bytes_new (text, strlen (text)));
  }
  return flash_report_zip_pack (entries, error);
}

/* GLib says which of its calls has failed; people want to know why. */
static void
set_write_error (GError **error, const char *path, const GError *fault)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *shown = g_filename_display_name (folder);
  GIOErrorEnum code = g_io_error_from_file_error ((GFileError) fault->code);

  switch (fault->code) {
  case G_FILE_ERROR_NOSPC:
    g_set_error (error, G_IO_ERROR, code, "%s: the disk is full", name);
    break;
  case G_FILE_ERROR_ACCES:
  case G_FILE_ERROR_PERM:
  case G_FILE_ERROR_ROFS:
    g_set_error (error, G_IO_ERROR, code, "%s: no file can be made in the folder “%s”", name,
                 shown);
    break;
  case G_FILE_ERROR_NOENT:
    g_set_error (error, G_IO_ERROR, code, "%s: there is no folder “%s”", name, shown);
    break;
  default:
    g_set_error (error, G_IO_ERROR, code, "%s: cannot write the file: %s", name, fault->message);
    break;
  }
}

gboolean
flash_report_save (FlashReport *self, const char *path, GError **error)
{
  g_autoptr (GBytes) zip = NULL;
  g_autoptr (GError) fault = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  zip = pack (self, error);
  if (zip == NULL)
    return FALSE;
  /* Written aside, synchronised with the disk and renamed, all by GLib; nothing stays aside. */
  if (g_file_set_contents_full (path, g_bytes_get_data (zip, NULL), (gssize) g_bytes_get_size (zip),
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                FILE_MODE, &fault))
    return TRUE;
  set_write_error (error, path, fault);
  return FALSE;
}
