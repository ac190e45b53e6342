/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-chip-cases.h"

#define ST 0x0483, 0xdf11
#define OLD_PRODUCT "STM32  BOOTLOADER"
#define NEW_PRODUCT "DFU in FS Mode"
#define F405_FLASH "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"
#define F4_OPTIONS "@Option Bytes  /0x1FFFC000/01*016 e"
#define F4_OTP "@OTP Memory /0x1FFF7800/01*512 e,01*016 e"
#define FEATURE "@Device Feature/0xFFFF0000/01*004 e"
#define H74X_FLASH "@Internal Flash   /0x08000000/16*128Kg"
#define H74X_OPTIONS "@Option Bytes   /0x5200201C/01*128 e"
#define G4_OPTIONS "@Option Bytes   /0x1FFF7800/01*048 e/0x1FFFF800/01*048 e"
#define G4_OTP "@OTP Memory   /0x1FFF7000/01*1024 e"
#define U5_OPTIONS "@Option Bytes   /0x40022040/01*64 e"
#define U5_OTP "@OTP Memory   /0x0BFA0000/01*512 e"
#define F1_OPTIONS "@Option Bytes  /0x1FFFF800/01*016 e"
#define L4_OPTIONS "@Option Bytes  /0x1FFF7800/01*040 e"
#define L4_OTP "@OTP Memory /0x1FFF7000/01*0001Ke"

/* Sections 2.5.3, 8.3 to 8.6. */
const FlashChipCase flash_chip_rom_cases[] = {
  { "F405", ST, 0x2200, OLD_PRODUCT, "315A28A0B956", 2048, 0x011a,
    F405_FLASH "|" F4_OPTIONS "|" F4_OTP "|" FEATURE, FLASH_LOADER_ROM,
    "f405 f412 f2 f42x f413 f469", FALSE, NULL, 0, 1, 2 },
  { "F405, Discovery", ST, 0x2100, OLD_PRODUCT, "315A28A0B956", 2048, 0x011a,
    F405_FLASH "|@Option Bytes  /0x1FFFC000/01*016 g|"
               "@OTP Memory /0x1FFF7800/01*512 g,01*016 g|"
               "@Device Feature/0xFFFF0000/01*004 g",
    FLASH_LOADER_ROM, "f405 f412 f2 f42x f413 f469", FALSE, NULL, 0, 1, 2 },
  { "F401, F411, F446", ST, 0x2200, OLD_PRODUCT, "315A28A0B956", 2048, 0x011a,
    "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,03*128Kg|" F4_OPTIONS "|" F4_OTP "|" FEATURE,
    FLASH_LOADER_ROM, "f401e f411 f446 f2 f405 f42x f412 f413 f469", FALSE, NULL, 0, 1, 2 },
  { "F401xC", ST, 0x2200, OLD_PRODUCT, "315A28A0B956", 2048, 0x011a,
    "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,01*128Kg|" F4_OPTIONS "|" F4_OTP "|" FEATURE,
    FLASH_LOADER_ROM, "f401c f2 f405 f42x f401e f411 f412 f413 f446 f469", FALSE, NULL, 0, 1, 2 },
  /* its strings cannot be read */
  { "F427", ST, 0x2200, NULL, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg|"
    "@Option Bytes  /0x1FFFC000/01*016 e/0x1FFEC000/01*016 e|" F4_OTP "|" FEATURE,
    FLASH_LOADER_ROM, "f42x f469", FALSE, NULL, 0, 1, 2 },
  { "F72x", ST, 0x2200, OLD_PRODUCT, "STM32FxSTM32", 2048, 0x011a,
    "@Internal Flash  /0x08000000/04*016Kg,01*64Kg,03*128Kg|"
    "@Option Bytes  /0x1FFF0000/01*048 e|"
    "@OTP Memory /0x1FF07800/01*528e|" FEATURE,
    FLASH_LOADER_ROM, "f72x f76x", FALSE, NULL, 0, 1, 2 },
  { "F74x", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/04*032Kg,01*128Kg,03*256Kg|"
    "@Option Bytes  /0x1FFF0000/01*032 e|"
    "@OTP Memory /0x1FF07800/01*528e",
    FLASH_LOADER_ROM, "f74x f76x", FALSE, NULL, 0, 1, 2 },
  { "F76x", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/04*032Kg,01*128Kg,07*256Kg|"
    "@Option Bytes  /0x1FFF0000/01*032 e",
    FLASH_LOADER_ROM, "f76x", TRUE, "page-size-doubtful", 0, 1, -1 },
  { "F105", ST, 0x2000, "STM32 0x418 DFU Bootloader", "STM32", 2048, 0x011a,
    "@Internal Flash  /0x08000000/128*002Kg|"
    "@Option Bytes  /0x1FFFF800/01*016 g",
    FLASH_LOADER_ROM, "f105", TRUE, NULL, 0, 1, -1 },
  { "F303xC", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/128*0002Kg|" F1_OPTIONS, FLASH_LOADER_ROM, "f303c f37x f303e",
    FALSE, NULL, 0, 1, -1 },
  { "F042", ST, 0x2200, OLD_PRODUCT, "FFFFFFFEFFFF", 2048, 0x011a,
    "@Internal Flash  /0x08000000/032*0001Kg|" F1_OPTIONS, FLASH_LOADER_ROM, "f04x", TRUE, NULL, 0,
    1, -1 },
  { "F072", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/064*0002Kg|" F1_OPTIONS, FLASH_LOADER_ROM,
    "f07x f37x f303c f303e", FALSE, NULL, 0, 1, -1 },
  { "L073", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/1536*128 g|"
    "@Option Bytes  /0x1FF80000/01*032 e|"
    "@DATA Memory /0x08080000/2*3Ke",
    FLASH_LOADER_ROM, "l07x", TRUE, NULL, 0, 1, -1 },
  { "L152", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/1024*256 g|"
    "@Option Bytes  /0x1FF80000/01*032 e|"
    "@DATA Memory /0x08080000/02*004Ke",
    FLASH_LOADER_ROM, "l1-cat3 l1-cat4 l1-cat5", FALSE, NULL, 0, 1, -1 },
  { "L432", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/0256*0002Kg|" L4_OPTIONS "|" L4_OTP "|" FEATURE, FLASH_LOADER_ROM,
    "l45x l47x l49x", FALSE, NULL, 0, 1, 2 },
  { "L476", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/512*0002Kg|" L4_OPTIONS "|" L4_OTP "|" FEATURE, FLASH_LOADER_ROM,
    "l47x l49x", FALSE, NULL, 0, 1, 2 },
  { "L412", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/64*02Kg|"
    "@Option Bytes   /0x1FFF7800/01*40Be|"
    "@OTP Memory   /0x1FFF7000/01*01Ke",
    FLASH_LOADER_ROM, "l41x l43x l45x l47x l49x", FALSE, NULL, 0, 1, 2 },
  { "G474", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/256*02Kg|" G4_OPTIONS "|" G4_OTP, FLASH_LOADER_ROM, "g47x g491",
    FALSE, "page-size-doubtful", 0, 1, 2 },
  { "G431", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/64*02Kg|" G4_OPTIONS "|" G4_OTP, FLASH_LOADER_ROM,
    "g431 g47x g491", FALSE, NULL, 0, 1, 2 },
  { "G0B1", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash /0x08000000/256*02Kg|"
    "@Internal Flash /0x08000000/256*02Kg|"
    "@Internal Flash /0x08000000/256*02Kg",
    FLASH_LOADER_ROM, "g0b1", TRUE, NULL, 0, -1, -1 },
  { "U073", ST, 0x0220, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash    /0x08000000/128*02Kg|"
    "@OB Bytes          /0x40022020/01*136 e|"
    "@OTP Memory        /0x1FFF6800/01*1024 e|"
    "@ENGI Bytes        /0x1FFF6C00/01*1024.e",
    FLASH_LOADER_ROM, "u0", TRUE, NULL, 0, 1, 2 },
  { "WB55", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/256*04Kg|"
    "@Option Bytes   /0x1FFF8000/01*128 e|"
    "@OTP Memory   /0x1FFF7000/01*1024 e",
    FLASH_LOADER_ROM, "wb55", TRUE, "upper-part-reserved", 0, 1, 2 },
  { "H755", ST, 0x0200, NEW_PRODUCT, "200364500000", 1024, 0x011a, H74X_FLASH "|" H74X_OPTIONS,
    FLASH_LOADER_ROM, "h74x", TRUE, "hole-possible", 0, 1, -1 },
  { "H723", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/8*128Kg|"
    "@Option Bytes   /0x5200201C/01*88 e",
    FLASH_LOADER_ROM, "h72x", TRUE, NULL, 0, 1, -1 },
  { "H7A3", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/256*08Kg|"
    "@Option Bytes   /0x5200201C/01*297 e|"
    "@OTP Memory   /0x08FFF000/01*1024 e",
    FLASH_LOADER_ROM, "h7a3", TRUE, NULL, 0, 1, 2 },
  { "H7B3, the other ROM", ST, 0x0200, NEW_PRODUCT, "FFFFFFFEFFFF", 1024, 0x011a,
    "@Internal Flash   /0x08000000/256*02Kg|"
    "@Option Bytes  /0x1FF8000/01*128 e|"
    "@OTP Memory   /0x1FF7000/01*1024 e",
    FLASH_LOADER_ROM, "h7a3", TRUE, "page-size-doubtful", 0, 1, 2 },
  { "H563", ST, 0x0300, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/256*08Kg|"
    "@Option Bytes   /0x40022050/01*64 e",
    FLASH_LOADER_ROM, "h56x l4r wba6", FALSE, NULL, 0, 1, -1 },
  { "U585", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/256*08Kg|" U5_OPTIONS "|" U5_OTP, FLASH_LOADER_ROM,
    "u575 u59x u5fx", FALSE, NULL, 0, 1, 2 },
  { "U5A5", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/512*08Kg|" U5_OPTIONS "|" U5_OTP, FLASH_LOADER_ROM, "u59x u5fx",
    FALSE, NULL, 0, 1, 2 },
  { "C562", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a, "@Internal Flash /0x08000000/64*08Kg",
    FLASH_LOADER_ROM, "c5", TRUE, NULL, 0, -1, -1 },
  /* a name that could not be read is no reason to suspect it */
  { "F405, one name missing", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    F405_FLASH "|?|" F4_OTP "|" FEATURE, FLASH_LOADER_ROM, "f405 f412 f2 f42x f413 f469", FALSE,
    NULL, 0, -1, 2 },
  /* section 3.2: whatever the descriptor says, if the strings are maps */
  { "F405, version 1.1", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x0110,
    F405_FLASH "|" F4_OPTIONS "|" F4_OTP "|" FEATURE, FLASH_LOADER_ROM,
    "f405 f412 f2 f42x f413 f469", FALSE, NULL, 0, 1, 2 },
  { "F405, no functional descriptor", ST, 0x2200, OLD_PRODUCT, NULL, 0, 0xffff,
    F405_FLASH "|" F4_OPTIONS "|" F4_OTP "|" FEATURE, FLASH_LOADER_ROM,
    "f405 f412 f2 f42x f413 f469", FALSE, NULL, 0, 1, 2 },
  /* a ROM that the table does not have */
  { "unknown", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/8*512Kg|"
    "@Option Bytes   /0x12345678/01*64 e",
    FLASH_LOADER_ROM, "", FALSE, NULL, 0, 1, -1 },
  { NULL },
};

const FlashChipCase flash_chip_clone_cases[] = {
  { "GD32VF103 rev A", 0x28e9, 0x0189, 0x1000, "GD32 DFU", "3CBJ", 2048, 0x011a,
    "@Internal Flash  /0x08000000/512*002Kg|"
    "@Option Bytes  /0x1FFFF800/01*016 g",
    FLASH_LOADER_CLONE, "", FALSE, NULL, 0, 1, -1 },
  { "GD32VF103 rev A, no serial", 0x28e9, 0x0189, 0x1000, "GD32 DFU", NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/512*002Kg|"
    "@Option Bytes  /0x1FFFF800/01*016 g",
    FLASH_LOADER_CLONE, "", FALSE, "page-size-doubtful", 0, 1, -1 },
  { "GD32VF103 rev B", 0x28e9, 0x0189, 0x0100, "GD32 DFU", "3CBJ", 2048, 0x011a,
    "@Internal Flash  /0x08000000/128*001Kg|"
    "@Option Bytes  /0x1FFFF800/01*016Be",
    FLASH_LOADER_CLONE, "", FALSE, NULL, 0, 1, -1 },
  { "GD32, older", ST, 0x0200, "GD32 0x418 DFU Bootloader", NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/12*001Ka,116*001Kg", FLASH_LOADER_CLONE, "", FALSE, NULL, 0, -1,
    -1 },
  { "AT32", 0x2e3c, 0xdf11, 0x0200, "AT32", NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/ 128*1Kg|"
    "@Option Byte   /0x1FFFF800/02*016 e",
    FLASH_LOADER_CLONE, "", FALSE, NULL, 0, 1, -1 },
  { "AT32F437", 0x2e3c, 0xdf11, 0x0200, NULL, NULL, 2048, 0x011a,
    "@Internal Flash   /0x08000000/08*04Ka,1000*04Kg|"
    "@Option byte   /0x1FFFC000/01*4096 g",
    FLASH_LOADER_CLONE, "", FALSE, NULL, 0, 1, -1 },
  { "AT32 with ST's ids", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/0512*002Kg|"
    "@Option Byte   /0x1FFFF800/02*016 e",
    FLASH_LOADER_CLONE, "", FALSE, NULL, 0, 1, -1 },
  { "7 bytes", ST, 0x2000, "STM32 0x418 DFU Bootloader", "STM32", 2048, 0,
    "@Internal Flash  /0x08000000/128*002Kg|"
    "@Option Bytes  /0x1FFFF800/01*016 g",
    FLASH_LOADER_CLONE, "", FALSE, NULL, 0, 1, -1 },
  { "APM32", 0x314b, 0x0106, 0x0200, NULL, NULL, 1024, 0, "@Internal Flash  /0x08000000/128*001Kg",
    FLASH_LOADER_CLONE, "", FALSE, NULL, 0, -1, -1 },
  { NULL },
};

/* Sections 2.5.3 and 8.7, and each of the traits by itself. */
const FlashChipCase flash_chip_custom_cases[] = {
  { "CubeMX", ST, 0x0200, "STM32 DownLoad Firmware Update", "0000000000FF", 1024, 0x011a,
    "@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg", FLASH_LOADER_CUSTOM,
    "f2 f405 f412 f42x f413 f469 f76x", FALSE, NULL, 0, -1, -1 },
  { "CubeMX on a G4", ST, 0x0200, "STM32 DownLoad Firmware Update", NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/16*02Ka,48*02Kg", FLASH_LOADER_CUSTOM, NULL, FALSE, NULL, 0, -1,
    -1 },
  { "ROM's names, closed sectors", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08000000/02*016Ka,02*016Kg,01*064Kg,03*128Kg|" F4_OPTIONS,
    FLASH_LOADER_CUSTOM, "f401e f411 f446 f72x f2 f405 f42x f412 f413 f469 f76x", FALSE, NULL, 0, 1,
    -1 },
  { "bcdDevice 0200", ST, 0x0200, OLD_PRODUCT, NULL, 2048, 0x011a,
    F405_FLASH "|" F4_OPTIONS "|" F4_OTP "|" FEATURE, FLASH_LOADER_CUSTOM, NULL, FALSE, NULL, 0, 1,
    2 },
  { "bcdDevice 0200, three blanks", ST, 0x0200, NEW_PRODUCT, NULL, 1024, 0x011a,
    "@Internal Flash   /0x08000000/04*016Kg,01*064Kg,07*128Kg|" F4_OPTIONS "|" F4_OTP "|" FEATURE,
    FLASH_LOADER_CUSTOM, NULL, FALSE, NULL, 0, 1, 2 },
  { "bcdDevice 2200, three blanks", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Internal Flash   /0x08000000/04*016Kg,01*064Kg,07*128Kg|" F4_OPTIONS "|" F4_OTP "|" FEATURE,
    FLASH_LOADER_CUSTOM, NULL, FALSE, NULL, 0, 1, 2 },
  { "bcdDevice of no ROM", ST, 0x0100, OLD_PRODUCT, NULL, 2048, 0x011a,
    F405_FLASH "|" F4_OPTIONS "|" F4_OTP "|" FEATURE, FLASH_LOADER_CUSTOM, NULL, FALSE, NULL, 0, 1,
    2 },
  { "transfers of 1024", ST, 0x2200, OLD_PRODUCT, NULL, 1024, 0x011a,
    F405_FLASH "|" F4_OPTIONS "|" F4_OTP "|" FEATURE, FLASH_LOADER_CUSTOM, NULL, FALSE, NULL, 0, 1,
    2 },
  { "no option bytes", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a, F405_FLASH, FLASH_LOADER_CUSTOM,
    NULL, FALSE, NULL, 0, -1, -1 },
  { "unknown product", ST, 0x2200, "My Bootloader", NULL, 2048, 0x011a,
    F405_FLASH "|" F4_OPTIONS "|" F4_OTP "|" FEATURE, FLASH_LOADER_CUSTOM, NULL, FALSE, NULL, 0, 1,
    2 },
  { "unknown start", ST, 0x2200, NULL, NULL, 2048, 0x011a,
    "@Internal Flash  /0x08010000/01*064Kg|" F4_OPTIONS, FLASH_LOADER_CUSTOM, NULL, FALSE, NULL, 0,
    1, -1 },
  { "unknown name", ST, 0x2200, NULL, NULL, 2048, 0x011a, "@DFU STM32/0x08010000/01*064Kg",
    FLASH_LOADER_CUSTOM, NULL, FALSE, NULL, 0, -1, -1 },
  { "external flash", ST, 0x0200, NULL, NULL, 1024, 0x011a,
    "@External Flash   /0x70000000/2048*064Kg", FLASH_LOADER_CUSTOM, "", FALSE, NULL, 0, -1, -1 },
  { "mboot", ST, 0x0300, "Pyboard Bootloader", "304B39723439", 2048, 0x011a, F405_FLASH,
    FLASH_LOADER_CUSTOM, "f2 f405 f412 f42x f413 f469 f76x", FALSE, NULL, 0, -1, -1 },
  { "Black Magic Probe", 0x1d50, 0x6017, 0x0100, "Black Magic", "79A0F28E", 1024, 0x011a,
    "@Internal Flash   /0x08000000/8*001Ka,120*001Kg", FLASH_LOADER_CUSTOM, "", FALSE, NULL, 0, -1,
    -1 },
  { "DSO Nano, clone", ST, 0x0200, NULL, NULL, 1024, 0x1a01,
    "@Internal Flash  /0x08000000/12*001Ka,116*001Kg|"
    "@SPI Flash : M25P64/0x00000000/128*64Kg",
    FLASH_LOADER_CUSTOM, "", FALSE, NULL, 0, -1, -1 },
  { "Particle", 0x2b04, 0xd006, 0x0250, NULL, NULL, 4096, 0x011a,
    "@DCD Flash   /0x00000000/1*016Ke|"
    "@External Flash   /0x80000000/1024*004Kg|"
    "@Internal Flash   /0x08000000/1*016Ka,1*016Kg,1*016Kg,1*016Kg,1*064Kg,7*128Kg",
    FLASH_LOADER_CUSTOM, "f2 f405 f412 f42x f413 f469 f76x", FALSE, NULL, 2, -1, -1 },
  { NULL },
};

const FlashChipCase flash_chip_other_cases[] = {
  { "TinyUSB", 0xcafe, 0x4000, 0x0100, "TinyUSB Device", "123456", 4096, 0x0101,
    "@Internal Flash   /0x08000000/16*128Kg", FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "TinyUSB with ST's ids", ST, 0x0200, NULL, NULL, 4096, 0x0101, H74X_FLASH "|" H74X_OPTIONS,
    FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "plain DFU", 0xcafe, 0x4000, 0x0100, NULL, NULL, 4096, 0x0110,
    "FLASH|"
    "EEPROM",
    FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "plain DFU with maps", 0xcafe, 0x4000, 0x0100, NULL, NULL, 4096, 0x0110, H74X_FLASH,
    FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "dapboot", 0x1209, 0xdb42, 0x0110, "dapboot DFU bootloader", NULL, 1024, 0x0110, "dapboot",
    FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "Openmoko", 0x1d50, 0x5119, 0x0100, NULL, NULL, 4096, 0,
    "RAM 0x32000000|"
    "u-boot",
    FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "STM32MP15", ST, 0x0200, "DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000",
    "003900283338511534383330", 1024, 0x0110,
    "@Partition0 /0x00/1*256Ke|"
    "@FSBL /0x01/1*1Me|"
    "@Partition2 /0x02/1*1Me|"
    "@Partition3 /0x03/1*16Me|"
    "@Partition4 /0x04/1*16Me|"
    "@virtual /0xF1/1*512Ba",
    FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "U-Boot", ST, 0x0200, "USB download gadget@Device ID /0x500, @Revision ID /0x0000", NULL, 4096,
    0x0110,
    "@FlashLayout/0x00/1*256Ke ram c0000000 1000000|"
    "@virtual /0xF1/1*512Ba",
    FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "no map", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a,
    "@Flash3|"
    "?",
    FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "no flash", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a, F4_OPTIONS "|" F4_OTP "|" FEATURE,
    FLASH_LOADER_NONE, "", FALSE, NULL, -1, -1, -1 },
  { "no interface", ST, 0x2200, OLD_PRODUCT, NULL, 2048, 0x011a, NULL, FLASH_LOADER_NONE, "", FALSE,
    NULL, -1, -1, -1 },
  { NULL },
};
