/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of faults and what the doctor says about them: each kind of fault, in each stage in
 * which it can happen, on boards of both ways of handing over and on a microcontroller. What is
 * expected is written from stm32mp-usb.md sections 7.3 and 9.6 and stm32-dfuse.md section 8.8.
 *
 * Success is believed only where the memories hold what was to be written. */
#include "config.h"

#include "flash-doctor-bench.h"
#include "flash-sim-fault.h"
#include "flash-test-images.h"

/* The engine overcomes it: nothing is left to say. */
#define OVERCOME "overcome"
/* A board that is silent in a single request is judged at the next second. */
#define SILENCE_MS 1000

/**
 * Row:
 * @kind: of fault
 * @stage: in which; %NULL for any that no other row names
 * @codes: what may be said at the end, by `|`; %OVERCOME if nothing need be
 * @candidate: (nullable): what must be among the candidates, where the evidence is not enough
 */
typedef struct {
  const char *kind;
  const char *stage;
  const char *codes;
  const char *candidate;
} Row;

#define LINK "no-answer|link-error|board-silent"

static const Row rows[] = {
  /* Requests are asked again (section 1.11); where they cannot be, the link has failed. */
  { "stall", NULL, OVERCOME, NULL },
  { "timeout", NULL, OVERCOME, NULL },
  { "lost-answer", NULL, OVERCOME "|" LINK, "bad-cable" },
  { "short", NULL, OVERCOME "|" LINK, "bad-cable" },
  { "corrupt", NULL, OVERCOME "|verify-mismatch|" LINK, "bad-cable" },
  { "bad-string", NULL, OVERCOME, NULL },
  { "strings-unknown", NULL, OVERCOME, NULL },
  { "long-nak", NULL, OVERCOME, NULL },
  { "stall-detach", NULL, OVERCOME, NULL },
  { "handover-delay", NULL, OVERCOME, NULL },
  { "pipe-once", NULL, OVERCOME, NULL },
  { "cable", NULL, OVERCOME, NULL },
  /* Rows 1 and 22: nothing on the port, and nobody knows why. */
  { "unplug", NULL, "board-gone|never-came-back", "bad-cable" },
  { "power-cut", NULL, "board-gone", "no-power" },
  { "replug", "rom", OVERCOME, NULL },
  { "replug", "bootloader", OVERCOME, NULL },
  { "replug", NULL, "came-back-in-rom", "board-reset" },
  { "endless-busy", "rom", "fsbl-refused|link-error", "first-stage-crashed" },
  { "endless-busy", "tfa", "fsbl-refused|link-error", "first-stage-crashed" },
  { "endless-busy", NULL, "link-error|no-answer", "boot-loader-stuck" },
  /* Rows 5, 11 and 13; U-Boot with its partitions is left for good, so that nothing returns. */
  { "never-return", "rom", "never-came-back|fsbl-did-not-start", "first-stage-crashed" },
  { "never-return", "tfa", "never-came-back", "second-stage-silent" },
  { "never-return", "uboot", "never-came-back", "storage-setup-failed" },
  { "never-return", NULL, OVERCOME, NULL },
  { "return-as-rom", "uboot2", OVERCOME, NULL },
  { "return-as-rom", NULL, "came-back-in-rom", "board-reset" },
  { "return-elsewhere", "uboot2", OVERCOME, NULL },
  { "return-elsewhere", "bootloader", OVERCOME, NULL },
  { "return-elsewhere", NULL, "came-back-elsewhere", NULL },
  { "wrong-serial", "uboot2", OVERCOME, NULL },
  { "wrong-serial", "bootloader", OVERCOME, NULL },
  { "wrong-serial", NULL, "different-board", NULL },
  { "no-uboot", NULL, "never-came-back", "second-stage-silent" },
  /* Rows 5 to 7 */
  { "fsbl-refused", NULL, "fsbl-refused", NULL },
  { "fsbl-ignored", NULL, "fsbl-refused|link-error", "first-stage-crashed" },
  { "fsbl-crash", NULL, "fsbl-did-not-start|never-came-back", "first-stage-crashed" },
  { "fsbl-reenum", NULL, OVERCOME, NULL },
  { "fsbl-keep", NULL, OVERCOME, NULL },
  { "spl-instead", NULL, "other-boot-loader", NULL },
  /* Rows 9 and 10 */
  { "bad-fip", NULL, "fip-refused", NULL },
  { "fip-overflow", NULL, "fip-refused", NULL },
  /* Rows 13 to 18, 21 and 31: the board says it. */
  { "stale-layout", NULL, "stale-layout", NULL },
  { "layout-error", NULL, "layout-refused", NULL },
  { "init-error", NULL, "mmc-not-found", NULL },
  { "erase-error", NULL, "mmc-erase-failed", NULL },
  { "gpt-error", NULL, "partition-table-refused", NULL },
  { "write-error", NULL, "write-failed", NULL },
  { "buffer-overflow", NULL, "write-failed", NULL },
  { "flush-error", NULL, "lost-at-partition-end", "file-larger-than-slot" },
  { "end-action-error", NULL, "write-failed", NULL },
  { "phase-stuck", NULL, "phase-stuck", NULL },
  { "full-storage", "uboot", "partition-table-refused|mmc-erase-failed", NULL },
  { "full-storage", NULL, "lost-at-partition-end", "file-larger-than-slot" },
  /* A layout does not touch the OTP words. */
  { "otp-error", NULL, OVERCOME, NULL },
  /* stm32-dfuse.md section 8.8 */
  { "erase-ignored", NULL, OVERCOME, NULL },
  { "write-dropped", NULL, "block-not-written", NULL },
  { "read-vendor", NULL, OVERCOME, NULL },
};

static const char *const stages[] = { "rom", "tfa", "uboot", "uboot2", "bootloader" };

static const Row *
find_row (const char *kind, const char *stage)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].kind, kind) &&
        (rows[i].stage == NULL || g_str_equal (rows[i].stage, stage)))
      return &rows[i];
  return NULL;
}

static gboolean
is_among (const char *codes, const char *code)
{
  g_auto (GStrv) list = g_strsplit (codes, "|", -1);

  return g_strv_contains ((const char *const *) list, code);
}

static gboolean
has_candidate (const FlashFindings *findings, const char *code)
{
  for (guint i = 0; i < findings->n_candidates; i++)
    if (g_str_equal (findings->candidates[i]->code, code))
      return TRUE;
  return FALSE;
}

static void
print_row (const char *model, const char *fault, const FlashDoctorOutcome *outcome)
{
  g_autofree char *away = flash_doctor_bench_describe (&outcome->away);
  g_autofree char *after = flash_doctor_bench_describe (&outcome->after);
  g_autofree char *told = outcome->was_away
                              ? g_strdup_printf ("after %u ms: %s; ", outcome->told_ms, away)
                              : g_strdup ("");

  g_print ("# %-10s %-26s -> %s%s\n", model, fault, told, outcome->ok ? OVERCOME : after);
}

/* What holds whatever happened. */
static void
check_manners (const FlashDoctorOutcome *outcome)
{
  const FlashFindings *after = &outcome->after;

  /* No false success, and nothing to say about a true one. */
  g_assert_true (!outcome->ok || outcome->is_right);
  if (outcome->ok) {
    g_assert_null (after->cause);
  } else {
    g_assert_nonnull (after->cause);
    g_assert_true (after->certainty != FLASH_CERTAINTY_NOTHING);
    g_assert_true (after->certainty != FLASH_CERTAINTY_OPEN || after->n_candidates > 0);
  }
  g_assert_false (outcome->too_late);
  if (outcome->was_away)
    g_assert_cmpuint (outcome->told_ms, <=, FLASH_DOCTOR_TELL_MS + SILENCE_MS);
}

static void
check_row (const Row *row, const FlashDoctorOutcome *outcome)
{
  const FlashFindings *after = &outcome->after;

  check_manners (outcome);
  if (outcome->ok) {
    g_assert_true (is_among (row->codes, OVERCOME));
    return;
  }
  g_assert_true (is_among (row->codes, after->cause->code));
  if (after->certainty == FLASH_CERTAINTY_OPEN) {
    g_assert_nonnull (row->candidate);
    g_assert_true (has_candidate (after, row->candidate));
  }
}

static gboolean
can_happen (const char *model, const char *fault)
{
  FlashSimFaultScript script;

  return flash_sim_fault_script_parse (fault, flash_sim_model_find (model), &script, NULL);
}

static void
run_scene (const FlashDoctorScene *scene, FlashDoctorOutcome *out_outcome)
{
  if (scene->layout_dir != NULL)
    flash_doctor_bench_run_mp (scene, out_outcome);
  else
    flash_doctor_bench_run_mcu (scene, out_outcome);
}

typedef struct {
  const char *model;
  gboolean is_layout;
} Model;

static const Model models[] = { { "stm32mp157", TRUE },
                                { "stm32mp135", TRUE },
                                { "stm32f405", FALSE } };

static void
test_table (gconstpointer data)
{
  const Model *model = data;
  const char *const *kinds = flash_sim_fault_list ();
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autofree char *dir = model->is_layout ? flash_doctor_bench_make_layout (model->model) : NULL;

  for (guint i = 0; kinds[i] != NULL; i += 2)
    for (guint j = 0; j < G_N_ELEMENTS (stages); j++) {
      g_autofree char *fault = g_strconcat (kinds[i], "@", stages[j], NULL);
      const FlashDoctorScene scene = {
        .root = root, .layout_dir = dir, .model = model->model, .fault = fault
      };
      FlashDoctorOutcome outcome;

      if (!can_happen (model->model, fault))
        continue;
      run_scene (&scene, &outcome);
      print_row (model->model, fault, &outcome);
      check_row (find_row (kinds[i], stages[j]), &outcome);
    }
  if (dir != NULL)
    flash_test_remove_dir (dir);
  flash_test_remove_dir (root);
}

/* What can happen to any request, at many of them. */
static void
test_moments (gconstpointer data)
{
  static const char *const kinds[] = { "stall",  "timeout", "lost-answer",  "short", "corrupt",
                                       "unplug", "replug",  "endless-busy", NULL };
  const Model *model = data;
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autofree char *dir = model->is_layout ? flash_mp_bench_make_small_layout (model->model) : NULL;
  guint n_overcome = 0, n_told = 0;

  for (guint i = 0; kinds[i] != NULL; i++)
    for (guint request = 3; request < 130; request += 9) {
      g_autofree char *fault = g_strdup_printf ("%s@%u", kinds[i], request);
      const FlashDoctorScene scene = {
        .root = root, .layout_dir = dir, .model = model->model, .fault = fault
      };
      FlashDoctorOutcome outcome;

      run_scene (&scene, &outcome);
      print_row (model->model, fault, &outcome);
      check_manners (&outcome);
      n_overcome += outcome.ok;
      n_told += !outcome.ok;
    }
  g_assert_cmpuint (n_overcome, >, 0);
  g_assert_cmpuint (n_told, >, 0);
  if (dir != NULL)
    flash_test_remove_dir (dir);
  flash_test_remove_dir (root);
}

/* Every kind has its row, and every row its kind. */
static void
test_complete (void)
{
  const char *const *kinds = flash_sim_fault_list ();

  for (guint i = 0; kinds[i] != NULL; i += 2) {
    const Row *row = NULL;

    for (guint j = 0; j < G_N_ELEMENTS (rows); j++)
      row = g_str_equal (rows[j].kind, kinds[i]) ? &rows[j] : row;
    g_test_message ("%s", kinds[i]);
    /* The last row of a kind is for any stage. */
    g_assert_nonnull (row);
    g_assert_null (row->stage);
  }
  for (guint j = 0; j < G_N_ELEMENTS (rows); j++) {
    gboolean is_known = FALSE;

    for (guint i = 0; kinds[i] != NULL; i += 2)
      is_known |= g_str_equal (kinds[i], rows[j].kind);
    g_assert_true (is_known);
  }
}

/* --- Computers on which something is wrong --------------------------------------------------- */

#define KERNEL_LATER "6,1,99999999999999,-;"

static void
refuse_descriptor (const char *root, const char *port, const char *serial)
{
  g_autofree char *text =
      g_strdup_printf (KERNEL_LATER "usb %s: device descriptor read/64, error -110\n", port);

  flash_doctor_bench_write (root, "dev/kmsg", text);
}

static void
draw_too_much (const char *root, const char *port, const char *serial)
{
  g_autofree char *text =
      g_strdup_printf (KERNEL_LATER "usb usb1-port%s: over-current condition\n", port + 2);

  flash_doctor_bench_write (root, "dev/kmsg", text);
}

static void
appear_elsewhere (const char *root, const char *port, const char *serial)
{
  g_autofree char *note = g_strconcat ("E:ID_SERIAL_SHORT=", serial, "\n", NULL);

  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-9/idVendor", "0483\n");
  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-9/idProduct", "df11\n");
  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-9/devnum", "9\n");
  flash_doctor_bench_write (root, "run/udev/data/c189:8", note);
}

static void
be_virtual (const char *root)
{
  flash_doctor_bench_write (root, "proc/cpuinfo", "flags : fpu hypervisor\n");
  flash_doctor_bench_write (root, "sys/class/dmi/id/sys_vendor", "innotek GmbH\n");
  flash_doctor_bench_write (root, "sys/class/dmi/id/product_name", "VirtualBox\n");
}

/**
 * Computer:
 * @name: of the test
 * @fault: what the board does
 * @prepare: (nullable): what is wrong from the start
 * @lost: (nullable): what happens when the board is lost
 * @code: what is said while it is away
 * @end_code: (nullable): what is said in the end, if that is another one
 * @certainty: how sure that is
 */
typedef struct {
  const char *name;
  const char *fault;
  void (*prepare) (const char *root);
  void (*lost) (const char *root, const char *port, const char *serial);
  const char *code;
  FlashCertainty certainty;
  const char *end_code;
} Computer;

static const Computer computers[] = {
  { "vm-no-uboot", "no-uboot@tfa", be_virtual, NULL, "vm-passthrough", FLASH_CERTAINTY_LIKELY },
  /* Here, U-Boot has come through already. */
  { "vm-never-return", "never-return@uboot", be_virtual, NULL, "not-back-yet", FLASH_CERTAINTY_OPEN,
    "never-came-back" },
  { "descriptor", "no-uboot@tfa", NULL, refuse_descriptor, "descriptor-failed",
    FLASH_CERTAINTY_PROVED },
  { "over-current", "no-uboot@tfa", NULL, draw_too_much, "over-current", FLASH_CERTAINTY_PROVED },
  { "elsewhere", "no-uboot@tfa", NULL, appear_elsewhere, "came-back-elsewhere",
    FLASH_CERTAINTY_PROVED },
};

static void
test_computer (gconstpointer data)
{
  const Computer *computer = data;
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  const FlashDoctorScene scene = { .root = root,
                                   .layout_dir = dir,
                                   .model = "stm32mp157",
                                   .fault = computer->fault,
                                   .lost = computer->lost };
  FlashDoctorOutcome outcome;

  if (computer->prepare != NULL)
    computer->prepare (root);
  flash_doctor_bench_run_mp (&scene, &outcome);
  print_row (computer->name, computer->fault, &outcome);
  check_manners (&outcome);
  g_assert_true (outcome.was_away);
  g_assert_cmpuint (outcome.told_ms, <=, FLASH_DOCTOR_TELL_MS);
  g_assert_cmpstr (outcome.away.cause->code, ==, computer->code);
  g_assert_cmpint (outcome.away.certainty, ==, computer->certainty);
  g_assert_cmpstr (outcome.after.cause->code, ==,
                   computer->end_code != NULL ? computer->end_code : computer->code);
  if (computer->certainty == FLASH_CERTAINTY_OPEN)
    g_assert_true (has_candidate (&outcome.away, "vm-passthrough"));
  flash_test_remove_dir (dir);
  flash_test_remove_dir (root);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor-faults/complete", test_complete);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autofree char *table = g_strconcat ("/doctor-faults/table/", models[i].model, NULL);
    g_autofree char *moments = g_strconcat ("/doctor-faults/moments/", models[i].model, NULL);

    g_test_add_data_func (table, &models[i], test_table);
    g_test_add_data_func (moments, &models[i], test_moments);
  }
  for (guint i = 0; i < G_N_ELEMENTS (computers); i++) {
    g_autofree char *path = g_strconcat ("/doctor-faults/computer/", computers[i].name, NULL);

    g_test_add_data_func (path, &computers[i], test_computer);
  }
  return g_test_run ();
}
