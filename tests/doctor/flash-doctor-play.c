/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-doctor-play.h"

#include "flash-test-images.h"

/* --- what comes out ------------------------------------------------------------------------- */

void
flash_doctor_play_add (GHashTable *reached, FlashDoctor *doctor)
{
  const FlashFindings *findings = flash_doctor_get_findings (doctor);

  if (findings->cause != NULL)
    g_hash_table_add (reached, (gpointer) findings->cause->code);
  for (guint i = 0; i < findings->n_candidates; i++)
    g_hash_table_add (reached, (gpointer) findings->candidates[i]->code);
  for (guint i = 0; i < findings->n_notes; i++)
    g_hash_table_add (reached, (gpointer) findings->notes[i]->code);
}

/* As it is, and with each answer that somebody may give. */
void
flash_doctor_play_ask (GHashTable *reached, FlashDoctor *doctor)
{
  flash_doctor_play_add (reached, doctor);
  for (guint i = FLASH_OBSERVATION_NONE + 1; i < FLASH_N_OBSERVATIONS; i++) {
    for (FlashTri answer = FLASH_TRI_NO; answer <= FLASH_TRI_YES; answer++) {
      flash_doctor_observe (doctor, (FlashObservation) i, answer);
      flash_doctor_play_add (reached, doctor);
    }
    flash_doctor_observe (doctor, (FlashObservation) i, FLASH_TRI_UNKNOWN);
  }
}

/* --- a board and its job -------------------------------------------------------------------- */

FlashBoard *
flash_doctor_play_make_board (guint64 generation, const char *product, const char *serial,
                              FlashAccess access)
{
  const FlashStillTraits traits = { .generation = generation,
                                    .speed = FLASH_SPEED_FULL,
                                    .access = access,
                                    .has_descriptors = product != NULL,
                                    .product = product,
                                    .serial = serial };

  return flash_still_board_new (&traits);
}

void
flash_doctor_play_init (FlashDoctorPlay *self, void (*prepare) (const char *root))
{
  FlashMpJob spec;

  *self = (FlashDoctorPlay){ .root = flash_doctor_bench_make_root (),
                             .dir = flash_mp_bench_make_small_layout ("stm32mp157"),
                             .provider = flash_still_provider_new () };
  self->bench = flash_mp_bench_new (self->dir, "stm32mp157", NULL);
  self->board =
      flash_doctor_play_make_board (1, FLASH_STILL_ROM, FLASH_DOCTOR_PLAY_SERIAL, FLASH_ACCESS_OK);
  flash_still_provider_set_board (self->provider, self->board);
  if (prepare != NULL)
    prepare (self->root);
  spec = (FlashMpJob){ .plan = self->bench->plan,
                       .provider = FLASH_PROVIDER (self->provider),
                       .board = self->board,
                       .clock = self->bench->clock };
  self->job = flash_job_new (&spec);
  self->doctor = flash_doctor_new (self->root, spec.provider, spec.board);
  _flash_doctor_use_clock (self->doctor, self->bench->clock);
  flash_doctor_look (self->doctor);
}

void
flash_doctor_play_init_chip (FlashDoctorPlay *self, const char *model)
{
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (4096, 7);

  *self = (FlashDoctorPlay){ .root = flash_doctor_bench_make_root (),
                             .chip = flash_mcu_bench_new (model, NULL) };
  flash_mcu_bench_set_image (self->chip, 0x08000000, g_bytes_ref (firmware));
  self->job = flash_job_new_for_mcu (&self->chip->job);
  self->doctor = flash_doctor_new (self->root, self->chip->job.provider, self->chip->job.board);
  _flash_doctor_use_clock (self->doctor, self->chip->clock);
  flash_doctor_look (self->doctor);
}

void
flash_doctor_play_clear (FlashDoctorPlay *self)
{
  g_clear_object (&self->doctor);
  g_clear_object (&self->job);
  g_clear_object (&self->board);
  g_clear_object (&self->provider);
  g_clear_pointer (&self->bench, flash_mp_bench_free);
  g_clear_pointer (&self->chip, flash_mcu_bench_free);
  if (self->dir != NULL)
    flash_test_remove_dir (self->dir);
  flash_test_remove_dir (self->root);
  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->root, g_free);
}

static void
tell (FlashDoctorPlay *self, FlashEventKind kind, const char *stage, gint step)
{
  g_autoptr (FlashEvent) event = flash_event_new (kind);

  event->stage = stage;
  event->step = step;
  _flash_doctor_take_event (self->doctor, event);
}

void
flash_doctor_play_fail (FlashDoctorPlay *self, const char *code, const char *device_text)
{
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_FAILED);

  event->code = code;
  event->step = -1;
  event->device_text = g_strdup (device_text);
  _flash_doctor_take_event (self->doctor, event);
}

const FlashDoctorWay flash_doctor_ways[FLASH_DOCTOR_N_WAYS] = {
  { "rom", 0, "tf-a" },        { "tf-a", 1, "u-boot" },   { "tf-a", -1, "tf-a" },
  { "u-boot", 2, "u-boot-2" }, { "u-boot", 3, "u-boot" },
};

void
flash_doctor_play_go (FlashDoctorPlay *self, const FlashDoctorWay *way)
{
  flash_doctor_follow (self->doctor, self->job);
  tell (self, FLASH_EVENT_STAGE, way->stage, -1);
  if (way->step >= 0)
    tell (self, FLASH_EVENT_PARTITION, NULL, way->step);
}

void
flash_doctor_play_lose (FlashDoctorPlay *self, const FlashDoctorWay *way, FlashBoard *board)
{
  if (self->provider != NULL)
    flash_still_provider_set_board (self->provider, board);
  tell (self, FLASH_EVENT_LOST, way->expected, -1);
  flash_clock_wait_ms (self->bench != NULL ? self->bench->clock : self->chip->clock, 6000, NULL,
                       NULL);
  _flash_doctor_judge (self->doctor);
}
