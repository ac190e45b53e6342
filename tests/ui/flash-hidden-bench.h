/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window whose board is flashed while nobody sees it, and what the desktop hears of it. Thread:
 * main. */
#pragma once

#include "flash-app-test.h"

G_BEGIN_DECLS

/**
 * flash_hidden_bench_take:
 * @mock: where calls are noted
 * @method: (nullable): the method that is waited for, %NULL for any
 * @out_call: (inout) (nullable): the call before, which is freed; the call that was noted first
 *
 * Returns: whether there was one
 */
gboolean flash_hidden_bench_take (FlashMockBus *mock, const char *method, char **out_call);

/* Forgets what was noted up to now. */
void flash_hidden_bench_forget_calls (void);

/* What the toolkit sends is noted before it is answered, and it can take nothing back that was not
 * answered: waits until it was. */
void flash_hidden_bench_wait_for_answers (void);

/* Activates an action of the application. */
void flash_hidden_bench_activate (const char *action, GVariant *parameter);

/* Returns: whether the window can be seen. */
gboolean flash_hidden_bench_is_shown (FlashAppFixture *fixture);

/* Starts a job. Returns: (transfer none): its board, made to measure by @keys. */
FlashBoardEntry *flash_hidden_bench_start (FlashAppFixture *fixture, const char *keys);

/* Closes the window and lets the job go on. */
void flash_hidden_bench_hide (FlashAppFixture *fixture);

G_END_DECLS
