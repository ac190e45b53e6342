/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Installing the access rule, or removing it again: by the system's own question for the
 * administrator (pkexec), or by a command for a terminal. Thread: main. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Undoes it, in a terminal. */
#define FLASH_ACCESS_REMOVE_COMMAND                                                                \
  "sudo rm -f /etc/udev/rules.d/60-flashwright.rules &&\n"                                         \
  "sudo udevadm control --reload\n"

#define FLASH_ACCESS_ERROR (flash_access_error_quark ())
GQuark flash_access_error_quark (void);

/**
 * FlashAccessError:
 * @FLASH_ACCESS_ERROR_NOT_APPLIED: the rule was changed, but udev could not be told of it
 */
typedef enum { FLASH_ACCESS_ERROR_NOT_APPLIED } FlashAccessError;

/* Returns: (transfer none): the text of the rule. */
const char *flash_access_get_rule (void);

/**
 * flash_access_dup_command:
 *
 * Returns: (transfer full): what to paste into a terminal to install the rule. It needs no file of
 *   this program, which a terminal may not see: the text of the rule is in it
 */
char *flash_access_dup_command (void);

/* @root: (nullable) (type filename): where the file system begins
 *
 * Returns: whether this program runs in a sandbox, from where no rule can be installed. */
gboolean flash_access_is_sandboxed (const char *root);

/* @root: (nullable) (type filename): where the file system begins
 *
 * Returns: whether flash_access_run () has what it needs: no sandbox, pkexec, and the program that
 * installs the rule. */
gboolean flash_access_can_run (const char *root);

/**
 * flash_access_run:
 * @root: (nullable) (type filename): where the file system begins
 * @verb: `install` or `remove`
 * @cancellable: (nullable): takes the question for the password back; what the administrator has
 *   agreed to goes on
 * @callback: called in the main thread
 * @data: for @callback
 */
void flash_access_run (const char *root, const char *verb, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data);

/**
 * flash_access_run_finish:
 *
 * Returns: %TRUE, or %FALSE with @error set: %G_IO_ERROR_CANCELLED if the user has dismissed the
 *   question, %G_IO_ERROR_PERMISSION_DENIED if nobody could or would give the right,
 *   %FLASH_ACCESS_ERROR, another %G_IO_ERROR, with what the program said, made safe to show
 */
gboolean flash_access_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
