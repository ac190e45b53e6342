/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-quit"

#include "config.h"

#include "flash-quit.h"

#include "flash-dialogs.h"
#include "flash-window.h"

#include <glib/gi18n.h>

/* Where the application keeps the question whether to quit. */
#define STATE_KEY "flash-quit"
/* What marks a question about closing or quitting among others. */
#define QUESTION_KEY "flash-quit-question"

/* Without a bus nobody could bring back a window that was hidden: the program would be started anew
 * instead. */
static gboolean
can_hide (GtkWindow *parent)
{
  GtkApplication *application = gtk_window_get_application (parent);

  return application != NULL &&
         (g_application_get_flags (G_APPLICATION (application)) & G_APPLICATION_NON_UNIQUE) == 0 &&
         g_application_get_dbus_connection (G_APPLICATION (application)) != NULL;
}

GtkWindow *
flash_quit_ask (GtkWindow *parent, const char *heading, const char *stop_text, GCallback callback,
                gpointer object)
{
  const FlashAnswer answers[] = {
    { "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT },
    { FLASH_QUIT_STOP, _ ("_Stop safely"), ADW_RESPONSE_DESTRUCTIVE },
    { NULL, NULL, ADW_RESPONSE_DEFAULT },
  };
  g_autofree char *stopping = NULL;
  g_autofree char *body = NULL;
  GtkWindow *question;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (heading != NULL && stop_text != NULL, NULL);

  /* TRANSLATORS: one or more whole sentences */
  stopping = g_strdup_printf (_ ("If you stop: %s"), stop_text);
  body = g_strconcat (_ ("In background flashing goes on to the end, and a notification says how "
                         "it went. To see the window again, start Flashwright again."),
                      "\n\n", stopping, NULL);
  question = flash_dialogs_choose (parent, heading, can_hide (parent) ? body : stopping, answers,
                                   callback, object);
  if (can_hide (parent)) {
    AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (question);

    adw_message_dialog_add_response (dialog, FLASH_QUIT_BACKGROUND,
                                     _ ("_Keep flashing in background"));
    adw_message_dialog_set_response_appearance (dialog, FLASH_QUIT_BACKGROUND,
                                                ADW_RESPONSE_SUGGESTED);
    adw_message_dialog_set_default_response (dialog, FLASH_QUIT_BACKGROUND);
  }
  g_object_set_data (G_OBJECT (question), QUESTION_KEY, question);
  return question;
}

/* --- the windows ---------------------------------------------------------------------------- */

static gpointer
copy_window (gconstpointer window, gpointer unused)
{
  return g_object_ref ((gpointer) window);
}

/* Returns: (transfer full) (element-type GtkWindow): what is open now; closing one of them may be
 * the end of others. */
static GList *
list_windows (GtkApplication *application)
{
  return g_list_copy_deep (gtk_application_get_windows (application), copy_window, NULL);
}

static guint
count_flashing (GtkApplication *application)
{
  guint count = 0;

  for (GList *link = gtk_application_get_windows (application); link != NULL; link = link->next)
    count += FLASH_IS_WINDOW (link->data) && flash_window_is_flashing (link->data);
  return count;
}

/* Nobody has been told how it went but by a notification, which would go with the program.
 *
 * Returns: whether there was such a window */
static gboolean
present_unseen (GtkApplication *application)
{
  g_autolist (GtkWindow) windows = list_windows (application);
  gboolean was_unseen = FALSE;

  for (GList *link = windows; link != NULL; link = link->next) {
    if (!FLASH_IS_WINDOW (link->data) || !flash_window_has_unseen_result (link->data))
      continue;
    gtk_window_present (link->data);
    was_unseen = TRUE;
  }
  return was_unseen;
}

/* @kept: (nullable) (element-type FlashWindow): what stays */
static void
close_idle (GtkApplication *application, GList *kept)
{
  g_autolist (GtkWindow) windows = list_windows (application);

  for (GList *link = windows; link != NULL; link = link->next)
    if (FLASH_IS_WINDOW (link->data) && !flash_window_is_flashing (link->data) &&
        !flash_window_has_unseen_result (link->data) && g_list_find (kept, link->data) == NULL)
      gtk_window_close (link->data);
}

/* --- the question --------------------------------------------------------------------------- */

/* While it is asked whether to quit. */
typedef struct {
  GtkApplication *application; /* (transfer none): owns this */
  GtkWindow *question; /* (weak) (nullable) */
  GList *flashing; /* (owned) (element-type FlashWindow): (owned) what it is about */
  gboolean stops; /* the answer: not in background */
} State;

static void
state_free (gpointer data)
{
  State *self = data;

  g_clear_weak_pointer (&self->question);
  g_list_free_full (self->flashing, g_object_unref);
  g_free (self);
}

/* Returns: (transfer full): the question, and how many boards it is about. */
static char *
dup_heading (guint n_flashing)
{
  return g_strdup_printf (ngettext ("Quit while a board is being flashed?",
                                    "Quit while %u boards are being flashed?", n_flashing),
                          n_flashing);
}

static void
forget (GtkApplication *application)
{
  g_object_set_data (G_OBJECT (application), STATE_KEY, NULL);
}

/* What ended while it was asked was not seen behind the question: it stays, whatever the answer. */
static void
carry_out (State *self)
{
  close_idle (self->application, self->flashing);
  for (GList *link = self->flashing; link != NULL; link = link->next) {
    /* One that was closed in the meantime is only remembered here. */
    if (gtk_window_get_application (link->data) == NULL)
      continue;
    if (!flash_window_is_flashing (link->data))
      gtk_window_present (link->data);
    else if (self->stops)
      flash_window_stop_and_close (link->data);
    else
      flash_window_go_on_hidden (link->data);
  }
}

static gboolean
on_carry_out (gpointer data)
{
  GtkApplication *application = data;
  State *state = g_object_steal_data (G_OBJECT (application), STATE_KEY);

  if (state == NULL)
    return G_SOURCE_REMOVE;
  carry_out (state);
  state_free (state);
  return G_SOURCE_REMOVE;
}

/* The question is above a window that may be closed by the answer: it must be gone before. */
static void
on_answered (GtkApplication *application, const char *answer)
{
  State *state = g_object_get_data (G_OBJECT (application), STATE_KEY);

  if (g_str_equal (answer, "cancel")) {
    forget (application);
    return;
  }
  g_clear_weak_pointer (&state->question);
  state->stops = g_str_equal (answer, FLASH_QUIT_STOP);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_carry_out, g_object_ref (application),
                   g_object_unref);
}

/* Returns: (transfer none): the window that the question belongs to: one that can be seen. */
static GtkWindow *
find_parent (GtkApplication *application)
{
  GtkWindow *busy = NULL;

  for (GList *link = gtk_application_get_windows (application); link != NULL; link = link->next) {
    if (!FLASH_IS_WINDOW (link->data))
      continue;
    if (gtk_widget_get_visible (link->data))
      return link->data;
    if (flash_window_is_flashing (link->data))
      busy = link->data;
  }
  gtk_window_present (busy);
  return busy;
}

static void
ask (GtkApplication *application)
{
  g_autolist (GtkWindow) windows = list_windows (application);
  g_autofree char *heading = dup_heading (count_flashing (application));
  State *state = g_new0 (State, 1);
  GtkWindow *question;

  state->application = application;
  for (GList *link = windows; link != NULL; link = link->next)
    if (FLASH_IS_WINDOW (link->data) && flash_window_is_flashing (link->data))
      state->flashing = g_list_prepend (state->flashing, g_object_ref (link->data));
  g_object_set_data_full (G_OBJECT (application), STATE_KEY, state, state_free);
  question = flash_quit_ask (find_parent (application), heading,
                             _ ("What is written so far stays on the board, which may have to be "
                                "flashed again before it starts."),
                             G_CALLBACK (on_answered), application);
  g_set_weak_pointer (&state->question, question);
}

void
flash_quit_job_ended (GtkApplication *application)
{
  State *state;
  g_autofree char *heading = NULL;
  guint n_flashing;

  g_return_if_fail (GTK_IS_APPLICATION (application));

  state = g_object_get_data (G_OBJECT (application), STATE_KEY);
  if (state == NULL || state->question == NULL)
    return;
  n_flashing = count_flashing (application);
  if (n_flashing == 0) {
    gtk_window_destroy (state->question);
    forget (application);
    return;
  }
  heading = dup_heading (n_flashing);
  adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (state->question), heading);
}

/* --- the wish to quit ----------------------------------------------------------------------- */

static gboolean
on_try_again (gpointer data)
{
  flash_quit_begin (data);
  return G_SOURCE_REMOVE;
}

static void
on_other_answered (GtkApplication *application)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_try_again, g_object_ref (application),
                   g_object_unref);
}

/* Returns: (transfer none) (nullable): a question that is open above one of the windows; one about
 * quitting or closing before others. */
static GtkWindow *
find_question (GtkApplication *application)
{
  GtkWindow *found = NULL;

  for (GList *link = gtk_application_get_windows (application); link != NULL; link = link->next) {
    GtkWindow *question = flash_dialogs_find (link->data, ADW_TYPE_MESSAGE_DIALOG);

    if (question != NULL && g_object_get_data (G_OBJECT (question), QUESTION_KEY) != NULL)
      return question;
    if (question != NULL)
      found = question;
  }
  return found;
}

/* One thing after the other: the wish to quit waits for the answer to what was asked before. Where
 * that is no answer, because its job has ended, there is something to be seen first. */
static void
wait_for_answer (GtkApplication *application, GtkWindow *question)
{
  gtk_window_present (question);
  if (g_object_get_data (G_OBJECT (question), QUESTION_KEY) != NULL)
    return;
  g_signal_handlers_disconnect_by_func (question, on_other_answered, application);
  g_signal_connect_object (question, "response", G_CALLBACK (on_other_answered), application,
                           G_CONNECT_SWAPPED);
}

void
flash_quit_begin (GtkApplication *application)
{
  GtkWindow *question;

  g_return_if_fail (GTK_IS_APPLICATION (application));

  if (count_flashing (application) == 0) {
    if (!present_unseen (application))
      close_idle (application, NULL);
    return;
  }
  question = find_question (application);
  if (question != NULL)
    wait_for_answer (application, question);
  else
    ask (application);
}
