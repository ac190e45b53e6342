/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cell-facts"

#include "config.h"

#include "flash-cell-facts.h"

#include "flash-layout-lint.h"
#include "flash-words.h"

typedef struct {
  FlashRowFacts facts;
  guint line; /* of the text that was checked */
} Known;

struct _FlashCellFacts {
  FlashLoaded *loaded; /* (owned) (nullable) */
  GHashTable *known; /* (owned) (element-type FlashLayoutEntry Known) */
};

FlashCellFacts *
flash_cell_facts_new (void)
{
  FlashCellFacts *self = g_new0 (FlashCellFacts, 1);

  self->known = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  return self;
}

void
flash_cell_facts_free (FlashCellFacts *self)
{
  g_clear_pointer (&self->loaded, flash_loaded_unref);
  g_hash_table_unref (self->known);
  g_free (self);
}

/* Returns: (transfer none) (nullable): room for what is known about that line. */
static FlashRowFacts *
ensure_line (FlashCellFacts *self, FlashLayoutDocument *document, guint line)
{
  FlashLayoutEntry *entry =
      line > 0 ? flash_layout_document_find_line (document, line) : (FlashLayoutEntry *) NULL;
  Known *known;

  if (entry == NULL)
    return NULL;
  known = g_hash_table_lookup (self->known, entry);
  if (known == NULL) {
    known = g_new0 (Known, 1);
    known->facts.slot_size = FLASH_SIZE_UNKNOWN;
    known->facts.image_size = FLASH_SIZE_UNKNOWN;
    known->line = line;
    g_hash_table_insert (self->known, g_object_ref (entry), known);
  }
  return &known->facts;
}

static void
add_slots (FlashCellFacts *self, FlashLayoutDocument *document)
{
  for (guint i = 0; i < self->loaded->storages->len; i++) {
    FlashLayoutStorage *storage = g_ptr_array_index (self->loaded->storages, i);

    for (guint j = 0; j < storage->parts->len; j++) {
      FlashLayoutPart *part = &g_array_index (storage->parts, FlashLayoutPart, j);
      FlashRowFacts *facts = ensure_line (self, document, flash_layout_row_get_line (part->row));

      if (facts != NULL)
        facts->slot_size = part->size;
    }
  }
}

static void
add_images (FlashCellFacts *self, FlashLayoutDocument *document)
{
  guint n_rows =
      MIN (flash_layout_get_n_rows (self->loaded->layout), self->loaded->image_sizes->len);

  for (guint i = 0; i < n_rows; i++) {
    FlashLayoutRow *row = flash_layout_get_row (self->loaded->layout, i);
    FlashRowFacts *facts = ensure_line (self, document, flash_layout_row_get_line (row));

    if (facts != NULL)
      facts->image_size = g_array_index (self->loaded->image_sizes, guint64, i);
  }
}

static void
add_severities (FlashCellFacts *self, FlashLayoutDocument *document)
{
  for (guint i = 0; i < flash_diag_list_get_length (self->loaded->diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (self->loaded->diags, i);
    FlashRowFacts *facts = ensure_line (self, document, flash_diag_get_line (diag));

    if (facts == NULL)
      continue;
    facts->severity = facts->has_severity ? MAX (facts->severity, flash_diag_get_severity (diag))
                                          : flash_diag_get_severity (diag);
    facts->has_severity = TRUE;
  }
}

gboolean
flash_cell_facts_update (FlashCellFacts *self, FlashEditor *editor)
{
  FlashLayoutDocument *document = flash_editor_get_document (editor);
  FlashLoaded *loaded = flash_editor_get_loaded (editor);

  if (loaded == NULL || !flash_editor_is_checked (editor))
    return FALSE;
  g_clear_pointer (&self->loaded, flash_loaded_unref);
  self->loaded = flash_loaded_ref (loaded);
  g_hash_table_remove_all (self->known);
  add_slots (self, document);
  add_images (self, document);
  add_severities (self, document);
  return TRUE;
}

const FlashRowFacts *
flash_cell_facts_find (FlashCellFacts *self, FlashLayoutEntry *entry)
{
  Known *known = g_hash_table_lookup (self->known, entry);

  return known != NULL ? &known->facts : NULL;
}

char *
flash_cell_facts_dup_messages (FlashCellFacts *self, FlashLayoutEntry *entry, guint column,
                               guint max)
{
  static const FlashSeverity order[] = { FLASH_SEVERITY_ERROR, FLASH_SEVERITY_WARNING,
                                         FLASH_SEVERITY_INFO };
  const Known *known = g_hash_table_lookup (self->known, entry);
  GString *text = NULL;
  guint n = 0;

  if (known == NULL || !known->facts.has_severity)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (guint j = 0; j < flash_diag_list_get_length (self->loaded->diags) && n < max; j++) {
      const FlashDiag *diag = flash_diag_list_get (self->loaded->diags, j);
      g_autofree char *message = NULL;

      if (flash_diag_get_line (diag) != known->line || flash_diag_get_severity (diag) != order[i] ||
          (column > 0 && flash_diag_get_column (diag) != column))
        continue;
      message = flash_diag_dup_message (diag, flash_words_translate);
      g_string_append_printf (text, "%s%s", n > 0 ? "\n" : "", message);
      n++;
    }
  return g_string_free (text, n == 0);
}
