/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every fuzz target defines. Linked with libFuzzer it is called with bytes that the fuzzer
 * makes up, linked with fuzz-replay.c with those of the corpus. README.md says how to run both. */
#pragma once

#include <glib.h>

/**
 * LLVMFuzzerTestOneInput:
 * @data: (array length=size): any bytes
 *
 * libFuzzer gives the name.
 *
 * Returns: 0
 */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
