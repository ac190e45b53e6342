/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-inspect"

#include "config.h"

#include "flash-cli-inspect.h"

#include "flash-cli-diag.h"
#include "flash-cli-json.h"
#include "flash-cli.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* The codes are those of the same faults in a layout's files. */
static const char *
get_failure_code (const GError *failure)
{
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return "file-missing";
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
    return "file-is-folder";
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE))
    return "file-not-regular";
  return "file-unreadable";
}

/* A file that cannot be read is a problem of the input like any other, so that programs find it
 * in the same place. */
static void
print_failure (const char *file, const GError *failure, gboolean is_json)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (JsonBuilder) builder = NULL;

  flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, get_failure_code (failure), 0, 0,
                       N_ ("{0} cannot be read: {1}."), file, failure->message, NULL);
  if (!is_json) {
    flash_cli_diag_print (diags, stderr);
    return;
  }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "file", file);
  flash_cli_json_add_diags (builder, diags);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

static FlashCliExit
inspect_file (const char *path, const FlashImageOptions *options, gboolean is_json)
{
  g_autofree char *file = g_filename_display_name (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSource) source = flash_source_new_for_file (path, &error);
  g_autoptr (FlashInspection) inspection = NULL;

  if (source != NULL)
    inspection = flash_inspect (source, options, NULL, &error);
  if (inspection == NULL) {
    print_failure (file, error, is_json);
    return FLASH_CLI_INPUT;
  }

  if (is_json)
    flash_cli_inspect_print_json (file, inspection);
  else
    flash_cli_inspect_print_text (file, inspection);
  return flash_diag_list_count (inspection->diags, FLASH_SEVERITY_ERROR) > 0 ? FLASH_CLI_INPUT
                                                                             : FLASH_CLI_DONE;
}

/* @text: (nullable): what was given. Returns: whether it is an address, or nothing. */
static gboolean
parse_address (const char *text, FlashImageOptions *options)
{
  guint64 address;

  if (text == NULL)
    return TRUE;
  if (!flash_text_parse_size (text, &address) || address > G_MAXUINT32) {
    g_autofree char *safe_text = flash_cli_dup_safe (text);

    g_printerr (_ ("“%s” is no address. One is, for example, 0x08000000."), safe_text);
    g_printerr ("\n");
    return FALSE;
  }
  options->has_address = TRUE;
  options->address = (guint32) address;
  return TRUE;
}

FlashCliExit
flash_cli_inspect (int argc, char **argv)
{
  gboolean is_json = FALSE, insists = FALSE;
  FlashImageOptions options = { .has_address = FALSE };
  g_autofree char *address = NULL;
  g_auto (GStrv) files = NULL;
  const GOptionEntry entries[] = {
    { "address", 0, 0, G_OPTION_ARG_STRING, &address,
      N_ ("Where plain bytes begin, such as 0x08000000"), N_ ("ADDRESS") },
    { "insist", 0, 0, G_OPTION_ARG_NONE, &insists,
      N_ ("Take a file that seems cut off or damaged all the same"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_ ("Answer in JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!flash_cli_parse (argc, argv, _ ("FILE"), _ ("Says what a firmware file holds."), entries, 1,
                        1, &files))
    return FLASH_CLI_USAGE;
  if (!parse_address (address, &options)) {
    flash_cli_hint ("inspect");
    return FLASH_CLI_USAGE;
  }
  options.insists = insists;
  return inspect_file (files[0], &options, is_json);
}
