/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-help-window"

#include "config.h"

#include "flash-help-window.h"

#include "flash-help-advice.h"
#include "flash-side-view.h"
#include "flash-words.h"

#include <glib/gi18n.h>

#define LINK_PREFIX "help:"

struct _FlashHelpWindow {
  AdwWindow parent_instance;

  GPtrArray *history; /* (owned) (element-type utf8): addresses before the one that is shown */
  char *address; /* (owned) (nullable): of what is shown */
  gboolean has_advices; /* in the list, where only a search shows them */

  GtkWidget *back_button;
  GtkBox *page_box;
  GtkWidget *page_scroller;
  GtkSearchEntry *search_entry;
  FlashSideView *side_view;
  AdwToastOverlay *toasts;
};

G_DEFINE_FINAL_TYPE (FlashHelpWindow, flash_help_window, ADW_TYPE_WINDOW)

static void go_to (FlashHelpWindow *self, const char *address);

/* --- a page --------------------------------------------------------------------------------- */

/* What is not ours opens in the browser, by the desktop's own way. */
static gboolean
on_link_activated (FlashHelpWindow *self, const char *address)
{
  if (g_str_has_prefix (address, LINK_PREFIX))
    go_to (self, address + strlen (LINK_PREFIX));
  else if (g_str_has_prefix (address, FLASH_HELP_ADVICE_PREFIX) ||
           g_str_has_prefix (address, FLASH_HELP_CODES_PREFIX))
    go_to (self, address);
  else
    gtk_show_uri (GTK_WINDOW (self), address, GDK_CURRENT_TIME);
  return TRUE;
}

static GtkWidget *
create_label (FlashHelpWindow *self, const FlashHelpBlock *block, const char *style)
{
  g_autofree char *markup = flash_help_text_dup_markup (block->text);
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "label", markup, "use-markup", TRUE, "wrap", TRUE, "wrap-mode",
                    PANGO_WRAP_WORD_CHAR, "xalign", 0.0, "hexpand", TRUE, NULL);

  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  g_signal_connect_object (label, "activate-link", G_CALLBACK (on_link_activated), self,
                           G_CONNECT_SWAPPED);
  return label;
}

static GtkWidget *
create_point (FlashHelpWindow *self, const FlashHelpBlock *block)
{
  g_autofree char *number = g_strdup_printf ("%u.", block->number);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_box_append (GTK_BOX (box),
                  g_object_new (GTK_TYPE_LABEL, "label",
                                block->kind == FLASH_HELP_STEP ? number : "•", "yalign", 0.0,
                                "xalign", 1.0, "width-chars", 3, NULL));
  gtk_box_append (GTK_BOX (box), create_label (self, block, NULL));
  return box;
}

static void
on_copy_clicked (GtkButton *button, const char *text)
{
  FlashHelpWindow *self = FLASH_HELP_WINDOW (gtk_widget_get_root (GTK_WIDGET (button)));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), text);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Copied")));
}

static void
free_text (gpointer text, GClosure *closure)
{
  g_free (text);
}

static GtkWidget *
create_code (const FlashHelpBlock *block)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button =
      g_object_new (GTK_TYPE_BUTTON, "icon-name", "edit-copy-symbolic", "tooltip-text", _ ("Copy"),
                    "valign", GTK_ALIGN_START, "has-frame", FALSE, NULL);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", block->text, "selectable", TRUE,
                                   "xalign", 0.0, "yalign", 0.5, NULL);
  GtkWidget *scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "vscrollbar-policy",
                                      GTK_POLICY_NEVER, "hexpand", TRUE, "child", label, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy"), -1);
  g_signal_connect_data (button, "clicked", G_CALLBACK (on_copy_clicked), g_strdup (block->text),
                         free_text, 0);
  /* What is to be typed reads from left to right everywhere. */
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (gtk_widget_get_parent (label), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (scroller, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "flash-code");
  gtk_widget_add_css_class (box, "card");
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

static GtkWidget *
create_block (FlashHelpWindow *self, const FlashHelpBlock *block)
{
  switch (block->kind) {
  case FLASH_HELP_TITLE:
    return create_label (self, block, "title-1");
  case FLASH_HELP_CAUSE:
    return create_label (self, block, "title-2");
  case FLASH_HELP_HEADING:
    return create_label (self, block, "title-4");
  case FLASH_HELP_PARAGRAPH:
    return create_label (self, block, NULL);
  case FLASH_HELP_POINT:
  case FLASH_HELP_STEP:
    return create_point (self, block);
  case FLASH_HELP_CODE:
    return create_code (block);
  }
  g_return_val_if_reached (NULL);
}

static void
update_back (FlashHelpWindow *self)
{
  gtk_widget_set_visible (self->back_button,
                          self->history->len > 0 || flash_side_view_is_covered (self->side_view));
}

/* @blocks: (transfer full) */
static void
show (FlashHelpWindow *self, const char *address, GPtrArray *blocks)
{
  GtkAdjustment *adjustment =
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->page_scroller));
  char *shown = g_strdup (address);
  GtkWidget *child;

  g_free (self->address);
  self->address = shown;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->page_box))) != NULL)
    gtk_box_remove (self->page_box, child);
  for (guint i = 0; i < blocks->len; i++)
    gtk_box_append (self->page_box, create_block (self, g_ptr_array_index (blocks, i)));
  g_ptr_array_unref (blocks);
  gtk_adjustment_set_value (adjustment, 0);
  flash_side_view_choose (self->side_view, self->address);
  update_back (self);
}

/* What does not exist shows the index. */
static void
go_to (FlashHelpWindow *self, const char *address)
{
  GPtrArray *blocks = flash_help_address_load (address);

  if (blocks == NULL) {
    address = FLASH_HELP_INDEX;
    blocks = flash_help_address_load (address);
  }
  if (g_strcmp0 (self->address, address) != 0 && self->address != NULL)
    g_ptr_array_add (self->history, g_strdup (self->address));
  show (self, address, blocks);
}

/* --- what the user does --------------------------------------------------------------------- */

static void
on_page_chosen (FlashHelpWindow *self, const char *address)
{
  go_to (self, address);
}

/* From a page to the list that it covers, or else to the page before. */
static void
on_back_clicked (FlashHelpWindow *self)
{
  g_autofree char *address = NULL;

  if (self->history->len == 0) {
    flash_side_view_uncover (self->side_view);
    return;
  }
  address = g_ptr_array_steal_index (self->history, self->history->len - 1);
  show (self, address, flash_help_address_load (address));
}

static void
on_list_clicked (FlashHelpWindow *self)
{
  flash_side_view_uncover (self->side_view);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static const char *
get_query (FlashHelpWindow *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
}

/* Hundreds of advices would bury the pages: they are listed where somebody looks for one. */
static gboolean
is_found (const char *address, gpointer data)
{
  const char *query = get_query (data);

  if (!g_str_has_prefix (address, FLASH_HELP_ADVICE_PREFIX))
    return flash_help_page_matches (address, query);
  return *query != '\0' &&
         flash_help_advice_matches (flash_advice_find (address + strlen (FLASH_HELP_ADVICE_PREFIX)),
                                    query);
}

/* They take a moment to be listed, and most people read one page. */
static void
add_advices (FlashHelpWindow *self)
{
  guint n_advices;
  const FlashAdvice *advices = flash_advice_list (&n_advices);

  if (self->has_advices)
    return;
  self->has_advices = TRUE;
  for (guint i = 0; i < n_advices; i++) {
    g_autofree char *address = g_strconcat (FLASH_HELP_ADVICE_PREFIX, advices[i].code, NULL);

    flash_side_view_add (self->side_view, address, _ (advices[i].cause),
                         flash_words_severity_icon (advices[i].severity));
  }
}

static void
on_search_changed (FlashHelpWindow *self)
{
  if (*get_query (self) != '\0')
    add_advices (self);
  flash_side_view_set_filter (self->side_view, is_found, self);
}

/* A code leads to its advice, though pages may speak of it too. */
static void
on_search_activated (FlashHelpWindow *self)
{
  g_autofree char *code = g_strstrip (g_ascii_strdown (get_query (self), -1));
  g_autofree char *address = g_strconcat (FLASH_HELP_ADVICE_PREFIX, code, NULL);
  const char *target =
      flash_advice_find (code) != NULL ? address : flash_side_view_get_first (self->side_view);

  if (target != NULL)
    go_to (self, target);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_help_window_dispose (GObject *object)
{
  FlashHelpWindow *self = FLASH_HELP_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_HELP_WINDOW);
  g_clear_pointer (&self->address, g_free);

  G_OBJECT_CLASS (flash_help_window_parent_class)->dispose (object);
}

static void
flash_help_window_finalize (GObject *object)
{
  g_ptr_array_unref (FLASH_HELP_WINDOW (object)->history);

  G_OBJECT_CLASS (flash_help_window_parent_class)->finalize (object);
}

static void
flash_help_window_class_init (FlashHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_help_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_help_window_finalize;

  g_type_ensure (FLASH_TYPE_SIDE_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashHelpWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, FlashHelpWindow, page_box);
  gtk_widget_class_bind_template_child (widget_class, FlashHelpWindow, page_scroller);
  gtk_widget_class_bind_template_child (widget_class, FlashHelpWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, FlashHelpWindow, side_view);
  gtk_widget_class_bind_template_child (widget_class, FlashHelpWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_list_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_page_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, update_back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_help_window_init (FlashHelpWindow *self)
{
  const char *const *pages = flash_help_page_list ();

  self->history = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; pages[i] != NULL; i++) {
    g_autofree char *title = flash_help_page_dup_title (pages[i]);

    flash_side_view_add (self->side_view, pages[i], title, NULL);
  }
}

GtkWindow *
flash_help_window_show (GtkWindow *parent, const char *address)
{
  g_autoptr (GList) windows = NULL;
  FlashHelpWindow *self = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  while (gtk_window_get_transient_for (parent) != NULL)
    parent = gtk_window_get_transient_for (parent);
  windows = gtk_window_list_toplevels ();
  for (GList *link = windows; link != NULL; link = link->next)
    if (FLASH_IS_HELP_WINDOW (link->data) && gtk_window_get_transient_for (link->data) == parent)
      self = link->data;
  if (self == NULL)
    self = g_object_new (FLASH_TYPE_HELP_WINDOW, "transient-for", parent, "destroy-with-parent",
                         TRUE, NULL);
  go_to (self, address);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
