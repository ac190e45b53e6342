/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bmap"

#include "config.h"

#include "flash-bmap.h"

#include "flash-format.h"

#include <string.h>

#define SHA256 "sha256"
/* Blocks of this size and more are no blocks of a disk any more, in bytes. */
#define MAX_BLOCK_SIZE (1024 * 1024)
#define MIN_BLOCK_SIZE 512
/* The longest text that stands inside of an element: two numbers with a hyphen, or a checksum,
 * with blanks around. */
#define MAX_TEXT 256

FlashBmap *
flash_bmap_ref (FlashBmap *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_bmap_unref (FlashBmap *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->ranges);
  g_free (self);
}

static FlashBmap *
bmap_alloc (void)
{
  FlashBmap *self = g_new0 (FlashBmap, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->ranges = g_array_new (FALSE, TRUE, sizeof (FlashBmapRange));
  return self;
}

static const FlashBmapRange *
get_range (const FlashBmap *self, guint index)
{
  return &g_array_index (self->ranges, FlashBmapRange, index);
}

FlashBmap *
flash_bmap_new (guint64 image_size, const GArray *ranges)
{
  FlashBmap *self = bmap_alloc ();

  self->image_size = image_size;
  self->block_size = FLASH_BMAP_BLOCK_SIZE;
  self->n_blocks = image_size / FLASH_BMAP_BLOCK_SIZE + (image_size % FLASH_BMAP_BLOCK_SIZE != 0);
  if (ranges->len > 0)
    g_array_append_vals (self->ranges, ranges->data, ranges->len);
  for (guint i = 0; i < ranges->len; i++)
    self->n_mapped += get_range (self, i)->last - get_range (self, i)->first + 1;
  return self;
}

guint64
flash_bmap_get_range_size (const FlashBmap *self, guint index)
{
  const FlashBmapRange *range;

  g_return_val_if_fail (index < self->ranges->len, 0);

  range = get_range (self, index);
  return MIN (self->image_size, (range->last + 1) * self->block_size) -
         range->first * self->block_size;
}

/* --- Writing ------------------------------------------------------------------------------- */

/* Where the map's own checksum stands while it is computed. */
static char *
make_blank_checksum (void)
{
  return g_strnfill (FLASH_BMAP_CHECKSUM_LENGTH - 1, '0');
}

static void
append_ranges (GString *text, const FlashBmap *self)
{
  for (guint i = 0; i < self->ranges->len; i++) {
    const FlashBmapRange *range = get_range (self, i);

    g_string_append_printf (text, "        <Range chksum=\"%s\">%" G_GUINT64_FORMAT,
                            range->checksum, range->first);
    if (range->last > range->first)
      g_string_append_printf (text, "-%" G_GUINT64_FORMAT, range->last);
    g_string_append (text, "</Range>\n");
  }
}

GBytes *
flash_bmap_write (const FlashBmap *self)
{
  g_autofree char *blank = make_blank_checksum ();
  g_autofree char *checksum = NULL;
  GString *text = g_string_new ("<?xml version=\"1.0\" ?>\n<bmap version=\"2.0\">\n");
  char *place;

  g_string_append_printf (text,
                          "    <ImageSize>%" G_GUINT64_FORMAT "</ImageSize>\n"
                          "    <BlockSize>%" G_GUINT64_FORMAT "</BlockSize>\n"
                          "    <BlocksCount>%" G_GUINT64_FORMAT "</BlocksCount>\n"
                          "    <MappedBlocksCount>%" G_GUINT64_FORMAT "</MappedBlocksCount>\n"
                          "    <ChecksumType>" SHA256 "</ChecksumType>\n"
                          "    <BmapFileChecksum>%s</BmapFileChecksum>\n"
                          "    <BlockMap>\n",
                          self->image_size, self->block_size, self->n_blocks, self->n_mapped,
                          blank);
  append_ranges (text, self);
  g_string_append (text, "    </BlockMap>\n</bmap>\n");
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) text->str, text->len);
  place = strstr (text->str, blank);
  memcpy (place, checksum, strlen (checksum));
  return g_string_free_to_bytes (text);
}

/* --- Reading ------------------------------------------------------------------------------- */

/* What may stand in a map once; the order is that of the members below. */
typedef enum {
  FIELD_IMAGE_SIZE,
  FIELD_BLOCK_SIZE,
  FIELD_BLOCKS_COUNT,
  FIELD_MAPPED_BLOCKS_COUNT,
  FIELD_CHECKSUM_TYPE,
  FIELD_BMAP_FILE_CHECKSUM,
  N_FIELDS,
} Field;

static const char *const field_names[N_FIELDS] = {
  "ImageSize", "BlockSize", "BlocksCount", "MappedBlocksCount", "ChecksumType", "BmapFileChecksum",
};

typedef struct {
  char *fields[N_FIELDS]; /* (owned) (nullable) */
  GArray *ranges; /* (unowned) */
  char checksum[FLASH_BMAP_CHECKSUM_LENGTH]; /* of the range that is being read */
} Reader;

static void
reader_clear (Reader *self)
{
  for (guint i = 0; i < N_FIELDS; i++)
    g_free (self->fields[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static gboolean
    G_GNUC_PRINTF (3, 4) fail (GError **error, FlashFormatError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (FLASH_FORMAT_ERROR, (int) code, format, args);
  va_end (args);
  return FALSE;
}

static gboolean
is_checksum (const char *text)
{
  return strlen (text) == FLASH_BMAP_CHECKSUM_LENGTH - 1 &&
         strspn (text, "0123456789abcdefABCDEF") == FLASH_BMAP_CHECKSUM_LENGTH - 1;
}

/* Decimal digits and nothing else. */
static gboolean
parse_number (const char *text, guint64 *out_number)
{
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, out_number, NULL);
}

static const char *
find_attribute (const char **names, const char **values, const char *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return values[i];
  return NULL;
}

static const char *
get_parent (GMarkupParseContext *context)
{
  const GSList *stack = g_markup_parse_context_get_element_stack (context);

  return stack->next != NULL ? stack->next->data : NULL;
}

static gboolean
start_range (Reader *self, const char *checksum, GError **error)
{
  g_autofree char *lower = NULL;

  if (checksum == NULL || !is_checksum (checksum))
    return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD, "range %u has no SHA-256 checksum",
                 self->ranges->len + 1);
  if (self->ranges->len == FLASH_BMAP_MAX_RANGES)
    return fail (error, FLASH_FORMAT_ERROR_TOO_LARGE, "there are more than %d ranges",
                 FLASH_BMAP_MAX_RANGES);
  lower = g_ascii_strdown (checksum, -1);
  g_strlcpy (self->checksum, lower, sizeof self->checksum);
  return TRUE;
}

/* Later versions of the same number before the dot only add things, as the format promises. */
static gboolean
check_version (const char *version, GError **error)
{
  if (version != NULL && g_str_has_prefix (version, "2."))
    return TRUE;
  return fail (error, FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
               "version 2.0 of a block map is expected, found %.32s",
               version != NULL ? version : "none");
}

static void
on_start (GMarkupParseContext *context, const char *name, const char **names, const char **values,
          gpointer data, GError **error)
{
  Reader *self = data;
  const char *parent = get_parent (context);

  if (parent == NULL) {
    if (!g_str_equal (name, "bmap"))
      fail (error, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT, "this is no block map");
    else
      check_version (find_attribute (names, values, "version"), error);
  } else if (g_str_equal (name, "Range") && g_str_equal (parent, "BlockMap")) {
    start_range (self, find_attribute (names, values, "chksum"), error);
  }
}

static gboolean
add_range (Reader *self, char *text, GError **error)
{
  char *hyphen = strchr (text, '-');
  FlashBmapRange range;
  gboolean is_read;

  if (hyphen != NULL)
    *hyphen = '\0';
  is_read = parse_number (g_strstrip (text), &range.first);
  range.last = range.first;
  if (hyphen != NULL)
    is_read = is_read && parse_number (g_strstrip (hyphen + 1), &range.last);
  /* A comment would make one text two. */
  if (!is_read || range.last < range.first || self->checksum[0] == '\0')
    return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD, "range %u is none", self->ranges->len + 1);
  memcpy (range.checksum, self->checksum, sizeof range.checksum);
  self->checksum[0] = '\0';
  g_array_append_val (self->ranges, range);
  return TRUE;
}

static gboolean
set_field (Reader *self, const char *name, const char *text, GError **error)
{
  for (guint i = 0; i < N_FIELDS; i++) {
    if (!g_str_equal (name, field_names[i]))
      continue;
    if (self->fields[i] != NULL)
      return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD, "%s stands there twice", name);
    self->fields[i] = g_strstrip (g_strdup (text));
  }
  return TRUE;
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data,
         GError **error)
{
  Reader *self = data;
  const char *name = g_markup_parse_context_get_element (context);
  const char *parent = get_parent (context);
  g_autofree char *copy = NULL;

  if (parent == NULL || g_str_equal (name, "BlockMap"))
    return;
  if (length > MAX_TEXT) {
    fail (error, FLASH_FORMAT_ERROR_BAD_RECORD, "%.32s is too long", name);
    return;
  }
  copy = g_strndup (text, length);
  if (g_str_equal (parent, "bmap"))
    set_field (self, name, copy, error);
  else if (g_str_equal (name, "Range") && g_str_equal (parent, "BlockMap"))
    add_range (self, copy, error);
}

static gboolean
parse (Reader *self, const char *text, gsize length, GError **error)
{
  static const GMarkupParser parser = { .start_element = on_start, .text = on_text };
  g_autoptr (GMarkupParseContext) context =
      g_markup_parse_context_new (&parser, G_MARKUP_PREFIX_ERROR_POSITION, self, NULL);
  g_autoptr (GError) local_error = NULL;

  if (g_markup_parse_context_parse (context, text, (gssize) length, &local_error) &&
      g_markup_parse_context_end_parse (context, &local_error))
    return TRUE;
  if (local_error->domain != G_MARKUP_ERROR) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return fail (error, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT, "this is no block map: %s",
               local_error->message);
}

/* The map's checksum is that of the file with zeros in its place. */
static gboolean
check_own_checksum (char *text, gsize length, const char *checksum, GError **error)
{
  g_autofree char *computed = NULL;
  char *place;

  if (!is_checksum (checksum))
    return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD, "%s is no SHA-256 checksum",
                 field_names[FIELD_BMAP_FILE_CHECKSUM]);
  place = g_strstr_len (text, (gssize) length, checksum);
  if (place == NULL)
    return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD, "%s is not written plainly",
                 field_names[FIELD_BMAP_FILE_CHECKSUM]);
  memset (place, '0', FLASH_BMAP_CHECKSUM_LENGTH - 1);
  computed = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) text, length);
  if (g_ascii_strcasecmp (computed, checksum) != 0)
    return fail (error, FLASH_FORMAT_ERROR_BAD_CHECKSUM,
                 "the block map is damaged: its checksum is %s, it says %s", computed, checksum);
  return TRUE;
}

static gboolean
read_numbers (const Reader *reader, FlashBmap *bmap, GError **error)
{
  guint64 *const numbers[] = { &bmap->image_size, &bmap->block_size, &bmap->n_blocks,
                               &bmap->n_mapped };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!parse_number (reader->fields[i], numbers[i]))
      return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD, "%s is no number", field_names[i]);
  if (bmap->block_size < MIN_BLOCK_SIZE || bmap->block_size > MAX_BLOCK_SIZE ||
      (bmap->block_size & (bmap->block_size - 1)) != 0)
    return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD,
                 "blocks of %" G_GUINT64_FORMAT " bytes are none of a disk", bmap->block_size);
  if (bmap->n_blocks !=
      bmap->image_size / bmap->block_size + (bmap->image_size % bmap->block_size != 0))
    return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD,
                 "%" G_GUINT64_FORMAT " blocks do not make %" G_GUINT64_FORMAT " bytes",
                 bmap->n_blocks, bmap->image_size);
  return TRUE;
}

static gboolean
check_ranges (const FlashBmap *bmap, GError **error)
{
  guint64 n_mapped = 0;

  for (guint i = 0; i < bmap->ranges->len; i++) {
    const FlashBmapRange *range = get_range (bmap, i);

    if (i > 0 && range->first <= get_range (bmap, i - 1)->last)
      return fail (error, FLASH_FORMAT_ERROR_OVERLAP, "range %u begins before range %u ends", i + 1,
                   i);
    if (range->last >= bmap->n_blocks)
      return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD, "range %u ends behind the image", i + 1);
    n_mapped += range->last - range->first + 1;
  }
  if (n_mapped != bmap->n_mapped)
    return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD,
                 "the ranges have %" G_GUINT64_FORMAT " blocks, expected %" G_GUINT64_FORMAT,
                 n_mapped, bmap->n_mapped);
  return TRUE;
}

static gboolean
read_text (FlashBmap *bmap, char *text, gsize length, GError **error)
{
  g_auto (Reader) reader = { .ranges = bmap->ranges };

  if (!parse (&reader, text, length, error))
    return FALSE;
  for (guint i = 0; i < N_FIELDS; i++)
    if (reader.fields[i] == NULL)
      return fail (error, FLASH_FORMAT_ERROR_BAD_RECORD, "%s is missing", field_names[i]);
  if (!g_str_equal (reader.fields[FIELD_CHECKSUM_TYPE], SHA256))
    return fail (error, FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
                 "checksums are expected to be " SHA256 ", found %.32s",
                 reader.fields[FIELD_CHECKSUM_TYPE]);
  return check_own_checksum (text, length, reader.fields[FIELD_BMAP_FILE_CHECKSUM], error) &&
         read_numbers (&reader, bmap, error) && check_ranges (bmap, error);
}

FlashBmap *
flash_bmap_read (FlashSource *source, GError **error)
{
  g_autoptr (FlashBmap) self = bmap_alloc ();
  guint64 size = flash_source_get_size (source);
  g_autofree char *text = NULL;

  if (size > FLASH_BMAP_MAX_SIZE) {
    fail (error, FLASH_FORMAT_ERROR_TOO_LARGE,
          "the block map has %" G_GUINT64_FORMAT " bytes, at most %d are read", size,
          FLASH_BMAP_MAX_SIZE);
    return NULL;
  }
  text = g_malloc (size + 1);
  if (!flash_source_read (source, 0, (guint8 *) text, size, error) ||
      !read_text (self, text, size, error))
    return NULL;
  return g_steal_pointer (&self);
}
