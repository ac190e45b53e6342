/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-findings.h"
#include "flash-vm-filter.h"

#include <string.h>

static void
test_port_names (void)
{
  static const char *const names[] = { "unknown",     "nothing", "failed",       "over-current",
                                       "awaited",     "rom",     "stayed",       "silent",
                                       "closed",      "held",    "plain-u-boot", "other-board",
                                       "other-device" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (flash_port_shows_get_name ((FlashPortShows) i), ==, names[i]);
  g_assert_cmpuint (G_N_ELEMENTS (names), ==, FLASH_PORT_OTHER_DEVICE + 1);
}

static void
test_certainty_names (void)
{
  g_assert_cmpstr (flash_certainty_get_name (FLASH_CERTAINTY_NOTHING), ==, "nothing");
  g_assert_cmpstr (flash_certainty_get_name (FLASH_CERTAINTY_OPEN), ==, "open");
  g_assert_cmpstr (flash_certainty_get_name (FLASH_CERTAINTY_LIKELY), ==, "likely");
  g_assert_cmpstr (flash_certainty_get_name (FLASH_CERTAINTY_PROVED), ==, "proved");
}

/* Every observation can be asked for, by yes or no. */
static void
test_observations (void)
{
  static const char *const names[] = { "none",           "power-led",    "red-led",
                                       "console-speaks", "other-cable",  "boot-switches",
                                       "boot0-held",     "host-sees-it", "other-computer" };

  g_assert_cmpuint (G_N_ELEMENTS (names), ==, FLASH_N_OBSERVATIONS);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *question = flash_observation_get_question ((FlashObservation) i);

    g_assert_cmpstr (flash_observation_get_name ((FlashObservation) i), ==, names[i]);
    if (i == FLASH_OBSERVATION_NONE) {
      g_assert_cmpstr (question, ==, "");
      continue;
    }
    g_assert_true (g_ascii_isupper (question[0]));
    g_assert_true (g_str_has_suffix (question, "?"));
  }
}

/* Nothing known means nothing said, whatever the memory held before. */
static void
test_init (void)
{
  FlashSymptoms symptoms;
  FlashFindings findings;

  for (FlashMoment moment = FLASH_MOMENT_BEFORE; moment <= FLASH_MOMENT_AFTER; moment++) {
    memset (&symptoms, 0x5a, sizeof symptoms);
    flash_symptoms_init (&symptoms, moment);
    g_assert_cmpint (symptoms.moment, ==, moment);
    g_assert_cmpint (symptoms.last_id, ==, -1);
    g_assert_cmpint (symptoms.n_hubs, ==, -1);
    g_assert_cmpint (symptoms.n_disconnects, ==, -1);
    g_assert_cmpint (symptoms.battery_percent, ==, -1);
    g_assert_cmpint (symptoms.image_chip_id, ==, -1);
    g_assert_null (symptoms.vm);
    g_assert_cmpint (symptoms.port, ==, FLASH_PORT_UNKNOWN);
    flash_findings_judge (&symptoms, &findings);
    g_assert_cmpuint (findings.n_notes, ==, 0);
    if (moment == FLASH_MOMENT_AWAY)
      g_assert_cmpstr (findings.cause->code, ==, "never-came-back");
    else
      g_assert_cmpint (findings.certainty, ==, FLASH_CERTAINTY_NOTHING);
  }
}

/* --- filters of virtual machines ----------------------------------------------------------------
 */

static void
test_filters (void)
{
  static const char *const products[] = { "df11", "5720", "0afb" };
  guint n;
  const FlashVmFilter *filters = flash_vm_filter_list (&n);

  for (guint i = 0; i < n; i++) {
    g_test_message ("%s", filters[i].kind);
    if (i > 0)
      g_assert_cmpstr (filters[i - 1].kind, <, filters[i].kind);
    g_assert_true (flash_vm_filter_find (filters[i].kind) == &filters[i]);
    g_assert_true (g_str_has_suffix (filters[i].where, "."));
    g_assert_true (g_str_has_suffix (filters[i].text, "\n"));
    g_assert_nonnull (strstr (filters[i].text, "0483"));
    for (guint k = 0; k < G_N_ELEMENTS (products); k++)
      g_assert_nonnull (strstr (filters[i].text, products[k]));
    /* A filter by serial number or name would catch the first stage only. */
    g_assert_null (strstr (filters[i].text, "serial"));
    g_assert_null (strstr (filters[i].text, "--product "));
  }
}

static void
test_filter_kinds (void)
{
  static const char *const kinds[] = { "kvm",  "microsoft", "oracle", "parallels",
                                       "qemu", "vmware",    "wsl" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const FlashVmFilter *filter = flash_vm_filter_find (kinds[i]);
    g_auto (GStrv) steps = NULL;

    g_assert_nonnull (filter);
    g_assert_cmpuint (strlen (filter->name), >, 2);
    steps = flash_advice_dup_steps (filter->where);
    g_assert_cmpuint (g_strv_length (steps), >=, 3);
  }
  g_assert_null (flash_vm_filter_find ("none"));
  g_assert_null (flash_vm_filter_find ("xen"));
}

static void
test_filter_words (void)
{
  static const struct {
    const char *kind;
    const char *where;
    const char *text;
  } rows[] = {
    /* Linux attaches by host and bus only, needs its driver for that, and does it once. */
    { "microsoft", "4.2 or later", "modprobe vhci-hcd" },
    { "microsoft", "Leave them running", "while true; do sudo usbip attach -r HOST -b BUSID" },
    { "microsoft", "BUSID", "--operation AutoBind --busid BUSID" },
    { "wsl", "4.2 or later", "--auto-attach --busid BUSID" },
    { "wsl", "BUSID", "--operation AutoBind --busid BUSID" },
    { "kvm", "SPICE", "<graphics type='spice'" },
    { "kvm", "keyboard", "--spice-usbredir-auto-redirect-filter" },
    { "kvm", "whole USB controller", "redirfilter" },
    { "oracle", "--usbxhci on", "--usb-xhci on" },
    { "oracle", "vboxusers", "usbfilter" },
    { "vmware", "change that one", "usb.present" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const FlashVmFilter *filter = flash_vm_filter_find (rows[i].kind);

    g_test_message ("%s: %s", rows[i].kind, rows[i].where);
    g_assert_nonnull (strstr (filter->where, rows[i].where));
    g_assert_nonnull (strstr (filter->text, rows[i].text));
    g_assert_null (strstr (filter->text, "--hardware-id"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/symptoms/port-names", test_port_names);
  g_test_add_func ("/advice/symptoms/certainty-names", test_certainty_names);
  g_test_add_func ("/advice/symptoms/observations", test_observations);
  g_test_add_func ("/advice/symptoms/init", test_init);
  g_test_add_func ("/advice/vm-filter/all", test_filters);
  g_test_add_func ("/advice/vm-filter/kinds", test_filter_kinds);
  g_test_add_func ("/advice/vm-filter/words", test_filter_words);
  return g_test_run ();
}
