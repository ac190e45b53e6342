/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-bytes.h"

#include <glib/gstdio.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CLASS_OUT (FLASH_USB_TYPE_CLASS | FLASH_USB_RECIPIENT_INTERFACE)
#define CLASS_IN (FLASH_USB_DIR_IN | CLASS_OUT)

void
bench_tell (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%s", escaped);
}

Bench *
bench_new (const char *id)
{
  Bench *self = g_new0 (Bench, 1);
  g_autoptr (GError) error = NULL;

  self->clock = flash_clock_new_virtual ();
  self->provider = flash_sim_provider_new (self->clock);
  self->board = flash_provider_find (FLASH_PROVIDER (self->provider), id, &error);
  g_assert_no_error (error);
  self->port = g_strdup (flash_board_get_port (self->board));
  self->transport = flash_board_open (self->board, &error);
  g_assert_no_error (error);
  return self;
}

static void
close_board (Bench *self)
{
  g_clear_object (&self->transport);
  g_clear_object (&self->board);
}

void
bench_free (Bench *self)
{
  close_board (self);
  g_assert_finalize_object (g_steal_pointer (&self->provider));
  g_assert_finalize_object (g_steal_pointer (&self->clock));
  g_free (self->port);
  g_free (self);
}

void
bench_wait (Bench *self, guint wait_ms)
{
  flash_clock_wait_ms (self->clock, wait_ms, NULL, NULL);
}

gboolean
bench_reopen (Bench *self, guint wait_ms)
{
  g_autoptr (GError) error = NULL;
  guint waited_ms = 0;

  close_board (self);
  for (;;) {
    self->board = flash_provider_peek_port (FLASH_PROVIDER (self->provider), self->port);
    if (self->board != NULL && flash_board_get_access (self->board) == FLASH_ACCESS_OK)
      break;
    g_clear_object (&self->board);
    if (waited_ms >= wait_ms)
      return FALSE;
    bench_wait (self, 10);
    waited_ms += 10;
  }
  self->transport = flash_board_open (self->board, &error);
  g_assert_no_error (error);
  return TRUE;
}

char *
bench_dup_console (Bench *self)
{
  return flash_sim_provider_dup_console (self->provider, self->port);
}

void
bench_assert_console (Bench *self, const char *text)
{
  g_autofree char *console = bench_dup_console (self);

  if (strstr (console, text) == NULL)
    bench_tell (console);
  g_assert_nonnull (strstr (console, text));
}

static int
get_code (const GError *error)
{
  if (error == NULL)
    return BENCH_OK;
  g_assert_true (error->domain == FLASH_TRANSPORT_ERROR);
  return error->code + 1;
}

int
bench_out (Bench *self, guint8 request, guint16 value, const guint8 *data, gsize length)
{
  g_autoptr (GError) error = NULL;

  flash_transport_control_out (self->transport, CLASS_OUT, request, value, 0, data, length,
                               BENCH_TIMEOUT_MS, &error);
  return get_code (error);
}

int
bench_in (Bench *self, guint8 request, guint16 value, guint8 *out_data, gsize length,
          gsize *out_length)
{
  g_autoptr (GError) error = NULL;

  flash_transport_control_in (self->transport, CLASS_IN, request, value, 0, out_data, length,
                              out_length, BENCH_TIMEOUT_MS, &error);
  return get_code (error);
}

void
bench_get_status (Bench *self, guint8 *out_status, guint8 *out_state)
{
  guint8 bytes[FLASH_DFU_STATUS_LENGTH];
  gsize length;

  g_assert_cmpint (bench_in (self, FLASH_DFU_REQUEST_GETSTATUS, 0, bytes, sizeof bytes, &length),
                   ==, BENCH_OK);
  g_assert_cmpint (length, ==, sizeof bytes);
  *out_status = bytes[0];
  *out_state = bytes[4];
}

void
bench_assert_status (Bench *self, guint8 status, guint8 state)
{
  guint8 got_status, got_state;

  bench_get_status (self, &got_status, &got_state);
  g_assert_cmpint (got_status, ==, status);
  g_assert_cmpint (got_state, ==, state);
}

guint8
bench_get_state (Bench *self)
{
  guint8 state;
  gsize length;

  g_assert_cmpint (bench_in (self, FLASH_DFU_REQUEST_GETSTATE, 0, &state, 1, &length), ==,
                   BENCH_OK);
  return state;
}

int
bench_find_alternate (Bench *self, guint id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashDescriptors) descriptors =
      flash_descriptors_read (self->transport, BENCH_TIMEOUT_MS, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < descriptors->alternates->len; i++) {
    const FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);
    const char *slash = alternate->name != NULL ? strchr (alternate->name, '/') : NULL;

    if (slash != NULL && g_ascii_strtoull (slash + 1, NULL, 16) == id)
      return alternate->number;
  }
  return -1;
}

void
bench_select (Bench *self, guint id)
{
  g_autoptr (GError) error = NULL;
  int alternate = bench_find_alternate (self, id);

  g_assert_cmpint (alternate, >=, 0);
  flash_transport_set_alternate (self->transport, 0, (guint8) alternate, BENCH_TIMEOUT_MS, &error);
  g_assert_no_error (error);
}

gsize
bench_get_phase (Bench *self, guint8 *out_bytes)
{
  gsize length = 0;

  bench_select (self, 0xf1);
  g_assert_cmpint (
      bench_in (self, FLASH_DFU_REQUEST_UPLOAD, 0, out_bytes, FLASH_TRANSPORT_MAX_DATA, &length),
      ==, BENCH_OK);
  return length;
}

void
bench_assert_phase (Bench *self, guint phase)
{
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize length = bench_get_phase (self, bytes);

  if (bytes[0] == 0xff)
    g_test_message ("error: %.*s", (int) length - 9, bytes + 9);
  g_assert_cmphex (bytes[0], ==, phase);
}

char *
bench_dup_error (Bench *self)
{
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize length = bench_get_phase (self, bytes);

  g_assert_cmpint (length, >=, 9);
  g_assert_cmphex (bytes[0], ==, 0xff);
  g_assert_cmphex (flash_get_le32 (bytes + 1), ==, 0xffffffff);
  return g_strndup ((const char *) bytes + 9, length - 9);
}

void
bench_assert_error (Bench *self, const char *text)
{
  g_autofree char *error = bench_dup_error (self);

  g_assert_cmpstr (error, ==, text);
}

static guint8
poll_state (Bench *self, guint8 first, guint8 second)
{
  guint8 status, state = first;

  for (guint i = 0; i < 3 && (state == first || state == second); i++)
    bench_get_status (self, &status, &state);
  return state;
}

void
bench_send_blocks (Bench *self, const guint8 *bytes, gsize length, gsize block_size)
{
  guint16 block = 0;

  for (gsize at = 0; at < length; at += block_size) {
    g_assert_cmpint (bench_out (self, FLASH_DFU_REQUEST_DNLOAD, block++, bytes + at,
                                MIN (block_size, length - at)),
                     ==, BENCH_OK);
    g_assert_cmpint (poll_state (self, FLASH_DFU_STATE_DNLOAD_SYNC, FLASH_DFU_STATE_DNBUSY), ==,
                     FLASH_DFU_STATE_DNLOAD_IDLE);
  }
}

void
bench_download (Bench *self, guint id, const guint8 *bytes, gsize length, gsize block_size)
{
  bench_select (self, id);
  bench_send_blocks (self, bytes, length, block_size);
  g_assert_cmpint (bench_out (self, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (self, 0, FLASH_DFU_STATE_MANIFEST);
  bench_assert_status (self, 0, FLASH_DFU_STATE_IDLE);
}

void
bench_set_phase (Bench *self, guint8 phase, guint32 offset)
{
  guint8 bytes[5] = { phase };

  flash_put_be32 (bytes + 1, offset);
  bench_download (self, 0xf1, bytes, sizeof bytes, 4096);
}

GByteArray *
bench_upload (Bench *self, guint id)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 block[FLASH_TRANSPORT_MAX_DATA];
  guint16 number = 0;
  gsize length;

  bench_select (self, id);
  do {
    g_assert_cmpint (
        bench_in (self, FLASH_DFU_REQUEST_UPLOAD, number++, block, sizeof block, &length), ==,
        BENCH_OK);
    g_byte_array_append (bytes, block, (guint) length);
  } while (length == sizeof block);
  return bytes;
}

static guint32
get_header_version (Bench *self)
{
  const char *id = flash_board_get_id (self->board);

  if (strstr (id, "stm32mp157") != NULL)
    return 0x00010000;
  return strstr (id, "stm32mp135") != NULL ? 0x00020000 : 0x00020200;
}

void
bench_boot (Bench *self)
{
  guint32 version = get_header_version (self);
  g_autoptr (GByteArray) fsbl = bench_make_stm32 (version, 5000, 1);
  g_autoptr (GByteArray) fip = bench_make_fip (9000);
  guint8 phase[FLASH_TRANSPORT_MAX_DATA];

  bench_select (self, 0x01);
  bench_send_blocks (self, fsbl->data, fsbl->len, 1024);
  g_assert_cmpint (bench_out (self, FLASH_DFU_REQUEST_DNLOAD, 5, NULL, 0), ==, BENCH_OK);
  bench_assert_status (self, 0, FLASH_DFU_STATE_MANIFEST);
  bench_assert_status (self, 0, FLASH_DFU_STATE_IDLE);
  if (version != 0x00010000) {
    g_assert_cmpint (bench_out (self, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
    g_assert_true (bench_reopen (self, 2000));
  }
  for (;;) {
    bench_get_phase (self, phase);
    bench_download (self, phase[0], fip->data, fip->len, 1024);
    bench_assert_phase (self, 0x00);
    g_assert_cmpint (bench_out (self, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
    g_assert_true (bench_reopen (self, 3000));
    if (phase[0] == 0x03)
      return;
  }
}

void
bench_send_layout (Bench *self, const char *text)
{
  g_autoptr (GByteArray) layout = bench_make_layout (text);

  bench_download (self, 0x00, layout->data, layout->len, 4096);
}

void
bench_start_layout (Bench *self, const char *text)
{
  bench_send_layout (self, text);
  bench_assert_phase (self, 0x00);
  g_assert_cmpint (bench_out (self, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_true (bench_reopen (self, 600000));
}

void
bench_fill (guint8 *bytes, gsize length, guint32 seed)
{
  guint32 x = seed * 2654435761u + 1;

  for (gsize i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    bytes[i] = (guint8) (x >> 24);
  }
}

GByteArray *
bench_make_stm32 (guint32 version, gsize payload_length, guint8 seed)
{
  gsize header_length = version == 0x00010000 ? 256 : 512;
  GByteArray *image = g_byte_array_new ();
  guint32 sum = 0;

  g_byte_array_set_size (image, (guint) (header_length + payload_length));
  memset (image->data, 0, header_length);
  bench_fill (image->data + header_length, payload_length, seed);
  for (gsize i = 0; i < payload_length; i++)
    sum += image->data[header_length + i];
  memcpy (image->data, "STM2", 4);
  flash_put_le32 (image->data + 68, sum);
  flash_put_le32 (image->data + 72, version);
  flash_put_le32 (image->data + 76, (guint32) payload_length);
  if (version == 0x00010000) {
    flash_put_le32 (image->data + 100, 1);
  } else {
    flash_put_le32 (image->data + 104, 384);
    memcpy (image->data + 128, "ST\xff\xff", 4);
    flash_put_le32 (image->data + 132, 384);
  }
  return image;
}

GByteArray *
bench_make_fip (gsize length)
{
  GByteArray *fip = g_byte_array_new ();

  g_byte_array_set_size (fip, (guint) length);
  bench_fill (fip->data, length, 7);
  memset (fip->data, 0, 96);
  flash_put_le32 (fip->data, 0xaa640001);
  flash_put_le32 (fip->data + 4, 0x12345678);
  fip->data[16] = 1;
  flash_put_le64 (fip->data + 32, 96);
  flash_put_le64 (fip->data + 40, length - 96);
  return fip;
}

GByteArray *
bench_make_layout (const char *text)
{
  GByteArray *layout = g_byte_array_new ();
  guint8 header[256] = { 'S', 'T', 'M', '2' };
  guint32 sum = 0;

  for (const char *p = text; *p != '\0'; p++)
    sum += (guint8) *p;
  flash_put_le32 (header + 68, sum);
  flash_put_le32 (header + 72, 0x00010000);
  flash_put_le32 (header + 76, (guint32) strlen (text));
  flash_put_le32 (header + 100, 1);
  g_byte_array_append (layout, header, sizeof header);
  g_byte_array_append (layout, (const guint8 *) text, (guint) strlen (text));
  return layout;
}

char *
bench_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("flash-sim-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
bench_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

char *
bench_make_id (const char *model, const char *folder, const char *keys)
{
  return g_strdup_printf ("virtual:%s,storage=%s%s%s", model, folder, keys != NULL ? "," : "",
                          keys != NULL ? keys : "");
}

GByteArray *
bench_read_file (const char *folder, const char *name, guint64 offset, gsize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GByteArray *bytes = g_byte_array_new ();
  int fd = g_open (path, O_RDONLY, 0);

  g_assert_cmpint (fd, >=, 0);
  g_byte_array_set_size (bytes, (guint) length);
  g_assert_cmpint (pread (fd, bytes->data, length, (off_t) offset), ==, length);
  close (fd);
  return bytes;
}
