/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reasons of flash-card-image.h in words. */
#define G_LOG_DOMAIN "flash-card-reason"

#include "config.h"

#include "flash-card-image.h"

static const struct {
  const char *name;
  const char *remedy;
} words[] = {
  [FLASH_CARD_REASON_BOOT_STAGE] = { "boot-stage", N_ ("It is started from memory over USB and is "
                                                       "never on a card. Nothing is to be done.") },
  [FLASH_CARD_REASON_OTHER_CARD] = { "other-card", N_ ("Make another image with {0} as the "
                                                       "storage, or flash it over USB.") },
  [FLASH_CARD_REASON_BOOT_PARTITION] = { "boot-partition",
                                         N_ ("It belongs into a boot partition of the eMMC, which "
                                             "no image of {0} holds. Flash it over "
                                             "USB.") },
  [FLASH_CARD_REASON_FLASH_MEMORY] = { "flash-memory", N_ ("It belongs into {0}, which is soldered "
                                                           "to the board. Flash it over USB.") },
  [FLASH_CARD_REASON_RAM] = { "ram", N_ ("It belongs into the memory of a running board. Load it "
                                         "over USB.") },
};

const char *
flash_card_reason_get_name (FlashCardReason reason)
{
  g_return_val_if_fail ((guint) reason < G_N_ELEMENTS (words), NULL);

  return words[reason].name;
}

char *
flash_card_left_out_dup_remedy (const FlashCardLeftOut *self, FlashTranslate translate)
{
  const char *remedy;
  GString *text;

  g_return_val_if_fail ((guint) self->reason < G_N_ELEMENTS (words), NULL);

  remedy = words[self->reason].remedy;
  text = g_string_new (translate != NULL ? translate (remedy) : remedy);
  g_string_replace (text, "{0}", flash_layout_row_get_ip_name (self->row), 0);
  return g_string_free (text, FALSE);
}
