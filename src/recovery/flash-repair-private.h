/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files about repairs share. For use inside this room. Thread: any one at a time. */
#pragma once

#include "flash-repair.h"
#include "flash-source.h"

G_BEGIN_DECLS

#define FLASH_REPAIR_JSON_NAME "repair.json"

/**
 * FlashRepairFile:
 * @name: (owned): in the archive
 * @size: in bytes
 * @sha256: (owned) (nullable): in lower-case hexadecimal; %NULL until it is packed
 * @source: (owned) (nullable): where it comes from, if it is to be packed
 */
typedef struct {
  char *name;
  guint64 size;
  char *sha256;
  FlashSource *source;
} FlashRepairFile;

void flash_repair_file_free (FlashRepairFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashRepairFile, flash_repair_file_free)

struct _FlashRepair {
  gatomicrefcount ref_count;
  char *case_id;
  char *title;
  char *message;
  char *contact;
  GPtrArray *files; /* (owned) (element-type FlashRepairFile) */
};

/* Returns: whether @name is one that may be in an archive. */
gboolean flash_repair_is_name (const char *name);
/* Returns: (transfer none) (nullable): the file of that name. */
FlashRepairFile *flash_repair_find (FlashRepair *self, const char *name);

/* Returns: (transfer full): `repair.json`. */
GBytes *flash_repair_to_json (FlashRepair *self);

/**
 * flash_repair_from_json:
 * @text: anything
 * @max_bytes: how large all files together may be
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_REPAIR_ERROR)
 */
FlashRepair *
flash_repair_from_json (const char *text, gsize length, guint64 max_bytes, GError **error);

G_END_DECLS
