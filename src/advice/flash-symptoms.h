/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known about one board at one moment: what the engine told, what the port shows, what this
 * computer says, what the console printed, what somebody saw. Only facts, each of which may be
 * missing; what they mean is judged in flash-findings.h.
 *
 * Texts are not owned: whoever collects keeps them. Thread: any. */
#pragma once

#include "flash-tri.h"

G_BEGIN_DECLS

/**
 * FlashMoment:
 * @FLASH_MOMENT_BEFORE: nothing was sent yet: what would go wrong?
 * @FLASH_MOMENT_AWAY: a job runs, and its board is away or silent: where is it?
 * @FLASH_MOMENT_AFTER: a job has ended badly: why?
 */
typedef enum {
  FLASH_MOMENT_BEFORE,
  FLASH_MOMENT_AWAY,
  FLASH_MOMENT_AFTER,
} FlashMoment;

/**
 * FlashPortShows:
 * What the board's port shows now.
 *
 * @FLASH_PORT_UNKNOWN: nobody could look
 * @FLASH_PORT_NOTHING: nothing is there
 * @FLASH_PORT_FAILED: something is plugged in that the computer could not talk to
 * @FLASH_PORT_OVER_CURRENT: the port was switched off because it gave too much current
 * @FLASH_PORT_AWAITED: the board, in the stage that is awaited
 * @FLASH_PORT_ROM: the board, in its ROM, which it had left
 * @FLASH_PORT_STAYED: the board, in the stage that it was told to leave
 * @FLASH_PORT_SILENT: a device that does not answer, or has no names
 * @FLASH_PORT_CLOSED: a device that may not be opened
 * @FLASH_PORT_HELD: a device that another program or driver holds
 * @FLASH_PORT_PLAIN_UBOOT: U-Boot or its SPL without the flashing command
 * @FLASH_PORT_OTHER_BOARD: a board with another serial number or chip
 * @FLASH_PORT_OTHER_DEVICE: a device that is no board in serial boot
 */
typedef enum {
  FLASH_PORT_UNKNOWN,
  FLASH_PORT_NOTHING,
  FLASH_PORT_FAILED,
  FLASH_PORT_OVER_CURRENT,
  FLASH_PORT_AWAITED,
  FLASH_PORT_ROM,
  FLASH_PORT_STAYED,
  FLASH_PORT_SILENT,
  FLASH_PORT_CLOSED,
  FLASH_PORT_HELD,
  FLASH_PORT_PLAIN_UBOOT,
  FLASH_PORT_OTHER_BOARD,
  FLASH_PORT_OTHER_DEVICE,
} FlashPortShows;

/* Returns: (transfer none): `unknown`, `nothing`, `failed`, `over-current`, `awaited`, `rom`,
 * `stayed`, `silent`, `closed`, `held`, `plain-u-boot`, `other-board` or `other-device`. */
const char *flash_port_shows_get_name (FlashPortShows shows);

/**
 * FlashObservation:
 * What only a person at the board can see, and what would decide between causes.
 *
 * @FLASH_OBSERVATION_NONE: nothing
 * @FLASH_OBSERVATION_POWER_LED: whether a power LED is lit
 * @FLASH_OBSERVATION_RED_LED: whether the red LED blinks
 * @FLASH_OBSERVATION_CONSOLE_SPEAKS: whether the serial console prints anything
 * @FLASH_OBSERVATION_OTHER_CABLE: whether it is the same with another cable and port
 * @FLASH_OBSERVATION_BOOT_SWITCHES: whether the boot switches stand at serial boot
 * @FLASH_OBSERVATION_BOOT0_HELD: whether BOOT0 was high while the board got power
 * @FLASH_OBSERVATION_HOST_SEES_IT: whether the computer outside of the virtual machine lists it
 * @FLASH_OBSERVATION_OTHER_COMPUTER: whether it is the same behind a USB 2.0 hub, or on another
 *   computer
 */
typedef enum {
  FLASH_OBSERVATION_NONE,
  FLASH_OBSERVATION_POWER_LED,
  FLASH_OBSERVATION_RED_LED,
  FLASH_OBSERVATION_CONSOLE_SPEAKS,
  FLASH_OBSERVATION_OTHER_CABLE,
  FLASH_OBSERVATION_BOOT_SWITCHES,
  FLASH_OBSERVATION_BOOT0_HELD,
  FLASH_OBSERVATION_HOST_SEES_IT,
  FLASH_OBSERVATION_OTHER_COMPUTER,
  FLASH_N_OBSERVATIONS,
} FlashObservation;

/* Returns: (transfer none): stable name: `none`, `power-led`, `red-led`, `console-speaks`,
 * `other-cable`, `boot-switches`, `boot0-held`, `host-sees-it` or `other-computer`. */
const char *flash_observation_get_name (FlashObservation observation);
/* Returns: (transfer none): the question to a person, to be translated, which is answered by yes or
 * no; empty for %FLASH_OBSERVATION_NONE. */
const char *flash_observation_get_question (FlashObservation observation);

/**
 * FlashSymptoms:
 * All zero means: nothing is known.
 *
 * @moment: when
 * @is_virtual: it is a virtual board: nothing of this computer's USB matters
 * @is_layout: the job writes a layout (an STM32MP), else firmware
 * @family: (nullable): `STM32MP15`, `STM32F4` and the like
 * @error_code: (nullable): AFTER: the stable code with which the engine ended
 * @device_text: (nullable): the board's own words
 * @stage: (nullable): which stage answered last: `rom`, `tf-a`, `u-boot`, `bootloader`, `runtime`
 * @expected: (nullable): which stage is awaited, as @stage; `u-boot-2` is U-Boot with the
 *   partitions of the layout
 * @last_id: Id of the image that was sent last, -1 if none was
 * @n_returns: how often in this job the board has come back as a new device
 * @bytes_sent: of all images, so far
 * @bytes_total: of all images
 * @waited_ms: how long the board has been away or silent
 * @patience_ms: how long it is waited for
 * @is_erasing: the layout lets the board erase while it is away, which may take minutes
 *
 * @port: what the port shows
 * @port_id: (nullable): vid and pid of what is there, `0483:df11`
 * @port_product: (nullable): what it calls itself
 * @elsewhere: (nullable): another port, on which a board with the same serial number stands
 * @access_detail: (nullable): which right is missing
 * @holder: (nullable): the program that holds the node, `fwupd` and the like
 * @n_same_serial: how many boards with this serial number there are, 0 if not known
 *
 * @is_full_speed: the link is at full speed
 * @wants_high_speed: the board can do high speed
 * @n_hubs: hubs between computer and board, -1 if not known
 * @is_usb3_port: the port hangs on a controller or hub that does USB 3
 * @descriptor_errno: latest error of the kernel when it asked the device who it is, e.g. -110; 0 if
 *   none was seen
 * @is_descriptor_last: that came after the last sign of life of the board
 * @n_disconnects: how often the kernel said since the job began that the device went away, -1 if
 *   its messages cannot be read
 * @n_over_currents: how often the port was over-current since the job began
 * @is_over_current_last: the latest of them came after the last sign of life of the board
 * @can_suspend: the port may be suspended by the kernel
 *
 * @vm: (nullable): the kind of virtual machine that this computer is, as systemd-detect-virt calls
 *   it: `oracle`, `vmware`, `kvm`, `qemu`, `microsoft`, `wsl`, `parallels`; `none` if it is none
 * @is_flatpak: this program runs in a Flatpak
 * @has_rule: a udev rule gives rights to boards
 * @rival: (nullable): a service that is known to disturb and runs: `ModemManager`, `fwupd`,
 * `brltty`
 * @battery_percent: charge of the battery on which the computer runs; -1 on mains or if not known
 *
 * @console_mark: (nullable): stable name of the latest failure that was recognised on the serial
 *   console (flash-console-marks.h), e.g. `ddr-failed`
 * @console_speaks: the console is open and has printed something since the job began
 * @seen: what a person has answered, by #FlashObservation
 *
 * @exceeds_storage: the layout goes beyond the end of a storage, as far as its size is known
 * @image_chip: (nullable): for which chip a file was made, if it is another than the board's
 * @image_chip_id: the Id of that file, 0x01 for the first stage; -1 if not known
 * @lacks_usb_boot: the first stage was looked at and has no USB boot
 * @has_flow_mismatch: second stage and layout want different flows
 * @seconds_at_speed: BEFORE: how long the plan takes at the link's speed, 0 if not known
 * @seconds_at_high_speed: BEFORE: the same at high speed
 */
typedef struct {
  FlashMoment moment;
  gboolean is_virtual;
  gboolean is_layout;
  const char *family;
  const char *error_code;
  const char *device_text;
  const char *stage;
  const char *expected;
  gint last_id;
  guint n_returns;
  guint64 bytes_sent;
  guint64 bytes_total;
  guint waited_ms;
  guint patience_ms;
  gboolean is_erasing;

  FlashPortShows port;
  const char *port_id;
  const char *port_product;
  const char *elsewhere;
  const char *access_detail;
  const char *holder;
  guint n_same_serial;

  FlashTri is_full_speed;
  FlashTri wants_high_speed;
  gint n_hubs;
  FlashTri is_usb3_port;
  gint descriptor_errno;
  gboolean is_descriptor_last;
  gint n_disconnects;
  guint n_over_currents;
  gboolean is_over_current_last;
  FlashTri can_suspend;

  const char *vm;
  FlashTri is_flatpak;
  FlashTri has_rule;
  const char *rival;
  gint battery_percent;

  const char *console_mark;
  FlashTri console_speaks;
  FlashTri seen[FLASH_N_OBSERVATIONS];

  FlashTri exceeds_storage;
  const char *image_chip;
  gint image_chip_id;
  FlashTri lacks_usb_boot;
  FlashTri has_flow_mismatch;
  guint seconds_at_speed;
  guint seconds_at_high_speed;
} FlashSymptoms;

/* Makes @self say that nothing is known: numbers whose 0 would be a fact are -1. */
void flash_symptoms_init (FlashSymptoms *self, FlashMoment moment);

G_END_DECLS
