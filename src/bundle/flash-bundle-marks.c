/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-marks"

#include "config.h"

#include "flash-bundle-marks.h"
#include "flash-bundle.h"

/* What an entry of the table begins with, "PK\1\2" (APPNOTE.TXT section 4.3.12). */
#define MARK 0x504b0102
/* So many more may be seen than there are entries: the end of the file is read more than once while
 * the table is looked for, and names may hold those bytes. */
#define N_SPARE 4096

gboolean
flash_bundle_marks_add (FlashBundleMarks *self, const guint8 *bytes, gsize length,
                        const FlashBundleLimits *limits, GError **error)
{
  for (gsize i = 0; i < length; i++) {
    self->last = self->last << 8 | bytes[i];
    self->n_marks += self->last == MARK;
  }
  if (self->n_marks <= limits->max_entries + N_SPARE)
    return TRUE;
  flash_bundle_marks_set_error (limits, error);
  return FALSE;
}

void
flash_bundle_marks_jump (FlashBundleMarks *self)
{
  self->last = 0;
}

void
flash_bundle_marks_set_error (const FlashBundleLimits *limits, GError **error)
{
  g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
               "the archive has more than %u entries, which is the bound", limits->max_entries);
}
