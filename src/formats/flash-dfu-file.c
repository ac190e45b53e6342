/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfu-file"

#include "config.h"

#include "flash-dfu-file.h"

#include "flash-bytes.h"
#include "flash-text.h"

#include <zlib.h>

/* stm32-dfuse.md section 1.11: all of them counted from the end of the file */
#define DEVICE_BEFORE_END 16
#define PRODUCT_BEFORE_END 14
#define VENDOR_BEFORE_END 12
#define VERSION_BEFORE_END 10
#define SIGNATURE_BEFORE_END 8
#define LENGTH_BEFORE_END 5
#define CRC_LENGTH 4

/* The same section: what TI and NXP put before the contents for their chips */
#define TI_PREFIX_LENGTH 8
#define TI_LENGTH_AT 4
#define LPC_PREFIX_LENGTH 16
#define LPC_MASK 0x3f

/* The checksum of DFU is CRC-32 without the inversion at its end. */
static gboolean
is_crc_ok (const guint8 *bytes, gsize length)
{
  guint32 crc = (guint32) crc32_z (0, bytes, length - CRC_LENGTH);

  return flash_get_le32 (bytes + length - CRC_LENGTH) == (crc ^ G_MAXUINT32);
}

gsize
flash_dfu_suffix_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                       FlashImageBuilder *builder)
{
  const guint8 *end = bytes + length;
  FlashDfuSuffix suffix;
  gsize suffix_length;

  if (length < FLASH_DFU_SUFFIX_LENGTH || memcmp (end - SIGNATURE_BEFORE_END, "UFD", 3) != 0) {
    flash_image_builder_add_doubt (builder, options, "dfu-suffix-missing", 0,
                                   N_ ("The file does not end in a DFU suffix: it seems to be cut "
                                       "off. Get it again."));
    return length;
  }
  suffix.device = flash_get_le16 (end - DEVICE_BEFORE_END);
  suffix.product = flash_get_le16 (end - PRODUCT_BEFORE_END);
  suffix.vendor = flash_get_le16 (end - VENDOR_BEFORE_END);
  suffix.bcd_dfu = flash_get_le16 (end - VERSION_BEFORE_END);
  suffix.is_crc_ok = is_crc_ok (bytes, length);
  flash_image_builder_set_suffix (builder, &suffix);
  if (!suffix.is_crc_ok)
    flash_image_builder_add_doubt (builder, options, "dfu-crc-wrong", 0,
                                   N_ ("The file is damaged: the checksum in its DFU suffix is not "
                                       "that of the file. Get it again."));

  suffix_length = end[-LENGTH_BEFORE_END];
  if (suffix_length < FLASH_DFU_SUFFIX_LENGTH || suffix_length > length) {
    g_autofree char *place = flash_text_address (length - LENGTH_BEFORE_END);
    g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, suffix_length);

    flash_diag_list_add (flash_image_builder_get_diags (builder), FLASH_SEVERITY_ERROR,
                         "dfu-suffix-broken", 0, 0,
                         N_ ("The DFU suffix is damaged: at {0} it says that it has {1} bytes, "
                             "which is impossible. Get the file again."),
                         place, number, NULL);
    return length - FLASH_DFU_SUFFIX_LENGTH;
  }
  return length - suffix_length;
}

/* Returns: (nullable): whose chips take files that begin like this */
static const char *
find_prefix (const guint8 *bytes, gsize length)
{
  if (length >= TI_PREFIX_LENGTH && bytes[0] == 0x01 && bytes[1] == 0x00 &&
      flash_get_le32 (bytes + TI_LENGTH_AT) == length - TI_PREFIX_LENGTH)
    return "TI";
  if (length >= LPC_PREFIX_LENGTH && (bytes[0] & LPC_MASK) == 0x1a && (bytes[1] & LPC_MASK) == 0x3f)
    return "NXP";
  return NULL;
}

void
flash_dfu_file_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                     FlashImageBuilder *builder)
{
  gsize size = flash_dfu_suffix_read (bytes, length, options, builder);
  const char *maker = find_prefix (bytes, size);

  flash_image_builder_set_has_address (builder, options->has_address);
  if (maker != NULL)
    flash_diag_list_add (flash_image_builder_get_diags (builder), FLASH_SEVERITY_WARNING,
                         "dfu-foreign-prefix", 0, 0,
                         N_ ("The file begins as those for chips of {0} do; an STM32 would not "
                             "start from it."),
                         maker, NULL);
  flash_image_builder_add (builder, options->has_address ? options->address : 0, bytes, size, 0);
}
