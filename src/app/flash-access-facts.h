/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the access assistant knows of this computer and a board, what follows, and how it is said.
 * Thread: main. */
#pragma once

#include "flash-board-entry.h"
#include "flash-host-access.h"

G_BEGIN_DECLS

/**
 * FlashAccessFacts:
 * @rules: (element-type FlashHostRule): rules about boards
 * @gives_access: whether rules let whoever sits at this computer open boards; not known within a
 *   Flatpak, where they cannot be seen
 * @rivals: services that run and may hold boards
 */
typedef struct {
  GPtrArray *rules;
  FlashTri gives_access;
  GStrv rivals;
} FlashAccessFacts;

void flash_access_facts_free (FlashAccessFacts *self);

/* Looks at this computer, in a thread; @root: (nullable) (type filename): where its file system
 * begins. @callback is called in the main thread. */
void flash_access_facts_look (const char *root, GAsyncReadyCallback callback, gpointer data);
/* Returns: (transfer full): what was found. */
FlashAccessFacts *flash_access_facts_look_finish (GAsyncResult *result);

/**
 * FlashAccessState:
 * @FLASH_ACCESS_STATE_LOOKING: nothing is known yet
 * @FLASH_ACCESS_STATE_READY: the board can be opened
 * @FLASH_ACCESS_STATE_INSTALLED: without a board: some rule lets open boards
 * @FLASH_ACCESS_STATE_NO_RULE: it may not be opened, and no rule would allow it
 * @FLASH_ACCESS_STATE_UNSEEN: it may not be opened, and whether a rule would allow it cannot be
 * seen
 * @FLASH_ACCESS_STATE_OLD_RULE: it may not be opened, and our rule is of another version
 * @FLASH_ACCESS_STATE_NOT_APPLIED: it may not be opened, in spite of a rule
 * @FLASH_ACCESS_STATE_BUSY: somebody holds it
 * @FLASH_ACCESS_STATE_SILENT: it could be opened, but does not answer
 * @FLASH_ACCESS_STATE_AWAY: it is not there
 * @FLASH_ACCESS_STATE_ASKING: the system asks for the right of an administrator
 * @FLASH_ACCESS_STATE_WAITING: the rule is there; the board will be looked at again
 */
typedef enum {
  FLASH_ACCESS_STATE_LOOKING,
  FLASH_ACCESS_STATE_READY,
  FLASH_ACCESS_STATE_INSTALLED,
  FLASH_ACCESS_STATE_NO_RULE,
  FLASH_ACCESS_STATE_UNSEEN,
  FLASH_ACCESS_STATE_OLD_RULE,
  FLASH_ACCESS_STATE_NOT_APPLIED,
  FLASH_ACCESS_STATE_BUSY,
  FLASH_ACCESS_STATE_SILENT,
  FLASH_ACCESS_STATE_AWAY,
  FLASH_ACCESS_STATE_ASKING,
  FLASH_ACCESS_STATE_WAITING,
} FlashAccessState;

/**
 * flash_access_facts_judge:
 * @self: (nullable): %NULL before this computer was looked at
 * @entry: (nullable): the board; %NULL for boards as such
 */
FlashAccessState flash_access_facts_judge (const FlashAccessFacts *self, FlashBoardEntry *entry);

/* @self: (nullable)
 *
 * Returns: whether there is a rule of ours that the assistant can remove. */
gboolean flash_access_facts_can_remove (const FlashAccessFacts *self);

/* Returns: (transfer none): translated, in a few words. */
const char *flash_access_words_heading (FlashAccessState state);
/* Returns: (transfer none): translated: why, and what to do. */
const char *flash_access_words_text (FlashAccessState state);
/* Returns: (transfer none): the name of an icon. */
const char *flash_access_words_icon (FlashAccessState state);
/* Returns: (transfer none): translated: how to keep that service away from boards. */
const char *flash_access_words_rival (const char *name);
/* @facts: (nullable)
 *
 * Returns: (transfer full): translated: which rules there are. */
char *flash_access_words_dup_rules (const FlashAccessFacts *facts);
/* Returns: (transfer full): translated: why flash_access_run () has failed. */
char *flash_access_words_dup_failure (const GError *error);

G_END_DECLS
