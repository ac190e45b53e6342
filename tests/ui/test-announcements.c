/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window tells those who listen, where the keyboard is, and that it never gets stuck. */
#define G_LOG_DOMAIN "test-announcements"

#include "config.h"

#include "flash-announcer.h"
#include "flash-firmware-bench.h"

/* More than any page has places. */
#define N_STEPS 80

static const char *
get_said (FlashAppFixture *fixture)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWidget *announcer = flash_ui_find_widget (window, FLASH_TYPE_ANNOUNCER, NULL);

  g_assert_nonnull (announcer);
  return flash_announcer_get_text (FLASH_ANNOUNCER (announcer));
}

static gboolean
has_said (FlashAppFixture *fixture, const char *text)
{
  return strstr (get_said (fixture), text) != NULL;
}

/* Round and round, forwards or backwards: each step leads elsewhere, and places come again. */
static guint
go_round (FlashAppFixture *fixture, GtkDirectionType direction)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GtkWidget *before = NULL;

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  for (guint i = 0; i < N_STEPS; i++) {
    GtkWidget *focus;

    gtk_widget_child_focus (window, direction);
    focus = gtk_root_get_focus (GTK_ROOT (window));
    if (focus != NULL && focus == before)
      g_test_message ("stuck on %s", G_OBJECT_TYPE_NAME (focus));
    g_assert_true (focus == NULL || (focus != before && gtk_widget_get_mapped (focus)));
    before = focus;
    g_hash_table_add (seen, focus);
  }
  g_assert_cmpuint (g_hash_table_size (seen), <, N_STEPS);
  return g_hash_table_size (seen);
}

static void
assert_no_trap (FlashAppFixture *fixture, guint least)
{
  g_assert_cmpuint (go_round (fixture, GTK_DIR_TAB_FORWARD), >=, least);
  g_assert_cmpuint (go_round (fixture, GTK_DIR_TAB_BACKWARD), >=, least);
}

static void
test_round (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) program = flash_firmware_bench_make (FLASH_FIRMWARE_BENCH_START, 4096, 1);
  g_autofree char *binary = g_build_filename (fixture->layout_dir, "program.bin", NULL);

  assert_no_trap (fixture, 8);
  flash_app_open (fixture, fixture->layout_path);
  assert_no_trap (fixture, 15);
  flash_test_write_file (fixture->layout_dir, "program.bin", program);
  flash_firmware_bench_open (fixture, binary);
  assert_no_trap (fixture, 12);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  assert_no_trap (fixture, 12);
}

/* There were none, and now there are. */
static void
test_problems (FlashAppFixture *fixture, gconstpointer unused)
{
  g_assert_cmpstr (get_said (fixture), ==, "");
  flash_test_write_text (fixture->layout_dir, "layout.tsv",
                         "P\t0x10\tdata\tBinary\tmmc0\t0x4401\tmissing.bin\n");
  flash_app_open (fixture, fixture->layout_path);
  g_assert_cmpstr (get_said (fixture), ==, flash_app_get_text (fixture, "problem_label"));
}

static void
test_job (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *button;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=300");
  flash_app_start (fixture);
  flash_ui_wait_until (has_said (fixture, "ROM, running"));
  flash_ui_wait_until (has_said (fixture, "U-Boot, running"));
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (get_said (fixture), ==, flash_app_get_text (fixture, "heading_label"));
  button = flash_app_get (fixture, "back_button");
  g_assert_true (gtk_widget_has_focus (button));
}

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  g_test_add ("/announcements/round", FlashAppFixture, NULL, flash_app_fixture_set_up, test_round,
              flash_app_fixture_tear_down);
  g_test_add ("/announcements/problems", FlashAppFixture, NULL, flash_app_fixture_set_up,
              test_problems, flash_app_fixture_tear_down);
  g_test_add ("/announcements/job", FlashAppFixture, NULL, flash_app_fixture_set_up, test_job,
              flash_app_fixture_tear_down);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
