/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-fuzz.h"
#include "flash-layout-lint.h"
#include "flash-layout.h"

/* Without a folder no file is looked for. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, NULL, diags);
  g_autoptr (GBytes) device_text = flash_layout_dup_device_text (layout);
  g_autoptr (GPtrArray) storages = flash_layout_dup_storages (layout, NULL);

  g_assert_true (flash_layout_lint (layout, NULL, diags, NULL, NULL));
  g_assert_nonnull (device_text);
  g_assert_nonnull (storages);
  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++)
    g_assert_true (
        g_utf8_validate (flash_layout_row_get_name (flash_layout_get_row (layout, i)), -1, NULL));
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    g_autofree char *message = flash_diag_dup_message (flash_diag_list_get (diags, i), NULL);

    g_assert_true (g_utf8_validate (message, -1, NULL));
  }
  return 0;
}
