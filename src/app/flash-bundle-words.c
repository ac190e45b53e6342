/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-words"

#include "config.h"

#include "flash-bundle-words.h"

#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>
#include <string.h>

/* A name out of an archive can be as long as it likes. */
#define MAX_NAME 400
#define MAX_BOARD 60

/* --- one layout ----------------------------------------------------------------------------- */

static const char *
get_storage (FlashBundleStorage storage)
{
  switch (storage) {
  case FLASH_BUNDLE_STORAGE_NONE:
    return _ ("Boot stages only");
  case FLASH_BUNDLE_STORAGE_SDCARD:
    return _ ("SD card");
  case FLASH_BUNDLE_STORAGE_EMMC:
    return _ ("eMMC");
  case FLASH_BUNDLE_STORAGE_NAND:
    return _ ("NAND flash");
  case FLASH_BUNDLE_STORAGE_SPI_NAND:
    return _ ("SPI NAND flash");
  case FLASH_BUNDLE_STORAGE_NOR:
    return _ ("NOR flash");
  case FLASH_BUNDLE_STORAGE_SEVERAL:
    return _ ("Several storages");
  case FLASH_BUNDLE_STORAGE_RAM:
    return _ ("Started from memory");
  }
  g_return_val_if_reached ("");
}

/* What the builds of ST call their variants, in words that say more. */
static const char *
get_variant_word (const char *word)
{
  static const struct {
    const char *word;
    const char *text;
  } words[] = {
    { "optee", N_ ("OP-TEE") },
    { "opteemin", N_ ("minimal OP-TEE") },
    { "trusted", N_ ("trusted boot") },
    { "basic", N_ ("basic boot") },
    { "extensible", N_ ("extensible") },
    { "examples", N_ ("examples") },
    { "sample", N_ ("sample") },
    { "fastboot", N_ ("Fastboot") },
    { "m4", N_ ("Cortex-M4") },
    { "m33", N_ ("Cortex-M33") },
    { "usb", N_ ("USB") },
    { "uart", N_ ("UART") },
    /* Said by the storage, or by nothing that matters. */
    { "sdcard", NULL },
    { "emmc", NULL },
    { "nand", NULL },
    { "nor", NULL },
    { "programmer", NULL },
    { "serialboot", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].word, word))
      return words[i].text != NULL ? _ (words[i].text) : NULL;
  return word;
}

/* Returns: (transfer full) (nullable): the variant in words. */
static char *
dup_variant (const FlashBundleLayout *layout)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GPtrArray) shown = g_ptr_array_new ();
  g_autofree char *safe = NULL;

  if (layout->variant == NULL)
    return NULL;
  safe = flash_text_sanitize (layout->variant, strlen (layout->variant), MAX_BOARD);
  words = g_strsplit_set (safe, "-_", -1);
  for (guint i = 0; words[i] != NULL; i++) {
    const char *word = *words[i] != '\0' ? get_variant_word (words[i]) : NULL;

    if (word != NULL)
      g_ptr_array_add (shown, (gpointer) word);
  }
  if (shown->len == 0)
    return NULL;
  g_ptr_array_add (shown, NULL);
  return g_strjoinv (" ", (char **) shown->pdata);
}

char *
flash_bundle_words_dup_title (const FlashBundleLayout *layout)
{
  g_autofree char *variant = NULL;

  g_return_val_if_fail (layout != NULL, NULL);

  variant = dup_variant (layout);
  if (variant == NULL)
    return g_strdup (get_storage (layout->storage));
  /* TRANSLATORS: a storage and a variant: “SD card, OP-TEE” */
  return g_strdup_printf (_ ("%1$s, %2$s"), get_storage (layout->storage), variant);
}

char *
flash_bundle_words_dup_board (const FlashBundleLayout *layout)
{
  g_return_val_if_fail (layout != NULL, NULL);

  if (layout->board == NULL)
    return g_strdup (_ ("Board not known"));
  return flash_text_sanitize (layout->board, strlen (layout->board), MAX_BOARD);
}

char *
flash_bundle_words_dup_name (const FlashBundleLayout *layout)
{
  g_return_val_if_fail (layout != NULL, NULL);

  return flash_text_sanitize (layout->name, strlen (layout->name), MAX_NAME);
}

char *
flash_bundle_words_dup_facts (const FlashBundleLayout *layout)
{
  g_autofree char *partitions = NULL;
  g_autofree char *fault = NULL;

  g_return_val_if_fail (layout != NULL, NULL);

  partitions = g_strdup_printf (ngettext ("%u partition", "%u partitions", layout->n_partitions),
                                layout->n_partitions);
  if (!layout->is_accepted)
    fault = g_strdup (_ ("the board would refuse it"));
  else if (layout->n_missing > 0)
    fault =
        g_strdup_printf (ngettext ("%u file is missing", "%u files are missing", layout->n_missing),
                         layout->n_missing);
  else
    return g_steal_pointer (&partitions);
  /* TRANSLATORS: two facts: “17 partitions, 2 files are missing” */
  return g_strdup_printf (_ ("%1$s, %2$s"), partitions, fault);
}

gboolean
flash_bundle_words_has_fault (const FlashBundleLayout *layout)
{
  g_return_val_if_fail (layout != NULL, FALSE);

  return !layout->is_accepted || layout->n_missing > 0;
}

const char *
flash_bundle_words_reason (FlashBundleReason reason)
{
  switch (reason) {
  case FLASH_BUNDLE_REASON_ONLY:
  case FLASH_BUNDLE_REASON_NAME:
    return NULL;
  case FLASH_BUNDLE_REASON_ACCEPTED:
    return _ ("The board would refuse the others.");
  case FLASH_BUNDLE_REASON_CHIP:
    return _ ("It is for the chip of the chosen board.");
  case FLASH_BUNDLE_REASON_COMPLETE:
    return _ ("More files of the others are missing.");
  case FLASH_BUNDLE_REASON_USUAL:
    return _ ("The others are samples, or for special cards.");
  case FLASH_BUNDLE_REASON_STORAGE:
    return _ ("Its storage is the most usual one.");
  }
  g_return_val_if_reached (NULL);
}

/* --- what is open --------------------------------------------------------------------------- */

/* Whole sentences: other languages bend the words by what stands beside them. */
static const char *
get_opened (FlashBundleStorage storage, gboolean has_board)
{
  switch (storage) {
  case FLASH_BUNDLE_STORAGE_NONE:
    return has_board ? _ ("Opened the layout of boot stages for %s")
                     : _ ("Opened the layout of boot stages");
  case FLASH_BUNDLE_STORAGE_SDCARD:
    return has_board ? _ ("Opened the SD card layout for %s") : _ ("Opened the SD card layout");
  case FLASH_BUNDLE_STORAGE_EMMC:
    return has_board ? _ ("Opened the eMMC layout for %s") : _ ("Opened the eMMC layout");
  case FLASH_BUNDLE_STORAGE_NAND:
    return has_board ? _ ("Opened the NAND flash layout for %s")
                     : _ ("Opened the NAND flash layout");
  case FLASH_BUNDLE_STORAGE_SPI_NAND:
    return has_board ? _ ("Opened the SPI NAND flash layout for %s")
                     : _ ("Opened the SPI NAND flash layout");
  case FLASH_BUNDLE_STORAGE_NOR:
    return has_board ? _ ("Opened the NOR flash layout for %s") : _ ("Opened the NOR flash layout");
  case FLASH_BUNDLE_STORAGE_SEVERAL:
    return has_board ? _ ("Opened the layout for several storages of %s")
                     : _ ("Opened the layout for several storages");
  case FLASH_BUNDLE_STORAGE_RAM:
    return has_board ? _ ("Opened the layout that starts %s from memory")
                     : _ ("Opened the layout that starts the board from memory");
  }
  g_return_val_if_reached ("");
}

char *
flash_bundle_words_dup_opened (const FlashBundleLayout *layout)
{
  g_autofree char *board = NULL;
  g_autofree char *variant = NULL;
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (layout != NULL, NULL);

  board = flash_bundle_words_dup_board (layout);
  variant = dup_variant (layout);
  text = g_string_new (get_opened (layout->storage, layout->board != NULL));
  if (layout->board != NULL)
    g_string_replace (text, "%s", board, 1);
  if (variant != NULL)
    /* TRANSLATORS: a variant of the layout behind the sentence about it */
    g_string_append_printf (text, _ (" (%s)"), variant);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- what went wrong ------------------------------------------------------------------------ */

static void
get_bundle_fault (FlashBundleError code, const char *name, FlashBundleFault *out)
{
  switch (code) {
  case FLASH_BUNDLE_ERROR_NO_LAYOUT:
    out->cause = g_strdup_printf (_ ("There is no layout in “%s”."), name);
    out->remedy = g_strdup (_ ("Open the folder or archive in which the build has put its .tsv "
                               "files; a Yocto build has it at tmp/deploy/images."));
    return;
  case FLASH_BUNDLE_ERROR_UNKNOWN_KIND:
    out->cause = g_strdup_printf (_ ("“%s” is no archive that can be read."), name);
    out->remedy = g_strdup (_ ("Open a .tar, .tar.gz, .tar.xz, .tar.zst or .zip, or a folder."));
    return;
  case FLASH_BUNDLE_ERROR_DAMAGED:
    out->cause = g_strdup_printf (_ ("“%s” is damaged, or not all of it is there."), name);
    out->remedy = g_strdup (_ ("Download or copy it once more."));
    return;
  case FLASH_BUNDLE_ERROR_TOO_LARGE:
    out->cause = g_strdup_printf (_ ("“%s” holds more than a build does, and was refused."), name);
    out->remedy = g_strdup (_ ("If you trust it, unpack it yourself and open the folder."));
    return;
  case FLASH_BUNDLE_ERROR_UNSAFE:
    out->cause = g_strdup_printf (
        _ ("“%s” was refused: a file of its layout would lie outside of it."), name);
    out->remedy = g_strdup (_ ("No build makes such an archive. Ask where it comes from."));
    return;
  case FLASH_BUNDLE_ERROR_NO_SPACE:
    out->cause = g_strdup_printf (_ ("There is not enough room to unpack “%s”."), name);
    out->remedy =
        g_strdup_printf (_ ("Free some room on the disk of %s."), g_get_user_cache_dir ());
    return;
  case FLASH_BUNDLE_ERROR_ENCRYPTED:
    out->cause = g_strdup_printf (_ ("“%s” is encrypted."), name);
    out->remedy = g_strdup (_ ("Unpack it with its password, and open the folder."));
    return;
  case FLASH_BUNDLE_ERROR_CHANGED:
    out->cause = g_strdup_printf (_ ("“%s” was changed since it was opened."), name);
    out->remedy = g_strdup (_ ("Open it once more."));
    return;
  }
  g_return_if_reached ();
}

void
flash_bundle_words_get_fault (const GError *error, const char *path, FlashBundleFault *out_fault)
{
  g_autofree char *name = NULL;

  g_return_if_fail (error != NULL && path != NULL && out_fault != NULL);

  name = g_filename_display_basename (path);
  *out_fault = (FlashBundleFault){ NULL, NULL };
  if (error->domain == FLASH_BUNDLE_ERROR)
    get_bundle_fault (error->code, name, out_fault);
  else
    out_fault->cause = flash_words_dup_load_error (error, name);
}

char *
flash_bundle_words_dup_fault (const GError *error, const char *path)
{
  FlashBundleFault fault;
  char *text;

  flash_bundle_words_get_fault (error, path, &fault);
  if (fault.remedy == NULL)
    return fault.cause;
  /* TRANSLATORS: two sentences: what is wrong, then what to do about it */
  text = g_strdup_printf (_ ("%1$s %2$s"), fault.cause, fault.remedy);
  flash_bundle_fault_clear (&fault);
  return text;
}

void
flash_bundle_fault_clear (FlashBundleFault *fault)
{
  g_return_if_fail (fault != NULL);

  g_clear_pointer (&fault->cause, g_free);
  g_clear_pointer (&fault->remedy, g_free);
}
