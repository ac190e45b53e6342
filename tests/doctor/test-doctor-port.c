/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a port shows, as a table; and what the kernel's lines say about it. */
#include "config.h"

#include "flash-doctor-port.h"
#include "flash-still-provider.h"

#define SERIAL "0031002F3531510A33323533"

/* What the kernel says about the port. */
typedef enum {
  KERNEL_SILENT, /* nobody can ask it */
  KERNEL_EMPTY,
  KERNEL_OTHER_DEVICE,
  KERNEL_FAILED,
  KERNEL_FAILED_AND_GONE,
  KERNEL_FAILED_LONG_AGO,
  KERNEL_OVER_CURRENT,
} Kernel;

typedef struct {
  const char *name;
  FlashDoctorWanted wanted;
  gboolean has_board;
  FlashStillTraits board;
  Kernel kernel;
  FlashPortShows shows;
} Row;

#define WANTED .is_layout = TRUE, .serial = SERIAL, .device_id = 0x500
#define AWAY WANTED, .is_away = TRUE, .was_told_to_leave = TRUE, .generation = 7
#define BOARD(number, text)                                                                        \
  .has_board = TRUE,                                                                               \
  .board = { .generation = number, .has_descriptors = TRUE, .product = text, .serial = SERIAL }

static const Row rows[] = {
  { .name = "nothing", .wanted = { AWAY }, .shows = FLASH_PORT_NOTHING },
  { .name = "empty", .wanted = { AWAY }, .kernel = KERNEL_EMPTY, .shows = FLASH_PORT_NOTHING },
  { .name = "failed", .wanted = { AWAY }, .kernel = KERNEL_FAILED, .shows = FLASH_PORT_FAILED },
  { .name = "failed-and-gone",
    .wanted = { AWAY },
    .kernel = KERNEL_FAILED_AND_GONE,
    .shows = FLASH_PORT_NOTHING },
  { .name = "failed-long-ago",
    .wanted = { AWAY, .log_since_us = 1000 },
    .kernel = KERNEL_FAILED_LONG_AGO,
    .shows = FLASH_PORT_NOTHING },
  { .name = "over-current",
    .wanted = { AWAY, .n_over_currents = 2 },
    .kernel = KERNEL_OVER_CURRENT,
    .shows = FLASH_PORT_OVER_CURRENT },
  { .name = "over-current-before",
    .wanted = { AWAY, .n_over_currents = 3 },
    .kernel = KERNEL_OVER_CURRENT,
    .shows = FLASH_PORT_NOTHING },
  { .name = "stranger",
    .wanted = { AWAY },
    .kernel = KERNEL_OTHER_DEVICE,
    .shows = FLASH_PORT_OTHER_DEVICE },
  { .name = "there",
    .wanted = { WANTED },
    BOARD (7, FLASH_STILL_ROM),
    .shows = FLASH_PORT_AWAITED },
  { .name = "awaited",
    .wanted = { AWAY, .stage = "tf-a", .expected = "u-boot" },
    BOARD (8, FLASH_STILL_UBOOT),
    .shows = FLASH_PORT_AWAITED },
  { .name = "rom-again",
    .wanted = { AWAY, .stage = "tf-a", .expected = "u-boot" },
    BOARD (8, FLASH_STILL_ROM),
    .shows = FLASH_PORT_ROM },
  { .name = "rom-restarted",
    .wanted = { AWAY, .stage = "rom", .expected = "tf-a" },
    BOARD (8, FLASH_STILL_ROM),
    .shows = FLASH_PORT_ROM },
  { .name = "rom-replugged",
    .wanted = { AWAY, .stage = "rom" },
    BOARD (8, FLASH_STILL_ROM),
    .shows = FLASH_PORT_AWAITED },
  { .name = "rom-asked",
    .wanted = { AWAY, .is_in_rom = TRUE, .stage = "rom" },
    BOARD (8, FLASH_STILL_ROM),
    .shows = FLASH_PORT_ROM },
  { .name = "rom-asked-and-seen",
    .wanted = { AWAY, .is_in_rom = TRUE, .stage = "rom" },
    BOARD (7, FLASH_STILL_ROM),
    .shows = FLASH_PORT_ROM },
  { .name = "rom-asked-and-gone",
    .wanted = { AWAY, .is_in_rom = TRUE, .stage = "rom" },
    .shows = FLASH_PORT_NOTHING },
  { .name = "rom-after-job",
    .wanted = { WANTED, .stage = "u-boot" },
    BOARD (8, FLASH_STILL_ROM),
    .shows = FLASH_PORT_ROM },
  { .name = "stayed",
    .wanted = { AWAY, .stage = "rom", .expected = "tf-a" },
    BOARD (7, FLASH_STILL_ROM),
    .shows = FLASH_PORT_STAYED },
  { .name = "silent-handover",
    .wanted = { WANTED, .is_away = TRUE, .is_open_here = TRUE, .generation = 7, .stage = "rom" },
    BOARD (7, FLASH_STILL_ROM),
    .shows = FLASH_PORT_SILENT },
  { .name = "mute", .wanted = { AWAY }, .has_board = TRUE, .shows = FLASH_PORT_SILENT },
  { .name = "nameless", .wanted = { AWAY }, BOARD (8, ""), .shows = FLASH_PORT_SILENT },
  { .name = "silent",
    .wanted = { AWAY },
    .has_board = TRUE,
    .board = { .generation = 8, .access = FLASH_ACCESS_SILENT },
    .shows = FLASH_PORT_SILENT },
  { .name = "silent-and-stayed",
    .wanted = { AWAY },
    .has_board = TRUE,
    .board = { .generation = 7, .access = FLASH_ACCESS_SILENT },
    .shows = FLASH_PORT_SILENT },
  { .name = "closed",
    .wanted = { AWAY },
    .has_board = TRUE,
    .board = { .generation = 7, .access = FLASH_ACCESS_NO_PERMISSION },
    .shows = FLASH_PORT_CLOSED },
  { .name = "held",
    .wanted = { AWAY },
    .has_board = TRUE,
    .board = { .generation = 8, .access = FLASH_ACCESS_BUSY },
    .shows = FLASH_PORT_HELD },
  { .name = "held-here",
    .wanted = { WANTED, .is_away = TRUE, .is_open_here = TRUE, .generation = 7 },
    .has_board = TRUE,
    .board = { .generation = 7, .access = FLASH_ACCESS_BUSY },
    .shows = FLASH_PORT_SILENT },
  { .name = "plain-u-boot",
    .wanted = { AWAY },
    BOARD (8, "USB download gadget"),
    .shows = FLASH_PORT_PLAIN_UBOOT },
  { .name = "other-serial",
    .wanted = { .is_layout = TRUE, .serial = "FF", .is_away = TRUE },
    BOARD (8, FLASH_STILL_ROM),
    .shows = FLASH_PORT_OTHER_BOARD },
  { .name = "other-chip",
    .wanted = { .is_layout = TRUE, .device_id = 0x501, .is_away = TRUE },
    BOARD (8, FLASH_STILL_ROM),
    .shows = FLASH_PORT_OTHER_BOARD },
  { .name = "microcontroller",
    .wanted = { .is_layout = TRUE, .is_away = TRUE },
    BOARD (8, "STM32  BOOTLOADER"),
    .shows = FLASH_PORT_OTHER_DEVICE },
  { .name = "other-loader",
    .wanted = { .serial = "FF", .serial_stage = "bootloader", .is_away = TRUE },
    BOARD (8, "Loader"),
    .shows = FLASH_PORT_OTHER_BOARD },
  { .name = "loader-of-program",
    .wanted = { .serial = "FF", .serial_stage = "runtime", .is_away = TRUE, .stage = "runtime" },
    BOARD (8, "Loader"),
    .shows = FLASH_PORT_AWAITED },
  { .name = "unnamed-loader",
    .wanted = { .is_away = TRUE, .stage = "bootloader" },
    BOARD (8, NULL),
    .shows = FLASH_PORT_AWAITED },
};

static void
add_line (FlashDoctorHost *host, gint64 time_us, FlashHostLogKind kind, gint errno_value)
{
  FlashHostLogLine *line = g_new0 (FlashHostLogLine, 1);

  line->time_us = time_us;
  line->kind = kind;
  line->errno_value = errno_value;
  line->text = g_strdup ("kernel");
  g_ptr_array_add (host->log, line);
}

static FlashDoctorHost *
make_host (Kernel kernel)
{
  FlashDoctorHost *host = g_new0 (FlashDoctorHost, 1);

  host->rules = g_ptr_array_new ();
  host->serials = g_ptr_array_new ();
  host->devices = g_ptr_array_new ();
  host->rivals = g_new0 (char *, 1);
  host->log = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_host_log_line_free);
  host->can_read_log = TRUE;
  if (kernel == KERNEL_SILENT)
    return host;
  host->port = flash_host_port_read ("/nonexistent", FLASH_STILL_PORT);
  host->port->has_device = kernel == KERNEL_OTHER_DEVICE;
  host->port->over_current_count = kernel == KERNEL_OVER_CURRENT ? 3 : 0;
  if (kernel == KERNEL_FAILED || kernel == KERNEL_FAILED_AND_GONE) {
    add_line (host, 2000, FLASH_HOST_LOG_NEW, 0);
    add_line (host, 3000, FLASH_HOST_LOG_DESCRIPTOR, -110);
  }
  if (kernel == KERNEL_FAILED_AND_GONE)
    add_line (host, 4000, FLASH_HOST_LOG_GONE, 0);
  if (kernel == KERNEL_FAILED_LONG_AGO)
    add_line (host, 900, FLASH_HOST_LOG_UNABLE, 0);
  return host;
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (FlashDoctorHost) host = make_host (row->kernel);
  g_autoptr (FlashBoard) board = row->has_board ? flash_still_board_new (&row->board) : NULL;

  g_assert_cmpstr (flash_port_shows_get_name (flash_doctor_port_judge (&row->wanted, board, host)),
                   ==, flash_port_shows_get_name (row->shows));
  /* Without the kernel's word the board's own is enough. */
  if (row->has_board)
    g_assert_cmpint (flash_doctor_port_judge (&row->wanted, board, NULL), ==, row->shows);
}

static void
test_lines (void)
{
  g_autoptr (FlashDoctorHost) host = make_host (KERNEL_FAILED_AND_GONE);

  add_line (host, 5000, FLASH_HOST_LOG_ADDRESS, -71);
  g_assert_cmpint (flash_doctor_port_get_descriptor_errno (host, 0), ==, -71);
  g_assert_cmpint (flash_doctor_port_get_descriptor_errno (host, 5001), ==, 0);
  add_line (host, 6000, FLASH_HOST_LOG_DESCRIPTOR, 0);
  /* An error without a number is one all the same. */
  g_assert_cmpint (flash_doctor_port_get_descriptor_errno (host, 5001), <, 0);
  g_assert_cmpint (flash_doctor_port_get_descriptor_errno (NULL, 0), ==, 0);
  g_assert_cmpuint (flash_doctor_port_count_lines (host, FLASH_HOST_LOG_GONE, 0), ==, 1);
  g_assert_cmpuint (flash_doctor_port_count_lines (host, FLASH_HOST_LOG_DESCRIPTOR, 0), ==, 2);
  g_assert_cmpuint (flash_doctor_port_count_lines (host, FLASH_HOST_LOG_DESCRIPTOR, 5001), ==, 1);
  g_assert_cmpuint (flash_doctor_port_count_lines (NULL, FLASH_HOST_LOG_GONE, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/doctor-port/", rows[i].name, NULL);

    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/doctor-port/lines", test_lines);
  return g_test_run ();
}
