/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a worker to the main thread: the latest progress, and a queue of events of which none is
 * lost. At most one wake-up is pending, however much is posted; events are delivered at once,
 * progress some thirty times a second. */
#pragma once

#include "flash-event.h"

G_BEGIN_DECLS

typedef struct _FlashMailbox FlashMailbox;

/**
 * flash_mailbox_new:
 * @context: the main context in which @sink is called
 * @sink: takes the news there: the latest progress first, so that the last event can end it all
 *
 * Thread: that of @context.
 */
FlashMailbox *flash_mailbox_new (GMainContext *context, const FlashSink *sink);

/* Posts; takes a reference, or a copy. Thread: any. */
void flash_mailbox_post_event (FlashMailbox *self, FlashEvent *event);
void flash_mailbox_post_progress (FlashMailbox *self, const FlashSnapshot *snapshot);

/* Forgets what was not delivered. Nobody may post any more. Thread: that of the context. */
void flash_mailbox_free (FlashMailbox *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashMailbox, flash_mailbox_free)

G_END_DECLS
