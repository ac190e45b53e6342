/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-bundle"

#include "config.h"

#include "flash-window-private.h"

#include "flash-bundle-dialog.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* How often the bar is brought up to date, in milliseconds; what is over before the second time is
 * not worth a bar. */
#define TICK 120

#define OPENED_KEY "flash-bundle-opened"

static guint
get_device_id (FlashWindow *self)
{
  return self->entry != NULL ? flash_board_entry_get_facts (self->entry)->device_id : 0;
}

/* Returns: (transfer none) (nullable): the folder or archive that the layout comes from. */
static FlashBundleOpened *
get_opened (FlashEditor *editor)
{
  return editor != NULL ? g_object_get_data (G_OBJECT (editor), OPENED_KEY) : NULL;
}

/* A layout that was saved elsewhere is no longer that of the archive. */
static gboolean
is_original (FlashEditor *editor, const FlashBundleOpened *opened)
{
  return opened != NULL && g_strcmp0 (flash_editor_get_path (editor), opened->path) == 0;
}

static void
attach (FlashEditor *editor, FlashBundleOpened *opened)
{
  g_object_set_data_full (G_OBJECT (editor), OPENED_KEY, flash_bundle_opened_ref (opened),
                          (GDestroyNotify) flash_bundle_opened_unref);
}

/* What is unpacked stays as long as any editor of it. */
void
_flash_window_adopt_bundle (FlashWindow *self, FlashEditor *editor)
{
  FlashBundleOpened *const known[] = { self->opened, get_opened (self->editor),
                                       get_opened (self->aside) };

  for (guint i = 0; i < G_N_ELEMENTS (known) && get_opened (editor) == NULL; i++)
    if (is_original (editor, known[i]))
      attach (editor, known[i]);
  g_clear_pointer (&self->opened, flash_bundle_opened_unref);
  /* Something else is coming. */
  flash_bundle_fault_clear (&self->bundle_fault);
}

const char *
_flash_window_get_origin (FlashEditor *editor)
{
  const char *path = flash_editor_get_path (editor);
  const FlashBundleOpened *opened = get_opened (editor);

  if (is_original (editor, opened))
    return flash_bundle_get_path (opened->bundle);
  return path != NULL && !flash_bundle_place_is_temporary (path) ? path : NULL;
}

/* --- the bar -------------------------------------------------------------------------------- */

static void
show_busy (FlashWindow *self)
{
  g_autofree char *name = g_filename_display_basename (self->opening_path);
  g_autofree char *title = g_strdup_printf (
      self->is_unpacking ? _ ("Unpacking “%s”…") : _ ("Looking for layouts in “%s”…"), name);
  const FlashBundleNews news = { FLASH_BUNDLE_STATE_BUSY, title, NULL,
                                 flash_bundle_watch_get_fraction (self->watch) };

  flash_bundle_bar_set_news (self->bundle_bar, &news);
}

static void
show_fault (FlashWindow *self)
{
  const FlashBundleNews news = { FLASH_BUNDLE_STATE_FAILED, self->bundle_fault.cause,
                                 self->bundle_fault.remedy, -1 };

  flash_bundle_bar_set_news (self->bundle_bar, &news);
}

/* Returns: (transfer full) (nullable): what is odd about the folder or archive. */
static char *
dup_oddities (FlashBundle *bundle)
{
  const FlashDiagList *diags = flash_bundle_get_diags (bundle);
  guint n_diags = flash_diag_list_get_length (diags);
  g_autofree char *first = NULL;

  if (n_diags == 0)
    return NULL;
  first = flash_diag_dup_message (flash_diag_list_get (diags, 0), flash_words_translate);
  if (n_diags == 1)
    return g_steal_pointer (&first);
  /* TRANSLATORS: a sentence about something odd, then how many more there are */
  return g_strdup_printf (
      ngettext ("%1$s (and %2$u more like this)", "%1$s (and %2$u more like this)", n_diags - 1),
      first, n_diags - 1);
}

static void
show_opened (FlashWindow *self, const FlashBundleOpened *opened, const char *oddities)
{
  guint n_others = flash_bundle_get_n_layouts (opened->bundle) - 1;
  const char *reason = opened->is_chosen ? NULL : flash_bundle_words_reason (opened->reason);
  g_autofree char *title = flash_bundle_words_dup_opened (flash_bundle_opened_get_layout (opened));
  g_autofree char *others =
      g_strdup_printf (ngettext ("%u other layout.", "%u other layouts.", n_others), n_others);
  g_autoptr (GString) detail = g_string_new (n_others > 0 ? others : NULL);
  const FlashBundleNews news = { n_others > 0 ? FLASH_BUNDLE_STATE_OPENED
                                              : FLASH_BUNDLE_STATE_ALONE,
                                 title, NULL, -1 };
  FlashBundleNews shown = news;

  if (reason != NULL && n_others > 0)
    g_string_append_printf (detail, " %s", reason);
  if (oddities != NULL)
    g_string_append_printf (detail, "%s%s", detail->len > 0 ? "\n" : "", oddities);
  shown.detail = detail->str;
  flash_bundle_bar_set_news (self->bundle_bar, &shown);
}

void
_flash_window_update_bundle (FlashWindow *self)
{
  const FlashBundleOpened *opened = get_opened (self->editor);
  gboolean has_others = is_original (self->editor, opened) &&
                        flash_bundle_get_n_layouts (opened->bundle) > 1 &&
                        !_flash_window_is_busy (self);
  g_autofree char *oddities = opened != NULL ? dup_oddities (opened->bundle) : NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.choose-other", has_others);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.cancel-opening", self->watch != NULL);
  if (self->watch != NULL && self->is_long)
    show_busy (self);
  else if (self->bundle_fault.cause != NULL)
    show_fault (self);
  else if (is_original (self->editor, opened) && !opened->is_dismissed &&
           (has_others || oddities != NULL) && _flash_window_is_page (self, FLASH_PAGE_LAYOUT))
    show_opened (self, opened, oddities);
  else
    flash_bundle_bar_set_news (self->bundle_bar, NULL);
}

void
_flash_window_dismiss_bundle (FlashWindow *self)
{
  FlashBundleOpened *opened = get_opened (self->editor);

  if (self->bundle_fault.cause != NULL)
    flash_bundle_fault_clear (&self->bundle_fault);
  else if (opened != NULL)
    opened->is_dismissed = TRUE;
  _flash_window_update_bundle (self);
}

/* --- what is going on ----------------------------------------------------------------------- */

static gboolean
on_tick (gpointer data)
{
  FlashWindow *self = data;

  /* Not the first time. */
  self->is_long = self->is_late;
  self->is_late = TRUE;
  _flash_window_update_bundle (self);
  return G_SOURCE_CONTINUE;
}

static void
stop_watch (FlashWindow *self)
{
  g_clear_handle_id (&self->opening_source, g_source_remove);
  g_clear_pointer (&self->watch, flash_bundle_watch_unref);
}

/* Once there is a bar it stays until the layout is open. */
static void
start_watch (FlashWindow *self, const char *path, gboolean is_unpacking)
{
  g_autofree char *new_path = g_strdup (path);

  stop_watch (self);
  g_free (self->opening_path);
  self->opening_path = g_steal_pointer (&new_path);
  self->is_unpacking = is_unpacking;
  self->watch = flash_bundle_watch_new ();
  self->opening_source = g_timeout_add (TICK, on_tick, self);
}

static void
end_opening (FlashWindow *self)
{
  stop_watch (self);
  self->is_late = FALSE;
  self->is_long = FALSE;
  g_clear_object (&self->loading);
  _flash_window_forget_next (self);
  _flash_window_update (self);
}

static void
fail (FlashWindow *self, const GError *error, const char *path)
{
  flash_bundle_fault_clear (&self->bundle_fault);
  flash_bundle_words_get_fault (error, path, &self->bundle_fault);
  end_opening (self);
}

/* What is no bundle at all is nothing to be read about at length. */
static void
refuse (FlashWindow *self, const GError *error, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *text = flash_words_dup_load_error (error, name);

  end_opening (self);
  _flash_window_toast (self, text);
}

void
_flash_window_cancel_opening (FlashWindow *self)
{
  if (self->watch == NULL)
    return;
  g_cancellable_cancel (self->loading);
  end_opening (self);
}

void
_flash_window_stop_bundle (FlashWindow *self)
{
  stop_watch (self);
  g_clear_pointer (&self->opening_path, g_free);
  self->is_late = FALSE;
  self->is_long = FALSE;
  flash_bundle_fault_clear (&self->bundle_fault);
  g_clear_pointer (&self->opened, flash_bundle_opened_unref);
  g_clear_object (&self->offered);
  if (self->bundle_dialog != NULL)
    gtk_window_destroy (self->bundle_dialog);
  g_clear_weak_pointer (&self->bundle_dialog);
}

/* --- opening -------------------------------------------------------------------------------- */

static void
on_unpacked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBundleOpened) opened = flash_bundle_opener_unpack_finish (result, &error);

  /* Closed meanwhile, cancelled, or something else was opened. */
  if (g_task_get_cancellable (G_TASK (result)) != self->loading)
    return;
  if (opened == NULL) {
    fail (self, error, flash_bundle_opener_get_path (result));
    return;
  }
  stop_watch (self);
  self->opened = g_steal_pointer (&opened);
  _flash_window_read_path (self, self->opened->path);
}

static void
unpack (FlashWindow *self, FlashBundle *bundle, guint index, FlashBundleReason reason,
        gboolean is_chosen)
{
  start_watch (self, flash_bundle_get_path (bundle), TRUE);
  flash_bundle_opener_unpack (bundle, index, reason, is_chosen, self->watch, self->loading,
                              on_unpacked, g_object_ref (self));
  _flash_window_update (self);
}

static void
on_chosen (guint index, gpointer data)
{
  FlashWindow *self = data;
  g_autoptr (FlashBundle) bundle = g_steal_pointer (&self->offered);
  const FlashBundleOpened *opened = get_opened (self->editor);

  if (opened != NULL && opened->bundle == bundle && opened->index == index)
    return;
  if (_flash_window_begin_loading (self))
    unpack (self, bundle, index, FLASH_BUNDLE_REASON_NAME, TRUE);
}

static void
present_dialog (FlashWindow *self, FlashBundle *bundle, guint open_index)
{
  FlashBundleOffer offer = { bundle, open_index, 0, FLASH_BUNDLE_REASON_NAME };
  GtkWindow *dialog;

  if (self->bundle_dialog != NULL)
    gtk_window_destroy (self->bundle_dialog);
  g_clear_weak_pointer (&self->bundle_dialog);
  offer.proposed_index = flash_bundle_choose (bundle, get_device_id (self), &offer.reason);
  g_set_object (&self->offered, bundle);
  dialog = flash_bundle_dialog_present (GTK_WINDOW (self), &offer, on_chosen, self);
  g_set_weak_pointer (&self->bundle_dialog, dialog);
}

static void
on_bundle (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBundle) bundle = NULL;
  const char *path = flash_bundle_opener_get_path (result);
  gboolean is_read = flash_bundle_opener_open_finish (result, &bundle, &error);
  FlashBundleReason reason;
  guint index;

  if (g_task_get_cancellable (G_TASK (result)) != self->loading)
    return;
  if (error != NULL && error->domain == FLASH_LOAD_ERROR) {
    refuse (self, error, path);
    return;
  }
  if (!is_read) {
    fail (self, error, path);
    return;
  }
  if (bundle == NULL && flash_bundle_opener_is_report (result)) {
    end_opening (self);
    _flash_window_open_report (self, path);
    return;
  }
  if (bundle == NULL && flash_bundle_opener_is_repair (result)) {
    end_opening (self);
    _flash_window_open_repair (self, path);
    return;
  }
  if (bundle == NULL && flash_bundle_opener_is_firmware (result)) {
    stop_watch (self);
    _flash_window_read_firmware (self, path);
    return;
  }
  if (bundle == NULL) {
    stop_watch (self);
    _flash_window_read_path (self, path);
    return;
  }
  index = flash_bundle_choose (bundle, get_device_id (self), &reason);
  if (reason != FLASH_BUNDLE_REASON_NAME) {
    unpack (self, bundle, index, reason, FALSE);
    return;
  }
  /* Only its name speaks for one of them: that is worth a question. */
  end_opening (self);
  present_dialog (self, bundle, FLASH_BUNDLE_NO_LAYOUT);
}

void
_flash_window_open_bundle (FlashWindow *self, const char *path)
{
  start_watch (self, path, FALSE);
  flash_bundle_opener_open (path, self->watch, self->loading, on_bundle, g_object_ref (self));
}

void
_flash_window_choose_other (FlashWindow *self)
{
  const FlashBundleOpened *opened = get_opened (self->editor);

  if (opened != NULL)
    present_dialog (self, opened->bundle, opened->index);
}
