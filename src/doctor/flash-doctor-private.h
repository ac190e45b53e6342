/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the doctor share. Thread: main, but for what a look does in its own. */
#pragma once

#include "flash-doctor.h"

#include "flash-board-facts.h"
#include "flash-clock.h"
#include "flash-doctor-host.h"
#include "flash-doctor-port.h"
#include "flash-doctor-timeline.h"

G_BEGIN_DECLS

/**
 * FlashDoctorLook:
 * One look at the port and at this computer. A thread has it from start to end; before and after,
 * it belongs to the main thread.
 *
 * @lock: guards all but @doctor
 * @done: rings when it is
 * @doctor: (nullable): whose it is; %NULL when nobody wants to know any more. Main thread only
 * @root: (nullable): where the file system begins
 * @port: the port
 * @host_port: (nullable): the same port as the kernel calls it, %NULL if it has none
 * @serial: (nullable): of the board
 * @machine: what is known of this computer already
 * @has_machine: whether anything is
 * @is_latest: it began after the job had failed, if that has
 * @provider: (owned) (nullable): who sees the port
 * @board: (owned) (nullable): what stands there
 * @host: (owned) (nullable): what this computer says
 */
typedef struct {
  GMutex lock;
  GCond done;
  gboolean is_done;
  FlashDoctor *doctor;
  char *root;
  char *port;
  char *host_port;
  char *serial;
  FlashHostMachine machine;
  gboolean has_machine;
  gboolean is_latest;
  FlashProvider *provider;
  FlashBoard *board;
  FlashDoctorHost *host;
} FlashDoctorLook;

struct _FlashDoctor {
  GObject parent_instance;

  /* what it is about */
  char *root; /* (owned) (nullable) */
  FlashProvider *provider; /* (owned) */
  FlashBoard *board; /* (owned): the enumeration that is meant */
  FlashBoardFacts facts; /* (owned): of @board */
  FlashPlan *plan; /* (owned) (nullable) */
  FlashDiagList *problems; /* (owned) (nullable) */
  FlashConsole *console; /* (owned) (nullable) */
  FlashClock *clock; /* (owned) */
  gboolean looks_at_once; /* no thread: for tests with a virtual clock */

  /* the job */
  FlashJob *job; /* (owned) (nullable) */
  FlashMoment moment;
  gboolean is_running;
  gboolean is_lost; /* from LOST to RETURNED */
  gboolean is_paused; /* from PAUSED to RESUMED */
  gboolean is_rom_asked; /* the job waits for an answer: the board is in its ROM again */
  gboolean has_answered; /* the board, in this job */
  gboolean is_over; /* it ended well: there is nothing to say */
  gboolean is_hung; /* nothing has moved for too long, though nobody told it to wait */
  gboolean is_erasing; /* a microcontroller: nothing moves until a sector, or all, is erased */
  gboolean awaits_look; /* it has failed, and the port was not looked at since */
  gint64 moved_us; /* when something moved last */
  FlashSnapshot snapshot; /* the latest */
  gint64 snapshot_us; /* when it came */
  gboolean is_away; /* or silent; stays so when the job ends meanwhile */
  gint64 away_us; /* since when */
  guint waited_ms; /* once the job is over: how long it was away when it ended */
  const char *stage; /* static (nullable) */
  const char *expected; /* static (nullable) */
  gint last_id;
  gint whole_id; /* of the image before that */
  guint n_returns; /* how often it has come back as a new device */
  gint64 life_log_us; /* kernel's time: the latest sign of life of the board */
  const char *error_code; /* static (nullable) */
  char *device_text; /* (owned) (nullable) */
  gint64 follow_us; /* monotonic, when the job began; 0 without */
  GHashTable *known; /* (owned): other ports where that serial number was before the job */

  /* the port */
  FlashPortShows shows;
  gint64 shown_us; /* since when */
  guint64 generation; /* of the enumeration that was seen last, 0 if none was */
  FlashBoard *seen; /* (owned) (nullable): what stands on it */
  char *port_id; /* (owned) (nullable) */
  char *port_product; /* (owned) (nullable) */
  char *elsewhere; /* (owned) (nullable) */

  /* this computer */
  FlashDoctorHost *host; /* (owned) (nullable) */
  gint64 log_since_us; /* kernel's time: from when on its messages count */
  gint64 away_log_us; /* kernel's time: since the latest loss */
  gint64 told_log_us; /* kernel's time: up to here they are in the time line */
  guint n_over_currents; /* of the port when all was well */
  char *elsewhere_before; /* (owned) (nullable): where that serial number was before the job */
  gboolean has_baseline;

  /* what it means */
  FlashTri answers[FLASH_N_OBSERVATIONS];
  FlashSymptoms symptoms; /* its texts are of the fields above */
  FlashFindings findings;
  FlashDoctorTimeline *timeline; /* (owned) */
  GPtrArray *serials; /* (owned) (element-type utf8): every serial number that the port showed */
  GPtrArray *hashes; /* (owned) (nullable) (element-type utf8): of the plan's steps */

  /* looking */
  GTask *look_task; /* (owned) (nullable): while it runs */
  gint64 looked_us; /* when the latest look began */
  gboolean wants_another_look;
  guint timer; /* source id */
};

/* flash-doctor-watch.c */

/* While a board is away, the port is looked at so often. */
#define FLASH_DOCTOR_LOOK_US G_USEC_PER_SEC

/* Looks at the port and this computer, in a thread; what comes of it is taken over. */
void _flash_doctor_look (FlashDoctor *self);
/* Looks if the board is away, and the latest look is old. */
void _flash_doctor_look_again (FlashDoctor *self);
/* Looks and judges once a second while the board is away or silent, until it is told otherwise. */
void _flash_doctor_watch (FlashDoctor *self, gboolean is_running);
/* Forgets the look that is under way: it ends by itself, and nothing comes of it. */
void _flash_doctor_drop_look (FlashDoctor *self);

/* flash-doctor-silence.c */

/* Finds out whether the board has become silent in the midst of a request. */
void _flash_doctor_check_silence (FlashDoctor *self);
/* Something moves: the board is not silent. */
void _flash_doctor_note_life (FlashDoctor *self);
/* Returns: for how long nothing may move before the board counts as silent, in milliseconds. */
guint _flash_doctor_get_silence_ms (FlashDoctor *self);

/* flash-doctor-take.c */

/* Takes over that the board is away or silent, or is not any more. */
void _flash_doctor_update_away (FlashDoctor *self);

/* An event of the job. */
void _flash_doctor_take_event (FlashDoctor *self, FlashEvent *event);
/* Progress of the job. */
void _flash_doctor_take_progress (FlashDoctor *self, const FlashSnapshot *snapshot);
/* What a look has found; takes @host. */
void _flash_doctor_take_look (FlashDoctor *self, FlashBoard *board, FlashDoctorHost *host);
/* A job begins. */
void _flash_doctor_begin (FlashDoctor *self);
/* Returns: from when on the kernel's messages about a device that it could not talk to count. */
gint64 _flash_doctor_get_log_since_us (FlashDoctor *self);
/* Returns: whether the board is away or silent. */
gboolean _flash_doctor_is_away (FlashDoctor *self);
/* Returns: for how long, in milliseconds. */
guint _flash_doctor_get_waited_ms (FlashDoctor *self);
/* Returns: (transfer full) (nullable): the kernel's name of the board's port. A virtual board has
 * none; on a computer of a test, `virtual-7` stands on its port 1-7. */
char *_flash_doctor_dup_host_port (FlashDoctor *self);
/* Returns: whether nothing of this computer's USB matters. */
gboolean _flash_doctor_is_virtual (FlashDoctor *self);

/* flash-doctor-symptoms.c */

/* Puts together what is known. */
void _flash_doctor_fill_symptoms (FlashDoctor *self, FlashSymptoms *out_symptoms);

/* flash-doctor.c */

/* Judges again, and says so if anything has changed. */
void _flash_doctor_judge (FlashDoctor *self);
/* Says that something has changed. */
void _flash_doctor_emit_changed (FlashDoctor *self);

/**
 * _flash_doctor_use_clock:
 * @clock: instead of real time
 *
 * For tests in which time does not pass by itself: looks are made here and now, and nothing runs
 * beside. Before anything else.
 */
void _flash_doctor_use_clock (FlashDoctor *self, FlashClock *clock);

/**
 * _flash_doctor_may_tell:
 * @waited_ms: how long the board has been away
 * @findings: what is known of the reason
 *
 * Nobody is to be frightened by a hand-over that takes its usual time.
 *
 * Returns: whether it is said
 */
gboolean
_flash_doctor_may_tell (FlashMoment moment, guint waited_ms, const FlashFindings *findings);

G_END_DECLS
