/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-words"

#include "config.h"

#include "flash-revive-words.h"

#include "flash-recovery-layout.h"
#include "flash-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- verbs ---------------------------------------------------------------------------------- */

const char *
flash_revive_words_get_verb (FlashRecoveryAct act)
{
  switch (act) {
  case FLASH_RECOVERY_ACT_CHOOSE_FILE:
    return _ ("_Choose a file…");
  case FLASH_RECOVERY_ACT_FLASH_MINIMAL:
    return _ ("Send the _boot stages");
  case FLASH_RECOVERY_ACT_FLASH:
    return _ ("_Flash and verify");
  case FLASH_RECOVERY_ACT_FLASH_WIPING:
    return _ ("_Erase and flash…");
  case FLASH_RECOVERY_ACT_SAVE_OPTIONS:
    return _ ("_Save option bytes");
  case FLASH_RECOVERY_ACT_ERASE:
    return _ ("_Erase user flash…");
  case FLASH_RECOVERY_ACT_UNPROTECT:
    return _ ("_Remove protection…");
  case FLASH_RECOVERY_ACT_OPTIONS:
    return _ ("_Show option bytes…");
  case FLASH_RECOVERY_ACT_SHOW:
  case FLASH_RECOVERY_ACT_END_GOOD:
  case FLASH_RECOVERY_ACT_END_PROBE:
  case FLASH_RECOVERY_ACT_END_OTHER:
    break;
  }
  return "";
}

gboolean
flash_revive_words_is_destructive (FlashRecoveryAct act)
{
  return act == FLASH_RECOVERY_ACT_ERASE || act == FLASH_RECOVERY_ACT_UNPROTECT ||
         act == FLASH_RECOVERY_ACT_FLASH_WIPING;
}

/* --- questions ------------------------------------------------------------------------------ */

/* Returns: (transfer full): how large the flash is, or just that it is all of it */
static char *
dup_flash_size (const FlashBoardFacts *facts)
{
  if (!facts->has_guess || facts->guess.flash == NULL)
    return g_strdup (C_ ("memory", "all of it"));
  return flash_text_size (flash_memory_map_get_size (facts->guess.flash));
}

static void
ask_erase (FlashReviveQuestion *self, const char *board, const FlashBoardFacts *facts)
{
  g_autofree char *size = dup_flash_size (facts);

  /* TRANSLATORS: a board */
  self->heading = g_strdup_printf (_ ("Erase the user flash of %s?"), board);
  /* TRANSLATORS: a size */
  self->body = g_strdup_printf (
      _ ("The whole flash is erased, %s: the program, and all settings and data that it keeps "
         "there. This cannot be undone. The option bytes stay."),
      size);
  self->label = _ ("_Erase");
}

static void
ask_unprotect (FlashReviveQuestion *self, const char *board, const FlashBoardFacts *facts)
{
  g_autofree char *size = dup_flash_size (facts);

  self->heading = g_strdup_printf (_ ("Remove the protection of %s?"), board);
  /* TRANSLATORS: a size */
  self->body = g_strdup_printf (
      _ ("The chip erases its whole flash, %s, and what else it protects: the EEPROM of an STM32L0 "
         "or STM32L1, calibration, keys. This cannot be undone."),
      size);
  self->label = _ ("_Remove and erase");
}

static void
ask_wipe (FlashReviveQuestion *self, const char *board, GBytes *layout)
{
  guint n_changed = 0;
  g_autoptr (GBytes) wiping =
      layout != NULL ? flash_recovery_layout_make_wiping (layout, &n_changed) : NULL;

  self->heading = g_strdup_printf (_ ("Erase the partitions of %s and flash it?"), board);
  self->body = g_strdup_printf (
      ngettext ("%u row of the layout gets the option D: its partition is erased before it is "
                "written. Everything that is there now is lost. The file of the layout stays as it "
                "is.",
                "%u rows of the layout get the option D: their partitions are erased before they "
                "are written. Everything that is there now is lost. The file of the layout stays "
                "as it is.",
                n_changed),
      n_changed);
  self->label = _ ("_Erase and flash");
}

static void
ask_flash (FlashReviveQuestion *self, const char *board)
{
  self->heading = g_strdup_printf (_ ("Erase and flash %s?"), board);
  self->body = g_strdup (_ ("The layout writes or erases a storage as a whole. Everything that is "
                            "on it now, partition table and all, will be lost."));
  self->label = _ ("_Erase and flash");
}

void
flash_revive_question_init (FlashReviveQuestion *self, FlashReviveRun *run)
{
  FlashRecovery *recovery;
  FlashBoardEntry *entry;
  const FlashBoardFacts *facts;
  FlashRecoveryAct act;
  g_autofree char *board = NULL;

  g_return_if_fail (self != NULL && FLASH_IS_REVIVE_RUN (run));
  recovery = flash_revive_run_get_recovery (run);
  entry = flash_revive_boards_get_entry (flash_revive_run_get_boards (run));
  g_return_if_fail (entry != NULL);

  facts = flash_board_entry_get_facts (entry);
  board = flash_board_entry_dup_title (entry);
  act = flash_recovery_get_step (recovery, flash_recovery_get_position (recovery))->act;
  if (act == FLASH_RECOVERY_ACT_UNPROTECT)
    ask_unprotect (self, board, facts);
  else if (act == FLASH_RECOVERY_ACT_FLASH_WIPING)
    ask_wipe (self, board, flash_revive_file_get_source (flash_revive_run_get_file (run))->text);
  else if (act == FLASH_RECOVERY_ACT_FLASH)
    ask_flash (self, board);
  else
    ask_erase (self, board, facts);
}

void
flash_revive_question_clear (FlashReviveQuestion *self)
{
  g_clear_pointer (&self->heading, g_free);
  g_clear_pointer (&self->body, g_free);
}

/* --- the case for a failure ----------------------------------------------------------------- */

const char *
flash_revive_words_find_case (const char *code, gboolean is_mp)
{
  static const struct {
    const char *code;
    gboolean is_mp;
    const char *case_id;
  } fits[] = {
    { "fsbl-did-not-start", TRUE, "stm32mp-minimal" },
    { "fsbl-refused", TRUE, "stm32mp-minimal" },
    { "fip-refused", TRUE, "stm32mp-minimal" },
    { "never-came-back", TRUE, "stm32mp-minimal" },
    { "came-back-in-rom", TRUE, "stm32mp-minimal" },
    { "board-silent", TRUE, "stm32mp-minimal" },
    { "read-protected", FALSE, "protected" },
    { "read-refused", FALSE, "protected" },
    { "still-protected", FALSE, "protected" },
    { "loader-without-flash", FALSE, "loader-without-flash" },
  };

  g_return_val_if_fail (code != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fits); i++)
    if (fits[i].is_mp == is_mp && g_str_equal (fits[i].code, code))
      return fits[i].case_id;
  return NULL;
}

/* --- searching ------------------------------------------------------------------------------ */

/* Cases of some families only; the letters behind STM32. */
static const struct {
  const char *id;
  const char *families[4];
} families[] = {
  { "h7-power", { "H7", NULL } },
  { "empty-check", { "G0", "C0", "U0", NULL } },
};

/* Returns: whether @part begins like the part number of a microcontroller: `H755`, `F0` */
static gboolean
is_part (const char *part)
{
  static const char letters[] = "FGHLUWC";

  return strchr (letters, part[0]) != NULL && part[0] != '\0' &&
         (g_ascii_isdigit (part[1]) || g_str_has_prefix (part, "WB"));
}

static gboolean
is_of_family (const FlashRecoveryCase *the_case, const char *part)
{
  if (!g_str_equal (the_case->family, "stm32"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (families); i++) {
    gboolean is_listed = FALSE;

    if (!g_str_equal (families[i].id, the_case->id))
      continue;
    for (guint k = 0; families[i].families[k] != NULL; k++)
      is_listed |= g_str_has_prefix (part, families[i].families[k]);
    return is_listed;
  }
  return TRUE;
}

static gboolean
has_words (const char *text, const char *query)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *wanted = g_utf8_casefold (query, -1);

  return strstr (folded, wanted) != NULL;
}

gboolean
flash_revive_words_matches (const FlashRecoveryCase *the_case, const char *query)
{
  g_autofree char *wanted = NULL;
  g_autofree char *upper = NULL;
  const char *part;

  g_return_val_if_fail (the_case != NULL && query != NULL, FALSE);

  wanted = g_strstrip (g_strdup (query));
  upper = g_ascii_strup (wanted, -1);
  part = g_str_has_prefix (upper, "STM32") ? upper + strlen ("STM32") : upper;
  if (*part == '\0')
    return TRUE;
  if (g_str_has_prefix (part, "MP"))
    return g_str_equal (the_case->family, "stm32mp");
  if (is_part (part))
    return is_of_family (the_case, part);
  return has_words (_ (the_case->title), wanted) || has_words (_ (the_case->cause), wanted);
}
