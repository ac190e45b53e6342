/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two readings of the same rules: what the check predicts, and what a virtual board answers. Every
 * text of stm32mp-usb.md sections 3.4 and 3.5 that a layout can provoke is provoked here. */
#include "config.h"

#include "flash-dfu-session.h"
#include "flash-layout-lint.h"
#include "flash-sim-provider.h"
#include "flash-stm32-header.h"
#include "flash-stm32mp.h"

#define ROW(opt, id, name, type, ip, offset)                                                       \
  opt "\t" id "\t" name "\t" type "\t" ip "\t" offset "\tx\n"
#define GOOD ROW ("P", "0x10", "a", "Binary", "mmc0", "0x4400")
#define N_MUTATIONS 3000

typedef struct {
  FlashClock *clock;
  FlashSimProvider *provider;
  FlashBoard *board;
  FlashTransport *transport;
  FlashDfuSession *session;
  FlashDescriptors *descriptors;
} Desk;

static void
open_board (Desk *desk)
{
  desk->transport = flash_board_open (desk->board, NULL);
  g_assert_nonnull (desk->transport);
  desk->descriptors = flash_descriptors_read (desk->transport, 1000, NULL);
  desk->session = flash_dfu_session_new (desk->transport, desk->clock, 0, NULL);
}

static void
close_board (Desk *desk)
{
  flash_transport_close (desk->transport);
  g_clear_object (&desk->session);
  g_clear_object (&desk->transport);
  g_clear_pointer (&desk->descriptors, flash_descriptors_unref);
}

static void
get_phase (Desk *desk, FlashStm32mpPhase *phase)
{
  guint8 alternate;
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_stm32mp_find_alternate (desk->descriptors, 0xf1, &alternate));
  flash_stm32mp_get_phase (desk->session, alternate, 4096, phase, &error);
  g_assert_no_error (error);
}

static void
send_layout (Desk *desk, GBytes *text)
{
  g_autoptr (GBytes) framed = flash_stm32_header_frame_v1 (text);
  const guint8 *bytes = g_bytes_get_data (framed, NULL);
  gsize size = g_bytes_get_size (framed);
  guint64 block = 0;
  guint8 alternate;
  FlashDfuEnd end;

  g_assert_true (flash_stm32mp_find_alternate (desk->descriptors, 0x00, &alternate));
  g_assert_true (flash_dfu_session_select (desk->session, alternate, NULL));
  for (gsize at = 0; at < size; at += 4096)
    g_assert_true (flash_dfu_session_download (desk->session, block++, bytes + at,
                                               MIN (size - at, 4096), NULL));
  g_assert_true (flash_dfu_session_finish (desk->session, block, &end, NULL));
}

static void
restart (Desk *desk)
{
  g_autofree char *port = g_strdup (flash_board_get_port (desk->board));
  guint64 generation = flash_board_get_generation (desk->board);

  g_assert_true (flash_dfu_session_detach (desk->session, NULL));
  close_board (desk);
  for (guint i = 0; i < 10000; i++) {
    FlashBoard *board;

    g_assert_true (flash_clock_wait_ms (desk->clock, 100, NULL, NULL));
    board = flash_provider_peek_port (FLASH_PROVIDER (desk->provider), port);
    if (board != NULL && flash_board_get_generation (board) != generation) {
      g_object_unref (desk->board);
      desk->board = board;
      open_board (desk);
      return;
    }
    g_clear_object (&board);
  }
  g_assert_not_reached ();
}

/* Gives the text to a board in U-Boot. Returns: (transfer full) (nullable): what it says of it;
 * with @only_parse only what its parser says. */
static char *
ask_board (const char *keys, GBytes *text, gboolean only_parse)
{
  Desk desk = { .clock = flash_clock_new_virtual () };
  g_autofree char *id = g_strdup_printf ("virtual:stm32mp157,stage=uboot%s%s",
                                         keys != NULL ? "," : "", keys != NULL ? keys : "");
  g_auto (FlashStm32mpPhase) phase = { 0 };
  g_autoptr (GError) error = NULL;

  desk.provider = flash_sim_provider_new (desk.clock);
  desk.board = flash_provider_find (FLASH_PROVIDER (desk.provider), id, &error);
  g_assert_no_error (error);
  open_board (&desk);
  send_layout (&desk, text);
  get_phase (&desk, &phase);
  if (phase.id == 0x00 && !only_parse) {
    g_assert_true (phase.needs_detach);
    restart (&desk);
    flash_stm32mp_phase_clear (&phase);
    get_phase (&desk, &phase);
  }
  close_board (&desk);
  g_object_unref (desk.board);
  g_object_unref (desk.provider);
  g_object_unref (desk.clock);
  return phase.id == 0xff ? g_steal_pointer (&phase.error_text) : NULL;
}

/* Returns: (transfer none) (nullable): the first thing that the board would say, by our check. */
static const char *
find_prediction (FlashDiagList *diags)
{
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);

    if (flash_diag_get_device_text (diag) != NULL)
      return flash_diag_get_device_text (diag);
  }
  return NULL;
}

static gboolean
is_predicted (FlashDiagList *diags, const char *text)
{
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++)
    if (g_strcmp0 (flash_diag_get_device_text (flash_diag_list_get (diags, i)), text) == 0)
      return TRUE;
  return FALSE;
}

/**
 * Case:
 * @text: the layout
 * @answer: what the board says
 * @sizes: (nullable): storages with their sizes, for the board and for the check alike
 * @code: (nullable): what the check says instead, because to be refused by U-Boot is no fault of
 *   a layout that is meant for another program
 */
typedef struct {
  const char *text;
  const char *answer;
  const char *sizes;
  const char *code;
} Case;

static const Case parser_cases[] = {
  { ROW ("X", "4", "a", "FIP", "mmc0", "0x4400"), "Layout line 1: invalid option 'X' in X)" },
  { GOOD ROW ("ED", "4", "a", "FIP", "mmc0", "0x8400"), "Layout line 2: missing 'P' in option ED" },
  { ROW ("P", "0xF1", "a", "FIP", "mmc0", "0x4400"), "Layout line 1: invalid phase value = 0xF1" },
  { ROW ("P", "4x", "a", "FIP", "mmc0", "0x4400"), "Layout line 1: invalid phase value = 4x" },
  { ROW ("P", "4", "a-name-of-17-byte", "FIP", "mmc0", "0x4400"),
    "Layout line 1: partition name too long [17]: a-name-of-17-byte" },
  { ROW ("P", "4", "a", "Fip", "mmc0", "0x4400"), "Layout line 1: type parsing error : 'Fip'" },
  { ROW ("P", "4", "a", "Binary(", "mmc0", "0x4400"),
    "Layout line 1: type parsing error : 'Binary('" },
  { ROW ("P", "4", "a", "FIP", "mmc", "0x4400"), "Layout line 1: ip parsing error: 'mmc'" },
  { ROW ("P", "4", "a", "FIP", "mmc12", "0x4400"), "Layout line 1: ip parsing error: 'mmc12'" },
  { ROW ("P", "4", "a", "FIP", "mmc0", "boot3"), "Layout line 1: invalid part 'boot3'" },
  { ROW ("P", "4", "a", "FIP", "mmc0", "17K"), "Layout line 1: invalid offset '17K'" },
  { "P\t4\ta\tFIP\tmmc0\n", "Layout line 1: no enought column" },
  { "# nothing\n\n", "Layout: no partition found" },
};

static const Case setup_cases[] = {
  { ROW ("P", "1", "a", "FIP", "none", "0") GOOD, "Layout: selected none phase = 0x1 for part a",
    NULL, "other-flow-prgfw" },
  { ROW ("P", "0", "a", "FIP", "mmc0", "0x4400"), "Layout: invalid phase = 0x0 for part a" },
  { GOOD ROW ("P", "0x10", "b", "FIP", "mmc0", "0x8400"),
    "Layout: duplicated phase 0x10 for part a and b" },
  { ROW ("P", "4", "a", "FIP", "mmc0", "0x4400") ROW ("P", "5", "b", "FIP", "mmc1", "0x80000")
        ROW ("P", "6", "c", "FIP", "nor0", "0") ROW ("P", "7", "d", "FIP", "nand0", "0")
            ROW ("P", "8", "e", "FIP", "ram0", "0xC0000000")
                ROW ("P", "9", "f", "FIP", "spi-nand0", "0"),
    "Layout: too many device" },
  { ROW ("P", "4", "fsbl", "Binary(2)", "mmc0", "0x4400"),
    "fsbl (0x4): multiple binary 2 not supported" },
  { ROW ("P", "4", "boot", "Binary(2)", "nand0", "0"),
    "boot (0x4): multiple binary 2 not supported" },
  { ROW ("P", "0x10", "fsbl", "Binary(2)", "nand0", "0"),
    "fsbl (0x10): multiple binary 2 not supported" },
  { ROW ("P", "4", "a", "Binary", "nor0", "boot1"), "a (0x4): hw partition not expected : -1" },
  { ROW ("P", "4", "a", "FIP", "mmc0", "0x8000") ROW ("P", "5", "b", "FIP", "mmc0", "32768"),
    "a (0x4): same address : 0x8000 == b (0x5): 0x8000" },
  { GOOD ROW ("P", "5", "b", "FIP", "mmc0", "0x200000"),
    "b (0x5): invalid address 0x200000 (max=0xfba00)", "mmc0=1M" },
  { ROW ("P", "4", "a", "FIP", "mmc0", "0x4200"), "a (0x4): invalid address 0x4200 (min=0x4400)" },
  { ROW ("P", "4", "a", "FIP", "mmc0", "0x4401"),
    "a (0x4): not aligned address : 0x4401 on erase size 0x200" },
};

static FlashDiagList *
check (const char *text, const char *sizes, FlashLayout **out_layout)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, NULL);
  guint64 size = 1 << 20;
  const FlashLayoutLintOptions options = { .sizes = table, .allow_outside = TRUE };
  FlashDiagList *diags = flash_diag_list_new ();

  /* The one size that the table above knows. */
  if (sizes != NULL)
    g_hash_table_insert (table, (gpointer) "mmc0", &size);
  *out_layout = flash_layout_new_from_bytes (bytes, "/", diags);
  g_assert_true (flash_layout_lint (*out_layout, &options, diags, NULL, NULL));
  return diags;
}

static void
test_parser (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (FlashLayout) layout = NULL;
  g_autoptr (FlashDiagList) diags = check (c->text, c->sizes, &layout);
  g_autoptr (GBytes) text = g_bytes_new_static (c->text, strlen (c->text));
  g_autofree char *answer = ask_board (c->sizes, text, TRUE);

  g_assert_cmpstr (answer, ==, c->answer);
  g_assert_cmpstr (find_prediction (diags), ==, c->answer);
  g_assert_false (flash_layout_is_accepted (layout));
}

static void
test_setup (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (FlashLayout) layout = NULL;
  g_autoptr (FlashDiagList) diags = check (c->text, c->sizes, &layout);
  g_autoptr (GBytes) text = flash_layout_dup_device_text (layout);
  g_autofree char *answer = ask_board (c->sizes, text, FALSE);

  g_assert_true (flash_layout_is_accepted (layout));
  g_assert_cmpstr (answer, ==, c->answer);
  g_test_message ("first prediction: %s", find_prediction (diags));
  if (c->code != NULL)
    g_assert_nonnull (flash_diag_list_find (diags, c->code));
  else
    g_assert_true (is_predicted (diags, c->answer));
}

/* 241 lines are one too many (section 3.1). */
static void
test_too_many_lines (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (FlashLayout) layout = NULL;
  g_autoptr (FlashDiagList) diags = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autofree char *answer = NULL;

  for (guint i = 0; i < 241; i++)
    g_string_append (many, GOOD);
  text = g_bytes_new (many->str, many->len);
  diags = check (many->str, NULL, &layout);
  answer = ask_board (NULL, text, TRUE);
  g_assert_nonnull (answer);
  g_assert_true (g_str_has_prefix (answer, "Layout: too many partition ("));
  g_assert_cmpstr (find_prediction (diags), ==, answer);
  g_assert_false (flash_layout_is_accepted (layout));
}

/* Layouts with something wrong somewhere: both readings give the same verdict, and the same
 * words for it; the text that is sent gets the same verdict as the file. */
static void
test_mutations (void)
{
  static const char base[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\r\n\n"
                             "-\t0x01\tfsbl\tBinary\tnone\t0x0\tf.stm32\n"
                             "PED\t0x0A\tenv\tBinary(2)\tmmc1\tboot1\n"
                             "P\t017\troot\tFileSystem\tram0\t0x00984400\tr.ext4";
  static const char spice[] = "\t\t\n\r# P-ED0x1fboot1(mc)\0\xff";
  g_autoptr (GRand) rand = g_rand_new_with_seed (20251);
  guint n_refused = 0;

  for (guint i = 0; i < N_MUTATIONS; i++) {
    g_autofree char *bytes = g_memdup2 (base, sizeof base - 1);
    g_autoptr (GBytes) text = NULL;
    g_autoptr (GBytes) sent = NULL;
    g_autoptr (FlashLayout) layout = NULL;
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autofree char *answer = NULL;
    g_autofree char *answer_to_sent = NULL;

    for (gint n = g_rand_int_range (rand, 1, 4); n > 0; n--)
      bytes[g_rand_int_range (rand, 0, sizeof base - 1)] =
          spice[g_rand_int_range (rand, 0, sizeof spice - 1)];
    text = g_bytes_new (bytes, sizeof base - 1);
    layout = flash_layout_new_from_bytes (text, "/", diags);
    sent = flash_layout_dup_device_text (layout);
    answer = ask_board (NULL, text, TRUE);
    answer_to_sent = ask_board (NULL, sent, TRUE);
    if (flash_layout_is_accepted (layout) != (answer == NULL) ||
        (answer == NULL) != (answer_to_sent == NULL)) {
      g_test_message ("mutation %u: we say %s, the board says %s, and %s to what is sent:\n%s", i,
                      flash_layout_is_accepted (layout) ? "yes" : "no", answer, answer_to_sent,
                      bytes);
      g_test_fail ();
    }
    n_refused += answer != NULL;
  }
  g_test_message ("%u of %d refused", n_refused, N_MUTATIONS);
  g_assert_cmpuint (n_refused, >, N_MUTATIONS / 5);
  g_assert_cmpuint (n_refused, <, N_MUTATIONS);
}

static void
add_cases (const char *kind, const Case *cases, guint n_cases, GTestDataFunc func)
{
  for (guint i = 0; i < n_cases; i++) {
    g_autofree char *path = g_strdup_printf ("/verdict/%s/%u", kind, i);

    g_test_add_data_func (path, &cases[i], func);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("parser", parser_cases, G_N_ELEMENTS (parser_cases), test_parser);
  add_cases ("setup", setup_cases, G_N_ELEMENTS (setup_cases), test_setup);
  g_test_add_func ("/verdict/too-many-lines", test_too_many_lines);
  g_test_add_func ("/verdict/mutations", test_mutations);
  return g_test_run ();
}
