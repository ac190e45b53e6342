/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The side pane: virtual boards, and boards of another provider, as those on USB will be. */
#define G_LOG_DOMAIN "test-boards"

#include "config.h"

#include "flash-app-test.h"
#include "flash-board-row.h"

/* --- a provider of boards that are not virtual -------------------------------------------- */

#define TEST_TYPE_BOARD (test_board_get_type ())
G_DECLARE_FINAL_TYPE (TestBoard, test_board, TEST, BOARD, FlashBoard)

struct _TestBoard {
  FlashBoard parent_instance;
};

G_DEFINE_FINAL_TYPE (TestBoard, test_board, FLASH_TYPE_BOARD)

static void
test_board_class_init (TestBoardClass *klass)
{
}

static void
test_board_init (TestBoard *self)
{
}

#define TEST_TYPE_PROVIDER (test_provider_get_type ())
G_DECLARE_FINAL_TYPE (TestProvider, test_provider, TEST, PROVIDER, GObject)

struct _TestProvider {
  GObject parent_instance;

  FlashBoard *board; /* (owned) (nullable) */
  guint n_rescans;
};

static GType
get_item_type (GListModel *model)
{
  return FLASH_TYPE_BOARD;
}

static guint
get_n_items (GListModel *model)
{
  return TEST_PROVIDER (model)->board != NULL;
}

static gpointer
get_item (GListModel *model, guint position)
{
  TestProvider *self = TEST_PROVIDER (model);

  return self->board != NULL && position == 0 ? g_object_ref (self->board) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static FlashBoard *
peek_port (FlashProvider *provider, const char *port)
{
  TestProvider *self = TEST_PROVIDER (provider);

  return self->board != NULL ? g_object_ref (self->board) : NULL;
}

static void
rescan (FlashProvider *provider)
{
  TEST_PROVIDER (provider)->n_rescans++;
}

static void
provider_init (FlashProviderInterface *iface)
{
  iface->peek_port = peek_port;
  iface->rescan = rescan;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestProvider, test_provider, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (FLASH_TYPE_PROVIDER, provider_init))

static void
test_provider_finalize (GObject *object)
{
  g_clear_object (&TEST_PROVIDER (object)->board);

  G_OBJECT_CLASS (test_provider_parent_class)->finalize (object);
}

static void
test_provider_class_init (TestProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_provider_finalize;
}

static void
test_provider_init (TestProvider *self)
{
}

static void
set_board (TestProvider *self, FlashBoard *board)
{
  guint n_before = self->board != NULL;

  g_set_object (&self->board, board);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, board != NULL);
}

static FlashBoard *
make_board (FlashSpeed speed, FlashAccess access)
{
  return g_object_new (TEST_TYPE_BOARD, "id", "usb:1-4", "port", "1-4", "generation",
                       G_GUINT64_CONSTANT (1), "speed", (guint) speed, "access", (guint) access,
                       "virtual", FALSE, NULL);
}

/* --- tests -------------------------------------------------------------------------------- */

static TestProvider *provider; /* (owned) */

static FlashBoardList *
get_boards (void)
{
  return flash_application_get_boards (flash_app_test.application);
}

static GtkListBoxRow *
get_row (FlashAppFixture *fixture, int index)
{
  return gtk_list_box_get_row_at_index (GTK_LIST_BOX (flash_app_get (fixture, "list")), index);
}

static GtkWidget *
find_in (GtkListBoxRow *row, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (row), GTK_TYPE_LABEL, text);
}

/* As long as nothing can see real boards, nobody is told to plug one in. */
static void
test_virtual_only (FlashAppFixture *fixture, gconstpointer unused)
{
  g_assert_false (flash_board_list_has_real_provider (get_boards ()));
  g_assert_cmpstr (flash_app_get_text (fixture, "empty_title"), ==, "Virtual boards only");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (get_boards ())), ==, 3);
  g_assert_nonnull (find_in (get_row (fixture, 0), "STM32MP15"));
  g_assert_nonnull (find_in (get_row (fixture, 0), "Ready in ROM"));
  g_assert_nonnull (find_in (get_row (fixture, 0), "Port virtual-1, high speed"));
  g_assert_nonnull (find_in (get_row (fixture, 0), "virtual"));
}

static void
test_hide_virtual (FlashAppFixture *fixture, gconstpointer unused)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-virtual-boards", NULL);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_null (get_row (fixture, 0));
  flash_app_press (fixture, "try_button");
  flash_ui_wait_until (get_row (fixture, 2) != NULL);
  g_assert_true (gtk_list_box_row_is_selected (get_row (fixture, 0)));
  g_assert_false (flash_app_has (fixture, "try_button"));
}

/* From here on there is a provider that sees real boards. */
static void
test_no_board (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashWindow *window;

  flash_board_list_add_provider (get_boards (), FLASH_PROVIDER (provider));
  window = flash_window_new (flash_app_test.application);
  gtk_window_present (GTK_WINDOW (window));
  flash_ui_settle (GTK_WIDGET (window), 30);
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (window), GTK_TYPE_LABEL, "No board on USB"));
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (window), ADW_TYPE_STATUS_PAGE,
                                          "Plug in a board or drop a layout"));
  gtk_window_destroy (GTK_WINDOW (window));

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.rescan", NULL);
  g_assert_cmpuint (provider->n_rescans, ==, 1);
}

static void
expect_blocker (FlashAppFixture *fixture, FlashSpeed speed, FlashAccess access, const char *warning,
                const char *reason)
{
  g_autoptr (FlashBoard) board = make_board (speed, access);

  set_board (provider, board);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_nonnull (find_in (get_row (fixture, 3), warning));
  gtk_list_box_select_row (GTK_LIST_BOX (flash_app_get (fixture, "list")), get_row (fixture, 3));
  g_assert_cmpstr (flash_app_get_text (fixture, "blocker_label"), ==, reason);
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  set_board (provider, NULL);
  g_assert_null (get_row (fixture, 3));
  g_assert_cmpstr (flash_app_get_text (fixture, "blocker_label"), ==, "No board is chosen.");
}

/* Each with a word in its row, and the reason beside the button. */
static void
test_blockers (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  expect_blocker (fixture, FLASH_SPEED_HIGH, FLASH_ACCESS_NO_PERMISSION, "No permission",
                  "You may not open the board.");
  expect_blocker (fixture, FLASH_SPEED_HIGH, FLASH_ACCESS_BUSY, "In use elsewhere",
                  "Another program is using the board.");
  expect_blocker (fixture, FLASH_SPEED_HIGH, FLASH_ACCESS_SILENT, "Does not answer",
                  "The board is on the bus but does not answer.");
  expect_blocker (
      fixture, FLASH_SPEED_FULL, FLASH_ACCESS_OK, "Slow link",
      "This device is not an STM32MP board in serial boot, so that it cannot take a layout.");
}

/* A board that comes back is another object on the same port, and the same row. */
static void
test_return (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashBoard) first = make_board (FLASH_SPEED_HIGH, FLASH_ACCESS_OK);
  g_autoptr (FlashBoard) second = make_board (FLASH_SPEED_FULL, FLASH_ACCESS_OK);
  FlashBoardEntry *entry;

  set_board (provider, first);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  entry = flash_board_row_get_entry (FLASH_BOARD_ROW (get_row (fixture, 3)));
  g_assert_cmpstr (flash_board_entry_get_name (entry), ==, "USB device");
  g_assert_false (flash_app_has (fixture, "empty_box"));
  set_board (provider, second);
  g_assert_true (flash_board_row_get_entry (FLASH_BOARD_ROW (get_row (fixture, 3))) == entry);
  g_assert_true (flash_board_entry_get_board (entry) == second);
  g_assert_nonnull (find_in (get_row (fixture, 3), "Port 1-4, full speed"));
  g_assert_false (flash_board_entry_can_restart (entry));
  set_board (provider, NULL);
}

/* A virtual board that is not in its ROM can be switched off and on. */
static void
test_restart (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry = flash_app_choose_board (fixture, "stage=uboot");
  guint64 generation = flash_board_get_generation (flash_board_entry_get_board (entry));

  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_true (flash_board_entry_can_restart (entry));
  flash_app_press (fixture, "restart_button");
  flash_ui_wait_until (
      flash_board_entry_is_present (entry) && !flash_board_entry_is_restarting (entry) &&
      flash_board_get_generation (flash_board_entry_get_board (entry)) != generation);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  provider = g_object_new (TEST_TYPE_PROVIDER, NULL);
  ADD ("/boards/virtual-only", test_virtual_only);
  ADD ("/boards/hide-virtual", test_hide_virtual);
  ADD ("/boards/no-board", test_no_board);
  ADD ("/boards/blockers", test_blockers);
  ADD ("/boards/return", test_return);
  ADD ("/boards/restart", test_restart);
  status = g_test_run ();
  flash_app_test_shut_down ();
  g_object_unref (provider);
  return status;
}
