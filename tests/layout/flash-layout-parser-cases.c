/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-parser-cases"

#include "config.h"

#include "flash-layout-lint-cases.h"
#include "flash-layout-test.h"

#define TEXT(text) text, sizeof (text) - 1

const FlashLayoutLintCase flash_layout_parser_cases[] = {
  { "letters", TEXT (ROW ("x", "0xFF", "seventeen-bytes-x", "OTP", "mmc", "here", "a")), FALSE, 0,
    "bad-option\nerror 1:2 bad-id\nerror 1:3 name-too-long\nerror 1:4 bad-type\n"
    "error 1:5 bad-ip\nerror 1:6 bad-offset\n" },
  { "guesses", TEXT (ROW ("–", "08", "a", "\"FIP\"", "MMC0", "1M", "a")), FALSE, 0,
    "typographic-dash\nerror 1:2 bad-octal\nerror 1:4 quoted-cell\nerror 1:5 wrong-case\n"
    "error 1:6 offset-unit\n" },
  { "more of them", TEXT (ROW ("E", "1F", "a", "FIP ", "mmc1", "boot7", "a")), FALSE, 0,
    "option-without-p\nerror 1:2 number-without-0x\nerror 1:4 blank-around-cell\n"
    "error 1:6 bad-boot-part\n" },
  { "separators", TEXT ("P 4 a FIP mmc0 0x0 b\nP;4;a;FIP;mmc0;0x0;b\nP\t4\ta\tFIP\tmmc0\t0x0 b\n"),
    FALSE, 0, "spaces-for-tabs\nerror 2:0 wrong-separator\nerror 3:6 blank-for-tab\n" },
  { "lines", TEXT (" \n #\nOpt\tId\nP\t4\n" ROW6 ("P", "4", "a", "FIP", "mmc0", "0")), FALSE, 0,
    "line-of-blanks\nerror 2:1 indented-comment\nerror 3:1 header-without-hash\n"
    "error 4:3 too-few-columns\ninfo 5:7 no-binary-column\n" },
  { "behind the line",
    TEXT ("P\t4\ta\tFIP\tmmc0\t0\tb\tc\nP\t5\tb\tFIP\tmmc0\t1\tb\t#\nP\t6\tc\tFIP\tmmc0\t2\t b\n"
          "P\t7\td\tFIP\tmmc0\t3\tb\t\n"),
    FALSE, 0,
    "extra-columns\nwarning 2:8 comment-behind-data\nwarning 3:7 blank-around-binary\n"
    "error 4:0 trailing-tab\n" },
  { "returns", TEXT ("#\r\nP\t4\ta\rb\tFIP\tmmc0\t0\tb\r\n"), FALSE, 0,
    "stray-carriage-return\ninfo 0:0 crlf\n" },
  { "only returns", TEXT ("#\rP\t4\r"), FALSE, 0, "carriage-return-lines\n" },
  { "byte order mark", TEXT ("\xef\xbb\xbf#\n"), FALSE, 0, "byte-order-mark\n" },
  { "wide", TEXT ("\xff\xfe#\0\n\0"), FALSE, 0, "utf-16\n" },
  { "nul", TEXT ("#c\n# with more\0"), FALSE, 0, "nul-byte\n" },
  { "noise", TEXT ("\1\2\3\4\5\6\7"), FALSE, 0, "not-text\n" },
  { "nothing", TEXT ("#\n"), FALSE, 0, "no-partition\n" },
  { "comment at the end", TEXT (ROW ("P", "4", "a", "FIP", "mmc0", "0", "a") "#"), FALSE, 0,
    "comment-at-end\n" },
  { NULL },
};
