/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Firmware files made to measure, and virtual microcontrollers to take them. Thread: main. */
#pragma once

#include "flash-app-test.h"

G_BEGIN_DECLS

/* Where the flash of every board of these tests begins. */
#define FLASH_FIRMWARE_BENCH_START 0x08000000u

/**
 * flash_firmware_bench_make:
 * @address: what its vectors are made for
 * @size: in bytes, at least 0x204
 * @seed: another one gives other bytes
 *
 * Returns: (transfer full): a program that every chip would start
 */
GBytes *flash_firmware_bench_make (guint32 address, gsize size, guint32 seed);

/**
 * FlashFirmwarePiece:
 * @address: of the first byte
 * @bytes: what belongs there; %NULL ends a list
 */
typedef struct {
  guint32 address;
  GBytes *bytes;
} FlashFirmwarePiece;

/**
 * flash_firmware_bench_write_hex:
 * @name: of the file in the folder of the fixture
 * @pieces: (array zero-terminated=1): what is in it
 *
 * Writes an Intel HEX file.
 *
 * Returns: (transfer full) (type filename): its path
 */
char *flash_firmware_bench_write_hex (FlashAppFixture *fixture, const char *name,
                                      const FlashFirmwarePiece *pieces);

/* Writes a HEX file of one program at the beginning of the flash. Returns: (transfer full): its
 * path. */
char *flash_firmware_bench_write_program (FlashAppFixture *fixture, const char *name, gsize size,
                                          guint32 seed);

/* Opens the file at @path, which must be firmware, and waits until it is shown. */
void flash_firmware_bench_open (FlashAppFixture *fixture, const char *path);

/**
 * flash_firmware_bench_choose:
 * @model: a virtual board
 * @keys: (nullable): further keys, such as `latency=200`
 *
 * Makes that board with its memories in the fixture's folder, and presses its row.
 *
 * Returns: (transfer none): its entry
 */
FlashBoardEntry *
flash_firmware_bench_choose (FlashAppFixture *fixture, const char *model, const char *keys);

/* Presses Flash and waits until the result is shown: a quick board is ready before its job was seen
 * to run. */
void flash_firmware_bench_flash (FlashAppFixture *fixture);

/* Fails the test unless @bytes lie in the flash of that board at @offset. */
void flash_firmware_bench_assert_stored (FlashAppFixture *fixture, const char *model, gsize offset,
                                         GBytes *bytes);

/* Puts @bytes into the flash at @offset, which is as large as @size; before the board is made. */
void flash_firmware_bench_store (FlashAppFixture *fixture, const char *model, gsize size,
                                 gsize offset, GBytes *bytes);

/* Returns: whether a label with that text is on the screen. */
gboolean flash_firmware_bench_says (FlashAppFixture *fixture, const char *text);

G_END_DECLS
