/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-plan.h"
#include "flash-test-images.h"

static FlashPlan *
make_plan (const char *dir, const char *text, GError **error)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, dir, diags);

  return flash_plan_new_for_layout (layout, error);
}

static void
write_file (const char *dir, const char *name, gsize size)
{
  g_autoptr (GBytes) bytes = flash_test_make_bytes (size, 1);

  flash_test_write_file (dir, name, bytes);
}

/* Boot stages, the layout, then partitions by rising Id, whatever the order of the lines; what is
 * not asked for is not planned. */
static void
test_order (void)
{
  static const struct {
    FlashPlanKind kind;
    guint8 id;
    const char *name;
    guint64 size;
  } wanted[] = {
    { FLASH_PLAN_BOOT, 0x03, "fip", 30 },          { FLASH_PLAN_BOOT, 0x01, "fsbl", 10 },
    { FLASH_PLAN_LAYOUT, 0x00, "FlashLayout", 0 }, { FLASH_PLAN_PARTITION, 0x04, "four", 40 },
    { FLASH_PLAN_PARTITION, 0x20, "late", 50 },
  };
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  guint64 size = 0;

  write_file (dir, "10", 10);
  write_file (dir, "30", 30);
  write_file (dir, "40", 40);
  write_file (dir, "50", 50);
  plan = make_plan (dir,
                    "P\t0x20\tlate\tBinary\tmmc0\t0x104400\t50\n"
                    "-\t0x03\tfip\tFIP\tnone\t0x0\t30\n"
                    "-\t0x01\tfsbl\tBinary\tnone\t0x0\t10\n"
                    "P\t0x04\tfour\tBinary\tmmc0\t0x4400\t40\n"
                    "PED\t0x30\tempty\tBinary\tmmc0\t0x204400\tnone\n"
                    "-\t0x31\tkept\tBinary\tmmc0\t0x304400\t40\n",
                    &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flash_plan_get_n_steps (plan), ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    const FlashPlanStep *step = flash_plan_get_step (plan, i);
    const FlashExtent *extent = &g_array_index (step->extents, FlashExtent, 0);

    g_assert_cmpuint (step->index, ==, i);
    g_assert_cmpint (step->kind, ==, wanted[i].kind);
    g_assert_cmphex (step->id, ==, wanted[i].id);
    g_assert_cmpstr (step->name, ==, wanted[i].name);
    if (wanted[i].size > 0)
      g_assert_cmpuint (step->size, ==, wanted[i].size);
    g_assert_cmpuint (step->extents->len, ==, 1);
    g_assert_cmpuint (extent->target_offset, ==, 0);
    g_assert_cmpuint (extent->length, ==, step->size);
    g_assert_true (flash_plan_find_step (plan, step->kind, step->id) == step);
    size += step->size;
  }
  g_assert_cmpuint (flash_plan_get_size (plan), ==, size);
  g_assert_true (flash_plan_has_erase (plan));
  g_assert_true (flash_plan_has_partitions (plan));
  g_assert_false (flash_plan_ends_in_ram (plan));
  g_assert_null (flash_plan_find_step (plan, FLASH_PLAN_PARTITION, 0x30));
  flash_test_remove_dir (dir);
}

/* The layout travels behind an STM32 header of version 1 (stm32mp-usb.md section 3.1). */
static void
test_layout_frame (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashPlan) plan = NULL;
  const FlashPlanStep *step;
  guint8 head[256];

  write_file (dir, "40", 40);
  plan = make_plan (dir, "P\t0x04\tfour\tBinary\tmmc0\t0x4400\t40\n", NULL);
  step = flash_plan_find_step (plan, FLASH_PLAN_LAYOUT, 0);
  g_assert_cmpuint (step->size, ==, 256 + strlen ("P\t0x04\tfour\tBinary\tmmc0\t0x4400\n"));
  g_assert_true (flash_source_read (step->source, 0, head, sizeof head, NULL));
  g_assert_cmpmem (head, 4, "STM2", 4);
  flash_test_remove_dir (dir);
}

static void
test_boot_only (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashPlan) plan = NULL;

  write_file (dir, "10", 10);
  plan = make_plan (dir, "P\t0x1\tfsbl\tBinary\tnone\t0x0\t10\n", NULL);
  g_assert_cmpuint (flash_plan_get_n_steps (plan), ==, 1);
  g_assert_false (flash_plan_has_partitions (plan));
  g_assert_null (flash_plan_find_step (plan, FLASH_PLAN_LAYOUT, 0));
  flash_test_remove_dir (dir);
}

/* For OpenBootloader: U-Boot would refuse it (stm32mp-usb.md sections 3.5 and 5.7). */
static void
test_other_flow (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (GError) error = NULL;

  write_file (dir, "10", 10);
  g_assert_null (make_plan (dir,
                            "P\t0x1\tfsbl\tBinary\tnone\t0x0\t10\n"
                            "P\t0x4\tapp\tBinary\tmmc0\t0x80\t10\n",
                            &error));
  g_assert_error (error, FLASH_LAYOUT_ERROR, FLASH_LAYOUT_ERROR_OTHER_FLOW);
  flash_test_remove_dir (dir);
}

static void
test_ram (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashPlan) plan = NULL;

  write_file (dir, "10", 10);
  plan = make_plan (dir, "P\t0x10\tkernel\tSystem\tram0\t0xC2000000\t10\n", NULL);
  g_assert_true (flash_plan_ends_in_ram (plan));
  g_assert_true (flash_plan_has_partitions (plan));
  g_clear_object (&plan);
  /* Without a kernel U-Boot starts nothing. */
  plan = make_plan (dir,
                    "P\t0x10\tinitrd\tBinary\tram0\t0xC2000000\t10\n"
                    "PE\t0x11\tkernel\tSystem\tram0\t0xC4000000\tnone\n",
                    NULL);
  g_assert_false (flash_plan_ends_in_ram (plan));
  flash_test_remove_dir (dir);
}

static void
test_files (void)
{
  static const struct {
    const char *file;
    gint code;
  } cases[] = {
    { "missing", G_IO_ERROR_NOT_FOUND },
    { "none", G_IO_ERROR_NOT_FOUND },
    { "empty", G_IO_ERROR_INVALID_DATA },
    { ".", G_IO_ERROR_IS_DIRECTORY },
  };
  g_autofree char *dir = flash_test_make_dir ();

  write_file (dir, "empty", 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text =
        g_strdup_printf ("P\t0x04\tfour\tBinary\tmmc0\t0x4400\t%s\n", cases[i].file);
    g_autoptr (GError) error = NULL;

    g_assert_null (make_plan (dir, text, &error));
    g_assert_error (error, G_IO_ERROR, cases[i].code);
  }
  flash_test_remove_dir (dir);
}

static void
test_names (void)
{
  g_assert_cmpstr (flash_plan_kind_get_name (FLASH_PLAN_BOOT), ==, "boot");
  g_assert_cmpstr (flash_plan_kind_get_name (FLASH_PLAN_LAYOUT), ==, "layout");
  g_assert_cmpstr (flash_plan_kind_get_name (FLASH_PLAN_PARTITION), ==, "partition");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/order", test_order);
  g_test_add_func ("/plan/layout-frame", test_layout_frame);
  g_test_add_func ("/plan/boot-only", test_boot_only);
  g_test_add_func ("/plan/other-flow", test_other_flow);
  g_test_add_func ("/plan/ram", test_ram);
  g_test_add_func ("/plan/files", test_files);
  g_test_add_func ("/plan/names", test_names);
  return g_test_run ();
}
