/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-machine.h"
#include "flash-host-test.h"

#define SUPPLIES "/sys/class/power_supply/"

static void
test_nothing (FlashHostTest *test, gconstpointer data)
{
  g_auto (FlashHostMachine) machine = { 0 };

  flash_host_machine_init (&machine, test->root);
  g_assert_null (machine.vm);
  g_assert_null (machine.product);
  g_assert_null (machine.container);
  g_assert_cmpint (machine.is_flatpak, ==, FLASH_TRI_NO);
  g_assert_cmpint (machine.battery_percent, ==, -1);
  g_assert_null (machine.kernel);
  g_assert_null (machine.system);
  g_assert_null (machine.architecture);
}

static void
test_names (FlashHostTest *test, gconstpointer data)
{
  g_auto (FlashHostMachine) machine = { 0 };
  g_auto (FlashHostMachine) anonymous = { 0 };

  flash_host_test_write_file (test, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
  flash_host_test_write_file (test, "/sys/class/dmi/id/product_name", "20XW\033[31m  \n");
  flash_host_test_write_file (test, "/proc/sys/kernel/osrelease", "6.1.0-28-amd64\n");
  flash_host_test_write_file (test, "/proc/sys/kernel/arch", "x86_64\n");
  flash_host_test_write_file (test, "/proc/cpuinfo", "flags\t: fpu sse2\n");
  flash_host_test_write_file (test, "/usr/lib/os-release",
                              "NAME=Debian\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n");
  flash_host_machine_init (&machine, test->root);
  g_assert_cmpstr (machine.vm, ==, "none");
  g_assert_cmpstr (machine.product, ==, "LENOVO 20XW\xef\xbf\xbd[31m");
  g_assert_cmpstr (machine.kernel, ==, "6.1.0-28-amd64");
  g_assert_cmpstr (machine.architecture, ==, "x86_64");
  g_assert_cmpstr (machine.system, ==, "Debian GNU/Linux 12");

  flash_host_test_write_file (test, "/sys/class/dmi/id/sys_vendor", "\n");
  flash_host_test_write_file (test, "/usr/lib/os-release", "PRETTY_NAME=\"not closed\n");
  flash_host_machine_init (&anonymous, test->root);
  g_assert_cmpstr (anonymous.product, ==, "20XW\xef\xbf\xbd[31m");
  g_assert_null (anonymous.system);
}

/* Files that are looked for, and what container they tell of. */
static void
test_containers (FlashHostTest *test, gconstpointer data)
{
  static const struct {
    const char *path;
    const char *text;
    const char *container;
  } rows[] = {
    { "/run/host/container-manager", "toolbox\n", "toolbox" },
    { "/run/systemd/container", "lxc\n", "lxc" },
    { "/.dockerenv", "", "docker" },
    { "/run/.containerenv", "", "podman" },
    { "/.flatpak-info", "[Application]\n", "flatpak" },
  };

  /* Each outdoes those before it. */
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_auto (FlashHostMachine) machine = { 0 };

    flash_host_test_write_file (test, rows[i].path, rows[i].text);
    flash_host_machine_init (&machine, test->root);
    g_assert_cmpstr (machine.container, ==, rows[i].container);
    g_assert_cmpint (machine.is_flatpak, ==,
                     flash_tri_from_boolean (g_str_equal (rows[i].container, "flatpak")));
  }
}

/* In the sandbox, the system is the one outside. */
static void
test_flatpak (FlashHostTest *test, gconstpointer data)
{
  g_auto (FlashHostMachine) machine = { 0 };

  flash_host_test_write_file (test, "/.flatpak-info", "");
  flash_host_test_write_file (test, "/etc/os-release", "PRETTY_NAME='GNOME Runtime'\n");
  flash_host_test_write_file (test, "/run/host/os-release", "PRETTY_NAME='Fedora Linux 41'\n");
  flash_host_machine_init (&machine, test->root);
  g_assert_cmpstr (machine.system, ==, "Fedora Linux 41");
}

/* @supplies: `name attribute=value …`, one a line */
typedef struct {
  const char *name;
  const char *supplies;
  gint percent;
} Case;

static const Case cases[] = {
  { "none", "", -1 },
  { "battery", "BAT0 type=Battery capacity=37 status=Discharging", 37 },
  { "empty", "BAT0 type=Battery capacity=0 status=Discharging", 0 },
  { "full", "BAT0 type=Battery capacity=100 status=Discharging", 100 },
  { "more-than-full", "BAT0 type=Battery capacity=101 status=Discharging", -1 },
  { "no-number", "BAT0 type=Battery capacity=12a status=Discharging", -1 },
  { "negative", "BAT0 type=Battery capacity=-3 status=Discharging", -1 },
  { "mains-off", "AC type=Mains online=0\nBAT0 type=Battery capacity=37 status=Discharging", 37 },
  { "mains-on", "AC type=Mains online=1\nBAT0 type=Battery capacity=37 status=Charging", -1 },
  { "mains-on-but-not-enough",
    "AC type=Mains online=1\nBAT0 type=Battery capacity=37 status=Discharging", -1 },
  { "fed-over-usb", "AC type=Mains online=0\nucsi type=USB online=1\nBAT0 type=Battery capacity=9",
    -1 },
  { "usb-without-feed", "ucsi type=USB online=0\nBAT0 type=Battery capacity=9", 9 },
  { "charging-and-no-mains", "BAT0 type=Battery capacity=37 status=Charging", -1 },
  { "filled-and-no-mains", "BAT0 type=Battery capacity=100 status=Full", -1 },
  /* Supplies that do not know of their mains are common. */
  { "filled-and-mains-off", "AC type=Mains online=0\nBAT0 type=Battery capacity=100 status=Full",
    -1 },
  { "charging-and-mains-off",
    "AC type=Mains online=0\nBAT0 type=Battery capacity=7 status=Charging", -1 },
  { "neither-and-mains-off", "AC type=Mains online=0\nBAT0 type=Battery capacity=7 status=Unknown",
    7 },
  { "two", "BAT0 type=Battery capacity=5 status=Discharging\nBAT1 type=Battery capacity=80", 80 },
  { "two-in-turn", "BAT0 type=Battery capacity=80 status=Discharging\nBAT1 type=Battery capacity=5",
    80 },
  { "mouse", "hid type=Battery scope=Device capacity=12 status=Discharging", -1 },
  { "taken-out", "BAT0 type=Battery present=0 capacity=50 status=Discharging", -1 },
  { "put-in", "BAT0 type=Battery present=1 capacity=50 status=Discharging", 50 },
  { "wireless", "W type=Wireless online=1\nBAT0 type=Battery capacity=50", 50 },
};

static void
add_supply (FlashHostTest *test, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  for (guint i = 1; words[0] != NULL && words[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (words[i], "=", 2);
    g_autofree char *path = g_build_filename (SUPPLIES, words[0], pair[0], NULL);
    g_autofree char *text = g_strconcat (pair[1], "\n", NULL);

    flash_host_test_write_file (test, path, text);
  }
}

static void
test_battery (FlashHostTest *test, gconstpointer data)
{
  const Case *row = data;
  g_auto (GStrv) lines = g_strsplit (row->supplies, "\n", -1);
  g_auto (FlashHostMachine) machine = { 0 };

  for (guint i = 0; lines[i] != NULL; i++)
    add_supply (test, lines[i]);
  flash_host_machine_init (&machine, test->root);
  g_assert_cmpint (machine.battery_percent, ==, row->percent);
}

/* This computer. */
static void
test_here (void)
{
  g_auto (FlashHostMachine) machine = { 0 };

  flash_host_machine_init (&machine, NULL);
  g_assert_nonnull (machine.kernel);
  g_assert_nonnull (machine.architecture);
  g_assert_cmpint (machine.battery_percent, >=, -1);
  g_assert_cmpint (machine.battery_percent, <=, 100);
  g_assert_cmpint (machine.is_flatpak, !=, FLASH_TRI_UNKNOWN);
}

static void
add (const char *name, gconstpointer data, void (*test) (FlashHostTest *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/host-machine/", name, NULL);

  g_test_add (path, FlashHostTest, data, flash_host_test_set_up, test, flash_host_test_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("nothing", NULL, test_nothing);
  add ("names", NULL, test_names);
  add ("containers", NULL, test_containers);
  add ("flatpak", NULL, test_flatpak);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = g_strconcat ("battery/", cases[i].name, NULL);

    add (name, &cases[i], test_battery);
  }
  g_test_add_func ("/host-machine/here", test_here);

  return g_test_run ();
}
