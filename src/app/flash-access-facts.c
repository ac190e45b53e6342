/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-access-facts"

#include "config.h"

#include "flash-access-facts.h"

#include "flash-access-run.h"

#include <glib/gi18n.h>

void
flash_access_facts_free (FlashAccessFacts *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->rules);
  g_strfreev (self->rivals);
  g_free (self);
}

/* --- looking -------------------------------------------------------------------------------- */

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const char *root = data;
  FlashAccessFacts *facts = g_new0 (FlashAccessFacts, 1);

  facts->rules = flash_host_rule_find (root, flash_access_get_rule (), &facts->gives_access);
  facts->rivals = flash_host_rivals_find (root);
  g_task_return_pointer (task, facts, (GDestroyNotify) flash_access_facts_free);
}

void
flash_access_facts_look (const char *root, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);

  g_task_set_source_tag (task, flash_access_facts_look);
  g_task_set_task_data (task, g_strdup (root), g_free);
  g_task_run_in_thread (task, look_in_thread);
}

FlashAccessFacts *
flash_access_facts_look_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_access_facts_look), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* --- judging -------------------------------------------------------------------------------- */

/* Returns: (transfer none) (nullable): our rule, the first that udev reads. */
static const FlashHostRule *
find_ours (const FlashAccessFacts *self)
{
  for (guint i = 0; i < self->rules->len; i++) {
    const FlashHostRule *rule = g_ptr_array_index (self->rules, i);

    if (rule->is_ours)
      return rule;
  }
  return NULL;
}

static FlashAccessState
judge_rules (const FlashAccessFacts *self)
{
  const FlashHostRule *ours = find_ours (self);

  if (ours != NULL && !ours->is_current)
    return FLASH_ACCESS_STATE_OLD_RULE;
  switch (self->gives_access) {
  case FLASH_TRI_UNKNOWN:
    return FLASH_ACCESS_STATE_UNSEEN;
  case FLASH_TRI_NO:
    return FLASH_ACCESS_STATE_NO_RULE;
  case FLASH_TRI_YES:
    return FLASH_ACCESS_STATE_NOT_APPLIED;
  }
  g_return_val_if_reached (FLASH_ACCESS_STATE_LOOKING);
}

FlashAccessState
flash_access_facts_judge (const FlashAccessFacts *self, FlashBoardEntry *entry)
{
  FlashAccessState by_rules = self != NULL ? judge_rules (self) : FLASH_ACCESS_STATE_LOOKING;

  if (entry == NULL)
    return by_rules == FLASH_ACCESS_STATE_NOT_APPLIED ? FLASH_ACCESS_STATE_INSTALLED : by_rules;
  if (!flash_board_entry_is_present (entry))
    return FLASH_ACCESS_STATE_AWAY;
  switch (flash_board_get_access (flash_board_entry_get_board (entry))) {
  case FLASH_ACCESS_OK:
    return FLASH_ACCESS_STATE_READY;
  case FLASH_ACCESS_NO_PERMISSION:
    return by_rules;
  case FLASH_ACCESS_BUSY:
    return FLASH_ACCESS_STATE_BUSY;
  case FLASH_ACCESS_SILENT:
    return FLASH_ACCESS_STATE_SILENT;
  }
  g_return_val_if_reached (FLASH_ACCESS_STATE_LOOKING);
}

gboolean
flash_access_facts_can_remove (const FlashAccessFacts *self)
{
  const FlashHostRule *ours = self != NULL ? find_ours (self) : NULL;

  /* What a package has installed, a package removes. */
  return ours != NULL && g_str_has_suffix (ours->path, "/etc/udev/rules.d/60-flashwright.rules");
}

/* --- words ---------------------------------------------------------------------------------- */

static const struct {
  const char *heading;
  const char *text;
  const char *icon;
} words[] = {
  [FLASH_ACCESS_STATE_LOOKING] = { N_ ("Looking at this computer…"), "", "system-search-symbolic" },
  [FLASH_ACCESS_STATE_READY] = { N_ ("Ready"),
                                 N_ ("This account may open the board. Nothing has to be done."),
                                 "emblem-ok-symbolic" },
  [FLASH_ACCESS_STATE_INSTALLED] = { N_ ("The rule is installed"),
                                     N_ ("It lets whoever sits at this computer open boards. Plug "
                                         "one in to see whether it works."),
                                     "emblem-ok-symbolic" },
  [FLASH_ACCESS_STATE_NO_RULE] = { N_ ("This account may not open boards"),
                                   N_ ("Linux lets only the administrator open USB devices unless "
                                       "a rule says otherwise, and there is none about STM32 "
                                       "boards. Install the rule below once. It holds for whoever "
                                       "sits at this computer."),
                                   "dialog-password-symbolic" },
  [FLASH_ACCESS_STATE_UNSEEN] = { N_ ("The rules of this computer cannot be seen"),
                                  N_ ("Flatpak hides them from this program, so that it does not "
                                      "know whether one of them is about STM32 boards. If a board "
                                      "cannot be opened, run the command below in a terminal "
                                      "once. It holds for whoever sits at this computer."),
                                  "dialog-password-symbolic" },
  [FLASH_ACCESS_STATE_OLD_RULE] = { N_ ("The installed rule is of another version"),
                                    N_ ("It does not say what the rule of this version says. "
                                        "Install the rule below over it."),
                                    "dialog-password-symbolic" },
  [FLASH_ACCESS_STATE_NOT_APPLIED] = { N_ ("There is a rule, but it does not work for this board "
                                           "yet"),
                                       N_ ("Unplug the board and plug it in again. If that does "
                                           "not help: the rule holds for "
                                           "whoever sits at this computer, and not for somebody "
                                           "who works on it from afar."),
                                       "dialog-password-symbolic" },
  [FLASH_ACCESS_STATE_BUSY] = { N_ ("Another program uses the board"),
                                N_ ("Only one program at a time can use it. Close the other one, "
                                    "then look again."),
                                "changes-prevent-symbolic" },
  [FLASH_ACCESS_STATE_SILENT] = { N_ ("The board does not answer"),
                                  N_ ("This account may open it, so that rights are not what is "
                                      "missing. Reset the board itself; resetting the computer "
                                      "does not help."),
                                  "dialog-warning-symbolic" },
  [FLASH_ACCESS_STATE_AWAY] = { N_ ("The board is not on the bus"),
                                N_ ("Plug it in, and set it to serial boot."),
                                "dialog-warning-symbolic" },
  [FLASH_ACCESS_STATE_ASKING] = { N_ ("Waiting for the administrator…"),
                                  N_ ("The system asks for a password in a window of its own."),
                                  "dialog-password-symbolic" },
  [FLASH_ACCESS_STATE_WAITING] = { N_ ("Looking at the board again…"),
                                   N_ ("The rule has changed. This takes a few seconds."),
                                   "content-loading-symbolic" },
};

const char *
flash_access_words_heading (FlashAccessState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (words), "");

  return _ (words[state].heading);
}

const char *
flash_access_words_text (FlashAccessState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (words), "");

  /* The translation of nothing is the head of the catalogue. */
  return words[state].text[0] != '\0' ? _ (words[state].text) : "";
}

const char *
flash_access_words_icon (FlashAccessState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (words), "");

  return words[state].icon;
}

const char *
flash_access_words_rival (const char *name)
{
  if (g_str_equal (name, "fwupd"))
    return _ ("It updates firmware and may open boards in DFU mode. To keep it away, write "
              "“DisabledPlugins=dfu” into the section [fwupd] of /etc/fwupd/fwupd.conf "
              "(daemon.conf in old versions), and restart it.");
  if (g_str_equal (name, "ModemManager"))
    return _ ("It looks for modems. The rule below keeps it away from boards: install it, then "
              "plug the board in again.");
  if (g_str_equal (name, "brltty"))
    return _ ("It takes some USB devices for braille displays. If nobody here needs one, stop it "
              "while you flash.");
  if (g_str_equal (name, "flashwright"))
    return _ ("Another copy of this program runs. Wait until its job is over, or close it.");
  return _ ("It may open boards. Stop it while you flash.");
}

char *
flash_access_words_dup_rules (const FlashAccessFacts *facts)
{
  const FlashHostRule *ours = facts != NULL ? find_ours (facts) : NULL;

  if (facts == NULL)
    return g_strdup ("");
  if (ours != NULL && ours->is_current)
    /* TRANSLATORS: the path of a file */
    return g_strdup_printf (_ ("Installed as %s"), ours->path);
  if (ours != NULL)
    /* TRANSLATORS: the path of a file */
    return g_strdup_printf (_ ("Another version is installed as %s"), ours->path);
  if (facts->gives_access == FLASH_TRI_UNKNOWN)
    return g_strdup (_ ("Not known; Flatpak hides the rules of this computer"));
  if (facts->rules->len > 0)
    /* TRANSLATORS: the path of a file */
    return g_strdup_printf (_ ("Not installed; another rule about boards is in %s"),
                            ((const FlashHostRule *) g_ptr_array_index (facts->rules, 0))->path);
  return g_strdup (_ ("Not installed"));
}

char *
flash_access_words_dup_failure (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (_ ("The question for the password was closed, so nothing was changed. Try "
                        "again, or use the command for a terminal."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup (_ ("The system did not give the right of an administrator, so nothing was "
                        "changed. Ask whoever administers this computer to run the command "
                        "below."));
  if (g_error_matches (error, FLASH_ACCESS_ERROR, FLASH_ACCESS_ERROR_NOT_APPLIED))
    return g_strdup (_ ("The rule has changed, but the system was not told. Unplug the board and "
                        "plug it in again. If that does not help, restart this computer."));
  /* TRANSLATORS: what the system said, in English */
  return g_strdup_printf (_ ("It did not work. Use the command for a terminal. In detail: %s"),
                          error->message);
}
