/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-fix-cases"

#include "config.h"

#include "flash-layout-fix-cases.h"

const FlashLayoutFixCase flash_layout_fix_cases[] = {
  /* lines */
  { "spaces-for-tabs", SAFE, "P 0x20 data Binary mmc0 0x4400 data.bin\n", 0, DATA },
  { "spaces-for-tabs", SAFE, "  P  0x20  data  Binary mmc0 0x4400 my data.bin\r\n", 0,
    "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tmy data.bin\r\n" },
  { "blank-for-tab", SAFE, "P\t0x20 data\tBinary\tmmc0\t0x4400\tdata.bin\n", 0, DATA },
  { "wrong-separator", SAFE, "P;0x20;data;Binary;mmc0;0x4400;data.bin\n", 0, DATA },
  { "wrong-separator", SAFE, "\"P\",\"0x20\",\"data\",\"Binary\",\"mmc0\",\"0x4400\",\"data.bin\"",
    0, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin" },
  { "line-of-blanks", SAFE, "   \t \n" DATA, 0, "\n" DATA },
  { "indented-comment", SAFE, "  # text\n" DATA, 0, "# text\n" DATA },
  { "indented-comment", SAFE, " \xc2\xa0# text\r\n" DATA, 0, "# text\r\n" DATA },
  { "header-without-hash", SAFE, "Opt\tId\tName\tType\tIP\tOffset\tBinary\n" DATA, 0,
    "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n" DATA },
  { "trailing-tab", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\t\t\n" DATA, 0,
    DATA DATA },
  { "trailing-tab", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\t\r\n", 0,
    "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\r\n" },
  { "comment-behind-data", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\t# mine\n", 0,
    "# mine\n" DATA },
  { "comment-behind-data", ASK, /* it may be a name with a slip */
    "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin # mine\n", 0, "# mine\n" DATA },
  { "comment-behind-data", ASK, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\tit # is\n", 0,
    "# is\nP\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\tit\n" },
  { "comment-behind-data", SAFE, /* the name is left alone */
    "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata #2.bin\t# mine\n", 0,
    "# mine\nP\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata #2.bin\n" },
  { "comment-behind-data", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\t#3.bin\t# mine\n", 0,
    "# mine\nP\t0x20\tdata\tBinary\tmmc0\t0x4400\t#3.bin\n" },
  { "comment-behind-data", SAFE, "PE\t0x20\tdata\tBinary\tmmc0\t0x4400\t#mine\n", 0,
    "#mine\nPE\t0x20\tdata\tBinary\tmmc0\t0x4400\tnone\n" },
  { "no-binary-column", SAFE, "PE\t0x20\tdata\tBinary\tmmc0\t0x4400\n", 0,
    "PE\t0x20\tdata\tBinary\tmmc0\t0x4400\tnone\n" },
  { "stray-carriage-return", ASK, "PE\t0x20\tda\rta\tBinary\tmmc0\t0x4400\tnone\n", 0,
    "PE\t0x20\tdata\tBinary\tmmc0\t0x4400\tnone\n" },
  { "stray-carriage-return", ASK, "# one\r# two\n" DATA, 0, "# one\n# two\n" DATA },
  /* the file as a whole */
  { "byte-order-mark", SAFE, "\xef\xbb\xbf" DATA, 0, DATA },
  { "utf-16", SAFE, "\xff\xfe#\0\n\0", 6, "#\n" },
  { "nul-byte", ASK, "# a\0\n" DATA, sizeof "# a\0\n" DATA - 1, "# a\n" DATA },
  { "crlf", ASK, "#\r\nP\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\r\n", 0, "#\n" DATA },
  { "carriage-return-lines", SAFE, "#\rP\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin\r", 0,
    "#\n" DATA },
  /* cells */
  { "blank-around-cell", SAFE, "P\t0x20\tdata\t Binary\tmmc0\t0x4400\tdata.bin\n", 0, DATA },
  { "blank-around-binary", SAFE, "P\t0x20\tdata\tBinary\tmmc0\t0x4400\tdata.bin \n", 0, DATA },
  { "quoted-cell", SAFE, "P\t0x20\tdata\t\"Binary\"\tmmc0\t0x4400\tdata.bin\n", 0, DATA },
  { "typographic-dash", SAFE, ROW ("–", "0x01", "a", "Binary", "none", "0x0", "fsbl15.stm32"), 0,
    ROW ("-", "0x01", "a", "Binary", "none", "0x0", "fsbl15.stm32") },
  { "wrong-case", SAFE, ROW ("p", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    DATA },
  { "wrong-case", SAFE, ROW ("P", "0x20", "data", "binary", "mmc0", "0x4400", "data.bin"), 0,
    DATA },
  { "wrong-case", SAFE, ROW ("P", "0x20", "data", "Binary", "MMC0", "0x4400", "data.bin"), 0,
    DATA },
  { "number-without-0x", SAFE, ROW ("P", "0x20", "data", "Binary", "mmc0", "0000A400", "data.bin"),
    0, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x0000A400", "data.bin") },
  { "number-without-digits", SAFE, ROW ("P", "0x20", "data", "Binary", "nor0", "0x", "data.bin"), 0,
    ROW ("P", "0x20", "data", "Binary", "nor0", "0x0", "data.bin") },
  { "bad-octal", SAFE, ROW ("P", "08", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("P", "0x08", "data", "Binary", "mmc0", "0x4400", "data.bin") },
  { "offset-unit", SAFE, ROW ("P", "0x20", "data", "Binary", "mmc0", "17K", "data.bin"), 0,
    ROW ("P", "0x20", "data", "Binary", "mmc0", "0x00004400", "data.bin") },
  { "offset-leading-zero", ASK, /* octal before v2023.07 */
    ROW ("P", "0x20", "data", "Binary", "mmc0", "00017408", "data.bin"), 0,
    ROW ("P", "0x20", "data", "Binary", "mmc0", "0x00004400", "data.bin") },
  { "id-ambiguous", SAFE, ROW ("P", "32", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    DATA },
  { "option-without-p", SAFE, ROW ("E", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "option-without-p", ASK, ROW ("ED", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PED", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "repeated-option", SAFE, ROW ("PEPE", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "selected-boot-stage", SAFE,
    ROW ("P", "0x01", "a", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "b", "FIP", "none", "0x0", "fip.bin") DATA,
    0,
    ROW ("-", "0x01", "a", "Binary", "none", "0x0", "fsbl15.stm32")
        ROW ("-", "0x03", "b", "FIP", "none", "0x0", "fip.bin") DATA },
  { "name-unsafe", ASK, ROW ("P", "0x20", "größe 1", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("P", "0x20", "gr__e_1", "Binary", "mmc0", "0x4400", "data.bin") },
  { "name-too-long", ASK,
    ROW ("P", "0x20", "abcdefghijklmnopq", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("P", "0x20", "abcdefghijklmnop", "Binary", "mmc0", "0x4400", "data.bin") },
  { "name-too-long", ASK,
    ROW ("P", "0x20", "abcdefghijklmnoüx", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("P", "0x20", "abcdefghijklmno", "Binary", "mmc0", "0x4400", "data.bin") },
  { "type-for-name", ASK, ROW ("P", "0x08", "fip", "Binary", "mmc0", "0x4400", "fip.bin"), 0,
    ROW ("P", "0x08", "fip", "FIP", "mmc0", "0x4400", "fip.bin") },
  { "copies-odd", SAFE, ROW ("P", "0x04", "fsbl1", "Binary(0)", "nand0", "0x0", "data.bin"), 0,
    ROW ("P", "0x04", "fsbl1", "Binary", "nand0", "0x0", "data.bin") },
  { "ram-name", SAFE, ROW ("P", "0x20", "k", "System", "ram1", "0xC4000000", "data.bin"), 0,
    ROW ("P", "0x20", "k", "System", "ram0", "0xC4000000", "data.bin") },
  { "rawimage-offset", ASK, ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x4400", "disk.img"), 0,
    ROW ("P", "0x20", "disk", "RawImage", "mmc0", "0x0", "disk.img") },
  { "ubi-not-system", ASK,
    ROW ("P", "0x20", "a", "Binary", "nand0", "0x0", "rootfs_nand_4_256_multivolume.ubi"), 0,
    ROW ("P", "0x20", "a", "System", "nand0", "0x0", "rootfs_nand_4_256_multivolume.ubi") },
  { "no-file", ASK, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PE", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "no-file", ASK, ROW ("PD", "0x20", "data", "Binary", "mmc0", "0x4400", "none"), 0,
    ROW ("PED", "0x20", "data", "Binary", "mmc0", "0x4400", "none") },
  { "no-file", NONE, ROW ("-", "0x01", "a", "Binary", "none", "0x0", "none"), 0, NULL },
  { "file-not-sent", ASK, ROW ("PDE", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin"), 0,
    ROW ("PD", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin") },
  { "file-missing", SAFE, ROW ("PE", "0x20", "data", "binary", "mmc0", "0x4400", "None"), 0,
    ROW ("PE", "0x20", "data", "binary", "mmc0", "0x4400", "none") },
  { "file-missing", SAFE, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "folder\\inside"),
    0, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "folder/inside") },
  { "file-missing", ASK, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "other/data.bin"), 0,
    DATA },
  { "file-missing", NONE, ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "a\\missing"), 0,
    NULL },
  /* Ids */
  { "duplicate-id", SAFE, DATA ROW ("P", "0x20", "b", "Binary", "mmc1", "0x80000", "data.bin"), 0,
    DATA ROW ("P", "0x21", "b", "Binary", "mmc1", "0x80000", "data.bin") },
  { "duplicate-id", ASK,
    DATA ROW ("P", "0x20", "b", "Binary", "mmc1", "0x80000", "data.bin")
        ROW ("P", "0x21", "c", "Binary", "mmc1", "0x100000", "data.bin"),
    0,
    DATA ROW ("P", "0x22", "b", "Binary", "mmc1", "0x80000", "data.bin")
        ROW ("P", "0x21", "c", "Binary", "mmc1", "0x100000", "data.bin") },
  { "duplicate-id", SAFE, /* what is not written has no place in the order */
    DATA ROW ("P", "0x20", "b", "Binary", "mmc1", "0x80000", "data.bin")
        ROW ("PE", "0x21", "c", "Binary", "mmc1", "0x100000", "none"),
    0,
    DATA ROW ("P", "0x22", "b", "Binary", "mmc1", "0x80000", "data.bin")
        ROW ("PE", "0x21", "c", "Binary", "mmc1", "0x100000", "none") },
  { "id-zero", SAFE, ROW ("P", "0", "b", "Binary", "mmc1", "0x80000", "data.bin") DATA, 0,
    ROW ("P", "0x04", "b", "Binary", "mmc1", "0x80000", "data.bin") DATA },
  { "id-zero", ASK,
    ROW ("P", "0x4", "a", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x0", "b", "FileSystem", "mmc1", "0x80000", "rootfs.ext4"),
    0,
    ROW ("P", "0x4", "a", "Binary", "mmc0", "0x4400", "data.bin")
        ROW ("P", "0x10", "b", "FileSystem", "mmc1", "0x80000", "rootfs.ext4") },
  { "id-of-boot-stage", ASK, ROW ("P", "0x02", "b", "Binary", "mmc1", "0x80000", "data.bin"), 0,
    ROW ("P", "0x04", "b", "Binary", "mmc1", "0x80000", "data.bin") },
  { "id-hidden-by-boot-stage", ASK,
    STAGES ROW ("P", "0x03", "b", "Binary", "mmc1", "0x80000", "data.bin"), 0,
    STAGES ROW ("P", "0x04", "b", "Binary", "mmc1", "0x80000", "data.bin") },
  /* offsets */
  { "offset-below-first", SAFE, ROW ("P", "0x20", "a", "Binary", "mmc0", "0x200", "data.bin"), 0,
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x00004400", "data.bin") },
  { "offset-below-first", ASK, /* for all one knows it is no eMMC, or one of a larger unit */
    ROW ("P", "0x20", "a", "Binary", "mmc1", "0x4400", "data.bin"), 0,
    ROW ("P", "0x20", "a", "Binary", "mmc1", "0x00080000", "data.bin") },
  { "offset-misaligned", ASK, /* the same */
    ROW ("P", "0x20", "a", "Binary", "mmc1", "0x84400", "data.bin"), 0,
    ROW ("P", "0x20", "a", "Binary", "mmc1", "0x00100000", "data.bin") },
  { "offset-misaligned", ASK, /* the storage keeps what it holds */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x4401", "data.bin")
        ROW ("-", "0x21", "b", "Binary", "mmc0", "0x8000", "none"),
    0,
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x00004600", "data.bin")
        ROW ("-", "0x21", "b", "Binary", "mmc0", "0x8000", "none") },
  { "offset-below-first", ASK, /* the same, though the option is no option yet */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x200", "data.bin")
        ROW ("–", "0x21", "b", "Binary", "MMC0 ", "0x8000", "none"),
    0,
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x00004400", "data.bin")
        ROW ("–", "0x21", "b", "Binary", "MMC0 ", "0x8000", "none") },
  { "offset-misaligned", SAFE, /* it is another storage that does, and a line that is off */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x4401", "data.bin")
        ROW ("-", "0x21", "b", "Binary", "mmc1", "0x80000",
             "none") "#" ROW ("-", "0x22", "c", "Binary", "mmc0", "0x8000", "none"),
    0,
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x00004600", "data.bin")
        ROW ("-", "0x21", "b", "Binary", "mmc1", "0x80000",
             "none") "#" ROW ("-", "0x22", "c", "Binary", "mmc0", "0x8000", "none") },
  { "offset-misaligned", NONE, /* aligned from which number? */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "00017409", "data.bin"), 0, NULL },
  { "offset-misaligned", SAFE, /* 3000 bytes in 3072 */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x4401", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5200", "data.bin"),
    0,
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x00004600", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5200", "data.bin") },
  { "offset-misaligned", NONE, /* in 2560 */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x4401", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5000", "data.bin"),
    0, NULL },
  { "offset-misaligned", SAFE, /* nothing to fit */
    ROW ("PE", "0x20", "a", "Binary", "mmc0", "0x4401", "none")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5000", "data.bin"),
    0,
    ROW ("PE", "0x20", "a", "Binary", "mmc0", "0x00004600", "none")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5000", "data.bin") },
  { "offset-misaligned", NONE, /* up to the next one */
    ROW ("PE", "0x20", "a", "Binary", "mmc0", "0x4e01", "none")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x5000", "data.bin"),
    0, NULL },
  { "offset-misaligned", NONE, /* nobody knows how large it is */
    ROW ("P", "0x20", "a", "Binary", "mmc0", "0x4401", "missing.bin")
        ROW ("P", "0x21", "b", "Binary", "mmc0", "0x80000", "data.bin"),
    0, NULL },
  { "offset-misaligned", ASK, /* U-Boot has a table of its own */
    ROW ("P", "0x20", "a", "Binary", "nor0", "0x0", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "nor0", "0x8000", "data.bin"),
    0,
    ROW ("P", "0x20", "a", "Binary", "nor0", "0x0", "data.bin")
        ROW ("P", "0x21", "b", "Binary", "nor0", "0x00010000", "data.bin") },
  /* no fix */
  { "bad-type", NONE, ROW ("P", "0x20", "data", "Bin", "mmc0", "0x4400", "data.bin"), 0, NULL },
  { "too-few-columns", NONE, "P\t0x20\n", 0, NULL },
  { NULL, NONE, NULL, 0, NULL },
};
