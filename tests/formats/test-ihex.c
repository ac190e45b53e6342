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
  gboolean is_record = FALSE;

  for (const char *p = text; *p != '\0'; p++) {
    if (*p == ':') {
      sum = 0;
      is_record = TRUE;
    } else if (p[0] == '?' && p[1] == '?') {
      g_string_append_printf (out, "%02X", -sum & 0xff);
      is_record = FALSE;
      p++;
      continue;
    } else if (is_record && g_ascii_isxdigit (p[0]) && g_ascii_isxdigit (p[1])) {
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

#define BASE ":020000040800F2\n"
#define END ":00000001FF\n"

static const Case cases[] = {
  /* The samples of the reference */
  { BASE ":1000000000000220C1000008C5000008C700000869\n:04000005080001C12D\n" END,
    "08000000=00000220c1000008c5000008c7000008 entry=080001c1" },
  { ":020000021000EC\n:0100000055AA\n" END, "00010000=55 warning address-aliased" },
  /* Nothing in it */
  { END, "error image-empty" },
  { BASE ":00000000??\n" END, "error image-empty" },
  /* Line ends, case, blanks, what surrounds it */
  { ":020000040800f2\r\n:0100000055AA\r\n:00000001ff\r\n", "08000000=55" },
  { ":020000040800F2\r:0100000055AA\r:00000001FF\r", "08000000=55" },
  { BASE ":0100000055AA\n:00000001FF", "08000000=55" },
  { "\xef\xbb\xbf" BASE ":0100000055AA\n" END, "08000000=55" },
  { "\n \n\t" BASE "\r\n  :0100000055AA \t\n" END "\n\n  ", "08000000=55" },
  { BASE ":0100000055AA\n" END "\x1a", "08000000=55" },
  { BASE ":0100000055AA\n:00000001FF\x1a\x1a\r\n", "08000000=55" },
  { "; head\n" BASE "# middle\n:0100000055AA\n" END "; tail", "08000000=55 info ihex-comment@1" },
  /* Where bytes belong */
  { BASE ":02000000AABB??\n:02000200CCDD??\n" END, "08000000=aabbccdd" },
  { BASE ":02000000AABB??\n:02000300CCDD??\n" END, "08000000=aabb 08000003=ccdd" },
  { BASE ":02000200CCDD??\n:02000000AABB??\n" END, "08000000=aabbccdd" },
  { BASE ":0100020033??\n:0100000011??\n:0100010022??\n" END, "08000000=112233" },
  { BASE ":02FFFF00AABB??\n" END, "0800ffff=aabb" },
  { BASE ":01FFFF00AA??\n:020000040801??\n:01000000BB??\n" END, "0800ffff=aabb" },
  { ":02000004FFFF??\n:01FFFF00AA??\n" END, "ffffffff=aa" },
  { ":02000004FFFF??\n:02FFFF00AABB??\n" END, "error address-overflow@2" },
  { ":020000040001??\n:0100000011??\n:020000020800??\n:0100000022??\n" END,
    "00008000=22 00010000=11 warning address-aliased" },
  { ":02000002FFFF??\n:01FFFF0011??\n:020000040800F2\n:0100000022??\n" END,
    "0010ffef=11 08000000=22" },
  { ":02000002F000??\n:02FFFF00AABB??\n:02FFFF00AABB??\n:020000040800F2\n:0100000022??\n" END,
    "000fffff=aabb 08000000=22 warning ihex-segment-crossed@2 info segments-repeated@3" },
  /* The same twice */
  { BASE ":02000000AABB??\n:02000000AABB??\n:0100010000BB??\n",
    "08000000=aabb info segments-repeated@3 error ihex-bad-length@4" },
  { BASE ":02000000AABB??\n:02000100BBCC??\n:01000000AA??\n" END,
    "08000000=aabbcc info segments-repeated@4" },
  { BASE ":02000000AABB??\n:02000200CCDD??\n:02000100BBCD??\n" END,
    "08000000=aabbccdd error segments-overlap@4" },
  /* Entry points */
  { ":0400000300000130C8\n:0400000012345678??\n" END, "00000000=12345678 entry=00000130 "
                                                      "warning address-aliased" },
  { ":04000003F0001234??\n:020000040800F2\n:0100000022??\n" END, "08000000=22 entry=000f1234" },
  { BASE ":04000005FFFFFFFF??\n:0100000022??\n" END, "08000000=22 entry=ffffffff" },
  /* End records */
  { BASE ":0100000022??\n:00800001??\n", "08000000=22" },
  { BASE ":0100000022??\n:0400000108000000??\n", "08000000=22" },
  { BASE ":0100000022??\n" END END, "08000000=22" },
  { BASE ":0100000022??\n", "08000000=22 error ihex-no-end@3" },
  { BASE ":0100000022??", "08000000=22 error ihex-no-end@2" },
  { BASE, "error image-empty error ihex-no-end@2" },
  { BASE ":0100000022??\n" END BASE ":0100010033??\n" END,
    "08000000=2233 warning ihex-data-after-end@4" },
  { BASE ":0100000022??\n" END BASE ":0100010033??\n",
    "08000000=2233 warning ihex-data-after-end@4 error ihex-no-end@6" },
  { BASE ":0100000022??\n" END ":0100010033??\n" END END,
    "00000001=33 08000000=22 warning ihex-data-after-end@4" },
  /* Records of other kinds */
  { BASE ":000000FD??\n:0100000022??\n:010000FD00??\n" END,
    "08000000=22 info ihex-signature-ignored@2" },
  { BASE ":0100000022??\n:00000006??\n:0100000033??\n" END,
    "08000000=22 error ihex-unknown-record@3" },
  { BASE ":0100000022??\n" END ":00000006??\n:00000010??\n",
    "08000000=22 warning ihex-unknown-after-end@4" },
  /* Damage: what comes before it stays, nothing behind it is looked at */
  { BASE ":0100000022DE\n:0100000033??\n" END, "error ihex-bad-checksum@2" },
  { ":0100000022DC\n" END, "error ihex-bad-checksum@1" },
  { BASE ":0200000022??\n" END, "error ihex-bad-length@2" },
  { BASE ":020000002233??44\n" END, "error ihex-bad-length@2" },
  { BASE ":02000000 2233??\n" END, "error ihex-bad-length@2" },
  { BASE ":\n" END, "error ihex-bad-length@2" },
  { BASE ":0\n" END, "error ihex-bad-length@2" },
  { BASE ":0100000022??:0100010033??\n" END, "error ihex-bad-line@2" },
  { BASE ":01000000G2??\n" END, "error ihex-bad-line@2" },
  { BASE ":0x00000022??\n" END, "error ihex-bad-line@2" },
  { BASE ":0100000022?? ; no\n" END, "error ihex-bad-line@2" },
  { BASE "0100000022??\n" END, "error ihex-bad-line@2" },
  { BASE ":0100000022??\n\x1a:00000001FF\n", "08000000=22 error ihex-bad-line@3" },
  { BASE ":0100000022??\n" END "Z\n", "08000000=22 error ihex-bad-line@4" },
  { BASE ":010000002", "error ihex-cut-off@2" },
  { BASE ":01000000", "error ihex-cut-off@2" },
  { BASE ":", "error ihex-cut-off@2" },
  { ":01000004084B??\n" END, "error ihex-bad-length@1" },
  { ":0100000408??\n" END, "error ihex-bad-length@1" },
  { ":03000002100000??\n" END, "error ihex-bad-length@1" },
  { ":0300000300013000??\n" END, "error ihex-bad-length@1" },
  { ":03000003000130??\n" END, "error ihex-bad-length@1" },
  { ":050000050800000100??\n" END, "error ihex-bad-length@1" },
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
  static const char text[] = BASE ":0100000022DD\n";
  static const FlashImageOptions insists = { .insists = TRUE };
  g_autoptr (FlashImage) refused = flash_describe_load (text, strlen (text), NULL);
  g_autoptr (FlashImage) taken = flash_describe_load (text, strlen (text), &insists);
  g_autoptr (FlashImage) damaged = flash_describe_load (BASE "Z\n", strlen (BASE "Z\n"), NULL);

  g_assert_true (refused->can_insist);
  g_assert_false (flash_image_is_usable (refused));
  g_assert_false (taken->can_insist);
  g_assert_true (flash_image_is_usable (taken));
  flash_describe_assert (text, strlen (text), &insists, "08000000=22 warning ihex-no-end@3");
  g_assert_false (damaged->can_insist);
}

/* The longest record there is, and the first count that lies about it. */
static void
test_longest (void)
{
  g_autoptr (GString) text = g_string_new (BASE ":FF000000");
  g_autofree char *sealed = NULL;

  for (guint i = 0; i < 255; i++)
    g_string_append_printf (text, "%02x", i);
  g_string_append (text, "??\n" END);
  sealed = seal (text->str);
  flash_describe_assert (sealed, strlen (sealed), NULL, "08000000+255");

  g_string_assign (text, sealed);
  g_string_insert (text, (gssize) strlen (BASE) + 9, "00");
  flash_describe_assert (text->str, text->len, NULL, "error ihex-bad-length@2");
}

static void
test_long_line (void)
{
  static const struct {
    const char *head;
    char filler;
    guint length;
    const char *expected;
  } lines[] = {
    { ";", 'x', 1023, "08000000=55 info ihex-comment@2" },
    { ";", 'x', 1024, "info ihex-comment@2 error ihex-line-too-long@2" },
    { "", 'x', 1024, "error ihex-bad-line@2" },
    { "", 'x', 1025, "error ihex-line-too-long@2" },
    { ":01", '0', 1021, "error ihex-bad-length@2" },
    { ":01", '0', 1022, "error ihex-line-too-long@2" },
    { ":01000000", ' ', 1016, "error ihex-line-too-long@2" },
    /* Blanks behind a record, or alone, are no fault at any length. */
    { ":0100010066??", ' ', 2000, "08000000=5566" },
    { "", ' ', 2000, "08000000=55" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GString) text = g_string_new (BASE);
    g_autofree char *sealed = NULL;

    g_string_append (text, lines[i].head);
    for (guint n = 0; n < lines[i].length; n++)
      g_string_append_c (text, lines[i].filler);
    g_string_append (text, "\n:0100000055AA\n" END);
    sealed = seal (text->str);
    g_test_message ("line %u", i);
    flash_describe_assert (sealed, strlen (sealed), NULL, lines[i].expected);
  }
}

static void
test_wide (void)
{
  static const char text[] = END;

  for (guint order = 0; order < 2; order++) {
    for (guint has_mark = 0; has_mark < 2; has_mark++) {
      g_autoptr (GByteArray) wide = g_byte_array_new ();

      if (has_mark)
        g_byte_array_append (wide, (const guint8 *) (order ? "\xfe\xff" : "\xff\xfe"), 2);
      for (gsize i = 0; i < strlen (text); i++) {
        const guint8 pair[2] = { order ? 0 : (guint8) text[i], order ? (guint8) text[i] : 0 };

        g_byte_array_append (wide, pair, 2);
      }
      flash_describe_assert (wide->data, wide->len, NULL, "error ihex-utf16@1");
    }
  }
}

/* Zeros behind the end are padding; zeros in the middle are not. */
static void
test_padding (void)
{
  static const char padded[] = BASE ":0100000055AA\n" END "\0\0\0\n\x1a\0";
  static const char hurt[] = BASE "\0\0\n:0100000055AA\n" END;

  flash_describe_assert (padded, sizeof padded, NULL, "08000000=55");
  flash_describe_assert (hurt, sizeof hurt - 1, NULL, "error ihex-bad-line@2");
}

/* What people read: the place, what is there and what should be. */
static void
test_messages (void)
{
  static const struct {
    const char *text;
    const char *code;
    const char *message;
  } messages[] = {
    { BASE ":0100000022DE\n", "ihex-bad-checksum",
      "The checksum of the record is 0xde, that of its bytes is 0xdd." },
    { BASE ":01000000G2DD\n", "ihex-bad-line",
      "Character 10 of the line is “G”, which cannot be there." },
    { BASE ":0100000022DD \x07\n", "ihex-bad-line",
      "Character 15 of the line is 0x07, which cannot be there." },
    { BASE ":00000006FA\n", "ihex-unknown-record",
      "The record is of the kind 0x06, which is not known; it may change what the others mean." },
    { ":02000004FFFFFC\n:04FFFE0000000000FF\n", "address-overflow",
      "The data at 0xfffffffe go beyond the end of the address space, which has 32 bits." },
    { BASE ":02000000AABB99\n:0100010077??\n", "segments-overlap",
      "The file gives the address 0x08000001 twice, with different bytes." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++) {
    g_autofree char *text = seal (messages[i].text);
    g_autoptr (FlashImage) image = flash_describe_load (text, strlen (text), NULL);
    const FlashDiag *diag = flash_diag_list_find (image->diags, messages[i].code);
    g_autofree char *message = diag != NULL ? flash_diag_dup_message (diag, NULL) : NULL;

    g_assert_cmpstr (message, ==, messages[i].message);
  }
}

/* A file cut off anywhere is never taken for a whole one. */
static void
test_cut (void)
{
  g_autofree char *text = seal (BASE ":04000000AABBCCDD??\n:04000400AABBCCDD??\n:00000001FF");
  gsize length = strlen (text);

  for (gsize cut = 10; cut < length; cut++) {
    g_autoptr (FlashImage) image = flash_describe_load (text, cut, NULL);

    g_assert_cmpint (image->format, ==, FLASH_FORMAT_IHEX);
    g_assert_false (flash_image_is_usable (image));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ihex/cases", test_cases);
  g_test_add_func ("/ihex/insist", test_insist);
  g_test_add_func ("/ihex/longest", test_longest);
  g_test_add_func ("/ihex/long-line", test_long_line);
  g_test_add_func ("/ihex/wide", test_wide);
  g_test_add_func ("/ihex/padding", test_padding);
  g_test_add_func ("/ihex/messages", test_messages);
  g_test_add_func ("/ihex/cut", test_cut);
  return g_test_run ();
}
