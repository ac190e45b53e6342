/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards on USB keep what every maker of boards promises: with the kernel's own USB stack, on
 * virtual boards that the command line plugs into it. For root on a computer that has the module
 * vhci-hcd and nothing on its ports:
 *
 *   FLASHWRIGHT_CLI=PROGRAM test-contract-live */
#define G_LOG_DOMAIN "test-contract-live"

#include "config.h"

#include "flash-contract.h"
#include "flash-usb-provider.h"

#include <signal.h>
#include <string.h>

#define CONTROLLER "/sys/devices/platform/vhci_hcd.0"
#define MAX_BOARDS 2

/* A program that keeps one board plugged in. */
typedef struct {
  char *port; /* (owned) (nullable): NULL if it is free */
  GSubprocess *program; /* (owned) */
} Socket;

typedef struct {
  const char *program;
  guint bus; /* of the ports for high and full speed */
  Socket sockets[MAX_BOARDS];
} Live;

/* Of the controller's root hubs, the one for high and full speed. Returns 0 if there is none. */
static guint
find_bus (void)
{
  g_autoptr (GDir) folder = g_dir_open (CONTROLLER, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename (CONTROLLER, name, "speed", NULL);
    g_autofree char *text = NULL;

    if (g_str_has_prefix (name, "usb") && g_file_get_contents (path, &text, NULL, NULL) &&
        g_str_equal (text, "480\n"))
      return (guint) g_ascii_strtoull (name + strlen ("usb"), NULL, 10);
  }
  return 0;
}

static void
wait_ready (GSubprocess *program)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (program));

  for (;;) {
    g_autoptr (GError) error = NULL;
    g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);

    g_assert_no_error (error);
    /* At the end of the output, the program said why on standard error. */
    g_assert_nonnull (line);
    if (strstr (line, "\"ready\"") != NULL)
      break;
  }
  /* What follows is not read; it is little. The stream stays open with the program. */
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
}

static char *
add (FlashContractWorld *world, const char *id)
{
  Live *live = world->data;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;
  guint free_socket = 0;
  Socket *socket;

  while (live->sockets[free_socket].port != NULL)
    g_assert_cmpuint (++free_socket, <, MAX_BOARDS);
  socket = &live->sockets[free_socket];
  number = g_strdup_printf ("%u", free_socket);
  socket->program =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        live->program, "virtual", id, "--vhci", number, "--json", NULL);
  g_assert_no_error (error);
  wait_ready (socket->program);
  socket->port = g_strdup_printf ("%u-%u", live->bus, free_socket + 1);
  return g_strdup (socket->port);
}

static Socket *
find_socket (Live *live, const char *port)
{
  for (guint i = 0; i < MAX_BOARDS; i++)
    if (g_strcmp0 (live->sockets[i].port, port) == 0)
      return &live->sockets[i];
  g_assert_not_reached ();
}

static void
command (FlashContractWorld *world, const char *port, const char *text)
{
  const Socket *socket = find_socket (world->data, port);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_subprocess_get_stdin_pipe (socket->program), text, strlen (text),
                             NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
set_plugged (FlashContractWorld *world, const char *port, gboolean is_plugged)
{
  command (world, port, is_plugged ? "plug\n" : "unplug\n");
}

static void
restart (FlashContractWorld *world, const char *port)
{
  command (world, port, "restart\n");
}

/* The next board on this port must not be taken for this one. */
static void
remove_board (FlashContractWorld *world, const char *port)
{
  Socket *socket = find_socket (world->data, port);
  g_autofree char *path = g_build_filename ("/sys/bus/usb/devices", port, NULL);
  g_autoptr (GError) error = NULL;

  command (world, port, "quit\n");
  g_subprocess_wait (socket->program, NULL, &error);
  g_assert_no_error (error);
  while (g_file_test (path, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, FALSE);
  g_clear_object (&socket->program);
  g_clear_pointer (&socket->port, g_free);
}

static int
skip (const char *reason)
{
  g_print ("1..0 # SKIP %s\n", reason);
  return 0;
}

int
main (int argc, char **argv)
{
  Live live = { .program = g_getenv ("FLASHWRIGHT_CLI"), .bus = find_bus () };
  g_autoptr (FlashUsbProvider) provider = NULL;
  g_autoptr (GError) error = NULL;
  FlashContractWorld world = {
    .is_following = TRUE,
    .add = add,
    .set_plugged = set_plugged,
    .restart = restart,
    .remove = remove_board,
    .data = &live,
  };

  g_test_init (&argc, &argv, NULL);
  if (live.program == NULL)
    return skip ("FLASHWRIGHT_CLI does not name the command line");
  if (live.bus == 0)
    return skip ("this computer has no virtual USB controller: modprobe vhci-hcd");
  signal (SIGPIPE, SIG_IGN);
  provider = flash_usb_provider_new (&error);
  g_assert_no_error (error);
  world.provider = FLASH_PROVIDER (provider);
  flash_contract_add_tests (&world);
  return g_test_run ();
}
