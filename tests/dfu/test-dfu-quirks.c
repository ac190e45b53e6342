/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each device of stm32-dfuse.md section 3, and the strings of section 2.5.3. */
#include "config.h"

#include "flash-dfu-device.h"
#include "flash-dfu-quirks.h"

#define NONE FLASH_DFU_DIALECT_NONE
#define RUNTIME FLASH_DFU_DIALECT_RUNTIME
#define PLAIN FLASH_DFU_DIALECT_PLAIN
#define DFUSE FLASH_DFU_DIALECT_DFUSE
#define QUIRK(name) FLASH_DFU_QUIRK_##name

typedef struct {
  const char *name;
  FlashDfuDevice device;
  FlashDfuQuirkFlags flags;
  guint16 bcd_dfu;
  FlashDfuDialect dialect;
} Case;

#define F405 "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"
#define ROM(bcd, protocol, version, serial, ...)                                                   \
  {                                                                                                \
    0x0483, 0xdf11, bcd, protocol, 0x0b, 2048, version, serial,                                    \
    {                                                                                              \
      __VA_ARGS__                                                                                  \
    }                                                                                              \
  }
#define OTHER(vid, pid, bcd, protocol, version, ...)                                               \
  {                                                                                                \
    vid, pid, bcd, protocol, 0x0b, 2048, version, "1",                                             \
    {                                                                                              \
      __VA_ARGS__                                                                                  \
    }                                                                                              \
  }

static const Case cases[] = {
  /* ST's ROMs (section 2.5.3). */
  { "f405", ROM (0x2200, 2, 0x011a, "315A28A0B956", F405), 0, 0x011a, DFUSE },
  { "f105", ROM (0x2000, 2, 0x011a, "STM32", "@Internal Flash  /0x08000000/128*002Kg"),
    QUIRK (SERIAL_SHARED), 0x011a, DFUSE },
  { "f722", ROM (0x2200, 2, 0x011a, "STM32FxSTM32", "@Internal Flash  /0x08000000/04*016Kg"),
    QUIRK (SERIAL_SHARED), 0x011a, DFUSE },
  { "f042", ROM (0x2200, 2, 0x011a, "FFFFFFFEFFFF", "@Internal Flash  /0x08000000/032*0001Kg"),
    QUIRK (SERIAL_SHARED), 0x011a, DFUSE },
  { "h743",
    ROM (0x0200, 2, 0x011a, "200364500000", "@Internal Flash   /0x08000000/16*128Kg",
         "@Option Bytes   /0x5200201C/01*128 e"),
    QUIRK (BUSY_FOREVER) | QUIRK (LEAVE_STAYS) | QUIRK (SERIAL_SHARED), 0x011a, DFUSE },
  { "h743-other-serial",
    ROM (0x0200, 2, 0x011a, "200000500000", "@Internal Flash   /0x08000000/16*128Kg"),
    QUIRK (BUSY_FOREVER) | QUIRK (LEAVE_STAYS) | QUIRK (SERIAL_SHARED), 0x011a, DFUSE },
  { "h723", ROM (0x0200, 2, 0x011a, "A", "@Internal Flash   /0x08000000/8*128Kg"), 0, 0x011a,
    DFUSE },
  { "h563", ROM (0x0300, 2, 0x011a, "A", "@Internal Flash   /0x08000000/256*08Kg"),
    QUIRK (LEAVE_STAYS), 0x011a, DFUSE },
  { "u585", ROM (0x0200, 2, 0x011a, "A", "@Internal Flash   /0x08000000/256*08Kg"), 0, 0x011a,
    DFUSE },
  { "l476",
    ROM (0x2200, 2, 0x011a, "A", "@Internal Flash  /0x08000000/0256*0002Kg",
         "@Option Bytes  /0x1FFF7800/01*040 e"),
    QUIRK (STALLS_WHILE_BUSY), 0x011a, DFUSE },
  { "l412",
    ROM (0x0200, 2, 0x011a, "A", "@Internal Flash   /0x08000000/64*02Kg",
         "@Option Bytes   /0x1FFF7800/01*40Be"),
    QUIRK (STALLS_WHILE_BUSY), 0x011a, DFUSE },
  { "c562", ROM (0x0200, 2, 0x011a, "A", "@Internal Flash /0x08000000/64*08Kg"),
    QUIRK (CLEAR_STALLS), 0x011a, DFUSE },
  { "c562-with-options",
    ROM (0x0200, 2, 0x011a, "A", "@Internal Flash /0x08000000/64*08Kg",
         "@Option Bytes /0x40022040/01*64 e"),
    0, 0x011a, DFUSE },
  /* Versions that are not said, or too short to be (2.1 and 2.5.3). */
  { "clone-7-bytes", ROM (0x2200, 2, 0x0100, "A", "@Internal Flash  /0x08000000/128*002Kg"), 0,
    0x011a, DFUSE },
  { "no-functional", ROM (0x2200, 2, 0, "A", F405), 0, 0x011a, DFUSE },
  { "no-functional-no-map", ROM (0x2200, 2, 0, "A", "Flash"), 0, 0x0100, PLAIN },
  { "blank-after-slash",
    OTHER (0x2e3c, 0xdf11, 0x0200, 2, 0x011a, "@Internal Flash  /0x08000000/ 128*1Kg"), 0, 0x011a,
    DFUSE },
  { "blank-before-address", OTHER (0x1209, 1, 1, 2, 0x011a, "@Flash / 0X08000000/1*1Kg"), 0, 0x011a,
    DFUSE },
  { "tinyusb", OTHER (0xcafe, 0x4000, 1, 2, 0x0101, F405), 0, 0x0101, PLAIN },
  { "tinyusb-st", ROM (0x0100, 2, 0x0101, "A", F405), 0, 0x0101, PLAIN },
  { "dfuse-without-map", OTHER (0x1209, 1, 1, 2, 0x011a, "Flash"), 0, 0x011a, PLAIN },
  { "dfuse-without-address", OTHER (0x1209, 1, 1, 2, 0x011a, "@Flash3"), 0, 0x011a, PLAIN },
  { "dfuse-odd-address", OTHER (0x1209, 1, 1, 2, 0x011a, "@Flash/F000"), 0, 0x011a, PLAIN },
  { "dso-nano",
    ROM (0x011a, 0, 0x011a, "A", "@Internal Flash  /0x08000000/12*001Ka,116*001Kg",
         "@SPI Flash : M25P64/0x00000000/64*064Kg"),
    0, 0x011a, DFUSE },
  /* STM32MP (2.6): phases are no addresses. */
  { "mp15-rom",
    ROM (0x0200, 2, 0x0110, "003A00283338511234383330", "@Partition0 /0x00/1*256Ke",
         "@FSBL /0x01/1*1Me", "@virtual /0xF1/1*512Ba"),
    0, 0x0110, PLAIN },
  { "mp15-no-functional", ROM (0x0200, 2, 0, "A", "@Partition0 /0x00/1*256Ke", "@FSBL /0x01/1*1Me"),
    0, 0x0100, PLAIN },
  { "phases-as-dfuse", ROM (0x0200, 2, 0x011a, "A", "@FSBL /0x01/1*1Me"), 0, 0x011a, PLAIN },
  /* Section 3.1. */
  { "openmoko", OTHER (0x1d50, 0x5117, 1, 2, 0x0100, "RAM 0x32000000"), QUIRK (IGNORE_POLL), 0x0100,
    PLAIN },
  { "openmoko-freerunner", OTHER (0x1d50, 0x5119, 1, 2, 0x0100, "u-boot"),
    QUIRK (IGNORE_POLL) | QUIRK (NO_UPLOAD_STATUS), 0x0100, PLAIN },
  { "fic", OTHER (0x1457, 0x5126, 1, 2, 0x0100, "kernel"), QUIRK (IGNORE_POLL), 0x0100, PLAIN },
  { "behind-fic", OTHER (0x1457, 0x5127, 1, 2, 0x0100, "kernel"), 0, 0x0100, PLAIN },
  { "simtrace", OTHER (0x16c0, 0x0762, 1, 2, 0x0110, "A"), QUIRK (IGNORE_POLL), 0x0110, PLAIN },
  { "openpcd", OTHER (0x16c0, 0x076b, 1, 2, 0x0110, "A"), QUIRK (IGNORE_POLL), 0x0110, PLAIN },
  { "openpicc", OTHER (0x16c0, 0x076c, 1, 2, 0x0110, "A"), QUIRK (IGNORE_POLL), 0x0110, PLAIN },
  { "pxm", OTHER (0x0908, 0x02c4, 0, 2, 0x0110, "A"), QUIRK (IGNORE_POLL), 0x0110, PLAIN },
  { "pxm-newer", OTHER (0x0908, 0x02c5, 1, 2, 0x0110, "A"), 0, 0x0110, PLAIN },
  { "transit", OTHER (0x0763, 0x2806, 1, 2, 0x0110, "A"), QUIRK (IGNORE_POLL), 0x0110, PLAIN },
  { "maple", OTHER (0x1eaf, 0x0003, 0x0200, 2, 0x011a, F405), QUIRK (PLAIN), 0x0110, PLAIN },
  { "maple-newer", OTHER (0x1eaf, 0x0003, 0x0201, 2, 0x011a, F405), 0, 0x011a, DFUSE },
  { "lpc", OTHER (0x1fc9, 0x000c, 1, 1, 0x0110, "A"), QUIRK (DFU_MODE), 0x0110, PLAIN },
  { "gd32", OTHER (0x28e9, 0x0189, 0x1000, 1, 0x011a, "@Internal Flash  /0x08000000/512*002Kg"),
    QUIRK (LEAVE_SILENT) | QUIRK (DFU_MODE) | QUIRK (SERIAL_SHARED), 0x011a, DFUSE },
  { "atmel", OTHER (0x03eb, 0x2ff4, 1, 2, 0x0100, "A"), 0, 0xff01, NONE },
  { "black-magic-runtime", OTHER (0x1d50, 0x6018, 1, 1, 0x011a, "Black Magic DFU"), 0, 0x011a,
    RUNTIME },
  { "no-interface", OTHER (0x1209, 1, 1, 2, 0x0110, NULL), 0, 0x0110, NONE },
};

static void
test_device (gconstpointer data)
{
  const Case *entry = data;
  g_autoptr (FlashDescriptors) descriptors = flash_dfu_device_describe (&entry->device);
  FlashDfuQuirks quirks;

  flash_dfu_quirks_find (descriptors, &quirks);
  g_assert_cmphex (quirks.flags, ==, entry->flags);
  g_assert_cmphex (quirks.bcd_dfu, ==, entry->bcd_dfu);
  g_assert_cmpuint (quirks.transfer_size, ==, entry->device.bcd_dfu != 0 ? 2048 : 1024);
  g_assert_cmpint (flash_dfu_quirks_get_dialect (descriptors), ==, entry->dialect);
}

/* Names that could not be read, some of them or all. */
static void
test_no_names (void)
{
  static const FlashDfuDevice rom = ROM (0x2200, 2, 0x011a, NULL, "", "", F405);
  static const FlashDfuDevice plain = ROM (0x2200, 2, 0x0110, NULL, "", "", "");
  static const FlashDfuDevice silent = ROM (0x2200, 2, 0, NULL, "", "", "");
  static const struct {
    const FlashDfuDevice *device;
    guint n_unread;
    FlashDfuDialect dialect;
  } rows[] = {
    { &rom, 2, DFUSE },
    { &rom, 3, DFUSE },
    { &plain, 3, PLAIN },
    { &silent, 3, PLAIN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (FlashDescriptors) descriptors = flash_dfu_device_describe (rows[i].device);

    for (guint k = 0; k < rows[i].n_unread; k++) {
      FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, k);

      g_clear_pointer (&alternate->name, g_free);
    }
    g_assert_cmpint (flash_dfu_quirks_get_dialect (descriptors), ==, rows[i].dialect);
  }
}

/* Section 1.2; the smallest packet of these devices has 8 bytes. */
static void
test_transfer_size (void)
{
  static const struct {
    guint16 says;
    guint size;
  } sizes[] = {
    { 0, 1024 },    { 1, 8 },       { 7, 8 },       { 8, 8 },         { 64, 64 },
    { 2048, 2048 }, { 4096, 4096 }, { 4097, 4096 }, { 0xfffe, 4096 }, { 0xffff, 1024 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    FlashDfuDevice device = ROM (0x2200, 2, 0x011a, NULL, F405);
    g_autoptr (FlashDescriptors) descriptors = NULL;
    FlashDfuQuirks quirks;

    device.transfer_size = sizes[i].says;
    descriptors = flash_dfu_device_describe (&device);
    flash_dfu_quirks_find (descriptors, &quirks);
    g_assert_cmpuint (quirks.transfer_size, ==, sizes[i].size);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/dfu-quirks/device/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_device);
  }
  g_test_add_func ("/dfu-quirks/no-names", test_no_names);
  g_test_add_func ("/dfu-quirks/transfer-size", test_transfer_size);
  return g_test_run ();
}
