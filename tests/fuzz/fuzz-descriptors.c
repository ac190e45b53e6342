/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-descriptors.h"
#include "flash-fuzz.h"

#define DEVICE_LENGTH 18

/* The bytes are a device descriptor and, behind it, a configuration descriptor. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize length = MIN (size, DEVICE_LENGTH);
  g_autoptr (FlashDescriptors) descriptors =
      flash_descriptors_parse (data, length, data + length, size - length, NULL);

  if (descriptors != NULL)
    g_assert_cmpuint (descriptors->alternates->len, <=, 256);
  return 0;
}
