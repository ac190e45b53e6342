/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of the layouts in a folder or an archive, as sentences in the user's language.
 * Thread: main. */
#pragma once

#include "flash-bundle.h"

G_BEGIN_DECLS

/**
 * flash_bundle_words_dup_title:
 *
 * Returns: (transfer full): storage and variant, such as “SD card, OP-TEE”
 */
char *flash_bundle_words_dup_title (const FlashBundleLayout *layout);

/* Returns: (transfer full): the board, or that it is not known. */
char *flash_bundle_words_dup_board (const FlashBundleLayout *layout);

/**
 * flash_bundle_words_dup_facts:
 *
 * Returns: (transfer full): how many partitions it has, and what is wrong with it
 */
char *flash_bundle_words_dup_facts (const FlashBundleLayout *layout);

/* Returns: (transfer full): its place in the folder or archive, safe to show. */
char *flash_bundle_words_dup_name (const FlashBundleLayout *layout);

/* Returns: whether something is wrong with it that keeps it from being flashed. */
gboolean flash_bundle_words_has_fault (const FlashBundleLayout *layout);

/* Returns: (transfer none) (nullable): why a layout is proposed, as a sentence; %NULL if there is
 * no reason that says anything. */
const char *flash_bundle_words_reason (FlashBundleReason reason);

/**
 * flash_bundle_words_dup_opened:
 *
 * Returns: (transfer full): that it was opened, such as “Opened the SD card layout for
 *   stm32mp157f-dk2 (OP-TEE)”
 */
char *flash_bundle_words_dup_opened (const FlashBundleLayout *layout);

/**
 * FlashBundleFault:
 * @cause: what is wrong, a sentence
 * @remedy: (nullable): what to do about it
 */
typedef struct {
  char *cause;
  char *remedy;
} FlashBundleFault;

/**
 * flash_bundle_words_get_fault:
 * @error: why a folder or an archive could not be opened
 * @path: (type filename): of it
 * @out_fault: (out caller-allocates): to be cleared with flash_bundle_fault_clear ()
 */
void
flash_bundle_words_get_fault (const GError *error, const char *path, FlashBundleFault *out_fault);

/* Returns: (transfer full): the same in one piece. */
char *flash_bundle_words_dup_fault (const GError *error, const char *path);

void flash_bundle_fault_clear (FlashBundleFault *fault);

G_END_DECLS
