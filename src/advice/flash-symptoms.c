/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-symptoms"

#include "config.h"

#include "flash-symptoms.h"

#include "flash-diag.h"

#include <string.h>

static const char *const port_names[] = {
  [FLASH_PORT_UNKNOWN] = "unknown",
  [FLASH_PORT_NOTHING] = "nothing",
  [FLASH_PORT_FAILED] = "failed",
  [FLASH_PORT_OVER_CURRENT] = "over-current",
  [FLASH_PORT_AWAITED] = "awaited",
  [FLASH_PORT_ROM] = "rom",
  [FLASH_PORT_STAYED] = "stayed",
  [FLASH_PORT_SILENT] = "silent",
  [FLASH_PORT_CLOSED] = "closed",
  [FLASH_PORT_HELD] = "held",
  [FLASH_PORT_PLAIN_UBOOT] = "plain-u-boot",
  [FLASH_PORT_OTHER_BOARD] = "other-board",
  [FLASH_PORT_OTHER_DEVICE] = "other-device",
};

typedef struct {
  const char *name;
  const char *question;
} Words;

static const Words observations[] = {
  [FLASH_OBSERVATION_NONE] = { "none", "" },
  [FLASH_OBSERVATION_POWER_LED] = { "power-led", N_ ("Is a power LED of the board lit?") },
  [FLASH_OBSERVATION_RED_LED] = { "red-led", N_ ("Does the red LED of the board blink?") },
  [FLASH_OBSERVATION_CONSOLE_SPEAKS] = { "console-speaks",
                                         N_ ("Has the serial console printed anything since the "
                                             "last file was sent?") },
  [FLASH_OBSERVATION_OTHER_CABLE] = { "other-cable",
                                      N_ ("Is it the same with another cable and another port of "
                                          "the computer?") },
  [FLASH_OBSERVATION_BOOT_SWITCHES] = { "boot-switches",
                                        N_ ("Are the boot switches of the board set to serial "
                                            "boot?") },
  [FLASH_OBSERVATION_BOOT0_HELD] = { "boot0-held",
                                     N_ ("Was BOOT0 high while the board got its power?") },
  [FLASH_OBSERVATION_HOST_SEES_IT] = { "host-sees-it",
                                       N_ ("Does the computer outside of the virtual machine list "
                                           "the board among its USB devices?") },
  [FLASH_OBSERVATION_OTHER_COMPUTER] = { "other-computer",
                                         N_ ("Is it the same behind a USB 2.0 hub, or on another "
                                             "computer?") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (observations) == FLASH_N_OBSERVATIONS);

const char *
flash_port_shows_get_name (FlashPortShows shows)
{
  g_return_val_if_fail ((guint) shows < G_N_ELEMENTS (port_names), "unknown");

  return port_names[shows];
}

const char *
flash_observation_get_name (FlashObservation observation)
{
  g_return_val_if_fail ((guint) observation < FLASH_N_OBSERVATIONS, "none");

  return observations[observation].name;
}

const char *
flash_observation_get_question (FlashObservation observation)
{
  g_return_val_if_fail ((guint) observation < FLASH_N_OBSERVATIONS, "");

  return observations[observation].question;
}

void
flash_symptoms_init (FlashSymptoms *self, FlashMoment moment)
{
  g_return_if_fail (self != NULL);

  memset (self, 0, sizeof *self);
  self->moment = moment;
  self->last_id = -1;
  self->n_hubs = -1;
  self->n_disconnects = -1;
  self->battery_percent = -1;
  self->image_chip_id = -1;
}
