/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-complaints"

#include "config.h"

#include "flash-firmware-complaints.h"

#include "flash-text.h"

/* A program is made of words, also where the flash takes less. */
#define MIN_STEP 4u

/* One sentence for each reason, however many parts there are: plan->left_out lists them. */
static void
say_left_out (FlashFirmwarePlan *self, FlashFirmwareReason reason, FlashSeverity severity,
              const char *code, const char *text, const char *fix)
{
  const FlashFirmwareLeftOut *first = NULL;
  guint64 size = 0;

  for (guint i = 0; i < self->left_out->len; i++) {
    const FlashFirmwareLeftOut *part = &g_array_index (self->left_out, FlashFirmwareLeftOut, i);

    if (part->reason != reason)
      continue;
    size += part->size;
    first = first != NULL ? first : part;
  }
  if (first != NULL) {
    g_autofree char *size_text = flash_text_size (size);
    g_autofree char *address = flash_text_address (first->address);
    FlashDiag *diag =
        flash_diag_list_add (self->diags, severity, code, 0, 0, text, size_text, address, NULL);

    if (fix != NULL)
      flash_diag_set_fix (diag, fix, NULL);
  }
}

void
flash_firmware_complaints_add_left_out (FlashFirmwarePlan *self, gboolean leaves_out)
{
  FlashSeverity severity = leaves_out ? FLASH_SEVERITY_WARNING : FLASH_SEVERITY_ERROR;

  g_return_if_fail (self != NULL);

  say_left_out (self, FLASH_FIRMWARE_RAM, FLASH_SEVERITY_WARNING, "segment-in-ram",
                N_ ("{0} of the file, from {1} on, belong into RAM, which only a debugger can "
                    "load: they are left out."),
                NULL);
  say_left_out (self, FLASH_FIRMWARE_OPTION_BYTES, severity, "option-bytes-in-file",
                N_ ("{0} of the file, from {1} on, are option bytes or one-time memory; a wrong "
                    "one can lock the chip for good. They are never written along with firmware."),
                leaves_out ? NULL : N_ ("Leave these parts out, and set option bytes by name."));
  say_left_out (self, FLASH_FIRMWARE_OUTSIDE, severity, "outside-flash",
                N_ ("{0} of the file, from {1} on, lie where this boot loader names no memory."),
                leaves_out ? NULL : N_ ("Choose a file for this chip, or leave these parts out."));
  say_left_out (self, FLASH_FIRMWARE_OTHER_TARGET, FLASH_SEVERITY_INFO, "other-targets",
                N_ ("{0} of the file are for other memory of the board, which has an alternate "
                    "setting of its own; only the flash is written."),
                NULL);
  say_left_out (self, FLASH_FIRMWARE_READ_ONLY, FLASH_SEVERITY_WARNING, "loader-sectors",
                leaves_out
                    ? N_ ("{0} of the file, from {1} on, lie where the boot loader itself is; "
                          "they are left out.")
                    : N_ ("{0} of the file, from {1} on, lie where the boot loader itself is; the "
                          "file is only written if that is there already."),
                NULL);
}

void
flash_firmware_complaints_add_no_address (FlashFirmwarePlan *self)
{
  g_autofree char *start = NULL;

  g_return_if_fail (self != NULL);

  start = flash_text_address (self->start);
  flash_diag_set_fix (
      flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "no-address", 0, 0,
                           N_ ("The file does not say at which address its bytes belong."), NULL),
      N_ ("Give the address; the flash of this board begins at {0}."), start, NULL);
}

/* A file without addresses of its own has the one that was given: within a granule, its first bytes
 * would share that with what is on the chip. */
void
flash_firmware_complaints_check_address (FlashFirmwarePlan *self, const FlashImage *image)
{
  g_autofree char *address = NULL;
  g_autofree char *step_text = NULL;
  const FlashImageTarget *target;
  const FlashImageSegment *first;
  guint step;

  g_return_if_fail (self != NULL && image != NULL);

  target = image->targets->len > 0 ? image->targets->pdata[0] : NULL;
  if ((image->format != FLASH_FORMAT_RAW && image->format != FLASH_FORMAT_DFU) || target == NULL ||
      target->segments->len == 0)
    return;
  first = g_ptr_array_index (target->segments, 0);
  step = MAX (self->traits.granule, MIN_STEP);
  if (first->address % step == 0)
    return;
  step_text = g_strdup_printf ("%u", step);
  address = flash_text_address (first->address);
  flash_diag_set_fix (
      flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "address-misaligned", 0, 0,
                           N_ ("The bytes of the file cannot be written to {0}: this chip takes "
                               "them in pieces that begin at multiples of {1}."),
                           address, step_text, NULL),
      N_ ("Give an address that is a multiple of {0}."), step_text, NULL);
}
