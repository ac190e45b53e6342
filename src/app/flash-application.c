/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-application"

#include "config.h"

#include "flash-application.h"

#include "flash-dialogs.h"
#include "flash-sim-provider.h"
#include "flash-window.h"

#include <glib/gi18n.h>

struct _FlashApplication {
  AdwApplication parent_instance;

  FlashAddBoards add_real_boards;
  FlashClock *clock; /* (owned) */
  char *root; /* (owned) (nullable) (type filename) */
  FlashBoardList *boards; /* (owned) (nullable) before startup */
  FlashProvider *virtual_provider; /* (owned) (nullable) before startup */
  GSettings *settings; /* (owned) (nullable) before startup */
  gboolean has_offered; /* what a crash has left */
};

G_DEFINE_FINAL_TYPE (FlashApplication, flash_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
  G_OPTION_ENTRY_NULL,
};

static void
on_about_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  flash_dialogs_show_about (gtk_application_get_active_window (GTK_APPLICATION (data)));
}

/* A window that flashes, or has something unsaved, asks first. */
static void
on_quit_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (data)));

  for (GList *link = windows; link != NULL; link = link->next)
    if (FLASH_IS_WINDOW (link->data))
      gtk_window_close (link->data);
}

static void
on_new_window_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (flash_window_new (FLASH_APPLICATION (data))));
}

static void
on_show_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_application_activate (G_APPLICATION (data));
}

static const GActionEntry actions[] = {
  { "about", on_about_activated },
  { "new-window", on_new_window_activated },
  { "quit", on_quit_activated },
  { "show", on_show_activated },
};

static void
set_shortcuts (FlashApplication *self)
{
  static const struct {
    const char *action;
    const char *keys[3];
  } shortcuts[] = {
    { "app.quit", { "<Control>q" } },
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

/* Providers are listed in this order: real boards stand above the virtual ones. */
static void
flash_application_startup (GApplication *application)
{
  FlashApplication *self = FLASH_APPLICATION (application);

  G_APPLICATION_CLASS (flash_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (APP_ID);
  self->settings = g_settings_new (APP_ID);
  self->virtual_provider = FLASH_PROVIDER (flash_sim_provider_new (self->clock));
  self->boards = flash_board_list_new ();
  self->add_real_boards (self->boards);
  flash_board_list_add_provider (self->boards, self->virtual_provider);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_shortcuts (self);
}

static FlashWindow *
get_window (FlashApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));
  FlashWindow *window;

  for (GList *link = windows; link != NULL; link = link->next)
    if (FLASH_IS_WINDOW (link->data))
      return link->data;
  window = flash_window_new (self);
  if (!self->has_offered)
    flash_window_offer_rescues (window);
  self->has_offered = TRUE;
  return window;
}

static void
flash_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (get_window (FLASH_APPLICATION (application))));
}

static void
flash_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  FlashWindow *window = get_window (FLASH_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  flash_window_open (window, files[0]);
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
  self->clock = flash_clock_new_real ();
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[FILE]"));
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _ ("Flashes and revives STM32 boards over USB."));
}

FlashApplication *
flash_application_new (FlashAddBoards add_real_boards)
{
  FlashApplication *self;

  g_return_val_if_fail (add_real_boards != NULL, NULL);

  self = g_object_new (FLASH_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path",
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

const char *
flash_application_get_root (FlashApplication *self)
{
  g_return_val_if_fail (FLASH_IS_APPLICATION (self), NULL);

  return self->root;
}

FlashClock *
flash_application_get_clock (FlashApplication *self)
{
  g_return_val_if_fail (FLASH_IS_APPLICATION (self), NULL);

  return self->clock;
}
