/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the cases are written down. For use inside this room. Thread: any; it does not change. */
#pragma once

#include "flash-recovery.h"

G_BEGIN_DECLS

/* Which boot loader a case waits for. */
typedef enum {
  FLASH_RECOVERY_ROM_STM32MP,
  FLASH_RECOVERY_ROM_STM32,
  FLASH_RECOVERY_ROM_H7,
} FlashRecoveryRom;

/* What lets a step pass. */
typedef enum {
  FLASH_RECOVERY_CHECK_END, /* nothing: it is the last one */
  FLASH_RECOVERY_CHECK_SAID, /* a person says so */
  FLASH_RECOVERY_CHECK_SAID_OR_ROM, /* the same, or the ROM is there already */
  FLASH_RECOVERY_CHECK_ROM, /* the ROM is there and can be opened */
  FLASH_RECOVERY_CHECK_HUB, /* the same, behind a hub */
  FLASH_RECOVERY_CHECK_PROTECTED, /* it is known to be protected, or a person says so */
  FLASH_RECOVERY_CHECK_LAYOUT, /* a layout is open */
  FLASH_RECOVERY_CHECK_FIRMWARE, /* firmware is open */
  FLASH_RECOVERY_CHECK_DONE, /* the job is done */
  FLASH_RECOVERY_CHECK_DONE_OR_SAID, /* the same, or a person does without */
  FLASH_RECOVERY_CHECK_VERIFIED, /* the same, and it has verified */
  FLASH_RECOVERY_CHECK_BLANK, /* the same, and everything was read back as erased */
} FlashRecoveryCheck;

/* What leads elsewhere. */
typedef enum {
  FLASH_RECOVERY_SIGN_NONE,
  FLASH_RECOVERY_SIGN_CONFIRMED, /* a person says so */
  FLASH_RECOVERY_SIGN_PROTECTED, /* the chip is protected, or its job said so */
  FLASH_RECOVERY_SIGN_NOT_PROTECTED, /* the job found no protection */
  FLASH_RECOVERY_SIGN_STAYS_CLOSED, /* the protection could not be removed */
  FLASH_RECOVERY_SIGN_FIRST_STAGE, /* the first boot stage did not start, or was refused */
  FLASH_RECOVERY_SIGN_SECOND_STAGE, /* the board did not come back after the boot stages */
} FlashRecoverySign;

typedef struct _FlashRecoveryNode FlashRecoveryNode;

/* Where a sign leads: the steps that follow instead, ended by an end. */
typedef struct {
  FlashRecoverySign sign;
  const FlashRecoveryNode *path;
} FlashRecoveryFork;

struct _FlashRecoveryNode {
  FlashRecoveryStep step;
  FlashRecoveryCheck check;
  FlashRecoveryFork forks[2];
};

/* A case, with its steps up to an end. */
typedef struct {
  const char *id;
  FlashRecoveryRom rom;
  const FlashRecoveryNode *path;
} FlashRecoveryWay;

/* Returns: (transfer none) (nullable): the way of that case. */
const FlashRecoveryWay *flash_recovery_way_find (const char *id);

/* Returns: (transfer none) (array length=out_n): the ways of each kind of chip. */
const FlashRecoveryWay *flash_recovery_list_mp_ways (guint *out_n);
const FlashRecoveryWay *flash_recovery_list_mcu_ways (guint *out_n);

/**
 * flash_recovery_check:
 * @out_obstacle: (out) (nullable) (transfer none): to be translated: why it does not pass, %NULL if
 *   it passes or there is nothing to say
 *
 * Returns: whether @check lets the step pass
 */
gboolean flash_recovery_check (FlashRecoveryCheck check, FlashRecoveryRom rom,
                               const FlashRecoverySeen *seen, const char **out_obstacle);

/* Returns: whether there is that sign. */
gboolean flash_recovery_has_sign (FlashRecoverySign sign, const FlashRecoverySeen *seen);

G_END_DECLS
