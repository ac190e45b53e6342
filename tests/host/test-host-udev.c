/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-udev.h"

#define VENDOR "ATTR{idVendor}==\"0483\""
#define PRODUCT "ATTR{idProduct}==\"df11\""
#define BOTH VENDOR ", " PRODUCT ", "

/* @gives: (nullable): what boards get, `-` if they are only named; %NULL if the file is not about
 * boards */
typedef struct {
  const char *name;
  const char *text;
  const char *gives;
} Case;

static const Case cases[] = {
  { "empty", "", NULL },
  { "of-st",
    "SUBSYSTEMS==\"usb\", ATTRS{idVendor}==\"0483\", ATTRS{idProduct}==\"df11\", GROUP=\"users\", "
    "MODE=\"0666\"\n",
    "MODE=0666, GROUP=users" },
  { "of-dfu-util", BOTH "MODE:=\"664\", GROUP=\"plugdev\", TAG+=\"uaccess\"",
    "uaccess, MODE=664, GROUP=plugdev" },
  { "by-udev-database", "ENV{ID_VENDOR_ID}==\"0483\", ENV{ID_MODEL_ID}==\"df11\", MODE=\"0666\"",
    "MODE=0666" },
  { "only-named", BOTH "ENV{ID_MM_DEVICE_IGNORE}=\"1\"", "-" },
  { "other-vendor", "ATTR{idVendor}==\"0484\", " PRODUCT ", MODE=\"0666\"", NULL },
  { "other-product", VENDOR ", ATTR{idProduct}==\"5740\", MODE=\"0666\"", NULL },
  { "all-of-the-vendor", VENDOR ", MODE=\"0666\"", "MODE=0666" },
  { "vendor-and-nothing", VENDOR ", ENV{X}=\"1\"", NULL },
  { "vendor-with-a-condition", VENDOR ", ENV{ID_SMARTCARD_READER}==\"?*\", GROUP=\"pcscd\"", NULL },
  { "everybody", "SUBSYSTEM==\"usb\", MODE=\"0666\"", NULL },
  { "no-names", "ATTR{idVendor}==\"*\", ATTR{idProduct}==\"?*\", MODE=\"0666\"", NULL },
  { "patterns", "ATTR{idVendor}==\"04[78]3\", ATTR{idProduct}==\"3748|df1?\", MODE=\"0666\"",
    "MODE=0666" },
  { "other-patterns", "ATTR{idVendor}==\"04[12]3\", " PRODUCT ", MODE=\"0666\"", NULL },
  /* udev looks at the case of letters: such a rule gives nothing. */
  { "in-capitals", VENDOR ", ATTR{idProduct}==\"DF11\", MODE=\"0666\"", "-" },
  { "other-subsystem", "SUBSYSTEM==\"tty\", " BOTH "MODE=\"0666\"", NULL },
  { "not-this-subsystem", "SUBSYSTEM!=\"tty\", " BOTH "MODE=\"0666\"", "MODE=0666" },
  { "when-it-leaves", "ACTION==\"remove\", " BOTH "MODE=\"0666\"", NULL },
  { "when-it-comes", "ACTION==\"add|change\", " BOTH "MODE=\"0666\"", "MODE=0666" },
  { "not-this-product", VENDOR ", ATTR{idProduct}!=\"df11\", MODE=\"0666\"", NULL },
  { "unknown-condition", BOTH "TEST==\"power/control\", MODE=\"0666\"", "MODE=0666" },
  { "tag-is-taken", BOTH "TAG+=\"uaccess\"\n" BOTH "TAG-=\"uaccess\"", "-" },
  { "other-tag", BOTH "TAG+=\"seat\"", "-" },
  { "last-mode-counts", BOTH "MODE=\"0660\"\n" BOTH "MODE=\"0666\"", "MODE=0666" },
  { "comment", "# " BOTH "MODE=\"0666\"", NULL },
  { "comment-behind-blanks", "  \t# " BOTH "MODE=\"0666\"", NULL },
  { "continued", VENDOR ", \\\n  " PRODUCT ", \\\n  MODE=\"0666\"\n", "MODE=0666" },
  { "comment-in-between", VENDOR ", \\\n# " PRODUCT "\n" PRODUCT ", MODE=\"0666\"\n", "MODE=0666" },
  { "comment-is-not-continued", "# text \\\n" BOTH "MODE=\"0666\"\n", "MODE=0666" },
  { "continued-to-the-end", BOTH "MODE=\"0666\", \\", NULL },
  { "without-blanks-and-commas", VENDOR PRODUCT "MODE=\"0666\"", "MODE=0666" },
  { "with-many-blanks", " " VENDOR " ,\t" PRODUCT " , MODE = \"0666\"", "MODE=0666" },
  { "windows-lines", BOTH "MODE=\"0666\"\r\n", "MODE=0666" },
  { "braces", BOTH "ENV{A-B:C}=\"1\", MODE=\"0666\"", "MODE=0666" },
  { "case-insensitive", VENDOR ", ATTR{idProduct}==i\"df11\", MODE=\"0666\"", "MODE=0666" },
  { "by-kernel", "ENV{PRODUCT}==\"483/df11/*\", MODE=\"0666\"", "MODE=0666" },
  { "by-kernel-and-revision", "ENV{PRODUCT}==\"1209/db42/*|483/df11/2200\", MODE=\"0666\"",
    "MODE=0666" },
  { "by-kernel-in-capitals", "ENV{PRODUCT}==\"483/DF11/*\", MODE=\"0666\"", "-" },
  { "by-kernel-all-of-the-vendor", "ENV{PRODUCT}==\"483/*\", MODE=\"0666\"", "MODE=0666" },
  { "by-kernel-vendor-and-nothing", "ENV{PRODUCT}==\"483/*\", ENV{X}=\"1\"", NULL },
  { "by-kernel-other", "ENV{PRODUCT}==\"483/5740/*\", MODE=\"0666\"", NULL },
  { "by-kernel-everybody", "ENV{PRODUCT}==\"*\", MODE=\"0666\"", NULL },
  { "only-other", "ENV{PRODUCT}!=\"483/df11/*\", MODE=\"0666\"", NULL },
  { "hidraw",
    "KERNEL==\"hidraw*\", ATTRS{idVendor}==\"0483\", ATTRS{idProduct}==\"df11\", MODE=\"0666\"",
    NULL },
  { "not-hidraw", "KERNEL!=\"hidraw*\", " BOTH "MODE=\"0666\"", "MODE=0666" },
  { "one-socket", "KERNEL==\"1-1.4\", " BOTH "MODE=\"0666\"", "MODE=0666" },
  { "all-but-usb", "SUBSYSTEM!=\"usb\", " BOTH "MODE=\"0666\"", NULL },
  { "tag-in-the-place-of-others", BOTH "TAG+=\"uaccess\"\n" BOTH "TAG=\"x\"", "-" },
  { "another-tag-is-taken", BOTH "TAG+=\"uaccess\"\n" BOTH "TAG-=\"x\"", "uaccess" },
  /* Jumps. */
  { "guarded",
    VENDOR ", GOTO=\"st\"\nGOTO=\"end\"\nLABEL=\"st\"\n" PRODUCT ", MODE=\"0666\"\n"
           "LABEL=\"end\"\n",
    "MODE=0666" },
  { "others-jump-away",
    "ATTR{idVendor}!=\"0483\", GOTO=\"end\"\n" PRODUCT ", TAG+=\"uaccess\"\nLABEL=\"end\"\n",
    "uaccess" },
  { "both-jump-away",
    "ATTR{idVendor}!=\"0483\", GOTO=\"end\"\nATTR{idProduct}!=\"df11\", GOTO=\"end\"\n"
    "MODE=\"0666\"\nLABEL=\"end\"\n",
    "MODE=0666" },
  { "behind-the-guard",
    "ATTR{idVendor}!=\"0483\", GOTO=\"end\"\nLABEL=\"end\"\n" PRODUCT ", MODE=\"0666\"\n", NULL },
  { "boards-jump-away", BOTH "GOTO=\"end\"\n" BOTH "MODE=\"0666\"\nLABEL=\"end\"\n", NULL },
  { "jump-to-nowhere", BOTH "GOTO=\"none\"\n" BOTH "MODE=\"0666\"\n", NULL },
  { "jump-not-certain", "TEST==\"x\", GOTO=\"end\"\n" BOTH "MODE=\"0666\"\nLABEL=\"end\"\n",
    "MODE=0666" },
  { "others-jump", "SUBSYSTEM!=\"tty\", GOTO=\"end\"\n" BOTH "MODE=\"0666\"\nLABEL=\"end\"\n",
    NULL },
  /* What is no rule. */
  { "not-closed", BOTH "MODE=\"0666", "-" },
  { "no-operator", BOTH "MODE \"0666\"", "-" },
  { "strange-operator", BOTH "MODE=!=\"0666\"", "-" },
  { "no-quotes", BOTH "MODE=0666", "-" },
  { "words", "0483 df11 MODE=\"0666\"", NULL },
  { "group-with-a-list", BOTH "GROUP=\"x, MODE=0666\"", "-" },
  { "long-group", BOTH "GROUP=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "-" },
  { "empty-mode", BOTH "MODE=\"\"", "-" },
};

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  g_auto (FlashHostUdev) udev = { 0 };

  flash_host_udev_init (&udev, row->text, NULL);
  g_assert_cmpint (udev.is_about_boards, ==, row->gives != NULL);
  g_assert_cmpstr (udev.gives, ==, g_strcmp0 (row->gives, "-") == 0 ? NULL : row->gives);
}

/* Endless lines, keys and patterns are left. */
static void
test_bounds (void)
{
  g_autofree char *many = g_strnfill (20000, 'x');
  g_autofree char *long_line = g_strconcat (BOTH "ENV{X}=\"", many, "\", MODE=\"0666\"", NULL);
  g_autofree char *long_key = g_strconcat (BOTH "ENV{", many, NULL);
  g_autofree char *stars = g_strnfill (100, '*');
  g_autofree char *pattern =
      g_strconcat ("ATTR{idVendor}==\"0483", stars, "\", " PRODUCT ", MODE=\"0666\"\n", NULL);
  const char *const texts[] = { long_line, long_key, pattern };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_auto (FlashHostUdev) udev = { 0 };

    flash_host_udev_init (&udev, texts[i], NULL);
    g_assert_false (udev.is_about_boards);
    g_assert_null (udev.gives);
  }
}

/* What the node of a board has from one file after the other.
 *
 * @files: with `%` in between
 * @mode: (nullable) */
typedef struct {
  const char *name;
  const char *files;
  const char *mode;
  gboolean has_uaccess;
} Node;

#define DEFAULT "SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", MODE=\"0664\"\n"

static const Node nodes[] = {
  { "nothing", "", NULL, FALSE },
  { "default", DEFAULT, "0664", FALSE },
  { "before-default", BOTH "MODE=\"0666\"%" DEFAULT, "0664", FALSE },
  { "behind-default", DEFAULT "%" BOTH "MODE=\"0666\"", "0666", FALSE },
  { "final-before-default", BOTH "MODE:=\"0666\"%" DEFAULT, "0666", FALSE },
  { "final-twice", BOTH "MODE:=\"0600\"%" BOTH "MODE:=\"0666\"", "0600", FALSE },
  { "final-and-nonsense", BOTH "MODE:=\"a b\"%" DEFAULT, NULL, FALSE },
  { "later-takes-away", BOTH "MODE=\"0666\"%" BOTH "MODE=\"0600\"", "0600", FALSE },
  { "all-devices", "SUBSYSTEM==\"usb\", MODE=\"0666\"", "0666", FALSE },
  { "other-subsystem", "SUBSYSTEM==\"tty\", MODE=\"0666\"", NULL, FALSE },
  { "all-but-usb", "SUBSYSTEM!=\"usb\", MODE=\"0666\"", NULL, FALSE },
  { "hidraw", "KERNEL==\"hidraw*\", MODE=\"0666\"", NULL, FALSE },
  { "not-certain-for-all", "SUBSYSTEM==\"usb\", ENV{X}==\"1\", MODE=\"0666\"", NULL, FALSE },
  { "not-certain-for-the-vendor", VENDOR ", ENV{X}==\"1\", MODE=\"0666\"", NULL, FALSE },
  { "not-certain-for-boards", BOTH "ENV{X}==\"1\", MODE=\"0666\"", "0666", FALSE },
  { "any-case-does-not-count", VENDOR ", ATTR{idProduct}==\"DF11\", MODE=\"0666\"", NULL, FALSE },
  { "perhaps-jumped-away", "ENV{X}!=\"1\", GOTO=\"end\"\nMODE=\"0666\"\nLABEL=\"end\"\n", NULL,
    FALSE },
  { "behind-the-jump",
    "ENV{X}!=\"1\", GOTO=\"end\"\nLABEL=\"end\"\nSUBSYSTEM==\"usb\", MODE=\"0666\"\n", "0666",
    FALSE },
  { "boards-behind-a-jump-that-may-be",
    "ENV{X}!=\"1\", GOTO=\"end\"\n" BOTH "MODE=\"0666\"\nLABEL=\"end\"\n", "0666", FALSE },
  { "guarded",
    "ATTR{idVendor}!=\"0483\", GOTO=\"end\"\nATTR{idProduct}!=\"df11\", GOTO=\"end\"\n"
    "TEST==\"x\", MODE=\"0666\"\nLABEL=\"end\"\n",
    "0666", FALSE },
  { "tag", BOTH "TAG+=\"uaccess\"%" DEFAULT, "0664", TRUE },
  { "tag-is-taken", BOTH "TAG+=\"uaccess\"%" BOTH "TAG-=\"uaccess\"", NULL, FALSE },
  { "final-tag", BOTH "TAG:=\"uaccess\"%" BOTH "TAG-=\"uaccess\"", NULL, TRUE },
  { "final-other-tag", BOTH "TAG:=\"x\"%" BOTH "TAG+=\"uaccess\"", NULL, FALSE },
};

static void
test_node (gconstpointer data)
{
  const Node *row = data;
  g_auto (GStrv) files = g_strsplit (row->files, "%", -1);
  g_auto (FlashHostUdevNode) node = { 0 };

  for (guint i = 0; files[i] != NULL; i++) {
    g_auto (FlashHostUdev) udev = { 0 };

    flash_host_udev_init (&udev, files[i], &node);
  }
  g_assert_cmpstr (node.mode, ==, row->mode);
  g_assert_cmpint (node.has_uaccess, ==, row->has_uaccess);
}

static void
test_split (void)
{
  g_auto (GStrv) rules = flash_host_udev_split ("# a\n\nb\\\n  c\n  d  \n#e\\\nf\n\\\n\ng");
  g_autofree char *text = g_strjoinv ("|", rules);

  g_assert_cmpstr (text, ==, "bc|d|f|g");
}

/* Whatever is put together from parts of rules: it ends, and what it gives is in order. */
static void
test_made_up (void)
{
  static const char *const parts[] = {
    VENDOR,  PRODUCT,       ", ",    "MODE",   "=",       "==",   "\"",   "0666",
    "TAG+=", "\"uaccess\"", "GOTO=", "LABEL=", "\"a\"",   "\\\n", "\n",   "{",
    "}",     "GROUP",       "#",     "!=",     "\"x y\"", "i\"",  "\xff", ""
  };

  for (guint i = 0; i < 50000; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_auto (FlashHostUdev) udev = { 0 };
    g_auto (FlashHostUdevNode) node = { 0 };
    gint n_parts = g_test_rand_int_range (0, 30);

    for (gint k = 0; k < n_parts; k++)
      g_string_append (text, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
    flash_host_udev_init (&udev, text->str, &node);
    g_assert_true (udev.gives == NULL || udev.is_about_boards);
    g_assert_true (node.mode == NULL ||
                   g_regex_match_simple ("^[A-Za-z0-9_.-]+$", node.mode, 0, 0));
    g_assert_true (udev.gives == NULL ||
                   g_regex_match_simple ("^(uaccess|MODE=[A-Za-z0-9_.-]+|GROUP=[A-Za-z0-9_.-]+)"
                                         "(, (MODE|GROUP)=[A-Za-z0-9_.-]+)*$",
                                         udev.gives, 0, 0));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/host-udev/rules/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++) {
    g_autofree char *path = g_strconcat ("/host-udev/nodes/", nodes[i].name, NULL);

    g_test_add_data_func (path, &nodes[i], test_node);
  }
  g_test_add_func ("/host-udev/bounds", test_bounds);
  g_test_add_func ("/host-udev/split", test_split);
  g_test_add_func ("/host-udev/made-up", test_made_up);

  return g_test_run ();
}
