/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-edit-words"

#include "config.h"

#include "flash-edit-words.h"

#include <glib/gi18n.h>

/* Returns: (nullable): what was done to a partition whose name is known; %NULL for steps that are
 * about none. */
static const char *
get_template (FlashLayoutEdit edit)
{
  /* TRANSLATORS: each is what can be undone, after “Undo: ”; %s is a partition */
  switch (edit) {
  case FLASH_LAYOUT_EDIT_SET_CELL:
    return N_ ("change %s");
  case FLASH_LAYOUT_EDIT_SET_BINARY:
    return N_ ("choose a file for %s");
  case FLASH_LAYOUT_EDIT_ADD:
    return N_ ("add %s");
  case FLASH_LAYOUT_EDIT_REMOVE:
    return N_ ("remove %s");
  case FLASH_LAYOUT_EDIT_DUPLICATE:
    return N_ ("duplicate %s");
  case FLASH_LAYOUT_EDIT_MOVE:
    return N_ ("move %s");
  case FLASH_LAYOUT_EDIT_ENABLE:
    return N_ ("switch %s on");
  case FLASH_LAYOUT_EDIT_DISABLE:
    return N_ ("switch %s off");
  case FLASH_LAYOUT_EDIT_ONLY:
    return N_ ("flash only %s");
  case FLASH_LAYOUT_EDIT_RESIZE:
    return N_ ("move the start of %s");
  case FLASH_LAYOUT_EDIT_FIX:
    return N_ ("fix %s");
  case FLASH_LAYOUT_EDIT_NONE:
  case FLASH_LAYOUT_EDIT_FIX_ALL:
    return NULL;
  }
  g_return_val_if_reached (NULL);
}

static const char *
get_plain (FlashLayoutEdit edit)
{
  /* TRANSLATORS: each is what can be undone, after “Undo: ” */
  switch (edit) {
  case FLASH_LAYOUT_EDIT_SET_CELL:
    return N_ ("change a cell");
  case FLASH_LAYOUT_EDIT_SET_BINARY:
    return N_ ("choose a file");
  case FLASH_LAYOUT_EDIT_ADD:
    return N_ ("add a line");
  case FLASH_LAYOUT_EDIT_REMOVE:
    return N_ ("remove a line");
  case FLASH_LAYOUT_EDIT_DUPLICATE:
    return N_ ("duplicate a line");
  case FLASH_LAYOUT_EDIT_MOVE:
    return N_ ("move a line");
  case FLASH_LAYOUT_EDIT_ENABLE:
    return N_ ("switch a line on");
  case FLASH_LAYOUT_EDIT_DISABLE:
    return N_ ("switch a line off");
  case FLASH_LAYOUT_EDIT_ONLY:
    return N_ ("flash only some partitions");
  case FLASH_LAYOUT_EDIT_RESIZE:
    return N_ ("move the start of a partition");
  case FLASH_LAYOUT_EDIT_FIX:
    return N_ ("fix a problem");
  case FLASH_LAYOUT_EDIT_FIX_ALL:
    return N_ ("fix all safe problems");
  case FLASH_LAYOUT_EDIT_NONE:
    return "";
  }
  g_return_val_if_reached ("");
}

static char *
dup_step (FlashLayoutEdit edit, const char *subject)
{
  const char *template_text = get_template (edit);
  g_autofree char *shown = NULL;
  const char *place;

  if (subject == NULL || *subject == '\0' || template_text == NULL)
    return g_strdup (_ (get_plain (edit)));
  shown = g_utf8_make_valid (subject, -1);
  template_text = _ (template_text);
  place = strstr (template_text, "%s");
  if (place == NULL)
    return g_strdup (template_text);
  return g_strdup_printf ("%.*s%s%s", (int) (place - template_text), template_text, shown,
                          place + strlen ("%s"));
}

char *
flash_edit_words_dup_undo (FlashLayoutEdit edit, const char *subject)
{
  g_autofree char *step = NULL;

  if (edit == FLASH_LAYOUT_EDIT_NONE)
    return g_strdup (_ ("Undo"));
  step = dup_step (edit, subject);
  return g_strdup_printf (_ ("Undo: %s"), step);
}

char *
flash_edit_words_dup_redo (FlashLayoutEdit edit, const char *subject)
{
  g_autofree char *step = NULL;

  if (edit == FLASH_LAYOUT_EDIT_NONE)
    return g_strdup (_ ("Redo"));
  step = dup_step (edit, subject);
  return g_strdup_printf (_ ("Redo: %s"), step);
}

static char *
dup_cause (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return g_strdup (_ ("The disk is full. Make room on it, or save the layout elsewhere."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup (_ ("You may not write there. Change the permissions of the folder, or save "
                        "the layout elsewhere."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY))
    return g_strdup (_ ("The place is read-only. Save the layout elsewhere."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
    return g_strdup (_ ("The folder is no longer there. Save the layout elsewhere."));
  /* TRANSLATORS: what the system said */
  return g_strdup_printf (_ ("The system said: %s. Save the layout elsewhere."), error->message);
}

char *
flash_edit_words_dup_save_error (const GError *error)
{
  g_autofree char *cause = dup_cause (error);

  /* TRANSLATORS: why a layout was not saved, then what this sentence says */
  return g_strdup_printf (_ ("%s\n\nThe old file is as it was, and your changes are still here."),
                          cause);
}
