/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-words"

#include "config.h"

#include "flash-board-facts.h"
#include "flash-job-log.h"
#include "flash-layout.h"
#include "flash-loader.h"
#include "flash-words.h"

#include "flash-test-images.h"

static void
test_durations (void)
{
  static const struct {
    guint64 duration_ms;
    const char *text;
  } table[] = {
    { 0, "less than a second" },    { 499, "less than a second" },     { 500, "1 second" },
    { 1499, "1 second" },           { 59499, "59 seconds" },           { 60000, "1 minute" },
    { 61000, "1 minute 1 second" }, { 125000, "2 minutes 5 seconds" }, { 3600000, "60 minutes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *text = flash_words_dup_duration (table[i].duration_ms);

    g_assert_cmpstr (text, ==, table[i].text);
  }
}

/* Whatever keeps a board from being opened has an advice, and nothing else has. */
static void
test_access (void)
{
  for (FlashAccess access = FLASH_ACCESS_OK; access <= FLASH_ACCESS_SILENT; access++) {
    const char *code = flash_board_facts_get_access_code (access);

    g_assert_cmpint (code != NULL, ==, access != FLASH_ACCESS_OK);
    g_assert_cmpint (flash_words_access (access) != NULL, ==, access != FLASH_ACCESS_OK);
    if (code != NULL)
      g_assert_nonnull (flash_advice_find (code));
  }
}

static void
test_stages (void)
{
  g_assert_cmpstr (flash_words_stage ("rom"), ==, "ROM");
  g_assert_cmpstr (flash_words_stage ("tf-a"), ==, "TF-A");
  g_assert_cmpstr (flash_words_stage ("u-boot"), ==, "U-Boot");
  g_assert_null (flash_words_stage ("another"));
  g_assert_null (flash_words_stage (NULL));
  g_assert_cmpstr (flash_words_stage_sentence ("rom"), ==, "Ready in ROM");
  g_assert_cmpstr (flash_words_stage_sentence ("tf-a"), ==, "Runs TF-A");
  g_assert_cmpstr (flash_words_stage_sentence ("u-boot"), ==, "Runs U-Boot");
  g_assert_cmpstr (flash_words_stage_sentence (NULL), ==, "Not in serial boot");
}

static void
test_speeds (void)
{
  g_assert_null (flash_words_speed (FLASH_SPEED_UNKNOWN));
  g_assert_cmpstr (flash_words_speed (FLASH_SPEED_LOW), ==, "low speed");
  g_assert_cmpstr (flash_words_speed (FLASH_SPEED_FULL), ==, "full speed");
  g_assert_cmpstr (flash_words_speed (FLASH_SPEED_HIGH), ==, "high speed");
  g_assert_cmpstr (flash_words_speed (FLASH_SPEED_SUPER), ==, "SuperSpeed");
}

static void
test_severities (void)
{
  g_assert_cmpstr (flash_words_severity (FLASH_SEVERITY_INFO), ==, "Note");
  g_assert_cmpstr (flash_words_severity (FLASH_SEVERITY_WARNING), ==, "Warning");
  g_assert_cmpstr (flash_words_severity (FLASH_SEVERITY_ERROR), ==, "Error");
  for (FlashSeverity severity = FLASH_SEVERITY_INFO; severity <= FLASH_SEVERITY_ERROR; severity++)
    g_assert_true (g_str_has_suffix (flash_words_severity_icon (severity), "-symbolic"));
}

/* The header of a catalogue is what an empty text would give. */
static void
test_translate (void)
{
  g_assert_cmpstr (flash_words_translate (""), ==, "");
  g_assert_cmpstr (flash_words_translate ("The job was stopped."), ==, "The job was stopped.");
}

static FlashLayout *
make_layout (const char *lines)
{
  g_autofree char *text = g_strconcat ("#Opt\tId\tName\tType\tIP\tOffset\tBinary\n", lines, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();

  return flash_layout_new_from_bytes (bytes, NULL, diags);
}

static void
test_options (void)
{
  static const struct {
    const char *line;
    const char *start;
  } table[] = {
    { "-\t0x01\ta\tBinary\tnone\t0x0\tf\n", "A boot stage" },
    { "-\t0x10\ta\tBinary\tmmc0\t0x4400\tf\n", "Not used" },
    { "P\t0x10\ta\tBinary\tmmc0\t0x4400\tf\n", "Written." },
    { "PD\t0x10\ta\tBinary\tmmc0\t0x4400\tf\n", "Erased, then written." },
    { "PE\t0x10\ta\tBinary\tmmc0\t0x4400\tnone\n", "In the partition table, but" },
    { "PED\t0x10\ta\tBinary\tmmc0\t0x4400\tnone\n", "In the partition table, erased" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (FlashLayout) layout = make_layout (table[i].line);
    g_autofree char *text = flash_words_dup_option (flash_layout_get_row (layout, 0));

    g_assert_true (g_str_has_prefix (text, table[i].start));
  }
}

static void
test_storages (void)
{
  static const struct {
    const char *ip;
    const char *text;
  } table[] = {
    { "none", "started from memory, not stored" },
    { "mmc0", "usually the SD card" },
    { "mmc1", "usually the eMMC" },
    { "nor0", "serial NOR flash" },
    { "nand0", "parallel NAND flash" },
    { "spi-nand0", "serial NAND flash" },
    { "ram0", "memory, gone after a reset" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *line = g_strdup_printf ("P\t0x10\ta\tBinary\t%s\t0x0\tf\n", table[i].ip);
    g_autoptr (FlashLayout) layout = make_layout (line);

    g_assert_cmpstr (flash_words_storage (flash_layout_get_row (layout, 0)), ==, table[i].text);
  }
}

/* What the board is left in is always followed by what to do. */
static void
test_next_steps (void)
{
  for (FlashBoardState state = FLASH_BOARD_UNTOUCHED; state <= FLASH_BOARD_AWAY; state++) {
    g_assert_true (g_str_has_suffix (flash_words_next_step (state, FALSE), "."));
    g_assert_true (g_str_has_suffix (flash_words_next_step (state, TRUE), "."));
  }
  g_assert_nonnull (strstr (flash_words_next_step (FLASH_BOARD_FINISHED, FALSE), "boot switches"));
  g_assert_nonnull (strstr (flash_words_next_step (FLASH_BOARD_NEEDS_RESET, FALSE), "Reset"));
}

static void
test_load_errors (void)
{
  static const struct {
    GQuark (*get_domain) (void);
    int code;
    const char *part;
  } table[] = {
    { flash_load_error_quark, FLASH_LOAD_ERROR_OTHER_KIND, "is neither a layout nor firmware" },
    { flash_load_error_quark, FLASH_LOAD_ERROR_MP_IMAGE, "is an image for an STM32MP board" },
    { flash_load_error_quark, FLASH_LOAD_ERROR_NOT_LOCAL, "not on this computer" },
    { flash_layout_error_quark, FLASH_LAYOUT_ERROR_TOO_LARGE, "larger than any layout" },
    { g_io_error_quark, G_IO_ERROR_NOT_FOUND, "does not exist" },
    { g_io_error_quark, G_IO_ERROR_PERMISSION_DENIED, "You may not read" },
    { g_io_error_quark, G_IO_ERROR_FAILED, "cannot be read: a message" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error =
        g_error_new_literal (table[i].get_domain (), table[i].code, "a message");
    g_autofree char *text = flash_words_dup_load_error (error, "a.tsv");

    g_assert_nonnull (strstr (text, "“a.tsv”"));
    g_assert_nonnull (strstr (text, table[i].part));
  }
}

static FlashPlan *
make_plan (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "layout.tsv", NULL);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLayout) layout = flash_layout_load (path, diags, &error);
  FlashPlan *plan;

  g_assert_no_error (error);
  plan = flash_plan_new_for_layout (layout, &error);
  g_assert_no_error (error);
  return plan;
}

static void
test_log (void)
{
  static const struct {
    FlashEvent event;
    const char *line;
  } table[] = {
    { { .kind = FLASH_EVENT_STAGE, .stage = "rom", .step = -1, .message = (char *) "DFU" },
      "    1.500  stage rom: DFU\n" },
    { { .kind = FLASH_EVENT_PARTITION, .step = 0, .bytes = 20256 },
      "    1.500  partition 0x01 fsbl-boot, 20256 bytes\n" },
    { { .kind = FLASH_EVENT_WRITTEN, .step = 0, .bytes = 20256, .duration_ms = 12034 },
      "    1.500  written 0x01 fsbl-boot, 20256 bytes after 12.034 s\n" },
    { { .kind = FLASH_EVENT_VERIFIED, .step = 99, .bytes = 1, .duration_ms = 7 },
      "    1.500  verified after 0.007 s\n" },
    { { .kind = FLASH_EVENT_LOST, .step = -1, .message = (char *) "U-Boot" },
      "    1.500  lost, waiting for U-Boot\n" },
    { { .kind = FLASH_EVENT_RETURNED, .step = -1, .duration_ms = 1000 },
      "    1.500  returned after 1.000 s\n" },
    { { .kind = FLASH_EVENT_WARNING, .step = -1, .code = "full-speed-link" },
      "    1.500  warning [full-speed-link]\n" },
    { { .kind = FLASH_EVENT_FAILED, .step = -1, .code = "link-error", .message = (char *) "stall" },
      "    1.500  failed [link-error] stall\n" },
    { { .kind = FLASH_EVENT_FAILED,
        .step = -1,
        .code = "layout-refused",
        .device_text = (char *) "bad\x1b[2J" },
      "    1.500  failed [layout-refused]\n           the board says: bad\xef\xbf\xbd[2J\n" },
    { { .kind = FLASH_EVENT_STARTED, .step = -1 }, "    1.500  started\n" },
    { { .kind = FLASH_EVENT_FINISHED, .step = -1, .duration_ms = 1500 },
      "    1.500  finished after 1.500 s\n" },
  };
  g_autofree char *dir = flash_test_make_layout_dir ();
  g_autoptr (FlashPlan) plan = make_plan (dir);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *line = flash_job_log_format (&table[i].event, plan, 1500000);

    g_assert_cmpstr (line, ==, table[i].line);
  }
  flash_test_remove_dir (dir);
}

/* Whatever kind of device it is, it has a name, a sentence and an icon of its own kind. */
static void
test_neighbours (void)
{
  g_assert_cmpstr (flash_words_neighbour_name (FLASH_USB_NEIGHBOUR_ST_LINK), ==, "ST-LINK");
  g_assert_cmpstr (flash_words_neighbour (FLASH_USB_NEIGHBOUR_FASTBOOT), ==,
                   "In fastboot mode. Reset it into serial boot.");
  for (int kind = FLASH_USB_NEIGHBOUR_ST_LINK; kind <= FLASH_USB_NEIGHBOUR_OTHER; kind++) {
    g_assert_cmpuint (strlen (flash_words_neighbour_name (kind)), >, 0);
    g_assert_true (g_str_has_suffix (flash_words_neighbour (kind), "."));
    g_assert_true (g_str_has_suffix (flash_words_neighbour_icon (kind), "-symbolic"));
    for (int other = FLASH_USB_NEIGHBOUR_ST_LINK; other < kind; other++)
      g_assert_cmpstr (flash_words_neighbour (kind), !=, flash_words_neighbour (other));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/durations", test_durations);
  g_test_add_func ("/words/access", test_access);
  g_test_add_func ("/words/stages", test_stages);
  g_test_add_func ("/words/speeds", test_speeds);
  g_test_add_func ("/words/severities", test_severities);
  g_test_add_func ("/words/translate", test_translate);
  g_test_add_func ("/words/options", test_options);
  g_test_add_func ("/words/storages", test_storages);
  g_test_add_func ("/words/next-steps", test_next_steps);
  g_test_add_func ("/words/load-errors", test_load_errors);
  g_test_add_func ("/words/log", test_log);
  g_test_add_func ("/words/neighbours", test_neighbours);
  return g_test_run ();
}
