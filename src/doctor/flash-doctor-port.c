/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-doctor-port"

#include "config.h"

#include "flash-doctor-port.h"

#include "flash-board-facts.h"

/* What U-Boot and its SPL are called outside of `stm32prog` (stm32mp-usb.md section 1.2). */
#define PLAIN_UBOOT "USB download gadget"
/* Of a device of which the kernel could not even read that much. */
#define EPROTO_OR_WORSE (-71)

gint
flash_doctor_port_get_descriptor_errno (const FlashDoctorHost *host, gint64 since_us)
{
  gint found = 0;

  for (guint i = 0; host != NULL && i < host->log->len; i++) {
    const FlashHostLogLine *line = g_ptr_array_index (host->log, i);

    if (line->time_us < since_us ||
        (line->kind != FLASH_HOST_LOG_DESCRIPTOR && line->kind != FLASH_HOST_LOG_ADDRESS))
      continue;
    found = line->errno_value != 0 ? line->errno_value : EPROTO_OR_WORSE;
  }
  return found;
}

guint
flash_doctor_port_count_lines (const FlashDoctorHost *host, FlashHostLogKind kind, gint64 since_us)
{
  guint n_lines = 0;

  for (guint i = 0; host != NULL && i < host->log->len; i++) {
    const FlashHostLogLine *line = g_ptr_array_index (host->log, i);

    n_lines += line->kind == kind && line->time_us >= since_us;
  }
  return n_lines;
}

/* Whether the last that the kernel said is that it cannot talk to what is plugged in. */
static gboolean
has_failed (const FlashDoctorHost *host, gint64 since_us)
{
  gboolean found = FALSE;

  for (guint i = 0; i < host->log->len; i++) {
    const FlashHostLogLine *line = g_ptr_array_index (host->log, i);

    if (line->time_us < since_us)
      continue;
    switch (line->kind) {
    case FLASH_HOST_LOG_DESCRIPTOR:
    case FLASH_HOST_LOG_ADDRESS:
    case FLASH_HOST_LOG_UNABLE:
      found = TRUE;
      break;
    case FLASH_HOST_LOG_GONE:
      found = FALSE;
      break;
    case FLASH_HOST_LOG_NEW:
    case FLASH_HOST_LOG_OVER_CURRENT:
    case FLASH_HOST_LOG_DISABLED:
    case FLASH_HOST_LOG_RESET:
    case FLASH_HOST_LOG_OTHER:
      break;
    }
  }
  return found;
}

static FlashPortShows
judge_empty (const FlashDoctorWanted *wanted, const FlashDoctorHost *host)
{
  if (host == NULL || host->port == NULL)
    return FLASH_PORT_NOTHING;
  if (host->port->over_current_count > wanted->n_over_currents)
    return FLASH_PORT_OVER_CURRENT;
  if (host->port->has_device)
    return FLASH_PORT_OTHER_DEVICE;
  return has_failed (host, wanted->log_since_us) ? FLASH_PORT_FAILED : FLASH_PORT_NOTHING;
}

/* The board itself: in which stage, compared with the one in which it was seen last? */
static FlashPortShows
judge_stage (const FlashDoctorWanted *wanted, const FlashBoardFacts *facts)
{
  gboolean is_rom = g_strcmp0 (facts->stage, "rom") == 0;

  if (!wanted->is_away)
    return is_rom && wanted->stage != NULL && !g_str_equal (wanted->stage, "rom")
               ? FLASH_PORT_ROM
               : FLASH_PORT_AWAITED;
  if (is_rom &&
      (wanted->is_in_rom || wanted->expected != NULL || g_strcmp0 (wanted->stage, "rom") != 0))
    return FLASH_PORT_ROM;
  return FLASH_PORT_AWAITED;
}

static gboolean
is_other_board (const FlashDoctorWanted *wanted, const FlashBoardFacts *facts)
{
  gboolean is_same_stage = wanted->is_layout || g_strcmp0 (wanted->serial_stage, facts->stage) == 0;

  return (is_same_stage && wanted->serial != NULL && facts->serial != NULL &&
          !g_str_equal (wanted->serial, facts->serial)) ||
         (wanted->device_id != 0 && facts->device_id != 0 && wanted->device_id != facts->device_id);
}

/* A board in limbo gives empty strings (stm32mp-usb.md section 7.3, number 6). */
static gboolean
is_nameless (FlashDescriptors *descriptors)
{
  return descriptors->product == NULL || descriptors->product[0] == '\0';
}

static FlashPortShows
judge_board (const FlashDoctorWanted *wanted, FlashBoard *board)
{
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);
  g_auto (FlashBoardFacts) facts = { 0 };

  if (descriptors == NULL || (wanted->is_layout && is_nameless (descriptors)))
    return FLASH_PORT_SILENT;
  if (g_strcmp0 (descriptors->product, PLAIN_UBOOT) == 0)
    return FLASH_PORT_PLAIN_UBOOT;
  flash_board_facts_init (&facts, board);
  if (is_other_board (wanted, &facts))
    return FLASH_PORT_OTHER_BOARD;
  if (facts.kind == FLASH_BOARD_KIND_UNKNOWN ||
      (wanted->is_layout && facts.kind != FLASH_BOARD_KIND_STM32MP))
    return FLASH_PORT_OTHER_DEVICE;
  return judge_stage (wanted, &facts);
}

/* Whether the board has not left since it was seen last. */
static gboolean
has_stayed (const FlashDoctorWanted *wanted, FlashBoard *board)
{
  return wanted->generation != 0 && flash_board_get_generation (board) == wanted->generation;
}

FlashPortShows
flash_doctor_port_judge (const FlashDoctorWanted *wanted, FlashBoard *board,
                         const FlashDoctorHost *host)
{
  FlashAccess access_now;

  g_return_val_if_fail (wanted != NULL, FLASH_PORT_UNKNOWN);

  if (board == NULL)
    return judge_empty (wanted, host);
  access_now = flash_board_get_access (board);
  if (access_now == FLASH_ACCESS_NO_PERMISSION)
    return FLASH_PORT_CLOSED;
  if (access_now == FLASH_ACCESS_BUSY && !wanted->is_open_here)
    return FLASH_PORT_HELD;
  /* Whom the engine waits for and who never left does not answer, or does not go. */
  if (wanted->is_away && !wanted->is_in_rom && has_stayed (wanted, board))
    return wanted->was_told_to_leave && access_now != FLASH_ACCESS_SILENT ? FLASH_PORT_STAYED
                                                                          : FLASH_PORT_SILENT;
  return access_now == FLASH_ACCESS_SILENT ? FLASH_PORT_SILENT : judge_board (wanted, board);
}
