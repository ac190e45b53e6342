/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-note"

#include "config.h"

#include "flash-window-private.h"

#include "flash-words.h"

#include <glib/gi18n.h>

/* As a FlashNote, with texts of its own. */
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

/* Returns: (transfer none) (nullable): why what is open is nothing for a board of that kind. */
static const char *
find_refusal (FlashBoardKind kind, gboolean is_firmware)
{
  switch (kind) {
  case FLASH_BOARD_KIND_UNKNOWN:
    return NULL;
  case FLASH_BOARD_KIND_STM32MP:
    return is_firmware ? _ ("This is an STM32MP board: it takes a layout, not a firmware file.")
                       : NULL;
  case FLASH_BOARD_KIND_DFUSE:
  case FLASH_BOARD_KIND_DFU:
  case FLASH_BOARD_KIND_RUNTIME:
    return is_firmware ? NULL
                       : _ ("This is a microcontroller: it takes a firmware file, not a layout.");
  }
  g_return_val_if_reached (NULL);
}

/* What a board says or lets be seen of itself. */
static Note
find_present_note (const FlashBoardFacts *facts, FlashBoard *board, gboolean is_firmware)
{
  const char *refusal = find_refusal (facts->kind, is_firmware);
  const char *access_code = flash_board_facts_get_access_code (flash_board_get_access (board));
  const char *link_code = flash_board_facts_get_link_code (facts, board);

  if (access_code != NULL) {
    g_autofree char *known = flash_words_dup_access_detail (board);

    return make_advice_note (access_code, known, TRUE);
  }
  if (refusal != NULL)
    return (Note){ TRUE, g_strdup (refusal), NULL, "dialog-warning-symbolic", NULL, NULL };
  if (facts->kind == FLASH_BOARD_KIND_UNKNOWN)
    return make_advice_note (is_firmware ? "no-dfu" : "not-stm32mp", NULL, TRUE);
  if (is_firmware && facts->has_guess && facts->guess.flash == NULL)
    return make_advice_note ("no-flash-map", NULL, TRUE);
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
  return find_present_note (flash_board_entry_get_facts (self->entry), board,
                            self->firmware != NULL);
}

static guint
count_errors (FlashWindow *self)
{
  FlashLoaded *loaded = self->editor != NULL ? flash_editor_get_loaded (self->editor) : NULL;

  if (self->firmware != NULL)
    return flash_firmware_model_count_errors (self->firmware);
  return loaded != NULL ? flash_loaded_get_n_errors (loaded) : 0;
}

/* A file that was taken away while it is open. */
static Note
make_unreadable_note (const GError *error)
{
  /* TRANSLATORS: what the system said */
  return (Note){ TRUE,
                 g_strdup (_ ("The file cannot be read any more.")),
                 g_strdup_printf (_ ("In detail: %s"), error->message),
                 "dialog-error-symbolic",
                 "win.rescan",
                 _ ("Read again") };
}

static Note
find_note (FlashWindow *self)
{
  guint n_errors = count_errors (self);
  const GError *error =
      self->firmware != NULL ? flash_firmware_model_get_error (self->firmware) : NULL;

  if (error != NULL)
    return make_unreadable_note (error);
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
  FlashNote shown;

  add_unsaved (self, &note);
  shown =
      (FlashNote){ note.text, note.detail, note.icon_name, note.action_name, note.action_label };
  if (self->firmware != NULL)
    flash_firmware_page_set_note (self->firmware_page, note.text != NULL ? &shown : NULL,
                                  note.blocks);
  else
    flash_layout_page_set_note (self->layout_page, note.text != NULL ? &shown : NULL, note.blocks);
  g_free (note.text);
  g_free (note.detail);
  return note.blocks;
}
