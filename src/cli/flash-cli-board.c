/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-board"

#include "config.h"

#include "flash-cli-board.h"

#include "flash-advice.h"
#include "flash-board-facts.h"
#include "flash-cli-columns.h"
#include "flash-cli-doctor.h"
#include "flash-cli-json.h"

#include <glib/gi18n.h>

#define N_COLUMNS 5
/* What a board says of itself, and what a doctor may find. */
#define MAX_OWN_CODES 2
#define MAX_CODES (MAX_OWN_CODES + 1 + FLASH_FINDINGS_MAX_NOTES)

typedef struct {
  const char *codes[MAX_CODES];
  guint n_codes;
  guint n_own; /* the first of them: of the board itself */
} Hindrances;

static void
add_code (Hindrances *self, const char *code)
{
  for (guint i = 0; i < self->n_codes; i++)
    if (g_str_equal (self->codes[i], code))
      return;
  self->codes[self->n_codes++] = code;
}

static void
add_findings (Hindrances *self, const FlashFindings *findings)
{
  if (findings->cause != NULL)
    add_code (self, findings->cause->code);
  for (guint i = 0; i < findings->n_notes; i++)
    add_code (self, findings->notes[i]->code);
}

/* What hinders, the worst first. */
static void
hindrances_init (Hindrances *self, const FlashBoardFacts *facts, FlashBoard *board,
                 FlashDoctor *doctor)
{
  const char *access_code = flash_board_facts_get_access_code (flash_board_get_access (board));
  const char *link_code = flash_board_facts_get_link_code (facts, board);

  *self = (Hindrances){ 0 };
  if (access_code != NULL)
    add_code (self, access_code);
  if (link_code != NULL)
    add_code (self, link_code);
  self->n_own = self->n_codes;
  if (doctor != NULL)
    add_findings (self, flash_doctor_get_findings (doctor));
}

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
add_hubs (JsonBuilder *builder, GPtrArray *hubs)
{
  json_builder_set_member_name (builder, "hubs");
  json_builder_begin_array (builder);
  for (guint i = 0; hubs != NULL && i < hubs->len; i++) {
    const FlashHub *hub = g_ptr_array_index (hubs, i);

    json_builder_begin_object (builder);
    flash_cli_json_add_text (builder, "port", hub->port);
    add_text_or_null (builder, "name", hub->name);
    flash_cli_json_add_number (builder, "vid", hub->vid);
    flash_cli_json_add_number (builder, "pid", hub->pid);
    flash_cli_json_add_text (builder, "speed", flash_speed_get_name (hub->speed));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

void
flash_cli_board_add (JsonBuilder *builder, FlashBoard *board, FlashDoctor *doctor)
{
  g_auto (FlashBoardFacts) facts = { 0 };
  Hindrances hindrances;

  flash_board_facts_init (&facts, board);
  hindrances_init (&hindrances, &facts, board, doctor);
  flash_cli_json_add_text (builder, "id", flash_board_get_id (board));
  add_text_or_null (builder, "name", facts.name);
  add_text_or_null (builder, "chip", facts.chip);
  add_text_or_null (builder, "stage", facts.stage);
  flash_cli_json_add_text (builder, "port", flash_board_get_port (board));
  add_text_or_null (builder, "serial", facts.serial);
  flash_cli_json_add_text (builder, "speed", flash_speed_get_name (flash_board_get_speed (board)));
  flash_cli_json_add_text (builder, "access",
                           flash_access_get_name (flash_board_get_access (board)));
  if (flash_board_get_access_detail (board) != NULL)
    flash_cli_json_add_text (builder, "access_detail", flash_board_get_access_detail (board));
  flash_cli_json_add_flag (builder, "virtual", flash_board_is_virtual (board));
  if (!flash_board_is_virtual (board))
    add_hubs (builder, flash_board_get_hubs (board));
  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < hindrances.n_codes; i++)
    json_builder_add_string_value (builder, hindrances.codes[i]);
  json_builder_end_array (builder);
}

/* Boards come one after the other, so the widths must be known before: those that the boards of
 * today need, and what the titles need in this language. @cells: (nullable): %NULL for titles */
static void
print_columns (const char *const *cells)
{
  static const int widths[N_COLUMNS] = { 22, 16, 10, 8, 0 };
  const char *const titles[N_COLUMNS] = { _ ("Id"), _ ("Chip"), _ ("Stage"), _ ("Speed"),
                                          _ ("Access") };

  g_print (" ");
  for (guint i = 0; i < N_COLUMNS; i++) {
    int width = i + 1 < N_COLUMNS ? MAX (widths[i], (int) flash_cli_get_width (titles[i])) : 0;
    g_autofree char *cell = flash_cli_pad (cells != NULL ? cells[i] : titles[i], width);

    g_print (" %s", cell);
  }
  g_print ("\n");
}

void
flash_cli_board_print_head (void)
{
  print_columns (NULL);
}

/* A device that is no STM32MP is shown by what it calls itself. */
void
flash_cli_board_print (FlashBoard *board)
{
  g_auto (FlashBoardFacts) facts = { 0 };
  const char *cells[N_COLUMNS];

  flash_board_facts_init (&facts, board);
  cells[0] = flash_board_get_id (board);
  cells[1] = facts.chip != NULL ? facts.chip : facts.name != NULL ? facts.name : "?";
  cells[2] = facts.stage != NULL ? facts.stage : "-";
  cells[3] = flash_speed_get_name (flash_board_get_speed (board));
  cells[4] = flash_access_get_name (flash_board_get_access (board));
  print_columns (cells);
}

void
flash_cli_board_print_hindrances (FlashBoard *board, FlashDoctor *doctor)
{
  g_auto (FlashBoardFacts) facts = { 0 };
  Hindrances hindrances;

  flash_board_facts_init (&facts, board);
  hindrances_init (&hindrances, &facts, board, doctor);
  for (guint i = 0; i < hindrances.n_codes; i++) {
    const FlashAdvice *advice = flash_advice_find (hindrances.codes[i]);
    g_autofree char *steps = NULL;

    g_print ("    %s [%s]\n", _ (advice->cause), hindrances.codes[i]);
    if (i == 0 && flash_board_get_access_detail (board) != NULL) {
      g_print ("    ");
      g_print (_ ("In detail: %s"), flash_board_get_access_detail (board));
      g_print ("\n");
    }
    if (i >= hindrances.n_own)
      continue;
    steps = flash_cli_doctor_dup_steps (advice);
    g_print ("%s", steps);
  }
}
