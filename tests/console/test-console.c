/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A console on a pseudo terminal: the test is the board. */
#include "config.h"

#include "flash-console.h"

#include <fcntl.h>
#include <pty.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

typedef struct {
  int board; /* the other end */
  int port; /* held open, to look at its settings */
  char *path; /* (owned) */
  FlashConsole *console; /* (owned) */
  guint n_lines; /* that were told */
  const FlashConsoleMark *mark; /* of the last one */
  char *closed; /* (owned) (nullable): why */
} Fixture;

static void
on_line (FlashConsole *console, const char *text, const FlashConsoleMark *mark, Fixture *fixture)
{
  GPtrArray *lines = flash_console_get_lines (console);
  const FlashConsoleLine *last = g_ptr_array_index (lines, lines->len - 1);

  g_assert_cmpstr (last->text, ==, text);
  g_assert_true (last->mark == mark);
  fixture->n_lines++;
  fixture->mark = mark;
}

static void
on_closed (FlashConsole *console, const char *message, Fixture *fixture)
{
  g_assert_null (fixture->closed);
  g_assert_false (flash_console_is_open (console));
  fixture->closed = g_strdup (message);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  char name[128];
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (openpty (&fixture->board, &fixture->port, name, NULL, NULL), ==, 0);
  fixture->path = g_strdup (name);
  fixture->console = flash_console_open (fixture->path, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->console, "line", G_CALLBACK (on_line), fixture);
  g_signal_connect (fixture->console, "closed", G_CALLBACK (on_closed), fixture);
}

static void
close_end (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->console);
  close_end (&fixture->board);
  close_end (&fixture->port);
  g_free (fixture->path);
  g_free (fixture->closed);
}

static void
print (Fixture *fixture, const char *text)
{
  gsize done = 0;

  while (done < strlen (text)) {
    gssize n = write (fixture->board, text + done, MIN (strlen (text) - done, 1024));

    g_assert_cmpint (n, >, 0);
    done += (gsize) n;
    while (g_main_context_iteration (NULL, FALSE)) {
    }
  }
}

static void
wait_for_lines (Fixture *fixture, guint n)
{
  while (fixture->n_lines < n)
    g_main_context_iteration (NULL, TRUE);
}

static const char *
get_text (Fixture *fixture, guint index)
{
  return ((FlashConsoleLine *) g_ptr_array_index (flash_console_get_lines (fixture->console),
                                                  index))
      ->text;
}

static void
test_lines (Fixture *fixture, gconstpointer data)
{
  gint64 before = g_get_monotonic_time ();
  const FlashConsoleLine *line;

  g_assert_cmpstr (flash_console_get_path (fixture->console), ==, fixture->path);
  g_assert_false (flash_console_has_spoken (fixture->console, 0));
  print (fixture,
         "NOTICE:  CPU: STM32MP157CAC Rev.B\r\nhello\r\nERROR:   I2C device not ready\r\n");
  wait_for_lines (fixture, 3);
  g_assert_cmpuint (flash_console_get_lines (fixture->console)->len, ==, 3);
  g_assert_cmpstr (get_text (fixture, 1), ==, "hello");
  g_assert_cmpstr (fixture->mark->name, ==, "pmic-failed");
  line = g_ptr_array_index (flash_console_get_lines (fixture->console), 0);
  g_assert_cmpint (line->time_us, >=, before);
  g_assert_cmpint (line->time_us, <=, g_get_monotonic_time ());
  g_assert_true (flash_console_has_spoken (fixture->console, before));
  g_assert_false (flash_console_has_spoken (fixture->console, G_MAXINT64));
  g_assert_cmpuint (flash_console_get_n_dropped (fixture->console), ==, 0);
}

/* A prompt never ends; it is shown all the same, and what follows is another line. */
static void
test_prompt (Fixture *fixture, gconstpointer data)
{
  print (fixture, "STM32MP> ");
  wait_for_lines (fixture, 1);
  g_assert_cmpstr (get_text (fixture, 0), ==, "STM32MP>");
  print (fixture, "help\n");
  wait_for_lines (fixture, 2);
  g_assert_cmpstr (get_text (fixture, 1), ==, "help");
}

static void
test_settings (Fixture *fixture, gconstpointer data)
{
  struct termios set;
  int is_exclusive = 0;

  g_assert_cmpint (tcgetattr (fixture->port, &set), ==, 0);
  g_assert_cmpuint (cfgetispeed (&set), ==, B115200);
  g_assert_cmpuint (cfgetospeed (&set), ==, B115200);
  g_assert_cmpuint (set.c_cflag & (CSIZE | PARENB | CSTOPB | CRTSCTS), ==, CS8);
  g_assert_cmpuint (set.c_cflag & (CREAD | CLOCAL), ==, CREAD | CLOCAL);
  g_assert_cmpuint (set.c_iflag & (IXON | IXOFF | ICRNL), ==, 0);
  g_assert_cmpuint (set.c_lflag & (ECHO | ICANON | ISIG), ==, 0);
  g_assert_cmpint (ioctl (fixture->port, TIOCGEXCL, &is_exclusive), ==, 0);
  g_assert_cmpint (is_exclusive, ==, 1);

  flash_console_close (fixture->console);
  g_assert_false (flash_console_is_open (fixture->console));
  g_assert_cmpint (ioctl (fixture->port, TIOCGEXCL, &is_exclusive), ==, 0);
  g_assert_cmpint (is_exclusive, ==, 0);
  g_assert_cmpint (tcgetattr (fixture->port, &set), ==, 0);
  g_assert_cmpuint (set.c_lflag & (ECHO | ICANON), ==, ECHO | ICANON);
  flash_console_close (fixture->console);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **out_result = data;

  *out_result = g_object_ref (result);
}

static FlashConsole *
open_without_blocking (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  flash_console_open_async (path, cancellable, on_opened, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return flash_console_open_finish (result, error);
}

static void
wait_for_return (int port)
{
  struct termios set = { 0 };

  while ((set.c_lflag & (ECHO | ICANON)) != (ECHO | ICANON)) {
    g_assert_cmpint (tcgetattr (port, &set), ==, 0);
    g_thread_yield ();
  }
}

/* Opened and closed in threads, again and again: nobody is in the way of themselves. */
static void
test_async (Fixture *fixture, gconstpointer data)
{
  int is_exclusive = 0;

  g_clear_object (&fixture->console);
  for (guint i = 0; i < 20; i++) {
    g_autoptr (GError) error = NULL;

    fixture->console = open_without_blocking (fixture->path, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (flash_console_is_open (fixture->console));
    g_assert_cmpstr (flash_console_get_path (fixture->console), ==, fixture->path);
    g_signal_connect (fixture->console, "line", G_CALLBACK (on_line), fixture);
    fixture->n_lines = 0;
    print (fixture, "hello\r\n");
    wait_for_lines (fixture, 1);
    if (i % 2 == 0)
      flash_console_close (fixture->console);
    g_assert_cmpint (flash_console_is_open (fixture->console), ==, i % 2 != 0);
    if (i < 19)
      g_clear_object (&fixture->console);
  }
  g_assert_cmpint (ioctl (fixture->port, TIOCGEXCL, &is_exclusive), ==, 0);
  g_assert_cmpint (is_exclusive, ==, 1);
  flash_console_close (fixture->console);
  g_assert_false (flash_console_is_open (fixture->console));
  wait_for_return (fixture->port);
  g_assert_cmpstr (get_text (fixture, 0), ==, "hello");
}

/* Somebody who does not want it any more does not get it, and does not keep it. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) busy = NULL;

  g_assert_null (open_without_blocking (fixture->path, NULL, &busy));
  g_assert_error (busy, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_object (&fixture->console);
  flash_console_open_async (fixture->path, cancellable, on_opened, &result);
  if (GPOINTER_TO_INT (data) != 0)
    while (result == NULL)
      g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (flash_console_open_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  g_clear_error (&error);
  fixture->console = open_without_blocking (fixture->path, NULL, &error);
  g_assert_no_error (error);
}

static void
on_ignored (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_null (flash_console_open_finish (result, NULL));
}

/* … nor is it in the way of who wants it after all. */
static void
test_hasty (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->console);
  for (guint i = 0; i < 50; i++) {
    g_autoptr (GError) error = NULL;

    for (guint j = 0; j < 5; j++) {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      flash_console_open_async (fixture->path, cancellable, on_ignored, NULL);
      g_cancellable_cancel (cancellable);
    }
    fixture->console = open_without_blocking (fixture->path, NULL, &error);
    g_assert_no_error (error);
    g_clear_object (&fixture->console);
  }
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_console_open (fixture->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

static void
test_hang_up (Fixture *fixture, gconstpointer data)
{
  print (fixture, "last words");
  close_end (&fixture->board);
  while (fixture->closed == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_lines, ==, 1);
  g_assert_cmpstr (get_text (fixture, 0), ==, "last words");
  g_assert_nonnull (strchr (fixture->closed, ':'));
}

static void
on_line_close (FlashConsole *console)
{
  flash_console_close (console);
}

/* Whoever is told of a line may close the console. */
static void
test_close_inside (Fixture *fixture, gconstpointer data)
{
  g_signal_connect (fixture->console, "line", G_CALLBACK (on_line_close), NULL);
  print (fixture, "one\ntwo\nthree");
  wait_for_lines (fixture, 3);
  g_assert_false (flash_console_is_open (fixture->console));
  g_assert_null (fixture->closed);
  g_assert_cmpstr (get_text (fixture, 2), ==, "three");
}

static void
on_line_drop (FlashConsole *console, const char *text, gpointer mark, Fixture *fixture)
{
  g_clear_object (&fixture->console);
}

/* … or drop it, also while it waits for the rest of a line. */
static void
test_drop_inside (Fixture *fixture, gconstpointer data)
{
  g_signal_connect (fixture->console, "line", G_CALLBACK (on_line_drop), fixture);
  print (fixture, GPOINTER_TO_INT (data) != 0 ? "prompt>" : "one\ntwo\n");
  while (fixture->console != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_lines, ==, GPOINTER_TO_INT (data) != 0 ? 1 : 2);
}

static void
test_flood (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = FLASH_CONSOLE_MAX_LINES + 1234;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "line %u\n", i);
  print (fixture, text->str);
  wait_for_lines (fixture, n);
  g_assert_cmpuint (flash_console_get_lines (fixture->console)->len, ==, FLASH_CONSOLE_MAX_LINES);
  g_assert_cmpuint (flash_console_get_n_dropped (fixture->console), ==, 1234);
  g_assert_cmpstr (get_text (fixture, 0), ==, "line 1234");
}

/* --- the failure -------------------------------------------------------------------------- */

static const struct {
  const char *text;
  guint n_lines;
  const char *failure;
} failures[] = {
  { "NOTICE:  CPU: STM32MP157C\nhello\n", 2, NULL },
  { "NOTICE:  CPU: STM32MP157C\nPANIC at PC : 0x2ff\n", 2, "panic" },
  { "NOTICE:  CPU: STM32MP157C\nERROR:   I2C device not ready\nPANIC at PC : 0x2ff\n"
    "Exception mode=0x16\n",
    4, "pmic-failed" },
  /* The next boot is another story. */
  { "ERROR:   I2C device not ready\nNOTICE:  CPU: STM32MP157C\nPANIC at PC : 0x2ff\n", 3, "panic" },
  { "ERROR:   DDR power init failed\nPANIC at PC : 0x2ff\nNOTICE:  CPU: STM32MP157C\n"
    "ERROR:   I2C device not ready\n",
    4, "pmic-failed" },
  /* An empty slot, and Linux runs all the same. */
  { "Card did not respond to voltage select! : -110\nStarting kernel ...\n", 2, NULL },
  /* The reason of a reset that nobody has watched. */
  { "NOTICE:  CPU: STM32MP157C\nNOTICE:  Model: x\nINFO: IWDG2 Reset (rst_iwdg2)\n"
    "NOTICE:  BL2: v2.8\n",
    4, NULL },
  { "INFO: IWDG1 Reset (rst_iwdg1)\nNOTICE:  BL2: v2.8\nU-Boot 2022.10\n", 3, NULL },
  /* Of one that was watched, until it has come further. */
  { "Starting kernel ...\nNOTICE:  CPU: STM32MP157C\nNOTICE:  Model: x\n"
    "INFO: IWDG2 Reset (rst_iwdg2)\nNOTICE:  BL2: v2.8\n",
    5, "watchdog" },
  { "U-Boot 2022.10\nINFO: IWDG2 Reset (rst_iwdg2)\n", 2, "watchdog" },
  { "NOTICE:  CPU: STM32MP157C\nNOTICE:  CPU: STM32MP157C\nINFO: IWDG2 Reset (rst_iwdg2)\n", 3,
    "watchdog" },
  { "NOTICE:  Model: x\nNOTICE:  CPU: STM32MP157C\nINFO: IWDG2 Reset (rst_iwdg2)\n", 3,
    "watchdog" },
  { "U-Boot 2022.10\nINFO: IWDG2 Reset (rst_iwdg2)\nINFO:    BL2: Loading image id 4\n", 3, NULL },
  { "U-Boot 2022.10\nINFO: IWDG2 Reset (rst_iwdg2)\nU-Boot 2022.10\n", 3, NULL },
  { "U-Boot 2022.10\nINFO: IWDG2 Reset (rst_iwdg2)\nPANIC at PC : 0x2ff\n", 3, "panic" },
  { "WARNING: Image id=5 size out of bounds\nU-Boot 2022.10\n", 2, NULL },
  { "WARNING: Image id=5 size out of bounds\nU-Boot 2022.10\nNOTICE:  CPU: STM32MP157C\n", 3,
    NULL },
  { "WARNING: Image id=5 size out of bounds\nINFO:    DFU USB START...\n", 2, NULL },
  { "WARNING: Image id=5 size out of bounds\nNOTICE:  BL2: v2.8\n", 2, "image-refused" },
  /* A panic is the end of its program, whatever that prints then. */
  { "E/TC:0 0 Panic at core/kernel/assert.c:28\nE/TC:0 Call stack:\nI/TC: more\n", 3, "panic" },
  { "PANIC at PC : 0x2ff\nINFO:    DFU USB START...\n", 2, "panic" },
  { "PANIC at PC : 0x2ff\nU-Boot 2022.10\n", 2, NULL },
  /* An empty slot is a hint as long as nothing follows. */
  { "U-Boot 2022.10\nCard did not respond to voltage select! : -110\n", 2, "storage-failed" },
  { "U-Boot 2022.10\nMMC: no card present\nBoot over usb0!\n", 3, NULL },
  { "MMC: no card present\nDFU alt info setting: done\n", 2, NULL },
  { "MMC: no card present\nNOTICE:  CPU: STM32MP157C\n", 2, "storage-failed" },
  { "MMC: no card present\n### ERROR ### Please RESET the board ###\n", 2, "panic" },
  { "board_init_r(): initcall initr_dm() failed\n", 1, "panic" },
  { "board_init_r(): initcall x() failed\n### ERROR ### Please RESET the board ###\n", 2, "panic" },
  { "board_init_r(): initcall event_spy() failed\nU-Boot 2022.10\n", 2, NULL },
  { "U-Boot 2022.10\nError: mmc device 1 not found\nDFU alt info setting: done\n", 3,
    "storage-failed" },
};

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++) {
    gint64 since = g_get_monotonic_time ();
    const FlashConsoleMark *mark;

    fixture->n_lines = 0;
    print (fixture, failures[i].text);
    wait_for_lines (fixture, failures[i].n_lines);
    mark = flash_console_find_failure (fixture->console, since);
    g_test_message ("%s", failures[i].text);
    g_assert_cmpstr (mark != NULL ? mark->name : NULL, ==, failures[i].failure);
    g_assert_null (flash_console_find_failure (fixture->console, G_MAXINT64));
  }
}

/* --- what is no port ---------------------------------------------------------------------- */

static void
test_no_port (void)
{
  g_autofree char *folder = g_dir_make_tmp ("flashwright-XXXXXX", NULL);
  g_autofree char *missing = g_build_filename (folder, "ttyACM0", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  const char *const paths[] = { folder, file, "/dev/null" };

  g_assert_true (g_file_set_contents (file, "text", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (flash_console_open (paths[i], &error));
    g_assert_true (error->domain == G_IO_ERROR);
  }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (flash_console_open (missing, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    g_assert_nonnull (strstr (error->message, "ttyACM0: "));
  }
  unlink (file);
  rmdir (folder);
}

#define ADD(path, data, func)                                                                      \
  g_test_add ("/console/" path, Fixture, GINT_TO_POINTER (data), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("lines", 0, test_lines);
  ADD ("prompt", 0, test_prompt);
  ADD ("settings", 0, test_settings);
  ADD ("async", 0, test_async);
  ADD ("cancelled-at-once", 0, test_cancelled);
  ADD ("cancelled-late", 1, test_cancelled);
  ADD ("hasty", 0, test_hasty);
  ADD ("busy", 0, test_busy);
  ADD ("hang-up", 0, test_hang_up);
  ADD ("close-inside", 0, test_close_inside);
  ADD ("drop-inside", 0, test_drop_inside);
  ADD ("drop-inside-rest", 1, test_drop_inside);
  ADD ("flood", 0, test_flood);
  ADD ("failure", 0, test_failure);
  g_test_add_func ("/console/no-port", test_no_port);
  return g_test_run ();
}
