/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-memory-map"

#include "config.h"

#include "flash-memory-map.h"

#include "flash-range.h"
#include "flash-text.h"

#include <string.h>

#define ADDRESS_END (G_GUINT64_CONSTANT (1) << 32)
/* A USB string has at most 126 characters; section 2.5.2 advises a limit of 255. */
#define MAX_CHARS 255
#define MAX_BYTES (4 * MAX_CHARS)
#define MIN_SEGMENT_BYTES 4
/* That is why nothing below counts the runs. */
G_STATIC_ASSERT (MAX_BYTES / MIN_SEGMENT_BYTES <= FLASH_MEMORY_MAX_RUNS);
/* Section 2.6: STM32MP boot stages print their phases in two digits where an address should be. */
#define PHASE_END 0x100
#define PHASE_MAX_DIGITS 2
/* Section 2.5.2: dfu-util reads its type as 'e', whatever it is. */
#define DEVICE_FEATURE "Device Feature"

typedef struct {
  const char *text;
  const char *at;
  FlashMemoryMap *map;
  guint64 address; /* where the next segment begins */
} Scanner;

GQuark
flash_map_error_quark (void)
{
  return g_quark_from_static_string ("flash-map-error-quark");
}

FlashMemoryMap *
flash_memory_map_ref (FlashMemoryMap *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_memory_map_unref (FlashMemoryMap *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_free (self->text);
  g_array_unref (self->runs);
  g_free (self);
}

static FlashMemoryMap *
map_new (void)
{
  FlashMemoryMap *self = g_new0 (FlashMemoryMap, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->runs = g_array_new (FALSE, FALSE, sizeof (FlashMemoryRun));
  return self;
}

static const FlashMemoryRun *
get_run (const FlashMemoryMap *self, guint index)
{
  return &g_array_index (self->runs, FlashMemoryRun, index);
}

static FlashRange
get_range (const FlashMemoryRun *run)
{
  return (FlashRange){ run->address, (guint64) run->sector_size * run->n_sectors };
}

static void
skip_blanks (Scanner *self)
{
  while (*self->at == ' ')
    self->at++;
}

static gboolean
fail (const Scanner *self, const char *expected, GError **error)
{
  g_set_error (error, FLASH_MAP_ERROR, FLASH_MAP_ERROR_BAD_MAP,
               "the memory map has no %s at character %" G_GSIZE_FORMAT, expected,
               (gsize) (self->at - self->text) + 1);
  return FALSE;
}

/* Larger numbers than 32 bits hold become the largest: nothing that long fits into the address
 * space anyway. */
static gboolean
scan_number (Scanner *self, const char *expected, guint32 *out_number, GError **error)
{
  guint64 number = 0;

  skip_blanks (self);
  if (!g_ascii_isdigit (*self->at))
    return fail (self, expected, error);
  for (; g_ascii_isdigit (*self->at); self->at++)
    number = MIN (number * 10 + (guint64) g_ascii_digit_value (*self->at), G_MAXUINT32);
  *out_number = (guint32) number;
  return TRUE;
}

/* Returns: the factor of the unit; bytes where it is missing, a blank or a dot (section 2.5.2). */
static guint32
scan_unit (Scanner *self)
{
  guint32 factor = 1;

  if (*self->at == 'K' || *self->at == 'k')
    factor = 1024;
  else if (*self->at == 'M' || *self->at == 'm')
    factor = 1024 * 1024;
  else if (*self->at != 'B' && *self->at != '.')
    return 1;
  self->at++;
  return factor;
}

/* Without a letter nothing is known to be allowed, so nothing is. */
static gboolean
scan_flags (Scanner *self, FlashMemoryFlags *out_flags, GError **error)
{
  FlashMemoryFlags flags = 0;

  skip_blanks (self);
  if (*self->at >= 'a' && *self->at <= 'g')
    flags = (FlashMemoryFlags) (*self->at++ & 7);
  else if (g_ascii_isalnum (*self->at))
    return fail (self, "known unit or type", error);
  if (g_str_equal (self->map->name, DEVICE_FEATURE))
    flags = FLASH_MEMORY_READABLE | FLASH_MEMORY_WRITABLE;
  *out_flags = flags;
  return TRUE;
}

/* What would lie above the address space is cut off: its sectors cannot be named. */
static void
add_run (Scanner *self, guint32 count, guint64 size, FlashMemoryFlags flags)
{
  FlashMemoryRun run = { .address = (guint32) self->address, .flags = flags };
  guint64 n_fitting;

  if (count == 0 || size == 0 || self->address >= ADDRESS_END)
    return;
  n_fitting = MIN (count, (ADDRESS_END - self->address) / size);
  /* Both are below 2^32 and 2^52. */
  self->address = size > ADDRESS_END / count ? ADDRESS_END : self->address + count * size;
  if (n_fitting == 0 || size > G_MAXUINT32)
    return;
  run.sector_size = (guint32) size;
  run.n_sectors = (guint32) n_fitting;
  g_array_append_val (self->map->runs, run);
}

static gboolean
scan_segment (Scanner *self, GError **error)
{
  guint32 count, size, factor;
  FlashMemoryFlags flags = 0;

  if (!scan_number (self, "number of sectors", &count, error))
    return FALSE;
  if (*self->at != '*')
    return fail (self, "asterisk", error);
  self->at++;
  if (!scan_number (self, "sector size", &size, error))
    return FALSE;
  factor = scan_unit (self);
  if (!scan_flags (self, &flags, error))
    return FALSE;

  add_run (self, count, (guint64) size * factor, flags);
  return TRUE;
}

static gboolean
scan_address (Scanner *self, GError **error)
{
  const char *first;
  guint64 address = 0;

  skip_blanks (self);
  if (self->at[0] != '0' || (self->at[1] != 'x' && self->at[1] != 'X') ||
      !g_ascii_isxdigit (self->at[2]))
    return fail (self, "hexadecimal address", error);
  self->at += 2;
  first = self->at;
  for (; g_ascii_isxdigit (*self->at); self->at++)
    address = MIN (address << 4 | (guint64) g_ascii_xdigit_value (*self->at), ADDRESS_END);

  /* SPI memories lie at 0x00000000, with all its digits (section 2.5.3). */
  if (address < PHASE_END && (address > 0 || self->at - first <= PHASE_MAX_DIGITS)) {
    g_set_error (error, FLASH_MAP_ERROR, FLASH_MAP_ERROR_NO_MAP,
                 "0x%02x is a phase of a boot stage, not an address", (guint) address);
    return FALSE;
  }
  if (address >= ADDRESS_END) {
    self->at = first;
    return fail (self, "32-bit address", error);
  }
  skip_blanks (self);
  if (*self->at != '/')
    return fail (self, "slash behind the address", error);
  self->at++;
  self->address = address;
  return TRUE;
}

/* Begins at a slash. */
static gboolean
scan_region (Scanner *self, GError **error)
{
  self->at++;
  if (!scan_address (self, error))
    return FALSE;
  while (TRUE) {
    if (!scan_segment (self, error))
      return FALSE;
    skip_blanks (self);
    if (*self->at != ',')
      return TRUE;
    self->at++;
  }
}

static gboolean
scan_regions (Scanner *self, GError **error)
{
  do {
    if (!scan_region (self, error))
      return FALSE;
  } while (*self->at == '/');
  if (*self->at != '\0')
    return fail (self, "comma, slash or end", error);
  return TRUE;
}

static gint
compare_runs (gconstpointer a, gconstpointer b)
{
  const FlashMemoryRun *left = a, *right = b;

  return left->address < right->address ? -1 : left->address > right->address;
}

static gboolean
check_runs (const FlashMemoryMap *self, GError **error)
{
  guint64 n_sectors = 0;

  if (self->runs->len == 0) {
    g_set_error (error, FLASH_MAP_ERROR, FLASH_MAP_ERROR_BAD_MAP, "the memory map has no sectors");
    return FALSE;
  }
  for (guint i = 0; i < self->runs->len; i++) {
    const FlashMemoryRun *run = get_run (self, i);

    n_sectors += run->n_sectors;
    if (i > 0 && flash_range_end (get_range (run - 1)) > run->address) {
      g_set_error (error, FLASH_MAP_ERROR, FLASH_MAP_ERROR_BAD_MAP,
                   "the memory map names what lies at 0x%08x twice", run->address);
      return FALSE;
    }
  }
  if (n_sectors > FLASH_MEMORY_MAX_SECTORS) {
    g_set_error (error, FLASH_MAP_ERROR, FLASH_MAP_ERROR_BAD_MAP,
                 "the memory map has %" G_GUINT64_FORMAT " sectors, at most %d are taken",
                 n_sectors, FLASH_MEMORY_MAX_SECTORS);
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_map (const char *text, GError **error)
{
  gsize length = text != NULL ? strnlen (text, MAX_BYTES + 1) : 0;

  if (length == 0 || text[0] != '@' || memchr (text, '/', length) == NULL) {
    g_set_error (error, FLASH_MAP_ERROR, FLASH_MAP_ERROR_NO_MAP, "the name is no memory map");
    return FALSE;
  }
  if (length > MAX_BYTES) {
    g_set_error (error, FLASH_MAP_ERROR, FLASH_MAP_ERROR_BAD_MAP,
                 "the memory map is longer than %d bytes", MAX_BYTES);
    return FALSE;
  }
  return TRUE;
}

FlashMemoryMap *
flash_memory_map_parse (const char *text, GError **error)
{
  g_autoptr (FlashMemoryMap) self = NULL;
  Scanner scanner = { .text = text };
  g_autoptr (GError) local_error = NULL;

  if (!is_map (text, error))
    return NULL;

  self = map_new ();
  scanner.map = self;
  scanner.at = strchr (text, '/');
  self->name = flash_text_sanitize (text + 1, (gsize) (scanner.at - text) - 1, MAX_CHARS);
  g_strstrip (self->name);
  self->text = flash_text_sanitize (text, strlen (text), MAX_CHARS);

  if (!scan_regions (&scanner, &local_error)) {
    /* What was read up to there is right, and the ROMs of some chips send whatever lies behind
     * their strings as well (section 2.5.3, F42x): what is not understood is not used. */
    if (self->runs->len == 0 ||
        g_error_matches (local_error, FLASH_MAP_ERROR, FLASH_MAP_ERROR_NO_MAP)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
    g_debug ("%s: %s", self->text, local_error->message);
  }
  g_array_sort (self->runs, compare_runs);
  if (!check_runs (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

FlashMemoryMap *
flash_memory_map_new_for_runs (const char *name, const FlashMemoryRun *runs, guint n_runs)
{
  g_autoptr (FlashMemoryMap) self = NULL;
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (n_runs > 0 && n_runs <= FLASH_MEMORY_MAX_RUNS, NULL);

  self = map_new ();
  text = g_string_new ("@");
  g_string_append (text, name);
  for (guint i = 0; i < n_runs; i++) {
    const FlashMemoryRun *run = &runs[i];
    gboolean is_next = i > 0 && flash_range_end (get_range (run - 1)) == run->address;

    if (is_next)
      g_string_append_c (text, ',');
    else
      g_string_append_printf (text, "/0x%08X/", run->address);
    g_string_append_printf (text, "%u*%uB", run->n_sectors, run->sector_size);
    if (run->flags != 0)
      g_string_append_c (text, (char) ('`' + run->flags));
    g_array_append_val (self->runs, *run);
  }
  g_return_val_if_fail (check_runs (self, NULL), NULL);
  self->name = g_strdup (name);
  self->text = g_string_free (g_steal_pointer (&text), FALSE);
  return g_steal_pointer (&self);
}

guint
flash_memory_map_get_n_sectors (const FlashMemoryMap *self)
{
  guint n_sectors = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->runs->len; i++)
    n_sectors += get_run (self, i)->n_sectors;
  return n_sectors;
}

static FlashMemorySector
make_sector (const FlashMemoryRun *run, guint first_index, guint index)
{
  return (FlashMemorySector){
    .address = run->address + (index - first_index) * run->sector_size,
    .size = run->sector_size,
    .flags = run->flags,
    .index = index,
  };
}

void
flash_memory_map_get_sector (const FlashMemoryMap *self, guint index, FlashMemorySector *out_sector)
{
  guint first = 0;

  g_return_if_fail (self != NULL && out_sector != NULL);
  g_return_if_fail (index < flash_memory_map_get_n_sectors (self));

  for (guint i = 0; i < self->runs->len; i++) {
    const FlashMemoryRun *run = get_run (self, i);

    if (index - first < run->n_sectors) {
      *out_sector = make_sector (run, first, index);
      return;
    }
    first += run->n_sectors;
  }
}

gboolean
flash_memory_map_find_sector (const FlashMemoryMap *self, guint32 address,
                              FlashMemorySector *out_sector)
{
  guint first = 0;

  g_return_val_if_fail (self != NULL && out_sector != NULL, FALSE);

  for (guint i = 0; i < self->runs->len; i++) {
    const FlashMemoryRun *run = get_run (self, i);

    if (flash_range_contains (get_range (run), address)) {
      *out_sector = make_sector (run, first, first + (address - run->address) / run->sector_size);
      return TRUE;
    }
    first += run->n_sectors;
  }
  return FALSE;
}

guint32
flash_memory_map_get_start (const FlashMemoryMap *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return get_run (self, 0)->address;
}

guint64
flash_memory_map_get_size (const FlashMemoryMap *self)
{
  guint64 size = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->runs->len; i++)
    size += get_range (get_run (self, i)).size;
  return size;
}

gboolean
flash_memory_map_covers (const FlashMemoryMap *self, guint32 address, guint64 size,
                         FlashMemoryFlags flags)
{
  guint64 at = address, end;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!g_uint64_checked_add (&end, at, size))
    return FALSE;
  for (guint i = 0; i < self->runs->len && at < end; i++) {
    const FlashMemoryRun *run = get_run (self, i);

    if (!flash_range_contains (get_range (run), at))
      continue;
    if ((run->flags & flags) != flags)
      return FALSE;
    at = flash_range_end (get_range (run));
  }
  return at >= end;
}
