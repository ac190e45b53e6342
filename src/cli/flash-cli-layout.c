/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-layout"

#include "config.h"

#include "flash-cli-layout.h"

#include "flash-cli-json.h"

#include <glib/gstdio.h>

void
flash_cli_layout_clear (FlashCliLayout *self)
{
  g_clear_object (&self->layout);
  g_clear_pointer (&self->diags, flash_diag_list_unref);
  g_clear_pointer (&self->sizes, g_hash_table_unref);
  g_clear_pointer (&self->bundle, flash_cli_bundle_free);
}

/* A layout that cannot be read is a fault of the input like any other. */
static void
add_load_error (FlashDiagList *diags, const GError *error)
{
  const char *code = "layout-unreadable";

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    code = "layout-missing";
  else if (error->domain == FLASH_LAYOUT_ERROR)
    code = "layout-too-large";
  flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, code, 0, 0,
                       N_ ("The layout cannot be read: {0}."), error->message, NULL);
}

typedef struct {
  FlashLayout *layout;
  FlashLayoutLintOptions options;
  FlashDiagList *diags;
} Lint;

/* Cancelled or not: what was found so far is in the diagnostics. */
static void
lint (gpointer data, GCancellable *cancellable)
{
  Lint *self = data;

  flash_layout_lint (self->layout, &self->options, self->diags, cancellable, NULL);
}

void
flash_cli_layout_load (const char *path, GHashTable *sizes, guint device_id, gboolean allow_outside,
                       FlashCliLayout *out_layout)
{
  Lint work = { .options = {
                    .sizes = sizes, .device_id = device_id, .allow_outside = allow_outside } };
  g_autoptr (GError) error = NULL;

  out_layout->sizes = sizes;
  out_layout->diags = flash_diag_list_new ();
  if (flash_bundle_is_bundle (path)) {
    out_layout->bundle =
        flash_cli_bundle_open (path, out_layout->wanted, device_id, out_layout->diags);
    path = flash_cli_bundle_get_layout_path (out_layout->bundle);
    if (path == NULL)
      return;
  }
  out_layout->layout = flash_layout_load (path, out_layout->diags, &error);
  work.layout = out_layout->layout;
  work.diags = out_layout->diags;
  if (out_layout->layout == NULL)
    add_load_error (out_layout->diags, error);
  else if (out_layout->bundle != NULL)
    flash_cli_bundle_run (out_layout->bundle, lint, &work);
  else
    lint (&work, NULL);
}

gboolean
flash_cli_layout_is_good (const FlashCliLayout *self)
{
  return self->layout != NULL && flash_diag_list_count (self->diags, FLASH_SEVERITY_ERROR) == 0;
}

FlashCliExit
flash_cli_layout_get_exit (const FlashCliLayout *self)
{
  if (self->bundle != NULL && flash_cli_bundle_is_stopped (self->bundle))
    return FLASH_CLI_STOPPED;
  if (self->bundle != NULL && flash_cli_bundle_has_failed (self->bundle))
    return FLASH_CLI_FAILED;
  return flash_cli_layout_is_good (self) ? FLASH_CLI_DONE : FLASH_CLI_INPUT;
}

const FlashAdvice *
flash_cli_layout_get_advice (const FlashCliLayout *self)
{
  if (self->bundle == NULL || self->layout != NULL)
    return flash_advice_find ("layout-has-errors");
  return flash_advice_find (flash_cli_bundle_has_failed (self->bundle) ? "bundle-not-unpacked"
                                                                       : "bundle-not-opened");
}

static void
add_offset (JsonBuilder *builder, FlashLayoutRow *row)
{
  switch (flash_layout_row_get_offset_kind (row)) {
  case FLASH_LAYOUT_OFFSET_NUMBER:
    flash_cli_json_add_number (builder, "offset", flash_layout_row_get_offset (row));
    break;
  case FLASH_LAYOUT_OFFSET_BOOT1:
    flash_cli_json_add_text (builder, "offset", "boot1");
    break;
  case FLASH_LAYOUT_OFFSET_BOOT2:
    flash_cli_json_add_text (builder, "offset", "boot2");
    break;
  }
}

/* Returns: the part of a storage that the row stands for, NULL if it is on none. */
static const FlashLayoutPart *
find_part (GPtrArray *storages, FlashLayoutRow *row)
{
  for (guint i = 0; i < storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (storages, i);

    for (guint j = 0; j < storage->parts->len; j++) {
      const FlashLayoutPart *part = &g_array_index (storage->parts, FlashLayoutPart, j);

      if (part->row == row)
        return part;
    }
  }
  return NULL;
}

static void
add_partition (JsonBuilder *builder, FlashLayoutRow *row, const FlashLayoutPart *part)
{
  const char *path = flash_layout_row_get_path (row);
  GStatBuf info;

  json_builder_begin_object (builder);
  flash_cli_json_add_number (builder, "line", flash_layout_row_get_line (row));
  flash_cli_json_add_text (builder, "option",
                           flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_OPTION));
  flash_cli_json_add_number (builder, "id", flash_layout_row_get_id (row));
  flash_cli_json_add_text (builder, "name", flash_layout_row_get_name (row));
  flash_cli_json_add_text (builder, "type",
                           flash_layout_type_get_name (flash_layout_row_get_layout_type (row)));
  flash_cli_json_add_number (builder, "copies", flash_layout_row_get_copies (row));
  flash_cli_json_add_text (builder, "ip", flash_layout_row_get_ip_name (row));
  add_offset (builder, row);
  json_builder_set_member_name (builder, "binary");
  if (flash_layout_row_get_binary (row) != NULL)
    json_builder_add_string_value (builder, flash_layout_row_get_binary (row));
  else
    json_builder_add_null_value (builder);
  if (part != NULL && part->size != G_MAXUINT64)
    flash_cli_json_add_number (builder, "size", part->size);
  if (path != NULL && g_stat (path, &info) == 0 && S_ISREG (info.st_mode))
    flash_cli_json_add_number (builder, "image_size", (guint64) info.st_size);
  json_builder_end_object (builder);
}

static void
add_storage (JsonBuilder *builder, const FlashLayoutStorage *storage)
{
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "ip", storage->ip);
  if (storage->size > 0)
    flash_cli_json_add_number (builder, "size", storage->size);
  json_builder_set_member_name (builder, "partitions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < storage->parts->len; i++) {
    const FlashLayoutPart *part = &g_array_index (storage->parts, FlashLayoutPart, i);

    json_builder_begin_object (builder);
    flash_cli_json_add_number (builder, "id", flash_layout_row_get_id (part->row));
    flash_cli_json_add_text (builder, "name", flash_layout_row_get_name (part->row));
    flash_cli_json_add_number (builder, "start", part->start);
    if (part->size != G_MAXUINT64)
      flash_cli_json_add_number (builder, "size", part->size);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

void
flash_cli_layout_add_json (JsonBuilder *builder, const FlashCliLayout *self)
{
  guint n_rows = self->layout != NULL ? flash_layout_get_n_rows (self->layout) : 0;
  g_autoptr (GPtrArray) storages = NULL;

  storages = self->layout != NULL ? flash_layout_dup_storages (self->layout, self->sizes)
                                  : g_ptr_array_new ();
  json_builder_set_member_name (builder, "partitions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_rows; i++) {
    FlashLayoutRow *row = flash_layout_get_row (self->layout, i);

    add_partition (builder, row, find_part (storages, row));
  }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "storages");
  json_builder_begin_array (builder);
  for (guint i = 0; i < storages->len; i++)
    add_storage (builder, g_ptr_array_index (storages, i));
  json_builder_end_array (builder);
}
