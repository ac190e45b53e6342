/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-format"

#include "config.h"

#include "flash-format.h"

#include "flash-mbr.h"

/* Enough for the two places of a partition table's header, and for some comments in front of the
 * first record of a hexadecimal file. */
#define HEAD_SIZE (4096 + 512)

/* DFU 1.1, appendix B: the suffix, counted from its start */
#define SUFFIX_LENGTH 16
#define SUFFIX_SIGNATURE_AT 8
#define SUFFIX_LENGTH_AT 11

#define SECTOR_SIZE 512
#define BIG_SECTOR_SIZE 4096

/* The shortest records, stm32-dfuse.md sections 6.3 and 6.4: an end record of Intel HEX has ten
 * digits, of which the last two may be cut off; one of S-records has eight. */
#define MIN_RECORD_DIGITS 8

typedef struct {
  FlashFormat format;
  const char *mark;
  gsize length;
} Mark;

/* Marks at the very beginning. */
static const Mark marks[] = {
  { FLASH_FORMAT_STM32, "STM2", 4 },
  { FLASH_FORMAT_FIP, "\x01\x00\x64\xaa", 4 },
  { FLASH_FORMAT_ELF,
    "\x7f"
    "ELF",
    4 },
  { FLASH_FORMAT_DFUSE, "DfuSe\x01", 6 },
  { FLASH_FORMAT_UF2, "UF2\n\x57\x51\x5d\x9e", 8 },
};

GQuark
flash_format_error_quark (void)
{
  return g_quark_from_static_string ("flash-format-error-quark");
}

const char *
flash_format_get_name (FlashFormat format)
{
  switch (format) {
  case FLASH_FORMAT_RAW:
    return "raw";
  case FLASH_FORMAT_IHEX:
    return "ihex";
  case FLASH_FORMAT_SREC:
    return "srec";
  case FLASH_FORMAT_ELF:
    return "elf";
  case FLASH_FORMAT_DFUSE:
    return "dfuse";
  case FLASH_FORMAT_DFU:
    return "dfu";
  case FLASH_FORMAT_STM32:
    return "stm32";
  case FLASH_FORMAT_FIP:
    return "fip";
  case FLASH_FORMAT_UF2:
    return "uf2";
  case FLASH_FORMAT_GPT:
    return "gpt";
  }
  g_return_val_if_reached ("raw");
}

/* Returns: where the first record of a hexadecimal file would begin: behind a byte order mark,
 * blank lines and comments */
static gsize
find_record (const guint8 *text, gsize length)
{
  gboolean is_comment = FALSE;
  gsize at = length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  for (; at < length; at++) {
    if (text[at] == '\r' || text[at] == '\n')
      is_comment = FALSE;
    else if (text[at] == ';' || text[at] == '#')
      is_comment = TRUE;
    else if (!is_comment && text[at] != ' ' && text[at] != '\t')
      break;
  }
  return at;
}

/* Whether the shortest record could begin there. Its checksum is not asked for: a damaged file must
 * not be taken for bare bytes. */
static gboolean
has_digits (const guint8 *text, gsize length)
{
  if (length < MIN_RECORD_DIGITS)
    return FALSE;
  for (guint i = 0; i < MIN_RECORD_DIGITS; i++)
    if (!g_ascii_isxdigit ((char) text[i]))
      return FALSE;
  return TRUE;
}

/* A colon or an S begins many texts, but not with so many digits behind it. */
static FlashFormat
sniff_text (const guint8 *text, gsize length)
{
  gsize at = find_record (text, length);

  if (length - at >= 1 && text[at] == ':' && has_digits (text + at + 1, length - at - 1))
    return FLASH_FORMAT_IHEX;
  if (length - at >= 2 && text[at] == 'S' && g_ascii_isdigit ((char) text[at + 1]) &&
      has_digits (text + at + 2, length - at - 2))
    return FLASH_FORMAT_SREC;
  return FLASH_FORMAT_RAW;
}

/* The same in UTF-16, as editors on Windows save it: the readers refuse it, but know what it is. */
static FlashFormat
sniff_wide_text (const guint8 *text, gsize length)
{
  guint8 narrow[64] = { 0 };
  gsize n = 0;
  guint high; /* where the half of a character is that is zero for digits */

  if (length < 4 || (text[0] == 0) == (text[1] == 0))
    high = length >= 2 && text[0] == 0xff && text[1] == 0xfe ? 1 : 0;
  else
    high = text[0] == 0 ? 0 : 1;
  for (gsize at = 0; at + 1 < length && n < sizeof narrow; at += 2) {
    if (text[at + high] == 0)
      narrow[n++] = text[at + 1 - high];
    else if (at > 0)
      break;
  }
  return sniff_text (narrow, n);
}

static gboolean
has_table_mark (const guint8 *head, gsize length, gsize at)
{
  static const char mark[] = "EFI PART";

  return length >= at + strlen (mark) && memcmp (head + at, mark, strlen (mark)) == 0;
}

static FlashFormat
sniff_head (const guint8 *head, gsize length)
{
  FlashFormat format;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (length >= marks[i].length && memcmp (head, marks[i].mark, marks[i].length) == 0)
      return marks[i].format;
  format = sniff_text (head, length);
  if (format == FLASH_FORMAT_RAW)
    format = sniff_wide_text (head, length);
  if (format != FLASH_FORMAT_RAW)
    return format;
  if (has_table_mark (head, length, SECTOR_SIZE) ||
      has_table_mark (head, length, BIG_SECTOR_SIZE) ||
      (length >= FLASH_MBR_LENGTH && flash_mbr_is_protective (head)))
    return FLASH_FORMAT_GPT;
  return FLASH_FORMAT_RAW;
}

gboolean
flash_format_has_dfu_suffix (FlashSource *source, gboolean *out_has_suffix, GError **error)
{
  guint8 suffix[SUFFIX_LENGTH];
  guint64 size;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), FALSE);
  g_return_val_if_fail (out_has_suffix != NULL, FALSE);

  size = flash_source_get_size (source);
  if (size < sizeof suffix) {
    *out_has_suffix = FALSE;
    return TRUE;
  }
  if (!flash_source_read (source, size - sizeof suffix, suffix, sizeof suffix, error))
    return FALSE;

  *out_has_suffix = memcmp (suffix + SUFFIX_SIGNATURE_AT, "UFD", 3) == 0 &&
                    suffix[SUFFIX_LENGTH_AT] >= SUFFIX_LENGTH;
  return TRUE;
}

gboolean
flash_format_sniff (FlashSource *source, FlashFormat *out_format, GError **error)
{
  g_autofree guint8 *head = g_malloc (HEAD_SIZE);
  gboolean has_suffix;
  FlashFormat format;
  gsize length;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), FALSE);
  g_return_val_if_fail (out_format != NULL, FALSE);

  length = (gsize) MIN (flash_source_get_size (source), HEAD_SIZE);
  if (!flash_source_read (source, 0, head, length, error) ||
      !flash_format_has_dfu_suffix (source, &has_suffix, error))
    return FALSE;

  /* What has a mark of its own keeps it: there the suffix is a thing to complain about. */
  format = sniff_head (head, length);
  *out_format = format == FLASH_FORMAT_RAW && has_suffix ? FLASH_FORMAT_DFU : format;
  return TRUE;
}
