/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The advices by theme; each table ends with an entry without code. flash-advice.c puts them
 * together and sorts them. Private to the room; thread: any. */
#pragma once

#include "flash-advice.h"

G_BEGIN_DECLS

extern const FlashAdvice flash_advice_access[];
extern const FlashAdvice flash_advice_away[];
extern const FlashAdvice flash_advice_board[];
extern const FlashAdvice flash_advice_bundle[];
extern const FlashAdvice flash_advice_card[];
extern const FlashAdvice flash_advice_console[];
extern const FlashAdvice flash_advice_file[];
extern const FlashAdvice flash_advice_image[];
extern const FlashAdvice flash_advice_layout_boot[];
extern const FlashAdvice flash_advice_layout_image[];
extern const FlashAdvice flash_advice_layout_storage[];
extern const FlashAdvice flash_advice_layout_text[];
extern const FlashAdvice flash_advice_link[];
extern const FlashAdvice flash_advice_mcu[];
extern const FlashAdvice flash_advice_mcu_write[];
extern const FlashAdvice flash_advice_stage[];

G_END_DECLS
