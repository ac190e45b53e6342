/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-inspect-text"

#include "config.h"

#include "flash-cli-inspect.h"

#include "flash-cli-columns.h"
#include "flash-cli-diag.h"
#include "flash-text.h"
#include "flash-uf2.h"

#include <glib/gi18n.h>

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

/* All labels, so that values of all files stand in the same column. */
static guint
get_label_width (void)
{
  const char *const labels[] = {
    _ ("Format"), _ ("Size"),    _ ("Content"),   _ ("Unpacked"),   _ ("Content size"),
    _ ("Board"),  _ ("Packing"), _ ("Entry"),     _ ("DFU suffix"), _ ("Checksum"),
    _ ("Target"), _ ("Family"),  _ ("Header"),    _ ("Payload"),    _ ("Load"),
    _ ("Type"),   _ ("Signed"),  _ ("Encrypted"), _ ("Sectors"),    NULL,
  };

  return flash_cli_get_widest (labels);
}

static void
print_field (const char *label, const char *format, ...)
{
  g_autofree char *padded = flash_cli_pad (label, (int) get_label_width ());
  g_autofree char *value = NULL;
  va_list args;

  va_start (args, format);
  value = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("  %s  %s\n", padded, value);
}

/* Prints a value that has two parts. */
static void
print_pair (const char *label, const char *first, const char *second)
{
  print_field (label, "%s%s%s", first, C_ ("list", ", "), second);
}

static void
print_size (const char *label, guint64 bytes)
{
  g_autofree char *size = flash_text_size (bytes);
  g_autofree char *exact = g_strdup_printf ("%" G_GUINT64_FORMAT, bytes);

  if (bytes < 1024)
    print_field (label, "%s", size);
  else
    /* TRANSLATORS: a size in binary units, the same in bytes */
    print_field (label, _ ("%1$s (%2$s bytes)"), size, exact);
}

static void
print_stm32 (const FlashInspection *inspection)
{
  const FlashStm32Header *header = &inspection->stm32;
  g_autofree char *checksum = g_strdup_printf ("0x%08x", header->checksum);

  print_field (_ ("Header"), _ ("version %u.%u, %u bytes"), header->version_major,
               header->version_minor, header->header_length);
  print_size (_ ("Payload"), header->image_length);
  print_pair (_ ("Checksum"), checksum, inspection->is_checksum_ok ? _ ("right") : _ ("wrong"));
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
  static const int widths[] = { 19, 10, -10, 0 };
  g_autoptr (FlashCliTable) table = flash_cli_table_new (widths);

  flash_cli_table_add (table, _ ("Image"), _ ("Offset"), _ ("Size"), NULL);
  for (guint i = 0; i < fip->entries->len; i++) {
    const FlashFipEntry *entry = &g_array_index (fip->entries, FlashFipEntry, i);
    const char *name = flash_fip_kind_get_name (entry->kind);
    g_autofree char *offset = flash_text_address (entry->offset);
    g_autofree char *size = flash_text_size (entry->size);

    flash_cli_table_add (table, name != NULL ? name : entry->uuid, offset, size, NULL);
  }
  g_print ("\n");
  flash_cli_table_print (table);
}

static void
print_gpt (const FlashGpt *gpt)
{
  static const int widths[] = { -3, 12, -10, 17, 1, 0 };
  g_autoptr (FlashCliTable) table = flash_cli_table_new (widths);

  print_field (_ ("Sectors"), _ ("%u bytes"), gpt->sector_size);
  /* TRANSLATORS: title of a column: where a partition begins */
  flash_cli_table_add (table, "#", C_ ("partition", "Start"), _ ("Size"), _ ("Type"), _ ("Name"),
                       NULL);
  for (guint i = 0; i < gpt->partitions->len; i++) {
    const FlashGptPartition *partition = g_ptr_array_index (gpt->partitions, i);
    const char *type_name = flash_gpt_get_type_name (partition->type_guid);
    FlashRange range = { 0, 0 };
    g_autofree char *number = g_strdup_printf ("%u", partition->number);
    g_autofree char *start = NULL;
    g_autofree char *size = NULL;

    flash_gpt_get_range (gpt, partition, &range);
    start = flash_text_address (range.start);
    size = flash_text_size (range.size);
    flash_cli_table_add (table, number, start, size,
                         type_name != NULL ? type_name : partition->type_guid, partition->name,
                         NULL);
  }
  g_print ("\n");
  flash_cli_table_print (table);
}

static void
print_targets (const FlashImage *image)
{
  for (guint i = 0; i < image->targets->len; i++) {
    const FlashImageTarget *target = g_ptr_array_index (image->targets, i);
    guint n = target->segments->len;

    if (target->name != NULL)
      print_field (_ ("Target"), ngettext ("%u, “%s”, %u piece", "%u, “%s”, %u pieces", n),
                   target->alternate, target->name, n);
    else
      print_field (_ ("Target"), ngettext ("%u, %u piece", "%u, %u pieces", n), target->alternate,
                   n);
  }
}

static void
print_families (const GArray *families)
{
  for (guint i = 0; i < families->len; i++) {
    guint32 id = g_array_index (families, guint32, i);
    const char *name = flash_uf2_get_family_name (id);
    g_autofree char *number = g_strdup_printf ("0x%08x", id);

    print_pair (_ ("Family"), number, name != NULL ? name : _ ("not known"));
  }
}

static void
print_image (const FlashImage *image)
{
  if (image->packing != FLASH_CONTENT_UNKNOWN)
    print_field (_ ("Packing"), "%s", flash_content_kind_get_name (image->packing));
  if (image->has_entry)
    print_field (_ ("Entry"), "0x%08x", image->entry);
  if (image->has_suffix) {
    print_field (_ ("DFU suffix"), _ ("for %04x:%04x, device %04x"), image->suffix.vendor,
                 image->suffix.product, image->suffix.device);
    print_field (_ ("Checksum"), "%s", image->suffix.is_crc_ok ? _ ("right") : _ ("wrong"));
  }
  if (image->format == FLASH_FORMAT_DFUSE)
    print_targets (image);
  print_families (image->families);
}

static void
print_segments (const FlashInspection *inspection)
{
  static const int widths[] = { 10, -10, 1, 0 };
  g_autoptr (FlashCliTable) table = flash_cli_table_new (widths);

  if (inspection->segments->len == 0)
    return;
  flash_cli_table_add (table, _ ("Address"), _ ("Size"), "SHA-256", NULL);
  for (guint i = 0; i < inspection->segments->len; i++) {
    const FlashInspectionSegment *segment =
        &g_array_index (inspection->segments, FlashInspectionSegment, i);
    g_autofree char *address = flash_text_address (segment->address);
    g_autofree char *size = flash_text_size (segment->size);

    flash_cli_table_add (table, address, size, segment->sha256, NULL);
  }
  g_print ("\n");
  flash_cli_table_print (table);
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

void
flash_cli_inspect_print_text (const char *file, const FlashInspection *inspection)
{
  g_autofree char *safe_file = flash_text_sanitize (file, strlen (file), G_MAXINT);

  g_print ("%s\n", safe_file);
  print_pair (_ ("Format"), flash_format_get_name (inspection->format),
              get_format_text (inspection->format));
  print_size (_ ("Size"), inspection->size);
  print_content (&inspection->content);
  if (inspection->model != NULL)
    print_field (_ ("Board"), "%s", inspection->model);
  if (inspection->image != NULL)
    print_image (inspection->image);
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
  if (inspection->image != NULL && inspection->image->can_insist)
    g_print ("%s\n", _ ("If you want the file all the same, use --insist."));
}
