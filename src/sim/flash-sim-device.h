/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual board, seen from the cable: setup packets go in; data, a refusal or silence come out.
 * It knows no transport, so the same object can stand behind a FlashTransport and behind a
 * USB/IP server. It is written from the device side of stm32mp-usb.md and stm32-dfuse.md and shares
 * no code with our client of the same protocols.
 *
 * Time: each request advances the board's own time. A board that is at work answers
 * %FLASH_SIM_BUSY with the moment from which it will answer; whoever carries the request waits on
 * the clock until then, or gives up. Nothing in here sleeps.
 *
 * Thread: any; the device has a lock of its own. */
#pragma once

#include "flash-board.h"
#include "flash-clock.h"
#include "flash-sim-model.h"

G_BEGIN_DECLS

/**
 * FlashSimOutcome:
 * @FLASH_SIM_ACK: done
 * @FLASH_SIM_STALL: refused
 * @FLASH_SIM_BUSY: not taken; ask again when the board is ready
 * @FLASH_SIM_LOST: there will never be an answer to this request
 * @FLASH_SIM_GONE: the board is not on the bus, or it left and returned since
 */
typedef enum {
  FLASH_SIM_ACK,
  FLASH_SIM_STALL,
  FLASH_SIM_BUSY,
  FLASH_SIM_LOST,
  FLASH_SIM_GONE,
} FlashSimOutcome;

/**
 * FlashSimPacket:
 * The eight bytes of a setup packet (USB 2.0, table 9-2).
 */
typedef struct {
  guint8 request_type;
  guint8 request;
  guint16 value;
  guint16 index;
  guint16 length;
} FlashSimPacket;

/**
 * FlashSimState:
 * @is_attached: whether it is on the bus
 * @generation: number of its last enumeration, from 1
 * @version: a number that changes whenever anything in here changes
 * @stage: what runs on it
 * @is_silent: whether it is on the bus and answers nothing at the moment
 * @descriptors: (owned) (nullable): what it says of itself; %NULL if it is silent or gone
 */
typedef struct {
  gboolean is_attached;
  guint64 generation;
  guint64 version;
  FlashSimStage stage;
  gboolean is_silent;
  FlashDescriptors *descriptors;
} FlashSimState;

void flash_sim_state_clear (FlashSimState *self);

/**
 * FlashSimChipState:
 * What a microcontroller is at.
 *
 * @FLASH_SIM_CHIP_OFF: it has no power, or it is no microcontroller
 * @FLASH_SIM_CHIP_ROM: its loader runs
 * @FLASH_SIM_CHIP_APPLICATION: an application runs: the first word of its vector table is a stack
 *   in RAM, the second an odd address in flash. It has no USB.
 * @FLASH_SIM_CHIP_LOCKED: there was nothing to start; it takes a reset with BOOT0 to get back
 * @FLASH_SIM_CHIP_DEAD: the firmware chose the wrong supply: only with BOOT0 and after the power
 *   was away it comes back (stm32-dfuse.md section 4.6)
 */
typedef enum {
  FLASH_SIM_CHIP_OFF,
  FLASH_SIM_CHIP_ROM,
  FLASH_SIM_CHIP_APPLICATION,
  FLASH_SIM_CHIP_LOCKED,
  FLASH_SIM_CHIP_DEAD,
} FlashSimChipState;

/* Firmware that holds this text, without its end mark, at this place behind its vector table is for
 * the supply that the virtual STM32H755 does not have. Real firmware says it by what it does. */
#define FLASH_SIM_WRONG_SUPPLY_OFFSET 0x400
#define FLASH_SIM_WRONG_SUPPLY_TEXT "SUPPLY=LDO"

/* The moment of a board that will never answer again. */
#define FLASH_SIM_NEVER G_MAXINT64

#define FLASH_TYPE_SIM_DEVICE (flash_sim_device_get_type ())
G_DECLARE_FINAL_TYPE (FlashSimDevice, flash_sim_device, FLASH, SIM_DEVICE, GObject)

/**
 * flash_sim_device_new:
 * @clock: the clock by which it takes its time
 * @id: `virtual:MODEL[,key=value…]`
 *
 * Makes the board and switches it on.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_PROVIDER_ERROR_BAD_ID)
 */
FlashSimDevice *flash_sim_device_new (FlashClock *clock, const char *id, GError **error);

/**
 * flash_sim_device_control:
 * @generation: the enumeration to which the caller's pipe belongs
 * @packet: the setup packet
 * @data: (array) (nullable): the data stage of a request to the device, @packet->length bytes
 * @answer: (array) (nullable): room for @packet->length bytes of a request from the device
 * @out_length: (out): how many bytes of @answer are filled; untouched unless %FLASH_SIM_ACK
 * @out_ready_us: (out): with %FLASH_SIM_BUSY, the time on the clock from which the board answers,
 *   %FLASH_SIM_NEVER if it never will; otherwise untouched
 *
 * One control transfer.
 */
FlashSimOutcome flash_sim_device_control (FlashSimDevice *self, guint64 generation,
                                          const FlashSimPacket *packet, const guint8 *data,
                                          guint8 *answer, gsize *out_length, gint64 *out_ready_us);

/* A bus reset: the board enumerates anew, or restarts (stm32mp-usb.md section 1.4.4). */
void flash_sim_device_bus_reset (FlashSimDevice *self);

/* Off and on: back into its ROM, memories kept, RAM lost. It returns after 300 ms. A
 * microcontroller that was erasing or programming is left with the half of it, and starts what
 * BOOT0 and its flash lead to. */
void flash_sim_device_power_cycle (FlashSimDevice *self);

/* The reset button of a microcontroller: not the same as power off and on, since neither the empty
 * check (stm32-dfuse.md section 4.4) nor the choice of the supply (4.6) begins anew. Nothing for
 * other boards, and for one without power. */
void flash_sim_device_press_reset (FlashSimDevice *self);

/* Puts the BOOT0 pin of a microcontroller high or low; it is looked at when it starts. */
void flash_sim_device_set_boot0 (FlashSimDevice *self, gboolean is_high);

/* Returns: what the microcontroller is at. */
FlashSimChipState flash_sim_device_get_chip_state (FlashSimDevice *self);

/**
 * flash_sim_device_get_violations:
 *
 * What the host did to the loader of a microcontroller against the rules of stm32-dfuse.md section
 * 8.8, in the order in which it happened, at most 100. Each begins with a code and a colon:
 * `dnload-state`, `upload-state`, `upload-without-abort`, `block-too-long`, `early-status`,
 * `reprogrammed` or `loader-sector`.
 *
 * Returns: (transfer full) (array zero-terminated=1): sentences for a test's log
 */
char **flash_sim_device_get_violations (FlashSimDevice *self);

/* The cable is pulled, and its power with it: off the bus until flash_sim_device_plug (). */
void flash_sim_device_unplug (FlashSimDevice *self);
/* The cable is put back: into its ROM, memories kept, RAM lost. Nothing for a board that is on the
 * bus, or about to return to it. */
void flash_sim_device_plug (FlashSimDevice *self);

/**
 * flash_sim_device_get_next_change_us:
 *
 * Returns: the moment on its clock at which the board will leave the bus, return to it or begin to
 *   answer without being asked for anything; %FLASH_SIM_NEVER if nothing lies ahead
 */
gint64 flash_sim_device_get_next_change_us (FlashSimDevice *self);

/**
 * flash_sim_device_get_stage:
 * @out_generation: (out): number of its last enumeration
 *
 * What flash_sim_device_look () says, for those who ask after each request.
 *
 * Returns: what runs on it, %FLASH_SIM_STAGE_OFF if it is not on the bus
 */
FlashSimStage flash_sim_device_get_stage (FlashSimDevice *self, guint64 *out_generation);

/* Returns: how often it has come back on another port than before; which one is the provider's
 * affair. */
guint flash_sim_device_get_n_moves (FlashSimDevice *self);

/**
 * flash_sim_device_look:
 * @out_state: (out caller-allocates): to be cleared with flash_sim_state_clear ()
 *
 * Looks at the port without a request.
 */
void flash_sim_device_look (FlashSimDevice *self, FlashSimState *out_state);

/**
 * flash_sim_device_claim:
 *
 * Takes the device for one pipe at a time, as the kernel does.
 *
 * Returns: %FLASH_SIM_ACK, %FLASH_SIM_BUSY if it is taken, or %FLASH_SIM_GONE
 */
FlashSimOutcome flash_sim_device_claim (FlashSimDevice *self, guint64 generation);
void flash_sim_device_release (FlashSimDevice *self, guint64 generation);

FlashSpeed flash_sim_device_get_speed (FlashSimDevice *self);
/* Returns: microseconds of its own time that it has used. */
gint64 flash_sim_device_get_used_us (FlashSimDevice *self);
/* Returns: how many requests it has taken. */
guint64 flash_sim_device_get_n_requests (FlashSimDevice *self);
/* Returns: (transfer full): what it printed on its serial console. */
char *flash_sim_device_dup_console (FlashSimDevice *self);

G_END_DECLS
