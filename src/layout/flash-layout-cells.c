/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-cells"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-text.h"

/* stm32mp-usb.md section 3.2; Binary has a form with a number and is read apart. */
static const struct {
  const char *name;
  FlashLayoutType type;
} type_names[] = {
  { "FIP", FLASH_LAYOUT_TYPE_FIP },
  { "FWU_MDATA", FLASH_LAYOUT_TYPE_FWU_MDATA },
  { "ENV", FLASH_LAYOUT_TYPE_ENV },
  { "System", FLASH_LAYOUT_TYPE_SYSTEM },
  { "ESP", FLASH_LAYOUT_TYPE_ESP },
  { "FileSystem", FLASH_LAYOUT_TYPE_FILESYSTEM },
  { "RawImage", FLASH_LAYOUT_TYPE_RAW_IMAGE },
};

/* stm32mp-usb.md section 3.2: names that one decimal digit follows. */
static const struct {
  const char *prefix;
  FlashLayoutIp ip;
} ip_names[] = {
  { "mmc", FLASH_LAYOUT_IP_MMC },
  { "nor", FLASH_LAYOUT_IP_NOR },
  { "nand", FLASH_LAYOUT_IP_NAND },
  { "spi-nand", FLASH_LAYOUT_IP_SPI_NAND },
};

static char *format_answer (const char *format, va_list args) G_GNUC_PRINTF (1, 0);

static char *
format_answer (const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  return flash_text_sanitize (text, strnlen (text, FLASH_LAYOUT_MAX_ANSWER),
                              FLASH_LAYOUT_MAX_ANSWER);
}

char *
flash_layout_format_answer (const char *format, ...)
{
  char *answer;
  va_list args;

  va_start (args, format);
  answer = format_answer (format, args);
  va_end (args);
  return answer;
}

static gboolean refuse (char **out_answer, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Gives the board's answer to those who want it. Most only try what a cell may be, and to put
 * answers together for them would take longer than all the rest. Returns: %FALSE */
static gboolean
refuse (char **out_answer, const char *format, ...)
{
  va_list args;

  if (out_answer == NULL)
    return FALSE;
  va_start (args, format);
  *out_answer = format_answer (format, args);
  va_end (args);
  return FALSE;
}

const char *
flash_layout_parse_number (const char *text, guint base, guint64 *out_value,
                           gboolean *out_overflows)
{
  guint64 value = 0;
  gboolean overflows = FALSE;
  int digit;

  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text += 2;
  } else if (base == 0) {
    base = text[0] == '0' ? 8 : 10;
  }

  while ((digit = g_ascii_xdigit_value (*text)) >= 0 && (guint) digit < base) {
    if (value > (G_MAXUINT64 - (guint) digit) / base)
      overflows = TRUE;
    value = value * base + (guint) digit;
    text++;
  }

  *out_value = value;
  if (out_overflows != NULL)
    *out_overflows = overflows;
  return text;
}

/* These return whether the board takes the cell. */

static gboolean
parse_option (FlashLayoutValues *self, const char *cell, guint line, char **out_answer)
{
  gboolean is_selected = FALSE, is_empty = FALSE, is_erased = FALSE;

  if (!g_str_equal (cell, "-")) {
    for (const char *p = cell; *p != '\0'; p++) {
      if (*p == 'P')
        is_selected = TRUE;
      else if (*p == 'E')
        is_empty = TRUE;
      else if (*p == 'D')
        is_erased = TRUE;
      else
        return refuse (out_answer, "Layout line %u: invalid option '%c' in %s)", line, *p, cell);
    }
    if (!is_selected)
      return refuse (out_answer, "Layout line %u: missing 'P' in option %s", line, cell);
  }
  self->is_selected = is_selected;
  self->is_empty = is_empty;
  self->is_erased = is_erased;
  return TRUE;
}

static gboolean
parse_id (FlashLayoutValues *self, const char *cell, guint line, char **out_answer)
{
  guint64 value;
  const char *end = flash_layout_parse_number (cell, 0, &value, NULL);

  if (end == cell || *end != '\0' || value > FLASH_LAYOUT_MAX_ID)
    return refuse (out_answer, "Layout line %u: invalid phase value = %s", line, cell);
  self->id = (guint8) value;
  return TRUE;
}

static gboolean
parse_name (const char *cell, guint line, char **out_answer)
{
  if (strlen (cell) > FLASH_LAYOUT_MAX_NAME)
    return refuse (out_answer, "Layout line %u: partition name too long [%" G_GSIZE_FORMAT "]: %s",
                   line, strlen (cell), cell);
  return TRUE;
}

/* Binary, Binary(N); whatever stands between the first and the last parenthesis is read as a
 * number up to where it stops being one. */
static gboolean
parse_binary (FlashLayoutValues *self, const char *cell)
{
  gsize length = strlen (cell);
  guint64 copies = 1;

  if (length > 6) {
    if (length < 8 || cell[6] != '(' || cell[length - 1] != ')')
      return FALSE;
    flash_layout_parse_number (cell + 7, 10, &copies, NULL);
  }
  self->type = FLASH_LAYOUT_TYPE_BINARY;
  self->copies = (gint32) (guint32) copies;
  return TRUE;
}

static gboolean
parse_type (FlashLayoutValues *self, const char *cell, guint line, char **out_answer)
{
  if (g_str_has_prefix (cell, "Binary") && parse_binary (self, cell))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++) {
    if (g_str_equal (cell, type_names[i].name)) {
      self->type = type_names[i].type;
      self->copies = 0;
      return TRUE;
    }
  }
  return refuse (out_answer, "Layout line %u: type parsing error : '%s'", line, cell);
}

static gboolean
parse_ip (FlashLayoutValues *self, const char *cell, guint line, char **out_answer)
{
  if (g_str_equal (cell, "none") || g_str_has_prefix (cell, "ram")) {
    self->ip = *cell == 'n' ? FLASH_LAYOUT_IP_NONE : FLASH_LAYOUT_IP_RAM;
    self->ip_number = 0;
    return TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (ip_names); i++) {
    gsize length = strlen (ip_names[i].prefix);

    if (g_str_has_prefix (cell, ip_names[i].prefix) && g_ascii_isdigit (cell[length]) &&
        cell[length + 1] == '\0') {
      self->ip = ip_names[i].ip;
      self->ip_number = (guint) (cell[length] - '0');
      return TRUE;
    }
  }
  return refuse (out_answer, "Layout line %u: ip parsing error: '%s'", line, cell);
}

static gboolean
parse_offset (FlashLayoutValues *self, const char *cell, guint line, char **out_answer)
{
  guint64 offset = 0;
  const char *end;

  if (g_str_has_prefix (cell, "boot")) {
    if (!g_str_equal (cell, "boot1") && !g_str_equal (cell, "boot2"))
      return refuse (out_answer, "Layout line %u: invalid part '%s'", line, cell);
    self->offset_kind = cell[4] == '1' ? FLASH_LAYOUT_OFFSET_BOOT1 : FLASH_LAYOUT_OFFSET_BOOT2;
    self->offset = 0;
    return TRUE;
  }
  end = flash_layout_parse_number (cell, 10, &offset, NULL);
  if (end == cell || *end != '\0')
    return refuse (out_answer, "Layout line %u: invalid offset '%s'", line, cell);
  self->offset_kind = FLASH_LAYOUT_OFFSET_NUMBER;
  self->offset = offset;
  return TRUE;
}

gboolean
flash_layout_values_parse (FlashLayoutValues *self, FlashLayoutColumn column, const char *cell,
                           guint line, char **out_answer)
{
  switch (column) {
  case FLASH_LAYOUT_COLUMN_OPTION:
    return parse_option (self, cell, line, out_answer);
  case FLASH_LAYOUT_COLUMN_ID:
    return parse_id (self, cell, line, out_answer);
  case FLASH_LAYOUT_COLUMN_NAME:
    return parse_name (cell, line, out_answer);
  case FLASH_LAYOUT_COLUMN_TYPE:
    return parse_type (self, cell, line, out_answer);
  case FLASH_LAYOUT_COLUMN_IP:
    return parse_ip (self, cell, line, out_answer);
  case FLASH_LAYOUT_COLUMN_OFFSET:
    return parse_offset (self, cell, line, out_answer);
  case FLASH_LAYOUT_COLUMN_BINARY:
    break;
  }
  return TRUE;
}
