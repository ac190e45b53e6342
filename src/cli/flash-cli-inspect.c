/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-inspect"

#include "config.h"

#include "flash-cli-diag.h"
#include "flash-cli-json.h"
#include "flash-cli.h"
#include "flash-inspect.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* Where the values stand, behind the names of the fields. */
#define LABEL_WIDTH 14

static void
add_segments (JsonBuilder *builder, const FlashInspection *inspection)
{
  json_builder_set_member_name (builder, "segments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < inspection->segments->len; i++) {
    const FlashInspectionSegment *segment =
        &g_array_index (inspection->segments, FlashInspectionSegment, i);

    json_builder_begin_object (builder);
    flash_cli_json_add_number (builder, "address", segment->address);
    flash_cli_json_add_number (builder, "size", segment->size);
    flash_cli_json_add_text (builder, "sha256", segment->sha256);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_stm32 (JsonBuilder *builder, const FlashInspection *inspection)
{
  const FlashStm32Header *header = &inspection->stm32;
  g_autofree char *version =
      g_strdup_printf ("%u.%u", header->version_major, header->version_minor);

  flash_cli_json_add_text (builder, "version", version);
  flash_cli_json_add_number (builder, "header_length", header->header_length);
  flash_cli_json_add_number (builder, "image_length", header->image_length);
  flash_cli_json_add_number (builder, "entry", header->entry);
  flash_cli_json_add_number (builder, "load", header->load);
  flash_cli_json_add_number (builder, "checksum", header->checksum);
  flash_cli_json_add_flag (builder, "checksum_ok", inspection->is_checksum_ok);
  flash_cli_json_add_flag (builder, "signed", header->is_signed);
  flash_cli_json_add_flag (builder, "encrypted", header->is_encrypted);
  flash_cli_json_add_number (builder, "version_number", header->version_number);
  flash_cli_json_add_number (builder, "binary_type", header->binary_type);
}

static void
add_fip (JsonBuilder *builder, const FlashFip *fip)
{
  json_builder_set_member_name (builder, "entries");
  json_builder_begin_array (builder);
  for (guint i = 0; i < fip->entries->len; i++) {
    const FlashFipEntry *entry = &g_array_index (fip->entries, FlashFipEntry, i);
    const char *name = flash_fip_kind_get_name (entry->kind);

    json_builder_begin_object (builder);
    flash_cli_json_add_text (builder, "uuid", entry->uuid);
    flash_cli_json_add_number (builder, "offset", entry->offset);
    flash_cli_json_add_number (builder, "size", entry->size);
    if (name != NULL)
      flash_cli_json_add_text (builder, "name", name);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  flash_cli_json_add_number (builder, "total_size", fip->total_size);
}

static void
add_partition (JsonBuilder *builder, const FlashGpt *gpt, const FlashGptPartition *partition)
{
  const char *type_name = flash_gpt_get_type_name (partition->type_guid);
  FlashRange range;

  json_builder_begin_object (builder);
  flash_cli_json_add_number (builder, "number", partition->number);
  flash_cli_json_add_text (builder, "name", partition->name);
  flash_cli_json_add_number (builder, "first_lba", partition->first_lba);
  flash_cli_json_add_number (builder, "last_lba", partition->last_lba);
  if (flash_gpt_get_range (gpt, partition, &range)) {
    flash_cli_json_add_number (builder, "start", range.start);
    flash_cli_json_add_number (builder, "size", range.size);
  }
  flash_cli_json_add_text (builder, "type", partition->type_guid);
  if (type_name != NULL)
    flash_cli_json_add_text (builder, "type_name", type_name);
  flash_cli_json_add_text (builder, "uuid", partition->unique_guid);
  flash_cli_json_add_flag (builder, "bootable",
                           (partition->attributes & FLASH_GPT_ATTRIBUTE_BOOTABLE) != 0);
  json_builder_end_object (builder);
}

static void
add_gpt (JsonBuilder *builder, const FlashGpt *gpt)
{
  flash_cli_json_add_number (builder, "sector_size", gpt->sector_size);
  flash_cli_json_add_text (builder, "disk", gpt->disk_guid);
  flash_cli_json_add_flag (builder, "primary_ok", gpt->has_primary);
  flash_cli_json_add_flag (builder, "backup_ok", gpt->has_backup);
  json_builder_set_member_name (builder, "partitions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < gpt->partitions->len; i++)
    add_partition (builder, gpt, g_ptr_array_index (gpt->partitions, i));
  json_builder_end_array (builder);
}

static void
add_header (JsonBuilder *builder, const FlashInspection *inspection)
{
  if (!inspection->has_stm32 && inspection->fip == NULL && inspection->gpt == NULL)
    return;
  json_builder_set_member_name (builder, "header");
  json_builder_begin_object (builder);
  if (inspection->has_stm32)
    add_stm32 (builder, inspection);
  else if (inspection->fip != NULL)
    add_fip (builder, inspection->fip);
  else
    add_gpt (builder, inspection->gpt);
  json_builder_end_object (builder);
}

static void
add_board (JsonBuilder *builder, const FlashInspection *inspection)
{
  if (inspection->model != NULL)
    flash_cli_json_add_text (builder, "model", inspection->model);
  if (inspection->compatible == NULL)
    return;
  json_builder_set_member_name (builder, "compatible");
  json_builder_begin_array (builder);
  for (guint i = 0; inspection->compatible[i] != NULL; i++)
    json_builder_add_string_value (builder, inspection->compatible[i]);
  json_builder_end_array (builder);
}

static void
add_content (JsonBuilder *builder, const FlashContent *content)
{
  if (content->kind == FLASH_CONTENT_UNKNOWN)
    return;
  flash_cli_json_add_text (builder, "content", flash_content_kind_get_name (content->kind));
  if (content->declared_size > 0)
    flash_cli_json_add_number (builder, "content_size", content->declared_size);
}

static void
print_json (const char *file, const FlashInspection *inspection)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "file", file);
  flash_cli_json_add_text (builder, "format", flash_format_get_name (inspection->format));
  flash_cli_json_add_number (builder, "size", inspection->size);
  add_segments (builder, inspection);
  if (inspection->has_entry)
    flash_cli_json_add_number (builder, "entry", inspection->entry);
  add_header (builder, inspection);
  add_board (builder, inspection);
  add_content (builder, &inspection->content);
  flash_cli_json_add_diags (builder, inspection->diags);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

static const char *
get_format_text (FlashFormat format)
{
  switch (format) {
  case FLASH_FORMAT_RAW:
    return _ ("plain bytes");
  case FLASH_FORMAT_IHEX:
    return _ ("Intel HEX");
  case FLASH_FORMAT_SREC:
    return _ ("Motorola S-records");
  case FLASH_FORMAT_ELF:
    return _ ("ELF");
  case FLASH_FORMAT_DFUSE:
    return _ ("DfuSe container");
  case FLASH_FORMAT_DFU:
    return _ ("plain bytes with a DFU suffix");
  case FLASH_FORMAT_STM32:
    return _ ("image with an STM32 header");
  case FLASH_FORMAT_FIP:
    return _ ("firmware image package");
  case FLASH_FORMAT_UF2:
    return _ ("UF2");
  case FLASH_FORMAT_GPT:
    return _ ("disk image with a GUID partition table");
  }
  g_return_val_if_reached (NULL);
}

static void print_field (const char *label, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Columns are counted in characters: labels are translated. */
static void
print_field (const char *label, const char *format, ...)
{
  glong width = g_utf8_strlen (label, -1);
  g_autofree char *value = NULL;
  va_list args;

  va_start (args, format);
  value = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("  %s%*s%s\n", label, (int) MAX (LABEL_WIDTH - width, 1), "", value);
}

static void
print_size (const char *label, guint64 bytes)
{
  g_autofree char *size = flash_text_size (bytes);

  if (bytes < 1024)
    print_field (label, "%s", size);
  else
    print_field (label, _ ("%s (%" G_GUINT64_FORMAT " bytes)"), size, bytes);
}

static void
print_stm32 (const FlashInspection *inspection)
{
  const FlashStm32Header *header = &inspection->stm32;

  print_field (_ ("Header"), _ ("version %u.%u, %u bytes"), header->version_major,
               header->version_minor, header->header_length);
  print_size (_ ("Payload"), header->image_length);
  print_field (_ ("Checksum"), "0x%08x, %s", header->checksum,
               inspection->is_checksum_ok ? _ ("right") : _ ("wrong"));
  print_field (_ ("Load"), flash_stm32_header_has_load (header) ? "0x%08x" : _ ("0x%08x, not used"),
               header->load);
  print_field (_ ("Entry"), "0x%08x", header->entry);
  print_field (_ ("Type"), "0x%02x", header->binary_type);
  print_field (_ ("Signed"), "%s", header->is_signed ? _ ("yes") : _ ("no"));
  if (header->is_encrypted)
    print_field (_ ("Encrypted"), "%s", _ ("yes"));
}

static void
print_fip (const FlashFip *fip)
{
  g_print ("\n  %-20s %-10s  %10s\n", _ ("Image"), _ ("Offset"), _ ("Size"));
  for (guint i = 0; i < fip->entries->len; i++) {
    const FlashFipEntry *entry = &g_array_index (fip->entries, FlashFipEntry, i);
    const char *name = flash_fip_kind_get_name (entry->kind);
    g_autofree char *offset = flash_text_address (entry->offset);
    g_autofree char *size = flash_text_size (entry->size);

    g_print ("  %-20s %s  %10s\n", name != NULL ? name : entry->uuid, offset, size);
  }
}

static void
print_gpt (const FlashGpt *gpt)
{
  print_field (_ ("Sectors"), _ ("%u bytes"), gpt->sector_size);
  g_print ("\n  %3s  %-12s  %10s  %-18s %s\n", "#", _ ("Start"), _ ("Size"), _ ("Type"),
           _ ("Name"));
  for (guint i = 0; i < gpt->partitions->len; i++) {
    const FlashGptPartition *partition = g_ptr_array_index (gpt->partitions, i);
    const char *type_name = flash_gpt_get_type_name (partition->type_guid);
    FlashRange range = { 0, 0 };
    g_autofree char *start = NULL;
    g_autofree char *size = NULL;

    flash_gpt_get_range (gpt, partition, &range);
    start = flash_text_address (range.start);
    size = flash_text_size (range.size);
    g_print ("  %3u  %-12s  %10s  %-18s %s\n", partition->number, start, size,
             type_name != NULL ? type_name : partition->type_guid, partition->name);
  }
}

static void
print_segments (const FlashInspection *inspection)
{
  if (inspection->segments->len == 0)
    return;
  g_print ("\n  %-10s  %10s  %s\n", _ ("Address"), _ ("Size"), "SHA-256");
  for (guint i = 0; i < inspection->segments->len; i++) {
    const FlashInspectionSegment *segment =
        &g_array_index (inspection->segments, FlashInspectionSegment, i);
    g_autofree char *address = flash_text_address (segment->address);
    g_autofree char *size = flash_text_size (segment->size);

    g_print ("  %s  %10s  %s\n", address, size, segment->sha256);
  }
}

static void
print_content (const FlashContent *content)
{
  if (content->kind == FLASH_CONTENT_UNKNOWN)
    return;
  print_field (_ ("Content"), "%s", flash_content_kind_get_name (content->kind));
  if (content->declared_size > 0)
    print_size (flash_content_kind_is_packed (content->kind) ? _ ("Unpacked") : _ ("Content size"),
                content->declared_size);
}

static void
print_text (const char *file, const FlashInspection *inspection)
{
  g_autofree char *safe_file = flash_text_sanitize (file, strlen (file), G_MAXINT);

  g_print ("%s\n", safe_file);
  print_field (_ ("Format"), "%s, %s", flash_format_get_name (inspection->format),
               get_format_text (inspection->format));
  print_size (_ ("Size"), inspection->size);
  print_content (&inspection->content);
  if (inspection->model != NULL)
    print_field (_ ("Board"), "%s", inspection->model);
  if (inspection->has_stm32)
    print_stm32 (inspection);
  if (inspection->fip != NULL)
    print_fip (inspection->fip);
  if (inspection->gpt != NULL)
    print_gpt (inspection->gpt);
  print_segments (inspection);
  if (flash_diag_list_get_length (inspection->diags) > 0)
    g_print ("\n");
  flash_cli_diag_print (inspection->diags, stdout);
}

/* The codes are those of the same faults in a layout's files. */
static const char *
get_failure_code (const GError *failure)
{
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return "file-missing";
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
    return "file-is-folder";
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE))
    return "file-not-regular";
  return "file-unreadable";
}

/* A file that cannot be read is a problem of the input like any other, so that programs find it
 * in the same place. */
static void
print_failure (const char *file, const GError *failure, gboolean is_json)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (JsonBuilder) builder = NULL;

  flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, get_failure_code (failure), 0, 0,
                       N_ ("{0} cannot be read: {1}."), file, failure->message, NULL);
  if (!is_json) {
    flash_cli_diag_print (diags, stderr);
    return;
  }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "file", file);
  flash_cli_json_add_diags (builder, diags);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

static FlashCliExit
inspect_file (const char *path, gboolean is_json)
{
  g_autofree char *file = g_filename_display_name (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSource) source = flash_source_new_for_file (path, &error);
  g_autoptr (FlashInspection) inspection = NULL;

  if (source != NULL)
    inspection = flash_inspect (source, NULL, &error);
  if (inspection == NULL) {
    print_failure (file, error, is_json);
    return FLASH_CLI_INPUT;
  }

  if (is_json)
    print_json (file, inspection);
  else
    print_text (file, inspection);
  return flash_diag_list_count (inspection->diags, FLASH_SEVERITY_ERROR) > 0 ? FLASH_CLI_INPUT
                                                                             : FLASH_CLI_DONE;
}

FlashCliExit
flash_cli_inspect (int argc, char **argv)
{
  gboolean is_json = FALSE;
  g_auto (GStrv) files = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_ ("Answer in JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!flash_cli_parse (argc, argv, _ ("FILE"), _ ("Says what a firmware file holds."), entries, 1,
                        1, &files))
    return FLASH_CLI_USAGE;
  return inspect_file (files[0], is_json);
}
