/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programming in the order of stm32-dfuse.md section 5.2: the sector with the vectors is erased
 * first and the vectors themselves are written last, after all the rest was read back. Where
 * several programs begin that holds for each of them, the one that the chip starts from being the
 * first and the last. Whenever it is cut off in between, the chip has no vectors, and so no half
 * program to start.
 *
 * Thread: worker. */
#define G_LOG_DOMAIN "flash-mcu-program"

#include "config.h"

#include "flash-mcu-journal.h"
#include "flash-mcu-prepare.h"

/* What a usual board does in a second (section 5.3), as weights. */
#define READ_BYTES_PER_S 400e3
#define ERASE_BYTES_PER_S 60e3
#define WRITE_BYTES_PER_S 50e3
#define STEP_S 0.1

/**
 * Program:
 * @prepared: what there is to do
 * @pieces: (owned): what was written and is to be read back
 */
typedef struct {
  FlashMcuRun *run;
  FlashMcuPrepared *prepared;
  GArray *pieces;
} Program;

static const FlashFirmwareTodo *
get_todo (FlashFirmwareWork *work, guint index)
{
  return g_ptr_array_index (work->todos, index);
}

static void
expect_steps (FlashMcuRun *run)
{
  const FlashFirmwarePlan *plan = run->result->plan;
  double size = (double) plan->size;
  double sector_size = (double) flash_firmware_plan_get_sector_bytes (plan);
  guint64 sector_bytes = flash_firmware_plan_get_sector_bytes (plan);

  flash_mcu_news_expect (&run->news, FLASH_MCU_STEP_COMPARE,
                         sector_size / READ_BYTES_PER_S + STEP_S, sector_bytes);
  flash_mcu_news_expect (&run->news, FLASH_MCU_STEP_ERASE, sector_size / ERASE_BYTES_PER_S + STEP_S,
                         sector_bytes);
  flash_mcu_news_expect (&run->news, FLASH_MCU_STEP_WRITE, size / WRITE_BYTES_PER_S + STEP_S,
                         plan->size);
  if (run->job->verifies)
    flash_mcu_news_expect (&run->news, FLASH_MCU_STEP_VERIFY,
                           sector_size / READ_BYTES_PER_S + STEP_S, sector_bytes);
  if (run->job->starts)
    flash_mcu_news_expect (&run->news, FLASH_MCU_STEP_START, STEP_S, 0);
}

/* By now it is known how much there really is to do. */
static void
correct_steps (Program *self)
{
  FlashFirmwareWork *work = self->prepared->work;
  guint64 erased = 0;

  for (guint i = 0; i < work->erase_order->len; i++)
    erased += get_todo (work, g_array_index (work->erase_order, guint, i))->sector.size;
  flash_mcu_news_correct (&self->run->news, FLASH_MCU_STEP_ERASE, erased);
  flash_mcu_news_correct (&self->run->news, FLASH_MCU_STEP_WRITE,
                          flash_firmware_work_get_size (work));
  if (self->run->job->verifies)
    flash_mcu_news_correct (&self->run->news, FLASH_MCU_STEP_VERIFY, erased);
}

/* --- Erasing -------------------------------------------------------------------------------- */

/* Looks at a place of a sector that was not blank before. Write protection and half-hearted boot
 * loaders give no error: nothing else will tell, and so far little is lost. */
static gboolean
check_blank (Program *self, guint index, GError **error)
{
  FlashMcuRun *run = self->run;
  const FlashMemorySector *sector = &get_todo (self->prepared->work, index)->sector;
  GBytes *now = g_ptr_array_index (self->prepared->now, index);
  gsize block_size = MIN (flash_mcu_get_block_size (run), sector->size), at = 0;
  const guint8 *held = now != NULL ? g_bytes_get_data (now, NULL) : NULL;
  g_autoptr (GArray) pieces = flash_mcu_pieces_new ();
  g_autofree guint8 *erased = g_malloc (block_size);
  g_autoptr (GBytes) expected = NULL;
  g_autoptr (GBytes) before = NULL;

  while (held != NULL && at + block_size <= sector->size &&
         flash_mcu_is_blank (run, held + at, block_size))
    at += block_size;
  if (held == NULL || at + block_size > sector->size)
    return TRUE;
  memset (erased, run->traits.erased, block_size);
  expected = g_bytes_new_take (g_steal_pointer (&erased), block_size);
  before = g_bytes_new_from_bytes (now, at, block_size);
  flash_mcu_pieces_add (pieces, (guint32) (sector->address + at), expected, before);
  if (!flash_mcu_pieces_read (run, pieces, 0, error))
    return FALSE;
  if (run->result->mismatch.kind == FLASH_MISMATCH_NONE) {
    run->was_blank = TRUE;
    return TRUE;
  }
  /* It has erased nothing at all. */
  if (run->result->mismatch.kind == FLASH_MISMATCH_UNTOUCHED && run->result->n_erased == 1) {
    run->is_touched = FALSE;
    run->result->n_erased = 0;
  }
  return flash_mcu_diagnose (run, error);
}

static gboolean
save (Program *self, guint index, GError **error)
{
  FlashMcuPrepared *prepared = self->prepared;
  const FlashFirmwareTodo *todo = get_todo (prepared->work, index);
  GBytes *before = todo->n_kept > 0 ? g_ptr_array_index (prepared->before, index) : NULL;
  GError *local_error = NULL;

  if (prepared->journal == NULL ||
      flash_firmware_journal_save (prepared->journal, todo->sector.address, before, &local_error))
    return TRUE;
  return flash_mcu_journal_fail (local_error, error);
}

static gboolean
erase (Program *self, GError **error)
{
  FlashFirmwareWork *work = self->prepared->work;

  flash_mcu_news_begin (&self->run->news, FLASH_MCU_STEP_ERASE);
  for (guint i = 0; i < work->erase_order->len; i++) {
    guint index = g_array_index (work->erase_order, guint, i);

    if (!save (self, index, error) ||
        !flash_mcu_erase_sector (self->run, &get_todo (work, index)->sector, error) ||
        !check_blank (self, index, error))
      return FALSE;
  }
  return TRUE;
}

/* --- Writing -------------------------------------------------------------------------------- */

static gboolean
write_body (Program *self, GError **error)
{
  FlashFirmwareWork *work = self->prepared->work;

  flash_mcu_news_begin (&self->run->news, FLASH_MCU_STEP_WRITE);
  for (guint i = 0; i < work->extents->len; i++) {
    const FlashFirmwareExtent *extent = g_ptr_array_index (work->extents, i);

    if (!flash_mcu_write (self->run, extent->address, extent->bytes, error))
      return FALSE;
  }
  return TRUE;
}

/* --- Reading back --------------------------------------------------------------------------- */

static gboolean
check_pieces (Program *self, guint first, GError **error)
{
  if (!flash_mcu_pieces_read (self->run, self->pieces, first, error))
    return FALSE;
  if (self->run->result->mismatch.kind == FLASH_MISMATCH_NONE)
    return TRUE;
  if (self->run->result->mismatch.kind == FLASH_MISMATCH_UNTOUCHED)
    self->run->is_touched = FALSE;
  return flash_mcu_diagnose (self->run, error);
}

static gboolean
verify_body (Program *self, GError **error)
{
  FlashFirmwareWork *work = self->prepared->work;

  flash_mcu_news_begin (&self->run->news, FLASH_MCU_STEP_VERIFY);
  for (guint i = 0; i < work->todos->len; i++) {
    const FlashFirmwareTodo *todo = get_todo (work, i);
    g_autoptr (GBytes) expected = NULL;

    if (todo->target == NULL)
      continue;
    expected = flash_firmware_work_dup_body (work, i);
    flash_mcu_pieces_add (self->pieces, todo->sector.address, expected,
                          g_ptr_array_index (self->prepared->now, i));
  }
  return check_pieces (self, 0, error);
}

/* In the order of the work, the chip's own start last. Each is looked at before the next one: what
 * is whole may start. */
static gboolean
write_heads (Program *self, gboolean is_checked, GError **error)
{
  GPtrArray *heads = self->prepared->work->heads;

  for (guint i = 0; i < heads->len; i++) {
    const FlashFirmwareExtent *head = g_ptr_array_index (heads, i);

    if (!flash_mcu_write (self->run, head->address, head->bytes, error))
      return FALSE;
    if (!is_checked)
      continue;
    flash_mcu_pieces_add (self->pieces, head->address, head->bytes, NULL);
    if (!check_pieces (self, self->pieces->len - 1, error))
      return FALSE;
  }
  return TRUE;
}

/* --- The end -------------------------------------------------------------------------------- */

static void
keep_books (Program *self)
{
  FlashMcuResult *result = self->run->result;
  FlashFirmwareWork *work = self->prepared->work;

  for (guint i = 0; i < work->todos->len; i++)
    result->bytes_kept += get_todo (work, i)->target != NULL ? get_todo (work, i)->n_kept : 0;
  result->is_written = TRUE;
  result->state = FLASH_MCU_STATE_LOADER;
  flash_mcu_news_tell (&self->run->news, FLASH_EVENT_WRITTEN, FLASH_MCU_STEP_WRITE,
                       result->bytes_written);
}

/* The sectors that were read back, and those that were found to be right before. */
static void
keep_verified (FlashMcuRun *run, FlashMcuStep step)
{
  run->result->is_verified = TRUE;
  run->result->bytes_verified = run->result->plan->size;
  flash_mcu_news_begin (&run->news, step);
  flash_mcu_news_tell (&run->news, FLASH_EVENT_VERIFIED, step, run->result->bytes_verified);
}

/* From here on a repeated job finds what it needs on the chip. If that is not noted, it writes the
 * same once more. */
static void
mark_body (Program *self)
{
  FlashFirmwareWork *work = self->prepared->work;

  if (self->prepared->journal == NULL)
    return;
  for (guint i = 0; i < work->todos->len; i++)
    if (get_todo (work, i)->target != NULL && !flash_firmware_work_has_head (work, i))
      flash_mcu_journal_drop (self->prepared->journal, get_todo (work, i)->sector.address);
}

static gboolean
write_and_verify (Program *self, GError **error)
{
  FlashMcuRun *run = self->run;
  gboolean is_checked = run->job->verifies && flash_mcu_can_read (run);

  if (!erase (self, error) || !write_body (self, error))
    return FALSE;
  if (is_checked) {
    if (!verify_body (self, error))
      return FALSE;
    mark_body (self);
  }
  if (!write_heads (self, is_checked, error))
    return FALSE;
  keep_books (self);
  if (run->job->verifies && !is_checked)
    return flash_mcu_fail_unreadable (run, error);
  if (is_checked)
    keep_verified (run, FLASH_MCU_STEP_VERIFY);
  return TRUE;
}

static gboolean
carry_out (Program *self, GError **error)
{
  FlashMcuRun *run = self->run;

  if (self->prepared->work->erase_order->len == 0) {
    run->result->is_up_to_date = TRUE;
    run->result->is_written = TRUE;
    run->result->state = FLASH_MCU_STATE_LOADER;
    /* What was read to be compared is evidence enough. */
    keep_verified (run, run->job->verifies ? FLASH_MCU_STEP_VERIFY : FLASH_MCU_STEP_COMPARE);
    return TRUE;
  }
  correct_steps (self);
  return write_and_verify (self, error);
}

/* A job that could not erase anything needs nothing of what it has saved; what earlier ones have
 * saved stays. */
static void
take_back_saved (Program *self)
{
  FlashMcuPrepared *prepared = self->prepared;

  for (guint i = 0; prepared->work != NULL && i < prepared->work->todos->len; i++) {
    const FlashMemorySector *sector = &get_todo (prepared->work, i)->sector;
    g_autoptr (GBytes) saved =
        flash_firmware_journal_dup_saved (prepared->journal, sector->address);

    if (saved != NULL && g_ptr_array_index (prepared->saved, i) == NULL &&
        g_bytes_get_size (saved) == sector->size)
      flash_mcu_journal_drop (prepared->journal, sector->address);
  }
  flash_mcu_journal_finish_empty (prepared->journal);
}

static void
close_journal (Program *self, gboolean is_done)
{
  FlashFirmwareJournal *journal = self->prepared->journal;

  if (journal == NULL)
    return;
  if (is_done)
    flash_mcu_journal_settle (journal, self->run, self->run->result->plan);
  else if (!self->run->is_touched && !flash_firmware_journal_is_continued (journal))
    take_back_saved (self);
}

gboolean
flash_mcu_program (FlashMcuRun *run, GError **error)
{
  g_auto (FlashMcuPrepared) prepared = { 0 };
  g_autoptr (GArray) pieces = flash_mcu_pieces_new ();
  Program self = { run, &prepared, pieces };
  gboolean is_done;

  if (!flash_mcu_make_plan (run, error))
    return FALSE;
  expect_steps (run);
  if (!flash_mcu_probe (run, error))
    return FALSE;
  is_done = flash_mcu_prepare (&prepared, run, error) && carry_out (&self, error);
  close_journal (&self, is_done);
  if (!is_done)
    return FALSE;
  return !run->job->starts || flash_mcu_start_plan (run, error);
}
