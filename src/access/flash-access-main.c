/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Installs the access rule, or removes it: what the window has the administrator's right for, by
 * way of pkexec, and nothing besides. */
#define G_LOG_DOMAIN "flash-access-main"

#include "config.h"

#include "flash-access-rule.h"

#include <stdlib.h>
#include <sys/stat.h>

int
main (int argc, char **argv)
{
  /* Before anything looks at it: GLib takes paths of resources and modules from there. */
  clearenv ();
  umask (022);
  return flash_access_run_verb ("/", argc, argv);
}
