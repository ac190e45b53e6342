/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-bench"

#include "config.h"

#include "flash-firmware-bench.h"

#include "flash-bytes.h"

#include <string.h>

#define RECORD_BYTES 16
#define MEMORY_NAME "flash.bin"

GBytes *
flash_firmware_bench_make (guint32 address, gsize size, guint32 seed)
{
  g_autoptr (GBytes) body = flash_test_make_bytes (size, seed);
  guint8 *bytes = g_memdup2 (g_bytes_get_data (body, NULL), size);

  /* A stack that all the chips have, and a reset handler behind the vectors. */
  flash_put_le32 (bytes, 0x20002000);
  flash_put_le32 (bytes + 4, address + 0x201);
  return g_bytes_new_take (bytes, size);
}

/* --- Intel HEX ------------------------------------------------------------------------------ */

static void
append_record (GString *text, guint8 type, guint16 offset, const guint8 *bytes, guint8 length)
{
  guint8 sum = (guint8) (length + (offset >> 8) + offset + type);

  g_string_append_printf (text, ":%02X%04X%02X", length, offset, type);
  for (guint i = 0; i < length; i++) {
    g_string_append_printf (text, "%02X", bytes[i]);
    sum = (guint8) (sum + bytes[i]);
  }
  g_string_append_printf (text, "%02X\n", (guint8) -sum);
}

static void
append_piece (GString *text, const FlashFirmwarePiece *piece)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (piece->bytes, &size);
  gint64 upper = -1;

  for (gsize at = 0; at < size;) {
    guint32 address = piece->address + (guint32) at;
    guint8 length = (guint8) MIN (size - at, RECORD_BYTES);
    guint8 base[2] = { (guint8) (address >> 24), (guint8) (address >> 16) };

    if (upper != address >> 16)
      append_record (text, 4, 0, base, 2);
    upper = address >> 16;
    append_record (text, 0, (guint16) address, bytes + at, length);
    at += length;
  }
}

char *
flash_firmware_bench_write_hex (FlashAppFixture *fixture, const char *name,
                                const FlashFirmwarePiece *pieces)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (; pieces->bytes != NULL; pieces++)
    append_piece (text, pieces);
  append_record (text, 1, 0, NULL, 0);
  flash_test_write_text (fixture->layout_dir, name, text->str);
  return g_build_filename (fixture->layout_dir, name, NULL);
}

char *
flash_firmware_bench_write_program (FlashAppFixture *fixture, const char *name, gsize size,
                                    guint32 seed)
{
  g_autoptr (GBytes) bytes = flash_firmware_bench_make (FLASH_FIRMWARE_BENCH_START, size, seed);
  const FlashFirmwarePiece pieces[] = { { FLASH_FIRMWARE_BENCH_START, bytes }, { 0, NULL } };

  return flash_firmware_bench_write_hex (fixture, name, pieces);
}

/* Each board has a folder of its own. */
static char *
dup_folder (FlashAppFixture *fixture, const char *model)
{
  char *folder = g_build_filename (fixture->storage_dir, model, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  return folder;
}

/* --- the window ----------------------------------------------------------------------------- */

void
flash_firmware_bench_open (FlashAppFixture *fixture, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  flash_window_open (fixture->window, file);
  flash_ui_wait_until (flash_app_is_page (fixture, "firmware") &&
                       !flash_app_has (fixture, "spinner"));
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
}

FlashBoardEntry *
flash_firmware_bench_choose (FlashAppFixture *fixture, const char *model, const char *keys)
{
  g_autofree char *folder = dup_folder (fixture, model);
  g_autofree char *id = g_strdup_printf ("virtual:%s,storage=%s%s%s", model, folder,
                                         keys != NULL ? "," : "", keys != NULL ? keys : "");
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBoard) board = flash_provider_find (
      flash_application_get_virtual_provider (flash_app_test.application), id, &error);

  g_assert_no_error (error);
  flash_ui_wait_until (flash_app_find_row (fixture, flash_board_get_port (board)) != NULL);
  return flash_app_choose_port (fixture, flash_board_get_port (board));
}

void
flash_firmware_bench_flash (FlashAppFixture *fixture)
{
  flash_app_press (fixture, "flash_button");
  flash_app_wait_for_result (fixture);
}

gboolean
flash_firmware_bench_says (FlashAppFixture *fixture, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, text) != NULL;
}

/* --- the memory ----------------------------------------------------------------------------- */

void
flash_firmware_bench_assert_stored (FlashAppFixture *fixture, const char *model, gsize offset,
                                    GBytes *bytes)
{
  g_autofree char *folder = dup_folder (fixture, model);
  g_autofree char *path = g_build_filename (folder, MEMORY_NAME, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize length, size;
  const guint8 *wanted = g_bytes_get_data (bytes, &size);

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (offset + size, <=, length);
  g_assert_cmpmem (contents + offset, size, wanted, size);
}

void
flash_firmware_bench_store (FlashAppFixture *fixture, const char *model, gsize size, gsize offset,
                            GBytes *bytes)
{
  g_autofree char *folder = dup_folder (fixture, model);
  guint8 *memory = g_malloc (size);
  g_autoptr (GBytes) stored = NULL;
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  memset (memory, 0xff, size);
  g_assert_cmpuint (offset + length, <=, size);
  memcpy (memory + offset, data, length);
  stored = g_bytes_new_take (memory, size);
  flash_test_write_file (folder, MEMORY_NAME, stored);
}
