/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What distinguishes one virtual board from another, as data: the stages themselves are the same
 * code for all of them. Every figure of an STM32MP is from stm32mp-usb.md, device side, those of
 * DFU devices and microcontrollers from stm32-dfuse.md.
 *
 * Immutable; thread: any. */
#pragma once

#include "flash-sim-mcu.h"

G_BEGIN_DECLS

/**
 * FlashSimStage:
 * @FLASH_SIM_STAGE_OFF: nothing runs that speaks USB
 * @FLASH_SIM_STAGE_ROM: the boot ROM
 * @FLASH_SIM_STAGE_TFA: TF-A BL2
 * @FLASH_SIM_STAGE_UBOOT: U-Boot, waiting for a layout
 * @FLASH_SIM_STAGE_UBOOT2: U-Boot after its second enumeration, with one setting per partition
 * @FLASH_SIM_STAGE_SPL: U-Boot SPL that was sent in place of TF-A (section 9.6)
 * @FLASH_SIM_STAGE_DFU: a plain DFU device in DFU mode
 * @FLASH_SIM_STAGE_BOOTLOADER: the DfuSe loader of a microcontroller
 * @FLASH_SIM_STAGE_RUNTIME: an application with a run-time DFU interface
 */
typedef enum {
  FLASH_SIM_STAGE_OFF,
  FLASH_SIM_STAGE_ROM,
  FLASH_SIM_STAGE_TFA,
  FLASH_SIM_STAGE_UBOOT,
  FLASH_SIM_STAGE_UBOOT2,
  FLASH_SIM_STAGE_SPL,
  FLASH_SIM_STAGE_DFU,
  FLASH_SIM_STAGE_BOOTLOADER,
  FLASH_SIM_STAGE_RUNTIME,
  FLASH_SIM_N_STAGES,
} FlashSimStage;

/* Returns: (transfer none): `off`, `rom`, `tfa`, `uboot`, `uboot2`, `spl`, `dfu`, `bootloader` or
 * `runtime`. */
const char *flash_sim_stage_get_name (FlashSimStage stage);

/* stm32mp-usb.md section 1.5 */
#define FLASH_SIM_PHASE_LAYOUT 0x00
#define FLASH_SIM_PHASE_FSBL 0x01
#define FLASH_SIM_PHASE_DDR 0x02
#define FLASH_SIM_PHASE_FIP 0x03
#define FLASH_SIM_PHASE_FIRST_USER 0x10
#define FLASH_SIM_PHASE_LAST_USER 0xf0
#define FLASH_SIM_PHASE_VIRTUAL 0xf1
#define FLASH_SIM_PHASE_OTP 0xf2
#define FLASH_SIM_PHASE_PMIC 0xf4
#define FLASH_SIM_PHASE_END 0xfe
#define FLASH_SIM_PHASE_RESET 0xff

/**
 * FlashSimAlternate:
 * @id: the phase or partition it is for
 * @name: its string
 * @size: how many bytes it takes
 */
typedef struct {
  guint8 id;
  const char *name;
  guint32 size;
} FlashSimAlternate;

#define FLASH_SIM_MAX_FIXED_ALTERNATES 6

/**
 * FlashSimTfaPhase:
 * @phase: what TF-A asks for
 * @address: where its buffer starts
 * @size: how long it is
 */
typedef struct {
  guint8 phase;
  guint32 address;
  guint32 size;
} FlashSimTfaPhase;

#define FLASH_SIM_MAX_TFA_PHASES 2

/**
 * FlashSimMp:
 * What only an STM32MP has.
 *
 * @chip_id: Device ID in the product strings
 * @rom_revision: Revision ID that the ROM prints
 * @revision: Revision ID that TF-A and U-Boot print
 * @chip_name: the name that TF-A and U-Boot print
 * @closed_name: the same on a closed part
 * @rom_alternates: settings of the ROM, ended by a %NULL name
 * @tfa_alternates: settings of TF-A, ended by a %NULL name
 * @header_version: the STM32 header that the ROM wants
 * @fsbl_payload_max: the largest payload behind it in bytes
 * @sram_address: where the ROM puts it
 * @hands_over_silently: the ROM jumps into the FSBL without a DETACH and without leaving the bus
 * @tfa_phases: what TF-A asks for, one session after the other, ended by a zero size
 * @dram_address: start of DDR
 * @dram_size: size of DDR in bytes
 * @layout_address: where U-Boot takes the layout
 * @otp_words: how many OTP words it shows
 * @has_pmic: whether U-Boot offers the PMIC's memory
 * @resets_on_bus_reset: whether a bus reset right after DETACH restarts the board
 */
typedef struct {
  guint16 chip_id;
  guint16 rom_revision;
  guint16 revision;
  const char *chip_name;
  const char *closed_name;
  FlashSimAlternate rom_alternates[FLASH_SIM_MAX_FIXED_ALTERNATES + 1];
  FlashSimAlternate tfa_alternates[FLASH_SIM_MAX_FIXED_ALTERNATES + 1];
  guint32 header_version;
  guint32 fsbl_payload_max;
  guint32 sram_address;
  gboolean hands_over_silently;
  FlashSimTfaPhase tfa_phases[FLASH_SIM_MAX_TFA_PHASES + 1];
  guint64 dram_address;
  guint64 dram_size;
  guint32 layout_address;
  guint otp_words;
  gboolean has_pmic;
  gboolean resets_on_bus_reset;
} FlashSimMp;

/**
 * FlashSimModel:
 * @name: as in `virtual:NAME`
 * @description: for people
 * @serial: the unique id of the part
 * @first_stage: what runs when its power comes: %FLASH_SIM_STAGE_ROM of an STM32MP,
 *   %FLASH_SIM_STAGE_DFU of a plain DFU device, %FLASH_SIM_STAGE_RUNTIME of one with an
 *   application, %FLASH_SIM_STAGE_BOOTLOADER of a microcontroller
 * @is_listed: whether a provider offers one from the start; the others are there for those who ask
 *   for them by their id
 * @mp: of an STM32MP; zeros otherwise
 * @mcu: (nullable): of a microcontroller
 */
typedef struct {
  const char *name;
  const char *description;
  const char *serial;
  FlashSimStage first_stage;
  gboolean is_listed;
  FlashSimMp mp;
  const FlashSimMcu *mcu;
} FlashSimModel;

/* Returns: (transfer none) (nullable): the model of that name. */
const FlashSimModel *flash_sim_model_find (const char *name);
/* Returns: (transfer none) (array zero-terminated=1): the names of all models. */
const char *const *flash_sim_model_list_names (void);

/* Returns: whether the board ever runs that stage. */
gboolean flash_sim_model_has_stage (const FlashSimModel *self, FlashSimStage stage);

/**
 * flash_sim_alternate_find:
 * @alternates: a table ended by a %NULL name
 * @id: a phase
 *
 * Returns: the number of the setting for @id, -1 if there is none
 */
int flash_sim_alternate_find (const FlashSimAlternate *alternates, guint8 id);

G_END_DECLS
