/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-advice"

#include "config.h"

#include "flash-advice.h"

#include "flash-advice-private.h"

#include <stdlib.h>
#include <string.h>

/* Causes and remedies come from stm32mp-usb.md section 7.3, stm32-dfuse.md sections 4 and 7, and
 * users-and-journeys.md section 1; those about layouts from stm32mp-usb.md sections 3.4, 3.5 and
 * 3.14. */
static const FlashAdvice *const themes[] = {
  flash_advice_access,         flash_advice_away,
  flash_advice_board,          flash_advice_bundle,
  flash_advice_card,           flash_advice_console,
  flash_advice_file,           flash_advice_image,
  flash_advice_layout_boot,    flash_advice_layout_image,
  flash_advice_layout_storage, flash_advice_layout_text,
  flash_advice_link,           flash_advice_mcu,
  flash_advice_mcu_write,      flash_advice_stage,
};

static int
compare (const void *a, const void *b)
{
  const FlashAdvice *first = a;
  const FlashAdvice *second = b;

  return strcmp (first->code, second->code);
}

/* Every theme in one list, by code; made once and kept. */
static GArray *
make_list (void)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (FlashAdvice));

  for (guint i = 0; i < G_N_ELEMENTS (themes); i++)
    for (const FlashAdvice *advice = themes[i]; advice->code != NULL; advice++)
      g_array_append_vals (list, advice, 1);
  g_array_sort (list, compare);
  return list;
}

const FlashAdvice *
flash_advice_list (guint *out_n)
{
  static gsize is_made;
  static GArray *list;

  g_return_val_if_fail (out_n != NULL, NULL);

  if (g_once_init_enter (&is_made)) {
    list = make_list ();
    g_once_init_leave (&is_made, 1);
  }
  *out_n = list->len;
  return (const FlashAdvice *) (gconstpointer) list->data;
}

const FlashAdvice *
flash_advice_find (const char *code)
{
  const FlashAdvice wanted = { .code = code };
  const FlashAdvice *advices;
  guint n;

  g_return_val_if_fail (code != NULL, NULL);

  advices = flash_advice_list (&n);
  return bsearch (&wanted, advices, n, sizeof *advices, compare);
}

GStrv
flash_advice_dup_steps (const char *remedy)
{
  g_autoptr (GStrvBuilder) steps = g_strv_builder_new ();
  g_auto (GStrv) lines = NULL;
  guint n_steps = 0;

  g_return_val_if_fail (remedy != NULL, NULL);

  lines = g_strsplit (remedy, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_strstrip (lines[i]);
    if (lines[i][0] == '\0')
      continue;
    g_strv_builder_add (steps, lines[i]);
    n_steps++;
  }
  if (n_steps == 0)
    g_strv_builder_add (steps, "");
  return g_strv_builder_end (steps);
}
