/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-dialog"

#include "config.h"

#include "flash-bundle-dialog.h"

#include "flash-bundle-words.h"
#include "flash-button-names.h"

#include <glib/gi18n.h>
#include <string.h>

/* So many can be seen at a glance. */
#define MAX_UNFILTERED 8

struct _FlashBundleDialog {
  AdwWindow parent_instance;

  FlashBundle *bundle; /* (owned) */
  FlashBundleChosen chosen;
  GWeakRef object; /* whose affair it is */
  guint first_index; /* its board comes first, and it has the focus */

  GtkSearchEntry *filter_entry;
  GtkLabel *hint_label;
  GtkListBox *list;
  GtkLabel *nothing_label;
};

G_DEFINE_FINAL_TYPE (FlashBundleDialog, flash_bundle_dialog, ADW_TYPE_WINDOW)

static const FlashBundleLayout *
get_layout (FlashBundleDialog *self, GtkListBoxRow *row)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "layout"));

  return flash_bundle_get_layout (self->bundle, index);
}

/* --- order, groups, filter ------------------------------------------------------------------ */

static int
compare_boards (const FlashBundleLayout *a, const FlashBundleLayout *b)
{
  /* What is not known comes last. */
  if (a->board == NULL || b->board == NULL)
    return (a->board == NULL) - (b->board == NULL);
  return strcmp (a->board, b->board);
}

static int
compare_rows (GtkListBoxRow *a, GtkListBoxRow *b, gpointer data)
{
  FlashBundleDialog *self = data;
  const FlashBundleLayout *first = flash_bundle_get_layout (self->bundle, self->first_index);
  int order = (compare_boards (get_layout (self, a), first) != 0) -
              (compare_boards (get_layout (self, b), first) != 0);

  if (order == 0)
    order = compare_boards (get_layout (self, a), get_layout (self, b));
  /* Within a board they are in the order of their names. */
  if (order != 0)
    return order;
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (a), "layout")) -
         GPOINTER_TO_INT (g_object_get_data (G_OBJECT (b), "layout"));
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  FlashBundleDialog *self = data;
  const FlashBundleLayout *layout = get_layout (self, row);
  g_autofree char *board = NULL;
  GtkWidget *label;

  if (before != NULL && compare_boards (get_layout (self, before), layout) == 0) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }
  board = flash_bundle_words_dup_board (layout);
  label = gtk_label_new (board);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "flash-bundle-heading");
  gtk_list_box_row_set_header (row, label);
}

/* Every word must be somewhere, in any order. */
static gboolean
is_wanted (GtkListBoxRow *row, gpointer data)
{
  FlashBundleDialog *self = data;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter_entry));
  const char *words = g_object_get_data (G_OBJECT (row), "words");
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) wanted = g_strsplit (folded, " ", -1);

  for (guint i = 0; wanted[i] != NULL; i++)
    if (strstr (words, wanted[i]) == NULL)
      return FALSE;
  return TRUE;
}

static GtkListBoxRow *
get_first_shown (FlashBundleDialog *self)
{
  GtkListBoxRow *row = NULL;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (is_wanted (row, self))
      return row;
  return NULL;
}

static void
on_filter_changed (FlashBundleDialog *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean is_typing =
      focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->filter_entry));
  GtkListBoxRow *first;

  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_headers (self->list);
  first = get_first_shown (self);
  gtk_widget_set_visible (GTK_WIDGET (self->list), first != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing_label), first == NULL);
  /* Letters come here from wherever the focus is: it must not stay on what is hidden. */
  if (!is_typing)
    gtk_widget_grab_focus (first != NULL ? GTK_WIDGET (first) : GTK_WIDGET (self->filter_entry));
}

/* Return takes the first that is left. */
static void
on_filter_activated (FlashBundleDialog *self)
{
  GtkListBoxRow *row = get_first_shown (self);

  if (row != NULL)
    gtk_widget_activate (GTK_WIDGET (row));
}

/* The first Escape only empties the field. */
static void
on_filter_stopped (FlashBundleDialog *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->filter_entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  else
    gtk_window_close (GTK_WINDOW (self));
}

/* --- rows ----------------------------------------------------------------------------------- */

static GtkWidget *
make_badge (const char *text)
{
  GtkWidget *badge = gtk_label_new (text);

  gtk_widget_add_css_class (badge, "flash-badge");
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  return badge;
}

static void
on_row_activated (FlashBundleDialog *self, GtkListBoxRow *row)
{
  g_autoptr (GObject) object = g_weak_ref_get (&self->object);
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "layout"));

  if (object != NULL)
    self->chosen (index, object);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* One line each: several in one label would stand on the wrong side from right to left. */
static void
add_line (GtkBox *box, const char *text, gboolean is_title)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (!is_title) {
    gtk_widget_add_css_class (label, "caption");
    gtk_widget_add_css_class (label, "flash-dim");
  }
  gtk_box_append (box, label);
}

static GtkWidget *
make_words (const FlashBundleLayout *layout, const char *title, const char *reason)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *facts = flash_bundle_words_dup_facts (layout);
  g_autofree char *name = flash_bundle_words_dup_name (layout);

  gtk_widget_set_hexpand (box, TRUE);
  add_line (GTK_BOX (box), title, TRUE);
  add_line (GTK_BOX (box), facts, FALSE);
  if (reason != NULL)
    add_line (GTK_BOX (box), reason, FALSE);
  add_line (GTK_BOX (box), name, FALSE);
  return box;
}

static void
describe (GtkWidget *row, const FlashBundleLayout *layout, const char *title, const char *reason)
{
  g_autofree char *board = flash_bundle_words_dup_board (layout);
  g_autofree char *facts = flash_bundle_words_dup_facts (layout);
  g_autofree char *name = flash_bundle_words_dup_name (layout);
  g_autofree char *words = g_strjoin (" ", board, title, name, layout->variant, NULL);
  g_autofree char *description = g_strjoin ("\n", board, facts, name, reason, NULL);

  g_object_set_data_full (G_OBJECT (row), "words", g_utf8_casefold (words, -1), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static GtkWidget *
make_row (const FlashBundleOffer *offer, guint index)
{
  const FlashBundleLayout *layout = flash_bundle_get_layout (offer->bundle, index);
  gboolean is_open = index == offer->open_index;
  gboolean is_proposed =
      !is_open && index == offer->proposed_index && offer->reason != FLASH_BUNDLE_REASON_NAME;
  const char *reason = is_proposed ? flash_bundle_words_reason (offer->reason) : NULL;
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *title = flash_bundle_words_dup_title (layout);

  gtk_widget_add_css_class (box, "flash-bundle-row");
  gtk_box_append (GTK_BOX (box), make_words (layout, title, reason));
  if (flash_bundle_words_has_fault (layout)) {
    GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

    /* The words stand beside it. */
    gtk_widget_add_css_class (icon, "warning");
    gtk_box_append (GTK_BOX (box), icon);
  }
  if (is_open || is_proposed)
    gtk_box_append (GTK_BOX (box), make_badge (is_open ? _ ("Open now") : _ ("Proposed")));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "layout", GUINT_TO_POINTER (index));
  describe (row, layout, title, reason);
  return row;
}

static void
fill (FlashBundleDialog *self, const FlashBundleOffer *offer)
{
  guint n_layouts = flash_bundle_get_n_layouts (offer->bundle);
  gboolean has_open = offer->open_index != FLASH_BUNDLE_NO_LAYOUT;
  g_autofree char *name = g_filename_display_basename (flash_bundle_get_path (offer->bundle));
  g_autofree char *hint = NULL;

  self->first_index = has_open ? offer->open_index : offer->proposed_index;
  for (guint i = 0; i < n_layouts; i++) {
    GtkWidget *row = make_row (offer, i);

    gtk_list_box_append (self->list, row);
    if (i == self->first_index)
      gtk_window_set_focus (GTK_WINDOW (self), row);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->filter_entry), n_layouts > MAX_UNFILTERED);
  if (offer->reason == FLASH_BUNDLE_REASON_NAME && !has_open)
    hint = g_strdup_printf (_ ("“%s” holds several layouts that could be meant."), name);
  else
    hint = g_strdup_printf (
        ngettext ("“%2$s” holds %1$u layout.", "“%2$s” holds %1$u layouts.", n_layouts), n_layouts,
        name);
  gtk_label_set_label (self->hint_label, hint);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
on_cancel_clicked (FlashBundleDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
flash_bundle_dialog_dispose (GObject *object)
{
  FlashBundleDialog *self = FLASH_BUNDLE_DIALOG (object);

  /* The row that was pressed keeps the list for a moment longer. */
  if (self->list != NULL) {
    gtk_list_box_set_sort_func (self->list, NULL, NULL, NULL);
    gtk_list_box_set_header_func (self->list, NULL, NULL, NULL);
    gtk_list_box_set_filter_func (self->list, NULL, NULL, NULL);
  }
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_BUNDLE_DIALOG);
  g_clear_object (&self->bundle);

  G_OBJECT_CLASS (flash_bundle_dialog_parent_class)->dispose (object);
}

static void
flash_bundle_dialog_finalize (GObject *object)
{
  g_weak_ref_clear (&FLASH_BUNDLE_DIALOG (object)->object);

  G_OBJECT_CLASS (flash_bundle_dialog_parent_class)->finalize (object);
}

static void
flash_bundle_dialog_class_init (FlashBundleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_bundle_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_bundle_dialog_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-bundle-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashBundleDialog, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, FlashBundleDialog, hint_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBundleDialog, list);
  gtk_widget_class_bind_template_child (widget_class, FlashBundleDialog, nothing_label);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_stopped);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_bundle_dialog_init (FlashBundleDialog *self)
{
  g_weak_ref_init (&self->object, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
  gtk_list_box_set_sort_func (self->list, compare_rows, self, NULL);
  gtk_list_box_set_header_func (self->list, update_header, self, NULL);
  gtk_list_box_set_filter_func (self->list, is_wanted, self, NULL);
}

GtkWindow *
flash_bundle_dialog_present (GtkWindow *parent, const FlashBundleOffer *offer,
                             FlashBundleChosen chosen, gpointer object)
{
  FlashBundleDialog *self;

  g_return_val_if_fail (offer != NULL && FLASH_IS_BUNDLE (offer->bundle), NULL);
  g_return_val_if_fail (chosen != NULL && G_IS_OBJECT (object), NULL);

  self = g_object_new (FLASH_TYPE_BUNDLE_DIALOG, "transient-for", parent, NULL);
  self->bundle = g_object_ref (offer->bundle);
  self->chosen = chosen;
  g_weak_ref_set (&self->object, object);
  fill (self, offer);
  if (gtk_widget_get_visible (GTK_WIDGET (self->filter_entry)))
    gtk_search_entry_set_key_capture_widget (self->filter_entry, GTK_WIDGET (self));
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
