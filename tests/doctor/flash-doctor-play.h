/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job that is played to a doctor, event by event, without an engine. */
#pragma once

#include "flash-doctor-bench.h"
#include "flash-still-provider.h"

G_BEGIN_DECLS

#define FLASH_DOCTOR_PLAY_SERIAL "0031002F3531510A33323533"

/**
 * FlashDoctorPlay:
 * @root: the computer
 * @dir: (nullable): of the layout
 * @bench: (nullable): of a layout
 * @chip: (nullable): of a microcontroller
 * @provider: (nullable): of a layout: what stands on the port
 * @board: (nullable): of a layout: with which the job began
 */
typedef struct {
  char *root;
  char *dir;
  FlashMpBench *bench;
  FlashMcuBench *chip;
  FlashStillProvider *provider;
  FlashBoard *board;
  FlashJob *job;
  FlashDoctor *doctor;
} FlashDoctorPlay;

/**
 * FlashDoctorWay:
 * @stage: which answers
 * @step: what it gets
 * @expected: what it is to become then
 */
typedef struct {
  const char *stage;
  gint step;
  const char *expected;
} FlashDoctorWay;

#define FLASH_DOCTOR_N_WAYS 5
/* From stage to stage, and within one. */
extern const FlashDoctorWay flash_doctor_ways[FLASH_DOCTOR_N_WAYS];

/* @prepare: (nullable): what is so on the computer from the start. */
void flash_doctor_play_init (FlashDoctorPlay *self, void (*prepare) (const char *root));
void flash_doctor_play_init_chip (FlashDoctorPlay *self, const char *model);
void flash_doctor_play_clear (FlashDoctorPlay *self);

/* Returns: (transfer full): a board that is no virtual one; @product is %NULL if it says nothing.
 */
FlashBoard *flash_doctor_play_make_board (guint64 generation, const char *product,
                                          const char *serial, FlashAccess access);

/* A job begins, and is in the midst of @way. */
void flash_doctor_play_go (FlashDoctorPlay *self, const FlashDoctorWay *way);
/* The board is lost for six seconds; @board (nullable) is what stands on its port then. */
void flash_doctor_play_lose (FlashDoctorPlay *self, const FlashDoctorWay *way, FlashBoard *board);
/* The job ends with that code. */
void flash_doctor_play_fail (FlashDoctorPlay *self, const char *code, const char *device_text);

/* Adds every code that the doctor says now. */
void flash_doctor_play_add (GHashTable *reached, FlashDoctor *doctor);
/* As it is, and with each answer that somebody may give. */
void flash_doctor_play_ask (GHashTable *reached, FlashDoctor *doctor);

G_END_DECLS
