/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-test.h"
#include "flash-host-vm.h"

#include <glib/gstdio.h>

#define DMI "/sys/class/dmi/id/"
#define PROGRAM "/usr/bin/systemd-detect-virt"
#define RELEASE "/proc/sys/kernel/osrelease"
#define CLOCKS "/sys/devices/system/clocksource/clocksource0/available_clocksource"
#define REAL_PROCESSOR                                                                             \
  "processor\t: 0\nmodel name\t: A\nflags\t\t: fpu vme hypervisory tsc\nbugs\t: hypervisor\n"
#define GUEST_PROCESSOR "processor\t: 0\nflags\t\t: fpu vme hypervisor tsc\n"
#define OTHER_PROCESSOR "processor\t: 0\nFeatures\t: fp asimd\n"

/* All of them are empty where nothing is said. */
typedef struct {
  const char *name;
  const char *product;
  const char *maker;
  const char *board;
  const char *version;
  const char *release;
  const char *processor;
  const char *clocks;
  const char *kind;
} Case;

static const Case cases[] = {
  { .name = "nothing-to-look-at" },
  { .name = "virtualbox", .product = "VirtualBox", .maker = "innotek GmbH", .kind = "oracle" },
  { .name = "virtualbox-by-maker", .product = "Own", .maker = "innotek GmbH", .kind = "oracle" },
  { .name = "server-of-oracle",
    .product = "ORACLE SERVER X8-2",
    .maker = "Oracle Corporation",
    .board = "Oracle Corporation",
    .processor = REAL_PROCESSOR,
    .kind = "none" },
  { .name = "vmware", .product = "VMware7,1", .maker = "VMware, Inc.", .kind = "vmware" },
  { .name = "vmware-20", .product = "VMW201.00V", .kind = "vmware" },
  { .name = "hyper-v",
    .product = "Virtual Machine",
    .maker = "Microsoft Corporation",
    .board = "Microsoft Corporation",
    .kind = "microsoft" },
  { .name = "hyper-v-by-version", .version = "Hyper-V UEFI Release v4.1", .kind = "microsoft" },
  { .name = "surface",
    .product = "Surface Pro 7",
    .maker = "Microsoft Corporation",
    .board = "Microsoft Corporation",
    .processor = REAL_PROCESSOR,
    .kind = "none" },
  { .name = "qemu",
    .product = "Standard PC (Q35 + ICH9, 2009)",
    .maker = "QEMU",
    .clocks = "tsc hpet acpi_pm \n",
    .processor = GUEST_PROCESSOR,
    .kind = "qemu" },
  { .name = "qemu-with-kvm",
    .product = "Standard PC (Q35 + ICH9, 2009)",
    .maker = "QEMU",
    .clocks = "kvm-clock tsc hpet acpi_pm \n",
    .kind = "kvm" },
  { .name = "kvm", .product = "KVM", .maker = "QEMU", .kind = "kvm" },
  { .name = "openstack", .product = "OpenStack Nova", .kind = "kvm" },
  { .name = "parallels",
    .product = "Parallels Virtual Platform",
    .maker = "Parallels Software International Inc.",
    .kind = "parallels" },
  { .name = "xen", .product = "HVM domU", .maker = "Xen", .kind = "xen" },
  { .name = "bochs", .maker = "Bochs", .kind = "bochs" },
  { .name = "wsl-2", .release = "5.15.90.1-microsoft-standard-WSL2", .kind = "wsl" },
  { .name = "wsl-1", .release = "4.4.0-19041-Microsoft", .kind = "wsl" },
  { .name = "wsl-own-kernel",
    .release = "6.1.0-wsl",
    .product = "Virtual Machine",
    .maker = "Microsoft Corporation",
    .kind = "wsl" },
  { .name = "bare-metal",
    .product = "20XW0026GE",
    .maker = "LENOVO",
    .board = "LENOVO",
    .version = "ThinkPad X1 Carbon Gen 9",
    .release = "6.1.0-28-amd64",
    .processor = REAL_PROCESSOR,
    .clocks = "tsc hpet acpi_pm \n",
    .kind = "none" },
  { .name = "only-the-flag", .processor = GUEST_PROCESSOR, .kind = "other" },
  { .name = "flag-and-clock",
    .processor = GUEST_PROCESSOR,
    .clocks = "kvm-clock tsc\n",
    .kind = "kvm" },
  { .name = "flag-and-unknown-maker",
    .product = "Cloud",
    .maker = "Somebody",
    .processor = GUEST_PROCESSOR,
    .kind = "other" },
  { .name = "no-flag", .processor = REAL_PROCESSOR, .kind = "none" },
  { .name = "processor-without-such-flags", .processor = OTHER_PROCESSOR },
  { .name = "arm-computer",
    .product = "ThinkPad X13s",
    .maker = "LENOVO",
    .processor = OTHER_PROCESSOR },
  { .name = "name-inside-of-a-name",
    .product = "Not KVM",
    .maker = "The QEMU",
    .processor = REAL_PROCESSOR,
    .kind = "none" },
  { .name = "apple",
    .product = "Apple Virtualization Generic Platform",
    .maker = "Apple Inc.",
    .processor = OTHER_PROCESSOR,
    .kind = "apple" },
  { .name = "computer-of-apple",
    .product = "MacBookPro16,1",
    .maker = "Apple Inc.",
    .processor = REAL_PROCESSOR,
    .kind = "none" },
  { .name = "google",
    .product = "Google Compute Engine",
    .maker = "Google",
    .processor = GUEST_PROCESSOR,
    .clocks = "kvm-clock tsc\n",
    .kind = "google" },
  { .name = "chromebook",
    .product = "Eve",
    .maker = "Google",
    .processor = REAL_PROCESSOR,
    .kind = "none" },
  { .name = "amazon",
    .product = "t3.micro",
    .maker = "Amazon EC2",
    .processor = GUEST_PROCESSOR,
    .kind = "amazon" },
  { .name = "whole-computer-of-amazon",
    .product = "m7i.metal-24xl",
    .maker = "Amazon EC2",
    .processor = REAL_PROCESSOR,
    .kind = "none" },
};

static void
write_if_any (FlashHostTest *test, const char *path, const char *text)
{
  if (text != NULL)
    flash_host_test_write_file (test, path, text);
}

static void
test_case (FlashHostTest *test, gconstpointer data)
{
  const Case *row = data;
  g_autofree char *kind = NULL;

  write_if_any (test, DMI "product_name", row->product);
  write_if_any (test, DMI "sys_vendor", row->maker);
  write_if_any (test, DMI "board_vendor", row->board);
  write_if_any (test, DMI "product_version", row->version);
  write_if_any (test, RELEASE, row->release);
  write_if_any (test, "/proc/cpuinfo", row->processor);
  write_if_any (test, CLOCKS, row->clocks);
  kind = flash_host_vm_detect (test->root);
  g_assert_cmpstr (kind, ==, row->kind);
}

static void
test_xen_domains (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *guest = NULL;
  g_autofree char *first = NULL;
  g_autofree char *flagged = NULL;

  flash_host_test_write_file (test, "/sys/hypervisor/type", "xen\n");
  flash_host_test_write_file (test, "/proc/cpuinfo", REAL_PROCESSOR);
  guest = flash_host_vm_detect (test->root);
  g_assert_cmpstr (guest, ==, "xen");
  flash_host_test_write_file (test, "/proc/xen/capabilities", "control_d\n");
  first = flash_host_vm_detect (test->root);
  g_assert_cmpstr (first, ==, "none");
  /* Xen shows its flag to the first domain too. */
  flash_host_test_write_file (test, "/proc/cpuinfo", GUEST_PROCESSOR);
  flash_host_test_write_file (test, DMI "sys_vendor", "LENOVO\n");
  flagged = flash_host_vm_detect (test->root);
  g_assert_cmpstr (flagged, ==, "none");
}

static void
add_program (FlashHostTest *test, const char *script)
{
  g_autofree char *path = g_build_filename (test->root, PROGRAM, NULL);

  flash_host_test_write_file (test, PROGRAM, script);
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
}

/* It is asked only where the kernel's files do not tell. */
static void
test_systemd (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *asked = NULL;
  g_autofree char *none = NULL;
  g_autofree char *not_asked = NULL;
  g_autofree char *arm = NULL;
  g_autofree char *other = NULL;

  add_program (test, "#!/bin/sh\n[ \"$1\" = --vm ] && echo vmware\n");
  asked = flash_host_vm_detect (test->root);
  g_assert_cmpstr (asked, ==, "vmware");
  add_program (test, "#!/bin/sh\necho none\nexit 1\n");
  flash_host_test_write_file (test, "/proc/cpuinfo", GUEST_PROCESSOR);
  none = flash_host_vm_detect (test->root);
  g_assert_cmpstr (none, ==, "none");
  add_program (test, "#!/bin/sh\necho vmware\n");
  flash_host_test_write_file (test, DMI "sys_vendor", "LENOVO\n");
  flash_host_test_write_file (test, "/proc/cpuinfo", REAL_PROCESSOR);
  not_asked = flash_host_vm_detect (test->root);
  g_assert_cmpstr (not_asked, ==, "none");
  /* An Arm computer has no flags that would say no. */
  flash_host_test_write_file (test, "/proc/cpuinfo", OTHER_PROCESSOR);
  arm = flash_host_vm_detect (test->root);
  g_assert_cmpstr (arm, ==, "vmware");
  add_program (test, "#!/bin/sh\necho vm-other\n");
  other = flash_host_vm_detect (test->root);
  g_assert_cmpstr (other, ==, "other");
}

/* What it says must be a name, and it must end. */
static void
test_strange_systemd (FlashHostTest *test, gconstpointer data)
{
  static const char *const scripts[] = {
    "#!/bin/sh\nprintf 'Vm\\033[31m'\n",
    "#!/bin/sh\necho a b\n",
    "#!/bin/sh\nexit 3\n",
    "#!/bin/sh\nyes\n",
    "#!/does/not/exist\n",
    "#!/bin/sh\nexec sleep 600\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_autofree char *kind = NULL;

    add_program (test, scripts[i]);
    kind = flash_host_vm_detect (test->root);
    g_assert_null (kind);
  }
}

/* This computer: whatever it is, it has a name. */
static void
test_here (void)
{
  g_autofree char *kind = flash_host_vm_detect (NULL);

  g_assert_true (kind == NULL || g_regex_match_simple ("^[a-z0-9-]+$", kind, 0, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/host-vm/kinds/", cases[i].name, NULL);

    g_test_add (path, FlashHostTest, &cases[i], flash_host_test_set_up, test_case,
                flash_host_test_tear_down);
  }
  g_test_add ("/host-vm/xen-domains", FlashHostTest, NULL, flash_host_test_set_up, test_xen_domains,
              flash_host_test_tear_down);
  g_test_add ("/host-vm/systemd", FlashHostTest, NULL, flash_host_test_set_up, test_systemd,
              flash_host_test_tear_down);
  g_test_add ("/host-vm/strange-systemd", FlashHostTest, NULL, flash_host_test_set_up,
              test_strange_systemd, flash_host_test_tear_down);
  g_test_add_func ("/host-vm/here", test_here);

  return g_test_run ();
}
