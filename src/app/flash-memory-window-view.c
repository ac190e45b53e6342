/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking around in what was read: position, search, going to an address, saving. */
#define G_LOG_DOMAIN "flash-memory-window-view"

#include "config.h"

#include "flash-memory-window-private.h"

#include "flash-dialogs.h"
#include "flash-firmware-form.h"
#include "flash-hex-view-search.h"
#include "flash-memory-file.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* --- position ------------------------------------------------------------------------------- */

/* Returns: (transfer full): what stands at the cursor, and what the file has there */
static char *
dup_byte (FlashMemoryWindow *self, gsize offset)
{
  guint8 here = ((const guint8 *) g_bytes_get_data (self->bytes, NULL))[offset];
  guint8 other;

  if (self->compare == NULL || !flash_memory_compare_is_different (self->compare, offset))
    /* TRANSLATORS: a byte in hexadecimal digits, then the same as a number */
    return g_strdup_printf (_ ("0x%1$02x (%2$u)"), here, here);
  other = ((const guint8 *) g_bytes_get_data (self->compare->other, NULL))[offset];
  /* TRANSLATORS: two bytes in hexadecimal digits */
  return g_strdup_printf (_ ("chip 0x%1$02x, file 0x%2$02x"), here, other);
}

void
_flash_memory_window_show_position (FlashMemoryWindow *self)
{
  gsize cursor = flash_hex_view_get_cursor (self->hex_view);
  gsize offset, length;
  g_autofree char *address = NULL;
  g_autofree char *byte = NULL;
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;

  if (self->bytes == NULL) {
    gtk_label_set_label (self->position_label, "");
    return;
  }
  flash_hex_view_get_selection (self->hex_view, &offset, &length);
  address = flash_text_address (self->address + cursor);
  byte = dup_byte (self, cursor);
  size = flash_text_size (length);
  if (length > 1)
    /* TRANSLATORS: an address, what stands there, the size of the selection */
    text = g_strdup_printf (_ ("%1$s: %2$s; %3$s selected"), address, byte, size);
  else
    /* TRANSLATORS: an address, what stands there */
    text = g_strdup_printf (_ ("%1$s: %2$s"), address, byte);
  gtk_label_set_label (self->position_label, text);
}

/* --- search --------------------------------------------------------------------------------- */

static void
find_next (FlashMemoryWindow *self, gboolean is_forward, gboolean may_stay)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autoptr (GBytes) wanted = flash_hex_view_search_parse (text);
  gsize cursor = flash_hex_view_get_cursor (self->hex_view);
  gsize size = self->bytes != NULL ? g_bytes_get_size (self->bytes) : 0;
  gsize from, offset;

  gtk_label_set_label (self->search_label, "");
  if (wanted == NULL || size == 0)
    return;
  if (may_stay)
    from = cursor;
  else if (is_forward)
    from = cursor + 1;
  else
    from = cursor > 0 ? cursor - 1 : size - 1;
  if (flash_hex_view_search_find (self->bytes, wanted, from, is_forward, &offset))
    flash_hex_view_select (self->hex_view, offset, g_bytes_get_size (wanted));
  else
    gtk_label_set_label (self->search_label, _ ("Not found in what was read"));
}

static void
on_search_changed (FlashMemoryWindow *self)
{
  find_next (self, TRUE, TRUE);
}

static void
on_search_next (FlashMemoryWindow *self)
{
  find_next (self, TRUE, FALSE);
}

static void
on_search_previous (FlashMemoryWindow *self)
{
  find_next (self, FALSE, FALSE);
}

static void
on_search_stopped (FlashMemoryWindow *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->hex_view));
}

void
_flash_memory_window_find (FlashMemoryWindow *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* --- go to ---------------------------------------------------------------------------------- */

void
_flash_memory_window_go_to (FlashMemoryWindow *self)
{
  gtk_menu_button_popup (self->go_to_button);
}

static void
on_go_to_shown (FlashMemoryWindow *self)
{
  g_autofree char *address =
      flash_text_address (self->address + flash_hex_view_get_cursor (self->hex_view));

  gtk_editable_set_text (GTK_EDITABLE (self->go_to_entry), address);
  gtk_widget_remove_css_class (GTK_WIDGET (self->go_to_entry), "error");
  gtk_widget_grab_focus (GTK_WIDGET (self->go_to_entry));
}

static void
on_go_to_activated (FlashMemoryWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->go_to_entry));
  guint32 address;

  if (self->bytes == NULL || !flash_firmware_form_parse_address (text, &address) ||
      address < self->address || address - self->address >= g_bytes_get_size (self->bytes)) {
    gtk_widget_add_css_class (GTK_WIDGET (self->go_to_entry), "error");
    _flash_memory_window_toast (self, _ ("This address was not read."));
    return;
  }
  gtk_menu_button_popdown (self->go_to_button);
  flash_hex_view_select (self->hex_view, address - self->address, 1);
  gtk_widget_grab_focus (GTK_WIDGET (self->hex_view));
}

/* --- saving --------------------------------------------------------------------------------- */

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashMemoryWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (flash_memory_file_save_finish (result, &error))
    text = g_strdup (_ ("Saved"));
  else
    /* TRANSLATORS: why not */
    text = g_strdup_printf (_ ("Not saved: %s"), error->message);
  /* Closed meanwhile. */
  if (self->toasts != NULL)
    _flash_memory_window_toast (self, text);
}

void
flash_memory_window_save_to (FlashMemoryWindow *self, GFile *file)
{
  g_autofree char *path = NULL;

  g_return_if_fail (FLASH_IS_MEMORY_WINDOW (self));

  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path == NULL || self->bytes == NULL)
    return;
  flash_memory_file_save (path, self->bytes, self->address, on_saved, g_object_ref (self));
}

static void
on_place_chosen (GFile *file, gpointer data)
{
  FlashMemoryWindow *self = data;

  flash_memory_window_save_to (self, file);
  g_clear_object (&self->chooser);
}

void
_flash_memory_window_save (FlashMemoryWindow *self)
{
  g_autofree char *name = g_strdup_printf ("memory-%08x.bin", self->address);

  g_clear_object (&self->chooser);
  self->chooser = flash_dialogs_save_memory (GTK_WINDOW (self), name, on_place_chosen, self);
}

void
_flash_memory_window_bind_view (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, _flash_memory_window_show_position);
  gtk_widget_class_bind_template_callback (widget_class, on_go_to_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_go_to_shown);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_next);
  gtk_widget_class_bind_template_callback (widget_class, on_search_previous);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped);
}
