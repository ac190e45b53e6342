/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards that are exported until somebody says that it is enough. */
#define G_LOG_DOMAIN "flash-cli-virtual-export"

#include "config.h"

#include "flash-cli-virtual.h"

#include "flash-cli-diag.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MAX_COMMAND 256

typedef struct {
  const FlashCliExport *request;
  GMainLoop *loop; /* (owned) */
  FlashClock *clock; /* (owned) */
  GPtrArray *boards; /* (owned) (element-type FlashUsbipBoard) */
  GPtrArray *vhcis; /* (owned) (element-type FlashUsbipVhci): one for each board, or none */
  FlashUsbipServer *server; /* (owned) (nullable) */
  gboolean is_ready;
  gboolean is_ended;
  FlashCliExit exit_code;
  guint stdin_id;
  guint interrupt_id;
  guint terminate_id;
  GString *command; /* (owned): the line that is being read */
} Run;

static void
finish (Run *self, FlashCliExit exit_code)
{
  if (self->is_ended)
    return;
  self->is_ended = TRUE;
  self->exit_code = exit_code;
  g_main_loop_quit (self->loop);
}

/* Returns: (nullable): the port of the board, if the boards are plugged into this computer. */
static FlashUsbipVhci *
find_vhci (Run *self, guint number)
{
  return self->vhcis->len > 0 ? g_ptr_array_index (self->vhcis, number - 1) : NULL;
}

/* --- What goes wrong ------------------------------------------------------------------------ */

/* First the cause, then the remedy. */
static void
print_refusal (const char *cause, const char *remedy, const GError *error)
{
  g_autofree char *message = flash_cli_dup_safe (error->message);

  g_printerr ("%s\n%s\n", cause, remedy);
  g_printerr (_ ("In detail: %s"), message);
  g_printerr ("\n");
}

static FlashCliExit
refuse_board (const GError *error)
{
  if (g_error_matches (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE)) {
    print_refusal (_ ("The memories of the virtual board cannot be had."),
                   _ ("Name a folder that exists, that you may write to, and that no other "
                      "virtual board uses."),
                   error);
    return FLASH_CLI_NO_BOARD;
  }
  print_refusal (_ ("There is no such virtual board."),
                 _ ("“flashwright-cli virtual” lists the models and their keys."), error);
  return FLASH_CLI_USAGE;
}

static FlashCliExit
refuse_address (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
    print_refusal (_ ("This user may not listen on that port."),
                   _ ("Choose a port from 1024 on with --listen ADDRESS:PORT."), error);
    return FLASH_CLI_NO_BOARD;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    print_refusal (_ ("Another program listens on that port already."),
                   _ ("End it, or choose another port with --listen ADDRESS:PORT."), error);
  else
    print_refusal (_ ("The server cannot listen on that address."),
                   _ ("Name an address of this computer with --listen ADDRESS:PORT."), error);
  return FLASH_CLI_FAILED;
}

static FlashCliExit
refuse_vhci (const GError *error)
{
  switch ((FlashUsbipVhciError) error->code) {
  case FLASH_USBIP_VHCI_ERROR_NO_PERMISSION:
    print_refusal (_ ("This user may not plug anything into the kernel's virtual host controller: "
                      "only root may write to its file “attach”."),
                   _ ("Run the command with sudo."), error);
    return FLASH_CLI_NO_BOARD;
  case FLASH_USBIP_VHCI_ERROR_NO_MODULE:
    print_refusal (_ ("The kernel has no virtual host controller at the moment."),
                   _ ("Load it with “sudo modprobe vhci-hcd”."), error);
    break;
  case FLASH_USBIP_VHCI_ERROR_NO_PORT:
    print_refusal (_ ("The virtual host controller has no such port."),
                   _ ("Choose one from 0 on; /sys/devices/platform/vhci_hcd.0/status lists them."),
                   error);
    break;
  case FLASH_USBIP_VHCI_ERROR_BUSY:
    print_refusal (_ ("Another device is on that port."),
                   _ ("Choose another port; /sys/devices/platform/vhci_hcd.0/status lists them."),
                   error);
    break;
  case FLASH_USBIP_VHCI_ERROR_FAILED:
    print_refusal (_ ("The kernel did not take the board."),
                   _ ("Its log, “sudo dmesg”, may say more."), error);
    break;
  }
  return FLASH_CLI_FAILED;
}

/* --- What happens --------------------------------------------------------------------------- */

static void
tell_if_ready (Run *self)
{
  for (guint i = 0; i < self->vhcis->len; i++)
    if (!flash_usbip_board_is_attached (g_ptr_array_index (self->boards, i)))
      return;
  if (self->is_ready)
    return;
  self->is_ready = TRUE;
  flash_cli_virtual_tell_ready (self->request->is_json);
}

static void
on_attached (FlashUsbipBoard *board, Run *self)
{
  guint number = flash_usbip_board_get_number (board);

  flash_cli_virtual_tell_attached (self->request->is_json, board, self->request->ids[number - 1],
                                   find_vhci (self, number));
  if (self->vhcis->len == self->boards->len)
    tell_if_ready (self);
}

static void
on_detached (FlashUsbipBoard *board, guint end, Run *self)
{
  flash_cli_virtual_tell_detached (self->request->is_json, board, (FlashUsbipEnd) end);
  if (self->request->is_once && end != FLASH_USBIP_END_BOARD)
    finish (self, FLASH_CLI_DONE);
}

static void
on_stage_changed (FlashUsbipBoard *board, Run *self)
{
  flash_cli_virtual_tell_stage (self->request->is_json, board);
}

static void
on_vhci_failed (FlashUsbipVhci *vhci, GError *error, Run *self)
{
  finish (self, refuse_vhci (error));
}

static gboolean
on_signal (gpointer data)
{
  finish (data, FLASH_CLI_STOPPED);
  return G_SOURCE_CONTINUE;
}

/* --- Commands ------------------------------------------------------------------------------- */

static void
plug (Run *self, FlashUsbipBoard *board)
{
  FlashUsbipVhci *vhci = find_vhci (self, flash_usbip_board_get_number (board));
  g_autoptr (GError) error = NULL;

  flash_usbip_board_plug (board);
  if (vhci != NULL && !flash_usbip_vhci_attach (vhci, &error))
    finish (self, refuse_vhci (error));
}

static void
refuse_command (const char *line)
{
  g_autofree char *safe = flash_cli_dup_safe (line);

  g_printerr (_ ("“%s” is no command. The commands are: unplug [N], plug [N], restart [N], quit."),
              safe);
  g_printerr ("\n");
}

/* Returns: (nullable): the board that the words behind the command name. */
static FlashUsbipBoard *
find_board (Run *self, const char *const *words)
{
  guint64 number = 1;

  if (words[0] != NULL &&
      (words[1] != NULL ||
       !g_ascii_string_to_unsigned (words[0], 10, 1, self->boards->len, &number, NULL)))
    return NULL;
  return g_ptr_array_index (self->boards, number - 1);
}

static void
run_command (Run *self, char *line)
{
  g_auto (GStrv) words = NULL;
  FlashUsbipBoard *board;

  g_strdelimit (line, "\t\r", ' ');
  g_strstrip (line);
  if (line[0] == '\0')
    return;
  words = g_strsplit (line, " ", -1);
  board = find_board (self, (const char *const *) words + 1);
  if (g_str_equal (line, "quit"))
    finish (self, FLASH_CLI_DONE);
  else if (board != NULL && g_str_equal (words[0], "unplug"))
    flash_usbip_board_unplug (board);
  else if (board != NULL && g_str_equal (words[0], "plug"))
    plug (self, board);
  else if (board != NULL && g_str_equal (words[0], "restart"))
    flash_usbip_board_restart (board);
  else
    refuse_command (line);
}

/* The end of the input ends nothing: it may be /dev/null. */
static gboolean
on_input (int fd, GIOCondition condition, gpointer data)
{
  Run *self = data;
  char bytes[MAX_COMMAND];
  ssize_t n = read (fd, bytes, sizeof bytes);

  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return G_SOURCE_CONTINUE;
  if (n <= 0) {
    self->stdin_id = 0;
    return G_SOURCE_REMOVE;
  }
  for (ssize_t i = 0; i < n && !self->is_ended; i++) {
    if (bytes[i] == '\n') {
      run_command (self, self->command->str);
      g_string_truncate (self->command, 0);
    } else if (bytes[i] != '\0' && self->command->len < MAX_COMMAND) {
      g_string_append_c (self->command, bytes[i]);
    }
  }
  return G_SOURCE_CONTINUE;
}

/* --- The whole ------------------------------------------------------------------------------ */

static gboolean
make_boards (Run *self, GError **error)
{
  for (guint i = 0; self->request->ids[i] != NULL; i++) {
    g_autoptr (FlashSimDevice) device =
        flash_sim_device_new (self->clock, self->request->ids[i], error);
    FlashUsbipBoard *board;

    if (device == NULL)
      return FALSE;
    board = flash_usbip_board_new (device, self->clock, i + 1);
    g_signal_connect (board, "attached", G_CALLBACK (on_attached), self);
    g_signal_connect (board, "detached", G_CALLBACK (on_detached), self);
    g_signal_connect (board, "stage-changed", G_CALLBACK (on_stage_changed), self);
    g_ptr_array_add (self->boards, board);
  }
  return TRUE;
}

static FlashCliExit
start_server (Run *self)
{
  g_autoptr (GError) error = NULL;

  self->server = flash_usbip_server_new (self->request->address, &error);
  if (self->server == NULL)
    return refuse_address (error);
  for (guint i = 0; i < self->boards->len; i++)
    flash_usbip_server_add (self->server, g_ptr_array_index (self->boards, i));
  flash_cli_virtual_tell_listening (
      self->request->is_json, flash_usbip_server_get_address (self->server), self->boards->len);
  tell_if_ready (self);
  return FLASH_CLI_DONE;
}

static FlashCliExit
start_vhci (Run *self)
{
  for (guint i = 0; i < self->boards->len; i++) {
    FlashUsbipVhci *vhci = flash_usbip_vhci_new (g_ptr_array_index (self->boards, i),
                                                 FLASH_USBIP_SYSFS, self->request->vhci_port + i);

    g_signal_connect (vhci, "failed", G_CALLBACK (on_vhci_failed), self);
    g_ptr_array_add (self->vhcis, vhci);
  }
  for (guint i = 0; i < self->vhcis->len; i++) {
    g_autoptr (GError) error = NULL;

    if (!flash_usbip_vhci_attach (g_ptr_array_index (self->vhcis, i), &error))
      return refuse_vhci (error);
  }
  return FLASH_CLI_DONE;
}

static FlashCliExit
run (Run *self)
{
  g_autoptr (GError) error = NULL;
  FlashCliExit started;

  if (!make_boards (self, &error))
    return refuse_board (error);
  started = self->request->address != NULL ? start_server (self) : start_vhci (self);
  if (started != FLASH_CLI_DONE)
    return started;

  /* A reader that goes, and a terminal that belongs to somebody else, are no reason to die. */
  signal (SIGPIPE, SIG_IGN);
  signal (SIGTTIN, SIG_IGN);
  self->stdin_id = g_unix_fd_add (STDIN_FILENO, G_IO_IN, on_input, self);
  self->interrupt_id = g_unix_signal_add (SIGINT, on_signal, self);
  self->terminate_id = g_unix_signal_add (SIGTERM, on_signal, self);
  if (!self->is_ended)
    g_main_loop_run (self->loop);
  return self->exit_code;
}

static void
clear (Run *self)
{
  g_clear_handle_id (&self->stdin_id, g_source_remove);
  g_clear_handle_id (&self->interrupt_id, g_source_remove);
  g_clear_handle_id (&self->terminate_id, g_source_remove);
  g_clear_object (&self->server);
  g_ptr_array_unref (self->vhcis);
  g_ptr_array_unref (self->boards);
  g_clear_object (&self->clock);
  g_main_loop_unref (self->loop);
  g_string_free (self->command, TRUE);
}

FlashCliExit
flash_cli_virtual_export (const FlashCliExport *request)
{
  Run self = {
    .request = request,
    .loop = g_main_loop_new (NULL, FALSE),
    .clock = flash_clock_new_real (),
    .boards = g_ptr_array_new_with_free_func (g_object_unref),
    .vhcis = g_ptr_array_new_with_free_func (g_object_unref),
    .command = g_string_new (NULL),
  };
  FlashCliExit exit_code = run (&self);

  clear (&self);
  return exit_code;
}
