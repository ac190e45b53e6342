/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may open boards, by which rule, and which services are known to disturb.
 *
 * Looks below a folder that tests can bring; %NULL is this computer. Thread: any. */
#pragma once

#include "flash-tri.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashHostRule:
 * What one file says about boards.
 *
 * @path: (type filename): the file of the rule
 * @is_ours: whether it is the rule of this program
 * @is_current: whether it is ours and says what the rule of this version says, comments aside
 * @gives: (nullable): what it gives: `uaccess`, `MODE=0666`, `GROUP=plugdev`, with `, ` in between,
 *   safe to show; %NULL if boards are named, but nothing is given to them
 */
typedef struct {
  char *path;
  gboolean is_ours;
  gboolean is_current;
  char *gives;
} FlashHostRule;

void flash_host_rule_free (FlashHostRule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashHostRule, flash_host_rule_free)

/**
 * flash_host_rule_find:
 * @root: (nullable): where the file system begins
 * @our_rule: (nullable): the text of the rule of this version
 * @out_gives_access: (out) (optional): whether all rules of this computer together give rights to
 *   whoever sits at it, or to all; %FLASH_TRI_UNKNOWN from within a Flatpak, where the rules of the
 *   computer cannot be seen
 *
 * Looks in the folders of udev for rules about vendor 0483 and product df11.
 *
 * For @out_gives_access, those about all USB devices count too: the latest mode holds, unless an
 * earlier one was final (`:=`), so that udev's own 50-udev-default.rules takes away what earlier
 * files gave. `uaccess` counts only if it is there when 73-seat-late.rules acts on it; files are
 * read by name.
 *
 * Returns: (transfer full) (element-type FlashHostRule): in the order in which udev reads them; a
 *   file that one in /etc hides is left out; empty within a Flatpak
 */
GPtrArray *
flash_host_rule_find (const char *root, const char *our_rule, FlashTri *out_gives_access);

/**
 * flash_host_rivals_find:
 * @root: (nullable): where the file system begins
 *
 * Returns: (transfer full) (array zero-terminated=1): services that run and are known to open or
 *   disturb boards: `ModemManager`, `fwupd`, `brltty`, and `flashwright` for another copy of this
 *   program; empty if none is seen
 */
GStrv flash_host_rivals_find (const char *root);

/* Returns: whether @holder, the name of a process as the kernel has it, is a virtual machine that
 * takes devices for its guest, or a program that does it for one. @holder: (nullable). */
gboolean flash_host_is_vm_program (const char *holder);

G_END_DECLS
