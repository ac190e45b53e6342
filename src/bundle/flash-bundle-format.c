/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-format"

#include "config.h"

#include "flash-bundle-format.h"

#include <string.h>

#define TAR_BLOCK 512

/* POSIX.1-1988 ustar header block: the checksum is an octal number at 148, made as if there were 8
 * blanks in its place. Older tar files have it as well, but not the mark "ustar". */
static gboolean
is_tar_block (const guint8 *block)
{
  char digits[9] = { 0 };
  guint64 wanted;
  guint sum = 0;

  memcpy (digits, block + 148, 8);
  g_strdelimit (digits, " ", '\0');
  for (guint i = 0; i < TAR_BLOCK; i++)
    sum += i >= 148 && i < 156 ? ' ' : block[i];
  return block[0] != 0 && g_ascii_string_to_unsigned (digits, 8, 0, G_MAXUINT, &wanted, NULL) &&
         wanted == sum;
}

FlashBundleFormat
flash_bundle_format_sniff (FlashSource *source)
{
  static const struct {
    FlashBundleFormat format;
    gsize length;
    const char *mark;
  } marks[] = {
    { FLASH_BUNDLE_FORMAT_GZIP, 3, "\x1f\x8b\x08" }, /* RFC 1952 section 2.3.1 */
    { FLASH_BUNDLE_FORMAT_XZ, 6, "\xfd\x37\x7a\x58\x5a\x00" }, /* .xz format section 2.1.1.1 */
    { FLASH_BUNDLE_FORMAT_ZSTD, 4, "\x28\xb5\x2f\xfd" }, /* RFC 8878 section 3.1.1 */
    { FLASH_BUNDLE_FORMAT_BZIP2, 3, "BZh" },
    { FLASH_BUNDLE_FORMAT_ZIP, 4, "PK\x03\x04" }, /* APPNOTE.TXT section 4.3.7 */
    { FLASH_BUNDLE_FORMAT_ZIP, 4, "PK\x05\x06" }, /* the same, section 4.3.16: nothing in it */
  };
  guint8 block[TAR_BLOCK] = { 0 };
  gsize length = (gsize) MIN (flash_source_get_size (source), sizeof block);

  if (!flash_source_read (source, 0, block, length, NULL))
    return FLASH_BUNDLE_FORMAT_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (length >= marks[i].length && memcmp (block, marks[i].mark, marks[i].length) == 0)
      return marks[i].format;
  return length == TAR_BLOCK && is_tar_block (block) ? FLASH_BUNDLE_FORMAT_TAR
                                                     : FLASH_BUNDLE_FORMAT_NONE;
}
