/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-image"

#include "config.h"

#include "flash-card-writer.h"
#include "flash-cli-bar.h"
#include "flash-cli-columns.h"
#include "flash-cli-diag.h"
#include "flash-cli-facts.h"
#include "flash-cli-json.h"
#include "flash-cli-layout.h"
#include "flash-cli.h"
#include "flash-text.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

/* How often the bar is drawn. */
#define REDRAW_MS 100

typedef struct {
  char *output; /* (owned) (type filename): as the user wrote it */
  char *size_text; /* (owned) */
  char *storage; /* (owned) */
  char *compress; /* (owned) */
  char *layout_name; /* (owned) */
  gboolean force;
  gboolean is_json;
  gboolean allow_outside;

  const char *layout_path; /* (unowned) (type filename) */
  guint64 size; /* 0: the smallest */
  FlashCardCompression compression;
  char *path; /* (owned) (type filename): what will be written */
} Options;

static void
options_clear (Options *self)
{
  g_free (self->output);
  g_free (self->size_text);
  g_free (self->storage);
  g_free (self->compress);
  g_free (self->layout_name);
  g_free (self->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What the thread works on; the main thread looks at it again when the thread is done. */
typedef struct {
  const Options *options; /* (unowned) */
  FlashLayout *layout; /* (unowned) */
  FlashCardImage *image; /* (owned) (nullable) */
  FlashCardWritten written;
  GError *error; /* (owned) (nullable) */

  GMutex lock;
  guint64 done_bytes; /* under the lock */
  guint64 total_bytes; /* under the lock */

  GCancellable *cancellable; /* (owned): that of the bundle, if there is one */
  gboolean is_stopping; /* the user was told so */
  GMainLoop *loop; /* (owned) */
  FlashCliBar *bar; /* (owned) */
} Run;

static void
run_clear (Run *self)
{
  g_clear_object (&self->image);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->bar, flash_cli_bar_free);
  flash_card_written_clear (&self->written);
  g_mutex_clear (&self->lock);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* --- In the thread ------------------------------------------------------------------------- */

static void
on_progress (guint64 done_bytes, guint64 total_bytes, gpointer data)
{
  Run *self = data;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  self->done_bytes = done_bytes;
  self->total_bytes = total_bytes;
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Run *self = data;
  const FlashCardOptions card = { .ip = self->options->storage, .size = self->options->size };
  const FlashCardWriteOptions how = { .compression = self->options->compression,
                                      .replace = self->options->force,
                                      .layout_path = self->options->layout_path,
                                      .progress = on_progress,
                                      .data = self };

  self->image = flash_card_image_new (self->layout, &card, &self->error);
  if (self->image != NULL)
    flash_card_write (self->image, self->options->path, &how, &self->written, cancellable,
                      &self->error);
  g_task_return_boolean (task, TRUE);
}

/* --- In the main thread -------------------------------------------------------------------- */

static gboolean
on_redraw (gpointer data)
{
  Run *self = data;
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;
  guint64 done_bytes, total_bytes;

  g_mutex_lock (&self->lock);
  done_bytes = self->done_bytes;
  total_bytes = self->total_bytes;
  g_mutex_unlock (&self->lock);
  if (total_bytes == 0)
    return G_SOURCE_CONTINUE;
  size = flash_text_size (total_bytes);
  /* TRANSLATORS: %s is the size of an image that is being written */
  text = g_strdup_printf (_ ("of %s"), size);
  flash_cli_bar_show (self->bar, (double) done_bytes / (double) total_bytes, text);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_signal (gpointer data)
{
  Run *self = data;

  flash_cli_bar_hide (self->bar);
  if (!self->is_stopping)
    g_printerr ("%s\n", _ ("Stopping…"));
  self->is_stopping = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *self = data;

  g_main_loop_quit (self->loop);
}

static void
run (Run *self)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  g_autoptr (GTask) task = NULL;
  guint sources[G_N_ELEMENTS (signals)];
  guint redraw;

  /* A reader that went away and a limit on files are no reason to leave half an image behind. */
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sources[i] = g_unix_signal_add (signals[i], on_signal, self);
  redraw = self->options->is_json ? 0 : g_timeout_add (REDRAW_MS, on_redraw, self);
  task = g_task_new (NULL, self->cancellable, on_done, self);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, write_in_thread);
  g_main_loop_run (self->loop);
  if (redraw != 0)
    g_source_remove (redraw);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  flash_cli_bar_hide (self->bar);
}

/* --- What is said -------------------------------------------------------------------------- */

static FlashCliExit
get_exit_of_error (const GError *error)
{
  FlashCardError code = (FlashCardError) error->code;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FLASH_CLI_STOPPED;
  if (code == FLASH_CARD_ERROR_NOT_MMC || code == FLASH_CARD_ERROR_EXISTS ||
      code == FLASH_CARD_ERROR_IS_INPUT || code == FLASH_CARD_ERROR_NOT_A_FILE ||
      code == FLASH_CARD_ERROR_OTHER_IMAGE)
    return FLASH_CLI_USAGE;
  if (code == FLASH_CARD_ERROR_NO_SPACE || code == FLASH_CARD_ERROR_NOT_WRITABLE ||
      code == FLASH_CARD_ERROR_COMPRESSION)
    return FLASH_CLI_FAILED;
  return FLASH_CLI_INPUT;
}

/* @code: stable; @cause, @remedy and @message: (nullable) */
static FlashCliExit
refuse (const Options *options, const char *code, const char *cause, const char *remedy,
        const char *message, const FlashDiagList *diags, FlashCliExit exit_code)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *safe = message != NULL ? flash_cli_dup_safe (message) : NULL;

  if (!options->is_json) {
    g_printerr ("%s [%s]\n", cause, code);
    if (remedy != NULL)
      g_printerr ("%s\n", remedy);
    if (safe != NULL) {
      g_printerr (_ ("In detail: %s"), safe);
      g_printerr ("\n");
    }
    g_printerr ("%s\n", _ ("Nothing was written."));
    return exit_code;
  }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "file", options->path);
  flash_cli_json_add_flag (builder, "written", FALSE);
  flash_cli_json_add_text (builder, "code", code);
  flash_cli_json_add_text (builder, "cause", cause);
  if (remedy != NULL)
    flash_cli_json_add_text (builder, "remedy", remedy);
  if (message != NULL)
    flash_cli_json_add_text (builder, "message", message);
  flash_cli_json_add_number (builder, "exit_code", exit_code);
  flash_cli_json_add_diags (builder, diags);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
  return exit_code;
}

static FlashCliExit
refuse_error (const Options *options, const GError *error, const FlashDiagList *diags)
{
  FlashCliExit exit_code = get_exit_of_error (error);
  FlashCardError code = (FlashCardError) error->code;
  const char *remedy;

  if (exit_code == FLASH_CLI_STOPPED)
    return refuse (options, "cancelled", _ ("You have stopped it."), NULL, NULL, diags, exit_code);
  remedy = code == FLASH_CARD_ERROR_EXISTS ? _ ("Choose another name, or replace it with --force.")
                                           : _ (flash_card_error_get_remedy (code));
  return refuse (options, flash_card_error_get_name (code), _ (flash_card_error_get_cause (code)),
                 remedy, error->message, diags, exit_code);
}

static void
add_left_out (JsonBuilder *builder, FlashCardImage *image)
{
  json_builder_set_member_name (builder, "left_out");
  json_builder_begin_array (builder);
  for (guint i = 0; i < flash_card_image_get_n_left_out (image); i++) {
    const FlashCardLeftOut *left_out = flash_card_image_get_left_out (image, i);
    g_autofree char *remedy = flash_card_left_out_dup_remedy (left_out, flash_cli_translate);

    json_builder_begin_object (builder);
    flash_cli_json_add_number (builder, "line", flash_layout_row_get_line (left_out->row));
    flash_cli_json_add_number (builder, "id", flash_layout_row_get_id (left_out->row));
    flash_cli_json_add_text (builder, "name", flash_layout_row_get_name (left_out->row));
    flash_cli_json_add_text (builder, "ip", flash_layout_row_get_ip_name (left_out->row));
    flash_cli_json_add_text (builder, "reason", flash_card_reason_get_name (left_out->reason));
    flash_cli_json_add_text (builder, "remedy", remedy);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
print_json (const Run *self, const FlashDiagList *diags)
{
  const FlashCardWritten *written = &self->written;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "file", written->path);
  flash_cli_json_add_flag (builder, "written", TRUE);
  flash_cli_json_add_text (builder, "storage", flash_card_image_get_ip (self->image));
  flash_cli_json_add_number (builder, "size", flash_card_image_get_size (self->image));
  flash_cli_json_add_flag (builder, "is_smallest", self->options->size == 0);
  flash_cli_json_add_number (builder, "mapped_size", written->mapped_size);
  flash_cli_json_add_text (builder, "sha256", written->image_sha256);
  flash_cli_json_add_text (builder, "compression",
                           flash_card_compression_get_name (self->options->compression));
  flash_cli_json_add_number (builder, "file_size", written->file_size);
  flash_cli_json_add_text (builder, "file_sha256", written->file_sha256);
  flash_cli_json_add_text (builder, "bmap", written->bmap_path);
  flash_cli_json_add_text (builder, "checksum", written->checksum_path);
  add_left_out (builder, self->image);
  flash_cli_json_add_number (builder, "exit_code", FLASH_CLI_DONE);
  flash_cli_json_add_diags (builder, diags);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

static char *
dup_safe_path (const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  return flash_cli_dup_safe (name);
}

static void
print_left_out (FlashCardImage *image)
{
  static const int widths[] = { 4, 15, 1, 0 };
  g_autoptr (FlashCliTable) table = flash_cli_table_new (widths);
  guint n_left_out = flash_card_image_get_n_left_out (image);

  if (n_left_out > 0)
    g_print ("\n%s\n", _ ("Not in the image:"));
  for (guint i = 0; i < n_left_out; i++) {
    const FlashCardLeftOut *left_out = flash_card_image_get_left_out (image, i);
    g_autofree char *name = flash_cli_dup_safe (flash_layout_row_get_name (left_out->row));
    g_autofree char *raw = flash_card_left_out_dup_remedy (left_out, flash_cli_translate);
    g_autofree char *remedy = flash_cli_dup_safe (raw);
    g_autofree char *id = g_strdup_printf ("0x%02x", flash_layout_row_get_id (left_out->row));
    g_autofree char *text =
        g_strdup_printf ("%s [%s]", remedy, flash_card_reason_get_name (left_out->reason));

    flash_cli_table_add (table, id, name, text, NULL);
  }
  flash_cli_table_print (table);
}

static void
print_text (const Run *self)
{
  const FlashCardWritten *written = &self->written;
  guint64 size = flash_card_image_get_size (self->image);
  g_autofree char *size_text = flash_text_size (size);
  g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, size);
  g_autofree char *mapped = flash_text_size (written->mapped_size);
  g_autofree char *file_size = flash_text_size (written->file_size);
  g_autofree char *path = dup_safe_path (written->path);
  g_autofree char *checksum_path = dup_safe_path (written->checksum_path);
  g_autofree char *bmap_path = dup_safe_path (written->bmap_path);
  g_autoptr (FlashCliFacts) facts = flash_cli_facts_new (_ ("Block map: %s"));

  flash_cli_facts_add (facts, _ ("Written:   %s"), path);
  /* TRANSLATORS: a storage like mmc0, a size like 64 MiB, and the same in bytes */
  flash_cli_facts_add (facts, _ ("Card:      %s, %s (%s bytes)"),
                       flash_card_image_get_ip (self->image), size_text, bytes);
  if (self->options->size == 0)
    flash_cli_facts_add_below (
        facts, "%s",
        _ ("No size was given, so this is the smallest that holds everything. To use all of a "
           "card, give its size with --size."));
  flash_cli_facts_add (facts, _ ("SHA-256:   %s"), written->image_sha256);
  if (self->options->compression != FLASH_CARD_COMPRESSION_NONE)
    /* TRANSLATORS: a size like 64 MiB and a checksum */
    flash_cli_facts_add (facts, _ ("Packed:    %s, SHA-256 %s"), file_size, written->file_sha256);
  flash_cli_facts_add (facts, _ ("Checksum:  %s"), checksum_path);
  flash_cli_facts_add (facts, _ ("Block map: %s"), bmap_path);
  flash_cli_facts_add_below (facts, _ ("%s have to be written to a card."), mapped);
  flash_cli_facts_print (facts);
  print_left_out (self->image);
}

/* --- The command --------------------------------------------------------------------------- */

static FlashCliExit
refuse_layout (const Options *options, const FlashCliLayout *checked)
{
  FlashCliExit exit_code = flash_cli_layout_get_exit (checked);
  const FlashAdvice *advice = flash_cli_layout_get_advice (checked);

  if (exit_code == FLASH_CLI_STOPPED)
    return refuse (options, "cancelled", _ ("You have stopped it."), NULL, NULL, checked->diags,
                   exit_code);
  return refuse (options, advice->code, _ (advice->cause),
                 checked->layout == NULL && checked->bundle != NULL
                     ? _ (advice->remedy)
                     : _ ("Correct them first; “flashwright-cli check” lists them."),
                 NULL, checked->diags, exit_code);
}

static FlashCliExit
make_image (const Options *options)
{
  g_auto (FlashCliLayout) checked = { .wanted = options->layout_name };
  g_auto (Run) self = { .options = options };
  GHashTable *sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_mutex_init (&self.lock);
  if (options->size > 0)
    g_hash_table_insert (sizes, g_strdup (options->storage),
                         g_memdup2 (&options->size, sizeof options->size));
  flash_cli_layout_load (options->layout_path, sizes, 0, options->allow_outside, &checked);
  if (!options->is_json)
    flash_cli_diag_print (checked.diags, stderr);
  if (flash_cli_layout_get_exit (&checked) != FLASH_CLI_DONE)
    return refuse_layout (options, &checked);
  self.layout = checked.layout;
  self.cancellable = checked.bundle != NULL
                         ? g_object_ref (flash_cli_bundle_get_cancellable (checked.bundle))
                         : g_cancellable_new ();
  self.loop = g_main_loop_new (NULL, FALSE);
  self.bar = flash_cli_bar_new ();
  run (&self);
  if (self.error != NULL)
    return refuse_error (options, self.error, checked.diags);
  if (options->is_json)
    print_json (&self, checked.diags);
  else
    print_text (&self);
  return FLASH_CLI_DONE;
}

/* The name and --compress say the same, or one of them nothing. */
static gboolean
resolve_path (Options *self)
{
  FlashCardCompression by_name = flash_card_compression_guess (self->output);
  g_autofree char *safe = flash_cli_dup_safe (self->compress != NULL ? self->compress : "");

  self->compression = by_name;
  if (self->compress != NULL && !flash_card_compression_find (self->compress, &self->compression)) {
    g_printerr (_ ("There is no compression “%s”. Choose gzip, xz or zstd."), safe);
    g_printerr ("\n");
    return FALSE;
  }
  if (by_name != FLASH_CARD_COMPRESSION_NONE && by_name != self->compression) {
    g_printerr (_ ("The file's name stands for another compression than “%s”."), safe);
    g_printerr ("\n");
    return FALSE;
  }
  self->path =
      by_name == self->compression
          ? g_strdup (self->output)
          : g_strconcat (self->output, flash_card_compression_get_ending (self->compression), NULL);
  return TRUE;
}

static gboolean
resolve_size (Options *self)
{
  g_autofree char *safe = NULL;

  if (self->size_text == NULL || (flash_text_parse_size (self->size_text, &self->size) &&
                                  self->size > 0 && self->size % FLASH_CARD_BLOCK_SIZE == 0))
    return TRUE;
  safe = flash_cli_dup_safe (self->size_text);
  g_printerr (_ ("“%s” is not the size of a card: a multiple of 512 bytes, written like 8G."),
              safe);
  g_printerr ("\n");
  return FALSE;
}

static gboolean
resolve (Options *self)
{
  if (self->storage == NULL)
    self->storage = g_strdup ("mmc0");
  if (self->output != NULL && *self->output != '\0')
    return resolve_size (self) && resolve_path (self);
  g_printerr ("%s\n", _ ("Say with -o FILE where the image is to be written."));
  return FALSE;
}

FlashCliExit
flash_cli_image (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      N_ ("The file to write; its block map and checksum lie beside it"), N_ ("FILE") },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options.size_text,
      N_ ("Size of the card, e.g. 8G; otherwise the smallest that holds everything"), N_ ("SIZE") },
    { "storage", 0, 0, G_OPTION_ARG_STRING, &options.storage,
      N_ ("Which card of the layout; mmc0 if not given"), N_ ("STORAGE") },
    { "compress", 0, 0, G_OPTION_ARG_STRING, &options.compress,
      N_ ("Compress it: gzip, xz or zstd"), N_ ("KIND") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options.force, N_ ("Replace files that are there"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.is_json, N_ ("Answer in JSON"), NULL },
    { "allow-outside", 0, 0, G_OPTION_ARG_NONE, &options.allow_outside,
      N_ ("Let the layout name files outside its own folder"), NULL },
    FLASH_CLI_LAYOUT_OPTION (&options.layout_name),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;

  if (!flash_cli_parse (argc, argv, _ ("LAYOUT"),
                        _ ("Writes what the SD card of a board would hold after it was flashed."),
                        entries, 1, 1, &arguments))
    return FLASH_CLI_USAGE;
  options.layout_path = arguments[0];
  if (!resolve (&options)) {
    flash_cli_hint (argv[0]);
    return FLASH_CLI_USAGE;
  }
  return make_image (&options);
}
