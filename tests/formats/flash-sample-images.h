/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Firmware files made in memory, whole and right; tests then break one thing in them. */
#pragma once

#include "flash-source.h"

G_BEGIN_DECLS

/* What a made STM32 image says about itself. */
#define FLASH_SAMPLE_LOAD 0x2ffc2500u
#define FLASH_SAMPLE_VERSION_1_0 0x00010000u
#define FLASH_SAMPLE_VERSION_2_0 0x00020000u
#define FLASH_SAMPLE_VERSION_2_2 0x00020200u
#define FLASH_SAMPLE_VERSION_2_3 0x00020300u

#define FLASH_SAMPLE_UUID_BL33 "d6d0eea7fcead54b97829934f234b6e4"
#define FLASH_SAMPLE_UUID_HW_CONFIG "08b8f1d9c9cf9349a9626fbc6b7265cc"
#define FLASH_SAMPLE_UUID_FW_CONFIG "5807e16a845947be8ed5648e8dddab0e"
#define FLASH_SAMPLE_UUID_DDR_FW "b11249be92dd4b10867c2c6a4b47a7fb"
#define FLASH_SAMPLE_UUID_STRANGE "00112233445566778899aabbccddeeff"

#define FLASH_SAMPLE_GUID_LINUX "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
#define FLASH_SAMPLE_GUID_FIP "19D5DF83-11B0-457B-BE2C-7559C13142A5"

/* Ends an array of the two below. */
#define FLASH_SAMPLE_END                                                                           \
  {                                                                                                \
    NULL                                                                                           \
  }

typedef struct {
  const char *uuid; /* 32 hexadecimal digits */
  GByteArray *data; /* (transfer none) */
} FlashSampleFipEntry;

typedef struct {
  const char *type; /* GUID as text */
  const char *name;
  guint64 first_lba;
  guint64 last_lba;
} FlashSamplePartition;

/* A file with a header of that version, load address FLASH_SAMPLE_LOAD, entry point behind it. */
GByteArray *flash_sample_stm32_new (guint32 version, const void *payload, gsize length);

/* Writes the right checksum into a file made by flash_sample_stm32_new (). */
void flash_sample_stm32_seal (GByteArray *file);

/* A package; @entries ends with an entry without a uuid. */
GByteArray *flash_sample_fip_new (const FlashSampleFipEntry *entries);

/* A device tree with a root, one node below it, and these two properties if they are given;
 * @compatible_length counts the ends of the strings in it. */
GByteArray *
flash_sample_dtb_new (const char *model, const char *compatible, gsize compatible_length);

/* A disk image with both tables; @partitions ends with an entry without a type. */
GByteArray *
flash_sample_gpt_new (guint sector_size, guint64 n_sectors, const FlashSamplePartition *partitions);

/* Makes the checksums of the header at @lba right again, those of its entries too. */
void flash_sample_gpt_seal (GByteArray *image, guint sector_size, guint64 lba);

/* Returns: (transfer full): the bytes, which are taken over, as a source. */
FlashSource *flash_sample_source_new (GByteArray *bytes);

/* Returns: (transfer full): a source of these bytes, which are copied. */
FlashSource *flash_sample_source_new_static (const void *bytes, gsize length);

G_END_DECLS
