/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-row"

#include "config.h"

#include "flash-layout-row-private.h"

struct _FlashLayoutRow {
  GObject parent_instance;

  guint line;
  gboolean is_valid;
  FlashLayoutValues values;
  guint n_cells;
  char *cells[FLASH_LAYOUT_COLUMNS]; /* (owned): valid UTF-8, "" if missing */
  char *raw_name; /* (owned): any bytes */
  char *binary; /* (owned) (nullable): valid UTF-8 */
  char *path; /* (owned) (nullable) (type filename) */
};

G_DEFINE_FINAL_TYPE (FlashLayoutRow, flash_layout_row, G_TYPE_OBJECT)

static void
flash_layout_row_finalize (GObject *object)
{
  FlashLayoutRow *self = FLASH_LAYOUT_ROW (object);

  for (guint i = 0; i < FLASH_LAYOUT_COLUMNS; i++)
    g_free (self->cells[i]);
  g_free (self->raw_name);
  g_free (self->binary);
  g_free (self->path);

  G_OBJECT_CLASS (flash_layout_row_parent_class)->finalize (object);
}

static void
flash_layout_row_class_init (FlashLayoutRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_layout_row_finalize;
}

static void
flash_layout_row_init (FlashLayoutRow *self)
{
}

FlashLayoutRow *
flash_layout_row_new (guint line, const char *const *cells, guint n_cells,
                      const FlashLayoutValues *values, gboolean is_valid)
{
  FlashLayoutRow *self = g_object_new (FLASH_TYPE_LAYOUT_ROW, NULL);
  const char *name = n_cells >= FLASH_LAYOUT_COLUMN_NAME ? cells[FLASH_LAYOUT_COLUMN_NAME - 1] : "";

  self->line = line;
  self->is_valid = is_valid;
  self->values = *values;
  self->n_cells = MIN (n_cells, FLASH_LAYOUT_COLUMNS);
  for (guint i = 0; i < FLASH_LAYOUT_COLUMNS; i++)
    self->cells[i] = g_utf8_make_valid (i < self->n_cells ? cells[i] : "", -1);
  self->raw_name = g_strdup (name);

  if (self->n_cells >= FLASH_LAYOUT_COLUMN_BINARY) {
    /* Blanks around a file name are an accident; no file's name is meant to begin with one. */
    g_autofree char *binary = g_strstrip (g_strdup (cells[FLASH_LAYOUT_COLUMN_BINARY - 1]));

    if (*binary != '\0' && !g_str_equal (binary, "none")) {
      self->binary = g_utf8_make_valid (binary, -1);
      self->path = g_steal_pointer (&binary);
    }
  }
  return self;
}

void
flash_layout_row_resolve (FlashLayoutRow *self, const char *folder, const char *base)
{
  g_autofree char *relative = g_steal_pointer (&self->path);

  if (relative == NULL || g_path_is_absolute (relative)) {
    self->path = g_steal_pointer (&relative);
    return;
  }
  self->path = g_build_filename (folder, relative, NULL);
  if (!g_str_equal (folder, base) && !g_file_test (self->path, G_FILE_TEST_EXISTS)) {
    g_free (self->path);
    self->path = g_build_filename (base, relative, NULL);
  }
}

const char *
flash_layout_type_get_name (FlashLayoutType type)
{
  switch (type) {
  case FLASH_LAYOUT_TYPE_BINARY:
    return "Binary";
  case FLASH_LAYOUT_TYPE_FIP:
    return "FIP";
  case FLASH_LAYOUT_TYPE_FWU_MDATA:
    return "FWU_MDATA";
  case FLASH_LAYOUT_TYPE_ENV:
    return "ENV";
  case FLASH_LAYOUT_TYPE_SYSTEM:
    return "System";
  case FLASH_LAYOUT_TYPE_ESP:
    return "ESP";
  case FLASH_LAYOUT_TYPE_FILESYSTEM:
    return "FileSystem";
  case FLASH_LAYOUT_TYPE_RAW_IMAGE:
    return "RawImage";
  }
  g_return_val_if_reached ("Binary");
}

guint
flash_layout_row_get_line (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), 0);

  return self->line;
}

gboolean
flash_layout_row_is_valid (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), FALSE);

  return self->is_valid;
}

const char *
flash_layout_row_get_cell (FlashLayoutRow *self, FlashLayoutColumn column)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), "");
  g_return_val_if_fail (column >= 1 && column <= FLASH_LAYOUT_COLUMNS, "");

  return self->cells[column - 1];
}

gboolean
flash_layout_row_has_binary_cell (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), FALSE);

  return self->n_cells >= FLASH_LAYOUT_COLUMN_BINARY;
}

gboolean
flash_layout_row_is_selected (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), FALSE);

  return self->values.is_selected;
}

gboolean
flash_layout_row_is_empty (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), FALSE);

  return self->values.is_empty;
}

gboolean
flash_layout_row_is_erased (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), FALSE);

  return self->values.is_erased;
}

gboolean
flash_layout_row_is_download (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), FALSE);

  return self->values.is_selected && !self->values.is_empty;
}

guint8
flash_layout_row_get_id (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), 0);

  return self->values.id;
}

const char *
flash_layout_row_get_name (FlashLayoutRow *self)
{
  return flash_layout_row_get_cell (self, FLASH_LAYOUT_COLUMN_NAME);
}

const char *
flash_layout_row_get_raw_name (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), "");

  return self->raw_name;
}

FlashLayoutType
flash_layout_row_get_layout_type (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), FLASH_LAYOUT_TYPE_BINARY);

  return self->values.type;
}

guint
flash_layout_row_get_copies (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), 1);

  /* Whatever is not more than one has no effect on the board. */
  return (guint) MAX (self->values.copies, 1);
}

FlashLayoutIp
flash_layout_row_get_ip (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), FLASH_LAYOUT_IP_NONE);

  return self->values.ip;
}

guint
flash_layout_row_get_ip_number (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), 0);

  return self->values.ip_number;
}

const char *
flash_layout_row_get_ip_name (FlashLayoutRow *self)
{
  return flash_layout_row_get_cell (self, FLASH_LAYOUT_COLUMN_IP);
}

FlashLayoutOffset
flash_layout_row_get_offset_kind (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), FLASH_LAYOUT_OFFSET_NUMBER);

  return self->values.offset_kind;
}

guint64
flash_layout_row_get_offset (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), 0);

  return self->values.offset;
}

const char *
flash_layout_row_get_binary (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), NULL);

  return self->binary;
}

const char *
flash_layout_row_get_path (FlashLayoutRow *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_ROW (self), NULL);

  return self->path;
}
