/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usbip-link"

#include "config.h"

#include "flash-usbip-link.h"

#include "flash-dfu-defs.h"
#include "flash-usbip-buffer.h"
#include "flash-usbip-wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Answers that the host does not fetch: with so many bytes, no more is done for it. */
#define MAX_UNSENT (1024u * 1024)
/* Requests that wait for the board: a host that heaps up more has lost its head. */
#define MAX_PENDING 1024
#define MAX_PENDING_BYTES (16u * 1024 * 1024)

/* A request that the board was not ready for. */
typedef struct {
  FlashUsbipRequest request;
  guint8 *data; /* (owned) (nullable) */
} Pending;

struct _FlashUsbipLink {
  GSource source;

  int fd; /* (owned) */
  gpointer tag;
  GIOCondition wanted;
  FlashSimDevice *device; /* (owned) */
  FlashClock *clock; /* (owned) */
  guint64 generation;
  guint32 devid;
  gint64 patience_us;
  const FlashUsbipLinkEvents *events;
  gpointer user_data;

  FlashSimStage stage;
  FlashUsbipBuffer in;
  FlashUsbipBuffer out;
  GQueue pending; /* (owned) (element-type Pending) */
  gsize n_pending_bytes;
  gboolean is_head_lost; /* the first of them will never be answered */
  gboolean is_ended;
  /* on the monotonic clock, FLASH_SIM_NEVER if there is nothing to wait for */
  gint64 retry_us;
  gint64 partial_us;
};

const char *
flash_usbip_end_get_name (FlashUsbipEnd end)
{
  switch (end) {
  case FLASH_USBIP_END_BOARD:
    return "board";
  case FLASH_USBIP_END_HOST:
    return "host";
  case FLASH_USBIP_END_PROTOCOL:
    return "protocol";
  }
  g_return_val_if_reached ("");
}

/* --- The end -------------------------------------------------------------------------------- */

/* Gives the system what it takes now. Returns: whether the connection still stands. */
static gboolean
flush (FlashUsbipLink *self)
{
  while (self->out.end > self->out.start) {
    ssize_t n = send (self->fd, self->out.bytes + self->out.start, self->out.end - self->out.start,
                      MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n < 0 && errno != EINTR)
      return errno == EAGAIN;
    if (n > 0)
      flash_usbip_buffer_drop (&self->out, (gsize) n);
  }
  return TRUE;
}

static void
disconnect (FlashUsbipLink *self)
{
  self->is_ended = TRUE;
  g_source_destroy (&self->source);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* What a board answered before it left, the host is still told. */
static void
end (FlashUsbipLink *self, FlashUsbipEnd why)
{
  if (self->is_ended)
    return;
  if (why == FLASH_USBIP_END_BOARD)
    flush (self);
  disconnect (self);
  self->events->ended (why, self->user_data);
}

static void
end_for_protocol (FlashUsbipLink *self, const char *what)
{
  g_debug ("the host sent %s", what);
  end (self, FLASH_USBIP_END_PROTOCOL);
}

static void
pending_free (gpointer data)
{
  Pending *pending = data;

  g_free (pending->data);
  g_free (pending);
}

/* --- Answers -------------------------------------------------------------------------------- */

static gboolean
has_room (FlashUsbipLink *self)
{
  return flash_usbip_buffer_get_length (&self->out) <= MAX_UNSENT;
}

static void
answer_unlink (FlashUsbipLink *self, guint32 seqnum, gint32 status)
{
  flash_usbip_put_unlink_answer (flash_usbip_buffer_reserve (&self->out, FLASH_USBIP_URB_LENGTH),
                                 seqnum, status);
  self->out.end += FLASH_USBIP_URB_LENGTH;
}

static void
answer_stall (FlashUsbipLink *self, guint32 seqnum)
{
  flash_usbip_put_submit_answer (flash_usbip_buffer_reserve (&self->out, FLASH_USBIP_URB_LENGTH),
                                 seqnum, -FLASH_USBIP_EPIPE, 0);
  self->out.end += FLASH_USBIP_URB_LENGTH;
}

/* Do the setup packet and the host's own figures say the same? What a board would make of it if
 * they do not, depends on the host controller: here it refuses. */
static gboolean
is_consistent (const FlashUsbipRequest *request)
{
  gboolean is_setup_in = (request->setup.request_type & FLASH_USB_DIR_IN) != 0;

  if (request->setup.length == 0)
    return request->is_in || request->length == 0;
  if (is_setup_in != request->is_in)
    return FALSE;
  return is_setup_in || request->setup.length == request->length;
}

/* Puts a request to the board, and its answer into the buffer. */
static FlashSimOutcome
carry_out (FlashUsbipLink *self, const FlashUsbipRequest *request, const guint8 *data)
{
  FlashSimPacket packet = request->setup;
  gint64 ready_us = FLASH_SIM_NEVER;
  gsize length = 0;
  FlashSimOutcome outcome;
  guint8 *answer;

  if (!is_consistent (request)) {
    answer_stall (self, request->seqnum);
    return FLASH_SIM_STALL;
  }
  if (request->is_in)
    packet.length = (guint16) MIN (packet.length, request->length);
  answer = flash_usbip_buffer_reserve (&self->out, FLASH_USBIP_URB_LENGTH + (gsize) packet.length);
  outcome = flash_sim_device_control (self->device, self->generation, &packet, data,
                                      answer + FLASH_USBIP_URB_LENGTH, &length, &ready_us);
  switch (outcome) {
  case FLASH_SIM_ACK:
    flash_usbip_put_submit_answer (answer, request->seqnum, 0,
                                   request->is_in ? (guint32) length : request->length);
    self->out.end += FLASH_USBIP_URB_LENGTH + (request->is_in ? length : 0);
    break;
  case FLASH_SIM_STALL:
    answer_stall (self, request->seqnum);
    break;
  case FLASH_SIM_BUSY:
    if (ready_us != FLASH_SIM_NEVER)
      self->retry_us =
          g_get_monotonic_time () + MAX (ready_us - flash_clock_get_time_us (self->clock), 0);
    break;
  case FLASH_SIM_LOST:
    self->is_head_lost = TRUE;
    break;
  case FLASH_SIM_GONE:
    break;
  }
  return outcome;
}

/* --- Requests ------------------------------------------------------------------------------- */

/* Carries out what waits, as far as the board answers. */
static void
run_pending (FlashUsbipLink *self)
{
  while (!self->is_ended && !self->is_head_lost && has_room (self) &&
         !g_queue_is_empty (&self->pending)) {
    Pending *head = g_queue_peek_head (&self->pending);
    FlashSimOutcome outcome;

    self->retry_us = FLASH_SIM_NEVER;
    outcome = carry_out (self, &head->request, head->data);
    if (outcome == FLASH_SIM_GONE) {
      end (self, FLASH_USBIP_END_BOARD);
      return;
    }
    if (outcome == FLASH_SIM_BUSY || outcome == FLASH_SIM_LOST)
      return;
    self->n_pending_bytes -= head->data != NULL ? head->request.length : 0;
    pending_free (g_queue_pop_head (&self->pending));
  }
}

static void
push_pending (FlashUsbipLink *self, const FlashUsbipRequest *request, const guint8 *data)
{
  Pending *pending;

  if (self->pending.length >= MAX_PENDING || self->n_pending_bytes > MAX_PENDING_BYTES) {
    end_for_protocol (self, "more requests than can wait");
    return;
  }
  pending = g_new0 (Pending, 1);
  pending->request = *request;
  if (data != NULL && request->length > 0) {
    pending->data = g_memdup2 (data, request->length);
    self->n_pending_bytes += request->length;
  }
  g_queue_push_tail (&self->pending, pending);
}

/* The board has endpoint 0 alone. */
static void
take_submit (FlashUsbipLink *self, const FlashUsbipRequest *request, const guint8 *data)
{
  FlashSimOutcome outcome = FLASH_SIM_BUSY;

  if (request->devid != self->devid) {
    end_for_protocol (self, "a request to another device");
    return;
  }
  if (request->endpoint != 0) {
    answer_stall (self, request->seqnum);
    return;
  }
  if (g_queue_is_empty (&self->pending) && has_room (self))
    outcome = carry_out (self, request, data);
  if (outcome == FLASH_SIM_GONE)
    end (self, FLASH_USBIP_END_BOARD);
  else if (outcome == FLASH_SIM_BUSY || outcome == FLASH_SIM_LOST)
    push_pending (self, request, data);
}

static void
take_unlink (FlashUsbipLink *self, const FlashUsbipRequest *request)
{
  for (GList *link = self->pending.head; link != NULL; link = link->next) {
    Pending *pending = link->data;

    if (pending->request.seqnum != request->unlinked)
      continue;
    if (link == self->pending.head) {
      self->is_head_lost = FALSE;
      self->retry_us = FLASH_SIM_NEVER;
    }
    self->n_pending_bytes -= pending->data != NULL ? pending->request.length : 0;
    pending_free (pending);
    g_queue_delete_link (&self->pending, link);
    answer_unlink (self, request->seqnum, -FLASH_USBIP_ECONNRESET);
    run_pending (self);
    return;
  }
  answer_unlink (self, request->seqnum, 0);
}

/* Returns: whether a whole message was there. */
static gboolean
take_message (FlashUsbipLink *self)
{
  gsize n_read = flash_usbip_buffer_get_length (&self->in);
  const guint8 *bytes = self->in.bytes + self->in.start;
  gsize n_data;
  FlashUsbipRequest request;
  const char *complaint;

  if (n_read < FLASH_USBIP_URB_LENGTH)
    return FALSE;
  complaint = flash_usbip_parse_request (bytes, &request);
  if (complaint != NULL) {
    end_for_protocol (self, complaint);
    return FALSE;
  }
  n_data = request.is_in ? 0 : request.length;
  if (n_read < FLASH_USBIP_URB_LENGTH + n_data) {
    flash_usbip_buffer_reserve (&self->in, FLASH_USBIP_URB_LENGTH + n_data - n_read);
    return FALSE;
  }
  if (request.command == FLASH_USBIP_CMD_UNLINK)
    take_unlink (self, &request);
  else
    take_submit (self, &request, n_data > 0 ? bytes + FLASH_USBIP_URB_LENGTH : NULL);
  flash_usbip_buffer_drop (&self->in, FLASH_USBIP_URB_LENGTH + n_data);
  return TRUE;
}

/* --- The connection ------------------------------------------------------------------------- */

/* Takes what has come; once is enough, whatever is left makes the source ready again. */
static void
receive (FlashUsbipLink *self)
{
  ssize_t n;

  if (self->in.end == self->in.size)
    flash_usbip_buffer_reserve (&self->in, FLASH_USBIP_BUFFER_LENGTH);
  n = recv (self->fd, self->in.bytes + self->in.end, self->in.size - self->in.end, MSG_DONTWAIT);
  if (n > 0)
    self->in.end += (gsize) n;
  else if (n == 0 || (errno != EAGAIN && errno != EINTR))
    end (self, FLASH_USBIP_END_HOST);
}

/* Has the board left, or changed, by what it was just asked, or by itself? */
static void
look_at_board (FlashUsbipLink *self)
{
  guint64 generation;
  FlashSimStage stage = flash_sim_device_get_stage (self->device, &generation);

  if (stage == FLASH_SIM_STAGE_OFF || generation != self->generation) {
    end (self, FLASH_USBIP_END_BOARD);
  } else if (stage != self->stage) {
    self->stage = stage;
    self->events->stage_changed (stage, self->user_data);
  }
}

/* The rest of a message must follow its beginning. */
static void
watch_partial (FlashUsbipLink *self)
{
  if (self->in.end == self->in.start || !has_room (self))
    self->partial_us = FLASH_SIM_NEVER;
  else if (self->partial_us == FLASH_SIM_NEVER)
    self->partial_us = g_get_monotonic_time () + self->patience_us;
  else if (g_get_monotonic_time () >= self->partial_us)
    end_for_protocol (self, "half of a message");
}

/* Says to the main context what comes next. */
static void
arm (FlashUsbipLink *self)
{
  GIOCondition wanted = (GIOCondition) ((has_room (self) ? G_IO_IN : 0) |
                                        (self->out.end > self->out.start ? G_IO_OUT : 0));
  gint64 change_us = flash_sim_device_get_next_change_us (self->device);
  gint64 ready_us = MIN (self->retry_us, self->partial_us);

  if (change_us != FLASH_SIM_NEVER)
    ready_us = MIN (ready_us, g_get_monotonic_time () +
                                  MAX (change_us - flash_clock_get_time_us (self->clock), 0));
  g_source_set_ready_time (&self->source, ready_us != FLASH_SIM_NEVER ? ready_us : -1);
  if (wanted != self->wanted) {
    self->wanted = wanted;
    g_source_modify_unix_fd (&self->source, self->tag, wanted);
  }
}

/* All that may be done now. */
static void
work (FlashUsbipLink *self)
{
  run_pending (self);
  while (!self->is_ended && has_room (self) && take_message (self))
    self->partial_us = FLASH_SIM_NEVER;
  if (!self->is_ended && !flush (self))
    end (self, FLASH_USBIP_END_HOST);
  if (!self->is_ended)
    look_at_board (self);
  if (!self->is_ended)
    watch_partial (self);
  if (!self->is_ended)
    arm (self);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  FlashUsbipLink *self = (FlashUsbipLink *) source;
  GIOCondition condition = g_source_query_unix_fd (source, self->tag);

  if ((condition & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0)
    receive (self);
  if (!self->is_ended)
    work (self);
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  FlashUsbipLink *self = (FlashUsbipLink *) source;

  if (self->fd >= 0)
    close (self->fd);
  g_queue_clear_full (&self->pending, pending_free);
  flash_usbip_buffer_clear (&self->in);
  flash_usbip_buffer_clear (&self->out);
  g_clear_object (&self->device);
  g_clear_object (&self->clock);
}

/* Bound to its socket and to its ready time, and to nothing else. */
static GSourceFuncs link_funcs = { NULL, NULL, dispatch, finalize, NULL, NULL };

FlashUsbipLink *
flash_usbip_link_new (const FlashUsbipLinkTraits *traits, const guint8 *greeting,
                      gsize greeting_length)
{
  FlashUsbipLink *self =
      (FlashUsbipLink *) g_source_new (&link_funcs, (guint) sizeof (FlashUsbipLink));
  guint64 generation;

  self->fd = traits->fd;
  self->device = g_object_ref (traits->device);
  self->clock = g_object_ref (traits->clock);
  self->generation = traits->generation;
  self->devid = traits->devid;
  self->patience_us = (gint64) traits->patience_ms * 1000;
  self->events = traits->events;
  self->user_data = traits->user_data;
  self->stage = flash_sim_device_get_stage (self->device, &generation);
  self->retry_us = self->partial_us = FLASH_SIM_NEVER;
  g_queue_init (&self->pending);
  flash_usbip_buffer_init (&self->in);
  flash_usbip_buffer_init (&self->out);
  if (greeting_length > 0) {
    memcpy (flash_usbip_buffer_reserve (&self->out, greeting_length), greeting, greeting_length);
    self->out.end += greeting_length;
  }

  self->wanted = (GIOCondition) (G_IO_IN | (greeting_length > 0 ? G_IO_OUT : 0));
  self->tag = g_source_add_unix_fd (&self->source, self->fd, self->wanted);
  /* A first round at once finds out what lies ahead. */
  g_source_set_ready_time (&self->source, 0);
  g_source_set_name (&self->source, G_LOG_DOMAIN);
  g_source_attach (&self->source, NULL);
  return self;
}

void
flash_usbip_link_free (FlashUsbipLink *self)
{
  disconnect (self);
  g_source_unref (&self->source);
}

void
flash_usbip_link_refresh (FlashUsbipLink *self)
{
  g_source_ref (&self->source);
  if (!self->is_ended)
    work (self);
  g_source_unref (&self->source);
}
