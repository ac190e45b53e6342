/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-ihex"

#include "config.h"

#include "flash-ihex.h"

#include "flash-bytes.h"
#include "flash-hex-text.h"

/* stm32-dfuse.md section 6.3: count, address, type, data, checksum */
#define N_EXTRA 5
#define TYPE_AT 3
#define DATA_AT 4

enum {
  TYPE_DATA = 0x00,
  TYPE_END = 0x01,
  TYPE_SEGMENT = 0x02,
  TYPE_SEGMENT_ENTRY = 0x03,
  TYPE_LINEAR = 0x04,
  TYPE_LINEAR_ENTRY = 0x05,
  TYPE_SIGNATURE = 0xfd, /* of fwupd */
};

static const FlashHexCodes codes = {
  .bad_line = "ihex-bad-line",
  .bad_length = "ihex-bad-length",
  .bad_checksum = "ihex-bad-checksum",
  .line_too_long = "ihex-line-too-long",
  .cut_off = "ihex-cut-off",
  .utf16 = "ihex-utf16",
  .comment = "ihex-comment",
};

typedef struct {
  FlashHexText text;
  FlashImageBuilder *builder;
  FlashDiagList *diags;
  guint64 base;
  gboolean is_segment; /* the base comes from a record of type 02 */
  gboolean has_end; /* no record but the end record was the last */
  gboolean is_said_after_end;
  gboolean is_said_unknown;
  gboolean is_said_crossed;
  gboolean is_said_signature;
} Reader;

/* Says it once, at the line where it is so for the first time. */
static void
say_once (Reader *self, gboolean *is_said, FlashSeverity severity, const char *code,
          const char *template_text)
{
  if (!*is_said)
    flash_diag_list_add (self->diags, severity, code, self->text.line, 0, template_text, NULL);
  *is_said = TRUE;
}

/* Returns: whether the record's data have that length; says so otherwise */
static gboolean
has_length (Reader *self, guint8 length)
{
  if (self->text.record[0] == length)
    return TRUE;
  flash_hex_text_say_bad_length (&self->text);
  return FALSE;
}

static guint16
get_be16 (const guint8 *at)
{
  return (guint16) (at[0] << 8 | at[1]);
}

/* By the letter, data go round inside a segment of type 02; no tool makes that, and all that are
 * known here read them in a straight line. */
static gboolean
add_data (Reader *self)
{
  const guint8 *record = self->text.record;
  guint16 offset = get_be16 (record + 1);

  if (self->is_segment && (guint) offset + record[0] > 0x10000)
    say_once (self, &self->is_said_crossed, FLASH_SEVERITY_WARNING, "ihex-segment-crossed",
              N_ ("The record goes beyond the end of its segment; what is beyond it is taken for "
                  "the next bytes."));
  return flash_image_builder_add (self->builder, self->base + offset, record + DATA_AT, record[0],
                                  self->text.line);
}

static gboolean
set_base (Reader *self, gboolean is_segment)
{
  guint64 value;

  if (!has_length (self, 2))
    return FALSE;
  value = get_be16 (self->text.record + DATA_AT);
  self->is_segment = is_segment;
  self->base = value << (is_segment ? 4 : 16);
  return TRUE;
}

static gboolean
set_entry (Reader *self, gboolean is_segment)
{
  const guint8 *data = self->text.record + DATA_AT;

  if (!has_length (self, 4))
    return FALSE;
  flash_image_builder_set_entry (self->builder,
                                 is_segment ? ((guint32) get_be16 (data) << 4) + get_be16 (data + 2)
                                            : flash_get_be32 (data));
  return TRUE;
}

/* A record behind the end: files were put one behind the other; what the first one said about
 * addresses does not hold for the next. */
static void
begin_next_file (Reader *self)
{
  say_once (self, &self->is_said_after_end, FLASH_SEVERITY_WARNING, "ihex-data-after-end",
            N_ ("The file goes on behind its end record, as if files had been put one behind the "
                "other; all of them are taken."));
  self->has_end = FALSE;
  self->base = 0;
  self->is_segment = FALSE;
}

static gboolean
handle_unknown (Reader *self)
{
  guint8 type = self->text.record[TYPE_AT];
  g_autofree char *text = NULL;

  if (type == TYPE_SIGNATURE) {
    say_once (self, &self->is_said_signature, FLASH_SEVERITY_INFO, "ihex-signature-ignored",
              N_ ("The file carries a signature for fwupd; nothing is done with it."));
    return TRUE;
  }
  if (self->has_end) {
    say_once (self, &self->is_said_unknown, FLASH_SEVERITY_WARNING, "ihex-unknown-after-end",
              N_ ("Behind the end record there are records of a kind that is not known; they are "
                  "ignored."));
    return TRUE;
  }
  text = g_strdup_printf ("0x%02x", type);
  flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "ihex-unknown-record", self->text.line, 0,
                       N_ ("The record is of the kind {0}, which is not known; it may change what "
                           "the others mean."),
                       text, NULL);
  return FALSE;
}

static gboolean
read_record (Reader *self)
{
  FlashHexText *text = &self->text;
  guint8 type;

  text->at++;
  if (!flash_hex_text_decode (text, N_EXTRA))
    return FALSE;
  if (text->sum != 0) {
    flash_hex_text_say_bad_checksum (text, (guint8) (text->record[text->n_record - 1] - text->sum));
    return FALSE;
  }
  type = text->record[TYPE_AT];
  if (self->has_end && type <= TYPE_LINEAR_ENTRY && type != TYPE_END)
    begin_next_file (self);
  switch (type) {
  case TYPE_DATA:
    return add_data (self);
  case TYPE_END:
    self->has_end = TRUE;
    return TRUE;
  case TYPE_SEGMENT:
  case TYPE_LINEAR:
    return set_base (self, type == TYPE_SEGMENT);
  case TYPE_SEGMENT_ENTRY:
  case TYPE_LINEAR_ENTRY:
    return set_entry (self, type == TYPE_SEGMENT_ENTRY);
  default:
    return handle_unknown (self);
  }
}

void
flash_ihex_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                 FlashImageBuilder *builder)
{
  Reader self = { .builder = builder, .diags = flash_image_builder_get_diags (builder) };

  flash_hex_text_init (&self.text, bytes, length, &codes, self.diags);
  while (flash_hex_text_find_record (&self.text, ':'))
    if (!read_record (&self))
      return;
  if (!self.text.has_failed && !self.has_end)
    flash_image_builder_add_doubt (builder, options, "ihex-no-end", self.text.line,
                                   N_ ("The end record is missing: the file seems to be cut off."));
}
