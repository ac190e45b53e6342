/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-check"

#include "config.h"

#include "flash-cli-diag.h"
#include "flash-cli-json.h"
#include "flash-cli-layout.h"
#include "flash-cli.h"

#include <glib/gi18n.h>

static void
print_json (const char *path, const FlashCliLayout *checked)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *file = g_filename_display_name (path);

  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "file", file);
  flash_cli_json_add_flag (builder, "accepted",
                           checked->layout != NULL && flash_layout_is_accepted (checked->layout));
  if (checked->bundle != NULL)
    flash_cli_bundle_add_json (checked->bundle, builder);
  flash_cli_layout_add_json (builder, checked);
  flash_cli_json_add_diags (builder, checked->diags);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

static void
print_text (const char *path, const FlashCliLayout *checked)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *file = flash_cli_dup_safe (name);
  g_autoptr (GString) found = g_string_new (NULL);
  guint n_errors = flash_diag_list_count (checked->diags, FLASH_SEVERITY_ERROR);
  guint n_warnings = flash_diag_list_count (checked->diags, FLASH_SEVERITY_WARNING);

  if (checked->bundle != NULL)
    flash_cli_bundle_print (checked->bundle);
  flash_cli_diag_print (checked->diags, stdout);
  if (flash_diag_list_get_length (checked->diags) > 0)
    g_print ("\n");
  if (n_errors > 0)
    g_string_append_printf (found, ngettext ("%u error", "%u errors", n_errors), n_errors);
  else
    g_string_append (found, _ ("no errors"));
  if (n_warnings > 0) {
    /* TRANSLATORS: between the parts of a list, with the blank */
    g_string_append (found, C_ ("list", ", "));
    g_string_append_printf (found, ngettext ("%u warning", "%u warnings", n_warnings), n_warnings);
  }
  if (checked->layout == NULL)
    /* TRANSLATORS: a file, what was found in it */
    g_print (_ ("%1$s: %2$s"), file, found->str);
  else
    /* TRANSLATORS: a file, what was found in it, a remark in words */
    g_print (_ ("%1$s: %2$s; %3$s"), file, found->str,
             flash_layout_is_accepted (checked->layout)
                 ? _ ("the board's parser takes this layout")
                 : _ ("the board's parser refuses this layout"));
  g_print ("\n");
}

FlashCliExit
flash_cli_check (int argc, char **argv)
{
  gboolean is_json = FALSE;
  gboolean allow_outside = FALSE;
  g_auto (GStrv) size_options = NULL;
  g_autofree char *wanted = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_ ("Answer in JSON"), NULL },
    { "storage-size", 0, 0, G_OPTION_ARG_STRING_ARRAY, &size_options,
      N_ ("Size of a storage, e.g. mmc0=8G; may be given several times"), N_ ("STORAGE=SIZE") },
    { "allow-outside", 0, 0, G_OPTION_ARG_NONE, &allow_outside,
      N_ ("Let the layout name files outside its own folder"), NULL },
    FLASH_CLI_LAYOUT_OPTION (&wanted),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;
  g_auto (FlashCliLayout) checked = { 0 };
  GHashTable *sizes;

  if (!flash_cli_parse (argc, argv, _ ("LAYOUT|FOLDER|ARCHIVE"),
                        _ ("Checks a layout and its files, without a board."), entries, 1, 1,
                        &arguments) ||
      !flash_cli_parse_sizes ((const char *const *) size_options, &sizes))
    return FLASH_CLI_USAGE;

  checked.wanted = wanted;
  flash_cli_layout_load (arguments[0], sizes, 0, allow_outside, &checked);
  if (is_json)
    print_json (arguments[0], &checked);
  else
    print_text (arguments[0], &checked);
  return flash_cli_layout_get_exit (&checked);
}
