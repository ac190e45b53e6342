/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device that answers anything at all. Every conversation with it comes to an end, by the clock
 * and by the number of requests, and every failure has a name. */
#include "config.h"

#include "flash-dfu-defs.h"
#include "flash-dfu-device.h"
#include "flash-dfu-session.h"
#include "flash-dfuse.h"

#include <string.h>

#define N_SEEDS 800
#define UNIT 64
/* Some ten patiences of the longest kind. */
#define MAX_S 900
#define MAX_REQUESTS 200000

#define TEST_TYPE_NOISE (test_noise_get_type ())
G_DECLARE_FINAL_TYPE (TestNoise, test_noise, TEST, NOISE, FlashTransport)

struct _TestNoise {
  FlashTransport parent_instance;

  GRand *rand; /* (owned) */
  guint n_requests;
  guint8 favourite; /* a state in which it likes to be */
};

G_DEFINE_FINAL_TYPE (TestNoise, test_noise, FLASH_TYPE_TRANSPORT)

static gboolean
answer (TestNoise *self, GError **error)
{
  /* Mostly well, since a device that always fails is soon known. */
  guint draw = (guint) g_rand_int_range (self->rand, 0, 40);

  g_assert_cmpuint (self->n_requests++, <, MAX_REQUESTS);
  if (draw > FLASH_TRANSPORT_ERROR_NOT_OPEN)
    return TRUE;
  g_set_error_literal (error, FLASH_TRANSPORT_ERROR, (gint) draw, "noise");
  return FALSE;
}

static gboolean
control_out (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
             guint16 index, const guint8 *data, gsize length, guint timeout_ms, GError **error)
{
  return answer (TEST_NOISE (transport), error);
}

static gboolean
control_in (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
            guint16 index, guint8 *out_data, gsize length, gsize *out_length, guint timeout_ms,
            GError **error)
{
  TestNoise *self = TEST_NOISE (transport);

  if (!answer (self, error))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    out_data[i] = (guint8) g_rand_int (self->rand);
  *out_length = g_rand_boolean (self->rand)
                    ? length
                    : (gsize) g_rand_int_range (self->rand, 0, (gint32) length + 1);
  if (request != FLASH_DFU_REQUEST_GETSTATUS)
    return TRUE;
  /* Answers that make sense each, if not together. */
  *out_length = g_rand_int_range (self->rand, 0, 10) == 0 ? 3 : FLASH_DFU_STATUS_LENGTH;
  out_data[0] = g_rand_int_range (self->rand, 0, 8) == 0 ? out_data[0] % 18 : 0;
  memset (out_data + 1, 0, g_rand_boolean (self->rand) ? 3 : 2);
  out_data[4] = g_rand_int_range (self->rand, 0, 3) == 0 ? out_data[4] % 13 : self->favourite;
  return TRUE;
}

static gboolean
set_alternate (FlashTransport *transport, guint8 interface_number, guint8 alternate,
               guint timeout_ms, GError **error)
{
  return answer (TEST_NOISE (transport), error);
}

static gboolean
reset (FlashTransport *transport, GError **error)
{
  return answer (TEST_NOISE (transport), error);
}

static void
close_device (FlashTransport *transport)
{
}

static void
test_noise_finalize (GObject *object)
{
  g_rand_free (TEST_NOISE (object)->rand);

  G_OBJECT_CLASS (test_noise_parent_class)->finalize (object);
}

static void
test_noise_class_init (TestNoiseClass *klass)
{
  FlashTransportClass *transport_class = FLASH_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_noise_finalize;
  transport_class->control_out = control_out;
  transport_class->control_in = control_in;
  transport_class->set_alternate = set_alternate;
  transport_class->reset = reset;
  transport_class->close = close_device;
}

static void
test_noise_init (TestNoise *self)
{
}

static FlashTransport *
noise_new (guint32 seed)
{
  TestNoise *self = g_object_new (TEST_TYPE_NOISE, NULL);

  self->rand = g_rand_new_with_seed (seed);
  self->favourite = (guint8) g_rand_int_range (self->rand, 0, 12);
  return FLASH_TRANSPORT (self);
}

/* Returns: whether it worked; otherwise there is an error of a kind that callers know. */
static gboolean
judge (gboolean is_done, GError **error)
{
  if (is_done) {
    g_assert_no_error (*error);
    return TRUE;
  }
  g_assert_nonnull (*error);
  g_assert_true ((*error)->domain == FLASH_DFU_ERROR || (*error)->domain == FLASH_TRANSPORT_ERROR);
  g_assert_true (g_utf8_validate ((*error)->message, -1, NULL));
  g_clear_error (error);
  return FALSE;
}

static guint
run_dfuse (FlashDfuse *dfuse)
{
  guint8 bytes[3 * UNIT + 5] = { 0 };
  FlashDfuseEnd end;
  GError *error = NULL;
  g_autoptr (GBytes) commands = NULL;
  guint n_done = 0;

  n_done += judge (flash_dfuse_select (dfuse, 0, &error), &error);
  n_done += judge (flash_dfuse_erase (dfuse, 0x08000000, 2048, &error), &error);
  n_done += judge (flash_dfuse_write (dfuse, 0x08000000, bytes, sizeof bytes, &error), &error);
  n_done += judge (flash_dfuse_read (dfuse, 0x08000000, bytes, sizeof bytes, &error), &error);
  n_done += judge (flash_dfuse_mass_erase (dfuse, 1024 * 1024, &error), &error);
  commands = flash_dfuse_dup_commands (dfuse);
  n_done += judge (flash_dfuse_write_options (dfuse, 0x1fffc000, bytes, 16, &end, &error), &error);
  n_done += judge (flash_dfuse_unprotect (dfuse, &end, &error), &error);
  n_done += judge (flash_dfuse_leave (dfuse, 0x08000000, &end, &error), &error);
  return n_done;
}

static guint
run_plain (FlashDfuSession *session)
{
  guint8 bytes[UNIT] = { 0 };
  FlashDfuEnd end;
  gboolean is_in_dfu;
  gsize length;
  GError *error = NULL;
  guint n_done = 0;

  n_done += judge (flash_dfu_session_leave_runtime (session, &is_in_dfu, &error), &error);
  n_done += judge (flash_dfu_session_select (session, 0, &error), &error);
  n_done += judge (flash_dfu_session_download (session, 0, bytes, UNIT, &error), &error);
  n_done += judge (flash_dfu_session_finish (session, 1, &end, &error), &error);
  n_done += judge (flash_dfu_session_upload (session, 0, bytes, UNIT, &length, &error), &error);
  flash_dfu_session_recover (session);
  return n_done;
}

static void
test_noise (void)
{
  static const FlashDfuDevice devices[] = {
    { 0x0483, 0xdf11, 0x2200, 2, 0x0b, UNIT, 0x011a, NULL, { "@Flash/0x08000000/64*2Kg" } },
    { 0x0483,
      0xdf11,
      0x0200,
      2,
      0x0b,
      UNIT,
      0x011a,
      NULL,
      { "@Internal Flash   /0x08000000/16*128Kg" } },
    { 0x0483,
      0xdf11,
      0x0200,
      2,
      0x0b,
      UNIT,
      0x011a,
      NULL,
      { "@Internal Flash /0x08000000/64*08Kg" } },
    { 0x28e9,
      0x0189,
      0x1000,
      2,
      0x0b,
      UNIT,
      0x011a,
      NULL,
      { "@A/0x08000000/512*2Kg", "@Option Bytes  /0x1FFF7800/01*040 e" } },
    { 0x1d50, 0x5117, 0x0100, 2, 0x03, UNIT, 0x0100, NULL, { "RAM", "kernel" } },
  };
  guint n_done = 0;

  for (guint32 seed = 0; seed < N_SEEDS; seed++) {
    g_autoptr (FlashDescriptors) descriptors =
        flash_dfu_device_describe (&devices[seed % G_N_ELEMENTS (devices)]);
    g_autoptr (FlashTransport) transport = noise_new (seed);
    g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
    g_autoptr (FlashDfuse) dfuse = flash_dfuse_new (transport, clock, descriptors, NULL);
    g_autoptr (FlashDfuSession) session = flash_dfu_session_new (transport, clock, 0, NULL);

    flash_dfu_session_set_device (session, descriptors);
    n_done += run_dfuse (dfuse);
    n_done += run_plain (session);
    g_assert_cmpint (flash_clock_get_time_us (clock), <, MAX_S * G_USEC_PER_SEC);
  }
  /* The noise is such that some of it works. */
  g_assert_cmpuint (n_done, >, N_SEEDS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dfu-hostile/noise", test_noise);
  return g_test_run ();
}
