/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-format"

#include "config.h"

#include "flash-format.h"

#include "flash-mbr.h"

/* Enough for the two places of a partition table's header, and for the longest line of a
 * hexadecimal file: 2 + 2 × 256 characters. */
#define HEAD_SIZE (4096 + 512)

/* DFU 1.1, appendix B: the suffix, counted from its start */
#define SUFFIX_LENGTH 16
#define SUFFIX_SIGNATURE_AT 8
#define SUFFIX_LENGTH_AT 11

#define SECTOR_SIZE 512
#define BIG_SECTOR_SIZE 4096

/* Longest record of a hexadecimal file: a count byte and what it can count. */
#define MAX_RECORD_LENGTH 260
/* Intel HEX: count, address, type and checksum stand around the data. */
#define IHEX_EXTRA_LENGTH 5
#define IHEX_TYPE_AT 3
#define IHEX_MAX_TYPE 5

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

/* Returns: how many bytes the hexadecimal digits at @text stand for; 0 if they do not end with
 * the line, or are too many. */
static gsize
decode_record (const guint8 *text, gsize length, guint8 *out_record)
{
  gsize n = 0, at = 0;

  while (at + 1 < length && n < MAX_RECORD_LENGTH && g_ascii_isxdigit ((char) text[at]) &&
         g_ascii_isxdigit ((char) text[at + 1])) {
    out_record[n++] = (guint8) (g_ascii_xdigit_value ((char) text[at]) << 4 |
                                g_ascii_xdigit_value ((char) text[at + 1]));
    at += 2;
  }
  return at == length || text[at] == '\r' || text[at] == '\n' ? n : 0;
}

static guint8
sum_record (const guint8 *record, gsize length)
{
  guint8 sum = 0;

  for (gsize i = 0; i < length; i++)
    sum = (guint8) (sum + record[i]);
  return sum;
}

/* A colon or an S begins many texts; only a whole first record with the right checksum counts. */
static gboolean
is_ihex (const guint8 *head, gsize length)
{
  guint8 record[MAX_RECORD_LENGTH];
  gsize n;

  if (length < 1 || head[0] != ':')
    return FALSE;
  n = decode_record (head + 1, length - 1, record);
  return n >= IHEX_EXTRA_LENGTH && n == (gsize) record[0] + IHEX_EXTRA_LENGTH &&
         record[IHEX_TYPE_AT] <= IHEX_MAX_TYPE && sum_record (record, n) == 0;
}

static gboolean
is_srec (const guint8 *head, gsize length)
{
  guint8 record[MAX_RECORD_LENGTH];
  gsize n;

  if (length < 2 || head[0] != 'S' || !g_ascii_isdigit ((char) head[1]))
    return FALSE;
  n = decode_record (head + 2, length - 2, record);
  return n > 1 && n == (gsize) record[0] + 1 && sum_record (record, n) == 0xff;
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
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (length >= marks[i].length && memcmp (head, marks[i].mark, marks[i].length) == 0)
      return marks[i].format;
  if (is_ihex (head, length))
    return FLASH_FORMAT_IHEX;
  if (is_srec (head, length))
    return FLASH_FORMAT_SREC;
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
