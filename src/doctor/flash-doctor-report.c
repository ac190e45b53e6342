/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes into a support bundle. */
#define G_LOG_DOMAIN "flash-doctor-report"

#include "config.h"

#include "flash-doctor-private.h"

#include "flash-doctor-json.h"

#define STM32_HEADER_BYTES 256

#define add_text flash_doctor_json_add_text
#define add_number flash_doctor_json_add_number
#define add_tri flash_doctor_json_add_tri

static void
add_section (FlashReport *report, const char *name, JsonBuilder *builder)
{
  json_builder_end_object (builder);
  flash_report_add_section (report, name, json_builder_get_root (builder));
  g_object_unref (builder);
}

static JsonBuilder *
begin (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  return builder;
}

static void
add_alternates (JsonBuilder *builder, FlashDescriptors *descriptors)
{
  json_builder_set_member_name (builder, "alternates");
  json_builder_begin_array (builder);
  for (guint i = 0; i < descriptors->alternates->len; i++) {
    const FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);
    g_autofree char *valid = g_utf8_make_valid (alternate->name != NULL ? alternate->name : "", -1);

    json_builder_add_string_value (builder, valid);
  }
  json_builder_end_array (builder);
}

static void
add_board (FlashDoctor *self, FlashReport *report)
{
  JsonBuilder *builder = begin ();
  FlashDescriptors *descriptors = flash_board_get_descriptors (self->board);
  FlashSpeed speed = flash_board_get_speed (self->board);

  add_text (builder, "id", flash_board_get_id (self->board));
  add_text (builder, "port", flash_board_get_port (self->board));
  add_text (builder, "kind", flash_board_kind_get_name (self->facts.kind));
  add_text (builder, "name", self->facts.name);
  add_text (builder, "chip", self->facts.chip);
  add_text (builder, "stage", self->facts.stage);
  add_text (builder, "serial", self->facts.serial);
  add_text (builder, "speed", flash_speed_get_name (speed));
  add_text (builder, "access", flash_access_get_name (flash_board_get_access (self->board)));
  add_text (builder, "access_detail", flash_board_get_access_detail (self->board));
  add_tri (builder, "virtual", flash_tri_from_boolean (flash_board_is_virtual (self->board)));
  if (descriptors != NULL) {
    add_number (builder, "vid", descriptors->vid);
    add_number (builder, "pid", descriptors->pid);
    add_number (builder, "bcd_device", descriptors->bcd_device);
    add_text (builder, "product", descriptors->product);
    add_number (builder, "transfer_size", descriptors->transfer_size);
    add_alternates (builder, descriptors);
  }
  add_section (report, "board", builder);
}

static void
add_strings (JsonBuilder *builder, const char *name, char *const *strings)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; strings[i] != NULL; i++)
    json_builder_add_string_value (builder, strings[i]);
  json_builder_end_array (builder);
}

static void
add_rules (JsonBuilder *builder, GPtrArray *rules)
{
  json_builder_set_member_name (builder, "rules");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rules->len; i++) {
    const FlashHostRule *rule = g_ptr_array_index (rules, i);

    json_builder_begin_object (builder);
    add_text (builder, "path", rule->path);
    add_text (builder, "gives", rule->gives);
    add_tri (builder, "is_ours", flash_tri_from_boolean (rule->is_ours));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_serials (JsonBuilder *builder, GPtrArray *serials)
{
  json_builder_set_member_name (builder, "serial_ports");
  json_builder_begin_array (builder);
  for (guint i = 0; i < serials->len; i++) {
    const FlashHostSerial *serial = g_ptr_array_index (serials, i);

    json_builder_begin_object (builder);
    add_text (builder, "path", serial->path);
    add_text (builder, "port", serial->port);
    add_text (builder, "name", serial->name);
    add_tri (builder, "can_open", flash_tri_from_boolean (serial->can_open));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_kernel (const FlashDoctorHost *host, FlashReport *report)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < host->log->len; i++) {
    const FlashHostLogLine *line = g_ptr_array_index (host->log, i);

    g_string_append_printf (text, "%12.6f %s\n", (double) line->time_us / 1e6, line->text);
  }
  if (host->can_read_log)
    flash_report_add_text (report, "kernel.txt", text->str);
}

static void
add_host (const FlashDoctorHost *host, FlashReport *report)
{
  JsonBuilder *builder = begin ();
  /* A sandbox shows its own programs only: who else holds the board, or may, is not known there. */
  gboolean can_see_programs = host != NULL && host->machine.is_flatpak != FLASH_TRI_YES;

  if (host != NULL) {
    add_text (builder, "system", host->machine.system);
    add_text (builder, "kernel", host->machine.kernel);
    add_text (builder, "architecture", host->machine.architecture);
    add_text (builder, "vm", host->machine.vm);
    add_text (builder, "product", host->machine.product);
    add_text (builder, "container", host->machine.container);
    add_tri (builder, "is_flatpak", host->machine.is_flatpak);
    add_number (builder, "battery_percent", host->machine.battery_percent);
    add_rules (builder, host->rules);
    add_tri (builder, "can_see_programs", flash_tri_from_boolean (can_see_programs));
    if (can_see_programs)
      add_strings (builder, "rivals", host->rivals);
    else
      add_text (builder, "rivals", NULL);
    add_serials (builder, host->serials);
    add_text (builder, "holder", host->holder);
    add_tri (builder, "can_read_log", flash_tri_from_boolean (host->can_read_log));
    add_kernel (host, report);
  }
  add_section (report, "host", builder);
}

static void
add_usb (const FlashDoctorHost *host, FlashReport *report)
{
  JsonBuilder *builder = begin ();
  guint n_ports = host != NULL ? host->devices->len : 0;

  json_builder_set_member_name (builder, "devices");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_ports; i++) {
    const FlashHostPort *port = g_ptr_array_index (host->devices, i);

    json_builder_begin_object (builder);
    add_text (builder, "port", port->port);
    add_number (builder, "vid", port->vid);
    add_number (builder, "pid", port->pid);
    add_text (builder, "product", port->product);
    add_text (builder, "serial", port->serial);
    add_number (builder, "mbps", port->mbps);
    add_text (builder, "driver", port->driver);
    add_text (builder, "controller", port->controller);
    add_tri (builder, "is_usb3", port->is_usb3);
    add_tri (builder, "can_suspend", port->can_suspend);
    add_number (builder, "over_current_count", port->over_current_count);
    json_builder_end_object (builder);
    if (port->serial != NULL)
      flash_report_add_secret (report, "serial", port->serial);
  }
  json_builder_end_array (builder);
  add_section (report, "usb", builder);
}

static void
add_job (FlashDoctor *self, FlashReport *report)
{
  JsonBuilder *builder = begin ();
  const FlashSymptoms *symptoms = &self->symptoms;

  if (self->job != NULL) {
    const GError *error = flash_job_get_error (self->job);

    add_text (builder, "result",
              flash_job_is_running (self->job) ? "running"
              : error != NULL                  ? "failed"
                                               : "done");
    add_text (builder, "code", self->error_code);
    add_text (builder, "message", error != NULL ? error->message : NULL);
    add_text (builder, "device_text", self->device_text);
    add_text (builder, "stage", symptoms->stage);
    add_text (builder, "expected", symptoms->expected);
    add_number (builder, "last_id", symptoms->last_id);
    add_number (builder, "bytes_sent", (gint64) symptoms->bytes_sent);
    add_number (builder, "bytes_total", (gint64) symptoms->bytes_total);
  }
  add_section (report, "job", builder);
}

static void
add_layout_text (const FlashPlanStep *step, FlashReport *report)
{
  guint64 size = flash_source_get_size (step->source);
  g_autofree char *bytes = g_malloc0 (size + 1);
  g_autofree char *text = NULL;

  if (size <= STM32_HEADER_BYTES ||
      !flash_source_read (step->source, 0, (guint8 *) bytes, size, NULL))
    return;
  text = g_utf8_make_valid (bytes + STM32_HEADER_BYTES, (gssize) (size - STM32_HEADER_BYTES));
  flash_report_add_text (report, "layout.tsv", text);
}

static void
add_plan (FlashDoctor *self, FlashReport *report)
{
  JsonBuilder *builder = begin ();
  guint n_steps = self->plan != NULL ? flash_plan_get_n_steps (self->plan) : 0;

  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_steps; i++) {
    const FlashPlanStep *step = flash_plan_get_step (self->plan, i);

    json_builder_begin_object (builder);
    add_text (builder, "kind", flash_plan_kind_get_name (step->kind));
    add_number (builder, "id", step->id);
    add_text (builder, "name", step->name);
    add_number (builder, "bytes", (gint64) step->size);
    add_text (builder, "file", flash_source_get_name (step->source));
    add_text (builder, "sha256",
              self->hashes != NULL && i < self->hashes->len ? g_ptr_array_index (self->hashes, i)
                                                            : "not made");
    json_builder_end_object (builder);
    if (step->kind == FLASH_PLAN_LAYOUT)
      add_layout_text (step, report);
  }
  json_builder_end_array (builder);
  add_section (report, "plan", builder);
}

static void
add_findings (FlashDoctor *self, FlashReport *report)
{
  JsonBuilder *builder = begin ();

  flash_doctor_add_findings (self, builder);
  json_builder_set_member_name (builder, "answers");
  json_builder_begin_object (builder);
  for (guint i = FLASH_OBSERVATION_NONE + 1; i < FLASH_N_OBSERVATIONS; i++)
    if (self->answers[i] != FLASH_TRI_UNKNOWN)
      add_tri (builder, flash_observation_get_name (i), self->answers[i]);
  json_builder_end_object (builder);
  add_section (report, "findings", builder);
}

static void
add_versions (FlashReport *report)
{
  JsonBuilder *builder = begin ();
  g_autofree char *glib =
      g_strdup_printf ("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);

  add_text (builder, "flashwright", PACKAGE_VERSION);
  add_text (builder, "glib", glib);
  add_section (report, "versions", builder);
}

static void
add_console (FlashDoctor *self, FlashReport *report)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GPtrArray *lines;

  if (self->console == NULL)
    return;
  lines = flash_console_get_lines (self->console);
  for (guint i = 0; i < lines->len; i++) {
    const FlashConsoleLine *line = g_ptr_array_index (lines, i);

    g_string_append_printf (text, "%s\n", line->text);
  }
  flash_report_add_text (report, "console.txt", text->str);
}

static void
add_host_secrets (const FlashDoctorHost *host, FlashReport *report)
{
  for (guint i = 0; i < host->serials->len; i++) {
    const FlashHostSerial *serial = g_ptr_array_index (host->serials, i);

    if (serial->serial != NULL)
      flash_report_add_secret (report, "serial", serial->serial);
  }
}

static void
add_secrets (FlashDoctor *self, FlashReport *report)
{
  if (self->facts.serial != NULL)
    flash_report_add_secret (report, "serial", self->facts.serial);
  if (self->host != NULL)
    add_host_secrets (self->host, report);
  for (guint i = 0; i < self->serials->len; i++)
    flash_report_add_secret (report, "serial", g_ptr_array_index (self->serials, i));
}

void
flash_doctor_fill_report (FlashDoctor *self, FlashReport *report)
{
  g_autofree char *log = NULL;

  g_return_if_fail (FLASH_IS_DOCTOR (self) && report != NULL);

  log = flash_doctor_timeline_dup_text (self->timeline);
  add_secrets (self, report);
  add_board (self, report);
  add_host (self->host, report);
  add_usb (self->host, report);
  add_job (self, report);
  add_plan (self, report);
  add_findings (self, report);
  add_versions (report);
  add_console (self, report);
  flash_report_add_text (report, "log.txt", log);
  flash_doctor_timeline_fill (self->timeline, report);
}

void
flash_doctor_fill_host_report (const char *root, FlashReport *report)
{
  g_autoptr (FlashDoctorHost) host = NULL;

  g_return_if_fail (report != NULL);

  host = flash_doctor_host_new_for_computer (root);
  add_host_secrets (host, report);
  add_host (host, report);
  add_usb (host, report);
  add_versions (report);
}
