/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The port on which a job's board stands, through all its disappearances: opening with patience for
 * what a moment may cure, waiting for the board to return, following it to another port, and
 * standing still until somebody says what to do (flash-job-gate.h). What the open device is, its
 * owner finds out: a link to an STM32MP, or to a microcontroller.
 *
 * Thread: worker. */
#pragma once

#include "flash-clock.h"
#include "flash-descriptors.h"
#include "flash-event.h"
#include "flash-job-gate.h"
#include "flash-provider.h"

G_BEGIN_DECLS

/* How often the port is looked at while a board is away. */
#define FLASH_PORT_POLL_MS 100
/* How long a board may take that is expected to be there. */
#define FLASH_PORT_OPEN_MS 10000
/* A new node needs a moment until udev has set its rights; services look at what is new, too. */
#define FLASH_PORT_RIGHTS_MS 3000

/**
 * FlashPortClass:
 * @identify: finds out what the open device is; @error may be of any room
 * @close: lets go of everything that was made of the open device
 * @accept: (nullable): whether what has come back is what was waited for; @has_stayed: it has not
 *   left the bus
 * @get_patience_ms: for how long the same failure to open a device can be cured by trying again
 * @get_stage: (transfer none): what answers now, for %FLASH_EVENT_RETURNED
 */
typedef struct {
  gboolean (*identify) (gpointer owner, GError **error);
  void (*close) (gpointer owner);
  gboolean (*accept) (gpointer owner, gboolean has_stayed, GError **error);
  guint (*get_patience_ms) (const GError *error);
  const char *(*get_stage) (gpointer owner);
} FlashPortClass;

/**
 * FlashPortLink:
 * @klass: what the owner does
 * @owner: (not owned): for @klass
 * @provider: (owned): only flash_provider_peek_port () is called
 * @clock: (owned)
 * @cancellable: (owned) (nullable): ends every wait
 * @sink: (not owned): gets lost, returned, paused, resumed and waiting news
 * @gate: (owned) (nullable): where to ask when patience is over
 * @board: (owned): the latest that was opened
 * @port: (owned): where it is looked for
 * @must_prove: what is being opened is on another port than the board was, and has to prove that it
 *   is the same
 * @transport: (owned) (nullable): the open device
 * @lost_us: since when it is away, 0 if it is not
 * @has_left: whether it was off the bus in the last wait for it to return
 */
typedef struct {
  const FlashPortClass *klass;
  gpointer owner;
  FlashProvider *provider;
  FlashClock *clock;
  GCancellable *cancellable;
  const FlashSink *sink;
  FlashJobGate *gate;
  FlashBoard *board;
  char *port;
  gboolean must_prove;
  FlashTransport *transport;
  gint64 lost_us;
  gboolean has_left;
} FlashPortLink;

/**
 * flash_port_link_init:
 * @gate: (nullable): without it a wait ends when patience does
 * @cancellable: (nullable)
 */
void flash_port_link_init (FlashPortLink *self, const FlashPortClass *klass, gpointer owner,
                           FlashProvider *provider, FlashBoard *board, FlashClock *clock,
                           FlashJobGate *gate, GCancellable *cancellable, const FlashSink *sink);
/* Closes the device. */
void flash_port_link_clear (FlashPortLink *self);
/* Closes the device, and has the owner let go of it. */
void flash_port_link_close (FlashPortLink *self);

/* Returns: the milliseconds since @since_us. */
guint flash_port_link_get_elapsed_ms (FlashPortLink *self, gint64 since_us);
/* Returns: whether the board is said to be on another port than the one where it was last. */
gboolean flash_port_link_is_moved (FlashPortLink *self);
/* Returns: (transfer full) (nullable): what stands on the port now. */
FlashBoard *flash_port_link_peek (FlashPortLink *self);
/* Returns: whether anything stands on the port at this moment. */
gboolean flash_port_link_is_present (FlashPortLink *self);

/**
 * FlashPortHasAll:
 * @waited_ms: how long the device was asked already
 *
 * Returns: whether @descriptors hold every string that is worth waiting for
 */
typedef gboolean (*FlashPortHasAll) (gpointer owner, FlashDescriptors *descriptors,
                                     guint waited_ms);

/**
 * flash_port_link_read_descriptors:
 *
 * Reads the descriptors of the open device, live. Strings that are missing are asked for again for
 * a while; a board that never has them all is taken as it is.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set
 */
FlashDescriptors *
flash_port_link_read_descriptors (FlashPortLink *self, FlashPortHasAll has_all, GError **error);

/**
 * flash_port_link_open:
 *
 * Opens the board that stands on the port now. What a moment may cure (no rights yet, busy, silent)
 * is tried again for some seconds.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_port_link_open (FlashPortLink *self, GError **error);

/**
 * FlashPortWait:
 * @patience_ms: how long to wait, in milliseconds, before somebody is asked or the job fails
 * @may_stay: a board that never left the bus is as good, once it answers again
 * @stage: (nullable): static: which stage is awaited, for %FLASH_EVENT_LOST
 * @expected: static: what is expected, for the log
 */
typedef struct {
  guint patience_ms;
  gboolean may_stay;
  const char *stage;
  const char *expected;
} FlashPortWait;

/**
 * FlashPortVigil:
 * A wait while it lasts.
 *
 * @wait: for what
 * @start_us: since when the board is away
 * @limit_us: when patience is over
 * @is_told: that it takes long
 * @is_paused: a question is open
 */
typedef struct {
  const FlashPortWait *wait;
  gint64 start_us;
  gint64 limit_us;
  gboolean is_told;
  gboolean is_paused;
} FlashPortVigil;

/**
 * flash_port_link_begin_vigil:
 * @vigil: (out caller-allocates): the wait that begins now
 * @wait: for what; must outlive @vigil
 */
void
flash_port_link_begin_vigil (FlashPortLink *self, FlashPortVigil *vigil, const FlashPortWait *wait);

/**
 * flash_port_link_keep_vigil:
 *
 * Tells that the wait goes on, asks when patience is over, hears the answer, and waits until it is
 * time to look at the port again.
 *
 * Returns: whether to look again. If not, @error is set only if the job was cancelled: patience is
 *   over, and nobody wants to go on
 */
gboolean flash_port_link_keep_vigil (FlashPortLink *self, FlashPortVigil *vigil, GError **error);

/* The wait has an end without an answer: an open question is taken back. */
void flash_port_link_end_vigil (FlashPortLink *self, FlashPortVigil *vigil);

/**
 * flash_port_link_lose:
 * @stage: (nullable): static: which stage is awaited
 * @expected: static: what is expected, for the log
 *
 * Closes the device and tells that the board is away. The next wait for its return does not tell it
 * again, and counts from here.
 */
void flash_port_link_lose (FlashPortLink *self, const char *stage, const char *expected);

/**
 * flash_port_link_wait_return:
 *
 * Closes the device, waits until a board stands on the port anew, and opens it. If it is said to be
 * on another port, both are looked at.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR_NEVER_CAME_BACK,
 *   %FLASH_JOB_ERROR_DIFFERENT_BOARD, %FLASH_JOB_ERROR_NOT_PROVED_SAME, others as
 *   flash_port_link_open ())
 */
gboolean
flash_port_link_wait_return (FlashPortLink *self, const FlashPortWait *wait, GError **error);

/* Closes the device and watches it leave. Returns: whether it left the bus within that time. */
gboolean flash_port_link_wait_gone (FlashPortLink *self, guint patience_ms);

/**
 * flash_port_link_ask:
 * @question: what to ask
 *
 * Stands still until there is an answer. To be called with a gate only.
 *
 * Returns: the answer; %FLASH_JOB_ANSWER_NONE with @error set if the job was cancelled
 */
FlashJobAnswer flash_port_link_ask (FlashPortLink *self, FlashJobQuestion question, GError **error);

G_END_DECLS
