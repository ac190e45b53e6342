/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-ui-test"

#include "config.h"

#include "flash-ui-test.h"

#include "flash-pseudo.h"

#include <X11/XKBlib.h>
#include <X11/extensions/XTest.h>
#include <gdk/x11/gdkx.h>

#define TIMEOUT_US (10 * G_USEC_PER_SEC)

/* GTK begins a drag after 8 pixels (gtk-dnd-drag-threshold); these steps go well beyond. */
#define DRAG_STEPS 12
#define DRAG_STEP_PIXELS 3
/* XDND is a conversation: each of these moves lets both sides answer. */
#define DROP_MOVES 5
#define DROP_MOVE_MS 20

/* A caret may blink for ever. */
#define SETTLE_MAX_ROUNDS 50

/* --- waiting ------------------------------------------------------------------------------ */

gboolean
flash_ui_wake (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

gint64
flash_ui_get_timeout_us (void)
{
  const char *factor = g_getenv ("FLASH_TEST_SLOWNESS");

  return TIMEOUT_US * (factor != NULL ? MAX (g_ascii_strtoll (factor, NULL, 10), 1) : 1);
}

gboolean
flash_ui_is_slow (void)
{
  return g_getenv ("FLASH_TEST_SLOWNESS") != NULL;
}

static gboolean
on_elapsed (gpointer data)
{
  gboolean *is_elapsed = data;

  *is_elapsed = TRUE;
  return G_SOURCE_REMOVE;
}

void
flash_ui_run_for (guint duration_ms)
{
  gboolean is_elapsed = FALSE;

  g_timeout_add (duration_ms, on_elapsed, &is_elapsed);
  while (!is_elapsed)
    g_main_context_iteration (NULL, TRUE);
}

/* --- finding ------------------------------------------------------------------------------ */

char *
flash_ui_dup_english (const char *shown)
{
  return flash_pseudo_is_on () ? flash_pseudo_dup_plain (shown) : g_strdup (shown);
}

gboolean
flash_ui_equals (const char *shown, const char *text)
{
  g_autofree char *english = shown != NULL ? flash_ui_dup_english (shown) : NULL;

  return g_strcmp0 (english, text) == 0;
}

static gboolean
shows_text (GtkWidget *widget, const char *text)
{
  static const char *const names[] = { "label", "title", "text" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GParamSpec *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (widget), names[i]);
    g_autofree char *value = NULL;

    if (spec == NULL || spec->value_type != G_TYPE_STRING || !(spec->flags & G_PARAM_READABLE))
      continue;
    g_object_get (widget, names[i], &value, NULL);
    if (flash_ui_equals (value, text))
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_name (GtkWidget *widget, const char *name)
{
  return g_strcmp0 (gtk_widget_get_name (widget), name) == 0 ||
         g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), name) == 0;
}

GtkWidget *
flash_ui_find_widget (GtkWidget *root, GType type, const char *text)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (text == NULL || shows_text (root, text)))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = flash_ui_find_widget (child, type, text);

    if (found != NULL)
      return found;
  }
  return NULL;
}

GtkWidget *
flash_ui_find_named (GtkWidget *root, const char *name)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;
  if (has_name (root, name))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = flash_ui_find_named (child, name);

    if (found != NULL)
      return found;
  }
  return NULL;
}

GtkWidget *
flash_ui_find_toplevel (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  GtkWidget *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

    if (g_type_is_a (G_OBJECT_TYPE (window), type))
      found = window;
  }
  return found;
}

/* --- keys and pointer --------------------------------------------------------------------- */

static Display *
get_x_display (void)
{
  return gdk_x11_display_get_xdisplay (gdk_display_get_default ());
}

static Window
get_x_window (GtkWidget *widget)
{
  return gdk_x11_surface_get_xid (gtk_native_get_surface (gtk_widget_get_native (widget)));
}

gboolean
flash_ui_has_input (void)
{
  int ignored;

  return GDK_IS_X11_DISPLAY (gdk_display_get_default ()) &&
         XTestQueryExtension (get_x_display (), &ignored, &ignored, &ignored, &ignored);
}

/* Gives the server's answer time to come round, and the program time to act on it. */
static void
let_act (Display *display)
{
  XSync (display, False);
  flash_ui_run_for (15);
}

void
flash_ui_focus (GtkWidget *widget)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_native (widget));

  XSetInputFocus (get_x_display (), get_x_window (widget), RevertToParent, CurrentTime);
  flash_ui_wait_until (gtk_window_is_active (window));
}

void
flash_ui_unfocus (GtkWidget *widget)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_native (widget));

  XSetInputFocus (get_x_display (), None, RevertToNone, CurrentTime);
  flash_ui_wait_until (!gtk_window_is_active (window));
}

void
flash_ui_point (GtkWidget *widget, double at_x, double at_y)
{
  GtkNative *native = gtk_widget_get_native (widget);
  Display *display = get_x_display ();
  int scale = gtk_widget_get_scale_factor (widget);
  double x = 0;
  double y = 0;
  double shadow_x = 0;
  double shadow_y = 0;
  int root_x = 0;
  int root_y = 0;
  Window child;

  g_assert_true (
      gtk_widget_translate_coordinates (widget, GTK_WIDGET (native), at_x, at_y, &x, &y));
  gtk_native_get_surface_transform (native, &shadow_x, &shadow_y);
  XTranslateCoordinates (display, get_x_window (widget), DefaultRootWindow (display),
                         (int) ((x + shadow_x) * scale), (int) ((y + shadow_y) * scale), &root_x,
                         &root_y, &child);
  /* No hand arrives in one leap. The toolkit takes the first motion over something that pops up for
   * the entering alone, and would not know where the pointer is until the next. */
  XTestFakeMotionEvent (display, -1, root_x, root_y > 0 ? root_y - 1 : root_y + 1, CurrentTime);
  let_act (display);
  XTestFakeMotionEvent (display, -1, root_x, root_y, CurrentTime);
  let_act (display);
}

static void
point_at (GtkWidget *widget)
{
  flash_ui_point (widget, gtk_widget_get_width (widget) / 2.0,
                  gtk_widget_get_height (widget) / 2.0);
}

void
flash_ui_set_button (guint button, gboolean is_down)
{
  XTestFakeButtonEvent (get_x_display (), button, is_down, CurrentTime);
  let_act (get_x_display ());
}

void
flash_ui_set_key (const char *key, gboolean is_down)
{
  KeyCode code = XKeysymToKeycode (get_x_display (), XStringToKeysym (key));

  g_assert_cmpint (code, !=, 0);
  XTestFakeKeyEvent (get_x_display (), code, is_down, CurrentTime);
  let_act (get_x_display ());
}

void
flash_ui_click (GtkWidget *widget)
{
  Display *display = get_x_display ();

  point_at (widget);
  XTestFakeButtonEvent (display, 1, True, CurrentTime);
  XTestFakeButtonEvent (display, 1, False, CurrentTime);
  let_act (display);
}

void
flash_ui_drag (GtkWidget *from, GtkWidget *to)
{
  Display *display = get_x_display ();

  point_at (from);
  XTestFakeButtonEvent (display, 1, True, CurrentTime);
  let_act (display);
  for (guint i = 0; i < DRAG_STEPS; i++) {
    XTestFakeRelativeMotionEvent (display, DRAG_STEP_PIXELS, DRAG_STEP_PIXELS, CurrentTime);
    let_act (display);
  }
  for (guint i = 0; i < DROP_MOVES; i++) {
    point_at (to);
    flash_ui_run_for (DROP_MOVE_MS);
  }
  XTestFakeButtonEvent (display, 1, False, CurrentTime);
  let_act (display);
}

void
flash_ui_press_keys (const char *keys)
{
  Display *display = get_x_display ();
  g_auto (GStrv) names = g_strsplit (keys, "+", -1);
  guint n = g_strv_length (names);

  /* All down in their order, then all up in the opposite one. */
  for (guint i = 0; i < 2 * n; i++) {
    const char *name = names[i < n ? i : 2 * n - 1 - i];
    KeyCode code = XKeysymToKeycode (display, XStringToKeysym (name));

    g_assert_cmpint (code, !=, 0);
    XTestFakeKeyEvent (display, code, i < n, CurrentTime);
  }
  let_act (display);
}

void
flash_ui_type (const char *text)
{
  Display *display = get_x_display ();
  KeyCode shift = XKeysymToKeycode (display, XK_Shift_L);

  /* The symbols of Latin-1 characters are the characters themselves. */
  for (; *text != '\0'; text++) {
    KeySym symbol = (KeySym) *text;
    KeyCode code = XKeysymToKeycode (display, symbol);
    gboolean needs_shift = XkbKeycodeToKeysym (display, code, 0, 0) != symbol;

    g_assert_cmpint (code, !=, 0);
    if (needs_shift)
      XTestFakeKeyEvent (display, shift, True, CurrentTime);
    XTestFakeKeyEvent (display, code, True, CurrentTime);
    XTestFakeKeyEvent (display, code, False, CurrentTime);
    if (needs_shift)
      XTestFakeKeyEvent (display, shift, False, CurrentTime);
  }
  let_act (display);
}

/* --- pictures ----------------------------------------------------------------------------- */

static void
on_after_paint (GdkFrameClock *clock, guint *n_frames)
{
  *n_frames += 1;
}

void
flash_ui_settle (GtkWidget *widget, guint quiet_ms)
{
  GdkFrameClock *clock;
  guint n_frames = 0;
  guint n_before = 0;
  gulong id;

  flash_ui_wait_until (gtk_widget_get_mapped (widget));
  clock = gtk_widget_get_frame_clock (widget);
  id = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &n_frames);
  gtk_widget_queue_draw (widget);
  for (guint round = 0; round < SETTLE_MAX_ROUNDS; round++) {
    n_before = n_frames;
    flash_ui_run_for (quiet_ms);
    if (n_frames > 0 && n_frames == n_before)
      break;
  }
  g_signal_handler_disconnect (clock, id);
}

GdkTexture *
flash_ui_render (GtkWidget *widget, double scale)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  int width = gdk_paintable_get_intrinsic_width (paintable);
  int height = gdk_paintable_get_intrinsic_height (paintable);
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  graphene_rect_t whole;

  scale *= gtk_widget_get_scale_factor (widget);
  gtk_snapshot_scale (snapshot, (float) scale, (float) scale);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return NULL;
  graphene_rect_init (&whole, 0, 0, (float) (width * scale), (float) (height * scale));
  return gsk_renderer_render_texture (renderer, node, &whole);
}

gboolean
flash_ui_screenshot (GtkWidget *widget, double scale, const char *path, GError **error)
{
  g_autoptr (GdkTexture) texture = flash_ui_render (widget, scale);

  if (texture != NULL && gdk_texture_save_to_png (texture, path))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot draw or save %s", path);
  return FALSE;
}
