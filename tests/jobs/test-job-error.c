/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-advice.h"
#include "flash-dfu-status.h"
#include "flash-event.h"
#include "flash-job-error.h"
#include "flash-transport.h"

/* Every way in which a job can end has its advice. */
static void
test_advice (void)
{
  for (gint code = 0; code <= FLASH_JOB_ERROR_WRITTEN_ELSEWHERE; code++) {
    const char *name = flash_job_error_get_name ((FlashJobError) code);

    g_assert_nonnull (name);
    g_test_message ("%s", name);
    g_assert_nonnull (flash_advice_find (name));
  }
  g_assert_nonnull (flash_advice_find ("cancelled"));
  /* The warnings of a job. */
  g_assert_nonnull (flash_advice_find ("full-speed-link"));
  g_assert_nonnull (flash_advice_find ("needs-reset"));
  g_assert_nonnull (flash_advice_find ("neighbours-still-saved"));
  g_assert_nonnull (flash_advice_find ("nothing-to-start"));
  g_assert_nonnull (flash_advice_find ("still-waiting"));
  g_assert_nonnull (flash_advice_find ("suffix-other-device"));
  g_assert_nonnull (flash_advice_find ("update-continued"));
}

static void
test_adopt (void)
{
  static const struct {
    const char *quark;
    gint code;
    gint adopted;
  } cases[] = {
    { "flash-transport-error-quark", FLASH_TRANSPORT_ERROR_NO_PERMISSION,
      FLASH_JOB_ERROR_NO_PERMISSION },
    { "flash-transport-error-quark", FLASH_TRANSPORT_ERROR_BUSY, FLASH_JOB_ERROR_BUSY },
    { "flash-transport-error-quark", FLASH_TRANSPORT_ERROR_GONE, FLASH_JOB_ERROR_BOARD_GONE },
    { "flash-transport-error-quark", FLASH_TRANSPORT_ERROR_STALL, FLASH_JOB_ERROR_LINK },
    { "flash-transport-error-quark", FLASH_TRANSPORT_ERROR_TIMED_OUT, FLASH_JOB_ERROR_NO_ANSWER },
    { "flash-transport-error-quark", FLASH_TRANSPORT_ERROR_IO, FLASH_JOB_ERROR_LINK },
    { "flash-dfu-error-quark", FLASH_DFU_ERROR_DEVICE, FLASH_JOB_ERROR_BOARD_REPORTED },
    { "flash-dfu-error-quark", FLASH_DFU_ERROR_STUCK_BUSY, FLASH_JOB_ERROR_NO_ANSWER },
    { "flash-dfu-error-quark", FLASH_DFU_ERROR_BAD_ANSWER, FLASH_JOB_ERROR_LINK },
    { "flash-dfu-error-quark", FLASH_DFU_ERROR_UNREADABLE, FLASH_JOB_ERROR_CANNOT_READ },
    { "flash-dfu-error-quark", FLASH_DFU_ERROR_TARGET, FLASH_JOB_ERROR_OUTSIDE_MEMORY },
    { "flash-dfu-error-quark", FLASH_DFU_ERROR_UNSUPPORTED, FLASH_JOB_ERROR_UNSUPPORTED },
    { "g-io-error-quark", G_IO_ERROR_PARTIAL_INPUT, FLASH_JOB_ERROR_FILE_CHANGED },
    { "g-io-error-quark", G_IO_ERROR_PERMISSION_DENIED, FLASH_JOB_ERROR_FILE_UNREADABLE },
    { "flash-job-error-quark", FLASH_JOB_ERROR_PHASE_STUCK, FLASH_JOB_ERROR_PHASE_STUCK },
  };

  /* The domains must be registered under these names. */
  flash_transport_error_quark ();
  flash_dfu_error_quark ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error =
        g_error_new_literal (g_quark_from_string (cases[i].quark), cases[i].code, "why");

    flash_job_error_adopt (&error);
    g_assert_error (error, FLASH_JOB_ERROR, cases[i].adopted);
    g_assert_cmpstr (error->message, ==, "why");
    g_assert_cmpstr (flash_job_error_get_stable_code (error), ==,
                     flash_job_error_get_name ((FlashJobError) cases[i].adopted));
  }
}

static void
test_cancel_stays (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stop");

  flash_job_error_adopt (&error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (flash_job_error_get_stable_code (error), ==, "cancelled");
  flash_job_error_adopt (NULL);
}

/* The words of the JSON contract. */
static void
test_event_names (void)
{
  static const char *const names[] = { "stage",    "partition", "step",    "warning", "lost",
                                       "returned", "paused",    "resumed", "written", "dropped",
                                       "verified", "started",   "failed",  "finished" };
  static const char *const activities[] = { "connecting", "sending", "storing", "waiting",
                                            "verifying",  "reading", "erasing", "paused" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (flash_event_kind_get_name ((FlashEventKind) i), ==, names[i]);
  for (guint i = 0; i < G_N_ELEMENTS (activities); i++)
    g_assert_cmpstr (flash_activity_get_name ((FlashActivity) i), ==, activities[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job-error/advice", test_advice);
  g_test_add_func ("/job-error/adopt", test_adopt);
  g_test_add_func ("/job-error/cancel-stays", test_cancel_stays);
  g_test_add_func ("/job-error/event-names", test_event_names);
  return g_test_run ();
}
