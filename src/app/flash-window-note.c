/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-note"

#include "config.h"

#include "flash-window-private.h"

#include "flash-words.h"

#include <glib/gi18n.h>

typedef struct {
  gboolean blocks;
  char *text; /* (owned) (nullable): NULL if there is nothing to say */
  char *detail; /* (owned) (nullable) */
  const char *icon_name;
  const char *action_name; /* (nullable) */
  const char *action_label; /* (nullable) */
} Note;

/* Cause, then remedy, then what else is known. */
static Note
make_advice_note (const char *code, const char *known, gboolean blocks)
{
  const FlashAdvice *advice = flash_advice_find (code);
  char *detail = known != NULL ? g_strconcat (_ (advice->remedy), "\n", known, NULL)
                               : g_strdup (_ (advice->remedy));

  return (
      Note){ blocks, g_strdup (_ (advice->cause)), detail, "dialog-warning-symbolic", NULL, NULL };
}

/* What a board says or lets be seen of itself. */
static Note
find_present_note (const FlashBoardFacts *facts, FlashBoard *board)
{
  const char *access_code = flash_board_facts_get_access_code (flash_board_get_access (board));
  const char *link_code = flash_board_facts_get_link_code (facts, board);

  if (access_code != NULL) {
    g_autofree char *known = flash_words_dup_access_detail (board);

    return make_advice_note (access_code, known, TRUE);
  }
  if (facts->chip == NULL)
    return make_advice_note ("not-stm32mp", NULL, TRUE);
  if (link_code != NULL) {
    g_autofree char *known = flash_words_dup_hubs (board);

    return make_advice_note (link_code, known, FALSE);
  }
  return (Note){ FALSE, NULL, NULL, NULL, NULL, NULL };
}

static Note
find_board_note (FlashWindow *self)
{
  FlashBoard *board = flash_board_entry_get_board (self->entry);

  if (flash_board_entry_is_restarting (self->entry))
    return (Note){ TRUE, g_strdup (_ ("The board is being switched off and on.")),
                   NULL, "content-loading-symbolic",
                   NULL, NULL };
  if (flash_board_entry_get_job (self->entry) != NULL)
    return (Note){ TRUE, g_strdup (_ ("The board is busy.")),
                   NULL, "content-loading-symbolic",
                   NULL, NULL };
  if (!flash_board_entry_is_present (self->entry) && flash_board_can_power_cycle (board))
    return (Note){ TRUE,
                   g_strdup (_ ("The board is not on the bus.")),
                   NULL,
                   "dialog-warning-symbolic",
                   "win.restart-board",
                   _ ("Switch off and on") };
  if (!flash_board_entry_is_present (self->entry))
    return (Note){ TRUE, g_strdup (_ ("The board is not on the bus.")),
                   NULL, "dialog-warning-symbolic",
                   NULL, NULL };
  return find_present_note (flash_board_entry_get_facts (self->entry), board);
}

static Note
find_note (FlashWindow *self)
{
  FlashLoaded *loaded = self->editor != NULL ? flash_editor_get_loaded (self->editor) : NULL;
  guint n_errors = loaded != NULL ? flash_loaded_get_n_errors (loaded) : 0;

  if (_flash_window_is_checking (self))
    return (Note){ TRUE, g_strdup (_ ("The files are being checked…")),
                   NULL, "content-loading-symbolic",
                   NULL, NULL };
  if (n_errors > 0)
    return (
        Note){ TRUE,
               g_strdup_printf (ngettext ("%u error must be corrected before this can be flashed.",
                                          "%u errors must be corrected before this can be flashed.",
                                          n_errors),
                                n_errors),
               NULL,
               "dialog-error-symbolic",
               "win.show-problems",
               _ ("Show") };
  if (self->entry == NULL)
    return (Note){ TRUE,
                   g_strdup (_ ("No board is chosen.")),
                   NULL,
                   "dialog-information-symbolic",
                   "win.show-boards",
                   _ ("Choose a board") };
  return find_board_note (self);
}

/* What is seen is what is sent: said before, since a file of that name holds something else. */
static void
add_unsaved (FlashWindow *self, Note *note)
{
  if (note->text != NULL || self->editor == NULL || !flash_editor_is_modified (self->editor))
    return;
  note->text = g_strdup (_ ("Unsaved changes are flashed as they are shown."));
  note->icon_name = "dialog-information-symbolic";
}

gboolean
_flash_window_update_note (FlashWindow *self)
{
  Note note = find_note (self);
  FlashLayoutNote shown;

  add_unsaved (self, &note);
  shown = (FlashLayoutNote){ note.text, note.detail, note.icon_name, note.action_name,
                             note.action_label };
  flash_layout_page_set_note (self->layout_page, note.text != NULL ? &shown : NULL, note.blocks);
  g_free (note.text);
  g_free (note.detail);
  return note.blocks;
}
