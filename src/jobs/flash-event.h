/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two kinds of news from a job. An event happened once and must not be lost; progress is a
 * snapshot, of which only the latest matters. Events are immutable and reference counted;
 * thread: any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashEventKind:
 * @FLASH_EVENT_STAGE: the board answers, in a stage
 * @FLASH_EVENT_PARTITION: an image begins to be sent
 * @FLASH_EVENT_STEP: a step of a job on a microcontroller begins
 * @FLASH_EVENT_WARNING: something to know
 * @FLASH_EVENT_LOST: the board left the bus, or stopped answering, and is waited for
 * @FLASH_EVENT_RETURNED: it is back
 * @FLASH_EVENT_PAUSED: the job stands still until it is told what to do about its board; @code
 *   names the FlashJobQuestion, `duration_ms` how long it was waited
 * @FLASH_EVENT_RESUMED: it goes on, because of an answer or because the board is back
 * @FLASH_EVENT_WRITTEN: the board confirmed an image by asking for the next one
 * @FLASH_EVENT_DROPPED: what was confirmed of an image does not count any more: it is sent again,
 * or it is not proved that it is still there
 * @FLASH_EVENT_VERIFIED: what was read back is what was sent
 * @FLASH_EVENT_STARTED: the board runs what it was given
 * @FLASH_EVENT_FAILED: the job ended badly; the error tells why
 * @FLASH_EVENT_FINISHED: the last event of every job
 */
typedef enum {
  FLASH_EVENT_STAGE,
  FLASH_EVENT_PARTITION,
  FLASH_EVENT_STEP,
  FLASH_EVENT_WARNING,
  FLASH_EVENT_LOST,
  FLASH_EVENT_RETURNED,
  FLASH_EVENT_PAUSED,
  FLASH_EVENT_RESUMED,
  FLASH_EVENT_WRITTEN,
  FLASH_EVENT_DROPPED,
  FLASH_EVENT_VERIFIED,
  FLASH_EVENT_STARTED,
  FLASH_EVENT_FAILED,
  FLASH_EVENT_FINISHED,
} FlashEventKind;

/* Returns: (transfer none): the word in the JSON contract. */
const char *flash_event_kind_get_name (FlashEventKind kind);

/**
 * FlashEvent:
 * @kind: what happened; says which of the rest mean anything
 * @stage: (nullable): static: `rom`, `tf-a`, `u-boot`, `bootloader`, `runtime`; of
 *   %FLASH_EVENT_LOST the one that is awaited: also `u-boot-2` for U-Boot with its partitions;
 *   %NULL if the next may be any
 * @step: index of the plan's step, or a FlashMcuStep; -1 without
 * @bytes: bytes of the image
 * @duration_ms: how long it took, or was waited
 * @code: (nullable): static: stable code of a warning or failure
 * @message: (nullable): English, for the log; people get the advice with @code
 * @device_text: (nullable): the board's own words
 */
typedef struct {
  gatomicrefcount ref_count;
  FlashEventKind kind;
  const char *stage;
  gint step;
  guint64 bytes;
  guint duration_ms;
  const char *code;
  char *message;
  char *device_text;
} FlashEvent;

/* Returns: (transfer full): an event of no step; whoever makes it may fill it in before others see
 * it. */
FlashEvent *flash_event_new (FlashEventKind kind);
FlashEvent *flash_event_ref (FlashEvent *self);
void flash_event_unref (FlashEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashEvent, flash_event_unref)

#define FLASH_TYPE_EVENT (flash_event_get_type ())
GType flash_event_get_type (void);

/**
 * FlashActivity:
 * @FLASH_ACTIVITY_CONNECTING: opening the board, asking what it is
 * @FLASH_ACTIVITY_SENDING: sending an image
 * @FLASH_ACTIVITY_STORING: the board stores the end of an image
 * @FLASH_ACTIVITY_WAITING: the board is away, or silent, and is expected back
 * @FLASH_ACTIVITY_VERIFYING: reading back
 * @FLASH_ACTIVITY_READING: reading what is there
 * @FLASH_ACTIVITY_ERASING: erasing
 * @FLASH_ACTIVITY_PAUSED: standing still until an answer comes, or the board
 */
typedef enum {
  FLASH_ACTIVITY_CONNECTING,
  FLASH_ACTIVITY_SENDING,
  FLASH_ACTIVITY_STORING,
  FLASH_ACTIVITY_WAITING,
  FLASH_ACTIVITY_VERIFYING,
  FLASH_ACTIVITY_READING,
  FLASH_ACTIVITY_ERASING,
  FLASH_ACTIVITY_PAUSED,
} FlashActivity;

/* Returns: (transfer none): `connecting`, `sending`, `storing`, `waiting`,
 * `verifying`, `reading`, `erasing` or `paused`. */
const char *flash_activity_get_name (FlashActivity activity);

/**
 * FlashSnapshot:
 * @activity: what goes on
 * @fraction: of the whole job, 0 to 1, never going back
 * @bytes_done: of all images
 * @bytes_total: of all images
 * @step: index of the plan's step, or a FlashMcuStep; -1 between steps
 * @step_bytes_done: of this image
 * @waited_ms: with %FLASH_ACTIVITY_WAITING and %FLASH_ACTIVITY_PAUSED: how long the board has been
 *   away already
 * @patience_ms: with %FLASH_ACTIVITY_WAITING: how long at most, before somebody is asked
 * @address: of a microcontroller: where it is at, 0 otherwise
 */
typedef struct {
  FlashActivity activity;
  double fraction;
  guint64 bytes_done;
  guint64 bytes_total;
  gint step;
  guint64 step_bytes_done;
  guint waited_ms;
  guint patience_ms;
  guint32 address;
} FlashSnapshot;

/**
 * FlashSink:
 * @event: (transfer none): takes an event; called in the thread that runs the job
 * @progress: takes a snapshot; called in the thread that runs the job
 * @data: (nullable): for both
 */
typedef struct {
  void (*event) (FlashEvent *event, gpointer data);
  void (*progress) (const FlashSnapshot *snapshot, gpointer data);
  gpointer data;
} FlashSink;

G_END_DECLS
