/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Support bundles from the command line. Thread: main. */
#pragma once

#include "flash-cli.h"
#include "flash-diag.h"
#include "flash-doctor.h"

G_BEGIN_DECLS

/**
 * flash_cli_report_save:
 * @doctor: what it knows goes into the bundle, without the names of user and computer and without
 *   serial numbers
 * @problems: (nullable): what was found about the layout and its files
 * @path: (type filename): the bundle
 * @is_json: whether the command answers in JSON
 *
 * Says on the standard error what was written, or why not. Blocks until checksums are made, or
 * somebody presses Ctrl-C: then the bundle says that they were not made.
 *
 * Returns: whether it was written
 */
gboolean flash_cli_report_save (FlashDoctor *doctor, const FlashDiagList *problems,
                                const char *path, gboolean is_json);

/**
 * flash_cli_report_check_output:
 * @path: (type filename): where a bundle is to be written
 * @forces: whether a file that is no bundle may be replaced
 * @out_exit: (out): with what to end, if it may not be written there
 *
 * What is no ordinary file is never replaced: a link, a device, a pipe. Says why not.
 *
 * Returns: whether a bundle may be written there, as far as names go
 */
gboolean flash_cli_report_check_output (const char *path, gboolean forces, gboolean is_json,
                                        FlashCliExit *out_exit);

/**
 * flash_cli_report_show:
 * @path: (type filename): a bundle from anybody
 *
 * Prints what it says, or why it is not opened.
 *
 * Returns: the exit code
 */
FlashCliExit flash_cli_report_show (const char *path, gboolean is_json);

G_END_DECLS
