/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-mismatch-diagnosis"

#include "config.h"

#include "flash-mismatch.h"

const char *
flash_next_step_get_name (FlashNextStep step)
{
  switch (step) {
  case FLASH_NEXT_NONE:
    return "none";
  case FLASH_NEXT_RETRY:
    return "retry";
  case FLASH_NEXT_RETRY_SLOWER:
    return "retry-slower";
  case FLASH_NEXT_OTHER_PORT:
    return "other-port";
  case FLASH_NEXT_LEAVE_OUT:
    return "leave-out";
  case FLASH_NEXT_UNPROTECT:
    return "unprotect";
  case FLASH_NEXT_OPTION_BYTES:
    return "option-bytes";
  case FLASH_NEXT_REPLACE_LOADER:
    return "replace-loader";
  }
  g_return_val_if_reached (NULL);
}

/* Only a boot loader in flash has sectors that it keeps for itself. */
static gboolean
is_custom (const FlashEvidence *evidence)
{
  return evidence->loader == FLASH_LOADER_CUSTOM || evidence->has_own_sectors;
}

static gboolean
can_see_options (const FlashEvidence *evidence)
{
  switch (evidence->option_reading) {
  case FLASH_READING_NOT_TRIED:
  case FLASH_READING_GOOD:
  case FLASH_READING_REFUSED_ONCE:
    return TRUE;
  case FLASH_READING_REFUSED:
  case FLASH_READING_STALLED:
  case FLASH_READING_IMPOSSIBLE:
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

/* stm32-dfuse.md section 2.8: protection lets nothing be read, or drops what is written. Where some
 * of the bytes arrived, it is not the cause. */
static gboolean
fits_protection (const FlashEvidence *evidence)
{
  switch (evidence->mismatch) {
  case FLASH_MISMATCH_NONE:
    return evidence->flash_reading != FLASH_READING_GOOD;
  case FLASH_MISMATCH_UNTOUCHED:
  case FLASH_MISMATCH_BLANK:
    return TRUE;
  case FLASH_MISMATCH_TAIL:
  case FLASH_MISMATCH_GAP:
  case FLASH_MISMATCH_SHIFTED:
  case FLASH_MISMATCH_SCATTERED:
  case FLASH_MISMATCH_UNSTABLE:
  case FLASH_MISMATCH_RAM:
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

/* Level 2 is for ever; and ST's middleware acknowledges the request and does nothing (section 0.3,
 * fact 20), so that a boot loader in flash has to make way for the ROM first. */
static FlashNextStep
get_step_for_protected (const FlashEvidence *evidence)
{
  if (evidence->rdp == FLASH_RDP_FOREVER)
    return FLASH_NEXT_NONE;
  return is_custom (evidence) ? FLASH_NEXT_REPLACE_LOADER : FLASH_NEXT_UNPROTECT;
}

static FlashDiagnosis
diagnose_refused (const FlashEvidence *evidence)
{
  FlashDiagnosis diagnosis = { "read-refused", FALSE, FLASH_NEXT_OTHER_PORT };

  /* That the option bytes are refused too is as much as a protected F1 or F4 can tell; but a port
   * that is too fast refuses them as well, and what removes a protection erases all there is: so
   * the other port comes first (section 2.8, step 3). If they were read, and say that nothing is
   * protected, it is the port. */
  if (evidence->was_other_port_tried && evidence->option_reading == FLASH_READING_REFUSED &&
      evidence->rdp == FLASH_RDP_UNKNOWN)
    diagnosis.next = is_custom (evidence) ? FLASH_NEXT_REPLACE_LOADER : FLASH_NEXT_UNPROTECT;
  return diagnosis;
}

static FlashDiagnosis
diagnose_uncompared (const FlashEvidence *evidence)
{
  switch (evidence->flash_reading) {
  case FLASH_READING_REFUSED:
    return diagnose_refused (evidence);
  case FLASH_READING_REFUSED_ONCE:
    return (FlashDiagnosis){ "read-refused", FALSE, FLASH_NEXT_OTHER_PORT };
  case FLASH_READING_STALLED:
    if (is_custom (evidence))
      return (FlashDiagnosis){ "loader-without-flash", FALSE, FLASH_NEXT_REPLACE_LOADER };
    return (FlashDiagnosis){ "cannot-read", FALSE, FLASH_NEXT_OTHER_PORT };
  case FLASH_READING_IMPOSSIBLE:
    return (FlashDiagnosis){ "cannot-read", FALSE, FLASH_NEXT_NONE };
  case FLASH_READING_NOT_TRIED:
  case FLASH_READING_GOOD:
    return (FlashDiagnosis){ "cannot-read", FALSE, FLASH_NEXT_RETRY };
  }
  g_return_val_if_reached ((FlashDiagnosis){ 0 });
}

/* Section 0.3, facts 6 and 20: who drops what is written, and says that all is well. */
static FlashDiagnosis
diagnose_untouched (const FlashEvidence *evidence)
{
  FlashNextStep looking = can_see_options (evidence) ? FLASH_NEXT_OPTION_BYTES : FLASH_NEXT_RETRY;

  if (evidence->was_blank)
    return (FlashDiagnosis){ "erased-not-written", FALSE, FLASH_NEXT_RETRY_SLOWER };
  if (is_custom (evidence))
    return (FlashDiagnosis){ "loader-without-flash", FALSE, FLASH_NEXT_REPLACE_LOADER };
  if (evidence->has_wrp)
    return (FlashDiagnosis){ "verify-mismatch", FALSE, looking };
  return (FlashDiagnosis){ "write-protected", FALSE, looking };
}

static FlashDiagnosis
diagnose_blank (const FlashEvidence *evidence)
{
  FlashDiagnosis diagnosis = { "erased-not-written", FALSE, FLASH_NEXT_RETRY_SLOWER };

  /* Nobody saw it erase anything: it may have been blank from the beginning. */
  if (is_custom (evidence) && !evidence->was_blank)
    return (FlashDiagnosis){ "loader-without-flash", FALSE, FLASH_NEXT_REPLACE_LOADER };
  /* Fact 7: an U5 at level 1 drops all writes, and shows its option bytes. */
  if (!is_custom (evidence) && evidence->rdp == FLASH_RDP_UNKNOWN && can_see_options (evidence))
    diagnosis.next = FLASH_NEXT_OPTION_BYTES;
  return diagnosis;
}

static FlashDiagnosis
diagnose_mismatch (const FlashEvidence *evidence)
{
  switch (evidence->mismatch) {
  case FLASH_MISMATCH_NONE:
    return diagnose_uncompared (evidence);
  case FLASH_MISMATCH_UNTOUCHED:
    return diagnose_untouched (evidence);
  case FLASH_MISMATCH_BLANK:
    return diagnose_blank (evidence);
  case FLASH_MISMATCH_TAIL:
    return (FlashDiagnosis){ "tail-not-written", FALSE, FLASH_NEXT_RETRY_SLOWER };
  case FLASH_MISMATCH_GAP:
    return (FlashDiagnosis){ "block-not-written", FALSE, FLASH_NEXT_RETRY };
  case FLASH_MISMATCH_SHIFTED:
    return (FlashDiagnosis){ "written-elsewhere", FALSE, FLASH_NEXT_RETRY_SLOWER };
  case FLASH_MISMATCH_SCATTERED:
    return (FlashDiagnosis){ "scattered-differences", FALSE, FLASH_NEXT_OTHER_PORT };
  case FLASH_MISMATCH_UNSTABLE:
    return (FlashDiagnosis){ "readings-differ", FALSE, FLASH_NEXT_OTHER_PORT };
  case FLASH_MISMATCH_RAM:
    return (FlashDiagnosis){ "ram-not-flash", TRUE, FLASH_NEXT_LEAVE_OUT };
  }
  g_return_val_if_reached ((FlashDiagnosis){ 0 });
}

/* A sector that may not be written keeps what it holds, or stays blank if it was; the others may
 * be right. Bytes in RAM, at another place, or that change from reading to reading, are something
 * else. */
static gboolean
fits_write_protection (const FlashEvidence *evidence)
{
  if (!evidence->has_wrp || !evidence->is_write_protected)
    return FALSE;
  switch (evidence->mismatch) {
  case FLASH_MISMATCH_UNTOUCHED:
  case FLASH_MISMATCH_TAIL:
  case FLASH_MISMATCH_GAP:
  case FLASH_MISMATCH_SCATTERED:
    return TRUE;
  case FLASH_MISMATCH_BLANK:
    return !evidence->was_blank;
  case FLASH_MISMATCH_NONE:
  case FLASH_MISMATCH_SHIFTED:
  case FLASH_MISMATCH_UNSTABLE:
  case FLASH_MISMATCH_RAM:
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

FlashDiagnosis
flash_diagnose (const FlashEvidence *evidence)
{
  gboolean is_protected;

  g_return_val_if_fail (evidence != NULL, (FlashDiagnosis){ 0 });

  is_protected = evidence->rdp == FLASH_RDP_READ || evidence->rdp == FLASH_RDP_FOREVER;
  if (is_protected && fits_protection (evidence))
    return (FlashDiagnosis){ "read-protected", TRUE, get_step_for_protected (evidence) };
  if (fits_write_protection (evidence))
    return (FlashDiagnosis){ "write-protected", TRUE, FLASH_NEXT_OPTION_BYTES };
  return diagnose_mismatch (evidence);
}
