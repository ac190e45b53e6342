/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is promised of an open device. */
#define G_LOG_DOMAIN "flash-contract-transfers"

#include "config.h"

#include "flash-contract-private.h"

#include <string.h>

#define DEVICE_LENGTH 18
/* As many settings as a ROM of an STM32MP15 has. */
#define BAD_ALTERNATE 0x77
/* A request that no device knows: a vendor's, to the device. */
#define UNKNOWN_REQUEST_TYPE 0x40
#define UNKNOWN_REQUEST 0x5a
#define N_BLOCKS 3
#define LATENCY_MS 300
#define CLASS_OUT (FLASH_USB_TYPE_CLASS | FLASH_USB_RECIPIENT_INTERFACE)
#define CLASS_IN (FLASH_USB_DIR_IN | CLASS_OUT)
#define STANDARD_IN_INTERFACE (FLASH_USB_DIR_IN | FLASH_USB_RECIPIENT_INTERFACE)

static int
send_out (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
          const guint8 *data, gsize length)
{
  GError *error = NULL;

  if (flash_transport_control_out (transport, request_type, request, value, 0, data, length,
                                   CONTRACT_TIMEOUT_MS, &error)) {
    g_assert_no_error (error);
    return CONTRACT_OK;
  }
  return contract_take_code (error);
}

static int
send_in (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
         guint8 *out_data, gsize length, gsize *out_length)
{
  GError *error = NULL;

  if (flash_transport_control_in (transport, request_type, request, value, 0, out_data, length,
                                  out_length, CONTRACT_TIMEOUT_MS, &error)) {
    g_assert_no_error (error);
    return CONTRACT_OK;
  }
  return contract_take_code (error);
}

/* --- Data ----------------------------------------------------------------------------------- */

static void
check_short_answer (Contract *self)
{
  guint8 data[FLASH_TRANSPORT_MAX_DATA], again[DEVICE_LENGTH];
  gsize length = 0;

  g_assert_cmpint (contract_get (self->transport, FLASH_USB_DESCRIPTOR_DEVICE, 0, data, 64, &length,
                                 CONTRACT_TIMEOUT_MS),
                   ==, CONTRACT_OK);
  g_assert_cmpuint (length, ==, DEVICE_LENGTH);
  g_assert_cmpint (contract_get (self->transport, FLASH_USB_DESCRIPTOR_DEVICE, 0, again,
                                 sizeof again, &length, CONTRACT_TIMEOUT_MS),
                   ==, CONTRACT_OK);
  g_assert_cmpmem (again, length, data, DEVICE_LENGTH);

  /* The whole configuration, asked for with the largest length there is. */
  g_assert_cmpint (contract_get (self->transport, FLASH_USB_DESCRIPTOR_CONFIGURATION, 0, data,
                                 sizeof data, &length, CONTRACT_TIMEOUT_MS),
                   ==, CONTRACT_OK);
  g_assert_cmpuint (length, ==, data[2] | data[3] << 8);
  g_assert_cmpuint (length, <, sizeof data);
}

static void
check_empty_stages (Contract *self)
{
  guint8 data = 0xa5;
  gsize length = G_MAXSIZE;

  g_assert_cmpint (send_out (self->transport, CLASS_OUT, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==,
                   CONTRACT_OK);
  g_assert_cmpint (contract_get (self->transport, FLASH_USB_DESCRIPTOR_DEVICE, 0, &data, 0, &length,
                                 CONTRACT_TIMEOUT_MS),
                   ==, CONTRACT_OK);
  g_assert_cmpuint (length, ==, 0);
  g_assert_cmpuint (data, ==, 0xa5);
  contract_assert_works (self->transport);
}

static guint8
settle (Contract *self)
{
  guint8 status[FLASH_DFU_STATUS_LENGTH];
  gsize length;

  do {
    g_assert_cmpint (send_in (self->transport, CLASS_IN, FLASH_DFU_REQUEST_GETSTATUS, 0, status,
                              sizeof status, &length),
                     ==, CONTRACT_OK);
    g_assert_cmpuint (length, ==, sizeof status);
    g_assert_cmpuint (status[0], ==, FLASH_DFU_STATUS_OK);
    flash_clock_wait_ms (self->clock, status[1], NULL, NULL);
  } while (status[4] == FLASH_DFU_STATE_DNBUSY || status[4] == FLASH_DFU_STATE_MANIFEST);
  return status[4];
}

/* There and back, in blocks of the largest size. */
static void
check_largest_transfers (Contract *self)
{
  g_autofree guint8 *image = g_malloc (N_BLOCKS * FLASH_TRANSPORT_MAX_DATA);
  g_autofree guint8 *answer = g_malloc (FLASH_TRANSPORT_MAX_DATA);
  GRand *noise = g_rand_new_with_seed (4096);
  gsize length;

  for (guint i = 0; i < N_BLOCKS * FLASH_TRANSPORT_MAX_DATA; i++)
    image[i] = (guint8) g_rand_int (noise);
  g_rand_free (noise);

  for (guint16 i = 0; i < N_BLOCKS; i++) {
    g_assert_cmpint (send_out (self->transport, CLASS_OUT, FLASH_DFU_REQUEST_DNLOAD, i,
                               image + i * FLASH_TRANSPORT_MAX_DATA, FLASH_TRANSPORT_MAX_DATA),
                     ==, CONTRACT_OK);
    g_assert_cmpuint (settle (self), ==, FLASH_DFU_STATE_DNLOAD_IDLE);
  }
  g_assert_cmpint (
      send_out (self->transport, CLASS_OUT, FLASH_DFU_REQUEST_DNLOAD, N_BLOCKS, NULL, 0), ==,
      CONTRACT_OK);
  g_assert_cmpuint (settle (self), ==, FLASH_DFU_STATE_IDLE);

  for (guint16 i = 0; i < N_BLOCKS; i++) {
    g_assert_cmpint (send_in (self->transport, CLASS_IN, FLASH_DFU_REQUEST_UPLOAD, i, answer,
                              FLASH_TRANSPORT_MAX_DATA, &length),
                     ==, CONTRACT_OK);
    g_assert_cmpmem (answer, length, image + i * FLASH_TRANSPORT_MAX_DATA,
                     FLASH_TRANSPORT_MAX_DATA);
  }
}

/* One byte more is a mistake of ours, and is not sent. */
static void
check_limit (Contract *self)
{
  g_autofree guint8 *data = g_malloc0 (FLASH_TRANSPORT_MAX_DATA + 1);
  gsize length = G_MAXSIZE;

  g_test_expect_message ("flash-transport", G_LOG_LEVEL_CRITICAL, "*FLASH_TRANSPORT_MAX_DATA*");
  g_assert_false (flash_transport_control_in (
      self->transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR, 0x0100, 0, data,
      FLASH_TRANSPORT_MAX_DATA + 1, &length, CONTRACT_TIMEOUT_MS, NULL));
  g_test_assert_expected_messages ();
  g_test_expect_message ("flash-transport", G_LOG_LEVEL_CRITICAL, "*FLASH_TRANSPORT_MAX_DATA*");
  g_assert_false (flash_transport_control_out (self->transport, CLASS_OUT, FLASH_DFU_REQUEST_DNLOAD,
                                               0, 0, data, FLASH_TRANSPORT_MAX_DATA + 1,
                                               CONTRACT_TIMEOUT_MS, NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpuint (length, ==, G_MAXSIZE);
  contract_assert_works (self->transport);
}

/* --- Refusals ------------------------------------------------------------------------------- */

static void
check_stall (Contract *self)
{
  guint8 data[4] = { 1, 2, 3, 4 };
  gsize length = G_MAXSIZE;

  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint (
        send_out (self->transport, UNKNOWN_REQUEST_TYPE, UNKNOWN_REQUEST, 0, data, sizeof data), ==,
        CONTRACT_CODE (STALL));
    g_assert_cmpint (send_out (self->transport, UNKNOWN_REQUEST_TYPE, UNKNOWN_REQUEST, 0, NULL, 0),
                     ==, CONTRACT_CODE (STALL));
    g_assert_cmpint (send_in (self->transport, FLASH_USB_DIR_IN | UNKNOWN_REQUEST_TYPE,
                              UNKNOWN_REQUEST, 0, data, sizeof data, &length),
                     ==, CONTRACT_CODE (STALL));
    g_assert_cmpuint (length, ==, G_MAXSIZE);
    contract_assert_works (self->transport);
  }
}

static void
check_stall_fault (Contract *self)
{
  g_assert_cmpint (contract_ask_until (self, CONTRACT_TIMEOUT_MS), ==, CONTRACT_CODE (STALL));
  g_assert_cmpint (contract_ask_until (self, CONTRACT_TIMEOUT_MS), ==, CONTRACT_OK);
}

/* --- Time ----------------------------------------------------------------------------------- */

static void
check_time_out (Contract *self)
{
  gint64 start_us;
  int code;
  guint n_requests = 0;

  do {
    start_us = g_get_monotonic_time ();
    code = contract_ask (self->transport, CONTRACT_SHORT_MS);
  } while (code == CONTRACT_OK && n_requests++ < CONTRACT_MAX_REQUESTS);
  g_assert_cmpint (code, ==, CONTRACT_CODE (TIMED_OUT));
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, CONTRACT_SHORT_MS * 1000);
  contract_assert_works (self->transport);
}

/* The device did as it was told; only nobody learns of it. */
static void
check_lost_answer (Contract *self)
{
  g_assert_cmpint (contract_ask_until (self, CONTRACT_SHORT_MS), ==, CONTRACT_CODE (TIMED_OUT));
  contract_assert_works (self->transport);
}

/* Each request takes a while: in time for the patient, too late for others. */
static void
check_late_answers (Contract *self)
{
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (contract_ask (self->transport, CONTRACT_TIMEOUT_MS), ==, CONTRACT_OK);
  g_assert_cmpint (contract_ask (self->transport, LATENCY_MS / 4), ==, CONTRACT_CODE (TIMED_OUT));
  g_assert_cmpint (contract_ask (self->transport, CONTRACT_TIMEOUT_MS), ==, CONTRACT_OK);
}

/* --- Settings ------------------------------------------------------------------------------- */

static int
set_alternate (FlashTransport *transport, guint8 alternate)
{
  GError *error = NULL;

  if (flash_transport_set_alternate (transport, 0, alternate, CONTRACT_TIMEOUT_MS, &error)) {
    g_assert_no_error (error);
    return CONTRACT_OK;
  }
  return contract_take_code (error);
}

static void
assert_alternate (FlashTransport *transport, guint8 alternate)
{
  guint8 data = 0xff;
  gsize length = 0;

  g_assert_cmpint (
      send_in (transport, STANDARD_IN_INTERFACE, FLASH_USB_GET_INTERFACE, 0, &data, 1, &length), ==,
      CONTRACT_OK);
  g_assert_cmpuint (length, ==, 1);
  g_assert_cmpuint (data, ==, alternate);
}

static void
check_alternates (Contract *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashDescriptors) descriptors =
      flash_descriptors_read (self->transport, CONTRACT_TIMEOUT_MS, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (descriptors->alternates->len, >, 1);
  for (guint i = 0; i < descriptors->alternates->len; i++) {
    const FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);

    g_assert_cmpint (set_alternate (self->transport, alternate->number), ==, CONTRACT_OK);
    assert_alternate (self->transport, alternate->number);
  }
  g_assert_cmpint (set_alternate (self->transport, BAD_ALTERNATE), ==, CONTRACT_CODE (STALL));
  assert_alternate (self->transport, (guint8) (descriptors->alternates->len - 1));
  g_assert_cmpint (set_alternate (self->transport, 0), ==, CONTRACT_OK);
  assert_alternate (self->transport, 0);
}

const ContractPromise contract_transfer_promises[] = {
  { "short-answer", { CONTRACT_ROM }, check_short_answer },
  { "empty-stages", { CONTRACT_ROM }, check_empty_stages },
  { "largest-transfers", { CONTRACT_PLAIN }, check_largest_transfers },
  { "limit", { CONTRACT_ROM }, check_limit },
  { "stall", { CONTRACT_ROM }, check_stall },
  { "stall-fault", { CONTRACT_ROM ",fault=stall@" CONTRACT_AT }, check_stall_fault },
  { "time-out", { CONTRACT_ROM ",fault=timeout@" CONTRACT_AT }, check_time_out },
  { "lost-answer", { CONTRACT_ROM ",fault=lost-answer@" CONTRACT_AT }, check_lost_answer },
  { "late-answers",
    { CONTRACT_ROM ",latency=" G_STRINGIFY (LATENCY_MS) "000" },
    check_late_answers },
  { "alternates", { CONTRACT_ROM }, check_alternates },
  { NULL },
};
