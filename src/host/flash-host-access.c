/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-access"

#include "config.h"

#include "flash-host-access.h"

#include "flash-host-file.h"
#include "flash-host-machine.h"
#include "flash-host-udev.h"

#include <string.h>
#include <unistd.h>

#define OUR_RULE "60-flashwright.rules"
/* Of a command line; the word that is looked for stands at its beginning. */
#define MAX_COMMAND_BYTES 4096
/* The file that gives whoever sits at the computer what the tag says. */
#define SEAT_RULE "73-seat-late.rules"
#define RULE_BYTES (1024 * 1024)
#define MAX_RULES 4096u

/* The first has the last word: a file hides those of the same name in later folders (udev(7)). */
static const char *const folders[] = { "/etc/udev/rules.d", "/run/udev/rules.d",
                                       "/usr/local/lib/udev/rules.d", "/usr/lib/udev/rules.d",
                                       "/lib/udev/rules.d" };

void
flash_host_rule_free (FlashHostRule *self)
{
  g_free (self->path);
  g_free (self->gives);
  g_free (self);
}

/* --- rules -------------------------------------------------------------------------------- */

/* Returns: (transfer full): the names of all files of rules, with the path of each that counts */
static GHashTable *
collect_files (const char *root)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_auto (GStrv) names = flash_host_file_list (root, folders[i]);

    for (guint k = 0; names[k] != NULL && g_hash_table_size (files) < MAX_RULES; k++)
      if (g_str_has_suffix (names[k], ".rules") && !g_hash_table_contains (files, names[k]))
        g_hash_table_insert (files, g_strdup (names[k]),
                             g_build_filename (folders[i], names[k], NULL));
  }
  return files;
}

static gboolean
is_same_rule (const char *text, const char *our_rule)
{
  g_auto (GStrv) left = flash_host_udev_split (text);
  g_auto (GStrv) right = flash_host_udev_split (our_rule);

  return g_strv_equal ((const char *const *) left, (const char *const *) right);
}

/* @node: what boards have from the files before, and then from this one
 *
 * Returns: (transfer full) (nullable): %NULL if the file is not about boards */
static FlashHostRule *
read_rule (const char *root, const char *name, const char *path, const char *our_rule,
           FlashHostUdevNode *node)
{
  g_autofree char *text = flash_host_file_read (root, path, RULE_BYTES, NULL);
  g_auto (FlashHostUdev) udev = { 0 };
  FlashHostRule *rule;

  if (text == NULL)
    return NULL;
  flash_host_udev_init (&udev, text, node);
  if (!udev.is_about_boards)
    return NULL;
  rule = g_new0 (FlashHostRule, 1);
  rule->path = g_strdup (path);
  rule->is_ours = g_str_equal (name, OUR_RULE);
  rule->is_current = rule->is_ours && our_rule != NULL && is_same_rule (text, our_rule);
  rule->gives = g_steal_pointer (&udev.gives);
  return rule;
}

/* A right of all is one of theirs to read and to write.
 *
 * @mode: (nullable) */
static gboolean
is_for_all (const char *mode)
{
  guint64 bits;

  return mode != NULL && g_ascii_string_to_unsigned (mode, 8, 0, 07777, &bits, NULL) &&
         (bits & 06) == 06;
}

GPtrArray *
flash_host_rule_find (const char *root, const char *our_rule, FlashTri *out_gives_access)
{
  GPtrArray *rules = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_host_rule_free);
  gboolean is_flatpak = flash_host_machine_is_flatpak (root);
  /* In a sandbox, /etc and /usr are those of its runtime: no rule in there does anything. */
  g_autoptr (GHashTable) files =
      is_flatpak ? g_hash_table_new (g_str_hash, g_str_equal) : collect_files (root);
  g_autoptr (GList) names =
      g_list_sort (g_hash_table_get_keys (files), (GCompareFunc) (GCallback) strcmp);
  g_auto (FlashHostUdevNode) node = { 0 };
  gboolean is_late = FALSE, is_for_seat = FALSE;

  for (const GList *at = names; at != NULL; at = at->next) {
    FlashHostRule *rule;

    if (!is_late && strcmp (at->data, SEAT_RULE) >= 0) {
      is_late = TRUE;
      is_for_seat = node.has_uaccess;
    }
    rule = read_rule (root, at->data, g_hash_table_lookup (files, at->data), our_rule, &node);
    if (rule != NULL)
      g_ptr_array_add (rules, rule);
  }
  if (!is_late)
    is_for_seat = node.has_uaccess;
  if (out_gives_access != NULL)
    *out_gives_access = is_flatpak ? FLASH_TRI_UNKNOWN
                                   : flash_tri_from_boolean (is_for_seat || is_for_all (node.mode));
  return rules;
}

/* --- other programs ----------------------------------------------------------------------- */

/* @begin: how the process is called */
static const struct {
  const char *process;
  const char *rival;
} rivals[] = {
  { "ModemManager", "ModemManager" },
  { "fwupd", "fwupd" },
  { "brltty", "brltty" },
  { "flashwright", "flashwright" },
  { "flashwright-cli", "flashwright" },
};

static gboolean
is_process (const char *name)
{
  guint64 pid;

  return g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT, &pid, NULL);
}

/* Our own command line takes no board from anybody while it exports virtual ones. */
static gboolean
is_exporter (const char *root, const char *pid)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "cmdline", NULL);
  gsize length = 0;
  g_autofree char *words = flash_host_file_read (root, path, MAX_COMMAND_BYTES, &length);
  gsize first = words != NULL ? strnlen (words, length) : 0;

  /* Words end in zeros; what was read ends in one more. */
  return first > 0 && first < length && g_str_equal (words + first + 1, "virtual");
}

/* Returns: (transfer full): the names of all processes but this one */
static GHashTable *
list_processes (const char *root)
{
  GHashTable *processes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) names = flash_host_file_list (root, "/proc");
  g_autofree char *own = g_strdup_printf ("%d", root == NULL ? getpid () : 0);

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *path = g_build_filename ("/proc", names[i], "comm", NULL);
    char *process;

    if (!is_process (names[i]) || g_str_equal (names[i], own))
      continue;
    process = flash_host_file_dup_line (root, path);
    if (process != NULL && g_str_equal (process, "flashwright-cli") && is_exporter (root, names[i]))
      g_clear_pointer (&process, g_free);
    if (process != NULL)
      g_hash_table_add (processes, process);
  }
  return processes;
}

GStrv
flash_host_rivals_find (const char *root)
{
  g_autoptr (GHashTable) processes = list_processes (root);
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  const char *last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rivals); i++) {
    if (!g_hash_table_contains (processes, rivals[i].process) ||
        g_strcmp0 (last, rivals[i].rival) == 0)
      continue;
    last = rivals[i].rival;
    g_strv_builder_add (found, last);
  }
  return g_strv_builder_end (found);
}

gboolean
flash_host_is_vm_program (const char *holder)
{
  /* The kernel has the first 15 bytes of a name. Behind VirtualBox and VMware stand services that
   * hold devices for them, and a viewer holds those that it sends to its machine (SPICE). Proxmox
   * calls its machines `kvm`. */
  static const char *const programs[] = {
    "VirtualBox",      "VirtualBoxVM", "VBoxHeadless", "VBoxSVC",     "vmware-vmx",
    "vmware-usbarbit", "qemu-kvm",     "kvm",          "gnome-boxes", "remote-viewer",
    "virt-viewer",     "virt-manager", NULL,
  };

  return holder != NULL &&
         (g_str_has_prefix (holder, "qemu-system-") || g_strv_contains (programs, holder));
}
