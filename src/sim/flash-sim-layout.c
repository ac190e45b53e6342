/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-layout"

#include "config.h"

#include "flash-sim-layout.h"

#include "flash-bytes.h"

#include <string.h>

#define N_COLUMNS 6

/* The text is the board's copy, ended by a NUL at @last, and cut into cells on the way. */
typedef struct {
  char *text; /* (owned) */
  char *last;
  char *at;
  char *cell; /* where the current one begins */
  guint column;
  int line;
  int n_lines;
  gboolean is_line_end;
  gboolean is_end;
  FlashSimPart part;
  char *error_text;
} Parser;

gboolean
flash_sim_layout_fail (char *error_text, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_vsnprintf (error_text, FLASH_SIM_ERROR_LENGTH, format, args);
  va_end (args);
  return FALSE;
}

static gboolean
parse_option (Parser *self, const char *cell, FlashSimPart *part)
{
  if (g_str_equal (cell, "-"))
    return TRUE;
  for (const char *p = cell; *p != '\0'; p++) {
    switch (*p) {
    case 'P':
      part->is_selected = TRUE;
      break;
    case 'E':
      part->is_empty = TRUE;
      break;
    case 'D':
      part->is_deleted = TRUE;
      break;
    default:
      return flash_sim_layout_fail (self->error_text, "Layout line %d: invalid option '%c' in %s)",
                                    self->line, *p, cell);
    }
  }
  if (!part->is_selected)
    return flash_sim_layout_fail (self->error_text, "Layout line %d: missing 'P' in option %s",
                                  self->line, cell);
  return TRUE;
}

/* The board's numbers (lib/strto.c): `0x` makes them hexadecimal, even when nothing follows; what
 * is too large loses its upper bits. Returns: whether the whole cell was a number. */
static gboolean
parse_number (const char *cell, guint base, guint64 *out_number)
{
  gboolean is_hex = cell[0] == '0' && (cell[1] == 'x' || cell[1] == 'X');
  const char *at = is_hex ? cell + 2 : cell;
  guint64 number = 0;

  if (is_hex)
    base = 16;
  while (g_ascii_xdigit_value (*at) >= 0 && (guint) g_ascii_xdigit_value (*at) < base)
    number = number * base + (guint) g_ascii_xdigit_value (*at++);
  *out_number = number;
  return at > cell && *at == '\0';
}

static gboolean
parse_id (Parser *self, const char *cell, FlashSimPart *part)
{
  guint64 id;

  if (!parse_number (cell, cell[0] == '0' ? 8 : 10, &id) || id > 0xf0)
    return flash_sim_layout_fail (self->error_text, "Layout line %d: invalid phase value = %s",
                                  self->line, cell);
  part->id = (guint8) id;
  return TRUE;
}

static gboolean
parse_name (Parser *self, const char *cell, FlashSimPart *part)
{
  if (strlen (cell) > FLASH_SIM_NAME_LENGTH)
    return flash_sim_layout_fail (self->error_text,
                                  "Layout line %d: partition name too long [%zd]: %s", self->line,
                                  (gssize) strlen (cell), cell);
  g_strlcpy (part->name, cell, sizeof part->name);
  return TRUE;
}

/* The number stops at the first character that is no digit; garbage is 0. */
static guint
parse_copies (const char *text)
{
  guint copies = 0;

  while (g_ascii_isdigit (*text) && copies < 100000)
    copies = copies * 10 + (guint) g_ascii_digit_value (*text++);
  return copies;
}

static gboolean
parse_type (Parser *self, const char *cell, FlashSimPart *part)
{
  static const struct {
    const char *name;
    FlashSimPartType type;
  } types[] = {
    { "Binary", FLASH_SIM_PART_BINARY },          { "FIP", FLASH_SIM_PART_FIP },
    { "FWU_MDATA", FLASH_SIM_PART_FWU_MDATA },    { "ENV", FLASH_SIM_PART_ENV },
    { "System", FLASH_SIM_PART_SYSTEM },          { "ESP", FLASH_SIM_PART_ESP },
    { "FileSystem", FLASH_SIM_PART_FILE_SYSTEM }, { "RawImage", FLASH_SIM_PART_RAW_IMAGE },
  };
  const char *copies = "Binary(";

  part->copies = 1;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].name, cell)) {
      part->type = types[i].type;
      return TRUE;
    }
  if (g_str_has_prefix (cell, copies) && g_str_has_suffix (cell, ")")) {
    part->type = FLASH_SIM_PART_BINARY;
    part->copies = parse_copies (cell + strlen (copies));
    return TRUE;
  }
  return flash_sim_layout_fail (self->error_text, "Layout line %d: type parsing error : '%s'",
                                self->line, cell);
}

static gboolean
parse_ip (Parser *self, const char *cell, FlashSimPart *part)
{
  static const struct {
    const char *prefix;
    FlashSimTarget target;
  } targets[] = {
    { "mmc", FLASH_SIM_TARGET_MMC },
    { "nor", FLASH_SIM_TARGET_NOR },
    { "nand", FLASH_SIM_TARGET_NAND },
    { "spi-nand", FLASH_SIM_TARGET_SPI_NAND },
  };

  if (g_str_equal (cell, "none"))
    return TRUE;
  if (g_str_has_prefix (cell, "ram")) {
    part->target = FLASH_SIM_TARGET_RAM;
    return TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++) {
    const char *digit = cell + strlen (targets[i].prefix);

    if (!g_str_has_prefix (cell, targets[i].prefix) || !g_ascii_isdigit (digit[0]) ||
        digit[1] != '\0')
      continue;
    part->target = targets[i].target;
    part->device = (guint8) g_ascii_digit_value (digit[0]);
    return TRUE;
  }
  return flash_sim_layout_fail (self->error_text, "Layout line %d: ip parsing error: '%s'",
                                self->line, cell);
}

static gboolean
parse_offset (Parser *self, const char *cell, FlashSimPart *part)
{
  if (g_str_has_prefix (cell, "boot")) {
    if (!g_str_equal (cell, "boot1") && !g_str_equal (cell, "boot2"))
      return flash_sim_layout_fail (self->error_text, "Layout line %d: invalid part '%s'",
                                    self->line, cell);
    part->hw_partition = cell[4] == '1' ? 1 : 2;
    return TRUE;
  }
  if (!parse_number (cell, 10, &part->offset))
    return flash_sim_layout_fail (self->error_text, "Layout line %d: invalid offset '%s'",
                                  self->line, cell);
  return TRUE;
}

/* Section 3.1: LF count + 1, comment lines off but for the first line; a NUL ends the text. */
static int
count_lines (const char *text)
{
  int n_lines = 1;

  for (const char *p = text; *p != '\0'; p++)
    n_lines += *p == '\n' && p[1] != '#';
  return n_lines;
}

/* What follows is the board's own way through the text, character by character, because its
 * oddities are part of what it accepts (stm32prog.c, parse_flash_layout): a CR is turned into a
 * NUL, so that the rest of its cell is out of sight; a NUL ends the text; a TAB at the end of a
 * line leaves the line open, and the first cell of the next one then closes it. */
static void
skip_comment (Parser *self)
{
  const char *end = strchr (self->at, '\n');

  self->at = end != NULL ? self->text + (end + 1 - self->text) : self->last;
  self->cell = self->at;
  self->line++;
  self->is_end = self->at >= self->last || *self->at == '\0';
}

/* Returns: whether to go on. */
static gboolean
end_line (Parser *self, GArray *parts)
{
  self->is_line_end = FALSE;
  if (self->column < N_COLUMNS)
    return flash_sim_layout_fail (self->error_text, "Layout line %d: no enought column",
                                  self->line);
  g_array_append_val (parts, self->part);
  self->part = (FlashSimPart){ 0 };
  self->column = 0;
  self->line++;
  if ((int) parts->len >= self->n_lines && !self->is_end)
    return flash_sim_layout_fail (self->error_text, "Layout: no enought memory for %d part",
                                  (int) parts->len);
  return TRUE;
}

/* Returns: whether to go on. */
static gboolean
end_cell (Parser *self, GArray *parts)
{
  static gboolean (*const columns[N_COLUMNS]) (Parser *, const char *, FlashSimPart *) = {
    parse_option, parse_id, parse_name, parse_type, parse_ip, parse_offset
  };
  const char *cell = self->cell;

  *self->at++ = '\0';
  if (self->at >= self->last)
    self->is_end = self->is_line_end = TRUE;
  self->cell = self->at;
  if (cell[0] == '\0') {
    if (self->column == 0 && self->is_line_end) {
      self->is_line_end = FALSE;
      self->line++;
    }
    return TRUE;
  }

  if (self->column < N_COLUMNS && !columns[self->column](self, cell, &self->part))
    return FALSE;
  self->column++;
  return !self->is_line_end || end_line (self, parts);
}

static gboolean
parse_text (Parser *self, GArray *parts)
{
  self->n_lines = count_lines (self->text);
  if (self->n_lines > FLASH_SIM_MAX_PARTS)
    return flash_sim_layout_fail (self->error_text, "Layout: too many partition (%d)",
                                  self->n_lines);

  while (!self->is_end) {
    char c = *self->at;

    if (c == '#' && self->column == 0 && self->at == self->cell) {
      skip_comment (self);
    } else if (c == '\r') {
      *self->at++ = '\0';
    } else if (c != '\0' && c != '\n' && c != '\t') {
      self->at++;
    } else {
      self->is_end = c == '\0';
      self->is_line_end |= c != '\t';
      if (!end_cell (self, parts))
        return FALSE;
    }
  }
  if (parts->len == 0)
    return flash_sim_layout_fail (self->error_text, "Layout: no partition found");
  return TRUE;
}

gboolean
flash_sim_layout_has_header (const guint8 *data, gsize length)
{
  if (length < FLASH_SIM_LAYOUT_HEADER_LENGTH || memcmp (data, "STM2", 4) != 0 ||
      flash_get_le32 (data + 72) != 0x00010000 || flash_get_le32 (data + 84) != 0 ||
      flash_get_le32 (data + 92) != 0)
    return FALSE;
  for (guint i = 172; i < 255; i++)
    if (data[i] != 0)
      return FALSE;
  return TRUE;
}

/* The header may promise more than was sent: what follows in a fresh memory is zeros, which add
 * nothing to the sum and end no line. */
static gboolean
strip_header (const guint8 **data, gsize *length, char *error_text)
{
  guint32 expected, sum = 0;
  guint32 image_length;

  if (!flash_sim_layout_has_header (*data, *length))
    return TRUE;
  expected = flash_get_le32 (*data + 68);
  image_length = flash_get_le32 (*data + 76);
  *data += FLASH_SIM_LAYOUT_HEADER_LENGTH;
  *length = MIN (*length - FLASH_SIM_LAYOUT_HEADER_LENGTH, image_length);
  for (gsize i = 0; i < *length; i++)
    sum += (*data)[i];
  if (sum != expected)
    return flash_sim_layout_fail (error_text, "Layout: invalid checksum : 0x%x expected 0x%x", sum,
                                  expected);
  return TRUE;
}

GArray *
flash_sim_layout_parse (const guint8 *data, gsize length, char *error_text)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (FlashSimPart));
  Parser parser = { .error_text = error_text, .line = 1 };
  gboolean is_good;

  if (!strip_header (&data, &length, error_text))
    return NULL;
  if (length == 0) {
    flash_sim_layout_fail (error_text, "Layout: invalid FlashLayout");
    return NULL;
  }
  /* One NUL more than the board has, which looks one character ahead at the very end. */
  parser.text = parser.at = parser.cell = g_malloc0 (length + 2);
  parser.last = parser.text + length;
  memcpy (parser.text, data, length);
  is_good = parse_text (&parser, parts);
  g_free (parser.text);
  return is_good ? g_steal_pointer (&parts) : NULL;
}

FlashSimPart *
flash_sim_layout_find (GArray *parts, guint8 id)
{
  for (guint i = 0; i < parts->len; i++) {
    FlashSimPart *part = &g_array_index (parts, FlashSimPart, i);

    if (part->id == id)
      return part;
  }
  return NULL;
}
