/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-board-row"

#include "config.h"

#include "flash-board-row.h"

#include "flash-words.h"
#include "flash-wrap-layout.h"

#include <glib/gi18n.h>

#define PROGRESS_MS 200

struct _FlashBoardRow {
  GtkListBoxRow parent_instance;

  FlashBoardEntry *entry; /* (owned) */
  guint progress_id;

  GtkWidget *access_button;
  GtkLabel *cause_label;
  GtkLabel *detail_label;
  GtkWidget *menu_button;
  GtkLabel *name_label;
  GtkProgressBar *progress_bar;
  GtkLabel *remedy_label;
  GtkWidget *restart_button;
  GtkLabel *stage_label;
  GtkLabel *place_label;
  GtkWidget *virtual_label;
  GtkMenuButton *warning_button;
  GtkImage *warning_image;
  GtkLabel *warning_label;
};

G_DEFINE_FINAL_TYPE (FlashBoardRow, flash_board_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
get_state_text (FlashBoardEntry *entry)
{
  const FlashBoardFacts *facts = flash_board_entry_get_facts (entry);
  FlashAccess access = flash_board_get_access (flash_board_entry_get_board (entry));

  if (flash_board_entry_is_restarting (entry))
    return _ ("Restarting…");
  if (flash_board_entry_get_job (entry) != NULL)
    return flash_board_entry_is_present (entry) ? _ ("Being flashed") : _ ("Away, expected back");
  if (!flash_board_entry_is_present (entry))
    return _ ("Not on the bus");
  if (access != FLASH_ACCESS_OK)
    return _ ("Cannot be opened");
  return flash_words_board_state (facts->kind, facts->stage);
}

static void
show_advice (FlashBoardRow *self, const char *code, const char *detail)
{
  const FlashAdvice *advice = flash_advice_find (code);

  gtk_label_set_label (self->cause_label, _ (advice->cause));
  gtk_label_set_label (self->remedy_label, _ (advice->remedy));
  gtk_label_set_label (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
}

/* Says what hurts. What to do about it is one press away, for fingers and keys too.
 *
 * Returns: (transfer none) (nullable): what hurts, in a word */
static const char *
show_warning (FlashBoardRow *self, FlashBoard *board)
{
  const FlashBoardFacts *facts = flash_board_entry_get_facts (self->entry);
  FlashAccess access = flash_board_get_access (board);
  const char *link_code = flash_board_facts_get_link_code (facts, board);
  const char *text = NULL;
  g_autofree char *detail = NULL;

  /* A job says itself what it meets, and one stage's silence is not the next one's. */
  if (!flash_board_entry_is_present (self->entry) ||
      flash_board_entry_get_job (self->entry) != NULL ||
      flash_board_entry_is_restarting (self->entry)) {
    text = NULL;
  } else if (access != FLASH_ACCESS_OK) {
    text = flash_words_access (access);
    detail = flash_words_dup_access_detail (board);
    show_advice (self, flash_board_facts_get_access_code (access), detail);
  } else if (link_code != NULL) {
    text = _ ("Slow link");
    detail = flash_words_dup_hubs (board);
    show_advice (self, link_code, detail);
  }
  if (text == NULL)
    gtk_menu_button_popdown (self->warning_button);
  else
    gtk_label_set_label (self->warning_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->warning_button), text != NULL);
  return text;
}

static gboolean
on_progress (gpointer data)
{
  FlashBoardRow *self = data;
  FlashJob *job = flash_board_entry_get_job (self->entry);

  if (job != NULL)
    gtk_progress_bar_set_fraction (self->progress_bar, flash_job_get_snapshot (job)->fraction);
  return G_SOURCE_CONTINUE;
}

/* There is more to do with a microcontroller than to flash it. */
static gboolean
has_menu (FlashBoardEntry *entry)
{
  FlashBoardKind kind = flash_board_entry_get_facts (entry)->kind;

  return flash_board_entry_is_present (entry) && flash_board_entry_get_job (entry) == NULL &&
         (kind == FLASH_BOARD_KIND_DFUSE || kind == FLASH_BOARD_KIND_DFU ||
          kind == FLASH_BOARD_KIND_RUNTIME);
}

static void
update (FlashBoardRow *self)
{
  FlashBoard *board = flash_board_entry_get_board (self->entry);
  gboolean is_busy = flash_board_entry_get_job (self->entry) != NULL;
  FlashAccess access = flash_board_get_access (board);
  gboolean has_no_right = access == FLASH_ACCESS_NO_PERMISSION;
  g_autofree char *place = flash_words_dup_place (board);
  g_autofree char *hubs = flash_words_dup_hubs (board);
  const char *name = flash_board_entry_get_name (self->entry);
  g_autoptr (GString) shown = g_string_new (name);
  const char *state = get_state_text (self->entry);
  const char *warning = show_warning (self, board);
  g_autofree char *summary =
      g_strdup_printf ("%s. %s. %s%s%s", name, state, place, warning != NULL ? ". " : "",
                       warning != NULL ? warning : "");

  /* “STM32H742/743/745” may go on in another line, behind a stroke. */
  g_string_replace (shown, "/", "/\u200b", 0);
  gtk_label_set_label (self->name_label, shown->str);
  gtk_label_set_label (self->stage_label, state);
  gtk_label_set_label (self->place_label, place);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->place_label), hubs);
  gtk_widget_set_visible (self->virtual_label, flash_board_is_virtual (board));
  gtk_image_set_from_icon_name (self->warning_image, has_no_right ? "dialog-password-symbolic"
                                                                  : "dialog-warning-symbolic");
  /* A key, and the way to it. */
  gtk_widget_set_visible (self->access_button,
                          warning != NULL && (has_no_right || access == FLASH_ACCESS_BUSY));
  gtk_widget_set_visible (self->menu_button, has_menu (self->entry));
  gtk_widget_set_visible (self->restart_button, flash_board_entry_can_restart (self->entry));
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), is_busy);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, summary,
                                  -1);

  if (is_busy && self->progress_id == 0)
    self->progress_id = g_timeout_add (PROGRESS_MS, on_progress, self);
  else if (!is_busy)
    g_clear_handle_id (&self->progress_id, g_source_remove);
}

/* What is done with a board is done with the chosen one. */
static void
choose (FlashBoardRow *self)
{
  GtkWidget *list = gtk_widget_get_parent (GTK_WIDGET (self));

  if (GTK_IS_LIST_BOX (list))
    gtk_list_box_select_row (GTK_LIST_BOX (list), GTK_LIST_BOX_ROW (self));
}

static void
on_menu_opened (GtkMenuButton *button, gpointer data)
{
  choose (data);
}

static void
on_access_clicked (GtkButton *button, FlashBoardRow *self)
{
  choose (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.fix-access", NULL);
}

static void
on_restart_clicked (GtkButton *button, FlashBoardRow *self)
{
  flash_board_entry_restart (self->entry);
}

static void
flash_board_row_dispose (GObject *object)
{
  FlashBoardRow *self = FLASH_BOARD_ROW (object);

  g_clear_handle_id (&self->progress_id, g_source_remove);
  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_data (self->entry, self);
  g_clear_object (&self->entry);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_BOARD_ROW);

  G_OBJECT_CLASS (flash_board_row_parent_class)->dispose (object);
}

static void
flash_board_row_class_init (FlashBoardRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_board_row_dispose;

  g_type_ensure (FLASH_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-board-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, access_button);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, cause_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, place_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, remedy_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, restart_button);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, stage_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, virtual_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, warning_button);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, warning_image);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardRow, warning_label);
  gtk_widget_class_bind_template_callback (widget_class, on_access_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_restart_clicked);
}

static void
flash_board_row_init (FlashBoardRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->menu_button), on_menu_opened, self,
                                         NULL);
}

GtkWidget *
flash_board_row_new (FlashBoardEntry *entry)
{
  FlashBoardRow *self;

  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (entry), NULL);

  self = g_object_new (FLASH_TYPE_BOARD_ROW, NULL);
  self->entry = g_object_ref (entry);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (update), self);
  update (self);
  return GTK_WIDGET (self);
}

FlashBoardEntry *
flash_board_row_get_entry (FlashBoardRow *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD_ROW (self), NULL);

  return self->entry;
}
