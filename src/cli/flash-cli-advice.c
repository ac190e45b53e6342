/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-advice"

#include "config.h"

#include "flash-advice.h"
#include "flash-cli-doctor.h"
#include "flash-cli-json.h"
#include "flash-cli.h"

#include <glib/gi18n.h>

static void
add_json (JsonBuilder *builder, const FlashAdvice *advice)
{
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "code", advice->code);
  flash_cli_json_add_text (builder, "severity", flash_severity_get_name (advice->severity));
  flash_cli_json_add_advice (builder, advice->code);
  flash_cli_doctor_add_steps (builder, advice);
  flash_cli_json_add_text (builder, "help", advice->help);
  json_builder_end_object (builder);
}

static void
print_text (const FlashAdvice *advice)
{
  g_autofree char *steps = flash_cli_doctor_dup_steps (advice);

  g_print ("%s\n%s\n%s", advice->code, _ (advice->cause), steps);
  g_print (_ ("More: “%s” in the help of the program"), advice->help);
  g_print ("\n");
}

FlashCliExit
flash_cli_advice (int argc, char **argv)
{
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_ ("Answer in JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) codes = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const FlashAdvice *advices;
  guint n_advices;

  if (!flash_cli_parse (argc, argv, _ ("[CODE]"),
                        _ ("Explains how a job has ended, by its code, or every such code."),
                        entries, 0, 1, &codes))
    return FLASH_CLI_USAGE;
  if (codes[0] != NULL && flash_advice_find (codes[0]) == NULL) {
    g_printerr (_ ("There is no advice with the code “%s”."), codes[0]);
    g_printerr ("\n%s\n", _ ("Without a code, “advice” explains all of them; “check” and “inspect” "
                             "name the codes of what they find."));
    return FLASH_CLI_USAGE;
  }

  advices = flash_advice_list (&n_advices);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "advice");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_advices; i++) {
    if (codes[0] != NULL && !g_str_equal (codes[0], advices[i].code))
      continue;
    if (is_json)
      add_json (builder, &advices[i]);
    else
      print_text (&advices[i]);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (is_json)
    flash_cli_json_print (builder);
  return FLASH_CLI_DONE;
}
