/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-memory-window"

#include "config.h"

#include "flash-memory-window-private.h"

#include "flash-button-names.h"
#include "flash-text.h"
#include "flash-wrap-layout.h"

#include <glib/gi18n.h>

#define PAGE_EMPTY "empty"
#define PAGE_BUSY "busy"
#define PAGE_FAILED "failed"
#define PAGE_DATA "data"

G_DEFINE_FINAL_TYPE (FlashMemoryWindow, flash_memory_window, ADW_TYPE_WINDOW)

void
_flash_memory_window_toast (FlashMemoryWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static gboolean
is_page (FlashMemoryWindow *self, const char *page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), page) == 0;
}

void
_flash_memory_window_update (FlashMemoryWindow *self)
{
  static const char *const with_data[] = { "memory.save", "memory.compare", "memory.find",
                                           "memory.go-to" };
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean has_data = self->bytes != NULL && is_page (self, PAGE_DATA);
  gboolean has_differences = self->compare != NULL && self->compare->differences->len > 0;

  for (guint i = 0; i < G_N_ELEMENTS (with_data); i++)
    gtk_widget_action_set_enabled (widget, with_data[i], has_data);
  gtk_widget_action_set_enabled (widget, "memory.next-difference", has_data && has_differences);
  gtk_widget_action_set_enabled (widget, "memory.previous-difference", has_data && has_differences);
  gtk_widget_set_sensitive (GTK_WIDGET (self->go_to_button), has_data);
}

static void
show_page (FlashMemoryWindow *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_widget_set_visible (GTK_WIDGET (self->position_label), g_str_equal (page, PAGE_DATA));
  if (!g_str_equal (page, PAGE_DATA))
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  _flash_memory_window_update (self);
}

/* --- the range ------------------------------------------------------------------------------ */

const FlashMemoryChoice *
_flash_memory_window_get_choice (FlashMemoryWindow *self)
{
  guint selected = gtk_drop_down_get_selected (self->memory_choice);

  return selected < self->choices->len ? g_ptr_array_index (self->choices, selected) : NULL;
}

/* Returns: whether it can be read */
static gboolean
check_range (FlashMemoryWindow *self, guint32 *out_address, guint64 *out_length)
{
  const FlashMemoryChoice *choice = _flash_memory_window_get_choice (self);
  g_autofree char *fault = NULL;

  if (choice == NULL)
    fault = g_strdup (_ ("The boot loader of this board shows no memory that can be read."));
  else
    fault = flash_memory_range_parse (
        choice, gtk_editable_get_text (GTK_EDITABLE (self->start_entry)),
        gtk_editable_get_text (GTK_EDITABLE (self->size_entry)), out_address, out_length);
  gtk_label_set_label (self->fault_label, fault != NULL ? fault : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault_label), fault != NULL);
  return fault == NULL;
}

static void
update_range (FlashMemoryWindow *self)
{
  guint32 address;
  guint64 length;
  gboolean is_good = check_range (self, &address, &length);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "memory.read", is_good && self->model == NULL);
}

static void
on_memory_selected (FlashMemoryWindow *self)
{
  const FlashMemoryChoice *choice = _flash_memory_window_get_choice (self);
  g_autofree char *start = NULL;

  if (choice == NULL || self->is_filling)
    return;
  start = flash_text_address (flash_memory_map_get_start (choice->map));
  gtk_editable_set_text (GTK_EDITABLE (self->start_entry), start);
  gtk_editable_set_text (GTK_EDITABLE (self->size_entry), "");
  update_range (self);
}

static void
fill_memories (FlashMemoryWindow *self)
{
  const FlashBoardFacts *facts = flash_board_entry_get_facts (self->board.entry);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_clear_pointer (&self->choices, g_ptr_array_unref);
  self->choices = flash_memory_choice_list (
      flash_board_get_descriptors (flash_board_entry_get_board (self->board.entry)), &facts->guess);
  for (guint i = 0; i < self->choices->len; i++)
    gtk_string_list_append (names,
                            ((FlashMemoryChoice *) g_ptr_array_index (self->choices, i))->name);
  self->is_filling = TRUE;
  gtk_drop_down_set_model (self->memory_choice, G_LIST_MODEL (names));
  self->is_filling = FALSE;
  on_memory_selected (self);
  update_range (self);
}

/* --- reading -------------------------------------------------------------------------------- */

static void
drop_job (FlashMemoryWindow *self)
{
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
}

static void
on_changed (FlashMemoryWindow *self)
{
  g_autofree char *status = flash_job_model_dup_status (self->model);
  g_autofree char *figures = flash_job_model_dup_figures (self->model);

  gtk_label_set_label (self->status_label, status);
  gtk_label_set_label (self->figures_label, figures);
  gtk_progress_bar_set_fraction (
      self->progress_bar, flash_job_get_snapshot (flash_job_model_get_job (self->model))->fraction);
}

static void
show_failed (FlashMemoryWindow *self, const char *text, const char *code, FlashMcuOffer offer)
{
  adw_status_page_set_description (self->failed_page, text);
  gtk_label_set_label (self->code_label, code != NULL ? code : "");
  gtk_widget_set_visible (GTK_WIDGET (self->code_label), code != NULL);
  self->offer = offer;
  gtk_widget_set_visible (GTK_WIDGET (self->offer_button), offer.action != NULL);
  if (offer.action != NULL)
    gtk_button_set_label (self->offer_button, offer.label);
  show_page (self, PAGE_FAILED);
}

static void
show_failure (FlashMemoryWindow *self, FlashJob *job)
{
  g_auto (FlashMemoryFailure) failure = { 0 };
  g_autofree char *escaped = NULL;

  if (g_error_matches (flash_job_get_error (job), G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    show_page (self, self->bytes != NULL ? PAGE_DATA : PAGE_EMPTY);
    _flash_memory_window_toast (self, _ ("Reading was stopped."));
    return;
  }
  flash_memory_failure_init (&failure, job);
  escaped = g_markup_escape_text (failure.text, -1);
  show_failed (self, escaped, failure.code, failure.offer);
}

static void
show_content (FlashMemoryWindow *self, const FlashMcuResult *result, guint8 alternate)
{
  _flash_memory_window_forget_compare (self);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = g_bytes_ref (result->content);
  self->address = result->content_address;
  self->alternate = alternate;
  flash_hex_view_set_bytes (self->hex_view, self->bytes, self->address);
  show_page (self, PAGE_DATA);
  _flash_memory_window_show_position (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->hex_view));
}

static void
on_finished (FlashMemoryWindow *self)
{
  g_autoptr (FlashJob) job = g_object_ref (flash_job_model_get_job (self->model));

  drop_job (self);
  if (flash_job_get_error (job) != NULL)
    show_failure (self, job);
  else
    show_content (self, flash_job_get_mcu_result (job),
                  (guint8) flash_job_get_mcu_job (job)->alternate);
  update_range (self);
}

static void
read_range (FlashMemoryWindow *self)
{
  const FlashMemoryChoice *choice = _flash_memory_window_get_choice (self);
  const char *obstacle = flash_memory_board_find_obstacle (&self->board, GTK_WINDOW (self));
  FlashMcuJob job = { .verb = FLASH_MCU_READ };

  if (self->model != NULL || !check_range (self, &job.address, &job.length))
    return;
  if (obstacle != NULL) {
    show_failed (self, obstacle, NULL, (FlashMcuOffer){ NULL, NULL });
    return;
  }
  job.alternate = choice->alternate;
  self->model = flash_memory_run_start (GTK_WINDOW (self), self->board.entry, &job);
  g_signal_connect_swapped (self->model, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (self->model, "finished", G_CALLBACK (on_finished), self);
  show_page (self, PAGE_BUSY);
  update_range (self);
  on_changed (self);
}

static void
on_offer_clicked (FlashMemoryWindow *self)
{
  flash_memory_run_take_offer (GTK_WINDOW (self), self->board.entry, self->offer);
}

/* --- verbs ---------------------------------------------------------------------------------- */

static void
on_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashMemoryWindow *self = FLASH_MEMORY_WINDOW (widget);

  if (g_str_equal (name, "memory.read"))
    read_range (self);
  else if (g_str_equal (name, "memory.save"))
    _flash_memory_window_save (self);
  else if (g_str_equal (name, "memory.compare"))
    _flash_memory_window_choose_file (self);
  else if (g_str_equal (name, "memory.find"))
    _flash_memory_window_find (self);
  else if (g_str_equal (name, "memory.go-to"))
    _flash_memory_window_go_to (self);
  else
    _flash_memory_window_step (self, g_str_equal (name, "memory.next-difference"));
}

/* While it reads, that is stopped; otherwise the window goes. */
static void
on_stop (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashMemoryWindow *self = FLASH_MEMORY_WINDOW (widget);

  if (self->model != NULL)
    flash_job_cancel (flash_job_model_get_job (self->model));
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
add_actions (GtkWidgetClass *widget_class)
{
  static const struct {
    const char *name;
    guint key;
    GdkModifierType modifiers;
  } actions[] = {
    { "memory.read", GDK_KEY_F5, 0 },
    { "memory.save", GDK_KEY_s, GDK_CONTROL_MASK },
    { "memory.compare", GDK_KEY_o, GDK_CONTROL_MASK },
    { "memory.find", GDK_KEY_f, GDK_CONTROL_MASK },
    { "memory.go-to", GDK_KEY_g, GDK_CONTROL_MASK },
    { "memory.next-difference", GDK_KEY_F8, 0 },
    { "memory.previous-difference", GDK_KEY_F8, GDK_SHIFT_MASK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++) {
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, on_action);
    gtk_widget_class_add_binding_action (widget_class, actions[i].key, actions[i].modifiers,
                                         actions[i].name, NULL);
  }
  gtk_widget_class_install_action (widget_class, "memory.stop", NULL, on_stop);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "memory.stop", NULL);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_memory_window_dispose (GObject *object)
{
  FlashMemoryWindow *self = FLASH_MEMORY_WINDOW (object);

  if (self->model != NULL)
    flash_job_cancel (flash_job_model_get_job (self->model));
  drop_job (self);
  _flash_memory_window_forget_compare (self);
  g_clear_object (&self->chooser);
  flash_memory_board_clear (&self->board);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_MEMORY_WINDOW);

  G_OBJECT_CLASS (flash_memory_window_parent_class)->dispose (object);
}

static void
flash_memory_window_finalize (GObject *object)
{
  g_ptr_array_unref (FLASH_MEMORY_WINDOW (object)->choices);

  G_OBJECT_CLASS (flash_memory_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, code_label);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, compare_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, compare_label);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, difference_button);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, difference_list);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, failed_page);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, fault_label);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, figures_label);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, go_to_button);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, go_to_entry);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, hex_view);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, memory_choice);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, offer_button);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, position_label);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, read_button);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, search_label);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, size_entry);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, start_entry);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, status_label);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, title);
  gtk_widget_class_bind_template_child (widget_class, FlashMemoryWindow, toasts);
}

static void
flash_memory_window_class_init (FlashMemoryWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_memory_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_memory_window_finalize;

  g_type_ensure (FLASH_TYPE_HEX_VIEW);
  g_type_ensure (FLASH_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-memory-window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_memory_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_offer_clicked);
  gtk_widget_class_bind_template_callback (widget_class, read_range);
  gtk_widget_class_bind_template_callback (widget_class, update_range);
  _flash_memory_window_bind_view (widget_class);
  _flash_memory_window_bind_compare (widget_class);
  add_actions (widget_class);
}

static void
flash_memory_window_init (FlashMemoryWindow *self)
{
  self->choices = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  _flash_memory_window_add_drop_zone (self);
}

FlashBoardEntry *
flash_memory_window_get_entry (FlashMemoryWindow *self)
{
  g_return_val_if_fail (FLASH_IS_MEMORY_WINDOW (self), NULL);

  return self->board.entry;
}

static GtkWindow *
find_window (GtkApplication *application, FlashBoardEntry *entry)
{
  for (GList *link = gtk_application_get_windows (application); link != NULL; link = link->next)
    if (FLASH_IS_MEMORY_WINDOW (link->data) &&
        flash_memory_board_is_same (&FLASH_MEMORY_WINDOW (link->data)->board, entry))
      return link->data;
  return NULL;
}

GtkWindow *
flash_memory_window_present (GtkWindow *parent, FlashBoardEntry *entry)
{
  FlashMemoryWindow *self;
  GtkWindow *window;
  g_autofree char *board = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (entry), NULL);

  window = find_window (gtk_window_get_application (parent), entry);
  if (window != NULL) {
    gtk_window_present (window);
    return window;
  }
  self = g_object_new (FLASH_TYPE_MEMORY_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), NULL);
  flash_memory_board_set (&self->board, entry);
  board = flash_board_entry_dup_title (entry);
  adw_window_title_set_subtitle (self->title, board);
  fill_memories (self);
  show_page (self, PAGE_EMPTY);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
