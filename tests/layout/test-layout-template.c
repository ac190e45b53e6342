/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every layout to begin with is taken by the board's parser and set up by it, for every chip, every
 * storage and every choice; and every line that can be added. */
#define G_LOG_DOMAIN "test-layout-template"

#include "config.h"

#include "flash-layout-document.h"
#include "flash-layout-template.h"
#include "flash-layout-test.h"

#define GIB (G_GUINT64_CONSTANT (1) << 30)
#define MIB (G_GUINT64_CONSTANT (1) << 20)

static GHashTable *
make_sizes (void)
{
  return flash_layout_test_make_sizes ("mmc0", 4 * GIB, "mmc1", 4 * GIB, "mmc1boot1", 4 * MIB,
                                       "mmc1boot2", 4 * MIB, "nor0", 64 * MIB, "nand0", GIB,
                                       "spi-nand0", 128 * MIB, NULL);
}

/* What nobody can avoid before files were chosen, or what is said of every layout of the kind. */
static gboolean
is_expected (const FlashDiag *diag)
{
  static const char *const codes[] = { "no-file", "crlf", "boot2-active", "boot-chain-first" };

  return g_strv_contains ((const char *const *) codes, flash_diag_get_code (diag)) ||
         flash_diag_get_severity (diag) == FLASH_SEVERITY_INFO;
}

static void
check (GBytes *text, guint device_id)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (text, NULL, diags);
  g_autoptr (GHashTable) sizes = make_sizes ();
  FlashLayoutLintOptions options = { .sizes = sizes, .device_id = device_id };
  g_autofree char *init_error = NULL;

  g_assert_cmpstr (flash_layout_get_refusal (layout, NULL), ==, NULL);
  init_error = flash_layout_dup_init_error (layout, sizes, device_id, NULL);
  g_assert_cmpstr (init_error, ==, NULL);
  g_assert_true (flash_layout_lint (layout, &options, diags, NULL, NULL));
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);

    if (!is_expected (diag))
      g_test_message ("%.*s", (int) g_bytes_get_size (text),
                      (const char *) g_bytes_get_data (text, NULL));
    if (!is_expected (diag))
      g_assert_cmpstr (flash_diag_get_code (diag), ==, NULL);
  }
}

static void
test_all (void)
{
  guint n_chips;
  const FlashLayoutTemplateChip *chips = flash_layout_template_list_chips (&n_chips);

  g_assert_cmpuint (n_chips, ==, 4);
  for (guint i = 0; i < n_chips * 5 * 8; i++) {
    FlashLayoutTemplateOptions options = {
      .device_id = chips[i / 40].device_id,
      .storage = (FlashLayoutStorageKind) (i / 8 % 5),
      .has_ab = i % 2,
      .has_metadata = i / 2 % 2,
      .has_crlf = i / 4 % 2,
    };
    g_autoptr (GBytes) text = flash_layout_template_dup_text (&options);
    g_autofree char *copy = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));

    check (text, options.device_id);
    g_assert_true (g_str_has_suffix (copy, options.has_crlf ? "\r\n" : "\tnone\n"));
    g_assert_true ((strstr (copy, "\t0x02\t") != NULL) == (options.device_id >= 0x503));
    g_assert_true ((strstr (copy, "\tfip-b\t") != NULL) == options.has_ab);
    g_assert_true ((strstr (copy, "\tmetadata2\t") != NULL) ==
                   (options.has_ab || options.has_metadata));
  }
}

static char *
dup_template (guint device_id, FlashLayoutStorageKind storage, gboolean has_ab)
{
  FlashLayoutTemplateOptions options = { .device_id = device_id,
                                         .storage = storage,
                                         .has_ab = has_ab };
  g_autoptr (GBytes) text = flash_layout_template_dup_text (&options);

  return g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
}

#define HEADER "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"

static void
test_texts (void)
{
  g_autofree char *sd = dup_template (0x500, FLASH_LAYOUT_STORAGE_SD, TRUE);
  g_autofree char *emmc = dup_template (0x505, FLASH_LAYOUT_STORAGE_EMMC, FALSE);
  g_autofree char *nand = dup_template (0x500, FLASH_LAYOUT_STORAGE_NAND, FALSE);
  g_autofree char *nor = dup_template (0x501, FLASH_LAYOUT_STORAGE_NOR, FALSE);

  /* the offsets are those of stm32mp-usb.md section 3.13 */
  g_assert_cmpstr (
      sd, ==,
      HEADER ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0",
                  "none") ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "none")
          ROW ("PE", "0x04", "fsbl1", "Binary", "mmc0", "0x00004400",
               "none") ROW ("PE", "0x05", "fsbl2", "Binary", "mmc0", "0x00044400", "none")
              ROW ("PE", "0x06", "metadata1", "FWU_MDATA", "mmc0", "0x00084400", "none")
                  ROW ("PE", "0x07", "metadata2", "FWU_MDATA", "mmc0", "0x000C4400",
                       "none") ROW ("PE", "0x08", "fip-a", "FIP", "mmc0", "0x00104400", "none")
                      ROW ("PE", "0x09", "fip-b", "FIP", "mmc0", "0x00504400", "none")
                          ROW ("PE", "0x0A", "u-boot-env", "ENV", "mmc0", "0x00904400", "none")
                              ROW ("PE", "0x10", "bootfs", "System", "mmc0", "0x00984400", "none")
                                  ROW ("PE", "0x11", "rootfs", "FileSystem", "mmc0", "0x04984400",
                                       "none"));
  g_assert_nonnull (strstr (emmc, "\tfsbl1\tBinary\tmmc1\tboot1\t"));
  g_assert_nonnull (strstr (emmc, "\tfsbl2\tBinary\tmmc1\tboot2\t"));
  g_assert_nonnull (strstr (emmc, "\tfip\tFIP\tmmc1\t0x00080000\t"));
  g_assert_nonnull (strstr (nand, "\tfsbl1\tBinary(2)\tnand0\t0x00000000\t"));
  g_assert_null (strstr (nand, "fsbl2"));
  g_assert_nonnull (strstr (nor, "\tfsbl1\tBinary\tnor0\t0x00000000\t"));
  g_assert_nonnull (strstr (nor, "\tbootfs\tSystem\tmmc0\t0x00004400\t"));
}

typedef struct {
  FlashLayoutTemplateRow row;
  const char *ip; /* (nullable) */
  guint64 size;
  const char *cells;
} RowCase;

#define EMMC                                                                                       \
  ROW ("P", "0x04", "fsbl1", "Binary", "mmc1", "boot1", "a")                                       \
  ROW ("P", "0x11", "rootfs", "FileSystem", "mmc1", "0x80000", "b")

static const RowCase row_cases[] = {
  { FLASH_LAYOUT_TEMPLATE_BOOT_FSBL, NULL, 0, "-|0x01|fsbl-boot|Binary|none|0x0|none" },
  { FLASH_LAYOUT_TEMPLATE_BOOT_DDR, "mmc0", 0, "-|0x02|fip-ddr|FIP|none|0x0|none" },
  { FLASH_LAYOUT_TEMPLATE_FSBL, NULL, 0, "PE|0x05|fsbl2|Binary|mmc1|boot2|none" },
  { FLASH_LAYOUT_TEMPLATE_FSBL, "mmc0", 0, "PE|0x05|fsbl2|Binary|mmc0|0x00004400|none" },
  { FLASH_LAYOUT_TEMPLATE_METADATA, "nor0", 0, "PE|0x05|metadata1|FWU_MDATA|nor0|0x00000000|none" },
  { FLASH_LAYOUT_TEMPLATE_ENV, NULL, 64 * MIB, "PE|0x05|u-boot-env|ENV|mmc1|0x04080000|none" },
  /* an offset that is no multiple of the erase group is made one */
  { FLASH_LAYOUT_TEMPLATE_FIP, NULL, 1, "PE|0x05|fip|FIP|mmc1|0x00100000|none" },
  { FLASH_LAYOUT_TEMPLATE_BOOTFS, NULL, 0, "PE|0x10|bootfs|System|mmc1|0x100080000|none" },
  { FLASH_LAYOUT_TEMPLATE_FILESYSTEM, "ram0", 0, "PE|0x10|userfs|FileSystem|ram0|0xC0000000|none" },
  { FLASH_LAYOUT_TEMPLATE_RAW_IMAGE, "mmc0", 0, "PE|0x10|disk|RawImage|mmc0|0x00000000|none" },
  { FLASH_LAYOUT_TEMPLATE_FIP, "no storage", 0, "PE|0x05|fip|FIP|no storage|0x00000000|none" },
};

static void
test_rows (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static (EMMC, strlen (EMMC));

  for (guint i = 0; i < G_N_ELEMENTS (row_cases); i++) {
    g_auto (GStrv) cells =
        flash_layout_template_dup_row (row_cases[i].row, text, row_cases[i].ip, row_cases[i].size);
    g_autofree char *joined = g_strjoinv ("|", cells);

    g_assert_cmpstr (joined, ==, row_cases[i].cells);
  }
}

/* Whatever is added again and again to whatever template, the board takes it. */
static void
test_growing (void)
{
  for (guint i = 0; i < 5; i++) {
    FlashLayoutTemplateOptions options = { .device_id = 0x500,
                                           .storage = (FlashLayoutStorageKind) i,
                                           .has_ab = TRUE };
    g_autoptr (GBytes) start = flash_layout_template_dup_text (&options);
    g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (start);

    for (guint k = 0; k < 30; k++) {
      FlashLayoutTemplateRow row = (FlashLayoutTemplateRow) (FLASH_LAYOUT_TEMPLATE_FSBL + k % 6);
      g_autoptr (GBytes) text = flash_layout_document_dup_text (document);
      g_auto (GStrv) cells = flash_layout_template_dup_row (row, text, NULL, 1);
      g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
      g_autoptr (FlashLayout) layout = NULL;
      g_autoptr (GBytes) after = NULL;
      g_autofree char *init_error = NULL;

      g_assert_nonnull (flash_layout_document_insert (
          document, g_list_model_get_n_items (G_LIST_MODEL (document)),
          (const char *const *) cells));
      after = flash_layout_document_dup_text (document);
      layout = flash_layout_new_from_bytes (after, NULL, diags);
      g_assert_true (flash_layout_is_accepted (layout));
      init_error = flash_layout_dup_init_error (layout, NULL, 0x500, NULL);
      g_assert_cmpstr (init_error, ==, NULL);
    }
  }
}

/* No Id is free, no name is short, no offset is left, and the text is none. */
static void
test_ends (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GBytes) full = NULL;
  g_autoptr (GBytes) strange = g_bytes_new_static ("\0\1\2\3\4\5\6\7", 8);
  g_auto (GStrv) cells = NULL;
  g_auto (GStrv) other = NULL;

  for (guint id = 1; id <= 0xf0; id++)
    g_string_append_printf (
        text, "P\t0x%02x\tlong-name-ää%u\tFIP\tmmc0\t0xFFFFFFFFFFFFFFFF\tnone\n", id, id % 10);
  full = g_string_free_to_bytes (text);
  cells = flash_layout_template_dup_row (FLASH_LAYOUT_TEMPLATE_FIP, full, NULL, 0);
  g_assert_cmpstr (cells[1], ==, "0x00");
  g_assert_cmpstr (cells[5], ==, "0xFFFFFFFFFFFFFFFF");
  other = flash_layout_template_dup_row (FLASH_LAYOUT_TEMPLATE_FIP, strange, NULL, 0);
  g_assert_cmpstr (other[1], ==, "0x04");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/template/all", test_all);
  g_test_add_func ("/layout/template/texts", test_texts);
  g_test_add_func ("/layout/template/rows", test_rows);
  g_test_add_func ("/layout/template/growing", test_growing);
  g_test_add_func ("/layout/template/ends", test_ends);
  return g_test_run ();
}
