/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-application"

#include "config.h"

#include "flash-application.h"

#include "flash-about.h"
#include "flash-preferences-window.h"
#include "flash-quit.h"
#include "flash-sim-provider.h"
#include "flash-start-time.h"
#include "flash-whole-text.h"
#include "flash-window.h"

#include <glib/gi18n.h>

/* Each gets a window: whoever has chosen a whole folder in the file manager did not mean that. */
#define MAX_FILES 8

struct _FlashApplication {
  AdwApplication parent_instance;

  FlashAddBoards add_real_boards;
  FlashClock *clock; /* (owned) */
  char *root; /* (owned) (nullable) (type filename) */
  char *virtual_boards; /* (owned) (nullable) */
  FlashBoardList *boards; /* (owned) (nullable) before startup */
  FlashProvider *virtual_provider; /* (owned) (nullable) before startup */
  GSettings *settings; /* (owned) (nullable) before startup */
  gboolean has_offered; /* what a crash has left */
  char *run; /* (owned): tells this run of the program from others */
};

G_DEFINE_FINAL_TYPE (FlashApplication, flash_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
  G_OPTION_ENTRY_NULL,
};

/* Returns: (transfer none) (nullable): the window of ours that was used last. */
static GtkWindow *
find_main_window (FlashApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (GList *link = windows; link != NULL; link = link->next)
    if (FLASH_IS_WINDOW (link->data) && gtk_widget_get_visible (link->data))
      return link->data;
  return NULL;
}

/* Returns: (transfer none): the same, and one that is shown now if there was none. */
static GtkWindow *
need_main_window (FlashApplication *self)
{
  if (find_main_window (self) == NULL)
    g_application_activate (G_APPLICATION (self));
  return find_main_window (self);
}

static void
on_about_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  flash_about_present (need_main_window (FLASH_APPLICATION (data)), FLASH_APPLICATION (data)->root);
}

static void
on_preferences_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FlashApplication *self = data;

  flash_preferences_window_present (need_main_window (self), self->settings);
}

static void
on_quit_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  flash_quit_begin (GTK_APPLICATION (data));
}

static FlashWindow *
create_window (FlashApplication *self)
{
  FlashWindow *window = flash_window_new (self);

  flash_start_time_watch (GTK_WINDOW (window));
  if (!self->has_offered)
    flash_window_offer_rescues (window);
  self->has_offered = TRUE;
  return window;
}

static void
on_new_window_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (create_window (FLASH_APPLICATION (data))));
}

/* Parameter: the run, and its window, that a notification is about. It may be an earlier run. */
static void
on_show_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = NULL;
  const char *run;
  guint id;

  g_variant_get (parameter, "(&su)", &run, &id);
  if (g_str_equal (run, FLASH_APPLICATION (data)->run))
    window = gtk_application_get_window_by_id (GTK_APPLICATION (data), id);
  if (window != NULL)
    gtk_window_present (window);
  else
    g_application_activate (G_APPLICATION (data));
}

static const GActionEntry actions[] = {
  { "about", on_about_activated },
  { "new-window", on_new_window_activated },
  { "preferences", on_preferences_activated },
  { "quit", on_quit_activated },
  { "show", on_show_activated, "(su)" },
};

static void
set_shortcuts (FlashApplication *self)
{
  static const struct {
    const char *action;
    const char *keys[3];
  } shortcuts[] = {
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "app.new-window", { "<Control>n" } },
    { "win.open", { "<Control>o" } },
    { "win.new-layout", { "<Control><Shift>n" } },
    { "win.save", { "<Control>s" } },
    { "win.save-as", { "<Control><Shift>s" } },
    { "win.flash", { "<Control>Return", "<Control>KP_Enter" } },
    { "win.rescan", { "F5" } },
    { "win.show-log", { "<Control>d" } },
    { "win.toggle-pane", { "F9" } },
    { "win.show-help-overlay", { "<Control>question" } },
    { "win.help::index", { "F1" } },
    { "win.save-report", { "<Control>e" } },
    { "window.close", { "<Control>w" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), shortcuts[i].action,
                                           (const char *const *) shortcuts[i].keys);
}

/* Beside those that are always there. */
static void
add_virtual_boards (FlashApplication *self)
{
  g_auto (GStrv) ids =
      g_strsplit (self->virtual_boards != NULL ? self->virtual_boards : "", " ", -1);

  for (guint i = 0; ids[i] != NULL; i++) {
    g_autofree char *id = g_strconcat ("virtual:", ids[i], NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashBoard) board = NULL;

    if (*ids[i] != '\0')
      board = flash_provider_find (self->virtual_provider, id, &error);
    if (error != NULL)
      g_printerr ("flashwright: %s\n", error->message);
  }
}

/* Providers are listed in this order: real boards stand above the virtual ones. */
static void
flash_application_startup (GApplication *application)
{
  FlashApplication *self = FLASH_APPLICATION (application);

  G_APPLICATION_CLASS (flash_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (APP_ID);
  flash_whole_text_watch ();
  self->settings = g_settings_new (APP_ID);
  self->virtual_provider = FLASH_PROVIDER (flash_sim_provider_new (self->clock));
  self->boards = flash_board_list_new ();
  self->add_real_boards (self->boards);
  flash_board_list_add_provider (self->boards, self->virtual_provider);
  add_virtual_boards (self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_shortcuts (self);
}

/* Whoever starts the program again looks for what goes on in background; else for the window that
 * was used last. */
static void
flash_application_activate (GApplication *application)
{
  FlashApplication *self = FLASH_APPLICATION (application);
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (self)));
  GtkWindow *window = find_main_window (self);
  gboolean was_hidden = FALSE;

  for (GList *link = windows; link != NULL; link = link->next) {
    if (!FLASH_IS_WINDOW (link->data) || gtk_widget_get_visible (link->data))
      continue;
    gtk_window_present (link->data);
    was_hidden = TRUE;
  }
  if (!was_hidden)
    gtk_window_present (window != NULL ? window : GTK_WINDOW (create_window (self)));
}

/* Returns: (transfer none): where the file is shown: in the window that has it, or else in one that
 * shows nothing yet. */
static FlashWindow *
open_file (FlashApplication *self, GFile *file)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));
  FlashWindow *window = NULL;

  for (GList *link = windows; link != NULL; link = link->next) {
    if (!FLASH_IS_WINDOW (link->data))
      continue;
    if (flash_window_has_file (link->data, file)) {
      gtk_window_present (link->data);
      return link->data;
    }
    if (window == NULL && flash_window_is_free (link->data))
      window = link->data;
  }
  if (window == NULL)
    window = create_window (self);
  gtk_window_present (GTK_WINDOW (window));
  flash_window_open (window, file);
  return window;
}

static void
flash_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  FlashWindow *window = NULL;

  for (int i = 0; i < MIN (n_files, MAX_FILES); i++)
    window = open_file (FLASH_APPLICATION (application), files[i]);
  if (n_files > MAX_FILES)
    flash_window_tell_too_many (window, MAX_FILES, (guint) n_files);
}

static int
flash_application_handle_local_options (GApplication *application, GVariantDict *given)
{
  if (!g_variant_dict_contains (given, "version"))
    return -1;
  g_print ("flashwright %s\n", PACKAGE_VERSION);
  return 0;
}

static void
flash_application_dispose (GObject *object)
{
  FlashApplication *self = FLASH_APPLICATION (object);

  g_clear_object (&self->boards);
  g_clear_object (&self->virtual_provider);
  g_clear_object (&self->settings);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->root, g_free);
  g_clear_pointer (&self->run, g_free);
  g_clear_pointer (&self->virtual_boards, g_free);

  G_OBJECT_CLASS (flash_application_parent_class)->dispose (object);
}

static void
flash_application_class_init (FlashApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_application_dispose;
  application_class->startup = flash_application_startup;
  application_class->activate = flash_application_activate;
  application_class->open = flash_application_open;
  application_class->handle_local_options = flash_application_handle_local_options;
}

static void
flash_application_init (FlashApplication *self)
{
  g_autofree char *files = NULL;

  self->clock = flash_clock_new_real ();
  self->run = g_uuid_string_random ();
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  /* There may be several. */
  files = g_strconcat (_ ("[FILE]"), "…", NULL);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), files);
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _ ("Flashes and revives STM32 boards over USB."));
}

FlashApplication *
flash_application_new (FlashAddBoards add_real_boards)
{
  FlashApplication *self;

  g_return_val_if_fail (add_real_boards != NULL, NULL);

  self = g_object_new (FLASH_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "register-session", TRUE, "resource-base-path",
                       "/io/github/flashwright/Flashwright", NULL);
  self->add_real_boards = add_real_boards;
  return self;
}

FlashBoardList *
flash_application_get_boards (FlashApplication *self)
{
  g_return_val_if_fail (FLASH_IS_APPLICATION (self), NULL);

  return self->boards;
}

FlashProvider *
flash_application_get_virtual_provider (FlashApplication *self)
{
  g_return_val_if_fail (FLASH_IS_APPLICATION (self), NULL);

  return self->virtual_provider;
}

GSettings *
flash_application_get_settings (FlashApplication *self)
{
  g_return_val_if_fail (FLASH_IS_APPLICATION (self), NULL);

  return self->settings;
}

void
flash_application_set_root (FlashApplication *self, const char *root)
{
  g_return_if_fail (FLASH_IS_APPLICATION (self));

  g_free (self->root);
  self->root = g_strdup (root);
}

void
flash_application_set_virtual_boards (FlashApplication *self, const char *ids)
{
  g_return_if_fail (FLASH_IS_APPLICATION (self));

  g_free (self->virtual_boards);
  self->virtual_boards = g_strdup (ids);
}

const char *
flash_application_get_root (FlashApplication *self)
{
  g_return_val_if_fail (FLASH_IS_APPLICATION (self), NULL);

  return self->root;
}

const char *
flash_application_get_run (FlashApplication *self)
{
  g_return_val_if_fail (FLASH_IS_APPLICATION (self), NULL);

  return self->run;
}

FlashClock *
flash_application_get_clock (FlashApplication *self)
{
  g_return_val_if_fail (FLASH_IS_APPLICATION (self), NULL);

  return self->clock;
}
