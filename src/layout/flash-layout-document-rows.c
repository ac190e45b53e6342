/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits that concern a partition among the others. */
#define G_LOG_DOMAIN "flash-layout-document-rows"

#include "config.h"

#include "flash-layout-columns.h"
#include "flash-layout-document-private.h"
#include "flash-layout-proposal.h"

/* A copy that is being changed, cell by cell. */
typedef struct {
  FlashLayoutTextLine *line; /* (owned) */
  gboolean is_aligned;
} Copy;

static void
set_cell (Copy *self, FlashLayoutColumn column, const char *cell)
{
  g_autofree char *changed = NULL;
  FlashLayoutTextLine *line;

  if (g_strcmp0 (self->line->cells->cells[column - 1], cell) == 0)
    return;
  changed = flash_layout_columns_dup_set (self->line, self->is_aligned, column, cell);
  line = flash_layout_text_line_new (changed, strlen (changed), "", self->line->entry);
  flash_layout_text_line_unref (self->line);
  self->line = line;
}

/* As the layout writes numbers of this size. */
static char *
dup_offset (guint64 offset)
{
  return g_strdup_printf ("0x%08" G_GINT64_MODIFIER "X", offset);
}

static void
set_own_offset (Copy *self, GPtrArray *places, const FlashLayoutPlace *place)
{
  g_autofree char *offset = NULL;

  switch (place->values.offset_kind) {
  case FLASH_LAYOUT_OFFSET_NUMBER:
    if (place->values.type == FLASH_LAYOUT_TYPE_RAW_IMAGE)
      return;
    offset = dup_offset (flash_layout_places_find_half (places, place));
    set_cell (self, FLASH_LAYOUT_COLUMN_OFFSET, offset);
    break;
  case FLASH_LAYOUT_OFFSET_BOOT1:
    if (!flash_layout_places_has_boot_part (places, place->ip_name, FLASH_LAYOUT_OFFSET_BOOT2))
      set_cell (self, FLASH_LAYOUT_COLUMN_OFFSET, "boot2");
    break;
  case FLASH_LAYOUT_OFFSET_BOOT2:
    if (!flash_layout_places_has_boot_part (places, place->ip_name, FLASH_LAYOUT_OFFSET_BOOT1))
      set_cell (self, FLASH_LAYOUT_COLUMN_OFFSET, "boot1");
    break;
  }
}

/* What no two partitions may have in common. */
static void
set_own_cells (Copy *self, const FlashLayoutText *text)
{
  g_autoptr (GPtrArray) places = flash_layout_places_new (text);
  g_autoptr (FlashLayoutPlace) place = flash_layout_place_new (self->line->cells);
  g_autofree char *name = NULL;
  guint8 id;

  if (place == NULL || place->values.ip == FLASH_LAYOUT_IP_NONE)
    return;
  id = flash_layout_places_find_id (places, place->values.id);
  if (id != 0) {
    g_autofree char *cell = g_strdup_printf ("0x%02X", id);

    set_cell (self, FLASH_LAYOUT_COLUMN_ID, cell);
  }
  name = flash_layout_places_dup_name (places, place->name);
  set_cell (self, FLASH_LAYOUT_COLUMN_NAME, name);
  set_own_offset (self, places, place);
}

FlashLayoutEntry *
flash_layout_document_duplicate (FlashLayoutDocument *self, FlashLayoutEntry *entry)
{
  guint at;
  Copy copy;
  FlashLayoutText *text;
  FlashLayoutTextLine *original;
  g_autoptr (FlashLayoutEntry) added = NULL;
  g_autoptr (GPtrArray) lines = flash_layout_text_line_array_new ();

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), NULL);
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (entry), NULL);

  if (!flash_layout_document_locate (self, entry, &at))
    return NULL;
  text = flash_layout_document_get_text (self);
  original = flash_layout_text_get_line (text, at);
  copy.is_aligned = flash_layout_columns_are_aligned (text);
  added = flash_layout_entry_new ();
  copy.line = flash_layout_text_line_new (original->text, original->length, "", added);
  set_own_cells (&copy, text);
  g_ptr_array_add (lines, copy.line);
  if (!flash_layout_document_splice (self, at + 1, 0, lines, FLASH_LAYOUT_EDIT_DUPLICATE,
                                     flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_NAME)))
    return NULL;
  return added;
}

/* Returns: (transfer none) (nullable): the storage of an enabled partition, as the file names it.
 */
static const char *
get_storage (FlashLayoutEntry *entry)
{
  const char *ip = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_IP);
  FlashLayoutValues values = { 0 };

  if (!flash_layout_entry_is_enabled (entry) ||
      !flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_IP, ip, 0, NULL) ||
      values.ip == FLASH_LAYOUT_IP_NONE)
    return NULL;
  return ip;
}

/* Returns: (transfer full): an option by which the data of the partition are written. */
static char *
dup_written (const char *option)
{
  return g_strdup (strchr (option, 'D') != NULL ? "PD" : "P");
}

static gboolean
is_written (const char *option)
{
  return strchr (option, 'P') != NULL && strchr (option, 'E') == NULL;
}

/* Returns: (transfer full): the line with an option by which it is written or not. */
static FlashLayoutTextLine *
keep_line (FlashLayoutTextLine *line, gboolean is_aligned, gboolean is_wanted)
{
  const char *option = flash_layout_entry_get_cell (line->entry, FLASH_LAYOUT_COLUMN_OPTION);
  g_autofree char *changed = is_wanted ? dup_written (option) : g_strdup ("-");
  g_autofree char *text = NULL;

  if (g_str_equal (option, changed) || (is_wanted && is_written (option)))
    return flash_layout_text_line_ref (line);
  text = flash_layout_columns_dup_set (line, is_aligned, FLASH_LAYOUT_COLUMN_OPTION, changed);
  return flash_layout_text_line_new (text, strlen (text), line->end, line->entry);
}

/* Returns: (transfer full) (element-type utf8): the storages of the partitions to write. */
static GHashTable *
find_storages (GPtrArray *entries)
{
  GHashTable *storages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < entries->len; i++) {
    const char *storage = get_storage (g_ptr_array_index (entries, i));

    if (storage != NULL)
      g_hash_table_add (storages, g_strdup (storage));
  }
  return storages;
}

gboolean
flash_layout_document_keep_only (FlashLayoutDocument *self, GPtrArray *entries)
{
  g_autoptr (GHashTable) storages = NULL;
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) lines = flash_layout_text_line_array_new ();
  const char *subject = NULL;
  FlashLayoutText *text;
  gboolean is_aligned;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);
  g_return_val_if_fail (entries != NULL, FALSE);

  storages = find_storages (entries);
  for (guint i = 0; i < entries->len; i++)
    g_hash_table_add (wanted, g_ptr_array_index (entries, i));
  if (entries->len == 1)
    subject =
        flash_layout_entry_get_cell (g_ptr_array_index (entries, 0), FLASH_LAYOUT_COLUMN_NAME);
  text = flash_layout_document_get_text (self);
  is_aligned = flash_layout_columns_are_aligned (text);
  for (guint i = 0; i < text->lines->len; i++) {
    FlashLayoutTextLine *line = flash_layout_text_get_line (text, i);
    const char *storage = line->entry != NULL ? get_storage (line->entry) : NULL;

    if (storage != NULL && g_hash_table_contains (storages, storage))
      line = keep_line (line, is_aligned, g_hash_table_contains (wanted, line->entry));
    else
      flash_layout_text_line_ref (line);
    g_ptr_array_add (lines, line);
  }
  return flash_layout_document_splice (self, 0, text->lines->len, lines, FLASH_LAYOUT_EDIT_ONLY,
                                       subject);
}
