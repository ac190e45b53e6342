/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-dfuse-file.h"

#include "flash-bytes.h"
#include "flash-reader-test.h"

/* Offsets into what make_file () makes. */
#define FIRST_TARGET_AT 11
#define FIRST_ELEMENT_AT 285
#define SUFFIX_LENGTH 16

static const FlashImageOptions insisting = { .insists = TRUE };

typedef struct {
  guint32 address;
  const char *text;
} Element;

static FlashImage *
read_file (GByteArray *bytes, const FlashImageOptions *options)
{
  return flash_reader_test_read (flash_dfuse_file_read, FLASH_FORMAT_DFUSE, bytes, options);
}

static GByteArray *
begin_file (guint n_targets)
{
  const guint8 prefix[] = { 'D', 'f', 'u', 'S', 'e', 1, 0, 0, 0, 0, (guint8) n_targets };

  return g_byte_array_append (g_byte_array_new (), prefix, sizeof prefix);
}

/* @name: (nullable): without one, the target is not named */
static void
append_target (GByteArray *bytes, guint8 alternate, const char *name, const Element *elements,
               guint n_elements)
{
  char field[255] = { 0 };
  guint32 size = 0;

  for (guint i = 0; i < n_elements; i++)
    size += 8 + (guint32) strlen (elements[i].text);
  if (name != NULL)
    memcpy (field, name, MIN (strlen (name), sizeof field));
  g_byte_array_append (bytes, (const guint8 *) "Target", 6);
  g_byte_array_append (bytes, &alternate, 1);
  flash_reader_test_append_le32 (bytes, name != NULL ? 1 : 0);
  g_byte_array_append (bytes, (const guint8 *) field, sizeof field);
  flash_reader_test_append_le32 (bytes, size);
  flash_reader_test_append_le32 (bytes, n_elements);
  for (guint i = 0; i < n_elements; i++) {
    guint length = (guint) strlen (elements[i].text);

    flash_reader_test_append_le32 (bytes, elements[i].address);
    flash_reader_test_append_le32 (bytes, length);
    g_byte_array_append (bytes, (const guint8 *) elements[i].text, length);
  }
}

/* The size in the prefix, and the suffix. */
static GByteArray *
end_file (GByteArray *bytes)
{
  flash_put_le32 (bytes->data + 6, bytes->len);
  flash_reader_test_append_suffix (bytes, 0x0483, 0, 0, 0x011a);
  return bytes;
}

/* One target with one element. */
static GByteArray *
make_file (guint32 address, const char *text)
{
  const Element element = { address, text };
  GByteArray *bytes = begin_file (1);

  append_target (bytes, 0, "ST...", &element, 1);
  return end_file (bytes);
}

/* The vector of stm32-dfuse.md section 6.2, with both meanings of the size. */
static void
test_vector (void)
{
  static const guint8 program[] = { 0x00, 0x00, 0x02, 0x20, 0xc1, 0x00, 0x00, 0x08 };
  static const struct {
    const char *prefix;
    guint32 crc;
  } cases[] = {
    { "DfuSe\x01\x2d\x01\x00\x00\x01", 0xc4e9334f },
    { "DfuSe\x01\x3d\x01\x00\x00\x01", 0x3f4956b7 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GByteArray *bytes = g_byte_array_append (g_byte_array_new (), (guint8 *) cases[i].prefix, 11);
    g_autoptr (FlashImage) image = NULL;
    const FlashImageTarget *target;

    g_byte_array_append (bytes, (const guint8 *) "Target\0\1\0\0\0ST...", 16);
    g_byte_array_set_size (bytes, 277);
    memset (bytes->data + 27, 0, 250);
    flash_reader_test_append_le32 (bytes, 16);
    flash_reader_test_append_le32 (bytes, 1);
    flash_reader_test_append_le32 (bytes, 0x08000000);
    flash_reader_test_append_le32 (bytes, 8);
    g_byte_array_append (bytes, program, sizeof program);
    flash_reader_test_append_suffix (bytes, 0x0483, 0, 0, 0x011a);
    g_assert_cmpuint (bytes->len, ==, 317);
    g_assert_cmphex (flash_get_le32 (bytes->data + 313), ==, cases[i].crc);

    image = read_file (bytes, NULL);
    flash_reader_test_assert_codes (image->diags, "");
    flash_reader_test_assert_segment (image, 0, 0, 0x08000000, program, sizeof program);
    target = flash_image_find_target (image, 0);
    g_assert_cmpstr (target->name, ==, "ST...");
    g_assert_cmphex (image->suffix.vendor, ==, 0x0483);
    g_assert_cmphex (image->suffix.product, ==, 0);
    g_assert_cmphex (image->suffix.device, ==, 0);
    g_assert_cmphex (image->suffix.bcd_dfu, ==, 0x011a);
    g_assert_true (image->suffix.is_crc_ok);
    g_assert_true (image->has_address);
    g_assert_false (image->has_entry);
  }
}

/* Two alternates, one of them in two pieces; elements out of order and touching. */
static void
test_targets (void)
{
  const Element flash[] = { { 0x08000004, "efgh" }, { 0x08000000, "abcd" }, { 0x08010000, "far" } };
  const Element options[] = { { 0x1fffc000, "opt" } };
  const Element more[] = { { 0x08000008, "ijkl" }, { 0x08020000, "" } };
  GByteArray *bytes = begin_file (3);
  g_autoptr (FlashImage) image = NULL;

  append_target (bytes, 1, NULL, options, 1);
  append_target (bytes, 0, "Internal \033[31mFlash", flash, 3);
  append_target (bytes, 0, "Other name", more, 2);
  image = read_file (end_file (bytes), NULL);
  flash_reader_test_assert_codes (image->diags, "");
  g_assert_cmpuint (image->targets->len, ==, 2);
  flash_reader_test_assert_segment (image, 0, 0, 0x08000000, "abcdefghijkl", 12);
  flash_reader_test_assert_segment (image, 0, 1, 0x08010000, "far", 3);
  flash_reader_test_assert_segment (image, 1, 0, 0x1fffc000, "opt", 3);
  g_assert_cmpstr (flash_image_find_target (image, 0)->name, ==, "Internal \uFFFD[31mFlash");
  g_assert_null (flash_image_find_target (image, 1)->name);
  g_assert_cmpuint (flash_image_get_size (image), ==, 18);
}

/* One number changed, suffix made right again. */
typedef struct {
  guint at;
  guint32 value;
  const char *codes;
  const char *code; /* (nullable): of which the message is given */
  const char *message;
} Change;

static const Change changes[] = {
  { 6, 0x12345678, "W dfuse-size-wrong", "dfuse-size-wrong",
    "At 0x00000006 the file says that it has 305419896 bytes before its suffix, but there are 301; "
    "it was made by a careless program, or is damaged." },
  { 6, 300, "W dfuse-size-wrong", NULL, NULL },
  { 6, 316, "W dfuse-size-wrong", NULL, NULL },
  { FIRST_TARGET_AT, 0x67726174, "E dfuse-target-broken", "dfuse-target-broken",
    "The file is damaged: a target must begin at 0x0000000b, but something else is there. Get it "
    "again." },
  { FIRST_TARGET_AT + 266, 17, "W dfuse-target-size-wrong", "dfuse-target-size-wrong",
    "The target at 0x0000000b says that it has 17 bytes, its elements have 16; it was made by a "
    "careless program, or is damaged." },
  { FIRST_TARGET_AT + 266, 0, "W dfuse-target-size-wrong", NULL, NULL },
  { FIRST_TARGET_AT + 270, 0, "W dfuse-target-size-wrong, W dfuse-trailing-bytes, E image-empty",
    NULL, NULL },
  { FIRST_TARGET_AT + 270, 2, "E dfuse-element-truncated", "dfuse-element-truncated",
    "The file is cut off: element 2 of its target begins at 0x0000012d, where only 0 bytes are "
    "left. Get it again." },
  { FIRST_TARGET_AT + 270, 3, "E dfuse-too-many-elements", "dfuse-too-many-elements",
    "The file is damaged or cut off: the target at 0x0000000b announces 3 elements, for which 16 "
    "bytes are left. Get it again." },
  { FIRST_TARGET_AT + 270, 0xffffffff, "E dfuse-too-many-elements", NULL, NULL },
  { FIRST_ELEMENT_AT + 4, 9, "E dfuse-element-truncated", "dfuse-element-truncated",
    "The file is cut off: the element at 0x0000011d has 9 bytes, only 8 are left. Get it again." },
  { FIRST_ELEMENT_AT + 4, 0xffffffff, "E dfuse-element-truncated", NULL, NULL },
  { FIRST_ELEMENT_AT + 4, 7, "W dfuse-target-size-wrong, W dfuse-trailing-bytes",
    "dfuse-trailing-bytes",
    "From 0x0000012c on there are 1 bytes that belong to none of the 1 targets; they are left "
    "out." },
  { FIRST_ELEMENT_AT, 0xfffffff8, "", NULL, NULL },
  { FIRST_ELEMENT_AT, 0xfffffff9, "E address-overflow", NULL, NULL },
  /* the version of the suffix, and the first two letters of its signature */
  { 307, 0x46550100, "W dfuse-suffix-version", "dfuse-suffix-version",
    "At 0x00000133 the DFU suffix says version 0100, where DfuSe files say 011a; some programs "
    "would write the whole file as it is." },
};

static void
test_changes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    GByteArray *bytes = make_file (0x08000000, "12345678");
    g_autoptr (FlashImage) image = NULL;

    g_test_message ("%u at %u", changes[i].value, changes[i].at);
    flash_put_le32 (bytes->data + changes[i].at, changes[i].value);
    flash_reader_test_seal_suffix (bytes);
    image = read_file (bytes, NULL);
    flash_reader_test_assert_codes (image->diags, changes[i].codes);
    g_assert_false (image->can_insist);
    if (changes[i].code != NULL)
      flash_reader_test_assert_message (image->diags, changes[i].code, changes[i].message);
  }
}

static void
test_version (void)
{
  GByteArray *bytes = make_file (0x08000000, "12345678");
  g_autoptr (FlashImage) image = NULL;

  bytes->data[5] = 2;
  flash_reader_test_seal_suffix (bytes);
  image = read_file (bytes, NULL);
  flash_reader_test_assert_codes (image->diags, "E dfuse-version-unknown");
  flash_reader_test_assert_message (
      image->diags, "dfuse-version-unknown",
      "At 0x00000005 the file says that it is a DfuSe file of version 2; known is version 1.");
}

static void
test_target_count (void)
{
  static const struct {
    guint8 n_targets;
    const char *codes;
  } cases[] = {
    { 0, "W dfuse-trailing-bytes, E image-empty" },
    { 1, "" },
    { 2, "E dfuse-truncated" },
    { 255, "E dfuse-truncated" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GByteArray *bytes = make_file (0x08000000, "12345678");
    g_autoptr (FlashImage) image = NULL;

    bytes->data[10] = cases[i].n_targets;
    flash_reader_test_seal_suffix (bytes);
    image = read_file (bytes, NULL);
    flash_reader_test_assert_codes (image->diags, cases[i].codes);
    if (cases[i].n_targets > 1)
      flash_reader_test_assert_message (
          image->diags, "dfuse-truncated",
          "The file is cut off: a target begins at 0x0000012d, which needs 274 bytes, but only 0 "
          "are left. Get it again.");
  }
}

static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (254, 'n');
  g_autofree char *endless = g_strnfill (255, 'n');
  const Element element = { 0x08000000, "abcd" };
  const char *names[] = { "", longest, endless };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GByteArray *bytes = begin_file (1);
    g_autoptr (FlashImage) image = NULL;

    append_target (bytes, 7, names[i], &element, 1);
    image = read_file (end_file (bytes), NULL);
    flash_reader_test_assert_codes (image->diags, i == 2 ? "W dfuse-name-broken" : "");
    g_assert_cmpstr (flash_image_find_target (image, 7)->name, ==, names[i]);
    g_assert_null (flash_image_find_target (image, 0));
  }
}

static void
test_overlaps (void)
{
  static const struct {
    Element elements[2];
    const char *codes;
  } cases[] = {
    { { { 0x08000000, "abcd" }, { 0x08000004, "efgh" } }, "" },
    { { { 0x08000000, "abcd" }, { 0x08000003, "efgh" } }, "E segments-overlap" },
    { { { 0x08000003, "abcd" }, { 0x08000000, "efgh" } }, "E segments-overlap" },
    { { { 0x08000000, "abcd" }, { 0x08000000, "abcd" } }, "I segments-repeated" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    for (guint n_targets = 1; n_targets <= 2; n_targets++) {
      GByteArray *bytes = begin_file (n_targets);
      g_autoptr (FlashImage) image = NULL;

      if (n_targets == 1) {
        append_target (bytes, 0, "all", cases[i].elements, 2);
      } else {
        append_target (bytes, 0, "first", cases[i].elements, 1);
        append_target (bytes, 0, "second", cases[i].elements + 1, 1);
      }
      image = read_file (end_file (bytes), NULL);
      flash_reader_test_assert_codes (image->diags, cases[i].codes);
    }
  }
}

static void
test_suffix (void)
{
  GByteArray *missing = make_file (0x08000000, "12345678");
  GByteArray *wrong = make_file (0x08000000, "12345678");
  g_autoptr (FlashImage) missing_image = NULL;
  g_autoptr (FlashImage) wrong_image = NULL;

  g_byte_array_set_size (missing, missing->len - SUFFIX_LENGTH);
  missing_image = read_file (missing, &insisting);
  flash_reader_test_assert_codes (missing_image->diags, "W dfu-suffix-missing");
  flash_reader_test_assert_segment (missing_image, 0, 0, 0x08000000, "12345678", 8);
  g_assert_true (flash_image_is_usable (missing_image));

  wrong->data[FIRST_ELEMENT_AT + 8] ^= 1;
  wrong_image = read_file (wrong, NULL);
  flash_reader_test_assert_codes (wrong_image->diags, "E dfu-crc-wrong");
  g_assert_true (wrong_image->can_insist);
  g_assert_false (wrong_image->suffix.is_crc_ok);
}

/* A file that was cut off anywhere is never taken. */
static void
test_cut_off (void)
{
  g_autoptr (GByteArray) whole = make_file (0x08000000, "12345678");

  for (guint length = 0; length < whole->len; length++) {
    GByteArray *bytes = g_byte_array_append (g_byte_array_new (), whole->data, length);
    GByteArray *again = g_byte_array_append (g_byte_array_new (), whole->data, length);
    g_autoptr (FlashImage) image = read_file (bytes, NULL);
    g_autoptr (FlashImage) insisted = read_file (again, &insisting);
    const char *code = length < 11                     ? "dfuse-truncated"
                       : length < FIRST_ELEMENT_AT     ? "dfuse-truncated"
                       : length < FIRST_ELEMENT_AT + 8 ? "dfuse-too-many-elements"
                                                       : "dfuse-element-truncated";

    g_assert_false (flash_image_is_usable (image));
    g_assert_nonnull (flash_diag_list_find (image->diags, "dfu-suffix-missing"));
    if (length >= whole->len - SUFFIX_LENGTH)
      continue;
    g_assert_nonnull (flash_diag_list_find (image->diags, code));
    g_assert_false (flash_image_is_usable (insisted));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dfuse-file/vector", test_vector);
  g_test_add_func ("/dfuse-file/targets", test_targets);
  g_test_add_func ("/dfuse-file/changes", test_changes);
  g_test_add_func ("/dfuse-file/version", test_version);
  g_test_add_func ("/dfuse-file/target-count", test_target_count);
  g_test_add_func ("/dfuse-file/names", test_names);
  g_test_add_func ("/dfuse-file/overlaps", test_overlaps);
  g_test_add_func ("/dfuse-file/suffix", test_suffix);
  g_test_add_func ("/dfuse-file/cut-off", test_cut_off);
  return g_test_run ();
}
