/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-fuzz.h"
#include "flash-inspect.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "fuzz");
  g_autoptr (FlashInspection) inspection = flash_inspect (source, NULL, NULL, NULL);
  gboolean is_packed;

  /* Memory can always be read: whatever is in it, there is an answer. */
  g_assert_nonnull (inspection);
  is_packed = inspection->image != NULL && inspection->image->packing != FLASH_CONTENT_UNKNOWN;
  for (guint i = 0; i < inspection->segments->len; i++)
    g_assert_cmpuint (g_array_index (inspection->segments, FlashInspectionSegment, i).size, <=,
                      is_packed ? FLASH_IMAGE_MAX_FILE : size);
  for (guint i = 0; i < flash_diag_list_get_length (inspection->diags); i++) {
    g_autofree char *message =
        flash_diag_dup_message (flash_diag_list_get (inspection->diags, i), NULL);

    g_assert_true (g_utf8_validate (message, -1, NULL));
  }
  return 0;
}
