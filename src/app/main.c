/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-app-main"

#include "config.h"

#include "flash-application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autoptr (FlashApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = flash_application_new (flash_board_list_add_usb);
  flash_application_set_root (application, g_getenv ("FLASHWRIGHT_ROOT"));
  flash_application_set_virtual_boards (application, g_getenv ("FLASHWRIGHT_VIRTUAL"));
  return g_application_run (G_APPLICATION (application), argc, argv);
}
