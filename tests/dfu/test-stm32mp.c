/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-script-transport.h"
#include "flash-stm32mp.h"

static void
test_product (void)
{
  /* stm32mp-usb.md sections 1.2, 1.3.1, 1.4.1 */
  static const struct {
    const char *product;
    FlashStm32mpStage stage;
    FlashStm32mpFamily family;
    guint revision_id;
    const char *name;
  } cases[] = {
    { "DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000", FLASH_STM32MP_STAGE_ROM,
      FLASH_STM32MP_FAMILY_MP15, 0x0000, NULL },
    { "DFU in FS Mode @Device ID /0x501, @Revision ID /0x1003", FLASH_STM32MP_STAGE_ROM,
      FLASH_STM32MP_FAMILY_MP13, 0x1003, NULL },
    { "DFU @Device ID /0x505, @Revision ID /0x0011, @Name /STM32MP257FAI Rev.B,",
      FLASH_STM32MP_STAGE_TFA, FLASH_STM32MP_FAMILY_MP25, 0x0011, "STM32MP257FAI Rev.B" },
    { "USB download gadget@Device ID /0x500, @Revision ID /0x2000, @Name /STM32MP157CAA Rev.B,",
      FLASH_STM32MP_STAGE_UBOOT, FLASH_STM32MP_FAMILY_MP15, 0x2000, "STM32MP157CAA Rev.B" },
    { "DFU @Device ID /0x503", FLASH_STM32MP_STAGE_TFA, FLASH_STM32MP_FAMILY_MP21, 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (FlashStm32mpProduct) product = { 0 };

    g_test_message ("%s", cases[i].product);
    g_assert_true (flash_stm32mp_parse_product (cases[i].product, &product));
    g_assert_cmpint (product.stage, ==, cases[i].stage);
    g_assert_cmpint (product.family, ==, cases[i].family);
    g_assert_cmphex (product.revision_id, ==, cases[i].revision_id);
    g_assert_cmpstr (product.name, ==, cases[i].name);
  }
}

/* Microcontrollers share the USB ids (section 6) and must be turned away. */
static void
test_product_bad (void)
{
  static const char *const products[] = {
    "",
    "STM32  BOOTLOADER",
    "DFU in FS Mode",
    "DFU in HS Mode @Device ID /0x450, @Revision ID /0x0000",
    "DFU @Device ID /0x",
    "DFU @Device ID /500",
    "DFU @Device ID /0x10500",
    "USB download gadget",
  };

  for (guint i = 0; i < G_N_ELEMENTS (products); i++) {
    FlashStm32mpProduct product = { 0 };

    g_test_message ("%s", products[i]);
    g_assert_false (flash_stm32mp_parse_product (products[i], &product));
  }
  g_assert_false (flash_stm32mp_parse_product (NULL, NULL));
}

static void
test_alternate (void)
{
  static const struct {
    const char *name;
    gboolean ok;
    guint8 id;
    const char *label;
  } cases[] = {
    { "@FSBL /0x01/1*1Me", TRUE, 0x01, "FSBL" },
    { "@DDR FIP /0x02/1*32Ke", TRUE, 0x02, "DDR FIP" },
    { "@virtual /0xF1/1*512Ba", TRUE, 0xf1, "virtual" },
    { "@virtual/0xf1/1*512Be", TRUE, 0xf1, "virtual" },
    { "@rootfs/0x11/1*1024Me", TRUE, 0x11, "rootfs" },
    { "@sixteen-letters/0x12/1*10", TRUE, 0x12, "sixteen-letters" },
    { "@cut/0x12", TRUE, 0x12, "cut" },
    { "@ro/ot/0x13/1*4Ke", TRUE, 0x13, "ro/ot" },
    { "@a/0x11/0x10/1*4Ke", TRUE, 0x10, "a/0x11" },
    { "virtual/0xf1/1*512Be", FALSE, 0, NULL },
    { "@Internal Flash  /0x08000000/04*016Kg", FALSE, 0, NULL },
    { "@x/0x100/1*1Ke", FALSE, 0, NULL },
    { "@x/0xzz/1*1Ke", FALSE, 0, NULL },
    { "@x/12/1*1Ke", FALSE, 0, NULL },
    { "@x/0x12z/1*1Ke", FALSE, 0, NULL },
    { "@x", FALSE, 0, NULL },
    { "", FALSE, 0, NULL },
    { NULL, FALSE, 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *label = NULL;
    guint8 id = 0x77;

    g_test_message ("%s", cases[i].name);
    g_assert_true (flash_stm32mp_parse_alternate (cases[i].name, &id, &label) == cases[i].ok);
    g_assert_cmphex (id, ==, cases[i].ok ? cases[i].id : 0x77);
    g_assert_cmpstr (label, ==, cases[i].label);
  }
}

/* The worked examples of section 1.6, and what may come cut short. */
static void
test_phase (void)
{
  static const struct {
    const guint8 bytes[40];
    gsize length;
    guint8 id;
    guint32 address;
    gboolean needs_detach;
    gboolean is_complete;
    const char *text;
  } cases[] = {
    { { 0x03, 0, 0, 0, 0xc7, 0, 0, 0, 0 }, 9, 0x03, 0xc7000000, FALSE, TRUE, NULL },
    { { 0x00, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1 }, 10, 0x00, 0xffffffff, TRUE, TRUE, NULL },
    { { 0x00, 0, 0, 0, 0xc2, 0, 0, 0, 0, 0 }, 10, 0x00, 0xc2000000, FALSE, TRUE, NULL },
    { { 0x00, 0, 0, 0, 0xc2, 0, 0, 0, 0, 1 }, 10, 0x00, 0xc2000000, TRUE, TRUE, NULL },
    { { 0xfe, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 }, 9, 0xfe, 0xffffffff, FALSE, TRUE, NULL },
    { { 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 'N', 'o', '\n' },
      12,
      0xff,
      0xffffffff,
      FALSE,
      TRUE,
      "No" },
    { { 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 }, 9, 0xff, 0xffffffff, FALSE, TRUE, NULL },
    { { 0x01 }, 1, 0x01, 0xffffffff, FALSE, FALSE, NULL },
    { { 0x01, 0x78, 0x56, 0x34, 0x12 }, 5, 0x01, 0x12345678, FALSE, FALSE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (FlashStm32mpPhase) phase = { 0 };
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u", i);
    g_assert_true (flash_stm32mp_parse_phase (cases[i].bytes, cases[i].length, &phase, &error));
    g_assert_no_error (error);
    g_assert_cmphex (phase.id, ==, cases[i].id);
    g_assert_cmphex (phase.address, ==, cases[i].address);
    g_assert_cmpint (phase.needs_detach, ==, cases[i].needs_detach);
    g_assert_cmpint (phase.is_complete, ==, cases[i].is_complete);
    g_assert_cmpstr (phase.error_text, ==, cases[i].text);
  }
}

static void
test_phase_empty (void)
{
  FlashStm32mpPhase phase = { .id = 0x55 };
  g_autoptr (GError) error = NULL;

  g_assert_false (flash_stm32mp_parse_phase ((const guint8 *) "", 0, &phase, &error));
  g_assert_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_SHORT_TRANSFER);
  g_assert_cmphex (phase.id, ==, 0x55);
}

/* What a board says is shown to people: no escape sequences, no unbounded text. */
static void
test_phase_hostile (void)
{
  guint8 bytes[4096];
  g_auto (FlashStm32mpPhase) phase = { 0 };

  memset (bytes, 0x1b, sizeof bytes);
  bytes[0] = 0xff;
  g_assert_true (flash_stm32mp_parse_phase (bytes, sizeof bytes, &phase, NULL));
  g_assert_null (strchr (phase.error_text, 0x1b));
  g_assert_cmpint (g_utf8_strlen (phase.error_text, -1), ==, 256);
  g_assert_true (g_str_has_suffix (phase.error_text, "…"));
}

static void
test_get_phase (void)
{
  static const FlashExchange script[] = {
    { FLASH_SCRIPT_SELECT, 5 },
    { FLASH_DFU_REQUEST_GETSTATUS, 0, 6, "000000000200" },
    { FLASH_DFU_REQUEST_UPLOAD, 0, 4096, "04ffffffff00000000" },
    FLASH_EXCHANGE_END,
  };
  g_autoptr (FlashTransport) transport = flash_script_transport_new (script);
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashDfuSession) session = flash_dfu_session_new (transport, clock, 0, NULL);
  g_auto (FlashStm32mpPhase) phase = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_stm32mp_get_phase (session, 5, 4096, &phase, &error));
  g_assert_no_error (error);
  g_assert_cmphex (phase.id, ==, 0x04);
  flash_script_transport_assert_done (transport);
}

static void
test_names (void)
{
  g_assert_cmpstr (flash_stm32mp_family_get_name (FLASH_STM32MP_FAMILY_MP13), ==, "STM32MP13");
  g_assert_cmpstr (flash_stm32mp_stage_get_name (FLASH_STM32MP_STAGE_ROM), ==, "rom");
  g_assert_cmpstr (flash_stm32mp_stage_get_name (FLASH_STM32MP_STAGE_TFA), ==, "tf-a");
  g_assert_cmpstr (flash_stm32mp_stage_get_name (FLASH_STM32MP_STAGE_UBOOT), ==, "u-boot");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stm32mp/product", test_product);
  g_test_add_func ("/stm32mp/product-bad", test_product_bad);
  g_test_add_func ("/stm32mp/alternate", test_alternate);
  g_test_add_func ("/stm32mp/phase", test_phase);
  g_test_add_func ("/stm32mp/phase-empty", test_phase_empty);
  g_test_add_func ("/stm32mp/phase-hostile", test_phase_hostile);
  g_test_add_func ("/stm32mp/get-phase", test_get_phase);
  g_test_add_func ("/stm32mp/names", test_names);
  return g_test_run ();
}
