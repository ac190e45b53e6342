/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What builds leave behind: folders with many layouts, and archives of them. Thread: main. */
#pragma once

#include "flash-app-test.h"

G_BEGIN_DECLS

/* A layout for an SD card that names one file, `rootfs.ext4`. */
#define FLASH_APP_CARD_LAYOUT                                                                      \
  "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"                                                     \
  "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\trootfs.ext4\n"
/* The same for an eMMC. */
#define FLASH_APP_EMMC_LAYOUT                                                                      \
  "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"                                                     \
  "P\t0x10\trootfs\tFileSystem\tmmc1\t0x80000\trootfs.ext4\n"

/* The layout that is proposed of flash_app_make_build () if no board is chosen. */
#define FLASH_APP_BUILD_CARD "FlashLayout_sdcard_stm32mp157f-dk2-optee.tsv"
#define FLASH_APP_BUILD_EMMC "FlashLayout_emmc_stm32mp157c-ev1-optee.tsv"
#define FLASH_APP_BUILD_N_LAYOUTS 5

/* Returns: (transfer full) (type filename): a new folder as a Yocto build has it: layouts for
 * boards and storages, one of them without its file, and `rootfs.ext4`. */
char *flash_app_make_build (void);

/* Adds layouts for @n_boards made-up boards to such a folder. */
void flash_app_add_boards (const char *dir, guint n_boards);

/**
 * flash_app_pack:
 * @dir: (type filename): what to pack: its files, and those in its folders
 * @path: (type filename): the archive; its name says of which kind: `.zip`, `.tar.zst`, `.tar`
 */
void flash_app_pack (const char *dir, const char *path);

/* Packs a layout whose name leads out of the archive, `../evil.tsv`. */
void flash_app_pack_hostile (const char *path);

/* Packs FLASH_APP_CARD_LAYOUT with a file of @size zeros. */
void flash_app_pack_large (const char *path, guint64 size);

/* Returns: (transfer full) (type filename): where windows unpack archives. */
char *flash_app_dup_opened_folder (void);

/* Returns: how many archives are unpacked there now. */
guint flash_app_count_opened (void);

/* --- the window ------------------------------------------------------------------------------ */

/**
 * FlashBuildFixture:
 * @app: the window
 * @build: (type filename): folder of a build, see flash_app_make_build ()
 * @dir: (type filename): an empty folder, for archives
 */
typedef struct {
  FlashAppFixture app;
  char *build;
  char *dir;
} FlashBuildFixture;

/* Opens a window, and makes the folders. */
void flash_build_fixture_set_up (FlashBuildFixture *self, gconstpointer unused);
/* Closes the window; whatever was unpacked must be gone then. */
void flash_build_fixture_tear_down (FlashBuildFixture *self, gconstpointer unused);

/* Returns: (transfer none) (nullable): the label of the window with that text. */
GtkWidget *flash_build_find (FlashBuildFixture *self, const char *text);

/* Returns: (transfer none): what the bar says, or has said last. */
const char *flash_build_get_bar_title (FlashBuildFixture *self);
const char *flash_build_get_bar_detail (FlashBuildFixture *self);

/* Opens @path without waiting for what comes of it. */
void flash_build_start_opening (FlashBuildFixture *self, const char *path);

/* Returns: (transfer full) (type filename): an archive of @dir, by its name. */
char *flash_build_pack (FlashBuildFixture *self, const char *dir, const char *name);

/* Returns: (transfer none) (nullable): the dialog that lets choose a layout, if it is shown. */
GtkWidget *flash_build_find_dialog (void);
GtkWidget *flash_build_wait_for_dialog (void);
void flash_build_close_dialog (void);

/* Returns: (transfer none) (nullable): the row of the layout with that name, if it is shown. */
GtkWidget *flash_build_find_row (GtkWidget *dialog, const char *name);

/* Returns: (transfer none): what the header bar says. */
const char *flash_build_get_title (FlashBuildFixture *self);
const char *flash_build_get_subtitle (FlashBuildFixture *self);

/* Returns: (transfer none) (type filename): the file that is open. */
const char *flash_build_get_path (FlashBuildFixture *self);

G_END_DECLS
