/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Virtual boards, as a provider like any other.
 *
 * Thread: main, except flash_provider_peek_port () and what boards and transports say of
 * themselves. The devices inside are guarded, each by a lock of its own. */
#pragma once

#include "flash-clock.h"
#include "flash-provider.h"
#include "flash-sim-device.h"

G_BEGIN_DECLS

#define FLASH_TYPE_SIM_PROVIDER (flash_sim_provider_get_type ())
G_DECLARE_FINAL_TYPE (FlashSimProvider, flash_sim_provider, FLASH, SIM_PROVIDER, GObject)

/**
 * flash_sim_provider_new:
 * @clock: the clock by which virtual boards take their time
 *
 * The list holds one board for each model that the engine can flash (FlashSimModel.is_listed),
 * switched on and in its ROM, with storage in memory files that are gone with the provider.
 * flash_provider_find () with `virtual:MODEL,key=value…` adds a board made to measure and returns
 * it; the same text gives the same board again.
 */
FlashSimProvider *flash_sim_provider_new (FlashClock *clock);

/**
 * flash_sim_provider_dup_device:
 * @port: a port path of this provider
 *
 * Thread: any.
 *
 * Returns: (transfer full) (nullable): the virtual board that belongs on @port, or did at first,
 * also while it is off the bus: to pull its plug, and to put it back
 */
FlashSimDevice *flash_sim_provider_dup_device (FlashSimProvider *self, const char *port);

/**
 * flash_sim_provider_get_device_time_us:
 * @port: a port path of this provider
 *
 * Returns: the microseconds of its own time that the virtual board at @port has used for
 *   requests, drains, flushes and restarts since it was made; 0 if there is none
 */
gint64 flash_sim_provider_get_device_time_us (FlashSimProvider *self, const char *port);

/**
 * flash_sim_provider_get_n_requests:
 *
 * Returns: how many requests the virtual board at @port has answered; the number by which the
 *   `fault=KIND@N` key counts
 */
guint64 flash_sim_provider_get_n_requests (FlashSimProvider *self, const char *port);

/**
 * flash_sim_provider_dup_console:
 *
 * Returns: (transfer full) (nullable): what the virtual board at @port printed on its serial
 *   console, for tests and for people
 */
char *flash_sim_provider_dup_console (FlashSimProvider *self, const char *port);

/**
 * flash_sim_provider_list_models:
 *
 * Returns: (transfer none) (array zero-terminated=1): the names of all models, those included that
 *   are not in the list from the start
 */
const char *const *flash_sim_provider_list_models (void);

/**
 * flash_sim_provider_list_keys:
 *
 * Returns: (transfer none) (array zero-terminated=1): pairs of key and one-line English
 *   description
 */
const char *const *flash_sim_provider_list_keys (void);

/**
 * flash_sim_provider_list_faults:
 *
 * Returns: (transfer none) (array zero-terminated=1): pairs of kind and one-line English
 *   description
 */
const char *const *flash_sim_provider_list_faults (void);

G_END_DECLS
