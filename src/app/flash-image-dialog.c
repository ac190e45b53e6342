/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-image-dialog"

#include "config.h"

#include "flash-image-dialog.h"

#include "flash-button-names.h"
#include "flash-dialogs.h"
#include "flash-portal-path.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* How often it is looked how far it is, in milliseconds. */
#define TICK_MS 100

#define GB G_GUINT64_CONSTANT (1000000000)

/* What cards are sold as, in GB. They hold up to a few percent less or more than that, so that an
 * image for “8 GB” takes a little less. */
static const guint sold_sizes[] = { 4, 8, 16, 32, 64 };
#define SOLD_PERCENT 95

struct _FlashImageDialog {
  FlashCardFrame parent_instance;

  GArray *sizes; /* (owned) (element-type guint64): as in the size row; 0 for the smallest */
  guint64 size; /* what is chosen */
  GtkNativeDialog *chooser; /* (owned) (nullable): while it is shown */
  FlashCardCompression saved_compression;
  GCancellable *saving; /* (owned) (nullable): while it is saved */
  FlashCardMeter *meter; /* (owned) (nullable) */
  guint tick;

  AdwComboRow *compression_row;
  AdwEntryRow *own_size_row;
  GtkLabel *size_label;
  AdwComboRow *size_row;
};

G_DEFINE_FINAL_TYPE (FlashImageDialog, flash_image_dialog, FLASH_TYPE_CARD_FRAME)

/* --- size ----------------------------------------------------------------------------------- */

static gboolean
is_own_size (FlashImageDialog *self)
{
  return adw_combo_row_get_selected (self->size_row) == self->sizes->len;
}

/* Returns: (nullable): what is wrong with it */
static char *
find_size_fault (FlashImageDialog *self, guint64 min_size, guint64 *out_size)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->own_size_row));
  g_autofree char *needed = flash_text_size (min_size);
  guint64 size;

  if (!flash_text_parse_size (text, &size))
    return g_strdup (_ ("Write the size as digits, or with K, M, G or T behind them."));
  if (size % FLASH_CARD_BLOCK_SIZE != 0)
    return g_strdup (_ ("No card has this size: it must be a multiple of 512 bytes."));
  if (size < min_size)
    return g_strdup_printf (_ ("Too small: the layout needs %s."), needed);
  *out_size = size;
  return NULL;
}

static char *
dup_size_words (FlashImageDialog *self, guint64 min_size)
{
  g_autofree char *needed = flash_text_size (min_size);
  g_autofree char *size = flash_text_size (self->size);

  if (self->size == 0)
    /* TRANSLATORS: a size like 62 MiB */
    return g_strdup_printf (_ ("%s hold everything that the layout writes. On a larger card the "
                               "rest stays empty; choose its size to let the last partition fill "
                               "it."),
                            needed);
  /* TRANSLATORS: two sizes */
  return g_strdup_printf (_ ("For cards with at least %1$s; the layout needs %2$s."), size, needed);
}

static void
update_size (FlashImageDialog *self)
{
  FlashCardImage *image = flash_card_frame_get_image (FLASH_CARD_FRAME (self));
  guint64 min_size = image != NULL ? flash_card_image_get_size (image) : 0;
  gboolean is_own = self->sizes->len > 0 && is_own_size (self);
  gboolean is_empty = *gtk_editable_get_text (GTK_EDITABLE (self->own_size_row)) == '\0';
  g_autofree char *fault = NULL;
  g_autofree char *words = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->own_size_row), is_own);
  if (is_own)
    fault = find_size_fault (self, min_size, &self->size);
  else if (self->sizes->len > 0)
    self->size = g_array_index (self->sizes, guint64, adw_combo_row_get_selected (self->size_row));
  if (fault != NULL && !is_empty)
    gtk_widget_add_css_class (GTK_WIDGET (self->own_size_row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->own_size_row), "error");
  words = fault == NULL && image != NULL ? dup_size_words (self, min_size) : NULL;
  gtk_label_set_label (self->size_label, fault != NULL ? fault : words != NULL ? words : "");
  gtk_widget_set_css_classes (
      GTK_WIDGET (self->size_label),
      (const char *[]){ fault != NULL && !is_empty ? "error" : "flash-dim", NULL });
  flash_card_frame_set_can_act (FLASH_CARD_FRAME (self), image != NULL && fault == NULL);
}

static void
on_size_selected (FlashImageDialog *self)
{
  update_size (self);
  if (self->sizes->len > 0 && is_own_size (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->own_size_row));
}

static void
flash_image_dialog_surveyed (FlashCardFrame *frame)
{
  FlashImageDialog *self = FLASH_IMAGE_DIALOG (frame);
  FlashCardImage *image = flash_card_frame_get_image (frame);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint64 min_size = image != NULL ? flash_card_image_get_size (image) : 0;
  g_autofree char *needed = flash_text_size (min_size);
  /* TRANSLATORS: a size like 62 MiB */
  g_autofree char *smallest = g_strdup_printf (_ ("Smallest: %s"), needed);
  guint64 size = 0;

  g_array_set_size (self->sizes, 0);
  adw_combo_row_set_model (self->size_row, NULL);
  g_array_append_val (self->sizes, size);
  gtk_string_list_append (names, smallest);
  for (guint i = 0; i < G_N_ELEMENTS (sold_sizes); i++) {
    /* TRANSLATORS: what a card is sold as, in decimal gigabytes */
    g_autofree char *name = g_strdup_printf (_ ("Card sold as %u GB"), sold_sizes[i]);

    size = sold_sizes[i] * GB / 100 * SOLD_PERCENT;
    size -= size % FLASH_CARD_ROUNDING;
    if (size < min_size)
      continue;
    g_array_append_val (self->sizes, size);
    gtk_string_list_append (names, name);
  }
  gtk_string_list_append (names, _ ("Another size"));
  adw_combo_row_set_model (self->size_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->size_row, 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->size_row), image != NULL);
  update_size (self);
}

/* --- the end -------------------------------------------------------------------------------- */

static void
on_copy_clicked (GtkButton *button, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), text);
  gtk_button_set_icon_name (button, "emblem-ok-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), _ ("Copied"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copied"), -1);
}

static void
free_text (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
add_copy_button (AdwActionRow *row, const char *text)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_set_name (button, "copy_button");
  gtk_widget_set_tooltip_text (button, _ ("Copy"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_data (button, "clicked", G_CALLBACK (on_copy_clicked), g_strdup (text),
                         free_text, 0);
  adw_action_row_add_suffix (row, button);
}

/* In groups, or the toolkit would break it with hyphens that are none of it. */
static char *
dup_grouped (const char *checksum)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; checksum[i] != '\0'; i++) {
    if (i > 0 && i % 8 == 0)
      g_string_append_c (text, ' ');
    g_string_append_c (text, checksum[i]);
  }
  return g_string_free (text, FALSE);
}

static char *
dup_beside (const FlashCardWritten *written)
{
  g_autofree char *bmap = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *mapped = flash_text_size (written->mapped_size);

  if (written->bmap_path == NULL)
    return g_strdup (_ ("Nothing: only this file was shared with Flashwright, so block map and "
                        "checksum are left out. Without the map, all of the image has to be "
                        "written."));
  bmap = g_filename_display_basename (written->bmap_path);
  sum = g_filename_display_basename (written->checksum_path);
  /* TRANSLATORS: the names of two files, then a size */
  return g_strdup_printf (_ ("%1$s (block map: only %3$s have to be written) and %2$s (checksum)"),
                          bmap, sum, mapped);
}

/* A name that was shared is kept as it is. */
static void
add_ending (FlashImageDialog *self, const FlashCardWritten *written)
{
  const char *ending = flash_card_compression_get_ending (self->saved_compression);
  g_autofree char *text = NULL;

  if (g_str_has_suffix (written->path, ending))
    return;
  /* TRANSLATORS: how names of files end, like “.gz” */
  text = g_strdup_printf (_ ("The image is compressed, but its name does not end in “%s”. Rename "
                             "it: other programs go by the name."),
                          ending);
  flash_card_frame_add_fact (FLASH_CARD_FRAME (self), "dialog-information-symbolic", NULL,
                             _ ("Name"), text);
}

static void
show_saved (FlashImageDialog *self, const FlashCardWritten *written)
{
  FlashCardFrame *frame = FLASH_CARD_FRAME (self);
  const char *ip = flash_card_frame_get_survey (frame)->ip;
  g_autofree char *name = flash_portal_path_is_lone_file (written->path)
                              ? g_filename_display_basename (written->path)
                              : g_filename_display_name (written->path);
  g_autofree char *checksum = dup_grouped (written->file_sha256);
  g_autofree char *size = flash_text_size (written->file_size);
  g_autofree char *beside = dup_beside (written);

  flash_card_frame_show_outcome (frame, TRUE, _ ("Image saved"), NULL, NULL);
  flash_card_frame_add_fact (frame, NULL, NULL, _ ("File"), name);
  add_ending (self, written);
  flash_card_frame_add_fact (frame, NULL, NULL, _ ("Size"), size);
  add_copy_button (flash_card_frame_add_fact (frame, NULL, NULL, "SHA-256", checksum),
                   written->file_sha256);
  flash_card_frame_add_fact (frame, NULL, NULL, _ ("Beside it"), beside);
  flash_card_frame_add_fact (
      frame, "dialog-information-symbolic", NULL, _ ("What to do next"),
      g_str_equal (ip, "mmc0")
          ? _ ("Write it to a card with bmaptool or another program for that, put the card into "
               "the board, set its boot switches to SD card, and switch it on.")
          : _ ("Write it to the eMMC with a program for that. What is listed as not in the image "
               "has to be written besides."));
}

static void
end_saving (FlashImageDialog *self)
{
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->saving);
  g_clear_pointer (&self->meter, flash_card_meter_unref);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashImageDialog) self = data;
  g_autoptr (GError) error = NULL;
  FlashCardWritten *written = flash_card_save_finish (result, &error);
  gboolean is_mine = g_task_get_cancellable (G_TASK (result)) == self->saving;

  if (is_mine) {
    end_saving (self);
    if (written != NULL)
      show_saved (self, written);
    else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      flash_card_frame_show_choices (FLASH_CARD_FRAME (self));
    else
      flash_card_frame_show_error (FLASH_CARD_FRAME (self), _ ("The image was not saved"), error);
  }
  g_clear_pointer (&written, flash_card_save_free);
}

/* --- saving --------------------------------------------------------------------------------- */

static gboolean
on_tick (gpointer data)
{
  FlashImageDialog *self = data;
  g_autofree char *done = NULL;
  g_autofree char *total = NULL;
  g_autofree char *text = NULL;
  guint64 done_bytes, total_bytes;

  flash_card_meter_get (self->meter, &done_bytes, &total_bytes);
  done = flash_text_size (done_bytes);
  total = flash_text_size (total_bytes);
  if (total_bytes > 0)
    /* TRANSLATORS: how much of how much is done: “12 MiB of 64 MiB” */
    text = g_strdup_printf (_ ("%1$s of %2$s"), done, total);
  flash_card_frame_show_progress (FLASH_CARD_FRAME (self), _ ("Saving the image"),
                                  _ ("If it is stopped, nothing is left behind."), text,
                                  total_bytes > 0 ? (double) done_bytes / (double) total_bytes
                                                  : -1);
  return G_SOURCE_CONTINUE;
}

/* What the user has agreed to replace is the file by the name that was chosen. */
void
flash_image_dialog_save_to (FlashImageDialog *self, GFile *file)
{
  FlashCardFrame *frame;
  FlashCardSurvey *survey;
  g_autofree char *chosen = NULL;
  g_autofree char *path = NULL;
  FlashCardCompression by_name;
  FlashCardSave what;

  g_return_if_fail (FLASH_IS_IMAGE_DIALOG (self));

  frame = FLASH_CARD_FRAME (self);
  chosen = file != NULL ? g_file_get_path (file) : NULL;
  survey = flash_card_frame_get_survey (frame);
  if (chosen == NULL || survey == NULL || self->saving != NULL)
    return;
  what = (FlashCardSave){
    .layout = survey->loaded->layout,
    .ip = survey->ip,
    .size = self->size,
    .layout_path = survey->loaded->path,
    .compression = (FlashCardCompression) adw_combo_row_get_selected (self->compression_row),
  };
  /* Who writes an ending means it. */
  by_name = flash_card_compression_guess (chosen);
  if (by_name != FLASH_CARD_COMPRESSION_NONE)
    what.compression = by_name;
  /* What was shared alone has one name; what is written by any other is lost. */
  what.is_alone = flash_portal_path_is_lone_file (chosen);
  path = by_name == what.compression || what.is_alone
             ? g_strdup (chosen)
             : g_strconcat (chosen, flash_card_compression_get_ending (what.compression), NULL);
  self->saved_compression = what.compression;
  what.path = path;
  what.replace = g_str_equal (path, chosen) && g_file_test (path, G_FILE_TEST_EXISTS);
  self->saving = g_cancellable_new ();
  self->meter = flash_card_meter_new ();
  self->tick = g_timeout_add (TICK_MS, on_tick, self);
  on_tick (self);
  flash_card_save (&what, self->meter, self->saving, on_saved, g_object_ref (self));
}

static void
on_chosen (GFile *file, gpointer data)
{
  FlashImageDialog *self = data;

  flash_image_dialog_save_to (self, file);
  g_clear_object (&self->chooser);
}

static void
flash_image_dialog_act (FlashCardFrame *frame)
{
  FlashImageDialog *self = FLASH_IMAGE_DIALOG (frame);
  const char *path = flash_card_frame_get_survey (frame)->loaded->path;
  g_autofree char *base = path != NULL ? g_path_get_basename (path) : g_strdup ("card");
  /* The folder of what was shared alone is none of the user's. */
  g_autoptr (GFile) layout =
      path != NULL && !flash_portal_path_is_lone_file (path) ? g_file_new_for_path (path) : NULL;
  g_autoptr (GFile) folder = layout != NULL ? g_file_get_parent (layout) : NULL;
  g_autofree char *name = NULL;

  if (g_str_has_suffix (base, ".tsv"))
    base[strlen (base) - strlen (".tsv")] = '\0';
  name = g_strconcat (base, "-", flash_card_frame_get_survey (frame)->ip, ".img",
                      flash_card_compression_get_ending ((
                          FlashCardCompression) adw_combo_row_get_selected (self->compression_row)),
                      NULL);
  g_clear_object (&self->chooser);
  self->chooser = flash_dialogs_save_card_image (GTK_WINDOW (self), folder, name, on_chosen, self);
}

static void
flash_image_dialog_stop (FlashCardFrame *frame)
{
  FlashImageDialog *self = FLASH_IMAGE_DIALOG (frame);

  if (self->saving != NULL)
    g_cancellable_cancel (self->saving);
  flash_card_frame_set_can_stop (frame, FALSE);
}

static void
flash_image_dialog_abandon (FlashCardFrame *frame)
{
  FlashImageDialog *self = FLASH_IMAGE_DIALOG (frame);

  if (self->saving != NULL)
    g_cancellable_cancel (self->saving);
  end_saving (self);
  g_clear_object (&self->chooser);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_image_dialog_dispose (GObject *object)
{
  flash_image_dialog_abandon (FLASH_CARD_FRAME (object));

  G_OBJECT_CLASS (flash_image_dialog_parent_class)->dispose (object);
}

static void
flash_image_dialog_finalize (GObject *object)
{
  g_array_unref (FLASH_IMAGE_DIALOG (object)->sizes);

  G_OBJECT_CLASS (flash_image_dialog_parent_class)->finalize (object);
}

static void
flash_image_dialog_class_init (FlashImageDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FlashCardFrameClass *frame_class = FLASH_CARD_FRAME_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_image_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_image_dialog_finalize;
  frame_class->surveyed = flash_image_dialog_surveyed;
  frame_class->act = flash_image_dialog_act;
  frame_class->stop = flash_image_dialog_stop;
  frame_class->abandon = flash_image_dialog_abandon;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-image-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashImageDialog, compression_row);
  gtk_widget_class_bind_template_child (widget_class, FlashImageDialog, own_size_row);
  gtk_widget_class_bind_template_child (widget_class, FlashImageDialog, size_label);
  gtk_widget_class_bind_template_child (widget_class, FlashImageDialog, size_row);
  gtk_widget_class_bind_template_callback (widget_class, on_size_selected);
  gtk_widget_class_bind_template_callback (widget_class, update_size);
}

static void
flash_image_dialog_init (FlashImageDialog *self)
{
  self->sizes = g_array_new (FALSE, FALSE, sizeof (guint64));
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
  flash_card_frame_set_verb (FLASH_CARD_FRAME (self), _ ("_Save…"), FALSE);
}

GtkWindow *
flash_image_dialog_present (GtkWindow *parent, FlashEditor *editor)
{
  FlashImageDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (FLASH_IS_EDITOR (editor), NULL);

  self = g_object_new (FLASH_TYPE_IMAGE_DIALOG, "transient-for", parent, NULL);
  flash_card_frame_start (FLASH_CARD_FRAME (self), editor);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
