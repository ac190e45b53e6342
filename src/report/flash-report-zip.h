/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small zip files with nothing but files in them. For use inside this room. Thread: any. */
#pragma once

#include "flash-report.h"

G_BEGIN_DECLS

/**
 * FlashReportEntry:
 * @name: of the file, without a folder
 * @bytes: what is in it
 */
typedef struct {
  char *name;
  GBytes *bytes;
} FlashReportEntry;

/* Returns: (transfer full) (element-type FlashReportEntry): an empty list. */
GPtrArray *flash_report_entries_new (void);
/* Adds a file to the list; @bytes: (transfer full). */
void flash_report_entries_add (GPtrArray *entries, const char *name, GBytes *bytes);

/**
 * flash_report_zip_pack:
 * @entries: (element-type FlashReportEntry): what to pack, in order
 *
 * The first is stored as it is, so that others can recognise it, the rest is compressed. No time,
 * no owner and no language gets in: the same entries give the same bytes.
 *
 * Returns: (transfer full) (nullable): the zip file; %NULL with @error set (%G_IO_ERROR)
 */
GBytes *flash_report_zip_pack (GPtrArray *entries, GError **error);

/* Returns: whether @head, from the start of a file, is that of a zip whose first file is
 *   `report.json`. */
gboolean flash_report_zip_is_report (const guint8 *head, gsize length);

/* So much of a file is needed to see it. */
#define FLASH_REPORT_ZIP_HEAD 4096

/**
 * flash_report_zip_unpack:
 * @zip: from anybody
 *
 * Believes no name, no size and no number; takes no more than the bounds in flash-report.h.
 *
 * Returns: (transfer full) (nullable) (element-type FlashReportEntry): what is in it, the report's
 *   own entry first; %NULL with @error set (%FLASH_REPORT_ERROR)
 */
GPtrArray *flash_report_zip_unpack (GBytes *zip, GError **error);

G_END_DECLS
