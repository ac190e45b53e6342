/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-problem-items"

#include "config.h"

#include "flash-problem-items.h"

#include "flash-words.h"

#include <glib/gi18n.h>

static void
item_free (gpointer data)
{
  FlashProblemItem *self = data;

  g_free (self->key);
  g_free (self);
}

static gboolean
is_wanted (FlashProblemFilter filter, FlashSeverity severity)
{
  switch (filter) {
  case FLASH_PROBLEM_FILTER_ALL:
  case FLASH_PROBLEM_N_FILTERS:
    return TRUE;
  case FLASH_PROBLEM_FILTER_ERRORS:
    return severity == FLASH_SEVERITY_ERROR;
  case FLASH_PROBLEM_FILTER_WARNINGS:
    return severity == FLASH_SEVERITY_WARNING;
  case FLASH_PROBLEM_FILTER_NOTES:
    return severity == FLASH_SEVERITY_INFO;
  }
  g_return_val_if_reached (TRUE);
}

/* @needle: (nullable): casefolded */
static gboolean
is_found (const FlashDiag *diag, const char *name, const char *needle)
{
  g_autofree char *message = NULL;
  g_autofree char *all = NULL;
  g_autofree char *folded = NULL;

  if (needle == NULL)
    return TRUE;
  message = flash_diag_dup_message (diag, flash_words_translate);
  all = g_strjoin ("\n", message, flash_diag_get_code (diag), name, NULL);
  folded = g_utf8_casefold (all, -1);
  return strstr (folded, needle) != NULL;
}

/* The words are left untranslated: they only tell one from another. */
static char *
dup_key (const FlashDiag *diag, FlashLayoutFixKind kind)
{
  g_autofree char *message = flash_diag_dup_message (diag, NULL);

  return g_strdup_printf ("%u %u %u %s %s", flash_diag_get_severity (diag),
                          flash_diag_get_column (diag), kind, flash_diag_get_code (diag), message);
}

/* Returns: (transfer full) (element-type guint utf8): the name of the partition of each line */
static GHashTable *
collect_names (FlashLayout *layout)
{
  GHashTable *names = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (layout, i);
    const char *name = flash_layout_row_get_name (row);

    if (*name != '\0')
      g_hash_table_insert (names, GUINT_TO_POINTER (flash_layout_row_get_line (row)),
                           (gpointer) name);
  }
  return names;
}

GPtrArray *
flash_problem_items_new (const FlashLoaded *loaded, GArray *kinds, FlashProblemFilter filter,
                         const char *text)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (item_free);
  g_autoptr (GHashTable) names = collect_names (loaded->layout);
  g_autofree char *needle = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;

  for (guint i = 0; i < flash_diag_list_get_length (loaded->diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (loaded->diags, i);
    const char *name = g_hash_table_lookup (names, GUINT_TO_POINTER (flash_diag_get_line (diag)));
    FlashProblemItem *item;

    if (!is_wanted (filter, flash_diag_get_severity (diag)) || !is_found (diag, name, needle))
      continue;
    item = g_new (FlashProblemItem, 1);
    item->diag = diag;
    item->kind =
        kinds != NULL ? g_array_index (kinds, FlashLayoutFixKind, i) : FLASH_LAYOUT_FIX_NONE;
    item->name = name;
    item->key = dup_key (diag, item->kind);
    g_ptr_array_add (items, item);
  }
  return items;
}

char *
flash_problem_dup_filter (FlashProblemFilter filter, const FlashDiagList *diags)
{
  switch (filter) {
  case FLASH_PROBLEM_FILTER_ALL:
  case FLASH_PROBLEM_N_FILTERS:
    /* TRANSLATORS: a choice of what is shown: all problems; %u is their number */
    return g_strdup_printf (_ ("All (%u)"), flash_diag_list_get_length (diags));
  case FLASH_PROBLEM_FILTER_ERRORS:
    return g_strdup_printf (_ ("Errors (%u)"), flash_diag_list_count (diags, FLASH_SEVERITY_ERROR));
  case FLASH_PROBLEM_FILTER_WARNINGS:
    return g_strdup_printf (_ ("Warnings (%u)"),
                            flash_diag_list_count (diags, FLASH_SEVERITY_WARNING));
  case FLASH_PROBLEM_FILTER_NOTES:
    return g_strdup_printf (_ ("Notes (%u)"), flash_diag_list_count (diags, FLASH_SEVERITY_INFO));
  }
  g_return_val_if_reached (NULL);
}

char *
flash_problem_dup_summary (const FlashDiagList *diags)
{
  guint n_errors = flash_diag_list_count (diags, FLASH_SEVERITY_ERROR);
  guint n_warnings = flash_diag_list_count (diags, FLASH_SEVERITY_WARNING);
  guint n_notes = flash_diag_list_count (diags, FLASH_SEVERITY_INFO);
  g_autofree char *errors =
      g_strdup_printf (ngettext ("%u error", "%u errors", n_errors), n_errors);
  g_autofree char *warnings =
      g_strdup_printf (ngettext ("%u warning", "%u warnings", n_warnings), n_warnings);

  if (n_errors > 0 && n_warnings > 0)
    /* TRANSLATORS: “2 errors, 1 warning” */
    return g_strdup_printf (_ ("%1$s, %2$s"), errors, warnings);
  if (n_errors > 0)
    return g_steal_pointer (&errors);
  if (n_warnings > 0)
    return g_steal_pointer (&warnings);
  if (n_notes > 0)
    return g_strdup_printf (ngettext ("%u note", "%u notes", n_notes), n_notes);
  return g_strdup (_ ("No problems found"));
}
