/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-drop-zone"

#include "config.h"

#include "flash-drop-zone.h"

#include "flash-text.h"
#include "flash-window.h"

#include <glib/gi18n.h>

#include <string.h>

/* The end of a name tells what it is: what is too long loses its middle. */
#define HALF_NAME_CHARS 24

/* What lies over the window while a file hovers. It belongs to the window. */
typedef struct {
  const FlashDropZone *zone;
  GtkWindow *window; /* (transfer none) */
  GtkWidget *veil; /* (transfer none) */
  GtkWidget *icon; /* (transfer none) */
  GtkWidget *label; /* (transfer none) */
} Veil;

char *
flash_drop_zone_dup_name (const char *path)
{
  g_autofree char *name = NULL;
  g_autofree char *clean = NULL;
  g_autofree char *begin = NULL;
  glong n_chars;

  g_return_val_if_fail (path != NULL, NULL);

  name = g_filename_display_basename (path);
  clean = flash_text_sanitize (name, strlen (name), G_MAXSIZE);
  n_chars = g_utf8_strlen (clean, -1);
  if (n_chars <= 2 * HALF_NAME_CHARS)
    return g_steal_pointer (&clean);
  begin = g_utf8_substring (clean, 0, HALF_NAME_CHARS);
  return g_strconcat (begin, "…", g_utf8_offset_to_pointer (clean, n_chars - HALF_NAME_CHARS),
                      NULL);
}

/* Returns: (transfer full) (nullable): the one file, %NULL if there is not exactly one on this
 * computer. */
static GFile *
dup_file (const GValue *value)
{
  g_autoptr (GSList) files = NULL;

  if (value == NULL || !G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return NULL;
  files = gdk_file_list_get_files (g_value_get_boxed (value));
  if (files == NULL || files->next != NULL || g_file_peek_path (files->data) == NULL)
    return NULL;
  return g_object_ref (files->data);
}

/* Returns: (transfer full): what is said of the file that hovers */
static char *
dup_text (Veil *self, GFile *file, gboolean *out_is_refused)
{
  g_autofree char *name = NULL;

  *out_is_refused = file == NULL;
  if (file == NULL)
    return g_strdup (_ ("Only one file or folder on this computer can be opened."));
  name = flash_drop_zone_dup_name (g_file_peek_path (file));
  return self->zone->dup_offer (self->window, name, out_is_refused);
}

static void
on_value_changed (GtkDropTarget *target, GParamSpec *pspec, Veil *self)
{
  const GValue *value = gtk_drop_target_get_value (target);
  g_autoptr (GFile) file = dup_file (value);
  g_autofree char *text = NULL;
  gboolean is_refused;

  /* It has gone again, or is not known yet. */
  if (value == NULL)
    return;
  text = dup_text (self, file, &is_refused);
  gtk_label_set_label (GTK_LABEL (self->label), text);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), is_refused ? "action-unavailable-symbolic"
                                                                   : "document-open-symbolic");
  gtk_widget_set_visible (self->veil, TRUE);
}

static GdkDragAction
on_enter (GtkDropTarget *target, double x, double y, Veil *self)
{
  on_value_changed (target, NULL, self);
  return GDK_ACTION_COPY;
}

static void
on_leave (Veil *self)
{
  gtk_widget_set_visible (self->veil, FALSE);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, Veil *self)
{
  g_autoptr (GFile) file = dup_file (value);
  g_autofree char *text = NULL;
  gboolean is_refused;

  on_leave (self);
  text = dup_text (self, file, &is_refused);
  if (!is_refused)
    self->zone->take (self->window, file);
  return !is_refused;
}

static GtkWidget *
create_veil (Veil *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *veil = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->icon = gtk_image_new ();
  gtk_image_set_pixel_size (GTK_IMAGE (self->icon), 64);
  self->label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (self->label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (self->label), 40);
  gtk_widget_add_css_class (self->label, "title-2");
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), self->icon);
  gtk_box_append (GTK_BOX (box), self->label);
  gtk_box_append (GTK_BOX (veil), box);
  gtk_widget_set_can_target (veil, FALSE);
  gtk_widget_set_visible (veil, FALSE);
  gtk_widget_set_name (veil, "drop_veil");
  gtk_widget_add_css_class (veil, "flash-drop");
  return veil;
}

void
flash_drop_zone_add (AdwWindow *window, const FlashDropZone *zone)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GtkWidget *overlay = gtk_overlay_new ();
  g_autoptr (GtkWidget) content = NULL;
  Veil *self;

  g_return_if_fail (ADW_IS_WINDOW (window) && zone != NULL);

  content = g_object_ref (adw_window_get_content (window));
  self = g_new0 (Veil, 1);
  self->zone = zone;
  self->window = GTK_WINDOW (window);
  self->veil = create_veil (self);
  adw_window_set_content (window, NULL);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), content);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->veil);
  adw_window_set_content (window, overlay);
  /* The name is known while the file hovers. */
  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect (target, "enter", G_CALLBACK (on_enter), self);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (target, "notify::value", G_CALLBACK (on_value_changed), self);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  g_object_set_data_full (G_OBJECT (target), "veil", self, g_free);
  gtk_widget_add_controller (GTK_WIDGET (window), GTK_EVENT_CONTROLLER (target));
}

/* --- files for the window behind ------------------------------------------------------------ */

static char *
dup_opener_offer (GtkWindow *window, const char *name, gboolean *out_is_refused)
{
  GtkWindow *parent = gtk_window_get_transient_for (window);

  *out_is_refused = parent == NULL || flash_window_is_flashing (FLASH_WINDOW (parent));
  if (*out_is_refused)
    return g_strdup (_ ("A board is being flashed. Open another file afterwards."));
  /* TRANSLATORS: the name of a file; it is not opened where it is dropped */
  return g_strdup_printf (_ ("Open “%s” in the main window"), name);
}

static void
take_for_opener (GtkWindow *window, GFile *file)
{
  GtkWindow *parent = gtk_window_get_transient_for (window);

  flash_window_open (FLASH_WINDOW (parent), file);
}

void
flash_drop_zone_add_opener (AdwWindow *window)
{
  static const FlashDropZone opener = { dup_opener_offer, take_for_opener };

  flash_drop_zone_add (window, &opener);
}
