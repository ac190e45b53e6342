/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread with one main context of its own, which is its thread-default for the thread's whole
 * life, and a queue of work. Not g_task_run_in_thread (): that shares one pool with everybody,
 * whose threads have no context that lasts. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FlashWorker FlashWorker;

typedef void (*FlashWorkFunc) (gpointer data);

/**
 * flash_worker_new:
 * @name: name of the thread, at most 15 characters
 */
FlashWorker *flash_worker_new (const char *name);

/**
 * flash_worker_push:
 * @func: to be called in the worker, after what was pushed before
 * @data: for @func
 * @destroy: (nullable): frees @data, in the worker
 *
 * Thread: any.
 */
void
flash_worker_push (FlashWorker *self, FlashWorkFunc func, gpointer data, GDestroyNotify destroy);

/* Returns: whether the calling thread is the worker. */
gboolean flash_worker_is_current (FlashWorker *self);

/**
 * flash_worker_free:
 *
 * Lets the thread finish what was pushed, and waits for it: call it when the work is known to be
 * over, and not from the worker.
 */
void flash_worker_free (FlashWorker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashWorker, flash_worker_free)

G_END_DECLS
