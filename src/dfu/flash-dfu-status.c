/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfu-status"

#include "config.h"

#include "flash-dfu-status.h"

static const char *const state_names[] = {
  "appIDLE",        "appDETACH",        "dfuIDLE",     "dfuDNLOAD-SYNC",         "dfuDNBUSY",
  "dfuDNLOAD-IDLE", "dfuMANIFEST-SYNC", "dfuMANIFEST", "dfuMANIFEST-WAIT-RESET", "dfuUPLOAD-IDLE",
  "dfuERROR",
};

static const char *const code_names[] = {
  "OK",      "errTARGET", "errFILE",    "errWRITE",      "errERASE",    "errCHECK_ERASED",
  "errPROG", "errVERIFY", "errADDRESS", "errNOTDONE",    "errFIRMWARE", "errVENDOR",
  "errUSBR", "errPOR",    "errUNKNOWN", "errSTALLEDPKT",
};

GQuark
flash_dfu_error_quark (void)
{
  return g_quark_from_static_string ("flash-dfu-error-quark");
}

gboolean
flash_dfu_status_parse (const guint8 *bytes, gsize length, FlashDfuStatus *out_status,
                        GError **error)
{
  if (length < FLASH_DFU_STATUS_LENGTH) {
    g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_SHORT_TRANSFER,
                 "the status has %" G_GSIZE_FORMAT " bytes, expected %d", length,
                 FLASH_DFU_STATUS_LENGTH);
    return FALSE;
  }
  if (bytes[0] >= G_N_ELEMENTS (code_names)) {
    g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_BAD_ANSWER,
                 "the status 0x%02x in state %u is unknown", bytes[0], bytes[4]);
    return FALSE;
  }

  out_status->code = bytes[0];
  out_status->poll_ms = (guint) bytes[1] | (guint) bytes[2] << 8 | (guint) bytes[3] << 16;
  out_status->state = MIN (bytes[4], FLASH_DFU_STATE_ERROR);
  out_status->raw_state = bytes[4];
  out_status->string_index = bytes[5];
  return TRUE;
}

const char *
flash_dfu_state_get_name (FlashDfuState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (state_names), NULL);

  return state_names[state];
}

const char *
flash_dfu_status_code_get_name (FlashDfuStatusCode code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (code_names), NULL);

  return code_names[code];
}

void
flash_dfu_status_set_error (const FlashDfuStatus *self, GError **error)
{
  FlashDfuError code = FLASH_DFU_ERROR_DEVICE;

  if (self->code == FLASH_DFU_STATUS_ERR_FIRMWARE)
    code = FLASH_DFU_ERROR_FIRMWARE;
  else if (self->code == FLASH_DFU_STATUS_ERR_VENDOR)
    code = FLASH_DFU_ERROR_PROTECTED;
  g_set_error (error, FLASH_DFU_ERROR, code, "the board reports %s in state %s",
               flash_dfu_status_code_get_name (self->code), flash_dfu_state_get_name (self->state));
}
