/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli"

#include "config.h"

#include "flash-cli.h"

#include "flash-text.h"

#include <glib/gi18n.h>

void
flash_cli_hint (const char *command)
{
  g_printerr (_ ("“flashwright-cli %s --help” tells more."), command);
  g_printerr ("\n");
}

gboolean
flash_cli_parse (int argc, char **argv, const char *parameters, const char *summary,
                 const GOptionEntry *entries, guint n_min, guint n_max, GStrv *out_arguments)
{
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_auto (GStrv) rest = NULL;
  const GOptionEntry remaining[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree char *program = g_strdup_printf ("flashwright-cli %s", argv[0]);
  const char *command = argv[0];
  g_autoptr (GError) error = NULL;
  guint n_rest;

  /* GOption takes the program's name for the help from here. */
  g_set_prgname (program);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, remaining, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    flash_cli_hint (command);
    return FALSE;
  }

  n_rest = rest != NULL ? g_strv_length (rest) : 0;
  if (n_rest < n_min || n_rest > n_max) {
    g_printerr ("%s\n", n_rest < n_min ? _ ("An argument is missing.")
                                       : _ ("There are too many arguments."));
    flash_cli_hint (command);
    return FALSE;
  }
  *out_arguments = rest != NULL ? g_steal_pointer (&rest) : g_new0 (char *, 1);
  return TRUE;
}

/* Less than this is no storage, but a unit that was forgotten. */
#define MIN_STORAGE_SIZE (64 * 1024)

/* What a layout calls its storages, and the parts of an eMMC that have a size of their own. */
static gboolean
is_storage (const char *name)
{
  static const char *const kinds[] = { "mmc", "nor", "nand", "spi-nand", "ram" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const char *number = name + strlen (kinds[i]);

    if (!g_str_has_prefix (name, kinds[i]) || !g_ascii_isdigit (number[0]))
      continue;
    return number[1] == '\0' ||
           (i == 0 && (g_str_equal (number + 1, "boot1") || g_str_equal (number + 1, "boot2")));
  }
  return FALSE;
}

gboolean
flash_cli_parse_sizes (const char *const *options, GHashTable **out_sizes)
{
  g_autoptr (GHashTable) sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; options != NULL && options[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (options[i], "=", 2);
    guint64 bytes;

    if (g_strv_length (words) != 2 || !is_storage (words[0]) ||
        !flash_text_parse_size (words[1], &bytes) || bytes < MIN_STORAGE_SIZE) {
      g_printerr (_ ("“%s” is not the size of a storage. Write it like mmc0=8G."), options[i]);
      g_printerr ("\n");
      return FALSE;
    }
    g_hash_table_insert (sizes, g_strdup (words[0]), g_memdup2 (&bytes, sizeof bytes));
  }
  *out_sizes = g_steal_pointer (&sizes);
  return TRUE;
}
