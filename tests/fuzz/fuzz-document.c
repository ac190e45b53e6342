/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first byte says how many edits stand at the end of the input; what is between is the
 * layout. */
#include "config.h"

#include "flash-fuzz.h"
#include "flash-layout-edit-script.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) original = NULL;
  g_autoptr (FlashLayoutDocument) document = NULL;
  gsize n_edits;

  if (size == 0)
    return 0;
  n_edits = MIN (data[0] % 32, (size - 1) / FLASH_LAYOUT_EDIT_SCRIPT_STEP);
  original = g_bytes_new (data + 1, size - 1 - n_edits * FLASH_LAYOUT_EDIT_SCRIPT_STEP);
  document = flash_layout_document_new (original);
  for (gsize i = 0; i < n_edits; i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (GBytes) text = NULL;
    g_autoptr (FlashLayout) layout = NULL;

    flash_layout_edit_script_run (document,
                                  data + size - (n_edits - i) * FLASH_LAYOUT_EDIT_SCRIPT_STEP);
    text = flash_layout_document_dup_text (document);
    layout = flash_layout_new_from_bytes (text, NULL, diags);
    g_assert_cmpuint (flash_layout_get_n_rows (layout), <=, 1000);
  }
  flash_layout_edit_script_check_history (document, original);
  return 0;
}
