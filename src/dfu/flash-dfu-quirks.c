/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfu-quirks"

#include "config.h"

#include "flash-dfu-quirks.h"

#include "flash-dfu-defs.h"

#include <string.h>

#define ANY_BCD (-1)
/* Section 1.2: what to take if the device says nothing, or nothing that can be: 0xFFFF is 1024 with
 * fwupd, and 1024 is what the newer ROMs of ST and ST's middleware take. */
#define DEFAULT_TRANSFER_SIZE 1024
#define UNKNOWN_TRANSFER_SIZE 0xffff
/* Section 3.2: Atmel's own protocol, by the number that fwupd gives it. */
#define VERSION_ATMEL 0xff01
/* Section 2.6: what the boot stages of an STM32MP number from 1 are phases, not addresses. */
#define MAX_PHASE 0xff

/**
 * Quirk:
 * @vid: idVendor
 * @pid_first: first idProduct
 * @pid_last: last idProduct
 * @bcd_device: bcdDevice, or %ANY_BCD
 * @alternate: (nullable): how the name of one alternate setting must begin
 * @serial: (nullable): the serial number that it must have
 * @is_alone: whether it must have no other alternate setting
 * @flags: what it does otherwise
 * @bcd_dfu: the DFU version to go by, 0 for what it says
 */
typedef struct {
  guint16 vid;
  guint16 pid_first;
  guint16 pid_last;
  int bcd_device;
  const char *alternate;
  const char *serial;
  gboolean is_alone;
  FlashDfuQuirkFlags flags;
  guint16 bcd_dfu;
} Quirk;

#define ONE(pid) pid, pid
#define ST_DFU FLASH_ST_VID, ONE (FLASH_ST_DFU_PID)

/* clang-format off */
static const Quirk quirks[] = {
  /* Section 3.1: Openmoko and FIC; 3.2: no GETSTATUS between uploads. */
  { 0x1d50, 0x5117, 0x5126, ANY_BCD, NULL, NULL, FALSE, FLASH_DFU_QUIRK_IGNORE_POLL, 0 },
  { 0x1457, 0x5117, 0x5126, ANY_BCD, NULL, NULL, FALSE, FLASH_DFU_QUIRK_IGNORE_POLL, 0 },
  { 0x1d50, ONE (0x5119), ANY_BCD, NULL, NULL, FALSE, FLASH_DFU_QUIRK_NO_UPLOAD_STATUS, 0 },
  /* Section 3.1: SIMtrace, OpenPCD, OpenPICC, Siemens PXM, M-Audio Transit. */
  { 0x16c0, ONE (0x0762), ANY_BCD, NULL, NULL, FALSE, FLASH_DFU_QUIRK_IGNORE_POLL, 0 },
  { 0x16c0, 0x076b, 0x076c, ANY_BCD, NULL, NULL, FALSE, FLASH_DFU_QUIRK_IGNORE_POLL, 0 },
  { 0x0908, 0x02c4, 0x02c5, 0x0000, NULL, NULL, FALSE, FLASH_DFU_QUIRK_IGNORE_POLL, 0 },
  { 0x0763, ONE (0x2806), ANY_BCD, NULL, NULL, FALSE, FLASH_DFU_QUIRK_IGNORE_POLL, 0 },
  /* Section 3.1: Maple, whose version says DfuSe. */
  { 0x1eaf, ONE (0x0003), 0x0200, NULL, NULL, FALSE, FLASH_DFU_QUIRK_PLAIN,
    FLASH_DFU_VERSION_1_1 },
  /* Sections 3.1 and 3.2: NXP LPC, in DFU mode with the protocol of run-time. */
  { 0x1fc9, ONE (0x000c), ANY_BCD, NULL, NULL, FALSE, FLASH_DFU_QUIRK_DFU_MODE, 0 },
  /* Sections 2.7, 3.1 and 3.2: GD32VF103; its serial number tells the size, not the device. */
  { 0x28e9, ONE (0x0189), ANY_BCD, NULL, NULL, FALSE,
    FLASH_DFU_QUIRK_LEAVE_SILENT | FLASH_DFU_QUIRK_DFU_MODE | FLASH_DFU_QUIRK_SERIAL_SHARED, 0 },
  /* Section 3.2: Atmel. */
  { 0x03eb, 0x2f00, 0x2fff, ANY_BCD, NULL, NULL, FALSE, 0, VERSION_ATMEL },

  /* Section 0.3, fact 5, and 2.7: STM32H74x and H75x by their map (2.5.3). The revision of the chip
   * and the version of its ROM cannot be read: one may erase for ever, the other not start. */
  { ST_DFU, ANY_BCD, "@Internal Flash   /0x08000000/16*128Kg", NULL, FALSE,
    FLASH_DFU_QUIRK_BUSY_FOREVER | FLASH_DFU_QUIRK_LEAVE_STAYS, 0 },
  /* Section 2.7: STM32H563 and H573, by map and bcdDevice (2.5.3). */
  { ST_DFU, 0x0300, "@Internal Flash   /0x08000000/256*08Kg", NULL, FALSE,
    FLASH_DFU_QUIRK_LEAVE_STAYS, 0 },
  /* Sections 2.3 and 8.6: STM32L4, by the place and length of its option bytes (2.5.3). */
  { ST_DFU, ANY_BCD, "@Option Bytes  /0x1FFF7800/01*040", NULL, FALSE,
    FLASH_DFU_QUIRK_STALLS_WHILE_BUSY, 0 },
  { ST_DFU, ANY_BCD, "@Option Bytes   /0x1FFF7800/01*40B", NULL, FALSE,
    FLASH_DFU_QUIRK_STALLS_WHILE_BUSY, 0 },
  /* Section 0.3, fact 4, and 3.4: STM32C5, which has this one setting only (2.5.3). */
  { ST_DFU, ANY_BCD, "@Internal Flash /0x08000000/64*08Kg", NULL, TRUE,
    FLASH_DFU_QUIRK_CLEAR_STALLS, 0 },
  /* Section 0.3, fact 11. */
  { ST_DFU, ANY_BCD, NULL, "200364500000", FALSE, FLASH_DFU_QUIRK_SERIAL_SHARED, 0 },
  { ST_DFU, ANY_BCD, NULL, "200000500000", FALSE, FLASH_DFU_QUIRK_SERIAL_SHARED, 0 },
  { ST_DFU, ANY_BCD, NULL, "FFFFFFFEFFFF", FALSE, FLASH_DFU_QUIRK_SERIAL_SHARED, 0 },
  { ST_DFU, ANY_BCD, NULL, "STM32", FALSE, FLASH_DFU_QUIRK_SERIAL_SHARED, 0 },
  { ST_DFU, ANY_BCD, NULL, "STM32FxSTM32", FALSE, FLASH_DFU_QUIRK_SERIAL_SHARED, 0 },
};
/* clang-format on */

static const FlashAlternate *
get_alternate (FlashDescriptors *descriptors, guint index)
{
  return g_ptr_array_index (descriptors->alternates, index);
}

static gboolean
has_alternate (FlashDescriptors *descriptors, const char *begin)
{
  for (guint i = 0; i < descriptors->alternates->len; i++) {
    const char *name = get_alternate (descriptors, i)->name;

    if (name != NULL && g_str_has_prefix (name, begin))
      return TRUE;
  }
  return FALSE;
}

static gboolean
applies (const Quirk *quirk, FlashDescriptors *descriptors)
{
  return descriptors->vid == quirk->vid && descriptors->pid >= quirk->pid_first &&
         descriptors->pid <= quirk->pid_last &&
         (quirk->bcd_device == ANY_BCD || descriptors->bcd_device == quirk->bcd_device) &&
         (quirk->serial == NULL || g_strcmp0 (descriptors->serial, quirk->serial) == 0) &&
         (!quirk->is_alone || descriptors->alternates->len == 1) &&
         (quirk->alternate == NULL || has_alternate (descriptors, quirk->alternate));
}

/* Section 1.2. */
static guint
correct_transfer_size (const FlashDescriptors *descriptors)
{
  guint size = descriptors->transfer_size;

  if (size == 0 || size == UNKNOWN_TRANSFER_SIZE)
    return DEFAULT_TRANSFER_SIZE;
  return CLAMP (size, descriptors->max_packet_size, FLASH_TRANSPORT_MAX_DATA);
}

/* --- Dialects ------------------------------------------------------------------------------- */

typedef struct {
  gboolean has_name;
  gboolean has_memory;
  gboolean has_phase;
} Maps;

/* Reads no more of a name than what it takes to tell a memory from a phase: `@Name /0xADDRESS`. */
static void
look_at_name (const char *name, Maps *maps)
{
  const char *slash = name != NULL && name[0] == '@' ? strchr (name, '/') : NULL;
  guint64 address;

  if (name != NULL)
    maps->has_name = TRUE;
  if (slash == NULL)
    return;
  do
    slash++;
  while (*slash == ' ');
  if (!g_str_has_prefix (slash, "0x") && !g_str_has_prefix (slash, "0X"))
    return;
  address = g_ascii_strtoull (slash, NULL, 16);
  if (address > 0 && address <= MAX_PHASE)
    maps->has_phase = TRUE;
  else
    maps->has_memory = TRUE;
}

static Maps
look_at_names (FlashDescriptors *descriptors)
{
  Maps maps = { FALSE };

  for (guint i = 0; i < descriptors->alternates->len; i++)
    look_at_name (get_alternate (descriptors, i)->name, &maps);
  return maps;
}

/* Section 2.1: ST's numbers are DfuSe with fwupd whatever the descriptor says; here if it says
 * nothing, or is one of those that are too short to say it (2.5.3, clones). A device that says 1.1
 * speaks plain DFU, with a map in its name or not. */
static gboolean
is_silent_about_version (FlashDescriptors *descriptors)
{
  return descriptors->vid == FLASH_ST_VID && descriptors->pid == FLASH_ST_DFU_PID &&
         (!descriptors->has_functional || descriptors->bcd_dfu == FLASH_DFU_VERSION_1_0);
}

void
flash_dfu_quirks_find (FlashDescriptors *descriptors, FlashDfuQuirks *out_quirks)
{
  Maps maps;

  g_return_if_fail (descriptors != NULL && out_quirks != NULL);

  *out_quirks = (FlashDfuQuirks){
    .transfer_size = correct_transfer_size (descriptors),
    .bcd_dfu = descriptors->has_functional ? descriptors->bcd_dfu : FLASH_DFU_VERSION_1_0,
  };
  maps = look_at_names (descriptors);
  if (is_silent_about_version (descriptors) && maps.has_memory && !maps.has_phase)
    out_quirks->bcd_dfu = FLASH_DFU_VERSION_DFUSE;
  for (guint i = 0; i < G_N_ELEMENTS (quirks); i++) {
    if (!applies (&quirks[i], descriptors))
      continue;
    out_quirks->flags |= quirks[i].flags;
    if (quirks[i].bcd_dfu != 0)
      out_quirks->bcd_dfu = quirks[i].bcd_dfu;
  }
}

FlashDfuDialect
flash_dfu_quirks_get_dialect (FlashDescriptors *descriptors)
{
  FlashDfuQuirks found;
  Maps maps;

  g_return_val_if_fail (descriptors != NULL, FLASH_DFU_DIALECT_NONE);

  flash_dfu_quirks_find (descriptors, &found);
  if (descriptors->alternates->len == 0 || found.bcd_dfu == VERSION_ATMEL)
    return FLASH_DFU_DIALECT_NONE;
  if (descriptors->protocol == FLASH_DFU_PROTOCOL_RUNTIME &&
      (found.flags & FLASH_DFU_QUIRK_DFU_MODE) == 0)
    return FLASH_DFU_DIALECT_RUNTIME;
  if (found.bcd_dfu != FLASH_DFU_VERSION_DFUSE || (found.flags & FLASH_DFU_QUIRK_PLAIN) != 0)
    return FLASH_DFU_DIALECT_PLAIN;
  maps = look_at_names (descriptors);
  /* Names that could not be read are no sign of plain DFU, whose blocks a ROM would take for
   * commands: it stays with what the version says, and nothing is sent for want of a map. */
  if (!maps.has_name)
    return FLASH_DFU_DIALECT_DFUSE;
  return maps.has_memory && !maps.has_phase ? FLASH_DFU_DIALECT_DFUSE : FLASH_DFU_DIALECT_PLAIN;
}
