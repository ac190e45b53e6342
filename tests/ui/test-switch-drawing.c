/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawings of what is to be done with a board: how its switches stand, and what is said of it. */
#define G_LOG_DOMAIN "test-switch-drawing"

#include "config.h"

#include "flash-app-test.h"
#include "flash-switch-drawing.h"

#include <string.h>

static const struct {
  const char *board;
  FlashSwitchStorage storage;
  const char *text;
  gboolean has_caption;
} switches[] = {
  { "dk1", FLASH_SWITCH_SERIAL,
    "Boot switches for serial boot: BOOT0 at 0 (down), BOOT2 at 0 (down)", FALSE },
  { "dk2", FLASH_SWITCH_SD, "Boot switches for the SD card: BOOT0 at 1 (up), BOOT2 at 1 (up)",
    FALSE },
  /* There is no BOOT1 on it. */
  { "dk2", FLASH_SWITCH_EMMC, "Boot switches for the eMMC: as the manual of the board says", TRUE },
  { "ev1", FLASH_SWITCH_SERIAL,
    "Boot switches for serial boot: BOOT0 at 0 (down), BOOT1 at 0 (down), BOOT2 at 0 (down)",
    FALSE },
  { "ev1", FLASH_SWITCH_SD,
    "Boot switches for the SD card: BOOT0 at 1 (up), BOOT1 at 0 (down), BOOT2 at 1 (up)", FALSE },
  { "ev1", FLASH_SWITCH_EMMC,
    "Boot switches for the eMMC: BOOT0 at 0 (down), BOOT1 at 1 (up), BOOT2 at 0 (down)", FALSE },
  { "ev1", FLASH_SWITCH_NOR,
    "Boot switches for NOR flash: BOOT0 at 1 (up), BOOT1 at 0 (down), BOOT2 at 0 (down)", FALSE },
  { "ev1", FLASH_SWITCH_NAND,
    "Boot switches for NAND flash: BOOT0 at 1 (up), BOOT1 at 1 (up), BOOT2 at 0 (down)", FALSE },
  { "mp135f-dk", FLASH_SWITCH_SD,
    "Boot switches for the SD card: BOOT0 at 1 (up), BOOT1 at 0 (down), BOOT2 at 1 (up)", TRUE },
  { "mp257f-ev1", FLASH_SWITCH_SERIAL,
    "Boot switches for serial boot: BOOT0 at 0 (down), BOOT1 at 0 (down), BOOT2 at 0 (down), BOOT3 "
    "at 0 (down)",
    FALSE },
  { "mp257f-ev1", FLASH_SWITCH_SD, "Boot switches for the SD card: as the manual of the board says",
    TRUE },
  { "other", FLASH_SWITCH_SERIAL,
    "Boot switches for serial boot: BOOT0 at 0 (down), BOOT1 at 0 (down), BOOT2 at 0 (down)",
    TRUE },
  { "other", FLASH_SWITCH_SD, "Boot switches for the SD card: as the manual of the board says",
    TRUE },
};

static void
test_switches (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashSwitchDrawing *drawing =
      FLASH_SWITCH_DRAWING (g_object_ref_sink (flash_switch_drawing_new ()));

  for (guint i = 0; i < G_N_ELEMENTS (switches); i++) {
    const FlashSwitchBoard *board = flash_switch_board_find (switches[i].board);

    flash_switch_drawing_show (drawing,
                               switches[i].storage == FLASH_SWITCH_SERIAL ? "switches-serial"
                                                                          : "switches-storage",
                               board, switches[i].storage);
    g_assert_cmpstr (flash_switch_drawing_get_text (drawing), ==, switches[i].text);
    g_assert_cmpint (flash_switch_drawing_get_caption (drawing) != NULL, ==,
                     switches[i].has_caption);
    g_assert_true (gtk_widget_get_visible (GTK_WIDGET (drawing)));
  }
  g_object_unref (drawing);
}

static void
test_others (FlashAppFixture *fixture, gconstpointer unused)
{
  static const char *const drawings[] = { "boot0-high", "boot0-low", "usb-device-port",
                                          "power-cycle" };
  FlashSwitchDrawing *drawing =
      FLASH_SWITCH_DRAWING (g_object_ref_sink (flash_switch_drawing_new ()));

  for (guint i = 0; i < G_N_ELEMENTS (drawings); i++) {
    flash_switch_drawing_show (drawing, drawings[i], NULL, FLASH_SWITCH_SD);
    g_assert_nonnull (flash_switch_drawing_get_text (drawing));
    g_assert_null (flash_switch_drawing_get_caption (drawing));
  }
  flash_switch_drawing_show (drawing, "a cat", NULL, FLASH_SWITCH_SD);
  g_assert_null (flash_switch_drawing_get_text (drawing));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (drawing)));
  flash_switch_drawing_show (drawing, NULL, NULL, FLASH_SWITCH_SD);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (drawing)));
  g_object_unref (drawing);
}

/* It grows with the window, and never beyond its own size. */
static void
test_size (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *drawing = g_object_ref_sink (flash_switch_drawing_new ());
  int minimum, natural, small_height, height, tall_height;

  flash_switch_drawing_show (FLASH_SWITCH_DRAWING (drawing), "power-cycle", NULL, FLASH_SWITCH_SD);
  gtk_widget_measure (drawing, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, <=, 240);
  g_assert_cmpint (natural, >=, 320);
  gtk_widget_measure (drawing, GTK_ORIENTATION_VERTICAL, minimum, &small_height, NULL, NULL, NULL);
  gtk_widget_measure (drawing, GTK_ORIENTATION_VERTICAL, natural, &height, NULL, NULL, NULL);
  gtk_widget_measure (drawing, GTK_ORIENTATION_VERTICAL, natural * 2, &tall_height, NULL, NULL,
                      NULL);
  g_assert_cmpint (small_height, <, height);
  g_assert_cmpint (tall_height, ==, height);
  g_object_unref (drawing);
}

static FlashSwitchStorage
guess (const char *ip)
{
  g_autofree char *text = g_strdup_printf (
      "-\t0x01\tfsbl\tBinary\tnone\t0x0\ta\nPE\t0x04\tx\tBinary\t%s\t0x0\tnone\n", ip);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return flash_switch_storage_guess (bytes);
}

static void
test_guess (void)
{
  guint n_boards;
  const FlashSwitchBoard *boards = flash_switch_board_list (&n_boards);

  g_assert_cmpint (flash_switch_storage_guess (NULL), ==, FLASH_SWITCH_SD);
  g_assert_cmpint (guess ("mmc0"), ==, FLASH_SWITCH_SD);
  g_assert_cmpint (guess ("mmc1"), ==, FLASH_SWITCH_EMMC);
  g_assert_cmpint (guess ("nor0"), ==, FLASH_SWITCH_NOR);
  g_assert_cmpint (guess ("nand0"), ==, FLASH_SWITCH_NAND);
  g_assert_cmpint (guess ("ram0"), ==, FLASH_SWITCH_SD);
  g_assert_cmpstr (boards[flash_switch_board_guess ("STM32MP15")].id, ==, "dk2");
  g_assert_cmpstr (boards[flash_switch_board_guess ("STM32MP13")].id, ==, "mp135f-dk");
  g_assert_cmpstr (boards[flash_switch_board_guess ("STM32MP25")].id, ==, "mp257f-ev1");
  g_assert_cmpstr (boards[flash_switch_board_guess (NULL)].id, ==, "other");
  g_assert_null (flash_switch_board_find ("toaster"));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/switch-drawing/" name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,  \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("switches", test_switches);
  ADD ("others", test_others);
  ADD ("size", test_size);
  g_test_add_func ("/switch-drawing/guess", test_guess);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
