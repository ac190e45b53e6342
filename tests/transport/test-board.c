/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-board.h"
#include "flash-test-transport.h"

/* The smallest board there is, and one that can be switched off and on. */
G_DECLARE_DERIVABLE_TYPE (TestBoard, test_board, TEST, BOARD, FlashBoard)

struct _TestBoardClass {
  FlashBoardClass parent_class;
};

G_DEFINE_TYPE (TestBoard, test_board, FLASH_TYPE_BOARD)

static FlashTransport *
test_board_open (FlashBoard *board, GError **error)
{
  if (flash_board_get_access (board) == FLASH_ACCESS_OK)
    return FLASH_TRANSPORT (flash_test_transport_new ());
  g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY, "busy");
  return NULL;
}

static void
test_board_class_init (TestBoardClass *klass)
{
  FLASH_BOARD_CLASS (klass)->open = test_board_open;
}

static void
test_board_init (TestBoard *self)
{
}

typedef TestBoard TestPowerBoard;
typedef TestBoardClass TestPowerBoardClass;

static GType test_power_board_get_type (void);
G_DEFINE_TYPE (TestPowerBoard, test_power_board, test_board_get_type ())

static gboolean
test_power_board_power_cycle (FlashBoard *board, GError **error)
{
  g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO, "no current");
  return FALSE;
}

static void
test_power_board_class_init (TestPowerBoardClass *klass)
{
  FLASH_BOARD_CLASS (klass)->power_cycle = test_power_board_power_cycle;
}

static void
test_power_board_init (TestPowerBoard *self)
{
}

static FlashDescriptors *
make_descriptors (void)
{
  static const guint8 device[18] = { 18, 1, 0, 2, 0, 0, 0, 64, 0x83, 4, 0x11, 0xdf };

  return flash_descriptors_parse (device, sizeof device, NULL, 0, NULL);
}

static void
test_properties (void)
{
  g_autoptr (FlashDescriptors) descriptors = make_descriptors ();
  g_autoptr (GPtrArray) hubs = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_hub_free);
  FlashHub *hub = g_new0 (FlashHub, 1);
  FlashBoard *board = g_object_new (
      test_board_get_type (), "id", "usb:1-2.3", "port", "1-2.3", "generation",
      G_GUINT64_CONSTANT (5000000000), "speed", FLASH_SPEED_HIGH, "access", FLASH_ACCESS_SILENT,
      "access-detail", "asleep", "virtual", TRUE, "descriptors", descriptors, "hubs", hubs, NULL);

  hub->port = g_strdup ("1-2");
  g_ptr_array_add (hubs, hub);
  g_assert_cmpstr (flash_board_get_access_detail (board), ==, "asleep");
  g_assert_true (flash_board_get_hubs (board) == hubs);

  g_assert_cmpstr (flash_board_get_id (board), ==, "usb:1-2.3");
  g_assert_cmpstr (flash_board_get_port (board), ==, "1-2.3");
  g_assert_cmpuint (flash_board_get_generation (board), ==, G_GUINT64_CONSTANT (5000000000));
  g_assert_cmpint (flash_board_get_speed (board), ==, FLASH_SPEED_HIGH);
  g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_SILENT);
  g_assert_true (flash_board_is_virtual (board));
  g_assert_true (flash_board_get_descriptors (board) == descriptors);
  g_assert_cmphex (flash_board_get_descriptors (board)->vid, ==, 0x0483);
  g_assert_finalize_object (board);
}

/* A board that said nothing yet. */
static void
test_defaults (void)
{
  g_autoptr (FlashBoard) board = g_object_new (test_board_get_type (), NULL);

  g_assert_null (flash_board_get_id (board));
  g_assert_null (flash_board_get_port (board));
  g_assert_cmpuint (flash_board_get_generation (board), ==, 0);
  g_assert_cmpint (flash_board_get_speed (board), ==, FLASH_SPEED_UNKNOWN);
  g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_OK);
  g_assert_false (flash_board_is_virtual (board));
  g_assert_null (flash_board_get_descriptors (board));
}

static void
test_open (void)
{
  g_autoptr (FlashBoard) free_board = g_object_new (test_board_get_type (), NULL);
  g_autoptr (FlashBoard) busy_board =
      g_object_new (test_board_get_type (), "access", FLASH_ACCESS_BUSY, NULL);
  g_autoptr (FlashTransport) transport = flash_board_open (free_board, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (FLASH_IS_TRANSPORT (transport));
  g_assert_null (flash_board_open (busy_board, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY);
}

static void
test_power_cycle (void)
{
  g_autoptr (FlashBoard) plain = g_object_new (test_board_get_type (), NULL);
  g_autoptr (FlashBoard) power = g_object_new (test_power_board_get_type (), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (flash_board_can_power_cycle (plain));
  g_assert_true (flash_board_can_power_cycle (power));
  g_assert_false (flash_board_power_cycle (power, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO);
}

/* As in the JSON contract. */
static void
test_names (void)
{
  static const char *const speeds[] = { "unknown", "low", "full", "high", "super" };
  static const char *const accesses[] = { "ok", "no-permission", "busy", "silent" };

  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    g_assert_cmpstr (flash_speed_get_name (i), ==, speeds[i]);
  for (guint i = 0; i < G_N_ELEMENTS (accesses); i++)
    g_assert_cmpstr (flash_access_get_name (i), ==, accesses[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/board/properties", test_properties);
  g_test_add_func ("/board/defaults", test_defaults);
  g_test_add_func ("/board/open", test_open);
  g_test_add_func ("/board/power-cycle", test_power_cycle);
  g_test_add_func ("/board/names", test_names);
  return g_test_run ();
}
