/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The preferences: what each of them is bound to, and what it does. That the patience, the restart
 * and the console are heeded is tested with the hand-over and the console. */
#define G_LOG_DOMAIN "test-preferences"

#include "config.h"

#include "flash-app-test.h"
#include "flash-firmware-bench.h"
#include "flash-preferences-window.h"

static GSettings *
get_settings (void)
{
  return flash_application_get_settings (flash_app_test.application);
}

static GtkWidget *
open_preferences (void)
{
  GtkWidget *window;

  g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), "preferences", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_PREFERENCES_WINDOW) != NULL);
  window = flash_ui_find_toplevel (FLASH_TYPE_PREFERENCES_WINDOW);
  flash_ui_settle (window, 30);
  return window;
}

static void
close_window (GtkWidget *window)
{
  gpointer alive = window;

  g_object_add_weak_pointer (G_OBJECT (window), &alive);
  gtk_window_close (GTK_WINDOW (window));
  flash_ui_wait_until (alive == NULL);
}

static GtkWidget *
get (GtkWidget *window, const char *id)
{
  GtkWidget *widget = flash_ui_find_named (window, id);

  g_test_message ("%s", id);
  g_assert_nonnull (widget);
  return widget;
}

/* --- what they are -------------------------------------------------------------------------- */

/* Each switch shows its key, and sets it; the key may change behind it. */
static void
test_switches (FlashAppFixture *fixture, gconstpointer unused)
{
  static const struct {
    const char *id;
    const char *key;
  } switches[] = {
    { "verify_switch", "verify-afterwards" },
    { "restart_switch", "restart-by-itself" },
    { "virtual_switch", "show-virtual-boards" },
    { "console_switch", "console-automatic" },
  };
  GtkWidget *window = open_preferences ();

  for (guint i = 0; i < G_N_ELEMENTS (switches); i++) {
    GtkSwitch *widget = GTK_SWITCH (get (window, switches[i].id));
    gboolean before = g_settings_get_boolean (get_settings (), switches[i].key);

    g_assert_cmpint (gtk_switch_get_active (widget), ==, before);
    gtk_test_accessible_assert_role (widget, GTK_ACCESSIBLE_ROLE_SWITCH);
    g_assert_true (
        gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL));
    gtk_switch_set_active (widget, !before);
    g_assert_cmpint (g_settings_get_boolean (get_settings (), switches[i].key), ==, !before);
    g_settings_reset (get_settings (), switches[i].key);
    g_assert_cmpint (gtk_switch_get_active (widget), ==, before);
  }
  close_window (window);
}

static void
test_numbers (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = open_preferences ();
  GtkSpinButton *spin = GTK_SPIN_BUTTON (get (window, "patience_spin"));

  g_assert_cmpint (gtk_spin_button_get_value_as_int (spin), ==, 60);
  gtk_spin_button_set_value (spin, 90);
  g_assert_cmpuint (g_settings_get_uint (get_settings (), "patience"), ==, 90);
  /* No more than the schema takes. */
  gtk_spin_button_set_value (spin, 100000);
  g_assert_cmpuint (g_settings_get_uint (get_settings (), "patience"), ==, 3600);
  gtk_spin_button_set_value (spin, 0);
  g_assert_cmpuint (g_settings_get_uint (get_settings (), "patience"), ==, 1);
  g_settings_reset (get_settings (), "patience");
  g_assert_cmpint (gtk_spin_button_get_value_as_int (spin), ==, 60);
  close_window (window);
}

static void
test_confirmation (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = open_preferences ();
  GtkSwitch *row = GTK_SWITCH (get (window, "confirmation_switch"));
  g_autofree char *set = NULL;

  g_assert_false (gtk_switch_get_active (row));
  gtk_switch_set_active (row, TRUE);
  set = g_settings_get_string (get_settings (), "confirmation");
  g_assert_cmpstr (set, ==, "always");
  close_window (window);

  /* It is still so when the window is opened again. */
  window = open_preferences ();
  row = GTK_SWITCH (get (window, "confirmation_switch"));
  g_assert_true (gtk_switch_get_active (row));
  g_settings_reset (get_settings (), "confirmation");
  g_assert_false (gtk_switch_get_active (row));
  close_window (window);
}

/* By the keyboard alone, and there is one window of it. */
static void
test_keyboard (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take input");
    return;
  }
  flash_ui_press_keys ("Control_L+comma");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_PREFERENCES_WINDOW) != NULL);
  window = flash_ui_find_toplevel (FLASH_TYPE_PREFERENCES_WINDOW);
  flash_ui_focus (window);
  flash_ui_settle (window, 30);
  g_assert_true (open_preferences () == window);
  gtk_widget_grab_focus (get (window, "verify_switch"));
  flash_ui_press_keys ("space");
  flash_ui_wait_until (g_settings_get_boolean (get_settings (), "verify-afterwards"));
  flash_ui_press_keys ("Tab");
  flash_ui_press_keys ("Tab");
  g_assert_false (gtk_widget_has_focus (get (window, "verify_switch")));
  g_settings_reset (get_settings (), "verify-afterwards");
  flash_ui_press_keys ("Escape");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_PREFERENCES_WINDOW) == NULL);
}

/* As narrow as a telephone, with letters of twice the size. */
static void
test_narrow (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  int min_width;

  window = open_preferences ();
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &min_width, NULL, NULL, NULL);
  g_assert_cmpint (min_width, <=, 370);
  close_window (window);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 2 * 96 * 1024, NULL);
  window = open_preferences ();
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &min_width, NULL, NULL, NULL);
  g_test_message ("%d pixels at 200 %%", min_width);
  g_assert_cmpint (min_width, <=, 720);
  close_window (window);
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
}

/* --- what they do --------------------------------------------------------------------------- */

static void
test_virtual_boards (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;

  flash_app_choose_board (fixture, NULL);
  window = open_preferences ();
  g_assert_nonnull (flash_app_find_row (fixture, "virtual-1"));
  gtk_switch_set_active (GTK_SWITCH (get (window, "virtual_switch")), FALSE);
  flash_ui_wait_until (flash_app_find_row (fixture, "virtual-1") == NULL);
  gtk_switch_set_active (GTK_SWITCH (get (window, "virtual_switch")), TRUE);
  flash_ui_wait_until (flash_app_find_row (fixture, "virtual-1") != NULL);
  close_window (window);
}

static void
test_verify (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = open_preferences ();

  gtk_switch_set_active (GTK_SWITCH (get (window, "verify_switch")), TRUE);
  close_window (window);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  g_assert_true (
      gtk_check_button_get_active (GTK_CHECK_BUTTON (flash_app_get (fixture, "verify_check"))));
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written and verified");
  g_settings_reset (get_settings (), "verify-afterwards");
}

/* The question names the board and the file; without a yes nothing begins. */
static void
test_ask_always (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog;

  g_settings_set_string (get_settings (), "confirmation", "always");
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_press (fixture, "flash_button");
  dialog = flash_app_wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "Flash STM32MP15?");
  g_assert_cmpstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "“layout.tsv” is written. What is there now will be lost.");
  flash_app_answer ("keep");
  g_assert_true (flash_app_is_page (fixture, "layout"));

  flash_app_press (fixture, "flash_button");
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  g_settings_reset (get_settings (), "confirmation");
}

/* Firmware too; and whoever has answered another question about the job is not asked once more. */
static void
test_ask_firmware (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "program.bin", 8 * 1024, 1);

  g_settings_set_string (get_settings (), "confirmation", "always");
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  flash_app_press (fixture, "flash_button");
  flash_app_answer_to ("Flash STM32F4?", "act");
  flash_app_wait_for_result (fixture);
  flash_app_activate (fixture, "win.flash-slower");
  flash_ui_wait_until (!flash_app_is_page (fixture, "result"));
  g_assert_null (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG));
  flash_app_wait_for_result (fixture);
  g_settings_reset (get_settings (), "confirmation");
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/preferences/switches", test_switches);
  ADD ("/preferences/numbers", test_numbers);
  ADD ("/preferences/confirmation", test_confirmation);
  ADD ("/preferences/keyboard", test_keyboard);
  ADD ("/preferences/narrow", test_narrow);
  ADD ("/preferences/virtual-boards", test_virtual_boards);
  ADD ("/preferences/verify", test_verify);
  ADD ("/preferences/ask-always", test_ask_always);
  ADD ("/preferences/ask-firmware", test_ask_firmware);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
