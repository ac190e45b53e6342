/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a bundle says about the layouts in it, and which one it takes. */
#define G_LOG_DOMAIN "test-bundle"

#include "config.h"

#include "flash-bundle-test.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#define YOCTO "deploy/flashlayout_st-image-weston/"
#define STAGES                                                                                     \
  HEADER ROW ("-", "0x01", "fsbl", "Binary", "none", "0x0", "arm/tf-a.stm32")                      \
      ROW ("-", "0x03", "fip", "FIP", "none", "0x0", "fip/fip.bin")

static const FlashBundleFormat formats[] = {
  FLASH_BUNDLE_FORMAT_TAR,  FLASH_BUNDLE_FORMAT_GZIP,  FLASH_BUNDLE_FORMAT_XZ,
  FLASH_BUNDLE_FORMAT_ZSTD, FLASH_BUNDLE_FORMAT_BZIP2, FLASH_BUNDLE_FORMAT_ZIP,
};

/* The same deploy folder in every format: nothing else may differ. */
static void
test_formats (void)
{
  static const FlashBundleTestEntry entries[] = {
    FOLDER_ENTRY ("deploy/"),
    FOLDER_ENTRY ("deploy/"),
    ZERO_ENTRY ("deploy/rootfs.ext4", 300000),
    FILE_ENTRY ("deploy/arm/tf-a.stm32", "tf-a"),
    FILE_ENTRY ("deploy/fip/fip.bin", "fip"),
    FILE_ENTRY (YOCTO "optee/FlashLayout_sdcard_stm32mp157f-dk2-optee.tsv",
                STAGES ROW ("P", "0x10", "rootfs", "FileSystem", "mmc0", "0x4400", "rootfs.ext4")),
    FILE_ENTRY (YOCTO "optee/FlashLayout_emmc_stm32mp157f-dk2-optee.tsv",
                STAGES ROW ("P", "0x10", "rootfs", "FileSystem", "mmc1", "0x80000", "missing.ext4")
                    ROW ("P", "0x11", "other", "Binary", "mmc1", "0x90000", "other.bin")),
    FILE_ENTRY ("deploy/packages.tsv", "name\tsize\nlibc\t1\n"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path =
        flash_bundle_test_pack (dir, formats[i], entries, G_N_ELEMENTS (entries));
    g_autoptr (FlashBundle) bundle = NULL;
    const FlashBundleLayout *layout;
    FlashBundleReason reason;

    g_assert_true (flash_bundle_is_bundle (path));
    bundle = flash_bundle_test_open_good (path);
    g_assert_cmpint (flash_bundle_get_kind (bundle), ==, FLASH_BUNDLE_ARCHIVE);
    g_assert_cmpstr (flash_bundle_get_path (bundle), ==, path);
    g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 2);
    g_assert_cmpuint (flash_diag_list_get_length (flash_bundle_get_diags (bundle)), ==, 0);

    layout = flash_bundle_get_layout (bundle, 0);
    g_assert_cmpstr (layout->name, ==, YOCTO "optee/FlashLayout_emmc_stm32mp157f-dk2-optee.tsv");
    g_assert_cmpint (layout->storage, ==, FLASH_BUNDLE_STORAGE_EMMC);
    g_assert_cmpuint (layout->n_missing, ==, 2);
    g_assert_cmpuint (layout->n_partitions, ==, 2);
    layout = flash_bundle_get_layout (bundle, 1);
    g_assert_cmpstr (layout->board, ==, "stm32mp157f-dk2");
    g_assert_cmpuint (layout->device_id, ==, 0x500);
    g_assert_cmpstr (layout->variant, ==, "optee");
    g_assert_cmpint (layout->storage, ==, FLASH_BUNDLE_STORAGE_SDCARD);
    g_assert_cmpuint (layout->n_missing, ==, 0);
    g_assert_cmpuint (layout->n_partitions, ==, 1);
    g_assert_true (layout->is_accepted);
    g_assert_false (layout->is_special);
    g_assert_cmpuint (layout->unpack_size, ==, 300000 + 4 + 3 + strlen (entries[5].text));

    g_assert_cmpuint (flash_bundle_choose (bundle, 0, &reason), ==, 1);
    g_assert_cmpint (reason, ==, FLASH_BUNDLE_REASON_COMPLETE);
    flash_test_remove_dir (dir);
  }
}

/* Names of builds, by hand and by ST. */
static void
test_names (void)
{
  static const struct {
    const char *name, *board, *variant;
    guint device_id;
  } cases[] = {
    { "FlashLayout_sdcard_stm32mp157f-dk2-trusted.tsv", "stm32mp157f-dk2", "trusted", 0x500 },
    { "FlashLayout_emmc_stm32mp157f-ev1_sample.tsv", "stm32mp157f-ev1", "sample", 0x500 },
    { "FlashLayout_sdcard_stm32mp135f-dk-optee.tsv", "stm32mp135f-dk", "optee", 0x501 },
    { "FlashLayout_nand-4-256-1024_stm32mp157f-ev1-optee.tsv", "stm32mp157f-ev1", "optee", 0x500 },
    { "FlashLayout_sdcard_stm32mp257f-ev1-optee-programmer-usb.tsv", "stm32mp257f-ev1",
      "optee-programmer-usb", 0x505 },
    { "FlashLayout_sdcard_stm32mp215f-dk-opteemin.tsv", "stm32mp215f-dk", "opteemin", 0x503 },
    { "FlashLayout_sdcard_stm32mp235f-dk-optee.tsv", "stm32mp235f-dk", "optee", 0x505 },
    { "FlashLayout_sdcard_stm32mp157a-stm32mp151-dk1-mx-trusted.tsv",
      "stm32mp157a-stm32mp151-dk1-mx", "trusted", 0x500 },
    { "STM32MP157C-DK2/opteemin/flash.tsv", "stm32mp157c-dk2", "opteemin", 0x500 },
    { "stm32mp15-disco/images/flash.tsv", "stm32mp15-disco", NULL, 0x500 },
    { "stm32mp1/flash.tsv", NULL, NULL, 0 },
    { "stm32mp999-board/flash.tsv", "stm32mp999-board", NULL, 0 },
    { "images/flash.tsv", NULL, NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    const FlashBundleTestEntry entry = FILE_ENTRY (cases[i].name, CARD_LAYOUT ("a.bin"));
    g_autofree char *path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, &entry, 1);
    g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
    const FlashBundleLayout *layout = flash_bundle_get_layout (bundle, 0);

    g_assert_cmpstr (layout->board, ==, cases[i].board);
    g_assert_cmpstr (layout->variant, ==, cases[i].variant);
    g_assert_cmphex (layout->device_id, ==, cases[i].device_id);
    flash_test_remove_dir (dir);
  }
}

/* What the names of the layout do not say, those of its boot stages may, or the bundle's own. */
static void
test_other_names (void)
{
  static const FlashBundleTestEntry staged =
      FILE_ENTRY ("flash.tsv", HEADER ROW ("-", "0x01", "fsbl", "Binary", "none", "0x0",
                                           "arm/tf-a-stm32mp135f-dk-usb.stm32"));
  static const FlashBundleTestEntry plain = FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("a.bin"));
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_ZIP, &staged, 1);
  g_autofree char *plain_path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, &plain, 1);
  g_autofree char *named = g_build_filename (dir, "stm32mp257f-dk-usb.tar", NULL);
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  g_autoptr (FlashBundle) other = NULL;
  const FlashBundleLayout *layout = flash_bundle_get_layout (bundle, 0);

  g_assert_cmpstr (layout->board, ==, "stm32mp135f-dk");
  g_assert_null (layout->variant);
  g_assert_cmpint (layout->storage, ==, FLASH_BUNDLE_STORAGE_NONE);
  g_assert_cmpuint (layout->n_partitions, ==, 0);
  g_assert_cmpint (g_rename (plain_path, named), ==, 0);
  other = flash_bundle_test_open_good (named);
  layout = flash_bundle_get_layout (other, 0);
  g_assert_cmpstr (layout->board, ==, "stm32mp257f-dk");
  flash_test_remove_dir (dir);
}

/* Names that are not ASCII are found in any locale. */
static void
test_unicode (void)
{
  static const FlashBundleTestEntry entry = FILE_ENTRY ("größe/ß.tsv", CARD_LAYOUT ("x"));

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = NULL;
    g_autoptr (FlashBundle) bundle = NULL;

    setlocale (LC_ALL, "C.UTF-8");
    path = flash_bundle_test_pack (dir, formats[i], &entry, 1);
    setlocale (LC_ALL, "C");
    bundle = flash_bundle_test_open_good (path);
    g_assert_cmpstr (flash_bundle_get_layout (bundle, 0)->name, ==, entry.name);
    flash_test_remove_dir (dir);
  }
}

static void
test_storages (void)
{
#define PART(ip, offset) ROW ("P", "0x10", "a", "Binary", ip, offset, "a.bin")
  static const struct {
    const char *name, *rows;
    FlashBundleStorage storage;
    const char *code;
  } cases[] = {
    { "a.tsv", PART ("mmc0", "0x4400"), FLASH_BUNDLE_STORAGE_SDCARD, "sdcard" },
    { "a.tsv", PART ("mmc1", "0x4400"), FLASH_BUNDLE_STORAGE_EMMC, "emmc" },
    { "a.tsv", PART ("mmc0", "boot1"), FLASH_BUNDLE_STORAGE_EMMC, "emmc" },
    { "my-emmc.tsv", PART ("mmc0", "0x4400"), FLASH_BUNDLE_STORAGE_EMMC, "emmc" },
    { "my-sdcard.tsv", PART ("mmc2", "0x4400"), FLASH_BUNDLE_STORAGE_SDCARD, "sdcard" },
    { "a.tsv", PART ("nor0", "0x0"), FLASH_BUNDLE_STORAGE_NOR, "nor" },
    { "a.tsv", PART ("nand0", "0x0"), FLASH_BUNDLE_STORAGE_NAND, "nand" },
    { "a.tsv", PART ("spi-nand0", "0x0"), FLASH_BUNDLE_STORAGE_SPI_NAND, "spi-nand" },
    { "a.tsv", PART ("ram0", "0xC2000000"), FLASH_BUNDLE_STORAGE_RAM, "ram" },
    { "a.tsv", PART ("nor0", "0x0") PART ("mmc0", "0x4400"), FLASH_BUNDLE_STORAGE_SEVERAL,
      "several" },
    { "a.tsv", ROW ("-", "0x01", "a", "Binary", "none", "0x0", "a.bin"), FLASH_BUNDLE_STORAGE_NONE,
      "none" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autoptr (FlashBundle) bundle = NULL;
    FlashBundleStorage storage;

    flash_test_write_text (dir, cases[i].name, cases[i].rows);
    bundle = flash_bundle_test_open_good (dir);
    storage = flash_bundle_get_layout (bundle, 0)->storage;
    g_assert_cmpint (storage, ==, cases[i].storage);
    g_assert_cmpstr (flash_bundle_storage_get_name (storage), ==, cases[i].code);
    flash_test_remove_dir (dir);
  }
}

static const struct {
  const char *names[3];
  const char *texts[3];
  guint device_id;
  const char *chosen;
  const char *reason;
} choices[] = {
  { { "b.tsv" }, { CARD_LAYOUT ("none") }, 0, "b.tsv", "only" },
  { { "b.tsv", "a.tsv" }, { CARD_LAYOUT ("x"), CARD_LAYOUT ("x") }, 0, "a.tsv", "name" },
  { { "a.tsv", "b.tsv" },
    { HEADER "Q\t0x10\ta\tBinary\tmmc0\t0x0\tx\n", CARD_LAYOUT ("x") },
    0,
    "b.tsv",
    "accepted" },
  { { "stm32mp135f-dk.tsv", "stm32mp257f-dk.tsv" },
    { CARD_LAYOUT ("there.bin"), CARD_LAYOUT ("missing") },
    0x505,
    "stm32mp257f-dk.tsv",
    "chip" },
  { { "stm32mp135f-dk.tsv", "flash.tsv" },
    { CARD_LAYOUT ("x"), EMMC_LAYOUT ("x") },
    0x505,
    "flash.tsv",
    "chip" },
  { { "stm32mp135f-dk.tsv", "stm32mp257f-dk.tsv" },
    { CARD_LAYOUT ("x"), CARD_LAYOUT ("there.bin") },
    0,
    "stm32mp257f-dk.tsv",
    "complete" },
  { { "FlashLayout_sdcard_stm32mp157f-dk2-extensible.tsv",
      "FlashLayout_sdcard_stm32mp157f-dk2-optee.tsv",
      "FlashLayout_sdcard_stm32mp157f-dk2_sample.tsv" },
    { CARD_LAYOUT ("there.bin"), CARD_LAYOUT ("there.bin"), CARD_LAYOUT ("there.bin") },
    0x500,
    "FlashLayout_sdcard_stm32mp157f-dk2-optee.tsv",
    "usual" },
  { { "a.tsv", "b.tsv", "c.tsv" },
    { EMMC_LAYOUT ("x"), CARD_LAYOUT ("x"),
      HEADER ROW ("P", "0x10", "a", "Binary", "ram0", "0x0", "x") },
    0,
    "b.tsv",
    "storage" },
  { { "a.tsv", "b.tsv", "c.tsv" },
    { CARD_LAYOUT ("x"), CARD_LAYOUT ("there.bin"), CARD_LAYOUT ("there.bin") },
    0,
    "b.tsv",
    "name" },
};

static void
test_choice (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autoptr (FlashBundle) bundle = NULL;
    FlashBundleReason reason;
    guint index;

    flash_test_write_text (dir, "there.bin", "there");
    for (guint k = 0; k < 3 && choices[i].names[k] != NULL; k++)
      flash_test_write_text (dir, choices[i].names[k], choices[i].texts[k]);
    bundle = flash_bundle_test_open_good (dir);
    index = flash_bundle_choose (bundle, choices[i].device_id, &reason);
    g_assert_cmpstr (flash_bundle_get_layout (bundle, index)->name, ==, choices[i].chosen);
    g_assert_cmpstr (flash_bundle_reason_get_name (reason), ==, choices[i].reason);
    g_assert_cmpuint (flash_bundle_choose (bundle, choices[i].device_id, NULL), ==, index);
    flash_test_remove_dir (dir);
  }
}

static void
test_find (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("a/flash.tsv", CARD_LAYOUT ("x")),
    FILE_ENTRY ("b/flash.tsv", CARD_LAYOUT ("x")),
    FILE_ENTRY ("b/ram.tsv", CARD_LAYOUT ("x")),
    FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("x")),
  };
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path =
      flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_GZIP, entries, G_N_ELEMENTS (entries));
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  guint index = 99;

  g_assert_false (flash_bundle_find_layout (bundle, "none.tsv", &index));
  g_assert_false (flash_bundle_find_layout (bundle, "am.tsv", &index));
  g_assert_cmpuint (index, ==, 99);
  g_assert_true (flash_bundle_find_layout (bundle, "ram.tsv", &index));
  g_assert_cmpuint (index, ==, 2);
  g_assert_true (flash_bundle_find_layout (bundle, "b/flash.tsv", &index));
  g_assert_cmpuint (index, ==, 1);
  g_assert_true (flash_bundle_find_layout (bundle, "flash.tsv", &index));
  g_assert_cmpuint (index, ==, 3);
  flash_test_remove_dir (dir);
}

/* Faults are to be seen in the layout, not to hide it. */
static void
test_faulty_layouts (void)
{
  static const char *const texts[] = {
    HEADER,
    "\xef\xbb\xbf" HEADER,
    "    #Opt Id Name Type IP Offset Binary\n    - 0x01 fsbl1-boot Binary none 0x0 a.stm32\n",
    "# made by hand\n#Opt\tId\tName\nP\t0x10\n",
    "P\t0x10\ta\tBinary\tmmc0\t0x4400\tx\nnonsense\n",
  };
  static const char *const others[] = {
    "", "a\tb\n1\t2\n", "#Opt\n", "#Option\tId\n", "x#Opt\tId\n", "#Opt\tName\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts) + G_N_ELEMENTS (others); i++) {
    gboolean is_layout = i < G_N_ELEMENTS (texts);
    g_autofree char *dir = flash_test_make_dir ();
    const FlashBundleTestEntry entry =
        FILE_ENTRY ("a.tsv", is_layout ? texts[i] : others[i - G_N_ELEMENTS (texts)]);
    g_autofree char *path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, &entry, 1);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashBundle) bundle = flash_bundle_open (path, NULL, NULL, NULL, &error);

    if (is_layout)
      g_assert_no_error (error);
    else
      g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_NO_LAYOUT);
    flash_test_remove_dir (dir);
  }
}

static void
test_is_bundle (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *layout = g_build_filename (dir, "flash.tsv", NULL);
  g_autofree char *missing = g_build_filename (dir, "missing", NULL);
  g_autofree char *large = g_build_filename (dir, "large", NULL);
  g_autoptr (GError) error = NULL;

  flash_test_write_text (dir, "flash.tsv", CARD_LAYOUT ("x"));
  flash_test_write_sparse (dir, "large", 4096);
  g_assert_true (flash_bundle_is_bundle (dir));
  g_assert_false (flash_bundle_is_bundle (layout));
  g_assert_false (flash_bundle_is_bundle (missing));
  g_assert_false (flash_bundle_is_bundle (large));
  g_assert_null (flash_bundle_open (missing, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_prefix (error->message, "missing: "));
  flash_bundle_test_assert_refused (layout, NULL, FLASH_BUNDLE_ERROR_UNKNOWN_KIND, "no archive");
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/formats", test_formats);
  g_test_add_func ("/bundle/names", test_names);
  g_test_add_func ("/bundle/other-names", test_other_names);
  g_test_add_func ("/bundle/unicode", test_unicode);
  g_test_add_func ("/bundle/storages", test_storages);
  g_test_add_func ("/bundle/choice", test_choice);
  g_test_add_func ("/bundle/find", test_find);
  g_test_add_func ("/bundle/faulty-layouts", test_faulty_layouts);
  g_test_add_func ("/bundle/is-bundle", test_is_bundle);
  return g_test_run ();
}
