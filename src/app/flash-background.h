/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system's leave to go on without a window: inside of a sandbox, whoever has none is ended
 * unless it has asked (org.freedesktop.portal.Background). Thread: main. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * flash_background_request:
 * @bus: the session bus
 * @reason: why, as the system may show it
 * @cancellable: (nullable): ends the wait
 * @callback: called once the system, or the user, has answered
 *
 * Asks to go on without a window. There may be a dialog of the system, so that it can take long.
 */
void flash_background_request (GDBusConnection *bus, const char *reason, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);

/**
 * FlashBackgroundAnswer:
 * @FLASH_BACKGROUND_ALLOWED: it goes on
 * @FLASH_BACKGROUND_REFUSED: it must not; the system does not say why
 * @FLASH_BACKGROUND_DECLINED: the user has closed the system's question
 */
typedef enum {
  FLASH_BACKGROUND_ALLOWED,
  FLASH_BACKGROUND_REFUSED,
  FLASH_BACKGROUND_DECLINED,
} FlashBackgroundAnswer;

/**
 * flash_background_request_finish:
 * @out_answer: (out): the answer; untouched on failure
 *
 * Returns: %FALSE with @error set (%G_IO_ERROR, %G_DBUS_ERROR) if nobody could be asked
 */
gboolean flash_background_request_finish (GAsyncResult *result, FlashBackgroundAnswer *out_answer,
                                          GError **error);

G_END_DECLS
