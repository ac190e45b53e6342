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
  /* Intel HEX: end of file, extended address; damaged in sum, type, count and length, which is
   * for its reader to say; then no record */
  CASE (":00000001FF\n", FLASH_FORMAT_IHEX),
  CASE (":00000001ff\r\n", FLASH_FORMAT_IHEX),
  CASE (":020000040800F2", FLASH_FORMAT_IHEX),
  CASE (":00000001FE\n", FLASH_FORMAT_IHEX),
  CASE (":00000006FA\n", FLASH_FORMAT_IHEX),
  CASE (":01000001FE\n", FLASH_FORMAT_IHEX),
  CASE (":00000001FFx\n", FLASH_FORMAT_IHEX),
  CASE (":00000001F\n", FLASH_FORMAT_IHEX),
  CASE (":00000001", FLASH_FORMAT_IHEX),
  CASE (":0000000\n", FLASH_FORMAT_RAW),
  CASE (":0000000G\n", FLASH_FORMAT_RAW),
  CASE (":", FLASH_FORMAT_RAW),
  CASE (": a list\n", FLASH_FORMAT_RAW),
  /* What may stand before the first record */
  CASE ("\r\n \t:00000001FF\n", FLASH_FORMAT_IHEX),
  CASE ("\xef\xbb\xbf:00000001FF\n", FLASH_FORMAT_IHEX),
  CASE ("; made by hand\n# and more\n\n:00000001FF\n", FLASH_FORMAT_IHEX),
  CASE ("# a comment S9030000FC\n", FLASH_FORMAT_RAW),
  CASE ("# a comment\nS9030000FC\n", FLASH_FORMAT_SREC),
  CASE ("a :00000001FF\n", FLASH_FORMAT_RAW),
  /* UTF-16 with and without its mark, in both orders */
  CASE ("\xff\xfe:\0000\0000\0000\0000\0000\0000\0000\0001\0", FLASH_FORMAT_IHEX),
  CASE ("\xfe\xff\0:\0000\0000\0000\0000\0000\0000\0000\0001", FLASH_FORMAT_IHEX),
  CASE (":\0000\0000\0000\0000\0000\0000\0000\0001\0", FLASH_FORMAT_IHEX),
  CASE ("\0S\0009\0000\0003\0000\0000\0000\0000\000F\000C", FLASH_FORMAT_SREC),
  CASE (":\0000\0000\0000\0000\0000\0000\0000\0001\1", FLASH_FORMAT_RAW),
  CASE ("\xff\xfe", FLASH_FORMAT_RAW),
  CASE (":\0000", FLASH_FORMAT_RAW),
  /* S-records: head, end; damaged in sum and count; then no record */
  CASE ("S00600004844521B\n", FLASH_FORMAT_SREC),
  CASE ("S9030000FC", FLASH_FORMAT_SREC),
  CASE ("S9030000FD\n", FLASH_FORMAT_SREC),
  CASE ("S9040000FB\n", FLASH_FORMAT_SREC),
  CASE ("S9030000F\n", FLASH_FORMAT_RAW),
  CASE ("SA030000FC\n", FLASH_FORMAT_RAW),
  CASE ("S9FF\n", FLASH_FORMAT_RAW),
  CASE ("S9", FLASH_FORMAT_RAW),
  CASE (SUFFIX, FLASH_FORMAT_DFU),
  CASE ("some bytes" SUFFIX, FLASH_FORMAT_DFU),
  CASE ("some bytes" SUFFIX "\0", FLASH_FORMAT_RAW),
  CASE ("STM2" SUFFIX, FLASH_FORMAT_STM32),
  CASE (":00000001FF\n" SUFFIX, FLASH_FORMAT_IHEX),
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

/* Comments are looked through as far as the head of the file goes. */
static void
test_far_record (void)
{
  static const struct {
    gsize length;
    FlashFormat format;
  } comments[] = { { 4000, FLASH_FORMAT_IHEX }, { 6000, FLASH_FORMAT_RAW } };

  for (guint i = 0; i < G_N_ELEMENTS (comments); i++) {
    g_autoptr (GString) text = g_string_new (";");
    g_autoptr (FlashSource) source = NULL;
    FlashFormat format;

    for (gsize n = 0; n < comments[i].length; n++)
      g_string_append_c (text, n % 80 == 79 ? '\n' : ';');
    g_string_append (text, "\n:00000001FF\n");
    source = flash_sample_source_new_static (text->str, text->len);
    g_assert_true (flash_format_sniff (source, &format, NULL));
    g_assert_cmpint (format, ==, comments[i].format);
  }
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
  g_test_add_func ("/format/far-record", test_far_record);
  g_test_add_func ("/format/gpt", test_gpt);
  g_test_add_func ("/format/suffix", test_suffix);
  g_test_add_func ("/format/names", test_names);
  return g_test_run ();
}
