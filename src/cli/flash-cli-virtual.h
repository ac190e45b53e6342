/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files behind the command `virtual` share. Thread: main. */
#pragma once

#include "flash-cli.h"
#include "flash-usbip-server.h"
#include "flash-usbip-vhci.h"

G_BEGIN_DECLS

/**
 * FlashCliExport:
 * @ids: (array zero-terminated=1): the boards, as `virtual:MODEL[,KEY=VALUE…]`
 * @address: (nullable): where to listen
 * @vhci_port: the first port of this computer's virtual host controller; looked at if there is
 *   no @address
 * @is_once: whether to end when the first host lets go
 * @is_json: whether to print events as JSON
 */
typedef struct {
  const char *const *ids;
  GInetSocketAddress *address;
  guint vhci_port;
  gboolean is_once;
  gboolean is_json;
} FlashCliExport;

/* Exports the boards until it is told to end. Returns: the exit code. */
FlashCliExit flash_cli_virtual_export (const FlashCliExport *request);

/* --- Events: each is one line on the standard output, at once ------------------------------- */

/**
 * flash_cli_virtual_tell_listening:
 * @is_json: whether as JSON
 * @address: where the server listens
 * @n_boards: how many it exports
 *
 * In words it says too how the boards are reached.
 */
void
flash_cli_virtual_tell_listening (gboolean is_json, GInetSocketAddress *address, guint n_boards);

/**
 * flash_cli_virtual_tell_attached:
 * @is_json: whether as JSON
 * @board: that a host has now
 * @id: of the board
 * @vhci: (nullable): the port of this computer that it is on
 */
void flash_cli_virtual_tell_attached (gboolean is_json, FlashUsbipBoard *board, const char *id,
                                      FlashUsbipVhci *vhci);

/**
 * flash_cli_virtual_tell_detached:
 * @is_json: whether as JSON
 * @board: that no host has now
 * @end: why
 */
void flash_cli_virtual_tell_detached (gboolean is_json, FlashUsbipBoard *board, FlashUsbipEnd end);

/**
 * flash_cli_virtual_tell_stage:
 * @is_json: whether as JSON
 * @board: that runs something else now
 */
void flash_cli_virtual_tell_stage (gboolean is_json, FlashUsbipBoard *board);

/* Says that everything that was asked for is there. */
void flash_cli_virtual_tell_ready (gboolean is_json);

G_END_DECLS
