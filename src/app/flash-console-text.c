/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-console-text"

#include "config.h"

#include "flash-console-text.h"

#include <glib/gi18n.h>

#define FAILURE_TAG "flash-failure"

const char *
flash_console_text_mark (const FlashConsoleMark *mark)
{
  static const struct {
    const char *name;
    const char *words;
  } marks[] = {
    { "wrong-boot-interface", N_ ("the first stage does not boot from USB") },
    { "ddr-failed", N_ ("the memory of the board does not work") },
    { "pmic-failed", N_ ("the power supply chip does not answer") },
    { "wrong-board", N_ ("made for another board") },
    { "image-refused", N_ ("an image was refused") },
    { "panic", N_ ("a boot stage has crashed") },
    { "watchdog", N_ ("the watchdog has reset the board") },
    { "no-usb-gadget", N_ ("U-Boot finds no USB port for flashing") },
    { "storage-failed", N_ ("a storage does not work") },
    { "storage-unknown", N_ ("this U-Boot does not know the storage") },
    { "erase-unknown", N_ ("this U-Boot cannot erase the storage") },
    { "partition-table-refused", N_ ("the partition table was refused") },
    { "file-too-large", N_ ("a file is larger than its partition") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_str_equal (marks[i].name, mark->name))
      return _ (marks[i].words);
  return _ ("a failure");
}

char *
flash_console_text_dup_line (const FlashConsoleLine *line, gint64 zero_us)
{
  double seconds = (double) (line->time_us - zero_us) / G_USEC_PER_SEC;

  return g_strdup_printf ("%9.3f  %s", MAX (seconds, 0), line->text);
}

static GtkTextTag *
get_tag (GtkTextBuffer *buffer)
{
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), FAILURE_TAG);

  /* Not by colour: that would have to follow the style. */
  return tag != NULL
             ? tag
             : gtk_text_buffer_create_tag (buffer, FAILURE_TAG, "weight", PANGO_WEIGHT_BOLD, NULL);
}

static void
drop_oldest (GtkTextBuffer *buffer)
{
  int n_lines = gtk_text_buffer_get_line_count (buffer);
  GtkTextIter start, end;

  if (n_lines <= FLASH_CONSOLE_MAX_LINES)
    return;
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_line (buffer, &end, n_lines - FLASH_CONSOLE_MAX_LINES);
  gtk_text_buffer_delete (buffer, &start, &end);
}

void
flash_console_text_append (GtkTextBuffer *buffer, const FlashConsoleLine *line, gint64 zero_us)
{
  gboolean is_failure = line->mark != NULL && line->mark->is_failure;
  g_autofree char *text = flash_console_text_dup_line (line, zero_us);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  if (gtk_text_buffer_get_char_count (buffer) > 0)
    gtk_text_buffer_insert (buffer, &end, "\n", -1);
  if (is_failure) {
    /* TRANSLATORS: a line of a serial console that was recognised as a failure; what it means */
    g_autofree char *failure =
        g_strdup_printf (_ ("%1$s\n        ⚠  %2$s"), text, flash_console_text_mark (line->mark));

    gtk_text_buffer_insert_with_tags (buffer, &end, failure, -1, get_tag (buffer), NULL);
  } else {
    gtk_text_buffer_insert (buffer, &end, text, -1);
  }
  drop_oldest (buffer);
}

char *
flash_console_text_dup_error (const GError *error, const char *path)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup_printf (_ ("You may not open %s. Add yourself to the group “dialout”, then log "
                               "out and in again."),
                            path);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    return g_strdup_printf (_ ("Another program has opened %s. Close other terminals, then try "
                               "again."),
                            path);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_strdup_printf (_ ("%s is gone. Plug the ST-LINK in again, then try again."), path);
  return g_strdup_printf (_ ("%1$s cannot be read. Plug the ST-LINK in again, then try again. In "
                             "detail: %2$s"),
                          path, error->message);
}
