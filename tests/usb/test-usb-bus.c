/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-dfu-defs.h"
#include "flash-test-images.h"
#include "flash-usb-bus.h"
#include "flash-usb-tree.h"

#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
  char *root; /* (owned) */
  FlashUsbBus *bus; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = flash_test_make_dir ();
  fixture->bus = flash_usb_bus_new (fixture->root);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  flash_usb_bus_forget (fixture->bus);
  flash_usb_bus_unref (fixture->bus);
  flash_test_remove_dir (fixture->root);
  g_free (fixture->root);
}

static char *
list_all (Fixture *fixture)
{
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (GPtrArray) neighbours = NULL;
  GString *text = g_string_new (NULL);

  flash_usb_bus_look_all (fixture->bus, &boards, &neighbours);
  for (guint i = 0; i < boards->len; i++)
    g_string_append_printf (text, "%s ", flash_board_get_id (g_ptr_array_index (boards, i)));
  for (guint i = 0; i < neighbours->len; i++)
    g_string_append_printf (text, "(%s) ",
                            flash_usb_neighbour_get_port (g_ptr_array_index (neighbours, i)));
  return g_string_free (text, FALSE);
}

static void
test_all (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nothing = list_all (fixture);
  g_autofree char *all = NULL;
  g_autofree char *rest = NULL;

  g_assert_cmpstr (nothing, ==, "");
  flash_usb_tree_plug (fixture->root, "1-10", 2, FLASH_USB_TREE_ROM);
  flash_usb_tree_plug (fixture->root, "1-2", 3, FLASH_USB_TREE_HUB);
  flash_usb_tree_plug (fixture->root, "1-2.1", 4, FLASH_USB_TREE_BROKEN_ROM);
  flash_usb_tree_plug (fixture->root, "1-2.2", 5, FLASH_USB_TREE_ST_LINK);
  flash_usb_tree_plug (fixture->root, "1-2.3", 6, FLASH_USB_TREE_MOUSE);
  all = list_all (fixture);
  g_assert_cmpstr (all, ==, "usb:1-2.1 usb:1-10 (1-2.2) ");
  flash_usb_tree_unplug (fixture->root, "1-10", 2);
  flash_usb_tree_unplug (fixture->root, "1-2.2", 5);
  rest = list_all (fixture);
  g_assert_cmpstr (rest, ==, "usb:1-2.1 ");
}

/* Firmware that runs and offers DFU is a board too, if one can make sense of it. */
static void
test_runtime (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (FlashBoard) board = NULL;

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_RUNTIME);
  flash_usb_tree_plug (fixture->root, "1-2", 3, FLASH_USB_TREE_DISK);
  text = list_all (fixture);
  g_assert_cmpstr (text, ==, "usb:1-1 (1-2) ");
  board = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_descriptors (board)->protocol, ==, FLASH_DFU_PROTOCOL_RUNTIME);
}

/* The same device is the same object; one that came back is another, on the same port. */
static void
test_generations (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashBoard) first = NULL;
  g_autoptr (FlashBoard) again = NULL;
  g_autoptr (FlashBoard) second = NULL;
  g_autoptr (FlashBoard) third = NULL;

  g_assert_null (flash_usb_bus_look (fixture->bus, "1-1"));
  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  first = flash_usb_bus_look (fixture->bus, "1-1");
  again = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_true (first == again);
  g_assert_cmpstr (flash_board_get_port (first), ==, "1-1");
  g_assert_cmpuint (flash_board_get_access (first), ==, FLASH_ACCESS_OK);
  g_assert_null (flash_board_get_access_detail (first));
  g_assert_false (flash_board_is_virtual (first));
  g_assert_false (flash_board_can_power_cycle (first));

  /* It returned before anybody saw that it was away. */
  flash_usb_tree_set (fixture->root, "1-1", "devnum", "3\n");
  second = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_generation (second), >, flash_board_get_generation (first));

  flash_usb_tree_unplug (fixture->root, "1-1", 2);
  g_assert_null (flash_usb_bus_look (fixture->bus, "1-1"));
  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  third = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_generation (third), >, flash_board_get_generation (second));
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *fd_folder = g_build_filename (fixture->root, "proc/4711/fd", NULL);
  g_autofree char *comm_folder = g_path_get_dirname (fd_folder);
  g_autofree char *link = g_build_filename (fd_folder, "5", NULL);
  g_autoptr (FlashBoard) hidden = NULL;
  g_autoptr (FlashBoard) seen = NULL;
  g_autoptr (FlashBoard) kernel = NULL;
  g_autoptr (FlashBoard) asked = NULL;

  flash_usb_tree_plug (fixture->root, "1-1", 5, FLASH_USB_TREE_ROM);
  flash_usb_tree_bind (fixture->root, "1-1", "usbfs");
  hidden = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_access (hidden), ==, FLASH_ACCESS_BUSY);
  g_assert_cmpstr (flash_board_get_access_detail (hidden), ==,
                   "the device is in use by a program that cannot be seen from here");
  /* Nobody talks to a board that another program works with. */
  flash_usb_bus_want_all (fixture->bus);
  g_assert_null (flash_usb_bus_take_wanted (fixture->bus));

  /* A driver of the kernel gives way. */
  flash_usb_tree_bind (fixture->root, "1-1", "usb-storage");
  kernel = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_access (kernel), ==, FLASH_ACCESS_OK);
  g_assert_cmpuint (flash_board_get_generation (kernel), ==, flash_board_get_generation (hidden));
  /* Whoever had it may have changed it. */
  asked = flash_usb_bus_take_wanted (fixture->bus);
  g_assert_true (asked == kernel);

  g_assert_cmpint (g_mkdir_with_parents (fd_folder, 0755), ==, 0);
  g_assert_cmpint (symlink ("/dev/bus/usb/001/005", link), ==, 0);
  flash_test_write_text (comm_folder, "comm", "dfu-util\n");
  flash_usb_tree_bind (fixture->root, "1-1", "usbfs");
  seen = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_access (seen), ==, FLASH_ACCESS_BUSY);
  g_assert_cmpstr (flash_board_get_access_detail (seen), ==,
                   "the device is in use by dfu-util (process 4711)");
}

/* Root may open everything that there is. */
static void
test_no_node (Fixture *fixture, gconstpointer data)
{
  g_autofree char *node = g_build_filename (fixture->root, "dev/bus/usb/001/005", NULL);
  g_autofree char *expected = NULL;
  g_autoptr (FlashBoard) board = NULL;

  flash_usb_tree_plug (fixture->root, "1-1", 5, FLASH_USB_TREE_ROM);
  g_assert_cmpint (g_unlink (node), ==, 0);
  board = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_access (board), ==, FLASH_ACCESS_NO_PERMISSION);
  expected = g_strdup_printf ("no right to read and write /dev/bus/usb/001/005 (%s) as user %s",
                              g_strerror (ENOENT), g_get_user_name ());
  g_assert_cmpstr (flash_board_get_access_detail (board), ==, expected);
  flash_test_write_text (fixture->root, "dev/bus/usb/001/005", "");
}

static void
test_learn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashBoard) board = NULL;
  g_autoptr (FlashBoard) asked = NULL;
  g_autoptr (FlashBoard) mute = NULL;
  g_autoptr (FlashBoard) mute_again = NULL;
  g_autoptr (FlashBoard) speaking = NULL;
  g_autoptr (FlashBoard) speaking_again = NULL;
  FlashDescriptors *descriptors;

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  board = flash_usb_bus_look (fixture->bus, "1-1");
  descriptors = flash_board_get_descriptors (board);
  /* What the kernel knows is fresh. */
  g_assert_null (flash_usb_bus_take_wanted (fixture->bus));
  flash_usb_bus_want_all (fixture->bus);
  asked = flash_usb_bus_take_wanted (fixture->bus);
  g_assert_true (asked == board);
  g_assert_null (flash_usb_bus_take_wanted (fixture->bus));

  flash_usb_bus_learn (fixture->bus, board, NULL, TRUE);
  mute = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_access (mute), ==, FLASH_ACCESS_SILENT);
  g_assert_true (flash_board_get_descriptors (mute) == descriptors);
  flash_usb_bus_learn (fixture->bus, mute, NULL, TRUE);
  mute_again = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_true (mute == mute_again);

  flash_usb_bus_learn (fixture->bus, board, descriptors, FALSE);
  speaking = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_access (speaking), ==, FLASH_ACCESS_OK);
  flash_usb_bus_learn (fixture->bus, board, descriptors, FALSE);
  speaking_again = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_true (speaking == speaking_again);
}

/* Several questions at once would keep a slow board from answering any of them in time. */
static void
test_one_question (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashBoard) first = NULL;
  g_autoptr (FlashBoard) second = NULL;

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  g_object_unref (flash_usb_bus_look (fixture->bus, "1-1"));
  flash_usb_bus_want_all (fixture->bus);
  first = flash_usb_bus_take_wanted (fixture->bus);
  g_assert_nonnull (first);
  flash_usb_bus_want_all (fixture->bus);
  g_assert_null (flash_usb_bus_take_wanted (fixture->bus));
  /* The wish is not forgotten, even if nothing was learned. */
  flash_usb_bus_learn (fixture->bus, first, NULL, FALSE);
  second = flash_usb_bus_take_wanted (fixture->bus);
  g_assert_true (first == second);
}

/* A string that could not be read this time does not cost the board its name. */
static void
test_poor_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashUsbRecord) record = NULL;
  g_autoptr (FlashBoard) board = NULL;
  g_autoptr (FlashBoard) after = NULL;
  FlashDescriptors *descriptors;

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  board = flash_usb_bus_look (fixture->bus, "1-1");
  flash_usb_tree_set (fixture->root, "1-1", "serial", "ANOTHER\n");
  record = flash_usb_record_read (fixture->root, "1-1");
  g_clear_pointer (&record->descriptors->product, g_free);
  flash_usb_bus_learn (fixture->bus, board, record->descriptors, FALSE);

  after = flash_usb_bus_look (fixture->bus, "1-1");
  descriptors = flash_board_get_descriptors (after);
  g_assert_cmpstr (descriptors->serial, ==, "ANOTHER");
  g_assert_cmpstr (descriptors->product, ==, flash_board_get_descriptors (board)->product);
  g_assert_cmpuint (flash_board_get_access (after), ==, FLASH_ACCESS_OK);
}

/* Not authorised, or too little power: there is a device, but no interface of it. */
static void
test_not_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashBoard) before = NULL;
  g_autoptr (FlashBoard) after = NULL;
  g_autoptr (FlashBoard) busy = NULL;

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  flash_usb_tree_set (fixture->root, "1-1", "bConfigurationValue", "\n");
  flash_usb_tree_set_up (fixture->root, "1-1", FALSE);
  before = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_access (before), ==, FLASH_ACCESS_NO_PERMISSION);
  g_assert_cmpstr (flash_board_get_access_detail (before), ==,
                   "this computer has not set the device up: a security service holds it back, or "
                   "the port gives too little power");
  flash_usb_tree_set_up (fixture->root, "1-1", TRUE);
  after = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_access (after), ==, FLASH_ACCESS_OK);
  g_assert_null (flash_board_get_access_detail (after));
  flash_usb_tree_bind (fixture->root, "1-1", "usbfs");
  busy = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_cmpuint (flash_board_get_access (busy), ==, FLASH_ACCESS_BUSY);
}

static FlashBoard *
wait_for_access (Fixture *fixture, FlashAccess access_now)
{
  for (;;) {
    g_autoptr (FlashBoard) board = flash_usb_bus_look (fixture->bus, "1-1");

    if (board != NULL && flash_board_get_access (board) == access_now)
      return g_steal_pointer (&board);
    g_thread_yield ();
  }
}

/* A node is without rights until udev has been there, and a device is without interfaces while it
 * is taken apart. */
static void
test_doubt (Fixture *fixture, gconstpointer data)
{
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (FlashBoard) before = NULL;
  g_autoptr (FlashBoard) meanwhile = NULL;
  g_autoptr (FlashBoard) after = NULL;
  g_autoptr (FlashBoard) late = NULL;

  /* At the start there is no doubt. */
  while (g_get_monotonic_time () - start_us < 700 * 1000)
    g_thread_yield ();
  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  before = flash_usb_bus_look (fixture->bus, "1-1");
  flash_usb_tree_set_up (fixture->root, "1-1", FALSE);
  meanwhile = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_true (before == meanwhile);
  after = wait_for_access (fixture, FLASH_ACCESS_NO_PERMISSION);
  g_assert_cmpuint (flash_board_get_generation (after), ==, flash_board_get_generation (before));

  flash_usb_tree_unplug (fixture->root, "1-1", 2);
  flash_usb_tree_plug (fixture->root, "1-1", 3, FLASH_USB_TREE_ROM);
  flash_usb_tree_set_up (fixture->root, "1-1", FALSE);
  g_assert_null (flash_usb_bus_look (fixture->bus, "1-1"));
  late = wait_for_access (fixture, FLASH_ACCESS_NO_PERMISSION);
  g_assert_cmpuint (flash_board_get_generation (late), >, flash_board_get_generation (after));
}

/* A file that cannot be read for once is no departure. */
static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashBoard) before = NULL;
  g_autoptr (FlashBoard) meanwhile = NULL;

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  before = flash_usb_bus_look (fixture->bus, "1-1");
  flash_usb_tree_set (fixture->root, "1-1", "devnum", "");
  meanwhile = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_true (before == meanwhile);
}

/* An answer that comes after the board has left is not the next one's. */
static void
test_learn_too_late (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashBoard) old_board = NULL;
  g_autoptr (FlashBoard) new_board = NULL;
  g_autoptr (FlashBoard) still = NULL;

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  old_board = flash_usb_bus_look (fixture->bus, "1-1");
  flash_usb_tree_set (fixture->root, "1-1", "devnum", "3\n");
  new_board = flash_usb_bus_look (fixture->bus, "1-1");
  flash_usb_bus_learn (fixture->bus, old_board, NULL, TRUE);
  still = flash_usb_bus_look (fixture->bus, "1-1");
  g_assert_true (still == new_board);
  flash_usb_bus_forget (fixture->bus);
  flash_usb_bus_learn (fixture->bus, new_board, NULL, TRUE);
  g_assert_null (flash_usb_bus_take_wanted (fixture->bus));
}

static void
test_hubs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashBoard) board = NULL;

  flash_usb_tree_plug (fixture->root, "1-2", 2, FLASH_USB_TREE_HUB);
  flash_usb_tree_plug (fixture->root, "1-2.1", 3, FLASH_USB_TREE_ROM);
  board = flash_usb_bus_look (fixture->bus, "1-2.1");
  g_assert_cmpuint (flash_board_get_hubs (board)->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/usb-bus/all", Fixture, NULL, set_up, test_all, tear_down);
  g_test_add ("/usb-bus/runtime", Fixture, NULL, set_up, test_runtime, tear_down);
  g_test_add ("/usb-bus/generations", Fixture, NULL, set_up, test_generations, tear_down);
  g_test_add ("/usb-bus/busy", Fixture, NULL, set_up, test_busy, tear_down);
  g_test_add ("/usb-bus/no-node", Fixture, NULL, set_up, test_no_node, tear_down);
  g_test_add ("/usb-bus/learn", Fixture, NULL, set_up, test_learn, tear_down);
  g_test_add ("/usb-bus/one-question", Fixture, NULL, set_up, test_one_question, tear_down);
  g_test_add ("/usb-bus/poor-answer", Fixture, NULL, set_up, test_poor_answer, tear_down);
  g_test_add ("/usb-bus/not-set-up", Fixture, NULL, set_up, test_not_set_up, tear_down);
  g_test_add ("/usb-bus/doubt", Fixture, NULL, set_up, test_doubt, tear_down);
  g_test_add ("/usb-bus/unreadable", Fixture, NULL, set_up, test_unreadable, tear_down);
  g_test_add ("/usb-bus/learn-too-late", Fixture, NULL, set_up, test_learn_too_late, tear_down);
  g_test_add ("/usb-bus/hubs", Fixture, NULL, set_up, test_hubs, tear_down);

  return g_test_run ();
}
