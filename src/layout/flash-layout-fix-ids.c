/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Free Ids, and what a new Id does to the order in which the board writes: by rising Id
 * (stm32mp-usb.md section 3.12). */
#define G_LOG_DOMAIN "flash-layout-fix-ids"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-fix-private.h"

/* stm32mp-usb.md section 1.5: the first Id that is not a boot stage's. */
#define FIRST_PARTITION_ID 0x04

typedef struct {
  guint line;
  guint8 first_id; /* before anything was mended */
  guint8 id;
  gboolean is_written;
  gboolean is_for_user;
} Row;

struct _FlashLayoutIds {
  GArray *rows; /* (owned) (element-type Row) */
  guint n_with_id[G_MAXUINT8 + 1];
};

FlashLayoutIds *
flash_layout_ids_new (FlashLayoutDocument *document)
{
  FlashLayoutIds *self = g_new0 (FlashLayoutIds, 1);
  g_autoptr (GBytes) text = flash_layout_document_dup_text (document);
  g_autoptr (FlashDiagList) ignored = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (text, NULL, ignored);

  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    FlashLayoutRow *layout_row = flash_layout_get_row (layout, i);
    FlashLayoutType type = flash_layout_row_get_layout_type (layout_row);
    Row row = {
      .line = flash_layout_row_get_line (layout_row),
      .first_id = flash_layout_row_get_id (layout_row),
      .id = flash_layout_row_get_id (layout_row),
      .is_written = flash_layout_row_is_download (layout_row) &&
                    flash_layout_row_get_ip (layout_row) != FLASH_LAYOUT_IP_NONE,
      .is_for_user = type == FLASH_LAYOUT_TYPE_SYSTEM || type == FLASH_LAYOUT_TYPE_FILESYSTEM,
    };

    g_array_append_val (self->rows, row);
    self->n_with_id[row.id]++;
  }
  return self;
}

void
flash_layout_ids_free (FlashLayoutIds *self)
{
  g_array_unref (self->rows);
  g_free (self);
}

/* Lines stand in the order of the file. */
static Row *
find_row (FlashLayoutIds *self, guint line)
{
  for (guint i = 0; i < self->rows->len; i++) {
    Row *row = &g_array_index (self->rows, Row, i);

    if (row->line == line)
      return row;
  }
  return NULL;
}

static gboolean
keeps_order (FlashLayoutIds *self, const Row *row, guint8 id)
{
  for (guint i = 0; i < self->rows->len && row->is_written; i++) {
    const Row *other = &g_array_index (self->rows, Row, i);

    if (!other->is_written || other == row || other->first_id == row->first_id)
      continue;
    if ((other->first_id > row->first_id) != (other->id > id))
      return FALSE;
  }
  return TRUE;
}

guint8
flash_layout_ids_find_free (FlashLayoutIds *self, guint line, gboolean *out_keeps_order)
{
  const Row *row = find_row (self, line);
  guint first = FIRST_PARTITION_ID;

  if (row == NULL)
    return 0;
  if (row->id >= FIRST_PARTITION_ID)
    first = row->id + 1u;
  else if (row->is_for_user)
    first = FLASH_LAYOUT_FIRST_USER_ID;
  for (guint round = 0; round < 2; round++) {
    for (guint id = first; id <= FLASH_LAYOUT_MAX_ID; id++) {
      if (self->n_with_id[id] > 0)
        continue;
      *out_keeps_order = keeps_order (self, row, (guint8) id);
      return (guint8) id;
    }
    first = FIRST_PARTITION_ID;
  }
  return 0;
}

void
flash_layout_ids_take (FlashLayoutIds *self, guint line, guint8 id)
{
  Row *row = find_row (self, line);

  g_return_if_fail (row != NULL);

  self->n_with_id[row->id]--;
  self->n_with_id[id]++;
  row->id = id;
}
