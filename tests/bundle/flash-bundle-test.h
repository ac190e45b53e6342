/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives for tests, good ones and others. Thread: main. */
#pragma once

#include "flash-bundle-private.h"
#include "flash-test-images.h"

G_BEGIN_DECLS

#define ROW(...) FLASH_BUNDLE_TEST_JOIN (__VA_ARGS__)
#define FLASH_BUNDLE_TEST_JOIN(option, id, name, type, ip, offset, binary)                         \
  option "\t" id "\t" name "\t" type "\t" ip "\t" offset "\t" binary "\n"

#define HEADER "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
/* A layout for an SD card that names one file. */
#define CARD_LAYOUT(file) HEADER ROW ("P", "0x10", "rootfs", "FileSystem", "mmc0", "0x4400", file)
/* The same for an eMMC. */
#define EMMC_LAYOUT(file) HEADER ROW ("P", "0x10", "rootfs", "FileSystem", "mmc1", "0x80000", file)

/**
 * FlashBundleTestEntry:
 * @type: what it is
 * @name: any bytes
 * @text: (nullable): what is in a file, or where a link leads
 * @size: of a file of zeros, if there is no text
 */
typedef struct {
  FlashBundleEntryType type;
  const char *name;
  const char *text;
  guint64 size;
} FlashBundleTestEntry;

#define FILE_ENTRY(name, text)                                                                     \
  {                                                                                                \
    FLASH_BUNDLE_ENTRY_FILE, name, text, 0                                                         \
  }
#define ZERO_ENTRY(name, size)                                                                     \
  {                                                                                                \
    FLASH_BUNDLE_ENTRY_FILE, name, NULL, size                                                      \
  }
#define SYMLINK_ENTRY(name, target)                                                                \
  {                                                                                                \
    FLASH_BUNDLE_ENTRY_SYMLINK, name, target, 0                                                    \
  }
#define HARDLINK_ENTRY(name, target)                                                               \
  {                                                                                                \
    FLASH_BUNDLE_ENTRY_HARDLINK, name, target, 0                                                   \
  }
#define FOLDER_ENTRY(name)                                                                         \
  {                                                                                                \
    FLASH_BUNDLE_ENTRY_FOLDER, name, NULL, 0                                                       \
  }
#define DEVICE_ENTRY(name)                                                                         \
  {                                                                                                \
    FLASH_BUNDLE_ENTRY_OTHER, name, NULL, 0                                                        \
  }

/**
 * flash_bundle_test_pack:
 * @dir: where to put it
 * @format: what to make
 * @entries: (array length=n_entries): in this order
 *
 * Returns: (transfer full) (type filename): the archive
 */
char *flash_bundle_test_pack (const char *dir, FlashBundleFormat format,
                              const FlashBundleTestEntry *entries, guint n_entries);

/* The same with a file that has data only in its last 4 KiB, `name`, and a layout for it. */
char *flash_bundle_test_pack_sparse (const char *dir, const char *name, guint64 size);

/* Opens it with other limits than the usual ones, if there are @limits. */
FlashBundle *
flash_bundle_test_open (const char *path, const FlashBundleLimits *limits, GError **error);

/* Opens an archive that is only in memory. */
FlashBundle *flash_bundle_test_open_bytes (const void *bytes, gsize size, GError **error);

/* Opens what must be good. */
FlashBundle *flash_bundle_test_open_good (const char *path);

/* Asserts that opening it fails so, with @words in the message. */
void flash_bundle_test_assert_refused (const char *path, const FlashBundleLimits *limits,
                                       FlashBundleError code, const char *words);

/**
 * flash_bundle_test_unpack:
 * @folder: where to
 * @out_unpacked: (out) (transfer full): the new folder
 *
 * Unpacks what must be good. Returns: (transfer full): the layout
 */
char *flash_bundle_test_unpack (FlashBundle *bundle, guint index, const char *folder,
                                char **out_unpacked);

/* Asserts that @dir/@name has that contents. */
void flash_bundle_test_assert_file (const char *dir, const char *name, const char *contents);

/* Returns: how many entries a folder has. */
guint flash_bundle_test_count (const char *dir);

/* Replaces bytes of a file: all places where @old stands. */
void flash_bundle_test_patch (const char *path, const void *old, gsize old_length,
                              const void *replacement);

G_END_DECLS
