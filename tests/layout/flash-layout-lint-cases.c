/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-lint-cases"

#include "config.h"

#include "flash-layout-lint-cases.h"
#include "flash-layout-test.h"

/* Boot stages with nothing wrong about them. */
#define STAGES                                                                                     \
  ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")                          \
  ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")

const FlashLayoutLintCase flash_layout_lint_cases[] = {
  { "clean SD card", STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    FALSE, 0, "" },
  { "clean, sizes known", STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, TRUE, 0x500, "" },
  { "STM32MP25",
    ROW ("-", "0x02", "ddr", "FIP", "none", "0x0", "ddr.bin")
        ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl25.stm32")
            ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip25.bin")
                ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0x505, "" },
  { "STM32MP21",
    ROW ("-", "0x02", "ddr", "FIP", "none", "0x0", "ddr.bin")
        ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl21.stm32")
            ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip-no-tree.bin")
                ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0x503, "" },
  { "STM32MP13",
    ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl13.stm32")
        ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip13.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0x501, "" },
  { "repeated letters", STAGES ROW ("PP", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "info 3:1 repeated-option\n" },
  { "numbers that overflow",
    STAGES ROW ("P", "0x10000000000000020", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x10000000000008800", "data.bin"),
    0, FALSE, 0,
    "error 3:2 number-overflow\n"
    "error 4:6 number-overflow\n" },
  { "nothing behind 0x", STAGES ROW ("P", "0x20", "data", "Binary", "nor0", "0x", "data.bin"), 0,
    FALSE, 0, "warning 3:6 number-without-digits\n" },
  { "Ids that others read differently",
    STAGES ROW ("P", "32", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "041", "b", "Binary", "mmc0", "0x8800", "data.bin")
            ROW ("P", "9", "c", "Binary", "mmc0", "0x10000", "data.bin"),
    0, FALSE, 0,
    "warning 3:2 id-ambiguous\n"
    "warning 4:2 id-ambiguous\n" },
  { "names for trouble",
    STAGES ROW ("P", "0x20", "my data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x21", "a;b", "Binary", "mmc0", "0x8800", "data.bin")
            ROW ("P", "0x22", "größe", "Binary", "mmc0", "0x10000", "data.bin"),
    0, FALSE, 0,
    "warning 3:3 name-unsafe\n"
    "warning 4:3 name-unsafe\n"
    "warning 5:3 name-unsafe\n" },
  { "odd copies",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary(0)", "nand0", "0x0", "data.bin")
        ROW ("P", "0x05", "fsbl2", "Binary(2x)", "nand0", "0x40000", "data.bin"),
    0, FALSE, 0,
    "warning 3:4 copies-odd\n"
    "warning 4:4 copies-odd\n" },
  { "copies on STM32MP25",
    ROW ("-", "0x02", "ddr", "FIP", "none", "0x0", "ddr.bin")
        ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl25.stm32")
            ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip25.bin")
                ROW ("P", "0x04", "fsbl1", "Binary(2)", "nand0", "0x0", "data.bin"),
    0, FALSE, 0, "warning 4:4 copies-on-mp2\n" },
  { "copies elsewhere",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary(2)", "mmc0", "0x4400", "data.bin"), 0, FALSE, 0,
    "error 3:4 copies-unsupported\n" },
  { "types by name",
    STAGES ROW ("P", "0x08", "fip", "Binary", "mmc0", "0x4400", "fip.bin")
        ROW ("PE", "0x06", "metadata1", "Binary", "mmc0", "0x44400", "none")
            ROW ("PE", "0x07", "u-boot-env", "Binary", "mmc0", "0x54400", "none"),
    0, FALSE, 0,
    "warning 3:4 type-for-name\n"
    "warning 4:4 type-for-name\n"
    "warning 5:4 type-for-name\n" },
  { "ram by another name",
    STAGES ROW ("P", "0x20", "kernel", "System", "ram1", "0xC2000000", "data.bin"), 0, FALSE, 0,
    "warning 3:5 ram-name\n"
    "info 3:6 ram-over-layout\n"
    "info 3:6 ram-reserved-unknown\n" },
  { "boot partitions on mmc0",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "boot1", "data.bin"), 0, FALSE, 0,
    "warning 3:5 boot-part-on-sd\n" },
  { "a # in a name", STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data #2.bin"), 0,
    FALSE, 0, "" },
  { "a # in front of a name",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "#3.bin"), 0, FALSE, 0, "" },
  { "a # in a name that is not sent",
    STAGES ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "data #2.bin"), 0, FALSE, 0,
    "warning 3:7 file-not-sent\n" },
  { "a comment in place of a name",
    STAGES ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "# mine"), 0, FALSE, 0,
    "warning 3:7 comment-behind-data\n"
    "warning 3:7 file-not-sent\n" },
  { "a comment behind a name",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin # mine"), 0, FALSE, 0,
    "warning 3:7 comment-behind-data\n"
    "error 3:7 file-missing\n" },
  { "misaligned with a leading zero",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "00017409", "data.bin"), 0, FALSE, 0,
    "warning 3:6 offset-leading-zero\n"
    "error 3:6 offset-misaligned\n" },
  { "leading zero", STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "00017408", "data.bin"), 0,
    FALSE, 0, "warning 3:6 offset-leading-zero\n" },
  { "RawImage with an offset",
    STAGES ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x4400", "disk.img"), 0, FALSE, 0,
    "warning 3:6 rawimage-offset\n" },
  { "no file",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "none")
        ROW ("-", "0x02", "x", "Binary", "none", "0x0", "none"),
    0, FALSE, 0,
    "error 3:7 no-file\n"
    "warning 4:2 ddr-firmware-unneeded\n"
    "error 4:7 no-file\n" },
  { "files that are not sent",
    STAGES ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("-", "0x21", "b", "Binary", "nor0", "0x0", "data.bin"),
    0, FALSE, 0,
    "warning 3:7 file-not-sent\n"
    "warning 4:7 unselected-with-file\n" },
  { "erases everything", STAGES ROW ("PED", "0x20", "all", "RawImage", "mmc0", "0x0", "none"), 0,
    FALSE, 0, "info 3:1 erases-everything\n" },
  { "boot stages that nobody asks for",
    STAGES ROW ("-", "0x05", "x", "Binary", "none", "0x0", "data.bin")
        ROW ("-", "0x03", "y", "FIP", "none", "0x0", "fip.bin"),
    0, FALSE, 0,
    "info 0:0 nothing-to-write\n"
    "warning 3:2 unknown-boot-stage\n"
    "warning 4:2 duplicate-boot-stage\n" },
  { "Ids out of the usual ranges",
    STAGES ROW ("P", "0x30", "fsbl1", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x0F", "bootfs", "System", "mmc0", "0x44400", "rootfs.ext4"),
    0, FALSE, 0,
    "info 3:2 id-unusual\n"
    "info 4:2 id-unusual\n" },
  { "Id of a boot stage on a storage",
    STAGES ROW ("P", "0x02", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0, FALSE, 0,
    "warning 3:2 id-of-boot-stage\n" },
  { "Id hidden by a boot stage",
    STAGES ROW ("P", "0x03", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0, FALSE, 0,
    "warning 3:2 id-of-boot-stage\n"
    "error 3:2 id-hidden-by-boot-stage\n" },
  { "P on a boot stage",
    ROW ("P", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("P", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")
            ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0,
    "error 1:1 selected-boot-stage\n"
    "error 2:1 selected-boot-stage\n" },
  { "Id zero", STAGES ROW ("P", "0x00", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0, FALSE,
    0, "error 3:2 id-zero\n" },
  { "Id twice",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x20", "b", "Binary", "mmc0", "0x8800", "data.bin")
            ROW ("P", "0x20", "c", "Binary", "mmc0", "0x10000", "data.bin"),
    0, FALSE, 0,
    "error 4:2 duplicate-id\n"
    "error 5:2 duplicate-id\n" },
  { "six storages",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x21", "data", "Binary", "mmc1", "0x80000", "data.bin")
            ROW ("P", "0x22", "data", "Binary", "mmc2", "0x80000", "data.bin")
                ROW ("P", "0x23", "data", "Binary", "nor0", "0x0", "data.bin")
                    ROW ("P", "0x24", "data", "Binary", "spi-nand0", "0x0", "data.bin")
                        ROW ("P", "0x25", "data", "Binary", "nand0", "0x0", "data.bin"),
    0, FALSE, 0,
    "info 6:5 mtd-mixed\n"
    "error 8:5 too-many-storages\n" },
  { "boot partition of a flash",
    STAGES ROW ("P", "0x20", "data", "Binary", "nor0", "boot1", "data.bin"), 0, FALSE, 0,
    "error 3:6 boot-part-not-mmc\n" },
  { "same offset",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "error 4:6 same-offset\n" },
  { "behind the end", STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4000000", "data.bin"),
    0, TRUE, 0, "error 3:6 offset-beyond-end\n" },
  { "too early on an SD card",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x200", "data.bin"), 0, FALSE, 0,
    "error 3:6 offset-below-first\n" },
  { "too early on an eMMC",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc1", "0x4400", "data.bin"), 0, FALSE, 0,
    "warning 3:6 offset-below-first\n"
    "warning 3:6 offset-misaligned\n" },
  { "not aligned",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4401", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc1", "0x84400", "data.bin")
            ROW ("P", "0x22", "c", "Binary", "nor0", "0x0", "data.bin")
                ROW ("P", "0x23", "d", "Binary", "nor0", "0x8000", "data.bin"),
    0, FALSE, 0,
    "error 3:6 offset-misaligned\n"
    "warning 4:6 offset-misaligned\n"
    "warning 6:6 offset-misaligned\n" },
  { "files that are none",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "missing.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x8800", "folder")
            ROW ("P", "0x22", "c", "Binary", "mmc0", "0x10000", "empty.bin")
                ROW ("P", "0x23", "d", "Binary", "mmc0", "0x20000", "fifo")
                    ROW ("P", "0x24", "e", "Binary", "mmc0", "0x30000", "data.bin/x")
                        ROW ("P", "0x25", "f", "Binary", "mmc0", "0x40000", "../x.bin"),
    0, FALSE, 0,
    "error 3:7 file-missing\n"
    "error 4:7 file-is-folder\n"
    "error 5:7 file-empty\n"
    "error 6:7 file-not-regular\n"
    "error 7:7 file-unreadable\n"
    "error 8:7 file-outside-folder\n" },
  { "files of lines with faults",
    STAGES ROW ("p", "0x20", "data", "Binary", "mmc0", "0x4400", "missing.bin"), 0, FALSE, 0,
    "error 3:1 wrong-case\n"
    "error 3:7 file-missing\n" },
  { "names twice",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x21", "data", "Binary", "mmc0", "0x8800", "data.bin")
            ROW ("P", "0x22", "data", "Binary", "nor0", "0x0", "data.bin"),
    0, FALSE, 0, "warning 4:3 duplicate-name\n" },
  { "several systems",
    STAGES ROW ("P", "0x20", "data", "System", "mmc0", "0x4400", "rootfs.ext4")
        ROW ("P", "0x21", "b", "System", "mmc0", "0x44400", "rootfs.ext4"),
    0, FALSE, 0, "warning 0:0 several-system-partitions\n" },
  { "no system, no rootfs",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x21", "b", "FileSystem", "mmc0", "0x44400", "rootfs.ext4"),
    0, FALSE, 0,
    "warning 0:0 no-system-partition\n"
    "warning 0:0 no-rootfs\n"
    "info 3:2 boot-chain-first\n" },
  { "system and rootfs elsewhere",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary", "nor0", "0x0", "data.bin")
        ROW ("P", "0x21", "bootfs", "System", "mmc0", "0x4400", "rootfs.ext4")
            ROW ("P", "0x22", "rootfs", "FileSystem", "mmc0", "0x44400", "rootfs.ext4"),
    0, FALSE, 0, "info 3:2 boot-chain-first\n" },
  { "several rootfs",
    STAGES ROW ("P", "0x21", "rootfs", "FileSystem", "mmc0", "0x4400", "rootfs.ext4")
        ROW ("P", "0x22", "rootfs-a", "FileSystem", "mmc0", "0x44400", "rootfs.ext4"),
    0, FALSE, 0, "warning 4:3 several-rootfs\n" },
  { "update pairs",
    STAGES ROW ("P", "0x08", "fip-a", "FIP", "mmc0", "0x4400", "fip.bin")
        ROW ("PE", "0x06", "metadata1", "FWU_MDATA", "mmc0", "0x44400", "none")
            ROW ("P", "0x09", "fip-a", "FIP", "mmc1", "0x80000", "fip.bin")
                ROW ("PE", "0x0A", "fip-b", "FIP", "mmc1", "0x100000", "none"),
    0, FALSE, 0,
    "warning 3:0 metadata-incomplete\n"
    "warning 3:3 fip-pair-incomplete\n"
    "warning 5:0 metadata-incomplete\n" },
  { "partial update",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("-", "0x21", "b", "Binary", "mmc0", "0x44400", "none"),
    0, FALSE, 0, "info 4:1 partial-update\n" },
  { "RawImage and partitions",
    STAGES ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x0", "disk.img")
        ROW ("P", "0x21", "data", "Binary", "mmc0", "0x4400", "data.bin"),
    0, FALSE, 0, "warning 3:4 rawimage-with-partitions\n" },
  { "flash that does not begin at zero",
    STAGES ROW ("P", "0x20", "data", "Binary", "nand0", "0x40000", "data.bin"), 0, FALSE, 0,
    "warning 3:6 mtd-not-at-zero\n" },
  { "NOR and NAND",
    STAGES ROW ("P", "0x20", "data", "Binary", "nor0", "0x0", "data.bin")
        ROW ("P", "0x21", "data", "Binary", "nand0", "0x0", "data.bin"),
    0, FALSE, 0, "info 3:5 mtd-mixed\n" },
  { "RAM and storage",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x21", "kernel", "System", "ram0", "0xC2000000", "data.bin")
            ROW ("P", "0x22", "kernel2", "System", "ram0", "0xC8000000", "data.bin"),
    0, FALSE, 0,
    "warning 4:5 ram-with-storage\n"
    "info 4:6 ram-over-layout\n"
    "warning 5:4 several-kernels\n"
    "info 5:6 ram-reserved-unknown\n" },
  { "boot1 last",
    STAGES ROW ("P", "0x05", "fsbl1", "Binary", "mmc1", "boot1", "data.bin")
        ROW ("P", "0x04", "fsbl2", "Binary", "mmc1", "boot2", "data.bin"),
    0, FALSE, 0, "" },
  { "boot2 last",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary", "mmc1", "boot1", "data.bin")
        ROW ("P", "0x05", "fsbl2", "Binary", "mmc1", "boot2", "data.bin"),
    0, FALSE, 0, "info 4:6 boot2-active\n" },
  { "boot chain first",
    STAGES ROW ("P", "0x08", "fip", "FIP", "mmc0", "0x4400", "fip.bin")
        ROW ("P", "0x20", "rootfs", "System", "mmc0", "0x44400", "rootfs.ext4"),
    0, FALSE, 0, "info 3:2 boot-chain-first\n" },
  { "larger than the slot",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "1M.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x44400", "data.bin"),
    0, FALSE, 0, "error 3:7 image-too-large\n" },
  { "larger than the storage",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "100M.bin"), 0, TRUE, 0,
    "error 3:7 image-too-large\n" },
  { "larger than the whole storage",
    STAGES ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x0", "100M.bin"), 0, TRUE, 0,
    "error 3:7 image-too-large\n"
    "warning 3:7 rawimage-without-table\n" },
  { "larger than a boot partition",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc1", "boot2", "9M.bin"), 0, TRUE, 0,
    "error 3:7 image-too-large\n" },
  { "large for a boot partition",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc1", "boot2", "9M.bin"), 0, FALSE, 0,
    "warning 3:7 large-for-boot-part\n" },
  { "NAND nearly full",
    STAGES ROW ("P", "0x20", "data", "Binary", "nand0", "0x0", "1M.bin")
        ROW ("P", "0x21", "b", "Binary", "nand0", "0x100000", "data.bin"),
    0, FALSE, 0, "warning 3:7 slot-nearly-full\n" },
  { "copies do not fit",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary(4)", "nand0", "0x0", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "nand0", "0x60000", "data.bin"),
    0, FALSE, 0, "error 3:7 image-too-large\n" },
  { "file system larger than the slot",
    STAGES ROW ("P", "0x20", "data", "FileSystem", "mmc0", "0x4400", "large.ext4")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x44400", "data.bin"),
    0, FALSE, 0, "error 3:7 filesystem-larger-than-slot\n" },
  { "compressed",
    STAGES ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x0", "disk.img.gz")
        ROW ("P", "0x21", "data", "Binary", "mmc1", "0x80000", "disk.img.gz"),
    0, FALSE, 0,
    "error 3:7 compressed-image\n"
    "warning 4:7 compressed-image\n" },
  { "Android sparse image",
    STAGES ROW ("P", "0x20", "data", "FileSystem", "mmc0", "0x4400", "sparse.img"), 0, FALSE, 0,
    "error 3:7 android-sparse-image\n" },
  { "disk image on a partition",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "disk.img"), 0, FALSE, 0,
    "error 3:4 disk-image-on-partition\n" },
  { "RawImage without table",
    STAGES ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x0", "data.bin"), 0, FALSE, 0,
    "warning 3:7 rawimage-without-table\n" },
  { "RawImage of another size",
    STAGES ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x0", "disk.img"), 0, TRUE, 0,
    "info 3:7 rawimage-other-size\n" },
  { "UBI on an SD card",
    STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400",
                "rootfs_nand_4_256_multivolume.ubi"),
    0, FALSE, 0, "warning 3:7 ubi-not-on-flash\n" },
  { "UBI that is no System",
    STAGES ROW ("P", "0x20", "data", "Binary", "nand0", "0x0", "rootfs_nand_4_256_multivolume.ubi"),
    0, FALSE, 0, "warning 3:4 ubi-not-system\n" },
  { "System that is no UBI", STAGES ROW ("P", "0x20", "data", "System", "nand0", "0x0", "data.bin"),
    0, FALSE, 0, "warning 3:4 system-not-ubi\n" },
  { "UBI for another flash",
    STAGES ROW ("P", "0x20", "data", "System", "nand0", "0x0", "rootfs_nand_2_128_multivolume.ubi"),
    0, FALSE, 0, "warning 3:7 ubi-geometry\n" },
  { "UBI as it should be",
    STAGES ROW ("P", "0x20", "data", "System", "nand0", "0x0", "rootfs_nand_4_256_multivolume.ubi"),
    0, FALSE, 0, "" },
  { "first stage for another chip on a storage",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary", "mmc0", "0x4400", "fsbl13.stm32"), 0, FALSE, 0,
    "warning 3:7 stage-for-other-chip\n" },
  { "damaged first stage on a storage",
    STAGES ROW ("P", "0x04", "fsbl1", "Binary", "mmc0", "0x4400", "fsbl-bad-sum.stm32"), 0, FALSE,
    0, "error 3:7 stm32-checksum\n" },
  { "FIP slot without FIP", STAGES ROW ("P", "0x08", "fip", "FIP", "mmc0", "0x4400", "data.bin"), 0,
    FALSE, 0, "warning 3:7 fip-slot-without-fip\n" },
  { "DFU suffix", STAGES ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "with-suffix.bin"),
    0, FALSE, 0, "warning 3:7 dfu-suffix\n" },
  { NULL },
};
