/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices as they are: broken strings, descriptors in odd places, and neighbours that are no
 * boards. */
#define G_LOG_DOMAIN "test-usb-strange"

#include "config.h"

#include "flash-usb-bench.h"

#include "flash-dfu-defs.h"

#include <string.h>

#define ROM "virtual:stm32mp157"
#define PRODUCT 2
#define SERIAL 3

#define DFU_ALTERNATE(number) 9, 4, 0, number, 0, 0xfe, 1, 2, 0
#define FUNCTIONAL_7 7, 0x21, 0x0b, 0xff, 0x00, 0x00, 0x08
#define FUNCTIONAL_9 9, 0x21, 0x0b, 0xff, 0x00, 0x00, 0x08, 0x1a, 0x01

static void
set_string (guint8 index, const guint8 *bytes, gsize length)
{
  flash_usb_gadget_set_string (flash_usb_mock_get_gadget (usb_bench_get_mock (), "1-1"), index,
                               bytes, length);
}

/* --- Strings (stm32-dfuse.md sections 2.5.3 and 3.1) ---------------------------------------- */

typedef struct {
  const char *name;
  guint8 bytes[12];
  gsize length;
  const char *text; /* what is shown */
} StringCase;

/* What the kernel read when the device was enumerated: shown as long as there is nothing better. */
#define KNOWN "DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000"

static const StringCase string_cases[] = {
  { "good", { 6, 3, 'a', 0, 'b', 0 }, 6, "ab" },
  { "length-too-large", { 30, 3, 'a', 0, 'b', 0 }, 6, "ab" },
  { "length-too-small", { 4, 3, 'a', 0, 'b', 0 }, 6, "a" },
  { "odd", { 7, 3, 'a', 0, 'b', 0, 'c' }, 7, "ab" },
  { "half-a-pair",
    { 8, 3, 'a', 0, 0x00, 0xd8, 'b', 0 },
    8,
    "a\xef\xbf\xbd"
    "b" },
  { "empty", { 2, 3 }, 2, "" },
  { "refused", { 0 }, 0, KNOWN },
  { "other-type", { 6, 4, 'a', 0, 'b', 0 }, 6, KNOWN },
  { "one-byte", { 6 }, 1, KNOWN },
  { "control-characters", { 8, 3, 'a', 0, 0x1b, 0, 'b', 0 }, 8, NULL },
};

/* Whatever a string is like, the board is shown, can be opened, and its other strings are right. */
static void
test_string (gconstpointer data)
{
  const StringCase *entry = data;
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashTransport) transport = NULL;
  FlashDescriptors *descriptors;

  set_string (PRODUCT, entry->bytes, entry->length);
  usb_bench_rescan ();
  g_clear_object (&board);
  board = usb_bench_find ("1-1");
  descriptors = flash_board_get_descriptors (board);
  g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_OK);
  if (g_str_equal (entry->name, "control-characters"))
    g_assert_null (strchr (descriptors->product, 0x1b));
  else
    g_assert_cmpstr (descriptors->product, ==, entry->text);
  g_assert_cmpstr (descriptors->manufacturer, ==, "STMicroelectronics");
  g_assert_nonnull (descriptors->serial);
  transport = usb_bench_open (board, NULL);
  usb_bench_assert_works (transport);
  g_clear_object (&transport);
  g_clear_object (&board);
  usb_bench_clear ();
}

/* As many characters as fit. */
static void
test_longest_string (void)
{
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  guint8 bytes[254] = { sizeof bytes, 3 };

  for (guint i = 2; i < sizeof bytes; i += 2)
    bytes[i] = 'x';
  set_string (PRODUCT, bytes, sizeof bytes);
  usb_bench_rescan ();
  g_clear_object (&board);
  board = usb_bench_find ("1-1");
  g_assert_cmpuint (strlen (flash_board_get_descriptors (board)->product), ==, 126);
  g_clear_object (&board);
  usb_bench_clear ();
}

/* The one chip that is known to send text of one byte each. */
static void
test_8_bit_serial (void)
{
  static const guint8 interfaces[] = { DFU_ALTERNATE (0), FUNCTIONAL_9 };
  static const guint8 device[] = { 18,   1,    0,    2, 0, 0, 0, 64,     0xe9,
                                   0x28, 0x89, 0x01, 0, 1, 0, 0, SERIAL, 1 };
  static const guint8 serial[] = { 10, 3, '3', 'C', 'J', 'R', '5', '1', '2', '8' };
  FlashUsbGadget *gadget =
      flash_usb_gadget_new_device (0x28e9, 0x0189, interfaces, sizeof interfaces, NULL);
  g_autoptr (FlashBoard) board = NULL;

  flash_usb_gadget_set_device (gadget, device, sizeof device);
  flash_usb_gadget_set_string (gadget, SERIAL, serial, sizeof serial);
  usb_bench_add ("1-1", gadget);
  board = usb_bench_wait_board ("1-1", 0);
  usb_bench_rescan ();
  g_clear_object (&board);
  board = usb_bench_find ("1-1");
  g_assert_cmpstr (flash_board_get_descriptors (board)->serial, ==, "3CJR5128");
  g_clear_object (&board);
  usb_bench_clear ();
}

/* --- Descriptors ---------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  guint8 bytes[64];
  gsize length;
  guint n_alternates;
  gboolean has_functional;
  guint16 bcd_dfu;
} DescriptorCase;

static const DescriptorCase descriptor_cases[] = {
  { "functional-first",
    { FUNCTIONAL_9, DFU_ALTERNATE (0), DFU_ALTERNATE (1) },
    27,
    2,
    TRUE,
    0x011a },
  { "functional-between",
    { DFU_ALTERNATE (0), FUNCTIONAL_9, DFU_ALTERNATE (1) },
    27,
    2,
    TRUE,
    0x011a },
  { "functional-last",
    { DFU_ALTERNATE (0), DFU_ALTERNATE (1), FUNCTIONAL_9 },
    27,
    2,
    TRUE,
    0x011a },
  { "functional-each",
    { DFU_ALTERNATE (0), FUNCTIONAL_9, DFU_ALTERNATE (1), FUNCTIONAL_9 },
    36,
    2,
    TRUE,
    0x011a },
  { "functional-7-bytes", { DFU_ALTERNATE (0), FUNCTIONAL_7 }, 16, 1, TRUE, 0x0100 },
  { "no-functional", { DFU_ALTERNATE (0) }, 9, 1, FALSE, 0 },
};

static void
test_descriptors (gconstpointer data)
{
  const DescriptorCase *entry = data;
  g_autoptr (FlashBoard) board = NULL;
  g_autoptr (FlashTransport) transport = NULL;
  FlashDescriptors *descriptors;

  usb_bench_add ("1-1",
                 flash_usb_gadget_new_device (0x1209, 0xdf11, entry->bytes, entry->length, "DFU"));
  board = usb_bench_wait_board ("1-1", 0);
  descriptors = flash_board_get_descriptors (board);
  g_assert_cmpuint (descriptors->alternates->len, ==, entry->n_alternates);
  g_assert_true (descriptors->has_functional == entry->has_functional);
  g_assert_cmphex (descriptors->bcd_dfu, ==, entry->bcd_dfu);
  g_assert_cmpuint (descriptors->transfer_size, ==, entry->has_functional ? 2048 : 0);
  transport = usb_bench_open (board, NULL);
  usb_bench_assert_works (transport);
  g_clear_object (&transport);
  g_clear_object (&board);
  usb_bench_clear ();
}

/* --- Neighbours ----------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  guint16 vid;
  guint16 pid;
  guint8 bytes[32];
  gsize length;
  const char *kind; /* (nullable): nobody would take it for a board */
} NeighbourCase;

static const NeighbourCase neighbour_cases[] = {
  { "st-link-v2", 0x0483, 0x3748, { 9, 4, 0, 0, 0, 0xff, 0xff, 0xff, 0 }, 9, "st-link" },
  { "st-link-v3",
    0x0483,
    0x374e,
    { 9, 4, 0, 0, 0, 0xff, 0xff, 0xff, 0, 9, 4, 1, 0, 0, 8, 6, 0x50, 0 },
    18,
    "st-link" },
  { "mass-storage", 0x0483, 0x5720, { 9, 4, 0, 0, 0, 8, 6, 0x50, 0 }, 9, "mass-storage" },
  /* One of which nobody knows how to speak to it: its descriptors end in the middle. */
  { "runtime-dfu",
    0x1d50,
    0x6018,
    { 9, 4, 0, 0, 0, 2, 2, 1, 0, 9, 4, 1, 0, 0, 0xfe, 1, 1, 0, 9, 4 },
    20,
    "runtime-dfu" },
  { "st-other", 0x0483, 0x5740, { 9, 4, 0, 0, 0, 2, 2, 1, 0 }, 9, "other" },
  { "mouse", 0x046d, 0xc077, { 9, 4, 0, 0, 0, 3, 1, 2, 0 }, 9, NULL },
};

static gboolean
has_neighbours (gconstpointer data)
{
  GListModel *list = flash_usb_provider_get_neighbours (usb_bench_get_provider ());

  return g_list_model_get_n_items (list) == GPOINTER_TO_UINT (data);
}

static void
test_neighbour (gconstpointer data)
{
  const NeighbourCase *entry = data;
  GListModel *list = flash_usb_provider_get_neighbours (usb_bench_get_provider ());
  g_autoptr (FlashUsbNeighbour) neighbour = NULL;
  g_autoptr (FlashBoard) found = NULL;
  g_autoptr (GError) error = NULL;

  usb_bench_add ("1-3", flash_usb_gadget_new_device (entry->vid, entry->pid, entry->bytes,
                                                     entry->length, entry->name));
  usb_bench_wait (has_neighbours, GUINT_TO_POINTER (entry->kind != NULL ? 1u : 0u));
  usb_bench_rescan ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (usb_bench_get_provider ())), ==, 0);
  found = flash_provider_find (FLASH_PROVIDER (usb_bench_get_provider ()), "usb:1-3", &error);
  g_assert_null (found);
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND);
  neighbour = g_list_model_get_item (list, 0);
  if (entry->kind == NULL) {
    g_assert_null (neighbour);
  } else {
    g_assert_cmpstr (flash_usb_neighbour_kind_get_name (flash_usb_neighbour_get_kind (neighbour)),
                     ==, entry->kind);
    g_assert_cmpstr (flash_usb_neighbour_get_port (neighbour), ==, "1-3");
    g_assert_cmpstr (flash_usb_neighbour_get_name (neighbour), ==, entry->name);
    g_assert_nonnull (strstr (error->message, entry->name));
  }
  g_clear_object (&neighbour);
  usb_bench_clear ();
}

/* --- Run time ------------------------------------------------------------------------------- */

/* A firmware that runs beside other functions, and offers DFU with a HID's descriptor before it. */
static const guint8 runtime_bytes[] = { 9,    4,    1,    0,    0, 3,    0,    0,           0, 9,
                                        0x21, 0x11, 0x01, 0,    1, 0x22, 0x20, 0,           9, 4,
                                        2,    0,    0,    0xfe, 1, 1,    0,    FUNCTIONAL_9 };

/* It is a board: one that has to be sent into DFU mode first (stm32-dfuse.md section 1.9). */
static void
test_runtime (void)
{
  g_autoptr (FlashBoard) board = NULL;
  g_autoptr (FlashTransport) transport = NULL;
  FlashDescriptors *descriptors;

  usb_bench_add ("1-1", flash_usb_gadget_new_device (0x1d50, 0x6018, runtime_bytes,
                                                     sizeof runtime_bytes, "Firmware"));
  board = usb_bench_wait_board ("1-1", 0);
  usb_bench_wait (has_neighbours, GUINT_TO_POINTER (0u));
  descriptors = flash_board_get_descriptors (board);
  g_assert_cmpuint (descriptors->protocol, ==, FLASH_DFU_PROTOCOL_RUNTIME);
  g_assert_cmpuint (descriptors->interface_number, ==, 2);
  g_assert_cmpuint (descriptors->alternates->len, ==, 1);
  g_assert_cmphex (descriptors->attributes, ==, 0x0b);
  g_assert_cmpuint (descriptors->transfer_size, ==, 2048);
  transport = usb_bench_open (board, NULL);
  usb_bench_assert_works (transport);
  g_clear_object (&transport);
  g_clear_object (&board);
  usb_bench_clear ();
}

/* It goes into its DFU mode: another board on the same port, by whatever numbers. */
static void
test_becomes_dfu (void)
{
  static const guint8 runtime[] = { 9, 4, 0, 0, 0, 0xfe, 1, 1, 0, FUNCTIONAL_9 };
  g_autoptr (FlashBoard) before = NULL;
  g_autoptr (FlashBoard) board = NULL;

  usb_bench_add ("1-1", flash_usb_gadget_new_device (0x0483, 0x5740, runtime, sizeof runtime, "A"));
  before = usb_bench_wait_board ("1-1", 0);
  g_assert_cmpuint (flash_board_get_descriptors (before)->protocol, ==, FLASH_DFU_PROTOCOL_RUNTIME);
  usb_bench_clear ();
  board = usb_bench_add_board ("1-1", ROM);
  g_assert_cmpuint (flash_board_get_descriptors (board)->protocol, ==, FLASH_DFU_PROTOCOL_DFU);
  g_assert_cmpuint (flash_board_get_generation (board), !=, flash_board_get_generation (before));
  usb_bench_wait (has_neighbours, GUINT_TO_POINTER (0u));
  g_clear_object (&board);
  usb_bench_clear ();
}

static void
add_tests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (string_cases); i++) {
    g_autofree char *path = g_strconcat ("/usb-strange/string/", string_cases[i].name, NULL);

    g_test_add_data_func (path, &string_cases[i], test_string);
  }
  g_test_add_func ("/usb-strange/string/longest", test_longest_string);
  g_test_add_func ("/usb-strange/string/8-bit", test_8_bit_serial);
  for (guint i = 0; i < G_N_ELEMENTS (descriptor_cases); i++) {
    g_autofree char *path =
        g_strconcat ("/usb-strange/descriptors/", descriptor_cases[i].name, NULL);

    g_test_add_data_func (path, &descriptor_cases[i], test_descriptors);
  }
  for (guint i = 0; i < G_N_ELEMENTS (neighbour_cases); i++) {
    g_autofree char *path = g_strconcat ("/usb-strange/neighbour/", neighbour_cases[i].name, NULL);

    g_test_add_data_func (path, &neighbour_cases[i], test_neighbour);
  }
  g_test_add_func ("/usb-strange/runtime/board", test_runtime);
  g_test_add_func ("/usb-strange/runtime/becomes-dfu", test_becomes_dfu);
}

int
main (int argc, char **argv)
{
  return usb_bench_run (argc, argv, add_tests);
}
