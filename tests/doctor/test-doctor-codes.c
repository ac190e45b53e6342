/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the judge's codes a doctor gives at all: jobs, ports, computers and consoles are played
 * to it, and every code of the rules that comes out is struck off. What is left is proved by the
 * table of the room advice alone, and is listed here: a rule that nobody can reach shows up. */
#include "config.h"

#include "flash-doctor-play.h"
#include "flash-findings-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define SERIAL FLASH_DOCTOR_PLAY_SERIAL
#define OTHER_SERIAL "0031002F3531510A33323599"
#define KERNEL "6,1,99999999999999,-;"

/* What these plays do not have: an STM32F0, a microcontroller that stays, a layout that erases,
 * twins that the computer lists; battery and power saving are left to the tests of the room host.
 * Engines and virtual boards bring the doctor to some of them in test-doctor-faults.c. */
static const char *const only_in_table[] = {
  "came-back-elsewhere", "f0-needs-hub",      "low-battery",   "many-hubs", "needs-reset",
  "port-may-suspend",    "same-serial-twice", "still-erasing", NULL
};

/* --- layouts -------------------------------------------------------------------------------- */

static const char *const ends[] = {
  "board-gone",   "board-silent",          "fsbl-did-not-start", "link-error",
  "no-answer",    "never-came-back",       "came-back-in-rom",   "fsbl-refused",
  "fip-refused",  "layout-refused",        "phase-stuck",        "unexpected-phase",
  "write-failed", "lost-at-partition-end", "no-permission",
};

static const struct {
  const char *product;
  const char *serial;
  FlashAccess access;
} places[] = {
  { FLASH_STILL_ROM, SERIAL, FLASH_ACCESS_OK },
  { FLASH_STILL_UBOOT, SERIAL, FLASH_ACCESS_OK },
  { FLASH_STILL_UBOOT, OTHER_SERIAL, FLASH_ACCESS_OK },
  { "USB download gadget", SERIAL, FLASH_ACCESS_OK },
  { "Toaster", SERIAL, FLASH_ACCESS_OK },
  { "", NULL, FLASH_ACCESS_OK },
  { FLASH_STILL_UBOOT, SERIAL, FLASH_ACCESS_NO_PERMISSION },
  { FLASH_STILL_UBOOT, SERIAL, FLASH_ACCESS_BUSY },
};

static void
play_places (GHashTable *reached, const FlashDoctorWay *way)
{
  for (guint i = 0; i <= G_N_ELEMENTS (places); i++) {
    g_autoptr (FlashBoard) board =
        i == G_N_ELEMENTS (places) ? NULL
                                   : flash_doctor_play_make_board (
                                         2, places[i].product, places[i].serial, places[i].access);
    FlashDoctorPlay play;

    flash_doctor_play_init (&play, NULL);
    flash_doctor_play_go (&play, way);
    flash_doctor_play_lose (&play, way, board);
    flash_doctor_play_ask (reached, play.doctor);
    for (guint k = 0; k < G_N_ELEMENTS (ends); k++) {
      flash_doctor_play_fail (&play, ends[k], NULL);
      flash_doctor_play_ask (reached, play.doctor);
    }
    flash_doctor_play_clear (&play);
  }
}

static void
test_places (gconstpointer data)
{
  for (guint i = 0; i < FLASH_DOCTOR_N_WAYS; i++)
    play_places ((GHashTable *) data, &flash_doctor_ways[i]);
}

static void
test_problems (gconstpointer data)
{
  static const char *const codes[] = { "fsbl-without-usb",    "fsbl-wrong-chip",
                                       "fip-wrong-chip",      "stage-for-other-chip",
                                       "fsbl-older-than-fip", "second-stage-not-fip",
                                       "offset-beyond-end" };
  GHashTable *reached = (GHashTable *) data;

  for (guint i = 0; i < G_N_ELEMENTS (codes) * FLASH_DOCTOR_N_WAYS; i++) {
    FlashDiagList *problems = flash_diag_list_new ();
    const FlashDoctorWay *way = &flash_doctor_ways[i % FLASH_DOCTOR_N_WAYS];
    FlashDoctorPlay play;

    flash_diag_list_add (problems, FLASH_SEVERITY_WARNING, codes[i / FLASH_DOCTOR_N_WAYS], 4, 7,
                         "text", NULL);
    flash_doctor_play_init (&play, NULL);
    flash_doctor_set_plan (play.doctor, play.bench->plan);
    flash_doctor_set_problems (play.doctor, problems);
    flash_doctor_play_add (reached, play.doctor);
    flash_doctor_play_go (&play, way);
    flash_doctor_play_lose (&play, way, NULL);
    flash_doctor_play_ask (reached, play.doctor);
    for (guint k = 0; k < G_N_ELEMENTS (ends); k++) {
      flash_doctor_play_fail (&play, ends[k], NULL);
      flash_doctor_play_add (reached, play.doctor);
    }
    flash_doctor_play_clear (&play);
    flash_diag_list_unref (problems);
  }
}

/* What boards say, and what it is worth. */
static void
test_words (gconstpointer data)
{
  for (const FlashFindingsText *text = flash_findings_texts; text->code != NULL; text++) {
    g_autofree char *words =
        g_strdup_printf ("a (0x10): %s 1 %s", text->text, text->also != NULL ? text->also : "");
    FlashDoctorPlay play;

    flash_doctor_play_init (&play, NULL);
    flash_doctor_play_go (&play, &flash_doctor_ways[3]);
    flash_doctor_play_fail (&play, "layout-refused", words);
    g_assert_cmpstr (flash_doctor_get_findings (play.doctor)->cause->code, ==, text->code);
    flash_doctor_play_add ((GHashTable *) data, play.doctor);
    flash_doctor_play_clear (&play);
  }
  for (guint i = 1; i < 4; i += 2) {
    FlashDoctorPlay play;

    flash_doctor_play_init (&play, NULL);
    flash_doctor_play_go (&play, &flash_doctor_ways[i]);
    flash_doctor_play_fail (&play, "layout-refused", "Layout: invalid checksum");
    flash_doctor_play_ask ((GHashTable *) data, play.doctor);
    flash_doctor_play_clear (&play);
  }
}

/* --- computers ------------------------------------------------------------------------------ */

static void
be_virtual (const char *root)
{
  flash_doctor_bench_write (root, "proc/cpuinfo", "flags : fpu hypervisor\n");
  flash_doctor_bench_write (root, "sys/class/dmi/id/sys_vendor", "innotek GmbH\n");
  flash_doctor_bench_write (root, "sys/class/dmi/id/product_name", "VirtualBox\n");
}

static void
be_flatpak (const char *root)
{
  flash_doctor_bench_write (root, ".flatpak-info", "[Application]\n");
}

static void
add_device (const char *root, const char *port, const char *serial)
{
  static const char *const files[] = { "idVendor", "0483\n", "idProduct", "df11\n",
                                       "busnum",   "1\n",    "devnum",    "5\n" };
  g_autofree char *line = g_strconcat (serial, "\n", NULL);
  g_autofree char *name = g_strconcat ("sys/bus/usb/devices/", port, "/serial", NULL);

  flash_doctor_bench_write (root, name, line);
  for (guint i = 0; i < G_N_ELEMENTS (files); i += 2) {
    g_autofree char *path = g_strconcat ("sys/bus/usb/devices/", port, "/", files[i], NULL);

    flash_doctor_bench_write (root, path, files[i + 1]);
  }
}

static void
have_twins (const char *root)
{
  add_device (root, "1-2", SERIAL);
  add_device (root, "1-9", SERIAL);
}

static void
run_fwupd (const char *root)
{
  flash_doctor_bench_write (root, "proc/4711/comm", "fwupd\n");
}

static void
run_modem_manager (const char *root)
{
  flash_doctor_bench_write (root, "proc/4711/comm", "ModemManager\n");
}

static void
be_held_by_vm (const char *root)
{
  g_autofree char *link = g_build_filename (root, "proc/4711/fd/3", NULL);

  add_device (root, "1-2", SERIAL);
  flash_doctor_bench_write (root, "dev/bus/usb/001/005", "");
  flash_doctor_bench_write (root, "proc/4711/comm", "VirtualBoxVM\n");
  flash_doctor_bench_write (root, "proc/4711/fd/0", "");
  g_assert_cmpint (symlink ("/dev/bus/usb/001/005", link), ==, 0);
}

static void
refuse_descriptor (const char *root)
{
  flash_doctor_bench_write (root, "dev/kmsg",
                            KERNEL "usb 1-2: device descriptor read/64, error -110\n");
}

static void
draw_too_much (const char *root)
{
  flash_doctor_bench_write (root, "dev/kmsg", KERNEL "usb usb1-port2: over-current condition\n");
}

static void
leave_often (const char *root)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 9; i++)
    g_string_append (text, KERNEL "usb 1-2: USB disconnect, device number 5\n");
  flash_doctor_bench_write (root, "dev/kmsg", text->str);
  g_string_free (text, TRUE);
}

static void
appear_elsewhere (const char *root)
{
  add_device (root, "1-9", SERIAL);
}

static void
test_computers (gconstpointer data)
{
  static const struct {
    void (*before) (const char *root);
    void (*away) (const char *root);
  } rows[] = {
    { be_virtual, NULL },        { be_flatpak, NULL },        { have_twins, NULL },
    { run_fwupd, NULL },         { run_modem_manager, NULL }, { be_held_by_vm, NULL },
    { NULL, refuse_descriptor }, { NULL, draw_too_much },     { NULL, leave_often },
    { NULL, appear_elsewhere },
  };
  static const FlashAccess accesses[] = { FLASH_ACCESS_OK, FLASH_ACCESS_NO_PERMISSION,
                                          FLASH_ACCESS_BUSY };
  GHashTable *reached = (GHashTable *) data;

  for (guint i = 0; i < G_N_ELEMENTS (rows) * FLASH_DOCTOR_N_WAYS; i++) {
    const FlashDoctorWay *way = &flash_doctor_ways[i % FLASH_DOCTOR_N_WAYS];
    guint row = i / FLASH_DOCTOR_N_WAYS;
    FlashDoctorPlay play;

    flash_doctor_play_init (&play, rows[row].before);
    for (guint k = 0; k < G_N_ELEMENTS (accesses); k++) {
      g_autoptr (FlashBoard) board =
          flash_doctor_play_make_board (1, FLASH_STILL_ROM, SERIAL, accesses[k]);

      flash_still_provider_set_board (play.provider, board);
      flash_doctor_look (play.doctor);
      flash_doctor_play_add (reached, play.doctor);
    }
    flash_doctor_play_go (&play, way);
    if (rows[row].away != NULL)
      rows[row].away (play.root);
    flash_doctor_play_lose (&play, way, NULL);
    flash_doctor_play_ask (reached, play.doctor);
    flash_doctor_play_clear (&play);
  }
}

/* --- consoles and microcontrollers ---------------------------------------------------------- */

static void
play_line (GHashTable *reached, const char *line, const char *name)
{
  int terminal = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_autoptr (FlashConsole) console = NULL;
  gssize length = (gssize) strlen (line);
  FlashDoctorPlay play;

  g_assert_cmpint (terminal, >=, 0);
  g_assert_cmpint (grantpt (terminal) + unlockpt (terminal), ==, 0);
  console = flash_console_open (ptsname (terminal), NULL);
  g_assert_nonnull (console);
  flash_doctor_play_init (&play, NULL);
  flash_doctor_set_console (play.doctor, console);
  flash_doctor_play_go (&play, &flash_doctor_ways[3]);
  flash_doctor_play_lose (&play, &flash_doctor_ways[3], NULL);
  g_assert_cmpint (write (terminal, line, (gsize) length), ==, length);
  while (flash_doctor_get_symptoms (play.doctor)->console_mark == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (flash_doctor_get_symptoms (play.doctor)->console_mark, ==, name);
  flash_doctor_play_add (reached, play.doctor);
  flash_doctor_set_console (play.doctor, NULL);
  flash_console_close (console);
  flash_doctor_play_clear (&play);
  g_close (terminal, NULL);
}

static void
test_consoles (gconstpointer data)
{
  static const char *const lines[] = {
    "ERROR:   Boot interface 6 not supported\r\n",
    "wrong-boot-interface",
    "ERROR:   DDR power init failed\r\n",
    "ddr-failed",
    "ERROR:   Failed to access PMIC\r\n",
    "pmic-failed",
    "No valid device tree binary found at c0180000\r\n",
    "wrong-board",
    "ERROR:   FIP Header check failed for phase 3\r\n",
    "image-refused",
    "PANIC at PC : 0x2ffea97f\r\n",
    "panic",
    /* It has run before, and tells of its reset at the next start. */
    "U-Boot 2022.10\r\nNOTICE:  CPU: STM32MP157CAC Rev.B\r\n"
    "INFO:    Reset reason: IWDG system reset (iwdgX_out_rst)\r\n",
    "watchdog",
    "g_dnl_register failed\r\n",
    "no-usb-gadget",
    "Error: bootfs (0x21): MMC erase failed\r\n",
    "storage-failed",
    "Error: MTD device nand0 not found\r\n",
    "storage-unknown",
    "Error: boot1 (0x4): erase invalid\r\n",
    "erase-unknown",
    "Error: GPT partitionning fail: x\r\n",
    "partition-table-refused",
    "Request would exceed designated area!\r\n",
    "file-too-large",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i += 2)
    play_line ((GHashTable *) data, lines[i], lines[i + 1]);
}

static void
test_chips (gconstpointer data)
{
  static const char *const models[] = { "stm32f405", "stm32h755" };
  static const FlashDoctorWay chip_ways[] = { { "bootloader", -1, "bootloader" },
                                              { "bootloader", -1, "runtime" } };
  static const char *const chip_ends[] = { "read-refused", "link-error", "board-gone",
                                           "never-came-back" };
  const FlashSnapshot all = { .step = -1, .bytes_done = 4096, .bytes_total = 4096 };

  for (guint i = 0; i < 8; i++) {
    const FlashDoctorWay *way = &chip_ways[i / 4];
    g_autoptr (FlashSimDevice) device = NULL;
    FlashDoctorPlay play;

    flash_doctor_play_init_chip (&play, models[i % 2]);
    flash_doctor_play_go (&play, way);
    _flash_doctor_take_progress (play.doctor, &all);
    device = flash_sim_provider_dup_device (FLASH_SIM_PROVIDER (play.chip->job.provider),
                                            flash_board_get_port (play.chip->job.board));
    if (i % 4 < 2)
      flash_sim_device_unplug (device);
    else if (way->expected[0] == 'r') {
      flash_sim_device_unplug (device);
      flash_doctor_bench_write (play.root, "sys/bus/usb/devices/1-1/idVendor", "0483\n");
      flash_doctor_bench_write (play.root, "sys/bus/usb/devices/1-1/idProduct", "5740\n");
    }
    flash_doctor_play_lose (&play, way, NULL);
    flash_doctor_play_ask ((GHashTable *) data, play.doctor);
    for (guint k = 0; k < G_N_ELEMENTS (chip_ends); k++) {
      flash_doctor_play_fail (&play, chip_ends[k], NULL);
      flash_doctor_play_ask ((GHashTable *) data, play.doctor);
    }
    g_clear_object (&device);
    flash_doctor_play_clear (&play);
  }
}

/* --- what is left --------------------------------------------------------------------------- */

static void
add_rules (GHashTable *all, const FlashFindingsRule *rules)
{
  for (; rules->code != NULL; rules++)
    g_hash_table_add (all, (gpointer) rules->code);
}

static void
add_options (GHashTable *all, const FlashFindingsOption *options)
{
  for (; options->code != NULL; options++)
    g_hash_table_add (all, (gpointer) options->code);
}

/* Returns: (transfer full): every code of the rules. */
static GHashTable *
make_all (void)
{
  GHashTable *all = g_hash_table_new (g_str_hash, g_str_equal);

  add_rules (all, flash_findings_access);
  add_rules (all, flash_findings_proofs);
  add_rules (all, flash_findings_places);
  add_rules (all, flash_findings_restarts);
  add_rules (all, flash_findings_answers);
  add_rules (all, flash_findings_likely);
  add_rules (all, flash_findings_ends);
  add_rules (all, flash_findings_hurdles);
  add_rules (all, flash_findings_notes);
  add_options (all, flash_findings_options);
  add_options (all, flash_findings_restart_options);
  add_options (all, flash_findings_end_options);
  for (const FlashFindingsMark *mark = flash_findings_marks; mark->mark != NULL; mark++)
    g_hash_table_add (all, (gpointer) mark->code);
  for (const FlashFindingsText *text = flash_findings_texts; text->code != NULL; text++)
    g_hash_table_add (all, (gpointer) text->code);
  return all;
}

static void
test_left (gconstpointer data)
{
  g_autoptr (GHashTable) all = make_all ();
  GHashTableIter iter;
  gpointer code;

  g_assert_cmpuint (g_hash_table_size (all), >=, 90);
  g_hash_table_iter_init (&iter, all);
  while (g_hash_table_iter_next (&iter, &code, NULL)) {
    gboolean is_reached = g_hash_table_contains ((GHashTable *) data, code);

    if (!is_reached)
      g_test_message ("only by the table: %s", (const char *) code);
    if (is_reached == g_strv_contains (only_in_table, code))
      g_test_fail_printf ("%s: %s", (const char *) code,
                          is_reached ? "is reached after all" : "is never said");
  }
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    GTestDataFunc test;
  } tests[] = {
    { "/doctor-codes/places", test_places },     { "/doctor-codes/problems", test_problems },
    { "/doctor-codes/words", test_words },       { "/doctor-codes/computers", test_computers },
    { "/doctor-codes/consoles", test_consoles }, { "/doctor-codes/chips", test_chips },
    { "/doctor-codes/left", test_left },
  };
  g_autoptr (GHashTable) reached = g_hash_table_new (g_str_hash, g_str_equal);

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_data_func (tests[i].path, reached, tests[i].test);
  return g_test_run ();
}
