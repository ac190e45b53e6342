/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board as it stands on its port at one moment, between two enumerations. Providers make
 * them; a board that comes back is a new object with the same port.
 *
 * Immutable, so it may be handed to any thread. Only flash_board_open () does anything, and it
 * belongs to a worker. */
#pragma once

#include "flash-descriptors.h"

G_BEGIN_DECLS

typedef enum {
  FLASH_SPEED_UNKNOWN,
  FLASH_SPEED_LOW,
  FLASH_SPEED_FULL,
  FLASH_SPEED_HIGH,
  FLASH_SPEED_SUPER,
} FlashSpeed;

/* Returns: (transfer none): `unknown`, `low`, `full`, `high` or `super`, as in the JSON contract.
 */
const char *flash_speed_get_name (FlashSpeed speed);

/**
 * FlashAccess:
 * @FLASH_ACCESS_OK: it can be opened
 * @FLASH_ACCESS_NO_PERMISSION: this user may not open it
 * @FLASH_ACCESS_BUSY: another program or driver holds it
 * @FLASH_ACCESS_SILENT: it is on the bus and does not answer
 */
typedef enum {
  FLASH_ACCESS_OK,
  FLASH_ACCESS_NO_PERMISSION,
  FLASH_ACCESS_BUSY,
  FLASH_ACCESS_SILENT,
} FlashAccess;

/* Returns: (transfer none): `ok`, `no-permission`, `busy` or `silent`. */
const char *flash_access_get_name (FlashAccess access);

/**
 * FlashHub:
 * @port: its own port path
 * @name: (nullable): what it calls itself
 * @vid: idVendor
 * @pid: idProduct
 * @speed: speed of its link towards the computer
 *
 * A hub between the computer and a board.
 */
typedef struct {
  char *port;
  char *name;
  guint16 vid;
  guint16 pid;
  FlashSpeed speed;
} FlashHub;

void flash_hub_free (FlashHub *self);

#define FLASH_TYPE_BOARD (flash_board_get_type ())
G_DECLARE_DERIVABLE_TYPE (FlashBoard, flash_board, FLASH, BOARD, GObject)

struct _FlashBoardClass {
  GObjectClass parent_class;

  FlashTransport *(*open) (FlashBoard *self, GError **error);
  gboolean (*power_cycle) (FlashBoard *self, GError **error);

  gpointer padding[4];
};

/* Returns: (transfer none): how the command line names it, e.g. `usb:1-2.3`. */
const char *flash_board_get_id (FlashBoard *self);
/* Returns: (transfer none): the port path, e.g. `1-2.3`; it stays while the board re-enumerates. */
const char *flash_board_get_port (FlashBoard *self);
/* Returns: a number that differs for each enumeration on this port. */
guint64 flash_board_get_generation (FlashBoard *self);
FlashSpeed flash_board_get_speed (FlashBoard *self);
FlashAccess flash_board_get_access (FlashBoard *self);
/* Returns: (transfer none) (nullable): in English, which right is missing or who holds it; %NULL if
 * there is no more to say than flash_board_get_access () does. */
const char *flash_board_get_access_detail (FlashBoard *self);
gboolean flash_board_is_virtual (FlashBoard *self);
/* Returns: (transfer none) (nullable): what it said when it was seen; %NULL if it said nothing. */
FlashDescriptors *flash_board_get_descriptors (FlashBoard *self);
/* Returns: (transfer none) (nullable) (element-type FlashHub): the hubs on the way to it, from the
 * computer on; %NULL or empty if there is none. */
GPtrArray *flash_board_get_hubs (FlashBoard *self);

/**
 * flash_board_open:
 *
 * Opens the device and claims its interface. Blocks. Thread: worker.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_TRANSPORT_ERROR)
 */
FlashTransport *flash_board_open (FlashBoard *self, GError **error);

/* Returns: whether this program can switch the board off and on (a virtual one, or a hub that
 * switches its ports). */
gboolean flash_board_can_power_cycle (FlashBoard *self);

/**
 * flash_board_power_cycle:
 *
 * Switches the board off and on, back into its ROM. Thread: any, but not while it is open.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR)
 */
gboolean flash_board_power_cycle (FlashBoard *self, GError **error);

G_END_DECLS
