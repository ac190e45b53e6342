/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For every code: whether a program may mend it, and how. */
#define G_LOG_DOMAIN "flash-layout-fix-table"

#include "config.h"

#include "flash-layout-fix-private.h"

/* Something that only people can decide, or that is not in the text of the layout. */
#define NOTHING(code)                                                                              \
  {                                                                                                \
    code, FLASH_LAYOUT_FIX_NONE, FLASH_LAYOUT_METHOD_NONE, NULL                                    \
  }
/* The diagnostic says what its cell, or the option of the line, has to be. */
#define CELL(code)                                                                                 \
  {                                                                                                \
    code, FLASH_LAYOUT_FIX_SAFE, FLASH_LAYOUT_METHOD_CELL, NULL                                    \
  }
#define ASK_CELL(code)                                                                             \
  {                                                                                                \
    code, FLASH_LAYOUT_FIX_ASK, FLASH_LAYOUT_METHOD_CELL, NULL                                     \
  }
#define ASK_OPTION(code)                                                                           \
  {                                                                                                \
    code, FLASH_LAYOUT_FIX_ASK, FLASH_LAYOUT_METHOD_OPTION, NULL                                   \
  }
/* The line as a whole. */
#define LINE(code, mend)                                                                           \
  {                                                                                                \
    code, FLASH_LAYOUT_FIX_SAFE, FLASH_LAYOUT_METHOD_LINE, mend                                    \
  }
/* The next free Id; it is asked if that changes the order of writing. */
#define ID(code)                                                                                   \
  {                                                                                                \
    code, FLASH_LAYOUT_FIX_SAFE, FLASH_LAYOUT_METHOD_ID, NULL                                      \
  }
#define ASK_ID(code)                                                                               \
  {                                                                                                \
    code, FLASH_LAYOUT_FIX_ASK, FLASH_LAYOUT_METHOD_ID, NULL                                       \
  }

/* Sorted by code. */
static const FlashLayoutRemedy remedies[] = {
  NOTHING ("android-sparse-image"),
  NOTHING ("bad-boot-part"),
  NOTHING ("bad-id"),
  NOTHING ("bad-ip"),
  CELL ("bad-octal"),
  NOTHING ("bad-offset"),
  NOTHING ("bad-option"),
  NOTHING ("bad-type"),
  CELL ("blank-around-binary"),
  CELL ("blank-around-cell"),
  LINE ("blank-for-tab", flash_layout_mend_separators),
  NOTHING ("board-names-differ"),
  NOTHING ("boot-chain-first"),
  NOTHING ("boot-part-not-mmc"),
  NOTHING ("boot-part-on-sd"),
  NOTHING ("boot2-active"),
  { "byte-order-mark", FLASH_LAYOUT_FIX_SAFE, FLASH_LAYOUT_METHOD_FILE, NULL },
  { "carriage-return-lines", FLASH_LAYOUT_FIX_SAFE, FLASH_LAYOUT_METHOD_LINE_ENDS, NULL },
  { "comment-at-end", FLASH_LAYOUT_FIX_SAFE, FLASH_LAYOUT_METHOD_END, NULL },
  LINE ("comment-behind-data", flash_layout_mend_comment_behind),
  NOTHING ("compressed-image"),
  CELL ("copies-odd"),
  ASK_CELL ("copies-on-mp2"),
  NOTHING ("copies-unsupported"),
  /* Harmless, and every line would differ from what a version control system has. */
  { "crlf", FLASH_LAYOUT_FIX_ASK, FLASH_LAYOUT_METHOD_LINE_ENDS, NULL },
  NOTHING ("ddr-firmware-missing-image"),
  NOTHING ("ddr-firmware-not-fip"),
  NOTHING ("ddr-firmware-too-large"),
  NOTHING ("ddr-firmware-unneeded"),
  NOTHING ("dfu-suffix"),
  NOTHING ("disk-image-on-partition"),
  NOTHING ("duplicate-boot-stage"),
  ID ("duplicate-id"),
  NOTHING ("duplicate-name"),
  NOTHING ("erases-everything"),
  /* Somebody wrote it down for some reason. */
  NOTHING ("extra-columns"),
  NOTHING ("file-empty"),
  NOTHING ("file-is-folder"),
  CELL ("file-missing"),
  NOTHING ("file-not-regular"),
  ASK_OPTION ("file-not-sent"),
  NOTHING ("file-outside-folder"),
  NOTHING ("file-unreadable"),
  NOTHING ("filesystem-larger-than-slot"),
  NOTHING ("fip-pair-incomplete"),
  NOTHING ("fip-slot-without-fip"),
  NOTHING ("fip-too-large"),
  NOTHING ("fip-without-bl33"),
  NOTHING ("fip-without-fw-config"),
  NOTHING ("fip-wrong-chip"),
  NOTHING ("fsbl-address"),
  NOTHING ("fsbl-binary-type"),
  NOTHING ("fsbl-broken-header"),
  NOTHING ("fsbl-entry-outside"),
  NOTHING ("fsbl-older-than-fip"),
  NOTHING ("fsbl-reserved-memory"),
  NOTHING ("fsbl-same-as-storage"),
  NOTHING ("fsbl-signed"),
  NOTHING ("fsbl-too-large"),
  NOTHING ("fsbl-without-header"),
  NOTHING ("fsbl-without-usb"),
  NOTHING ("fsbl-wrong-chip"),
  LINE ("header-without-hash", flash_layout_mend_header),
  CELL ("id-ambiguous"),
  ASK_ID ("id-hidden-by-boot-stage"),
  ASK_ID ("id-of-boot-stage"),
  NOTHING ("id-unusual"),
  ID ("id-zero"),
  NOTHING ("image-too-large"),
  LINE ("indented-comment", flash_layout_mend_indented_comment),
  NOTHING ("large-for-boot-part"),
  { "layout-checksum", FLASH_LAYOUT_FIX_ASK, FLASH_LAYOUT_METHOD_FILE, NULL },
  NOTHING ("layout-too-large"),
  { "layout-truncated", FLASH_LAYOUT_FIX_ASK, FLASH_LAYOUT_METHOD_FILE, NULL },
  LINE ("line-of-blanks", flash_layout_mend_blank_line),
  NOTHING ("metadata-incomplete"),
  NOTHING ("missing-ddr-firmware"),
  NOTHING ("missing-fsbl"),
  NOTHING ("missing-second-stage"),
  NOTHING ("mtd-mixed"),
  NOTHING ("mtd-not-at-zero"),
  ASK_CELL ("name-too-long"),
  ASK_CELL ("name-unsafe"),
  LINE ("no-binary-column", flash_layout_mend_missing_binary),
  NOTHING ("no-boot-stages"),
  ASK_OPTION ("no-file"),
  NOTHING ("no-partition"),
  NOTHING ("no-rootfs"),
  NOTHING ("no-system-partition"),
  NOTHING ("not-text"),
  NOTHING ("nothing-to-write"),
  /* What was out of sight becomes part of the layout. */
  { "nul-byte", FLASH_LAYOUT_FIX_ASK, FLASH_LAYOUT_METHOD_FILE, NULL },
  NOTHING ("number-overflow"),
  CELL ("number-without-0x"),
  CELL ("number-without-digits"),
  CELL ("offset-below-first"),
  NOTHING ("offset-beyond-end"),
  /* Which number was meant depends on the version of U-Boot that it was written for. */
  ASK_CELL ("offset-leading-zero"),
  CELL ("offset-misaligned"),
  CELL ("offset-unit"),
  NOTHING ("old-boot-chain"),
  CELL ("option-without-p"),
  NOTHING ("other-flow-prgfw"),
  NOTHING ("partial-update"),
  CELL ("quoted-cell"),
  NOTHING ("ram-beyond-end"),
  CELL ("ram-name"),
  NOTHING ("ram-over-layout"),
  NOTHING ("ram-over-u-boot"),
  NOTHING ("ram-overlap"),
  NOTHING ("ram-reserved-unknown"),
  NOTHING ("ram-with-storage"),
  ASK_CELL ("rawimage-offset"),
  NOTHING ("rawimage-other-size"),
  NOTHING ("rawimage-with-partitions"),
  NOTHING ("rawimage-without-table"),
  CELL ("repeated-option"),
  NOTHING ("same-offset"),
  NOTHING ("second-stage-address"),
  NOTHING ("second-stage-not-fip"),
  NOTHING ("second-stage-unknown"),
  CELL ("selected-boot-stage"),
  NOTHING ("several-kernels"),
  NOTHING ("several-rootfs"),
  NOTHING ("several-system-partitions"),
  NOTHING ("slot-nearly-full"),
  LINE ("spaces-for-tabs", flash_layout_mend_separators),
  NOTHING ("stage-for-other-chip"),
  NOTHING ("stage-only"),
  NOTHING ("stm32-checksum"),
  NOTHING ("stm32-trailing-bytes"),
  NOTHING ("stm32-truncated"),
  { "stray-carriage-return", FLASH_LAYOUT_FIX_ASK, FLASH_LAYOUT_METHOD_LINE,
    flash_layout_mend_carriage_return },
  NOTHING ("system-not-ubi"),
  NOTHING ("too-few-columns"),
  /* Empty lines are seldom enough of them. */
  NOTHING ("too-many-lines"),
  NOTHING ("too-many-storages"),
  NOTHING ("too-many-table-lines"),
  LINE ("trailing-tab", flash_layout_mend_trailing_tab),
  ASK_CELL ("type-for-name"),
  CELL ("typographic-dash"),
  NOTHING ("ubi-geometry"),
  NOTHING ("ubi-not-on-flash"),
  ASK_CELL ("ubi-not-system"),
  NOTHING ("unknown-boot-stage"),
  NOTHING ("unselected-with-file"),
  { "utf-16", FLASH_LAYOUT_FIX_SAFE, FLASH_LAYOUT_METHOD_FILE, NULL },
  CELL ("wrong-case"),
  LINE ("wrong-separator", flash_layout_mend_separators),
};

static gint
compare_codes (gconstpointer code, gconstpointer remedy)
{
  return strcmp (code, ((const FlashLayoutRemedy *) remedy)->code);
}

const FlashLayoutRemedy *
flash_layout_fix_find_remedy (const char *code)
{
  return bsearch (code, remedies, G_N_ELEMENTS (remedies), sizeof (FlashLayoutRemedy),
                  compare_codes);
}
