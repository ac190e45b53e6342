/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-describe-image.h"

#include <string.h>

/* Replaces each `??` by the checksum of the record that it ends. */
static char *
seal (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  guint sum = 0;

  for (const char *p = text; *p != '\0'; p++) {
    if (p[0] == 'S' && g_ascii_isdigit (p[1])) {
      sum = 0;
      g_string_append_c (out, *p++);
    } else if (p[0] == '?' && p[1] == '?') {
      g_string_append_printf (out, "%02X", ~sum & 0xff);
      p++;
      continue;
    } else if (g_ascii_isxdigit (p[0]) && g_ascii_isxdigit (p[1])) {
      sum += (guint) (g_ascii_xdigit_value (p[0]) * 16 + g_ascii_xdigit_value (p[1]));
      g_string_append_c (out, *p++);
    }
    g_string_append_c (out, *p);
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

typedef struct {
  const char *text; /* `??` is the right checksum */
  const char *expected; /* flash_describe_image () */
} Case;

#define DATA "S3060800000055??\n"
#define END "S70500000000FA\n"

static const Case cases[] = {
  /* The samples of the reference */
  { "S00600004844521B\nS30D0800000000000220C1000008FF\nS5030001FB\nS705080001C130\n",
    "08000000=00000220c1000008 entry=080001c1 info srec-header@1" },
  /* Addresses of 16, 24 and 32 bits, mixed */
  { "S1050100AABB??\nS9030100FB\n", "00000100=aabb entry=00000100 warning address-aliased" },
  { "S206900000AABB??\nS804900000??\n", "00900000=aabb entry=00900000" },
  { DATA "S2059000001122??\nS1040000??\n" END, "08000000=55 error srec-bad-length@2" },
  { DATA "S20590000011??\nS104000022??\n" END, "00000000=22 00900000=11 08000000=55" },
  { "S306FFFFFFFF55??\n" END, "ffffffff=55" },
  { "S307FFFFFFFF5566??\n" END, "error address-overflow@1" },
  /* Nothing in it */
  { END, "error image-empty" },
  { "S00600004844521B\n" END, "error image-empty info srec-header@1" },
  { "S30508000000??\n" END, "error image-empty" },
  /* Headers: text, bytes that cannot be shown, none */
  { "S0030000FC\n" DATA END, "08000000=55" },
  { "S006000000000??\n" DATA END, "error srec-bad-length@1" },
  { "S00500000000??\n" DATA END, "08000000=55" },
  { "S0050000411B??\nS00400004E??\n" DATA END, "08000000=55 info srec-header@1" },
  /* Line ends, case, blanks, what surrounds it */
  { "S3060800000055??\r\nS70500000000fa\r\n", "08000000=55" },
  { "S3060800000055??\rS70500000000FA", "08000000=55" },
  { "\xef\xbb\xbf" DATA END "\x1a", "08000000=55" },
  { "\n \t" DATA "  S3060800000166?? \n# remark\n" END "\n; more\n",
    "08000000=5566 info srec-comment@4" },
  /* The count of records */
  { DATA "S5030001??\n" END, "08000000=55" },
  { DATA "S5030002??\n" END, "08000000=55 warning srec-count-wrong@2" },
  { DATA "S604000001??\nS604000002??\nS5030003??\n" END, "08000000=55 warning srec-count-wrong@3" },
  { DATA END DATA "S5030001??\n" END,
    "08000000=55 warning srec-data-after-end@3 info segments-repeated@3" },
  /* End records */
  { DATA, "08000000=55 error srec-no-end@2" },
  { DATA END END, "08000000=55" },
  { DATA END "S3060800000166??\nS3060800000277??\n" END, "08000000=556677 "
                                                         "warning srec-data-after-end@3" },
  { DATA END "S3060800000166??\n", "08000000=5566 warning srec-data-after-end@3 "
                                   "error srec-no-end@4" },
  { DATA "S9030000FC\n", "08000000=55" },
  { DATA "S8041000000EB\n", "08000000=55 error srec-bad-length@2" },
  { DATA "S804100000EB\n", "08000000=55 entry=00100000" },
  /* A type without a meaning */
  { DATA "S403000000\n" END, "08000000=55 error srec-bad-checksum@2" },
  { DATA "S40200??\nS401??\n" END, "08000000=55 info srec-reserved-record@2" },
  /* Damage: what comes before it stays, nothing behind it is looked at */
  { DATA "S306080000016600\n" DATA END, "08000000=55 error srec-bad-checksum@2" },
  { DATA "S306080000016\n" END, "08000000=55 error srec-bad-length@2" },
  { DATA "S30608000001667788\n" END, "08000000=55 error srec-bad-length@2" },
  { DATA "S3060800000166??55\n" END, "08000000=55 error srec-bad-length@2" },
  { DATA "S30408000001??\n" END, "08000000=55 error srec-bad-length@2" },
  { DATA "S300FF\n" END, "08000000=55 error srec-bad-length@2" },
  { DATA "S502??\n" END, "08000000=55 error srec-bad-length@2" },
  { DATA "S50200??\n" END, "08000000=55 error srec-bad-length@2" },
  { DATA "S30608000001Z6??\n" END, "08000000=55 error srec-bad-line@2" },
  { DATA "SA0608000001Z6??\n" END, "08000000=55 error srec-bad-line@2" },
  { DATA "s3060800000166??\n" END, "08000000=55 error srec-bad-line@2" },
  { DATA "S\n" END, "08000000=55 error srec-bad-line@2" },
  { DATA "S", "08000000=55 error srec-cut-off@2" },
  { DATA "S3", "08000000=55 error srec-cut-off@2" },
  { DATA "S306080000", "08000000=55 error srec-cut-off@2" },
  { DATA "\x1aS3\n", "08000000=55 error srec-bad-line@2" },
  { DATA "S3060800000055??\nS3060800000056??\n" END,
    "08000000=55 info segments-repeated@2 error segments-overlap@3" },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = seal (cases[i].text);
    g_autofree char *shown = g_strescape (text, NULL);

    g_test_message ("case %u: %s", i, shown);
    flash_describe_assert (text, strlen (text), NULL, cases[i].expected);
  }
}

/* A file that seems cut off is refused, unless the user insists. */
static void
test_insist (void)
{
  static const FlashImageOptions insists = { .insists = TRUE };
  g_autofree char *text = seal (DATA);
  g_autoptr (FlashImage) refused = flash_describe_load (text, strlen (text), NULL);
  g_autoptr (FlashImage) taken = flash_describe_load (text, strlen (text), &insists);

  g_assert_true (refused->can_insist);
  g_assert_true (flash_image_is_usable (taken));
  flash_describe_assert (text, strlen (text), &insists, "08000000=55 warning srec-no-end@2");
}

/* The count of records has 16 bits; a file with more of them counts on from zero. */
static void
test_many (void)
{
  static const struct {
    guint n_records;
    const char *end;
    const char *expected;
  } files[] = {
    { 0x10000, "S5030000??\n" END, "08000000+65536" },
    { 0x10001, "S5030001??\n" END, "08000000+65537" },
    { 0x10001, "S604010001??\n" END, "08000000+65537" },
    { 0x10001, "S604000001??\n" END, "08000000+65537 warning srec-count-wrong@65538" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_autofree char *sealed = NULL;

    for (guint n = 0; n < files[i].n_records; n++)
      g_string_append_printf (text, "S306%08X00??\n", 0x08000000 + n);
    g_string_append (text, files[i].end);
    sealed = seal (text->str);
    flash_describe_assert (sealed, strlen (sealed), NULL, files[i].expected);
  }
}

/* The longest record there is. */
static void
test_longest (void)
{
  g_autoptr (GString) text = g_string_new ("S3FF08000000");
  g_autofree char *sealed = NULL;

  for (guint i = 0; i < 250; i++)
    g_string_append_printf (text, "%02x", i);
  g_string_append (text, "??\n" END);
  sealed = seal (text->str);
  flash_describe_assert (sealed, strlen (sealed), NULL, "08000000+250");
}

static void
test_wide (void)
{
  static const char wide[] = "S\0007\0000\0005\0000\0000\0000\0000\0000\0000\0000\0000\0F\0A";

  flash_describe_assert (wide, sizeof wide, NULL, "error srec-utf16@1");
}

static void
test_messages (void)
{
  static const struct {
    const char *text;
    const char *code;
    const char *message;
  } messages[] = {
    { "S00600004844521B\n", "srec-header", "The file calls itself “HDR”." },
    { "S00C0000480007000044520000??\n", "srec-header",
      "The file calls itself “H\ufffd\ufffd\ufffd"
      "\ufffdDR”." },
    { DATA "S3060800000055FF\n", "srec-bad-checksum",
      "The checksum of the record is 0xff, that of its bytes is 0x9c." },
    { DATA "S5030102??\n", "srec-count-wrong",
      "The file says that it has 258 data records, but there are 1: lines may be missing." },
    { "S30608000000é5??\n", "srec-bad-line",
      "Character 13 of the line is 0xc3, which cannot be there." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++) {
    g_autofree char *text = seal (messages[i].text);
    g_autoptr (FlashImage) image = flash_describe_load (text, strlen (text), NULL);
    const FlashDiag *diag = flash_diag_list_find (image->diags, messages[i].code);
    g_autofree char *message = diag != NULL ? flash_diag_dup_message (diag, NULL) : NULL;

    g_assert_cmpstr (message, ==, messages[i].message);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/srec/cases", test_cases);
  g_test_add_func ("/srec/insist", test_insist);
  g_test_add_func ("/srec/many", test_many);
  g_test_add_func ("/srec/longest", test_longest);
  g_test_add_func ("/srec/wide", test_wide);
  g_test_add_func ("/srec/messages", test_messages);
  return g_test_run ();
}
