/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-stage-cases"

#include "config.h"

#include "flash-layout-lint-cases.h"
#include "flash-layout-test.h"

/* Boot stages with nothing wrong about them. */
#define STAGES                                                                                     \
  ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")                          \
  ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")

const FlashLayoutLintCase flash_layout_stage_cases[] = {
  { "programmer firmware", ROW ("P", "0x1", "FSBL", "Binary", "none", "0x0", "fsbl13.stm32"), 0,
    FALSE, 0, "info 0:0 other-flow-prgfw\n" },
  { "external loader",
    ROW ("P", "0x1", "fsbl-openbl", "Binary", "none", "0x0", "fsbl13.stm32")
        ROW ("P", "0x3", "fsbl-extfl", "Binary", "none", "0x0", "data.bin")
            ROW ("P", "0x4", "fsbl-app", "Binary", "mmc0", "0x0000080", "data.bin")
                ROW ("P", "0x5", "fsbl-app", "Binary", "mmc0", "0x0000500", "data.bin"),
    0, FALSE, 0, "info 0:0 other-flow-prgfw\n" },
  { "one program in RAM", ROW ("-", "0x01", "main", "Binary", "none", "0x0", "fsbl-no-usb.stm32"),
    0, FALSE, 0, "info 0:0 stage-only\n" },
  { "kernel in RAM",
    ROW ("P", "0x10", "kernel", "System", "ram0", "0xC2000000", "disk.img.gz")
        ROW ("P", "0x11", "dtb", "FileSystem", "ram0", "0xC4000000", "data.bin"),
    0, FALSE, 0,
    "info 0:0 no-boot-stages\n"
    "info 2:6 ram-reserved-unknown\n" },
  { "storage only", ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0, FALSE, 0,
    "warning 0:0 no-boot-stages\n" },
  { "no first stage",
    ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
        ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 0:0 missing-fsbl\n" },
  { "no second stage",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 0:0 missing-second-stage\n" },
  { "nothing to write", STAGES, 0, FALSE, 0, "info 0:0 nothing-to-write\n" },
  { "no DDR firmware",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl25.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip25.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 0:0 missing-ddr-firmware\n" },
  { "first stage without header",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "data.bin")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0,
    "error 1:7 fsbl-without-header\n"
    "warning 3:7 fsbl-same-as-storage\n" },
  { "first stage is a FIP",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fip.bin")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 1:7 fsbl-without-header\n" },
  { "first stage of an unknown version",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-v9.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 1:7 fsbl-broken-header\n" },
  { "first stage for another chip",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl13.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0x500, "error 1:7 fsbl-wrong-chip\n" },
  { "damaged first stage",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-bad-sum.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 1:7 stm32-checksum\n" },
  { "cut first stage",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-cut.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 1:7 stm32-truncated\n" },
  { "long first stage",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-long.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 1:7 stm32-trailing-bytes\n" },
  { "too large first stage",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-large.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 1:7 fsbl-too-large\n" },
  { "first stage for DDR",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-far.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0,
    "error 1:7 fsbl-address\n"
    "warning 2:7 fsbl-older-than-fip\n" },
  { "first stage of another type",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-optee.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 1:7 fsbl-binary-type\n" },
  { "signed first stage",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-signed.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip13.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "info 1:7 fsbl-signed\n" },
  { "first stage without USB",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-no-usb.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 1:7 fsbl-without-usb\n" },
  { "first stage for both",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary", "mmc0", "0x4400", "fsbl15.stm32"), 0, FALSE, 0,
    "warning 3:7 fsbl-same-as-storage\n" },
  { "second stage is nothing",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "data.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 2:7 second-stage-unknown\n" },
  { "old second stage for a new first one",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "u-boot.stm32")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 2:7 second-stage-not-fip\n" },
  { "old chain",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-old.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "u-boot.stm32")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "info 2:7 old-boot-chain\n" },
  { "old chain by name",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "missing.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "gone.stm32")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0,
    "error 1:7 file-missing\n"
    "error 2:7 file-missing\n"
    "info 2:7 old-boot-chain\n" },
  { "old second stage on STM32MP13",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl13.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "u-boot.stm32")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 2:7 second-stage-not-fip\n" },
  { "FIP for an old first stage",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-old.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 2:7 fsbl-older-than-fip\n" },
  { "FIP without U-Boot",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip-no-bl33.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 2:7 fip-without-bl33\n" },
  { "FIP without configuration",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip-no-config.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 2:7 fip-without-fw-config\n" },
  { "too large FIP",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip-large.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 2:7 fip-too-large\n" },
  { "FIP for another chip",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip25.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 2:7 fip-wrong-chip\n" },
  { "DDR firmware that is none",
    ROW ("-", "0x02", "ddr", "FIP", "none", "0x0", "data.bin")
        ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl25.stm32")
            ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip25.bin")
                ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 1:7 ddr-firmware-not-fip\n" },
  { "DDR firmware that is the second stage",
    ROW ("-", "0x02", "ddr", "FIP", "none", "0x0", "fip25.bin")
        ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl25.stm32")
            ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip25.bin")
                ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 1:7 ddr-firmware-missing-image\n" },
  { "too large DDR firmware",
    ROW ("-", "0x02", "ddr", "FIP", "none", "0x0", "ddr-large.bin")
        ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl25.stm32")
            ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip25.bin")
                ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 1:7 ddr-firmware-too-large\n" },
  { "DDR firmware on STM32MP15",
    ROW ("-", "0x02", "ddr", "FIP", "none", "0x0", "ddr.bin")
        STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 1:2 ddr-firmware-unneeded\n" },
  { "files for different boards",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip-stm32mp157f-ev1-optee.bin")
            ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "none")
                ROW ("P", "0x08", "fip-a", "FIP", "mmc0", "0x44400", "x-stm32mp157f-dk2.bin"),
    0, FALSE, 0,
    "error 4:7 file-missing\n"
    "warning 4:7 board-names-differ\n" },
  { NULL },
};
