/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board that is away: what is said, and how the job goes on. On virtual boards; what this
 * computer has to do with it is in test-handover-usb.c. */
#define G_LOG_DOMAIN "test-handover"

#include "config.h"

#include "flash-app-test.h"
#include "flash-handover-words.h"
#include "flash-sim-provider.h"

/* Where rootfs lies on the SD card, by the layout of the fixture. */
#define ROOTFS_OFFSET 0x04984400
#define MIB (1024 * 1024)

static GSettings *
get_settings (void)
{
  return flash_application_get_settings (flash_app_test.application);
}

/* A rootfs that takes a while. */
static void
write_large_rootfs (FlashAppFixture *fixture)
{
  g_autoptr (GBytes) rootfs = flash_test_make_ext4 (4 * MIB, 4 * MIB);

  flash_test_write_file (fixture->layout_dir, "rootfs.ext4", rootfs);
}

static FlashSimDevice *
dup_device (FlashBoardEntry *entry)
{
  return flash_sim_provider_dup_device (
      FLASH_SIM_PROVIDER (flash_application_get_virtual_provider (flash_app_test.application)),
      flash_board_get_port (flash_board_entry_get_board (entry)));
}

/* However small the window is. */
static void
click (FlashAppFixture *fixture, const char *id)
{
  GtkWidget *button = flash_app_get (fixture, id);

  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static FlashBoardEntry *
start_until_rootfs (FlashAppFixture *fixture, const char *keys)
{
  FlashBoardEntry *entry;

  write_large_rootfs (fixture);
  flash_app_open (fixture, fixture->layout_path);
  entry = flash_app_choose_board (fixture, keys);
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Sending rootfs"));
  return entry;
}

/* J14: the cable is pulled in the middle of the largest partition. */
static void
test_unplugged (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry = start_until_rootfs (fixture, "latency=2000");
  g_autoptr (FlashSimDevice) device = dup_device (entry);

  flash_sim_device_unplug (device);
  flash_ui_wait_until (flash_app_says (fixture, "handover_label", "The board was unplugged"));
  flash_ui_wait_until (flash_app_says (fixture, "left_label", "8 of 10 partitions are complete."));
  flash_ui_wait_until (strstr (flash_app_get_text (fixture, "left_label"),
                               "“rootfs” will be sent again from its beginning.") != NULL);
  flash_ui_wait_until (flash_app_says (fixture, "port_label", "The port shows nothing"));
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "step_list"), GTK_TYPE_LABEL, "Interrupted"));
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "step_list"), GTK_TYPE_LABEL, "Written"));
  g_assert_true (flash_app_has (fixture, "give_up_button"));
  g_assert_true (
      gtk_widget_has_css_class (flash_app_get (fixture, "go_on_button"), "suggested-action"));
  g_assert_false (flash_app_has (fixture, "wait_bar"));

  /* That it is back is said, and nothing more happens by itself. */
  flash_sim_device_plug (device);
  flash_ui_wait_until (strstr (flash_app_get_text (fixture, "left_label"), "The board is back.") !=
                       NULL);
  click (fixture, "go_on_button");
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Sending rootfs"));
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  g_assert_cmpstr (flash_app_get_fact (fixture, "written_row"), ==, "10 of 10 partitions");
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
}

/* The answer may come before the board. */
static void
test_continued_early (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry = start_until_rootfs (fixture, "latency=2000");
  g_autoptr (FlashSimDevice) device = dup_device (entry);

  flash_sim_device_unplug (device);
  flash_ui_wait_until (flash_app_has (fixture, "go_on_button"));
  click (fixture, "go_on_button");
  flash_ui_wait_until (!flash_app_has (fixture, "go_on_button") ||
                       !gtk_widget_is_sensitive (flash_app_get (fixture, "go_on_button")));
  flash_sim_device_plug (device);
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Sending rootfs"));
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
}

static void
test_given_up (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry = start_until_rootfs (fixture, "latency=2000");
  g_autoptr (FlashSimDevice) device = dup_device (entry);

  flash_sim_device_unplug (device);
  flash_ui_wait_until (flash_app_has (fixture, "give_up_button"));
  click (fixture, "give_up_button");
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "code_label"), ==, "board-gone");
  g_assert_true (g_str_has_prefix (flash_app_get_fact (fixture, "written_row"),
                                   "8 of 10 partitions\nrootfs: "));
  g_assert_true (flash_app_has (fixture, "report_button"));
  g_assert_true (flash_app_has (fixture, "help_button"));
}

/* Stopping is possible while nobody has answered. */
static void
test_stopped (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry = start_until_rootfs (fixture, "latency=2000");
  g_autoptr (FlashSimDevice) device = dup_device (entry);

  flash_sim_device_unplug (device);
  flash_ui_wait_until (flash_app_has (fixture, "go_on_button"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "code_label"), ==, "cancelled");
}

/* The board begins again in its ROM: that is offered once, and works. */
static void
test_rom (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=return-as-rom@tfa");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "begin_again_button"));
  g_assert_true (
      flash_app_says (fixture, "handover_label", "The board has started again from the beginning"));
  g_assert_true (
      gtk_widget_has_css_class (flash_app_get (fixture, "begin_again_button"), "suggested-action"));
  flash_ui_wait_until (flash_app_says (fixture, "advice_code_label", "came-back-in-rom"));
  g_assert_true (
      flash_app_says (fixture, "port_label", "The port shows the ROM of the board again"));
  click (fixture, "begin_again_button");
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
}

static void
test_rom_by_itself (FlashAppFixture *fixture, gconstpointer unused)
{
  g_settings_set_boolean (get_settings (), "restart-by-itself", TRUE);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=return-as-rom@tfa,latency=1");
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  g_settings_reset (get_settings (), "restart-by-itself");
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
}

/* Longer than the patience: asked, and then it goes on by itself when the board is there. */
static void
test_patience (FlashAppFixture *fixture, gconstpointer unused)
{
  g_settings_set_uint (get_settings (), "patience", 2);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=handover-delay@tfa");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_says (fixture, "handover_label", "Waiting for U-Boot"));
  g_assert_true (flash_app_has (fixture, "wait_bar"));
  g_assert_true (g_str_has_suffix (flash_app_get_text (fixture, "wait_label"), " s of 2 s"));
  g_assert_false (flash_app_has (fixture, "status_label"));
  g_assert_false (flash_app_has (fixture, "cause_label"));
  /* Another patience is for the next job, as its row says. */
  g_settings_set_uint (get_settings (), "patience", 90);
  g_assert_nonnull (flash_ui_find_widget (flash_app_get (fixture, "waiting_row"), GTK_TYPE_LABEL,
                                          "How long a board may be away, from the next job on"));
  flash_ui_wait_until (flash_app_says (fixture, "handover_label", "The board has not come back"));
  g_assert_true (flash_app_has (fixture, "image_button"));
  click (fixture, "go_on_button");
  flash_ui_wait_until (flash_app_has (fixture, "wait_bar"));
  g_assert_true (g_str_has_suffix (flash_app_get_text (fixture, "wait_label"), " s of 2 s"));
  flash_app_wait_for_result (fixture);
  g_settings_reset (get_settings (), "patience");
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
}

/* J2 with another cable in the end: it is in its ROM again, and asked whether to begin anew. */
static void
test_plugged_again (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry;
  g_autoptr (FlashSimDevice) device = NULL;

  g_settings_set_uint (get_settings (), "patience", 2);
  flash_app_open (fixture, fixture->layout_path);
  entry = flash_app_choose_board (fixture, "fault=no-uboot@tfa");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_says (fixture, "handover_label", "The board has not come back"));
  g_assert_false (flash_app_has (fixture, "begin_again_button"));
  device = dup_device (entry);
  flash_sim_device_unplug (device);
  flash_sim_device_plug (device);
  flash_ui_wait_until (flash_app_has (fixture, "begin_again_button"));
  g_assert_true (
      flash_app_says (fixture, "handover_label", "The board has started again from the beginning"));
  flash_ui_wait_until (
      flash_app_says (fixture, "port_label", "The port shows the ROM of the board again"));
  flash_ui_wait_until (flash_app_says (fixture, "advice_code_label", "came-back-in-rom"));
  g_assert_false (flash_app_has (fixture, "go_on_button"));
  g_assert_true (
      gtk_widget_has_css_class (flash_app_get (fixture, "begin_again_button"), "suggested-action"));
  click (fixture, "begin_again_button");
  flash_app_wait_for_result (fixture);
  g_settings_reset (get_settings (), "patience");
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
}

/* The job follows the board to where it stands, once somebody says that this is the one. */
static void
test_elsewhere (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *label = NULL;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=return-elsewhere@tfa");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "move_button"));
  g_object_get (flash_app_get (fixture, "move_button"), "label", &label, NULL);
  g_assert_true (g_str_has_prefix (label, "Continue on _port virtual-"));
  g_assert_true (
      gtk_widget_has_css_class (flash_app_get (fixture, "move_button"), "suggested-action"));
  flash_ui_wait_until (flash_app_says (fixture, "advice_code_label", "came-back-elsewhere"));
  click (fixture, "move_button");
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  g_assert_cmpstr (flash_app_get_fact (fixture, "written_row"), ==, "10 of 10 partitions");
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
}

/* A diagnosis with a question: an answer changes it. */
static void
test_question (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *before = NULL;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=no-uboot@tfa");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "question_label"));
  g_assert_true (flash_app_has (fixture, "candidates_box"));
  g_assert_true (flash_app_says (fixture, "lead_label", "It may be one of these"));
  g_assert_true (flash_app_has (fixture, "console_button"));
  before = g_strdup (flash_app_get_text (fixture, "question_label"));
  click (fixture, "no_button");
  flash_ui_wait_until (!flash_app_has (fixture, "question_label") ||
                       !flash_app_says (fixture, "question_label", before));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
}

/* How long to wait can be changed where one waits. */
static void
test_settings (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry = start_until_rootfs (fixture, "latency=2000");
  g_autoptr (FlashSimDevice) device = dup_device (entry);

  flash_sim_device_unplug (device);
  flash_ui_wait_until (flash_app_has (fixture, "waiting_row"));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (flash_app_get (fixture, "waiting_row")), TRUE);
  flash_ui_wait_until (flash_app_has (fixture, "patience_spin"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (flash_app_get (fixture, "patience_spin")), 90);
  gtk_switch_set_active (GTK_SWITCH (flash_app_get (fixture, "restart_switch")), TRUE);
  g_assert_cmpuint (g_settings_get_uint (get_settings (), "patience"), ==, 90);
  g_assert_true (g_settings_get_boolean (get_settings (), "restart-by-itself"));
  g_settings_reset (get_settings (), "patience");
  g_settings_reset (get_settings (), "restart-by-itself");
  click (fixture, "give_up_button");
  flash_app_wait_for_result (fixture);
}

/* --- words ---------------------------------------------------------------------------------- */

static void
test_port_words (void)
{
  FlashSymptoms symptoms;

  flash_symptoms_init (&symptoms, FLASH_MOMENT_AWAY);
  for (guint shows = 0; shows <= FLASH_PORT_OTHER_DEVICE; shows++) {
    g_autofree char *text = NULL;

    symptoms.port = shows;
    text = flash_handover_words_dup_port (&symptoms);
    g_assert_cmpuint (strlen (text), >, 10);
    g_assert_true (g_str_has_suffix (flash_handover_words_port_icon (shows), "-symbolic"));
  }
  symptoms.port_id = "0483:5740";
  symptoms.port_product = "evil\x1b[31m\nname";
  g_autofree char *other = flash_handover_words_dup_port (&symptoms);
  g_assert_true (g_str_has_prefix (other, "The port shows another device: 0483:5740, “evil"));
  g_assert_null (strchr (other, '\n'));
  g_assert_null (strchr (other, '\x1b'));
  symptoms.port = FLASH_PORT_HELD;
  symptoms.holder = "fwupd";
  g_autofree char *held = flash_handover_words_dup_port (&symptoms);
  g_assert_cmpstr (held, ==, "The port shows a device that fwupd is using");
}

static void
test_offers (void)
{
  static const struct {
    FlashJobQuestion question;
    const char *elsewhere;
    const char *vm;
    FlashPortShows port;
    FlashCertainty certainty;
    FlashHandoverOffer offers;
    FlashHandoverOffer suggested;
  } rows[] = {
    { FLASH_JOB_QUESTION_NONE, NULL, NULL, FLASH_PORT_NOTHING, FLASH_CERTAINTY_NOTHING, 0, 0 },
    { FLASH_JOB_QUESTION_NONE, NULL, "oracle", FLASH_PORT_NOTHING, FLASH_CERTAINTY_NOTHING, 0, 0 },
    { FLASH_JOB_QUESTION_NONE, NULL, "none", FLASH_PORT_NOTHING, FLASH_CERTAINTY_OPEN, 0, 0 },
    { FLASH_JOB_QUESTION_NONE, NULL, "oracle", FLASH_PORT_NOTHING, FLASH_CERTAINTY_LIKELY,
      FLASH_HANDOVER_VM | FLASH_HANDOVER_IMAGE, FLASH_HANDOVER_VM },
    { FLASH_JOB_QUESTION_NONE, "1-4", NULL, FLASH_PORT_NOTHING, FLASH_CERTAINTY_PROVED,
      FLASH_HANDOVER_MOVE, FLASH_HANDOVER_MOVE },
    { FLASH_JOB_QUESTION_NONE, NULL, NULL, FLASH_PORT_CLOSED, FLASH_CERTAINTY_PROVED,
      FLASH_HANDOVER_ACCESS, FLASH_HANDOVER_ACCESS },
    { FLASH_JOB_QUESTION_PATIENCE, NULL, "oracle", FLASH_PORT_NOTHING, FLASH_CERTAINTY_LIKELY,
      FLASH_HANDOVER_GO_ON | FLASH_HANDOVER_GIVE_UP | FLASH_HANDOVER_VM | FLASH_HANDOVER_IMAGE,
      FLASH_HANDOVER_GO_ON },
    { FLASH_JOB_QUESTION_GONE, "1-4", NULL, FLASH_PORT_NOTHING, FLASH_CERTAINTY_PROVED,
      FLASH_HANDOVER_GO_ON | FLASH_HANDOVER_GIVE_UP | FLASH_HANDOVER_MOVE, FLASH_HANDOVER_MOVE },
    { FLASH_JOB_QUESTION_ROM, NULL, NULL, FLASH_PORT_ROM, FLASH_CERTAINTY_PROVED,
      FLASH_HANDOVER_RESTART | FLASH_HANDOVER_GIVE_UP, FLASH_HANDOVER_RESTART },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const FlashFindings findings = { .certainty = rows[i].certainty };
    FlashHandoverOffer suggested;
    FlashSymptoms symptoms;

    flash_symptoms_init (&symptoms, FLASH_MOMENT_AWAY);
    symptoms.is_layout = TRUE;
    symptoms.elsewhere = rows[i].elsewhere;
    symptoms.vm = rows[i].vm;
    symptoms.port = rows[i].port;
    g_test_message ("row %u", i);
    g_assert_cmpint (
        flash_handover_words_offers (rows[i].question, &symptoms, &findings, &suggested), ==,
        rows[i].offers);
    g_assert_cmpint (suggested, ==, rows[i].suggested);
  }
}

static void
test_titles (void)
{
  static const char *const stages[] = { NULL, "rom", "tf-a", "u-boot", "u-boot-2", "bootloader" };
  g_autofree char *left = flash_handover_words_dup_left (1, 1, NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    for (guint k = 0; k < i; k++)
      g_assert_cmpstr (flash_handover_words_title (FLASH_JOB_QUESTION_NONE, stages[i]), !=,
                       flash_handover_words_title (FLASH_JOB_QUESTION_NONE, stages[k]));
  g_assert_true (g_str_has_prefix (left, "1 of 1 partition is complete.\nPlug it in again"));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  g_test_add_func ("/handover/port-words", test_port_words);
  g_test_add_func ("/handover/offers", test_offers);
  g_test_add_func ("/handover/titles", test_titles);
  ADD ("/handover/unplugged", test_unplugged);
  ADD ("/handover/continued-early", test_continued_early);
  ADD ("/handover/given-up", test_given_up);
  ADD ("/handover/stopped", test_stopped);
  ADD ("/handover/rom", test_rom);
  ADD ("/handover/rom-by-itself", test_rom_by_itself);
  ADD ("/handover/patience", test_patience);
  ADD ("/handover/plugged-again", test_plugged_again);
  ADD ("/handover/elsewhere", test_elsewhere);
  ADD ("/handover/question", test_question);
  ADD ("/handover/settings", test_settings);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
