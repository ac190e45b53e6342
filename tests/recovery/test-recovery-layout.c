/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts while a board is revived: only the boot stages, or everything erased before. */
#define G_LOG_DOMAIN "test-recovery-layout"

#include "config.h"

#include "flash-recovery-layout.h"

#include <string.h>

#define HEAD "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
#define BOOT                                                                                       \
  "-\t0x01\tfsbl\tBinary\tnone\t0x0\ttf-a.stm32\n"                                                 \
  "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"

static GBytes *
make (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
assert_text (GBytes *bytes, const char *text)
{
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
test_minimal (void)
{
  g_autoptr (GBytes) text = make (HEAD BOOT "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\ttf-a.stm32\n"
                                            "# a comment\n"
                                            "PE\t0x05\tx\tBinary\tmmc0\t0x44400\tnone\n");
  g_autoptr (GBytes) minimal = flash_recovery_layout_make_minimal (text);
  g_autoptr (GBytes) none = make (HEAD "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\ttf-a.stm32\n");
  g_autoptr (GBytes) junk = make ("\x01\x02\x03");

  assert_text (minimal, HEAD BOOT "# a comment\n");
  g_assert_null (flash_recovery_layout_make_minimal (none));
  g_assert_null (flash_recovery_layout_make_minimal (junk));
}

static void
test_wiping (void)
{
  g_autoptr (GBytes) text = make (HEAD BOOT "P\t0x04\tfsbl1\tBinary\tmmc1\tboot1\ttf-a.stm32\n"
                                            "PE\t0x05\tenv\tENV\tmmc1\t0x900\tnone\n"
                                            "PD\t0x06\ta\tBinary\tmmc1\t0xa00\ta.bin\n"
                                            "-\t0x07\tkept\tBinary\tmmc0\t0xb00\tnone\n"
                                            "P\t0x10\tkernel\tSystem\tram0\t0xC2000000\tk\n"
                                            "#P\t0x11\toff\tBinary\tmmc1\t0xc00\tb.bin\n");
  guint n_changed = 99;
  g_autoptr (GBytes) wiping = flash_recovery_layout_make_wiping (text, &n_changed);
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GBytes) boot = make (HEAD BOOT);

  assert_text (wiping, HEAD BOOT "PD\t0x04\tfsbl1\tBinary\tmmc1\tboot1\ttf-a.stm32\n"
                                 "PED\t0x05\tenv\tENV\tmmc1\t0x900\tnone\n"
                                 "PD\t0x06\ta\tBinary\tmmc1\t0xa00\ta.bin\n"
                                 "-\t0x07\tkept\tBinary\tmmc0\t0xb00\tnone\n"
                                 "P\t0x10\tkernel\tSystem\tram0\t0xC2000000\tk\n"
                                 "#P\t0x11\toff\tBinary\tmmc1\t0xc00\tb.bin\n");
  g_assert_cmpuint (n_changed, ==, 2);
  again = flash_recovery_layout_make_wiping (wiping, &n_changed);
  g_assert_cmpuint (n_changed, ==, 0);
  g_assert_true (g_bytes_equal (wiping, again));
  n_changed = 99;
  g_assert_null (flash_recovery_layout_make_wiping (boot, &n_changed));
  g_assert_cmpuint (n_changed, ==, 99);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recovery-layout/minimal", test_minimal);
  g_test_add_func ("/recovery-layout/wiping", test_wiping);
  return g_test_run ();
}
