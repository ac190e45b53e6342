/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-window"

#include "config.h"

#include "flash-revive-window.h"

#include "flash-dialogs.h"
#include "flash-drop-zone.h"
#include "flash-revive-guide.h"
#include "flash-revive-job.h"
#include "flash-revive-words.h"

#include <glib/gi18n.h>

#define PAGE_CASES "cases"
#define PAGE_GUIDE "guide"
#define CASE_KEY "flash-case"

struct _FlashReviveWindow {
  AdwWindow parent_instance;

  FlashApplication *application; /* (owned) (nullable) */
  FlashBoardEntry *entry; /* (owned) (nullable): that was chosen in the main window */
  FlashReviveSource source; /* what is open there; it is not checked here */
  FlashReviveRun *run; /* (owned) (nullable) */
  GtkWindow *question; /* (weak) (nullable) */
  gboolean closes;

  GtkButton *back_button;
  GtkListBox *case_list;
  FlashReviveGuide *guide;
  GtkScrolledWindow *guide_scroller;
  GtkEditable *search_entry;
  GtkStack *stack;
};

G_DEFINE_FINAL_TYPE (FlashReviveWindow, flash_revive_window, ADW_TYPE_WINDOW)

enum { SIGNAL_CHOOSE_FILE, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- cases ---------------------------------------------------------------------------------- */

static const FlashRecoveryCase *
get_case (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), CASE_KEY);
}

static gboolean
is_shown (GtkListBoxRow *row, gpointer data)
{
  FlashReviveWindow *self = data;

  return flash_revive_words_matches (get_case (row), gtk_editable_get_text (self->search_entry));
}

static void
fill_cases (FlashReviveWindow *self)
{
  guint n_cases;
  const FlashRecoveryCase *cases = flash_recovery_case_list (&n_cases);

  for (guint i = 0; i < n_cases; i++) {
    GtkWidget *row = adw_action_row_new ();

    adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (cases[i].title));
    adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (cases[i].cause));
    adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("go-next-symbolic"));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    g_object_set_data (G_OBJECT (row), CASE_KEY, (gpointer) &cases[i]);
    gtk_list_box_append (self->case_list, row);
  }
  gtk_list_box_set_filter_func (self->case_list, is_shown, self, NULL);
}

static void
on_search_changed (FlashReviveWindow *self)
{
  gtk_list_box_invalidate_filter (self->case_list);
}

static void
on_case_activated (FlashReviveWindow *self, GtkListBoxRow *row)
{
  flash_revive_window_show_case (self, get_case (row)->id);
}

/* --- steps ---------------------------------------------------------------------------------- */

static void
hand_over_file (FlashReviveWindow *self)
{
  if (self->run == NULL)
    return;
  if (self->source.text != NULL)
    flash_revive_file_set_layout (flash_revive_run_get_file (self->run), self->source.text,
                                  self->source.path);
  else if (self->source.firmware != NULL)
    flash_revive_file_set_firmware (flash_revive_run_get_file (self->run), self->source.firmware);
}

static gboolean
on_close_idle (gpointer window)
{
  gtk_window_close (window);
  return G_SOURCE_REMOVE;
}

/* Not within what the question, or the job, is about to say to others. */
static void
close_soon (FlashReviveWindow *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_close_idle, g_object_ref (self), g_object_unref);
}

static void
on_run_changed (FlashReviveWindow *self)
{
  gboolean is_working = flash_revive_run_is_working (self->run);

  gtk_widget_set_sensitive (GTK_WIDGET (self->back_button), !is_working);
  if (self->closes && !is_working)
    close_soon (self);
}

static void
drop_run (FlashReviveWindow *self)
{
  if (self->run == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->run, self);
  flash_revive_guide_set_run (self->guide, NULL, NULL);
  g_clear_object (&self->run);
}

void
flash_revive_window_show_case (FlashReviveWindow *self, const char *case_id)
{
  GListModel *boards;

  g_return_if_fail (FLASH_IS_REVIVE_WINDOW (self) && case_id != NULL);

  drop_run (self);
  boards = G_LIST_MODEL (flash_application_get_boards (self->application));
  self->run = flash_revive_run_new (self->application, case_id);
  if (self->entry != NULL)
    flash_revive_boards_choose (flash_revive_run_get_boards (self->run), self->entry);
  hand_over_file (self);
  g_signal_connect_object (self->run, "changed", G_CALLBACK (on_run_changed), self,
                           G_CONNECT_SWAPPED);
  flash_revive_guide_set_run (self->guide, self->run, boards);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->guide_scroller), 0);
  gtk_stack_set_visible_child_name (self->stack, PAGE_GUIDE);
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), TRUE);
}

static void
on_back_clicked (FlashReviveWindow *self)
{
  drop_run (self);
  gtk_stack_set_visible_child_name (self->stack, PAGE_CASES);
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), FALSE);
}

static void
on_choose_file (FlashReviveWindow *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOOSE_FILE], 0);
}

FlashReviveRun *
flash_revive_window_get_run (FlashReviveWindow *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_WINDOW (self), NULL);

  return self->run;
}

void
flash_revive_window_set_file (FlashReviveWindow *self, GBytes *text, const char *path,
                              FlashFirmwareFile *file)
{
  g_return_if_fail (FLASH_IS_REVIVE_WINDOW (self));

  flash_revive_source_clear (&self->source);
  if (text != NULL)
    self->source.text = g_bytes_ref (text);
  if (file != NULL)
    self->source.firmware = flash_firmware_file_ref (file);
  self->source.path = g_strdup (path);
  hand_over_file (self);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
on_stop_accepted (FlashReviveWindow *self)
{
  self->closes = TRUE;
  if (self->run != NULL && flash_revive_run_is_working (self->run))
    flash_revive_run_stop (self->run);
  else
    close_soon (self);
}

static gboolean
on_close_request (FlashReviveWindow *self)
{
  const FlashQuestion question = {
    .heading = _ ("Stop in the middle and close?"),
    .body = _ ("What is written or erased so far stays so. The board may need the same steps again "
               "before it starts."),
    .keep_label = _ ("_Go on"),
    .act_label = _ ("_Stop and close"),
  };

  if (self->run == NULL || !flash_revive_run_is_working (self->run))
    return FALSE;
  if (self->question != NULL)
    gtk_window_present (self->question);
  else
    g_set_weak_pointer (&self->question, flash_dialogs_ask (GTK_WINDOW (self), &question,
                                                            G_CALLBACK (on_stop_accepted), self));
  return TRUE;
}

static void
flash_revive_window_dispose (GObject *object)
{
  FlashReviveWindow *self = FLASH_REVIVE_WINDOW (object);

  g_clear_weak_pointer (&self->question);
  if (self->case_list != NULL)
    gtk_list_box_set_filter_func (self->case_list, NULL, NULL, NULL);
  drop_run (self);
  flash_revive_source_clear (&self->source);
  g_clear_object (&self->entry);
  g_clear_object (&self->application);

  G_OBJECT_CLASS (flash_revive_window_parent_class)->dispose (object);
}

static void
flash_revive_window_class_init (FlashReviveWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_revive_window_dispose;
  g_type_ensure (FLASH_TYPE_REVIVE_GUIDE);
  signals[SIGNAL_CHOOSE_FILE] =
      g_signal_new ("choose-file", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-revive-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashReviveWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveWindow, case_list);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveWindow, guide);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveWindow, guide_scroller);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveWindow, stack);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_case_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_file);
  gtk_widget_class_bind_template_callback (widget_class, on_close_request);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_revive_window_init (FlashReviveWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_drop_zone_add_opener (ADW_WINDOW (self));
  fill_cases (self);
}

GtkWindow *
flash_revive_window_present (GtkWindow *parent, FlashApplication *application,
                             FlashBoardEntry *entry)
{
  FlashReviveWindow *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent) && FLASH_IS_APPLICATION (application), NULL);

  self = g_object_new (FLASH_TYPE_REVIVE_WINDOW, "transient-for", parent, "application",
                       application, NULL);
  self->application = g_object_ref (application);
  g_set_object (&self->entry, entry);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
