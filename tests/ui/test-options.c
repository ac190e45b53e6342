/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog about option bytes: what is shown, staged, typed, written and read back. */
#define G_LOG_DOMAIN "test-options"

#include "config.h"

#include "flash-memory-bench.h"
#include "flash-options-dialog.h"
#include "flash-options-field.h"
#include "flash-test-images.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

static GtkWidget *
open_options (FlashAppFixture *fixture, const char *model, const char *keys)
{
  GtkWidget *dialog;

  flash_firmware_bench_choose (fixture, model, keys);
  dialog = flash_memory_bench_open (fixture, "win.option-bytes", FLASH_TYPE_OPTIONS_DIALOG);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "raw_label") ||
                       flash_memory_bench_has (dialog, "heading_label"));
  flash_ui_settle (dialog, 30);
  return dialog;
}

/* The row of that field. */
static FlashOptionsField *
find_field (GtkWidget *dialog, const char *name)
{
  GtkWidget *list = flash_memory_bench_get (dialog, "field_list");

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (g_str_equal (flash_options_field_get_field (FLASH_OPTIONS_FIELD (row))->name, name))
      return FLASH_OPTIONS_FIELD (row);
  g_assert_not_reached ();
}

static void
choose (GtkWidget *dialog, const char *name, guint value)
{
  GtkWidget *row = GTK_WIDGET (find_field (dialog, name));

  gtk_drop_down_set_selected (GTK_DROP_DOWN (flash_memory_bench_get (row, "choice")), value);
}

static gboolean
can_write (GtkWidget *dialog)
{
  return gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "verb_button"));
}

static void
test_write (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog = open_options (fixture, "stm32f405", "timing=fast");
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;
  const guint8 *bytes;

  g_assert_false (can_write (dialog));
  g_assert_false (flash_memory_bench_has (dialog, "word_row"));
  choose (dialog, "nRST_STOP", 0);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "word_row"));
  g_assert_true (flash_memory_bench_says (dialog, "1: No reset → 0: The chip is reset"));
  g_assert_false (can_write (dialog));
  flash_memory_bench_type (dialog, "word_row", "writ");
  g_assert_false (can_write (dialog));
  before = flash_memory_bench_load (fixture, "stm32f405", "options.bin");
  flash_memory_bench_type (dialog, "word_row", " write ");
  g_assert_true (can_write (dialog));
  flash_memory_bench_press (dialog, "verb_button");
  flash_memory_bench_wait_for_outcome (dialog);
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==,
                   "Option bytes written");
  g_assert_true (flash_memory_bench_says (dialog, "0: The chip is reset"));
  after = flash_memory_bench_load (fixture, "stm32f405", "options.bin");
  bytes = g_bytes_get_data (after, NULL);
  g_assert_false (g_bytes_equal (before, after));
  /* RM0090: bit 6 of the first byte. */
  g_assert_cmphex (bytes[0] & 0x40, ==, 0);
  g_assert_cmphex (bytes[1], ==, 0xaa);
  flash_memory_bench_close (dialog);
}

/* The boot loader has taken them, and never came back: nobody may say that nothing was changed. It
 * cannot be stopped meanwhile, by no window. */
static void
test_not_read_back (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog =
      open_options (fixture, "stm32f405", "timing=fast,fault=never-return@bootloader");

  choose (dialog, "nRST_STOP", 0);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "word_row"));
  flash_memory_bench_type (dialog, "word_row", "write");
  flash_memory_bench_press (dialog, "verb_button");
  flash_ui_wait_until (flash_memory_bench_has (dialog, "progress_bar"));
  g_assert_false (flash_memory_bench_has (dialog, "close_button"));
  gtk_window_close (GTK_WINDOW (dialog));
  gtk_window_close (GTK_WINDOW (fixture->window));
  g_assert_true (flash_memory_frame_is_working (FLASH_MEMORY_FRAME (dialog)));
  g_assert_true (gtk_widget_get_visible (dialog));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  /* The job gives the chip longer than anything else is waited for here, and then ends. */
  while (flash_memory_frame_is_working (FLASH_MEMORY_FRAME (dialog)))
    g_main_context_iteration (NULL, TRUE);
  flash_memory_bench_wait_for_outcome (dialog);
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==,
                   "The option bytes were written, but could not be read back");
  g_assert_false (
      flash_memory_bench_says (dialog, "Nothing was changed. The chip holds what it held before."));
  flash_memory_bench_close (dialog);
}

/* What is put back is no change, and what is no value cannot be written. */
static void
test_staging (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog = open_options (fixture, "stm32f405", "timing=fast");
  GtkWidget *row = GTK_WIDGET (find_field (dialog, "nWRP"));

  choose (dialog, "nRST_STOP", 0);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "change_list"));
  choose (dialog, "nRST_STOP", 1);
  flash_ui_wait_until (!flash_memory_bench_has (dialog, "change_list"));
  g_assert_false (can_write (dialog));
  flash_memory_bench_type (row, "entry", "0xffe");
  flash_ui_wait_until (flash_memory_bench_says (dialog, "0xfff → 0xffe"));
  flash_memory_bench_type (row, "entry", "0x1ffe");
  flash_ui_wait_until (flash_memory_bench_has (row, "fault_label"));
  g_assert_false (flash_memory_bench_has (dialog, "change_list"));
  flash_memory_bench_type (row, "entry", "maybe");
  g_assert_true (flash_memory_bench_has (row, "fault_label"));
  choose (dialog, "nRST_STOP", 0);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "word_row"));
  flash_memory_bench_type (dialog, "word_row", "write");
  g_assert_false (can_write (dialog));
  flash_memory_bench_type (row, "entry", "fff");
  g_assert_false (flash_memory_bench_has (row, "fault_label"));
  flash_memory_bench_close (dialog);
}

static void
test_locked (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog = open_options (fixture, "stm32f405", "timing=fast");
  GtkWidget *row = GTK_WIDGET (find_field (dialog, "RDP"));

  g_assert_false (flash_memory_bench_has (row, "choice"));
  g_assert_false (flash_memory_bench_has (row, "entry"));
  g_assert_true (flash_memory_bench_has (row, "lock_label"));
  g_assert_true (flash_memory_bench_says (row, "0xaa: Level 0: not protected"));
  flash_memory_bench_close (dialog);
}

/* All that is known of any chip can be shown without a change being seen in it. */
static void
test_chips (FlashAppFixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = open_options (fixture, data, "timing=fast");

  if (flash_memory_bench_has (dialog, "raw_label")) {
    g_assert_false (flash_memory_bench_has (dialog, "change_list"));
    g_assert_false (can_write (dialog));
    g_assert_true (flash_memory_bench_has (dialog, "field_list") ||
                   flash_memory_bench_has (dialog, "doubt_label"));
  } else {
    g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==, "No option bytes");
    g_assert_cmpstr (flash_memory_bench_get_text (dialog, "code_label"), ==, "no-option-bytes");
  }
  flash_memory_bench_close (dialog);
}

/* Bytes whose complements do not fit mean nothing that is certain. */
static void
test_damaged (FlashAppFixture *fixture, gconstpointer unused)
{
  guint8 bytes[16] = { 0x12, 0x34, 0x56 };
  g_autoptr (GBytes) stored = g_bytes_new (bytes, sizeof (bytes));
  g_autofree char *folder = g_build_filename (fixture->storage_dir, "stm32f105", NULL);
  GtkWidget *dialog;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  flash_test_write_file (folder, "options.bin", stored);
  dialog = open_options (fixture, "stm32f105", "timing=fast");
  if (flash_memory_bench_has (dialog, "raw_label")) {
    g_assert_true (flash_memory_bench_has (dialog, "doubt_label"));
    g_assert_false (flash_memory_bench_has (dialog, "field_list"));
  } else {
    g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==,
                     "The option bytes were not read");
  }
  g_assert_false (flash_memory_bench_has (dialog, "word_row"));
  flash_memory_bench_close (dialog);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/options/" name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,         \
              flash_app_fixture_tear_down)

/* A catalog with one text, in the format of gettext: magic number, revision, how many texts, where
 * the tables of texts and translations lie, and no hash table; in them a length and a place each.
 */
static void
write_catalog (const char *folder, const char *language, const char *text, const char *translation)
{
  const guint32 n_text = (guint32) strlen (text), n_translation = (guint32) strlen (translation);
  const guint32 head[] = {
    0x950412de, 0, 1, 28, 36, 0, 44, n_text, 44, n_translation, 45 + n_text
  };
  g_autofree char *messages = g_build_filename (folder, language, "LC_MESSAGES", NULL);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  g_byte_array_append (file, (const guint8 *) head, sizeof head);
  g_byte_array_append (file, (const guint8 *) text, n_text + 1);
  g_byte_array_append (file, (const guint8 *) translation, n_translation + 1);
  bytes = g_bytes_new (file->data, file->len);
  g_assert_cmpint (g_mkdir_with_parents (messages, 0700), ==, 0);
  flash_test_write_file (messages, GETTEXT_PACKAGE ".mo", bytes);
}

/* Where the language is typed with an input method, the English word does as well. */
static void
test_word_in_two_languages (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = flash_test_make_dir ();
  g_autofree char *language = g_strdup (g_getenv ("LANGUAGE"));
  g_autofree char *locale = g_strdup (setlocale (LC_MESSAGES, NULL));
  g_autofree char *catalogs = g_strdup (bindtextdomain (GETTEXT_PACKAGE, NULL));
  g_autofree char *domain = g_strdup (textdomain (NULL));
  GtkWidget *dialog;

  write_catalog (folder, "xx", "write", "書き込む");
  g_setenv ("LANGUAGE", "xx", TRUE);
  g_assert_nonnull (setlocale (LC_MESSAGES, "C.UTF-8"));
  bindtextdomain (GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  dialog = open_options (fixture, "stm32f405", "timing=fast");
  choose (dialog, "nRST_STOP", 0);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "word_row"));
  g_assert_cmpstr (adw_preferences_row_get_title (
                       ADW_PREFERENCES_ROW (flash_memory_bench_get (dialog, "word_row"))),
                   ==, "To go on, type “書き込む” or “write”");
  flash_memory_bench_type (dialog, "word_row", "書き込");
  g_assert_false (can_write (dialog));
  flash_memory_bench_type (dialog, "word_row", "書き込む");
  g_assert_true (can_write (dialog));
  flash_memory_bench_type (dialog, "word_row", "writ");
  g_assert_false (can_write (dialog));
  flash_memory_bench_type (dialog, "word_row", "write");
  g_assert_true (can_write (dialog));
  flash_memory_bench_close (dialog);

  if (language != NULL)
    g_setenv ("LANGUAGE", language, TRUE);
  else
    g_unsetenv ("LANGUAGE");
  setlocale (LC_MESSAGES, locale);
  bindtextdomain (GETTEXT_PACKAGE, catalogs);
  textdomain (domain);
  flash_test_remove_dir (folder);
}

int
main (int argc, char **argv)
{
  static const char *const models[] = { "stm32f105", "stm32f427", "stm32g474", "stm32h755",
                                        "stm32l072", "stm32u575", "cubemx-dfu" };
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("write", test_write);
  ADD ("not-read-back", test_not_read_back);
  ADD ("staging", test_staging);
  ADD ("locked", test_locked);
  ADD ("damaged", test_damaged);
  ADD ("word-in-two-languages", test_word_in_two_languages);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autofree char *path = g_strconcat ("/options/chips/", models[i], NULL);

    g_test_add (path, FlashAppFixture, models[i], flash_app_fixture_set_up, test_chips,
                flash_app_fixture_tear_down);
  }
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
