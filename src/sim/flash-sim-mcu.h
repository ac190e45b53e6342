/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What distinguishes one virtual microcontroller from another, as data. Figures are from
 * stm32-dfuse.md; those that its section 10 leaves open are marked as assumed in the table.
 *
 * Immutable; thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The chips that have a table row, in its order. */
typedef enum {
  FLASH_SIM_MCU_F405,
  FLASH_SIM_MCU_F427,
  FLASH_SIM_MCU_F105,
  FLASH_SIM_MCU_H755,
  FLASH_SIM_MCU_G474,
  FLASH_SIM_MCU_G0B1,
  FLASH_SIM_MCU_L072,
  FLASH_SIM_MCU_L476,
  FLASH_SIM_MCU_U073,
  FLASH_SIM_MCU_U575,
  FLASH_SIM_MCU_CUBEMX,
  FLASH_SIM_N_MCUS,
} FlashSimMcuId;

/**
 * FlashSimLoader:
 * @FLASH_SIM_LOADER_OLD: a ROM that calls itself “STM32  BOOTLOADER”: fresh from power it is in
 *   dfuERROR with errFIRMWARE (section 0.3, fact 3)
 * @FLASH_SIM_LOADER_NEW: a ROM that calls itself “DFU in FS Mode”: it starts idle (section 8.5)
 * @FLASH_SIM_LOADER_MIDDLEWARE: the DFU class of ST's USB library, in flash (section 8.7, E5)
 */
typedef enum {
  FLASH_SIM_LOADER_OLD,
  FLASH_SIM_LOADER_NEW,
  FLASH_SIM_LOADER_MIDDLEWARE,
} FlashSimLoader;

/**
 * FlashSimBusyStyle:
 * How the loader keeps a host waiting (section 2.3).
 *
 * @FLASH_SIM_BUSY_NEXT: the answer “busy” comes at once, all of the next request is held back
 * @FLASH_SIM_BUSY_THIS: the answer “busy” itself is held back until the work is done
 * @FLASH_SIM_BUSY_STALL: GETSTATUS is refused up to three times, then held back
 * @FLASH_SIM_BUSY_POLITE: GETSTATUS says “busy” as often as it is asked (section 8.2); no chip of
 * the table, but a key
 */
typedef enum {
  FLASH_SIM_BUSY_NEXT,
  FLASH_SIM_BUSY_THIS,
  FLASH_SIM_BUSY_STALL,
  FLASH_SIM_BUSY_POLITE,
} FlashSimBusyStyle;

/**
 * FlashSimAreaKind:
 * @FLASH_SIM_AREA_NONE: ends a table
 * @FLASH_SIM_AREA_FLASH: the main flash
 * @FLASH_SIM_AREA_OPTIONS: option bytes: writing them resets the chip
 * @FLASH_SIM_AREA_OTP: each bit is written once
 * @FLASH_SIM_AREA_EEPROM: data memory that needs no erase
 * @FLASH_SIM_AREA_RAM: what the loader leaves of the RAM
 * @FLASH_SIM_AREA_SYSTEM: the ROM itself and its likes: readable, and no more
 */
typedef enum {
  FLASH_SIM_AREA_NONE,
  FLASH_SIM_AREA_FLASH,
  FLASH_SIM_AREA_OPTIONS,
  FLASH_SIM_AREA_OTP,
  FLASH_SIM_AREA_EEPROM,
  FLASH_SIM_AREA_RAM,
  FLASH_SIM_AREA_SYSTEM,
  FLASH_SIM_N_AREA_KINDS,
} FlashSimAreaKind;

/* Areas of one kind follow each other in the memory, and so in the file, of that kind. */
typedef struct {
  FlashSimAreaKind kind;
  guint32 address;
  guint32 size;
} FlashSimArea;

/**
 * FlashSimSectors:
 * Sectors of one size.
 *
 * @count: how many, 0 ends a table
 * @size: of each, in bytes
 * @erase_ms: how long erasing one takes
 * @poll_ms: what the loader says about that
 * @is_loader: they hold the loader itself, and the string gives them type 'a'
 */
typedef struct {
  guint count;
  guint32 size;
  guint erase_ms;
  guint poll_ms;
  gboolean is_loader;
} FlashSimSectors;

/* Where the stack of an application may begin, in half-open addresses. */
typedef struct {
  guint32 start;
  guint32 end;
} FlashSimRange;

/**
 * FlashSimWrpLayout:
 * Where the option bytes say which sectors are protected from writing.
 *
 * @FLASH_SIM_WRP_KEY: nowhere that is certain: only the key `wrp` says it
 * @FLASH_SIM_WRP_F1: offsets 8, 10, 12 and 14, a cleared bit for two pages, the last for the rest
 * @FLASH_SIM_WRP_F4: offsets 8 and 9, a cleared bit for a sector
 */
typedef enum {
  FLASH_SIM_WRP_KEY,
  FLASH_SIM_WRP_F1,
  FLASH_SIM_WRP_F4,
} FlashSimWrpLayout;

/**
 * FlashSimRdpStyle:
 * What level 1 of the read protection does to a host (sections 2.8 and 4.7).
 *
 * @FLASH_SIM_RDP_VENDOR: reads, writes and erases end with errVENDOR
 * @FLASH_SIM_RDP_DROPS: writes are acknowledged and dropped, option bytes can be read, flash not
 */
typedef enum {
  FLASH_SIM_RDP_VENDOR,
  FLASH_SIM_RDP_DROPS,
} FlashSimRdpStyle;

#define FLASH_SIM_MCU_MAX_SECTORS 7
#define FLASH_SIM_MCU_MAX_AREAS 9
#define FLASH_SIM_MCU_MAX_ALTERNATES 4
#define FLASH_SIM_MCU_MAX_STACKS 4

/**
 * FlashSimMcu:
 * @loader: which kind of loader answers
 * @busy: how it keeps a host waiting
 * @bcd_usb: bcdUSB
 * @bcd_device: bcdDevice
 * @product: product string
 * @other_strings: (nullable): strings 4 and 5
 * @alternates: strings of the settings, ended by %NULL
 * @transfer_size: wTransferSize in bytes
 * @has_long_strings: string descriptors claim more bytes than they have (section 0.3, fact 13)
 * @has_one_alternate: what is asked of another setting than the first is refused (section 8.6)
 * @is_serial_shared: every part of the kind has the same serial (section 0.3, fact 11)
 * @sectors: from 0x08000000 on, ended by a zero count
 * @areas: what addresses lead to, ended by %FLASH_SIM_AREA_NONE
 * @stacks: where an application may put its stack, ended by zeros
 * @erased: what erased flash reads as
 * @granule: bytes that are programmed at once
 * @has_ecc: a granule can be programmed once between two erases (section 0.3, fact 19)
 * @granule_us: microseconds that programming one takes
 * @wire_us_per_kib: microseconds for the transfer of 1024 bytes
 * @address_poll_ms: bwPollTimeout after SET_ADDRESS
 * @block_poll_ms: bwPollTimeout after a block
 * @mass_erase_ms: how long a mass erase takes, 0 if there is none
 * @mass_poll_ms: bwPollTimeout after it
 * @option_head: the first option bytes as the chip leaves the factory
 * @option_fill: what follows them, again and again
 * @option_complement: how far behind an option byte its complement is, 0 if there is none
 * @are_options_whole: option bytes are read and written only as a whole
 * @rdp_offset: where among them the read protection is
 * @rdp_open: the value that means level 0
 * @rdp_max: the highest level
 * @rdp_style: what level 1 does
 * @wrp_layout: where the write protection is
 * @does_unprotect_clear_wrp: 0x92 takes the write protection away as well
 * @has_empty_check: with an erased first word the ROM starts at power-on (section 4.4)
 * @has_rom_versions: key `rom`: V9.0 leaves the bus and starts nothing (section 2.7)
 * @has_revisions: key `revision`: V hangs after an erase of bank 2 (section 0.3, fact 5)
 * @has_supply: firmware for the wrong supply kills it (section 4.6)
 * @application: address of the vector table of what starts
 */
typedef struct {
  FlashSimLoader loader;
  FlashSimBusyStyle busy;
  guint16 bcd_usb;
  guint16 bcd_device;
  const char *product;
  const char *other_strings[2];
  const char *alternates[FLASH_SIM_MCU_MAX_ALTERNATES + 1];
  guint16 transfer_size;
  gboolean has_long_strings;
  gboolean has_one_alternate;
  gboolean is_serial_shared;
  FlashSimSectors sectors[FLASH_SIM_MCU_MAX_SECTORS + 1];
  FlashSimArea areas[FLASH_SIM_MCU_MAX_AREAS + 1];
  FlashSimRange stacks[FLASH_SIM_MCU_MAX_STACKS + 1];
  guint8 erased;
  guint8 granule;
  gboolean has_ecc;
  guint granule_us;
  guint wire_us_per_kib;
  guint address_poll_ms;
  guint block_poll_ms;
  guint mass_erase_ms;
  guint mass_poll_ms;
  guint8 option_head[8];
  guint8 option_fill[8];
  guint8 option_complement;
  gboolean are_options_whole;
  guint8 rdp_offset;
  guint8 rdp_open;
  guint8 rdp_max;
  FlashSimRdpStyle rdp_style;
  FlashSimWrpLayout wrp_layout;
  gboolean does_unprotect_clear_wrp;
  gboolean has_empty_check;
  gboolean has_rom_versions;
  gboolean has_revisions;
  gboolean has_supply;
  guint32 application;
} FlashSimMcu;

extern const FlashSimMcu flash_sim_mcus[FLASH_SIM_N_MCUS];

/* Every chip of the table has its flash here. */
#define FLASH_SIM_MCU_FLASH_ADDRESS 0x08000000u

/* Returns: the bytes of all areas of that kind. */
guint32 flash_sim_mcu_get_size (const FlashSimMcu *self, FlashSimAreaKind kind);

/**
 * flash_sim_mcu_find_area:
 * @address: any address
 * @out_offset: (out): where it lies in the memory of that kind
 *
 * Returns: (transfer none) (nullable): the area that holds it
 */
const FlashSimArea *
flash_sim_mcu_find_area (const FlashSimMcu *self, guint32 address, guint32 *out_offset);

/**
 * flash_sim_mcu_find_sector:
 * @offset: a place in the flash
 * @out_start: (out): offset of the first byte of its sector
 * @out_number: (out): number of that sector, from 0
 *
 * Returns: (transfer none) (nullable): the kind of sector
 */
const FlashSimSectors *flash_sim_mcu_find_sector (const FlashSimMcu *self, guint32 offset,
                                                  guint32 *out_start, guint *out_number);

/* Returns: how many sectors the flash has. */
guint flash_sim_mcu_count_sectors (const FlashSimMcu *self);

G_END_DECLS
