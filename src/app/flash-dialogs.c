/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dialogs"

#include "config.h"

#include "flash-dialogs.h"

#include <glib/gi18n.h>

typedef struct {
  FlashFileFunc callback;
  gpointer data;
} FileRequest;

static void
file_request_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
on_file_response (GtkNativeDialog *dialog, int response, FileRequest *request)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  /* Nothing of the dialog is touched behind it: whoever is called lets go of it. */
  request->callback (file, request->data);
}

static void
add_layout_filters (GtkFileChooser *chooser)
{
  g_autoptr (GtkFileFilter) layouts = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (layouts, _ ("FlashLayout files (.tsv)"));
  gtk_file_filter_add_suffix (layouts, "tsv");
  gtk_file_chooser_add_filter (chooser, layouts);
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, all);
}

/* Also what has layouts in it. */
static void
add_archive_filter (GtkFileChooser *chooser)
{
  static const char *const suffixes[] = { "tsv", "tar",     "tar.gz",  "tgz",  "tar.xz",
                                          "txz", "tar.zst", "tar.bz2", "tbz2", "zip" };
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("FlashLayout files and archives"));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

/* What microcontrollers take; anything else is behind “All files”. */
static void
add_firmware_filter (GtkFileChooser *chooser)
{
  static const char *const suffixes[] = { "dfu", "hex",  "ihex", "ihx", "s19", "s28",
                                          "s37", "srec", "mot",  "elf", "axf", "out",
                                          "uf2", "bin",  "gz",   "xz",  "zst" };
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Firmware files (.dfu, .hex, .s19, .elf, .uf2, .bin)"));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

/* Everything that this program opens. */
static void
add_all_kinds_filter (GtkFileChooser *chooser)
{
  static const char *const suffixes[] = {
    "tsv", "tar", "tar.gz", "tgz",  "tar.xz", "txz", "tar.zst", "tar.bz2", "tbz2",
    "zip", "dfu", "hex",    "ihex", "ihx",    "s19", "s28",     "s37",     "srec",
    "mot", "elf", "axf",    "out",  "uf2",    "bin", "gz",      "xz",      "zst",
  };
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Layouts, archives and firmware"));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

static GtkNativeDialog *
choose_file (GtkFileChooserNative *dialog, GFile *folder, FlashFileFunc callback, gpointer data)
{
  FileRequest *request = g_new0 (FileRequest, 1);

  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);

  request->callback = callback;
  request->data = data;
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_file_response), request,
                         file_request_free, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
  return GTK_NATIVE_DIALOG (dialog);
}

GtkNativeDialog *
flash_dialogs_open_layout (GtkWindow *parent, GFile *folder, FlashFileFunc callback, gpointer data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Open a layout or firmware"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), NULL);

  add_all_kinds_filter (GTK_FILE_CHOOSER (dialog));
  add_firmware_filter (GTK_FILE_CHOOSER (dialog));
  add_archive_filter (GTK_FILE_CHOOSER (dialog));
  add_layout_filters (GTK_FILE_CHOOSER (dialog));
  return choose_file (dialog, folder, callback, data);
}

GtkNativeDialog *
flash_dialogs_open_folder (GtkWindow *parent, GFile *folder, FlashFileFunc callback, gpointer data)
{
  return choose_file (gtk_file_chooser_native_new (_ ("Open the folder of a build"), parent,
                                                   GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                   _ ("_Open"), NULL),
                      folder, callback, data);
}

GtkNativeDialog *
flash_dialogs_choose_image (GtkWindow *parent, GFile *folder, FlashFileFunc callback, gpointer data)
{
  return choose_file (gtk_file_chooser_native_new (_ ("Choose the file of a partition"), parent,
                                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"),
                                                   NULL),
                      folder, callback, data);
}

GtkNativeDialog *
flash_dialogs_save_layout (GtkWindow *parent, GFile *folder, const char *name,
                           FlashFileFunc callback, gpointer data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Save the layout as"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);

  add_layout_filters (GTK_FILE_CHOOSER (dialog));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  return choose_file (dialog, folder, callback, data);
}

static GtkNativeDialog *
save_file (GtkWindow *parent, const char *title, GFile *folder, const char *name,
           FlashFileFunc callback, gpointer data)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  return choose_file (dialog, folder, callback, data);
}

GtkNativeDialog *
flash_dialogs_save_card_image (GtkWindow *parent, GFile *folder, const char *name,
                               FlashFileFunc callback, gpointer data)
{
  return save_file (parent, _ ("Save as SD-card image"), folder, name, callback, data);
}

GtkNativeDialog *
flash_dialogs_open_firmware (GtkWindow *parent, FlashFileFunc callback, gpointer data)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Compare with a firmware file"), parent,
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Compare"), NULL);
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  add_firmware_filter (GTK_FILE_CHOOSER (dialog));
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), all);
  return choose_file (dialog, NULL, callback, data);
}

GtkNativeDialog *
flash_dialogs_save_memory (GtkWindow *parent, const char *name, FlashFileFunc callback,
                           gpointer data)
{
  return save_file (parent, _ ("Save what was read as .bin, .hex or .dfu"), NULL, name, callback,
                    data);
}

GtkNativeDialog *
flash_dialogs_save_console (GtkWindow *parent, const char *name, FlashFileFunc callback,
                            gpointer data)
{
  return save_file (parent, _ ("Save what the console printed"), NULL, name, callback, data);
}

GtkNativeDialog *
flash_dialogs_save_report (GtkWindow *parent, GFile *folder, const char *name,
                           FlashFileFunc callback, gpointer data)
{
  return save_file (parent, _ ("Save a report"), folder, name, callback, data);
}

GtkNativeDialog *
flash_dialogs_save_repair (GtkWindow *parent, const char *name, FlashFileFunc callback,
                           gpointer data)
{
  return save_file (parent, _ ("Save as repair file"), NULL, name, callback, data);
}

GtkWindow *
flash_dialogs_ask (GtkWindow *parent, const FlashQuestion *question, GCallback callback,
                   gpointer object)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, question->heading, question->body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", question->keep_label,
                                    "act", question->act_label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "act",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response::act", callback, object, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return GTK_WINDOW (dialog);
}

GtkWindow *
flash_dialogs_choose (GtkWindow *parent, const char *heading, const char *body,
                      const FlashAnswer *answers, GCallback callback, gpointer object)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_set_default_response (dialog, answers[0].id);
  adw_message_dialog_set_close_response (dialog, answers[0].id);
  for (guint i = 0; answers[i].id != NULL; i++) {
    adw_message_dialog_add_response (dialog, answers[i].id, answers[i].label);
    adw_message_dialog_set_response_appearance (dialog, answers[i].id, answers[i].appearance);
    if (answers[i].appearance == ADW_RESPONSE_SUGGESTED)
      adw_message_dialog_set_default_response (dialog, answers[i].id);
  }
  g_signal_connect_object (dialog, "response", callback, object, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return GTK_WINDOW (dialog);
}

GtkWindow *
flash_dialogs_find (GtkWindow *parent, GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

    /* The toolkit keeps it as well. */
    if (G_TYPE_CHECK_INSTANCE_TYPE (window, type) &&
        gtk_window_get_transient_for (window) == parent)
      return window;
  }
  return NULL;
}
