/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a running job on a microcontroller, for the files that share it. Functions return
 * %TRUE, or %FALSE with @error set: of %FLASH_JOB_ERROR, %G_IO_ERROR_CANCELLED, or of a lower room,
 * which flash_mcu_run () adopts. Thread: worker. */
#pragma once

#include "flash-mcu-link.h"
#include "flash-mcu-news.h"
#include "flash-mcu-run.h"

G_BEGIN_DECLS

/* What is held in memory at once: as much as a file may have. A boot loader that names larger
 * sectors, or a larger flash to erase, is not believed. */
#define FLASH_MCU_MAX_BYTES FLASH_IMAGE_MAX_FILE

/**
 * FlashMcuRun:
 * @job: (transfer none): what to do
 * @cancellable: (transfer none) (nullable): ends it
 * @result: (transfer none): the books
 * @link: (transfer full): the connection
 * @news: (transfer full): what is told
 * @traits: what the chip wants respected
 * @flash_reading: how reading the flash went
 * @option_reading: how reading the option bytes went
 * @reading: which of the two is filled in by reading now
 * @options: (transfer full) (nullable): the option bytes, if they were read
 * @is_touched: whether something was sent that may have changed the chip
 * @was_blank: whether erasing was seen to have an effect
 */
typedef struct {
  const FlashMcuJob *job;
  GCancellable *cancellable;
  FlashMcuResult *result;
  FlashMcuLink *link;
  FlashMcuNews news;
  FlashChipTraits traits;
  FlashReading flash_reading;
  FlashReading option_reading;
  FlashReading *reading;
  GBytes *options;
  gboolean is_touched;
  gboolean was_blank;
} FlashMcuRun;

/* --- flash-mcu-io.c: blocks ----------------------------------------------------------------- */

/* Returns: (transfer none): the conversation with the boot loader, which speaks DfuSe. */
FlashDfuse *flash_mcu_get_dfuse (FlashMcuRun *self);
/* Returns: bytes of a block: what the job or the boot loader wants, a multiple of the granule. */
gsize flash_mcu_get_block_size (FlashMcuRun *self);
/* Reads a range block by block. A refusal is tried again, three times and from a clean start
 * (stm32-dfuse.md section 2.8), and noted in the run's reading. */
gboolean flash_mcu_read (FlashMcuRun *self, FlashActivity activity, guint32 address, guint8 *out,
                         gsize length, GError **error);
/* The same, as bytes. */
GBytes *flash_mcu_read_bytes (FlashMcuRun *self, FlashActivity activity, guint32 address,
                              gsize length, GError **error);
/* Writes to erased flash, block by block. Of a block that failed it is read whether it was taken:
 * only if it is still erased it is sent once more. */
gboolean flash_mcu_write (FlashMcuRun *self, guint32 address, GBytes *bytes, GError **error);
/* Erases one sector. */
gboolean
flash_mcu_erase_sector (FlashMcuRun *self, const FlashMemorySector *sector, GError **error);
/* Returns: whether all of @bytes are what erased flash reads as. */
gboolean flash_mcu_is_blank (FlashMcuRun *self, const guint8 *bytes, gsize length);

/* --- flash-mcu-evidence.c: what can be read, and why it is not as it should be -------------- */

/* Selects the flash and finds out whether it can be read. A boot loader that cannot read at all is
 * no failure here; one that refuses is. */
gboolean flash_mcu_probe (FlashMcuRun *self, GError **error);
/* Returns: whether the flash can be read. */
gboolean flash_mcu_can_read (FlashMcuRun *self);
/* Reads the option bytes, if the board has some and nobody has tried; the flash is selected
 * afterwards. Best effort. */
void flash_mcu_fetch_options (FlashMcuRun *self);
/* Returns: (transfer none) (nullable): the layout that fits the option bytes of this chip. */
const FlashOptionLayout *flash_mcu_find_option_layout (FlashMcuRun *self, GBytes *options);
/* Sets @error to what is behind the result's mismatch, or behind a refusal to be read, and keeps
 * the diagnosis. Returns: %FALSE */
gboolean flash_mcu_diagnose (FlashMcuRun *self, GError **error);
/* The option bytes refuse to be read: looks how the flash takes it, and sets @error to what is
 * behind it. Returns: %FALSE */
gboolean flash_mcu_fail_options (FlashMcuRun *self, GError **error);
/* Sets @error for a job that is to verify and cannot. Returns: %FALSE */
gboolean flash_mcu_fail_unreadable (FlashMcuRun *self, GError **error);
/* Takes @local_error, of erasing or writing at @address, and sets @error to what is behind it.
 * Returns: %FALSE */
gboolean flash_mcu_fail_request (FlashMcuRun *self, FlashJobError code, guint32 address,
                                 GError *local_error, GError **error);

/* --- flash-mcu-verify.c: reading back ------------------------------------------------------- */

/* A list of pieces that own their bytes. Returns: (element-type FlashMismatchPiece) */
GArray *flash_mcu_pieces_new (void);
/* Adds a piece; takes its own references. @before: (nullable). */
void flash_mcu_pieces_add (GArray *pieces, guint32 address, GBytes *expected, GBytes *before);
/* Reads all pieces from number @first on; those that are not as expected twice. Then
 * %FLASH_MISMATCH_NONE, or the result's mismatch says what is wrong with all of them. Fails only if
 * they cannot be read. */
gboolean flash_mcu_pieces_read (FlashMcuRun *self, GArray *pieces, guint first, GError **error);

/* --- The verbs ------------------------------------------------------------------------------ */

gboolean flash_mcu_program (FlashMcuRun *self, GError **error); /* flash-mcu-program.c */
gboolean flash_mcu_compare (FlashMcuRun *self, GError **error); /* flash-mcu-compare.c */
gboolean flash_mcu_read_range (FlashMcuRun *self, GError **error); /* flash-mcu-read.c */
gboolean flash_mcu_erase (FlashMcuRun *self, GError **error); /* flash-mcu-erase.c */
gboolean flash_mcu_write_options (FlashMcuRun *self, GError **error); /* flash-mcu-options.c */
gboolean flash_mcu_unprotect (FlashMcuRun *self, GError **error); /* flash-mcu-unprotect.c */
gboolean flash_mcu_plain (FlashMcuRun *self, GError **error); /* flash-mcu-plain.c */

/* --- flash-mcu-compare.c: the plan, and what is there --------------------------------------- */

/* Makes the result's plan. Fails if it must not be carried out. */
gboolean flash_mcu_make_plan (FlashMcuRun *self, GError **error);

/* --- flash-mcu-start.c ---------------------------------------------------------------------- */

/* Leaves the boot loader, for the program whose vector table is at @address, and sees what becomes
 * of it: the result says. That it cannot be started is no failure (section 2.7). */
gboolean flash_mcu_start (FlashMcuRun *self, guint32 address, GError **error);
/* Finds the first of @addresses at which the chip, which can be read, holds a program: sound and
 * aligned vectors that lead to something. Returns: whether there is one; @error is set only if the
 * board could not be asked. */
gboolean flash_mcu_find_program (FlashMcuRun *self, const guint32 *addresses, guint n_addresses,
                                 guint32 *out_address, GError **error);
/* Starts what was programmed, or, if that is no program, what the chip starts from; if there is
 * none either, the board stays in its boot loader, with a warning. */
gboolean flash_mcu_start_plan (FlashMcuRun *self, GError **error);

/* What has to be known of a board that was opened, or has returned. */
/**
 * flash_mcu_wait_reset:
 *
 * Waits for a chip that resets itself because of what it was given. One that does not come back has
 * taken it, and runs its program: BOOT0 was low.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR_RESET_INTO_PROGRAM, others as
 *   flash_mcu_link_wait_return ())
 */
gboolean flash_mcu_wait_reset (FlashMcuRun *self, const FlashPortWait *wait, GError **error);

void flash_mcu_look (FlashMcuRun *self); /* flash-mcu-run.c */

G_END_DECLS
