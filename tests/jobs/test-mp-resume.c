/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board that is lost at any request of a job, and comes back in its ROM or where it was: the job
 * goes on, and in the end the storages hold what an undisturbed job leaves there. */
#include "config.h"

#include "flash-mp-bench.h"
#include "flash-test-images.h"

#include <string.h>

#define BOOT_ROWS                                                                                  \
  "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"                                                 \
  "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
#define SIZES "mmc0=1M,mmc1=4M,mmc1boot=1M,nor0=256K,nand0=none,mtd=any"

/* The last requests only tidy up behind the last block that is read back. */
#define TIDYING_UP 3

/**
 * Case:
 * @what: name of the case
 * @rows: the layout behind the boot stages
 * @n_kept: how many partitions are not sent again if the board restarts during the last one
 */
typedef struct {
  const char *what;
  const char *rows;
  guint n_kept;
} Case;

static const Case cases[] = {
  { "partitions",
    "P\t0x10\tfirst\tBinary\tmmc0\t0x4400\tfirst.bin\n"
    "PD\t0x11\tsecond\tFileSystem\tmmc0\t0x8400\tsecond.bin\n"
    "PE\t0x12\tempty\tFileSystem\tmmc0\t0x10400\tnone\n"
    "P\t0x13\tthird\tSystem\tmmc0\t0x18400\tfirst.bin\n",
    2 },
  { "boot-partitions",
    "P\t0x04\tfsbl1\tBinary\tmmc1\tboot1\tfirst.bin\n"
    "PD\t0x05\tfsbl2\tBinary\tmmc1\tboot2\tsecond.bin\n"
    "P\t0x06\tfip\tFIP\tmmc1\t0x80000\tfip.bin\n"
    "PED\t0x10\tempty\tFileSystem\tmmc1\t0x100000\tnone\n"
    "P\t0x11\tlast\tFileSystem\tmmc1\t0x180000\tfirst.bin\n",
    3 },
  /* The table is written again, over the beginning of the image; and the image, which is therefore
   * sent again, over the partitions. */
  { "raw-image-below",
    "P\t0x10\tdisk\tRawImage\tmmc0\t0x0\tdisk.img\n"
    "P\t0x11\tfirst\tBinary\tmmc0\t0x4400\tfirst.bin\n"
    "P\t0x12\tsecond\tBinary\tmmc0\t0x8400\tsecond.bin\n",
    0 },
  { "raw-image-above",
    "P\t0x10\tfirst\tBinary\tmmc0\t0x4400\tfirst.bin\n"
    "P\t0x11\tsecond\tBinary\tmmc0\t0x18400\tsecond.bin\n"
    "PD\t0x12\tdisk\tRawImage\tmmc0\t0x0\tdisk.img\n",
    0 },
  /* Of images that lie over each other none is kept; what has wiped the device must not do so
     twice. */
  { "raw-images",
    "PD\t0x10\tdisk\tRawImage\tmmc0\t0x0\tdisk.img\n"
    "P\t0x11\tother\tRawImage\tmmc0\t0x0\tfirst.bin\n"
    "PED\t0x20\twipe\tRawImage\tmmc1\t0x0\tnone\n"
    "P\t0x21\tlast\tBinary\tmmc1\t0x80000\tsecond.bin\n",
    0 },
  { "nor",
    "P\t0x10\tfirst\tBinary\tnor0\t0x0\tfirst.bin\n"
    "PD\t0x11\tsecond\tBinary\tnor0\t0x10000\tsecond.bin\n"
    "P\t0x12\tlast\tBinary\tmmc0\t0x4400\tfirst.bin\n",
    2 },
};

static char *
make_layout (const Case *c)
{
  char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autofree char *text = g_strconcat (BOOT_ROWS, c->rows, NULL);
  g_autoptr (GBytes) disk = flash_test_make_bytes (70000, 3);

  flash_test_write_text (dir, "layout.tsv", text);
  flash_test_write_file (dir, "disk.img", disk);
  return dir;
}

/* What is made up anew for each table: its GUIDs and the checksums over them (stm32mp-usb.md
 * section 3.8). Other bytes there are compared. */
static void
mask_table (guint8 *header, guint8 *entries)
{
  if (memcmp (header, "EFI PART", 8) != 0)
    return;
  memset (header + 16, 0, 4);
  memset (header + 56, 0, 16);
  memset (header + 88, 0, 4);
  for (guint i = 0; i < 128; i++)
    memset (entries + 128 * i + 16, 0, 16);
}

static void
load_storage (FlashMpBench *bench, const char *name, char **out_bytes, gsize *out_length)
{
  g_autofree char *path = g_build_filename (bench->storage, name, NULL);
  g_autoptr (GError) error = NULL;
  guint8 *bytes;

  g_file_get_contents (path, out_bytes, out_length, &error);
  g_assert_no_error (error);
  if (!g_str_equal (name, "mmc0.img") && !g_str_equal (name, "mmc1.img"))
    return;
  bytes = (guint8 *) *out_bytes;
  mask_table (bytes + 512, bytes + 1024);
  mask_table (bytes + *out_length - 512, bytes + *out_length - 33 * 512);
}

static gboolean
is_same_storage (FlashMpBench *a, FlashMpBench *b)
{
  g_autoptr (GDir) dir = g_dir_open (a->storage, 0, NULL);
  const char *name;
  guint n_files = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *ours = NULL;
    g_autofree char *theirs = NULL;
    gsize n_ours, n_theirs;

    load_storage (a, name, &ours, &n_ours);
    load_storage (b, name, &theirs, &n_theirs);
    n_files++;
    if (n_ours != n_theirs || memcmp (ours, theirs, n_ours) != 0) {
      g_test_message ("%s differs", name);
      return FALSE;
    }
  }
  g_assert_cmpuint (n_files, >, 0);
  return TRUE;
}

static gboolean
has_raw (const Case *c)
{
  return strstr (c->rows, "RawImage") != NULL;
}

static FlashMpBench *
run (const Case *c, const char *dir, const char *fault, guint64 request)
{
  g_autofree char *keys =
      fault != NULL ? g_strdup_printf (SIZES ",fault=%s@%" G_GUINT64_FORMAT, fault, request)
                    : g_strdup (SIZES);
  FlashMpBench *bench = flash_mp_bench_new (dir, "stm32mp157", keys);

  flash_mp_bench_open_gate (bench, 3, TRUE);
  /* What lies under another image is not its file any more. */
  flash_mp_bench_run (bench, !has_raw (c));
  return bench;
}

static void
fail_at (const char *fault, guint64 request, const char *what)
{
  g_test_message ("%s@%" G_GUINT64_FORMAT ": %s", fault, request, what);
  g_test_fail ();
}

/* Whatever is claimed of a partition is so; a partition on which others lie cannot be compared with
 * its file. */
static void
check_success (FlashMpBench *bench, FlashMpBench *undisturbed, const char *fault, guint64 request)
{
  if (!flash_result_is_all_written (&bench->result, bench->plan) ||
      bench->result.partial_step >= 0 || bench->result.board_state != FLASH_BOARD_FINISHED)
    fail_at (fault, request, "the books are wrong");
  if (!is_same_storage (undisturbed, bench))
    fail_at (fault, request, "the storages differ");
}

/* Without power the board is in its ROM again, whenever that happens. */
static void
test_rom (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *dir = make_layout (c);
  g_autoptr (FlashMpBench) undisturbed = run (c, dir, NULL, 0);
  guint64 n_requests = flash_mp_bench_get_n_requests (undisturbed);
  guint n_kept = 0;

  g_assert_no_error (undisturbed->error);
  for (guint64 at = undisturbed->begun_at[0] + 1; at + TIDYING_UP <= n_requests; at++) {
    g_autoptr (FlashMpBench) bench = run (c, dir, "unplug", at);

    if (bench->error != NULL)
      fail_at ("unplug", at, bench->error->message);
    check_success (bench, undisturbed, "unplug", at);
    /* Each partition is begun once, or twice if it was not kept. */
    if (at == undisturbed->written_at[flash_plan_get_n_steps (bench->plan) - 1] - 4)
      n_kept = 2 * flash_plan_get_n_steps (bench->plan) -
               flash_mp_bench_count (bench, FLASH_EVENT_PARTITION);
  }
  g_assert_cmpuint (n_kept, ==, c->n_kept);
  flash_test_remove_dir (dir);
}

/* With power of its own it is where it was; while it takes partitions, that is good enough. */
static void
test_uboot (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *dir = make_layout (c);
  g_autoptr (FlashMpBench) undisturbed = run (c, dir, NULL, 0);
  guint n_steps = flash_plan_get_n_steps (undisturbed->plan);

  for (guint64 at = undisturbed->begun_at[3] + 1; at <= undisturbed->written_at[n_steps - 1];
       at++) {
    g_autoptr (FlashMpBench) bench = run (c, dir, "cable", at);

    if (bench->error != NULL)
      fail_at ("cable", at, bench->error->message);
    check_success (bench, undisturbed, "cable", at);
  }
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *rom_path = g_strdup_printf ("/mp-resume/rom/%s", cases[i].what);
    g_autofree char *uboot_path = g_strdup_printf ("/mp-resume/u-boot/%s", cases[i].what);

    g_test_add_data_func (rom_path, &cases[i], test_rom);
    g_test_add_data_func (uboot_path, &cases[i], test_uboot);
  }
  return g_test_run ();
}
