/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of udev rules, as anybody may have put them on this computer. */
#include "config.h"

#include "flash-fuzz.h"
#include "flash-host-udev.h"

#include <string.h>

/* Only what cannot be taken for another entry of the list. */
static void
check_gifts (const char *gives)
{
  g_auto (GStrv) gifts = g_strsplit (gives, ", ", -1);

  g_assert_cmpuint (g_strv_length (gifts), >=, 1);
  g_assert_cmpuint (g_strv_length (gifts), <=, 3);
  for (guint i = 0; gifts[i] != NULL; i++) {
    const char *value = strchr (gifts[i], '=');

    g_assert_true (value != NULL || g_str_equal (gifts[i], "uaccess"));
    g_assert_true (value == NULL || g_str_has_prefix (gifts[i], "MODE=") ||
                   g_str_has_prefix (gifts[i], "GROUP="));
    g_assert_cmpuint (strcspn (gifts[i], " ,\"\n\033"), ==, strlen (gifts[i]));
    g_assert_true (g_str_is_ascii (gifts[i]));
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (FlashHostUdev) udev = { 0 };
  g_auto (FlashHostUdevNode) node = { 0 };

  flash_host_udev_init (&udev, text, &node);
  g_assert_true (udev.is_about_boards || udev.gives == NULL);
  if (udev.gives != NULL)
    check_gifts (udev.gives);
  return 0;
}
