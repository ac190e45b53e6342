/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-fip.h"

#include "flash-bytes.h"
#include "flash-format.h"
#include "flash-sample-images.h"

/* A package with a boot loader of 100 bytes, an unknown image of 7 and a device tree. */
#define N_ENTRIES 3
#define ENTRY_AT(index) (16 + 40 * (index))
#define CONTENTS_END ENTRY_AT (N_ENTRIES + 1)

static GByteArray *
make_package (void)
{
  g_autoptr (GByteArray) loader = g_byte_array_new ();
  g_autoptr (GByteArray) strange = g_byte_array_new ();
  g_autoptr (GByteArray) tree = flash_sample_dtb_new ("Board A", "a,b", 4);
  const FlashSampleFipEntry entries[] = {
    { FLASH_SAMPLE_UUID_BL33, loader },
    { FLASH_SAMPLE_UUID_STRANGE, strange },
    { FLASH_SAMPLE_UUID_HW_CONFIG, tree },
    FLASH_SAMPLE_END,
  };

  g_byte_array_set_size (loader, 100);
  memset (loader->data, 0x33, loader->len);
  g_byte_array_append (strange, (const guint8 *) "strange", 7);
  return flash_sample_fip_new (entries);
}

static FlashFip *
read_package (GByteArray *file, FlashDiagList *diags)
{
  g_autoptr (FlashSource) source = flash_sample_source_new (file);
  g_autoptr (GError) error = NULL;
  FlashFip *fip = flash_fip_read (source, diags, &error);

  g_assert_no_error (error);
  g_assert_nonnull (fip);
  return fip;
}

static void
test_whole (void)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  GByteArray *file = make_package ();
  guint size = file->len;
  g_autoptr (FlashFip) fip = read_package (file, diags);
  g_autoptr (FlashFip) again = flash_fip_ref (fip);
  const FlashFipEntry *entry = flash_fip_find (again, FLASH_FIP_BL33);

  g_assert_cmpuint (flash_diag_list_get_length (diags), ==, 0);
  g_assert_cmphex (fip->serial, ==, 0x12345678);
  g_assert_cmpuint (fip->total_size, ==, size);
  g_assert_cmpuint (fip->entries->len, ==, N_ENTRIES);
  g_assert_cmpstr (fip->model, ==, "Board A");
  g_assert_cmpstr (fip->compatible[0], ==, "a,b");
  g_assert_cmpstr (entry->uuid, ==, "d6d0eea7-fcea-d54b-9782-9934f234b6e4");
  g_assert_cmpuint (entry->offset, ==, CONTENTS_END);
  g_assert_cmpuint (entry->size, ==, 100);
  g_assert_true (flash_fip_has (fip, FLASH_FIP_HW_CONFIG));
  g_assert_true (flash_fip_has (fip, FLASH_FIP_UNKNOWN));
  g_assert_false (flash_fip_has (fip, FLASH_FIP_DDR_FW));
}

typedef struct {
  const char *uuid; /* as in stm32mp-usb.md section 4.7 */
  const char *name;
} Name;

static const Name names[] = {
  { "47d4086d4cfe98469b952950cbbd5a00", "bl31" },
  { "05d0e18953dc13478d2b500a4b7a3e38", "bl32" },
  { "0b70c29b2a5a78409f650a5682738288", "bl32-extra1" },
  { "8ea87bb1cfa23f4d85fde7bba50220d9", "bl32-extra2" },
  { "d6d0eea7fcead54b97829934f234b6e4", "bl33" },
  { "08b8f1d9c9cf9349a9626fbc6b7265cc", "hw-config" },
  { "5807e16a845947be8ed5648e8dddab0e", "fw-config" },
  { "9979814b0376fb468c8e8d267f7859e0", "soc-fw-config" },
  { "b11249be92dd4b10867c2c6a4b47a7fb", "ddr-fw" },
  { "501d8dd28bce49a584eb559a9f2eaeaf", "stm32mp-config-cert" },
  { "5ff9ec0b4d223e4da544c39d81c73f0a", "bl2" },
  { "6c0458ffaf6b7d4f82edaa27bc69bfd2", "tb-fw-config" },
  { "26257c1adbc67f478d96c4c4b0248021", "tos-fw-config" },
  { "28da981593e87e44ac661aaf801550f9", "nt-fw-config" },
  { "827ee890f860e411a1b4777a21b4f94c", "certificate" },
  { "8ec4c1f35d63e411a7a987ee40b23fa7", "certificate" },
  { FLASH_SAMPLE_UUID_STRANGE, NULL },
};

static void
test_names (void)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  g_byte_array_append (data, (const guint8 *) "x", 1);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const FlashSampleFipEntry entries[] = { { names[i].uuid, data }, FLASH_SAMPLE_END };
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashFip) fip = read_package (flash_sample_fip_new (entries), diags);

    g_assert_cmpstr (flash_fip_kind_get_name (g_array_index (fip->entries, FlashFipEntry, 0).kind),
                     ==, names[i].name);
  }
}

/* One number of the package is changed, one thing is complained about. */
typedef struct {
  gsize at;
  guint64 value;
  const char *code;
  FlashSeverity severity;
  const char *message;
} Fault;

static const Fault faults[] = {
  { 4, 0, "fip-serial-zero", FLASH_SEVERITY_ERROR,
    "The package's serial number is 0; the board refuses it." },
  { ENTRY_AT (0) + 16, CONTENTS_END - 1, "fip-entry-in-contents", FLASH_SEVERITY_ERROR,
    "Image bl33 starts at 0x000000af, inside the list of images." },
  { ENTRY_AT (0) + 24, 101, "fip-entries-overlap", FLASH_SEVERITY_ERROR,
    "Images bl33 and 00112233-4455-6677-8899-aabbccddeeff overlap." },
  { ENTRY_AT (0) + 24, 0, "fip-entry-empty", FLASH_SEVERITY_WARNING, "Image bl33 is empty." },
  { ENTRY_AT (1) + 24, 0x100000, "fip-entry-beyond-end", FLASH_SEVERITY_ERROR,
    "Image 00112233-4455-6677-8899-aabbccddeeff has 1 MiB from 0x00000114 on, but the file ends at "
    "0x000001d7." },
  { ENTRY_AT (2) + 16, 0xffffffffffffffffu, "fip-entry-beyond-end", FLASH_SEVERITY_ERROR,
    "Image hw-config has 188 B from 0xffffffffffffffff on, but the file ends at 0x000001d7." },
  { ENTRY_AT (2) + 24, 39, "fip-device-tree-broken", FLASH_SEVERITY_WARNING,
    "The hardware configuration is not a device tree that can be read; which board the package is "
    "for cannot be told." },
  { ENTRY_AT (3) + 16, 0x200000, "fip-truncated", FLASH_SEVERITY_ERROR,
    "The file has 471 B, the package in it 2 MiB: the file is cut off." },
};

static void
test_faults (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    GByteArray *file = make_package ();
    g_autoptr (FlashFip) fip = NULL;
    const FlashDiag *diag;
    g_autofree char *message = NULL;

    if (faults[i].at == 4)
      flash_put_le32 (file->data + 4, (guint32) faults[i].value);
    else
      flash_put_le64 (file->data + faults[i].at, faults[i].value);
    fip = read_package (file, diags);
    diag = flash_diag_list_find (diags, faults[i].code);
    g_assert_nonnull (diag);
    message = flash_diag_dup_message (diag, NULL);
    g_assert_cmpstr (message, ==, faults[i].message);
    g_assert_cmpint (flash_diag_get_severity (diag), ==, faults[i].severity);
    g_assert_cmpuint (fip->entries->len, ==, N_ENTRIES);
  }
}

/* What ends exactly with the file or starts exactly behind the contents is right; so is an empty
 * pageable part of OP-TEE. */
static void
test_edges (void)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GByteArray) nothing = g_byte_array_new ();
  const FlashSampleFipEntry entries[] = {
    { "8ea87bb1cfa23f4d85fde7bba50220d9", nothing },
    { FLASH_SAMPLE_UUID_DDR_FW, data },
    FLASH_SAMPLE_END,
  };
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashFip) fip = NULL;

  g_byte_array_append (data, (const guint8 *) "x", 1);
  fip = read_package (flash_sample_fip_new (entries), diags);
  g_assert_cmpuint (flash_diag_list_get_length (diags), ==, 0);
  g_assert_null (fip->model);
  g_assert_null (fip->compatible);
}

static void
test_twice (void)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  const FlashSampleFipEntry entries[] = {
    { FLASH_SAMPLE_UUID_DDR_FW, data },
    { FLASH_SAMPLE_UUID_DDR_FW, data },
    FLASH_SAMPLE_END,
  };
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashFip) fip = NULL;

  g_byte_array_append (data, (const guint8 *) "x", 1);
  fip = read_package (flash_sample_fip_new (entries), diags);
  g_assert_cmpuint (flash_diag_list_get_length (diags), ==, 1);
  g_assert_nonnull (flash_diag_list_find (diags, "fip-entry-twice"));
  g_assert_cmpuint (flash_fip_find (fip, FLASH_FIP_DDR_FW)->offset, ==, ENTRY_AT (3));
}

/* Cut inside the list, and a list that goes on and on. */
static void
test_no_end (void)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  GByteArray *file = make_package ();
  g_autoptr (FlashFip) fip = NULL;

  g_byte_array_set_size (file, ENTRY_AT (2) + 39);
  fip = read_package (file, diags);
  g_assert_cmpuint (fip->entries->len, ==, 2);
  g_assert_cmpuint (fip->total_size, ==, 0);
  g_assert_nonnull (flash_diag_list_find (diags, "fip-no-terminator"));
}

static void
test_too_many (void)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  GByteArray *file = make_package ();
  g_autoptr (FlashFip) fip = NULL;

  g_byte_array_set_size (file, ENTRY_AT (FLASH_FIP_MAX_ENTRIES + 1));
  memset (file->data + ENTRY_AT (0), 0xff, ENTRY_AT (FLASH_FIP_MAX_ENTRIES + 1) - ENTRY_AT (0));
  fip = read_package (file, diags);
  g_assert_cmpuint (fip->entries->len, ==, FLASH_FIP_MAX_ENTRIES);
  g_assert_nonnull (flash_diag_list_find (diags, "fip-too-many-entries"));
  g_assert_null (flash_diag_list_find (diags, "fip-no-terminator"));
}

static void
test_not_a_package (void)
{
  static const char *const inputs[] = { "", "\x01\x00\x64", "\x01\x00\x64\xab 23456789012345" };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++) {
    gsize length = i == 0 ? 0 : i == 1 ? 3 : 20;
    g_autoptr (FlashSource) source = flash_sample_source_new_static (inputs[i], length);
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (GError) error = NULL;

    g_assert_null (flash_fip_read (source, diags, &error));
    g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT);
  }
}

static void
test_head_cut (void)
{
  static const guint8 head[15] = { 0x01, 0x00, 0x64, 0xaa, 0x01 };
  g_autoptr (FlashSource) source = flash_sample_source_new_static (head, sizeof head);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_fip_read (source, diags, &error));
  g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED);
  g_assert_cmpstr (error->message, ==,
                   "the file has 15 bytes, a firmware image package at least 16");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fip/whole", test_whole);
  g_test_add_func ("/fip/names", test_names);
  g_test_add_func ("/fip/faults", test_faults);
  g_test_add_func ("/fip/edges", test_edges);
  g_test_add_func ("/fip/twice", test_twice);
  g_test_add_func ("/fip/no-end", test_no_end);
  g_test_add_func ("/fip/too-many", test_too_many);
  g_test_add_func ("/fip/not-a-package", test_not_a_package);
  g_test_add_func ("/fip/head-cut", test_head_cut);
  return g_test_run ();
}
