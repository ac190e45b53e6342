/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-read"

#include "config.h"

#include "flash-cli-job.h"
#include "flash-cli-mcu.h"
#include "flash-cli-refuse.h"
#include "flash-image-write.h"
#include "flash-text.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
  char *board_id;
  gboolean is_json;
  char *address;
  char *size;
  int alternate;
  char *output;
  char *format;
  gboolean force;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->board_id);
  g_free (self->address);
  g_free (self->size);
  g_free (self->output);
  g_free (self->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* The format that was asked for, or else the one that the name of the file means.
 *
 * Returns: whether there is such a format */
static gboolean
find_format (const Options *options, FlashImageWriteFormat *out_format)
{
  static const struct {
    const char *name;
    const char *ending;
    FlashImageWriteFormat format;
  } formats[] = { { "bin", ".bin", FLASH_IMAGE_WRITE_BIN },
                  { "hex", ".hex", FLASH_IMAGE_WRITE_HEX },
                  { "dfu", ".dfu", FLASH_IMAGE_WRITE_DFU } };

  *out_format = FLASH_IMAGE_WRITE_BIN;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (options->format != NULL ? g_str_equal (options->format, formats[i].name)
                                : g_str_has_suffix (options->output, formats[i].ending)) {
      *out_format = formats[i].format;
      return TRUE;
    }
  return options->format == NULL;
}

/* What is to be done with the bytes. */
typedef struct {
  const Options *options;
  FlashImageWriteFormat format;
} Saving;

/* Written aside and renamed: a file that is half there is never left behind. */
static FlashCliExit
save (FlashJob *job, gpointer data)
{
  const Saving *self = data;
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  const FlashChip *chip = result->has_guess ? flash_chip_guess_get_best (&result->guess) : NULL;
  FlashImageWriteOptions wishes = FLASH_IMAGE_WRITE_OPTIONS_INIT;
  g_autoptr (FlashImage) image =
      flash_image_new_for_bytes (result->content_address, result->content);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autofree char *size = flash_text_size (g_bytes_get_size (result->content));
  g_autofree char *name = g_filename_display_name (self->options->output);

  wishes.fill = chip != NULL ? chip->erased : 0xff;
  file = flash_image_write (image, self->format, &wishes, &error);
  if (file == NULL ||
      !g_file_set_contents_full (
          self->options->output, g_bytes_get_data (file, NULL), (gssize) g_bytes_get_size (file),
          G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &error)) {
    g_printerr (_ ("What was read could not be saved: %s"), error->message);
    g_printerr ("\n");
    return FLASH_CLI_FAILED;
  }
  if (!self->options->is_json) {
    g_print (_ ("%s from 0x%08x are in %s."), size, result->content_address, name);
    g_print ("\n");
  }
  return FLASH_CLI_DONE;
}

/* Returns: the first address of what is meant where the user named none. */
static guint32
find_start (FlashCliMcu *mcu, gint alternate)
{
  FlashDescriptors *descriptors = flash_board_get_descriptors (mcu->board);

  if (alternate < 0)
    return mcu->facts.has_guess && mcu->facts.guess.flash != NULL
               ? flash_memory_map_get_start (mcu->facts.guess.flash)
               : 0;
  for (guint i = 0; descriptors != NULL && i < descriptors->alternates->len; i++) {
    const FlashAlternate *candidate = g_ptr_array_index (descriptors->alternates, i);
    g_autoptr (FlashMemoryMap) map = flash_memory_map_parse (candidate->name, NULL);

    if (candidate->number == alternate && map != NULL)
      return flash_memory_map_get_start (map);
  }
  return 0;
}

static FlashCliExit
read_board (const Options *options, FlashImageWriteFormat format, guint32 address, guint64 length)
{
  Saving saving = { options, format };
  g_auto (FlashCliMcu) mcu = { 0 };
  g_autoptr (FlashJob) job = NULL;
  FlashMcuJob spec;
  FlashCliExit exit_code;

  if (!flash_cli_mcu_open (&mcu, options->board_id, options->is_json, &exit_code) ||
      !flash_cli_mcu_require (&mcu, &exit_code))
    return exit_code;
  flash_cli_mcu_begin_job (&mcu, FLASH_MCU_READ, &spec);
  spec.alternate = options->alternate;
  spec.address = options->address != NULL ? address : find_start (&mcu, options->alternate);
  spec.length = length;
  job = flash_job_new_for_mcu (&spec);
  return flash_cli_job_run_to (job, options->is_json, save, &saving);
}

/* Looked at before the board is: reading a chip takes minutes. */
static gboolean
check_output (const Options *options, FlashCliExit *out_exit)
{
  g_autofree char *folder = g_path_get_dirname (options->output);

  if (g_file_test (options->output, G_FILE_TEST_IS_DIR) || g_access (folder, W_OK) != 0) {
    *out_exit = flash_cli_refuse_code ("output-unwritable", options->output, FLASH_CLI_FAILED, NULL,
                                       options->is_json);
    return FALSE;
  }
  if (!options->force && g_file_test (options->output, G_FILE_TEST_EXISTS)) {
    *out_exit = flash_cli_refuse_code ("output-exists", options->output, FLASH_CLI_USAGE, NULL,
                                       options->is_json);
    return FALSE;
  }
  return TRUE;
}

/* Returns: whether the options make sense; says what does not. */
static gboolean
check_options (const Options *options, FlashImageWriteFormat *out_format, guint32 *out_address,
               guint64 *out_length)
{
  if (options->address != NULL &&
      !flash_cli_parse_address (options->address, "--address", out_address))
    return FALSE;
  if (options->output == NULL || !find_format (options, out_format)) {
    g_printerr ("%s\n", options->output == NULL ? _ ("Say with -o FILE where to write it.")
                                                : _ ("--format is one of bin, hex and dfu."));
    return FALSE;
  }
  if (options->alternate < -1 || options->alternate > G_MAXUINT8) {
    g_printerr ("%s\n", _ ("--alternate is a number from 0 to 255."));
    return FALSE;
  }
  if (options->size != NULL && (!flash_text_parse_size (options->size, out_length) ||
                                *out_length == 0 || *out_length > G_MAXUINT32)) {
    g_printerr (_ ("“%s” is no size. Write it like 0x10000 or 64K."), options->size);
    g_printerr ("\n");
    return FALSE;
  }
  return TRUE;
}

FlashCliExit
flash_cli_read (int argc, char **argv)
{
  g_auto (Options) options = { .alternate = -1 };
  const GOptionEntry entries[] = {
    FLASH_CLI_BOARD_OPTION (&options.board_id),
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("The file to write"),
      N_ ("FILE") },
    { "address", 'a', 0, G_OPTION_ARG_STRING, &options.address,
      N_ ("Where to begin; the start of the flash without it"), N_ ("ADDRESS") },
    { "size", 's', 0, G_OPTION_ARG_STRING, &options.size,
      N_ ("How many bytes; all that follow without it"), N_ ("SIZE") },
    { "alternate", 0, 0, G_OPTION_ARG_INT, &options.alternate,
      N_ ("Which memory, by its alternate setting"), N_ ("NUMBER") },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &options.format,
      N_ ("bin, hex or dfu; what the name of the file means without it"), N_ ("FORMAT") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options.force, N_ ("Replace a file that is there"), NULL },
    FLASH_CLI_JSON_OPTION (&options.is_json),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;
  FlashImageWriteFormat format;
  guint32 address = 0;
  guint64 length = 0;
  FlashCliExit exit_code;

  if (!flash_cli_parse (argc, argv, NULL, _ ("Reads the memory of a microcontroller."), entries, 0,
                        0, &arguments) ||
      !check_options (&options, &format, &address, &length))
    return FLASH_CLI_USAGE;
  if (!check_output (&options, &exit_code))
    return exit_code;
  return read_board (&options, format, address, length);
}
