/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would go wrong, and what makes things worse or slower: conditions, not causes. */
#define G_LOG_DOMAIN "flash-findings-before"

#include "config.h"

#include "flash-findings-private.h"

#define LOW_BATTERY_PERCENT 20
#define MANY_HUBS 3

/* --- access: who else, and who not ---------------------------------------------------------- */

static gboolean
is_closed (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_CLOSED;
}

static gboolean
is_closed_without_rule (const FlashSymptoms *symptoms)
{
  return is_closed (symptoms) && symptoms->has_rule == FLASH_TRI_NO;
}

/* From inside of its sandbox, the rules of the computer cannot be seen. */
static gboolean
is_closed_to_flatpak (const FlashSymptoms *symptoms)
{
  return is_closed (symptoms) && symptoms->is_flatpak == FLASH_TRI_YES &&
         symptoms->has_rule != FLASH_TRI_YES;
}

static gboolean
is_held (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_HELD;
}

static gboolean
is_held_by_vm (const FlashSymptoms *symptoms)
{
  static const char *const programs[] = { "VBox",  "VirtualBox",    "vmware", "qemu", "libvirt",
                                          "virt-", "remote-viewer", "spice",  "prl_" };

  if (!is_held (symptoms) || symptoms->holder == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    if (g_str_has_prefix (symptoms->holder, programs[i]))
      return TRUE;
  return FALSE;
}

const FlashFindingsRule flash_findings_access[] = {
  { "flatpak-no-rule", FLASH_CERTAINTY_PROVED, is_closed_to_flatpak },
  { "no-udev-rule", FLASH_CERTAINTY_PROVED, is_closed_without_rule },
  { "no-permission", FLASH_CERTAINTY_PROVED, is_closed },
  { "held-by-vm-program", FLASH_CERTAINTY_PROVED, is_held_by_vm },
  { "busy-in-other-program", FLASH_CERTAINTY_PROVED, is_held },
  { NULL },
};

/* --- hurdles: the job would surely fail ---------------------------------------------------- */

static gboolean
is_before (const FlashSymptoms *symptoms)
{
  return symptoms->moment == FLASH_MOMENT_BEFORE;
}

static gboolean
exceeds_storage (const FlashSymptoms *symptoms)
{
  return is_before (symptoms) && symptoms->exceeds_storage == FLASH_TRI_YES;
}

/* A firmware, or a boot stage that is to run now. */
static gboolean
is_for_other_chip (const FlashSymptoms *symptoms)
{
  return is_before (symptoms) && symptoms->image_chip != NULL &&
         (!symptoms->is_layout || symptoms->image_chip_id == 0x01 ||
          symptoms->image_chip_id == 0x03);
}

static gboolean
is_layout_for_other_chip (const FlashSymptoms *symptoms)
{
  return symptoms->is_layout && is_for_other_chip (symptoms);
}

/* Only the storage gets it: flashing works, and starting may not. */
static gboolean
is_stored_for_other_chip (const FlashSymptoms *symptoms)
{
  return is_before (symptoms) && symptoms->image_chip != NULL && !is_for_other_chip (symptoms);
}

static gboolean
is_other_flow (const FlashSymptoms *symptoms)
{
  return is_before (symptoms) && symptoms->is_layout &&
         symptoms->has_flow_mismatch == FLASH_TRI_YES;
}

const FlashFindingsRule flash_findings_hurdles[] = {
  { "wrong-chip", FLASH_CERTAINTY_LIKELY, is_layout_for_other_chip },
  { "flow-mismatch", FLASH_CERTAINTY_LIKELY, is_other_flow },
  { "storage-too-small", FLASH_CERTAINTY_LIKELY, exceeds_storage },
  { NULL },
};

/* --- notes ---------------------------------------------------------------------------------- */

/* Whether the link matters to what is being said. */
static gboolean
is_about_link (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = {
    "block-not-written", "came-back-in-rom", "lost-at-partition-end",
    "read-refused",      "readings-differ",  "scattered-differences",
    "tail-not-written",  "verify-mismatch",  NULL
  };

  return symptoms->moment != FLASH_MOMENT_AFTER || flash_findings_ended_lost (symptoms) ||
         flash_findings_ended_with (symptoms, codes);
}

static gboolean
lacks_usb_boot (const FlashSymptoms *symptoms)
{
  return is_before (symptoms) && symptoms->is_layout && symptoms->lacks_usb_boot == FLASH_TRI_YES;
}

static gboolean
is_slow (const FlashSymptoms *symptoms)
{
  return is_about_link (symptoms) && symptoms->is_full_speed == FLASH_TRI_YES &&
         symptoms->wants_high_speed == FLASH_TRI_YES;
}

static gboolean
is_virtual_machine (const FlashSymptoms *symptoms)
{
  return is_about_link (symptoms) && flash_findings_is_vm (symptoms);
}

/* It leaves the class of these devices alone (stm32mp-usb.md section 7.3, row 28). */
static gboolean
has_modem_manager (const FlashSymptoms *symptoms)
{
  return is_about_link (symptoms) && g_strcmp0 (symptoms->rival, "ModemManager") == 0;
}

static gboolean
has_rival (const FlashSymptoms *symptoms)
{
  return is_about_link (symptoms) && symptoms->rival != NULL && !has_modem_manager (symptoms);
}

static gboolean
is_nearly_empty (const FlashSymptoms *symptoms)
{
  return symptoms->moment != FLASH_MOMENT_AFTER && symptoms->battery_percent >= 0 &&
         symptoms->battery_percent < LOW_BATTERY_PERCENT;
}

static gboolean
is_twice (const FlashSymptoms *symptoms)
{
  return symptoms->moment != FLASH_MOMENT_AFTER && symptoms->n_same_serial > 1;
}

/* Where the board may be opened without a rule, something else gives the right. */
static gboolean
has_no_rule (const FlashSymptoms *symptoms)
{
  return is_before (symptoms) && symptoms->has_rule == FLASH_TRI_NO &&
         symptoms->port != FLASH_PORT_AWAITED && symptoms->is_flatpak != FLASH_TRI_YES;
}

static gboolean
is_behind_hubs (const FlashSymptoms *symptoms)
{
  return is_about_link (symptoms) && symptoms->n_hubs >= MANY_HUBS;
}

static gboolean
can_fall_asleep (const FlashSymptoms *symptoms)
{
  return is_before (symptoms) && symptoms->can_suspend == FLASH_TRI_YES;
}

/* The worst first: there may be more of them than a face shows. */
const FlashFindingsRule flash_findings_notes[] = {
  { "wrong-chip", FLASH_CERTAINTY_LIKELY, is_for_other_chip },
  { "flow-mismatch", FLASH_CERTAINTY_LIKELY, is_other_flow },
  { "storage-too-small", FLASH_CERTAINTY_LIKELY, exceeds_storage },
  { "stage-for-other-chip", FLASH_CERTAINTY_LIKELY, is_stored_for_other_chip },
  { "fsbl-without-usb", FLASH_CERTAINTY_LIKELY, lacks_usb_boot },
  { "virtual-machine", FLASH_CERTAINTY_LIKELY, is_virtual_machine },
  { "full-speed-link", FLASH_CERTAINTY_LIKELY, is_slow },
  { "same-serial-twice", FLASH_CERTAINTY_LIKELY, is_twice },
  { "rival-program", FLASH_CERTAINTY_LIKELY, has_rival },
  { "low-battery", FLASH_CERTAINTY_LIKELY, is_nearly_empty },
  { "no-udev-rule", FLASH_CERTAINTY_LIKELY, has_no_rule },
  { "many-hubs", FLASH_CERTAINTY_LIKELY, is_behind_hubs },
  { "port-may-suspend", FLASH_CERTAINTY_LIKELY, can_fall_asleep },
  { "modem-manager", FLASH_CERTAINTY_LIKELY, has_modem_manager },
  { NULL },
};
