/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A support bundle: what somebody needs who was not there. One `.zip` with a few small texts and
 * one `report.json`; hashes of images, never the images.
 *
 * Whoever makes it adds sections and moments of the time line; who opens one believes nothing in
 * it. Thread: any one at a time. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Bounds for what is opened, and for what is made. */
#define FLASH_REPORT_MAX_ENTRIES 32
#define FLASH_REPORT_MAX_ENTRY_BYTES (8 * 1024 * 1024)
#define FLASH_REPORT_MAX_BYTES (24 * 1024 * 1024)

typedef enum {
  FLASH_REPORT_ERROR_NOT_A_REPORT, /* it is something else */
  FLASH_REPORT_ERROR_REFUSED, /* it is hostile: too large, too many files, names that lead out */
  FLASH_REPORT_ERROR_DAMAGED, /* it cannot be read to its end, or says nonsense */
  FLASH_REPORT_ERROR_TOO_NEW, /* a newer version of this program made it */
} FlashReportError;

#define FLASH_REPORT_ERROR (flash_report_error_quark ())
GQuark flash_report_error_quark (void);

/**
 * FlashReportMoment:
 * @time_ms: since the report's time line begins
 * @source: `job`, `port`, `console`, `kernel`, `advice` or `user`; in a report from elsewhere any
 *   lower-case letters, digits and hyphens
 * @text: English, one line, made safe to show
 * @code: (nullable): a stable code of an advice
 */
typedef struct {
  gint64 time_ms;
  char *source;
  char *text;
  char *code;
} FlashReportMoment;

void flash_report_moment_free (FlashReportMoment *self);

/**
 * FlashReportPrivacy:
 * What is replaced by a word in angle brackets, in every text and in every name of a file.
 *
 * @user: the name of the user and of the home folder
 * @host: the name of this computer
 * @serials: serial numbers of boards, of hubs and of everything on USB, and addresses of networks
 */
typedef struct {
  gboolean user;
  gboolean host;
  gboolean serials;
} FlashReportPrivacy;

typedef struct _FlashReport FlashReport;

FlashReport *flash_report_new (void);
FlashReport *flash_report_ref (FlashReport *self);
void flash_report_unref (FlashReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashReport, flash_report_unref)

/**
 * flash_report_add_section:
 * @name: lower case, digits, hyphens: the member of `report.json`, e.g. `host`, `board`, `plan`
 * @node: (transfer full): an object or array with the facts
 *
 * A section of the same name is replaced. Control characters in its strings are replaced too.
 */
void flash_report_add_section (FlashReport *self, const char *name, JsonNode *node);

/**
 * flash_report_add_text:
 * @name: name of a file in the zip, without folder, e.g. `layout.tsv`, `console.txt`
 * @text: UTF-8; cut at %FLASH_REPORT_MAX_ENTRY_BYTES, or where the report is full, which is said in
 *   it
 *
 * A text of the same name is replaced. What a name must not have (slashes and the like) becomes an
 * underscore. There may be one text less than %FLASH_REPORT_MAX_ENTRIES.
 */
void flash_report_add_text (FlashReport *self, const char *name, const char *text);

/* Adds a moment to the time line; they are put in order of time. Past some ten thousand of them the
 * last one says that there were more. */
void flash_report_add_moment (FlashReport *self, gint64 time_ms, const char *source,
                              const char *text, const char *code);

/**
 * flash_report_add_secret:
 * @kind: `user`, `host` or `serial`
 * @secret: a text that is to go if that kind is private; shorter than three characters does
 *   nothing. A user that begins with a slash is a home folder.
 *
 * The user's name, home folder and host name of this computer are secrets from the start.
 */
void flash_report_add_secret (FlashReport *self, const char *kind, const char *secret);

/* Returns: (transfer none) (element-type FlashReportMoment): the time line, in order. */
GPtrArray *flash_report_get_moments (FlashReport *self);
/* Returns: (transfer none) (nullable): the section of that name. */
JsonNode *flash_report_get_section (FlashReport *self, const char *name);
/* Returns: (transfer full) (array zero-terminated=1): the names of the sections, sorted. */
GStrv flash_report_list_sections (FlashReport *self);
/* Returns: (transfer full) (array zero-terminated=1): the names of the texts, sorted. */
GStrv flash_report_list_texts (FlashReport *self);
/* Returns: (transfer none) (nullable): the text of that name. */
const char *flash_report_get_text (FlashReport *self, const char *name);

/**
 * flash_report_make_private:
 *
 * Names that are common words (`admin`, `debian`) or have less than three characters are replaced
 * only where it is clear that they are names: in `/home/NAME`, `as user NAME`, `user=NAME`,
 * `uid=1000(NAME)`, `NAME@host`; see flash_report_list_kept (). Whatever stands there is taken for
 * a name, and what stands behind `SerialNumber:` and the like for a serial number.
 *
 * Takes a while with a large report; any thread, as long as nobody changes @self.
 *
 * Returns: (transfer full): a copy in which what @privacy names is replaced by `<user>`, `<home>`,
 *   `<host>`, `<serial-1>`, `<address-1>`, for preview and saving: what is shown is what is
 *   written. In names of texts the brackets are round, in names of sections there are none.
 */
FlashReport *flash_report_make_private (FlashReport *self, const FlashReportPrivacy *privacy);

/**
 * flash_report_list_kept:
 *
 * Returns: (transfer full) (array zero-terminated=1): names of users and computers that @privacy
 *   names and that may remain in some places, because they are common or very short words; to be
 *   said to whoever sends the report
 */
GStrv flash_report_list_kept (FlashReport *self, const FlashReportPrivacy *privacy);

/**
 * flash_report_save:
 * @path: (type filename): where to; written aside and renamed
 *
 * The same report gives the same bytes. Blocks.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR)
 */
gboolean flash_report_save (FlashReport *self, const char *path, GError **error);

/**
 * flash_report_load:
 * @path: (type filename): a file from anybody
 *
 * Blocks; reads no more than the bounds above, and writes nothing.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_REPORT_ERROR, %G_IO_ERROR)
 */
FlashReport *flash_report_load (const char *path, GError **error);

/* Returns: whether the file at @path looks like a report: a zip that begins with `report.json`. */
gboolean flash_report_is_report (const char *path);

G_END_DECLS
