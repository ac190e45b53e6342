/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a virtual microcontroller starts, and what is left when its power goes away
 * (stm32-dfuse.md sections 2.7, 4.4, 4.6, 4.7 and 5.1). */
#include "config.h"

#include "flash-sim-mcu-bench.h"

#include "flash-bytes.h"

#include <string.h>

/* Power off and on, with the pin as it is wanted. */
static void
start_anew (Bench *bench, gboolean is_boot0_high)
{
  g_autoptr (FlashSimDevice) device = mcu_dup_device (bench);

  flash_sim_device_set_boot0 (device, is_boot0_high);
  flash_sim_device_power_cycle (device);
  bench_wait (bench, 400);
}

static void
press_reset (Bench *bench)
{
  g_autoptr (FlashSimDevice) device = mcu_dup_device (bench);

  flash_sim_device_press_reset (device);
  bench_wait (bench, 400);
}

/* --- Vectors -------------------------------------------------------------------------------- */

/* Section 5.1: what a Cortex-M takes for something to run. */
static const struct {
  const char *id;
  guint32 stack;
  guint32 entry;
  FlashSimChipState state;
} vectors[] = {
  { "virtual:stm32f405", 0x20020000, 0x08000101, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32f405", 0x20000004, 0x080fffff, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32f405", 0x10010000, 0x08000101, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32f405", 0x20020000, 0x20003001, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32f405", 0x20020004, 0x08000101, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0x20000000, 0x08000101, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0x20001001, 0x08000101, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0x20020000, 0x08000100, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0x20020000, 0x08100001, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0x20020000, 0x00000001, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0xffffffff, 0xffffffff, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0xffffffff, 0x08000101, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0x20020000, 0xffffffff, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32h755", 0x24080000, 0x08100001, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32h755", 0x20030000, 0x08100001, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32g474", 0x20020000, 0x0807ffff, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32g474", 0xffffffff, 0xffffffff, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32l072", 0x20005000, 0x08000101, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32l072", 0x00000000, 0x00000000, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32g0b1", 0x20020000, 0x08000101, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32g0b1", 0x00000000, 0x08000101, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32g0b1", 0xffffffff, 0x08000101, FLASH_SIM_CHIP_ROM },
  { "virtual:stm32u073", 0xffffffff, 0xffffffff, FLASH_SIM_CHIP_ROM },
};

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autoptr (Bench) bench = mcu_new (vectors[i].id);
    guint8 bytes[8];

    g_test_message ("%s: %08x %08x", vectors[i].id, vectors[i].stack, vectors[i].entry);
    flash_put_le32 (bytes, vectors[i].stack);
    flash_put_le32 (bytes + 4, vectors[i].entry);
    mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
    mcu_assert_state (bench, FLASH_SIM_CHIP_ROM);
    start_anew (bench, TRUE);
    mcu_assert_state (bench, FLASH_SIM_CHIP_ROM);
    g_assert_true (bench_reopen (bench, 0));
    start_anew (bench, FALSE);
    mcu_assert_state (bench, vectors[i].state);
    g_assert_cmpint (bench_reopen (bench, 0), ==, vectors[i].state == FLASH_SIM_CHIP_ROM);
    start_anew (bench, TRUE);
    g_assert_true (bench_reopen (bench, 0));
    mcu_make_idle (bench);
    mcu_assert_holds (bench, MCU_FLASH, bytes, sizeof bytes);
  }
}

/* Section 4.4: the empty check is made when the power comes, and not at a reset. */
static void
test_empty_check (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32g0b1");

  start_anew (bench, FALSE);
  mcu_assert_state (bench, FLASH_SIM_CHIP_ROM);
  g_assert_true (bench_reopen (bench, 0));
  mcu_install_application (bench, MCU_FLASH);
  press_reset (bench);
  mcu_assert_state (bench, FLASH_SIM_CHIP_ROM);
  start_anew (bench, FALSE);
  mcu_assert_state (bench, FLASH_SIM_CHIP_APPLICATION);
  press_reset (bench);
  mcu_assert_state (bench, FLASH_SIM_CHIP_APPLICATION);
}

/* The three ways to hold the pin. */
static void
test_boot0 (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimDevice) low =
      flash_sim_device_new (clock, "virtual:stm32f405,boot0=low", NULL);
  g_autoptr (FlashSimDevice) button =
      flash_sim_device_new (clock, "virtual:stm32f405,boot0=button", NULL);
  g_autoptr (FlashSimDevice) high =
      flash_sim_device_new (clock, "virtual:stm32f405,boot0=high", NULL);
  g_autoptr (FlashSimDevice) other = flash_sim_device_new (clock, "virtual:dfu", NULL);

  g_assert_cmpint (flash_sim_device_get_chip_state (low), ==, FLASH_SIM_CHIP_LOCKED);
  g_assert_cmpint (flash_sim_device_get_chip_state (button), ==, FLASH_SIM_CHIP_ROM);
  g_assert_cmpint (flash_sim_device_get_chip_state (high), ==, FLASH_SIM_CHIP_ROM);
  g_assert_cmpint (flash_sim_device_get_chip_state (other), ==, FLASH_SIM_CHIP_OFF);
  flash_sim_device_press_reset (button);
  flash_sim_device_press_reset (high);
  flash_sim_device_press_reset (other);
  g_assert_cmpint (flash_sim_device_get_chip_state (button), ==, FLASH_SIM_CHIP_LOCKED);
  g_assert_cmpint (flash_sim_device_get_chip_state (high), ==, FLASH_SIM_CHIP_ROM);
  flash_sim_device_set_boot0 (button, TRUE);
  flash_sim_device_power_cycle (button);
  g_assert_cmpint (flash_sim_device_get_chip_state (button), ==, FLASH_SIM_CHIP_ROM);
  flash_sim_device_unplug (high);
  g_assert_cmpint (flash_sim_device_get_chip_state (high), ==, FLASH_SIM_CHIP_OFF);
  flash_sim_device_press_reset (high);
  g_assert_cmpint (flash_sim_device_get_chip_state (high), ==, FLASH_SIM_CHIP_OFF);
  flash_sim_device_plug (high);
  g_assert_cmpint (flash_sim_device_get_chip_state (high), ==, FLASH_SIM_CHIP_ROM);
}

/* --- Leave ---------------------------------------------------------------------------------- */

static const struct {
  const char *id;
  guint32 application; /* written there, 0 for none */
  guint32 pointer;
  FlashSimChipState state;
} leaves[] = {
  { "virtual:stm32f405", 0x08000000, 0x08000000, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32f405", 0x08004000, 0x08004000, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32f405", 0x08004000, 0x08000000, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0x08000000, 0x080fffff, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32f405", 0, 0x08000000, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32h755", 0x08000000, 0x08000000, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32h755,rom=v90", 0x08000000, 0x08000000, FLASH_SIM_CHIP_LOCKED },
  { "virtual:stm32g474", 0x08000000, 0x08000000, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:stm32l072", 0x08000000, 0x08000000, FLASH_SIM_CHIP_APPLICATION },
  { "virtual:cubemx-dfu,skeleton=no", 0x0800c000, 0x08000000, FLASH_SIM_CHIP_APPLICATION },
};

static void
test_leave (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++) {
    g_autoptr (Bench) bench = mcu_new (leaves[i].id);

    g_test_message ("%s at 0x%08x", leaves[i].id, leaves[i].pointer);
    if (leaves[i].application != 0)
      mcu_install_application (bench, leaves[i].application);
    mcu_leave (bench, leaves[i].pointer);
    mcu_assert_state (bench, leaves[i].state);
    g_assert_false (bench_reopen (bench, 2000));
    mcu_assert_violations (bench, "");
  }
}

/* An application in RAM is one, too. */
static void
test_leave_to_ram (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32f405");
  guint8 bytes[64];

  mcu_fill_application (bytes, sizeof bytes, 0x20004000);
  mcu_write (bench, 0x20004000, bytes, sizeof bytes);
  mcu_leave (bench, 0x20004000);
  mcu_assert_state (bench, FLASH_SIM_CHIP_APPLICATION);
  start_anew (bench, TRUE);
  g_assert_true (bench_reopen (bench, 0));
  mcu_make_idle (bench);
  mcu_assert_filled (bench, 0x20004000, 0x00, 64);
}

/* A loader in flash that finds no application answers again. */
static void
test_leave_to_nothing (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:cubemx-dfu");

  mcu_leave (bench, MCU_FLASH);
  g_assert_true (bench_reopen (bench, 400));
  mcu_assert_state (bench, FLASH_SIM_CHIP_ROM);
  start_anew (bench, FALSE);
  g_assert_true (bench_reopen (bench, 0));
}

/* --- The supply of an H7 (section 4.6) ------------------------------------------------------ */

static void
test_wrong_supply (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32h755");
  static const char text[] = FLASH_SIM_WRONG_SUPPLY_TEXT;
  guint8 bytes[2048];

  mcu_fill_application (bytes, sizeof bytes, MCU_FLASH);
  memcpy (bytes + FLASH_SIM_WRONG_SUPPLY_OFFSET, text, strlen (text));
  mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
  mcu_leave (bench, MCU_FLASH);
  mcu_assert_state (bench, FLASH_SIM_CHIP_DEAD);
  /* a reset does not bring it back, with BOOT0 high or not; nor does the power alone */
  press_reset (bench);
  mcu_assert_state (bench, FLASH_SIM_CHIP_DEAD);
  start_anew (bench, FALSE);
  mcu_assert_state (bench, FLASH_SIM_CHIP_DEAD);
  g_assert_false (bench_reopen (bench, 0));
  start_anew (bench, TRUE);
  mcu_assert_state (bench, FLASH_SIM_CHIP_ROM);
  g_assert_true (bench_reopen (bench, 0));
  g_assert_cmphex (mcu_erase (bench, MCU_FLASH), ==, MCU_DONE);
  start_anew (bench, FALSE);
  mcu_assert_state (bench, FLASH_SIM_CHIP_LOCKED);
}

/* Section 0.3, fact 5: it has erased, and does not say so. */
static void
test_revision_v (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32h755,revision=v");
  static const guint8 erase[5] = { 0x41, 0x00, 0x00, 0x10, 0x08 };
  guint8 bytes[32] = { 0 };
  gsize length;

  mcu_write (bench, 0x08100000, bytes, 32);
  mcu_write (bench, 0x080e0000, bytes, 32);
  g_assert_cmphex (mcu_erase (bench, 0x080e0000), ==, MCU_DONE);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
  for (guint i = 0; i < 20; i++) {
    bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
    bench_wait (bench, 1000);
  }
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_IDLE);
  mcu_assert_filled (bench, 0x08100000, 0xff, 32);

  /* a reset of the bus leads out of it as well */
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
  g_assert_true (flash_transport_reset (bench->transport, NULL));
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 2, bytes, 32, &length), ==, BENCH_OK);
}

/* --- Option bytes and protection ------------------------------------------------------------ */

/* Section 2.9: they are written, the chip resets, and nobody answers meanwhile. */
static void
test_options (void)
{
  static const struct {
    const char *id;
    guint32 address;
    gsize length;
  } cases[] = {
    { "virtual:stm32f405", 0x1fffc000, 16 },  { "virtual:stm32f105", 0x1ffff800, 16 },
    { "virtual:stm32h755", 0x5200201c, 128 }, { "virtual:stm32g474", 0x1ffff800, 48 },
    { "virtual:stm32u575", 0x40022040, 40 },  { "virtual:stm32l072", 0x1ff80000, 32 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = mcu_new (cases[i].id);
    guint8 bytes[128], status[6];
    gsize length;

    g_test_message ("%s", cases[i].id);
    g_assert_cmpint (mcu_read_block (bench, cases[i].address, bytes, cases[i].length, &length), ==,
                     BENCH_OK);
    mcu_make_idle (bench);
    bytes[cases[i].length - 1] ^= 0x10;
    g_assert_cmphex (mcu_set_address (bench, cases[i].address), ==, MCU_DONE);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 2, bytes, cases[i].length), ==,
                     BENCH_OK);
    if (bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, status, 6, &length) == BENCH_OK)
      g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, status, 6, &length), ==,
                       BENCH_GONE);
    g_assert_true (bench_reopen (bench, 1000));
    g_assert_cmpint (flash_board_get_generation (bench->board), ==, 2);
    mcu_make_idle (bench);
    mcu_assert_holds (bench, cases[i].address, bytes, cases[i].length);
  }
}

static void
send_unprotect (Bench *bench)
{
  static const guint8 command[1] = { 0x92 };
  guint8 status[6];
  gsize length;
  int result;

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, command, 1), ==, BENCH_OK);
  while ((result = bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, status, 6, &length)) !=
         BENCH_GONE)
    if (result == BENCH_OK)
      g_assert_cmpint (status[4], ==, FLASH_DFU_STATE_DNBUSY);
    else
      g_assert_cmpint (result, ==, BENCH_TIMED_OUT);
}

/* Section 4.7: everything goes, and it comes back open. */
static void
test_unprotect (void)
{
  static const char *const models[] = { "stm32f405", "stm32f105", "stm32h755",
                                        "stm32g474", "stm32l072", "stm32u575" };

  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autofree char *folder = bench_make_folder ();
    g_autofree char *open_id = bench_make_id (models[i], folder, "rdp=0");
    g_autofree char *closed_id = bench_make_id (models[i], folder, "rdp=1");
    g_autofree char *kept_id = bench_make_id (models[i], folder, "latency=0");
    guint8 erased = g_str_equal (models[i], "stm32l072") ? 0x00 : 0xff;
    Bench *bench = mcu_new (open_id);
    guint8 bytes[64];
    gsize length;

    g_test_message ("%s", models[i]);
    memset (bytes, 0x5a, sizeof bytes);
    mcu_write (bench, MCU_FLASH + 0x1000, bytes, sizeof bytes);
    if (erased == 0x00)
      mcu_write (bench, 0x08080000, bytes, sizeof bytes);
    bench_free (bench);

    bench = mcu_new (closed_id);
    bench_free (bench);
    bench = mcu_new (kept_id);
    g_assert_cmpint (mcu_read_block (bench, MCU_FLASH, bytes, 64, &length), ==, BENCH_STALL);
    mcu_make_idle (bench);
    send_unprotect (bench);
    g_assert_true (bench_reopen (bench, 1000));
    mcu_make_idle (bench);
    mcu_assert_filled (bench, MCU_FLASH + 0x1000, erased, 64);
    if (erased == 0x00)
      mcu_assert_filled (bench, 0x08080000, erased, 64);
    bench_free (bench);
    bench_remove_folder (folder);
  }
}

/* The write protection of the F105 goes with it, that of the F405 does not. */
static void
test_unprotect_and_wrp (void)
{
  static const char *const ids[] = { "virtual:stm32f105,rdp=1,wrp=all",
                                     "virtual:stm32f405,rdp=1,wrp=all" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = mcu_new (ids[i]);
    guint8 bytes[64] = { 0 };

    send_unprotect (bench);
    g_assert_true (bench_reopen (bench, 1000));
    mcu_make_idle (bench);
    mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
    mcu_assert_filled (bench, MCU_FLASH, i == 0 ? 0x00 : 0xff, sizeof bytes);
  }
}

/* Level 2 has no ROM. */
static void
test_level_2 (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimDevice) device = flash_sim_device_new (clock, "virtual:stm32f405,rdp=2", NULL);
  FlashSimState state;

  g_assert_cmpint (flash_sim_device_get_chip_state (device), ==, FLASH_SIM_CHIP_LOCKED);
  flash_sim_device_look (device, &state);
  g_assert_false (state.is_attached);
  g_assert_cmpint (flash_sim_device_get_next_change_us (device), ==, FLASH_SIM_NEVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/chip/vectors", test_vectors);
  g_test_add_func ("/sim/chip/empty-check", test_empty_check);
  g_test_add_func ("/sim/chip/boot0", test_boot0);
  g_test_add_func ("/sim/chip/leave", test_leave);
  g_test_add_func ("/sim/chip/leave-to-ram", test_leave_to_ram);
  g_test_add_func ("/sim/chip/leave-to-nothing", test_leave_to_nothing);
  g_test_add_func ("/sim/chip/wrong-supply", test_wrong_supply);
  g_test_add_func ("/sim/chip/revision-v", test_revision_v);
  g_test_add_func ("/sim/chip/options", test_options);
  g_test_add_func ("/sim/chip/unprotect", test_unprotect);
  g_test_add_func ("/sim/chip/unprotect-and-wrp", test_unprotect_and_wrp);
  g_test_add_func ("/sim/chip/level-2", test_level_2);
  return g_test_run ();
}
