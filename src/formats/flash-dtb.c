/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dtb"

#include "config.h"

#include "flash-dtb.h"

#include "flash-bytes.h"
#include "flash-format.h"
#include "flash-text.h"

/* Devicetree specification, section 5.2: header, all numbers big-endian */
#define MAGIC 0xd00dfeedu
#define TOTAL_SIZE_AT 4
#define STRUCTURE_AT 8
#define STRINGS_AT 12
#define VERSION_AT 20
#define LAST_COMPATIBLE_AT 24
#define HEADER_LENGTH 40
/* Version 16 has the layout that is read here, 17 added a field to the header. */
#define MIN_VERSION 16
#define MAX_COMPATIBLE 17

/* Devicetree specification, section 5.4: tokens of the structure block */
#define TOKEN_BEGIN_NODE 1
#define TOKEN_END_NODE 2
#define TOKEN_PROPERTY 3
#define TOKEN_NOP 4
#define TOKEN_END 9

/* A root node has some ten properties, and short ones. */
#define MAX_TOKENS 256
#define MAX_VALUE_LENGTH 1024
#define MAX_COMPATIBLE_STRINGS 16
#define MAX_TEXT_CHARS 128

/* One read while a tree is looked for. Trees are aligned to 4 bytes at least. */
#define PIECE_SIZE (64 * 1024)
#define ALIGNMENT 4
/* So many false starts are no accident. */
#define MAX_TRIES 64

typedef struct {
  FlashSource *source;
  guint64 start; /* of the tree, in the source */
  guint64 size; /* of the tree */
  guint64 at; /* next token, in the tree */
  guint64 strings; /* names of the properties, in the tree */
} Reader;

static gboolean
read_at (Reader *self, guint64 at, guint8 *out, gsize length, GError **error)
{
  if (at > self->size || length > self->size - at) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED,
                 "the device tree ends at byte %" G_GUINT64_FORMAT ", byte %" G_GUINT64_FORMAT
                 " is needed",
                 self->size, at);
    return FALSE;
  }
  return flash_source_read (self->source, self->start + at, out, length, error);
}

static gboolean
read_token (Reader *self, guint32 *out_token, GError **error)
{
  guint8 bytes[4];

  if (!read_at (self, self->at, bytes, sizeof bytes, error))
    return FALSE;
  self->at += sizeof bytes;
  *out_token = flash_get_be32 (bytes);
  return TRUE;
}

static gboolean
open_tree (Reader *self, GError **error)
{
  guint8 header[HEADER_LENGTH];
  guint32 total_size;

  if (self->size < sizeof header ||
      !flash_source_read (self->source, self->start, header, sizeof header, error)) {
    if (self->size < sizeof header)
      g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED,
                   "a device tree has at least %d bytes", HEADER_LENGTH);
    return FALSE;
  }
  if (flash_get_be32 (header) != MAGIC) {
    g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT,
                         "there is no device tree");
    return FALSE;
  }
  total_size = flash_get_be32 (header + TOTAL_SIZE_AT);
  if (total_size > self->size) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED,
                 "the device tree says that it has %u bytes, there are %" G_GUINT64_FORMAT,
                 total_size, self->size);
    return FALSE;
  }
  if (flash_get_be32 (header + VERSION_AT) < MIN_VERSION ||
      flash_get_be32 (header + LAST_COMPATIBLE_AT) > MAX_COMPATIBLE) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
                 "the device tree has version %u", flash_get_be32 (header + VERSION_AT));
    return FALSE;
  }
  self->size = total_size;
  self->at = flash_get_be32 (header + STRUCTURE_AT);
  self->strings = flash_get_be32 (header + STRINGS_AT);
  return TRUE;
}

/* The root has an empty name in today's trees; its end is looked for in whole words all the
 * same. */
static gboolean
enter_root (Reader *self, GError **error)
{
  guint32 token = TOKEN_NOP;

  for (guint i = 0; i < MAX_TOKENS && token == TOKEN_NOP; i++)
    if (!read_token (self, &token, error))
      return FALSE;
  if (token != TOKEN_BEGIN_NODE) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD,
                 "the device tree starts with token %u", token);
    return FALSE;
  }
  for (guint i = 0; i < MAX_TOKENS; i++) {
    guint8 word[4];

    if (!read_at (self, self->at, word, sizeof word, error))
      return FALSE;
    self->at += sizeof word;
    if (memchr (word, '\0', sizeof word) != NULL)
      return TRUE;
  }
  g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD,
                       "the name of the root node has no end");
  return FALSE;
}

/* Returns: whether the property's name is @name; FALSE also if it lies outside the tree. */
static gboolean
is_name (Reader *self, guint32 name_offset, const char *name)
{
  guint8 bytes[16];
  gsize length = strlen (name) + 1;

  g_return_val_if_fail (length <= sizeof bytes, FALSE);

  return read_at (self, self->strings + name_offset, bytes, length, NULL) &&
         memcmp (bytes, name, length) == 0;
}

static char *
dup_text (const guint8 *value, gsize length)
{
  return flash_text_sanitize ((const char *) value, strnlen ((const char *) value, length),
                              MAX_TEXT_CHARS);
}

static GStrv
dup_texts (const guint8 *value, gsize length)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gsize at = 0;

  for (guint i = 0; i < MAX_COMPATIBLE_STRINGS && at < length; i++) {
    g_autofree char *text = dup_text (value + at, length - at);

    g_strv_builder_add (builder, text);
    at += strnlen ((const char *) value + at, length - at) + 1;
  }
  return g_strv_builder_end (builder);
}

static gboolean
read_property (Reader *self, char **model, GStrv *compatible, GError **error)
{
  guint8 value[MAX_VALUE_LENGTH];
  guint32 length, name_offset;
  gboolean is_model, is_compatible;

  if (!read_token (self, &length, error) || !read_token (self, &name_offset, error))
    return FALSE;

  is_model = *model == NULL && is_name (self, name_offset, "model");
  is_compatible = *compatible == NULL && is_name (self, name_offset, "compatible");
  if (is_model || is_compatible) {
    gsize n = MIN (length, sizeof value);

    if (!read_at (self, self->at, value, n, error))
      return FALSE;
    if (is_model)
      *model = dup_text (value, n);
    else
      *compatible = dup_texts (value, n);
  }
  self->at += ((guint64) length + 3) & ~G_GUINT64_CONSTANT (3);
  return TRUE;
}

gboolean
flash_dtb_read_root (FlashSource *source, guint64 offset, guint64 size, char **out_model,
                     GStrv *out_compatible, GError **error)
{
  Reader reader = { .source = source, .start = offset, .size = size };
  g_autofree char *model = NULL;
  g_auto (GStrv) compatible = NULL;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), FALSE);
  g_return_val_if_fail (out_model != NULL && out_compatible != NULL, FALSE);

  if (!open_tree (&reader, error) || !enter_root (&reader, error))
    return FALSE;
  /* Properties come before the nodes below. */
  for (guint i = 0; i < MAX_TOKENS; i++) {
    guint32 token;

    if (!read_token (&reader, &token, error))
      return FALSE;
    if (token == TOKEN_BEGIN_NODE || token == TOKEN_END_NODE || token == TOKEN_END)
      break;
    if (token == TOKEN_NOP)
      continue;
    if (token != TOKEN_PROPERTY) {
      g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD,
                   "the device tree has an unknown token %u", token);
      return FALSE;
    }
    if (!read_property (&reader, &model, &compatible, error))
      return FALSE;
  }

  *out_model = g_steal_pointer (&model);
  *out_compatible = g_steal_pointer (&compatible);
  return TRUE;
}

/* Returns: %FALSE only if the file could not be read. */
static gboolean
try_root (FlashSource *source, guint64 offset, guint64 size, char **model, GStrv *compatible,
          GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (flash_dtb_read_root (source, offset, size, model, compatible, &local_error) ||
      local_error->domain == FLASH_FORMAT_ERROR)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
flash_dtb_find_root (FlashSource *source, guint64 offset, guint64 size, char **out_model,
                     GStrv *out_compatible, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);
  g_autofree char *model = NULL;
  g_auto (GStrv) compatible = NULL;
  guint n_tries = 0;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), FALSE);
  g_return_val_if_fail (out_model != NULL && out_compatible != NULL, FALSE);

  for (guint64 at = 0; at < size && model == NULL && compatible == NULL; at += PIECE_SIZE) {
    gsize n = (gsize) MIN (size - at, PIECE_SIZE);

    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !flash_source_read (source, offset + at, piece, n, error))
      return FALSE;
    for (gsize i = 0; i + ALIGNMENT <= n && n_tries < MAX_TRIES; i += ALIGNMENT) {
      if (flash_get_be32 (piece + i) != MAGIC || model != NULL || compatible != NULL)
        continue;
      n_tries++;
      if (!try_root (source, offset + at + i, size - at - i, &model, &compatible, error))
        return FALSE;
    }
  }

  *out_model = g_steal_pointer (&model);
  *out_compatible = g_steal_pointer (&compatible);
  return TRUE;
}
