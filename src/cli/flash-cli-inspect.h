/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two ways in which `inspect` says what it found. Thread: main. */
#pragma once

#include "flash-inspect.h"

G_BEGIN_DECLS

/* Writes what is in @file to the standard output, as one line of JSON. */
void flash_cli_inspect_print_json (const char *file, const FlashInspection *inspection);

/* Writes what is in @file to the standard output, for people. */
void flash_cli_inspect_print_text (const char *file, const FlashInspection *inspection);

G_END_DECLS
