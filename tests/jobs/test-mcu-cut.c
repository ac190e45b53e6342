/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power goes away at each transfer of an update, one after the other. Afterwards the chip
 * starts the whole old firmware, the whole new one, or nothing, and then its ROM answers; never
 * half of something. A repeated job finishes, and what lay beside the firmware is still there. */
#include "config.h"

#include "flash-mcu-bench.h"

#include "flash-bytes.h"
#include "flash-test-images.h"

/**
 * Case:
 * @model: of the virtual board
 * @keys: (nullable): its keys
 * @size: of the firmware, old and new
 * @n_changed: how many of its bytes, from its end on, the new one changes; 0 for all
 * @neighbour: offset of something else in the firmware's last sector
 * @has_empty_check: whether the ROM starts by itself when there are no vectors
 */
typedef struct {
  const char *model;
  const char *keys;
  gsize size;
  gsize n_changed;
  guint32 neighbour;
  gboolean has_empty_check;
} Case;

#define NEIGHBOUR_SIZE 3000

static const Case cases[] = {
  { "stm32f405", NULL, 20000, 0, 28000, FALSE }, { "stm32f405", NULL, 40000, 4, 44000, FALSE },
  { "stm32g474", NULL, 7000, 0, 7200, FALSE },   { "stm32h755", NULL, 5000, 0, 100000, FALSE },
  { "stm32g0b1", NULL, 5000, 0, 5040, TRUE },
};

/**
 * Scene:
 * @old: what the chip holds before
 * @new: what it is to hold
 * @neighbour: what lies beside it
 */
typedef struct {
  const Case *of;
  GBytes *old;
  GBytes *new;
  GBytes *neighbour;
} Scene;

static void
scene_init (Scene *self, const Case *of)
{
  *self = (Scene){ .of = of, .old = flash_mcu_bench_make_firmware (of->size, 1) };
  self->neighbour = flash_test_make_bytes (NEIGHBOUR_SIZE, 7);
  if (of->n_changed == 0) {
    self->new = flash_mcu_bench_make_firmware (of->size, 2);
  } else {
    guint8 *bytes = g_memdup2 (g_bytes_get_data (self->old, NULL), of->size);

    for (gsize i = of->size - of->n_changed; i < of->size; i++)
      bytes[i] = (guint8) ~bytes[i];
    self->new = g_bytes_new_take (bytes, of->size);
  }
}

static void
scene_clear (Scene *self)
{
  g_bytes_unref (self->old);
  g_bytes_unref (self->new);
  g_bytes_unref (self->neighbour);
}

/* The board before the update. Returns: (transfer full) */
static FlashMcuBench *
set_up (const Scene *scene, const char *keys)
{
  FlashMcuBench *bench = flash_mcu_bench_new (scene->of->model, keys);

  flash_mcu_bench_put (bench, 0, scene->old);
  flash_mcu_bench_put (bench, scene->of->neighbour, scene->neighbour);
  bench->job.shared = FLASH_MCU_SHARED_KEEP;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (scene->new));
  return bench;
}

/* What starts without BOOT0 is whole; and with BOOT0 the ROM answers. */
static void
check_start (FlashMcuBench *bench, const Scene *scene)
{
  FlashSimChipState state;

  flash_sim_device_set_boot0 (bench->device, FALSE);
  flash_mcu_bench_power_cycle (bench);
  state = flash_sim_device_get_chip_state (bench->device);
  if (state == FLASH_SIM_CHIP_APPLICATION)
    g_assert_true (flash_mcu_bench_holds (bench, 0, scene->old) ||
                   flash_mcu_bench_holds (bench, 0, scene->new));
  else
    g_assert_cmpint (state, ==,
                     scene->of->has_empty_check ? FLASH_SIM_CHIP_ROM : FLASH_SIM_CHIP_LOCKED);
  flash_sim_device_set_boot0 (bench->device, TRUE);
  flash_mcu_bench_power_cycle (bench);
  g_assert_cmpint (flash_sim_device_get_chip_state (bench->device), ==, FLASH_SIM_CHIP_ROM);
}

/* Returns: whether the cut came before the job was over. */
static gboolean
cut_at (const Scene *scene, guint64 request)
{
  g_autofree char *keys = g_strdup_printf ("%s%sfault=power-cut@%" G_GUINT64_FORMAT,
                                           scene->of->keys != NULL ? scene->of->keys : "",
                                           scene->of->keys != NULL ? "," : "", request);
  g_autoptr (FlashMcuBench) bench = set_up (scene, keys);
  gboolean is_cut = !flash_mcu_bench_run (bench);

  if (is_cut) {
    g_assert_true (bench->result.state == FLASH_MCU_STATE_UNTOUCHED ||
                   bench->result.state == FLASH_MCU_STATE_UNKNOWN);
    g_assert_false (bench->result.is_verified);
  }
  if (bench->result.state == FLASH_MCU_STATE_UNTOUCHED)
    g_assert_true (flash_mcu_bench_holds (bench, 0, scene->old));
  check_start (bench, scene);
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);
  g_assert_true (flash_mcu_bench_holds (bench, 0, scene->new));
  g_assert_true (flash_mcu_bench_holds (bench, scene->of->neighbour, scene->neighbour));
  return is_cut;
}

static void
test_cut (gconstpointer data)
{
  Scene scene;
  guint64 first, last;
  guint n_cut = 0;

  scene_init (&scene, data);
  {
    g_autoptr (FlashMcuBench) bench = set_up (&scene, scene.of->keys);

    first = flash_mcu_bench_get_n_requests (bench) + 1;
    flash_mcu_bench_run_well (bench);
    last = flash_mcu_bench_get_n_requests (bench);
    g_assert_true (flash_mcu_bench_holds (bench, scene.of->neighbour, scene.neighbour));
  }
  for (guint64 request = first; request <= last; request++)
    n_cut += cut_at (&scene, request);
  g_test_message ("%u of %" G_GUINT64_FORMAT " transfers were cut", n_cut, last - first + 1);
  /* Only what tidies up behind the last block may come too late to be missed. */
  g_assert_cmpuint (n_cut, >=, last - first - 2);
  scene_clear (&scene);
}

/* Cuts that follow each other, until none is left. Returns: how many there were. */
static guint
cut_twice_at (const Scene *scene, guint64 request, guint64 then)
{
  g_autofree char *keys = g_strdup_printf (
      "fault=power-cut@%" G_GUINT64_FORMAT ";power-cut@%" G_GUINT64_FORMAT, request, then);
  g_autoptr (FlashMcuBench) bench = set_up (scene, keys);
  guint n_cut = 0;

  for (; !flash_mcu_bench_run (bench); n_cut++) {
    g_assert_cmpuint (n_cut, <, 2);
    check_start (bench, scene);
  }
  g_assert_true (bench->result.is_verified);
  g_assert_true (flash_mcu_bench_holds (bench, 0, scene->new));
  g_assert_true (flash_mcu_bench_holds (bench, scene->of->neighbour, scene->neighbour));
  return n_cut;
}

/* The power goes away in the update, and again while that is repeated. */
static void
test_cut_twice (gconstpointer data)
{
  static const guint distances[] = { 40, 80, 120, 160 };
  Scene scene;
  guint64 first, last;
  guint n_twice = 0;

  scene_init (&scene, data);
  {
    g_autoptr (FlashMcuBench) bench = set_up (&scene, NULL);

    first = flash_mcu_bench_get_n_requests (bench) + 1;
    flash_mcu_bench_run_well (bench);
    last = flash_mcu_bench_get_n_requests (bench);
  }
  for (guint64 request = first; request <= last; request += 5)
    for (guint i = 0; i < G_N_ELEMENTS (distances); i++)
      n_twice += cut_twice_at (&scene, request, request + distances[i]) == 2;
  g_test_message ("%u were cut twice", n_twice);
  g_assert_cmpuint (n_twice, >, 30);
  scene_clear (&scene);
}

/* --- Two cores -------------------------------------------------------------------------------- */

/* Of an STM32H755: where its second core starts from, and the parts of a file for both. */
#define SECOND_AT 0x100000u
#define FIRST_SIZE 3000
#define SECOND_SIZE 2000

/* Appends one record. */
static void
add_record (GString *hex, guint8 kind, guint16 address, const guint8 *bytes, guint8 length)
{
  guint8 sum = (guint8) (length + (address >> 8) + address + kind);

  g_string_append_printf (hex, ":%02X%04X%02X", length, address, kind);
  for (guint i = 0; i < length; i++) {
    g_string_append_printf (hex, "%02X", bytes[i]);
    sum = (guint8) (sum + bytes[i]);
  }
  g_string_append_printf (hex, "%02X\n", (guint8) -sum);
}

static void
add_part (GString *hex, guint32 address, GBytes *part)
{
  const guint8 high[] = { (guint8) (address >> 24), (guint8) (address >> 16) };
  gsize length;
  const guint8 *bytes = g_bytes_get_data (part, &length);

  add_record (hex, 4, 0, high, sizeof high);
  for (gsize at = 0; at < length; at += 16)
    add_record (hex, 0, (guint16) (address + at), bytes + at, (guint8) MIN (16, length - at));
}

/**
 * Pair:
 * @first: what the first core runs
 * @second: what the second one runs
 */
typedef struct {
  GBytes *first;
  GBytes *second;
} Pair;

static void
pair_init (Pair *self, guint32 seed)
{
  self->first = flash_mcu_bench_make_firmware (FIRST_SIZE, seed);
  self->second = flash_mcu_bench_make_firmware_at (SECOND_AT, SECOND_SIZE, seed + 1);
}

static void
pair_clear (Pair *self)
{
  g_bytes_unref (self->first);
  g_bytes_unref (self->second);
}

/* Returns: (transfer full) */
static FlashMcuBench *
set_up_pair (const Pair *old, const Pair *new, const char *keys)
{
  FlashMcuBench *bench = flash_mcu_bench_new ("stm32h755", keys);
  g_autoptr (GString) hex = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FlashSource) source = NULL;

  flash_mcu_bench_put (bench, 0, old->first);
  flash_mcu_bench_put (bench, SECOND_AT, old->second);
  add_part (hex, FLASH_MCU_BENCH_FLASH, new->first);
  add_part (hex, FLASH_MCU_BENCH_FLASH + SECOND_AT, new->second);
  add_record (hex, 1, 0, NULL, 0);
  bytes = g_bytes_new (hex->str, hex->len);
  source = flash_source_new_for_bytes (bytes, "both.hex");
  bench->job.image = flash_image_load (source, NULL, NULL, NULL);
  g_assert_true (flash_image_is_usable (bench->job.image));
  bench->job.shared = FLASH_MCU_SHARED_KEEP;
  return bench;
}

/* Whether a core would start there: its two words are as a program has them. */
static gboolean
would_start (FlashMcuBench *bench, guint32 offset)
{
  g_autoptr (GBytes) flash = flash_mcu_bench_read_file (bench, "flash.bin");
  const guint8 *bytes = (const guint8 *) g_bytes_get_data (flash, NULL) + offset;

  return flash_get_le32 (bytes) >> 24 == 0x20 && (flash_get_le32 (bytes + 4) & 1) != 0 &&
         flash_get_le32 (bytes + 4) >> 24 == FLASH_MCU_BENCH_FLASH >> 24;
}

static void
check_core (FlashMcuBench *bench, guint32 offset, GBytes *old, GBytes *new)
{
  if (would_start (bench, offset))
    g_assert_true (flash_mcu_bench_holds (bench, offset, old) ||
                   flash_mcu_bench_holds (bench, offset, new));
}

/* Returns: whether the cut came before the job was over. */
static gboolean
cut_pair_at (const Pair *old, const Pair *new, guint64 request)
{
  g_autofree char *keys = g_strdup_printf ("fault=power-cut@%" G_GUINT64_FORMAT, request);
  g_autoptr (FlashMcuBench) bench = set_up_pair (old, new, keys);
  gboolean is_cut = !flash_mcu_bench_run (bench);
  FlashSimChipState state;

  check_core (bench, 0, old->first, new->first);
  check_core (bench, SECOND_AT, old->second, new->second);
  /* The first program starts only beside a whole second one, and that belongs to it. */
  if (would_start (bench, 0) && !flash_mcu_bench_holds (bench, SECOND_AT, new->second))
    g_assert_true (flash_mcu_bench_holds (bench, 0, old->first) &&
                   flash_mcu_bench_holds (bench, SECOND_AT, old->second));
  flash_sim_device_set_boot0 (bench->device, FALSE);
  flash_mcu_bench_power_cycle (bench);
  state = flash_sim_device_get_chip_state (bench->device);
  g_assert_true ((state == FLASH_SIM_CHIP_APPLICATION) == would_start (bench, 0));
  flash_sim_device_set_boot0 (bench->device, TRUE);
  flash_mcu_bench_power_cycle (bench);
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);
  g_assert_true (flash_mcu_bench_holds (bench, 0, new->first));
  g_assert_true (flash_mcu_bench_holds (bench, SECOND_AT, new->second));
  return is_cut;
}

/**
 * CoreCase:
 * @first: seed of the new program for the first core; 1 is that of the old one
 */
typedef struct {
  const char *what;
  guint32 first;
} CoreCase;

static const CoreCase core_cases[] = { { "both", 3 }, { "only-the-second", 1 } };

static void
test_cut_pair (gconstpointer data)
{
  const CoreCase *of = data;
  Pair old, new;
  guint64 first, last;
  guint n_cut = 0;

  pair_init (&old, 1);
  pair_init (&new, 3);
  g_bytes_unref (new.first);
  new.first = flash_mcu_bench_make_firmware (FIRST_SIZE, of->first);
  {
    g_autoptr (FlashMcuBench) bench = set_up_pair (&old, &new, NULL);

    first = flash_mcu_bench_get_n_requests (bench) + 1;
    flash_mcu_bench_run_well (bench);
    g_assert_cmpuint (bench->result.n_erased, ==, 2);
    last = flash_mcu_bench_get_n_requests (bench);
  }
  for (guint64 request = first; request <= last; request++)
    n_cut += cut_pair_at (&old, &new, request);
  g_test_message ("%u of %" G_GUINT64_FORMAT " transfers were cut", n_cut, last - first + 1);
  g_assert_cmpuint (n_cut, >=, last - first - 2);
  pair_clear (&old);
  pair_clear (&new);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/mcu-cut/%s/%u", cases[i].model, i);

    g_test_add_data_func (path, &cases[i], test_cut);
  }
  for (guint i = 0; i < G_N_ELEMENTS (core_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/mcu-cut/cores/%s", core_cases[i].what);

    g_test_add_data_func (path, &core_cases[i], test_cut_pair);
  }
  g_test_add_data_func ("/mcu-cut/twice/f405", &cases[0], test_cut_twice);
  g_test_add_data_func ("/mcu-cut/twice/g474", &cases[2], test_cut_twice);
  return g_test_run ();
}
