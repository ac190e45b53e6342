/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-event"

#include "config.h"

#include "flash-event.h"

G_DEFINE_BOXED_TYPE (FlashEvent, flash_event, flash_event_ref, flash_event_unref)

const char *
flash_event_kind_get_name (FlashEventKind kind)
{
  switch (kind) {
  case FLASH_EVENT_STAGE:
    return "stage";
  case FLASH_EVENT_PARTITION:
    return "partition";
  case FLASH_EVENT_STEP:
    return "step";
  case FLASH_EVENT_WARNING:
    return "warning";
  case FLASH_EVENT_LOST:
    return "lost";
  case FLASH_EVENT_RETURNED:
    return "returned";
  case FLASH_EVENT_PAUSED:
    return "paused";
  case FLASH_EVENT_RESUMED:
    return "resumed";
  case FLASH_EVENT_WRITTEN:
    return "written";
  case FLASH_EVENT_DROPPED:
    return "dropped";
  case FLASH_EVENT_VERIFIED:
    return "verified";
  case FLASH_EVENT_STARTED:
    return "started";
  case FLASH_EVENT_FAILED:
    return "failed";
  case FLASH_EVENT_FINISHED:
    return "finished";
  }
  g_return_val_if_reached (NULL);
}

const char *
flash_activity_get_name (FlashActivity activity)
{
  switch (activity) {
  case FLASH_ACTIVITY_CONNECTING:
    return "connecting";
  case FLASH_ACTIVITY_SENDING:
    return "sending";
  case FLASH_ACTIVITY_STORING:
    return "storing";
  case FLASH_ACTIVITY_WAITING:
    return "waiting";
  case FLASH_ACTIVITY_VERIFYING:
    return "verifying";
  case FLASH_ACTIVITY_READING:
    return "reading";
  case FLASH_ACTIVITY_ERASING:
    return "erasing";
  case FLASH_ACTIVITY_PAUSED:
    return "paused";
  }
  g_return_val_if_reached (NULL);
}

FlashEvent *
flash_event_new (FlashEventKind kind)
{
  FlashEvent *self = g_new0 (FlashEvent, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->step = -1;
  return self;
}

FlashEvent *
flash_event_ref (FlashEvent *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_event_unref (FlashEvent *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->message);
  g_free (self->device_text);
  g_free (self);
}
