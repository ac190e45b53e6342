/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-bundle"

#include "config.h"

#include "flash-cli-bundle.h"

#include "flash-cli-diag.h"
#include "flash-cli-json.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

/* What a killed run has left behind stays for a day: another one may be at work. */
#define LEFTOVER_DAYS 1
/* So many other layouts are named to people. */
#define MAX_NAMED 20

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

struct _FlashCliBundle {
  GCancellable *cancellable; /* (owned) */
  guint sources[G_N_ELEMENTS (signals)];
  FlashBundle *bundle; /* (owned) (nullable) */
  guint index; /* of the layout that was taken */
  gboolean is_asked_for;
  gboolean has_failed;
  FlashBundleReason reason;
  char *unpacked; /* (owned) (nullable) (type filename) */
  char *layout_path; /* (owned) (nullable) (type filename) */
};

static gboolean
on_signal (gpointer data)
{
  FlashCliBundle *self = data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

void
flash_cli_bundle_free (FlashCliBundle *self)
{
  g_autoptr (GError) error = NULL;

  if (self->unpacked != NULL && !flash_bundle_remove_unpacked (self->unpacked, &error))
    g_printerr ("%s\n", error->message);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (self->sources[i]);
  g_clear_object (&self->bundle);
  g_clear_object (&self->cancellable);
  g_free (self->unpacked);
  g_free (self->layout_path);
  g_free (self);
}

/* --- in a thread -------------------------------------------------------------------------- */

typedef struct {
  FlashCliBundleWork work;
  gpointer data;
} Task;

static void
on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Task *self = data;

  self->work (self->data, cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_main_loop_quit (data);
}

void
flash_cli_bundle_run (FlashCliBundle *self, FlashCliBundleWork work, gpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, on_done, loop);
  Task what = { work, data };

  g_task_set_source_tag (task, flash_cli_bundle_run);
  g_task_set_task_data (task, &what, NULL);
  g_task_run_in_thread (task, on_thread);
  g_main_loop_run (loop);
}

/* --- opening ------------------------------------------------------------------------------ */

typedef struct {
  const char *path; /* (type filename) */
  const char *wanted; /* (nullable) */
  guint device_id;
  FlashDiagList *diags; /* (unowned): nobody else touches it meanwhile */
  FlashCliBundle *bundle; /* (unowned) */
} Opening;

/* @unreadable: the code for what the system says of files */
static const char *
get_code (const GError *error, const char *unreadable)
{
  static const char *const codes[] = {
    [FLASH_BUNDLE_ERROR_NO_LAYOUT] = "bundle-no-layout",
    [FLASH_BUNDLE_ERROR_UNKNOWN_KIND] = "bundle-unknown-kind",
    [FLASH_BUNDLE_ERROR_DAMAGED] = "bundle-damaged",
    [FLASH_BUNDLE_ERROR_TOO_LARGE] = "bundle-too-large",
    [FLASH_BUNDLE_ERROR_UNSAFE] = "bundle-unsafe",
    [FLASH_BUNDLE_ERROR_NO_SPACE] = "bundle-no-space",
    [FLASH_BUNDLE_ERROR_ENCRYPTED] = "bundle-encrypted",
    [FLASH_BUNDLE_ERROR_CHANGED] = "bundle-changed",
  };

  return error->domain == FLASH_BUNDLE_ERROR ? codes[error->code] : unreadable;
}

static void
add_error (FlashDiagList *diags, const GError *error, const char *unreadable)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "cancelled", 0, 0,
                         N_ ("You stopped it before a layout was opened."), NULL);
  else
    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, get_code (error, unreadable), 0, 0,
                         N_ ("No layout could be opened: {0}."), error->message, NULL);
}

/* Returns: (transfer full): the names of all layouts but @index, as many as people want to read. */
static char *
dup_names (FlashBundle *bundle, guint index)
{
  GString *names = g_string_new (NULL);
  guint n_named = 0;

  for (guint i = 0; i < flash_bundle_get_n_layouts (bundle); i++) {
    g_autofree char *name = flash_cli_dup_safe (flash_bundle_get_layout (bundle, i)->name);

    if (i == index)
      continue;
    g_string_append (names, n_named == 0 ? "" : ", ");
    if (n_named++ == MAX_NAMED) {
      g_string_append (names, "…");
      break;
    }
    g_string_append (names, name);
  }
  return g_string_free (names, FALSE);
}

static gboolean
choose (FlashCliBundle *self, const Opening *opening)
{
  g_autofree char *names = NULL;

  self->is_asked_for = opening->wanted != NULL;
  if (opening->wanted == NULL) {
    self->index = flash_bundle_choose (self->bundle, opening->device_id, &self->reason);
    return TRUE;
  }
  if (flash_bundle_find_layout (self->bundle, opening->wanted, &self->index))
    return TRUE;
  names = dup_names (self->bundle, G_MAXUINT);
  flash_diag_list_add (opening->diags, FLASH_SEVERITY_ERROR, "bundle-no-such-layout", 0, 0,
                       N_ ("“{0}” names no layout, or more than one. There are: {1}."),
                       opening->wanted, names, NULL);
  return FALSE;
}

static void
open_in_thread (gpointer data, GCancellable *cancellable)
{
  const Opening *opening = data;
  FlashCliBundle *self = opening->bundle;
  g_autofree char *folder =
      g_build_filename (g_get_user_cache_dir (), "flashwright", "unpacked", NULL);
  const FlashDiagList *diags;
  g_autoptr (GError) error = NULL;

  flash_bundle_remove_leftovers (folder, LEFTOVER_DAYS);
  self->bundle = flash_bundle_open (opening->path, NULL, NULL, cancellable, &error);
  if (self->bundle == NULL) {
    add_error (opening->diags, error, "bundle-unreadable");
    return;
  }
  diags = flash_bundle_get_diags (self->bundle);
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++)
    flash_diag_list_add_at (opening->diags, flash_diag_list_get (diags, i), 0, 0);
  if (!choose (self, opening))
    return;
  self->layout_path = flash_bundle_unpack (self->bundle, self->index, folder, NULL, NULL,
                                           &self->unpacked, cancellable, &error);
  if (self->layout_path != NULL)
    return;
  self->has_failed = error->domain != FLASH_BUNDLE_ERROR ||
                     g_error_matches (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_NO_SPACE);
  add_error (opening->diags, error, "bundle-not-unpacked");
}

FlashCliBundle *
flash_cli_bundle_open (const char *path, const char *wanted, guint device_id, FlashDiagList *diags)
{
  FlashCliBundle *self = g_new0 (FlashCliBundle, 1);
  Opening opening = { path, wanted, device_id, diags, self };

  self->cancellable = g_cancellable_new ();
  /* A reader that went away and a limit on files must not end the program before everything is
   * removed. */
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    self->sources[i] = g_unix_signal_add (signals[i], on_signal, self);
  flash_cli_bundle_run (self, open_in_thread, &opening);
  return self;
}

const char *
flash_cli_bundle_get_layout_path (const FlashCliBundle *self)
{
  return self->layout_path;
}

GCancellable *
flash_cli_bundle_get_cancellable (const FlashCliBundle *self)
{
  return self->cancellable;
}

gboolean
flash_cli_bundle_is_stopped (const FlashCliBundle *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return g_cancellable_is_cancelled (self->cancellable);
}

gboolean
flash_cli_bundle_has_failed (const FlashCliBundle *self)
{
  return self->has_failed;
}

/* --- telling ------------------------------------------------------------------------------ */

static const char *
get_reason_text (const FlashCliBundle *self)
{
  if (self->is_asked_for)
    return _ ("as you asked");
  switch (self->reason) {
  case FLASH_BUNDLE_REASON_ONLY:
    return _ ("there is no other");
  case FLASH_BUNDLE_REASON_ACCEPTED:
    return _ ("the board's parser refuses the others");
  case FLASH_BUNDLE_REASON_CHIP:
    return _ ("the others are not for the chip of this board");
  case FLASH_BUNDLE_REASON_COMPLETE:
    return _ ("more files of the others are missing");
  case FLASH_BUNDLE_REASON_USUAL:
    return _ ("the others are samples or for special cards");
  case FLASH_BUNDLE_REASON_STORAGE:
    return _ ("its storage is the more usual one");
  case FLASH_BUNDLE_REASON_NAME:
    return _ ("the first by name, as nothing else tells it from another");
  }
  g_return_val_if_reached ("");
}

void
flash_cli_bundle_print (const FlashCliBundle *self)
{
  g_autofree char *name = NULL;
  g_autofree char *others = NULL;

  if (self->layout_path == NULL)
    return;
  name = flash_cli_dup_safe (flash_bundle_get_layout (self->bundle, self->index)->name);
  g_print (_ ("Layout: %s (%s)"), name, get_reason_text (self));
  g_print ("\n");
  if (flash_bundle_get_n_layouts (self->bundle) == 1)
    return;
  others = dup_names (self->bundle, self->index);
  g_print (_ ("Other layouts: %s"), others);
  g_print ("\n%s\n", _ ("Choose one of them with --layout NAME."));
}

void
flash_cli_bundle_add_json (const FlashCliBundle *self, JsonBuilder *builder)
{
  if (self->layout_path == NULL)
    return;
  flash_cli_json_add_text (builder, "layout",
                           flash_bundle_get_layout (self->bundle, self->index)->name);
  flash_cli_json_add_text (builder, "layout_reason",
                           self->is_asked_for ? "asked"
                                              : flash_bundle_reason_get_name (self->reason));
  json_builder_set_member_name (builder, "other_layouts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < flash_bundle_get_n_layouts (self->bundle); i++)
    if (i != self->index)
      json_builder_add_string_value (builder, flash_bundle_get_layout (self->bundle, i)->name);
  json_builder_end_array (builder);
}
