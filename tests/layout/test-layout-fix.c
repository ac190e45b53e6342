/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each remedy: provoked, made, checked again, and undone. */
#define G_LOG_DOMAIN "test-layout-fix"

#include "config.h"

#include "flash-layout-fix-private.h"
#include "flash-layout-test-files.h"
#include "flash-layout-test.h"
#include "flash-test-images.h"

/* Boot stages with nothing wrong about them. */
#define STAGES                                                                                     \
  ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")                          \
  ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip.bin")

static char *folder;

typedef struct {
  const char *code;
  FlashLayoutFixKind kind;
  const char *before;
  gsize size; /* of @before, if it holds NULs */
  const char *after; /* (nullable): %NULL if there is no fix here */
} Case;

#define NONE FLASH_LAYOUT_FIX_NONE
#define SAFE FLASH_LAYOUT_FIX_SAFE
#define ASK FLASH_LAYOUT_FIX_ASK
#define DATA ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin")

static const Case cases[] = {
  /* lines */
  { "spaces-for-tabs", SAFE, "P 0x20 data Binary mmc0 0x4400 data.bin\n", 0, DATA },
  { "spaces-for-tabs", SAFE, "  P  0x20  data  Binary mmc0 0x4400 my data.bin\r\n", 0,
    "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tmy data.bin\r\n" },
  { "blank-for-tab", SAFE, "P\t0x20 data\tBinary\tmmc0\t0x4400\tdata.bin\n", 0, DATA },
  { "wrong-separator", SAFE, "P;0x20;data;Binary;mmc0;0x4400;data.bin\n", 0, DATA },
  { "wrong-separator", SAFE, "\"P\",\"0x20\",\"data\",\"Binary\",\"mmc0\",\"0x4400\",\"data.bin\"",
    0, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin" },
  { "line-of-blanks", SAFE, "   \t \n" DATA, 0, "\n" DATA },
  { "indented-comment", SAFE, "  # text\n" DATA, 0, "# text\n" DATA },
  { "indented-comment", SAFE, " \xc2\xa0# text\r\n" DATA, 0, "# text\r\n" DATA },
  { "header-without-hash", SAFE, "Opt\tId\tName\tType\tIP\tOffset\tBinary\n" DATA, 0,
    "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n" DATA },
  { "trailing-tab", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\t\t\n" DATA, 0,
    DATA DATA },
  { "trailing-tab", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\t\r\n", 0,
    "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\r\n" },
  { "comment-behind-data", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\t# mine\n", 0,
    "# mine\n" DATA },
  { "comment-behind-data", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin # mine\n", 0,
    "# mine\n" DATA },
  { "comment-behind-data", SAFE, "PE\t0x20\tdata\tBinary\tmmc0\t0x4400\t#mine\n", 0,
    "#mine\nPE\t0x20\tdata\tBinary\tmmc0\t0x4400\tnone\n" },
  { "no-binary-column", SAFE, "PE\t0x20\tdata\tBinary\tmmc0\t0x4400\n", 0,
    "PE\t0x20\tdata\tBinary\tmmc0\t0x4400\tnone\n" },
  { "stray-carriage-return", ASK, "PE\t0x20\tda\rta\tBinary\tmmc0\t0x4400\tnone\n", 0,
    "PE\t0x20\tdata\tBinary\tmmc0\t0x4400\tnone\n" },
  { "stray-carriage-return", ASK, "# one\r# two\n" DATA, 0, "# one\n# two\n" DATA },
  /* the file as a whole */
  { "byte-order-mark", SAFE, "\xef\xbb\xbf" DATA, 0, DATA },
  { "utf-16", SAFE, "\xff\xfe#\0\n\0", 6, "#\n" },
  { "nul-byte", ASK, "# a\0\n" DATA, sizeof "# a\0\n" DATA - 1, "# a\n" DATA },
  { "crlf", ASK, "#\r\nP\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\r\n", 0, "#\n" DATA },
  { "carriage-return-lines", SAFE, "#\rP\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\r", 0,
    "#\n" DATA },
  /* cells */
  { "blank-around-cell", SAFE, "P\t0x20\tdata\t Binary\tmmc0\t0x4400\tdata.bin\n", 0, DATA },
  { "blank-around-binary", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin \n", 0, DATA },
  { "quoted-cell", SAFE, "P\t0x20\tdata\t\"Binary\"\tmmc0\t0x4400\tdata.bin\n", 0, DATA },
  { "typographic-dash", SAFE, ROW ("–", "0x01", "a", "Binary", "none", "0x0", "fsbl15.stm32"), 0,
    ROW ("-", "0x01", "a", "Binary", "none", "0x0", "fsbl15.stm32") },
  { "wrong-case", SAFE, ROW ("p", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    DATA },
  { "wrong-case", SAFE, ROW ("P", "0x20", "data", "binary", "mmc0", "0x4400", "data.bin"), 0,
    DATA },
  { "wrong-case", SAFE, ROW ("P", "0x20", "data", "Binary", "MMC0", "0x4400", "data.bin"), 0,
    DATA },
  { "number-without-0x", SAFE, ROW ("P", "0x20", "data", "Binary", "mmc0", "0000A400", "data.bin"),
    0, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x0000A400", "data.bin") },
  { "number-without-digits", SAFE, ROW ("P", "0x20", "data", "Binary", "nor0", "0x", "data.bin"), 0,
    ROW ("P", "0x20", "data", "Binary", "nor0", "0x0", "data.bin") },
  { "bad-octal", SAFE, ROW ("P", "08", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("P", "0x08", "data", "Binary", "mmc0", "0x4400", "data.bin") },
  { "offset-unit", SAFE, ROW ("P", "0x20", "data", "Binary", "mmc0", "17K", "data.bin"), 0,
    ROW ("P", "0x20", "data", "Binary", "mmc0", "0x00004400", "data.bin") },
  { "offset-leading-zero", SAFE,
    ROW ("P", "0x20", "data", "Binary", "mmc0", "00017408", "data.bin"), 0,
    ROW ("P", "0x20", "data", "Binary", "mmc0", "0x00004400", "data.bin") },
  { "id-ambiguous", SAFE, ROW ("P", "32", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    DATA },
  { "option-without-p", SAFE, ROW ("E", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "option-without-p", ASK, ROW ("ED", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PED", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "repeated-option", SAFE, ROW ("PEPE", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "selected-boot-stage", SAFE,
    ROW ("P", "0x01", "a", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "b", "FIP", "none", "0x0", "fip.bin") DATA,
    0,
    ROW ("-", "0x01", "a", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "b", "FIP", "none", "0x0", "fip.bin") DATA },
  { "name-unsafe", ASK, ROW ("P", "0x20", "größe 1", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("P", "0x20", "gr__e_1", "Binary", "mmc0", "0x4400", "data.bin") },
  { "name-too-long", ASK,
    ROW ("P", "0x20", "abcdefghijklmnopq", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("P", "0x20", "abcdefghijklmnop", "Binary", "mmc0", "0x4400", "data.bin") },
  { "name-too-long", ASK,
    ROW ("P", "0x20", "abcdefghijklmnoüx", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("P", "0x20", "abcdefghijklmno", "Binary", "mmc0", "0x4400", "data.bin") },
  { "type-for-name", ASK, ROW ("P", "0x08", "fip", "Binary", "mmc0", "0x4400", "fip.bin"), 0,
    ROW ("P", "0x08", "fip", "FIP", "mmc0", "0x4400", "fip.bin") },
  { "copies-odd", SAFE, ROW ("P", "0x04", "fsbl1", "Binary(0)", "nand0", "0x0", "data.bin"), 0,
    ROW ("P", "0x04", "fsbl1", "Binary", "nand0", "0x0", "data.bin") },
  { "ram-name", SAFE, ROW ("P", "0x20", "k", "System", "ram1", "0xC4000000", "data.bin"), 0,
    ROW ("P", "0x20", "k", "System", "ram0", "0xC4000000", "data.bin") },
  { "rawimage-offset", ASK, ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x4400", "disk.img"), 0,
    ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x0", "disk.img") },
  { "ubi-not-system", ASK,
    ROW ("P", "0x20", "a", "Binary", "nand0", "0x0", "rootfs_nand_4_256_multivolume.ubi"), 0,
    ROW ("P", "0x20", "a", "System", "nand0", "0x0", "rootfs_nand_4_256_multivolume.ubi") },
  { "no-file", ASK, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "no-file", ASK, ROW ("PD", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PED", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "no-file", NONE, ROW ("-", "0x01", "a", "Binary", "none", "0x0", "none"), 0, NULL },
  { "file-not-sent", ASK, ROW ("PDE", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("PD", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin") },
  { "file-missing", SAFE, ROW ("PE", "0x20", "data", "binary", "mmc0", "0x4400", "None"), 0,
    ROW ("PE", "0x20", "data", "binary", "mmc0", "0x4400", "none") },
  { "file-missing", SAFE, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "folder\\inside"),
    0, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "folder/inside") },
  { "file-missing", ASK, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "other/data.bin"), 0,
    DATA },
  { "file-missing", NONE, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "a\\missing"), 0,
    NULL },
  /* Ids */
  { "duplicate-id", SAFE, DATA ROW ("P", "0x20", "b", "Binary", "mmc1", "0x80000", "data.bin"), 0,
    DATA ROW ("P", "0x21", "b", "Binary", "mmc1", "0x80000", "data.bin") },
  { "duplicate-id", ASK,
    DATA ROW ("P", "0x20", "b", "Binary", "mmc1", "0x80000", "data.bin")
        ROW ("P", "0x21", "c", "Binary", "mmc1", "0x100000", "data.bin"),
    0,
    DATA ROW ("P", "0x22", "b", "Binary", "mmc1", "0x80000", "data.bin")
        ROW ("P", "0x21", "c", "Binary", "mmc1", "0x100000", "data.bin") },
  { "duplicate-id", SAFE, /* what is not written has no place in the order */
    DATA ROW ("P", "0x20", "b", "Binary", "mmc1", "0x80000", "data.bin")
        ROW ("PE", "0x21", "c", "Binary", "mmc1", "0x100000", "none"),
    0,
    DATA ROW ("P", "0x22", "b", "Binary", "mmc1", "0x80000", "data.bin")
        ROW ("PE", "0x21", "c", "Binary", "mmc1", "0x100000", "none") },
  { "id-zero", SAFE, ROW ("P", "0", "b", "Binary", "mmc1", "0x80000", "data.bin") DATA, 0,
    ROW ("P", "0x04", "b", "Binary", "mmc1", "0x80000", "data.bin") DATA },
  { "id-zero", ASK,
    ROW ("P", "0x4", "a", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x0", "b", "FileSystem", "mmc1", "0x80000", "rootfs.ext4"),
    0,
    ROW ("P", "0x4", "a", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x10", "b", "FileSystem", "mmc1", "0x80000", "rootfs.ext4") },
  { "id-of-boot-stage", ASK, ROW ("P", "0x02", "b", "Binary", "mmc1", "0x80000", "data.bin"), 0,
    ROW ("P", "0x04", "b", "Binary", "mmc1", "0x80000", "data.bin") },
  { "id-hidden-by-boot-stage", ASK,
    STAGES ROW ("P", "0x03", "b", "Binary", "mmc1", "0x80000", "data.bin"), 0,
    STAGES ROW ("P", "0x04", "b", "Binary", "mmc1", "0x80000", "data.bin") },
  /* offsets */
  { "offset-below-first", SAFE, ROW ("P", "0x20", "a", "Binary", "mmc0", "0x200", "data.bin"), 0,
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x00004400", "data.bin") },
  { "offset-misaligned", SAFE, ROW ("P", "0x20", "a", "Binary", "mmc1", "0x84400", "data.bin"), 0,
    ROW ("P", "0x20", "a", "Binary", "mmc1", "0x00100000", "data.bin") },
  { "offset-misaligned", SAFE, /* 3000 bytes in 3072 */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x4401", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5200", "data.bin"),
    0,
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x00004600", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5200", "data.bin") },
  { "offset-misaligned", NONE, /* in 2560 */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x4401", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5000", "data.bin"),
    0, NULL },
  { "offset-misaligned", SAFE, /* nothing to fit */
    ROW ("PE", "0x20", "a", "Binary", "mmc0", "0x4401", "none")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5000", "data.bin"),
    0,
    ROW ("PE", "0x20", "a", "Binary", "mmc0", "0x00004600", "none")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5000", "data.bin") },
  { "offset-misaligned", NONE, /* up to the next one */
    ROW ("PE", "0x20", "a", "Binary", "mmc0", "0x4e01", "none")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5000", "data.bin"),
    0, NULL },
  { "offset-misaligned", NONE, /* nobody knows how large it is */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x4401", "missing.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x80000", "data.bin"),
    0, NULL },
  { "offset-misaligned", ASK, /* U-Boot has a table of its own */
    ROW ("P", "0x20", "a", "Binary", "nor0", "0x0", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "nor0", "0x8000", "data.bin"),
    0,
    ROW ("P", "0x20", "a", "Binary", "nor0", "0x0", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "nor0", "0x00010000", "data.bin") },
  /* no fix */
  { "bad-type", NONE, ROW ("P", "0x20", "data", "Bin", "mmc0", "0x4400", "data.bin"), 0, NULL },
  { "too-few-columns", NONE, "P\t0x20\n", 0, NULL },
};

static FlashDiagList *
check (FlashLayoutDocument *document)
{
  g_autoptr (GBytes) text = flash_layout_document_dup_text (document);
  FlashDiagList *diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (text, folder, diags);

  g_assert_true (flash_layout_lint (layout, NULL, diags, NULL, NULL));
  return diags;
}

static void
assert_text (FlashLayoutDocument *document, GBytes *expected)
{
  g_autoptr (GBytes) text = flash_layout_document_dup_text (document);

  if (g_bytes_equal (text, expected))
    return;
  g_test_message ("got:\n%.*s\nexpected:\n%.*s", (int) g_bytes_get_size (text),
                  (const char *) g_bytes_get_data (text, NULL), (int) g_bytes_get_size (expected),
                  (const char *) g_bytes_get_data (expected, NULL));
  g_assert_not_reached ();
}

/* Returns: whether the same is still said about the same cell. */
static gboolean
is_said (FlashDiagList *diags, const char *code, guint line, guint column)
{
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);

    if (g_str_equal (flash_diag_get_code (diag), code) && flash_diag_get_line (diag) == line &&
        flash_diag_get_column (diag) == column)
      return TRUE;
  }
  return FALSE;
}

static void
test_case (gconstpointer data)
{
  const Case *test_case = data;
  gsize size = test_case->size > 0 ? test_case->size : strlen (test_case->before);
  g_autoptr (GBytes) before = g_bytes_new_static (test_case->before, size);
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (before);
  g_autoptr (FlashDiagList) diags = check (document);
  g_autoptr (FlashDiagList) left = NULL;
  g_autoptr (GBytes) after = NULL;
  const FlashDiag *diag = flash_diag_list_find (diags, test_case->code);

  g_assert_nonnull (diag);
  g_assert_cmpint (flash_layout_fix_get_kind (document, diag), ==, test_case->kind);
  if (test_case->after == NULL) {
    g_assert_false (flash_layout_fix_apply (document, diag));
    g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
    return;
  }
  g_assert_true (flash_layout_fix_apply (document, diag));
  after = g_bytes_new_static (test_case->after, strlen (test_case->after));
  assert_text (document, after);
  left = check (document);
  g_assert_false (
      is_said (left, test_case->code, flash_diag_get_line (diag), flash_diag_get_column (diag)));

  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_FIX);
  g_assert_true (flash_layout_document_undo (document));
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  assert_text (document, before);
}

/* A comment at the end gets a line end; how the document writes that is its own affair. */
static void
test_comment_at_end (void)
{
  static const char text[] = DATA "# end";
  g_autoptr (GBytes) before = g_bytes_new_static (text, strlen (text));
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (before);
  g_autoptr (FlashDiagList) diags = check (document);
  const FlashDiag *diag = flash_diag_list_find (diags, "comment-at-end");
  g_autoptr (FlashDiagList) left = NULL;

  g_assert_nonnull (diag);
  g_assert_cmpint (flash_layout_fix_get_kind (document, diag), ==, SAFE);
  g_assert_true (flash_layout_fix_apply (document, diag));
  left = check (document);
  g_assert_null (flash_diag_list_find (left, "comment-at-end"));
  g_assert_true (flash_layout_document_undo (document));
  assert_text (document, before);
}

static void
test_copies_on_mp2 (void)
{
  static const char text[] = ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl25.stm32")
      ROW ("P", "0x04", "fsbl1", "Binary(2)", "nand0", "0x0", "data.bin");
  g_autoptr (GBytes) before = g_bytes_new_static (text, strlen (text));
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (before);
  g_autoptr (FlashDiagList) diags = check (document);
  g_autoptr (FlashDiagList) left = NULL;
  const FlashDiag *diag = flash_diag_list_find (diags, "copies-on-mp2");
  const char *subject = NULL;

  g_assert_cmpint (flash_layout_fix_get_kind (document, diag), ==, ASK);
  g_assert_true (flash_layout_fix_apply (document, diag));
  flash_layout_document_get_undo (document, &subject);
  g_assert_cmpstr (subject, ==, "fsbl1");
  left = check (document);
  g_assert_null (flash_diag_list_find (left, "copies-on-mp2"));
}

/* With an STM32 header in front nothing can be mended but that. */
static void
test_framed (void)
{
  static const char text[] = "p\t0x04\ta\tBinary\tmmc0\t0x4400\tdata.bin\n";
  g_autoptr (GBytes) bare = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) framed = flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, bare, 0, 0, 0);
  gsize size = g_bytes_get_size (framed);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (framed, NULL), size);
  g_autoptr (GBytes) broken = NULL;
  g_autoptr (FlashLayoutDocument) document = NULL;
  g_autoptr (FlashDiagList) diags = NULL;
  const FlashDiag *checksum, *spelling;

  copy[size - 1] = '\r';
  broken = g_bytes_new (copy, size);
  document = flash_layout_document_new (broken);
  diags = check (document);
  checksum = flash_diag_list_find (diags, "layout-checksum");
  spelling = flash_diag_list_find (diags, "wrong-case");
  g_assert_nonnull (checksum);
  g_assert_nonnull (spelling);
  g_assert_cmpint (flash_layout_fix_get_kind (document, spelling), ==, NONE);
  g_assert_cmpint (flash_layout_fix_get_kind (document, checksum), ==, ASK);
  g_assert_cmpuint (flash_layout_fix_count_safe (document, diags), ==, 0);
  g_assert_cmpuint (flash_layout_fix_apply_safe (document, diags), ==, 0);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  g_assert_true (flash_layout_fix_apply (document, checksum));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (document)), ==, 1);
}

/* Somebody has thought about every code. */
static void
test_all_codes (void)
{
  const char *const *codes = flash_layout_lint_list_codes ();

  for (guint i = 0; codes[i] != NULL; i++) {
    const FlashLayoutRemedy *remedy = flash_layout_fix_find_remedy (codes[i]);
    gboolean has_case = g_str_equal (codes[i], "comment-at-end") ||
                        g_str_equal (codes[i], "copies-on-mp2") ||
                        g_str_has_prefix (codes[i], "layout-");

    g_test_message ("%s", codes[i]);
    g_assert_nonnull (remedy);
    g_assert_cmpint (remedy->kind == NONE, ==, remedy->method == FLASH_LAYOUT_METHOD_NONE);
    g_assert_cmpint (remedy->mend != NULL, ==, remedy->method == FLASH_LAYOUT_METHOD_LINE);
    for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
      has_case |= g_str_equal (cases[k].code, codes[i]);
    g_assert_true (remedy->kind == NONE || has_case);
  }
  g_assert_null (flash_layout_fix_find_remedy ("gpt-bad-crc"));
}

/* Many faults at once, and some that only come to light by mending others. */
static void
test_all_safe (void)
{
  static const char text[] = "Opt\tId\tName\tType\tIP\tOffset\tBinary\r\n"
                             "  # stages\r\n"
                             "P 1 fsbl-boot binary none 0x0 fsbl15.stm32\r\n"
                             "–;3;fip-boot;FIP;none;0x0;fip.bin\r\n"
                             "\t \r\n"
                             "p\t0x20\tone\tBinary\tmmc0\t17K\tdata.bin\t\r\n"
                             "P\t0x20\ttwo\tBinary\tmmc0\t0x44401\t\"data.bin\"\r\n"
                             "P\t0x20\tthree\tBinary\tmmc0\t0x84400\tdata.bin\t# the third\r\n";
  static const char expected[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\r\n"
                                 "# stages\r\n"
                                 "-\t1\tfsbl-boot\tBinary\tnone\t0x0\tfsbl15.stm32\r\n"
                                 "-\t3\tfip-boot\tFIP\tnone\t0x0\tfip.bin\r\n"
                                 "\r\n"
                                 "P\t0x20\tone\tBinary\tmmc0\t0x00004400\tdata.bin\r\n"
                                 "P\t0x21\ttwo\tBinary\tmmc0\t0x44401\t\"data.bin\"\r\n"
                                 "# the third\r\n"
                                 "P\t0x22\tthree\tBinary\tmmc0\t0x84400\tdata.bin\r\n";
  g_autoptr (GBytes) before = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) after = g_bytes_new_static (expected, strlen (expected));
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (before);
  g_autoptr (FlashDiagList) diags = check (document);
  guint n_first = flash_layout_fix_count_safe (document, diags);
  g_autoptr (GArray) kinds = flash_layout_fix_dup_kinds (document, diags);
  guint n_made = flash_layout_fix_apply_safe (document, diags);
  g_autoptr (FlashDiagList) left = NULL;

  g_assert_cmpuint (kinds->len, ==, flash_diag_list_get_length (diags));
  g_assert_cmpuint (n_first, >, 5);
  g_assert_cmpuint (n_made, >, n_first);
  assert_text (document, after);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_FIX_ALL);
  g_assert_true (flash_layout_document_undo (document));
  assert_text (document, before);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  g_assert_true (flash_layout_document_redo (document));
  assert_text (document, after);
  left = check (document);
  g_assert_cmpuint (flash_layout_fix_count_safe (document, left), ==, 0);
}

/* Whatever the text, it comes to an end, and goes back in one step. */
static void
test_random (void)
{
  static const char odd[] = "\t\n\r# ,;\"P-E0x19mboFBR";
  g_autoptr (GRand) random = g_rand_new_with_seed (4);

  for (guint i = 0; i < 400; i++) {
    g_autofree char *text =
        g_strdup (STAGES DATA "PE\t0x21\tb\tSystem\tmmc0\t0x80000\tnone\n"
                              "PE\t0x22\tc\tFileSystem\tmmc0\t0x90000\tnone\n# end");
    g_autoptr (GBytes) before = NULL;
    g_autoptr (FlashLayoutDocument) document = NULL;
    g_autoptr (FlashDiagList) diags = NULL;

    for (gint n = g_rand_int_range (random, 1, 25); n > 0; n--)
      text[g_rand_int_range (random, 0, (gint32) strlen (text))] =
          odd[g_rand_int_range (random, 0, (gint32) strlen (odd))];
    before = g_bytes_new (text, strlen (text));
    document = flash_layout_document_new (before);
    diags = check (document);
    if (flash_layout_fix_apply_safe (document, diags) > 0) {
      g_assert_true (flash_layout_document_undo (document));
      g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
    }
    assert_text (document, before);
  }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = flash_layout_test_make_files ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/layout/fix/%s-%u", cases[i].code, i);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/layout/fix/comment-at-end", test_comment_at_end);
  g_test_add_func ("/layout/fix/copies-on-mp2", test_copies_on_mp2);
  g_test_add_func ("/layout/fix/framed", test_framed);
  g_test_add_func ("/layout/fix/all-codes", test_all_codes);
  g_test_add_func ("/layout/fix/all-safe", test_all_safe);
  g_test_add_func ("/layout/fix/random", test_random);
  result = g_test_run ();
  flash_test_remove_dir (folder);
  g_free (folder);
  return result;
}
