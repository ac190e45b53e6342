/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-file"

#include "config.h"

#include "flash-layout-file.h"
#include "flash-bytes.h"

/* First stages fit into on-chip RAM of 256 KiB at most (stm32mp-usb.md section 4.6); what is much
 * larger is none and is not searched. */
#define MAX_SEARCHED (1024 * 1024)

/* Product strings of programs that go on speaking DFU after they were started: TF-A and U-Boot
 * SPL (stm32mp-usb.md section 1.1). They are there in every build with USB, unlike log texts. */
static const char *const usb_marks[] = { "DFU @Device ID", "USB download gadget" };

/* stm32mp-usb.md section 1.3.3: what TF-A says to anything but a FIP. */
static const char *const fip_marks[] = { "FIP Header check failed" };

FlashLayoutFile *
flash_layout_file_ref (FlashLayoutFile *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_layout_file_unref (FlashLayoutFile *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_error (&self->error);
  g_clear_error (&self->header_error);
  g_clear_error (&self->payload_error);
  g_clear_pointer (&self->fip, flash_fip_unref);
  g_clear_pointer (&self->gpt, flash_gpt_unref);
  flash_diag_list_unref (self->findings);
  g_free (self);
}

static gboolean
has_mark (const guint8 *bytes, gsize length, const char *const *marks, guint n_marks)
{
  for (guint i = 0; i < n_marks; i++) {
    if (memmem (bytes, length, marks[i], strlen (marks[i])) != NULL)
      return TRUE;
  }
  return FALSE;
}

static gboolean
inspect_stm32 (FlashLayoutFile *self, FlashSource *source, GCancellable *cancellable,
               GError **error)
{
  g_autofree guint8 *payload = NULL;
  gsize length;

  if (!flash_stm32_header_read (source, &self->header, &self->header_error))
    return TRUE;
  self->has_header = TRUE;
  if (!flash_stm32_header_verify (source, &self->header, NULL, cancellable, &self->payload_error)) {
    if (!g_error_matches (self->payload_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&self->payload_error));
    return FALSE;
  }

  length = MIN (self->header.image_length, MAX_SEARCHED);
  payload = g_malloc (length + 1);
  if (!flash_source_read (source, self->header.header_length, payload, length,
                          &self->payload_error))
    return TRUE;
  self->has_usb_mark = has_mark (payload, length, usb_marks, G_N_ELEMENTS (usb_marks));
  self->has_fip_mark = has_mark (payload, length, fip_marks, G_N_ELEMENTS (fip_marks));
  return TRUE;
}

/* Linux, drivers/mtd/ubi/ubi-media.h: struct ubi_ec_hdr; numbers are big-endian. The volume header
 * stands one page behind it, and the next block begins with the same mark. */
static void
inspect_ubi (FlashLayoutFile *self, FlashSource *source)
{
  guint8 head[64];

  if (!flash_source_read (source, 0, head, sizeof head, NULL))
    return;
  self->ubi_page_size = flash_get_be32 (head + 16);
  for (guint size = 16 * 1024; size <= 4 * 1024 * 1024 && self->ubi_block_size == 0; size *= 2) {
    if (flash_source_read (source, size, head, sizeof head, NULL) && memcmp (head, "UBI#", 4) == 0)
      self->ubi_block_size = size;
  }
}

static gboolean
inspect (FlashLayoutFile *self, FlashSource *source, GCancellable *cancellable, GError **error)
{
  if (!flash_format_sniff (source, &self->format, &self->error) ||
      !flash_content_sniff (source, &self->content, &self->error) ||
      !flash_format_has_dfu_suffix (source, &self->has_dfu_suffix, &self->error))
    return TRUE;
  if (self->format == FLASH_FORMAT_FIP)
    self->fip = flash_fip_read (source, self->findings, NULL);
  if (self->format == FLASH_FORMAT_GPT)
    self->gpt = flash_gpt_read (source, self->findings, NULL);
  if (self->content.kind == FLASH_CONTENT_UBI)
    inspect_ubi (self, source);
  return inspect_stm32 (self, source, cancellable, error);
}

FlashLayoutFile *
flash_layout_file_inspect (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (FlashLayoutFile) self = g_new0 (FlashLayoutFile, 1);
  g_autoptr (FlashSource) source = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  self->findings = flash_diag_list_new ();
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  source = flash_source_new_for_file (path, &self->error);
  if (source == NULL)
    return g_steal_pointer (&self);
  self->size = flash_source_get_size (source);
  if (self->size > 0 && !inspect (self, source, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}
