/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which partitions outlive a restart of the board, and the layout that says so. */
#include "config.h"

#include "flash-plan-again.h"
#include "flash-test-images.h"

#include <string.h>

#define FSBL "-\t0x01\tfsbl\tBinary\tnone\t0x0\tdata\n"

/**
 * Case:
 * @what: name of the case
 * @rows: the layout behind the first stage
 * @written: the steps that the board has confirmed, a letter each: `y` or `n`
 * @kept: the steps that are not sent again
 * @is_erased: whether the board has erased already
 * @options: the options of the layout that is sent then
 */
typedef struct {
  const char *what;
  const char *rows;
  const char *written;
  const char *kept;
  gboolean is_erased;
  const char *options;
} Case;

static const Case cases[] = {
  { "nothing-written",
    "PD\t0x10\ta\tBinary\tmmc0\t0x4400\tdata\nPED\t0x11\tb\tBinary\tmmc0\t0x8400\tnone\n", "yyn",
    "nnn", FALSE, "- PD PED" },
  { "nothing-written-but-erased",
    "PD\t0x10\ta\tBinary\tmmc0\t0x4400\tdata\nPED\t0x11\tb\tBinary\tmmc0\t0x8400\tnone\n", "yyn",
    "nnn", TRUE, "- P PE" },
  { "one-of-two",
    "P\t0x10\ta\tBinary\tmmc0\t0x4400\tdata\nP\t0x11\tb\tBinary\tmmc0\t0x8400\tdata\n", "yyyn",
    "nnyn", TRUE, "- PE P" },
  { "by-id-not-by-line",
    "P\t0x11\tb\tBinary\tmmc0\t0x8400\tdata\nDP\t0x10\ta\tBinary\tmmc0\t0x4400\tdata\n", "yyyn",
    "nnyn", TRUE, "- P PE" },
  { "memory",
    "P\t0x10\ta\tSystem\tram0\t0xC2000000\tdata\nP\t0x11\tb\tBinary\tmmc0\t0x4400\tdata\n", "yyyy",
    "nnny", TRUE, "- P PE" },
  { "raw-image-alone", "PD\t0x10\ta\tRawImage\tmmc0\t0x0\tdata\n", "yyy", "nny", TRUE, "- PE" },
  { "raw-image-and-table",
    "P\t0x10\ta\tRawImage\tmmc0\t0x0\tdata\nP\t0x11\tb\tBinary\tmmc0\t0x4400\tdata\n"
    "P\t0x12\tc\tBinary\tmmc1\t0x80000\tdata\nP\t0x13\td\tBinary\tmmc0\tboot1\tdata\n",
    "yyyyyy", "nnnnyy", TRUE, "- P P PE PE" },
  { "raw-image-last",
    "P\t0x10\ta\tBinary\tmmc0\t0x4400\tdata\nP\t0x11\tb\tRawImage\tmmc0\t0x0\tdata\n", "yyyy",
    "nnnn", TRUE, "- P P" },
  { "raw-image-beside-boot-partitions",
    "P\t0x10\ta\tRawImage\tmmc1\t0x0\tdata\nP\t0x11\tb\tBinary\tmmc1\tboot1\tdata\n", "yyyy",
    "nnyy", TRUE, "- PE PE" },
  /* No table is written in a partial update, nor on NOR. */
  { "raw-image-and-partial-update",
    "P\t0x10\ta\tRawImage\tmmc0\t0x0\tdata\n-\t0x11\tb\tBinary\tmmc0\t0x4400\tdata\n", "yyy", "nny",
    TRUE, "- PE -" },
  { "raw-image-on-nor",
    "P\t0x10\ta\tRawImage\tnor0\t0x0\tdata\nP\t0x11\tb\tBinary\tnor0\t0x10000\tdata\n", "yyyn",
    "nnnn", TRUE, "- P P" },
  /* A raw image that will be sent covers what lies on it. */
  { "raw-image-not-written",
    "P\t0x10\ta\tRawImage\tnor0\t0x0\tdata\nP\t0x11\tb\tBinary\tnor0\t0x10000\tdata\n", "yyny",
    "nnnn", TRUE, "- P P" },
  { "comments-and-blanks", "# P\t0x10\tnot\n\nP\t0x10\ta\tBinary\tmmc0\t0x4400\tdata\n#\tend\n",
    "yyy", "nny", TRUE, "- #  PE #" },
};

static FlashPlan *
make_plan (const char *dir, const char *rows)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autofree char *text = g_strconcat (FSBL, rows, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) data = flash_test_make_bytes (100, 1);
  g_autoptr (FlashLayout) layout = NULL;
  g_autoptr (GError) error = NULL;
  FlashPlan *plan;

  flash_test_write_file (dir, "data", data);
  layout = flash_layout_new_from_bytes (bytes, dir, diags);
  plan = flash_plan_new_for_layout (layout, &error);
  g_assert_no_error (error);
  return plan;
}

static GArray *
make_flags (const char *letters)
{
  GArray *flags = g_array_new (FALSE, FALSE, sizeof (gboolean));

  for (guint i = 0; letters[i] != '\0'; i++) {
    gboolean is_set = letters[i] == 'y';

    g_array_append_val (flags, is_set);
  }
  return flags;
}

/* Returns: (transfer full): the first cell of each line that the board gets. */
static char *
dup_options (FlashPlan *plan)
{
  const FlashPlanStep *step = flash_plan_find_step (plan, FLASH_PLAN_LAYOUT, 0);
  g_autofree guint8 *text = g_malloc0 (step->size + 1);
  g_auto (GStrv) lines = NULL;
  GString *options = g_string_new (NULL);

  g_assert_true (flash_source_read (step->source, 0, text, step->size, NULL));
  lines = g_strsplit ((const char *) text + 256, "\n", -1);
  for (guint i = 0; lines[i] != NULL && (lines[i][0] != '\0' || lines[i + 1] != NULL); i++) {
    lines[i][strcspn (lines[i], "\t")] = '\0';
    g_string_append_printf (options, "%s%s", i > 0 ? " " : "", lines[i]);
  }
  return g_string_free (options, FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashPlan) plan = make_plan (dir, c->rows);
  g_autoptr (GArray) written = make_flags (c->written);
  g_autoptr (GArray) wanted = make_flags (c->kept);
  g_autoptr (GArray) kept = flash_plan_find_kept (plan, written);
  g_autoptr (FlashPlan) again = flash_plan_new_again (plan, kept, c->is_erased);
  g_autofree char *options = dup_options (again);

  g_assert_cmpmem (kept->data, kept->len * sizeof (gboolean), wanted->data,
                   wanted->len * sizeof (gboolean));
  g_assert_cmpstr (options, ==, c->options);
  g_assert_cmpint (flash_plan_has_erase (again), ==, !c->is_erased && flash_plan_has_erase (plan));
  g_assert_cmpint (flash_plan_has_partitions (again), ==, flash_plan_has_partitions (plan));
  g_assert_cmpint (flash_plan_ends_in_ram (again), ==, flash_plan_ends_in_ram (plan));
  g_assert_cmpuint (flash_plan_get_n_steps (again), ==, flash_plan_get_n_steps (plan));
  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    const FlashPlanStep *before = flash_plan_get_step (plan, i);
    const FlashPlanStep *after = flash_plan_get_step (again, i);

    g_assert_cmpint (after->kind, ==, before->kind);
    g_assert_cmpuint (after->id, ==, before->id);
    g_assert_true (after->row == before->row);
    g_assert_true (before->kind == FLASH_PLAN_LAYOUT || after->source == before->source);
  }
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/plan-again/%s", cases[i].what);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  return g_test_run ();
}
