/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-slot"

#include "config.h"

#include "flash-usb-slot.h"

#include "flash-dfu-defs.h"
#include "flash-usb-board.h"

/* What the kernel read at enumeration is fresh; a job that waits for this board opens it within
 * this time, and then nobody else should talk to it. */
#define FIRST_READING_US (300 * 1000)
/* A job closes a board that it has sent on its way: no moment to ask it anything. */
#define AFTER_USE_US (1500 * 1000)
/* After a poor answer; the last one counts for all that follow. */
#define RETRY_US                                                                                   \
  {                                                                                                \
    1000 * 1000, 2000 * 1000, 5000 * 1000                                                          \
  }
#define MAX_POOR_ANSWERS 4
#define NOT_WANTED 0

struct _FlashUsbSlot {
  FlashUsbBus *bus; /* (not owned): has the slot */
  char *port; /* (owned) */
  guint64 generation; /* enumerations seen so far */
  FlashUsbRecord *record; /* (owned) (nullable): what stands there now */
  GPtrArray *hubs; /* (owned) (nullable) (element-type FlashHub) */
  FlashAccess access; /* seen from outside */
  char *access_detail; /* (owned) (nullable) */
  FlashDescriptors *live; /* (owned) (nullable): what it said when it was asked */
  gboolean is_mute; /* it was asked and did not answer */
  gboolean is_asked; /* an answer is awaited */
  guint n_poor_answers; /* in a row */
  gint64 wanted_us; /* when to ask it, NOT_WANTED if not */
  guint n_open; /* how often this program has it open for a job */
  gint64 doubted_us; /* since when it seems that it may not be opened, 0 if it does not */
  FlashUsbAddress doubted; /* which enumeration */
  FlashBoard *board; /* (owned) (nullable): if it is one */
  FlashUsbNeighbour *neighbour; /* (owned) (nullable) */
};

FlashUsbSlot *
flash_usb_slot_new (FlashUsbBus *bus, const char *port)
{
  FlashUsbSlot *self = g_new0 (FlashUsbSlot, 1);

  self->bus = bus;
  self->port = g_strdup (port);
  return self;
}

void
flash_usb_slot_clear (FlashUsbSlot *self)
{
  g_clear_pointer (&self->record, flash_usb_record_free);
  g_clear_pointer (&self->hubs, g_ptr_array_unref);
  g_clear_pointer (&self->access_detail, g_free);
  g_clear_pointer (&self->live, flash_descriptors_unref);
  g_clear_object (&self->board);
  g_clear_object (&self->neighbour);
  self->is_mute = FALSE;
  self->is_asked = FALSE;
  self->n_poor_answers = 0;
  self->wanted_us = NOT_WANTED;
  self->n_open = 0;
}

void
flash_usb_slot_free (FlashUsbSlot *self)
{
  flash_usb_slot_clear (self);
  g_free (self->port);
  g_free (self);
}

gboolean
flash_usb_slot_is_at (const FlashUsbSlot *self, const FlashUsbAddress *address)
{
  return self->record != NULL && self->record->address.device == address->device &&
         self->record->address.bus == address->bus;
}

const FlashUsbRecord *
flash_usb_slot_get_record (const FlashUsbSlot *self)
{
  return self->record;
}

FlashBoard *
flash_usb_slot_get_board (const FlashUsbSlot *self)
{
  return self->board;
}

FlashUsbNeighbour *
flash_usb_slot_get_neighbour (const FlashUsbSlot *self)
{
  return self->neighbour;
}

/* What can be opened and says nothing is silent. */
static void
make_board (FlashUsbSlot *self)
{
  gboolean is_silent = self->access == FLASH_ACCESS_OK && self->is_mute;
  const FlashUsbBoardTraits traits = {
    .record = self->record,
    .generation = self->generation,
    .access = is_silent ? FLASH_ACCESS_SILENT : self->access,
    .access_detail = self->access_detail,
    .descriptors = self->live != NULL ? self->live : self->record->descriptors,
    .hubs = self->hubs,
  };

  g_clear_object (&self->board);
  self->board = flash_usb_board_new (self->bus, &traits);
}

static gboolean
is_board (const FlashUsbRecord *record)
{
  if (record->descriptors != NULL)
    return record->descriptors->alternates->len > 0;
  /* Descriptors that cannot be read are no reason to hide what calls itself ST's boot loader. */
  return record->vid == FLASH_ST_VID && record->pid == FLASH_ST_DFU_PID;
}

void
flash_usb_slot_meet (FlashUsbSlot *self, FlashUsbRecord *record, GPtrArray *hubs,
                     FlashAccess access_now, char *detail)
{
  flash_usb_slot_clear (self);
  self->record = record;
  self->hubs = hubs;
  self->access = access_now;
  self->access_detail = detail;
  self->generation++;
  if (is_board (record)) {
    flash_usb_slot_want (self, FIRST_READING_US);
    make_board (self);
  } else {
    self->neighbour = flash_usb_neighbour_new (record);
  }
}

gboolean
flash_usb_slot_is_doubtful (FlashUsbSlot *self, const FlashUsbAddress *address,
                            FlashAccess access_now)
{
  gint64 now_us = g_get_monotonic_time ();

  if (access_now != FLASH_ACCESS_NO_PERMISSION) {
    self->doubted_us = 0;
    return FALSE;
  }
  if (self->doubted_us == 0 || self->doubted.bus != address->bus ||
      self->doubted.device != address->device) {
    self->doubted = *address;
    self->doubted_us = now_us;
  }
  return now_us - self->doubted_us < FLASH_USB_DOUBT_US;
}

gboolean
flash_usb_slot_has_other_access (const FlashUsbSlot *self, FlashAccess access_now)
{
  return self->board != NULL && self->n_open == 0 && self->access != access_now;
}

void
flash_usb_slot_set_access (FlashUsbSlot *self, FlashAccess access_now, char *detail)
{
  g_free (self->access_detail);
  self->access_detail = detail;
  self->access = access_now;
  /* Whoever had it may have left it in another stage. */
  flash_usb_slot_want (self, 0);
  make_board (self);
}

void
flash_usb_slot_want (FlashUsbSlot *self, gint64 delay_us)
{
  if (self->record != NULL)
    self->wanted_us = g_get_monotonic_time () + delay_us;
}

/* One question at a time: the answers of several would come in any order, and together last longer
 * than a board is given for one. */
gboolean
flash_usb_slot_take_wish (FlashUsbSlot *self)
{
  if (self->board == NULL || self->access != FLASH_ACCESS_OK || self->n_open > 0 ||
      self->is_asked || self->wanted_us == NOT_WANTED || self->wanted_us > g_get_monotonic_time ())
    return FALSE;
  self->wanted_us = NOT_WANTED;
  self->is_asked = TRUE;
  return TRUE;
}

static void
take_missing (char **text, const char *known)
{
  if (*text == NULL)
    *text = g_strdup (known);
}

/* A string that was not given this time is what it was before, unless the device has become
 * another. */
static void
complete (FlashDescriptors *descriptors, const FlashDescriptors *known)
{
  if (known == NULL || known->bcd_device != descriptors->bcd_device ||
      known->alternates->len != descriptors->alternates->len)
    return;
  take_missing (&descriptors->manufacturer, known->manufacturer);
  take_missing (&descriptors->product, known->product);
  take_missing (&descriptors->serial, known->serial);
  for (guint i = 0; i < known->alternates->len; i++) {
    const FlashAlternate *before = g_ptr_array_index (known->alternates, i);
    FlashAlternate *now = g_ptr_array_index (descriptors->alternates, i);

    if (before->number == now->number)
      take_missing (&now->name, before->name);
  }
}

static gboolean
is_poor (const FlashDescriptors *descriptors)
{
  if (descriptors->product == NULL)
    return TRUE;
  for (guint i = 0; i < descriptors->alternates->len; i++)
    if (((const FlashAlternate *) g_ptr_array_index (descriptors->alternates, i))->name == NULL)
      return TRUE;
  return FALSE;
}

static gboolean
says_the_same (const FlashDescriptors *a, const FlashDescriptors *b)
{
  if (a == NULL || a->bcd_device != b->bcd_device || g_strcmp0 (a->product, b->product) != 0 ||
      g_strcmp0 (a->serial, b->serial) != 0 || a->alternates->len != b->alternates->len)
    return FALSE;
  for (guint i = 0; i < a->alternates->len; i++) {
    const FlashAlternate *left = g_ptr_array_index (a->alternates, i);
    const FlashAlternate *right = g_ptr_array_index (b->alternates, i);

    if (left->number != right->number || g_strcmp0 (left->name, right->name) != 0)
      return FALSE;
  }
  return TRUE;
}

/* A board that says nothing, or not all, may only need time; one that never says more is left
 * alone, but for one that is silent: it is to be seen when that ends. */
static void
plan_retry (FlashUsbSlot *self, gboolean is_answer_poor)
{
  static const gint64 delays_us[] = RETRY_US;

  self->n_poor_answers = is_answer_poor ? self->n_poor_answers + 1 : 0;
  if (is_answer_poor && (self->is_mute || self->n_poor_answers <= MAX_POOR_ANSWERS))
    flash_usb_slot_want (self, delays_us[MIN (self->n_poor_answers, G_N_ELEMENTS (delays_us)) - 1]);
}

void
flash_usb_slot_learn (FlashUsbSlot *self, FlashDescriptors *descriptors, gboolean is_mute)
{
  gboolean was_mute = self->is_mute;

  self->is_asked = FALSE;
  if (self->board == NULL || self->n_open > 0 || (descriptors == NULL && !is_mute))
    return;
  self->is_mute = is_mute;
  plan_retry (self, descriptors == NULL || is_poor (descriptors));
  if (descriptors != NULL)
    complete (descriptors, self->live != NULL ? self->live : self->record->descriptors);
  if (was_mute == is_mute && (descriptors == NULL || says_the_same (self->live, descriptors)))
    return;
  if (descriptors != NULL) {
    g_clear_pointer (&self->live, flash_descriptors_unref);
    self->live = flash_descriptors_ref (descriptors);
  }
  make_board (self);
}

void
flash_usb_slot_hold (FlashUsbSlot *self)
{
  self->n_open++;
}

void
flash_usb_slot_release (FlashUsbSlot *self)
{
  if (--self->n_open == 0)
    flash_usb_slot_want (self, AFTER_USE_US);
}

guint
flash_usb_slot_get_n_open (const FlashUsbSlot *self)
{
  return self->n_open;
}
