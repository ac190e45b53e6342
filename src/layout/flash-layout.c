/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout"

#include "config.h"

#include "flash-layout.h"
#include "flash-layout-board.h"
#include "flash-layout-cells.h"
#include "flash-layout-reader.h"
#include "flash-layout-row-private.h"
#include "flash-source.h"
#include "flash-stm32-header.h"

struct _FlashLayout {
  GObject parent_instance;

  GPtrArray *rows; /* (owned) (element-type FlashLayoutRow) */
  char *folder; /* (owned) (nullable) (type filename) */
  char *base; /* (owned) (nullable) (type filename) */
  GBytes *board_text; /* (owned) */
  char *refusal; /* (owned) (nullable) */
  guint refusal_line;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashLayout, flash_layout, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

GQuark
flash_layout_error_quark (void)
{
  return g_quark_from_static_string ("flash-layout-error-quark");
}

static void
flash_layout_finalize (GObject *object)
{
  FlashLayout *self = FLASH_LAYOUT (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->board_text, g_bytes_unref);
  g_free (self->folder);
  g_free (self->base);
  g_free (self->refusal);

  G_OBJECT_CLASS (flash_layout_parent_class)->finalize (object);
}

static void
flash_layout_class_init (FlashLayoutClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_layout_finalize;
}

static void
flash_layout_init (FlashLayout *self)
{
}

static GType
get_item_type (GListModel *model)
{
  return FLASH_TYPE_LAYOUT_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return FLASH_LAYOUT (model)->rows->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  FlashLayout *self = FLASH_LAYOUT (model);

  return position < self->rows->len ? g_object_ref (g_ptr_array_index (self->rows, position))
                                    : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Returns: (transfer full): the folder beside a `flashlayout_…` above @folder, or @folder. */
static char *
find_base (const char *folder)
{
  g_autofree char *above = g_path_get_dirname (folder);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *name_above = g_path_get_basename (above);

  if (g_str_has_prefix (name, "flashlayout_"))
    return g_steal_pointer (&above);
  if (g_str_has_prefix (name_above, "flashlayout_"))
    return g_path_get_dirname (above);
  return g_strdup (folder);
}

static void
refuse (FlashLayout *self, FlashDiag *diag, char *answer)
{
  if (answer != NULL)
    flash_diag_set_device_text (diag, answer);
  g_free (self->refusal);
  self->refusal = answer != NULL ? answer : g_strdup ("");
  self->refusal_line = 0;
}

/**
 * unframe:
 * @out_refused: (out): whether the frame is broken
 *
 * Returns: (transfer full): the text without the STM32 header that some programs put in front
 *   (stm32mp-usb.md section 3.1)
 */
static GBytes *
unframe (FlashLayout *self, GBytes *bytes, FlashDiagList *diags)
{
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "layout");
  FlashStm32Header header;
  guint32 computed = 0;
  gsize size = g_bytes_get_size (bytes);
  gsize length;

  /* The board takes anything but a clean v1 header for text. */
  if (!flash_stm32_header_read (source, &header, NULL) || header.version_major != 1 ||
      !header.is_clean)
    return g_bytes_ref (bytes);

  length = MIN (size - header.header_length, header.image_length);
  if (header.image_length > size - header.header_length) {
    refuse (self,
            flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "layout-truncated", 0, 0,
                                 N_ ("The STM32 header of the layout announces more text "
                                     "than there is."),
                                 NULL),
            NULL);
  } else if (!flash_stm32_header_verify (source, &header, &computed, NULL, NULL)) {
    refuse (self,
            flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "layout-checksum", 0, 0,
                                 N_ ("The STM32 header of the layout has a checksum that is "
                                     "not that of the text."),
                                 NULL),
            flash_layout_format_answer ("Layout: invalid checksum : 0x%x expected 0x%x", computed,
                                        header.checksum));
  }
  return g_bytes_new_from_bytes (bytes, header.header_length, length);
}

FlashLayout *
flash_layout_new_from_bytes (GBytes *text, const char *folder, FlashDiagList *diags)
{
  FlashLayout *self = g_object_new (FLASH_TYPE_LAYOUT, NULL);
  g_auto (FlashLayoutVerdict) verdict = { 0 };
  g_autoptr (GBytes) bare = NULL;

  g_return_val_if_fail (text != NULL && diags != NULL, NULL);

  if (folder != NULL) {
    self->folder = g_canonicalize_filename (folder, NULL);
    self->base = find_base (self->folder);
  }
  if (g_bytes_get_size (text) > FLASH_LAYOUT_MAX_SIZE) {
    refuse (self,
            flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "layout-too-large", 0, 0,
                                 N_ ("The file is larger than 256 KiB, so it is not a "
                                     "FlashLayout."),
                                 NULL),
            NULL);
    self->rows = g_ptr_array_new_with_free_func (g_object_unref);
    self->board_text = g_bytes_new_static ("", 0);
    return self;
  }

  bare = unframe (self, text, diags);
  flash_layout_judge (bare, &verdict, &self->board_text);
  self->rows = flash_layout_read_rows (bare, &verdict, diags);
  for (guint i = 0; i < self->rows->len && self->folder != NULL; i++)
    flash_layout_row_resolve (g_ptr_array_index (self->rows, i), self->folder, self->base);
  if (self->refusal == NULL) {
    self->refusal = g_steal_pointer (&verdict.answer);
    self->refusal_line = verdict.line;
  }
  return self;
}

FlashLayout *
flash_layout_load (const char *path, FlashDiagList *diags, GError **error)
{
  g_autoptr (FlashSource) source = NULL;
  g_autofree char *full_path = NULL;
  g_autofree char *folder = NULL;
  g_autofree guint8 *bytes = NULL;
  g_autoptr (GBytes) text = NULL;
  guint64 size;

  g_return_val_if_fail (path != NULL && diags != NULL, NULL);

  source = flash_source_new_for_file (path, error);
  if (source == NULL)
    return NULL;
  size = flash_source_get_size (source);
  if (size > FLASH_LAYOUT_MAX_SIZE) {
    g_set_error (error, FLASH_LAYOUT_ERROR, FLASH_LAYOUT_ERROR_TOO_LARGE,
                 "the file has %" G_GUINT64_FORMAT
                 " bytes, a FlashLayout has at most %d; this is not a FlashLayout",
                 size, FLASH_LAYOUT_MAX_SIZE);
    return NULL;
  }

  bytes = g_malloc ((gsize) size + 1);
  if (!flash_source_read (source, 0, bytes, (gsize) size, error))
    return NULL;
  text = g_bytes_new_take (g_steal_pointer (&bytes), (gsize) size);
  full_path = g_canonicalize_filename (path, NULL);
  folder = g_path_get_dirname (full_path);
  return flash_layout_new_from_bytes (text, folder, diags);
}

gboolean
flash_layout_is_accepted (FlashLayout *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT (self), FALSE);

  return self->refusal == NULL;
}

const char *
flash_layout_get_refusal (FlashLayout *self, guint *out_line)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT (self), NULL);

  if (out_line != NULL)
    *out_line = self->refusal_line;
  return self->refusal;
}

const char *
flash_layout_get_folder (FlashLayout *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT (self), NULL);

  return self->folder;
}

const char *
flash_layout_get_base (FlashLayout *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT (self), NULL);

  return self->base;
}

guint
flash_layout_get_n_rows (FlashLayout *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT (self), 0);

  return self->rows->len;
}

FlashLayoutRow *
flash_layout_get_row (FlashLayout *self, guint index)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT (self) && index < self->rows->len, NULL);

  return g_ptr_array_index (self->rows, index);
}

FlashLayoutRow *
flash_layout_find_row (FlashLayout *self, guint8 id, gboolean ip_none)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT (self), NULL);

  for (guint i = 0; i < self->rows->len; i++) {
    FlashLayoutRow *row = g_ptr_array_index (self->rows, i);

    if (flash_layout_row_is_valid (row) && flash_layout_row_get_id (row) == id &&
        (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE) == ip_none)
      return row;
  }
  return NULL;
}

GBytes *
flash_layout_dup_device_text (FlashLayout *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT (self), NULL);

  return g_bytes_ref (self->board_text);
}
