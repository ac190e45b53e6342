/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said, at the top of a window, of the folder or archive that the layout comes from: that
 * it is being opened, which layout was opened and that there are others, or why none was.
 * Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_BUNDLE_BAR (flash_bundle_bar_get_type ())
G_DECLARE_FINAL_TYPE (FlashBundleBar, flash_bundle_bar, FLASH, BUNDLE_BAR, AdwBin)

/**
 * FlashBundleState:
 * @FLASH_BUNDLE_STATE_BUSY: it is being opened; with a verb to cancel
 * @FLASH_BUNDLE_STATE_OPENED: one was opened; with a verb to choose another
 * @FLASH_BUNDLE_STATE_ALONE: one was opened, and there is no other
 * @FLASH_BUNDLE_STATE_FAILED: none could be opened
 */
typedef enum {
  FLASH_BUNDLE_STATE_BUSY,
  FLASH_BUNDLE_STATE_OPENED,
  FLASH_BUNDLE_STATE_ALONE,
  FLASH_BUNDLE_STATE_FAILED,
} FlashBundleState;

/**
 * FlashBundleNews:
 * @title: what has happened, a sentence
 * @detail: (nullable): what else is to be known
 * @fraction: while it is being opened: how far it is, from 0 to 1, or -1 if that is not known
 */
typedef struct {
  FlashBundleState state;
  const char *title;
  const char *detail;
  double fraction;
} FlashBundleNews;

/**
 * flash_bundle_bar_set_news:
 * @news: (nullable) (transfer none): what to say; %NULL hides the bar
 */
void flash_bundle_bar_set_news (FlashBundleBar *self, const FlashBundleNews *news);

G_END_DECLS
