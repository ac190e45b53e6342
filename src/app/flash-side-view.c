/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-side-view"

#include "config.h"

#include "flash-side-view.h"

struct _FlashSideView {
  AdwBin parent_instance;

  FlashSideFilter filter; /* (nullable) */
  gpointer filter_data;
  gboolean is_choosing; /* not the user */
  guint moved_id;

  AdwBin *content;
  AdwLeaflet *leaflet;
  GtkListBox *list;
  GtkWidget *side;
  AdwBin *top;
};

G_DEFINE_FINAL_TYPE (FlashSideView, flash_side_view, ADW_TYPE_BIN)

enum { PROP_TOP = 1, PROP_CONTENT, N_PROPERTIES };

enum { SIGNAL_CHOSEN, SIGNAL_MOVED, N_SIGNALS };

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static const char *
get_id (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "id");
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, FlashSideView *self)
{
  if (adw_leaflet_get_folded (self->leaflet))
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, get_id (row));
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->content));
}

/* Where the page would cover the list, the arrow keys must pass rows by. */
static void
on_row_selected (GtkListBox *list, GtkListBoxRow *row, FlashSideView *self)
{
  if (row != NULL && !self->is_choosing && !adw_leaflet_get_folded (self->leaflet))
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, get_id (row));
}

static gboolean
on_idle (gpointer data)
{
  FlashSideView *self = data;

  self->moved_id = 0;
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
  return G_SOURCE_REMOVE;
}

/* Told a little later: it folds while the window is laid out, when nothing must be shown or hidden.
 */
static void
on_moved (FlashSideView *self)
{
  if (self->moved_id == 0)
    self->moved_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_idle, self, NULL);
}

static void
flash_side_view_dispose (GObject *object)
{
  g_clear_handle_id (&FLASH_SIDE_VIEW (object)->moved_id, g_source_remove);
  /* First: the template would let go of a child that the bin still has. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_SIDE_VIEW);

  G_OBJECT_CLASS (flash_side_view_parent_class)->dispose (object);
}

static void
flash_side_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FlashSideView *self = FLASH_SIDE_VIEW (object);

  if (id == PROP_TOP)
    adw_bin_set_child (self->top, g_value_get_object (value));
  else if (id == PROP_CONTENT)
    adw_bin_set_child (self->content, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
flash_side_view_class_init (FlashSideViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_side_view_dispose;
  G_OBJECT_CLASS (klass)->set_property = flash_side_view_set_property;

  properties[PROP_TOP] = g_param_spec_object ("top", NULL, NULL, GTK_TYPE_WIDGET,
                                              G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                                                  G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);

  /**
   * FlashSideView::chosen:
   * @id: of the page
   */
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", FLASH_TYPE_SIDE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * FlashSideView::moved:
   *
   * Whether the page covers the list may have changed.
   */
  signals[SIGNAL_MOVED] = g_signal_new ("moved", FLASH_TYPE_SIDE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-side-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashSideView, content);
  gtk_widget_class_bind_template_child (widget_class, FlashSideView, leaflet);
  gtk_widget_class_bind_template_child (widget_class, FlashSideView, list);
  gtk_widget_class_bind_template_child (widget_class, FlashSideView, side);
  gtk_widget_class_bind_template_child (widget_class, FlashSideView, top);
  gtk_widget_class_bind_template_callback (widget_class, on_moved);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
}

static void
flash_side_view_init (FlashSideView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
flash_side_view_add (FlashSideView *self, const char *id, const char *title, const char *icon_name)
{
  GtkWidget *row, *box, *label;

  g_return_if_fail (FLASH_IS_SIDE_VIEW (self));
  g_return_if_fail (id != NULL && title != NULL);

  row = gtk_list_box_row_new ();
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  if (icon_name != NULL)
    gtk_box_append (GTK_BOX (box),
                    g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  label = g_object_new (GTK_TYPE_LABEL, "label", title, "xalign", 0.0, "hexpand", TRUE, "wrap",
                        TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (id), g_free);
  gtk_list_box_append (self->list, row);
}

void
flash_side_view_clear (FlashSideView *self)
{
  GtkListBoxRow *row;

  g_return_if_fail (FLASH_IS_SIDE_VIEW (self));

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static gboolean
is_listed (GtkListBoxRow *row, gpointer data)
{
  FlashSideView *self = data;

  return self->filter == NULL || self->filter (get_id (row), self->filter_data);
}

void
flash_side_view_set_filter (FlashSideView *self, FlashSideFilter filter, gpointer data)
{
  g_return_if_fail (FLASH_IS_SIDE_VIEW (self));

  self->filter = filter;
  self->filter_data = data;
  gtk_list_box_set_filter_func (self->list, is_listed, self, NULL);
}

void
flash_side_view_choose (FlashSideView *self, const char *id)
{
  GtkListBoxRow *row;

  g_return_if_fail (FLASH_IS_SIDE_VIEW (self));

  self->is_choosing = TRUE;
  gtk_list_box_select_row (self->list, NULL);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (g_strcmp0 (get_id (row), id) == 0)
      gtk_list_box_select_row (self->list, row);
  self->is_choosing = FALSE;
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->content));
}

const char *
flash_side_view_get_first (FlashSideView *self)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (FLASH_IS_SIDE_VIEW (self), NULL);

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (is_listed (row, self))
      return get_id (row);
  return NULL;
}

gboolean
flash_side_view_is_covered (FlashSideView *self)
{
  g_return_val_if_fail (FLASH_IS_SIDE_VIEW (self), FALSE);

  return adw_leaflet_get_folded (self->leaflet) &&
         adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->content);
}

void
flash_side_view_uncover (FlashSideView *self)
{
  g_return_if_fail (FLASH_IS_SIDE_VIEW (self));

  adw_leaflet_set_visible_child (self->leaflet, self->side);
}
