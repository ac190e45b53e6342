/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a job ended: written, verified and started as three separate facts; the cause and the remedy
 * of a failure; what to do next. Thread: main. */
#pragma once

#include "flash-job-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_RESULT_PAGE (flash_result_page_get_type ())
G_DECLARE_FINAL_TYPE (FlashResultPage, flash_result_page, FLASH, RESULT_PAGE, AdwBin)

/**
 * flash_result_page_set_model:
 * @model: (nullable): a job that is over
 */
void flash_result_page_set_model (FlashResultPage *self, FlashJobModel *model);

/* Returns: (transfer none): how the job ended, in one short sentence; for a notification. */
const char *flash_result_page_get_title (FlashResultPage *self);

/* Gives the keyboard to the page, so that a screen reader says how the job ended. */
void flash_result_page_focus (FlashResultPage *self);

G_END_DECLS
