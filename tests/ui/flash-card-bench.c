/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-bench"

#include "config.h"

#include "flash-card-bench.h"

#include "flash-card-frame.h"
#include "flash-test-bus.h"

#define ROWS                                                                                       \
  "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"                                        \
  "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"                                                   \
  "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\ttf-a-sdcard.stm32\n"                                  \
  "P\t0x05\tfsbl2\tBinary\tmmc0\t0x00044400\ttf-a-sdcard.stm32\n"                                  \
  "P\t0x06\tfip\tFIP\tmmc0\t0x00084400\tfip.bin\n"                                                 \
  "PED\t0x07\tu-boot-env\tENV\tmmc0\t0x00184400\tnone\n"                                           \
  "P\t0x10\tbootfs\tSystem\tmmc0\t0x00200400\tbootfs.ext4\n"                                       \
  "P\t0x11\trootfs\tFileSystem\tmmc0\t0x00240400\trootfs.ext4\n"                                   \
  "P\t0x20\tdata\tFileSystem\tmmc1\t0x00080000\tdata.ext4\n"

void
flash_card_bench_init (int *argc, char ***argv)
{
  g_autofree char *display = g_strdup (g_getenv ("DISPLAY"));

  /* Before anybody has looked for the system's bus. GTestDBus takes the display away. */
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", flash_test_bus_get_address (), TRUE);
  if (display != NULL)
    g_setenv ("DISPLAY", display, TRUE);
  flash_app_test_init (argc, argv);
}

void
flash_card_bench_set_up (FlashCardBench *self, gconstpointer unused)
{
  self->mock = flash_mock_udisks_new ();
  flash_mock_udisks_add_stick (self->mock, "sdb", FLASH_CARD_BENCH_STICK_SIZE);
  flash_mock_udisks_start (self->mock);
  flash_app_fixture_set_up (&self->app, NULL);
}

void
flash_card_bench_tear_down (FlashCardBench *self, gconstpointer unused)
{
  gpointer alive = self->dialog;

  if (self->dialog != NULL) {
    g_object_add_weak_pointer (G_OBJECT (self->dialog), &alive);
    gtk_window_destroy (GTK_WINDOW (self->dialog));
    flash_ui_wait_until (alive == NULL);
  }
  flash_app_fixture_tear_down (&self->app, NULL);
  flash_mock_udisks_free (self->mock);
}

void
flash_card_bench_open_rows (FlashCardBench *self, const char *action, const char *rows)
{
  flash_test_write_text (self->app.layout_dir, "layout.tsv", rows);
  flash_app_open (&self->app, self->app.layout_path);
  gtk_widget_activate_action (GTK_WIDGET (self->app.window), action, NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_CARD_FRAME) != NULL);
  self->dialog = flash_ui_find_toplevel (FLASH_TYPE_CARD_FRAME);
  flash_ui_wait_until (gtk_widget_get_mapped (self->dialog));
  if (flash_ui_has_input ())
    flash_ui_focus (self->dialog);
}

void
flash_card_bench_open (FlashCardBench *self, const char *action)
{
  flash_card_bench_open_rows (self, action, ROWS);
}

GtkWidget *
flash_card_bench_find (FlashCardBench *self, const char *id)
{
  return flash_ui_find_named (self->dialog, id);
}

gboolean
flash_card_bench_is_page (FlashCardBench *self, const char *page)
{
  GtkWidget *stack = flash_card_bench_find (self, "stack");

  return stack != NULL &&
         g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (stack)), page) == 0;
}

void
flash_card_bench_wait_page (FlashCardBench *self, const char *page)
{
  flash_ui_wait_until (flash_card_bench_is_page (self, page) ||
                       flash_card_bench_is_page (self, "outcome"));
  if (!flash_card_bench_is_page (self, page))
    g_test_message ("“%s” is shown", gtk_label_get_label (GTK_LABEL (
                                         flash_card_bench_find (self, "heading_label"))));
  g_assert_true (flash_card_bench_is_page (self, page));
}

gboolean
flash_card_bench_says (FlashCardBench *self, const char *text)
{
  return flash_ui_find_widget (self->dialog, GTK_TYPE_LABEL, text) != NULL;
}

void
flash_card_bench_press (FlashCardBench *self, const char *id)
{
  GtkWidget *widget;

  flash_ui_wait_until ((widget = flash_card_bench_find (self, id)) != NULL &&
                       gtk_widget_is_sensitive (widget));
  if (flash_ui_has_input ()) {
    flash_ui_settle (self->dialog, 30);
    flash_ui_click (widget);
  } else {
    g_signal_emit_by_name (widget, "clicked");
  }
}

AdwActionRow *
flash_card_bench_find_row (FlashCardBench *self, const char *title)
{
  GtkWidget *row = flash_ui_find_widget (self->dialog, ADW_TYPE_ACTION_ROW, title);

  return row != NULL ? ADW_ACTION_ROW (row) : NULL;
}

const char *
flash_card_bench_get_fact (FlashCardBench *self, const char *title)
{
  AdwActionRow *row = flash_card_bench_find_row (self, title);

  g_assert_nonnull (row);
  return adw_action_row_get_subtitle (row);
}

void
flash_card_bench_write (FlashCardBench *self)
{
  flash_card_bench_wait_page (self, "choices");
  flash_ui_wait_until (flash_card_bench_find_row (self, "Generic Stick") != NULL);
  flash_ui_settle (self->dialog, 30);
  if (flash_ui_has_input ())
    flash_ui_click (GTK_WIDGET (flash_card_bench_find_row (self, "Generic Stick")));
  else
    adw_action_row_activate (flash_card_bench_find_row (self, "Generic Stick"));
  flash_card_bench_press (self, "verb_button");
  flash_app_answer ("act");
}

FlashCardImage *
flash_card_bench_make_image (FlashCardBench *self, guint64 size)
{
  FlashEditor *editor = flash_window_get_editor (self->app.window);
  const FlashCardOptions options = { .size = size };
  g_autoptr (GError) error = NULL;
  FlashCardImage *image =
      flash_card_image_new (flash_editor_get_loaded (editor)->layout, &options, &error);

  g_assert_no_error (error);
  return image;
}
