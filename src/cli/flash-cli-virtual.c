/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-virtual"

#include "config.h"

#include "flash-cli-virtual.h"

#include "flash-cli-columns.h"
#include "flash-sim-provider.h"

#include <glib/gi18n.h>

/* @pairs: (array zero-terminated=1): each name is followed by what it means */
static void
append_pairs (GString *text, const char *const *pairs)
{
  static const int widths[] = { 21, 1, 0 };
  g_autoptr (FlashCliTable) table = flash_cli_table_new (widths);
  g_autofree char *rows = NULL;

  for (guint i = 0; pairs[i] != NULL; i += 2)
    flash_cli_table_add (table, pairs[i], _ (pairs[i + 1]), NULL);
  rows = flash_cli_table_dup_text (table);
  g_string_append (text, rows);
}

static char *
describe (void)
{
  const char *const *models = flash_sim_provider_list_models ();
  g_autofree char *model_names = g_strjoinv (" ", (char **) models);
  GString *text = g_string_new (NULL);

  g_string_append (text, _ ("Exports virtual boards, so that every program sees them as if they "
                            "stood on the desk; without an argument it lists them."));
  g_string_append (text, "\n\n");
  g_string_append (text, _ ("A virtual board is named by its model, and keys behind commas: "
                            "virtual:MODEL[,KEY=VALUE…]"));
  g_string_append_printf (text, "\n\n%s\n  %s\n\n%s\n", _ ("Models:"), model_names, _ ("Keys:"));
  append_pairs (text, flash_sim_provider_list_keys ());
  g_string_append_printf (text, "\n%s\n",
                          _ ("Kinds of faults, for fault=KIND@N (at the N-th "
                             "request) or fault=KIND@STAGE, several "
                             "behind semicolons:"));
  append_pairs (text, flash_sim_provider_list_faults ());
  return g_string_free (text, FALSE);
}

/* --- Options -------------------------------------------------------------------------------- */

#define MAX_BOARDS 64
#define MAX_VHCI_PORT 255

typedef struct {
  char *listen;
  char *vhci;
  gboolean allow_remote;
  gboolean is_once;
  gboolean is_json;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->listen);
  g_free (self->vhci);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
refuse (const char *message)
{
  g_printerr ("%s\n", message);
  flash_cli_hint ("virtual");
  return FALSE;
}

/* Only numbers: a name may lead anywhere. */
static gboolean
parse_address (const Options *options, GInetSocketAddress **out_address)
{
  const char *text = options->listen != NULL ? options->listen : "127.0.0.1";
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (text, FLASH_USBIP_PORT, NULL);
  const char *name;
  g_autoptr (GInetAddress) host = NULL;

  if (parsed == NULL)
    return refuse (_ ("--listen needs ADDRESS:PORT, e.g. 127.0.0.1:3240."));
  name = g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed));
  host = g_inet_address_new_from_string (g_str_equal (name, "localhost") ? "127.0.0.1" : name);
  if (host == NULL)
    return refuse (_ ("--listen needs an address in numbers, e.g. 127.0.0.1:3240."));
  if (!g_inet_address_get_is_loopback (host) && !options->allow_remote)
    return refuse (_ ("Everybody who reaches that address could use the boards. If that is "
                      "intended, add --allow-remote."));
  *out_address = G_INET_SOCKET_ADDRESS (
      g_inet_socket_address_new (host, g_network_address_get_port (G_NETWORK_ADDRESS (parsed))));
  return TRUE;
}

static gboolean
parse_vhci (const Options *options, guint *out_port)
{
  guint64 port;

  if (options->listen != NULL)
    return refuse (_ ("--listen and --vhci exclude each other."));
  if (!g_ascii_string_to_unsigned (options->vhci, 10, 0, MAX_VHCI_PORT, &port, NULL))
    return refuse (_ ("--vhci needs the number of a port, from 0 on."));
  *out_port = (guint) port;
  return TRUE;
}

static FlashCliExit
export_boards (const Options *options, GStrv models)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GInetSocketAddress) address = NULL;
  g_auto (GStrv) ids = NULL;
  guint vhci_port = 0;

  if (options->vhci != NULL ? !parse_vhci (options, &vhci_port)
                            : !parse_address (options, &address))
    return FLASH_CLI_USAGE;
  for (guint i = 0; models[i] != NULL; i++) {
    g_autofree char *id = g_str_has_prefix (models[i], "virtual:")
                              ? g_strdup (models[i])
                              : g_strconcat ("virtual:", models[i], NULL);

    g_strv_builder_add (builder, id);
  }
  ids = g_strv_builder_end (builder);
  return flash_cli_virtual_export (&(FlashCliExport){
      .ids = (const char *const *) ids,
      .address = address,
      .vhci_port = vhci_port,
      .is_once = options->is_once,
      .is_json = options->is_json,
  });
}

FlashCliExit
flash_cli_virtual (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &options.listen,
      N_ ("Where the USB/IP server listens, 127.0.0.1:3240 if not given"), N_ ("ADDRESS:PORT") },
    { "allow-remote", 0, 0, G_OPTION_ARG_NONE, &options.allow_remote,
      N_ ("Let --listen name an address that other computers reach"), NULL },
    { "vhci", 0, 0, G_OPTION_ARG_STRING, &options.vhci,
      N_ ("Plug the boards into this computer's kernel, from that port on, as root"), N_ ("PORT") },
    { "once", 0, 0, G_OPTION_ARG_NONE, &options.is_once,
      N_ ("End when the first host lets go of a board"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.is_json, N_ ("Print one JSON event a line"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree char *text = describe ();
  g_auto (GStrv) arguments = NULL;

  if (!flash_cli_parse (argc, argv, _ ("[MODEL[,KEY=VALUE…]…]"), text, entries, 0, MAX_BOARDS,
                        &arguments))
    return FLASH_CLI_USAGE;
  if (arguments[0] != NULL)
    return export_boards (&options, arguments);
  if (argc > 1) {
    refuse (_ ("Say which board to export, e.g. stm32mp157."));
    return FLASH_CLI_USAGE;
  }
  g_print ("%s", text);
  return FLASH_CLI_DONE;
}
