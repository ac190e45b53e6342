/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-access-dialog"

#include "config.h"

#include "flash-access-dialog.h"

#include "flash-access-facts.h"
#include "flash-access-run.h"
#include "flash-dialogs.h"
#include "flash-help-window.h"
#include "flash-whole-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* How long and how often the board is looked for once the rule is there: udev needs a moment. */
#define WAIT_MS 8000
#define LOOK_MS 500

struct _FlashAccessDialog {
  AdwWindow parent_instance;

  FlashBoardList *boards; /* (owned) */
  FlashBoardEntry *entry; /* (owned) (nullable) */
  char *root; /* (owned) (nullable) (type filename) */
  FlashAccessFacts *facts; /* (owned) (nullable) until this computer was looked at */
  GCancellable *cancellable; /* (owned): until the dialog is gone */
  gboolean is_running; /* pkexec asks, or works */
  gboolean is_installing; /* it is about the rule's coming, not its going */
  guint wait_id; /* while the board is waited for */
  guint waited_ms;
  char *failure; /* (owned) (nullable): why the last attempt failed, until the next one */

  GtkLabel *command_label;
  GtkLabel *detail_label;
  GtkLabel *heading_label;
  GtkWidget *install_button;
  GtkWidget *remove_button;
  GtkLabel *remove_label;
  GtkWidget *retry_button;
  GtkListBox *rival_list;
  GtkWidget *rival_group;
  GtkLabel *rule_label;
  AdwExpanderRow *rule_row;
  GtkSpinner *spinner;
  GtkImage *state_image;
  GtkLabel *text_label;
  AdwToastOverlay *toasts;
};

G_DEFINE_FINAL_TYPE (FlashAccessDialog, flash_access_dialog, ADW_TYPE_WINDOW)

/* --- what is shown -------------------------------------------------------------------------- */

static FlashAccessState
get_state (FlashAccessDialog *self)
{
  FlashAccessState state = flash_access_facts_judge (self->facts, self->entry);

  if (self->is_running)
    return FLASH_ACCESS_STATE_ASKING;
  /* What is waited for has come: then it is not waited for. */
  if (self->wait_id != 0 && state != FLASH_ACCESS_STATE_READY)
    return FLASH_ACCESS_STATE_WAITING;
  return state;
}

static void
show_rivals (FlashAccessDialog *self)
{
  guint n_rivals = self->facts != NULL ? g_strv_length (self->facts->rivals) : 0;
  GtkWidget *row;

  while ((row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->rival_list, 0))) != NULL)
    gtk_list_box_remove (self->rival_list, row);
  for (guint i = 0; i < n_rivals; i++)
    gtk_list_box_append (
        self->rival_list,
        g_object_new (ADW_TYPE_ACTION_ROW, "title", self->facts->rivals[i], "subtitle",
                      flash_access_words_rival (self->facts->rivals[i]), "use-markup", FALSE,
                      "title-lines", 0, "subtitle-lines", 0, "selectable", FALSE, NULL));
  gtk_widget_set_visible (self->rival_group, n_rivals > 0);
}

static void
show_state (FlashAccessDialog *self)
{
  FlashAccessState state = get_state (self);
  FlashBoard *board = self->entry != NULL ? flash_board_entry_get_board (self->entry) : NULL;
  gboolean is_refused = state == FLASH_ACCESS_STATE_NO_RULE ||
                        state == FLASH_ACCESS_STATE_OLD_RULE ||
                        state == FLASH_ACCESS_STATE_NOT_APPLIED;
  gboolean is_working = state == FLASH_ACCESS_STATE_ASKING || state == FLASH_ACCESS_STATE_WAITING;
  g_autofree char *detail = board != NULL && !is_working && state != FLASH_ACCESS_STATE_READY
                                ? flash_words_dup_access_detail (board)
                                : NULL;

  gtk_label_set_label (self->heading_label, flash_access_words_heading (state));
  gtk_label_set_label (self->text_label, self->failure != NULL && !is_working
                                             ? self->failure
                                             : flash_access_words_text (state));
  gtk_label_set_label (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
  gtk_image_set_from_icon_name (self->state_image, self->failure != NULL
                                                       ? "dialog-warning-symbolic"
                                                       : flash_access_words_icon (state));
  gtk_widget_set_visible (GTK_WIDGET (self->state_image), !is_working);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_working);
  gtk_spinner_set_spinning (self->spinner, is_working);
  gtk_button_set_label (GTK_BUTTON (self->install_button), state == FLASH_ACCESS_STATE_NOT_APPLIED
                                                               ? _ ("_Apply the rule again")
                                                               : _ ("_Install the rule"));
  gtk_widget_set_visible (self->install_button, is_refused && flash_access_can_run (self->root));
  gtk_widget_set_visible (self->retry_button,
                          !is_working && state != FLASH_ACCESS_STATE_LOOKING &&
                              (state != FLASH_ACCESS_STATE_READY || self->failure != NULL));
  gtk_widget_set_visible (self->remove_button, !is_working &&
                                                   flash_access_facts_can_remove (self->facts) &&
                                                   flash_access_can_run (self->root));
}

static void
update (FlashAccessDialog *self)
{
  g_autofree char *rule_state = NULL;

  if (get_state (self) == FLASH_ACCESS_STATE_READY) {
    g_clear_handle_id (&self->wait_id, g_source_remove);
    /* A board that opens now shows that the rule has come after all. That one went is shown by
     * nothing. */
    if (self->is_installing)
      g_clear_pointer (&self->failure, g_free);
  }
  rule_state = flash_access_words_dup_rules (self->facts);
  adw_expander_row_set_subtitle (self->rule_row, rule_state);
  show_rivals (self);
  show_state (self);
}

/* --- looking -------------------------------------------------------------------------------- */

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashAccessDialog) self = data;
  FlashAccessFacts *facts = flash_access_facts_look_finish (result);

  g_clear_pointer (&self->facts, flash_access_facts_free);
  self->facts = facts;
  /* Closed meanwhile. */
  if (!g_cancellable_is_cancelled (self->cancellable))
    update (self);
}

static void
look (FlashAccessDialog *self)
{
  flash_board_list_rescan (self->boards);
  flash_access_facts_look (self->root, on_looked, g_object_ref (self));
}

static gboolean
on_wait (gpointer data)
{
  FlashAccessDialog *self = data;

  self->waited_ms += LOOK_MS;
  if (self->waited_ms >= WAIT_MS)
    self->wait_id = 0;
  look (self);
  return self->wait_id != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
on_retry_clicked (FlashAccessDialog *self)
{
  g_clear_pointer (&self->failure, g_free);
  look (self);
}

/* --- doing ---------------------------------------------------------------------------------- */

static void
on_run (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashAccessDialog) self = data;
  g_autoptr (GError) error = NULL;
  gboolean is_done = flash_access_run_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->is_running = FALSE;
  if (!is_done)
    self->failure = flash_access_words_dup_failure (error);
  else if (self->entry != NULL && self->is_installing)
    self->wait_id = g_timeout_add (LOOK_MS, on_wait, self);
  self->waited_ms = 0;
  look (self);
  update (self);
}

static void
run (FlashAccessDialog *self, const char *verb)
{
  g_clear_pointer (&self->failure, g_free);
  g_clear_handle_id (&self->wait_id, g_source_remove);
  self->is_running = TRUE;
  self->is_installing = g_str_equal (verb, "install");
  flash_access_run (self->root, verb, self->cancellable, on_run, g_object_ref (self));
  update (self);
}

static void
on_install_clicked (FlashAccessDialog *self)
{
  run (self, "install");
}

static void
on_remove_clicked (FlashAccessDialog *self)
{
  run (self, "remove");
}

static void
copy (FlashAccessDialog *self, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Command copied")));
}

static void
on_copy_clicked (FlashAccessDialog *self)
{
  copy (self, gtk_label_get_label (self->command_label));
}

static void
on_copy_remove_clicked (FlashAccessDialog *self)
{
  copy (self, FLASH_ACCESS_REMOVE_COMMAND);
}

static void
on_help_clicked (FlashAccessDialog *self)
{
  flash_help_window_show (GTK_WINDOW (self), "access");
}

/* --- life ----------------------------------------------------------------------------------- */

/* Whatever still runs holds the dialog: what is to end with it ends when it is no longer seen. */
static void
flash_access_dialog_unrealize (GtkWidget *widget)
{
  FlashAccessDialog *self = FLASH_ACCESS_DIALOG (widget);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->wait_id, g_source_remove);
  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_data (self->entry, self);

  GTK_WIDGET_CLASS (flash_access_dialog_parent_class)->unrealize (widget);
}

static void
flash_access_dialog_dispose (GObject *object)
{
  FlashAccessDialog *self = FLASH_ACCESS_DIALOG (object);

  g_clear_object (&self->entry);
  g_clear_object (&self->boards);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_ACCESS_DIALOG);

  G_OBJECT_CLASS (flash_access_dialog_parent_class)->dispose (object);
}

static void
flash_access_dialog_finalize (GObject *object)
{
  FlashAccessDialog *self = FLASH_ACCESS_DIALOG (object);

  g_clear_pointer (&self->facts, flash_access_facts_free);
  g_object_unref (self->cancellable);
  g_free (self->root);
  g_free (self->failure);

  G_OBJECT_CLASS (flash_access_dialog_parent_class)->finalize (object);
}

static void
flash_access_dialog_class_init (FlashAccessDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_access_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_access_dialog_finalize;
  widget_class->unrealize = flash_access_dialog_unrealize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-access-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, command_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, detail_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, heading_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, install_button);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, remove_button);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, remove_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, retry_button);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, rival_list);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, rival_group);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, rule_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, rule_row);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, state_image);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, text_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAccessDialog, toasts);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_remove_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_help_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_install_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

/* What is to be typed reads from left to right everywhere, and so does what it scrolls in. */
static void
show_code (GtkLabel *label, const char *text)
{
  GtkWidget *scroller = gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_SCROLLED_WINDOW);

  gtk_label_set_label (label, text);
  gtk_widget_set_direction (GTK_WIDGET (label), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (gtk_widget_get_parent (GTK_WIDGET (label)), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (scroller, GTK_TEXT_DIR_LTR);
}

static void
flash_access_dialog_init (FlashAccessDialog *self)
{
  g_autofree char *command = flash_access_dup_command ();

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_whole_text_wrap (self->rival_group);
  show_code (self->rule_label, flash_access_get_rule ());
  show_code (self->command_label, command);
  show_code (self->remove_label, FLASH_ACCESS_REMOVE_COMMAND);
}

GtkWindow *
flash_access_dialog_present (GtkWindow *parent, FlashBoardList *boards, FlashBoardEntry *entry,
                             const char *root)
{
  FlashAccessDialog *self;
  GtkWindow *old;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (FLASH_IS_BOARD_LIST (boards), NULL);
  g_return_val_if_fail (entry == NULL || FLASH_IS_BOARD_ENTRY (entry), NULL);

  old = flash_dialogs_find (parent, FLASH_TYPE_ACCESS_DIALOG);
  if (old != NULL && FLASH_ACCESS_DIALOG (old)->entry == entry) {
    gtk_window_present (old);
    return old;
  }
  /* It is about another board. */
  if (old != NULL)
    gtk_window_close (old);
  self = g_object_new (FLASH_TYPE_ACCESS_DIALOG, "transient-for", parent, "destroy-with-parent",
                       TRUE, NULL);
  self->boards = g_object_ref (boards);
  self->root = g_strdup (root);
  if (entry != NULL) {
    g_autofree char *title = flash_board_entry_dup_title (entry);

    gtk_window_set_title (GTK_WINDOW (self), title);
    self->entry = g_object_ref (entry);
    g_signal_connect_swapped (entry, "changed", G_CALLBACK (update), self);
  }
  update (self);
  look (self);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
