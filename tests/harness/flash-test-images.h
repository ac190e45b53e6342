/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Firmware files for tests, built in memory from the tables of stm32mp-usb.md section 4, and
 * temporary folders to put them into. Written from the reference and not with the program's own
 * writers, so that a test does not only prove that we agree with ourselves.
 *
 * Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes that look random but are always the same for the same @seed. */
GBytes *flash_test_make_bytes (gsize size, guint32 seed);

typedef enum {
  FLASH_TEST_STM32_V1_0, /* STM32MP15 */
  FLASH_TEST_STM32_V2_0, /* STM32MP13 */
  FLASH_TEST_STM32_V2_2, /* STM32MP25, STM32MP23 */
  FLASH_TEST_STM32_V2_3, /* STM32MP21 */
} FlashTestStm32;

/* Returns: the length of the header of that version, in bytes. */
gsize flash_test_stm32_header_length (FlashTestStm32 version);

/**
 * flash_test_make_stm32:
 * @payload_size: bytes behind the header, at least 128
 *
 * Returns: (transfer full): a first stage with a right header: checksum, entry and load address
 *   in the chip's on-chip RAM, and the texts by which a TF-A for USB and FIP is told
 */
GBytes *flash_test_make_stm32 (FlashTestStm32 version, gsize payload_size);

/* The same around a payload of one's own; @binary_type as in stm32mp-usb.md section 4.1. */
GBytes *flash_test_make_stm32_around (FlashTestStm32 version, GBytes *payload, guint32 entry,
                                      guint32 load, guint8 binary_type);

typedef enum {
  FLASH_TEST_FIP_BL32 = 1 << 0,
  FLASH_TEST_FIP_BL33 = 1 << 1,
  FLASH_TEST_FIP_HW_CONFIG = 1 << 2,
  FLASH_TEST_FIP_FW_CONFIG = 1 << 3,
  FLASH_TEST_FIP_DDR_FW = 1 << 4,
} FlashTestFipParts;

/* What the second stage of a board usually holds. */
#define FLASH_TEST_FIP_USUAL                                                                       \
  (FLASH_TEST_FIP_BL32 | FLASH_TEST_FIP_BL33 | FLASH_TEST_FIP_HW_CONFIG | FLASH_TEST_FIP_FW_CONFIG)

/**
 * flash_test_make_fip:
 * @parts: which entries
 * @part_size: bytes in each of them, at least 256
 *
 * Returns: (transfer full): a firmware image package with table of contents and terminator; the
 *   device tree in it is one for an STM32MP157
 */
GBytes *flash_test_make_fip (FlashTestFipParts parts, gsize part_size);

/* The same for a board whose device tree says @compatible, such as `st,stm32mp257`. */
GBytes *flash_test_make_fip_for (FlashTestFipParts parts, gsize part_size, const char *compatible);

/**
 * flash_test_make_gpt_disk:
 * @size: of the whole disk in bytes, a multiple of 512, at least 64 KiB
 *
 * Returns: (transfer full): a disk image with protective MBR, primary and backup table and one
 *   partition `data` from sector 40 to the last usable one
 */
GBytes *flash_test_make_gpt_disk (gsize size);

/**
 * flash_test_make_ext4:
 * @fs_size: size that the superblock announces, a multiple of 4096
 * @file_size: bytes in the file, at least 2048
 */
GBytes *flash_test_make_ext4 (guint64 fs_size, gsize file_size);

/* Returns: (transfer full) (type filename): a new, empty folder. */
char *flash_test_make_dir (void);
/* Removes a folder and everything in it; symbolic links are not followed. */
void flash_test_remove_dir (const char *dir);

/* Writes @bytes to @dir/@name; folders in between are made. */
void flash_test_write_file (const char *dir, const char *name, GBytes *bytes);
/* The same for a text. */
void flash_test_write_text (const char *dir, const char *name, const char *text);
/* The same for a file of @size bytes that takes no room on the disk. */
void flash_test_write_sparse (const char *dir, const char *name, guint64 size);

/**
 * flash_test_make_layout_dir:
 *
 * A folder with a whole job for an STM32MP157: `layout.tsv` and the files that it names. Boot
 * stages; fsbl1, fsbl2, metadata1, metadata2, fip-a, bootfs and rootfs on mmc0; fsbl1 and fsbl2
 * in boot1 and boot2, and data, on mmc1. mmc0 needs 96 MiB, mmc1 2 MiB.
 *
 * Returns: (transfer full) (type filename): the folder
 */
char *flash_test_make_layout_dir (void);

G_END_DECLS
