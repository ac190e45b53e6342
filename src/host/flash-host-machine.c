/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-machine"

#include "config.h"

#include "flash-host-machine.h"

#include "flash-host-file.h"
#include "flash-host-vm.h"
#include "flash-text.h"

#include <string.h>
#include <sys/utsname.h>

#define FLATPAK_INFO "/.flatpak-info"
#define SUPPLIES "/sys/class/power_supply"
#define MAX_SUPPLIES 64u
#define OS_RELEASE_BYTES 16384
#define MAX_TEXT 255

/* --- names -------------------------------------------------------------------------------- */

/* Returns: (transfer full) (nullable): PRETTY_NAME in a file that is made of shell assignments
 * (os-release(5)) */
static char *
read_system (const char *root, const char *path)
{
  g_autofree char *text = flash_host_file_read (root, path, OS_RELEASE_BYTES, NULL);
  g_auto (GStrv) lines = text != NULL ? g_strsplit (text, "\n", -1) : NULL;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++) {
    g_autofree char *value = NULL;

    if (!g_str_has_prefix (lines[i], "PRETTY_NAME="))
      continue;
    value = g_shell_unquote (strchr (lines[i], '=') + 1, NULL);
    if (value != NULL && value[0] != '\0')
      return flash_text_sanitize (value, strlen (value), MAX_TEXT);
  }
  return NULL;
}

/* In the sandbox, /etc tells of the sandbox. */
static char *
find_system (const char *root)
{
  static const char *const paths[] = { "/run/host/os-release", "/etc/os-release",
                                       "/usr/lib/os-release" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    char *system = read_system (root, paths[i]);

    if (system != NULL)
      return system;
  }
  return NULL;
}

static char *
find_architecture (const char *root)
{
  char *architecture = flash_host_file_dup_line (root, "/proc/sys/kernel/arch");
  struct utsname names;

  /* The file is younger than Linux 6.1. */
  if (architecture == NULL && root == NULL && uname (&names) == 0)
    architecture = flash_text_sanitize (names.machine, strlen (names.machine), MAX_TEXT);
  return architecture;
}

static char *
find_product (const char *root)
{
  g_autofree char *vendor = flash_host_file_dup_line (root, "/sys/class/dmi/id/sys_vendor");
  g_autofree char *product = flash_host_file_dup_line (root, "/sys/class/dmi/id/product_name");

  if (vendor != NULL && product != NULL)
    return g_strconcat (vendor, " ", product, NULL);
  return product != NULL ? g_steal_pointer (&product) : g_steal_pointer (&vendor);
}

/* --- sandboxes ---------------------------------------------------------------------------- */

static char *
find_container (const char *root)
{
  static const struct {
    const char *path;
    const char *kind;
  } marks[] = {
    { FLATPAK_INFO, "flatpak" },
    { "/run/.containerenv", "podman" },
    { "/.dockerenv", "docker" },
  };
  /* Both hold the name (systemd.io/CONTAINER_INTERFACE). */
  char *kind = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (flash_host_file_is_there (root, marks[i].path))
      return g_strdup (marks[i].kind);
  kind = flash_host_file_dup_line (root, "/run/systemd/container");
  return kind != NULL ? kind : flash_host_file_dup_line (root, "/run/host/container-manager");
}

/* --- power -------------------------------------------------------------------------------- */

/* What the power supplies say together (Linux, Documentation/ABI/testing/sysfs-class-power). */
typedef struct {
  gboolean is_on_mains;
  gint percent;
} Power;

static char *
read_supply (const char *root, const char *supply, const char *attribute)
{
  g_autofree char *path = g_build_filename (SUPPLIES, supply, attribute, NULL);

  return flash_host_file_dup_line (root, path);
}

static gboolean
is_supply (const char *root, const char *supply, const char *attribute, const char *value)
{
  g_autofree char *text = read_supply (root, supply, attribute);

  return g_strcmp0 (text, value) == 0;
}

static void
look_at_battery (Power *self, const char *root, const char *supply)
{
  g_autofree char *path = g_build_filename (SUPPLIES, supply, "capacity", NULL);
  guint percent;

  /* Mice and headsets have batteries too. */
  if (is_supply (root, supply, "scope", "Device") || is_supply (root, supply, "present", "0") ||
      !flash_host_file_read_number (root, path, 10, 100, &percent))
    return;
  self->percent = MAX (self->percent, (gint) percent);
  /* Nothing fills a battery but mains, whatever the other supplies say: many do not tell of it. */
  self->is_on_mains |=
      is_supply (root, supply, "status", "Charging") || is_supply (root, supply, "status", "Full");
}

static void
look_at_supply (Power *self, const char *root, const char *supply)
{
  gboolean is_online = is_supply (root, supply, "online", "1");

  if (is_supply (root, supply, "type", "Battery")) {
    look_at_battery (self, root, supply);
  } else if (is_supply (root, supply, "type", "Mains") || is_supply (root, supply, "type", "USB")) {
    /* The latter is a laptop that is fed over USB-C. */
    self->is_on_mains |= is_online;
  }
}

static gint
find_battery_percent (const char *root)
{
  g_auto (GStrv) supplies = flash_host_file_list (root, SUPPLIES);
  Power power = { .percent = -1 };

  for (guint i = 0; supplies[i] != NULL && i < MAX_SUPPLIES; i++)
    look_at_supply (&power, root, supplies[i]);
  return power.is_on_mains ? -1 : power.percent;
}

gboolean
flash_host_machine_is_flatpak (const char *root)
{
  return flash_host_file_is_there (root, FLATPAK_INFO);
}

void
flash_host_machine_init (FlashHostMachine *self, const char *root)
{
  g_return_if_fail (self != NULL);

  self->vm = flash_host_vm_detect (root);
  self->product = find_product (root);
  self->container = find_container (root);
  self->is_flatpak = flash_tri_from_boolean (flash_host_machine_is_flatpak (root));
  self->battery_percent = find_battery_percent (root);
  self->kernel = flash_host_file_dup_line (root, "/proc/sys/kernel/osrelease");
  self->system = find_system (root);
  self->architecture = find_architecture (root);
}

void
flash_host_machine_clear (FlashHostMachine *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->vm, g_free);
  g_clear_pointer (&self->product, g_free);
  g_clear_pointer (&self->container, g_free);
  g_clear_pointer (&self->kernel, g_free);
  g_clear_pointer (&self->system, g_free);
  g_clear_pointer (&self->architecture, g_free);
}
