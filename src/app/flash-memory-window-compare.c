/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was read beside a file. */
#define G_LOG_DOMAIN "flash-memory-window-compare"

#include "config.h"

#include "flash-memory-window-private.h"

#include "flash-diag.h"
#include "flash-dialogs.h"
#include "flash-drop-zone.h"
#include "flash-firmware-file.h"
#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* More than anyone would scroll through; the keys reach all of them. */
#define MAX_LISTED 1000

/* --- what it shows -------------------------------------------------------------------------- */

static char *
dup_difference (FlashMemoryWindow *self, const FlashMemoryDifference *difference)
{
  g_autofree char *address = flash_text_address (self->address + difference->offset);
  g_autofree char *size = flash_text_size (difference->length);

  /* TRANSLATORS: an address, a size */
  return g_strdup_printf (_ ("%1$s, %2$s"), address, size);
}

static void
fill_list (FlashMemoryWindow *self)
{
  const GArray *differences = self->compare->differences;
  GtkStringList *texts = gtk_string_list_new (NULL);
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (texts));

  for (guint i = 0; i < MIN (differences->len, MAX_LISTED); i++) {
    g_autofree char *text =
        dup_difference (self, &g_array_index (differences, FlashMemoryDifference, i));

    gtk_string_list_append (texts, text);
  }
  gtk_list_view_set_model (self->difference_list, GTK_SELECTION_MODEL (selection));
}

/* Returns: (transfer full): how much differs, in whole sentences */
static char *
dup_summary (FlashMemoryWindow *self)
{
  const FlashMemoryCompare *compare = self->compare;
  g_autofree char *different = flash_text_size (compare->n_different);
  g_autofree char *compared = flash_text_size (compare->n_compared);
  g_autofree char *outside = flash_text_size (compare->n_outside);
  g_autofree char *counted = NULL;
  g_autofree char *rest = NULL;

  if (compare->n_compared == 0)
    /* TRANSLATORS: the name of a file */
    counted = g_strdup_printf (_ ("“%s” has nothing for what was read."), self->compare_name);
  else if (compare->n_different == 0)
    /* TRANSLATORS: the name of a file, a size */
    counted = g_strdup_printf (_ ("“%1$s”: no difference in %2$s."), self->compare_name, compared);
  else
    /* TRANSLATORS: the name of a file, a number of places, two sizes */
    counted = g_strdup_printf (ngettext ("“%1$s”: %2$u difference; %3$s of %4$s differ.",
                                         "“%1$s”: %2$u differences; %3$s of %4$s differ.",
                                         compare->differences->len),
                               self->compare_name, compare->differences->len, different, compared);
  if (compare->n_outside == 0)
    return g_steal_pointer (&counted);
  /* TRANSLATORS: a size */
  rest = g_strdup_printf (_ ("%s of the file lie outside of what was read."), outside);
  return g_strjoin (" ", counted, rest, NULL);
}

static void
show_compare (FlashMemoryWindow *self)
{
  g_autofree char *summary = dup_summary (self);
  gboolean has_differences = self->compare->differences->len > 0;

  gtk_label_set_label (self->compare_label, summary);
  fill_list (self);
  gtk_widget_set_visible (self->compare_bar, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->difference_button), has_differences);
  flash_hex_view_set_marks (self->hex_view, self->compare->marks);
  _flash_memory_window_show_position (self);
  _flash_memory_window_update (self);
  if (has_differences)
    flash_hex_view_select (
        self->hex_view, g_array_index (self->compare->differences, FlashMemoryDifference, 0).offset,
        g_array_index (self->compare->differences, FlashMemoryDifference, 0).length);
}

void
_flash_memory_window_forget_compare (FlashMemoryWindow *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_pointer (&self->compare, flash_memory_compare_free);
  g_clear_pointer (&self->compare_name, g_free);
  if (self->compare_bar == NULL)
    return;
  gtk_widget_set_visible (self->compare_bar, FALSE);
  gtk_list_view_set_model (self->difference_list, NULL);
  flash_hex_view_set_marks (self->hex_view, NULL);
  _flash_memory_window_show_position (self);
  _flash_memory_window_update (self);
}

/* --- the file ------------------------------------------------------------------------------- */

/* Returns: (transfer full): why it cannot be compared */
static char *
dup_fault (const FlashFirmwareFile *file)
{
  const FlashDiagList *diags = file->image->diags;

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);

    if (flash_diag_get_severity (diag) == FLASH_SEVERITY_ERROR)
      return flash_diag_dup_message (diag, flash_words_translate);
  }
  return g_strdup (_ ("There is nothing in it that belongs into a chip."));
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashMemoryWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashFirmwareFile) file = flash_firmware_file_read_finish (result, &error);
  g_autofree char *reason = NULL;
  g_autofree char *text = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != self->loading)
    return;
  g_clear_object (&self->loading);
  if (file == NULL)
    reason = g_strdup (error->message);
  else if (!flash_image_is_usable (file->image))
    reason = dup_fault (file);
  if (reason != NULL) {
    /* TRANSLATORS: why not */
    text = g_strdup_printf (_ ("The file cannot be compared: %s"), reason);
    _flash_memory_window_toast (self, text);
    return;
  }
  _flash_memory_window_forget_compare (self);
  self->compare =
      flash_memory_compare_new (self->bytes, self->address, file->image, self->alternate);
  self->compare_name = g_filename_display_basename (file->path);
  show_compare (self);
}

void
flash_memory_window_compare_with (FlashMemoryWindow *self, GFile *file)
{
  /* Bytes without an address are meant to begin where the reading began. */
  FlashImageOptions options = { .has_address = TRUE };
  g_autofree char *path = NULL;

  g_return_if_fail (FLASH_IS_MEMORY_WINDOW (self));

  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path == NULL || self->bytes == NULL)
    return;
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  options.address = self->address;
  flash_firmware_file_read (path, &options, self->loading, on_read, g_object_ref (self));
}

static void
on_file_chosen (GFile *file, gpointer data)
{
  FlashMemoryWindow *self = data;

  flash_memory_window_compare_with (self, file);
  g_clear_object (&self->chooser);
}

void
_flash_memory_window_choose_file (FlashMemoryWindow *self)
{
  g_clear_object (&self->chooser);
  self->chooser = flash_dialogs_open_firmware (GTK_WINDOW (self), on_file_chosen, self);
}

static char *
dup_offer (GtkWindow *window, const char *name, gboolean *out_is_refused)
{
  FlashMemoryWindow *self = FLASH_MEMORY_WINDOW (window);

  *out_is_refused = self->bytes == NULL;
  if (*out_is_refused)
    return g_strdup (
        _ ("Nothing was read yet. Read a range, then drop a file to compare it with."));
  /* TRANSLATORS: the name of a firmware file */
  return g_strdup_printf (_ ("Compare with “%s”"), name);
}

static void
take_file (GtkWindow *window, GFile *file)
{
  flash_memory_window_compare_with (FLASH_MEMORY_WINDOW (window), file);
}

void
_flash_memory_window_add_drop_zone (FlashMemoryWindow *self)
{
  static const FlashDropZone zone = { dup_offer, take_file };

  flash_drop_zone_add (ADW_WINDOW (self), &zone);
}

/* --- going from one to the next ------------------------------------------------------------- */

static void
go_to_difference (FlashMemoryWindow *self, guint index)
{
  const FlashMemoryDifference *difference =
      &g_array_index (self->compare->differences, FlashMemoryDifference, index);

  flash_hex_view_select (self->hex_view, difference->offset, difference->length);
  gtk_widget_grab_focus (GTK_WIDGET (self->hex_view));
}

void
_flash_memory_window_step (FlashMemoryWindow *self, gboolean is_forward)
{
  guint index;

  if (self->compare == NULL)
    return;
  if (flash_memory_compare_find (self->compare, flash_hex_view_get_cursor (self->hex_view),
                                 is_forward, &index))
    go_to_difference (self, index);
  else
    _flash_memory_window_toast (self, is_forward ? _ ("No difference follows.")
                                                 : _ ("No difference comes before."));
}

static void
on_difference_activated (FlashMemoryWindow *self, guint position)
{
  gtk_menu_button_popdown (self->difference_button);
  go_to_difference (self, position);
}

static void
on_list_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "monospace");
  gtk_list_item_set_child (item, label);
}

static void
on_list_bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkStringObject *text = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (text));
}

void
_flash_memory_window_bind_compare (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, _flash_memory_window_forget_compare);
  gtk_widget_class_bind_template_callback (widget_class, on_difference_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_list_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_list_setup);
}
