/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bytes.h"

static const guint8 bytes[] = { 0x80, 0x91, 0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0xf7 };

/* The top bits are set everywhere, so that a sign that slips in is seen. */
static void
test_get (void)
{
  g_assert_cmphex (flash_get_le16 (bytes), ==, 0x9180);
  g_assert_cmphex (flash_get_le32 (bytes), ==, 0xb3a29180);
  g_assert_cmphex (flash_get_le64 (bytes), ==, G_GUINT64_CONSTANT (0xf7e6d5c4b3a29180));
  g_assert_cmphex (flash_get_be32 (bytes), ==, 0x8091a2b3);
}

/* What is put comes out again, and nothing beside it is touched. */
static void
test_put (void)
{
  guint8 out[10];

  memset (out, 0x5a, sizeof out);
  flash_put_le16 (out + 1, 0x9180);
  g_assert_cmpmem (out + 1, 2, bytes, 2);
  g_assert_cmphex (out[0], ==, 0x5a);
  g_assert_cmphex (out[3], ==, 0x5a);

  flash_put_le32 (out + 1, 0xb3a29180);
  g_assert_cmpmem (out + 1, 4, bytes, 4);
  g_assert_cmphex (out[5], ==, 0x5a);

  flash_put_le64 (out + 1, G_GUINT64_CONSTANT (0xf7e6d5c4b3a29180));
  g_assert_cmpmem (out + 1, 8, bytes, 8);
  g_assert_cmphex (out[9], ==, 0x5a);

  flash_put_be32 (out + 1, 0x8091a2b3);
  g_assert_cmpmem (out + 1, 4, bytes, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bytes/get", test_get);
  g_test_add_func ("/bytes/put", test_put);
  return g_test_run ();
}
