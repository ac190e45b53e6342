/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `virtual` tells while it exports boards. */
#define G_LOG_DOMAIN "flash-cli-virtual-news"

#include "config.h"

#include "flash-cli-virtual.h"

#include "flash-cli-diag.h"
#include "flash-cli-json.h"

#include <glib/gi18n.h>
#include <stdio.h>

static JsonBuilder *
begin_event (const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "event", event);
  return builder;
}

static JsonBuilder *
begin_board_event (const char *event, FlashUsbipBoard *board)
{
  JsonBuilder *builder = begin_event (event);

  flash_cli_json_add_number (builder, "board", flash_usbip_board_get_number (board));
  return builder;
}

/* Takes the builder. */
static void
print_event (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
  g_object_unref (builder);
}

/* Others wait for these lines at the end of a pipe. */
static void
end_line (void)
{
  g_print ("\n");
  fflush (stdout);
}

static const char *
get_stage_name (FlashUsbipBoard *board)
{
  return flash_sim_stage_get_name (flash_usbip_board_get_stage (board));
}

void
flash_cli_virtual_tell_listening (gboolean is_json, GInetSocketAddress *address, guint n_boards)
{
  GInetAddress *host = g_inet_socket_address_get_address (address);
  g_autofree char *name = g_inet_address_to_string (host);
  guint port = g_inet_socket_address_get_port (address);
  g_autofree char *option =
      port != FLASH_USBIP_PORT ? g_strdup_printf (" --tcp-port %u", port) : g_strdup ("");
  JsonBuilder *builder;

  if (is_json) {
    builder = begin_event ("listening");
    flash_cli_json_add_text (builder, "address", name);
    flash_cli_json_add_number (builder, "port", port);
    print_event (builder);
    return;
  }
  g_print (_ ("Listening on %s, port %u."), name, port);
  g_print ("\n%s\n", _ ("Where the boards are to appear:"));
  g_print ("  sudo modprobe vhci-hcd\n");
  for (guint i = 1; i <= n_boards; i++)
    g_print ("  sudo usbip%s attach -r %s -b 1-%u\n", option,
             g_inet_address_get_is_any (host) ? _ ("ADDRESS") : name, i);
  g_print ("%s", _ ("A board that re-enumerates has to be attached again each time."));
  end_line ();
}

void
flash_cli_virtual_tell_attached (gboolean is_json, FlashUsbipBoard *board, const char *id,
                                 FlashUsbipVhci *vhci)
{
  const char *speed = flash_speed_get_name (flash_usbip_board_get_speed (board));
  g_autofree char *port = vhci != NULL ? g_strdup_printf ("%u", flash_usbip_vhci_get_port (vhci))
                                       : g_strdup (flash_usbip_board_get_busid (board));
  g_autofree char *safe = NULL;
  JsonBuilder *builder;

  if (is_json) {
    builder = begin_board_event ("attached", board);
    flash_cli_json_add_text (builder, "id", id);
    if (vhci != NULL)
      flash_cli_json_add_number (builder, "port", flash_usbip_vhci_get_port (vhci));
    else
      flash_cli_json_add_text (builder, "port", port);
    flash_cli_json_add_text (builder, "speed", speed);
    flash_cli_json_add_text (builder, "stage", get_stage_name (board));
    print_event (builder);
    return;
  }
  safe = flash_cli_dup_safe (id);
  g_print (_ ("Board %u is attached: %s, port %s, speed %s, stage %s"),
           flash_usbip_board_get_number (board), safe, port, speed, get_stage_name (board));
  end_line ();
}

static const char *
get_end_text (FlashUsbipEnd end)
{
  switch (end) {
  case FLASH_USBIP_END_BOARD:
    return _ ("it left the bus");
  case FLASH_USBIP_END_HOST:
    return _ ("the host let go of it");
  case FLASH_USBIP_END_PROTOCOL:
    return _ ("the host sent what is no USB/IP");
  }
  g_return_val_if_reached ("");
}

void
flash_cli_virtual_tell_detached (gboolean is_json, FlashUsbipBoard *board, FlashUsbipEnd end)
{
  JsonBuilder *builder;

  if (is_json) {
    builder = begin_board_event ("detached", board);
    flash_cli_json_add_text (builder, "reason", flash_usbip_end_get_name (end));
    print_event (builder);
    return;
  }
  g_print (_ ("Board %u is detached: %s"), flash_usbip_board_get_number (board),
           get_end_text (end));
  end_line ();
}

void
flash_cli_virtual_tell_stage (gboolean is_json, FlashUsbipBoard *board)
{
  JsonBuilder *builder;

  if (is_json) {
    builder = begin_board_event ("stage", board);
    flash_cli_json_add_text (builder, "stage", get_stage_name (board));
    print_event (builder);
    return;
  }
  g_print (_ ("Board %u runs another stage: %s"), flash_usbip_board_get_number (board),
           get_stage_name (board));
  end_line ();
}

void
flash_cli_virtual_tell_ready (gboolean is_json)
{
  if (is_json) {
    print_event (begin_event ("ready"));
    return;
  }
  g_print ("%s", _ ("Ready. Commands: unplug, plug, restart, each with the number of a board, and "
                    "quit."));
  end_line ();
}
