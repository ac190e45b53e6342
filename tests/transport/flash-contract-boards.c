/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is promised of boards on their ports: opening, leaving, coming back. */
#define G_LOG_DOMAIN "flash-contract-boards"

#include "config.h"

#include "flash-contract-private.h"

#include "flash-bytes.h"

#include <string.h>

#define DEVICE_LENGTH 18
#define N_PLUGS 3

static int
open_board (FlashBoard *board, FlashTransport **out_transport)
{
  GError *error = NULL;
  FlashTransport *transport = flash_board_open (board, &error);

  if (transport == NULL)
    return contract_take_code (error);
  g_assert_no_error (error);
  *out_transport = transport;
  return CONTRACT_OK;
}

static void
assert_no_call_works (FlashTransport *transport, int code)
{
  const guint8 out = 0;
  guint8 in = 0xa5;
  gsize length = G_MAXSIZE;
  GError *error = NULL;

  g_assert_false (flash_transport_control_out (transport, FLASH_USB_TYPE_CLASS | 1,
                                               FLASH_DFU_REQUEST_ABORT, 0, 0, &out, 0,
                                               CONTRACT_TIMEOUT_MS, &error));
  g_assert_cmpint (contract_take_code (error), ==, code);
  error = NULL;
  g_assert_false (flash_transport_control_in (transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR,
                                              0x0100, 0, &in, 1, &length, CONTRACT_TIMEOUT_MS,
                                              &error));
  g_assert_cmpint (contract_take_code (error), ==, code);
  error = NULL;
  g_assert_false (flash_transport_set_alternate (transport, 0, 0, CONTRACT_TIMEOUT_MS, &error));
  g_assert_cmpint (contract_take_code (error), ==, code);
  g_assert_cmpuint (in, ==, 0xa5);
  g_assert_cmpuint (length, ==, G_MAXSIZE);
}

/* --- Opening and closing -------------------------------------------------------------------- */

static void
check_close (Contract *self)
{
  FlashTransport *transport = self->transport;

  flash_transport_close (transport);
  assert_no_call_works (transport, CONTRACT_CODE (NOT_OPEN));
  flash_transport_close (transport);
  assert_no_call_works (transport, CONTRACT_CODE (NOT_OPEN));

  /* And again from the start, as often as one likes. */
  for (guint i = 0; i < 3; i++) {
    g_autoptr (FlashTransport) again = contract_open (self, self->ports[0]);

    contract_assert_works (again);
  }
}

/* A reset leaves the same device, in the middle of whatever it was, or brings another one. */
static void
check_reset (Contract *self)
{
  GError *error = NULL;
  int code;

  g_assert_true (flash_transport_reset (self->transport, &error));
  g_assert_no_error (error);
  code = contract_ask (self->transport, CONTRACT_TIMEOUT_MS);
  if (code == CONTRACT_OK)
    contract_assert_works (self->transport);
  else
    g_assert_cmpint (code, ==, CONTRACT_CODE (GONE));

  flash_transport_close (self->transport);
  g_assert_false (flash_transport_reset (self->transport, &error));
  g_assert_cmpint (contract_take_code (error), ==, CONTRACT_CODE (NOT_OPEN));
}

/* To reset what has left is no error: it is what a reset may do anyway. */
static void
check_reset_gone (Contract *self)
{
  GError *error = NULL;

  self->world->set_plugged (self->world, self->ports[0], FALSE);
  contract_wait_empty (self, self->ports[0]);
  g_assert_true (flash_transport_reset (self->transport, &error));
  g_assert_no_error (error);
  g_assert_cmpint (contract_ask (self->transport, CONTRACT_TIMEOUT_MS), ==, CONTRACT_CODE (GONE));
}

static void
check_second_open (Contract *self)
{
  g_autoptr (FlashBoard) board = contract_wait_board (self, self->ports[0], 0);
  FlashTransport *untouched = self->transport, *transport = untouched;

  for (guint i = 0; i < 2; i++) {
    g_assert_cmpint (open_board (board, &transport), ==, CONTRACT_CODE (BUSY));
    g_assert_true (transport == untouched);
    contract_assert_works (self->transport);
  }
  flash_transport_close (self->transport);
  g_assert_cmpint (open_board (board, &transport), ==, CONTRACT_OK);
  contract_assert_works (transport);
  g_object_unref (transport);
}

static void
check_two_boards (Contract *self)
{
  g_autoptr (FlashTransport) other = contract_open (self, self->ports[1]);

  g_assert_cmpstr (self->ports[0], !=, self->ports[1]);
  g_assert_cmpint (contract_ask_until (self, CONTRACT_TIMEOUT_MS), ==, CONTRACT_CODE (STALL));
  contract_assert_works (other);
  contract_assert_works (self->transport);
  self->world->set_plugged (self->world, self->ports[0], FALSE);
  contract_wait_empty (self, self->ports[0]);
  contract_assert_works (other);
  assert_no_call_works (self->transport, CONTRACT_CODE (GONE));
}

/* --- What it says --------------------------------------------------------------------------- */

static char *
read_text (FlashTransport *transport, guint8 index)
{
  guint8 data[255];
  gsize length;
  gunichar2 units[128] = { 0 };

  g_assert_cmpint (contract_get (transport, FLASH_USB_DESCRIPTOR_STRING, index, data, sizeof data,
                                 &length, CONTRACT_TIMEOUT_MS),
                   ==, CONTRACT_OK);
  g_assert_cmpuint (data[0], ==, length);
  for (gsize i = 2; i < length; i += 2)
    units[i / 2 - 1] = flash_get_le16 (data + i);
  return g_utf16_to_utf8 (units, -1, NULL, NULL, NULL);
}

static void
check_descriptors (Contract *self)
{
  g_autoptr (FlashBoard) board = contract_wait_board (self, self->ports[0], 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashDescriptors) live =
      flash_descriptors_read (self->transport, CONTRACT_TIMEOUT_MS, &error);
  FlashDescriptors *known = flash_board_get_descriptors (board);
  guint8 device[DEVICE_LENGTH];
  g_autofree char *product = NULL;
  g_autofree char *serial = NULL;
  gsize length;

  g_assert_no_error (error);
  g_assert_nonnull (known);
  g_assert_cmpint (contract_get (self->transport, FLASH_USB_DESCRIPTOR_DEVICE, 0, device,
                                 sizeof device, &length, CONTRACT_TIMEOUT_MS),
                   ==, CONTRACT_OK);
  product = read_text (self->transport, device[15]);
  serial = read_text (self->transport, device[16]);
  g_assert_cmpuint (live->vid, ==, flash_get_le16 (device + 8));
  g_assert_cmpuint (live->pid, ==, flash_get_le16 (device + 10));
  g_assert_cmpuint (live->bcd_device, ==, flash_get_le16 (device + 12));
  g_assert_cmpstr (live->product, ==, product);
  g_assert_cmpstr (live->serial, ==, serial);
  g_assert_true (live->has_functional);
  g_assert_cmpuint (live->transfer_size, >, 0);

  /* Another program may have asked first, but the answers were the same. */
  g_assert_cmpuint (known->vid, ==, live->vid);
  g_assert_cmpuint (known->pid, ==, live->pid);
  g_assert_cmpstr (known->serial, ==, live->serial);
  g_assert_cmpstr (known->product, ==, live->product);
  g_assert_cmpuint (known->alternates->len, ==, live->alternates->len);
  g_assert_cmpuint (known->transfer_size, ==, live->transfer_size);
  for (guint i = 0; i < live->alternates->len; i++)
    g_assert_nonnull (((FlashAlternate *) g_ptr_array_index (live->alternates, i))->name);
  g_assert_cmpstr (flash_speed_get_name (flash_board_get_speed (board)), ==, "high");
  g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_OK);
}

static void
check_full_speed (Contract *self)
{
  g_autoptr (FlashBoard) board = contract_wait_board (self, self->ports[0], 0);

  g_assert_cmpstr (flash_speed_get_name (flash_board_get_speed (board)), ==, "full");
}

/* --- Leaving and coming back ---------------------------------------------------------------- */

static void
check_gone_between (Contract *self)
{
  g_autoptr (FlashBoard) board = contract_wait_board (self, self->ports[0], 0);
  FlashTransport *untouched = self->transport, *transport = untouched;

  contract_assert_works (self->transport);
  self->world->set_plugged (self->world, self->ports[0], FALSE);
  contract_wait_empty (self, self->ports[0]);
  assert_no_call_works (self->transport, CONTRACT_CODE (GONE));
  assert_no_call_works (self->transport, CONTRACT_CODE (GONE));
  g_assert_cmpint (open_board (board, &transport), ==, CONTRACT_CODE (GONE));
  g_assert_true (transport == untouched);
  flash_transport_close (self->transport);
  assert_no_call_works (self->transport, CONTRACT_CODE (NOT_OPEN));
}

static void
check_gone_during (Contract *self)
{
  g_autoptr (FlashBoard) board = contract_wait_board (self, self->ports[0], 0);
  FlashTransport *transport = NULL;

  g_assert_cmpint (contract_ask_until (self, CONTRACT_TIMEOUT_MS), ==, CONTRACT_CODE (GONE));
  assert_no_call_works (self->transport, CONTRACT_CODE (GONE));
  contract_wait_empty (self, self->ports[0]);
  g_assert_cmpint (open_board (board, &transport), ==, CONTRACT_CODE (GONE));
}

/* A transport of the board that was there does not become one of the board that is there now. */
static void
assert_new (Contract *self, FlashBoard *board, FlashBoard *new_board)
{
  g_autoptr (FlashTransport) transport = NULL;
  FlashTransport *stale = NULL;

  g_assert_cmpstr (flash_board_get_port (new_board), ==, flash_board_get_port (board));
  g_assert_cmpstr (flash_board_get_id (new_board), ==, flash_board_get_id (board));
  g_assert_cmpuint (flash_board_get_generation (new_board), !=, flash_board_get_generation (board));
  assert_no_call_works (self->transport, CONTRACT_CODE (GONE));
  g_assert_cmpint (open_board (board, &stale), ==, CONTRACT_CODE (GONE));

  g_assert_cmpint (open_board (new_board, &transport), ==, CONTRACT_OK);
  contract_assert_works (transport);
  assert_no_call_works (self->transport, CONTRACT_CODE (GONE));
  flash_transport_close (self->transport);
  contract_assert_works (transport);
  g_set_object (&self->transport, transport);
}

static void
check_return_by_itself (Contract *self)
{
  g_autoptr (FlashBoard) board = contract_wait_board (self, self->ports[0], 0);
  g_autoptr (FlashBoard) new_board = NULL;

  g_assert_cmpint (contract_ask_until (self, CONTRACT_TIMEOUT_MS), ==, CONTRACT_CODE (GONE));
  new_board = contract_wait_board (self, self->ports[0], flash_board_get_generation (board));
  assert_new (self, board, new_board);
}

static void
check_restart (Contract *self)
{
  g_autoptr (FlashBoard) board = contract_wait_board (self, self->ports[0], 0);
  g_autoptr (FlashBoard) new_board = NULL;

  self->world->restart (self->world, self->ports[0]);
  new_board = contract_wait_board (self, self->ports[0], flash_board_get_generation (board));
  assert_new (self, board, new_board);
}

static void
check_plugs (Contract *self)
{
  g_autoptr (FlashBoard) board = contract_wait_board (self, self->ports[0], 0);

  for (guint i = 0; i < N_PLUGS; i++) {
    FlashBoard *new_board;

    self->world->set_plugged (self->world, self->ports[0], FALSE);
    contract_wait_empty (self, self->ports[0]);
    self->world->set_plugged (self->world, self->ports[0], TRUE);
    new_board = contract_wait_board (self, self->ports[0], flash_board_get_generation (board));
    assert_new (self, board, new_board);
    g_object_unref (board);
    board = new_board;
  }
}

/* --- The list ------------------------------------------------------------------------------- */

static void
check_list (Contract *self)
{
  const char *port = self->ports[0];
  g_autoptr (FlashBoard) board = contract_wait_board (self, port, 0);
  guint64 generation = flash_board_get_generation (board);

  contract_wait_listed (self, port, generation);
  for (guint i = 0; i < N_PLUGS; i++) {
    g_autoptr (FlashBoard) new_board = NULL;

    self->world->set_plugged (self->world, port, FALSE);
    contract_wait_listed (self, port, 0);
    self->world->set_plugged (self->world, port, TRUE);
    new_board = contract_wait_board (self, port, generation);
    generation = flash_board_get_generation (new_board);
    contract_wait_listed (self, port, generation);
  }
}

static void
check_unknown_ports (Contract *self)
{
  static const char *const ports[] = { "", "9-9", "1-", "../1-1", "1-1.9.9", "nonsense" };

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    g_assert_null (flash_provider_peek_port (self->world->provider, ports[i]));
}

const ContractPromise contract_board_promises[] = {
  { "close", { CONTRACT_ROM }, check_close },
  { "reset", { CONTRACT_ROM }, check_reset },
  { "reset-gone", { CONTRACT_PLAIN }, check_reset_gone },
  { "second-open", { CONTRACT_ROM }, check_second_open },
  /* The id differs from those above: the same id may be the same board. */
  { "two-boards", { CONTRACT_ROM ",fault=stall@310", CONTRACT_PLAIN }, check_two_boards },
  { "descriptors", { CONTRACT_ROM }, check_descriptors },
  { "full-speed", { CONTRACT_ROM ",speed=full" }, check_full_speed },
  { "gone-between", { CONTRACT_ROM }, check_gone_between },
  { "gone-during", { CONTRACT_ROM ",fault=unplug@" CONTRACT_AT }, check_gone_during },
  { "return-by-itself", { CONTRACT_ROM ",fault=replug@" CONTRACT_AT }, check_return_by_itself },
  { "restart", { CONTRACT_ROM }, check_restart },
  { "plugs", { CONTRACT_ROM }, check_plugs },
  { "list", { CONTRACT_PLAIN }, check_list },
  { "unknown-ports", { CONTRACT_ROM }, check_unknown_ports },
  { NULL },
};
