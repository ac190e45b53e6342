/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-vm"

#include "config.h"

#include "flash-host-vm.h"

#include "flash-host-file.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DMI "/sys/class/dmi/id/"
#define DETECT_VIRT "/usr/bin/systemd-detect-virt"
#define DETECT_TIMEOUT_US (1 * G_USEC_PER_SEC)
/* The flags of the first processor lie within its first lines. */
#define CPUINFO_BYTES 65536
#define MAX_KIND_LENGTH 32

/* --- what the firmware says --------------------------------------------------------------- */

/* @attribute: (nullable): which one; %NULL for any of them */
typedef struct {
  const char *attribute;
  const char *begin;
  const char *kind;
} Vendor;

/* What makers of virtual machines write there. Oracle and Microsoft build computers too: their
 * names as such prove nothing. */
static const Vendor vendors[] = {
  { NULL, "KVM", "kvm" },
  { NULL, "OpenStack", "kvm" },
  { NULL, "KubeVirt", "kvm" },
  { NULL, "QEMU", "qemu" },
  { NULL, "VMware", "vmware" },
  { NULL, "VMW", "vmware" },
  { NULL, "innotek GmbH", "oracle" },
  { NULL, "VirtualBox", "oracle" },
  { NULL, "Xen", "xen" },
  { "product_name", "HVM domU", "xen" },
  { NULL, "Bochs", "bochs" },
  { NULL, "Parallels", "parallels" },
  { "product_version", "Hyper-V", "microsoft" },
  { NULL, "Apple Virtualization", "apple" },
  { NULL, "Google Compute Engine", "google" },
  { NULL, "Amazon EC2", "amazon" },
};

/* The product comes first: QEMU with KVM names both. */
static const char *const attributes[] = { "product_name", "sys_vendor", "board_vendor",
                                          "bios_vendor", "product_version" };

static char *
read_dmi (const char *root, const char *attribute)
{
  g_autofree char *path = g_strconcat (DMI, attribute, NULL);

  return flash_host_file_dup_line (root, path);
}

static const char *
find_vendor (const char *attribute, const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (vendors); i++)
    if ((vendors[i].attribute == NULL || g_str_equal (vendors[i].attribute, attribute)) &&
        g_str_has_prefix (text, vendors[i].begin))
      return vendors[i].kind;
  return NULL;
}

/* Hyper-V has the maker's name and a product that no computer has. */
static gboolean
is_hyper_v (const char *root)
{
  g_autofree char *maker = read_dmi (root, "sys_vendor");
  g_autofree char *product = read_dmi (root, "product_name");

  return g_strcmp0 (maker, "Microsoft Corporation") == 0 &&
         g_strcmp0 (product, "Virtual Machine") == 0;
}

/* Amazon lends whole computers too: `c5.metal`, `m7i.metal-24xl`. */
static gboolean
is_whole_computer (const char *root)
{
  g_autofree char *product = read_dmi (root, "product_name");

  return product != NULL && strstr (product, ".metal") != NULL;
}

/* Returns: (nullable): the kind of machine; %NULL if it names none */
static const char *
look_at_firmware (const char *root)
{
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++) {
    g_autofree char *text = read_dmi (root, attributes[i]);
    const char *kind = text != NULL ? find_vendor (attributes[i], text) : NULL;

    if (kind != NULL && !(g_str_equal (kind, "amazon") && is_whole_computer (root)))
      return kind;
  }
  return is_hyper_v (root) ? "microsoft" : NULL;
}

/* --- what the kernel says ----------------------------------------------------------------- */

/* Windows' Subsystem for Linux has a kernel of its own: `5.15.90.1-microsoft-standard-WSL2`. */
static gboolean
is_wsl (const char *root)
{
  g_autofree char *release = flash_host_file_dup_line (root, "/proc/sys/kernel/osrelease");
  g_autofree char *lower = release != NULL ? g_ascii_strdown (release, -1) : NULL;

  return lower != NULL && (strstr (lower, "microsoft") != NULL || strstr (lower, "wsl") != NULL);
}

static gboolean
has_xen (const char *root)
{
  g_autofree char *type = flash_host_file_dup_line (root, "/sys/hypervisor/type");

  return g_strcmp0 (type, "xen") == 0;
}

/* The first domain of Xen has the devices: it is the computer itself, though the processor tells it
 * of a hypervisor too. */
static gboolean
is_first_domain (const char *root)
{
  g_autofree char *rights = flash_host_file_dup_line (root, "/proc/xen/capabilities");

  return rights != NULL && strstr (rights, "control_d") != NULL;
}

/* A clock that only a guest has (Linux, arch/x86/kernel/kvmclock.c). */
static gboolean
has_kvm_clock (const char *root)
{
  g_autofree char *clocks = flash_host_file_dup_line (
      root, "/sys/devices/system/clocksource/clocksource0/available_clocksource");

  return clocks != NULL && strstr (clocks, "kvm-clock") != NULL;
}

/* @out_has_flags: whether the processor is of a kind that has such a flag */
static gboolean
has_hypervisor_flag (const char *root, gboolean *out_has_flags)
{
  g_autofree char *text = flash_host_file_read (root, "/proc/cpuinfo", CPUINFO_BYTES, NULL);
  g_auto (GStrv) words = NULL;
  char *flags = NULL;

  if (text != NULL && !g_str_has_prefix (text, "flags"))
    flags = strstr (text, "\nflags");
  else
    flags = text;
  *out_has_flags = flags != NULL;
  if (flags == NULL)
    return FALSE;
  flags += strspn (flags, "\n");
  flags[strcspn (flags, "\n")] = '\0';
  words = g_strsplit_set (flags, " \t", -1);
  return g_strv_contains ((const char *const *) words, "hypervisor");
}

/* --- what systemd says -------------------------------------------------------------------- */

/* Reads until the other end is closed or the time is over. */
static void
read_answer (int fd, char *answer, gsize size)
{
  gint64 deadline = g_get_monotonic_time () + DETECT_TIMEOUT_US;
  gsize length = 0;

  while (length + 1 < size) {
    gint64 left = deadline - g_get_monotonic_time ();
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    ssize_t got;

    if (left <= 0 || poll (&wait, 1, (int) (left / 1000 + 1)) <= 0)
      break;
    got = read (fd, answer + length, size - 1 - length);
    if (got <= 0)
      break;
    length += (gsize) got;
  }
  answer[length] = '\0';
}

static gboolean
is_kind (const char *text)
{
  return text[0] != '\0' && strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (text);
}

/* Returns: (transfer full) (nullable): what it prints; it is ended in any case */
static char *
ask_systemd (const char *root)
{
  g_autofree char *program = flash_host_file_dup_full (root, DETECT_VIRT);
  char *arguments[] = { program, (char *) "--vm", NULL };
  char answer[MAX_KIND_LENGTH];
  GPid child;
  int output;

  if (program == NULL ||
      !g_spawn_async_with_pipes (NULL, arguments, NULL,
                                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                                 &child, NULL, &output, NULL, NULL))
    return NULL;
  read_answer (output, answer, sizeof answer);
  close (output);
  kill (child, SIGKILL);
  while (waitpid (child, NULL, 0) < 0 && errno == EINTR)
    continue;
  g_spawn_close_pid (child);
  g_strchomp (answer);
  return is_kind (answer) ? g_strdup (answer) : NULL;
}

/* Where the firmware names no virtual machine. A processor without such flags, as all of Arm are,
 * proves nothing.
 *
 * Returns: (transfer full) (nullable) */
static char *
look_at_processor (const char *root)
{
  gboolean has_flags;
  gboolean has_hypervisor = has_hypervisor_flag (root, &has_flags);
  g_autofree char *answer = NULL;

  if (has_flags && !has_hypervisor)
    return g_strdup ("none");
  answer = ask_systemd (root);
  if (answer != NULL)
    return g_str_equal (answer, "vm-other") ? g_strdup ("other") : g_steal_pointer (&answer);
  if (!has_hypervisor)
    return NULL;
  return g_strdup (has_kvm_clock (root) ? "kvm" : "other");
}

char *
flash_host_vm_detect (const char *root)
{
  const char *kind;

  if (is_wsl (root))
    return g_strdup ("wsl");
  kind = look_at_firmware (root);
  /* QEMU says no more than its own name, whoever runs the processor. */
  if (g_strcmp0 (kind, "qemu") == 0 && has_kvm_clock (root))
    kind = "kvm";
  if (kind == NULL && has_xen (root))
    kind = is_first_domain (root) ? "none" : "xen";
  return kind != NULL ? g_strdup (kind) : look_at_processor (root);
}
