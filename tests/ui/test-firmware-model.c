/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open firmware file without a window: what a file is, reading it again, and the plan. */
#define G_LOG_DOMAIN "test-firmware-model"

#include "config.h"

#include "flash-firmware-model.h"
#include "flash-test-images.h"

#include <glib/gstdio.h>

#define START 0x08000000u
#define F405_WITH_LOADER "@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg"
#define F405 "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"

typedef struct {
  char *folder;
  GAsyncResult *result;
  guint n_changed;
  guint n_replaced;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->folder = flash_test_make_dir ();
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  flash_test_remove_dir (self->folder);
  g_free (self->folder);
  g_clear_object (&self->result);
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  g_set_object (&((Fixture *) data)->result, result);
}

static void
wait_for_result (Fixture *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_changed (FlashFirmwareModel *model, Fixture *self)
{
  self->n_changed++;
}

static void
on_replaced (FlashFirmwareModel *model, Fixture *self)
{
  self->n_replaced++;
}

static FlashFirmwareFile *
read_file (Fixture *self, const char *name, GError **error)
{
  const FlashImageOptions none = { 0 };
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_clear_object (&self->result);
  flash_firmware_file_read (path, &none, NULL, on_ready, self);
  wait_for_result (self);
  return flash_firmware_file_read_finish (self->result, error);
}

static FlashFirmwareModel *
open_bytes (Fixture *self, const char *name, gsize size, guint32 seed)
{
  g_autoptr (GBytes) bytes = flash_test_make_bytes (size, seed);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashFirmwareFile) file = NULL;
  FlashFirmwareModel *model;

  flash_test_write_file (self->folder, name, bytes);
  file = read_file (self, name, &error);
  g_assert_no_error (error);
  model = flash_firmware_model_new (file);
  g_signal_connect (model, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (model, "replaced", G_CALLBACK (on_replaced), self);
  return model;
}

/* A board as its descriptors describe it, as far as the plan looks at it. */
static void
set_board_with (FlashFirmwareModel *model, const char *text)
{
  g_autoptr (FlashMemoryMap) map = flash_memory_map_parse (text, NULL);
  g_autoptr (GPtrArray) chips = g_ptr_array_new ();
  const FlashBoardFacts facts = { .kind = FLASH_BOARD_KIND_DFUSE,
                                  .has_guess = TRUE,
                                  .guess = {
                                      .loader = FLASH_LOADER_ROM, .chips = chips, .flash = map } };

  flash_firmware_model_set_board (model, &facts, NULL);
}

static void
set_board (FlashFirmwareModel *model)
{
  set_board_with (model, F405);
}

static void
wait_for_load (FlashFirmwareModel *model)
{
  while (flash_firmware_model_is_loading (model))
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
verify (Fixture *self, FlashFirmwareModel *model, gboolean *out_is_same, GError **error)
{
  g_clear_object (&self->result);
  flash_firmware_model_verify (model, NULL, on_ready, self);
  wait_for_result (self);
  return flash_firmware_model_verify_finish (model, self->result, out_is_same, error);
}

/* --- what a file is ------------------------------------------------------------------------- */

static void
test_kinds (Fixture *fixture, gconstpointer unused)
{
  static const struct {
    const char *name;
    const char *text;
    gsize length; /* 0: of the text */
    FlashFileKind kind;
  } cases[] = {
    { "layout.tsv", "", 0, FLASH_FILE_LAYOUT },
    { "layout.tsv", "#Opt\tId\n", 0, FLASH_FILE_LAYOUT },
    { "LAYOUT.TSV", "no columns", 0, FLASH_FILE_LAYOUT },
    { "layout", "#Opt\tId\n", 0, FLASH_FILE_LAYOUT },
    { "notes.md", "# Words\n", 0, FLASH_FILE_OTHER },
    { "words", "Größe", 0, FLASH_FILE_OTHER },
    /* By what is in it, whatever it is called. */
    { "app.tsv", ":00000001FF\n", 0, FLASH_FILE_FIRMWARE },
    { "app.bin", "\x00\x20\x00\x20", 4, FLASH_FILE_FIRMWARE },
    { "app.bin", "plain\x01", 0, FLASH_FILE_FIRMWARE },
    { "app.bin", "\xff\xff\xff\xff\xff", 0, FLASH_FILE_FIRMWARE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize length = cases[i].length > 0 ? cases[i].length : strlen (cases[i].text);
    g_autoptr (GBytes) bytes = g_bytes_new (cases[i].text, length);
    g_autofree char *path = g_build_filename (fixture->folder, cases[i].name, NULL);
    g_autoptr (GError) error = NULL;
    FlashFileKind kind;

    g_test_message ("case %u", i);
    flash_test_write_file (fixture->folder, cases[i].name, bytes);
    g_assert_true (flash_file_kind_find (path, &kind, &error));
    g_assert_no_error (error);
    g_assert_cmpint (kind, ==, cases[i].kind);
    g_assert_false (flash_file_is_packed (path));
  }
}

static void
test_gone (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->folder, "gone", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) read_error = NULL;
  FlashFileKind kind = FLASH_FILE_OTHER;

  g_assert_false (flash_file_kind_find (path, &kind, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (kind, ==, FLASH_FILE_OTHER);
  g_assert_null (read_file (fixture, "gone", &read_error));
  g_assert_error (read_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* --- the model ------------------------------------------------------------------------------ */

static void
test_address (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashFirmwareModel) model = open_bytes (fixture, "data.bin", 4096, 1);

  g_assert_null (flash_firmware_model_get_plan (model));
  g_assert_null (flash_firmware_model_get_guess (model));
  g_assert_cmpuint (flash_firmware_model_count_errors (model), ==, 0);
  set_board (model);
  g_assert_nonnull (
      flash_diag_list_find (flash_firmware_model_get_plan (model)->diags, "no-address"));
  g_assert_cmpuint (flash_firmware_model_count_errors (model), ==, 1);

  flash_firmware_model_set_address (model, START + 0x4000);
  g_assert_true (flash_firmware_model_is_loading (model));
  wait_for_load (model);
  g_assert_cmpuint (flash_firmware_model_count_errors (model), ==, 0);
  g_assert_cmpuint (flash_firmware_model_get_plan (model)->sectors->len, ==, 1);
  g_assert_cmpuint (
      g_array_index (flash_firmware_model_get_plan (model)->sectors, FlashFirmwareSector, 0)
          .sector.index,
      ==, 1);
  /* The last one that was given counts. */
  flash_firmware_model_set_address (model, START);
  flash_firmware_model_set_address (model, START + 0x8000);
  wait_for_load (model);
  g_assert_cmphex (flash_firmware_model_get_file (model)->options.address, ==, START + 0x8000);
  /* The bytes are what they were. */
  g_assert_cmpuint (fixture->n_replaced, ==, 0);
  flash_firmware_model_set_board (model, NULL, NULL);
  g_assert_null (flash_firmware_model_get_plan (model));
}

static void
test_wishes (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashFirmwareModel) model = open_bytes (fixture, "data.bin", 4096, 1);
  FlashFirmwareWishes wishes = *flash_firmware_model_get_wishes (model);
  FlashFirmwarePlan *plan;

  g_assert_true (wishes.verifies && wishes.starts && !wishes.leaves_out);
  g_assert_cmpint (wishes.shared, ==, FLASH_MCU_SHARED_ASK);
  g_assert_cmpint (wishes.changed, ==, FLASH_MCU_CHANGED_AUTO);
  set_board (model);
  plan = flash_firmware_model_get_plan (model);
  wishes.verifies = FALSE;
  flash_firmware_model_set_wishes (model, &wishes);
  /* How it is done changes nothing of what is done. */
  g_assert_true (flash_firmware_model_get_plan (model) == plan);
  g_assert_false (flash_firmware_model_get_wishes (model)->verifies);
  g_assert_cmpuint (fixture->n_changed, ==, 2);
}

/* --- what was agreed to --------------------------------------------------------------------- */

static void
agree (FlashFirmwareModel *model)
{
  FlashFirmwareWishes wishes = *flash_firmware_model_get_wishes (model);

  wishes.leaves_out = wishes.rebases = TRUE;
  wishes.starts = FALSE;
  flash_firmware_model_set_wishes (model, &wishes);
}

static void
assert_agreed (FlashFirmwareModel *model, gboolean is_agreed)
{
  const FlashFirmwareWishes *wishes = flash_firmware_model_get_wishes (model);

  g_assert_cmpint (wishes->leaves_out, ==, is_agreed);
  g_assert_cmpint (wishes->rebases, ==, is_agreed);
  /* What is no consent stays as it was set. */
  g_assert_false (wishes->starts);
}

/* For one chip, and no other. */
static void
test_consent_of_chip (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashFirmwareModel) model = open_bytes (fixture, "data.bin", 4096, 1);
  const FlashBoardFacts gone = { .kind = FLASH_BOARD_KIND_UNKNOWN };
  const FlashBoardFacts runs = { .kind = FLASH_BOARD_KIND_RUNTIME };

  set_board (model);
  agree (model);
  assert_agreed (model, TRUE);
  /* It comes back. */
  flash_firmware_model_set_board (model, NULL, NULL);
  assert_agreed (model, TRUE);
  set_board (model);
  flash_firmware_model_set_board (model, &gone, NULL);
  set_board (model);
  assert_agreed (model, TRUE);

  flash_firmware_model_set_board (model, NULL, NULL);
  set_board_with (model, F405_WITH_LOADER);
  assert_agreed (model, FALSE);
  agree (model);
  /* It may turn out to be any. */
  flash_firmware_model_set_board (model, &runs, NULL);
  assert_agreed (model, FALSE);
}

/* For one file, and no other. */
static void
test_consent_of_file (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashFirmwareModel) model = open_bytes (fixture, "data.bin", 4096, 1);
  g_autoptr (GBytes) second = flash_test_make_bytes (4096, 2);
  g_autoptr (GBytes) third = flash_test_make_bytes (4096, 3);
  g_autoptr (GError) error = NULL;
  gboolean is_same = TRUE;

  set_board (model);
  agree (model);
  flash_firmware_model_insist (model);
  wait_for_load (model);
  g_assert_true (flash_firmware_model_get_file (model)->options.insists);
  assert_agreed (model, TRUE);

  /* As it is found before a job. */
  flash_test_write_file (fixture->folder, "data.bin", second);
  g_assert_true (verify (fixture, model, &is_same, &error));
  g_assert_no_error (error);
  g_assert_false (is_same);
  g_assert_cmpuint (fixture->n_replaced, ==, 1);
  g_assert_false (flash_firmware_model_get_file (model)->options.insists);
  assert_agreed (model, FALSE);

  /* As it is found in between. */
  agree (model);
  flash_firmware_model_insist (model);
  wait_for_load (model);
  g_assert_true (flash_firmware_model_get_file (model)->options.insists);
  flash_test_write_file (fixture->folder, "data.bin", third);
  flash_firmware_model_look_at_disk (model);
  while (fixture->n_replaced < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (flash_firmware_model_get_file (model)->options.insists);
  assert_agreed (model, FALSE);
}

/* --- the disk ------------------------------------------------------------------------------- */

static void
test_verify (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashFirmwareModel) model = open_bytes (fixture, "data.bin", 4096, 1);
  g_autofree char *path = g_build_filename (fixture->folder, "data.bin", NULL);
  g_autoptr (GBytes) other = flash_test_make_bytes (4096, 2);
  g_autoptr (GError) error = NULL;
  gboolean is_same = FALSE;

  g_assert_true (verify (fixture, model, &is_same, &error));
  g_assert_no_error (error);
  g_assert_true (is_same);
  g_assert_cmpuint (fixture->n_replaced, ==, 0);

  /* Of the same size, and within the same second. */
  flash_test_write_file (fixture->folder, "data.bin", other);
  g_assert_true (verify (fixture, model, &is_same, &error));
  g_assert_no_error (error);
  g_assert_false (is_same);
  g_assert_cmpuint (fixture->n_replaced, ==, 1);
  g_assert_true (verify (fixture, model, &is_same, &error));
  g_assert_true (is_same);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_false (verify (fixture, model, &is_same, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_look (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashFirmwareModel) model = open_bytes (fixture, "data.bin", 4096, 1);
  g_autofree char *path = g_build_filename (fixture->folder, "data.bin", NULL);
  g_autoptr (GBytes) other = flash_test_make_bytes (4096, 2);

  g_assert_cmpint (g_unlink (path), ==, 0);
  flash_firmware_model_look_at_disk (model);
  while (flash_firmware_model_get_error (model) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (flash_firmware_model_get_error (model), G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  flash_test_write_file (fixture->folder, "data.bin", other);
  flash_firmware_model_look_at_disk (model);
  while (flash_firmware_model_get_error (model) != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_replaced, ==, 1);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/firmware-file/kinds", test_kinds);
  ADD ("/firmware-file/gone", test_gone);
  ADD ("/firmware-model/address", test_address);
  ADD ("/firmware-model/wishes", test_wishes);
  ADD ("/firmware-model/consent-of-chip", test_consent_of_chip);
  ADD ("/firmware-model/consent-of-file", test_consent_of_file);
  ADD ("/firmware-model/verify", test_verify);
  ADD ("/firmware-model/look", test_look);
  return g_test_run ();
}
