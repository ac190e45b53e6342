/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-text.h"

#define KIB G_GUINT64_CONSTANT (1024)
#define MIB (KIB * KIB)
#define GIB (MIB * KIB)
#define TIB (GIB * KIB)

typedef struct {
  guint64 number;
  const char *text;
} Printed;

static const Printed sizes[] = {
  { 0, "0 B" },
  { 1, "1 B" },
  { 1023, "1023 B" },
  { KIB, "1 KiB" },
  { KIB + 1, "1.0 KiB" },
  { KIB + KIB / 2, "1.5 KiB" },
  { MIB - 1, "1024.0 KiB" },
  { MIB, "1 MiB" },
  { 64 * MIB, "64 MiB" },
  { GIB + GIB / 2, "1.5 GiB" },
  { 5 * TIB, "5 TiB" },
  { 1024 * TIB, "1 PiB" },
  { G_GUINT64_CONSTANT (1) << 60, "1 EiB" },
  { G_MAXUINT64, "16.0 EiB" },
};

static void
test_size (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *text = flash_text_size (sizes[i].number);

    g_assert_cmpstr (text, ==, sizes[i].text);
  }
}

static const Printed addresses[] = {
  { 0, "0x00000000" },
  { 0x2ffc2500, "0x2ffc2500" },
  { G_MAXUINT32, "0xffffffff" },
  { G_GUINT64_CONSTANT (0x100000000), "0x100000000" },
  { G_MAXUINT64, "0xffffffffffffffff" },
};

static void
test_address (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autofree char *text = flash_text_address (addresses[i].number);

    g_assert_cmpstr (text, ==, addresses[i].text);
  }
}

static const Printed durations[] = {
  { 0, "0:00" },           { 7, "0:07" },
  { 59, "0:59" },          { 60, "1:00" },
  { 725, "12:05" },        { 3599, "59:59" },
  { 3600, "1:00:00" },     { 3723, "1:02:03" },
  { 360000, "100:00:00" }, { G_MAXUINT64, "5124095576030431:00:15" },
};

static void
test_duration (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (durations); i++) {
    g_autofree char *text = flash_text_duration (durations[i].number);

    g_assert_cmpstr (text, ==, durations[i].text);
  }
}

typedef struct {
  const char *text;
  guint64 bytes;
} Size;

static const Size parsed_sizes[] = {
  { "0", 0 },
  { "512", 512 },
  { "0512", 512 },
  { "0x200", 0x200 },
  { "0X200", 0x200 },
  { "0xFFffFFffFFffFFff", G_MAXUINT64 },
  { "18446744073709551615", G_MAXUINT64 },
  { "512B", 512 },
  { "1K", KIB },
  { "1k", KIB },
  { "1KB", KIB },
  { "1KiB", KIB },
  { "1 KiB", KIB },
  { "64M", 64 * MIB },
  { "64 mib", 64 * MIB },
  { "4G", 4 * GIB },
  { "2T", 2 * TIB },
  { "16777215T", 16777215 * TIB },
};

static void
test_parse_size (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (parsed_sizes); i++) {
    guint64 bytes = 4711;

    g_test_message ("%s", parsed_sizes[i].text);
    g_assert_true (flash_text_parse_size (parsed_sizes[i].text, &bytes));
    g_assert_cmpuint (bytes, ==, parsed_sizes[i].bytes);
  }
}

static const char *const no_sizes[] = {
  "",
  " ",
  "K",
  "x",
  "0x",
  "0xg",
  "0x1K",
  "0x 1",
  "0x-1",
  "0x+1",
  "-1",
  "+1",
  "1.5M",
  "1e3",
  "1 2",
  "1KK",
  "1KiBs",
  "1X",
  " 1",
  "1K ",
  "1,000",
  "1\t",
  "16777216T",
  "18446744073709551616",
  "0x10000000000000000",
};

static void
test_parse_no_size (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (no_sizes); i++) {
    guint64 bytes = 4711;

    g_test_message ("'%s'", no_sizes[i]);
    g_assert_false (flash_text_parse_size (no_sizes[i], &bytes));
    g_assert_cmpuint (bytes, ==, 4711);
  }
}

typedef struct {
  const char *bytes;
  gsize length;
  gsize max_chars;
  const char *text;
} Sanitized;

#define CASE(bytes, max_chars, text)                                                               \
  {                                                                                                \
    bytes, sizeof bytes - 1, max_chars, text                                                       \
  }

static const Sanitized sanitized[] = {
  CASE ("", 10, ""),
  CASE ("plain text", 10, "plain text"),
  CASE ("plain text", 9, "plain tex…"),
  CASE ("plain text", 0, "…"),
  CASE ("", 0, ""),
  CASE ("tab\there", 20, "tab\uFFFDhere"),
  CASE ("two\nlines\r", 20, "two\uFFFDlines\uFFFD"),
  CASE ("\033[31mred", 20, "\uFFFD[31mred"),
  CASE ("\x7f\xc2\x85", 20, "\uFFFD\uFFFD"),
  CASE ("a\xff\xfe"
        "b",
        20, "a\uFFFD\uFFFDb"),
  CASE ("cut \xe2\x82", 20, "cut \uFFFD\uFFFD"),
  CASE ("nul\0inside", 20, "nul\uFFFDinside"),
  CASE ("right\u202eleft", 20, "right\uFFFDleft"),
  CASE ("no\u200bwidth", 20, "no\uFFFDwidth"),
  CASE ("Grüße 漢字 💾", 20, "Grüße 漢字 💾"),
  CASE ("漢字漢字", 2, "漢字…"),
};

static void
test_sanitize (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sanitized); i++) {
    g_autofree char *text =
        flash_text_sanitize (sanitized[i].bytes, sanitized[i].length, sanitized[i].max_chars);

    g_assert_cmpstr (text, ==, sanitized[i].text);
  }
}

/* Any bytes give valid text that is no longer than allowed. */
static void
test_sanitize_random (void)
{
  for (guint i = 0; i < 2000; i++) {
    guint8 bytes[64];
    g_autofree char *text = NULL;

    for (guint k = 0; k < sizeof bytes; k++)
      bytes[k] = (guint8) g_test_rand_int_range (0, 256);
    text = flash_text_sanitize ((char *) bytes, sizeof bytes, 20);
    g_assert_true (g_utf8_validate (text, -1, NULL));
    g_assert_cmpint (g_utf8_strlen (text, -1), <=, 21);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
      g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/size", test_size);
  g_test_add_func ("/text/address", test_address);
  g_test_add_func ("/text/duration", test_duration);
  g_test_add_func ("/text/parse-size", test_parse_size);
  g_test_add_func ("/text/parse-no-size", test_parse_no_size);
  g_test_add_func ("/text/sanitize", test_sanitize);
  g_test_add_func ("/text/sanitize-random", test_sanitize_random);
  return g_test_run ();
}
