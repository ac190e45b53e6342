/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-boards"

#include "config.h"

#include "flash-cli-board.h"
#include "flash-cli-columns.h"
#include "flash-cli-doctor.h"
#include "flash-cli-json.h"
#include "flash-cli-watch.h"
#include "flash-cli-world.h"
#include "flash-cli.h"

#include <glib/gi18n.h>

/* What to do with a device that is no board. */
static const char *
get_neighbour_text (FlashUsbNeighbourKind kind)
{
  switch (kind) {
  case FLASH_USB_NEIGHBOUR_ST_LINK:
    return _ ("debug probe; connect the board's own USB device port too");
  case FLASH_USB_NEIGHBOUR_RUNTIME_DFU:
    return _ ("its firmware runs; set the boot switches to serial boot and reset it");
  case FLASH_USB_NEIGHBOUR_MASS_STORAGE:
    return _ ("shows itself as a disk; set the boot switches to serial boot and reset it");
  case FLASH_USB_NEIGHBOUR_FASTBOOT:
    return _ ("in fastboot mode; reset it into serial boot");
  case FLASH_USB_NEIGHBOUR_OTHER:
    return _ ("not in DFU mode; set the boot switches to serial boot and reset it");
  }
  g_return_val_if_reached ("");
}

static void
print_neighbours (GListModel *neighbours)
{
  static const int widths[] = { 7, 9, 1, 0 };
  g_autoptr (FlashCliTable) table = flash_cli_table_new (widths);
  guint n_neighbours = g_list_model_get_n_items (neighbours);

  if (n_neighbours == 0)
    return;
  g_print ("\n%s\n", _ ("Also on USB, but not to be flashed as they are:"));
  for (guint i = 0; i < n_neighbours; i++) {
    g_autoptr (FlashUsbNeighbour) neighbour = g_list_model_get_item (neighbours, i);
    const char *name = flash_usb_neighbour_get_name (neighbour);

    g_autofree char *ids = g_strdup_printf ("%04x:%04x", flash_usb_neighbour_get_vid (neighbour),
                                            flash_usb_neighbour_get_pid (neighbour));
    g_autofree char *text =
        g_strdup_printf ("%s – %s", name != NULL ? name : "?",
                         get_neighbour_text (flash_usb_neighbour_get_kind (neighbour)));

    flash_cli_table_add (table, flash_usb_neighbour_get_port (neighbour), ids, text, NULL);
  }
  flash_cli_table_print (table);
}

/* Returns: (transfer full) (nullable): somebody who has looked at the board and the way to it; of
 * a virtual board there is nothing to be found. */
static FlashDoctor *
make_doctor (FlashCliWorld *world, FlashBoard *board)
{
  FlashDoctor *doctor;

  if (world->usb_boards == NULL || flash_board_is_virtual (board))
    return NULL;
  doctor = flash_cli_doctor_new (world, FLASH_PROVIDER (world->usb_boards), board);
  flash_cli_doctor_look (doctor);
  return doctor;
}

static void
print_boards (FlashCliWorld *world, GListModel *boards)
{
  guint n_boards = g_list_model_get_n_items (boards);

  flash_cli_board_print_head ();
  for (guint i = 0; i < n_boards; i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (boards, i);
    g_autoptr (FlashDoctor) doctor = make_doctor (world, board);

    flash_cli_board_print (board);
    flash_cli_board_print_hindrances (board, doctor);
  }
}

static void
print_text (FlashCliWorld *world)
{
  if (world->usb_boards == NULL) {
    g_print ("%s\n", world->usb_error->message);
  } else if (g_list_model_get_n_items (G_LIST_MODEL (world->usb_boards)) == 0) {
    g_print ("%s\n", _ ("No board on USB. Set the boot switches to serial boot, connect the "
                        "board's USB device port with a data cable, and switch it on."));
  } else {
    g_print ("%s\n", _ ("Boards on USB:"));
    print_boards (world, G_LIST_MODEL (world->usb_boards));
  }
  if (world->usb_boards != NULL)
    print_neighbours (flash_usb_provider_get_neighbours (world->usb_boards));
  g_print ("\n%s\n", _ ("Virtual boards, for practice:"));
  print_boards (world, G_LIST_MODEL (world->virtual_boards));
}

static void
add_boards (JsonBuilder *builder, FlashCliWorld *world, GListModel *boards)
{
  for (guint i = 0; i < g_list_model_get_n_items (boards); i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (boards, i);
    g_autoptr (FlashDoctor) doctor = make_doctor (world, board);

    json_builder_begin_object (builder);
    flash_cli_board_add (builder, board, doctor);
    json_builder_end_object (builder);
  }
}

static void
add_neighbours (JsonBuilder *builder, GListModel *neighbours)
{
  for (guint i = 0; i < g_list_model_get_n_items (neighbours); i++) {
    g_autoptr (FlashUsbNeighbour) neighbour = g_list_model_get_item (neighbours, i);
    FlashUsbNeighbourKind kind = flash_usb_neighbour_get_kind (neighbour);

    json_builder_begin_object (builder);
    flash_cli_json_add_text (builder, "port", flash_usb_neighbour_get_port (neighbour));
    flash_cli_json_add_text (builder, "kind", flash_usb_neighbour_kind_get_name (kind));
    if (flash_usb_neighbour_get_name (neighbour) != NULL)
      flash_cli_json_add_text (builder, "name", flash_usb_neighbour_get_name (neighbour));
    flash_cli_json_add_number (builder, "vid", flash_usb_neighbour_get_vid (neighbour));
    flash_cli_json_add_number (builder, "pid", flash_usb_neighbour_get_pid (neighbour));
    json_builder_end_object (builder);
  }
}

static void
print_json (FlashCliWorld *world)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "boards");
  json_builder_begin_array (builder);
  if (world->usb_boards != NULL)
    add_boards (builder, world, G_LIST_MODEL (world->usb_boards));
  add_boards (builder, world, G_LIST_MODEL (world->virtual_boards));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "others");
  json_builder_begin_array (builder);
  if (world->usb_boards != NULL)
    add_neighbours (builder, flash_usb_provider_get_neighbours (world->usb_boards));
  json_builder_end_array (builder);
  if (world->usb_error != NULL)
    flash_cli_json_add_text (builder, "usb_error", world->usb_error->message);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

FlashCliExit
flash_cli_boards (int argc, char **argv)
{
  gboolean is_json = FALSE, is_watch = FALSE;
  const GOptionEntry entries[] = {
    { "watch", 'w', 0, G_OPTION_ARG_NONE, &is_watch,
      N_ ("Go on, and tell what comes, goes and changes on USB"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_ ("Answer in JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (FlashCliWorld) world = { 0 };
  g_auto (GStrv) arguments = NULL;

  if (!flash_cli_parse (argc, argv, NULL, _ ("Lists the boards that can be flashed."), entries, 0,
                        0, &arguments))
    return FLASH_CLI_USAGE;
  flash_cli_world_init (&world);
  if (is_watch)
    return flash_cli_watch (&world, is_json);
  flash_cli_world_settle (&world, TRUE);
  if (is_json)
    print_json (&world);
  else
    print_text (&world);
  return FLASH_CLI_DONE;
}
