/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-test"

#include "config.h"

#include "flash-layout-test.h"

char *
flash_layout_test_dup_diags (FlashDiagList *diags)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);

    g_string_append_printf (
        out, "%s %u:%u %s\n", flash_severity_get_name (flash_diag_get_severity (diag)),
        flash_diag_get_line (diag), flash_diag_get_column (diag), flash_diag_get_code (diag));
  }
  return g_string_free (out, FALSE);
}

FlashLayout *
flash_layout_test_parse (const char *text, FlashDiagList *diags)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return flash_layout_new_from_bytes (bytes, NULL, diags);
}

GHashTable *
flash_layout_test_make_sizes (const char *first_name, ...)
{
  GHashTable *sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  va_list args;

  va_start (args, first_name);
  for (const char *name = first_name; name != NULL; name = va_arg (args, const char *)) {
    guint64 size = va_arg (args, guint64);

    g_hash_table_insert (sizes, g_strdup (name), g_memdup2 (&size, sizeof size));
  }
  va_end (args);
  return sizes;
}
