/* SPDX-License-Identifier: GPL-3.0-or-later */
/* U-Boot's `stm32prog` as a USB device: its settings, its state machine, and how a session begins
 * and ends (stm32mp-usb.md sections 1.4 and 9.5). */
#define G_LOG_DOMAIN "flash-sim-uboot"

#include "config.h"

#include "flash-sim-uboot-private.h"

#include "flash-bytes.h"

#include <string.h>

/* stm32mp-usb.md section 1.4.2 */
#define ALTERNATE_NAME_LENGTH 31
#define KIB (G_GUINT64_CONSTANT (1) << 10)
#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)
/* stm32mp-usb.md section 3.1: the window that is announced for a layout. */
#define LAYOUT_MAX (256u * 1024)

void
flash_sim_uboot_fail (FlashSimDevice *self, const char *format, ...)
{
  char text[FLASH_SIM_ERROR_LENGTH];
  va_list args;

  va_start (args, format);
  g_vsnprintf (text, sizeof text, format, args);
  va_end (args);
  flash_sim_device_print (self, "Error: %s", text);
  if (self->uboot.phase == FLASH_SIM_PHASE_RESET)
    return;
  self->uboot.phase = FLASH_SIM_PHASE_RESET;
  memcpy (self->uboot.error_text, text, sizeof text);
}

FlashSimPart *
flash_sim_uboot_get_part (FlashSimDevice *self, const FlashSimEntity *entity)
{
  if (entity->kind != FLASH_SIM_ENTITY_PART)
    return NULL;
  return &g_array_index (self->uboot.setup.parts, FlashSimPart, entity->part);
}

gboolean
flash_sim_uboot_is_current (FlashSimDevice *self, const FlashSimEntity *entity)
{
  return (entity->kind == FLASH_SIM_ENTITY_PART || entity->kind == FLASH_SIM_ENTITY_LAYOUT) &&
         entity->id == self->uboot.phase;
}

/* --- Settings ------------------------------------------------------------------------------- */

/* Section 1.4.2: the unit is the largest that the size is strictly greater than. */
static char *
dup_part_name (const FlashSimPart *part)
{
  static const struct {
    guint64 scale;
    char letter;
  } units[] = { { GIB, 'G' }, { MIB, 'M' }, { KIB, 'K' }, { 1, 'B' } };
  guint i = 0;
  g_autofree char *name = NULL;

  while (i + 1 < G_N_ELEMENTS (units) && part->size <= units[i].scale)
    i++;
  name = g_strdup_printf ("@%s/0x%02x/1*%d%c%c", part->name, part->id,
                          (int) (part->size / units[i].scale), units[i].letter,
                          part->is_selected && !part->is_empty ? 'e' : 'a');
  return g_strndup (name, MIN (strcspn (name, " "), ALTERNATE_NAME_LENGTH));
}

static void
add_entity (FlashSimDevice *self, GPtrArray *names, FlashSimEntityKind kind, guint8 id, guint part,
            char *name)
{
  FlashSimEntity entity = { .kind = kind, .id = id, .part = part };

  g_array_append_val (self->uboot.entities, entity);
  g_ptr_array_add (names, name);
}

/* The first line with an Id is the one that counts: a boot stage hides a partition behind it. */
static void
add_parts (FlashSimDevice *self, GPtrArray *names)
{
  GArray *parts = self->uboot.setup.parts;

  for (guint id = 1; id <= FLASH_SIM_PHASE_LAST_USER; id++) {
    const FlashSimPart *part = flash_sim_layout_find (parts, (guint8) id);

    if (part == NULL || part->target == FLASH_SIM_TARGET_NONE)
      continue;
    add_entity (self, names, FLASH_SIM_ENTITY_PART, part->id,
                (guint) (part - &g_array_index (parts, FlashSimPart, 0)), dup_part_name (part));
  }
}

static void
describe (FlashSimDevice *self, GPtrArray *names)
{
  const FlashSimMp *model = &self->config->model->mp;
  g_autofree char *product = g_strdup_printf (
      "USB download gadget@Device ID /0x%03X, @Revision ID /0x%04X, @Name /%s,", model->chip_id,
      model->revision, self->config->is_closed ? model->closed_name : model->chip_name);
  const FlashSimDescriptorTraits traits = {
    .vid = FLASH_ST_VID,
    .pid = FLASH_ST_DFU_PID,
    .bcd_device = 0x0200,
    .manufacturer = FLASH_SIM_ST_NAME,
    .product = product,
    .serial = self->serial,
    .other_strings = { "Device Firmware Upgrade" },
    .configuration_string = FLASH_SIM_PRODUCT_STRING,
    .max_power = 1,
    .transfer_size = FLASH_SIM_UBOOT_TRANSFER,
    .names = names,
  };

  self->descriptors = flash_sim_descriptors_new (&traits);
}

static void
make_entities (FlashSimDevice *self)
{
  const FlashSimMp *model = &self->config->model->mp;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  g_clear_pointer (&self->uboot.entities, g_array_unref);
  self->uboot.entities = g_array_new (FALSE, TRUE, sizeof (FlashSimEntity));
  if (self->uboot.is_ready)
    add_parts (self, names);
  else
    add_entity (self, names, FLASH_SIM_ENTITY_LAYOUT, FLASH_SIM_PHASE_LAYOUT, 0,
                g_strdup ("@FlashLayout/0x00/1*256Ke"));
  add_entity (self, names, FLASH_SIM_ENTITY_VIRTUAL, FLASH_SIM_PHASE_VIRTUAL, 0,
              g_strdup ("@virtual/0xf1/1*512Be"));
  if (!self->config->is_closed)
    add_entity (self, names, FLASH_SIM_ENTITY_OTP, FLASH_SIM_PHASE_OTP, 0,
                g_strdup_printf ("@OTP/0xf2/1*%uBe", 8 + 8 * model->otp_words));
  if (model->has_pmic)
    add_entity (self, names, FLASH_SIM_ENTITY_PMIC, FLASH_SIM_PHASE_PMIC, 0,
                g_strdup ("@PMIC/0xf4/1*8Be"));
  describe (self, names);
}

/* --- Life of a session ---------------------------------------------------------------------- */

void
flash_sim_uboot_clear (FlashSimDevice *self)
{
  FlashSimUboot *uboot = &self->uboot;

  flash_sim_setup_clear (&uboot->setup);
  g_clear_pointer (&uboot->setup.parts, g_array_unref);
  g_clear_pointer (&uboot->entities, g_array_unref);
  memset (uboot, 0, sizeof *uboot);
  uboot->setup.config = self->config;
  uboot->setup.media = self->media;
  uboot->setup.faults = &self->faults;
  uboot->setup.console = self->console;
}

void
flash_sim_uboot_enter (FlashSimDevice *self)
{
  flash_sim_device_print (self, "Boot over usb0!");
  if (self->stage == FLASH_SIM_STAGE_UBOOT) {
    flash_sim_uboot_clear (self);
    if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_STALE_LAYOUT))
      flash_sim_uboot_fail (self, "Layout: invalid checksum : 0x%x expected 0x%x", 0x1b2c3u,
                            0x1b2c4u);
  }
  make_entities (self);
}

gboolean
flash_sim_uboot_start_with_layout (FlashSimDevice *self, gint64 *delay_us)
{
  guint8 header[FLASH_SIM_LAYOUT_HEADER_LENGTH];
  guint64 at = flash_sim_uboot_get_layout_address (self) - self->config->model->mp.dram_address;

  if (!flash_sim_media_read (self->media, FLASH_SIM_MEDIUM_RAM, at, header, sizeof header) ||
      !flash_sim_layout_has_header (header, sizeof header))
    return FALSE;
  /* What is to happen in U-Boot's first stage happens here, for there will be none. */
  flash_sim_fault_script_arm (&self->faults, self->n_requests, FLASH_SIM_STAGE_UBOOT);
  flash_sim_uboot_clear (self);
  flash_sim_uboot_parse_layout (self,
                                sizeof header + MIN (flash_get_le32 (header + 76), LAYOUT_MAX));
  if (self->uboot.has_layout)
    *delay_us += flash_sim_uboot_set_up (self);
  return TRUE;
}

/* Section 1.4.3, step 6: a kernel in memory is started, otherwise the prompt is back. */
static void
end_session (FlashSimDevice *self)
{
  const FlashSimUboot *uboot = &self->uboot;

  flash_sim_device_print (self, "Download done");
  if (uboot->is_script)
    flash_sim_device_print (self, "## Executing script at %08x",
                            flash_sim_uboot_get_layout_address (self));
  for (guint i = 0; uboot->phase == FLASH_SIM_PHASE_END && i < uboot->setup.n_storages; i++)
    if (uboot->setup.storages[i].target == FLASH_SIM_TARGET_RAM)
      flash_sim_device_print (self, "Booting kernel from memory");
  flash_sim_device_leave_for_good (self);
}

static FlashSimOutcome
detach (FlashSimDevice *self)
{
  FlashSimUboot *uboot = &self->uboot;

  if (self->stage == FLASH_SIM_STAGE_UBOOT && uboot->phase == FLASH_SIM_PHASE_LAYOUT) {
    gint64 delay_us = flash_sim_uboot_set_up (self);

    flash_sim_device_hand_over (self, FLASH_SIM_STAGE_UBOOT2, delay_us, FALSE);
  } else if (self->stage == FLASH_SIM_STAGE_UBOOT2 && uboot->phase == FLASH_SIM_PHASE_RESET &&
             uboot->is_reset_armed) {
    flash_sim_device_print (self, "Reset requested");
    flash_sim_device_restart (self);
  } else {
    end_session (self);
  }
  self->is_fresh_from_detach = TRUE;
  return FLASH_SIM_ACK;
}

/* --- State machine -------------------------------------------------------------------------- */

static FlashSimOutcome
fail_state (FlashSimDevice *self, FlashSimOutcome outcome)
{
  self->state = FLASH_DFU_STATE_ERROR;
  self->status = FLASH_DFU_STATUS_ERR_UNKNOWN;
  return outcome;
}

/* Section 1.10: the request itself succeeds; that the data were not taken shows in GETSTATUS. */
static FlashSimOutcome
receive (FlashSimDevice *self, FlashSimEntity *entity, const FlashSimPacket *packet,
         const guint8 *data)
{
  if (packet->length == 0) {
    self->state = FLASH_DFU_STATE_MANIFEST_SYNC;
    return FLASH_SIM_ACK;
  }
  if (packet->length > FLASH_SIM_UBOOT_TRANSFER)
    return fail_state (self, FLASH_SIM_STALL);
  if (!flash_sim_uboot_receive (self, entity, packet->value, data, packet->length))
    return fail_state (self, FLASH_SIM_ACK);
  self->state = FLASH_DFU_STATE_DNLOAD_SYNC;
  return FLASH_SIM_ACK;
}

/* Section 2.4: the answer is prepared as if 4096 bytes had been asked for. */
static FlashSimOutcome
upload (FlashSimDevice *self, FlashSimEntity *entity, const FlashSimPacket *packet, guint8 *answer,
        gsize *out_length)
{
  guint8 bytes[FLASH_SIM_UBOOT_TRANSFER];
  guint16 block = self->state == FLASH_DFU_STATE_IDLE ? 0 : packet->value;
  gsize length;

  if (!flash_sim_uboot_send (self, entity, block, bytes, &length))
    return fail_state (self, FLASH_SIM_STALL);
  *out_length = MIN (length, packet->length);
  if (*out_length > 0)
    memcpy (answer, bytes, *out_length);
  if (length < packet->length) {
    flash_sim_uboot_drop (entity);
    self->state = FLASH_DFU_STATE_IDLE;
  } else {
    self->state = FLASH_DFU_STATE_UPLOAD_IDLE;
  }
  return FLASH_SIM_ACK;
}

/* The flush begins once the host knows of the manifestation; its time is charged, so that the
 * next GETSTATUS waits for it. */
static void
flush (FlashSimDevice *self, FlashSimEntity *entity)
{
  guint64 end;

  if (!flash_sim_uboot_flush (self, entity, &end)) {
    flash_sim_device_print (self, "Deferred dfu_flush() failed!");
    flash_sim_device_restart (self);
    return;
  }
  flash_sim_device_print (self, "DOWNLOAD ... OK");
  if (!flash_sim_uboot_end_transfer (self, entity, end))
    flash_sim_device_restart (self);
}

static FlashSimOutcome
get_status (FlashSimDevice *self, FlashSimEntity *entity, guint8 *answer, gsize *out_length)
{
  gboolean has_flush = self->state == FLASH_DFU_STATE_MANIFEST_SYNC;

  if (self->state == FLASH_DFU_STATE_DNLOAD_SYNC)
    self->state = FLASH_DFU_STATE_DNLOAD_IDLE;
  else if (self->state == FLASH_DFU_STATE_MANIFEST_SYNC)
    self->state = FLASH_DFU_STATE_MANIFEST;
  else if (self->state == FLASH_DFU_STATE_MANIFEST)
    self->state = FLASH_DFU_STATE_IDLE;
  flash_sim_device_put_status (self, answer, self->state, 0);
  *out_length = FLASH_DFU_STATUS_LENGTH;
  if (has_flush)
    flush (self, entity);
  return FLASH_SIM_ACK;
}

#define IN(state) (1u << FLASH_DFU_STATE_##state)
#define ANYWHERE (~0u)

/* The table of section 9.5: in which states a request does something else than fail. */
static const guint allowed[] = {
  [FLASH_DFU_REQUEST_DETACH] = IN (IDLE),
  [FLASH_DFU_REQUEST_DNLOAD] = IN (IDLE) | IN (DNLOAD_IDLE),
  [FLASH_DFU_REQUEST_UPLOAD] = IN (IDLE) | IN (UPLOAD_IDLE),
  [FLASH_DFU_REQUEST_GETSTATUS] = ANYWHERE,
  [FLASH_DFU_REQUEST_CLRSTATUS] = IN (ERROR),
  [FLASH_DFU_REQUEST_GETSTATE] = ANYWHERE,
  [FLASH_DFU_REQUEST_ABORT] = IN (IDLE) | IN (DNLOAD_IDLE) | IN (UPLOAD_IDLE),
};

FlashSimOutcome
flash_sim_uboot_control (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data,
                         guint8 *answer, gsize *out_length)
{
  FlashSimEntity *entity = &g_array_index (self->uboot.entities, FlashSimEntity, self->alternate);
  gboolean is_empty_download = packet->request == FLASH_DFU_REQUEST_DNLOAD && packet->length == 0;

  if (packet->request >= G_N_ELEMENTS (allowed) ||
      (allowed[packet->request] & 1u << self->state) == 0 ||
      (is_empty_download && self->state == FLASH_DFU_STATE_IDLE))
    return fail_state (self, FLASH_SIM_STALL);

  switch ((FlashDfuRequest) packet->request) {
  case FLASH_DFU_REQUEST_DETACH:
    return detach (self);
  case FLASH_DFU_REQUEST_DNLOAD:
    return receive (self, entity, packet, data);
  case FLASH_DFU_REQUEST_UPLOAD:
    return upload (self, entity, packet, answer, out_length);
  case FLASH_DFU_REQUEST_GETSTATUS:
    return get_status (self, entity, answer, out_length);
  case FLASH_DFU_REQUEST_GETSTATE:
    *out_length = MIN (1, packet->length);
    if (*out_length > 0)
      answer[0] = (guint8) self->state;
    return FLASH_SIM_ACK;
  case FLASH_DFU_REQUEST_CLRSTATUS:
  case FLASH_DFU_REQUEST_ABORT:
    self->state = FLASH_DFU_STATE_IDLE;
    self->status = FLASH_DFU_STATUS_OK;
    return FLASH_SIM_ACK;
  }
  g_return_val_if_reached (FLASH_SIM_STALL);
}

/* U-Boot SPL has a setting of its own and no phases: good for nothing but being recognised. */
FlashSimOutcome
flash_sim_spl_control (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data,
                       guint8 *answer, gsize *out_length)
{
  if (packet->request != FLASH_DFU_REQUEST_GETSTATUS)
    return FLASH_SIM_STALL;
  flash_sim_device_put_status (self, answer, FLASH_DFU_STATE_IDLE, 0);
  *out_length = FLASH_DFU_STATUS_LENGTH;
  return FLASH_SIM_ACK;
}
