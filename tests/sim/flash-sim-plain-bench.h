/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plain DFU device on the bench: transfers as a patient host makes them. */
#pragma once

#include "flash-sim-bench.h"

G_BEGIN_DECLS

#define PLAIN_TRANSFER 4096

int plain_send_block (Bench *bench, guint16 block, const guint8 *bytes, gsize length);

/* GETSTATUS until the device is done, with the waits that it asks for. Returns the state. */
guint8 plain_settle (Bench *bench);

/* A whole image, which the device has to take. */
void plain_download (Bench *bench, const guint8 *bytes, gsize length, gsize block_size);
/* Returns: (transfer full): all that UPLOAD gives. */
GByteArray *plain_upload (Bench *bench, gsize block_size);
void plain_assert_holds (Bench *bench, const guint8 *bytes, gsize length);

/* The device is in dfuERROR with that status, and CLRSTATUS leads out of it. */
void plain_assert_error (Bench *bench, FlashDfuStatusCode status);

G_END_DECLS
