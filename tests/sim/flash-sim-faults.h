/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One test for each kind of fault, in three files for their number. */
#pragma once

#include "flash-sim-bench.h"

G_BEGIN_DECLS

typedef struct {
  const char *kind; /* NULL ends a table */
  GTestFunc test;
} FaultCase;

extern const FaultCase fault_wire_cases[];
extern const FaultCase fault_stage_cases[];
extern const FaultCase fault_mcu_cases[];

#define FAULT_LAYOUT                                                                               \
  "PD\t0x10\ta\tBinary\tmmc0\t0x100000\n"                                                          \
  "P\t0x11\tb\tBinary\tmmc0\t0x4100000\n"
#define FAULT_UBOOT "virtual:stm32mp157,stage=uboot,fault="
#define FAULT_ROM "virtual:stm32mp157,fault="

/* GETSTATUS, which may fail. */
int fault_try_status (Bench *bench, guint8 *out_bytes, gsize *out_length);
void fault_detach (Bench *bench);
/* The first stage up to the ZLP, or up to the manifestation. */
void fault_send_fsbl (Bench *bench);
void fault_start_fsbl (Bench *bench);

G_END_DECLS
