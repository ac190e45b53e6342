/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds of all findings, whatever the situation. */
#include "config.h"

#include "flash-findings.h"

#include <string.h>

#define N_SITUATIONS 200000

/* --- random situations ------------------------------------------------------------------------ */

static const char *const words_error[] = {
  NULL,
  "board-gone",
  "board-reported-error",
  "board-silent",
  "busy-in-other-program",
  "came-back-in-rom",
  "cancelled",
  "did-not-start",
  "different-board",
  "erase-failed",
  "file-unreadable",
  "fip-refused",
  "foreign-session",
  "fsbl-did-not-start",
  "fsbl-refused",
  "layout-refused",
  "link-error",
  "lost-at-partition-end",
  "never-came-back",
  "no-answer",
  "no-image-for-phase",
  "no-permission",
  "phase-stuck",
  "read-refused",
  "readings-differ",
  "unexpected-phase",
  "verify-mismatch",
  "write-failed",
  "no-such-code",
};
static const char *const words_text[] = {
  NULL,
  "",
  "mmc device 1 not found",
  "a (0x10): MMC erase failed",
  "Layout: invalid checksum : 1",
  "MTD device nand0 not found",
  "Wrong sequence number",
  "Layout line 3: invalid option 'x'",
  "GPT partitionning fail: x",
  "a (0x10): erase invalid",
  "unknown device type = 7",
  "nothing that is known",
};
static const char *const words_family[] = { NULL,      "STM32MP15", "STM32MP13", "STM32MP25",
                                            "STM32F0", "STM32F4",   "STM32H7" };
static const char *const words_stage[] = { NULL,       "rom",        "tf-a",   "u-boot",
                                           "u-boot-2", "bootloader", "runtime" };
static const char *const words_vm[] = { NULL, NULL, "none", "oracle", "kvm", "wsl", "other" };
static const char *const words_holder[] = { NULL, "fwupd", "VBoxSVC", "qemu-system-x86" };
static const char *const words_mark[] = {
  NULL,
  NULL,
  NULL,
  "wrong-boot-interface",
  "ddr-failed",
  "pmic-failed",
  "wrong-board",
  "image-refused",
  "panic",
  "watchdog",
  "no-usb-gadget",
  "storage-failed",
  "storage-unknown",
  "erase-unknown",
  "partition-table-refused",
  "file-too-large",
  "stage-u-boot",
};
static const char *const words_elsewhere[] = { NULL, NULL, NULL, "1-4.2" };
static const char *const words_rival[] = { NULL, NULL, "ModemManager", "fwupd" };
static const char *const words_chip[] = { NULL, NULL, NULL, "STM32MP13" };

#define ANY(words) words[g_test_rand_int_range (0, G_N_ELEMENTS (words))]

static gboolean
rand_rarely (void)
{
  return g_test_rand_int_range (0, 8) == 0;
}

static FlashTri
rand_tri (void)
{
  return (FlashTri) g_test_rand_int_range (FLASH_TRI_UNKNOWN, FLASH_TRI_YES + 1);
}

static void
fill_job (FlashSymptoms *symptoms)
{
  symptoms->is_virtual = rand_rarely ();
  symptoms->is_layout = g_test_rand_bit ();
  symptoms->family = ANY (words_family);
  symptoms->error_code = ANY (words_error);
  symptoms->device_text = ANY (words_text);
  symptoms->stage = ANY (words_stage);
  symptoms->expected = ANY (words_stage);
  symptoms->last_id = g_test_rand_int_range (-1, 5);
  symptoms->waited_ms = g_test_rand_int_range (0, 100000);
  symptoms->patience_ms = g_test_rand_int_range (0, 100000);
  symptoms->is_erasing = rand_rarely ();
  symptoms->exceeds_storage = rand_tri ();
  symptoms->image_chip = ANY (words_chip);
  symptoms->image_chip_id = g_test_rand_int_range (-1, 6);
  symptoms->n_returns = g_test_rand_int_range (0, 3);
  symptoms->bytes_total = g_test_rand_bit () ? 4096 : 0;
  symptoms->bytes_sent = g_test_rand_bit () ? symptoms->bytes_total : symptoms->bytes_total / 2;
  symptoms->lacks_usb_boot = rand_tri ();
  symptoms->has_flow_mismatch = rand_tri ();
}

static void
fill_host (FlashSymptoms *symptoms)
{
  symptoms->port = (FlashPortShows) g_test_rand_int_range (0, FLASH_PORT_OTHER_DEVICE + 1);
  if (g_test_rand_bit ())
    symptoms->port = FLASH_PORT_NOTHING;
  symptoms->elsewhere = ANY (words_elsewhere);
  symptoms->holder = ANY (words_holder);
  symptoms->n_same_serial = g_test_rand_int_range (0, 3);
  symptoms->is_full_speed = rand_tri ();
  symptoms->wants_high_speed = rand_tri ();
  symptoms->n_hubs = g_test_rand_int_range (-1, 5);
  symptoms->is_usb3_port = rand_tri ();
  symptoms->descriptor_errno = rand_rarely () ? -110 : 0;
  symptoms->is_descriptor_last = g_test_rand_bit ();
  symptoms->n_disconnects = g_test_rand_int_range (-1, 9);
  symptoms->n_over_currents = rand_rarely () ? 1 : 0;
  symptoms->is_over_current_last = g_test_rand_bit ();
  symptoms->can_suspend = rand_tri ();
  symptoms->vm = ANY (words_vm);
  symptoms->is_flatpak = rand_tri ();
  symptoms->has_rule = rand_tri ();
  symptoms->rival = ANY (words_rival);
  symptoms->battery_percent = g_test_rand_int_range (-1, 101);
  symptoms->console_mark = ANY (words_mark);
  symptoms->console_speaks = rand_tri ();
  for (guint i = 0; i < FLASH_N_OBSERVATIONS; i++)
    symptoms->seen[i] = g_test_rand_bit () ? FLASH_TRI_UNKNOWN : rand_tri ();
}

static void
fill (FlashSymptoms *symptoms)
{
  flash_symptoms_init (symptoms, (FlashMoment) g_test_rand_int_range (0, 3));
  fill_job (symptoms);
  fill_host (symptoms);
}

/* --- what proves what ------------------------------------------------------------------------- */

static gboolean
is_one_of (const char *code, const char *list)
{
  g_auto (GStrv) codes = g_strsplit (list, " ", -1);

  return g_strv_contains ((const char *const *) codes, code);
}

/* The port of the board, as read by somebody who knows nothing of the rules. */
static gboolean
is_proved_by_port (const FlashSymptoms *symptoms, const char *code)
{
  switch (symptoms->port) {
  case FLASH_PORT_CLOSED:
    return is_one_of (code, "no-permission no-udev-rule flatpak-no-rule");
  case FLASH_PORT_HELD:
    return is_one_of (code, "busy-in-other-program held-by-vm-program");
  case FLASH_PORT_OVER_CURRENT:
    return is_one_of (code, "over-current");
  case FLASH_PORT_OTHER_BOARD:
    return is_one_of (code, "different-board");
  case FLASH_PORT_OTHER_DEVICE:
    return is_one_of (code, "other-device-on-port");
  case FLASH_PORT_PLAIN_UBOOT:
    return is_one_of (code, "other-boot-loader");
  case FLASH_PORT_ROM:
    return is_one_of (code, "needs-reset");
  case FLASH_PORT_STAYED:
    return is_one_of (code, "needs-reset");
  case FLASH_PORT_FAILED:
    return is_one_of (code, "descriptor-failed");
  case FLASH_PORT_AWAITED:
    return is_one_of (code, "came-back-late");
  case FLASH_PORT_UNKNOWN:
  case FLASH_PORT_NOTHING:
    if (symptoms->elsewhere != NULL && is_one_of (code, "came-back-elsewhere"))
      return TRUE;
    return symptoms->descriptor_errno != 0 && symptoms->is_descriptor_last &&
           is_one_of (code, "descriptor-failed");
  case FLASH_PORT_SILENT:
    return FALSE;
  }
  return FALSE;
}

static gboolean
is_proved_by_words (const FlashSymptoms *symptoms, const char *code)
{
  static const struct {
    const char *text;
    const char *code;
  } texts[] = {
    { "mmc device 1", "mmc-not-found" },
    { "MMC erase", "mmc-erase-failed" },
    { "MTD device", "storage-not-in-firmware" },
    { "unknown device type", "storage-not-in-firmware" },
    { "erase invalid", "erase-not-in-firmware" },
    { "sequence number", "blocks-out-of-order" },
    { "invalid option", "bad-option" },
    { "GPT", "partition-table-refused" },
  };

  if (symptoms->device_text == NULL || symptoms->error_code == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strstr (symptoms->device_text, texts[i].text) != NULL)
      return g_str_equal (texts[i].code, code);
  return FALSE;
}

static gboolean
is_proved_by_console (const FlashSymptoms *symptoms, const char *code)
{
  static const struct {
    const char *mark;
    const char *code;
  } marks[] = {
    { "storage-unknown", "storage-not-in-firmware" },
    { "erase-unknown", "erase-not-in-firmware" },
    { "partition-table-refused", "partition-table-refused" },
    { "file-too-large", "file-larger-than-slot" },
  };

  if (symptoms->console_mark == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_str_equal (marks[i].mark, symptoms->console_mark))
      return g_str_equal (marks[i].code, code);
  return g_str_has_prefix (code, "console-") &&
         g_str_equal (symptoms->console_mark, code + strlen ("console-"));
}

static gboolean
is_proved (const FlashSymptoms *symptoms, const char *code)
{
  /* The engine's word tells that it is in its ROM, not why. */
  if (g_str_equal (code, "came-back-in-rom"))
    return FALSE;
  if (symptoms->moment == FLASH_MOMENT_AFTER && g_strcmp0 (symptoms->error_code, code) == 0)
    return TRUE;
  if (is_proved_by_console (symptoms, code))
    return TRUE;
  if (is_one_of (code, "over-current") && symptoms->n_over_currents > 0 &&
      symptoms->is_over_current_last)
    return TRUE;
  if (is_one_of (code, "no-udev-rule") && symptoms->has_rule != FLASH_TRI_NO)
    return FALSE;
  if (is_one_of (code, "flatpak-no-rule") &&
      (symptoms->is_flatpak != FLASH_TRI_YES || symptoms->has_rule == FLASH_TRI_YES))
    return FALSE;
  if (is_one_of (code, "no-udev-rule flatpak-no-rule") &&
      g_strcmp0 (symptoms->error_code, "no-permission") == 0)
    return TRUE;
  return is_proved_by_port (symptoms, code) || is_proved_by_words (symptoms, code);
}

/* --- what must hold --------------------------------------------------------------------------- */

static void
check_cause (const FlashSymptoms *symptoms, const FlashFindings *findings)
{
  g_assert_cmpint (findings->certainty == FLASH_CERTAINTY_NOTHING, ==, findings->cause == NULL);
  if (findings->cause == NULL) {
    g_assert_cmpuint (findings->n_candidates, ==, 0);
    g_assert_cmpint (findings->question, ==, FLASH_OBSERVATION_NONE);
    return;
  }
  g_assert_true (flash_advice_find (findings->cause->code) == findings->cause);
  if (findings->certainty == FLASH_CERTAINTY_OPEN) {
    g_assert_true (findings->n_candidates > 0 || findings->question != FLASH_OBSERVATION_NONE);
  } else {
    g_assert_cmpuint (findings->n_candidates, ==, 0);
    g_assert_cmpint (findings->question, ==, FLASH_OBSERVATION_NONE);
  }
  if (findings->certainty == FLASH_CERTAINTY_PROVED && !is_proved (symptoms, findings->cause->code))
    g_test_fail_printf ("nothing proves %s", findings->cause->code);
}

static void
check_candidates (const FlashSymptoms *symptoms, const FlashFindings *findings)
{
  g_assert_cmpuint (findings->n_candidates, <=, FLASH_FINDINGS_MAX_CANDIDATES);
  for (guint i = 0; i < findings->n_candidates; i++) {
    g_assert_true (flash_advice_find (findings->candidates[i]->code) == findings->candidates[i]);
    g_assert_true (findings->candidates[i] != findings->cause);
    for (guint k = 0; k < i; k++)
      g_assert_true (findings->candidates[i] != findings->candidates[k]);
  }
  /* What was answered is not asked again. */
  if (findings->question != FLASH_OBSERVATION_NONE)
    g_assert_cmpint (symptoms->seen[findings->question], ==, FLASH_TRI_UNKNOWN);
}

/* Statements that do not go together. */
static const struct {
  const char *cause;
  const char *note;
} contradictions[] = {
  { "vm-passthrough", "virtual-machine" },
  { "no-hs-second-stage", "full-speed-link" },
  { "busy-in-other-program", "rival-program" },
  { "held-by-vm-program", "rival-program" },
  { "no-permission", "no-udev-rule" },
  { "flatpak-no-rule", "no-udev-rule" },
  { "f0-needs-hub", "many-hubs" },
};

static gboolean
has_candidate (const FlashFindings *findings, const char *code)
{
  for (guint i = 0; i < findings->n_candidates; i++)
    if (g_str_equal (findings->candidates[i]->code, code))
      return TRUE;
  return FALSE;
}

static void
check_notes (const FlashFindings *findings)
{
  static const char conditions[] =
      "fsbl-without-usb flow-mismatch full-speed-link low-battery many-hubs modem-manager "
      "no-udev-rule port-may-suspend rival-program same-serial-twice stage-for-other-chip "
      "storage-too-small virtual-machine wrong-chip";

  g_assert_cmpuint (findings->n_notes, <=, FLASH_FINDINGS_MAX_NOTES);
  for (guint i = 0; i < findings->n_notes; i++) {
    const FlashAdvice *note = findings->notes[i];

    g_assert_true (flash_advice_find (note->code) == note);
    g_assert_true (is_one_of (note->code, conditions));
    g_assert_true (note != findings->cause);
    g_assert_false (has_candidate (findings, note->code));
    for (guint k = 0; k < i; k++)
      g_assert_true (findings->notes[k] != note);
    for (guint k = 0; findings->cause != NULL && k < G_N_ELEMENTS (contradictions); k++)
      g_assert_false (g_str_equal (contradictions[k].note, note->code) &&
                      (g_str_equal (contradictions[k].cause, findings->cause->code) ||
                       has_candidate (findings, contradictions[k].cause)));
  }
}

/* A virtual board has no cable, and the computer is none of its business. */
static void
check_virtual (const FlashSymptoms *symptoms, const FlashFindings *findings)
{
  static const char real[] =
      "bad-cable boot-switches-wrong boot0-not-sampled bus-reset descriptor-failed f0-needs-hub "
      "flatpak-no-rule full-speed-link held-by-vm-program low-battery many-hubs modem-manager "
      "no-hs-second-stage no-power no-udev-rule over-current port-disturbed port-may-suspend "
      "rival-program rom-not-seen rom-too-fast-host virtual-machine vm-passthrough";

  if (!symptoms->is_virtual)
    return;
  g_assert_cmpint (findings->question, ==, FLASH_OBSERVATION_NONE);
  if (findings->cause != NULL)
    g_assert_false (is_one_of (findings->cause->code, real));
  for (guint i = 0; i < findings->n_candidates; i++)
    g_assert_false (is_one_of (findings->candidates[i]->code, real));
  for (guint i = 0; i < findings->n_notes; i++)
    g_assert_false (is_one_of (findings->notes[i]->code, real));
}

/* No cause without its evidence, seen from outside. */
static void
check_evidence (const FlashSymptoms *symptoms, const FlashFindings *findings)
{
  const char *code = findings->cause == NULL ? "" : findings->cause->code;
  gboolean is_vm = symptoms->vm != NULL && strcmp (symptoms->vm, "none") != 0;

  if (is_one_of (code, "vm-passthrough") || has_candidate (findings, "vm-passthrough")) {
    g_assert_true (is_vm);
    g_assert_cmpint (symptoms->seen[FLASH_OBSERVATION_HOST_SEES_IT], !=, FLASH_TRI_NO);
  }
  if (is_one_of (code, "vm-passthrough") &&
      symptoms->seen[FLASH_OBSERVATION_HOST_SEES_IT] != FLASH_TRI_YES)
    g_assert_true (symptoms->n_returns == 0 && g_strcmp0 (symptoms->expected, "runtime") != 0 &&
                   (!symptoms->is_layout || g_strcmp0 (symptoms->expected, "u-boot-2") != 0));
  if (is_one_of (code, "bootloader-left"))
    g_assert_true (symptoms->bytes_total > 0 && symptoms->bytes_sent == symptoms->bytes_total &&
                   g_strcmp0 (symptoms->expected, "runtime") == 0);
  if (is_one_of (code, "wrong-chip") && symptoms->is_layout)
    g_assert_true (symptoms->image_chip_id == 1 || symptoms->image_chip_id == 3);
  if (is_one_of (code, "no-power"))
    g_assert_cmpint (symptoms->console_speaks, !=, FLASH_TRI_YES);
  if (is_one_of (code, "read-protected"))
    g_assert_cmpint (symptoms->seen[FLASH_OBSERVATION_OTHER_COMPUTER], ==, FLASH_TRI_YES);
  if (is_one_of (code, "came-back-in-rom"))
    g_assert_cmpint (findings->certainty, ==, FLASH_CERTAINTY_OPEN);
  if (is_one_of (code, "still-erasing"))
    g_assert_true (symptoms->is_erasing && symptoms->waited_ms < symptoms->patience_ms);
  if (is_one_of (code, "not-back-yet"))
    g_assert_true (symptoms->moment == FLASH_MOMENT_AWAY &&
                   symptoms->waited_ms < symptoms->patience_ms &&
                   findings->certainty == FLASH_CERTAINTY_OPEN);
  if (is_one_of (code, "never-came-back") && symptoms->moment == FLASH_MOMENT_AWAY)
    g_assert_cmpuint (symptoms->waited_ms, >=, symptoms->patience_ms);
  if (is_one_of (code, "came-back-in-rom came-back-elsewhere never-came-back stage-not-left"))
    g_assert_cmpint (symptoms->moment, !=, FLASH_MOMENT_BEFORE);
  if (is_one_of (code, "second-stage-silent second-stage-mute first-stage-mute stage-not-left"))
    g_assert_true (symptoms->is_layout || symptoms->port == FLASH_PORT_STAYED);
  if (symptoms->moment == FLASH_MOMENT_AWAY)
    g_assert_cmpint (findings->cause == NULL, ==, symptoms->port == FLASH_PORT_AWAITED);
  if (symptoms->moment == FLASH_MOMENT_AFTER &&
      (symptoms->error_code == NULL || flash_advice_find (symptoms->error_code) == NULL))
    g_assert_null (findings->cause);
}

static void
test_random (void)
{
  guint n_certain[FLASH_CERTAINTY_PROVED + 1] = { 0 };

  for (guint i = 0; i < N_SITUATIONS; i++) {
    FlashSymptoms symptoms;
    FlashFindings findings;
    FlashFindings again;

    fill (&symptoms);
    memset (&findings, 0x5a, sizeof findings);
    flash_findings_judge (&symptoms, &findings);
    check_cause (&symptoms, &findings);
    check_candidates (&symptoms, &findings);
    check_notes (&findings);
    check_virtual (&symptoms, &findings);
    check_evidence (&symptoms, &findings);
    flash_findings_judge (&symptoms, &again);
    g_assert_true (flash_findings_equal (&findings, &again));
    n_certain[findings.certainty]++;
  }
  for (guint i = 0; i < G_N_ELEMENTS (n_certain); i++) {
    g_test_message ("%s: %u", flash_certainty_get_name ((FlashCertainty) i), n_certain[i]);
    g_assert_cmpuint (n_certain[i], >, N_SITUATIONS / 100);
  }
}

int
main (int argc, char **argv)
{
  /* GLib prints the seed; --seed repeats it. */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/findings/random", test_random);
  return g_test_run ();
}
