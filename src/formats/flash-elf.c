/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-elf"

#include "config.h"

#include "flash-elf.h"

#include "flash-bytes.h"
#include "flash-elf-sections.h"
#include "flash-ram.h"
#include "flash-text.h"

/* System V ABI, "ELF header", "Program header", "Sections", for 32 bit */
#define IDENT_LENGTH 16
#define CLASS_AT 4
#define CLASS_32 1
#define DATA_AT 5
#define DATA_LITTLE_ENDIAN 1
#define TYPE_AT 16
#define TYPE_EXECUTABLE 2
#define TYPE_DYNAMIC 3
#define MACHINE_AT 18
#define MACHINE_ARM 40
/* GD32VF103, a relative of the STM32 (stm32-dfuse.md section 6.5) */
#define MACHINE_RISC_V 243
#define ENTRY_AT 24
#define SEGMENTS_AT 28
#define SECTIONS_AT 32
#define SEGMENT_SIZE_AT 42
#define N_SEGMENTS_AT 44
#define SECTION_SIZE_AT 46
#define N_SECTIONS_AT 48
#define HEADER_LENGTH 52

#define SEGMENT_ENTRY_LENGTH 32
#define SEGMENT_LOAD 1

/* Between the ELF header and the table of segments there is nothing but alignment. */
#define MAX_HEADER_GAP 15

typedef struct {
  gsize header_at; /* its entry in the table */
  guint32 offset;
  guint32 size;
  guint32 virtual_address;
  guint64 address; /* may pass 2^32 where headers are cut off */
} Segment;

typedef struct {
  const guint8 *bytes;
  gsize length;
  const FlashImageOptions *options;
  FlashImageBuilder *builder;
  FlashDiagList *diags; /* (transfer none): those of @builder */
  gsize segments_at;
  guint n_segments;
  GArray *contents; /* (owned) (nullable) (element-type FlashRange): what the sections occupy of the
                       file; NULL if there is no table that can be believed, or nothing in it */
  GArray *segments; /* (element-type Segment): those to load */
} Elf;

static void
add_error (const Elf *self, const char *code, const char *text, guint64 offset, guint64 value)
{
  g_autofree char *place = flash_text_address (offset);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, code, 0, 0, text, place, number, NULL);
}

/* Returns: whether it is a program for a chip like these. */
static gboolean
check_kind (const Elf *self)
{
  const guint8 *bytes = self->bytes;
  guint type, machine;

  if (self->length > DATA_AT && bytes[CLASS_AT] != CLASS_32) {
    add_error (self, "elf-wrong-class",
               N_ ("The program is not for a 32-bit processor: the ELF header says class {1} at "
                   "{0}. Build it for the chip on the board."),
               CLASS_AT, bytes[CLASS_AT]);
    return FALSE;
  }
  if (self->length > DATA_AT && bytes[DATA_AT] != DATA_LITTLE_ENDIAN) {
    add_error (self, "elf-wrong-endianness",
               N_ ("The program is not for a little-endian processor: the ELF header says {1} at "
                   "{0}. Build it for the chip on the board."),
               DATA_AT, bytes[DATA_AT]);
    return FALSE;
  }
  if (self->length < HEADER_LENGTH) {
    add_error (self, "elf-truncated",
               N_ ("The file ends at {0}, inside of its ELF header of {1} bytes. Get it again."),
               self->length, HEADER_LENGTH);
    return FALSE;
  }
  machine = flash_get_le16 (bytes + MACHINE_AT);
  if (machine != MACHINE_ARM && machine != MACHINE_RISC_V) {
    add_error (self, "elf-wrong-machine",
               N_ ("The program is for another kind of processor: the ELF header says machine {1} "
                   "at {0}. Build it for the chip on the board."),
               MACHINE_AT, machine);
    return FALSE;
  }
  type = flash_get_le16 (bytes + TYPE_AT);
  if (type != TYPE_EXECUTABLE && type != TYPE_DYNAMIC) {
    add_error (self, "elf-wrong-type",
               N_ ("The file is no linked program: the ELF header says type {1} at {0}. Link it "
                   "first."),
               TYPE_AT, type);
    return FALSE;
  }
  return TRUE;
}

static void
check_core (const Elf *self)
{
  if (flash_get_le16 (self->bytes + MACHINE_AT) == MACHINE_RISC_V)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "elf-risc-v", 0, 0,
                         N_ ("The program is for a RISC-V processor, as in the GD32VF103; no STM32 "
                             "can run it."),
                         NULL);
}

/* Returns: whether a table of @n entries at @at is inside of the file. */
static gboolean
has_table (const Elf *self, gsize at, guint n, gsize entry_length)
{
  return at <= self->length && (self->length - at) / entry_length >= n;
}

static gboolean
find_segments (Elf *self)
{
  guint entry_length = flash_get_le16 (self->bytes + SEGMENT_SIZE_AT);

  self->segments_at = flash_get_le32 (self->bytes + SEGMENTS_AT);
  self->n_segments = flash_get_le16 (self->bytes + N_SEGMENTS_AT);
  if (self->n_segments == 0)
    return TRUE;

  if (entry_length != SEGMENT_ENTRY_LENGTH) {
    add_error (self, "elf-table-broken",
               N_ ("The ELF header is damaged: at {0} it says that a program header has {1} bytes, "
                   "which must be 32. Get the file again."),
               SEGMENT_SIZE_AT, entry_length);
    return FALSE;
  }
  /* 65535 would mean that the number stands elsewhere: no linker made that for a chip. */
  if (self->n_segments > FLASH_IMAGE_MAX_SEGMENTS) {
    add_error (self, "elf-table-broken",
               N_ ("The ELF header is damaged: at {0} it says that there are {1} program headers, "
                   "more than any program has. Get the file again."),
               N_SEGMENTS_AT, self->n_segments);
    return FALSE;
  }
  if (!has_table (self, self->segments_at, self->n_segments, SEGMENT_ENTRY_LENGTH)) {
    add_error (self, "elf-table-truncated",
               N_ ("The file is cut off: its {1} program headers at {0} are not all in it. Get it "
                   "again."),
               self->segments_at, self->n_segments);
    return FALSE;
  }
  return TRUE;
}

/* Linkers write the table of sections last: a file without it was stripped, or was cut off. */
static void
find_sections (Elf *self)
{
  guint entry_length = flash_get_le16 (self->bytes + SECTION_SIZE_AT);
  guint n = flash_get_le16 (self->bytes + N_SECTIONS_AT);
  gsize at = flash_get_le32 (self->bytes + SECTIONS_AT);

  if (at == 0 || n == 0)
    return;
  if (entry_length != FLASH_ELF_SECTION_LENGTH) {
    g_autofree char *place = flash_text_address (SECTION_SIZE_AT);
    g_autofree char *number = g_strdup_printf ("%u", entry_length);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "elf-sections-broken", 0, 0,
                         N_ ("The table of sections is of no use: at {0} the ELF header says that "
                             "an entry has {1} bytes, which must be 40."),
                         place, number, NULL);
    return;
  }
  if (!has_table (self, at, n, FLASH_ELF_SECTION_LENGTH)) {
    flash_image_builder_add_doubt (
        self->builder, self->options, "elf-sections-truncated", 0,
        N_ ("The ELF file ends before its table of sections does: it seems to be cut off. Get it "
            "again."));
    return;
  }
  self->contents = flash_elf_sections_read (self->bytes + at, n);
  if (self->contents->len == 0)
    g_clear_pointer (&self->contents, g_array_unref);
}

/* Returns: %FALSE if a segment is not whole */
static gboolean
collect_segments (Elf *self)
{
  for (guint i = 0; i < self->n_segments; i++) {
    gsize at = self->segments_at + (gsize) i * SEGMENT_ENTRY_LENGTH;
    const guint8 *entry = self->bytes + at;
    Segment segment = {
      .header_at = at,
      .offset = flash_get_le32 (entry + 4),
      .virtual_address = flash_get_le32 (entry + 8),
      .address = flash_get_le32 (entry + 12),
      .size = flash_get_le32 (entry + 16),
    };

    if (flash_get_le32 (entry) != SEGMENT_LOAD || segment.size == 0)
      continue;
    if (segment.offset > self->length || self->length - segment.offset < segment.size) {
      add_error (self, "elf-segment-truncated",
                 N_ ("The file is cut off: the load segment whose program header is at {0} has {1} "
                     "bytes that are not all in it. Get it again."),
                 at, segment.size);
      return FALSE;
    }
    g_array_append_val (self->segments, segment);
  }
  return TRUE;
}

/* Linkers that know no load addresses leave all of them 0 (BFD and OpenOCD think so too). */
static void
choose_addresses (Elf *self)
{
  for (guint i = 0; i < self->segments->len; i++)
    if (g_array_index (self->segments, Segment, i).address != 0)
      return;
  if (self->segments->len < 2)
    return;

  for (guint i = 0; i < self->segments->len; i++) {
    Segment *segment = &g_array_index (self->segments, Segment, i);

    segment->address = segment->virtual_address;
  }
  flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "elf-virtual-addresses", 0, 0,
                       N_ ("The linker gave no load addresses; the virtual ones are used."), NULL);
}

static FlashRange
get_file_range (const Segment *segment)
{
  return (FlashRange){ segment->offset, segment->size };
}

static gboolean
covers_headers (const Elf *self, const Segment *segment)
{
  FlashRange header = { 0, HEADER_LENGTH };
  FlashRange table = { self->segments_at, (guint64) self->n_segments * SEGMENT_ENTRY_LENGTH };

  return flash_range_overlaps (get_file_range (segment), header) ||
         flash_range_overlaps (get_file_range (segment), table);
}

/* Returns: the bytes from the first section in the segment to the last one; none if there is no
 * section in it. */
static FlashRange
measure_sections (const Elf *self, const Segment *segment)
{
  FlashRange whole = get_file_range (segment), first, last;
  guint begin = flash_elf_sections_find (self->contents, whole.start);
  guint end = flash_elf_sections_find (self->contents, flash_range_end (whole));

  if (!flash_elf_sections_get (self->contents, begin, whole, &first))
    return (FlashRange){ whole.start, 0 };
  /* The one at @end reaches beyond the segment, if it is in it at all. */
  if (!flash_elf_sections_get (self->contents, end, whole, &last))
    flash_elf_sections_get (self->contents, end - 1, whole, &last);
  return (FlashRange){ first.start, flash_range_end (last) - first.start };
}

/* What is left of the segment without the headers that it begins with. */
static FlashRange
skip_headers (const Elf *self, const Segment *segment)
{
  guint64 segment_end = flash_range_end (get_file_range (segment));
  guint64 table_end = self->segments_at + (guint64) self->n_segments * SEGMENT_ENTRY_LENGTH;
  guint64 start = MAX (segment->offset, HEADER_LENGTH);

  /* A segment that begins elsewhere and only reaches the table has no headers to begin with. */
  if (segment->offset >= HEADER_LENGTH && segment->offset < self->segments_at)
    start = segment->offset;
  else if (self->segments_at <= start + MAX_HEADER_GAP && table_end > start)
    start = table_end;
  start = MIN (start, segment_end);
  return (FlashRange){ start, segment_end - start };
}

static void
warn_of_zeros (const Elf *self, const Segment *segment)
{
  const guint8 *bytes = self->bytes + segment->offset;
  guint32 n = 0;

  while (n < segment->size && bytes[n] == 0)
    n++;
  if (n > 0) {
    g_autofree char *count = g_strdup_printf ("%u", n);
    g_autofree char *address = flash_text_address (segment->address);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "elf-headers-unclear", 0, 0,
                         N_ ("The ELF file has no table of sections, so that nobody can tell "
                             "whether {0} zeros from {1} on belong to the program; they are kept. "
                             "Use the file that the linker made, before it is stripped."),
                         count, address, NULL);
  }
}

static void
say_cut (const Elf *self, guint64 before, const Segment *segment)
{
  g_autofree char *before_text = flash_text_address (before);
  g_autofree char *after = flash_text_address (segment->address);
  g_autofree char *size = g_strdup_printf ("%u", segment->size);

  if (segment->size == 0)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "elf-headers-cut", 0, 0,
                         N_ ("The load segment at {0} holds nothing but headers of the ELF file; "
                             "it is left out."),
                         before_text, NULL);
  else
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "elf-headers-cut", 0, 0,
                         N_ ("The load segment at {0} also holds headers of the ELF file; of it "
                             "are taken only the {1} bytes of the program from {2} on."),
                         before_text, size, after, NULL);
}

static void
say_nameless (const Elf *self, const Segment *segment)
{
  g_autofree char *address = flash_text_address (segment->address);
  g_autofree char *size = g_strdup_printf ("%u", segment->size);

  flash_diag_list_add (
      self->diags, FLASH_SEVERITY_INFO, "elf-segment-nameless", 0, 0,
      N_ ("The {1} bytes of the load segment at {0} belong to none of the sections "
          "of the ELF file; they are left out."),
      address, size, NULL);
}

/* GNU ld likes to begin the first segment at a page boundary below the program, with the headers
 * of the file in it (section 6.5): loaded as it is, that overwrites whatever is there. It also pads
 * segments; objcopy, whose HEX files people flash otherwise, leaves out what is in no section. */
static void
cut_segment (const Elf *self, Segment *segment)
{
  gboolean has_headers = covers_headers (self, segment);
  guint64 before = segment->address;
  FlashRange rest;

  if (self->contents == NULL && !has_headers)
    return;
  rest = self->contents != NULL ? measure_sections (self, segment) : skip_headers (self, segment);
  if (rest.size == segment->size)
    return;
  if (rest.size == 0 && !has_headers)
    say_nameless (self, segment);

  segment->address += rest.start - segment->offset;
  segment->offset = (guint32) rest.start;
  segment->size = (guint32) rest.size;
  if (has_headers)
    say_cut (self, before, segment);
  if (self->contents == NULL)
    warn_of_zeros (self, segment);
}

static int
compare_addresses (gconstpointer a, gconstpointer b)
{
  const Segment *first = a, *second = b;

  return first->address < second->address ? -1 : first->address > second->address;
}

/* Looked for here and not by the builder: segments may share bytes of the file, so that a small
 * file could ask for a lot of comparing. */
static gboolean
check_overlaps (const Elf *self)
{
  guint64 end = 0;

  for (guint i = 0; i < self->segments->len; i++) {
    const Segment *segment = &g_array_index (self->segments, Segment, i);

    if (segment->address < end && segment->size > 0) {
      g_autofree char *address = flash_text_address (segment->address);
      g_autofree char *place = flash_text_address (segment->header_at);

      flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "segments-overlap", 0, 0,
                           N_ ("Two load segments claim the place from {0} on, one of them with "
                               "the program header at {1}. Correct the linker script."),
                           address, place, NULL);
      return FALSE;
    }
    end = MAX (end, segment->address + segment->size);
  }
  return TRUE;
}

/* Returns: %FALSE if the image takes no more */
static gboolean
add_contents (const Elf *self, const Segment *segment)
{
  FlashRange part, whole = get_file_range (segment);

  if (self->contents == NULL)
    return flash_image_builder_add (self->builder, segment->address, self->bytes + segment->offset,
                                    segment->size, 0);
  for (guint i = flash_elf_sections_find (self->contents, whole.start);
       flash_elf_sections_get (self->contents, i, whole, &part); i++)
    if (!flash_image_builder_add (self->builder, segment->address + (part.start - whole.start),
                                  self->bytes + part.start, part.size, 0))
      return FALSE;
  return TRUE;
}

static void
add_segments (const Elf *self)
{
  for (guint i = 0; i < self->segments->len; i++) {
    const Segment *segment = &g_array_index (self->segments, Segment, i);

    if (!add_contents (self, segment))
      return;
    if (segment->size > 0 && flash_ram_holds ((guint32) segment->address)) {
      g_autofree char *address = flash_text_address (segment->address);
      g_autofree char *place = flash_text_address (segment->header_at);

      flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "elf-ram-segment", 0, 0,
                           N_ ("The load segment at {0}, with the program header at {1}, belongs "
                               "into RAM, not into flash."),
                           address, place, NULL);
    }
  }
}

void
flash_elf_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                FlashImageBuilder *builder)
{
  g_autoptr (GArray) segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  Elf self = {
    .bytes = bytes,
    .length = length,
    .options = options,
    .builder = builder,
    .diags = flash_image_builder_get_diags (builder),
    .segments = segments,
  };
  guint32 entry;

  flash_image_builder_set_has_address (builder, TRUE);
  if (!check_kind (&self) || !find_segments (&self) || !collect_segments (&self))
    return;

  check_core (&self);
  entry = flash_get_le32 (bytes + ENTRY_AT);
  if (entry != 0)
    flash_image_builder_set_entry (builder, entry);
  find_sections (&self);
  choose_addresses (&self);
  for (guint i = 0; i < segments->len; i++)
    cut_segment (&self, &g_array_index (segments, Segment, i));
  g_array_sort (segments, compare_addresses);
  if (check_overlaps (&self))
    add_segments (&self);
  g_clear_pointer (&self.contents, g_array_unref);
}
