/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-erase-sectors"

#include "config.h"

#include "flash-erase-sectors.h"

#include "flash-text.h"

#include <glib/gi18n.h>

struct _FlashEraseSectors {
  GObject parent_instance;

  FlashMemoryMap *map; /* (owned) */
  GtkBitset *chosen; /* (owned) */
};

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashEraseSectors, flash_erase_sectors, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return GTK_TYPE_STRING_OBJECT;
}

static guint
get_n_items (GListModel *model)
{
  return flash_memory_map_get_n_sectors (FLASH_ERASE_SECTORS (model)->map);
}

static gpointer
get_item (GListModel *model, guint position)
{
  FlashEraseSectors *self = FLASH_ERASE_SECTORS (model);
  FlashMemorySector sector;
  g_autofree char *first = NULL;
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;

  if (position >= get_n_items (model))
    return NULL;
  flash_memory_map_get_sector (self->map, position, &sector);
  first = flash_text_address (sector.address);
  size = flash_text_size (sector.size);
  if (flash_erase_sectors_can_choose (self, position))
    /* TRANSLATORS: number of a sector, its address, its size */
    text = g_strdup_printf (_ ("%1$u: %2$s, %3$s"), position, first, size);
  else
    text =
        g_strdup_printf (_ ("%1$u: %2$s, %3$s (the boot loader keeps it)"), position, first, size);
  return gtk_string_object_new (text);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* --- choosing ------------------------------------------------------------------------------- */

FlashMemoryMap *
flash_erase_sectors_get_map (FlashEraseSectors *self)
{
  g_return_val_if_fail (FLASH_IS_ERASE_SECTORS (self), NULL);

  return self->map;
}

gboolean
flash_erase_sectors_can_choose (FlashEraseSectors *self, guint index)
{
  FlashMemorySector sector;

  g_return_val_if_fail (FLASH_IS_ERASE_SECTORS (self), FALSE);
  g_return_val_if_fail (index < get_n_items (G_LIST_MODEL (self)), FALSE);

  flash_memory_map_get_sector (self->map, index, &sector);
  return (sector.flags & FLASH_MEMORY_ERASABLE) != 0;
}

gboolean
flash_erase_sectors_is_chosen (FlashEraseSectors *self, guint index)
{
  g_return_val_if_fail (FLASH_IS_ERASE_SECTORS (self), FALSE);

  return gtk_bitset_contains (self->chosen, index);
}

void
flash_erase_sectors_choose (FlashEraseSectors *self, guint index, gboolean is_chosen)
{
  g_return_if_fail (FLASH_IS_ERASE_SECTORS (self));

  if (!flash_erase_sectors_can_choose (self, index) ||
      gtk_bitset_contains (self->chosen, index) == is_chosen)
    return;
  if (is_chosen)
    gtk_bitset_add (self->chosen, index);
  else
    gtk_bitset_remove (self->chosen, index);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
flash_erase_sectors_choose_all (FlashEraseSectors *self, gboolean is_chosen)
{
  guint first = 0;

  g_return_if_fail (FLASH_IS_ERASE_SECTORS (self));

  gtk_bitset_remove_all (self->chosen);
  for (guint i = 0; is_chosen && i < self->map->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (self->map->runs, FlashMemoryRun, i);

    if ((run->flags & FLASH_MEMORY_ERASABLE) != 0)
      gtk_bitset_add_range (self->chosen, first, run->n_sectors);
    first += run->n_sectors;
  }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

guint
flash_erase_sectors_count (FlashEraseSectors *self, guint64 *out_size)
{
  guint first = 0;

  g_return_val_if_fail (FLASH_IS_ERASE_SECTORS (self) && out_size != NULL, 0);

  *out_size = 0;
  for (guint i = 0; i < self->map->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (self->map->runs, FlashMemoryRun, i);

    *out_size += gtk_bitset_get_size_in_range (self->chosen, first, first + run->n_sectors - 1) *
                 run->sector_size;
    first += run->n_sectors;
  }
  return (guint) gtk_bitset_get_size (self->chosen);
}

gboolean
flash_erase_sectors_find_range (FlashEraseSectors *self, guint from, guint32 *out_address,
                                guint64 *out_length, guint *out_next)
{
  GtkBitsetIter iter;
  FlashMemorySector sector;
  guint64 end;
  guint index;

  g_return_val_if_fail (FLASH_IS_ERASE_SECTORS (self), FALSE);
  g_return_val_if_fail (out_address != NULL && out_length != NULL && out_next != NULL, FALSE);

  if (!gtk_bitset_iter_init_at (&iter, self->chosen, from, &index))
    return FALSE;
  flash_memory_map_get_sector (self->map, index, &sector);
  *out_address = sector.address;
  do {
    end = (guint64) sector.address + sector.size;
    *out_next = index + 1;
    if (!gtk_bitset_iter_next (&iter, &index) || index != *out_next)
      break;
    flash_memory_map_get_sector (self->map, index, &sector);
  } while (sector.address == end);
  *out_length = end - *out_address;
  return TRUE;
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_erase_sectors_finalize (GObject *object)
{
  FlashEraseSectors *self = FLASH_ERASE_SECTORS (object);

  g_clear_pointer (&self->map, flash_memory_map_unref);
  gtk_bitset_unref (self->chosen);

  G_OBJECT_CLASS (flash_erase_sectors_parent_class)->finalize (object);
}

static void
flash_erase_sectors_class_init (FlashEraseSectorsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_erase_sectors_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLASH_TYPE_ERASE_SECTORS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_erase_sectors_init (FlashEraseSectors *self)
{
  self->chosen = gtk_bitset_new_empty ();
}

FlashEraseSectors *
flash_erase_sectors_new (FlashMemoryMap *map)
{
  FlashEraseSectors *self;

  g_return_val_if_fail (map != NULL, NULL);

  self = g_object_new (FLASH_TYPE_ERASE_SECTORS, NULL);
  self->map = flash_memory_map_ref (map);
  return self;
}
