/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked for on pictures: small windows, each with one fault made on purpose, and the sound
 * one beside it. */
#define G_LOG_DOMAIN "test-audit"

#include "config.h"

#include "flash-app-audit.h"
#include "flash-pseudo.h"
#include "flash-ui-test.h"

#include <adwaita.h>

#define LONG_TEXT "A sentence that is far too long for the little room that it gets"

typedef struct {
  GtkWidget *window;
  GtkWidget *fixed; /* where anything can be put anywhere */
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->window = g_object_new (ADW_TYPE_WINDOW, "default-width", 300, "default-height", 200, NULL);
  self->fixed = gtk_fixed_new ();
  adw_window_set_content (ADW_WINDOW (self->window), self->fixed);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
}

static GtkLabel *
add_label (Fixture *self, const char *text, int at_x, int at_y)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_fixed_put (GTK_FIXED (self->fixed), label, at_x, at_y);
  return GTK_LABEL (label);
}

static guint
count (Fixture *self, const char *prefix)
{
  g_autoptr (GPtrArray) findings = NULL;
  guint n_found = 0;

  gtk_window_present (GTK_WINDOW (self->window));
  flash_ui_settle (self->window, 30);
  findings = flash_app_audit_find (self->window);
  for (guint i = 0; i < findings->len; i++) {
    const char *finding = g_ptr_array_index (findings, i);

    g_test_message ("%s", finding);
    n_found += g_str_has_prefix (finding, prefix);
  }
  /* Each fault was made alone. */
  g_assert_cmpuint (n_found, ==, findings->len);
  return n_found;
}

static void
test_sound (Fixture *self, gconstpointer unused)
{
  add_label (self, "Above", 10, 10);
  add_label (self, "Below", 10, 60);
  g_assert_cmpuint (count (self, ""), ==, 0);
}

static GtkLabel *
add_cut (Fixture *self)
{
  GtkLabel *label = add_label (self, LONG_TEXT, 10, 10);

  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (label, 8);
  return label;
}

static void
test_ellipsis (Fixture *self, gconstpointer unused)
{
  add_cut (self);
  g_assert_cmpuint (count (self, "cut off by an ellipsis: “" LONG_TEXT "” (GtkLabel"), ==, 1);
}

static void
test_tooltip (Fixture *self, gconstpointer unused)
{
  gtk_widget_set_tooltip_text (GTK_WIDGET (add_cut (self)), LONG_TEXT);
  g_assert_cmpuint (count (self, ""), ==, 0);
}

/* The window tells the rest of names, in the middle of which something was left out, but is no
 * excuse for anything else. */
static void
test_watched_window (Fixture *self, gconstpointer unused)
{
  GtkLabel *label = add_cut (self);

  gtk_widget_set_has_tooltip (self->window, TRUE);
  g_assert_cmpuint (count (self, "cut off"), ==, 1);
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_MIDDLE);
  g_assert_cmpuint (count (self, ""), ==, 0);
}

static void
test_beyond (Fixture *self, gconstpointer unused)
{
  GtkLabel *label = add_label (self, "Half of it", 10, 10);
  GskTransform *transform = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (-40, 10));

  gtk_fixed_set_child_transform (GTK_FIXED (self->fixed), GTK_WIDGET (label), transform);
  gsk_transform_unref (transform);
  g_assert_cmpuint (count (self, "beyond the window: “Half of it”"), ==, 1);
}

/* What scrolls may be out of sight. */
static void
test_scrolled (Fixture *self, gconstpointer unused)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  for (guint i = 0; i < 30; i++)
    gtk_box_append (GTK_BOX (box), gtk_label_new ("A line"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  adw_window_set_content (ADW_WINDOW (self->window), scroller);
  g_assert_cmpuint (count (self, ""), ==, 0);
}

static void
test_overlap (Fixture *self, gconstpointer unused)
{
  g_autoptr (GPtrArray) findings = NULL;

  add_label (self, "One thing", 10, 10);
  add_label (self, "Another", 30, 15);
  gtk_window_present (GTK_WINDOW (self->window));
  flash_ui_settle (self->window, 30);
  findings = flash_app_audit_find (self->window);
  g_assert_cmpuint (findings->len, ==, 2);
  g_assert_true (g_str_has_prefix (findings->pdata[0], "upon another text: “One thing”"));
  g_assert_true (g_str_has_prefix (findings->pdata[1], "below that text: “Another”"));
}

/* What floats above the rest covers it on purpose; what is not to be seen covers nothing. */
static void
test_layers (Fixture *self, gconstpointer unused)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkLabel *hidden;

  adw_window_set_content (ADW_WINDOW (self->window), overlay);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), gtk_label_new ("The page"));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), gtk_label_new ("A message"));
  hidden = GTK_LABEL (gtk_label_new ("Nothing"));
  gtk_widget_set_opacity (GTK_WIDGET (hidden), 0);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (hidden));
  g_assert_cmpuint (count (self, ""), ==, 0);
}

/* --- in the language that does not exist ---------------------------------------------------- */

static void
test_words (Fixture *self, gconstpointer unused)
{
  static const char *const sound[] = { "[Plüg ît îñ~~]", "0x08000000",     "STM32MP157C",
                                       "64 MiB",         "tf-a-usb.stm32", "" };

  for (guint i = 0; i < G_N_ELEMENTS (sound); i++)
    add_label (self, sound[i], 10, 25 * (int) i);
  g_assert_cmpuint (count (self, ""), ==, 0);
  add_label (self, "Forgotten", 120, 10);
  g_assert_cmpuint (count (self, "not translated: “Forgotten”"), ==, 1);
}

/* Half of a sentence is as bad. */
static void
test_pieces (Fixture *self, gconstpointer unused)
{
  add_label (self, "[Pört 4~~] is empty", 10, 10);
  g_assert_cmpuint (count (self, "not translated: “[Pört 4~~] is empty”"), ==, 1);
}

/* Names, what was typed, and what is for whoever helps. */
static void
test_foreign (Fixture *self, gconstpointer unused)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *output = gtk_label_new ("Booting from somewhere");
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *name = gtk_label_new ("Grandmother");

  gtk_widget_add_css_class (output, "monospace");
  gtk_editable_set_text (GTK_EDITABLE (entry), "typed");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), "[Îñ détáîl~~~]");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), "pipe error");
  gtk_widget_set_name (list, "drive_list");
  gtk_widget_add_css_class (name, "title");
  gtk_list_box_append (GTK_LIST_BOX (list), name);
  gtk_box_append (GTK_BOX (box), output);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), row);
  gtk_box_append (GTK_BOX (box), list);
  adw_window_set_content (ADW_WINDOW (self->window), box);
  g_assert_cmpuint (count (self, ""), ==, 0);
  gtk_widget_remove_css_class (name, "title");
  g_assert_cmpuint (count (self, "not translated: “Grandmother”"), ==, 1);
}

/* There and back. */
static void
test_pseudo (Fixture *self, gconstpointer unused)
{
  g_autofree char *plain = flash_pseudo_dup_plain ("[Štörágé~~~~~~~~\xe2\x80\x8b~~]");
  g_autofree char *outside = flash_pseudo_dup_outside ("a [b [c] d] e]");

  g_assert_cmpstr (plain, ==, "Storage");
  g_assert_cmpstr (outside, ==, "a  e]");
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  if (flash_pseudo_is_on ()) {
    ADD ("/audit/words", test_words);
    ADD ("/audit/pieces", test_pieces);
    ADD ("/audit/foreign", test_foreign);
    ADD ("/audit/pseudo", test_pseudo);
    return g_test_run ();
  }
  ADD ("/audit/sound", test_sound);
  ADD ("/audit/ellipsis", test_ellipsis);
  ADD ("/audit/tooltip", test_tooltip);
  ADD ("/audit/watched-window", test_watched_window);
  ADD ("/audit/beyond", test_beyond);
  ADD ("/audit/scrolled", test_scrolled);
  ADD ("/audit/overlap", test_overlap);
  ADD ("/audit/layers", test_layers);
  return g_test_run ();
}
