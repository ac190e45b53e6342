/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board that is away or silent (stm32mp-usb.md section 7.3, stm32-dfuse.md section 7.1). */
#define G_LOG_DOMAIN "flash-findings-away"

#include "config.h"

#include "flash-findings-private.h"

/* A board leaves the bus this often at most while it is flashed as it should be
 * (stm32mp-usb.md section 1.1: TF-A, U-Boot, U-Boot again, the system; once for firmware). */
#define MOST_LEAVES_OF_LAYOUT 5
#define MOST_LEAVES_OF_FIRMWARE 2

gboolean
flash_findings_is_vm (const FlashSymptoms *symptoms)
{
  return symptoms->vm != NULL && !g_str_equal (symptoms->vm, "none");
}

gboolean
flash_findings_is_missing (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_NOTHING || symptoms->port == FLASH_PORT_UNKNOWN;
}

static gboolean
is_expected (const FlashSymptoms *symptoms, const char *stage)
{
  return g_strcmp0 (symptoms->expected, stage) == 0;
}

/* Whether that stage has answered already. */
static gboolean
is_stage (const FlashSymptoms *symptoms, const char *stage)
{
  return g_strcmp0 (symptoms->stage, stage) == 0;
}

gboolean
flash_findings_is_first_stage (const FlashSymptoms *symptoms)
{
  static const char *const silent[] = { "fsbl-did-not-start", NULL };

  if (!symptoms->is_layout || is_stage (symptoms, "tf-a") || is_stage (symptoms, "u-boot"))
    return FALSE;
  if (symptoms->expected != NULL)
    return is_expected (symptoms, "tf-a");
  return symptoms->last_id == 0x01 || flash_findings_ended_with (symptoms, silent);
}

gboolean
flash_findings_is_second_stage (const FlashSymptoms *symptoms)
{
  if (!symptoms->is_layout || is_stage (symptoms, "u-boot"))
    return FALSE;
  return symptoms->expected != NULL ? is_expected (symptoms, "u-boot") : symptoms->last_id == 0x03;
}

gboolean
flash_findings_is_for_other_chip (const FlashSymptoms *symptoms)
{
  if (symptoms->image_chip == NULL)
    return FALSE;
  return (symptoms->image_chip_id == 0x01 && flash_findings_is_first_stage (symptoms)) ||
         (symptoms->image_chip_id == 0x03 && flash_findings_is_second_stage (symptoms));
}

gboolean
flash_findings_has_all (const FlashSymptoms *symptoms)
{
  return symptoms->bytes_total > 0 && symptoms->bytes_sent == symptoms->bytes_total;
}

static gboolean
is_setting_up (const FlashSymptoms *symptoms)
{
  return symptoms->is_layout && is_expected (symptoms, "u-boot-2");
}

/* Whether the board was to come back as a new device: in another stage than it left. The STM32MP15
 * stays on the bus when its ROM hands over to TF-A (stm32mp-usb.md section 1.1). */
static gboolean
has_new_device (const FlashSymptoms *symptoms)
{
  if (symptoms->expected == NULL || is_stage (symptoms, symptoms->expected))
    return FALSE;
  return !flash_findings_is_first_stage (symptoms) || symptoms->family == NULL ||
         !g_str_has_prefix (symptoms->family, "STM32MP15");
}

/* --- proofs: the port, the kernel or the console says it ------------------------------------ */

static gboolean
is_over_current (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_OVER_CURRENT ||
         (symptoms->n_over_currents > 0 && symptoms->is_over_current_last);
}

static gboolean
is_anywhere (const FlashSymptoms *symptoms)
{
  return symptoms != NULL;
}

static gboolean
is_late (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "fsbl-did-not-start", "never-came-back", NULL };

  return flash_findings_ended_with (symptoms, codes) && symptoms->port == FLASH_PORT_AWAITED;
}

static gboolean
is_elsewhere (const FlashSymptoms *symptoms)
{
  return symptoms->elsewhere != NULL && flash_findings_is_missing (symptoms);
}

gboolean
flash_findings_is_in_rom_again (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "came-back-in-rom", NULL };

  return flash_findings_ended_with (symptoms, codes) ||
         (symptoms->is_layout && symptoms->port == FLASH_PORT_ROM &&
          (symptoms->moment == FLASH_MOMENT_AWAY || flash_findings_ended_lost (symptoms)));
}

/* A microcontroller whose program was to start. */
static gboolean
is_boot_loader_again (const FlashSymptoms *symptoms)
{
  return !symptoms->is_layout && is_expected (symptoms, "runtime") &&
         (symptoms->port == FLASH_PORT_ROM || symptoms->port == FLASH_PORT_STAYED);
}

static gboolean
is_other_board (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_OTHER_BOARD;
}

static gboolean
is_plain_u_boot (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_PLAIN_UBOOT;
}

/* All was written, and the program was to start: what is there now may be it. */
static gboolean
is_program_running (const FlashSymptoms *symptoms)
{
  return !symptoms->is_layout && symptoms->port == FLASH_PORT_OTHER_DEVICE &&
         is_expected (symptoms, "runtime") && flash_findings_has_all (symptoms);
}

static gboolean
is_other_device (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_OTHER_DEVICE && !is_program_running (symptoms);
}

static gboolean
has_failed_descriptor (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_FAILED ||
         (symptoms->descriptor_errno != 0 && symptoms->is_descriptor_last &&
          flash_findings_is_missing (symptoms));
}

/* What counts whatever a boot stage says. */
const FlashFindingsRule flash_findings_proofs[] = {
  { "came-back-late", FLASH_CERTAINTY_PROVED, is_late },
  { "over-current", FLASH_CERTAINTY_PROVED, is_over_current },
  { "different-board", FLASH_CERTAINTY_PROVED, is_other_board },
  { NULL },
};

/* Where the board is, or what is there instead. */
const FlashFindingsRule flash_findings_places[] = {
  { "came-back-elsewhere", FLASH_CERTAINTY_PROVED, is_elsewhere },
  { "needs-reset", FLASH_CERTAINTY_PROVED, is_boot_loader_again },
  { "other-boot-loader", FLASH_CERTAINTY_PROVED, is_plain_u_boot },
  { "other-device-on-port", FLASH_CERTAINTY_PROVED, is_other_device },
  { "descriptor-failed", FLASH_CERTAINTY_PROVED, has_failed_descriptor },
  { NULL },
};

/* --- restarts: the board is in its ROM again (stm32mp-usb.md section 7.3, rows 18 and 20) ---- */

static gboolean
has_no_usb_boot (const FlashSymptoms *symptoms)
{
  return flash_findings_is_first_stage (symptoms) && symptoms->lacks_usb_boot == FLASH_TRI_YES;
}

const FlashFindingsRule flash_findings_restarts[] = {
  { "wrong-chip", FLASH_CERTAINTY_LIKELY, flash_findings_is_for_other_chip },
  { "fsbl-no-usb-boot", FLASH_CERTAINTY_LIKELY, has_no_usb_boot },
  { NULL },
};

/* An STM32MP1 takes a reset of the bus for the end of the session while it sets up. */
static gboolean
may_be_bus_reset (const FlashSymptoms *symptoms)
{
  return is_setting_up (symptoms) && symptoms->family != NULL &&
         g_str_has_prefix (symptoms->family, "STM32MP1");
}

static gboolean
was_writing (const FlashSymptoms *symptoms)
{
  return symptoms->is_layout && is_stage (symptoms, "u-boot") && symptoms->last_id > 0x03 &&
         !is_setting_up (symptoms);
}

/* The first stage has not answered, or stopped in the middle of its work. */
static gboolean
may_have_crashed (const FlashSymptoms *symptoms)
{
  return flash_findings_is_first_stage (symptoms) ||
         (is_stage (symptoms, "tf-a") && !flash_findings_is_second_stage (symptoms));
}

const FlashFindingsOption flash_findings_restart_options[] = {
  { "first-stage-crashed", may_have_crashed, FLASH_OBSERVATION_CONSOLE_SPEAKS, FLASH_TRI_NO },
  { "second-stage-mute", flash_findings_is_second_stage, FLASH_OBSERVATION_NONE,
    FLASH_TRI_UNKNOWN },
  { "storage-setup-failed", is_setting_up, FLASH_OBSERVATION_CONSOLE_SPEAKS, FLASH_TRI_NO },
  { "bus-reset", may_be_bus_reset, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { "file-larger-than-slot", was_writing, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { "board-reset", is_anywhere, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { NULL },
};

/* --- answers: the layout explains it, or somebody at the board has looked ------------------ */

static gboolean
is_erasing (const FlashSymptoms *symptoms)
{
  return symptoms->moment == FLASH_MOMENT_AWAY && symptoms->is_erasing &&
         symptoms->waited_ms < symptoms->patience_ms && flash_findings_is_missing (symptoms);
}

static gboolean
is_missing_in_vm (const FlashSymptoms *symptoms)
{
  return flash_findings_is_missing (symptoms) && flash_findings_is_vm (symptoms);
}

static gboolean
is_missing_layout (const FlashSymptoms *symptoms)
{
  return symptoms->is_layout && flash_findings_is_missing (symptoms);
}

static gboolean
is_missing_firmware (const FlashSymptoms *symptoms)
{
  return !symptoms->is_layout && flash_findings_is_missing (symptoms);
}

static gboolean
is_boot_loader_missing (const FlashSymptoms *symptoms)
{
  return is_missing_firmware (symptoms) && !is_expected (symptoms, "runtime");
}

/* A board whose console speaks has power, whatever its lamps do. */
static gboolean
may_lack_power (const FlashSymptoms *symptoms)
{
  return flash_findings_is_missing (symptoms) && symptoms->console_speaks != FLASH_TRI_YES;
}

/* What has started over USB did not start from a storage. */
static gboolean
may_boot_from_storage (const FlashSymptoms *symptoms)
{
  return is_missing_layout (symptoms) && symptoms->n_returns == 0 &&
         (symptoms->stage == NULL || is_stage (symptoms, "rom"));
}

const FlashFindingsRule flash_findings_answers[] = {
  { "still-erasing", FLASH_CERTAINTY_LIKELY, is_erasing },
  { "no-power", FLASH_CERTAINTY_LIKELY, may_lack_power, FLASH_OBSERVATION_POWER_LED, FLASH_TRI_NO },
  { "vm-passthrough", FLASH_CERTAINTY_LIKELY, is_missing_in_vm, FLASH_OBSERVATION_HOST_SEES_IT,
    FLASH_TRI_YES },
  { "bad-cable", FLASH_CERTAINTY_LIKELY, is_anywhere, FLASH_OBSERVATION_OTHER_CABLE, FLASH_TRI_NO },
  { "boot-switches-wrong", FLASH_CERTAINTY_LIKELY, may_boot_from_storage,
    FLASH_OBSERVATION_BOOT_SWITCHES, FLASH_TRI_NO },
  { "boot0-not-sampled", FLASH_CERTAINTY_LIKELY, is_boot_loader_missing,
    FLASH_OBSERVATION_BOOT0_HELD, FLASH_TRI_NO },
  { "fsbl-no-usb-boot", FLASH_CERTAINTY_LIKELY, has_no_usb_boot, FLASH_OBSERVATION_CONSOLE_SPEAKS,
    FLASH_TRI_YES },
  { "first-stage-crashed", FLASH_CERTAINTY_LIKELY, flash_findings_is_first_stage,
    FLASH_OBSERVATION_CONSOLE_SPEAKS, FLASH_TRI_YES },
  { "first-stage-mute", FLASH_CERTAINTY_LIKELY, flash_findings_is_first_stage,
    FLASH_OBSERVATION_CONSOLE_SPEAKS, FLASH_TRI_NO },
  { "second-stage-silent", FLASH_CERTAINTY_LIKELY, flash_findings_is_second_stage,
    FLASH_OBSERVATION_CONSOLE_SPEAKS, FLASH_TRI_YES },
  { "second-stage-mute", FLASH_CERTAINTY_LIKELY, flash_findings_is_second_stage,
    FLASH_OBSERVATION_CONSOLE_SPEAKS, FLASH_TRI_NO },
  { "rom-not-seen", FLASH_CERTAINTY_LIKELY, is_missing_layout, FLASH_OBSERVATION_RED_LED,
    FLASH_TRI_YES },
  { NULL },
};

/* --- likely: the situation fits one cause ------------------------------------------------- */

/* What was passed on once in this job has its filter. */
static gboolean
is_kept_by_vm_host (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_NOTHING && flash_findings_is_vm (symptoms) &&
         symptoms->n_returns == 0 && has_new_device (symptoms) && !is_setting_up (symptoms) &&
         !is_expected (symptoms, "runtime") &&
         symptoms->seen[FLASH_OBSERVATION_HOST_SEES_IT] != FLASH_TRI_NO;
}

/* TF-A has descriptors for high speed only (stm32mp-usb.md section 7.3, row 4). */
static gboolean
needs_high_speed (const FlashSymptoms *symptoms)
{
  return symptoms->is_full_speed == FLASH_TRI_YES && flash_findings_is_first_stage (symptoms) &&
         flash_findings_is_missing (symptoms);
}

/* The ROM prints nothing: what the console says comes from the first stage. */
static gboolean
has_first_stage_spoken (const FlashSymptoms *symptoms)
{
  return flash_findings_is_first_stage (symptoms) && symptoms->console_speaks == FLASH_TRI_YES &&
         symptoms->lacks_usb_boot != FLASH_TRI_YES &&
         symptoms->seen[FLASH_OBSERVATION_CONSOLE_SPEAKS] == FLASH_TRI_UNKNOWN;
}

static gboolean
has_other_flow (const FlashSymptoms *symptoms)
{
  return flash_findings_is_second_stage (symptoms) && symptoms->has_flow_mismatch == FLASH_TRI_YES;
}

/* stm32-dfuse.md section 7.1, row 32, and users-and-journeys.md section 1. A connection that has
 * carried data fails for another reason. */
static gboolean
may_need_hub (const FlashSymptoms *symptoms)
{
  return symptoms->moment == FLASH_MOMENT_AFTER && !symptoms->is_layout &&
         symptoms->family != NULL && g_str_has_prefix (symptoms->family, "STM32F0") &&
         symptoms->n_hubs == 0 && symptoms->bytes_sent == 0;
}

static gboolean
is_f0_without_hub (const FlashSymptoms *symptoms)
{
  return may_need_hub (symptoms) &&
         (symptoms->descriptor_errno != 0 || symptoms->is_usb3_port == FLASH_TRI_YES);
}

/* It was so in this job, and the board has shown itself since. */
static gboolean
was_over_current (const FlashSymptoms *symptoms)
{
  return flash_findings_is_missing (symptoms) && symptoms->n_over_currents > 0;
}

static gboolean
had_failed_descriptor (const FlashSymptoms *symptoms)
{
  return flash_findings_is_missing (symptoms) && symptoms->descriptor_errno != 0;
}

static gboolean
leaves_too_often (const FlashSymptoms *symptoms)
{
  return symptoms->n_disconnects >
         (symptoms->is_layout ? MOST_LEAVES_OF_LAYOUT : MOST_LEAVES_OF_FIRMWARE);
}

const FlashFindingsRule flash_findings_likely[] = {
  { "vm-passthrough", FLASH_CERTAINTY_LIKELY, is_kept_by_vm_host },
  { "wrong-chip", FLASH_CERTAINTY_LIKELY, flash_findings_is_for_other_chip },
  { "fsbl-no-usb-boot", FLASH_CERTAINTY_LIKELY, has_no_usb_boot },
  { "first-stage-crashed", FLASH_CERTAINTY_LIKELY, has_first_stage_spoken },
  { "flow-mismatch", FLASH_CERTAINTY_LIKELY, has_other_flow },
  { "no-hs-second-stage", FLASH_CERTAINTY_LIKELY, needs_high_speed },
  { "f0-needs-hub", FLASH_CERTAINTY_LIKELY, is_f0_without_hub },
  { "over-current", FLASH_CERTAINTY_LIKELY, was_over_current },
  { "descriptor-failed", FLASH_CERTAINTY_LIKELY, had_failed_descriptor },
  { "port-disturbed", FLASH_CERTAINTY_LIKELY, leaves_too_often },
  { "bootloader-left", FLASH_CERTAINTY_LIKELY, is_program_running },
  { NULL },
};

/* --- options: what it may be ---------------------------------------------------------------- */

static gboolean
may_lack_usb (const FlashSymptoms *symptoms)
{
  return flash_findings_is_first_stage (symptoms) && symptoms->lacks_usb_boot != FLASH_TRI_NO;
}

/* The first stage has answered, and stopped in the middle of its work. */
static gboolean
may_have_stopped (const FlashSymptoms *symptoms)
{
  return symptoms->is_layout && is_stage (symptoms, "tf-a") &&
         (symptoms->expected == NULL || is_expected (symptoms, "tf-a"));
}

/* The program that was just written, or that was to start, may stop the chip. */
static gboolean
may_be_power_setting (const FlashSymptoms *symptoms)
{
  return is_missing_firmware (symptoms) && symptoms->family != NULL &&
         g_str_has_prefix (symptoms->family, "STM32H7") &&
         (is_expected (symptoms, "runtime") || flash_findings_has_all (symptoms));
}

/* Half a program is not what was wanted to run. */
static gboolean
may_have_left (const FlashSymptoms *symptoms)
{
  return is_missing_firmware (symptoms) &&
         (symptoms->bytes_total == 0 || flash_findings_has_all (symptoms));
}

static gboolean
may_be_kept_by_vm_host (const FlashSymptoms *symptoms)
{
  return is_missing_in_vm (symptoms) && !is_expected (symptoms, "runtime");
}

static gboolean
is_there (const FlashSymptoms *symptoms)
{
  return !flash_findings_is_missing (symptoms);
}

const FlashFindingsOption flash_findings_options[] = {
  { "vm-passthrough", may_be_kept_by_vm_host, FLASH_OBSERVATION_HOST_SEES_IT, FLASH_TRI_NO },
  { "f0-needs-hub", may_need_hub, FLASH_OBSERVATION_OTHER_CABLE, FLASH_TRI_YES },
  { "fsbl-no-usb-boot", may_lack_usb, FLASH_OBSERVATION_CONSOLE_SPEAKS, FLASH_TRI_UNKNOWN },
  { "first-stage-crashed", flash_findings_is_first_stage, FLASH_OBSERVATION_CONSOLE_SPEAKS,
    FLASH_TRI_NO },
  { "first-stage-crashed", may_have_stopped, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { "second-stage-silent", flash_findings_is_second_stage, FLASH_OBSERVATION_CONSOLE_SPEAKS,
    FLASH_TRI_NO },
  { "second-stage-mute", flash_findings_is_second_stage, FLASH_OBSERVATION_CONSOLE_SPEAKS,
    FLASH_TRI_YES },
  { "storage-setup-failed", is_setting_up, FLASH_OBSERVATION_CONSOLE_SPEAKS, FLASH_TRI_NO },
  { "boot0-not-sampled", is_boot_loader_missing, FLASH_OBSERVATION_BOOT0_HELD, FLASH_TRI_YES },
  { "h7-power-setting", may_be_power_setting, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { "bad-cable", is_anywhere, FLASH_OBSERVATION_OTHER_CABLE, FLASH_TRI_YES },
  { "bootloader-left", may_have_left, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { "no-power", may_lack_power, FLASH_OBSERVATION_POWER_LED, FLASH_TRI_YES },
  { "rom-not-seen", is_missing_layout, FLASH_OBSERVATION_RED_LED, FLASH_TRI_NO },
  { "boot-switches-wrong", may_boot_from_storage, FLASH_OBSERVATION_BOOT_SWITCHES, FLASH_TRI_YES },
  { "board-reset", flash_findings_is_missing, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { "boot-loader-stuck", is_there, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { NULL },
};
