/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-virtual"

#include "config.h"

#include "flash-cli.h"
#include "flash-sim-provider.h"

#include <glib/gi18n.h>

static char *
describe (void)
{
  const char *const *models = flash_sim_provider_list_models ();
  const char *const *faults = flash_sim_provider_list_faults ();
  const char *const *keys = flash_sim_provider_list_keys ();
  g_autofree char *model_names = g_strjoinv (" ", (char **) models);
  GString *text = g_string_new (NULL);

  g_string_append (text, _ ("A virtual board is named by its model, and keys behind commas: "
                            "virtual:MODEL[,KEY=VALUE…]"));
  g_string_append_printf (text, "\n\n%s\n  %s\n\n%s\n", _ ("Models:"), model_names, _ ("Keys:"));
  for (guint i = 0; keys[i] != NULL; i += 2)
    g_string_append_printf (text, "  %-22s %s\n", keys[i], keys[i + 1]);
  g_string_append_printf (text, "\n%s\n",
                          _ ("Kinds of faults, for fault=KIND@N (at the N-th "
                             "request) or fault=KIND@STAGE, several "
                             "behind semicolons:"));
  for (guint i = 0; faults[i] != NULL; i += 2)
    g_string_append_printf (text, "  %-22s %s\n", faults[i], faults[i + 1]);
  return g_string_free (text, FALSE);
}

FlashCliExit
flash_cli_virtual (int argc, char **argv)
{
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  g_autofree char *text = describe ();
  g_auto (GStrv) arguments = NULL;

  if (!flash_cli_parse (argc, argv, NULL, text, entries, 0, 0, &arguments))
    return FLASH_CLI_USAGE;
  g_print ("%s", text);
  return FLASH_CLI_DONE;
}
