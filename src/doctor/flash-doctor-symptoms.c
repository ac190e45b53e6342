/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known, put together for the judge. */
#define G_LOG_DOMAIN "flash-doctor-symptoms"

#include "config.h"

#include "flash-doctor-private.h"

#include "flash-doctor-cost.h"

#include <string.h>

/* stm32mp-usb.md section 1.5 */
#define ID_OF_FIRST_STAGE 0x01
#define ID_OF_SECOND_STAGE 0x03

static void
add_job (FlashDoctor *self, FlashSymptoms *symptoms)
{
  symptoms->is_layout = self->plan != NULL || self->facts.kind == FLASH_BOARD_KIND_STM32MP;
  symptoms->family = self->facts.chip;
  symptoms->error_code = self->error_code;
  symptoms->device_text = self->device_text;
  symptoms->stage = self->stage != NULL ? self->stage : self->facts.stage;
  symptoms->expected = self->expected;
  /* One that hangs in the midst of an image has not got it. */
  symptoms->last_id = self->is_hung && self->snapshot.activity == FLASH_ACTIVITY_SENDING
                          ? self->whole_id
                          : self->last_id;
  symptoms->n_returns = self->n_returns;
  symptoms->bytes_sent = self->snapshot.bytes_done;
  symptoms->bytes_total = self->snapshot.bytes_total;
  symptoms->waited_ms = _flash_doctor_get_waited_ms (self);
  /* A request that hangs has its own time-outs; it ends in a wait for the board. */
  symptoms->patience_ms = self->is_hung ? FLASH_MP_PATIENCE_MS : self->snapshot.patience_ms;
  /* An STM32MP15 starts its first stage by itself, without a word (stm32mp-usb.md section 1.2). */
  if (_flash_doctor_is_away (self) && !self->is_lost && !self->is_hung &&
      g_strcmp0 (self->stage, "rom") == 0 && self->last_id >= 0)
    symptoms->expected = "tf-a";
  symptoms->is_erasing = self->plan != NULL && flash_plan_has_erase (self->plan) &&
                         g_strcmp0 (symptoms->expected, "u-boot-2") == 0;
}

static void
add_link (FlashDoctor *self, FlashSymptoms *symptoms)
{
  GPtrArray *hubs = flash_board_get_hubs (self->board);

  switch (flash_board_get_speed (self->board)) {
  case FLASH_SPEED_UNKNOWN:
    break;
  case FLASH_SPEED_LOW:
  case FLASH_SPEED_FULL:
    symptoms->is_full_speed = FLASH_TRI_YES;
    break;
  case FLASH_SPEED_HIGH:
  case FLASH_SPEED_SUPER:
    symptoms->is_full_speed = FLASH_TRI_NO;
    break;
  }
  if (self->facts.kind == FLASH_BOARD_KIND_STM32MP)
    symptoms->wants_high_speed = FLASH_TRI_YES;
  else if (self->facts.has_guess && self->facts.guess.loader == FLASH_LOADER_ROM)
    symptoms->wants_high_speed = FLASH_TRI_NO;
  symptoms->n_hubs = hubs != NULL && !flash_board_is_virtual (self->board) ? (gint) hubs->len : -1;
}

static void
add_port (FlashDoctor *self, FlashSymptoms *symptoms)
{
  symptoms->port = self->shows;
  symptoms->port_id = self->port_id;
  symptoms->port_product = self->port_product;
  symptoms->elsewhere = self->elsewhere;
  if (self->seen != NULL && flash_board_get_access (self->seen) == FLASH_ACCESS_NO_PERMISSION)
    symptoms->access_detail = flash_board_get_access_detail (self->seen);
}

/* Which of the services disturbs most: ModemManager leaves boards alone, another copy of this
 * program does not open them by itself. */
static const char *
choose_rival (const FlashDoctorHost *host)
{
  const char *quiet = NULL;

  for (guint i = 0; host->rivals[i] != NULL; i++) {
    if (!g_str_equal (host->rivals[i], "flashwright") &&
        !g_str_equal (host->rivals[i], "ModemManager"))
      return host->rivals[i];
    if (quiet == NULL || g_str_equal (host->rivals[i], "flashwright"))
      quiet = host->rivals[i];
  }
  return quiet;
}

/* Whether the kernel has said that since then. */
static gboolean
is_newer (FlashDoctor *self, FlashHostLogKind kind, gint64 since_us)
{
  for (guint i = 0; i < self->host->log->len; i++) {
    const FlashHostLogLine *line = g_ptr_array_index (self->host->log, i);

    if (line->kind == kind && line->time_us > since_us)
      return TRUE;
  }
  return FALSE;
}

static void
add_host_port (FlashDoctor *self, FlashSymptoms *symptoms)
{
  const FlashDoctorHost *host = self->host;
  const FlashHostPort *port = host->port;
  gint64 since_us = _flash_doctor_get_log_since_us (self);
  gint64 life_us = MAX (self->life_log_us, self->log_since_us);
  guint n_lines =
      flash_doctor_port_count_lines (host, FLASH_HOST_LOG_OVER_CURRENT, self->log_since_us);

  if (host->can_read_log)
    symptoms->n_disconnects =
        (gint) flash_doctor_port_count_lines (host, FLASH_HOST_LOG_GONE, self->log_since_us);
  symptoms->descriptor_errno = flash_doctor_port_get_descriptor_errno (host, since_us);
  symptoms->is_descriptor_last = flash_doctor_port_get_descriptor_errno (host, life_us) != 0;
  symptoms->is_over_current_last = is_newer (self, FLASH_HOST_LOG_OVER_CURRENT, life_us);
  symptoms->n_same_serial = host->n_same_serial;
  if (symptoms->port == FLASH_PORT_HELD)
    symptoms->holder = host->holder;
  symptoms->n_over_currents = n_lines;
  if (port == NULL || !port->is_known)
    return;
  if (port->over_current_count > self->n_over_currents)
    symptoms->n_over_currents = MAX (n_lines, port->over_current_count - self->n_over_currents);
  symptoms->is_usb3_port = port->is_usb3;
  symptoms->can_suspend = port->can_suspend;
  /* The first of them is the computer's own. */
  if (port->hops->len > 0)
    symptoms->n_hubs = (gint) port->hops->len - 1;
}

/* Where a board may be opened without a rule, something else gives the right. */
static FlashTri
get_has_rule (FlashDoctor *self)
{
  if (self->host->gives_access == FLASH_TRI_NO &&
      (self->seen == NULL || flash_board_get_access (self->seen) == FLASH_ACCESS_OK))
    return FLASH_TRI_UNKNOWN;
  return self->host->gives_access;
}

static void
add_host (FlashDoctor *self, FlashSymptoms *symptoms)
{
  const FlashHostMachine *machine = &self->host->machine;

  symptoms->vm = machine->vm;
  symptoms->is_flatpak = machine->is_flatpak;
  symptoms->battery_percent = machine->battery_percent;
  symptoms->rival = choose_rival (self->host);
  symptoms->has_rule = get_has_rule (self);
  add_host_port (self, symptoms);
}

static void
add_console (FlashDoctor *self, FlashSymptoms *symptoms)
{
  const FlashConsoleMark *mark;

  if (self->console == NULL)
    return;
  mark = flash_console_find_failure (self->console, self->follow_us);
  symptoms->console_mark = mark != NULL ? mark->name : NULL;
  if (flash_console_has_spoken (self->console, self->follow_us))
    symptoms->console_speaks = FLASH_TRI_YES;
  else if (flash_console_is_open (self->console))
    symptoms->console_speaks = FLASH_TRI_NO;
}

static gboolean
has_problem (FlashDoctor *self, const char *const *codes)
{
  for (guint i = 0; codes[i] != NULL; i++)
    if (flash_diag_list_find (self->problems, codes[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Returns: the Id of the row in that line of the layout; -1 if there is none. */
static gint
find_id (FlashDoctor *self, guint line)
{
  FlashLayout *layout = self->plan != NULL ? flash_plan_get_layout (self->plan) : NULL;
  guint n_rows = layout != NULL ? flash_layout_get_n_rows (layout) : 0;

  for (guint i = 0; i < n_rows; i++) {
    FlashLayoutRow *row = flash_layout_get_row (layout, i);

    if (flash_layout_row_get_line (row) == line)
      return flash_layout_row_get_id (row);
  }
  return -1;
}

/* Boot stages that are sent come first: what the storage gets does not run now. */
static void
add_image_chip (FlashDoctor *self, FlashSymptoms *symptoms)
{
  static const struct {
    const char *code;
    gint id; /* -1: that of the line */
  } faults[] = {
    { "fsbl-wrong-chip", ID_OF_FIRST_STAGE },
    { "fip-wrong-chip", ID_OF_SECOND_STAGE },
    { "stage-for-other-chip", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    const FlashDiag *diag = flash_diag_list_find (self->problems, faults[i].code);

    if (diag == NULL)
      continue;
    symptoms->image_chip = "another chip";
    symptoms->image_chip_id =
        faults[i].id >= 0 ? faults[i].id : find_id (self, flash_diag_get_line (diag));
    return;
  }
}

/* What was found about the layout and its files, by the codes of the layout room. */
static void
add_problems (FlashDoctor *self, FlashSymptoms *symptoms)
{
  static const char *const no_usb[] = { "fsbl-without-usb", NULL };
  static const char *const other_flow[] = { "second-stage-not-fip", "fsbl-older-than-fip", NULL };
  static const char *const too_small[] = { "offset-beyond-end", NULL };

  if (self->problems == NULL)
    return;
  symptoms->lacks_usb_boot = flash_tri_from_boolean (has_problem (self, no_usb));
  symptoms->has_flow_mismatch = flash_tri_from_boolean (has_problem (self, other_flow));
  symptoms->exceeds_storage = flash_tri_from_boolean (has_problem (self, too_small));
  add_image_chip (self, symptoms);
}

void
_flash_doctor_fill_symptoms (FlashDoctor *self, FlashSymptoms *out_symptoms)
{
  FlashMoment moment = self->moment == FLASH_MOMENT_AFTER ? FLASH_MOMENT_AFTER
                       : _flash_doctor_is_away (self)     ? FLASH_MOMENT_AWAY
                                                          : FLASH_MOMENT_BEFORE;

  flash_symptoms_init (out_symptoms, moment);
  out_symptoms->is_virtual = _flash_doctor_is_virtual (self);
  add_job (self, out_symptoms);
  add_link (self, out_symptoms);
  add_port (self, out_symptoms);
  if (self->host != NULL && !out_symptoms->is_virtual)
    add_host (self, out_symptoms);
  add_console (self, out_symptoms);
  add_problems (self, out_symptoms);
  memcpy (out_symptoms->seen, self->answers, sizeof self->answers);
  if (self->plan != NULL && out_symptoms->wants_high_speed == FLASH_TRI_YES) {
    out_symptoms->seconds_at_speed =
        flash_doctor_cost (self->plan, out_symptoms->is_full_speed == FLASH_TRI_YES);
    out_symptoms->seconds_at_high_speed = flash_doctor_cost (self->plan, FALSE);
  }
}
