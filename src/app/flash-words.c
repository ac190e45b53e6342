/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-words"

#include "config.h"

#include "flash-words.h"

#include "flash-layout.h"
#include "flash-loader.h"
#include "flash-portal-path.h"

#include <glib/gi18n.h>

const char *
flash_words_translate (const char *text)
{
  /* The translation of "" is the header of the catalogue. */
  return *text != '\0' ? gettext (text) : text;
}

const char *
flash_words_stage (const char *stage)
{
  if (g_strcmp0 (stage, "rom") == 0)
    return _ ("ROM");
  if (g_strcmp0 (stage, "tf-a") == 0)
    return _ ("TF-A");
  if (g_strcmp0 (stage, "u-boot") == 0)
    return _ ("U-Boot");
  if (g_strcmp0 (stage, "bootloader") == 0)
    return _ ("Boot loader");
  if (g_strcmp0 (stage, "runtime") == 0)
    return _ ("Program");
  return NULL;
}

const char *
flash_words_stage_sentence (const char *stage)
{
  if (g_strcmp0 (stage, "rom") == 0)
    return _ ("Ready in ROM");
  if (g_strcmp0 (stage, "tf-a") == 0)
    return _ ("Runs TF-A");
  if (g_strcmp0 (stage, "u-boot") == 0)
    return _ ("Runs U-Boot");
  return _ ("Not in serial boot");
}

const char *
flash_words_board_state (FlashBoardKind kind, const char *stage)
{
  switch (kind) {
  case FLASH_BOARD_KIND_STM32MP:
    return flash_words_stage_sentence (stage);
  case FLASH_BOARD_KIND_DFUSE:
  case FLASH_BOARD_KIND_DFU:
    return _ ("Boot loader");
  case FLASH_BOARD_KIND_RUNTIME:
    return _ ("Program (run-time)");
  case FLASH_BOARD_KIND_UNKNOWN:
    return _ ("In no known mode");
  }
  g_return_val_if_reached ("");
}

const char *
flash_words_speed (FlashSpeed speed)
{
  switch (speed) {
  case FLASH_SPEED_UNKNOWN:
    return NULL;
  case FLASH_SPEED_LOW:
    return _ ("low speed");
  case FLASH_SPEED_FULL:
    return _ ("full speed");
  case FLASH_SPEED_HIGH:
    return _ ("high speed");
  case FLASH_SPEED_SUPER:
    return _ ("SuperSpeed");
  }
  g_return_val_if_reached (NULL);
}

const char *
flash_words_access (FlashAccess access)
{
  switch (access) {
  case FLASH_ACCESS_OK:
    return NULL;
  case FLASH_ACCESS_NO_PERMISSION:
    return _ ("No permission");
  case FLASH_ACCESS_BUSY:
    return _ ("In use elsewhere");
  case FLASH_ACCESS_SILENT:
    return _ ("Does not answer");
  }
  g_return_val_if_reached (NULL);
}

char *
flash_words_dup_access_detail (FlashBoard *board)
{
  const char *detail = flash_board_get_access_detail (board);

  if (detail == NULL)
    return NULL;
  /* TRANSLATORS: what the system says, in English */
  return g_strdup_printf (_ ("In detail: %s"), detail);
}

/* --- where a board is --------------------------------------------------------------------- */

static char *
dup_hub_name (const FlashHub *hub)
{
  return g_strdup (hub->name != NULL ? hub->name : _ ("a USB hub"));
}

static char *
dup_port (FlashBoard *board)
{
  const char *speed = flash_words_speed (flash_board_get_speed (board));

  if (speed == NULL)
    return g_strdup_printf (_ ("Port %s"), flash_board_get_port (board));
  /* TRANSLATORS: “Port 1-4, high speed” */
  return g_strdup_printf (_ ("Port %1$s, %2$s"), flash_board_get_port (board), speed);
}

char *
flash_words_dup_place (FlashBoard *board)
{
  GPtrArray *hubs = flash_board_get_hubs (board);
  guint n_hubs = hubs != NULL ? hubs->len : 0;
  g_autofree char *port = dup_port (board);
  g_autofree char *hub = NULL;

  if (n_hubs == 0)
    return g_steal_pointer (&port);
  hub = n_hubs == 1 ? dup_hub_name (g_ptr_array_index (hubs, 0))
                    : g_strdup_printf (ngettext ("%u USB hub", "%u USB hubs", n_hubs), n_hubs);
  /* TRANSLATORS: “Port 1-2.3, high speed, behind USB2.0 Hub” */
  return g_strdup_printf (_ ("%1$s, behind %2$s"), port, hub);
}

char *
flash_words_dup_hubs (FlashBoard *board)
{
  GPtrArray *hubs = flash_board_get_hubs (board);
  GString *lines;

  if (hubs == NULL || hubs->len == 0)
    return NULL;
  lines = g_string_new (NULL);
  for (guint i = 0; i < hubs->len; i++) {
    const FlashHub *hub = g_ptr_array_index (hubs, i);
    const char *speed = flash_words_speed (hub->speed);
    g_autofree char *name = dup_hub_name (hub);

    if (i > 0)
      g_string_append_c (lines, '\n');
    if (speed != NULL)
      /* TRANSLATORS: a hub: “Behind USB2.0 Hub on port 1-2, high speed” */
      g_string_append_printf (lines, _ ("Behind %1$s on port %2$s, %3$s"), name, hub->port, speed);
    else
      g_string_append_printf (lines, _ ("Behind %1$s on port %2$s"), name, hub->port);
  }
  return g_string_free (lines, FALSE);
}

/* --- devices that are no boards ----------------------------------------------------------- */

const char *
flash_words_neighbour_name (FlashUsbNeighbourKind kind)
{
  switch (kind) {
  case FLASH_USB_NEIGHBOUR_ST_LINK:
    return _ ("ST-LINK");
  case FLASH_USB_NEIGHBOUR_RUNTIME_DFU:
    return _ ("Device with firmware");
  case FLASH_USB_NEIGHBOUR_MASS_STORAGE:
    return _ ("USB disk");
  case FLASH_USB_NEIGHBOUR_FASTBOOT:
    return _ ("Fastboot device");
  case FLASH_USB_NEIGHBOUR_OTHER:
    return _ ("USB device");
  }
  g_return_val_if_reached ("");
}

const char *
flash_words_neighbour (FlashUsbNeighbourKind kind)
{
  switch (kind) {
  case FLASH_USB_NEIGHBOUR_ST_LINK:
    return _ ("A debug probe. Connect the board’s own USB device port too.");
  case FLASH_USB_NEIGHBOUR_RUNTIME_DFU:
    return _ ("Its firmware runs. Set the boot switches to serial boot and reset it.");
  case FLASH_USB_NEIGHBOUR_MASS_STORAGE:
    return _ ("Shows itself as a disk. Set the boot switches to serial boot and reset it.");
  case FLASH_USB_NEIGHBOUR_FASTBOOT:
    return _ ("In fastboot mode. Reset it into serial boot.");
  case FLASH_USB_NEIGHBOUR_OTHER:
    return _ ("Not in DFU mode. Set the boot switches to serial boot and reset it.");
  }
  g_return_val_if_reached ("");
}

const char *
flash_words_neighbour_icon (FlashUsbNeighbourKind kind)
{
  switch (kind) {
  case FLASH_USB_NEIGHBOUR_ST_LINK:
    return "media-removable-symbolic";
  case FLASH_USB_NEIGHBOUR_MASS_STORAGE:
    return "drive-harddisk-usb-symbolic";
  case FLASH_USB_NEIGHBOUR_FASTBOOT:
    return "phone-symbolic";
  case FLASH_USB_NEIGHBOUR_RUNTIME_DFU:
  case FLASH_USB_NEIGHBOUR_OTHER:
    return "application-x-firmware-symbolic";
  }
  g_return_val_if_reached ("");
}

/* --- problems, layouts, results ----------------------------------------------------------- */

const char *
flash_words_severity (FlashSeverity severity)
{
  switch (severity) {
  case FLASH_SEVERITY_INFO:
    return _ ("Note");
  case FLASH_SEVERITY_WARNING:
    return _ ("Warning");
  case FLASH_SEVERITY_ERROR:
    return _ ("Error");
  }
  g_return_val_if_reached (NULL);
}

const char *
flash_words_severity_icon (FlashSeverity severity)
{
  switch (severity) {
  case FLASH_SEVERITY_INFO:
    return "dialog-information-symbolic";
  case FLASH_SEVERITY_WARNING:
    return "dialog-warning-symbolic";
  case FLASH_SEVERITY_ERROR:
    return "dialog-error-symbolic";
  }
  g_return_val_if_reached (NULL);
}

/* Which is which depends on the board: on ST's own boards mmc0 is the SD card. Only an eMMC has
 * boot areas. */
const char *
flash_words_storage (FlashLayoutRow *row)
{
  switch (flash_layout_row_get_ip (row)) {
  case FLASH_LAYOUT_IP_NONE:
    return _ ("started from memory, not stored");
  case FLASH_LAYOUT_IP_MMC:
    if (flash_layout_row_get_ip_number (row) == 0)
      return _ ("usually the SD card");
    return _ ("usually the eMMC");
  case FLASH_LAYOUT_IP_NOR:
    return _ ("serial NOR flash");
  case FLASH_LAYOUT_IP_NAND:
    return _ ("parallel NAND flash");
  case FLASH_LAYOUT_IP_SPI_NAND:
    return _ ("serial NAND flash");
  case FLASH_LAYOUT_IP_RAM:
    return _ ("memory, gone after a reset");
  }
  g_return_val_if_reached (NULL);
}

char *
flash_words_dup_option (FlashLayoutRow *row)
{
  const char *text;

  if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE)
    text = _ ("A boot stage: sent to the board’s memory and started there, not stored.");
  else if (!flash_layout_row_is_selected (row))
    text = _ ("Not used: neither in the partition table nor written.");
  else if (flash_layout_row_is_empty (row) && flash_layout_row_is_erased (row))
    text = _ ("In the partition table, erased, and left empty.");
  else if (flash_layout_row_is_empty (row))
    text = _ ("In the partition table, but its contents are not touched.");
  else if (flash_layout_row_is_erased (row))
    text = _ ("Erased, then written.");
  else
    text = _ ("Written.");
  return g_strdup (text);
}

const char *
flash_words_next_step (FlashBoardState state, gboolean is_virtual)
{
  switch (state) {
  case FLASH_BOARD_UNTOUCHED:
    return _ ("Nothing was sent. The board is as it was.");
  case FLASH_BOARD_FINISHED:
    if (is_virtual)
      return _ ("The virtual board waits in U-Boot. A real one starts the new system when its boot "
                "switches are set to the storage and it is reset.");
    return _ ("The board waits in U-Boot. Set its boot switches to the storage and reset it to "
              "start the new system.");
  case FLASH_BOARD_STARTED:
    return _ ("The board was handed over to what it runs now.");
  case FLASH_BOARD_NEEDS_RESET:
    return _ ("The board is in the middle of a session. Reset it into serial boot before it is "
              "flashed again.");
  case FLASH_BOARD_AWAY:
    return _ ("The board is not on the bus. Check cable and power, then reset it into serial "
              "boot.");
  }
  g_return_val_if_reached (NULL);
}

char *
flash_words_dup_duration (guint64 duration_ms)
{
  guint64 seconds = (duration_ms + 500) / 1000;
  guint minutes = (guint) (seconds / 60);
  guint rest = (guint) (seconds % 60);
  g_autofree char *minutes_text = NULL;
  g_autofree char *rest_text = NULL;

  if (seconds == 0)
    return g_strdup (_ ("less than a second"));
  rest_text = g_strdup_printf (ngettext ("%u second", "%u seconds", rest), rest);
  if (minutes == 0)
    return g_steal_pointer (&rest_text);
  minutes_text = g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes), minutes);
  if (rest == 0)
    return g_steal_pointer (&minutes_text);
  /* TRANSLATORS: minutes, then seconds: “2 minutes 5 seconds” */
  return g_strdup_printf (_ ("%1$s %2$s"), minutes_text, rest_text);
}

static char *
dup_own_load_error (FlashLoadError code, const char *name)
{
  switch (code) {
  case FLASH_LOAD_ERROR_OTHER_KIND:
    return g_strdup_printf (_ ("“%s” is neither a layout nor firmware. Open a .tsv, .dfu, .hex, "
                               ".s19, .elf, .uf2 or .bin file."),
                            name);
  case FLASH_LOAD_ERROR_MP_IMAGE:
    return g_strdup_printf (_ ("“%s” is an image for an STM32MP board. Open the layout that names "
                               "it."),
                            name);
  case FLASH_LOAD_ERROR_NOT_LOCAL:
    return g_strdup_printf (_ ("“%s” is not on this computer. Copy it here first."), name);
  case FLASH_LOAD_ERROR_CHANGED:
    return g_strdup_printf (_ ("“%s” has changed meanwhile. Look at it again before you flash it."),
                            name);
  }
  g_return_val_if_reached (NULL);
}

char *
flash_words_dup_about (guint seconds)
{
  guint minutes = (seconds + 30) / 60;

  if (minutes == 0)
    return g_strdup (_ ("less than a minute"));
  return g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes), minutes);
}

char *
flash_words_dup_load_error (const GError *error, const char *name)
{
  if (error->domain == FLASH_LOAD_ERROR)
    return dup_own_load_error (error->code, name);
  if (g_error_matches (error, FLASH_LAYOUT_ERROR, FLASH_LAYOUT_ERROR_TOO_LARGE))
    return g_strdup_printf (
        _ ("“%s” is larger than any layout can be. Open the .tsv file, not an image."), name);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_strdup_printf (_ ("“%s” does not exist. It may have been moved or renamed."), name);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup_printf (_ ("You may not read “%s”. Change its permissions, or copy it."), name);
  /* TRANSLATORS: the file, then what the system said */
  return g_strdup_printf (_ ("“%1$s” cannot be read: %2$s"), name, error->message);
}

char *
flash_words_dup_capitalised (const char *text)
{
  char *copy;

  g_return_val_if_fail (text != NULL, NULL);

  copy = g_strdup (text);
  copy[0] = g_ascii_toupper (copy[0]);
  return copy;
}

char *
flash_words_dup_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *shared = flash_portal_path_dup_folder (path);
  const char *home = g_get_home_dir ();

  if (shared != NULL)
    return g_steal_pointer (&shared);
  if (g_str_has_prefix (folder, home) &&
      (folder[strlen (home)] == '/' || folder[strlen (home)] == '\0')) {
    g_autofree char *rest = g_filename_display_name (folder + strlen (home));

    return g_strconcat ("~", rest, NULL);
  }
  return g_filename_display_name (folder);
}
