/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A check of one promise: it runs on a thread of its own, as a worker, while the main thread goes
 * on with its loop. */
#pragma once

#include "flash-clock.h"
#include "flash-contract.h"
#include "flash-dfu-defs.h"

G_BEGIN_DECLS

/* For answers that come at once, on however slow a machine. */
#define CONTRACT_TIMEOUT_MS 5000
/* For answers that never come; a machine under load still answers the others in this time. */
#define CONTRACT_SHORT_MS 1000

/* Faults come at this request of a board: late enough that nobody but the check can meet it, who
 * asks until it comes. */
#define CONTRACT_AT "300"
#define CONTRACT_MAX_REQUESTS 600

/**
 * Contract:
 * @ports: of the boards of this check
 * @transport: the first board, open
 * @clock: real time
 */
typedef struct {
  FlashContractWorld *world;
  char **ports;
  FlashTransport *transport;
  FlashClock *clock;
} Contract;

typedef void (*ContractCheck) (Contract *self);

/**
 * ContractPromise:
 * @name: name of the test
 * @ids: (array zero-terminated=1): the boards that it needs
 * @check: the check
 */
typedef struct {
  const char *name;
  const char *ids[3];
  ContractCheck check;
} ContractPromise;

#define CONTRACT_ROM "virtual:stm32mp157"
#define CONTRACT_PLAIN "virtual:dfu"

/* Ended by a promise without a name. */
extern const ContractPromise contract_transfer_promises[];
extern const ContractPromise contract_board_promises[];

/* Waits until a board other than that of @not_generation is on the port. */
FlashBoard *contract_wait_board (Contract *self, const char *port, guint64 not_generation);
void contract_wait_empty (Contract *self, const char *port);
/* Waits until the list shows the board of @generation on the port, or none if that is 0. */
void contract_wait_listed (Contract *self, const char *port, guint64 generation);
FlashTransport *contract_open (Contract *self, const char *port);

/* GET_DESCRIPTOR. Returns 0, or a FlashTransportError + 1. */
int contract_get (FlashTransport *transport, guint8 type, guint8 index, guint8 *out_data,
                  gsize length, gsize *out_length, guint timeout_ms);
#define CONTRACT_OK 0
#define CONTRACT_CODE(name) (FLASH_TRANSPORT_ERROR_##name + 1)
/* The code of @error, which must be ours. Takes the error. */
int contract_take_code (GError *error);

/* The first eight bytes of the device descriptor: a request that any device answers at once. */
int contract_ask (FlashTransport *transport, guint timeout_ms);
/* The same until something else happens; returns that. */
int contract_ask_until (Contract *self, guint timeout_ms);
void contract_assert_works (FlashTransport *transport);

G_END_DECLS
