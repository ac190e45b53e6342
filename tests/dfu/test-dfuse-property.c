/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever is read and written in whatever order and in whatever pieces: the loader's memory and an
 * array of bytes stay the same, for both meanings of a block number. */
#include "config.h"

#include "flash-dfu-defs.h"
#include "flash-dfu-device.h"
#include "flash-dfuse-fake.h"
#include "flash-dfuse.h"

#include <string.h>

#define UNIT 8
#define N_STEPS 3000
#define SMALL 512
/* A number has 16 bits: 65534 blocks after a pointer (stm32-dfuse.md section 2.4). */
#define MAX_RUN 65534

static const FlashDfuDevice device = {
  FLASH_ST_VID,
  FLASH_ST_DFU_PID,
  0x2200,
  FLASH_DFU_PROTOCOL_DFU,
  0x0b,
  UNIT,
  FLASH_DFU_VERSION_DFUSE,
  NULL,
  { "@Internal Flash  /0x08000000/04*016Kg" },
};

typedef struct {
  FlashDfuseFake *fake;
  FlashClock *clock;
  GCancellable *cancellable;
  FlashDfuse *dfuse;
} Fixture;

static void
fixture_init (Fixture *fixture, FlashDfuseFakeUnit unit, gsize memory_size)
{
  g_autoptr (FlashDescriptors) descriptors = flash_dfu_device_describe (&device);

  fixture->fake = flash_dfuse_fake_new (unit, UNIT, memory_size);
  fixture->clock = flash_clock_new_virtual ();
  fixture->cancellable = g_cancellable_new ();
  fixture->dfuse = flash_dfuse_new (FLASH_TRANSPORT (fixture->fake), fixture->clock, descriptors,
                                    fixture->cancellable);
}

static void
fixture_clear (Fixture *fixture)
{
  flash_dfuse_free (fixture->dfuse);
  g_object_unref (fixture->cancellable);
  g_object_unref (fixture->clock);
  g_assert_finalize_object (fixture->fake);
}

static void
write_all (Fixture *fixture, gsize at, const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_dfuse_write (fixture->dfuse, FLASH_DFUSE_FAKE_START + (guint32) at, bytes,
                                    length, &error));
  g_assert_no_error (error);
}

static void
read_all (Fixture *fixture, gsize at, guint8 *out, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_dfuse_read (fixture->dfuse, FLASH_DFUSE_FAKE_START + (guint32) at, out,
                                   length, &error));
  g_assert_no_error (error);
}

/* Half of the steps go on where the last one ended. */
static void
test_random (gconstpointer data)
{
  guint8 expected[SMALL] = { 0 }, bytes[SMALL];
  gsize at = 0;
  Fixture fixture;

  fixture_init (&fixture, (FlashDfuseFakeUnit) GPOINTER_TO_INT (data), SMALL);
  for (guint i = 0; i < N_STEPS; i++) {
    gsize length;

    if (g_test_rand_bit () || at >= SMALL)
      at = (gsize) g_test_rand_int_range (0, SMALL);
    length = (gsize) g_test_rand_int_range (0, (gint32) MIN (SMALL - at, 5 * UNIT) + 1);
    if (g_test_rand_bit ())
      length -= length % UNIT;
    if (g_test_rand_bit ()) {
      for (gsize k = 0; k < length; k++)
        bytes[k] = (guint8) g_test_rand_int_range (0, 256);
      memcpy (expected + at, bytes, length);
      write_all (&fixture, at, bytes, length);
    } else {
      read_all (&fixture, at, bytes, length);
      g_assert_cmpmem (bytes, length, expected + at, length);
    }
    at += length;
  }
  g_assert_cmpmem (flash_dfuse_fake_get_memory (fixture.fake), SMALL, expected, SMALL);
  fixture_clear (&fixture);
}

/* More blocks than there are numbers, there and back, in calls of odd numbers of blocks. */
static void
test_long_run (gconstpointer data)
{
  const gsize n_blocks = 2 * MAX_RUN + 5;
  const gsize size = n_blocks * UNIT + 3;
  g_autofree guint8 *bytes = g_malloc (size);
  g_autofree guint8 *read = g_malloc (size);
  const gsize step = 4001 * UNIT;
  Fixture fixture;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (i / UNIT * 7 + i % 251);
  fixture_init (&fixture, (FlashDfuseFakeUnit) GPOINTER_TO_INT (data), size);
  for (gsize at = 0; at < size; at += step)
    write_all (&fixture, at, bytes + at, MIN (step, size - at));
  g_assert_cmpmem (flash_dfuse_fake_get_memory (fixture.fake), size, bytes, size);
  /* One for each run, and one for the tail. */
  g_assert_cmpuint (flash_dfuse_fake_get_n_pointers (fixture.fake), ==, 4);
  for (gsize at = 0; at < size; at += step)
    read_all (&fixture, at, read + at, MIN (step, size - at));
  g_assert_cmpmem (read, size, bytes, size);
  g_assert_cmpuint (flash_dfuse_fake_get_n_pointers (fixture.fake), ==, 8);
  fixture_clear (&fixture);
}

/* Stopped at each request: it says so, and the device is idle then. */
static void
test_cancel (void)
{
  guint8 bytes[5 * UNIT + 3] = { 0 };
  guint n_requests = G_MAXUINT, n_cancelled = 0;

  for (guint at = 1; at <= n_requests; at++) {
    g_autoptr (GError) error = NULL;
    gboolean is_done;
    Fixture fixture;

    fixture_init (&fixture, FLASH_DFUSE_FAKE_TRANSFER_SIZE, SMALL);
    flash_dfuse_fake_cancel_at (fixture.fake, fixture.cancellable, at);
    is_done =
        flash_dfuse_write (fixture.dfuse, FLASH_DFUSE_FAKE_START, bytes, sizeof bytes, &error) &&
        flash_dfuse_read (fixture.dfuse, FLASH_DFUSE_FAKE_START, bytes, sizeof bytes, &error);
    if (is_done) {
      g_assert_no_error (error);
      n_requests = flash_dfuse_fake_get_n_requests (fixture.fake);
    } else {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (flash_dfuse_fake_get_state (fixture.fake), ==, FLASH_DFU_STATE_IDLE);
      n_cancelled++;
    }
    fixture_clear (&fixture);
  }
  g_assert_cmpuint (n_cancelled, >, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/dfuse-property/random/transfer-size",
                        GINT_TO_POINTER (FLASH_DFUSE_FAKE_TRANSFER_SIZE), test_random);
  g_test_add_data_func ("/dfuse-property/random/length", GINT_TO_POINTER (FLASH_DFUSE_FAKE_LENGTH),
                        test_random);
  g_test_add_data_func ("/dfuse-property/long-run/transfer-size",
                        GINT_TO_POINTER (FLASH_DFUSE_FAKE_TRANSFER_SIZE), test_long_run);
  g_test_add_data_func ("/dfuse-property/long-run/length",
                        GINT_TO_POINTER (FLASH_DFUSE_FAKE_LENGTH), test_long_run);
  g_test_add_func ("/dfuse-property/cancel", test_cancel);
  return g_test_run ();
}
