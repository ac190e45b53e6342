/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-stm32mp"

#include "config.h"

#include "flash-stm32mp.h"

#include "flash-bytes.h"
#include "flash-text.h"

/* stm32mp-usb.md section 1.6 */
#define PHASE_LENGTH 9
/* U-Boot's upload answers must be asked for in its own transfer size, TF-A's in more than 255
 * (sections 1.3.4 and 2.4). */
#define MIN_UPLOAD_SIZE 512
/* U-Boot's buffer (section 2.4) */
#define MAX_ERROR_CHARS 255

/* stm32mp-usb.md sections 1.1, 1.2, 1.3.1, 1.4.1 */
static const struct {
  const char *prefix;
  FlashStm32mpStage stage;
} stage_prefixes[] = {
  { "DFU in HS Mode @", FLASH_STM32MP_STAGE_ROM },
  { "DFU in FS Mode @", FLASH_STM32MP_STAGE_ROM },
  { "DFU @", FLASH_STM32MP_STAGE_TFA },
  { "USB download gadget@", FLASH_STM32MP_STAGE_UBOOT },
};

/* stm32mp-usb.md section 6 */
static const struct {
  guint device_id;
  FlashStm32mpFamily family;
  const char *name;
} families[] = {
  { 0x500, FLASH_STM32MP_FAMILY_MP15, "STM32MP15" },
  { 0x501, FLASH_STM32MP_FAMILY_MP13, "STM32MP13" },
  { 0x503, FLASH_STM32MP_FAMILY_MP21, "STM32MP21" },
  { 0x505, FLASH_STM32MP_FAMILY_MP25, "STM32MP25" },
};

const char *
flash_stm32mp_stage_get_name (FlashStm32mpStage stage)
{
  switch (stage) {
  case FLASH_STM32MP_STAGE_ROM:
    return "rom";
  case FLASH_STM32MP_STAGE_TFA:
    return "tf-a";
  case FLASH_STM32MP_STAGE_UBOOT:
    return "u-boot";
  }
  g_return_val_if_reached ("rom");
}

const char *
flash_stm32mp_family_get_name (FlashStm32mpFamily family)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (families[i].family == family)
      return families[i].name;
  g_return_val_if_reached (NULL);
}

void
flash_stm32mp_product_clear (FlashStm32mpProduct *self)
{
  g_clear_pointer (&self->name, g_free);
}

void
flash_stm32mp_phase_clear (FlashStm32mpPhase *self)
{
  g_clear_pointer (&self->error_text, g_free);
}

/* Reads the number behind a label such as "@Device ID /". */
static gboolean
parse_labelled_number (const char *text, const char *label, guint *out_number)
{
  const char *at = strstr (text, label);
  const char *digits;
  guint64 number;

  if (at == NULL)
    return FALSE;
  digits = at + strlen (label);
  if (!g_str_has_prefix (digits, "0x") || !g_ascii_isxdigit (digits[2]))
    return FALSE;
  number = g_ascii_strtoull (digits + 2, NULL, 16);
  if (number > G_MAXUINT16)
    return FALSE;
  *out_number = (guint) number;
  return TRUE;
}

static char *
parse_name (const char *product)
{
  const char *start = strstr (product, "@Name /");

  if (start == NULL)
    return NULL;
  start += strlen ("@Name /");
  /* TF-A and U-Boot end the string with a comma. */
  return g_strndup (start, strcspn (start, ","));
}

gboolean
flash_stm32mp_parse_product (const char *product, FlashStm32mpProduct *out_product)
{
  FlashStm32mpProduct parsed = { 0 };
  gboolean is_known = FALSE;

  if (product == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (stage_prefixes) && !is_known; i++) {
    parsed.stage = stage_prefixes[i].stage;
    is_known = g_str_has_prefix (product, stage_prefixes[i].prefix);
  }
  if (!is_known || !parse_labelled_number (product, "@Device ID /", &parsed.device_id))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (families); i++) {
    if (families[i].device_id != parsed.device_id)
      continue;
    parsed.family = families[i].family;
    parse_labelled_number (product, "@Revision ID /", &parsed.revision_id);
    parsed.name = parse_name (product);
    *out_product = parsed;
    return TRUE;
  }
  return FALSE;
}

/* Reads the Id behind a slash, `0x…` and then another slash or the end. */
static gboolean
parse_id (const char *slash, guint8 *out_id)
{
  guint64 id;
  char *end;

  if (slash[1] != '0' || (slash[2] != 'x' && slash[2] != 'X') || !g_ascii_isxdigit (slash[3]))
    return FALSE;
  id = g_ascii_strtoull (slash + 3, &end, 16);
  /* U-Boot cuts the string to 31 characters (section 1.4.2), so that its end may be missing. */
  if (id > G_MAXUINT8 || (*end != '/' && *end != '\0'))
    return FALSE;
  *out_id = (guint8) id;
  return TRUE;
}

gboolean
flash_stm32mp_parse_alternate (const char *name, guint8 *out_id, char **out_label)
{
  const char *found = NULL;

  if (name == NULL || name[0] != '@')
    return FALSE;
  /* U-Boot puts the name of a partition there as the layout has it, and that may hold slashes and
   * whatever else: the last Id is the one. */
  for (const char *slash = strchr (name, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    if (parse_id (slash, out_id))
      found = slash;
  if (found == NULL)
    return FALSE;

  if (out_label != NULL)
    *out_label = g_strchomp (g_strndup (name + 1, (gsize) (found - name - 1)));
  return TRUE;
}

gboolean
flash_stm32mp_find_alternate (FlashDescriptors *descriptors, guint8 id, guint8 *out_alternate)
{
  for (guint i = 0; i < descriptors->alternates->len; i++) {
    const FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);
    guint8 found_id;

    if (flash_stm32mp_parse_alternate (alternate->name, &found_id, NULL) && found_id == id) {
      *out_alternate = alternate->number;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
flash_stm32mp_parse_phase (const guint8 *bytes, gsize length, FlashStm32mpPhase *out_phase,
                           GError **error)
{
  FlashStm32mpPhase phase = { 0 };

  /* The ROM's answer is known to begin with the phase; of the rest nobody is sure (section 12). */
  if (length < 1) {
    g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_SHORT_TRANSFER,
                 "the phase has %" G_GSIZE_FORMAT " bytes, expected %d", length, PHASE_LENGTH);
    return FALSE;
  }
  phase.id = bytes[0];
  phase.is_complete = length >= PHASE_LENGTH;
  phase.address = length >= 5 ? flash_get_le32 (bytes + 1) : FLASH_STM32MP_NO_ADDRESS;
  phase.offset = phase.is_complete ? flash_get_le32 (bytes + 5) : 0;
  if (phase.id == FLASH_STM32MP_ID_LAYOUT && length > PHASE_LENGTH)
    phase.needs_detach = bytes[PHASE_LENGTH] == 1;
  /* TF-A ends its text in a line break or two. */
  while (length > PHASE_LENGTH && g_ascii_isspace (bytes[length - 1]))
    length--;
  if (phase.id == FLASH_STM32MP_ID_ERROR && length > PHASE_LENGTH)
    phase.error_text = flash_text_sanitize ((const char *) bytes + PHASE_LENGTH,
                                            length - PHASE_LENGTH, MAX_ERROR_CHARS);
  *out_phase = phase;
  return TRUE;
}

gboolean
flash_stm32mp_get_phase (FlashDfuSession *session, guint8 alternate, gsize transfer_size,
                         FlashStm32mpPhase *out_phase, GError **error)
{
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize wanted = CLAMP (transfer_size, MIN_UPLOAD_SIZE, sizeof bytes);
  gsize length;

  if (!flash_dfu_session_select (session, alternate, error) ||
      !flash_dfu_session_upload (session, 0, bytes, wanted, &length, error) ||
      !flash_stm32mp_parse_phase (bytes, length, out_phase, error))
    return FALSE;
  g_debug ("phase 0x%02x, address 0x%08x, offset 0x%08x%s%s", out_phase->id, out_phase->address,
           out_phase->offset, out_phase->error_text != NULL ? ": " : "",
           out_phase->error_text != NULL ? out_phase->error_text : "");
  return TRUE;
}
