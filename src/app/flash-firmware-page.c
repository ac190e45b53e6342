/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-page"

#include "config.h"

#include "flash-firmware-page.h"

#include "flash-firmware-form.h"
#include "flash-firmware-lists.h"
#include "flash-firmware-view.h"
#include "flash-firmware-words.h"
#include "flash-problem-row.h"
#include "flash-text.h"

#include <glib/gi18n.h>

#define REMEDY_KEY "flash-remedy"

struct _FlashFirmwarePage {
  AdwBin parent_instance;

  FlashFirmwareModel *model; /* (owned) (nullable) */
  FlashDiagList *file_diags; /* (owned) (nullable): what is shown of the file */
  FlashDiagList *plan_diags; /* (owned) (nullable): what is shown of the plan */

  GtkWidget *board_box;
  GtkLabel *board_label;
  GtkWidget *content;
  GtkLabel *contents_label;
  GtkLabel *digest_label;
  GtkButton *flash_button;
  GtkLabel *format_label;
  FlashFirmwareForm *form;
  FlashFirmwareLists *lists;
  FlashNoteBar *note_bar;
  GtkWidget *problem_box;
  GtkListBox *problem_list;
  GtkScrolledWindow *scroller;
  GtkLabel *summary_label;
  GtkLabel *target_label;
  FlashFirmwareView *view;
};

G_DEFINE_FINAL_TYPE (FlashFirmwarePage, flash_firmware_page, ADW_TYPE_BIN)

/* --- choosing ------------------------------------------------------------------------------- */

static void
on_view_selected (FlashFirmwareView *view, guint address, FlashFirmwarePage *self)
{
  flash_firmware_lists_select (self->lists, address);
}

static void
on_lists_selected (FlashFirmwareLists *lists, guint address, FlashFirmwarePage *self)
{
  flash_firmware_view_select (self->view, address);
}

/* --- problems ------------------------------------------------------------------------------- */

static void
on_fix (FlashProblemRow *row, FlashFirmwarePage *self)
{
  FlashFirmwareRemedy remedy =
      (FlashFirmwareRemedy) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), REMEDY_KEY));
  FlashFirmwareWishes wishes = *flash_firmware_model_get_wishes (self->model);

  switch (remedy) {
  case FLASH_FIRMWARE_REMEDY_NONE:
    break;
  case FLASH_FIRMWARE_REMEDY_LEAVE_OUT:
    wishes.leaves_out = TRUE;
    flash_firmware_model_set_wishes (self->model, &wishes);
    break;
  case FLASH_FIRMWARE_REMEDY_REBASE:
    wishes.rebases = TRUE;
    flash_firmware_model_set_wishes (self->model, &wishes);
    break;
  case FLASH_FIRMWARE_REMEDY_ADDRESS:
    flash_firmware_form_focus_address (self->form);
    break;
  case FLASH_FIRMWARE_REMEDY_INSIST:
    flash_firmware_model_insist (self->model);
    break;
  }
}

static void
add_problem (FlashFirmwarePage *self, const FlashDiag *diag, gboolean can_insist)
{
  FlashFirmwareRemedy remedy = flash_firmware_words_find_remedy (
      diag, flash_firmware_model_get_wishes (self->model), can_insist);
  GtkWidget *row = flash_problem_row_new (diag);

  g_object_set_data (G_OBJECT (row), REMEDY_KEY, GINT_TO_POINTER (remedy));
  flash_problem_row_set_place (FLASH_PROBLEM_ROW (row), diag);
  if (remedy != FLASH_FIRMWARE_REMEDY_NONE)
    flash_problem_row_set_verb (FLASH_PROBLEM_ROW (row), flash_firmware_words_remedy (remedy));
  g_signal_connect (row, "fix", G_CALLBACK (on_fix), self);
  gtk_list_box_append (self->problem_list, row);
}

/* What an interrupted update means is said elsewhere. */
static gboolean
is_said_elsewhere (const FlashDiag *diag)
{
  return g_str_equal (flash_diag_get_code (diag), "no-empty-check");
}

/* The worst first. */
static void
add_problems (FlashFirmwarePage *self, const FlashDiagList *diags, FlashSeverity severity,
              gboolean can_insist)
{
  for (guint i = 0; diags != NULL && i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);

    if (flash_diag_get_severity (diag) == severity && !is_said_elsewhere (diag))
      add_problem (self, diag, can_insist);
  }
}

static gboolean
set_diags (FlashDiagList **own, FlashDiagList *diags)
{
  if (*own == diags)
    return FALSE;
  if (diags != NULL)
    flash_diag_list_ref (diags);
  g_clear_pointer (own, flash_diag_list_unref);
  *own = diags;
  return TRUE;
}

static void
show_problems (FlashFirmwarePage *self)
{
  const FlashImage *image = flash_firmware_model_get_file (self->model)->image;
  FlashFirmwarePlan *plan = flash_firmware_model_get_plan (self->model);
  gboolean is_other_file = set_diags (&self->file_diags, image->diags);
  gboolean is_other_plan = set_diags (&self->plan_diags, plan != NULL ? plan->diags : NULL);
  GtkWidget *row;

  /* Rows that stay the same keep the keyboard. */
  if (!is_other_file && !is_other_plan)
    return;
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->problem_list))) != NULL)
    gtk_list_box_remove (self->problem_list, row);
  for (int severity = FLASH_SEVERITY_ERROR; severity >= FLASH_SEVERITY_INFO; severity--) {
    add_problems (self, self->file_diags, (FlashSeverity) severity, image->can_insist);
    add_problems (self, self->plan_diags, (FlashSeverity) severity, FALSE);
  }
  gtk_widget_set_visible (self->problem_box,
                          gtk_widget_get_first_child (GTK_WIDGET (self->problem_list)) != NULL);
}

/* --- what it is ----------------------------------------------------------------------------- */

static void
show_file (FlashFirmwarePage *self)
{
  const FlashFirmwareFile *file = flash_firmware_model_get_file (self->model);
  g_autofree char *format = flash_firmware_words_dup_format (file->image);
  g_autofree char *contents = flash_firmware_words_dup_contents (file->image);
  g_autofree char *digest = g_strdup_printf ("SHA-256 %s", file->digest);

  gtk_label_set_label (self->format_label, format);
  gtk_label_set_label (self->contents_label, contents);
  gtk_label_set_label (self->digest_label, digest);
}

static void
show_size (FlashFirmwarePage *self)
{
  FlashFirmwarePlan *plan = flash_firmware_model_get_plan (self->model);
  const FlashImage *image = flash_firmware_model_get_file (self->model)->image;
  g_autofree char *size =
      flash_text_size (plan != NULL && plan->size > 0 ? plan->size : flash_image_get_size (image));

  gtk_label_set_label (self->summary_label, size);
}

static void
update (FlashFirmwarePage *self)
{
  show_file (self);
  show_size (self);
  flash_firmware_view_update (self->view, self->model);
  flash_firmware_form_update (self->form, self->model);
  flash_firmware_lists_update (self->lists, self->model);
  show_problems (self);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_firmware_page_dispose (GObject *object)
{
  FlashFirmwarePage *self = FLASH_FIRMWARE_PAGE (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_clear_pointer (&self->file_diags, flash_diag_list_unref);
  g_clear_pointer (&self->plan_diags, flash_diag_list_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_FIRMWARE_PAGE);

  G_OBJECT_CLASS (flash_firmware_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, board_box);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, board_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, content);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, contents_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, digest_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, flash_button);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, form);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, format_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, lists);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, note_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, problem_box);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, problem_list);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, scroller);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, target_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwarePage, view);
}

static void
flash_firmware_page_class_init (FlashFirmwarePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_firmware_page_dispose;

  g_type_ensure (FLASH_TYPE_FIRMWARE_FORM);
  g_type_ensure (FLASH_TYPE_FIRMWARE_LISTS);
  g_type_ensure (FLASH_TYPE_FIRMWARE_VIEW);
  g_type_ensure (FLASH_TYPE_NOTE_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-firmware-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_lists_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_view_selected);
}

static void
flash_firmware_page_init (FlashFirmwarePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* It is called by what it would flash, and not by its label as well. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->flash_button),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

void
flash_firmware_page_set_model (FlashFirmwarePage *self, FlashFirmwareModel *model)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_PAGE (self));
  g_return_if_fail (model == NULL || FLASH_IS_FIRMWARE_MODEL (model));

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  if (model == NULL)
    return;
  g_signal_connect_swapped (model, "changed", G_CALLBACK (update), self);
  update (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

void
flash_firmware_page_set_target (FlashFirmwarePage *self, FlashBoardEntry *entry)
{
  const FlashBoardFacts *facts = entry != NULL ? flash_board_entry_get_facts (entry) : NULL;
  const char *hint;
  g_autofree char *name = NULL;
  g_autofree char *words = NULL;

  g_return_if_fail (FLASH_IS_FIRMWARE_PAGE (self));
  g_return_if_fail (entry == NULL || FLASH_IS_BOARD_ENTRY (entry));

  name = entry != NULL ? flash_board_entry_dup_title (entry) : NULL;
  words = name != NULL ? g_strdup_printf (_ ("Flash %s"), name) : g_strdup (_ ("Flash"));
  hint = facts != NULL ? flash_firmware_words_hint (facts->kind)
                       : _ ("Choose a microcontroller in its boot loader to see where all this "
                            "goes. Its ROM starts when BOOT0 is held while it is switched on.");
  gtk_label_set_label (self->target_label, name != NULL ? name : _ ("No board"));
  gtk_label_set_label (self->board_label, hint != NULL ? hint : "");
  gtk_widget_set_visible (self->board_box, hint != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->flash_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

void
flash_firmware_page_set_note (FlashFirmwarePage *self, const FlashNote *note, gboolean blocks)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_PAGE (self));
  g_return_if_fail (note != NULL || !blocks);

  flash_note_bar_set_note (self->note_bar, note);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->flash_button),
                               blocks ? note->text : _ ("Write the firmware to the board"));
}

void
flash_firmware_page_show_problems (FlashFirmwarePage *self)
{
  double x, top;

  g_return_if_fail (FLASH_IS_FIRMWARE_PAGE (self));

  if (gtk_widget_translate_coordinates (self->problem_box, self->content, 0, 0, &x, &top))
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), top);
  gtk_widget_child_focus (GTK_WIDGET (self->problem_list), GTK_DIR_TAB_FORWARD);
}

void
flash_firmware_page_focus (FlashFirmwarePage *self)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_PAGE (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self->view)))
    flash_firmware_view_focus (self->view);
  else
    gtk_widget_child_focus (self->content, GTK_DIR_TAB_FORWARD);
}
