/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of real boards, with what they say. */
#include "config.h"

#include "flash-console-marks.h"

static const struct {
  const char *line;
  const char *name; /* NULL: nothing that is known */
  const char *stage;
} rows[] = {
  { "ERROR:   Boot interface 6 not supported", "wrong-boot-interface", "tf-a" },
  { "ERROR:   Boot interface 12 not found", "wrong-boot-interface", "tf-a" },
  { "ERROR:   Unsupported boot interface selected", "wrong-boot-interface", "tf-a" },
  { "unexpected boot mode = 70", "wrong-boot-interface", "u-boot" },

  { "ERROR:   Invalid DDR init: error -1", "ddr-failed", "tf-a" },
  { "ERROR:   DDR probe: error -22", "ddr-failed", "tf-a" },
  { "ERROR:   DDR mapping: error -12", "ddr-failed", "tf-a" },
  { "ERROR:   DDR expected freq 533000 kHz, current is 0 kHz", "ddr-failed", "tf-a" },
  { "ERROR:   DDR data bus test: can't access memory @ 0xc0000000", "ddr-failed", "tf-a" },
  { "ERROR:   DDR addr bus test: can't access memory @ 0xc0000004", "ddr-failed", "tf-a" },
  { "ERROR:   DDR rw test: can't access memory @ 0x80000000", "ddr-failed", "tf-a" },
  { "ERROR:   DDR size: 0x10000000 does not match DT config: 0x20000000", "ddr-failed", "tf-a" },
  { "ERROR:   stm32mp1_ddr_setup: Cannot read DDR node in DT", "ddr-failed", "tf-a" },
  { "ERROR:   stm32mp2_ddr_setup: can't read DDR node in DT", "ddr-failed", "tf-a" },
  { "ERROR:   DDR type not supported", "ddr-failed", "tf-a" },
  { "ERROR:   DDR type (3) not supported", "ddr-failed", "tf-a" },
  { "ERROR:   DDR power init failed", "ddr-failed", "tf-a" },
  { "ERROR:   DDR PHY init: Error -1", "ddr-failed", "tf-a" },
  { "ERROR:   DDR Standby exit error", "ddr-failed", "tf-a" },
  { "ERROR:   ddrphy_phyinit_usercustom_g_waitfwdone Training has failed.", "ddr-failed", "tf-a" },
  { "DDR invalid size : 0x4, expected 0x40000000", "ddr-failed", "u-boot" },
  { "DRAM init failed: -22", "ddr-failed", "u-boot" },
  { "RAM init failed: -22", "ddr-failed", "u-boot" },

  { "ERROR:   I2C device not ready", "pmic-failed", "tf-a" },
  { "ERROR:   Failed to access PMIC", "pmic-failed", "tf-a" },
  { "ERROR:   PMIC voltages init failed", "pmic-failed", "tf-a" },
  { "ERROR:   Register pmic2 failed", "pmic-failed", "tf-a" },
  { "ERROR:   I2C configuration failed -2", "pmic-failed", "tf-a" },
  { "ERROR:   Cannot initialize I2C 5c002000 (-6)", "pmic-failed", "tf-a" },

  { "ERROR:   FCONF: Can't find st,io-fip-handle compatible in dtb", "wrong-board", "tf-a" },
  { "ERROR:   bl31_early_platform_setup2: failed to open DT (-1)", "wrong-board", "tf-a" },
  { "No valid device tree binary found at c0180000", "wrong-board", "u-boot" },
  { "Missing DTB", "wrong-board", "u-boot" },
  { "mmc1 = mmc@58007000 not found in device tree!", "wrong-board", "u-boot" },

  { "ERROR:   BL2: Failed to load image id 5 (-2)", "image-refused", "tf-a" },
  { "ERROR:   BL2: Failed to load image (-80)", "image-refused", "tf-a" },
  { "ERROR:   BL2: Failure in post image load handling (-22)", "image-refused", "tf-a" },
  { "WARNING: Failed to load image id=4 (-5)", "image-refused", "tf-a" },
  { "WARNING: Failed to obtain reference to image id=1 (-2)", "image-refused", "tf-a" },
  { "WARNING: Image id=5 size out of bounds", "image-refused", "tf-a" },
  { "ERROR:   FIP Header check failed for phase 3", "image-refused", "tf-a" },
  { "ERROR:   FIP Not found", "image-refused", "tf-a" },
  { "ERROR:   OPTEE header parse error.", "image-refused", "tf-a" },
  { "NOTICE:  Bootrom authentication failed", "image-refused", "tf-a" },
  { "ERROR:   Secure chip: TRUSTED_BOARD_BOOT must be enabled", "image-refused", "tf-a" },
  { "SPL: failed to boot from all boot devices", "image-refused", "u-boot" },

  { "PANIC at PC : 0x2ffea97f", "panic", "tf-a" },
  { "PANIC in EL3.", "panic", "tf-a" },
  { "Exception mode=0x00000016 at: 0x2ffea97f", "panic", "tf-a" },
  { "ASSERT: drivers/st/clk/stm32mp1_clk.c:958", "panic", "tf-a" },
  { "E/TC:0 0 Panic at core/kernel/assert.c:28 <_assert_break>", "panic", "op-tee" },
  { "E/TC:0   Panic 'no memory' at core/arch/arm/mm/core_mmu.c:1546", "panic", "op-tee" },
  { "### ERROR ### Please RESET the board ###", "panic", "u-boot" },
  { "board_init_f(): initcall dram_init() failed", "panic", "u-boot" },
  { "initcall sequence c01b5b6c failed at call c010df6b (errno=-12)", "panic", "u-boot" },
  { "\"Synchronous Abort\" handler, esr 0x96000004", "panic", "u-boot" },
  { "[    3.1] Kernel panic - not syncing: VFS: Unable to mount root fs", "panic", "linux" },
  { "[    1.2] Unable to handle kernel NULL pointer dereference at", "panic", "linux" },

  { "INFO:      IWDG2 Reset (rst_iwdg2)", "watchdog", "tf-a" },
  { "INFO:    Reset reason: IWDG system reset (iwdgX_out_rst)", "watchdog", "tf-a" },

  { "g_dnl_register failed", "no-usb-gadget", "u-boot" },
  { "udc_device_get_by_index failed", "no-usb-gadget", "u-boot" },
  { "USB init failed: -19", "no-usb-gadget", "u-boot" },
  { "dwc2-udc usb-otg@49000000: not found", "no-usb-gadget", "u-boot" },
  { "dwc2-udc-otg usb-otg@49000000: can't get voltage level detector supply", "no-usb-gadget",
    "u-boot" },
  { "stm32-usbphyc usbphyc@5a006000: Can't get vdda1v1-supply regulator", "no-usb-gadget",
    "u-boot" },
  { "stm32-usbphyc usbphyc@5a006000: Can't get phy-supply regulator", "no-usb-gadget", "u-boot" },

  { "ERROR:   SDMMC1 init failed", "storage-failed", "tf-a" },
  { "ERROR:   Could NOT find the fip partition!", "storage-failed", "tf-a" },
  { "Card did not respond to voltage select! : -110", "storage-failed", "u-boot" },
  { "MMC: no card present", "storage-failed", "u-boot" },
  { "Error: mmc device 1 not found", "storage-failed", "u-boot" },
  { "Error: mmc device 1 not probed", "storage-failed", "u-boot" },
  { "Error: MTD device nand0 not found", "storage-unknown", "u-boot" },
  { "Error: unknown device type = 3", "storage-unknown", "u-boot" },
  { "Error: boot1 (0x4): erase invalid", "erase-unknown", "u-boot" },
  { "Error: bootfs (0x21): MMC erase failed", "storage-failed", "u-boot" },
  { "Error: boot1 (0x4): MTD erase commands failed (nor0)", "storage-failed", "u-boot" },
  { "Error: GPT partitionning fail: gpt write mmc 0", "partition-table-refused", "u-boot" },
  { "Request would exceed designated area!", "file-too-large", "u-boot" },
  { "[    2.0] mmc1: error -110 whilst initialising MMC card", "storage-failed", "linux" },
  { "[    2.0] mmc0: error -110 whilst initialising SD card", "storage-failed", "linux" },

  { "NOTICE:  CPU: STM32MP157CAC Rev.B", "stage-tfa", "tf-a" },
  { "NOTICE: CPU: STM32MP157CAC Rev.B", "stage-tfa", "tf-a" },
  { "NOTICE:  Model: STMicroelectronics STM32MP157C-DK2 Discovery Board", "stage-tfa", "tf-a" },
  { "NOTICE:  BL2: v2.8-stm32mp1-r1.0(debug):v2.8", "stage-tfa", "tf-a" },
  { "NOTICE:  BL31: v2.10", "stage-tfa", "tf-a" },
  { "NOTICE:  SP_MIN: v2.2-r1.0", "stage-tfa", "tf-a" },
  { "INFO:    BL2: Loading image id 4", "stage-tfa", "tf-a" },
  { "INFO:    DFU USB START...", "stage-tfa", "tf-a" },
  { "I/TC: OP-TEE version: 3.19.0 (gcc version 11.3.0) #1", "stage-op-tee", "op-tee" },
  { "E/TC:0 0 stm32_rng: failed", "stage-op-tee", "op-tee" },
  { "U-Boot SPL 2023.07-rc4 (Jun 15 2023 - 08:36:52 +0200)", "stage-spl", "u-boot" },
  { "DFU alt info setting: done", "stage-programmer", "u-boot" },
  { "FlashLayout received, size = 1423", "stage-programmer", "u-boot" },
  { "Boot over usb0!", "stage-programmer", "u-boot" },
  { "U-Boot 2022.10-stm32mp-r1 (Oct 03 2022 - 19:25:32 +0000)", "stage-u-boot", "u-boot" },
  { "Hit any key to stop autoboot:  1", "stage-u-boot", "u-boot" },
  { "Boot over mmc0!", "stage-u-boot", "u-boot" },
  { "Starting kernel ...", "stage-linux", "linux" },
  { "[    0.000000] Booting Linux on physical CPU 0x0", "stage-linux", "linux" },
  { "[    0.000000] Linux version 6.1.28", "stage-linux", "linux" },

  /* As recorded by a terminal with time stamps and colours. */
  { "[23:11:02.123] \x1b[1;31mERROR:\x1b[0m   I2C device not ready\x1b[K", "pmic-failed", "tf-a" },
  { "\x1b]0;minicom\aPANIC at PC\x1b(B : 0x2ffea97f", "panic", "tf-a" },
  { "12.5 NOTICE:\tCPU: STM32MP135F Rev.Y\r", "stage-tfa", "tf-a" },

  { "", NULL, NULL },
  { "[    2.0] mmc2: error -110 whilst initialising SDIO card", NULL, NULL },
  { "[    1.1] initcall stm32_adc_init+0x0/0x20 failed", NULL, NULL },
  /* It follows whatever was wrong at the end of a partition, and hides that no more. */
  { "Deferred dfu_flush() failed!", NULL, NULL },
  { "INFO:    Boot used partition fsbl1", NULL, NULL },
  { "INFO:    RAM: DDR3-DDR3L 16bits 533000kHz", NULL, NULL },
  { "INFO:    Memory size = 0x20000000 (512 MB)", NULL, NULL },
  { "INFO:    PMIC version = 0x21", NULL, NULL },
  { "CPU: STM32MP157CAC Rev.B", NULL, NULL },
  { "Model: STMicroelectronics STM32MP157C-DK2 Discovery Board", NULL, NULL },
  { "DRAM:  512 MiB", NULL, NULL },
  { "WDT:   Started watchdog with servicing every 1000ms (32s timeout)", NULL, NULL },
  { "watchdog: watchdog0: watchdog did not stop!", NULL, NULL },
  { "udc-core: couldn't find an available UDC - added [g_audio]", NULL, NULL },
  { "does not match DT config: DDR size: ", NULL, NULL },
};

static void
test_lines (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const FlashConsoleMark *mark = flash_console_mark_find (rows[i].line);

    g_test_message ("%s", rows[i].line);
    g_assert_cmpstr (mark != NULL ? mark->name : NULL, ==, rows[i].name);
    g_assert_cmpstr (mark != NULL ? mark->stage : NULL, ==, rows[i].stage);
    if (mark != NULL)
      g_assert_cmpint (mark->is_failure, ==, !g_str_has_prefix (mark->name, "stage-"));
  }
}

static gboolean
is_used (const FlashConsoleMark *mark)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (flash_console_mark_find (rows[i].line) == mark)
      return TRUE;
  return FALSE;
}

static void
test_list (void)
{
  static const char *const promised[] = {
    "wrong-boot-interface",
    "ddr-failed",
    "pmic-failed",
    "wrong-board",
    "image-refused",
    "panic",
    "watchdog",
    "no-usb-gadget",
    "storage-failed",
    "stage-tfa",
    "stage-u-boot",
    "storage-unknown",
    "erase-unknown",
    "partition-table-refused",
    "file-too-large",
  };
  guint n;
  const FlashConsoleMark *marks = flash_console_mark_list (&n);

  for (guint i = 0; i < n; i++)
    g_assert_true (is_used (&marks[i]));
  for (guint i = 0; i < G_N_ELEMENTS (promised); i++) {
    gboolean is_there = FALSE;

    for (guint j = 0; j < n; j++)
      is_there |= g_str_equal (marks[j].name, promised[i]);
    g_assert_true (is_there);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console-marks/lines", test_lines);
  g_test_add_func ("/console-marks/list", test_list);
  return g_test_run ();
}
