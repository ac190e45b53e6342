/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts are those of TF-A (plat/st, drivers/st, bl2, common) and U-Boot as of August 2026,
 * OP-TEE and Linux. Beside each stands the file that prints it. */
#define G_LOG_DOMAIN "flash-console-marks"

#include "config.h"

#include "flash-console-marks.h"

#include "flash-console-plain.h"

#include <string.h>

typedef enum {
  BOOT_TFA,
  BOOT_U_BOOT,
  DDR_TFA,
  DDR_U_BOOT,
  PMIC_TFA,
  BOARD_TFA,
  BOARD_U_BOOT,
  IMAGE_TFA,
  IMAGE_SPL,
  PANIC_TFA,
  PANIC_OP_TEE,
  PANIC_U_BOOT,
  INITCALL_U_BOOT,
  PANIC_LINUX,
  WATCHDOG_TFA,
  USB_U_BOOT,
  STORAGE_TFA,
  STORAGE_U_BOOT,
  STORAGE_LINUX,
  CARD_U_BOOT,
  UNKNOWN_STORAGE,
  UNKNOWN_ERASE,
  TABLE_U_BOOT,
  SIZE_U_BOOT,
  RESETS_TFA,
  STARTS_TFA,
  RUNS_TFA,
  RUNS_OP_TEE,
  ERROR_OP_TEE,
  RUNS_SPL,
  SPEAKS_PROGRAMMER,
  RUNS_PROGRAMMER,
  STARTS_U_BOOT,
  RUNS_U_BOOT,
  RUNS_LINUX,
} MarkIndex;

static const FlashConsoleMark marks[] = {
  [BOOT_TFA] = { "wrong-boot-interface", TRUE, "tf-a" },
  [BOOT_U_BOOT] = { "wrong-boot-interface", TRUE, "u-boot" },
  [DDR_TFA] = { "ddr-failed", TRUE, "tf-a" },
  [DDR_U_BOOT] = { "ddr-failed", TRUE, "u-boot" },
  [PMIC_TFA] = { "pmic-failed", TRUE, "tf-a" },
  [BOARD_TFA] = { "wrong-board", TRUE, "tf-a" },
  [BOARD_U_BOOT] = { "wrong-board", TRUE, "u-boot" },
  [IMAGE_TFA] = { "image-refused", TRUE, "tf-a" },
  [IMAGE_SPL] = { "image-refused", TRUE, "u-boot" },
  [PANIC_TFA] = { "panic", TRUE, "tf-a" },
  [PANIC_OP_TEE] = { "panic", TRUE, "op-tee" },
  [PANIC_U_BOOT] = { "panic", TRUE, "u-boot" },
  [INITCALL_U_BOOT] = { "panic", TRUE, "u-boot", .is_weak = TRUE },
  [PANIC_LINUX] = { "panic", TRUE, "linux" },
  [WATCHDOG_TFA] = { "watchdog", TRUE, "tf-a" },
  [USB_U_BOOT] = { "no-usb-gadget", TRUE, "u-boot" },
  [STORAGE_TFA] = { "storage-failed", TRUE, "tf-a" },
  [STORAGE_U_BOOT] = { "storage-failed", TRUE, "u-boot" },
  [STORAGE_LINUX] = { "storage-failed", TRUE, "linux" },
  [CARD_U_BOOT] = { "storage-failed", TRUE, "u-boot", .is_weak = TRUE },
  [RESETS_TFA] = { "stage-tfa", FALSE, "tf-a", .is_weak = TRUE, .is_reset = TRUE },
  [STARTS_TFA] = { "stage-tfa", FALSE, "tf-a", .is_weak = TRUE },
  [UNKNOWN_STORAGE] = { "storage-unknown", TRUE, "u-boot" },
  [UNKNOWN_ERASE] = { "erase-unknown", TRUE, "u-boot" },
  [TABLE_U_BOOT] = { "partition-table-refused", TRUE, "u-boot" },
  [SIZE_U_BOOT] = { "file-too-large", TRUE, "u-boot" },
  [RUNS_TFA] = { "stage-tfa", FALSE, "tf-a" },
  [RUNS_OP_TEE] = { "stage-op-tee", FALSE, "op-tee" },
  [ERROR_OP_TEE] = { "stage-op-tee", FALSE, "op-tee", .is_weak = TRUE },
  [RUNS_SPL] = { "stage-spl", FALSE, "u-boot", .is_weak = TRUE },
  [SPEAKS_PROGRAMMER] = { "stage-programmer", FALSE, "u-boot", .is_weak = TRUE },
  [RUNS_PROGRAMMER] = { "stage-programmer", FALSE, "u-boot" },
  [STARTS_U_BOOT] = { "stage-u-boot", FALSE, "u-boot", .is_weak = TRUE },
  [RUNS_U_BOOT] = { "stage-u-boot", FALSE, "u-boot" },
  [RUNS_LINUX] = { "stage-linux", FALSE, "linux" },
};

/* Blanks in a row count as one. */
typedef struct {
  const char *first; /* what the line holds */
  const char *second; /* (nullable): and somewhere behind it */
  MarkIndex index;
} Pattern;

/* The first that fits counts. */
static const Pattern patterns[] = {
  /* plat/st/common/bl2_io_storage.c */
  { "Boot interface ", " not supported", BOOT_TFA },
  { "Boot interface ", " not found", BOOT_TFA },
  { "Unsupported boot interface selected", NULL, BOOT_TFA },
  /* U-Boot arch/arm/mach-stm32mp/stm32mp1/cpu.c */
  { "unexpected boot mode = ", NULL, BOOT_U_BOOT },

  /* plat/st/stm32mp1/bl2_plat_setup.c, plat/st/stm32mp2/bl2_plat_setup.c */
  { "Invalid DDR init: error", NULL, DDR_TFA },
  { "DDR probe: error", NULL, DDR_TFA },
  { "DDR mapping: error", NULL, DDR_TFA },
  /* drivers/st/ddr/stm32mp1_ram.c, stm32mp2_ram.c */
  { "DDR expected freq ", NULL, DDR_TFA },
  { "DDR data bus test: can't access memory", NULL, DDR_TFA },
  { "DDR addr bus test: can't access memory", NULL, DDR_TFA },
  { "DDR rw test: can't access memory", NULL, DDR_TFA },
  { "DDR size: ", " does not match DT config", DDR_TFA },
  { "Cannot read DDR node in DT", NULL, DDR_TFA },
  { "can't read DDR node in DT", NULL, DDR_TFA },
  /* drivers/st/ddr/stm32mp1_ddr.c, stm32mp2_ddr.c, plat/st/stm32mp2/plat_ddr.c, phyinit */
  { "DDR type ", "not supported", DDR_TFA },
  { "DDR power init failed", NULL, DDR_TFA },
  { "DDR PHY init: Error", NULL, DDR_TFA },
  { "DDR Standby exit error", NULL, DDR_TFA },
  { "Training has failed.", NULL, DDR_TFA },
  /* U-Boot drivers/ram/stm32mp1, arch/arm/mach-stm32mp/dram_init.c, stm32mp1/spl.c */
  { "DDR invalid size : ", NULL, DDR_U_BOOT },
  { "RAM init failed: ", NULL, DDR_U_BOOT },
  { "DRAM init failed: ", NULL, DDR_U_BOOT },

  /* drivers/st/pmic/stm32mp_pmic.c, stm32mp_pmic2.c, plat/st/stm32mp1/bl2_plat_setup.c; the only
   * I2C device that TF-A talks to is the PMIC */
  { "Failed to access PMIC", NULL, PMIC_TFA },
  { "PMIC voltages init failed", NULL, PMIC_TFA },
  { "Register pmic2 failed", NULL, PMIC_TFA },
  { "I2C device not ready", NULL, PMIC_TFA },
  { "I2C configuration failed", NULL, PMIC_TFA },
  { "Cannot initialize I2C", NULL, PMIC_TFA },

  /* plat/st/common/stm32mp_fconf_io.c, plat/st/stm32mp2/bl31_plat_setup.c */
  { "FCONF: Can't find ", " compatible in dtb", BOARD_TFA },
  { "failed to open DT (", NULL, BOARD_TFA },
  /* U-Boot lib/fdtdec.c, arch/arm/mach-stm32mp/stm32mp1/cpu.c */
  { "No valid device tree binary found at", NULL, BOARD_U_BOOT },
  { "Missing DTB", NULL, BOARD_U_BOOT },
  { " not found in device tree!", NULL, BOARD_U_BOOT },

  /* bl2/bl2_image_load_v2.c, bl2_main.c of older versions, common/bl_common.c */
  { "BL2: Failed to load image", NULL, IMAGE_TFA },
  { "BL2: Failure in post image load handling", NULL, IMAGE_TFA },
  { "Failed to load image id", NULL, IMAGE_TFA },
  { "Failed to obtain reference to image id", NULL, IMAGE_TFA },
  { "Image id=", " size out of bounds", IMAGE_TFA },
  /* plat/st/common/stm32cubeprogrammer_usb.c, bl2_io_storage.c,
     plat/st/stm32mp[12]/bl2_plat_setup.c */
  { "FIP Header check failed", NULL, IMAGE_TFA },
  { "FIP Not found", NULL, IMAGE_TFA },
  { "OPTEE header parse error", NULL, IMAGE_TFA },
  { "Bootrom authentication failed", NULL, IMAGE_TFA },
  { "Secure chip: TRUSTED_BOARD_BOOT must be enabled", NULL, IMAGE_TFA },
  /* U-Boot common/spl/spl.c: the next stage is nowhere, because it should come over USB */
  { "SPL: failed to boot from all boot devices", NULL, IMAGE_SPL },

  /* common/aarch32/debug.S, common/aarch64/debug.S, bl31/aarch64/crash_reporting.S */
  { "PANIC at PC : ", NULL, PANIC_TFA },
  { "PANIC in EL3", NULL, PANIC_TFA },
  { "ASSERT: ", NULL, PANIC_TFA },
  /* plat/st/stm32mp1/stm32mp1_helper.S */
  { "Exception mode=0x", NULL, PANIC_TFA },
  /* OP-TEE core/kernel/panic.c */
  { "E/TC:", "Panic ", PANIC_OP_TEE },
  /* Linux kernel/panic.c; before those of U-Boot, which says less */
  { "Kernel panic - not syncing", NULL, PANIC_LINUX },
  { "Unable to handle kernel ", NULL, PANIC_LINUX },
  /* U-Boot lib/hang.c, include/initcall.h, arch/arm/lib/interrupts.c, interrupts_64.c */
  { "### ERROR ### Please RESET the board", NULL, PANIC_U_BOOT },
  /* U-Boot hangs after it; what only speaks of one goes on. */
  { "(): initcall ", " failed", INITCALL_U_BOOT },
  { "initcall sequence ", " failed at call ", INITCALL_U_BOOT },
  { "\"Synchronous Abort\" handler", NULL, PANIC_U_BOOT },

  /* plat/st/stm32mp1/bl2_plat_setup.c, plat/st/stm32mp2/bl2_plat_setup.c */
  { "IWDG", " Reset (rst_iwdg", WATCHDOG_TFA },
  { "IWDG system reset", NULL, WATCHDOG_TFA },

  /* U-Boot common/dfu.c, drivers/usb/gadget/f_acm.c, dwc2_udc_otg.c,
   * drivers/phy/phy-stm32-usbphyc.c
   */
  { "g_dnl_register failed", NULL, USB_U_BOOT },
  { "udc_device_get_by_index failed", NULL, USB_U_BOOT },
  { "USB init failed", NULL, USB_U_BOOT },
  { "dwc2-udc", " not found", USB_U_BOOT },
  { "voltage level detector supply", NULL, USB_U_BOOT },
  { "Can't get vdda1v", "-supply regulator", USB_U_BOOT },
  { "Can't get phy-supply regulator", NULL, USB_U_BOOT },

  /* plat/st/common/bl2_io_storage.c */
  { "SDMMC", " init failed", STORAGE_TFA },
  { "Could NOT find the ", " partition!", STORAGE_TFA },
  /* U-Boot drivers/mmc/mmc.c */
  { "Card did not respond to voltage select", NULL, CARD_U_BOOT },
  { "MMC: no card present", NULL, CARD_U_BOOT },
  /* U-Boot arch/arm/mach-stm32mp/cmd_stm32prog/stm32prog.c, drivers/dfu. What common/dfu.c says
   * when it could not store the end of a partition names no cause. */
  { "mmc device ", " not found", STORAGE_U_BOOT },
  { "mmc device ", " not probed", STORAGE_U_BOOT },
  { "MTD device ", " not found", UNKNOWN_STORAGE },
  { "unknown device type = ", NULL, UNKNOWN_STORAGE },
  { "MMC erase failed", NULL, STORAGE_U_BOOT },
  { "MTD erase commands failed", NULL, STORAGE_U_BOOT },
  { "erase invalid", NULL, UNKNOWN_ERASE },
  { "GPT partitionning fail", NULL, TABLE_U_BOOT },
  { "Request would exceed designated area", NULL, SIZE_U_BOOT },
  /* Linux drivers/mmc/core/mmc.c, sd.c; what sdio.c says is about a radio */
  { "mmc", " whilst initialising MMC card", STORAGE_LINUX },
  { "mmc", " whilst initialising SD card", STORAGE_LINUX },

  /* How far it came. plat/st/stm32mp1/stm32mp1_private.c, plat/st/stm32mp[12]/bl2_plat_setup.c,
   * bl2/bl2_main.c, plat/st/common/stm32cubeprogrammer_usb.c; U-Boot prints the first two as well,
   * without the word in front */
  { "NOTICE: CPU: STM32MP", NULL, RESETS_TFA },
  { "NOTICE: Model: ", NULL, STARTS_TFA },
  { "NOTICE: BL2: ", NULL, STARTS_TFA },
  { "NOTICE: BL31: ", NULL, RUNS_TFA },
  { "NOTICE: SP_MIN: ", NULL, RUNS_TFA },
  { "BL2: Loading image id", NULL, RUNS_TFA },
  { "DFU USB START", NULL, RUNS_TFA },
  /* OP-TEE core/include/trace.h: level, then which part of it speaks */
  { "I/TC:", NULL, RUNS_OP_TEE },
  { "E/TC:", NULL, ERROR_OP_TEE },
  /* U-Boot common/spl/spl.c, then cmd_stm32prog, then Makefile, common/autoboot.c and
   * include/configs/stm32mp15_st_common.h */
  { "U-Boot SPL 20", NULL, RUNS_SPL },
  { "DFU alt info setting", NULL, SPEAKS_PROGRAMMER },
  { "FlashLayout received, size = ", NULL, RUNS_PROGRAMMER },
  { "Boot over usb", NULL, RUNS_PROGRAMMER },
  { "stm32prog", NULL, SPEAKS_PROGRAMMER },
  { "U-Boot 20", NULL, STARTS_U_BOOT },
  { "Hit any key to stop autoboot", NULL, RUNS_U_BOOT },
  { "Boot over ", NULL, RUNS_U_BOOT },
  /* U-Boot boot/bootm.c; Linux arch/arm/kernel/setup.c, init/main.c */
  { "Starting kernel ...", NULL, RUNS_LINUX },
  { "Booting Linux on physical CPU", NULL, RUNS_LINUX },
  { "Linux version ", NULL, RUNS_LINUX },
};

const FlashConsoleMark *
flash_console_mark_list (guint *out_n)
{
  g_return_val_if_fail (out_n != NULL, NULL);

  *out_n = G_N_ELEMENTS (marks);
  return marks;
}

/* Returns: (transfer full): @line without what terminals act upon, and single blanks. TF-A puts
 * several behind the level; who records a console may have put one. */
static char *
dup_plain (const char *line)
{
  char *plain = flash_console_plain_dup (line, strlen (line));
  char *end = plain;

  for (const char *p = plain; *p != '\0'; p++)
    if (*p != ' ' || p[1] != ' ')
      *end++ = *p;
  *end = '\0';
  return plain;
}

static gboolean
is_match (const Pattern *pattern, const char *plain)
{
  const char *found = strstr (plain, pattern->first);

  return found != NULL && (pattern->second == NULL ||
                           strstr (found + strlen (pattern->first), pattern->second) != NULL);
}

const FlashConsoleMark *
flash_console_mark_find (const char *line)
{
  g_autofree char *plain = NULL;

  g_return_val_if_fail (line != NULL, NULL);

  plain = dup_plain (line);
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    if (is_match (&patterns[i], plain))
      return &marks[patterns[i].index];
  return NULL;
}
