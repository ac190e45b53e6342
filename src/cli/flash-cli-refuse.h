/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job that never began ends with the same words, and the same JSON event, as one that did.
 * Thread: main. */
#pragma once

#include "flash-advice.h"
#include "flash-cli.h"

G_BEGIN_DECLS

/**
 * FlashCliRefusal:
 * @code: stable code
 * @advice: (nullable): cause and remedy for it
 * @message: (nullable): English, the detail
 * @diags: (nullable): what is wrong with the input
 * @exit_code: how the command ends
 */
typedef struct {
  const char *code;
  const FlashAdvice *advice;
  const char *message;
  const FlashDiagList *diags;
  FlashCliExit exit_code;
} FlashCliRefusal;

/* Says it, and that nothing was sent. Returns: the exit code. */
FlashCliExit flash_cli_refuse (const FlashCliRefusal *refusal, gboolean is_json);

/* The same for @code, whose advice is the one of that code. */
FlashCliExit flash_cli_refuse_code (const char *code, const char *message, FlashCliExit exit_code,
                                    const FlashDiagList *diags, gboolean is_json);

/* The same for a board that could not be had (%FLASH_PROVIDER_ERROR). */
FlashCliExit flash_cli_refuse_board (const GError *error, gboolean is_json);

G_END_DECLS
