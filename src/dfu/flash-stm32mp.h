/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is special about STM32MP boards on top of plain DFU 1.1: the product string that names
 * chip and stage, alternate settings that carry an Id, and the phase by which the board asks for
 * its next image (stm32mp-usb.md sections 1.1 to 1.7).
 *
 * Parsing: any thread. flash_stm32mp_get_phase (): worker. */
#pragma once

#include "flash-descriptors.h"
#include "flash-dfu-session.h"

G_BEGIN_DECLS

/* stm32mp-usb.md section 1.5 */
#define FLASH_STM32MP_ID_LAYOUT 0x00
#define FLASH_STM32MP_ID_FSBL 0x01
#define FLASH_STM32MP_ID_DDR_FW 0x02
#define FLASH_STM32MP_ID_FIP 0x03
#define FLASH_STM32MP_ID_LAST_PARTITION 0xf0
#define FLASH_STM32MP_ID_VIRTUAL 0xf1
#define FLASH_STM32MP_ID_END 0xfe
#define FLASH_STM32MP_ID_ERROR 0xff
/* "No address" in the address field of a phase */
#define FLASH_STM32MP_NO_ADDRESS 0xffffffffu

typedef enum {
  FLASH_STM32MP_STAGE_ROM,
  FLASH_STM32MP_STAGE_TFA,
  FLASH_STM32MP_STAGE_UBOOT,
} FlashStm32mpStage;

/* Returns: (transfer none): `rom`, `tf-a` or `u-boot`, as in the JSON events. */
const char *flash_stm32mp_stage_get_name (FlashStm32mpStage stage);

/* stm32mp-usb.md section 6 */
typedef enum {
  FLASH_STM32MP_FAMILY_MP15,
  FLASH_STM32MP_FAMILY_MP13,
  FLASH_STM32MP_FAMILY_MP21,
  FLASH_STM32MP_FAMILY_MP25,
} FlashStm32mpFamily;

/**
 * FlashStm32mpProduct:
 * @stage: which program answers; an old TF-A copies the ROM's string, so that this may say ROM
 *   where the phase knows better
 * @family: from the device Id
 * @device_id: e.g. 0x500
 * @revision_id: e.g. 0x2000; 0 in an STM32MP15's ROM
 * @name: (nullable): `STM32MP157CAA Rev.B`, in TF-A and U-Boot
 */
typedef struct {
  FlashStm32mpStage stage;
  FlashStm32mpFamily family;
  guint device_id;
  guint revision_id;
  char *name;
} FlashStm32mpProduct;

void flash_stm32mp_product_clear (FlashStm32mpProduct *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashStm32mpProduct, flash_stm32mp_product_clear)

/**
 * flash_stm32mp_parse_product:
 * @product: the product string
 * @out_product: (out): untouched on failure
 *
 * Returns: whether this is an STM32MP in serial boot that this program knows; microcontrollers
 *   share the USB ids and are refused here
 */
gboolean flash_stm32mp_parse_product (const char *product, FlashStm32mpProduct *out_product);

/* Returns: (transfer none): `STM32MP15`, `STM32MP13`, `STM32MP21` or `STM32MP25`. */
const char *flash_stm32mp_family_get_name (FlashStm32mpFamily family);

/**
 * flash_stm32mp_parse_alternate:
 * @name: string of an alternate setting, e.g. `@FSBL /0x01/1*1Me`
 * @out_id: (out): the Id
 * @out_label: (out) (optional) (transfer full): the name without `@`
 *
 * Returns: whether @name follows ST's syntax
 */
gboolean flash_stm32mp_parse_alternate (const char *name, guint8 *out_id, char **out_label);

/**
 * flash_stm32mp_find_alternate:
 * @id: an Id
 * @out_alternate: (out): number of the alternate setting that carries it
 *
 * Returns: whether there is one
 */
gboolean
flash_stm32mp_find_alternate (FlashDescriptors *descriptors, guint8 id, guint8 *out_alternate);

/**
 * FlashStm32mpPhase:
 * @id: what the board wants next
 * @address: load address, %FLASH_STM32MP_NO_ADDRESS if there is none
 * @offset: where in the partition
 * @needs_detach: the board waits for DETACH
 * @is_complete: the answer had all nine bytes; only the ROM may answer with fewer
 * @error_text: (nullable): with %FLASH_STM32MP_ID_ERROR: the board's own words, made safe to show
 */
typedef struct {
  guint8 id;
  guint32 address;
  guint32 offset;
  gboolean needs_detach;
  gboolean is_complete;
  char *error_text;
} FlashStm32mpPhase;

void flash_stm32mp_phase_clear (FlashStm32mpPhase *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashStm32mpPhase, flash_stm32mp_phase_clear)

/**
 * flash_stm32mp_parse_phase:
 * @bytes: (array length=length): what an upload of the virtual alternate setting gave
 * @out_phase: (out): untouched on failure
 *
 * Source: stm32mp-usb.md section 1.6.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_DFU_ERROR_SHORT_TRANSFER)
 */
gboolean flash_stm32mp_parse_phase (const guint8 *bytes, gsize length, FlashStm32mpPhase *out_phase,
                                    GError **error);

/**
 * flash_stm32mp_get_phase:
 * @alternate: the alternate setting with %FLASH_STM32MP_ID_VIRTUAL
 * @transfer_size: wTransferSize in bytes
 * @out_phase: (out): untouched on failure
 *
 * Selects the virtual alternate setting and uploads it. Never call it in the middle of a
 * transfer: all alternate settings share one buffer (section 2.4).
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR, %FLASH_DFU_ERROR,
 *   %G_IO_ERROR_CANCELLED)
 */
gboolean flash_stm32mp_get_phase (FlashDfuSession *session, guint8 alternate, gsize transfer_size,
                                  FlashStm32mpPhase *out_phase, GError **error);

G_END_DECLS
