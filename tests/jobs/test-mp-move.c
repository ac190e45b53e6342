/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On another port only a serial number proves that it is the same board. */
#include "config.h"

#include "flash-fake-board.h"
#include "flash-mp-run.h"
#include "flash-test-images.h"

#include <string.h>

#define OK .open_error = FLASH_FAKE_OK, .request_error = FLASH_FAKE_OK
#define SERIAL "003A00283338511234383330"
#define OTHER_SERIAL "00FF00FF3338511234383330"
#define UBOOT                                                                                      \
  "USB download gadget@Device ID /0x500, @Revision ID /0x2000, @Name /STM32MP157CAA Rev.B,"
#define UBOOT_NAMES .names = { "@FlashLayout/0x00/1*256Ke", "@virtual/0xf1/1*512Be" }
#define STORAGE_NAMES .names = { "@first/0x10/1*16Ke", "@virtual/0xf1/1*512Be" }
#define LAYOUT_PHASES .phases = { "00000000c20000000000", "00000000c20000000001" }
#define PART_PHASES .phases = { "10ffffffff00000000", "feffffffff00000000" }

typedef struct {
  const char *what;
  FlashFakeScene scenes[4];
  gint error; /* -1 for none */
} Case;

static const Case cases[] = {
  { "same-serial",
    { { .product = UBOOT, .serial = SERIAL, UBOOT_NAMES, LAYOUT_PHASES, OK },
      { .product = UBOOT, .serial = SERIAL, STORAGE_NAMES, PART_PHASES, .port = "fake-2", OK } },
    -1 },
  { "other-serial",
    { { .product = UBOOT, .serial = SERIAL, UBOOT_NAMES, LAYOUT_PHASES, OK },
      { .product = UBOOT, .serial = OTHER_SERIAL, STORAGE_NAMES, .port = "fake-2", OK } },
    FLASH_JOB_ERROR_DIFFERENT_BOARD },
  { "no-serial-there",
    { { .product = UBOOT, .serial = SERIAL, UBOOT_NAMES, LAYOUT_PHASES, OK },
      { .product = UBOOT, STORAGE_NAMES, PART_PHASES, .port = "fake-2", OK } },
    FLASH_JOB_ERROR_NOT_PROVED_SAME },
  { "no-serial-known",
    { { .product = UBOOT, UBOOT_NAMES, LAYOUT_PHASES, OK },
      { .product = UBOOT, .serial = SERIAL, STORAGE_NAMES, PART_PHASES, .port = "fake-2", OK } },
    FLASH_JOB_ERROR_NOT_PROVED_SAME },
};

static void
on_event (FlashEvent *event, gpointer data)
{
  FlashJobGate *gate = data;

  if (event->kind == FLASH_EVENT_LOST) {
    flash_job_gate_move (gate, "fake-2");
  } else if (event->kind == FLASH_EVENT_PAUSED) {
    flash_job_gate_answer (gate, flash_job_gate_get_question (gate), FLASH_JOB_ANSWER_GIVE_UP);
  }
}

static void
on_progress (const FlashSnapshot *snapshot, gpointer data)
{
}

static FlashPlan *
make_plan (const char *dir)
{
  static const char rows[] = "P\t0x10\tfirst\tBinary\tmmc0\t0x4400\tdata\n";
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

/* It is told while the board is away, without a question. */
static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashPlan) plan = make_plan (dir);
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashFakeProvider) provider = flash_fake_provider_new (clock, c->scenes);
  g_autoptr (FlashBoard) board = flash_fake_provider_look (provider);
  g_autoptr (FlashJobGate) gate = flash_job_gate_new ();
  g_auto (FlashResult) result = { 0 };
  const FlashMpJob job = { .plan = plan,
                           .provider = FLASH_PROVIDER (provider),
                           .board = board,
                           .clock = clock,
                           .gate = gate };
  const FlashSink sink = { on_event, on_progress, gate };
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_mp_run (&job, NULL, &sink, &result, &error) == (c->error < 0));
  if (c->error >= 0)
    g_assert_error (error, FLASH_JOB_ERROR, c->error);
  g_assert_cmpint (flash_result_is_all_written (&result, plan), ==, c->error < 0);
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/mp-move/%s", cases[i].what);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  return g_test_run ();
}
