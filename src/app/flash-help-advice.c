/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-help-advice"

#include "config.h"

#include "flash-help-advice.h"

#include "flash-words.h"

#include <glib/gi18n.h>

/* Takes @text. */
static void
add (GPtrArray *blocks, FlashHelpKind kind, guint number, char *text)
{
  FlashHelpBlock *block = g_new0 (FlashHelpBlock, 1);

  block->kind = kind;
  block->number = number;
  block->text = text;
  g_ptr_array_add (blocks, block);
}

static GPtrArray *
create_blocks (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) flash_help_block_free);
}

static char *
dup_page_link (const char *page)
{
  g_autofree char *title = flash_help_page_dup_title (page);

  return g_strdup_printf ("[%s](help:%s)", title, page);
}

/* --- one advice ----------------------------------------------------------------------------- */

/* One step needs no number. */
static void
add_steps (GPtrArray *blocks, const FlashAdvice *advice)
{
  g_auto (GStrv) steps = flash_advice_dup_steps (_ (advice->remedy));
  gboolean is_one = steps[1] == NULL;

  for (guint i = 0; steps[i] != NULL; i++)
    add (blocks, is_one ? FLASH_HELP_PARAGRAPH : FLASH_HELP_STEP, is_one ? 0 : i + 1,
         g_strdup (steps[i]));
}

static GPtrArray *
load_advice (const char *code)
{
  const FlashAdvice *advice = flash_advice_find (code);
  GPtrArray *blocks;
  g_autofree char *link = NULL;

  if (advice == NULL)
    return NULL;
  blocks = create_blocks ();
  link = dup_page_link (advice->help);
  add (blocks, FLASH_HELP_CAUSE, 0, g_strdup (_ (advice->cause)));
  /* TRANSLATORS: how bad it is, and a stable code: “Error: `never-came-back`”. Leave the signs
   * around the code alone. */
  add (blocks, FLASH_HELP_PARAGRAPH, 0,
       g_strdup_printf (_ ("%1$s: `%2$s`"), flash_words_severity (advice->severity), advice->code));
  add (blocks, FLASH_HELP_HEADING, 0, g_strdup (_ ("What to do")));
  add_steps (blocks, advice);
  /* TRANSLATORS: the title of a page of the help */
  add (blocks, FLASH_HELP_PARAGRAPH, 0, g_strdup_printf (_ ("More about it: %s"), link));
  return blocks;
}

gboolean
flash_help_advice_matches (const FlashAdvice *advice, const char *query)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (advice != NULL, FALSE);
  g_return_val_if_fail (query != NULL, FALSE);

  text = g_strjoin ("\n", advice->code, _ (advice->cause), _ (advice->remedy), NULL);
  return flash_help_text_has_words (text, query);
}

/* --- the advices of a page ------------------------------------------------------------------- */

static guint
count_codes (const char *page)
{
  guint n_advices;
  const FlashAdvice *advices = flash_advice_list (&n_advices);
  guint n_codes = 0;

  for (guint i = 0; i < n_advices; i++)
    n_codes += g_str_equal (advices[i].help, page);
  return n_codes;
}

static GPtrArray *
load_codes (const char *page)
{
  guint n_advices;
  const FlashAdvice *advices = flash_advice_list (&n_advices);
  g_autofree char *title = flash_help_page_dup_title (page);
  GPtrArray *blocks;

  if (title == NULL || count_codes (page) == 0)
    return NULL;
  blocks = create_blocks ();
  /* TRANSLATORS: a list of codes, such as `never-came-back`; %s is the title of the page of the
   * help to which they belong */
  add (blocks, FLASH_HELP_TITLE, 0, g_strdup_printf (_ ("Codes: %s"), title));
  add (blocks, FLASH_HELP_PARAGRAPH, 0, dup_page_link (page));
  for (guint i = 0; i < n_advices; i++) {
    if (!g_str_equal (advices[i].help, page))
      continue;
    add (blocks, FLASH_HELP_POINT, 0,
         g_strdup_printf ("[%s](" FLASH_HELP_ADVICE_PREFIX "%s): %s", advices[i].code,
                          advices[i].code, _ (advices[i].cause)));
  }
  return blocks;
}

/* --- written pages -------------------------------------------------------------------------- */

/* What is written, and then the way to the codes. */
static GPtrArray *
load_page (const char *page)
{
  g_autofree char *text = flash_help_page_dup_text (page);
  guint n_codes = count_codes (page);
  GPtrArray *blocks;
  g_autofree char *link = NULL;

  if (text == NULL)
    return NULL;
  blocks = flash_help_text_parse (text);
  if (n_codes == 0)
    return blocks;
  /* TRANSLATORS: a link to the list of all codes that belong to a page of the help */
  link = g_strdup_printf (ngettext ("%u code about this", "%u codes about this", n_codes), n_codes);
  add (blocks, FLASH_HELP_PARAGRAPH, 0,
       g_strdup_printf ("[%s](" FLASH_HELP_CODES_PREFIX "%s)", link, page));
  return blocks;
}

GPtrArray *
flash_help_address_load (const char *address)
{
  g_return_val_if_fail (address != NULL, NULL);

  if (g_str_has_prefix (address, FLASH_HELP_ADVICE_PREFIX))
    return load_advice (address + strlen (FLASH_HELP_ADVICE_PREFIX));
  if (g_str_has_prefix (address, FLASH_HELP_CODES_PREFIX))
    return load_codes (address + strlen (FLASH_HELP_CODES_PREFIX));
  return load_page (address);
}
