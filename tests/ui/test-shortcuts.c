/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window of keyboard shortcuts says all keys that there are, and none that there is not. */
#define G_LOG_DOMAIN "test-shortcuts"

#include "config.h"

#include "flash-chip-map.h"
#include "flash-hex-view.h"
#include "flash-memory-bench.h"
#include "flash-memory-window.h"

/* Returns: (transfer full): a key as it is written in the list; the keys of the number pad do what
 * their twins do. */
static char *
dup_key (guint key, GdkModifierType modifiers)
{
  static const struct {
    guint key;
    guint twin;
  } twins[] = {
    { GDK_KEY_KP_Enter, GDK_KEY_Return },
    { GDK_KEY_KP_Add, GDK_KEY_plus },
    { GDK_KEY_equal, GDK_KEY_plus },
    { GDK_KEY_KP_Subtract, GDK_KEY_minus },
    { GDK_KEY_KP_0, GDK_KEY_0 },
    { GDK_KEY_KP_Left, GDK_KEY_Left },
    { GDK_KEY_KP_Right, GDK_KEY_Right },
    { GDK_KEY_KP_Home, GDK_KEY_Home },
    { GDK_KEY_KP_End, GDK_KEY_End },
    { GDK_KEY_KP_Up, GDK_KEY_Up },
    { GDK_KEY_KP_Down, GDK_KEY_Down },
    { GDK_KEY_KP_Page_Up, GDK_KEY_Page_Up },
    { GDK_KEY_KP_Page_Down, GDK_KEY_Page_Down },
  };

  for (guint i = 0; i < G_N_ELEMENTS (twins); i++)
    if (twins[i].key == key)
      key = twins[i].twin;
  /* To type a plus one holds the shift key. */
  if (key == GDK_KEY_plus)
    modifiers &= ~GDK_SHIFT_MASK;
  return gtk_accelerator_name (key, modifiers);
}

static void
add_accel (GHashTable *keys, const char *accel)
{
  GdkModifierType modifiers;
  guint key;

  g_assert_true (gtk_accelerator_parse (accel, &key, &modifiers));
  g_hash_table_add (keys, dup_key (key, modifiers));
}

static void
collect_listed (GtkWidget *widget, GHashTable *keys)
{
  if (GTK_IS_SHORTCUTS_SHORTCUT (widget)) {
    g_autofree char *accelerator = NULL;
    g_autofree char *action = NULL;
    g_autofree char *title = NULL;
    g_auto (GStrv) accels = NULL;

    g_object_get (widget, "accelerator", &accelerator, "action-name", &action, "title", &title,
                  NULL);
    accels = action != NULL ? gtk_application_get_accels_for_action (
                                  GTK_APPLICATION (flash_app_test.application), action)
                            : g_strsplit (accelerator, " ", -1);
    /* None says nothing. */
    g_assert_cmpstr (title, !=, "");
    g_assert_nonnull (accels[0]);
    for (guint i = 0; accels[i] != NULL; i++)
      add_accel (keys, accels[i]);
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_listed (child, keys);
}

/* Returns: (transfer full) (element-type utf8): what is in the list. */
static GHashTable *
list_keys (FlashAppFixture *fixture)
{
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkWidget *overlay;

  flash_app_activate (fixture, "win.show-help-overlay");
  overlay = GTK_WIDGET (
      gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (fixture->window)));
  collect_listed (overlay, keys);
  gtk_window_close (GTK_WINDOW (overlay));
  flash_ui_wait_until (!gtk_widget_get_mapped (overlay));
  return keys;
}

/* Adds the keys that the class of @widget has. */
static void
collect_bound (GtkWidget *widget, GHashTable *keys)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

    if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
      continue;
    for (guint k = 0; k < g_list_model_get_n_items (G_LIST_MODEL (controller)); k++) {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), k);
      GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

      if (GTK_IS_KEYVAL_TRIGGER (trigger))
        g_hash_table_add (
            keys, dup_key (gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)),
                           gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger))));
    }
  }
}

/* Returns: (transfer full) (element-type utf8): what @widget has and its parent class has not. */
static GHashTable *
list_bound (GtkWidget *widget, GtkWidget *of_parent)
{
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) inherited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key;

  collect_bound (widget, keys);
  if (of_parent != NULL)
    collect_bound (of_parent, inherited);
  g_hash_table_iter_init (&iter, inherited);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_remove (keys, key);
  return keys;
}

static void
assert_listed (GHashTable *listed, GHashTable *bound, const char *where)
{
  GHashTableIter iter;
  gpointer key;

  g_assert_cmpuint (g_hash_table_size (bound), >, 0);
  g_hash_table_iter_init (&iter, bound);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    if (g_hash_table_contains (listed, key))
      continue;
    g_test_message ("%s is a key of %s, and not in the list", (const char *) key, where);
    g_test_fail ();
  }
}

/* --- keys of the program and its windows ----------------------------------------------------- */

static void
test_application (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkApplication *application = GTK_APPLICATION (flash_app_test.application);
  g_autoptr (GHashTable) listed = list_keys (fixture);
  g_autoptr (GHashTable) bound = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (application);

  for (guint i = 0; actions[i] != NULL; i++) {
    g_auto (GStrv) accels = gtk_application_get_accels_for_action (application, actions[i]);

    for (guint k = 0; accels[k] != NULL; k++)
      add_accel (bound, accels[k]);
  }
  g_assert_cmpuint (g_hash_table_size (bound), >=, 14);
  assert_listed (listed, bound, "the program");
}

static void
test_window (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *plain = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  g_autoptr (GHashTable) listed = list_keys (fixture);
  g_autoptr (GHashTable) bound = list_bound (GTK_WIDGET (fixture->window), plain);

  assert_listed (listed, bound, "the window");
  gtk_window_destroy (GTK_WINDOW (plain));
}

/* Both Alt and Shift move; the list names one of them. */
static void
test_storage_bar (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GHashTable) listed = NULL;
  g_autoptr (GHashTable) bound = NULL;
  static const char *const others[] = { "<Shift>Left", "<Shift>Right", "<Shift>Page_Up",
                                        "<Shift>Page_Down" };

  flash_app_open (fixture, fixture->layout_path);
  listed = list_keys (fixture);
  bound = list_bound (flash_app_get (fixture, "bar"), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_true (g_hash_table_remove (bound, others[i]));
  assert_listed (listed, bound, "the storage map");
}

static void
test_memory (FlashAppFixture *fixture, gconstpointer unused)
{
  static const char *const moves[] = { "Left", "Right", "Up",      "Down",
                                       "Home", "End",   "Page_Up", "Page_Down" };
  static const char *const held[] = { "", "<Shift>", "<Control>", "<Shift><Control>" };
  GtkWidget *plain = adw_window_new ();
  g_autoptr (GHashTable) listed = list_keys (fixture);
  g_autoptr (GHashTable) bound = NULL;
  g_autoptr (GHashTable) bytes = NULL;
  GtkWidget *window, *view;

  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  window = flash_memory_bench_open (fixture, "win.memory", FLASH_TYPE_MEMORY_WINDOW);
  bound = list_bound (window, plain);
  assert_listed (listed, bound, "the memory window");
  flash_memory_bench_read (window);
  view = flash_ui_find_widget (window, FLASH_TYPE_HEX_VIEW, NULL);
  bytes = list_bound (view, NULL);
  /* Moving about and choosing is as in every text. */
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    for (guint k = 0; k < G_N_ELEMENTS (held); k++) {
      g_autofree char *key = g_strconcat (held[k], moves[i], NULL);

      g_hash_table_remove (bytes, key);
    }
  assert_listed (listed, bytes, "the bytes");
  flash_memory_bench_close (window);
  gtk_window_destroy (GTK_WINDOW (plain));
}

static void
test_chip_map (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "program.bin", 8192, 1);
  g_autoptr (GHashTable) listed = list_keys (fixture);
  g_autoptr (GHashTable) bound = NULL;
  GtkWidget *map;

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  map = flash_ui_find_widget (GTK_WIDGET (fixture->window), FLASH_TYPE_CHIP_MAP, NULL);
  bound = list_bound (map, NULL);
  assert_listed (listed, bound, "the memory map");
}

/* The keys that users of this desktop expect, of those whose function there is. */
static void
test_expected (FlashAppFixture *fixture, gconstpointer unused)
{
  static const char *const expected[] = {
    "<Control>o",
    "<Control>s",
    "<Shift><Control>s",
    "<Control>n",
    "<Control>Return",
    "Escape",
    "F5",
    "<Control>f",
    "<Control>d",
    "<Control>e",
    "<Control>comma",
    "<Control>z",
    "<Control>question",
    "F1",
    "F9",
    "F10",
    "<Control>w",
    "<Control>q",
    "<Shift><Control>z",
  };
  g_autoptr (GHashTable) listed = list_keys (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    GdkModifierType modifiers;
    guint key;
    g_autofree char *name = NULL;

    g_assert_true (gtk_accelerator_parse (expected[i], &key, &modifiers));
    name = dup_key (key, modifiers);
    g_test_message ("%s", name);
    g_assert_true (g_hash_table_contains (listed, name));
  }
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/shortcuts/application", test_application);
  ADD ("/shortcuts/window", test_window);
  ADD ("/shortcuts/storage-bar", test_storage_bar);
  ADD ("/shortcuts/memory", test_memory);
  ADD ("/shortcuts/chip-map", test_chip_map);
  ADD ("/shortcuts/expected", test_expected);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
