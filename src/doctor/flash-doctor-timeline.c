/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-doctor-timeline"

#include "config.h"

#include "flash-doctor-timeline.h"

#include "flash-text.h"

#include <string.h>

#define MAX_CHARS 500

typedef struct {
  gint64 time_us;
  const char *source; /* interned */
  char *text; /* (owned) */
  char *code; /* (owned) (nullable) */
} Moment;

struct _FlashDoctorTimeline {
  gint64 zero_us;
  GQueue moments; /* (element-type Moment) */
  guint64 n_dropped;
};

static void
moment_free (Moment *moment)
{
  g_free (moment->text);
  g_free (moment->code);
  g_free (moment);
}

FlashDoctorTimeline *
flash_doctor_timeline_new (gint64 zero_us)
{
  FlashDoctorTimeline *self = g_new0 (FlashDoctorTimeline, 1);

  self->zero_us = zero_us;
  return self;
}

void
flash_doctor_timeline_free (FlashDoctorTimeline *self)
{
  g_queue_clear_full (&self->moments, (GDestroyNotify) moment_free);
  g_free (self);
}

/* News come nearly in order: those of the kernel and of the console a little later than they
 * happened. */
static void
insert (FlashDoctorTimeline *self, Moment *moment)
{
  GList *before = self->moments.tail;

  while (before != NULL && ((const Moment *) before->data)->time_us > moment->time_us)
    before = before->prev;
  if (before != NULL)
    g_queue_insert_after (&self->moments, before, moment);
  else
    g_queue_push_head (&self->moments, moment);
}

void
flash_doctor_timeline_add (FlashDoctorTimeline *self, gint64 time_us, const char *source,
                           const char *text, const char *code)
{
  Moment *moment;

  g_return_if_fail (self != NULL && source != NULL && text != NULL);

  moment = g_new0 (Moment, 1);
  moment->time_us = time_us;
  moment->source = g_intern_string (source);
  moment->text = flash_text_sanitize (text, strlen (text), MAX_CHARS);
  moment->code = g_strdup (code);
  insert (self, moment);
  if (self->moments.length > FLASH_DOCTOR_TIMELINE_MAX) {
    moment_free (g_queue_pop_head (&self->moments));
    self->n_dropped++;
  }
}

static gint64
get_time_ms (FlashDoctorTimeline *self, const Moment *moment)
{
  return (moment->time_us - self->zero_us) / 1000;
}

static char *
dup_dropped (FlashDoctorTimeline *self)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " earlier moments are left out", self->n_dropped);
}

void
flash_doctor_timeline_fill (FlashDoctorTimeline *self, FlashReport *report)
{
  const GList *first = self->moments.head;

  if (self->n_dropped > 0) {
    g_autofree char *text = dup_dropped (self);

    flash_report_add_moment (report, get_time_ms (self, first->data), "job", text, NULL);
  }
  for (const GList *at = first; at != NULL; at = at->next) {
    const Moment *moment = at->data;

    flash_report_add_moment (report, get_time_ms (self, moment), moment->source, moment->text,
                             moment->code);
  }
}

char *
flash_doctor_timeline_dup_text (FlashDoctorTimeline *self)
{
  GString *text = g_string_new (NULL);

  if (self->n_dropped > 0) {
    g_autofree char *dropped = dup_dropped (self);

    g_string_append_printf (text, "%s\n", dropped);
  }
  for (const GList *at = self->moments.head; at != NULL; at = at->next) {
    const Moment *moment = at->data;
    gint64 time_ms = get_time_ms (self, moment);

    g_string_append_printf (text, "%9.3f  %-7s  %s", (double) time_ms / 1000.0, moment->source,
                            moment->text);
    if (moment->code != NULL)
      g_string_append_printf (text, " [%s]", moment->code);
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}
