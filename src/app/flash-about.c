/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-about"

#include "config.h"

#include "flash-about.h"

#include "flash-access-run.h"
#include "flash-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define METAINFO "/io/github/flashwright/Flashwright/metainfo.xml"
#define HOME_PAGE "https://github.com/flashwright/flashwright"

/* No name of a desktop or a system is longer. */
#define MAX_NAME_CHARS 80

/* --- release notes -------------------------------------------------------------------------- */

typedef struct {
  const char *version;
  gboolean is_release; /* inside of the release that is looked for */
  gboolean is_text; /* inside of something with text */
  GString *text; /* (owned): of the element */
  GString *notes; /* (owned) */
} Notes;

static gboolean
is_list (const char *element)
{
  return g_str_equal (element, "ul") || g_str_equal (element, "ol");
}

static gboolean
is_text (const char *element)
{
  return g_str_equal (element, "p") || g_str_equal (element, "li");
}

static void
on_start (GMarkupParseContext *context, const char *element, const char **names,
          const char **values, gpointer data, GError **error)
{
  Notes *self = data;

  if (g_str_equal (element, "release"))
    for (guint i = 0; names[i] != NULL; i++)
      if (g_str_equal (names[i], "version") && g_str_equal (values[i], self->version))
        self->is_release = TRUE;
  if (!self->is_release)
    return;
  if (is_list (element))
    g_string_append_printf (self->notes, "<%s>", element);
  self->is_text = is_text (element);
  g_string_truncate (self->text, 0);
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data,
         GError **error)
{
  Notes *self = data;

  if (self->is_text)
    g_string_append_len (self->text, text, (gssize) length);
}

/* The sentences of the file are among those of the program. */
static void
on_end (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  Notes *self = data;

  if (self->is_text && is_text (element)) {
    g_autofree char *escaped = g_markup_escape_text (_ (g_strstrip (self->text->str)), -1);

    g_string_append_printf (self->notes, "<%s>%s</%s>", element, escaped, element);
  }
  self->is_text = FALSE;
  if (self->is_release && is_list (element))
    g_string_append_printf (self->notes, "</%s>", element);
  if (g_str_equal (element, "release"))
    self->is_release = FALSE;
}

char *
flash_about_dup_release_notes (const char *metainfo, const char *version)
{
  static const GMarkupParser parser = { .start_element = on_start,
                                        .end_element = on_end,
                                        .text = on_text };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) notes = g_string_new (NULL);
  Notes self = { .version = version, .text = text, .notes = notes };
  g_autoptr (GMarkupParseContext) context = NULL;

  g_return_val_if_fail (metainfo != NULL && version != NULL, NULL);

  context = g_markup_parse_context_new (&parser, G_MARKUP_DEFAULT_FLAGS, &self, NULL);
  if (!g_markup_parse_context_parse (context, metainfo, -1, NULL) || notes->len == 0)
    return NULL;
  return g_string_free (g_steal_pointer (&notes), FALSE);
}

static char *
dup_own_release_notes (void)
{
  g_autoptr (GBytes) metainfo =
      g_resources_lookup_data (METAINFO, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *text = NULL;

  g_return_val_if_fail (metainfo != NULL, NULL);

  text = g_strndup (g_bytes_get_data (metainfo, NULL), g_bytes_get_size (metainfo));
  return flash_about_dup_release_notes (text, PACKAGE_VERSION);
}

/* --- debug info ----------------------------------------------------------------------------- */

/* @value: (nullable): from the surroundings, not trusted */
static void
add_line (GString *text, const char *name, const char *value)
{
  g_autofree char *clean = NULL;

  if (value == NULL || *value == '\0')
    return;
  clean = flash_text_sanitize (value, strlen (value), MAX_NAME_CHARS);
  g_string_append_printf (text, "%s: %s\n", name, clean);
}

char *
flash_about_dup_debug_info (const char *root)
{
  GString *text = g_string_new (NULL);
  g_autofree char *system = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);

  add_line (text, "Flashwright", PACKAGE_VERSION);
  g_string_append_printf (text, "GTK: %u.%u.%u\n", gtk_get_major_version (),
                          gtk_get_minor_version (), gtk_get_micro_version ());
  g_string_append_printf (text, "libadwaita: %u.%u.%u\n", adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version ());
  g_string_append_printf (text, "GLib: %u.%u.%u\n", glib_major_version, glib_minor_version,
                          glib_micro_version);
  add_line (text, "System", system);
  add_line (text, "Desktop", g_getenv ("XDG_CURRENT_DESKTOP"));
  add_line (text, "Session", g_getenv ("XDG_SESSION_TYPE"));
  add_line (text, "Languages", g_get_language_names ()[0]);
  add_line (text, "Sandbox", flash_access_is_sandboxed (root) ? "Flatpak" : "none");
  return g_string_free (text, FALSE);
}

/* --- the window ----------------------------------------------------------------------------- */

GtkWindow *
flash_about_present (GtkWindow *parent, const char *root)
{
  static const char *const developers[] = { "The Flashwright authors", NULL };
  static const char *const thanks[] = {
    "GTK and libadwaita https://www.gtk.org",
    "libusb https://libusb.info",
    "libgusb https://github.com/hughsie/libgusb",
    "json-glib https://gitlab.gnome.org/GNOME/json-glib",
    "libarchive https://www.libarchive.org",
    "util-linux (libfdisk) https://github.com/util-linux/util-linux",
    NULL
  };
  g_autofree char *debug_info = flash_about_dup_debug_info (root);
  g_autofree char *notes = dup_own_release_notes ();
  GtkWidget *window = g_object_new (
      ADW_TYPE_ABOUT_WINDOW, "transient-for", parent, "modal", parent != NULL, "application-name",
      "Flashwright", "application-icon", APP_ID, "version", PACKAGE_VERSION, "developer-name",
      _ ("The Flashwright authors"), "developers", developers, "copyright",
      "© 2026 The Flashwright authors", "license-type", GTK_LICENSE_GPL_3_0, "website", HOME_PAGE,
      "issue-url", HOME_PAGE "/issues", "support-url", HOME_PAGE "/discussions", "comments",
      _ ("Flash and revive STM32 boards over USB"), "release-notes", notes != NULL ? notes : "",
      "release-notes-version", PACKAGE_VERSION, "debug-info", debug_info, "debug-info-filename",
      "flashwright-debug-info.txt",
      /* TRANSLATORS: put your names here, one on each line */
      "translator-credits", _ ("translator-credits"), NULL);

  adw_about_window_add_acknowledgement_section (ADW_ABOUT_WINDOW (window), _ ("Built with"),
                                                (const char **) thanks);
  gtk_window_present (GTK_WINDOW (window));
  return GTK_WINDOW (window);
}
