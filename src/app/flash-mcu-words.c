/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-mcu-words"

#include "config.h"

#include "flash-mcu-words.h"

#include "flash-text.h"

#include <glib/gi18n.h>

/* --- while it runs -------------------------------------------------------------------------- */

const char *
flash_mcu_words_step (FlashMcuStep step)
{
  switch (step) {
  case FLASH_MCU_STEP_CONNECT:
    return _ ("Connect");
  case FLASH_MCU_STEP_COMPARE:
    return _ ("Compare with what is there");
  case FLASH_MCU_STEP_ERASE:
    return _ ("Erase");
  case FLASH_MCU_STEP_WRITE:
    return _ ("Write");
  case FLASH_MCU_STEP_VERIFY:
    return _ ("Verify");
  case FLASH_MCU_STEP_READ:
    return _ ("Read");
  case FLASH_MCU_STEP_OPTIONS:
    return _ ("Set the option bytes");
  case FLASH_MCU_STEP_UNPROTECT:
    return _ ("Remove the read protection");
  case FLASH_MCU_STEP_START:
    return _ ("Start the program");
  case FLASH_MCU_N_STEPS:
    break;
  }
  g_return_val_if_reached ("");
}

static const char *
get_status (const FlashSnapshot *snapshot)
{
  switch (snapshot->activity) {
  case FLASH_ACTIVITY_CONNECTING:
    return snapshot->step == FLASH_MCU_STEP_START ? _ ("Starting the program…")
                                                  : _ ("Connecting to the board…");
  case FLASH_ACTIVITY_SENDING:
    return _ ("Writing…");
  case FLASH_ACTIVITY_STORING:
    return _ ("The board stores what it was sent…");
  case FLASH_ACTIVITY_WAITING:
  case FLASH_ACTIVITY_PAUSED:
    return _ ("Waiting for the board…");
  case FLASH_ACTIVITY_VERIFYING:
    return _ ("Reading back and comparing…");
  case FLASH_ACTIVITY_READING:
    return _ ("Reading what is there…");
  case FLASH_ACTIVITY_ERASING:
    return _ ("Erasing; a large sector takes a second or two…");
  }
  g_return_val_if_reached ("");
}

char *
flash_mcu_words_dup_status (const FlashSnapshot *snapshot)
{
  g_autofree char *address = NULL;

  g_return_val_if_fail (snapshot != NULL, NULL);

  if (snapshot->address == 0)
    return g_strdup (get_status (snapshot));
  address = flash_text_address (snapshot->address);
  /* TRANSLATORS: what goes on, then at which address */
  return g_strdup_printf (_ ("%1$s %2$s"), get_status (snapshot), address);
}

const char *
flash_mcu_words_stopping (void)
{
  return _ (
      "If the chip has been erased in part, it holds no program that would start before it is "
      "flashed again. It can be: some chips go to their boot loader by themselves then, the "
      "others when BOOT0 is held while they start.");
}

/* --- what came of it ------------------------------------------------------------------------ */

const char *
flash_mcu_words_success (const FlashMcuJob *job, const FlashMcuResult *result)
{
  if (result->is_up_to_date)
    return _ ("Already up to date");
  if (result->is_written && result->is_verified)
    return _ ("Written and verified");
  if (result->is_written)
    return _ ("Written");
  return job->verb == FLASH_MCU_PROGRAM ? _ ("Done, and nothing was written") : _ ("Done");
}

/* Which sectors it was about. */
static char *
dup_sectors (const FlashMcuResult *result)
{
  guint n_changed = result->n_sectors - MIN (result->n_unchanged, result->n_sectors);
  g_autofree char *changed = g_strdup_printf (
      ngettext ("%1$u of %2$u sector changed", "%1$u of %2$u sectors changed", result->n_sectors),
      n_changed, result->n_sectors);
  g_autofree char *unchanged = NULL;

  if (result->n_unchanged == 0)
    return g_steal_pointer (&changed);
  unchanged = g_strdup_printf (
      ngettext ("%u was right already", "%u were right already", result->n_unchanged),
      result->n_unchanged);
  /* TRANSLATORS: “2 of 5 sectors changed, 3 were right already” */
  return g_strdup_printf (_ ("%1$s, %2$s"), changed, unchanged);
}

char *
flash_mcu_words_dup_written (const FlashMcuResult *result, gboolean has_failed,
                             FlashMcuFact *out_fact)
{
  g_autofree char *bytes = flash_text_size (result->bytes_written);
  g_autofree char *kept = flash_text_size (result->bytes_kept);
  g_autofree char *sectors = dup_sectors (result);
  GString *text;

  if (result->is_up_to_date) {
    *out_fact = FLASH_MCU_FACT_YES;
    return g_strdup (_ ("Nothing had to be: everything was there already"));
  }
  *out_fact = result->is_written && !has_failed ? FLASH_MCU_FACT_YES : FLASH_MCU_FACT_NO;
  if (result->bytes_written == 0)
    return g_strdup (result->n_erased > 0 ? _ ("Nothing yet, but sectors were erased")
                                          : _ ("Nothing"));
  text = g_string_new (NULL);
  if (result->is_written)
    /* TRANSLATORS: a size, then how many sectors */
    g_string_append_printf (text, _ ("%1$s; %2$s"), bytes, sectors);
  else
    /* TRANSLATORS: a size: what the board has said to have taken before the job ended */
    g_string_append_printf (text, _ ("Not all: the board took %s"), bytes);
  if (result->bytes_kept > 0) {
    g_string_append_c (text, '\n');
    /* TRANSLATORS: a size: what was beside the file in shared sectors */
    g_string_append_printf (text, _ ("%s of other data were kept"), kept);
  }
  return g_string_free (text, FALSE);
}

/* Whether a boot loader that serves no flash is only inferred: it refused to be read before
 * anything was sent. */
static gboolean
is_unwritten_loader (const FlashMcuResult *result)
{
  return result->has_diagnosis && result->bytes_written == 0 &&
         result->mismatch.kind == FLASH_MISMATCH_NONE &&
         g_str_equal (result->diagnosis.code, "loader-without-flash");
}

const char *
flash_mcu_words_cause (const FlashMcuResult *result)
{
  return is_unwritten_loader (result)
             ? _ ("The boot loader probably writes nothing of what it acknowledges")
             : NULL;
}

char *
flash_mcu_words_dup_verified (const FlashMcuJob *job, const FlashMcuResult *result,
                              FlashMcuFact *out_fact)
{
  g_autofree char *bytes = flash_text_size (result->bytes_verified);

  *out_fact = FLASH_MCU_FACT_NO;
  if (result->mismatch.kind != FLASH_MISMATCH_NONE)
    return g_strdup (_ ("No, what was read back differs"));
  if (result->is_verified) {
    *out_fact = FLASH_MCU_FACT_YES;
    /* TRANSLATORS: a size */
    return g_strdup_printf (_ ("Yes, %s read back and compared"), bytes);
  }
  if (!job->verifies) {
    *out_fact = FLASH_MCU_FACT_OPEN;
    return g_strdup (_ ("Not asked for"));
  }
  if (is_unwritten_loader (result))
    return g_strdup (_ ("No, what it acknowledges cannot be read back; nothing was sent"));
  return g_strdup (_ ("No, it did not come to that"));
}

char *
flash_mcu_words_dup_started (const FlashMcuJob *job, const FlashMcuResult *result,
                             FlashMcuFact *out_fact)
{
  *out_fact = FLASH_MCU_FACT_OPEN;
  if (result->is_started) {
    *out_fact = FLASH_MCU_FACT_YES;
    return g_strdup (_ ("Yes, it has left its boot loader"));
  }
  if (!job->starts)
    return g_strdup (_ ("Not asked for"));
  if (result->state == FLASH_MCU_STATE_NEEDS_RESET)
    return g_strdup (_ ("Not yet, it needs a reset"));
  return g_strdup (_ ("No"));
}

/* --- where it differs ----------------------------------------------------------------------- */

static const char *
get_mismatch_text (FlashMismatchKind kind)
{
  switch (kind) {
  case FLASH_MISMATCH_NONE:
    return NULL;
  case FLASH_MISMATCH_UNTOUCHED:
    return _ ("Everything that should have changed is as it was before.");
  case FLASH_MISMATCH_BLANK:
    return _ ("It was erased, and nothing was written.");
  case FLASH_MISMATCH_TAIL:
    return _ ("It is right up to an address, and wrong from there on.");
  case FLASH_MISMATCH_GAP:
    return _ ("One stretch is blank, and what follows it is right.");
  case FLASH_MISMATCH_SHIFTED:
    return _ ("The right bytes are at another place.");
  case FLASH_MISMATCH_SCATTERED:
    return _ ("Single places are wrong.");
  case FLASH_MISMATCH_UNSTABLE:
    return _ ("Reading it twice gives two answers.");
  case FLASH_MISMATCH_RAM:
    return _ ("All that differs lies in RAM.");
  }
  g_return_val_if_reached (NULL);
}

char *
flash_mcu_words_dup_difference (const FlashMcuResult *result)
{
  const FlashMismatch *mismatch = &result->mismatch;
  const char *text = get_mismatch_text (mismatch->kind);
  g_autofree char *wrong = NULL;
  g_autofree char *compared = NULL;
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  g_autofree char *place = NULL;
  g_autofree char *bytes = NULL;

  if (text == NULL)
    return NULL;
  wrong = flash_text_size (mismatch->n_wrong);
  compared = flash_text_size (mismatch->n_compared);
  first = flash_text_address (mismatch->first);
  last = flash_text_address (mismatch->last);
  /* TRANSLATORS: two sizes and two addresses */
  place = g_strdup_printf (_ ("%1$s of %2$s differ, between %3$s and %4$s."), wrong, compared,
                           first, last);
  if (mismatch->n_ranges > 0)
    /* TRANSLATORS: an address and two bytes in hexadecimal digits */
    bytes = g_strdup_printf (_ ("At %1$s there is 0x%2$02x instead of 0x%3$02x."), first,
                             mismatch->ranges[0].found, mismatch->ranges[0].expected);
  return g_strjoin (" ", text, place, bytes, NULL);
}

/* --- what to do next ------------------------------------------------------------------------ */

/* A boot loader of the board's own is not started by a pin of the chip. */
static const char *
get_half_text (const FlashMcuResult *result)
{
  FlashChipTraits traits = { 0 };

  if (result->has_guess)
    flash_chip_guess_get_traits (&result->guess, &traits);
  if (result->has_guess && result->guess.loader == FLASH_LOADER_CUSTOM)
    return _ ("The chip is written in part: flash it again. The board’s own boot loader is as it "
              "was; start it in the way of the board.");
  if (traits.has_empty_check)
    return _ ("The chip is written in part, and holds no program that would start: flash it again. "
              "If it was unplugged, it goes to its boot loader by itself when it is switched on.");
  return _ (
      "The chip is written in part, and holds no program that would start: flash it again. If "
      "it was unplugged, hold BOOT0 while it is switched on.");
}

const char *
flash_mcu_words_next (const FlashMcuResult *result, gboolean is_virtual)
{
  switch (result->state) {
  case FLASH_MCU_STATE_UNTOUCHED:
    return _ ("Nothing was changed. The chip holds what it held before.");
  case FLASH_MCU_STATE_LOADER:
    return _ ("The chip waits in its boot loader. Release BOOT0 and press reset to start the "
              "program.");
  case FLASH_MCU_STATE_STARTED:
    if (is_virtual)
      return _ (
          "The program runs. Switch the virtual board off and on to have it in its boot loader "
          "again.");
    return _ ("The program runs. Release BOOT0, so that it also runs after the next reset.");
  case FLASH_MCU_STATE_NEEDS_RESET:
    return _ ("Release BOOT0, then press reset, or unplug the board and plug it in again: the "
              "program starts then.");
  case FLASH_MCU_STATE_HALF:
    return get_half_text (result);
  case FLASH_MCU_STATE_BLANK:
    return _ ("Everything on the chip is erased. Flash it to give it a program.");
  case FLASH_MCU_STATE_UNKNOWN:
    return _ (
        "The chip went away in the middle of it. Connect it again, with BOOT0 held if it does "
        "not show up, and flash it again.");
  }
  g_return_val_if_reached (NULL);
}

FlashMcuOffer
flash_mcu_words_offer (const FlashMcuResult *result)
{
  const FlashMcuOffer none = { NULL, NULL };

  if (!result->has_diagnosis)
    return none;
  switch (result->diagnosis.next) {
  case FLASH_NEXT_NONE:
  case FLASH_NEXT_REPLACE_LOADER:
    return none;
  case FLASH_NEXT_RETRY:
  case FLASH_NEXT_OTHER_PORT:
    return (FlashMcuOffer){ "win.flash-again", _ ("Try _again") };
  case FLASH_NEXT_RETRY_SLOWER:
    return (FlashMcuOffer){ "win.flash-slower", _ ("Try with _smaller blocks") };
  case FLASH_NEXT_LEAVE_OUT:
    return (FlashMcuOffer){ "win.flash-without", _ ("_Leave the RAM part out") };
  case FLASH_NEXT_UNPROTECT:
    return (FlashMcuOffer){ "win.unprotect", _ ("_Remove protection…") };
  case FLASH_NEXT_OPTION_BYTES:
    return (FlashMcuOffer){ "win.option-bytes", _ ("Look at the _option bytes…") };
  }
  g_return_val_if_reached (none);
}

gboolean
flash_mcu_words_asks_port (const FlashMcuJob *job, const FlashMcuResult *result)
{
  return result->has_diagnosis && result->diagnosis.next == FLASH_NEXT_OTHER_PORT &&
         !job->was_other_port_tried && g_str_equal (result->diagnosis.code, "read-refused");
}
