/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-app-audit"

#include "config.h"

#include "flash-app-audit.h"

#include "flash-pseudo.h"

#include <adwaita.h>
#include <graphene.h>

/* Rounding, and the accents of capital letters, which reach beyond a line. */
#define SLACK 2.0f

typedef struct {
  GtkWidget *label;
  graphene_rect_t area; /* of the text, in the window */
} Text;

typedef struct {
  GtkWidget *root;
  GArray *texts; /* (element-type Text) */
  GPtrArray *findings; /* (element-type utf8) */
} Audit;

/* --- saying ------------------------------------------------------------------------------- */

static char *
dup_path (GtkWidget *widget)
{
  g_autoptr (GString) path = g_string_new (NULL);

  for (; widget != NULL && path->len < 120; widget = gtk_widget_get_parent (widget)) {
    const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

    g_string_append_printf (path, "%s%s", path->len > 0 ? " < " : "",
                            id != NULL && *id != '\0' ? id : G_OBJECT_TYPE_NAME (widget));
  }
  return g_string_free (g_steal_pointer (&path), FALSE);
}

static void
complain (Audit *self, GtkWidget *widget, const char *what, const char *text)
{
  g_autofree char *path = dup_path (widget);

  g_ptr_array_add (self->findings, g_strdup_printf ("%s: “%s” (%s)", what, text, path));
}

/* --- cut off ------------------------------------------------------------------------------ */

static const char *
get_id (GtkWidget *widget)
{
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  return id != NULL ? id : gtk_widget_get_name (widget);
}

static gboolean
is_or_has (GtkWidget *widget, const char *name)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), name) || g_str_equal (get_id (widget), name) ||
         g_str_equal (gtk_widget_get_name (widget), name);
}

/* Names that somebody else gave, by where they stand. They are not translated. */
static gboolean
is_given (GtkWidget *widget)
{
  /* A type or an id, and in it a label: its id, or its class. */
  static const char *const places[][2] = {
    /* What devices say of themselves. */
    { "FlashNeighbourRow", "name_label" },
    { "FlashBoardRow", "name_label" },
    { "FlashFirmwarePage", "target_label" },
    { "FlashLayoutPage", "target_label" },
    { "drive_list", "title" },
    { "eject_row", "title" },
    /* Partitions, as the layout names them. */
    { "FlashStepRow", "name_label" },
    { "FlashTableList", "name_label" },
    /* What hovers over a window is put there by a test. */
    { "FlashWindow", "drop_label" },
    /* Programs of this computer. */
    { "rival_list", "title" },
    /* What the sender of a repair file wrote. */
    { "FlashRepairWindow", "repair_title" },
    { "FlashRepairWindow", "message_label" },
    { "FlashRepairWindow", "contact_label" },
    /* Help pages are translated as files. */
    { "FlashHelpWindow", "page_box" },
    { "FlashHelpWindow", "list" },
    /* A report holds the English texts of a log. */
    { "FlashReportView", "moment_list" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    gboolean is_inside = FALSE;

    for (GtkWidget *next = widget; next != NULL; next = gtk_widget_get_parent (next)) {
      is_inside = is_inside || g_str_equal (get_id (next), places[i][1]) ||
                  gtk_widget_has_css_class (next, places[i][1]);
      if (is_inside && is_or_has (next, places[i][0]))
        return TRUE;
    }
  }
  return FALSE;
}

/* Names may be of any length, and so may the title of a window, where nothing can be but one line:
 * they may be cut off where the whole of them can be had. */
static gboolean
has_whole_text (GtkWidget *widget)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  GtkWidget *next = widget;

  for (guint i = 0; next != NULL && next != root && i < 4; i++, next = gtk_widget_get_parent (next))
    if (gtk_widget_get_has_tooltip (next))
      return TRUE;
  return gtk_widget_get_has_tooltip (root) &&
         (gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_HANDLE) != NULL ||
          gtk_label_get_ellipsize (GTK_LABEL (widget)) == PANGO_ELLIPSIZE_MIDDLE ||
          is_given (widget));
}

static gboolean
get_area (Audit *self, GtkWidget *widget, graphene_rect_t *area)
{
  PangoRectangle logical;
  graphene_point_t origin;
  int x, y;

  if (!gtk_widget_compute_point (widget, self->root, &GRAPHENE_POINT_INIT (0, 0), &origin))
    return FALSE;
  gtk_label_get_layout_offsets (GTK_LABEL (widget), &x, &y);
  pango_layout_get_pixel_extents (gtk_label_get_layout (GTK_LABEL (widget)), NULL, &logical);
  graphene_rect_init (area, origin.x + (float) (x + logical.x), origin.y + (float) (y + logical.y),
                      (float) logical.width, (float) logical.height);
  return TRUE;
}

/* What scrolls may be out of sight: it is cut to where it scrolls. */
static gboolean
clip (Audit *self, GtkWidget *widget, graphene_rect_t *area)
{
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != NULL && parent != self->root;
       parent = gtk_widget_get_parent (parent)) {
    graphene_rect_t bounds;

    if (!GTK_IS_SCROLLED_WINDOW (parent) && !GTK_IS_VIEWPORT (parent) &&
        gtk_widget_get_overflow (parent) == GTK_OVERFLOW_VISIBLE)
      continue;
    if (!gtk_widget_compute_bounds (parent, self->root, &bounds) ||
        !graphene_rect_intersection (area, &bounds, area))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_scrolled (GtkWidget *widget)
{
  return gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW) != NULL;
}

static void
audit_size (Audit *self, GtkWidget *widget, const graphene_rect_t *area)
{
  const char *text = gtk_label_get_text (GTK_LABEL (widget));
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  graphene_rect_t bounds;

  if (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget)))) {
    if (!has_whole_text (widget))
      complain (self, widget, "cut off by an ellipsis", text);
  } else if (area->size.width > width + SLACK || area->size.height > height + SLACK) {
    complain (self, widget, "larger than its place", text);
  }
  if (!is_scrolled (widget) && gtk_widget_compute_bounds (self->root, self->root, &bounds) &&
      (area->origin.x < -SLACK || area->origin.y < -SLACK ||
       area->origin.x + area->size.width > bounds.size.width + SLACK ||
       area->origin.y + area->size.height > bounds.size.height + SLACK))
    complain (self, widget, "beyond the window", text);
}

/* --- untranslated ------------------------------------------------------------------------- */

/* What stands outside of brackets may be a name, a number, a unit or a code: no word of a
 * sentence. */
static gboolean
is_data (const char *outside)
{
  static const char *const patterns[] = {
    /* Names, hexadecimal numbers, paths, versions, codes with hyphens, names of files. */
    "[\\w./:@+-]*[\\d_/.:@-][\\w./:@+-]*",
    /* Products, companies and shorthand in capitals. */
    "[A-Z][A-Za-z]*[A-Z][A-Za-z]*",
    "[a-z]?[A-Z]+s?",
    "Flashwright|Nucleo|Discovery|Linux|Debian|VirtualBox|Hyper|Parallels|Windows|GNOME|Flatpak",
    /* What boards of these tests call themselves. */
    "DownLoad Firmware Update",
    /* Units. */
    "bytes?|[kKMGT]i?B|ms|min|MHz|bit|baud|Mbit|dpi",
  };
  g_autoptr (GString) all = g_string_new ("(?<![\\w])(?:");
  g_autoptr (GRegex) regex = NULL;
  g_autofree char *rest = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    g_string_append_printf (all, "%s(?:%s)", i > 0 ? "|" : "", patterns[i]);
  g_string_append (all, ")(?![\\w])");
  regex = g_regex_new (all->str, 0, 0, NULL);
  rest = g_regex_replace_literal (regex, outside, -1, 0, " ", 0, NULL);
  return !g_regex_match_simple ("[A-Za-z]{3}", rest, 0, 0);
}

/* Keys and the window about a program are the toolkit's to translate; what is typed, or quoted from
 * a device, is as it is. */
static gboolean
is_foreign (GtkWidget *widget)
{
  static const char *const types[] = { "GtkShortcutLabel", "FlashTableCell", "AdwAboutWindow" };

  /* Behind the words of a menu's item stand its keys. */
  if (g_str_equal (gtk_widget_get_css_name (widget), "accelerator"))
    return TRUE;
  for (; widget != NULL; widget = gtk_widget_get_parent (widget)) {
    if (gtk_widget_has_css_class (widget, "monospace") || GTK_IS_TEXT (widget))
      return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS (types); i++)
      if (g_str_equal (G_OBJECT_TYPE_NAME (widget), types[i]))
        return TRUE;
    /* So are the head bars of some windows. */
    if ((GTK_IS_HEADER_BAR (widget) && GTK_IS_SHORTCUTS_WINDOW (gtk_widget_get_root (widget))) ||
        (ADW_IS_HEADER_BAR (widget) && ADW_IS_PREFERENCES_WINDOW (gtk_widget_get_root (widget))))
      return TRUE;
  }
  return FALSE;
}

/* What the program knows besides is in English: it is for whoever helps. */
static gboolean
is_detail (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, ADW_TYPE_PREFERENCES_ROW);
  g_autofree char *title = NULL;

  if (row == NULL || !gtk_widget_has_css_class (widget, "subtitle"))
    return FALSE;
  title = flash_pseudo_dup_plain (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  return g_str_equal (title, "In detail");
}

static void
audit_words (Audit *self, GtkWidget *widget)
{
  const char *text = gtk_label_get_text (GTK_LABEL (widget));
  g_autofree char *outside = flash_pseudo_dup_outside (text);

  if (!is_data (outside) && !is_foreign (widget) && !is_given (widget) && !is_detail (widget))
    complain (self, widget, "not translated", text);
}

/* --- everything --------------------------------------------------------------------------- */

static void
add_text (Audit *self, GtkWidget *widget)
{
  Text text = { .label = widget };

  if (!get_area (self, widget, &text.area) || gtk_label_get_text (GTK_LABEL (widget))[0] == '\0')
    return;
  audit_size (self, widget, &text.area);
  if (flash_pseudo_is_on ())
    audit_words (self, widget);
  if (clip (self, widget, &text.area))
    g_array_append_val (self->texts, text);
}

static void
walk (Audit *self, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || gtk_widget_get_opacity (widget) <= 0)
    return;
  if (GTK_IS_LABEL (widget))
    add_text (self, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_NATIVE (child))
      walk (self, child);
}

/* What floats above the rest covers it on purpose. */
static GtkWidget *
get_layer (GtkWidget *widget)
{
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != NULL;
       widget = parent, parent = gtk_widget_get_parent (parent))
    if ((GTK_IS_OVERLAY (parent) && gtk_overlay_get_child (GTK_OVERLAY (parent)) != widget) ||
        ADW_IS_FLAP (parent))
      return widget;
  return NULL;
}

static void
audit_overlaps (Audit *self)
{
  for (guint i = 0; i < self->texts->len; i++)
    for (guint j = i + 1; j < self->texts->len; j++) {
      const Text *one = &g_array_index (self->texts, Text, i);
      const Text *other = &g_array_index (self->texts, Text, j);
      graphene_rect_t both;

      if (!graphene_rect_intersection (&one->area, &other->area, &both) ||
          both.size.width <= SLACK || both.size.height <= SLACK ||
          get_layer (one->label) != get_layer (other->label))
        continue;
      complain (self, one->label, "upon another text", gtk_label_get_text (GTK_LABEL (one->label)));
      complain (self, other->label, "below that text",
                gtk_label_get_text (GTK_LABEL (other->label)));
    }
}

GPtrArray *
flash_app_audit_find (GtkWidget *root)
{
  g_autoptr (GArray) texts = g_array_new (FALSE, FALSE, sizeof (Text));
  Audit audit = { .root = root,
                  .texts = texts,
                  .findings = g_ptr_array_new_with_free_func (g_free) };

  walk (&audit, root);
  audit_overlaps (&audit);
  return audit.findings;
}

void
flash_app_audit (GtkWidget *root, const char *name)
{
  g_autoptr (GPtrArray) findings = flash_app_audit_find (root);

  for (guint i = 0; i < findings->len; i++) {
    g_test_message ("AUDIT %s: %s", name, (const char *) g_ptr_array_index (findings, i));
    g_test_fail ();
  }
}
