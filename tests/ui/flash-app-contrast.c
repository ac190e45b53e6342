/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-app-contrast"

#include "config.h"

#include "flash-app-contrast.h"

#include "flash-cell-words.h"
#include "flash-hex-view-row.h"
#include "flash-table-cell.h"
#include "flash-ui-test.h"

#include <graphene.h>
#include <math.h>

/* So large that the thinnest line of a letter has pixels without any of its ground. */
#define SCALE 2
/* A colour that so few pixels have is an accident. */
#define MIN_PIXELS 4
#define MAX_TRIES 100
#define N_WORST 10
#define LARGE_PIXELS 24.0
#define LARGE_BOLD_PIXELS 18.66
/* Of two parts of a line, only one that is seen this far can be measured. */
#define SEEN_SHARE 0.9f

typedef struct {
  double ratio;
  double needed;
  char *text; /* (owned) */
} Measured;

typedef struct {
  guint32 *pixels; /* (owned) */
  int width;
  int height;
} Picture;

typedef struct {
  GtkWidget *root;
  Picture picture;
  GPtrArray *findings; /* (element-type utf8) */
} Look;

static Measured worst[N_WORST];
static guint n_worst;
static guint n_measured;

/* --- colours -------------------------------------------------------------------------------- */

/* The guidelines' relative luminance, with the threshold of sRGB. */
static double
get_linear (double value)
{
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
get_luminance (const GdkRGBA *color)
{
  return 0.2126 * get_linear (color->red) + 0.7152 * get_linear (color->green) +
         0.0722 * get_linear (color->blue);
}

double
flash_app_contrast_get_ratio (const GdkRGBA *one, const GdkRGBA *other)
{
  double first = get_luminance (one);
  double second = get_luminance (other);

  return (MAX (first, second) + 0.05) / (MIN (first, second) + 0.05);
}

static GdkRGBA
get_color (guint32 pixel)
{
  return (GdkRGBA){ (float) ((pixel >> 16) & 0xff) / 255, (float) ((pixel >> 8) & 0xff) / 255,
                    (float) (pixel & 0xff) / 255, 1 };
}

/* Returns: (transfer full): how often each colour is there. */
static GHashTable *
count_colors (const Picture *picture, const graphene_rect_t *area)
{
  GHashTable *counts = g_hash_table_new (NULL, NULL);
  int left = MAX ((int) ceilf (area->origin.x), 0);
  int top = MAX ((int) ceilf (area->origin.y), 0);
  int right = MIN ((int) floorf (area->origin.x + area->size.width), picture->width);
  int bottom = MIN ((int) floorf (area->origin.y + area->size.height), picture->height);

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++) {
      gpointer color = GUINT_TO_POINTER (picture->pixels[y * picture->width + x] & 0xffffff);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, color));

      g_hash_table_insert (counts, color, GUINT_TO_POINTER (count + 1));
    }
  return counts;
}

static double
compare_colors (GHashTable *counts)
{
  GHashTableIter iter;
  gpointer color, count;
  guint most = 0;
  GdkRGBA ground = { 0 };
  double best = 1;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &color, &count))
    if (GPOINTER_TO_UINT (count) > most) {
      most = GPOINTER_TO_UINT (count);
      ground = get_color (GPOINTER_TO_UINT (color));
    }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &color, &count)) {
    GdkRGBA text = get_color (GPOINTER_TO_UINT (color));

    if (GPOINTER_TO_UINT (count) >= MIN_PIXELS)
      best = MAX (best, flash_app_contrast_get_ratio (&ground, &text));
  }
  return best;
}

static void
take_picture (Picture *self, GdkTexture *texture)
{
  self->width = gdk_texture_get_width (texture);
  self->height = gdk_texture_get_height (texture);
  self->pixels = g_new (guint32, (gsize) self->width * (gsize) self->height);
  gdk_texture_download (texture, (guchar *) self->pixels,
                        (gsize) self->width * sizeof *self->pixels);
}

static double
measure (const Picture *picture, const graphene_rect_t *area)
{
  g_autoptr (GHashTable) counts = count_colors (picture, area);

  return compare_colors (counts);
}

double
flash_app_contrast_measure (GdkTexture *texture, const graphene_rect_t *area)
{
  Picture picture;
  double ratio;

  take_picture (&picture, texture);
  ratio = measure (&picture, area);
  g_free (picture.pixels);
  return ratio;
}

/* --- where texts are ------------------------------------------------------------------------ */

/* A cell without text may have a mark or a bar. */
static gboolean
has_cell_text (FlashTableCell *cell)
{
  FlashLayoutEntry *entry = flash_table_cell_get_entry (cell);
  g_autofree char *short_text = NULL;
  g_autofree char *text = NULL;

  if (entry == NULL)
    return FALSE;
  text = flash_cell_words_dup_text (flash_table_cell_get_column (cell), entry, NULL, &short_text);
  return text != NULL && *text != '\0';
}

/* Marks before lines and between keys say nothing by themselves. */
static gboolean
has_letters (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_isalnum (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

/* Cells and lines of numbers draw their own text. */
static gboolean
is_text (GtkWidget *widget)
{
  if (FLASH_IS_TABLE_CELL (widget))
    return has_cell_text (FLASH_TABLE_CELL (widget));
  /* In place of a text that is not there stands a label. */
  if (GTK_IS_TEXT (widget))
    return gtk_editable_get_text (GTK_EDITABLE (widget))[0] != '\0';
  if (GTK_IS_LABEL (widget))
    return has_letters (gtk_label_get_text (GTK_LABEL (widget)));
  if (GTK_IS_TEXT_VIEW (widget))
    return gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget))) > 0;
  return FLASH_IS_HEX_VIEW_ROW (widget);
}

/* Where there may be none at all. */
static gboolean
may_be_empty (GtkWidget *widget)
{
  return !GTK_IS_LABEL (widget);
}

static gboolean
get_label_area (Look *self, GtkWidget *widget, graphene_rect_t *area)
{
  PangoRectangle ink;
  graphene_point_t origin;
  int x, y;

  /* A small sign must not be missed by a pixel. */
  if (g_utf8_strlen (gtk_label_get_text (GTK_LABEL (widget)), -1) < 3)
    return gtk_widget_compute_bounds (widget, self->root, area);
  if (!gtk_widget_compute_point (widget, self->root, &GRAPHENE_POINT_INIT (0, 0), &origin))
    return FALSE;
  gtk_label_get_layout_offsets (GTK_LABEL (widget), &x, &y);
  pango_layout_get_pixel_extents (gtk_label_get_layout (GTK_LABEL (widget)), &ink, NULL);
  /* There must be more ground than text. */
  graphene_rect_init (area, origin.x + (float) (x + ink.x - 2), origin.y + (float) (y + ink.y - 2),
                      (float) (ink.width + 4), (float) (ink.height + 4));
  return ink.width > 0;
}

/* What is scrolled out of sight. */
static gboolean
clip (Look *self, GtkWidget *widget, graphene_rect_t *area)
{
  float all = area->size.width * area->size.height;
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (self->root, self->root, &bounds) ||
      !graphene_rect_intersection (area, &bounds, area))
    return FALSE;
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != NULL && parent != self->root;
       parent = gtk_widget_get_parent (parent))
    if ((GTK_IS_SCROLLED_WINDOW (parent) || GTK_IS_VIEWPORT (parent) ||
         gtk_widget_get_overflow (parent) == GTK_OVERFLOW_HIDDEN) &&
        (!gtk_widget_compute_bounds (parent, self->root, &bounds) ||
         !graphene_rect_intersection (area, &bounds, area)))
      return FALSE;
  return GTK_IS_TEXT_VIEW (widget) || area->size.width * area->size.height >= SEEN_SHARE * all;
}

/* Whether something lies upon it. */
static gboolean
is_covered (Look *self, GtkWidget *widget, const graphene_rect_t *area)
{
  GtkWidget *top = gtk_widget_pick (self->root, area->origin.x + area->size.width / 2,
                                    area->origin.y + area->size.height / 2,
                                    GTK_PICK_INSENSITIVE | GTK_PICK_NON_TARGETABLE);

  return top == NULL || (!gtk_widget_is_ancestor (top, widget) && top != widget &&
                         !gtk_widget_is_ancestor (widget, top));
}

static double
get_needed (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double pixels = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  gboolean is_bold = pango_font_description_get_weight (font) >= PANGO_WEIGHT_BOLD;

  if (!pango_font_description_get_size_is_absolute (font))
    pixels *= pango_cairo_context_get_resolution (context) / 72;
  return pixels >= (is_bold ? LARGE_BOLD_PIXELS : LARGE_PIXELS) ? FLASH_APP_CONTRAST_LARGE
                                                                : FLASH_APP_CONTRAST_TEXT;
}

/* --- everything ----------------------------------------------------------------------------- */

/* Returns: (transfer full): what it says, and where it stands */
static char *
describe (GtkWidget *widget)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (GTK_IS_LABEL (widget))
    g_string_append_printf (out, "“%.60s” (", gtk_label_get_text (GTK_LABEL (widget)));
  else
    g_string_append (out, "(");
  for (guint i = 0; i < 6 && widget != NULL; i++, widget = gtk_widget_get_parent (widget)) {
    const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));
    g_auto (GStrv) classes = gtk_widget_get_css_classes (widget);
    g_autofree char *all = g_strjoinv (".", classes);

    g_string_append_printf (out, "%s%s%s%s", i > 0 ? " < " : "",
                            id != NULL && *id != '\0' ? id : G_OBJECT_TYPE_NAME (widget),
                            *all != '\0' ? "." : "", all);
  }
  g_string_append_c (out, ')');
  return g_utf8_make_valid (out->str, -1);
}

/* Keeps the list of the faintest. */
static void
note (double ratio, double needed, const char *text)
{
  guint at = n_worst;

  n_measured++;
  for (guint i = 0; i < n_worst; i++)
    if (g_str_equal (worst[i].text, text))
      return;
  while (at > 0 && worst[at - 1].ratio / worst[at - 1].needed > ratio / needed)
    at--;
  if (at == N_WORST)
    return;
  if (n_worst == N_WORST)
    g_free (worst[--n_worst].text);
  memmove (&worst[at + 1], &worst[at], (n_worst - at) * sizeof *worst);
  worst[at] = (Measured){ ratio, needed, g_strdup (text) };
  n_worst++;
}

static void
look_at (Look *self, GtkWidget *widget)
{
  double needed = get_needed (widget);
  g_autofree char *text = NULL;
  graphene_rect_t area;
  double ratio;

  if (GTK_IS_LABEL (widget) ? !get_label_area (self, widget, &area)
                            : !gtk_widget_compute_bounds (widget, self->root, &area))
    return;
  if (!clip (self, widget, &area) || is_covered (self, widget, &area))
    return;
  graphene_rect_scale (&area, SCALE, SCALE, &area);
  ratio = measure (&self->picture, &area);
  if (ratio <= 1 && may_be_empty (widget))
    return;
  text = describe (widget);
  note (ratio, needed, text);
  if (ratio < needed)
    g_ptr_array_add (self->findings,
                     g_strdup_printf ("%.2f : 1 instead of %.1f: %s", ratio, needed, text));
}

static void
walk (Look *self, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || gtk_widget_get_opacity (widget) <= 0 ||
      !gtk_widget_is_sensitive (widget))
    return;
  if (is_text (widget))
    look_at (self, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_NATIVE (child))
      walk (self, child);
}

/* A window in which something moves has nothing to be drawn between two frames. */
static GdkTexture *
render (GtkWidget *root)
{
  GdkTexture *texture = NULL;

  flash_ui_settle (root, 20);
  for (guint i = 0; i < MAX_TRIES && texture == NULL; i++) {
    texture = flash_ui_render (root, SCALE);
    if (texture == NULL)
      flash_ui_run_for (7);
  }
  g_assert_nonnull (texture);
  return texture;
}

GPtrArray *
flash_app_contrast_find (GtkWidget *root)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (root));
  gboolean is_behind = (gtk_widget_get_state_flags (window) & GTK_STATE_FLAG_BACKDROP) != 0;
  g_autoptr (GdkTexture) texture = NULL;
  Look look = { .root = root, .findings = g_ptr_array_new_with_free_func (g_free) };

  /* Without a window manager none is in front, and the others may be fainter. */
  gtk_widget_unset_state_flags (window, GTK_STATE_FLAG_BACKDROP);
  texture = render (root);
  take_picture (&look.picture, texture);
  walk (&look, root);
  g_free (look.picture.pixels);
  if (is_behind)
    gtk_widget_set_state_flags (window, GTK_STATE_FLAG_BACKDROP, FALSE);
  return look.findings;
}

void
flash_app_contrast (GtkWidget *root, const char *name)
{
  g_autoptr (GPtrArray) findings = flash_app_contrast_find (root);

  for (guint i = 0; i < findings->len; i++) {
    g_test_message ("CONTRAST %s: %s", name, (const char *) g_ptr_array_index (findings, i));
    g_test_fail ();
  }
}

void
flash_app_contrast_say_worst (void)
{
  g_test_message ("the faintest of %u texts:", n_measured);
  for (guint i = 0; i < n_worst; i++) {
    g_test_message ("%.2f : 1, needs %.1f: %s", worst[i].ratio, worst[i].needed, worst[i].text);
    g_free (worst[i].text);
  }
  n_worst = n_measured = 0;
}
