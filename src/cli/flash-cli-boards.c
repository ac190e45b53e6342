/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-boards"

#include "config.h"

#include "flash-board-facts.h"
#include "flash-cli-json.h"
#include "flash-cli.h"
#include "flash-sim-provider.h"

#include <glib/gi18n.h>

static void
add_text_or_null (JsonBuilder *builder, const char *name, const char *text)
{
  if (text != NULL) {
    flash_cli_json_add_text (builder, name, text);
  } else {
    json_builder_set_member_name (builder, name);
    json_builder_add_null_value (builder);
  }
}

static void
add_board (JsonBuilder *builder, FlashBoard *board)
{
  g_auto (FlashBoardFacts) facts = { 0 };

  flash_board_facts_init (&facts, board);
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "id", flash_board_get_id (board));
  add_text_or_null (builder, "name", facts.name);
  add_text_or_null (builder, "chip", facts.chip);
  add_text_or_null (builder, "stage", facts.stage);
  flash_cli_json_add_text (builder, "port", flash_board_get_port (board));
  add_text_or_null (builder, "serial", facts.serial);
  flash_cli_json_add_text (builder, "speed", flash_speed_get_name (flash_board_get_speed (board)));
  flash_cli_json_add_text (builder, "access",
                           flash_access_get_name (flash_board_get_access (board)));
  flash_cli_json_add_flag (builder, "virtual", flash_board_is_virtual (board));
  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  if (flash_board_get_speed (board) == FLASH_SPEED_FULL)
    json_builder_add_string_value (builder, "full-speed-link");
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_board (FlashBoard *board)
{
  g_auto (FlashBoardFacts) facts = { 0 };

  flash_board_facts_init (&facts, board);
  g_print ("  %-22s %-12s %-8s %-8s %s\n", flash_board_get_id (board),
           facts.chip != NULL ? facts.chip : "?", facts.stage != NULL ? facts.stage : "?",
           flash_speed_get_name (flash_board_get_speed (board)),
           flash_access_get_name (flash_board_get_access (board)));
}

static void
print_text (GListModel *boards)
{
  guint n_boards = g_list_model_get_n_items (boards);

  g_print ("%s\n", _ ("Virtual boards, for practice:"));
  g_print ("  %-22s %-12s %-8s %-8s %s\n", _ ("Id"), _ ("Chip"), _ ("Stage"), _ ("Speed"),
           _ ("Access"));
  for (guint i = 0; i < n_boards; i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (boards, i);

    print_board (board);
  }
}

FlashCliExit
flash_cli_boards (int argc, char **argv)
{
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_ ("Answer in JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  g_autoptr (JsonBuilder) builder = NULL;
  g_auto (GStrv) arguments = NULL;

  if (!flash_cli_parse (argc, argv, NULL, _ ("Lists the boards that can be flashed."), entries, 0,
                        0, &arguments))
    return FLASH_CLI_USAGE;
  if (!is_json) {
    print_text (G_LIST_MODEL (provider));
    return FLASH_CLI_DONE;
  }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "boards");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (provider)); i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (G_LIST_MODEL (provider), i);

    add_board (builder, board);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
  return FLASH_CLI_DONE;
}
