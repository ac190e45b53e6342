/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-advice.h"

/* Stable codes are typed by people and looked up by programs: lower case, digits, hyphens, no
 * doubles. */
static void
test_codes (void)
{
  guint n;
  const FlashAdvice *advices = flash_advice_list (&n);

  g_assert_cmpuint (n, >, 20);
  for (guint i = 0; i < n; i++) {
    g_assert_cmpuint (strspn (advices[i].code, "abcdefghijklmnopqrstuvwxyz0123456789-"), ==,
                      strlen (advices[i].code));
    if (i > 0)
      g_assert_cmpstr (advices[i - 1].code, <, advices[i].code);
    g_assert_true (flash_advice_find (advices[i].code) == &advices[i]);
  }
}

/* Cause first, then remedy, in whole sentences. */
static void
test_words (void)
{
  guint n;
  const FlashAdvice *advices = flash_advice_list (&n);

  for (guint i = 0; i < n; i++) {
    g_test_message ("%s", advices[i].code);
    g_assert_true (g_ascii_isupper (advices[i].cause[0]));
    g_assert_true (g_str_has_suffix (advices[i].cause, "."));
    g_assert_true (g_ascii_isupper (advices[i].remedy[0]));
    g_assert_true (g_str_has_suffix (advices[i].remedy, "."));
  }
}

static void
test_unknown (void)
{
  g_assert_null (flash_advice_find ("no-such-code"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/codes", test_codes);
  g_test_add_func ("/advice/words", test_words);
  g_test_add_func ("/advice/unknown", test_unknown);
  return g_test_run ();
}
