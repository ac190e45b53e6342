/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-erase-dialog"

#include "config.h"

#include "flash-erase-dialog.h"

#include "flash-dialogs.h"
#include "flash-erase-bar.h"
#include "flash-mcu-words.h"
#include "flash-text.h"

#include <glib/gi18n.h>

struct _FlashEraseDialog {
  FlashMemoryFrame parent_instance;

  FlashEraseSectors *sectors; /* (owned) (nullable): until there is a map */
  GtkWindow *question; /* (weak) (nullable): while it is asked */
  gboolean is_everything; /* what the running job is about */
  guint next_sector; /* where the next range begins */
  guint n_erased; /* by the jobs that are over */
  GString *erased; /* (owned): which, for people */
  guint64 bytes_verified;

  GtkCheckButton *all_check;
  FlashEraseBar *bar;
  GtkCheckButton *some_check;
  GtkWidget *list_box;
  GtkListView *sector_list;
  GtkLabel *summary_label;
};

G_DEFINE_FINAL_TYPE (FlashEraseDialog, flash_erase_dialog, FLASH_TYPE_MEMORY_FRAME)

/* --- choices -------------------------------------------------------------------------------- */

/* Returns: (transfer full): what is erased and what that means */
static char *
dup_summary (FlashEraseDialog *self)
{
  guint64 bytes;
  guint n_chosen = flash_erase_sectors_count (self->sectors, &bytes);
  guint n_sectors = g_list_model_get_n_items (G_LIST_MODEL (self->sectors));
  g_autofree char *size = flash_text_size (bytes);
  g_autofree char *lost = NULL;

  if (n_chosen == 0)
    return g_strdup (_ ("No sector is chosen."));
  if (n_chosen == n_sectors)
    /* TRANSLATORS: a size */
    return g_strdup_printf (_ ("All of the flash, %s, is erased: the program and everything that "
                               "it has stored is lost. Option bytes and OTP stay as they are."),
                            size);
  /* TRANSLATORS: two numbers of sectors, a size */
  lost = g_strdup_printf (
      ngettext ("%1$u of %2$u sector will be erased, %3$s: what is there is lost.",
                "%1$u of %2$u sectors will be erased, %3$s: what is there is lost.", n_sectors),
      n_chosen, n_sectors, size);
  if (!flash_erase_sectors_is_chosen (self->sectors, 0))
    return g_steal_pointer (&lost);
  return g_strjoin (" ", lost, _ ("Without the first sector no program starts."), NULL);
}

static void
update (FlashEraseDialog *self)
{
  guint64 size;
  g_autofree char *summary = dup_summary (self);

  gtk_label_set_label (self->summary_label, summary);
  flash_memory_frame_set_can_act (FLASH_MEMORY_FRAME (self),
                                  flash_erase_sectors_count (self->sectors, &size) > 0);
}

static void
on_kind_toggled (FlashEraseDialog *self)
{
  gboolean is_all = gtk_check_button_get_active (self->all_check);

  gtk_widget_set_visible (self->list_box, !is_all);
  gtk_widget_set_can_target (GTK_WIDGET (self->bar), !is_all);
  if (self->sectors != NULL)
    flash_erase_sectors_choose_all (self->sectors, is_all);
}

/* --- the list ------------------------------------------------------------------------------- */

static void
on_check_toggled (GtkCheckButton *check, GtkListItem *item)
{
  FlashEraseSectors *sectors = g_object_get_data (G_OBJECT (check), "sectors");

  if (sectors != NULL)
    flash_erase_sectors_choose (sectors, gtk_list_item_get_position (item),
                                gtk_check_button_get_active (check));
}

static void
show_chosen (FlashEraseSectors *sectors, GtkListItem *item)
{
  gtk_check_button_set_active (
      GTK_CHECK_BUTTON (gtk_list_item_get_child (item)),
      flash_erase_sectors_is_chosen (sectors, gtk_list_item_get_position (item)));
}

static void
on_setup (FlashEraseDialog *self, GtkListItem *item)
{
  GtkWidget *check = gtk_check_button_new ();

  g_signal_connect (check, "toggled", G_CALLBACK (on_check_toggled), item);
  gtk_list_item_set_child (item, check);
}

static void
on_bind (FlashEraseDialog *self, GtkListItem *item)
{
  GtkWidget *check = gtk_list_item_get_child (item);
  GtkStringObject *text = gtk_list_item_get_item (item);

  gtk_check_button_set_label (GTK_CHECK_BUTTON (check), gtk_string_object_get_string (text));
  gtk_widget_set_sensitive (
      check, flash_erase_sectors_can_choose (self->sectors, gtk_list_item_get_position (item)));
  show_chosen (self->sectors, item);
  g_object_set_data (G_OBJECT (check), "sectors", self->sectors);
  g_signal_connect_object (self->sectors, "changed", G_CALLBACK (show_chosen), item, 0);
}

static void
on_unbind (FlashEraseDialog *self, GtkListItem *item)
{
  g_object_set_data (G_OBJECT (gtk_list_item_get_child (item)), "sectors", NULL);
  if (self->sectors != NULL)
    g_signal_handlers_disconnect_by_func (self->sectors, show_chosen, item);
}

/* Return on a row is as good as its box. */
static void
on_row_activated (FlashEraseDialog *self, guint position)
{
  flash_erase_sectors_choose (self->sectors, position,
                              !flash_erase_sectors_is_chosen (self->sectors, position));
}

/* --- the job -------------------------------------------------------------------------------- */

/* Adds to what is erased: the first sectors of the job's range. */
static void
add_erased (FlashEraseDialog *self, FlashJob *job, guint n_sectors)
{
  g_autofree char *address = flash_text_address (flash_job_get_mcu_job (job)->address);

  if (n_sectors == 0)
    return;
  self->n_erased += n_sectors;
  if (self->erased->len > 0)
    g_string_append (self->erased, ", ");
  /* TRANSLATORS: a number of sectors, the address of the first */
  g_string_append_printf (self->erased,
                          ngettext ("%1$u sector at %2$s", "%1$u sectors from %2$s on", n_sectors),
                          n_sectors, address);
}

/* The board cannot be worked with any more, between one range and the next. */
static void
show_obstacle (FlashEraseDialog *self, const char *obstacle)
{
  FlashMemoryFrame *frame = FLASH_MEMORY_FRAME (self);
  FlashBoard *board = flash_board_entry_get_board (flash_memory_frame_get_entry (frame));
  const FlashMcuResult result = { .state = FLASH_MCU_STATE_HALF };

  flash_memory_frame_show_outcome (frame, FALSE, _ ("Not everything was erased"), obstacle, NULL);
  flash_memory_frame_add_fact (frame, _ ("Erased"), self->erased->str);
  flash_memory_frame_add_fact (frame, _ ("What to do next"),
                               flash_mcu_words_next (&result, flash_board_is_virtual (board)));
}

/* Goes on with what is still to be erased. Returns: whether there is anything */
static gboolean
run_next (FlashEraseDialog *self)
{
  FlashMcuJob job = { .verb = FLASH_MCU_ERASE, .alternate = -1 };
  const char *obstacle;

  if (self->is_everything) {
    if (self->next_sector > 0)
      return FALSE;
    job.is_everything = TRUE;
    job.address = flash_memory_map_get_start (flash_erase_sectors_get_map (self->sectors));
    self->next_sector = G_MAXUINT;
  } else if (!flash_erase_sectors_find_range (self->sectors, self->next_sector, &job.address,
                                              &job.length, &self->next_sector)) {
    return FALSE;
  }
  obstacle = flash_memory_frame_run (
      FLASH_MEMORY_FRAME (self), &job, _ ("Erasing"),
      _ ("If it is stopped, some sectors are erased and others are not: flash the chip before its "
         "program is started."),
      TRUE);
  if (obstacle != NULL && self->n_erased > 0)
    show_obstacle (self, obstacle);
  return TRUE;
}

static void
on_accepted (FlashEraseDialog *self)
{
  self->next_sector = 0;
  self->n_erased = 0;
  g_string_truncate (self->erased, 0);
  self->bytes_verified = 0;
  run_next (self);
}

static void
flash_erase_dialog_act (FlashMemoryFrame *frame)
{
  FlashEraseDialog *self = FLASH_ERASE_DIALOG (frame);
  g_autofree char *board = flash_board_entry_dup_title (flash_memory_frame_get_entry (frame));
  g_autofree char *summary = dup_summary (self);
  /* TRANSLATORS: a board */
  g_autofree char *all_heading = g_strdup_printf (_ ("Erase everything on %s?"), board);
  g_autofree char *some_heading = g_strdup_printf (_ ("Erase these sectors of %s?"), board);
  FlashQuestion question = { .body = summary,
                             .keep_label = _ ("_Cancel"),
                             .act_label = _ ("_Erase") };

  self->is_everything = gtk_check_button_get_active (self->all_check);
  question.heading = self->is_everything ? all_heading : some_heading;
  g_set_weak_pointer (&self->question, flash_dialogs_ask (GTK_WINDOW (self), &question,
                                                          G_CALLBACK (on_accepted), self));
}

static void
show_erased (FlashEraseDialog *self, FlashJob *job)
{
  FlashMemoryFrame *frame = FLASH_MEMORY_FRAME (self);
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  g_autofree char *verified = flash_text_size (self->bytes_verified);
  g_autofree char *erased =
      g_strdup_printf (ngettext ("%u sector", "%u sectors", self->n_erased), self->n_erased);
  /* TRANSLATORS: a size */
  g_autofree char *verified_text = g_strdup_printf (_ ("Yes, %s read back and blank"), verified);

  flash_memory_frame_show_outcome (
      frame, TRUE, result->is_verified ? _ ("Erased and verified blank") : _ ("Erased"), NULL,
      NULL);
  flash_memory_frame_add_fact (frame, _ ("Erased"), erased);
  flash_memory_frame_add_fact (
      frame, _ ("Verified"),
      result->is_verified ? verified_text : _ ("No, the boot loader does not let it be read"));
  flash_memory_frame_add_fact (
      frame, _ ("What to do next"),
      self->is_everything
          ? flash_mcu_words_next (result, flash_board_is_virtual (flash_job_get_board (job)))
          : _ ("Flash what belongs into these sectors before the program is started."));
}

/* Whatever became of the last range, those before it are erased. */
static void
show_failed (FlashEraseDialog *self, FlashJob *job)
{
  FlashMemoryFrame *frame = FLASH_MEMORY_FRAME (self);
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  gboolean is_stopped =
      g_error_matches (flash_job_get_error (job), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  FlashMcuState state = result->state;

  if (state != FLASH_MCU_STATE_UNTOUCHED)
    add_erased (self, job, result->n_erased);
  else if (self->n_erased > 0)
    state = FLASH_MCU_STATE_HALF;
  flash_memory_frame_show_failure (
      frame, is_stopped ? _ ("Erasing was stopped") : _ ("Not everything was erased"), job, state);
  if (self->n_erased > 0)
    flash_memory_frame_add_fact (frame, _ ("Erased"), self->erased->str);
}

static void
flash_erase_dialog_finished (FlashMemoryFrame *frame, FlashJob *job)
{
  FlashEraseDialog *self = FLASH_ERASE_DIALOG (frame);
  const FlashMcuResult *result = flash_job_get_mcu_result (job);

  self->bytes_verified += result->bytes_verified;
  if (flash_job_get_error (job) != NULL) {
    show_failed (self, job);
    return;
  }
  add_erased (self, job, result->n_sectors);
  if (!run_next (self))
    show_erased (self, job);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_erase_dialog_dispose (GObject *object)
{
  FlashEraseDialog *self = FLASH_ERASE_DIALOG (object);

  g_clear_weak_pointer (&self->question);
  if (self->sectors != NULL)
    g_signal_handlers_disconnect_by_data (self->sectors, self);
  if (self->sector_list != NULL)
    gtk_list_view_set_model (self->sector_list, NULL);
  g_clear_object (&self->sectors);

  G_OBJECT_CLASS (flash_erase_dialog_parent_class)->dispose (object);
}

static void
flash_erase_dialog_finalize (GObject *object)
{
  g_string_free (FLASH_ERASE_DIALOG (object)->erased, TRUE);

  G_OBJECT_CLASS (flash_erase_dialog_parent_class)->finalize (object);
}

static void
flash_erase_dialog_class_init (FlashEraseDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FlashMemoryFrameClass *frame_class = FLASH_MEMORY_FRAME_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_erase_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_erase_dialog_finalize;
  frame_class->act = flash_erase_dialog_act;
  frame_class->finished = flash_erase_dialog_finished;

  g_type_ensure (FLASH_TYPE_ERASE_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-erase-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashEraseDialog, all_check);
  gtk_widget_class_bind_template_child (widget_class, FlashEraseDialog, bar);
  gtk_widget_class_bind_template_child (widget_class, FlashEraseDialog, list_box);
  gtk_widget_class_bind_template_child (widget_class, FlashEraseDialog, sector_list);
  gtk_widget_class_bind_template_child (widget_class, FlashEraseDialog, some_check);
  gtk_widget_class_bind_template_child (widget_class, FlashEraseDialog, summary_label);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
}

static void
flash_erase_dialog_init (FlashEraseDialog *self)
{
  self->erased = g_string_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_memory_frame_set_verb (FLASH_MEMORY_FRAME (self), _ ("_Erase…"), TRUE);
}

/* Shows the choices, or why there are none. */
static void
start (FlashEraseDialog *self, const FlashBoardFacts *facts)
{
  FlashMemoryFrame *frame = FLASH_MEMORY_FRAME (self);
  g_autoptr (GtkNoSelection) selection = NULL;

  if (!facts->has_guess || facts->guess.flash == NULL) {
    flash_memory_frame_show_outcome (
        frame, FALSE, _ ("Nothing to erase"),
        _ ("The boot loader of this board does not say where its flash is. Start the ROM by BOOT0 "
           "instead."),
        "no-flash-map");
    return;
  }
  self->sectors = flash_erase_sectors_new (facts->guess.flash);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->sectors)));
  gtk_list_view_set_model (self->sector_list, GTK_SELECTION_MODEL (selection));
  flash_erase_bar_set_sectors (self->bar, self->sectors);
  g_signal_connect_swapped (self->sectors, "changed", G_CALLBACK (update), self);
  on_kind_toggled (self);
  flash_memory_frame_show_choices (frame);
}

GtkWindow *
flash_erase_dialog_present (GtkWindow *parent, FlashBoardEntry *entry)
{
  FlashEraseDialog *self;
  g_autofree char *board = NULL;
  g_autofree char *title = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (entry), NULL);

  self = g_object_new (FLASH_TYPE_ERASE_DIALOG, "transient-for", parent, "application",
                       gtk_window_get_application (parent), NULL);
  flash_memory_frame_set_entry (FLASH_MEMORY_FRAME (self), entry);
  board = flash_board_entry_dup_title (entry);
  /* TRANSLATORS: a board */
  title = g_strdup_printf (_ ("Erase %s"), board);
  gtk_window_set_title (GTK_WINDOW (self), title);
  start (self, flash_board_entry_get_facts (entry));
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
