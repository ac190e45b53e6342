/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What U-Boot wants next, how it is asked and told, and what it does at the end of a partition
 * (stm32mp-usb.md sections 1.4.3, 1.4.5, 1.6, 1.7, 5 and 8.6). */
#define G_LOG_DOMAIN "flash-sim-uboot-phase"

#include "config.h"

#include "flash-sim-uboot-private.h"

#include "flash-bytes.h"

#include <string.h>

/* stm32mp-usb.md section 11: before v2023.01 */
#define OLD_LAYOUT_ADDRESS 0xc0000000u
#define SET_PHASE_LENGTH 5
/* stm32mp-usb.md section 8.6 */
#define SCRIPT_MAGIC 0x27051956u
#define SCRIPT_TYPE 6
#define SCRIPT_HEADER_LENGTH 64u
/* stm32mp-usb.md section 5.2 */
#define OTP_VERSION 2
#define OTP_UPDATE (1u << 31)
#define OTP_LOCK (1u << 30)
#define OTP_ACCESS_DENIED (-13)
#define OTP_INPUT_ERROR (-5)
#define OTP_BAD_PARAMETERS (-22)
#define COPY_LENGTH 65536u

guint32
flash_sim_uboot_get_layout_address (FlashSimDevice *self)
{
  return self->config->is_old_flow ? OLD_LAYOUT_ADDRESS : self->config->model->mp.layout_address;
}

/* --- Phases --------------------------------------------------------------------------------- */

/* The next higher Id with P and without E; the first line with an Id hides later ones. */
static guint8
find_phase_after (FlashSimDevice *self, guint8 phase)
{
  for (guint id = phase + 1u; id <= FLASH_SIM_PHASE_LAST_USER; id++) {
    const FlashSimPart *part = flash_sim_layout_find (self->uboot.setup.parts, (guint8) id);

    if (part != NULL && part->target != FLASH_SIM_TARGET_NONE && part->is_selected &&
        !part->is_empty)
      return part->id;
  }
  return FLASH_SIM_PHASE_END;
}

static void
set_phase (FlashSimDevice *self, guint8 phase)
{
  self->uboot.phase = phase;
  if (phase == FLASH_SIM_PHASE_END)
    flash_sim_device_print (self, "Phase=END");
  else
    flash_sim_device_print (self, "Phase=0x%x", phase);
}

/* Section 1.6 */
static void
stage_phase (FlashSimDevice *self)
{
  FlashSimUboot *uboot = &self->uboot;
  guint8 *at = uboot->staging;
  gsize length = FLASH_SIM_PHASE_LENGTH;

  at[0] = uboot->phase;
  flash_put_le32 (at + 1, uboot->phase == FLASH_SIM_PHASE_LAYOUT
                              ? flash_sim_uboot_get_layout_address (self)
                              : FLASH_SIM_NO_ADDRESS);
  flash_put_le32 (at + 5, uboot->saved_offset);
  if (uboot->phase == FLASH_SIM_PHASE_LAYOUT)
    at[length++] = uboot->has_layout ? 1 : 0;
  if (uboot->phase == FLASH_SIM_PHASE_RESET) {
    const char *text = uboot->error_text[0] != '\0' ? uboot->error_text : "Unspecified";

    memcpy (at + length, text, strlen (text));
    length += strlen (text);
    uboot->is_reset_armed = TRUE;
  }
  uboot->n_staged = length;
}

/* Section 1.7. After 0xff nothing but a reboot helps, so a wish is heard and not granted. */
static gboolean
take_phase (FlashSimDevice *self)
{
  FlashSimUboot *uboot = &self->uboot;
  guint8 phase = uboot->staging[0];
  gboolean is_known =
      phase == uboot->phase ||
      (uboot->setup.parts != NULL && flash_sim_layout_find (uboot->setup.parts, phase) != NULL);

  if (uboot->n_staged < SET_PHASE_LENGTH)
    return FALSE;
  if (uboot->phase == FLASH_SIM_PHASE_RESET)
    return TRUE;
  if (phase == FLASH_SIM_PHASE_RESET) {
    flash_sim_device_print (self, "## Starting application at 0x%08x ...",
                            flash_get_be32 (uboot->staging + 1));
    flash_sim_device_leave_for_good (self);
    return TRUE;
  }
  if (!is_known)
    return FALSE;
  set_phase (self, phase);
  uboot->saved_offset = flash_get_be32 (uboot->staging + 1);
  return TRUE;
}

/* --- Layout --------------------------------------------------------------------------------- */

static gboolean
is_script (const guint8 *data, gsize length)
{
  return length > SCRIPT_HEADER_LENGTH && flash_get_be32 (data) == SCRIPT_MAGIC &&
         data[30] == SCRIPT_TYPE && flash_get_be32 (data + 12) <= length - SCRIPT_HEADER_LENGTH;
}

void
flash_sim_uboot_parse_layout (FlashSimDevice *self, guint64 length)
{
  FlashSimUboot *uboot = &self->uboot;
  g_autofree guint8 *data = g_malloc (MAX (length, 1));
  guint64 at = flash_sim_uboot_get_layout_address (self) - self->config->model->mp.dram_address;
  char error_text[FLASH_SIM_ERROR_LENGTH];

  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_LAYOUT_ERROR) ||
      !flash_sim_media_read (self->media, FLASH_SIM_MEDIUM_RAM, at, data, length)) {
    flash_sim_uboot_fail (self, "Layout: alloc failed");
    return;
  }
  flash_sim_device_print (self, "FlashLayout received, size = %u", (guint) length);
  if (is_script (data, length)) {
    uboot->is_script = TRUE;
    set_phase (self, FLASH_SIM_PHASE_END);
    return;
  }
  g_clear_pointer (&uboot->setup.parts, g_array_unref);
  uboot->setup.parts = flash_sim_layout_parse (data, length, error_text);
  if (uboot->setup.parts == NULL) {
    uboot->has_layout = FALSE;
    flash_sim_uboot_fail (self, "%s", error_text);
    return;
  }
  uboot->has_layout = TRUE;
}

gint64
flash_sim_uboot_set_up (FlashSimDevice *self)
{
  FlashSimUboot *uboot = &self->uboot;

  if (uboot->setup.parts == NULL)
    uboot->setup.parts = g_array_new (FALSE, FALSE, sizeof (FlashSimPart));
  uboot->is_ready = flash_sim_setup_run (&uboot->setup);
  if (uboot->is_ready)
    set_phase (self, find_phase_after (self, 0));
  else
    flash_sim_uboot_fail (self, "%s", uboot->setup.error_text);
  return FLASH_SIM_SECOND_ENUMERATION_US + uboot->setup.cost_us;
}

/* --- End of a partition --------------------------------------------------------------------- */

static void
activate_boot_partition (FlashSimDevice *self, const FlashSimPart *part)
{
  g_autofree char *command = g_strdup_printf ("mmc bootbus %u 0 0 0; mmc partconf %u 1 %u 0;",
                                              part->device, part->device, part->hw_partition);

  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_END_ACTION_ERROR) ||
      !flash_sim_media_set_active_boot (self->media, part->hw_partition))
    flash_sim_uboot_fail (self, "commands '%s' failed", command);
  else
    flash_sim_device_print (self, "%s", command);
}

/* Section 3.9: headers 1.0 and 2.0 are known, the others are not. */
static guint64
get_image_length (const guint8 *header)
{
  if (memcmp (header, "STM2", 4) != 0)
    return 0;
  if (flash_get_le32 (header + 72) == 0x00010000)
    return 256u + (guint64) flash_get_le32 (header + 76);
  if (flash_get_le32 (header + 72) == 0x00020000)
    return 256u + (guint64) flash_get_le32 (header + 104) + flash_get_le32 (header + 76);
  return 0;
}

static gboolean
copy_image (FlashSimDevice *self, const FlashSimStorage *storage, guint64 from, guint64 to,
            guint64 length)
{
  g_autofree guint8 *bytes = g_malloc (COPY_LENGTH);

  if (!flash_sim_media_erase (self->media, storage->medium, to, length))
    return FALSE;
  for (guint64 at = 0; at < length; at += COPY_LENGTH) {
    gsize n = (gsize) MIN (length - at, COPY_LENGTH);

    if (!flash_sim_media_read (self->media, storage->medium, from + at, bytes, n) ||
        !flash_sim_media_write (self->media, storage->medium, to + at, bytes, n))
      return FALSE;
  }
  return TRUE;
}

static gboolean
copy_fsbl (FlashSimDevice *self, const FlashSimPart *part)
{
  const FlashSimStorage *storage = &self->uboot.setup.storages[part->storage];
  guint8 header[FLASH_SIM_LAYOUT_HEADER_LENGTH];
  guint64 length;

  if (!flash_sim_media_read (self->media, storage->medium, part->offset, header, sizeof header))
    return FALSE;
  length = get_image_length (header);
  length = (length + storage->unit - 1) / storage->unit * storage->unit;
  if (length == 0 || length > part->size / part->copies)
    return FALSE;
  for (guint i = 1; i < part->copies; i++)
    if (!copy_image (self, storage, part->offset, part->offset + i * length, length))
      return FALSE;
  return TRUE;
}

static void
end_part (FlashSimDevice *self, const FlashSimPart *part)
{
  if (part->hw_partition != 0) {
    activate_boot_partition (self, part);
  } else if (part->copies > 1) {
    if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_END_ACTION_ERROR) ||
        !copy_fsbl (self, part))
      flash_sim_uboot_fail (self, "%s (0x%x): copy of fsbl failed", part->name, part->id);
  } else if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_END_ACTION_ERROR)) {
    self->uboot.phase = FLASH_SIM_PHASE_RESET;
  }
  if (self->uboot.phase != FLASH_SIM_PHASE_RESET &&
      !flash_sim_device_has_fault (self, FLASH_SIM_FAULT_PHASE_STUCK))
    set_phase (self, find_phase_after (self, part->id));
}

/* --- OTP and PMIC --------------------------------------------------------------------------- */

static gboolean
stage_otp (FlashSimDevice *self)
{
  FlashSimUboot *uboot = &self->uboot;
  guint n_words = self->config->model->mp.otp_words;

  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_OTP_ERROR)) {
    flash_sim_uboot_fail (self, "OTP read issue %d", OTP_INPUT_ERROR);
    return FALSE;
  }
  flash_put_le32 (uboot->staging, OTP_VERSION);
  flash_put_le32 (uboot->staging + 4, 0);
  for (guint i = 0; i < n_words; i++) {
    flash_put_le32 (uboot->staging + 8 + 8 * i, self->otp_words[i]);
    flash_put_le32 (uboot->staging + 12 + 8 * i, self->otp_locks[i] ? OTP_LOCK : 0);
  }
  uboot->n_staged = 8 + 8 * n_words;
  return TRUE;
}

/* Bits only ever go from 0 to 1; words before the one that fails stay written. */
static int
fuse_otp (FlashSimDevice *self)
{
  const FlashSimUboot *uboot = &self->uboot;

  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_OTP_ERROR))
    return OTP_INPUT_ERROR;
  if (uboot->n_staged < 8 || flash_get_le32 (uboot->staging) != OTP_VERSION)
    return OTP_BAD_PARAMETERS;
  for (guint i = 0; 16 + 8 * i <= uboot->n_staged && i < self->config->model->mp.otp_words; i++) {
    guint32 value = flash_get_le32 (uboot->staging + 8 + 8 * i);
    guint32 status = flash_get_le32 (uboot->staging + 12 + 8 * i);

    if ((status & OTP_UPDATE) == 0)
      continue;
    if (self->otp_locks[i])
      return OTP_ACCESS_DENIED;
    self->otp_words[i] |= value;
    self->otp_locks[i] = (status & OTP_LOCK) != 0;
  }
  return 0;
}

static void
write_otp (FlashSimDevice *self)
{
  int result = fuse_otp (self);

  if (result != 0)
    flash_sim_uboot_fail (self, "OTP write issue %d", result);
}

/* Section 5.6: what a short write leaves out becomes 0, and nobody is told of a failure. */
static void
write_pmic (FlashSimDevice *self)
{
  memset (self->pmic, 0, sizeof self->pmic);
  memcpy (self->pmic, self->uboot.staging, MIN (self->uboot.n_staged, sizeof self->pmic));
}

/* --- The ends of transfers ------------------------------------------------------------------ */

gboolean
flash_sim_uboot_stage_answer (FlashSimDevice *self, const FlashSimEntity *entity)
{
  switch (entity->kind) {
  case FLASH_SIM_ENTITY_VIRTUAL:
    stage_phase (self);
    return TRUE;
  case FLASH_SIM_ENTITY_OTP:
    return stage_otp (self);
  case FLASH_SIM_ENTITY_PMIC:
    memcpy (self->uboot.staging, self->pmic, sizeof self->pmic);
    self->uboot.n_staged = sizeof self->pmic;
    return TRUE;
  case FLASH_SIM_ENTITY_LAYOUT:
  case FLASH_SIM_ENTITY_PART:
    break;
  }
  g_return_val_if_reached (FALSE);
}

/* A manifest on a setting that is not the current one has written, and moves nothing on. */
gboolean
flash_sim_uboot_end_transfer (FlashSimDevice *self, const FlashSimEntity *entity, guint64 end)
{
  switch (entity->kind) {
  case FLASH_SIM_ENTITY_VIRTUAL:
    return take_phase (self);
  case FLASH_SIM_ENTITY_OTP:
    write_otp (self);
    return TRUE;
  case FLASH_SIM_ENTITY_PMIC:
    write_pmic (self);
    return TRUE;
  case FLASH_SIM_ENTITY_LAYOUT:
    if (flash_sim_uboot_is_current (self, entity))
      flash_sim_uboot_parse_layout (self, end);
    return TRUE;
  case FLASH_SIM_ENTITY_PART:
    if (flash_sim_uboot_is_current (self, entity))
      end_part (self, flash_sim_uboot_get_part (self, entity));
    return TRUE;
  }
  g_return_val_if_reached (FALSE);
}
