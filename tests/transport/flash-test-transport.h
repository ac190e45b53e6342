/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device that is nothing but its descriptors, for tests of what reads them. */
#pragma once

#include "flash-transport.h"

G_BEGIN_DECLS

#define FLASH_TEST_N_STRINGS 256

/* What the device does when it is asked for one thing. */
typedef enum {
  FLASH_TEST_ANSWER,
  FLASH_TEST_STALL,
  FLASH_TEST_GONE,
  FLASH_TEST_TIME_OUT, /* at once */
  FLASH_TEST_LATE, /* answers when all of the time has passed; only for strings */
} FlashTestBehaviour;

#define FLASH_TYPE_TEST_TRANSPORT (flash_test_transport_get_type ())
G_DECLARE_FINAL_TYPE (FlashTestTransport, flash_test_transport, FLASH, TEST_TRANSPORT,
                      FlashTransport)

struct _FlashTestTransport {
  FlashTransport parent_instance;

  GByteArray *device; /* (owned) */
  GByteArray *configuration; /* (owned) */
  GBytes *strings[FLASH_TEST_N_STRINGS]; /* (owned) (nullable): stalls if there is none */
  FlashTestBehaviour behaviours[FLASH_TEST_N_STRINGS]; /* for strings */
  FlashTestBehaviour device_behaviour;
  guint n_configuration_stalls_above; /* stalls a wLength above this; 0: never */
  guint n_requests;
  guint n_closed;
  guint n_resets;
  guint alternate;
  GByteArray *sent; /* (owned): the last data stage out */
};

FlashTestTransport *flash_test_transport_new (void);

/* Makes a string descriptor of @text, UTF-8. */
void flash_test_transport_set_string (FlashTestTransport *self, guint index, const char *text);

G_END_DECLS
