/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-preferences-window"

#include "config.h"

#include "flash-preferences-window.h"

#include "flash-dialogs.h"

struct _FlashPreferencesWindow {
  AdwPreferencesWindow parent_instance;

  GtkSwitch *console_switch;
  GtkSwitch *confirmation_switch;
  GtkSpinButton *patience_spin;
  GtkSwitch *restart_switch;
  GtkSwitch *verify_switch;
  GtkSwitch *virtual_switch;
};

G_DEFINE_FINAL_TYPE (FlashPreferencesWindow, flash_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static gboolean
on_get_confirmation (GValue *value, GVariant *variant, gpointer unused)
{
  g_value_set_boolean (value, g_str_equal (g_variant_get_string (variant, NULL), "always"));
  return TRUE;
}

static GVariant *
on_set_confirmation (const GValue *value, const GVariantType *type, gpointer unused)
{
  return g_variant_new_string (g_value_get_boolean (value) ? "always" : "losses");
}

static void
bind_settings (FlashPreferencesWindow *self, GSettings *settings)
{
  const struct {
    const char *key;
    GtkSwitch *widget;
  } switches[] = {
    { "verify-afterwards", self->verify_switch },
    { "restart-by-itself", self->restart_switch },
    { "show-virtual-boards", self->virtual_switch },
    { "console-automatic", self->console_switch },
  };

  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    g_settings_bind (settings, switches[i].key, switches[i].widget, "active",
                     G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "patience", gtk_spin_button_get_adjustment (self->patience_spin),
                   "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (settings, "confirmation", self->confirmation_switch, "active",
                                G_SETTINGS_BIND_DEFAULT, on_get_confirmation, on_set_confirmation,
                                NULL, NULL);
}

static void
flash_preferences_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_PREFERENCES_WINDOW);

  G_OBJECT_CLASS (flash_preferences_window_parent_class)->dispose (object);
}

static void
flash_preferences_window_class_init (FlashPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_preferences_window_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashPreferencesWindow, confirmation_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashPreferencesWindow, console_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashPreferencesWindow, patience_spin);
  gtk_widget_class_bind_template_child (widget_class, FlashPreferencesWindow, restart_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashPreferencesWindow, verify_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashPreferencesWindow, virtual_switch);
}

static void
flash_preferences_window_init (FlashPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
flash_preferences_window_present (GtkWindow *parent, GSettings *settings)
{
  GtkWindow *window = NULL;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  if (parent != NULL)
    window = flash_dialogs_find (parent, FLASH_TYPE_PREFERENCES_WINDOW);
  if (window == NULL) {
    window = g_object_new (FLASH_TYPE_PREFERENCES_WINDOW, "transient-for", parent, NULL);
    bind_settings (FLASH_PREFERENCES_WINDOW (window), settings);
  }
  gtk_window_present (window);
  return window;
}
