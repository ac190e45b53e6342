/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-job-ask"

#include "config.h"

#include "flash-cli-job-ask.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define MAX_ANSWER 256
/* How often it is looked whether the job is in front of its terminal again. */
#define FRONT_MS 500

struct _FlashCliJobAsk {
  FlashJob *job; /* (not owned) */
  guint limit_s;
  FlashJobQuestion question; /* the one that is open */
  char *port; /* (owned) (nullable): the question is whether to go on there */
  guint source; /* waits for a line, or to be in front, while a question is open, 0 otherwise */
  guint limit_source; /* ends the question, 0 without */
};

/* A job in the background of a shell that touched its terminal would be stopped by the kernel, with
 * its board half written. A terminal that does not control the job has no group, and stops nobody.
 */
static gboolean
is_in_front (void)
{
  pid_t group = tcgetpgrp (STDIN_FILENO);

  return group < 0 || group == getpgrp ();
}

gboolean
flash_cli_job_ask_can (void)
{
  return isatty (STDIN_FILENO) && isatty (STDOUT_FILENO) && is_in_front ();
}

FlashCliJobAsk *
flash_cli_job_ask_new (FlashJob *job, guint limit_s)
{
  FlashCliJobAsk *self = g_new0 (FlashCliJobAsk, 1);

  self->job = job;
  self->limit_s = limit_s;
  return self;
}

static void
close_question (FlashCliJobAsk *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_handle_id (&self->limit_source, g_source_remove);
}

void
flash_cli_job_ask_free (FlashCliJobAsk *self)
{
  close_question (self);
  g_free (self->port);
  g_free (self);
}

gboolean
flash_cli_job_ask_is_open (FlashCliJobAsk *self)
{
  return self->source != 0;
}

/* What happened is told before what is asked. */
static const char *
get_question (FlashJobQuestion question)
{
  switch (question) {
  case FLASH_JOB_QUESTION_NONE:
    return NULL;
  case FLASH_JOB_QUESTION_PATIENCE:
    /* TRANSLATORS: the letters stay: y for yes, n for no */
    return _ ("The board did not return in time. If it returns later, the job goes on by itself.\n"
              "Go on waiting? [y/N]");
  case FLASH_JOB_QUESTION_ROM:
    /* TRANSLATORS: the letters stay: y for yes, n for no */
    return _ ("The board restarted into its ROM. Partitions that it has confirmed need not be sent "
              "again.\n"
              "Begin again with the first boot stage? [y/N]");
  case FLASH_JOB_QUESTION_GONE:
    /* TRANSLATORS: the letters stay: y for yes, n for no */
    return _ ("The board left in the middle of a transfer. Connect it again.\n"
              "Go on with the job? [y/N]");
  }
  g_return_val_if_reached (NULL);
}

static void
take_answer (FlashCliJobAsk *self, gboolean is_yes)
{
  close_question (self);
  if (is_yes && self->port != NULL)
    flash_job_move (self->job, self->port);
  else
    flash_job_answer (self->job, self->question,
                      is_yes ? FLASH_JOB_ANSWER_GO_ON : FLASH_JOB_ANSWER_GIVE_UP);
}

static void watch (FlashCliJobAsk *self);

/* A terminal gives whole lines; the end of its input is no yes. */
static gboolean
on_input (int fd, GIOCondition condition, gpointer data)
{
  FlashCliJobAsk *self = data;
  char answer[MAX_ANSWER];
  ssize_t length;

  if (!is_in_front ()) {
    /* What is typed is for the shell. */
    self->source = 0;
    watch (self);
    return G_SOURCE_REMOVE;
  }
  length = read (fd, answer, sizeof answer);
  self->source = 0;
  take_answer (self, length > 0 && g_ascii_tolower (answer[0]) == 'y');
  return G_SOURCE_REMOVE;
}

static gboolean
on_front_timeout (gpointer data)
{
  FlashCliJobAsk *self = data;

  if (!is_in_front ())
    return G_SOURCE_CONTINUE;
  self->source = 0;
  watch (self);
  return G_SOURCE_REMOVE;
}

static void
watch (FlashCliJobAsk *self)
{
  if (!is_in_front ()) {
    self->source = g_timeout_add (FRONT_MS, on_front_timeout, self);
    return;
  }
  /* What was typed before was no answer to it. */
  tcflush (STDIN_FILENO, TCIFLUSH);
  self->source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, self);
}

static gboolean
on_limit_timeout (gpointer data)
{
  FlashCliJobAsk *self = data;

  self->limit_source = 0;
  g_print ("\n%s\n", _ ("Nobody has answered. The job ends."));
  close_question (self);
  flash_job_answer (self->job, self->question, FLASH_JOB_ANSWER_GIVE_UP);
  return G_SOURCE_REMOVE;
}

static void
ask (FlashCliJobAsk *self)
{
  const char *question;

  self->question = flash_job_get_question (self->job);
  question = get_question (self->question);
  /* It may be settled already. */
  if (question == NULL || self->source != 0)
    return;
  g_clear_pointer (&self->port, g_free);
  g_print ("%s ", question);
  fflush (stdout);
  watch (self);
  self->limit_source = g_timeout_add_seconds (self->limit_s, on_limit_timeout, self);
}

void
flash_cli_job_ask_offer (FlashCliJobAsk *self, const char *port)
{
  if (self->source == 0 || g_strcmp0 (port, self->port) == 0 ||
      self->question == FLASH_JOB_QUESTION_ROM)
    return;
  g_free (self->port);
  self->port = g_strdup (port);
  g_print ("\n");
  if (port == NULL) {
    g_print ("%s ", get_question (self->question));
  } else {
    g_print ("%s\n", _ ("A board with the same serial number is on another port."));
    /* TRANSLATORS: the port of a board, such as 1-4; the letters stay: y for yes, n for no */
    g_print (_ ("Go on with port %s? [y/N]"), port);
    g_print (" ");
  }
  fflush (stdout);
}

void
flash_cli_job_ask_hear (FlashCliJobAsk *self, const FlashEvent *event)
{
  if (event->kind == FLASH_EVENT_PAUSED) {
    ask (self);
    return;
  }
  if (self->source != 0 &&
      (event->kind == FLASH_EVENT_RESUMED || event->kind == FLASH_EVENT_FAILED)) {
    close_question (self);
    g_print ("\n");
  }
  if (event->kind == FLASH_EVENT_RESUMED)
    g_print ("%s\n", _ ("The job goes on."));
}
