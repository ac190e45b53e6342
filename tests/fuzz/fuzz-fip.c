/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-fip.h"
#include "flash-fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "fuzz");
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashFip) fip = flash_fip_read (source, diags, NULL);

  if (fip == NULL)
    return 0;
  g_assert_cmpuint (fip->entries->len, <=, FLASH_FIP_MAX_ENTRIES);
  g_assert_true (fip->model == NULL || g_utf8_validate (fip->model, -1, NULL));
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    g_autofree char *message = flash_diag_dup_message (flash_diag_list_get (diags, i), NULL);

    g_assert_true (g_utf8_validate (message, -1, NULL));
  }
  return 0;
}
