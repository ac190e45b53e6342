/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written where and in which order, and content that is not as it should be. */
#define G_LOG_DOMAIN "test-drive-copy"

#include "config.h"

#include "flash-drive-copy.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MIB G_GUINT64_CONSTANT (0x100000)

static gboolean
read_pattern (guint64 offset, guint8 *buffer, gsize length, gpointer data, GError **error)
{
  memset (buffer, 0x5a, length);
  return TRUE;
}

static gboolean
read_nothing (guint64 offset, guint8 *buffer, gsize length, gpointer data, GError **error)
{
  return FALSE;
}

/* @ranges: ended by one without a size */
static FlashDriveContent *
make_content (guint64 size, const FlashRange *ranges)
{
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (FlashRange));
  g_autoptr (GError) error = NULL;
  FlashDriveContent *content;

  for (guint i = 0; ranges[i].size > 0; i++)
    g_array_append_val (array, ranges[i]);
  content = flash_drive_content_new (size, array, read_pattern, NULL, NULL, &error);
  g_assert_no_error (error);
  return content;
}

/* Takes the segments; blank ones have a `z`. */
static char *
describe (GArray *segments)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < segments->len; i++) {
    FlashDriveSegment segment = g_array_index (segments, FlashDriveSegment, i);

    g_string_append_printf (text, "%s%" G_GINT64_MODIFIER "x+%" G_GINT64_MODIFIER "x ",
                            segment.is_blank ? "z" : "", segment.range.start, segment.range.size);
  }
  g_array_unref (segments);
  return g_string_free (text, FALSE);
}

static const struct {
  const char *name;
  guint64 size;
  guint64 device_size;
  FlashRange ranges[4];
  const char *body;
  const char *head;
  const char *verify;
} plans[] = {
  { "nothing",
    MIB,
    8 * MIB,
    { { 0, 0 } },
    "z0+100000 z700000+100000 ",
    "",
    "z0+100000 z700000+100000 " },
  { "whole",
    8 * MIB,
    8 * MIB,
    { { 0, 8 * MIB } },
    "z0+100000 z700000+100000 100000+700000 ",
    "0+100000 ",
    "0+800000 " },
  { "larger card",
    4 * MIB,
    8 * MIB,
    { { 0, 4 * MIB } },
    "z0+100000 z700000+100000 100000+300000 ",
    "0+100000 ",
    "0+400000 z700000+100000 " },
  { "gaps",
    6 * MIB,
    8 * MIB,
    { { 512, 16384 }, { 2 * MIB, 1 }, { 6 * MIB - 16896, 16896 } },
    "z0+100000 z700000+100000 200000+1 5fbe00+4200 ",
    "200+4000 ",
    "z0+200 200+4000 z4200+fbe00 200000+1 5fbe00+4200 z700000+100000 " },
  { "gap into the tail",
    8 * MIB,
    8 * MIB,
    { { 0, 1 }, { 8 * MIB - 512, 512 } },
    "z0+100000 z700000+100000 7ffe00+200 ",
    "0+1 ",
    "0+1 z1+fffff z700000+ffe00 7ffe00+200 " },
  { "two MiB",
    2 * MIB,
    2 * MIB,
    { { MIB - 1, 2 } },
    "z0+100000 z100000+100000 100000+1 ",
    "fffff+1 ",
    "z0+fffff fffff+2 z100001+fffff " },
  { "ends that overlap",
    MIB,
    MIB + 512,
    { { 0, 512 } },
    "z0+100000 z100000+200 ",
    "0+200 ",
    "0+200 z200+ffe00 z100000+200 " },
  { "less than one MiB",
    1024,
    65536,
    { { 512, 512 } },
    "z0+10000 ",
    "200+200 ",
    "z0+200 200+200 z400+fc00 " },
};

static void
test_plans (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (plans); i++) {
    g_autoptr (FlashDriveContent) content = make_content (plans[i].size, plans[i].ranges);
    g_autofree char *body = describe (flash_drive_copy_plan_body (content, plans[i].device_size));
    g_autofree char *head = describe (flash_drive_copy_plan_head (content));
    g_autofree char *verify =
        describe (flash_drive_copy_plan_verify (content, plans[i].device_size));

    g_test_message ("%s", plans[i].name);
    g_assert_cmpstr (body, ==, plans[i].body);
    g_assert_cmpstr (head, ==, plans[i].head);
    g_assert_cmpstr (verify, ==, plans[i].verify);
  }
}

static void
on_destroy (gpointer data)
{
  (*(guint *) data)++;
}

static void
test_bad_ranges (void)
{
  static const FlashRange rows[][2] = {
    { { 0, 0 }, { 10, 1 } },
    { { 10, 5 }, { 14, 1 } },
    { { 10, 5 }, { 0, 1 } },
    { { 10, 5 }, { 100, 1 } },
    { { 10, 5 }, { 99, 2 } },
    { { 10, 5 }, { G_MAXUINT64, 1 } },
    { { 10, 5 }, { 20, G_MAXUINT64 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (FlashRange));
    g_autoptr (GError) error = NULL;
    guint n_destroyed = 0;

    g_array_append_vals (ranges, rows[i], 2);
    g_assert_null (
        flash_drive_content_new (100, ranges, read_pattern, &n_destroyed, on_destroy, &error));
    g_assert_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_SOURCE);
    g_assert_cmpuint (n_destroyed, ==, 1);
  }
}

static void
test_content (void)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (FlashRange));
  g_autoptr (FlashDriveContent) content = NULL;
  g_autoptr (GError) error = NULL;
  FlashRange good[] = { { 0, 50 }, { 50, 50 } };
  guint n_destroyed = 0;
  guint8 byte;

  g_array_append_vals (ranges, good, 2);
  content = flash_drive_content_new (100, ranges, read_nothing, &n_destroyed, on_destroy, &error);
  g_assert_no_error (error);
  /* It has a copy. */
  g_array_set_size (ranges, 0);
  g_assert_cmpuint (flash_drive_content_get_ranges (content)->len, ==, 2);
  g_assert_cmpuint (flash_drive_content_get_payload (content), ==, 100);
  g_assert_cmpuint (flash_drive_content_get_size (content), ==, 100);
  g_assert_false (flash_drive_content_read (content, 7, &byte, 1, &error));
  g_assert_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_SOURCE);
  g_assert_cmpstr (error->message, ==, "cannot read the image at byte 7: no reason was given");

  flash_drive_content_unref (flash_drive_content_ref (content));
  g_assert_cmpuint (n_destroyed, ==, 0);
  g_clear_pointer (&content, flash_drive_content_unref);
  g_assert_cmpuint (n_destroyed, ==, 1);
}

static void
on_progress (const FlashDriveProgress *progress, gpointer data)
{
}

/* Descriptors that cannot do what is wanted of them. */
static void
test_bad_descriptors (void)
{
  g_autoptr (FlashDriveContent) content = make_content (4096, (FlashRange[]){ { 0, 4096 }, { 0 } });
  FlashDriveReport report = { 0 };
  FlashDriveCopy copy = {
    .content = content, .device_size = 4096, .on_progress = on_progress, .report = &report
  };
  g_autoptr (GError) error = NULL;
  guint64 size = 1;
  int ends[2];
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_false (flash_drive_copy_write (&copy, fd, &error));
  g_assert_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_WRITE);
  g_clear_error (&error);
  g_assert_false (flash_drive_copy_verify (&copy, fd, &error));
  g_assert_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_READ);
  g_clear_error (&error);
  close (fd);

  /* Takes everything, but cannot promise that it has it. */
  fd = open ("/dev/null", O_WRONLY | O_CLOEXEC);
  g_assert_false (flash_drive_copy_write (&copy, fd, &error));
  g_assert_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_WRITE);
  g_assert_cmpint (report.state, ==, FLASH_DRIVE_STATE_PARTIAL);
  g_clear_error (&error);
  close (fd);

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_false (flash_drive_copy_get_size (ends[0], &size, &error));
  g_assert_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_READ);
  g_assert_cmpuint (size, ==, 1);
  close (ends[0]);
  close (ends[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive-copy/plans", test_plans);
  g_test_add_func ("/drive-copy/bad-ranges", test_bad_ranges);
  g_test_add_func ("/drive-copy/content", test_content);
  g_test_add_func ("/drive-copy/bad-descriptors", test_bad_descriptors);
  return g_test_run ();
}
