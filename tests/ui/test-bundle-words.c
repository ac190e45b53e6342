/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of layouts in folders and archives: every storage, every reason, every error. */
#define G_LOG_DOMAIN "test-bundle-words"

#include "config.h"

#include "flash-bundle-words.h"

#include <string.h>

static char board_name[] = "stm32mp157f-dk2";

static void
test_titles (void)
{
  static const struct {
    FlashBundleStorage storage;
    const char *variant;
    const char *title;
    const char *opened;
  } rows[] = {
    { FLASH_BUNDLE_STORAGE_NONE, NULL, "Boot stages only",
      "Opened the layout of boot stages for stm32mp157f-dk2" },
    { FLASH_BUNDLE_STORAGE_SDCARD, "optee", "SD card, OP-TEE",
      "Opened the SD card layout for stm32mp157f-dk2 (OP-TEE)" },
    { FLASH_BUNDLE_STORAGE_EMMC, "optee-emmc", "eMMC, OP-TEE",
      "Opened the eMMC layout for stm32mp157f-dk2 (OP-TEE)" },
    { FLASH_BUNDLE_STORAGE_NAND, "sdcard", "NAND flash",
      "Opened the NAND flash layout for stm32mp157f-dk2" },
    { FLASH_BUNDLE_STORAGE_SPI_NAND, "own_thing", "SPI NAND flash, own thing",
      "Opened the SPI NAND flash layout for stm32mp157f-dk2 (own thing)" },
    { FLASH_BUNDLE_STORAGE_NOR, "trusted-", "NOR flash, trusted boot",
      "Opened the NOR flash layout for stm32mp157f-dk2 (trusted boot)" },
    { FLASH_BUNDLE_STORAGE_SEVERAL, NULL, "Several storages",
      "Opened the layout for several storages of stm32mp157f-dk2" },
    { FLASH_BUNDLE_STORAGE_RAM, "programmer-usb", "Started from memory, USB",
      "Opened the layout that starts stm32mp157f-dk2 from memory (USB)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const FlashBundleLayout layout = { .board = board_name,
                                       .storage = rows[i].storage,
                                       .variant = (char *) rows[i].variant };
    FlashBundleLayout unknown = layout;
    g_autofree char *title = flash_bundle_words_dup_title (&layout);
    g_autofree char *opened = flash_bundle_words_dup_opened (&layout);
    g_autofree char *opened_unknown = NULL;

    g_assert_cmpstr (title, ==, rows[i].title);
    g_assert_cmpstr (opened, ==, rows[i].opened);
    unknown.board = NULL;
    opened_unknown = flash_bundle_words_dup_opened (&unknown);
    g_assert_true (g_str_has_prefix (opened_unknown, "Opened the "));
    g_assert_null (strstr (opened_unknown, "%s"));
    g_assert_null (strstr (opened_unknown, board_name));
  }
}

static void
test_facts (void)
{
  FlashBundleLayout layout = { .n_partitions = 17, .is_accepted = TRUE };
  g_autofree char *board = flash_bundle_words_dup_board (&layout);
  g_autofree char *good = flash_bundle_words_dup_facts (&layout);
  g_autofree char *missing = NULL;
  g_autofree char *refused = NULL;

  g_assert_cmpstr (board, ==, "Board not known");
  g_assert_cmpstr (good, ==, "17 partitions");
  g_assert_false (flash_bundle_words_has_fault (&layout));
  layout.n_missing = 2;
  missing = flash_bundle_words_dup_facts (&layout);
  g_assert_cmpstr (missing, ==, "17 partitions, 2 files are missing");
  g_assert_true (flash_bundle_words_has_fault (&layout));
  layout.is_accepted = FALSE;
  refused = flash_bundle_words_dup_facts (&layout);
  g_assert_cmpstr (refused, ==, "17 partitions, the board would refuse it");
}

/* A name out of an archive can hold anything. */
static void
test_hostile_names (void)
{
  char name[] = "a\n\033[31mb\xff.tsv";
  char hostile[] = "stm32mp15%s\n<b>";
  const FlashBundleLayout layout = {
    .name = name, .board = hostile, .storage = FLASH_BUNDLE_STORAGE_SDCARD, .variant = hostile
  };
  g_autofree char *shown = flash_bundle_words_dup_name (&layout);
  g_autofree char *opened = flash_bundle_words_dup_opened (&layout);

  g_assert_true (g_utf8_validate (shown, -1, NULL));
  g_assert_null (strchr (shown, '\n'));
  g_assert_null (strchr (shown, '\033'));
  g_assert_null (strchr (opened, '\n'));
  g_assert_true (g_str_has_prefix (opened, "Opened the SD card layout for stm32mp15%s"));
}

static void
test_reasons (void)
{
  g_assert_null (flash_bundle_words_reason (FLASH_BUNDLE_REASON_ONLY));
  g_assert_null (flash_bundle_words_reason (FLASH_BUNDLE_REASON_NAME));
  for (guint i = FLASH_BUNDLE_REASON_ACCEPTED; i < FLASH_BUNDLE_REASON_NAME; i++)
    g_assert_true (g_str_has_suffix (flash_bundle_words_reason (i), "."));
}

static void
test_faults (void)
{
  static const struct {
    FlashBundleError code;
    const char *cause;
  } rows[] = {
    { FLASH_BUNDLE_ERROR_NO_LAYOUT, "There is no layout in “x.zip”." },
    { FLASH_BUNDLE_ERROR_UNKNOWN_KIND, "“x.zip” is no archive that can be read." },
    { FLASH_BUNDLE_ERROR_DAMAGED, "“x.zip” is damaged, or not all of it is there." },
    { FLASH_BUNDLE_ERROR_TOO_LARGE, "“x.zip” holds more than a build does, and was refused." },
    { FLASH_BUNDLE_ERROR_UNSAFE,
      "“x.zip” was refused: a file of its layout would lie outside of it." },
    { FLASH_BUNDLE_ERROR_NO_SPACE, "There is not enough room to unpack “x.zip”." },
    { FLASH_BUNDLE_ERROR_ENCRYPTED, "“x.zip” is encrypted." },
    { FLASH_BUNDLE_ERROR_CHANGED, "“x.zip” was changed since it was opened." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = g_error_new_literal (FLASH_BUNDLE_ERROR, (int) rows[i].code, "raw");
    g_autofree char *text = flash_bundle_words_dup_fault (error, "/tmp/x.zip");
    FlashBundleFault fault;

    flash_bundle_words_get_fault (error, "/tmp/x.zip", &fault);
    g_assert_cmpstr (fault.cause, ==, rows[i].cause);
    g_assert_true (g_str_has_suffix (fault.remedy, "."));
    g_assert_true (g_str_has_prefix (text, fault.cause));
    g_assert_true (g_str_has_suffix (text, fault.remedy));
    g_assert_null (strstr (text, "raw"));
    flash_bundle_fault_clear (&fault);
    g_assert_null (fault.cause);
  }
}

static void
test_system_fault (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "raw");
  g_autofree char *text = flash_bundle_words_dup_fault (error, "/tmp/build");

  g_assert_cmpstr (text, ==, "You may not read “build”. Change its permissions, or copy it.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle-words/titles", test_titles);
  g_test_add_func ("/bundle-words/facts", test_facts);
  g_test_add_func ("/bundle-words/hostile-names", test_hostile_names);
  g_test_add_func ("/bundle-words/reasons", test_reasons);
  g_test_add_func ("/bundle-words/faults", test_faults);
  g_test_add_func ("/bundle-words/system-fault", test_system_fault);
  return g_test_run ();
}
