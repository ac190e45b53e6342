/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The descriptors of microcontrollers and run-time devices, byte by byte (stm32-dfuse.md sections
 * 2.5.3 and 8.3 to 8.7), as a host reads them over the wire. */
#include "config.h"

#include "flash-sim-mcu-bench.h"

#include "flash-sim-model.h"

#include <string.h>

#define SETTING(n, string) 0x09, 0x04, 0x00, n, 0x00, 0xfe, 0x01, 0x02, string
#define DFUSE(size_low, size_high) 0x09, 0x21, 0x0b, 0xff, 0x00, size_low, size_high, 0x1a, 0x01

typedef struct {
  const char *id;
  const guint8 device[18];
  guint configuration_length;
  guint8 configuration[64];
  const char *strings[9]; /* from 1; NULL where there is none */
} Case;

static const Case cases[] = {
  { .id = "virtual:stm32f405",
    .device = { 0x12, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x40, 0x83, 0x04, 0x11, 0xdf, 0x00, 0x22,
                0x01, 0x02, 0x03, 0x01 },
    .configuration_length = 54,
    .configuration = { 0x09, 0x02, 0x36, 0x00, 0x01, 0x01, 0x00, 0xc0, 0x32, SETTING (0, 4),
                       SETTING (1, 5), SETTING (2, 6), SETTING (3, 7), DFUSE (0x00, 0x08) },
    .strings = { "STMicroelectronics", "STM32  BOOTLOADER", "315A28A0B956",
                 "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg",
                 "@Option Bytes  /0x1FFFC000/01*016 e", "@OTP Memory /0x1FFF7800/01*512 e,01*016 e",
                 "@Device Feature/0xFFFF0000/01*004 e" } },
  { .id = "virtual:stm32f105",
    .device = { 0x12, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x40, 0x83, 0x04, 0x11, 0xdf, 0x00, 0x20,
                0x01, 0x02, 0x03, 0x01 },
    .configuration_length = 36,
    .configuration = { 0x09, 0x02, 0x24, 0x00, 0x01, 0x01, 0x00, 0xc0, 0x32, SETTING (0, 4),
                       SETTING (1, 5), DFUSE (0x00, 0x08) },
    .strings = { "STMicroelectronics", "STM32 0x418 DFU Bootloader", "STM32",
                 "@Internal Flash  /0x08000000/128*002Kg",
                 "@Option Bytes  /0x1FFFF800/01*016 g" } },
  { .id = "virtual:stm32h755",
    .device = { 0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0x83, 0x04, 0x11, 0xdf, 0x00, 0x02,
                0x01, 0x02, 0x03, 0x01 },
    .configuration_length = 36,
    .configuration = { 0x09, 0x02, 0x24, 0x00, 0x01, 0x01, 0x00, 0xc0, 0x32, SETTING (0, 4),
                       SETTING (1, 5), DFUSE (0x00, 0x04) },
    .strings = { "STMicroelectronics", "DFU in FS Mode", "200364500000",
                 "@Internal Flash   /0x08000000/16*128Kg",
                 "@Option Bytes   /0x5200201C/01*128 e" } },
  { .id = "virtual:stm32g474",
    .device = { 0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0x83, 0x04, 0x11, 0xdf, 0x00, 0x02,
                0x01, 0x02, 0x03, 0x01 },
    .configuration_length = 45,
    .configuration = { 0x09, 0x02, 0x2d, 0x00, 0x01, 0x01, 0x00, 0xc0, 0x32, SETTING (0, 4),
                       SETTING (1, 5), SETTING (2, 6), DFUSE (0x00, 0x04) },
    .strings = { "STMicroelectronics", "DFU in FS Mode", "206A36A53548",
                 "@Internal Flash   /0x08000000/256*02Kg",
                 "@Option Bytes   /0x1FFF7800/01*048 e/0x1FFFF800/01*048 e",
                 "@OTP Memory   /0x1FFF7000/01*1024 e" } },
  { .id = "virtual:cubemx-dfu",
    .device = { 0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0x83, 0x04, 0x11, 0xdf, 0x00, 0x02,
                0x01, 0x02, 0x03, 0x01 },
    .configuration_length = 27,
    .configuration = { 0x09, 0x02, 0x1b, 0x00, 0x01, 0x01, 0x04, 0xc0, 0x32, SETTING (0, 6),
                       DFUSE (0x00, 0x04) },
    .strings = { "STMicroelectronics", "STM32 DownLoad Firmware Update", "207E3693464E",
                 "DFU Config", "DFU Interface",
                 "@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg" } },
  { .id = "virtual:dfu-runtime",
    .device = { 0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0xfe, 0xca, 0x01, 0x40, 0x00, 0x01,
                0x01, 0x02, 0x03, 0x01 },
    .configuration_length = 27,
    .configuration = { 0x09, 0x02, 0x1b, 0x00, 0x01, 0x01, 0x02, 0xc0, 0x32,
                       0x09, 0x04, 0x00, 0x00, 0x00, 0xfe, 0x01, 0x01, 0x05,
                       0x09, 0x21, 0x0d, 0xe8, 0x03, 0x00, 0x10, 0x10, 0x01 },
    .strings = { "Flashwright", "Virtual application", "0123456789AC", NULL, "DFU run time" } },
  { .id = "virtual:dfu-runtime,detach=reset",
    .device = { 0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0xfe, 0xca, 0x01, 0x40, 0x00, 0x01,
                0x01, 0x02, 0x03, 0x01 },
    .configuration_length = 27,
    .configuration = { 0x09, 0x02, 0x1b, 0x00, 0x01, 0x01, 0x02, 0xc0, 0x32,
                       0x09, 0x04, 0x00, 0x00, 0x00, 0xfe, 0x01, 0x01, 0x05,
                       0x09, 0x21, 0x05, 0xe8, 0x03, 0x00, 0x10, 0x10, 0x01 },
    .strings = { "Flashwright", "Virtual application" } },
};

/* One GET_DESCRIPTOR; -1 if it is refused. */
static int
get_descriptor (Bench *bench, guint16 value, guint8 *out_bytes, gsize room)
{
  gsize length = 0;

  if (!flash_transport_control_in (bench->transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR,
                                   value, 0, out_bytes, room, &length, BENCH_TIMEOUT_MS, NULL))
    return -1;
  return (int) length;
}

static void
assert_string (Bench *bench, guint index, const char *wanted, guint excess)
{
  guint8 bytes[255];
  int length = get_descriptor (bench, (guint16) (0x300 + index), bytes, sizeof bytes);

  if (wanted == NULL) {
    g_assert_cmpint (length, ==, -1);
    return;
  }
  g_assert_cmpint (length, ==, 2 + 2 * strlen (wanted));
  g_assert_cmpint (bytes[0], ==, length + (int) excess);
  g_assert_cmpint (bytes[1], ==, 3);
  for (gsize i = 0; wanted[i] != '\0'; i++) {
    g_assert_cmpint (bytes[2 + 2 * i], ==, wanted[i]);
    g_assert_cmpint (bytes[3 + 2 * i], ==, 0);
  }
}

static void
test_bytes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = bench_new (cases[i].id);
    guint8 bytes[255];
    int length;

    g_test_message ("%s", cases[i].id);
    length = get_descriptor (bench, 0x100, bytes, sizeof bytes);
    g_assert_cmpmem (bytes, (gsize) length, cases[i].device, 18);
    length = get_descriptor (bench, 0x200, bytes, sizeof bytes);
    g_assert_cmpmem (bytes, (gsize) length, cases[i].configuration, cases[i].configuration_length);
    length = get_descriptor (bench, 0x300, bytes, sizeof bytes);
    g_assert_cmpmem (bytes, (gsize) length, "\x04\x03\x09\x04", 4);
    for (guint n = 0; n < G_N_ELEMENTS (cases[i].strings); n++)
      if (cases[i].strings[n] != NULL || n == 3 || n == 8)
        assert_string (bench, n + 1, cases[i].strings[n], 0);
    /* nobody is to think that it could be faster */
    if (strstr (cases[i].id, "runtime") == NULL)
      g_assert_cmpint (get_descriptor (bench, 0x600, bytes, 10), ==, -1);
  }
}

/* The names, in order, of those whose bytes are those of the ones above. */
static const struct {
  const char *model;
  guint16 bcd_device;
  guint16 transfer_size;
  const char *names[4];
} others[] = {
  { "stm32f427",
    0x2200,
    2048,
    { "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg",
      "@Option Bytes  /0x1FFFC000/01*016 e/0x1FFEC000/01*016 e",
      "@OTP Memory /0x1FFF7800/01*512 e,01*016 e", "@Device Feature/0xFFFF0000/01*004 e" } },
  { "stm32g0b1",
    0x0200,
    1024,
    { "@Internal Flash /0x08000000/256*02Kg", "@Internal Flash /0x08000000/256*02Kg",
      "@Internal Flash /0x08000000/256*02Kg" } },
  { "stm32l072",
    0x2200,
    2048,
    { "@Internal Flash  /0x08000000/1536*128 g", "@Option Bytes  /0x1FF80000/01*032 e",
      "@DATA Memory /0x08080000/2*3Ke" } },
  { "stm32l476",
    0x2200,
    2048,
    { "@Internal Flash  /0x08000000/512*0002Kg", "@Option Bytes  /0x1FFF7800/01*040 e",
      "@OTP Memory /0x1FFF7000/01*0001Ke", "@Device Feature/0xFFFF0000/01*004 e" } },
  { "stm32u073",
    0x0220,
    1024,
    { "@Internal Flash    /0x08000000/128*02Kg", "@OB Bytes          /0x40022020/01*136 e",
      "@OTP Memory        /0x1FFF6800/01*1024 e", "@ENGI Bytes        /0x1FFF6C00/01*1024.e" } },
  { "stm32u575",
    0x0200,
    1024,
    { "@Internal Flash   /0x08000000/256*08Kg", "@Option Bytes   /0x40022040/01*64 e",
      "@OTP Memory   /0x0BFA0000/01*512 e" } },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autofree char *id = g_strconcat ("virtual:", others[i].model, NULL);
    g_autoptr (Bench) bench = bench_new (id);
    FlashDescriptors *seen = flash_board_get_descriptors (bench->board);
    guint n = 0;

    g_test_message ("%s", id);
    g_assert_cmphex (seen->bcd_device, ==, others[i].bcd_device);
    g_assert_cmpint (seen->transfer_size, ==, others[i].transfer_size);
    g_assert_cmphex (seen->bcd_dfu, ==, 0x011a);
    for (; n < 4 && others[i].names[n] != NULL; n++) {
      const FlashAlternate *alternate = g_ptr_array_index (seen->alternates, n);

      g_assert_cmpstr (alternate->name, ==, others[i].names[n]);
      assert_string (bench, 4 + n, others[i].names[n],
                     g_str_equal (others[i].model, "stm32f427") ? 2 : 0);
    }
    g_assert_cmpint (seen->alternates->len, ==, n);
  }
}

/* What a string says is what there is: the tables agree with their strings. */
static void
test_sizes (void)
{
  for (guint i = 0; i < FLASH_SIM_N_MCUS; i++) {
    const FlashSimMcu *mcu = &flash_sim_mcus[i];
    guint32 size = flash_sim_mcu_get_size (mcu, FLASH_SIM_AREA_FLASH), total = 0, start;
    guint n_sectors = 0, number;

    g_test_message ("%s", mcu->alternates[0]);
    for (guint n = 0; mcu->sectors[n].count > 0; n++) {
      total += mcu->sectors[n].count * mcu->sectors[n].size;
      n_sectors += mcu->sectors[n].count;
      g_assert_cmpint (mcu->sectors[n].size % mcu->granule, ==, 0);
    }
    g_assert_cmpint (total, ==, size);
    g_assert_cmpint (n_sectors, ==, flash_sim_mcu_count_sectors (mcu));
    g_assert_nonnull (flash_sim_mcu_find_sector (mcu, size - 1, &start, &number));
    g_assert_cmpint (number, ==, n_sectors - 1);
    g_assert_null (flash_sim_mcu_find_sector (mcu, size, &start, &number));
    g_assert_cmpint (mcu->transfer_size % mcu->granule, ==, 0);
    g_assert_cmpint (mcu->transfer_size, <=, 2048);
  }
}

/* Serial numbers of two boards differ, where those of two chips do (section 0.3, fact 11). */
static void
test_serials (void)
{
  static const struct {
    const char *id;
    const char *serial;
  } serials[] = {
    { "virtual:stm32f105,rdp=0", "STM32" },
    { "virtual:stm32h755,rdp=0", "200364500000" },
    { "virtual:stm32h755,serial=200000500000", "200000500000" },
    { "virtual:stm32f405,serial=377F377A3036", "377F377A3036" },
  };
  g_autoptr (Bench) one = bench_new ("virtual:stm32f405,rdp=0");
  g_autoptr (Bench) two = bench_new ("virtual:stm32f405,wrp=none");
  const char *first = flash_board_get_descriptors (one->board)->serial;

  g_assert_cmpint (strlen (first), ==, 12);
  g_assert_cmpint (strspn (first, "0123456789ABCDEF"), ==, 12);
  g_assert_cmpstr (first, !=, flash_board_get_descriptors (two->board)->serial);
  for (guint i = 0; i < G_N_ELEMENTS (serials); i++) {
    g_autoptr (Bench) bench = bench_new (serials[i].id);

    g_assert_cmpstr (flash_board_get_descriptors (bench->board)->serial, ==, serials[i].serial);
    g_assert_cmpint (flash_board_get_speed (bench->board), ==, FLASH_SPEED_FULL);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/mcu-descriptors/bytes", test_bytes);
  g_test_add_func ("/sim/mcu-descriptors/names", test_names);
  g_test_add_func ("/sim/mcu-descriptors/sizes", test_sizes);
  g_test_add_func ("/sim/mcu-descriptors/serials", test_serials);
  return g_test_run ();
}
