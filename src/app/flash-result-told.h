/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a job, for those who listen: the heading is announced, and the facts belong to the
 * button that has the keyboard. Thread: main. */
#pragma once

#include "flash-result-page.h"

G_BEGIN_DECLS

/**
 * flash_result_told_say:
 * @page: a page that shows a result, in a window
 *
 * Announces what came of the job, and describes the button in @page that has the keyboard, if one
 * has it, by the heading and the facts.
 */
void flash_result_told_say (FlashResultPage *page);

G_END_DECLS
