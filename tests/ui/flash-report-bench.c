/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-bench"

#include "config.h"

#include "flash-report-bench.h"

static void
add_section (FlashReport *report, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  flash_report_add_section (report, name, node);
}

FlashReport *
flash_report_bench_new (void)
{
  FlashReport *report = flash_report_new ();

  flash_report_add_secret (report, "serial", FLASH_REPORT_BENCH_SERIAL);
  add_section (report, "board",
               "{\"id\": \"usb:1-4\", \"serial\": \"" FLASH_REPORT_BENCH_SERIAL
               "\", \"chip\": \"STM32MP15\", \"speed\": \"high\", \"virtual\": false, "
               "\"access_detail\": null, \"alternates\": [\"@FSBL /0x01/1*1Me\", "
               "\"@virtual /0xF1/1*512Ba\"]}");
  add_section (report, "findings",
               "{\"certainty\": \"likely\", \"code\": \"never-came-back\", \"candidates\": "
               "[\"board-silent\", \"from-another-version\"], \"notes\": [\"full-speed-link\"]}");
  add_section (report, "versions",
               "{\"flashwright\": \"0.1.0\", \"parts\": {\"glib\": \"2.74.6\"}}");
  flash_report_add_text (report, "layout.tsv", "#Opt\tId\tName\nP\t0x01\tfsbl-boot\n");
  flash_report_add_text (report, "console.txt", "NOTICE:  CPU: STM32MP157CAC Rev.B\n");
  flash_report_add_moment (report, 0, "user", "Flash pressed", NULL);
  flash_report_add_moment (report, 310, "job", "Sending partition 0x01", NULL);
  flash_report_add_moment (report, 1450, "port", "The port is empty", NULL);
  flash_report_add_moment (report, 2100, "console", "PANIC at PC : 0x2ffeebb7", NULL);
  flash_report_add_moment (report, 2180, "kernel", "usb 1-4: USB disconnect, device number 7",
                           NULL);
  flash_report_add_moment (report, 62345, "advice", "The board left the bus and did not come back.",
                           "never-came-back");
  return report;
}

char *
flash_report_bench_dup_refusal (const char *folder)
{
  return g_strdup_printf ("“R&amp;D.zip” was not saved: R&amp;D.zip: there is no folder “%s/none”",
                          folder);
}
