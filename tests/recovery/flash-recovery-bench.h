/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be seen while a board is revived, in words. Thread: main. */
#pragma once

#include "flash-recovery.h"

G_BEGIN_DECLS

/* Makes the boards that the words mean. Call first. */
void flash_recovery_bench_init (void);
/* Lets them go. */
void flash_recovery_bench_shut_down (void);

/**
 * flash_recovery_bench_see:
 * @words: what is seen, between blanks: a board (`mp`, `u-boot`, `h7`, `f4`, `custom`, `runtime`),
 *   `denied`, `busy`, `silent`, `probe`, `hub`, `layout`, `firmware`, `job=CODE`, `blank`,
 *   `verified`, `protected`, and `yes` for what the person says
 *
 * Returns: whether something has changed
 */
gboolean flash_recovery_bench_see (FlashRecovery *recovery, const char *words);

/* Returns: (transfer none): the present step. */
const FlashRecoveryStep *flash_recovery_bench_get_step (FlashRecovery *recovery);

G_END_DECLS
