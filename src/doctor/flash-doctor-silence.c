/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board that hangs in the midst of a request: the engine waits in that request, and says nothing
 * for as long as its time-outs are, up to minutes. */
#define G_LOG_DOMAIN "flash-doctor-silence"

#include "config.h"

#include "flash-doctor-private.h"

/* So that the port can be looked at and the cause be told in time, by a timer of so much. */
#define LOOK_MS (FLASH_DOCTOR_LOOK_US / 1000)
/* U-Boot keeps so much, and stores it while a request waits: 0.2 to 1 s normally, several seconds
 * with a bad card (stm32mp-usb.md sections 2.3 and 7.1). */
#define BUFFER_BYTES (8 * 1024 * 1024)
#define DRAIN_MS 15000
/* The end of an image is stored in one request, for which 60 s or more are usual (section 1.11,
 * number 3); a mass erase takes up to 32 s (stm32-dfuse.md section
 * 0.3, fact 2). */
#define STORE_MS 60000

static gboolean
is_draining (FlashDoctor *self)
{
  return self->snapshot.step_bytes_done >= BUFFER_BYTES &&
         self->snapshot.step_bytes_done % BUFFER_BYTES == 0;
}

guint
_flash_doctor_get_silence_ms (FlashDoctor *self)
{
  gboolean is_uboot = g_strcmp0 (self->stage, "u-boot") == 0;

  switch (self->snapshot.activity) {
  case FLASH_ACTIVITY_SENDING:
    if (is_uboot && is_draining (self))
      return DRAIN_MS;
    return self->is_erasing ? STORE_MS : FLASH_DOCTOR_TELL_MS;
  case FLASH_ACTIVITY_CONNECTING:
    /* A microcontroller may be about to erase itself, which is told when it is done. */
    return self->plan == NULL ? STORE_MS : FLASH_DOCTOR_TELL_MS;
  case FLASH_ACTIVITY_VERIFYING:
  case FLASH_ACTIVITY_READING:
    return self->is_erasing ? STORE_MS : FLASH_DOCTOR_TELL_MS;
  case FLASH_ACTIVITY_STORING:
    return is_uboot ? STORE_MS : FLASH_DOCTOR_TELL_MS;
  case FLASH_ACTIVITY_ERASING:
    return STORE_MS;
  /* Then the engine itself tells how long it has been. */
  case FLASH_ACTIVITY_WAITING:
  case FLASH_ACTIVITY_PAUSED:
    return G_MAXUINT;
  }
  g_return_val_if_reached (G_MAXUINT);
}

void
_flash_doctor_note_life (FlashDoctor *self)
{
  self->moved_us = flash_clock_get_time_us (self->clock);
  self->is_hung = FALSE;
}

void
_flash_doctor_check_silence (FlashDoctor *self)
{
  gint64 silent_ms = (flash_clock_get_time_us (self->clock) - self->moved_us) / 1000;

  if (!self->is_running || _flash_doctor_is_away (self) ||
      silent_ms + LOOK_MS < _flash_doctor_get_silence_ms (self))
    return;
  self->is_hung = TRUE;
  flash_doctor_timeline_add (self->timeline, flash_clock_get_time_us (self->clock), "job",
                             "nothing moves", NULL);
  _flash_doctor_update_away (self);
  _flash_doctor_judge (self);
}
