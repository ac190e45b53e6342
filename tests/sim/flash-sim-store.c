/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-sim-store.h"

void
board_start (Board *self, const char *model, const char *keys, const char *layout)
{
  g_autofree char *all =
      g_strdup_printf ("stage=uboot%s%s", keys != NULL ? "," : "", keys != NULL ? keys : "");
  g_autofree char *id = NULL;

  if (self->folder == NULL)
    self->folder = bench_make_folder ();
  id = bench_make_id (model, self->folder, all);
  g_clear_pointer (&self->bench, bench_free);
  self->bench = bench_new (id);
  bench_start_layout (self->bench, layout);
}

void
board_clear (Board *self)
{
  g_clear_pointer (&self->bench, bench_free);
  bench_remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

void
board_download (Board *self, guint id, gsize length)
{
  g_autofree guint8 *bytes = g_malloc (length);

  bench_fill (bytes, length, id);
  bench_download (self->bench, id, bytes, length, 4096);
}

void
board_assert_file (Board *self, guint id, const char *file, guint64 offset, gsize length)
{
  g_autofree guint8 *bytes = g_malloc (length);
  g_autoptr (GByteArray) got = bench_read_file (self->folder, file, offset, length);

  bench_fill (bytes, length, id);
  assert_bytes (got, 0, bytes, length);
}

void
board_assert_reads (Board *self, guint id, gsize offset, gsize length, guint8 value)
{
  g_autoptr (GByteArray) bytes = bench_upload (self->bench, id);

  for (gsize i = offset; i < offset + length; i++)
    if (bytes->data[i] != value)
      g_assert_cmpint (bytes->data[i], ==, value);
}
