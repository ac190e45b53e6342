/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-rescue"

#include "config.h"

#include "flash-window-private.h"

#include "flash-words.h"

#include <glib/gi18n.h>

/* The hour says it for today; before that it takes the day too. */
static char *
dup_time (gint64 time)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (time);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (then == NULL)
    return g_strdup (_ ("an unknown time"));
  if (g_date_time_get_year (then) == g_date_time_get_year (now) &&
      g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now))
    return g_date_time_format (then, "%H:%M");
  return g_date_time_format (then, "%x %H:%M");
}

static void
show_first (FlashWindow *self)
{
  const FlashLayoutRescue *rescue;
  g_autofree char *name = NULL;
  g_autofree char *time = NULL;
  g_autofree char *title = NULL;
  g_autofree char *folder = NULL;
  FlashNotice notice = {
    .first_action = "win.discard-rescue",
    .first_label = _ ("_Discard"),
    .second_action = "win.restore",
    .second_label = _ ("_Restore"),
  };

  if (self->rescues == NULL || self->rescues->len == 0) {
    flash_notice_bar_set_notice (self->rescue_bar, NULL);
    return;
  }
  rescue = g_ptr_array_index (self->rescues, 0);
  name = rescue->path != NULL ? g_filename_display_basename (rescue->path)
                              : g_strdup (_ ("Untitled layout"));
  time = dup_time (rescue->time);
  /* TRANSLATORS: a layout, then a time: “layout.tsv” from 14:05 */
  title = g_strdup_printf (_ ("Unsaved changes of “%1$s” from %2$s"), name, time);
  folder = rescue->path != NULL ? flash_words_dup_folder (rescue->path)
                                : g_strdup (_ ("It was never saved."));
  notice.title = title;
  notice.detail = folder;
  flash_notice_bar_set_notice (self->rescue_bar, &notice);
}

/* What earlier runs have unpacked goes, unless it is what a rescue needs. */
static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *rescues = flash_layout_rescue_list (data);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; i < rescues->len; i++) {
    const FlashLayoutRescue *rescue = g_ptr_array_index (rescues, i);

    if (rescue->path != NULL)
      g_ptr_array_add (kept, rescue->path);
  }
  g_ptr_array_add (kept, NULL);
  flash_bundle_place_remove_leftovers ((const char *const *) kept->pdata);
  g_task_return_pointer (task, rescues, (GDestroyNotify) g_ptr_array_unref);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GPtrArray) rescues = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Closed meanwhile. */
  if (self->toasts == NULL)
    return;
  g_clear_pointer (&self->rescues, g_ptr_array_unref);
  self->rescues = g_steal_pointer (&rescues);
  show_first (self);
}

void
flash_window_offer_rescues (FlashWindow *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (FLASH_IS_WINDOW (self));

  task = g_task_new (NULL, NULL, on_listed, g_object_ref (self));
  g_task_set_task_data (task, flash_editor_dup_rescue_folder (), g_free);
  g_task_run_in_thread (task, list_in_thread);
}

/* What is open stays: it goes into a window of its own then. */
void
_flash_window_restore (FlashWindow *self)
{
  g_autoptr (FlashEditor) editor = NULL;
  FlashWindow *window = self;

  if (self->rescues == NULL || self->rescues->len == 0)
    return;
  editor = flash_editor_new_restored (g_ptr_array_index (self->rescues, 0));
  if (self->editor != NULL || self->next != NULL || _flash_window_is_busy (self))
    window = flash_window_new (self->application);
  _flash_window_await_editor (window, editor, NULL);
  gtk_window_present (GTK_WINDOW (window));
  g_ptr_array_remove_index (self->rescues, 0);
  show_first (self);
}

static void
remove_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  flash_layout_rescue_remove (data);
  g_task_return_boolean (task, TRUE);
}

void
_flash_window_discard_rescue (FlashWindow *self)
{
  g_autoptr (GTask) task = NULL;
  const FlashLayoutRescue *rescue;

  if (self->rescues == NULL || self->rescues->len == 0)
    return;
  rescue = g_ptr_array_index (self->rescues, 0);
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, g_strdup (rescue->file), g_free);
  g_task_run_in_thread (task, remove_in_thread);
  g_ptr_array_remove_index (self->rescues, 0);
  show_first (self);
}
