/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is private is in no byte of a report that was made private. */
#include "config.h"

#include "flash-report-test.h"

#include <string.h>

#define SERIAL "003A00283338511234383330"

static const FlashReportPrivacy all = { .user = TRUE, .host = TRUE, .serials = TRUE };

/* Returns: (transfer full): @text as it stands in a private report, with the secrets given. */
static char *
clean (const char *user, const char *host, const char *serial, const char *text)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (FlashReport) private = NULL;

  if (user != NULL)
    flash_report_add_secret (report, "user", user);
  if (host != NULL)
    flash_report_add_secret (report, "host", host);
  if (serial != NULL)
    flash_report_add_secret (report, "serial", serial);
  flash_report_add_text (report, "text", text);
  private = flash_report_make_private (report, &all);
  return g_strdup (flash_report_get_text (private, "text"));
}

static const struct {
  const char *user;
  const char *text;
  const char *clean;
} users[] = {
  { "bob", "bob, Bob and BOB", "<user>, <user> and <user>" },
  { "bob", "bobsled kebob bob2 2bob", "bobsled kebob bob2 2bob" },
  { "bob", "bob_x x_bob bob-pc bob@x.org", "<user>_x x_<user> <user>-pc <user>@x.org" },
  { "bob", "/srv/bob/x /media/BOB", "/srv/<user>/x /media/<user>" },
  { "bob", "a%2Fbob%2Fb {\"a\":\"x\\nbob\\tb\"}", "a%2F<user>%2Fb {\"a\":\"x\\n<user>\\tb\"}" },
  { "bob", "b%6Fb \\u0062ob \\x62ob %zz%", "<user> <user> <user> %zz%" },
  { "bob", "<user> is bob <bob> <bob-x> <serial-bob>",
    "<user> is <user> <<user>> <<user>-x> <serial-<user>>" },
  { "bob", "100%bob", "100%<user>" },
  { "j.doe+x", "/data/j.doe+x/ jxdoe+x j.doexx J.Doe+X!", "/data/<user>/ jxdoe+x j.doexx <user>!" },
  { "[a-z]*", "x [a-z]* abc", "x <user> abc" },
  { "Jürgen", "jürgen JÜRGEN Jürgens", "<user> <user> Jürgens" },
  { "jürgen", "J\x75\xcc\x88rgen", "<user>" },
  { "jürgen", "file:///x/J%C3%BCrgen/ j%c3%9crgen", "file:///x/<user>/ <user>" },
  { "jürgen", "{\"j\\u00fcrgen\":\"J\\u00DCRGEN\"}", "{\"<user>\":\"<user>\"}" },
  { "jürgen", "udev j\\xc3\\xbcrgen", "udev <user>" },
  { "😀smile", "\\ud83d\\ude00smile \\ud83dsmile", "<user> \\ud83dsmile" },
  { "user", "the user in /home/user/x, user@x", "the user in /home/<user>/x, user@x" },
  { "Root", "root /home/root /Users/root%20", "root /home/<user> /Users/<user>%20" },
  { "/data/people/ann", "/data/people/ann/x.tsv /data/people/anna",
    "<home>/x.tsv /data/people/anna" },
  { "/data/people/ann/", "file:///DATA/people/ann", "file://<home>" },
  { "/data/people/ann", "%2Fdata%2Fpeople%2Fann%2Fx \"\\/data\\/people\\/ann\\/x\"",
    "<home>%2Fx \"<home>\\/x\"" },
  { "ab", "ab /home/ab", "ab /home/<user>" },
  { "j.doe", "/home/j.doe-x j.doe", "/home/<user> <user>" },

  /* Whoever it is: by what stands before. */
  { NULL, "no right to read /dev/bus/usb/001/005 (0664 root root) as user jo",
    "no right to read /dev/bus/usb/001/005 (0664 root root) as user <user>" },
  { NULL, "as user admin. As USER j.doe+x, as user user",
    "as user <user>. As USER <user>, as user <user>" },
  { NULL, "as users do, has user jo, as user", "as users do, has user jo, as user" },
  { NULL, "user=jo USER=admin SUDO_USER=\"jo\" user='jo' fuser=jo user= x",
    "user=<user> USER=<user> SUDO_USER=\"<user>\" user='<user>' fuser=jo user= x" },
  { NULL, "uid=1000(jo) gid=1000(staff) groups=1000(jo) uid=x(jo)",
    "uid=1000(<user>) gid=1000(<user>) groups=1000(jo) uid=x(jo)" },
  { "admin", "groups=27(sudo),1000(admin) (admin) 7(admins)",
    "groups=27(sudo),1000(<user>) (admin) 7(admins)" },
  { NULL, "/home/jo/x.tsv /run/media/jo/STICK /media/jo file:%2Fhome%2Fjo",
    "/home/<user>/x.tsv /run/media/<user>/STICK /media/jo file:%2Fhome%2F<user>" },
  { NULL, "{\"a\":\"as user jo\\nuser=\\\"jo\\\"\"}",
    "{\"a\":\"as user <user>\\nuser=\\\"<user>\\\"\"}" },
};

static void
test_users (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autofree char *text = clean (users[i].user, NULL, NULL, users[i].text);

    g_assert_cmpstr (text, ==, users[i].clean);
  }
}

static const struct {
  const char *host;
  const char *text;
  const char *clean;
} hosts[] = {
  { "workbench7", "Linux workbench7 6.1", "Linux <host> 6.1" },
  { "workbench7", "ssh://x@WorkBench7.lan workbench77", "ssh://<user>@<host> workbench77" },
  { "localhost", "localhost", "localhost" },
  { "debian", "ID=debian debian:~$ apt", "ID=debian debian:~$ apt" },
  /* Who is logged in there. */
  { "workbench7", "jo@workbench7: j.doe@WORKBENCH7 jo@workbench77 usb@49000000",
    "<user>@<host>: <user>@<host> jo@workbench77 usb@49000000" },
  { "debian", "admin@debian:~$ jo@localhost", "<user>@<host>:~$ jo@localhost" },
  /* With a domain. */
  { "ws7.example.org", "ws7.example.org ws7 WS7.example.org. search example.org ws77",
    "<host> <host> <host>. search <host> ws77" },
  { "ws7.acme", "ws7 acme", "<host> <host>" },
  { "ws7.lan", "ws7.lan ws7 lan", "<host> <host> lan" },
  { "debian.example.org", "debian example.org debian.example.org", "debian <host> <host>" },
  { "ws7", "search example.org\nws7.example.org ws7", "search <host>\n<host> <host>" },
  { "ws7", "ws7.fritz.box fritz.box ws7.lan lan ws7.local", "<host> <host> <host> lan <host>" },
  { "ws7", "{\"x\":\"a\\nws7.example.org\"} example.org", "{\"x\":\"a\\n<host>.<host>\"} <host>" },
  { "ws7", "ws7.tar.gz ws7.txt tar.gz xws7.example.org ws7.1.2 example.org",
    "<host>.tar.gz <host>.txt tar.gz xws7.example.org <host>.1.2 example.org" },
};

static void
test_hosts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_autofree char *text = clean (NULL, hosts[i].host, NULL, hosts[i].text);

    g_assert_cmpstr (text, ==, hosts[i].clean);
  }
}

static const struct {
  const char *serial;
  const char *text;
  const char *clean;
} serials[] = {
  { SERIAL, "serial " SERIAL, "serial <serial-1>" },
  { SERIAL, "003a00283338511234383330 x003A00283338511234383330y", "<serial-1> x<serial-1>y" },
  { SERIAL, "/dev/serial/by-id/usb-ST_003A00283338511234383330-if00",
    "/dev/serial/by-id/usb-ST_<serial-1>-if00" },
  { SERIAL,
    "%30"
    "03A00283338511234383330 %003A00283338511234383330",
    "%3<serial-1> %<serial-1>" },
  { "0000:00:14.0", "/devices/pci0000:00/0000:00:14.0/usb1",
    "/devices/pci0000:00/<serial-1>/usb1" },
  { "12345", "12345 123456 x12345 12345-x", "<serial-1> 123456 x12345 <serial-1>-x" },
  { "12345678", "<12345678> <serial-12345678> <use12345678r> <serial-1234> <serial-",
    "<<serial-1>> <serial-<serial-1>> <use<serial-1>r> <serial-1234> <serial-" },
  { "A\"B\\C 12", "A\"B\\C 12 {\"x\":\"a\\\"b\\\\c 12\"} A\\x22B\\x5cC\\x2012",
    "<serial-1> {\"x\":\"<serial-1>\"} <serial-1>" },
  /* As udev and the kernel write blanks and the like. */
  { "AB 12/x", "AB_12_x AB\\04012/x AB\\x2012\\x2fx AB-12/x",
    "<serial-1> <serial-1> <serial-1> AB-12/x" },
  { "AB  12", "AB_12 AB 12 AB\\040\\04012", "<serial-1> <serial-1> <serial-1>" },
  { "a-b.c", "a_b_c a-b.c", "a_b_c <serial-1>" },
  { "\"ab12\"", "_ab12_ \\042ab12\\042 \\400ab12 \\08", "<serial-1> <serial-1> \\400ab12 \\08" },
  { "Gerät 1", "Ger\\303\\244t\\0401 Gerät_1", "<serial-1> <serial-1>" },

  /* Whichever it is: by what stands before. */
  { NULL, "x 4C530001 y\nusb 1-4: SerialNumber: 4C530001\nz 4c530001",
    "x <serial-1> y\nusb 1-4: SerialNumber: <serial-1>\nz <serial-1>" },
  { NULL, "usb 1-4: SerialNumber: Stick 77 A\nStick_77_A stick 77",
    "usb 1-4: SerialNumber: <serial-1>\n<serial-1> stick 77" },
  { NULL, "usb 1-4: SerialNumber: 4C530001 [x]\n4C530001",
    "usb 1-4: SerialNumber: <serial-1> [x]\n<serial-1>" },
  { NULL, "Mfr=1, Product=2, SerialNumber=3", "Mfr=1, Product=2, SerialNumber=3" },
  { NULL, "SerialNumber: 12\n12\nSerialNumber: usb.\nusb",
    "SerialNumber: <serial-1>\n12\nSerialNumber: <serial-2>.\nusb" },
  { NULL, "E: ID_SERIAL_SHORT=4C530001\nE: ID_SERIAL=ACME_4C530001",
    "E: ID_SERIAL_SHORT=<serial-1>\nE: ID_SERIAL=ACME_<serial-1>" },
  { NULL, "    ATTRS{serial}==\"4C53\" ATTR{serial}==\"12\"\n4C53 12",
    "    ATTRS{serial}==\"<serial-1>\" ATTR{serial}==\"<serial-2>\"\n<serial-1> 12" },
  { NULL, "  iSerial                 3 4C530001\n  iSerial 0\n iSerial: 4C530002 /4C530001",
    "  iSerial                 3 <serial-1>\n  iSerial 0\n iSerial: <serial-2> /<serial-1>" },
  { NULL, "alt=0, name=\"@FSBL\", serial=\"4C530001\" serial=1",
    "alt=0, name=\"@FSBL\", serial=\"<serial-1>\" serial=1" },
  { NULL, "{\"x\":\"SerialNumber: 4C530001\\n4C530001\"}",
    "{\"x\":\"SerialNumber: <serial-1>\\n<serial-1>\"}" },
  { NULL, "SerialNumber: <serial-1>, SerialNumber: , SerialNumber:",
    "SerialNumber: <serial-1>, SerialNumber: , SerialNumber:" },
};

static void
test_serials (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (serials); i++) {
    g_autofree char *text = clean (NULL, NULL, serials[i].serial, serials[i].text);

    g_assert_cmpstr (text, ==, serials[i].clean);
  }
}

/* What is taken out makes a word of what stood beside it. */
static void
test_beside (void)
{
  g_autofree char *text = clean ("bob", NULL, SERIAL, SERIAL "bob" SERIAL);

  g_assert_cmpstr (text, ==, "<serial-1><user><serial-1>");
}

static const struct {
  const char *text;
  const char *clean;
} addresses[] = {
  { "ip 192.168.178.21, again 192.168.178.21.", "ip <address-1>, again <address-1>." },
  { "192.168.1.5:8080 10.0.0.1/24", "<address-1>:8080 <address-2>/24" },
  { "fe80::1c2b:3aff:fe4d:5e6f%eth0 FE80::1C2B:3AFF:FE4D:5E6F", "<address-1>%eth0 <address-1>" },
  { "[2001:db8:0:1:2:3:4:5]:80 ::ffff:10.1.2.3", "[<address-1>]:80 <address-2>" },
  { "mac 00:80:E1:42:a7:b2 00-80-e1-42-a7-b2", "mac <address-1> <address-2>" },
  { "enx0080e142a7b2 wlx0080e142a7b2: up", "enx<address-1> wlx<address-1>: up" },
  { "10.0.0.1%3A80 http:\\/\\/10.0.0.1\\/", "<address-1>%3A80 http:\\/\\/<address-1>\\/" },
  { "inet addr:192.168.7.2  Bcast:192.168.7.255", "inet addr:<address-1>  Bcast:<address-2>" },
  { "MAC:00:80:e1:42:5a:11 hw:00-80-e1-42-5a-11", "MAC:<address-1> hw:<address-2>" },
  { "tftp:192.168.7.1:uImage face:192.168.7.1", "tftp:<address-1>:uImage face:<address-1>" },
  { "inet6 addr:fe80::1c2b:3aff:fe4d:5e6f/64", "inet6 addr:<address-1>/64" },
  { "ethaddr=0080e1425a11 usbnet_hostaddr='0080e1425a12' MAC: 0080E1425A11",
    "ethaddr=<address-1> usbnet_hostaddr='<address-2>' MAC: <address-1>" },
  /* What only looks like one. */
  { "size=0080e1425a11 loadaddr=0080e1425a ethaddr=0080e1425a11c2 xaddr0080e1425a11",
    "size=0080e1425a11 loadaddr=0080e1425a ethaddr=0080e1425a11c2 xaddr0080e1425a11" },
  { "12:00:80:e1:42:5a:11", "12:00:80:e1:42:5a:11" },
  { "12:34:56 1.2.3 1.2.3.4.5 256.1.1.1 v1.2.3.4", "12:34:56 1.2.3 1.2.3.4.5 256.1.1.1 v1.2.3.4" },
  { "usb 1-2.3.4.1 0483:df11 std::x ::", "usb 1-2.3.4.1 0483:df11 std::x ::" },
  { "00:80:E1:42:a7:b2:00 00:80:E1:42:a7 enx0080e142a7b2c3 0080e142a7b2",
    "00:80:E1:42:a7:b2:00 00:80:E1:42:a7 enx0080e142a7b2c3 0080e142a7b2" },
  { "0x00:80 xx:yy:zz:00:11:22 deadbeef", "0x00:80 xx:yy:zz:00:11:22 deadbeef" },
};

static void
test_addresses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autofree char *text = clean (NULL, NULL, NULL, addresses[i].text);

    g_assert_cmpstr (text, ==, addresses[i].clean);
  }
}

/* --- whole reports ------------------------------------------------------------------------ */

static const struct {
  const char *kind;
  const char *secret;
} secrets[] = {
  { "user", "Øyvind" },         { "user", "/srv/people/oyvind" }, { "host", "bench-42" },
  { "serial", SERIAL },         { "serial", "20773573424D" },     { "serial", "4242424242" },
  { "serial", "0000:00:14.0" },
};

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

static FlashReport *
make (void)
{
  FlashReport *report = flash_report_new ();

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    flash_report_add_secret (report, secrets[i].kind, secrets[i].secret);
  flash_report_add_section (
      report, "usb",
      parse ("{\"" SERIAL "\":{\"path\":\"/srv/people/oyvind/x\",\"n\":4242424242,\"m\":-7,"
             "\"bench-42\":[\"ØYVIND@bench-42\",true,0.5]},"
             "\"003a00283338511234383330\":\"usb-0000:00:14.0-1\"}"));
  flash_report_add_section (report, "bench-42", parse ("[]"));
  flash_report_add_section (report, "host", parse ("[]"));
  flash_report_add_text (report, "bench-42.txt", "%C3%98yvind 20773573424d");
  flash_report_add_text (report, "BENCH-42.txt", "\\u00d8YVIND\n/srv/people/oyvind");
  flash_report_add_moment (report, 1, "job", "read /srv/people/oyvind/layout.tsv", "bench-42");
  flash_report_add_moment (report, 2, "bench-42", "board 20773573424D came", NULL);
  return report;
}

static gboolean
holds (GByteArray *bytes, const char *secret)
{
  g_autofree char *text = g_strndup ((const char *) bytes->data, bytes->len);
  g_autofree char *lower = g_utf8_strdown (text, -1);
  g_autofree char *searched = g_utf8_strdown (secret, -1);

  g_assert_cmpuint (strlen (text), ==, bytes->len);
  return strstr (lower, searched) != NULL;
}

static GByteArray *
save_and_unpack (FlashReport *report)
{
  g_autofree char *path = flash_report_test_dup_path ("report.zip");
  g_autoptr (GError) error = NULL;
  GByteArray *bytes;

  g_assert_true (flash_report_save (report, path, &error));
  g_assert_no_error (error);
  bytes = flash_report_test_unpack (path);
  flash_report_test_remove (path);
  return bytes;
}

static void
test_every_byte (void)
{
  static const char *const written[] = { "%C3%98yvind", "\\u00d8yvind", "oyvind" };
  g_autoptr (FlashReport) report = make ();
  g_autoptr (FlashReport) private = flash_report_make_private (report, &all);
  g_autoptr (GByteArray) before = save_and_unpack (report);
  g_autoptr (GByteArray) after = save_and_unpack (private);

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
    g_test_message ("%s", secrets[i].secret);
    g_assert_true (holds (before, secrets[i].secret));
    g_assert_false (holds (after, secrets[i].secret));
  }
  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    g_assert_false (holds (after, written[i]));
  g_assert_true (holds (after, "<serial-1>"));
  g_assert_true (holds (after, "(host).txt"));
  /* Nothing is lost where two names became the same. */
  g_assert_true (holds (after, "2-(host).txt"));
  g_assert_nonnull (flash_report_get_section (private, "host"));
  g_assert_nonnull (flash_report_get_section (private, "host-2"));
  /* The report itself stays as it is. */
  g_assert_nonnull (flash_report_get_section (report, "bench-42"));
}

static void
test_facts (void)
{
  g_autoptr (FlashReport) report = make ();
  g_autoptr (FlashReport) private = flash_report_make_private (report, &all);
  g_autofree char *json = json_to_string (flash_report_get_section (private, "usb"), FALSE);
  const FlashReportMoment *moment;

  g_assert_cmpstr (json, ==,
                   "{\"<serial-1>\":{\"path\":\"<home>/x\",\"n\":\"<serial-3>\",\"m\":-7,"
                   "\"<host>\":[\"<user>@<host>\",true,0.5]},"
                   "\"<serial-1>-2\":\"usb-<serial-4>-1\"}");
  moment = g_ptr_array_index (flash_report_get_moments (private), 0);
  g_assert_cmpstr (moment->text, ==, "read <home>/layout.tsv");
  g_assert_cmpstr (moment->code, ==, "host");
  moment = g_ptr_array_index (flash_report_get_moments (private), 1);
  g_assert_cmpstr (moment->text, ==, "board <serial-2> came");
  g_assert_cmpstr (moment->source, ==, "host");
}

/* A private report can be made private again; another has the same numbers. */
static void
test_again (void)
{
  g_autoptr (FlashReport) report = make ();
  g_autoptr (FlashReport) private = flash_report_make_private (report, &all);
  g_autoptr (FlashReport) again = flash_report_make_private (private, &all);
  g_autoptr (GByteArray) first = save_and_unpack (private);
  g_autoptr (GByteArray) second = save_and_unpack (again);

  g_assert_cmpmem (first->data, first->len, second->data, second->len);
}

/* Only what was asked for. */
static void
test_parts (void)
{
  static const struct {
    FlashReportPrivacy privacy;
    const char *text;
  } rows[] = {
    { { FALSE, FALSE, FALSE }, "Øyvind bench-42 " SERIAL " 10.0.0.1" },
    { { TRUE, FALSE, FALSE }, "<user> bench-42 " SERIAL " 10.0.0.1" },
    { { FALSE, TRUE, FALSE }, "Øyvind <host> " SERIAL " 10.0.0.1" },
    { { FALSE, FALSE, TRUE }, "Øyvind bench-42 <serial-1> <address-1>" },
  };
  g_autoptr (FlashReport) report = make ();

  flash_report_add_text (report, "x", "Øyvind bench-42 " SERIAL " 10.0.0.1");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (FlashReport) private = flash_report_make_private (report, &rows[i].privacy);

    g_assert_cmpstr (flash_report_get_text (private, "x"), ==, rows[i].text);
  }
}

/* This user and this computer are known without being told. */
static void
test_own (void)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autofree char *text = g_strdup_printf ("%s/x.tsv", g_get_home_dir ());
  g_autoptr (FlashReport) private = NULL;

  flash_report_add_text (report, "x", text);
  private = flash_report_make_private (report, &all);
  g_assert_cmpstr (flash_report_get_text (private, "x"), ==, "<home>/x.tsv");
}

/* Words that name somebody and may remain are said. */
static void
test_kept (void)
{
  static const FlashReportPrivacy only_host = { .host = TRUE };
  g_autoptr (FlashReport) report = flash_report_new ();
  g_auto (GStrv) before = flash_report_list_kept (report, &all);
  g_auto (GStrv) kept = NULL;
  g_auto (GStrv) of_host = NULL;

  flash_report_add_secret (report, "user", "admin");
  flash_report_add_secret (report, "user", "Admin");
  flash_report_add_secret (report, "user", "j.doe");
  flash_report_add_secret (report, "user", "root");
  flash_report_add_secret (report, "host", "localhost");
  flash_report_add_secret (report, "host", "Laptop");
  flash_report_add_secret (report, "serial", "board");
  kept = flash_report_list_kept (report, &all);
  g_assert_cmpuint (g_strv_length (kept), ==, g_strv_length (before) + 2);
  g_assert_true (g_strv_contains ((const char *const *) kept, "admin"));
  g_assert_true (g_strv_contains ((const char *const *) kept, "Laptop"));
  of_host = flash_report_list_kept (report, &only_host);
  g_assert_false (g_strv_contains ((const char *const *) of_host, "admin"));
  g_assert_true (g_strv_contains ((const char *const *) of_host, "Laptop"));
}

/* What one part of a report gives away is taken out of all of it. */
static void
test_everywhere (void)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (FlashReport) private = NULL;
  g_autoptr (GByteArray) bytes = NULL;

  flash_report_add_secret (report, "host", "ws7");
  flash_report_add_section (report, "usb",
                            parse ("{\"a\":\"SerialNumber: 4C530001\",\"b\":555777}"));
  flash_report_add_text (report, "log.txt", "555777 4C530001 4C530002 ws7.example.org");
  flash_report_add_text (report, "x.txt", "example.org SerialNumber: 555777");
  flash_report_add_moment (report, 1, "kernel", "usb 1-4: SerialNumber: 4C530002", NULL);
  private = flash_report_make_private (report, &all);
  bytes = save_and_unpack (private);
  g_assert_false (holds (bytes, "4C530001"));
  g_assert_false (holds (bytes, "4C530002"));
  g_assert_false (holds (bytes, "555777"));
  g_assert_false (holds (bytes, "example.org"));
}

/* A report that was made to hurt does not keep anybody busy for long; what stands behind a label
 * goes all the same. */
static void
test_many_learnt (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *cleaned = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "SerialNumber: X%07u\n", i);
  cleaned = clean (NULL, NULL, NULL, text->str);
  g_assert_null (strstr (cleaned, "X00"));
}

static void
test_long_code (void)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (FlashReport) private = NULL;
  g_auto (GStrv) names = NULL;

  flash_report_add_secret (report, "serial", "ab1");
  flash_report_add_section (
      report, "ab1-ab1-ab1-ab1-ab1-ab1-ab1-ab1-ab1-ab1-ab1-ab1-ab1-ab1-ab1-ab1", parse ("[]"));
  private = flash_report_make_private (report, &all);
  names = flash_report_list_sections (private);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_true (_flash_report_is_code (names[0]));
  g_assert_null (strstr (names[0], "ab1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("HOME", "/srv/homes/flashwright-tester", TRUE);
  g_test_add_func ("/report-privacy/users", test_users);
  g_test_add_func ("/report-privacy/hosts", test_hosts);
  g_test_add_func ("/report-privacy/serials", test_serials);
  g_test_add_func ("/report-privacy/beside", test_beside);
  g_test_add_func ("/report-privacy/addresses", test_addresses);
  g_test_add_func ("/report-privacy/every-byte", test_every_byte);
  g_test_add_func ("/report-privacy/facts", test_facts);
  g_test_add_func ("/report-privacy/again", test_again);
  g_test_add_func ("/report-privacy/parts", test_parts);
  g_test_add_func ("/report-privacy/own", test_own);
  g_test_add_func ("/report-privacy/kept", test_kept);
  g_test_add_func ("/report-privacy/everywhere", test_everywhere);
  g_test_add_func ("/report-privacy/many-learnt", test_many_learnt);
  g_test_add_func ("/report-privacy/long-code", test_long_code);
  return g_test_run ();
}
