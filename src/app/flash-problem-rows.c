/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-problem-rows"

#include "config.h"

#include "flash-problem-rows.h"

/* What a row is known by; see #FlashProblemItem. */
#define KEY "flash-problem-key"
/* Everything that it says. */
#define WORDS "flash-problem-words"
/* Which item it shows. */
#define ITEM "flash-problem-item"

/* How many rows get new words before the window is drawn: lines have to be broken anew in each. */
#define ROWS_PER_TURN 2

/* Finds for each item the row that shows it already, so that what stays keeps its place on the
 * screen, and the keyboard. Rows keep their order, and those that nobody wants are left out. */
static GPtrArray *
match_rows (GPtrArray *rows, GPtrArray *items, guint n_items)
{
  g_autoptr (GHashTable) places =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_queue_free);
  GPtrArray *matched = g_ptr_array_new ();
  guint next = 0;

  for (guint i = 0; i < rows->len; i++) {
    const char *key = g_object_get_data (g_ptr_array_index (rows, i), KEY);
    GQueue *queue = g_hash_table_lookup (places, key);

    if (queue == NULL) {
      queue = g_queue_new ();
      g_hash_table_insert (places, (gpointer) key, queue);
    }
    g_queue_push_tail (queue, GUINT_TO_POINTER (i));
  }
  for (guint i = 0; i < n_items; i++) {
    const FlashProblemItem *item = g_ptr_array_index (items, i);
    GQueue *queue = g_hash_table_lookup (places, item->key);

    while (queue != NULL && !g_queue_is_empty (queue) &&
           GPOINTER_TO_UINT (g_queue_peek_head (queue)) < next)
      g_queue_pop_head (queue);
    if (queue == NULL || g_queue_is_empty (queue)) {
      g_ptr_array_add (matched, NULL);
      continue;
    }
    next = GPOINTER_TO_UINT (g_queue_pop_head (queue));
    g_ptr_array_add (matched, g_ptr_array_index (rows, next));
    next++;
  }
  return matched;
}

/* Where the keyboard is, if in the list. */
typedef struct {
  gboolean is_inside;
  gboolean is_on_button;
  guint position;
  gpointer row; /* to be compared only */
} Focus;

static Focus
find_focus (GtkListBox *list, GPtrArray *rows)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (list));
  GtkWidget *widget = root != NULL ? gtk_root_get_focus (root) : NULL;

  for (guint i = 0; widget != NULL && i < rows->len; i++) {
    FlashProblemRow *row = g_ptr_array_index (rows, i);
    gboolean is_button = widget == flash_problem_row_get_fix_button (row);

    if (is_button || widget == GTK_WIDGET (row) ||
        gtk_widget_is_ancestor (widget, GTK_WIDGET (row)))
      return (Focus){ TRUE, is_button, i, row };
  }
  return (Focus){ FALSE, FALSE, 0, NULL };
}

/* If the row with the keyboard is gone, the one that took its place gets it. */
static void
move_focus (GPtrArray *rows, Focus focus)
{
  FlashProblemRow *row;

  if (!focus.is_inside || rows->len == 0 || g_ptr_array_find (rows, focus.row, NULL))
    return;
  row = g_ptr_array_index (rows, MIN (focus.position, rows->len - 1));
  if (!focus.is_on_button || !gtk_widget_grab_focus (flash_problem_row_get_fix_button (row)))
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
remove_rows (GtkListBox *list, GPtrArray *rows, GPtrArray *kept)
{
  g_autoptr (GHashTable) set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < kept->len; i++)
    g_hash_table_add (set, g_ptr_array_index (kept, i));
  for (guint i = 0; i < rows->len; i++) {
    if (!g_hash_table_contains (set, g_ptr_array_index (rows, i)))
      gtk_list_box_remove (list, g_ptr_array_index (rows, i));
  }
}

/* Returns: (transfer full): all that a row says about @item */
static char *
dup_words (const FlashProblemItem *item)
{
  const char *device_text = flash_diag_get_device_text (item->diag);

  return g_strdup_printf ("%u %s\n%s\n%s", flash_diag_get_line (item->diag),
                          item->name != NULL ? item->name : "",
                          device_text != NULL ? device_text : "", item->key);
}

/* Returns: whether the row says something else than before */
static gboolean
set_row (FlashProblemRow *row, const FlashProblemItem *item)
{
  g_autofree char *words = dup_words (item);

  if (g_strcmp0 (words, g_object_get_data (G_OBJECT (row), WORDS)) == 0)
    return FALSE;
  flash_problem_row_set (row, item->diag, item->kind, item->name);
  g_object_set_data_full (G_OBJECT (row), WORDS, g_steal_pointer (&words), g_free);
  return TRUE;
}

static FlashProblemRow *
add_row (GtkListBox *list, const FlashProblemItem *item, guint position)
{
  GtkWidget *row = flash_problem_row_new (item->diag);

  g_object_set_data_full (G_OBJECT (row), KEY, g_strdup (item->key), g_free);
  gtk_list_box_insert (list, row, (gint) position);
  return FLASH_PROBLEM_ROW (row);
}

GPtrArray *
flash_problem_rows_update (GtkListBox *list, GPtrArray *rows, GPtrArray *items, guint n_wanted,
                           FlashProblemRowMade made, gpointer data, gboolean *out_has_lost_focus,
                           gboolean *out_is_done)
{
  guint n_items = MIN (items->len, n_wanted);
  g_autoptr (GPtrArray) matched = match_rows (rows, items, n_items);
  GPtrArray *after = g_ptr_array_new ();
  Focus focus = find_focus (list, rows);
  guint n_left = ROWS_PER_TURN;

  remove_rows (list, rows, matched);
  for (guint i = 0; i < n_items; i++) {
    const FlashProblemItem *item = g_ptr_array_index (items, i);
    FlashProblemRow *row = matched->pdata[i];

    if (row == NULL && n_left == 0)
      continue;
    if (row == NULL) {
      row = add_row (list, item, after->len);
      made (row, data);
    }
    g_object_set_data (G_OBJECT (row), ITEM, GUINT_TO_POINTER (i));
    g_ptr_array_add (after, row);
    if (n_left > 0 && set_row (row, item))
      n_left--;
  }
  gtk_list_box_invalidate_headers (list);
  move_focus (after, focus);
  *out_has_lost_focus = focus.is_inside && after->len == 0;
  *out_is_done = n_left > 0;
  return after;
}

guint
flash_problem_rows_get_item (FlashProblemRow *row)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), ITEM));
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer unused)
{
  FlashProblemRow *self = FLASH_PROBLEM_ROW (row);
  GtkWidget *header = gtk_list_box_row_get_header (row);
  g_autofree char *text = NULL;

  if (before != NULL && flash_problem_row_get_line (FLASH_PROBLEM_ROW (before)) ==
                            flash_problem_row_get_line (self)) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }
  text = flash_problem_row_dup_heading (self);
  if (header == NULL) {
    header = gtk_label_new (NULL);
    gtk_label_set_xalign (GTK_LABEL (header), 0);
    gtk_label_set_ellipsize (GTK_LABEL (header), PANGO_ELLIPSIZE_END);
    gtk_widget_add_css_class (header, "flash-problem-heading");
    gtk_widget_add_css_class (header, "heading");
    gtk_list_box_row_set_header (row, header);
  }
  if (!g_str_equal (gtk_label_get_label (GTK_LABEL (header)), text))
    gtk_label_set_label (GTK_LABEL (header), text);
}

void
flash_problem_rows_init (GtkListBox *list)
{
  gtk_list_box_set_header_func (list, update_header, NULL, NULL);
}
