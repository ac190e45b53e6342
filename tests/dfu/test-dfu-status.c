/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-dfu-status.h"

static void
test_parse (void)
{
  const guint8 bytes[] = { 0x0e, 0x01, 0x02, 0x03, 0x0a, 0x11 };
  FlashDfuStatus status;
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_dfu_status_parse (bytes, sizeof bytes, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status.code, ==, FLASH_DFU_STATUS_ERR_UNKNOWN);
  g_assert_cmpint (status.state, ==, FLASH_DFU_STATE_ERROR);
  g_assert_cmpuint (status.poll_ms, ==, 0x030201);
  g_assert_cmpuint (status.raw_state, ==, 10);
  g_assert_cmpuint (status.string_index, ==, 0x11);
}

/* ST's middleware knows a state 15 (stm32-dfuse.md section 1.5); the way out is that of dfuERROR.
 */
static void
test_parse_unknown_state (void)
{
  for (guint8 state = 9; state != 0; state++) {
    const guint8 bytes[] = { 0, 0, 0, 0, state, 0 };
    FlashDfuStatus status;
    g_autoptr (GError) error = NULL;

    g_assert_true (flash_dfu_status_parse (bytes, sizeof bytes, &status, &error));
    g_assert_no_error (error);
    g_assert_cmpint (status.state, ==,
                     state == 9 ? FLASH_DFU_STATE_UPLOAD_IDLE : FLASH_DFU_STATE_ERROR);
    g_assert_cmpuint (status.raw_state, ==, state);
    g_assert_nonnull (flash_dfu_state_get_name (status.state));
  }
}

static void
test_parse_bad (void)
{
  static const struct {
    guint8 bytes[6];
    gsize length;
    FlashDfuError code;
  } cases[] = {
    { { 0 }, 0, FLASH_DFU_ERROR_SHORT_TRANSFER },
    { { 0, 0, 0, 0, 2 }, 5, FLASH_DFU_ERROR_SHORT_TRANSFER },
    { { 0x10, 0, 0, 0, 2, 0 }, 6, FLASH_DFU_ERROR_BAD_ANSWER },
    { { 0xff, 0, 0, 0, 10, 0 }, 6, FLASH_DFU_ERROR_BAD_ANSWER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FlashDfuStatus status = { .poll_ms = 77 };
    g_autoptr (GError) error = NULL;

    g_assert_false (flash_dfu_status_parse (cases[i].bytes, cases[i].length, &status, &error));
    g_assert_error (error, FLASH_DFU_ERROR, (gint) cases[i].code);
    g_assert_cmpuint (status.poll_ms, ==, 77);
  }
}

static void
test_errors (void)
{
  static const struct {
    FlashDfuStatusCode status;
    FlashDfuError code;
    const char *name;
  } cases[] = {
    { FLASH_DFU_STATUS_ERR_FIRMWARE, FLASH_DFU_ERROR_FIRMWARE, "errFIRMWARE" },
    { FLASH_DFU_STATUS_ERR_VENDOR, FLASH_DFU_ERROR_PROTECTED, "errVENDOR" },
    { FLASH_DFU_STATUS_ERR_WRITE, FLASH_DFU_ERROR_DEVICE, "errWRITE" },
    { FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_DFU_ERROR_DEVICE, "errSTALLEDPKT" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FlashDfuStatus status = { cases[i].status, FLASH_DFU_STATE_ERROR, 0 };
    g_autoptr (GError) error = NULL;

    flash_dfu_status_set_error (&status, &error);
    g_assert_error (error, FLASH_DFU_ERROR, (gint) cases[i].code);
    g_assert_nonnull (strstr (error->message, cases[i].name));
    g_assert_nonnull (strstr (error->message, "dfuERROR"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dfu-status/parse", test_parse);
  g_test_add_func ("/dfu-status/parse-unknown-state", test_parse_unknown_state);
  g_test_add_func ("/dfu-status/parse-bad", test_parse_bad);
  g_test_add_func ("/dfu-status/errors", test_errors);
  return g_test_run ();
}
