/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linked into the command line in place of bindtextdomain (): takes the catalogs of a test instead
 * of those that are installed. */
#define G_LOG_DOMAIN "flash-locale-here"

#include "config.h"

#include <glib.h>

char *__real_bindtextdomain (const char *domain, const char *folder);
char *__wrap_bindtextdomain (const char *domain, const char *folder);

char *
__wrap_bindtextdomain (const char *domain, const char *folder)
{
  const char *here = g_getenv ("FLASH_TEST_LOCALE_DIR");

  return __real_bindtextdomain (domain, here != NULL ? here : folder);
}
