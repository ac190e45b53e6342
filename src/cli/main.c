/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-main"

#include "config.h"

#include "flash-cli-columns.h"
#include "flash-cli.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>

static const struct {
  const char *name;
  FlashCliCommand run;
  const char *summary;
  gboolean is_job; /* what it does counts, not what it prints */
} commands[] = {
  { "boards", flash_cli_boards, N_ ("List the boards that can be flashed") },
  { "check", flash_cli_check, N_ ("Check a layout and its files, without a board") },
  { "inspect", flash_cli_inspect, N_ ("Say what a firmware file holds") },
  { "image", flash_cli_image, N_ ("Write what the SD card of a board would hold into a file") },
  { "flash", flash_cli_flash, N_ ("Flash a board"), TRUE },
  { "read", flash_cli_read, N_ ("Read the memory of a microcontroller into a file"), TRUE },
  { "erase", flash_cli_erase, N_ ("Erase the flash of a microcontroller"), TRUE },
  { "options", flash_cli_options, N_ ("Show and change the option bytes of a microcontroller") },
  { "unprotect", flash_cli_unprotect,
    N_ ("Remove the read protection of a microcontroller, which erases it"), TRUE },
  { "leave", flash_cli_leave, N_ ("Let a microcontroller start its program"), TRUE },
  { "virtual", flash_cli_virtual, N_ ("Export virtual boards to other programs, or list them") },
  { "report", flash_cli_report, N_ ("Make a support bundle, or show one that was sent") },
  { "advice", flash_cli_advice, N_ ("Explain how a job has ended, by its code") },
};

static void
print_help (void)
{
  static const int widths[] = { 1, 1, 0 };
  g_autoptr (FlashCliTable) table = flash_cli_table_new (widths);

  g_print (_ ("Usage: flashwright-cli COMMAND [OPTION…]"));
  g_print ("\n\n%s\n\n%s\n", _ ("Flashes and revives STM32 boards over USB DFU."), _ ("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    flash_cli_table_add (table, commands[i].name, _ (commands[i].summary), NULL);
  flash_cli_table_print (table);
  g_print ("\n");
  g_print (_ ("“flashwright-cli COMMAND --help” tells more about each of them."));
  g_print ("\n");
}

/* JSON is the same in every language, and so is whatever the system and GLib put into a message. */
static void
choose_language (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    if (g_str_equal (argv[i], "--json"))
      setlocale (LC_MESSAGES, "C");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

/* A storage that is opened later must not be given the number of a standard stream that nobody
 * opened, or our words would be written into it. */
static void
keep_standard_streams (void)
{
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", O_RDWR) != fd)
      return;
}

/* Half an answer with a good exit code would be taken for a whole one. */
static FlashCliExit
finish_output (gboolean is_job, FlashCliExit exit_code)
{
  if (fflush (stdout) == 0 && ferror (stdout) == 0)
    return exit_code;
  g_printerr ("%s\n", _ ("Not everything could be written to the standard output."));
  return exit_code == FLASH_CLI_DONE && !is_job ? FLASH_CLI_FAILED : exit_code;
}

int
main (int argc, char **argv)
{
  keep_standard_streams ();
  choose_language (argc, argv);

  if (argc < 2) {
    print_help ();
    return FLASH_CLI_USAGE;
  }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") ||
      g_str_equal (argv[1], "help")) {
    print_help ();
    return (int) finish_output (FALSE, FLASH_CLI_DONE);
  }
  if (g_str_equal (argv[1], "--version")) {
    g_print ("flashwright-cli %s\n", PACKAGE_VERSION);
    return (int) finish_output (FALSE, FLASH_CLI_DONE);
  }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (argv[1], commands[i].name))
      return (int) finish_output (commands[i].is_job, commands[i].run (argc - 1, argv + 1));

  g_printerr (_ ("There is no command “%s”."), argv[1]);
  g_printerr ("\n");
  g_printerr (_ ("“flashwright-cli --help” lists them."));
  g_printerr ("\n");
  return FLASH_CLI_USAGE;
}
