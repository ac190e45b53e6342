/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zip files for the tests of reports, packed and unpacked by libarchive and not by our own code, so
 * that a test does not only prove that we agree with ourselves. Thread: main. */
#pragma once

#include "flash-report-private.h"

G_BEGIN_DECLS

/* The smallest report.json that is one. */
#define FLASH_REPORT_TEST_JSON "{\"flashwright-report\":1,\"sections\":{},\"moments\":[]}"

typedef struct archive FlashReportTestZip;

/**
 * FlashReportTestKind:
 * What an entry of a zip file is.
 */
typedef enum {
  FLASH_REPORT_TEST_FILE,
  FLASH_REPORT_TEST_LINK,
  FLASH_REPORT_TEST_FOLDER,
} FlashReportTestKind;

/* Returns: (transfer full): an empty zip file in memory; it goes on with
 *   flash_report_test_zip_add () and ends with flash_report_test_zip_end (). */
FlashReportTestZip *flash_report_test_zip_new (GByteArray *out, const char *password);

/**
 * flash_report_test_zip_add:
 * @bytes: (nullable) (array length=length): %NULL for zeros
 */
void flash_report_test_zip_add (FlashReportTestZip *zip, FlashReportTestKind kind, const char *name,
                                const char *bytes, gsize length);
void flash_report_test_zip_end (FlashReportTestZip *zip);

/* Returns: (transfer full): a zip with a `report.json` that holds @json. */
GByteArray *flash_report_test_pack (const char *json);

/* Returns: (transfer full): all names and all bytes of the zip at @path, one behind the other. */
GByteArray *flash_report_test_unpack (const char *path);

/* Opens @zip and fails the test unless the error is @code. */
void flash_report_test_assert_refused (GByteArray *zip, FlashReportError code);

/* Returns: (transfer full): a file in a new folder, which flash_report_test_remove () removes. */
char *flash_report_test_dup_path (const char *name);
void flash_report_test_remove (const char *path);

G_END_DECLS
