/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts a program in a world with virtual boards on a mocked USB bus, the first on port 1-1, the
 * second on 1-2 and so on, and ends as it ended:
 *
 *   umockdev-wrapper flash-usb-mock-run BOARD-ID… -- COMMAND ARGUMENT… */
#define G_LOG_DOMAIN "flash-usb-mock-run"

#include "config.h"

#include "flash-usb-mock.h"

#include <locale.h>
#include <sys/wait.h>

#define STATUS_USAGE 2
#define STATUS_SKIP 77
/* As a shell says it. */
#define STATUS_SIGNAL 128

typedef struct {
  GMainLoop *loop;
  int status;
} Run;

static void
on_ended (GPid pid, int status, gpointer data)
{
  Run *run = data;

  run->status = WIFEXITED (status) ? WEXITSTATUS (status) : STATUS_SIGNAL + WTERMSIG (status);
  g_main_loop_quit (run->loop);
}

static gboolean
add_boards (FlashUsbMock *mock, char **ids, int n_ids)
{
  for (int i = 0; i < n_ids; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *port = g_strdup_printf ("1-%d", i + 1);
    FlashUsbGadget *gadget = flash_usb_gadget_new_board (ids[i], &error);

    if (gadget == NULL) {
      g_printerr ("%s\n", error->message);
      return FALSE;
    }
    flash_usb_mock_add (mock, port, gadget);
  }
  return TRUE;
}

static int
run_command (char **command)
{
  Run run = { g_main_loop_new (NULL, FALSE), STATUS_USAGE };
  g_autoptr (GError) error = NULL;
  GPid pid;

  if (g_spawn_async (NULL, command, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CHILD_INHERITS_STDIN,
                     NULL, NULL, &pid, &error)) {
    g_child_watch_add (pid, on_ended, &run);
    g_main_loop_run (run.loop);
  } else {
    g_printerr ("%s\n", error->message);
  }
  g_main_loop_unref (run.loop);
  return run.status;
}

int
main (int argc, char **argv)
{
  g_autoptr (FlashUsbMock) mock = NULL;
  int n_ids = 0;

  setlocale (LC_ALL, "");
  while (n_ids + 1 < argc && !g_str_equal (argv[n_ids + 1], "--"))
    n_ids++;
  if (n_ids + 2 >= argc) {
    g_printerr ("usage: umockdev-wrapper flash-usb-mock-run BOARD-ID... -- COMMAND...\n");
    return STATUS_USAGE;
  }
  if (!flash_usb_mock_is_possible ()) {
    g_printerr ("this must be started through umockdev-wrapper\n");
    return STATUS_SKIP;
  }
  mock = flash_usb_mock_new ();
  if (!add_boards (mock, argv + 1, n_ids))
    return STATUS_USAGE;
  return run_command (argv + n_ids + 2);
}
