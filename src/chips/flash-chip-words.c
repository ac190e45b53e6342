/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences that data/chips.ini names by a key. They stand here so that translators see them.
 */
#define G_LOG_DOMAIN "flash-chip-words"

#include "config.h"

#include "flash-chip-private.h"

#include "flash-diag.h"

typedef struct {
  const char *key;
  const char *text;
} Words;

/* stm32-dfuse.md section 4.4 */
static const Words boot_entries[] = {
  { "boot0-boot1",
    N_ ("Reset the chip while BOOT0 is high and BOOT1 (PB2) is low. A PB2 that floats or is high "
        "keeps the boot loader from starting.") },
  { "boot0-boot1-f105",
    N_ ("Reset the chip while BOOT0 is high and BOOT1 (PB2) is low. Its boot loader also needs the "
        "USB voltage on PA9 and a crystal of 8, 14.7456 or 25 MHz.") },
  { "boot0-nboot1",
    N_ ("Reset the chip while BOOT0 is high; the option bit nBOOT1 must be 1, as it is from the "
        "factory.") },
  { "boot0-nboot1-empty",
    N_ ("Reset the chip while BOOT0 is high; the option bit nBOOT1 must be 1, as it is from the "
        "factory. With empty flash the boot loader starts by itself at power-on.") },
  { "boot0-nboot1-banks",
    N_ ("Reset the chip while BOOT0 is high; the option bit nBOOT1 must be 1, as it is from the "
        "factory. On chips with two banks the boot loader may return to the application when it "
        "finds one.") },
  { "boot0-nswboot0",
    N_ ("Reset the chip while the BOOT0 pin is high, or while the option bits nBOOT0 and nSWBOOT0 "
        "are both 0; nBOOT1 must be 1, as it is from the factory.") },
  { "boot0-nswboot0-empty",
    N_ ("Reset the chip while the BOOT0 pin is high, or while the option bits nBOOT0 and nSWBOOT0 "
        "are both 0; nBOOT1 must be 1, as it is from the factory. With empty flash the boot loader "
        "starts by itself at power-on.") },
  { "boot0-nswboot0-wb",
    N_ ("Reset the chip while the BOOT0 pin is high; nBOOT1 must be 1, as it is from the factory, "
        "and the radio's firmware must allow it. With empty flash the boot loader starts by itself "
        "at power-on.") },
  { "empty-or-option",
    N_ ("From the factory this chip ignores its BOOT0 pin: the boot loader starts at power-on when "
        "the flash is empty. To use the pin, an application must have set the option bit nBOOT_SEL "
        "to 0.") },
  { "boot-address",
    N_ ("Reset the chip while BOOT0 is high. It then starts from the option BOOT_ADD1, which is "
        "the boot loader unless it was changed.") },
  { "boot-address-cores",
    N_ ("Raise BOOT0 first, then switch the power off and on; a reset alone may not be enough. The "
        "chip starts from the option BOOT_ADD1 (with two cores BOOT_CM7_ADD1, and BCM7 must be 1), "
        "which is the boot loader unless it was changed.") },
  { "boot0-secure",
    N_ ("Reset the chip while the BOOT0 pin is high. Product state, TrustZone and the boot address "
        "options may lead elsewhere.") },
};

/* Section 5.1; the supply of the H7: section 4.6. */
static const Words interruptions[] = {
  { "self-heals",
    N_ ("After an interrupted update the chip starts its boot loader by itself at the next "
        "power-on. A reset is not enough: switch the power off and on.") },
  { "boot0",
    N_ ("After an interrupted update the chip does nothing at a reset, which does no harm. BOOT0 "
        "brings it back into its boot loader.") },
  { "boot0-zero",
    N_ ("After an interrupted update the chip stops with a fault at a reset, which does no harm. "
        "BOOT0 brings it back into its boot loader.") },
  { "boot0-supply",
    N_ ("After an interrupted update the chip does nothing at a reset, which does no harm. BOOT0 "
        "brings it back into its boot loader. If it does not answer, raise BOOT0 first, remove all "
        "power for several seconds, and switch it on again while BOOT0 is held.") },
};

static const char *
find (const Words *table, guint n_entries, const char *key)
{
  for (guint i = 0; i < n_entries; i++)
    if (g_str_equal (table[i].key, key))
      return table[i].text;
  return NULL;
}

const char *
flash_chip_words_find_boot_entry (const char *key)
{
  g_return_val_if_fail (key != NULL, NULL);

  return find (boot_entries, G_N_ELEMENTS (boot_entries), key);
}

const char *
flash_chip_words_find_interrupted (const char *key)
{
  g_return_val_if_fail (key != NULL, NULL);

  return find (interruptions, G_N_ELEMENTS (interruptions), key);
}
