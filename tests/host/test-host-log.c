/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-log.h"
#include "flash-host-test.h"

#include <string.h>
#include <sys/stat.h>

#define HEAD "6,1234,5678901234,-;"

/* @port: (nullable): %NULL if the message is not about a port */
typedef struct {
  const char *message;
  const char *port;
  FlashHostLogKind kind;
  gint errno_value;
} Case;

static const Case cases[] = {
  { "usb 1-2.3: new high-speed USB device number 5 using xhci_hcd", "1-2.3", FLASH_HOST_LOG_NEW,
    0 },
  { "usb 2-3: new SuperSpeed USB device number 2 using xhci_hcd", "2-3", FLASH_HOST_LOG_NEW, 0 },
  { "usb 1-2: new low-speed USB device number 127 using uhci_hcd", "1-2", FLASH_HOST_LOG_NEW, 0 },
  { "usb 1-2: New USB device found, idVendor=0483, idProduct=df11, bcdDevice= 2.00", "1-2",
    FLASH_HOST_LOG_OTHER, 0 },
  { "usb 1-2: USB disconnect, device number 5", "1-2", FLASH_HOST_LOG_GONE, 0 },
  { "usb 1-2: device descriptor read/64, error -110", "1-2", FLASH_HOST_LOG_DESCRIPTOR, -110 },
  { "usb 1-2: device descriptor read/all, error -71", "1-2", FLASH_HOST_LOG_DESCRIPTOR, -71 },
  { "usb 1-2: device descriptor read/8, error -61", "1-2", FLASH_HOST_LOG_DESCRIPTOR, -61 },
  { "usb 1-2: can't read configurations, error -32", "1-2", FLASH_HOST_LOG_DESCRIPTOR, -32 },
  { "usb 1-2: unable to read config index 0 descriptor/start: -71", "1-2",
    FLASH_HOST_LOG_DESCRIPTOR, -71 },
  { "usb 1-2: unable to read config index 0 descriptor/all", "1-2", FLASH_HOST_LOG_DESCRIPTOR, 0 },
  { "usb 1-2: device descriptor read/64, error -4096", "1-2", FLASH_HOST_LOG_DESCRIPTOR, 0 },
  { "usb 1-2: device descriptor read/64, error -99999999999999999999", "1-2",
    FLASH_HOST_LOG_DESCRIPTOR, 0 },
  { "usb 1-2: device descriptor read/64, error 110", "1-2", FLASH_HOST_LOG_DESCRIPTOR, 0 },
  { "usb 1-2: device not accepting address 7, error -71", "1-2", FLASH_HOST_LOG_ADDRESS, -71 },
  { "usb 1-2: Device not responding to setup address.", "1-2", FLASH_HOST_LOG_ADDRESS, 0 },
  { "usb 1-2-port3: unable to enumerate USB device", "1-2.3", FLASH_HOST_LOG_UNABLE, 0 },
  { "usb usb1-port2: unable to enumerate USB device", "1-2", FLASH_HOST_LOG_UNABLE, 0 },
  { "usb usb1-port2: over-current condition", "1-2", FLASH_HOST_LOG_OVER_CURRENT, 0 },
  { "usb 1-2.4-port1: over-current condition", "1-2.4.1", FLASH_HOST_LOG_OVER_CURRENT, 0 },
  { "usb usb1-port2: over-current change #3", "1-2", FLASH_HOST_LOG_OTHER, 0 },
  { "usb 1-2-port1: disabled by hub (EMI?), re-enabling...", "1-2.1", FLASH_HOST_LOG_DISABLED, 0 },
  { "usb usb1-port3: Cannot enable. Maybe the USB cable is bad?", "1-3", FLASH_HOST_LOG_DISABLED,
    0 },
  { "usb usb1-port3: cannot enable port 3.  Maybe the USB cable is bad?", "1-3",
    FLASH_HOST_LOG_DISABLED, 0 },
  { "usb usb1-port3: attempt power cycle", "1-3", FLASH_HOST_LOG_OTHER, 0 },
  { "usb 1-2: reset high-speed USB device number 5 using xhci_hcd", "1-2", FLASH_HOST_LOG_RESET,
    0 },
  { "usb 1-2: reset", "1-2", FLASH_HOST_LOG_OTHER, 0 },
  /* Kernels before 3.9. */
  { "hub 1-0:1.0: unable to enumerate USB device on port 2", "1-2", FLASH_HOST_LOG_UNABLE, 0 },
  { "hub 1-2:1.0: unable to enumerate USB device on port 3", "1-2.3", FLASH_HOST_LOG_UNABLE, 0 },
  { "hub 1-2:1.0: port 3 disabled by hub (EMI?), re-enabling...", "1-2.3", FLASH_HOST_LOG_DISABLED,
    0 },
  { "hub 1-0:1.0: over-current condition on port 4", "1-4", FLASH_HOST_LOG_OVER_CURRENT, 0 },
  { "hub 1-2:1.0: USB hub found", "1-2", FLASH_HOST_LOG_OTHER, 0 },
  { "hub 1-2:1.0: 4 ports detected", "1-2", FLASH_HOST_LOG_OTHER, 0 },
  { "cdc_acm 1-2.4:1.0: ttyACM0: USB ACM device", "1-2.4", FLASH_HOST_LOG_OTHER, 0 },
  { "usb-storage 1-2:1.1: USB Mass Storage device detected", "1-2", FLASH_HOST_LOG_OTHER, 0 },
  /* What a device says of itself decides nothing. */
  { "usb 1-2: Product: unable to enumerate USB device", "1-2", FLASH_HOST_LOG_OTHER, 0 },
  { "usb 1-2: Manufacturer: x: over-current condition", "1-2", FLASH_HOST_LOG_OTHER, 0 },
  { "usb 1-2: SerialNumber: a\\x0ausb 1-3: USB disconnect, device number 5", "1-2",
    FLASH_HOST_LOG_OTHER, 0 },
  /* Not about a port. */
  { "hub 1-0:1.0: USB hub found", NULL, 0, 0 },
  { "hub 1-0:1.0: port 0 is strange", NULL, 0, 0 },
  { "hub 1-0:1.0: port 99999999999999999999 is strange", NULL, 0, 0 },
  { "usb usb1: New USB device found, idVendor=1d6b", NULL, 0, 0 },
  { "usb: port power management may be unreliable", NULL, 0, 0 },
  { "usb 1-2 has no colon", NULL, 0, 0 },
  { "xhci_hcd 0000:00:14.0: WARN Event TRB", NULL, 0, 0 },
  { "ata1-2: USB disconnect", NULL, 0, 0 },
  { "e1000e 1-2: USB disconnect", NULL, 0, 0 },
  { "usbcore: registered new interface driver cdc_acm", NULL, 0, 0 },
  { "usb 1-2-port3-port4: over-current condition", NULL, 0, 0 },
  { "usb ../../etc: over-current condition", NULL, 0, 0 },
  { " SUBSYSTEM=usb", NULL, 0, 0 },
  { "", NULL, 0, 0 },
  { "usb", NULL, 0, 0 },
  { "usb ", NULL, 0, 0 },
  { ":", NULL, 0, 0 },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *record = g_strconcat (HEAD, cases[i].message, "\n SUBSYSTEM=usb\n", NULL);
    g_autoptr (FlashHostLogLine) line = flash_host_log_parse (record);

    g_test_message ("%s", cases[i].message);
    g_assert_cmpstr (line != NULL ? line->port : NULL, ==, cases[i].port);
    if (line == NULL)
      continue;
    g_assert_cmpint (line->kind, ==, cases[i].kind);
    g_assert_cmpint (line->errno_value, ==, cases[i].errno_value);
    g_assert_cmpint (line->time_us, ==, 5678901234);
    g_assert_true (strchr (cases[i].message, '\\') != NULL ||
                   g_str_equal (line->text, cases[i].message));
    g_assert_null (strstr (line->text, "SUBSYSTEM"));
  }
}

static void
test_heads (void)
{
  static const struct {
    const char *head;
    gint64 time_us;
  } rows[] = {
    { "6,1,0,-;", 0 },
    { "0,1,9223372036854775807,-;", G_MAXINT64 },
    { "7,18446744073709551615,5,c;", 5 },
    { "6,1,5,-,caller=T1;", 5 },
    { "6,1,5;", -1 },
    /* Programs have another facility: LOG_USER is 8, LOG_DAEMON 24. */
    { "8,1,5,-;", -1 },
    { "14,1,5,-;", -1 },
    { "30,1,5,-;", -1 },
    { "6,1,9223372036854775808,-;", -1 },
    { "6,1,-5,-;", -1 },
    { "6,,5,-;", -1 },
    { ",1,5,-;", -1 },
    { "6;1;5;-;", -1 },
    { "6,1,5,-", -1 },
    { "6,1,5,-\n;", -1 },
    { "[    1.000000] ", -1 },
    { "", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *record = g_strconcat (rows[i].head, "usb 1-2: USB disconnect", NULL);
    g_autoptr (FlashHostLogLine) line = flash_host_log_parse (record);

    g_test_message ("%s", rows[i].head);
    g_assert_cmpint (line != NULL ? line->time_us : -1, ==, rows[i].time_us);
  }
}

static void
test_texts (void)
{
  static const struct {
    const char *message;
    const char *text;
  } rows[] = {
    { "usb 1-2: Product: Caf\\xc3\\xa9", "usb 1-2: Product: Caf\xc3\xa9" },
    { "usb 1-2: Product: a\\x5cb", "usb 1-2: Product: a\\b" },
    { "usb 1-2: Product: a\\x1b[31m", "usb 1-2: Product: a\xef\xbf\xbd[31m" },
    { "usb 1-2: Product: a\\xff", "usb 1-2: Product: a\xef\xbf\xbd" },
    { "usb 1-2: Product: a\\x", "usb 1-2: Product: a\\x" },
    { "usb 1-2: Product: a\\x4", "usb 1-2: Product: a\\x4" },
    { "usb 1-2: Product: a\\x41", "usb 1-2: Product: aA" },
    { "usb 1-2: Product: a\\xzz", "usb 1-2: Product: a\\xzz" },
    { "usb 1-2: Product: a\033b", "usb 1-2: Product: a\xef\xbf\xbd"
                                  "b" },
  };
  g_autofree char *endless = g_strnfill (5000, 'A');
  g_autofree char *record = g_strconcat (HEAD "usb 1-2: Product: ", endless, NULL);
  g_autoptr (FlashHostLogLine) cut = flash_host_log_parse (record);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *escaped = g_strconcat (HEAD, rows[i].message, NULL);
    g_autoptr (FlashHostLogLine) line = flash_host_log_parse (escaped);

    g_assert_nonnull (line);
    g_assert_cmpstr (line->text, ==, rows[i].text);
  }
  g_assert_cmpint (g_utf8_strlen (cut->text, -1), ==, 301);
}

/* Whatever is put together from the parts of records: no crash, and what comes of it is in order.
 */
static void
test_made_up (void)
{
  static const char *const parts[] = {
    "6,",   "1,",   "5,",      "-;",    ";",  "usb ",    "1-2", "-port3", ": ",
    ":",    "hub ", "1-0:1.0", "\\x0a", "\n", "error -", "110", "new ",   " USB device number ",
    "\xff", " "
  };

  for (guint i = 0; i < 200000; i++) {
    g_autoptr (GString) record = g_string_new (i % 2 == 0 ? HEAD : NULL);
    g_autoptr (FlashHostLogLine) line = NULL;
    gint n_parts = g_test_rand_int_range (0, 12);

    for (gint k = 0; k < n_parts; k++)
      g_string_append (record, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
    line = flash_host_log_parse (record->str);
    if (line == NULL)
      continue;
    g_assert_true (g_regex_match_simple ("^[0-9]+-[0-9]+(\\.[0-9]+)*$", line->port, 0, 0));
    g_assert_true (g_utf8_validate (line->text, -1, NULL));
    g_assert_null (strchr (line->text, '\n'));
    g_assert_cmpint (line->errno_value, <=, 0);
  }
}

/* --- reading ------------------------------------------------------------------------------ */

static char *
read_all (FlashHostTest *test, const char *port, gint64 since_us)
{
  g_autoptr (GPtrArray) lines = NULL;
  GString *text = g_string_new (NULL);

  g_assert_true (flash_host_log_read (test->root, port, since_us, &lines));
  for (guint i = 0; i < lines->len; i++) {
    const FlashHostLogLine *line = g_ptr_array_index (lines, i);

    g_string_append_printf (text, "%s@%" G_GINT64_FORMAT " ", line->port, line->time_us);
  }
  return g_string_free (text, FALSE);
}

static void
test_read (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *all = NULL;
  g_autofree char *later = NULL;
  g_autofree char *one = NULL;
  g_autofree char *none = NULL;

  flash_host_test_write_file (
      test, "/dev/kmsg",
      "5,1,0,-;Linux version 6.1.0\n"
      "6,2,0,-;usb 1-1: new high-speed USB device number 2 using xhci_hcd\n"
      "6,3,100,-;usb 1-2: new high-speed USB device number 3 using xhci_hcd\n"
      " SUBSYSTEM=usb\n DEVICE=c189:2\n"
      "6,4,200,-;usb 1-2: USB disconnect, device number 3\n"
      "14,5,250,-;usb 1-2: USB disconnect, device number 3\n"
      "garbage\n\n;\n"
      "3,6,300,-;usb usb1-port2: unable to enumerate USB device");
  all = read_all (test, NULL, 0);
  g_assert_cmpstr (all, ==, "1-1@0 1-2@100 1-2@200 1-2@300 ");
  later = read_all (test, NULL, 100);
  g_assert_cmpstr (later, ==, "1-2@200 1-2@300 ");
  one = read_all (test, "1-1", 0);
  g_assert_cmpstr (one, ==, "1-1@0 ");
  none = read_all (test, "1-20", 0);
  g_assert_cmpstr (none, ==, "");
}

/* The latest of many. */
static void
test_many (FlashHostTest *test, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) lines = NULL;
  const FlashHostLogLine *first, *last;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "6,%u,%u,-;usb 1-%u: USB disconnect, device number 3\n", i, i,
                            1 + i % 2);
  flash_host_test_write_file (test, "/dev/kmsg", text->str);
  g_assert_true (flash_host_log_read (test->root, "1-2", 0, &lines));
  g_assert_cmpuint (lines->len, ==, 500);
  first = g_ptr_array_index (lines, 0);
  last = g_ptr_array_index (lines, 499);
  g_assert_cmpint (first->time_us, ==, 99001);
  g_assert_cmpint (last->time_us, ==, 99999);
}

/* Lines around the size of what is read at once, and one without an end. */
static void
test_long_lines (FlashHostTest *test, gconstpointer data)
{
  for (gsize length = 16300; length < 16500; length++) {
    g_autofree char *filler = g_strnfill (length, 'x');
    g_autofree char *text = g_strconcat (filler, "\n6,1,7,-;usb 1-2: USB disconnect\n", NULL);
    g_autofree char *found = NULL;

    flash_host_test_write_file (test, "/dev/kmsg", text);
    found = read_all (test, NULL, 0);
    /* Of a line that is longer than any record the end is taken for one, and is none. */
    g_assert_cmpstr (found, ==, "1-2@7 ");
  }
}

static void
test_not_readable (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (test->root, "fifo", NULL);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) pipe = NULL;

  g_assert_false (flash_host_log_read (test->root, NULL, 0, &none));
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  flash_host_test_make_link (test, "/dev/kmsg", "/fifo");
  g_assert_false (flash_host_log_read (test->root, NULL, 0, &pipe));
  g_assert_cmpuint (pipe->len, ==, 0);
}

/* This computer: its own messages, if this user may read them, do not lie in the future. */
static void
test_here (void)
{
  g_autoptr (GPtrArray) lines = NULL;
  gint64 now = flash_host_log_get_time_us ();

  g_assert_cmpint (now, >, 0);
  g_assert_cmpint (flash_host_log_get_time_us (), >=, now);
  if (!flash_host_log_read (NULL, NULL, 0, &lines)) {
    g_assert_cmpuint (lines->len, ==, 0);
    return;
  }
  g_assert_cmpuint (lines->len, <=, 500);
}

static void
add (const char *path, void (*test) (FlashHostTest *, gconstpointer))
{
  g_test_add (path, FlashHostTest, NULL, flash_host_test_set_up, test, flash_host_test_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/host-log/parse", test_parse);
  g_test_add_func ("/host-log/heads", test_heads);
  g_test_add_func ("/host-log/texts", test_texts);
  g_test_add_func ("/host-log/made-up", test_made_up);
  add ("/host-log/read", test_read);
  add ("/host-log/many", test_many);
  add ("/host-log/long-lines", test_long_lines);
  add ("/host-log/not-readable", test_not_readable);
  g_test_add_func ("/host-log/here", test_here);

  return g_test_run ();
}
