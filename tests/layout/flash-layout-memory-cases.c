/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-memory-cases"

#include "config.h"

#include "flash-layout-lint-cases.h"
#include "flash-layout-test.h"

#define FIRST_STAGE ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
#define SECOND_STAGE ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
/* Boot stages with nothing wrong about them. */
#define STAGES FIRST_STAGE SECOND_STAGE
#define DATA ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")

const FlashLayoutLintCase flash_layout_memory_cases[] = {
  { "apart from each other",
    STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xC4000000", "1M.bin")
        ROW ("P", "0x21", "dtb", "FileSystem", "ram0", "0xC4100000", "data.bin"),
    0, FALSE, 0, "info 4:6 ram-reserved-unknown\n" },
  { "one byte too many",
    STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xC4000000", "1M.bin")
        ROW ("P", "0x21", "dtb", "FileSystem", "ram0", "0xC40FFFFF", "data.bin"),
    0, FALSE, 0,
    "error 4:6 ram-overlap\n"
    "info 4:6 ram-reserved-unknown\n" },
  { "one inside of another, and a third",
    STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xC4000000", "1M.bin")
        ROW ("P", "0x21", "dtb", "FileSystem", "ram0", "0xC4001000", "data.bin")
            ROW ("P", "0x22", "initrd", "Binary", "ram0", "0xC4080000", "data.bin"),
    0, FALSE, 0,
    "info 3:6 ram-reserved-unknown\n"
    "error 4:6 ram-overlap\n"
    "error 5:6 ram-overlap\n" },
  { "not loaded",
    STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xC4000000", "1M.bin")
        ROW ("PE", "0x21", "dtb", "FileSystem", "ram0", "0xC4001000", "none"),
    0, FALSE, 0, "info 3:6 ram-reserved-unknown\n" },
  { "up to the last address",
    STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xFFF00000", "1M.bin"), 0, FALSE, 0,
    "info 3:6 ram-reserved-unknown\n" },
  { "beyond the last address",
    STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xFFF00001", "1M.bin"), 0, FALSE, 0,
    "error 3:6 ram-beyond-end\n"
    "info 3:6 ram-reserved-unknown\n" },
  { "beyond all numbers",
    STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xFFFFFFFFFFFFFFFF", "1M.bin"), 0, FALSE,
    0, "" },
  { "over the layout", STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xC1F00001", "1M.bin"),
    0, FALSE, 0,
    "info 3:6 ram-over-layout\n"
    "info 3:6 ram-reserved-unknown\n" },
  { "up to the layout",
    STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xC1F00000", "1M.bin"), 0, FALSE, 0,
    "info 3:6 ram-reserved-unknown\n" },
  { "over U-Boot", STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xC04FFFFF", "1M.bin"), 0,
    FALSE, 0,
    "info 3:6 ram-over-u-boot\n"
    "info 3:6 ram-reserved-unknown\n" },
  { "over the layout of STM32MP25",
    ROW ("P", "0x20", "kernel", "System", "ram0", "0x84000000", "1M.bin"), 0, FALSE, 0x505,
    "info 0:0 no-boot-stages\n"
    "info 1:6 ram-over-layout\n"
    "info 1:6 ram-reserved-unknown\n" },
  { "below the RAM", STAGES ROW ("P", "0x20", "kernel", "System", "ram0", "0xBFF00000", "1M.bin"),
    0, FALSE, 0,
    "info 3:6 ram-reserved-unknown\n"
    "error 3:6 offset-below-first\n" },
  { "first stage over what the ROM leaves",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-low.stm32") SECOND_STAGE DATA, 0,
    FALSE, 0,
    "warning 1:7 fsbl-reserved-memory\n"
    "warning 2:7 fsbl-older-than-fip\n" },
  { "first stage that starts elsewhere",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl-entry.stm32") SECOND_STAGE DATA,
    0, FALSE, 0,
    "warning 1:7 fsbl-entry-outside\n"
    "warning 2:7 fsbl-older-than-fip\n" },
  { "first stage for another place, on a storage",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary", "mmc0", "0x4400", "fsbl-far.stm32"), 0, FALSE, 0,
    "error 3:7 fsbl-address\n" },
  { "first stage too large and elsewhere",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary", "mmc0", "0x4400", "fsbl-large.stm32"), 0, FALSE, 0,
    "error 3:7 fsbl-too-large\n" },
  { "second stage below the RAM",
    FIRST_STAGE ROW ("-", "0x03", "ssbl", "Binary", "none", "0x0", "u-boot-low.stm32") DATA, 0,
    FALSE, 0,
    "error 2:7 second-stage-not-fip\n"
    "warning 2:7 second-stage-address\n" },
  { NULL },
};
