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

GtkNativeDialog *
flash_dialogs_open_layout (GtkWindow *parent, GFile *folder, FlashFileFunc callback, gpointer data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Open a layout"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), NULL);
  g_autoptr (GtkFileFilter) layouts = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();
  FileRequest *request = g_new0 (FileRequest, 1);

  gtk_file_filter_set_name (layouts, _ ("FlashLayout files (.tsv)"));
  gtk_file_filter_add_suffix (layouts, "tsv");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), layouts);
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), all);
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

void
flash_dialogs_show_about (GtkWindow *parent)
{
  static const char *const developers[] = { "The Flashwright authors", NULL };

  adw_show_about_window (
      parent, "application-name", "Flashwright", "application-icon", APP_ID, "version",
      PACKAGE_VERSION, "developer-name", _ ("The Flashwright authors"), "developers", developers,
      "license-type", GTK_LICENSE_GPL_3_0, "website", "https://github.com/flashwright/flashwright",
      "issue-url", "https://github.com/flashwright/flashwright/issues", "comments",
      _ ("Flash and revive STM32 boards over USB"),
      /* TRANSLATORS: put your names here, one on each line */
      "translator-credits", _ ("translator-credits"), NULL);
}
