/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-srec"

#include "config.h"

#include "flash-srec.h"

#include "flash-hex-text.h"
#include "flash-text.h"

/* stm32-dfuse.md section 6.4: count, address, data, checksum; the count does not count itself */
#define N_EXTRA 1
#define ADDRESS_AT 1

#define MAX_HEADER_CHARS 80

static const FlashHexCodes codes = {
  .bad_line = "srec-bad-line",
  .bad_length = "srec-bad-length",
  .bad_checksum = "srec-bad-checksum",
  .line_too_long = "srec-line-too-long",
  .cut_off = "srec-cut-off",
  .utf16 = "srec-utf16",
  .comment = "srec-comment",
};

/* Bytes of the address, by type. */
static const guint8 address_lengths[10] = { 2, 2, 3, 4, 0, 2, 3, 4, 3, 2 };

typedef struct {
  FlashHexText text;
  FlashImageBuilder *builder;
  FlashDiagList *diags;
  guint64 n_data; /* records since the beginning, or the last end */
  gboolean has_end; /* no record but the end record was the last */
  gboolean is_said_header;
  gboolean is_said_after_end;
  gboolean is_said_reserved;
  gboolean is_said_count;
} Reader;

static void
say_header (Reader *self, const guint8 *bytes, gsize length)
{
  g_autofree char *words = NULL;

  /* Some writers end it with zeros, some have none. */
  while (length > 0 && bytes[length - 1] == 0)
    length--;
  if (length == 0 || self->is_said_header)
    return;
  self->is_said_header = TRUE;
  words = flash_text_sanitize ((const char *) bytes, length, MAX_HEADER_CHARS);
  flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "srec-header", self->text.line, 0,
                       N_ ("The file calls itself “{0}”."), words, NULL);
}

/* The count has 16 or 24 bits; a larger number of records does not fit in. */
static void
check_count (Reader *self, guint32 count, guint n_bits)
{
  guint64 mask = (G_GUINT64_CONSTANT (1) << n_bits) - 1;
  g_autofree char *announced = NULL, *found = NULL;

  if (count == (self->n_data & mask) || self->is_said_count)
    return;
  self->is_said_count = TRUE;
  announced = g_strdup_printf ("%u", count);
  found = g_strdup_printf ("%" G_GUINT64_FORMAT, self->n_data);
  flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "srec-count-wrong", self->text.line, 0,
                       N_ ("The file says that it has {0} data records, but there are {1}: lines "
                           "may be missing."),
                       announced, found, NULL);
}

static void
begin_next_file (Reader *self)
{
  if (!self->is_said_after_end)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "srec-data-after-end",
                         self->text.line, 0,
                         N_ ("The file goes on behind its end record, as if files had been put one "
                             "behind the other; all of them are taken."),
                         NULL);
  self->is_said_after_end = TRUE;
  self->has_end = FALSE;
  self->n_data = 0;
}

static void
say_reserved (Reader *self)
{
  if (!self->is_said_reserved)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "srec-reserved-record", self->text.line,
                         0, N_ ("A record of the type S4, which has no meaning, is ignored."),
                         NULL);
  self->is_said_reserved = TRUE;
}

/* @record: (array length=length): address and data of a record whose checksum is right */
static gboolean
handle_record (Reader *self, guint type, const guint8 *record, gsize length)
{
  gsize address_length = address_lengths[type];
  guint32 address = 0;

  for (gsize i = 0; i < address_length; i++)
    address = address << 8 | record[i];
  switch (type) {
  case 0:
    say_header (self, record + address_length, length - address_length);
    return TRUE;
  case 4:
    say_reserved (self);
    return TRUE;
  case 5:
  case 6:
    check_count (self, address, type == 5 ? 16 : 24);
    return TRUE;
  case 7:
  case 8:
  case 9:
    self->has_end = TRUE;
    if (address != 0)
      flash_image_builder_set_entry (self->builder, address);
    return TRUE;
  default:
    self->n_data++;
    return flash_image_builder_add (self->builder, address, record + address_length,
                                    length - address_length, self->text.line);
  }
}

static gboolean
read_record (Reader *self)
{
  FlashHexText *text = &self->text;
  guint type;

  text->at++;
  if (text->at == text->end || !g_ascii_isdigit ((char) *text->at)) {
    flash_hex_text_say_bad_line (text, text->at);
    return FALSE;
  }
  type = (guint) (*text->at++ - '0');
  if (!flash_hex_text_decode (text, N_EXTRA))
    return FALSE;
  /* Address and checksum are counted too. */
  if (text->record[0] < address_lengths[type] + 1) {
    flash_hex_text_say_bad_length (text);
    return FALSE;
  }
  if (text->sum != 0xff) {
    flash_hex_text_say_bad_checksum (
        text, (guint8) (0xff - (text->sum - text->record[text->n_record - 1])));
    return FALSE;
  }
  if (self->has_end && type < 7)
    begin_next_file (self);
  return handle_record (self, type, text->record + ADDRESS_AT, text->record[0] - 1u);
}

void
flash_srec_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                 FlashImageBuilder *builder)
{
  Reader self = { .builder = builder, .diags = flash_image_builder_get_diags (builder) };

  flash_hex_text_init (&self.text, bytes, length, &codes, self.diags);
  while (flash_hex_text_find_record (&self.text, 'S'))
    if (!read_record (&self))
      return;
  if (!self.text.has_failed && !self.has_end)
    flash_image_builder_add_doubt (builder, options, "srec-no-end", self.text.line,
                                   N_ ("The end record is missing: the file seems to be cut off."));
}
