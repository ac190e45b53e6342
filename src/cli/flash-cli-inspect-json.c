/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-inspect-json"

#include "config.h"

#include "flash-cli-inspect.h"

#include "flash-cli-json.h"
#include "flash-uf2.h"

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
add_target (JsonBuilder *builder, const FlashImageTarget *target)
{
  json_builder_begin_object (builder);
  flash_cli_json_add_number (builder, "alt", target->alternate);
  if (target->name != NULL) {
    flash_cli_json_add_text (builder, "name", target->name);
  } else {
    json_builder_set_member_name (builder, "name");
    json_builder_add_null_value (builder);
  }
  json_builder_set_member_name (builder, "elements");
  json_builder_begin_array (builder);
  for (guint i = 0; i < target->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);

    json_builder_begin_object (builder);
    flash_cli_json_add_number (builder, "address", segment->address);
    flash_cli_json_add_number (builder, "size", g_bytes_get_size (segment->bytes));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_suffix (JsonBuilder *builder, const FlashDfuSuffix *suffix)
{
  json_builder_set_member_name (builder, "suffix");
  json_builder_begin_object (builder);
  flash_cli_json_add_number (builder, "vendor", suffix->vendor);
  flash_cli_json_add_number (builder, "product", suffix->product);
  flash_cli_json_add_number (builder, "device", suffix->device);
  flash_cli_json_add_number (builder, "version", suffix->bcd_dfu);
  flash_cli_json_add_flag (builder, "crc_ok", suffix->is_crc_ok);
  json_builder_end_object (builder);
}

static void
add_families (JsonBuilder *builder, const GArray *families)
{
  json_builder_set_member_name (builder, "families");
  json_builder_begin_array (builder);
  for (guint i = 0; i < families->len; i++) {
    guint32 id = g_array_index (families, guint32, i);
    const char *name = flash_uf2_get_family_name (id);

    json_builder_begin_object (builder);
    flash_cli_json_add_number (builder, "id", id);
    if (name != NULL)
      flash_cli_json_add_text (builder, "name", name);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_image (JsonBuilder *builder, const FlashImage *image)
{
  if (image == NULL)
    return;
  if (image->packing != FLASH_CONTENT_UNKNOWN)
    flash_cli_json_add_text (builder, "packing", flash_content_kind_get_name (image->packing));
  if (image->format == FLASH_FORMAT_DFUSE) {
    json_builder_set_member_name (builder, "targets");
    json_builder_begin_array (builder);
    for (guint i = 0; i < image->targets->len; i++)
      add_target (builder, g_ptr_array_index (image->targets, i));
    json_builder_end_array (builder);
  }
  if (image->has_suffix)
    add_suffix (builder, &image->suffix);
  if (image->format == FLASH_FORMAT_UF2)
    add_families (builder, image->families);
  if (image->can_insist)
    flash_cli_json_add_flag (builder, "can_insist", TRUE);
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

void
flash_cli_inspect_print_json (const char *file, const FlashInspection *inspection)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "file", file);
  flash_cli_json_add_text (builder, "format", flash_format_get_name (inspection->format));
  flash_cli_json_add_number (builder, "size", inspection->size);
  add_segments (builder, inspection);
  if (inspection->has_entry)
    flash_cli_json_add_number (builder, "entry", inspection->entry);
  add_image (builder, inspection->image);
  add_header (builder, inspection);
  add_board (builder, inspection);
  add_content (builder, &inspection->content);
  flash_cli_json_add_diags (builder, inspection->diags);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}
