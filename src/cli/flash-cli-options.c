/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option bytes: shown bit by bit where the layout is certain, changed one field at a time, and
 * never without before and after. */
#define G_LOG_DOMAIN "flash-cli-options"

#include "config.h"

#include "flash-cli-ask.h"
#include "flash-cli-columns.h"
#include "flash-cli-diag.h"
#include "flash-cli-job.h"
#include "flash-cli-json.h"
#include "flash-cli-mcu.h"
#include "flash-cli-refuse.h"
#include "flash-option-guess.h"
#include "flash-text.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  char *board_id;
  gboolean is_json;
  gboolean is_agreed;
  char **changes;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->board_id);
  g_strfreev (self->changes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* The option bytes of a board, and what they mean. */
typedef struct {
  GBytes *bytes; /* (owned) */
  const FlashOptionLayout *layout; /* (nullable): not certain */
  const char *doubt; /* (nullable): why not, or why more is locked; for translation */
} Area;

static void
area_clear (Area *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Area, area_clear)

static const guint8 *
get_bytes (const Area *area)
{
  return g_bytes_get_data (area->bytes, NULL);
}

static FlashCliExit
read_area (FlashCliMcu *mcu, Area *area)
{
  const FlashChipGuess *guess = &mcu->facts.guess;
  g_autoptr (FlashJob) job = NULL;
  FlashCliExit exit_code;

  if (!mcu->facts.has_guess || guess->options == NULL)
    return flash_cli_refuse_code ("no-option-bytes", NULL, FLASH_CLI_INPUT, NULL, mcu->is_json);
  exit_code = flash_cli_mcu_read (mcu, guess->option_alternate,
                                  flash_memory_map_get_start (guess->options), 0, &job);
  if (exit_code != FLASH_CLI_DONE)
    return exit_code;
  area->bytes = g_bytes_ref (flash_job_get_mcu_result (job)->content);
  area->layout = flash_chip_guess_find_option_layout (guess, get_bytes (area),
                                                      g_bytes_get_size (area->bytes), &area->doubt);
  return FLASH_CLI_DONE;
}

static const char *
get_rdp_text (FlashRdpLevel level)
{
  switch (level) {
  case FLASH_RDP_UNKNOWN:
    return _ ("not known");
  case FLASH_RDP_NONE:
    return _ ("off");
  case FLASH_RDP_READ:
    return _ ("on; taking it back erases everything");
  case FLASH_RDP_FOREVER:
    return _ ("on for ever");
  }
  g_return_val_if_reached ("");
}

static void
print_raw (const Area *area, guint32 address)
{
  const guint8 *bytes = get_bytes (area);
  gsize length = g_bytes_get_size (area->bytes);

  for (gsize at = 0; at < length; at += 16) {
    g_print ("  0x%08x ", (guint) (address + at));
    for (gsize i = at; i < MIN (at + 16, length); i++)
      g_print (" %02x", bytes[i]);
    g_print ("\n");
  }
}

static void
print_area (const Area *area, guint32 address)
{
  static const int widths[] = { 13, 9, 1, 0 };
  g_autoptr (FlashCliTable) table = flash_cli_table_new (widths);
  GPtrArray *fields;

  print_raw (area, address);
  if (area->doubt != NULL)
    g_print ("%s\n", _ (area->doubt));
  if (area->layout == NULL)
    return;
  g_print ("\n");
  fields = flash_option_layout_get_fields (area->layout);
  for (guint i = 0; i < fields->len; i++) {
    const FlashOptionField *field = g_ptr_array_index (fields, i);
    guint32 value = flash_option_layout_get (area->layout, field, get_bytes (area));
    const char *meaning = flash_option_layout_get_meaning (area->layout, field, value);

    g_autofree char *number = g_strdup_printf ("0x%x", value);
    g_autofree char *text =
        g_strconcat (meaning != NULL ? _ (meaning) : _ (field->description),
                     field->is_locked ? _ (" (not to be changed here)") : "", NULL);

    flash_cli_table_add (table, field->name, number, text, NULL);
  }
  flash_cli_table_print (table);
  g_print (_ ("Read protection: %s"),
           get_rdp_text (flash_option_layout_get_rdp (area->layout, get_bytes (area))));
  g_print ("\n");
}

static const char *
get_rdp_name (FlashRdpLevel level)
{
  switch (level) {
  case FLASH_RDP_UNKNOWN:
    return "unknown";
  case FLASH_RDP_NONE:
    return "0";
  case FLASH_RDP_READ:
    return "1";
  case FLASH_RDP_FOREVER:
    return "2";
  }
  g_return_val_if_reached ("unknown");
}

static void
add_fields (JsonBuilder *builder, const Area *area)
{
  GPtrArray *fields = flash_option_layout_get_fields (area->layout);

  json_builder_set_member_name (builder, "fields");
  json_builder_begin_array (builder);
  for (guint i = 0; i < fields->len; i++) {
    const FlashOptionField *field = g_ptr_array_index (fields, i);
    guint32 value = flash_option_layout_get (area->layout, field, get_bytes (area));
    const char *meaning = flash_option_layout_get_meaning (area->layout, field, value);

    json_builder_begin_object (builder);
    flash_cli_json_add_text (builder, "name", field->name);
    flash_cli_json_add_number (builder, "value", value);
    if (meaning != NULL)
      flash_cli_json_add_text (builder, "meaning", meaning);
    flash_cli_json_add_flag (builder, "locked", field->is_locked);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
print_json (const Area *area, guint32 address)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GString) hex = g_string_new (NULL);

  for (gsize i = 0; i < g_bytes_get_size (area->bytes); i++)
    g_string_append_printf (hex, "%02x", get_bytes (area)[i]);
  json_builder_begin_object (builder);
  flash_cli_json_add_number (builder, "address", address);
  flash_cli_json_add_text (builder, "bytes", hex->str);
  if (area->layout != NULL) {
    flash_cli_json_add_text (
        builder, "rdp",
        get_rdp_name (flash_option_layout_get_rdp (area->layout, get_bytes (area))));
    add_fields (builder, area);
  }
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

/* --- Changing ------------------------------------------------------------------------------- */

/* Applies `NAME=VALUE` to @bytes and says before and after.
 *
 * Returns: (transfer full) (nullable): what is wrong with it, %NULL if nothing is */
static char *
apply (const Area *area, const char *change, guint8 *bytes)
{
  g_auto (GStrv) words = g_strsplit (change, "=", 2);
  const FlashOptionField *field = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  guint64 value;
  guint32 before;

  if (g_strv_length (words) == 2)
    field = flash_option_layout_find_field (area->layout, words[0]);
  if (field == NULL || !flash_text_parse_size (words[1], &value) || value > G_MAXUINT32) {
    g_autofree char *safe = flash_cli_dup_safe (change);

    return g_strdup_printf (_ ("“%s” is no option byte and value. Write it like nRST_STOP=1."),
                            safe);
  }
  before = flash_option_layout_get (area->layout, field, bytes);
  if (!flash_option_layout_set (area->layout, field, (guint32) value, bytes, &error))
    return g_strdup (error->message);
  name = flash_cli_pad (field->name, 14);
  g_printerr ("  %s 0x%x → 0x%x  %s\n", name, before, (guint32) value, _ (field->description));
  if (field->consequence != NULL)
    g_printerr ("  %s\n", _ (field->consequence));
  return NULL;
}

static FlashCliExit
write_area (FlashCliMcu *mcu, const Area *area, GBytes *after)
{
  g_autoptr (FlashJob) job = NULL;
  FlashMcuJob spec;

  flash_cli_mcu_begin_job (mcu, FLASH_MCU_WRITE_OPTIONS, &spec);
  spec.option_before = area->bytes;
  spec.option_bytes = after;
  job = flash_job_new_for_mcu (&spec);
  return flash_cli_job_run (job, mcu->is_json);
}

static FlashCliExit
change (FlashCliMcu *mcu, const Options *options, const Area *area)
{
  gsize length = g_bytes_get_size (area->bytes);
  g_autofree guint8 *bytes = g_memdup2 (get_bytes (area), length);
  g_autoptr (GBytes) after = NULL;

  if (area->layout == NULL)
    return flash_cli_refuse_code ("option-bytes-unknown", area->doubt, FLASH_CLI_INPUT, NULL,
                                  mcu->is_json);
  for (guint i = 0; options->changes[i] != NULL; i++) {
    g_autofree char *complaint = apply (area, options->changes[i], bytes);

    if (complaint != NULL)
      return flash_cli_refuse_code ("bad-option-byte", complaint, FLASH_CLI_INPUT, NULL,
                                    mcu->is_json);
  }
  if (memcmp (bytes, get_bytes (area), length) == 0) {
    g_printerr ("%s\n", _ ("They are so already; nothing was written."));
    if (mcu->is_json)
      print_json (area, flash_memory_map_get_start (mcu->facts.guess.options));
    return FLASH_CLI_DONE;
  }
  if (!options->is_agreed && !flash_cli_can_ask ()) {
    g_printerr ("%s\n", _ ("Wrong option bytes can lock a chip: say --yes if nobody can be asked. "
                           "Nothing was written."));
    return FLASH_CLI_USAGE;
  }
  if (!options->is_agreed &&
      !flash_cli_ask_word (_ ("The chip resets itself afterwards. Type “write” to do it:"),
                           "write"))
    return FLASH_CLI_STOPPED;
  after = g_bytes_new_take (g_steal_pointer (&bytes), length);
  return write_area (mcu, area, after);
}

FlashCliExit
flash_cli_options (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    FLASH_CLI_BOARD_OPTION (&options.board_id),
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.changes,
      N_ ("Change one of them; may be given several times"), N_ ("NAME=VALUE") },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &options.is_agreed, N_ ("Do not ask"), NULL },
    FLASH_CLI_JSON_OPTION (&options.is_json),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = NULL;
  g_auto (FlashCliMcu) mcu = { 0 };
  g_auto (Area) area = { 0 };
  FlashCliExit exit_code;
  guint32 address;

  if (!flash_cli_parse (argc, argv, NULL, _ ("Shows and changes option bytes."), entries, 0, 0,
                        &arguments))
    return FLASH_CLI_USAGE;
  if (!flash_cli_mcu_open (&mcu, options.board_id, options.is_json, &exit_code) ||
      !flash_cli_mcu_require (&mcu, &exit_code))
    return exit_code;
  exit_code = read_area (&mcu, &area);
  if (exit_code != FLASH_CLI_DONE)
    return exit_code;
  address = flash_memory_map_get_start (mcu.facts.guess.options);
  if (options.changes != NULL)
    return change (&mcu, &options, &area);
  if (options.is_json)
    print_json (&area, address);
  else
    print_area (&area, address);
  return FLASH_CLI_DONE;
}
