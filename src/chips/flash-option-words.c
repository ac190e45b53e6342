/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fields of data/option-bytes.ini do and what their values mean. It stands here so that
 * translators see it. From the reference manuals that are named there. */
#define G_LOG_DOMAIN "flash-option-words"

#include "config.h"

#include "flash-option-private.h"

#define MEANINGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define BANKS                                                                                      \
  N_ ("The flash is laid out differently afterwards: what is in it stands at other addresses or "  \
      "cannot be used, and the program may not start. Write it again.")
#define WATCHDOG N_ ("A program that does not serve the watchdog is reset over and over.")
#define SLEEP_WATCHDOG                                                                             \
  N_ ("If the watchdog runs on, it resets a program that sleeps for longer than it waits.")
#define SLEEP_RESET                                                                                \
  N_ ("If the chip is reset instead, a program that goes to sleep begins anew every time.")
#define BROWN_OUT                                                                                  \
  N_ ("While the supply is below the level, the chip stays in reset, and its boot loader cannot "  \
      "be reached either. Choose no level that the board does not surely exceed.")
#define WRITE_LOCK                                                                                 \
  N_ ("What is write protected is neither erased nor written, and the boot loader does not say "   \
      "so. Later updates fail until that is taken back.")

static const FlashOptionWords words[] = {
  { "RDP", N_ ("Read-out protection"), NULL, NULL },
  { "RDP-single", N_ ("Read-out protection"), NULL, NULL },
  { "WDG_SW", N_ ("Independent watchdog"),
    MEANINGS (N_ ("Started by the chip at every reset"), N_ ("Started by software")), WATCHDOG },
  { "WWDG_SW", N_ ("Window watchdog"),
    MEANINGS (N_ ("Started by the chip at every reset"), N_ ("Started by software")), NULL },
  { "IWDG_STOP", N_ ("Independent watchdog in Stop mode"),
    MEANINGS (N_ ("Stands still"), N_ ("Runs on")), SLEEP_WATCHDOG },
  { "IWDG_STDBY", N_ ("Independent watchdog in Standby mode"),
    MEANINGS (N_ ("Stands still"), N_ ("Runs on")), SLEEP_WATCHDOG },
  { "nRST_STOP", N_ ("Reset when entering Stop mode"),
    MEANINGS (N_ ("The chip is reset"), N_ ("No reset")), SLEEP_RESET },
  { "nRST_STDBY", N_ ("Reset when entering Standby mode"),
    MEANINGS (N_ ("The chip is reset"), N_ ("No reset")), SLEEP_RESET },
  { "nRST_SHDW", N_ ("Reset when entering Shutdown mode"),
    MEANINGS (N_ ("The chip is reset"), N_ ("No reset")), SLEEP_RESET },
  { "BOR_LEV", N_ ("Brown-out reset level"),
    MEANINGS (N_ ("About 1.7 V"), N_ ("About 2.0 V"), N_ ("About 2.2 V"), N_ ("About 2.5 V"),
              N_ ("About 2.8 V")),
    BROWN_OUT },
  { "BOR_LEV-f4", N_ ("Brown-out reset level"),
    MEANINGS (N_ ("Level 3, the highest"), N_ ("Level 2"), N_ ("Level 1"), N_ ("Off")), BROWN_OUT },
  { "BOR_LEV-l0", N_ ("Brown-out reset level"), NULL, BROWN_OUT },
  { "BOR_LEV-h7", N_ ("Brown-out reset level"),
    MEANINGS (N_ ("Off"), N_ ("Level 1"), N_ ("Level 2"), N_ ("Level 3, the highest")), BROWN_OUT },
  { "nBOOT0", N_ ("Takes the place of the BOOT0 pin, inverted, if that is not used"),
    MEANINGS (N_ ("As if BOOT0 were high"), N_ ("As if BOOT0 were low")), NULL },
  { "nBOOT1", N_ ("Where the chip starts from while BOOT0 is high"),
    MEANINGS (N_ ("RAM: the boot loader cannot be reached"), N_ ("Boot loader")), NULL },
  { "nSWBOOT0", N_ ("What decides about the start"),
    MEANINGS (N_ ("The option bit nBOOT0: the pin is not used"), N_ ("The BOOT0 pin")), NULL },
  { "BOOT_SEL", N_ ("What decides about the start"),
    MEANINGS (N_ ("The option bit nBOOT0: the pin is not used"), N_ ("The BOOT0 pin")), NULL },
  { "BFB2", N_ ("Start from bank 2 of the flash"), MEANINGS (N_ ("Off"), N_ ("On")),
    N_ ("The chip starts another program afterwards: the one in the other bank. If there is none, "
        "nothing may start.") },
  { "DB1M", N_ ("Two banks on chips with 1 MiB of flash"),
    MEANINGS (N_ ("One bank"), N_ ("Two banks")), BANKS },
  { "DBANK", N_ ("Banks of the flash"), MEANINGS (N_ ("One bank"), N_ ("Two banks")), BANKS },
  { "SWAP_BANK", N_ ("Exchange of the two banks"), MEANINGS (N_ ("Off"), N_ ("On")), BANKS },
  { "VDDA_MONITOR", N_ ("Supervision of the analogue supply"), MEANINGS (N_ ("Off"), N_ ("On")),
    NULL },
  { "SRAM_PE", N_ ("Parity check of the RAM"), MEANINGS (N_ ("On"), N_ ("Off")), NULL },
  { "SRAM2_RST", N_ ("The second RAM at a reset"),
    MEANINGS (N_ ("Is erased"), N_ ("Keeps its content")), NULL },
  { "NRST_MODE", N_ ("What the reset pin does"), NULL, NULL },
  { "IRHEN", N_ ("Internal reset holder"), MEANINGS (N_ ("Off"), N_ ("On")), NULL },
  { "Data", N_ ("A byte for the application"), NULL, NULL },
  { "nWRP", N_ ("Write protection: a bit that is 0 protects"), NULL, WRITE_LOCK },
  { "WRP", N_ ("Write protection: a bit that is 1 protects"), NULL, WRITE_LOCK },
  { "WRP_STRT", N_ ("First page of a write-protected area; none if it lies behind the last"), NULL,
    WRITE_LOCK },
  { "WRP_END", N_ ("Last page of a write-protected area"), NULL, WRITE_LOCK },
  { "SPRMOD", N_ ("What the write protection bits mean"),
    MEANINGS (N_ ("Protection from writing"), N_ ("Protection from reading code")), NULL },
  { "PCROP", N_ ("Bounds of the code that only runs and cannot be read"), NULL, NULL },
  { "PCROP_RDP", N_ ("Code that cannot be read, when read-out protection is taken back"),
    MEANINGS (N_ ("Is kept"), N_ ("Is erased")), NULL },
  { "BOOT_ADD", N_ ("Address that the chip starts from"), NULL, NULL },
  { "BOOT_LOCK", N_ ("Start from one address only"), MEANINGS (N_ ("Off"), N_ ("On")), NULL },
  { "TZEN", N_ ("TrustZone"), MEANINGS (N_ ("Off"), N_ ("On")), NULL },
  { "SECURITY", N_ ("Secure access mode"), MEANINGS (N_ ("Off"), N_ ("On")), NULL },
  { "ST_RAM_SIZE", N_ ("RAM that the boot loader uses"), NULL, NULL },
  { "IO_HSLV", N_ ("Pins made for less than 2.7 V; destroys the chip at more"),
    MEANINGS (N_ ("Off"), N_ ("On")), NULL },
  { "BCM4", N_ ("Start of the Cortex-M4"), MEANINGS (N_ ("Off"), N_ ("On")), NULL },
  { "BCM7", N_ ("Start of the Cortex-M7, which also runs the boot loader"),
    MEANINGS (N_ ("Off"), N_ ("On")), NULL },
};

const FlashOptionWords *
flash_option_words_find (const char *key)
{
  g_return_val_if_fail (key != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].key, key))
      return &words[i];
  return NULL;
}

const char *
flash_option_words_get_rdp (const FlashOptionLayout *layout, guint32 value)
{
  if (!layout->has_forever)
    return value == layout->rdp_open ? N_ ("Not protected") : N_ ("Protected");
  if (value == layout->rdp_open)
    return N_ ("Level 0: not protected");
  if (value == FLASH_OPTION_RDP_FOREVER)
    return N_ ("Level 2: protected for ever");
  return N_ ("Level 1: protected; taking that back erases the chip");
}
