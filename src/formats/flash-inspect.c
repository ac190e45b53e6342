/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-inspect"

#include "config.h"

#include "flash-inspect.h"

#include "flash-dtb.h"
#include "flash-text.h"
#include "flash-unpack.h"
#include "flash-vectors.h"

/* A boot stage is far smaller; what is beyond is not searched for a device tree. */
#define MAX_TREE_SEARCH (16 * 1024 * 1024)

/* What is larger, as plain bytes or packed, belongs to no microcontroller, and is not read as a
 * whole: it may be a disk. */
#define MAX_WHOLE_SIZE (16 * 1024 * 1024)

/* stm32-dfuse.md section 4.1: where the flash of every STM32 begins */
#define FLASH_START 0x08000000u

FlashInspection *
flash_inspection_ref (FlashInspection *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_inspection_unref (FlashInspection *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->segments);
  g_clear_pointer (&self->fip, flash_fip_unref);
  g_clear_pointer (&self->gpt, flash_gpt_unref);
  g_clear_pointer (&self->image, flash_image_unref);
  g_free (self->model);
  g_strfreev (self->compatible);
  flash_diag_list_unref (self->diags);
  g_free (self);
}

static FlashInspection *
inspection_new (FlashFormat format, guint64 size)
{
  FlashInspection *self = g_new0 (FlashInspection, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->format = format;
  self->size = size;
  self->segments = g_array_new (FALSE, FALSE, sizeof (FlashInspectionSegment));
  self->diags = flash_diag_list_new ();
  return self;
}

static gboolean
add_segment (FlashInspection *self, FlashSource *source, guint64 offset, guint64 size,
             guint64 address, GCancellable *cancellable, GError **error)
{
  FlashInspectionSegment segment = { .address = address, .size = size };
  g_autofree char *sha256 = NULL;

  if (size == 0)
    return TRUE;
  sha256 = flash_source_checksum (source, offset, size, cancellable, error);
  if (sha256 == NULL)
    return FALSE;

  g_strlcpy (segment.sha256, sha256, sizeof segment.sha256);
  g_array_append_val (self->segments, segment);
  return TRUE;
}

static gboolean
add_whole (FlashInspection *self, FlashSource *source, GCancellable *cancellable, GError **error)
{
  return add_segment (self, source, 0, self->size, 0, cancellable, error);
}

static void
warn (FlashInspection *self, FlashSeverity severity, const char *code, const char *text)
{
  flash_diag_list_add (self->diags, severity, code, 0, 0, text, NULL);
}

/* Turns a fault of the format into a diagnostic.
 *
 * Returns: %FALSE with @error set if @local_error is another one; it is taken over then */
static gboolean
handle_format_error (FlashInspection *self, GError *local_error, const char *code, const char *text,
                     GError **error)
{
  if (local_error->domain != FLASH_FORMAT_ERROR) {
    g_propagate_error (error, g_error_copy (local_error));
    return FALSE;
  }
  g_debug ("%s: %s", code, local_error->message);
  warn (self, FLASH_SEVERITY_ERROR, code, text);
  return TRUE;
}

static void
check_stm32_header (FlashInspection *self)
{
  const FlashStm32Header *header = &self->stm32;
  gboolean has_load = flash_stm32_header_has_load (header);

  if (!header->is_clean)
    warn (
        self, FLASH_SEVERITY_WARNING, "stm32-reserved-not-zero",
        N_ ("Bytes of the STM32 header that must be zero are not; U-Boot would take a layout with "
            "such a header for bare text."));
  if (header->is_signed && !header->has_signature)
    warn (self, FLASH_SEVERITY_WARNING, "stm32-signature-missing",
          N_ ("The STM32 header asks for its signature to be checked, but there is none."));
  if (header->is_encrypted)
    warn (self, FLASH_SEVERITY_INFO, "stm32-encrypted",
          N_ ("The payload is encrypted; only a board with the key can start it."));
  if (header->image_length == 0)
    warn (self, FLASH_SEVERITY_WARNING, "stm32-payload-empty",
          N_ ("The STM32 header announces an empty payload."));
  if (!has_load && (header->load != 0 || header->entry != 0))
    warn (self, FLASH_SEVERITY_INFO, "stm32-load-not-used",
          N_ ("The STM32 header gives no load address; the payload is shown at address 0."));
  if (has_load &&
      (header->entry < header->load || header->entry - header->load >= header->image_length)) {
    g_autofree char *entry = flash_text_address (header->entry);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "stm32-entry-outside", 0, 0,
                         N_ ("The entry point {0} is not in the payload."), entry, NULL);
  }
}

static void
check_stm32_length (FlashInspection *self)
{
  guint64 end = (guint64) self->stm32.header_length + self->stm32.image_length;
  g_autofree char *there = g_strdup_printf ("%" G_GUINT64_FORMAT, self->size);
  g_autofree char *announced = g_strdup_printf ("%" G_GUINT64_FORMAT, end);

  if (self->size < end)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "stm32-payload-truncated", 0, 0,
                         N_ ("The file is cut off: it has {0} bytes, its STM32 header announces "
                             "{1}."),
                         there, announced, NULL);
  else if (self->size > end)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "stm32-trailing-bytes", 0, 0,
                         N_ ("The file has {0} bytes, its STM32 header announces {1}; the board "
                             "does not check the rest."),
                         there, announced, NULL);
}

static gboolean
check_stm32_payload (FlashInspection *self, FlashSource *source, GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GError) local_error = NULL;

  self->is_checksum_ok =
      flash_stm32_header_verify (source, &self->stm32, &self->checksum, cancellable, &local_error);
  if (self->is_checksum_ok)
    return TRUE;
  if (local_error->domain != FLASH_FORMAT_ERROR) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (g_error_matches (local_error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_CHECKSUM)) {
    g_autofree char *computed = flash_text_address (self->checksum);
    g_autofree char *announced = flash_text_address (self->stm32.checksum);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "stm32-checksum-wrong", 0, 0,
                         N_ ("The payload is damaged: its checksum is {0}, the STM32 header says "
                             "{1}."),
                         computed, announced, NULL);
  }
  return TRUE;
}

static gboolean
add_stm32_error (FlashInspection *self, GError *local_error, GError **error)
{
  if (g_error_matches (local_error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED))
    return handle_format_error (self, local_error, "stm32-header-truncated",
                                N_ ("The file ends inside its STM32 header."), error);
  if (g_error_matches (local_error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION))
    return handle_format_error (self, local_error, "stm32-version-unknown",
                                N_ ("The version of the STM32 header is not known; known are 1.0, "
                                    "2.0, 2.2 and 2.3."),
                                error);
  return handle_format_error (self, local_error, "stm32-header-broken",
                              N_ ("The STM32 header is damaged: its length is impossible."), error);
}

static gboolean
inspect_stm32 (FlashInspection *self, FlashSource *source, GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GError) local_error = NULL;
  guint64 payload_size;

  if (!flash_stm32_header_read (source, &self->stm32, &local_error))
    return add_stm32_error (self, local_error, error) &&
           add_whole (self, source, cancellable, error);

  self->has_stm32 = TRUE;
  self->has_entry = self->stm32.entry != 0 && self->stm32.entry != G_MAXUINT32;
  self->entry = self->has_entry ? self->stm32.entry : 0;
  check_stm32_length (self);
  check_stm32_header (self);
  if (!check_stm32_payload (self, source, cancellable, error))
    return FALSE;

  payload_size = MIN (self->stm32.image_length, self->size - self->stm32.header_length);
  return flash_dtb_find_root (source, self->stm32.header_length,
                              MIN (payload_size, MAX_TREE_SEARCH), &self->model, &self->compatible,
                              cancellable, error) &&
         add_segment (self, source, self->stm32.header_length, payload_size,
                      flash_stm32_header_has_load (&self->stm32) ? self->stm32.load : 0,
                      cancellable, error);
}

static gboolean
inspect_fip (FlashInspection *self, FlashSource *source, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  self->fip = flash_fip_read (source, self->diags, &local_error);
  if (self->fip == NULL)
    return handle_format_error (self, local_error, "fip-broken",
                                N_ ("The firmware image package is cut off in its head."), error) &&
           add_whole (self, source, cancellable, error);

  self->model = g_strdup (self->fip->model);
  self->compatible = g_strdupv (self->fip->compatible);
  if (self->fip->total_size > 0 && self->fip->total_size < self->size) {
    g_autofree char *there = flash_text_size (self->size);
    g_autofree char *announced = flash_text_size (self->fip->total_size);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "fip-trailing-bytes", 0, 0,
                         N_ ("The file has {0}, the package in it {1}."), there, announced, NULL);
  }
  return add_whole (self, source, cancellable, error);
}

static gboolean
inspect_gpt (FlashInspection *self, FlashSource *source, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  self->gpt = flash_gpt_read (source, self->diags, &local_error);
  if (self->gpt == NULL &&
      !handle_format_error (self, local_error, "gpt-unreadable",
                            N_ ("The partition table and its backup are damaged."), error))
    return FALSE;
  return add_whole (self, source, cancellable, error);
}

static int
compare_segments (gconstpointer a, gconstpointer b)
{
  const FlashInspectionSegment *first = a, *second = b;

  return first->address < second->address ? -1 : first->address > second->address;
}

static void
add_image_segments (FlashInspection *self, const FlashImageTarget *target)
{
  for (guint i = 0; i < target->segments->len; i++) {
    const FlashImageSegment *from = g_ptr_array_index (target->segments, i);
    FlashInspectionSegment segment = { .address = from->address,
                                       .size = g_bytes_get_size (from->bytes) };
    g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, from->bytes);

    g_strlcpy (segment.sha256, sha256, sizeof segment.sha256);
    g_array_append_val (self->segments, segment);
  }
}

static void
add_image_diags (FlashInspection *self, const FlashImage *image)
{
  for (guint i = 0; i < flash_diag_list_get_length (image->diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (image->diags, i);

    flash_diag_list_add_at (self->diags, diag, flash_diag_get_line (diag),
                            flash_diag_get_column (diag));
  }
}

/* Bytes without an address that begin as a program does say themselves where they belong.
 * @image: their beginning; @length: of all of them */
static void
suggest_address (FlashInspection *self, const FlashImage *image, gsize length)
{
  FlashVectors vectors;
  guint32 base;

  if (flash_vectors_read (g_ptr_array_index (image->targets, 0), 0, &vectors) &&
      vectors.is_stack_in_ram && flash_vectors_guess_base (&vectors, length, &base)) {
    g_autofree char *address = flash_text_address (base);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "looks-like-program", 0, 0,
                         N_ ("The file does not say where it belongs, but it looks like a program "
                             "for {0}."),
                         address, NULL);
  }
}

/* What is known to begin elsewhere was complained about already. */
static void
check_vectors (FlashInspection *self)
{
  if (!flash_image_is_usable (self->image))
    return;
  if (!self->image->has_address)
    suggest_address (self, self->image, (gsize) flash_image_get_size (self->image));
  else if (flash_diag_list_find (self->diags, "uf2-above-boot-loader") == NULL &&
           flash_diag_list_find (self->diags, "address-aliased") == NULL)
    flash_vectors_check (self->image, FLASH_START, self->diags);
}

/* Takes what is in @image, which is taken over. */
static void
take_image (FlashInspection *self, FlashImage *image)
{
  self->image = image;
  self->format = image->format;
  self->has_entry = image->has_entry;
  self->entry = image->entry;
  add_image_diags (self, image);
  for (guint i = 0; i < image->targets->len; i++)
    add_image_segments (self, g_ptr_array_index (image->targets, i));
  g_array_sort (self->segments, compare_segments);
  check_vectors (self);
}

static gboolean
inspect_image (FlashInspection *self, FlashSource *source, const FlashImageOptions *options,
               GCancellable *cancellable, GError **error)
{
  FlashImage *image = flash_image_load (source, options, cancellable, error);

  if (image == NULL)
    return FALSE;
  take_image (self, image);
  return TRUE;
}

/* A board with an STM32MP would write a packed file as it is: the file itself is what counts
 * then. That is also so for a packed file which is no firmware for a microcontroller.
 *
 * Returns: %FALSE with @error set if it could not be read */
static gboolean
unpack_image (FlashInspection *self, FlashSource *source, const FlashImageOptions *options,
              gboolean *out_is_image, GCancellable *cancellable, GError **error)
{
  g_autoptr (FlashImage) image = NULL;

  *out_is_image = FALSE;
  if (!flash_unpack_knows (self->content.kind) || self->size > MAX_WHOLE_SIZE)
    return TRUE;
  image = flash_image_load (source, options, cancellable, error);
  if (image == NULL)
    return FALSE;
  if (flash_diag_list_find (image->diags, "packed-damaged") != NULL)
    add_image_diags (self, image);
  if (image->targets->len == 0 || (image->format == FLASH_FORMAT_RAW && !image->has_address))
    return TRUE;

  take_image (self, g_steal_pointer (&image));
  *out_is_image = TRUE;
  return TRUE;
}

static void
check_content (FlashInspection *self)
{
  if (flash_content_kind_is_packed (self->content.kind)) {
    FlashDiag *diag = flash_diag_list_add (
        self->diags, FLASH_SEVERITY_WARNING, "packed", 0, 0,
        N_ ("The file is packed ({0}); a board would store it as it is and could not use it."),
        flash_content_kind_get_name (self->content.kind), NULL);

    flash_diag_set_fix (diag, N_ ("Unpack it first."), NULL);
  } else if (self->content.declared_size > self->size) {
    g_autofree char *there = flash_text_size (self->size);
    g_autofree char *announced = flash_text_size (self->content.declared_size);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "content-cut-off", 0, 0,
                         N_ ("The file is cut off: it has {0}, what is in it ({1}) has {2}."),
                         there, flash_content_kind_get_name (self->content.kind), announced, NULL);
  }
}

/* Returns: %FALSE with @error set if the beginning could not be read */
static gboolean
suggest_for_raw (FlashInspection *self, FlashSource *source, GError **error)
{
  guint8 head[FLASH_VECTORS_LENGTH];
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FlashImage) image = NULL;

  if (self->size < sizeof head || self->size > MAX_WHOLE_SIZE)
    return TRUE;
  if (!flash_source_read (source, 0, head, sizeof head, error))
    return FALSE;
  bytes = g_bytes_new (head, sizeof head);
  image = flash_image_new_for_bytes (0, bytes);
  suggest_address (self, image, (gsize) self->size);
  return TRUE;
}

static gboolean
inspect_raw (FlashInspection *self, FlashSource *source, const FlashImageOptions *options,
             GCancellable *cancellable, GError **error)
{
  gboolean is_image;

  if (!flash_content_sniff (source, &self->content, error))
    return FALSE;
  if (self->size == 0)
    warn (self, FLASH_SEVERITY_ERROR, "file-empty", N_ ("The file is empty."));
  if (!unpack_image (self, source, options, &is_image, cancellable, error))
    return FALSE;
  if (is_image)
    return TRUE;
  check_content (self);
  if (options->has_address && self->size > 0 && self->size <= MAX_WHOLE_SIZE &&
      !flash_content_kind_is_packed (self->content.kind))
    return inspect_image (self, source, options, cancellable, error);
  if (options->has_address && self->size > (G_GUINT64_CONSTANT (1) << 32) - options->address)
    warn (self, FLASH_SEVERITY_ERROR, "address-overflow",
          N_ ("From that address on, the file goes beyond the end of the address space."));
  return suggest_for_raw (self, source, error) &&
         add_segment (self, source, 0, self->size, options->has_address ? options->address : 0,
                      cancellable, error);
}

static gboolean
inspect_format (FlashInspection *self, FlashSource *source, const FlashImageOptions *options,
                GCancellable *cancellable, GError **error)
{
  switch (self->format) {
  case FLASH_FORMAT_STM32:
    return inspect_stm32 (self, source, cancellable, error);
  case FLASH_FORMAT_FIP:
    return inspect_fip (self, source, cancellable, error);
  case FLASH_FORMAT_GPT:
    return inspect_gpt (self, source, cancellable, error);
  case FLASH_FORMAT_RAW:
    return inspect_raw (self, source, options, cancellable, error);
  case FLASH_FORMAT_IHEX:
  case FLASH_FORMAT_SREC:
  case FLASH_FORMAT_ELF:
  case FLASH_FORMAT_DFUSE:
  case FLASH_FORMAT_DFU:
  case FLASH_FORMAT_UF2:
    return inspect_image (self, source, options, cancellable, error);
  }
  g_return_val_if_reached (FALSE);
}

FlashInspection *
flash_inspect (FlashSource *source, const FlashImageOptions *options, GCancellable *cancellable,
               GError **error)
{
  static const FlashImageOptions none = { .has_address = FALSE };
  g_autoptr (FlashInspection) self = NULL;
  FlashFormat format;
  gboolean has_suffix;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), NULL);

  if (!flash_format_sniff (source, &format, error) ||
      !flash_format_has_dfu_suffix (source, &has_suffix, error))
    return NULL;
  self = inspection_new (format, flash_source_get_size (source));
  if (!inspect_format (self, source, options != NULL ? options : &none, cancellable, error))
    return NULL;

  if (has_suffix &&
      (format == FLASH_FORMAT_STM32 || format == FLASH_FORMAT_FIP || format == FLASH_FORMAT_GPT))
    warn (self, FLASH_SEVERITY_WARNING, "dfu-suffix",
          N_ ("The file ends in a DFU suffix, 16 bytes that some programs take off and others "
              "write to the board."));
  if (flash_source_has_changed (source) &&
      flash_diag_list_find (self->diags, "file-changed") == NULL)
    warn (self, FLASH_SEVERITY_ERROR, "file-changed",
          N_ ("The file was changed while it was read; what is said about it may be wrong."));
  return g_steal_pointer (&self);
}
