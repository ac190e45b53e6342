/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script for FlashDfuse: the words of stm32-dfuse.md section 2 as rows of a table. */
#pragma once

#include "flash-dfu-device.h"
#include "flash-dfuse.h"
#include "flash-script-transport.h"

G_BEGIN_DECLS

#define SELECT FLASH_SCRIPT_SELECT
#define DNLOAD FLASH_DFU_REQUEST_DNLOAD
#define UPLOAD FLASH_DFU_REQUEST_UPLOAD
#define STATUS FLASH_DFU_REQUEST_GETSTATUS
#define CLEAR FLASH_DFU_REQUEST_CLRSTATUS
#define ABORT FLASH_DFU_REQUEST_ABORT
#define END FLASH_EXCHANGE_END
#define ROW(...)                                                                                   \
  {                                                                                                \
    __VA_ARGS__                                                                                    \
  }

/* Answers to GETSTATUS: status, three bytes of time, state, string. */
#define SAYS(digits) ROW (STATUS, 0, 6, digits)
#define SAYS_WITHIN(digits, ms) ROW (STATUS, 0, 6, digits, .timeout_ms = ms)
#define IDLE SAYS ("000000000200")
#define BUSY SAYS ("000000000400")
#define READY SAYS ("000000000500")
#define READING SAYS ("000000000900")
#define SILENCE(code) ROW (STATUS, 0, 6, NULL, TRUE, FLASH_TRANSPORT_ERROR_##code)
#define FAILS(request, value, length, code)                                                        \
  ROW (request, value, length, NULL, TRUE, FLASH_TRANSPORT_ERROR_##code)

/* A command with its address, least byte first. */
#define POINT(digits) ROW (DNLOAD, 0, 5, .sent = "21" digits)
#define ERASE(digits) ROW (DNLOAD, 0, 5, .sent = "41" digits)
#define SEND(block, digits) ROW (DNLOAD, block, (sizeof digits - 1) / 2, .sent = digits)
/* With all that belongs to it. */
#define POINTED(digits) POINT (digits), BUSY, READY
#define SENT(block, digits) SEND (block, digits), BUSY, READY
#define ABORTED ROW (ABORT), IDLE
#define GIVES(block, length, digits) ROW (UPLOAD, block, length, digits)

#define BACK_TO_IDLE(digits) SAYS (digits), ROW (CLEAR), IDLE
/* An error by domain and code. */
#define DFU(code) FLASH_DFU_ERROR, FLASH_DFU_ERROR_##code
#define USB(code) FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_##code

/* The bytes of flash_dfuse_bench_write () and flash_dfuse_bench_read (). */
#define FIRST "0011223344556677"
#define SECOND "8899aabbccddeeff"
#define TAIL "01020304"
#define FLASH_DFUSE_BENCH_N_BYTES 20

typedef struct {
  FlashTransport *transport;
  FlashClock *clock;
  GCancellable *cancellable;
  FlashDfuse *dfuse;
  GError *error;
} FlashDfuseBench;

typedef void (*FlashDfuseRun) (FlashDfuseBench *bench);

/**
 * FlashDfuseCase:
 * @name: name of the test
 * @run: what is done
 * @device: (nullable): by whom; %NULL for a ROM with blocks of 8 bytes
 * @script: what is to be said, and answered
 */
typedef struct {
  const char *name;
  FlashDfuseRun run;
  const FlashDfuDevice *device;
  const FlashExchange *script;
} FlashDfuseCase;

/* Adds them as `/dfuse/…`. A script is to be played to its end, and an error to be one that the
 * case has looked at. */
void flash_dfuse_bench_add_cases (const FlashDfuseCase *cases, guint n_cases);

/* Writes a part of %FIRST, %SECOND and %TAIL, which has to work. */
void flash_dfuse_bench_write (FlashDfuseBench *bench, guint32 address, gsize from, gsize length);
/* Reads that part, and has to get it. */
void flash_dfuse_bench_read (FlashDfuseBench *bench, guint32 address, gsize from, gsize length);
/* Writes the first two blocks to the start of the flash, which has to fail by that error. */
void
flash_dfuse_bench_write_fails (FlashDfuseBench *bench, GQuark domain, gint code, const char *begin);

/* Milliseconds that have passed. */
guint flash_dfuse_bench_get_ms (FlashDfuseBench *bench);
/* The error of that domain and code, whose message begins like this; takes it away. */
void
flash_dfuse_bench_take_error (FlashDfuseBench *bench, GQuark domain, gint code, const char *begin);

G_END_DECLS
