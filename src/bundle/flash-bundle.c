/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle"

#include "config.h"

#include "flash-bundle-describe.h"
#include "flash-bundle-path.h"
#include "flash-bundle-private.h"

#include <string.h>

G_DEFINE_FINAL_TYPE (FlashBundle, flash_bundle, G_TYPE_OBJECT)

GQuark
flash_bundle_error_quark (void)
{
  return g_quark_from_static_string ("flash-bundle-error-quark");
}

static void
flash_bundle_finalize (GObject *object)
{
  FlashBundle *self = FLASH_BUNDLE (object);

  g_free (self->path);
  g_clear_pointer (&self->layouts, g_ptr_array_unref);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  g_clear_pointer (&self->diags, flash_diag_list_unref);
  g_clear_pointer (&self->index, flash_bundle_index_free);
  g_clear_object (&self->source);

  G_OBJECT_CLASS (flash_bundle_parent_class)->finalize (object);
}

static void
flash_bundle_class_init (FlashBundleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_bundle_finalize;
}

static void
flash_bundle_init (FlashBundle *self)
{
  self->layouts = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_bundle_layout_free);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->diags = flash_diag_list_new ();
}

FlashBundle *
_flash_bundle_new (FlashBundleKind kind, const char *path, const FlashBundleLimits *limits)
{
  FlashBundle *self = g_object_new (FLASH_TYPE_BUNDLE, NULL);

  self->kind = kind;
  self->path = g_canonicalize_filename (path, NULL);
  self->limits = *limits;
  return self;
}

void
_flash_bundle_prefix_error (GError **error, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *safe = flash_bundle_path_dup_safe (name);

  if (error != NULL && !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error (error, "%s: ", safe);
}

/* --- opening ------------------------------------------------------------------------------ */

gboolean
flash_bundle_is_bundle (const char *path)
{
  g_autoptr (FlashSource) source = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  source = flash_source_new_for_file (path, NULL);
  return source != NULL && flash_bundle_format_sniff (source) != FLASH_BUNDLE_FORMAT_NONE;
}

FlashBundle *
flash_bundle_open (const char *path, FlashBundleProgress progress, gpointer data,
                   GCancellable *cancellable, GError **error)
{
  static const FlashBundleLimits limits = FLASH_BUNDLE_LIMITS_USUAL;
  g_autoptr (FlashSource) source = NULL;
  FlashBundle *self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
    self = _flash_bundle_open_folder (path, &limits, cancellable, error);
  } else {
    source = flash_source_new_for_file (path, error);
    if (source != NULL)
      self = _flash_bundle_open_archive (source, path, &limits, progress, data, cancellable, error);
  }
  if (self == NULL)
    _flash_bundle_prefix_error (error, path);
  return self;
}

/* --- what is in it ------------------------------------------------------------------------ */

FlashBundleKind
flash_bundle_get_kind (FlashBundle *self)
{
  g_return_val_if_fail (FLASH_IS_BUNDLE (self), FLASH_BUNDLE_FOLDER);

  return self->kind;
}

const char *
flash_bundle_get_path (FlashBundle *self)
{
  g_return_val_if_fail (FLASH_IS_BUNDLE (self), NULL);

  return self->path;
}

guint
flash_bundle_get_n_layouts (FlashBundle *self)
{
  g_return_val_if_fail (FLASH_IS_BUNDLE (self), 0);

  return self->layouts->len;
}

const FlashBundleLayout *
flash_bundle_get_layout (FlashBundle *self, guint index)
{
  g_return_val_if_fail (FLASH_IS_BUNDLE (self) && index < self->layouts->len, NULL);

  return g_ptr_array_index (self->layouts, index);
}

const FlashDiagList *
flash_bundle_get_diags (FlashBundle *self)
{
  g_return_val_if_fail (FLASH_IS_BUNDLE (self), NULL);

  return self->diags;
}

gboolean
flash_bundle_find_layout (FlashBundle *self, const char *name, guint *out_index)
{
  g_autofree char *ending = NULL;
  guint n_found = 0, found = 0;

  g_return_val_if_fail (FLASH_IS_BUNDLE (self) && name != NULL && out_index != NULL, FALSE);

  ending = g_strconcat ("/", name, NULL);
  for (guint i = 0; i < self->layouts->len; i++) {
    const FlashBundleLayout *layout = g_ptr_array_index (self->layouts, i);

    if (g_str_equal (layout->name, name)) {
      *out_index = i;
      return TRUE;
    }
    if (g_str_has_suffix (layout->name, ending)) {
      n_found++;
      found = i;
    }
  }
  if (n_found == 1)
    *out_index = found;
  return n_found == 1;
}

/* --- which one ---------------------------------------------------------------------------- */

const char *
flash_bundle_reason_get_name (FlashBundleReason reason)
{
  switch (reason) {
  case FLASH_BUNDLE_REASON_ONLY:
    return "only";
  case FLASH_BUNDLE_REASON_ACCEPTED:
    return "accepted";
  case FLASH_BUNDLE_REASON_CHIP:
    return "chip";
  case FLASH_BUNDLE_REASON_COMPLETE:
    return "complete";
  case FLASH_BUNDLE_REASON_USUAL:
    return "usual";
  case FLASH_BUNDLE_REASON_STORAGE:
    return "storage";
  case FLASH_BUNDLE_REASON_NAME:
    return "name";
  }
  g_return_val_if_reached ("name");
}

/* A name that does not tell the chip is better than one that tells another. */
static guint
get_chip_rank (const FlashBundleLayout *layout, guint device_id)
{
  if (device_id == 0 || layout->device_id == device_id)
    return 0;
  return layout->device_id == 0 ? 1 : 2;
}

static guint
get_storage_rank (FlashBundleStorage storage)
{
  static const FlashBundleStorage order[] = {
    FLASH_BUNDLE_STORAGE_SDCARD,   FLASH_BUNDLE_STORAGE_EMMC,    FLASH_BUNDLE_STORAGE_NAND,
    FLASH_BUNDLE_STORAGE_SPI_NAND, FLASH_BUNDLE_STORAGE_SEVERAL, FLASH_BUNDLE_STORAGE_NOR,
    FLASH_BUNDLE_STORAGE_RAM,      FLASH_BUNDLE_STORAGE_NONE,
  };
  guint rank = 0;

  while (rank < G_N_ELEMENTS (order) && order[rank] != storage)
    rank++;
  return rank;
}

/**
 * get_rank:
 * @reason: by what to judge
 *
 * Returns: the lower, the better
 */
static guint
get_rank (const FlashBundleLayout *layout, FlashBundleReason reason, guint device_id)
{
  switch (reason) {
  case FLASH_BUNDLE_REASON_ACCEPTED:
    return layout->is_accepted ? 0 : 1;
  case FLASH_BUNDLE_REASON_CHIP:
    return get_chip_rank (layout, device_id);
  case FLASH_BUNDLE_REASON_COMPLETE:
    return layout->n_missing;
  case FLASH_BUNDLE_REASON_USUAL:
    return layout->is_special ? 1 : 0;
  case FLASH_BUNDLE_REASON_STORAGE:
    return get_storage_rank (layout->storage);
  case FLASH_BUNDLE_REASON_ONLY:
  case FLASH_BUNDLE_REASON_NAME:
    return 0;
  }
  g_return_val_if_reached (0);
}

/**
 * find_difference:
 * @out_is_better: (out): whether @layout is better than @other
 *
 * Returns: what tells them apart
 */
static FlashBundleReason
find_difference (const FlashBundleLayout *layout, const FlashBundleLayout *other, guint device_id,
                 gboolean *out_is_better)
{
  for (guint reason = FLASH_BUNDLE_REASON_ACCEPTED; reason < FLASH_BUNDLE_REASON_NAME; reason++) {
    guint rank = get_rank (layout, reason, device_id);
    guint other_rank = get_rank (other, reason, device_id);

    *out_is_better = rank < other_rank;
    if (rank != other_rank)
      return reason;
  }
  *out_is_better = strcmp (layout->name, other->name) < 0;
  return FLASH_BUNDLE_REASON_NAME;
}

guint
flash_bundle_choose (FlashBundle *self, guint device_id, FlashBundleReason *out_reason)
{
  guint best = 0;
  FlashBundleReason reason = FLASH_BUNDLE_REASON_ONLY;
  gboolean is_better;

  g_return_val_if_fail (FLASH_IS_BUNDLE (self), 0);

  for (guint i = 1; i < self->layouts->len; i++) {
    find_difference (g_ptr_array_index (self->layouts, i), g_ptr_array_index (self->layouts, best),
                     device_id, &is_better);
    if (is_better)
      best = i;
  }
  /* The next best is the one that differs by the least important thing, which comes last. */
  for (guint i = 0; i < self->layouts->len; i++)
    if (i != best)
      reason = MAX (reason,
                    find_difference (g_ptr_array_index (self->layouts, best),
                                     g_ptr_array_index (self->layouts, i), device_id, &is_better));
  if (out_reason != NULL)
    *out_reason = reason;
  return best;
}

/* --- unpacking ---------------------------------------------------------------------------- */

char *
flash_bundle_unpack (FlashBundle *self, guint index, const char *folder,
                     FlashBundleProgress progress, gpointer data, char **out_unpacked,
                     GCancellable *cancellable, GError **error)
{
  char *path;

  g_return_val_if_fail (FLASH_IS_BUNDLE (self) && index < self->layouts->len, NULL);
  g_return_val_if_fail (folder != NULL && out_unpacked != NULL, NULL);

  if (self->kind == FLASH_BUNDLE_FOLDER) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    *out_unpacked = NULL;
    return g_strdup (g_ptr_array_index (self->paths, index));
  }
  path = _flash_bundle_unpack_archive (self, index, folder, progress, data, out_unpacked,
                                       cancellable, error);
  if (path == NULL)
    _flash_bundle_prefix_error (error, self->path);
  return path;
}
