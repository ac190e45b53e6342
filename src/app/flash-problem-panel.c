/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-problem-panel"

#include "config.h"

#include "flash-problem-panel.h"

#include "flash-announcer.h"
#include "flash-problem-items.h"
#include "flash-problem-rows.h"

#include <glib/gi18n.h>

/* A row takes its time; a thousand of them would keep the user waiting. */
#define ROWS_AT_ONCE 25

struct _FlashProblemPanel {
  AdwBin parent_instance;

  FlashEditor *editor; /* (owned) (nullable) */
  FlashLoaded *loaded; /* (owned) (nullable): what is shown */
  GPtrArray *items; /* (owned) (element-type FlashProblemItem): all that the filter lets through */
  GPtrArray *rows; /* (owned) (element-type FlashProblemRow): those of the first items */
  GArray *kinds; /* (owned) (nullable): of all diagnostics of @loaded */
  guint n_wanted; /* how many rows may be there */
  guint n_safe;
  guint wanted_line; /* to be scrolled to as soon as it has a row */
  gboolean is_line_wanted;
  guint scroll_tick; /* tick callback that scrolls there; 0 if none */
  guint rows_source; /* main loop source that goes on with the rows; 0 if none */
  gboolean is_updating; /* the filter's words are being set, which is no choice */
  FlashProblemRow *row_to_fix; /* (weak) (nullable): pressed before the check was done */
  gboolean is_all_to_fix; /* the same */

  GtkStringList *filters;
  GtkDropDown *filter_drop_down;
  GtkWidget *filter_box;
  GtkWidget *fine_icon;
  GtkButton *fix_all_button;
  GtkLabel *fix_all_label;
  GtkWidget *hidden_label;
  GtkLabel *more_label;
  GtkButton *more_problems_button;
  GtkLabel *problem_label;
  GtkListBox *problem_list;
  GtkSearchEntry *search_entry;
};

enum { SIGNAL_ACTIVATED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlashProblemPanel, flash_problem_panel, ADW_TYPE_BIN)

/* --- rows ---------------------------------------------------------------------------------- */

static void
on_row_fix (FlashProblemRow *row, FlashProblemPanel *self)
{
  const FlashProblemItem *item;

  if (self->editor == NULL || !g_ptr_array_find (self->rows, row, NULL))
    return;
  /* What is shown is of an older text: when the next check is done, if it still says so. */
  if (!flash_editor_is_checked (self->editor)) {
    g_set_weak_pointer (&self->row_to_fix, row);
    return;
  }
  item = g_ptr_array_index (self->items, flash_problem_rows_get_item (row));
  flash_layout_fix_apply (flash_editor_get_document (self->editor), item->diag);
}

static void
on_row_made (FlashProblemRow *row, gpointer self)
{
  g_signal_connect_object (row, "fix", G_CALLBACK (on_row_fix), self, 0);
}

/* Returns: whether all is as it should be */
static gboolean
update_some_rows (FlashProblemPanel *self)
{
  gboolean has_lost_focus, is_done;
  GPtrArray *rows =
      flash_problem_rows_update (self->problem_list, self->rows, self->items, self->n_wanted,
                                 on_row_made, self, &has_lost_focus, &is_done);
  guint n_more = self->items->len - MIN (self->items->len, self->n_wanted);
  g_autofree char *text = g_strdup_printf (
      ngettext ("Show more, %u is left", "Show more, %u are left", n_more), n_more);

  g_ptr_array_unref (self->rows);
  self->rows = rows;
  gtk_label_set_label (self->more_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->more_problems_button), n_more > 0);
  /* Nothing is left where the keyboard was. */
  if (has_lost_focus && (!gtk_widget_get_visible (self->filter_box) ||
                         !gtk_widget_grab_focus (GTK_WIDGET (self->search_entry))))
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
  return is_done;
}

/* --- showing a line --------------------------------------------------------------------------- */

/* Scrolls whatever the panel is in. */
static void
scroll_to_row (FlashProblemPanel *self, GtkWidget *row)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (row, GTK_TYPE_VIEWPORT);
  GtkWidget *scroller = gtk_widget_get_ancestor (row, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *child = viewport != NULL ? gtk_viewport_get_child (GTK_VIEWPORT (viewport)) : NULL;
  double x, y;

  if (child == NULL || scroller == NULL ||
      !gtk_widget_translate_coordinates (row, child, 0, 0, &x, &y))
    return;
  gtk_adjustment_clamp_page (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)),
                             y, y + gtk_widget_get_height (row));
}

static guint
find_line (FlashProblemPanel *self, guint line)
{
  for (guint i = 0; i < self->items->len; i++) {
    const FlashProblemItem *item = g_ptr_array_index (self->items, i);

    if (flash_diag_get_line (item->diag) == line)
      return i;
  }
  return G_MAXUINT;
}

/* New rows have their place only once they were laid out. */
static gboolean
on_scroll_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  FlashProblemPanel *self = FLASH_PROBLEM_PANEL (widget);
  guint i = find_line (self, self->wanted_line);
  GtkWidget *row = i < self->rows->len ? g_ptr_array_index (self->rows, i) : NULL;

  if (row != NULL && gtk_widget_get_height (row) == 0)
    return G_SOURCE_CONTINUE;
  if (row != NULL)
    scroll_to_row (self, row);
  self->is_line_wanted = FALSE;
  self->scroll_tick = 0;
  return G_SOURCE_REMOVE;
}

/* Rows come in portions, so that the window is drawn and answers in between. */
static gboolean
on_idle_rows (gpointer data)
{
  FlashProblemPanel *self = data;
  gboolean is_done = update_some_rows (self);
  guint i = self->is_line_wanted ? find_line (self, self->wanted_line) : G_MAXUINT;

  if (i != G_MAXUINT && i >= self->n_wanted) {
    self->n_wanted += ROWS_AT_ONCE;
    return G_SOURCE_CONTINUE;
  }
  if (!is_done)
    return G_SOURCE_CONTINUE;
  self->rows_source = 0;
  if (i != G_MAXUINT && self->scroll_tick == 0)
    self->scroll_tick =
        gtk_widget_add_tick_callback (GTK_WIDGET (self), on_scroll_tick, NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
update_rows (FlashProblemPanel *self)
{
  if (!update_some_rows (self) && self->rows_source == 0)
    self->rows_source = g_idle_add_full (G_PRIORITY_LOW, on_idle_rows, self, NULL);
}

/* --- showing everything ---------------------------------------------------------------------- */

static void
update_filters (FlashProblemPanel *self, const FlashDiagList *diags)
{
  guint selected = gtk_drop_down_get_selected (self->filter_drop_down);

  self->is_updating = TRUE;
  for (guint i = 0; i < FLASH_PROBLEM_N_FILTERS; i++) {
    g_autofree char *text = flash_problem_dup_filter (i, diags);
    const char *const texts[] = { text, NULL };
    const char *old = gtk_string_list_get_string (self->filters, i);

    if (g_strcmp0 (old, text) != 0)
      gtk_string_list_splice (self->filters, i, old != NULL, texts);
  }
  gtk_drop_down_set_selected (self->filter_drop_down,
                              selected < FLASH_PROBLEM_N_FILTERS ? selected : 0);
  self->is_updating = FALSE;
}

static void
update_summary (FlashProblemPanel *self, const FlashDiagList *diags)
{
  g_autofree char *summary = flash_problem_dup_summary (diags);
  g_autofree char *fix_all = g_strdup_printf (_ ("Fix all safe (%u)"), self->n_safe);
  gboolean is_fine = flash_diag_list_get_length (diags) == 0;

  if (!g_str_equal (gtk_label_get_label (self->problem_label), summary))
    gtk_label_set_label (self->problem_label, summary);
  gtk_label_set_label (self->fix_all_label, fix_all);
  gtk_widget_set_visible (GTK_WIDGET (self->fix_all_button), self->n_safe > 0);
  gtk_widget_set_visible (self->fine_icon, is_fine);
  gtk_widget_set_visible (self->filter_box, !is_fine);
}

/* There were none before. */
static void
announce (FlashProblemPanel *self, const FlashDiagList *diags)
{
  if (flash_diag_list_get_length (diags) > 0)
    flash_announcer_say (GTK_WIDGET (self), gtk_label_get_label (self->problem_label));
}

/* Only what the filter and the search let through is different. */
static void
update_shown (FlashProblemPanel *self)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->items);

  self->items = flash_problem_items_new (self->loaded, self->kinds,
                                         gtk_drop_down_get_selected (self->filter_drop_down),
                                         gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  update_rows (self);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_list), self->rows->len > 0);
  gtk_widget_set_visible (self->hidden_label, self->rows->len == 0 && flash_diag_list_get_length (
                                                                          self->loaded->diags) > 0);
}

/* Takes over what the last check says. */
static void
update (FlashProblemPanel *self)
{
  FlashLoaded *loaded = self->editor != NULL ? flash_editor_get_loaded (self->editor) : NULL;
  g_autoptr (FlashLoaded) before = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), loaded != NULL);
  if (loaded == NULL)
    return;
  /* The rows' words are those of the old one until all have new ones. */
  before = g_steal_pointer (&self->loaded);
  self->loaded = flash_loaded_ref (loaded);
  if (flash_editor_is_checked (self->editor)) {
    FlashLayoutDocument *document = flash_editor_get_document (self->editor);

    g_clear_pointer (&self->kinds, g_array_unref);
    self->kinds = flash_layout_fix_dup_kinds (document, loaded->diags);
    self->n_safe = 0;
    for (guint i = 0; i < self->kinds->len; i++)
      self->n_safe += g_array_index (self->kinds, FlashLayoutFixKind, i) == FLASH_LAYOUT_FIX_SAFE;
  } else if (before != loaded) {
    /* The text went on meanwhile, and the next check is on its way. */
    g_clear_pointer (&self->kinds, g_array_unref);
  }
  update_summary (self, loaded->diags);
  if (before == NULL || flash_diag_list_get_length (before->diags) == 0)
    announce (self, loaded->diags);
  update_filters (self, loaded->diags);
  update_shown (self);
}

/* --- what the user does ----------------------------------------------------------------------- */

static void
on_checked (FlashEditor *editor, FlashProblemPanel *self)
{
  FlashProblemRow *row;

  /* Half of the answer would take the buttons away for a moment, and the keyboard with them. */
  if (!flash_editor_is_checked (editor) && self->loaded != NULL)
    return;
  update (self);
  row = self->row_to_fix;
  g_clear_weak_pointer (&self->row_to_fix);
  if (row != NULL)
    on_row_fix (row, self);
  if (self->is_all_to_fix) {
    self->is_all_to_fix = FALSE;
    g_signal_emit_by_name (self->fix_all_button, "clicked");
  }
}

static void
on_fix_all_clicked (GtkButton *button, FlashProblemPanel *self)
{
  if (self->editor == NULL || self->loaded == NULL)
    return;
  if (!flash_editor_is_checked (self->editor)) {
    self->is_all_to_fix = TRUE;
    return;
  }
  flash_layout_fix_apply_safe (flash_editor_get_document (self->editor), self->loaded->diags);
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, FlashProblemPanel *self)
{
  FlashProblemRow *problem = FLASH_PROBLEM_ROW (row);

  if (flash_problem_row_get_line (problem) > 0)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, flash_problem_row_get_line (problem),
                   flash_problem_row_get_column (problem));
}

static void
on_filter_changed (GtkDropDown *drop_down, GParamSpec *pspec, FlashProblemPanel *self)
{
  if (self->is_updating || self->loaded == NULL)
    return;
  self->n_wanted = ROWS_AT_ONCE;
  update_shown (self);
}

static void
on_filter_changed_by_search (GtkSearchEntry *entry, FlashProblemPanel *self)
{
  on_filter_changed (self->filter_drop_down, NULL, self);
}

static void
on_search_stopped (GtkSearchEntry *entry, FlashProblemPanel *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

static void
on_more_clicked (GtkButton *button, FlashProblemPanel *self)
{
  guint n_before = self->rows->len;
  gboolean has_focus = gtk_widget_has_focus (GTK_WIDGET (button));

  self->n_wanted += ROWS_AT_ONCE;
  update_rows (self);
  /* The button hands the keyboard to the first of what it brought when it goes. */
  if (has_focus && !gtk_widget_get_visible (GTK_WIDGET (button)) && n_before < self->rows->len)
    gtk_widget_grab_focus (g_ptr_array_index (self->rows, n_before));
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
drop_editor (FlashProblemPanel *self)
{
  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_func (self->editor, on_checked, self);
  g_clear_object (&self->editor);
  g_clear_handle_id (&self->rows_source, g_source_remove);
  if (self->scroll_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->scroll_tick);
  self->scroll_tick = 0;
  self->is_line_wanted = FALSE;
  g_clear_weak_pointer (&self->row_to_fix);
  self->is_all_to_fix = FALSE;
}

static void
flash_problem_panel_dispose (GObject *object)
{
  FlashProblemPanel *self = FLASH_PROBLEM_PANEL (object);

  drop_editor (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), FLASH_TYPE_PROBLEM_PANEL);

  G_OBJECT_CLASS (flash_problem_panel_parent_class)->dispose (object);
}

static void
flash_problem_panel_finalize (GObject *object)
{
  FlashProblemPanel *self = FLASH_PROBLEM_PANEL (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->items);
  g_clear_pointer (&self->kinds, g_array_unref);
  g_clear_pointer (&self->loaded, flash_loaded_unref);

  G_OBJECT_CLASS (flash_problem_panel_parent_class)->finalize (object);
}

static void
flash_problem_panel_class_init (FlashProblemPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = flash_problem_panel_dispose;
  object_class->finalize = flash_problem_panel_finalize;

  signals[SIGNAL_ACTIVATED] =
      g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-problem-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, filters);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, filter_box);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, filter_drop_down);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, fine_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, fix_all_button);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, fix_all_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, hidden_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, more_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, more_problems_button);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, problem_list);
  gtk_widget_class_bind_template_child (widget_class, FlashProblemPanel, search_entry);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed_by_search);
  gtk_widget_class_bind_template_callback (widget_class, on_fix_all_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_more_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped);
}

static void
flash_problem_panel_init (FlashProblemPanel *self)
{
  self->items = g_ptr_array_new ();
  self->rows = g_ptr_array_new ();
  self->n_wanted = ROWS_AT_ONCE;
  gtk_widget_init_template (GTK_WIDGET (self));
  /* The toolkit gives its name to the drop-down, but not to the button in it, which has the
   * keyboard.
   */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->filter_drop_down))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Which problems are shown"), -1);
  flash_problem_rows_init (self->problem_list);
}

GtkWidget *
flash_problem_panel_new (void)
{
  return g_object_new (FLASH_TYPE_PROBLEM_PANEL, NULL);
}

void
flash_problem_panel_set_editor (FlashProblemPanel *self, FlashEditor *editor)
{
  g_return_if_fail (FLASH_IS_PROBLEM_PANEL (self));
  g_return_if_fail (editor == NULL || FLASH_IS_EDITOR (editor));

  if (self->editor == editor)
    return;
  drop_editor (self);
  /* Another layout begins at its top, with everything in sight. */
  self->n_wanted = ROWS_AT_ONCE;
  self->is_updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_drop_down_set_selected (self->filter_drop_down, FLASH_PROBLEM_FILTER_ALL);
  self->is_updating = FALSE;
  if (editor != NULL) {
    self->editor = g_object_ref (editor);
    g_signal_connect_object (editor, "checked", G_CALLBACK (on_checked), self, 0);
  }
  update (self);
}

void
flash_problem_panel_focus (FlashProblemPanel *self)
{
  g_return_if_fail (FLASH_IS_PROBLEM_PANEL (self));

  if (self->rows->len > 0)
    gtk_widget_grab_focus (g_ptr_array_index (self->rows, 0));
  else if (gtk_widget_get_visible (self->filter_box))
    gtk_widget_grab_focus (GTK_WIDGET (self->filter_drop_down));
}

void
flash_problem_panel_show_line (FlashProblemPanel *self, guint line)
{
  g_return_if_fail (FLASH_IS_PROBLEM_PANEL (self));

  self->wanted_line = line;
  self->is_line_wanted = TRUE;
  if (self->rows_source == 0)
    self->rows_source = g_idle_add_full (G_PRIORITY_LOW, on_idle_rows, self, NULL);
}
