/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-note"

#include "config.h"

#include "flash-window-private.h"

#include "flash-words.h"

#include <glib/gi18n.h>

/* Nobody looks for another cable to save less than that, in seconds. */
#define MIN_COST_S 60

/* As a FlashNote, with texts of its own. */
typedef struct {
  gboolean blocks;
  char *text; /* (owned) (nullable): NULL if there is nothing to say */
  char *detail; /* (owned) (nullable) */
  const char *icon_name;
  const char *action_name; /* (nullable) */
  char *action_label; /* (owned) (nullable) */
} Note;

/* Cause, then remedy, then what else is known. */
static Note
make_advice_note (const FlashAdvice *advice, const char *known, gboolean blocks)
{
  char *detail = known != NULL ? g_strconcat (_ (advice->remedy), "\n", known, NULL)
                               : g_strdup (_ (advice->remedy));

  return (
      Note){ blocks, g_strdup (_ (advice->cause)), detail, "dialog-warning-symbolic", NULL, NULL };
}

/* --- warnings ------------------------------------------------------------------------------- */

static gint
compare_warnings (gconstpointer a, gconstpointer b)
{
  const FlashAdvice *first = *(const FlashAdvice *const *) a;
  const FlashAdvice *second = *(const FlashAdvice *const *) b;

  return (gint) second->severity - (gint) first->severity;
}

static void
add_warning (GPtrArray *warnings, const FlashAdvice *advice)
{
  if (advice != NULL && !g_ptr_array_find (warnings, advice, NULL))
    g_ptr_array_add (warnings, (gpointer) advice);
}

GPtrArray *
_flash_window_list_warnings (FlashWindow *self)
{
  GPtrArray *warnings = g_ptr_array_new ();
  const FlashFindings *findings =
      self->doctor != NULL ? flash_doctor_get_findings (self->doctor) : NULL;
  const char *link_code;

  if (self->entry == NULL)
    return warnings;
  link_code = flash_board_facts_get_link_code (flash_board_entry_get_facts (self->entry),
                                               flash_board_entry_get_board (self->entry));
  if (findings != NULL)
    add_warning (warnings, findings->cause);
  for (guint i = 0; findings != NULL && i < findings->n_notes; i++)
    add_warning (warnings, findings->notes[i]);
  if (link_code != NULL)
    add_warning (warnings, flash_advice_find (link_code));
  g_ptr_array_sort (warnings, compare_warnings);
  return warnings;
}

/* Returns: (transfer full) (nullable): what a slow link costs, and where it comes from. */
static char *
dup_link_cost (FlashWindow *self)
{
  const FlashSymptoms *symptoms =
      self->doctor != NULL ? flash_doctor_get_symptoms (self->doctor) : NULL;
  g_autofree char *hubs = flash_words_dup_hubs (flash_board_entry_get_board (self->entry));
  g_autofree char *slow = NULL;
  g_autofree char *fast = NULL;
  g_autofree char *cost = NULL;

  if (symptoms != NULL && symptoms->seconds_at_speed >= MIN_COST_S &&
      symptoms->seconds_at_speed > symptoms->seconds_at_high_speed) {
    slow = flash_words_dup_about (symptoms->seconds_at_speed);
    fast = flash_words_dup_about (symptoms->seconds_at_high_speed);
    /* TRANSLATORS: two durations: “This will take about 25 minutes instead of 3 minutes.” */
    cost = g_strdup_printf (_ ("This will take about %1$s instead of %2$s."), slow, fast);
  }
  if (cost == NULL || hubs == NULL)
    return cost != NULL ? g_steal_pointer (&cost) : g_steal_pointer (&hubs);
  return g_strconcat (cost, "\n", hubs, NULL);
}

/* The worst of them is said, the rest on demand. */
static Note
make_warning_note (FlashWindow *self)
{
  g_autoptr (GPtrArray) warnings = _flash_window_list_warnings (self);
  const FlashAdvice *worst;
  g_autofree char *known = NULL;
  g_auto (GStrv) steps = NULL;
  Note note = { 0 };

  if (warnings->len == 0)
    return note;
  worst = g_ptr_array_index (warnings, 0);
  if (g_str_equal (worst->code, "full-speed-link"))
    known = dup_link_cost (self);
  steps = flash_advice_dup_steps (_ (worst->remedy));
  note.text = g_strdup (_ (worst->cause));
  /* The first step is enough beside the button; the others are behind it. */
  note.detail = g_strdup (known != NULL ? known : steps[0]);
  note.icon_name = worst->severity == FLASH_SEVERITY_INFO ? "dialog-information-symbolic"
                                                          : "dialog-warning-symbolic";
  note.action_name = "win.show-warnings";
  note.action_label =
      warnings->len == 1
          ? g_strdup (_ ("Details…"))
          /* TRANSLATORS: so many more warnings than the one beside it */
          : g_strdup_printf (ngettext ("And %u more…", "And %u more…", warnings->len - 1),
                             warnings->len - 1);
  return note;
}

/* --- what stands in the way ------------------------------------------------------------------ */

static Note
make_access_note (const FlashAdvice *advice, const char *known)
{
  Note note = make_advice_note (advice, known, TRUE);

  note.action_name = "win.fix-access";
  note.action_label = g_strdup (_ ("Fix access…"));
  return note;
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
find_present_note (FlashWindow *self, const FlashBoardFacts *facts, FlashBoard *board)
{
  gboolean is_firmware = self->firmware != NULL;
  const char *refusal = find_refusal (facts->kind, is_firmware);
  const char *access_code = flash_board_facts_get_access_code (flash_board_get_access (board));

  if (access_code != NULL) {
    g_autofree char *known = flash_words_dup_access_detail (board);

    return make_access_note (flash_advice_find (access_code), known);
  }
  if (refusal != NULL)
    return (Note){ TRUE, g_strdup (refusal), NULL, "dialog-warning-symbolic", NULL, NULL };
  if (facts->kind == FLASH_BOARD_KIND_UNKNOWN)
    return make_advice_note (flash_advice_find (is_firmware ? "no-dfu" : "not-stm32mp"), NULL,
                             TRUE);
  if (is_firmware && facts->has_guess && facts->guess.flash == NULL)
    return make_advice_note (flash_advice_find ("no-flash-map"), NULL, TRUE);
  return make_warning_note (self);
}

static Note
find_board_note (FlashWindow *self)
{
  FlashBoard *board = flash_board_entry_get_board (self->entry);

  if (flash_board_entry_is_restarting (self->entry))
    return (Note){ TRUE, g_strdup (_ ("The board is being switched off and on.")),
                   NULL, "content-loading-symbolic",
                   NULL, NULL };
  if (flash_board_entry_is_taken (self->entry, self))
    return (Note){ TRUE, g_strdup (_ ("The board is busy.")),
                   NULL, "content-loading-symbolic",
                   NULL, NULL };
  if (!flash_board_entry_is_present (self->entry) && flash_board_can_power_cycle (board))
    return (Note){ TRUE,
                   g_strdup (_ ("The board is not on the bus.")),
                   NULL,
                   "dialog-warning-symbolic",
                   "win.restart-board",
                   g_strdup (_ ("Switch off and on")) };
  if (!flash_board_entry_is_present (self->entry))
    return (Note){ TRUE, g_strdup (_ ("The board is not on the bus.")),
                   NULL, "dialog-warning-symbolic",
                   NULL, NULL };
  return find_present_note (self, flash_board_entry_get_facts (self->entry), board);
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
                 g_strdup (_ ("Read again")) };
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
               g_strdup (_ ("Show")) };
  if (self->entry == NULL)
    return (Note){ TRUE,
                   g_strdup (_ ("No board is chosen.")),
                   NULL,
                   "dialog-information-symbolic",
                   "win.show-boards",
                   g_strdup (_ ("Choose a board")) };
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
  else if (self->layout_page != NULL)
    flash_layout_page_set_note (self->layout_page, note.text != NULL ? &shown : NULL, note.blocks);
  g_free (note.text);
  g_free (note.detail);
  g_free (note.action_label);
  return note.blocks;
}
