/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-format.h"

#include "flash-sample-images.h"

#define SUFFIX "\x00\x00\x11\xdf\x83\x04\x00\x01UFD\x10\x12\x34\x56\x78"

typedef struct {
  const char *bytes;
  gsize length;
  FlashFormat format;
} Case;

#define CASE(text, format)                                                                         \
  {                                                                                                \
    text, sizeof text - 1, format                                                                  \
  }

static const Case cases[] = {
  CASE ("", FLASH_FORMAT_RAW),
  CASE ("STM2", FLASH_FORMAT_STM32),
  CASE ("STM", FLASH_FORMAT_RAW),
  CASE ("STM3", FLASH_FORMAT_RAW),
  CASE ("\x01\x00\x64\xaa", FLASH_FORMAT_FIP),
  CASE ("\xaa\x64\x00\x01", FLASH_FORMAT_RAW),
  CASE ("\x7f"
        "ELF",
        FLASH_FORMAT_ELF),
  CASE ("DfuSe\x01", FLASH_FORMAT_DFUSE),
  CASE ("DfuSe\x02", FLASH_FORMAT_RAW),
  CASE ("UF2\n\x57\x51\x5d\x9e", FLASH_FORMAT_UF2),
  CASE ("UF2\n", FLASH_FORMAT_RAW),
  /* Intel HEX: end of file, extended address; then wrong sum, type, count, and no record */
  CASE (":00000001FF\n", FLASH_FORMAT_IHEX),
  CASE (":00000001ff\r\n", FLASH_FORMAT_IHEX),
  CASE (":020000040800F2", FLASH_FORMAT_IHEX),
  CASE (":00000001FE\n", FLASH_FORMAT_RAW),
  CASE (":00000006FA\n", FLASH_FORMAT_RAW),
  CASE (":01000001FE\n", FLASH_FORMAT_RAW),
  CASE (":00000001FFx\n", FLASH_FORMAT_RAW),
  CASE (":00000001F\n", FLASH_FORMAT_RAW),
  CASE (":", FLASH_FORMAT_RAW),
  CASE (": a list\n", FLASH_FORMAT_RAW),
  /* S-records: head, end; then wrong sum, count, and no record */
  CASE ("S00600004844521B\n", FLASH_FORMAT_SREC),
  CASE ("S9030000FC", FLASH_FORMAT_SREC),
  CASE ("S9030000FD\n", FLASH_FORMAT_RAW),
  CASE ("S9040000FB\n", FLASH_FORMAT_RAW),
  CASE ("SA030000FC\n", FLASH_FORMAT_RAW),
  CASE ("S9FF\n", FLASH_FORMAT_RAW),
  CASE ("S9", FLASH_FORMAT_RAW),
  CASE (SUFFIX, FLASH_FORMAT_DFU),
  CASE ("some bytes" SUFFIX, FLASH_FORMAT_DFU),
  CASE ("some bytes" SUFFIX "\0", FLASH_FORMAT_RAW),
  CASE ("STM2" SUFFIX, FLASH_FORMAT_STM32),
};

static void
test_sniff (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashSource) source =
        flash_sample_source_new_static (cases[i].bytes, cases[i].length);
    g_autoptr (GError) error = NULL;
    FlashFormat format;

    g_assert_true (flash_format_sniff (source, &format, &error));
    g_assert_no_error (error);
    g_test_message ("case %u", i);
    g_assert_cmpstr (flash_format_get_name (format), ==, flash_format_get_name (cases[i].format));
  }
}

/* The longest record there is, and one that would be longer. */
static void
test_long_record (void)
{
  g_autoptr (GString) text = g_string_new (":FF000000");
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (FlashSource) longer = NULL;
  FlashFormat format;

  for (guint i = 0; i < 255; i++)
    g_string_append (text, "00");
  g_string_append (text, "01\n");
  source = flash_sample_source_new_static (text->str, text->len);
  g_assert_true (flash_format_sniff (source, &format, NULL));
  g_assert_cmpint (format, ==, FLASH_FORMAT_IHEX);

  g_string_truncate (text, text->len - 1);
  g_string_append (text, "00\n");
  longer = flash_sample_source_new_static (text->str, text->len);
  g_assert_true (flash_format_sniff (longer, &format, NULL));
  g_assert_cmpint (format, ==, FLASH_FORMAT_RAW);
}

static void
test_gpt (void)
{
  static const FlashSamplePartition none[] = { FLASH_SAMPLE_END };
  static const guint sector_sizes[] = { 512, 4096 };

  for (guint i = 0; i < G_N_ELEMENTS (sector_sizes); i++) {
    GByteArray *image = flash_sample_gpt_new (sector_sizes[i], 100, none);
    g_autoptr (FlashSource) source = NULL;
    g_autoptr (FlashSource) bare = NULL;
    FlashFormat format;

    /* The header alone is enough, and so is the sector that protects it. */
    bare = flash_sample_source_new_static (image->data, 512);
    memset (image->data, 0, 512);
    source = flash_sample_source_new (image);
    g_assert_true (flash_format_sniff (source, &format, NULL));
    g_assert_cmpint (format, ==, FLASH_FORMAT_GPT);
    g_assert_true (flash_format_sniff (bare, &format, NULL));
    g_assert_cmpint (format, ==, FLASH_FORMAT_GPT);
  }
}

static void
test_suffix (void)
{
  g_autofree char *text = g_memdup2 (SUFFIX, 16);
  gboolean has_suffix;

  for (gsize length = 0; length <= 16; length++) {
    g_autoptr (FlashSource) source = flash_sample_source_new_static (text + 16 - length, length);

    g_assert_true (flash_format_has_dfu_suffix (source, &has_suffix, NULL));
    g_assert_cmpint (has_suffix, ==, length == 16);
  }
  for (guint at = 8; at < 12; at++) {
    g_autoptr (FlashSource) source = NULL;
    char old = text[at];

    text[at] = 15;
    source = flash_sample_source_new_static (text, 16);
    g_assert_true (flash_format_has_dfu_suffix (source, &has_suffix, NULL));
    g_assert_false (has_suffix);
    text[at] = old;
  }
}

/* As in the JSON contract. */
static void
test_names (void)
{
  static const char *const names[] = { "raw", "ihex",  "srec", "elf", "dfuse",
                                       "dfu", "stm32", "fip",  "uf2", "gpt" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (flash_format_get_name (i), ==, names[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/sniff", test_sniff);
  g_test_add_func ("/format/long-record", test_long_record);
  g_test_add_func ("/format/gpt", test_gpt);
  g_test_add_func ("/format/suffix", test_suffix);
  g_test_add_func ("/format/names", test_names);
  return g_test_run ();
}
