/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-mp-flow.h"

#define ROM FLASH_STM32MP_STAGE_ROM
#define TFA FLASH_STM32MP_STAGE_TFA
#define UBOOT FLASH_STM32MP_STAGE_UBOOT
#define MP15 FLASH_STM32MP_FAMILY_MP15
#define MP13 FLASH_STM32MP_FAMILY_MP13
#define MP25 FLASH_STM32MP_FAMILY_MP25
#define NONE 0xffffffffu
#define DDR 0xc7000000u

#define SEND_BOOT FLASH_MP_SEND_BOOT
#define SEND_LAYOUT FLASH_MP_SEND_LAYOUT
#define SEND_PARTITION FLASH_MP_SEND_PARTITION
#define DETACH FLASH_MP_DETACH
#define DONE FLASH_MP_DONE
#define FAIL FLASH_MP_FAIL

/* "1,3,0": what was sent, in this order, "d": it was told to go on, "r": it left the bus when it
 * was to start the first stage; the rest are the fields of what is seen and decided. */
typedef struct {
  const char *what;
  FlashStm32mpStage stage;
  FlashStm32mpFamily family;
  const char *sent;
  gboolean has_detached;
  guint n_left;
  guint8 phase;
  guint32 address;
  gboolean needs_detach;
  FlashMpAction action;
  gint id_or_error;
} Case;

/* stm32mp-usb.md sections 1.4.3, 1.8, 1.9, 1.10 */
static const Case cases[] = {
  { "ROM wants the first stage", ROM, MP15, "", FALSE, 2, 0x01, 0, FALSE, SEND_BOOT, 1 },
  { "ROM that names no phase we know", ROM, MP13, "", FALSE, 2, 0x37, 0, FALSE, SEND_BOOT, 1 },
  { "ROM that says 0 before anything", ROM, MP13, "", FALSE, 2, 0x00, NONE, TRUE, SEND_BOOT, 1 },
  { "MP15 ROM asks again", ROM, MP15, "1", FALSE, 2, 0x01, 0, FALSE, FAIL,
    FLASH_JOB_ERROR_FSBL_REFUSED },
  { "MP13 ROM has the first stage", ROM, MP13, "1", FALSE, 2, 0x00, NONE, TRUE, DETACH, 0 },
  { "MP13 ROM says 1 after it", ROM, MP13, "1", FALSE, 2, 0x01, 0, FALSE, DETACH, 0 },
  { "MP25 ROM has the first stage", ROM, MP25, "1", FALSE, 2, 0x00, NONE, TRUE, DETACH, 0 },
  { "MP15 ROM has restarted", ROM, MP15, "1,r", FALSE, 2, 0x01, 0, FALSE, FAIL,
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "MP13 ROM has restarted", ROM, MP13, "1,r", FALSE, 2, 0x01, 0, FALSE, FAIL,
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "TF-A came by way of the bus", TFA, MP15, "1,r", FALSE, 2, 0x03, DDR, FALSE, SEND_BOOT, 3 },
  { "MP13 back in ROM", ROM, MP13, "1", TRUE, 2, 0x01, 0, FALSE, FAIL,
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "MP15 back in ROM after the FIP", ROM, MP15, "1,3", TRUE, 2, 0x01, 0, FALSE, FAIL,
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "MP15 in ROM, FIP sent, no detach", ROM, MP15, "1,3", FALSE, 2, 0x01, 0, FALSE, FAIL,
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "back in ROM, the job began in TF-A", ROM, MP13, "3", TRUE, 2, 0x01, 0, FALSE, FAIL,
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "in ROM, the job began in U-Boot", ROM, MP15, "0", FALSE, 2, 0x01, 0, FALSE, FAIL,
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "ROM reports an error", ROM, MP13, "1", FALSE, 2, 0xff, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_FSBL_REFUSED },

  { "TF-A wants the FIP", TFA, MP15, "1", FALSE, 2, 0x03, DDR, FALSE, SEND_BOOT, 3 },
  { "TF-A wants the FIP, any address", TFA, MP15, "1", FALSE, 2, 0x03, NONE, FALSE, SEND_BOOT, 3 },
  { "TF-A wants the FIP again", TFA, MP15, "1,3", FALSE, 2, 0x03, DDR, FALSE, FAIL,
    FLASH_JOB_ERROR_PHASE_STUCK },
  { "TF-A met without ROM", TFA, MP15, "", FALSE, 2, 0x03, DDR, FALSE, SEND_BOOT, 3 },
  { "TF-A is done", TFA, MP15, "1,3", FALSE, 2, 0x00, NONE, TRUE, DETACH, 0 },
  { "TF-A is done, nine bytes", TFA, MP15, "1,3", FALSE, 2, 0x00, NONE, FALSE, DETACH, 0 },
  { "TF-A refused the FIP", TFA, MP15, "1,3", FALSE, 2, 0xff, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_FIP_REFUSED },
  { "TF-A reports out of nothing", TFA, MP15, "", FALSE, 2, 0xff, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_BOARD_REPORTED },
  { "TF-A wants the DDR firmware", TFA, MP25, "1", TRUE, 2, 0x02, 0x0e000000, FALSE, SEND_BOOT, 2 },
  { "TF-A is done with it", TFA, MP25, "1,2", TRUE, 2, 0x00, NONE, TRUE, DETACH, 0 },
  { "TF-A wants the FIP after it", TFA, MP25, "1,2", TRUE, 2, 0x03, DDR, FALSE, SEND_BOOT, 3 },
  { "TF-A refused the DDR firmware", TFA, MP25, "1,2", TRUE, 2, 0xff, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_FIP_REFUSED },
  { "TF-A says the ROM's word", TFA, MP15, "1", FALSE, 2, 0x01, 0, FALSE, FAIL,
    FLASH_JOB_ERROR_FSBL_REFUSED },
  { "TF-A asks for a partition", TFA, MP15, "1", FALSE, 2, 0x10, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_UNEXPECTED_PHASE },

  { "TF-A is done again, and has got nothing", TFA, MP25, "1,2,d", TRUE, 2, 0x00, NONE, TRUE, FAIL,
    FLASH_JOB_ERROR_PHASE_STUCK },
  { "TF-A was done when it was met", TFA, MP15, "", FALSE, 2, 0x00, NONE, TRUE, DETACH, 0 },

  { "old TF-A wants the layout", TFA, MP15, "1", FALSE, 2, 0x00, 0x2ffee780, FALSE, SEND_LAYOUT,
    0 },
  { "old TF-A, the ROM's string", ROM, MP15, "1", FALSE, 2, 0x00, 0x2ffee780, FALSE, SEND_LAYOUT,
    0 },
  { "old TF-A wants u-boot.stm32", ROM, MP15, "1,0", FALSE, 2, 0x03, 0xc0000000, FALSE, SEND_BOOT,
    3 },
  { "old TF-A is done", ROM, MP15, "1,0,3", FALSE, 2, 0x00, NONE, TRUE, DETACH, 0 },
  { "old TF-A met there, and done", ROM, MP15, "0,3", FALSE, 2, 0x00, NONE, TRUE, DETACH, 0 },
  { "ROM again after the old TF-A", ROM, MP15, "1,0,3,d", TRUE, 2, 0x00, NONE, TRUE, FAIL,
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "old TF-A wants the layout again", TFA, MP15, "1,0", FALSE, 2, 0x00, 0x2ffee780, FALSE, FAIL,
    FLASH_JOB_ERROR_PHASE_STUCK },
  { "old TF-A, nothing for storages", TFA, MP15, "1", FALSE, 0, 0x00, 0x2ffee780, FALSE, FAIL,
    FLASH_JOB_ERROR_UNEXPECTED_PHASE },
  { "old TF-A refused the layout", ROM, MP15, "1,0", FALSE, 2, 0xff, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_LAYOUT_REFUSED },

  { "U-Boot wants the layout", UBOOT, MP15, "1,3", TRUE, 2, 0x00, 0xc2000000, FALSE, SEND_LAYOUT,
    0 },
  { "U-Boot met there", UBOOT, MP15, "", FALSE, 2, 0x00, 0xc2000000, FALSE, SEND_LAYOUT, 0 },
  { "U-Boot has our layout", UBOOT, MP15, "1,3,0", TRUE, 2, 0x00, 0xc2000000, TRUE, DETACH, 0 },
  { "U-Boot has our layout, still", UBOOT, MP15, "1,3,0,d", TRUE, 2, 0x00, 0xc2000000, TRUE, FAIL,
    FLASH_JOB_ERROR_PHASE_STUCK },
  { "U-Boot cannot use what an old TF-A took", UBOOT, MP15, "1,0,3,d", TRUE, 2, 0xff, NONE, FALSE,
    FAIL, FLASH_JOB_ERROR_LAYOUT_REFUSED },
  { "U-Boot has somebody's layout", UBOOT, MP15, "", FALSE, 2, 0x00, 0xc2000000, TRUE, FAIL,
    FLASH_JOB_ERROR_FOREIGN_SESSION },
  { "U-Boot wants the layout again", UBOOT, MP15, "1,3,0", TRUE, 2, 0x00, 0xc2000000, FALSE, FAIL,
    FLASH_JOB_ERROR_PHASE_STUCK },
  { "U-Boot refused the layout", UBOOT, MP15, "1,3,0", TRUE, 2, 0xff, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_LAYOUT_REFUSED },
  { "U-Boot wants a partition", UBOOT, MP15, "1,3,0", TRUE, 2, 0x04, NONE, FALSE, SEND_PARTITION,
    4 },
  { "U-Boot wants the next", UBOOT, MP15, "1,3,0,4", TRUE, 1, 0x10, NONE, FALSE, SEND_PARTITION,
    0x10 },
  { "U-Boot wants the same again", UBOOT, MP15, "1,3,0,4", TRUE, 1, 0x04, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_PHASE_STUCK },
  { "U-Boot goes back", UBOOT, MP15, "1,3,0,4,16", TRUE, 0, 0x04, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_PHASE_STUCK },
  { "U-Boot could not write", UBOOT, MP15, "1,3,0,4", TRUE, 1, 0xff, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_WRITE_FAILED },
  { "U-Boot is done", UBOOT, MP15, "1,3,0,4", TRUE, 0, 0xfe, NONE, FALSE, DONE, 0 },
  { "U-Boot is done too early", UBOOT, MP15, "1,3,0,4", TRUE, 1, 0xfe, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_UNEXPECTED_PHASE },
  { "U-Boot was done before", UBOOT, MP15, "", FALSE, 2, 0xfe, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_SESSION_FINISHED },
  { "U-Boot in another job", UBOOT, MP15, "", FALSE, 2, 0x10, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_FOREIGN_SESSION },
  { "U-Boot with an old error", UBOOT, MP15, "", FALSE, 2, 0xff, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_BOARD_REPORTED },
  { "U-Boot asks for a fuse", UBOOT, MP15, "1,3,0", TRUE, 2, 0xf2, NONE, FALSE, FAIL,
    FLASH_JOB_ERROR_UNEXPECTED_PHASE },
  { "nothing for U-Boot to do", UBOOT, MP15, "1,3", TRUE, 0, 0x00, 0xc2000000, FALSE, DONE, 0 },
  { "nothing to do, and it was not us", UBOOT, MP15, "", FALSE, 0, 0x00, 0xc2000000, FALSE, FAIL,
    FLASH_JOB_ERROR_FOREIGN_SESSION },
};

static void
test_decide (gconstpointer data)
{
  const Case *c = data;
  g_auto (GStrv) sent = g_strsplit (c->sent, ",", -1);
  FlashMpSeen seen = { .stage = c->stage,
                       .family = c->family,
                       .last_id = -1,
                       .has_detached = c->has_detached,
                       .n_partitions_left = c->n_left };
  FlashStm32mpPhase phase = {
    .id = c->phase, .address = c->address, .needs_detach = c->needs_detach, .is_complete = TRUE
  };
  FlashMpDecision decision;

  for (guint i = 0; sent[i] != NULL; i++) {
    seen.has_just_detached = g_str_equal (sent[i], "d");
    seen.has_restarted |= g_str_equal (sent[i], "r");
    if (seen.has_just_detached || seen.has_restarted)
      continue;
    seen.last_id = atoi (sent[i]);
    seen.sent[seen.last_id] = TRUE;
  }
  seen.has_partitions = c->n_left > 0 || seen.sent[0];
  decision = flash_mp_flow_decide (&seen, &phase);
  g_assert_cmpint (decision.action, ==, c->action);
  if (c->action == FAIL)
    g_assert_cmpint (decision.error, ==, c->id_or_error);
  else
    g_assert_cmpint (decision.id, ==, c->id_or_error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/mp-flow/%s", cases[i].what);

    g_test_add_data_func (path, &cases[i], test_decide);
  }
  return g_test_run ();
}
