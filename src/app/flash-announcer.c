/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-announcer"

#include "config.h"

#include "flash-announcer.h"

struct _FlashAnnouncer {
  GtkWidget parent_instance;

  char *text; /* (owned): what was said last */
};

G_DEFINE_FINAL_TYPE (FlashAnnouncer, flash_announcer, GTK_TYPE_WIDGET)

/* Under this name a window keeps its announcer. */
#define ROOT_KEY "flash-announcer"

static void
flash_announcer_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (flash_announcer_parent_class)->root (widget);
  g_object_set_data (G_OBJECT (gtk_widget_get_root (widget)), ROOT_KEY, widget);
}

static void
flash_announcer_unroot (GtkWidget *widget)
{
  g_object_set_data (G_OBJECT (gtk_widget_get_root (widget)), ROOT_KEY, NULL);
  GTK_WIDGET_CLASS (flash_announcer_parent_class)->unroot (widget);
}

static void
flash_announcer_finalize (GObject *object)
{
  g_free (FLASH_ANNOUNCER (object)->text);

  G_OBJECT_CLASS (flash_announcer_parent_class)->finalize (object);
}

static void
flash_announcer_class_init (FlashAnnouncerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_announcer_finalize;
  widget_class->root = flash_announcer_root;
  widget_class->unroot = flash_announcer_unroot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
}

static void
flash_announcer_init (FlashAnnouncer *self)
{
  self->text = g_strdup ("");
  /* Without a name it would be called by its class. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

static void
say (FlashAnnouncer *self, const char *text)
{
  g_free (self->text);
  self->text = g_strdup (text);
#if GTK_CHECK_VERSION(4, 14, 0)
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
#else
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
#endif
}

void
flash_announcer_say (GtkWidget *from, const char *text)
{
  GtkRoot *root;
  FlashAnnouncer *self;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (text != NULL);

  root = gtk_widget_get_root (from);
  self = root != NULL ? g_object_get_data (G_OBJECT (root), ROOT_KEY) : NULL;
  if (self != NULL)
    say (self, text);
}

const char *
flash_announcer_get_text (FlashAnnouncer *self)
{
  g_return_val_if_fail (FLASH_IS_ANNOUNCER (self), NULL);

  return self->text;
}
