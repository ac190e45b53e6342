/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-access.h"
#include "flash-host-test.h"

#include <sys/stat.h>

#define ETC "/etc/udev/rules.d/"
#define RUN "/run/udev/rules.d/"
#define LOCAL "/usr/local/lib/udev/rules.d/"
#define USR "/usr/lib/udev/rules.d/"
#define LIB "/lib/udev/rules.d/"
#define OURS "60-flashwright.rules"
#define OPEN_RULE "ATTRS{idVendor}==\"0483\", ATTRS{idProduct}==\"df11\", MODE=\"0666\"\n"
#define SEAT_RULE "ATTR{idVendor}==\"0483\", ATTR{idProduct}==\"df11\", TAG+=\"uaccess\"\n"
#define CLOSED_RULE "ATTR{idVendor}==\"0483\", ATTR{idProduct}==\"df11\", GROUP=\"dfu\"\n"
#define FINAL_RULE "ATTRS{idVendor}==\"0483\", ATTRS{idProduct}==\"df11\", MODE:=\"0666\"\n"
#define CLOSED_TAG_RULE "ATTR{idVendor}==\"0483\", ATTR{idProduct}==\"df11\", TAG-=\"uaccess\"\n"
/* As systemd has it. */
#define DEFAULT_RULE "SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", MODE=\"0664\"\n"
#define OTHER_RULE "ATTR{idVendor}==\"0484\", ATTR{idProduct}==\"df11\", MODE=\"0666\"\n"

/* The rule of this version. */
static char *
read_our_rule (void)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "..", "data", "60-flashwright.rules", NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static char *
describe (GPtrArray *rules)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rules->len; i++) {
    const FlashHostRule *rule = g_ptr_array_index (rules, i);

    g_string_append_printf (text, "%s%s%s %s;", rule->path, rule->is_ours ? " ours" : "",
                            rule->is_current ? " current" : "",
                            rule->gives != NULL ? rule->gives : "-");
  }
  return g_string_free (text, FALSE);
}

static void
assert_rules (FlashHostTest *test, const char *expected, gboolean is_given)
{
  g_autofree char *our_rule = read_our_rule ();
  FlashTri gives_access = FLASH_TRI_UNKNOWN;
  g_autoptr (GPtrArray) rules = flash_host_rule_find (test->root, our_rule, &gives_access);
  g_autofree char *found = describe (rules);

  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpint (gives_access, ==, flash_tri_from_boolean (is_given));
}

static void
test_none (FlashHostTest *test, gconstpointer data)
{
  assert_rules (test, "", FALSE);
  flash_host_test_write_file (test, USR "50-udev-default.rules", DEFAULT_RULE);
  flash_host_test_write_file (test, USR "60-other.rules", OTHER_RULE);
  flash_host_test_write_file (test, USR "README", OPEN_RULE);
  flash_host_test_write_file (test, USR "60-old.rules.bak", OPEN_RULE);
  assert_rules (test, "", FALSE);
}

static void
test_ours (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *our_rule = read_our_rule ();
  g_autofree char *with_comment = g_strconcat ("# by hand\n\n", our_rule, "\n\n# end", NULL);
  g_autofree char *changed =
      g_strconcat (our_rule, "ATTR{idProduct}==\"0001\", MODE=\"0600\"\n", NULL);
  g_autoptr (GPtrArray) unknown = NULL;
  g_autofree char *found = NULL;

  flash_host_test_write_file (test, ETC OURS, our_rule);
  assert_rules (test, ETC OURS " ours current uaccess;", TRUE);
  flash_host_test_write_file (test, ETC OURS, with_comment);
  assert_rules (test, ETC OURS " ours current uaccess;", TRUE);
  flash_host_test_write_file (test, ETC OURS, changed);
  assert_rules (test, ETC OURS " ours uaccess;", TRUE);
  /* The first one had no words for other services. */
  flash_host_test_write_file (test, ETC OURS, SEAT_RULE);
  assert_rules (test, ETC OURS " ours uaccess;", TRUE);
  /* Without a rule to compare it with, none is current. */
  flash_host_test_write_file (test, ETC OURS, our_rule);
  unknown = flash_host_rule_find (test->root, NULL, NULL);
  found = describe (unknown);
  g_assert_cmpstr (found, ==, ETC OURS " ours uaccess;");
}

/* The first folder with a name has it; all are read by name. */
static void
test_order (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_write_file (test, LIB "10-a.rules", OPEN_RULE);
  flash_host_test_write_file (test, USR "20-b.rules", OPEN_RULE);
  flash_host_test_write_file (test, LOCAL "15-c.rules", OPEN_RULE);
  flash_host_test_write_file (test, RUN "05-d.rules", CLOSED_RULE);
  flash_host_test_write_file (test, ETC "20-b.rules", CLOSED_RULE);
  flash_host_test_write_file (test, LOCAL "10-a.rules", SEAT_RULE);
  assert_rules (test,
                RUN "05-d.rules GROUP=dfu;" LOCAL "10-a.rules uaccess;" LOCAL
                    "15-c.rules MODE=0666;" ETC "20-b.rules GROUP=dfu;",
                TRUE);
}

/* All files are read as one: udev's own takes away again what was given before it, and a later one
 * has the last word. */
static void
test_one_mode (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_write_file (test, USR "50-udev-default.rules", DEFAULT_RULE);
  flash_host_test_write_file (test, ETC "49-a.rules", OPEN_RULE);
  assert_rules (test, ETC "49-a.rules MODE=0666;", FALSE);
  flash_host_test_write_file (test, ETC "49-a.rules", FINAL_RULE);
  assert_rules (test, ETC "49-a.rules MODE=0666;", TRUE);
  flash_host_test_write_file (test, ETC "49-a.rules", "");
  flash_host_test_write_file (test, ETC "60-a.rules", OPEN_RULE);
  assert_rules (test, ETC "60-a.rules MODE=0666;", TRUE);
  flash_host_test_write_file (test, ETC "70-b.rules", "SUBSYSTEM==\"usb\", MODE=\"0660\"\n");
  assert_rules (test, ETC "60-a.rules MODE=0666;", FALSE);
}

/* Whoever gives all devices to all gives boards too, without a word about them. */
static void
test_all_devices (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_write_file (test, USR "50-udev-default.rules", DEFAULT_RULE);
  flash_host_test_write_file (test, ETC "51-all.rules", "SUBSYSTEM==\"usb\", MODE=\"0666\"\n");
  assert_rules (test, "", TRUE);
}

/* The tag counts as it is when it is acted on. */
static void
test_tag_in_time (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_write_file (test, USR "60-a.rules", SEAT_RULE);
  flash_host_test_write_file (test, USR "73-seat-late.rules", "TAG==\"uaccess\", RUN+=\"x\"\n");
  flash_host_test_write_file (test, ETC "80-b.rules", CLOSED_TAG_RULE);
  assert_rules (test, USR "60-a.rules uaccess;" ETC "80-b.rules -;", TRUE);
  flash_host_test_write_file (test, ETC "70-b.rules", CLOSED_TAG_RULE);
  assert_rules (test, USR "60-a.rules uaccess;" ETC "70-b.rules -;" ETC "80-b.rules -;", FALSE);
}

/* In the sandbox, these are not the computer's rules. */
static void
test_flatpak (FlashHostTest *test, gconstpointer data)
{
  FlashTri gives_access = FLASH_TRI_NO;
  g_autoptr (GPtrArray) rules = NULL;

  flash_host_test_write_file (test, ETC "60-a.rules", OPEN_RULE);
  flash_host_test_write_file (test, "/.flatpak-info", "");
  rules = flash_host_rule_find (test->root, NULL, &gives_access);
  g_assert_cmpuint (rules->len, ==, 0);
  g_assert_cmpint (gives_access, ==, FLASH_TRI_UNKNOWN);
}

/* What administrators do to switch a rule off. */
static void
test_hidden (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_write_file (test, USR "60-a.rules", OPEN_RULE);
  flash_host_test_write_file (test, USR "60-b.rules", OPEN_RULE);
  flash_host_test_write_file (test, USR "60-c.rules", OPEN_RULE);
  assert_rules (test,
                USR "60-a.rules MODE=0666;" USR "60-b.rules MODE=0666;" USR "60-c.rules MODE=0666;",
                TRUE);
  flash_host_test_write_file (test, ETC "60-a.rules", "");
  flash_host_test_make_link (test, ETC "60-b.rules", "/dev/null");
  flash_host_test_write_file (test, ETC "60-c.rules", OTHER_RULE);
  assert_rules (test, "", FALSE);
}

/* udev follows the links of this computer, and a link in a foreign one does not leave it. */
static void
test_links (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_write_file (test, "/opt/st/49-stm32.rules", OPEN_RULE);
  flash_host_test_make_link (test, ETC "49-stm32.rules", "/opt/st/49-stm32.rules");
  flash_host_test_make_link (test, "/lib", "usr/lib");
  flash_host_test_write_file (test, USR "60-a.rules", SEAT_RULE);
  assert_rules (test, ETC "49-stm32.rules MODE=0666;" USR "60-a.rules uaccess;", TRUE);
}

/* A tag that comes after the file which acts on it gives nothing. */
static void
test_too_late (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_write_file (test, ETC "99-dfu.rules", SEAT_RULE);
  assert_rules (test, ETC "99-dfu.rules uaccess;", FALSE);
  flash_host_test_write_file (test, ETC "72-dfu.rules", SEAT_RULE);
  assert_rules (test, ETC "72-dfu.rules uaccess;" ETC "99-dfu.rules uaccess;", TRUE);
}

static void
test_late_mode (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_write_file (test, ETC "99-dfu.rules", OPEN_RULE);
  assert_rules (test, ETC "99-dfu.rules MODE=0666;", TRUE);
}

static void
test_modes (FlashHostTest *test, gconstpointer data)
{
  static const struct {
    const char *mode;
    gboolean is_for_all;
  } rows[] = {
    { "0666", TRUE },  { "666", TRUE },   { "0777", TRUE }, { "0606", TRUE },  { "0664", FALSE },
    { "0660", FALSE }, { "0662", FALSE }, { "rw", FALSE },  { "0668", FALSE }, { "77777", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = g_strdup_printf (
        "ATTR{idVendor}==\"0483\", ATTR{idProduct}==\"df11\", MODE=\"%s\"\n", rows[i].mode);
    g_autofree char *expected = g_strdup_printf (ETC "50-a.rules MODE=%s;", rows[i].mode);

    flash_host_test_write_file (test, ETC "50-a.rules", text);
    assert_rules (test, expected, rows[i].is_for_all);
  }
}

/* --- other programs ----------------------------------------------------------------------- */

static void
assert_rivals (FlashHostTest *test, const char *expected)
{
  g_auto (GStrv) rivals = flash_host_rivals_find (test->root);
  g_autofree char *text = g_strjoinv (" ", rivals);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_rivals (FlashHostTest *test, gconstpointer data)
{
  static const char exporter[] = "/usr/bin/flashwright-cli\0virtual\0stm32f405";
  g_autofree char *path = g_build_filename (test->root, "proc", "800", "cmdline", NULL);

  assert_rivals (test, "");
  flash_host_test_write_file (test, "/proc/1/comm", "systemd\n");
  flash_host_test_write_file (test, "/proc/2/comm", "fwupdmgr\n");
  flash_host_test_write_file (test, "/proc/3/comm", "flashwright-foo\n");
  flash_host_test_write_file (test, "/proc/self/comm", "fwupd\n");
  flash_host_test_write_file (test, "/proc/12x/comm", "fwupd\n");
  flash_host_test_write_file (test, "/proc/4/none", "\n");
  assert_rivals (test, "");
  flash_host_test_write_file (test, "/proc/700/comm", "brltty\n");
  assert_rivals (test, "brltty");
  flash_host_test_write_file (test, "/proc/701/comm", "fwupd\n");
  flash_host_test_write_file (test, "/proc/702/comm", "fwupd\n");
  assert_rivals (test, "fwupd brltty");
  /* Who exports virtual boards disturbs nobody. */
  flash_host_test_write_file (test, "/proc/800/comm", "flashwright-cli\n");
  flash_host_test_write_file (test, "/proc/800/cmdline", "");
  g_assert_true (g_file_set_contents (path, exporter, sizeof exporter, NULL));
  assert_rivals (test, "fwupd brltty");
  g_assert_true (g_file_set_contents (path, exporter, 4, NULL));
  assert_rivals (test, "fwupd brltty flashwright");
  flash_host_test_write_file (test, "/proc/801/comm", "flashwright\n");
  flash_host_test_write_file (test, "/proc/99/comm", "ModemManager\n");
  assert_rivals (test, "ModemManager fwupd brltty flashwright");
}

/* This computer: whatever runs here, nothing comes of it that is not known. */
static void
test_rivals_here (void)
{
  static const char *const known[] = { "ModemManager", "fwupd", "brltty", "flashwright", NULL };
  g_auto (GStrv) rivals = flash_host_rivals_find (NULL);

  for (guint i = 0; rivals[i] != NULL; i++)
    g_assert_true (g_strv_contains (known, rivals[i]));
}

static void
test_vm_programs (void)
{
  static const char *const programs[] = {
    "VirtualBoxVM",    "VBoxHeadless",    "VBoxSVC",     "vmware-vmx",      "qemu-kvm",
    "qemu-system-x86", "qemu-system-aar", "gnome-boxes", "vmware-usbarbit", "kvm"
  };
  static const char *const others[] = {
    "", "fwupd", "qemu", "vmware", "VBox", "my-qemu-system-x86", "kvm-nx-lpage-re"
  };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    g_assert_true (flash_host_is_vm_program (programs[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (flash_host_is_vm_program (others[i]));
  g_assert_false (flash_host_is_vm_program (NULL));
}

static void
add (const char *path, void (*test) (FlashHostTest *, gconstpointer))
{
  g_test_add (path, FlashHostTest, NULL, flash_host_test_set_up, test, flash_host_test_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/host-access/none", test_none);
  add ("/host-access/ours", test_ours);
  add ("/host-access/order", test_order);
  add ("/host-access/one-mode", test_one_mode);
  add ("/host-access/all-devices", test_all_devices);
  add ("/host-access/tag-in-time", test_tag_in_time);
  add ("/host-access/flatpak", test_flatpak);
  add ("/host-access/hidden", test_hidden);
  add ("/host-access/links", test_links);
  add ("/host-access/too-late", test_too_late);
  add ("/host-access/late-mode", test_late_mode);
  add ("/host-access/modes", test_modes);
  add ("/host-access/rivals", test_rivals);
  g_test_add_func ("/host-access/rivals-here", test_rivals_here);
  g_test_add_func ("/host-access/vm-programs", test_vm_programs);

  return g_test_run ();
}
