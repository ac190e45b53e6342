/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened around a board, in order, from all who saw something. Bounded: the oldest moments
 * go, and that is said. Thread: any one at a time. */
#pragma once

#include "flash-report.h"

G_BEGIN_DECLS

#define FLASH_DOCTOR_TIMELINE_MAX 2000

typedef struct _FlashDoctorTimeline FlashDoctorTimeline;

/* @zero_us: the time that is shown as 0. */
FlashDoctorTimeline *flash_doctor_timeline_new (gint64 zero_us);
void flash_doctor_timeline_free (FlashDoctorTimeline *self);

/**
 * flash_doctor_timeline_add:
 * @time_us: by the same clock as the zero
 * @source: `job`, `port`, `console`, `kernel`, `advice` or `user`
 * @text: English; made safe to show, and one line
 * @code: (nullable): a stable code
 */
void flash_doctor_timeline_add (FlashDoctorTimeline *self, gint64 time_us, const char *source,
                                const char *text, const char *code);

/* Adds all moments to @report, in order of time. */
void flash_doctor_timeline_fill (FlashDoctorTimeline *self, FlashReport *report);

/* Returns: (transfer full): the moments as text, one a line. */
char *flash_doctor_timeline_dup_text (FlashDoctorTimeline *self);

G_END_DECLS
