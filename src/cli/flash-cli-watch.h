/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `boards --watch`: what comes, goes and changes on USB, as it happens. Thread: main. */
#pragma once

#include "flash-cli-world.h"
#include "flash-cli.h"

G_BEGIN_DECLS

/**
 * flash_cli_watch:
 * @is_json: one object a line: "event" is `present`, `watching`, `arrived`, `left` or `changed`,
 *   the rest as in the list
 *
 * Runs until it is stopped.
 *
 * Returns: %FLASH_CLI_STOPPED, or %FLASH_CLI_NO_BOARD if USB cannot be used
 */
FlashCliExit flash_cli_watch (FlashCliWorld *world, gboolean is_json);

G_END_DECLS
