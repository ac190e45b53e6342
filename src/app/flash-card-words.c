/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-words"

#include "config.h"

#include "flash-card-words.h"

#include "flash-loader.h"
#include "flash-text.h"

#include <glib/gi18n.h>

static const FlashCardWords drive_words[] = {
  [FLASH_DRIVE_ERROR_FAILED] = { "drive-failed", N_ ("The system’s disk service refused it."),
                                 N_ ("Take the card out, put it in again, and try again.") },
  [FLASH_DRIVE_ERROR_NO_SERVICE] = { "drive-no-service",
                                     N_ ("The system’s disk service, UDisks, is not running."),
                                     N_ ("Install “udisks2” and start it. Or save the image, and "
                                         "write it with another program.") },
  [FLASH_DRIVE_ERROR_NOT_ALLOWED] = { "drive-not-allowed",
                                      N_ ("This drive must not be overwritten: it is not, or no "
                                          "longer, one that can be taken out."),
                                      N_ ("Use a memory card in a card reader.") },
  [FLASH_DRIVE_ERROR_NO_PERMISSION] = { "drive-no-permission",
                                        N_ ("The system did not give you the right to write to "
                                            "the card."),
                                        N_ ("Try again and enter the password that is asked for, "
                                            "or ask who looks after this computer.") },
  [FLASH_DRIVE_ERROR_BUSY] = { "drive-busy", N_ ("Another program uses the card."),
                               N_ ("Close its files and windows, then try again.") },
  [FLASH_DRIVE_ERROR_GONE] = { "drive-gone", N_ ("The card was taken out, or changed for another."),
                               N_ ("Put it in again, and leave it there until it is done.") },
  [FLASH_DRIVE_ERROR_READ_ONLY] = { "drive-read-only", N_ ("The card is write-protected."),
                                    N_ ("Move the small switch at its side away from “Lock”, and "
                                        "put it in again.") },
  [FLASH_DRIVE_ERROR_TOO_SMALL] = { "drive-too-small", N_ ("The image does not fit on the card."),
                                    N_ ("Use a larger card.") },
  [FLASH_DRIVE_ERROR_SOURCE] = { "drive-source",
                                 N_ ("A file of the layout could not be read, or was changed "
                                     "meanwhile."),
                                 N_ ("Wait until the build is done, then try again.") },
  [FLASH_DRIVE_ERROR_WRITE] = { "drive-write-failed", N_ ("The card failed while it was written."),
                                N_ ("Try another card reader. If it fails again, the card is worn "
                                    "out: use another one.") },
  [FLASH_DRIVE_ERROR_READ] = { "drive-read-failed", N_ ("The card failed while it was read back."),
                               N_ ("Try another card reader. If it fails again, the card is worn "
                                   "out: use another one.") },
  [FLASH_DRIVE_ERROR_VERIFY] = { "drive-verify-failed",
                                 N_ ("The card gives back something else than what was written."),
                                 N_ ("Do not use this card: it is worn out, or smaller than it "
                                     "says. Write another one.") },
};

FlashCardWords
flash_card_words_find (const GError *error)
{
  FlashCardWords words = { "failed", _ ("Something unexpected went wrong."),
                           _ ("Try again; the detail below says more.") };

  if (error->domain == FLASH_DRIVE_ERROR && (guint) error->code < G_N_ELEMENTS (drive_words)) {
    words.code = drive_words[error->code].code;
    words.cause = _ (drive_words[error->code].cause);
    words.remedy = _ (drive_words[error->code].remedy);
  } else if (error->domain == FLASH_CARD_ERROR) {
    FlashCardError code = (FlashCardError) error->code;

    words.code = flash_card_error_get_name (code);
    words.cause = _ (flash_card_error_get_cause (code));
    words.remedy = code == FLASH_CARD_ERROR_EXISTS ? _ ("Choose another name, or remove it first.")
                                                   : _ (flash_card_error_get_remedy (code));
  } else if (g_error_matches (error, FLASH_LOAD_ERROR, FLASH_LOAD_ERROR_CHANGED)) {
    words.code = "layout-changed";
    words.cause = _ ("Another program has changed the layout.");
    words.remedy = _ ("Look at it again first.");
  }
  return words;
}

static const char *
get_kind (FlashDriveKind kind)
{
  switch (kind) {
  case FLASH_DRIVE_KIND_SD_CARD:
    return _ ("SD card");
  case FLASH_DRIVE_KIND_CARD:
    return _ ("Memory card");
  case FLASH_DRIVE_KIND_STICK:
    return _ ("USB stick or card reader");
  case FLASH_DRIVE_KIND_DISK:
    return _ ("External disk");
  }
  g_return_val_if_reached (NULL);
}

char *
flash_card_words_dup_drive_name (FlashDrive *drive)
{
  const char *name = flash_drive_get_name (drive);

  return g_strdup (*name != '\0' ? name : get_kind (flash_drive_get_kind (drive)));
}

char *
flash_card_words_dup_drive_facts (FlashDrive *drive)
{
  g_autofree char *size = flash_text_size (flash_drive_get_size (drive));

  /* TRANSLATORS: size, kind and device of a card: “14.8 GiB · SD card · /dev/sdb” */
  return g_strdup_printf (_ ("%1$s · %2$s · %3$s"), size, get_kind (flash_drive_get_kind (drive)),
                          flash_drive_get_device (drive));
}

char *
flash_card_words_dup_drive_content (FlashDrive *drive)
{
  g_auto (GStrv) contents = flash_drive_dup_contents (drive);
  g_autofree char *list = NULL;

  if (contents[0] == NULL)
    return g_strdup (flash_drive_has_data (drive) ? _ ("It holds something unknown.")
                                                  : _ ("Nothing was found on it."));
  list = g_strjoinv (", ", contents);
  /* TRANSLATORS: a list of file systems: “bootfs (ext4, 64 MiB), rootfs (ext4, 2 GiB)” */
  return g_strdup_printf (_ ("Holds %s"), list);
}

char *
flash_card_words_dup_refusal (FlashDrive *drive, guint64 min_size)
{
  g_autofree char *needed = flash_text_size (min_size);

  if (flash_drive_is_read_only (drive))
    return g_strdup (_ ("Write-protected: move the small switch at its side, and put it in again"));
  if (flash_drive_get_size (drive) < min_size)
    return g_strdup_printf (_ ("Too small: the layout needs %s"), needed);
  return NULL;
}

char *
flash_card_words_dup_state (const FlashDriveReport *report)
{
  g_autofree char *written = flash_text_size (report->bytes_written);
  g_autofree char *place = flash_text_address (report->first_difference);

  switch (report->state) {
  case FLASH_DRIVE_STATE_UNTOUCHED:
    return g_strdup (_ ("As before: nothing was written to it."));
  case FLASH_DRIVE_STATE_PARTIAL:
    return g_strdup_printf (_ ("What was on it is lost. %s were written, which is not all: no "
                               "board starts from it."),
                            written);
  case FLASH_DRIVE_STATE_WRITTEN:
    return g_strdup_printf (_ ("%s were written, which is all. Whether the card kept it right is "
                               "not known."),
                            written);
  case FLASH_DRIVE_STATE_DIFFERENT:
    return report->first_difference == G_MAXUINT64
               ? g_strdup (_ ("Everything was written, but the card gives back something else."))
               : g_strdup_printf (_ ("Everything was written, but from %s on the card gives back "
                                     "something else."),
                                  place);
  case FLASH_DRIVE_STATE_VERIFIED:
    return g_steal_pointer (&written);
  }
  g_return_val_if_reached (NULL);
}

const char *
flash_card_words_read_back (FlashDriveReadBack way)
{
  switch (way) {
  case FLASH_DRIVE_READ_BACK_NONE:
    return NULL;
  case FLASH_DRIVE_READ_BACK_DIRECT:
    return _ ("read from the card itself, past the computer’s memory");
  case FLASH_DRIVE_READ_BACK_CACHE_DROPPED:
    return _ ("read after the computer was told to forget what it had in memory, which it does "
              "not promise to do");
  }
  g_return_val_if_reached (NULL);
}

char *
flash_card_words_dup_storage (const char *ip)
{
  /* stm32mp-usb.md section 3.1: what they usually are on ST's boards. */
  const char *kind = g_str_equal (ip, "mmc0") ? _ ("SD card") : _ ("eMMC");

  /* TRANSLATORS: what a storage usually is, and its name: “SD card (mmc0)” */
  return g_strdup_printf (_ ("%1$s (%2$s)"), kind, ip);
}
