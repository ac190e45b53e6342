/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-fix"

#include "config.h"

#include "flash-layout-document-private.h"
#include "flash-layout-fix-private.h"
#include "flash-layout-lint.h"

/* “Fix all safe” looks again so often: a line of blanks becomes cells, whose spelling is mended
 * next, and whose Ids after that. */
#define MAX_ROUNDS 8

/* A fix in the making. */
typedef struct {
  FlashLayoutDocument *document; /* (unowned) */
  FlashLayoutIds *ids; /* (owned) (nullable): as soon as somebody asks */
  /* (owned) (nullable) (element-type utf8): storages that keep some partitions as they are; as soon
   * as somebody asks */
  GHashTable *kept_storages;
} Workshop;

static void
workshop_clear (Workshop *self)
{
  g_clear_pointer (&self->ids, flash_layout_ids_free);
  g_clear_pointer (&self->kept_storages, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Workshop, workshop_clear)

static FlashLayoutIds *
get_ids (Workshop *self)
{
  if (self->ids == NULL)
    self->ids = flash_layout_ids_new (self->document);
  return self->ids;
}

static gboolean
has_line (Workshop *self, const FlashDiag *diag)
{
  guint line = flash_diag_get_line (diag);

  return line >= 1 && line <= flash_layout_document_get_n_lines (self->document) &&
         flash_layout_document_get_obstacle (self->document) == FLASH_LAYOUT_OBSTACLE_NONE;
}

/* --- what can be done ----------------------------------------------------------------------- */

static FlashLayoutFixKind
get_file_kind (Workshop *self, const FlashLayoutRemedy *remedy)
{
  switch (flash_layout_document_get_obstacle (self->document)) {
  case FLASH_LAYOUT_OBSTACLE_NONE:
  case FLASH_LAYOUT_OBSTACLE_WIDE:
    return remedy->kind;
  case FLASH_LAYOUT_OBSTACLE_FRAMED:
  case FLASH_LAYOUT_OBSTACLE_NUL:
    /* It takes away more than what the diagnostic is about. */
    return FLASH_LAYOUT_FIX_ASK;
  case FLASH_LAYOUT_OBSTACLE_NOT_TEXT:
    return FLASH_LAYOUT_FIX_NONE;
  }
  g_return_val_if_reached (FLASH_LAYOUT_FIX_NONE);
}

static FlashLayoutFixKind
get_line_kind (Workshop *self, const FlashLayoutRemedy *remedy, const FlashDiag *diag)
{
  g_autofree char *line = NULL;
  g_autofree char *before = NULL;
  g_autofree char *mended = NULL;

  if (!has_line (self, diag))
    return FLASH_LAYOUT_FIX_NONE;
  line = flash_layout_document_dup_line (self->document, flash_diag_get_line (diag));
  mended = remedy->mend (line, flash_diag_get_column (diag), &before);
  if (mended == NULL || (g_str_equal (mended, line) && before == NULL))
    return FLASH_LAYOUT_FIX_NONE;
  if (remedy->mend == flash_layout_mend_comment_behind &&
      !flash_layout_is_comment_a_cell (line, flash_diag_get_column (diag)))
    return FLASH_LAYOUT_FIX_ASK;
  return remedy->kind;
}

/* On raw flash all partitions must be those that U-Boot knows (stm32mp-usb.md section 3.9). */
static gboolean
is_on_raw_flash (FlashLayoutEntry *entry)
{
  const char *ip = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_IP);

  return g_str_has_prefix (ip, "nor") || g_str_has_prefix (ip, "nand") ||
         g_str_has_prefix (ip, "spi-nand");
}

static char *
dup_storage (FlashLayoutEntry *entry)
{
  return g_strstrip (
      g_ascii_strdown (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_IP), -1));
}

static GHashTable *
find_kept_storages (FlashLayoutDocument *document)
{
  GHashTable *storages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_entries = g_list_model_get_n_items (G_LIST_MODEL (document));

  for (guint i = 0; i < n_entries; i++) {
    g_autoptr (FlashLayoutEntry) entry = g_list_model_get_item (G_LIST_MODEL (document), i);
    const char *option = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_OPTION);

    /* What is no option, but may be meant as -, counts too. */
    if (flash_layout_entry_is_enabled (entry) && strpbrk (option, "Pp") == NULL)
      g_hash_table_add (storages, dup_storage (entry));
  }
  return storages;
}

/* Returns: whether other partitions of the storage stay as they are: then it holds a working
 * layout, and a partition that is moved has its data in the old place. */
static gboolean
is_partial (Workshop *self, FlashLayoutEntry *entry)
{
  g_autofree char *storage = dup_storage (entry);

  if (self->kept_storages == NULL)
    self->kept_storages = find_kept_storages (self->document);
  return g_hash_table_contains (self->kept_storages, storage);
}

/* Returns: whether the new cell might mean something else than the old one did to its writer */
static gboolean
is_cell_doubtful (Workshop *self, const FlashDiag *diag, FlashLayoutEntry *entry, const char *old)
{
  const char *code = flash_diag_get_code (diag);
  const char *cell = flash_diag_get_cell (diag);

  /* A warning means that the unit is only a guess, and the layout may work as it is. */
  if (g_str_equal (code, "offset-misaligned") || g_str_equal (code, "offset-below-first"))
    return flash_diag_get_severity (diag) != FLASH_SEVERITY_ERROR || is_on_raw_flash (entry) ||
           is_partial (self, entry);
  if (g_str_equal (code, "option-without-p"))
    return strchr (cell, 'D') != NULL;
  if (g_str_equal (code, "file-missing")) {
    g_autofree char *forward = g_strdelimit (g_strdup (old), "\\", '/');

    return !g_str_equal (cell, "none") && !g_str_equal (cell, forward);
  }
  return FALSE;
}

static FlashLayoutFixKind
get_cell_kind (Workshop *self, const FlashLayoutRemedy *remedy, const FlashDiag *diag,
               FlashLayoutColumn column)
{
  const char *cell = flash_diag_get_cell (diag);
  FlashLayoutEntry *entry;
  const char *old;

  if (cell == NULL || !has_line (self, diag) || column < FLASH_LAYOUT_COLUMN_OPTION ||
      column > FLASH_LAYOUT_COLUMN_BINARY || !flash_layout_cell_is_writable (column, cell))
    return FLASH_LAYOUT_FIX_NONE;
  entry = flash_layout_document_find_line (self->document, flash_diag_get_line (diag));
  if (entry == NULL || !flash_layout_entry_is_enabled (entry))
    return FLASH_LAYOUT_FIX_NONE;
  old = flash_layout_entry_get_cell (entry, column);
  if (g_str_equal (old, cell))
    return FLASH_LAYOUT_FIX_NONE;
  return is_cell_doubtful (self, diag, entry, old) ? FLASH_LAYOUT_FIX_ASK : remedy->kind;
}

static FlashLayoutFixKind
get_id_kind (Workshop *self, const FlashLayoutRemedy *remedy, const FlashDiag *diag)
{
  gboolean keeps_order;

  if (!has_line (self, diag) ||
      flash_layout_ids_find_free (get_ids (self), flash_diag_get_line (diag), &keeps_order) == 0)
    return FLASH_LAYOUT_FIX_NONE;
  return keeps_order ? remedy->kind : FLASH_LAYOUT_FIX_ASK;
}

static FlashLayoutFixKind
get_kind (Workshop *self, const FlashDiag *diag)
{
  const FlashLayoutRemedy *remedy = flash_layout_fix_find_remedy (flash_diag_get_code (diag));

  if (remedy == NULL)
    return FLASH_LAYOUT_FIX_NONE;
  switch (remedy->method) {
  case FLASH_LAYOUT_METHOD_NONE:
    return FLASH_LAYOUT_FIX_NONE;
  case FLASH_LAYOUT_METHOD_FILE:
    return get_file_kind (self, remedy);
  case FLASH_LAYOUT_METHOD_LINE_ENDS:
  case FLASH_LAYOUT_METHOD_END:
    return flash_layout_document_get_obstacle (self->document) == FLASH_LAYOUT_OBSTACLE_NONE
               ? remedy->kind
               : FLASH_LAYOUT_FIX_NONE;
  case FLASH_LAYOUT_METHOD_LINE:
    return get_line_kind (self, remedy, diag);
  case FLASH_LAYOUT_METHOD_CELL:
    return get_cell_kind (self, remedy, diag, flash_diag_get_column (diag));
  case FLASH_LAYOUT_METHOD_OPTION:
    return get_cell_kind (self, remedy, diag, FLASH_LAYOUT_COLUMN_OPTION);
  case FLASH_LAYOUT_METHOD_ID:
    return get_id_kind (self, remedy, diag);
  }
  g_return_val_if_reached (FLASH_LAYOUT_FIX_NONE);
}

FlashLayoutFixKind
flash_layout_fix_get_kind (FlashLayoutDocument *document, const FlashDiag *diag)
{
  g_auto (Workshop) workshop = { .document = document };

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (document) && diag != NULL, FLASH_LAYOUT_FIX_NONE);

  return get_kind (&workshop, diag);
}

GArray *
flash_layout_fix_dup_kinds (FlashLayoutDocument *document, FlashDiagList *diags)
{
  g_auto (Workshop) workshop = { .document = document };
  GArray *kinds = g_array_new (FALSE, FALSE, sizeof (FlashLayoutFixKind));

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (document) && diags != NULL, kinds);

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    FlashLayoutFixKind kind = get_kind (&workshop, flash_diag_list_get (diags, i));

    g_array_append_val (kinds, kind);
  }
  return kinds;
}

guint
flash_layout_fix_count_safe (FlashLayoutDocument *document, FlashDiagList *diags)
{
  g_autoptr (GArray) kinds = flash_layout_fix_dup_kinds (document, diags);
  guint n_safe = 0;

  for (guint i = 0; i < kinds->len; i++)
    n_safe += g_array_index (kinds, FlashLayoutFixKind, i) == FLASH_LAYOUT_FIX_SAFE;
  return n_safe;
}

/* --- doing it --------------------------------------------------------------------------------- */

static gboolean
mend_line (Workshop *self, const FlashLayoutRemedy *remedy, const FlashDiag *diag)
{
  guint number = flash_diag_get_line (diag);
  g_autofree char *line = flash_layout_document_dup_line (self->document, number);
  g_autofree char *before = NULL;
  g_autofree char *mended = remedy->mend (line, flash_diag_get_column (diag), &before);

  if (mended == NULL)
    return FALSE;
  if (!g_str_equal (mended, line) &&
      !flash_layout_document_replace_line (self->document, number, mended))
    return FALSE;
  return before == NULL || flash_layout_document_insert_line (self->document, number, before);
}

static gboolean
mend_cell (Workshop *self, const FlashDiag *diag, FlashLayoutColumn column)
{
  FlashLayoutEntry *entry =
      flash_layout_document_find_line (self->document, flash_diag_get_line (diag));

  return entry != NULL &&
         flash_layout_document_set_cell (self->document, entry, column, flash_diag_get_cell (diag));
}

static gboolean
mend_id (Workshop *self, guint number)
{
  FlashLayoutEntry *entry = flash_layout_document_find_line (self->document, number);
  gboolean keeps_order;
  guint8 id = flash_layout_ids_find_free (get_ids (self), number, &keeps_order);
  g_autofree char *cell = g_strdup_printf ("0x%02X", id);

  if (entry == NULL || id == 0 ||
      !flash_layout_document_set_cell (self->document, entry, FLASH_LAYOUT_COLUMN_ID, cell))
    return FALSE;
  flash_layout_ids_take (self->ids, number, id);
  return TRUE;
}

static gboolean
apply (Workshop *self, const FlashDiag *diag)
{
  const FlashLayoutRemedy *remedy = flash_layout_fix_find_remedy (flash_diag_get_code (diag));

  switch (remedy->method) {
  case FLASH_LAYOUT_METHOD_NONE:
    return FALSE;
  case FLASH_LAYOUT_METHOD_FILE:
    return flash_layout_document_make_plain (self->document);
  case FLASH_LAYOUT_METHOD_LINE_ENDS:
    return flash_layout_document_normalize_line_ends (self->document);
  case FLASH_LAYOUT_METHOD_END:
    return flash_layout_document_insert_line (
        self->document, flash_layout_document_get_n_lines (self->document) + 1, "");
  case FLASH_LAYOUT_METHOD_LINE:
    return mend_line (self, remedy, diag);
  case FLASH_LAYOUT_METHOD_CELL:
    return mend_cell (self, diag, flash_diag_get_column (diag));
  case FLASH_LAYOUT_METHOD_OPTION:
    return mend_cell (self, diag, FLASH_LAYOUT_COLUMN_OPTION);
  case FLASH_LAYOUT_METHOD_ID:
    return mend_id (self, flash_diag_get_line (diag));
  }
  g_return_val_if_reached (FALSE);
}

/* Returns: (transfer full) (nullable): the name of the partition that @diag is about */
static char *
dup_subject (FlashLayoutDocument *document, const FlashDiag *diag)
{
  FlashLayoutEntry *entry = flash_layout_document_find_line (document, flash_diag_get_line (diag));
  const char *name =
      entry != NULL ? flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_NAME) : "";

  return *name != '\0' ? g_strdup (name) : NULL;
}

gboolean
flash_layout_fix_apply (FlashLayoutDocument *document, const FlashDiag *diag)
{
  g_auto (Workshop) workshop = { .document = document };
  g_autofree char *subject = NULL;
  gboolean is_done;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (document) && diag != NULL, FALSE);

  if (get_kind (&workshop, diag) == FLASH_LAYOUT_FIX_NONE)
    return FALSE;
  subject = dup_subject (document, diag);
  flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_FIX, subject);
  is_done = apply (&workshop, diag);
  flash_layout_document_end (document);
  return is_done;
}

/* --- all of them -------------------------------------------------------------------------------
 */

/* Makes one fix, if its method is among those that are wanted. Returns: 1 if it was made */
static guint
apply_each (Workshop *self, FlashDiagList *diags, GArray *kinds, guint i, FlashLayoutMethod first,
            FlashLayoutMethod last)
{
  const FlashDiag *diag = flash_diag_list_get (diags, i);
  const FlashLayoutRemedy *remedy = flash_layout_fix_find_remedy (flash_diag_get_code (diag));

  if (g_array_index (kinds, FlashLayoutFixKind, i) != FLASH_LAYOUT_FIX_SAFE ||
      remedy->method < first || remedy->method > last)
    return 0;
  /* What was mended before may have left nothing to do, or made it doubtful. */
  return get_kind (self, diag) == FLASH_LAYOUT_FIX_SAFE && apply (self, diag);
}

/* One round. What changes the file as a whole comes alone; then whole lines, from the end, so that
 * the numbers of those before them stay right; then cells. A line gets one of these in a round. */
static guint
apply_round (FlashLayoutDocument *document, FlashDiagList *diags)
{
  g_auto (Workshop) workshop = { .document = document };
  g_autoptr (GArray) kinds = flash_layout_fix_dup_kinds (document, diags);
  guint n_made = 0;
  guint last_line = G_MAXUINT;

  for (guint i = 0; i < kinds->len && n_made == 0; i++)
    n_made +=
        apply_each (&workshop, diags, kinds, i, FLASH_LAYOUT_METHOD_FILE, FLASH_LAYOUT_METHOD_END);
  if (n_made > 0)
    return n_made;
  for (guint i = kinds->len; i-- > 0;) {
    guint line = flash_diag_get_line (flash_diag_list_get (diags, i));
    guint n = line < last_line ? apply_each (&workshop, diags, kinds, i, FLASH_LAYOUT_METHOD_LINE,
                                             FLASH_LAYOUT_METHOD_LINE)
                               : 0;

    if (n > 0)
      last_line = line;
    n_made += n;
  }
  if (n_made > 0)
    return n_made;
  for (guint i = 0; i < kinds->len; i++)
    n_made += apply_each (&workshop, diags, kinds, i, FLASH_LAYOUT_METHOD_CELL,
                          FLASH_LAYOUT_METHOD_OPTION);
  if (n_made > 0)
    return n_made;
  for (guint i = 0; i < kinds->len; i++)
    n_made +=
        apply_each (&workshop, diags, kinds, i, FLASH_LAYOUT_METHOD_ID, FLASH_LAYOUT_METHOD_ID);
  return n_made;
}

/* Returns: (transfer full): what there is to say about the text as it is now, as far as it does not
 * depend on files */
static FlashDiagList *
check_again (FlashLayoutDocument *document)
{
  const FlashLayoutLintOptions options = { .ignores_files = TRUE };
  g_autoptr (GBytes) text = flash_layout_document_dup_text (document);
  FlashDiagList *diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (text, NULL, diags);

  flash_layout_lint (layout, &options, diags, NULL, NULL);
  return diags;
}

guint
flash_layout_fix_apply_safe (FlashLayoutDocument *document, FlashDiagList *diags)
{
  g_autoptr (FlashDiagList) left = NULL;
  guint n_made = 0;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (document) && diags != NULL, 0);

  left = flash_diag_list_ref (diags);
  flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_FIX_ALL, NULL);
  for (guint round = 0; round < MAX_ROUNDS; round++) {
    guint n;

    flash_layout_document_hold (document);
    n = apply_round (document, left);
    flash_layout_document_release (document);
    if (n == 0)
      break;
    n_made += n;
    flash_diag_list_unref (left);
    left = check_again (document);
  }
  flash_layout_document_end (document);
  return n_made;
}
