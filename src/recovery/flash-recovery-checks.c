/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lets a step pass, and what leads elsewhere: small questions about what is seen. */
#define G_LOG_DOMAIN "flash-recovery-checks"

#include "config.h"

#include "flash-recovery-private.h"

#include <glib/gi18n.h>

#define CODE_DONE "done"
#define CODE_CANCELLED "cancelled"

static gboolean
has_code (const FlashRecoverySeen *seen, const char *const *codes)
{
  return seen->job_code != NULL && g_strv_contains (codes, seen->job_code);
}

static gboolean
is_done (const FlashRecoverySeen *seen)
{
  return g_strcmp0 (seen->job_code, CODE_DONE) == 0;
}

/* --- the bus -------------------------------------------------------------------------------- */

static const char *
find_access_obstacle (const FlashRecoverySeen *seen)
{
  switch (seen->access) {
  case FLASH_ACCESS_OK:
    return NULL;
  case FLASH_ACCESS_NO_PERMISSION:
    return N_ ("The board is there, but this program may not open it. Allow it in the list of "
               "boards.");
  case FLASH_ACCESS_BUSY:
    return N_ ("The board is there, but another program holds it. Close that program.");
  case FLASH_ACCESS_SILENT:
    return N_ ("Something is on this port and does not answer. Take the power away, and give it "
               "again.");
  }
  return NULL;
}

static const char *
find_mp_obstacle (const FlashBoardFacts *facts)
{
  if (facts->kind != FLASH_BOARD_KIND_STM32MP)
    return N_ (
        "What is on this port is no STM32MP board in serial boot. Choose the right board, or "
        "set its boot switches and reset it.");
  if (g_strcmp0 (facts->stage, "rom") != 0)
    return N_ ("The board is past its ROM: a boot stage runs on it. Reset it.");
  return NULL;
}

static const char *
find_stm32_obstacle (const FlashBoardFacts *facts, FlashRecoveryRom rom)
{
  const char *family;

  if (facts->kind == FLASH_BOARD_KIND_STM32MP)
    return N_ ("This is an STM32MP board, not a microcontroller. Choose the right board.");
  if (facts->kind == FLASH_BOARD_KIND_RUNTIME)
    return N_ ("The program of the board runs, so BOOT0 was not high when it started. Put BOOT0 "
               "high first, then take the power away and give it again.");
  if (facts->kind != FLASH_BOARD_KIND_DFUSE || facts->guess.loader == FLASH_LOADER_CUSTOM)
    return N_ ("A boot loader in the flash answers, not the ROM, so BOOT0 was not high when the "
               "board started. Put BOOT0 high first, then take the power away and give it again.");
  family = flash_chip_guess_get_family (&facts->guess);
  if (rom == FLASH_RECOVERY_ROM_H7 && family != NULL && !g_str_equal (family, "H7"))
    return N_ ("This is another chip than an STM32H7. Choose the right board.");
  return NULL;
}

static const char *
find_away_obstacle (const FlashRecoverySeen *seen)
{
  if (seen->has_probe)
    return N_ ("An ST-LINK is there, but the board itself is not: connect the other USB socket.");
  return N_ ("Nothing has shown up on USB yet.");
}

/* Why the ROM is not there. Returns: (nullable): %NULL if it is, and can be opened */
static const char *
find_rom_obstacle (const FlashRecoverySeen *seen, FlashRecoveryRom rom)
{
  const char *obstacle;

  if (seen->facts == NULL)
    return find_away_obstacle (seen);
  obstacle = find_access_obstacle (seen);
  if (obstacle != NULL)
    return obstacle;
  return rom == FLASH_RECOVERY_ROM_STM32MP ? find_mp_obstacle (seen->facts)
                                           : find_stm32_obstacle (seen->facts, rom);
}

static const char *
find_hub_obstacle (const FlashRecoverySeen *seen, FlashRecoveryRom rom)
{
  const char *obstacle = find_rom_obstacle (seen, rom);

  if (obstacle == NULL && !seen->is_behind_hub)
    return N_ ("The board is plugged straight into this computer. Put the hub between them.");
  return obstacle;
}

/* --- files and jobs ------------------------------------------------------------------------- */

static const char *
find_file_obstacle (const FlashRecoverySeen *seen, gboolean wants_layout)
{
  if (!seen->has_file || seen->file_is_layout == wants_layout)
    return NULL;
  return wants_layout
             ? N_ ("Firmware of a microcontroller is chosen. This board needs a FlashLayout.")
             : N_ ("A FlashLayout is chosen. This board needs firmware of a microcontroller.");
}

/* Why no job has ended well; for a step that waits for one. Whether the job begins in the ROM or
 * later is its own affair. */
static const char *
find_job_obstacle (const FlashRecoverySeen *seen)
{
  if (g_strcmp0 (seen->job_code, CODE_CANCELLED) == 0)
    return N_ ("It was stopped. Start it again when you are ready.");
  if (seen->job_code != NULL)
    return N_ ("The last try failed. Look at the reason, and try again.");
  if (seen->facts == NULL)
    return N_ ("The board has left USB. Bring it back in the same way as before.");
  return find_access_obstacle (seen);
}

/* A job that ended well is not enough. */
static const char *
find_proof_obstacle (const FlashRecoverySeen *seen, gboolean has_proof, const char *missing)
{
  if (!is_done (seen))
    return find_job_obstacle (seen);
  return has_proof ? NULL : missing;
}

static gboolean
is_passed (FlashRecoveryCheck check, FlashRecoveryRom rom, const FlashRecoverySeen *seen)
{
  switch (check) {
  case FLASH_RECOVERY_CHECK_END:
    return FALSE;
  case FLASH_RECOVERY_CHECK_SAID:
    return seen->is_confirmed;
  case FLASH_RECOVERY_CHECK_SAID_OR_ROM:
    return seen->is_confirmed || find_rom_obstacle (seen, rom) == NULL;
  case FLASH_RECOVERY_CHECK_ROM:
    return find_rom_obstacle (seen, rom) == NULL;
  case FLASH_RECOVERY_CHECK_HUB:
    return find_hub_obstacle (seen, rom) == NULL;
  case FLASH_RECOVERY_CHECK_PROTECTED:
    return seen->is_confirmed || seen->is_protected == FLASH_TRI_YES;
  case FLASH_RECOVERY_CHECK_LAYOUT:
    return seen->has_file && seen->file_is_layout;
  case FLASH_RECOVERY_CHECK_FIRMWARE:
    return seen->has_file && !seen->file_is_layout;
  case FLASH_RECOVERY_CHECK_DONE:
    return is_done (seen);
  case FLASH_RECOVERY_CHECK_DONE_OR_SAID:
    return is_done (seen) || seen->is_confirmed;
  case FLASH_RECOVERY_CHECK_VERIFIED:
    return is_done (seen) && seen->is_verified;
  case FLASH_RECOVERY_CHECK_BLANK:
    return is_done (seen) && seen->is_blank;
  }
  return FALSE;
}

static const char *
find_obstacle (FlashRecoveryCheck check, FlashRecoveryRom rom, const FlashRecoverySeen *seen)
{
  switch (check) {
  case FLASH_RECOVERY_CHECK_END:
  case FLASH_RECOVERY_CHECK_SAID:
  case FLASH_RECOVERY_CHECK_PROTECTED:
    return NULL;
  case FLASH_RECOVERY_CHECK_SAID_OR_ROM:
    /* What is not there yet is what the step is for; only what is there and is wrong is said. */
    return seen->facts != NULL || seen->has_probe ? find_rom_obstacle (seen, rom) : NULL;
  case FLASH_RECOVERY_CHECK_ROM:
    return find_rom_obstacle (seen, rom);
  case FLASH_RECOVERY_CHECK_HUB:
    return find_hub_obstacle (seen, rom);
  case FLASH_RECOVERY_CHECK_LAYOUT:
    return find_file_obstacle (seen, TRUE);
  case FLASH_RECOVERY_CHECK_FIRMWARE:
    return find_file_obstacle (seen, FALSE);
  case FLASH_RECOVERY_CHECK_DONE:
  case FLASH_RECOVERY_CHECK_DONE_OR_SAID:
    return find_job_obstacle (seen);
  case FLASH_RECOVERY_CHECK_VERIFIED:
    return find_proof_obstacle (seen, seen->is_verified,
                                N_ ("It was written, but not read back, so nobody knows whether it "
                                    "is right. Try again with verifying."));
  case FLASH_RECOVERY_CHECK_BLANK:
    return find_proof_obstacle (seen, seen->is_blank,
                                N_ ("It was erased, but not read back, so nobody knows whether it "
                                    "is blank. Try again."));
  }
  return NULL;
}

gboolean
flash_recovery_check (FlashRecoveryCheck check, FlashRecoveryRom rom, const FlashRecoverySeen *seen,
                      const char **out_obstacle)
{
  gboolean passes = is_passed (check, rom, seen);

  *out_obstacle = passes ? NULL : find_obstacle (check, rom, seen);
  return passes;
}

/* --- signs ---------------------------------------------------------------------------------- */

gboolean
flash_recovery_has_sign (FlashRecoverySign sign, const FlashRecoverySeen *seen)
{
  static const char *const protected_codes[] = { "read-protected", "read-refused", NULL };
  static const char *const open_codes[] = { "not-protected", NULL };
  static const char *const closed_codes[] = { "still-protected", NULL };
  /* A board that came back in its ROM, or that says nothing, may have stumbled anywhere. */
  static const char *const first_codes[] = { "fsbl-did-not-start", "fsbl-refused", NULL };
  static const char *const second_codes[] = { "never-came-back", "fip-refused", NULL };

  switch (sign) {
  case FLASH_RECOVERY_SIGN_NONE:
    return FALSE;
  case FLASH_RECOVERY_SIGN_CONFIRMED:
    return seen->is_confirmed;
  case FLASH_RECOVERY_SIGN_PROTECTED:
    return seen->is_protected == FLASH_TRI_YES || has_code (seen, protected_codes);
  case FLASH_RECOVERY_SIGN_NOT_PROTECTED:
    return has_code (seen, open_codes);
  case FLASH_RECOVERY_SIGN_STAYS_CLOSED:
    return has_code (seen, closed_codes);
  case FLASH_RECOVERY_SIGN_FIRST_STAGE:
    return has_code (seen, first_codes);
  case FLASH_RECOVERY_SIGN_SECOND_STAGE:
    return has_code (seen, second_codes);
  }
  return FALSE;
}
