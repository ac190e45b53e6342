/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may stand on a port instead of the board, and what boards do that no virtual one does. */
#include "config.h"

#include "flash-fake-board.h"
#include "flash-mp-run.h"
#include "flash-test-images.h"

#define OK .open_error = FLASH_FAKE_OK, .request_error = FLASH_FAKE_OK
#define SERIAL "003A00283338511234383330"
#define ROM_15 "DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000"
#define ROM_13 "DFU in HS Mode @Device ID /0x501, @Revision ID /0x1003"
#define ROM_25 "DFU in HS Mode @Device ID /0x505, @Revision ID /0x2000"
#define TFA_15 "DFU @Device ID /0x500, @Revision ID /0x2000, @Name /STM32MP157CAA Rev.B,"
#define TFA_25 "DFU @Device ID /0x505, @Revision ID /0x0011, @Name /STM32MP257FAI Rev.B,"
#define UBOOT_15                                                                                   \
  "USB download gadget@Device ID /0x500, @Revision ID /0x2000, @Name /STM32MP157CAA Rev.B,"
#define LOADER_NAMES                                                                               \
  .names = { "@FSBL /0x01/1*1Me", "@Partition3 /0x03/1*16Me", "@virtual /0xF1/1*512Ba" }
#define UBOOT_NAMES .names = { "@FlashLayout/0x00/1*256Ke", "@virtual/0xf1/1*512Be" }
#define STORAGE_NAMES .names = { "@first/0x10/1*16Ke", "@virtual/0xf1/1*512Be" }
#define RAM_NAMES .names = { "@kernel/0x10/1*16Me", "@virtual/0xf1/1*512Be" }

#define WANTS_FIP "03000000c700000000"
#define STAGE_END "00ffffffff0000000001"
#define WANTS_LAYOUT "00000000c20000000000"
#define HAS_LAYOUT "00000000c20000000001"
#define WANTS_FIRST "10ffffffff00000000"
#define DONE "feffffffff00000000"

#define FSBL_ROW "-\t0x01\tfsbl\tBinary\tnone\t0x0\tdata\n"
#define FIP_ROW "-\t0x03\tfip\tFIP\tnone\t0x0\tdata\n"
#define FIRST_ROW "P\t0x10\tfirst\tBinary\tmmc0\t0x4400\tdata\n"
#define KERNEL_ROW "P\t0x10\tkernel\tSystem\tram0\t0xC2000000\tdata\n"
#define WHOLE FSBL_ROW FIP_ROW FIRST_ROW

/* The same device as before; it answers nothing any more. */
#define SILENT                                                                                     \
  {                                                                                                \
    .product = TFA_15, LOADER_NAMES, .keeps_bus = TRUE, .open_error = FLASH_FAKE_OK,               \
    .request_error = FLASH_TRANSPORT_ERROR_TIMED_OUT                                               \
  }
#define UBOOT_SCENES                                                                               \
  {                                                                                                \
    .product = UBOOT_15, .serial = SERIAL, UBOOT_NAMES, .phases = { WANTS_LAYOUT, HAS_LAYOUT }, OK \
  },                                                                                               \
  {                                                                                                \
    .product = UBOOT_15, .serial = SERIAL, STORAGE_NAMES, .phases = { WANTS_FIRST, DONE },         \
    .gap_ms = 500, OK                                                                              \
  }

/**
 * Case:
 * @what: name of the case
 * @scenes: what stands on the port
 * @rows: the layout
 * @error: what the job says, -1 for nothing
 * @state: in which state it leaves the board
 * @is_started: whether it claims that the board was started
 * @within_s: how long it may take at most, on the virtual clock
 */
typedef struct {
  const char *what;
  FlashFakeScene scenes[5];
  const char *rows;
  gint error;
  FlashBoardState state;
  gboolean is_started;
  guint within_s;
} Case;

static const Case cases[] = {
  { "whole", { UBOOT_SCENES }, WHOLE, -1, FLASH_BOARD_FINISHED, FALSE, 5 },
  /* U-Boot's environment need not hold a serial number (stm32mp-usb.md section 1.4.1). */
  { "serial-missing-later",
    { { .product = UBOOT_15,
        .serial = SERIAL,
        UBOOT_NAMES,
        .phases = { WANTS_LAYOUT, HAS_LAYOUT },
        OK },
      { .product = UBOOT_15, STORAGE_NAMES, .phases = { WANTS_FIRST, DONE }, OK } },
    WHOLE,
    -1,
    FLASH_BOARD_FINISHED,
    FALSE,
    10 },
  { "serial-never",
    { { .product = UBOOT_15, UBOOT_NAMES, .phases = { WANTS_LAYOUT, HAS_LAYOUT }, OK },
      { .product = UBOOT_15, STORAGE_NAMES, .phases = { WANTS_FIRST, DONE }, OK } },
    WHOLE,
    -1,
    FLASH_BOARD_FINISHED,
    FALSE,
    5 },
  { "other-chip-returns",
    { { .product = UBOOT_15, UBOOT_NAMES, .phases = { WANTS_LAYOUT, HAS_LAYOUT }, OK },
      { .product = ROM_13, LOADER_NAMES, .phases = { "01" }, OK } },
    WHOLE,
    FLASH_JOB_ERROR_DIFFERENT_BOARD,
    FLASH_BOARD_AWAY,
    FALSE,
    70 },
  /* The board that was chosen is no longer the one on its port. */
  { "exchanged-before",
    { { .product = ROM_15, .serial = SERIAL, LOADER_NAMES, .phases = { "01" }, .lasts_ms = 1, OK },
      { .product = ROM_15, .serial = "00FF00FF3338511234383330", LOADER_NAMES, OK } },
    WHOLE,
    FLASH_JOB_ERROR_DIFFERENT_BOARD,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    15 },
  { "no-rights",
    { { .product = ROM_15,
        LOADER_NAMES,
        .open_error = FLASH_TRANSPORT_ERROR_NO_PERMISSION,
        .request_error = FLASH_FAKE_OK } },
    WHOLE,
    FLASH_JOB_ERROR_NO_PERMISSION,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    15 },
  { "rights-come-late",
    { { .product = UBOOT_15,
        .serial = SERIAL,
        UBOOT_NAMES,
        .lasts_ms = 900,
        .open_error = FLASH_TRANSPORT_ERROR_NO_PERMISSION,
        .request_error = FLASH_FAKE_OK },
      UBOOT_SCENES },
    WHOLE,
    -1,
    FLASH_BOARD_FINISHED,
    FALSE,
    10 },
  { "rights-come-late-to-a-late-board",
    { { .product = UBOOT_15,
        .serial = SERIAL,
        UBOOT_NAMES,
        .lasts_ms = 4000,
        .open_error = FLASH_TRANSPORT_ERROR_GONE,
        .request_error = FLASH_FAKE_OK },
      { .product = UBOOT_15,
        .serial = SERIAL,
        UBOOT_NAMES,
        .lasts_ms = 1500,
        .open_error = FLASH_TRANSPORT_ERROR_NO_PERMISSION,
        .request_error = FLASH_FAKE_OK },
      UBOOT_SCENES },
    WHOLE,
    -1,
    FLASH_BOARD_FINISHED,
    FALSE,
    20 },
  { "returns-without-rights",
    { { .product = UBOOT_15, UBOOT_NAMES, .phases = { WANTS_LAYOUT, HAS_LAYOUT }, OK },
      { .product = UBOOT_15,
        STORAGE_NAMES,
        .open_error = FLASH_TRANSPORT_ERROR_BUSY,
        .request_error = FLASH_FAKE_OK } },
    WHOLE,
    FLASH_JOB_ERROR_BUSY,
    FLASH_BOARD_NEEDS_RESET,
    FALSE,
    70 },
  { "silent",
    { { .product = ROM_15,
        LOADER_NAMES,
        .open_error = FLASH_FAKE_OK,
        .request_error = FLASH_TRANSPORT_ERROR_TIMED_OUT } },
    WHOLE,
    FLASH_JOB_ERROR_NO_ANSWER,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    15 },
  { "in-limbo",
    { { .product = "", LOADER_NAMES, OK } },
    WHOLE,
    FLASH_JOB_ERROR_BOARD_SILENT,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    25 },
  { "microcontroller",
    { { .product = "STM32  BOOTLOADER",
        .names = { "@Internal Flash  /0x08000000/04*016Kg" },
        OK } },
    WHOLE,
    FLASH_JOB_ERROR_NOT_STM32MP,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    1 },
  { "plain-u-boot",
    { { .product = "USB download gadget", .names = { "u-boot.itb" }, OK } },
    WHOLE,
    FLASH_JOB_ERROR_OTHER_BOOT_LOADER,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    1 },
  { "no-virtual-setting",
    { { .product = UBOOT_15, .names = { "@FlashLayout/0x00/1*256Ke" }, OK } },
    WHOLE,
    FLASH_JOB_ERROR_ALTERNATE_MISSING,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    1 },
  { "phase-cut-short",
    { { .product = UBOOT_15, UBOOT_NAMES, .phases = { "00000000" }, OK } },
    WHOLE,
    FLASH_JOB_ERROR_LINK,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    1 },
  /* A ROM whose virtual setting cannot be read (section 12): the first stage is sent all the same,
   * and an STM32MP15 that still answers a second later has refused it. */
  { "rom-without-phase",
    { { .product = ROM_15, LOADER_NAMES, OK } },
    WHOLE,
    FLASH_JOB_ERROR_FSBL_REFUSED,
    FLASH_BOARD_NEEDS_RESET,
    FALSE,
    5 },
  { "rom-idle-before-it-leaves",
    { { .product = ROM_15, LOADER_NAMES, .phases = { "01" }, .lasts_ms = 700, OK },
      { .product = TFA_15,
        LOADER_NAMES,
        .phases = { WANTS_FIP, STAGE_END },
        .keeps_bus = TRUE,
        OK },
      UBOOT_SCENES },
    WHOLE,
    -1,
    FLASH_BOARD_FINISHED,
    FALSE,
    10 },
  /* Never endless: whoever asks for nothing but to be sent away. */
  { "sent-away-for-ever",
    { { .product = TFA_25, LOADER_NAMES, .phases = { STAGE_END }, OK },
      { .product = TFA_25, LOADER_NAMES, .phases = { STAGE_END }, OK },
      { .product = TFA_25, LOADER_NAMES, .phases = { STAGE_END }, OK } },
    WHOLE,
    FLASH_JOB_ERROR_PHASE_STUCK,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    10 },
  { "never-leaves",
    { { .product = UBOOT_15,
        UBOOT_NAMES,
        .phases = { WANTS_LAYOUT, HAS_LAYOUT },
        .ignores_detach = TRUE,
        OK } },
    WHOLE,
    FLASH_JOB_ERROR_NEVER_CAME_BACK,
    FLASH_BOARD_NEEDS_RESET,
    FALSE,
    70 },
  { "stays-in-rom",
    { { .product = ROM_25,
        LOADER_NAMES,
        .phases = { "01", STAGE_END },
        .ignores_detach = TRUE,
        OK } },
    WHOLE,
    FLASH_JOB_ERROR_NEVER_CAME_BACK,
    FLASH_BOARD_NEEDS_RESET,
    FALSE,
    70 },
  /* A job that gave nothing has achieved nothing. */
  { "nothing-to-give",
    { { .product = UBOOT_15, UBOOT_NAMES, .phases = { WANTS_LAYOUT }, OK } },
    FSBL_ROW FIP_ROW,
    FLASH_JOB_ERROR_FOREIGN_SESSION,
    FLASH_BOARD_UNTOUCHED,
    FALSE,
    1 },
  /* An STM32MP15's ROM goes silent when it starts the first stage. For a program of one's own that
   * is all there is to see, unless it leaves the bus. */
  { "first-stage-alone-stays",
    { { .product = ROM_15, LOADER_NAMES, .phases = { "01" }, .lasts_ms = 2, OK }, SILENT },
    FSBL_ROW,
    -1,
    FLASH_BOARD_STARTED,
    FALSE,
    15 },
  { "first-stage-alone-leaves",
    { { .product = ROM_15, LOADER_NAMES, .phases = { "01" }, .lasts_ms = 2, OK } },
    FSBL_ROW,
    -1,
    FLASH_BOARD_STARTED,
    TRUE,
    15 },
  { "first-stage-dies",
    { { .product = ROM_15, LOADER_NAMES, .phases = { "01" }, .lasts_ms = 2, OK }, SILENT },
    WHOLE,
    FLASH_JOB_ERROR_FSBL_DID_NOT_START,
    FLASH_BOARD_NEEDS_RESET,
    FALSE,
    75 },
  /* To hang at the end of a partition is not to restart there. */
  { "hangs-at-partition-end",
    { { .product = UBOOT_15, UBOOT_NAMES, .phases = { WANTS_LAYOUT, HAS_LAYOUT }, OK },
      { .product = UBOOT_15, STORAGE_NAMES, .phases = { WANTS_FIRST }, .lasts_ms = 1, OK },
      SILENT },
    WHOLE,
    FLASH_JOB_ERROR_NO_ANSWER,
    FLASH_BOARD_NEEDS_RESET,
    FALSE,
    700 },
  { "lost-at-partition-end",
    { { .product = UBOOT_15, UBOOT_NAMES, .phases = { WANTS_LAYOUT, HAS_LAYOUT }, OK },
      { .product = UBOOT_15, STORAGE_NAMES, .phases = { WANTS_FIRST }, .lasts_ms = 1, OK } },
    WHOLE,
    FLASH_JOB_ERROR_LOST_AT_PARTITION_END,
    FLASH_BOARD_AWAY,
    FALSE,
    5 },
  /* A job that begins in TF-A has no use for the first stage, and does not wait for its turn. */
  { "boot-stages-from-the-second",
    { { .product = TFA_15, LOADER_NAMES, .phases = { WANTS_FIP, STAGE_END }, OK } },
    FSBL_ROW FIP_ROW,
    -1,
    FLASH_BOARD_STARTED,
    TRUE,
    10 },
  { "first-stage-is-u-boot",
    { { .product = ROM_15, LOADER_NAMES, .phases = { "01" }, .lasts_ms = 500, OK },
      { .product = UBOOT_15, UBOOT_NAMES, .phases = { WANTS_LAYOUT }, .keeps_bus = TRUE, OK } },
    FSBL_ROW FIP_ROW,
    -1,
    FLASH_BOARD_STARTED,
    TRUE,
    10 },
  { "kernel-starts",
    { { .product = UBOOT_15, UBOOT_NAMES, .phases = { WANTS_LAYOUT, HAS_LAYOUT }, OK },
      { .product = UBOOT_15, RAM_NAMES, .phases = { WANTS_FIRST, DONE }, OK } },
    FSBL_ROW FIP_ROW KERNEL_ROW,
    -1,
    FLASH_BOARD_STARTED,
    TRUE,
    10 },
  { "kernel-does-not-start",
    { { .product = UBOOT_15, UBOOT_NAMES, .phases = { WANTS_LAYOUT, HAS_LAYOUT }, OK },
      { .product = UBOOT_15,
        RAM_NAMES,
        .phases = { WANTS_FIRST, DONE },
        .ignores_detach = TRUE,
        OK } },
    FSBL_ROW FIP_ROW KERNEL_ROW,
    FLASH_JOB_ERROR_DID_NOT_START,
    FLASH_BOARD_FINISHED,
    FALSE,
    10 },
};

typedef struct {
  GCancellable *cancellable;
  guint n_finished;
  guint n_started;
  guint n_progress;
  guint cancel_at;
} Seen;

static void
on_event (FlashEvent *event, gpointer data)
{
  Seen *seen = data;

  g_test_message ("%s %s %s", flash_event_kind_get_name (event->kind), event->code, event->message);
  seen->n_finished += event->kind == FLASH_EVENT_FINISHED;
  seen->n_started += event->kind == FLASH_EVENT_STARTED;
}

static void
on_progress (const FlashSnapshot *snapshot, gpointer data)
{
  Seen *seen = data;

  if (++seen->n_progress == seen->cancel_at)
    g_cancellable_cancel (seen->cancellable);
}

static FlashPlan *
make_plan (const char *dir, const char *rows)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GBytes) text = g_bytes_new_static (rows, strlen (rows));
  g_autoptr (GBytes) data = flash_test_make_bytes (3000, 1);
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (text, dir, diags);
  g_autoptr (GError) error = NULL;
  FlashPlan *plan;

  flash_test_write_file (dir, "data", data);
  plan = flash_plan_new_for_layout (layout, &error);
  g_assert_no_error (error);
  return plan;
}

/* Returns: (transfer full) (nullable): the error with which the job ended. */
static GError *
run (const Case *c, FlashClock *clock, Seen *seen, FlashResult *out_result)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashPlan) plan = make_plan (dir, c->rows);
  g_autoptr (FlashFakeProvider) provider = flash_fake_provider_new (clock, c->scenes);
  g_autoptr (FlashBoard) board = flash_fake_provider_look (provider);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const FlashMpJob job = {
    .plan = plan, .provider = FLASH_PROVIDER (provider), .board = board, .clock = clock
  };
  const FlashSink sink = { on_event, on_progress, seen };
  GError *error = NULL;

  g_assert_nonnull (board);
  seen->cancellable = cancellable;
  flash_clock_wait_ms (clock, 1, NULL, NULL);
  g_assert_true (flash_mp_run (&job, cancellable, &sink, out_result, &error) == (error == NULL));
  flash_test_remove_dir (dir);
  return error;
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_auto (FlashResult) result = { 0 };
  Seen seen = { 0 };
  g_autoptr (GError) error = run (c, clock, &seen, &result);

  if (c->error < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, FLASH_JOB_ERROR, c->error);
  g_assert_cmpint (result.board_state, ==, c->state);
  g_assert_cmpint (result.started, ==, c->is_started);
  g_assert_cmpuint (seen.n_started, ==, c->is_started ? 1 : 0);
  g_assert_cmpuint (seen.n_finished, ==, 1);
  g_assert_cmpint (flash_clock_get_time_us (clock), <=, (gint64) c->within_s * G_USEC_PER_SEC);
}

/* A stop is a stop wherever it falls: in every wait, and never "done" by halves. */
static void
test_cancel (gconstpointer data)
{
  const Case *c = data;
  guint n_stopped = 0;
  guint at;

  for (at = 1; at < 200; at++) {
    g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
    g_auto (FlashResult) result = { 0 };
    Seen seen = { .cancel_at = at };
    g_autoptr (GError) error = run (c, clock, &seen, &result);

    if (seen.n_progress < at)
      break;
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      n_stopped++;
    else if (c->error < 0)
      /* Too late: everything was there. */
      g_assert_no_error (error);
    else
      g_assert_error (error, FLASH_JOB_ERROR, c->error);
    g_assert_cmpuint (seen.n_finished, ==, 1);
  }
  /* A job that ends before it has done anything has nowhere to be stopped. */
  g_assert_true (n_stopped > 0 || at == 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/mp-link/%s", cases[i].what);
    g_autofree char *cancel_path = g_strdup_printf ("/mp-link/%s/cancel", cases[i].what);

    g_test_add_data_func (path, &cases[i], test_case);
    g_test_add_data_func (cancel_path, &cases[i], test_cancel);
  }
  return g_test_run ();
}
