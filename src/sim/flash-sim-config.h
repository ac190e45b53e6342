/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a `virtual:MODEL[,key=value…]` id asks for, checked. Thread: any; it does not change once
 * it is made. */
#pragma once

#include "flash-sim-fault.h"

G_BEGIN_DECLS

/**
 * FlashSimMediumId:
 * The memories of a board. The names of their files follow: `mmc0.img` and so on, `flash.bin` of
 * a plain DFU device; `flash.bin`, `options.bin`, `otp.bin` and `eeprom.bin` of a microcontroller.
 */
typedef enum {
  FLASH_SIM_MEDIUM_MMC0,
  FLASH_SIM_MEDIUM_MMC1,
  FLASH_SIM_MEDIUM_MMC1BOOT1,
  FLASH_SIM_MEDIUM_MMC1BOOT2,
  FLASH_SIM_MEDIUM_NOR0,
  FLASH_SIM_MEDIUM_NAND0,
  FLASH_SIM_MEDIUM_SPI_NAND0,
  FLASH_SIM_MEDIUM_FLASH,
  FLASH_SIM_MEDIUM_OPTIONS,
  FLASH_SIM_MEDIUM_OTP,
  FLASH_SIM_MEDIUM_EEPROM,
  FLASH_SIM_MEDIUM_RAM,
  FLASH_SIM_N_MEDIA,
} FlashSimMediumId;

/**
 * FlashSimBuild:
 * What was left out when the board's U-Boot was built.
 */
typedef enum {
  FLASH_SIM_BUILD_ALL,
  FLASH_SIM_BUILD_NO_MMC,
  FLASH_SIM_BUILD_NO_MTD,
  FLASH_SIM_BUILD_NO_RAM,
  FLASH_SIM_BUILD_NO_ERASE,
} FlashSimBuild;

/**
 * FlashSimBoot0:
 * Who holds the pin that leads a microcontroller into its ROM.
 *
 * @FLASH_SIM_BOOT0_HIGH: a jumper: the ROM answers after each reset and power cycle
 * @FLASH_SIM_BOOT0_LOW: nobody
 * @FLASH_SIM_BOOT0_BUTTON: a finger, until the board is in its ROM for the first time
 */
typedef enum {
  FLASH_SIM_BOOT0_HIGH,
  FLASH_SIM_BOOT0_LOW,
  FLASH_SIM_BOOT0_BUTTON,
} FlashSimBoot0;

/**
 * FlashSimMcuConfig:
 * What only a microcontroller has.
 *
 * @rdp: level of the read protection, -1 to leave it as the option bytes have it
 * @has_wrp: whether the two below are asked for
 * @wrp_first: number of the first sector that is protected from writing
 * @wrp_end: number of the first one behind them that is not
 * @boot0: who holds BOOT0
 * @is_rom_v90: the ROM's leave starts nothing (stm32-dfuse.md section 2.7)
 * @is_revision_v: erasing bank 2 does not end (section 0.3, fact 5)
 * @is_complete: the loader's flash functions do something (section 0.3, fact 20)
 * @is_fast: work takes no time to speak of
 * @is_polite: it says “busy” while it works (section 8.2)
 */
typedef struct {
  int rdp;
  gboolean has_wrp;
  guint wrp_first;
  guint wrp_end;
  FlashSimBoot0 boot0;
  gboolean is_rom_v90;
  gboolean is_revision_v;
  gboolean is_complete;
  gboolean is_fast;
  gboolean is_polite;
} FlashSimMcuConfig;

#define FLASH_SIM_MAX_MTD_PARTITIONS 64

/**
 * FlashSimConfig:
 * @id: the id it was made from
 * @model: which board
 * @is_old_flow: TF-A of 2019, which takes the layout itself (section 1.3.6)
 * @start_stage: the stage in which the board is switched on
 * @is_full_speed: whether the link is a full-speed link
 * @is_closed: whether the part is closed
 * @latency_us: extra time for each request in microseconds
 * @storage: (nullable): the folder with the memories; %NULL keeps them in anonymous files
 * @sizes: sizes of the memories in bytes, 0 for one that is not there
 * @has_size: whether the id gave that size
 * @build: what the board's U-Boot can do
 * @n_mtd_partitions: number of @mtd_sizes; 0 means that the table fits every layout
 * @mtd_sizes: U-Boot's MTD partitions, one behind the other, in bytes
 * @mcu: of a microcontroller
 * @does_wait_for_reset: a run-time device that leaves by the reset that follows DETACH
 * @faults: what goes wrong, and when
 * @serial: what the id asks for, or else the unique id of the part: the model's own for a plain
 *   id and for parts that are all alike, otherwise one that the folder, or else the id, always
 *   leads to again
 */
typedef struct {
  char *id;
  const FlashSimModel *model;
  gboolean is_old_flow;
  FlashSimStage start_stage;
  gboolean is_full_speed;
  gboolean is_closed;
  guint latency_us;
  char *storage;
  guint64 sizes[FLASH_SIM_N_MEDIA];
  gboolean has_size[FLASH_SIM_N_MEDIA];
  FlashSimBuild build;
  guint n_mtd_partitions;
  guint64 mtd_sizes[FLASH_SIM_MAX_MTD_PARTITIONS];
  FlashSimMcuConfig mcu;
  gboolean does_wait_for_reset;
  FlashSimFaultScript faults;
  char *serial;
} FlashSimConfig;

/**
 * flash_sim_config_new:
 * @id: `virtual:MODEL[,key=value…]`
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_PROVIDER_ERROR_BAD_ID); the
 *   message names the key and what is legal for it
 */
FlashSimConfig *flash_sim_config_new (const char *id, GError **error);

void flash_sim_config_free (FlashSimConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashSimConfig, flash_sim_config_free)

/**
 * flash_sim_config_list_keys:
 *
 * Returns: (transfer none) (array zero-terminated=1): pairs of key and one-line English
 *   description
 */
const char *const *flash_sim_config_list_keys (void);

/**
 * flash_sim_medium_get_name:
 *
 * Returns: (transfer none): `mmc0`, `mmc1boot1`, `nor0`, `spi-nand0`, `ram`, …
 */
const char *flash_sim_medium_get_name (FlashSimMediumId medium);

G_END_DECLS
