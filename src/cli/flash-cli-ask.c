/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-ask"

#include "config.h"

#include "flash-cli-ask.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_ANSWER 256

gboolean
flash_cli_can_ask (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

/* Returns: whether a line came; it is in @answer without its end. */
static gboolean
read_line (const char *question, char answer[MAX_ANSWER])
{
  g_printerr ("%s ", question);
  if (fgets (answer, MAX_ANSWER, stdin) == NULL) {
    g_printerr ("\n");
    return FALSE;
  }
  g_strstrip (answer);
  return TRUE;
}

gboolean
flash_cli_ask_word (const char *question, const char *word)
{
  char answer[MAX_ANSWER];

  return flash_cli_can_ask () && read_line (question, answer) && g_str_equal (answer, word);
}

char
flash_cli_ask_letter (const char *question, const char *letters)
{
  char answer[MAX_ANSWER];

  while (flash_cli_can_ask () && read_line (question, answer)) {
    if (answer[0] == '\0')
      return letters[0];
    if (answer[1] == '\0' && strchr (letters, g_ascii_tolower (answer[0])) != NULL)
      return g_ascii_tolower (answer[0]);
  }
  return letters[strlen (letters) - 1];
}
