/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-size"

#include "config.h"

#include "flash-storage-size.h"

#include "flash-storage-part.h"
#include "flash-text.h"

#include <glib/gi18n.h>

#define KIB G_GUINT64_CONSTANT (1024)
#define MIB (KIB * KIB)
#define GIB (KIB * MIB)
/* Cards and eMMCs are sold by these; what is in them is about that. */
#define GB G_GUINT64_CONSTANT (1000000000)
#define MAX_TYPICAL 6

struct _FlashStorageSize {
  GtkPopover parent_instance;

  char *name; /* (owned) (nullable): of the storage that is asked for */

  GtkLabel *title_label;
  GtkEntry *entry;
  GtkLabel *error_label;
  GtkFlowBox *typical_box;
  GtkButton *unknown_button;
};

G_DEFINE_FINAL_TYPE (FlashStorageSize, flash_storage_size, GTK_TYPE_POPOVER)

enum { SIGNAL_ENTERED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What is often found, by the start of a storage's name. */
static const struct {
  const char *prefix;
  gboolean is_boot;
  guint64 sizes[MAX_TYPICAL];
} typical[] = {
  { "mmc", TRUE, { 2 * MIB, 4 * MIB, 8 * MIB, 16 * MIB, 31 * MIB + 512 * KIB } },
  { "mmc", FALSE, { 4 * GB, 8 * GB, 16 * GB, 32 * GB, 64 * GB, 128 * GB } },
  { "nor", FALSE, { 8 * MIB, 16 * MIB, 32 * MIB, 64 * MIB, 128 * MIB } },
  { "nand", FALSE, { 128 * MIB, 256 * MIB, 512 * MIB, GIB } },
  { "spi-nand", FALSE, { 128 * MIB, 256 * MIB, 512 * MIB, GIB } },
  { "ram", FALSE, { 256 * MIB, 512 * MIB, GIB, 2 * GIB, 4 * GIB } },
};

static void
finish (FlashStorageSize *self, guint64 size)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[SIGNAL_ENTERED], 0, size);
}

static void
show_error (FlashStorageSize *self, gboolean is_wrong)
{
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), is_wrong);
  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
      is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
on_entered (FlashStorageSize *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  guint64 size = 0;
  gboolean is_size = flash_text_parse_size (g_strstrip (text), &size) && size > 0;

  show_error (self, !is_size);
  if (is_size)
    finish (self, size);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
on_changed (FlashStorageSize *self)
{
  show_error (self, FALSE);
}

static void
on_unknown_clicked (FlashStorageSize *self)
{
  finish (self, 0);
}

static void
on_typical_clicked (GtkButton *button, FlashStorageSize *self)
{
  const guint64 *size = g_object_get_data (G_OBJECT (button), "size");

  finish (self, *size);
}

static GtkWidget *
create_button (FlashStorageSize *self, guint64 size)
{
  GtkWidget *button = gtk_button_new ();
  g_autofree char *exact = flash_text_size (size);
  g_autofree char *label = NULL;
  g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, size);
  /* TRANSLATORS: a size in binary units, the same in bytes */
  g_autofree char *tooltip = g_strdup_printf (_ ("%1$s, that is %2$s bytes"), exact, bytes);

  if (size % GB == 0)
    /* TRANSLATORS: as it is printed on a memory card */
    label = g_strdup_printf (_ ("%u GB"), (guint) (size / GB));
  gtk_button_set_label (GTK_BUTTON (button), label != NULL ? label : exact);
  gtk_widget_set_tooltip_text (button, tooltip);
  g_object_set_data_full (G_OBJECT (button), "size", g_memdup2 (&size, sizeof size), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_typical_clicked), self, 0);
  return button;
}

static void
add_typical (FlashStorageSize *self, const FlashLayoutMap *map)
{
  gboolean is_boot = flash_storage_map_is_boot (map);

  for (guint i = 0; i < G_N_ELEMENTS (typical); i++) {
    if (!g_str_has_prefix (map->ip, typical[i].prefix) || typical[i].is_boot != is_boot)
      continue;
    for (guint k = 0; k < MAX_TYPICAL && typical[i].sizes[k] > 0; k++)
      gtk_flow_box_insert (self->typical_box, create_button (self, typical[i].sizes[k]), -1);
  }
  /* The keyboard goes to the buttons, not to what holds them. */
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->typical_box));
       child != NULL; child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_focusable (child, FALSE);
}

static void
flash_storage_size_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_STORAGE_SIZE);

  G_OBJECT_CLASS (flash_storage_size_parent_class)->dispose (object);
}

static void
flash_storage_size_finalize (GObject *object)
{
  g_free (FLASH_STORAGE_SIZE (object)->name);

  G_OBJECT_CLASS (flash_storage_size_parent_class)->finalize (object);
}

static void
flash_storage_size_class_init (FlashStorageSizeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_storage_size_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_storage_size_finalize;
  signals[SIGNAL_ENTERED] = g_signal_new ("entered", FLASH_TYPE_STORAGE_SIZE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-storage-size.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashStorageSize, title_label);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageSize, entry);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageSize, error_label);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageSize, typical_box);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageSize, unknown_button);
  gtk_widget_class_bind_template_callback (widget_class, on_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_unknown_clicked);
}

static void
flash_storage_size_init (FlashStorageSize *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
flash_storage_size_set_map (FlashStorageSize *self, const FlashLayoutMap *map)
{
  g_autofree char *title = NULL;

  g_return_if_fail (FLASH_IS_STORAGE_SIZE (self));
  g_return_if_fail (map != NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->unknown_button), map->size > 0);
  /* What is being typed stays, and the typical sizes never change. */
  if (g_strcmp0 (self->name, map->name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (map->name);
  title = g_strdup_printf (_ ("Size of %s"), map->name);
  gtk_label_set_label (self->title_label, title);
  add_typical (self, map);
}
