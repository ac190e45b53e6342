/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-uf2"

#include "config.h"

#include "flash-uf2.h"

#include "flash-bytes.h"
#include "flash-text.h"

/* stm32-dfuse.md section 6.7: a block */
#define BLOCK_LENGTH 512
#define FIRST_MAGIC 0x0a324655u
#define SECOND_MAGIC_AT 4
#define SECOND_MAGIC 0x9e5d5157u
#define FLAGS_AT 8
#define ADDRESS_AT 12
#define SIZE_AT 16
#define NUMBER_AT 20
#define TOTAL_AT 24
#define FAMILY_AT 28
#define DATA_AT 32
#define MAX_SIZE 476
#define END_MAGIC_AT 508
#define END_MAGIC 0x0ab16f30u

#define FLAG_NOT_MAIN_FLASH 0x00000001u
#define FLAG_FILE_CONTAINER 0x00001000u
#define FLAG_HAS_FAMILY 0x00002000u

/* Where every STM32 without a boot loader of its own starts from. */
#define FLASH_START 0x08000000u

typedef struct {
  guint32 id;
  const char *name;
  gboolean is_stm32;
} Family;

/* The same section: families; the last four are chips of other makers, with another core or
 * another map. */
static const Family families[] = {
  { 0x647824b6, "STM32F0", TRUE },     { 0x5ee21072, "STM32F1", TRUE },
  { 0x5d1a0a2e, "STM32F2", TRUE },     { 0x6b846188, "STM32F3", TRUE },
  { 0x57755a57, "STM32F4", TRUE },     { 0x6d0922fa, "STM32F407", TRUE },
  { 0x8fb060fe, "STM32F407VG", TRUE }, { 0x2dc309c5, "STM32F411xE", TRUE },
  { 0x06d1097b, "STM32F411xC", TRUE }, { 0x53b80f00, "STM32F7", TRUE },
  { 0x300f5633, "STM32G0", TRUE },     { 0x4c71240a, "STM32G4", TRUE },
  { 0x4e8f1c5d, "STM32H5", TRUE },     { 0x6db66082, "STM32H7", TRUE },
  { 0x202e3a91, "STM32L0", TRUE },     { 0x1e1f432d, "STM32L1", TRUE },
  { 0x00ff6919, "STM32L4", TRUE },     { 0x04240bdf, "STM32L5", TRUE },
  { 0x70d16653, "STM32WB", TRUE },     { 0x21460ff0, "STM32WL", TRUE },
  { 0x9af03e33, "GD32VF103", FALSE },  { 0x31d228c6, "GD32F350", FALSE },
  { 0xa0c97b8e, "AT32F415", FALSE },   { 0x699b62ec, "CH32V", FALSE },
};

/* What a block says of its place among those of its family. */
typedef struct {
  guint32 family; /* 0 without */
  guint32 number;
  guint32 total;
  guint32 index; /* in the file */
} Count;

static const Family *
find_family (guint32 id)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (families[i].id == id)
      return &families[i];
  return NULL;
}

const char *
flash_uf2_get_family_name (guint32 family)
{
  const Family *found = find_family (family);

  return found != NULL ? found->name : NULL;
}

static void
add_error (FlashDiagList *diags, const char *code, const char *text, guint64 offset, guint64 first,
           guint64 second)
{
  g_autofree char *place = flash_text_address (offset);
  g_autofree char *first_text = g_strdup_printf ("%" G_GUINT64_FORMAT, first);
  g_autofree char *second_text = g_strdup_printf ("%" G_GUINT64_FORMAT, second);

  flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, code, 0, 0, text, place, first_text,
                       second_text, NULL);
}

/* Returns: whether the block at @offset is one */
static gboolean
check_block (const guint8 *block, gsize offset, FlashDiagList *diags)
{
  guint32 size = flash_get_le32 (block + SIZE_AT);

  if (flash_get_le32 (block) != FIRST_MAGIC ||
      flash_get_le32 (block + SECOND_MAGIC_AT) != SECOND_MAGIC ||
      flash_get_le32 (block + END_MAGIC_AT) != END_MAGIC) {
    add_error (diags, "uf2-block-broken",
               N_ ("The file is damaged: the block at {0} does not begin and end as UF2 blocks do. "
                   "Get it again."),
               offset, 0, 0);
    return FALSE;
  }
  if (size > MAX_SIZE) {
    add_error (diags, "uf2-payload-too-large",
               N_ ("The file is damaged: the block at {0} says that it holds {1} bytes, more than "
                   "{2}. Get it again."),
               offset, size, MAX_SIZE);
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_for_main_flash (const guint8 *block)
{
  return (flash_get_le32 (block + FLAGS_AT) & (FLAG_NOT_MAIN_FLASH | FLAG_FILE_CONTAINER)) == 0;
}

static gboolean
has_family (const guint8 *block)
{
  return (flash_get_le32 (block + FLAGS_AT) & FLAG_HAS_FAMILY) != 0;
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  const Count *x = a, *y = b;

  if (x->family != y->family)
    return x->family < y->family ? -1 : 1;
  if (x->number != y->number)
    return x->number < y->number ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

/* Looks at those of one family, @n of them from @first on.
 *
 * Returns: whether all of them are there */
static gboolean
check_family_counts (const Count *first, guint n, FlashDiagList *diags)
{
  guint32 total = first->total, n_there = 1;

  for (guint i = 0; i < n; i++) {
    if (first[i].total != total || first[i].number >= total) {
      add_error (diags, "uf2-number-wrong",
                 N_ ("The file is damaged: the block at {0} says that it is number {1} (from 0 on) "
                     "of {2}, which contradicts the others. Get it again."),
                 (guint64) first[i].index * BLOCK_LENGTH, first[i].number, first[i].total);
      return FALSE;
    }
    if (i > 0 && first[i].number != first[i - 1].number)
      n_there++;
  }
  if (n_there != total) {
    add_error (diags, "uf2-blocks-missing",
               N_ ("The file is cut off or damaged: of the family whose blocks begin at {0} there "
                   "are {1} of {2}. Get it again."),
               (guint64) first->index * BLOCK_LENGTH, n_there, total);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_counts (GArray *counts, FlashDiagList *diags)
{
  gboolean is_whole = TRUE;

  g_array_sort (counts, compare_counts);
  for (guint first = 0; first < counts->len && is_whole;) {
    const Count *count = &g_array_index (counts, Count, first);
    guint n = 1;

    while (first + n < counts->len && count[n].family == count->family)
      n++;
    is_whole = check_family_counts (count, n, diags);
    first += n;
  }
  return is_whole;
}

/* Returns: (transfer full): what the blocks say of their places; %NULL if one is none */
static GArray *
collect_counts (const guint8 *bytes, guint n_blocks, FlashDiagList *diags)
{
  g_autoptr (GArray) counts = g_array_sized_new (FALSE, FALSE, sizeof (Count), n_blocks);

  for (guint i = 0; i < n_blocks; i++) {
    const guint8 *block = bytes + (gsize) i * BLOCK_LENGTH;
    Count count = {
      .family = has_family (block) ? flash_get_le32 (block + FAMILY_AT) : 0,
      .number = flash_get_le32 (block + NUMBER_AT),
      .total = flash_get_le32 (block + TOTAL_AT),
      .index = i,
    };

    if (!check_block (block, (gsize) i * BLOCK_LENGTH, diags))
      return NULL;
    g_array_append_val (counts, count);
  }
  return g_steal_pointer (&counts);
}

static void
add_families (const guint8 *bytes, guint n_blocks, FlashImageBuilder *builder)
{
  FlashDiagList *diags = flash_image_builder_get_diags (builder);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n_blocks; i++) {
    const guint8 *block = bytes + (gsize) i * BLOCK_LENGTH;
    guint32 id = flash_get_le32 (block + FAMILY_AT);
    g_autofree char *number = NULL;
    const Family *family;

    if (!is_for_main_flash (block) || !has_family (block) ||
        !g_hash_table_add (seen, GUINT_TO_POINTER (id)))
      continue;
    flash_image_builder_add_family (builder, id);
    number = flash_text_address (id);
    family = find_family (id);
    if (family == NULL)
      flash_diag_list_add (diags, FLASH_SEVERITY_INFO, "uf2-family-unknown", 0, 0,
                           N_ ("The file is for chips of family {0}, which is not known here."),
                           number, NULL);
    else if (!family->is_stm32)
      flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "uf2-family-not-stm32", 0, 0,
                           N_ ("The file is for {0}, which is no STM32."), family->name, NULL);
  }
  if (g_hash_table_size (seen) > 1) {
    g_autofree char *n = g_strdup_printf ("%u", g_hash_table_size (seen));

    flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "uf2-several-families", 0, 0,
                         N_ ("The file holds programs for {0} different families of chips, one "
                             "behind the other; all of them would be written. Use a file for the "
                             "chip on the board."),
                         n, NULL);
  }
}

static void
say_where (guint64 lowest, FlashDiagList *diags)
{
  g_autofree char *begin = flash_text_address (lowest);
  g_autofree char *start = flash_text_address (FLASH_START);

  flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "uf2-above-boot-loader", 0, 0,
                       N_ ("The program begins at {0}, not at {1} where the chip starts: it needs "
                           "a UF2 boot loader below it. Without one the board will not start."),
                       begin, start, NULL);
}

static void
add_blocks (const guint8 *bytes, guint n_blocks, FlashImageBuilder *builder)
{
  FlashDiagList *diags = flash_image_builder_get_diags (builder);
  guint64 lowest = G_MAXUINT64;
  gboolean has_start = FALSE;
  guint n_skipped = 0;

  for (guint i = 0; i < n_blocks; i++) {
    const guint8 *block = bytes + (gsize) i * BLOCK_LENGTH;
    guint32 address = flash_get_le32 (block + ADDRESS_AT);
    guint32 size = flash_get_le32 (block + SIZE_AT);

    if (!is_for_main_flash (block)) {
      n_skipped++;
      continue;
    }
    if (!flash_image_builder_add (builder, address, block + DATA_AT, size, 0))
      return;
    if (size > 0)
      lowest = MIN (lowest, address);
    has_start |= size > 0 && address <= FLASH_START && FLASH_START - address < size;
  }
  if (n_skipped > 0) {
    g_autofree char *n = g_strdup_printf ("%u", n_skipped);

    flash_diag_list_add (diags, FLASH_SEVERITY_INFO, "uf2-blocks-skipped", 0, 0,
                         N_ ("{0} blocks are left out: they say themselves that they are not for "
                             "the flash of the chip."),
                         n, NULL);
  }
  if (!has_start && lowest != G_MAXUINT64)
    say_where (lowest, diags);
}

void
flash_uf2_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                FlashImageBuilder *builder)
{
  FlashDiagList *diags = flash_image_builder_get_diags (builder);
  guint n_blocks = (guint) MIN (length / BLOCK_LENGTH, FLASH_IMAGE_MAX_FILE / BLOCK_LENGTH);
  g_autoptr (GArray) counts = NULL;

  flash_image_builder_set_has_address (builder, TRUE);
  if (length % BLOCK_LENGTH != 0) {
    add_error (diags, "uf2-truncated",
               N_ ("The file is cut off: of the block at {0} there are {1} of {2} bytes. Get it "
                   "again."),
               length / BLOCK_LENGTH * BLOCK_LENGTH, length % BLOCK_LENGTH, BLOCK_LENGTH);
    return;
  }
  counts = collect_counts (bytes, n_blocks, diags);
  if (counts == NULL || !check_counts (counts, diags))
    return;
  add_families (bytes, n_blocks, builder);
  add_blocks (bytes, n_blocks, builder);
}
