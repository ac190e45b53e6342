/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-model"

#include "config.h"

#include "flash-sim-model.h"

#define KIB 1024u
#define MIB (1024u * KIB)
#define GIB (G_GUINT64_CONSTANT (1024) * MIB)

/* Sections 1.2 and 1.3.1: on MP15 TF-A repeats the ROM's table, because the link is inherited. */
#define MP15_ALTERNATES                                                                            \
  {                                                                                                \
    { 0x00, "@Partition0 /0x00/1*256Ke", 256 * KIB }, { 0x01, "@FSBL /0x01/1*1Me", 1 * MIB },      \
        { 0x02, "@Partition2 /0x02/1*1Me", 1 * MIB },                                              \
        { 0x03, "@Partition3 /0x03/1*16Me", 16 * MIB },                                            \
        { 0x04, "@Partition4 /0x04/1*16Me", 16 * MIB }, { 0xf1, "@virtual /0xF1/1*512Ba", 512 },   \
  }

/* Sections 1.2, 1.3, 1.4.2, 1.6, 4.6 and 6. */
static const FlashSimModel models[] = {
  {
      .name = "stm32mp157",
      .description = "STM32MP157: no DETACH after the first stage, SD card, eMMC, NOR, NAND",
      .serial = "003A00283338511234383330",
      .first_stage = FLASH_SIM_STAGE_ROM,
      .is_listed = TRUE,
      .mp = {
          .chip_id = 0x500,
          .rom_revision = 0x0000,
          .revision = 0x2000,
          .chip_name = "STM32MP157CAA Rev.B",
          .closed_name = "STM32MP157CAA SEC/C Rev.B",
          .rom_alternates = MP15_ALTERNATES,
          .tfa_alternates = MP15_ALTERNATES,
          .header_version = 0x00010000,
          .fsbl_payload_max = 247 * KIB,
          .sram_address = 0x2ffc0000,
          .hands_over_silently = TRUE,
          .tfa_phases = { { FLASH_SIM_PHASE_FIP, 0xc7000000, 16 * MIB } },
          .dram_address = 0xc0000000,
          .dram_size = 1 * GIB,
          .layout_address = 0xc2000000,
          .otp_words = 96,
          .has_pmic = TRUE,
          .resets_on_bus_reset = TRUE,
      },
  },
  {
      .name = "stm32mp135",
      .description = "STM32MP135: DETACH and a new enumeration after the first stage",
      .serial = "002F00343331511833393330",
      .first_stage = FLASH_SIM_STAGE_ROM,
      .is_listed = TRUE,
      .mp = {
          .chip_id = 0x501,
          .rom_revision = 0x1003,
          .revision = 0x1003,
          .chip_name = "STM32MP135FAF Rev.Y",
          .closed_name = "STM32MP135FAF SEC/C Rev.Y",
          .rom_alternates = { { 0x01, "@FSBL /0x01/1*128Ke", 128 * KIB },
                              { 0xf1, "@virtual /0xF1/1*512Ba", 512 } },
          .tfa_alternates = { { 0x03, "@SSBL /0x03/1*16Me", 16 * MIB },
                              { 0xf1, "@virtual /0xF1/1*512Ba", 512 } },
          .header_version = 0x00020000,
          .fsbl_payload_max = 128 * KIB - 512,
          .sram_address = 0x2ffe0000,
          .tfa_phases = { { FLASH_SIM_PHASE_FIP, 0xc7000000, 16 * MIB } },
          .dram_address = 0xc0000000,
          .dram_size = 512 * MIB,
          .layout_address = 0xc2000000,
          .otp_words = 96,
          .has_pmic = TRUE,
          .resets_on_bus_reset = TRUE,
      },
  },
  {
      .name = "stm32mp257",
      .description = "STM32MP257: DDR firmware before the FIP, DETACH after each stage",
      .serial = "004100253033510336333139",
      .first_stage = FLASH_SIM_STAGE_ROM,
      .is_listed = TRUE,
      .mp = {
          .chip_id = 0x505,
          .rom_revision = 0x2000,
          .revision = 0x0011,
          .chip_name = "STM32MP257FAI Rev.Y",
          .closed_name = "STM32MP257FAI SEC/C Rev.Y",
          .rom_alternates = { { 0x01, "@FSBL /0x01/1*256Ke", 256 * KIB },
                              { 0xf1, "@virtual /0xF1/1*512Ba", 512 } },
          .tfa_alternates = { { 0x02, "@DDR FIP /0x02/1*32Ke", 32 * KIB },
                              { 0x03, "@FIP /0x03/1*16Me", 16 * MIB },
                              { 0xf1, "@virtual /0xF1/1*512Ba", 512 } },
          .header_version = 0x00020200,
          .fsbl_payload_max = 256 * KIB - 0x2600,
          .sram_address = 0x0e000000,
          .tfa_phases = { { FLASH_SIM_PHASE_DDR, 0x0e000000, 0xa000 },
                          { FLASH_SIM_PHASE_FIP, 0x87000000, 16 * MIB } },
          .dram_address = 0x80000000,
          .dram_size = 2 * GIB,
          .layout_address = 0x84000000,
          .otp_words = 368,
      },
  },
  /* stm32-dfuse.md section 8.7, board E1 */
  {
      .name = "dfu",
      .description = "plain DFU 1.1 device with one memory, for one image",
      .serial = "0123456789AB",
      .first_stage = FLASH_SIM_STAGE_DFU,
  },
  /* stm32-dfuse.md section 8.7, board E2 */
  {
      .name = "dfu-runtime",
      .description = "application that DETACH brings into DFU mode",
      .serial = "0123456789AC",
      .first_stage = FLASH_SIM_STAGE_RUNTIME,
  },
  /* stm32-dfuse.md sections 2.5.3 and 8.3 to 8.7; serials are made up but for those that every part
   * has */
  {
      .name = "stm32f405",
      .description = "STM32F405: sectors of three sizes, old ROM",
      .serial = "315A28A0B956",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .is_listed = TRUE,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_F405],
  },
  {
      .name = "stm32h755",
      .description = "STM32H755: two banks, flash words of 32 bytes, one supply that fits",
      .serial = "200364500000",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .is_listed = TRUE,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_H755],
  },
  {
      .name = "stm32g474",
      .description = "STM32G474: small pages, blocks of 1024 bytes, ECC",
      .serial = "206A36A53548",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .is_listed = TRUE,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_G474],
  },
  {
      .name = "stm32f105",
      .description = "STM32F105: connectivity line, pages of 2 KiB",
      .serial = "STM32",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_F105],
  },
  {
      .name = "stm32f427",
      .description = "STM32F427: two banks, strings that claim too many bytes",
      .serial = "3658335A3038",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_F427],
  },
  {
      .name = "stm32g0b1",
      .description = "STM32G0B1: three settings of one name, starts its ROM when empty",
      .serial = "2071377C5542",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_G0B1],
  },
  {
      .name = "stm32l072",
      .description = "STM32L072: erased flash is 0x00, no mass erase",
      .serial = "374635783036",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_L072],
  },
  {
      .name = "stm32l476",
      .description = "STM32L476: refuses GETSTATUS while it erases",
      .serial = "357B38683036",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_L476],
  },
  {
      .name = "stm32u073",
      .description = "STM32U073: odd strings, starts its ROM when empty",
      .serial = "2056367C4D30",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_U073],
  },
  {
      .name = "stm32u575",
      .description = "STM32U575: drops writes without a word when protected",
      .serial = "2088358E5843",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_U575],
  },
  {
      .name = "cubemx-dfu",
      .description = "DFU project of STM32CubeMX: says yes, and does nothing",
      .serial = "207E3693464E",
      .first_stage = FLASH_SIM_STAGE_BOOTLOADER,
      .mcu = &flash_sim_mcus[FLASH_SIM_MCU_CUBEMX],
  },
};

const char *
flash_sim_stage_get_name (FlashSimStage stage)
{
  switch (stage) {
  case FLASH_SIM_STAGE_OFF:
    return "off";
  case FLASH_SIM_STAGE_ROM:
    return "rom";
  case FLASH_SIM_STAGE_TFA:
    return "tfa";
  case FLASH_SIM_STAGE_UBOOT:
    return "uboot";
  case FLASH_SIM_STAGE_UBOOT2:
    return "uboot2";
  case FLASH_SIM_STAGE_SPL:
    return "spl";
  case FLASH_SIM_STAGE_DFU:
    return "dfu";
  case FLASH_SIM_STAGE_BOOTLOADER:
    return "bootloader";
  case FLASH_SIM_STAGE_RUNTIME:
    return "runtime";
  case FLASH_SIM_N_STAGES:
    break;
  }
  g_return_val_if_reached ("off");
}

const FlashSimModel *
flash_sim_model_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    if (g_str_equal (models[i].name, name))
      return &models[i];
  return NULL;
}

const char *const *
flash_sim_model_list_names (void)
{
  static const char *names[G_N_ELEMENTS (models) + 1];
  static gsize is_ready;

  if (g_once_init_enter (&is_ready)) {
    for (guint i = 0; i < G_N_ELEMENTS (models); i++)
      names[i] = models[i].name;
    g_once_init_leave (&is_ready, 1);
  }
  return names;
}

gboolean
flash_sim_model_has_stage (const FlashSimModel *self, FlashSimStage stage)
{
  switch (stage) {
  case FLASH_SIM_STAGE_OFF:
    return TRUE;
  case FLASH_SIM_STAGE_ROM:
  case FLASH_SIM_STAGE_TFA:
  case FLASH_SIM_STAGE_UBOOT:
  case FLASH_SIM_STAGE_UBOOT2:
  case FLASH_SIM_STAGE_SPL:
    return self->first_stage == FLASH_SIM_STAGE_ROM;
  case FLASH_SIM_STAGE_DFU:
    return self->first_stage == FLASH_SIM_STAGE_DFU || self->first_stage == FLASH_SIM_STAGE_RUNTIME;
  case FLASH_SIM_STAGE_BOOTLOADER:
  case FLASH_SIM_STAGE_RUNTIME:
    return self->first_stage == stage;
  case FLASH_SIM_N_STAGES:
    break;
  }
  g_return_val_if_reached (FALSE);
}

int
flash_sim_alternate_find (const FlashSimAlternate *alternates, guint8 id)
{
  for (int i = 0; alternates[i].name != NULL; i++)
    if (alternates[i].id == id)
      return i;
  return -1;
}
