/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-chip-data-private.h"
#include "flash-option-private.h"

#include <string.h>

#define AREA "[a]\nsize=8\ncomplement=byte\nrdp_open=0xaa\n"
#define RDP "field-RDP=0 0 8 locked\n"

static const struct {
  const char *text;
  const char *message;
} broken[] = {
  { "[a]\nsize=8\n", "[a] complement: none of those that there are" },
  { "[a]\nsize=8\ncomplement=x\n", "[a] complement: none of those that there are" },
  { "[a]\ncomplement=none\n", "[a] size: does not hold whole units" },
  { "[a]\nsize=2000\ncomplement=none\n", "[a] size: does not hold whole units" },
  { "[a]\nsize=7\ncomplement=byte\n", "[a] size: does not hold whole units" },
  { "[a]\nsize=8\ncovered=10\ncomplement=byte\n", "[a] size: does not hold whole units" },
  { "[a]\nlike=b\n", "[a] like: leads nowhere" },
  { "[a]\nlike=a\n", "[a] like: leads nowhere" },
  { AREA, "[a] rdp_open: there must be a locked field with it" },
  { AREA "field-RDP=0 0 8\n", "[a] rdp_open: there must be a locked field with it" },
  { AREA RDP "colour=red\n", "[a] colour: no such key" },
  { AREA RDP "field-WDG_SW=1 0 1\n", "[a] field-WDG_SW: not a field of this area" },
  { AREA RDP "field-WDG_SW=8 0 1\n", "[a] field-WDG_SW: not a field of this area" },
  { AREA RDP "field-WDG_SW=2 7 2\n", "[a] field-WDG_SW: not a field of this area" },
  { AREA RDP "field-WDG_SW=2 0 0\n", "[a] field-WDG_SW: not a field of this area" },
  { AREA RDP "field-WDG_SW=2 0\n", "[a] field-WDG_SW: not a field of this area" },
  { AREA RDP "field-WDG_SW=2 x 1\n", "[a] field-WDG_SW: not a field of this area" },
  { AREA RDP "field-Strange=2 0 1\n", "[a] field-Strange: not a field of this area" },
  { AREA RDP "field-WDG_SW=0 7 1\n", "[a] WDG_SW: overlaps the field before it" },
  { AREA RDP "wrp=low\n", "[a] wrp: none of those that there are" },
  { AREA RDP "wrp=low 0\n", "[a] wrp: none of those that there are" },
  { AREA RDP "wrp=odd 1\n", "[a] wrp: none of those that there are" },
  { AREA RDP "wrp=low 1\n", "[a] wrp_fields: too few or too many" },
  { AREA RDP "wrp_fields=RDP\n", "[a] wrp_fields: too few or too many" },
  { AREA RDP "wrp=ranges\nwrp_fields=RDP\n", "[a] wrp_fields: too few or too many" },
  { AREA RDP "wrp=low 1\nwrp_fields=x\n", "[a] wrp_fields: there is no such field" },
  { AREA RDP "wrp_when=RDP\n", "[a] wrp_when: not a field and a value" },
  { AREA RDP "wrp_when=x 1\n", "[a] wrp_when: not a field and a value" },
  { AREA RDP "wrp_when=RDP x\n", "[a] wrp_when: not a field and a value" },
  { "[a]\nsize=8\ncomplement=pair\nrdp_open=0xaa\n" RDP "field-WDG_SW=4 0 1\n",
    "[a] field-WDG_SW: not a field of this area" },
};

static void
test_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", broken[i].text);
    g_assert_true (g_key_file_load_from_data (file, broken[i].text, strlen (broken[i].text),
                                              G_KEY_FILE_NONE, NULL));
    g_assert_null (flash_option_table_parse (file, &error));
    g_assert_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE);
    g_assert_cmpstr (error->message, ==, broken[i].message);
  }
}

/* A group takes over what the one that it is like has, and takes fields away. */
static void
test_like (void)
{
  static const char text[] = AREA RDP "field-WDG_SW=2 0 1\nfield-nRST_STOP=2 1 1\n"
                                      "[b]\nlike=a\nrdp_open=0xa5\nfield-WDG_SW=\n"
                                      "[c]\nlike=b\nfield-nRST_STDBY=2 2 1\n";
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GPtrArray) table = NULL;
  g_autoptr (GError) error = NULL;
  const FlashOptionLayout *last;

  g_assert_true (g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL));
  table = flash_option_table_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (table->len, ==, 3);
  last = g_ptr_array_index (table, 2);
  g_assert_cmpuint (flash_option_layout_get_size (last), ==, 8);
  g_assert_cmphex (last->rdp_open, ==, 0xa5);
  g_assert_null (flash_option_layout_find_field (last, "WDG_SW"));
  g_assert_nonnull (flash_option_layout_find_field (last, "nRST_STOP"));
  g_assert_nonnull (flash_option_layout_find_field (last, "nRST_STDBY"));
  g_assert_cmpuint (flash_option_layout_get_fields (last)->len, ==, 3);
}

/* The table that is built in. */
static void
test_built_in (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) file = flash_chip_data_load ("option-bytes.ini", &error);
  g_autoptr (GPtrArray) table = NULL;

  g_assert_no_error (error);
  table = flash_option_table_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (table->len, ==, flash_option_layout_list_names ()->len);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/option-table/broken", test_broken);
  g_test_add_func ("/option-table/like", test_like);
  g_test_add_func ("/option-table/built-in", test_built_in);
  return g_test_run ();
}
