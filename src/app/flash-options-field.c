/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-options-field"

#include "config.h"

#include "flash-options-field.h"

#include <glib/gi18n.h>

/* What has more bits than this is typed. */
#define MAX_LIST_WIDTH 4

struct _FlashOptionsField {
  GtkListBoxRow parent_instance;

  const FlashOptionLayout *layout; /* (transfer none): static */
  const FlashOptionField *field; /* (transfer none): static */

  GtkDropDown *choice;
  GtkLabel *description_label;
  GtkEntry *entry;
  GtkLabel *fault_label;
  GtkWidget *lock_box;
  GtkLabel *lock_label;
  GtkLabel *name_label;
  GtkLabel *value_label;
};

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlashOptionsField, flash_options_field, GTK_TYPE_LIST_BOX_ROW)

static char *
dup_number (const FlashOptionField *field, guint32 value)
{
  if (field->width <= MAX_LIST_WIDTH)
    return g_strdup_printf ("%u", value);
  return g_strdup_printf ("0x%0*x", (int) (field->width + 3) / 4, value);
}

char *
flash_options_field_dup_value (const FlashOptionLayout *layout, const FlashOptionField *field,
                               guint32 value)
{
  const char *meaning;
  g_autofree char *number = NULL;

  g_return_val_if_fail (layout != NULL && field != NULL, NULL);

  meaning = flash_option_layout_get_meaning (layout, field, value);
  number = dup_number (field, value);
  if (meaning == NULL)
    return g_steal_pointer (&number);
  /* TRANSLATORS: a value, then what it means */
  return g_strdup_printf (_ ("%1$s: %2$s"), number, _ (meaning));
}

/* --- the choices ---------------------------------------------------------------------------- */

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer is_button)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (GPOINTER_TO_INT (is_button)) {
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    gtk_widget_set_has_tooltip (label, TRUE);
  } else {
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  }
  gtk_list_item_set_child (item, label);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer unused)
{
  GtkStringObject *text = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (text));
}

static GtkListItemFactory *
make_factory (gboolean is_button)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), GINT_TO_POINTER (is_button));
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  return factory;
}

static void
fill_choice (FlashOptionsField *self, guint32 value)
{
  g_autoptr (GtkStringList) texts = gtk_string_list_new (NULL);
  g_autoptr (GtkListItemFactory) in_button = make_factory (TRUE);
  g_autoptr (GtkListItemFactory) in_list = make_factory (FALSE);

  for (guint32 i = 0; i < 1u << self->field->width; i++) {
    g_autofree char *text = flash_options_field_dup_value (self->layout, self->field, i);

    gtk_string_list_append (texts, text);
  }
  gtk_drop_down_set_factory (self->choice, in_button);
  gtk_drop_down_set_list_factory (self->choice, in_list);
  gtk_drop_down_set_model (self->choice, G_LIST_MODEL (texts));
  gtk_drop_down_set_selected (self->choice, value);
}

/* --- public --------------------------------------------------------------------------------- */

const FlashOptionField *
flash_options_field_get_field (FlashOptionsField *self)
{
  g_return_val_if_fail (FLASH_IS_OPTIONS_FIELD (self), NULL);

  return self->field;
}

gboolean
flash_options_field_get_value (FlashOptionsField *self, guint32 *out_value)
{
  const char *digits;
  guint64 value;

  g_return_val_if_fail (FLASH_IS_OPTIONS_FIELD (self) && out_value != NULL, FALSE);

  if (self->field->width <= MAX_LIST_WIDTH) {
    *out_value = gtk_drop_down_get_selected (self->choice);
    return TRUE;
  }
  digits = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  if (g_ascii_strncasecmp (digits, "0x", 2) == 0)
    digits += 2;
  if (!g_ascii_string_to_unsigned (digits, 16, 0, G_MAXUINT32, &value, NULL))
    return FALSE;
  *out_value = (guint32) value;
  return TRUE;
}

void
flash_options_field_set_fault (FlashOptionsField *self, const char *text)
{
  g_return_if_fail (FLASH_IS_OPTIONS_FIELD (self));

  gtk_label_set_label (self->fault_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault_label), text != NULL);
  if (text != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

/* --- life ----------------------------------------------------------------------------------- */

static void
on_value_changed (FlashOptionsField *self)
{
  if (self->field != NULL)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
flash_options_field_dispose (GObject *object)
{
  FLASH_OPTIONS_FIELD (object)->field = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_OPTIONS_FIELD);

  G_OBJECT_CLASS (flash_options_field_parent_class)->dispose (object);
}

static void
flash_options_field_class_init (FlashOptionsFieldClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_options_field_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLASH_TYPE_OPTIONS_FIELD, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-options-field.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsField, choice);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsField, description_label);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsField, entry);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsField, fault_label);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsField, lock_box);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsField, lock_label);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsField, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsField, value_label);
  gtk_widget_class_bind_template_callback (widget_class, on_value_changed);
}

static void
flash_options_field_init (FlashOptionsField *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Why it can be looked at only. */
static const char *
get_lock_text (const FlashOptionLayout *layout, const FlashOptionField *field)
{
  if (g_str_equal (field->name, "RDP"))
    return _ ("Not changed here: level 2 could never be undone, and going back from level 1 erases "
              "the chip.");
  return _ ("Not changed here: with a wrong value the chip may never start again, or it is not "
            "certain what the value means on this chip.");
}

FlashOptionsField *
flash_options_field_new (const FlashOptionLayout *layout, const FlashOptionField *field,
                         guint32 value)
{
  FlashOptionsField *self;
  g_autofree char *text = NULL;
  g_autofree char *number = NULL;
  const char *description;
  gboolean is_list;

  g_return_val_if_fail (layout != NULL && field != NULL, NULL);

  self = g_object_new (FLASH_TYPE_OPTIONS_FIELD, NULL);
  self->layout = layout;
  text = flash_options_field_dup_value (layout, field, value);
  number = dup_number (field, value);
  description = field->description != NULL ? _ (field->description) : "";
  is_list = field->width <= MAX_LIST_WIDTH;
  gtk_label_set_label (self->name_label, field->name);
  gtk_label_set_label (self->description_label, description);
  gtk_label_set_label (self->value_label, text);
  gtk_label_set_label (self->lock_label, get_lock_text (layout, field));
  gtk_widget_set_visible (self->lock_box, field->is_locked);
  gtk_widget_set_visible (GTK_WIDGET (self->value_label), field->is_locked);
  gtk_widget_set_visible (GTK_WIDGET (self->choice), !field->is_locked && is_list);
  gtk_widget_set_visible (GTK_WIDGET (self->entry), !field->is_locked && !is_list);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), number);
  /* The keyboard stops at each row: a list is left at once where there is nothing in the first. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, field->name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  field->is_locked ? text : description, -1);
  /* What is inside of it has the keyboard. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->choice))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, field->name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  field->name, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description,
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  field->name, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description,
                                  -1);
  self->field = field;
  if (is_list && !field->is_locked)
    fill_choice (self, value);
  return self;
}
