/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-option-guess.h"

#include "flash-option-private.h"

#include <string.h>

#define DOUBT_NO_ROM "It is not the chip's own boot loader"
#define DOUBT_UNKNOWN "Their layout is not known"
#define DOUBT_BAD "They are not what this chip should have"
#define DOUBT_SEVERAL "Several chips fit"
#define DOUBT_MODE "Another option says"

/* SPRMOD is 0, and 1. */
static const guint8 f4[16] = { 0xef, 0xaa, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                               0xfe, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const guint8 f4_sprmod[16] = { 0xef, 0xaa, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                      0xfe, 0x8f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
/* As F1, F3 and F0 have them; open for the first, closed for the others, and the other way. */
static const guint8 f1[16] = { 0xa5, 0x5a, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
                               0xfe, 0x01, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00 };
static const guint8 f3[16] = { 0xaa, 0x55, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
                               0xfe, 0x01, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00 };
static const guint8 f1_closed[16] = { 0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
                                      0xfe, 0x01, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00 };
/* DBANK is 1, and 0. */
static const guint8 g4[48] = {
  0xaa, 0xf8, 0xef, 0xff, 0x55, 0x07, 0x10, 0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00,
  0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00,
  0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00,
};
static const guint8 g4_one[48] = {
  0xaa, 0xf8, 0xaf, 0xff, 0x55, 0x07, 0x50, 0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00,
  0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00,
  0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00,
};

static void
init_guess (FlashChipGuess *self, FlashLoaderKind loader, const char *ids)
{
  g_auto (GStrv) parts = g_strsplit (ids, " ", -1);

  *self = (FlashChipGuess){ .loader = loader, .chips = g_ptr_array_new () };
  for (guint i = 0; parts[i] != NULL; i++) {
    if (*parts[i] == '\0')
      continue;
    g_assert_nonnull (flash_chip_find (parts[i]));
    g_ptr_array_add (self->chips, (gpointer) flash_chip_find (parts[i]));
  }
}

/**
 * Case:
 * @chips: that fit, best first
 * @layout: (nullable): of which the fields are; %NULL if there is none
 * @is_own: whether that very layout comes back
 * @doubt: (nullable): beginning of it
 * @open: (nullable): a field that may be changed
 * @closed: (nullable): fields that may not, with blanks between
 * @wrp: whether sector 0 is write protected, -1 if nothing is said
 */
typedef struct {
  const char *chips;
  const guint8 *bytes;
  gsize length;
  const char *layout;
  gboolean is_own;
  const char *doubt;
  const char *open;
  const char *closed;
  gint wrp;
  FlashRdpLevel rdp;
} Case;

static const Case cases[] = {
  /* one chip, or several with the same layout */
  { "f412", f4, 16, "f4-sprmod", TRUE, NULL, "nWRP", "RDP SPRMOD", TRUE, FLASH_RDP_NONE },
  { "f401e f411 f446", f4, 16, "f4-sprmod", TRUE, NULL, "nWRP", "RDP SPRMOD", TRUE,
    FLASH_RDP_NONE },
  { "f105", f1, 16, "f1", TRUE, NULL, "nWRP0", "RDP", TRUE, FLASH_RDP_NONE },
  { "u575 u59x u5fx", g4, 48, NULL, FALSE, DOUBT_BAD, NULL, NULL, -1, 0 },
  /* the text of the F405, which others print, and SPRMOD, which only those have */
  { "f405 f412 f2 f42x f413 f469", f4, 16, "f4", FALSE, DOUBT_SEVERAL, "nWRP", "RDP SPRMOD", TRUE,
    FLASH_RDP_NONE },
  { "f405 f412 f2 f42x f413 f469", f4, 16, "f4", FALSE, DOUBT_SEVERAL, "BOR_LEV", NULL, TRUE,
    FLASH_RDP_NONE },
  { "f405 f412 f2 f42x f413 f469", f4_sprmod, 16, "f4", FALSE, DOUBT_MODE, "BOR_LEV",
    "RDP SPRMOD nWRP", -1, FLASH_RDP_NONE },
  { "f405", f4_sprmod, 16, "f4", TRUE, NULL, "nWRP", "RDP", TRUE, FLASH_RDP_NONE },
  { "f412", f4_sprmod, 16, "f4-sprmod", FALSE, DOUBT_MODE, "WDG_SW", "nWRP SPRMOD", -1,
    FLASH_RDP_NONE },
  /* bits that only one of them has */
  { "f42x f412", f4, 16, "f42x", FALSE, DOUBT_SEVERAL, "nWRP", "BFB2 DB1M SPRMOD", TRUE,
    FLASH_RDP_NONE },
  { "f412 f42x", f4, 16, "f4-sprmod", FALSE, DOUBT_SEVERAL, "nWRP", "SPRMOD", TRUE,
    FLASH_RDP_NONE },
  /* DBANK, and where nobody knows how wide the page numbers are */
  { "g47x", g4, 48, "g4-dual", TRUE, NULL, "DBANK", "nBOOT0 nSWBOOT0", FALSE, FLASH_RDP_NONE },
  { "g47x", g4_one, 48, "g4-dual", FALSE, DOUBT_MODE, "DBANK", "WRP1A_STRT WRP1B_END", -1,
    FLASH_RDP_NONE },
  { "g47x g491", g4, 48, "g4-dual", FALSE, DOUBT_SEVERAL, "nRST_STOP",
    "DBANK BFB2 WRP1A_STRT WRP1A_END", -1, FLASH_RDP_NONE },
  { "g431 g47x g491", g4, 48, "g431", FALSE, DOUBT_SEVERAL, "nRST_STOP", "WRP1A_STRT", -1,
    FLASH_RDP_NONE },
  /* levels that are not the same, and such that are */
  { "f303c f105", f1, 16, "f3", FALSE, DOUBT_SEVERAL, "WDG_SW", "RDP nBOOT1 SRAM_PE", TRUE,
    FLASH_RDP_UNKNOWN },
  { "f303c f105", f3, 16, "f3", FALSE, DOUBT_SEVERAL, "nWRP0", "RDP", TRUE, FLASH_RDP_UNKNOWN },
  { "f303c f105", f1_closed, 16, "f3", FALSE, DOUBT_SEVERAL, "nWRP0", "RDP", TRUE, FLASH_RDP_READ },
  /* the same bits, of which only one says what the last one is for */
  { "f303c f07x", f3, 16, "f3", FALSE, DOUBT_SEVERAL, "nWRP0", "SRAM_PE", TRUE, FLASH_RDP_NONE },
  /* chips of which nothing is known: all is locked, unless their area has another length */
  { "f303c u0", f3, 16, "f3", TRUE, NULL, "nWRP0", "RDP", TRUE, FLASH_RDP_NONE },
  { "l4r", f4, 16, NULL, FALSE, DOUBT_UNKNOWN, NULL, NULL, -1, 0 },
  { "g47x", f4, 16, NULL, FALSE, DOUBT_BAD, NULL, NULL, -1, 0 },
  { "g47x f412", f4, 16, "f4-sprmod", TRUE, NULL, "nWRP", NULL, TRUE, FLASH_RDP_NONE },
  { "", f4, 16, NULL, FALSE, DOUBT_UNKNOWN, NULL, NULL, -1, 0 },
  { "f412", NULL, 0, NULL, FALSE, DOUBT_BAD, NULL, NULL, -1, 0 },
};

static void
assert_doubt (const char *doubt, const char *begin)
{
  if (begin == NULL)
    g_assert_null (doubt);
  else if (doubt == NULL || !g_str_has_prefix (doubt, begin))
    g_assert_cmpstr (doubt, ==, begin);
}

static void
assert_closed (const FlashOptionLayout *layout, const Case *self)
{
  g_auto (GStrv) names = g_strsplit (self->closed, " ", -1);

  for (guint i = 0; names[i] != NULL; i++) {
    const FlashOptionField *field = flash_option_layout_find_field (layout, names[i]);
    g_autofree guint8 *copy = g_memdup2 (self->bytes, self->length);
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", names[i]);
    g_assert_nonnull (field);
    g_assert_true (field->is_locked);
    g_assert_false (flash_option_layout_set (layout, field, 0, copy, &error));
    g_assert_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_VALUE);
    g_assert_cmpmem (copy, self->length, self->bytes, self->length);
  }
}

static void
assert_open (const FlashOptionLayout *layout, const Case *self)
{
  const FlashOptionField *field = flash_option_layout_find_field (layout, self->open);
  g_autofree guint8 *copy = g_memdup2 (self->bytes, self->length);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (field);
  g_assert_false (field->is_locked);
  g_assert_true (flash_option_layout_set (layout, field, 0, copy, &error));
  g_assert_no_error (error);
  g_assert_cmphex (flash_option_layout_get (layout, field, copy), ==, 0);
  g_assert_true (flash_option_layout_check (layout, copy, self->length, &error));
}

static void
check_case (const Case *self)
{
  g_auto (FlashChipGuess) guess = { 0 };
  const FlashOptionLayout *layout;
  const char *doubt = "untouched";
  gboolean is_protected = 77;

  g_test_message ("%s", self->chips);
  init_guess (&guess, FLASH_LOADER_ROM, self->chips);
  layout = flash_chip_guess_find_option_layout (&guess, self->bytes, self->length, &doubt);
  assert_doubt (doubt, self->doubt);
  /* the same question has the same answer, for as long as the program lives */
  g_assert_true (flash_chip_guess_find_option_layout (&guess, self->bytes, self->length, NULL) ==
                 layout);
  if (self->layout == NULL) {
    g_assert_null (layout);
    return;
  }
  g_assert_cmpstr (layout->name, ==, self->layout);
  g_assert_cmpint (layout == flash_option_layout_find (self->layout), ==, self->is_own);
  g_assert_cmpint (flash_option_layout_get_rdp (layout, self->bytes), ==, self->rdp);
  g_assert_cmpint (flash_option_layout_get_meaning (layout, layout->rdp, 0xaa) == NULL, ==,
                   self->rdp == FLASH_RDP_UNKNOWN);
  g_assert_cmpint (flash_option_layout_is_write_protected (layout, self->bytes, 0, &is_protected),
                   ==, self->wrp != -1);
  g_assert_cmpint (is_protected, ==, self->wrp != -1 ? self->wrp : 77);
  assert_open (layout, self);
  if (self->closed != NULL)
    assert_closed (layout, self);
}

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_case (&cases[i]);
}

/* What looks like the chip's area, but comes from a program of which nobody knows what it shows. */
static void
test_loaders (void)
{
  static const FlashLoaderKind loaders[] = { FLASH_LOADER_NONE, FLASH_LOADER_CLONE,
                                             FLASH_LOADER_CUSTOM };

  for (guint i = 0; i < G_N_ELEMENTS (loaders); i++) {
    g_auto (FlashChipGuess) guess = { 0 };
    const char *doubt = NULL;

    init_guess (&guess, loaders[i], "f412");
    g_assert_null (flash_chip_guess_find_option_layout (&guess, f4, sizeof f4, &doubt));
    assert_doubt (doubt, DOUBT_NO_ROM);
  }
}

/* Chips fit of which no layout is known: all of it may be read, and nothing be changed. */
static void
test_blanks (void)
{
  static const struct {
    gint rdp_offset; /* of the chip without a layout */
    FlashRdpLevel rdp;
  } blanks[] = { { 1, FLASH_RDP_NONE }, { 0, FLASH_RDP_UNKNOWN }, { -1, FLASH_RDP_UNKNOWN } };

  for (guint i = 0; i < G_N_ELEMENTS (blanks); i++) {
    g_auto (FlashChipGuess) guess = { 0 };
    FlashChip blank = *flash_chip_find ("f412");
    const FlashOptionLayout *layout;
    const char *doubt = NULL;
    gboolean is_protected;

    blank.option_layout = NULL;
    blank.rdp_offset = blanks[i].rdp_offset;
    init_guess (&guess, FLASH_LOADER_ROM, "f412");
    g_ptr_array_add (guess.chips, &blank);
    layout = flash_chip_guess_find_option_layout (&guess, f4, sizeof f4, &doubt);
    g_test_message ("%d", blanks[i].rdp_offset);
    assert_doubt (doubt, DOUBT_SEVERAL);
    for (guint k = 0; k < flash_option_layout_get_fields (layout)->len; k++)
      g_assert_true (((const FlashOptionField *) g_ptr_array_index (
                          flash_option_layout_get_fields (layout), k))
                         ->is_locked);
    g_assert_cmpint (flash_option_layout_get_rdp (layout, f4), ==, blanks[i].rdp);
    g_assert_false (flash_option_layout_is_write_protected (layout, f4, 0, &is_protected));
  }
}

/* The complaint says which kind of lock it is. */
static void
test_complaint (void)
{
  static const struct {
    const char *field;
    const char *message;
  } complaints[] = {
    { "nWRP", "nWRP cannot be changed here, since it is not certain what it means on this chip" },
    { "SPRMOD", "SPRMOD cannot be changed here, since a wrong value makes the chip useless" },
  };
  g_auto (FlashChipGuess) guess = { 0 };
  const FlashOptionLayout *layout;

  init_guess (&guess, FLASH_LOADER_ROM, "f412");
  layout = flash_chip_guess_find_option_layout (&guess, f4_sprmod, sizeof f4_sprmod, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (complaints); i++) {
    guint8 bytes[16];
    g_autoptr (GError) error = NULL;

    memcpy (bytes, f4_sprmod, sizeof bytes);
    g_assert_false (flash_option_layout_set (
        layout, flash_option_layout_find_field (layout, complaints[i].field), 0, bytes, &error));
    g_assert_cmpstr (error->message, ==, complaints[i].message);
  }
}

/* Fields stay in order, whichever are added. */
static void
test_order (void)
{
  g_auto (FlashChipGuess) guess = { 0 };
  GPtrArray *fields;

  init_guess (&guess, FLASH_LOADER_ROM, "f405 f412 f42x");
  fields = flash_option_layout_get_fields (
      flash_chip_guess_find_option_layout (&guess, f4, sizeof f4, NULL));
  for (guint i = 1; i < fields->len; i++) {
    const FlashOptionField *before = g_ptr_array_index (fields, i - 1);
    const FlashOptionField *field = g_ptr_array_index (fields, i);

    g_assert_cmpuint (8 * before->offset + before->shift, <, 8 * field->offset + field->shift);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/option-guess/cases", test_cases);
  g_test_add_func ("/option-guess/loaders", test_loaders);
  g_test_add_func ("/option-guess/blanks", test_blanks);
  g_test_add_func ("/option-guess/complaint", test_complaint);
  g_test_add_func ("/option-guess/order", test_order);
  return g_test_run ();
}
