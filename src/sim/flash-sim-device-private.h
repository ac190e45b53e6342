/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a virtual board, shared by the files that make up its stages. Everything in here
 * is called with the device's lock held. */
#pragma once

#include "flash-dfu-defs.h"
#include "flash-sim-cells.h"
#include "flash-sim-config.h"
#include "flash-sim-descriptors.h"
#include "flash-sim-device.h"
#include "flash-sim-media.h"
#include "flash-sim-setup.h"

G_BEGIN_DECLS

/* stm32mp-usb.md section 2.3: SYS_DFU_DATA_BUF_SIZE */
#define FLASH_SIM_BUFFER_LENGTH (8u * 1024 * 1024)
/* stm32mp-usb.md section 1.6 */
#define FLASH_SIM_PHASE_LENGTH 9
#define FLASH_SIM_NO_ADDRESS 0xffffffffu
/* The largest of the virtual settings: the OTP words of an STM32MP2 (section 5.1). */
#define FLASH_SIM_VIRTUAL_LENGTH 2952

/* Times, stm32mp-usb.md sections 9.3 to 9.5 where they are named there. */
#define FLASH_SIM_FSBL_US 300000
#define FLASH_SIM_TFA_TO_UBOOT_US 1500000
#define FLASH_SIM_SECOND_ENUMERATION_US 500000
#define FLASH_SIM_DRAIN_US 20000
#define FLASH_SIM_MTD_DRAIN_US 1000
#define FLASH_SIM_FLUSH_US 50000
#define FLASH_SIM_RESTART_US 1000000
#define FLASH_SIM_POWER_CYCLE_US 300000
#define FLASH_SIM_FAULT_DELAY_US 8000000

/* A host is not made to wait for less. */
#define FLASH_SIM_DEBT_US 1000

typedef enum {
  FLASH_SIM_BUFFER_NONE,
  FLASH_SIM_BUFFER_LOADER,
  FLASH_SIM_BUFFER_MMC,
  FLASH_SIM_BUFFER_MTD,
  FLASH_SIM_BUFFER_RAM,
  FLASH_SIM_BUFFER_VIRTUAL,
} FlashSimBufferType;

/* One for the whole board, as in U-Boot: pages that were not touched take no memory. */
typedef struct {
  guint8 *bytes; /* (nullable) mapped */
  gsize length;
  FlashSimBufferType type;
} FlashSimBuffer;

typedef struct {
  guint32 n_received;
  gboolean is_good;
} FlashSimRom;

/* The plain DFU device, with its transfer and what it holds. */
typedef struct {
  guint16 next_block;
  gboolean is_pending; /* GETSTATUS did not yet start what was asked for last */
  FlashDfuStatusCode result; /* of that */
  gint64 busy_until_us;
  guint64 offset; /* of the next byte */
  gboolean has_image;
  guint64 image_length;
} FlashSimPlain;

/* What the loader of a microcontroller does between two answers. */
typedef enum {
  FLASH_SIM_WORK_NONE,
  FLASH_SIM_WORK_NOTHING, /* acknowledged, or refused in the end */
  FLASH_SIM_WORK_ERASE,
  FLASH_SIM_WORK_MASS_ERASE,
  FLASH_SIM_WORK_PROGRAM,
  FLASH_SIM_WORK_OPTIONS,
  FLASH_SIM_WORK_UNPROTECT,
} FlashSimWorkKind;

typedef struct {
  FlashSimWorkKind kind;
  FlashSimAreaKind area;
  guint32 offset; /* in the memory of that kind */
  guint32 length;
  guint poll_ms; /* as the loader says */
  gint64 start_us;
  gint64 end_us;
} FlashSimWork;

#define FLASH_SIM_MCU_MAX_TRANSFER 2048

/* A microcontroller with its loader. */
typedef struct {
  FlashSimCells *cells[FLASH_SIM_N_AREA_KINDS]; /* (owned) (nullable) made when they are needed */
  guint wrp_first; /* where the option bytes do not say it */
  guint wrp_end;
  FlashSimChipState state;
  gboolean is_boot0_high;
  gboolean is_empty; /* as it was found when the power came */

  guint32 pointer;
  gboolean is_pointer_last; /* SET_ADDRESS was the last thing it was told */
  guint8 data[FLASH_SIM_MCU_MAX_TRANSFER]; /* the block that waits for GETSTATUS */
  guint16 block;
  guint16 length;
  FlashSimWork work;
  FlashDfuStatusCode result; /* of the work */
  gboolean is_held_back; /* so far, “busy” was not said yet */
  gboolean is_hung; /* it will be busy for ever */
  guint n_refusals; /* of GETSTATUS, that are still to come */
  gint64 poll_until_us;
  GPtrArray *violations; /* (owned) (nullable) (element-type utf8) */
} FlashSimChip;

#define FLASH_SIM_HEAD_LENGTH 256

typedef struct {
  guint phase_index; /* of the model's tfa_phases; kept over the sessions of one start */
  guint8 phase;
  guint32 address; /* of the buffer, or FLASH_SIM_NO_ADDRESS */
  guint32 size;
  guint32 n_received;
  guint32 sum; /* of the bytes behind an STM32 header */
  gboolean is_loaded;
  gboolean is_spoiled; /* a transfer was broken off and begun again */
  guint8 head[FLASH_SIM_HEAD_LENGTH];
  char error_text[FLASH_SIM_ERROR_LENGTH];
} FlashSimTfa;

typedef enum {
  FLASH_SIM_ENTITY_LAYOUT,
  FLASH_SIM_ENTITY_PART,
  FLASH_SIM_ENTITY_VIRTUAL,
  FLASH_SIM_ENTITY_OTP,
  FLASH_SIM_ENTITY_PMIC,
} FlashSimEntityKind;

/* One alternate setting of U-Boot with its transaction (section 9.5). */
typedef struct {
  FlashSimEntityKind kind;
  guint8 id;
  guint part; /* index of its line */
  gboolean is_open;
  guint16 next_block;
  guint64 offset; /* where the buffer goes, or what is read next */
  gsize n_buffered;
  guint64 n_left; /* of an upload */
} FlashSimEntity;

typedef struct {
  FlashSimSetup setup;
  gboolean is_ready; /* the devices of the layout are set up */
  GArray *entities; /* (owned) (nullable) (element-type FlashSimEntity) */
  guint8 phase;
  gboolean has_layout;
  gboolean is_script;
  gboolean is_reset_armed;
  guint32 saved_offset;
  guint8 staging[FLASH_SIM_VIRTUAL_LENGTH]; /* what came in, or goes out, on a virtual setting */
  gsize n_staged;
  char error_text[FLASH_SIM_ERROR_LENGTH];
} FlashSimUboot;

struct _FlashSimDevice {
  GObject parent_instance;

  GMutex lock;
  FlashClock *clock; /* (owned) */
  FlashSimConfig *config; /* (owned) */
  FlashSimMedia *media; /* (owned) */
  FlashSimFaultScript faults;
  const char *serial;
  GString *console; /* (owned) */
  gboolean is_ready; /* all of the above is there */

  /* on the bus */
  FlashSimStage stage;
  gboolean is_attached;
  guint64 generation;
  guint64 version;
  guint64 claimed_generation;
  FlashSimStage next_stage;
  gboolean keeps_session; /* only its cable was out: it goes on where it was */
  guint n_moves; /* how often it has come back on another port */
  gint64 attach_us; /* when it returns, FLASH_SIM_NEVER if it does not */
  gint64 detached_us; /* when it left */
  gboolean is_fresh_from_detach;
  gboolean is_used; /* a DFU request came since it is on the bus */
  FlashSimDescriptors *descriptors; /* (owned) */
  guint8 configuration;
  guint8 alternate;

  /* its time */
  gint64 now_us;
  gint64 due_us;
  gint64 used_us;
  gint64 silent_until_us;
  gint64 strings_from_us;
  gint64 watchdog_us; /* FLASH_SIM_NEVER if none runs */
  gboolean is_mute;
  guint64 n_requests;

  /* DFU */
  FlashDfuState state;
  FlashDfuStatusCode status;
  gboolean is_pipe_due;
  FlashSimBuffer buffer;
  FlashSimRom rom;
  FlashSimPlain plain;
  FlashSimChip chip;
  gint64 detach_until_us; /* of a run-time device in appDETACH */
  FlashSimTfa tfa;
  FlashSimUboot uboot;
  guint32 otp_words[368];
  gboolean otp_locks[368];
  guint8 pmic[8];
};

/* --- flash-sim-bus.c ------------------------------------------------------------------------ */

/* Reads the clock and lets happen what time alone brings about. */
void flash_sim_device_advance (FlashSimDevice *self);
void flash_sim_device_attach (FlashSimDevice *self);
void flash_sim_device_enter_stage (FlashSimDevice *self, FlashSimStage stage);
/* Arms the faults whose moment has come, by the number of the request and by the stage. */
void flash_sim_device_wake_faults (FlashSimDevice *self);

/* Adds to the board's own time. */
void flash_sim_device_charge (FlashSimDevice *self, gint64 cost_us);
void flash_sim_device_print (FlashSimDevice *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean flash_sim_device_take_fault (FlashSimDevice *self, FlashSimFaultKind kind);
gboolean flash_sim_device_has_fault (FlashSimDevice *self, FlashSimFaultKind kind);

/* Leaves the bus and comes back in @stage. */
void flash_sim_device_leave (FlashSimDevice *self, FlashSimStage stage, gint64 delay_us);
void flash_sim_device_leave_for_good (FlashSimDevice *self);
/* The cable of a board with power of its own is out for a moment. */
void flash_sim_device_pull_cable (FlashSimDevice *self);
/* The cable goes, and the power with it. */
void flash_sim_device_switch_off (FlashSimDevice *self);
/* Its power comes back after @delay_us: whatever it was at is forgotten. */
void flash_sim_device_power_up (FlashSimDevice *self, gint64 delay_us);
/* Returns: the moment of what flash_sim_device_advance () will bring about next. */
gint64 flash_sim_device_find_change_us (FlashSimDevice *self);
/* One stage starts the next, on the bus or by way of a new enumeration. */
void flash_sim_device_hand_over (FlashSimDevice *self, FlashSimStage stage, gint64 delay_us,
                                 gboolean keeps_bus);
/* Restarts into its first stage. */
void flash_sim_device_restart (FlashSimDevice *self);
/* Stays on the bus and never answers again. */
void flash_sim_device_fall_silent (FlashSimDevice *self);

/**
 * flash_sim_device_get_buffer:
 * @length: how long it is to be; looked at only when @type differs from what it holds
 *
 * Returns: (transfer none): the buffer, its old contents gone if the type differs
 */
FlashSimBuffer *
flash_sim_device_get_buffer (FlashSimDevice *self, FlashSimBufferType type, gsize length);
void flash_sim_device_drop_buffer (FlashSimDevice *self);

/* --- flash-sim-device.c --------------------------------------------------------------------- */

/* Fills a GETSTATUS answer. */
void flash_sim_device_put_status (FlashSimDevice *self, guint8 *answer, FlashDfuState state,
                                  guint32 poll_ms);

/* --- one file each -------------------------------------------------------------------------- */

typedef FlashSimOutcome (*FlashSimHandler) (FlashSimDevice *self, const FlashSimPacket *packet,
                                            const guint8 *data, guint8 *answer, gsize *out_length);

FlashSimOutcome flash_sim_standard_control (FlashSimDevice *self, const FlashSimPacket *packet,
                                            const guint8 *data, guint8 *answer, gsize *out_length);

void flash_sim_rom_enter (FlashSimDevice *self);
FlashSimOutcome flash_sim_rom_control (FlashSimDevice *self, const FlashSimPacket *packet,
                                       const guint8 *data, guint8 *answer, gsize *out_length);

void flash_sim_tfa_enter (FlashSimDevice *self);
FlashSimOutcome flash_sim_tfa_control (FlashSimDevice *self, const FlashSimPacket *packet,
                                       const guint8 *data, guint8 *answer, gsize *out_length);

void flash_sim_uboot_enter (FlashSimDevice *self);
void flash_sim_uboot_clear (FlashSimDevice *self);
/* Looks for a layout that an old TF-A left in memory; sets the devices up and adds the time for
 * it. Returns whether there was one. */
gboolean flash_sim_uboot_start_with_layout (FlashSimDevice *self, gint64 *delay_us);
FlashSimOutcome flash_sim_uboot_control (FlashSimDevice *self, const FlashSimPacket *packet,
                                         const guint8 *data, guint8 *answer, gsize *out_length);

void flash_sim_plain_enter (FlashSimDevice *self);
FlashSimOutcome flash_sim_plain_control (FlashSimDevice *self, const FlashSimPacket *packet,
                                         const guint8 *data, guint8 *answer, gsize *out_length);

void flash_sim_runtime_enter (FlashSimDevice *self);
void flash_sim_runtime_bus_reset (FlashSimDevice *self);
FlashSimOutcome flash_sim_runtime_control (FlashSimDevice *self, const FlashSimPacket *packet,
                                           const guint8 *data, guint8 *answer, gsize *out_length);

void flash_sim_dfuse_enter (FlashSimDevice *self);
void flash_sim_dfuse_bus_reset (FlashSimDevice *self);
/* A request has arrived, whether or not the board can answer it now. */
void flash_sim_dfuse_notice (FlashSimDevice *self, const FlashSimPacket *packet);
FlashSimOutcome flash_sim_dfuse_control (FlashSimDevice *self, const FlashSimPacket *packet,
                                         const guint8 *data, guint8 *answer, gsize *out_length);

FlashSimOutcome flash_sim_spl_control (FlashSimDevice *self, const FlashSimPacket *packet,
                                       const guint8 *data, guint8 *answer, gsize *out_length);

G_END_DECLS
